/* The usual check, which goes the shortest way: limit orders of parties that no limit tracks, in instruments whose
 * collar is about the last trade, or which have none. A part of a turn beside that of trading.h, which never does.
 * Only the first order of a row goes the long way. */
#ifndef RCK_TEST_USUAL_H
#define RCK_TEST_USUAL_H

#include "trading.h"

enum { usual_price = 1000, usual_quantity = 10 };
/* Accounts of which each is stopped by one control; the instruments' controls stop the first. */
enum {
  bare_account = 3,
  held_account,
  gross_account,
  net_account,
  counted_account,
  working_account,
  paying_account,
  covered_account,
  leased_account,
  shared_account
};
/* Of accounts: what it takes of its total it has on lease; or never has. */
enum { leased_group = sector_group + 1, shared_group };
enum { bound_instrument = 3, bare_instrument, untracked_strategy = 2 };

/* An order that one control refuses, and one of which the same control warns: of a quantity of 0 there is none. */
typedef struct usual_case {
  rck_status status;
  uint16_t control;
  uint32_t account;
  uint32_t instrument;
  uint32_t side;
  int64_t quantity;
  int64_t price;
  int64_t warned_quantity;
  int64_t warned_price;
} usual_case;

static const usual_case usual_cases[] = {
    {RCK_REJECT_ORDER_QUANTITY, RCK_CONTROL_ORDER_QUANTITY, bare_account, bound_instrument, RCK_SIDE_BUY, 1001, 1000,
     21, 1000},
    {RCK_REJECT_ORDER_NOTIONAL, RCK_CONTROL_ORDER_NOTIONAL, bare_account, bound_instrument, RCK_SIDE_SELL, 1000, 1050,
     19, 1000},
    {RCK_REJECT_COLLAR_ABOVE, RCK_CONTROL_COLLAR, bare_account, bound_instrument, RCK_SIDE_BUY, 10, 1101, 10, 1011},
    {RCK_REJECT_COLLAR_BELOW, RCK_CONTROL_COLLAR, bare_account, bound_instrument, RCK_SIDE_SELL, 10, 899, 10, 989},
    {RCK_REJECT_POSITION_LONG, RCK_CONTROL_POSITION, held_account, bound_instrument, RCK_SIDE_BUY, 601, 1000, 16, 1000},
    {RCK_REJECT_POSITION_SHORT, RCK_CONTROL_POSITION, held_account, bound_instrument, RCK_SIDE_SELL, 601, 1000, 16,
     1000},
    {RCK_REJECT_EXPOSURE_GROSS, RCK_CONTROL_EXPOSURE, gross_account, bare_instrument, RCK_SIDE_BUY, 1000, 1000, 100,
     1000},
    {RCK_REJECT_EXPOSURE_NET_LONG, RCK_CONTROL_EXPOSURE, net_account, bare_instrument, RCK_SIDE_BUY, 1000, 1000, 100,
     1000},
    {RCK_REJECT_EXPOSURE_NET_SHORT, RCK_CONTROL_EXPOSURE, net_account, bare_instrument, RCK_SIDE_SELL, 1000, 1000, 100,
     1000},
    {RCK_REJECT_WORKING_COUNT, RCK_CONTROL_WORKING, counted_account, bare_instrument, RCK_SIDE_BUY, 1, 1000, 0, 0},
    {RCK_REJECT_WORKING_NOTIONAL, RCK_CONTROL_WORKING, working_account, bare_instrument, RCK_SIDE_BUY, 1000, 1000, 100,
     1000},
    {RCK_REJECT_BUYING_POWER, RCK_CONTROL_BUYING_POWER, paying_account, bare_instrument, RCK_SIDE_BUY, 1000, 1000, 100,
     1000},
    {RCK_REJECT_ACCOUNT_PERMISSION, RCK_CONTROL_VALIDITY, covered_account, bare_instrument, RCK_SIDE_SELL, 1, 1000, 0,
     0},
    {RCK_REJECT_EXPOSURE_GROSS, RCK_CONTROL_EXPOSURE, leased_account, bare_instrument, RCK_SIDE_BUY, 100000, 1000,
     10000, 1000},
    {RCK_REJECT_WORKING_NOTIONAL, RCK_CONTROL_WORKING, shared_account, bare_instrument, RCK_SIDE_BUY, 100000, 1000,
     10000, 1000},
};
enum { usual_cases_count = sizeof usual_cases / sizeof *usual_cases };

