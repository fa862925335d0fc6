import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Pass two: the order's risk is reserved, each part by one swap from a state that was judged. What others moved
/// since pass one is judged again; what is refused then is undone in reverse.
///
/// A book is moved before its row, and back after it. An exposure is no sum of its orders: a row whose own step
/// lowers it could else take from the book what this order has not put there yet, and leave room for one more. So
/// a book is at no instant below what its rows come to.
extension Exam {
  enum Reserved {
    case done
    /// Others moved on: pass one must be gone through again. Nothing is reserved.
    case again
    /// Refused by the findings, because of what others reserved meanwhile. Nothing is reserved.
    case refused
    case status(rck_status)
  }

  @_transparent
  func reserve() -> Reserved {
    let row = notes.pointee.row
    if row < 0 { return makeRow() }
    if !desk.complete(row, notes.pointee.rowWord) { return .status(desk.fail(State.Site.carry)) }
    // Pass one has judged this very book: usually it still is.
    if !notes.pointee.book.coverage.isEmpty || !swapBook() {
      let booked = reserveBook()
      guard case .done = booked else { return booked }
    }
    if !(notes.pointee.old.isGrouped ? swapGroupedRow(row) : swapRow(row)) { return rowMoved() }
    return tracking == 0 ? .done : reserveTracked(row)
  }

  /// Whether the order needs a row that is not there.
  @inline(__always)
  var lacksRow: Bool { notes.pointee.row < 0 || isTrackedRow && trackedRow == nil }

  /// Both rows or none: asked before anything is taken, so that a refusal leaves nothing behind.
  @inline(never)
  var hasPlacesForRows: Bool {
    let count = (notes.pointee.row < 0 ? 1 : 0) &+ (isTrackedRow && trackedRow == nil ? 1 : 0)
    return desk.positions.hasPlaces(count)
  }

  /// What there is no place for: a row, or the order itself. For a look; a check finds out by taking them.
  @inline(never)
  var placeMissing: rck_status? {
    if lacksRow && !hasPlacesForRows { return RCK_REJECT_POSITIONS_FULL }
    return desk.hasPlace ? nil : RCK_REJECT_ORDERS_FULL
  }

  /// The first order of the account in the instrument.
  @inline(never)
  func makeRow() -> Reserved {
    switch desk.positions.make(ask.account, ask.instrument, strategy: false, stripe: desk.writer) {
    case .row: return .again
    case .full: return .status(RCK_REJECT_POSITIONS_FULL)
    default: return .status(desk.fail(State.Site.positions))
    }
  }

  @inline(never)
  private func rowMoved() -> Reserved {
    unbook()
    notes.pointee.counted |= Rates.hasPassed
    return desk.positions.rows.draft(desk.writer) == nil
      ? .status(desk.fail(State.Site.positions)) : .again
  }

  @inline(never)
  private func reserveTracked(_ row: Int) -> Reserved {
    let reserved = reserveStrategy()
    if case .done = reserved { return .done }
    undo(row, strategy: false)
    return reserved
  }

  /// What the account's row becomes: an amended order holds the larger of old and new.
  var entered: Holding { entered(notes.pointee.old, bps: margin_bps) }

  private func entered(_ old: Holding, bps: Int64) -> Holding {
    var new = old
    new.open(buy: ask.isBuy, max(openedQuantity, 0), max(openedValue, 0))
    if ask.message == RCK_MEASURE_NEW { new.tally &+= 1 }
    _ = new.setMargin(bps: bps)  // one that no longer fits stays
    return new
  }

  /// Swaps the position to what pass one found that it comes to.
  @inline(__always)
  private func swapRow(_ row: Int) -> Bool {
    let (notes, buy) = (notes, ask.isBuy)
    return desk.positions.swap(row, notes.pointee.rowWord, spare: desk.writer) {
      $0.pointee = notes.pointee.old
      if buy {
        $0.pointee.openBuys = notes.pointee.what.open
        $0.pointee.buys = notes.pointee.what.reserved
      } else {
        $0.pointee.openSells = notes.pointee.what.open
        $0.pointee.sells = notes.pointee.what.reserved
      }
      $0.pointee.margin = notes.pointee.what.rowMargin
      $0.pointee.tally = notes.pointee.old.tally &+ 1
    } != 0
  }

  /// Likewise one that groups of instruments count. False also if they leave no room.
  @inline(never)
  private func swapGroupedRow(_ row: Int) -> Bool {
    let (coverage, raise) = grouped(entered)
    if !takeTotals(coverage, raise, RCK_SCOPE_INSTRUMENT_GROUP) { return false }
    if swapRow(row) { return true }
    desk.lower(coverage, notes.pointee.generation, raise)
    return false
  }

