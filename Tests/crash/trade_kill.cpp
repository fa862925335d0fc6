// Kills a trading child again and again, and holds the region that it left against what it had acknowledged.
//
//   trade_kill <file> <kills> <seed> [planted]
//
// Each thread has orders of its own, on rows that all share. What it had acknowledged is there to the last field; the
// call that it was in happened whole or not at all, and made again gives the answer that follows; the sums of all
// threads are those of the rows. Some calls are batches. `planted`: the child acknowledges before its calls, which
// must be found.
#include "trade_ledger.hpp"
#include <csignal>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

bool planted = false;

// The next call of a thread, drawn from what its slots allow.
Op draw_op(const Account &account, uint32_t thread, uint64_t &next, uint64_t &seed) {
  Op op{};
  op.slot = drawn(&seed) % slots_each;
  const Slot &slot = account.slots[op.slot];
  const rck_order_info &order = slot.order;
  const uint64_t fresh = static_cast<uint64_t>(thread) << 32 | ++next, draw = drawn(&seed) % 16;
  op.price = 95 + static_cast<int64_t>(drawn(&seed) % 10);
  op.quantity = 1 + static_cast<int64_t>(drawn(&seed) % 20);
  op.fee = static_cast<int64_t>(drawn(&seed) % 3);
  op.account = order.token ? order.account : 1;
  op.strategy = order.token ? order.strategy : 1;
  op.instrument = order.token ? order.instrument : 1;
  op.side = order.token ? order.side : 1;
  op.token = order.token;
  op.id = order.order_id;
  const bool live = order.state & RCK_ORDER_LIVE, amending = order.state & RCK_ORDER_AMENDING;
  if (!order.token || (!live && draw < 12)) {
    op.kind = draw == 11 ? Kind::unknown : Kind::check;
    op.id = fresh;
    op.token = 0;
    op.account = 1 + drawn(&seed) % accounts;
    op.strategy = drawn(&seed) % (strategies + 1); // without one a check goes the shortest way
    op.instrument = 1 + drawn(&seed) % instruments;
    op.side = 1 + drawn(&seed) % 2;
    op.execution = op.kind == Kind::unknown ? fresh : 0;
    op.cumulative = op.quantity;
    if (draw == 0)
      op.quantity = 1000; // refused
  } else if (draw < 6 || draw == 14) {
    op.kind = Kind::fill; // partial, final, beyond the order, or after its end
    op.cumulative = order.cumulative + op.quantity;
    op.execution = draw < 5 ? fresh : 0;
  } else if (draw < 8 && live && !amending) {
    op.kind = Kind::amend;
    op.id = draw == 6 ? fresh : order.order_id;
  } else if (draw < 10 && amending) {
    op.kind = Kind::answer;
  } else if (draw == 10) {
    op.kind = Kind::cancel;
  } else if ((draw == 12 || draw == 13) && slot.execution) {
    op.kind = draw == 12 ? Kind::bust : Kind::correct;
    op.undone = slot.execution;
    op.quantity = draw == 12 ? 0 : slot.quantity + 1;
    op.cumulative = order.cumulative - slot.quantity + op.quantity;
    op.execution = draw == 12 ? 0 : fresh;
  } else if (draw == 15 && order.cumulative > 0) {
    op.kind = Kind::repeat;
    op.cumulative = order.cumulative;
  } else if (live) {
    op.kind = Kind::release;
  }
  return op;
}

// Whether an answer says that the call was applied. Every other is one that may come of work.
bool applied(const Op &op, rck_status status) {
  if (status == RCK_OK)
    return op.kind != Kind::none && op.kind != Kind::cancel;
  const bool may = op.kind == Kind::check || op.kind == Kind::amend ||
                   (status == RCK_REPEAT && (op.kind == Kind::repeat || op.kind == Kind::cancel)) ||
                   status == RCK_REJECT_EXECUTION_UNKNOWN;
  if (!may)
    fprintf(stderr, "kind %u gave %s\n", static_cast<unsigned>(op.kind), rck_status_name(status));
  NEED(may);
  return false;
}

