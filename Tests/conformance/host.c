/* Runs one table against the library as a plain C host: each line is a call, its words the call's arguments. This half
 * makes the calls on orders. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

rck_engine *engine;
rck_port *ports[PORTS_MAX];
rck_fault fault;

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

/* Of records that are judged each by itself, all statuses. */
static void expect_statuses(words *expected, const rck_verdict *verdicts, uint32_t count, uint32_t passed) {
  char text[12 * (RCK_LEGS_MAX + 2)] = "";
  for (uint32_t i = 0, at = 0; i < count; i++)
    at += (uint32_t)sprintf(text + at, i ? ",%" PRId32 : "%" PRId32, verdicts[i].status);
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
  else if (alone) {
    for (uint32_t i = 0; i < count; i++)
      if (verdicts[i].token != 0)
        name_token(legs[index][i].order_id, verdicts[i].token);
    expect_statuses(expected, verdicts, count, passed);
  } else
    expect_legs(expected, legs[index], verdicts, count, passed);
  return 1;
}

/* Amends, and reports, that are put together, and then given in one call. */
static int run_batches(rck_port *port, uint32_t index, const char *verb, words *given, words *expected) {
  enum { MOST = 16 };
  static struct {
    uint64_t tokens[MOST];
    rck_order terms[MOST];
    rck_report reports[MOST];
    uint32_t amends, fills;
  } kept[PORTS_MAX], *here;
  rck_verdict verdicts[MOST], *told = is_null(given, "verdict") ? NULL : verdicts;
  uint32_t passed = 77;
  here = &kept[index];
  if (!strcmp(verb, "terms") && here->amends < MOST) {
    memset(&here->terms[here->amends], 0, sizeof(rck_order));
    here->tokens[here->amends] = token(given);
    fill(&here->terms[here->amends++], "rck_order", given);
    expect_status(expected, RCK_OK);
    return 1;
  }
  if (!strcmp(verb, "report") && here->fills < MOST) {
    memset(&here->reports[here->fills], 0, sizeof(rck_report));
    uint64_t named = token(given);
    fill(&here->reports[here->fills], "rck_report", given);
    here->reports[here->fills++].token = named;
    expect_status(expected, RCK_OK);
    return 1;
  }
  int amends = !strcmp(verb, "amend_batch");
  if (!amends && strcmp(verb, "fill_batch"))
    return 0;
  uint32_t count = amends ? here->amends : here->fills, flags = (uint32_t)number(given, "flags");
  const char *named = take(given, "count");
  uint32_t asked = named ? (uint32_t)strtoul(named, NULL, 10) : count;
  int none = is_null(given, "record");
  rck_status status = amends ? rck_amend_batch(port, is_null(given, "tokens") ? NULL : here->tokens,
                                               none ? NULL : here->terms, told, asked, flags, &passed)
                             : rck_fill_batch(port, none ? NULL : here->reports, told, asked, flags, &passed);
  here->amends = amends ? 0 : here->amends;
  here->fills = amends ? here->fills : 0;
  if (status != RCK_OK)
    expect_status(expected, status);
  else
    expect_statuses(expected, verdicts, count, passed);
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

static int run(uint32_t index, const char *verb, words *given, words *expected) {
  memset(&fault, 0, sizeof fault);
  if (!engine)
    create();
  rck_port *port = port_at(index);
  int known = run_order(port, verb, given, expected) || run_legs(port, index, verb, given, expected) ||
              run_batches(port, index, verb, given, expected) || run_event(port, verb, given, expected) ||
              run_record(port, verb, given, expected) || run_look(verb, given, expected) ||
              run_other(port, verb, given, expected) || run_watch(index, verb, given, expected) ||
              run_override(verb, given, expected) || run_definition(verb, given, expected) ||
              run_custom(verb, given, expected) || run_opening(verb, given, expected);
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
