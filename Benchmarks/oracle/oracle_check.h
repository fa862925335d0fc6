// Is the oracle right? The library, and the floor where it has the controls, answer the same orders: mixed ones on
// limits that are met all the time, and the loops that measure, whose checksums must be the same.
#pragma once

#include "../agreement.h"
#include "../control_profile.h"
#include "../desk_scenarios.h"
#include "seat.h"

#include <string>

namespace bench {

class OracleCheck {
public:
  explicit OracleCheck(bool planted) : planted_(planted) {}

  int run() {
    for (uint64_t seed = 1; seed <= 3; seed++) {
      for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER})
        mixed("mixed orders on tight limits", agreement_profile(), discipline, seed);
    }
    if (planted_)
      return failed_;
    floors();
    for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
      loops("desk", desk_profile(wide_limits()), discipline, Expected{});
      loops("refused", desk_profile(wide_limits()), discipline, refused_for_quantity, too_large);
      loops("full", full_profile(), discipline, Expected{});
    }
    return failed_;
  }

private:
  void must(bool holds, const std::string &what) {
    std::printf("%s oracle: %s\n", holds ? "pass" : "FAIL", what.c_str());
    failed_ += !holds;
  }

  static std::string named(uint32_t discipline) {
    return discipline == RCK_MANY_WRITERS ? ", many writers" : ", one writer";
  }

  // How many orders the oracle and the seat judge differently; the first few are printed.
  template <class Seat>
  static uint64_t differing(Oracle &oracle, Seat seat, uint64_t seed, uint64_t count, bool planted) {
    MixedOrders orders(seed);
    Random random(seed + 1);
    std::vector<std::pair<uint64_t, uint64_t>> live;
    uint64_t different = 0;
    int64_t latest = 0;
    for (uint64_t i = 0; i < count; i++) {
      rck_order order;
      orders.make(order);
      rck_verdict theirs{}, ours = oracle.check(order);
      seat.check(order, theirs);
      latest = std::max(latest, order.time_ns);
      if (planted && i == count / 2)
        theirs.observed ^= 1;
      if (!same_verdict(ours, theirs) && different++ < 5)
        print_order(i, order, ours, theirs);
      if (ours.status == RCK_OK && theirs.status == RCK_OK)
        live.emplace_back(ours.token, theirs.token);
      while (live.size() > 90 || (!live.empty() && random.below(3) == 0)) {
        size_t which = random.below(live.size());
        different += oracle.release(live[which].first, latest) != seat.release(live[which].second, latest);
        live.erase(live.begin() + long(which));
      }
      if (i % 256 == 0)
        seat.drain();
    }
    return different;
  }

  static void print_order(uint64_t number, const rck_order &order, const rck_verdict &ours, const rck_verdict &theirs) {
    std::fprintf(stderr,
                 "order %" PRIu64 ": flags %#x account %u strategy %u instrument %u side %u type %u quantity %" PRId64
                 " price %" PRId64 "\n",
                 number, order.flags, order.account, order.strategy, order.instrument, unsigned(order.side),
                 unsigned(order.type), order.quantity, order.price);
    print_verdict("oracle", ours);
    print_verdict("other", theirs);
  }

  void mixed(const std::string &what, const Profile &profile, uint32_t discipline, uint64_t seed) {
    Oracle oracle(profile);
    LibraryDesk library(profile, discipline);
    uint64_t different = differing(oracle, library.seat(1), seed, mixed_orders, planted_);
    std::string said = planted_ ? "a falsified verdict is found among " : "judges as the library ";
    must(different == (planted_ ? 1 : 0), said + what + named(discipline) + ", seed " + std::to_string(seed));
  }

  void floors() {
    Oracle first(agreement_profile()), second(agreement_profile());
    FloorDesk<true> many(agreement_profile());
    FloorDesk<false> one(agreement_profile());
    must(differing(first, many.seat(1), 4, mixed_orders, false) == 0, "judges as the floor, many writers");
    must(differing(second, one.seat(1), 5, mixed_orders, false) == 0, "judges as the floor, one writer");
  }

  // The same loop over both: intact, and the same checksum block by block.
  void loops(const std::string &what, const Profile &profile, uint32_t discipline, Expected expected,
             void (*alter)(rck_order &) = nullptr) {
    TickClock clock{};
    LibraryDesk desk(profile, discipline);
    desk.seat(1).drain(); // of setting up
    OrderLoop<LibraryDesk::Seat> library(desk.seat(1), StreamOf{}, expected, alter);
    OrderLoop<OracleSeat> oracle(OracleSeat(profile, discipline), StreamOf{}, expected, alter);
    bool same = true, intact = true;
    for (uint64_t seed = 1; seed <= 4; seed++) {
      Outcome theirs = library.block(loop_batches, clock, seed, Plant::None);
      Outcome ours = oracle.block(loop_batches, clock, seed, Plant::None);
      same &= ours.checksum == theirs.checksum;
      intact &= ours.intact && theirs.intact;
    }
    must(same && intact, "the loop that measures comes to the library's checksum: " + what + named(discipline));
  }

  static constexpr uint64_t mixed_orders = 50'000, loop_batches = 20;
  bool planted_;
  int failed_ = 0;
};

} // namespace bench
