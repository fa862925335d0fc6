// Which rounds of a comparison count. A round is one block of every contender with a reading of the machine
// before, between and after them; it is kept or dropped whole, so that no contender loses blocks alone.
#pragma once

#include "percentiles.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace bench {

struct Reading {
  double ghz = 0;         // of the writing core
  double handover_ns = 0; // of one line between the two cores; 0 where only one core works
};

struct Conditions {
  std::vector<Reading> readings;
  uint64_t preemptions = 0; // times that the kernel took a core from one of the threads during a block
};

// The rule, as it is printed with every report.
constexpr const char *disturbance_rule =
    "a round is dropped, on all sides alike, when the kernel took a core from either thread in one of its "
    "blocks, a clock reading in it is more than 5 % off the run's median, or its hand-over readings differ "
    "by "
    "more than 40 % from each other; rounds whose hand-over is above twice the run's smallest are reported "
    "apart as far, of the ring alone; latch, journal.pump, journal.verify, journal.replay and open drop nothing";

constexpr double clock_tolerance = 0.05;
constexpr double handover_tolerance = 1.40;
constexpr double far_factor = 2.0;

enum class Verdict { Near, Far, Dropped };

inline std::vector<Verdict> judge(const std::vector<Conditions> &rounds) {
  std::vector<double> clocks, handovers;
  for (const auto &round : rounds) {
    for (const auto &reading : round.readings)
      clocks.push_back(reading.ghz);
  }
  double usual = median(clocks);

  std::vector<Verdict> verdicts;
  for (const auto &round : rounds) {
    double least = round.readings.front().handover_ns, most = least;
    bool steady = round.preemptions == 0;
    for (const auto &reading : round.readings) {
      steady = steady && std::abs(reading.ghz - usual) <= clock_tolerance * usual;
      least = std::min(least, reading.handover_ns);
      most = std::max(most, reading.handover_ns);
    }
    steady = steady && most <= handover_tolerance * least;
    verdicts.push_back(steady ? Verdict::Near : Verdict::Dropped);
    if (steady)
      handovers.push_back(least);
  }
  if (handovers.empty())
    return verdicts;
  double smallest = *std::min_element(handovers.begin(), handovers.end());
  for (size_t i = 0; i < rounds.size(); i++) {
    if (verdicts[i] != Verdict::Dropped && rounds[i].readings.front().handover_ns > far_factor * smallest) {
      verdicts[i] = Verdict::Far;
    }
  }
  return verdicts;
}

} // namespace bench
