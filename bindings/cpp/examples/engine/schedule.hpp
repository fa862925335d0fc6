// What is to happen at a time: taken out in the order of times, and of equal times in the order in which it was put in.
#pragma once

#include "messages.hpp"

#include <algorithm>
#include <vector>

namespace trading {

template <typename Record> class Schedule {
public:
  /// Room for `capacity`; who puts in more is to ask `room` first, so that nothing is allocated later.
  explicit Schedule(std::size_t capacity) : most(capacity) { heap.reserve(capacity); }

  std::size_t room() const { return most - heap.size(); }
  bool empty() const { return heap.empty(); }

  void add(i64 time_ns, const Record &record) {
    heap.push_back({time_ns, sequence++, record});
    std::push_heap(heap.begin(), heap.end(), later);
  }

  /// The first, if its time has come.
  bool take(i64 now_ns, Record &record) {
    if (heap.empty() || heap.front().time_ns > now_ns)
      return false;
    record = heap.front().record;
    std::pop_heap(heap.begin(), heap.end(), later);
    heap.pop_back();
    return true;
  }

private:
  struct Entry {
    i64 time_ns;
    u64 sequence;
    Record record;
  };

  static bool later(const Entry &left, const Entry &right) {
    return left.time_ns != right.time_ns ? left.time_ns > right.time_ns : left.sequence > right.sequence;
  }

  std::vector<Entry> heap;
  std::size_t most;
  u64 sequence = 0;
};

} // namespace trading
