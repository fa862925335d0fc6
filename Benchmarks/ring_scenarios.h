// The ring of a port against boost::lockfree::spsc_queue: 64-byte records between two pinned cores.
#pragma once

#include "compare.h"
#include "options.h"
#include "order_rows.h"
#include "queue_boost.h"
#include "queue_riskcheck.h"
#include "report.h"
#include "ring_blocks.h"

#include <string>
#include <vector>

namespace bench {

constexpr uint64_t ring_capacity = 2048; // lines, and records of the peer: both hold as many at once

struct StreamScenario {
  const char *name;
  uint32_t write_batch, read_batch;
  bool has_target;
};

// One record a write call is batch 1; a reader takes one record a call, or as many as there are up to 64.
constexpr StreamScenario stream_scenarios[] = {
    {"ring.write1.read1", 1, 1, true},
    {"ring.write1.read64", 1, 64, true},
    {"ring.write32.read1", 32, 1, false},
    {"ring.write32.read64", 32, 64, false},
};
constexpr const char *trip_scenario = "ring.pingpong";

constexpr const char *ring_note =
    "riskcheck through the C ABI of the shared library: handle lookup, validation, sequence, time; "
    "boost inlined into the caller, none of these";

// Each topology that the run saw gets rows of its own; the nearer one carries the scenario's plain name.
template <class MakeRows, class Finish>
void add_rows(Report &report, const Rounds &rounds, const std::vector<Contender> &contenders,
              const std::string &scenario, MakeRows make_rows, Finish finish) {
  for (Verdict verdict : {Verdict::Near, Verdict::Far}) {
    std::vector<size_t> chosen = rounds_of(rounds, verdict);
    if (verdict == Verdict::Far && chosen.size() < rounds_least)
      continue;
    std::string name = verdict == Verdict::Far ? scenario + ".far" : scenario;
    std::vector<Row> rows = make_rows(rounds, chosen, contenders, name);
    if (rows[0].note.empty())
      rows[0].note = ring_note;
    finish(rows);
    report.rows.insert(report.rows.end(), rows.begin(), rows.end());
  }
}

inline void run_stream(Report &report, const Options &options, const StreamScenario &scenario, Partner &partner) {
  Engine engine(ring_capacity); // of its own: no scenario sees what another left in the ring's counters
  StreamShape shape{options.block_records * (scenario.write_batch > 1 ? 4 : 1), scenario.write_batch,
                    scenario.read_batch};
  std::vector<Contender> contenders;
  RiskcheckQueue own(engine.near_port(), engine.reader(), 1);
  contenders.push_back(
      {"", [&](uint64_t seed, Plant plant) { return stream_block(own, partner, shape, seed, plant); }});
#ifdef RISKBENCH_BOOST
  BoostQueue boost_queue(ring_capacity);
  BoostWordsQueue boost_words(ring_capacity);
  contenders.push_back(
      {"boost", [&](uint64_t seed, Plant plant) { return stream_block(boost_queue, partner, shape, seed, plant); }});
  contenders.push_back({"boost-words", [&](uint64_t seed, Plant plant) {
                          return stream_block(boost_words, partner, shape, seed, plant);
                        }});
#endif
  Rounds rounds = run_rounds(contenders, options.rounds, &partner, options.seed, options.plant);
  collect_orders(report, rounds, contenders, scenario.name);
  add_rows(report, rounds, contenders, scenario.name, stream_rows, [&](std::vector<Row> &rows) {
    if (!scenario.has_target || rows.size() < 2)
      return;
    rows[0].target = "at least 1.5 times the records a second of boost";
    if (rows[0].ratio)
      rows[0].met = *rows[0].ratio >= 1.5;
  });
}

inline void run_trips(Report &report, const Options &options, const TickClock &clock, Partner &partner) {
  Engine engine(ring_capacity);
  std::vector<Contender> contenders;
  RiskcheckQueue there(engine.near_port(), engine.far_port(), 1);
  RiskcheckQueue back(engine.far_port(), engine.near_port(), 2);
  contenders.push_back({"", [&](uint64_t seed, Plant plant) {
                          return trip_block(there, back, partner, options.block_trips, clock, seed, plant);
                        }});
#ifdef RISKBENCH_BOOST
  BoostQueue boost_there(ring_capacity), boost_back(ring_capacity);
  contenders.push_back({"boost", [&](uint64_t seed, Plant plant) {
                          return trip_block(boost_there, boost_back, partner, options.block_trips, clock, seed, plant);
                        }});
#endif
  Rounds rounds = run_rounds(contenders, options.rounds, &partner, options.seed, options.plant);
  collect_orders(report, rounds, contenders, trip_scenario);
  auto make_rows = [&clock](const auto &...of) { return trip_rows(of..., clock.step_ns); };
  add_rows(report, rounds, contenders, trip_scenario, make_rows, [](std::vector<Row> &rows) {
    if (rows.size() < 2)
      return;
    rows[0].target = "p50, p99 and p99.9 no worse than boost's: above them by no more than one step of the clock, "
                     "or than boost differs from itself between quarters of this run";
  });
}

inline void run_ring_scenarios(Report &report, const Options &options, const TickClock &clock) {
  std::vector<std::string> names;
  for (const auto &scenario : stream_scenarios)
    names.push_back(scenario.name);
  names.push_back(trip_scenario);
  std::erase_if(names, [&](const std::string &name) { return !wanted(options, name); });
  if (names.empty())
    return;

  std::vector<int> cores = allowed_cores();
  auto skip_all = [&](const char *reason) {
    for (const auto &name : names)
      report.skipped.push_back({name, reason});
  };
  if (cores.size() < 2)
    return skip_all("needs two cores");
#ifndef RISKBENCH_BOOST
  for (const auto &name : names) {
    report.skipped.push_back({name + "/boost", "boost headers are absent: apt-get install libboost-dev"});
  }
#endif
  Partner partner(cores[0], second_core());
  if (!partner.pinned())
    return skip_all("threads could not be pinned");
  for (const auto &scenario : stream_scenarios) {
    if (wanted(options, scenario.name))
      run_stream(report, options, scenario, partner);
  }
  if (wanted(options, trip_scenario))
    run_trips(report, options, clock, partner);
}

} // namespace bench
