import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// The usual check from its first look to its token.
extension Plain {
  /// What pass one has found.
  struct Found {
    let parties: Parties
    let worth: Worth
    let row: Int
    let position: StagedRow<Row>
    let book: StagedRow<Int64>
    let places: (WindowPlace?, WindowPlace?, WindowPlace?)
  }

  /// The status; nil: the long way has to be gone.
  @inline(__always)
  func check(_ seat: Table<D>.Seat, _ verdict: UnsafeMutablePointer<rck_verdict>) -> rck_status? {
    let latchings = TradingState.latchings(desk.state)
    guard K.asksFurther || K.isLeg ? TradingState.isQuiet(desk.state) : TradingState.isIdle(desk.state),
      let parties = parties(),
      let worth = worth(parties.party.marginClass),
      case .row(let row) = desk.positions.find(ask.account, ask.instrument, strategy: false),
      let position = stage(row, worth), let book = stage(position.what, worth, parties),
      let alone = excess(parties, worth.value), let first = window(parties.account),
      let second = window(parties.strategy), let third = window(parties.instrument)
    else { return nil }
    let after = position.what.after
    let rows = book.what | desk.positions.excess(positive(after), row, half, buy: turn == 0)
    let short = turn & (0 &- positive(after)) & Party.shortMask(parties.common)
    if !isCurrent { return nil }
    // Made anew wherever it is handed on, so that it costs nothing where it is not.
    @inline(__always)
    func found() -> Found {
      Found(
        parties: parties, worth: worth, row: row, position: position, book: book,
        places: (first, second, third))
    }
    guard let isArmed = asksFurther(parties, worth, row, after) else { return nil }
    let isDoubted = alone.size | rows | short < 0 || alone.collar
    if isDoubted {
      if isCounted(position, book) { return nil }  // totals, not looked at here, may have something to say
      if alone.collar && !noteTerms(worth, parties.party.marginClass) { return nil }
      if rows | short < 0 {
        if isListed(row) { return nil }
        judge(
          Judged(
            parties: parties, worth: worth, row: row, after: after, old: position.old,
            position: position.record, book: book.record),
          Doubts(size: alone.size < 0, collar: alone.collar, rows: rows < 0, short: short < 0))
      } else {
        judge(
          parties.account, parties.strategy, parties.instrument, worth.value, after <= 0,
          Doubts(size: alone.size < 0, collar: alone.collar, rows: false, short: false))
      }
      if !holds(row, position, book) || !isCurrent { return nil }
    }
    if !take(first, second, third) { return overtaken(isDoubted) }
    if isDoubted && notes.pointee.findings.refused {
      store(verdict, token: 0)
      if mayWaive { return waived(first != nil, second != nil, third != nil, verdict) }
      return notes.pointee.findings.status
    }
    let token = desk.orders.memory.slots.drawHeld(hand: desk.writer)
    if token == 0 || token == Slots<D>.broken { return left(found()) }
    if desk.orders.memory.table.insert(ask.id, at: Orders<D>.place(token), seat) != true {
      return giveBack(found(), token)
    }
    if lacksTotals(position, book, worth, row) { return withdraw(found(), token) }
    if !desk.books.rows.publish(self.book, book, spare: desk.writer) { return overtaken(found(), token) }
    if !desk.positions.rows.publish(row, position, spare: desk.writer) { return unbook(found(), token) }
    if isArmed && !takeFurther(found()) { return lost(found(), token) }
    if !isCurrent { return takeBack(found(), token) }
    if isArmed { countSent() }
    if !enter(token, worth) { return desk.fail(State.Site.orders) }
    // Not before the order can be seen: whoever latches makes all threads pass a barrier after it has.
    platform_compiler_barrier()
    if !K.isLeg, TradingState.latchings(desk.state) != latchings,
      let status = latched(found(), token, verdict)
    {
      return status
    }
    tell(verdict, token, isDoubted, isReducing: after <= 0)
    if desk.orders.memory.slots.isEmpty(hand: desk.writer) { refill() }
    return RCK_OK
  }