  @inline(__always)
  private func swapBook() -> Bool {
    let (notes, buy) = (notes, ask.isBuy)
    let row = desk.books.row(ask.account, strategy: false)
    return desk.books.swap(row, notes.pointee.bookWord, spare: desk.writer) {
      $0.pointee = notes.pointee.book
      $0.pointee.gross = notes.pointee.what.gross
      if buy {
        $0.pointee.netLong = notes.pointee.what.net
      } else {
        $0.pointee.netShort = notes.pointee.what.net
      }
      $0.pointee.margin = notes.pointee.what.margin
      $0.pointee.orders = notes.pointee.what.orders
      $0.pointee.ordersValue = notes.pointee.what.ordersValue
    }
  }

  /// Moves the account's book by what its row is to become, unless the controls on it refuse now.
  @inline(never)
  func reserveBook() -> Reserved {
    let (place, old, new) = (desk.books.row(ask.account, strategy: false), notes.pointee.old, entered)
    while true {
      let after = filled(book, old, new)
      let coverage = book.coverage
      if !coverage.isEmpty
        && !takeTotals(coverage, Raise(from: book, to: after, turn: turn), RCK_SCOPE_ACCOUNT_GROUP)
      {
        return overtaken
      }
      if desk.books.swap(place, notes.pointee.bookWord, to: after, spare: desk.writer) { return .done }
      if !coverage.isEmpty {
        desk.lower(coverage, notes.pointee.generation, Raise(from: book, to: after, turn: turn))
      }
      guard let word = desk.books.read(place, &notes.pointee.book), desk.books.rows.draft(desk.writer) != nil
      else { return .status(desk.fail(State.Site.books)) }
      notes.pointee.bookWord = word
      if !passes(account, accountPlace, isAccount: true) { return isCurrent ? .refused : .again }
    }
  }

  /// Others have taken a total's room since pass one.
  private var overtaken: Reserved {
    notes.pointee.counted |= Rates.hasPassed
    return .again
  }

  /// Takes back what `reserveBook` or `swapBook` did: the row has not followed.
  func unbook() {
    unbook(desk.books.row(ask.account, strategy: false), from: entered, to: notes.pointee.old, counted: true)
  }

  private func unbook(_ place: Int, from new: Holding, to old: Holding, counted: Bool) {
    let moved = desk.books.move(place, spare: desk.writer, since: notes.pointee.generation) {
      $0.reserve(from: new, to: old)
      if counted { uncount(&$0) }
    }
    if !moved { _ = desk.fail(State.Site.undo) }
  }

  /// A book with what the order holds from now on.
  func filled(_ book: Book, _ old: Holding, _ new: Holding) -> Book {
    var after = book
    after.reserve(from: old, to: new)
    if ask.message == RCK_MEASURE_NEW { after.orders &+= 1 }
    after.ordersValue &+= max(openedValue, 0)
    return after
  }

  /// Takes the order out of a book's count.
  private func uncount(_ book: inout Book) {
    if ask.message == RCK_MEASURE_NEW { book.orders &-= 1 }
    book.ordersValue &-= max(openedValue, 0)
  }

  /// Asks the controls on a book again: others have moved it.
  private func passes(_ scope: Scope?, _ place: Place, isAccount: Bool) -> Bool {
    if isAccount {
      comesTo(&notes.pointee.old, isKept: true, &notes.pointee.book, bps: margin_bps, &notes.pointee.what)
    } else {
      setStrategyWhat()
    }
    let what = isAccount ? what : notes.pointee.tracked.pointee.what
    var again = noFindings
    let kind = isAccount ? RCK_SCOPE_ACCOUNT_GROUP : RCK_SCOPE_STRATEGY_GROUP
    setTold(kind, 0)
    judgeTotals(RCK_CONTROL_EXPOSURE, kind, &again)
    Exposure.judge(self, scope, place, what, &again)
    if isAccount { BuyingPower.judge(self, what, &again) }
    judgeTotals(RCK_CONTROL_WORKING, kind, &again)
    Working.judge(self, scope, place, what, &again)
    return accept(&again)
  }

  /// Whether a second judgement passes; what it refuses counts as contended.
  private func accept(_ again: inout Findings) -> Bool {
    if !again.refused { return true }
    again.flags |= RCK_VERDICT_CONTENDED
    findings = again
    return false
  }

  // MARK: The strategy

  var isTrackedRow: Bool { tracking & Scope.trackRows != 0 }
  private var isTrackedBook: Bool { tracking & Scope.trackBook != 0 }
  /// What the strategy's row becomes; without one, what it was.
  var enteredTracked: Holding {
    let old = notes.pointee.tracked.pointee.old
    return isTrackedRow ? entered(old, bps: terms.margin_bps(0)) : old
  }

