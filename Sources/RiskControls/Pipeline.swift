import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Pass one: what there is to know is gathered, every amount is compared with the lowest level of its bounds, and
/// the controls that may have something to say are asked, in the order of their rank: the state of trading first,
/// then by number. By loads alone; nothing of the region is written.
extension Exam {
  /// What pass one has come to.
  enum Passed {
    /// Nothing exceeds the lowest level of anything: no control has anything to say.
    case plainly
    /// Controls have been asked; what they found is in the findings.
    case judged
    /// What was read does not belong together: others have moved it on meanwhile.
    case again
    /// The memory is damaged.
    case broken
  }

  @inline(never)
  func pass() -> Passed {
    let isDefined = identify()
    if !Rates.look(self) { return .broken }
    var doubts: Doubts = notes.pointee.exceeded == 0 ? [] : .rate
    if !isDefined || !Validity.isPlain(self) {
      if let fault = Validity.fault(self) { return invalid(fault) }
      doubts.insert(.validity)
    }
    if !readRows() { return .broken }
    if !TradingState.isQuiet(desk.state) { doubts.insert(.state) }
    // Whether the order cannot but bring the position nearer to zero, what is open there counted.
    notes.pointee.what.quantity = notes.pointee.old.worst(ask.sideIndex) &+ openedQuantity
    notes.pointee.isReducing = notes.pointee.what.quantity <= 0
    valuate()
    if !notes.pointee.isValued { return judge(.all) }
    notes.pointee.margin_bps = terms.margin_bps(notes.pointee.accountTerms.marginClass)
    comesTo(
      &notes.pointee.old, isKept: true, &notes.pointee.book, bps: margin_bps, &notes.pointee.what)
    doubts.formUnion(orderDoubts)
    doubts.formUnion(rowDoubts)
    if tracking != 0 { doubts.formUnion(strategyDoubts) }
    return doubts.isEmpty ? .plainly : judge(doubts)
  }

  /// Finds out whom the order is about. False: not all that it names is defined.
  @inline(__always)
  func identify() -> Bool {
    let state = desk.state
    var isDefined = true
    notes.pointee.account = state.scopeMemory(RCK_SCOPE_ACCOUNT, ask.account)
    if let account = notes.pointee.account { notes.pointee.accountTerms = Party(account) }
    if notes.pointee.account == nil || !notes.pointee.accountTerms.isKnown {
      notes.pointee.account = nil
      isDefined = false
    }
    notes.pointee.strategy = nil
    if ask.strategy != 0 {
      notes.pointee.strategy = state.scopeMemory(RCK_SCOPE_STRATEGY, ask.strategy)
      if let strategy = notes.pointee.strategy { notes.pointee.strategyTerms = Party(strategy) }
      if notes.pointee.strategy == nil || !notes.pointee.strategyTerms.isKnown {
        notes.pointee.strategy = nil
        isDefined = false
      }
    }
    notes.pointee.instrument = state.scopeMemory(RCK_SCOPE_INSTRUMENT, ask.instrument)
    if !state.read(ask.instrument, &notes.pointee.terms) {
      notes.pointee.instrument = nil
      isDefined = false
    }
    return isDefined
  }

  /// The price and value of the order.
  @inline(__always)
  private func valuate() {
    let conversion = notes.pointee.terms.conversion
    var price = ask.price
    if ask.type != UInt8(RCK_TYPE_LIMIT) {
      guard let worth = otherWorth() else { return }
      price = worth
    }
    notes.pointee.worth = price
    guard let whole = conversion.value(ask.quantity, at: price) else {
      notes.pointee.trouble = RCK_REJECT_NOTIONAL_OVERFLOW
      return
    }
    notes.pointee.value = whole
    // A new order holds all of it; an amended one what is left of it.
    notes.pointee.heldValue =
      ask.message == RCK_MEASURE_NEW
      ? whole : conversion.value(notes.pointee.heldQuantity, at: price) ?? 0
    notes.pointee.isValued = true
  }

  /// The price that an order is valued at which is no limit order.
  @inline(never)
  private func otherWorth() -> Int64? {
    if ask.type == UInt8(RCK_TYPE_MARKET) && !readMarket() { notes.pointee.market = Market() }
    switch Valuation.worth(ask, terms, market) {
    case .price(let price): return price
    case .status(let status):
      notes.pointee.trouble = status
      return nil
    }
  }

