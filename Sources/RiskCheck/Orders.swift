import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Orders: checked, amended, ended. The hot path of the library.

@implementation @_cdecl("rck_check")
public func rck_check(
  _ port: OpaquePointer!, _ order: UnsafePointer<rck_order>!, _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    var status = call.beginCheck(order, verdict)
    if status == RCK_OK {
      status =
        call.isOneWriter
        ? check(call, Desk<OneWriter>(call.state, writer: call.port), order, verdict)
        : check(call, Desk<ManyWriters>(call.state, writer: call.port), order, verdict)
      if call.isFollowed { call.endChecked(order, verdict, status) }
    }
    call.leave()
    return status
  }
}

@inline(__always)
func check<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ order: UnsafePointer<rck_order>?,
  _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  let wrong = orderFault(order, verdict)
  guard wrong == RCK_OK, let order, let verdict else { return wrong }
  return desk.check(
    verdict,
    { ask in
      Ask.fill(ask, from: order)
      let (time, late) = call.advance(ask.pointee.time_ns)
      if late != RCK_OK { return Decided(late).answer(verdict) }
      ask.pointee.time_ns = time
      let deadline = order.pointee.deadline_ns
      if deadline == 0 || time <= deadline { return RCK_OK }
      let status = Decided(RCK_REJECT_DEADLINE).answer(verdict)
      tellRefusal(call, ask, status, verdict)
      return status
    }, refused: { tellRefusal(call, $0, $1, verdict) })
}

@inline(never)
func tellRefusal(
  _ call: PortCall, _ asked: UnsafePointer<Ask>, _ status: rck_status,
  _ verdict: UnsafeMutablePointer<rck_verdict>
) {
  call.count(status, verdict)
  if call.tells { return }  // its record says so
  let about =
    Int64(bitPattern: UInt64(asked.pointee.instrument) << 32 | UInt64(asked.pointee.account))
  call.tell(
    RCK_EVENT_REFUSED, asked.pointee.id, Int64(status), about, time_ns: asked.pointee.time_ns,
    severity: RCK_SEVERITY_HARD, control: Int32(verdict.pointee.control),
    correlation: asked.pointee.correlation)
}

/// Misuse of a call with an order and a verdict.
@inline(__always)
func orderFault(
  _ order: UnsafePointer<rck_order>?, _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  let wrong = pointerFault(order)
  guard wrong == RCK_OK, let order else { return wrong }
  let wrongVerdict = pointerFault(verdict)
  if wrongVerdict != RCK_OK { return wrongVerdict }
  if reserved(order) != 0 { return RCK_E_RESERVED }
  return order.pointee.order_id == 0 ? RCK_E_RANGE : RCK_OK
}

/// Where an order's ids begin, and its kinds: see rck_order.
private let idsAt = 64
private let kindsAt = 80

/// What a caller has set that is to be zero.
@inline(__always)
private func reserved(_ order: UnsafePointer<rck_order>) -> UInt64 {
  let words = UnsafeRawPointer(order) + (MemoryLayout<rck_order>.size &- 40)
  return platform_load64(words) | platform_load64(words + 8) | platform_load64(words + 16)
    | platform_load64(words + 24) | platform_load64(words + 32)
    | UInt64(platform_load8(UnsafeRawPointer(order) + kindsAt + 3))
}

extension Ask {
  init(_ order: UnsafePointer<rck_order>) {
    self.init()
    withUnsafeMutablePointer(to: &self) { Ask.fill($0, from: order) }
  }

  /// Reads each field once, since the caller's memory may change, and by its own width, since the caller has
  /// just stored it so.
  @inline(__always)
  static func fill(_ ask: UnsafeMutablePointer<Ask>, from order: UnsafePointer<rck_order>) {
    ask.pointee.asked.id = order.pointee.order_id
    ask.pointee.asked.correlation = order.pointee.correlation_id
    let (ids, kinds) = (UnsafeRawPointer(order) + idsAt, UnsafeRawPointer(order) + kindsAt)
    ask.pointee.asked.account = platform_load32(ids)
    ask.pointee.asked.strategy = platform_load32(ids + 4)
    ask.pointee.asked.instrument = platform_load32(ids + 8)
    ask.pointee.asked.venue = platform_load32(ids + 12)
    ask.pointee.asked.shape =
      UInt64(platform_load8(kinds)) | UInt64(platform_load8(kinds + 1)) &<< Order.typeShift
      | UInt64(platform_load8(kinds + 2)) &<< Order.forceShift | Order.State.live &<< Order.stateShift
    ask.pointee.flags = order.pointee.flags
    let price = order.pointee.price
    ask.pointee.asked.terms.price = price
    ask.pointee.asked.terms.stop = order.pointee.stop_price
    ask.pointee.asked.terms.worth = price
    ask.pointee.asked.terms.quantity = order.pointee.quantity
    ask.pointee.time_ns = order.pointee.time_ns
    ask.pointee.decision = order.pointee.decision_price
    ask.pointee.message = RCK_MEASURE_NEW
  }
}

// MARK: Without a trace

