import CRiskCheck

/// What an order is worth, and what prices are compared with.
extension Oracle {
  /// A reference price, nil when the market or the definition has none.
  func reference(_ kind: UInt32, _ instrument: rck_instrument, buy: Bool) -> Int64? {
    let market = markets[instrument.id]
    switch Int32(bitPattern: kind) {
    case RCK_REFERENCE_LAST: return market?.trade?.price
    case RCK_REFERENCE_MID:
      guard let quote = market?.quote, quote.bid_size > 0, quote.ask_size > 0 else { return nil }
      return (quote.bid + quote.ask) / 2
    case RCK_REFERENCE_OWN_SIDE:
      guard let quote = market?.quote else { return nil }
      if buy { return quote.bid_size > 0 ? quote.bid : nil }
      return quote.ask_size > 0 ? quote.ask : nil
    case RCK_REFERENCE_CLOSE: return instrument.previous_close == 0 ? nil : instrument.previous_close
    case RCK_REFERENCE_SET: return instrument.reference_price == 0 ? nil : instrument.reference_price
    default: return nil
    }
  }

  enum Price {
    case at(Int64)
    case refused(Int32, control: Int32)
  }

  /// The price at which an order is valued and collared.
  func valuePrice(_ request: Request, _ instrument: rck_instrument) -> Price {
    switch Int32(request.type) {
    case RCK_TYPE_LIMIT: return .at(request.price)
    case RCK_TYPE_STOP: return .at(request.stopPrice)
    case RCK_TYPE_STOP_LIMIT:
      return .at(
        request.buy ? max(request.price, request.stopPrice) : min(request.price, request.stopPrice))
    default:
      guard let reference = reference(instrument.reference, instrument, buy: request.buy) else {
        return .refused(RCK_REJECT_NOTIONAL_REFERENCE_MISSING, control: RCK_CONTROL_ORDER_NOTIONAL)
      }
      let price = worsened(reference, instrument, buy: request.buy)
      return Bound.holdsInput(shown(price))
        ? .at(shown(price)) : .refused(RCK_REJECT_ORDER_OVERFLOW, control: RCK_CONTROL_VALIDITY)
    }
  }

  /// A reference moved against the trader by the slippage, to the tick at or beyond.
  private func worsened(_ reference: Int64, _ instrument: rck_instrument, buy: Bool) -> Wide {
    let scale: Wide = 10_000
    let slippage = Wide(reference.magnitude) * Wide(instrument.slippage_bps)
    let tick = Wide(instrument.tick)
    let exact = Wide(reference) * scale + (buy ? slippage : -slippage)
    return (buy ? divideUp(exact, by: tick * scale) : divideDown(exact, by: tick * scale)) * tick
  }
}