  @inline(__always)
  var isCurrent: Bool {
    let now = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .relaxed)
    return now == generation  // the loads of the bounds before it acquired
  }

  @inline(__always)
  private func enter(_ token: UInt64, _ worth: Worth) -> Bool {
    desk.orders.settle(Orders<D>.place(token), spare: desk.writer) {
      $0.pointee.asked = notes.pointee.ask.asked
      $0.pointee.begin(token, value: worth.value, worth.conversion)
      if K.isLeg { $0.pointee.known = Int64(bitPattern: notes.pointee.turn.pointee.name) }
    }
  }

  /// Counts the message. False: others were quicker in some window; where it counts is noted.
  @inline(__always)
  private func take(_ first: WindowPlace?, _ second: WindowPlace?, _ third: WindowPlace?) -> Bool {
    if let first, !ExactWindow<D>.take(first) { return false }
    if let second, !ExactWindow<D>.take(second) { return left(first != nil, false, false) }
    if let third, !ExactWindow<D>.take(third) { return left(first != nil, second != nil, false) }
    return true
  }

  /// The verdict on an order that passed.
  @inline(__always)
  private func tell(
    _ verdict: UnsafeMutablePointer<rck_verdict>, _ token: UInt64, _ isDoubted: Bool, isReducing: Bool
  ) {
    if K.isLeg { notes.pointee.turn.pointee.token = token }
    if isDoubted {
      store(verdict, token: token)
    } else {
      Findings.storePlain(verdict, token: token, isReducing: isReducing)
    }
  }

  /// What the controls have found.
  @inline(__always)
  private func store(_ verdict: UnsafeMutablePointer<rck_verdict>, token: UInt64) {
    withUnsafePointer(to: &notes.pointee.findings) { Findings.store($0, verdict, token: token) }
  }

  @inline(never)
  private func refill() { desk.orders.memory.slots.refill(hand: desk.writer) }

  // MARK: Where the shortest way ends

  /// Notes in which windows the message counts already.
  @inline(never)
  private func left(_ first: Bool, _ second: Bool, _ third: Bool) -> Bool {
    if K.isLeg { return false }
    notes.pointee.counted = (first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0)
    return false
  }

  @inline(__always)
  private var mayWaive: Bool { !K.isLeg && desk.state.hasOverrides }

  /// It is refused, and its message counts: an override may let it pass.
  @inline(never)
  private func waived(
    _ first: Bool, _ second: Bool, _ third: Bool, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status {
    _ = left(first, second, third)
    return desk.checkWaived(notes, verdict, notes.pointee.findings.status)
  }

  /// No place is at hand: there may be none at all, and then the oldest that is remembered has to go.
  @inline(never)
  private func left(_ found: Found) -> rck_status? {
    _ = left(found.places.0 != nil, found.places.1 != nil, found.places.2 != nil)
    return nil
  }

  /// The id is there now, or its bucket has moved on.
  @inline(never)
  private func giveBack(_ found: Found, _ token: UInt64) -> rck_status? {
    _ = desk.orders.memory.slots.giveBack(token, hand: desk.writer)
    return left(found)
  }

  /// Another message went first. An order that was to be refused had not passed.
  @inline(never)
  private func overtaken(_ isDoubted: Bool) -> rck_status? {
    if !isDoubted || !notes.pointee.findings.refused { notes.pointee.counted |= Rates.hasPassed }
    return nil
  }

  /// The book has moved on.
  @inline(never)
  private func overtaken(_ found: Found, _ token: UInt64) -> rck_status? {
    lowerTotals(found, book: true)
    return lost(found, token)
  }

  /// Others were quicker, and the order is in no row and in no total.
  private func lost(_ found: Found, _ token: UInt64) -> rck_status? {
    let status = withdraw(found, token)
    notes.pointee.counted |= Rates.hasPassed
    return status
  }

  /// The order is nowhere again, but for its message.
  @inline(never)
  private func withdraw(_ found: Found, _ token: UInt64) -> rck_status? {
    let status = desk.withdraw(token, ask.id)
    return status == RCK_OK ? left(found) : status
  }

  /// The row has moved on, after the book was moved for it.
  @inline(never)
  private func unbook(_ found: Found, _ token: UInt64) -> rck_status? {
    let (row, value, turn) = (found.position.what, found.worth.value, turn)
    let moved = desk.books.move(book, spare: desk.writer, since: generation) {
      $0.gross &-= row.exposure
      $0.netLong &-= value & ~turn
      $0.netShort &-= value & turn
      $0.margin &-= row.margin
      $0.orders &-= 1
      $0.ordersValue &-= value
    }
    lowerTotals(found, book: false)
    return moved ? lost(found, token) : desk.fail(State.Site.undo)  // the book's totals have followed it
  }

  /// Other limits are in force than those that were looked at.
  @inline(never)
  private func takeBack(_ found: Found, _ token: UInt64) -> rck_status? {
    let exam = exam(found)
    if exam.takesFurther { exam.untakeFurther() }
    exam.undoAll()
    return withdraw(found, token)
  }

  /// A latch was set meanwhile; nil: it does not apply.
  @inline(never)
  private func latched(
    _ found: Found, _ token: UInt64, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) -> rck_status? {
    let exam = exam(found)
    guard let status = desk.latched(exam, token) else { return nil }
    if exam.isArmed { exam.takeBackSent() }
    return desk.answer(exam, status, verdict)
  }

  // MARK: Further controls

  /// Whether any was asked; nil: one has something to say.
  @inline(__always)
  private func asksFurther(_ parties: Parties, _ worth: Worth, _ row: Int, _ after: Int64) -> Bool? {
    if !K.asksFurther || !isArmed(parties) { return false }
    return passesFurther(parties, worth, row, after) ? true : nil
  }

  @inline(__always)
  private func isArmed(_ parties: Parties) -> Bool {
    var further = furtherBounds(parties.account) | furtherBounds(parties.instrument)
    if let strategy = parties.strategy { further |= furtherBounds(strategy) }
    if further == 0 { notes.pointee.armed = 0 }
    return further != 0
  }

  /// Asks those that are armed. False: one has something to say, which the long way tells.
  @inline(never)
  private func passesFurther(_ parties: Parties, _ worth: Worth, _ row: Int, _ after: Int64) -> Bool {
    let exam = Exam(desk, at: notes)
    note(parties.account, parties.strategy, parties.instrument, worth.value, after <= 0)
    notes.pointee.accountTerms = parties.party
    if let strategy = parties.strategy { notes.pointee.strategyTerms = Party(strategy) }
    notes.pointee.terms.clearFlags()  // of one that demands a locate the long way knows
    notes.pointee.row = row
    notes.pointee.what.quantity = after
    notes.pointee.armed = 1 &<< 31
    return exam.furtherDoubts.isEmpty
  }

  /// Takes what they count. False: others have taken too much since, and the order is in no row and no total.
  @inline(never)
  private func takeFurther(_ found: Found) -> Bool {
    let exam = exam(found)
    if !exam.takesFurther { return true }
    if case .done = exam.takeFurther() { return true }
    exam.undoAll()
    return false
  }

  @inline(never)
  private func countSent() { Exam(desk, of: notes).countSent() }

  // MARK: Some level is exceeded: the controls say of which limit, and what follows

  /// What the controls look at besides the order.
  struct Judged {
    let parties: Parties
    let worth: Worth
    let row: Int
    let after: Int64
    /// The row as it was, and what it and the book come to.
    let old: UnsafeMutableRawPointer
    let position: UnsafeMutableRawPointer
    let book: UnsafeMutableRawPointer
  }

  @inline(never)
  private func judge(_ judged: Judged, _ doubts: Doubts) {
    let (exam, side) = (Exam(desk, at: notes), ask.sideIndex)
    let parties = judged.parties
    note(parties.account, parties.strategy, parties.instrument, judged.worth.value, judged.after <= 0)
    notes.pointee.accountTerms = parties.party
    if let strategy = parties.strategy { notes.pointee.strategyTerms = Party(strategy) }
    notes.pointee.margin_bps = judged.worth.margin_bps
    notes.pointee.row = judged.row
    judged.old.loadWords(&notes.pointee.old)
    // As it was, but for the sums.
    judged.book.loadWords(&notes.pointee.book)
    notes.pointee.what.quantity = judged.after
    judged.position.look(Holding()) {
      notes.pointee.what.open = $0.open(at: side).pointee
      notes.pointee.what.reserved = $0.reserved(at: side).pointee
      notes.pointee.what.rowMargin = $0.pointee.margin
    }
    notes.pointee.what.gross = notes.pointee.book.gross
    notes.pointee.what.net = notes.pointee.book.net(side)
    notes.pointee.what.margin = notes.pointee.book.margin
    notes.pointee.what.orders = notes.pointee.book.orders
    notes.pointee.what.ordersValue = notes.pointee.book.ordersValue
    notes.pointee.what.moneyFits = true
    exam.beginPlainFindings()
    exam.answer(doubts)
  }

  /// Likewise of an order of whose rows no level is exceeded.
  @inline(never)
  private func judge(
    _ account: UnsafeMutableRawPointer, _ strategy: UnsafeMutableRawPointer?,
    _ instrument: UnsafeMutableRawPointer, _ value: Int64, _ isReducing: Bool, _ doubts: Doubts
  ) {
    let exam = Exam(desk, at: notes)
    note(account, strategy, instrument, value, isReducing)
    exam.beginPlainFindings()
    // Usually only one of the two is.
    let (quantity, notional) = (excess(BoundSlot.quantity, ask.quantity), excess(BoundSlot.notional, value))
    var exactly = doubts
    if quantity >= 0 { exactly.remove(.quantity) }
    if notional >= 0 { exactly.remove(.notional) }
    exam.judgeAlone(exactly)
  }

  /// Of an amount at all scopes that are noted: negative if a level may be exceeded.
  @inline(__always)
  private func excess(_ slot: Int, _ amount: Int64) -> Int64 {
    func excess(_ scope: UnsafeMutableRawPointer?) -> Int64 {
      scope.map { Scope($0, 0, 0).lowest(half).excess(amount, slot) } ?? 0
    }
    return excess(notes.pointee.account) | excess(notes.pointee.strategy) | excess(notes.pointee.instrument)
  }

  /// The instrument as it is now. False: what was found by it before does not stand beside that.
  @inline(never)
  private func noteTerms(_ worth: Worth, _ marginClass: UInt64) -> Bool {
    desk.state.read(ask.instrument, &notes.pointee.terms) && permits(&notes.pointee.terms)
      && notes.pointee.terms.conversion == worth.conversion
      && notes.pointee.terms.margin_bps(marginClass) == worth.margin_bps
  }

  @inline(__always)
  private func note(
    _ account: UnsafeMutableRawPointer, _ strategy: UnsafeMutableRawPointer?,
    _ instrument: UnsafeMutableRawPointer, _ value: Int64, _ isReducing: Bool
  ) {
    notes.pointee.account = account
    notes.pointee.strategy = strategy
    notes.pointee.instrument = instrument
    notes.pointee.worth = ask.price
    notes.pointee.value = value
    notes.pointee.heldValue = value
    notes.pointee.isValued = true
    notes.pointee.isReducing = isReducing
    notes.pointee.exceeded = 0
  }

  /// The notes as the long way has them, as far as they are needed here: of the generation that was looked at.
  @inline(__always)
  private func exam(_ found: Found) -> Exam<D> {
    let exam = Exam(desk, at: notes)
    notes.pointee.generation = generation
    notes.pointee.half = half
    // Otherwise the controls were asked, and have said what is armed.
    if !K.asksFurther { notes.pointee.armed = 0 }
    let parties = found.parties
    note(
      parties.account, parties.strategy, parties.instrument, found.worth.value,
      found.position.what.after <= 0)
    notes.pointee.margin_bps = found.worth.margin_bps
    notes.pointee.row = found.row
    return exam
  }
}
