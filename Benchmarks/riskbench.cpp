// The benchmark program: runs scenarios against the shipped library and writes what it measured as JSON.
// Exits 0 when valid, 1 when something failed, 2 for wrong usage, 3 when the run is INVALID (records did not
// come out as they went in), 4 when the library is a debug build.
#include "riskcheck.h"
#include "batch_scenarios.h"
#include "journal_scenarios.h"
#include "lifecycle_scenario.h"
#include "load_scenario.h"
#include "machine.h"
#include "options.h"
#include "report.h"
#include "ring_scenarios.h"
#include "self_check.h"
#include "thread_scenarios.h"
#include "wide_scenarios.h"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

namespace {

using namespace bench;

constexpr const char *usage =
    "usage: riskbench [options]\n"
    "  --scenario NAME       only scenarios whose name begins so (--list names them)\n"
    "  --list                name the scenarios\n"
    "  --rounds N            undisturbed rounds wanted of each ring comparison (60)\n"
    "  --order-rounds N      of each comparison of the order path (60)\n"
    "  --load-rounds N       rounds of load and create (15)\n"
    "  --block-records N     records in a block of a stream, a multiple of 32 (16384)\n"
    "  --block-trips N       round trips in a block (2000)\n"
    "  --block-batches N     batches of orders in a block (24)\n"
    "  --growth-rows N       the most position rows of growth.rows and batch.rows (1048576)\n"
    "  --seed N              what the records are made from (1)\n"
    "  --json FILE           where the results go (standard output)\n"
    "  --plant bit|order|lost  corrupt one record of every contender: the run must come out INVALID\n"
    "  --plant verdict       falsify a verdict of the first contender where two are given the same orders\n"
    "  --check               check the harness's own arithmetic\n";

std::string library_path() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void *>(&rck_version), &info) == 0 || info.dli_fname == nullptr)
    return "";
  char full[PATH_MAX];
  return realpath(info.dli_fname, full) == nullptr ? info.dli_fname : full;
}

std::string beside_this_program(const char *name) {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0)
    return name;
  std::string own(path, size_t(length));
  return own.substr(0, own.rfind('/') + 1) + name;
}

bool parse(int count, char **words, Options &options) {
  for (int i = 1; i < count; i++) {
    std::string name = words[i];
    if (i + 1 >= count)
      return false;
    std::string value = words[++i];
    uint64_t number = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "--scenario")
      options.scenario = value;
    else if (name == "--json")
      options.json = value;
    else if (name == "--seed")
      options.seed = number;
    else if (name == "--rounds" && number > 0)
      options.rounds = number;
    else if (name == "--order-rounds" && number > 0)
      options.order_rounds = number;
    else if (name == "--block-batches" && number > 0)
      options.block_batches = number;
    else if (name == "--growth-rows" && number >= 16)
      options.growth_rows = number;
    else if (name == "--load-rounds" && number > 0)
      options.load_rounds = number;
    else if (name == "--block-records" && number > 0 && number % 32 == 0)
      options.block_records = number;
    else if (name == "--block-trips" && number > 0)
      options.block_trips = number;
    else if (name == "--plant" && value == "bit")
      options.plant = Plant::Bit;
    else if (name == "--plant" && value == "order")
      options.plant = Plant::Order;
    else if (name == "--plant" && value == "lost")
      options.plant = Plant::Lost;
    else if (name == "--plant" && value == "verdict")
      options.plant = Plant::Verdict;
    else
      return false;
  }
  return true;
}

std::string json_of_machine(const TickClock &clock, size_t cores) {
  Machine machine = this_machine();
  std::string out = "{\"model\": " + json_text(machine.model);
  out += ", \"cores\": " + std::to_string(cores);
  out += ", \"kernel\": " + json_text(machine.kernel) + ", \"governor\": " + json_text(machine.governor);
  out += ", \"virtualisation\": " + json_text(machine.virtualisation);
  out += ", \"clock_ghz\": " + json_number(core_ghz());
  out += ", \"tick_step_ns\": " + json_number(clock.step_ns);
  return out + ", \"tick_cost_ns\": " + json_number(clock.cost_ns) + "}";
}

std::string json_of_build(const rck_build &build) {
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

std::string json_of_configuration(const rck_config &config, uint64_t region_bytes) {
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
      {"region_bytes", region_bytes},
  };
  std::string out;
  for (const auto &[name, value] : fields) {
    out += (out.empty() ? "{" : ", ") + json_text(name) + ": " + std::to_string(value);
  }
  return out + "}";
}

