import CRiskCheck

/// The fields of the records that scripts name, with the header's names. struct_size and reserved fields are
/// not among them.
private let accountFlags = [
  "ENABLED", "POWER_CREDIT", "POWER_REALISED", "POWER_FEES", "POWER_MARKED", "HALT_ON_LATE",
  "HALT_ON_OVER_FILL", "HALT_ON_UNKNOWN",
]
private let orderStates = ["ORDER_LIVE", "ORDER_UNCONFIRMED", "ORDER_AMENDING", "ORDER_FINISHED"]

nonisolated(unsafe) let configFields: [Field<rck_config>] = [
  .number("discipline", \.discipline), .number("clock_source", \.clock_source),
  .number("money_decimals", \.money_decimals), .number("clock_back_ns_max", \.clock_back_ns_max),
  .number("mark_age_ns_max", \.mark_age_ns_max), .number("currencies_max", \.currencies_max),
  .number("groups_max", \.groups_max), .number("accounts_max", \.accounts_max),
  .number("strategies_max", \.strategies_max), .number("instruments_max", \.instruments_max),
  .number("positions_max", \.positions_max), .number("orders_max", \.orders_max),
  .number("retired_ids_max", \.retired_ids_max), .number("limits_max", \.limits_max),
  .number("ports_max", \.ports_max), .number("ring_lines", \.ring_lines),
  .number("rate_exact_max", \.rate_exact_max), .number("windows_max", \.windows_max),
  .number("executions_max", \.executions_max), .number("price_history_max", \.price_history_max),
  .number("order_history_max", \.order_history_max),
]

nonisolated(unsafe) let currencyFields: [Field<rck_currency>] = [
  .number("id", \.id), .text("name", \.name), .number("flags", \.flags),
  .number("rate_decimals", \.rate_decimals), .number("rate", \.rate),
]

nonisolated(unsafe) let groupFields: [Field<rck_group>] = [
  .number("id", \.id), .text("name", \.name), .number("flags", \.flags),
  .number("kind", \.kind, .one("RCK_GROUP_")), .number("quantity_decimals", \.quantity_decimals),
]

nonisolated(unsafe) let accountFields: [Field<rck_account>] = [
  .number("id", \.id), .text("name", \.name), .number("flags", \.flags, .flags(accountFlags)),
  .number("permissions", \.permissions, .bits("RCK_PERMIT_")), .four("groups", \.groups),
  .number("margin_class", \.margin_class),
]

nonisolated(unsafe) let strategyFields: [Field<rck_strategy>] = [
  .number("id", \.id), .text("name", \.name), .number("flags", \.flags, .flags(["ENABLED"])),
  .number("permissions", \.permissions, .bits("RCK_PERMIT_")), .four("groups", \.groups),
]

nonisolated(unsafe) let instrumentFields: [Field<rck_instrument>] = [
  .number("id", \.id), .text("name", \.name),
  .number("flags", \.flags, .flags(["ENABLED", "PRICE_NEGATIVE", "SHORT_LOCATE"])),
  .number("currency", \.currency), .number("price_decimals", \.price_decimals),
  .number("quantity_decimals", \.quantity_decimals), .number("multiplier_decimals", \.multiplier_decimals),
  .number("multiplier", \.multiplier), .number("lot", \.lot), .number("tick", \.tick),
  .four("groups", \.groups), .number("price_min", \.price_min), .number("price_max", \.price_max),
  .number("previous_close", \.previous_close), .number("reference_price", \.reference_price),
  .number("reference", \.reference, .one("RCK_REFERENCE_")), .number("slippage_bps", \.slippage_bps),
  .four("margin_bps", \.margin_bps),
]

nonisolated(unsafe) let calendarFields: [Field<rck_calendar>] = [
  .number("id", \.id), .text("name", \.name), .number("flags", \.flags), .number("entries", \.entries),
  .number("end_ns", \.end_ns), .list("starts", \.starts, of: Int64.self),
  .list("permissions", \.permissions, of: UInt32.self, .bits("RCK_PERMIT_")),
]

