// engine.hpp: a region in use. Calls are the header's, which is the manual; what a cold call refuses is a Result that
// says why. An Engine is moved, not copied, and closes itself.
#ifndef RISKCHECK_ENGINE_HPP
#define RISKCHECK_ENGINE_HPP

#include <riskcheck/port.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace riskcheck {

// The library's defaults: what an engine is that nothing is said about.
inline Config defaults() noexcept {
  Config config;
  // It fails for another size of the struct alone: of a library that is not this header's, which create() refuses.
  (void)rck_config_init(detail::raw(&config), sizeof(rck_config));
  return config;
}

// What a region of this configuration takes, exactly.
inline Result<std::uint64_t> region_bytes(const Config &config) noexcept {
  rck_fault fault{};
  std::uint64_t bytes = 0;
  const rck_status status = rck_region_bytes(detail::raw(&config), &bytes, &fault);
  return status == RCK_OK ? Result<std::uint64_t>(bytes) : Result<std::uint64_t>(status, fault);
}

inline Result<Build> build_info() noexcept {
  Build build;
  const rck_status status = rck_build_info(detail::raw(&build));
  return status == RCK_OK ? Result<Build>(build) : Result<Build>(status, {});
}

// The catalogue; UNKNOWN: no such control in this version.
inline Result<ControlInfo> describe(Control control) noexcept {
  ControlInfo info;
  const rck_status status = rck_control_describe(static_cast<std::uint32_t>(control), detail::raw(&info));
  return status == RCK_OK ? Result<ControlInfo>(info) : Result<ControlInfo>(status, {});
}

enum class Attach : std::uint32_t { reader = RCK_ATTACH_READER, consumer = RCK_ATTACH_CONSUMER };

