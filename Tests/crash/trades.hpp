// The calls of the order path that trade_step.cpp stops in the middle: what stands before each, what it must
// answer, and what the same call must answer on a region that was left before or after its commit.
#ifndef RCK_CRASH_TRADES_HPP
#define RCK_CRASH_TRADES_HPP

#include "picture.hpp"
#include <functional>

// A price that no other number of a region equals by chance.
constexpr int64_t odd_price = 1000003;
constexpr int64_t now_ns = 10;

// A desk with one port, on a region of its own.
struct Trader {
  rck_engine *engine = nullptr;
  rck_port *port = nullptr;
  rck_verdict verdict{};
  uint32_t strategy = 1; // of checks; 0: none, and so the shortest way
  bool totals = false;   // limits of the engine and of groups are in force
  uint32_t flags = 0;    // of the region, besides those of a small one

  static void config_of(rck_config &config, uint32_t discipline) {
    small_config(&config);
    config.discipline = discipline;
    config.clock_source = RCK_CLOCK_HOST;
    config.money_decimals = 0;
    config.ports_max = 1;
    config.ring_lines = 64;
    config.orders_max = 8;
    config.retired_ids_max = 2;
    config.executions_max = 4;
    config.windows_max = 128;
    config.rate_exact_max = 16;
    config.limits_max = 32;
  }

