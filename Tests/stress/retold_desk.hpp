// A desk that tells everything, with the calls that meet on it, and its journal.
#ifndef RCK_STRESS_RETOLD_DESK_HPP
#define RCK_STRESS_RETOLD_DESK_HPP

#include "desk.hpp"
#include <filesystem>

namespace desk {

constexpr int64_t usual_price = 100;

struct Teller {
  rck_engine *engine = nullptr;
  rck_port *reader = nullptr, *ports[4] = {};
  std::string directory;
  rck_verdict verdicts[3] = {}; // of the two calls
  rck_status status[3] = {};
  uint64_t tokens[256] = {}; // by id
  uint32_t strategy = 0;

  static rck_config config_of() {
    rck_config config;
    small_config(&config);
    config.flags |= RCK_TELL_COMMANDS | RCK_TELL_MARKET;
    config.clock_source = RCK_CLOCK_HOST;
    config.clock_back_ns_max = 1000;
    config.money_decimals = 0;
    config.orders_max = config.retired_ids_max = config.executions_max = 64;
    config.windows_max = 128;
    config.ring_lines = 1024; // as many as orders have places
    return config;
  }

  void make(const std::string &place) {
    directory = place;
    std::filesystem::remove_all(directory);
    std::filesystem::create_directory(directory);
    const rck_config config = config_of();
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define(engine, 3, 2, 2);
    for (uint32_t index = 1; index <= 3; index++)
      PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &ports[index], nullptr));
  }
  void drop() {
    for (uint32_t index = 1; index <= 3; index++)
      PASSES(insist([&] { return rck_port_close(ports[index]); }));
    PASSES(insist([&] { return rck_engine_close(engine); }));
  }
  void tell() {
    PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
    auto settings = sized<rck_journal_config>();
    settings.segment_bytes = 1 << 20;
    PASSES(rck_journal_open(reader, directory.c_str(), &settings, nullptr));
    auto info = sized<rck_pump_info>();
    PASSES(rck_journal_pump(reader, &info, nullptr));
    NEED(info.waiting == 0);
    PASSES(rck_journal_close(reader, nullptr));
    PASSES(rck_port_close(reader));
  }

  // Each call by the port of its number.
  void check(uint32_t port, uint64_t id, uint32_t side, int64_t quantity, uint32_t account = 1, uint32_t instrument = 1,
             int64_t time_ns = 10, int64_t price = usual_price) {
    const rck_order asked = order(id, account, strategy, instrument, side, quantity, price, time_ns);
    status[port % 3] = rck_check(ports[port], &asked, &verdicts[port % 3]);
    tokens[id] = verdicts[port % 3].token;
  }
  void amend(uint32_t port, uint64_t id, uint64_t new_id, int64_t quantity) {
    const rck_order asked = order(new_id, 0, 0, 0, 0, quantity, usual_price, 10);
    status[port % 3] = rck_amend(ports[port], tokens[id], &asked, &verdicts[port % 3]);
  }
  void answer(uint32_t port, uint64_t id, uint32_t accepted) {
    status[port % 3] = rck_amend_result(ports[port], tokens[id], 0, accepted, &verdicts[port % 3]);
  }
  void fill(uint32_t port, uint64_t id, int64_t quantity, int64_t price, uint64_t execution) {
    const rck_report report = desk::fill(tokens[id], quantity, quantity, price, execution, 10);
    status[port % 3] = rck_fill(ports[port], &report, &verdicts[port % 3]);
  }
  void copy(uint32_t port, uint64_t id, uint32_t side, int64_t quantity) {
    const rck_order asked = order(id, 1, 0, 1, side, quantity, usual_price, 10);
    status[port % 3] = rck_drop_copy(ports[port], &asked, &verdicts[port % 3]);
  }
  // Three of 5 each.
  void legs(uint32_t port, uint64_t id) {
    rck_order asked[3];
    rck_verdict each[3];
    uint32_t passed = 0;
    for (uint64_t leg = 0; leg < 3; leg++)
      asked[leg] = order(id + leg, 1, 0, 1 + leg % 2, RCK_SIDE_BUY, 5, usual_price, 10);
    PASSES(rck_check_batch(ports[port], asked, each, 3, RCK_BATCH_ALL_OR_NONE, &passed));
    status[port % 3] = passed ? RCK_OK : RCK_REJECT_BATCH;
  }
  void unknown(uint32_t port, uint64_t id, int64_t cumulative, uint64_t execution) {
    rck_report report = desk::fill(0, cumulative, cumulative, usual_price, execution, 10);
    report.order_id = id;
    report.account = report.instrument = 1;
    report.side = RCK_SIDE_BUY;
    status[port % 3] = rck_fill(ports[port], &report, &verdicts[port % 3]);
  }
  void bust(uint32_t port, uint64_t id, uint64_t execution) {
    rck_report report = desk::fill(tokens[id], 0, 0, 0, 0, 10);
    report.kind = RCK_REPORT_BUST;
    report.undone_execution_id = execution;
    status[port % 3] = rck_fill(ports[port], &report, &verdicts[port % 3]);
  }
  void release(uint32_t port, uint64_t id) {
    status[port % 3] = rck_release(ports[port], 0, id, RCK_RELEASE_CANCELLED, 10, &verdicts[port % 3]);
  }
  // Whoever looks for orders ends the only one there is, if it is there.
  void end_any(uint32_t port) {
    for (const rck_order_info &order : open_orders(engine))
      status[port % 3] = rck_release(ports[port], order.token, 0, RCK_RELEASE_CANCELLED, 10, &verdicts[port % 3]);
  }
  void fill_any(uint32_t port, int64_t quantity) {
    for (const rck_order_info &order : open_orders(engine)) {
      rck_report report = desk::fill(0, quantity, quantity, usual_price, 900, 10);
      report.order_id = order.order_id;
      status[port % 3] = rck_fill(ports[port], &report, &verdicts[port % 3]);
    }
  }
  void amend_any(uint32_t port, uint64_t new_id) {
    for (const rck_order_info &order : open_orders(engine)) {
      const rck_order asked = desk::order(new_id, 0, 0, 0, 0, 5, usual_price, 10);
      status[port % 3] = rck_amend(ports[port], order.token, &asked, &verdicts[port % 3]);
    }
  }
  void bust_by_id(uint32_t port, uint64_t id, uint64_t execution) {
    rck_report report = desk::fill(0, 0, 0, 0, 0, 10);
    report.order_id = id;
    report.kind = RCK_REPORT_BUST;
    report.undone_execution_id = execution;
    status[port % 3] = rck_fill(ports[port], &report, &verdicts[port % 3]);
  }
  // As many as there are places for, from an id on.
  void check_all(uint32_t port, uint64_t id) {
    do
      check(port, id, RCK_SIDE_BUY, 1);
    while (status[port % 3] == RCK_OK && ++id < 256);
    NEED(status[port % 3] == RCK_REJECT_ORDERS_FULL);
  }
  void place(uint32_t port, int64_t quantity, int64_t price) {
    auto position = sized<rck_position>();
    position.account = position.instrument = position.actor = 1;
    position.quantity = quantity;
    position.price = price;
    strcpy(position.reason, "stress");
    status[port % 3] = rck_position_set(ports[port], &position, nullptr);
  }
  void cash(uint32_t port, int64_t amount) {
    auto cash = sized<rck_cash>();
    cash.account = cash.actor = 1;
    cash.cash = amount;
    strcpy(cash.reason, "stress");
    status[port % 3] = rck_cash_set(ports[port], &cash, nullptr);
  }
  void trade(uint32_t port, int64_t price, int64_t time_ns) {
    rck_trade trade{};
    trade.instrument = 1;
    trade.price = price;
    trade.quantity = 5;
    trade.time_ns = time_ns;
    status[port % 3] = rck_market_trade(ports[port], &trade);
  }
  void quote(uint32_t port, int64_t bid, int64_t time_ns) {
    rck_quote quote{};
    quote.instrument = 1;
    quote.bid = bid;
    quote.ask = bid + 2;
    quote.bid_size = quote.ask_size = 5;
    quote.time_ns = time_ns;
    status[port % 3] = rck_market_quote(ports[port], &quote);
  }
  void metric(uint32_t port, double value, int64_t time_ns) {
    status[port % 3] = rck_metric_set(ports[port], 1, value, time_ns);
  }
  void mark(uint32_t port, int64_t price) { status[port % 3] = rck_mark(ports[port], 1, price, 10); }
  void day(uint32_t port, uint32_t date) {
    uint32_t released = 0;
    status[port % 3] = rck_day_start(ports[port], date, &released, nullptr);
  }
  void latch(uint32_t state) {
    const rck_latch given = desk::latch(RCK_SCOPE_ACCOUNT, 1, state);
    status[2] = state ? rck_latch_set(engine, &given, nullptr) : rck_latch_clear(engine, &given, nullptr);
  }
  void gross(int64_t most, uint32_t scope = RCK_SCOPE_ACCOUNT, uint32_t id = 1) {
    set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, scope, id, most));
    publish(engine);
  }
  void rate(int64_t most, int64_t window_ns) {
    rck_limit given = limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, 1, most);
    given.window_ns = window_ns;
    set(engine, given);
    publish(engine);
  }
};

} // namespace desk

#endif
