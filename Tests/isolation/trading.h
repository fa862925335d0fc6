/* One turn of a trading host: every call of the order path, passed, repeated and refused. A turn ends with the
 * orders that it began with, so that any number of them can follow each other in a small region. */
#ifndef RCK_TEST_TRADING_H
#define RCK_TEST_TRADING_H

#include "host.h"

/* Fails unless the call gave this status, and says what it gave. */
#define GIVES(expected, call)                                                                                          \
  do {                                                                                                                 \
    const rck_status gives_status = (call);                                                                            \
    if (gives_status != (expected)) {                                                                                  \
      fprintf(stderr, "%s:%d: %s gave %s\n", __FILE__, __LINE__, #call, rck_status_name(gives_status));                \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

enum {
  unconfirmed_orders = 8,
  free_account = 1,
  rated_account = 2,
  traders_group = 1,
  sector_group,
  amended_order = 999
};

/* The buffers are the caller's, so that a tool which knows their ends can watch them. */
typedef struct trading {
  rck_engine *engine;
  rck_port *port;
  int64_t time_ns; /* 0: the library reads the clock */
  uint64_t turn;
  int recovered;    /* there are orders of before */
  uint64_t next_id; /* of orders and of executions */
  rck_order *order;
  rck_report *report;
  rck_verdict *verdict;
} trading;

static inline void trading_config(rck_config *config, uint32_t discipline, uint64_t places) {
  small_config(config);
  config->discipline = discipline;
  config->money_decimals = 2;
  config->windows_max = 128;
  config->limits_max = 64;
  config->orders_max = config->retired_ids_max = config->executions_max = places;
}

static inline void trading_limit(rck_engine *engine, uint32_t control, uint32_t measure, uint32_t scope_kind,
                                 uint32_t id, uint32_t levels, int64_t value) {
  rck_limit limit = {.struct_size = sizeof limit, .actor = 1, .reason = "trading"};
  limit.control = control;
  limit.measure = measure;
  limit.scope_kind = scope_kind;
  limit.id = id;
  limit.instrument = scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT || scope_kind == RCK_SCOPE_STRATEGY_INSTRUMENT;
  limit.levels = levels;
  limit.warn = levels & RCK_LEVEL_WARN ? value : 0;
  limit.hard = levels & RCK_LEVEL_HARD ? value : 0;
  if (control == RCK_CONTROL_RATE)
    limit.window_ns = 1000000;
  if (control == RCK_CONTROL_COLLAR)
    limit.reference = RCK_REFERENCE_MID;
  if (measure == RCK_MEASURE_SESSION)
    limit.reference = 1;
  if (scope_kind == RCK_SCOPE_GLOBAL)
    limit.flags = RCK_LEASE_ALWAYS;
  PASSES(rck_limit_set(engine, &limit, 0, NULL));
}

/* Every control of the catalogue that takes limits, at every kind of scope that counts on its own, and totals. */
static inline void trading_limits(rck_engine *engine) {
  const uint32_t parties[] = {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY};
  const uint32_t rated[] = {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT};
  const uint32_t hard = RCK_LEVEL_HARD, warn = RCK_LEVEL_WARN;
  trading_limit(engine, RCK_CONTROL_ORDER_QUANTITY, 0, RCK_SCOPE_INSTRUMENT, 1, hard, 1000);
  trading_limit(engine, RCK_CONTROL_ORDER_NOTIONAL, 0, RCK_SCOPE_INSTRUMENT, 1, hard, 10000000);
  trading_limit(engine, RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, RCK_SCOPE_INSTRUMENT, 1, hard, 1000);
  trading_limit(engine, RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, free_account, hard, 800);
  trading_limit(engine, RCK_CONTROL_POSITION, 0, RCK_SCOPE_STRATEGY_INSTRUMENT, 1, hard, 900);
  trading_limit(engine, RCK_CONTROL_LISTS, RCK_MEASURE_LOCATE, RCK_SCOPE_ACCOUNT_INSTRUMENT, free_account, hard, 800);
  trading_limit(engine, RCK_CONTROL_LISTS, RCK_MEASURE_SESSION, RCK_SCOPE_STRATEGY, 1, hard, 0);
  trading_limit(engine, RCK_CONTROL_BUYING_POWER, 0, RCK_SCOPE_ACCOUNT, free_account, warn, 0);
  for (int at = 0; at < 2; at++) {
    trading_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, parties[at], 1, hard, 10000000);
    trading_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, parties[at], 1, hard, 10000000);
    trading_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, parties[at], 1, hard, 14);
    trading_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, parties[at], 1, hard, 10000000);
  }
  for (int at = 0; at < 3; at++)
    for (uint32_t measure = RCK_MEASURE_NEW; measure <= RCK_MEASURE_CANCEL; measure++)
      trading_limit(engine, RCK_CONTROL_RATE, measure, rated[at], 1, warn, 4);
  trading_limit(engine, RCK_CONTROL_RATE, RCK_MEASURE_NEW, RCK_SCOPE_ACCOUNT, rated_account, hard, 0);
  rck_port_watch watch = {.struct_size = sizeof watch, .port = 1, .silence_ns = RCK_TIME_NS_MAX};
  watch.scope_kind = RCK_SCOPE_GLOBAL;
  watch.state = RCK_STATE_HALTED;
  watch.actor = 1;
  PASSES(rck_port_watch_set(engine, &watch, NULL));
  trading_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, hard, 1000000000000);
  trading_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_STRATEGY_GROUP, traders_group, hard,
                9000000);
  trading_limit(engine, RCK_CONTROL_POSITION, 0, RCK_SCOPE_INSTRUMENT_GROUP, sector_group, hard, 1000000);
  trading_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_INSTRUMENT_GROUP, sector_group, hard,
                1000000);
  PASSES(rck_limits_publish(engine, NULL, NULL));
}

