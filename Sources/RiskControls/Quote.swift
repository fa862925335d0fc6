import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P20, quote age and slippage, of orders and amends, reducing ones too, at the engine, groups, account, strategy and
/// instrument. By AGE: nanoseconds from the instrument's latest quote to the order's time, 0 if that is not later; a
/// quote whose sides are empty is one. By BPS: how much worse than the decision price the price is that the order is
/// valued at, in basis points of the decision price, rounded up: a buy above it, a sell below it; 0 if it is not worse.
/// Without a quote, or a decision price within 2^53, it refuses.
enum Quote {
  @inline(__always)
  static func see<D: Discipline>(_ exam: Exam<D>, _ shape: UInt64) -> Sight {
    let measure = Int32(truncatingIfNeeded: (shape &>> 24) & 0xff)
    return measure == RCK_MEASURE_AGE ? age(exam) : slippage(exam)
  }

  @inline(__always)
  private static func age<D: Discipline>(_ exam: Exam<D>) -> Sight {
    let time = exam.marketOnce().pointee.quoteTime
    if time == 0 { return Sight(status: RCK_REJECT_QUOTE_MISSING, isMissing: true) }
    return Sight(observed: max(exam.ask.time_ns &- time, 0), status: RCK_REJECT_QUOTE_AGE)
  }

  @inline(__always)
  private static func slippage<D: Discipline>(_ exam: Exam<D>) -> Sight {
    let decision = exam.ask.decision
    if decision == 0 || decision > Amount.inputMax || decision < 0 &- Amount.inputMax {
      return Sight(status: RCK_REJECT_DECISION_PRICE_MISSING, isMissing: true)
    }
    let worse = exam.ask.isBuy ? exam.worth &- decision : decision &- exam.worth
    if worse <= 0 { return Sight(status: RCK_REJECT_SLIPPAGE) }
    return Sight(observed: Ratio.bps(worse, of: decision.magnitudeOfAmount), status: RCK_REJECT_SLIPPAGE)
  }
}

/// One amount in basis points of another, which is positive: rounded up, so that it exceeds a level exactly when the
/// quotient does, and Int64.max where it does not fit.
enum Ratio {
  static func bps(_ amount: Int64, of whole: Int64) -> Int64 {
    let scaled = UInt64(bitPattern: amount).multipliedFullWidth(by: 10_000)
    let divisor = UInt64(bitPattern: whole)
    if scaled.high >= divisor { return Int64.max }
    var rest: UInt64 = 0
    let quotient = Int64(clamping: platform_divide(scaled.high, scaled.low, divisor, &rest))
    return rest == 0 || quotient == Int64.max ? quotient : quotient &+ 1
  }
}
