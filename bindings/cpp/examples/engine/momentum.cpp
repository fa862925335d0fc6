#include "momentum.hpp"

namespace trading {

namespace {

constexpr i64 fast_ticks = 16, slow_ticks = 128;
constexpr u64 between_ticks = 12, between_ticks_in_a_rush = 2;
constexpr i64 rush = 5; // from this strength on the price matters less than being in

} // namespace

void Momentum::decide(u32 instrument) {
  Row &row = rows[instrument];
  Trend &trend = trends[instrument];
  const i64 middle = (row.last.bid + row.last.ask) * scale;
  if (trend.count++ == 0)
    trend.fast = trend.slow = middle;
  trend.fast += (middle - trend.fast) / fast_ticks;
  trend.slow += (middle - trend.slow) / slow_ticks;
  const i64 gap = trend.fast - trend.slow, size = gap < 0 ? -gap : gap;
  trend.noise += (size - trend.noise) / slow_ticks;
  if (trend.count < learning_ticks || row.ticks < trend.next)
    return;
  const i64 strength = size / std::max(trend.noise, product(instrument).tick * scale / 2);
  const Side side = gap > 0 ? Side::buy : Side::sell;
  if (strength < 2) {
    if (row.net != 0 && strength < 1)
      leave(instrument);
    return;
  }
  const i64 paid = (strength + 1) * product(instrument).tick;
  const i64 price = side == Side::buy ? row.last.ask + paid : row.last.bid - paid;
  const i64 wanted = product(instrument).clip * strength;
  trend.next = row.ticks + (strength >= rush ? between_ticks_in_a_rush : between_ticks);
  if (strength >= rush)
    enter(instrument, side, 0, wanted, Type::market, Force::immediate, Size::as_wanted);
  else if (strength == 2) // a weak one only for all that it wants
    enter(instrument, side, price, wanted, Type::limit, Force::fill_or_kill);
  else
    enter(instrument, side, price, wanted, Type::limit, Force::immediate);
}

void Momentum::leave(u32 instrument) {
  Row &row = rows[instrument];
  const Side side = row.net > 0 ? Side::sell : Side::buy;
  if (row.working[index(side)] != 0)
    return;
  const i64 price = side == Side::buy ? row.last.ask : row.last.bid;
  trends[instrument].next = row.ticks + between_ticks;
  enter(instrument, side, price, row.net < 0 ? -row.net : row.net, Type::limit, Force::immediate);
}

} // namespace trading
