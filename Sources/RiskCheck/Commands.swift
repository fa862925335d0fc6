import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Commands told whole: what was asked and what came of it, one record in the ring of the port.

/// What a call notes as it begins, so that its record can say where it belongs.
struct Began {
  /// 0: nothing is told.
  var isTold: Bool
  var ticket: UInt64 = 0
  var changes: UInt64 = 0
}

extension PortCall {
  @inline(__always)
  var rights: UInt32 { entry.pointee.rights.load(ordering: .relaxed) }

  @inline(__always)
  var tells: Bool { rights & Rights.commands != 0 }

  /// A command of many rows draws its ticket now; one that moves one row between its look and its swap; one that
  /// reserves, and what has drawn none until then, when it is done.
  @inline(__always)
  func began(draws: Bool = true) -> Began {
    tells ? beganTold(draws) : Began(isTold: false)
  }

  /// Whether decisions have something behind them.
  @inline(__always)
  var isFollowed: Bool { rights & Rights.followed != 0 }

  @inline(never)
  private func beganTold(_ draws: Bool) -> Began {
    let tickets = Tickets(state)
    let changes = tickets.changes
    return Began(isTold: true, ticket: draws ? tickets.draw() : 0, changes: changes)
  }

  /// Of what the market says, where that is told.
  @inline(__always)
  func beganMarket() -> Began {
    rights & Rights.market != 0 ? beganTold(false) : Began(isTold: false)
  }

  @inline(never)
  func tell(
    _ began: Began, _ told: Told, _ first: Body = .none, _ second: Body = .none, timeAt: Int? = nil
  ) {
    guard let own = state.port(port) else { return }
    var told = told
    let tickets = Tickets(state)
    told.ticket = began.ticket != 0 ? began.ticket : tickets.draw()
    told.severity = tickets.overlap(since: began.changes)
    own.record(told, first, second, timeAt: timeAt)
  }

  /// A record with a verdict.
  @inline(__always)
  func tell(
    _ began: Began, _ kind: Int32, _ subject: UInt64, _ value: Int64, _ body: Body,
    _ verdict: UnsafePointer<rck_verdict>, correlation: UInt64 = 0, timeAt: Int? = nil
  ) {
    var told = Told(kind, subject, value)
    told.correlation = correlation
    told.control = verdict.pointee.control
    tell(began, told, body, Body(verdict), timeAt: timeAt)
  }

  /// Of an order that was asked about.
  @inline(__always)
  func tell(
    _ began: Began, _ kind: Int32, _ order: UnsafePointer<rck_order>, _ verdict: UnsafePointer<rck_verdict>,
    value: Int64 = 0
  ) {
    // A time that was refused stays as it was given.
    let isTimed = !hasNoTime(verdict.pointee.status)
    guard let own = state.port(port) else { return }
    var began = began
    let tickets = Tickets(state)
    if began.ticket == 0 { began.ticket = tickets.draw() }
    let severity = tickets.overlap(since: began.changes)
    if own.recordPlainly(kind, began.ticket, severity, value, order, verdict, isTimed: isTimed) { return }
    tell(
      began, kind, order.pointee.order_id, value, Body(order), verdict,
      correlation: order.pointee.correlation_id, timeAt: isTimed ? orderTimeAt : nil)
  }

  /// Whether new risk is refused because its record, with what is told before it, might find no room: of a check up to
  /// eight breaches, sixteen overrides, a violation.
  @inline(__always)
  func isStrictlyFull(lines: UInt64 = 48) -> Bool {
    rights & Rights.strict != 0 && state.port(port)?.hasRoom(for: lines) != true
  }
}

/// Where records have their times.
let orderTimeAt = 24
let reportTimeAt = 88
let quoteTimeAt = 40
let tradeTimeAt = 24
let bookTimeAt = 16

/// The statuses of a call that got no time.
@inline(__always)
func hasNoTime(_ status: rck_status) -> Bool {
  status >= RCK_REJECT_TIME_MISSING && status <= RCK_REJECT_TIME_RANGE
}

// MARK: Orders

extension PortCall {
  /// RCK_OK: the check may begin. Usually that is one look at what the port may do.
  @inline(__always)
  func beginCheck(
    _ order: UnsafePointer<rck_order>?, _ verdict: UnsafeMutablePointer<rck_verdict>?
  ) -> rck_status {
    if rights & (Rights.write | Rights.followed) != Rights.write { return beginFollowed(order, verdict) }
    return state.region.hasFailed ? RCK_E_FAILED : RCK_OK
  }

