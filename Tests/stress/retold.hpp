// Threads whose every command is told, while another thread takes the records to a journal. At rest the journal is done
// again to a new engine.
//
// What must hold: nothing is lost or skipped, each order that passed is there again, no report, end or answer has
// another outcome, and both engines are in one state. With `moves`, prices move, reports go beyond orders, are undone,
// and come late, amends give new ids, accounts are latched, and threads end each other's orders: then a fact may take
// what an order that passed beside it needs, and such an order is entered all the same. Without, every order that
// passed passes in the order of tickets too.
#ifndef RCK_STRESS_RETOLD_HPP
#define RCK_STRESS_RETOLD_HPP

#include "retrader.hpp"
#include <filesystem>

namespace desk {

class Retold {
public:
  Retold(const Run &asked, const std::string &path, bool moving)
      : run(asked), directory(path + ".journal"), moves(moving) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directory(directory);
    const rck_config config = config_of();
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
    auto settings = sized<rck_journal_config>();
    settings.segment_bytes = 1 << 22;
    PASSES(rck_journal_open(reader, directory.c_str(), &settings, nullptr));
    define(engine, accounts, strategies, instruments);
    set_limits();
    ports.resize(run.threads);
    for (uint32_t index = 0; index < run.threads; index++)
      PASSES(rck_port_open(engine, index + 1, RCK_PORT_WRITER, &ports[index], nullptr));
  }

  void play() {
    std::vector<std::thread> threads;
    std::atomic<bool> ends{false};
    std::thread pump([&] {
      while (!ends)
        take();
    });
    for (uint32_t thread = 0; thread < run.threads; thread++)
      threads.emplace_back([&, thread] {
        const Unrest unrest(run.seed * 8 + thread);
        work(thread);
      });
    for (std::thread &thread : threads)
      thread.join();
    ends = true;
    pump.join();
    while (take())
      continue;
    PASSES(rck_journal_close(reader, nullptr));
    replay();
  }

private:
  const Run run;
  const std::string directory;
  const bool moves;
  rck_engine *engine = nullptr;
  rck_port *reader = nullptr;
  std::vector<rck_port *> ports;
  std::atomic<int64_t> clock{1};
  std::atomic<uint64_t> numbers{0};
  static constexpr uint64_t told_most = 1 << 16;

  // Each port remembers its own orders: places for all at once, so that none is forgotten for another port's.
  rck_config config_of() const {
    rck_config config;
    small_config(&config);
    config.flags |= RCK_TELL_COMMANDS | RCK_TELL_MARKET | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
    config.clock_source = RCK_CLOCK_HOST;
    config.clock_back_ns_max = 1000000;
    config.money_decimals = 0;
    config.ports_max = run.threads;
    config.ring_lines = 1 << 14;
    config.orders_max = 1 << 15;
    config.retired_ids_max = 1 << 11;
    config.executions_max = 1 << 13;
    config.limits_max = 32;
    config.windows_max = 128;
    return config;
  }