// What is in the ledger from the moment on when this call has returned.
void acknowledge(const rck_engine *engine, ThreadLedger &mine, const Op &op, bool moved) {
  Account &next = mine.states[(mine.done + 1) & 1];
  next = mine.state();
  if (moved)
    apply(next, op, order_of(engine, op.kind == Kind::check || op.kind == Kind::unknown ? 0 : op.token, op.id));
  mine.done = mine.done + 1;
}

// A thread of the child: trades until it is killed.
[[noreturn]] void trade(rck_engine *engine, TradeLedger &ledger, uint32_t thread, uint64_t seed) {
  ThreadLedger &mine = ledger.threads[thread];
  rck_port *port = nullptr;
  rck_verdict verdict{};
  PASSES(desk::insist([&] { return rck_port_open(engine, thread, RCK_PORT_WRITER, &port, nullptr); }));
  for (const Slot &slot : mine.state().slots)
    if (slot.order.state & RCK_ORDER_LIVE)
      NEED(rck_order_confirm(port, slot.order.token, 0, &verdict) >= 0);
  uint64_t next = mine.next;
  for (uint64_t turn = 0;; turn++) {
    for (uint32_t other = 1; other <= ledger.count(); other++)
      while (ledger.turns[other] + ahead_most < turn)
        sched_yield();
    const Op op = draw_op(mine.state(), thread, next, seed);
    mine.next = next;
    mine.op = op;
    mine.begun = mine.done + 1;
    if (planted)
      acknowledge(engine, mine, op, op.kind == Kind::fill);
    const rck_status status = turn % 4 == 0 ? perform_twice(port, op, verdict) : perform(port, op, verdict);
    NEED(status >= 0);
    if (!planted)
      acknowledge(engine, mine, op, applied(op, status));
    if (thread == 1 && drawn(&seed) % 8 == 0)
      PASSES(rck_mark(port, 1 + drawn(&seed) % instruments, 90 + static_cast<int64_t>(drawn(&seed) % 20), now_ns));
    ledger.turns[thread] = turn;
    ledger.work.fetch_add(1);
  }
}

// Sets one number, with its intent before and its acknowledgement behind.
template <class Call> void settle(Setting &setting, uint64_t value, Call call) {
  setting.begun = value;
  const rck_status status = desk::insist(call);
  NEED(status == RCK_OK || status == RCK_REPEAT);
  setting.done = value;
}

// What the back office does meanwhile, on calls that need no port.
[[noreturn]] void administer(rck_engine *engine, TradeLedger &ledger, uint64_t seed) {
  for (;;) {
    const int64_t most = 100 + static_cast<int64_t>(drawn(&seed) % 400);
    const uint32_t state = ledger.latch.done ? RCK_STATE_ACTIVE : RCK_STATE_HALTED;
    const rck_latch latch = desk::latch(RCK_SCOPE_ACCOUNT, 2, state);
    desk::set(engine, quantity_limit(most));
    settle(ledger.limit, static_cast<uint64_t>(most), [&] { return rck_limits_publish(engine, nullptr, nullptr); });
    settle(ledger.latch, state,
           [&] { return state ? rck_latch_set(engine, &latch, nullptr) : rck_latch_clear(engine, &latch, nullptr); });
    ledger.work.fetch_add(1);
  }
}

