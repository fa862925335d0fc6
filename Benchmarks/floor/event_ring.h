// A port's events: one producer, one consumer, 64-byte records. What finds the ring full is counted as lost,
// and its number is skipped.
#pragma once

#include "riskcheck.h"
#include "memory.h"
#include "word.h"

#include <cstdint>

namespace desk_floor {

class EventRing {
public:
  explicit EventRing(uint64_t lines) : lines_(lines), mask_(lines - 1) {}

  void write(rck_event event) {
    event.sequence = ++sequence_;
    if (tail_ - head_seen_ == lines_.count()) [[unlikely]] {
      head_seen_ = look<true>(head_);
      if (tail_ - head_seen_ == lines_.count()) {
        lost_++;
        return;
      }
    }
    lines_[tail_ & mask_] = event;
    put<true>(tail_, tail_ + 1);
  }

  uint32_t read(rck_event *events, uint32_t capacity) {
    uint64_t tail = look<true>(tail_);
    uint32_t count = 0;
    for (; count < capacity && head_ + count < tail; count++)
      events[count] = lines_[(head_ + count) & mask_];
    put<true>(head_, head_ + count);
    return count;
  }

  uint64_t written() const { return sequence_ - lost_; }
  uint64_t lost() const { return lost_; }

private:
  Array<rck_event> lines_;
  uint64_t mask_;
  alignas(64) uint64_t tail_ = 0; // the producer's line
  uint64_t head_seen_ = 0, sequence_ = 0, lost_ = 0;
  alignas(64) uint64_t head_ = 0; // the consumer's
};

} // namespace desk_floor
