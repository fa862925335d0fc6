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
      full_lives("the desk's tight limits", agreement_profile(), discipline);
      full_lives("everything armed, tight", tight_full_profile(), discipline);
      full_lives("groups and the engine, tight", tight_group_profile(), discipline);
      controls(discipline);
    }
    if (planted_)
      return failed_;
    words();
    floors();
    for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
      closed_positions(discipline);
      loops(discipline);
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

  static Profile tightened(const TightControl &tight) {
    Armoury armoury;
    armoury.arm(tight.control);
    Profile profile = armoury.profile();
    tight.tighten(profile);
    return profile;
  }

  void shows(const TightControl &tight, const Judged &judged, uint32_t discipline) {
    bool met = judged.passed > mixed_orders / 20;
    for (int32_t status : tight.refused)
      met &= status == RCK_OK || (judged.shown.contains(status) && judged.shown.at(status) > 20);
    must(met, "refused with each of its statuses, and passed: " + std::string(tight.name) + named(discipline));
  }

  void controls(uint32_t discipline) {
    for (const TightControl &tight : tight_controls) {
      Mixture mixture{11, mixed_orders, tight.alter, tight.stretched};
      shows(tight, mixed(std::string(tight.name) + ", tight", tightened(tight), discipline, mixture), discipline);
      lives(std::string(tight.name) + ", tight", tightened(tight), discipline, tight.alter);
    }
    for (const TightControl &tight : tight_lives)
      shows(tight, lives(std::string(tight.name) + ", tight", tightened(tight), discipline, tight.alter), discipline);
  }

  Judged lives(const std::string &what, const Profile &profile, uint32_t discipline,
               void (*alter)(rck_order &) = nullptr) {
    Oracle oracle(profile);
    LibraryDesk library(profile, discipline);
    Mixture mixture{3, mixed_orders, alter};
    mixture.planted = planted_;
    Judged judged = Lives(oracle, library.seat(1), mixture).run();
    std::string said = planted_ ? "a falsified verdict is found in lives: " : "judges whole lives as the library on ";
    must(judged.different == (planted_ ? 1 : 0), said + what + named(discipline));
    return judged;
  }

  // Of the profiles that keep nobody out for good.
  void full_lives(const std::string &what, const Profile &profile, uint32_t discipline) {
    Judged judged = lives(what, profile, discipline);
    bool met =
        judged.reduced > mixed_orders / 100 && judged.amended > mixed_orders / 50 && judged.filled > mixed_orders / 50;
    must(met, "orders reduce positions, are amended and filled: " + what + named(discipline));
  }

  // Positions of one lot are opened and closed at other prices: what a day has made or lost in all shows in between.
  void closed_positions(uint32_t discipline) {
    Armoury armoury;
    armoury.arm("loss");
    Profile profile = armoury.profile();
    change_limits(profile, RCK_CONTROL_LOSS, 0, [](rck_limit &limit) { // 150 realised, 300 in all, 450 from the peak
      limit.hard = 150 * (1 + int64_t(limit.measure) - RCK_MEASURE_REALISED);
    });
    Oracle oracle(profile);
    LibraryDesk library(profile, discipline);
    auto seat = library.seat(1);
    OrderStream stream(1, StreamOf{1, 1, 1, 1});
    Random random(5);
    Judged judged;
    for (uint64_t i = 0; i < 2'000; i++) {
      rck_order order;
      stream.make(order);
      order.account = 1 + uint32_t(i / 2 % 4);
      order.side = i % 2 == 0 ? RCK_SIDE_BUY : RCK_SIDE_SELL;
      order.quantity = 1;
      rck_verdict theirs{}, ours = oracle.check(order);
      seat.check(order, theirs);
      judged.count(ours);
      judged.different += !same_verdict(ours, theirs);
      if (ours.status != RCK_OK || theirs.status != RCK_OK)
        continue;
      rck_report report{};
      report.token = theirs.token;
      report.kind = RCK_REPORT_FILL;
      report.last_quantity = report.cumulative_quantity = 1;
      report.last_price = order.price + random.between(-40, 40);
      report.execution_id = i + 1;
      report.time_ns = order.time_ns;
      rck_verdict filled{};
      rck_fill(seat.port, &report, &filled);
      report.token = ours.token;
      judged.different += !same_verdict(oracle.fill(report), filled);
    }
    bool shown = judged.passed > 50 && judged.shown[RCK_REJECT_LOSS_TRAILING] > 0;
    must(judged.different == 0 && shown, "judges as the library what closed positions lost" + named(discipline));
  }

  // Nothing is guessed: what the oracle does not know it refuses to judge.
  void words() {
    Profile unknown = desk_profile(wide_limits());
    unknown.limits.push_back(
        limit_of(RCK_CONTROL_POSITION, RCK_MEASURE_NONE, RCK_SCOPE_INSTRUMENT_GROUP, 1, {0, 0, 1}));
    bool refused = false;
    try {
      Oracle oracle(unknown);
    } catch (const std::invalid_argument &) {
      refused = true;
    }
    must(refused, "a profile that it has no words for is refused");
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
