// Compares contenders in one run: round after round, one block of each in changing order, with a reading of
// the machine before, between and after the blocks. Figures come from the rounds that the rule keeps.
#pragma once

#include "counters.h"
#include "disturbance.h"
#include "handover.h"
#include "percentiles.h"
#include "outcome.h"
#include "record.h"
#include "row.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace bench {

struct Contender {
  std::string name; // empty: riskcheck itself, always the first
  std::function<Outcome(uint64_t seed, Plant plant)> block;
  // The next block with this seed as the oracle plays it; none where there is no oracle.
  std::function<Outcome(uint64_t seed)> oracle = nullptr;
  // What the processor counts for one operation; none where nobody asks.
  std::function<Counted(Counters &)> count = nullptr;
};

// What a block must have said, and what its orders must have held.
struct Truth {
  uint64_t checksum, held;
};

inline Truth truth_of(const Contender &contender, uint64_t seed) {
  Outcome played = contender.oracle(seed);
  return {played.checksum, played.held};
}

// What the oracle says of the warm-up, which is not measured, and of so many rounds: before any of them is.
inline std::vector<Truth> foretold(const Contender &contender, size_t count, uint64_t seed) {
  std::vector<Truth> truth;
  if (!contender.oracle)
    return truth;
  truth_of(contender, seed);
  for (size_t round = 0; round < count; round++)
    truth.push_back(truth_of(contender, seed + round));
  return truth;
}

// Rounds that a busy machine made necessary are judged behind them.
inline void hold_against(const Contender &contender, std::vector<Truth> truth, uint64_t seed, size_t who,
                         std::vector<std::vector<Outcome>> &outcomes) {
  if (!contender.oracle)
    return;
  for (size_t round = 0; round < outcomes.size(); round++) {
    if (round == truth.size())
      truth.push_back(truth_of(contender, seed + round));
    Outcome &outcome = outcomes[round][who];
    outcome.intact &= outcome.checksum == truth[round].checksum && outcome.held == truth[round].held;
  }
}

struct Rounds {
  size_t wanted = 0; // undisturbed ones; there are at least as many, and on a busy machine more
  std::vector<Conditions> conditions;
  std::vector<std::vector<Outcome>> outcomes; // by round, then by contender
  std::vector<Verdict> verdicts;
  std::vector<std::optional<Counted>> counted; // by contender, where there are counters
};

// On a busy machine more rounds are run until enough ran unpreempted: up to this many times as many, and for so long.
constexpr size_t patience = 5;
inline uint64_t patience_ns = 3'000'000'000;

// A planted fault goes into the first block of every contender. Without a partner the hand-over is not read.
inline Rounds run_rounds(const std::vector<Contender> &contenders, size_t count, Partner *partner, uint64_t seed,
                         Plant plant) {
  auto read = [partner] { return Reading{core_ghz(), partner == nullptr ? 0 : handover_ns(*partner)}; };
  Rounds rounds;
  rounds.wanted = count;
  std::vector<std::vector<Truth>> truth;
  for (const auto &contender : contenders)
    truth.push_back(foretold(contender, count, seed));
  for (const auto &contender : contenders)
    contender.block(seed, Plant::None); // warm-up, not counted
  size_t calm = 0;
  uint64_t begun_ns = now_ns();
  auto goes_on = [&](size_t round) {
    return calm < count && (round < count || (round < count * patience && now_ns() - begun_ns < patience_ns));
  };
  for (size_t round = 0; goes_on(round); round++) {
    std::vector<Outcome> outcomes(contenders.size());
    Conditions conditions{{read()}, 0};
    for (size_t k = 0; k < contenders.size(); k++) {
      size_t turn = (round + k) % contenders.size();
      if (round % 2 == 1)
        turn = contenders.size() - 1 - turn;
      outcomes[turn] = contenders[turn].block(seed + round, round == 0 ? plant : Plant::None);
      conditions.preemptions += outcomes[turn].preemptions;
      conditions.readings.push_back(read());
    }
    calm += conditions.preemptions == 0;
    rounds.outcomes.push_back(std::move(outcomes));
    rounds.conditions.push_back(std::move(conditions));
  }
  for (size_t who = 0; who < contenders.size(); who++)
    hold_against(contenders[who], std::move(truth[who]), seed, who, rounds.outcomes);
  rounds.verdicts = judge(rounds.conditions);
  static Counters counters;
  rounds.counted.resize(contenders.size());
  for (size_t who = 0; who < contenders.size() && counters.available(); who++) {
    if (contenders[who].count)
      rounds.counted[who] = contenders[who].count(counters);
  }
  return rounds;
}