  func reserveStrategy() -> Reserved {
    let tracked = notes.pointee.tracked
    if isTrackedRow, let failed = makeTrackedRow() { return failed }
    while true {
      if isTrackedRow && !desk.complete(tracked.pointee.row, tracked.pointee.rowWord) {
        return .status(desk.fail(State.Site.carry))
      }
      let new = enteredTracked
      let booked = reserveTrackedBook(new)
      guard case .done = booked, isTrackedRow else { return booked }
      let (row, word) = (tracked.pointee.row, tracked.pointee.rowWord)
      if desk.positions.swap(row, word, to: new, spare: desk.writer) != 0 { return .done }
      unbookTracked()
      guard let now = desk.positions.read(row, &tracked.pointee.old),
        desk.positions.rows.draft(desk.writer) != nil
      else { return .status(desk.fail(State.Site.positions)) }
      tracked.pointee.rowWord = now
      var again = noFindings
      setStrategyWhat()
      PositionLimit.judgeStrategy(self, tracked.pointee.what, &again)
      if !accept(&again) { return isCurrent ? .refused : .again }
    }
  }

  func makeTrackedRow() -> Reserved? {
    let tracked = notes.pointee.tracked
    if tracked.pointee.row >= 0 { return nil }
    switch desk.positions.make(ask.strategy, ask.instrument, strategy: true, stripe: desk.writer) {
    case .row(let made):
      tracked.pointee.row = made
      tracked.pointee.rowWord = 0
      return nil
    case .full: return .status(RCK_REJECT_POSITIONS_FULL)
    default: return .status(desk.fail(State.Site.positions))
    }
  }

  /// The strategy's book with what the order holds from now on.
  func filledTracked(_ new: Holding) -> Book {
    let tracked = notes.pointee.tracked
    if isTrackedBook { return filled(tracked.pointee.book, tracked.pointee.old, new) }
    var after = tracked.pointee.book
    after.reserve(from: tracked.pointee.old, to: new)
    return after
  }

  private func reserveTrackedBook(_ new: Holding) -> Reserved {
    let (tracked, place) = (notes.pointee.tracked, desk.books.row(ask.strategy, strategy: true))
    while true {
      let after = filledTracked(new)
      let coverage = tracked.pointee.book.coverage
      if !coverage.isEmpty
        && !takeTotals(
          coverage, Raise(from: tracked.pointee.book, to: after, turn: turn), RCK_SCOPE_STRATEGY_GROUP)
      {
        return overtaken
      }
      if desk.books.swap(place, tracked.pointee.bookWord, to: after, spare: desk.writer) { return .done }
      if !coverage.isEmpty {
        desk.lower(
          coverage, notes.pointee.generation, Raise(from: tracked.pointee.book, to: after, turn: turn))
      }
      guard let word = desk.books.read(place, &tracked.pointee.book),
        desk.books.rows.draft(desk.writer) != nil
      else { return .status(desk.fail(State.Site.books)) }
      tracked.pointee.bookWord = word
      if !passes(strategy, strategyPlace, isAccount: false) { return isCurrent ? .refused : .again }
    }
  }

  func unbookTracked() {
    unbook(
      desk.books.row(ask.strategy, strategy: true), from: enteredTracked,
      to: notes.pointee.tracked.pointee.old, counted: isTrackedBook)
  }

  // MARK: Undoing

  /// Takes back everything that `reserve` has done.
  @inline(never)
  func undoAll() {
    undoStrategy()
    if let row { undo(row, strategy: false) }
  }

  func undoStrategy() {
    if tracking == 0 { return }
    if let trackedRow, isTrackedRow { undo(trackedRow, strategy: true) } else { unbookTracked() }
  }

  /// Gives back what a row and its book hold for the order. Each swap of the row moves the book by its own
  /// difference, which need not be the same both times: the row may have crossed zero.
  @inline(never)
  func undo(_ row: Int, strategy: Bool) {
    let (quantity, value) = (max(openedQuantity, 0), max(openedValue, 0))
    let bps = strategy ? terms.margin_bps(0) : margin_bps
    var (before, after) = (Holding(), Holding())
    while true {
      guard let word = desk.positions.read(row, &before), desk.positions.rows.draft(desk.writer) != nil,
        desk.complete(row, word)
      else {
        _ = desk.fail(State.Site.undo)
        return
      }
      after = before
      after.open(buy: ask.isBuy, 0 &- quantity, 0 &- value)
      if ask.message == RCK_MEASURE_NEW { after.tally &-= 1 }
      _ = after.setMargin(bps: bps)
      if desk.positions.swap(row, word, to: after, spare: desk.writer) != 0 { break }
    }
    if after.isGrouped {
      Totals<D>(desk.state, writer: desk.writer).follow(
        from: before, to: after, ask.account, ask.instrument, since: notes.pointee.generation)
    }
    unbook(
      desk.books.row(strategy ? ask.strategy : ask.account, strategy: strategy), from: before, to: after,
      counted: !strategy || isTrackedBook)
  }
}
