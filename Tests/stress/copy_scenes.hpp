// Scenes of drop copies: they enter whatever they meet, and one that goes above a level is told so.
#ifndef RCK_STRESS_COPY_SCENES_HPP
#define RCK_STRESS_COPY_SCENES_HPP

#include "total_scenes.hpp"

namespace desk {

inline Answer copy(Stage &stage, uint32_t port, uint64_t id, int64_t quantity, uint32_t account = 1,
                   uint32_t strategy = 1) {
  Answer answer;
  const rck_order asked = order(id, account, strategy, 1, RCK_SIDE_BUY, quantity, price, 1);
  answer.status = rck_drop_copy(stage.ports[port], &asked, &answer.verdict);
  return answer;
}

inline bool is_told(const Answer &answer) { return answer.verdict.flags & RCK_VERDICT_WOULD_REFUSE; }

// A drop copy of account 1, or a call of another, on whose names their numbers depend.
inline Work copied(uint32_t party, int64_t quantity = 10, uint32_t account = 1) {
  return [=](Stage &stage) {
    Answer &answer = party == 1 ? stage.first : stage.second;
    answer = copy(stage, party, stage.id() * 2 + 1000000 + party, quantity, account);
  };
}

// A level with room for one of two. What a call holds and gives back may count, so both may be told.
inline void add_copies_at_levels(std::vector<Scene> *all) {
  struct Level {
    const char *names[2];
    rck_limit bound;
  };
  const Level levels[] = {
      {{"two drop copies under a limit of their strategy", "a drop copy and an order under one of their strategy"},
       limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 150)},
      {{"two drop copies with leases under a limit of the engine", "a drop copy and an order under one of the engine"},
       of_all(150)},
  };
  for (const Level &level : levels)
    for (const bool checked : {false, true}) {
      const Work second =
          checked ? Work([](Stage &stage) { stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 10); }) : copied(2);
      all->push_back({level.names[checked],
                      [=](Stage &stage) {
                        put(stage, level.bound);
                        if (level.bound.flags == RCK_LEASE_ALWAYS)
                          lease(stage);
                      },
                      copied(1), second,
                      [=](Stage &stage) {
                        const bool both = stage.first.passed() && stage.second.passed();
                        std::string wrong = unless(stage.first.passed() && (both || checked), "a fact enters", stage);
                        if (both)
                          wrong += unless(is_told(stage.first) || is_told(stage.second), "one is told", stage);
                        make_room(stage, level.bound);
                        return wrong;
                      }});
    }
}

// One id, which a check and a drop copy bring, or two drop copies.
inline void add_copies_of_names(std::vector<Scene> *all) {
  const Work named = [](Stage &stage) { stage.token = stage.id(); };
  const Work copies = [](Stage &stage) { stage.first = copy(stage, 1, stage.token, 10); };
  const auto judge = [](Stage &stage) {
    const bool waits = stage.second.status == RCK_REJECT_ORDER_ID_TAKEN && stage.second.verdict.flags;
    return unless(once(stage) || (stage.first.passed() && waits), "one has it", stage) +
           unless(open_orders(stage.engine).size() == 1, "one lives", stage);
  };
  all->push_back({"a drop copy twice", named, copies,
                  [](Stage &stage) { stage.second = copy(stage, 2, stage.token, 10); }, judge});
  all->push_back({"a drop copy, and a check of its id", named, copies,
                  [](Stage &stage) { stage.second = stage.check(2, stage.token, RCK_SIDE_BUY, 10); }, judge});
}

// Others move the same row.
inline void add_copies_in_rows(std::vector<Scene> *all) {
  const Work held = [](Stage &stage) { stage.token = stage.live(); };
  all->push_back(both(
      "a drop copy, and a fill", held, copied(1),
      [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 4, 0)); }, 4));
  const Work fills_it = [](Stage &stage) {
    stage.second = stage.report(2, unknown_of(stage.id(), stage.next_execution++));
  };
  all->push_back(both("a drop copy, and a fill of an unknown order", held, copied(1), fills_it, 5));
}

// What is counted from a publication on: a drop copy is in it or ends outside it, and leaves nothing.
inline void add_copies_at_publications(std::vector<Scene> *all) {
  all->push_back({"a drop copy, and the first limit of its strategy",
                  [](Stage &stage) {
                    stage.drop(); // limits are of an engine: each turn has a new one
                    stage.make();
                    stage.token = stage.id();
                  },
                  [](Stage &stage) { stage.first = copy(stage, 1, stage.token, 10, 1, 2); },
                  [](Stage &stage) {
                    put(stage, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 2, 10000));
                    stage.second = copy(stage, 2, stage.id(), 10, 1, 2);
                  },
                  [](Stage &stage) {
                    std::string wrong =
                        unless(stage.first.passed() && stage.second.passed(), "both enter", stage) +
                        unless(row(stage.engine, 0, 2, 1).open_buys >= 10, "the second is counted", stage);
                    release_all(stage);
                    const rck_book_info sum = book(stage.engine, RCK_SCOPE_STRATEGY, 2);
                    return wrong + unless(!(sum.gross | sum.net_long | sum.orders | sum.orders_value | sum.margin),
                                          "nothing is left in the strategy", stage);
                  }});
  all->push_back(
      {"a drop copy, and the first limit on a total", [](Stage &stage) { begin_uncounted(stage, RCK_MANY_WRITERS); },
       [](Stage &stage) { stage.first = copy(stage, 1, stage.id(), 10); }, [](Stage &stage) { publish(stage.engine); },
       [](Stage &stage) {
         const std::string wrong =
             unless(stage.first.passed(), "it enters", stage) + Audit(stage.engine, 2, 1, 2).wrong;
         release_all(stage);
         return wrong;
       }});
}

inline std::vector<Scene> copy_scenes() {
  std::vector<Scene> all;
  add_copies_at_levels(&all);
  add_copies_of_names(&all);
  add_copies_in_rows(&all);
  add_copies_at_publications(&all);
  return all;
}

} // namespace desk

#endif
