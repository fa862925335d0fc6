// The lives of a region that is journalled: what is done in each follows from a seed. What its journal must hold is
// read from the rings of a region that lived the same life without one. Knows nothing of what goes wrong.
#ifndef RCK_JOURNAL_LIVES_HPP
#define RCK_JOURNAL_LIVES_HPP

#include "layout.hpp"
#include "trading.hpp"
#include <map>

// The records of each port, in order, each with all its lines.
using Records = std::map<uint32_t, std::vector<std::vector<rck_event>>>;

inline void add_records(Records &records, const rck_event *lines, uint32_t count) {
  for (uint32_t at = 0; at < count; at += lines[at].lines) {
    NEED(lines[at].lines && at + lines[at].lines <= count);
    records[lines[at].port].emplace_back(lines + at, lines + at + lines[at].lines);
    if (lines[at].kind == RCK_EVENT_ENGINE_OPENED)
      records[lines[at].port].back()[0].values[1] = 0; // its pid
  }
}

inline size_t count_of(const Records &records) {
  size_t count = 0;
  for (const auto &[port, list] : records)
    count += list.size();
  return count;
}

using Counts = std::map<uint32_t, size_t>;

inline Counts counts_of(const Records &records) {
  Counts counts;
  for (const auto &[port, list] : records)
    counts[port] = list.size();
  return counts;
}

// The first ones of each port.
inline Records first_of(const Records &records, const Counts &counts) {
  Records found;
  for (const auto &[port, count] : counts) {
    const auto &list = records.at(port);
    found[port].assign(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return found;
}

// What is different between records that a port wrote, from its first on, and those that are expected of it. With
// `is_longer` there may be more of them, whose sequences follow.
inline std::string difference(const Records &found, const Records &expected, bool is_longer) {
  for (const auto &[port, list] : found) {
    uint64_t last = 0;
    for (const auto &record : list) {
      if (record[0].sequence != last + 1)
        return text("behind record %llu of port %u comes %llu", static_cast<unsigned long long>(last), port,
                    static_cast<unsigned long long>(record[0].sequence));
      last++;
    }
  }
  for (const auto &[port, list] : expected) {
    const auto there = found.find(port);
    const size_t count = there == found.end() ? 0 : there->second.size();
    if (count < list.size() || (count > list.size() && !is_longer))
      return text("port %u has %zu records of %zu", port, count, list.size());
    for (size_t at = 0; at < list.size(); at++) {
      const auto &record = there->second[at];
      if (record.size() != list[at].size() ||
          memcmp(record.data(), list[at].data(), record.size() * sizeof(rck_event)) != 0)
        return text("record %zu of port %u differs: kind %u for %u", at + 1, port, record[0].kind, list[at][0].kind);
    }
  }
  return "";
}

// Reads on from where it stopped.
class Follower {
public:
  explicit Follower(std::string place) : folder(std::move(place)), cursor(sized<rck_journal_cursor>()) {}

  Records records;
  uint64_t blocks = 0;

  rck_status follow() {
    static rck_event lines[RCK_JOURNAL_BLOCK_LINES];
    uint32_t count = 1;
    while (count) {
      const rck_status status = rck_journal_read(folder.c_str(), &cursor, lines, &count, nullptr);
      if (status != RCK_OK)
        return status;
      add_records(records, lines, count);
      blocks += count != 0;
    }
    return RCK_OK;
  }

private:
  std::string folder;
  rck_journal_cursor cursor;
};

// Verifies and reads a whole journal; what is wrong with it.
inline std::string read_whole(const std::string &folder, Records &records) {
  auto info = sized<rck_verify_info>();
  const rck_status verified = rck_verify(folder.c_str(), &info, nullptr);
  if (verified != RCK_OK)
    return text("rck_verify gives %s of segment %llu at %llu", rck_status_name(verified),
                static_cast<unsigned long long>(info.damaged_segment),
                static_cast<unsigned long long>(info.damaged_offset));
  if (info.lost)
    return text("rck_verify says that %llu records are lost", static_cast<unsigned long long>(info.lost));
  Follower follower(folder);
  const rck_status read = follower.follow();
  records = follower.records;
  if (read != RCK_OK)
    return text("rck_journal_read gives %s", rck_status_name(read));
  return info.records == count_of(records) ? "" : "rck_verify and a walk count differently";
}

// One round: some calls, of the administrator and through every port.
struct Script {
  uint64_t seed = 1;
  uint32_t rounds = 44;
  uint32_t sync = RCK_SYNC_NONE;
  uint64_t segments_max = 0;
};

inline void act_round(trading::Desk &desk, uint32_t round) {
  const uint64_t count = round % 11 == 5 ? 120 : 2 + desk.random.below(30);
  for (uint64_t act = 0; act < count; act++)
    desk.act_somewhere();
}

inline rck_config life_config() {
  rck_config config = trading::config(RCK_MANY_WRITERS, 1024);
  config.flags |= RCK_SHARED;
  return config;
}

inline void begin_life(trading::Desk &desk, const std::string &region) {
  desk.open(life_config(), region);
  desk.open_reader();
}

inline void begin_trading(trading::Desk &desk) {
  desk.define();
  for (uint32_t index = 1; index <= trading::ports; index++)
    desk.open_writer(index);
}

// What a life writes, as it is read from the rings, and how much of that behind each round.
inline Records lived(const Script &script, const std::string &region, std::vector<Counts> *by_round) {
  trading::Desk desk(script.seed);
  Records records;
  const auto take = [&] {
    for (uint32_t ring = 0; ring <= trading::ports; ring++) {
      rck_event lines[1024];
      uint32_t count = 1;
      while (count) {
        PASSES(rck_events_read(desk.reader, ring, lines, 1024, &count));
        add_records(records, lines, count);
      }
    }
    by_round->push_back(counts_of(records));
  };
  begin_life(desk, region);
  begin_trading(desk);
  for (uint32_t round = 0; round < script.rounds; round++) {
    act_round(desk, round);
    take();
  }
  desk.close();
  return records;
}

inline rck_journal_config config_of(const Script &script) {
  rck_journal_config config = trading::journal_config(script.sync);
  config.segments_max = script.segments_max;
  return config;
}

#endif