  // MARK: What may exceed anything
  //
  // The controls that may have something to say are those of whose amounts one is above the lowest level of all
  // its bounds, whatever they are. What is exceeded only for orders of another kind is sorted out by the control.

  /// About the order alone. Usually only its instrument has bounds on that.
  @_transparent
  private var orderDoubts: Doubts {
    var doubts: Doubts = []
    if let instrument = notes.pointee.instrument {
      doubts = orderDoubts(instrument)
    }
    if let account = notes.pointee.account, hasOrderBounds(account) { doubts.formUnion(laterDoubts(account)) }
    if let strategy = notes.pointee.strategy, hasOrderBounds(strategy) {
      doubts.formUnion(laterDoubts(strategy))
    }
    return doubts
  }

  @inline(__always)
  private func hasOrderBounds(_ scope: UnsafeMutableRawPointer) -> Bool {
    Scope(scope, 0, 0).armed(notes.pointee.half) & BoundSlot.ofOrders != 0
  }

  @inline(never)
  private func laterDoubts(_ scope: UnsafeMutableRawPointer) -> Doubts { orderDoubts(scope) }

  @inline(__always)
  private func orderDoubts(_ scope: UnsafeMutableRawPointer) -> Doubts {
    let lowest = Scope(scope, 0, 0).lowest(notes.pointee.half)
    var doubts: Doubts = []
    if ask.quantity > lowest[BoundSlot.quantity] { doubts.insert(.quantity) }
    if notes.pointee.value > lowest[BoundSlot.notional] { doubts.insert(.notional) }
    let collar = lowest[BoundSlot.collar]
    if collar != Int64.max && Collar.mayExceed(self, scope, collar) { doubts.insert(.collar) }
    return doubts
  }

  /// About the account's rows.
  @_transparent
  private var rowDoubts: Doubts {
    guard let account = lowest(notes.pointee.account) else { return .all }
    let after = notes.pointee.what.quantity
    var doubts = bookDoubts(account, &notes.pointee.what)
    let power = account[BoundSlot.power]
    if power != Int64.max && BuyingPower.mayExceed(self, power) { doubts.insert(.power) }
    if !notes.pointee.what.fits { doubts.insert(.amounts) }
    let row = notes.pointee.row
    if row >= 0 && after > desk.positions.lowest(row, half, buy: ask.isBuy) {
      doubts.insert(.position)
    }
    if !mayShort && !ask.isBuy && after > 0 { doubts.insert(.short) }
    return doubts
  }

  @inline(__always)
  private var mayShort: Bool {
    var permissions = notes.pointee.accountTerms.permissions
    if ask.strategy != 0 { permissions &= notes.pointee.strategyTerms.permissions }
    return permissions & UInt32(RCK_PERMIT_SHORT) != 0
  }

  @inline(__always)
  private func bookDoubts(_ lowest: Lowest, _ what: UnsafePointer<What>) -> Doubts {
    var doubts: Doubts = []
    if what.pointee.gross > lowest[BoundSlot.gross] { doubts.insert(.exposure) }
    if what.pointee.net > lowest[BoundSlot.net] { doubts.insert(.exposure) }
    if what.pointee.orders > lowest[BoundSlot.workingCount] { doubts.insert(.working) }
    if what.pointee.ordersValue > lowest[BoundSlot.workingNotional] { doubts.insert(.working) }
    return doubts
  }

  /// About the strategy's rows.
  @inline(never)
  private var strategyDoubts: Doubts {
    guard let strategy = lowest(notes.pointee.strategy) else { return .all }
    let tracked = notes.pointee.tracked
    setStrategyWhat()
    var doubts = bookDoubts(strategy, &tracked.pointee.what)
    if !tracked.pointee.what.fits { doubts.insert(.amounts) }
    if let row = trackedRow, tracked.pointee.what.quantity > desk.positions.lowest(row, half, buy: ask.isBuy)
    {
      doubts.insert(.position)
    }
    return doubts
  }

