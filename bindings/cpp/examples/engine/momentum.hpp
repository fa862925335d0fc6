// An idea: what has begun to move goes on. It takes what the market offers, pays for speed, and leaves when the move
// tires.
#pragma once

#include "trader.hpp"

namespace trading {

class Momentum final : public Trader {
public:
  using Trader::Trader;

private:
  struct Trend {
    i64 fast = 0, slow = 0, noise = 0;
    u64 count = 0, next = 0; // next: the tick from which it may take again
  };

  void decide(u32 instrument) override;
  void leave(u32 instrument);

  std::array<Trend, instruments_max + 1> trends;
};

} // namespace trading
