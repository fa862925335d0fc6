// Controls that look at the order and the market alone: P02 to P05, P10, P20.
#pragma once

#include "attempt.h"

namespace bench::plain {

inline Said order_quantity(const rck_limit &limit, const Attempt &attempt) {
  return above(limit, attempt.order.quantity, RCK_REJECT_ORDER_QUANTITY);
}

inline Said order_notional(const rck_limit &limit, const Attempt &attempt) {
  return above(limit, *attempt.value, RCK_REJECT_ORDER_NOTIONAL);
}

inline Said collar(const rck_limit &limit, const Attempt &attempt) {
  if (!attempt.price)
    return std::nullopt;
  const rck_instrument &instrument = *attempt.parties.instrument;
  std::optional<Wide> reference = reference_price(limit.reference, instrument, *attempt.market, attempt.buy);
  if (!reference)
    return refusal(RCK_CONTROL_COLLAR, RCK_REJECT_COLLAR_LAST_MISSING + int32_t(limit.reference) - RCK_REFERENCE_LAST);
  Wide away = *attempt.price - *reference;
  if ((limit.flags & RCK_AGGRESSIVE_ONLY) && (attempt.buy ? away <= 0 : away >= 0))
    return std::nullopt;
  Wide observed =
      limit.measure == RCK_MEASURE_TICKS ? ceiling_divide(magnitude(away), instrument.tick) : bps_of(away, *reference);
  return above(limit, observed, away > 0 ? RCK_REJECT_COLLAR_ABOVE : RCK_REJECT_COLLAR_BELOW);
}

// The trades of a profile come before its limits are published, so the last one alone is in the period.
inline Said period_collar(const rck_limit &limit, const Attempt &attempt) {
  if (!attempt.market->trade)
    return refusal(RCK_CONTROL_PERIOD_COLLAR, RCK_REJECT_PERIOD_PRICE_MISSING);
  Wide away = *attempt.price - attempt.market->trade->price;
  return above(limit, bps_of(away, attempt.market->trade->price),
               away > 0 ? RCK_REJECT_PERIOD_COLLAR_ABOVE : RCK_REJECT_PERIOD_COLLAR_BELOW);
}

inline Said depth_share(const rck_limit &limit, const Attempt &attempt) {
  Wide depth = 0;
  if (attempt.market->book) {
    const rck_book &book = *attempt.market->book;
    for (uint32_t level = 0; level < (attempt.buy ? book.asks : book.bids); level++)
      depth += attempt.buy ? book.ask_sizes[level] : book.bid_sizes[level];
  }
  return depth == 0 ? refusal(RCK_CONTROL_LIQUIDITY, RCK_REJECT_DEPTH_MISSING)
                    : above(limit, bps_of(attempt.order.quantity, depth), RCK_REJECT_DEPTH_SHARE);
}

inline Said spread(const rck_limit &limit, const rck_quote &quote) {
  Wide both = Wide(quote.bid) + quote.ask, between = std::max(Wide(quote.ask) - quote.bid, Wide(0));
  if (quote.bid_size == 0 || quote.ask_size == 0 || both == 0)
    return refusal(RCK_CONTROL_LIQUIDITY, RCK_REJECT_SPREAD_MISSING);
  return above(limit, bps_of(2 * between, both), RCK_REJECT_SPREAD);
}

inline Said liquidity(const rck_limit &limit, const Attempt &attempt) {
  const InstrumentMarket &market = *attempt.market;
  switch (limit.measure) {
  case RCK_MEASURE_VOLUME_SHARE:
    return market.volume == 0 ? refusal(RCK_CONTROL_LIQUIDITY, RCK_REJECT_VOLUME_MISSING)
                              : above(limit, bps_of(attempt.order.quantity, market.volume), RCK_REJECT_VOLUME_SHARE);
  case RCK_MEASURE_DEPTH_SHARE:
    return depth_share(limit, attempt);
  case RCK_MEASURE_SPREAD:
    return market.quote ? spread(limit, *market.quote) : refusal(RCK_CONTROL_LIQUIDITY, RCK_REJECT_SPREAD_MISSING);
  default:
    break;
  }
  return market.quote
             ? below(limit, attempt.buy ? market.quote->ask_size : market.quote->bid_size, RCK_REJECT_DISPLAYED_SIZE)
             : refusal(RCK_CONTROL_LIQUIDITY, RCK_REJECT_SPREAD_MISSING);
}

inline Said quote(const rck_limit &limit, const Attempt &attempt) {
  if (limit.measure == RCK_MEASURE_AGE) {
    if (!attempt.market->quote)
      return refusal(RCK_CONTROL_QUOTE, RCK_REJECT_QUOTE_MISSING);
    return above(limit, std::max(Wide(attempt.time_ns) - attempt.market->quote->time_ns, Wide(0)),
                 RCK_REJECT_QUOTE_AGE);
  }
  if (attempt.order.decision_price == 0)
    return refusal(RCK_CONTROL_QUOTE, RCK_REJECT_DECISION_PRICE_MISSING);
  Wide decided = attempt.order.decision_price;
  Wide worse = attempt.buy ? *attempt.price - decided : decided - *attempt.price;
  return worse > 0 ? above(limit, bps_of(worse, decided), RCK_REJECT_SLIPPAGE) : std::nullopt;
}

} // namespace bench::plain
