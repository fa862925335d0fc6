// An order that is kept: its terms, those of an amend in flight, what of it is executed, and so what it holds.
#pragma once

#include "numbers.h"
#include "riskcheck.h"

#include <algorithm>
#include <optional>

namespace bench::plain {

// What an order holds of its side's quantity and value.
struct Held {
  Wide quantity = 0, value = 0;
};

// The larger of each.
inline Held larger(const Held &a, const Held &b) {
  return {std::max(a.quantity, b.quantity), std::max(a.value, b.value)};
}

// What an order asks for, and the price that it is valued at.
struct Terms {
  rck_order order{};
  Wide price = 0;
};

struct Kept {
  Terms terms;
  std::optional<Terms> amended;
  Wide cumulative = 0;
  bool live = true;

  Wide leaves(const Terms &of) const { return live ? std::max(of.order.quantity - cumulative, Wide(0)) : 0; }
};

} // namespace bench::plain
