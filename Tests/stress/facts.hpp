// Every call at once: orders, amends and both answers, reports of every kind by token and by id, the same ones on
// several threads, what undoes them, marks, positions and cash that are set, limits, latches, the end of days. Facts
// may go beyond limits; what they may not is count twice or be lost. Each thread keeps the sum of what its own
// reports were told to have moved: together they are the positions. All other sums are those of rows and orders, in
// the engine at rest, in a copy of its file that was never closed, and after closing and opening. When everything
// has ended and positions are set to zero, every sum is zero.
#ifndef RCK_STRESS_FACTS_HPP
#define RCK_STRESS_FACTS_HPP

#include "crowd.hpp"

namespace desk {

// What reports have moved: of account 3 not the net, which is set by hand meanwhile.
struct Tally {
  int64_t net[accounts + 1][instruments + 1] = {}, strategy_net[untracked + 1][instruments + 1] = {};
  int64_t fees[accounts + 1] = {};
  uint64_t calls = 0, reports = 0, contended = 0;

  void add(const Tally &other) {
    for (uint32_t i = 1; i <= instruments; i++) {
      for (uint32_t a = 1; a <= accounts; a++)
        net[a][i] += other.net[a][i];
      for (uint32_t s = 1; s <= strategies; s++)
        strategy_net[s][i] += other.strategy_net[s][i];
    }
    for (uint32_t a = 1; a <= accounts; a++)
      fees[a] += other.fees[a];
    calls += other.calls;
    reports += other.reports;
    contended += other.contended;
  }
};

// What threads show each other: ids, and executions with the order that they belong to. Relaxed throughout, so that
// it orders nothing between them.
struct Board {
  std::atomic<uint64_t> ids[16] = {}, executions[16] = {};
};

// One thread's day.
class Trader {
public:
  Trader(Crowd *crowd, Board *board, uint32_t thread)
      : crowd(crowd), board(board), thread(thread), port(crowd->ports[thread]), seed(crowd->seed_of(thread)) {}
  Tally tally;

  void live() {
    for (turn = 0; turn < crowd->run.turns; turn++) {
      const uint64_t mix = drawn(&seed);
      const uint32_t what = mix % 1000;
      tally.calls++;
      if (what < 260)
        check();
      else if (what < 600)
        fill();
      else if (what < 690)
        undo();
      else if (what < 800)
        end();
      else if (what < 920)
        amend();
      else if (what < 992)
        look();
      else
        administrate();
    }
  }

private:
  Crowd *crowd;
  Board *board;
  uint32_t thread;
  rck_port *port;
  uint64_t seed, turn = 0, executions = 0;
  rck_verdict verdict{};

  // Ids on the board are recent, and some of any thread.
  uint64_t some_id() { return board->ids[drawn(&seed) % 16].load(std::memory_order_relaxed); }

  // The token of an id at this instant, or 0: then it is named by its id.
  uint64_t token_of(uint64_t id) {
    rck_order_info info;
    return drawn(&seed) % 2 && rck_order_get(crowd->engine, 0, id, &info) == RCK_OK ? info.token : 0;
  }

  void may(const char *call, rck_status status) {
    if (status < 0)
      wrong("%s gave %s", call, rck_status_name(status));
    const bool flagged = verdict.flags & RCK_VERDICT_CONTENDED;
    tally.contended += status > RCK_REPEAT && flagged;
  }

  void check() {
    const uint64_t mix = drawn(&seed);
    const Name name{static_cast<uint32_t>(mix % accounts) + 1,
                    static_cast<uint32_t>(mix >> 40) % untracked + 1,
                    static_cast<uint32_t>(mix >> 9 & 1) + 1,
                    static_cast<uint32_t>(mix >> 10 & 1) + 1,
                    thread,
                    turn + 1};
    const rck_order asked =
        order(name.id(), name.account, name.strategy, name.instrument, name.side,
              static_cast<int64_t>(mix >> 11 & 7) + 1, mix >> 60 ? static_cast<int64_t>(mix >> 14) % 32 + 1 : 0, 1);
    // One of eight is somebody else's order.
    const bool copied = (mix >> 57) % 8 == 0;
    const rck_status status = copied ? rck_drop_copy(port, &asked, &verdict) : rck_check(port, &asked, &verdict);
    may("rck_check", status);
    if (status == RCK_OK)
      board->ids[mix >> 32 & 15].store(name.id(), std::memory_order_relaxed);
  }

