// A journal that is pumped, and read meanwhile, while writes stop in their midst: a desk whose ports annotate, a pump
// that may fail as planned, and a reader that holds each record against the one before.
#ifndef RCK_JOURNAL_WATCHED_HPP
#define RCK_JOURNAL_WATCHED_HPP

#include "faulty.hpp"

class Watched {
public:
  Watched(const std::string &base, uint64_t seed, const char *what)
      : places(base), random(seed), desk(seed), tally(what), cursor(sized<rck_journal_cursor>()) {
    desk.make(trading::config(RCK_MANY_WRITERS, 4096));
    desk.open_reader();
    const rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
    PASSES(rck_journal_open(desk.reader, places.folder.c_str(), &config, nullptr));
    begin_trading(desk);
  }
  ~Watched() { desk.close(); }
  Watched(const Watched &) = delete;
  Watched &operator=(const Watched &) = delete;

  const Places places;
  Random random;
  trading::Desk desk;
  Tally tally; // of the reader's thread, until it has ended
  rck_journal_cursor cursor;
  uint64_t failures = 0; // of the pump

  // So many annotations, of all ports together.
  void write(uint64_t at, uint64_t count) {
    for (; count > 0; count--) {
      const uint32_t port = 1 + static_cast<uint32_t>(random.below(trading::ports));
      const rck_event event = numbered_event(at, port, desk.now_ns);
      NEED(rck_event_write(desk.writers[port], &event, 1) >= 0);
    }
  }

  void pump(const faults::Plan &plan) {
    faults::plan = plan;
    faults::calls = 0;
    rck_status status = RCK_OK;
    {
      const faults::Armed armed; // of this thread
      status = rck_journal_pump(desk.reader, nullptr, nullptr);
    }
    NEED(status == RCK_OK || status == RCK_E_NO_SPACE);
    failures += status != RCK_OK;
  }

  // The lines of the next block; -1 if it is not given.
  int64_t read() {
    uint32_t count = 0;
    const rck_status status = rck_journal_read(places.folder.c_str(), &cursor, lines.data(), &count, nullptr);
    tally.tried++;
    if (status != RCK_OK) {
      tally.fault(text("%s of segment %llu at %llu", rck_status_name(status),
                       static_cast<unsigned long long>(cursor.segment),
                       static_cast<unsigned long long>(cursor.offset)));
      return -1;
    }
    for (uint32_t at = 0; at < count; at += lines[at].lines)
      take(lines[at]);
    return count;
  }

  // Once all is pumped and read.
  int close() {
    for (uint32_t port = 1; port <= trading::ports; port++)
      if (sequences[port] != desk.stats(port).events_written)
        tally.fault(text("port %u has written %llu, read are %llu", port,
                         static_cast<unsigned long long>(desk.stats(port).events_written),
                         static_cast<unsigned long long>(sequences[port])));
    return tally.close(text("%llu pumps failed", static_cast<unsigned long long>(failures)));
  }

private:
  std::vector<rck_event> lines{RCK_JOURNAL_BLOCK_LINES};
  uint64_t sequences[256] = {};

  void take(const rck_event &event) {
    uint64_t &last = sequences[event.port & 255];
    if (event.sequence != last + 1)
      tally.fault(text("behind record %llu of port %u comes %llu", static_cast<unsigned long long>(last), event.port,
                       static_cast<unsigned long long>(event.sequence)));
    last = event.sequence;
  }
};

#endif
