/* Runs one table against the library as a plain C host: each line is a call, its words the call's arguments. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static rck_engine *engine;
static rck_port *ports[PORTS_MAX];
static rck_fault fault;

/* ---- Calls ---- */

static void create(void) {
  if (rck_engine_create(&config, NULL, 0, &engine, &fault) != RCK_OK)
    die("rck_engine_create", fault.field);
}

/* A port that is named is opened; port 0 is one for reading. */
static rck_port *port_at(uint32_t index) {
  uint32_t mode = index == 0 ? RCK_PORT_READER : RCK_PORT_WRITER;
  if (!ports[index] && rck_port_open(engine, index, mode, &ports[index], &fault) != RCK_OK)
    die("rck_port_open", fault.field);
  return ports[index];
}

static int run_order(rck_port *port, const char *verb, words *given, words *expected) {
  rck_verdict kept, *verdict = is_null(given, "verdict") ? NULL : &kept;
  rck_order filled, *order = is_null(given, "record") ? NULL : &filled;
  rck_status status;
  int64_t quantity = 0;
  memset(&filled, 0, sizeof filled);
  memset(&kept, 0xff, sizeof kept);
  if (strcmp(verb, "check") && strcmp(verb, "check_dry") && strcmp(verb, "drop_copy") && strcmp(verb, "headroom") &&
      strcmp(verb, "amend"))
    return 0;
  uint64_t named = token(given);
  fill(&filled, "rck_order", given);
  if (!strcmp(verb, "check"))
    status = rck_check(port, order, verdict);
  else if (!strcmp(verb, "check_dry"))
    status = rck_check_dry(port, order, verdict);
  else if (!strcmp(verb, "drop_copy"))
    status = rck_drop_copy(port, order, verdict);
  else if (!strcmp(verb, "amend"))
    status = rck_amend(port, named, order, verdict);
  else {
    status = rck_headroom(port, order, &quantity, verdict);
    expect_number(expected, "quantity", (uint64_t)quantity);
  }
  expect_verdict(expected, status, &kept);
  return 1;
}

/* Of a batch that is all or none, the verdict of the last, or of the one that is refused. */
static void expect_legs(words *expected, const rck_order *legs, rck_verdict *verdicts, uint32_t count,
                        uint32_t passed) {
  uint32_t told = 0, last = 0;
  for (uint32_t i = 0; i < count; i++)
    if (verdicts[i].status != RCK_REJECT_BATCH) {
      last = i;
      told++;
    }
  int whole = told == count && (verdicts[last].status == RCK_OK || verdicts[last].status == RCK_REPEAT);
  if (passed != (verdicts[last].status == RCK_OK ? count : 0))
    differ("passed", "all or none", "");
  rck_verdict others;
  memset(&others, 0, sizeof others);
  others.status = RCK_REJECT_BATCH;
  for (uint32_t i = 0; i < count; i++)
    if (whole)
      name_token(legs[i].order_id, verdicts[i].token);
    else if (i != last && memcmp(&verdicts[i], &others, sizeof others))
      differ("verdict", "only a status", "of another leg");
  expect_number(expected, whole ? "legs" : "leg", whole ? count : last + 1);
  if (!whole && count > 1)
    expect_number(expected, "rest_status", told == 1 ? RCK_REJECT_BATCH : 0);
  expect_verdict(expected, verdicts[last].status, &verdicts[last]);
}

/* Of orders that are judged each by itself, all statuses; tokens are named by the orders' ids. */
static void expect_batch(words *expected, const rck_order *orders, const rck_verdict *verdicts, uint32_t count,
                         uint32_t passed) {
  char text[12 * (RCK_LEGS_MAX + 2)] = "";
  for (uint32_t i = 0, at = 0; i < count; i++) {
    at += (uint32_t)sprintf(text + at, i ? ",%" PRId32 : "%" PRId32, verdicts[i].status);
    if (verdicts[i].token != 0)
      name_token(orders[i].order_id, verdicts[i].token);
  }
  expect_number(expected, "passed", passed);
  expect_text(expected, "statuses", text);
  expect_status(expected, RCK_OK);
}

