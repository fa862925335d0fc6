// The processes of one life: the host with its threads, and who takes the records from the rings to the journal, a
// thread of the host or a process that attached.
#ifndef RCK_CRASH_EVIDENCE_HOST_HPP
#define RCK_CRASH_EVIDENCE_HOST_HPP

#include "evidence_trader.hpp"
#include "../stress/crowd.hpp"
#include <thread>
#include <unistd.h>

// What a life is: who trades, and who takes the records out.
struct Variant {
  uint32_t discipline;
  bool outside;
  uint32_t traders() const { return discipline == RCK_ONE_WRITER ? 1 : traders_most; }
};

// Scopes that are latched now and then: each stops a part of the trade.
struct Scoped {
  uint32_t kind, id;
};
constexpr Scoped latched_scopes[] = {{RCK_SCOPE_ACCOUNT, 3}, {RCK_SCOPE_INSTRUMENT, 2}, {RCK_SCOPE_STRATEGY, 1}};
constexpr size_t latched_count = sizeof latched_scopes / sizeof *latched_scopes;

class Administrator {
public:
  Administrator(rck_engine *made, Shared &memory, uint64_t start)
      : engine(made), shared(memory), log(memory.logs[0]), seed(start) {}

  void work() {
    while (!shared.finish) {
      wait_for_room(engine, shared, 0);
      const uint64_t draw = drawn(&seed) % 4;
      if (draw < 2)
        latch();
      else if (draw == 2)
        limit();
      else
        attend();
      for (const uint64_t before = shared.work; shared.work < before + 24 && !shared.finish;)
        sched_yield();
    }
  }

private:
  rck_engine *engine;
  Shared &shared;
  Log &log;
  uint64_t seed;

  template <class Call> rck_status done(const Noted &noted, Call call) {
    log.begin(noted);
    const rck_status status = desk::insist(call);
    NEED(status >= 0);
    log.current().status = status;
    log.end();
    return status;
  }

  void latch() {
    const Scoped scope = latched_scopes[drawn(&seed) % latched_count];
    Noted noted{};
    const bool clears = drawn(&seed) % 2;
    noted.kind = clears ? RCK_EVENT_LATCH_CLEAR : RCK_EVENT_LATCH_SET;
    noted.scope = scope.kind;
    noted.scoped = scope.id;
    noted.value = clears ? RCK_STATE_ACTIVE : drawn(&seed) % 2 ? RCK_STATE_HALTED : RCK_STATE_REDUCE_ONLY;
    const rck_latch latch = desk::latch(scope.kind, scope.id, static_cast<uint32_t>(noted.value));
    done(noted,
         [&] { return clears ? rck_latch_clear(engine, &latch, nullptr) : rck_latch_set(engine, &latch, nullptr); });
  }

  void limit() {
    Noted noted{};
    noted.kind = RCK_EVENT_LIMIT_SET;
    noted.value = 20 + static_cast<int64_t>(drawn(&seed) % 500);
    const rck_limit limit = quantity_limit(noted.value);
    done(noted, [&] { return rck_limit_set(engine, &limit, RCK_LOOSEN, nullptr); });
    noted.kind = RCK_EVENT_PUBLISH;
    done(noted, [&] { return rck_limits_publish(engine, nullptr, nullptr); });
  }

  // Acknowledges or clears one violation of those that are open.
  void attend() {
    auto filter = desk::sized<rck_violation_filter>();
    filter.states = 1u << RCK_VIOLATION_NEW | 1u << RCK_VIOLATION_ACTIVE | 1u << RCK_VIOLATION_ACKNOWLEDGED;
    rck_violation found[8];
    uint64_t cursor = 0;
    uint32_t count = 0;
    PASSES(rck_violations_read(engine, &filter, found, 8, &cursor, &count));
    if (count == 0)
      return;
    auto change = desk::sized<rck_violation_change>();
    change.violation_id = found[drawn(&seed) % count].violation_id;
    change.state = drawn(&seed) % 2 ? RCK_VIOLATION_ACKNOWLEDGED : RCK_VIOLATION_CLEARED;
    change.actor = 1;
    strcpy(change.reason, "crash");
    Noted noted{};
    noted.kind = RCK_EVENT_VIOLATION_CHANGED;
    noted.violation = change.violation_id;
    noted.value = change.state;
    done(noted, [&] { return rck_violation_set(engine, &change, nullptr, nullptr); });
  }
};

// Whoever consumes: all that is in the rings goes to the journal, until it is killed or told to end.
class Pump {
public:
  Pump(rck_engine *engine, Shared &memory, const Place &place) : shared(memory) {
    const rck_journal_config config = journal_config_of();
    PASSES(desk::insist([&] { return rck_port_open(engine, 0, RCK_PORT_READER, &port, nullptr); }));
    PASSES(rck_journal_open(port, place.journal.c_str(), &config, nullptr));
  }

  void work(const Word &last) {
    while (!last) {
      turn();
      shared.pumped.fetch_add(1);
      if (info.records == 0)
        sched_yield();
    }
  }

  // All that is there, and the end.
  void finish() {
    do
      turn();
    while (info.waiting);
    PASSES(rck_journal_close(port, nullptr));
    PASSES(rck_port_close(port));
  }

private:
  Shared &shared;
  rck_port *port = nullptr;
  rck_pump_info info = desk::sized<rck_pump_info>();

  void turn() { PASSES(rck_journal_pump(port, &info, nullptr)); }
};

[[noreturn]] inline void live_as_host(const Place &place, const Variant &variant, Shared &shared, uint64_t seed) {
  rck_engine *engine = nullptr;
  shared.work = 1;
  PASSES(rck_engine_open(nullptr, place.region.c_str(), &engine, nullptr));
  shared.opened = 1;
  {
    std::vector<std::unique_ptr<Trader>> traders;
    std::vector<std::thread> threads;
    for (uint32_t index = 1; index <= variant.traders(); index++)
      traders.push_back(std::make_unique<Trader>(engine, shared, index, seed * 8 + index));
    Word housekeeping_ends{0};
    std::thread housekeeper;
    if (!variant.outside)
      housekeeper = std::thread([&] {
        const desk::Unrest unrest(seed);
        Pump pump(engine, shared, place);
        pump.work(housekeeping_ends);
        pump.finish();
      });
    for (const auto &trader : traders)
      threads.emplace_back([&, number = threads.size()] {
        const desk::Unrest unrest(seed + number);
        trader->adopt();
        trader->trade();
      });
    {
      const desk::Unrest unrest(seed + traders_most);
      Administrator(engine, shared, seed * 8).work();
    }
    for (std::thread &thread : threads)
      thread.join();
    housekeeping_ends = 1;
    if (housekeeper.joinable())
      housekeeper.join();
  }
  PASSES(desk::insist([&] { return rck_engine_close(engine); }));
  _exit(0);
}

[[noreturn]] inline void live_as_pump(const Place &place, Shared &shared) {
  rck_engine *engine = nullptr;
  shared.pumped = 1;
  PASSES(rck_engine_attach(place.region.c_str(), RCK_ATTACH_CONSUMER, &engine, nullptr));
  Pump pump(engine, shared, place);
  pump.work(shared.pump_last);
  pump.finish();
  PASSES(rck_engine_close(engine));
  _exit(0);
}

#endif
