import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Drop copies: orders that somebody else has entered at the venue. Each is a fact, so no control keeps it out; it is
/// judged all the same, and what a check would have refused is told. What is told belongs to the rows and limits that
/// it entered by, as with a check: who loses a race judges again. Only after many lost races the last judgement stands,
/// and rows alone are read again.
public struct DropCopied {
  public var decided: Decided
  /// What a check would have been: RCK_OK, or what it would have refused with.
  public var checked: rck_status = RCK_OK

  init(_ decided: Decided) { self.decided = decided }
}

extension Desk {
  /// Enters an order that is in the market. `isLate`: its deadline has passed, and a check would have said no more.
  @inline(never)
  public func dropCopy(_ ask: Ask, isLate: Bool) -> DropCopied {
    Exam<D>.begin { notes in
      notes.pointee.ask = ask
      let copied = dropCopy(Exam(self, at: notes), isLate)
      // One that is refused leaves no trace.
      let isEntered = copied.decided.token != 0 && copied.decided.findings.severity != 0
      if isEntered && notes.pointee.aside.pointee.escalations.count != 0 { escalate(notes) }
      return copied
    }
  }

  private func dropCopy(_ first: Exam<D>, _ isLate: Bool) -> DropCopied {
    var (tries, exam, told, generation) = (0, first, nil as Findings?, UInt64(0))
    while tries < Desk.entriesMax {
      tries &+= 1
      if let known = known(exam.ask) { return DropCopied(known) }
      var isJudged = tries <= Desk.triesMax
      if isJudged {
        exam = Exam(self, at: exam.notes)
        let passed = exam.pass()
        if case .broken = passed { return DropCopied(Decided(fail(State.Site.positions))) }
        if case .again = passed { continue }
        if case .plainly = passed { exam.beginFindings() }
        if !exam.isCurrent { continue }
        // Of an order without a proper form no check looks at the rows.
        isJudged = exam.notes.pointee.isValued
        if let refused = exam.unfit { return DropCopied(refused) }
        (told, generation) = (exam.findings, exam.notes.pointee.generation)
      } else if told == nil || generation != exam.notes.pointee.generation || !exam.isCurrent {
        break
      } else if !exam.readRows() {
        return DropCopied(Decided(fail(State.Site.positions)))
      }
      switch enterAnyway(exam, isJudged: isJudged) {
      case .token(let token): return copied(token, isLate ? nil : told)
      case .again: continue
      case .refused(let decided): return DropCopied(decided)
      }
    }
    return DropCopied(Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED))
  }

  /// Each needs others who move the same rows within a few loads and stores.
  private static var entriesMax: Int { 4096 }

  /// The verdict of the order's check, but for its status and its token. Nothing told: the deadline has passed.
  private func copied(_ token: UInt64, _ told: Findings?) -> DropCopied {
    var decided = told.map { Decided($0, token: token) } ?? Decided(RCK_REJECT_DEADLINE, token: token)
    let checked = decided.status
    if checked != RCK_OK {
      decided.findings.status = RCK_OK
      decided.findings.flags |= RCK_VERDICT_WOULD_REFUSE
    }
    var copied = DropCopied(decided)
    copied.checked = checked
    return copied
  }

  /// The answer to an id that is known. A check that is entering it may yet take it back, and is waited for.
  private func known(_ ask: Ask) -> Decided? {
    var tries = 0
    while !isNew(ask.id) {
      if let known = again(ask), known.findings.flags & RCK_VERDICT_CONTENDED == 0 { return known }
      if tries == Desk.patience { return Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED) }
      platform_pause()
      tries &+= 1
    }
    return nil
  }

  private enum Copied {
    case token(UInt64)
    /// Others were quicker. Nothing is reserved.
    case again
    case refused(Decided)
  }

  /// Takes a place for the order, reserves its risk whatever the limits, counts its message, and publishes it.
  private func enterAnyway(_ exam: Exam<D>, isJudged: Bool) -> Copied {
    // Both before a remembered order is forgotten for it.
    if let overflow = exam.overflow { return .refused(overflow) }
    if exam.lacksRow && !exam.hasPlacesForRows { return .refused(Decided(RCK_REJECT_POSITIONS_FULL)) }
    let token = place()
    if token == 0 { return .refused(Decided(RCK_REJECT_ORDERS_FULL)) }
    if token == Slots<D>.broken { return .refused(Decided(fail(State.Site.orders))) }
    if let missing = exam.makeRows() {
      _ = orders.memory.slots.giveBack(token, hand: writer)
      if case .status(let status) = missing { return .refused(Decided(status)) }
      return .again
    }
    switch orders.memory.table.insert(exam.ask.id, at: Orders<D>.place(token)) {
    case .inserted: break
    case .broken: return .refused(Decided(fail(State.Site.orders)))
    case .present:
      _ = orders.memory.slots.giveBack(token, hand: writer)
      return .again
    }
    var entered = exam.reserveAnyway(isJudged: isJudged)
    // Counted before the order can be seen: a kill in between may count too much, never too little.
    if case .done = entered, !Rates.force(exam) {
      exam.undoAll()
      entered = .again
    }
    if case .done = entered {
      if exam.hasFurther { _ = exam.takeFurther(regardless: true) }
      return publish(exam, token)
    }
    let status = withdraw(token, exam.ask.id)
    if status != RCK_OK { return .refused(Decided(status)) }
    if case .status(let failed) = entered { return .refused(Decided(failed)) }
    return .again
  }

  private func publish(_ exam: Exam<D>, _ token: UInt64) -> Copied {
    exam.countSent()
    let entered = orders.settle(Orders<D>.place(token), spare: writer) {
      $0.pointee.asked = exam.ask.asked
      // Scope's tracking bits, 1 and 2, are the order's from bit 32.
      $0.pointee.shape |= (exam.tracking & (Scope.trackBook | Scope.trackRows)) &<< 32
      $0.pointee.terms.worth = exam.worth
      $0.pointee.begin(token, value: exam.notes.pointee.heldValue, exam.terms.conversion)
    }
    return entered ? .token(token) : .refused(Decided(fail(State.Site.orders)))
  }
}