static inline void trading_definitions(rck_engine *engine) {
  rck_currency currency = currency_one();
  rck_account account = {.struct_size = sizeof account, .flags = RCK_ENABLED | RCK_POWER_REALISED};
  rck_strategy strategy = {.struct_size = sizeof strategy, .id = 1, .flags = RCK_ENABLED};
  rck_instrument instrument = {.struct_size = sizeof instrument, .flags = RCK_ENABLED, .currency = 1};
  rck_group group = {.struct_size = sizeof group, .id = traders_group, .kind = RCK_GROUP_OF_STRATEGIES};
  rck_calendar calendar = {.struct_size = sizeof calendar, .id = 1, .entries = RCK_CALENDAR_ENTRIES_MAX};
  calendar.end_ns = RCK_TIME_NS_MAX;
  for (uint32_t entry = 0; entry < RCK_CALENDAR_ENTRIES_MAX; entry++) {
    calendar.starts[entry] = entry;
    calendar.permissions[entry] = RCK_PERMIT_ALL;
  }
  PASSES(rck_calendar_set(engine, &calendar, NULL));
  strategy.groups[0] = traders_group;
  PASSES(rck_group_set(engine, &group, NULL));
  group.id = sector_group;
  group.kind = RCK_GROUP_OF_INSTRUMENTS;
  PASSES(rck_group_set(engine, &group, NULL));
  instrument.groups[0] = sector_group;
  currency.rate = 108;
  currency.rate_decimals = 2;
  account.permissions = strategy.permissions = RCK_PERMIT_ALL;
  instrument.price_decimals = 2;
  instrument.multiplier = instrument.lot = instrument.tick = 1;
  instrument.reference = RCK_REFERENCE_LAST;
  instrument.slippage_bps = 10;
  instrument.margin_bps[0] = 5000;
  PASSES(rck_currency_set(engine, &currency, NULL));
  PASSES(rck_strategy_set(engine, &strategy, NULL));
  for (instrument.id = 1; instrument.id <= 2; instrument.id++)
    PASSES(rck_instrument_set(engine, &instrument, NULL));
  for (account.id = free_account; account.id <= rated_account; account.id++)
    PASSES(rck_account_set(engine, &account, NULL));
}

