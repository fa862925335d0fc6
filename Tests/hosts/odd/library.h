/* A copy of the library that was loaded at run time, and a desk to trade at in it: one account, one instrument, and a
 * limit on the position that a test can tell from another desk's. What does not hold ends the program with 1. */
#ifndef ODD_LIBRARY_H
#define ODD_LIBRARY_H

#include <riskcheck.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEED(truth)                                                                                                    \
  do {                                                                                                                 \
    if (!(truth)) {                                                                                                    \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #truth);                                       \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* clang-format off */
#define CALLS(EACH) \
  EACH(rck_config_init) \
  EACH(rck_engine_create) \
  EACH(rck_engine_close) \
  EACH(rck_port_open) \
  EACH(rck_port_close) \
  EACH(rck_currency_set) \
  EACH(rck_account_set) \
  EACH(rck_instrument_set) \
  EACH(rck_limit_set) \
  EACH(rck_limits_publish) \
  EACH(rck_check) \
  EACH(rck_release) \
  EACH(rck_position_get) \
  EACH(rck_health)
/* clang-format on */
#define FIELD(name) __typeof__(name) *name;
#define FIND(name) found.name = (__typeof__(name) *)dlsym(found.handle, #name), missing += found.name == NULL;

typedef struct library {
  void *handle;
  CALLS(FIELD)
} library;

typedef struct desk {
  rck_engine *engine;
  rck_port *port;
  int64_t position_max;
} desk;

static inline library loaded(const char *path, int mode) {
  library found = {.handle = dlopen(path, mode)};
  int missing = 0;
  if (!found.handle)
    fprintf(stderr, "%s\n", dlerror());
  NEED(found.handle != NULL);
  CALLS(FIND)
  NEED(missing == 0);
  return found;
}

static inline rck_config small_config(const library *of) {
  rck_config config;
  NEED(of->rck_config_init(&config, sizeof config) == RCK_OK);
  config.flags = 0;
  config.clock_source = RCK_CLOCK_HOST;
  config.accounts_max = config.strategies_max = config.instruments_max = config.groups_max = 4;
  config.positions_max = config.limits_max = 16;
  config.orders_max = config.retired_ids_max = 1024;
  config.ring_lines = 64;
  return config;
}

static inline desk opened(const library *of, const rck_config *config, int64_t position_max) {
  desk made = {.position_max = position_max};
  rck_currency dollar = {.struct_size = sizeof dollar, .id = 1, .rate = 1};
  rck_account account = {.struct_size = sizeof account, .id = 1, .flags = RCK_ENABLED};
  rck_instrument share = {.struct_size = sizeof share, .id = 1, .flags = RCK_ENABLED, .currency = 1};
  rck_limit limit = {.struct_size = sizeof limit, .control = RCK_CONTROL_POSITION, .reason = "agreed"};
  account.permissions = RCK_PERMIT_ALL;
  share.multiplier = share.lot = share.tick = 1;
  limit.scope_kind = RCK_SCOPE_ACCOUNT_INSTRUMENT;
  limit.id = limit.instrument = limit.actor = 1;
  limit.levels = RCK_LEVEL_HARD;
  limit.hard = position_max;
  NEED(of->rck_engine_create(config, NULL, 0, &made.engine, NULL) == RCK_OK);
  NEED(of->rck_currency_set(made.engine, &dollar, NULL) == RCK_OK);
  NEED(of->rck_account_set(made.engine, &account, NULL) == RCK_OK);
  NEED(of->rck_instrument_set(made.engine, &share, NULL) == RCK_OK);
  NEED(of->rck_limit_set(made.engine, &limit, 0, NULL) == RCK_OK);
  NEED(of->rck_limits_publish(made.engine, NULL, NULL) == RCK_OK);
  NEED(of->rck_port_open(made.engine, 1, RCK_PORT_WRITER, &made.port, NULL) == RCK_OK);
  return made;
}

static inline rck_status checked(const library *of, rck_port *port, uint64_t id, int64_t quantity) {
  rck_order order = {.order_id = id, .price = 50, .quantity = quantity, .time_ns = 1, .account = 1, .instrument = 1};
  rck_verdict verdict;
  order.side = RCK_SIDE_BUY;
  order.type = RCK_TYPE_LIMIT;
  order.time_in_force = RCK_FORCE_DAY;
  const rck_status status = of->rck_check(port, &order, &verdict);
  NEED(status < 0 || status == verdict.status);
  return status;
}

static inline rck_status released(const library *of, rck_port *port, uint64_t id) {
  rck_verdict verdict;
  return of->rck_release(port, 0, id, RCK_RELEASE_CANCELLED, 1, &verdict);
}

static inline int64_t open_buys(const library *of, const rck_engine *engine) {
  rck_position_info row = {.struct_size = sizeof row, .account = 1, .instrument = 1};
  NEED(of->rck_position_get(engine, &row) == RCK_OK);
  return row.open_buys;
}

/* Takes all that the limit leaves, is refused one more, and gives all of it back. */
static inline void filled_up(const library *of, const desk *at, uint64_t id) {
  NEED(checked(of, at->port, id, at->position_max) == RCK_OK);
  NEED(checked(of, at->port, id + 1, 1) == RCK_REJECT_POSITION_LONG);
  NEED(open_buys(of, at->engine) == at->position_max);
  NEED(released(of, at->port, id) == RCK_OK);
  NEED(open_buys(of, at->engine) == 0);
}

static inline void closed(const library *of, const desk *at) {
  NEED(of->rck_port_close(at->port) == RCK_OK);
  NEED(of->rck_engine_close(at->engine) == RCK_OK);
}

#endif
