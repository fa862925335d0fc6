// The same check with its rows in each kind of memory: one row; as many rows as fill half of the second cache, half of
// the third, and four times the third. Orders fall on all rows at random. Rows of one run, interleaved.
#pragma once

#include "growth_scenarios.h"

#include <unistd.h>

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

// As many rows as a power of two that fill `share` of a cache; `otherwise` where the machine does not tell its size.
inline uint64_t rows_of_cache(int level, double share, double otherwise) {
  long told = sysconf(level);
  double rows = (told > 0 ? double(told) : otherwise) * share / row_bytes();
  uint64_t power = 4;
  while (double(power) * 2 <= rows)
    power *= 2;
  return power;
}

inline void run_memory(Report &report, const Options &options, const TickClock &clock) {
  if (!wanted(options, memory_name))
    return;
  const std::pair<const char *, uint64_t> kinds[] = {{"", 1},
                                                     {"l2", rows_of_cache(_SC_LEVEL2_CACHE_SIZE, 0.5, 1u << 20)},
                                                     {"l3", rows_of_cache(_SC_LEVEL3_CACHE_SIZE, 0.5, 1u << 25)},
                                                     {"dram", rows_of_cache(_SC_LEVEL3_CACHE_SIZE, 4, 1u << 25)}};
  std::vector<std::unique_ptr<LibraryDesk>> desks;
  std::vector<Contender> contenders;
  std::vector<uint64_t> sizes;
  for (const auto &[name, rows] : kinds) {
    uint64_t fitting = std::min(rows, options.growth_rows);
    GrownRows of = grown(fitting);
    desks.push_back(grown_desk(of));
    StreamOf stream{of.accounts, 1, 4, of.instruments};
    if (of.accounts < 4)
      stream.step_ns *= 4; // below the rates of few accounts
    contenders.push_back(judged(desk_contender(name, *desks.back(), options, clock, stream, Expected{}),
                                grown_profile(of), RCK_MANY_WRITERS, options, Expected{}, nullptr, stream));
    sizes.push_back(uint64_t(of.accounts) * of.instruments);
  }
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, memory_name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, memory_name);
  for (size_t who = 0; who < rows.size(); who++) {
    rows[who].extra.emplace_back("rows", double(sizes[who]));
    rows[who].extra.emplace_back("rows_mib", double(sizes[who]) * row_bytes() / double(1u << 20));
  }
  rows[0].note =
      "memory has one position row; /l2, /l3 and /dram as many as fill half of that cache, or four times the "
      "third; live orders, ids and books are the same few in all of them";
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
  GrownRows of = grown(options.growth_rows);
  double before = huge_bytes();
  auto huge = grown_desk(of, RCK_HUGE_PAGES);
  double given = huge_bytes() - before;
  auto normal = grown_desk(of);
  StreamOf stream{of.accounts, 1, 4, of.instruments};
  std::vector<Contender> contenders{judged(desk_contender("", *huge, options, clock, stream, Expected{}),
                                           grown_profile(of), RCK_MANY_WRITERS, options, Expected{}, nullptr, stream),
                                    desk_contender("normal", *normal, options, clock, stream, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, pages_name, 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, pages_name);
  rows[0].extra.emplace_back("huge_mib", given / double(1u << 20));
  rows[0].note = given > 0
                     ? "pages: a region on huge pages (RCK_HUGE_PAGES), /normal without; as many rows as growth.rows "
                       "has at most, met at random"
                     : "pages: the kernel gave no huge pages, so that both regions are on normal ones";
  add_order_rows(report, rows);
}

} // namespace bench
