// What a host can see of a small desk, as plain bytes that another process can compare: rows, books, orders by
// id, latches, limits. A picture of a region left in the middle of a call is held against those of before and
// after it.
#ifndef RCK_CRASH_PICTURE_HPP
#define RCK_CRASH_PICTURE_HPP

#include "../stress/desk.hpp"

constexpr uint32_t accounts = 2, strategies = 1, instruments = 2, order_ids = 24, limits_most = 24;

struct Picture {
  rck_position_info rows[(accounts + strategies) * instruments];
  rck_book_info books[accounts + strategies];
  rck_order_info orders[order_ids + 1]; // all zero: unknown
  rck_latch latches[4];
  rck_port_watch watch;      // of port 1
  rck_override overrides[3]; // all zero: unknown
  rck_limit limits[limits_most];
  uint32_t limits_count;
};

// Live orders come back unconfirmed, and a generation may be spent without a change: neither is in the picture.
inline void look(const rck_engine *engine, Picture &picture) {
  memset(static_cast<void *>(&picture), 0, sizeof picture);
  size_t at = 0;
  for (uint32_t party = 1; party <= accounts + strategies; party++)
    for (uint32_t instrument = 1; instrument <= instruments; instrument++)
      picture.rows[at++] =
          desk::row(engine, party <= accounts ? party : 0, party <= accounts ? 0 : party - accounts, instrument);
  for (uint32_t party = 1; party <= accounts + strategies; party++)
    picture.books[party - 1] = desk::book(engine, party <= accounts ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY,
                                          party <= accounts ? party : party - accounts);
  for (uint64_t id = 1; id <= order_ids; id++) {
    const rck_status status = rck_order_get(engine, 0, id, &picture.orders[id]);
    NEED(status == RCK_OK || status == RCK_REJECT_ORDER_UNKNOWN);
    picture.orders[id].state &= static_cast<uint8_t>(~RCK_ORDER_UNCONFIRMED);
  }
  for (uint32_t scope = 0; scope < 4; scope++) {
    static constexpr uint32_t kinds[] = {RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT, RCK_SCOPE_INSTRUMENT};
    static constexpr uint32_t ids[] = {0, 1, 2, 1};
    picture.latches[scope] = desk::sized<rck_latch>();
    picture.latches[scope].scope_kind = kinds[scope];
    picture.latches[scope].id = ids[scope];
    PASSES(rck_latch_get(engine, &picture.latches[scope]));
  }
  picture.watch = desk::sized<rck_port_watch>();
  picture.watch.port = 1;
  PASSES(rck_port_watch_get(engine, &picture.watch));
  for (uint32_t id = 1; id <= 3; id++) {
    rck_override &found = picture.overrides[id - 1] = desk::sized<rck_override>();
    found.override_id = id;
    const rck_status status = rck_override_get(engine, &found);
    NEED(status == RCK_OK || status == RCK_E_UNKNOWN);
    if (status == RCK_E_UNKNOWN)
      found = rck_override{};
  }
  uint32_t cursor = 0, count = 0;
  do {
    PASSES(rck_limits_armed(engine, picture.limits + picture.limits_count, limits_most - picture.limits_count, &cursor,
                            &count));
    picture.limits_count += count;
    NEED(picture.limits_count < limits_most);
  } while (count);
  for (rck_limit &limit : picture.limits)
    limit.generation = 0;
}

constexpr unsigned before_side = 1, after_side = 2;

template <class Record> unsigned side_of(const Record &got, const Record &before, const Record &after) {
  return (memcmp(&got, &before, sizeof got) == 0 ? before_side : 0) |
         (memcmp(&got, &after, sizeof got) == 0 ? after_side : 0);
}