  void make(const std::string &path, uint32_t discipline) {
    rck_config config;
    config_of(config, discipline);
    config.flags |= flags;
    PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
    desk::define(engine, accounts, strategies, instruments);
    auto halting = desk::sized<rck_account>();
    PASSES(rck_account_get(engine, 2, &halting));
    halting.flags |= RCK_HALT_ON_LATE;
    PASSES(rck_account_set(engine, &halting, nullptr));
    const int64_t most = 1ll << 40;
    for (uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY}) {
      desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, scope, 1, most));
      desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, scope, 1, 300));
      rate(scope, 1, 16);
    }
    rate(RCK_SCOPE_INSTRUMENT, 2, 2);
    rck_limit position = desk::limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 1000);
    position.instrument = 1;
    position.levels |= RCK_LEVEL_WARN;
    position.warn = 300;
    desk::set(engine, position);
    if (totals) {
      desk::gather(engine, 1, strategies);
      rck_limit all = desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, most);
      all.flags = RCK_LEASE_ALWAYS;
      desk::set(engine, all);
      desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT_GROUP, 1, most));
      desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY_GROUP, 2, 300));
      desk::set(engine, desk::limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_INSTRUMENT_GROUP, 3, most));
    }
    desk::publish(engine);
    PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &port, nullptr));
  }

  void rate(uint32_t scope, uint32_t id, int64_t most) {
    rck_limit rate = desk::limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, scope, id, most);
    rate.window_ns = 1;
    desk::set(engine, rate);
  }

  // On an instrument that takes two orders at a time.
  rck_status check_rated(uint64_t id) {
    rck_order order = desk::order(id, 2, strategy, 2, RCK_SIDE_BUY, 1, odd_price, now_ns);
    return rck_check(port, &order, &verdict);
  }
  rck_status copy_rated(uint64_t id) {
    rck_order order = desk::order(id, 2, strategy, 2, RCK_SIDE_BUY, 1, odd_price, now_ns);
    return rck_drop_copy(port, &order, &verdict);
  }
  rck_status copy(uint64_t id, uint32_t side, int64_t quantity, uint32_t account = 1) {
    rck_order order = desk::order(id, account, strategy, 1, side, quantity, odd_price, now_ns);
    return rck_drop_copy(port, &order, &verdict);
  }
  rck_status check(uint64_t id, uint32_t side, int64_t quantity, uint32_t account = 1, int64_t time_ns = now_ns) {
    rck_order order = desk::order(id, account, strategy, 1, side, quantity, odd_price, time_ns);
    return rck_check(port, &order, &verdict);
  }
  // Three legs in two instruments, of which the last is for `quantity`: what is said of the one that decides.
  rck_status legs(int64_t quantity) {
    rck_order orders[3];
    rck_verdict verdicts[3];
    uint32_t passed = 0;
    for (uint32_t leg = 0; leg < 3; leg++)
      orders[leg] = desk::order(7 + leg, 1, strategy, 1 + leg % 2, leg % 2 ? RCK_SIDE_SELL : RCK_SIDE_BUY,
                                leg == 2 ? quantity : 2, odd_price, now_ns);
    PASSES(rck_check_batch(port, orders, verdicts, 3, RCK_BATCH_ALL_OR_NONE, &passed));
    for (uint32_t leg = 3; leg > 0; leg--)
      if (verdicts[leg - 1].status != RCK_REJECT_BATCH)
        verdict = verdicts[leg - 1];
    NEED(passed == (verdict.status == RCK_OK ? 3 : 0));
    return verdict.status;
  }
  rck_status amend(uint64_t id, uint64_t new_id, int64_t quantity) {
    rck_order_info held{};
    PASSES(rck_order_get(engine, 0, id, &held));
    const rck_order order = desk::order(new_id, 0, 0, 0, 0, quantity, odd_price - 1, now_ns);
    return rck_amend(port, held.token, &order, &verdict);
  }
  rck_status answer(uint64_t id, uint32_t accepted) { return rck_amend_result(port, 0, id, accepted, &verdict); }
  rck_status fill(uint64_t id, int64_t last, int64_t cumulative, uint64_t execution, uint32_t account = 1) {
    rck_report report = desk::fill(0, last, cumulative, odd_price + 2, execution, now_ns);
    report.order_id = id;
    report.account = account;
    report.strategy = report.instrument = 1;
    report.side = RCK_SIDE_BUY;
    report.fee = 3;
    return rck_fill(port, &report, &verdict);
  }
  rck_status undo(uint64_t id, uint64_t undone, uint64_t execution, int64_t corrected) {
    rck_report report = desk::fill(0, corrected, corrected, odd_price - 5, execution, now_ns);
    report.order_id = id;
    report.kind = corrected ? RCK_REPORT_CORRECT : RCK_REPORT_BUST;
    report.undone_execution_id = undone;
    return rck_fill(port, &report, &verdict);
  }
  rck_status release(uint64_t id) { return rck_release(port, 0, id, RCK_RELEASE_CANCELLED, now_ns, &verdict); }
  rck_status reject(uint64_t id) { return rck_release(port, 0, id, RCK_RELEASE_REJECTED, now_ns, &verdict); }
  rck_status rearm() {
    auto given = desk::sized<rck_rearming>();
    given.control = RCK_CONTROL_CONDUCT;
    given.scope_kind = RCK_SCOPE_ACCOUNT;
    given.id = given.actor = 1;
    strcpy(given.reason, "crash");
    return rck_rearm(engine, &given, nullptr);
  }
  // From now on the conduct of account 1 and strategy 1 counts, and what is filled of theirs is noted.
  void limit_conduct() {
    for (uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY}) {
      for (uint32_t measure : {RCK_MEASURE_ORDERS_PER_TRADE, RCK_MEASURE_REJECTS})
        desk::set(engine, desk::limit(RCK_CONTROL_CONDUCT, measure, scope, 1, 1000));
      rck_limit repeated = desk::limit(RCK_CONTROL_REPEATED_EXECUTION, 0, scope, 1, 16);
      repeated.window_ns = 1000;
      desk::set(engine, repeated);
    }
    desk::publish(engine);
  }
  rck_status place(uint32_t account, uint32_t strategy, int64_t quantity) {
    auto position = desk::sized<rck_position>();
    position.account = account;
    position.strategy = strategy;
    position.instrument = 1;
    position.quantity = quantity;
    position.price = odd_price;
    position.actor = 1;
    strcpy(position.reason, "crash");
    return rck_position_set(port, &position, nullptr);
  }
  rck_status cash(int64_t amount) {
    auto cash = desk::sized<rck_cash>();
    cash.account = 1;
    cash.cash = amount;
    cash.credit = amount / 2;
    cash.actor = 1;
    strcpy(cash.reason, "crash");
    return rck_cash_set(port, &cash, nullptr);
  }
  // Three limits at once: one tighter, one new, one gone. And one whose total begins.
  rck_status stage_limits() {
    if (totals) {
      desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_GLOBAL, 0, 1ll << 40));
      desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_INSTRUMENT_GROUP, 3, 1ll << 40));
      desk::set(engine, desk::sector(1, 3, 1ll << 40));
    }
    rck_limit gone = desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY, 1, 300);
    desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, 1, 299));
    desk::set(engine, desk::limit(RCK_CONTROL_ORDER_QUANTITY, 0, RCK_SCOPE_INSTRUMENT, 1, 500));
    const rck_status status = rck_limit_remove(engine, &gone, RCK_LOOSEN, nullptr);
    return status == RCK_E_UNKNOWN ? RCK_OK : status; // gone already, on a copy
  }
  rck_status publish() { return rck_limits_publish(engine, nullptr, nullptr); }
  rck_status latch(uint32_t scope, uint32_t id, uint32_t state) {
    const rck_latch latch = desk::latch(scope, id, state);
    return state ? rck_latch_set(engine, &latch, nullptr) : rck_latch_clear(engine, &latch, nullptr);
  }
  rck_status watch(int64_t silence_ns) {
    const rck_latch latch = desk::latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED);
    const rck_port_watch watch = desk::watch(1, silence_ns, latch);
    return rck_port_watch_set(engine, &watch, nullptr);
  }
  // Orders of account 1 on instrument 1 may be above its position's limit.
  rck_status allow(uint32_t count, int64_t quantity = 0) {
    rck_limit position = desk::limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 0);
    position.instrument = 1;
    const rck_override given = desk::override_of(position, count, quantity);
    uint32_t id = 0;
    return rck_override_set(engine, &given, &id, nullptr);
  }
  rck_status forbid(uint32_t id) {
    auto given = desk::sized<rck_override>();
    given.override_id = id;
    given.actor = 1;
    strcpy(given.reason, "crash");
    return rck_override_remove(engine, &given, nullptr);
  }
  rck_status look_at_ports() {
    uint32_t silent = 0, count = 0;
    return rck_watch(engine, now_ns + 1000, &silent, 1, &count);
  }
  // Limits of account 1 on what the market says, and that.
  rck_status market_limits() {
    rck_limit period = desk::limit(RCK_CONTROL_PERIOD_COLLAR, 0, RCK_SCOPE_ACCOUNT, 1, 2000);
    period.window_ns = 1000;
    desk::set(engine, period);
    for (uint32_t measure : {RCK_MEASURE_VOLUME_SHARE, RCK_MEASURE_DEPTH_SHARE})
      desk::set(engine, desk::limit(RCK_CONTROL_LIQUIDITY, measure, RCK_SCOPE_ACCOUNT, 1, 1000));
    desk::set(engine, desk::limit(RCK_CONTROL_LIQUIDITY, RCK_MEASURE_DISPLAYED, RCK_SCOPE_ACCOUNT, 1, 10));
    return publish();
  }
  rck_status traded(int64_t price) {
    auto trade = rck_trade{};
    trade.instrument = 1;
    trade.price = price;
    trade.quantity = 100;
    trade.time_ns = now_ns;
    return rck_market_trade(port, &trade);
  }
  rck_status booked(int64_t size) {
    auto book = rck_book{};
    book.instrument = book.bids = book.asks = 1;
    book.time_ns = now_ns;
    book.bid_prices[0] = 99;
    book.ask_prices[0] = 101;
    book.bid_sizes[0] = book.ask_sizes[0] = size;
    return rck_market_book(port, &book);
  }
  // What the market's limits say of an order of 20, of which nothing stays.
  rck_status asked(uint32_t side, int64_t price) {
    const rck_order order = desk::order(900, 1, 0, 1, side, 20, price, now_ns);
    const rck_status status = rck_check_dry(port, &order, &verdict);
    return verdict.failed & (verdict.failed - 1) ? RCK_E_FAILED : status;
  }
  // One thing as long as a trade at 150 is not there, another when all of it is.
  rck_status asked_of_trade() {
    const rck_status high = asked(RCK_SIDE_BUY, 150);
    const rck_status low = asked(RCK_SIDE_BUY, 100);
    const bool is_before = low == RCK_REJECT_VOLUME_SHARE;
    return high == (is_before ? RCK_E_FAILED : RCK_REJECT_PERIOD_COLLAR_ABOVE) ? low : RCK_E_FAILED;
  }
  rck_status asked_of_book() {
    const rck_status buy = asked(RCK_SIDE_BUY, 100), sell = asked(RCK_SIDE_SELL, 100);
    return buy == sell ? buy : RCK_E_FAILED;
  }
  rck_status day(uint32_t date) {
    uint32_t released = 0;
    return rck_day_start(port, date, &released, nullptr);
  }
};

