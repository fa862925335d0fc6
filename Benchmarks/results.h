// The whole of a run as JSON: what `build/bench/results.json` holds.
#pragma once

#include "catalogue.h"
#include "locking.h"
#include "machine.h"
#include "options.h"
#include "queue_boost.h"
#include "report.h"
#include "ring_scenarios.h"

namespace bench {

// What was found out before anything was measured.
struct Setting {
  rck_build build{};
  rck_config config{};
  uint64_t region_bytes = 0;
  size_t cores = 0;
  std::string memory_lock; // whether this process is locked in memory, in words
};

inline std::string json_of_machine(const Setting &setting) {
  Machine machine = this_machine();
  const TickClock &clock = tick_clock();
  std::string out = "{\"model\": " + json_text(machine.model);
  out += ", \"cores\": " + std::to_string(setting.cores);
  if (!allowed_cores().empty()) {
    int first = allowed_cores()[0], second = second_core();
    bool alike = siblings_of(first) == siblings_of(second);
    out += ", \"core_pair\": " + json_text(std::to_string(first) + " and " + std::to_string(second) +
                                           (alike ? ", which share a core or do not tell" : ", of cores of their own"));
  }
  out += ", \"kernel\": " + json_text(machine.kernel) + ", \"governor\": " + json_text(machine.governor);
  out += ", \"frequency_policy\": " + json_text(machine.frequency);
  out += ", \"virtualisation\": " + json_text(machine.virtualisation);
  out += ", \"memory\": " + json_text(machine.memory) + ", \"huge_pages\": " + json_text(machine.huge_pages);
  out += ", \"memory_lock\": " + json_text(setting.memory_lock);
  out += ", \"counters\": " + json_text(Counters().available() ? "available" : Counters().why());
  out += std::string(", \"timer\": ") + (has_portable_clock ? "\"CLOCK_MONOTONIC\"" : "\"time stamp counter\"");
  out += ", \"clock_ghz\": " + json_number(core_ghz());
  std::string flags = line_of("/proc/cpuinfo", "flags");
  bool is_steady = flags.find("constant_tsc") != std::string::npos && flags.find("nonstop_tsc") != std::string::npos;
  out += ", \"tick_rate\": " + json_text(is_steady ? "constant" : "not said to be constant: see --clock monotonic");
  out += ", \"tick_step_ns\": " + json_number(clock.step_ns);
  return out + ", \"tick_cost_ns\": " + json_number(clock.cost_ns) + "}";
}

inline std::string json_of_build(const rck_build &build) {
  std::string out = "{\"version\": " + json_text(build.version) + ", \"mode\": " + json_text(build.mode);
  out += ", \"compiler\": " + json_text(build.compiler) + ", \"commit\": " + json_text(build.commit);
#ifdef __clang__
  out += ", \"harness_compiler\": " + json_text(__VERSION__);
#else
  out += ", \"harness_compiler\": " + json_text(std::string("gcc ") + __VERSION__);
#endif
#ifdef RISKBENCH_BOOST
  out += ", \"boost\": " + json_text(BOOST_LIB_VERSION);
#else
  out += ", \"boost\": null";
#endif
  return out + "}";
}

inline std::string json_of_configuration(const Setting &setting) {
  const rck_config &config = setting.config;
  const std::pair<const char *, uint64_t> fields[] = {
      {"discipline", config.discipline},
      {"clock_source", config.clock_source},
      {"flags", config.flags},
      {"accounts_max", config.accounts_max},
      {"strategies_max", config.strategies_max},
      {"instruments_max", config.instruments_max},
      {"positions_max", config.positions_max},
      {"orders_max", config.orders_max},
      {"ports_max", config.ports_max},
      {"ring_lines", config.ring_lines},
      {"ring_lines_compared", ring_capacity},
      {"region_bytes", setting.region_bytes},
  };
  std::string out;
  for (const auto &[name, value] : fields) {
    out += (out.empty() ? "{" : ", ") + json_text(name) + ": " + std::to_string(value);
  }
  return out + "}";
}

// "[" and what `text` makes of each, between commas, "]".
template <class Items, class Text> std::string json_list(const Items &items, Text text) {
  std::string out;
  for (const auto &item : items)
    out += (out.empty() ? "" : ",\n") + text(item);
  return "[" + out + "]";
}

inline std::string json_of_run(const Report &report, const Options &options, const Setting &setting) {
  std::string out = std::string("{\n\"valid\": ") + (report.valid() ? "true" : "false");
  out += ",\n\"seed\": " + std::to_string(options.seed);
  out += ",\n\"checksum\": \"" + std::to_string(report.checksum) + "\"";
  out += ",\n\"machine\": " + json_of_machine(setting) + ",\n\"build\": " + json_of_build(setting.build);
  out += ",\n\"configuration\": " + json_of_configuration(setting);
  out += ",\n\"rule\": " + json_text(disturbance_rule);
  out += ",\n\"corrupt\": " + json_list(report.corrupt, json_text);
  out += ",\n\"skipped\": " + json_list(report.skipped, [](const Skip &skip) {
           return "{\"scenario\": " + json_text(skip.scenario) + ", \"reason\": " + json_text(skip.reason) + "}";
         });
  out += ",\n\"scenarios\": " + json_list(catalogue, [](const About &about) {
           return "{\"name\": " + json_text(about.name) + ", \"about\": " + json_text(about.what) + "}";
         });
  return out + ",\n\"rows\": " + json_list(report.rows, json_row) + "\n}\n";
}

} // namespace bench
