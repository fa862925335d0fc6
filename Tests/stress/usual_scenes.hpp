// Scenes of checks that go the shortest way: those of others without a strategy that a limit tracks, and those of
// what that way alone does, or looks at once more.
#ifndef RCK_STRESS_USUAL_SCENES_HPP
#define RCK_STRESS_USUAL_SCENES_HPP

#include "desk_scenes.hpp"
#include "overtaken.hpp"
#include <deque>

namespace desk {

// The scene for orders that name no strategy. Names are kept for as long as scenes are played.
inline Scene without_strategy(Scene scene) {
  static std::deque<std::string> names;
  names.push_back(std::string(scene.name) + ", without a strategy");
  scene.name = names.back().c_str();
  scene.prepare = [prepare = scene.prepare](Stage &stage) {
    stage.strategy = 0;
    prepare(stage);
  };
  return scene;
}

inline bool tells_of(const Scene &scene, const char *words) { return strstr(scene.name, words) != nullptr; }

// What two checks meet in, and what stands in the way of one.
inline std::vector<Scene> scenes_without_strategy() {
  std::vector<Scene> all;
  for (const auto &some : {scenes(), overtaken_scenes(), desk_scenes()})
    for (const Scene &scene : some)
      if (tells_of(scene, "order") && !tells_of(scene, "strategy") && !tells_of(scene, "its order") &&
          !tells_of(scene, "amends of") && !tells_of(scene, "in its place") && !tells_of(scene, "unknown"))
        all.push_back(without_strategy(scene));
  return all;
}

inline void limit_gross(Stage &stage, int64_t hard) {
  set(stage.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, hard));
  publish(stage.engine);
}

inline void add_limits(std::vector<Scene> *all) {
  // Who publishes finds what passed under the limits of before; nothing passes under them later.
  all->push_back({"an order, and a limit that lets none pass",
                  [](Stage &stage) {
                    limit_gross(stage, 1000);
                    stage.seen.clear();
                  },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
                  [](Stage &stage) {
                    limit_gross(stage, 0);
                    stage.seen = open_orders(stage.engine);
                    stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 10);
                  },
                  [](Stage &stage) {
                    limit_gross(stage, 1000);
                    const bool refused = stage.first.status == RCK_REJECT_EXPOSURE_GROSS;
                    return unless(stage.second.status == RCK_REJECT_EXPOSURE_GROSS, "none passes", stage) +
                           unless(stage.first.passed() ? stage.seen.size() == 1 : refused,
                                  "the one that ran is refused or listed", stage);
                  },
                  true});
  // The row of one moment and the sum of another exceed what neither moment does.
  all->push_back({"a sell, and the position that it reduces", [](Stage &stage) { limit_gross(stage, 300); },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_SELL, 20); },
                  [](Stage &stage) {
                    stage.place(2, 1, 0, 20);
                    stage.second.status = RCK_OK;
                  },
                  [](Stage &stage) {
                    const std::string wrong = unless(stage.first.passed(), "it passes at any time", stage);
                    release_all(stage);
                    stage.place(3, 1, 0, 0);
                    limit_gross(stage, 1000000); // for what comes after
                    return wrong;
                  }});
}

// A warning becomes a refusal with the second publication of two: what refuses was in force by then. Between the
// first look at the levels and the control's the other half of the table is written.
inline void add_levels(std::vector<Scene> *all) {
  const auto gross = [](uint32_t level) {
    rck_limit bound = limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, 0);
    bound.levels = level;
    (level == RCK_LEVEL_WARN ? bound.warn : bound.hard) = 50;
    return bound;
  };
  const auto tell = [=](Stage &stage, uint32_t level) {
    set(stage.engine, gross(level));
    publish(stage.engine);
  };
  all->push_back({"an order, and a warning that becomes a refusal", [=](Stage &stage) { tell(stage, RCK_LEVEL_WARN); },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
                  [=](Stage &stage) {
                    tell(stage, RCK_LEVEL_WARN);
                    tell(stage, RCK_LEVEL_HARD);
                  },
                  [=](Stage &stage) {
                    const bool warned = stage.first.passed() && stage.first.verdict.severity == RCK_SEVERITY_WARNING;
                    const bool refused = stage.first.status == RCK_REJECT_EXPOSURE_GROSS && stage.other;
                    const std::string wrong = unless(warned || refused, "what it was told was in force", stage);
                    release_all(stage);
                    limit_gross(stage, 1000000); // for what comes after
                    return wrong;
                  },
                  false, 8,
                  [](Stage &stage) {
                    rck_limit armed[16];
                    uint32_t cursor = 0, count = 0;
                    PASSES(rck_limits_armed(stage.engine, armed, 16, &cursor, &count));
                    stage.other = std::any_of(armed, armed + count, [](const rck_limit &bound) {
                      return bound.scope_kind == RCK_SCOPE_ACCOUNT && bound.levels == RCK_LEVEL_HARD;
                    });
                  }});
}

inline std::vector<Scene> usual_scenes() {
  std::vector<Scene> own, all = scenes_without_strategy();
  add_limits(&own);
  add_levels(&own);
  for (const Scene &scene : own)
    all.push_back(without_strategy(scene));
  return all;
}

} // namespace desk

#endif
