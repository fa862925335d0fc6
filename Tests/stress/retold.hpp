// Threads whose every command is told, while another thread takes the records to a journal. At rest the journal is done
// again to a new engine.
//
// What must hold: nothing is lost or skipped, each order that passed is there again, no report, end or answer has
// another outcome, and both engines are in one state. With `moves`, prices move, reports go beyond orders, are undone,
// and come late, amends give new ids, accounts are latched, and threads end each other's orders: then a fact may take what an order that passed beside it needs,
// and such an order is entered all the same. Without, every order that passed passes in the order of tickets too.
#ifndef RCK_STRESS_RETOLD_HPP
#define RCK_STRESS_RETOLD_HPP

#include "crowd.hpp"
#include <filesystem>
#include <memory>

namespace desk {

// What a thread of the desk does.
class Retrader {
public:
  Retrader(rck_engine *made, rck_port *own, uint64_t start, bool moving, std::atomic<int64_t> &time,
           std::atomic<uint64_t> &last)
      : engine(made), port(own), seed(start), moves(moving), clock(time), numbers(last) {}

  void act() {
    const uint64_t draw = below(16);
    if (live.empty() || (live.size() < 5 && draw < 6))
      return enter();
    const size_t which = below(live.size());
    if (draw < 10)
      fill(which);
    else if (draw == 10 && moves)
      end_another();
    else if (draw == 11 && moves)
      undo();
    else if (draw < 12)
      amend(live[which]);
    else if (draw == 12)
      NEED(rck_cancel(port, live[which].token, 0, tick(), &verdict) >= 0);
    else
      release(which);
  }

private:
  struct Mine {
    uint64_t token, id;
    int64_t quantity, cumulative;
    bool is_amending;
  };
  struct Execution {
    uint64_t token, id;
    int64_t quantity, cumulative;
  };
  rck_engine *engine;
  rck_port *port;
  uint64_t seed;
  bool moves;
  std::atomic<int64_t> &clock;
  std::atomic<uint64_t> &numbers;
  rck_verdict verdict{};
  std::vector<Mine> live;
  Execution last{}; // that can be undone

  uint64_t below(uint64_t count) { return drawn(&seed) % count; }
  int64_t tick() { return clock.fetch_add(1); }
  uint64_t number() { return numbers.fetch_add(1) + 1; }
  int64_t price() { return moves ? 95 + static_cast<int64_t>(below(11)) : 100; }

  rck_order new_order() {
    return order(number(), 1 + static_cast<uint32_t>(below(accounts)), 0, 1 + static_cast<uint32_t>(below(instruments)),
                 1 + static_cast<uint32_t>(below(2)), 1 + static_cast<int64_t>(below(20)), price(), tick());
  }

  // A check, seldom a drop copy or legs.
  void enter() {
    if (below(16) == 0)
      return enter_legs();
    const rck_order asked = new_order();
    // Limits do not stop what somebody else has entered.
    const bool is_copy = moves && below(32) == 0;
    if ((is_copy ? rck_drop_copy(port, &asked, &verdict) : rck_check(port, &asked, &verdict)) == RCK_OK)
      live.push_back({verdict.token, asked.order_id, asked.quantity, 0, false});
    NEED(verdict.status >= 0);
  }
  void enter_legs() {
    rck_order asked[3];
    rck_verdict verdicts[3];
    uint32_t passed = 0;
    for (rck_order &one : asked)
      one = new_order();
    asked[0].time_ns = asked[1].time_ns = asked[2].time_ns;
    PASSES(rck_check_batch(port, asked, verdicts, 3, RCK_BATCH_ALL_OR_NONE, &passed));
    for (uint32_t leg = 0; leg < 3 && passed; leg++)
      live.push_back({verdicts[leg].token, asked[leg].order_id, asked[leg].quantity, 0, false});
  }

  void fill(size_t which) {
    Mine &mine = live[which];
    if (!moves && mine.cumulative >= mine.quantity)
      return amend(mine); // nothing is to come but the answer
    const int64_t left = std::max<int64_t>(1, mine.quantity - mine.cumulative);
    const int64_t quantity = moves || below(2) ? 1 + static_cast<int64_t>(below(moves ? 12 : left)) : left;
    rck_report report = desk::fill(mine.token, quantity, mine.cumulative + quantity, price(), number(), tick());
    report.fee = static_cast<int64_t>(below(3));
    const rck_status status = rck_fill(port, &report, &verdict);
    gives("fill", status, {RCK_OK, RCK_REPEAT});
    if (status == RCK_OK) {
      mine.cumulative += quantity;
      last = {mine.token, report.execution_id, quantity, mine.cumulative};
    }
    if (mine.cumulative >= mine.quantity && !mine.is_amending)
      leave(which);
  }

  void undo() {
    if (last.token == 0)
      return;
    const bool corrects = below(2);
    const int64_t left = last.cumulative - last.quantity;
    rck_report report = desk::fill(last.token, corrects, left + corrects, price(), corrects ? number() : 0, tick());
    report.kind = corrects ? RCK_REPORT_CORRECT : RCK_REPORT_BUST;
    report.undone_execution_id = last.id;
    last.token = 0;
    NEED(rck_fill(port, &report, &verdict) >= 0);
  }

  void amend(Mine &mine) {
    if (mine.is_amending) {
      gives("answer", rck_amend_result(port, mine.token, 0, below(4) != 0, &verdict), {RCK_OK, RCK_REPEAT});
      mine.is_amending = false;
      return;
    }
    const uint64_t id = moves ? number() : mine.id;
    // Less than is executed would leave an order with nothing to come.
    const int64_t quantity = mine.cumulative + 1 + static_cast<int64_t>(below(20));
    const rck_order asked = order(id, 0, 0, 0, 0, quantity, price(), tick());
    if (rck_amend(port, mine.token, &asked, &verdict) == RCK_OK) {
      mine.is_amending = true;
      mine.quantity = std::min(mine.quantity, quantity);
    }
    NEED(verdict.status >= 0);
  }

  void release(size_t which) {
    const rck_status status = rck_release(port, live[which].token, 0, RCK_RELEASE_CANCELLED, tick(), &verdict);
    gives("release", status, {RCK_OK, RCK_REPEAT});
    if (!moves || below(8)) // a late report is drawn from those that stay
      leave(which);
  }
  void leave(size_t which) { live.erase(live.begin() + static_cast<std::ptrdiff_t>(which)); }

  // Of any thread, as whoever looks for orders finds it.
  void end_another() {
    rck_order_info found[8];
    uint32_t cursor = 0, count = 0;
    PASSES(rck_open_orders(engine, RCK_SCOPE_GLOBAL, 0, found, 8, &cursor, &count));
    if (count)
      NEED(rck_release(port, found[below(count)].token, 0, RCK_RELEASE_CANCELLED, tick(), &verdict) >= 0);
  }
};

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
