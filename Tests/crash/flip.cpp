// Damages region files in every way that one bit or one length can, and opens them: each opening gives a
// typed error or an engine that agrees with itself, and never dies.
//
//   flip <file> <stride> <random flips> <seed> [planted]
//
// Every `stride`th bit of the first 4,096 bytes is flipped, then random bits anywhere, then the file is cut
// at many lengths; each is done to a region that was closed and to one that was left. A child does the
// opening; when it dies the parent names the damage and goes on behind it. `planted`: the child dies of one of them.
#include "worker.hpp"
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct Damage {
  uint64_t bit;   // to be flipped, where there is no length
  int64_t length; // to cut the file to; -1
};

struct Progress {
  std::atomic<uint64_t> next;
  std::atomic<uint64_t> opened, refused;
};

// Definitions of each kind and unread events; then closed, or left by a child that ends without closing.
std::vector<uint8_t> region(const std::string &path, bool closed) {
  unlink(path.c_str());
  const pid_t child = fork();
  NEED(child >= 0);
  if (child == 0) {
    static Ledger ledger;
    rck_config config;
    rck_engine *engine = nullptr;
    crash_config(&config);
    PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
    Worker worker(engine, ledger, 1);
    worker.open();
    for (uint32_t id = 1; id <= ids; id++)
      worker.set_group(id);
    for (uint32_t id = 1; id <= ids; id++) {
      worker.set_currency(id);
      worker.set_account(id);
      worker.set_instrument(id, id);
      auto calendar = sized<rck_calendar>();
      calendar.id = calendar.entries = id;
      for (uint32_t entry = 0; entry < id; entry++)
        calendar.starts[entry] = entry;
      calendar.end_ns = id;
      snprintf(calendar.name, sizeof calendar.name, "calendar %u", id);
      PASSES(rck_calendar_set(engine, &calendar, nullptr));
    }
    for (int batch = 0; batch < 20; batch++) {
      worker.write(1 + batch % 4);
      if (batch % 3 == 0)
        worker.read(1, 3);
    }
    if (closed) {
      worker.close();
      PASSES(rck_engine_close(engine));
    }
    _exit(0);
  }
  int ended = 0;
  NEED(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
  std::vector<uint8_t> bytes;
  const int file = open(path.c_str(), O_RDONLY);
  bytes.resize(static_cast<size_t>(lseek(file, 0, SEEK_END)));
  NEED(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

bool known(rck_status status) { return strcmp(rck_status_name(status), "unknown") != 0; }

// What is defined can be found by its name and by its id, in agreement; what is not, is said to be unknown.
template <class Record, class Get> void consistent(const rck_engine *engine, uint32_t kind, uint32_t id, Get get) {
  Record record = record_of<Record>(0);
  const rck_status status = get(engine, id, &record);
  NEED(status == RCK_OK || status == RCK_E_UNKNOWN || status == RCK_E_FAILED);
  if (status != RCK_OK)
    return;
  NEED(record.id == id && memchr(record.name, 0, sizeof record.name));
  char name[RCK_NAME_BYTES] = {};
  uint32_t found = id;
  const rck_status named = rck_find(engine, kind, &found, name);
  NEED(named == RCK_OK ? strcmp(name, record.name) == 0 : named == RCK_E_FAILED);
  found = 0;
  const rck_status looked = rck_find(engine, kind, &found, record.name);
  NEED(looked == RCK_OK ? found == id : looked == RCK_E_FAILED || !record.name[0]);
}

void use(rck_engine *engine, bool owner) {
  auto health = sized<rck_health_info>();
  auto config = sized<rck_config>();
  PASSES(rck_health(engine, &health));
  NEED(health.state >= RCK_HEALTH_RUNNING && health.state <= RCK_HEALTH_CLOSED);
  PASSES(rck_config_get(engine, &config));
  for (uint32_t id = 1; id <= 16; id++) {
    consistent<rck_currency>(engine, RCK_KIND_CURRENCY, id, rck_currency_get);
    consistent<rck_group>(engine, RCK_KIND_GROUP, id, rck_group_get);
    consistent<rck_account>(engine, RCK_KIND_ACCOUNT, id, rck_account_get);
    consistent<rck_strategy>(engine, RCK_KIND_STRATEGY, id, rck_strategy_get);
    consistent<rck_instrument>(engine, RCK_KIND_INSTRUMENT, id, rck_instrument_get);
    consistent<rck_calendar>(engine, RCK_KIND_CALENDAR, id, rck_calendar_get);
  }
  for (uint32_t index = 0; index <= ports; index++) {
    auto stats = sized<rck_stats>();
    NEED(known(rck_stats_read(engine, index, &stats)));
    if (!owner)
      continue;
    rck_port *port = nullptr;
    const uint32_t mode = index ? RCK_PORT_WRITER : RCK_PORT_READER;
    if (rck_port_open(engine, index, mode, &port, nullptr) != RCK_OK)
      continue;
    rck_event lines[16];
    uint32_t count = 0;
    uint64_t taken = 0;
    do {
      count = 0;
      NEED(known(rck_events_read(port, index, lines, 16, &count)) && count <= 16);
      NEED((taken += count) <= config.ring_lines); // what it was opened with, and no more
    } while (count);
    const rck_event event = numbered_event(1, index, 0);
    NEED(known(rck_event_write(port, &event, 1)));
    PASSES(rck_port_close(port));
  }
  for (uint32_t id = 1; owner && id <= ids; id++) {
    const rck_instrument instrument = instrument_of(id, 7 << 8 | id);
    const rck_account account = account_of(id, 7 << 8);
    NEED(known(rck_instrument_set(engine, &instrument, nullptr)));
    NEED(known(rck_account_set(engine, &account, nullptr)));
    consistent<rck_instrument>(engine, RCK_KIND_INSTRUMENT, id, rck_instrument_get);
    consistent<rck_account>(engine, RCK_KIND_ACCOUNT, id, rck_account_get);
  }
}

// Opens, and every other time attaches first, the file with one damage.
void meet(const std::string &path, Progress &progress, uint64_t number) {
  rck_engine *engine = nullptr;
  if (number % 2) {
    const rck_status status = rck_engine_attach(path.c_str(), RCK_ATTACH_READER, &engine, nullptr);
    NEED(status <= 0 && known(status));
    if (status == RCK_OK) {
      auto health = sized<rck_health_info>();
      PASSES(rck_health(engine, &health));
      PASSES(rck_engine_close(engine));
    }
  }
  const rck_status status = rck_engine_open(nullptr, path.c_str(), &engine, nullptr);
  NEED(status <= 0 && known(status));
  (status == RCK_OK ? progress.opened : progress.refused)++;
  if (status != RCK_OK)
    return;
  use(engine, true);
  PASSES(rck_engine_close(engine));
}

void work(const std::string &path, const std::vector<uint8_t> &bytes, const std::vector<Damage> &damages,
          Progress &progress, bool planted) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  NEED(file >= 0);
  std::vector<uint8_t> damaged = bytes;
  while (progress.next < damages.size()) {
    const Damage damage = damages[progress.next];
    alarm(20); // whoever hangs is as dead as whoever crashes
    const size_t length = damage.length >= 0 ? static_cast<size_t>(damage.length) : bytes.size();
    if (damage.length < 0)
      damaged[damage.bit / 8] ^= static_cast<uint8_t>(1 << damage.bit % 8);
    NEED(ftruncate(file, static_cast<off_t>(length)) == 0);
    NEED(pwrite(file, damaged.data(), length, 0) == static_cast<ssize_t>(length));
    if (planted && progress.next == 5)
      raise(SIGSEGV);
    meet(path, progress, progress.next);
    if (damage.length < 0)
      damaged[damage.bit / 8] = bytes[damage.bit / 8];
    progress.next++;
  }
  _exit(0);
}

} // namespace

int main(int count, char **words) {
  NEED(count >= 5);
  const std::string path = words[1];
  const uint64_t stride = strtoull(words[2], nullptr, 10), flips = strtoull(words[3], nullptr, 10);
  uint64_t seed = strtoull(words[4], nullptr, 10), deaths = 0, tried = 0;
  void *shared = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  Progress &progress = *static_cast<Progress *>(shared);

  for (const bool closed : {true, false}) {
    const std::vector<uint8_t> bytes = region(path, closed);
    std::vector<Damage> damages;
    for (uint64_t bit = drawn(&seed) % stride; bit < 4096 * 8; bit += stride)
      damages.push_back({bit, -1});
    for (uint64_t flip = 0; flip < flips; flip++)
      damages.push_back({drawn(&seed) % (bytes.size() * 8), -1});
    for (size_t length = 0; length < bytes.size(); length += length < 4096 ? 64 : 4032)
      damages.push_back({0, static_cast<int64_t>(length)});
    progress.next = 0;
    tried += damages.size();
    while (progress.next < damages.size()) {
      fflush(stdout);
      const pid_t child = fork();
      NEED(child >= 0);
      if (child == 0)
        work(path, bytes, damages, progress, count > 5);
      int ended = 0;
      NEED(waitpid(child, &ended, 0) == child);
      if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        break;
      const Damage damage = damages[progress.next];
      fprintf(stderr, "a %s region, %s %lld: the opener died of signal %d\n", closed ? "closed" : "left",
              damage.length < 0 ? "bit" : "cut to",
              static_cast<long long>(damage.length < 0 ? damage.bit : damage.length), WTERMSIG(ended));
      if (++deaths == 10)
        return 1;
      progress.next++;
    }
  }
  unlink(path.c_str());
  printf("%llu damages: %llu opened, %llu refused\n", static_cast<unsigned long long>(tried),
         static_cast<unsigned long long>(progress.opened), static_cast<unsigned long long>(progress.refused));
  return deaths ? 1 : 0;
}
