// Many threads on one engine, and engines that close under them.
//
//   threads rings|definitions|closing|raced|freed <work units>
//
// Work is counted, never timed; the same file is built plain, for valgrind and with ThreadSanitizer.
#include "host.h"
#include <atomic>
#include <sched.h>
#include <thread>
#include <vector>

namespace {

constexpr uint32_t writers = 4;

struct Joined {
  std::vector<std::thread> all;
  template <class Work> void start(Work work) { all.emplace_back(work); }
  void join() {
    for (auto &thread : all)
      thread.join();
    all.clear();
  }
};

template <class Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

// A call on the engine that takes turns: again until it had its turn.
template <class Call> rck_status insist(Call call) {
  rck_status status = call();
  while (status == RCK_E_BUSY) {
    sched_yield();
    status = call();
  }
  return status;
}

// Four writers, one reader over all rings, one observer: sequences without a gap, nothing lost, counters that
// never go back.
void rings(uint64_t events_each) {
  rck_config config;
  rck_engine *engine = nullptr;
  small_config(&config);
  PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
  std::atomic<uint64_t> written[writers] = {};
  std::atomic<bool> over{false};
  Joined threads;

  for (uint32_t index = 1; index <= writers; index++)
    threads.start([=, &written] {
      rck_port *port = nullptr;
      PASSES(insist([&] { return rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr); }));
      rck_event events[8];
      uint64_t number = 0, seed = index;
      while (number < events_each) {
        const uint32_t batch = 1 + static_cast<uint32_t>(drawn(&seed) % 8);
        for (uint32_t at = 0; at < batch; at++)
          events[at] = numbered_event(number + at, index, static_cast<int64_t>(number + 1));
        const rck_status status = rck_event_write(port, events, batch);
        NEED(status == RCK_OK || status == RCK_REJECT_RING_FULL);
        if (status == RCK_OK)
          number += batch;
        else
          sched_yield();
      }
      written[index - 1].store(number);
      PASSES(insist([&] { return rck_port_close(port); }));
    });
  threads.start([&] {
    uint64_t taken_before[writers] = {};
    while (!over.load()) {
      for (uint32_t index = 1; index <= writers; index++) {
        auto stats = sized<rck_stats>();
        PASSES(rck_stats_read(engine, index, &stats));
        NEED(stats.events_read >= taken_before[index - 1] && stats.ring_lines_used <= stats.ring_lines);
        taken_before[index - 1] = stats.events_read;
        auto health = sized<rck_health_info>();
        PASSES(rck_health(engine, &health));
        NEED(health.state == RCK_HEALTH_RUNNING && health.ports_open <= health.ports_max);
      }
      sched_yield();
    }
  });

  rck_port *reader = nullptr;
  PASSES(insist([&] { return rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr); }));
  uint64_t read[writers] = {};
  for (bool left = true; left;) {
    left = false;
    uint64_t moved = 0;
    for (uint32_t index = 1; index <= writers; index++) {
      rck_event lines[48];
      uint32_t count = 0;
      const uint64_t total = written[index - 1].load();
      PASSES(rck_events_read(reader, index, lines, 48, &count));
      for (uint32_t at = 0; at < count; at++) {
        NEED(is_numbered(&lines[at], index) && lines[at].port == index);
        NEED(lines[at].subject == read[index - 1] && lines[at].sequence == read[index - 1] + 1);
        read[index - 1]++;
      }
      moved += count;
      left |= total == 0 || read[index - 1] < total;
    }
    if (!moved)
      sched_yield();
  }
  over.store(true);
  threads.join();
  for (uint32_t index = 1; index <= writers; index++) {
    auto stats = sized<rck_stats>();
    PASSES(rck_stats_read(engine, index, &stats));
    NEED(stats.events_written == written[index - 1] && stats.events_read == read[index - 1]);
    NEED(stats.events_lost == 0 && stats.open == 0);
  }
  PASSES(rck_port_close(reader));
  PASSES(rck_engine_close(engine));
}

// One thread redefines and renames; others must see each definition whole, and find at any moment what is not
// being renamed, though it shares its table with names that come and go.
void definitions(uint64_t turns) {
  rck_config config;
  rck_engine *engine = nullptr;
  const rck_currency euro = currency_one();
  small_config(&config);
  PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
  PASSES(rck_currency_set(engine, &euro, nullptr));
  const auto define = [&](uint32_t id, uint64_t turn, bool renamed) {
    rck_instrument instrument = turned_instrument(id, turn);
    snprintf(instrument.name, sizeof instrument.name, "name-%u-%llu", id,
             renamed ? static_cast<unsigned long long>(turn) : 0ull);
    PASSES(insist([&] { return rck_instrument_set(engine, &instrument, nullptr); }));
  };
  for (uint32_t id = 1; id <= 16; id++)
    define(id, 0, false);

  std::atomic<bool> over{false};
  Joined threads;
  for (int reader = 0; reader < 2; reader++)
    threads.start([&] {
      int64_t newest[17] = {};
      uint64_t definitions = 0;
      while (!over.load()) {
        for (uint32_t id = 1; id <= 16; id++) {
          auto got = sized<rck_instrument>();
          PASSES(rck_instrument_get(engine, id, &got));
          NEED(got.id == id && is_turned(&got) && got.multiplier >= newest[id]);
          newest[id] = got.multiplier;
          char expected[RCK_NAME_BYTES] = {};
          snprintf(expected, sizeof expected, "name-%u-%llu", id,
                   id > 8 ? static_cast<unsigned long long>(got.multiplier - 1) : 0ull);
          NEED(strcmp(expected, got.name) == 0);
          if (id > 8)
            continue;
          uint32_t found = 0;
          PASSES(rck_find(engine, RCK_KIND_INSTRUMENT, &found, expected));
          NEED(found == id);
          char name[RCK_NAME_BYTES] = {};
          PASSES(rck_find(engine, RCK_KIND_INSTRUMENT, &found, name));
          NEED(strcmp(expected, name) == 0);
        }
        auto health = sized<rck_health_info>();
        PASSES(rck_health(engine, &health));
        NEED(health.definitions >= definitions && health.instruments == 16);
        definitions = health.definitions;
      }
    });
  for (uint64_t turn = 1; turn <= turns; turn++)
    define(static_cast<uint32_t>(1 + mixed(turn) % 16), turn, 1 + mixed(turn) % 16 > 8);
  over.store(true);
  threads.join();
  for (uint32_t id = 9; id <= 16; id++) {
    char name[RCK_NAME_BYTES] = {};
    uint32_t found = id;
    PASSES(rck_find(engine, RCK_KIND_INSTRUMENT, &found, name));
    found = 0;
    PASSES(rck_find(engine, RCK_KIND_INSTRUMENT, &found, name));
    NEED(found == id);
  }
  PASSES(rck_engine_close(engine));
}

