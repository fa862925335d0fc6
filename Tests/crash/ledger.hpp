// What a child that will be killed says about its work, outside the region, and how a region left behind is
// held against it: nothing acknowledged may be missing, nothing half done may be seen.
//
// The ledger is plain shared memory: the child writes an intent before each call and an acknowledgement
// behind it. A reader knows from the two what must be there, and what may be.
#ifndef RCK_CRASH_LEDGER_HPP
#define RCK_CRASH_LEDGER_HPP

#include "../isolation/host.h"
#include <atomic>
#include <string>

constexpr uint32_t ids = 8;         // of each kind that the child defines
constexpr uint32_t pool_names = 12; // that instruments take from each other
constexpr uint32_t ports = 2;

using Word = std::atomic<uint64_t>;

// One ring. Event numbers are their subjects, ascending; a life begins where the last one's attempts ended.
struct RingLedger {
  Word acknowledged; // the last number whose write has returned
  Word attempted;    // the last number of the write in flight; else as acknowledged
  Word taken;        // the last number that a finished read took out
  Word taking;       // at most so many lines may the read in flight take; 0 without one
  Word sequence;     // of the last record that a finished read took out
};

// One definition: generation << 8 | name. Equal unless a call is in flight.
struct DefinitionLedger {
  Word begun, done;
};

struct Ledger {
  Word work;                               // units done in this life; 0 before the region is being opened
  Word opened;                             // 1 once the child has the region open
  Word expected_recovered;                 // what the child must find when it opens: 0, 1, or 2 for either
  Word sets_begun, sets_done, definitions; // in this life; as counted by the region before it
  RingLedger rings[ports + 1];
  DefinitionLedger accounts[ids + 1], instruments[ids + 1], currencies[ids + 1], groups[ids + 1];
};

inline void crash_config(rck_config *config) {
  small_config(config);
  config->flags |= RCK_SHARED;
  config->ports_max = ports;
  config->ring_lines = 64;
}

template <class Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

template <class Record> Record record_of(uint32_t id) {
  Record record = sized<Record>();
  record.id = id;
  return record;
}

// Definitions whose every byte follows from id, generation and name.
inline rck_account account_of(uint32_t id, uint64_t word) {
  auto account = record_of<rck_account>(id);
  const uint64_t mix = mixed(word << 8 | id);
  snprintf(account.name, sizeof account.name, "account-%u-%llu", id, static_cast<unsigned long long>(word >> 8));
  account.flags = mix & RCK_ENABLED;
  account.permissions = static_cast<uint32_t>(mix >> 8) & RCK_PERMIT_ALL;
  account.groups[0] = 1 + (mix >> 24) % ids; // groups are defined first, and all of accounts
  return account;
}

inline rck_group group_of(uint32_t id, uint64_t word) {
  auto group = record_of<rck_group>(id);
  snprintf(group.name, sizeof group.name, "group-%llu-%u", static_cast<unsigned long long>(word >> 8), id);
  group.kind = RCK_GROUP_OF_ACCOUNTS;
  return group;
}

inline rck_currency currency_of(uint32_t id, uint64_t word) {
  auto currency = record_of<rck_currency>(id);
  snprintf(currency.name, sizeof currency.name, "c%u", id); // never renamed: found while others come and go
  currency.rate = static_cast<int64_t>(word >> 8) + 1;
  currency.rate_decimals = mixed(word) % 19;
  return currency;
}

inline rck_instrument instrument_of(uint32_t id, uint64_t word) {
  rck_instrument instrument = turned_instrument(id, word >> 8);
  snprintf(instrument.name, sizeof instrument.name, "pool-%u", static_cast<uint32_t>(word & 0xff));
  return instrument;
}

// The definition of one id is of the generation acknowledged, or of the one in flight, and whole; name and id
// find each other. Returns which it is: the word, or 0 when it is not defined.
template <class Record, class Get, class Make>
uint64_t verify_definition(const rck_engine *engine, uint32_t kind, uint32_t id, DefinitionLedger &ledger, Get get,
                           Make make) {
  const uint64_t done = ledger.done, begun = ledger.begun;
  auto got = record_of<Record>(0);
  const rck_status status = get(engine, id, &got);
  uint32_t found = 0;
  if (status == RCK_E_UNKNOWN) {
    NEED(done == 0); // an acknowledged definition may not be missing
    if (begun) {
      Record never = make(id, begun);
      const rck_status search = rck_find(engine, kind, &found, never.name);
      NEED(search == RCK_E_UNKNOWN || (search == RCK_OK && found != id));
    }
    ledger.begun = 0;
    return 0;
  }
  PASSES(status);
  const Record old = make(id, done), fresh = make(id, begun);
  const bool is_old = done && memcmp(&got, &old, sizeof got) == 0;
  const bool is_new = begun && memcmp(&got, &fresh, sizeof got) == 0;
  NEED(is_old || is_new); // never a mixture
  char name[RCK_NAME_BYTES] = {};
  uint32_t same = id;
  PASSES(rck_find(engine, kind, &same, name));
  NEED(strcmp(name, got.name) == 0);
  PASSES(rck_find(engine, kind, &found, name));
  NEED(found == id);
  if (done != begun && done && strcmp(old.name, fresh.name) != 0) {
    Record other = is_new ? old : fresh;
    found = 0;
    const rck_status search = rck_find(engine, kind, &found, other.name);
    NEED(search == RCK_E_UNKNOWN || (search == RCK_OK && found != id));
  }
  ledger.done = ledger.begun = is_new ? begun : done;
  return ledger.done;
}

