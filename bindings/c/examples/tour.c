/* A day on one page: what a C host does with riskcheck, in the order in which it does it. Times are the host's, so that
 * the story is the same whenever it is told. A refusal is an answer, and is printed; a misuse ends the program.
 *   tour DIRECTORY      an empty one, for the journal */
#include <riskcheck.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MUST(call) must(call, #call)
static rck_engine *engine;
static rck_port *port;
static rck_fault fault;
static rck_verdict verdict;
static int64_t now_ns = 1700000000000000000;

static void must(rck_status status, const char *call) {
  if (status >= RCK_OK)
    return;
  fprintf(stderr, "%s: %s\n", call, rck_status_name(status));
  if (fault.status == status)
    fprintf(stderr, "%s.%s is %" PRId64 ", errno %d\n", fault.record, fault.field, fault.value, fault.system_error);
  exit(1);
}

static void tell(const char *what, const rck_verdict *judged) {
  char text[256];
  MUST(rck_explain(judged, text, sizeof text));
  printf("%-10s%s\n", what, text);
}

static rck_order made(uint64_t id, uint8_t side, int64_t price, int64_t quantity) {
  rck_order order = {id, price, quantity, now_ns += 1000, .account = 1, .instrument = 1, .side = side};
  order.type = RCK_TYPE_LIMIT;
  order.time_in_force = RCK_FORCE_DAY;
  return order;
}

static void check(rck_order order) {
  MUST(rck_check(port, &order, &verdict));
  tell("check", &verdict);
}

static void fill(uint64_t id, int64_t quantity, int64_t price, int64_t cumulative) {
  rck_report report = {0, id, quantity, price, cumulative, .kind = RCK_REPORT_FILL, .time_ns = now_ns += 1000};
  MUST(rck_fill(port, &report, &verdict));
}

static void define(void) {
  rck_config config;
  rck_currency dollar = {sizeof dollar, 1, "USD", .rate = 1};
  rck_account desk = {sizeof desk, 1, "desk", RCK_ENABLED, .permissions = RCK_PERMIT_ALL};
  rck_instrument acme = {sizeof acme, 1, "ACME", RCK_ENABLED, .currency = 1, .multiplier = 1, .lot = 1, .tick = 1};
  rck_limit limit = {sizeof limit, .id = 1, .instrument = 1, .warn = 800, .hard = 1000, .actor = 7, .reason = "agreed"};
  MUST(rck_config_init(&config, sizeof config));
  config.clock_source = RCK_CLOCK_HOST;
  config.flags |= RCK_TELL_COMMANDS | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
  MUST(rck_engine_create(&config, NULL, 0, &engine, &fault));
  MUST(rck_currency_set(engine, &dollar, &fault));
  MUST(rck_account_set(engine, &desk, &fault));
  acme.price_decimals = 2; /* prices are in cents */
  MUST(rck_instrument_set(engine, &acme, &fault));
  limit.control = RCK_CONTROL_POSITION;
  limit.scope_kind = RCK_SCOPE_ACCOUNT_INSTRUMENT;
  limit.levels = RCK_LEVEL_WARN | RCK_LEVEL_HARD;
  MUST(rck_limit_set(engine, &limit, 0, &fault));
  MUST(rck_limits_publish(engine, NULL, &fault)); /* it counts from here on */
  MUST(rck_port_open(engine, 1, RCK_PORT_WRITER, &port, &fault));
}

