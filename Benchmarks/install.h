// A profile put into an engine of the library, and into a floor.
#pragma once

#include "floor/floor.h"
#include "profile.h"
#include "queue_riskcheck.h"
#include "random.h"

namespace bench {

template <bool Shared> void install(desk_floor::Floor<Shared> &floor, const Profile &profile) {
  auto &engine = floor.engine;
  for (const auto &currency : profile.currencies)
    engine.define(currency);
  for (const auto &account : profile.accounts)
    engine.define(account);
  for (const auto &strategy : profile.strategies)
    engine.define(strategy);
  for (const auto &instrument : profile.instruments)
    engine.define(instrument);
  for (const auto &limit : profile.limits)
    engine.limit(limit);
  for (const auto &trade : profile.trades)
    engine.trade(trade.instrument, trade.price);
  for (const auto &account : profile.accounts)
    engine.cash(engine.port(1), account.id, profile.cash);
  engine.publish();
}

inline void install_definitions(rck_engine *engine, const Profile &profile) {
  for (const auto &currency : profile.currencies)
    expect_ok("rck_currency_set", rck_currency_set(engine, &currency, nullptr));
  for (const auto &group : profile.groups)
    expect_ok("rck_group_set", rck_group_set(engine, &group, nullptr));
  for (const auto &account : profile.accounts)
    expect_ok("rck_account_set", rck_account_set(engine, &account, nullptr));
  for (const auto &strategy : profile.strategies)
    expect_ok("rck_strategy_set", rck_strategy_set(engine, &strategy, nullptr));
  for (const auto &instrument : profile.instruments)
    expect_ok("rck_instrument_set", rck_instrument_set(engine, &instrument, nullptr));
  for (const auto &calendar : profile.calendars)
    expect_ok("rck_calendar_set", rck_calendar_set(engine, &calendar, nullptr));
}

inline int32_t pass_all(void *, const rck_order *, int64_t) { return 0; }

inline void install_custom(rck_engine *engine, uint32_t id) {
  rck_custom custom{};
  custom.struct_size = sizeof custom;
  custom.id = id;
  custom.actor = 1;
  std::strcpy(custom.reason, "benchmark");
  expect_ok("rck_custom_set", rck_custom_set(engine, &custom, pass_all, nullptr, nullptr));
}

inline void install_limit(rck_engine *engine, const rck_limit &limit) {
  rck_fault fault{};
  rck_status set = rck_limit_set(engine, &limit, 0, &fault);
  if (set != RCK_OK) {
    std::fprintf(stderr, "riskbench: limit of control %u measure %u scope %u id %u: %s is %lld\n",
                 unsigned(limit.control), unsigned(limit.measure), unsigned(limit.scope_kind), limit.id, fault.field,
                 static_cast<long long>(fault.value));
  }
  expect_ok("rck_limit_set", set);
}

inline void install(rck_engine *engine, rck_port *port, const Profile &profile) {
  install_definitions(engine, profile);
  for (const auto &limit : profile.limits)
    install_limit(engine, limit);
  for (const auto &trade : profile.trades)
    expect_ok("rck_market_trade", rck_market_trade(port, &trade));
  for (const auto &quote : profile.quotes)
    expect_ok("rck_market_quote", rck_market_quote(port, &quote));
  for (const auto &book : profile.books)
    expect_ok("rck_market_book", rck_market_book(port, &book));
  for (const auto &instrument : profile.instruments)
    if (profile.volume != 0)
      expect_ok("rck_market_volume", rck_market_volume(port, instrument.id, profile.volume));
  if (profile.metric != 0)
    expect_ok("rck_metric_set", rck_metric_set(port, profile.metric, 1, profile.begun_ns));
  if (profile.custom != 0)
    install_custom(engine, profile.custom);
  for (const auto &account : profile.accounts) {
    rck_cash cash{};
    cash.struct_size = sizeof cash;
    cash.account = account.id;
    cash.cash = profile.cash;
    cash.actor = 1;
    std::strcpy(cash.reason, "benchmark");
    expect_ok("rck_cash_set", rck_cash_set(port, &cash, nullptr));
  }
  expect_ok("rck_limits_publish", rck_limits_publish(engine, nullptr, nullptr));
}

} // namespace bench