class Engine {
public:
  Engine() noexcept = default;
  // Takes over a handle, and closes it.
  explicit Engine(rck_engine *handle) noexcept : handle_(handle) {}
  Engine(Engine &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Engine &operator=(Engine &&other) noexcept {
    Engine(std::move(other)).swap(*this);
    return *this;
  }
  // Ports go first. An engine that cannot be closed since one is open stays open until the process ends.
  ~Engine() { (void)close(); }

  // With memory of the caller's, at least region_bytes() aligned to RCK_REGION_ALIGN, or of the library's own.
  static Result<Engine> create(const Config &config = defaults(), void *memory = nullptr,
                               std::uint64_t memory_bytes = 0) noexcept {
    return opened([&](rck_engine **handle, rck_fault *fault) {
      return rck_engine_create(detail::raw(&config), memory, memory_bytes, handle, fault);
    });
  }
  // The region in a file, which is made if it is not there.
  static Result<Engine> open(const char *path, const Config &config) noexcept {
    return opened([&](rck_engine **handle, rck_fault *fault) {
      return rck_engine_open(detail::raw(&config), path, handle, fault);
    });
  }
  // The region in a file that is there, as it was made.
  static Result<Engine> open(const char *path) noexcept {
    return opened([&](rck_engine **handle, rck_fault *fault) { return rck_engine_open(nullptr, path, handle, fault); });
  }
  static Result<Engine> attach(const char *path, Attach mode) noexcept {
    return opened([&](rck_engine **handle, rck_fault *fault) {
      return rck_engine_attach(path, static_cast<std::uint32_t>(mode), handle, fault);
    });
  }

  // BUSY: ports are open or a call is in flight, and it is open still.
  Status close() noexcept {
    if (handle_ == nullptr)
      return RCK_OK;
    const Status status = rck_engine_close(handle_);
    if (status)
      handle_ = nullptr;
    return status;
  }
  void swap(Engine &other) noexcept { std::swap(handle_, other.handle_); }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  rck_engine *get() const noexcept { return handle_; }
  // Gives the handle up to the caller, who closes it.
  [[nodiscard]] rck_engine *detach() noexcept { return std::exchange(handle_, nullptr); }

  // A port to write through, 1 to ports_max, for one thread.
  Result<Port> port(std::uint32_t index) noexcept { return port(index, RCK_PORT_WRITER); }
  // A port that can only read.
  Result<Port> reader() noexcept { return port(0, RCK_PORT_READER); }

  // ---- Definitions ----

  Result<void> set(const Currency &currency) noexcept { return given(rck_currency_set, currency); }
  Result<void> set(const Group &group) noexcept { return given(rck_group_set, group); }
  Result<void> set(const Account &account) noexcept { return given(rck_account_set, account); }
  Result<void> set(const Strategy &strategy) noexcept { return given(rck_strategy_set, strategy); }
  Result<void> set(const Instrument &instrument) noexcept { return given(rck_instrument_set, instrument); }
  Result<void> set(const Calendar &calendar) noexcept { return given(rck_calendar_set, calendar); }

  Result<Currency> get(CurrencyId id) const noexcept { return defined<Currency>(rck_currency_get, id); }
  Result<Group> get(GroupId id) const noexcept { return defined<Group>(rck_group_get, id); }
  Result<Account> get(AccountId id) const noexcept { return defined<Account>(rck_account_get, id); }
  Result<Strategy> get(StrategyId id) const noexcept { return defined<Strategy>(rck_strategy_get, id); }
  Result<Instrument> get(InstrumentId id) const noexcept { return defined<Instrument>(rck_instrument_get, id); }
  Result<Calendar> get(CalendarId id) const noexcept { return defined<Calendar>(rck_calendar_get, id); }

  // The id of what has this name: find<AccountId>("desk").
  template <typename Id> Result<Id> find(std::string_view name) const noexcept {
    Text<RCK_NAME_BYTES> text(name);
    std::uint32_t id = 0;
    const rck_status status = rck_find(handle_, static_cast<std::uint32_t>(kind_of(Id{})), &id, text.data());
    return status == RCK_OK ? Result<Id>(Id(id)) : Result<Id>(status, {});
  }

  // ---- Limits. `flags`: RCK_LOOSEN ----

  Result<void> set(const Limit &limit, std::uint32_t flags = 0) noexcept {
    rck_fault fault{};
    return {rck_limit_set(handle_, detail::raw(&limit), flags, &fault), fault};
  }
  Result<void> remove(const Limit &limit, std::uint32_t flags) noexcept {
    rck_fault fault{};
    return {rck_limit_remove(handle_, detail::raw(&limit), flags, &fault), fault};
  }
  // Fills in the limit whose key this is.
  Status get(Limit &limit) const noexcept { return rck_limit_get(handle_, detail::raw(&limit)); }
  // Makes what was set and removed count, all at once; the generation from which it does.
  Result<std::uint64_t> publish() noexcept {
    rck_fault fault{};
    std::uint64_t generation = 0;
    const rck_status status = rck_limits_publish(handle_, &generation, &fault);
    return status == RCK_OK ? Result<std::uint64_t>(generation) : Result<std::uint64_t>(status, fault);
  }
  // for (const Limit &limit : engine.limits()): those in force.
  auto limits() const noexcept {
    return detail::walk<Limit, std::uint32_t>(
        [handle = handle_](std::uint32_t *cursor, Limit *limits, std::uint32_t capacity, std::uint32_t *count) {
          return rck_limits_armed(handle, detail::raw(limits), capacity, cursor, count);
        });
  }

  Result<OverrideId> set(const Override &given) noexcept {
    rck_fault fault{};
    std::uint32_t id = 0;
    const rck_status status = rck_override_set(handle_, detail::raw(&given), &id, &fault);
    return status == RCK_OK ? Result<OverrideId>(OverrideId(id)) : Result<OverrideId>(status, fault);
  }
  Status get(Override &found) const noexcept { return rck_override_get(handle_, detail::raw(&found)); }
  Result<void> remove(const Override &removed) noexcept { return given(rck_override_remove, removed); }

  // `call` is called inside checks until it is replaced or removed.
  Result<void> set(const Custom &custom, rck_custom_call call, void *context) noexcept {
    rck_fault fault{};
    return {rck_custom_set(handle_, detail::raw(&custom), call, context, &fault), fault};
  }
  Status get(Custom &found) const noexcept { return rck_custom_get(handle_, detail::raw(&found)); }
  Result<void> remove(CustomId id) noexcept {
    rck_fault fault{};
    return {rck_custom_remove(handle_, id.get(), &fault), fault};
  }

  // ---- The state of trading ----

  Result<void> set(const Latch &latch) const noexcept {
    rck_fault fault{};
    return {rck_latch_set(handle_, detail::raw(&latch), &fault), fault};
  }
  Result<void> clear(const Latch &latch) noexcept { return given(rck_latch_clear, latch); }
  Status get(Latch &latch) const noexcept { return rck_latch_get(handle_, detail::raw(&latch)); }

  Result<void> set(const PortWatch &watch) noexcept { return given(rck_port_watch_set, watch); }
  Status get(PortWatch &watch) const noexcept { return rck_port_watch_get(handle_, detail::raw(&watch)); }
  // Latches what silent ports ask for; the first `capacity` of them are in `ports`, and `silent` is how many there are.
  Status watch(Time time, std::uint32_t *ports, std::uint32_t capacity, std::uint32_t &silent) const noexcept {
    return rck_watch(handle_, time.get(), ports, capacity, &silent);
  }
  Result<void> rearm(const Rearming &rearming) noexcept { return given(rck_rearm, rearming); }

  // ---- Positions, sums, orders ----

  // The row or book that `info` names.
  Status get(PositionInfo &info) const noexcept { return rck_position_get(handle_, detail::raw(&info)); }
  Status get(BookInfo &info) const noexcept { return rck_book_get(handle_, detail::raw(&info)); }
  // By token, or if that is 0 by id.
  Status get(Token token, OrderId id, OrderInfo &found) const noexcept {
    return rck_order_get(handle_, token.get(), id.get(), detail::raw(&found));
  }
  // for (const OrderInfo &order : engine.open_orders(of(account))): those that live.
  auto open_orders(Scope scope = everything) const noexcept {
    return detail::walk<OrderInfo, std::uint32_t>([handle = handle_, scope](std::uint32_t *cursor, OrderInfo *orders,
                                                                            std::uint32_t capacity,
                                                                            std::uint32_t *count) {
      return rck_open_orders(handle, scope.kind.get(), scope.id, detail::raw(orders), capacity, cursor, count);
    });
  }

  // ---- Evidence ----

  // for (const Violation &violation : engine.violations()): those that the filter asks for.
  auto violations(const ViolationFilter &filter = {}) const noexcept {
    return detail::walk<Violation, std::uint64_t>(
        [handle = handle_, filter](std::uint64_t *cursor, Violation *violations, std::uint32_t capacity,
                                   std::uint32_t *count) {
          return rck_violations_read(handle, detail::raw(&filter), detail::raw(violations), capacity, cursor, count);
        });
  }
  // Acknowledges or clears; gives how many.
  Result<std::uint32_t> set(const ViolationChange &change) noexcept {
    rck_fault fault{};
    std::uint32_t changed = 0;
    const rck_status status = rck_violation_set(handle_, detail::raw(&change), &changed, &fault);
    const bool held = status == RCK_OK || status == RCK_REPEAT;
    return held ? Result<std::uint32_t>(changed) : Result<std::uint32_t>(status, fault);
  }
  // Of port `index`, or RCK_ALL_PORTS. `statistics.time_ns` says until when; 0: the latest of any port.
  Status get(std::uint32_t index, Statistics &statistics) const noexcept {
    return rck_statistics_read(handle_, index, detail::raw(&statistics));
  }
  Status get(std::uint32_t index, Stats &stats) const noexcept {
    return rck_stats_read(handle_, index, detail::raw(&stats));
  }
  Status get(HealthInfo &health) const noexcept { return rck_health(handle_, detail::raw(&health)); }
  Status get(Config &config) const noexcept { return rck_config_get(handle_, detail::raw(&config)); }
  // The time that a record without one would get.
  Status clock(Time &time) const noexcept {
    std::int64_t now = 0;
    const Status status = rck_clock(handle_, &now);
    time = Time(now);
    return status;
  }

private:
  static constexpr Kind kind_of(CurrencyId) noexcept { return Kind::currency; }
  static constexpr Kind kind_of(GroupId) noexcept { return Kind::group; }
  static constexpr Kind kind_of(AccountId) noexcept { return Kind::account; }
  static constexpr Kind kind_of(StrategyId) noexcept { return Kind::strategy; }
  static constexpr Kind kind_of(InstrumentId) noexcept { return Kind::instrument; }
  static constexpr Kind kind_of(CalendarId) noexcept { return Kind::calendar; }

  template <typename Call> static Result<Engine> opened(Call call) noexcept {
    rck_fault fault{};
    rck_engine *handle = nullptr;
    const rck_status status = call(&handle, &fault);
    return status == RCK_OK ? Result<Engine>(Engine(handle)) : Result<Engine>(status, fault);
  }
  Result<Port> port(std::uint32_t index, std::uint32_t mode) noexcept {
    rck_fault fault{};
    rck_port *handle = nullptr;
    const rck_status status = rck_port_open(handle_, index, mode, &handle, &fault);
    return status == RCK_OK ? Result<Port>(Port(handle, handle_, index)) : Result<Port>(status, fault);
  }
  template <typename Call, typename Struct> Result<void> given(Call call, const Struct &record) noexcept {
    rck_fault fault{};
    return {call(handle_, detail::raw(&record), &fault), fault};
  }
  template <typename Struct, typename Call, typename Id> Result<Struct> defined(Call call, Id id) const noexcept {
    Struct record;
    const rck_status status = call(handle_, id.get(), detail::raw(&record));
    return status == RCK_OK ? Result<Struct>(record) : Result<Struct>(status, {});
  }

  rck_engine *handle_ = nullptr;
};

} // namespace riskcheck

#endif
