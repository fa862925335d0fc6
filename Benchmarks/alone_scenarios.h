// Each control alone: armed where nothing else is, with orders that it accepts and, where a stream of orders without a
// history can be made to meet it, with orders that it refuses, against a desk without any limit. Rows of one run.
#pragma once

#include "desk_scenarios.h"

namespace bench {

constexpr const char *alone_names[] = {"alone.many", "alone.one"};

// The controls that rows and rates come with, by the names that they have here.
constexpr const char *plain_names[] = {"order_quantity", "order_notional", "collar", "position",
                                       "exposure",       "buying_power",   "rate",   "working"};
// What refuses an order for what it is, and not for what came before it.
constexpr const char *refusing_names[] = {
    "order_quantity", "order_notional", "collar",    "position",    "exposure", "buying_power",  "rate",
    "working",        "period_collar",  "liquidity", "accumulated", "quote",    "group_exposure"};

// The wide level of one control; of others none.
inline Tightness alone_tightness(const std::string &name) {
  Tightness wide = wide_limits(), alone;
  alone.cash = wide.cash;
  const std::pair<const char *, Levels Tightness::*> levels[] = {{"order_quantity", &Tightness::quantity},
                                                                 {"order_notional", &Tightness::notional},
                                                                 {"collar", &Tightness::collar_bps},
                                                                 {"position", &Tightness::position},
                                                                 {"exposure", &Tightness::gross},
                                                                 {"buying_power", &Tightness::power_bps},
                                                                 {"rate", &Tightness::rate},
                                                                 {"working", &Tightness::count}};
  for (const auto &[of, level] : levels) {
    if (name == of)
      alone.*level = wide.*level;
  }
  return alone;
}

inline Profile alone_profile(const std::string &name) {
  Armoury armoury(alone_tightness(name));
  armoury.arm(name);
  return armoury.profile();
}

// Nothing is allowed by any limit of it.
inline Profile refusing(Profile profile) {
  for (auto &limit : profile.limits) {
    limit.levels = RCK_LEVEL_HARD;
    limit.hard = 0;
    if (limit.control == RCK_CONTROL_LIQUIDITY && limit.measure == RCK_MEASURE_DISPLAYED)
      limit.hard = int64_t{1} << 40; // a least size
  }
  return profile;
}

// Buys a tenth above the market, on a whole tick.
inline void far_above(rck_order &order) {
  decide(order);
  order.side = RCK_SIDE_BUY;
  order.price = last_price(order.instrument) / 10 * 11;
}

// Enough for the stream, and quickly made.
inline Capacity small_capacity() {
  Capacity small;
  small.positions = small.instruments = 1'024;
  small.orders = small.remembered = 4'096;
  small.ports = 1;
  return small;
}

// What the stream's first order meets; the oracle and each block hold all others against it.
inline Expected met_by(const Profile &profile, uint32_t discipline) {
  LibraryDesk desk(profile, discipline, small_capacity());
  OrderStream stream(1, {});
  rck_order order;
  rck_verdict verdict{};
  stream.make(order);
  far_above(order);
  desk.seat(1).check(order, verdict);
  return {verdict.status, verdict.failed};
}

// How much longer a check takes than the one without limits.
inline void add_more(Row &row, const Rounds &rounds, const std::vector<size_t> &chosen, size_t who) {
  if (row.p50)
    row.extra.emplace_back("more_ns", median_of(rounds, chosen, [who](const auto &of) {
                             return median(of[who].batches) - median(of[1].batches);
                           }));
}

inline void run_alone(Report &report, const Options &options, const TickClock &clock, uint32_t discipline,
                      const std::string &control, bool is_first) {
  std::string name = alone_names[discipline - 1];
  bool has_refused =
      std::find(std::begin(refusing_names), std::end(refusing_names), control) != std::end(refusing_names);
  Profile armed = alone_profile(control), none = alone_profile("unarmed"), tight = refusing(armed);
  LibraryDesk accepting(armed, discipline, small_capacity()), unlimited(none, discipline, small_capacity()),
      refused(tight, discipline, small_capacity());
  std::vector<Contender> contenders{
      judged(desk_contender(control, accepting, options, clock, StreamOf{}, Expected{}, decide), armed, discipline,
             options, Expected{}, decide),
      judged(desk_contender("none", unlimited, options, clock, StreamOf{}, Expected{}, decide), none, discipline,
             options, Expected{}, decide)};
  if (has_refused) {
    Expected expected = met_by(tight, discipline);
    contenders.push_back(
        judged(desk_contender(control + ".refused", refused, options, clock, StreamOf{}, expected, far_above), tight,
               discipline, options, expected, far_above));
  }
  Rounds rounds = run_rounds(contenders, options.order_rounds / 8 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name);
  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows = order_rows(rounds, chosen, contenders, name);
  for (size_t who : {size_t{0}, size_t{2}}) {
    if (who < rows.size())
      add_more(rows[who], rounds, chosen, who);
  }
  rows[0].note =
      "alone: this control is the only one armed, for the account where it takes that; /none has no limit at "
      "all; .refused a level of 0, which every order breaks";
  if (!is_first)
    rows.erase(rows.begin() + 1);
  add_order_rows(report, rows);
}

inline void run_alone_scenarios(Report &report, const Options &options, const TickClock &clock) {
  std::vector<std::string> controls(std::begin(plain_names), std::end(plain_names));
  controls.insert(controls.end(), std::begin(control_names), std::end(control_names));
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (!wanted(options, alone_names[discipline - 1]))
      continue;
    for (const std::string &control : controls)
      run_alone(report, options, clock, discipline, control, control == controls.front());
  }
}

} // namespace bench