// Of the rounds that every run with these options has, so that two runs can be held against each other.
inline uint64_t checksum_of(const Rounds &rounds) {
  uint64_t sum = 0;
  for (size_t round = 0; round < std::min(rounds.wanted, rounds.outcomes.size()); round++) {
    for (const Outcome &outcome : rounds.outcomes[round])
      sum += outcome.checksum + outcome.held;
  }
  return sum;
}

// The fewest rounds from which a figure is given.
constexpr size_t rounds_least = 5;

inline std::vector<size_t> rounds_of(const Rounds &rounds, Verdict verdict) {
  std::vector<size_t> chosen;
  for (size_t i = 0; i < rounds.verdicts.size(); i++) {
    if (rounds.verdicts[i] == verdict)
      chosen.push_back(i);
  }
  return chosen;
}

inline double ns_each(const Outcome &outcome) { return outcome.ns / double(outcome.operations); }

inline double median_of(const Rounds &rounds, const std::vector<size_t> &chosen,
                        const std::function<double(const std::vector<Outcome> &)> &figure) {
  std::vector<double> figures;
  for (size_t i : chosen)
    figures.push_back(figure(rounds.outcomes[i]));
  return median(std::move(figures));
}

// What all rows of one comparison share.
inline Row blank_row(const Rounds &rounds, const std::vector<size_t> &chosen, std::string scenario) {
  Row row;
  row.scenario = std::move(scenario);
  row.kept = chosen.size();
  row.dropped = rounds_of(rounds, Verdict::Dropped).size();
  std::vector<double> clocks, handovers;
  for (size_t i : chosen) {
    for (const auto &reading : rounds.conditions[i].readings) {
      clocks.push_back(reading.ghz);
      handovers.push_back(reading.handover_ns);
    }
  }
  if (!clocks.empty())
    row.ghz = median(clocks);
  if (!handovers.empty() && median(handovers) > 0)
    row.handover_ns = median(handovers);
  if (chosen.size() < rounds_least)
    row.note = "too few undisturbed rounds for a figure: run again";
  return row;
}

// For streams: percentiles over blocks of the time per record, ratios of throughput within each round.
inline std::vector<Row> stream_rows(const Rounds &rounds, const std::vector<size_t> &chosen,
                                    const std::vector<Contender> &contenders, const std::string &scenario) {
  std::vector<Row> rows;
  for (size_t who = 0; who < contenders.size(); who++) {
    std::string name = contenders[who].name.empty() ? scenario : scenario + "/" + contenders[who].name;
    Row row = blank_row(rounds, chosen, name);
    row.unit = "ns/record";
    rows.push_back(std::move(row));
    if (chosen.size() < rounds_least)
      continue;

    Row &made = rows.back();
    std::vector<double> times;
    for (size_t i : chosen)
      times.push_back(ns_each(rounds.outcomes[i][who]));
    std::sort(times.begin(), times.end());
    made.p50 = median(times);
    made.p99 = percentile(times, 0.99);
    made.p999 = percentile(times, 0.999);
    made.ops_per_second = 1e9 / *made.p50;
    made.extra.emplace_back("empty_reads_per_record", median_of(rounds, chosen, [who](const auto &of) {
                              return double(of[who].empty_reads) / double(of[who].operations);
                            }));
    made.extra.emplace_back("full_writes_per_record", median_of(rounds, chosen, [who](const auto &of) {
                              return double(of[who].full_writes) / double(of[who].operations);
                            }));
    if (who == 0)
      continue;
    double ratio = median_of(rounds, chosen, [who](const auto &of) { return ns_each(of[who]) / ns_each(of[0]); });
    if (who == 1) {
      rows[0].ratio = ratio;
      rows[0].ratio_of = "ops_per_second";
      rows[0].against = name;
    } else {
      rows[0].extra.emplace_back("rate_to_" + contenders[who].name, ratio);
    }
  }
  return rows;
}

