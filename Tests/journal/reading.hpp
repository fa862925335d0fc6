// Two readers of a journal: the library, and one of the tests' own, which on request has a fault that the judges must
// notice: that it ignores checksums, ignores what a block follows, takes damage for the end, reads a block twice, or
// writes behind the caller's buffer.
#ifndef RCK_JOURNAL_READING_HPP
#define RCK_JOURNAL_READING_HPP

#include "checks.hpp"
#include "layout.hpp"
#include <map>

class Reading {
public:
  virtual ~Reading() = default;
  virtual rck_status verify(const char *folder, rck_verify_info *info, rck_fault *fault) = 0;
  virtual rck_status read(const char *folder, rck_journal_cursor *cursor, rck_event *lines, uint32_t *count,
                          rck_fault *fault) = 0;
};

class LibraryReading : public Reading {
public:
  rck_status verify(const char *folder, rck_verify_info *info, rck_fault *fault) override {
    return rck_verify(folder, info, fault);
  }
  rck_status read(const char *folder, rck_journal_cursor *cursor, rck_event *lines, uint32_t *count,
                  rck_fault *fault) override {
    return rck_journal_read(folder, cursor, lines, count, fault);
  }
};

class OwnReading : public Reading {
public:
  explicit OwnReading(std::string what) : planted(std::move(what)) {}

  rck_status verify(const char *folder, rck_verify_info *info, rck_fault *fault) override {
    *info = sized<rck_verify_info>();
    auto cursor = sized<rck_journal_cursor>();
    std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
    uint32_t count = 0;
    rck_status status = RCK_OK;
    std::map<uint16_t, uint64_t> sequences;
    torn = 0;
    while ((status = read(folder, &cursor, lines.data(), &count, fault)) == RCK_OK && count)
      note(*info, lines.data(), count, sequences);
    info->torn_bytes = torn;
    if (status != RCK_OK) {
      info->damaged_segment = place.segment;
      info->damaged_offset = place.offset;
    }
    return status;
  }

  rck_status read(const char *folder, rck_journal_cursor *cursor, rck_event *lines, uint32_t *count,
                  rck_fault *fault) override {
    rck_journal_cursor at = *cursor;
    uint32_t found = 0;
    const rck_status status = next(folder, at, lines, &found);
    place = at;
    if (status == RCK_OK || planted == "silent") {
      *count = status == RCK_OK ? found : 0;
      if (status == RCK_OK && !(planted == "twice" && found && ++calls % 5 == 0))
        *cursor = at;
      return RCK_OK;
    }
    *fault = rck_fault{};
    fault->status = status;
    fault->value = static_cast<int64_t>(at.offset);
    return status;
  }

private:
  std::string planted;
  uint64_t torn = 0, calls = 0;
  rck_journal_cursor place{};

  static void note(rck_verify_info &info, const rck_event *lines, uint32_t count,
                   std::map<uint16_t, uint64_t> &sequences) {
    info.blocks++;
    info.lines += count;
    info.bytes += (count + 1) * layout::line_bytes;
    for (uint32_t at = 0; at < count; at += std::max<uint32_t>(1, lines[at].lines)) {
      uint64_t &last = sequences[lines[at].port];
      info.records++;
      if (last)
        info.lost += lines[at].sequence - last - 1;
      last = lines[at].sequence;
    }
  }

  // The file of a segment; false if there is none.
  static bool load(const std::string &folder, uint64_t number, layout::Segment &segment) {
    for (const bool is_finished : {true, false}) {
      segment.name = layout::segment_name(number, is_finished);
      segment.is_finished = is_finished;
      const std::string path = folder + "/" + segment.name;
      if (access(path.c_str(), R_OK) != 0)
        continue;
      segment.bytes = layout::contents(path);
      return true;
    }
    return false;
  }