@implementation @_cdecl("rck_check_dry")
public func rck_check_dry(
  _ port: OpaquePointer!, _ order: UnsafePointer<rck_order>!, _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  looking(port, order, verdict) { call, ask, verdict in
    let decided =
      call.isOneWriter
      ? Desk<OneWriter>(call.state, writer: call.port).checkDry(ask)
      : Desk<ManyWriters>(call.state, writer: call.port).checkDry(ask)
    return decided.answer(verdict)
  }
}

@implementation @_cdecl("rck_headroom")
public func rck_headroom(
  _ port: OpaquePointer!, _ order: UnsafePointer<rck_order>!, _ quantity: UnsafeMutablePointer<Int64>!,
  _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  let wrong = pointerFault(quantity)
  return looking(
    port, order, verdict,
    {
      if wrong == RCK_OK { quantity?.pointee = 0 }
      return wrong
    }
  ) { call, ask, verdict in
    guard let quantity else { return RCK_E_NULL }
    let (room, decided) =
      call.isOneWriter
      ? Desk<OneWriter>(call.state, writer: call.port).headroom(ask)
      : Desk<ManyWriters>(call.state, writer: call.port).headroom(ask)
    quantity.pointee = room
    return decided.answer(verdict)
  }
}

/// Enters any port for a look at an order; time does not move.
@inline(__always)
private func looking(
  _ port: OpaquePointer?, _ order: UnsafePointer<rck_order>?, _ verdict: UnsafeMutablePointer<rck_verdict>?,
  _ begin: () -> rck_status = { RCK_OK },
  _ look: (PortCall, Ask, UnsafeMutablePointer<rck_verdict>) -> rck_status
) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = orderFault(order, verdict)
    guard wrong == RCK_OK, let order, let verdict else { return wrong }
    var ask = Ask(order)
    let misuse = begin()
    if misuse != RCK_OK { return misuse }
    let (time, late) = call.glance(ask.time_ns)
    if late != RCK_OK { return Decided(late).answer(verdict) }
    ask.time_ns = time
    let deadline = order.pointee.deadline_ns
    if deadline != 0 && time > deadline { return Decided(RCK_REJECT_DEADLINE).answer(verdict) }
    return look(call, ask, verdict)
  }
}

extension PortCall {
  /// The time that `advance` would give.
  func glance(_ time_ns: Int64) -> (time: Int64, status: rck_status) {
    let config = state.config
    guard let own = state.port(port) else { return (0, RCK_E_FAILED) }
    let realtime = config.pointee.clock_source == UInt32(RCK_CLOCK_REALTIME)
    return own.glance(time_ns, back_ns_max: config.pointee.clock_back_ns_max) {
      realtime ? platform_realtime_ns() : nil
    }
  }
}

// MARK: Live orders

@implementation @_cdecl("rck_amend")
public func rck_amend(
  _ port: OpaquePointer!, _ token: UInt64, _ order: UnsafePointer<rck_order>!,
  _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  onDesk(port, { amend($0, $1, token, order, verdict) }, { amend($0, $1, token, order, verdict) })
}

@inline(__always)
func amend<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ token: UInt64, _ order: UnsafePointer<rck_order>?,
  _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  let wrong = orderFault(order, verdict)
  guard wrong == RCK_OK, let order, let verdict else { return wrong }
  if !call.isFollowed { return amendInTime(call, desk, token, order, verdict) }
  // The verdict may lie where the order does.
  return withUnsafePointer(to: order.pointee) { amendFollowed(call, desk, token, $0, verdict) }
}

@inline(never)
private func amendFollowed<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ token: UInt64, _ order: UnsafePointer<rck_order>,
  _ verdict: UnsafeMutablePointer<rck_verdict>
) -> rck_status {
  call.beginTiming()
  var began = call.began(draws: false)
  let named = began.isTold ? desk.nameOfOrder(token, order.pointee.order_id) : 0
  if call.isStrictlyFull() { return call.refuseFull(verdict) }
  let isTold = began.isTold
  let status = withUnsafeMutablePointer(to: &began.ticket) {
    amendInTime(call, desk, token, order, verdict, ticket: isTold ? $0 : nil)
  }
  if status >= 0 {
    call.end(began, RCK_EVENT_AMEND, order, verdict, value: Int64(bitPattern: named))
  }
  return status
}

extension Desk {
  /// The id of the order that a token, or an id, names; 0: there is none.
  @inline(never)
  func nameOfOrder(_ token: UInt64, _ id: UInt64) -> UInt64 {
    orders.resolve(token, id)?.id ?? 0
  }
}

@inline(__always)
private func amendInTime<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ token: UInt64, _ order: UnsafePointer<rck_order>,
  _ verdict: UnsafeMutablePointer<rck_verdict>, ticket: UnsafeMutablePointer<UInt64>? = nil
) -> rck_status {
  var ask = Ask(order)
  let (time, late) = call.advance(ask.time_ns)
  if late != RCK_OK { return Decided(late).answer(verdict) }
  ask.time_ns = time
  let deadline = order.pointee.deadline_ns
  let decided =
    deadline != 0 && time > deadline
    ? Decided(RCK_REJECT_DEADLINE)
    : desk.amend(token == 0 ? desk.token(of: ask.id) : token, ask, ticket: ticket)
  let status = decided.answer(verdict)
  if status > RCK_REPEAT { withUnsafePointer(to: &ask) { tellRefusal(call, $0, status, verdict) } }
  return status
}

