// Profiles for one control at a time: it alone on a desk that has no other limit, the same so tight
// that it refuses every order, and limits on what many share beside the desk's own.
#pragma once

#include "control_profile.h"
#include "desks.h"
#include "order_stream.h"

#include <string>

namespace bench {

// Those of the desk's profile: each has there the scopes that it is armed at.
struct DeskControl {
  const char *name;
  uint32_t control;
};
constexpr DeskControl desk_controls[] = {{"order_quantity", RCK_CONTROL_ORDER_QUANTITY},
                                         {"order_notional", RCK_CONTROL_ORDER_NOTIONAL},
                                         {"collar", RCK_CONTROL_COLLAR},
                                         {"position", RCK_CONTROL_POSITION},
                                         {"exposure", RCK_CONTROL_EXPOSURE},
                                         {"buying_power", RCK_CONTROL_BUYING_POWER},
                                         {"rate", RCK_CONTROL_RATE},
                                         {"working", RCK_CONTROL_WORKING}};

// The control of that name, of the desk or of control_profile.h, and no other; of any other name none.
inline Profile alone(const std::string &name) {
  Armoury armoury;
  armoury.arm(name);
  Profile profile = armoury.profile();
  std::erase_if(profile.limits, [&name](const rck_limit &limit) {
    for (const DeskControl &each : desk_controls)
      if (limit.control == each.control)
        return name != each.name;
    return false;
  });
  return profile;
}

inline rck_limit gross_limit(uint32_t scope_kind, uint32_t id, uint32_t flags = 0) {
  rck_limit limit = limit_of(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, scope_kind, id, {0, 0, int64_t(1) << 50});
  limit.flags = flags;
  return limit;
}

// The desk's profile with all accounts in one group.
inline Profile grouped() {
  Profile profile = desk_profile(wide_limits());
  rck_group group{};
  group.struct_size = sizeof group;
  group.id = 1;
  group.kind = RCK_GROUP_OF_ACCOUNTS;
  profile.groups.push_back(group);
  for (auto &account : profile.accounts)
    account.groups[0] = group.id;
  return profile;
}

// And one limit on the gross exposure of what many share: of that group or of the engine, its headroom leased.
inline Profile shared(uint32_t scope_kind) {
  Profile profile = grouped();
  profile.limits.push_back(gross_limit(scope_kind, scope_kind == RCK_SCOPE_GLOBAL ? 0 : 1, RCK_LEASE_ALWAYS));
  return profile;
}

// How every order is made to meet a control that is alone. What is not given is not needed.
struct Refusal {
  const char *name;
  rck_status status;
  void (*alter)(rck_order &) = nullptr;
  void (*prepare)(LibraryDesk &) = nullptr; // before the first order
};

inline void buy(rck_order &order) { order.side = RCK_SIDE_BUY; }
inline void sell(rck_order &order) { order.side = RCK_SIDE_SELL; }
inline void above_market(rck_order &order) {
  order.price = last_price(order.instrument) + last_price(order.instrument) / 10;
}
inline void nowhere(rck_order &order) { order.instrument = 99; }

// All of one pattern.
inline void alike(rck_order &order) {
  order.strategy = order.instrument = 1;
  order.account = 1;
  order.side = RCK_SIDE_BUY;
  order.price = last_price(1);
  order.quantity = 10;
}

inline void halt(LibraryDesk &desk) {
  rck_latch latch{};
  latch.struct_size = sizeof latch;
  latch.scope_kind = RCK_SCOPE_GLOBAL;
  latch.state = RCK_STATE_HALTED;
  latch.actor = 1;
  latch.time_ns = Profile().begun_ns;
  std::strcpy(latch.reason, "benchmark");
  expect_ok("rck_latch_set", rck_latch_set(desk.engine(), &latch, nullptr));
}

// A position of every account in the last instrument, marked down; orders there would reduce it.
inline void lose(LibraryDesk &desk) {
  rck_port *port = desk.seat(1).port;
  rck_position position{};
  position.struct_size = sizeof position;
  position.instrument = 16;
  position.quantity = 10;
  position.price = last_price(16);
  position.actor = 1;
  std::strcpy(position.reason, "benchmark");
  for (position.account = 1; position.account <= 4; position.account++)
    expect_ok("rck_position_set", rck_position_set(port, &position, nullptr));
  expect_ok("rck_mark", rck_mark(port, 16, last_price(16) / 2, Profile().begun_ns));
}
inline void elsewhere(rck_order &order) {
  if (order.instrument == 16)
    order.instrument = 14;
}

// An order of the pattern passes, and is filled.
inline void pass_one(LibraryDesk &desk, bool filled) {
  rck_port *port = desk.seat(1).port;
  rck_order order;
  rck_verdict verdict;
  OrderStream(1, {4, 1, 4, 16, 1'000'000}).make(order);
  alike(order);
  expect_ok("rck_check", rck_check(port, &order, &verdict));
  if (!filled)
    return;
  rck_report fill{};
  fill.token = verdict.token;
  fill.kind = RCK_REPORT_FILL;
  fill.side = order.side;
  fill.last_quantity = fill.cumulative_quantity = order.quantity;
  fill.last_price = order.price;
  fill.execution_id = 1;
  fill.time_ns = order.time_ns;
  expect_ok("rck_fill", rck_fill(port, &fill, &verdict));
}

inline int32_t refuse_all(void *, const rck_order *, int64_t) { return 1; }
inline void refuse_by_function(LibraryDesk &desk) {
  rck_custom custom{};
  custom.struct_size = sizeof custom;
  custom.id = 1;
  custom.actor = 1;
  std::strcpy(custom.reason, "benchmark");
  expect_ok("rck_custom_set", rck_custom_set(desk.engine(), &custom, refuse_all, nullptr, nullptr));
}

constexpr Refusal refusals[] = {
    {"validity", RCK_REJECT_INSTRUMENT_UNKNOWN, nowhere},
    {"state", RCK_REJECT_HALTED, nullptr, halt},
    {"order_quantity", RCK_REJECT_ORDER_QUANTITY},
    {"order_notional", RCK_REJECT_ORDER_NOTIONAL},
    {"collar", RCK_REJECT_COLLAR_ABOVE, above_market},
    {"position", RCK_REJECT_POSITION_LONG, buy},
    {"exposure", RCK_REJECT_EXPOSURE_GROSS},
    {"buying_power", RCK_REJECT_BUYING_POWER},
    {"rate", RCK_REJECT_RATE_NEW},
    {"working", RCK_REJECT_WORKING_COUNT},
    {"period_collar", RCK_REJECT_PERIOD_COLLAR_ABOVE, above_market},
    {"liquidity", RCK_REJECT_VOLUME_SHARE},
    {"accumulated", RCK_REJECT_QUANTITY_DAY},
    {"duplicate", RCK_REJECT_DUPLICATE, alike, [](LibraryDesk &desk) { pass_one(desk, false); }},
    {"repeated", RCK_REJECT_EXECUTION_DISABLED, alike, [](LibraryDesk &desk) { pass_one(desk, true); }},
    {"loss", RCK_REJECT_LOSS_TOTAL, elsewhere, lose},
    {"session", RCK_REJECT_SESSION_CLOSED},
    {"locate", RCK_REJECT_LOCATE_SHORT, sell},
    {"restricted", RCK_REJECT_RESTRICTED},
    {"quote", RCK_REJECT_QUOTE_AGE, decide},
    {"conduct", RCK_REJECT_ORDER_TO_TRADE},
    {"metric", RCK_REJECT_METRIC},
    {"custom", RCK_REJECT_CUSTOM, nullptr, refuse_by_function},
    {"group_exposure", RCK_REJECT_GROUP_EXPOSURE}};

// Nothing is left below the hard levels of the control: of repeated execution one order, of duplicates a day.
inline Profile refusing(const std::string &name) {
  Profile profile = alone(name);
  if (name == "restricted")
    for (const rck_instrument &each : profile.instruments)
      profile.limits.push_back(limit_of(RCK_CONTROL_LISTS, RCK_MEASURE_RESTRICTED, RCK_SCOPE_INSTRUMENT, each.id, {}));
  for (rck_limit &limit : profile.limits) {
    limit.levels = RCK_LEVEL_HARD;
    limit.hard = limit.control == RCK_CONTROL_REPEATED_EXECUTION ? 1 : 0;
    if (limit.control == RCK_CONTROL_DUPLICATE)
      limit.window_ns = 86'400'000'000'000;
  }
  for (rck_calendar &calendar : profile.calendars)
    calendar.permissions[0] = 0;
  return profile;
}

} // namespace bench
