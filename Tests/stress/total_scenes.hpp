// Scenes of totals: limits of the engine, or of a group, on what the books of all accounts come to, with leases and
// without. Two calls of two accounts meet at the level, and the audit holds the total against the books.
#ifndef RCK_STRESS_TOTAL_SCENES_HPP
#define RCK_STRESS_TOTAL_SCENES_HPP

#include "plain_scenes.hpp"

namespace desk {

// So many orders of the second account live before, and two orders meet, of which the level lets one pass.
struct Shared {
  const char *name;
  uint32_t control, measure, group, flags;
  int64_t hard;
  uint64_t before;
  int64_t first, second; // quantities
};

// Ports 1 and 2 hold leases that must be called in for the second order, which leaves no room for the first.
constexpr int64_t leased_level = 64000, leased_first = 10, leased_second = 6391;
constexpr int64_t roomy = int64_t{1} << 40;

inline rck_limit of_all(int64_t hard, uint32_t flags = RCK_LEASE_ALWAYS) {
  rck_limit bound = limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, hard);
  bound.flags = flags;
  return bound;
}

inline rck_limit of_shared(const Shared &shared, int64_t hard) {
  const uint32_t scope = shared.group == 3 ? RCK_SCOPE_INSTRUMENT_GROUP
                         : shared.group    ? RCK_SCOPE_ACCOUNT_GROUP
                                           : RCK_SCOPE_GLOBAL;
  rck_limit bound = limit(shared.control, shared.measure, scope, shared.group, hard);
  bound.flags = shared.flags;
  return bound;
}

// Once for each engine, since members of a group that has a total stay.
inline void gather_once(Stage &stage) {
  if (stage.token != stage.made)
    gather(stage.engine, 2, 0);
  stage.token = stage.made;
}

inline void begin_usual(Stage &stage) {
  begin_plainly(stage);
  stage.place(3, 2, 0, 0);
}

// Each port has a lease, and little else is taken.
inline void lease(Stage &stage) {
  for (const uint32_t port : {1, 2})
    PASSES(stage.release(port, stage.check(port, stage.id(), RCK_SIDE_BUY, 1, 1, port).verdict.token).status);
}

// A call of account 1 on port 1, or of account 2 on port 2.
inline Work enter(uint32_t party, int64_t quantity) {
  return [=](Stage &stage) {
    Answer &answer = party == 1 ? stage.first : stage.second;
    answer = stage.check(party, stage.id() * 2 + 1000000 + party, RCK_SIDE_BUY, quantity, 1, party);
  };
}

// Ends all, and leaves room for what comes after.
inline void make_room(Stage &stage, rck_limit bound) {
  release_all(stage);
  bound.hard = roomy;
  put(stage, bound);
}

inline void add_shared(std::vector<Scene> *all, const Shared &shared, bool plainly) {
  all->push_back({shared.name,
                  [=](Stage &stage) {
                    gather_once(stage);
                    if (plainly)
                      begin_usual(stage);
                    put(stage, of_shared(shared, shared.hard));
                    for (uint64_t order = 0; order < shared.before; order++)
                      PASSES(stage.check(3, stage.id(), RCK_SIDE_BUY, 1, 1, 2).status);
                    if (shared.flags == RCK_LEASE_ALWAYS)
                      lease(stage);
                  },
                  enter(1, shared.first), enter(2, shared.second),
                  [=](Stage &stage) {
                    const std::string wrong =
                        unless(stage.first.passed() + stage.second.passed() == 1, "one of two must pass", stage) +
                        Audit(stage.engine, 2, 1, 2).wrong;
                    make_room(stage, of_shared(shared, 0));
                    return wrong;
                  },
                  false, 1, nullptr, !plainly}); // the usual check has not looked at totals before
}

// What is taken back of a row that others moved is taken back of the total once.
inline void add_same_row(std::vector<Scene> *all) {
  all->push_back(
      {"two usual orders of one account under a total",
       [](Stage &stage) {
         begin_usual(stage);
         put(stage, of_all(leased_level));
       },
       buy_plainly(1), buy_plainly(2),
       [](Stage &stage) { return unless(stage.first.passed() && stage.second.passed(), "both pass", stage); }});
}

