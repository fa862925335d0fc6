// What the oracle has no words for: a profile with such a thing is refused, since its verdicts would be guesses.
#pragma once

#include "../profile.h"

#include <stdexcept>

namespace bench::plain {

inline bool has_words_for(const rck_limit &limit) {
  for (uint8_t action : limit.actions)
    if (action == RCK_ACTION_REDUCE_ONLY || action == RCK_ACTION_HALT)
      return false; // states of trading
  switch (limit.control) {
  case RCK_CONTROL_POSITION: // of a group: in its common unit
    return limit.scope_kind != RCK_SCOPE_INSTRUMENT_GROUP;
  case RCK_CONTROL_METRIC:
    return limit.measure == RCK_MEASURE_GREATER && limit.reference == 0 && limit.window_ns == 0;
  case RCK_CONTROL_ORDER_QUANTITY:
  case RCK_CONTROL_ORDER_NOTIONAL:
  case RCK_CONTROL_COLLAR:
  case RCK_CONTROL_PERIOD_COLLAR:
  case RCK_CONTROL_EXPOSURE:
  case RCK_CONTROL_BUYING_POWER:
  case RCK_CONTROL_LIQUIDITY:
  case RCK_CONTROL_RATE:
  case RCK_CONTROL_ACCUMULATED:
  case RCK_CONTROL_WORKING:
  case RCK_CONTROL_DUPLICATE:
  case RCK_CONTROL_REPEATED_EXECUTION:
  case RCK_CONTROL_LOSS:
  case RCK_CONTROL_LISTS:
  case RCK_CONTROL_QUOTE:
  case RCK_CONTROL_CONDUCT:
  case RCK_CONTROL_CUSTOM:
  case RCK_CONTROL_GROUP_EXPOSURE:
    return true;
  default:
    return false;
  }
}

// Throws unless everything in the profile is understood.
inline const Profile &understood(const Profile &profile) {
  for (const auto &limit : profile.limits)
    if (!has_words_for(limit))
      throw std::invalid_argument("the oracle has no words for a limit of control " + std::to_string(limit.control));
  for (const auto &account : profile.accounts)
    if (account.flags & ~uint32_t(RCK_ENABLED))
      throw std::invalid_argument("the oracle knows cash alone as buying power, and no latches");
  for (const auto &instrument : profile.instruments)
    if (instrument.flags & (RCK_SHORT_LOCATE | RCK_PRICE_NEGATIVE))
      throw std::invalid_argument("the oracle knows no negative prices, and locates only where they have limits");
  return profile;
}

} // namespace bench::plain
