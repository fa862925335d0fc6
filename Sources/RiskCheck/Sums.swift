import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Positions, sums, and the list of orders: set by the port's thread, looked at by anyone.

@implementation @_cdecl("rck_position_set")
public func rck_position_set(
  _ port: OpaquePointer!, _ position: UnsafePointer<rck_position>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  told(
    onDesk(port, { set($0, $1, position, fault) }, { set($0, $1, position, fault) }), fault,
    "rck_position_set")
}

/// Says in the fault why the port itself refused; what the call refused has been said.
func told(
  _ status: rck_status, _ fault: UnsafeMutablePointer<rck_fault>?, _ name: Label
) -> rck_status {
  switch status {
  case RCK_E_HANDLE, RCK_E_BUSY, RCK_E_READ_ONLY, RCK_E_FAILED: return refuse(fault, status, name, "port")
  default: return status
  }
}

private func set<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ position: UnsafePointer<rck_position>?,
  _ fault: UnsafeMutablePointer<rck_fault>?
) -> rck_status {
  let record: Label = "rck_position"
  if let refusal = structRefusal(position, record) { return refusal.report(to: usable(fault)) }
  guard let position else { return RCK_E_NULL }
  let copy = position.pointee  // read once
  if let refusal = positionFault(copy, call.state, record) { return refusal.report(to: usable(fault)) }
  return setPosition(call, desk, copy)
}

/// Sets a row to what has been found right, and tells it.
func setPosition<D: Discipline>(_ call: PortCall, _ desk: Desk<D>, _ copy: rck_position) -> rck_status {
  let strategy = copy.account == 0
  let owner = strategy ? copy.strategy : copy.account
  var began = call.began(draws: false)
  let isTold = began.isTold
  let status = withUnsafeMutablePointer(to: &began.ticket) {
    desk.setPosition(
      owner, copy.instrument, strategy: strategy, copy.quantity, at: copy.price, ticket: isTold ? $0 : nil)
  }
  if began.isTold && status >= 0 {
    withUnsafePointer(to: copy) { call.tell(began, Told(RCK_EVENT_POSITION, 0, Int64(status)), Body($0)) }
  }
  if status != RCK_OK { return status }
  call.tell(
    RCK_EVENT_POSITION_SET, UInt64(owner) << 32 | UInt64(copy.instrument), copy.quantity,
    Int64(copy.actor), time_ns: 0)
  return RCK_OK
}

func positionFault(_ position: rck_position, _ state: State, _ record: Label) -> Refusal? {
  var (party, instrument) = (Party(), Instrument())
  if position.reserved != 0 { return Refusal(RCK_E_RESERVED, record, "reserved") }
  if (position.account == 0) == (position.strategy == 0) {
    return Refusal(RCK_E_RANGE, record, "account", value: Int64(position.account))
  }
  if position.account != 0 && !state.readAccount(position.account, &party) {
    return Refusal(RCK_E_UNKNOWN, record, "account", value: Int64(position.account))
  }
  if position.strategy != 0 && !state.readStrategy(position.strategy, &party) {
    return Refusal(RCK_E_UNKNOWN, record, "strategy", value: Int64(position.strategy))
  }
  if !state.read(position.instrument, &instrument) {
    return Refusal(RCK_E_UNKNOWN, record, "instrument", value: Int64(position.instrument))
  }
  let most = Amount.inputMax
  return range(position.quantity, 0 &- most, most, record, "quantity")
    ?? range(position.price, instrument.pricesMayBeNegative ? 0 &- most : 0, most, record, "price")
    ?? attribution(
      position.actor, withUnsafeBytes(of: position.reason) { Name(from: $0.baseAddress.unsafelyUnwrapped) },
      record)
}

/// What a change must say of who made it.
private func attribution(_ actor: UInt32, _ reason: Name?, _ record: Label) -> Refusal? {
  if actor == 0 { return Refusal(RCK_E_RANGE, record, "actor", minimum: 1, maximum: Int64(UInt32.max)) }
  return reason == nil ? Refusal(RCK_E_NAME, record, "reason") : nil
}

private func range(
  _ value: Int64, _ least: Int64, _ most: Int64, _ record: Label, _ field: Label
) -> Refusal? {
  if value >= least && value <= most { return nil }
  return Refusal(RCK_E_RANGE, record, field, value: value, minimum: least, maximum: most)
}

@implementation @_cdecl("rck_cash_set")
public func rck_cash_set(
  _ port: OpaquePointer!, _ cash: UnsafePointer<rck_cash>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  told(onDesk(port, { set($0, $1, cash, fault) }, { set($0, $1, cash, fault) }), fault, "rck_cash_set")
}

