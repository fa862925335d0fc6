// What the day of facts.hpp must come to, at rest and after re-opening.
#ifndef RCK_STRESS_LEDGER_HPP
#define RCK_STRESS_LEDGER_HPP

#include "facts.hpp"
#include <filesystem>
#include <memory>

namespace desk {

// Everything that can be asked of rows, books and live orders, as text.
inline std::string totals(const rck_engine *engine) {
  std::string all;
  const auto put = [&](const void *record, size_t bytes) { all.append(static_cast<const char *>(record), bytes); };
  for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
    for (uint32_t id = 1; id <= accounts; id++) {
      const rck_position_info held = row(engine, id, 0, instrument);
      put(&held, sizeof held);
    }
    for (uint32_t id = 1; id <= strategies; id++) {
      const rck_position_info held = row(engine, 0, id, instrument);
      put(&held, sizeof held);
    }
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    const rck_book_info sum = book(engine, RCK_SCOPE_ACCOUNT, id);
    put(&sum, sizeof sum);
  }
  for (uint32_t id = 1; id <= strategies; id++) {
    const rck_book_info sum = book(engine, RCK_SCOPE_STRATEGY, id);
    put(&sum, sizeof sum);
  }
  static constexpr uint32_t scopes[][2] = {{RCK_SCOPE_GLOBAL, 0},
                                           {RCK_SCOPE_ACCOUNT_GROUP, 1},
                                           {RCK_SCOPE_STRATEGY_GROUP, 2},
                                           {RCK_SCOPE_INSTRUMENT_GROUP, 3}};
  for (const auto &[kind, id] : scopes) {
    const rck_book_info sum = book(engine, kind, id);
    put(&sum, sizeof sum);
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    const rck_book_info sum = book(engine, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, id, 3);
    put(&sum, sizeof sum);
  }
  std::vector<rck_order_info> orders = open_orders(engine);
  std::sort(orders.begin(), orders.end(), [](const auto &a, const auto &b) { return a.token < b.token; });
  for (rck_order_info &order : orders) {
    order.state &= static_cast<uint8_t>(~RCK_ORDER_UNCONFIRMED);
    put(&order, sizeof order);
  }
  return all;
}

class Day {
public:
  // Limits that are often reached, so that what was reserved is often taken back.
  Day(const Run &run, const char *path) : path(path), crowd(run, path) {
    gather(crowd.engine, accounts - 1, strategies);
    rck_limit held = limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 40);
    held.instrument = 1;
    set(crowd.engine, held);
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, 900));
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 2, 900));
    set(crowd.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_ACCOUNT, 3, 300));
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 1200));
    set(crowd.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_STRATEGY, 2, 300));
    rck_limit all = limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, 1900);
    all.flags = RCK_LEASE_ALWAYS;
    set(crowd.engine, all);
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT_GROUP, 1, 1500));
    set(crowd.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_STRATEGY_GROUP, 2, 1000));
    set(crowd.engine, limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_INSTRUMENT_GROUP, 3, 70));
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_INSTRUMENT_GROUP, 3, 1950));
    set(crowd.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_INSTRUMENT_GROUP, 3, 40));
    for (uint32_t id : {2, 3}) {
      rck_limit owned = sector(id, 3, 850);
      owned.flags = id == 2 ? RCK_LEASE_ALWAYS : 0;
      set(crowd.engine, owned);
    }
    // What one account and one strategy have of their days is moved and looked at, and never reached.
    const int64_t far = int64_t{1} << 50;
    for (uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY})
      for (uint32_t measure : {RCK_MEASURE_ORDERS_PER_TRADE, RCK_MEASURE_REJECTS})
        set(crowd.engine, limit(RCK_CONTROL_CONDUCT, measure, scope, 2, far));
    set(crowd.engine, limit(RCK_CONTROL_LOSS, RCK_MEASURE_REALISED, RCK_SCOPE_ACCOUNT, 2, far));
    publish(crowd.engine);
  }

  void play() {
    // Thousands of threads' worth of state is not copied: each trader stays where it works.
    std::vector<std::unique_ptr<Trader>> traders;
    for (uint32_t thread = 0; thread < crowd.run.threads; thread++)
      traders.push_back(std::make_unique<Trader>(&crowd, &board, thread));
    crowd.work([&](uint32_t thread) { traders[thread]->live(); });
    for (const auto &trader : traders)
      tally.add(trader->tally);
    if (crowd.run.planted == 1)
      tally.net[1][1]++;
    crowd.need_sound("at rest");
    compare();
    reopen();
    close_out();
    printf("%u threads: %llu calls, %llu reports applied, %llu refusals contended\n", crowd.run.threads,
           (unsigned long long)tally.calls, (unsigned long long)tally.reports, (unsigned long long)tally.contended);
  }