using Call = std::function<rck_status(Trader &)>;

struct Trade {
  const char *name;
  Call prepare, call;
  rck_status answer;                    // of the call
  rck_status again_before, again_after; // of the same call on a region left before, or after, its commit
  bool in_pieces = false;               // made of several commits
  Call again = nullptr;                 // if not the call itself
  bool open_end = false;                // the call again may be refused for what was counted before
};

// Orders 1 to 3: live with 4 of 10 filled in two executions, amending under the id 12, finished.
inline rck_status some_orders(Trader &at) {
  for (uint64_t id = 1; id <= 3; id++)
    PASSES(at.check(id, id == 2 ? RCK_SIDE_SELL : RCK_SIDE_BUY, 10));
  PASSES(at.fill(1, 3, 3, 101));
  PASSES(at.fill(1, 1, 4, 102));
  PASSES(at.amend(2, 12, 15));
  PASSES(at.release(3));
  return RCK_OK;
}

inline rck_status forgetful(Trader &at) {
  some_orders(at);
  for (uint64_t id = 4; id <= 6; id++) { // the remembered ones are as many as there are places
    PASSES(at.check(id, RCK_SIDE_BUY, 1));
    PASSES(at.release(id));
  }
  return RCK_OK;
}

// A day has begun; two orders that share no row will end with it.
inline rck_status two_days(Trader &at) {
  PASSES(at.day(20240105));
  PASSES(at.check(1, RCK_SIDE_BUY, 10));
  return at.check_rated(2);
}