static inline void trading_ask(trading *at, uint64_t id, uint32_t side, int64_t quantity, int64_t price) {
  rck_order *order = at->order;
  memset(order, 0, sizeof *order);
  order->order_id = id;
  order->account = free_account;
  order->strategy = order->instrument = 1;
  order->side = (uint8_t)side;
  order->type = price ? RCK_TYPE_LIMIT : RCK_TYPE_MARKET;
  order->time_in_force = RCK_FORCE_DAY;
  order->quantity = quantity;
  order->price = price;
  order->time_ns = at->time_ns;
}

static inline rck_status trading_check(trading *at, uint64_t id, uint32_t side, int64_t quantity, int64_t price) {
  trading_ask(at, id, side, quantity, price);
  return rck_check(at->port, at->order, at->verdict);
}

static inline rck_status trading_report(trading *at, uint32_t kind, uint64_t token, int64_t last, int64_t cumulative,
                                        uint64_t execution, uint64_t undone) {
  rck_report *report = at->report;
  memset(report, 0, sizeof *report);
  report->kind = (uint8_t)kind;
  report->token = token;
  report->last_quantity = last;
  report->last_price = last ? 1001 : 0;
  report->cumulative_quantity = cumulative;
  report->execution_id = execution;
  report->undone_execution_id = undone;
  report->fee = 1;
  report->time_ns = at->time_ns;
  if (!token) {
    report->order_id = at->next_id++;
    report->account = report->instrument = report->strategy = 1;
    report->side = RCK_SIDE_SELL;
  }
  return rck_fill(at->port, report, at->verdict);
}

static inline uint32_t trading_override(trading *at, uint64_t order_id, uint32_t count, int64_t quantity) {
  rck_override given = {.struct_size = sizeof given, .order_id = order_id, .actor = 1, .reason = "approved"};
  uint32_t id = 0;
  given.count = count;
  given.quantity = quantity;
  given.expiry_ns = RCK_TIME_NS_MAX;
  PASSES(rck_override_set(at->engine, &given, &id, NULL));
  return id;
}

/* An order that lives on, and an override under which its terms may be any. */
static inline void trading_allow(trading *at) {
  PASSES(trading_check(at, amended_order, RCK_SIDE_BUY, 1, 1000));
  NEED(trading_override(at, amended_order, 0, 1ll << 53) == 1);
}

/* Definitions, limits, prices, and orders of before that wait to be confirmed: in a file, left in good order and
 * opened again; with `path` NULL in `memory`, without such orders. */
static inline void trading_begin(trading *at, uint32_t discipline, uint64_t places, const char *path, void *memory,
                                 uint64_t memory_bytes) {
  rck_config config;
  trading_config(&config, discipline, places);
  if (path)
    PASSES(rck_engine_open(&config, path, &at->engine, NULL));
  else
    PASSES(rck_engine_create(&config, memory, memory_bytes, &at->engine, NULL));
  trading_definitions(at->engine);
  trading_limits(at->engine);
  PASSES(rck_port_open(at->engine, 1, RCK_PORT_WRITER, &at->port, NULL));
  at->next_id = 1000;
  const rck_cash cash = {
      .struct_size = sizeof cash, .account = free_account, .cash = 1000000000, .actor = 1, .reason = "bank"};
  const rck_quote quote = {.instrument = 1, .bid = 999, .ask = 1001, .bid_size = 5, .ask_size = 5};
  rck_quote first = quote;
  first.time_ns = at->time_ns;
  PASSES(rck_cash_set(at->port, &cash, NULL));
  PASSES(rck_market_quote(at->port, &first));
  for (uint64_t id = 1; path && id <= unconfirmed_orders; id++)
    PASSES(trading_check(at, id, RCK_SIDE_BUY, 1, 1000));
  at->recovered = path != NULL;
  if (!path)
    return trading_allow(at);
  PASSES(rck_port_close(at->port));
  PASSES(rck_engine_close(at->engine));
  PASSES(rck_engine_open(NULL, path, &at->engine, NULL));
  PASSES(rck_port_open(at->engine, 1, RCK_PORT_WRITER, &at->port, NULL));
  trading_allow(at);
}

