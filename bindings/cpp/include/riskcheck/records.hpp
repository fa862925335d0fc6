// records.hpp: the header's structs with the kinds of their fields, laid out as there. Nothing is judged
// here. All begins at 0 but struct_size, and a Verdict, which the library writes.
// Written by bindings/generate.py from include/riskcheck.h; do not edit.
#ifndef RISKCHECK_RECORDS_HPP
#define RISKCHECK_RECORDS_HPP

#include <riskcheck/enums.hpp>
#include <riskcheck/numbers.hpp>
#include <riskcheck/result.hpp>
#include <riskcheck/scope.hpp>

#include <array>

namespace riskcheck {

struct Order {
  OrderId order_id{};
  Price price{};
  Quantity quantity{};
  Time time_ns{};
  Time deadline_ns{};
  CorrelationId correlation_id{};
  Price decision_price{};
  Price stop_price{};
  AccountId account{};
  StrategyId strategy{};
  InstrumentId instrument{};
  VenueId venue{};
  Coded<Side, std::uint8_t> side{};
  Coded<OrderType, std::uint8_t> type{};
  Coded<TimeInForce, std::uint8_t> time_in_force{};
  std::uint8_t reserved0{};
  std::uint32_t flags{};
  std::array<std::uint64_t, 5> reserved{};
};

struct [[nodiscard]] Verdict {
  Status status;
  Coded<Control, std::uint16_t> control;
  Coded<Severity, std::uint8_t> severity;
  Coded<Action, std::uint8_t> action;
  Coded<ScopeKind, std::uint8_t> scope_kind;
  std::uint8_t reserved0;
  std::uint16_t flags;
  std::uint32_t failed;
  std::uint64_t scope_id;
  LimitId limit_id;
  std::int32_t utilisation_bps;
  Value limit;
  Value observed;
  ViolationId violation_id;
  Token token;