// MARK: What keeps out a fact

extension Exam {
  /// Why the order cannot be entered, whatever is allowed. Otherwise all is known that an entry takes.
  fileprivate var unfit: Decided? {
    let form = Validity.factFault(self)
    if form != RCK_OK { return refusal(RCK_CONTROL_VALIDITY, form, Validity.place(form, self)) }
    // Pass one stops at the form of an order that no check would have passed.
    if !notes.pointee.isValued && notes.pointee.trouble == RCK_OK {
      if !readRows() { return Decided(desk.fail(State.Site.positions)) }
      valuate()
      notes.pointee.margin_bps = terms.margin_bps(notes.pointee.accountTerms.marginClass)
    }
    let trouble = notes.pointee.trouble
    if notes.pointee.isValued { return nil }
    let control = trouble == RCK_REJECT_ORDER_OVERFLOW ? RCK_CONTROL_VALIDITY : RCK_CONTROL_ORDER_NOTIONAL
    return refusal(control, trouble, instrumentPlace)
  }

  private func refusal(_ control: Int32, _ status: rck_status, _ place: Place) -> Decided {
    var findings = Findings()
    findings.refuse(control, status, place)
    return Decided(findings)
  }
}

// MARK: Its amounts in rows and sums

extension Exam {
  /// What would go beyond its bound: of quantities first, then of money.
  fileprivate var overflow: Decided? {
    let (tracked, row) = (notes.pointee.tracked, tracking == 0 ? Holding() : enteredTracked)
    if !entered.quantitiesFit { return overflow(RCK_REJECT_POSITION_OVERFLOW, ofStrategy: false) }
    if !row.quantitiesFit { return overflow(RCK_REJECT_POSITION_OVERFLOW, ofStrategy: true) }
    let (old, totals) = (notes.pointee.old, Totals<D>(desk.state, writer: desk.writer))
    if old.isGrouped && !totals.fit(from: old, to: entered, ask.account, ask.instrument) {
      return overflow(RCK_REJECT_EXPOSURE_OVERFLOW, ofStrategy: false)
    }
    if !fits(entered, bps: margin_bps, book, filled(book, notes.pointee.old, entered)) {
      return overflow(RCK_REJECT_EXPOSURE_OVERFLOW, ofStrategy: false)
    }
    if tracking == 0 || fits(row, bps: terms.margin_bps(0), tracked.pointee.book, filledTracked(row)) {
      return nil
    }
    return overflow(RCK_REJECT_EXPOSURE_OVERFLOW, ofStrategy: true)
  }

  private func overflow(_ status: rck_status, ofStrategy strategy: Bool) -> Decided {
    var order = Order()
    order.asked = ask.asked
    return Decided(overflow: status, order, ofStrategy: strategy)
  }

  private func fits(_ row: Holding, bps: Int64, _ book: Book, _ after: Book) -> Bool {
    row.moneyFits && Amount.share(row.exposure, bps: bps) != nil && after.fits
      && Totals<D>(desk.state, writer: desk.writer).fit(from: book, to: after)
  }

