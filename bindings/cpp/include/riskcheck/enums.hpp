// enums.hpp: the header's constants that belong together, with its numbers and, in lower case, its names.
// Written by bindings/generate.py from include/riskcheck.h; do not edit.
#ifndef RISKCHECK_ENUMS_HPP
#define RISKCHECK_ENUMS_HPP

#include <riskcheck.h>

#include <cstdint>

namespace riskcheck {

enum class Control : std::uint32_t {
  none = RCK_CONTROL_NONE,
  validity = RCK_CONTROL_VALIDITY,
  order_quantity = RCK_CONTROL_ORDER_QUANTITY,
  order_notional = RCK_CONTROL_ORDER_NOTIONAL,
  collar = RCK_CONTROL_COLLAR,
  period_collar = RCK_CONTROL_PERIOD_COLLAR,
  position = RCK_CONTROL_POSITION,
  exposure = RCK_CONTROL_EXPOSURE,
  concentration = RCK_CONTROL_CONCENTRATION,
  buying_power = RCK_CONTROL_BUYING_POWER,
  liquidity = RCK_CONTROL_LIQUIDITY,
  rate = RCK_CONTROL_RATE,
  accumulated = RCK_CONTROL_ACCUMULATED,
  working = RCK_CONTROL_WORKING,
  duplicate = RCK_CONTROL_DUPLICATE,
  self_trade = RCK_CONTROL_SELF_TRADE,
  repeated_execution = RCK_CONTROL_REPEATED_EXECUTION,
  loss = RCK_CONTROL_LOSS,
  drawdown = RCK_CONTROL_DRAWDOWN,
  lists = RCK_CONTROL_LISTS,
  quote = RCK_CONTROL_QUOTE,
  conduct = RCK_CONTROL_CONDUCT,
  metric = RCK_CONTROL_METRIC,
  custom = RCK_CONTROL_CUSTOM,
  risk_budget = RCK_CONTROL_RISK_BUDGET,
  group_exposure = RCK_CONTROL_GROUP_EXPOSURE,
  state = RCK_CONTROL_STATE,
};

enum class ScopeKind : std::uint32_t {
  none = RCK_SCOPE_NONE,
  global = RCK_SCOPE_GLOBAL,
  account = RCK_SCOPE_ACCOUNT,
  account_group = RCK_SCOPE_ACCOUNT_GROUP,
  strategy = RCK_SCOPE_STRATEGY,
  strategy_group = RCK_SCOPE_STRATEGY_GROUP,
  instrument = RCK_SCOPE_INSTRUMENT,
  instrument_group = RCK_SCOPE_INSTRUMENT_GROUP,
  account_instrument = RCK_SCOPE_ACCOUNT_INSTRUMENT,
  strategy_instrument = RCK_SCOPE_STRATEGY_INSTRUMENT,
  account_group_instrument = RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT,
  account_instrument_group = RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP,
};

enum class Severity : std::uint32_t {
  none = RCK_SEVERITY_NONE,
  info = RCK_SEVERITY_INFO,
  warning = RCK_SEVERITY_WARNING,
  soft = RCK_SEVERITY_SOFT,
  hard = RCK_SEVERITY_HARD,
  critical = RCK_SEVERITY_CRITICAL,
};

enum class Action : std::uint32_t {
  none = RCK_ACTION_NONE,
  log = RCK_ACTION_LOG,
  alert = RCK_ACTION_ALERT,
  throttle = RCK_ACTION_THROTTLE,
  block = RCK_ACTION_BLOCK,
  reduce_only = RCK_ACTION_REDUCE_ONLY,
  cancel_open = RCK_ACTION_CANCEL_OPEN,
  liquidate = RCK_ACTION_LIQUIDATE,
  halt = RCK_ACTION_HALT,
};

enum class Side : std::uint32_t {
  buy = RCK_SIDE_BUY,
  sell = RCK_SIDE_SELL,
};

enum class OrderType : std::uint32_t {
  limit = RCK_TYPE_LIMIT,
  market = RCK_TYPE_MARKET,
  stop = RCK_TYPE_STOP,
  stop_limit = RCK_TYPE_STOP_LIMIT,
};

enum class TimeInForce : std::uint32_t {
  day = RCK_FORCE_DAY,
  good_till_cancel = RCK_FORCE_GOOD_TILL_CANCEL,
  immediate = RCK_FORCE_IMMEDIATE,
  fill_or_kill = RCK_FORCE_FILL_OR_KILL,
};

enum class ReportKind : std::uint32_t {
  fill = RCK_REPORT_FILL,
  bust = RCK_REPORT_BUST,
  correct = RCK_REPORT_CORRECT,
};

enum class TradingState : std::uint32_t {
  active = RCK_STATE_ACTIVE,
  reduce_only = RCK_STATE_REDUCE_ONLY,
  cancel_only = RCK_STATE_CANCEL_ONLY,
  halted = RCK_STATE_HALTED,
};

enum class Reference : std::uint32_t {
  none = RCK_REFERENCE_NONE,
  last = RCK_REFERENCE_LAST,
  mid = RCK_REFERENCE_MID,
  own_side = RCK_REFERENCE_OWN_SIDE,
  close = RCK_REFERENCE_CLOSE,
  set = RCK_REFERENCE_SET,
};

enum class Measure : std::uint32_t {
  none = RCK_MEASURE_NONE,
  bps = RCK_MEASURE_BPS,
  ticks = RCK_MEASURE_TICKS,
  gross = RCK_MEASURE_GROSS,
  net = RCK_MEASURE_NET,
  new_ = RCK_MEASURE_NEW,
  modify = RCK_MEASURE_MODIFY,
  cancel = RCK_MEASURE_CANCEL,
  count = RCK_MEASURE_COUNT,
  notional = RCK_MEASURE_NOTIONAL,
  age = RCK_MEASURE_AGE,
  volume_share = RCK_MEASURE_VOLUME_SHARE,
  depth_share = RCK_MEASURE_DEPTH_SHARE,
  spread = RCK_MEASURE_SPREAD,
  displayed = RCK_MEASURE_DISPLAYED,
  quantity_day = RCK_MEASURE_QUANTITY_DAY,
  notional_day = RCK_MEASURE_NOTIONAL_DAY,
  quantity_minute = RCK_MEASURE_QUANTITY_MINUTE,
  notional_minute = RCK_MEASURE_NOTIONAL_MINUTE,
  quantity_hour = RCK_MEASURE_QUANTITY_HOUR,
  notional_hour = RCK_MEASURE_NOTIONAL_HOUR,
  restricted = RCK_MEASURE_RESTRICTED,
  session = RCK_MEASURE_SESSION,
  locate = RCK_MEASURE_LOCATE,
  realised = RCK_MEASURE_REALISED,
  total = RCK_MEASURE_TOTAL,
  trailing = RCK_MEASURE_TRAILING,
  orders_per_trade = RCK_MEASURE_ORDERS_PER_TRADE,
  rejects = RCK_MEASURE_REJECTS,
  greater = RCK_MEASURE_GREATER,
  at_least = RCK_MEASURE_AT_LEAST,
  less = RCK_MEASURE_LESS,
  at_most = RCK_MEASURE_AT_MOST,
  equal = RCK_MEASURE_EQUAL,
  unequal = RCK_MEASURE_UNEQUAL,
};

enum class ReleaseReason : std::uint32_t {
  rejected = RCK_RELEASE_REJECTED,
  cancelled = RCK_RELEASE_CANCELLED,
  expired = RCK_RELEASE_EXPIRED,
  done = RCK_RELEASE_DONE,
};

enum class VerdictFlag : std::uint32_t {
  contended = RCK_VERDICT_CONTENDED,
  reducing = RCK_VERDICT_REDUCING,
  late = RCK_VERDICT_LATE,
  over_fill = RCK_VERDICT_OVER_FILL,
  unknown = RCK_VERDICT_UNKNOWN,
  gap = RCK_VERDICT_GAP,
  would_refuse = RCK_VERDICT_WOULD_REFUSE,
  overridden = RCK_VERDICT_OVERRIDDEN,
};

enum class Permit : std::uint32_t {
  buy = RCK_PERMIT_BUY,
  sell = RCK_PERMIT_SELL,
  short_ = RCK_PERMIT_SHORT,
  limit = RCK_PERMIT_LIMIT,
  market = RCK_PERMIT_MARKET,
  stop = RCK_PERMIT_STOP,
  stop_limit = RCK_PERMIT_STOP_LIMIT,
  day = RCK_PERMIT_DAY,
  good_till_cancel = RCK_PERMIT_GOOD_TILL_CANCEL,
  immediate = RCK_PERMIT_IMMEDIATE,
  fill_or_kill = RCK_PERMIT_FILL_OR_KILL,
  all = RCK_PERMIT_ALL,
};

enum class Level : std::uint32_t {
  warn = RCK_LEVEL_WARN,
  soft = RCK_LEVEL_SOFT,
  hard = RCK_LEVEL_HARD,
};

enum class OrderState : std::uint32_t {
  live = RCK_ORDER_LIVE,
  unconfirmed = RCK_ORDER_UNCONFIRMED,
  amending = RCK_ORDER_AMENDING,
  finished = RCK_ORDER_FINISHED,
};

enum class Kind : std::uint32_t {
  currency = RCK_KIND_CURRENCY,
  group = RCK_KIND_GROUP,
  account = RCK_KIND_ACCOUNT,
  strategy = RCK_KIND_STRATEGY,
  instrument = RCK_KIND_INSTRUMENT,
  calendar = RCK_KIND_CALENDAR,
};

enum class GroupKind : std::uint32_t {
  accounts = RCK_GROUP_OF_ACCOUNTS,
  strategies = RCK_GROUP_OF_STRATEGIES,
  instruments = RCK_GROUP_OF_INSTRUMENTS,
};

enum class Unit : std::uint32_t {
  none = RCK_UNIT_NONE,
  quantity = RCK_UNIT_QUANTITY,
  money = RCK_UNIT_MONEY,
  bps = RCK_UNIT_BPS,
  count = RCK_UNIT_COUNT,
};

enum class Breaker : std::uint32_t {
  closed = RCK_BREAKER_CLOSED,
  open = RCK_BREAKER_OPEN,
};

enum class EventKind : std::uint32_t {
  engine_opened = RCK_EVENT_ENGINE_OPENED,
  engine_closed = RCK_EVENT_ENGINE_CLOSED,
  port_opened = RCK_EVENT_PORT_OPENED,
  port_closed = RCK_EVENT_PORT_CLOSED,
  restored = RCK_EVENT_RESTORED,
  defined = RCK_EVENT_DEFINED,
  limits = RCK_EVENT_LIMITS,
  watch = RCK_EVENT_WATCH,
  override_set = RCK_EVENT_OVERRIDE_SET,
  override_removed = RCK_EVENT_OVERRIDE_REMOVED,
  refused = RCK_EVENT_REFUSED,
  anomaly = RCK_EVENT_ANOMALY,
  latched = RCK_EVENT_LATCHED,
  unlatched = RCK_EVENT_UNLATCHED,
  day = RCK_EVENT_DAY,
  position_set = RCK_EVENT_POSITION_SET,
  cash_set = RCK_EVENT_CASH_SET,
  drop_copy = RCK_EVENT_DROP_COPY,
  overridden = RCK_EVENT_OVERRIDDEN,
  breach = RCK_EVENT_BREACH,
  disabled = RCK_EVENT_DISABLED,
  rearmed = RCK_EVENT_REARMED,
  custom = RCK_EVENT_CUSTOM,
  host = RCK_EVENT_HOST,
  lost = RCK_EVENT_LOST,
  check = RCK_EVENT_CHECK,
  amend = RCK_EVENT_AMEND,
  copy = RCK_EVENT_COPY,
  fill = RCK_EVENT_FILL,
  amend_result = RCK_EVENT_AMEND_RESULT,
  cancel = RCK_EVENT_CANCEL,
  release = RCK_EVENT_RELEASE,
  confirm = RCK_EVENT_CONFIRM,
  legs = RCK_EVENT_LEGS,
  leg = RCK_EVENT_LEG,
  position = RCK_EVENT_POSITION,
  cash = RCK_EVENT_CASH,
  day_start = RCK_EVENT_DAY_START,
  beat = RCK_EVENT_BEAT,
  quote = RCK_EVENT_QUOTE,
  trade = RCK_EVENT_TRADE,
  book = RCK_EVENT_BOOK,
  volume = RCK_EVENT_VOLUME,
  mark = RCK_EVENT_MARK,
  metric = RCK_EVENT_METRIC,
  currency_set = RCK_EVENT_CURRENCY_SET,
  group_set = RCK_EVENT_GROUP_SET,
  account_set = RCK_EVENT_ACCOUNT_SET,
  strategy_set = RCK_EVENT_STRATEGY_SET,
  instrument_set = RCK_EVENT_INSTRUMENT_SET,
  calendar_set = RCK_EVENT_CALENDAR_SET,
  limit_set = RCK_EVENT_LIMIT_SET,
  limit_remove = RCK_EVENT_LIMIT_REMOVE,
  publish = RCK_EVENT_PUBLISH,
  override = RCK_EVENT_OVERRIDE,
  override_end = RCK_EVENT_OVERRIDE_END,
  latch_set = RCK_EVENT_LATCH_SET,
  latch_clear = RCK_EVENT_LATCH_CLEAR,
  port_watch = RCK_EVENT_PORT_WATCH,
  rearm = RCK_EVENT_REARM,
  violation = RCK_EVENT_VIOLATION,
  violation_changed = RCK_EVENT_VIOLATION_CHANGED,
  difference = RCK_EVENT_DIFFERENCE,
  state = RCK_EVENT_STATE,
  snapshot = RCK_EVENT_SNAPSHOT,
  differs = RCK_EVENT_DIFFERS,
};

enum class ViolationState : std::uint32_t {
  new_ = RCK_VIOLATION_NEW,
  active = RCK_VIOLATION_ACTIVE,
  acknowledged = RCK_VIOLATION_ACKNOWLEDGED,
  cleared = RCK_VIOLATION_CLEARED,
};

enum class Sync : std::uint32_t {
  none = RCK_SYNC_NONE,
  interval = RCK_SYNC_INTERVAL,
  batch = RCK_SYNC_BATCH,
};

enum class Health : std::uint32_t {
  running = RCK_HEALTH_RUNNING,
  failed = RCK_HEALTH_FAILED,
  left = RCK_HEALTH_LEFT,
  closed = RCK_HEALTH_CLOSED,
};

} // namespace riskcheck

#endif
