import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P21, conduct, of orders and amends, reducing ones too, at the account and the strategy. ORDERS_PER_TRADE: the
/// messages of the day (orders and amends that passed, drop copies, requests to cancel), this one included, for each
/// fill that was applied this day, or for one if there was none, rounded up; it says nothing of fewer messages than its
/// reference. REJECTS: how many orders the venue has rejected in a row; a fill, an accepted amend or a release for
/// another reason begins anew at 0, and so does rck_rearm. Both count from the publication of the first limit on the
/// scope. Legs of a batch count those before them. Requests to cancel are never refused.
enum OrderConduct {
  @inline(never)
  static func see<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Sight? {
    // Of a bound that is being overwritten there may be no such row.
    guard let conduct = exam.desk.books.conduct(Int(bound.loadInteger(48))) else { return nil }
    if Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) == RCK_MEASURE_REJECTS {
      return Sight(observed: conduct.rejects, status: RCK_REJECT_VENUE_REJECTS)
    }
    let day = conduct.day
    let messages = day.messages &+ 1
    if messages < bound.loadInteger(56) { return nil }
    return Sight(observed: Ratio.up(messages, max(day.trades, 1)), status: RCK_REJECT_ORDER_TO_TRADE)
  }
}

extension Ratio {
  /// Of a count, and of one that is positive.
  static func up(_ count: Int64, _ other: Int64) -> Int64 {
    let (quotient, rest) = (
      count.dividedReportingOverflow(by: other).partialValue,
      count.remainderReportingOverflow(dividingBy: other).partialValue
    )
    return rest == 0 ? quotient : quotient &+ 1
  }
}
