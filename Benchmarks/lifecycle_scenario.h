// A whole life: check, amend, the venue's answer, two partial fills, release. As information.
#pragma once

#include "desk_scenarios.h"

namespace bench {

constexpr const char *lifecycle_names[] = {"lifecycle.many", "lifecycle.one"};

template <class Seat> class LifecycleLoop {
public:
  explicit LifecycleLoop(Seat seat)
      : seat_(std::move(seat)), stream_(0, {4, 1, 4, 16, 1, 1'700'000'000'000'000'000, 2'000'000}) {}

  Outcome block(uint64_t batches, const TickClock &clock, uint64_t seed, Plant plant) {
    Outcome outcome;
    outcome.intact = true;
    stream_.reseed(seed);
    said_ = 0;
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
    outcome.checksum = said_;
    for (const auto &order : orders_)
      outcome.held = outcome.held * 31 + seat_.held(order.account, order.instrument);
    return outcome;
  }

private:
  bool live(const rck_order &order, int64_t second) {
    rck_verdict verdict{};
    bool good = seat_.check(order, verdict) == RCK_OK;
    uint64_t token = verdict.token;
    note(verdict);
    rck_order terms = order;
    terms.quantity += 10;
    good &= seat_.amend(token, terms, verdict) == RCK_OK;
    note(verdict);
    good &= seat_.amend_accepted(token, order.order_id, verdict) == RCK_OK;
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
      good &= seat_.fill(fill, verdict) == RCK_OK;
      note(verdict);
    }
    return good & (seat_.release(token, order.time_ns) == RCK_OK);
  }

  // Of what is said of a life, but for the token.
  void note(const rck_verdict &verdict) {
    said_ = said_ * 31 + uint64_t(verdict.status);
    said_ = said_ * 31 + verdict.failed;
    said_ = said_ * 31 + uint64_t(verdict.observed);
  }

  Seat seat_;
  OrderStream stream_;
  uint64_t executions_ = 0, said_ = 0;
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
    LifecycleLoop<LibraryDesk::Seat> loop(desk.seat(1));
    LifecycleLoop<OracleSeat> truth(OracleSeat(desk_profile(wide), discipline));
    const uint64_t batches = options.block_batches / 4 + 1;
    std::vector<Contender> contenders{
        {"", [&](uint64_t seed, Plant plant) { return loop.block(batches, clock, seed, plant); },
         [&](uint64_t seed) { return truth.block(batches, clock, seed, Plant::None); }}};
    Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
    collect_orders(report, rounds, contenders, name);
    std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
    rows[0].unit = "ns/order";
    rows[0].note = "lifecycle: check, amend, accepted by the venue, two partial fills, release: six calls";
    add_order_rows(report, rows);
  }
}

} // namespace bench
