/* Runs one table against the library as a plain C host. The table comes on standard input with every name
 * already a number: a line is its number, a port, a verb, name=value words, an arrow, and what is expected.
 * Fields are found by rck_layout, so that the library's own word on offsets is tried too. Prints each line
 * that differs, and how many lines were tried and differed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "riskcheck.h"

enum { FIELDS_MAX = 640, WORDS_MAX = 64, GRANTS_MAX = 4096, LIMITS_MAX = 512, PORTS_MAX = 16 };

typedef struct {
  const char *name;
  const char *value;
  int used;
} word;

typedef struct {
  word words[WORDS_MAX];
  int count;
} words;

static rck_field fields[FIELDS_MAX];
static int field_count;
static rck_engine *engine;
static rck_port *ports[PORTS_MAX];
static rck_config config;

/* Tokens by the id that they were given for, and the how-manieth of that id. */
static struct {
  uint64_t id;
  unsigned grant;
  uint64_t token;
} grants[GRANTS_MAX];
static int grant_count;

/* Limits by their key, in the order in which they were first set. */
static struct {
  rck_limit key;
  uint32_t id;
} limits[LIMITS_MAX];
static int limit_count;

static int differences;
static char line_number[32];

static void differ(const char *what, const char *expected, const char *got) {
  printf("%s %s expected %s got %s\n", line_number, what, expected, got);
  differences++;
}

static void die(const char *what, const char *detail) {
  printf("%s cannot go on: %s %s\n", line_number, what, detail);
  exit(2);
}

/* ---- Fields ---- */

static void load_fields(void) {
  for (;;) {
    rck_field *field = &fields[field_count];
    field->struct_size = sizeof *field;
    if (rck_layout((uint32_t)field_count, field) != RCK_OK)
      return;
    if (++field_count == FIELDS_MAX)
      die("more fields than", "expected");
  }
}

static const rck_field *find_field(const char *record, const char *name) {
  for (int i = 0; i < field_count; i++)
    if (!strcmp(fields[i].record, record) && !strcmp(fields[i].name, name))
      return &fields[i];
  return NULL;
}

/* Sets a field of `record` from text: a number, numbers with commas, or characters. */
static void put(void *base, const rck_field *field, const char *text) {
  unsigned char *at = (unsigned char *)base + field->offset;
  if (field->type == RCK_FIELD_CHAR) {
    memset(at, 0, field->count);
    memcpy(at, text, strlen(text) < field->count ? strlen(text) : field->count - 1);
    return;
  }
  for (uint32_t i = 0; i < field->count; i++) {
    char *end;
    uint64_t value = *text == '-' ? (uint64_t)strtoll(text, &end, 10) : strtoull(text, &end, 10);
    memcpy(at + i * field->bytes, &value, field->bytes); /* x86-64: the low bytes come first */
    text = *end == ',' ? end + 1 : "0";
  }
}

static void show(const void *base, const rck_field *field, char *text, size_t size) {
  const unsigned char *at = (const unsigned char *)base + field->offset;
  if (field->type == RCK_FIELD_CHAR) {
    snprintf(text, size, "%s", *at ? (const char *)at : "0");
    return;
  }
  size_t length = 0;
  for (uint32_t i = 0; i < field->count; i++) {
    uint64_t value = 0;
    memcpy(&value, at + i * field->bytes, field->bytes);
    int is_signed = field->type % 2; /* the signed types have the odd numbers */
    unsigned bits = 8 * field->bytes;
    if (is_signed && bits < 64 && value >> (bits - 1))
      value |= ~(uint64_t)0 << bits;
    length +=
        (size_t)snprintf(text + length, size - length, is_signed ? "%s%" PRId64 : "%s%" PRIu64, i ? "," : "", value);
  }
}

static const char *take(words *from, const char *name) {
  for (int i = 0; i < from->count; i++)
    if (!from->words[i].used && !strcmp(from->words[i].name, name)) {
      from->words[i].used = 1;
      return from->words[i].value;
    }
  return NULL;
}

