// Scenes of places, ids and windows that are used again or changed while a call that found them stands; and the
// fault that is planted to show that stopping finds what running does not.
#ifndef RCK_STRESS_REUSE_HPP
#define RCK_STRESS_REUSE_HPP

#include "scenes.hpp"

namespace desk {

// The late order is the oldest that is remembered: the next end makes it forgotten, and frees its place. `seen` is
// what it was, `other` lives in another row, and with `amended` an order beside it.
inline Work oldest_of(bool amended) {
  return [=](Stage &stage) {
    stage.token = stage.live();
    stage.seen = {stage.get(stage.token)};
    const uint64_t next = stage.live();
    PASSES(stage.release(3, stage.token).status);
    PASSES(stage.release(3, next).status);
    stage.other = stage.live(RCK_SIDE_BUY, 10, 2);
    stage.third.verdict.token = amended ? stage.live(RCK_SIDE_BUY, 10, 2) : 0;
  };
}

// Makes the late order forgotten, and has another in its place.
inline Answer take_its_place(Stage &stage, uint32_t port, uint32_t instrument) {
  stage.release(port, stage.other);
  return stage.check(port, stage.id(), RCK_SIDE_BUY, 10, instrument);
}

// A report that names the late order by its id, and says what it is.
inline rck_report late_by_id(const Stage &stage) {
  rck_report report = unknown_of(stage.seen[0].order_id, 0);
  report.last_quantity = report.cumulative_quantity = 4;
  return report;
}

inline void add_reports_by_id(std::vector<Scene> *all) {
  // While the order is being forgotten its id can be neither found nor taken: then it is to be told again.
  const auto counts = [](const Answer &fact, Stage &stage) {
    const bool told = fact.passed() || fact.status == RCK_REJECT_CONTENDED;
    return unless(told, "the fact counts, or is to be told again", stage) +
           unless(stage.moved() == (fact.passed() ? 4 : 0), "it moves its own position", stage);
  };
  all->push_back({"a late fill by id, and another order in its place", oldest_of(false),
                  [](Stage &stage) { stage.first = stage.report(1, late_by_id(stage)); },
                  [](Stage &stage) { stage.second = take_its_place(stage, 2, 2); },
                  [=](Stage &stage) { return counts(stage.first, stage); }});
  all->push_back({"another order in its place, and a late fill by id", oldest_of(false),
                  [](Stage &stage) { stage.first = take_its_place(stage, 1, 2); },
                  [](Stage &stage) { stage.second = stage.report(2, late_by_id(stage)); },
                  [=](Stage &stage) { return counts(stage.second, stage); }});
  all->push_back({"a late fill, and another id of an order in its place", oldest_of(true),
                  [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, 0)); },
                  [](Stage &stage) {
                    stage.release(2, stage.other);
                    stage.second = stage.amend(2, stage.third.verdict.token, stage.id(), 20);
                  },
                  [](Stage &stage) {
                    const bool told = stage.first.passed() || stage.first.status == RCK_REJECT_ORDER_UNKNOWN;
                    return unless(told && stage.second.passed(), "it counts or is unknown", stage) +
                           unless(stage.moved() == (stage.first.passed() ? 4 : 0), "the position says which", stage);
                  }});
}

inline void add_asks_by_id(std::vector<Scene> *all) {
  all->push_back({"an order once more, and another like it in its place", oldest_of(false),
                  [](Stage &stage) { stage.first = stage.check(1, stage.seen[0].order_id, RCK_SIDE_BUY, 10); },
                  [](Stage &stage) { stage.second = take_its_place(stage, 2, 1); },
                  [](Stage &stage) {
                    const bool repeat = stage.first.status == RCK_REPEAT;
                    const bool own = stage.first.verdict.token == stage.token;
                    const bool told =
                        stage.first.passed() || (repeat && own) || stage.first.verdict.flags & RCK_VERDICT_CONTENDED;
                    return unless(told, "it is new, or its own repeat", stage);
                  }});
  all->push_back({"a look at an order by id, and another in its place", oldest_of(false),
                  [](Stage &stage) {
                    rck_order_info info{};
                    stage.first.status = rck_order_get(stage.engine, 0, stage.seen[0].order_id, &info);
                    stage.first.verdict.token = info.token;
                  },
                  [](Stage &stage) { stage.second = take_its_place(stage, 2, 1); },
                  [](Stage &stage) {
                    const bool own = stage.first.passed() && stage.first.verdict.token == stage.token;
                    return unless(own || stage.first.status == RCK_REJECT_ORDER_UNKNOWN, "it is shown, or unknown",
                                  stage);
                  }});
}

// A report that is refused, with an execution that another order's report brings too.
inline void add_executions(std::vector<Scene> *all) {
  all->push_back({"an execution that is refused, and the same of another order",
                  [](Stage &stage) {
                    stage.token = stage.live();
                    stage.other = stage.live();
                  },
                  [](Stage &stage) {
                    rck_report refused = fill_of(stage.other, 4, stage.next_execution);
                    refused.last_price = int64_t{1} << 53; // times 200 is more than a row may hold
                    refused.last_quantity = refused.cumulative_quantity = 200;
                    stage.first = stage.report(1, refused);
                    stage.third = stage.report(1, fill_of(stage.other, 3, stage.next_execution + 1));
                  },
                  [](Stage &stage) { stage.second = stage.report(2, fill_of(stage.token, 4, stage.next_execution)); },
                  [](Stage &stage) {
                    stage.next_execution += 2;
                    const bool told = stage.second.passed() || stage.second.status == RCK_REJECT_CONTENDED;
                    const bool refused = stage.first.status == RCK_REJECT_EXPOSURE_OVERFLOW ||
                                         stage.first.status == RCK_REJECT_CONTENDED ||
                                         (stage.first.status == RCK_REPEAT && stage.second.passed());
                    return unless(refused, "one is refused, or comes second", stage) +
                           unless(told, "the other counts, or is to be told again", stage) +
                           unless(stage.moved() == (stage.second.passed() ? 7 : 3), "what counts moves", stage);
                  }});
}

