// What the order path's stress and crash hosts share: a desk's definitions, records with their usual fields, and
// what sums come to when they are computed from rows and live orders. Speaks to the library through its header.
#ifndef RCK_STRESS_DESK_HPP
#define RCK_STRESS_DESK_HPP

#include "../isolation/host.h"
#include <algorithm>
#include <sched.h>
#include <string>
#include <vector>

// Fails unless the call gave this status, and says what it gave.
#define GIVES(expected, call)                                                                                          \
  do {                                                                                                                 \
    const rck_status gives_status = (call);                                                                            \
    if (gives_status != (expected)) {                                                                                  \
      fprintf(stderr, "%s:%d: does not hold: %s gave %s\n", __FILE__, __LINE__, #call, rck_status_name(gives_status)); \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

namespace desk {

template <class Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

// Call again until it had its turn.
template <class Call> rck_status insist(Call call) {
  rck_status status = call();
  while (status == RCK_E_BUSY) {
    sched_yield();
    status = call();
  }
  return status;
}

// Margins of class 0 and 1, which accounts and strategies must not mix up.
constexpr uint32_t margin_bps[2] = {2000, 3000};

// One currency, and so many of the others; prices and money in whole units, so that values are price x quantity.
inline void define(rck_engine *engine, uint32_t accounts, uint32_t strategies, uint32_t instruments) {
  rck_currency currency = currency_one();
  PASSES(insist([&] { return rck_currency_set(engine, &currency, nullptr); }));
  for (uint32_t id = 1; id <= instruments; id++) {
    auto instrument = sized<rck_instrument>();
    instrument.id = id;
    instrument.flags = RCK_ENABLED;
    instrument.currency = 1;
    instrument.multiplier = instrument.lot = instrument.tick = 1;
    instrument.reference = RCK_REFERENCE_LAST;
    instrument.margin_bps[0] = margin_bps[0];
    instrument.margin_bps[1] = margin_bps[1];
    PASSES(insist([&] { return rck_instrument_set(engine, &instrument, nullptr); }));
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    auto account = sized<rck_account>();
    account.id = id;
    account.flags = RCK_ENABLED;
    account.permissions = RCK_PERMIT_ALL;
    account.margin_class = 1;
    PASSES(insist([&] { return rck_account_set(engine, &account, nullptr); }));
  }
  for (uint32_t id = 1; id <= strategies; id++) {
    auto strategy = sized<rck_strategy>();
    strategy.id = id;
    strategy.flags = RCK_ENABLED;
    strategy.permissions = RCK_PERMIT_ALL;
    PASSES(insist([&] { return rck_strategy_set(engine, &strategy, nullptr); }));
  }
}

inline rck_limit limit(uint32_t control, uint32_t measure, uint32_t scope, uint32_t id, int64_t hard) {
  auto limit = sized<rck_limit>();
  limit.control = control;
  limit.measure = measure;
  limit.scope_kind = scope;
  limit.id = id;
  limit.levels = RCK_LEVEL_HARD;
  limit.hard = hard;
  limit.actor = 1;
  strcpy(limit.reason, "stress");
  return limit;
}

// On what an account has in a group of instruments.
inline rck_limit sector(uint32_t account, uint32_t group, int64_t hard) {
  rck_limit limit = desk::limit(RCK_CONTROL_GROUP_EXPOSURE, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, account, hard);
  limit.instrument = group;
  return limit;
}

// Orders of any id may be above the limits of a control at a scope.
inline rck_override override_of(const rck_limit &limit, uint32_t count, int64_t quantity = 0) {
  auto given = sized<rck_override>();
  given.control = limit.control;
  given.scope_kind = limit.scope_kind;
  given.id = limit.id;
  given.instrument = limit.instrument;
  given.count = count;
  given.quantity = quantity;
  given.expiry_ns = RCK_TIME_NS_MAX;
  given.actor = 1;
  strcpy(given.reason, "stress");
  return given;
}

inline uint32_t set(rck_engine *engine, const rck_override &given) {
  uint32_t id = 0;
  PASSES(insist([&] { return rck_override_set(engine, &given, &id, nullptr); }));
  return id;
}

inline rck_override left(const rck_engine *engine, uint32_t id) {
  auto found = sized<rck_override>();
  found.override_id = id;
  PASSES(rck_override_get(engine, &found));
  return found;
}

inline void set(rck_engine *engine, const rck_limit &limit) {
  PASSES(insist([&] { return rck_limit_set(engine, &limit, RCK_LOOSEN, nullptr); }));
}

inline void publish(rck_engine *engine) {
  PASSES(insist([&] { return rck_limits_publish(engine, nullptr, nullptr); }));
}

// Account 1 and all behind it up to `accounts` are in group 1, likewise strategies in group 2, and all instruments
// in group 3.
inline void gather(rck_engine *engine, uint32_t accounts, uint32_t strategies) {
  auto group = sized<rck_group>();
  for (group.id = 1; group.id <= 3; group.id++) {
    group.kind = group.id;
    PASSES(insist([&] { return rck_group_set(engine, &group, nullptr); }));
  }
  for (uint32_t id = 1; id <= accounts; id++) {
    auto account = sized<rck_account>();
    PASSES(rck_account_get(engine, id, &account));
    account.groups[0] = 1;
    PASSES(insist([&] { return rck_account_set(engine, &account, nullptr); }));
  }
  for (uint32_t id = 1; id <= strategies; id++) {
    auto strategy = sized<rck_strategy>();
    PASSES(rck_strategy_get(engine, id, &strategy));
    strategy.groups[0] = 2;
    PASSES(insist([&] { return rck_strategy_set(engine, &strategy, nullptr); }));
  }
  auto instrument = sized<rck_instrument>();
  for (uint32_t id = 1; rck_instrument_get(engine, id, &instrument) == RCK_OK; id++) {
    instrument.groups[2] = 3;
    PASSES(insist([&] { return rck_instrument_set(engine, &instrument, nullptr); }));
  }
}

inline rck_order order(uint64_t id, uint32_t account, uint32_t strategy, uint32_t instrument, uint32_t side,
                       int64_t quantity, int64_t price, int64_t time_ns) {
  rck_order order{};
  order.order_id = id;
  order.account = account;
  order.strategy = strategy;
  order.instrument = instrument;
  order.side = static_cast<uint8_t>(side);
  order.type = price ? RCK_TYPE_LIMIT : RCK_TYPE_MARKET;
  order.time_in_force = RCK_FORCE_DAY;
  order.quantity = quantity;
  order.price = price;
  order.time_ns = time_ns;
  return order;
}

inline rck_report fill(uint64_t token, int64_t last, int64_t cumulative, int64_t price, uint64_t execution,
                       int64_t time_ns) {
  rck_report report{};
  report.token = token;
  report.kind = RCK_REPORT_FILL;
  report.last_quantity = last;
  report.cumulative_quantity = cumulative;
  report.last_price = price;
  report.execution_id = execution;
  report.time_ns = time_ns;
  return report;
}

inline rck_latch latch(uint32_t scope, uint32_t id, uint32_t state) {
  auto latch = sized<rck_latch>();
  latch.scope_kind = scope;
  latch.id = id;
  latch.state = state;
  latch.actor = 1;
  latch.time_ns = 1;
  strcpy(latch.reason, "stress");
  return latch;
}

// Port `port`, once it is silent for longer than `silence_ns`, latches as that latch does.
inline rck_port_watch watch(uint32_t port, int64_t silence_ns, const rck_latch &latch) {
  auto watch = sized<rck_port_watch>();
  watch.port = port;
  watch.silence_ns = silence_ns;
  watch.scope_kind = latch.scope_kind;
  watch.id = latch.id;
  watch.state = latch.state;
  watch.actor = latch.actor;
  memcpy(watch.reason, latch.reason, sizeof watch.reason);
  return watch;
}

inline rck_position_info row(const rck_engine *engine, uint32_t account, uint32_t strategy, uint32_t instrument) {
  auto info = sized<rck_position_info>();
  info.account = account;
  info.strategy = strategy;
  info.instrument = instrument;
  const rck_status status = insist([&] { return rck_position_get(engine, &info); });
  NEED(status == RCK_OK || status == RCK_E_UNKNOWN);
  return info;
}

inline rck_book_info book(const rck_engine *engine, uint32_t scope, uint32_t id, uint32_t group = 0) {
  auto info = sized<rck_book_info>();
  info.scope_kind = scope;
  info.id = id;
  info.instrument = group;
  PASSES(insist([&] { return rck_book_get(engine, &info); }));
  return info;
}

inline std::vector<rck_order_info> open_orders(const rck_engine *engine) {
  std::vector<rck_order_info> all;
  rck_order_info some[16];
  uint32_t cursor = 0, count = 0;
  do {
    PASSES(rck_open_orders(engine, RCK_SCOPE_GLOBAL, 0, some, 16, &cursor, &count));
    all.insert(all.end(), some, some + count);
  } while (count);
  return all;
}

inline std::vector<rck_limit> armed(const rck_engine *engine) {
  std::vector<rck_limit> all;
  rck_limit some[16];
  uint32_t cursor = 0, count = 0;
  do {
    PASSES(rck_limits_armed(engine, some, 16, &cursor, &count));
    all.insert(all.end(), some, some + count);
  } while (count);
  return all;
}

__extension__ typedef __int128 Wide; // which ISO C++ has not

// What a share in basis points comes to, rounded up.
inline int64_t share(int64_t amount, int64_t bps) {
  return static_cast<int64_t>((static_cast<Wide>(amount) * bps + 9999) / 10000);
}

// What is wrong with the sums of an engine at rest, held against its rows and live orders; nothing, if empty. The
// strategies named are in every sum of theirs from the first order on.
class Audit {
public:
  Audit(const rck_engine *engine, uint32_t accounts, uint32_t strategies, uint32_t instruments)
      : engine(engine), orders(open_orders(engine)), instruments(instruments) {
    auto health = sized<rck_health_info>();
    PASSES(rck_health(engine, &health));
    same("failed_site", 0, 0, static_cast<int64_t>(health.failed_site), 0);
    for (uint32_t id = 1; id <= accounts; id++)
      party(id, 0);
    for (uint32_t id = 1; id <= strategies; id++)
      party(0, id);
    for (const rck_limit &limit : armed(engine))
      if (limit.control == RCK_CONTROL_EXPOSURE || limit.control == RCK_CONTROL_WORKING)
        total(limit);
  }
  std::string wrong;

private:
  const rck_engine *engine;
  std::vector<rck_order_info> orders;
  uint32_t instruments;

  void same(const char *what, uint32_t account, uint32_t strategy, int64_t got, int64_t expected) {
    if (got == expected)
      return;
    char text[160];
    snprintf(text, sizeof text, "%s of account %u, strategy %u is %lld, not %lld; ", what, account, strategy,
             static_cast<long long>(got), static_cast<long long>(expected));
    wrong += text;
  }

  // The total that a limit of the engine or of a group is about is what the books of its members come to.
  void total(const rck_limit &limit) {
    if (limit.scope_kind == RCK_SCOPE_INSTRUMENT_GROUP || limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP)
      return total_of_rows(limit);
    const bool of_accounts = limit.scope_kind == RCK_SCOPE_GLOBAL || limit.scope_kind == RCK_SCOPE_ACCOUNT_GROUP;
    if (!of_accounts && limit.scope_kind != RCK_SCOPE_STRATEGY_GROUP)
      return;
    rck_book_info sum{};
    for (uint32_t id = 1;; id++) {
      auto account = sized<rck_account>();
      auto strategy = sized<rck_strategy>();
      if ((of_accounts ? rck_account_get(engine, id, &account) : rck_strategy_get(engine, id, &strategy)) != RCK_OK)
        break;
      const uint32_t *const groups = of_accounts ? account.groups : strategy.groups;
      if (limit.id && std::find(groups, groups + 4, limit.id) == groups + 4)
        continue;
      const rck_book_info one = book(engine, of_accounts ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY, id);
      sum.gross += one.gross;
      sum.net_long += one.net_long;
      sum.net_short += one.net_short;
      sum.orders += one.orders;
      sum.orders_value += one.orders_value;
    }
    compare(limit, sum);
  }

  // Likewise of a group of instruments, what the rows of all accounts come to, or of one; every instrument is in it.
  void total_of_rows(const rck_limit &limit) {
    rck_book_info sum{};
    auto account = sized<rck_account>();
    for (uint32_t id = 1; rck_account_get(engine, id, &account) == RCK_OK; id++)
      for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
        if (limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP && limit.id != id)
          continue;
        const rck_position_info held = row(engine, id, 0, instrument);
        const int64_t long_value = held.booked + held.buys, short_value = held.sells - held.booked;
        sum.gross += std::max<int64_t>(long_value, 0) + std::max<int64_t>(short_value, 0);
        sum.net_long += long_value;
        sum.net_short += short_value;
        sum.orders_value += held.buys + held.sells;
        sum.quantity_long += held.net + held.open_buys;
        sum.quantity_short += held.open_sells - held.net;
      }
    sum.orders = static_cast<int64_t>(orders.size());
    compare(limit, sum);
  }

  void compare(const rck_limit &limit, const rck_book_info &sum) {
    const bool of_account = limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP;
    const rck_book_info got = book(engine, limit.scope_kind, limit.id, of_account ? limit.instrument : 0);
    const uint32_t kind = limit.scope_kind, id = limit.id;
    if (limit.control == RCK_CONTROL_POSITION && kind == RCK_SCOPE_INSTRUMENT_GROUP) {
      if (limit.side != RCK_SIDE_SELL)
        same_total("quantity_long", kind, id, got.quantity_long, sum.quantity_long);
      if (limit.side != RCK_SIDE_BUY)
        same_total("quantity_short", kind, id, got.quantity_short, sum.quantity_short);
    }
    if (limit.measure == RCK_MEASURE_GROSS || of_account)
      same_total("gross", kind, id, got.gross, sum.gross);
    if (limit.measure == RCK_MEASURE_NET && limit.side != RCK_SIDE_SELL)
      same_total("net_long", kind, id, got.net_long, sum.net_long);
    if (limit.measure == RCK_MEASURE_NET && limit.side != RCK_SIDE_BUY)
      same_total("net_short", kind, id, got.net_short, sum.net_short);
    if (limit.measure == RCK_MEASURE_COUNT)
      same_total("orders", kind, id, got.orders, sum.orders);
    if (limit.measure == RCK_MEASURE_NOTIONAL)
      same_total("orders_value", kind, id, got.orders_value, sum.orders_value);
  }
  void same_total(const char *what, uint32_t kind, uint32_t id, int64_t got, int64_t books) {
    if (got != books)
      wrong += std::string("the total ") + what + " of scope " + std::to_string(kind) + ", id " + std::to_string(id) +
               " is " + std::to_string(got) + ", and its books come to " + std::to_string(books) + "; ";
  }

  void party(uint32_t account, uint32_t strategy) {
    auto sum = sized<rck_book_info>();
    for (uint32_t instrument = 1; instrument <= instruments; instrument++) {
      const rck_position_info held = row(engine, account, strategy, instrument);
      int64_t open_buys = 0, open_sells = 0, buys = 0, sells = 0;
      for (const rck_order_info &order : orders) {
        if (order.instrument != instrument || (account ? order.account != account : order.strategy != strategy))
          continue;
        (order.side == RCK_SIDE_BUY ? open_buys : open_sells) += order.leaves;
        (order.side == RCK_SIDE_BUY ? buys : sells) += order.reserved_value;
        sum.orders++;
        sum.orders_value += order.reserved_value;
      }
      same("open_buys", account, strategy, held.open_buys, open_buys);
      same("open_sells", account, strategy, held.open_sells, open_sells);
      same("buys", account, strategy, held.buys, buys);
      same("sells", account, strategy, held.sells, sells);
      const int64_t long_value = held.booked + held.buys, short_value = held.sells - held.booked;
      const int64_t exposure = std::max<int64_t>(long_value, 0) + std::max<int64_t>(short_value, 0);
      same("row margin", account, strategy, held.margin, share(exposure, margin_bps[account ? 1 : 0]));
      sum.gross += exposure;
      sum.net_long += long_value;
      sum.net_short += short_value;
      sum.margin += held.margin;
      sum.realised += held.realised;
      sum.marked += held.marked;
      sum.fees += held.fees;
      sum.open_positions += held.net != 0;
    }
    const rck_book_info got = book(engine, account ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_STRATEGY, account + strategy);
    same("open_positions", account, strategy, got.open_positions, sum.open_positions);
    same("gross", account, strategy, got.gross, sum.gross);
    same("net_long", account, strategy, got.net_long, sum.net_long);
    same("net_short", account, strategy, got.net_short, sum.net_short);
    same("margin", account, strategy, got.margin, sum.margin);
    same("orders", account, strategy, got.orders, sum.orders);
    same("orders_value", account, strategy, got.orders_value, sum.orders_value);
    same("realised", account, strategy, got.realised, sum.realised);
    same("marked", account, strategy, got.marked, sum.marked);
    same("fees", account, strategy, got.fees, sum.fees);
    same("day_peak", account, strategy, got.day_peak, std::max<int64_t>({got.day_peak, got.day_total, 0}));
  }
};

} // namespace desk

#endif
