// The form of a journal's files as the tests know it, written from what the header promises, apart from the library's
// own: where segments and blocks begin, what their checksums must be. Reads and writes files, judges nothing.
#ifndef RCK_JOURNAL_LAYOUT_HPP
#define RCK_JOURNAL_LAYOUT_HPP

#include "../isolation/host.h"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace layout {

using Bytes = std::vector<uint8_t>;

constexpr size_t header_bytes = 4096;
constexpr size_t line_bytes = 64;
constexpr size_t block_bytes_max = (RCK_JOURNAL_BLOCK_LINES + 1) * line_bytes;

// The header page of a segment.
constexpr size_t version_at = 8, version_end = 12, region_at = 16, number_at = 24, first_block_at = 32;
constexpr size_t header_chain_at = 48, header_checksum_at = 52, config_at = 64, sequences_at = 1024;
constexpr size_t sequences_end = sequences_at + 256 * 8;

// The header line of a block.
constexpr uint32_t block_magic = 0x424b4352;
constexpr uint16_t records_kind = 1, end_kind = 2;
struct BlockLine {
  uint32_t magic, checksum;
  uint64_t number;
  uint32_t lines, records;
  uint16_t port, kind;
  uint32_t chain;
  uint64_t first_sequence, last_sequence;
  int64_t first_time, last_time;
};
static_assert(sizeof(BlockLine) == line_bytes);
static_assert(sizeof(rck_event) == line_bytes);

inline uint32_t crc32c(uint32_t before, const void *bytes, size_t count) {
  static const auto table = [] {
    std::array<std::array<uint32_t, 256>, 8> made{};
    for (uint32_t value = 0; value < 256; value++) {
      uint32_t sum = value;
      for (int bit = 0; bit < 8; bit++)
        sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78u : 0u);
      made[0][value] = sum;
    }
    for (uint32_t value = 0; value < 256; value++)
      for (size_t at = 1; at < 8; at++)
        made[at][value] = made[at - 1][value] >> 8 ^ made[0][made[at - 1][value] & 255];
    return made;
  }();
  const uint8_t *from = static_cast<const uint8_t *>(bytes);
  uint32_t sum = ~before;
  for (; count >= 8; count -= 8, from += 8) {
    uint64_t word = 0;
    memcpy(&word, from, 8);
    word ^= sum;
    sum = 0;
    for (size_t at = 0; at < 8; at++)
      sum ^= table[7 - at][word >> (at * 8) & 255];
  }
  for (; count > 0; count--, from++)
    sum = sum >> 8 ^ table[0][(sum ^ *from) & 255];
  return ~sum;
}

inline BlockLine line_at(const Bytes &bytes, size_t offset) {
  BlockLine line;
  memcpy(&line, bytes.data() + offset, sizeof line);
  return line;
}

inline uint64_t long_at(const Bytes &bytes, size_t offset) {
  uint64_t value = 0;
  memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

inline uint32_t short_at(const Bytes &bytes, size_t offset) {
  uint32_t value = 0;
  memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

inline uint32_t block_checksum(const uint8_t *block, size_t lines) {
  return crc32c(0, block + 8, line_bytes - 8 + lines * line_bytes);
}

inline uint32_t header_checksum(const uint8_t *header) {
  const uint32_t before = crc32c(0, header, header_checksum_at);
  return crc32c(before, header + header_checksum_at + 4, header_bytes - header_checksum_at - 4);
}

// A block's place in its file.
struct Block {
  size_t offset = 0, lines = 0, records = 0;
  uint16_t port = 0, kind = 0;
  size_t bytes() const { return (lines + 1) * line_bytes; }
  size_t end() const { return offset + bytes(); }
};

struct Segment {
  std::string name;
  uint64_t number = 0;
  bool is_finished = false;
  Bytes bytes;
  std::vector<Block> blocks;
};

inline Bytes contents(const std::string &path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  NEED(file >= 0);
  struct stat told;
  NEED(fstat(file, &told) == 0);
  Bytes bytes(static_cast<size_t>(told.st_size));
  NEED(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

inline void store(const std::string &path, const Bytes &bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  NEED(file >= 0);
  NEED(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  close(file);
}

inline std::string segment_name(uint64_t number, bool is_finished) {
  return text("%010llu.%s", static_cast<unsigned long long>(number), is_finished ? "journal" : "open");
}

inline std::vector<std::string> names_in(const std::string &folder) {
  std::vector<std::string> names;
  DIR *listing = opendir(folder.c_str());
  NEED(listing);
  while (const dirent *entry = readdir(listing))
    if (entry->d_name[0] != '.')
      names.push_back(entry->d_name);
  closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

inline void empty(const std::string &folder) {
  for (const std::string &name : names_in(folder))
    NEED(unlink((folder + "/" + name).c_str()) == 0);
}

// The blocks of an undamaged segment.
inline std::vector<Block> blocks_of(const Bytes &bytes) {
  std::vector<Block> blocks;
  for (size_t offset = header_bytes; offset + line_bytes <= bytes.size();) {
    const BlockLine line = line_at(bytes, offset);
    NEED(line.magic == block_magic && line.lines <= RCK_JOURNAL_BLOCK_LINES);
    Block block;
    block.offset = offset;
    block.lines = line.lines;
    block.records = line.records;
    block.port = line.port;
    block.kind = line.kind;
    NEED(block.end() <= bytes.size());
    NEED(block_checksum(bytes.data() + offset, block.lines) == line.checksum);
    blocks.push_back(block);
    offset = block.end();
  }
  return blocks;
}

// An undamaged journal: what it must be is asserted on the way.
inline std::vector<Segment> journal(const std::string &folder) {
  std::vector<Segment> segments;
  uint32_t chain = 0;
  uint64_t block = 1;
  for (const std::string &name : names_in(folder)) {
    Segment segment;
    segment.name = name;
    segment.number = strtoull(name.c_str(), nullptr, 10);
    segment.is_finished = name == segment_name(segment.number, true);
    segment.bytes = contents(folder + "/" + name);
    NEED(header_checksum(segment.bytes.data()) == short_at(segment.bytes, header_checksum_at));
    NEED(long_at(segment.bytes, number_at) == segment.number);
    NEED(segments.empty() || long_at(segment.bytes, first_block_at) == block);
    NEED(segments.empty() || short_at(segment.bytes, header_chain_at) == chain);
    block = long_at(segment.bytes, first_block_at);
    chain = short_at(segment.bytes, header_chain_at);
    segment.blocks = blocks_of(segment.bytes);
    for (const Block &one : segment.blocks) {
      const BlockLine line = line_at(segment.bytes, one.offset);
      NEED(line.number == block && line.chain == chain);
      block++;
      chain = line.checksum;
    }
    NEED(!segment.is_finished || segment.blocks.back().kind == end_kind);
    segments.push_back(std::move(segment));
  }
  return segments;
}

} // namespace layout

#endif
