#include "reversion.hpp"

namespace trading {

namespace {

constexpr i64 memory_ticks = 256;
constexpr u64 patience_ticks = 1'500;
constexpr u32 each_side_max = 6;

} // namespace

void Reversion::decide(u32 instrument) {
  Row &row = rows[instrument];
  Mean &mean = means[instrument];
  const i64 middle = (row.last.bid + row.last.ask) * scale;
  if (mean.count++ == 0)
    mean.value = middle;
  const i64 away = middle - mean.value;
  mean.value += away / memory_ticks;
  mean.deviation += ((away < 0 ? -away : away) - mean.deviation) / memory_ticks;
  if (mean.count < learning_ticks)
    return;
  tend(instrument, away, mean.deviation);
  const Side side = away > 0 ? Side::sell : Side::buy;
  const i64 far = away < 0 ? -away : away, step = product(instrument).tick;
  const i64 touch = side == Side::buy ? row.last.bid : row.last.ask;
  const bool wanted = 2 * far > std::max(mean.deviation, step * scale);
  if (wanted && row.working[index(side)] < each_side_max && row.ticks % 4 == 0) {
    const i64 conviction = std::clamp<i64>(2 * far / std::max<i64>(mean.deviation, 1), 2, 8);
    const i64 behind = row.working[index(side)] * step; // one after the other, each for a better price
    const i64 price = side == Side::buy ? touch - behind : touch + behind;
    if (!has_at(instrument, side, price))
      enter(instrument, side, price, product(instrument).clip * conviction / 8, Type::limit, Force::day);
  }
  // Back at the mean: what it has is given back, also at the best price of its side.
  const Side out = row.net > 0 ? Side::sell : Side::buy;
  if (!wanted && row.net != 0 && row.working[index(out)] == 0 && row.ticks % 4 == 0)
    enter(instrument, out, out == Side::buy ? row.last.bid : row.last.ask, row.net < 0 ? -row.net : row.net,
          Type::limit, Force::day);
}

/// What it has working: cancelled when the reason is gone or patience ends, moved along with the market otherwise.
void Reversion::tend(u32 instrument, i64 away, i64 deviation) {
  const Row &row = rows[instrument];
  if (row.working[0] + row.working[1] == 0 || row.ticks % 4 != 0)
    return;
  orders.each([&](u64 order_id, Working &order) {
    if (order.terms.instrument != instrument || order.cancelling || order.amending || order.leaves() <= 0)
      return;
    const bool buys = order.terms.side == Side::buy, opens = buys == (row.net >= 0);
    const bool regretted = opens && (buys ? away > -deviation / 2 : away < deviation / 2);
    if (regretted || row.ticks - order.since > patience_ticks)
      return cancel(order_id, order);
    const i64 touch = buys ? row.last.bid : row.last.ask;
    const i64 off = buys ? touch - order.terms.price : order.terms.price - touch;
    if (off > 2 * product(instrument).tick) // left behind
      amend(order_id, order, touch, order.terms.quantity);
  });
}

} // namespace trading