static uint64_t number(words *from, const char *name) {
  const char *text = take(from, name);
  if (!text)
    return 0;
  return *text == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
}

/* Fills a record from all words that are not used yet. */
static void fill(void *base, const char *record, words *from) {
  const rck_field *size = find_field(record, "struct_size");
  if (size)
    memcpy((unsigned char *)base + size->offset, &size->record_bytes, sizeof size->record_bytes);
  for (int i = 0; i < from->count; i++) {
    if (from->words[i].used)
      continue;
    const rck_field *field = find_field(record, from->words[i].name);
    if (!field)
      die(record, from->words[i].name);
    put(base, field, from->words[i].value);
    from->words[i].used = 1;
  }
}

/* ---- Tokens and limits ---- */

static int grant_named(const char *name) {
  uint64_t id = strtoull(name + 1, NULL, 10);
  const char *dot = strchr(name, '.');
  unsigned grant = dot ? (unsigned)strtoul(dot + 1, NULL, 10) : 1;
  for (int i = 0; i < grant_count; i++)
    if (grants[i].id == id && grants[i].grant == grant)
      return i;
  return -1;
}

static uint64_t token(words *from) {
  const char *name = take(from, "token");
  if (!name)
    return 0;
  if (*name != '@')
    return strtoull(name, NULL, 10);
  int at = grant_named(name);
  return at < 0 ? UINT64_MAX - 15 : grants[at].token;
}

/* A token is the one that was given under this name; a new name takes a token that nobody has. */
static void expect_token(words *expected, uint64_t got) {
  char text[32];
  snprintf(text, sizeof text, "%" PRIu64, got);
  const char *name = take(expected, "token");
  if (!name) {
    if (got != 0)
      differ("token", "0", text);
    return;
  }
  int at = grant_named(name);
  if (at >= 0) {
    if (grants[at].token != got)
      differ("token", name, text);
    return;
  }
  for (int i = 0; i < grant_count; i++)
    if (grants[i].token == got)
      differ("token", "a new one", text);
  const char *dot = strchr(name, '.');
  if (got == 0 || grant_count == GRANTS_MAX)
    differ("token", "a new one", text);
  else {
    grants[grant_count].id = strtoull(name + 1, NULL, 10);
    grants[grant_count].grant = dot ? (unsigned)strtoul(dot + 1, NULL, 10) : 1;
    grants[grant_count++].token = got;
  }
}

/* Of a leg, whose name is its order's id. */
static void name_token(uint64_t id, uint64_t got) {
  char key[] = "token", name[32];
  words one = {0};
  snprintf(name, sizeof name, "@%" PRIu64, id);
  one.count = 1;
  one.words[0] = (word){key, name, 0};
  expect_token(&one, got);
}

static void learn_limit(const rck_limit *set) {
  rck_limit found = *set;
  int at = 0;
  while (at < limit_count && (limits[at].key.control != set->control || limits[at].key.measure != set->measure ||
                              limits[at].key.scope_kind != set->scope_kind || limits[at].key.id != set->id ||
                              limits[at].key.instrument != set->instrument || limits[at].key.side != set->side ||
                              limits[at].key.order_type != set->order_type))
    at++;
  if (at == LIMITS_MAX || rck_limit_get(engine, &found) != RCK_OK)
    die("limit", "is not found again");
  for (int i = 0; i < limit_count; i++)
    if (limits[i].id == found.limit_id)
      limits[i].id = 0; /* the id of a limit that was removed may be given again */
  limits[at].key = *set;
  limits[at].id = found.limit_id;
  if (at == limit_count)
    limit_count++;
}

static uint32_t limit_number(uint32_t id) {
  for (int i = 0; id != 0 && i < limit_count; i++)
    if (limits[i].id == id)
      return (uint32_t)i + 1;
  return id == 0 ? 0 : UINT32_MAX;
}

/* ---- Expectations ---- */