/* Orders that are put together, and then checked as a batch: `index` is that of the port. */
static int run_legs(rck_port *port, uint32_t index, const char *verb, words *given, words *expected) {
  static rck_order legs[PORTS_MAX][RCK_LEGS_MAX + 2];
  static uint32_t counts[PORTS_MAX];
  rck_verdict verdicts[RCK_LEGS_MAX + 2];
  uint32_t passed = 77, count = counts[index], alone = !strcmp(verb, "batch");
  if (!strcmp(verb, "leg")) {
    if (count == RCK_LEGS_MAX + 2)
      die("leg", "too many");
    memset(&legs[index][count], 0, sizeof(rck_order));
    fill(&legs[index][count], "rck_order", given);
    counts[index]++;
    expect_status(expected, RCK_OK);
    return 1;
  }
  if (!alone && strcmp(verb, "legs"))
    return 0;
  counts[index] = 0;
  memset(verdicts, 0xff, sizeof verdicts);
  const char *flags = take(given, "flags"), *named = take(given, "count");
  rck_order *orders = is_null(given, "record") ? NULL : legs[index];
  rck_verdict *told = is_null(given, "verdict") ? NULL : verdicts;
  rck_status status = rck_check_batch(port, orders, told, named ? (uint32_t)strtoul(named, NULL, 10) : count,
                                      flags   ? (uint32_t)strtoul(flags, NULL, 10)
                                      : alone ? 0
                                              : RCK_BATCH_ALL_OR_NONE,
                                      &passed);
  if (status != RCK_OK)
    expect_status(expected, status);
  else if (alone)
    expect_batch(expected, legs[index], verdicts, count, passed);
  else
    expect_legs(expected, legs[index], verdicts, count, passed);
  return 1;
}

static int run_event(rck_port *port, const char *verb, words *given, words *expected) {
  rck_verdict kept, *verdict = is_null(given, "verdict") ? NULL : &kept;
  rck_status status;
  int is_fill = !strcmp(verb, "fill"), is_release = !strcmp(verb, "release");
  if (!is_fill && !is_release && strcmp(verb, "cancel") && strcmp(verb, "amend_result") && strcmp(verb, "confirm"))
    return 0;
  uint64_t named = token(given);
  memset(&kept, 0xff, sizeof kept);
  if (is_fill) {
    rck_report filled, *report = is_null(given, "record") ? NULL : &filled;
    memset(&filled, 0, sizeof filled);
    fill(&filled, "rck_report", given);
    filled.token = named;
    status = rck_fill(port, report, verdict);
  } else {
    uint64_t id = number(given, "order_id");
    int64_t time_ns = (int64_t)number(given, "time_ns");
    if (is_release)
      status = rck_release(port, named, id, (uint32_t)number(given, "reason"), time_ns, verdict);
    else if (!strcmp(verb, "cancel"))
      status = rck_cancel(port, named, id, time_ns, verdict);
    else if (!strcmp(verb, "confirm"))
      status = rck_order_confirm(port, named, id, verdict);
    else
      status = rck_amend_result(port, named, id, (uint32_t)number(given, "accepted"), verdict);
  }
  expect_verdict(expected, status, &kept);
  return 1;
}

/* Calls that take one record and give a status. */
static int run_record(rck_port *port, const char *verb, words *given, words *expected) {
  union {
    rck_currency currency;
    rck_group group;
    rck_account account;
    rck_strategy strategy;
    rck_instrument instrument;
    rck_limit limit;
    rck_latch latch;
    rck_position position;
    rck_cash cash;
    rck_quote quote;
    rck_trade trade;
    rck_book book;
    rck_calendar calendar;
    rck_rearming rearm;
  } any;
  static const char *const records[][2] = {{"currency", "rck_currency"},     {"group", "rck_group"},
                                           {"account", "rck_account"},       {"strategy", "rck_strategy"},
                                           {"instrument", "rck_instrument"}, {"limit_set", "rck_limit"},
                                           {"limit_remove", "rck_limit"},    {"latch_set", "rck_latch"},
                                           {"latch_clear", "rck_latch"},     {"position_set", "rck_position"},
                                           {"cash_set", "rck_cash"},         {"quote", "rck_quote"},
                                           {"trade", "rck_trade"},           {"book", "rck_book"},
                                           {"calendar", "rck_calendar"},     {"rearm", "rck_rearming"}};
  int which = 0, count = (int)(sizeof records / sizeof records[0]);
  rck_status status = RCK_OK;
  while (which < count && strcmp(records[which][0], verb))
    which++;
  if (which == count)
    return 0;
  uint32_t flags = number(given, "loosen") ? RCK_LOOSEN : 0;
  void *record = is_null(given, "record") ? NULL : (void *)&any;
  memset(&any, 0, sizeof any);
  fill(&any, records[which][1], given);
  switch (which) {
  case 0:
    status = rck_currency_set(engine, record, &fault);
    break;
  case 1:
    status = rck_group_set(engine, record, &fault);
    break;
  case 2:
    status = rck_account_set(engine, record, &fault);
    break;
  case 3:
    status = rck_strategy_set(engine, record, &fault);
    break;
  case 4:
    status = rck_instrument_set(engine, record, &fault);
    break;
  case 5:
    status = rck_limit_set(engine, record, flags, &fault);
    break;
  case 6:
    status = rck_limit_remove(engine, record, flags, &fault);
    break;
  case 7:
    status = rck_latch_set(engine, record, &fault);
    break;
  case 8:
    status = rck_latch_clear(engine, record, &fault);
    break;
  case 9:
    status = rck_position_set(port, record, &fault);
    break;
  case 10:
    status = rck_cash_set(port, record, &fault);
    break;
  case 11:
    status = rck_market_quote(port, record);
    break;
  case 12:
    status = rck_market_trade(port, record);
    break;
  case 13:
    status = rck_market_book(port, record);
    break;
  case 14:
    status = rck_calendar_set(engine, record, &fault);
    break;
  default:
    status = rck_rearm(engine, record, &fault);
    break;
  }
  if (which == 5 && status == RCK_OK) {
    rck_limit found = any.limit;
    if (rck_limit_get(engine, &found) != RCK_OK)
      die("limit", "is not found again");
    learn_limit(&any.limit, found.limit_id);
  }
  expect_status(expected, status);
  return 1;
}