// `totals`: what accounts and strategies have in common is limited too.
void make(const std::string &path, TradeLedger &ledger, bool totals) {
  rck_config config;
  rck_engine *engine = nullptr;
  trade_config(config, static_cast<uint32_t>(ledger.discipline));
  PASSES(rck_engine_open(&config, path.c_str(), &engine, nullptr));
  desk::define(engine, accounts, strategies, instruments);
  for (uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY})
    desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, scope, 1, 20000));
  desk::set(engine, quantity_limit(500));
  if (totals) {
    desk::gather(engine, accounts, strategies);
    rck_limit all = desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, 30000);
    all.flags = RCK_LEASE_ALWAYS;
    desk::set(engine, all);
    desk::set(engine, desk::limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT_GROUP, 1, 20000));
    desk::set(engine, desk::limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY_GROUP, 2, 8));
    desk::set(engine, desk::limit(RCK_CONTROL_POSITION, 0, RCK_SCOPE_INSTRUMENT_GROUP, 3, 20000));
  }
  desk::publish(engine);
  ledger.limit.begun = ledger.limit.done = 500;
  PASSES(rck_engine_close(engine));
}

[[noreturn]] void live(const std::string &path, TradeLedger &ledger, uint64_t seed) {
  rck_engine *engine = nullptr;
  PASSES(rck_engine_open(nullptr, path.c_str(), &engine, nullptr));
  std::vector<std::thread> others;
  for (uint32_t thread = 2; thread <= ledger.count(); thread++)
    others.emplace_back([&, thread] { trade(engine, ledger, thread, seed * 8 + thread); });
  others.emplace_back([&] { administer(engine, ledger, seed * 8); });
  trade(engine, ledger, 1, seed * 8 + 1);
}

// The call in flight: whole or not at all; made again, it has been applied once.
void resolve(rck_engine *engine, rck_port *port, ThreadLedger &mine) {
  rck_verdict verdict{};
  const Op op = mine.op;
  const bool made = op.kind == Kind::check || op.kind == Kind::unknown;
  const rck_order_info found = order_of(engine, made ? 0 : op.token, made ? op.id : 0);
  const rck_order_info &known = mine.state().slots[op.slot].order;
  const bool there = made ? found.token != 0 : memcmp(&found, &known, sizeof found) != 0;
  if (found.state & RCK_ORDER_LIVE)
    NEED(rck_order_confirm(port, found.token, 0, &verdict) == RCK_OK);
  const rck_status again = perform(port, op, verdict);
  NEED(again >= 0);
  if (there)
    NEED(again == (op.kind == Kind::amend ? RCK_REJECT_AMEND_PENDING : RCK_REPEAT));
  acknowledge(engine, mine, op, there || applied(op, again));
}

void verify_sums(const rck_engine *engine, const TradeLedger &ledger) {
  for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
    Sums strategy{};
    for (uint32_t account = 1; account <= accounts; account++) {
      Sums all{};
      for (uint32_t thread = 1; thread <= threads_most; thread++)
        for (uint32_t of = 0; of <= strategies; of++) {
          const Sums &one = ledger.threads[thread].state().sums[of][account - 1][instrument - 1];
          all.add(one);
          if (of)
            strategy.add(one);
        }
      const rck_position_info row = desk::row(engine, account, 0, instrument);
      NEED(row.net == all.net && row.fees == all.fees && row.booked - row.realised - row.marked == all.flow);
    }
    const rck_position_info row = desk::row(engine, 0, 1, instrument);
    NEED(row.net == strategy.net && row.fees == strategy.fees);
    NEED(row.booked - row.realised - row.marked == strategy.flow);
  }
}

void verify_settings(const rck_engine *engine, TradeLedger &ledger) {
  auto latch = desk::latch(RCK_SCOPE_ACCOUNT, 2, 0);
  rck_limit limit = quantity_limit(0), some[16];
  uint32_t cursor = 0, count = 0;
  PASSES(rck_latch_get(engine, &latch));
  NEED(latch.state == ledger.latch.done || latch.state == ledger.latch.begun);
  ledger.latch.done = ledger.latch.begun = latch.state;
  PASSES(rck_limits_armed(engine, some, 16, &cursor, &count));
  uint64_t most = 0;
  for (uint32_t at = 0; at < count; at++)
    if (some[at].control == limit.control)
      most = static_cast<uint64_t>(some[at].hard);
  NEED(most == ledger.limit.done || most == ledger.limit.begun);
  ledger.limit.done = ledger.limit.begun = most;
}

