// Position rows and the sums over them, as the semantics name them: L and S, ML and MS, X, margin.
#pragma once

#include "numbers.h"
#include "../profile.h"

namespace bench::plain {

struct PositionRow {
  Wide net = 0, open_buys = 0, open_sells = 0; // quantities
  Wide booked = 0, buys = 0, sells = 0;        // money
  Wide realised = 0;
  uint32_t margin_bps = 0;

  Wide long_quantity() const { return net + open_buys; }   // L
  Wide short_quantity() const { return open_sells - net; } // S
  Wide long_value() const { return booked + buys; }        // ML
  Wide short_value() const { return sells - booked; }      // MS
  Wide exposure() const {                                  // X
    return std::max(long_value(), Wide(0)) + std::max(short_value(), Wide(0));
  }
  Wide margin() const { return ceiling_divide(exposure() * margin_bps, 10'000); }

  void reserve(bool buy, Wide quantity, Wide value) {
    (buy ? open_buys : open_sells) += quantity;
    (buy ? buys : sells) += value;
  }

  // What is executed leaves or extends the position. What reduces takes its share of the booked value, rounded
  // toward zero, and all of it when the position closes; `beyond` is the value of what crosses zero.
  void execute(bool buy, Wide quantity, Wide value, Wide beyond) {
    Wide direction = buy ? 1 : -1;
    if (net == 0 || (net > 0) == buy) {
      booked += direction * value;
    } else {
      Wide closing = quantity < magnitude(net) ? booked * quantity / magnitude(net) : booked;
      realised -= closing + direction * (value - beyond);
      booked += direction * beyond - closing;
    }
    net += direction * quantity;
  }
};

// Over the rows of an account, a strategy, a group, the engine.
struct Sums {
  Wide gross = 0, net_long = 0, net_short = 0, margin = 0, orders = 0, orders_value = 0;
  Wide realised = 0, peak = 0, open_positions = 0; // the peak is the highest that was realised, 0 at least

  void add(const Sums &change) {
    gross += change.gross;
    net_long += change.net_long;
    net_short += change.net_short;
    margin += change.margin;
    realised += change.realised;
    peak = std::max(peak, realised);
    open_positions += change.open_positions;
  }

  bool too_large() const {
    return std::max({magnitude(gross), magnitude(net_long), magnitude(net_short), margin, orders_value}) > kept_max;
  }
};

// One row before and after: what the sums that it is part of move by.
struct Step {
  PositionRow to;
  Sums change;

  Step() = default;
  Step(const PositionRow &from, const PositionRow &next) : to(next) {
    change.gross = to.exposure() - from.exposure();
    change.net_long = to.long_value() - from.long_value();
    change.net_short = to.short_value() - from.short_value();
    change.margin = to.margin() - from.margin();
    change.realised = to.realised - from.realised;
    change.open_positions = int(to.net != 0) - int(from.net != 0);
  }
};

} // namespace bench::plain
