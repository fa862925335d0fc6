// What an order is worth: the price it is valued at, and price x quantity x multiplier x rate in money units.
#pragma once

#include "market.h"

namespace bench::plain {

// Of market orders the reference worsened by the slippage, to the tick outward; of stop orders the worse price.
inline std::optional<Wide> valued_price(const rck_order &order, const rck_instrument &instrument,
                                        const InstrumentMarket &market) {
  bool buy = order.side == RCK_SIDE_BUY;
  switch (order.type) {
  case RCK_TYPE_LIMIT:
    return order.price;
  case RCK_TYPE_STOP:
    return order.stop_price;
  case RCK_TYPE_STOP_LIMIT:
    return buy ? std::max(order.price, order.stop_price) : std::min(order.price, order.stop_price);
  default:
    break;
  }
  std::optional<Wide> reference = reference_price(instrument.reference, instrument, market, buy);
  if (!reference)
    return std::nullopt;
  Wide slippage = magnitude(*reference) * instrument.slippage_bps;
  Wide worsened = *reference * 10'000 + (buy ? slippage : -slippage); // in ten-thousandths of a price
  Wide tick = Wide(instrument.tick) * 10'000;
  return (buy ? ceiling_divide(worsened, tick) : floor_divide(worsened, tick)) * instrument.tick;
}

// Rounded up. Nothing when it is not exact in 128 bits, or more than is kept.
inline std::optional<Wide> value_of(Wide quantity, Wide price, const rck_instrument &instrument,
                                    const rck_currency &currency, uint32_t money_decimals) {
  std::optional<Natural> units = product(Natural(magnitude(price)), Natural(quantity));
  for (Natural factor :
       {Natural(uint64_t(instrument.multiplier)), Natural(uint64_t(currency.rate)), power_of_ten(money_decimals)}) {
    if (units)
      units = product(*units, factor);
  }
  if (!units)
    return std::nullopt;
  Natural divisor = power_of_ten(instrument.price_decimals) * power_of_ten(instrument.quantity_decimals) *
                    power_of_ten(instrument.multiplier_decimals) * power_of_ten(currency.rate_decimals);
  Natural value = *units / divisor;
  value += value * divisor < *units ? 1 : 0;
  return value <= Natural(kept_max) ? std::optional<Wide>(Wide(value)) : std::nullopt;
}

} // namespace bench::plain