// A day has begun, and its P&L has a peak above it.
inline rck_status two_days_of_trades(Trader &at) {
  PASSES(at.day(20240105));
  PASSES(at.check(1, RCK_SIDE_BUY, 10));
  PASSES(at.fill(1, 10, 10, 101));
  PASSES(rck_mark(at.port, 1, odd_price + 100, now_ns));
  PASSES(rck_mark(at.port, 1, odd_price + 50, now_ns));
  return RCK_OK;
}

// Messages and trades count, and one order was rejected.
inline rck_status some_conduct(Trader &at) {
  at.limit_conduct();
  some_orders(at);
  PASSES(at.check(4, RCK_SIDE_BUY, 1));
  return at.reject(4);
}

// The account has its rows in both instruments, so that its checks go the shortest way.
inline rck_status usual_rows(Trader &at) {
  const rck_order order = desk::order(5, 1, 0, 2, RCK_SIDE_BUY, 1, odd_price, now_ns - 5);
  PASSES(rck_check(at.port, &order, &at.verdict));
  PASSES(at.release(5));
  return some_orders(at);
}

// A trade at 100 and a book, and more of both than an order of 20 needs of what the next call is not about.
inline rck_status one_price(Trader &at) {
  some_orders(at);
  PASSES(at.market_limits());
  PASSES(at.booked(200));
  return at.traded(100);
}

