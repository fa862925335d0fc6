// Who reads a journal beside the pump, in threads of their own, while segments end, disks fill up in the midst of a
// write and have room again: they are never told of damage, and have every record at the end.
//
//   beside <folder> <pumps> <seed> [planted]
//
// `planted`: at the end a block is cut off, so that a record is missing.
#include "faulty.hpp"
#include <atomic>
#include <thread>

namespace {

constexpr uint32_t per_pump = 60; // annotations, of all ports together

class Beside {
public:
  Beside(const std::string &base, uint64_t pumps, uint64_t seed)
      : places(base), count(pumps), random(seed), desk(seed),
        walked("who walks beside the pump has each record in order"),
        verified("who verifies beside the pump finds no damage and nothing lost") {
    desk.make(trading::config(RCK_MANY_WRITERS, 4096));
    desk.open_reader();
    const rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
    PASSES(rck_journal_open(desk.reader, places.folder.c_str(), &config, nullptr));
    begin_trading(desk);
  }
  ~Beside() { desk.close(); }
  Beside(const Beside &) = delete;
  Beside &operator=(const Beside &) = delete;

  int run(bool is_planted) {
    std::thread walker([this] { walk(); });
    std::thread verifier([this] { verify(); });
    for (uint64_t at = 0; at < count; at++)
      pump(at);
    faults::plan = {};
    PASSES(rck_journal_pump(desk.reader, nullptr, nullptr));
    if (is_planted)
      shorten();
    is_over.store(true, std::memory_order_release);
    walker.join();
    verifier.join();
    for (uint32_t port = 1; port <= trading::ports; port++)
      if (sequences[port] != desk.stats(port).events_written)
        walked.fault(text("port %u has written %llu, read are %llu", port,
                          static_cast<unsigned long long>(desk.stats(port).events_written),
                          static_cast<unsigned long long>(sequences[port])));
    return walked.close(text("%llu pumps, %llu failed", static_cast<unsigned long long>(count),
                             static_cast<unsigned long long>(failures))) +
           verified.close();
  }

private:
  const Places places;
  const uint64_t count;
  Random random;
  trading::Desk desk;
  Tally walked, verified; // each of one thread, until it has ended
  std::atomic<bool> is_over{false};
  uint64_t sequences[256] = {}, failures = 0;

  void pump(uint64_t at) {
    for (uint32_t left = per_pump; left > 0; left--) {
      const uint32_t port = 1 + static_cast<uint32_t>(random.below(trading::ports));
      const rck_event event = numbered_event(at, port, desk.now_ns);
      NEED(rck_event_write(desk.writers[port], &event, 1) >= 0);
    }
    faults::plan = {at % 3 ? faults::none : faults::part_then_error, 1 + random.below(3), 2, ENOSPC,
                    1u << faults::writes};
    faults::calls = 0;
    rck_status status = RCK_OK;
    {
      const faults::Armed armed; // of this thread
      status = rck_journal_pump(desk.reader, nullptr, nullptr);
    }
    NEED(status == RCK_OK || status == RCK_E_NO_SPACE);
    failures += status != RCK_OK;
  }

  void walk() {
    std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
    auto cursor = sized<rck_journal_cursor>();
    for (uint32_t read = 1; read > 0 || !is_over.load(std::memory_order_acquire);) {
      const bool was_over = is_over.load(std::memory_order_acquire);
      const rck_status status = rck_journal_read(places.folder.c_str(), &cursor, lines.data(), &read, nullptr);
      walked.tried++;
      if (status != RCK_OK) {
        walked.fault(text("%s of segment %llu at %llu", rck_status_name(status),
                          static_cast<unsigned long long>(cursor.segment),
                          static_cast<unsigned long long>(cursor.offset)));
        read = was_over ? 0 : 1;
        continue;
      }
      for (uint32_t at = 0; at < read; at += lines[at].lines)
        take(lines[at]);
      if (read == 0 && !was_over)
        read = 1; // once more behind the end
    }
  }

  void take(const rck_event &event) {
    uint64_t &last = sequences[event.port & 255];
    if (event.sequence != last + 1)
      walked.fault(text("behind record %llu of port %u comes %llu", static_cast<unsigned long long>(last), event.port,
                        static_cast<unsigned long long>(event.sequence)));
    last = event.sequence;
  }

  void verify() {
    uint64_t before = 0;
    while (!is_over.load(std::memory_order_acquire)) {
      auto info = sized<rck_verify_info>();
      const rck_status status = rck_verify(places.folder.c_str(), &info, nullptr);
      verified.tried++;
      if (status != RCK_OK || info.lost || info.records < before)
        verified.fault(text("%s, %llu lost, %llu records behind %llu", rck_status_name(status),
                            static_cast<unsigned long long>(info.lost), static_cast<unsigned long long>(info.records),
                            static_cast<unsigned long long>(before)));
      before = info.records;
    }
  }

  void shorten() const {
    const std::string name = layout::names_in(places.folder).back();
    layout::Bytes bytes = layout::contents(places.folder + "/" + name);
    bytes.resize(layout::header_bytes);
    layout::store(places.folder + "/" + name, bytes);
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  Beside beside(words[1], strtoull(words[2], nullptr, 10), strtoull(words[3], nullptr, 10));
  return beside.run(has_word(count, words, "planted")) ? 1 : 0;
}
