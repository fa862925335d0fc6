// What orders did before: which passed when, and which of one pattern were filled lately.
#pragma once

#include "numbers.h"
#include "riskcheck.h"

#include <deque>
#include <map>
#include <tuple>
#include <unordered_map>

namespace bench::plain {

// What makes two orders equal: account, instrument, side, price, stop price, quantity.
using Likeness = std::tuple<uint32_t, uint32_t, uint8_t, int64_t, int64_t, int64_t>;

inline Likeness likeness_of(const rck_order &order) {
  return {order.account, order.instrument, order.side, order.price, order.stop_price, order.quantity};
}

// What makes two filled orders one pattern: strategy, instrument, side, quantity, of one account.
using Pattern = std::tuple<uint32_t, uint32_t, uint8_t, int64_t>;

struct FilledOrder {
  Pattern pattern;
  int64_t time_ns;
};

struct Past {
  std::map<Likeness, int64_t> passed;                           // when the last one like it passed
  std::unordered_map<uint32_t, std::deque<FilledOrder>> filled; // by account, the first fill of each order

  // The last order_history_max of an account are remembered.
  void fill(const rck_order &order, int64_t time_ns) {
    constexpr size_t history_max = 64;
    std::deque<FilledOrder> &orders = filled[order.account];
    orders.push_back({pattern_of(order), time_ns});
    if (orders.size() > history_max)
      orders.pop_front();
  }

  int64_t filled_like(const rck_order &order, int64_t time_ns, int64_t window_ns) const {
    auto found = filled.find(order.account);
    int64_t count = 0;
    if (found != filled.end())
      for (const FilledOrder &one : found->second)
        count += one.pattern == pattern_of(order) && time_ns - one.time_ns < window_ns;
    return count;
  }

private:
  static Pattern pattern_of(const rck_order &order) {
    return {order.strategy, order.instrument, order.side, order.quantity};
  }
};

} // namespace bench::plain
