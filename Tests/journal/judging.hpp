// A journal that was made, and what must be read from it when it is damaged: all before the damage exactly as it was
// written, then the damage told, and never a record that differs. Knows nothing of who reads.
#ifndef RCK_JOURNAL_JUDGING_HPP
#define RCK_JOURNAL_JUDGING_HPP

#include "reading.hpp"
#include <sys/mman.h>

// The record blocks of an undamaged journal, in order.
struct Truth {
  struct Place {
    size_t segment, block;
  };
  std::vector<layout::Segment> segments;
  std::vector<Place> places;

  explicit Truth(const std::string &folder) : segments(layout::journal(folder)) {
    for (size_t segment = 0; segment < segments.size(); segment++)
      for (size_t block = 0; block < segments[segment].blocks.size(); block++)
        if (segments[segment].blocks[block].kind == layout::records_kind)
          places.push_back({segment, block});
  }
  const layout::Block &block(size_t place) const { return segments[places[place].segment].blocks[places[place].block]; }
  const rck_event *lines(size_t place) const {
    const layout::Bytes &bytes = segments[places[place].segment].bytes;
    return reinterpret_cast<const rck_event *>(bytes.data() + block(place).offset + layout::line_bytes);
  }
  // How many record blocks come before block `number` of a segment.
  size_t before(size_t segment, size_t number = 0) const {
    size_t found = 0;
    while (found < places.size() &&
           (places[found].segment < segment || (places[found].segment == segment && places[found].block < number)))
      found++;
    return found;
  }
  const layout::Segment &open_segment() const { return segments.back(); }
};

// What a damaged journal must give.
struct Expected {
  size_t first = 0, last = 0; // record blocks that are read, [first, last) of the truth
  bool may_end = false;       // the end may be told, with so many torn bytes, instead of damage
  bool must_end = false;
  uint64_t torn = 0;
  uint64_t segment = 0, offset = 0; // where damage is told
  // Other statuses that say as much.
  rck_status of_verify = RCK_E_DAMAGED, of_read = RCK_E_DAMAGED;
};

class Judge {
public:
  Judge(const Truth &told, Reading &reader, std::string place)
      : truth(told), reading(reader), folder(std::move(place)) {
    // A page that nobody may touch lies behind the caller's buffer.
    const size_t bytes = RCK_JOURNAL_BLOCK_LINES * sizeof(rck_event);
    void *memory = mmap(nullptr, bytes + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    NEED(memory != MAP_FAILED);
    NEED(mprotect(static_cast<char *>(memory) + bytes, 4096, PROT_NONE) == 0);
    lines = static_cast<rck_event *>(memory);
    learn();
  }

  uint64_t ended = 0; // how often the end was told, not damage

  // What is wrong with what is read; empty if nothing. The walk begins at the oldest block, or at one that is so many
  // before the damage.
  std::string fault(const Expected &expected, size_t blocks = SIZE_MAX) {
    const std::string wrong = walked(expected, expected.last - std::min(blocks, expected.last - expected.first));
    return wrong.empty() ? verified(expected) : wrong;
  }

private:
  const Truth &truth;
  Reading &reading;
  std::string folder;
  rck_event *lines;
  std::vector<rck_journal_cursor> cursors; // before each block of the undamaged journal

  void learn() {
    auto cursor = sized<rck_journal_cursor>();
    uint32_t count = 1;
    while (count) {
      cursors.push_back(cursor);
      PASSES(rck_journal_read(folder.c_str(), &cursor, lines, &count, nullptr));
    }
    NEED(cursors.size() == truth.places.size() + 1);
  }

  static std::string named(rck_status status) { return rck_status_name(status); }

  static bool allowed(const Expected &expected, rck_status status, rck_status other) {
    if (status == RCK_OK)
      return expected.may_end || expected.must_end;
    return !expected.must_end && (status == RCK_E_DAMAGED || status == other);
  }

  std::string verified(const Expected &expected) {
    auto info = sized<rck_verify_info>();
    rck_fault fault{};
    const rck_status status = reading.verify(folder.c_str(), &info, &fault);
    if (!allowed(expected, status, expected.of_verify))
      return "rck_verify gave " + named(status);
    uint64_t records = 0, count = 0;
    for (size_t at = expected.first; at < expected.last; at++) {
      records += truth.block(at).records;
      count += truth.block(at).lines;
    }
    const uint64_t blocks = expected.last - expected.first;
    if (info.blocks != blocks || info.lines != count || info.records != records)
      return text("rck_verify counts %llu blocks of %llu", static_cast<unsigned long long>(info.blocks),
                  static_cast<unsigned long long>(blocks));
    if (info.lost != 0)
      return "rck_verify says that records are lost";
    if (status == RCK_OK) {
      ended++;
      return info.torn_bytes == expected.torn
                 ? ""
                 : text("rck_verify tells %llu torn bytes of %llu", static_cast<unsigned long long>(info.torn_bytes),
                        static_cast<unsigned long long>(expected.torn));
    }
    if (info.damaged_segment != expected.segment || info.damaged_offset != expected.offset)
      return text("rck_verify tells damage of segment %llu at %llu, not of %llu at %llu",
                  static_cast<unsigned long long>(info.damaged_segment),
                  static_cast<unsigned long long>(info.damaged_offset),
                  static_cast<unsigned long long>(expected.segment), static_cast<unsigned long long>(expected.offset));
    if (status == RCK_E_DAMAGED && fault.value != static_cast<int64_t>(expected.offset))
      return "rck_verify's fault has another offset";
    return "";
  }

  std::string walked(const Expected &expected, size_t at) {
    rck_journal_cursor cursor = at == expected.first ? cursors[0] : cursors[at];
    for (;; at++) {
      const rck_journal_cursor before = cursor;
      uint32_t count = 77;
      rck_fault fault{};
      memset(static_cast<void *>(lines), 0x5a, 2 * sizeof(rck_event));
      const rck_status status = reading.read(folder.c_str(), &cursor, lines, &count, &fault);
      if (status != RCK_OK)
        return refused(expected, status, before, cursor, count, fault, at);
      if (count == 0)
        break;
      const std::string wrong = compared(at, count);
      if (!wrong.empty())
        return wrong;
    }
    if (at != expected.last)
      return text("the walk ended behind %zu blocks of %zu", at, expected.last);
    return expected.may_end || expected.must_end ? "" : "the walk came to an end";
  }

  std::string compared(size_t at, uint32_t count) const {
    if (at >= truth.places.size())
      return "a block that was never written is read";
    if (count != truth.block(at).lines)
      return text("block %zu is read with %u lines", at, count);
    if (memcmp(lines, truth.lines(at), count * sizeof(rck_event)) != 0)
      return text("a record of block %zu differs", at);
    return "";
  }

  std::string refused(const Expected &expected, rck_status status, const rck_journal_cursor &before,
                      const rck_journal_cursor &after, uint32_t count, const rck_fault &fault, size_t at) const {
    if (!allowed(expected, status, expected.of_read) || at != expected.last)
      return text("the walk gave %s behind %zu blocks of %zu", rck_status_name(status), at, expected.last);
    if (memcmp(&before, &after, sizeof before) != 0 || count != 77 || lines[0].sequence != 0x5a5a5a5a5a5a5a5a)
      return "a refused read has changed something";
    if (status == RCK_E_DAMAGED && fault.value != static_cast<int64_t>(expected.offset))
      return text("the fault of a read tells offset %lld, not %llu", static_cast<long long>(fault.value),
                  static_cast<unsigned long long>(expected.offset));
    return "";
  }
};

#endif
