// The market that is made up.
#include "market.hpp"
#include "random.hpp"

#include <algorithm>

namespace trading {

namespace {

constexpr i64 tick_interval_ns = 50'000; // 20,000 ticks a second, as a busy feed of a few instruments has
constexpr u64 burst_one_in = 6'000;
constexpr i64 burst_ticks_min = 100, burst_ticks_max = 400;

/// Where an instrument is in its walk.
struct Walk {
  i64 price = 0, spread = 1; // in steps of the instrument
  i64 anchor = 0;            // to which a calm market comes back
  i64 burst = 0;             // ticks that are left of one
  i64 drift = 0;             // of the burst: up or down
};

class SeededMarket : public Market {
public:
  explicit SeededMarket(u64 seed) : random(seed), seed(seed) {
    known.push_back({"ACME", 1, 2, 0, 1, 1, 10'000, 500, 2'500, 6});
    known.push_back({"MESZ6", 1, 2, 0, 5, 25, 500'000, 2, 1'000, 3});
    known.push_back({"NORD", 2, 2, 0, 1, 1, 4'250, 1'000, 2'500, 15});
    for (const Product &product : known)
      walks.push_back(walk_of(product));
  }

  bool next(Tick &tick) override {
    const u32 instrument = static_cast<u32>(random.between(1, static_cast<i64>(known.size()) - 1));
    const Product &product = known[instrument];
    Walk &walk = walks[instrument];
    const i64 moved = step(walk, product.price / product.tick);
    tick = {};
    tick.instrument = instrument;
    tick.bid = walk.price * product.tick;
    tick.ask = tick.bid + walk.spread * product.tick;
    tick.bid_size = product.clip * random.between(2, 12) / 2;
    tick.ask_size = product.clip * random.between(2, 12) / 2;
    tick.aggressor = moved > 0 || (moved == 0 && random.one_in(2)) ? Side::buy : Side::sell;
    tick.price = tick.aggressor == Side::buy ? tick.ask : tick.bid;
    tick.quantity = random.one_in(2) ? std::max<i64>(product.clip * random.between(1, 6) / 4, 1) : 0;
    tick.number = ++number;
    return true;
  }

  i64 due_ns(u64 at, i64) const override { return static_cast<i64>(at) * tick_interval_ns; }

  std::string origin() const override { return "made up from seed " + std::to_string(seed); }

private:
  static Walk walk_of(const Product &product) {
    Walk walk;
    walk.price = walk.anchor = product.price / std::max<i64>(product.tick, 1);
    return walk;
  }

  /// Moves the price, and says by how much; within a tenth of where it began, `home`.
  i64 step(Walk &walk, i64 home) {
    if (walk.burst == 0 && random.one_in(burst_one_in)) {
      walk.burst = random.between(burst_ticks_min, burst_ticks_max);
      walk.drift = random.one_in(2) ? 1 : -1;
    }
    i64 moved = 0;
    if (walk.burst > 0) {
      walk.burst--;
      moved = random.one_in(4) ? random.between(-2, 2) + walk.drift * random.between(0, 2) : 0;
      walk.spread = random.between(1, 4);
    } else {
      moved = random.one_in(4) ? random.between(-1, 1) : 0;
      if (random.one_in(24))
        moved += walk.anchor > walk.price ? 1 : walk.anchor < walk.price ? -1 : 0;
      walk.spread = random.one_in(4) ? 2 : 1;
    }
    const i64 reach = home / 10;
    if (walk.price + moved > home + reach || walk.price + moved < home - reach)
      walk.drift = moved = -moved;
    walk.price += moved;
    if (walk.burst > 0) // where a burst ends the market stays
      walk.anchor = walk.price;
    return moved;
  }

  Random random;
  u64 seed, number = 0;
  std::vector<Walk> walks;
};

} // namespace

std::unique_ptr<Market> market_of_seed(u64 seed) { return std::make_unique<SeededMarket>(seed); }

} // namespace trading
