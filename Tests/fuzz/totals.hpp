// What an engine at rest holds, in numbers: rows, books, live orders, limits, latches. And what must hold of them.
#ifndef RCK_FUZZ_TOTALS_HPP
#define RCK_FUZZ_TOTALS_HPP

#include "input.hpp"
#include <algorithm>
#include <map>

constexpr uint32_t known_ids = 16; // of each kind that a small region has

struct Totals {
  std::vector<rck_position_info> rows;
  std::vector<rck_book_info> books;
  std::vector<std::vector<uint32_t>> groups; // of the account or strategy that each book is of
  std::vector<rck_book_info> shared;         // of the engine or a group, for each limit
  std::map<uint64_t, rck_order_info> orders; // live ones, by token
  std::vector<rck_limit> limits;
  std::vector<rck_latch> latches;
  std::map<uint32_t, rck_instrument> instruments;
  std::map<uint32_t, uint32_t> decimals; // quantity_decimals of groups
};

// Accounts, then strategies, as far as they are defined.
inline std::vector<rck_book_info> books_of(const rck_engine *engine) {
  std::vector<rck_book_info> books;
  for (uint32_t party = 1; party <= 2 * known_ids; party++) {
    auto book = sized<rck_book_info>();
    book.scope_kind = party <= known_ids ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY;
    book.id = party <= known_ids ? party : party - known_ids;
    const rck_status status = checked(rck_book_get(engine, &book));
    NEED(status == RCK_OK || status == RCK_E_UNKNOWN);
    if (status == RCK_OK)
      books.push_back(book);
  }
  return books;
}

inline std::vector<uint32_t> groups_of(const rck_engine *engine, const rck_book_info &book) {
  auto account = sized<rck_account>();
  auto strategy = sized<rck_strategy>();
  const bool of_account = book.scope_kind == RCK_SCOPE_ACCOUNT;
  PASSES(of_account ? rck_account_get(engine, book.id, &account) : rck_strategy_get(engine, book.id, &strategy));
  const uint32_t *const groups = of_account ? account.groups : strategy.groups;
  return std::vector<uint32_t>(groups, groups + RCK_GROUPS_EACH);
}

inline std::vector<uint32_t> instruments_of(const rck_engine *engine) {
  std::vector<uint32_t> ids;
  for (uint32_t id = 1; id <= known_ids; id++) {
    auto instrument = sized<rck_instrument>();
    if (checked(rck_instrument_get(engine, id, &instrument)) == RCK_OK)
      ids.push_back(id);
  }
  return ids;
}

inline void read_row(const rck_engine *engine, const rck_book_info &book, uint32_t instrument, Totals &totals) {
  auto row = sized<rck_position_info>();
  (book.scope_kind == RCK_SCOPE_ACCOUNT ? row.account : row.strategy) = book.id;
  row.instrument = instrument;
  const rck_status status = checked(rck_position_get(engine, &row));
  NEED(status == RCK_OK || status == RCK_E_UNKNOWN);
  if (status == RCK_OK)
    totals.rows.push_back(row);
}

inline void read_latch(const rck_engine *engine, uint32_t scope, uint32_t id, Totals &totals) {
  auto latch = sized<rck_latch>();
  latch.scope_kind = scope;
  latch.id = id;
  NEED(checked(rck_latch_get(engine, &latch)) == RCK_OK);
  totals.latches.push_back(latch);
}

// Whether a limit is held against what the books of many come to, or the rows in many instruments.
inline bool is_of_total(const rck_limit &limit) {
  const bool of_books = limit.control == RCK_CONTROL_EXPOSURE || limit.control == RCK_CONTROL_WORKING;
  if (limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP)
    return true;
  if (limit.scope_kind == RCK_SCOPE_INSTRUMENT_GROUP)
    return of_books || limit.control == RCK_CONTROL_POSITION;
  return of_books && (limit.scope_kind == RCK_SCOPE_GLOBAL || limit.scope_kind == RCK_SCOPE_ACCOUNT_GROUP ||
                      limit.scope_kind == RCK_SCOPE_STRATEGY_GROUP);
}

