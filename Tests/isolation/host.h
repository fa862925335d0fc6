/* What the C and C++ hosts of the tests share: a loud assertion, a small region, one definition of each
 * kind. Speaks to the library through its header alone. */
#ifndef RCK_TEST_HOST_H
#define RCK_TEST_HOST_H

#include <riskcheck.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEED(truth)                                                                                                    \
  do {                                                                                                                 \
    if (!(truth)) {                                                                                                    \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #truth);                                       \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* Fails unless the call passed, and says what it returned. */
#define PASSES(call)                                                                                                   \
  do {                                                                                                                 \
    const rck_status passes_status = (call);                                                                           \
    if (passes_status != RCK_OK) {                                                                                     \
      fprintf(stderr, "%s:%d: %s gave %s\n", __FILE__, __LINE__, #call, rck_status_name(passes_status));               \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* A region of some tens of kilobytes: 4 ports, 16 of everything that has an id. */
static inline void small_config(rck_config *config) {
  PASSES(rck_config_init(config, sizeof *config));
  config->currencies_max = config->groups_max = config->accounts_max = 16;
  config->strategies_max = config->instruments_max = 16;
  config->positions_max = config->orders_max = config->retired_ids_max = config->limits_max = 16;
  config->ports_max = 4;
  config->ring_lines = 256;
  config->violations_max = config->history_max = config->rate_exact_max = config->windows_max = 16;
  config->duplicates_max = config->ladder_levels_max = 16;
  config->price_history_max = config->order_history_max = config->leases_max = 16;
  config->executions_max = 16;
}

/* A bijective mix of 64 bits: contents that say whether they belong together. */
static inline uint64_t mixed(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

/* The next number of a seeded sequence. */
static inline uint64_t drawn(uint64_t *seed) { return mixed(*seed += 0x9e3779b97f4a7c15u); }

/* Event number `number` of a stream, whose contents can be recomputed from it. */
static inline rck_event numbered_event(uint64_t number, uint64_t stream, int64_t time_ns) {
  rck_event event;
  memset(&event, 0, sizeof event);
  event.kind = (uint16_t)(RCK_EVENT_HOST + stream);
  event.time_ns = time_ns;
  event.correlation_id = mixed(number ^ stream);
  event.subject = number;
  event.values[0] = (int64_t)mixed(number + stream);
  event.values[1] = (int64_t)~mixed(number + stream);
  return event;
}

static inline int is_numbered(const rck_event *event, uint64_t stream) {
  return event->kind == RCK_EVENT_HOST + stream && event->lines == 1 &&
         event->correlation_id == mixed(event->subject ^ stream) &&
         event->values[0] == (int64_t)mixed(event->subject + stream) && event->values[1] == ~event->values[0];
}

static inline rck_currency currency_one(void) {
  rck_currency currency;
  memset(&currency, 0, sizeof currency);
  currency.struct_size = sizeof currency;
  currency.id = 1;
  strcpy(currency.name, "EUR");
  currency.rate = 1;
  return currency;
}

/* An instrument whose every number follows from its id and `turn`. */
static inline rck_instrument turned_instrument(uint32_t id, uint64_t turn) {
  rck_instrument instrument;
  const uint64_t mix = mixed(turn ^ ((uint64_t)id << 40));
  memset(&instrument, 0, sizeof instrument);
  instrument.struct_size = sizeof instrument;
  instrument.id = id;
  instrument.flags = (mix & 1) ? RCK_ENABLED : 0;
  instrument.currency = 1;
  instrument.price_decimals = (uint32_t)(mix >> 8) % 19;
  instrument.quantity_decimals = (uint32_t)(mix >> 16) % 19;
  instrument.multiplier_decimals = (uint32_t)(mix >> 24) % 10;
  instrument.multiplier = (int64_t)turn + 1;
  instrument.lot = (int64_t)(mix >> 20) + 1;
  instrument.tick = (int64_t)(mixed(mix) >> 20) + 1;
  return instrument;
}

/* Whether all of `got` is of one turn, whatever its name. */
static inline int is_turned(const rck_instrument *got) {
  rck_instrument whole = turned_instrument(got->id, (uint64_t)got->multiplier - 1);
  memcpy(whole.name, got->name, sizeof whole.name);
  return memcmp(&whole, got, sizeof whole) == 0;
}

#endif
