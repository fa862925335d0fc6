// Finds what belongs to an order's id. All memory is had when it is made; what is full refuses.
#pragma once

#include "messages.hpp"

#include <bit>
#include <vector>

namespace trading {

template <typename Value> class IdTable {
public:
  /// At most half of the places are ever taken, so that searches stay short.
  explicit IdTable(std::size_t capacity) : entries(std::bit_ceil(2 * capacity)), most(capacity) {}

  std::size_t size() const { return taken; }
  bool full() const { return taken == most; }

  /// Null if it is not there. Valid until the next erase.
  Value *find(u64 id) {
    for (std::size_t at = home(id); entries[at].id != 0; at = next(at))
      if (entries[at].id == id)
        return &entries[at].value;
    return nullptr;
  }

  /// Null if it is full. The id is not 0 and not there yet.
  Value *insert(u64 id, const Value &value) {
    if (full())
      return nullptr;
    std::size_t at = home(id);
    while (entries[at].id != 0)
      at = next(at);
    taken++;
    entries[at] = {id, value};
    return &entries[at].value;
  }

  /// Closes the gap, so that no search ever walks over what is gone.
  void erase(u64 id) {
    std::size_t gap = home(id);
    while (entries[gap].id != id) {
      if (entries[gap].id == 0)
        return;
      gap = next(gap);
    }
    for (std::size_t at = next(gap); entries[at].id != 0; at = next(at)) {
      // An entry may move into the gap unless its own home lies between the two.
      if (distance(home(entries[at].id), at) >= distance(gap, at)) {
        entries[gap] = entries[at];
        gap = at;
      }
    }
    entries[gap] = {};
    taken--;
  }

  template <typename Seen> void each(Seen seen) {
    for (Entry &entry : entries)
      if (entry.id != 0)
        seen(entry.id, entry.value);
  }

private:
  struct Entry {
    u64 id = 0;
    Value value{};
  };

  // The bits of consecutive ids are spread by a multiplication (2^64 over the golden ratio).
  std::size_t home(u64 id) const { return (id * 0x9e3779b97f4a7c15 >> 32) & (entries.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (entries.size() - 1); }
  std::size_t distance(std::size_t from, std::size_t to) const { return (to - from) & (entries.size() - 1); }

  std::vector<Entry> entries;
  std::size_t most, taken = 0;
};

} // namespace trading