inline Totals totals_of(const rck_engine *engine) {
  Totals totals;
  totals.books = books_of(engine);
  for (const rck_book_info &book : totals.books)
    totals.groups.push_back(groups_of(engine, book));
  read_latch(engine, RCK_SCOPE_GLOBAL, 0, totals);
  for (uint32_t id = 1; id <= known_ids; id++) {
    auto group = sized<rck_group>();
    if (checked(rck_group_get(engine, id, &group)) == RCK_OK)
      totals.decimals[id] = group.quantity_decimals;
  }
  for (const uint32_t id : instruments_of(engine)) {
    totals.instruments[id] = sized<rck_instrument>();
    PASSES(rck_instrument_get(engine, id, &totals.instruments[id]));
    read_latch(engine, RCK_SCOPE_INSTRUMENT, id, totals);
    for (const rck_book_info &book : totals.books)
      read_row(engine, book, id, totals);
  }
  for (const rck_book_info &book : totals.books)
    read_latch(engine, book.scope_kind, book.id, totals);
  uint32_t cursor = 0, count = 0;
  do {
    rck_order_info some[3];
    NEED(checked(rck_open_orders(engine, RCK_SCOPE_GLOBAL, 0, some, 3, &cursor, &count)) == RCK_OK);
    for (uint32_t at = 0; at < count; at++)
      NEED(totals.orders.emplace(some[at].token, some[at]).second); // listed once
  } while (count);
  cursor = 0;
  do {
    rck_limit some[3];
    NEED(checked(rck_limits_armed(engine, some, 3, &cursor, &count)) == RCK_OK);
    totals.limits.insert(totals.limits.end(), some, some + count);
  } while (count);
  for (const rck_limit &limit : totals.limits) {
    auto shared = sized<rck_book_info>();
    shared.scope_kind = limit.scope_kind;
    shared.id = limit.id;
    shared.instrument = limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP ? limit.instrument : 0;
    if (is_of_total(limit))
      NEED(checked(rck_book_get(engine, &shared)) == RCK_OK);
    totals.shared.push_back(shared);
  }
  return totals;
}

using Wide = __int128;
inline Wide above_zero(Wide value) { return value > 0 ? value : 0; }

// The orders of an account's row are its reservations; a book is the sum over its rows and, an account's, over
// its orders. Strategies count orders from the limit on that makes them count, so theirs are left out.
inline void sums_agree(const Totals &totals) {
  for (const auto &[token, order] : totals.orders)
    NEED(order.side == RCK_SIDE_BUY || order.side == RCK_SIDE_SELL);
  for (const rck_position_info &row : totals.rows) {
    Wide open[3] = {}, reserved[3] = {};
    for (const auto &[token, order] : totals.orders)
      if (order.instrument == row.instrument && order.account == row.account) {
        open[order.side] += order.leaves;
        reserved[order.side] += order.reserved_value;
      }
    if (!row.account)
      continue;
    NEED(row.open_buys == open[RCK_SIDE_BUY] && row.open_sells == open[RCK_SIDE_SELL]);
    NEED(row.buys == reserved[RCK_SIDE_BUY] && row.sells == reserved[RCK_SIDE_SELL]);
  }
  for (const rck_book_info &book : totals.books) {
    const bool of_account = book.scope_kind == RCK_SCOPE_ACCOUNT;
    Wide gross = 0, longs = 0, shorts = 0, margin = 0, realised = 0, marked = 0, fees = 0, count = 0, value = 0;
    uint32_t positions = 0;
    for (const rck_position_info &row : totals.rows) {
      if ((of_account ? row.account : row.strategy) != book.id)
        continue;
      const Wide held_long = Wide(row.booked) + row.buys, held_short = Wide(row.sells) - row.booked;
      gross += above_zero(held_long) + above_zero(held_short);
      longs += held_long;
      shorts += held_short;
      margin += row.margin;
      realised += row.realised;
      marked += row.marked;
      fees += row.fees;
      positions += row.net != 0;
    }
    NEED(book.gross == gross && book.net_long == longs && book.net_short == shorts);
    NEED(book.margin == margin && book.open_positions == positions);
    NEED(book.realised == realised && book.marked == marked && book.fees == fees);
    for (const auto &[token, order] : totals.orders)
      if (order.account == book.id) {
        count++;
        value += order.reserved_value;
      }
    NEED(!of_account || (book.orders == count && book.orders_value == value));
  }
}

// A quantity as a group counts it: times the multiplier, in 10^-decimals, rounded up, and cut off at 2^60 + 1.
inline Wide in_unit(Wide quantity, const rck_instrument &instrument, uint32_t decimals) {
  const Wide most = (Wide(1) << 60) + 1;
  Wide amount = quantity * instrument.multiplier;
  int tens = static_cast<int>(instrument.quantity_decimals + instrument.multiplier_decimals) - int(decimals);
  for (; tens > 0; tens--)
    amount = amount / 10 + (amount > 0 && amount % 10);
  for (; tens < 0 && amount <= most && amount >= -most; tens++)
    amount *= 10;
  return std::min(std::max(amount, -most), most);
}