nonisolated(unsafe) let limitFields: [Field<rck_limit>] = [
  .number("control", \.control, .one("RCK_CONTROL_")), .number("measure", \.measure, .one("RCK_MEASURE_")),
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")), .number("id", \.id),
  .number("instrument", \.instrument), .number("side", \.side, .one("RCK_SIDE_")),
  .number("order_type", \.order_type, .one("RCK_TYPE_")),
  .number("levels", \.levels, .bits("RCK_LEVEL_")), .number("flags", \.flags, .flags(["AGGRESSIVE_ONLY"])),
  .number("reference", \.reference, .one("RCK_REFERENCE_")), .number("warn", \.warn),
  .number("soft", \.soft), .number("hard", \.hard), .number("window_ns", \.window_ns),
  .four("actions", \.actions, .one("RCK_ACTION_")), .number("actor", \.actor), .text("reason", \.reason),
]

nonisolated(unsafe) let latchFields: [Field<rck_latch>] = [
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")), .number("id", \.id),
  .number("state", \.state, .one("RCK_STATE_")), .number("actor", \.actor),
  .number("control", \.control, .one("RCK_CONTROL_")), .number("time_ns", \.time_ns),
  .text("reason", \.reason),
]

nonisolated(unsafe) let watchFields: [Field<rck_port_watch>] = [
  .number("silence_ns", \.silence_ns), .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")),
  .number("id", \.id), .number("state", \.state, .one("RCK_STATE_")), .number("actor", \.actor),
  .text("reason", \.reason),
]

nonisolated(unsafe) let overrideFields: [Field<rck_override>] = [
  .number("override_id", \.override_id), .number("order_id", \.order_id),
  .number("control", \.control, .one("RCK_CONTROL_")),
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")), .number("id", \.id),
  .number("instrument", \.instrument), .number("actor", \.actor), .number("count", \.count),
  .number("quantity", \.quantity), .number("expiry_ns", \.expiry_ns), .text("reason", \.reason),
  .number("live", \.live), .number("count_left", \.count_left), .number("quantity_left", \.quantity_left),
]

nonisolated(unsafe) let orderFields: [Field<rck_order>] = [
  .number("order_id", \.order_id), .number("account", \.account), .number("strategy", \.strategy),
  .number("instrument", \.instrument), .number("venue", \.venue),
  .number("side", \.side, .one("RCK_SIDE_")), .number("type", \.type, .one("RCK_TYPE_")),
  .number("time_in_force", \.time_in_force, .one("RCK_FORCE_")), .number("quantity", \.quantity),
  .number("price", \.price), .number("stop_price", \.stop_price), .number("time_ns", \.time_ns),
  .number("deadline_ns", \.deadline_ns), .number("correlation_id", \.correlation_id),
  .number("decision_price", \.decision_price), .number("flags", \.flags, .flags(["ORDER_FIRST_REFUSAL"])),
  .number("reserved0", \.reserved0),
]

nonisolated(unsafe) let reportFields: [Field<rck_report>] = [
  .number("order_id", \.order_id), .number("kind", \.kind, .one("RCK_REPORT_")),
  .number("last_quantity", \.last_quantity), .number("last_price", \.last_price),
  .number("cumulative_quantity", \.cumulative_quantity), .number("execution_id", \.execution_id),
  .number("undone_execution_id", \.undone_execution_id), .number("fee", \.fee),
  .number("account", \.account), .number("strategy", \.strategy), .number("instrument", \.instrument),
  .number("venue", \.venue), .number("side", \.side, .one("RCK_SIDE_")), .number("time_ns", \.time_ns),
  .number("correlation_id", \.correlation_id), .number("flags", \.flags),
]

nonisolated(unsafe) let positionFields: [Field<rck_position>] = [
  .number("account", \.account), .number("strategy", \.strategy), .number("instrument", \.instrument),
  .number("quantity", \.quantity), .number("price", \.price), .number("actor", \.actor),
  .text("reason", \.reason),
]

nonisolated(unsafe) let cashFields: [Field<rck_cash>] = [
  .number("account", \.account), .number("cash", \.cash), .number("credit", \.credit),
  .number("actor", \.actor), .text("reason", \.reason),
]

nonisolated(unsafe) let quoteFields: [Field<rck_quote>] = [
  .number("instrument", \.instrument), .number("flags", \.flags), .number("bid", \.bid),
  .number("ask", \.ask), .number("bid_size", \.bid_size), .number("ask_size", \.ask_size),
  .number("time_ns", \.time_ns),
]

nonisolated(unsafe) let tradeFields: [Field<rck_trade>] = [
  .number("instrument", \.instrument), .number("flags", \.flags), .number("price", \.price),
  .number("quantity", \.quantity), .number("time_ns", \.time_ns),
]