static void expect_number(words *expected, const char *name, uint64_t got) {
  char text[32];
  const char *wanted = take(expected, name);
  snprintf(text, sizeof text, "%" PRIu64, got);
  if (strcmp(wanted ? wanted : "0", text))
    differ(name, wanted ? wanted : "0", text);
}

static void expect_status(words *expected, rck_status got) {
  char text[32];
  const char *wanted = take(expected, "status");
  snprintf(text, sizeof text, "%" PRId32, got);
  if (!wanted || strcmp(wanted, text))
    differ("status", wanted ? wanted : "none", rck_status_name(got));
}

/* Every field of the record from number `first` of it on: as named, or zero. */
static void expect_record(words *expected, const void *base, const char *record, const char *first) {
  int begun = 0;
  for (int i = 0; i < field_count; i++) {
    char text[256], zero[256] = "0";
    if (strcmp(fields[i].record, record))
      continue;
    begun = begun || !strcmp(fields[i].name, first);
    if (!begun || !strcmp(fields[i].name, "status") || !strcmp(fields[i].name, "token"))
      continue;
    for (uint32_t j = 1; fields[i].type != RCK_FIELD_CHAR && j < fields[i].count; j++)
      strcat(zero, ",0");
    const char *wanted = take(expected, fields[i].name);
    show(base, &fields[i], text, sizeof text);
    if (strcmp(wanted ? wanted : zero, text))
      differ(fields[i].name, wanted ? wanted : zero, text);
  }
}

static void expect_verdict(words *expected, rck_status status, rck_verdict *verdict) {
  expect_status(expected, status);
  if (status < 0)
    return;
  if (verdict->status != status)
    differ("verdict.status", "the call's", rck_status_name(verdict->status));
  expect_token(expected, verdict->token);
  verdict->limit_id = limit_number(verdict->limit_id);
  expect_record(expected, verdict, "rck_verdict", "control");
}

/* ---- Calls ---- */

static rck_port *port_at(uint32_t index) {
  rck_fault fault;
  if (index >= PORTS_MAX)
    die("port", "too large");
  if (!ports[index] && rck_port_open(engine, index, RCK_PORT_WRITER, &ports[index], &fault) != RCK_OK)
    die("rck_port_open", fault.field);
  return ports[index];
}

static int run_order(rck_port *port, const char *verb, words *given, words *expected) {
  rck_verdict verdict;
  rck_order order;
  rck_status status;
  int64_t quantity = 0;
  memset(&order, 0, sizeof order);
  memset(&verdict, 0xff, sizeof verdict);
  if (strcmp(verb, "check") && strcmp(verb, "check_dry") && strcmp(verb, "drop_copy") && strcmp(verb, "headroom") &&
      strcmp(verb, "amend"))
    return 0;
  uint64_t named = token(given);
  fill(&order, "rck_order", given);
  if (!strcmp(verb, "check"))
    status = rck_check(port, &order, &verdict);
  else if (!strcmp(verb, "check_dry"))
    status = rck_check_dry(port, &order, &verdict);
  else if (!strcmp(verb, "drop_copy"))
    status = rck_drop_copy(port, &order, &verdict);
  else if (!strcmp(verb, "amend"))
    status = rck_amend(port, named, &order, &verdict);
  else {
    status = rck_headroom(port, &order, &quantity, &verdict);
    expect_number(expected, "quantity", (uint64_t)quantity);
  }
  expect_verdict(expected, status, &verdict);
  return 1;
}

