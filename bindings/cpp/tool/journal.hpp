// A journal as a stream of records: in the order in which it was written, or in that of tickets.
#pragma once

#include "kinds.hpp"

#include <memory>

namespace tool {

/// Reads a journal block by block.
class Reader {
public:
  /// From the first record of a segment on; 0: of the oldest.
  explicit Reader(std::string directory, u64 segment = 0);

  /// Whether there is a next block. After an end there may be one later.
  bool next();
  std::span<const rck_event> lines() const { return {buffer.get(), count}; }
  const rck_journal_cursor &cursor() const { return at; }
  /// Why there is no next block, when the end is not why.
  const std::optional<Failure> &fault() const { return why; }
  bool has_lost_its_segment() const { return is_gone; }

private:
  std::string directory;
  rck_journal_cursor at;
  std::unique_ptr<rck_event[]> buffer; // a block's lines
  u32 count = 0;
  bool is_gone = false;
  std::optional<Failure> why;
};

/// The numbers of a journal's segments, ascending, by the names of their files.
std::vector<u64> segments_of(const std::string &directory);
/// The name of a segment's file.
std::string file_of_segment(const std::string &directory, u64 segment);

/// The records of all ports in the order of their tickets, as a replay takes them. Each port is read by a reader of its
/// own. It holds a block of each port, never the journal.
class Merged {
public:
  explicit Merged(const std::string &directory);

  /// The next record of all; nullptr at the end. It stays where it is until the next call.
  const rck_event *next();
  /// The next record of the port whose record was given last.
  const rck_event *next_of_same() { return current == nullptr ? nullptr : take(*current); }
  /// Why there is no next record, when the end is not why.
  const std::optional<Failure> &fault() const { return why; }

private:
  struct Stream {
    Stream(const std::string &directory, u32 port) : reader(directory), port(port) {}
    Reader reader;
    u32 port;
    std::size_t at = 0;
    bool has_ended = false;
    u64 ticket = 0; // what has no ticket of its own belongs behind what came before it in its ring
  };

  const rck_event *head(Stream &stream);
  const rck_event *take(Stream &stream);
  void note(const Reader &reader);

  std::vector<std::unique_ptr<Stream>> streams;
  Stream *current = nullptr;
  std::optional<Failure> why;
};

} // namespace tool
