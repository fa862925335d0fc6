// Who reads a journal and the pump go on by turns, each for a few calls of the system at a time, as chance has it,
// while writes stop in their midst: what was cut off again and written anew between two calls of the reader is never
// damage.
//
//   between <folder> <rounds> <seed> [planted]
//
// `planted`: a byte of a block that has others behind it is changed, which is damage.
#include "faulty.hpp"
#include <semaphore>
#include <thread>

namespace {

// Work of a thread of its own, which goes on only as far as it is told.
class Stepped {
public:
  explicit Stepped(std::function<void()> work)
      : thread([this, work = std::move(work)] {
          faults::visit = [this] { visit(); };
          go.acquire();
          work();
          faults::visit = nullptr;
          is_over = true;
          stopped.release();
        }) {}
  ~Stepped() { thread.join(); }
  Stepped(const Stepped &) = delete;
  Stepped &operator=(const Stepped &) = delete;

  // False when it has ended.
  bool advance(uint64_t calls) {
    if (is_over)
      return false;
    left = calls;
    go.release();
    stopped.acquire();
    return !is_over;
  }

private:
  std::binary_semaphore go{0}, stopped{0};
  uint64_t left = 0;
  bool is_over = false;
  std::thread thread; // the last one: it uses the others

  void visit() {
    if (left-- > 0)
      return;
    stopped.release();
    go.acquire();
  }
};

class Between {
public:
  Between(const std::string &base, uint64_t seed)
      : places(base), random(seed), desk(seed), cursor(sized<rck_journal_cursor>()) {
    desk.make(trading::config(RCK_MANY_WRITERS, 4096));
    desk.open_reader();
    const rck_journal_config config = trading::journal_config(RCK_SYNC_NONE);
    PASSES(rck_journal_open(desk.reader, places.folder.c_str(), &config, nullptr));
    begin_trading(desk);
  }
  ~Between() { desk.close(); }
  Between(const Between &) = delete;
  Between &operator=(const Between &) = delete;

  int run(uint64_t rounds, bool is_planted) {
    for (uint64_t at = 0; at < rounds; at++)
      round(at);
    pump({});
    if (is_planted)
      spoil();
    while (read() > 0)
      ;
    for (uint32_t port = 1; port <= trading::ports; port++)
      if (sequences[port] != desk.stats(port).events_written)
        tally.fault(text("port %u has written %llu, read are %llu", port,
                         static_cast<unsigned long long>(desk.stats(port).events_written),
                         static_cast<unsigned long long>(sequences[port])));
    return tally.close(text("%llu pumps failed", static_cast<unsigned long long>(failures)));
  }

private:
  const Places places;
  Random random;
  trading::Desk desk;
  Tally tally{"who reads by turns with the pump is never told of damage, and has each record in order"};
  rck_journal_cursor cursor;
  std::vector<rck_event> lines{RCK_JOURNAL_BLOCK_LINES};
  uint64_t sequences[256] = {}, failures = 0;

  void write(uint64_t at) {
    for (uint64_t left = 1 + random.below(40); left > 0; left--) {
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

  void round(uint64_t at) {
    write(at);
    const faults::Plan plan{faults::part_then_error, 1 + random.below(3), 2, ENOSPC, 1u << faults::writes};
    const uint64_t pumps = 1 + random.below(3);
    Stepped pumping([&] {
      pump(plan);
      for (uint64_t left = pumps; left > 0; left--) {
        pump({});
        write(at);
      }
    });
    Stepped reading([&] {
      while (read() > 0)
        ;
    });
    bool is_pumping = true, is_reading = true;
    while (is_pumping || is_reading) {
      if (random.below(2))
        is_pumping = pumping.advance(random.below(12));
      else
        is_reading = reading.advance(random.below(5));
    }
  }

  uint32_t read() {
    uint32_t count = 0;
    const rck_status status = rck_journal_read(places.folder.c_str(), &cursor, lines.data(), &count, nullptr);
    tally.tried++;
    if (status != RCK_OK) {
      tally.fault(text("%s of segment %llu at %llu", rck_status_name(status),
                       static_cast<unsigned long long>(cursor.segment),
                       static_cast<unsigned long long>(cursor.offset)));
      return 0;
    }
    for (uint32_t at = 0; at < count; at += lines[at].lines) {
      uint64_t &last = sequences[lines[at].port & 255];
      if (lines[at].sequence != last + 1)
        tally.fault(text("behind record %llu of port %u comes %llu", static_cast<unsigned long long>(last),
                         lines[at].port, static_cast<unsigned long long>(lines[at].sequence)));
      last = lines[at].sequence;
    }
    return count;
  }

  // In the first block that was not read yet, which others follow.
  void spoil() {
    for (int more = 0; more < 3; more++) {
      write(more);
      pump({});
    }
    const std::string name = places.folder + "/" + layout::names_in(places.folder).back();
    layout::Bytes bytes = layout::contents(name);
    bytes.at(cursor.offset + 100) ^= 1;
    layout::store(name, bytes);
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  Between between(words[1], strtoull(words[3], nullptr, 10));
  return between.run(strtoull(words[2], nullptr, 10), has_word(count, words, "planted")) ? 1 : 0;
}
