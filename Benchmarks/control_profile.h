// The controls that rows and rates do not come with, one by one or together, beside the desk's profile: each at one
// scope, the account wherever it takes that, with every measure that it has and hard levels that the stream does not
// reach. "catalogue" is all of them but the host's functions.
#pragma once

#include "profile.h"

#include <string>

namespace bench {

constexpr const char *control_names[] = {"period_collar", "liquidity", "accumulated",   "duplicate", "repeated",
                                         "loss",          "session",   "locate",        "quote",     "conduct",
                                         "metric",        "custom",    "group_exposure"};

// What slippage is measured from.
inline void decide(rck_order &order) { order.decision_price = order.price; }

class Armoury {
public:
  explicit Armoury(const Tightness &desk = wide_limits(), uint32_t accounts = 4, uint32_t strategies = 4,
                   uint32_t instruments = 16)
      : accounts_(accounts), instruments_(instruments),
        profile_(desk_profile(desk, accounts, strategies, instruments)) {
    feed();
  }

  // False: there is no such control.
  bool arm(const std::string &name) {
    if (name == "catalogue") {
      for (const char *each : control_names)
        if (std::string(each) != "custom")
          arm(each);
    } else if (name == "period_collar") {
      add(RCK_CONTROL_PERIOD_COLLAR, RCK_MEASURE_NONE, 10'000, day_ns);
    } else if (name == "liquidity") {
      for (uint32_t share : {RCK_MEASURE_VOLUME_SHARE, RCK_MEASURE_DEPTH_SHARE, RCK_MEASURE_SPREAD})
        add(RCK_CONTROL_LIQUIDITY, share, 10'000);
      add(RCK_CONTROL_LIQUIDITY, RCK_MEASURE_DISPLAYED, 1);
    } else if (name == "accumulated") {
      for (uint32_t measure = RCK_MEASURE_QUANTITY_DAY; measure <= RCK_MEASURE_NOTIONAL_HOUR; measure++)
        add(RCK_CONTROL_ACCUMULATED, measure, far);
    } else if (name == "duplicate") {
      add(RCK_CONTROL_DUPLICATE, RCK_MEASURE_NONE, 0, 1'000);
    } else if (name == "repeated") {
      add(RCK_CONTROL_REPEATED_EXECUTION, RCK_MEASURE_NONE, 60, 1'000'000'000);
    } else if (name == "loss") {
      for (uint32_t measure : {RCK_MEASURE_REALISED, RCK_MEASURE_TOTAL, RCK_MEASURE_TRAILING})
        add(RCK_CONTROL_LOSS, measure, far);
    } else if (name == "session") {
      add(RCK_CONTROL_LISTS, RCK_MEASURE_SESSION, 0, 0, 1);
    } else if (name == "locate") {
      for (uint32_t instrument = 1; instrument <= instruments_; instrument++)
        add_of(RCK_SCOPE_ACCOUNT_INSTRUMENT, instrument, RCK_CONTROL_LISTS, RCK_MEASURE_LOCATE, 50'000'000);
    } else if (name == "quote") {
      add(RCK_CONTROL_QUOTE, RCK_MEASURE_AGE, RCK_TIME_NS_MAX);
      add(RCK_CONTROL_QUOTE, RCK_MEASURE_BPS, 10'000);
    } else if (name == "conduct") {
      add(RCK_CONTROL_CONDUCT, RCK_MEASURE_ORDERS_PER_TRADE, most);
      add(RCK_CONTROL_CONDUCT, RCK_MEASURE_REJECTS, most);
    } else if (name == "metric") {
      add_of(RCK_SCOPE_ACCOUNT, metric, RCK_CONTROL_METRIC, RCK_MEASURE_GREATER, 1'000);
    } else if (name == "custom") {
      add(RCK_CONTROL_CUSTOM, RCK_MEASURE_NONE, 0, 0, 1);
    } else if (name == "group_exposure") {
      add_of(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, group, RCK_CONTROL_GROUP_EXPOSURE, RCK_MEASURE_NONE, far);
    } else {
      return name == "unarmed";
    }
    return true;
  }

  const Profile &profile() const { return profile_; }

private:
  static constexpr int64_t far = int64_t{1} << 59, most = int64_t{1} << 53, day_ns = 86'400'000'000'000;
  static constexpr uint32_t metric = 1, group = 1;
  uint32_t accounts_, instruments_;
  Profile profile_;

  void add(uint32_t control, uint32_t measure, int64_t hard, int64_t window_ns = 0, uint32_t reference = 0) {
    add_of(RCK_SCOPE_ACCOUNT, 0, control, measure, hard, window_ns, reference);
  }
  void add_of(uint32_t scope, uint32_t instrument, uint32_t control, uint32_t measure, int64_t hard,
              int64_t window_ns = 0, uint32_t reference = 0) {
    for (uint32_t id = 1; id <= accounts_; id++) {
      rck_limit limit = limit_of(control, measure, scope, id, {0, 0, hard});
      limit.levels = RCK_LEVEL_HARD;
      limit.instrument = instrument;
      limit.window_ns = window_ns;
      limit.reference = reference;
      profile_.limits.push_back(limit);
    }
  }

  // What the controls look at, also where they are not armed: the same market for all.
  void feed() {
    rck_group sector{};
    sector.struct_size = sizeof sector;
    sector.id = group;
    sector.kind = RCK_GROUP_OF_INSTRUMENTS;
    std::strcpy(sector.name, "sector");
    profile_.groups.push_back(sector);
    for (auto &instrument : profile_.instruments)
      instrument.groups[0] = group;
    for (const auto &trade : profile_.trades) {
      int64_t tick = trade.instrument % 2 == 0 ? 25 : 1;
      rck_book book{};
      book.instrument = trade.instrument;
      book.bids = book.asks = 1;
      book.time_ns = trade.time_ns;
      book.bid_prices[0] = trade.price - tick;
      book.ask_prices[0] = trade.price + tick;
      book.bid_sizes[0] = book.ask_sizes[0] = 1'000'000;
      profile_.books.push_back(book);
      rck_quote quote{};
      quote.instrument = book.instrument;
      quote.time_ns = book.time_ns;
      quote.bid = book.bid_prices[0];
      quote.ask = book.ask_prices[0];
      quote.bid_size = quote.ask_size = 1'000'000;
      profile_.quotes.push_back(quote);
    }
    rck_calendar open{};
    open.struct_size = sizeof open;
    open.id = 1;
    open.entries = 1;
    open.end_ns = RCK_TIME_NS_MAX;
    open.permissions[0] = RCK_PERMIT_ALL;
    std::strcpy(open.name, "always");
    profile_.calendars.push_back(open);
    profile_.volume = 1'000'000'000;
    profile_.metric = metric;
    profile_.custom = 1;
  }
};

} // namespace bench
