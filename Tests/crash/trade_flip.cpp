// Damages the file of a desk that was left at work, a bit at a time, and trades on what opens: each opening gives a
// typed error or an engine whose sums are those of its rows and orders, and no call on it dies or hangs.
//
//   trade_flip <file> <flips> <seed> [planted]
//
// The bits are drawn from words that are in use, and from the lines that they stand in; 0 flips: each bit of each
// word in use. A child does the work; when it dies the parent names the bit. `planted`: it dies of one of them.
#include "meeting.hpp"
#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <sys/wait.h>

namespace {

using Bytes = std::vector<uint8_t>;

struct Progress {
  std::atomic<uint64_t> next, opened, refused, failed;
};

// What a child leaves that ends without closing, with every kind of order in it.
Bytes region(const std::string &path, uint32_t discipline) {
  unlink(path.c_str());
  const pid_t child = fork();
  NEED(child >= 0);
  if (child == 0) {
    Trader at;
    at.make(path, discipline);
    forgetful(at);
    PASSES(at.amend(1, 11, 20));
    PASSES(at.undo(1, 102, 0, 0));
    PASSES(at.place(2, 0, 5));
    PASSES(at.cash(5000));
    PASSES(at.stage_limits());
    PASSES(at.latch(RCK_SCOPE_INSTRUMENT, 2, RCK_STATE_REDUCE_ONLY));
    for (int64_t quantity : {1000, 5000})
      PASSES(at.allow(2, quantity));
    for (int64_t silence_ns = 1; silence_ns <= 3; silence_ns++)
      PASSES(at.watch(silence_ns));
    _exit(0);
  }
  int ended = 0;
  NEED(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  const int file = open(path.c_str(), O_RDONLY);
  Bytes bytes(static_cast<size_t>(lseek(file, 0, SEEK_END)));
  NEED(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

// Bits to flip: of every word in use, or drawn from the lines that such words stand in.
std::vector<uint64_t> bits_of(const Bytes &bytes, uint64_t flips, uint64_t seed) {
  std::vector<uint64_t> words, bits;
  for (uint64_t at = 0; at + 8 <= bytes.size(); at += 8)
    if (std::any_of(&bytes[at], &bytes[at] + 8, [](uint8_t byte) { return byte != 0; }))
      words.push_back(at);
  for (uint64_t at = 0; flips == 0 && at < words.size() * 64; at++)
    bits.push_back(words[at / 64] * 8 + at % 64);
  for (uint64_t flip = 0; flip < flips; flip++) {
    const uint64_t word = words[drawn(&seed) % words.size()];
    bits.push_back(drawn(&seed) % 2 ? word * 8 + drawn(&seed) % 64 : word / 64 * 512 + drawn(&seed) % 512);
  }
  return bits;
}

void meet(const std::string &path, Progress &progress) {
  Trader at;
  if (checked(rck_engine_open(nullptr, path.c_str(), &at.engine, nullptr)) != RCK_OK) {
    progress.refused++;
    return;
  }
  progress.opened++;
  if (looked(at.engine))
    sums_agree(totals_of(at.engine));
  traded(at);
  if (looked(at.engine))
    sums_agree(totals_of(at.engine));
  else
    progress.failed++;
  PASSES(rck_engine_close(at.engine));
}

[[noreturn]] void work(const std::string &path, const Bytes &bytes, const std::vector<uint64_t> &bits,
                       Progress &progress, bool planted) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  NEED(file >= 0);
  Bytes damaged = bytes;
  for (; progress.next < bits.size(); progress.next++) {
    const uint64_t bit = bits[progress.next];
    alarm(20); // whoever hangs is as dead as whoever crashes
    damaged[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    NEED(pwrite(file, damaged.data(), damaged.size(), 0) == static_cast<ssize_t>(damaged.size()));
    damaged[bit / 8] = bytes[bit / 8];
    if (planted && progress.next == 5)
      raise(SIGSEGV);
    meet(path, progress);
  }
  _exit(0);
}

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const std::string path = words[1];
  const uint64_t flips = strtoull(words[2], nullptr, 10), seed = strtoull(words[3], nullptr, 10);
  void *shared = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Progress &progress = *static_cast<Progress *>(shared);
  uint64_t deaths = 0, tried = 0;
  for (const uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    const Bytes bytes = region(path, discipline);
    const std::vector<uint64_t> bits = bits_of(bytes, flips, seed + discipline);
    tried += bits.size();
    for (progress.next = 0; progress.next < bits.size(); progress.next++) {
      fflush(stdout);
      const pid_t child = fork();
      NEED(child >= 0);
      if (child == 0)
        work(path, bytes, bits, progress, count > 4);
      int ended = 0;
      NEED(waitpid(child, &ended, 0) == child);
      if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        break;
      fprintf(stderr, "discipline %u, bit %llu: the host died of signal %d\n", discipline,
              static_cast<unsigned long long>(bits[progress.next]), WTERMSIG(ended));
      if (++deaths == 10)
        return 1;
    }
  }
  unlink(path.c_str());
  printf("%llu damages: %llu opened, of which %llu failed later; %llu refused\n",
         static_cast<unsigned long long>(tried), static_cast<unsigned long long>(progress.opened),
         static_cast<unsigned long long>(progress.failed), static_cast<unsigned long long>(progress.refused));
  return deaths ? 1 : 0;
}
