// Snapshots for the fuzzer: those of a desk that was left at work, whose lines the input changes. Checksums of blocks
// are right, and so is, if it wants that, the hash of the state: whatever a region file of the same lines opens with.
#ifndef RCK_FUZZ_SNAPSHOT_FILES_HPP
#define RCK_FUZZ_SNAPSHOT_FILES_HPP

#include "../crash/told_trades.hpp"
#include "journal_files.hpp"
#include <optional>

using Records = std::vector<std::vector<rck_event>>;
struct Hash {
  uint64_t words[2] = {};
};
inline bool operator==(const Hash &left, const Hash &right) {
  return left.words[0] == right.words[0] && left.words[1] == right.words[1];
}

inline Hash hash_of(const rck_engine *engine) {
  Hash hash;
  PASSES(rck_state_hash(const_cast<rck_engine *>(engine), hash.words));
  return hash;
}

inline void write_snapshot(rck_engine *engine, const std::string &folder, uint32_t content) {
  auto info = sized<rck_snapshot_info>();
  layout::empty(folder);
  PASSES(rck_snapshot_write(engine, folder.c_str(), content, &info, nullptr));
}

// A region as a file, of which a snapshot's lines are: its header, and where the parts that they name begin.
class RegionForm {
public:
  explicit RegionForm(const std::string &path) : bytes(layout::contents(path)) {
    while (section_count < sections_max && layout::long_at(bytes, directory_at + section_count * entry_bytes))
      section_count++;
    std::fill(bytes.begin() + changing_at, bytes.end(), 0);
  }

  layout::Bytes filled(const Records &records) const {
    layout::Bytes file = bytes;
    for (const std::vector<rck_event> &record : records) {
      if (record[0].kind != RCK_EVENT_STATE || record[0].subject > section_count)
        continue;
      const size_t start = record[0].subject == section_count
                               ? changing_at
                               : layout::long_at(bytes, directory_at + record[0].subject * entry_bytes);
      const size_t at = start + static_cast<size_t>(record[0].values[0]) * layout::line_bytes;
      const size_t length = (record.size() - 1) * layout::line_bytes;
      if (at >= changing_at && at < file.size() && length <= file.size() - at)
        memcpy(file.data() + at, record.data() + 1, length);
    }
    return file;
  }

private:
  // The directory of sections {offset, count, each}; what changes in the header is the last part.
  static constexpr size_t directory_at = 384, entry_bytes = 24, sections_max = 96, changing_at = 2816;
  layout::Bytes bytes;
  size_t section_count = 0;
};

// A desk that was left at work, under one discipline.
struct Left {
  rck_config config{};
  uint64_t bytes = 0;
  Hash hash;
  std::optional<Originals> state, configuration;
  std::optional<RegionForm> form;
  struct Place {
    size_t record, word;
  };
  std::vector<Place> places; // words that say something

  Left(const std::string &folder, const std::string &region, uint32_t discipline) {
    Trader::config_of(config, discipline);
    config.flags |= told_flags & ~RCK_SHARED; // in memory
    PASSES(rck_region_bytes(&config, &bytes, nullptr));
    work(region, discipline);
    Trader at;
    PASSES(rck_engine_open(nullptr, region.c_str(), &at.engine, nullptr));
    hash = hash_of(at.engine);
    rck_port *const reader = empty_rings(at.engine);
    write_snapshot(at.engine, folder, RCK_SNAPSHOT_STATE);
    state.emplace(folder);
    state->take_header(folder + "/" + layout::segment_name(1, true));
    write_snapshot(at.engine, folder, RCK_SNAPSHOT_CONFIGURATION);
    configuration.emplace(folder);
    configuration->take_header(folder + "/" + layout::segment_name(1, true));
    PASSES(rck_port_close(reader));
    PASSES(rck_engine_close(at.engine));
    form.emplace(region);
    unlink(region.c_str());
    list_places();
  }

private:
  // Every kind of order, of limit and of latch is there; all orders are unconfirmed once it is opened again.
  void work(const std::string &region, uint32_t discipline) {
    unlink(region.c_str());
    Trader at;
    at.flags = told_flags;
    at.totals = true;
    at.make(region, discipline);
    at.limit_conduct();
    forgetful(at);
    PASSES(at.amend(1, 11, 20));
    PASSES(at.undo(1, 102, 0, 0));
    PASSES(at.place(2, 0, 5));
    PASSES(at.cash(5000));
    NEED(at.check(9, RCK_SIDE_BUY, 2000) == RCK_REJECT_POSITION_LONG);
    PASSES(at.stage_limits());
    PASSES(at.latch(RCK_SCOPE_INSTRUMENT, 2, RCK_STATE_REDUCE_ONLY));
    for (int64_t quantity : {1000, 5000})
      PASSES(at.allow(2, quantity));
    PASSES(at.watch(1));
    PASSES(rck_port_close(at.port));
    PASSES(rck_engine_close(at.engine));
  }

