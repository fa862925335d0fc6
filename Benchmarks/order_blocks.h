// One block of checks in a closed loop: batches of orders are made, checked, and released. In every other batch
// the checks are timed one by one for the tail, in the others together for the middle, since one reading of the
// time stamp counter costs a third of a check and steps in tens of nanoseconds. Making orders is never timed. A seat
// that checks all of a batch by one call does so in every batch.
#pragma once

#include "clock.h"
#include "counters.h"
#include "jitter.h"
#include "order_stream.h"
#include "outcome.h"
#include "percentiles.h"
#include "record.h"

#include <array>

namespace bench {

constexpr size_t batch_orders = 64;

// What orders have to meet for the block to be intact.
struct Expected {
  rck_status status = RCK_OK;
  uint32_t failed = 0;
};

inline uint64_t checksum_of(const rck_verdict &verdict) {
  uint64_t sum = uint64_t(uint32_t(verdict.status)) | uint64_t(verdict.control) << 32;
  sum = sum * 31 + verdict.failed;
  sum = sum * 31 + uint64_t(verdict.limit);
  sum = sum * 31 + uint64_t(verdict.observed);
  return sum * 31 + (verdict.token != 0);
}

template <class Seat>
constexpr bool checks_all =
    requires(Seat &seat, const rck_order *orders, rck_verdict *verdicts) { seat.check_all(orders, verdicts, 1); };

template <class Seat, size_t Orders = batch_orders> class OrderLoop {
public:
  // `alter` makes of each order of the stream what the scenario wants.
  OrderLoop(Seat seat, const StreamOf &of, Expected expected, void (*alter)(rck_order &) = nullptr)
      : seat_(seat), stream_(0, of), expected_(expected), alter_(alter) {}

  Outcome block(uint64_t batches, const TickClock &clock, uint64_t seed, Plant plant) {
    Outcome outcome;
    outcome.intact = true;
    if constexpr (!checks_all<Seat>) {
      make_room(outcome.trips, batches / 2 * Orders);
      make_room(outcome.empty, batches / 2 * Orders);
    }
    make_room(outcome.batches, batches);
    make_room(outcome.releases, batches);
    uint64_t preemptions = preemptions_of_thread();
    stream_.reseed(seed);
    for (uint64_t batch = 0; batch < batches; batch++) {
      make_orders();
      if (batch % 2 == 0 || checks_all<Seat>) {
        check_together(outcome, clock);
      } else {
        check_singly(outcome, clock);
        wait_singly(outcome, clock);
      }
      if (batch + 1 == batches)
        outcome.held = held() ^ uint64_t(plant == Plant::Held);
      if (batch == 0)
        corrupt(verdicts_[Orders / 2], plant);
      settle(outcome, clock);
    }
    outcome.preemptions = preemptions_of_thread() - preemptions;
    if (blocks_++ < 2 && !outcome.batches.empty()) // of the warm-up, and of the first that is warm
      empty_ = EmptyLoop(median(outcome.batches), core_ghz());
    return outcome;
  }

  // What the processor counts for a check of one turn, beside those that are timed.
  Counted count(Counters &counters) {
    Counted counted;
    Outcome ignored;
    make_orders(); // once for the caches, and once more
    check_orders();
    settle(ignored, tick_clock());
    make_orders();
    counters.start();
    check_orders();
    counted = counters.stop(Orders);
    settle(ignored, tick_clock());
    return counted;
  }

private:
  static void corrupt(rck_verdict &verdict, Plant plant) {
    if (plant == Plant::Verdict)
      verdict.observed ^= 1;
    else if (plant != Plant::None && plant != Plant::Held)
      verdict.status ^= 1;
  }

  // What orders of the turn, which are live, have in their rows and books; the floor is not asked.
  uint64_t held() const {
    uint64_t digest = 0;
    if constexpr (requires(const Seat &seat) { seat.held(1u, 1u); }) {
      for (size_t i = 0; i < Orders; i += Orders / 8)
        digest = digest * 31 + seat_.held(orders_[i].account, orders_[i].instrument);
    }
    return digest;
  }

  void make_orders() {
    for (auto &order : orders_) {
      stream_.make(order);
      if (alter_ != nullptr)
        alter_(order);
    }
  }

  void check_orders() {
    if constexpr (checks_all<Seat>) {
      seat_.check_all(orders_.data(), verdicts_.data(), Orders);
    } else {
      for (size_t i = 0; i < Orders; i++)
        seat_.check(orders_[i], verdicts_[i]);
    }
  }

  void check_together(Outcome &outcome, const TickClock &clock) {
    uint64_t before = ticks_before();
    check_orders();
    double ns = double(ticks_after() - before) * clock.ns_per_tick;
    outcome.batches.push_back(ns / double(Orders));
    outcome.ns += ns;
    outcome.operations += Orders;
  }

  // The machine's own tail, of as many times of the same length.
  void wait_singly(Outcome &outcome, const TickClock &clock) {
    for (size_t i = 0; i < Orders; i++) {
      uint64_t before = ticks_before();
      empty_.run();
      uint64_t after = ticks_after();
      outcome.empty.push_back(double(after - before) * clock.ns_per_tick);
    }
  }

  void check_singly(Outcome &outcome, const TickClock &clock) {
    for (size_t i = 0; i < Orders; i++) {
      uint64_t before = ticks_before();
      seat_.check(orders_[i], verdicts_[i]);
      uint64_t after = ticks_after();
      outcome.trips.push_back(double(after - before) * clock.ns_per_tick);
    }
  }

  // Releases what passed, takes out the events of what did not, and looks at every verdict.
  void settle(Outcome &outcome, const TickClock &clock) {
    uint64_t before = ticks_before(), released = 0;
    bool sane = true;
    for (const auto &verdict : verdicts_) {
      if (verdict.token == 0)
        continue;
      sane &= seat_.release(verdict.token, stream_.time_ns()) == RCK_OK;
      released++;
    }
    double ns = double(ticks_after() - before) * clock.ns_per_tick;
    if (released == Orders)
      outcome.releases.push_back(ns / double(released));
    for (const auto &verdict : verdicts_) {
      sane &= verdict.status == expected_.status && verdict.failed == expected_.failed;
      sane &= (verdict.status == RCK_OK) == (verdict.token != 0);
      outcome.checksum = outcome.checksum * 1'000'003 + checksum_of(verdict);
    }
    if (released != Orders)
      sane &= seat_.drain() == Orders - released;
    outcome.intact &= sane;
    if constexpr (requires(Seat &seat) { seat.rest(); })
      seat_.rest();
  }

  Seat seat_;
  OrderStream stream_;
  Expected expected_;
  void (*alter_)(rck_order &);
  EmptyLoop empty_;
  uint64_t blocks_ = 0;
  alignas(64) std::array<rck_order, Orders> orders_;
  alignas(64) std::array<rck_verdict, Orders> verdicts_;
};

} // namespace bench