// The queue of those that are remembered holds two: who ended last is among them, however long another end stood.
inline void add_ends(std::vector<Scene> *all) {
  all->push_back({"an end, and as many as are remembered meanwhile",
                  [](Stage &stage) {
                    stage.token = stage.live();
                    stage.seen = {stage.get(stage.live(RCK_SIDE_BUY, 10, 2)),
                                  stage.get(stage.live(RCK_SIDE_BUY, 10, 2))};
                  },
                  [](Stage &stage) { stage.first = stage.release(1, stage.token); },
                  [](Stage &stage) {
                    stage.third = stage.release(2, stage.seen[0].token);
                    stage.second = stage.release(2, stage.seen[1].token);
                  },
                  [](Stage &stage) {
                    return unless(stage.first.passed() && stage.second.passed(), "all end", stage) +
                           unless(stage.get(stage.seen[1].token).token, "the last is remembered", stage);
                  }});
}

// The second of two messages that one generation allows in a window, and the next generation not.
inline void add_rates(std::vector<Scene> *all) {
  static int64_t now = 1;
  const auto timed = [](Stage &stage, uint32_t port) {
    Answer answer;
    const rck_order asked = order(stage.id(), 2, 0, 1, RCK_SIDE_BUY, 1, price, now);
    answer.status = rck_check(stage.ports[port], &asked, &answer.verdict);
    return answer;
  };
  const auto allow = [](Stage &stage, int64_t hard) {
    rck_limit bound = limit(RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, 2, hard);
    bound.window_ns = 10;
    set(stage.engine, bound);
    publish(stage.engine);
  };
  all->push_back({"an order, and a rate that is lowered",
                  [=](Stage &stage) {
                    now += 20;
                    allow(stage, 2);
                    PASSES(timed(stage, 3).status);
                    stage.token = 0;
                  },
                  [=](Stage &stage) { stage.first = timed(stage, 1); },
                  [=](Stage &stage) {
                    allow(stage, 1);
                    // Whether the order lives already: then it was granted under the rate of before.
                    stage.token = open_orders(stage.engine).size() > 1;
                  },
                  [=](Stage &stage) {
                    const std::string wrong =
                        unless(!stage.first.passed() || stage.token, "the rate in force refuses it", stage);
                    for (const rck_order_info &order : open_orders(stage.engine))
                      PASSES(stage.release(3, order.token).status);
                    return wrong;
                  },
                  true});
}

// Hardly a place is left: the order may have to make room, and forgets the one that is reported late.
inline void add_room(std::vector<Scene> *all) {
  all->push_back({"an order that makes room, and a late fill by id",
                  [](Stage &stage) {
                    // How many find a place differs with what ports keep in hand: each turn leaves room for other
                    // numbers.
                    static uint64_t most = 1000, turns = 0;
                    stage.token = stage.live();
                    stage.seen = {stage.get(stage.token)};
                    PASSES(stage.release(3, stage.token).status);
                    uint64_t lives = 0;
                    for (const uint64_t wanted = most - turns % 16; lives < wanted; lives++)
                      if (!stage.check(3, stage.id(), RCK_SIDE_BUY, 1, 2).passed())
                        break;
                    if (turns++ == 0)
                      most = lives;
                  },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10, 2); },
                  [](Stage &stage) { stage.second = stage.report(2, late_by_id(stage)); },
                  [](Stage &stage) {
                    const auto told = [](const Answer &answer) {
                      return answer.passed() || answer.status == RCK_REJECT_ORDERS_FULL ||
                             answer.status == RCK_REJECT_CONTENDED;
                    };
                    const std::string wrong =
                        unless(told(stage.first) && told(stage.second), "each passes, or there is no place", stage) +
                        unless(stage.moved() == (stage.second.passed() ? 4 : 0), "what counts moves", stage);
                    for (const rck_order_info &order : open_orders(stage.engine))
                      PASSES(stage.release(3, order.token).status);
                    return wrong;
                  }});
}

inline std::vector<Scene> reuse_scenes() {
  std::vector<Scene> all;
  add_reports_by_id(&all);
  add_asks_by_id(&all);
  add_executions(&all);
  add_ends(&all);
  add_rates(&all);
  add_room(&all);
  return all;
}

// A host that looks, then acts: each adds one to the position that it saw. One after the other it comes to two.
inline Scene planted_scene() {
  const auto add_one = [](Stage &stage, uint32_t port) {
    const int64_t seen = row(stage.engine, 1, 0, 1).net;
    stage.place(port, 1, 0, seen + 1);
  };
  return {"planted: an update that is lost", [](Stage &) {}, [=](Stage &stage) { add_one(stage, 1); },
          [=](Stage &stage) { add_one(stage, 2); },
          [](Stage &stage) {
            const std::string wrong = unless(stage.moved() == 2, "both count", stage);
            stage.place(3, 0, 1, row(stage.engine, 1, 0, 1).net); // for the audit that follows
            return wrong;
          }};
}

} // namespace desk

#endif
