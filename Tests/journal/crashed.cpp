// What the disk has if the machine stops behind a pump, of RCK_SYNC_BATCH: what was synced, under the names that their
// directory was synced with, and nothing else. All that has left the rings must be there.
//
//   crashed <folder> <seed> [planted]
//
// `planted`: what is held against the disk are the records that were written, not those that left the rings, with a
// sync that fails.
#include "faulty.hpp"

namespace {

class Machine {
public:
  Machine(const std::string &base, uint64_t seed, uint32_t sync)
      : places(base), crashed(base + "/crashed"), desk(seed) {
    mkdir(crashed.c_str(), 0700);
    layout::empty(crashed);
    faults::disk = {};
    faults::disk.is_watched = true;
    begin_life(desk, places.region);
    open(sync);
    begin_trading(desk);
  }
  ~Machine() {
    desk.close();
    faults::disk.is_watched = false;
  }
  Machine(const Machine &) = delete;
  Machine &operator=(const Machine &) = delete;

  const Places places;
  const std::string crashed;
  trading::Desk desk;
  rck_pump_info info = sized<rck_pump_info>();
  bool is_planted = false;

  void open(uint32_t sync) {
    const rck_journal_config config = trading::journal_config(sync);
    PASSES(rck_journal_open(desk.reader, places.folder.c_str(), &config, nullptr));
  }

  // Closing the port leaves the segment unfinished.
  void reopen(uint32_t sync) {
    PASSES(rck_port_close(desk.reader));
    desk.open_reader();
    open(sync);
  }

  rck_status pump() {
    const faults::Armed armed;
    return rck_journal_pump(desk.reader, &info, nullptr);
  }

  // What is missing on the disk of all that has left the rings.
  std::string missing() {
    layout::empty(crashed);
    for (const auto &[name, inode] : faults::disk.names)
      layout::store(crashed + "/" + name, faults::disk.files[inode]);
    Follower follower(crashed);
    const rck_status status = follower.follow();
    if (status != RCK_OK && !faults::disk.names.empty())
      return text("what the disk has cannot be read: %s", rck_status_name(status));
    for (uint32_t ring = 0; ring <= trading::ports; ring++) {
      const rck_stats stats = desk.stats(ring);
      const uint64_t left = is_planted ? stats.events_written : stats.events_read;
      const size_t there = follower.records[ring].size();
      if (there < left)
        return text("%llu records of port %u have left its ring, the disk has %zu",
                    static_cast<unsigned long long>(left), ring, there);
    }
    return reopened(count_of(follower.records));
  }

private:
  // Who goes on with what the disk has finds all of it again.
  std::string reopened(size_t count) {
    if (faults::disk.names.empty())
      return "";
    rck_port *port = nullptr;
    PASSES(rck_port_open(desk.engine, 0, RCK_PORT_READER, &port, nullptr));
    const rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
    const bool was_watched = faults::disk.is_watched;
    faults::disk.is_watched = false;
    const rck_status status = rck_journal_open(port, crashed.c_str(), &config, nullptr);
    PASSES(rck_port_close(port));
    faults::disk.is_watched = was_watched;
    Records found;
    const std::string wrong = status == RCK_OK ? read_whole(crashed, found) : rck_status_name(status);
    if (wrong.empty() && count_of(found) == count)
      return "";
    return text("of %zu records that the disk has %zu are left when it is gone on with: %s", count, count_of(found),
                wrong.c_str());
  }
};

int each_pump(const std::string &base, uint64_t seed, bool is_planted) {
  Tally tally("of each batch synced: what has left the rings is on the disk when the machine stops, and is kept");
  Machine machine(base, seed, RCK_SYNC_BATCH);
  machine.is_planted = is_planted;
  Random random(seed);
  for (uint32_t round = 0; round < 60; round++) {
    act_round(machine.desk, round);
    // At times the disk does not do what it is asked for.
    faults::calls = 0;
    faults::plan = {round % 3 == 1 ? faults::error : faults::none, 1 + random.below(4), 1 + random.below(3), EIO,
                    1u << faults::syncs | 1u << faults::renames};
    const rck_status status = machine.pump();
    NEED(status == RCK_OK || status == RCK_E_SYSTEM);
    tally.tried++;
    const std::string wrong = machine.missing();
    if (!wrong.empty())
      tally.fault(text("round %u, %s: ", round, rck_status_name(status)) + wrong);
  }
  faults::plan = {};
  return tally.close();
}

int repeats_are_synced(const std::string &base, uint64_t seed) {
  Tally tally("what was written but not synced by who was before is synced before it leaves the rings");
  Machine machine(base, seed, RCK_SYNC_BATCH);
  for (uint32_t round = 0; round < 10; round++) {
    act_round(machine.desk, round);
    faults::calls = 0;
    faults::plan = {faults::error, 1, 1, EIO, 1u << faults::syncs};
    NEED(machine.pump() == RCK_E_SYSTEM || machine.info.records == 0);
    faults::plan = {};
    machine.reopen(RCK_SYNC_BATCH);
    PASSES(machine.pump());
    tally.tried++;
    const std::string wrong = machine.missing();
    if (!wrong.empty())
      tally.fault(text("round %u, %llu repeats: ", round, static_cast<unsigned long long>(machine.info.repeats)) +
                  wrong);
  }
  return tally.close();
}

int name_is_synced(const std::string &base, uint64_t seed) {
  Tally tally("a segment that was begun without syncs has its name on the disk once batches are synced");
  Machine machine(base, seed, RCK_SYNC_NONE);
  act_round(machine.desk, 0);
  PASSES(machine.pump());
  machine.reopen(RCK_SYNC_BATCH);
  act_round(machine.desk, 1);
  PASSES(machine.pump());
  tally.tried++;
  const std::string wrong = machine.missing();
  if (!wrong.empty())
    tally.fault(wrong);
  return tally.close();
}

} // namespace

int main(int count, char **words) {
  if (count < 3)
    return 2;
  const uint64_t seed = strtoull(words[2], nullptr, 10);
  int failed = each_pump(words[1], seed, has_word(count, words, "planted"));
  if (!has_word(count, words, "planted"))
    failed += repeats_are_synced(words[1], seed) + name_is_synced(words[1], seed);
  return failed ? 1 : 0;
}