static inline void usual_limit(rck_engine *engine, uint32_t control, uint32_t measure, uint32_t scope_kind, uint32_t id,
                               int64_t warn, int64_t hard) {
  rck_limit limit = {.struct_size = sizeof limit, .actor = 1, .reason = "usual"};
  limit.control = control;
  limit.measure = measure;
  limit.scope_kind = scope_kind;
  limit.id = id;
  limit.instrument = scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT ? bound_instrument : 0;
  limit.levels = RCK_LEVEL_WARN | RCK_LEVEL_HARD;
  limit.warn = warn;
  limit.hard = hard;
  limit.reference = control == RCK_CONTROL_COLLAR ? RCK_REFERENCE_LAST : 0;
  if (scope_kind == RCK_SCOPE_ACCOUNT_GROUP)
    limit.flags = id == leased_group ? RCK_LEASE_ALWAYS : RCK_LEASE_NEVER;
  PASSES(rck_limit_set(engine, &limit, 0, NULL));
}

/* A lot at the usual price is worth 10,800. It comes below every level, and a fill of it leaves a warning's room. */
static inline void usual_limits(rck_engine *engine) {
  const uint32_t account = RCK_SCOPE_ACCOUNT, instrument = RCK_SCOPE_INSTRUMENT;
  usual_limit(engine, RCK_CONTROL_ORDER_QUANTITY, 0, instrument, bound_instrument, 20, 1000);
  usual_limit(engine, RCK_CONTROL_ORDER_NOTIONAL, 0, instrument, bound_instrument, 20000, 1100000);
  usual_limit(engine, RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, instrument, bound_instrument, 100, 1000);
  usual_limit(engine, RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, held_account, 15, 600);
  usual_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, account, gross_account, 100000, 1000000);
  usual_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, account, net_account, 100000, 1000000);
  usual_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, account, counted_account, 1, 1);
  usual_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, account, working_account, 100000, 1000000);
  usual_limit(engine, RCK_CONTROL_BUYING_POWER, 0, account, paying_account, 1000, 10000);
  usual_limit(engine, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT_GROUP, leased_group, 10000000,
              100000000);
  usual_limit(engine, RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_ACCOUNT_GROUP, shared_group, 10000000,
              100000000);
  PASSES(rck_limits_publish(engine, NULL, NULL));
}

/* Beside what trading_begin has made. */
static inline void usual_begin(trading *at) {
  rck_account account = {.struct_size = sizeof account, .flags = RCK_ENABLED};
  rck_strategy strategy = {.struct_size = sizeof strategy, .id = untracked_strategy, .flags = RCK_ENABLED};
  rck_instrument instrument = {.struct_size = sizeof instrument, .id = 1};
  const rck_cash cash = {
      .struct_size = sizeof cash, .account = paying_account, .cash = 500000, .actor = 1, .reason = "bank"};
  strategy.permissions = RCK_PERMIT_ALL;
  PASSES(rck_strategy_set(at->engine, &strategy, NULL));
  PASSES(rck_instrument_get(at->engine, 1, &instrument));
  for (instrument.id = bound_instrument; instrument.id <= bare_instrument; instrument.id++)
    PASSES(rck_instrument_set(at->engine, &instrument, NULL));
  rck_group group = {.struct_size = sizeof group, .id = leased_group, .kind = RCK_GROUP_OF_ACCOUNTS};
  for (; group.id <= shared_group; group.id++)
    PASSES(rck_group_set(at->engine, &group, NULL));
  for (account.id = bare_account; account.id <= shared_account; account.id++) {
    account.groups[0] = account.id == leased_account ? leased_group : account.id == shared_account ? shared_group : 0;
    account.permissions = account.id == covered_account ? RCK_PERMIT_ALL & ~RCK_PERMIT_SHORT : RCK_PERMIT_ALL;
    PASSES(rck_account_set(at->engine, &account, NULL));
  }
  PASSES(rck_cash_set(at->port, &cash, NULL));
  usual_limits(at->engine);
}

