// The records that the ring benchmarks move: made from a seed, verified one by one and by a checksum at the
// other end. A contender that loses, repeats, reorders or alters a record makes the run invalid.
#pragma once

#include "riskcheck.h"
#include "clock.h"

#include <cstdint>
#include <utility>

namespace bench {

static_assert(sizeof(rck_event) == 64);

inline uint64_t checksum_of(const rck_event &event) {
  return event.correlation_id + event.subject * 3 + uint64_t(event.values[0]) * 5 + uint64_t(event.values[1]) * 7 +
         event.kind + event.severity;
}

class Writer {
public:
  Writer(uint64_t seed, bool own_sequence) : seed_(seed), own_sequence_(own_sequence) {}

  // A plain queue carries what it is given, so its host numbers the records; riskcheck numbers them itself
  // and wants a zero there.
  void make(rck_event &event) {
    uint64_t i = next_++;
    event.sequence = own_sequence_ ? i + 1 : 0;
    event.time_ns = begun_ns_ + int64_t(i); // forward from block to block: a record takes longer than 1 ns
    event.correlation_id = seed_ ^ (i * 0x9e3779b97f4a7c15u);
    event.ticket = 0;
    event.kind = RCK_EVENT_HOST;
    event.lines = 0;
    event.severity = RCK_SEVERITY_INFO;
    event.port = 0;
    event.control = 0;
    event.subject = i;
    event.values[0] = int64_t(i * 3);
    event.values[1] = int64_t(~i);
    checksum += checksum_of(event);
  }

  uint64_t checksum = 0;

private:
  uint64_t seed_, next_ = 0;
  int64_t begun_ns_ = utc_ns();
  bool own_sequence_;
};

// A fault that the harness puts between the ring and the verification, to show that it would be seen.
// Held falsifies what live orders are said to hold, which the oracle alone can know.
// Verdict falsifies what the first of several contenders said, so that it differs from the others'.
enum class Plant { None, Bit, Order, Lost, Verdict, Held };

class Reader {
public:
  Reader(uint64_t seed, Plant plant) : seed_(seed), plant_(plant) {}

  template <class Record> void verify(Record *events, uint32_t count) {
    if (plant_ != Plant::None)
      corrupt(events, count);
    for (uint32_t k = 0; k < count; k++) {
      const rck_event &event = events[k];
      uint64_t i = next_++;
      if (i == 0)
        first_sequence_ = event.sequence;
      uint64_t differs = (event.subject ^ i) | (event.sequence ^ (first_sequence_ + i)) |
                         (event.correlation_id ^ seed_ ^ (i * 0x9e3779b97f4a7c15u)) |
                         (uint64_t(event.values[0]) ^ (i * 3)) | (uint64_t(event.values[1]) ^ ~i);
      wrong += differs != 0;
      checksum += checksum_of(event);
    }
  }

  uint64_t checksum = 0;
  uint64_t wrong = 0;

private:
  template <class Record> void corrupt(Record *events, uint32_t count) {
    constexpr uint64_t victim = 1000;
    if (next_ > victim || next_ + count <= victim)
      return;
    rck_event &event = events[victim - next_];
    if (plant_ == Plant::Bit)
      event.values[1] ^= 1;
    if (plant_ == Plant::Order)
      event.subject += 1; // as if its successor had come first
    if (plant_ == Plant::Lost)
      next_ += 1;
    plant_ = Plant::None;
  }

  uint64_t seed_, next_ = 0, first_sequence_ = 0;
  Plant plant_;
};

} // namespace bench