  @inline(__always)
  private func lowest(_ scope: UnsafeMutableRawPointer?) -> Lowest? {
    scope.map { Scope($0, 0, 0).lowest(notes.pointee.half) }
  }

  func setStrategyWhat() {
    let tracked = notes.pointee.tracked
    comesTo(
      &tracked.pointee.old, isKept: tracking & Scope.trackRows != 0, &tracked.pointee.book,
      bps: terms.margin_bps(0), &tracked.pointee.what)
  }

  /// What a row and its book come to with the order in them, as the limits see it: what it held before is
  /// absent. Without `isKept` there is no row, only the book.
  @inline(__always)
  func comesTo(
    _ row: UnsafePointer<Holding>, isKept: Bool, _ book: UnsafePointer<Book>, bps: Int64,
    _ what: UnsafeMutablePointer<What>
  ) {
    let (side, value) = (ask.sideIndex, openedValue)
    let ordersValue = book.pointee.ordersValue &+ value
    what.pointee.orders = book.pointee.orders &+ (ask.message == RCK_MEASURE_NEW ? 1 : 0)
    what.pointee.ordersValue = ordersValue
    let net = book.pointee.net(side)
    if !isKept {
      what.pointee.keepBook(book.pointee, net: net, moneyFits: ordersValue <= Amount.max)
      return
    }
    let (own, other) = (row.pointee.money(side), row.pointee.money(1 &- side))
    let before = max(own, 0) &+ max(other, 0)
    let exposure = max(own &+ value, 0) &+ max(other, 0)
    let margin = Amount.share(exposure, bps: bps)
    let rowMargin = margin ?? 0
    let gross = book.pointee.gross &+ exposure &- before
    let total = book.pointee.margin &+ rowMargin &- row.pointee.margin
    let reserved = row.pointee.reserved(side) &+ value
    what.pointee.quantity = row.pointee.worst(side) &+ openedQuantity
    what.pointee.open = row.pointee.open(side) &+ openedQuantity
    what.pointee.reserved = reserved
    what.pointee.rowMargin = rowMargin
    what.pointee.gross = gross
    what.pointee.net = net &+ value
    what.pointee.margin = total
    // None of these is negative, so that the largest bound holds for all of them at once.
    what.pointee.moneyFits =
      max(ordersValue, max(gross, max(total, max(exposure, reserved)))) <= Amount.max && margin != nil
      && Amount.fits(net &+ value)
  }

  // MARK: The controls, in the order of their rank

  /// Asks the controls that are doubted.
  @inline(never)
  private func judge(_ doubts: Doubts) -> Passed {
    beginFindings()
    answer(doubts)
    return isConsistent ? .judged : .again
  }