// Threads call on an engine while another closes it, over and over, and with handles of engines long closed.
// Every region carries its round in a capacity, so that a stale handle that reached a later engine shows.
void closing(uint64_t rounds) {
  struct Shown {
    std::atomic<rck_engine *> engine{nullptr};
    std::atomic<uint64_t> round{0};
  };
  static Shown shown[2]; // the engine of now, and the one before
  std::atomic<bool> over{false}, leaving{false};
  std::atomic<uint64_t> reached{0};
  Joined threads;
  for (uint32_t index = 1; index <= 3; index++)
    threads.start([&, index] {
      uint64_t seed = index;
      while (!over.load()) {
        Shown &target = shown[drawn(&seed) % 8 == 0];
        const uint64_t round = target.round.load();
        rck_engine *engine = target.engine.load();
        const bool certain = round != 0 && target.round.load() == round;
        auto health = sized<rck_health_info>();
        auto config = sized<rck_config>();
        rck_status status = rck_health(engine, &health);
        NEED(status == RCK_OK || status == RCK_E_HANDLE || status == RCK_E_BUSY);
        status = rck_config_get(engine, &config);
        NEED(status == RCK_OK || status == RCK_E_HANDLE || status == RCK_E_BUSY);
        if (status == RCK_OK && certain)
          NEED(config.limits_max == 1 + round % 997);
        rck_port *port = nullptr;
        if (leaving.load())
          continue; // an engine whose ports are never all closed would never close
        status = rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr);
        NEED(status == RCK_OK || status == RCK_E_HANDLE || status == RCK_E_BUSY);
        if (status != RCK_OK)
          continue;
        reached.fetch_add(1);
        const rck_event event = numbered_event(round, 1, 1);
        status = rck_event_write(port, &event, 1);
        NEED(status == RCK_OK || status == RCK_REJECT_RING_FULL);
        PASSES(insist([&] { return rck_port_close(port); }));
        NEED(rck_event_write(port, &event, 1) == RCK_E_HANDLE);
        NEED(rck_port_close(port) == RCK_E_HANDLE);
      }
    });
  rck_config config;
  small_config(&config);
  config.ring_lines = 64;
  for (uint64_t round = 1; round <= rounds || reached.load() == 0; round++) {
    rck_engine *engine = nullptr;
    config.limits_max = 1 + round % 997;
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    // The round is withdrawn while the pair is not of one piece: a thread that saw it twice saw its engine.
    shown[1].round.store(0);
    shown[1].engine.store(shown[0].engine.load());
    shown[0].round.store(0);
    shown[0].engine.store(engine);
    shown[0].round.store(round);
    for (uint64_t pause = mixed(round) % 64; pause; pause--)
      sched_yield();
    for (int tries = 0; rck_engine_close(engine) != RCK_OK; tries++) {
      leaving.store(tries > 2);
      sched_yield();
    }
    leaving.store(false);
    NEED(rck_engine_close(engine) == RCK_E_HANDLE);
  }
  over.store(true);
  threads.join();
}

// What the detectors must report: one number that the library writes for two threads, unordered.
void raced() {
  rck_config config;
  rck_config_init(&config, sizeof config);
  uint64_t same = 0;
  Joined threads;
  for (int thread = 0; thread < 2; thread++)
    threads.start([&] { rck_region_bytes(&config, &same, nullptr); });
  threads.join();
}

// And a struct that the library fills after it was freed.
void freed() {
  rck_config *volatile config = static_cast<rck_config *>(malloc(sizeof(rck_config)));
  free(config);
  rck_config_init(config, sizeof(rck_config)); // volatile, so that the compiler does not see it coming
}

} // namespace

int main(int count, char **words) {
  NEED(count == 3);
  const uint64_t work = strtoull(words[2], nullptr, 10);
  if (!strcmp(words[1], "rings"))
    rings(work);
  else if (!strcmp(words[1], "definitions"))
    definitions(work);
  else if (!strcmp(words[1], "closing"))
    closing(work);
  else if (!strcmp(words[1], "raced"))
    raced();
  else if (!strcmp(words[1], "freed"))
    freed();
  else
    return 2;
  return 0;
}