// Opens what was left, and holds it against the ledger, which then says what is there.
void verify(const std::string &path, TradeLedger &ledger) {
  rck_engine *engine = nullptr;
  PASSES(rck_engine_open(nullptr, path.c_str(), &engine, nullptr));
  auto health = desk::sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  NEED(health.state == RCK_HEALTH_RUNNING && health.failed_site == 0);
  std::string wrong = desk::Audit(engine, accounts, strategies, instruments).wrong;
  for (uint32_t thread = 1; thread <= threads_most; thread++) {
    ThreadLedger &mine = ledger.threads[thread];
    const bool in_flight = mine.begun > mine.done;
    for (uint32_t slot = 0; slot < slots_each; slot++) {
      const rck_order_info &known = mine.state().slots[slot].order;
      if (!known.token || (in_flight && mine.op.slot == slot))
        continue;
      const rck_order_info found = order_of(engine, known.token, 0);
      NEED(memcmp(&found, &known, sizeof found) == 0);
    }
    if (!in_flight)
      continue;
    rck_port *port = nullptr;
    PASSES(rck_port_open(engine, thread, RCK_PORT_WRITER, &port, nullptr));
    resolve(engine, port, mine);
    PASSES(rck_port_close(port));
  }
  verify_settings(engine, ledger);
  verify_sums(engine, ledger);
  wrong += desk::Audit(engine, accounts, strategies, instruments).wrong;
  if (!wrong.empty())
    fprintf(stderr, "%s\n", wrong.c_str());
  NEED(wrong.empty());
  PASSES(rck_engine_close(engine));
}

// Waits for the child to reach `work`, then a little longer, and kills it. Whoever dies before that by itself has
// failed an assertion of its own.
void kill_at(pid_t child, const TradeLedger &ledger, uint64_t work, uint64_t pause) {
  int ended = 0;
  while (ledger.work < work) {
    NEED(waitpid(child, &ended, WNOHANG) == 0);
    sched_yield();
  }
  for (volatile uint64_t spin = pause; spin; spin = spin - 1) {
  }
  NEED(kill(child, SIGKILL) == 0);
  NEED(waitpid(child, &ended, 0) == child && WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
}

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const std::string path = words[1];
  const uint64_t kills = strtoull(words[2], nullptr, 10);
  uint64_t seed = strtoull(words[3], nullptr, 10), calls = 0, left = 0;
  planted = count > 4;
  void *shared = mmap(nullptr, sizeof(TradeLedger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  NEED(shared != MAP_FAILED);
  TradeLedger &ledger = *static_cast<TradeLedger *>(shared);
  for (uint64_t turn = 0; turn < kills; turn++) {
    if (turn == 0 || drawn(&seed) % 64 == 0) {
      unlink(path.c_str());
      memset(shared, 0, sizeof ledger);
      ledger.discipline = drawn(&seed) % 2 ? RCK_ONE_WRITER : RCK_MANY_WRITERS;
      make(path, ledger, drawn(&seed) % 2);
    }
    ledger.work = 0;
    for (Word &turns : ledger.turns)
      turns = 0;
    const uint64_t life = drawn(&seed);
    const pid_t child = fork();
    NEED(child >= 0);
    if (child == 0)
      live(path, ledger, life);
    kill_at(child, ledger, drawn(&seed) % 16 ? drawn(&seed) % 3000 : 0, drawn(&seed) % 20000);
    calls += ledger.work;
    for (uint32_t thread = 1; thread <= threads_most; thread++)
      left += ledger.threads[thread].begun > ledger.threads[thread].done;
    verify(path, ledger);
  }
  printf("%llu kills in %llu calls, %llu of them not answered\n", static_cast<unsigned long long>(kills),
         static_cast<unsigned long long>(calls), static_cast<unsigned long long>(left));
  NEED(left);
  unlink(path.c_str());
  return 0;
}
