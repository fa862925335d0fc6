// An idea: what has gone far from its mean comes back. It waits at the best price of its side, follows that with
// amends, and cancels what is no longer wanted.
#pragma once

#include "trader.hpp"

namespace trading {

class Reversion final : public Trader {
public:
  using Trader::Trader;

private:
  /// Of twice the middle, in 256ths of a price unit: halves of small steps are not lost.
  struct Mean {
    i64 value = 0, deviation = 0;
    u64 count = 0;
  };

  void decide(u32 instrument) override;
  void tend(u32 instrument, i64 away, i64 deviation);

  std::array<Mean, instruments_max + 1> means;
};

} // namespace trading
