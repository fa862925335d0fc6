// The harness checks its own arithmetic: what it says of samples and disturbed rounds whose truth is known.
#pragma once

#include "clock.h"
#include "counters.h"
#include "disturbance.h"
#include "percentiles.h"

#include <cstdio>
#include <vector>

namespace bench {

// A loop of two instructions is counted, or it is said why nothing is. True: as it must be.
inline bool counters_are_true() {
  Counters counters;
  if (!counters.available())
    return !counters.why().empty() && !counters.stop(1).instructions;
  constexpr uint64_t turns = 1'000'000;
  uint64_t left = turns;
  counters.start();
  asm volatile("1: dec %0\n\tjnz 1b" : "+r"(left) : : "cc");
  Counted counted = counters.stop(turns);
  return counters.why().empty() && counted.instructions && std::abs(*counted.instructions / 2 - 1) < 0.05;
}

inline int self_check() {
  int failed = 0;
  auto must = [&failed](bool holds, const char *what) {
    std::printf("%s %s\n", holds ? "pass" : "FAIL", what);
    failed += !holds;
  };

  std::vector<double> hundred;
  for (int i = 1; i <= 100; i++)
    hundred.push_back(i);
  must(percentile(hundred, 0.50) == 50.0, "the 50th percentile of 1 to 100 is 50");
  must(percentile(hundred, 0.99) == 99.0, "the 99th percentile of 1 to 100 is 99");
  must(!percentile(hundred, 0.999), "100 samples have no 99.9th percentile");
  must(!percentile({}, 0.5), "no samples have no percentile");
  must(median({4, 1, 3, 2}) == 2.5, "the median of an even number of samples is between the middle two");
  must(median({9, 1, 5}) == 5, "the median of an odd number of samples is the middle one");

  Reading calm{3.0, 50}, slow{2.8, 50}, fast{3.2, 50}, interrupted{3.0, 75}, distant{3.0, 180};
  std::vector<Conditions> rounds(7, {{calm, calm, calm}, 0});
  rounds[1].readings[2] = slow;
  rounds[2].readings[0] = fast;
  rounds[3].readings[1] = interrupted;
  rounds[4].readings = {distant, distant, distant};
  rounds[6].preemptions = 1;
  std::vector<Verdict> verdicts = judge(rounds);
  must(verdicts[0] == Verdict::Near && verdicts[5] == Verdict::Near, "calm rounds are kept");
  must(verdicts[1] == Verdict::Dropped, "a round with one slow clock reading is dropped");
  must(verdicts[2] == Verdict::Dropped, "a round with one fast clock reading is dropped");
  must(verdicts[3] == Verdict::Dropped, "a round in which the hand-over changed is dropped");
  must(verdicts[6] == Verdict::Dropped, "a round in which a thread lost its core is dropped");
  must(verdicts[4] == Verdict::Far, "a round with the cores far apart is reported apart");

  double ghz = core_ghz();
  must(ghz > 0.4 && ghz < 8, "the calibration loop finds a clock that a core can have");
  TickClock clock = calibrate_ticks();
  uint64_t from_ns = now_ns(), from = ticks_before();
  while (now_ns() - from_ns < 5'000'000) {
  }
  double by_ticks = double(ticks_after() - from) * clock.ns_per_tick, by_clock = double(now_ns() - from_ns);
  must(std::abs(by_ticks / by_clock - 1) < 0.02, "the time stamp counter agrees with the clock");
  must(counters_are_true(), "a loop of known length is counted within 5 %, or it is said why nothing can be");
  return failed == 0 ? 0 : 1;
}

} // namespace bench