static void trade(void) {
  int64_t room;
  uint32_t passed;
  check(made(1, RCK_SIDE_BUY, 9950, 500));
  check(made(2, RCK_SIDE_BUY, 9940, 400));
  rck_order order = made(3, RCK_SIDE_BUY, 9930, 300);
  MUST(rck_check_dry(port, &order, &verdict)); /* leaves no trace */
  tell("dry run", &verdict);
  MUST(rck_headroom(port, &order, &room, &verdict));
  printf("headroom  %" PRId64 "\n", room);
  check(order);
  fill(1, 500, 9949, 500);
  order = made(2, RCK_SIDE_BUY, 9945, 450); /* other terms for the second order */
  MUST(rck_amend(port, 0, &order, &verdict));
  tell("amend", &verdict);
  MUST(rck_amend_result(port, 0, 2, 1, &verdict)); /* the venue has accepted them */
  fill(2, 150, 9945, 150);
  rck_verdict judged[2];
  rck_order legs[2] = {made(4, RCK_SIDE_SELL, 9960, 100), made(5, RCK_SIDE_BUY, 9950, 100)};
  MUST(rck_check_batch(port, legs, judged, 2, RCK_BATCH_ALL_OR_NONE, &passed));
  printf("legs      %u of 2 passed\n", passed);
  tell("  first", &judged[0]);
  tell("  second", &judged[1]);
}

static void halt(void) {
  rck_latch latch = {sizeof latch, RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED, .actor = 7, .reason = "a drill"};
  rck_order_info open;
  uint32_t cursor = 0, count;
  MUST(rck_latch_set(engine, &latch, &fault));
  check(made(6, RCK_SIDE_SELL, 9960, 100));
  while (MUST(rck_open_orders(engine, RCK_SCOPE_ACCOUNT, 1, &open, 1, &cursor, &count)), count) {
    printf("cancel    order %" PRIu64 ", %" PRId64 " left of %" PRId64 "\n", open.order_id, open.leaves, open.quantity);
    MUST(rck_cancel(port, open.token, 0, now_ns += 1000, &verdict)); /* asks, and frees nothing */
    MUST(rck_release(port, open.token, 0, RCK_RELEASE_CANCELLED, now_ns += 1000, &verdict)); /* the venue has done it */
  }
  MUST(rck_latch_clear(engine, &latch, &fault));
  check(made(7, RCK_SIDE_SELL, 9960, 100));
}

static void look(void) {
  rck_position_info row = {sizeof row, .account = 1, .instrument = 1};
  rck_violation_filter all = {.struct_size = sizeof all};
  rck_violation found = {.struct_size = sizeof found};
  rck_statistics sums = {.struct_size = sizeof sums};
  uint64_t cursor = 0, records = 0;
  uint32_t count;
  rck_event lines[RCK_RECORD_LINES_MAX];
  MUST(rck_position_get(engine, &row));
  printf("position  %" PRId64 ", %" PRId64 " open to sell\n", row.net, row.open_sells);
  while (MUST(rck_violations_read(engine, &all, &found, 1, &cursor, &count)), count)
    printf("violation of control %u, %" PRIu64 " orders, at worst %" PRId64 "\n", found.control, found.count,
           found.worst);
  MUST(rck_statistics_read(engine, RCK_ALL_PORTS, &sums));
  printf("decided   %" PRIu64 ", refused %" PRIu64 ", warned %" PRIu64 "\n", sums.checks, sums.refused, sums.warned);
  while (MUST(rck_events_read(port, 1, lines, RCK_RECORD_LINES_MAX, &count)), count)
    for (uint32_t i = 0; i < count; i += lines[i].lines)
      records++;
  printf("events    %" PRIu64 " records in the ring of port 1\n", records);
}

int main(int count, char **words) {
  rck_journal_config config = {.struct_size = sizeof config, .sync = RCK_SYNC_BATCH, .segment_bytes = 1 << 20};
  rck_verify_info found = {.struct_size = sizeof found};
  rck_port *reader;
  if (count != 2)
    return fputs("tour DIRECTORY\n", stderr), 2;
  define();
  trade();
  look(); /* and takes the events out; the journal has what follows */
  MUST(rck_port_open(engine, 0, RCK_PORT_READER, &reader, &fault));
  MUST(rck_journal_open(reader, words[1], &config, &fault));
  halt();
  MUST(rck_journal_pump(reader, NULL, &fault));
  MUST(rck_journal_close(reader, &fault));
  MUST(rck_verify(words[1], &found, &fault));
  printf("journal   %" PRIu64 " records, %" PRIu64 " lost\n", found.records, found.lost);
  MUST(rck_port_close(reader));
  MUST(rck_port_close(port));
  MUST(rck_engine_close(engine));
}