static inline void usual_ask(trading *at, const usual_case *of, uint64_t id, uint32_t side, int64_t quantity,
                             int64_t price) {
  trading_ask(at, id, side, quantity, price);
  at->order->account = of->account;
  at->order->instrument = of->instrument;
  at->order->strategy = at->turn / usual_cases_count & 1 ? untracked_strategy : 0;
}

/* One that passes, and what the verdict must say of it. */
static inline uint64_t usual_enter(trading *at, uint32_t severity, uint32_t control, uint32_t flags) {
  PASSES(rck_check_dry(at->port, at->order, at->verdict));
  PASSES(rck_check(at->port, at->order, at->verdict));
  NEED(at->verdict->severity == severity && at->verdict->control == control);
  NEED(at->verdict->flags == flags && at->verdict->failed == 0 && at->verdict->token != 0);
  return at->verdict->token;
}

static inline void usual_release(trading *at, uint64_t token) {
  PASSES(rck_release(at->port, token, 0, RCK_RELEASE_CANCELLED, at->time_ns, at->verdict));
}

static inline void usual_refused(trading *at, const usual_case *of) {
  usual_ask(at, of, at->next_id++, of->side, of->quantity, of->price);
  GIVES(of->status, rck_check_dry(at->port, at->order, at->verdict));
  GIVES(of->status, rck_check(at->port, at->order, at->verdict));
  NEED(at->verdict->control == of->control && at->verdict->failed == 1u << (of->control - 1));
  NEED(at->verdict->token == 0);
}

/* Another case in each turn. What is bought is sold again, and nothing stays but the rows. */
static inline void usual_turn(trading *at) {
  const usual_case *of = &usual_cases[at->turn % usual_cases_count];
  const rck_trade trade = {.instrument = of->instrument, .price = usual_price, .quantity = 1, .time_ns = at->time_ns};
  PASSES(rck_market_trade(at->port, &trade));
  const uint64_t id = at->next_id;
  at->next_id += 3;
  usual_ask(at, of, id, RCK_SIDE_BUY, usual_quantity, usual_price);
  const uint64_t bought = usual_enter(at, RCK_SEVERITY_NONE, RCK_CONTROL_NONE, 0);
  GIVES(RCK_REPEAT, rck_check(at->port, at->order, at->verdict));
  NEED(at->verdict->token == bought);
  at->order->quantity++;
  GIVES(RCK_REJECT_ORDER_ID_TAKEN, rck_check(at->port, at->order, at->verdict));
  if (of->account == counted_account)
    usual_refused(at, of);
  PASSES(trading_report(at, RCK_REPORT_FILL, bought, 4, 4, at->next_id++, 0));
  usual_release(at, bought);
  usual_ask(at, of, id + 1, RCK_SIDE_SELL, 4, usual_price);
  const uint64_t sold = usual_enter(at, RCK_SEVERITY_NONE, RCK_CONTROL_NONE, RCK_VERDICT_REDUCING);
  PASSES(trading_report(at, RCK_REPORT_FILL, sold, 4, 4, at->next_id++, 0));
  if (of->account != counted_account)
    usual_refused(at, of);
  if (of->warned_quantity == 0)
    return;
  usual_ask(at, of, id + 2, of->side, of->warned_quantity, of->warned_price);
  usual_release(at, usual_enter(at, RCK_SEVERITY_WARNING, of->control, 0));
}

#endif