/* Calls that fill in a record whose key is given. */
static int run_look(const char *verb, words *given, words *expected) {
  rck_status status;
  if (!strcmp(verb, "position_get")) {
    rck_position_info info;
    memset(&info, 0, sizeof info);
    fill(&info, "rck_position_info", given);
    expect_status(expected, status = rck_position_get(engine, &info));
    if (status == RCK_OK)
      expect_record(expected, &info, "rck_position_info", "net");
  } else if (!strcmp(verb, "book_get")) {
    rck_book_info info;
    memset(&info, 0, sizeof info);
    fill(&info, "rck_book_info", given);
    expect_status(expected, status = rck_book_get(engine, &info));
    info.instrument = 0; /* which was asked for */
    if (status == RCK_OK)
      expect_record(expected, &info, "rck_book_info", "open_positions");
  } else if (!strcmp(verb, "latch_get")) {
    rck_latch latch;
    memset(&latch, 0, sizeof latch);
    fill(&latch, "rck_latch", given);
    expect_status(expected, status = rck_latch_get(engine, &latch));
    if (status == RCK_OK)
      expect_record(expected, &latch, "rck_latch", "state");
  } else if (!strcmp(verb, "order_get")) {
    rck_order_info info;
    uint64_t named = token(given);
    memset(&info, 0, sizeof info);
    expect_status(expected, status = rck_order_get(engine, named, number(given, "order_id"), &info));
    if (status == RCK_OK) {
      expect_token(expected, info.token);
      expect_record(expected, &info, "rck_order_info", "order_id");
    }
  } else
    return 0;
  return 1;
}

static int run_other(rck_port *port, const char *verb, words *given, words *expected) {
  rck_status status = RCK_OK;
  uint32_t cursor = 0, count = 0, all = 0;
  if (!strcmp(verb, "publish"))
    status = rck_limits_publish(engine, NULL, &fault);
  else if (!strcmp(verb, "warm"))
    status = rck_warm(port);
  else if (!strcmp(verb, "clock")) {
    int64_t time_ns = 0;
    status = rck_clock(engine, &time_ns);
    expect_number(expected, "time_ns", (uint64_t)time_ns);
  } else if (!strcmp(verb, "volume")) {
    uint32_t instrument = (uint32_t)number(given, "instrument");
    status = rck_market_volume(port, instrument, (int64_t)number(given, "volume"));
  } else if (!strcmp(verb, "mark")) {
    uint32_t instrument = (uint32_t)number(given, "instrument");
    int64_t price = (int64_t)number(given, "price");
    status = rck_mark(port, instrument, price, (int64_t)number(given, "time_ns"));
  } else if (!strcmp(verb, "metric")) {
    const char *value = take(given, "value");
    status = rck_metric_set(port, (uint32_t)number(given, "metric"), value ? strtod(value, NULL) : 0,
                            (int64_t)number(given, "time_ns"));
  } else if (!strcmp(verb, "day_start")) {
    status = rck_day_start(port, (uint32_t)number(given, "date"), &count, &fault);
    expect_number(expected, "released", status == RCK_OK ? count : 0);
  } else if (!strcmp(verb, "limits_armed")) {
    rck_limit found[4];
    do {
      status = rck_limits_armed(engine, found, 4, &cursor, &count);
      all += count;
    } while (status == RCK_OK && count != 0);
    expect_number(expected, "count", all);
  } else if (!strcmp(verb, "open_orders")) {
    rck_order_info found[4];
    uint32_t kind = (uint32_t)number(given, "scope_kind"), id = (uint32_t)number(given, "id");
    do {
      status = rck_open_orders(engine, kind, id, found, 4, &cursor, &count);
      all += count;
    } while (status == RCK_OK && count != 0);
    expect_number(expected, "count", all);
  } else
    return 0;
  expect_status(expected, status);
  return 1;
}

