import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P17, loss of the day, of orders and amends, in money units, net of fees, at the account and the strategy. REALISED:
/// what realised P&L less fees has lost since the day began. TOTAL: likewise with marked P&L. TRAILING: how far that
/// total is below its highest of the day, which is 0 at least. A gain is a negative loss. TOTAL and TRAILING need marks
/// while a position is open, as the book's last mark is no older than mark_age_ns_max at the order's time: without
/// one, or with an older one, they refuse, whatever the loss. A strictly reducing order passes. The day begins with
/// rck_day_start; before the first, with nothing.
///
/// It is as the book was at one instant of the check; facts that follow are not waited for, and no limit stops them.
enum Loss {
  @inline(never)
  static func see<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Sight? {
    if exam.isReducing { return nil }
    var book = Book()
    let measure = Int32(truncatingIfNeeded: (shape &>> 24) & 0xff)
    // Of a bound that is being overwritten there may be no such row; and a damaged book is found by who reserves.
    guard let day = exam.desk.books.results(Int(bound.loadInteger(48)))?.look(&book) else {
      return Sight(status: RCK_REJECT_LOSS_MARK_MISSING, isMissing: true)
    }
    if measure == RCK_MEASURE_REALISED {
      return Sight(observed: 0 &- day.realised, status: RCK_REJECT_LOSS_REALISED)
    }
    if book.openPositions > 0 {
      if book.markTime == 0 { return Sight(status: RCK_REJECT_LOSS_MARK_MISSING, isMissing: true) }
      if exam.ask.time_ns &- book.markTime > exam.desk.state.config.pointee.mark_age_ns_max {
        return Sight(status: RCK_REJECT_LOSS_MARK_STALE, isMissing: true)
      }
    }
    return measure == RCK_MEASURE_TOTAL
      ? Sight(observed: 0 &- day.total, status: RCK_REJECT_LOSS_TOTAL)
      : Sight(observed: day.peak &- day.total, status: RCK_REJECT_LOSS_TRAILING)
  }
}
