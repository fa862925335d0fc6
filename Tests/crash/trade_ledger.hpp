// What a trading child that will be killed says about its work, outside the region: for each thread the call that
// it is in, and all that its finished calls have come to. Also how the calls are made, by the child and, once more,
// by whoever finds the region.
#ifndef RCK_CRASH_TRADE_LEDGER_HPP
#define RCK_CRASH_TRADE_LEDGER_HPP

#include "../stress/desk.hpp"
#include <atomic>

constexpr uint32_t accounts = 2, strategies = 1, instruments = 2;
constexpr uint32_t threads_most = 3, slots_each = 6;

using Word = std::atomic<uint64_t>;

enum class Kind : uint32_t { none, check, unknown, amend, answer, cancel, fill, repeat, bust, correct, release };

// A call, with all that it takes to make it again.
struct Op {
  Kind kind;
  uint32_t slot, account, strategy, instrument, side;
  uint64_t id, token, execution, undone;
  int64_t quantity, cumulative, price, fee;
};

// An order of a thread's own: no other thread touches it. `execution` can still be undone; 0 if none can.
struct Slot {
  rck_order_info order;
  uint64_t execution;
  int64_t quantity, price;
};

// What executions have come to in a row: `flow` is the value of what was bought less that of what was sold, which
// is the booked value less the P&L, however prices went.
struct Sums {
  int64_t net, flow, fees;
  void add(const Sums &other) {
    net += other.net;
    flow += other.flow;
    fees += other.fees;
  }
};

struct Account {
  Slot slots[slots_each];
  Sums sums[strategies + 1][accounts][instruments]; // of orders without a strategy first
};

// States alternate, so that a finished call is acknowledged by one store, of `done`.
struct ThreadLedger {
  Word begun, done, next;
  Op op;
  Account states[2];
  const Account &state() const { return states[done & 1]; }
};

// One number that the back office sets: a limit, or a latch. Equal unless the call is in flight.
struct Setting {
  Word begun, done;
};

struct TradeLedger {
  Word work, discipline, turns[threads_most + 1]; // units done in this life, and by each thread
  Setting limit, latch;
  ThreadLedger threads[threads_most + 1];
  uint32_t count() const { return discipline == RCK_ONE_WRITER ? 1 : threads_most; }
};

constexpr int64_t now_ns = 10;

// How many calls a thread may be ahead of the others. So far fewer orders finish while one stands, or leaves a
// finished order of its own alone, than are remembered: none that the ledger knows may be forgotten.
constexpr uint64_t ahead_most = 200;

inline void trade_config(rck_config &config, uint32_t discipline) {
  small_config(&config);
  config.discipline = discipline;
  config.clock_source = RCK_CLOCK_HOST;
  config.money_decimals = 0;
  config.ports_max = threads_most;
  config.ring_lines = 64;
  config.orders_max = config.retired_ids_max = 2048; // see `ahead_most`
  config.executions_max = 512;
  config.limits_max = 32;
  config.windows_max = 128;
}

inline rck_limit quantity_limit(int64_t most) {
  return desk::limit(RCK_CONTROL_ORDER_QUANTITY, 0, RCK_SCOPE_INSTRUMENT, 1, most);
}

inline rck_report report_of(const Op &op) {
  rck_report report = desk::fill(op.token, op.quantity, op.cumulative, op.price, op.execution, now_ns);
  report.kind = op.kind == Kind::bust      ? RCK_REPORT_BUST
                : op.kind == Kind::correct ? RCK_REPORT_CORRECT
                                           : RCK_REPORT_FILL;
  report.undone_execution_id = op.undone;
  report.fee = op.fee;
  if (op.kind == Kind::unknown) {
    report.order_id = op.id;
    report.account = op.account;
    report.strategy = op.strategy;
    report.instrument = op.instrument;
    report.side = static_cast<uint8_t>(op.side);
  }
  return report;
}

// Of some ids the order is somebody else's.
inline bool is_copied(const Op &op) { return op.kind == Kind::check && op.id % 5 == 0; }

