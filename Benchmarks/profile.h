// A trading set-up as data: definitions, limits, market, cash. The same profile is put into the library and into
// the floor. The desk's: 16 instruments, 4 accounts, 4 strategies; P01 to P04 for the instrument, P06 for
// account x instrument, P07 gross, P09, P13 count for the account, P11 for account and strategy.
#pragma once

#include "riskcheck.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace bench {

struct Profile {
  std::vector<rck_currency> currencies;
  std::vector<rck_group> groups;
  std::vector<rck_account> accounts;
  std::vector<rck_strategy> strategies;
  std::vector<rck_instrument> instruments;
  std::vector<rck_limit> limits;
  std::vector<rck_trade> trades;
  std::vector<rck_quote> quotes;
  std::vector<rck_book> books;
  std::vector<rck_calendar> calendars;
  int64_t volume = 0;              // of every instrument's day; 0: not set
  uint32_t metric = 0, custom = 0; // a metric that is fed, a function that passes everything; 0: none
  int64_t cash = 0;                // of every account
  uint32_t money_decimals = 2;
  int64_t begun_ns = 1'700'000'000'000'000'000;
};

// Levels of a limit: 0 for one that is not armed.
struct Levels {
  int64_t warn = 0, soft = 0, hard = 0;
};

inline rck_limit limit_of(uint32_t control, uint32_t measure, uint32_t scope_kind, uint32_t id, Levels levels) {
  rck_limit limit{};
  limit.struct_size = sizeof limit;
  limit.control = control;
  limit.measure = measure;
  limit.scope_kind = scope_kind;
  limit.id = id;
  limit.warn = levels.warn;
  limit.soft = levels.soft;
  limit.hard = levels.hard;
  limit.levels = (levels.warn != 0 ? RCK_LEVEL_WARN : 0) | (levels.soft != 0 ? RCK_LEVEL_SOFT : 0) |
                 (levels.hard != 0 ? RCK_LEVEL_HARD : 0);
  limit.actor = 1;
  std::strcpy(limit.reason, "benchmark");
  return limit;
}

inline rck_instrument instrument_of(uint32_t id) {
  rck_instrument instrument{};
  instrument.struct_size = sizeof instrument;
  instrument.id = id;
  std::snprintf(instrument.name, sizeof instrument.name, "I%u", id);
  instrument.flags = RCK_ENABLED;
  // Every other one is priced in ten-thousandths of a foreign currency, so that its value has to be converted.
  bool foreign = id % 2 == 0;
  instrument.currency = foreign ? 2 : 1;
  instrument.price_decimals = foreign ? 4 : 2;
  instrument.multiplier = 1;
  instrument.lot = foreign ? 10 : 1;
  instrument.tick = foreign ? 25 : 1;
  instrument.reference = RCK_REFERENCE_LAST;
  instrument.slippage_bps = 50;
  for (auto &bps : instrument.margin_bps)
    bps = id % 3 == 0 ? 10'000 : 2'500 + 100 * id;
  return instrument;
}