  constexpr explicit operator bool() const noexcept { return status.passed(); }
  constexpr bool has(VerdictFlag flag) const noexcept { return (flags & std::uint32_t(flag)) != 0; }
  // Whether this control refused, shown or not.
  constexpr bool failed_by(Control asked) const noexcept {
    return asked != Control::none && (failed >> (static_cast<std::uint32_t>(asked) - 1) & 1) != 0;
  }
};

struct Report {
  Token token{};
  OrderId order_id{};
  Quantity last_quantity{};
  Price last_price{};
  Quantity cumulative_quantity{};
  ExecutionId execution_id{};
  ExecutionId undone_execution_id{};
  Money fee{};
  AccountId account{};
  StrategyId strategy{};
  InstrumentId instrument{};
  VenueId venue{};
  Coded<Side, std::uint8_t> side{};
  Coded<ReportKind, std::uint8_t> kind{};
  std::uint16_t reserved0{};
  std::uint32_t flags{};
  Time time_ns{};
  CorrelationId correlation_id{};
  std::array<std::uint64_t, 3> reserved{};
};

struct Event {
  std::uint64_t sequence{};
  Time time_ns{};
  CorrelationId correlation_id{};
  std::uint64_t ticket{};
  Coded<EventKind, std::uint16_t> kind{};
  std::uint8_t lines{};
  Coded<Severity, std::uint8_t> severity{};
  std::uint16_t port{};
  Coded<Control, std::uint16_t> control{};
  std::uint64_t subject{};
  std::array<std::int64_t, 2> values{};
};

struct Build {
  std::uint32_t struct_size = sizeof(rck_build);
  std::uint32_t abi_version{};
  Text<16> version{};
  Text<16> mode{};
  Text<64> compiler{};
  Text<48> commit{};
};

struct Config {
  std::uint32_t struct_size = sizeof(rck_config);
  std::uint32_t flags{};
  std::uint32_t discipline{};
  std::uint32_t clock_source{};
  std::uint32_t money_decimals{};
  std::uint32_t reserved{};
  Duration clock_back_ns_max{};
  Duration mark_age_ns_max{};
  std::uint64_t currencies_max{};
  std::uint64_t groups_max{};
  std::uint64_t accounts_max{};
  std::uint64_t strategies_max{};
  std::uint64_t instruments_max{};
  std::uint64_t positions_max{};
  std::uint64_t orders_max{};
  std::uint64_t retired_ids_max{};
  std::uint64_t limits_max{};
  std::uint64_t ports_max{};
  std::uint64_t ring_lines{};
  std::uint64_t violations_max{};
  std::uint64_t history_max{};
  std::uint64_t rate_exact_max{};
  std::uint64_t windows_max{};
  std::uint64_t duplicates_max{};
  std::uint64_t ladder_levels_max{};
  std::uint64_t price_history_max{};
  std::uint64_t order_history_max{};
  std::uint64_t leases_max{};
  std::uint64_t executions_max{};
};

struct Currency {
  std::uint32_t struct_size = sizeof(rck_currency);
  CurrencyId id{};
  Text<32> name{};
  std::uint32_t flags{};
  std::uint32_t rate_decimals{};
  std::int64_t rate{};
};

struct Group {
  std::uint32_t struct_size = sizeof(rck_group);
  GroupId id{};
  Text<32> name{};
  std::uint32_t flags{};
  Coded<GroupKind, std::uint32_t> kind{};
  std::uint32_t quantity_decimals{};
  std::uint32_t reserved{};
};

struct Account {
  std::uint32_t struct_size = sizeof(rck_account);
  AccountId id{};
  Text<32> name{};
  std::uint32_t flags{};
  std::uint32_t permissions{};
  std::array<GroupId, 4> groups{};
  std::uint32_t margin_class{};
  std::uint32_t reserved{};
};

struct Strategy {
  std::uint32_t struct_size = sizeof(rck_strategy);
  StrategyId id{};
  Text<32> name{};
  std::uint32_t flags{};
  std::uint32_t permissions{};
  std::array<GroupId, 4> groups{};
};

struct Instrument {
  std::uint32_t struct_size = sizeof(rck_instrument);
  InstrumentId id{};
  Text<32> name{};
  std::uint32_t flags{};
  CurrencyId currency{};
  std::uint32_t price_decimals{};
  std::uint32_t quantity_decimals{};
  std::uint32_t multiplier_decimals{};
  std::uint32_t reserved{};
  std::int64_t multiplier{};
  Quantity lot{};
  Price tick{};
  std::array<GroupId, 4> groups{};
  Price price_min{};
  Price price_max{};
  Price previous_close{};
  Price reference_price{};
  Coded<Reference, std::uint32_t> reference{};
  std::uint32_t slippage_bps{};
  std::array<std::uint32_t, 4> margin_bps{};
};

struct Calendar {
  std::uint32_t struct_size = sizeof(rck_calendar);
  CalendarId id{};
  Text<32> name{};
  std::uint32_t flags{};
  std::uint32_t entries{};
  Time end_ns{};
  std::array<Time, 64> starts{};
  std::array<std::uint32_t, 64> permissions{};
};

struct Limit {
  std::uint32_t struct_size = sizeof(rck_limit);
  LimitId limit_id{};
  Coded<Control, std::uint32_t> control{};
  Coded<Measure, std::uint32_t> measure{};
  PairScope scope{};
  Coded<Side, std::uint32_t> side{};
  Coded<OrderType, std::uint32_t> order_type{};
  std::uint32_t levels{};
  std::uint32_t flags{};
  std::uint32_t reference{};
  Value warn{};
  Value soft{};
  Value hard{};
  Duration window_ns{};
  std::array<Coded<Action, std::uint8_t>, 4> actions{};
  ActorId actor{};
  Text<32> reason{};
  std::uint64_t generation{};
};

struct Override {
  std::uint32_t struct_size = sizeof(rck_override);
  OverrideId override_id{};
  OrderId order_id{};
  Coded<Control, std::uint32_t> control{};
  PairScope scope{};
  ActorId actor{};
  std::uint32_t count{};
  Quantity quantity{};
  Time expiry_ns{};
  Text<32> reason{};
  std::uint32_t live{};
  std::uint32_t count_left{};
  Quantity quantity_left{};
};

struct Custom {
  std::uint32_t struct_size = sizeof(rck_custom);
  CustomId id{};
  Text<32> name{};
  std::uint32_t flags{};
  std::uint32_t overruns_max{};
  Duration budget_ns{};
  Duration cool_down_ns{};
  ActorId actor{};
  Coded<Breaker, std::uint32_t> breaker{};
  Text<32> reason{};
  std::uint64_t calls{};
  std::uint64_t refusals{};
  std::uint64_t overruns{};
  Duration longest_ns{};
};

struct Latch {
  std::uint32_t struct_size = sizeof(rck_latch);
  Scope scope{};
  Coded<TradingState, std::uint32_t> state{};
  ActorId actor{};
  std::uint32_t control{};
  Time time_ns{};
  Text<32> reason{};
};

struct PortWatch {
  std::uint32_t struct_size = sizeof(rck_port_watch);
  std::uint32_t port{};
  Duration silence_ns{};
  Scope scope{};
  Coded<TradingState, std::uint32_t> state{};
  ActorId actor{};
  Text<32> reason{};
};

struct Rearming {
  std::uint32_t struct_size = sizeof(rck_rearming);
  Coded<Control, std::uint32_t> control{};
  Scope scope{};
  ActorId actor{};
  std::uint32_t reserved{};
  Text<32> reason{};
};

struct OrderInfo {
  Token token{};
  OrderId order_id{};
  CorrelationId correlation_id{};
  Price price{};
  Price stop_price{};
  Quantity quantity{};
  Quantity leaves{};
  Quantity cumulative{};
  Money reserved_value{};
  AccountId account{};
  StrategyId strategy{};
  InstrumentId instrument{};
  VenueId venue{};
  Coded<Side, std::uint8_t> side{};
  Coded<OrderType, std::uint8_t> type{};
  Coded<TimeInForce, std::uint8_t> time_in_force{};
  std::uint8_t state{};
  std::uint32_t reserved0{};
  std::array<std::uint64_t, 4> reserved{};
};

struct ControlInfo {
  std::uint32_t struct_size = sizeof(rck_control_info);
  Coded<Control, std::uint32_t> control{};
  Text<32> name{};
  Coded<Unit, std::uint32_t> unit{};
  std::uint32_t scopes{};
  std::uint32_t sided{};
  std::uint32_t typed{};
  std::uint32_t reducing{};
  std::uint32_t reserved{};
  std::uint64_t measures{};
  std::array<Coded<Action, std::uint8_t>, 8> actions{};
  std::array<std::uint64_t, 2> codes{};
};

struct Position {
  std::uint32_t struct_size = sizeof(rck_position);
  AccountId account{};
  StrategyId strategy{};
  InstrumentId instrument{};
  Quantity quantity{};
  Price price{};
  ActorId actor{};
  std::uint32_t reserved{};
  Text<32> reason{};
};

struct PositionInfo {
  std::uint32_t struct_size = sizeof(rck_position_info);
  AccountId account{};
  StrategyId strategy{};
  InstrumentId instrument{};
  Quantity net{};
  Quantity open_buys{};
  Quantity open_sells{};
  Money booked{};
  Money buys{};
  Money sells{};
  Money margin{};
  Money realised{};
  Money marked{};
  Money fees{};
};

struct Cash {
  std::uint32_t struct_size = sizeof(rck_cash);
  AccountId account{};
  Money cash{};
  Money credit{};
  ActorId actor{};
  std::uint32_t reserved{};
  Text<32> reason{};
};

struct BookInfo {
  std::uint32_t struct_size = sizeof(rck_book_info);
  Scope scope{};
  std::uint32_t open_positions{};
  Money gross{};
  Money net_long{};
  Money net_short{};
  Money margin{};
  std::int64_t orders{};
  Money orders_value{};
  Money realised{};
  Money marked{};
  Money fees{};
  Money cash{};
  Money credit{};
  Time mark_time_ns{};
  Quantity quantity_long{};
  Quantity quantity_short{};
  Money day_realised{};
  Money day_total{};
  Money day_peak{};
  std::int64_t day_messages{};
  std::int64_t day_trades{};
  std::int64_t rejects{};
  std::int64_t repeated{};
  GroupId instrument{};
  std::uint32_t reserved{};
};

struct Quote {
  InstrumentId instrument{};
  std::uint32_t flags{};
  Price bid{};
  Price ask{};
  Quantity bid_size{};
  Quantity ask_size{};
  Time time_ns{};
  std::array<std::uint64_t, 2> reserved{};
};

struct Trade {
  InstrumentId instrument{};
  std::uint32_t flags{};
  Price price{};
  Quantity quantity{};
  Time time_ns{};
  std::array<std::uint64_t, 4> reserved{};
};

struct Book {
  InstrumentId instrument{};
  std::uint32_t flags{};
  std::uint32_t bids{};
  std::uint32_t asks{};
  Time time_ns{};
  std::array<Price, 10> bid_prices{};
  std::array<Quantity, 10> bid_sizes{};
  std::array<Price, 10> ask_prices{};
  std::array<Quantity, 10> ask_sizes{};
  std::array<std::uint64_t, 5> reserved{};
};

struct Violation {
  std::uint32_t struct_size = sizeof(rck_violation);
  Coded<ViolationState, std::uint32_t> state{};
  ViolationId violation_id{};
  Coded<Control, std::uint32_t> control{};
  Coded<Severity, std::uint32_t> severity{};
  Coded<Action, std::uint32_t> action{};
  Coded<ScopeKind, std::uint32_t> scope_kind{};
  std::uint64_t scope_id{};
  LimitId limit_id{};
  AccountId account{};
  Value limit{};
  Value worst{};
  std::int32_t worst_bps{};
  ActorId actor{};
  std::uint64_t count{};
  Time first_ns{};
  Time last_ns{};
  OrderId order_id{};
};

struct ViolationFilter {
  std::uint32_t struct_size = sizeof(rck_violation_filter);
  std::uint32_t states{};
  Coded<Control, std::uint32_t> control{};
  Coded<ScopeKind, std::uint32_t> scope_kind{};
  AccountId account{};
  Coded<Severity, std::uint32_t> severity_min{};
  Time since_ns{};
};

struct ViolationChange {
  std::uint32_t struct_size = sizeof(rck_violation_change);
  Coded<ViolationState, std::uint32_t> state{};
  ViolationId violation_id{};
  Time before_ns{};
  ActorId actor{};
  std::uint32_t reserved{};
  Text<32> reason{};
};

struct Statistics {
  std::uint32_t struct_size = sizeof(rck_statistics);
  std::uint32_t reserved{};
  std::uint64_t checks{};
  std::uint64_t refused{};
  std::uint64_t warned{};
  std::array<std::uint64_t, 32> refused_by{};
  std::array<std::uint64_t, 32> warned_by{};
  std::uint64_t second_checks{};
  std::uint64_t second_refused{};
  std::uint64_t minute_checks{};
  std::uint64_t minute_refused{};
  std::uint64_t hour_checks{};
  std::uint64_t hour_refused{};
  Time time_ns{};
  std::uint64_t timed{};
  Duration latency_p50_ns{};
  Duration latency_p90_ns{};
  Duration latency_p99_ns{};
  Duration latency_p999_ns{};
  Duration latency_p9999_ns{};
  Duration latency_max_ns{};
  std::uint64_t violations_open{};
  std::uint64_t violations_ended{};
  std::uint64_t violations_dropped{};
};

struct JournalConfig {
  std::uint32_t struct_size = sizeof(rck_journal_config);
  Coded<Sync, std::uint32_t> sync{};
  Duration sync_interval_ns{};
  std::uint64_t segment_bytes{};
  Duration segment_ns{};
  std::uint64_t segments_max{};
};

struct PumpInfo {
  std::uint32_t struct_size = sizeof(rck_pump_info);
  std::uint32_t port{};
  std::uint64_t region_id{};
  std::uint64_t segment{};
  std::uint64_t segment_bytes{};
  std::uint64_t records{};
  std::uint64_t lines{};
  std::uint64_t repeats{};
  std::uint64_t records_all{};
  std::uint64_t bytes_all{};
  std::uint64_t syncs{};
  std::uint64_t segments_finished{};
  std::uint64_t failures{};
  std::uint64_t waiting{};
};

struct JournalCursor {
  std::uint32_t struct_size = sizeof(rck_journal_cursor);
  std::uint32_t chain{};
  std::uint64_t segment{};
  std::uint64_t offset{};
  std::uint64_t block{};
  std::uint64_t region_id{};
  std::uint32_t port{};
  std::uint32_t flags{};
  std::array<std::uint64_t, 2> reserved{};
};

struct VerifyInfo {
  std::uint32_t struct_size = sizeof(rck_verify_info);
  std::uint32_t flags{};
  std::uint64_t region_id{};
  std::uint64_t first_segment{};
  std::uint64_t last_segment{};
  std::uint64_t blocks{};
  std::uint64_t records{};
  std::uint64_t lines{};
  std::uint64_t bytes{};
  std::uint64_t lost{};
  std::uint64_t torn_bytes{};
  std::uint64_t damaged_segment{};
  std::uint64_t damaged_offset{};
  Time first_time_ns{};
  Time last_time_ns{};
};

struct SnapshotInfo {
  std::uint32_t struct_size = sizeof(rck_snapshot_info);
  std::uint32_t layout_version{};
  std::uint64_t region_id{};
  std::uint64_t opened{};
  std::array<std::uint64_t, 2> hash{};
  Time time_ns{};
  std::uint64_t records{};
  Duration turned_ns{};
};

struct ReplayInfo {
  std::uint32_t struct_size = sizeof(rck_replay_info);
  std::uint32_t flags{};
  std::uint32_t limits{};
  std::uint32_t differences_max{};
  std::uint64_t commands_max{};
  std::uint64_t records{};
  std::uint64_t commands{};
  std::uint64_t checks{};
  std::uint64_t differing{};
  std::uint64_t refused_now{};
  std::uint64_t passed_now{};
  std::uint64_t overlapped{};
  std::uint64_t forced{};
  std::uint64_t skipped{};
  std::uint64_t lost{};
  std::array<std::uint64_t, 32> controls{};
  Time time_ns{};
};

struct Stats {
  std::uint32_t struct_size = sizeof(rck_stats);
  std::uint32_t open{};
  std::uint64_t events_written{};
  std::uint64_t events_read{};
  std::uint64_t events_refused{};
  std::uint64_t events_lost{};
  std::uint64_t ring_lines{};
  std::uint64_t ring_lines_used{};
  std::uint64_t ring_lines_used_max{};
  std::uint64_t clock_clamps{};
  std::uint64_t clock_refusals{};
  Time time_ns{};
  std::uint64_t contended{};
};

struct HealthInfo {
  std::uint32_t struct_size = sizeof(rck_health_info);
  Coded<Health, std::uint32_t> state{};
  std::uint64_t failed_site{};
  std::uint64_t opened{};
  std::uint32_t recovered{};
  std::uint32_t owner_pid{};
  Time time_ns{};
  std::uint64_t region_bytes{};
  std::uint64_t definitions{};
  std::uint32_t ports_open{};
  std::uint32_t ports_max{};
  std::uint64_t events_lost{};
  std::uint64_t events_refused{};
  std::uint32_t currencies{};
  std::uint32_t groups{};
  std::uint32_t accounts{};
  std::uint32_t strategies{};
  std::uint32_t instruments{};
  std::uint32_t calendars{};
};

namespace detail {

// The struct of C that a record is.
template <typename Struct> struct Is {
  using type = Struct;
};
template <typename Record> struct Raw;
template <> struct Raw<Order> : Is<rck_order> {};
template <> struct Raw<Verdict> : Is<rck_verdict> {};
template <> struct Raw<Report> : Is<rck_report> {};
template <> struct Raw<Event> : Is<rck_event> {};
template <> struct Raw<Build> : Is<rck_build> {};
template <> struct Raw<Config> : Is<rck_config> {};
template <> struct Raw<Currency> : Is<rck_currency> {};
template <> struct Raw<Group> : Is<rck_group> {};
template <> struct Raw<Account> : Is<rck_account> {};
template <> struct Raw<Strategy> : Is<rck_strategy> {};
template <> struct Raw<Instrument> : Is<rck_instrument> {};
template <> struct Raw<Calendar> : Is<rck_calendar> {};
template <> struct Raw<Limit> : Is<rck_limit> {};
template <> struct Raw<Override> : Is<rck_override> {};
template <> struct Raw<Custom> : Is<rck_custom> {};
template <> struct Raw<Latch> : Is<rck_latch> {};
template <> struct Raw<PortWatch> : Is<rck_port_watch> {};
template <> struct Raw<Rearming> : Is<rck_rearming> {};
template <> struct Raw<OrderInfo> : Is<rck_order_info> {};
template <> struct Raw<ControlInfo> : Is<rck_control_info> {};
template <> struct Raw<Position> : Is<rck_position> {};
template <> struct Raw<PositionInfo> : Is<rck_position_info> {};
template <> struct Raw<Cash> : Is<rck_cash> {};
template <> struct Raw<BookInfo> : Is<rck_book_info> {};
template <> struct Raw<Quote> : Is<rck_quote> {};
template <> struct Raw<Trade> : Is<rck_trade> {};
template <> struct Raw<Book> : Is<rck_book> {};
template <> struct Raw<Violation> : Is<rck_violation> {};
template <> struct Raw<ViolationFilter> : Is<rck_violation_filter> {};
template <> struct Raw<ViolationChange> : Is<rck_violation_change> {};
template <> struct Raw<Statistics> : Is<rck_statistics> {};
template <> struct Raw<JournalConfig> : Is<rck_journal_config> {};
template <> struct Raw<PumpInfo> : Is<rck_pump_info> {};
template <> struct Raw<JournalCursor> : Is<rck_journal_cursor> {};
template <> struct Raw<VerifyInfo> : Is<rck_verify_info> {};
template <> struct Raw<SnapshotInfo> : Is<rck_snapshot_info> {};
template <> struct Raw<ReplayInfo> : Is<rck_replay_info> {};
template <> struct Raw<Stats> : Is<rck_stats> {};
template <> struct Raw<HealthInfo> : Is<rck_health_info> {};

} // namespace detail
} // namespace riskcheck

#endif