// Room is freed while an order looks that has none without it.
inline void add_release(std::vector<Scene> *all) {
  all->push_back({"a usual order, and the release of another account's under a total",
                  [](Stage &stage) {
                    begin_usual(stage);
                    put(stage, of_all(leased_level));
                    lease(stage);
                    const Answer other = stage.check(3, stage.id(), RCK_SIDE_BUY, leased_second, 1, 2);
                    PASSES(other.status);
                    stage.other = other.verdict.token;
                  },
                  enter(1, leased_first), [](Stage &stage) { stage.second = stage.release(2, stage.other); },
                  [](Stage &stage) {
                    std::string wrong = unless(stage.second.passed(), "the release stands", stage);
                    if (!stage.first.passed())
                      wrong += unless(stage.check(1, stage.id(), RCK_SIDE_BUY, leased_first).passed(),
                                      "there is room afterwards", stage);
                    make_room(stage, of_all(0));
                    return wrong;
                  }});
}

// A fact takes what is left, whatever leases hold.
inline void add_fact(std::vector<Scene> *all) {
  all->push_back(
      {"an order, and a fact of another account under a total",
       [](Stage &stage) {
         put(stage, of_all(leased_level));
         lease(stage);
       },
       [](Stage &stage) { stage.first = stage.check(2, stage.id() * 2 + 1000000, RCK_SIDE_BUY, leased_first, 1, 2); },
       [](Stage &stage) {
         rck_report fact = unknown_of(stage.id(), stage.next_execution++);
         fact.last_quantity = fact.cumulative_quantity = leased_second;
         stage.second = stage.report(1, fact);
       },
       [](Stage &stage) {
         const std::string wrong = unless(stage.second.passed(), "a fact counts", stage) +
                                   unless(!stage.check(3, stage.id(), RCK_SIDE_BUY, leased_first, 1, 2).passed(),
                                          "nothing more fits", stage) +
                                   Audit(stage.engine, 2, 1, 2).wrong;
         make_room(stage, of_all(0));
         return wrong;
       }});
}

// The level falls: what passes was counted before.
inline void add_lowered(std::vector<Scene> *all) {
  all->push_back({"a usual order, and a lower level of a total",
                  [](Stage &stage) {
                    begin_usual(stage);
                    put(stage, of_all(leased_level));
                    lease(stage);
                  },
                  enter(1, leased_first),
                  [](Stage &stage) {
                    put(stage, of_all(50));
                    stage.other = book(stage.engine, RCK_SCOPE_GLOBAL, 0).gross != 0;
                  },
                  [](Stage &stage) {
                    const std::string wrong =
                        unless(!stage.first.passed() || stage.other, "what passes was reserved before", stage) +
                        unless(stage.check(2, stage.id(), RCK_SIDE_BUY, 6, 1, 2).status == RCK_REJECT_EXPOSURE_GROSS,
                               "nothing passes above the lower level", stage);
                    make_room(stage, of_all(0));
                    return wrong;
                  }});
}

// The next total that is not kept yet: of sums of the engine, then of groups.
inline rck_limit next_total(Stage &stage) {
  static constexpr uint32_t sums[][3] = {{RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, 0},
                                         {RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SIDE_BUY},
                                         {RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, 0},
                                         {RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, 0}};
  static constexpr uint32_t scopes[][2] = {
      {RCK_SCOPE_GLOBAL, 0}, {RCK_SCOPE_ACCOUNT_GROUP, 1}, {RCK_SCOPE_INSTRUMENT_GROUP, 3}};
  const uint64_t number = stage.totals++;
  const auto &[control, measure, side] = sums[number % 4];
  const auto &[scope, id] = scopes[number / 4 % 3];
  // Of a group of instruments positions in the place of the orders' number.
  rck_limit bound = scope == RCK_SCOPE_INSTRUMENT_GROUP && measure == RCK_MEASURE_COUNT
                        ? limit(RCK_CONTROL_POSITION, 0, scope, id, roomy)
                        : limit(control, measure, scope, id, roomy);
  bound.side = side;
  return bound;
}

