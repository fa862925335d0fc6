// What the threads have in common: the rings between them, the stages of the end, and numbers to be shown. Each number
// has one writer; rings have one at each end.
#pragma once

#include "messages.hpp"
#include "ring.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <riskcheck.hpp>

namespace trading {

namespace rck = riskcheck;

inline constexpr rck::AccountId account{1};
inline constexpr rck::ActorId desk_actor{7}, kill_actor{9};
// Ports: the two strategies have 1 and 2.
inline constexpr u32 gateway_port = 3, market_port = 4, ports = 4;
inline constexpr i64 second_ns = 1'000'000'000;

/// Counts what its one writer does; anybody may look.
class Counter {
public:
  void add(u64 amount = 1) {
    value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed); // nothing hangs on it
  }
  u64 get() const { return value.load(std::memory_order_relaxed); }

private:
  std::atomic<u64> value = 0;
};

/// For a thread that has found nothing to do: it sleeps a little, so that six threads get on with two cores. An engine
/// that has a core for each would spin. Giving way instead of sleeping would cost a thread its turn when it has work.
class Idle {
public:
  void wait() { std::this_thread::sleep_for(std::chrono::microseconds(50)); }
};

inline i64 monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// A call that cannot fail has failed: nothing that follows could be believed.
[[noreturn]] inline void broken(const char *what, rck::Status status) {
  std::fprintf(stderr, "engine: %s: %s\n", what, status.name());
  std::_Exit(3);
}
inline void must(rck::Status status, const char *what) {
  if (status.misused())
    broken(what, status);
}

/// The way to the end, each step taken by the threads before the next one is.
struct Stages {
  std::atomic<bool> stopping = false;                       // no new orders
  std::array<std::atomic<bool>, strategies + 1> quiet = {}; // a strategy has sent its last
  std::atomic<bool> drained = false;                        // the venue has said all, and the engine knows it
};

struct Rings {
  static constexpr std::size_t size = 4'096;
  Ring<Tick> ticks_of_venue{size};
  std::array<Ring<Tick>, strategies + 1> ticks{Ring<Tick>(1), Ring<Tick>(size), Ring<Tick>(size)};
  std::array<Ring<Instruction>, strategies + 1> instructions{Ring<Instruction>(1), Ring<Instruction>(size / 4),
                                                             Ring<Instruction>(size / 4)};
  std::array<Ring<Report>, strategies + 1> notices{Ring<Report>(1), Ring<Report>(size), Ring<Report>(size)};
  Ring<Request> requests{size};
  Ring<Report> reports{size};
};

/// The last price of each instrument, for marks; 0: none yet. Prices are independent: none waits for another.
using Prices = std::array<std::atomic<i64>, instruments_max + 1>;

} // namespace trading
