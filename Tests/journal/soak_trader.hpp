// A thread that trades for the soak test: checks, fills, cancels, releases, by its own port. Allocates nothing once it
// trades. It asserts that calls are taken, and counts what is refused.
#ifndef RCK_JOURNAL_SOAK_TRADER_HPP
#define RCK_JOURNAL_SOAK_TRADER_HPP

#include "checks.hpp"
#include "layout.hpp"

namespace soak {

constexpr uint32_t accounts = 16, strategies = 100, instruments = 50;
constexpr uint64_t live_max = 256; // a power of two
constexpr int64_t day_ns = 86'400'000'000'000;

inline rck_config config(uint32_t writers) {
  rck_config config;
  PASSES(rck_config_init(&config, sizeof config));
  config.flags = RCK_TELL_COMMANDS | RCK_PREFAULT;
  config.discipline = writers == 1 ? RCK_ONE_WRITER : RCK_MANY_WRITERS;
  config.clock_source = RCK_CLOCK_HOST;
  config.accounts_max = accounts;
  config.strategies_max = strategies;
  config.instruments_max = instruments;
  config.orders_max = 16'384;
  config.retired_ids_max = 16'384;
  config.positions_max = accounts * instruments + strategies * instruments;
  config.ports_max = writers;
  config.ring_lines = 1 << (writers == 1 ? 18 : 17);
  config.windows_max = 256;
  return config;
}

inline void limit(rck_engine *engine, uint32_t control, uint32_t measure, uint32_t scope, uint32_t id, int64_t hard,
                  int64_t window_ns = 0) {
  auto made = sized<rck_limit>();
  made.control = control;
  made.measure = measure;
  made.scope_kind = scope;
  made.id = id;
  made.levels = RCK_LEVEL_HARD;
  made.hard = hard;
  made.window_ns = window_ns;
  made.actor = 1;
  strcpy(made.reason, "agreed");
  PASSES(rck_limit_set(engine, &made, 0, nullptr));
}

inline void define(rck_engine *engine) {
  rck_currency currency = currency_one();
  PASSES(rck_currency_set(engine, &currency, nullptr));
  for (uint32_t id = 1; id <= instruments; id++) {
    auto made = sized<rck_instrument>();
    made.id = id;
    made.flags = RCK_ENABLED;
    made.currency = 1;
    made.multiplier = made.lot = made.tick = 1;
    PASSES(rck_instrument_set(engine, &made, nullptr));
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    auto made = sized<rck_account>();
    made.id = id;
    made.flags = RCK_ENABLED;
    made.permissions = RCK_PERMIT_ALL;
    PASSES(rck_account_set(engine, &made, nullptr));
    limit(engine, RCK_CONTROL_ORDER_QUANTITY, RCK_MEASURE_NONE, RCK_SCOPE_ACCOUNT, id, 98);
    limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, id, 1ll << 50);
  }
  for (uint32_t id = 1; id <= strategies; id++) {
    auto made = sized<rck_strategy>();
    made.id = id;
    made.flags = RCK_ENABLED;
    made.permissions = RCK_PERMIT_ALL;
    PASSES(rck_strategy_set(engine, &made, nullptr));
    limit(engine, RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_STRATEGY, id, 250, 1'000'000'000);
  }
  PASSES(rck_limits_publish(engine, nullptr, nullptr));
}

class Trader {
public:
  Trader(rck_engine *of, uint32_t number, uint32_t of_how_many, uint64_t seed)
      : engine(of), index(number), writers(of_how_many), random(seed * 977 + number) {
    PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr));
  }

  uint64_t checks = 0, refused = 0;

  // One second, or this port's share of it.
  void trade(int64_t begin_ns) {
    const uint64_t count = (random.once_in(60) ? 10'000 : 600 + random.below(470)) / writers;
    for (uint64_t at = 0; at < count; at++) {
      now_ns = begin_ns + static_cast<int64_t>(at * (1'000'000'000 / count));
      check();
      while (last - first > live_max / 2 + random.below(live_max / 2))
        end(live[first++ % live_max]);
    }
    if (index == 1 && begin_ns / day_ns != day) {
      uint32_t released = 0;
      day = begin_ns / day_ns;
      PASSES(rck_day_start(port, static_cast<uint32_t>(20'260'101 + day), &released, nullptr));
    }
  }

  void annotate() {
    const rck_event event = numbered_event(1, index, now_ns);
    PASSES(rck_event_write(port, &event, 1));
  }

private:
  struct Live {
    uint64_t token;
    int64_t quantity;
  };
  rck_engine *engine;
  rck_port *port = nullptr;
  const uint32_t index, writers;
  Random random;
  int64_t now_ns = 0, day = 0;
  Live live[live_max];
  uint64_t first = 0, last = 0;
  rck_verdict verdict;

  void check() {
    rck_order order{};
    order.order_id = ++checks * 8 + index;
    order.price = 1000 + static_cast<int64_t>(random.below(50));
    order.quantity = 1 + static_cast<int64_t>(random.below(100));
    order.time_ns = now_ns;
    order.correlation_id = order.order_id;
    order.account = 1 + static_cast<uint32_t>(random.below(accounts));
    order.strategy = 1 + static_cast<uint32_t>(random.below(strategies));
    order.instrument = 1 + static_cast<uint32_t>(random.below(instruments));
    order.side = 1 + random.below(2);
    order.type = RCK_TYPE_LIMIT;
    order.time_in_force = RCK_FORCE_GOOD_TILL_CANCEL;
    const rck_status status = rck_check(port, &order, &verdict);
    NEED(status >= 0);
    if (status == RCK_OK)
      live[last++ % live_max] = {verdict.token, order.quantity};
    else
      refused++;
  }

  // Half are filled, the others cancelled or rejected.
  void end(const Live &one) {
    const uint64_t what = random.below(4);
    if (what < 2)
      return fill(one);
    if (what == 2)
      NEED(rck_cancel(port, one.token, 0, now_ns, &verdict) >= 0);
    const uint32_t reason = what == 2 ? RCK_RELEASE_CANCELLED : RCK_RELEASE_REJECTED;
    NEED(rck_release(port, one.token, 0, reason, now_ns, &verdict) >= 0);
  }

  void fill(const Live &one) {
    rck_report report{};
    report.token = one.token;
    report.kind = RCK_REPORT_FILL;
    report.last_quantity = report.cumulative_quantity = one.quantity;
    report.last_price = 1025;
    report.time_ns = now_ns;
    NEED(rck_fill(port, &report, &verdict) >= 0);
  }
};

} // namespace soak

#endif
