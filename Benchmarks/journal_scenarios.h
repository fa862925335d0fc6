// What evidence costs: the desk's checks with commands told and pumped into a journal against the same without, and
// what a pump, a verification and a replay take for a record.
#pragma once

#include "desk_scenarios.h"

#include <cstdlib>
#include <filesystem>

namespace bench {

constexpr const char *journal_names[] = {"journal.check.many", "journal.check.one", "journal.pump", "journal.verify",
                                         "journal.replay"};
constexpr uint32_t told_flags = RCK_TELL_COMMANDS | RCK_TELL_MARKET;

constexpr uint64_t scratch_bytes = 400'000'000; // as many as journals take at most

// Where TMPDIR says, else in memory where there is such a file system with room.
inline std::filesystem::path scratch_root() {
  std::error_code none;
  if (std::getenv("TMPDIR") == nullptr && std::filesystem::space("/dev/shm", none).available > scratch_bytes && !none)
    return "/dev/shm";
  return std::filesystem::temp_directory_path();
}

// A directory of its own.
class ScratchFolder {
public:
  ScratchFolder() {
    std::filesystem::path root = scratch_root();
    std::string pattern = (root / "riskbench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      std::abort();
    path_ = pattern;
  }
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  const char *name() const { return path_.c_str(); }

private:
  std::string path_;
};

// A desk that tells its commands, with a journal of them that is pumped between the blocks of checks.
class ToldDesk {
public:
  ToldDesk(const Profile &profile, uint32_t discipline) : desk_(profile, discipline, told()) {
    expect_ok("rck_port_open", rck_port_open(desk_.engine(), 0, RCK_PORT_READER, &reader_, nullptr));
    rck_journal_config config{};
    config.struct_size = sizeof config;
    config.segment_bytes = uint64_t{1} << 26;
    config.segments_max = 2;
    expect_ok("rck_journal_open", rck_journal_open(reader_, folder_.name(), &config, nullptr));
  }
  ~ToldDesk() { expect_ok("rck_port_close", rck_port_close(reader_)); }
  ToldDesk(const ToldDesk &) = delete;
  ToldDesk &operator=(const ToldDesk &) = delete;

  struct Seat : LibraryDesk::Seat {
    rck_port *reader = nullptr;
    void rest() { expect_ok("rck_journal_pump", rck_journal_pump(reader, nullptr, nullptr)); }
  };
  Seat seat(uint32_t number) { return {desk_.seat(number), reader_}; }

private:
  static Capacity told() {
    Capacity capacity;
    capacity.flags = told_flags;
    return capacity;
  }

