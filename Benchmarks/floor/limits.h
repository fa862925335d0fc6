// Limits and definitions as a check reads them: one or two lines a scope, whole, of one generation. Two
// halves: checks read one while the next generation is written into the other.
#pragma once

#include "riskcheck.h"
#include "memory.h"
#include "value.h"
#include "window.h"
#include "word.h"

#include <array>
#include <cstdint>
#include <limits>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace desk_floor {

constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();

// One limit, for whoever has to say why. A level that is not armed is unlimited.
struct Bound {
  int64_t warn = unlimited, soft = unlimited, hard = unlimited;
  uint32_t limit_id = 0;
  std::array<uint8_t, 4> actions{};

  int64_t first() const { return warn < unlimited ? warn : soft < unlimited ? soft : hard; }

  // The severity of the highest level that `observed` is above.
  uint8_t severity(int64_t observed) const {
    return observed > hard   ? RCK_SEVERITY_HARD
           : observed > soft ? RCK_SEVERITY_SOFT
           : observed > warn ? RCK_SEVERITY_WARNING
                             : RCK_SEVERITY_NONE;
  }
  int64_t level(uint8_t severity) const {
    return severity == RCK_SEVERITY_HARD ? hard : severity == RCK_SEVERITY_SOFT ? soft : warn;
  }
};

constexpr uint32_t known = 0x80000000; // beside the flags of a definition: the id is defined

struct alignas(64) InstrumentLine {
  uint32_t flags = 0;
  uint8_t price_decimals = 0, collar_reference = 0, collar_aggressive_only = 0, reference = 0;
  Divisor lot, tick; // 24 bytes each
  int64_t quantity_first = unlimited;
  // The second line.
  int64_t price_low = 0, price_high = 0;
  Conversion conversion; // 32 bytes
  int64_t notional_first = unlimited;
  int64_t collar_first = unlimited; // basis points
  // The third, which only market orders need, and margins.
  std::array<uint32_t, RCK_MARGIN_CLASSES> margin_bps{};
  int64_t tick_size = 1, close = 0, set = 0;
  uint32_t slippage_bps = 0;
};
static_assert(sizeof(InstrumentLine) == 192);

struct alignas(64) AccountLine {
  uint32_t flags = 0, permissions = 0;
  uint8_t margin_class = 0, cash_set = 0, power_armed = 0;
  int64_t gross_first = unlimited;
  int64_t power_first = unlimited; // basis points of buying power
  int64_t count_first = unlimited;
  RateLimit rate;
};
static_assert(sizeof(AccountLine) == 64);

struct alignas(64) StrategyLine {
  uint32_t flags = 0, permissions = 0;
  RateLimit rate;
};
static_assert(sizeof(StrategyLine) == 64);

struct InstrumentBounds {
  Bound quantity, notional, collar;
};
struct AccountBounds {
  Bound gross, power, count, rate;
};
struct StrategyBounds {
  Bound rate;
};

struct Half {
  Half(uint64_t accounts, uint64_t strategies, uint64_t instruments)
      : account(accounts + 1), strategy(strategies + 1), instrument(instruments + 1), account_bounds(accounts + 1),
        strategy_bounds(strategies + 1), instrument_bounds(instruments + 1) {}

  Array<AccountLine> account;
  Array<StrategyLine> strategy;
  Array<InstrumentLine> instrument;
  Array<AccountBounds> account_bounds;
  Array<StrategyBounds> strategy_bounds;
  Array<InstrumentBounds> instrument_bounds;
};

// Makes every thread of the process pass a barrier, so that hot threads need none of their own.
inline void barrier_in_all_threads() {
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0)
    return;
  syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
  syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

// Which generation counts, and what a port says of the one that it works under.
class Generation {
public:
  uint64_t now() const { return look<true>(number_); }

  // A port notes a generation, then looks whether it still counts: from then on its half is not written.
  uint64_t enter(uint64_t &working) const {
    while (true) {
      uint64_t generation = look<true>(number_);
      put<true>(working, generation);
      compiler_barrier();
      if (look<true>(number_) == generation) [[likely]]
        return generation & 1;
    }
  }
  static void leave(uint64_t &working) { put<true>(working, uint64_t(0)); }

  // The number before the first publication is 2: 0 says that a port is outside.
  void publish() { put<true>(number_, number_ + 1); }

private:
  alignas(64) uint64_t number_ = 2;
};

} // namespace desk_floor