inline void verify_definitions(const rck_engine *engine, Ledger &ledger) {
  uint32_t counts[5] = {};
  uint32_t holder[pool_names] = {};
  for (uint32_t id = 1; id <= ids; id++) {
    counts[0] +=
        verify_definition<rck_group>(engine, RCK_KIND_GROUP, id, ledger.groups[id], rck_group_get, group_of) != 0;
    counts[1] += verify_definition<rck_account>(engine, RCK_KIND_ACCOUNT, id, ledger.accounts[id], rck_account_get,
                                                account_of) != 0;
    counts[2] += verify_definition<rck_currency>(engine, RCK_KIND_CURRENCY, id, ledger.currencies[id], rck_currency_get,
                                                 currency_of) != 0;
    const uint64_t word = verify_definition<rck_instrument>(engine, RCK_KIND_INSTRUMENT, id, ledger.instruments[id],
                                                            rck_instrument_get, instrument_of);
    counts[3] += word != 0;
    if (word) {
      NEED(holder[word & 0xff] == 0); // one name, one id
      holder[word & 0xff] = id;
    }
  }
  for (uint32_t name = 0; name < pool_names; name++) {
    rck_instrument named = instrument_of(1, name);
    uint32_t found = 0;
    const rck_status status = rck_find(engine, RCK_KIND_INSTRUMENT, &found, named.name);
    NEED(holder[name] ? status == RCK_OK && found == holder[name] : status == RCK_E_UNKNOWN);
  }
  auto health = sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  NEED(health.groups == counts[0] && health.accounts == counts[1]);
  NEED(health.currencies == counts[2] && health.instruments == counts[3]);
  NEED(health.definitions >= ledger.definitions + ledger.sets_done);
  NEED(health.definitions <= ledger.definitions + ledger.sets_begun);
  ledger.definitions = health.definitions;
  ledger.sets_begun = ledger.sets_done = 0;
}

// Every event that was acknowledged and not taken is there once, in order, and the port works on from there.
inline void verify_ring(rck_engine *engine, uint32_t index, RingLedger &ring) {
  rck_port *port = nullptr;
  PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &port, nullptr));
  rck_event lines[16];
  uint32_t count = 0;
  uint64_t number = 0, sequence = 0;
  do {
    PASSES(rck_events_read(port, index, lines, 16, &count));
    for (uint32_t at = 0; at < count; at++) {
      if (sequence == 0)
        NEED(lines[at].sequence > ring.sequence && lines[at].sequence <= ring.sequence + ring.taking + 1);
      else
        NEED(lines[at].sequence == sequence + 1);
      sequence = lines[at].sequence;
      NEED(lines[at].port == index);
      if (lines[at].kind < RCK_EVENT_HOST)
        continue;
      NEED(is_numbered(&lines[at], index));
      if (number == 0)
        NEED(lines[at].subject > ring.taken && lines[at].subject <= ring.taken + ring.taking + 1);
      else
        NEED(lines[at].subject == number + 1);
      number = lines[at].subject;
    }
  } while (count);
  // A write in flight is there whole or not at all.
  if (number)
    NEED(number == ring.acknowledged || number == ring.attempted);
  else
    NEED(ring.taken + ring.taking >= ring.acknowledged);
  const uint64_t next = ring.attempted + 1;
  rck_event event = numbered_event(next, index, 0);
  PASSES(rck_event_write(port, &event, 1));
  PASSES(rck_events_read(port, index, lines, 16, &count));
  NEED(count == 1 && lines[0].subject == next);
  if (sequence)
    NEED(lines[0].sequence == sequence + 1);
  else
    NEED(lines[0].sequence > ring.sequence && lines[0].sequence <= ring.sequence + ring.taking + 1);
  auto stats = sized<rck_stats>();
  PASSES(rck_stats_read(engine, index, &stats));
  NEED(stats.ring_lines_used == 0 && stats.events_written == stats.events_read && stats.open == 1);
  NEED(stats.events_written == lines[0].sequence);
  ring.sequence = lines[0].sequence;
  ring.acknowledged = ring.attempted = ring.taken = next;
  ring.taking = 0;
  PASSES(rck_port_close(port));
}

// The engine's own ring: in order, gaps only where events were lost.
inline void verify_own_ring(rck_engine *engine) {
  rck_port *reader = nullptr;
  PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, nullptr));
  rck_event lines[16];
  uint32_t count = 0;
  uint64_t sequence = 0;
  do {
    PASSES(rck_events_read(reader, 0, lines, 16, &count));
    for (uint32_t at = 0; at < count; at += lines[at].lines) {
      NEED(lines[at].lines >= 1 && lines[at].port == 0 && lines[at].kind < RCK_EVENT_HOST);
      NEED(lines[at].sequence > sequence);
      sequence = lines[at].sequence;
    }
  } while (count);
  PASSES(rck_port_close(reader));
}

// Opens what was left at `path` and holds it against the ledger, which then says what is there. Leaves the
// engine open.
inline rck_engine *verify_region(const std::string &path, Ledger &ledger, bool recovered_surely) {
  rck_config config;
  rck_engine *engine = nullptr;
  rck_fault fault{};
  crash_config(&config);
  const rck_status status = rck_engine_open(&config, path.c_str(), &engine, &fault);
  if (status != RCK_OK) {
    fprintf(stderr, "open gave %s: %s.%s %lld\n", rck_status_name(status), fault.record, fault.field,
            static_cast<long long>(fault.value));
    abort();
  }
  auto health = sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  NEED(health.state == RCK_HEALTH_RUNNING && health.failed_site == 0 && health.ports_open == 0);
  NEED(!recovered_surely || health.recovered == 1);
  verify_definitions(engine, ledger);
  verify_own_ring(engine);
  for (uint32_t index = 1; index <= ports; index++)
    verify_ring(engine, index, ledger.rings[index]);
  return engine;
}

#endif