nonisolated(unsafe) let bookFields: [Field<rck_book>] = [
  .number("instrument", \.instrument), .number("flags", \.flags), .number("bids", \.bids),
  .number("asks", \.asks), .number("time_ns", \.time_ns), .list("bid_prices", \.bid_prices, of: Int64.self),
  .list("bid_sizes", \.bid_sizes, of: Int64.self), .list("ask_prices", \.ask_prices, of: Int64.self),
  .list("ask_sizes", \.ask_sizes, of: Int64.self),
]

nonisolated(unsafe) let argumentFields: [Field<Arguments>] = [
  .number("order_id", \.order_id), .number("accepted", \.accepted),
  .number("reason", \.reason, .one("RCK_RELEASE_")), .number("time_ns", \.time_ns), .number("date", \.date),
  .number("instrument", \.instrument), .number("price", \.price),
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")), .number("id", \.id), .number("volume", \.volume),
  .number("metric", \.metric), .real("value", \.value),
]

/// What a verdict says, but for its token.
nonisolated(unsafe) let verdictFields: [Field<rck_verdict>] = [
  .number("control", \.control, .one("RCK_CONTROL_")), .number("severity", \.severity, .one("RCK_SEVERITY_")),
  .number("action", \.action, .one("RCK_ACTION_")), .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")),
  .number("scope_id", \.scope_id), .number("limit_id", \.limit_id), .number("limit", \.limit),
  .number("observed", \.observed), .number("utilisation_bps", \.utilisation_bps),
  .number("failed", \.failed, .controls), .number("flags", \.flags, .bits("RCK_VERDICT_")),
  .number("violation_id", \.violation_id),
]

nonisolated(unsafe) let positionInfoFields: [Field<rck_position_info>] = [
  .number("account", \.account), .number("strategy", \.strategy), .number("instrument", \.instrument),
  .number("net", \.net), .number("open_buys", \.open_buys), .number("open_sells", \.open_sells),
  .number("booked", \.booked), .number("buys", \.buys), .number("sells", \.sells),
  .number("margin", \.margin), .number("realised", \.realised), .number("marked", \.marked),
  .number("fees", \.fees),
]

nonisolated(unsafe) let bookInfoFields: [Field<rck_book_info>] = [
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")), .number("id", \.id),
  .number("instrument", \.instrument), .number("open_positions", \.open_positions), .number("gross", \.gross),
  .number("net_long", \.net_long),
  .number("net_short", \.net_short), .number("margin", \.margin), .number("orders", \.orders),
  .number("orders_value", \.orders_value), .number("realised", \.realised), .number("marked", \.marked),
  .number("fees", \.fees), .number("cash", \.cash), .number("credit", \.credit),
  .number("mark_time_ns", \.mark_time_ns), .number("quantity_long", \.quantity_long),
  .number("quantity_short", \.quantity_short), .number("day_realised", \.day_realised),
  .number("day_total", \.day_total), .number("day_peak", \.day_peak),
  .number("day_messages", \.day_messages), .number("day_trades", \.day_trades),
  .number("rejects", \.rejects), .number("repeated", \.repeated),
]

nonisolated(unsafe) let rearmFields: [Field<rck_rearming>] = [
  .number("control", \.control, .one("RCK_CONTROL_")),
  .number("scope_kind", \.scope_kind, .one("RCK_SCOPE_")),
  .number("id", \.id), .number("actor", \.actor), .number("reserved", \.reserved),
  .text("reason", \.reason),
]

/// What is known of an order, but for its token.
nonisolated(unsafe) let orderInfoFields: [Field<rck_order_info>] = [
  .number("order_id", \.order_id), .number("correlation_id", \.correlation_id),
  .number("account", \.account), .number("strategy", \.strategy), .number("instrument", \.instrument),
  .number("venue", \.venue), .number("side", \.side, .one("RCK_SIDE_")),
  .number("type", \.type, .one("RCK_TYPE_")), .number("time_in_force", \.time_in_force, .one("RCK_FORCE_")),
  .number("price", \.price), .number("stop_price", \.stop_price), .number("quantity", \.quantity),
  .number("leaves", \.leaves), .number("cumulative", \.cumulative),
  .number("reserved_value", \.reserved_value), .number("state", \.state, .flags(orderStates)),
]
