// Segment files for the fuzzer: records of a real journal, or none, put together as the input wants, with checksums
// that are right unless it wants them wrong.
#ifndef RCK_FUZZ_JOURNAL_FILES_HPP
#define RCK_FUZZ_JOURNAL_FILES_HPP

#include "input.hpp"
#include "../journal/layout.hpp"

// A real journal.
struct Originals {
  std::vector<std::vector<rck_event>> records;
  layout::Bytes header;
  rck_config config = sized<rck_config>();
  rck_limit limit = sized<rck_limit>();

  explicit Originals(const std::string &golden) {
    auto cursor = sized<rck_journal_cursor>();
    std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
    for (uint32_t count = 1; count;) {
      PASSES(rck_journal_read(golden.c_str(), &cursor, lines.data(), &count, nullptr));
      for (uint32_t at = 0; at < count; at += lines[at].lines)
        add(lines.data() + at);
    }
    NEED(!records.empty());
    PASSES(rck_journal_config_get(golden.c_str(), &config, nullptr));
    config.flags = RCK_TELL_COMMANDS | RCK_TELL_MARKET;
  }

  // The header that a region's own journal has, for those that say they are of it.
  void take_header(rck_port *reader, const std::string &folder) {
    auto how = sized<rck_journal_config>();
    how.segment_bytes = 65'536;
    PASSES(rck_journal_open(reader, folder.c_str(), &how, nullptr));
    take_header(folder + "/" + layout::segment_name(1, false));
    PASSES(rck_journal_close(reader, nullptr));
  }
  // The header of a segment file.
  void take_header(const std::string &path) {
    header = layout::contents(path);
    header.resize(layout::header_bytes);
  }

private:
  // Annotations are alike: a few are enough.
  void add(const rck_event *lines) {
    annotations += lines->kind >= RCK_EVENT_HOST;
    if (lines->kind < RCK_EVENT_HOST || annotations < 8)
      records.emplace_back(lines, lines + lines->lines);
    if (lines->kind == RCK_EVENT_LIMIT_SET)
      memcpy(&limit, lines + 1, sizeof limit);
  }
  uint64_t annotations = 0;
};

class Forger {
public:
  Forger(const Originals &real, Input &input, const std::string &place) : originals(real), in(input), folder(place) {}

  bool is_in_order = true;