/* Orders that are put together, and then checked as a batch that is all or none: `index` is that of the port. */
static int run_legs(rck_port *port, uint32_t index, const char *verb, words *given, words *expected) {
  static rck_order legs[PORTS_MAX][RCK_LEGS_MAX + 2];
  static uint32_t counts[PORTS_MAX];
  rck_verdict verdicts[RCK_LEGS_MAX + 2];
  uint32_t passed = 77, told = 0, last = 0, count = counts[index];
  if (!strcmp(verb, "leg")) {
    if (count == RCK_LEGS_MAX + 2)
      die("leg", "too many");
    memset(&legs[index][count], 0, sizeof(rck_order));
    fill(&legs[index][count], "rck_order", given);
    counts[index]++;
    expect_status(expected, RCK_OK);
    return 1;
  }
  if (strcmp(verb, "legs"))
    return 0;
  counts[index] = 0;
  memset(verdicts, 0xff, sizeof verdicts);
  rck_status status = rck_check_batch(port, legs[index], verdicts, count, RCK_BATCH_ALL_OR_NONE, &passed);
  if (status != RCK_OK) {
    expect_status(expected, status);
    return 1;
  }
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
      name_token(legs[index][i].order_id, verdicts[i].token);
    else if (i != last && memcmp(&verdicts[i], &others, sizeof others))
      differ("verdict", "only a status", "of another leg");
  expect_number(expected, whole ? "legs" : "leg", whole ? count : last + 1);
  if (!whole && count > 1)
    expect_number(expected, "rest_status", told == 1 ? RCK_REJECT_BATCH : 0);
  expect_verdict(expected, verdicts[last].status, &verdicts[last]);
  return 1;
}

