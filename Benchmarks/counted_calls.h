// What instructions are counted of besides checks: the rest of an order's life, the market, the ring, and questions.
// Each function makes one call of that name and what has to go before and behind it, and is false if a call says what
// it must not.
#pragma once

#include "counted_work.h"

namespace bench {

inline bool release_order(Stand &at, uint64_t token) { return at.seat.release(token, at.stream.time_ns()) == RCK_OK; }

inline rck_report first_fill(Stand &at, const rck_order &order, uint64_t token) {
  rck_report fill{};
  fill.token = token;
  fill.kind = RCK_REPORT_FILL;
  fill.side = order.side;
  fill.last_quantity = fill.cumulative_quantity = 10;
  fill.last_price = order.price;
  fill.execution_id = ++at.executions;
  fill.time_ns = order.time_ns;
  return fill;
}

inline bool cancel(Stand &at) {
  rck_verdict verdict, answer;
  at.enter(verdict);
  return rck_cancel(at.seat.port, verdict.token, 0, at.stream.time_ns(), &answer) == RCK_OK &&
         release_order(at, verdict.token);
}

inline bool amend(Stand &at) {
  rck_verdict verdict, answer;
  rck_order order = at.enter(verdict);
  order.quantity += 10;
  bool good = rck_amend(at.seat.port, verdict.token, &order, &answer) == RCK_OK;
  good = good && rck_amend_result(at.seat.port, verdict.token, order.order_id, 1, &answer) == RCK_OK;
  return good && release_order(at, verdict.token);
}

inline bool fill(Stand &at) {
  rck_verdict verdict, answer;
  rck_order order = at.enter(verdict);
  rck_report report = first_fill(at, order, verdict.token);
  return rck_fill(at.seat.port, &report, &answer) == RCK_OK && release_order(at, verdict.token);
}

// 64 orders that live are amended, or filled in part, by one call.
template <bool Filled> bool change_batch(Stand &at) {
  rck_order orders[batch_orders];
  rck_report reports[batch_orders];
  rck_verdict verdicts[batch_orders];
  uint64_t tokens[batch_orders];
  for (uint32_t i = 0; i < batch_orders; i++) {
    orders[i] = at.enter(verdicts[i]);
    tokens[i] = verdicts[i].token;
    reports[i] = first_fill(at, orders[i], tokens[i]);
    orders[i].quantity += 10;
  }
  uint32_t passed = 0;
  rck_status status = Filled ? rck_fill_batch(at.seat.port, reports, verdicts, batch_orders, 0, &passed)
                             : rck_amend_batch(at.seat.port, tokens, orders, verdicts, batch_orders, 0, &passed);
  bool good = status == RCK_OK && passed == batch_orders;
  for (uint64_t token : tokens)
    good = good && release_order(at, token);
  return good;
}

inline bool drop_copy(Stand &at) {
  rck_order order;
  rck_verdict verdict;
  at.make(order);
  return rck_drop_copy(at.seat.port, &order, &verdict) == RCK_OK && release_order(at, verdict.token);
}

inline bool check_dry(Stand &at) {
  rck_order order;
  rck_verdict verdict;
  at.make(order);
  return rck_check_dry(at.seat.port, &order, &verdict) == RCK_OK;
}

// Its status names what binds.
inline bool headroom(Stand &at) {
  rck_order order;
  rck_verdict verdict;
  int64_t quantity = 0;
  at.make(order);
  return rck_headroom(at.seat.port, &order, &quantity, &verdict) == RCK_REJECT_ORDER_QUANTITY && quantity > 0;
}

inline bool explain(Stand &at) {
  rck_order order;
  rck_verdict verdict;
  char text[256];
  at.make(order);
  order.quantity = 10'010;
  bool good = at.seat.check(order, verdict) == RCK_REJECT_ORDER_QUANTITY;
  at.seat.drain();
  return good && rck_explain(&verdict, text, sizeof text) == RCK_OK && text[0] != '\0';
}

inline bool order_get(Stand &at) {
  rck_verdict verdict;
  rck_order_info info;
  at.enter(verdict);
  return rck_order_get(at.desk.engine(), verdict.token, 0, &info) == RCK_OK && release_order(at, verdict.token);
}

inline bool position_get(Stand &at) {
  rck_verdict verdict;
  rck_order order = at.enter(verdict);
  rck_position_info info{};
  info.struct_size = sizeof info;
  info.account = order.account;
  info.instrument = order.instrument;
  return rck_position_get(at.desk.engine(), &info) == RCK_OK && release_order(at, verdict.token);
}

inline bool book_get(Stand &at) {
  rck_verdict verdict;
  rck_order order = at.enter(verdict);
  rck_book_info info{};
  info.struct_size = sizeof info;
  info.scope_kind = RCK_SCOPE_ACCOUNT;
  info.id = order.account;
  return rck_book_get(at.desk.engine(), &info) == RCK_OK && release_order(at, verdict.token);
}

// Where the market is now: instrument, price, and the tick around it.
struct Print {
  uint32_t instrument;
  int64_t price, tick, time_ns;
};
inline Print print_of(Stand &at) {
  rck_order order;
  at.make(order);
  return {order.instrument, order.price, order.instrument % 2 == 0 ? 25 : 1, order.time_ns};
}

inline bool trade(Stand &at) {
  Print print = print_of(at);
  rck_trade trade{};
  trade.instrument = print.instrument;
  trade.price = print.price;
  trade.quantity = 100;
  trade.time_ns = print.time_ns;
  return rck_market_trade(at.seat.port, &trade) == RCK_OK;
}

inline bool quote(Stand &at) {
  Print print = print_of(at);
  rck_quote quote{};
  quote.instrument = print.instrument;
  quote.bid = print.price - print.tick;
  quote.ask = print.price + print.tick;
  quote.bid_size = quote.ask_size = 1'000;
  quote.time_ns = print.time_ns;
  return rck_market_quote(at.seat.port, &quote) == RCK_OK;
}

inline bool book(Stand &at) {
  Print print = print_of(at);
  rck_book book{};
  book.instrument = print.instrument;
  book.bids = book.asks = RCK_BOOK_LEVELS;
  book.time_ns = print.time_ns;
  for (int level = 0; level < RCK_BOOK_LEVELS; level++) {
    book.bid_prices[level] = print.price - print.tick * (level + 1);
    book.ask_prices[level] = print.price + print.tick * (level + 1);
    book.bid_sizes[level] = book.ask_sizes[level] = 1'000;
  }
  return rck_market_book(at.seat.port, &book) == RCK_OK;
}

// The first time every account is given a position in every instrument: a mark walks over them.
inline bool mark(Stand &at) {
  for (uint32_t row = 0; at.turns == 0 && row < 64; row++) {
    rck_position position{};
    position.struct_size = sizeof position;
    position.account = 1 + row / 16;
    position.instrument = 1 + row % 16;
    position.quantity = 100;
    position.price = last_price(position.instrument);
    position.actor = 1;
    std::strcpy(position.reason, "benchmark");
    expect_ok("rck_position_set", rck_position_set(at.seat.port, &position, nullptr));
  }
  Print print = print_of(at);
  return rck_mark(at.seat.port, print.instrument, print.price, print.time_ns) == RCK_OK;
}

inline bool feed_metric(Stand &at) {
  Print print = print_of(at);
  return rck_metric_set(at.seat.port, 1, double(print.price) / 3, print.time_ns) == RCK_OK;
}

inline bool beat(Stand &at) { return rck_beat(at.seat.port, print_of(at).time_ns) == RCK_OK; }

// So many records of the host's are written by one call and read by one.
template <uint32_t Count> bool through_ring(Stand &at) {
  rck_event events[Count]{};
  uint32_t count = 0;
  for (rck_event &event : events) {
    event.kind = RCK_EVENT_HOST;
    event.time_ns = print_of(at).time_ns;
  }
  return rck_event_write(at.seat.port, events, Count) == RCK_OK &&
         rck_events_read(at.seat.port, at.seat.number, events, Count, &count) == RCK_OK && count == Count;
}

} // namespace bench
