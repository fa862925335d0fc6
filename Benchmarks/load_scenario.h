// Loading the library and creating the default engine in a fresh process, against the bare price of the
// memory: a process of the same kind that populates as many bytes. Alternating, medians of what each took.
#pragma once

#include "compare.h"
#include "options.h"
#include "pinning.h"
#include "report.h"

#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

namespace bench {

constexpr const char *load_scenario = "load.create";

struct Load {
  uint64_t ns = 0, before = 0, after = 0, bytes = 0;
};

// The child reports its own time: starting a process is not part of it.
inline bool run_loader(const Options &options, const std::string &work, Load &load) {
  std::string command = "'" + options.loader + "' " + work;
  FILE *pipe = popen(command.c_str(), "r");
  if (pipe == nullptr)
    return false;
  int fields = std::fscanf(pipe, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &load.ns, &load.before, &load.after,
                           &load.bytes);
  return pclose(pipe) == 0 && fields == 4;
}

inline void run_load_scenario(Report &report, const Options &options, const std::string &library,
                              uint64_t region_bytes) {
  if (std::string(load_scenario).rfind(options.scenario, 0) != 0)
    return;
  std::vector<int> cores = allowed_cores();
  if (!cores.empty())
    pin(cores[0]); // the children inherit it, and the clock is read where they run

  std::string create = "create '" + library + "'", populate = "populate " + std::to_string(region_bytes);
  Rounds rounds;
  std::vector<double> beyond_region;
  for (uint64_t round = 0; round < options.load_rounds; round++) {
    std::vector<Outcome> outcomes(2);
    Conditions conditions{{{core_ghz(), 0}}, 0};
    for (size_t k = 0; k < 2; k++) {
      size_t who = (round + k) % 2;
      Load load;
      if (!run_loader(options, who == 0 ? create : populate, load)) {
        report.found_corrupt(load_scenario);
        return;
      }
      outcomes[who].ns = double(load.ns);
      outcomes[who].operations = 1;
      if (who == 0)
        beyond_region.push_back(double(load.after) - double(load.before) - double(load.bytes));
      if (load.bytes != region_bytes)
        report.found_corrupt(load_scenario);
      conditions.readings.push_back({core_ghz(), 0});
    }
    rounds.outcomes.push_back(std::move(outcomes));
    rounds.conditions.push_back(std::move(conditions));
  }
  rounds.verdicts = judge(rounds.conditions);

  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows;
  for (size_t who = 0; who < 2; who++) {
    Row row = blank_row(rounds, chosen, who == 0 ? load_scenario : std::string(load_scenario) + "/populate");
    row.unit = "ms";
    std::vector<double> times;
    for (size_t i : chosen)
      times.push_back(rounds.outcomes[i][who].ns / 1e6);
    std::sort(times.begin(), times.end());
    if (chosen.size() >= rounds_least) {
      row.p50 = median(times);
      row.p99 = percentile(times, 0.99);
      row.p999 = percentile(times, 0.999);
      row.ops_per_second = 1e3 / *row.p50;
    }
    rows.push_back(std::move(row));
  }
  Row &own = rows[0];
  own.extra.emplace_back("region_bytes", double(region_bytes));
  own.extra.emplace_back("resident_beyond_region_bytes", median(beyond_region));
  own.target = "at most 1.2 times populate, less than 2 ms above it, resident within 1 MB of the region";
  if (chosen.size() >= rounds_least) {
    own.note = "dlopen, rck_config_init, rck_engine_create of the defaults, pre-faulted";
    own.against = rows[1].scenario;
    own.ratio_of = "p50";
    own.ratio = median_of(rounds, chosen, [](const auto &of) { return of[0].ns / of[1].ns; });
    double above_ms = median_of(rounds, chosen, [](const auto &of) { return (of[0].ns - of[1].ns) / 1e6; });
    own.extra.emplace_back("above_populate_ms", above_ms);
    own.met = *own.ratio <= 1.2 && above_ms < 2.0 && median(beyond_region) < 1'000'000;
  }
  report.rows.insert(report.rows.end(), rows.begin(), rows.end());
}

} // namespace bench
