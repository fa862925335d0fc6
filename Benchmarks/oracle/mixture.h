// Mixed orders to the oracle and to a seat of the library or the floor: how many they judge differently, and how
// often each control refused, so that agreement says something.
#pragma once

#include "../agreement.h"
#include "oracle.h"

#include <array>
#include <utility>

namespace bench {

// Which orders: from a seed, changed, and slower than they are made.
struct Mixture {
  uint64_t seed = 1, count = 0;
  void (*alter)(rck_order &) = nullptr;
  int64_t stretched = 1;
  bool planted = false; // one verdict of the other side is falsified
};

struct Judged {
  uint64_t different = 0, passed = 0, warned = 0;
  uint64_t reduced = 0, amended = 0, filled = 0; // in whole lives, of what was accepted
  std::array<uint64_t, 32> refused{};            // by control, shown or not
  std::map<int32_t, uint64_t> shown;             // by status

  void count(const rck_verdict &verdict) {
    shown[verdict.status]++;
    passed += verdict.status == RCK_OK;
    warned += verdict.status == RCK_OK && verdict.control != RCK_CONTROL_NONE;
    for (uint32_t control = 1; control < refused.size(); control++)
      refused[control] += verdict.failed >> (control - 1) & 1;
  }
};

inline void print_difference(uint64_t number, const rck_order &order, const rck_verdict &ours,
                             const rck_verdict &theirs) {
  std::fprintf(stderr,
               "order %" PRIu64 ": flags %#x account %u strategy %u instrument %u side %u type %u quantity %" PRId64
               " price %" PRId64 "\n",
               number, order.flags, order.account, order.strategy, order.instrument, unsigned(order.side),
               unsigned(order.type), order.quantity, order.price);
  print_verdict("oracle", ours);
  print_verdict("other", theirs);
}

template <class Seat> Judged judge_alike(Oracle &oracle, Seat seat, const Mixture &mixture) {
  MixedOrders orders(mixture.seed);
  Random random(mixture.seed + 1);
  std::vector<std::pair<uint64_t, uint64_t>> live;
  Judged judged;
  int64_t begun = StreamOf{}.begun_ns, latest = 0;
  for (uint64_t i = 0; i < mixture.count; i++) {
    rck_order order;
    orders.make(order);
    order.time_ns = begun + (order.time_ns - begun) * mixture.stretched;
    if (order.deadline_ns != 0)
      order.deadline_ns = begun + (order.deadline_ns - begun) * mixture.stretched;
    if (mixture.alter != nullptr)
      mixture.alter(order);
    latest = std::max(latest, order.time_ns);
    rck_verdict theirs{}, ours = oracle.check(order);
    seat.check(order, theirs);
    judged.count(ours);
    if (mixture.planted && i == mixture.count / 2)
      theirs.observed ^= 1;
    if (!same_verdict(ours, theirs) && judged.different++ < 5)
      print_difference(i, order, ours, theirs);
    if (ours.status == RCK_OK && theirs.status == RCK_OK)
      live.emplace_back(ours.token, theirs.token);
    while (live.size() > 90 || (!live.empty() && random.below(3) == 0)) {
      size_t which = random.below(live.size());
      judged.different += oracle.release(live[which].first, latest) != seat.release(live[which].second, latest);
      live.erase(live.begin() + long(which));
    }
    if (i % 256 == 0)
      seat.drain();
  }
  return judged;
}

} // namespace bench
