// A bounded queue from one thread to one other. Nothing in it allocates after it was made, locks or waits: whoever
// finds it full or empty decides what that means.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace trading {

template <typename Record> class Ring {
  static_assert(std::is_trivially_copyable_v<Record>, "records are copied across threads as they are");

public:
  /// Room for `capacity` records, rounded up to a power of two so that a place is found by a mask.
  explicit Ring(std::size_t capacity) : records(std::bit_ceil(capacity)), mask(records.size() - 1) {}

  /// The producer's. False: it is full, and nothing has happened.
  bool push(const Record &record) {
    if (!room())
      return false;
    const std::size_t at = written.load(std::memory_order_relaxed); // nobody else writes it
    records[at & mask] = record;
    written.store(at + 1, std::memory_order_release); // publishes the record
    return true;
  }

  /// The producer's: whether the next push will succeed.
  bool room() {
    const std::size_t at = written.load(std::memory_order_relaxed);
    if (at - read_seen <= mask)
      return true;
    read_seen = read.load(std::memory_order_acquire); // what was read may be overwritten from here on
    return at - read_seen <= mask;
  }

  /// The consumer's. False: it is empty.
  bool pop(Record &record) {
    const std::size_t at = read.load(std::memory_order_relaxed); // nobody else writes it
    if (at == written_seen) {
      written_seen = written.load(std::memory_order_acquire); // with it come the records before it
      if (at == written_seen)
        return false;
    }
    record = records[at & mask];
    read.store(at + 1, std::memory_order_release); // the copy is made: the place is free
    return true;
  }

private:
  // Each end has a line of its own, with what it remembers of the other end: so a line moves between cores only when
  // that runs out, not with every record.
  static constexpr std::size_t line = 64;
  std::vector<Record> records;
  std::size_t mask;
  alignas(line) std::atomic<std::size_t> written = 0;
  std::size_t read_seen = 0;
  alignas(line) std::atomic<std::size_t> read = 0;
  std::size_t written_seen = 0;
};

} // namespace trading
