// A journal that is made to be damaged: its files, the truth about them, and what damage at a place must give.
#ifndef RCK_JOURNAL_WORKSHOP_HPP
#define RCK_JOURNAL_WORKSHOP_HPP

#include "judging.hpp"
#include "trading.hpp"

using layout::Block;
using layout::Bytes;
using layout::Segment;

// Two finished segments and one that is not, of three ports and the engine, with blocks of few lines and of many.
// Its region lives on, until the desk is closed.
inline void make(trading::Desk &desk, const std::string &folder) {
  desk.make(trading::config(RCK_MANY_WRITERS, 4096));
  desk.open_reader();
  const auto config = trading::journal_config(RCK_SYNC_NONE);
  PASSES(rck_journal_open(desk.reader, folder.c_str(), &config, nullptr));
  desk.define();
  for (uint32_t index = 1; index <= trading::ports; index++)
    desk.open_writer(index);
  auto info = sized<rck_pump_info>();
  uint64_t small = 0;
  while (info.segments_finished < 2 || small < 8) {
    // The last ones of each segment are small: cuts go through each of their bytes.
    const bool is_first = info.segment_bytes < 10'000, is_small = info.segment_bytes > 57'000;
    const uint64_t most = is_small ? 8 : info.segments_finished == 2 ? 16 : is_first ? 180 : 50;
    const uint64_t count = 3 + desk.random.below(most);
    for (uint64_t act = 0; act < count; act++)
      desk.act_somewhere();
    PASSES(rck_journal_pump(desk.reader, &info, nullptr));
    NEED(info.waiting == 0);
    small += info.segments_finished == 2;
  }
  PASSES(rck_port_close(desk.reader)); // which leaves the segment unfinished
  desk.reader = nullptr;
}

inline void make(const std::string &folder, uint64_t seed) {
  trading::Desk desk(seed);
  make(desk, folder);
  desk.close();
}

class Workshop {
public:
  Workshop(std::string place, Reading &reader)
      : folder(std::move(place)), truth(folder), judge(truth, reader, folder) {}

  const std::string folder;
  Truth truth;
  Judge judge;

  std::string path(const std::string &name) const { return folder + "/" + name; }

  void restore() const {
    layout::empty(folder);
    for (const Segment &segment : truth.segments)
      layout::store(path(segment.name), segment.bytes);
  }

  // Everything up to a place in a segment is read, then damage is told there.
  Expected damaged(size_t segment, uint64_t offset) const {
    Expected expected;
    const Segment &one = truth.segments[segment];
    size_t block = 0;
    while (block < one.blocks.size() && one.blocks[block].end() <= offset)
      block++;
    const bool is_header = offset < layout::header_bytes;
    expected.last = truth.before(segment, is_header ? 0 : block);
    expected.segment = one.number;
    expected.offset = is_header ? 0 : block < one.blocks.size() ? one.blocks[block].offset : one.bytes.size();
    return expected;
  }

  Expected whole() const {
    Expected expected;
    expected.last = truth.places.size();
    expected.must_end = true;
    return expected;
  }
};

#endif
