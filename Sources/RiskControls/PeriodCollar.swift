import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P05, period collar, of orders and amends, reducing ones too, at the engine, groups, account, strategy and
/// instrument: how far the price that the order is valued at lies above the lowest, or below the highest price that
/// was in force in the last window_ns before the order's time, in basis points of that, rounded up; the larger of the
/// two, and above if they are equal. A price is in force from its trade to the next; that of a trade later than the
/// order counts too. Trades have been kept since such a limit was first published; what may count too long says
/// Minima. Without a trade, or with a lowest or highest price of 0, it refuses.
enum PeriodCollar {
  @inline(__always)
  static func see<D: Discipline>(_ exam: Exam<D>, _ bound: UnsafeMutableRawPointer) -> Sight {
    let since = exam.ask.time_ns &- bound.loadInteger(24)
    let prices = exam.desk.markets.prices(exam.ask.instrument, after: since)
    guard let (lowest, highest) = prices, lowest != 0, highest != 0 else {
      return Sight(status: RCK_REJECT_PERIOD_PRICE_MISSING, isMissing: true)
    }
    let (up, down) = (exam.worth &- lowest, highest &- exam.worth)
    let above = up > 0 ? Ratio.bps(up, of: lowest.magnitudeOfAmount) : 0
    let below = down > 0 ? Ratio.bps(down, of: highest.magnitudeOfAmount) : 0
    return above >= below
      ? Sight(observed: above, status: RCK_REJECT_PERIOD_COLLAR_ABOVE)
      : Sight(observed: below, status: RCK_REJECT_PERIOD_COLLAR_BELOW)
  }
}