/* Definitions as they were last set, limits too, and the names of both kinds. */
static int run_definition(const char *verb, words *given, words *expected) {
  union {
    rck_currency currency;
    rck_group group;
    rck_account account;
    rck_strategy strategy;
    rck_instrument instrument;
    rck_calendar calendar;
    rck_limit limit;
  } any;
  static const char *const records[][2] = {
      {"currency_get", "rck_currency"}, {"group_get", "rck_group"},           {"account_get", "rck_account"},
      {"strategy_get", "rck_strategy"}, {"instrument_get", "rck_instrument"}, {"calendar_get", "rck_calendar"},
      {"limit_get", "rck_limit"}};
  int which = 0, count = (int)(sizeof records / sizeof records[0]);
  rck_status status;
  if (!strcmp(verb, "find")) {
    char found[RCK_NAME_BYTES] = {0};
    const char *name = take(given, "name");
    uint32_t id = (uint32_t)number(given, "id");
    if (name)
      memcpy(found, name, strlen(name) < sizeof found ? strlen(name) : sizeof found);
    expect_status(expected, status = rck_find(engine, (uint32_t)number(given, "kind"), &id, found));
    if (status == RCK_OK) {
      expect_number(expected, "id", id);
      expect_text(expected, "name", found);
    }
    return 1;
  }
  while (which < count && strcmp(records[which][0], verb))
    which++;
  if (which == count)
    return 0;
  memset(&any, 0, sizeof any);
  fill(&any, records[which][1], given);
  uint32_t id = any.currency.id; /* in the same place in all of them but limits */
  switch (which) {
  case 0:
    status = rck_currency_get(engine, id, &any.currency);
    break;
  case 1:
    status = rck_group_get(engine, id, &any.group);
    break;
  case 2:
    status = rck_account_get(engine, id, &any.account);
    break;
  case 3:
    status = rck_strategy_get(engine, id, &any.strategy);
    break;
  case 4:
    status = rck_instrument_get(engine, id, &any.instrument);
    break;
  case 5:
    status = rck_calendar_get(engine, id, &any.calendar);
    break;
  default:
    status = rck_limit_get(engine, &any.limit);
    break;
  }
  expect_status(expected, status);
  if (status == RCK_OK)
    expect_record(expected, &any, records[which][1], which == 6 ? "levels" : "name");
  return 1;
}

static int32_t answer(void *context, const rck_order *order, int64_t time_ns) {
  (void)order, (void)time_ns;
  return *(int32_t *)context;
}

/* Functions of the host that answer what `returns` says. */
static int run_custom(const char *verb, words *given, words *expected) {
  static int32_t answers[RCK_CUSTOMS_MAX + 2];
  rck_custom custom;
  rck_status status;
  memset(&custom, 0, sizeof custom);
  if (!strcmp(verb, "custom_remove"))
    status = rck_custom_remove(engine, (uint32_t)number(given, "id"), &fault);
  else if (!strcmp(verb, "custom_set")) {
    int32_t returns = (int32_t)number(given, "returns");
    rck_custom_call call = is_null(given, "call") ? NULL : answer;
    fill(&custom, "rck_custom", given);
    int32_t *context = &answers[custom.id <= RCK_CUSTOMS_MAX ? custom.id : RCK_CUSTOMS_MAX + 1];
    *context = returns;
    status = rck_custom_set(engine, &custom, call, context, &fault);
  } else if (!strcmp(verb, "custom_get")) {
    fill(&custom, "rck_custom", given);
    status = rck_custom_get(engine, &custom);
    if (status == RCK_OK) {
      expect_number(expected, "breaker", custom.breaker);
      expect_number(expected, "calls", custom.calls);
      expect_number(expected, "refusals", custom.refusals);
      expect_number(expected, "overruns", custom.overruns);
    }
  } else
    return 0;
  expect_status(expected, status);
  return 1;
}