  /// Makes the rows that are not there. Nil: they are. An account's that was made is to be read: in which totals it is
  /// counted is said by who finds it.
  fileprivate func makeRows() -> Reserved? {
    if notes.pointee.row < 0 { return makeRow() }
    guard isTrackedRow, let failed = makeTrackedRow(), case .status = failed else { return nil }
    return failed
  }

  /// Moves books and rows from the very records that were read, each book before its row. Done, or nothing is.
  fileprivate func reserveAnyway(isJudged: Bool) -> Reserved {
    guard let row else { return .again }
    if !desk.complete(row, notes.pointee.rowWord) { return .status(desk.fail(State.Site.carry)) }
    let (new, place) = (entered, desk.books.row(ask.account, strategy: false))
    let after = filled(book, notes.pointee.old, new)
    let booked = swap(place, notes.pointee.bookWord, book, to: after, strategy: false, isJudged)
    guard case .done = booked else { return booked }
    if !swapAnyway(row, to: new, isJudged) {
      unbook()
      return lostRow
    }
    if tracking == 0 { return .done }
    let reserved = reserveTracked(isJudged)
    if case .done = reserved { return .done }
    undo(row, strategy: false)
    return reserved
  }

  /// Raises the totals of the row's groups, then the row.
  private func swapAnyway(_ row: Int, to new: Holding, _ isJudged: Bool) -> Bool {
    let (coverage, raise) = grouped(new)
    if !coverage.isEmpty && !raiseTotals(coverage, raise, RCK_SCOPE_INSTRUMENT_GROUP, isJudged) {
      return false
    }
    if desk.positions.swap(row, notes.pointee.rowWord, to: new, spare: desk.writer) != 0 { return true }
    if !coverage.isEmpty { desk.lower(coverage, notes.pointee.generation, raise) }
    return false
  }

  private func reserveTracked(_ isJudged: Bool) -> Reserved {
    let tracked = notes.pointee.tracked
    let (row, word, new) = (tracked.pointee.row, tracked.pointee.rowWord, enteredTracked)
    if isTrackedRow && !desk.complete(row, word) { return .status(desk.fail(State.Site.carry)) }
    let (place, after) = (desk.books.row(ask.strategy, strategy: true), filledTracked(new))
    let booked = swap(
      place, tracked.pointee.bookWord, tracked.pointee.book, to: after, strategy: true, isJudged)
    guard case .done = booked, isTrackedRow else { return booked }
    if desk.positions.swap(row, word, to: new, spare: desk.writer) != 0 { return .done }
    unbookTracked()
    return lostRow
  }

  private var lostRow: Reserved {
    desk.positions.rows.draft(desk.writer) == nil ? .status(desk.fail(State.Site.positions)) : .again
  }

  /// Raises the totals of a book, then the book.
  private func swap(
    _ place: Int, _ word: UInt64, _ book: Book, to after: Book, strategy: Bool, _ isJudged: Bool
  ) -> Reserved {
    let (coverage, raise) = (book.coverage, Raise(from: book, to: after, turn: turn))
    let kind = strategy ? RCK_SCOPE_STRATEGY_GROUP : RCK_SCOPE_ACCOUNT_GROUP
    if !coverage.isEmpty && !raiseTotals(coverage, raise, kind, isJudged) { return .again }
    if desk.books.swap(place, word, to: after, spare: desk.writer) { return .done }
    if !coverage.isEmpty { desk.lower(coverage, notes.pointee.generation, raise) }
    return desk.books.rows.draft(desk.writer) == nil ? .status(desk.fail(State.Site.books)) : .again
  }

  /// Raises totals as facts do. False: one is above a level that nobody was told of, since others took its room.
  @inline(never)
  private func raiseTotals(_ coverage: Coverage, _ raise: Raise, _ kind: Int32, _ isJudged: Bool) -> Bool {
    let told = told(kind)
    return desk.raise(coverage, raise, half, notes.pointee.generation) { total, scope, bit in
      let sum = bit & 7
      let amount = raise.amount(bit &>> 3, sum)
      if amount == 0 { return true }
      if isJudged && !isSettled(sum) {
        return told &>> UInt64(truncatingIfNeeded: bit) & 1 != 0 && takeAbove(amount, total, scope, sum, kind)
      }
      total.raise(by: amount) { scope.lowest(half)[BookSum.slot(sum)] }
      return true
    }
  }

  /// Whether it makes no difference what a total comes to: its control has refused, or was not to be asked.
  private func isSettled(_ sum: Int) -> Bool {
    let control = BookSum.control(sum)
    let hasRefused = findings.failed &>> UInt32(truncatingIfNeeded: control &- 1) & 1 != 0
    return hasRefused || stops || isReducing && control != RCK_CONTROL_WORKING
  }
}
