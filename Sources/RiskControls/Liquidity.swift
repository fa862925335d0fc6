import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P10, liquidity, of orders and amends, reducing ones too, at the engine, groups, account, strategy and instrument.
/// Quantities are those of the whole order, of an amend the whole new one; the side is the one that it would take from.
/// By VOLUME_SHARE and DEPTH_SHARE: the quantity in basis points, rounded up, of the daily volume (what the host has
/// set, or else today's trades), or of all levels of the latest book on that side. By SPREAD: ask less bid of the
/// latest quote in basis points of the mid, rounded up; 0 when it is not positive. By DISPLAYED, a minimum: the size
/// at the best price of the latest quote, 0 of an empty side. Without volume, levels, both sides of a quote and a mid
/// that is not 0, or a quote, in this order, it refuses.
enum Liquidity {
  @inline(__always)
  static func see<D: Discipline>(_ exam: Exam<D>, _ shape: UInt64) -> Sight? {
    switch Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) {
    case RCK_MEASURE_VOLUME_SHARE:
      let volume = exam.desk.markets.supply(exam.ask.instrument).daily(exam.desk.state.day)
      return share(exam, of: volume, RCK_REJECT_VOLUME_SHARE, missing: RCK_REJECT_VOLUME_MISSING)
    case RCK_MEASURE_DEPTH_SHARE:
      let supply = exam.desk.markets.supply(exam.ask.instrument)
      let depth = exam.ask.isBuy ? supply.askDepth : supply.bidDepth
      return share(exam, of: depth, RCK_REJECT_DEPTH_SHARE, missing: RCK_REJECT_DEPTH_MISSING)
    case RCK_MEASURE_SPREAD: return spread(exam.marketOnce())
    case RCK_MEASURE_DISPLAYED: return displayed(exam.marketOnce(), buy: exam.ask.isBuy)
    default: return nil
    }
  }

  @inline(__always)
  private static func share<D: Discipline>(
    _ exam: Exam<D>, of whole: Int64, _ status: rck_status, missing: rck_status
  ) -> Sight {
    if whole <= 0 { return Sight(status: missing, isMissing: true) }
    return Sight(observed: Ratio.bps(exam.ask.quantity, of: whole), status: status)
  }

  @inline(__always)
  private static func spread(_ market: UnsafePointer<Market>) -> Sight {
    let (bid, ask) = (market.pointee.bid, market.pointee.ask)
    if market.pointee.bidSize <= 0 || market.pointee.askSize <= 0 {
      return Sight(status: RCK_REJECT_SPREAD_MISSING, isMissing: true)
    }
    if ask <= bid { return Sight(status: RCK_REJECT_SPREAD) }
    // Prices are within 2^53.
    let sum = (bid &+ ask).magnitudeOfAmount
    if sum == 0 { return Sight(status: RCK_REJECT_SPREAD_MISSING, isMissing: true) }
    return Sight(observed: Ratio.bps((ask &- bid) &* 2, of: sum), status: RCK_REJECT_SPREAD)
  }

  /// Negative, as the levels are.
  @inline(__always)
  private static func displayed(_ market: UnsafePointer<Market>, buy: Bool) -> Sight {
    if market.pointee.quoteTime == 0 { return Sight(status: RCK_REJECT_DEPTH_MISSING, isMissing: true) }
    let size = buy ? market.pointee.askSize : market.pointee.bidSize
    return Sight(observed: 0 &- size, status: RCK_REJECT_DISPLAYED_SIZE)
  }
}
