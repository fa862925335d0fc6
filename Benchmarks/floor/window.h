// At most n messages in any window of w nanoseconds, exactly, for one locked instruction a message.
//
// The times of the last C messages lie in a ring, and nothing else does: message k has slot k mod C. Times do
// not fall as numbers rise, because the taker of k takes the later of its own time and that of k - 1. With
// n < C and w >= 1 a slot's next time is later than its last one, so there is exactly one place at which a
// slot holds less than its predecessor: the next message's. A taker reads the predecessor, then the slot,
// then the time n messages back, and moves the slot from the time that it saw to its own by one
// compare-and-swap. A slot never holds one time twice, so success means that nobody took a message in
// between, and what was read still holds. There is no state between taken and written.
//
// `hint` says where the next message may be. It is a plain store: when it is wrong the place is searched.
#pragma once

#include "word.h"

#include <cstdint>
#include <limits>

namespace desk_floor {

struct RateLimit {
  int64_t first = 0; // lowest armed level; 0: none
  int64_t hard = 0;  // 0: none
  int64_t window_ns = 1;
};

template <bool Shared> class Window {
public:
  struct Place {
    uint64_t index = 0; // of the next message
    int64_t lapped = 0; // what its slot holds
    int64_t time = 0;   // that the message would take
    bool above_first = false, above_hard = false;
  };

  // `slots` has room for `capacity` times, a power of two above every level.
  void begin(int64_t *slots, uint64_t capacity) {
    slots_ = slots;
    mask_ = capacity - 1;
    for (uint64_t i = 0; i < capacity; i++)
      slots[i] = std::numeric_limits<int64_t>::min() / 2 + int64_t(i);
  }

  // Where a message at `now` would go, and what the levels say of it. Changes nothing.
  [[gnu::always_inline]] Place place(int64_t now, const RateLimit &limit) const {
    while (true) {
      Place found = next(now);
      int64_t recent = found.time - limit.window_ns; // later than this counts
      found.above_first = back(found.index, limit.first) > recent;
      if (!found.above_first) [[likely]]
        return found;
      found.above_hard = limit.hard != 0 && back(found.index, limit.hard) > recent;
      if (look<Shared>(slots_[found.index & mask_]) == found.lapped)
        return found;
    }
  }

  // False when another message went there first.
  [[gnu::always_inline]] bool take(const Place &found) {
    if (!swap<Shared>(slots_[found.index & mask_], found.lapped, found.time))
      return false;
    put<Shared>(hint_, found.index + 1);
    return true;
  }

  // How many messages count at `now`.
  int64_t count(int64_t now, int64_t window_ns) const {
    Place found = next(now);
    int64_t recent = found.time - window_ns, low = 0, high = int64_t(mask_);
    while (low < high) { // the first message that is not recent, going back
      int64_t middle = low + (high - low) / 2;
      if (back(found.index, middle + 1) > recent)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

private:
  int64_t back(uint64_t index, int64_t messages) const {
    return look<Shared>(slots_[(index - uint64_t(messages)) & mask_]);
  }

  [[gnu::always_inline]] Place next(int64_t now) const {
    Place found;
    found.index = look<Shared>(hint_);
    while (true) {
      int64_t previous = back(found.index, 1);
      found.lapped = back(found.index, 0);
      if (found.lapped < previous) [[likely]] {
        found.time = now > previous ? now : previous;
        return found;
      }
      found.index++;
    }
  }

  int64_t *slots_ = nullptr;
  uint64_t mask_ = 0;
  alignas(64) uint64_t hint_ = 0; // beside nothing that only readers use
};

} // namespace desk_floor