private func set<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ cash: UnsafePointer<rck_cash>?,
  _ fault: UnsafeMutablePointer<rck_fault>?
) -> rck_status {
  let record: Label = "rck_cash"
  if let refusal = structRefusal(cash, record) { return refusal.report(to: usable(fault)) }
  guard let cash else { return RCK_E_NULL }
  let copy = cash.pointee  // read once
  var party = Party()
  if copy.reserved != 0 { return Refusal(RCK_E_RESERVED, record, "reserved").report(to: usable(fault)) }
  if !call.state.readAccount(copy.account, &party) {
    return Refusal(RCK_E_UNKNOWN, record, "account", value: Int64(copy.account)).report(to: usable(fault))
  }
  let reason = withUnsafeBytes(of: copy.reason) { Name(from: $0.baseAddress.unsafelyUnwrapped) }
  let most = Amount.max
  if let refusal = range(copy.cash, 0 &- most, most, record, "cash")
    ?? range(copy.credit, 0, most, record, "credit") ?? attribution(copy.actor, reason, record)
  {
    return refusal.report(to: usable(fault))
  }
  var began = call.began(draws: false)
  let isTold = began.isTold
  let status = withUnsafeMutablePointer(to: &began.ticket) {
    desk.setCash(copy.account, copy.cash, copy.credit, ticket: isTold ? $0 : nil)
  }
  if began.isTold && status == RCK_OK {
    withUnsafePointer(to: copy) { call.tell(began, Told(RCK_EVENT_CASH), Body($0)) }
  }
  if status == RCK_OK {
    call.tell(RCK_EVENT_CASH_SET, UInt64(copy.account), copy.cash, Int64(copy.actor), time_ns: 0)
  }
  return status
}

// MARK: Looking

@implementation @_cdecl("rck_position_get")
public func rck_position_get(_ engine: OpaquePointer!, _ info: UnsafeMutablePointer<rck_position_info>!)
  -> rck_status
{
  looking(engine, info) { state, told in
    let strategy = told.account == 0
    if strategy == (told.strategy == 0) { return RCK_E_RANGE }
    let positions = Positions<ManyWriters>(state)
    let owner = strategy ? told.strategy : told.account
    guard case .row(let row) = positions.find(owner, told.instrument, strategy: strategy) else {
      return RCK_E_UNKNOWN
    }
    var holding = Holding()
    // A limit on the pair makes the row before anything moves it.
    guard let word = positions.read(row, &holding), word != 0 else { return RCK_E_UNKNOWN }
    told.net = holding.net
    told.open_buys = holding.openBuys
    told.open_sells = holding.openSells
    told.booked = holding.booked
    told.buys = holding.buys
    told.sells = holding.sells
    told.margin = holding.margin
    told.realised = holding.realised
    told.marked = holding.marked
    told.fees = holding.fees
    return RCK_OK
  }
}

@implementation @_cdecl("rck_book_get")
public func rck_book_get(_ engine: OpaquePointer!, _ info: UnsafeMutablePointer<rck_book_info>!) -> rck_status
{
  looking(engine, info) { state, told in
    if told.reserved != 0 { return RCK_E_RESERVED }
    if told.scope_kind != UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP) && told.instrument != 0 {
      return RCK_E_RANGE
    }
    var party = Party()
    let strategy = told.scope_kind == UInt32(RCK_SCOPE_STRATEGY)
    if !strategy && told.scope_kind != UInt32(RCK_SCOPE_ACCOUNT) { return state.fillTotals(&told) }
    let known = strategy ? state.readStrategy(told.id, &party) : state.readAccount(told.id, &party)
    if !known { return RCK_E_UNKNOWN }
    let books = Books<ManyWriters>(state)
    var book = Book()
    let day = books.results(books.row(told.id, strategy: strategy))?.look(&book)
    told.open_positions = UInt32(clamping: book.openPositions)
    told.gross = book.gross
    told.net_long = book.netLong
    told.net_short = book.netShort
    told.margin = book.margin
    told.orders = book.orders
    told.orders_value = book.ordersValue
    told.realised = book.realised
    told.marked = book.marked
    told.fees = book.fees
    told.cash = book.cash
    told.credit = book.credit
    told.mark_time_ns = book.markTime
    guard let day else { return RCK_E_BUSY }
    told.day_realised = day.realised
    told.day_total = day.total
    told.day_peak = day.peak
    if let conduct = books.conduct(books.row(told.id, strategy: strategy)) {
      (told.day_messages, told.day_trades) = conduct.day
      told.rejects = conduct.rejects
      told.repeated = conduct.disabled
    }
    return RCK_OK
  }
}

@implementation @_cdecl("rck_order_get")
public func rck_order_get(
  _ engine: OpaquePointer!, _ token: UInt64, _ order_id: UInt64,
  _ order: UnsafeMutablePointer<rck_order_info>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(order)
    guard wrong == RCK_OK, let order else { return wrong }
    if token | order_id == 0 { return RCK_E_RANGE }
    var found = Order()
    switch Orders<ManyWriters>(call.state).find(token, order_id, &found) {
    case .place:
      order.pointee = rck_order_info(found)
      return RCK_OK
    case .unknown: return RCK_REJECT_ORDER_UNKNOWN
    case .broken: return RCK_E_BUSY
    }
  }
}

