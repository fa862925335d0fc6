/* contract.c: sizes and offsets are the compiler's own, by sizeof and offsetof.
 * Written by bindings/generate.py from include/riskcheck.h; do not edit. */
#include "contract.h"

#include <stddef.h>

#include "../../include/riskcheck.h"

#define BYTES(record, field) sizeof(((record *)0)->field)
#define FIELD(record, field, element, type)                                                                            \
  {#record, #field, sizeof(record), offsetof(record, field), sizeof(element), BYTES(record, field) / sizeof(element),  \
   type}
#define NAMED(constant)                                                                                                \
  case constant:                                                                                                       \
    return #constant

static const contract_field fields[] = {
    FIELD(rck_order, order_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_order, price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, deadline_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, correlation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_order, decision_price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, stop_price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order, strategy, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order, venue, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order, side, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order, type, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order, time_in_force, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order, reserved0, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verdict, status, int32_t, RCK_FIELD_INT32),
    FIELD(rck_verdict, control, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_verdict, severity, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_verdict, action, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_verdict, scope_kind, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_verdict, reserved0, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_verdict, flags, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_verdict, failed, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_verdict, scope_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verdict, limit_id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_verdict, utilisation_bps, int32_t, RCK_FIELD_INT32),
    FIELD(rck_verdict, limit, int64_t, RCK_FIELD_INT64),
    FIELD(rck_verdict, observed, int64_t, RCK_FIELD_INT64),
    FIELD(rck_verdict, violation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verdict, token, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, token, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, order_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, last_quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_report, last_price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_report, cumulative_quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_report, execution_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, undone_execution_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, fee, int64_t, RCK_FIELD_INT64),
    FIELD(rck_report, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_report, strategy, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_report, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_report, venue, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_report, side, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_report, kind, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_report, reserved0, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_report, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_report, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_report, correlation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_report, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_event, sequence, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_event, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_event, correlation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_event, ticket, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_event, kind, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_event, lines, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_event, severity, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_event, port, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_event, control, uint16_t, RCK_FIELD_UINT16),
    FIELD(rck_event, subject, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_event, values, int64_t, RCK_FIELD_INT64),
    FIELD(rck_build, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_build, abi_version, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_build, version, char, RCK_FIELD_CHAR),
    FIELD(rck_build, mode, char, RCK_FIELD_CHAR),
    FIELD(rck_build, compiler, char, RCK_FIELD_CHAR),
    FIELD(rck_build, commit, char, RCK_FIELD_CHAR),
    FIELD(rck_field, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_field, record, char, RCK_FIELD_CHAR),
    FIELD(rck_field, name, char, RCK_FIELD_CHAR),
    FIELD(rck_field, record_bytes, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_field, offset, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_field, bytes, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_field, count, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_field, type, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, discipline, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, clock_source, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, money_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_config, clock_back_ns_max, int64_t, RCK_FIELD_INT64),
    FIELD(rck_config, mark_age_ns_max, int64_t, RCK_FIELD_INT64),
    FIELD(rck_config, currencies_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, groups_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, accounts_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, strategies_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, instruments_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, positions_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, orders_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, retired_ids_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, limits_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, ports_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, ring_lines, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, violations_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, history_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, rate_exact_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, windows_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, duplicates_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, ladder_levels_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, price_history_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, order_history_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, leases_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_config, executions_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_fault, status, int32_t, RCK_FIELD_INT32),
    FIELD(rck_fault, system_error, int32_t, RCK_FIELD_INT32),
    FIELD(rck_fault, value, int64_t, RCK_FIELD_INT64),
    FIELD(rck_fault, minimum, int64_t, RCK_FIELD_INT64),
    FIELD(rck_fault, maximum, int64_t, RCK_FIELD_INT64),
    FIELD(rck_fault, record, char, RCK_FIELD_CHAR),
    FIELD(rck_fault, field, char, RCK_FIELD_CHAR),
    FIELD(rck_fault, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_currency, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_currency, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_currency, name, char, RCK_FIELD_CHAR),
    FIELD(rck_currency, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_currency, rate_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_currency, rate, int64_t, RCK_FIELD_INT64),
    FIELD(rck_group, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_group, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_group, name, char, RCK_FIELD_CHAR),
    FIELD(rck_group, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_group, kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_group, quantity_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_group, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, name, char, RCK_FIELD_CHAR),
    FIELD(rck_account, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, permissions, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, groups, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, margin_class, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_account, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_strategy, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_strategy, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_strategy, name, char, RCK_FIELD_CHAR),
    FIELD(rck_strategy, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_strategy, permissions, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_strategy, groups, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, name, char, RCK_FIELD_CHAR),
    FIELD(rck_instrument, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, currency, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, price_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, quantity_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, multiplier_decimals, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, multiplier, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, lot, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, tick, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, groups, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, price_min, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, price_max, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, previous_close, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, reference_price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_instrument, reference, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, slippage_bps, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_instrument, margin_bps, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_calendar, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_calendar, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_calendar, name, char, RCK_FIELD_CHAR),
    FIELD(rck_calendar, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_calendar, entries, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_calendar, end_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_calendar, starts, int64_t, RCK_FIELD_INT64),
    FIELD(rck_calendar, permissions, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, limit_id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, measure, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, side, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, order_type, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, levels, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, reference, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, warn, int64_t, RCK_FIELD_INT64),
    FIELD(rck_limit, soft, int64_t, RCK_FIELD_INT64),
    FIELD(rck_limit, hard, int64_t, RCK_FIELD_INT64),
    FIELD(rck_limit, window_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_limit, actions, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_limit, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_limit, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_limit, generation, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_override, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, override_id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, order_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_override, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, count, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_override, expiry_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_override, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_override, live, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, count_left, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_override, quantity_left, int64_t, RCK_FIELD_INT64),
    FIELD(rck_custom, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, name, char, RCK_FIELD_CHAR),
    FIELD(rck_custom, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, overruns_max, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, budget_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_custom, cool_down_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_custom, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, breaker, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_custom, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_custom, calls, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_custom, refusals, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_custom, overruns, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_custom, longest_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_latch, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, state, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_latch, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_latch, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_port_watch, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, port, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, silence_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_port_watch, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, state, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_port_watch, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_rearming, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_rearming, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_order_info, token, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_order_info, order_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_order_info, correlation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_order_info, price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, stop_price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, leaves, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, cumulative, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, reserved_value, int64_t, RCK_FIELD_INT64),
    FIELD(rck_order_info, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order_info, strategy, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order_info, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order_info, venue, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order_info, side, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order_info, type, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order_info, time_in_force, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order_info, state, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_order_info, reserved0, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_order_info, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_control_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, name, char, RCK_FIELD_CHAR),
    FIELD(rck_control_info, unit, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, scopes, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, sided, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, typed, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, reducing, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_control_info, measures, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_control_info, actions, uint8_t, RCK_FIELD_UINT8),
    FIELD(rck_control_info, codes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_position, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, strategy, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position, price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_position_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position_info, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position_info, strategy, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position_info, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_position_info, net, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, open_buys, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, open_sells, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, booked, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, buys, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, sells, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, margin, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, realised, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, marked, int64_t, RCK_FIELD_INT64),
    FIELD(rck_position_info, fees, int64_t, RCK_FIELD_INT64),
    FIELD(rck_cash, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_cash, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_cash, cash, int64_t, RCK_FIELD_INT64),
    FIELD(rck_cash, credit, int64_t, RCK_FIELD_INT64),
    FIELD(rck_cash, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_cash, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_cash, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_book_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book_info, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book_info, id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book_info, open_positions, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book_info, gross, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, net_long, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, net_short, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, margin, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, orders, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, orders_value, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, realised, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, marked, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, fees, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, cash, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, credit, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, mark_time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, quantity_long, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, quantity_short, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, day_realised, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, day_total, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, day_peak, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, day_messages, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, day_trades, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, rejects, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, repeated, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book_info, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book_info, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_quote, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_quote, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_quote, bid, int64_t, RCK_FIELD_INT64),
    FIELD(rck_quote, ask, int64_t, RCK_FIELD_INT64),
    FIELD(rck_quote, bid_size, int64_t, RCK_FIELD_INT64),
    FIELD(rck_quote, ask_size, int64_t, RCK_FIELD_INT64),
    FIELD(rck_quote, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_quote, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_trade, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_trade, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_trade, price, int64_t, RCK_FIELD_INT64),
    FIELD(rck_trade, quantity, int64_t, RCK_FIELD_INT64),
    FIELD(rck_trade, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_trade, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_book, instrument, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book, bids, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book, asks, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_book, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book, bid_prices, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book, bid_sizes, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book, ask_prices, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book, ask_sizes, int64_t, RCK_FIELD_INT64),
    FIELD(rck_book, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, state, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, violation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, severity, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, action, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, scope_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation, limit_id, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, limit, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation, worst, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation, worst_bps, int32_t, RCK_FIELD_INT32),
    FIELD(rck_violation, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation, count, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation, first_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation, last_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation, order_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation_filter, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, states, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, control, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, scope_kind, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, account, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, severity_min, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_filter, since_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation_change, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_change, state, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_change, violation_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_violation_change, before_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_violation_change, actor, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_change, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_violation_change, reason, char, RCK_FIELD_CHAR),
    FIELD(rck_statistics, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_statistics, reserved, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_statistics, checks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, warned, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, refused_by, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, warned_by, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, second_checks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, second_refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, minute_checks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, minute_refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, hour_checks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, hour_refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, timed, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, latency_p50_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, latency_p90_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, latency_p99_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, latency_p999_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, latency_p9999_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, latency_max_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_statistics, violations_open, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, violations_ended, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_statistics, violations_dropped, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_config, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_config, sync, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_config, sync_interval_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_journal_config, segment_bytes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_config, segment_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_journal_config, segments_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_pump_info, port, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_pump_info, region_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, segment, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, segment_bytes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, records, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, lines, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, repeats, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, records_all, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, bytes_all, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, syncs, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, segments_finished, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, failures, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_pump_info, waiting, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_cursor, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_cursor, chain, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_cursor, segment, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_cursor, offset, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_cursor, block, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_cursor, region_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_journal_cursor, port, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_cursor, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_journal_cursor, reserved, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_verify_info, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_verify_info, region_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, first_segment, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, last_segment, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, blocks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, records, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, lines, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, bytes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, lost, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, torn_bytes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, damaged_segment, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, damaged_offset, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_verify_info, first_time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_verify_info, last_time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_snapshot_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_snapshot_info, layout_version, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_snapshot_info, region_id, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_snapshot_info, opened, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_snapshot_info, hash, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_snapshot_info, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_snapshot_info, records, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_snapshot_info, turned_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_replay_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_replay_info, flags, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_replay_info, limits, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_replay_info, differences_max, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_replay_info, commands_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, records, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, commands, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, checks, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, differing, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, refused_now, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, passed_now, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, overlapped, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, forced, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, skipped, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, lost, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, controls, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_replay_info, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_stats, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_stats, open, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_stats, events_written, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, events_read, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, events_refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, events_lost, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, ring_lines, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, ring_lines_used, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, ring_lines_used_max, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, clock_clamps, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, clock_refusals, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_stats, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_stats, contended, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, struct_size, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, state, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, failed_site, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, opened, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, recovered, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, owner_pid, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, time_ns, int64_t, RCK_FIELD_INT64),
    FIELD(rck_health_info, region_bytes, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, definitions, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, ports_open, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, ports_max, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, events_lost, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, events_refused, uint64_t, RCK_FIELD_UINT64),
    FIELD(rck_health_info, currencies, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, groups, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, accounts, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, strategies, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, instruments, uint32_t, RCK_FIELD_UINT32),
    FIELD(rck_health_info, calendars, uint32_t, RCK_FIELD_UINT32),
};

