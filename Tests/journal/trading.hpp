// A desk that makes records of every length, and its journal. What it does follows from its seed alone. It asserts that
// calls pass, and holds no expectations of the journal.
#ifndef RCK_JOURNAL_TRADING_HPP
#define RCK_JOURNAL_TRADING_HPP

#include "checks.hpp"
#include <cstddef>

namespace trading {

constexpr uint32_t ports = 3;

inline rck_config config(uint32_t discipline, uint64_t ring_lines) {
  rck_config config;
  PASSES(rck_config_init(&config, sizeof config));
  config.flags = RCK_TELL_COMMANDS | RCK_TELL_MARKET;
  config.discipline = discipline;
  config.clock_source = RCK_CLOCK_HOST;
  config.currencies_max = config.groups_max = config.accounts_max = config.strategies_max = 4;
  config.instruments_max = 4;
  config.positions_max = config.orders_max = config.retired_ids_max = 64;
  config.limits_max = 8;
  config.ports_max = ports;
  config.ring_lines = ring_lines;
  config.violations_max = config.history_max = config.rate_exact_max = config.windows_max = 8;
  config.duplicates_max = config.ladder_levels_max = config.price_history_max = 8;
  config.order_history_max = config.leases_max = 8;
  config.executions_max = 64;
  return config;
}

inline rck_instrument instrument(uint32_t id) {
  auto made = sized<rck_instrument>();
  made.id = id;
  made.flags = RCK_ENABLED;
  made.currency = 1;
  made.multiplier = made.lot = made.tick = 1;
  return made;
}

inline rck_calendar calendar(uint32_t id, uint64_t turn) {
  auto made = sized<rck_calendar>();
  made.id = id;
  made.entries = RCK_CALENDAR_ENTRIES_MAX;
  for (uint32_t at = 0; at < RCK_CALENDAR_ENTRIES_MAX; at++) {
    made.starts[at] = static_cast<int64_t>(turn + at);
    made.permissions[at] = RCK_PERMIT_ALL;
  }
  made.end_ns = RCK_TIME_NS_MAX;
  return made;
}

class Desk {
public:
  explicit Desk(uint64_t seed) : random(seed) {}

  rck_engine *engine = nullptr;
  rck_port *reader = nullptr;
  rck_port *writers[ports + 1] = {};

  void make(const rck_config &settings) { PASSES(rck_engine_create(&settings, nullptr, 0, &engine, nullptr)); }

  // The region in a file, made or gone on with.
  void open(const rck_config &settings, const std::string &path) {
    PASSES(rck_engine_open(&settings, path.c_str(), &engine, nullptr));
  }

  void open_reader() { PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr)); }

  void open_writer(uint32_t index) { PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &writers[index], nullptr)); }

  void define() {
    rck_currency currency = currency_one();
    PASSES(rck_currency_set(engine, &currency, nullptr));
    for (uint32_t id = 1; id <= 2; id++) {
      const rck_instrument made = instrument(id);
      PASSES(rck_instrument_set(engine, &made, nullptr));
      auto account = sized<rck_account>();
      account.id = id;
      account.flags = RCK_ENABLED;
      account.permissions = RCK_PERMIT_ALL;
      PASSES(rck_account_set(engine, &account, nullptr));
    }
  }

  // One call through a port, or by the administrator, whose record has 1 to 14 lines.
  void act(uint32_t port) {
    now_ns++;
    switch (random.below(16)) {
    case 0:
      return beat(port);
    case 1:
      return annotate(port, 1 + static_cast<uint32_t>(random.below(5)));
    case 2:
      return quote(port);
    case 3:
      return book(port);
    case 4:
      return position(port);
    case 5:
      return define_calendar();
    case 6:
      return trade(port);
    default:
      return order(port);
    }
  }

  void act_somewhere() { act(1 + static_cast<uint32_t>(random.below(ports))); }

  void close_ports() {
    for (rck_port *&port : writers)
      close_port(port);
    close_port(reader);
  }

  void close() {
    close_ports();
    PASSES(rck_engine_close(engine));
    engine = nullptr;
  }

  rck_stats stats(uint32_t index) const {
    auto found = sized<rck_stats>();
    PASSES(rck_stats_read(engine, index, &found));
    return found;
  }

  int64_t now_ns = 1;
  uint64_t order_id = 0, annotation = 0;
  Random random;