// Prices of an instrument's market, in its units.
inline int64_t last_price(uint32_t instrument) { return instrument % 2 == 0 ? 1'000'000 : 10'000 + 100 * instrument; }

inline void define(Profile &profile, uint32_t accounts, uint32_t strategies, uint32_t instruments) {
  for (uint32_t id = 1; id <= 2; id++) {
    rck_currency currency{};
    currency.struct_size = sizeof currency;
    currency.id = id;
    std::strcpy(currency.name, id == 1 ? "USD" : "EUR");
    currency.rate_decimals = 4;
    currency.rate = id == 1 ? 10'000 : 10'853;
    profile.currencies.push_back(currency);
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    rck_account account{};
    account.struct_size = sizeof account;
    account.id = id;
    std::snprintf(account.name, sizeof account.name, "A%u", id);
    account.flags = RCK_ENABLED;
    account.permissions = RCK_PERMIT_ALL;
    profile.accounts.push_back(account);
  }
  for (uint32_t id = 1; id <= strategies; id++) {
    rck_strategy strategy{};
    strategy.struct_size = sizeof strategy;
    strategy.id = id;
    std::snprintf(strategy.name, sizeof strategy.name, "S%u", id);
    strategy.flags = RCK_ENABLED;
    strategy.permissions = RCK_PERMIT_ALL;
    profile.strategies.push_back(strategy);
  }
  for (uint32_t id = 1; id <= instruments; id++) {
    profile.instruments.push_back(instrument_of(id));
    rck_trade trade{};
    trade.instrument = id;
    trade.price = last_price(id);
    trade.quantity = 100;
    trade.time_ns = profile.begun_ns;
    profile.trades.push_back(trade);
  }
}

// How tight the desk's limits are: wide ones refuse nothing of the benchmark's stream, tight ones all kinds of it.
struct Tightness {
  Levels quantity, notional, collar_bps, position, gross, power_bps, count, rate;
  int64_t rate_window_ns = 1'000'000'000;
  int64_t cash = 0;
};

inline Tightness wide_limits() {
  Tightness wide;
  wide.quantity = {0, 0, 10'000};
  wide.notional = {0, 0, 500'000'000};
  wide.collar_bps = {0, 0, 500};
  wide.position = {0, 0, 50'000'000};
  wide.gross = {0, 0, 5'000'000'000'000};
  wide.power_bps = {0, 0, 10'000};
  wide.count = {0, 0, 10'000};
  wide.rate = {0, 0, 1'000};
  wide.cash = 4'000'000'000'000;
  return wide;
}

inline Profile desk_profile(const Tightness &tightness, uint32_t accounts = 4, uint32_t strategies = 4,
                            uint32_t instruments = 16) {
  Profile profile;
  profile.cash = tightness.cash;
  define(profile, accounts, strategies, instruments);
  auto add = [&profile](const rck_limit &limit) {
    if (limit.levels != 0)
      profile.limits.push_back(limit);
  };
  for (uint32_t id = 1; id <= instruments; id++) {
    add(limit_of(RCK_CONTROL_ORDER_QUANTITY, RCK_MEASURE_NONE, RCK_SCOPE_INSTRUMENT, id, tightness.quantity));
    add(limit_of(RCK_CONTROL_ORDER_NOTIONAL, RCK_MEASURE_NONE, RCK_SCOPE_INSTRUMENT, id, tightness.notional));
    rck_limit collar = limit_of(RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, RCK_SCOPE_INSTRUMENT, id, tightness.collar_bps);
    collar.reference = RCK_REFERENCE_LAST;
    add(collar);
    for (uint32_t account = 1; account <= accounts; account++) {
      rck_limit position =
          limit_of(RCK_CONTROL_POSITION, RCK_MEASURE_NONE, RCK_SCOPE_ACCOUNT_INSTRUMENT, account, tightness.position);
      position.instrument = id;
      add(position);
    }
  }
  auto rate = [&](uint32_t scope_kind, uint32_t id) {
    rck_limit limit = limit_of(RCK_CONTROL_RATE, RCK_MEASURE_NEW, scope_kind, id, tightness.rate);
    limit.window_ns = tightness.rate_window_ns;
    add(limit);
  };
  for (uint32_t id = 1; id <= accounts; id++) {
    add(limit_of(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, id, tightness.gross));
    add(limit_of(RCK_CONTROL_BUYING_POWER, RCK_MEASURE_NONE, RCK_SCOPE_ACCOUNT, id, tightness.power_bps));
    add(limit_of(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, id, tightness.count));
    rate(RCK_SCOPE_ACCOUNT, id);
  }
  for (uint32_t id = 1; id <= strategies; id++)
    rate(RCK_SCOPE_STRATEGY, id);
  return profile;
}

} // namespace bench
