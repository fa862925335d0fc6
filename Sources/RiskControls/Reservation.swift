import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Pass two: the order's risk is reserved, row by row, each by one swap from a state that was judged. What others
/// moved since pass one is judged again; what is refused then is undone in reverse.
extension Exam {
  enum Reserved {
    case done
    /// The position moved on: pass one must be gone through again. Nothing is reserved.
    case again
    /// Refused by the findings, because of what others reserved meanwhile. Nothing is reserved.
    case refused
    case status(rck_status)
  }

  @inline(__always)
  func reserve() -> Reserved {
    if row == nil {
      switch desk.positions.make(ask.account, ask.instrument, strategy: false, stripe: desk.writer) {
      case .row(let made): row = made
      case .full: return .status(RCK_REJECT_POSITIONS_FULL)
      default: return .status(desk.fail(State.Site.positions))
      }
      return .again
    }
    guard let row else { return .again }
    if !desk.complete(row, rowWord) { return .status(desk.fail(State.Site.carry)) }
    if !swapRow(row) {
      return desk.positions.rows.draft(desk.writer) == nil
        ? .status(desk.fail(State.Site.positions)) : .again
    }
    // Pass one has judged this very book: usually it still is.
    if !swapBook() {
      var new = reserved(old)
      _ = new.setMargin(bps: margin_bps)
      switch reserveBook(new) {
      case .done: break
      case .refused:
        undo(row, new, strategy: false, booked: false)
        return isCurrent ? .refused : .again
      case let other: return other
      }
    }
    if tracking == 0 { return .done }
    let reserved = reserveStrategy()
    if case .done = reserved { return .done }
    var new = self.reserved(old)
    _ = new.setMargin(bps: margin_bps)
    undo(row, new, strategy: false, booked: true)
    return reserved
  }

  /// Swaps the position to what pass one found that it comes to.
  @inline(__always)
  private func swapRow(_ row: Int) -> Bool {
    let buy = ask.isBuy
    return desk.positions.swap(row, rowWord, spare: desk.writer) {
      $0.pointee = old
      if buy {
        $0.pointee.openBuys = what.open
        $0.pointee.buys = old.buys &+ heldValue
      } else {
        $0.pointee.openSells = what.open
        $0.pointee.sells = old.sells &+ heldValue
      }
      $0.pointee.margin = what.rowMargin
    } != 0
  }

  @inline(__always)
  private func swapBook() -> Bool {
    let buy = ask.isBuy
    return desk.books.swap(desk.books.row(ask.account, strategy: false), bookWord, spare: desk.writer) {
      $0.pointee = book
      $0.pointee.gross = what.gross
      if buy { $0.pointee.netLong = what.net } else { $0.pointee.netShort = what.net }
      $0.pointee.margin = what.margin
      $0.pointee.orders = what.orders
      $0.pointee.ordersValue = what.ordersValue
    }
  }

  /// Moves the account's book with its row, which has moved to `new`.
  @inline(__always)
  func reserveBook(_ new: Holding) -> Reserved {
    let place = desk.books.row(ask.account, strategy: false)
    while true {
      if desk.books.swap(place, bookWord, to: filled(book, old, new), spare: desk.writer) { return .done }
      guard let word = desk.books.read(place, &notes.pointee.book), desk.books.rows.draft(desk.writer) != nil
      else {
        return .status(desk.fail(State.Site.books))
      }
      bookWord = word
      if !passes(account, accountPlace, book, isAccount: true) { return .refused }
    }
  }

  /// A book with what the order holds from now on.
  @inline(__always)
  private func filled(_ book: Book, _ old: Holding, _ new: Holding) -> Book {
    var after = book
    after.reserve(from: old, to: new)
    if ask.message == RCK_MEASURE_NEW { after.orders &+= 1 }
    after.ordersValue &+= max(heldValue &- formerValue, 0)
    return after
  }

  /// Asks the controls on a book again: others have moved it.
  @inline(never)
  private func passes(
    _ scope: Scope?, _ place: Place, _ book: Book, isAccount: Bool
  ) -> Bool {
    let row = isAccount ? old : tracking & Scope.trackRows != 0 ? strategyOld : nil
    let what = comesTo(row, book, bps: isAccount ? margin_bps : terms.margin_bps(0))
    var again = Findings()
    Exposure.judge(self, scope, place, what, &again)
    if isAccount { BuyingPower.judge(self, what, &again) }
    Working.judge(self, scope, place, what, &again)
    if !again.refused { return true }
    again.flags |= RCK_VERDICT_CONTENDED
    findings = again
    return false
  }

  // MARK: The strategy

