import CRiskCheck

/// P20: how old the quote is, and how much worse than its decision price an order is.
extension Oracle {
  func quoteAge(_ asked: Case) -> Seen {
    guard let quote = markets[asked.instrument.id]?.quote else { return .missing(RCK_REJECT_QUOTE_MISSING) }
    return .amount(max(Wide(asked.request.time) - Wide(quote.time_ns), 0), RCK_REJECT_QUOTE_AGE)
  }

  func slippage(_ asked: Case) -> Seen {
    let decision = asked.request.decision
    guard decision != 0, Bound.holdsInput(decision) else {
      return .missing(RCK_REJECT_DECISION_PRICE_MISSING)
    }
    let above = Wide(asked.price) - Wide(decision)
    let worse = max(asked.request.buy || plant == .slippageOfBuys ? above : -above, 0)
    return .amount(divideUp(worse * 10_000, by: abs(Wide(decision))), RCK_REJECT_SLIPPAGE)
  }
}
