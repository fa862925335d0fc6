// Who reads a journal and the pump go on by turns, each for a few calls of the system at a time, as chance has it,
// while writes stop in their midst: what was cut off again and written anew between two calls of the reader is never
// damage.
//
//   between <folder> <rounds> <seed> [planted]
//
// `planted`: a byte of a block that has others behind it is changed, which is damage.
#include "watched.hpp"
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
      : journal(base, seed, "who reads by turns with the pump is never told of damage, and has each record in order") {}

  int run(uint64_t rounds, bool is_planted) {
    for (uint64_t at = 0; at < rounds; at++)
      round(at);
    journal.pump({});
    if (is_planted)
      spoil();
    while (journal.read() > 0)
      ;
    return journal.close();
  }

private:
  Watched journal;

  uint64_t below(uint64_t bound) { return journal.random.below(bound); }
  void write(uint64_t at) { journal.write(at, 1 + below(40)); }

  void round(uint64_t at) {
    write(at);
    const faults::Plan plan{faults::part_then_error, 1 + below(3), 2, ENOSPC, 1u << faults::writes};
    const uint64_t pumps = 1 + below(3);
    Stepped pumping([&] {
      journal.pump(plan);
      for (uint64_t left = pumps; left > 0; left--) {
        journal.pump({});
        write(at);
      }
    });
    Stepped reading([&] {
      while (journal.read() > 0)
        ;
    });
    bool is_pumping = true, is_reading = true;
    while (is_pumping || is_reading) {
      if (below(2))
        is_pumping = pumping.advance(below(12));
      else
        is_reading = reading.advance(below(5));
    }
  }

  // In the first block that was not read yet, which others follow.
  void spoil() {
    for (int more = 0; more < 3; more++) {
      write(static_cast<uint64_t>(more));
      journal.pump({});
    }
    const std::string name = journal.places.folder + "/" + layout::names_in(journal.places.folder).back();
    layout::Bytes bytes = layout::contents(name);
    bytes.at(journal.cursor.offset + 100) ^= 1;
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