// What a limit of a group of instruments is held against is what the rows of all accounts in them come to, or of the
// one that it is about.
inline void rows_agree(const Totals &totals, const rck_limit &limit, const rck_book_info &shared) {
  Wide gross = 0, longs = 0, shorts = 0, value = 0, held_long = 0, held_short = 0;
  int64_t count = 0;
  const bool of_account = limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP;
  const uint32_t group = of_account ? limit.instrument : limit.id;
  const auto is_member = [&](uint32_t id) {
    const uint32_t *const groups = totals.instruments.at(id).groups;
    return std::count(groups, groups + RCK_GROUPS_EACH, group) != 0;
  };
  for (const rck_position_info &row : totals.rows) {
    if (!row.account || !is_member(row.instrument) || (of_account && row.account != limit.id))
      continue;
    const Wide money_long = Wide(row.booked) + row.buys, money_short = Wide(row.sells) - row.booked;
    gross += above_zero(money_long) + above_zero(money_short);
    longs += money_long;
    shorts += money_short;
    value += Wide(row.buys) + row.sells;
    const rck_instrument &instrument = totals.instruments.at(row.instrument);
    held_long += in_unit(Wide(row.net) + row.open_buys, instrument, totals.decimals.at(group));
    held_short += in_unit(Wide(row.open_sells) - row.net, instrument, totals.decimals.at(group));
  }
  for (const auto &[token, order] : totals.orders)
    count += is_member(order.instrument);
  const bool of_position = limit.control == RCK_CONTROL_POSITION, net = limit.measure == RCK_MEASURE_NET;
  NEED((limit.measure != RCK_MEASURE_GROSS && !of_account) || shared.gross == gross);
  NEED(!net || limit.side == RCK_SIDE_SELL || shared.net_long == longs);
  NEED(!net || limit.side == RCK_SIDE_BUY || shared.net_short == shorts);
  NEED(!of_position || limit.side == RCK_SIDE_SELL || shared.quantity_long == held_long);
  NEED(!of_position || limit.side == RCK_SIDE_BUY || shared.quantity_short == held_short);
  NEED(limit.measure != RCK_MEASURE_COUNT || shared.orders == count);
  NEED(limit.measure != RCK_MEASURE_NOTIONAL || shared.orders_value == value);
}

// What a limit of the engine or a group is held against is what the books of its members come to.
inline void totals_agree(const Totals &totals) {
  for (size_t at = 0; at < totals.limits.size(); at++) {
    const rck_limit &limit = totals.limits[at];
    const rck_book_info &shared = totals.shared[at];
    if (!is_of_total(limit))
      continue;
    if (limit.scope_kind == RCK_SCOPE_INSTRUMENT_GROUP || limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP) {
      rows_agree(totals, limit, shared);
      continue;
    }
    const uint32_t kind = limit.scope_kind == RCK_SCOPE_STRATEGY_GROUP ? RCK_SCOPE_STRATEGY : RCK_SCOPE_ACCOUNT;
    Wide gross = 0, longs = 0, shorts = 0, count = 0, value = 0;
    for (size_t party = 0; party < totals.books.size(); party++) {
      const rck_book_info &book = totals.books[party];
      const std::vector<uint32_t> &groups = totals.groups[party];
      if (book.scope_kind != kind || (limit.id && !std::count(groups.begin(), groups.end(), limit.id)))
        continue;
      gross += book.gross;
      longs += book.net_long;
      shorts += book.net_short;
      count += book.orders;
      value += book.orders_value;
    }
    NEED(limit.measure != RCK_MEASURE_GROSS || shared.gross == gross);
    if (limit.measure == RCK_MEASURE_NET) {
      NEED(limit.side == RCK_SIDE_SELL || shared.net_long == longs);
      NEED(limit.side == RCK_SIDE_BUY || shared.net_short == shorts);
    }
    NEED(limit.measure != RCK_MEASURE_COUNT || shared.orders == count);
    NEED(limit.measure != RCK_MEASURE_NOTIONAL || shared.orders_value == value);
  }
}

// With no order left, nothing is reserved anywhere: books are those of the positions.
inline void nothing_reserved(const Totals &totals) {
  NEED(totals.orders.empty());
  for (const rck_position_info &row : totals.rows)
    NEED(row.open_buys == 0 && row.open_sells == 0 && row.buys == 0 && row.sells == 0);
  for (const rck_book_info &book : totals.books) {
    NEED(book.orders == 0 && book.orders_value == 0);
    NEED(Wide(book.net_long) + book.net_short == 0);
  }
}

template <class Record> bool same_bytes(const std::vector<Record> &left, const std::vector<Record> &right) {
  return left.size() == right.size() &&
         (left.empty() || memcmp(left.data(), right.data(), left.size() * sizeof(Record)) == 0);
}

// Opened again, a file holds what was there; its orders wait to be confirmed. Margins are computed anew, from
// definitions that may be others by now.
inline void same_totals(Totals before, Totals after, bool margins) {
  for (Totals *totals : {&before, &after}) {
    for (rck_position_info &row : totals->rows)
      row.margin = margins ? row.margin : 0;
    for (rck_book_info &book : totals->books)
      book.margin = margins ? book.margin : 0;
  }
  NEED(same_bytes(before.rows, after.rows));
  NEED(same_bytes(before.books, after.books));
  NEED(same_bytes(before.shared, after.shared));
  NEED(same_bytes(before.limits, after.limits));
  NEED(same_bytes(before.latches, after.latches));
  NEED(before.orders.size() == after.orders.size());
  for (const auto &[token, order] : before.orders) {
    const auto found = after.orders.find(token);
    NEED(found != after.orders.end());
    rck_order_info expected = order;
    expected.state |= RCK_ORDER_UNCONFIRMED;
    NEED(memcmp(&found->second, &expected, sizeof expected) == 0);
  }
}

#endif