private:
  struct Live {
    uint64_t token, order_id;
    int64_t filled;
  };
  std::vector<Live> live;

  static void close_port(rck_port *&port) {
    if (port)
      PASSES(rck_port_close(port));
    port = nullptr;
  }

  void beat(uint32_t port) { PASSES(rck_beat(writers[port], now_ns)); }

  void annotate(uint32_t port, uint32_t count) {
    rck_event events[8];
    for (uint32_t at = 0; at < count; at++)
      events[at] = numbered_event(++annotation, port, now_ns);
    NEED(rck_event_write(writers[port], events, count) >= 0);
  }

  void quote(uint32_t port) {
    rck_quote made{};
    made.instrument = 1 + static_cast<uint32_t>(random.below(2));
    made.bid = 90 + static_cast<int64_t>(random.below(10));
    made.ask = made.bid + 1;
    made.bid_size = made.ask_size = 5;
    made.time_ns = now_ns;
    PASSES(rck_market_quote(writers[port], &made));
  }

  void trade(uint32_t port) {
    rck_trade made{};
    made.instrument = 1 + static_cast<uint32_t>(random.below(2));
    made.price = 90 + static_cast<int64_t>(random.below(10));
    made.quantity = 1;
    made.time_ns = now_ns;
    PASSES(rck_market_trade(writers[port], &made));
  }

  void book(uint32_t port) {
    rck_book made{};
    made.instrument = 1 + static_cast<uint32_t>(random.below(2));
    made.bids = made.asks = RCK_BOOK_LEVELS;
    made.time_ns = now_ns;
    for (uint32_t at = 0; at < RCK_BOOK_LEVELS; at++) {
      made.bid_prices[at] = 100 - static_cast<int64_t>(at);
      made.ask_prices[at] = 101 + static_cast<int64_t>(at);
      made.bid_sizes[at] = made.ask_sizes[at] = 1 + static_cast<int64_t>(random.below(9));
    }
    PASSES(rck_market_book(writers[port], &made));
  }

  void position(uint32_t port) {
    auto made = sized<rck_position>();
    made.account = made.instrument = 1 + static_cast<uint32_t>(random.below(2));
    made.quantity = static_cast<int64_t>(random.below(100)) - 50;
    made.price = 95;
    made.actor = 1;
    strcpy(made.reason, "end of day");
    PASSES(rck_position_set(writers[port], &made, nullptr));
  }

  void define_calendar() {
    const rck_calendar made = calendar(1, random.below(1000));
    PASSES(rck_calendar_set(engine, &made, nullptr));
  }

  // A new order, a fill, a cancel or an end.
  void order(uint32_t port) {
    rck_verdict verdict;
    if (live.size() < 16 && !(live.size() > 4 && random.once_in(2)))
      return enter(port);
    const size_t which = random.below(live.size());
    Live &one = live[which];
    if (random.once_in(3)) {
      NEED(rck_cancel(writers[port], one.token, 0, now_ns, &verdict) >= 0);
    } else if (random.once_in(2) && one.filled < 9) {
      fill(port, one);
    } else {
      NEED(rck_release(writers[port], one.token, 0, RCK_RELEASE_CANCELLED, now_ns, &verdict) >= 0);
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }

  void enter(uint32_t port) {
    rck_order made{};
    rck_verdict verdict;
    made.order_id = ++order_id;
    made.price = 90 + static_cast<int64_t>(random.below(10));
    made.quantity = 10;
    made.time_ns = now_ns;
    made.correlation_id = random.next();
    made.account = 1 + static_cast<uint32_t>(random.below(2));
    made.instrument = 1 + static_cast<uint32_t>(random.below(2));
    made.side = 1 + random.below(2);
    made.type = RCK_TYPE_LIMIT;
    made.time_in_force = RCK_FORCE_DAY;
    PASSES(rck_check(writers[port], &made, &verdict));
    live.push_back({verdict.token, made.order_id, 0});
  }

  void fill(uint32_t port, Live &one) {
    rck_report made{};
    rck_verdict verdict;
    made.token = one.token;
    made.kind = RCK_REPORT_FILL;
    made.last_quantity = 1;
    made.cumulative_quantity = ++one.filled;
    made.last_price = 95;
    made.time_ns = now_ns;
    NEED(rck_fill(writers[port], &made, &verdict) >= 0);
  }
};

inline rck_journal_config journal_config(uint32_t sync, uint64_t segment_bytes = 65536) {
  auto made = sized<rck_journal_config>();
  made.sync = sync;
  made.sync_interval_ns = sync == RCK_SYNC_INTERVAL ? 1 : 0;
  made.segment_bytes = segment_bytes;
  return made;
}

} // namespace trading

#endif
