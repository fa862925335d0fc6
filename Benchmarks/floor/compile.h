// Publication: definitions and limits are compiled into the half that no check works under.
#pragma once

#include "engine.h"

#include <thread>

namespace desk_floor {

inline Bound bound_of(const rck_limit &limit) {
  Bound bound;
  if (limit.levels & RCK_LEVEL_WARN)
    bound.warn = limit.warn;
  if (limit.levels & RCK_LEVEL_SOFT)
    bound.soft = limit.soft;
  if (limit.levels & RCK_LEVEL_HARD)
    bound.hard = limit.hard;
  bound.limit_id = limit.limit_id;
  for (size_t i = 0; i < bound.actions.size(); i++)
    bound.actions[i] = limit.actions[i];
  return bound;
}

template <bool Shared> void Engine<Shared>::publish() {
  uint64_t now = generation.now();
  barrier_in_all_threads(); // who entered the generation before has said so by now
  for (auto &port : ports) {
    while (look<true>(port->working) == now - 1)
      std::this_thread::yield();
  }
  compile((now + 1) & 1);
  generation.publish();
}

template <bool Shared> void Engine<Shared>::compile(uint64_t half) {
  Half &lines = halves[half];
  for (uint64_t i = 0; i <= sizes.accounts; i++)
    lines.account[i] = AccountLine{}, lines.account_bounds[i] = AccountBounds{};
  for (uint64_t i = 0; i <= sizes.strategies; i++)
    lines.strategy[i] = StrategyLine{}, lines.strategy_bounds[i] = StrategyBounds{};
  for (uint64_t i = 0; i <= sizes.instruments; i++)
    lines.instrument[i] = InstrumentLine{}, lines.instrument_bounds[i] = InstrumentBounds{};
  lines.strategy[0].flags = known | RCK_ENABLED; // no strategy: nothing of its own
  lines.strategy[0].permissions = RCK_PERMIT_ALL;
  for (const auto &account : accounts) {
    AccountLine &line = lines.account[account.id];
    line.flags = account.flags | known;
    line.permissions = account.permissions;
    line.margin_class = uint8_t(account.margin_class);
  }
  for (uint32_t account : cash_set)
    lines.account[account].cash_set = 1;
  for (const auto &strategy : strategies) {
    lines.strategy[strategy.id].flags = strategy.flags | known;
    lines.strategy[strategy.id].permissions = strategy.permissions;
  }
  for (const auto &instrument : instruments)
    compile_instrument(lines.instrument[instrument.id], instrument);
  for (const auto &limit : limits)
    compile_limit(half, limit);
}

template <bool Shared>
void Engine<Shared>::compile_instrument(InstrumentLine &line, const rck_instrument &instrument) const {
  line.flags = instrument.flags | known;
  line.reference = uint8_t(instrument.reference);
  line.lot.begin(uint64_t(instrument.lot));
  line.tick.begin(uint64_t(instrument.tick));
  line.tick_size = instrument.tick;
  bool negative = instrument.flags & RCK_PRICE_NEGATIVE;
  bool bounded = instrument.price_min != 0 || instrument.price_max != 0;
  line.price_low = bounded ? instrument.price_min : -input_max;
  line.price_high = bounded ? instrument.price_max : input_max;
  if (!negative && line.price_low < 1)
    line.price_low = 1;
  for (size_t i = 0; i < line.margin_bps.size(); i++)
    line.margin_bps[i] = instrument.margin_bps[i];
  line.close = instrument.previous_close;
  line.set = instrument.reference_price;
  line.slippage_bps = instrument.slippage_bps;

  for (const auto &currency : currencies) {
    if (currency.id != instrument.currency)
      continue;
    uint64_t factor = uint64_t(instrument.multiplier) * uint64_t(currency.rate), divisor = 1;
    int64_t exponent = int64_t(instrument.price_decimals) + instrument.quantity_decimals +
                       instrument.multiplier_decimals + currency.rate_decimals - int64_t(sizes.money_decimals);
    for (; exponent < 0; exponent++)
      factor *= 10;
    for (; exponent > 0 && factor % 10 == 0; exponent--)
      factor /= 10;
    for (; exponent > 0; exponent--)
      divisor *= 10;
    line.conversion.begin(factor, divisor);
  }
}

template <bool Shared> RateLimit Engine<Shared>::rate_of(const Bound &bound, int64_t window_ns) const {
  // Without a hard level the window's capacity bounds what it can count.
  int64_t most = int64_t(sizes.rate_most);
  return {bound.first() < most ? bound.first() : most, bound.hard < most ? bound.hard : most, window_ns};
}

// The desk's limits, one a control and scope, and for positions one a side.
template <bool Shared> void Engine<Shared>::compile_limit(uint64_t half, const rck_limit &limit) {
  Half &lines = halves[half];
  Bound bound = bound_of(limit);
  if (limit.scope_kind == RCK_SCOPE_INSTRUMENT) {
    InstrumentLine &line = lines.instrument[limit.id];
    InstrumentBounds &bounds = lines.instrument_bounds[limit.id];
    if (limit.control == RCK_CONTROL_ORDER_QUANTITY) {
      line.quantity_first = bound.first(), bounds.quantity = bound;
    } else if (limit.control == RCK_CONTROL_ORDER_NOTIONAL) {
      line.notional_first = bound.first(), bounds.notional = bound;
    } else if (limit.control == RCK_CONTROL_COLLAR) {
      line.collar_first = bound.first(), bounds.collar = bound;
      line.collar_reference = uint8_t(limit.reference);
      line.collar_aggressive_only = (limit.flags & RCK_AGGRESSIVE_ONLY) != 0;
    }
  } else if (limit.scope_kind == RCK_SCOPE_ACCOUNT) {
    AccountLine &line = lines.account[limit.id];
    AccountBounds &bounds = lines.account_bounds[limit.id];
    if (limit.control == RCK_CONTROL_EXPOSURE) {
      line.gross_first = bound.first(), bounds.gross = bound;
    } else if (limit.control == RCK_CONTROL_BUYING_POWER) {
      line.power_first = bound.first(), line.power_armed = 1, bounds.power = bound;
    } else if (limit.control == RCK_CONTROL_WORKING) {
      line.count_first = bound.first(), bounds.count = bound;
    } else if (limit.control == RCK_CONTROL_RATE) {
      line.rate = rate_of(bound, limit.window_ns), bounds.rate = bound;
    }
  } else if (limit.scope_kind == RCK_SCOPE_STRATEGY && limit.control == RCK_CONTROL_RATE) {
    lines.strategy[limit.id].rate = rate_of(bound, limit.window_ns);
    lines.strategy_bounds[limit.id].rate = bound;
  } else if (limit.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT && limit.control == RCK_CONTROL_POSITION) {
    uint64_t row = position_row(limit.id, limit.instrument);
    for (uint32_t side = 0; side < 2; side++) {
      if (limit.side != 0 && limit.side != side + 1)
        continue;
      positions.head(row).first[half * 2 + side] = bound.first();
      position_bounds[half][row].side[side] = bound;
    }
  }
}

} // namespace desk_floor