@implementation @_cdecl("rck_open_orders")
public func rck_open_orders(
  _ engine: OpaquePointer!, _ scope_kind: UInt32, _ id: UInt32, _ list: UnsafeMutablePointer<rck_order_info>!,
  _ capacity: UInt32, _ cursor: UnsafeMutablePointer<UInt32>!, _ count: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(list)
    guard wrong == RCK_OK, let list else { return wrong }
    let wrongCursor = pointerFault(cursor)
    guard wrongCursor == RCK_OK, let cursor else { return wrongCursor }
    let wrongCount = pointerFault(count)
    guard wrongCount == RCK_OK, let count else { return wrongCount }
    let kind = Int32(bitPattern: scope_kind)
    if capacity == 0 { return RCK_E_RANGE }
    guard kind >= RCK_SCOPE_GLOBAL && kind <= RCK_SCOPE_INSTRUMENT_GROUP, call.state.scope(kind, id) != nil
    else {
      return RCK_E_RANGE
    }
    var named = rck_latch()
    (named.scope_kind, named.id) = (scope_kind, id)
    if call.state.scope(of: named).scope == nil { return RCK_E_UNKNOWN }
    let orders = Orders<ManyWriters>(call.state)
    var (place, copied) = (Int(cursor.pointee), UInt32(0))
    while place < orders.memory.count && copied < capacity {
      var order = Order()
      let live = orders.live(place, &order)
      place &+= 1
      if live && call.state.covers(kind, id, order) {
        list[Int(copied)] = rck_order_info(order)
        copied &+= 1
      }
    }
    cursor.pointee = UInt32(clamping: place)
    count.pointee = copied
    return RCK_OK
  }
}

extension rck_order_info {
  init(_ order: Order) {
    self.init()
    let held = order.held
    token = order.token
    order_id = order.id
    correlation_id = order.correlation
    price = order.terms.price
    stop_price = order.terms.stop
    quantity = order.terms.quantity
    leaves = held.quantity
    cumulative = order.known
    reserved_value = held.value
    account = order.account
    strategy = order.strategy
    instrument = order.instrument
    venue = order.venue
    side = order.side
    type = order.type
    time_in_force = order.force
    state = UInt8(truncatingIfNeeded: order.state)
  }
}

/// Fills a copy of the caller's struct, whose first fields say what is asked for.
@inline(__always)
private func looking<Told>(
  _ engine: OpaquePointer?, _ target: UnsafeMutablePointer<Told>?, _ fill: (State, inout Told) -> rck_status
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(target)
    guard wrong == RCK_OK, let target else { return wrong }
    var told = target.pointee
    let status = fill(call.state, &told)
    if status == RCK_OK { target.pointee = told }
    return status
  }
}

// MARK: The day

@implementation @_cdecl("rck_day_start")
public func rck_day_start(
  _ port: OpaquePointer!, _ date: UInt32, _ released: UnsafeMutablePointer<UInt32>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  told(
    onDesk(port, { startDay($0, $1, date, released, fault) }, { startDay($0, $1, date, released, fault) }),
    fault, "rck_day_start")
}

/// Whether yyyymmdd is a day of the calendar.
private func isDate(_ date: UInt32) -> Bool {
  let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
  guard month >= 1 && month <= 12 && day >= 1 else { return false }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  // 31 and 30 in turn, twice: from January to July, from August to December.
  return day <= (month == 2 ? (isLeap ? 29 : 28) : 30 &+ (month &+ month / 8) % 2)
}

private func startDay<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ date: UInt32, _ released: UnsafeMutablePointer<UInt32>?,
  _ fault: UnsafeMutablePointer<rck_fault>?
) -> rck_status {
  let wrong = pointerFault(released)
  guard wrong == RCK_OK, let released else {
    return refuse(fault, wrong, "rck_day_start", "released")
  }
  let last = call.state.day
  let least = last == 0 ? 20_000_101 : Int64(last)
  if !isDate(date) || Int64(date) < least || date > 21_001_231 {
    return Refusal(
      RCK_E_RANGE, "rck_day_start", "date", value: Int64(date), minimum: least, maximum: 21_001_231
    ).report(to: usable(fault))
  }
  if date == last { return RCK_REPEAT }
  if !call.state.takeDay() { return refuse(fault, RCK_E_BUSY, "rck_day_start", "port") }
  defer { call.state.endDay() }
  // Another has begun one since.
  if call.state.day != last { return refuse(fault, RCK_E_BUSY, "rck_day_start", "port") }
  let began = call.began()
  let (count, status) = desk.endDay()
  if status != RCK_OK { return status }
  if !desk.books.beginDay() { return desk.fail(State.Site.books) }
  call.state.setDay(date)
  released.pointee = count
  if began.isTold { call.tell(began, Told(RCK_EVENT_DAY_START, UInt64(date), Int64(count))) }
  call.tell(RCK_EVENT_DAY, UInt64(date), Int64(count), 0, time_ns: 0)
  return RCK_OK
}

@implementation @_cdecl("rck_warm")
public func rck_warm(_ port: OpaquePointer!) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    call.state.touch()
    call.leave()
    return RCK_OK
  }
}
