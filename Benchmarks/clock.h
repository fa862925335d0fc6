// Time for the benchmarks: a monotonic clock for blocks, the time stamp counter for single calls, and the
// clock that the core really runs at. Measures only; pins nothing and decides nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>
#include <x86intrin.h>

namespace bench {

inline uint64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return uint64_t(time.tv_sec) * 1'000'000'000u + uint64_t(time.tv_nsec);
}

// What a host would put on a record.
inline int64_t utc_ns() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return int64_t(time.tv_sec) * 1'000'000'000 + int64_t(time.tv_nsec);
}

// The portable choice: CLOCK_MONOTONIC in place of the time stamp counter. Set before anything is measured.
inline bool has_portable_clock = false;

// Fenced on both ends, so that nothing inside the measured span is done outside it.
inline uint64_t ticks_before() {
  if (has_portable_clock)
    return now_ns();
  _mm_lfence();
  uint64_t ticks = __rdtsc();
  _mm_lfence();
  return ticks;
}

// To wait for a time, and for nothing that is measured.
inline uint64_t ticks_now() { return has_portable_clock ? now_ns() : __rdtsc(); }

inline uint64_t ticks_after() {
  if (has_portable_clock)
    return now_ns();
  unsigned core = 0;
  uint64_t ticks = __rdtscp(&core);
  _mm_lfence();
  return ticks;
}

struct TickClock {
  double ns_per_tick = 0;
  double step_ns = 0; // from one reading to the next that differs
  double cost_ns = 0; // of an empty measurement; part of every figure but those called net
};

inline TickClock calibrate_ticks() {
  TickClock clock;
  uint64_t from_ns = now_ns(), from = ticks_now(), to_ns = from_ns;
  while (to_ns - from_ns < 20'000'000)
    to_ns = now_ns();
  clock.ns_per_tick = double(to_ns - from_ns) / double(ticks_now() - from);

  std::vector<uint64_t> spans(2001);
  for (auto &span : spans) {
    uint64_t before = ticks_before();
    span = ticks_after() - before;
  }
  std::nth_element(spans.begin(), spans.begin() + 1000, spans.end());
  clock.cost_ns = double(spans[1000]) * clock.ns_per_tick;
  std::vector<uint64_t> steps;
  for (uint64_t last = ticks_now(); steps.size() < 2001;) {
    uint64_t next = ticks_now();
    if (next != last)
      steps.push_back(next - last);
    last = next;
  }
  std::nth_element(steps.begin(), steps.begin() + 1000, steps.end());
  clock.step_ns = double(steps[1000]) * clock.ns_per_tick;
  return clock;
}

// Of this process, calibrated once.
inline const TickClock &tick_clock() {
  static const TickClock clock = calibrate_ticks();
  return clock;
}

// The clock of this core now, in GHz, from a chain of dependent multiplications: three cycles each on every
// x86-64 core of the last ten years. About 25 microseconds; an interruption within shows as a slow clock.
inline double core_ghz() {
  constexpr uint64_t multiplications = 32'000;
  uint64_t value = 3;
  uint64_t from = now_ns();
  for (uint64_t i = 0; i < multiplications / 8; i++) {
    asm volatile("imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\t"
                 "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0"
                 : "+r"(value));
  }
  return 3.0 * double(multiplications) / double(now_ns() - from);
}

} // namespace bench
