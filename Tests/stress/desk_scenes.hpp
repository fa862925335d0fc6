// Scenes of what the desk and the market do while orders run: marks, cash, the end of a day, the first limit of a
// strategy.
#ifndef RCK_STRESS_DESK_SCENES_HPP
#define RCK_STRESS_DESK_SCENES_HPP

#include "scenes.hpp"

namespace desk {

inline void give_cash(Stage &stage, uint32_t port, int64_t amount) {
  auto cash = sized<rck_cash>();
  cash.account = 1;
  cash.cash = amount;
  cash.actor = 1;
  strcpy(cash.reason, "stress");
  PASSES(rck_cash_set(stage.ports[port], &cash, nullptr));
}

inline void release_all(Stage &stage) {
  for (const rck_order_info &order : open_orders(stage.engine))
    PASSES(stage.release(3, order.token).status);
}

// Both pass, whichever is first, and the sums come out right.
inline Scene both(const char *name, Work prepare, Work first, Work second, int64_t moved) {
  return {name, prepare, first, second, [=](Stage &stage) {
            return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
                   unless(stage.moved() == moved, "the position moves once", stage);
          }};
}

inline void add_marks(std::vector<Scene> *all) {
  const Work held = [](Stage &stage) {
    stage.place(3, 1, 0, 7);
    stage.place(3, 0, 1, 7);
    stage.token = stage.live(RCK_SIDE_SELL);
    stage.other = stage.next_execution++;
    PASSES(stage.report(3, fill(stage.token, 2, 2, price, stage.other, 1)).status);
  };
  const Work mark = [](Stage &stage) { stage.second.status = rck_mark(stage.ports[2], 1, 13, 1); };
  all->push_back(both(
      "an order, and a mark", held, [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
      mark, 0));
  all->push_back(both(
      "a fill across zero, and a mark", held,
      [](Stage &stage) { stage.first = stage.report(1, fill(stage.token, 8, 10, 9, 0, 1)); }, mark, -8));
  all->push_back(both(
      "a bust, and a mark", held,
      [](Stage &stage) { stage.first = stage.report(1, undoing(stage.token, stage.other, 0, 0)); }, mark, 2));
  all->push_back(both(
      "a bust, and the release of its order", held,
      [](Stage &stage) { stage.first = stage.report(1, undoing(stage.token, stage.other, 0, 0)); },
      [](Stage &stage) { stage.second = stage.release(2, stage.token); }, 2));
  all->push_back(both(
      "an amend, and a bust", held, [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); },
      [](Stage &stage) { stage.second = stage.report(2, undoing(stage.token, stage.other, 0, 0)); }, 2));
}

inline void add_cash(std::vector<Scene> *all) {
  all->push_back({"an order, and cash that goes",
                  [](Stage &stage) {
                    set(stage.engine, limit(RCK_CONTROL_BUYING_POWER, 0, RCK_SCOPE_ACCOUNT, 1, 10000));
                    publish(stage.engine);
                    give_cash(stage, 3, 1000);
                  },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
                  [](Stage &stage) {
                    give_cash(stage, 2, 0);
                    stage.other = book(stage.engine, RCK_SCOPE_ACCOUNT, 1).margin != 0;
                  },
                  [](Stage &stage) {
                    const std::string wrong =
                        unless(!stage.first.passed() || stage.other, "what passes was reserved before", stage);
                    release_all(stage);
                    give_cash(stage, 3, 1000000); // for what comes after
                    return wrong;
                  }});
}

inline rck_status begin_day(Stage &stage, uint32_t port) {
  static uint32_t day = 0;
  day++;
  const uint32_t date = (2026 + day / 336) * 10000 + (day / 28 % 12 + 1) * 100 + day % 28 + 1;
  uint32_t released;
  return rck_day_start(stage.ports[port], date, &released, nullptr);
}

// Two executions have gained and lost as much; the third gains half of that, which is below the peak of before.
inline rck_report gain(Stage &stage, int64_t quantity, int64_t cumulative, int64_t fee) {
  rck_report report = fill(stage.token, quantity, cumulative, price, 0, 1);
  report.fee = fee;
  return report;
}

inline void add_peaks(std::vector<Scene> *all) {
  const Work gained_and_lost = [](Stage &stage) {
    stage.token = stage.live();
    PASSES(stage.report(3, gain(stage, 1, 1, -1000)).status);
    PASSES(stage.report(3, gain(stage, 1, 2, 1000)).status);
  };
  // What the day has come to is its peak, as is seen when it is less.
  const auto kept = [](Stage &stage) {
    const int64_t total = book(stage.engine, RCK_SCOPE_ACCOUNT, 1).day_total;
    const bool passed = stage.first.passed() && stage.second.passed();
    const rck_status status = stage.report(3, gain(stage, 1, 5, 700)).status;
    const rck_book_info after = book(stage.engine, RCK_SCOPE_ACCOUNT, 1);
    return unless(passed && status == RCK_OK, "all pass", stage) +
           unless(after.day_total == total - 700 && after.day_peak == total, "the peak is the day's highest", stage);
  };
  all->push_back({"a fill that gains, and the end of the day", gained_and_lost,
                  [](Stage &stage) { stage.first = stage.report(1, gain(stage, 2, 4, -500)); },
                  [](Stage &stage) { stage.second.status = begin_day(stage, 2); }, kept});
  all->push_back({"the end of the day, and a fill that gains", gained_and_lost,
                  [](Stage &stage) { stage.first.status = begin_day(stage, 1); },
                  [](Stage &stage) { stage.second = stage.report(2, gain(stage, 2, 4, -500)); }, kept});
}

inline void add_days(std::vector<Scene> *all) {
  const Work end_day = [](Stage &stage) {
    stage.second.status = begin_day(stage, 2);
    stage.seen = open_orders(stage.engine);
  };
  const Work order_of_ten = [](Stage &stage) { stage.token = stage.live(); };
  all->push_back(both(
      "a fill, and the end of the day", order_of_ten,
      [](Stage &stage) { stage.first = stage.report(1, fill_of(stage.token, 4, 0)); }, end_day, 4));
  all->push_back({"an amend, and the end of the day", order_of_ten,
                  [](Stage &stage) { stage.first = stage.amend(1, stage.token, stage.id(), 20); }, end_day,
                  [](Stage &stage) {
                    const bool told = stage.first.passed() || stage.first.status == RCK_REJECT_ORDER_FINISHED;
                    return unless(told && stage.second.passed(), "the end stands", stage) +
                           unless(stage.seen.empty(), "no order of that day lives", stage);
                  }});
}

// Port 4 falls silent, and latches account 1.
inline void set_watch(Stage &stage, int64_t silence_ns) {
  const rck_port_watch given = watch(4, silence_ns, latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED));
  PASSES(insist([&] { return rck_port_watch_set(stage.engine, &given, nullptr); }));
}

