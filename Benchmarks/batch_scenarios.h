// Batches of 64 orders against the same orders one by one, each on an engine of its own: the desk's profile under both
// disciplines, and orders that fall evenly on a million position rows. Rows of one run, interleaved.
#pragma once

#include "growth_scenarios.h"

namespace bench {

constexpr const char *batch_names[] = {"batch.many", "batch.one", "batch.rows", "batch.legs", "batch.size"};

// Checks all orders of a turn by one call.
struct BatchSeat : LibraryDesk::Seat {
  void check_all(const rck_order *orders, rck_verdict *verdicts, uint32_t count) {
    uint32_t passed = 0;
    expect_ok("rck_check_batch", rck_check_batch(port, orders, verdicts, count, 0, &passed));
  }
};

// Likewise, by calls of so many.
struct SizedSeat : LibraryDesk::Seat {
  uint32_t size = 1;
  void check_all(const rck_order *orders, rck_verdict *verdicts, uint32_t count) {
    uint32_t passed = 0;
    for (uint32_t at = 0; at < count; at += size)
      expect_ok("rck_check_batch", rck_check_batch(port, orders + at, verdicts + at, size, 0, &passed));
  }
};

// Checks all orders of a turn in batches that pass all or none.
struct LegsSeat : LibraryDesk::Seat {
  void check_all(const rck_order *orders, rck_verdict *verdicts, uint32_t count) {
    for (uint32_t at = 0; at < count; at += legs_each) {
      uint32_t passed = 0;
      expect_ok("rck_check_batch",
                rck_check_batch(port, orders + at, verdicts + at, legs_each, RCK_BATCH_ALL_OR_NONE, &passed));
    }
  }
};

inline void compare_batches(Report &report, const Options &options, const TickClock &clock, const std::string &name,
                            LibraryDesk &batched, LibraryDesk &single, const Profile &profile, const StreamOf &stream,
                            double least) {
  auto batches = std::make_shared<OrderLoop<BatchSeat>>(BatchSeat{batched.seat(1)}, stream, Expected{});
  std::vector<Contender> contenders{judged(loop_contender("", batches, options, clock), profile, RCK_MANY_WRITERS,
                                           options, Expected{}, nullptr, stream),
                                    desk_contender("single", single, options, clock, stream, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name, 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  if (rows[0].ratio) {
    rows[0].extra.emplace_back("rate_to_single", 1 / *rows[0].ratio);
    rows[0].met = 1 / *rows[0].ratio >= least;
  }
  rows[0].target = "at least " + std::string(least < 2 ? "1.3" : "2") + " times the rate of single calls";
  rows[0].note = "batch: 64 orders in one call, and /single one by one; a batch has no figures of single checks";
  add_order_rows(report, rows);
}

inline void run_batch_desk(Report &report, const Options &options, const TickClock &clock, uint32_t discipline) {
  Profile profile = desk_profile(wide_limits());
  LibraryDesk batched(profile, discipline), single(profile, discipline);
  compare_batches(report, options, clock, batch_names[discipline - 1], batched, single, profile, StreamOf{}, 1.3);
}

inline void run_batch_rows(Report &report, const Options &options, const TickClock &clock) {
  GrownRows of = grown(options.growth_rows);
  auto batched = grown_desk(of), single = grown_desk(of);
  StreamOf stream{of.accounts, 1, 4, of.instruments};
  compare_batches(report, options, clock, batch_names[2], *batched, *single, grown_profile(of), stream, 2);
}

inline void run_batch_legs(Report &report, const Options &options, const TickClock &clock) {
  Profile profile = desk_profile(wide_limits());
  LibraryDesk whole(profile, RCK_MANY_WRITERS), single(profile, RCK_MANY_WRITERS);
  auto legs = std::make_shared<OrderLoop<LegsSeat>>(LegsSeat{whole.seat(1)}, StreamOf{}, Expected{}, of_one_party);
  std::vector<Contender> contenders{
      judged(loop_contender("", legs, options, clock), profile, RCK_MANY_WRITERS, options, Expected{}, of_one_party),
      desk_contender("single", single, options, clock, StreamOf{}, Expected{}, of_one_party)};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, batch_names[3], 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, batch_names[3]);
  if (rows[0].ratio) {
    rows[0].extra.emplace_back("legs_to_single", legs_each * *rows[0].ratio);
    rows[0].met = legs_each * *rows[0].ratio <= 4.4;
  }
  rows[0].target = "4 legs at most 4.4 single checks";
  rows[0].note = "legs: 4 orders that pass all or none in one call, and /single one by one";
  add_order_rows(report, rows);
}

// The same 1,024 orders a turn in every way, so that nothing but the number of orders a call differs.
inline void run_batch_size(Report &report, const Options &options, const TickClock &clock) {
  Profile profile = desk_profile(wide_limits());
  std::vector<std::unique_ptr<LibraryDesk>> desks;
  std::vector<Contender> contenders;
  constexpr uint32_t sizes[] = {1, 4, 16, 64, 256, 1024};
  for (uint32_t size : sizes) {
    desks.push_back(std::make_unique<LibraryDesk>(profile, RCK_MANY_WRITERS));
    auto loop = std::make_shared<OrderLoop<SizedSeat, RCK_BATCH_MAX>>(SizedSeat{desks.back()->seat(1), size},
                                                                      StreamOf{}, Expected{});
    contenders.push_back({size == 1 ? "" : std::to_string(size), [loop, size, &clock](uint64_t seed, Plant plant) {
                            return loop->block(2, clock, seed,
                                               plant != Plant::Verdict || size == 1 ? plant : Plant::None);
                          }});
  }
  auto truth = std::make_shared<OrderLoop<OracleSeat, RCK_BATCH_MAX>>(OracleSeat(profile, RCK_MANY_WRITERS), StreamOf{},
                                                                      Expected{});
  contenders[0].oracle = [truth](uint64_t seed) { return truth->block(2, tick_clock(), seed, Plant::None); };
  Rounds rounds = run_rounds(contenders, options.order_rounds / 4 + 1, nullptr, options.seed, options.plant);
  for (size_t who = 1; who < contenders.size(); who++)
    collect_orders(report, rounds, contenders, batch_names[4], who);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, batch_names[4]);
  for (size_t who = 0; who < rows.size(); who++) {
    rows[who].point_of = "orders a call";
    rows[who].point = sizes[who];
  }
  rows[0].note =
      "batch.size: turns of 1,024 orders by calls of rck_check_batch with 1, and with as many as the name says";
  add_order_rows(report, rows);
}

inline void run_batch_scenarios(Report &report, const Options &options, const TickClock &clock) {
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (wanted(options, batch_names[discipline - 1]))
      run_batch_desk(report, options, clock, discipline);
  }
  if (wanted(options, batch_names[2]))
    run_batch_rows(report, options, clock);
  if (wanted(options, batch_names[3]))
    run_batch_legs(report, options, clock);
  if (wanted(options, batch_names[4]))
    run_batch_size(report, options, clock);
}

} // namespace bench
