// Two threads at once, each on its own core: on different accounts of one engine against two engines that share
// nothing, and on one account beside a bare compare-and-swap on one line, which nothing that shares can beat.
#pragma once

#include "desk_scenarios.h"

#include <atomic>

namespace bench {

constexpr const char *apart_name = "threads.apart";
constexpr const char *together_name = "threads.together";

// A closed loop of checks and releases in small batches, with single checks timed for the tail.
template <class Seat> class ThreadLoop {
public:
  ThreadLoop(Seat seat, const StreamOf &of) : seat_(seat), stream_(1, of) {}

  void run(uint64_t batches, const TickClock &clock, std::vector<double> &singles) {
    for (uint64_t batch = 0; batch < batches; batch++) {
      for (auto &order : orders_)
        stream_.make(order);
      for (size_t i = 0; i < orders_.size(); i++) {
        if (batch % 8 != 0) {
          seat_.check(orders_[i], verdicts_[i]);
          continue;
        }
        uint64_t before = ticks_before();
        seat_.check(orders_[i], verdicts_[i]);
        singles.push_back(double(ticks_after() - before) * clock.ns_per_tick);
      }
      for (const auto &verdict : verdicts_) {
        answered += verdict.token != 0 || (verdict.flags & RCK_VERDICT_CONTENDED) != 0;
        contended += (verdict.flags & RCK_VERDICT_CONTENDED) != 0;
        if (verdict.token != 0)
          sane &= seat_.release(verdict.token, stream_.time_ns()) == RCK_OK;
      }
      seat_.drain();
    }
  }

  uint64_t answered = 0, contended = 0;
  bool sane = true;

private:
  Seat seat_;
  OrderStream stream_;
  alignas(64) std::array<rck_order, 16> orders_;
  alignas(64) std::array<rck_verdict, 16> verdicts_;
};

// Both threads run the same number of batches; the time is until the later one is done.
template <class Seat>
Outcome thread_block(ThreadLoop<Seat> &near, ThreadLoop<Seat> &far, Partner &partner, uint64_t batches,
                     const TickClock &clock, Plant plant) {
  Outcome outcome;
  std::vector<double> far_singles;
  make_room(outcome.trips, 2 * batches * 16);
  make_room(far_singles, batches * 16);
  uint64_t far_preemptions = 0, answered = near.answered + far.answered;
  uint64_t preemptions = preemptions_of_thread(), from = now_ns();
  partner.start([&] {
    uint64_t own = preemptions_of_thread();
    far.run(batches, clock, far_singles);
    far_preemptions = preemptions_of_thread() - own;
  });
  near.run(batches, clock, outcome.trips);
  partner.finish();
  outcome.ns = double(now_ns() - from);
  outcome.preemptions = preemptions_of_thread() - preemptions + far_preemptions;
  outcome.operations = 2 * batches * 16;
  outcome.trips.insert(outcome.trips.end(), far_singles.begin(), far_singles.end());
  // Nothing refuses for a limit here; under contention a check may say so.
  answered += plant != Plant::None;
  outcome.intact = near.sane && far.sane && near.answered + far.answered - answered == outcome.operations;
  outcome.checksum = outcome.intact;
  return outcome;
}

// The bare line: both threads add to one word by compare-and-swap, so often that both are at it at once.
inline Outcome swap_block(Partner &partner, uint64_t count, Plant plant) {
  alignas(128) static std::atomic<uint64_t> line{0};
  Outcome outcome;
  auto work = [count] {
    for (uint64_t i = 0; i < count; i++) {
      uint64_t seen = line.load(std::memory_order_relaxed);
      while (!line.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel)) {
      }
    }
  };
  uint64_t before = line.load(), preemptions = preemptions_of_thread(), from = now_ns(), far_preemptions = 0;
  partner.start([&] {
    uint64_t own = preemptions_of_thread();
    work();
    far_preemptions = preemptions_of_thread() - own;
  });
  work();
  partner.finish();
  outcome.ns = double(now_ns() - from);
  outcome.preemptions = preemptions_of_thread() - preemptions + far_preemptions;
  outcome.operations = 2 * count;
  outcome.intact = line.load() - before == 2 * count + (plant != Plant::None);
  return outcome;
}

inline std::vector<Row> thread_rows(const Rounds &rounds, const std::vector<size_t> &chosen,
                                    const std::vector<Contender> &contenders, const std::string &scenario) {
  std::vector<Row> rows;
  for (size_t who = 0; who < contenders.size(); who++) {
    std::string name = contenders[who].name.empty() ? scenario : scenario + "/" + contenders[who].name;
    Row row = blank_row(rounds, chosen, name);
    row.unit = "ns/check";
    rows.push_back(std::move(row));
    if (chosen.size() < rounds_least)
      continue;
    Histogram singles = histogram_of(rounds, chosen, who, &Outcome::trips);
    rows.back().p50 = singles.percentile(0.5);
    if (singles.count() != 0)
      put_singles(rows.back(), singles, tick_clock().cost_ns);
    rows.back().ops_per_second = 1e9 / median_of(rounds, chosen, [who](const auto &of) { return ns_each(of[who]); });
    if (who == 0)
      continue;
    double ratio = median_of(rounds, chosen, [who](const auto &of) { return ns_each(of[who]) / ns_each(of[0]); });
    if (who != 1) {
      rows[0].extra.emplace_back("rate_to_" + contenders[who].name, ratio);
      continue;
    }
    rows[0].ratio = ratio;
    rows[0].ratio_of = "ops_per_second";
    rows[0].against = name;
  }
  return rows;
}

