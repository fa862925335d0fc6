// Which control a limit belongs to, and what that says of an order.
#pragma once

#include "book_controls.h"
#include "day_controls.h"
#include "order_controls.h"

namespace bench::plain {

inline bool spares_reducing(uint32_t control) {
  switch (control) {
  case RCK_CONTROL_POSITION:
  case RCK_CONTROL_EXPOSURE:
  case RCK_CONTROL_BUYING_POWER:
  case RCK_CONTROL_ACCUMULATED:
  case RCK_CONTROL_LOSS:
  case RCK_CONTROL_GROUP_EXPOSURE:
    return true;
  default:
    return false;
  }
}

// An order without a value is asked about its size, its price and its rate alone.
inline bool needs_value(uint32_t control) {
  return control != RCK_CONTROL_ORDER_QUANTITY && control != RCK_CONTROL_COLLAR;
}

inline Said ask_books(const Armed &armed, const Attempt &attempt) {
  const rck_limit &limit = armed.limit;
  Sums after = attempt.books.sums_after(armed.scope, attempt.move);
  switch (limit.control) {
  case RCK_CONTROL_EXPOSURE:
    return exposure(limit, after, attempt.buy);
  case RCK_CONTROL_BUYING_POWER:
    return buying_power(limit, attempt, after);
  case RCK_CONTROL_LOSS:
    return loss(limit, after);
  case RCK_CONTROL_WORKING:
    return working(limit, attempt, after);
  default:
    return group_exposure(limit, after);
  }
}

// What a limit says; custom functions are asked apart.
inline Said ask(Armed &armed, const Attempt &attempt) {
  const rck_limit &limit = armed.limit;
  if (limit.control == RCK_CONTROL_RATE)
    return rate(armed, attempt);
  if (!attempt.form.askable || (limit.side != 0 && limit.side != attempt.order.side) ||
      (limit.order_type != 0 && limit.order_type != attempt.order.type) ||
      (needs_value(limit.control) && !attempt.value) || (spares_reducing(limit.control) && attempt.reducing()))
    return std::nullopt;
  switch (limit.control) {
  case RCK_CONTROL_ORDER_QUANTITY:
    return order_quantity(limit, attempt);
  case RCK_CONTROL_ORDER_NOTIONAL:
    return order_notional(limit, attempt);
  case RCK_CONTROL_COLLAR:
    return collar(limit, attempt);
  case RCK_CONTROL_PERIOD_COLLAR:
    return period_collar(limit, attempt);
  case RCK_CONTROL_POSITION:
    return position(limit, attempt);
  case RCK_CONTROL_LIQUIDITY:
    return liquidity(limit, attempt);
  case RCK_CONTROL_ACCUMULATED:
    return accumulated(armed, attempt);
  case RCK_CONTROL_DUPLICATE:
    return duplicate(limit, attempt);
  case RCK_CONTROL_REPEATED_EXECUTION:
    return repeated(armed, attempt);
  case RCK_CONTROL_LISTS:
    return lists(limit, attempt);
  case RCK_CONTROL_QUOTE:
    return quote(limit, attempt);
  case RCK_CONTROL_CONDUCT:
    return conduct(armed);
  case RCK_CONTROL_METRIC:
    return metric(limit, attempt);
  case RCK_CONTROL_CUSTOM:
    return std::nullopt;
  default:
    return ask_books(armed, attempt);
  }
}

} // namespace bench::plain