  rck_status next(const std::string &folder, rck_journal_cursor &at, rck_event *lines, uint32_t *count) {
    *count = 0;
    for (;;) {
      std::vector<uint64_t> numbers;
      for (const std::string &name : layout::names_in(folder)) {
        const uint64_t number = strtoull(name.c_str(), nullptr, 10);
        if (number && (name == layout::segment_name(number, true) || name == layout::segment_name(number, false)))
          numbers.push_back(number);
      }
      if (numbers.empty())
        return RCK_E_NO_JOURNAL;
      if (at.segment == 0)
        at.segment = numbers.front();
      layout::Segment segment;
      if (!load(folder, at.segment, segment))
        return at.segment == numbers.back() + 1 ? RCK_OK : RCK_E_DAMAGED;
      const bool is_last = at.segment == numbers.back();
      if (at.offset == 0) {
        if (segment.bytes.size() < layout::header_bytes)
          return segment.is_finished || !is_last ? RCK_E_DAMAGED : ended(segment.bytes.size());
        if (!begin(at, segment))
          return RCK_E_DAMAGED;
      }
      const rck_status status = block(at, segment, is_last, lines, count);
      if (status != RCK_REPEAT)
        return status;
    }
  }

  rck_status ended(uint64_t bytes) {
    torn = bytes;
    return RCK_OK;
  }

  bool begin(rck_journal_cursor &at, const layout::Segment &segment) const {
    const layout::Bytes &bytes = segment.bytes;
    const bool ignores_chain = planted == "chain", ignores_sums = planted == "checksum";
    const bool is_sound = layout::header_checksum(bytes.data()) == layout::short_at(bytes, layout::header_checksum_at);
    if (!is_sound && !ignores_sums)
      return false;
    const uint64_t first = layout::long_at(bytes, layout::first_block_at);
    const uint32_t chain = layout::short_at(bytes, layout::header_chain_at);
    const bool follows = at.block == 0 || (at.block == first && at.chain == chain);
    if (!ignores_chain && (!follows || layout::long_at(bytes, layout::number_at) != at.segment))
      return false;
    at.block = first;
    at.chain = chain;
    at.offset = layout::header_bytes;
    return true;
  }

  // Whether a whole block lies behind a place.
  static bool has_whole_block(const layout::Bytes &bytes, size_t place) {
    for (size_t at = place + layout::line_bytes; at + layout::line_bytes <= bytes.size(); at += layout::line_bytes) {
      const layout::BlockLine line = layout::line_at(bytes, at);
      if (line.magic == layout::block_magic && line.lines <= RCK_JOURNAL_BLOCK_LINES &&
          at + (line.lines + 1) * layout::line_bytes <= bytes.size() &&
          layout::block_checksum(bytes.data() + at, line.lines) == line.checksum)
        return true;
    }
    return false;
  }

  // The next block; RCK_REPEAT: the segment has ended.
  rck_status block(rck_journal_cursor &at, const layout::Segment &segment, bool is_last, rck_event *lines,
                   uint32_t *count) {
    const layout::Bytes &bytes = segment.bytes;
    const uint64_t left = bytes.size() - at.offset;
    const bool may_end = !segment.is_finished && is_last;
    if (left < layout::line_bytes)
      return may_end ? ended(left) : RCK_E_DAMAGED;
    const layout::BlockLine line = layout::line_at(bytes, at.offset);
    const bool is_one = line.magic == layout::block_magic && line.lines <= RCK_JOURNAL_BLOCK_LINES;
    const uint64_t whole = (is_one ? line.lines + 1 : RCK_JOURNAL_BLOCK_LINES + 1) * layout::line_bytes;
    const bool is_whole =
        is_one && left >= whole &&
        (planted == "checksum" || layout::block_checksum(bytes.data() + at.offset, line.lines) == line.checksum);
    if (!is_whole)
      return may_end && !has_whole_block(bytes, at.offset) ? ended(left) : RCK_E_DAMAGED;
    if (planted != "chain" && (line.number != at.block || line.chain != at.chain))
      return RCK_E_DAMAGED;
    at.block++;
    at.chain = line.checksum;
    at.port = line.port;
    if (line.kind == layout::end_kind) {
      if (bytes.size() != at.offset + whole)
        return RCK_E_DAMAGED;
      at.segment++;
      at.offset = 0;
      return RCK_REPEAT;
    }
    memcpy(lines, bytes.data() + at.offset + layout::line_bytes, line.lines * layout::line_bytes);
    if (planted == "beyond")
      memset(static_cast<void *>(lines + RCK_JOURNAL_BLOCK_LINES), 0, layout::line_bytes);
    *count = line.lines;
    at.offset += whole;
    return RCK_OK;
  }
};

#endif
