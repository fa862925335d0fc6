// A small trading engine: two strategies, each in a thread with a port of its own (strategy.h), trade three
// instruments on one account; the main thread feeds them a seeded market, reads what happened out of the rings, and
// stops everything at the end. The market's time is the engine's (RCK_CLOCK_HOST). It shows what is accepted,
// what is refused and why, and what a check costs on this machine; and it checks itself: it ends with 1 unless
// the engine agrees with what the strategies saw and nothing is left open.
#include "strategy.h"

#include <cstring>

namespace {

using namespace demo;

constexpr u32 feed_port = 3, actor = 7;
constexpr std::size_t ticks = 200'000, halt_at = ticks - 2'000, ahead_max = 64;
constexpr i64 tick_ns = 20'000, millisecond_ns = 1'000'000, start_ns = 1'700'000'000'000'000'000;

template <typename Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

template <typename Record> Record named(u32 id, const char *name) {
  Record record = sized<Record>();
  record.id = id;
  std::strncpy(record.name, name, sizeof record.name - 1);
  return record;
}

void define(rck_engine *engine) {
  rck_fault fault{};
  rck_currency currency = named<rck_currency>(1, "USD");
  currency.rate = 1;
  must(rck_currency_set(engine, &currency, &fault), "currency");
  currency = named<rck_currency>(2, "EUR");
  currency.rate = 1'085;
  currency.rate_decimals = 3;
  must(rck_currency_set(engine, &currency, &fault), "currency");
  rck_account prop = named<rck_account>(account, "prop-1");
  prop.flags = RCK_ENABLED | RCK_POWER_REALISED;
  prop.permissions = RCK_PERMIT_ALL;
  must(rck_account_set(engine, &prop, &fault), "account");
  for (u32 id = 1; id <= strategies; id++) {
    rck_strategy strategy = named<rck_strategy>(id, id == 1 ? "fade" : "follow");
    strategy.flags = RCK_ENABLED;
    strategy.permissions = RCK_PERMIT_ALL;
    must(rck_strategy_set(engine, &strategy, &fault), "strategy");
  }
  for (u32 id = 1; id <= instruments; id++) {
    rck_instrument instrument = named<rck_instrument>(id, products[id].name);
    instrument.flags = RCK_ENABLED;
    instrument.currency = products[id].currency;
    instrument.price_decimals = 2;
    instrument.multiplier = products[id].multiplier;
    instrument.lot = 1;
    instrument.tick = products[id].tick;
    instrument.margin_bps[0] = products[id].margin_bps;
    instrument.reference = RCK_REFERENCE_LAST; // market orders are valued at it, worsened by the slippage
    instrument.slippage_bps = 20;
    must(rck_instrument_set(engine, &instrument, &fault), "instrument");
  }
}

/// One hard limit; with `warn`, a level that only warns below it.
void limit(rck_engine *engine, u32 control, u32 measure, u32 scope_kind, u32 id, i64 hard, i64 warn = 0,
           u32 instrument = 0) {
  rck_limit limit = sized<rck_limit>();
  limit.control = control;
  limit.measure = measure;
  limit.scope_kind = scope_kind;
  limit.id = id;
  limit.instrument = instrument;
  limit.levels = RCK_LEVEL_HARD | (warn ? RCK_LEVEL_WARN : 0);
  limit.warn = warn;
  limit.hard = hard;
  limit.actor = actor;
  std::strcpy(limit.reason, "the desk's limits");
  if (control == RCK_CONTROL_RATE)
    limit.window_ns = millisecond_ns;
  if (control == RCK_CONTROL_COLLAR) {
    limit.reference = RCK_REFERENCE_LAST;
    limit.flags = RCK_AGGRESSIVE_ONLY;
  }
  rck_fault fault{};
  if (rck_limit_set(engine, &limit, 0, &fault) != RCK_OK)
    fail(fault.field, rck_status_name(fault.status));
}

void set_limits(rck_engine *engine) {
  constexpr i64 cents = 100, million = 1'000'000 * cents;
  constexpr u32 none = RCK_MEASURE_NONE, whole = RCK_SCOPE_ACCOUNT;
  limit(engine, RCK_CONTROL_ORDER_QUANTITY, none, whole, account, 500);
  limit(engine, RCK_CONTROL_ORDER_NOTIONAL, none, whole, account, 4 * million);
  limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, whole, account, 20 * million, 15 * million);
  limit(engine, RCK_CONTROL_BUYING_POWER, none, whole, account, 10'000); // all of it
  constexpr std::array<i64, instruments + 1> most = {0, 40, 2'500, 50};
  for (u32 id = 1; id <= instruments; id++) {
    limit(engine, RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, RCK_SCOPE_INSTRUMENT, id, 200);
    limit(engine, RCK_CONTROL_POSITION, none, RCK_SCOPE_ACCOUNT_INSTRUMENT, account, most[id], 0, id);
  }
  for (u32 id = 1; id <= strategies; id++) {
    limit(engine, RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_STRATEGY, id, 100);
    limit(engine, RCK_CONTROL_RATE, RCK_MEASURE_MODIFY, RCK_SCOPE_STRATEGY, id, 20);
    limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY, id, 40);
    for (u32 on = 1; on <= instruments; on++)
      limit(engine, RCK_CONTROL_POSITION, none, RCK_SCOPE_STRATEGY_INSTRUMENT, id, most[on] / 4 * 3, 0, on);
  }
  u64 generation = 0;
  rck_fault fault{};
  must(rck_limits_publish(engine, &generation, &fault), "publish");
}

/// A walk of each instrument's price, two ticks up or down at most, within a tenth of where it began.
std::vector<Tick> walk() {
  std::vector<Tick> market(ticks);
  std::mt19937_64 random(42);
  std::array<i64, instruments + 1> price{};
  for (u32 id = 1; id <= instruments; id++)
    price[id] = products[id].price;
  for (std::size_t at = 0; at < ticks; at++) {
    const u32 id = 1 + static_cast<u32>(random() % instruments);
    const i64 moved = price[id] + (static_cast<i64>(random() % 5) - 2) * products[id].tick;
    if (std::abs(moved - products[id].price) <= products[id].price / 10)
      price[id] = moved;
    market[at] = {id, price[id], start_ns + static_cast<i64>(at) * tick_ns};
  }
  return market;
}

/// Takes events out of the rings of all ports, and sees to it that none is missing unnoticed.
struct Reader {
  rck_port *port = nullptr;
  std::array<u64, feed_port + 1> last{}, missed{};
  u64 read = 0, refused = 0, anomalies = 0, latched = 0, filled = 0;

