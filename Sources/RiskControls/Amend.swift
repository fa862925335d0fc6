import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// New terms for a live order: judged as if its old ones were absent, and holding the larger of both until the
/// venue has answered. Committed by one step of the account's row.
extension Desk {
  /// The order that an id names; 0 if none.
  public func token(of id: UInt64) -> UInt64 {
    var order = Order()
    if case .place = orders.findById(id, &order) { return order.token }
    return 0
  }

  /// `ask` holds the new terms; whose order it is comes from the order. With `ticket` each try draws one before the
  /// swap that commits, and behind all else that it reserves: as in `commit`.
  public func amend(
    _ token: UInt64, _ new: Ask, ticket: UnsafeMutablePointer<UInt64>? = nil
  ) -> Decided {
    Exam<D>.begin { notes in
      notes.pointee.aside.pointee.ticket = ticket
      let first = amend(token, new, notes)
      let decided = mayWaive(first.status) ? amendWaived(token, new, notes, first) : first
      if notes.pointee.aside.pointee.escalations.count != 0 && decided.findings.severity != 0 {
        escalate(notes)
      }
      return decided
    }
  }

  func amend(_ token: UInt64, _ new: Ask, _ notes: UnsafeMutablePointer<Notes>) -> Decided {
    var tries = Desk.triesMax
    while tries > 0 {
      tries &-= 1
      var order = Order()
      guard case .place = orders.find(token, 0, &order) else { return Decided(RCK_REJECT_ORDER_UNKNOWN) }
      if let refused = unfit(order, new.id) { return refused }
      notes.pointee.ask = new.about(order)
      switch amend(order, notes) {
      case .decided(let decided): return decided
      case .again: continue
      }
    }
    return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED)
  }

  private func amend(
    _ order: Order, _ notes: UnsafeMutablePointer<Notes>
  ) -> Entered {
    let exam = exam(order, notes)
    let latchings = TradingState.latchings(state)
    if exam.isWaiving { _ = exam.collectWaivers() }
    let passed = exam.pass()
    if case .broken = passed { return .decided(Decided(fail(State.Site.positions))) }
    if case .again = passed { return .again }
    if !exam.isCurrent { return .again }
    if !exam.countMessage() { return .decided(lost(exam)) }
    if case .plainly = passed { exam.beginFindings() }
    if exam.findings.refused {
      if notes.pointee.counted & Rates.hasPassed != 0 { exam.flagOvertaken() }
      return .decided(Decided(exam.findings))
    }
    return exam.isWaiving ? commitWaived(exam, order, latchings) : commitAmend(exam, order, latchings)
  }

  /// Begins the exam of new terms for an order.
  @inline(__always)
  private func exam(_ order: Order, _ notes: UnsafeMutablePointer<Notes>) -> Exam<D> {
    let exam = Exam(self, at: notes)
    notes.pointee.formerQuantity = order.leaves
    notes.pointee.formerValue = order.value
    notes.pointee.heldQuantity = max(exam.ask.quantity, order.executed) &- order.executed
    notes.pointee.trackable = order.tracking
    return exam
  }

  /// What would be decided, without a trace. Alone.
  public func amendDry(_ token: UInt64, _ new: Ask) -> Decided {
    var order = Order()
    guard case .place = orders.find(token, 0, &order) else { return Decided(RCK_REJECT_ORDER_UNKNOWN) }
    if let refused = unfit(order, new.id) { return refused }
    return Exam<D>.begin { notes in
      notes.pointee.ask = new.about(order)
      notes.pointee.counted = Rates.isDry
      let decided = look(order, notes)
      return mayWaive(decided.status) ? waiving(notes) { look(order, notes) } ?? decided : decided
    }
  }

  private func look(_ order: Order, _ notes: UnsafeMutablePointer<Notes>) -> Decided {
    let exam = exam(order, notes)
    if exam.isWaiving { _ = exam.collectWaivers() }
    switch exam.pass() {
    case .again, .broken: return Decided(RCK_REJECT_CONTENDED)
    case .plainly: exam.beginFindings()
    case .judged: break
    }
    if !exam.findings.refused, case .free = claim(exam.ask.id, by: order), !hasPlace {
      return Decided(RCK_REJECT_ORDERS_FULL)
    }
    return Decided(exam.findings)
  }

  enum Entered {
    case decided(Decided)
    case again
  }

  /// Why an order cannot be amended now, before anything is counted.
  @inline(__always)
  private func unfit(_ order: Order, _ id: UInt64) -> Decided? {
    if order.isFinished { return Decided(RCK_REJECT_ORDER_FINISHED) }
    if order.state & Order.State.unconfirmed != 0 {
      return Decided(RCK_REJECT_ORDER_UNCONFIRMED)
    }
    if order.isAmending { return Decided(RCK_REJECT_AMEND_PENDING) }
    switch claim(id, by: order) {
    case .own, .free: return nil
    case .taken: return Decided(RCK_REJECT_ORDER_ID_TAKEN)
    case .broken: return Decided(fail(State.Site.orders))
    }
  }

  func commitAmend(_ exam: Exam<D>, _ order: Order, _ latchings: UInt64) -> Entered {
    var alias: UInt64 = 0
    switch enterAlias(exam.ask.id, order) {
    case .alias(let token): alias = token
    case .decided(let decided): return .decided(decided)
    }
    let reserved = reserve(exam)
    guard case .done = reserved else { return dropAlias(alias, exam.ask.id, entered(reserved, exam)) }
    let taken = exam.takesFurther ? exam.takeFurther() : .done
    guard case .done = taken else {
      exam.undoStrategy()
      exam.unbook()
      return dropAlias(alias, exam.ask.id, entered(taken, exam))
    }
    if !exam.isCurrent || !take(exam, order, alias, latchings) {
      exam.notes.pointee.counted |= Rates.hasPassed
      if exam.takesFurther { exam.untakeFurther() }
      exam.undoStrategy()
      exam.unbook()
      return dropAlias(alias, exam.ask.id, .again)
    }
    platform_compiler_barrier()
    if TradingState.latchings(state) != latchings {
      var findings = Findings()
      TradingState.judge(exam, &findings)
      if findings.refused {
        findings.flags |= RCK_VERDICT_CONTENDED
        if exam.takesFurther { exam.untakeFurther() }
        exam.takeBackSent()
        let answered = answer(order.token, accepted: false)
        return .decided(answered.status < 0 ? Decided(answered.status) : Decided(findings))
      }
    }
    return .decided(Decided(exam.findings, token: order.token))
  }

  /// Everything but the account's row, whose swap commits.
  private func reserve(_ exam: Exam<D>) -> Exam<D>.Reserved {
    let booked = exam.reserveBook()
    guard case .done = booked, exam.tracking != 0 else { return booked }
    let reserved = exam.reserveStrategy()
    if case .done = reserved { return .done }
    exam.unbook()
    return reserved
  }

  private func entered(_ reserved: Exam<D>.Reserved, _ exam: Exam<D>) -> Entered {
    switch reserved {
    case .done, .again: return .again
    case .refused: return .decided(Decided(exam.findings))
    case .status(let status): return .decided(Decided(status))
    }
  }

  /// Swaps the account's row with the step. False: row or order have moved on.
  private func take(_ exam: Exam<D>, _ order: Order, _ alias: UInt64, _ latchings: UInt64) -> Bool {
    guard let row = exam.row, complete(row, exam.notes.pointee.rowWord) else { return false }
    var now = Order()
    guard case .place = orders.find(order.token, 0, &now), now == order else { return false }
    if alias != 0 && !link(alias, exam.ask.id, order) { return false }
    var step = order.step(Step.Kind.amend, state: order.state | Order.State.amending)
    step.first = exam.ask.quantity
    step.second = exam.worth
    step.third = exam.ask.price
    step.fourth = exam.ask.stop
    step.execution = alias
    step.undone = exam.ask.id == order.id ? 0 : exam.ask.id
    step.conversion = exam.terms.conversion
    step.opened = max(exam.openedQuantity, 0)
    step.openedValue = max(exam.openedValue, 0)
    var new = exam.notes.pointee.old
    _ = new.take(step, buy: order.isBuy)
    _ = new.setMargin(bps: exam.margin_bps)  // one that no longer fits stays
    let (coverage, raise) = exam.grouped(new)
    if !coverage.isEmpty && !exam.takeTotals(coverage, raise, RCK_SCOPE_INSTRUMENT_GROUP) { return false }
    if let ticket = exam.notes.pointee.aside.pointee.ticket {
      ticket.pointee = Tickets(state).draw()
      // A latch that has drawn before refuses it without a trace; what is taken back for one comes before it.
      if TradingState.latchings(state) != latchings {
        if !coverage.isEmpty { lower(coverage, exam.notes.pointee.generation, raise) }
        return false
      }
    }
    exam.countSent()
    let clock = positions.swap(row, exam.notes.pointee.rowWord, to: new, step, spare: writer)
    if clock == 0 {
      exam.takeBackSent()
      if !coverage.isEmpty { lower(coverage, exam.notes.pointee.generation, raise) }
      return false
    }
    let word = positions.rows.observe(row)
    if positions.rows.sequence(of: word) == clock && !complete(row, word) { _ = fail(State.Site.carry) }
    return true
  }

  // MARK: Other ids

  private enum Aliased {
    case alias(UInt64)
    case decided(Decided)
  }

  private enum Claim {
    case own, free, taken, broken
  }

  /// Whose an id is that an order is to have.
  @inline(__always)
  private func claim(_ id: UInt64, by order: Order) -> Claim {
    if id == order.id { return .own }
    var known = Order()
    switch orders.findById(id, &known) {
    case .unknown: return .free
    case .broken: return .broken
    case .place: return known.token == order.token ? .own : .taken
    }
  }

  /// A place for a new id of the order; 0 when it has that id already.
  private func enterAlias(_ id: UInt64, _ order: Order) -> Aliased {
    switch claim(id, by: order) {
    case .own: return .alias(0)
    case .taken: return .decided(Decided(RCK_REJECT_ORDER_ID_TAKEN))
    case .broken: return .decided(Decided(fail(State.Site.orders)))
    case .free: break
    }
    let token = place()
    if token == 0 { return .decided(Decided(RCK_REJECT_ORDERS_FULL)) }
    if token == Slots<D>.broken { return .decided(Decided(fail(State.Site.orders))) }
    if !link(token, id, order) { return .decided(Decided(fail(State.Site.orders))) }
    switch orders.memory.table.insert(id, at: Orders<D>.place(token)) {
    case .inserted: return .alias(token)
    case .present:
      _ = orders.memory.slots.giveBack(token, hand: writer)
      return .decided(Decided(RCK_REJECT_ORDER_ID_TAKEN, flags: RCK_VERDICT_CONTENDED))
    case .broken: return .decided(Decided(fail(State.Site.orders)))
    }
  }

  /// Says in the id's entry whose id it is, and which other id the order had before.
  private func link(_ alias: UInt64, _ id: UInt64, _ order: Order) -> Bool {
    var entry = Order()
    entry.token = alias
    entry.id = id
    entry.correlation = order.token
    entry.shape = Order.alias
    entry.aliases = order.aliases
    return orders.settle(Orders<D>.place(alias), entry, spare: writer)
  }

  private func dropAlias(_ alias: UInt64, _ id: UInt64, _ entered: Entered) -> Entered {
    if alias == 0 { return entered }
    if case .broken = orders.memory.table.remove(id) { return .decided(Decided(fail(State.Site.orders))) }
    _ = orders.memory.slots.giveBack(alias, hand: writer)
    return entered
  }
}

extension Ask {
  /// These terms, for the owner of an order.
  func about(_ order: Order) -> Ask {
    var ask = self
    ask.asked.account = order.account
    ask.asked.strategy = order.strategy
    ask.asked.instrument = order.instrument
    ask.asked.venue = order.venue
    ask.asked.shape = order.shape & Order.kindsMask
    ask.message = RCK_MEASURE_MODIFY
    return ask
  }
}

extension Order {
  var tracking: UInt64 {
    (shape & Order.trackedBook != 0 ? Scope.trackBook : 0)
      | (shape & Order.trackedRow != 0 ? Scope.trackRows : 0)
  }
}