static inline void trading_end(trading *at) {
  PASSES(rck_port_close(at->port));
  PASSES(rck_engine_close(at->engine));
}

static inline void trading_market(trading *at) {
  rck_quote quote = {.instrument = 1, .bid = 999, .ask = 1001, .bid_size = 5, .ask_size = 5};
  rck_trade trade = {.instrument = 1, .price = 1000, .quantity = 3};
  quote.time_ns = trade.time_ns = at->time_ns;
  PASSES(rck_market_quote(at->port, &quote));
  PASSES(rck_market_trade(at->port, &trade));
  PASSES(rck_mark(at->port, 1, 1000 + (int64_t)(at->turn & 3), at->time_ns));
  GIVES(RCK_E_UNKNOWN, rck_mark(at->port, 9, 1000, at->time_ns));
}

/* An order with one thing wrong: another in each turn. Also the checks without a trace. */
static inline void trading_refused(trading *at) {
  static const rck_status expected[] = {
      RCK_REJECT_ORDER_QUANTITY, RCK_REJECT_COLLAR_ABOVE,       RCK_REJECT_POSITION_LONG, RCK_REJECT_EXPOSURE_GROSS,
      RCK_REJECT_RATE_NEW,       RCK_REJECT_INSTRUMENT_UNKNOWN, RCK_REJECT_TIME_RANGE,    RCK_REJECT_INSTRUMENT_UNKNOWN,
      RCK_REJECT_ORDER_QUANTITY, RCK_REJECT_WORKING_NOTIONAL};
  const uint64_t kind = at->turn % (sizeof expected / sizeof *expected);
  rck_order *order = at->order;
  trading_ask(at, at->next_id++, RCK_SIDE_BUY, 1, 1000);
  if (kind == 0 || kind == 8)
    order->quantity = 1001;
  else if (kind == 1)
    order->price = 2000;
  else if (kind == 2)
    order->quantity = 999;
  else if (kind == 3)
    order->instrument = 2, order->quantity = 100000;
  else if (kind == 9)
    order->instrument = 2, order->quantity = 8500; /* more than its group may have */
  else if (kind == 4)
    order->account = rated_account;
  else if (kind == 5 || kind == 7)
    order->instrument = 99;
  else
    order->time_ns = -1;
  order->flags = kind == 8 ? RCK_ORDER_FIRST_REFUSAL : 0;
  GIVES(expected[kind], rck_check_dry(at->port, order, at->verdict));
  GIVES(expected[kind], rck_check(at->port, order, at->verdict));
  trading_ask(at, order->order_id, RCK_SIDE_BUY, 10, 1000);
  PASSES(rck_check_dry(at->port, order, at->verdict));
}

/* A buy that is amended both ways, filled in parts, undone and put right, and ends with its last fill. */
static inline void trading_bought(trading *at) {
  const uint64_t id = at->next_id, execution = id;
  at->next_id += 8;
  PASSES(trading_check(at, id, RCK_SIDE_BUY, 10, 1000));
  const uint64_t token = at->verdict->token;
  GIVES(RCK_REPEAT, trading_check(at, id, RCK_SIDE_BUY, 10, 1000));
  GIVES(RCK_REJECT_ORDER_ID_TAKEN, trading_check(at, id, RCK_SIDE_BUY, 11, 1000));
  trading_ask(at, id + 1, RCK_SIDE_BUY, 1001, 1000);
  GIVES(RCK_REJECT_ORDER_QUANTITY, rck_amend(at->port, token, at->order, at->verdict));
  trading_ask(at, id + 1, RCK_SIDE_BUY, 20, 1001);
  PASSES(rck_amend(at->port, token, at->order, at->verdict));
  GIVES(RCK_REJECT_AMEND_PENDING, rck_amend(at->port, token, at->order, at->verdict));
  PASSES(trading_report(at, RCK_REPORT_FILL, token, 4, 4, execution, 0));
  PASSES(rck_amend_result(at->port, token, 0, (uint32_t)at->turn & 1, at->verdict));
  GIVES(RCK_REPEAT, rck_amend_result(at->port, token, 0, 1, at->verdict));
  GIVES(RCK_REPEAT, trading_report(at, RCK_REPORT_FILL, token, 4, 4, execution, 0));
  PASSES(trading_report(at, RCK_REPORT_CORRECT, token, 3, 3, execution + 1, execution));
  PASSES(trading_report(at, RCK_REPORT_BUST, token, 0, 0, execution + 2, execution + 1));
  GIVES(RCK_REPEAT, trading_report(at, RCK_REPORT_BUST, token, 0, 0, execution + 2, execution + 1));
  GIVES(RCK_REJECT_EXECUTION_UNKNOWN, trading_report(at, RCK_REPORT_BUST, token, 0, 0, 0, 7));
  PASSES(rck_cancel(at->port, token, 0, at->time_ns, at->verdict));
  const int64_t total = at->turn & 1 ? 20 : 10;
  PASSES(trading_report(at, RCK_REPORT_FILL, token, total - 4, total - 4, execution + 3, 0));
  PASSES(trading_report(at, RCK_REPORT_FILL, token, 1, total, 0, 0)); /* late */
  GIVES(RCK_REPEAT, rck_cancel(at->port, token, 0, at->time_ns, at->verdict));
  GIVES(RCK_REJECT_ORDER_FINISHED, rck_amend(at->port, token, at->order, at->verdict));
}