// Which picture `got` is: before, after, both or, with 0, neither. In pieces, each record is one or the other by
// itself, as are the days of books, and their sums are whatever their rows come to. A finished order may be forgotten
// at any time.
class Comparison {
public:
  Comparison(const Picture &got, const Picture &before, const Picture &after, bool in_pieces) {
    for (size_t at = 0; at < sizeof got.rows / sizeof *got.rows; at++)
      take("row", at, side_of(got.rows[at], before.rows[at], after.rows[at]), in_pieces);
    for (size_t at = 0; at < sizeof got.latches / sizeof *got.latches; at++)
      take("latch", at, latch_side(got.latches[at], before.latches[at], after.latches[at]), in_pieces);
    for (size_t id = 1; id <= order_ids; id++) {
      const bool forgotten = before.orders[id].state == RCK_ORDER_FINISHED && after.orders[id].token == 0;
      take("order", id, side_of(got.orders[id], before.orders[id], after.orders[id]), in_pieces || forgotten);
    }
    // What an order takes before it is entered stays used, and one that has ended may be forgotten before the next.
    for (size_t at = 0; at < sizeof got.overrides / sizeof *got.overrides; at++) {
      const unsigned one = side_of(got.overrides[at], before.overrides[at], after.overrides[at]);
      take("override", at, one & after_side ? before_side | after_side : one, in_pieces);
    }
    take("watch", 0, side_of(got.watch, before.watch, after.watch), in_pieces);
    take("limits", 0, side_of(got.limits, before.limits, after.limits), in_pieces);
    for (size_t at = 0; at < accounts + strategies; at++)
      take("book", at, book_side(got.books[at], before.books[at], after.books[at], in_pieces), in_pieces);
  }
  unsigned side = before_side | after_side;
  std::string wrong;

private:
  void take(const char *what, size_t at, unsigned one, bool alone) {
    if (one == 0)
      wrong += std::string(what) + " " + std::to_string(at) + " is neither as before nor as after; ";
    else if (!alone && (side & one) == 0)
      wrong += std::string(what) + " " + std::to_string(at) + " is not of one side with the rest; ";
    else if (!alone)
      side &= one;
  }

  // Who was killed before he said why he set a latch has set it all the same.
  static unsigned latch_side(const rck_latch &got, const rck_latch &before, const rck_latch &after) {
    rck_latch unexplained = after;
    unexplained.actor = UINT32_MAX;
    unexplained.control = 0;
    unexplained.time_ns = got.time_ns;
    memset(unexplained.reason, 0, sizeof unexplained.reason);
    return side_of(got, before, after) | (after.state ? side_of(got, before, unexplained) : 0);
  }

  // A kill may leave messages and rejected orders counted that were not sent, or not forgotten, and a trade that was.
  static bool counts_as(rck_book_info got, const rck_book_info &before, const rck_book_info &after,
                        const rck_book_info &side) {
    const int64_t legs = 3;
    const bool near = got.day_messages >= side.day_messages && got.day_messages <= side.day_messages + legs &&
                      got.day_trades <= side.day_trades && got.day_trades >= side.day_trades - 1 &&
                      got.rejects >= side.rejects && got.rejects <= std::max(before.rejects, after.rejects) + 1;
    got.day_messages = side.day_messages;
    got.day_trades = side.day_trades;
    got.rejects = side.rejects;
    return near && memcmp(&got, &side, sizeof got) == 0;
  }

  static unsigned book_side(const rck_book_info &got, const rck_book_info &before, const rck_book_info &after,
                            bool in_pieces) {
    if (!in_pieces)
      return (counts_as(got, before, after, before) ? before_side : 0) |
             (counts_as(got, before, after, after) ? after_side : 0);
    const auto set_alone = [](const rck_book_info &book) {
      auto alone = desk::sized<rck_book_info>();
      alone.cash = book.cash;
      alone.credit = book.credit;
      alone.day_realised = book.day_realised;
      alone.day_total = book.day_total;
      alone.day_peak = book.day_peak;
      return alone;
    };
    return side_of(set_alone(got), set_alone(before), set_alone(after));
  }
};

// The picture without what a call made anew may give otherwise: the tokens of new orders and, where orders finish
// in another order, which of the finished ones are remembered; and what is left of overrides.
inline Picture outline(const Picture &picture, bool in_pieces) {
  Picture rest = picture;
  memset(static_cast<void *>(rest.overrides), 0, sizeof rest.overrides);
  for (rck_order_info &order : rest.orders) {
    order.token = 0;
    if (in_pieces && order.state == RCK_ORDER_FINISHED)
      order = rck_order_info{};
  }
  return rest;
}

#endif
