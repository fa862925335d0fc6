// Kills a working child again and again, and holds the region that it left against what it had acknowledged.
//
//   kill <file> <kills> <seed> [planted]
//
// The moment of each kill is drawn in units of the child's work, and a draw of instructions behind that, so
// that a slow machine kills at the same places as a fast one. `planted`: the child acknowledges too early,
// which must be found.
#include "worker.hpp"
#include <csignal>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

bool planted = false;

// A thread of the child: draws what to do next until it is killed.
[[noreturn]] void work(rck_engine *engine, Ledger &ledger, uint32_t index, uint64_t seed) {
  Worker worker(engine, ledger, index, planted);
  uint32_t holder[pool_names] = {}; // which instrument has each name
  for (uint32_t id = 1; id <= ids; id++)
    if (const uint64_t word = ledger.instruments[id].done)
      holder[word & 0xff] = id;
  worker.open();
  for (;;) {
    const uint64_t draw = drawn(&seed) % 64;
    const uint32_t id = 1 + drawn(&seed) % ids;
    if (draw < 28) {
      worker.write(1 + drawn(&seed) % 4);
    } else if (draw < 42) {
      worker.read(3 - index, 1 + drawn(&seed) % 24); // the ring of the other thread, which writes meanwhile
    } else if (draw == 63) {
      worker.close();
      worker.open();
    } else if (index == 1) {
      for (uint32_t group = 1; group <= ids; group++) // groups first: accounts name them
        if (ledger.groups[group].done == 0 || drawn(&seed) % 64 == 0)
          worker.set_group(group);
      worker.set_account(id);
    } else {
      for (uint32_t currency = 1; currency <= ids; currency++)
        if (ledger.currencies[currency].done == 0 || drawn(&seed) % 64 == 0)
          worker.set_currency(currency);
      const uint32_t name = drawn(&seed) % pool_names;
      const bool taken = holder[name] && holder[name] != id;
      worker.set_instrument(id, name, taken);
      for (uint32_t old = 0; old < pool_names && !taken; old++)
        holder[old] = old == name ? id : holder[old] == id ? 0 : holder[old];
    }
    ledger.work.fetch_add(1);
  }
}

[[noreturn]] void live(const std::string &path, Ledger &ledger, uint64_t seed) {
  rck_config config;
  rck_engine *engine = nullptr;
  crash_config(&config);
  ledger.work = 1;
  PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
  auto health = sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  NEED(ledger.expected_recovered == 2 || health.recovered == ledger.expected_recovered);
  ledger.opened = 1;
  ledger.work = 2;
  std::thread second([&] { work(engine, ledger, 2, seed * 2 + 1); });
  work(engine, ledger, 1, seed * 2);
}

// Waits for the child to reach `work`, then a little longer, and kills it. Whoever dies before that by itself
// has failed an assertion of its own.
void kill_at(pid_t child, const Ledger &ledger, uint64_t work, uint64_t pause) {
  int ended = 0;
  while (ledger.work < work) {
    NEED(waitpid(child, &ended, WNOHANG) == 0);
    sched_yield();
  }
  for (volatile uint64_t spin = pause; spin; spin = spin - 1) {
  }
  NEED(kill(child, SIGKILL) == 0);
  NEED(waitpid(child, &ended, 0) == child);
  NEED(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
}

void forget(Ledger &ledger, const std::string &path) {
  unlink(path.c_str());
  memset(static_cast<void *>(&ledger), 0, sizeof ledger);
}

// Opens the region in a child that dies of it: whoever comes next must find it left.
void leave(const std::string &path) {
  const pid_t child = fork();
  NEED(child >= 0);
  if (child == 0) {
    rck_engine *engine = nullptr;
    PASSES(rck_engine_open(nullptr, path.c_str(), &engine, nullptr));
    raise(SIGKILL);
  }
  int ended = 0;
  NEED(waitpid(child, &ended, 0) == child && WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
}

// A region whose making was interrupted may be looked at, too: a reader gets it whole or a typed error.
void look(const std::string &path) {
  rck_engine *reader = nullptr;
  const rck_status status = rck_engine_attach(path.c_str(), RCK_ATTACH_READER, &reader, nullptr);
  NEED(status <= 0 && strcmp(rck_status_name(status), "unknown") != 0);
  if (status != RCK_OK)
    return;
  auto health = sized<rck_health_info>();
  PASSES(rck_health(reader, &health));
  NEED(health.state == RCK_HEALTH_LEFT || health.state == RCK_HEALTH_CLOSED);
  PASSES(rck_engine_close(reader));
}

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const std::string path = words[1];
  const uint64_t kills = strtoull(words[2], nullptr, 10);
  uint64_t seed = strtoull(words[3], nullptr, 10);
  planted = count > 4;
  void *shared = mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Ledger &ledger = *static_cast<Ledger *>(shared);
  forget(ledger, path);
  uint64_t working = 0, opening = 0, making = 0;

  for (uint64_t turn = 0; turn < kills; turn++) {
    const uint64_t draw = drawn(&seed) % 8;
    const bool fresh = turn == 0 || draw == 0;
    if (fresh)
      forget(ledger, path);
    const bool early = draw <= 1; // while the region is made, or opened
    ledger.work = ledger.opened = 0;
    const uint64_t life = drawn(&seed);
    const pid_t child = fork();
    NEED(child >= 0);
    if (child == 0)
      live(path, ledger, life);
    if (early)
      kill_at(child, ledger, drawn(&seed) % 2, drawn(&seed) % 200000);
    else
      kill_at(child, ledger, 2 + drawn(&seed) % 4000, drawn(&seed) % 2000);
    (ledger.opened ? working : fresh ? making : opening)++;
    look(path);
    const bool recovered = ledger.opened != 0;
    rck_engine *engine = verify_region(path, ledger, recovered);
    PASSES(rck_engine_close(engine));
    ledger.expected_recovered = drawn(&seed) % 2;
    if (ledger.expected_recovered)
      leave(path);
  }
  printf("%llu kills at work, %llu while opening, %llu while making\n", static_cast<unsigned long long>(working),
         static_cast<unsigned long long>(opening), static_cast<unsigned long long>(making));
  NEED(working && opening && making);
  unlink(path.c_str());
  return 0;
}