inline rck_status perform(rck_port *port, const Op &op, rck_verdict &verdict) {
  const rck_order order =
      desk::order(op.id, op.account, op.strategy, op.instrument, op.side, op.quantity, op.price, now_ns);
  const rck_report report = report_of(op);
  switch (op.kind) {
  case Kind::none:
    return RCK_OK;
  case Kind::check:
    return is_copied(op) ? rck_drop_copy(port, &order, &verdict) : rck_check(port, &order, &verdict);
  case Kind::amend:
    return rck_amend(port, op.token, &order, &verdict);
  case Kind::answer:
    return rck_amend_result(port, op.token, 0, op.quantity & 1, &verdict);
  case Kind::cancel:
    return rck_cancel(port, op.token, 0, now_ns, &verdict);
  case Kind::release:
    return rck_release(port, op.token, 0, RCK_RELEASE_DONE, now_ns, &verdict);
  default:
    return rck_fill(port, &report, &verdict);
  }
}

// Likewise by a batch that has the record twice: of the second nothing comes, unless the first came to nothing.
inline rck_status perform_twice(rck_port *port, const Op &op, rck_verdict &verdict) {
  rck_order orders[2];
  const rck_report reports[2] = {report_of(op), report_of(op)};
  const uint64_t tokens[2] = {op.token, op.token};
  rck_verdict verdicts[2];
  uint32_t passed = 0;
  orders[0] = orders[1] =
      desk::order(op.id, op.account, op.strategy, op.instrument, op.side, op.quantity, op.price, now_ns);
  rck_status status;
  switch (op.kind) {
  case Kind::none:
  case Kind::answer:
  case Kind::cancel:
  case Kind::release:
    return perform(port, op, verdict);
  case Kind::check:
    if (is_copied(op))
      return perform(port, op, verdict);
    status = rck_check_batch(port, orders, verdicts, 2, 0, &passed);
    break;
  case Kind::amend:
    status = rck_amend_batch(port, tokens, orders, verdicts, 2, 0, &passed);
    break;
  default:
    status = rck_fill_batch(port, reports, verdicts, 2, 0, &passed);
  }
  NEED(status == RCK_OK && passed < 2);
  verdict = verdicts[verdicts[0].status != RCK_OK];
  return verdict.status;
}

// The order of a token or id as anyone sees it; all zero if there is none. Whether it is confirmed is left out.
inline rck_order_info order_of(const rck_engine *engine, uint64_t token, uint64_t id) {
  rck_order_info order{};
  const rck_status status = rck_order_get(engine, token, id, &order);
  NEED(status == RCK_OK || status == RCK_REJECT_ORDER_UNKNOWN);
  order.state &= static_cast<uint8_t>(~RCK_ORDER_UNCONFIRMED);
  return order;
}

// What a call that was applied has moved, and what its slot is from then on.
inline void apply(Account &account, const Op &op, const rck_order_info &now) {
  Slot &slot = account.slots[op.slot];
  Sums &sums = account.sums[op.strategy][op.account - 1][op.instrument - 1];
  const int64_t sign = op.side == RCK_SIDE_BUY ? 1 : -1;
  const bool undoes = op.kind == Kind::bust || op.kind == Kind::correct;
  if (undoes) {
    sums.net -= sign * slot.quantity;
    sums.flow -= sign * slot.quantity * slot.price;
    slot.execution = 0;
  }
  if (op.kind == Kind::fill || op.kind == Kind::unknown || op.kind == Kind::correct) {
    sums.net += sign * op.quantity;
    sums.flow += sign * op.quantity * op.price;
    slot.execution = op.execution;
    slot.quantity = op.quantity;
    slot.price = op.price;
  } else if (op.kind == Kind::check) {
    slot.execution = 0;
  }
  if (undoes || op.kind == Kind::fill || op.kind == Kind::unknown)
    sums.fees += op.fee;
  slot.order = now;
}

#endif
