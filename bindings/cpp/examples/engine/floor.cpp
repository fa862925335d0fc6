#include "floor.hpp"

#include <algorithm>

namespace trading {

namespace {

/// The engine first: nobody decides on a price that the checks do not know.
void tell(rck::Port &port, const Tick &tick) {
  must(port.quote({.instrument = rck::InstrumentId(tick.instrument),
                   .bid = rck::Price(tick.bid),
                   .ask = rck::Price(tick.ask),
                   .bid_size = rck::Quantity(tick.bid_size),
                   .ask_size = rck::Quantity(tick.ask_size)}),
       "quote");
  if (tick.quantity > 0)
    must(port.trade({.instrument = rck::InstrumentId(tick.instrument),
                     .price = rck::Price(tick.price),
                     .quantity = rck::Quantity(tick.quantity)}),
         "trade");
}

} // namespace

void run_feed(Market &market, rck::Port &port, i64 run_ns, Rings &rings, Prices &prices, const Stages &stages,
              FeedCounts &counted) {
  constexpr i64 look_ns = 1'000'000; // how long it sleeps at most before it looks whether all is over
  const i64 began_ns = monotonic_ns();
  Tick tick;
  bool more = market.next(tick);
  while (!stages.drained.load(std::memory_order_acquire)) {
    const i64 now_ns = monotonic_ns() - began_ns;
    const i64 due_ns = more ? market.due_ns(tick.number, run_ns) : now_ns + look_ns;
    if (due_ns > now_ns) {
      std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(due_ns - now_ns, look_ns)));
      continue;
    }
    tell(port, tick);
    if (tick.quantity > 0)
      prices[tick.instrument].store(tick.price, std::memory_order_relaxed);
    counted.ticks.add();
    counted.dropped.add(!rings.ticks_of_venue.push(tick));
    for (u32 strategy = 1; strategy <= strategies; strategy++)
      counted.dropped.add(!rings.ticks[strategy].push(tick));
    more = market.next(tick);
  }
}

void run_venue(Venue &venue, Rings &rings, const Stages &stages) {
  Idle idle;
  Tick tick;
  Request request;
  Report report;
  while (!stages.drained.load(std::memory_order_acquire)) {
    bool worked = false;
    const i64 now_ns = monotonic_ns();
    for (int most = 64; most > 0 && venue.ready() && rings.ticks_of_venue.pop(tick); most--, worked = true)
      venue.market(tick, now_ns);
    for (int most = 64; most > 0 && venue.ready() && rings.requests.pop(request); most--, worked = true)
      venue.receive(request, now_ns);
    venue.advance(now_ns);
    while (rings.reports.room() && venue.take(report, now_ns)) {
      rings.reports.push(report);
      worked = true;
    }
    if (!worked)
      idle.wait();
  }
}

} // namespace trading
