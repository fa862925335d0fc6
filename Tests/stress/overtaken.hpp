// Scenes of limits on sums, in which what a call has reserved so far is overtaken: somebody ends an order whose
// amounts are entangled with it, and somebody else asks for the room that seems to be left.
#ifndef RCK_STRESS_OVERTAKEN_HPP
#define RCK_STRESS_OVERTAKEN_HPP

#include "reuse.hpp"

namespace desk {

// A bound on the gross exposure of account 1, and nothing above it at the end.
inline Scene bounded(const char *name, int64_t hard, Work prepare, Work first, Work second) {
  return {name,
          [=](Stage &stage) {
            set(stage.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, hard));
            publish(stage.engine);
            prepare(stage);
          },
          first, second,
          [=](Stage &stage) {
            const int64_t gross = book(stage.engine, RCK_SCOPE_ACCOUNT, 1).gross;
            const std::string wrong = unless(gross <= hard, "what was granted is within the limit", stage);
            for (const rck_order_info &order : open_orders(stage.engine))
              PASSES(stage.release(3, order.token).status);
            stage.place(3, 1, 0, 0);
            stage.place(3, 0, 1, 0);
            stage.net = stage.strategy_net = 0;
            return wrong;
          }};
}

inline std::vector<Scene> overtaken_scenes() {
  std::vector<Scene> all;
  // The end frees what the amend holds more, before that is in the sums.
  all.push_back(bounded(
      "an amend, the end of its order, and an order", 250, [](Stage &stage) { stage.token = stage.live(); },
      [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
      [](Stage &stage) {
        stage.release(2, stage.token);
        stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 30, 2);
      }));
  // A short position: the order makes its row long, so that the end of another buy there seems to free something.
  all.push_back(bounded(
      "an order across zero, the end of another, and an order", 700,
      [](Stage &stage) {
        stage.place(3, 1, 0, -50);
        stage.place(3, 0, 1, -50);
        stage.token = stage.live(RCK_SIDE_BUY, 30);
      },
      [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 40); },
      [](Stage &stage) {
        stage.release(2, stage.token);
        stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 40, 2);
      }));
  return all;
}

} // namespace desk

#endif