@implementation @_cdecl("rck_amend_result")
public func rck_amend_result(
  _ port: OpaquePointer!, _ token: UInt64, _ order_id: UInt64, _ accepted: UInt32,
  _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  if accepted > 1 { return RCK_E_RANGE }
  let named = Named(kind: RCK_EVENT_AMEND_RESULT, token: token, id: order_id, value: Int64(accepted))
  return onDesk(
    port, { change($0, $1, named, verdict) { $0.answer($1, accepted: accepted == 1, ticket: $2) } },
    { change($0, $1, named, verdict) { $0.answer($1, accepted: accepted == 1, ticket: $2) } })
}

@implementation @_cdecl("rck_release")
public func rck_release(
  _ port: OpaquePointer!, _ token: UInt64, _ order_id: UInt64, _ reason: UInt32, _ time_ns: Int64,
  _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  if reason < UInt32(RCK_RELEASE_REJECTED) || reason > UInt32(RCK_RELEASE_DONE) { return RCK_E_RANGE }
  let named = Named(
    kind: RCK_EVENT_RELEASE, token: token, id: order_id, value: Int64(reason), time_ns: time_ns)
  return onDesk(
    port, { change($0, $1, named, verdict) { $0.release($1, reason, ticket: $2) } },
    { change($0, $1, named, verdict) { $0.release($1, reason, ticket: $2) } })
}

@implementation @_cdecl("rck_order_confirm")
public func rck_order_confirm(
  _ port: OpaquePointer!, _ token: UInt64, _ order_id: UInt64, _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  let named = Named(kind: RCK_EVENT_CONFIRM, token: token, id: order_id)
  return onDesk(
    port, { change($0, $1, named, verdict) { $0.confirm($1, ticket: $2) } },
    { change($0, $1, named, verdict) { $0.confirm($1, ticket: $2) } })
}

@implementation @_cdecl("rck_cancel")
public func rck_cancel(
  _ port: OpaquePointer!, _ token: UInt64, _ order_id: UInt64, _ time_ns: Int64,
  _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  let named = Named(kind: RCK_EVENT_CANCEL, token: token, id: order_id, time_ns: time_ns)
  return onDesk(port, { cancel($0, $1, named, verdict) }, { cancel($0, $1, named, verdict) })
}

/// A call about an order that is known by token or id.
private struct Named {
  let kind: Int32
  var token: UInt64
  let id: UInt64
  var value: Int64 = 0
  /// Nil: the call has no time.
  var time_ns: Int64?
}

/// A change of a known order.
@inline(__always)
private func change<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ named: Named, _ verdict: UnsafeMutablePointer<rck_verdict>?,
  _ change: (Desk<D>, UInt64, _ ticket: UnsafeMutablePointer<UInt64>?) -> Desk<D>.Committed
) -> rck_status {
  onOrder(call, desk, named, verdict) { named, verdict, _, ticket in
    guard let order = desk.orders.resolve(named.token, named.id) else {
      return desk.fail(State.Site.orders)
    }
    if order.token == 0 { return Decided(RCK_REJECT_ORDER_UNKNOWN).answer(verdict) }
    let committed = change(desk, order.token, ticket)
    let status = Decided(committed.status, token: order.token).answer(verdict)
    call.count(status, verdict)
    return status
  }
}

@inline(__always)
private func cancel<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ named: Named, _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  onOrder(call, desk, named, verdict) { named, verdict, time, _ in
    desk.cancel(named.token, named.id, time_ns: time).answer(verdict)
  }
}

/// What calls about known orders have in common: their time, and their record.
@inline(__always)
private func onOrder<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ named: Named, _ verdict: UnsafeMutablePointer<rck_verdict>?,
  _ act: (
    Named, UnsafeMutablePointer<rck_verdict>, _ time: Int64, _ ticket: UnsafeMutablePointer<UInt64>?
  ) -> rck_status
) -> rck_status {
  let wrong = pointerFault(verdict)
  guard wrong == RCK_OK, let verdict else { return wrong }
  if named.token | named.id == 0 { return RCK_E_RANGE }
  var time: Int64 = 0
  if let given = named.time_ns {
    let (taken, late) = call.advance(given)
    if late != RCK_OK { return Decided(late).answer(verdict) }
    time = taken
  }
  var began = call.began(draws: false)
  if !began.isTold { return act(named, verdict, time, nil) }
  // Its id before it ends, and its token, by which it need not be looked for again.
  let order = desk.orders.resolve(named.token, named.id) ?? OrderLine()
  var found = named
  if order.token != 0 { found.token = order.token }
  let status = withUnsafeMutablePointer(to: &began.ticket) { act(found, verdict, time, $0) }
  if status >= 0 {
    call.tell(began, named.kind, order.token == 0 ? named.id : order.id, named.value, .none, verdict)
  }
  return status
}
