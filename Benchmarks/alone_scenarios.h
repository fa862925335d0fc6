// Each control alone: armed where nothing else is, with orders that it accepts, and so tight that it refuses every
// order of the stream, against a desk without any limit. Rows of one run.
#pragma once

#include "alone_profiles.h"
#include "desk_scenarios.h"

namespace bench {

constexpr const char *alone_names[] = {"alone.many", "alone.one"};

// Enough for the stream, and quickly made.
inline Capacity small_capacity() {
  Capacity small;
  small.positions = small.instruments = 1'024;
  small.orders = small.remembered = 4'096;
  small.ports = 1;
  small.mark_age_ns = 86'400'000'000'000; // what is lost is marked once, and the stream goes on for minutes
  return small;
}

// These are asked of every order, armed or not.
inline bool is_always_armed(const std::string &control) {
  return control == "validity" || control == "state" || control == "restricted";
}

// A desk on which every order is refused, and for what.
struct RefusingDesk {
  LibraryDesk desk;
  Expected expected;

  RefusingDesk(const Refusal &refusal, uint32_t discipline)
      : desk(refusing(refusal.name), discipline, small_capacity()) {
    if (refusal.prepare != nullptr)
      refusal.prepare(desk);
    OrderStream stream(1, {});
    rck_order order;
    rck_verdict verdict{};
    stream.make(order);
    if (refusal.alter != nullptr)
      refusal.alter(order);
    rck_check_dry(desk.seat(1).port, &order, &verdict);
    expected = {refusal.status, verdict.failed};
    desk.seat(1).drain();
  }
};

inline void run_alone(Report &report, const Options &options, const TickClock &clock, uint32_t discipline,
                      const Refusal &refusal, bool is_first) {
  std::string name = alone_names[discipline - 1], control = refusal.name;
  Profile armed = alone(control), none = alone("nothing");
  LibraryDesk accepting(armed, discipline, small_capacity()), unlimited(none, discipline, small_capacity());
  RefusingDesk refused(refusal, discipline);
  std::vector<Contender> contenders;
  if (!is_always_armed(control))
    contenders.push_back(judged(desk_contender(control, accepting, options, clock, StreamOf{}, Expected{}, decide),
                                armed, discipline, options, Expected{}, decide));
  size_t base = contenders.size();
  contenders.push_back(judged(desk_contender("none", unlimited, options, clock, StreamOf{}, Expected{}, decide), none,
                              discipline, options, Expected{}, decide));
  contenders.push_back(
      desk_contender(control + ".refused", refused.desk, options, clock, StreamOf{}, refused.expected, refusal.alter));
  if (refusal.prepare == nullptr) // the oracle knows no latches, losses and functions of a host's
    contenders.back() =
        judged(contenders.back(), refusing(control), discipline, options, refused.expected, refusal.alter);
  Rounds rounds = run_rounds(contenders, options.order_rounds / 8 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name);
  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows = order_rows(rounds, chosen, contenders, name);
  for (size_t who = 0; who < rows.size(); who++) {
    if (who != base)
      add_more(rows[who], rounds, chosen, who, base);
  }
  if (base == 0) { // nothing is accepted that is to be compared
    rows[0].ratio.reset();
    rows[0].against.clear();
  }
  rows[0].note =
      "alone: this control is the only one armed, at the scopes that it has in the desk's profile or for the "
      "account; /none has no limit at all; .refused is so tight that every order breaks it";
  if (!is_first)
    rows.erase(rows.begin() + long(base));
  add_order_rows(report, rows);
}

inline void run_alone_scenarios(Report &report, const Options &options, const TickClock &clock) {
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (!wanted(options, alone_names[discipline - 1]))
      continue;
    for (const Refusal &refusal : refusals)
      run_alone(report, options, clock, discipline, refusal, &refusal == refusals);
  }
}

} // namespace bench
