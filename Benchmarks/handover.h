// What it costs to hand one cache line to the other core and back: the unit in which every ring between two
// cores is paid. On a virtual machine it changes by a factor of four when the host moves a core.
#pragma once

#include "clock.h"
#include "partner.h"

#include <atomic>

namespace bench {

// Nanoseconds for one way, the mean of `trips` round trips divided by two.
inline double handover_ns(Partner &partner, uint64_t trips = 128) {
  alignas(128) static std::atomic<uint64_t> line{0};
  line.store(0, std::memory_order_relaxed);
  partner.start([trips] {
    for (uint64_t i = 0; i < trips; i++) {
      while (line.load(std::memory_order_acquire) != 2 * i + 1) {
      }
      line.store(2 * i + 2, std::memory_order_release);
    }
  });
  uint64_t from = now_ns();
  for (uint64_t i = 0; i < trips; i++) {
    line.store(2 * i + 1, std::memory_order_release);
    while (line.load(std::memory_order_acquire) != 2 * i + 2) {
    }
  }
  uint64_t to = now_ns();
  partner.finish();
  return double(to - from) / double(2 * trips);
}

} // namespace bench
