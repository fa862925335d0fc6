// Scenes of overrides: orders above a level that one override lets pass, beside others that want it, its removal, the
// next one in its place, a latch and a publication. What it has left says how many it let pass.
#ifndef RCK_STRESS_OVERRIDE_SCENES_HPP
#define RCK_STRESS_OVERRIDE_SCENES_HPP

#include "total_scenes.hpp"

namespace desk {

constexpr int64_t narrow = 20, broad = 30; // a level, and an order above it

inline rck_limit narrow_limit(int64_t hard) {
  return limit(RCK_CONTROL_ORDER_QUANTITY, RCK_MEASURE_NONE, RCK_SCOPE_ACCOUNT, 1, hard);
}

inline rck_status revoke(Stage &stage, uint64_t id) {
  auto given = sized<rck_override>();
  given.override_id = static_cast<uint32_t>(id);
  given.actor = 1;
  strcpy(given.reason, "stress");
  return insist([&] { return rck_override_remove(stage.engine, &given, nullptr); });
}

// The level, and an override for so many orders above it: its id is the stage's `other`.
inline Work narrowed(uint32_t count, int64_t quantity = 0) {
  return [=](Stage &stage) {
    set(stage.engine, narrow_limit(narrow));
    publish(stage.engine);
    stage.other = set(stage.engine, override_of(narrow_limit(narrow), count, quantity));
    stage.token = 0;
  };
}

inline std::string widened(Stage &stage, const std::string &wrong) {
  const rck_limit gone = narrow_limit(narrow);
  NEED(insist([&] { return rck_limit_remove(stage.engine, &gone, RCK_LOOSEN, nullptr); }) == RCK_OK);
  publish(stage.engine);
  revoke(stage, stage.other);
  if (stage.token)
    revoke(stage, stage.token);
  return wrong;
}

inline bool is_overridden(const Answer &answer) {
  return answer.passed() && answer.verdict.flags & RCK_VERDICT_OVERRIDDEN;
}

inline bool is_refused(const Answer &answer) { return answer.status == RCK_REJECT_ORDER_QUANTITY; }

inline void add_competing(std::vector<Scene> *all) {
  const Work one = [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, broad); };
  const Work two = [](Stage &stage) { stage.second = stage.check(2, stage.id() + 1000000, RCK_SIDE_SELL, broad, 2); };
  const auto judge = [](Stage &stage) {
    const rck_override found = left(stage.engine, static_cast<uint32_t>(stage.other));
    const bool is_one =
        is_overridden(stage.first) ? is_refused(stage.second) : is_refused(stage.first) && is_overridden(stage.second);
    return widened(stage, unless(is_one, "exactly one passes", stage) +
                              unless(found.live == (found.quantity_left != 0) && found.count_left == 0 &&
                                         found.quantity_left == (found.quantity ? found.quantity - broad : 0),
                                     "it uses its part", stage));
  };
  all->push_back({"two orders, and an override for one", narrowed(1), one, two, judge});
  all->push_back({"two orders, and an override for one and a half", narrowed(0, broad + broad / 2), one, two, judge});
  all->push_back({"an amend and an order, and an override for one",
                  [](Stage &stage) {
                    narrowed(1)(stage);
                    stage.seen = {stage.get(stage.live())};
                  },
                  [](Stage &stage) { stage.first = stage.amend(1, stage.seen[0].token, stage.id(), broad); }, two,
                  judge});
}

inline void add_revoked(std::vector<Scene> *all) {
  const Work buy = [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, broad); };
  all->push_back({"an order by an override, and its removal", narrowed(1), buy,
                  [](Stage &stage) { stage.second.status = revoke(stage, stage.other); },
                  [](Stage &stage) {
                    const rck_override found = left(stage.engine, static_cast<uint32_t>(stage.other));
                    const bool passed = is_overridden(stage.first);
                    return widened(stage, unless(stage.second.passed() && !found.live, "it is removed", stage) +
                                              unless(passed || is_refused(stage.first), "it passes or not", stage) +
                                              unless(found.count_left == !passed, "it is used if it passes", stage));
                  }});
  // The next one, which fits as well, in the same place if nobody needs that any more.
  all->push_back({"an order by an override, and the next in its place", narrowed(1), buy,
                  [](Stage &stage) {
                    PASSES(revoke(stage, stage.other));
                    stage.token = set(stage.engine, override_of(narrow_limit(narrow), 1));
                  },
                  [](Stage &stage) {
                    auto old = sized<rck_override>();
                    old.override_id = static_cast<uint32_t>(stage.other);
                    const bool is_there = rck_override_get(stage.engine, &old) == RCK_OK;
                    const uint32_t next = left(stage.engine, static_cast<uint32_t>(stage.token)).count_left;
                    // In between there was none, so it may be refused as well.
                    const uint32_t used = (is_there && old.count_left == 0) + (next == 0);
                    const bool passed = is_overridden(stage.first);
                    return widened(stage, unless(passed || is_refused(stage.first), "it passes or not", stage) +
                                              unless(passed ? used == 1 || !is_there : used == 0,
                                                     "it has used one of them if it passes", stage));
                  }});
}

inline void add_given_back(std::vector<Scene> *all) {
  const Work buy = [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, broad); };
  all->push_back({"an order by an override, and a latch", narrowed(1), buy,
                  [](Stage &stage) {
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED);
                    stage.second.status = rck_latch_set(stage.engine, &halt, nullptr);
                  },
                  [](Stage &stage) {
                    const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_ACTIVE);
                    PASSES(insist([&] { return rck_latch_clear(stage.engine, &halt, nullptr); }));
                    const uint32_t rest = left(stage.engine, static_cast<uint32_t>(stage.other)).count_left;
                    const bool refused = stage.first.status == RCK_REJECT_HALTED;
                    return widened(stage, unless(is_overridden(stage.first) || refused, "it passes or not", stage) +
                                              unless(rest == refused, "what is not entered is given back", stage));
                  }});
  all->push_back({"an order by an override, and a tighter limit", narrowed(1), buy,
                  [](Stage &stage) {
                    set(stage.engine, narrow_limit(narrow / 2));
                    publish(stage.engine);
                    stage.second.verdict.flags = 0;
                  },
                  [](Stage &stage) {
                    const uint32_t rest = left(stage.engine, static_cast<uint32_t>(stage.other)).count_left;
                    const int64_t level = stage.first.verdict.limit;
                    return widened(stage, unless(is_overridden(stage.first) && rest == 0, "it passes once", stage) +
                                              unless(level == narrow || level == narrow / 2, "by one level", stage));
                  }});
}

inline std::vector<Scene> override_scenes() {
  std::vector<Scene> all;
  add_competing(&all);
  add_revoked(&all);
  add_given_back(&all);
  return all;
}

} // namespace desk

#endif
