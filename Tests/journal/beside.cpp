// Who reads a journal beside the pump, in threads of their own, while segments end, disks fill up in the midst of a
// write and have room again: they are never told of damage, and have every record at the end.
//
//   beside <folder> <pumps> <seed> [planted]
//
// `planted`: at the end a block is cut off, so that a record is missing.
#include "watched.hpp"
#include <atomic>
#include <thread>

namespace {

constexpr uint32_t per_pump = 60; // annotations, of all ports together

class Beside {
public:
  Beside(const std::string &base, uint64_t pumps, uint64_t seed)
      : count(pumps), journal(base, seed, "who walks beside the pump has each record in order"),
        verified("who verifies beside the pump finds no damage and nothing lost") {}

  int run(bool is_planted) {
    std::thread walker([this] { walk(); });
    std::thread verifier([this] { verify(); });
    for (uint64_t at = 0; at < count; at++) {
      journal.write(at, per_pump);
      journal.pump({at % 3 ? faults::none : faults::part_then_error, 1 + journal.random.below(3), 2, ENOSPC,
                    1u << faults::writes});
    }
    journal.pump({});
    if (is_planted)
      shorten();
    is_over.store(true, std::memory_order_release);
    walker.join();
    verifier.join();
    return journal.close() + verified.close();
  }

private:
  const uint64_t count;
  Watched journal;
  Tally verified; // of one thread, until it has ended
  std::atomic<bool> is_over{false};

  // Once more behind the end of the pumping.
  void walk() {
    for (int64_t read = 1; read > 0 || !is_over.load(std::memory_order_acquire);) {
      const bool was_over = is_over.load(std::memory_order_acquire);
      read = journal.read();
      if (read <= 0 && !was_over)
        read = 1;
    }
  }

  void verify() {
    uint64_t before = 0;
    while (!is_over.load(std::memory_order_acquire)) {
      auto info = sized<rck_verify_info>();
      const rck_status status = rck_verify(journal.places.folder.c_str(), &info, nullptr);
      verified.tried++;
      if (status != RCK_OK || info.lost || info.records < before)
        verified.fault(text("%s, %llu lost, %llu records behind %llu", rck_status_name(status),
                            static_cast<unsigned long long>(info.lost), static_cast<unsigned long long>(info.records),
                            static_cast<unsigned long long>(before)));
      before = info.records;
    }
  }

  void shorten() const {
    const std::string name = journal.places.folder + "/" + layout::names_in(journal.places.folder).back();
    layout::Bytes bytes = layout::contents(name);
    bytes.resize(layout::header_bytes);
    layout::store(name, bytes);
  }
};

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  Beside beside(words[1], strtoull(words[2], nullptr, 10), strtoull(words[3], nullptr, 10));
  return beside.run(has_word(count, words, "planted")) ? 1 : 0;
}