const contract_field *contract_fields(void) { return fields; }

uint32_t contract_field_count(void) { return sizeof(fields) / sizeof(fields[0]); }

/* A switch: the compiler refuses a number that is used twice. */
const char *contract_status_name(int32_t status) {
  switch (status) {
    NAMED(RCK_E_NO_MEMORY);
    NAMED(RCK_E_UNSUPPORTED);
    NAMED(RCK_E_SYSTEM);
    NAMED(RCK_E_DAMAGED);
    NAMED(RCK_E_JOURNAL_OTHER);
    NAMED(RCK_E_NO_JOURNAL);
    NAMED(RCK_E_NO_FILE);
    NAMED(RCK_E_NO_SPACE);
    NAMED(RCK_E_UNFINISHED);
    NAMED(RCK_E_CONFIG_DIFFERS);
    NAMED(RCK_E_NOT_SHARED);
    NAMED(RCK_E_CONSUMED);
    NAMED(RCK_E_LOCK_INHERITED);
    NAMED(RCK_E_OWNED);
    NAMED(RCK_E_CORRUPT);
    NAMED(RCK_E_TRUNCATED);
    NAMED(RCK_E_LAYOUT_VERSION);
    NAMED(RCK_E_NOT_REGION);
    NAMED(RCK_E_LISTS_FULL);
    NAMED(RCK_E_CUSTOMS_FULL);
    NAMED(RCK_E_OVERRIDES_FULL);
    NAMED(RCK_E_LIMITS_FULL);
    NAMED(RCK_E_LOOSEN);
    NAMED(RCK_E_GROUP_TWICE);
    NAMED(RCK_E_GROUP_KIND);
    NAMED(RCK_E_IN_USE);
    NAMED(RCK_E_NAME_TAKEN);
    NAMED(RCK_E_UNKNOWN);
    NAMED(RCK_E_OVERLAP);
    NAMED(RCK_E_TOO_LARGE);
    NAMED(RCK_E_TOO_SMALL);
    NAMED(RCK_E_ALIGNMENT);
    NAMED(RCK_E_BUFFER);
    NAMED(RCK_E_NAME);
    NAMED(RCK_E_RANGE);
    NAMED(RCK_E_FLAGS);
    NAMED(RCK_E_RESERVED);
    NAMED(RCK_E_STRUCT_SIZE);
    NAMED(RCK_E_NULL);
    NAMED(RCK_E_FAILED);
    NAMED(RCK_E_NOT_CONSUMER);
    NAMED(RCK_E_ONE_WRITER);
    NAMED(RCK_E_PORT_TAKEN);
    NAMED(RCK_E_READ_ONLY);
    NAMED(RCK_E_HANDLES_FULL);
    NAMED(RCK_E_BUSY);
    NAMED(RCK_E_HANDLE);
    NAMED(RCK_OK);
    NAMED(RCK_REPEAT);
    NAMED(RCK_REJECT_TIME_MISSING);
    NAMED(RCK_REJECT_TIME_BACK);
    NAMED(RCK_REJECT_TIME_RANGE);
    NAMED(RCK_REJECT_DEADLINE);
    NAMED(RCK_REJECT_RING_FULL);
    NAMED(RCK_REJECT_ORDERS_FULL);
    NAMED(RCK_REJECT_POSITIONS_FULL);
    NAMED(RCK_REJECT_WINDOWS_FULL);
    NAMED(RCK_REJECT_TOTALS_FULL);
    NAMED(RCK_REJECT_ORDER_ID_TAKEN);
    NAMED(RCK_REJECT_ORDER_UNKNOWN);
    NAMED(RCK_REJECT_ORDER_FINISHED);
    NAMED(RCK_REJECT_ORDER_UNCONFIRMED);
    NAMED(RCK_REJECT_AMEND_PENDING);
    NAMED(RCK_REJECT_EXECUTION_UNKNOWN);
    NAMED(RCK_REJECT_EXECUTIONS_FULL);
    NAMED(RCK_REJECT_LIMIT_MISSING);
    NAMED(RCK_REJECT_CONTENDED);
    NAMED(RCK_REJECT_BATCH);
    NAMED(RCK_REJECT_INSTRUMENT_UNKNOWN);
    NAMED(RCK_REJECT_INSTRUMENT_DISABLED);
    NAMED(RCK_REJECT_ACCOUNT_UNKNOWN);
    NAMED(RCK_REJECT_ACCOUNT_DISABLED);
    NAMED(RCK_REJECT_ACCOUNT_PERMISSION);
    NAMED(RCK_REJECT_STRATEGY_UNKNOWN);
    NAMED(RCK_REJECT_STRATEGY_DISABLED);
    NAMED(RCK_REJECT_STRATEGY_PERMISSION);
    NAMED(RCK_REJECT_VENUE_UNKNOWN);
    NAMED(RCK_REJECT_QUANTITY_NOT_POSITIVE);
    NAMED(RCK_REJECT_QUANTITY_LOT);
    NAMED(RCK_REJECT_QUANTITY_BOUNDS);
    NAMED(RCK_REJECT_PRICE_TICK);
    NAMED(RCK_REJECT_PRICE_BOUNDS);
    NAMED(RCK_REJECT_STOP_PRICE_TICK);
    NAMED(RCK_REJECT_STOP_PRICE_BOUNDS);
    NAMED(RCK_REJECT_SIDE);
    NAMED(RCK_REJECT_TYPE);
    NAMED(RCK_REJECT_TIME_IN_FORCE);
    NAMED(RCK_REJECT_FLAGS);
    NAMED(RCK_REJECT_PRICE_MISSING);
    NAMED(RCK_REJECT_STOP_PRICE_MISSING);
    NAMED(RCK_REJECT_ORDER_OVERFLOW);
    NAMED(RCK_REJECT_ORDER_QUANTITY);
    NAMED(RCK_REJECT_ORDER_NOTIONAL);
    NAMED(RCK_REJECT_NOTIONAL_REFERENCE_MISSING);
    NAMED(RCK_REJECT_CURRENCY_RATE_MISSING);
    NAMED(RCK_REJECT_NOTIONAL_OVERFLOW);
    NAMED(RCK_REJECT_COLLAR_ABOVE);
    NAMED(RCK_REJECT_COLLAR_BELOW);
    NAMED(RCK_REJECT_COLLAR_LAST_MISSING);
    NAMED(RCK_REJECT_COLLAR_MID_MISSING);
    NAMED(RCK_REJECT_COLLAR_OWN_SIDE_MISSING);
    NAMED(RCK_REJECT_COLLAR_CLOSE_MISSING);
    NAMED(RCK_REJECT_COLLAR_SET_MISSING);
    NAMED(RCK_REJECT_COLLAR_OVERFLOW);
    NAMED(RCK_REJECT_PERIOD_COLLAR_ABOVE);
    NAMED(RCK_REJECT_PERIOD_COLLAR_BELOW);
    NAMED(RCK_REJECT_PERIOD_PRICE_MISSING);
    NAMED(RCK_REJECT_POSITION_LONG);
    NAMED(RCK_REJECT_POSITION_SHORT);
    NAMED(RCK_REJECT_POSITION_OVERFLOW);
    NAMED(RCK_REJECT_EXPOSURE_GROSS);
    NAMED(RCK_REJECT_EXPOSURE_NET_LONG);
    NAMED(RCK_REJECT_EXPOSURE_NET_SHORT);
    NAMED(RCK_REJECT_EXPOSURE_MARK_MISSING);
    NAMED(RCK_REJECT_EXPOSURE_MARK_STALE);
    NAMED(RCK_REJECT_EXPOSURE_OVERFLOW);
    NAMED(RCK_REJECT_CONCENTRATION);
    NAMED(RCK_REJECT_LEVERAGE);
    NAMED(RCK_REJECT_EQUITY_MISSING);
    NAMED(RCK_REJECT_EQUITY_STALE);
    NAMED(RCK_REJECT_BUYING_POWER);
    NAMED(RCK_REJECT_CREDIT);
    NAMED(RCK_REJECT_CASH_MISSING);
    NAMED(RCK_REJECT_MARGIN_MISSING);
    NAMED(RCK_REJECT_BUYING_POWER_MARK_STALE);
    NAMED(RCK_REJECT_BUYING_POWER_OVERFLOW);
    NAMED(RCK_REJECT_VOLUME_SHARE);
    NAMED(RCK_REJECT_DEPTH_SHARE);
    NAMED(RCK_REJECT_SPREAD);
    NAMED(RCK_REJECT_DISPLAYED_SIZE);
    NAMED(RCK_REJECT_VOLUME_MISSING);
    NAMED(RCK_REJECT_DEPTH_MISSING);
    NAMED(RCK_REJECT_SPREAD_MISSING);
    NAMED(RCK_REJECT_RATE_NEW);
    NAMED(RCK_REJECT_RATE_MODIFY);
    NAMED(RCK_REJECT_RATE_CANCEL);
    NAMED(RCK_REJECT_QUANTITY_DAY);
    NAMED(RCK_REJECT_NOTIONAL_DAY);
    NAMED(RCK_REJECT_QUANTITY_ROLLING);
    NAMED(RCK_REJECT_NOTIONAL_ROLLING);
    NAMED(RCK_REJECT_ACCUMULATED_OVERFLOW);
    NAMED(RCK_REJECT_WORKING_COUNT);
    NAMED(RCK_REJECT_WORKING_NOTIONAL);
    NAMED(RCK_REJECT_DUPLICATE);
    NAMED(RCK_REJECT_DUPLICATES_FULL);
    NAMED(RCK_REJECT_SELF_TRADE);
    NAMED(RCK_REJECT_SELF_TRADE_BEYOND_LADDER);
    NAMED(RCK_REJECT_REPEATED_EXECUTION);
    NAMED(RCK_REJECT_EXECUTION_DISABLED);
    NAMED(RCK_REJECT_LOSS_REALISED);
    NAMED(RCK_REJECT_LOSS_TOTAL);
    NAMED(RCK_REJECT_LOSS_TRAILING);
    NAMED(RCK_REJECT_LOSS_MARK_MISSING);
    NAMED(RCK_REJECT_LOSS_MARK_STALE);
    NAMED(RCK_REJECT_DRAWDOWN_DAY);
    NAMED(RCK_REJECT_DRAWDOWN_WEEK);
    NAMED(RCK_REJECT_DRAWDOWN_MONTH);
    NAMED(RCK_REJECT_DRAWDOWN_ALL_TIME);
    NAMED(RCK_REJECT_DRAWDOWN_EQUITY_MISSING);
    NAMED(RCK_REJECT_DRAWDOWN_EQUITY_STALE);
    NAMED(RCK_REJECT_RESTRICTED);
    NAMED(RCK_REJECT_SESSION_CLOSED);
    NAMED(RCK_REJECT_LOCATE_SHORT);
    NAMED(RCK_REJECT_SESSION_MISSING);
    NAMED(RCK_REJECT_LOCATE_MISSING);
    NAMED(RCK_REJECT_QUOTE_AGE);
    NAMED(RCK_REJECT_SLIPPAGE);
    NAMED(RCK_REJECT_QUOTE_MISSING);
    NAMED(RCK_REJECT_DECISION_PRICE_MISSING);
    NAMED(RCK_REJECT_ORDER_TO_TRADE);
    NAMED(RCK_REJECT_VENUE_REJECTS);
    NAMED(RCK_REJECT_METRIC);
    NAMED(RCK_REJECT_METRIC_MISSING);
    NAMED(RCK_REJECT_CUSTOM);
    NAMED(RCK_REJECT_CUSTOM_BREAKER);
    NAMED(RCK_REJECT_CUSTOM_MISSING);
    NAMED(RCK_REJECT_VALUE_AT_RISK);
    NAMED(RCK_REJECT_EXPECTED_SHORTFALL);
    NAMED(RCK_REJECT_RISK_MISSING);
    NAMED(RCK_REJECT_RISK_STALE);
    NAMED(RCK_REJECT_GROUP_EXPOSURE);
    NAMED(RCK_REJECT_GROUP_MISSING);
    NAMED(RCK_REJECT_GROUP_OVERFLOW);
    NAMED(RCK_REJECT_HALTED);
    NAMED(RCK_REJECT_CANCEL_ONLY);
    NAMED(RCK_REJECT_REDUCE_ONLY);
    NAMED(RCK_REJECT_DISCONNECTED);
  default:
    return "unknown";
  }
}
