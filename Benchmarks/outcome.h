// What one block of one contender measured.
#pragma once

#include <cstdint>
#include <sys/resource.h>
#include <vector>

namespace bench {

struct Outcome {
  double ns = 0;             // of the block
  uint64_t operations = 0;   // records, round trips, or checks
  uint64_t full_writes = 0;  // calls that found no room
  uint64_t empty_reads = 0;  // calls that found nothing
  uint64_t preemptions = 0;  // of all threads
  uint64_t checksum = 0;     // of what came out
  uint64_t held = 0;         // what the live orders of the last turn have in rows and books
  bool intact = false;       // what came out is what had to
  std::vector<double> trips; // nanoseconds: of single round trips or calls, as they were measured
  std::vector<double> empty; // of an empty loop of that length
  // Of the order path: nanoseconds a call, means over a batch.
  std::vector<double> batches, releases;
};

// Room for so many figures, written to before anything is timed: no page fault comes between two calls.
inline void make_room(std::vector<double> &figures, size_t count) {
  figures.resize(count);
  figures.clear();
}

inline uint64_t preemptions_of_thread() {
  rusage usage{};
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? uint64_t(usage.ru_nivcsw) : 0;
}

} // namespace bench
