// Does a check cost the same with more of everything? Position rows from 16 to a million, all of them asked for
// at random; limits from 10 to 100,000. Rows of one run, interleaved.
#pragma once

#include "desk_scenarios.h"

namespace bench {

constexpr const char *growth_rows_name = "growth.rows";
constexpr const char *growth_limits_name = "growth.limits";

// `rows` positions, as square a set-up as fits, every row made before anything is measured.
struct GrownRows {
  uint32_t accounts, instruments;
};

inline GrownRows grown(uint64_t rows) {
  uint32_t side = 1;
  while (uint64_t(side) * side < rows)
    side *= 2;
  return {std::max(1u, uint32_t(rows / side)), side};
}

inline Profile grown_profile(GrownRows of) {
  Tightness wide = wide_limits();
  wide.position = {}; // rows grow, limits do not
  return desk_profile(wide, of.accounts, 4, of.instruments);
}

inline std::unique_ptr<LibraryDesk> grown_desk(GrownRows of, uint32_t flags = 0) {
  Profile profile = grown_profile(of);
  Capacity capacity;
  capacity.flags = flags;
  capacity.accounts = of.accounts;
  capacity.instruments = of.instruments;
  capacity.positions = uint64_t(of.accounts) * of.instruments;
  capacity.limits = profile.limits.size();
  capacity.windows = of.accounts + 4;
  capacity.ports = 1;
  auto desk = std::make_unique<LibraryDesk>(profile, RCK_MANY_WRITERS, capacity);
  for (uint32_t account = 1; account <= of.accounts; account++) {
    for (uint32_t instrument = 1; instrument <= of.instruments; instrument++) {
      rck_position position{};
      position.struct_size = sizeof position;
      position.account = account;
      position.instrument = instrument;
      position.actor = 1;
      std::strcpy(position.reason, "benchmark");
      expect_ok("rck_position_set", rck_position_set(desk->seat(1).port, &position, nullptr));
    }
  }
  return desk;
}

inline void run_growth_rows(Report &report, const Options &options, const TickClock &clock) {
  std::vector<std::unique_ptr<LibraryDesk>> desks;
  std::vector<Contender> contenders;
  std::vector<double> sizes;
  for (uint64_t rows : {16u, 1'024u, 65'536u, 1'048'576u}) {
    if (rows > options.growth_rows)
      continue;
    GrownRows of = grown(rows);
    desks.push_back(grown_desk(of));
    sizes.push_back(double(rows));
    StreamOf stream{of.accounts, 1, 4, of.instruments};
    contenders.push_back(judged(
        desk_contender(rows == 16 ? "" : std::to_string(rows), *desks.back(), options, clock, stream, Expected{}),
        grown_profile(of), RCK_MANY_WRITERS, options, Expected{}, nullptr, stream));
  }
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, growth_rows_name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, growth_rows_name);
  for (size_t who = 0; who < rows.size(); who++) {
    rows[who].point_of = "position rows";
    rows[who].point = sizes[who];
  }
  rows[0].note = "growth.rows has 16 position rows, the others as many as their names say; orders fall on all rows "
                 "evenly, so that with a million each check meets lines that are in no cache";
  add_order_rows(report, rows);
}

constexpr uint32_t among_accounts = 256, among_instruments = 512;

// The desk's stream, and beside its limits as many more of other accounts and instruments.
inline Profile profile_among(uint64_t limits) {
  Profile profile = desk_profile(wide_limits());
  if (limits < profile.limits.size()) {
    profile.limits.erase(profile.limits.begin() + long(limits), profile.limits.end());
  }
  Profile wider;
  define(wider, among_accounts, 4, among_instruments);
  wider.limits = profile.limits;
  wider.cash = profile.cash;
  for (uint32_t account = 5; account <= among_accounts && wider.limits.size() < limits; account++) {
    for (uint32_t instrument = 1; instrument <= among_instruments && wider.limits.size() < limits; instrument++) {
      rck_limit limit = limit_of(RCK_CONTROL_POSITION, RCK_MEASURE_NONE, RCK_SCOPE_ACCOUNT_INSTRUMENT, account,
                                 wide_limits().position);
      limit.instrument = instrument;
      wider.limits.push_back(limit);
    }
  }
  return wider;
}

inline std::unique_ptr<LibraryDesk> desk_among(const Profile &profile) {
  Capacity capacity;
  capacity.accounts = among_accounts;
  capacity.instruments = among_instruments;
  capacity.positions = uint64_t(among_accounts) * among_instruments;
  capacity.limits = 131'072;
  capacity.ports = 1;
  return std::make_unique<LibraryDesk>(profile, RCK_MANY_WRITERS, capacity);
}

inline void run_growth_limits(Report &report, const Options &options, const TickClock &clock) {
  std::vector<std::unique_ptr<LibraryDesk>> desks;
  std::vector<Contender> contenders;
  constexpr uint64_t numbers[] = {1'000, 10, 100'000};
  for (uint64_t limits : numbers) {
    Profile profile = profile_among(limits);
    desks.push_back(desk_among(profile));
    contenders.push_back(judged(desk_contender(limits == 1'000 ? "" : std::to_string(limits), *desks.back(), options,
                                               clock, StreamOf{}, Expected{}),
                                profile, RCK_MANY_WRITERS, options, Expected{}));
  }
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, growth_limits_name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, growth_limits_name);
  for (size_t who = 0; who < rows.size(); who++) {
    rows[who].point_of = "limits";
    rows[who].point = double(numbers[who]);
  }
  double most = rounds_of(rounds, Verdict::Near).size() < rounds_least
                    ? 0
                    : batch_ratio(rounds, rounds_of(rounds, Verdict::Near), 2, 0);
  rows[0].target = "with 100,000 limits at most 1.05 times a check with 1,000";
  if (most > 0) {
    rows[0].met = most <= 1.05;
    rows[0].extra.emplace_back("ratio_of_100000", most);
  }
  rows[0].note = "growth.limits has the desk's limits among 1,000; /10 has ten of the desk's alone, which asks less";
  add_order_rows(report, rows);
}

inline void run_growth_scenarios(Report &report, const Options &options, const TickClock &clock) {
  if (wanted(options, growth_rows_name))
    run_growth_rows(report, options, clock);
  if (wanted(options, growth_limits_name))
    run_growth_limits(report, options, clock);
}

} // namespace bench