inline int64_t time_of(Stage &stage, uint32_t port) {
  auto stats = sized<rck_stats>();
  PASSES(rck_stats_read(stage.engine, port, &stats));
  return stats.time_ns;
}

// What a look found goes into `answer`, the first port of it into `other`.
inline void look_at_ports(Stage &stage, Answer *answer, int64_t time_ns) {
  uint32_t silent = 0, count = 0;
  answer->status = rck_watch(stage.engine, time_ns, &silent, 1, &count);
  stage.other = count ? silent : 0;
}

inline std::string unwatched(Stage &stage) {
  const rck_latch halt = latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_ACTIVE);
  NEED(insist([&] { return rck_latch_clear(stage.engine, &halt, nullptr); }) >= 0);
  set_watch(stage, 0);
  return "";
}

inline void add_watches(std::vector<Scene> *all) {
  const Work watched = [](Stage &stage) {
    set_watch(stage, 5);
    stage.seen.clear();
  };
  const Work look = [](Stage &stage) {
    look_at_ports(stage, &stage.second, time_of(stage, 4) + 6);
    stage.seen = open_orders(stage.engine);
    stage.third = stage.check(2, stage.id(), RCK_SIDE_BUY, 10);
  };
  const Work buy = [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); };
  // Who is refused before the cause is told is told of the state.
  const std::function<std::string(Stage &)> judge = [](Stage &stage) {
    const rck_status status = stage.first.status;
    const bool refused = status == RCK_REJECT_DISCONNECTED || status == RCK_REJECT_HALTED;
    return unless(stage.second.passed() && stage.other == 4, "the port is listed", stage) +
           unless(stage.third.status == RCK_REJECT_DISCONNECTED, "none passes after it", stage) +
           unless(stage.first.passed() ? stage.seen.size() == 1 : refused, "the one that ran is refused or listed",
                  stage) +
           unwatched(stage);
  };
  all->push_back({"an order, and a port that is found silent", watched, buy, look, judge});
  all->push_back({"a port that is found silent, and an order", watched, look, buy, judge});
  all->push_back({"a look at a port, and its beat", watched,
                  [=](Stage &stage) { look_at_ports(stage, &stage.first, time_of(stage, 4) + 6); },
                  [](Stage &stage) { stage.second.status = rck_beat(stage.ports[4], time_of(stage, 4) + 1); },
                  [](Stage &stage) {
                    auto found = latch(RCK_SCOPE_ACCOUNT, 1, 0);
                    PASSES(rck_latch_get(stage.engine, &found));
                    return unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
                           unless((stage.other == 4) == (found.state == RCK_STATE_HALTED),
                                  "it is latched if it is listed", stage) +
                           unwatched(stage);
                  }});
  all->push_back({"a look at a port, and how it is watched", watched,
                  [](Stage &stage) { look_at_ports(stage, &stage.first, time_of(stage, 4) + 6); },
                  [](Stage &stage) {
                    for (const int64_t silence_ns : {7, 8}) {
                      const rck_latch other = latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_HALTED);
                      const rck_port_watch given = watch(4, silence_ns, other);
                      stage.second.status = rck_port_watch_set(stage.engine, &given, nullptr);
                    }
                  },
                  [](Stage &stage) {
                    auto one = latch(RCK_SCOPE_ACCOUNT, 1, 0), other = latch(RCK_SCOPE_ACCOUNT, 2, 0);
                    PASSES(rck_latch_get(stage.engine, &one));
                    PASSES(rck_latch_get(stage.engine, &other));
                    // The look keeps the engine's turn while it tells.
                    const bool set = stage.second.passed() || stage.second.status == RCK_E_BUSY;
                    return unless(stage.first.passed() && set, "both pass", stage) +
                           unless((stage.other == 4) == (one.state == RCK_STATE_HALTED), "the old one counts", stage) +
                           unless(other.state == RCK_STATE_ACTIVE, "or the new one", stage) + unwatched(stage);
                  }});
}