// An engine whose next total is the first to be published, with orders of two accounts.
inline void begin_uncounted(Stage &stage, uint32_t discipline) {
  if (stage.totals % 12 == 0 || stage.discipline != discipline) {
    stage.drop();
    stage.discipline = discipline;
    stage.make();
    gather(stage.engine, 2, 0);
  }
  stage.token = stage.live(RCK_SIDE_BUY, 10);
  PASSES(stage.check(3, stage.id(), RCK_SIDE_SELL, 5, 2, 2).status);
  set(stage.engine, next_total(stage));
}

// The administrator moves books of an engine with one writer, whose call stores plainly: not while that stands.
inline void add_one_writer(std::vector<Scene> *all) {
  all->push_back({"an order of the one writer, and the first limit on a total",
                  [](Stage &stage) { begin_uncounted(stage, RCK_ONE_WRITER); },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
                  [](Stage &stage) { stage.second.status = rck_limits_publish(stage.engine, nullptr, nullptr); },
                  [](Stage &stage) {
                    std::string wrong = unless(stage.first.passed(), "it passes", stage) +
                                        unless(stage.second.passed() || stage.second.status == RCK_E_BUSY,
                                               "it is published, or a call stands in its way", stage);
                    publish(stage.engine);
                    wrong += Audit(stage.engine, 2, 1, 2).wrong;
                    release_all(stage);
                    return wrong;
                  }});
}

// Books begin to be counted, while calls move them; and the other way round.
inline void add_first_totals(std::vector<Scene> *all) {
  const Work anew = [](Stage &stage) { begin_uncounted(stage, RCK_MANY_WRITERS); };
  const Work count = [](Stage &stage) { publish(stage.engine); };
  const Work buy = [](Stage &stage) { stage.second = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); };
  const Work fill = [](Stage &stage) {
    stage.second = stage.report(1, desk::fill(stage.token, 4, 4, 2 * price, 0, 1));
  };
  const auto judge = [](Stage &stage) {
    const std::string wrong = unless(stage.second.passed(), "it passes", stage) + Audit(stage.engine, 2, 1, 2).wrong;
    release_all(stage);
    return wrong;
  };
  all->push_back({"an order, and the first limit on a total", anew, buy, count, judge});
  all->push_back({"a fill, and the first limit on a total", anew, fill, count, judge});
  all->push_back({"the first limit on a total, and an order", anew, count, buy, judge, true});
}

inline std::vector<Scene> total_scenes() {
  std::vector<Scene> all;
  const uint32_t gross = RCK_MEASURE_GROSS;
  add_shared(&all,
             {"two usual orders under a gross limit of the engine", RCK_CONTROL_EXPOSURE, gross, 0, 0, 150, 0, 10, 10},
             true);
  add_shared(&all,
             {"two accounts under a limit of the engine on working orders", RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, 0,
              RCK_LEASE_NEVER, 4, 3, 10, 10},
             false);
  add_shared(
      &all,
      {"two accounts under a net limit of their group", RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, 1, 0, 150, 0, 10, 10},
      false);
  add_shared(&all,
             {"two accounts with leases under a limit of the engine", RCK_CONTROL_EXPOSURE, gross, 0, RCK_LEASE_ALWAYS,
              leased_level, 0, leased_first, leased_second},
             false);
  add_shared(&all,
             {"two usual orders under a limit on positions of a group of instruments", RCK_CONTROL_POSITION, 0, 3,
              RCK_LEASE_NEVER, 15, 0, 10, 10},
             true);
  add_shared(&all,
             {"two accounts with leases under a limit of a group of instruments", RCK_CONTROL_EXPOSURE, gross, 3,
              RCK_LEASE_ALWAYS, leased_level, 0, leased_first, leased_second},
             false);
  add_same_row(&all);
  add_release(&all);
  add_fact(&all);
  add_lowered(&all);
  add_first_totals(&all);
  add_one_writer(&all);
  return all;
}

} // namespace desk

#endif
