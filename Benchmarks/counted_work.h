// What instructions are counted of: an engine, its orders, and one turn of work with them, which is repeated; and the
// turns that check orders.
#pragma once

#include "desks.h"
#include "order_blocks.h"
#include "order_stream.h"

#include <functional>
#include <memory>
#include <vector>

namespace bench {

// Small, for there are many engines. The counts are those of an engine of LibraryDesk's own size: the tables that find
// orders and positions are as good as empty here too. With half as many places they are up to 0.6 % more.
inline Capacity counted_capacity(uint32_t flags) {
  Capacity small;
  small.accounts = small.strategies = 16;
  small.instruments = 64;
  small.positions = 8'192;
  small.orders = 4'096;
  small.ports = 1;
  small.flags = flags;
  return small;
}

struct Stand {
  Stand(const Profile &profile, uint32_t discipline, uint32_t flags)
      : desk(profile, discipline, counted_capacity(flags)), seat(desk.seat(1)), stream(1, {}) {}

  void make(rck_order &order) { stream.make(order); }

  // An order that lives, and of which 10 may be filled without ending it.
  rck_order enter(rck_verdict &verdict) {
    rck_order order;
    make(order);
    order.quantity = order.quantity / 10 * 10 + 20;
    expect_ok("rck_check", seat.check(order, verdict));
    return order;
  }

  LibraryDesk desk;
  LibraryDesk::Seat seat;
  OrderStream stream;
  uint64_t turns = 0, executions = 0;
};

// So many turns; false if one went wrong.
using Work = std::function<bool(uint64_t turns)>;

template <class Turn> Work work_with(std::shared_ptr<Stand> at, Turn turn) {
  return [at, turn](uint64_t turns) {
    bool good = true;
    for (uint64_t i = 0; i < turns; i++, at->turns++)
      good = turn(*at) && good;
    return good;
  };
}

template <class Turn> Work work(const Profile &profile, uint32_t discipline, Turn turn, uint32_t flags = 0) {
  return work_with(std::make_shared<Stand>(profile, discipline, flags), turn);
}

// One order is checked, and released at once. What it tells is read every 64 orders.
template <auto Alter = nullptr> bool accepted(Stand &at) {
  rck_order order;
  rck_verdict verdict;
  at.make(order);
  if constexpr (Alter != nullptr)
    Alter(order);
  bool good = at.seat.check(order, verdict) == RCK_OK;
  if (at.turns % batch_orders == 0)
    at.seat.drain();
  return good && at.seat.release(verdict.token, order.time_ns) == RCK_OK;
}

// One order is refused, and what that tells is read.
inline bool refused(Stand &at, void (*alter)(rck_order &), rck_status expected) {
  rck_order order;
  rck_verdict verdict;
  at.make(order);
  if (alter != nullptr)
    alter(order);
  rck_status status = at.seat.check(order, verdict);
  at.seat.drain();
  return status == expected;
}

// So many orders are checked by one call, and released.
template <uint32_t Size, uint32_t Flags = 0> bool batch(Stand &at) {
  std::vector<rck_order> orders(Size);
  std::vector<rck_verdict> verdicts(Size);
  uint32_t passed = 0;
  for (rck_order &order : orders) {
    at.make(order);
    if (Flags == RCK_BATCH_ALL_OR_NONE)
      of_one_party(order);
  }
  bool good = rck_check_batch(at.seat.port, orders.data(), verdicts.data(), Size, Flags, &passed) == RCK_OK;
  for (const rck_verdict &verdict : verdicts)
    good = good && at.seat.release(verdict.token, at.stream.time_ns()) == RCK_OK;
  return good && passed == Size;
}

} // namespace bench
