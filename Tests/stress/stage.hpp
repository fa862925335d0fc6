// The engine on which two calls meet, what they ask of it, and what a scene is.
#ifndef RCK_STRESS_STAGE_HPP
#define RCK_STRESS_STAGE_HPP

#include "desk.hpp"
#include <functional>

namespace desk {

struct Answer {
  rck_status status = 0;
  rck_verdict verdict{};
  bool passed() const { return status == RCK_OK; }
};

constexpr int64_t price = 10;

// The engine that scenes share, small enough for places to be used again at once.
struct Stage {
  rck_engine *engine = nullptr;
  rck_port *ports[5] = {}; // where one writes: all the same
  uint32_t discipline = RCK_MANY_WRITERS;
  uint64_t next_id = 1, next_execution = 1, made = 0;
  Answer first, second, third;
  uint64_t token = 0, other = 0;
  uint32_t strategy = 1; // 0: its row is not held against the account's
  std::vector<rck_order_info> seen;
  uint64_t totals = 0; // that a scene has had begun
  int64_t net = 0, strategy_net = 0;

  void make() {
    rck_config config;
    small_config(&config);
    config.clock_source = RCK_CLOCK_HOST;
    config.money_decimals = 0;
    config.orders_max = 8;
    config.retired_ids_max = 2;
    config.executions_max = 8;
    config.windows_max = 128;
    config.leases_max = 16;
    config.discipline = discipline;
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define(engine, 3, 2, 2); // no scene is about the third account
    set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 1 << 30));
    publish(engine);
    for (uint32_t index = 1; index <= 4; index++)
      if (index == 1 || discipline == RCK_MANY_WRITERS)
        PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &ports[index], nullptr));
      else
        ports[index] = ports[1];
    made++;
    totals = 0;
  }
  void drop() {
    for (uint32_t index = 1; index <= 4; index++)
      if (index == 1 || ports[index] != ports[1])
        PASSES(insist([&] { return rck_port_close(ports[index]); }));
    PASSES(insist([&] { return rck_engine_close(engine); }));
  }

  uint64_t id() { return next_id++; }
  Answer check(uint32_t port, uint64_t id, uint32_t side, int64_t quantity, uint32_t instrument = 1,
               uint32_t account = 1) {
    Answer answer;
    const rck_order asked = order(id, account, strategy, instrument, side, quantity, price, 1);
    answer.status = rck_check(ports[port], &asked, &answer.verdict);
    return answer;
  }
  // A live order, made by port 3.
  uint64_t live(uint32_t side = RCK_SIDE_BUY, int64_t quantity = 10, uint32_t instrument = 1) {
    const Answer answer = check(3, id(), side, quantity, instrument);
    PASSES(answer.status);
    return answer.verdict.token;
  }
  Answer report(uint32_t port, const rck_report &report) {
    Answer answer;
    answer.status = rck_fill(ports[port], &report, &answer.verdict);
    return answer;
  }
  Answer release(uint32_t port, uint64_t token) {
    Answer answer;
    answer.status = rck_release(ports[port], token, 0, RCK_RELEASE_CANCELLED, 1, &answer.verdict);
    return answer;
  }
  Answer amend(uint32_t port, uint64_t token, uint64_t id, int64_t quantity, int64_t at = price) {
    Answer answer;
    const rck_order asked = order(id, 0, 0, 0, 0, quantity, at, 1);
    answer.status = rck_amend(ports[port], token, &asked, &answer.verdict);
    return answer;
  }
  Answer answered(uint32_t port, uint64_t token, uint32_t accepted) {
    Answer answer;
    answer.status = rck_amend_result(ports[port], token, 0, accepted, &answer.verdict);
    return answer;
  }
  rck_order_info get(uint64_t token, uint64_t id = 0) {
    rck_order_info info{};
    const rck_status status = rck_order_get(engine, token, id, &info);
    if (status != RCK_OK)
      info.token = 0;
    return info;
  }
  void place(uint32_t port, uint32_t account, uint32_t strategy, int64_t quantity) {
    auto position = sized<rck_position>();
    position.account = account;
    position.strategy = strategy;
    position.instrument = 1;
    position.quantity = quantity;
    position.price = price;
    position.actor = 1;
    strcpy(position.reason, "stress");
    PASSES(rck_position_set(ports[port], &position, nullptr));
  }
  int64_t moved() { return row(engine, 1, 0, 1).net - net; }
  int64_t strategy_moved() { return row(engine, 0, 1, 1).net - strategy_net; }
};

using Work = std::function<void(Stage &)>;
struct Scene {
  const char *name;
  Work prepare, first, second;
  std::function<std::string(Stage &)> judge;
  bool locked_only = false; // between other instructions it cannot be told which came first
  uint64_t patience = 1;    // times as many pairs of places, for what few of them show
  Work meanwhile = nullptr; // a look when the first has ended, and the second still stands
  bool is_flagged = false;  // some refusal must say that another call was in the way
};

inline std::string said(const Answer &answer) {
  return std::string(rck_status_name(answer.status)) + "/" + std::to_string(answer.verdict.flags);
}

inline std::string unless(bool truth, const char *what, Stage &stage) {
  return truth ? "" : std::string(what) + " (first " + said(stage.first) + ", second " + said(stage.second) + "); ";
}

// One was quicker; the other is a repeat, or met a call that stood for longer than it waits.
inline bool once(const Stage &stage) {
  const rck_status lost = stage.first.passed() ? stage.second.status : stage.first.status;
  return stage.first.passed() != stage.second.passed() && (lost == RCK_REPEAT || lost == RCK_REJECT_CONTENDED);
}

} // namespace desk

#endif
