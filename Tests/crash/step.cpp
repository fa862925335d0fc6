// Stops a working child at every instruction and opens a copy of what its region is at that moment, as a kill
// there would leave it.
//
//   step <file> <lives> [planted]
//
// The child is traced from before the region is made until after it is closed, opened and left. Memory that
// no instruction changed is not looked at again. `planted`: the child acknowledges too early.
#include "worker.hpp"
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

// The script: every kind of call that changes a region, each from more than one state.
void script(const std::string &path, Ledger &ledger, int lives, bool hasty) {
  rck_config config;
  rck_engine *engine = nullptr;
  crash_config(&config);
  for (int life = 0; life < lives; life++) {
    PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
    ledger.opened = 1;
    Worker worker(engine, ledger, 1, hasty);
    worker.open();
    worker.write(1);
    worker.write(3);
    for (uint32_t id = 1; id <= ids; id++)
      worker.set_group(id);
    worker.set_account(1);
    worker.set_account(2);
    worker.set_account(1);
    worker.set_currency(1);
    worker.read(1, 2);
    worker.set_instrument(1, 2);
    worker.set_instrument(1, 1);
    worker.set_instrument(2, 0);
    worker.set_instrument(2, 0);
    worker.set_instrument(1, 0, true);
    worker.set_instrument(2, 3);
    worker.set_instrument(1, 0); // a name that its holder has just left
    worker.set_instrument(1, 1);
    worker.read(1, 24);
    while (worker.write(4)) {
    }
    worker.read(1, 7);
    worker.write(4);
    worker.close();
    worker.open();
    worker.read(1, 24);
    worker.close();
    ledger.opened = 0; // from here on it may be found closed
    PASSES(rck_engine_close(engine));
  }
  // Left with unread events, then opened by a life that recovers it.
  PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
  ledger.opened = 1;
  Worker(engine, ledger, 1).open();
  _exit(0);
}

// The bytes of a file, whatever there is of it.
std::vector<uint8_t> contents(const std::string &path) {
  std::vector<uint8_t> bytes;
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0)
    return bytes;
  bytes.resize(static_cast<size_t>(lseek(file, 0, SEEK_END)));
  NEED(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

class Watch {
public:
  Watch(const std::string &path, Ledger &ledger) : path(path), ledger(ledger) {}
  uint64_t steps = 0, states = 0;

  // One life of a child, stopped at every instruction.
  template <class Life> void follow(Life life) {
    const pid_t child = fork();
    NEED(child >= 0);
    if (child == 0) {
      NEED(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0);
      raise(SIGSTOP);
      life();
      _exit(0);
    }
    int ended = 0;
    NEED(waitpid(child, &ended, 0) == child && WIFSTOPPED(ended));
    for (;;) {
      const int carried = WSTOPSIG(ended) == SIGTRAP || WSTOPSIG(ended) == SIGSTOP ? 0 : WSTOPSIG(ended);
      NEED(ptrace(PTRACE_SINGLESTEP, child, nullptr, carried) == 0);
      NEED(waitpid(child, &ended, 0) == child);
      if (!WIFSTOPPED(ended))
        break;
      steps++;
      if (changed())
        examine();
    }
    NEED(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  }

private:
  std::string path;
  Ledger &ledger;
  std::vector<uint8_t> last;
  void *mapped = nullptr;

  // The file is compared in place, through a mapping that is renewed when its size changes.
  bool changed() {
    struct stat now;
    const bool there = stat(path.c_str(), &now) == 0;
    const size_t bytes = there ? static_cast<size_t>(now.st_size) : 0;
    if (bytes != last.size()) {
      if (mapped)
        munmap(mapped, last.size());
      mapped = nullptr;
      last.assign(bytes, 0);
      if (bytes) {
        const int file = open(path.c_str(), O_RDONLY);
        mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
        close(file);
        NEED(mapped != MAP_FAILED);
        memcpy(last.data(), mapped, bytes);
      }
      return there;
    }
    if (!bytes || memcmp(mapped, last.data(), bytes) == 0)
      return false;
    memcpy(last.data(), mapped, bytes);
    return true;
  }

  void examine() {
    const std::string copy = path + ".copy";
    const std::vector<uint8_t> bytes = contents(path);
    const int file = open(copy.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    NEED(file >= 0 && write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    close(file);
    alignas(Ledger) unsigned char noted[sizeof(Ledger)];
    memcpy(noted, static_cast<void *>(&ledger), sizeof noted);
    rck_engine *engine = verify_region(copy, *reinterpret_cast<Ledger *>(noted), ledger.opened != 0);
    PASSES(rck_engine_close(engine));
    unlink(copy.c_str());
    states++;
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 3);
  const std::string path = words[1];
  const int lives = atoi(words[2]);
  void *shared = mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Ledger &ledger = *static_cast<Ledger *>(shared);
  unlink(path.c_str());
  Watch watch(path, ledger);
  watch.follow([&] { script(path, ledger, lives, count > 3); });
  watch.follow([&] {
    rck_engine *engine = nullptr;
    PASSES(rck_engine_open(nullptr, path.c_str(), &engine, nullptr));
    ledger.opened = 0;
    PASSES(rck_engine_close(engine));
  });
  printf("%llu instructions, %llu states of the region\n", static_cast<unsigned long long>(watch.steps),
         static_cast<unsigned long long>(watch.states));
  NEED(watch.states > 500);
  unlink(path.c_str());
  return 0;
}
