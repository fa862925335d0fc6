// Rows of the order path. The middle is the median over batches of the mean time of a check; what is above it is of
// single checks, as measured; the net figures are less what an empty measurement takes. Ratios are medians over rounds.
#pragma once

#include "compare.h"
#include "report.h"

namespace bench {

constexpr const char *order_note =
    "checks: p50 is over batches of 64 timed together, all beyond it of checks timed singly, the clock's own cost in "
    "it; release_ns is the release, timed apart; the floor is inlined C++ without ABI and crash contract";

inline std::vector<double> all_of(const Rounds &rounds, const std::vector<size_t> &chosen, size_t who,
                                  std::vector<double> Outcome::*figures) {
  std::vector<double> all;
  for (size_t i : chosen) {
    const auto &block = rounds.outcomes[i][who].*figures;
    all.insert(all.end(), block.begin(), block.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

inline Histogram histogram_of(const Rounds &rounds, const std::vector<size_t> &chosen, size_t who,
                              std::vector<double> Outcome::*figures) {
  Histogram all;
  for (size_t i : chosen) {
    for (double ns : rounds.outcomes[i][who].*figures)
      all.record(ns);
  }
  return all;
}

// The median over rounds of one contender's batch against another's.
inline double batch_ratio(const Rounds &rounds, const std::vector<size_t> &chosen, size_t who, size_t against) {
  return median_of(rounds, chosen,
                   [who, against](const auto &of) { return median(of[who].batches) / median(of[against].batches); });
}

// How much longer a check of one contender takes than one of another, which has less to do.
inline void add_more(Row &row, const Rounds &rounds, const std::vector<size_t> &chosen, size_t who, size_t less) {
  if (row.p50)
    row.extra.emplace_back("more_ns", median_of(rounds, chosen, [who, less](const auto &of) {
                             return median(of[who].batches) - median(of[less].batches);
                           }));
}

inline std::vector<Row> order_rows(const Rounds &rounds, const std::vector<size_t> &chosen,
                                   const std::vector<Contender> &contenders, const std::string &scenario) {
  std::vector<Row> rows;
  for (size_t who = 0; who < contenders.size(); who++) {
    std::string name = contenders[who].name.empty() ? scenario : scenario + "/" + contenders[who].name;
    Row row = blank_row(rounds, chosen, name);
    row.unit = "ns/check";
    rows.push_back(std::move(row));
    if (chosen.size() < rounds_least)
      continue;
    Row &made = rows.back();
    made.p50 = percentile(all_of(rounds, chosen, who, &Outcome::batches), 0.5);
    if (Histogram single = histogram_of(rounds, chosen, who, &Outcome::trips); single.count() != 0) {
      put_singles(made, single, tick_clock().cost_ns);
      made.jitter = percentiles_of(histogram_of(rounds, chosen, who, &Outcome::empty));
    }
    made.counted = rounds.counted[who];
    if (made.p50)
      made.ops_per_second = 1e9 / *made.p50;
    if (auto release = percentile(all_of(rounds, chosen, who, &Outcome::releases), 0.5))
      made.extra.emplace_back("release_ns", *release);
    if (made.p50 && made.p999)
      made.extra.emplace_back("p999_to_p50", *made.p999 / *made.p50);
    if (who > 1)
      rows[0].extra.emplace_back("time_to_" + contenders[who].name, batch_ratio(rounds, chosen, 0, who));
    if (who != 1)
      continue;
    rows[0].ratio = batch_ratio(rounds, chosen, 0, 1);
    rows[0].ratio_of = "p50";
    rows[0].against = name;
  }
  if (rows[0].note.empty())
    rows[0].note = order_note;
  return rows;
}

// Every contender must be intact; the one named by `same_orders` was given the first one's orders and must have
// said the same of each.
inline void collect_orders(Report &report, const Rounds &rounds, const std::vector<Contender> &contenders,
                           const std::string &scenario, size_t same_orders = 0) {
  report.checksum += checksum_of(rounds);
  for (const auto &outcomes : rounds.outcomes) {
    for (size_t who = 0; who < contenders.size(); who++) {
      if (outcomes[who].intact && (who != same_orders || outcomes[who].checksum == outcomes[0].checksum))
        continue;
      report.found_corrupt(contenders[who].name.empty() ? scenario : scenario + "/" + contenders[who].name);
    }
  }
}

} // namespace bench
