// The open loop: orders arrive when a schedule says so, whether the one before is done or not, and their latency counts
// from there: who waits behind another pays for it in the figures. One thread checks each order and ends the one of 64
// orders before. The same schedule is kept for nothing at all: what the machine does to such a loop.
#pragma once

#include "desk_scenarios.h"

#include <cmath>

namespace bench {

enum class Pattern { Poisson, Bursty };

struct OpenScenario {
  const char *name;
  Pattern pattern;
  double per_second;
};

constexpr OpenScenario open_scenarios[] = {
    {"open.poisson.100k", Pattern::Poisson, 100'000}, {"open.poisson.1m", Pattern::Poisson, 1'000'000},
    {"open.poisson.5m", Pattern::Poisson, 5'000'000}, {"open.bursty.100k", Pattern::Bursty, 100'000},
    {"open.bursty.1m", Pattern::Bursty, 1'000'000},   {"open.bursty.5m", Pattern::Bursty, 5'000'000}};

constexpr uint64_t burst_orders = 32;

// When orders are due, in nanoseconds from the beginning. Bursts come at exponential distances like single orders do.
class Arrivals {
public:
  Arrivals(const OpenScenario &of, uint64_t seed) : burst_(of.pattern == Pattern::Bursty ? burst_orders : 1) {
    Random random(seed);
    double mean = 1e9 / of.per_second * double(burst_);
    for (float &gap : gaps_)
      gap = float(-mean * std::log((double(random.next() >> 11) + 1) / double(uint64_t{1} << 53)));
  }

  double next() {
    if (left_ == 0) {
      at_ += double(gaps_[drawn_++ % gaps_.size()]);
      left_ = burst_;
    }
    left_--;
    return at_;
  }

private:
  // Drawn beforehand, since a logarithm takes a third of a check, and read in order, again and again.
  std::vector<float> gaps_ = std::vector<float>(1u << 16);
  uint64_t burst_, left_ = 0, drawn_ = 0;
  double at_ = 0;
};

struct OpenOutcome {
  Histogram times;
  uint64_t offered = 0, served = 0, preemptions = 0;
  bool intact = true;
};

// So many orders at most are held against the oracle; of all others it is known what they must be told.
constexpr uint64_t open_judged = 50'000;

template <class Seat> class OpenLoop {
public:
  // With a planted fault one of the first verdicts is falsified.
  explicit OpenLoop(Seat seat, Plant plant = Plant::None) : seat_(std::move(seat)), stream_(1, {}), plant_(plant) {}

  OpenOutcome window(const OpenScenario &of, double ns, const TickClock &clock, uint64_t seed) {
    OpenOutcome outcome;
    Arrivals arrivals(of, seed);
    uint64_t preemptions = preemptions_of_thread();
    const double per_ns = 1 / clock.ns_per_tick;
    const uint64_t begun = ticks_now() + uint64_t(1e5 * per_ns), end = begun + uint64_t(ns * per_ns);
    // Behind an overload that does not end nothing is learnt any more.
    const uint64_t patience = end + uint64_t(ns / 4 * per_ns);
    while (true) {
      uint64_t due = begun + uint64_t(arrivals.next() * per_ns), now = ticks_now();
      if (due >= end)
        break;
      outcome.offered++;
      if (now > patience)
        continue;
      rck_order order;
      stream_.make(order);
      while (now < due)
        now = ticks_now();
      outcome.intact &= serve(order, due, outcome.times, clock);
      outcome.served++;
    }
    while (ended_ != begun_)
      outcome.intact &= end_oldest();
    outcome.preemptions = preemptions_of_thread() - preemptions;
    return outcome;
  }

  // The same orders without a schedule: what the first of them are told.
  uint64_t checksum_of_first(uint64_t count) {
    while (begun_ < count) {
      rck_order order;
      stream_.make(order);
      pass(order);
    }
    return checksum;
  }

  // Of the first `open_judged` verdicts, and of so few that every run has them.
  uint64_t checksum = 0, early_checksum = 0;

private:
  bool serve(const rck_order &order, uint64_t due, Histogram &times, const TickClock &clock) {
    rck_verdict verdict;
    seat_.check(order, verdict);
    times.record(double(ticks_after() - due) * clock.ns_per_tick);
    return note(verdict);
  }

  bool pass(const rck_order &order) {
    rck_verdict verdict;
    seat_.check(order, verdict);
    return note(verdict);
  }

  bool note(rck_verdict &verdict) {
    if (plant_ != Plant::None && begun_ == 100)
      verdict.observed ^= 1;
    if (begun_ < open_judged)
      checksum = checksum * 1'000'003 + checksum_of(verdict);
    if (begun_ == 1'000)
      early_checksum = checksum += held(1 + begun_ % 4);
    bool good = verdict.status == RCK_OK && verdict.failed == 0 && verdict.token != 0;
    tokens_[begun_++ % tokens_.size()] = verdict.token;
    return begun_ - ended_ < tokens_.size() ? good : good & end_oldest();
  }

  // Of an account's live orders; of a seat that has rows.
  uint64_t held(uint32_t account) const {
    if constexpr (requires(const Seat &seat) { seat.held(1u, 1u); })
      return seat_.held(account, 1) * 31 + seat_.held(account, 2);
    return 0;
  }

  bool end_oldest() { return seat_.release(tokens_[ended_++ % tokens_.size()], stream_.time_ns()) == RCK_OK; }

  Seat seat_;
  OrderStream stream_;
  std::array<uint64_t, batch_orders> tokens_{};
  uint64_t begun_ = 0, ended_ = 0;
  Plant plant_;
};

// Passes everything at once.
struct NothingSeat {
  rck_status check(const rck_order &, rck_verdict &verdict) {
    verdict.status = RCK_OK;
    verdict.failed = 0;
    verdict.token = 1;
    asm volatile("" : : "r"(&verdict) : "memory");
    return RCK_OK;
  }
  rck_status release(uint64_t, int64_t) { return RCK_OK; }
};

inline Row open_row(const OpenScenario &of, const std::string &name, const std::vector<OpenOutcome> &windows,
                    const std::vector<OpenOutcome> &nothing, double seconds) {
  Row row;
  row.scenario = name;
  row.unit = "ns from due";
  Histogram all, empty;
  uint64_t offered = 0, served = 0, preemptions = 0;
  for (size_t i = 0; i < windows.size(); i++) {
    all.add(windows[i].times);
    empty.add(nothing[i].times);
    offered += windows[i].offered;
    served += windows[i].served;
    preemptions += windows[i].preemptions;
    row.windows.push_back({i, windows[i].served, percentiles_of(windows[i].times)});
  }
  row.p50 = all.percentile(0.5);
  put_singles(row, all, 0);
  row.net.reset(); // a time begins with no reading of the clock that could be taken off
  row.jitter = percentiles_of(empty);
  row.kept = windows.size();
  row.ops_per_second = double(served) / (seconds * double(windows.size()));
  row.extra.emplace_back("offered_per_second", of.per_second);
  row.extra.emplace_back("served_share", double(served) / double(offered));
  row.extra.emplace_back("preemptions", double(preemptions));
  return row;
}

inline void run_open(Report &report, const Options &options, const TickClock &clock, const OpenScenario &of) {
  Profile profile = desk_profile(wide_limits());
  LibraryDesk library(profile, RCK_MANY_WRITERS);
  FloorDesk<true> floor(profile);
  OpenLoop<LibraryDesk::Seat> own(library.seat(1), options.plant);
  OpenLoop<FloorDesk<true>::Seat> hand_written(floor.seat(1));
  OpenLoop<NothingSeat> empty{NothingSeat{}};
  OpenLoop<OracleSeat> oracle{OracleSeat(profile, RCK_MANY_WRITERS)};
  std::vector<OpenOutcome> windows, floors, nothing;
  std::vector<double> clocks;
  const double ns = double(options.open_ms) * 1e6;
  bool intact = true;
  for (uint64_t at = 0; at < options.open_windows; at++) {
    clocks.push_back(core_ghz());
    windows.push_back(own.window(of, ns, clock, options.seed + at));
    floors.push_back(hand_written.window(of, ns, clock, options.seed + at));
    nothing.push_back(empty.window(of, ns, clock, options.seed + at));
    intact = intact && windows.back().intact && floors.back().intact;
  }
  uint64_t judged = 0;
  for (const auto &window : windows)
    judged += window.served;
  intact = intact && oracle.checksum_of_first(std::min(judged, open_judged)) == own.checksum;
  report.checksum += own.early_checksum;
  if (!intact)
    report.found_corrupt(of.name);
  Row row = open_row(of, of.name, windows, nothing, ns / 1e9);
  Row beside = open_row(of, std::string(of.name) + "/floor", floors, nothing, ns / 1e9);
  row.ghz = beside.ghz = median(clocks);
  row.note =
      "open: latency from the instant at which an order was due to its verdict; each order ends the one of 64 "
      "before, which the next ones wait for, as they do for the making of orders; the ratio is of both middles, of "
      "windows by turns; the jitter is of the same schedule with nothing to do. Where less "
      "than all was served the rate is beyond one thread, and latency only says how long it was tried";
  if (row.p50 && beside.p50 && *beside.p50 > 0) {
    row.ratio = *row.p50 / *beside.p50;
    row.ratio_of = "p50";
    row.against = beside.scenario;
  }
  report.rows.push_back(std::move(row));
  report.rows.push_back(std::move(beside));
}

inline void run_open_scenarios(Report &report, const Options &options, const TickClock &clock) {
  for (const OpenScenario &of : open_scenarios) {
    if (wanted(options, of.name))
      run_open(report, options, clock, of);
  }
}

} // namespace bench