  // What a report was told to have moved counts here.
  void send(const rck_report &report, uint64_t id) {
    const rck_status status = rck_fill(port, &report, &verdict);
    may("rck_fill", status);
    if (status != RCK_OK)
      return;
    const Name name = Name::of(id);
    const int64_t moved = name.side == RCK_SIDE_BUY ? verdict.observed : -verdict.observed;
    tally.reports++;
    tally.fees[name.account] += report.fee;
    tally.strategy_net[name.strategy][name.instrument] += moved;
    if (name.account != 3)
      tally.net[name.account][name.instrument] += moved;
  }

  rck_report report_of(uint64_t id) {
    const Name name = Name::of(id);
    rck_report report = desk::fill(0, 0, 0, static_cast<int64_t>(drawn(&seed) % 32) + 1, 0, 1);
    report.order_id = id;
    report.account = name.account;
    report.strategy = name.strategy;
    report.instrument = name.instrument;
    report.side = static_cast<uint8_t>(name.side);
    report.fee = static_cast<int64_t>(drawn(&seed) % 3);
    return report;
  }

  // Partial, final, doubled, late, beyond the order, of an order that nobody knows.
  void fill() {
    const uint64_t mix = drawn(&seed);
    uint64_t id = some_id();
    if (mix % 64 == 0)
      id = Name{static_cast<uint32_t>(mix >> 8) % accounts + 1, 1, 1, 1, 100 + thread, turn + 1}.id();
    if (id == 0)
      return;
    rck_report report = report_of(id);
    report.token = token_of(id);
    report.cumulative_quantity = static_cast<int64_t>(mix >> 16 & 7) + 1;
    report.last_quantity = 1;
    // One execution may be told by several threads: its id follows from what it says.
    if (mix >> 20 & 1)
      report.execution_id = mixed(id * 16 + static_cast<uint64_t>(report.cumulative_quantity)) | 1;
    send(report, id);
    if (report.execution_id && verdict.status == RCK_OK) {
      board->executions[mix >> 32 & 15].store(id * 16 + static_cast<uint64_t>(report.cumulative_quantity),
                                              std::memory_order_relaxed);
    }
  }

  void undo() {
    const uint64_t mix = drawn(&seed);
    const uint64_t known = board->executions[mix & 15].load(std::memory_order_relaxed);
    if (known == 0)
      return;
    rck_report report = report_of(known / 16);
    report.undone_execution_id = mixed(known) | 1;
    report.kind = mix >> 8 & 1 ? RCK_REPORT_BUST : RCK_REPORT_CORRECT;
    if (report.kind == RCK_REPORT_CORRECT) {
      report.last_quantity = static_cast<int64_t>(mix >> 16 & 7) + 1;
      report.execution_id = mixed(crowd->seed_of(thread) + ++executions) | 1;
    }
    report.cumulative_quantity = static_cast<int64_t>(mix >> 20 & 7);
    send(report, known / 16);
  }

  void end() {
    if (const uint64_t id = some_id())
      may("rck_release", rck_release(port, token_of(id), id, RCK_RELEASE_CANCELLED, 1, &verdict));
  }

  void amend() {
    const uint64_t id = some_id(), mix = drawn(&seed), token = id ? token_of(id) : 0;
    if (id == 0)
      return;
    if (mix % 2) {
      may("rck_amend_result", rck_amend_result(port, token, id, mix >> 8 & 1, &verdict));
      return;
    }
    Name name = Name::of(id);
    name.thread = thread;
    name.number = (uint64_t{1} << 32) + turn;
    const bool renamed = token && mix >> 9 & 1;
    const rck_order asked = order(renamed ? name.id() : id, 0, 0, 0, 0, static_cast<int64_t>(mix >> 10 & 15) + 1,
                                  static_cast<int64_t>(mix >> 14) % 32 + 1, 1);
    const rck_status status = rck_amend(port, token, &asked, &verdict);
    may("rck_amend", status);
    if (status == RCK_OK && renamed)
      board->ids[mix >> 32 & 15].store(name.id(), std::memory_order_relaxed);
  }