  // A file that is made of a snapshot's lines has nothing in its rings.
  static rck_port *empty_rings(rck_engine *engine) {
    rck_port *reader = nullptr;
    PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
    for (uint32_t source = 0; source <= 1; source++)
      for (uint32_t count = 1; count;) {
        rck_event lines[64];
        PASSES(rck_events_read(reader, source, lines, 64, &count));
      }
    return reader;
  }

  void list_places() {
    for (size_t record = 0; record < state->records.size(); record++)
      for (size_t word = 8; word < state->records[record].size() * 8; word++) {
        uint64_t value = 0;
        memcpy(&value, reinterpret_cast<const uint8_t *>(state->records[record].data()) + word * 8, 8);
        if (value)
          places.push_back({record, word});
      }
    NEED(places.size() > 100);
  }
};

// Changes the lines of a state as the input wants.
class Mutation {
public:
  Mutation(const Left &from, Input &input) : records(from.state->records), left(from), in(input) {}
  Records records;

  void run() {
    for (size_t steps = 0; steps < 64 && !in.empty(); steps++)
      step(in.byte());
  }

private:
  const Left &left;
  Input &in;

  size_t pair() { return static_cast<size_t>(in.byte()) << 8 | in.byte(); }

  // Mostly one that said something at first.
  uint8_t *word() {
    Left::Place place = left.places[pair() % left.places.size()];
    if (in.byte() >= 192 || place.record >= records.size() || place.word >= records[place.record].size() * 8) {
      place.record = pair() % records.size();
      place.word = pair() % (records[place.record].size() * 8);
    }
    return reinterpret_cast<uint8_t *>(records[place.record].data()) + place.word * 8;
  }

  void put(uint8_t *at, uint64_t value) { memcpy(at, &value, 8); }
  static uint64_t value(const uint8_t *at) {
    uint64_t found;
    memcpy(&found, at, 8);
    return found;
  }

  void step(uint8_t what) {
    uint8_t *const at = word();
    if (what < 70)
      put(at, in.number());
    else if (what < 120)
      put(at, value(at) + static_cast<uint64_t>(static_cast<int64_t>(in.byte()) - 128));
    else if (what < 150)
      at[what % 8] = in.byte();
    else if (what < 180)
      put(at, value(at) ^ 1ull << in.byte() % 64);
    else if (what < 210)
      put(at, value(word()));
    else if (what < 220)
      memmove(line_of(at), line_of(word()), layout::line_bytes);
    else if (what < 228)
      memset(line_of(at), 0, layout::line_bytes);
    else
      rearrange(what);
  }

  // The line that a word is of: lines of records begin at whole lines from their first.
  uint8_t *line_of(uint8_t *at) {
    for (std::vector<rck_event> &record : records) {
      uint8_t *const start = reinterpret_cast<uint8_t *>(record.data());
      if (at >= start && at < start + record.size() * layout::line_bytes)
        return at - (at - start) % static_cast<ptrdiff_t>(layout::line_bytes);
    }
    NEED(false);
    return nullptr;
  }

  void rearrange(uint8_t what) {
    const size_t from = pair() % records.size();
    if (what < 234 && records.size() > 2)
      records.erase(records.begin() + static_cast<ptrdiff_t>(from));
    else if (what < 240 && records.size() < 2 * left.state->records.size())
      records.push_back(std::vector<rck_event>(records[from]));
    else if (what < 246)
      records[from][0].subject = in.number();
    else if (what < 252)
      records[from][0].values[0] = static_cast<int64_t>(in.number());
    else if (records[from].size() > 1)
      records[from].pop_back(), records[from][0].lines--;
  }
};

#endif
