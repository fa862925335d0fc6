/* The half of the C host that makes calls on definitions, limits, latches, the market, and all that is looked at. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"

int run_record(rck_port *port, const char *verb, words *given, words *expected) {
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

int run_look(const char *verb, words *given, words *expected) {
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

int run_other(rck_port *port, const char *verb, words *given, words *expected) {
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

int run_definition(const char *verb, words *given, words *expected) {
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

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Takes longer than the smallest budget, 1 ns, whatever the machine. */
static int32_t answer(void *context, const rck_order *order, int64_t time_ns) {
  int64_t began = now_ns();
  (void)order, (void)time_ns;
  while (now_ns() <= began + 1)
    continue;
  return *(int32_t *)context;
}

int run_custom(const char *verb, words *given, words *expected) {
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

int run_override(const char *verb, words *given, words *expected) {
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

int run_watch(uint32_t index, const char *verb, words *given, words *expected) {
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

int run_opening(const char *verb, words *given, words *expected) {
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