  private func answer(_ doubts: Doubts) {
    if doubts.contains(.state) {
      TradingState.judge(self, &notes.pointee.findings)
      if stops { return }
    }
    if doubts.contains(.validity) {
      let fault = Validity.softFault(self)
      if fault != RCK_OK { findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self)) }
      if stops { return }
    }
    if doubts.contains(.short) {
      let short = Validity.shortFault(self, notes.pointee.old.short &+ openedQuantity)
      if short != RCK_OK {
        findings.refuse(
          RCK_CONTROL_VALIDITY, short, short == RCK_REJECT_ACCOUNT_PERMISSION ? accountPlace : strategyPlace)
      }
      if stops { return }
    }
    measure(doubts)
  }

  func beginFindings() {
    findings = Findings()
    if isReducing { findings.flags |= RCK_VERDICT_REDUCING }
  }

  @inline(__always)
  var stops: Bool { findings.refused && ask.flags & UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 }

  /// Rules on the form of the order are broken: only the state of trading and the rates are asked besides.
  @inline(never)
  private func invalid(_ fault: rck_status) -> Passed {
    beginFindings()
    TradingState.judge(self, &notes.pointee.findings)
    if stops { return .judged }
    findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self))
    if !stops { mergeRates() }
    return .judged
  }

  private func measure(_ doubts: Doubts) {
    let trouble = notes.pointee.trouble
    if trouble == RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_VALIDITY, trouble, instrumentPlace)
      if stops { return }
    }
    if doubts.contains(.quantity) {
      OrderSize.judge(self, quantity: true)
      if stops { return }
    }
    if !notes.pointee.isValued { return unvalued() }
    if doubts.contains(.notional) {
      OrderSize.judge(self, quantity: false)
      if stops { return }
    }
    if doubts.contains(.collar) {
      Collar.judge(self)
      if stops { return }
    }
    if !doubts.isDisjoint(with: .rows) {
      reserveInMind(doubts)
    } else {
      mergeRates()
    }
  }

  /// There is no value: what needs one is not asked.
  private func unvalued() {
    let trouble = notes.pointee.trouble
    if trouble != RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_ORDER_NOTIONAL, trouble, instrumentPlace)
    }
    if trouble == RCK_REJECT_NOTIONAL_OVERFLOW && !stops { Collar.judge(self) }
    if !stops { mergeRates() }
  }

  /// The controls on rows and books, with the order in them.
  private func reserveInMind(_ doubts: Doubts) {
    if !doubts.isDisjoint(with: [.position, .amounts]) {
      PositionLimit.judge(self, what, &notes.pointee.findings)
      if tracking != 0 {
        PositionLimit.judgeStrategy(self, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
      }
      if stops { return }
    }
    if !doubts.isDisjoint(with: [.exposure, .amounts]) {
      Exposure.judge(self, account, accountPlace, what, &notes.pointee.findings)
      if tracking != 0 {
        Exposure.judge(
          self, strategy, strategyPlace, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
      }
      if stops { return }
    }
    if doubts.contains(.power) {
      BuyingPower.judge(self, what, &notes.pointee.findings)
      if stops { return }
    }
    mergeRates()
    if stops || !doubts.contains(.working) { return }
    Working.judge(self, account, accountPlace, what, &notes.pointee.findings)
    if tracking != 0 {
      Working.judge(
        self, strategy, strategyPlace, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
    }
  }

  /// Takes over what the rates found, when it is their turn.
  private func mergeRates() {
    if notes.pointee.exceeded != 0 { Rates.tell(self, &notes.pointee.findings) }
  }
}

/// Which controls have to be asked.
struct Doubts: OptionSet {
  let rawValue: UInt32

  static var state: Doubts { Doubts(rawValue: 1) }
  static var validity: Doubts { Doubts(rawValue: 1 << 1) }
  static var short: Doubts { Doubts(rawValue: 1 << 2) }
  static var quantity: Doubts { Doubts(rawValue: 1 << 3) }
  static var notional: Doubts { Doubts(rawValue: 1 << 4) }
  static var collar: Doubts { Doubts(rawValue: 1 << 5) }
  static var position: Doubts { Doubts(rawValue: 1 << 6) }
  /// Some amount is beyond what can be kept.
  static var amounts: Doubts { Doubts(rawValue: 1 << 7) }
  static var exposure: Doubts { Doubts(rawValue: 1 << 8) }
  static var power: Doubts { Doubts(rawValue: 1 << 9) }
  static var working: Doubts { Doubts(rawValue: 1 << 10) }
  static var rate: Doubts { Doubts(rawValue: 1 << 11) }
  static var rows: Doubts { [.position, .amounts, .exposure, .power, .working] }
  static var all: Doubts { Doubts(rawValue: UInt32.max) }
}

/// What the limits are compared with, for one row and its book.
struct What {
  /// Worst-case position on the order's side, and what is open there: in quantity, in money.
  var quantity: Int64 = 0
  var open: Int64 = 0
  var reserved: Int64 = 0
  var rowMargin: Int64 = 0
  var gross: Int64 = 0
  var net: Int64 = 0
  var margin: Int64 = 0
  var orders: Int64 = 0
  var ordersValue: Int64 = 0
  /// No amount exceeds its bound.
  var moneyFits = true

  @inline(__always) var fits: Bool { moneyFits && Amount.fits(quantity) && Amount.fits(open) }

  /// Of a scope whose rows are not kept.
  mutating func keepBook(_ book: Book, net: Int64, moneyFits: Bool) {
    quantity = 0
    open = 0
    reserved = 0
    rowMargin = 0
    gross = book.gross
    self.net = net
    margin = book.margin
    self.moneyFits = moneyFits
  }
}
