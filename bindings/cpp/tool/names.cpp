// Every constant of the families that records have fields of. Tests/tool/run compares them with the header.
#include "names.hpp"

#include <cctype>

#define OF(beginning, word)                                                                                            \
  Constant { #word, RCK_##beginning##_##word }
#define FLAG(word)                                                                                                     \
  Constant { #word, RCK_##word }

namespace tool {

namespace {

constexpr Constant control_table[] = {
    OF(CONTROL, NONE),           OF(CONTROL, VALIDITY),       OF(CONTROL, ORDER_QUANTITY),
    OF(CONTROL, ORDER_NOTIONAL), OF(CONTROL, COLLAR),         OF(CONTROL, PERIOD_COLLAR),
    OF(CONTROL, POSITION),       OF(CONTROL, EXPOSURE),       OF(CONTROL, CONCENTRATION),
    OF(CONTROL, BUYING_POWER),   OF(CONTROL, LIQUIDITY),      OF(CONTROL, RATE),
    OF(CONTROL, ACCUMULATED),    OF(CONTROL, WORKING),        OF(CONTROL, DUPLICATE),
    OF(CONTROL, SELF_TRADE),     OF(CONTROL, LOSS),           OF(CONTROL, REPEATED_EXECUTION),
    OF(CONTROL, DRAWDOWN),       OF(CONTROL, LISTS),          OF(CONTROL, QUOTE),
    OF(CONTROL, CONDUCT),        OF(CONTROL, METRIC),         OF(CONTROL, CUSTOM),
    OF(CONTROL, RISK_BUDGET),    OF(CONTROL, GROUP_EXPOSURE), OF(CONTROL, STATE),
};
constexpr Constant measure_table[] = {
    OF(MEASURE, NONE),          OF(MEASURE, BPS),           OF(MEASURE, TICKS),
    OF(MEASURE, GROSS),         OF(MEASURE, NET),           OF(MEASURE, NEW),
    OF(MEASURE, MODIFY),        OF(MEASURE, CANCEL),        OF(MEASURE, COUNT),
    OF(MEASURE, NOTIONAL),      OF(MEASURE, AGE),           OF(MEASURE, VOLUME_SHARE),
    OF(MEASURE, DEPTH_SHARE),   OF(MEASURE, SPREAD),        OF(MEASURE, DISPLAYED),
    OF(MEASURE, QUANTITY_DAY),  OF(MEASURE, NOTIONAL_DAY),  OF(MEASURE, QUANTITY_MINUTE),
    OF(MEASURE, QUANTITY_HOUR), OF(MEASURE, NOTIONAL_HOUR), OF(MEASURE, NOTIONAL_MINUTE),
    OF(MEASURE, REALISED),      OF(MEASURE, TOTAL),         OF(MEASURE, TRAILING),
    OF(MEASURE, REJECTS),       OF(MEASURE, RESTRICTED),    OF(MEASURE, ORDERS_PER_TRADE),
    OF(MEASURE, SESSION),       OF(MEASURE, LOCATE),        OF(MEASURE, GREATER),
    OF(MEASURE, AT_LEAST),      OF(MEASURE, LESS),          OF(MEASURE, AT_MOST),
    OF(MEASURE, EQUAL),         OF(MEASURE, UNEQUAL),
};
constexpr Constant scope_table[] = {
    OF(SCOPE, NONE),
    OF(SCOPE, GLOBAL),
    OF(SCOPE, ACCOUNT),
    OF(SCOPE, ACCOUNT_GROUP),
    OF(SCOPE, STRATEGY),
    OF(SCOPE, STRATEGY_GROUP),
    OF(SCOPE, INSTRUMENT),
    OF(SCOPE, INSTRUMENT_GROUP),
    OF(SCOPE, ACCOUNT_INSTRUMENT),
    OF(SCOPE, STRATEGY_INSTRUMENT),
    OF(SCOPE, ACCOUNT_GROUP_INSTRUMENT),
    OF(SCOPE, ACCOUNT_INSTRUMENT_GROUP),
};
constexpr Constant severity_table[] = {OF(SEVERITY, NONE), OF(SEVERITY, INFO), OF(SEVERITY, WARNING),
                                       OF(SEVERITY, SOFT), OF(SEVERITY, HARD), OF(SEVERITY, CRITICAL)};
constexpr Constant action_table[] = {
    OF(ACTION, NONE),        OF(ACTION, LOG),         OF(ACTION, ALERT),     OF(ACTION, THROTTLE), OF(ACTION, BLOCK),
    OF(ACTION, REDUCE_ONLY), OF(ACTION, CANCEL_OPEN), OF(ACTION, LIQUIDATE), OF(ACTION, HALT),
};
constexpr Constant side_table[] = {OF(SIDE, BUY), OF(SIDE, SELL)};
constexpr Constant type_table[] = {OF(TYPE, LIMIT), OF(TYPE, MARKET), OF(TYPE, STOP), OF(TYPE, STOP_LIMIT)};
constexpr Constant force_table[] = {OF(FORCE, DAY), OF(FORCE, GOOD_TILL_CANCEL), OF(FORCE, IMMEDIATE),
                                    OF(FORCE, FILL_OR_KILL)};
constexpr Constant report_table[] = {OF(REPORT, FILL), OF(REPORT, BUST), OF(REPORT, CORRECT)};
constexpr Constant release_table[] = {OF(RELEASE, REJECTED), OF(RELEASE, CANCELLED), OF(RELEASE, EXPIRED),
                                      OF(RELEASE, DONE)};
constexpr Constant state_table[] = {OF(STATE, ACTIVE), OF(STATE, REDUCE_ONLY), OF(STATE, CANCEL_ONLY),
                                    OF(STATE, HALTED)};
constexpr Constant reference_table[] = {OF(REFERENCE, NONE),     OF(REFERENCE, LAST),  OF(REFERENCE, MID),
                                        OF(REFERENCE, OWN_SIDE), OF(REFERENCE, CLOSE), OF(REFERENCE, SET)};
constexpr Constant group_table[] = {OF(GROUP, OF_ACCOUNTS), OF(GROUP, OF_STRATEGIES), OF(GROUP, OF_INSTRUMENTS)};
constexpr Constant kind_table[] = {OF(KIND, CURRENCY), OF(KIND, GROUP),      OF(KIND, ACCOUNT),
                                   OF(KIND, STRATEGY), OF(KIND, INSTRUMENT), OF(KIND, CALENDAR)};
constexpr Constant breaker_table[] = {OF(BREAKER, CLOSED), OF(BREAKER, OPEN)};
constexpr Constant health_table[] = {OF(HEALTH, RUNNING), OF(HEALTH, FAILED), OF(HEALTH, LEFT), OF(HEALTH, CLOSED)};
constexpr Constant violation_table[] = {OF(VIOLATION, NEW), OF(VIOLATION, ACTIVE), OF(VIOLATION, ACKNOWLEDGED),
                                        OF(VIOLATION, CLEARED)};
constexpr Constant level_table[] = {OF(LEVEL, WARN), OF(LEVEL, SOFT), OF(LEVEL, HARD)};
constexpr Constant permit_table[] = {
    OF(PERMIT, BUY),       OF(PERMIT, SELL),         OF(PERMIT, SHORT),
    OF(PERMIT, LIMIT),     OF(PERMIT, MARKET),       OF(PERMIT, STOP),
    OF(PERMIT, DAY),       OF(PERMIT, STOP_LIMIT),   OF(PERMIT, GOOD_TILL_CANCEL),
    OF(PERMIT, IMMEDIATE), OF(PERMIT, FILL_OR_KILL), OF(PERMIT, ALL),
};
constexpr Constant order_flag_table[] = {OF(ORDER, FIRST_REFUSAL)};
constexpr Constant verdict_flag_table[] = {
    OF(VERDICT, CONTENDED), OF(VERDICT, REDUCING), OF(VERDICT, LATE),         OF(VERDICT, OVER_FILL),
    OF(VERDICT, UNKNOWN),   OF(VERDICT, GAP),      OF(VERDICT, WOULD_REFUSE), OF(VERDICT, OVERRIDDEN),
};
// Bits mean the same in all kinds of definitions that have them.
constexpr Constant definition_flag_table[] = {
    FLAG(ENABLED),    FLAG(PRICE_NEGATIVE), FLAG(SHORT_LOCATE), FLAG(POWER_CREDIT),      FLAG(POWER_REALISED),
    FLAG(POWER_FEES), FLAG(POWER_MARKED),   FLAG(HALT_ON_LATE), FLAG(HALT_ON_OVER_FILL), FLAG(HALT_ON_UNKNOWN),
};
constexpr Constant limit_flag_table[] = {FLAG(AGGRESSIVE_ONLY), FLAG(LEASE_ALWAYS), FLAG(LEASE_NEVER)};
constexpr Constant journal_flag_table[] = {OF(JOURNAL, FINISHED), OF(JOURNAL, COMMANDS), OF(JOURNAL, MARKET),
                                           OF(JOURNAL, ONE_WRITER), OF(JOURNAL, SNAPSHOT)};

bool same(std::string_view left, std::string_view right) {
  if (left.size() != right.size())
    return false;
  for (std::size_t at = 0; at < left.size(); at++)
    if (std::toupper(static_cast<unsigned char>(left[at])) != std::toupper(static_cast<unsigned char>(right[at])))
      return false;
  return true;
}

} // namespace

constinit const Family controls = control_table, measures = measure_table, scopes = scope_table,
                       severities = severity_table, actions = action_table, sides = side_table, types = type_table,
                       forces = force_table, reports = report_table, releases = release_table, states = state_table,
                       references = reference_table, groups = group_table, kinds_of_definition = kind_table,
                       breakers = breaker_table, healths = health_table, violations = violation_table,
                       levels = level_table, permissions = permit_table, order_flags = order_flag_table,
                       verdict_flags = verdict_flag_table, definition_flags = definition_flag_table,
                       limit_flags = limit_flag_table, journal_flags = journal_flag_table;

std::string_view word_of(Family family, i64 number) {
  for (const Constant &constant : family)
    if (constant.number == number)
      return constant.word;
  return {};
}

std::optional<i64> number_of(Family family, std::string_view word) {
  for (const Constant &constant : family)
    if (same(constant.word, word))
      return constant.number;
  return std::nullopt;
}

std::string words_of_bits(Family family, u64 bits) {
  if (const auto whole = word_of(family, static_cast<i64>(bits)); !whole.empty())
    return std::string(whole);
  std::string words;
  u64 left = bits;
  for (const Constant &constant : family) {
    const auto bit = static_cast<u64>(constant.number);
    if ((bit & (bit - 1)) != 0 || (left & bit) == 0)
      continue;
    words += (words.empty() ? "" : "|") + std::string(constant.word);
    left &= ~bit;
  }
  return left == 0 && !words.empty() ? words : std::to_string(bits);
}

std::string name_of_control(u32 control) {
  auto info = sized<rck_control_info>();
  if (rck_control_describe(control, &info) == RCK_OK)
    return info.name;
  return control == 0 ? "no control" : "control " + std::to_string(control);
}

} // namespace tool
