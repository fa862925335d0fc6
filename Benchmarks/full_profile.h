// Everything armed that rows and rates come with: each of these controls at each scope that it takes, with warn, soft
// and hard levels that the stream does not reach. Asks the library which scopes and measures there are.
#pragma once

#include "profile.h"
#include "queue_riskcheck.h"

namespace bench {

inline Levels full_levels(uint32_t control, uint32_t measure) {
  switch (control) {
  case RCK_CONTROL_ORDER_QUANTITY:
    return {8'000, 9'000, 10'000};
  case RCK_CONTROL_ORDER_NOTIONAL:
    return {300'000'000, 400'000'000, 500'000'000};
  case RCK_CONTROL_COLLAR:
    return measure == RCK_MEASURE_TICKS ? Levels{80'000, 90'000, 100'000} : Levels{300, 400, 500};
  case RCK_CONTROL_POSITION:
    return {30'000'000, 40'000'000, 50'000'000};
  case RCK_CONTROL_BUYING_POWER:
    return {8'000, 9'000, 10'000};
  case RCK_CONTROL_RATE:
    return {900, 950, 1'000};
  case RCK_CONTROL_WORKING:
    if (measure == RCK_MEASURE_COUNT)
      return {8'000, 9'000, 10'000};
    break;
  default:
    break;
  }
  return {3'000'000'000'000, 4'000'000'000'000, 5'000'000'000'000};
}

inline void arm_everywhere(Profile &profile, const rck_limit &like, uint32_t accounts, uint32_t strategies,
                           uint32_t instruments) {
  auto each = [&](uint32_t count) {
    for (uint32_t id = 1; id <= count; id++) {
      rck_limit limit = like;
      limit.id = id;
      profile.limits.push_back(limit);
    }
  };
  auto pairs = [&](uint32_t count) {
    for (uint32_t id = 1; id <= count; id++) {
      for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
        rck_limit limit = like;
        limit.id = id;
        limit.instrument = instrument;
        profile.limits.push_back(limit);
      }
    }
  };
  if (like.scope_kind == RCK_SCOPE_ACCOUNT)
    each(accounts);
  else if (like.scope_kind == RCK_SCOPE_STRATEGY)
    each(strategies);
  else if (like.scope_kind == RCK_SCOPE_INSTRUMENT)
    each(instruments);
  else if (like.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT)
    pairs(accounts);
  else if (like.scope_kind == RCK_SCOPE_STRATEGY_INSTRUMENT)
    pairs(strategies);
}

inline Profile full_profile(uint32_t accounts = 4, uint32_t strategies = 4, uint32_t instruments = 16) {
  Profile profile;
  profile.cash = wide_limits().cash;
  define(profile, accounts, strategies, instruments);
  for (const auto &trade : profile.trades) {
    rck_quote quote{};
    quote.instrument = trade.instrument;
    quote.bid = trade.price - (trade.instrument % 2 == 0 ? 25 : 1);
    quote.ask = trade.price + (trade.instrument % 2 == 0 ? 25 : 1);
    quote.bid_size = quote.ask_size = 1'000;
    quote.time_ns = trade.time_ns;
    profile.quotes.push_back(quote);
  }
  for (uint32_t control :
       {RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION,
        RCK_CONTROL_EXPOSURE, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_RATE, RCK_CONTROL_WORKING}) {
    rck_control_info info{};
    info.struct_size = sizeof info;
    if (rck_control_describe(control, &info) != RCK_OK)
      continue;
    for (uint32_t scope = 1; scope < 32; scope++) {
      for (uint32_t measure = 0; measure < 32; measure++) {
        if (!(info.scopes >> scope & 1) || !(info.measures >> measure & 1))
          continue;
        rck_limit limit = limit_of(control, measure, scope, 0, full_levels(control, measure));
        if (control == RCK_CONTROL_RATE)
          limit.window_ns = 1'000'000'000;
        if (control == RCK_CONTROL_COLLAR)
          limit.reference = scope == RCK_SCOPE_INSTRUMENT ? RCK_REFERENCE_LAST : RCK_REFERENCE_MID;
        arm_everywhere(profile, limit, accounts, strategies, instruments);
      }
    }
  }
  return profile;
}

} // namespace bench
