// P01: the form of an order. The fast question is whether anything is wrong; which rule is broken is asked only
// then, in the order in which rules are named.
#pragma once

#include "attempt.h"

#include <optional>

namespace desk_floor {

// Limit orders only: others take the long way.
inline bool plainly_valid(const rck_order &order, const InstrumentLine &instrument, const AccountLine &account,
                          const StrategyLine &strategy) {
  uint32_t enabled = known | RCK_ENABLED;
  uint32_t side = uint32_t(order.side) - 1, force = uint32_t(order.time_in_force) - 1;
  uint32_t needed = 1u << (side & 1) | RCK_PERMIT_LIMIT | uint32_t(RCK_PERMIT_DAY) << (force & 3);
  return (instrument.flags & account.flags & strategy.flags & enabled) == enabled &&
         (account.permissions & strategy.permissions & needed) == needed && side < 2 && force < 4 &&
         order.type == RCK_TYPE_LIMIT && (order.flags & ~uint32_t(RCK_ORDER_FIRST_REFUSAL)) == 0 &&
         uint64_t(order.quantity - 1) < uint64_t(input_max) && order.price >= instrument.price_low &&
         order.price <= instrument.price_high && magnitude(order.price) <= uint64_t(input_max) &&
         order.stop_price == 0 && instrument.lot.divides(uint64_t(order.quantity)) &&
         instrument.tick.divides(magnitude(order.price));
}

// 0, or the rule that a price breaks.
inline int32_t price_fault(int64_t price, const InstrumentLine &instrument, int32_t tick, int32_t bounds) {
  if (!instrument.tick.divides(magnitude(price)))
    return tick;
  bool inside = price >= instrument.price_low && price <= instrument.price_high;
  return inside && magnitude(price) <= uint64_t(input_max) ? 0 : bounds;
}

inline int32_t form_fault(const rck_order &order, const InstrumentLine &instrument) {
  bool negative = instrument.flags & RCK_PRICE_NEGATIVE;
  bool priced = order.type == RCK_TYPE_LIMIT || order.type == RCK_TYPE_STOP_LIMIT;
  bool stopped = order.type == RCK_TYPE_STOP || order.type == RCK_TYPE_STOP_LIMIT;
  if (order.quantity <= 0)
    return RCK_REJECT_QUANTITY_NOT_POSITIVE;
  if (!instrument.lot.divides(uint64_t(order.quantity)))
    return RCK_REJECT_QUANTITY_LOT;
  if (order.quantity > input_max)
    return RCK_REJECT_QUANTITY_BOUNDS;
  if (priced && order.price == 0 && !negative)
    return RCK_REJECT_PRICE_MISSING;
  if (!priced && order.price != 0)
    return RCK_REJECT_PRICE_BOUNDS;
  if (stopped && order.stop_price == 0 && !negative)
    return RCK_REJECT_STOP_PRICE_MISSING;
  if (!stopped && order.stop_price != 0)
    return RCK_REJECT_STOP_PRICE_BOUNDS;
  int32_t fault = 0;
  if (priced)
    fault = price_fault(order.price, instrument, RCK_REJECT_PRICE_TICK, RCK_REJECT_PRICE_BOUNDS);
  if (fault == 0 && stopped)
    fault = price_fault(order.stop_price, instrument, RCK_REJECT_STOP_PRICE_TICK, RCK_REJECT_STOP_PRICE_BOUNDS);
  return fault;
}

// The first broken rule, and whether one is broken without which nothing else can be asked.
struct Validity {
  int32_t first = 0;
  bool stops = false;

  void broken(int32_t status) { first = first == 0 ? status : first; }
  void impossible(int32_t status) {
    broken(status);
    stops = true;
  }
};

// The lines are those of the ids where these are within bounds, else of none.
inline Validity validity_of(const rck_order &order, const InstrumentLine &instrument, const AccountLine &account,
                            const StrategyLine &strategy) {
  Validity said;
  auto party = [&said](uint32_t flags, int32_t unknown, int32_t disabled) {
    if (!(flags & known))
      said.impossible(unknown);
    else if (!(flags & RCK_ENABLED))
      said.broken(disabled);
  };
  if (order.flags & ~uint32_t(RCK_ORDER_FIRST_REFUSAL))
    said.impossible(RCK_REJECT_FLAGS);
  party(account.flags, RCK_REJECT_ACCOUNT_UNKNOWN, RCK_REJECT_ACCOUNT_DISABLED);
  party(instrument.flags, RCK_REJECT_INSTRUMENT_UNKNOWN, RCK_REJECT_INSTRUMENT_DISABLED);
  party(strategy.flags, RCK_REJECT_STRATEGY_UNKNOWN, RCK_REJECT_STRATEGY_DISABLED);
  if (order.side != RCK_SIDE_BUY && order.side != RCK_SIDE_SELL)
    said.impossible(RCK_REJECT_SIDE);
  if (order.type < RCK_TYPE_LIMIT || order.type > RCK_TYPE_STOP_LIMIT)
    said.impossible(RCK_REJECT_TYPE);
  if (order.time_in_force < RCK_FORCE_DAY || order.time_in_force > RCK_FORCE_FILL_OR_KILL)
    said.broken(RCK_REJECT_TIME_IN_FORCE);
  if (said.first == 0) {
    uint32_t needed = 1u << (order.side - 1) | uint32_t(RCK_PERMIT_LIMIT) << (order.type - 1) |
                      uint32_t(RCK_PERMIT_DAY) << (order.time_in_force - 1);
    if ((account.permissions & needed) != needed)
      said.broken(RCK_REJECT_ACCOUNT_PERMISSION);
    if ((strategy.permissions & needed) != needed)
      said.broken(RCK_REJECT_STRATEGY_PERMISSION);
  }
  int32_t form = said.stops ? 0 : form_fault(order, instrument);
  if (form != 0)
    said.impossible(form);
  return said;
}

// What an order is valued at. None: a market order without a reference.
inline std::optional<int64_t> value_price(const rck_order &order, const InstrumentLine &instrument, int64_t last) {
  switch (order.type) {
  case RCK_TYPE_LIMIT:
    return order.price;
  case RCK_TYPE_STOP:
    return order.stop_price;
  case RCK_TYPE_STOP_LIMIT:
    return (order.side == RCK_SIDE_BUY) == (order.price > order.stop_price) ? order.price : order.stop_price;
  default:
    break;
  }
  int64_t reference = reference_price(instrument.reference, instrument, last);
  if (reference == 0)
    return std::nullopt;
  Signed worse = Signed(magnitude(reference)) * instrument.slippage_bps;
  Signed exact = Signed(reference) * 10'000 + (order.side == RCK_SIDE_BUY ? worse : -worse);
  Signed step = Signed(instrument.tick_size) * 10'000, ticks = exact / step, rest = exact % step;
  if (order.side == RCK_SIDE_BUY)
    ticks += rest > 0;
  else
    ticks -= rest < 0;
  return int64_t(ticks * instrument.tick_size);
}

} // namespace desk_floor
