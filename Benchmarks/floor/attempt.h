// What an order would make of its rows, and which controls' lowest levels that exceeds. Pure: writes no row.
#pragma once

#include "decision.h"
#include "engine.h"

namespace desk_floor {

// What an order adds to its position row.
[[gnu::always_inline]] inline Position position_with(const Position &old, bool buy, int64_t quantity, int64_t value,
                                                     uint32_t bps) {
  Position next = old;
  next.open_buys += buy ? quantity : 0;
  next.open_sells += buy ? 0 : quantity;
  next.buys += buy ? value : 0;
  next.sells += buy ? 0 : value;
  next.margin = margin_of(next.exposure(), bps);
  return next;
}

// What an account's sums move by when one of its position rows takes a step.
struct BookStep {
  int64_t gross, net_long, net_short, margin, orders, value;

  void join(const BookStep &other) {
    gross += other.gross, net_long += other.net_long, net_short += other.net_short;
    margin += other.margin, orders += other.orders, value += other.value;
  }
};

[[gnu::always_inline]] inline BookStep book_step(const Position &from, const Position &to, int64_t orders,
                                                 int64_t value) {
  return {to.exposure() - from.exposure(),
          to.long_value() - from.long_value(),
          to.short_value() - from.short_value(),
          to.margin - from.margin,
          orders,
          value};
}

[[gnu::always_inline]] inline Book book_with(const Book &old, const BookStep &step) {
  Book next = old;
  next.gross += step.gross;
  next.net_long += step.net_long;
  next.net_short += step.net_short;
  next.margin += step.margin;
  next.orders += step.orders;
  next.orders_value += step.value;
  return next;
}

// What the long way knows of an order's rows, and what they would become.
template <bool Shared> struct Attempt {
  int64_t time_ns;
  uint64_t half, latches;
  int64_t price, value, quantity; // price: what the order is valued and compared at
  uint64_t row;
  bool buy;
  bool over; // there is something to decide
  Seen<Position> position;
  Position position_next;
  BookStep step;
  Seen<Book> book;
  Book book_next;
  int64_t position_amount; // L or S after
  typename Window<Shared>::Place account_rate, strategy_rate;
  int64_t account_count, strategy_count; // messages in the windows with this one, where a level is exceeded
};

// L after for a buy, S after for a sell: not above 0 means strictly reducing, as position, exposure and buying
// power understand it.
[[gnu::always_inline]] inline int64_t position_amount(const Position &next, bool buy) {
  return buy ? next.net + next.open_buys : next.open_sells - next.net;
}

// The questions below are whether there is anything to decide; they are asked one by one, since what is never so
// costs one predicted branch.

// About a position row: `first` is the lowest level of its side.
[[gnu::always_inline]] inline bool position_over(const Position &next, int64_t amount, bool buy, int64_t first,
                                                 uint32_t permissions) {
  uint64_t all = uint64_t(next.open_buys) | uint64_t(next.open_sells) | uint64_t(next.buys) | uint64_t(next.sells);
  return amount > first || (all >> 60) != 0 || (!(permissions & RCK_PERMIT_SHORT) && !buy && amount > 0);
}

// About an account's book. A strictly reducing order takes the long way only when that is worth a look.
[[gnu::always_inline]] inline bool book_over(const Book &next, const AccountLine &account, uint32_t margin_bps) {
  uint64_t all = uint64_t(next.gross) | uint64_t(next.margin) | uint64_t(next.orders_value);
  if (next.gross > account.gross_first || (all >> 60) != 0 || next.orders > account.count_first)
    return true;
  if (!account.power_armed)
    return false;
  return Signed(next.margin) * 10'000 > Signed(next.power) * account.power_first || !account.cash_set ||
         margin_bps == 0 || (account.flags & RCK_POWER_MARKED);
}

// Reference for a collar or a market order: 0 when there is none. (MID and OWN_SIDE: the desk has no quotes.)
inline int64_t reference_price(uint32_t kind, const InstrumentLine &instrument, int64_t last) {
  switch (kind) {
  case RCK_REFERENCE_LAST:
    return last;
  case RCK_REFERENCE_CLOSE:
    return instrument.close;
  case RCK_REFERENCE_SET:
    return instrument.set;
  default:
    return 0;
  }
}

// About the order alone: the stateless controls of the instrument.
template <bool Shared>
[[gnu::always_inline]] inline bool order_over(int64_t quantity, int64_t value, int64_t price, bool buy,
                                              const InstrumentLine &instrument, const MarketLine &market) {
  if (quantity > instrument.quantity_first || value > instrument.notional_first)
    return true;
  if (instrument.collar_reference == RCK_REFERENCE_NONE)
    return false;
  int64_t reference = look<Shared>(market.last);
  if (instrument.collar_reference != RCK_REFERENCE_LAST) [[unlikely]]
    reference = reference_price(instrument.collar_reference, instrument, reference);
  int64_t deviation = price - reference;
  return reference == 0 || (beyond_bps(magnitude(deviation), instrument.collar_first, magnitude(reference)) &&
                            (!instrument.collar_aggressive_only || (buy ? deviation > 0 : deviation < 0)));
}

// The long way asks the same questions of an attempt that it holds whole.
template <bool Shared> bool reducing(const Attempt<Shared> &attempt) { return attempt.position_amount <= 0; }

template <bool Shared>
void judge_position(Attempt<Shared> &attempt, const PositionHead &head, uint32_t margin_bps, uint32_t permissions) {
  attempt.position_next =
      position_with(attempt.position.record, attempt.buy, attempt.quantity, attempt.value, margin_bps);
  attempt.position_amount = position_amount(attempt.position_next, attempt.buy);
  int64_t first = look<Shared>(head.first[attempt.half * 2 + !attempt.buy]);
  attempt.over =
      attempt.over || position_over(attempt.position_next, attempt.position_amount, attempt.buy, first, permissions);
}

template <bool Shared> void judge_book(Attempt<Shared> &attempt, const AccountLine &account, uint32_t margin_bps) {
  attempt.book_next = book_with(attempt.book.record, attempt.step);
  attempt.over = attempt.over || book_over(attempt.book_next, account, margin_bps);
}

// Where the attempt would stand in the windows of its account and strategy.
template <bool Shared>
void judge_rates(Attempt<Shared> &attempt, const Engine<Shared> &engine, const rck_order &order,
                 const AccountLine &account, const StrategyLine &strategy) {
  auto judge = [&](const Window<Shared> &window, const RateLimit &limit, auto &place, int64_t &count) {
    place = {};
    count = 0;
    if (limit.first == 0)
      return;
    place = window.place(attempt.time_ns, limit);
    if (place.above_first)
      count = window.count(attempt.time_ns, limit.window_ns) + 1;
  };
  judge(engine.account_windows[order.account], account.rate, attempt.account_rate, attempt.account_count);
  judge(engine.strategy_windows[order.strategy], strategy.rate, attempt.strategy_rate, attempt.strategy_count);
}

} // namespace desk_floor
