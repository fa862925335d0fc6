// The peer: boost::lockfree::spsc_queue, compiled in and inlined. It carries the same 64 bytes, checks
// nothing, numbers nothing, knows no time.
#pragma once

#include "riskcheck.h"

#if !defined(RISKBENCH_WITHOUT_BOOST) && __has_include(<boost/lockfree/spsc_queue.hpp>)
#define RISKBENCH_BOOST 1
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/version.hpp>

#include <cstring>

namespace bench {

class BoostQueue {
public:
  using Record = rck_event;
  static constexpr bool host_numbers_records = true;
  explicit BoostQueue(size_t capacity) : queue_(capacity) {}

  uint32_t write(const rck_event *events, uint32_t count) {
    if (count == 1)
      return queue_.push(*events) ? 1 : 0;
    return uint32_t(queue_.push(events, count));
  }

  uint32_t read(rck_event *events, uint32_t capacity) {
    if (capacity == 1)
      return queue_.pop(*events) ? 1 : 0;
    return uint32_t(queue_.pop(events, capacity));
  }

private:
  boost::lockfree::spsc_queue<rck_event> queue_;
};

// The same queue given a record that copies itself in words of 64 bits. The compiler's own copy uses 16-byte
// loads, which cannot be forwarded from the narrower stores that filled the record a moment before, and wait
// for them to leave the core. Shows how much of the difference is that and not the queue.
struct WordRecord : rck_event {
  WordRecord() = default;
  WordRecord(const WordRecord &other) : rck_event() { *this = other; }
  WordRecord &operator=(const WordRecord &other) {
    for (size_t i = 0; i < sizeof(rck_event) / 8; i++) {
      uint64_t word;
      std::memcpy(&word, reinterpret_cast<const char *>(&other) + 8 * i, 8);
      asm volatile("" : "+r"(word)); // keeps the compiler from joining two words into one wide access
      std::memcpy(reinterpret_cast<char *>(this) + 8 * i, &word, 8);
    }
    return *this;
  }
};

class BoostWordsQueue {
public:
  using Record = WordRecord;
  static constexpr bool host_numbers_records = true;
  explicit BoostWordsQueue(size_t capacity) : queue_(capacity) {}

  uint32_t write(const WordRecord *records, uint32_t count) {
    if (count == 1)
      return queue_.push(*records) ? 1 : 0;
    return uint32_t(queue_.push(records, count));
  }

  uint32_t read(WordRecord *records, uint32_t capacity) {
    if (capacity == 1)
      return queue_.pop(*records) ? 1 : 0;
    return uint32_t(queue_.pop(records, capacity));
  }

private:
  boost::lockfree::spsc_queue<WordRecord> queue_;
};

} // namespace bench
#endif
