// Does the floor decide as the library does? A random stream of good and bad orders, on limits that are met all
// the time, goes to both: status, control, failed mask, limit and observed must be the same, order by order.
#pragma once

#include "desks.h"
#include "record.h"
#include "order_stream.h"

#include <cinttypes>
#include <cstdio>
#include <vector>

namespace bench {

inline Profile agreement_profile() {
  Tightness tight;
  tight.quantity = {300, 400, 480};
  tight.notional = {0, 4'000'000, 5'500'000};
  tight.collar_bps = {0, 80, 110};
  tight.position = {0, 1'200, 1'500};
  tight.gross = {40'000'000, 50'000'000, 60'000'000};
  tight.power_bps = {5'000, 7'500, 9'000};
  tight.count = {20, 25, 30};
  tight.rate = {40, 50, 60};
  tight.cash = 25'000'000;
  Profile profile = desk_profile(tight, 4, 4, 6);
  profile.accounts[1].permissions &= ~uint32_t(RCK_PERMIT_SHORT);
  profile.strategies[1].permissions &= ~uint32_t(RCK_PERMIT_MARKET);
  profile.accounts[2].permissions &= ~uint32_t(RCK_PERMIT_GOOD_TILL_CANCEL);
  profile.instruments[4].price_min = 9'000;
  profile.instruments[4].price_max = 10'600;
  profile.instruments[5].flags = 0;                 // disabled
  profile.trades.erase(profile.trades.begin() + 3); // instrument 4 has no market yet
  return profile;
}

class MixedOrders {
public:
  explicit MixedOrders(uint64_t seed)
      : random_(seed), stream_(seed, {4, 1, 4, 6, 1, 1'700'000'000'000'000'000, 5'000'000}) {}

  void make(rck_order &order) {
    stream_.make(order);
    if (random_.below(8) == 0)
      order.strategy = 0;
    if (random_.below(6) == 0) {
      order.type = RCK_TYPE_MARKET;
      order.price = 0;
    }
    order.time_in_force = uint8_t(1 + random_.below(4));
    if (random_.below(10) == 0 && order.order_id > 50)
      order.order_id -= 1 + random_.below(40); // known, mostly with other terms
    if (random_.below(40) == 0)
      order.flags = RCK_ORDER_FIRST_REFUSAL;
    if (random_.below(6) == 0)
      spoil(order);
  }

private:
  void spoil(rck_order &order) {
    switch (random_.below(16)) {
    case 0:
      order.account = uint32_t(random_.below(6)) * 13;
      break;
    case 1:
      order.instrument = uint32_t(random_.below(3)) * 1'000;
      break;
    case 2:
      order.strategy = uint32_t(random_.below(80));
      break;
    case 3:
      order.side = uint8_t(random_.below(4));
      break;
    case 4:
      order.type = uint8_t(random_.below(6) == 0 ? 0 : 1 + random_.below(2));
      break;
    case 5:
      order.time_in_force = uint8_t(random_.below(7));
      break;
    case 6:
      order.quantity = -order.quantity;
      break;
    case 7:
      order.quantity += 3;
      break;
    case 8:
      order.price += 7;
      break;
    case 9:
      order.price = -order.price;
      break;
    case 10:
      order.stop_price = order.price;
      break;
    case 11:
      order.flags |= 0x100;
      break;
    case 12:
      order.deadline_ns = order.time_ns + random_.between(-10, 10);
      break;
    case 13:
      order.time_ns += random_.between(-3'000'000, 3'000'000);
      break;
    case 14:
      order.quantity = int64_t(random_.next() >> (1 + random_.below(40)));
      break;
    default:
      order.price = int64_t(random_.next() >> (1 + random_.below(40)));
      break;
    }
  }

  Random random_;
  OrderStream stream_;
};

inline bool same_verdict(const rck_verdict &a, const rck_verdict &b) {
  return a.status == b.status && a.control == b.control && a.failed == b.failed && a.limit == b.limit &&
         a.observed == b.observed && (a.token != 0) == (b.token != 0);
}

inline void print_verdict(const char *who, const rck_verdict &verdict) {
  std::fprintf(stderr, "  %-8s status %d control %u failed %#x limit %" PRId64 " observed %" PRId64 "\n", who,
               verdict.status, unsigned(verdict.control), verdict.failed, verdict.limit, verdict.observed);
}

// How many of `count` orders the two sides judge differently; the first few are printed.
template <bool Shared> uint64_t disagreements(uint64_t seed, uint64_t count, Plant plant) {
  Profile profile = agreement_profile();
  Capacity capacity;
  capacity.remembered = 1'024;
  LibraryDesk library(profile, Shared ? RCK_MANY_WRITERS : RCK_ONE_WRITER, capacity);
  FloorDesk<Shared> floor(profile, capacity);
  auto ours = library.seat(1);
  auto theirs = floor.seat(1);
  MixedOrders orders(seed);
  Random random(seed + 1);
  std::vector<std::pair<uint64_t, uint64_t>> live;
  ours.drain(); // of setting up
  theirs.drain();
  uint64_t different = 0, passed = 0;
  int64_t latest = 0;
  for (uint64_t i = 0; i < count; i++) {
    rck_order order;
    orders.make(order);
    rck_verdict mine{}, other{};
    ours.check(order, mine);
    theirs.check(order, other);
    latest = std::max(latest, order.time_ns);
    if (plant != Plant::None && i == count / 2)
      other.observed ^= 1;
    if (!same_verdict(mine, other) && different++ < 5) {
      std::fprintf(stderr,
                   "order %" PRIu64 ": flags %#x account %u strategy %u instrument %u side %u type %u quantity %" PRId64
                   " price %" PRId64 "\n",
                   i, order.flags, order.account, order.strategy, order.instrument, unsigned(order.side),
                   unsigned(order.type), order.quantity, order.price);
      print_verdict("library", mine);
      print_verdict("floor", other);
    }
    if (mine.status == RCK_OK && other.status == RCK_OK) {
      passed++;
      live.emplace_back(mine.token, other.token);
    }
    while (live.size() > 90 || (!live.empty() && random.below(3) == 0)) {
      size_t which = random.below(live.size());
      different += ours.release(live[which].first, latest) != theirs.release(live[which].second, latest);
      live.erase(live.begin() + long(which));
    }
    if (i % 256 == 0)
      different += ours.drain() != theirs.drain();
  }
  std::fprintf(stderr, "%s: %" PRIu64 " orders, %" PRIu64 " passed, %" PRIu64 " judged differently\n",
               Shared ? "many writers" : "one writer", count, passed, different);
  return different;
}

} // namespace bench