private:
  const std::string path;
  Crowd crowd;
  Board board;
  Tally tally;

  void compare() {
    for (uint32_t i = 1; i <= instruments; i++) {
      for (uint32_t a = 1; a < accounts; a++)
        same("net of account", a, i, row(crowd.engine, a, 0, i).net, tally.net[a][i]);
      for (uint32_t s = 1; s <= strategies; s++)
        same("net of strategy", s, i, row(crowd.engine, 0, s, i).net, tally.strategy_net[s][i]);
    }
    for (uint32_t a = 1; a <= accounts; a++)
      same("fees of account", a, 0, book(crowd.engine, RCK_SCOPE_ACCOUNT, a).fees, tally.fees[a]);
  }
  void same(const char *what, uint32_t id, uint32_t instrument, int64_t got, int64_t told) {
    if (got != told)
      wrong("%s %u in %u is %lld, and reports were told to move %lld", what, id, instrument, (long long)got,
            (long long)told);
  }

  // A copy of the file is what a kill at rest leaves; the file itself was closed in good order.
  void reopen() {
    const std::string before = totals(crowd.engine), copy = path + ".copy";
    if (crowd.run.planted == 2)
      PASSES(rck_mark(crowd.spare(), 1, 1000, 1));
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    rck_engine *other = nullptr;
    PASSES(rck_engine_open(nullptr, copy.c_str(), &other, nullptr));
    if (totals(other) != before)
      wrong("a copy that was recovered has other totals");
    PASSES(rck_engine_close(other));
    crowd.close();
    PASSES(rck_engine_open(nullptr, path.c_str(), &crowd.engine, nullptr));
    for (uint32_t index = 0; index < crowd.ports.size(); index++)
      PASSES(rck_port_open(crowd.engine, index + 1, RCK_PORT_WRITER, &crowd.ports[index], nullptr));
    if (totals(crowd.engine) != before)
      wrong("the file has other totals after closing and opening");
    crowd.need_sound("re-opened");
  }

  void leave_one() {
    rck_verdict verdict;
    rck_order asked = order(Name{3, 1, 1, RCK_SIDE_BUY, 99, 1}.id(), 3, 0, 1, RCK_SIDE_BUY, 1, 1, 1);
    for (const uint32_t side : {RCK_SIDE_BUY, RCK_SIDE_SELL}) { // one of them reduces, if the other is refused
      asked.side = static_cast<uint8_t>(side);
      asked.order_id++;
      rck_check(crowd.spare(), &asked, &verdict);
    }
  }

  void close_out() {
    crowd.release_all();
    crowd.need_sound("after every release");
    if (crowd.run.planted == 3)
      leave_one();
    auto position = sized<rck_position>();
    position.actor = 1;
    strcpy(position.reason, "stress");
    for (position.instrument = 1; position.instrument <= instruments; position.instrument++) {
      for (uint32_t id = 1; id <= accounts + strategies; id++) {
        position.account = id <= accounts ? id : 0;
        position.strategy = id <= accounts ? 0 : id - accounts;
        PASSES(rck_position_set(crowd.spare(), &position, nullptr));
      }
    }
    crowd.need_zero();
    crowd.need_sound("closed out");
    crowd.close();
  }
};

} // namespace desk

#endif