static int run_event(rck_port *port, const char *verb, words *given, words *expected) {
  rck_verdict verdict;
  rck_status status;
  int is_fill = !strcmp(verb, "fill"), is_release = !strcmp(verb, "release");
  if (!is_fill && !is_release && strcmp(verb, "cancel") && strcmp(verb, "amend_result") && strcmp(verb, "confirm"))
    return 0;
  uint64_t named = token(given);
  memset(&verdict, 0xff, sizeof verdict);
  if (is_fill) {
    rck_report report;
    memset(&report, 0, sizeof report);
    fill(&report, "rck_report", given);
    report.token = named;
    status = rck_fill(port, &report, &verdict);
  } else {
    uint64_t id = number(given, "order_id");
    int64_t time_ns = (int64_t)number(given, "time_ns");
    if (is_release)
      status = rck_release(port, named, id, (uint32_t)number(given, "reason"), time_ns, &verdict);
    else if (!strcmp(verb, "cancel"))
      status = rck_cancel(port, named, id, time_ns, &verdict);
    else if (!strcmp(verb, "confirm"))
      status = rck_order_confirm(port, named, id, &verdict);
    else
      status = rck_amend_result(port, named, id, (uint32_t)number(given, "accepted"), &verdict);
  }
  expect_verdict(expected, status, &verdict);
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
  memset(&any, 0, sizeof any);
  fill(&any, records[which][1], given);
  switch (which) {
  case 0:
    status = rck_currency_set(engine, &any.currency, NULL);
    break;
  case 1:
    status = rck_group_set(engine, &any.group, NULL);
    break;
  case 2:
    status = rck_account_set(engine, &any.account, NULL);
    break;
  case 3:
    status = rck_strategy_set(engine, &any.strategy, NULL);
    break;
  case 4:
    status = rck_instrument_set(engine, &any.instrument, NULL);
    break;
  case 5:
    status = rck_limit_set(engine, &any.limit, flags, NULL);
    break;
  case 6:
    status = rck_limit_remove(engine, &any.limit, flags, NULL);
    break;
  case 7:
    status = rck_latch_set(engine, &any.latch, NULL);
    break;
  case 8:
    status = rck_latch_clear(engine, &any.latch, NULL);
    break;
  case 9:
    status = rck_position_set(port, &any.position, NULL);
    break;
  case 10:
    status = rck_cash_set(port, &any.cash, NULL);
    break;
  case 11:
    status = rck_market_quote(port, &any.quote);
    break;
  case 12:
    status = rck_market_trade(port, &any.trade);
    break;
  case 13:
    status = rck_market_book(port, &any.book);
    break;
  case 14:
    status = rck_calendar_set(engine, &any.calendar, NULL);
    break;
  default:
    status = rck_rearm(engine, &any.rearm, NULL);
    break;
  }
  if (which == 5 && status == RCK_OK)
    learn_limit(&any.limit);
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
    info.instrument = 0; // which was asked for
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
    status = rck_limits_publish(engine, NULL, NULL);
  else if (!strcmp(verb, "volume")) {
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
    status = rck_day_start(port, (uint32_t)number(given, "date"), &count, NULL);
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

/* What the silence of ports does: `index` is that of the line's port. */
static int run_override(const char *verb, words *given, words *expected) {
  rck_override any;
  rck_status status;
  uint32_t id = 0;
  memset(&any, 0, sizeof any);
  if (strcmp(verb, "override_set") && strcmp(verb, "override_get") && strcmp(verb, "override_remove"))
    return 0;
  fill(&any, "rck_override", given);
  if (!strcmp(verb, "override_set")) {
    status = rck_override_set(engine, &any, &id, NULL);
    expect_number(expected, "override_id", id);
  } else if (!strcmp(verb, "override_remove"))
    status = rck_override_remove(engine, &any, NULL);
  else if ((status = rck_override_get(engine, &any)) == RCK_OK)
    expect_record(expected, &any, "rck_override", "override_id");
  expect_status(expected, status);
  return 1;
}

static int run_watch(uint32_t index, const char *verb, words *given, words *expected) {
  rck_status status;
  if (!strcmp(verb, "watch_set") || !strcmp(verb, "watch_get")) {
    rck_port_watch watch;
    memset(&watch, 0, sizeof watch);
    fill(&watch, "rck_port_watch", given);
    watch.port = index;
    if (!strcmp(verb, "watch_set"))
      status = rck_port_watch_set(engine, &watch, NULL);
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

/* ---- Lines ---- */

static char *split(char *text, words *into) {
  into->count = 0;
  char *at = strtok(text, " \n");
  while (at && strcmp(at, "->")) {
    char *equals = strchr(at, '=');
    if (!equals || into->count == WORDS_MAX)
      die("word", at);
    *equals = 0;
    into->words[into->count++] = (word){at, equals + 1, 0};
    at = strtok(NULL, " \n");
  }
  return at;
}

static void create(void) {
  rck_fault fault;
  memset(&fault, 0, sizeof fault);
  if (rck_engine_create(&config, NULL, 0, &engine, &fault) != RCK_OK)
    die("rck_engine_create", fault.field);
}

/* A line with an expectation counts; the others only have to be understood. */
static int run_line(char *line) {
  char verb[32];
  uint32_t port = 0;
  int length = 0;
  words given, expected = {0};
  if (sscanf(line, "%31s %" SCNu32 " %31s %n", line_number, &port, verb, &length) != 3)
    return 0;
  int arrow = split(line + length, &given) != NULL;
  if (arrow)
    split(NULL, &expected);
  if (!strcmp(verb, "config")) {
    fill(&config, "rck_config", &given);
    return 0;
  }
  if (!engine)
    create();
  int before = differences;
  rck_port *at = port_at(port);
  if (!run_order(at, verb, &given, &expected) && !run_legs(at, port, verb, &given, &expected) &&
      !run_event(at, verb, &given, &expected) && !run_record(at, verb, &given, &expected) &&
      !run_look(verb, &given, &expected) && !run_other(at, verb, &given, &expected) &&
      !run_watch(port, verb, &given, &expected) && !run_override(verb, &given, &expected))
    die("verb", verb);
  for (int i = 0; arrow && i < expected.count; i++)
    if (!expected.words[i].used)
      differ(expected.words[i].name, expected.words[i].value, "no such field");
  if (!arrow)
    differences = before;
  return arrow;
}

int main(void) {
  static char line[4096];
  int tried = 0;
  load_fields();
  while (fgets(line, sizeof line, stdin))
    tried += run_line(line);
  for (int i = 0; i < PORTS_MAX; i++)
    if (ports[i] && rck_port_close(ports[i]) != RCK_OK)
      die("rck_port_close", "");
  if (engine && rck_engine_close(engine) != RCK_OK)
    die("rck_engine_close", "");
  printf("%d lines, %d differences\n", tried, differences);
  return differences != 0;
}
