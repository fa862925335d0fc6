// Controls that look at positions, their values, margin and live orders: P06, P07, P09, P13, P25. What an order that
// strictly reduces passes regardless is asked of no such order.
#pragma once

#include "attempt.h"

namespace bench::plain {

inline Said position(const rck_limit &limit, const Attempt &attempt) {
  const PositionRow &row =
      limit.scope_kind == RCK_SCOPE_STRATEGY_INSTRUMENT ? attempt.move.strategy.to : attempt.move.account.to;
  return attempt.buy ? above(limit, row.long_quantity(), RCK_REJECT_POSITION_LONG)
                     : above(limit, row.short_quantity(), RCK_REJECT_POSITION_SHORT);
}

inline Said exposure(const rck_limit &limit, const Sums &after, bool buy) {
  if (after.too_large())
    return refusal(RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_OVERFLOW);
  if (limit.measure == RCK_MEASURE_GROSS)
    return above(limit, after.gross, RCK_REJECT_EXPOSURE_GROSS);
  return buy ? above(limit, after.net_long, RCK_REJECT_EXPOSURE_NET_LONG)
             : above(limit, after.net_short, RCK_REJECT_EXPOSURE_NET_SHORT);
}

// A level is a share of the buying power; the verdict shows it as money, rounded down.
inline Said buying_power(const rck_limit &limit, const Attempt &attempt, const Sums &after) {
  if (attempt.move.account.to.margin_bps == 0)
    return refusal(RCK_CONTROL_BUYING_POWER, RCK_REJECT_MARGIN_MISSING);
  Wide power = attempt.inputs.cash;
  return highest_level(
      limit, after.margin, RCK_REJECT_BUYING_POWER,
      [&](int64_t level) { return after.margin != 0 && after.margin * 10'000 > power * level; },
      [&](int64_t level) { return floor_divide(power * level, 10'000); });
}

// An amend is no further order: it is asked about the value alone.
inline Said working(const rck_limit &limit, const Attempt &attempt, const Sums &after) {
  if (limit.measure == RCK_MEASURE_NOTIONAL)
    return above(limit, after.orders_value, RCK_REJECT_WORKING_NOTIONAL);
  return attempt.amends == nullptr ? above(limit, after.orders, RCK_REJECT_WORKING_COUNT) : std::nullopt;
}

// Sums and rows that no number can hold refuse also where no limit looks at them.
inline Said position_overflow(const Attempt &attempt) {
  const PositionRow &row = attempt.move.account.to;
  return std::max(row.open_buys, row.open_sells) > kept_max
             ? Said(refusal(RCK_CONTROL_POSITION, RCK_REJECT_POSITION_OVERFLOW))
             : std::nullopt;
}

inline Said exposure_overflow(const Attempt &attempt) {
  const PositionRow &row = attempt.move.account.to;
  Sums after = attempt.books.sums_after({RCK_SCOPE_ACCOUNT, attempt.parties.account->id}, attempt.move);
  return std::max(row.buys, row.sells) > kept_max || after.too_large()
             ? Said(refusal(RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_OVERFLOW))
             : std::nullopt;
}

inline Said group_exposure(const rck_limit &limit, const Sums &after) {
  return above(limit, after.gross, RCK_REJECT_GROUP_EXPOSURE);
}

} // namespace bench::plain
