// Is the oracle right? The library, and the floor where it has the controls, answer the same orders: mixed ones on
// limits that are met all the time, and the loops that measure, whose checksums must be the same.
#pragma once

#include "../desk_scenarios.h"
#include "lives.h"
#include "seat.h"
#include "tight_profiles.h"

#include <string>

namespace bench {

class OracleCheck {
public:
  // Planted: one verdict of each stream is falsified, and must be found.
  explicit OracleCheck(bool planted) : planted_(planted) {}

  int run() {
    for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
      for (uint64_t seed = 1; seed <= 3; seed++)
        mixed("the desk's tight limits, seed " + std::to_string(seed), agreement_profile(), discipline, {seed});
      rows_and_rates("everything armed, tight", tight_full_profile(), discipline, true);
      rows_and_rates("groups and the engine, tight", tight_group_profile(), discipline, false);
      lives("the desk's tight limits", agreement_profile(), discipline);
      lives("everything armed, tight", tight_full_profile(), discipline);
      lives("groups and the engine, tight", tight_group_profile(), discipline);
      controls(discipline);
    }
    if (planted_)
      return failed_;
    floors();
    for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER})
      loops(discipline);
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

  Judged mixed(const std::string &what, const Profile &profile, uint32_t discipline, Mixture mixture) {
    mixture.count = mixed_orders;
    mixture.planted = planted_;
    Oracle oracle(profile);
    LibraryDesk library(profile, discipline);
    Judged judged = judge_alike(oracle, library.seat(1), mixture);
    std::string said = planted_ ? "a falsified verdict is found: " : "judges as the library on ";
    must(judged.different == (planted_ ? 1 : 0), said + what + named(discipline));
    return judged;
  }

  // Each of the controls that rows and rates come with refuses; rows and buying power only where they have limits.
  void rows_and_rates(const std::string &what, const Profile &profile, uint32_t discipline, bool of_rows) {
    Judged judged = mixed(what, profile, discipline, {7});
    std::vector<uint32_t> controls{RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_EXPOSURE,
                                   RCK_CONTROL_RATE, RCK_CONTROL_WORKING};
    if (of_rows)
      controls.insert(controls.end(), {RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION, RCK_CONTROL_BUYING_POWER});
    bool met = judged.passed > mixed_orders / 50 && judged.warned > mixed_orders / 100;
    for (uint32_t control : controls)
      met &= judged.refused[control] > mixed_orders / 200;
    must(met, "each control refuses, and orders pass and warn: " + what + named(discipline));
  }

  void controls(uint32_t discipline) {
    for (const TightControl &tight : tight_controls) {
      Armoury armoury;
      armoury.arm(tight.control);
      Profile profile = armoury.profile();
      tight.tighten(profile);
      Mixture mixture;
      mixture.seed = 11;
      mixture.alter = tight.alter;
      mixture.stretched = tight.stretched;
      Judged judged = mixed(std::string(tight.name) + ", tight", profile, discipline, mixture);
      bool met = judged.passed > mixed_orders / 20;
      for (int32_t status : tight.refused)
        met &= status == RCK_OK || judged.shown[status] > 20;
      must(met,
           std::string(tight.name) + " refuses, with each of its statuses, and lets orders pass" + named(discipline));
    }
  }

  void lives(const std::string &what, const Profile &profile, uint32_t discipline) {
    Oracle oracle(profile);
    LibraryDesk library(profile, discipline);
    Mixture mixture{3, mixed_orders};
    mixture.planted = planted_;
    Lives lives(oracle, library.seat(1), mixture);
    Judged judged = lives.run();
    std::string said = planted_ ? "a falsified verdict is found in lives: " : "judges whole lives as the library on ";
    must(judged.different == (planted_ ? 1 : 0), said + what + named(discipline));
    bool met =
        lives.reduced > mixed_orders / 100 && lives.amended > mixed_orders / 50 && lives.filled > mixed_orders / 50;
    must(met, "orders reduce positions, are amended and filled: " + what + named(discipline));
  }

  void floors() {
    Oracle first(agreement_profile()), second(agreement_profile());
    FloorDesk<true> many(agreement_profile());
    FloorDesk<false> one(agreement_profile());
    Mixture mixture{4, mixed_orders};
    must(judge_alike(first, many.seat(1), mixture).different == 0, "judges as the floor, many writers");
    must(judge_alike(second, one.seat(1), mixture).different == 0, "judges as the floor, one writer");
  }

  // The same loop over both: intact, and the same checksum block by block.
  void loop(const std::string &what, const Profile &profile, uint32_t discipline, Expected expected,
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

  void loops(uint32_t discipline) {
    loop("desk", desk_profile(wide_limits()), discipline, Expected{});
    loop("refused", desk_profile(wide_limits()), discipline, refused_for_quantity, too_large);
    loop("full", full_profile(), discipline, Expected{});
    std::vector<std::string> names{"catalogue", "unarmed"};
    names.insert(names.end(), std::begin(control_names), std::end(control_names));
    for (const std::string &each : names) {
      Armoury armoury;
      armoury.arm(each);
      loop(each, armoury.profile(), discipline, Expected{}, decide);
    }
  }

  static constexpr uint64_t mixed_orders = 50'000, loop_batches = 20;
  bool planted_;
  int failed_ = 0;
};

} // namespace bench