/* Three at a time: orders of which one is refused, new terms of which one is nobody's, and fills, of which one is
 * known and one misused. */
static inline void trading_batched(trading *at) {
  rck_order orders[3];
  rck_report reports[3];
  rck_verdict verdicts[3];
  uint64_t tokens[3];
  uint32_t passed = 0;
  const uint64_t id = at->next_id;
  at->next_id += 6;
  for (uint64_t k = 0; k < 3; k++) {
    trading_ask(at, id + k, RCK_SIDE_BUY, k == 1 ? 1001 : 2, 1000);
    orders[k] = *at->order;
  }
  PASSES(rck_check_batch(at->port, orders, verdicts, 3, 0, &passed));
  NEED(passed == 2 && verdicts[1].status == RCK_REJECT_ORDER_QUANTITY);
  for (int k = 0; k < 3; k++) {
    tokens[k] = verdicts[k].token;
    orders[k].quantity = 3;
  }
  PASSES(rck_amend_batch(at->port, tokens, orders, verdicts, 3, 0, &passed));
  NEED(passed == 2 && verdicts[1].status == RCK_REJECT_ORDER_UNKNOWN);
  for (int k = 0; k < 3; k++) {
    reports[k] = (rck_report){.kind = RCK_REPORT_FILL, .token = tokens[k ? 2 : 0], .last_quantity = 3};
    reports[k].last_price = 1001;
    reports[k].cumulative_quantity = 3;
    reports[k].execution_id = id + (k ? 4 : 3);
    reports[k].time_ns = at->time_ns;
  }
  PASSES(rck_amend_result(at->port, tokens[0], 0, 1, at->verdict));
  PASSES(rck_amend_result(at->port, tokens[2], 0, 1, at->verdict));
  PASSES(rck_fill_batch(at->port, reports, verdicts, 3, 0, &passed));
  NEED(passed == 2 && verdicts[2].status == RCK_REPEAT);
  reports[1].flags = 1;
  PASSES(rck_fill_batch(at->port, reports, verdicts, 3, 0, &passed));
  NEED(passed == 0 && verdicts[1].status == RCK_E_FLAGS && verdicts[1].token == 0);
  GIVES(RCK_E_RANGE, rck_check_batch(at->port, orders, verdicts, 0, 0, &passed));
}