inline rck_status small_book(Trader &at) {
  some_orders(at);
  PASSES(at.market_limits());
  PASSES(rck_market_volume(at.port, 1, 200));
  PASSES(at.traded(100));
  return at.booked(5);
}

inline std::vector<Trade> order_trades() {
  const auto with = [](auto call) { return Call(call); };
  return {
      {"an accepted check", some_orders, with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a first order, on rows that are not there yet", with([](Trader &) { return RCK_OK; }),
       with([](Trader &at) { return at.check(7, RCK_SIDE_SELL, 6, 2); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a refused check", some_orders, with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 2000); }),
       RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG},
      {"a repeated check", some_orders, with([](Trader &at) { return at.check(1, RCK_SIDE_BUY, 10); }), RCK_REPEAT,
       RCK_REPEAT, RCK_REPEAT},
      {"a check that makes the oldest be forgotten", forgetful,
       with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a drop copy", some_orders, with([](Trader &at) { return at.copy(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a drop copy above its limits, on rows that are not there yet", with([](Trader &) { return RCK_OK; }),
       with([](Trader &at) { return at.copy(7, RCK_SIDE_SELL, 2000, 2); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a drop copy that makes the oldest be forgotten", forgetful,
       with([](Trader &at) { return at.copy(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a drop copy above its rate", with([](Trader &at) { return at.check_rated(7), at.check_rated(8); }),
       with([](Trader &at) { return at.copy_rated(9); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"an amend", some_orders, with([](Trader &at) { return at.amend(1, 1, 20); }), RCK_OK, RCK_OK,
       RCK_REJECT_AMEND_PENDING},
      {"an amend under another id", some_orders, with([](Trader &at) { return at.amend(1, 11, 20); }), RCK_OK, RCK_OK,
       RCK_REJECT_AMEND_PENDING},
      {"a refused amend", some_orders, with([](Trader &at) { return at.amend(1, 11, 2000); }), RCK_REJECT_POSITION_LONG,
       RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG},
      {"an amend accepted by the venue", some_orders, with([](Trader &at) { return at.answer(2, 1); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"an amend rejected by the venue", some_orders, with([](Trader &at) { return at.answer(2, 0); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a partial fill", some_orders, with([](Trader &at) { return at.fill(1, 2, 6, 103); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a partial fill of an order that is amended", some_orders,
       with([](Trader &at) { return at.fill(12, 2, 2, 103); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a final fill", some_orders, with([](Trader &at) { return at.fill(1, 6, 10, 103); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a fill without an execution", some_orders, with([](Trader &at) { return at.fill(1, 2, 6, 0); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a late fill", some_orders, with([](Trader &at) { return at.fill(3, 2, 2, 103); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a fill beyond the order", some_orders, with([](Trader &at) { return at.fill(1, 9, 13, 103); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a fill of an unknown order", some_orders, with([](Trader &at) { return at.fill(20, 5, 5, 103, 2); }), RCK_OK,
       RCK_OK, RCK_REPEAT},
      {"a repeated fill", some_orders, with([](Trader &at) { return at.fill(1, 1, 4, 102); }), RCK_REPEAT, RCK_REPEAT,
       RCK_REPEAT},
      {"a bust", some_orders, with([](Trader &at) { return at.undo(1, 101, 0, 0); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a correction", some_orders, with([](Trader &at) { return at.undo(1, 101, 104, 2); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a check that counts in its rate", with([](Trader &at) { return at.check_rated(7); }),
       with([](Trader &at) { return at.check_rated(8); }), RCK_OK, RCK_REJECT_RATE_NEW, RCK_REJECT_RATE_NEW, false,
       with([](Trader &at) { return at.check_rated(8), at.check_rated(9); }), true},
      {"legs that pass", some_orders, with([](Trader &at) { return at.legs(6); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"legs of which the last is refused", some_orders, with([](Trader &at) { return at.legs(2000); }),
       RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG, false, nullptr, true},
      {"a cancel", some_orders, with([](Trader &at) { return rck_cancel(at.port, 0, 1, now_ns, &at.verdict); }), RCK_OK,
       RCK_OK, RCK_OK},
      {"a release", some_orders, with([](Trader &at) { return at.release(1); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a release of an order that is amended", some_orders, with([](Trader &at) { return at.release(2); }), RCK_OK,
       RCK_OK, RCK_REPEAT},
      {"a release that makes the oldest be forgotten", forgetful, with([](Trader &at) { return at.release(2); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
  };
}

// Checks that name no strategy, in rows that are there: they go the shortest way.
inline std::vector<Trade> usual_trades() {
  const auto usual = [](auto call) {
    return Call([call](Trader &at) {
      at.strategy = 0;
      return call(at);
    });
  };
  return {
      {"a usual check", some_orders, usual([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a usual check of a sell", some_orders, usual([](Trader &at) { return at.check(7, RCK_SIDE_SELL, 20); }), RCK_OK,
       RCK_OK, RCK_REPEAT},
      {"a usual check that is warned of", some_orders, usual([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 400); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"a usual check that is refused", some_orders, usual([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 2000); }),
       RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG},
      {"a usual check that makes the oldest be forgotten", forgetful,
       usual([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 6); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"usual legs that pass", usual_rows, usual([](Trader &at) { return at.legs(6); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"usual legs of which the last is refused", usual_rows, usual([](Trader &at) { return at.legs(2000); }),
       RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_LONG},
      {"a usual check that counts in its rate", usual([](Trader &at) { return at.check_rated(7); }),
       usual([](Trader &at) { return at.check_rated(8); }), RCK_OK, RCK_REJECT_RATE_NEW, RCK_REJECT_RATE_NEW, false,
       usual([](Trader &at) { return at.check_rated(8), at.check_rated(9); }), true},
  };
}

inline std::vector<Trade> conduct_trades() {
  const auto with = [](auto call) { return Call(call); };
  return {
      {"a check that counts in its day", some_conduct, with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 6); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"a drop copy that counts in its day", some_conduct, with([](Trader &at) { return at.copy(7, RCK_SIDE_BUY, 6); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"an amend that counts in its day", some_conduct, with([](Trader &at) { return at.amend(1, 1, 20); }), RCK_OK,
       RCK_OK, RCK_REJECT_AMEND_PENDING},
      {"a cancel that counts in its day", some_conduct,
       with([](Trader &at) { return rck_cancel(at.port, 0, 1, now_ns, &at.verdict); }), RCK_OK, RCK_OK, RCK_OK},
      {"legs that count in their day", some_conduct, with([](Trader &at) { return at.legs(6); }), RCK_OK, RCK_OK,
       RCK_REPEAT},
      {"a fill that counts in its day", some_conduct, with([](Trader &at) { return at.fill(1, 2, 6, 103); }), RCK_OK,
       RCK_OK, RCK_REPEAT},
      {"a rejected order", some_conduct, with([](Trader &at) { return at.reject(1); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a re-arming", some_conduct, with([](Trader &at) { return at.rearm(); }), RCK_OK, RCK_OK, RCK_REPEAT},
  };
}

// What an order uses is used up before it is entered, and never given back for nothing.
inline std::vector<Trade> override_trades() {
  const auto with = [](auto call) { return Call(call); };
  const Call allowed = with([](Trader &at) { return some_orders(at), at.allow(9), at.allow(9, 1 << 20); });
  return {
      {"a check that an override lets pass", allowed, with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 2000); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"a usual check that an override lets pass", allowed, with([](Trader &at) {
         at.strategy = 0;
         return at.check(7, RCK_SIDE_BUY, 2000);
       }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"an amend that an override lets pass", allowed, with([](Trader &at) { return at.amend(1, 11, 2000); }), RCK_OK,
       RCK_OK, RCK_REJECT_AMEND_PENDING},
      {"an override set", some_orders, with([](Trader &at) { return at.allow(2, 50); }), RCK_OK, RCK_OK, RCK_OK},
      {"an override set in the place of one that has ended",
       with([](Trader &at) { return some_orders(at), at.allow(2), at.forbid(1); }),
       with([](Trader &at) { return at.allow(3); }), RCK_OK, RCK_OK, RCK_OK},
      {"an override removed", allowed, with([](Trader &at) { return at.forbid(1); }), RCK_OK, RCK_OK, RCK_REPEAT},
  };
}

inline std::vector<Trade> desk_trades() {
  const auto with = [](auto call) { return Call(call); };
  return {
      {"a position set", some_orders, with([](Trader &at) { return at.place(1, 0, -7); }), RCK_OK, RCK_OK, RCK_OK},
      {"a strategy's position set", some_orders, with([](Trader &at) { return at.place(0, 1, 5); }), RCK_OK, RCK_OK,
       RCK_OK},
      {"a first position set", some_orders, with([](Trader &at) { return at.place(2, 0, 5); }), RCK_OK, RCK_OK, RCK_OK},
      {"cash set", some_orders, with([](Trader &at) { return at.cash(5000); }), RCK_OK, RCK_OK, RCK_OK},
      {"a mark", some_orders, with([](Trader &at) { return rck_mark(at.port, 1, odd_price + 9, now_ns); }), RCK_OK,
       RCK_OK, RCK_OK, true},
      {"a trade in the market", one_price, with([](Trader &at) { return at.traded(150); }), RCK_OK,
       RCK_REJECT_VOLUME_SHARE, RCK_REJECT_PERIOD_COLLAR_BELOW, false,
       with([](Trader &at) { return at.asked_of_trade(); })},
      {"a book of the market", small_book, with([](Trader &at) { return at.booked(200); }), RCK_OK,
       RCK_REJECT_DEPTH_SHARE, RCK_OK, false, with([](Trader &at) { return at.asked_of_book(); })},
      {"a limit set beside those in force", some_orders, with([](Trader &at) { return at.stage_limits(); }), RCK_OK,
       RCK_OK, RCK_OK},
      {"a publication of limits", with([](Trader &at) { return some_orders(at), at.stage_limits(); }),
       with([](Trader &at) { return at.publish(); }), RCK_OK, RCK_OK, RCK_OK, false,
       with([](Trader &at) { return at.stage_limits(), at.publish(); })},
      {"a latch set", some_orders, with([](Trader &at) { return at.latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED); }),
       RCK_OK, RCK_OK, RCK_REPEAT},
      {"a latch raised",
       with([](Trader &at) { return some_orders(at), at.latch(RCK_SCOPE_GLOBAL, 0, RCK_STATE_REDUCE_ONLY); }),
       with([](Trader &at) { return at.latch(RCK_SCOPE_GLOBAL, 0, RCK_STATE_HALTED); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a latch cleared",
       with([](Trader &at) { return some_orders(at), at.latch(RCK_SCOPE_INSTRUMENT, 1, RCK_STATE_HALTED); }),
       with([](Trader &at) { return at.latch(RCK_SCOPE_INSTRUMENT, 1, 0); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a watch set", with([](Trader &at) { return some_orders(at), at.watch(7), at.watch(5); }),
       with([](Trader &at) { return at.watch(6); }), RCK_OK, RCK_OK, RCK_OK},
      {"a silent port that is found", with([](Trader &at) { return some_orders(at), at.watch(7); }),
       with([](Trader &at) { return at.look_at_ports(); }), RCK_OK, RCK_OK, RCK_REPEAT},
      {"a day begun", two_days, with([](Trader &at) { return at.day(20240106); }), RCK_OK, RCK_OK, RCK_REPEAT, true},
      {"a day begun after trades", two_days_of_trades, with([](Trader &at) { return at.day(20240106); }), RCK_OK,
       RCK_OK, RCK_REPEAT, true},
      {"a late fill that halts its account",
       with([](Trader &at) { return at.check(7, RCK_SIDE_BUY, 5, 2), at.release(7); }),
       with([](Trader &at) { return at.fill(7, 2, 2, 103); }), RCK_OK, RCK_OK, RCK_REPEAT, true},
  };
}

#endif
