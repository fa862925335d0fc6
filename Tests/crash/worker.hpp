// What a child does to a region, one call at a time, with an intent in the ledger before each call and an
// acknowledgement behind it.
#ifndef RCK_CRASH_WORKER_HPP
#define RCK_CRASH_WORKER_HPP

#include "ledger.hpp"
#include <sched.h>

// Call again until it had its turn: the threads of a child contend for it.
template <class Call> rck_status insist(Call call) {
  rck_status status = call();
  while (status == RCK_E_BUSY) {
    sched_yield();
    status = call();
  }
  return status;
}

class Worker {
public:
  // `hasty`: acknowledges before the call, which whoever verifies must find out.
  Worker(rck_engine *engine, Ledger &ledger, uint32_t index, bool hasty = false)
      : engine(engine), ledger(ledger), index(index), hasty(hasty) {}

  void open() {
    PASSES(insist([&] { return rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr); }));
  }
  void close() {
    PASSES(insist([&] { return rck_port_close(port); }));
  }

  bool write(uint64_t count) {
    RingLedger &ring = ledger.rings[index];
    const uint64_t before = ring.acknowledged;
    rck_event events[4];
    for (uint64_t at = 0; at < count; at++)
      events[at] = numbered_event(before + 1 + at, index, 0);
    ring.attempted = before + count;
    if (hasty)
      ring.acknowledged = before + count;
    const rck_status status = rck_event_write(port, events, static_cast<uint32_t>(count));
    NEED(status == RCK_OK || status == RCK_REJECT_RING_FULL);
    ring.acknowledged = status == RCK_OK ? before + count : before;
    ring.attempted = ring.acknowledged.load();
    return status == RCK_OK;
  }

  // Reads ring `source`, and the engine's own on the way.
  void read(uint32_t source, uint32_t capacity) {
    RingLedger &ring = ledger.rings[source];
    rck_event lines[24];
    uint32_t count = 0;
    ring.taking = capacity;
    PASSES(rck_events_read(port, source, lines, capacity, &count));
    for (uint32_t at = 0; at < count; at++) {
      NEED(lines[at].sequence == ring.sequence + 1);
      NEED(is_numbered(&lines[at], source));
      ring.sequence = lines[at].sequence; // until all are noted, `taking` is wide enough for either
      ring.taken = lines[at].subject;
    }
    ring.taking = 0;
    if (index == 1)
      PASSES(rck_events_read(port, 0, lines, 24, &count));
  }

  void set_group(uint32_t id) { set(ledger.groups[id], id, 0, group_of, rck_group_set); }
  void set_account(uint32_t id) { set(ledger.accounts[id], id, 0, account_of, rck_account_set); }
  void set_currency(uint32_t id) { set(ledger.currencies[id], id, 0, currency_of, rck_currency_set); }
  void set_instrument(uint32_t id, uint32_t name, bool taken = false) {
    if (!taken)
      return set(ledger.instruments[id], id, name, instrument_of, rck_instrument_set);
    const rck_instrument record = instrument_of(id, name);
    NEED(insist([&] { return rck_instrument_set(engine, &record, nullptr); }) == RCK_E_NAME_TAKEN);
  }

private:
  rck_engine *engine;
  Ledger &ledger;
  uint32_t index;
  bool hasty;
  rck_port *port = nullptr;

  template <class Make, class Set>
  void set(DefinitionLedger &definition, uint32_t id, uint32_t name, Make make, Set call) {
    const uint64_t word = ((definition.done >> 8) + 1) << 8 | name;
    const auto record = make(id, word);
    ledger.sets_begun++;
    definition.begun = word;
    if (hasty)
      definition.done = word;
    PASSES(insist([&] { return call(engine, &record, nullptr); }));
    definition.done = word;
    ledger.sets_done++;
  }
};

#endif