/* Orders of others: one that a check would pass, two above limits, and one that cannot be. */
static inline void trading_copied(trading *at) {
  const uint64_t id = at->next_id;
  at->next_id += 4;
  trading_ask(at, id, RCK_SIDE_BUY, 10, 1000);
  PASSES(rck_drop_copy(at->port, at->order, at->verdict));
  NEED(at->verdict->flags == 0 && at->verdict->token != 0);
  GIVES(RCK_REPEAT, rck_drop_copy(at->port, at->order, at->verdict));
  PASSES(rck_release(at->port, at->verdict->token, 0, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
  for (int k = 1; k < 3; k++) {
    trading_ask(at, id + (uint64_t)k, RCK_SIDE_BUY, k == 1 ? 1001 : 10, k == 1 ? 1000 : 1000000);
    at->order->account = k == 2 ? rated_account : at->order->account;
    PASSES(rck_drop_copy(at->port, at->order, at->verdict));
    NEED(at->verdict->flags & RCK_VERDICT_WOULD_REFUSE && at->verdict->failed);
    PASSES(rck_release(at->port, at->verdict->token, 0, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
  }
  trading_ask(at, id + 3, RCK_SIDE_BUY, 0, 1000);
  GIVES(RCK_REJECT_QUANTITY_NOT_POSITIVE, rck_drop_copy(at->port, at->order, at->verdict));
}

/* Two legs that pass and repeat, and two of which the second is refused by its size. */
static inline void trading_legs(trading *at) {
  const uint32_t whole = RCK_BATCH_ALL_OR_NONE;
  rck_order orders[2];
  rck_verdict verdicts[2];
  uint32_t passed = 0;
  for (uint64_t k = 0; k < 2; k++) {
    trading_ask(at, at->next_id++, k ? RCK_SIDE_SELL : RCK_SIDE_BUY, 2, 1000);
    orders[k] = *at->order;
    orders[k].strategy = at->turn & 1; /* the long way, or the shortest */
  }
  PASSES(rck_check_batch(at->port, orders, verdicts, 2, whole, &passed));
  NEED(passed == 2 && verdicts[0].token && verdicts[1].token);
  PASSES(rck_check_batch(at->port, orders, verdicts, 2, whole, &passed));
  NEED(passed == 0 && verdicts[1].status == RCK_REPEAT);
  for (int k = 0; k < 2; k++) {
    PASSES(rck_release(at->port, verdicts[k].token, 0, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
    orders[k].order_id = at->next_id++;
  }
  orders[1].quantity = 1001;
  PASSES(rck_check_batch(at->port, orders, verdicts, 2, whole, &passed));
  NEED(passed == 0 && verdicts[0].status == RCK_REJECT_BATCH && verdicts[1].status == RCK_REJECT_ORDER_QUANTITY);
  GIVES(RCK_E_RANGE, rck_check_batch(at->port, orders, (rck_verdict *)orders, 2, whole, &passed));
}

/* Sells what was bought: a market order in part, the rest by a report for an order that nobody knows. */
static inline void trading_sold(trading *at) {
  rck_position_info held = {.struct_size = sizeof held, .account = free_account, .instrument = 1};
  PASSES(rck_position_get(at->engine, &held));
  const uint64_t id = at->next_id++;
  PASSES(trading_check(at, id, RCK_SIDE_SELL, 5, 0));
  const uint64_t token = at->verdict->token;
  PASSES(trading_report(at, RCK_REPORT_FILL, token, 2, 2, at->next_id++, 0));
  PASSES(rck_release(at->port, 0, id, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
  GIVES(RCK_REPEAT, rck_release(at->port, token, 0, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
  GIVES(RCK_REJECT_ORDER_UNKNOWN, rck_release(at->port, 0, 77, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
  PASSES(trading_report(at, RCK_REPORT_FILL, token, 1, 3, 0, 0)); /* late */
  if (held.net > 3)
    PASSES(trading_report(at, RCK_REPORT_FILL, 0, held.net - 3, held.net - 3, at->next_id++, 0));
}

/* Orders of before: confirmed in the first turns, released in later ones, and known for a while after that. */
static inline void trading_confirmed(trading *at) {
  const uint64_t id = at->turn % unconfirmed_orders + 1;
  const rck_status confirmed = rck_order_confirm(at->port, 0, id, at->verdict);
  if (at->turn < unconfirmed_orders)
    PASSES(confirmed);
  else if (at->turn < 2 * unconfirmed_orders) {
    GIVES(RCK_REPEAT, confirmed);
    PASSES(rck_release(at->port, 0, id, RCK_RELEASE_EXPIRED, at->time_ns, at->verdict));
  } else
    NEED(confirmed == RCK_REJECT_ORDER_FINISHED || confirmed == RCK_REJECT_ORDER_UNKNOWN);
}

/* New terms beyond several levels, which an override lets pass; setting one reads the clock. */
static inline void trading_overridden(trading *at) {
  rck_override given = {.struct_size = sizeof given, .override_id = 1, .actor = 1, .reason = "approved"};
  trading_ask(at, amended_order, RCK_SIDE_BUY, 1001, 1000);
  PASSES(rck_amend(at->port, 0, at->order, at->verdict));
  NEED(at->verdict->flags & RCK_VERDICT_OVERRIDDEN);
  PASSES(rck_amend_result(at->port, 0, amended_order, 0, at->verdict));
  PASSES(rck_override_get(at->engine, &given));
  if (at->time_ns)
    return;
  const uint64_t id = at->next_id++;
  given.override_id = trading_override(at, id, 1, 0);
  trading_ask(at, id, RCK_SIDE_BUY, 1001, 1000);
  PASSES(rck_check_dry(at->port, at->order, at->verdict));
  PASSES(rck_check(at->port, at->order, at->verdict));
  PASSES(rck_override_get(at->engine, &given));
  NEED(given.live == 0 && given.count_left == 0);
  PASSES(rck_override_remove(at->engine, &given, NULL));
  PASSES(rck_release(at->port, 0, id, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
}

/* What a host looks at beside its orders. */
static inline void trading_looked(trading *at) {
  rck_order_info orders[4];
  rck_limit limits[4];
  rck_book_info book = {.struct_size = sizeof book, .scope_kind = RCK_SCOPE_ACCOUNT, .id = 1};
  rck_latch latch = {.struct_size = sizeof latch, .scope_kind = RCK_SCOPE_GLOBAL};
  rck_port_watch watch = {.struct_size = sizeof watch, .port = 1};
  rck_control_info info = {.struct_size = sizeof info};
  char text[200];
  int64_t room = 0;
  uint32_t cursor = 0, count = 0;
  PASSES(rck_open_orders(at->engine, RCK_SCOPE_ACCOUNT, 1, orders, 4, &cursor, &count));
  if (count)
    PASSES(rck_order_get(at->engine, orders[0].token, 0, orders));
  trading_ask(at, at->next_id++, RCK_SIDE_SELL, 1, 1000);
  GIVES(RCK_REJECT_POSITION_SHORT, rck_headroom(at->port, at->order, &room, at->verdict)); /* what binds */
  NEED(room > 0);
  cursor = 0;
  PASSES(rck_limits_armed(at->engine, limits, 4, &cursor, &count));
  NEED(count == 4);
  limits[0].struct_size = sizeof limits[0];
  PASSES(rck_limit_get(at->engine, limits));
  PASSES(rck_book_get(at->engine, &book));
  PASSES(rck_latch_get(at->engine, &latch));
  PASSES(rck_port_watch_get(at->engine, &watch));
  PASSES(rck_watch(at->engine, at->time_ns, NULL, 0, &count));
  NEED(count == 0);
  PASSES(rck_control_describe(RCK_CONTROL_EXPOSURE, &info));
  PASSES(rck_explain(at->verdict, text, sizeof text));
}

static inline void trading_turn(trading *at) {
  rck_event lines[64];
  uint32_t count = 0;
  PASSES(rck_beat(at->port, at->time_ns));
  trading_market(at);
  trading_refused(at);
  trading_bought(at);
  trading_batched(at);
  trading_copied(at);
  trading_legs(at);
  trading_sold(at);
  trading_overridden(at);
  if (at->recovered)
    trading_confirmed(at);
  if (at->turn % 8 == 0)
    trading_looked(at);
  if (at->turn % 64 == 0)
    PASSES(rck_warm(at->port));
  PASSES(rck_events_read(at->port, 1, lines, 64, &count));
  at->turn++;
  at->time_ns += at->time_ns != 0;
}

#endif