std::string json_of_run(const Report &report, const Options &options, const TickClock &clock, size_t cores,
                        const rck_build &build, const rck_config &config, uint64_t region_bytes) {
  std::string out = std::string("{\n\"valid\": ") + (report.valid() ? "true" : "false");
  out += ",\n\"seed\": " + std::to_string(options.seed);
  out += ",\n\"checksum\": \"" + std::to_string(report.checksum) + "\"";
  out += ",\n\"machine\": " + json_of_machine(clock, cores) + ",\n\"build\": " + json_of_build(build);
  out += ",\n\"configuration\": " + json_of_configuration(config, region_bytes);
  out += ",\n\"rule\": " + json_text(disturbance_rule) + ",\n\"corrupt\": [";
  for (size_t i = 0; i < report.corrupt.size(); i++)
    out += (i ? ", " : "") + json_text(report.corrupt[i]);
  out += "],\n\"skipped\": [";
  for (size_t i = 0; i < report.skipped.size(); i++) {
    out += std::string(i ? ", " : "") + "{\"scenario\": " + json_text(report.skipped[i].scenario) +
           ", \"reason\": " + json_text(report.skipped[i].reason) + "}";
  }
  out += "],\n\"rows\": [\n";
  for (size_t i = 0; i < report.rows.size(); i++)
    out += (i ? ",\n" : "") + json_row(report.rows[i]);
  return out + "\n]\n}\n";
}

void list_scenarios() {
  for (const auto &scenario : stream_scenarios)
    std::printf("%s\n", scenario.name);
  std::printf("%s\n%s\n", trip_scenario, load_scenario);
  for (const char *name : desk_names)
    std::printf("%s\n", name);
  for (const char *name : {growth_rows_name, growth_limits_name, apart_name, together_name})
    std::printf("%s\n", name);
  for (const char *name : lifecycle_names)
    std::printf("%s\n", name);
  for (const char *name : batch_names)
    std::printf("%s\n", name);
  for (const char *name : journal_names)
    std::printf("%s\n", name);
}

int run(const Options &options) {
  rck_build build{};
  build.struct_size = sizeof build;
  expect_ok("rck_build_info", rck_build_info(&build));
  std::string mode = build.mode;
  if (mode.size() >= 6 && mode.rfind("-debug") == mode.size() - 6) {
    std::fprintf(stderr, "riskbench: refused: the library is a debug build (%s)\n", build.mode);
    return 4;
  }
  rck_config config;
  uint64_t region_bytes = 0;
  expect_ok("rck_config_init", rck_config_init(&config, sizeof config));
  expect_ok("rck_region_bytes", rck_region_bytes(&config, &region_bytes, nullptr));

  Report report;
  TickClock clock = calibrate_ticks();
  size_t cores = allowed_cores().size(); // before this thread is pinned to one of them
  run_ring_scenarios(report, options, clock);
  run_load_scenario(report, options, library_path(), region_bytes);
  run_desk_scenarios(report, options, clock);
  run_lifecycle_scenarios(report, options, clock);
  run_growth_scenarios(report, options, clock);
  run_batch_scenarios(report, options, clock);
  run_thread_scenarios(report, options, clock);
  run_wide_scenarios(report, options, clock);
  run_journal_scenarios(report, options, clock);

  FILE *file = options.json.empty() ? stdout : std::fopen(options.json.c_str(), "w");
  if (file == nullptr) {
    std::perror(options.json.c_str());
    return 1;
  }
  std::fputs(json_of_run(report, options, clock, cores, build, config, region_bytes).c_str(), file);
  bool written = std::fflush(file) == 0;
  if (file != stdout)
    written = std::fclose(file) == 0 && written;
  for (const auto &name : report.corrupt)
    std::fprintf(stderr, "riskbench: INVALID: %s\n", name.c_str());
  if (!written)
    return 1;
  return report.valid() ? 0 : 3;
}

} // namespace

int main(int count, char **words) {
  std::string first = count > 1 ? words[1] : "";
  if (first == "--help")
    return std::fputs(usage, stdout) < 0;
  if (first == "--list")
    return list_scenarios(), 0;
  if (first == "--check")
    return self_check();
  Options options;
  options.loader = beside_this_program("riskbench-load");
  if (!parse(count, words, options)) {
    std::fputs(usage, stderr);
    return 2;
  }
  return run(options);
}
