// What whoever meets an engine of doubtful contents does with it: looks at all that can be seen, and makes every kind
// of call. No call may die or hang, whatever it answers.
#ifndef RCK_CRASH_MEETING_HPP
#define RCK_CRASH_MEETING_HPP

#include "../fuzz/totals.hpp"
#include "trades.hpp"

inline bool failed(const rck_engine *engine) {
  auto health = desk::sized<rck_health_info>();
  PASSES(rck_health(engine, &health));
  return health.failed_site != 0;
}

// Whether nothing that is broken was met.
inline bool looked(const rck_engine *engine) {
  bool whole = true;
  const auto see = [&](rck_status status) { whole = checked(status) != RCK_E_FAILED && whole; };
  for (uint32_t id = 1; id <= known_ids; id++) {
    for (uint32_t instrument = 1; instrument <= known_ids; instrument++) {
      auto row = desk::sized<rck_position_info>();
      row.account = id;
      row.instrument = instrument;
      see(rck_position_get(engine, &row));
      std::swap(row.account, row.strategy);
      see(rck_position_get(engine, &row));
    }
    for (const uint32_t scope : {RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY}) {
      auto book = desk::sized<rck_book_info>();
      auto latch = desk::sized<rck_latch>();
      book.scope_kind = latch.scope_kind = scope;
      book.id = latch.id = id;
      see(rck_book_get(engine, &book));
      see(rck_latch_get(engine, &latch));
    }
    rck_order_info order{};
    see(rck_order_get(engine, 0, id, &order));
  }
  auto watch = desk::sized<rck_port_watch>();
  watch.port = 1;
  see(rck_port_watch_get(engine, &watch));
  for (uint32_t id = 1; id <= 2; id++) {
    auto found = desk::sized<rck_override>();
    found.override_id = id;
    see(rck_override_get(engine, &found));
  }
  uint32_t cursor = 0, count = 0, turns = 0;
  rck_order_info orders[4];
  do {
    count = 0;
    see(rck_open_orders(engine, RCK_SCOPE_GLOBAL, 0, orders, 4, &cursor, &count));
    NEED(turns++ < 100);
  } while (count);
  rck_limit limits[4];
  cursor = turns = 0;
  do {
    count = 0;
    see(rck_limits_armed(engine, limits, 4, &cursor, &count));
    NEED(turns++ < 100);
  } while (count);
  return whole && !failed(engine);
}

// Every kind of call. What it answers is known; what it does is looked at afterwards.
inline void traded(Trader &at) {
  if (checked(rck_port_open(at.engine, 1, RCK_PORT_WRITER, &at.port, nullptr)) != RCK_OK)
    return;
  for (uint64_t id : {1, 2, 3, 11, 12})
    checked(rck_order_confirm(at.port, 0, id, &at.verdict));
  checked(at.check(7, RCK_SIDE_BUY, 6));
  checked(at.check_rated(8));
  checked(at.check(9, RCK_SIDE_BUY, 2000));
  checked(at.allow(1));
  checked(at.forbid(1));
  checked(at.fill(1, 2, 6, 103));
  checked(at.fill(3, 2, 2, 104));
  checked(at.fill(20, 5, 5, 105, 2));
  checked(at.undo(1, 101, 106, 2));
  checked(at.answer(2, 1));
  checked(rck_cancel(at.port, 0, 1, now_ns, &at.verdict));
  checked(at.release(7));
  checked(at.place(1, 0, -7));
  checked(at.cash(7000));
  checked(rck_mark(at.port, 1, odd_price + 9, now_ns));
  checked(at.publish());
  checked(at.latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED));
  checked(at.latch(RCK_SCOPE_ACCOUNT, 1, 0));
  checked(at.look_at_ports());
  checked(at.latch(RCK_SCOPE_ACCOUNT, 1, 0));
  checked(at.watch(9));
  checked(at.day(20240106));
  checked(rck_warm(at.port));
  for (uint64_t id : {1, 2, 8, 11, 12})
    checked(at.release(id));
  PASSES(rck_port_close(at.port));
}

#endif