  void drain() {
    std::array<rck_event, 512> lines;
    for (u32 source = 0, count = 1; source <= feed_port; source += count == 0) {
      must(rck_events_read(port, source, lines.data(), lines.size(), &count), "read");
      for (u32 at = 0; at < count; at += lines[at].lines)
        take(lines[at]);
    }
  }

  void take(const rck_event &event) {
    missed[event.port] += event.sequence - last[event.port] - 1;
    last[event.port] = event.sequence;
    read++;
    refused += event.kind == RCK_EVENT_REFUSED;
    anomalies += event.kind == RCK_EVENT_ANOMALY;
    latched += event.kind == RCK_EVENT_LATCHED;
    filled += event.kind == filled_event;
  }
};

/// Hands the market to the engine tick by tick, never far ahead of the strategies, and halts the account.
void feed(rck_engine *engine, rck_port *port, Reader &reader, Shared &shared) {
  for (std::size_t at = 0; at < ticks; at++) {
    for (u32 id = 1; id <= strategies; id++)
      while (shared.done[id].load(std::memory_order_acquire) + ahead_max < at) {
        reader.drain();
        std::this_thread::yield();
      }
    const Tick &tick = shared.market[at];
    const i64 half = products[tick.instrument].tick;
    rck_quote quote{};
    quote.instrument = tick.instrument;
    quote.bid = tick.price - half;
    quote.ask = tick.price + half;
    quote.bid_size = quote.ask_size = 100;
    quote.time_ns = tick.time_ns;
    must(rck_market_quote(port, &quote), "quote");
    rck_trade trade{};
    trade.instrument = tick.instrument;
    trade.price = tick.price;
    trade.quantity = 1;
    trade.time_ns = tick.time_ns;
    must(rck_market_trade(port, &trade), "trade");
    shared.published.store(at + 1, std::memory_order_release);
    if (at % 256 == 0)
      reader.drain();
    if (at != halt_at)
      continue;
    rck_latch halt = sized<rck_latch>();
    halt.scope_kind = RCK_SCOPE_ACCOUNT;
    halt.id = account;
    halt.state = RCK_STATE_HALTED;
    halt.actor = actor;
    std::strcpy(halt.reason, "the demonstration ends");
    rck_fault fault{};
    must(rck_latch_set(engine, &halt, &fault), "halt");
    shared.halted.store(true, std::memory_order_release);
  }
}

/// Lists what the halted strategies left open, and ends it: cancelled at the venue, then released here.
u32 close_open_orders(rck_engine *engine, rck_port *port, i64 time_ns) {
  std::array<rck_order_info, 16> orders;
  u32 cursor = 0, count = 0, released = 0;
  while (true) {
    must(rck_open_orders(engine, RCK_SCOPE_ACCOUNT, account, orders.data(), orders.size(), &cursor, &count),
         "open orders");
    if (count == 0)
      return released;
    for (u32 at = 0; at < count; at++, released++) {
      const rck_order_info &order = orders[at];
      if (released < 3)
        std::printf("  open     order %llx: %s %lld %s, %lld left, %.2f reserved\n",
                    static_cast<unsigned long long>(order.order_id), order.side == RCK_SIDE_BUY ? "buy" : "sell",
                    static_cast<long long>(order.quantity), products[order.instrument].name,
                    static_cast<long long>(order.leaves), static_cast<double>(order.reserved_value) / 100);
      rck_verdict verdict;
      must(rck_cancel(port, order.token, 0, time_ns, &verdict), "cancel");
      must(rck_release(port, order.token, 0, RCK_RELEASE_CANCELLED, time_ns, &verdict), "release");
    }
  }
}

void print_latency(const char *what, std::vector<u32> &nanoseconds) {
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const auto at = [&](double share) {
    return nanoseconds.empty() ? 0 : nanoseconds[static_cast<std::size_t>(share * (nanoseconds.size() - 1))];
  };
  std::printf("  rck_check, %s with two clock reads: p50 %u ns, p99 %u ns, p99.9 %u ns\n", what, at(0.5), at(0.99),
              at(0.999));
}

unsigned long long shown(u64 number) { return number; }

void print_orders(const std::array<Strategy *, strategies> &all) {
  std::vector<u32> accepted, refused;
  std::array<Refusals, 33> refusals;
  for (const Strategy *one : all) {
    accepted.insert(accepted.end(), one->accepted_ns.begin(), one->accepted_ns.end());
    refused.insert(refused.end(), one->refused_ns.begin(), one->refused_ns.end());
    for (std::size_t control = 0; control < refusals.size(); control++) {
      refusals[control].count += one->refusals[control].count;
      if (refusals[control].first.empty())
        refusals[control].first = one->refusals[control].first;
    }
  }
  const auto sum = [&](u64 Strategy::*count) { return shown(all[0]->*count + all[1]->*count); };
  std::printf("  orders   %zu accepted, %llu of them with a warning; %zu refused, %llu of them for what the other "
              "thread held\n",
              accepted.size(), sum(&Strategy::warned), refused.size(), sum(&Strategy::contended));
  std::printf("  changes  %llu amended, %llu amends refused; %llu cancelled\n", sum(&Strategy::amended),
              sum(&Strategy::amends_refused), sum(&Strategy::cancelled));
  std::printf("  fills    %llu, %llu of them late; %llu repeated reports changed nothing\n", sum(&Strategy::fills),
              sum(&Strategy::late), sum(&Strategy::repeats));
  std::printf("  refused, by control, each with the first of its kind in the words of rck_explain:\n");
  for (u32 control = 0; control < refusals.size(); control++) {
    if (refusals[control].count == 0)
      continue;
    rck_control_info info = sized<rck_control_info>();
    const bool known = rck_control_describe(control, &info) == RCK_OK;
    std::printf("  %6llu   %-16s %s\n", shown(refusals[control].count), known ? info.name : "no control",
                refusals[control].first.c_str());
  }
  print_latency("accepted,", accepted);
  print_latency("refused, ", refused);
}

void expect(bool holds, const char *what) {
  if (!holds)
    fail("the check of the demonstration", what);
}

/// The positions and the books, and whether they agree with the strategies' own sums. Nothing is open.
void settle(rck_engine *engine, const std::array<Strategy *, strategies> &all) {
  for (u32 id = 1; id <= instruments; id++) {
    rck_position_info row = sized<rck_position_info>();
    row.account = account;
    row.instrument = id;
    must(rck_position_get(engine, &row), "position");
    std::printf("  position %s net %+lld, booked %.2f, realised %+.2f, marked %+.2f\n", products[id].name,
                static_cast<long long>(row.net), static_cast<double>(row.booked) / 100,
                static_cast<double>(row.realised) / 100, static_cast<double>(row.marked) / 100);
    i64 net = 0;
    for (u32 strategy = 1; strategy <= strategies; strategy++) {
      rck_position_info part = sized<rck_position_info>();
      part.strategy = strategy;
      part.instrument = id;
      must(rck_position_get(engine, &part), "position of a strategy");
      expect(part.net == all[strategy - 1]->net[id], "a strategy's position is what it saw filled");
      net += part.net;
    }
    expect(row.net == net, "the account's position is the sum of its strategies'");
    expect((row.open_buys | row.open_sells | row.buys | row.sells) == 0, "nothing is reserved in a position");
  }
  rck_book_info book = sized<rck_book_info>();
  for (u32 id = 0; id <= strategies; id++) { // the strategies' books, and last the account's
    book.scope_kind = id < strategies ? RCK_SCOPE_STRATEGY : RCK_SCOPE_ACCOUNT;
    book.id = id < strategies ? id + 1 : account;
    must(rck_book_get(engine, &book), "book");
    expect(book.orders == 0 && book.orders_value == 0, "no order is live and nothing is reserved in a book");
  }
  std::printf("  book     gross %.2f, margin %.2f of cash %.2f, realised %+.2f, marked %+.2f; %lld orders\n",
              static_cast<double>(book.gross) / 100, static_cast<double>(book.margin) / 100,
              static_cast<double>(book.cash) / 100, static_cast<double>(book.realised) / 100,
              static_cast<double>(book.marked) / 100, static_cast<long long>(book.orders));
}

/// Every event that was written came out once and in order, and there are as many as things happened.
void check_events(rck_engine *engine, Reader &reader, const std::array<Strategy *, strategies> &all) {
  reader.drain();
  u64 lost = 0, missed = 0, refusals = 0, fills = 0, high = 0;
  for (u32 index = 0; index <= feed_port; index++) {
    rck_stats stats = sized<rck_stats>();
    must(rck_stats_read(engine, index, &stats), "stats");
    expect(stats.events_read == stats.events_written, "every event was read");
    lost += stats.events_lost;
    missed += reader.missed[index];
    high = std::max<u64>(high, stats.ring_lines_used_max);
  }
  for (const Strategy *one : all) {
    fills += one->fills;
    for (const Refusals &kind : one->refusals)
      refusals += kind.count;
  }
  std::printf("  events   %llu read: %llu refusals, %llu fills of our own, %llu anomalies, %llu latch; "
              "%llu lost, a ring held %llu at most\n",
              shown(reader.read), shown(reader.refused), shown(reader.filled), shown(reader.anomalies),
              shown(reader.latched), shown(lost), shown(high));
  expect(missed == lost, "an event that is missing was counted as lost");
  expect(reader.filled == fills, "every fill's event came");
  expect(reader.refused == refusals || lost > 0, "every refusal's event came");
}

/// Trades until the account is halted, ends what is open, and shows what came of it.
void trade(rck_engine *engine, const std::array<rck_port *, feed_port + 1> &ports, Reader &reader) {
  rck_port *const port = ports[feed_port];
  Shared shared;
  shared.market = walk();
  Strategy fade(shared, ports[1], 1), follow(shared, ports[2], 2);
  std::thread first([&] { fade.run(); }), second([&] { follow.run(); });
  feed(engine, port, reader, shared);
  first.join();
  second.join();
  const i64 now = shared.market.back().time_ns;
  print_orders({&fade, &follow});
  const u32 released = close_open_orders(engine, port, now);
  std::printf("  halted   by rck_latch_set; %u open orders listed and released\n", released);
  for (u32 id = 1; id <= instruments; id++) {
    const auto is = [&](const Tick &tick) { return tick.instrument == id; };
    const auto last = std::find_if(shared.market.rbegin(), shared.market.rend(), is);
    must(rck_mark(port, id, last->price, now), "mark");
  }
  check_events(engine, reader, {&fade, &follow});
  settle(engine, {&fade, &follow});
}

} // namespace

