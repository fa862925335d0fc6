// The two threads outside the engine: the feed of market data, and the venue with what stands between it and its rings.
#pragma once

#include "market.hpp"
#include "shared.hpp"
#include "venue.hpp"

namespace trading {

struct FeedCounts {
  Counter ticks;
  Counter dropped; // found no room in a ring: whoever reads it sees the next one instead
};

/// Tells the engine each tick and then all that trade on it, when it is due, until the venue has said all.
void run_feed(Market &market, rck::Port &port, i64 run_ns, Rings &rings, Prices &prices, const Stages &stages,
              FeedCounts &counted);

/// Carries requests to the venue and reports back, until the venue has said all.
void run_venue(Venue &venue, Rings &rings, const Stages &stages);

} // namespace trading