inline std::vector<double> sorted_trips(const Rounds &rounds, const std::vector<size_t> &chosen, size_t who) {
  std::vector<double> trips;
  for (size_t i : chosen) {
    const auto &block = rounds.outcomes[i][who].trips;
    trips.insert(trips.end(), block.begin(), block.end());
  }
  std::sort(trips.begin(), trips.end());
  return trips;
}

// How far a contender's percentile differs from itself between the quarters of one run, each quarter made of
// every fourth round: what a difference between two contenders has to exceed to say anything.
inline double own_spread(const Rounds &rounds, const std::vector<size_t> &chosen, size_t who, double fraction) {
  std::vector<double> figures;
  for (size_t quarter = 0; quarter < 4; quarter++) {
    std::vector<size_t> every_fourth;
    for (size_t i = quarter; i < chosen.size(); i += 4)
      every_fourth.push_back(chosen[i]);
    auto figure = percentile(sorted_trips(rounds, every_fourth, who), fraction);
    if (figure)
      figures.push_back(*figure);
  }
  if (figures.empty())
    return 0;
  auto [least, most] = std::minmax_element(figures.begin(), figures.end());
  return *most - *least;
}

// For round trips: percentiles over all trips of the rounds kept, and whether riskcheck's are no worse.
inline std::vector<Row> trip_rows(const Rounds &rounds, const std::vector<size_t> &chosen,
                                  const std::vector<Contender> &contenders, const std::string &scenario,
                                  double clock_step_ns) {
  std::vector<Row> rows;
  for (size_t who = 0; who < contenders.size(); who++) {
    std::string name = contenders[who].name.empty() ? scenario : scenario + "/" + contenders[who].name;
    Row row = blank_row(rounds, chosen, name);
    row.unit = "ns";
    rows.push_back(std::move(row));
    if (chosen.size() < rounds_least)
      continue;

    Row &made = rows.back();
    std::vector<double> trips = sorted_trips(rounds, chosen, who);
    made.p50 = percentile(trips, 0.5);
    made.p99 = percentile(trips, 0.99);
    made.p999 = percentile(trips, 0.999);
    made.ops_per_second = 1e9 / median_of(rounds, chosen, [who](const auto &of) { return ns_each(of[who]); });
    if (who != 1)
      continue;
    rows[0].ratio = *rows[0].p50 / *made.p50;
    rows[0].ratio_of = "p50";
    rows[0].against = name;
    rows[0].extra.emplace_back(
        "ratio_mean", median_of(rounds, chosen, [](const auto &of) { return ns_each(of[0]) / ns_each(of[1]); }));
    const std::tuple<const char *, double, std::optional<double>, std::optional<double>> tails[] = {
        {"p50", 0.5, rows[0].p50, made.p50},
        {"p99", 0.99, rows[0].p99, made.p99},
        {"p999", 0.999, rows[0].p999, made.p999}};
    bool no_worse = true;
    for (const auto &[label, fraction, ours, theirs] : tails) {
      if (!ours || !theirs)
        continue;
      double spread = own_spread(rounds, chosen, who, fraction);
      rows[0].extra.emplace_back(std::string("ratio_") + label, *ours / *theirs);
      rows[0].extra.emplace_back(std::string("peer_spread_ns_") + label, spread);
      no_worse = no_worse && *ours <= *theirs + std::max(spread, clock_step_ns * 1.01);
    }
    if (rows[0].p999 && made.p999)
      rows[0].met = no_worse;
  }
  return rows;
}

} // namespace bench
