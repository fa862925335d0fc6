// Profiles whose controls refuse and warn of orders of the stream all the time: everything armed at every scope with
// low levels, and each further control with levels that a part of the stream exceeds.
#pragma once

#include "../control_profile.h"
#include "../full_profile.h"

#include <array>
#include <string>
#include <vector>

namespace bench {

// Three levels that differ from scope to scope, so that each scope is shown at times.
inline void tighten(rck_limit &limit, int64_t warn, int64_t soft, int64_t hard) {
  int64_t share = 16 + (limit.scope_kind * 7 + limit.id * 3 + limit.instrument * 5) % 16; // of 32
  limit.warn = warn * share / 32;
  limit.soft = soft * share / 32;
  limit.hard = hard * share / 32;
}

inline Profile tight_full_profile() {
  Profile profile = full_profile(4, 4, 6);
  for (auto &limit : profile.limits) {
    switch (limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY:
      tighten(limit, 4'000, 5'000, 7'000);
      break;
    case RCK_CONTROL_ORDER_NOTIONAL:
      tighten(limit, 12'000'000, 16'000'000, 20'000'000);
      break;
    case RCK_CONTROL_COLLAR:
      if (limit.measure == RCK_MEASURE_TICKS)
        tighten(limit, 150, 250, 400);
      else
        tighten(limit, 150, 200, 250);
      break;
    case RCK_CONTROL_POSITION:
      tighten(limit, 3'000, 4'500, 6'000);
      break;
    case RCK_CONTROL_EXPOSURE:
      tighten(limit, 60'000'000, 90'000'000, 120'000'000);
      break;
    case RCK_CONTROL_BUYING_POWER:
      tighten(limit, 8'000, 9'000, 10'000);
      break;
    case RCK_CONTROL_RATE:
      tighten(limit, 60, 80, 100);
      break;
    default:
      if (limit.measure == RCK_MEASURE_COUNT)
        tighten(limit, 30, 40, 50);
      else
        tighten(limit, 60'000'000, 90'000'000, 120'000'000);
      break;
    }
  }
  profile.cash = 60'000'000;
  return profile;
}

// Two groups of each kind, and limits of the engine and of the groups, some of one side or type.
inline Profile tight_group_profile() {
  Profile profile = desk_profile(wide_limits(), 4, 4, 6);
  for (uint32_t kind : {RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_STRATEGIES, RCK_GROUP_OF_INSTRUMENTS}) {
    for (uint32_t which = 1; which <= 2; which++) {
      rck_group group{};
      group.struct_size = sizeof group;
      group.id = 2 * (kind - 1) + which;
      group.kind = kind;
      std::snprintf(group.name, sizeof group.name, "G%u", group.id);
      profile.groups.push_back(group);
    }
  }
  for (auto &account : profile.accounts)
    account.groups[0] = 1 + account.id % 2;
  for (auto &strategy : profile.strategies)
    strategy.groups[1] = 3 + strategy.id % 2;
  for (auto &instrument : profile.instruments)
    instrument.groups[2] = 5 + instrument.id % 2;
  constexpr struct {
    uint32_t scope, first, count;
  } scopes[] = {{RCK_SCOPE_GLOBAL, 0, 1},
                {RCK_SCOPE_ACCOUNT_GROUP, 1, 2},
                {RCK_SCOPE_STRATEGY_GROUP, 3, 2},
                {RCK_SCOPE_INSTRUMENT_GROUP, 5, 2}};
  for (const auto &scope : scopes) {
    for (uint32_t id = scope.first; id < scope.first + scope.count; id++) {
      auto add = [&](uint32_t control, uint32_t measure, int64_t most, uint32_t side = 0, uint32_t type = 0) {
        rck_limit limit = limit_of(control, measure, scope.scope, id, {1, 1, 1});
        int64_t more = scope.scope == RCK_SCOPE_GLOBAL ? 2 * most : most;
        tighten(limit, more / 2, more * 3 / 4, more);
        limit.side = side;
        limit.order_type = type;
        limit.window_ns = control == RCK_CONTROL_RATE ? 1'000'000'000 : 0;
        profile.limits.push_back(limit);
      };
      add(RCK_CONTROL_ORDER_QUANTITY, RCK_MEASURE_NONE, 6'000);
      add(RCK_CONTROL_ORDER_QUANTITY, RCK_MEASURE_NONE, 5'000, RCK_SIDE_SELL);
      add(RCK_CONTROL_ORDER_NOTIONAL, RCK_MEASURE_NONE, 12'000'000, 0, RCK_TYPE_MARKET);
      add(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, 300'000'000);
      add(RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, 150'000'000, RCK_SIDE_BUY);
      add(RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, 150'000'000, RCK_SIDE_SELL);
      add(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, 70);
      add(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, 300'000'000);
      add(RCK_CONTROL_RATE, RCK_MEASURE_NEW, 120);
    }
  }
  return profile;
}

// One further control, made so tight that the stream meets it.
struct TightControl {
  const char *name, *control;     // of the armoury
  std::array<int32_t, 4> refused; // what has to be seen; 0: nothing more
  void (*tighten)(Profile &);     // its limits, and what they look at
  void (*alter)(rck_order &);     // orders that it may refuse, or nothing
  int64_t stretched = 1;          // how many times slower the orders come
};

// The limits of a control; of measure 0 all.
template <class Change> void change_limits(Profile &profile, uint32_t control, uint32_t measure, Change change) {
  for (auto &limit : profile.limits)
    if (limit.control == control && (measure == 0 || limit.measure == measure))
      change(limit);
}

inline void set_hard(Profile &profile, uint32_t control, uint32_t measure, int64_t hard) {
  change_limits(profile, control, measure, [hard](rck_limit &limit) { limit.hard = hard; });
}

inline void tighten_period_collar(Profile &profile) { set_hard(profile, RCK_CONTROL_PERIOD_COLLAR, 0, 70); }

// The first instruments have room, the third too wide a spread, the fifth nobody who sells.
inline void tighten_liquidity(Profile &profile) {
  profile.volume = 100'000;
  set_hard(profile, RCK_CONTROL_LIQUIDITY, RCK_MEASURE_VOLUME_SHARE, 350);
  set_hard(profile, RCK_CONTROL_LIQUIDITY, RCK_MEASURE_DEPTH_SHARE, 3'000);
  set_hard(profile, RCK_CONTROL_LIQUIDITY, RCK_MEASURE_SPREAD, 2);
  set_hard(profile, RCK_CONTROL_LIQUIDITY, RCK_MEASURE_DISPLAYED, 10'002);
  profile.quotes.clear(); // what a book shows first is the quote
  for (auto &book : profile.books) {
    book.bids = 2;
    book.bid_prices[1] = book.bid_prices[0] - 1'000;
    book.bid_sizes[0] = 10'000 + book.instrument;
    book.ask_sizes[0] = 10'006 - book.instrument;
    book.bid_sizes[1] = 1'000;
    if (book.instrument == 3)
      book.ask_prices[0] += 1;
    if (book.instrument == 5)
      book.asks = 0;
  }
}

// A hundred traded of each instrument, before the day's first order.
inline void of_trades_alone(Profile &profile) { profile.volume = 0; }

// Of every other account quantities, of the others money: an order opens about 1,400 and a million money units.
inline void tighten_accumulated(Profile &profile, uint32_t of_quantity, uint32_t of_money, int64_t orders) {
  change_limits(profile, RCK_CONTROL_ACCUMULATED, of_quantity,
                [orders](rck_limit &limit) { limit.hard = limit.id % 2 == 0 ? 1'400 * orders : limit.hard; });
  change_limits(profile, RCK_CONTROL_ACCUMULATED, of_money,
                [orders](rck_limit &limit) { limit.hard = limit.id % 2 == 1 ? 1'000'000 * orders : limit.hard; });
}
inline void tighten_minutes(Profile &profile) {
  tighten_accumulated(profile, RCK_MEASURE_QUANTITY_MINUTE, RCK_MEASURE_NOTIONAL_MINUTE, 1'000);
}
inline void tighten_hours(Profile &profile) {
  tighten_accumulated(profile, RCK_MEASURE_QUANTITY_HOUR, RCK_MEASURE_NOTIONAL_HOUR, 2'000);
}
inline void tighten_days(Profile &profile) {
  tighten_accumulated(profile, RCK_MEASURE_QUANTITY_DAY, RCK_MEASURE_NOTIONAL_DAY, 4'000);
}

inline void tighten_duplicate(Profile &profile) {
  change_limits(profile, RCK_CONTROL_DUPLICATE, 0, [](rck_limit &limit) { limit.window_ns = 2'000'000'000; });
}
inline void make_alike(rck_order &order) {
  if (order.type == RCK_TYPE_LIMIT && order.instrument <= 16)
    order.price = last_price(order.instrument);
  order.quantity = order.quantity / 250 * 250 + 50;
}

// No order of the first account passes, the next two are disabled at some time, the last is warned.
inline void tighten_repeated(Profile &profile) {
  change_limits(profile, RCK_CONTROL_REPEATED_EXECUTION, 0, [](rck_limit &limit) {
    limit.window_ns = 2'000'000'000;
    limit.hard = limit.id == 1 ? 0 : 3 + limit.id;
    if (limit.id == 4) {
      limit.levels = RCK_LEVEL_WARN;
      limit.warn = 1;
      limit.hard = 0;
    }
  });
}

// Of every other account what is realised, of the others all, of which open positions say nothing.
inline void tighten_loss(Profile &profile) {
  std::erase_if(profile.limits, [](const rck_limit &limit) {
    return limit.control == RCK_CONTROL_LOSS && limit.measure != RCK_MEASURE_REALISED && limit.id % 2 == 1;
  });
  change_limits(profile, RCK_CONTROL_LOSS, 0, [](rck_limit &limit) {
    limit.levels = RCK_LEVEL_WARN | RCK_LEVEL_HARD;
    limit.warn = 10;
    limit.hard = 100'000 * int64_t(limit.id);
  });
}

// Ten seconds each of what a session may permit, and at last no session that is known.
inline void tighten_session(Profile &profile) {
  constexpr uint32_t permitted[] = {RCK_PERMIT_ALL,
                                    RCK_PERMIT_ALL & ~RCK_PERMIT_BUY,
                                    RCK_PERMIT_ALL & ~RCK_PERMIT_SHORT,
                                    RCK_PERMIT_ALL & ~RCK_PERMIT_MARKET,
                                    RCK_PERMIT_ALL & ~RCK_PERMIT_DAY,
                                    0};
  rck_calendar &calendar = profile.calendars[0];
  calendar.entries = RCK_CALENDAR_ENTRIES_MAX;
  for (uint32_t entry = 0; entry < calendar.entries; entry++) {
    calendar.starts[entry] = profile.begun_ns + (1 + entry) * 2'000'000'000ll;
    calendar.permissions[entry] = permitted[entry % 6];
  }
  calendar.end_ns = calendar.starts[calendar.entries - 1] + 2'000'000'000;
}

inline void tighten_locate(Profile &profile) { set_hard(profile, RCK_CONTROL_LISTS, RCK_MEASURE_LOCATE, 3'000); }

inline void tighten_quote(Profile &profile) {
  set_hard(profile, RCK_CONTROL_QUOTE, RCK_MEASURE_AGE, 150'000'000'000);
  set_hard(profile, RCK_CONTROL_QUOTE, RCK_MEASURE_BPS, 40);
}
inline void decide_at_market(rck_order &order) {
  order.decision_price = order.order_id % 16 == 0 ? 0 : last_price(order.instrument);
}

inline void tighten_conduct(Profile &profile) {
  change_limits(profile, RCK_CONTROL_CONDUCT, RCK_MEASURE_ORDERS_PER_TRADE, [](rck_limit &limit) {
    limit.hard = 1'000 * limit.id;
    limit.reference = 2'500;
  });
  set_hard(profile, RCK_CONTROL_CONDUCT, RCK_MEASURE_REJECTS, 0);
}

// Of each account another side of the fed 1; one metric is never fed.
inline void tighten_metric(Profile &profile) {
  change_limits(profile, RCK_CONTROL_METRIC, 0, [](rck_limit &limit) {
    limit.hard = limit.id % 2;
    limit.instrument = limit.id == 3 ? 2 : limit.instrument;
  });
}

// Of one account a function that nobody registered.
inline void tighten_custom(Profile &profile) {
  change_limits(profile, RCK_CONTROL_CUSTOM, 0, [](rck_limit &limit) { limit.reference = limit.id == 2 ? 2 : 1; });
}

inline void tighten_group_exposure(Profile &profile) { set_hard(profile, RCK_CONTROL_GROUP_EXPOSURE, 0, 25'000'000); }

inline void tighten_all(Profile &profile) {
  tighten_period_collar(profile);
  tighten_duplicate(profile);
  tighten_locate(profile);
  tighten_quote(profile);
  tighten_group_exposure(profile);
}

constexpr TightControl tight_controls[] = {
    {"period_collar",
     "period_collar",
     {RCK_REJECT_PERIOD_COLLAR_ABOVE, RCK_REJECT_PERIOD_COLLAR_BELOW},
     tighten_period_collar,
     nullptr},
    {"liquidity",
     "liquidity",
     {RCK_REJECT_VOLUME_SHARE, RCK_REJECT_DEPTH_SHARE, RCK_REJECT_SPREAD, RCK_REJECT_DISPLAYED_SIZE},
     tighten_liquidity,
     nullptr},
    {"no liquidity", "liquidity", {RCK_REJECT_DEPTH_MISSING, RCK_REJECT_SPREAD_MISSING}, tighten_liquidity, nullptr},
    {"volume of the trades", "liquidity", {RCK_REJECT_VOLUME_SHARE}, of_trades_alone, nullptr},
    {"accumulated in minutes",
     "accumulated",
     {RCK_REJECT_QUANTITY_ROLLING, RCK_REJECT_NOTIONAL_ROLLING},
     tighten_minutes,
     nullptr},
    {"accumulated in hours",
     "accumulated",
     {RCK_REJECT_QUANTITY_ROLLING, RCK_REJECT_NOTIONAL_ROLLING},
     tighten_hours,
     nullptr,
     50},
    {"accumulated in days", "accumulated", {RCK_REJECT_QUANTITY_DAY, RCK_REJECT_NOTIONAL_DAY}, tighten_days, nullptr},
    {"duplicate", "duplicate", {RCK_REJECT_DUPLICATE}, tighten_duplicate, make_alike},
    {"repeated", "repeated", {RCK_REJECT_REPEATED_EXECUTION}, tighten_repeated, nullptr},
    {"session", "session", {RCK_REJECT_SESSION_CLOSED, RCK_REJECT_SESSION_MISSING}, tighten_session, nullptr},
    {"locate", "locate", {RCK_REJECT_LOCATE_SHORT}, tighten_locate, nullptr},
    {"quote",
     "quote",
     {RCK_REJECT_QUOTE_AGE, RCK_REJECT_SLIPPAGE, RCK_REJECT_DECISION_PRICE_MISSING},
     tighten_quote,
     decide_at_market},
    {"conduct", "conduct", {RCK_REJECT_ORDER_TO_TRADE}, tighten_conduct, nullptr},
    {"metric", "metric", {RCK_REJECT_METRIC, RCK_REJECT_METRIC_MISSING}, tighten_metric, nullptr},
    {"custom", "custom", {RCK_REJECT_CUSTOM_MISSING}, tighten_custom, nullptr},
    {"group_exposure", "group_exposure", {RCK_REJECT_GROUP_EXPOSURE}, tighten_group_exposure, nullptr},
    {"catalogue",
     "catalogue",
     {RCK_REJECT_PERIOD_COLLAR_ABOVE, RCK_REJECT_LOCATE_SHORT, RCK_REJECT_QUOTE_AGE, RCK_REJECT_GROUP_EXPOSURE},
     tighten_all,
     decide_at_market}};

// Of whole lives: what only fills bring about.
constexpr TightControl tight_lives[] = {
    {"repeated",
     "repeated",
     {RCK_REJECT_REPEATED_EXECUTION, RCK_REJECT_EXECUTION_DISABLED},
     tighten_repeated,
     make_alike},
    {"loss", "loss", {RCK_REJECT_LOSS_REALISED, RCK_REJECT_LOSS_MARK_MISSING}, tighten_loss, nullptr}};

} // namespace bench