  void look() {
    const uint64_t id = some_id(), mix = drawn(&seed);
    rck_order asked = order(1, 1, 1, 1, RCK_SIDE_BUY, 1, 1, 1);
    int64_t quantity;
    auto quote = rck_quote{};
    auto trade = rck_trade{};
    quote.instrument = trade.instrument = static_cast<uint32_t>(mix >> 8 & 1) + 1;
    quote.bid = quote.ask = trade.price = static_cast<int64_t>(mix >> 9) % 32 + 1;
    quote.bid_size = quote.ask_size = trade.quantity = quote.time_ns = trade.time_ns = 1;
    auto levels = rck_book{};
    levels.instrument = quote.instrument;
    levels.bids = levels.time_ns = levels.bid_prices[0] = levels.bid_sizes[0] = 1;
    switch (mix % 8) {
    case 0:
      return may("rck_check_dry", rck_check_dry(port, &asked, &verdict));
    case 1:
      return may("rck_headroom", rck_headroom(port, &asked, &quantity, &verdict));
    case 2:
      return mix >> 20 & 1 ? may("rck_market_quote", rck_market_quote(port, &quote))
                           : may("rck_market_book", rck_market_book(port, &levels));
    case 3:
      return may("rck_market_trade", rck_market_trade(port, &trade));
    case 4:
      return (void)open_orders(crowd->engine);
    case 5:
      return (void)book(crowd->engine, RCK_SCOPE_ACCOUNT, 1);
    case 6:
      return id ? may("rck_order_confirm", rck_order_confirm(port, token_of(id), id, &verdict)) : void();
    default:
      return id ? may("rck_cancel", rck_cancel(port, token_of(id), id, 1, &verdict)) : void();
    }
  }

  void administrate() {
    const uint64_t mix = drawn(&seed);
    auto position = sized<rck_position>();
    position.account = 3;
    position.instrument = static_cast<uint32_t>(mix >> 8 & 1) + 1;
    position.quantity = static_cast<int64_t>(mix >> 9) % 64 - 32;
    position.price = 10;
    position.actor = 1;
    auto cash = sized<rck_cash>();
    cash.account = static_cast<uint32_t>(mix >> 8) % accounts + 1;
    cash.cash = static_cast<int64_t>(mix >> 16) % 10000;
    cash.actor = 1;
    const rck_latch latch =
        desk::latch(mix >> 8 & 1 ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_INSTRUMENT, 2, mix >> 9 & 1 ? 3 : 1);
    const rck_limit limit = desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, 1 + (mix >> 8 & 1),
                                        static_cast<int64_t>(mix >> 9 & 15));
    strcpy(position.reason, "stress");
    strcpy(cash.reason, "stress");
    uint32_t released;
    rck_status status = RCK_OK;
    switch (mix % 8) {
    case 0:
      return may("rck_mark", rck_mark(port, 1 + (mix >> 8 & 1), static_cast<int64_t>(mix >> 9) % 32 + 1, 1));
    case 1:
      return may("rck_position_set", rck_position_set(port, &position, nullptr));
    case 2:
      return may("rck_cash_set", rck_cash_set(port, &cash, nullptr));
    case 3:
      status = rck_latch_set(crowd->engine, &latch, nullptr);
      break;
    case 4:
    case 5:
      status = rck_latch_clear(crowd->engine, &latch, nullptr);
      break;
    case 6:
      status = rck_limit_set(crowd->engine, &limit, RCK_LOOSEN, nullptr);
      if (status == RCK_OK)
        status = rck_limits_publish(crowd->engine, nullptr, nullptr);
      break;
    default:
      if (mix >> 40 & 7)
        return;
      status = rck_day_start(port, 20260101 + static_cast<uint32_t>(turn * 28 / crowd->run.turns), &released, nullptr);
      gives("rck_day_start", status, {RCK_OK, RCK_REPEAT, RCK_E_RANGE, RCK_E_BUSY});
      return;
    }
    gives("an administrator's call", status, {RCK_OK, RCK_REPEAT, RCK_E_BUSY});
  }
};

} // namespace desk

#endif
