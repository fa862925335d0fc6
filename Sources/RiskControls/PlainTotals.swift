import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// The totals that a usual order's book and row are counted in. The functions that are called where one is are kept
/// apart, with few arguments, so that the way of those that are in none is not longer for them.
extension Plain {
  /// Whether book or row are counted in any.
  @inline(__always)
  func isCounted(_ position: StagedRow<Row>, _ book: StagedRow<Int64>) -> Bool {
    !coverage(book.record).isEmpty || isGrouped(position.record)
  }

  @inline(__always)
  func isGrouped(_ position: UnsafeMutableRawPointer) -> Bool {
    position.word(Holding.tallyAt).pointee.bits.load(ordering: .relaxed) &>> 32 != 0  // own last store
  }

  /// In which ones the book is: copied into a record that is the port's own.
  @inline(__always)
  func coverage(_ book: UnsafeMutableRawPointer) -> Coverage {
    book.look(Book()) { $0.pointee.coverage }
  }

  /// Raises the totals, if there are any. True: the rows have moved on, or some level leaves no room.
  @inline(__always)
  func lacksTotals(
    _ position: StagedRow<Row>, _ book: StagedRow<Int64>, _ worth: Worth, _ row: Int
  ) -> Bool { isCounted(position, book) && !takeTotals(position, book, worth, row) }

  /// Whether what was read of both is still there.
  @inline(__always)
  func holds(_ row: Int, _ position: StagedRow<Row>, _ book: StagedRow<Int64>) -> Bool {
    desk.books.rows.holds(self.book, book.word) && desk.positions.rows.holds(row, position.word)
  }

  @inline(__always)
  func takeTotals(_ position: StagedRow<Row>, _ book: StagedRow<Int64>, _ worth: Worth, _ row: Int)
    -> Bool
  {
    // Until now nothing has shown that what was read belongs together.
    holds(row, position, book)
      && raiseTotals(
        coverage(book.record), raise(position.what.exposure, worth.value, position.what.after),
        position.record)
  }

  /// All or none.
  @inline(never)
  func raiseTotals(_ wide: Coverage, _ raise: Raise, _ position: UnsafeMutableRawPointer) -> Bool {
    if !raiseTotals(wide, raise) { return false }
    if !isGrouped(position) { return true }
    let grouped = grouped(position, raise)
    if raiseTotals(grouped.coverage, grouped.raise) { return true }
    desk.lower(wide, generation, raise)
    return false
  }

  func raiseTotals(_ coverage: Coverage, _ raise: Raise) -> Bool {
    desk.raise(coverage, raise, half, generation) { _, _, _ in false }
  }

  func raise(_ exposure: Int64, _ value: Int64, _ after: Int64) -> Raise {
    var raise = Raise(gross: exposure, net: value, orders: 1, value: value, turn: turn)
    raise.after = after
    return raise
  }

  /// The totals of the row's groups, and by what the order raises them.
  func grouped(_ position: UnsafeMutableRawPointer, _ raise: Raise) -> (coverage: Coverage, raise: Raise) {
    let grouping = desk.state.grouping(ask.instrument, position.look(Holding()) { $0.pointee.sums })
    var raise = raise
    raise.before = raise.after &- ask.quantity
    raise.units = grouping.units
    raise.account = ask.account
    return (grouping.coverage, raise)
  }

  /// Takes back what was raised for the row, and for the book unless that has been lowered.
  @inline(never)
  func lowerTotals(_ found: Found, book: Bool) {
    let (row, value, wide) = (found.position.what, found.worth.value, coverage(found.book.record))
    let raise = raise(row.exposure, value, row.after)
    if book && !wide.isEmpty { desk.lower(wide, generation, raise) }
    if !isGrouped(found.position.record) { return }
    let grouped = grouped(found.position.record, raise)
    desk.lower(grouped.coverage, generation, grouped.raise)
  }
}