  void forge() {
    begin();
    while (!in.empty() && steps++ < 400 && total < 400'000)
      step(in.byte());
    end_block();
    if (in.byte() % 2)
      end_segment();
    else
      store(false);
  }

  // These records and no others, in a finished segment.
  void write(const std::vector<std::vector<rck_event>> &all) {
    begin();
    for (const std::vector<rck_event> &record : all)
      add(record);
    end_segment();
  }

private:
  struct Patch {
    size_t at;
    uint8_t value;
  };
  const Originals &originals;
  Input &in;
  const std::string folder;
  layout::Bytes file;
  std::vector<rck_event> lines; // of the block in work
  uint32_t records = 0;
  uint16_t port = 0;
  uint64_t number = 1, block = 1, ticket = 0, sequences[256] = {};
  uint32_t chain = 0;
  size_t next = 0, steps = 0, total = 0;
  bool is_wrong = false, keeps_numbers = false;
  std::vector<Patch> block_patches, header_patches;

  void step(uint8_t what) {
    if (what < 100)
      return several(1 + what % 16);
    if (what < 130)
      next = (in.byte() << 8 | in.byte()) % originals.records.size();
    else if (what < 190)
      patched(1 + what % 6);
    else if (what < 205)
      invented();
    else if (what < 215)
      end_block();
    else if (what < 222)
      end_segment(), begin();
    else if (what < 232)
      block_patches.push_back({in.byte() % layout::line_bytes, in.byte()});
    else if (what < 240)
      header_patches.push_back({static_cast<size_t>(in.byte() << 8 | in.byte()) % layout::header_bytes, in.byte()});
    else
      rare(what);
  }

  void rare(uint8_t what) {
    switch (what) {
    case 240:
      is_wrong = true;
      break;
    case 241:
      keeps_numbers = !keeps_numbers;
      break;
    case 242:
      chain ^= in.byte();
      break;
    case 243:
      block += in.byte();
      break;
    case 244:
      number += in.byte() % 4;
      break;
    case 245:
      store(false);
      is_in_order = false;
      number++;
      begin();
      break;
    case 246:
      sequences[in.byte()] = in.number();
      break;
    case 247:
      ticket = in.number();
      break;
    default:
      for (uint8_t left = in.byte(); left; left--)
        file.push_back(in.byte());
    }
  }

  void several(uint32_t count) {
    for (; count; count--)
      add(originals.records[next++ % originals.records.size()]);
  }

  void patched(uint32_t count) {
    std::vector<rck_event> record = originals.records[next++ % originals.records.size()];
    uint8_t *bytes = reinterpret_cast<uint8_t *>(record.data());
    for (; count; count--) {
      const size_t at = (in.byte() | (record.size() > 4 ? in.byte() << 8 : 0)) % (record.size() * sizeof(rck_event));
      bytes[at] = in.byte();
    }
    add(record);
  }

  void invented() {
    std::vector<rck_event> record(1 + in.byte() % RCK_RECORD_LINES_MAX);
    uint8_t *bytes = reinterpret_cast<uint8_t *>(record.data());
    for (uint8_t left = in.byte(); left; left--)
      bytes[in.byte() * 4u % (record.size() * sizeof(rck_event))] = in.byte();
    record[0].kind = in.byte();
    record[0].lines = static_cast<uint8_t>(in.byte() % 8 ? record.size() : in.byte());
    add(record);
  }

  void add(std::vector<rck_event> record) {
    if (lines.size() + record.size() > RCK_JOURNAL_BLOCK_LINES || (record[0].port != port && records))
      end_block();
    port = record[0].port;
    if (!keeps_numbers) {
      record[0].sequence = ++sequences[port & 255];
      record[0].ticket = record[0].ticket ? ++ticket : 0;
    }
    lines.insert(lines.end(), record.begin(), record.end());
    records++;
  }

  void put_block(uint16_t kind) {
    layout::BlockLine line{};
    line.magic = layout::block_magic;
    line.number = block++;
    line.lines = static_cast<uint32_t>(lines.size());
    line.records = records;
    line.port = port;
    line.kind = kind;
    line.chain = chain;
    if (records) {
      line.first_sequence = lines[0].sequence;
      line.last_sequence = sequences[port & 255];
      line.first_time = line.last_time = lines[0].time_ns;
    }
    const size_t at = file.size();
    file.resize(at + layout::line_bytes * (lines.size() + 1));
    memcpy(file.data() + at, &line, sizeof line);
    if (!lines.empty())
      memcpy(file.data() + at + sizeof line, lines.data(), lines.size() * sizeof(rck_event));
    for (const Patch &patch : block_patches)
      file[at + patch.at] = patch.value;
    const uint32_t sum = layout::block_checksum(file.data() + at, lines.size()) ^ (is_wrong ? 1 : 0);
    memcpy(file.data() + at + 4, &sum, 4);
    chain = sum;
    total += lines.size() * layout::line_bytes;
    lines.clear();
    block_patches.clear();
    records = 0;
    is_wrong = false;
  }

  void end_block() {
    if (records)
      put_block(layout::records_kind);
  }

  void begin() {
    file = originals.header;
    memcpy(file.data() + layout::number_at, &number, 8);
    memcpy(file.data() + layout::first_block_at, &block, 8);
    memcpy(file.data() + layout::header_chain_at, &chain, 4);
    memcpy(file.data() + layout::sequences_at, sequences, sizeof sequences);
  }

  void end_segment() {
    end_block();
    port = 0;
    put_block(layout::end_kind);
    store(true);
    number++;
  }

  void store(bool is_finished) {
    for (const Patch &patch : header_patches)
      file[patch.at] = patch.value;
    header_patches.clear();
    const uint32_t sum = layout::header_checksum(file.data());
    memcpy(file.data() + layout::header_checksum_at, &sum, 4);
    layout::store(folder + "/" + layout::segment_name(number, is_finished), file);
  }
};

#endif