// Orders of before the first limit are not in the strategy's sums, those behind it are, and each leaves what it
// is in.
inline void add_first_limits(std::vector<Scene> *all) {
  for (const bool pair : {false, true})
    all->push_back({pair ? "an order, and the first limit of its strategy in the instrument"
                         : "an order, and the first limit of its strategy",
                    [](Stage &stage) {
                      stage.drop(); // limits are of an engine: each turn has a new one
                      stage.make();
                      stage.token = stage.id();
                    },
                    [](Stage &stage) {
                      const rck_order asked = order(stage.token, 1, 2, 1, RCK_SIDE_BUY, 10, price, 1);
                      stage.first.status = rck_check(stage.ports[1], &asked, &stage.first.verdict);
                    },
                    [=](Stage &stage) {
                      rck_limit bound =
                          pair ? limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_STRATEGY_INSTRUMENT, 2, 1000)
                               : limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 2, 10000);
                      bound.instrument = pair ? 1 : 0;
                      set(stage.engine, bound);
                      publish(stage.engine);
                      const rck_order asked = order(stage.id(), 1, 2, 1, RCK_SIDE_BUY, 10, price, 1);
                      stage.second.status = rck_check(stage.ports[2], &asked, &stage.second.verdict);
                    },
                    [](Stage &stage) {
                      std::string wrong =
                          unless(stage.first.passed() && stage.second.passed(), "both pass", stage) +
                          unless(row(stage.engine, 0, 2, 1).open_buys >= 10, "the second is counted", stage);
                      release_all(stage);
                      const rck_book_info sum = book(stage.engine, RCK_SCOPE_STRATEGY, 2);
                      const rck_position_info held = row(stage.engine, 0, 2, 1);
                      return wrong + unless(!(sum.gross | sum.net_long | sum.orders | sum.orders_value | sum.margin |
                                              held.open_buys | held.buys),
                                            "nothing is left in the strategy", stage);
                    }});
}

inline void define_calendar(Stage &stage, const std::vector<uint32_t> &permissions) {
  auto calendar = sized<rck_calendar>();
  calendar.id = 1;
  calendar.entries = static_cast<uint32_t>(permissions.size());
  for (uint32_t entry = 0; entry < calendar.entries; entry++) {
    calendar.starts[entry] = entry;
    calendar.permissions[entry] = permissions[entry];
  }
  calendar.end_ns = 2;
  PASSES(insist([&] { return rck_calendar_set(stage.engine, &calendar, nullptr); }));
}

// Closed at 1, as the only entry or as the second of two: half of each would be open.
inline void close_calendar(Stage &stage, bool two) {
  define_calendar(stage, two ? std::vector<uint32_t>{RCK_PERMIT_ALL, 0} : std::vector<uint32_t>{0});
}

inline void add_calendars(std::vector<Scene> *all) {
  all->push_back({"an order, and its calendar defined anew",
                  [](Stage &stage) {
                    if (stage.token != stage.made) { // once for each engine
                      rck_limit bound = limit(RCK_CONTROL_LISTS, RCK_MEASURE_SESSION, RCK_SCOPE_ACCOUNT, 1, 0);
                      bound.reference = 1;
                      set(stage.engine, bound);
                      publish(stage.engine);
                      stage.token = stage.made;
                    }
                    close_calendar(stage, false);
                  },
                  [](Stage &stage) { stage.first = stage.check(1, stage.id(), RCK_SIDE_BUY, 10); },
                  [](Stage &stage) {
                    // The second is written over the record that the order reads.
                    for (int times = 0; times < 2; times++)
                      close_calendar(stage, true);
                  },
                  [](Stage &stage) {
                    const std::string wrong =
                        unless(stage.first.status == RCK_REJECT_SESSION_CLOSED, "one of them is read whole", stage);
                    define_calendar(stage, {RCK_PERMIT_ALL}); // for what comes after
                    return wrong;
                  }});
}

inline std::vector<Scene> desk_scenes() {
  std::vector<Scene> all;
  add_marks(&all);
  add_cash(&all);
  add_days(&all);
  add_peaks(&all);
  add_watches(&all);
  add_first_limits(&all);
  add_calendars(&all);
  return all;
}

} // namespace desk

#endif
