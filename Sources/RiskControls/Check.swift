import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What was decided about an order.
public struct Decided {
  public var token: UInt64 = 0
  var findings = Findings()
  public var status: rck_status { findings.status }
  public var control: Int32 { findings.control }

  /// Writes the verdict, unless the status is negative, and returns the status.
  public func answer(_ verdict: UnsafeMutablePointer<rck_verdict>) -> rck_status {
    if status >= 0 { findings.store(verdict, token: token) }
    return status
  }

  /// An answer that no control gave.
  @inline(__always)
  public init(_ status: rck_status, token: UInt64 = 0, flags: Int32 = 0, observed: Int64 = 0) {
    findings.status = status
    findings.flags = flags
    findings.observed = observed
    self.token = token
    if status > RCK_REPEAT {
      findings.severity = RCK_SEVERITY_HARD
      findings.action = UInt8(RCK_ACTION_BLOCK)
    }
  }

  /// A fact that would take an amount of the account's rows beyond its bound.
  public init(overflow status: rck_status, account: UInt32) {
    let control = status == RCK_REJECT_POSITION_OVERFLOW ? RCK_CONTROL_POSITION : RCK_CONTROL_EXPOSURE
    findings.refuse(control, status, Place(RCK_SCOPE_ACCOUNT, account))
  }

  @inline(__always)
  init(_ findings: Findings, token: UInt64 = 0) {
    self.findings = findings
    self.token = token
  }
}

/// The check of a new order: pass one, the rates, pass two, publication, and the latches once more.
extension Desk {
  /// Tries of a whole check before it is refused as contended. One fails only when another call moved the same
  /// position, or limits were published, in between.
  static var triesMax: Int { 64 }

  /// Decides about an order and writes the verdict, unless the status is negative.
  @inline(__always)
  public func check(_ ask: UnsafePointer<Ask>, _ verdict: UnsafeMutablePointer<rck_verdict>) -> rck_status {
    if isNew(ask.pointee.id) { return Exam<D>.begin { check(ask, $0, verdict) } }
    if let known = again(ask.pointee) { return known.answer(verdict) }
    return Exam<D>.begin { check(ask, $0, verdict) }
  }

