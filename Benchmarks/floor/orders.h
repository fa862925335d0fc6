// Live and remembered orders: slots with generations, a table of ids, and the ring that says which finished
// order is forgotten next. Two checks of one id have one winner; an order is released once; a stale token
// finds nothing.
//
// The table is an array of lists ordered by id (M. Michael, SPAA 2002): one compare-and-swap inserts, one
// marks a node as removed, one unlinks it. Every change of a link raises its tag, a node's re-use included,
// so that a swap from a link that was seen succeeds only if nothing moved. Eight ids that follow each other
// share a line of buckets.
#pragma once

#include "riskcheck.h"
#include "memory.h"
#include "word.h"

#include <cstdint>
#include <vector>

namespace desk_floor {

enum OrderState : uint64_t { Free = 0, Live = 1, Finished = 2 };

// Three lines would hold what fills need; a check writes two.
struct alignas(64) Slot {
  uint64_t link; // {mark 1, tag 39, index + 1 24}
  uint64_t id;
  uint64_t state; // {generation 56, OrderState 8}
  int64_t price, stop_price, quantity;
  int64_t leaves, reserved_value;
  // The second line.
  uint32_t account, strategy, instrument, venue;
  uint8_t side, type, time_in_force, reserved0;
  uint32_t row;
  uint64_t correlation_id;
  uint64_t factor, divisor; // the conversion that its value was computed with
  int64_t cumulative;
};
static_assert(sizeof(Slot) == 128);

template <bool Shared> class Orders {
public:
  Orders(uint64_t live, uint64_t remembered, uint64_t ports)
      : slots_(live + remembered + ports), buckets_(power_of_two_from(2 * slots_.count())),
        retired_(power_of_two_from(remembered)), bucket_mask_(buckets_.count() - 1) {
    for (uint64_t i = 0; i < slots_.count(); i++)
      pool_next(i) = i + 1 == slots_.count() ? 0 : i + 2;
    pool_ = 1;
  }

  Slot &slot(uint64_t index) { return slots_[index]; }
  uint64_t slots() const { return slots_.count(); }

  // A token is {generation 40, index + 1 24}: never 0.
  static uint64_t token_of(uint64_t index, uint64_t generation) { return generation << 24 | (index + 1); }

  struct Seat {
    uint64_t *before = nullptr; // the link that names the place
    uint64_t before_link = 0;
    uint64_t place = 0; // index + 1; 0: the end
    bool found = false;
  };

  // Where an id is or belongs. Unlinks removed nodes on the way.
  [[gnu::always_inline]] Seat seek(uint64_t id) {
    while (true) {
      Seat seat;
      seat.before = &buckets_[bucket(id)];
      seat.before_link = look<Shared>(*seat.before);
      bool moved = false;
      while (!moved) {
        seat.place = seat.before_link & place_mask;
        if (seat.place == 0)
          return seat;
        Slot &node = slots_[seat.place - 1];
        uint64_t link = look<Shared>(node.link);
        uint64_t node_id = look<Shared>(node.id);
        if (look<Shared>(*seat.before) != seat.before_link) {
          moved = true;
        } else if (link & marked) {
          uint64_t without = changed(seat.before_link, link & place_mask);
          moved = !swap<Shared>(*seat.before, seat.before_link, without);
          seat.before_link = without;
        } else if (node_id >= id) {
          seat.found = node_id == id;
          return seat;
        } else {
          seat.before = &node.link;
          seat.before_link = link;
        }
      }
    }
  }

  // Puts a slot of the caller's where `seat` says. False: something moved, or the id is there; seek again.
  [[gnu::always_inline]] bool insert(const Seat &seat, uint64_t index, uint64_t id) {
    Slot &node = slots_[index];
    put<Shared>(node.id, id);
    put<Shared>(node.link, changed(node.link, seat.place));
    return swap<Shared>(*seat.before, seat.before_link, changed(seat.before_link, index + 1));
  }

  // Returns when the node is out of the list. The slot is the caller's again.
  void remove(uint64_t id) {
    while (true) {
      Seat seat = seek(id);
      if (!seat.found)
        return;
      uint64_t &link = slots_[seat.place - 1].link;
      uint64_t seen = look<Shared>(link), next = seen & place_mask;
      if ((seen & marked) || !swap<Shared>(link, seen, changed(seen, next) | marked))
        continue;
      if (!swap<Shared>(*seat.before, seat.before_link, changed(seat.before_link, next)))
        seek(id);
      return;
    }
  }

  // Slots that a port has at hand: no other thread touches them.
  struct Hand {
    static constexpr uint32_t room = 64;
    uint32_t count = 0;
    uint32_t index[room]{};
  };

  // One locked instruction a slot, when the hand is empty; none otherwise.
  [[gnu::always_inline]] bool draw(Hand &hand, uint32_t &index) {
    if (hand.count == 0) [[unlikely]] {
      if (!fill(hand))
        return false;
    }
    index = hand.index[--hand.count];
    if (hand.count > 0) { // the next check will write it
      const Slot &next = slots_[hand.index[hand.count - 1]];
      __builtin_prefetch(&next, 1);
      __builtin_prefetch(&next.account, 1);
    }
    return true;
  }

  void give(Hand &hand, uint32_t index) {
    if (hand.count == Hand::room) [[unlikely]] {
      for (uint32_t i = 0; i < Hand::room / 2; i++)
        push(hand.index[--hand.count]);
    }
    hand.index[hand.count++] = index;
  }

  // A finished order is remembered until as many others have finished after it.
  void retire(Hand &hand, uint64_t token) {
    uint64_t ticket = add<Shared>(tickets_, uint64_t(1));
    uint64_t oldest = exchange<Shared>(retired_[ticket & (retired_.count() - 1)], token);
    if (oldest != 0)
      forget(hand, uint32_t((oldest & place_mask) - 1));
  }

  void forget(Hand &hand, uint32_t index) {
    Slot &slot = slots_[index];
    remove(slot.id);
    put<Shared>(slot.state, (look<Shared>(slot.state) | 0xff) + 1); // the next generation, free
    give(hand, index);
  }

private:
  static constexpr uint64_t place_mask = (uint64_t(1) << 24) - 1;
  static constexpr uint64_t marked = uint64_t(1) << 63;

  static uint64_t changed(uint64_t link, uint64_t place) {
    return ((((link & ~marked) >> 24) + 1) << 24 & ~marked) | place;
  }

  uint64_t bucket(uint64_t id) const {
    uint64_t mixed = scattered(id >> 3);
    return ((mixed << 3) | ((id ^ (mixed >> 40)) & 7)) & bucket_mask_;
  }

  // The pool of slots in nobody's hand: a stack of {tag 40, index + 1 24}.
  uint64_t &pool_next(uint64_t index) { return slots_[index].correlation_id; }

  [[gnu::noinline, gnu::cold]] bool fill(Hand &hand) {
    while (hand.count < Hand::room / 2 && pop(hand.index[hand.count]))
      hand.count++;
    return hand.count > 0;
  }

  bool pop(uint32_t &index) {
    while (true) {
      uint64_t top = look<Shared>(pool_);
      if ((top & place_mask) == 0)
        return false;
      index = uint32_t((top & place_mask) - 1);
      uint64_t next = look<Shared>(pool_next(index));
      if (swap<Shared>(pool_, top, changed(top, next & place_mask)))
        return true;
    }
  }

  void push(uint32_t index) {
    while (true) {
      uint64_t top = look<Shared>(pool_);
      put<Shared>(pool_next(index), top & place_mask);
      if (swap<Shared>(pool_, top, changed(top, index + 1)))
        return;
    }
  }

  Array<Slot> slots_;
  Array<uint64_t> buckets_, retired_;
  uint64_t bucket_mask_;
  alignas(64) uint64_t pool_ = 0;
  alignas(64) uint64_t tickets_ = 0;
};

} // namespace desk_floor