  // Tight: two of three orders are refused.
  void set_limits() {
    rck_limit position = limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 40);
    position.instrument = 1;
    set(engine, position);
    set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 2, 3000));
    set(engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, 3, 6));
    set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, 9000));
    if (moves) {
      // In the order of tickets a window may have its messages in another order.
      rck_limit rate = limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, 1, 8);
      rate.window_ns = 40;
      set(engine, rate);
    }
    publish(engine);
  }

  bool take() {
    auto info = sized<rck_pump_info>();
    PASSES(rck_journal_pump(reader, &info, nullptr));
    if (info.records == 0)
      sched_yield();
    return info.waiting != 0;
  }

  void wait_for_room(uint32_t ring) const {
    auto stats = sized<rck_stats>();
    for (;;) {
      PASSES(rck_stats_read(engine, ring, &stats));
      if (stats.ring_lines_used <= stats.ring_lines / 2)
        return;
      sched_yield();
    }
  }

  void work(uint32_t thread) {
    uint64_t seed = mixed(run.seed * 64 + thread);
    Retrader trader(engine, ports[thread], seed, moves, clock, numbers);
    for (uint64_t turn = 0; turn < run.turns; turn++) {
      if (turn % 64 == 0)
        wait_for_room(thread + 1);
      trader.act();
      if (moves && thread == 0 && drawn(&seed) % 256 == 0)
        latch(drawn(&seed) % 2);
    }
  }

  void latch(bool sets) {
    wait_for_room(0);
    const rck_latch latch = desk::latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED);
    gives("latch", insist([&] {
            return sets ? rck_latch_set(engine, &latch, nullptr) : rck_latch_clear(engine, &latch, nullptr);
          }),
          {RCK_OK, RCK_REPEAT});
  }

  void replay() {
    rck_engine *again = nullptr;
    auto config = sized<rck_config>();
    PASSES(rck_journal_config_get(directory.c_str(), &config, nullptr));
    PASSES(rck_engine_create(&config, nullptr, 0, &again, nullptr));
    auto info = sized<rck_replay_info>();
    std::vector<rck_event> differences(3 * told_most);
    info.differences_max = told_most;
    rck_fault fault{};
    const rck_status status = rck_replay(again, directory.c_str(), nullptr, differences.data(), &info, &fault);
    if (status != RCK_OK)
      wrong("rck_replay gave %s at %lld", rck_status_name(status), (long long)fault.value);
    for (uint64_t at = 0; at < std::min<uint64_t>(info.differing, told_most); at++)
      judge(&differences[3 * at]);
    judge(info);
    if (run.planted == 1) { // something that nobody has told
      const rck_order asked = order(UINT64_MAX, 1, 0, 1, RCK_SIDE_BUY, 1, 100, clock);
      rck_verdict verdict;
      rck_port *port = nullptr;
      PASSES(rck_port_open(again, 1, RCK_PORT_WRITER, &port, nullptr));
      PASSES(rck_drop_copy(port, &asked, &verdict));
    }
    compare(again);
    printf("%u threads: %llu commands, %llu refusals are other ones now, of which %llu pass, %llu orders were forced\n",
           run.threads, (unsigned long long)info.commands, (unsigned long long)info.differing,
           (unsigned long long)info.passed_now, (unsigned long long)info.forced);
  }

  void judge(const rck_replay_info &info) const {
    if (info.lost || info.skipped)
      wrong("%llu records are lost, %llu commands are skipped", (unsigned long long)info.lost,
            (unsigned long long)info.skipped);
    if (info.refused_now != info.forced)
      wrong("%llu that passed are refused now, and %llu were forced", (unsigned long long)info.refused_now,
            (unsigned long long)info.forced);
    if (!moves && info.refused_now > info.overlapped)
      wrong("%llu orders that passed do not pass in the order of tickets", (unsigned long long)info.refused_now);
  }

  // Only what an order was judged by may be otherwise; a request to cancel moves nothing.
  static void judge(const rck_event *difference) {
    rck_verdict was, now;
    memcpy(static_cast<void *>(&was), static_cast<const void *>(difference + 1), sizeof was);
    memcpy(static_cast<void *>(&now), static_cast<const void *>(difference + 2), sizeof now);
    switch (difference->values[0]) {
    case RCK_EVENT_FILL:
    case RCK_EVENT_RELEASE:
    case RCK_EVENT_AMEND_RESULT:
      wrong("kind %lld of order %llu gave %s/%u, and now %s/%u", (long long)difference->values[0],
            (unsigned long long)difference->subject, rck_status_name(was.status), was.flags,
            rck_status_name(now.status), now.flags);
    }
  }

  void compare(rck_engine *again) const {
    uint64_t was[2], now[2];
    PASSES(rck_state_hash(engine, was));
    PASSES(rck_state_hash(again, now));
    if (was[0] == now[0] && was[1] == now[1])
      return;
    std::string what;
    for (uint32_t id = 1; id <= accounts; id++) {
      for (uint32_t i = 1; i <= instruments; i++)
        what += row(engine, id, 0, i).realised == row(again, id, 0, i).realised ? "" : "P&L of a row; ";
      const rck_book_info left = book(engine, RCK_SCOPE_ACCOUNT, id), right = book(again, RCK_SCOPE_ACCOUNT, id);
      what += left.gross == right.gross ? "" : "an exposure; ";
      what += left.orders == right.orders ? "" : "how many orders live; ";
      what += left.day_peak == right.day_peak ? "" : "the highest P&L of a day; ";
    }
    uint64_t orders = 0;
    for (uint64_t id = 1; id <= numbers; id++) {
      rck_order_info left{}, right{};
      const bool is_there = rck_order_get(engine, 0, id, &left) == RCK_OK;
      orders += (rck_order_get(again, 0, id, &right) == RCK_OK) != is_there;
    }
    if (orders)
      what += "which of " + std::to_string(orders) + " ids are known; ";
    wrong("the states differ: %s", what.empty() ? "in what cannot be asked for" : what.c_str());
  }
};

} // namespace desk

#endif
