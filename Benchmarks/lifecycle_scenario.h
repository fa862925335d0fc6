// A whole life: check, amend, the venue's answer, two partial fills, release. As information.
#pragma once

#include "desk_scenarios.h"

namespace bench {

constexpr const char *lifecycle_names[] = {"lifecycle.many", "lifecycle.one"};

class LifecycleLoop {
public:
  explicit LifecycleLoop(LibraryDesk &desk)
      : seat_(desk.seat(1)), stream_(0, {4, 1, 4, 16, 1, 1'700'000'000'000'000'000, 2'000'000}) {}

  Outcome block(uint64_t batches, const TickClock &clock, uint64_t seed, Plant plant) {
    Outcome outcome;
    outcome.intact = true;
    stream_.reseed(seed);
    uint64_t preemptions = preemptions_of_thread();
    for (uint64_t batch = 0; batch < batches; batch++) {
      for (auto &order : orders_) {
        stream_.make(order);
        order.quantity = order.quantity / 10 * 10 + 20;
      }
      int64_t second = plant != Plant::None && batch == 0 ? 10 : 20; // 10: the first fill again
      uint64_t before = ticks_before();
      for (const auto &order : orders_)
        outcome.intact &= live(order, second);
      double ns = double(ticks_after() - before) * clock.ns_per_tick;
      outcome.batches.push_back(ns / double(orders_.size()));
      outcome.ns += ns;
      outcome.operations += orders_.size();
    }
    outcome.preemptions = preemptions_of_thread() - preemptions;
    return outcome;
  }

private:
  bool live(const rck_order &order, int64_t second) {
    rck_verdict verdict{};
    bool good = seat_.check(order, verdict) == RCK_OK;
    uint64_t token = verdict.token;
    rck_order terms = order;
    terms.quantity += 10;
    good &= rck_amend(seat_.port, token, &terms, &verdict) == RCK_OK;
    good &= rck_amend_result(seat_.port, token, order.order_id, 1, &verdict) == RCK_OK;
    rck_report fill{};
    fill.token = token;
    fill.kind = RCK_REPORT_FILL;
    fill.side = order.side;
    fill.last_quantity = 10;
    fill.last_price = order.price;
    fill.time_ns = order.time_ns;
    for (int64_t cumulative : {int64_t(10), second}) {
      fill.cumulative_quantity = cumulative;
      fill.execution_id = ++executions_;
      good &= rck_fill(seat_.port, &fill, &verdict) == RCK_OK;
    }
    return good & (seat_.release(token, order.time_ns) == RCK_OK);
  }

  LibraryDesk::Seat seat_;
  OrderStream stream_;
  uint64_t executions_ = 0;
  std::array<rck_order, 16> orders_;
};

inline void run_lifecycle_scenarios(Report &report, const Options &options, const TickClock &clock) {
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    const char *name = lifecycle_names[discipline - 1];
    if (!wanted(options, name))
      continue;
    Tightness wide = wide_limits(); // positions pile up: nothing of it may meet a limit
    wide.position = {0, 0, int64_t(1) << 50};
    wide.gross = wide.power_bps = {};
    LibraryDesk desk(desk_profile(wide), discipline);
    auto loop = std::make_shared<LifecycleLoop>(desk);
    std::vector<Contender> contenders{{"", [&](uint64_t seed, Plant plant) {
                                         return loop->block(options.block_batches / 4 + 1, clock, seed, plant);
                                       }}};
    Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
    collect_orders(report, rounds, contenders, name);
    std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
    rows[0].unit = "ns/order";
    rows[0].note = "lifecycle: check, amend, accepted by the venue, two partial fills, release: six calls";
    add_order_rows(report, rows);
  }
}

} // namespace bench
