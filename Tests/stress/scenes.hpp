// The scenes of between.cpp: two calls that meet, and what must hold whichever comes first.
#ifndef RCK_STRESS_SCENES_HPP
#define RCK_STRESS_SCENES_HPP

#include "stage.hpp"

namespace desk {

inline rck_report fill_of(uint64_t token, int64_t quantity, uint64_t execution) {
  return fill(token, quantity, quantity, price, execution, 1);
}

inline rck_report unknown_of(uint64_t id, uint64_t execution) {
  rck_report report = fill_of(0, 5, execution);
  report.order_id = id;
  report.account = report.strategy = report.instrument = 1;
  report.side = RCK_SIDE_BUY;
  return report;
}

inline rck_report undoing(uint64_t token, uint64_t undone, uint64_t execution, int64_t quantity) {
  rck_report report = fill_of(token, quantity, execution);
  report.kind = execution ? RCK_REPORT_CORRECT : RCK_REPORT_BUST;
  report.cumulative_quantity = quantity;
  report.undone_execution_id = undone;
  return report;
}

// A limit, and two checks of which it lets one pass.
inline Scene limited(const char *name, const rck_limit &bound, uint32_t side = RCK_SIDE_BUY) {
  return {name,
          [bound](Stage &stage) {
            if (stage.token != stage.made) { // once for each engine
              set(stage.engine, bound);
              publish(stage.engine);
              stage.token = stage.made;
            }
          },
          [side](Stage &stage) { stage.first = stage.check(1, stage.id() * 2 + 1000000, side, 10); },
          [side](Stage &stage) { stage.second = stage.check(2, stage.id() * 2 + 1000001, side, 10); },
          [](Stage &stage) {
            const std::string wrong =
                unless(stage.first.passed() + stage.second.passed() == 1, "one of two must pass", stage);
            for (const rck_order_info &order : open_orders(stage.engine))
              PASSES(stage.release(3, order.token).status); // room for what comes after
            return wrong;
          }};
}

inline std::vector<Scene> scenes() {
  std::vector<Scene> all;
  const auto add = [&](const char *name, Work prepare, Work first, Work second,
                       std::function<std::string(Stage &)> judge) {
    all.push_back({name, prepare, first, second, judge});
  };
  const Work order_of_ten = [](Stage &stage) { stage.token = stage.live(); };

  // Reports.
  for (const bool named : {false, true})
    add(
        named ? "one fill twice" : "one fill twice, without an execution", order_of_ten,
        [=](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, named ? stage.next_execution : 0)); },
        [=](Stage &stage) {
          stage.second = stage.report(2, fill_of(stage.token, 4, named ? stage.next_execution : 0));
        },
        [](Stage &stage) {
          stage.next_execution++;
          return unless(once(stage), "one applies it", stage) +
                 unless(stage.moved() == 4, "it moves the position once", stage);
        });
  for (const bool named : {false, true})
    add(
        named ? "one report of an unknown order twice" : "one report of an unknown order twice, unnamed",
        [](Stage &stage) { stage.token = stage.id(); },
        [=](Stage &stage) { stage.first = stage.report(1, unknown_of(stage.token, named ? stage.next_execution : 0)); },
        [=](Stage &stage) {
          stage.second = stage.report(2, unknown_of(stage.token, named ? stage.next_execution : 0));
        },
        [=](Stage &stage) {
          stage.third = stage.report(3, unknown_of(stage.token, named ? stage.next_execution : 0));
          stage.next_execution++;
          return unless(once(stage), "one applies it", stage) +
                 unless(stage.third.status == RCK_REPEAT, "it is known afterwards", stage) +
                 unless(stage.get(0, stage.token).cumulative == 5, "the order is remembered", stage) +
                 unless(stage.moved() == 5, "it moves the position once", stage);
        });
  add(
      "a fill, and the release of its order", order_of_ten,
      [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, 0)); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) {
        return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
               unless(stage.moved() == 4, "the fill moves the position", stage);
      });
  add(
      "the last fill, and the release of its order", order_of_ten,
      [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 10, 0)); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) {
        return unless(stage.first.passed() && stage.second.status <= RCK_REPEAT, "both pass", stage) +
               unless(stage.moved() == 10, "the fill moves the position", stage);
      });
  add(
      "a release twice", order_of_ten, [](Stage &stage) { stage.first = stage.release(1, stage.token); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) { return unless(once(stage), "one of them ends it", stage); });

  // What undoes.
  const Work filled = [](Stage &stage) {
    stage.token = stage.live();
    stage.other = stage.next_execution++;
    PASSES(stage.report(3, fill_of(stage.token, 4, stage.other)).status);
  };
  add(
      "a bust twice", filled,
      [](Stage &stage) { stage.first = stage.report(1, undoing(stage.token, stage.other, 0, 0)); },
      [](Stage &stage) { stage.second = stage.report(2, undoing(stage.token, stage.other, 0, 0)); },
      [](Stage &stage) {
        return unless(once(stage), "one undoes it", stage) +
               unless(stage.moved() == -4, "it moves the position once", stage);
      });
  add(
      "a correction and a bust of one execution", filled,
      [](Stage &stage) { stage.first = stage.report(1, undoing(stage.token, stage.other, stage.next_execution, 6)); },
      [](Stage &stage) { stage.second = stage.report(2, undoing(stage.token, stage.other, 0, 0)); },
      [](Stage &stage) {
        stage.next_execution++;
        return unless(once(stage), "one undoes it", stage) +
               unless(stage.moved() == (stage.first.passed() ? 2 : -4), "that one counts", stage);
      });
  add(
      "one correction twice", filled,
      [](Stage &stage) { stage.first = stage.report(1, undoing(stage.token, stage.other, stage.next_execution, 6)); },
      [](Stage &stage) { stage.second = stage.report(2, undoing(stage.token, stage.other, stage.next_execution, 6)); },
      [](Stage &stage) {
        stage.next_execution++;
        return unless(once(stage), "one counts", stage) +
               unless(stage.moved() == 2, "it moves the position once", stage);
      });
  add(
      "a fill, and the bust of another", filled,
      [](Stage &stage) { stage.first = stage.report(1, fill(stage.token, 3, 7, price, 0, 1)); },
      [](Stage &stage) { stage.second = stage.report(2, undoing(stage.token, stage.other, 0, 7)); },
      [](Stage &stage) {
        return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
               unless(stage.moved() == -1 || stage.moved() == 3, "both count", stage);
      });

  // Places that are used again: the late order is the oldest that is remembered.
  const Work oldest = [](Stage &stage) {
    stage.token = stage.live();
    const uint64_t next = stage.live();
    PASSES(stage.release(3, stage.token).status);
    PASSES(stage.release(3, next).status);
    stage.other = stage.live(RCK_SIDE_BUY, 10, 2); // in another row: who ends it does not help
  };
  const auto late = [](Stage &stage) {
    const bool told = stage.first.passed() || stage.first.status == RCK_REJECT_ORDER_UNKNOWN;
    return unless(told, "it counts or is unknown", stage) +
           unless(stage.moved() == (stage.first.passed() ? 4 : 0), "the position says which", stage);
  };
  add(
      "a late fill, and an end that makes its order forgotten", oldest,
      [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, 0)); },
      [](Stage &stage) { stage.second = stage.release(2, stage.other); }, late);
  for (const uint32_t strategy : {1, 0})
    add(
        strategy ? "a late fill, and another order in its place" : "a late fill, and another in its place",
        [=](Stage &stage) {
          stage.strategy = strategy;
          oldest(stage);
        },
        [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, 0)); },
        [](Stage &stage) {
          stage.release(2, stage.other);
          stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 10, 2);
        },
        late);
  add(
      "another order in its place, and a late fill", oldest,
      [](Stage &stage) {
        stage.release(1, stage.other);
        stage.second = stage.check(1, stage.id(), RCK_SIDE_BUY, 10, 2);
      },
      [](Stage &stage) { stage.first = stage.report(2, fill_of(stage.token, 4, 0)); }, late);

  // Checks.
  add(
      "one order twice", [](Stage &stage) { stage.token = stage.id(); },
      [](Stage &stage) { stage.first = stage.check(1, stage.token, RCK_SIDE_BUY, 10); },
      [](Stage &stage) { stage.second = stage.check(2, stage.token, RCK_SIDE_BUY, 10); },
      [](Stage &stage) {
        const Answer &lost = stage.first.passed() ? stage.second : stage.first;
        const bool fits = lost.status == RCK_REPEAT || lost.verdict.flags & RCK_VERDICT_CONTENDED;
        return unless(stage.first.passed() != stage.second.passed() && fits, "one passes", stage) +
               unless(open_orders(stage.engine).size() == 1, "one lives", stage);
      });
  all.push_back(limited("two orders under a position limit", [] {
    rck_limit bound = limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 15);
    bound.instrument = 1;
    return bound;
  }()));
  const rck_limit located = [] {
    rck_limit bound = limit(RCK_CONTROL_LISTS, RCK_MEASURE_LOCATE, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 15);
    bound.instrument = 1;
    return bound;
  }();
  all.push_back(limited("two short sales under a locate", located, RCK_SIDE_SELL));
  all.push_back(limited("two orders under a strategy's position limit", [] {
    rck_limit bound = limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_STRATEGY_INSTRUMENT, 1, 15);
    bound.instrument = 1;
    return bound;
  }()));
  for (const uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY}) {
    const bool account = scope == RCK_SCOPE_ACCOUNT;
    all.push_back(limited(account ? "two orders under gross exposure" : "two under a strategy's exposure",
                          limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, scope, 1, 150)));
    all.push_back(limited(account ? "two orders under a notional" : "two under a strategy's notional",
                          limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, scope, 1, 150)));
  }
  add(
      "an order, and the release of another", order_of_ten,
      [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_SELL, 10); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) { return unless(stage.first.passed() && stage.second.passed(), "both pass", stage); });
  add(
      "an order, and a fill of another", order_of_ten,
      [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_SELL, 10); },
      [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 10, 0)); },
      [](Stage &stage) {
        return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
               unless(stage.moved() == 10, "the fill counts", stage);
      });
  add(
      "an order, and a latch", [](Stage &stage) { stage.seen.clear(); },
      [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
      [](Stage &stage) {
        const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED);
        stage.second.status = rck_latch_set(stage.engine, &halt, nullptr);
        stage.seen = open_orders(stage.engine);
        stage.third = stage.check(2, stage.id(), RCK_SIDE_BUY, 10);
      },
      [](Stage &stage) {
        const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_ACTIVE);
        PASSES(rck_latch_clear(stage.engine, &halt, nullptr));
        return unless(stage.third.status == RCK_REJECT_HALTED, "none passes after it", stage) +
               unless(stage.first.passed() ? stage.seen.size() == 1 : stage.first.status == RCK_REJECT_HALTED,
                      "the one that ran is refused or listed", stage);
      });
  add(
      "an order, and limits published twice", [](Stage &) {},
      [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
      [](Stage &stage) {
        for (const int64_t hard : {1000, 2000}) {
          set(stage.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, hard));
          stage.second.status = rck_limits_publish(stage.engine, nullptr, nullptr);
        }
      },
      [](Stage &stage) { return unless(stage.first.passed(), "it passes under any of them", stage); });

  // Amends.
  add(
      "an amend, and a fill", order_of_ten,
      [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
      [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 4, 0)); },
      [](Stage &stage) {
        stage.answered(3, stage.token, 1);
        const rck_order_info info = stage.get(stage.token);
        return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
               unless(info.quantity == 20 && info.leaves == 16, "both count", stage);
      });
  add(
      "an amend, and the release of its order", order_of_ten,
      [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) {
        const bool fits = stage.first.passed() || stage.first.status == RCK_REJECT_ORDER_FINISHED;
        return unless(fits && stage.second.passed(), "the end stands", stage) +
               unless(open_orders(stage.engine).empty(), "none lives", stage);
      });
  add(
      "an amend twice", order_of_ten, [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
      [](Stage &stage) { stage.second = stage.amend(2, stage.token, stage.id(), 30); },
      [](Stage &stage) {
        const Answer &lost = stage.first.passed() ? stage.second : stage.first;
        return unless(stage.first.passed() != stage.second.passed() && lost.status == RCK_REJECT_AMEND_PENDING,
                      "one is in flight", stage);
      });
  add(
      "amends of two orders to one id",
      [](Stage &stage) {
        stage.token = stage.live();
        stage.other = stage.live();
        stage.third.verdict.token = stage.id();
      },
      [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.third.verdict.token, 20); },
      [](Stage &stage) { stage.second = stage.amend(2, stage.other, stage.third.verdict.token, 30); },
      [](Stage &stage) {
        const Answer &lost = stage.first.passed() ? stage.second : stage.first;
        return unless(stage.first.passed() != stage.second.passed() && lost.status == RCK_REJECT_ORDER_ID_TAKEN,
                      "one has it", stage);
      });
  const Work amending = [](Stage &stage) {
    stage.token = stage.live();
    PASSES(stage.amend(3, stage.token, stage.id(), 20).status);
  };
  add(
      "two answers to an amend", amending, [](Stage &stage) { stage.first = stage.answered(1, stage.token, 1); },
      [](Stage &stage) { stage.second = stage.answered(2, stage.token, 0); },
      [](Stage &stage) {
        return unless(once(stage), "one counts", stage) +
               unless(stage.get(stage.token).quantity == (stage.first.passed() ? 20 : 10), "that one", stage);
      });
  add(
      "an answer to an amend, and a fill beyond the old terms", amending,
      [](Stage &stage) { stage.first = stage.answered(1, stage.token, 0); },
      [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 12, 0)); },
      [](Stage &stage) {
        return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
               unless(stage.moved() == 12, "the fill counts", stage);
      });
  add(
      "an answer to an amend, and the release of its order", amending,
      [](Stage &stage) { stage.first = stage.answered(1, stage.token, 1); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); },
      [](Stage &stage) { return unless(stage.second.passed(), "the end stands", stage); });
  all.push_back({"an amend and an order under a notional",
                 [](Stage &stage) {
                   if (stage.strategy_net >= 0 && stage.seen.size() != stage.made) {
                     set(stage.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_ACCOUNT, 1, 250));
                     publish(stage.engine);
                     stage.seen.resize(stage.made);
                   }
                   stage.token = stage.live();
                 },
                 [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
                 [](Stage &stage) { stage.second = stage.check(2, stage.id(), RCK_SIDE_BUY, 10); },
                 [](Stage &stage) {
                   const std::string wrong =
                       unless(stage.first.passed() + stage.second.passed() == 1, "one of two must pass", stage);
                   for (const rck_order_info &order : open_orders(stage.engine))
                     PASSES(stage.release(3, order.token).status);
                   return wrong;
                 }});

  // An order that flips a position adds less to the account's sum than it is worth, and a fill meanwhile takes
  // from that: what the sum has room for must not depend on an order that is refused in the end.
  all.push_back({"a flip under a gross limit, and a fill and an order elsewhere",
                 [](Stage &stage) {
                   stage.strategy = 0;
                   if (stage.seen.size() != stage.made) {
                     set(stage.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, 300));
                     publish(stage.engine);
                     stage.seen.resize(stage.made);
                   }
                   stage.place(3, 1, 0, 10);
                   stage.token = stage.live(RCK_SIDE_BUY, 10);
                 },
                 [](Stage &stage) { stage.first = stage.check(1, stage.id() * 2 + 1000000, RCK_SIDE_SELL, 20); },
                 [](Stage &stage) {
                   PASSES(stage.report(2, fill_of(stage.token, 10, stage.next_execution++)).status);
                   stage.second = stage.check(2, stage.id() * 2 + 1000001, RCK_SIDE_BUY, 20, 2);
                 },
                 [](Stage &stage) {
                   const std::string wrong =
                       unless(book(stage.engine, RCK_SCOPE_ACCOUNT, 1).gross <= 300, "granted within the limit", stage);
                   for (const rck_order_info &order : open_orders(stage.engine))
                     PASSES(stage.release(3, order.token).status);
                   stage.place(3, 1, 0, 0);
                   return wrong;
                 }});

  // Rows that are set by hand, and the end of a day.
  add(
      "a position that is set, and a fill", order_of_ten,
      [](Stage &stage) {
        stage.place(1, 1, 0, 100);
        stage.place(1, 0, 1, 100);
      },
      [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 4, 0)); },
      [](Stage &stage) {
        // The rows are set one after the other: between them the fill counts in one only.
        const bool apart = stage.moved() != stage.strategy_moved();
        const int64_t moved = stage.moved();
        if (apart)
          stage.place(3, 0, 1, row(stage.engine, 1, 0, 1).net);
        return unless(stage.second.passed() && (moved == 100 || moved == 104), "in one order", stage);
      });
  return all;
}

} // namespace desk

#endif
