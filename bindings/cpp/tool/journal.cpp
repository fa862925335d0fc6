// Journals are read by rck_journal_read alone; here is how its blocks are walked.
#include "journal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <set>

namespace tool {

Reader::Reader(std::string directory, u64 segment)
    : directory(std::move(directory)), at(sized<rck_journal_cursor>()),
      buffer(std::make_unique<rck_event[]>(RCK_JOURNAL_BLOCK_LINES)) {
  at.segment = segment;
}

bool Reader::next() {
  rck_fault fault{};
  count = 0;
  const rck_status status = rck_journal_read(directory.c_str(), &at, buffer.get(), &count, &fault);
  if (status == RCK_OK)
    return count != 0;
  why = failure(status, fault, directory);
  is_gone = status == RCK_E_NO_JOURNAL && at.segment != 0;
  if (status == RCK_E_DAMAGED)
    why->text += ": the block at offset " + std::to_string(fault.value) +
                 " is not what was written, or does not follow the one before; see riskcheck verify";
  return false;
}

std::vector<u64> segments_of(const std::string &directory) {
  std::set<u64> found;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(directory, error)) {
    const auto stem = entry.path().stem().string(), suffix = entry.path().extension().string();
    u64 number = 0;
    const auto parsed = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if ((suffix == ".journal" || suffix == ".open") && parsed.ptr == stem.data() + stem.size() && number != 0)
      found.insert(number);
  }
  return {found.begin(), found.end()};
}

std::string file_of_segment(const std::string &directory, u64 segment) {
  char number[24];
  std::snprintf(number, sizeof number, "%010llu", static_cast<unsigned long long>(segment));
  std::error_code error;
  const bool is_open =
      std::filesystem::exists(std::filesystem::path(directory) / (number + std::string(".open")), error);
  return number + std::string(is_open ? ".open" : ".journal");
}

Merged::Merged(const std::string &directory) {
  std::set<u32> ports;
  Reader reader(directory);
  while (reader.next())
    ports.insert(reader.cursor().port);
  note(reader);
  for (const u32 port : ports)
    streams.push_back(std::make_unique<Stream>(directory, port));
}

const rck_event *Merged::head(Stream &stream) {
  while (!stream.has_ended && stream.at >= stream.reader.lines().size()) {
    do
      stream.has_ended = !stream.reader.next();
    while (!stream.has_ended && stream.reader.cursor().port != stream.port);
    stream.at = 0;
    if (stream.has_ended)
      note(stream.reader);
  }
  return stream.has_ended ? nullptr : &stream.reader.lines()[stream.at];
}

void Merged::note(const Reader &reader) {
  if (reader.fault() && !why)
    why = reader.fault();
}

const rck_event *Merged::next() {
  Stream *best = nullptr;
  u64 lowest = 0;
  for (const auto &stream : streams) {
    const rck_event *event = head(*stream);
    if (event == nullptr)
      continue;
    const u64 ticket = event->ticket == 0 ? stream->ticket : event->ticket;
    if (best == nullptr || ticket < lowest) {
      best = stream.get();
      lowest = ticket;
    }
  }
  current = best;
  return best == nullptr ? nullptr : take(*best);
}

const rck_event *Merged::take(Stream &stream) {
  const rck_event *event = head(stream);
  if (event == nullptr)
    return nullptr;
  if (event->ticket != 0)
    stream.ticket = event->ticket;
  stream.at += event->lines;
  return event;
}

} // namespace tool
