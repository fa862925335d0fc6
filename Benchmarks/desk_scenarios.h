// The order path of one thread: the desk's profile against the floor under both disciplines, an order refused for
// one stateless control against an accepted one, everything armed at every scope, and the further controls.
#pragma once

#include "control_profile.h"
#include "desks.h"
#include "full_profile.h"
#include "oracle/seat.h"
#include "options.h"
#include "order_blocks.h"
#include "order_rows.h"

#include <string>
#include <vector>

namespace bench {

constexpr const char *desk_names[] = {"desk.many", "desk.one", "desk.refused.many", "desk.refused.one",
                                      "full.many", "full.one", "controls.many",     "controls.one"};

template <class Seat>
Contender loop_contender(const std::string &name, std::shared_ptr<OrderLoop<Seat>> loop, const Options &options,
                         const TickClock &clock) {
  bool first = name.empty();
  return {name,
          [loop, first, batches = options.block_batches, &clock](uint64_t seed, Plant plant) {
            return loop->block(batches, clock, seed, plant != Plant::Verdict || first ? plant : Plant::None);
          },
          nullptr, [loop](Counters &counters) { return loop->count(counters); }};
}

template <class Desk, class... More>
Contender desk_contender(const std::string &name, Desk &desk, const Options &options, const TickClock &clock,
                         More... more) {
  using Seat = typename Desk::Seat;
  return loop_contender(name, std::make_shared<OrderLoop<Seat>>(desk.seat(1), more...), options, clock);
}

template <bool Shared> constexpr uint32_t disciplined = Shared ? RCK_MANY_WRITERS : RCK_ONE_WRITER;

// The same with the oracle's word on every verdict of it.
inline Contender judged(Contender contender, const Profile &profile, uint32_t discipline, const Options &options,
                        Expected expected, void (*alter)(rck_order &) = nullptr, const StreamOf &stream = {}) {
  auto loop = std::make_shared<OrderLoop<OracleSeat>>(OracleSeat(profile, discipline), stream, expected, alter);
  contender.oracle = [loop, batches = options.block_batches](uint64_t seed) {
    return loop->block(batches, tick_clock(), seed, Plant::None);
  };
  return contender;
}

inline void too_large(rck_order &order) { order.quantity = 10'010; }
constexpr Expected refused_for_quantity{RCK_REJECT_ORDER_QUANTITY, 1u << (RCK_CONTROL_ORDER_QUANTITY - 1)};

inline void add_order_rows(Report &report, std::vector<Row> rows) {
  report.rows.insert(report.rows.end(), rows.begin(), rows.end());
}

template <bool Shared>
void run_desk(Report &report, const Options &options, const TickClock &clock, const std::string &name) {
  Profile profile = desk_profile(wide_limits());
  LibraryDesk library(profile, disciplined<Shared>);
  FloorDesk<Shared> floor(profile);
  std::vector<Contender> contenders{judged(desk_contender("", library, options, clock, StreamOf{}, Expected{}), profile,
                                           disciplined<Shared>, options, Expected{}),
                                    desk_contender("floor", floor, options, clock, StreamOf{}, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name, 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].target = "p50 at most 1.15 times the floor's, p99.9 at most 6 times p50";
  if (rows[0].ratio && rows[0].p999)
    rows[0].met = *rows[0].ratio <= 1.15 && *rows[0].p999 <= 6 * *rows[0].p50;
  add_order_rows(report, rows);
}

// Accepted and refused orders alternate on engines of their own, so that neither fills the other's windows.
template <bool Shared>
void run_refused(Report &report, const Options &options, const TickClock &clock, const std::string &name) {
  Profile profile = desk_profile(wide_limits());
  constexpr uint32_t discipline = disciplined<Shared>;
  LibraryDesk refusing(profile, discipline), accepting(profile, discipline);
  FloorDesk<Shared> floor(profile);
  std::vector<Contender> contenders{
      judged(desk_contender("", refusing, options, clock, StreamOf{}, refused_for_quantity, too_large), profile,
             discipline, options, refused_for_quantity, too_large),
      judged(desk_contender("accepted", accepting, options, clock, StreamOf{}, Expected{}), profile, discipline,
             options, Expected{}),
      desk_contender("floor", floor, options, clock, StreamOf{}, refused_for_quantity, too_large)};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name, 2);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].target = "refused for one stateless control: at most 0.8 times an accepted check";
  if (rows[0].ratio)
    rows[0].met = *rows[0].ratio <= 0.8;
  add_order_rows(report, rows);
}

template <bool Shared>
void run_full(Report &report, const Options &options, const TickClock &clock, const std::string &name) {
  LibraryDesk library(full_profile(), disciplined<Shared>);
  std::vector<Contender> contenders{judged(desk_contender("", library, options, clock, StreamOf{}, Expected{}),
                                           full_profile(), disciplined<Shared>, options, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].note = "every control of this version armed at every scope that it takes, with three levels each";
  add_order_rows(report, rows);
}

// A further control, or all but the host's functions, beside the desk's profile against the profile without it.
inline std::vector<Row> armed_rows(Report &report, const Options &options, const TickClock &clock, uint32_t discipline,
                                   const std::string &scenario, const std::string &control) {
  Armoury with, without;
  with.arm(control);
  LibraryDesk armed(with.profile(), discipline), unarmed(without.profile(), discipline);
  auto contender = [&](const std::string &name, LibraryDesk &desk, const Profile &profile) {
    return judged(desk_contender(name, desk, options, clock, StreamOf{}, Expected{}, decide), profile, discipline,
                  options, Expected{}, decide);
  };
  std::vector<Contender> contenders{contender(control == "catalogue" ? "" : control, armed, with.profile()),
                                    contender("unarmed", unarmed, without.profile())};
  Rounds rounds = run_rounds(contenders, options.order_rounds / 8 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, scenario);
  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows = order_rows(rounds, chosen, contenders, scenario);
  add_more(rows[0], rounds, chosen, 0, 1);
  rows[0].note = "controls: beside the desk's profile, for the account, with every measure that the control has; the "
                 "row without a name has all of them but the host's functions";
  return rows;
}

template <bool Shared>
void run_controls(Report &report, const Options &options, const TickClock &clock, const std::string &name) {
  std::vector<Row> rows = armed_rows(report, options, clock, disciplined<Shared>, name, "catalogue");
  rows[0].target = Shared ? "all further controls but the host's functions: at most 250 ns"
                          : "all further controls but the host's functions: at most 110 ns";
  if (rows[0].p50)
    rows[0].met = *rows[0].p50 <= (Shared ? 250 : 110);
  add_order_rows(report, rows);
  for (const char *control : control_names)
    report.rows.push_back(armed_rows(report, options, clock, disciplined<Shared>, name, control).front());
}

inline void run_desk_scenarios(Report &report, const Options &options, const TickClock &clock) {
  using Run = void (*)(Report &, const Options &, const TickClock &, const std::string &);
  constexpr Run runs[] = {run_desk<true>, run_desk<false>, run_refused<true>,  run_refused<false>,
                          run_full<true>, run_full<false>, run_controls<true>, run_controls<false>};
  std::vector<int> cores = allowed_cores();
  if (!cores.empty())
    pin(cores[0]);
  for (size_t i = 0; i < std::size(runs); i++) {
    if (wanted(options, desk_names[i]))
      runs[i](report, options, clock, desk_names[i]);
  }
}

} // namespace bench
