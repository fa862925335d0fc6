// The benchmark program: runs scenarios against the shipped library and writes what it measured as JSON.
// Exits 0 when valid, 1 when something failed, 2 for wrong usage, 3 when the run is INVALID (records did not
// come out as they went in), 4 when the library is a debug build.
#include "riskcheck.h"
#include "alone_scenarios.h"
#include "batch_scenarios.h"
#include "change_scenarios.h"
#include "flow_scenarios.h"
#include "journal_scenarios.h"
#include "lifecycle_scenario.h"
#include "load_scenario.h"
#include "memory_scenarios.h"
#include "open_scenarios.h"
#include "results.h"
#include "self_check.h"
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
    "  --scenario NAME       only scenarios whose name begins so; with --help: what they measure\n"
    "  --list                name the scenarios, with what they measure\n"
    "  --rounds N            undisturbed rounds wanted of each ring comparison (60)\n"
    "  --order-rounds N      of each comparison of the order path (60)\n"
    "  --patience-ms N       how long a busy machine is waited for in a comparison, beyond its rounds (3000)\n"
    "  --load-rounds N       rounds of load and create (15)\n"
    "  --block-records N     records in a block of a stream, a multiple of 32 (16384)\n"
    "  --block-trips N       round trips in a block (2000)\n"
    "  --block-batches N     batches of orders in a block (24)\n"
    "  --growth-rows N       the most position rows of growth.rows and batch.rows (1048576)\n"
    "  --open-ms N           a window of the open loop, in milliseconds (1000)\n"
    "  --open-windows N      of each schedule of the open loop (3)\n"
    "  --flow FILE           order flow to replay: lines of time,id,action,side,price,size (flow.h)\n"
    "  --flow-sample FILE    write the flow that is made from the seed, and leave\n"
    "  --clock NAME          tsc: the time stamp counter, or monotonic: CLOCK_MONOTONIC (tsc)\n"
    "  --seed N              what the records are made from (1)\n"
    "  --json FILE           where the results go (standard output)\n"
    "  --plant bit|order|lost  corrupt one record of every contender: the run must come out INVALID\n"
    "  --plant held          falsify what the live orders of judged contenders hold\n"
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
    else if (name == "--patience-ms")
      patience_ns = number * 1'000'000;
    else if (name == "--open-ms" && number > 0)
      options.open_ms = number;
    else if (name == "--open-windows" && number > 0)
      options.open_windows = number;
    else if (name == "--clock" && (value == "tsc" || value == "monotonic"))
      has_portable_clock = value == "monotonic";
    else if (name == "--flow")
      options.flow = value;
    else if (name == "--flow-sample")
      options.flow_sample = value;
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
    else if (name == "--plant" && value == "held")
      options.plant = Plant::Held;
    else if (name == "--plant" && value == "verdict")
      options.plant = Plant::Verdict;
    else
      return false;
  }
  return true;
}

Setting setting() {
  Setting found;
  found.build.struct_size = sizeof found.build;
  expect_ok("rck_build_info", rck_build_info(&found.build));
  expect_ok("rck_config_init", rck_config_init(&found.config, sizeof found.config));
  expect_ok("rck_region_bytes", rck_region_bytes(&found.config, &found.region_bytes, nullptr));
  found.cores = allowed_cores().size(); // before this thread is pinned to one of them
  return found;
}

void run_all(Report &report, const Options &options, uint64_t region_bytes) {
  const TickClock &clock = tick_clock();
  run_ring_scenarios(report, options, clock);
  run_load_scenario(report, options, library_path(), region_bytes);
  run_desk_scenarios(report, options, clock);
  run_alone_scenarios(report, options, clock);
  run_lifecycle_scenarios(report, options, clock);
  run_growth_scenarios(report, options, clock);
  run_memory(report, options, clock);
  run_pages(report, options, clock);
  run_batch_scenarios(report, options, clock);
  run_thread_scenarios(report, options, clock);
  run_wide_scenarios(report, options, clock);
  run_change_scenarios(report, options, clock);
  run_journal_scenarios(report, options, clock);
  run_flow_scenarios(report, options, clock);
  run_open_scenarios(report, options, clock);
}

bool write_text(const std::string &path, const std::string &text) {
  FILE *file = path.empty() ? stdout : std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    std::perror(path.c_str());
    return false;
  }
  std::fputs(text.c_str(), file);
  bool written = std::fflush(file) == 0;
  return file == stdout ? written : std::fclose(file) == 0 && written;
}

bool write_flow_sample(const Options &options) {
  std::string text;
  for (const FlowLine &line : FlowMaker(options.seed).make(flow_sample_lines))
    text += text_of(line) + "\n";
  return write_text(options.flow_sample, text);
}

int run(const Options &options) {
  Setting found = setting();
  std::string mode = found.build.mode;
  if (mode.size() >= 6 && mode.rfind("-debug") == mode.size() - 6) {
    std::fprintf(stderr, "riskbench: refused: the library is a debug build (%s)\n", found.build.mode);
    return 4;
  }
  found.memory_lock = lock_memory();
  if (!allowed_cores().empty())
    pin(allowed_cores()[0]);
  Report report;
  run_all(report, options, found.region_bytes);
  if (report.rows.empty() && report.skipped.empty() && report.valid()) {
    std::fprintf(stderr, "riskbench: no scenario begins with %s: --list names them\n", options.scenario.c_str());
    return 2;
  }
  if (!write_text(options.json, json_of_run(report, options, found)))
    return 1;
  for (const auto &name : report.corrupt)
    std::fprintf(stderr, "riskbench: INVALID: %s\n", name.c_str());
  return report.valid() ? 0 : 3;
}

// With --help: of all, or of the scenarios that are named.
bool is_helped(int count, char **words) {
  bool asked = false;
  std::string prefix;
  for (int i = 1; i < count; i++) {
    asked = asked || std::string(words[i]) == "--help";
    if (std::string(words[i]) == "--scenario" && i + 1 < count)
      prefix = words[i + 1];
  }
  if (!asked)
    return false;
  if (prefix.empty() || !print_scenarios(prefix))
    std::fputs(usage, stdout);
  else
    std::printf("\n%s", usage);
  return true;
}

} // namespace

int main(int count, char **words) {
  std::string first = count > 1 ? words[1] : "";
  if (is_helped(count, words))
    return 0;
  if (first == "--list")
    return print_scenarios("") ? 0 : 1;
  if (first == "--check")
    return self_check();
  Options options;
  options.loader = beside_this_program("riskbench-load");
  if (!parse(count, words, options)) {
    std::fputs(usage, stderr);
    return 2;
  }
  if (!options.flow_sample.empty())
    return write_flow_sample(options) ? 0 : 1;
  return run(options);
}