int main() {
  rck_build build = sized<rck_build>();
  must(rck_build_info(&build), "build");
  std::printf("C++: riskcheck %s, %s, %s, commit %s\n", build.version, build.mode, build.compiler, build.commit);
  rck_fault fault{};
  rck_config config;
  must(rck_config_init(&config, sizeof config), "config");
  config.clock_source = RCK_CLOCK_HOST;
  config.ports_max = feed_port;
  config.ring_lines = 16'384;
  u64 bytes = 0;
  must(rck_region_bytes(&config, &bytes, &fault), "bytes");
  rck_engine *engine = nullptr;
  must(rck_engine_create(&config, nullptr, 0, &engine, &fault), "create");
  std::printf("  region   %llu bytes, all of it had now\n", shown(bytes));
  define(engine);
  set_limits(engine);

  std::array<rck_port *, feed_port + 1> ports{};
  for (u32 index = 1; index <= feed_port; index++)
    must(rck_port_open(engine, index, RCK_PORT_WRITER, &ports[index], &fault), "port");
  Reader reader;
  must(rck_port_open(engine, 0, RCK_PORT_READER, &reader.port, &fault), "reader");
  rck_cash cash = sized<rck_cash>();
  cash.account = account;
  cash.cash = 80'000'000; // 800,000
  cash.actor = actor;
  std::strcpy(cash.reason, "the day's opening");
  must(rck_cash_set(ports[feed_port], &cash, &fault), "cash");
  must(rck_warm(ports[feed_port]), "warm");

  trade(engine, ports, reader);

  for (u32 index = 1; index <= feed_port; index++)
    must(rck_port_close(ports[index]), "close");
  must(rck_port_close(reader.port), "close");
  must(rck_engine_close(engine), "close");
  std::printf("  checked  nothing is open or reserved, positions are what was filled, no event is missing\n");
  return 0;
}
