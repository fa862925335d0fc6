// Everything that takes part in a run, in one place: housekeeping looks at it meanwhile, the report when it is over.
#pragma once

#include "floor.hpp"
#include "gateway.hpp"
#include "momentum.hpp"
#include "options.hpp"
#include "reversion.hpp"

namespace trading {

struct Run {
  const Market &market;
  rck::Engine &engine;
  const Gateway &gateway;
  const FeedCounts &feed;
  std::array<const Trader *, strategies> traders;
  const Venue &venue; // its own thread's until that has ended

  i64 check_ns(double share) const {
    return Histogram::percentile<strategies>({&traders[0]->checks(), &traders[1]->checks()}, share);
  }
  i64 round_trip_ns(double share) const { return Histogram::percentile<1>({&gateway.round_trips()}, share); }
  u32 instruments() const { return static_cast<u32>(market.products().size()) - 1; }
};

} // namespace trading
