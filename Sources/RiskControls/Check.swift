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

  /// Writes the verdict, unless the status is negative, and returns the status.
  public func answer(_ verdict: UnsafeMutablePointer<rck_verdict>) -> rck_status {
    if status >= 0 { withUnsafePointer(to: findings) { Findings.store($0, verdict, token: token) } }
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

  /// A fact that would take an amount of a row, or of its book, beyond its bound.
  public init(overflow status: rck_status, _ order: Order, ofStrategy strategy: Bool) {
    let owner = strategy ? order.strategy : order.account
    if status == RCK_REJECT_POSITION_OVERFLOW {
      let kind = strategy ? RCK_SCOPE_STRATEGY_INSTRUMENT : RCK_SCOPE_ACCOUNT_INSTRUMENT
      findings.refuse(RCK_CONTROL_POSITION, status, Place(kind, owner, order.instrument))
    } else {
      let kind = strategy ? RCK_SCOPE_STRATEGY : RCK_SCOPE_ACCOUNT
      findings.refuse(RCK_CONTROL_EXPOSURE, status, Place(kind, owner))
    }
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

  /// Decides about the order that `fill` asks about and writes the verdict, unless the status is negative. `fill`
  /// may refuse it; `refused` is told of what the desk refuses.
  @inline(__always)
  public func check(
    _ verdict: UnsafeMutablePointer<rck_verdict>, _ fill: (UnsafeMutablePointer<Ask>) -> rck_status,
    refused: (UnsafePointer<Ask>, rck_status) -> Void
  ) -> rck_status {
    Exam<D>.begin { notes in
      let given = withUnsafeMutablePointer(to: &notes.pointee.ask, fill)
      if given != RCK_OK { return given }
      let status = check(notes, verdict)
      if notes.pointee.aside.pointee.escalations.count != 0 { escalate(notes, status, verdict) }
      if status > RCK_REPEAT { withUnsafePointer(to: &notes.pointee.ask) { refused($0, status) } }
      return status
    }
  }

  @inline(__always)
  private func check(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    let seat = orders.memory.table.seek(notes.pointee.ask.id)
    if seat.found == nil && !seat.isBroken, let status = Plain<D, AloneKind>(self, notes).check(seat, verdict)
    {
      return status
    }
    return checkOtherwise(notes, verdict)
  }

  /// Where further controls are armed at some scope the usual check asks for them too. A message that counts already
  /// goes the long way.
  @inline(never)
  private func checkOtherwise(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    // What one way has noted is not what the next finds, which may be under other limits.
    notes.pointee.aside.pointee.escalations.count = 0
    return TradingState.hasFurther(state) && notes.pointee.counted == 0
      ? checkFurther(notes, verdict) : checkClosely(notes, verdict)
  }

  @inline(never)
  private func checkFurther(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    let seat = orders.memory.table.seek(notes.pointee.ask.id)
    if seat.found == nil && !seat.isBroken,
      let status = Plain<D, FurtherKind>(self, notes).check(seat, verdict)
    {
      return status
    }
    notes.pointee.aside.pointee.escalations.count = 0
    return checkClosely(notes, verdict)
  }

  /// A check that is not the usual one.
  @inline(never)
  func checkClosely(
    _ notes: UnsafeMutablePointer<Notes>, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    var seat = orders.memory.table.seek(notes.pointee.ask.id)
    while seat.found != nil || seat.isBroken {
      if seat.isBroken { return fail(State.Site.orders) }
      if let known = again(notes.pointee.ask) { return known.answer(verdict) }
      seat = orders.memory.table.seek(notes.pointee.ask.id)
    }
    let status = check(notes, seat, verdict)
    // What an override lets pass stays used, and a leg may yet be withdrawn.
    let isLeg = notes.pointee.ask.asked.shape & Order.leg != 0
    return mayWaive(status) && !isLeg ? checkWaived(notes, verdict, status) : status
  }

  @inline(__always)
  private func check(
    _ notes: UnsafeMutablePointer<Notes>, _ seat: Table<D>.Seat,
    _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      let exam = Exam(self, at: notes)
      let latchings = TradingState.latchings(state)
      let passed = exam.pass()
      if case .broken = passed { return fail(State.Site.positions) }
      if case .again = passed { continue }
      if !exam.isCurrent { continue }
      if !exam.countMessage() { return lost(exam).answer(verdict) }
      if case .judged = passed, exam.findings.refused {
        if notes.pointee.counted & Rates.hasPassed != 0 { exam.flagOvertaken() }
        exam.store(verdict, token: 0)
        return exam.findings.status
      }
      let (status, token) = enter(exam, latchings, seat)
      if status == Desk.again { continue }
      if status == Desk.known {
        if let known = again(exam.ask) { return known.answer(verdict) }
        continue
      }
      if token == 0 { return answer(exam, status, verdict) }
      if case .judged = passed {
        exam.store(verdict, token: token)
      } else {
        Findings.storePlain(verdict, token: token, isReducing: exam.isReducing)
      }
      return RCK_OK
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED).answer(verdict)
  }

  // Not statuses, but what `enter` came to: to be tried again; what refused is in the findings; another call has
  // entered the id.
  static var again: rck_status { rck_status.min }
  static var found: rck_status { rck_status.min &+ 1 }
  static var known: rck_status { rck_status.min &+ 2 }

  /// A check that passed and then was not entered.
  @inline(never)
  func answer(
    _ exam: Exam<D>, _ status: rck_status, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    (status == Desk.found ? Decided(exam.findings) : Decided(status)).answer(verdict)
  }

  /// Takes a place for the order, reserves its risk, and publishes it: its token, or 0 and why not.
  @_transparent
  func enter(_ exam: Exam<D>, _ latchings: UInt64, _ seat: Table<D>.Seat) -> (
    status: rck_status, token: UInt64
  ) {
    // Before a remembered order is forgotten for it.
    if exam.lacksRow && !exam.hasPlacesForRows { return (RCK_REJECT_POSITIONS_FULL, 0) }
    let token = place()
    if token == 0 { return (RCK_REJECT_ORDERS_FULL, 0) }
    if token == Slots<D>.broken { return (fail(State.Site.orders), 0) }
    let place = Orders<D>.place(token)
    let inserted = orders.memory.table.insert(exam.ask.id, at: place, seat)
    if inserted != true, let status = insert(exam, token) { return (status, 0) }
    switch exam.reserve() {
    case .done: break
    case let other: return (withdraw(token, exam, other), 0)
    }
    if exam.isArmed, let failed = takeFurther(exam) { return (withdraw(token, exam, failed), 0) }
    if !exam.isCurrent { return (takeBack(token, exam), 0) }
    if exam.isArmed { countSent(exam) }
    let entered = orders.settle(place, spare: writer) {
      $0.pointee.asked = exam.ask.asked
      // Scope's tracking bits, 1 and 2, are the order's from bit 32.
      $0.pointee.shape |= (exam.tracking & (Scope.trackBook | Scope.trackRows)) &<< 32
      $0.pointee.terms.worth = exam.worth
      $0.pointee.begin(token, value: exam.notes.pointee.heldValue, exam.terms.conversion)
    }
    if !entered { return (fail(State.Site.orders), 0) }
    // Not before the order can be seen: whoever latches makes all threads pass a barrier after it has.
    platform_compiler_barrier()
    if TradingState.latchings(state) != latchings, let status = latched(exam, token) {
      if exam.isArmed { exam.takeBackSent() }
      return (status, 0)
    }
    return (RCK_OK, token)
  }

  @inline(never)
  private func countSent(_ exam: Exam<D>) { exam.countSent() }

  /// Takes what further controls count; nil: done. Otherwise nothing is reserved any more.
  @inline(never)
  private func takeFurther(_ exam: Exam<D>) -> Exam<D>.Reserved? {
    let taken = exam.takesFurther ? exam.takeFurther() : .done
    if case .done = taken { return nil }
    exam.undoAll()
    return taken
  }

  /// Other limits are in force by now.
  @inline(never)
  private func takeBack(_ token: UInt64, _ exam: Exam<D>) -> rck_status {
    if exam.takesFurther { exam.untakeFurther() }
    exam.undoAll()
    return withdraw(token, exam, .again)
  }

  /// The bucket has moved on since it was looked at. Nil: inserted after all.
  @inline(never)
  private func insert(_ exam: Exam<D>, _ token: UInt64) -> rck_status? {
    switch orders.memory.table.insert(exam.ask.id, at: Orders<D>.place(token)) {
    case .inserted: return nil
    case .broken: return fail(State.Site.orders)
    case .present:
      _ = orders.memory.slots.giveBack(token, hand: writer)
      return Desk.known
    }
  }

  /// Gives back the place of an order that was not published.
  @inline(never)
  private func withdraw(_ token: UInt64, _ exam: Exam<D>, _ why: Exam<D>.Reserved) -> rck_status {
    let status = withdraw(token, exam.ask.id)
    if status != RCK_OK { return status }
    switch why {
    case .done, .again: return Desk.again
    case .refused: return Desk.found
    case .status(let status): return status
    }
  }

  func withdraw(_ token: UInt64, _ id: UInt64) -> rck_status {
    if case .broken = orders.memory.table.remove(id) { return fail(State.Site.orders) }
    _ = orders.memory.slots.giveBack(token, hand: writer)
    return RCK_OK
  }

  /// A latch was set while the check ran: if it applies, the order was never there.
  @inline(never)
  func latched(_ exam: Exam<D>, _ token: UInt64) -> rck_status? {
    // A leg is not there yet: its batch looks at the latches when all legs are.
    if exam.ask.asked.shape & Order.leg != 0 { return nil }
    var findings = Findings()
    TradingState.judge(exam, &findings)
    if !findings.refused { return nil }
    if exam.takesFurther { exam.untakeFurther() }
    let committed = release(token, forgetting: true)
    if committed.status < 0 { return committed.status }
    // Somebody has found it, and ended it.
    if committed.status == RCK_REPEAT && !forget(token) { return fail(State.Site.orders) }
    findings.flags |= RCK_VERDICT_CONTENDED
    exam.findings = findings
    return Desk.found
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

  /// The verdict that `check` would give, without a trace. Nil: try again.
  public func checkDry(_ ask: Ask) -> Decided {
    if !isNew(ask.id), let known = again(ask) { return known }
    let decided = look(ask)
    return mayWaive(decided.status) ? lookWaived(ask, decided) : decided
  }

  /// Pass one alone.
  func look(_ ask: Ask, withCustoms: Bool = true) -> Decided {
    Exam<D>.begin { notes in
      notes.pointee.ask = ask
      notes.pointee.counted = Rates.isDry | (withCustoms ? 0 : Rates.hasNoCustoms)
      return look(notes)
    }
  }

  func look(_ notes: UnsafeMutablePointer<Notes>) -> Decided {
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      let exam = Exam(self, at: notes)
      switch exam.pass() {
      case .again: continue
      case .broken: return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED)
      case .plainly: exam.beginFindings()
      case .judged: break
      }
      if !exam.isCurrent { continue }
      if !exam.findings.refused, let full = exam.placeMissing { return Decided(full) }
      return Decided(exam.findings)
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED)
  }
}

extension Order {
  /// Whether an order is asked about that has the terms of this one.
  func has(_ ask: Ask) -> Bool {
    account == ask.account && strategy == ask.strategy && instrument == ask.instrument
      && venue == ask.venue && side == ask.side && type == ask.type
      && force == ask.force && terms.price == ask.price && terms.stop == ask.stop
      && terms.quantity == ask.quantity
  }
}

extension Order {
  /// Stores every field of an order that was asked for as it is published, but what was asked, and those of an amend.
  @inline(__always)
  mutating func begin(_ token: UInt64, value: Int64, _ conversion: Conversion) {
    self.token = token
    executed = 0
    known = 0
    self.value = value
    factor = conversion.factor
    clock = 0
    carriage = conversion.exponent &<< Order.exponentShift
  }
}