  @inline(__always)
  private func check(
    _ ask: UnsafePointer<Ask>, _ notes: UnsafeMutablePointer<Notes>,
    _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    var rates = Rates()
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      let exam = Exam(self, ask, at: notes)
      let latchings = TradingState.latchings(state)
      exam.identify()
      if !rates.isTaken { rates.look(exam) }
      guard exam.pass(rates) else { return fail(State.Site.positions) }
      if !exam.isCurrent { continue }
      if !rates.isTaken && !rates.isRefused {
        if !rates.take(exam) { return lost(exam).answer(verdict) }
        rates.isTaken = true
      }
      if exam.findings.refused {
        exam.findings.store(verdict, token: 0)
        return exam.findings.status
      }
      let status = enter(exam, latchings, verdict)
      if status != Desk.again { return status }
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED).answer(verdict)
  }

  /// Not a status: what was tried is to be tried again.
  static var again: rck_status { rck_status.min }

  /// Takes a place for the order, reserves its risk, and publishes it.
  @inline(__always)
  private func enter(
    _ exam: Exam<D>, _ latchings: UInt64, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    let token = orders.memory.slots.acquire(stripe: writer)
    if token == 0 { return Decided(RCK_REJECT_ORDERS_FULL).answer(verdict) }
    if token == Slots<D>.broken { return fail(State.Site.orders) }
    let place = Orders<D>.place(token)
    switch orders.memory.table.insert(exam.ask.id, at: place) {
    case .inserted: break
    case .present: return twice(token, exam.ask).answer(verdict)
    case .broken: return fail(State.Site.orders)
    }
    switch exam.reserve() {
    case .done: break
    case let other: return withdraw(token, exam, other, verdict)
    }
    if !exam.isCurrent {
      exam.undoAll()
      return withdraw(token, exam, .again, verdict)
    }
    if !orders.settle(place, spare: writer, { exam.fill($0, token) }) { return fail(State.Site.orders) }
    // Not before the order can be seen: whoever latches makes all threads pass a barrier after it has.
    platform_compiler_barrier()
    if TradingState.latchings(state) != latchings, let refused = latched(exam, token) {
      return refused.answer(verdict)
    }
    exam.findings.store(verdict, token: token)
    return RCK_OK
  }

  /// Gives back the place of an order that was not published.
  @inline(never)
  private func withdraw(
    _ token: UInt64, _ exam: Exam<D>, _ why: Exam<D>.Reserved, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    if case .broken = orders.memory.table.remove(exam.ask.id) { return fail(State.Site.orders) }
    _ = orders.memory.slots.release(token, stripe: writer)
    switch why {
    case .done, .again: return Desk.again
    case .refused: return Decided(exam.findings).answer(verdict)
    case .status(let status): return Decided(status).answer(verdict)
    }
  }

  /// A latch was set while the check ran: if it applies, the order was never there.
  @inline(never)
  private func latched(_ exam: Exam<D>, _ token: UInt64) -> Decided? {
    var findings = Findings()
    TradingState.judge(exam, &findings)
    if !findings.refused { return nil }
    let committed = release(token, forgetting: true)
    if committed.status < 0 { return Decided(committed.status) }
    findings.flags |= RCK_VERDICT_CONTENDED
    return Decided(findings)
  }

  /// A rate that had room was taken by another call.
  @inline(never)
  func lost(_ exam: Exam<D>) -> Decided {
    var findings = Findings()
    findings.refuse(RCK_CONTROL_RATE, Rates.status(exam.ask.message), exam.accountPlace)
    findings.flags |= RCK_VERDICT_CONTENDED
    return Decided(findings)
  }

  // MARK: Ids that are known

  @inline(__always)
  func isNew(_ id: UInt64) -> Bool {
    if case .absent = orders.memory.table.find(id) { return true }
    return false
  }

  /// The answer to an id that is known already; nil for one that is new after all.
  @inline(never)
  func again(_ ask: Ask) -> Decided? {
    var order = Order()
    switch orders.findById(ask.id, &order) {
    case .broken: return Decided(fail(State.Site.orders))
    case .unknown:
      // Being entered or forgotten at this instant.
      if case .absent = orders.memory.table.find(ask.id) { return nil }
      return Decided(RCK_REJECT_ORDER_ID_TAKEN, flags: RCK_VERDICT_CONTENDED)
    case .place:
      let same = order.shape & Order.reported == 0 && order.has(ask)
      return same
        ? Decided(RCK_REPEAT, token: order.token) : Decided(RCK_REJECT_ORDER_ID_TAKEN)
    }
  }

  /// Two calls enter one id: the other was quicker.
  @inline(never)
  private func twice(_ token: UInt64, _ ask: Ask) -> Decided {
    _ = orders.memory.slots.release(token, stripe: writer)
    return again(ask) ?? Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED)
  }

  /// The verdict that `check` would give, without a trace. Nil: try again.
  public func checkDry(_ ask: UnsafePointer<Ask>) -> Decided {
    if !isNew(ask.pointee.id), let known = again(ask.pointee) { return known }
    return look(ask)
  }

  /// Pass one alone.
  func look(_ ask: UnsafePointer<Ask>) -> Decided { Exam<D>.begin { look(ask, $0) } }

  private func look(_ ask: UnsafePointer<Ask>, _ notes: UnsafeMutablePointer<Notes>) -> Decided {
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      let exam = Exam(self, ask, at: notes)
      exam.identify()
      var rates = Rates()
      rates.look(exam)
      guard exam.pass(rates) else { return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED) }
      if !exam.isCurrent { continue }
      return Decided(exam.findings)
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED)
  }
}

extension Order {
  /// Whether an order is asked about that has the terms of this one.
  func has(_ ask: Ask) -> Bool {
    owners == UInt64(ask.account) &<< 32 | UInt64(ask.strategy)
      && place == UInt64(ask.instrument) &<< 32 | UInt64(ask.venue) && side == ask.side && type == ask.type
      && force == ask.force && terms.price == ask.price && terms.stop == ask.stop
      && terms.quantity == ask.quantity
  }
}

extension Exam {
  /// Stores every field of the order as it is published.
  @inline(__always)
  func fill(_ order: UnsafeMutablePointer<Order>, _ token: UInt64) {
    order.pointee.token = token
    order.pointee.id = ask.id
    order.pointee.correlation = ask.correlation
    order.pointee.owners = UInt64(ask.account) &<< 32 | UInt64(ask.strategy)
    order.pointee.place = UInt64(ask.instrument) &<< 32 | UInt64(ask.venue)
    let shape =
      UInt64(ask.side) | UInt64(ask.type) &<< Order.typeShift | UInt64(ask.force) &<< Order.forceShift
      | Order.State.live &<< Order.stateShift
    // Scope's tracking bits, 1 and 2, are the order's from bit 32.
    order.pointee.shape = shape | (tracking & (Scope.trackBook | Scope.trackRows)) &<< 32
    order.pointee.terms.price = ask.price
    order.pointee.terms.stop = ask.stop
    order.pointee.terms.worth = worth
    order.pointee.terms.quantity = ask.quantity
    order.pointee.executed = 0
    order.pointee.known = 0
    order.pointee.value = heldValue
    order.pointee.pending = Order.Terms()
    order.pointee.pendingValue = 0
    order.pointee.pendingId = 0
    order.pointee.conversion = terms.conversion
    order.pointee.pendingConversion = terms.conversion
    order.pointee.clock = 0
    order.pointee.carried = 0
    order.pointee.aliases = 0
  }
}
