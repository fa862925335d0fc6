// The same check with its rows in each kind of memory: one row; as many rows as fill half of the second cache, half of
// the third, and four times the third. Orders fall on all rows at random. Rows of one run, interleaved.
#pragma once

#include "growth_scenarios.h"
#include "locking.h"
#include "machine.h"

namespace bench {

constexpr const char *memory_name = "memory";

// Bytes of one position row with its bits and its share of the table, as the library counts them.
inline double row_bytes() {
  rck_config config;
  uint64_t few = 0, many = 0;
  expect_ok("rck_config_init", rck_config_init(&config, sizeof config));
  config.positions_max = 1u << 16;
  expect_ok("rck_region_bytes", rck_region_bytes(&config, &few, nullptr));
  config.positions_max = 1u << 17;
  expect_ok("rck_region_bytes", rck_region_bytes(&config, &many, nullptr));
  return double(many - few) / double(1u << 16);
}

// Bytes of a cache of the first core; where the system does not tell, what is usual.
inline double cache_bytes(int level) {
  for (int index = 0; index < 8; index++) {
    std::string place = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
    if (first_line(place + "level") == std::to_string(level))
      return std::strtod(first_line(place + "size").c_str(), nullptr) * 1024;
  }
  return level == 2 ? double(1u << 20) : double(1u << 25);
}

// As many rows as the power of two that fills at most `share` of a cache.
inline uint64_t rows_of_cache(int level, double share) {
  double rows = cache_bytes(level) * share / row_bytes();
  uint64_t power = 4;
  while (double(power) * 2 <= rows)
    power *= 2;
  return power;
}

// Each block begins with all rows read once, so that they are where they fit.
inline Contender warmed(Contender contender, LibraryDesk &desk, GrownRows of) {
  contender.block = [block = contender.block, &desk, of](uint64_t seed, Plant plant) {
    LibraryDesk::Seat seat = desk.seat(1);
    for (uint32_t account = 1; account <= of.accounts; account++)
      for (uint32_t instrument = 1; instrument <= of.instruments; instrument++)
        seat.position(account, instrument);
    return block(seed, plant);
  };
  return contender;
}

inline void run_memory(Report &report, const Options &options, const TickClock &clock) {
  if (!wanted(options, memory_name))
    return;
  const std::pair<const char *, uint64_t> kinds[] = {
      {"", 1}, {"l2", rows_of_cache(2, 0.5)}, {"l3", rows_of_cache(3, 0.5)}, {"dram", rows_of_cache(3, 4)}};
  std::vector<std::unique_ptr<LibraryDesk>> desks;
  std::vector<Contender> contenders;
  std::vector<uint64_t> sizes;
  for (const auto &[name, rows] : kinds) {
    GrownRows of = grown(std::min(rows, options.growth_rows));
    desks.push_back(grown_desk(of));
    StreamOf stream{of.accounts, 1, 4, of.instruments};
    if (of.accounts < 4)
      stream.step_ns *= 4; // below the rates of few accounts
    Contender contender = judged(desk_contender(name, *desks.back(), options, clock, stream, Expected{}),
                                 grown_profile(of), RCK_MANY_WRITERS, options, Expected{}, nullptr, stream);
    if (std::string(name) != "dram")
      contender = warmed(contender, *desks.back(), of);
    contenders.push_back(contender);
    sizes.push_back(uint64_t(of.accounts) * of.instruments);
  }
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, memory_name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, memory_name);
  for (size_t who = 0; who < rows.size(); who++) {
    rows[who].extra.emplace_back("rows", double(sizes[who]));
    rows[who].extra.emplace_back("second_cache_mib", cache_bytes(2) / double(1u << 20));
    rows[who].extra.emplace_back("third_cache_mib", cache_bytes(3) / double(1u << 20));
    rows[who].extra.emplace_back("rows_mib", double(sizes[who]) * row_bytes() / double(1u << 20));
  }
  rows[0].note = "memory has one position row; /l2, /l3 and /dram as many, by powers of two, as fill at most half of "
                 "that cache, or four times the third, and --growth-rows at most: rows_mib says how much. All rows are "
                 "read before each block, but for /dram; live orders, ids and books are the same few in all of them";
  add_order_rows(report, rows);
}

// A million rows on pages of both sizes; the kernel may decline large ones, so what it gave is said.
constexpr const char *pages_name = "pages";

// Bytes of this process on huge pages.
inline double huge_bytes() {
  std::ifstream file("/proc/self/smaps_rollup");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("AnonHugePages:", 0) == 0)
      return std::strtod(line.c_str() + 14, nullptr) * 1024;
  }
  return 0;
}

inline void run_pages(Report &report, const Options &options, const TickClock &clock) {
  if (!wanted(options, pages_name))
    return;
  Unlocked unlocked;
  GrownRows of = grown(options.growth_rows);
  double before = huge_bytes();
  auto huge = grown_desk(of, RCK_HUGE_PAGES);
  double given = huge_bytes() - before;
  before = huge_bytes();
  auto normal = grown_desk(of);
  double given_unasked = huge_bytes() - before;
  StreamOf stream{of.accounts, 1, 4, of.instruments};
  std::vector<Contender> contenders{judged(desk_contender("", *huge, options, clock, stream, Expected{}),
                                           grown_profile(of), RCK_MANY_WRITERS, options, Expected{}, nullptr, stream),
                                    desk_contender("normal", *normal, options, clock, stream, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, pages_name, 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, pages_name);
  rows[0].extra.emplace_back("huge_mib", given / double(1u << 20));
  rows[0].extra.emplace_back("huge_mib_of_normal", given_unasked / double(1u << 20));
  rows[0].note = given > 0
                     ? "pages: a region on huge pages (RCK_HUGE_PAGES), /normal without; as many rows as growth.rows "
                       "has at most, met at random; where the kernel gives huge pages unasked, /normal has them too"
                     : "pages: the kernel gave no huge pages, or does not tell";
  add_order_rows(report, rows);
}

} // namespace bench