  @inline(never)
  func reserveStrategy() -> Reserved {
    var new = strategyOld
    if tracking & Scope.trackRows != 0 {
      switch reserveStrategyRow(&new) {
      case .done: break
      case let other: return other
      }
    }
    if tracking & Scope.trackBook == 0 && tracking & Scope.trackRows == 0 { return .done }
    let place = desk.books.row(ask.strategy, strategy: true)
    while true {
      var after = tracking & Scope.trackBook != 0 ? filled(strategyBook, strategyOld, new) : strategyBook
      if tracking & Scope.trackBook == 0 { after.reserve(from: strategyOld, to: new) }
      if desk.books.swap(place, strategyBookWord, to: after, spare: desk.writer) { return .done }
      guard let word = desk.books.read(place, &notes.pointee.strategyBook),
        desk.books.rows.draft(desk.writer) != nil
      else {
        return .status(desk.fail(State.Site.books))
      }
      strategyBookWord = word
      if !passes(strategy, strategyPlace, strategyBook, isAccount: false) {
        if let strategyRow, tracking & Scope.trackRows != 0 {
          undo(strategyRow, new, strategy: true, booked: false)
        }
        return isCurrent ? .refused : .again
      }
    }
  }

  private func reserveStrategyRow(_ new: inout Holding) -> Reserved {
    if strategyRow == nil {
      switch desk.positions.make(ask.strategy, ask.instrument, strategy: true, stripe: desk.writer) {
      case .row(let made): strategyRow = made
      case .full: return .status(RCK_REJECT_POSITIONS_FULL)
      default: return .status(desk.fail(State.Site.positions))
      }
      strategyRowWord = 0
    }
    guard let row = strategyRow else { return .again }
    while true {
      if !desk.complete(row, strategyRowWord) { return .status(desk.fail(State.Site.carry)) }
      new = reserved(strategyOld)
      guard new.setMargin(bps: terms.margin_bps(0)) else { return .status(RCK_REJECT_EXPOSURE_OVERFLOW) }
      if desk.positions.swap(row, strategyRowWord, to: new, spare: desk.writer) != 0 { return .done }
      guard let word = desk.positions.read(row, &notes.pointee.strategyOld),
        desk.positions.rows.draft(desk.writer) != nil
      else {
        return .status(desk.fail(State.Site.positions))
      }
      strategyRowWord = word
      var again = Findings()
      let what = comesTo(strategyOld, strategyBook, bps: terms.margin_bps(0))
      PositionLimit.judgeStrategy(self, what, &again)
      if again.refused {
        again.flags |= RCK_VERDICT_CONTENDED
        findings = again
        return .refused
      }
    }
  }

  // MARK: Undoing

  /// Takes back everything that `reserve` has done.
  @inline(never)
  func undoAll() {
    undoStrategy()
    var new = reserved(old)
    _ = new.setMargin(bps: margin_bps)
    if let row { undo(row, new, strategy: false, booked: true) }
  }

  func undoStrategy() {
    if tracking != 0 {
      var new = reserved(strategyOld)
      _ = new.setMargin(bps: terms.margin_bps(0))
      if let strategyRow, tracking & Scope.trackRows != 0 {
        undo(strategyRow, new, strategy: true, booked: true)
      } else {
        undoCount()
      }
    }
  }

  /// Gives back what a row holds for the order; `booked` when its book has moved with it. Each swap of the row
  /// moves the book by its own difference, which need not be the same both times: the row may have crossed zero.
  @inline(never)
  private func undo(_ row: Int, _ new: Holding, strategy: Bool, booked: Bool) {
    let quantity = max(heldQuantity &- formerQuantity, 0)
    let value = max(heldValue &- formerValue, 0)
    let bps = strategy ? terms.margin_bps(0) : margin_bps
    let first = strategy ? strategyOld : old
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
      _ = after.setMargin(bps: bps)
      if desk.positions.swap(row, word, to: after, spare: desk.writer) != 0 { break }
    }
    let place = desk.books.row(strategy ? ask.strategy : ask.account, strategy: strategy)
    let counted = booked && (!strategy || tracking & Scope.trackBook != 0)
    let moved = desk.books.move(place, spare: desk.writer) {
      if !booked { $0.reserve(from: first, to: new) }
      $0.reserve(from: before, to: after)
      if counted {
        if ask.message == RCK_MEASURE_NEW { $0.orders &-= 1 }
        $0.ordersValue &-= value
      }
    }
    if !moved { _ = desk.fail(State.Site.undo) }
  }

  /// Of a strategy whose positions are not kept.
  private func undoCount() {
    let place = desk.books.row(ask.strategy, strategy: true)
    let moved = desk.books.move(place, spare: desk.writer) {
      if ask.message == RCK_MEASURE_NEW { $0.orders &-= 1 }
      $0.ordersValue &-= max(heldValue &- formerValue, 0)
    }
    if !moved { _ = desk.fail(State.Site.undo) }
  }
}