static int run_override(const char *verb, words *given, words *expected) {
  rck_override any;
  rck_status status;
  uint32_t id = 0;
  memset(&any, 0, sizeof any);
  if (strcmp(verb, "override_set") && strcmp(verb, "override_get") && strcmp(verb, "override_remove"))
    return 0;
  fill(&any, "rck_override", given);
  if (!strcmp(verb, "override_set")) {
    status = rck_override_set(engine, &any, &id, &fault);
    expect_number(expected, "override_id", id);
  } else if (!strcmp(verb, "override_remove"))
    status = rck_override_remove(engine, &any, &fault);
  else if ((status = rck_override_get(engine, &any)) == RCK_OK)
    expect_record(expected, &any, "rck_override", "override_id");
  expect_status(expected, status);
  return 1;
}

/* What the silence of ports does: `index` is that of the line's port. */
static int run_watch(uint32_t index, const char *verb, words *given, words *expected) {
  rck_status status;
  if (!strcmp(verb, "watch_set") || !strcmp(verb, "watch_get")) {
    rck_port_watch watch;
    memset(&watch, 0, sizeof watch);
    fill(&watch, "rck_port_watch", given);
    watch.port = index;
    if (!strcmp(verb, "watch_set"))
      status = rck_port_watch_set(engine, &watch, &fault);
    else if ((status = rck_port_watch_get(engine, &watch)) == RCK_OK)
      expect_record(expected, &watch, "rck_port_watch", "silence_ns");
  } else if (!strcmp(verb, "watch")) {
    uint32_t silent[PORTS_MAX], count = 0;
    char text[8 * PORTS_MAX] = "0";
    const char *wanted = take(expected, "ports");
    status = rck_watch(engine, (int64_t)number(given, "time_ns"), silent, PORTS_MAX, &count);
    for (uint32_t i = 0, at = 0; i < count; i++)
      at += (uint32_t)sprintf(text + at, i ? ",%" PRIu32 : "%" PRIu32, silent[i]);
    if (strcmp(wanted ? wanted : "0", text))
      differ("ports", wanted ? wanted : "0", text);
  } else if (!strcmp(verb, "beat"))
    status = rck_beat(ports[index], (int64_t)number(given, "time_ns"));
  else if (!strcmp(verb, "port_close")) {
    status = rck_port_close(ports[index]);
    ports[index] = NULL;
  } else
    return 0;
  expect_status(expected, status);
  return 1;
}

/* Calls that need no engine, or make a port: of the latter one that is open stays. */
static int run_opening(const char *verb, words *given, words *expected) {
  rck_status status;
  if (!strcmp(verb, "region_bytes")) {
    rck_config tried = config;
    uint64_t bytes = 0;
    fill(&tried, "rck_config", given);
    status = rck_region_bytes(&tried, &bytes, &fault);
  } else if (!strcmp(verb, "port_open")) {
    rck_port *opened = NULL;
    uint32_t index = (uint32_t)number(given, "index");
    status = rck_port_open(engine, index, (uint32_t)number(given, "mode"), &opened, &fault);
    if (status == RCK_OK && index < PORTS_MAX)
      ports[index] = opened;
  } else
    return 0;
  expect_status(expected, status);
  return 1;
}

static int run(uint32_t index, const char *verb, words *given, words *expected) {
  memset(&fault, 0, sizeof fault);
  if (!engine)
    create();
  rck_port *port = port_at(index);
  int known = run_order(port, verb, given, expected) || run_legs(port, index, verb, given, expected) ||
              run_event(port, verb, given, expected) || run_record(port, verb, given, expected) ||
              run_look(verb, given, expected) || run_other(port, verb, given, expected) ||
              run_watch(index, verb, given, expected) || run_override(verb, given, expected) ||
              run_definition(verb, given, expected) || run_custom(verb, given, expected) ||
              run_opening(verb, given, expected);
  expect_fault(expected, &fault);
  return known;
}

int main(void) {
  int status = run_table(run);
  for (int i = 0; i < PORTS_MAX; i++)
    if (ports[i] && rck_port_close(ports[i]) != RCK_OK)
      die("rck_port_close", "");
  if (engine && rck_engine_close(engine) != RCK_OK)
    die("rck_engine_close", "");
  return status;
}
