// All position rows and all sums, and what one step of an order's rows makes of them.
#pragma once

#include "limits.h"
#include "sums.h"

namespace bench::plain {

// What an order does: to its account's row, to its strategy's, to how many orders live and what they reserve.
struct Move {
  Step account, strategy;
  Wide orders = 0, orders_value = 0;
};

class Books {
public:
  PositionRow account_row(uint32_t account, uint32_t instrument) const {
    return row({RCK_SCOPE_ACCOUNT_INSTRUMENT, account, instrument});
  }
  PositionRow strategy_row(uint32_t strategy, uint32_t instrument) const {
    return row({RCK_SCOPE_STRATEGY_INSTRUMENT, strategy, instrument});
  }

  Sums sums_after(const Scope &scope, const Move &move) const {
    auto kept = sums_.find(scope.key());
    Sums sums = kept != sums_.end() ? kept->second : Sums{};
    sums.add(of_strategies(scope) ? move.strategy.change : move.account.change);
    sums.orders += move.orders;
    sums.orders_value += move.orders_value;
    return sums;
  }

  // Every row and all sums that the order's scopes name.
  void apply(const std::vector<Scope> &scopes, const Move &move) {
    for (const Scope &scope : scopes) {
      if (scope.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT)
        rows_[scope.key()] = move.account.to;
      else if (scope.kind == RCK_SCOPE_STRATEGY_INSTRUMENT)
        rows_[scope.key()] = move.strategy.to;
      else if (scope.kind != RCK_SCOPE_INSTRUMENT && scope.kind != RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT)
        sums_[scope.key()] = sums_after(scope, move);
    }
  }

private:
  static bool of_strategies(const Scope &scope) {
    return scope.kind == RCK_SCOPE_STRATEGY || scope.kind == RCK_SCOPE_STRATEGY_GROUP;
  }
  PositionRow row(const Scope &scope) const {
    auto found = rows_.find(scope.key());
    return found != rows_.end() ? found->second : PositionRow{};
  }

  std::unordered_map<uint64_t, PositionRow> rows_;
  std::unordered_map<uint64_t, Sums> sums_;
};

} // namespace bench::plain
