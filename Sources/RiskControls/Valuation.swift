import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// What an order is valued at. Limit orders at their own price, stop orders at the worse of stop and limit,
/// market orders at the reference worsened by the instrument's slippage, outward to the tick.
enum Valuation {
  enum Worth {
    case price(Int64)
    case status(rck_status)
  }

  @inline(__always)
  static func worth(_ ask: Ask, _ terms: Instrument, _ market: Market) -> Worth {
    switch Int32(ask.type) {
    case RCK_TYPE_LIMIT: return .price(ask.price)
    case RCK_TYPE_STOP: return .price(ask.stop)
    case RCK_TYPE_STOP_LIMIT:
      return .price(ask.isBuy ? max(ask.price, ask.stop) : min(ask.price, ask.stop))
    default: return slipped(ask, terms, market)
    }
  }

  @inline(never)
  static func slipped(_ ask: Ask, _ terms: Instrument, _ market: Market) -> Worth {
    guard let reference = terms.reference(terms.reference, market, buy: ask.isBuy) else {
      return .status(RCK_REJECT_NOTIONAL_REFERENCE_MISSING)
    }
    // |reference| x bps / 10,000, in whole units and ten thousandths.
    let size = reference.magnitudeOfAmount
    let whole = size / 10_000 &* terms.slippage_bps
    let rest = size % 10_000 &* terms.slippage_bps
    let (part, left) = (rest / 10_000, rest % 10_000)
    let move = whole &+ part
    // The worsened price lies `left` ten thousandths beyond this one.
    let price = ask.isBuy ? reference &+ move : reference &- move
    let off = remainder(price, terms.tick)
    let beyond: Int64
    if ask.isBuy {
      beyond = off == 0 && left == 0 ? price : price &- off &+ terms.tick
    } else {
      beyond = off == 0 && left != 0 ? price &- terms.tick : price &- off
    }
    let fits = beyond <= Amount.inputMax && beyond >= 0 &- Amount.inputMax
    return fits ? .price(beyond) : .status(RCK_REJECT_ORDER_OVERFLOW)
  }

  /// Of a price above a multiple of the tick: never negative.
  private static func remainder(_ price: Int64, _ tick: Int64) -> Int64 {
    let rest = price.remainderReportingOverflow(dividingBy: tick).partialValue
    return rest < 0 ? rest &+ tick : rest
  }
}