  ScratchFolder folder_;
  LibraryDesk desk_;
  rck_port *reader_ = nullptr;
};

inline void run_told_checks(Report &report, const Options &options, const TickClock &clock, uint32_t discipline) {
  Profile profile = desk_profile(wide_limits());
  ToldDesk told(profile, discipline);
  Capacity kept;
  kept.flags = RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
  LibraryDesk untold(profile, discipline), keeping(profile, discipline, kept);
  const char *name = journal_names[discipline - 1];
  std::vector<Contender> contenders{judged(desk_contender("", told, options, clock, StreamOf{}, Expected{}), profile,
                                           discipline, options, Expected{}),
                                    desk_contender("untold", untold, options, clock, StreamOf{}, Expected{}),
                                    judged(desk_contender("kept", keeping, options, clock, StreamOf{}, Expected{}),
                                           profile, discipline, options, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name, 1);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].target = "at most 1.25 times the check that tells nothing";
  rows[0].note = "commands told whole; a journal, in memory where there is room, is pumped between batches, "
                 "which is not timed here; "
                 "/kept keeps violations and statistics and tells nothing";
  if (rows[0].ratio)
    rows[0].met = *rows[0].ratio <= 1.25;
  add_order_rows(report, rows);
}

// One row of a loop over what a journal holds.
inline Row journal_row(const char *name, std::vector<double> each, const char *target) {
  std::sort(each.begin(), each.end());
  Row row;
  row.scenario = name;
  row.unit = "ns/record";
  row.kept = each.size();
  row.p50 = percentile(each, 0.5);
  row.p99 = percentile(each, 0.99);
  row.p999 = percentile(each, 0.999);
  row.ops_per_second = 1e9 / *row.p50;
  row.target = target;
  return row;
}

// What was measured of one journal: of each turn the time for a record.
struct JournalTimes {
  std::vector<double> pump, verify, replay;
  bool intact = true;
};

inline JournalTimes time_journal(const Options &options, const TickClock &clock) {
  JournalTimes times;
  ScratchFolder folder;
  Profile profile = desk_profile(wide_limits());
  Capacity capacity;
  capacity.flags = told_flags;
  capacity.ring_lines = uint64_t{1} << 16;
  LibraryDesk desk(profile, RCK_ONE_WRITER, capacity);
  rck_port *reader = nullptr;
  expect_ok("rck_port_open", rck_port_open(desk.engine(), 0, RCK_PORT_READER, &reader, nullptr));
  rck_journal_config config{};
  config.struct_size = sizeof config;
  config.segment_bytes = uint64_t{1} << 30;
  expect_ok("rck_journal_open", rck_journal_open(reader, folder.name(), &config, nullptr));
  LibraryDesk::Seat seat = desk.seat(1);
  OrderStream stream(1, {});
  stream.reseed(options.seed);
  rck_pump_info info{};
  info.struct_size = sizeof info;
  auto ns_since = [&clock](uint64_t before) { return double(ticks_after() - before) * clock.ns_per_tick; };
  const uint64_t turns = std::clamp<uint64_t>(options.order_rounds, 8, 64);
  for (uint64_t turn = 0; turn < turns; turn++) {
    for (int i = 0; i < 8192; i++) {
      rck_order order;
      rck_verdict verdict;
      stream.make(order);
      times.intact &= seat.check(order, verdict) == RCK_OK;
      times.intact &= seat.release(verdict.token, order.time_ns) == RCK_OK;
    }
    uint64_t before = ticks_before();
    expect_ok("rck_journal_pump", rck_journal_pump(reader, &info, nullptr));
    times.pump.push_back(ns_since(before) / double(info.records));
  }
  expect_ok("rck_journal_close", rck_journal_close(reader, nullptr));
  uint64_t live[2], again[2];
  expect_ok("rck_state_hash", rck_state_hash(desk.engine(), live));
  for (uint64_t turn = 0; turn < std::max<uint64_t>(turns / 8, 2); turn++) {
    rck_verify_info verified{};
    verified.struct_size = sizeof verified;
    uint64_t before = ticks_before();
    expect_ok("rck_verify", rck_verify(folder.name(), &verified, nullptr));
    times.verify.push_back(ns_since(before) / double(verified.records));
    rck_config made{};
    made.struct_size = sizeof made;
    rck_engine *engine = nullptr;
    expect_ok("rck_journal_config_get", rck_journal_config_get(folder.name(), &made, nullptr));
    made.flags &= ~told_flags; // nobody reads what it would tell
    expect_ok("rck_engine_create", rck_engine_create(&made, nullptr, 0, &engine, nullptr));
    rck_replay_info replayed{};
    replayed.struct_size = sizeof replayed;
    before = ticks_before();
    expect_ok("rck_replay", rck_replay(engine, folder.name(), nullptr, nullptr, &replayed, nullptr));
    times.replay.push_back(ns_since(before) / double(replayed.commands));
    expect_ok("rck_state_hash", rck_state_hash(engine, again));
    expect_ok("rck_engine_close", rck_engine_close(engine));
    times.intact = times.intact && replayed.differing == 0 && live[0] == again[0] && live[1] == again[1];
  }
  expect_ok("rck_port_close", rck_port_close(reader));
  return times;
}

inline void run_journal_scenarios(Report &report, const Options &options, const TickClock &clock) {
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (wanted(options, journal_names[discipline - 1]))
      run_told_checks(report, options, clock, discipline);
  }
  bool any = false;
  for (size_t at = 2; at < 5; at++)
    any = any || wanted(options, journal_names[at]);
  if (!any)
    return;
  if (std::filesystem::space(scratch_root()).available < scratch_bytes) {
    report.skipped.push_back({"journal.pump", "needs 400 MB where TMPDIR says, in /dev/shm or in /tmp"});
    return;
  }
  JournalTimes times = time_journal(options, clock);
  times.intact = times.intact && options.plant == Plant::None; // as if the hashes had differed
  if (!times.intact)
    report.corrupt.push_back("journal.replay");
  report.rows.push_back(journal_row(journal_names[2], times.pump, "10 million events a second"));
  report.rows.push_back(journal_row(journal_names[3], times.verify, ""));
  report.rows.push_back(journal_row(journal_names[4], times.replay, "5 million commands a second"));
  Row &replay = report.rows.back(), &pump = report.rows[report.rows.size() - 3];
  pump.met = *pump.ops_per_second >= 10e6;
  pump.note = "records of a check and of its release, 3 lines each on average";
  replay.met = *replay.ops_per_second >= 5e6;
  replay.note = "checks and releases, each done and compared; the state's hash is that of the live engine";
}

} // namespace bench
