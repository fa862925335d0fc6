// scope.hpp: what a limit, a latch or a question is about. of(AccountId(1)) is an account, of(AccountId(1),
// InstrumentId(2)) what it does in one instrument; a group says what it is a group of.
#ifndef RISKCHECK_SCOPE_HPP
#define RISKCHECK_SCOPE_HPP

#include <riskcheck/enums.hpp>
#include <riskcheck/numbers.hpp>

namespace riskcheck {

struct Scope {
  Coded<ScopeKind, std::uint32_t> kind{};
  std::uint32_t id = 0;
};

// A scope of one or of two ids; of a metric's limit the second is the metric.
struct PairScope {
  Coded<ScopeKind, std::uint32_t> kind{};
  std::uint32_t id = 0;
  std::uint32_t second = 0;

  constexpr PairScope() noexcept = default;
  constexpr PairScope(ScopeKind of, std::uint32_t first, std::uint32_t other) noexcept
      : kind(of), id(first), second(other) {}
  constexpr PairScope(Scope scope) noexcept : kind(scope.kind), id(scope.id) {}
  constexpr PairScope(Scope scope, MetricId metric) noexcept : kind(scope.kind), id(scope.id), second(metric.get()) {}
};

inline constexpr Scope everything{ScopeKind::global, 0};

constexpr Scope of(AccountId id) noexcept { return {ScopeKind::account, id.get()}; }
constexpr Scope of(StrategyId id) noexcept { return {ScopeKind::strategy, id.get()}; }
constexpr Scope of(InstrumentId id) noexcept { return {ScopeKind::instrument, id.get()}; }
constexpr Scope of_accounts(GroupId id) noexcept { return {ScopeKind::account_group, id.get()}; }
constexpr Scope of_strategies(GroupId id) noexcept { return {ScopeKind::strategy_group, id.get()}; }
constexpr Scope of_instruments(GroupId id) noexcept { return {ScopeKind::instrument_group, id.get()}; }

constexpr PairScope of(AccountId account, InstrumentId instrument) noexcept {
  return {ScopeKind::account_instrument, account.get(), instrument.get()};
}
constexpr PairScope of(StrategyId strategy, InstrumentId instrument) noexcept {
  return {ScopeKind::strategy_instrument, strategy.get(), instrument.get()};
}
constexpr PairScope of_accounts(GroupId accounts, InstrumentId instrument) noexcept {
  return {ScopeKind::account_group_instrument, accounts.get(), instrument.get()};
}
constexpr PairScope of(AccountId account, GroupId instruments) noexcept {
  return {ScopeKind::account_instrument_group, account.get(), instruments.get()};
}

} // namespace riskcheck

#endif