// In a block one thread may be ahead of the other by all its orders, whose times then are the other's too: the
// rates take a whole block of both at one instant.
constexpr uint64_t thread_batches_max = 100;
constexpr int64_t thread_rate = 4'000;

inline Profile together_profile() {
  static_assert(2 * thread_batches_max * 16 + 2 * 250 < uint64_t(thread_rate));
  Tightness wide = wide_limits();
  wide.rate = {0, 0, thread_rate};
  return desk_profile(wide);
}

inline Capacity thread_capacity() {
  Capacity capacity;
  capacity.rate_most = 4'096;
  capacity.windows = 16;
  return capacity;
}

// Strategies carry rate limits: threads that share nothing must not share one. (They draw from strategies 1 and 2.)
inline Profile apart_profile() {
  Profile profile = together_profile();
  std::erase_if(profile.limits, [](const rck_limit &limit) { return limit.scope_kind == RCK_SCOPE_STRATEGY; });
  return profile;
}

inline uint64_t thread_batches(const Options &options) { return std::min(options.block_batches, thread_batches_max); }

template <class Desk>
Contender pair_contender(const std::string &name, Desk &near, Desk &far, uint32_t far_port, uint32_t far_account,
                         Partner &partner, const Options &options, const TickClock &clock) {
  using Loop = ThreadLoop<typename Desk::Seat>;
  // 250 orders a second of each thread.
  StreamOf of{1, 1, 2, 16, 1, 1'700'000'000'000'000'000, 4'000'000};
  auto first = std::make_shared<Loop>(near.seat(1), of);
  of.first_account = far_account;
  of.first_id = uint64_t(1) << 40;
  auto second = std::make_shared<Loop>(far.seat(far_port), of);
  return {name, [first, second, &partner, &options, &clock](uint64_t, Plant plant) {
            return thread_block(*first, *second, partner, thread_batches(options), clock, plant);
          }};
}

inline void run_apart(Report &report, const Options &options, const TickClock &clock, Partner &partner) {
  Profile profile = apart_profile();
  Capacity capacity = thread_capacity();
  LibraryDesk one(profile, RCK_MANY_WRITERS, capacity), first(profile, RCK_MANY_WRITERS, capacity),
      second(profile, RCK_MANY_WRITERS, capacity);
  FloorDesk<true> floor(profile, capacity);
  std::vector<Contender> contenders{pair_contender("", one, one, 2, 2, partner, options, clock),
                                    pair_contender("two-engines", first, second, 1, 2, partner, options, clock),
                                    pair_contender("floor", floor, floor, 2, 2, partner, options, clock)};
  Rounds rounds = run_rounds(contenders, options.order_rounds, &partner, options.seed, options.plant);
  collect_orders(report, rounds, contenders, apart_name);
  std::vector<Row> rows = thread_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, apart_name);
  rows[0].target = "two threads on accounts of their own: at least 0.95 times two separate engines";
  if (rows[0].ratio)
    rows[0].met = *rows[0].ratio >= 0.95;
  rows[0].note =
      "threads: throughput of both together: orders made, checked and released, events read; percentiles, the "
      "middle too, of single checks with the clock's cost in them";
  add_order_rows(report, rows);
}

inline void run_together(Report &report, const Options &options, const TickClock &clock, Partner &partner) {
  LibraryDesk library(together_profile(), RCK_MANY_WRITERS, thread_capacity());
  FloorDesk<true> floor(together_profile(), thread_capacity());
  std::vector<Contender> contenders{pair_contender("", library, library, 2, 1, partner, options, clock),
                                    pair_contender("floor", floor, floor, 2, 1, partner, options, clock),
                                    {"bare-swap", [&](uint64_t, Plant plant) {
                                       return swap_block(partner, thread_batches(options) * 16 * 64, plant);
                                     }}};
  Rounds rounds = run_rounds(contenders, options.order_rounds, &partner, options.seed, options.plant);
  collect_orders(report, rounds, contenders, together_name);
  std::vector<Row> rows = thread_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, together_name);
  add_order_rows(report, rows);
}

inline void run_thread_scenarios(Report &report, const Options &options, const TickClock &clock) {
  bool apart = wanted(options, apart_name), together = wanted(options, together_name);
  std::vector<int> cores = allowed_cores();
  if (!apart && !together)
    return;
  if (cores.size() < 2) {
    for (const char *name : {apart_name, together_name})
      report.skipped.push_back({name, "needs two cores"});
    return;
  }
  Partner partner(cores[0], second_core());
  if (apart)
    run_apart(report, options, clock, partner);
  if (together)
    run_together(report, options, clock, partner);
}

} // namespace bench