  /// Of a port whose decisions have something behind them, or that may not write. What is needed then is kept in words
  /// of the port's entry.
  @inline(never)
  private func beginFollowed(
    _ order: UnsafePointer<rck_order>?, _ verdict: UnsafeMutablePointer<rck_verdict>?
  ) -> rck_status {
    let wrong = writeFault
    if wrong != RCK_OK { return wrong }
    if isStrictlyFull() {
      let full =
        isOneWriter
        ? refuseUnlessReducing(self, Desk<OneWriter>(state, writer: port), order, verdict)
        : refuseUnlessReducing(self, Desk<ManyWriters>(state, writer: port), order, verdict)
      if let full { return full }
    }
    entry.pointee.bytes.store(Tickets(state).changes, ordering: .relaxed)
    beginTiming()
    return RCK_OK
  }

  /// What is behind a check: its violation, its place in the statistics, its record.
  @inline(never)
  func endChecked(
    _ order: UnsafePointer<rck_order>?, _ verdict: UnsafeMutablePointer<rck_verdict>?, _ status: rck_status
  ) {
    guard status >= 0, let order, let verdict else { return }
    let began = Began(isTold: tells, changes: entry.pointee.bytes.load(ordering: .relaxed))
    end(began, RCK_EVENT_CHECK, order, verdict)
  }

  /// Likewise of everything that is decided about an order.
  func end(
    _ began: Began, _ kind: Int32, _ order: UnsafePointer<rck_order>,
    _ verdict: UnsafeMutablePointer<rck_verdict>, value: Int64 = 0
  ) {
    follow(order, verdict)
    if began.isTold { tell(began, kind, order, verdict, value: value) }
  }

  /// Keeps what is kept of a decision.
  func follow(_ order: UnsafePointer<rck_order>, _ verdict: UnsafeMutablePointer<rck_verdict>) {
    guard let own = state.port(port) else { return }
    let (rights, time) = (rights, own.time_ns)
    if rights & Rights.statistics != 0 && verdict.pointee.status != RCK_REPEAT {
      let statistics = Statistics(state, port: port)
      statistics.note(verdict, at: time)
      let started = entry.pointee.turn.load(ordering: .relaxed)
      if started != 0 { statistics.note(latency_ns: Int64(PortCall.tick &- started)) }
    }
    let isExceeded =
      verdict.pointee.status > RCK_REPEAT || verdict.pointee.severity >= UInt8(RCK_SEVERITY_WARNING)
    if rights & Rights.violations != 0 && isExceeded && verdict.pointee.control != 0 {
      violate(own, order, verdict, time)
    }
  }

  @inline(never)
  private func violate(
    _ own: Port, _ order: UnsafePointer<rck_order>, _ verdict: UnsafeMutablePointer<rck_verdict>,
    _ time: Int64
  ) {
    let (scope, observed) = (Int64(bitPattern: verdict.pointee.scope_id), verdict.pointee.observed)
    let (control, severity) = (Int32(verdict.pointee.control), Int32(verdict.pointee.severity))
    let (id, account) = (order.pointee.order_id, order.pointee.account)
    let correlation = order.pointee.correlation_id
    verdict.pointee.violation_id = Violations(state).note(verdict, order: id, account: account, at: time) {
      own.tell(
        kind: RCK_EVENT_VIOLATION, subject: $0, scope, observed, time_ns: time, severity: severity,
        control: control, correlation: correlation)
    }
  }

  /// Nanoseconds, of which a decision takes fewer than 2^32.
  private static var tick: UInt32 { UInt32(truncatingIfNeeded: platform_monotonic_ns()) }

  /// Decisions that are made together are not timed.
  func beginUntimed() { entry.pointee.turn.store(0, ordering: .relaxed) }

  /// Notes when a decision begins, if it is to be timed: 0 if not.
  func beginTiming() {
    let rights = rights
    let isTimed =
      rights & Rights.timed != 0
      || rights & Rights.sampled != 0 && Statistics(state, port: port).isSample
    entry.pointee.turn.store(isTimed ? PortCall.tick | 1 : 0, ordering: .relaxed)
  }
}

/// The refusal of an order while the ring is full; nil: it strictly reduces, or is refused for what it is.
@inline(never)
private func refuseUnlessReducing<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ order: UnsafePointer<rck_order>?,
  _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status? {
  guard orderFault(order, verdict) == RCK_OK, let order, let verdict else { return nil }
  var ask = Ask(order)
  let (time, late) = call.glance(ask.time_ns)
  if late != RCK_OK { return nil }
  ask.time_ns = time
  var looked = rck_verdict()
  _ = withUnsafeMutablePointer(to: &looked) { desk.checkDry(ask).answer($0) }
  if Int32(looked.flags) & RCK_VERDICT_REDUCING != 0 || looked.status == RCK_REPEAT { return nil }
  return call.refuseFull(verdict)
}

extension PortCall {
  /// Answers that the ring has no room, and counts what is not told.
  func refuseFull(_ verdict: UnsafeMutablePointer<rck_verdict>) -> rck_status {
    state.port(port)?.countUntold()
    return Decided(RCK_REJECT_RING_FULL).answer(verdict)
  }
}
