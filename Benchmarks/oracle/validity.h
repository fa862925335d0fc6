// P01: the form of an order and what its account and strategy may send. The first rule that is broken is told.
#pragma once

#include "finding.h"
#include "numbers.h"

namespace bench::plain {

// Who and what an order names. A strategy of 0 is none, and may do everything.
struct Parties {
  const rck_account *account = nullptr;
  const rck_strategy *strategy = nullptr;
  const rck_instrument *instrument = nullptr;
};

struct Form {
  int32_t broken = RCK_OK; // the first broken rule
  bool askable = true;     // enough is right for the other controls to be asked

  void breaks(int32_t status, bool stops) {
    broken = broken == RCK_OK ? status : broken;
    askable &= !stops;
  }
};

inline int32_t broken_price(int64_t price, const rck_instrument &instrument, int32_t tick, int32_t bounds) {
  if (price % instrument.tick != 0)
    return tick;
  bool negative = instrument.flags & RCK_PRICE_NEGATIVE;
  bool bounded = instrument.price_min != 0 || instrument.price_max != 0;
  if ((price <= 0 && !negative) || magnitude(price) > given_max)
    return bounds;
  return bounded && (price < instrument.price_min || price > instrument.price_max) ? bounds : RCK_OK;
}

inline int32_t broken_numbers(const rck_order &order, const rck_instrument &instrument) {
  bool limited = order.type == RCK_TYPE_LIMIT || order.type == RCK_TYPE_STOP_LIMIT;
  bool stopped = order.type == RCK_TYPE_STOP || order.type == RCK_TYPE_STOP_LIMIT;
  bool negative = instrument.flags & RCK_PRICE_NEGATIVE;
  if (order.quantity <= 0)
    return RCK_REJECT_QUANTITY_NOT_POSITIVE;
  if (order.quantity % instrument.lot != 0)
    return RCK_REJECT_QUANTITY_LOT;
  if (order.quantity > given_max)
    return RCK_REJECT_QUANTITY_BOUNDS;
  if (limited && order.price == 0 && !negative)
    return RCK_REJECT_PRICE_MISSING;
  if (!limited && order.price != 0)
    return RCK_REJECT_PRICE_BOUNDS;
  if (stopped && order.stop_price == 0 && !negative)
    return RCK_REJECT_STOP_PRICE_MISSING;
  if (!stopped && order.stop_price != 0)
    return RCK_REJECT_STOP_PRICE_BOUNDS;
  int32_t broken = RCK_OK;
  if (limited)
    broken = broken_price(order.price, instrument, RCK_REJECT_PRICE_TICK, RCK_REJECT_PRICE_BOUNDS);
  if (broken == RCK_OK && stopped)
    broken = broken_price(order.stop_price, instrument, RCK_REJECT_STOP_PRICE_TICK, RCK_REJECT_STOP_PRICE_BOUNDS);
  return broken;
}

// An unknown time in force needs none: it is broken already.
inline uint32_t permissions_needed(const rck_order &order) {
  bool forced = order.time_in_force >= RCK_FORCE_DAY && order.time_in_force <= RCK_FORCE_FILL_OR_KILL;
  return uint32_t(order.side == RCK_SIDE_BUY ? RCK_PERMIT_BUY : RCK_PERMIT_SELL) |
         uint32_t(RCK_PERMIT_LIMIT) << (order.type - 1) |
         (forced ? uint32_t(RCK_PERMIT_DAY) << (order.time_in_force - 1) : 0);
}

inline bool permits(uint32_t permissions, uint32_t needed) { return (permissions & needed) == needed; }

inline Form form_of(const rck_order &order, const Parties &parties) {
  Form form;
  auto party = [&form](bool known, uint32_t flags, int32_t unknown, int32_t disabled) {
    if (!known)
      form.breaks(unknown, true);
    else if (!(flags & RCK_ENABLED))
      form.breaks(disabled, false);
  };
  if (order.flags & ~uint32_t(RCK_ORDER_FIRST_REFUSAL))
    form.breaks(RCK_REJECT_FLAGS, true);
  const auto &[account, strategy, instrument] = parties;
  party(account, account ? account->flags : 0, RCK_REJECT_ACCOUNT_UNKNOWN, RCK_REJECT_ACCOUNT_DISABLED);
  party(instrument, instrument ? instrument->flags : 0, RCK_REJECT_INSTRUMENT_UNKNOWN, RCK_REJECT_INSTRUMENT_DISABLED);
  if (order.strategy != 0)
    party(strategy, strategy ? strategy->flags : 0, RCK_REJECT_STRATEGY_UNKNOWN, RCK_REJECT_STRATEGY_DISABLED);
  if (order.side != RCK_SIDE_BUY && order.side != RCK_SIDE_SELL)
    form.breaks(RCK_REJECT_SIDE, true);
  if (order.type < RCK_TYPE_LIMIT || order.type > RCK_TYPE_STOP_LIMIT)
    form.breaks(RCK_REJECT_TYPE, true);
  if (order.time_in_force < RCK_FORCE_DAY || order.time_in_force > RCK_FORCE_FILL_OR_KILL)
    form.breaks(RCK_REJECT_TIME_IN_FORCE, false);
  if (form.broken == RCK_OK) {
    if (!permits(account->permissions, permissions_needed(order)))
      form.breaks(RCK_REJECT_ACCOUNT_PERMISSION, false);
    if (strategy != nullptr && !permits(strategy->permissions, permissions_needed(order)))
      form.breaks(RCK_REJECT_STRATEGY_PERMISSION, false);
  }
  if (form.askable)
    if (int32_t broken = broken_numbers(order, *instrument))
      form.breaks(broken, true);
  return form;
}

} // namespace bench::plain
