// The long way: an attempt that something was found about. Says what, completely, and tells it in the port's
// ring if it is a refusal. Never runs for an order that is valid and below every level.
#pragma once

#include "validity.h"

namespace desk_floor {

struct Answer {
  rck_verdict verdict;
  bool rate_refused; // then the attempt does not count
};

// What is wrong with an order before any limit is asked.
struct Faults {
  Validity validity;     // P01
  int32_t valuation = 0; // it has no value
  bool priced = true;    // it has a price to compare
};

template <bool Shared>
void decide_state(Decision &decision, const Engine<Shared> &engine, const rck_order &order, const Half &half,
                  bool reduces) {
  struct Candidate {
    Scope scope;
    uint32_t state;
  };
  bool account_known = order.account <= engine.sizes.accounts && half.account[order.account].flags & known;
  bool strategy_known =
      order.strategy != 0 && order.strategy <= engine.sizes.strategies && half.strategy[order.strategy].flags & known;
  bool instrument_known =
      order.instrument <= engine.sizes.instruments && half.instrument[order.instrument].flags & known;
  const Candidate candidates[] = {
      {{RCK_SCOPE_GLOBAL, 0}, look<true>(engine.global_state)},
      {{RCK_SCOPE_ACCOUNT, order.account}, account_known ? look<true>(engine.account_states[order.account]) : 0},
      {{RCK_SCOPE_STRATEGY, order.strategy}, strategy_known ? look<true>(engine.strategy_states[order.strategy]) : 0},
      {{RCK_SCOPE_INSTRUMENT, order.instrument},
       instrument_known ? look<true>(engine.instrument_states[order.instrument]) : 0}};
  Candidate highest = candidates[0];
  for (const Candidate &candidate : candidates) {
    if (candidate.state > highest.state)
      highest = candidate;
  }
  constexpr int32_t status[] = {0, RCK_REJECT_REDUCE_ONLY, RCK_REJECT_CANCEL_ONLY, RCK_REJECT_HALTED};
  if (highest.state != RCK_STATE_ACTIVE && !(highest.state == RCK_STATE_REDUCE_ONLY && reduces))
    decision.refuse(status[highest.state], RCK_CONTROL_STATE, highest.scope, highest.state);
}

template <bool Shared>
void decide_collar(Decision &decision, const Engine<Shared> &engine, const rck_order &order,
                   const Attempt<Shared> &attempt) {
  const Half &half = engine.halves[attempt.half];
  const InstrumentLine &instrument = half.instrument[order.instrument];
  if (instrument.collar_reference == RCK_REFERENCE_NONE)
    return;
  Scope scope{RCK_SCOPE_INSTRUMENT, order.instrument};
  int64_t reference =
      reference_price(instrument.collar_reference, instrument, look<Shared>(engine.market[order.instrument].last));
  if (reference == 0)
    return decision.refuse(RCK_REJECT_COLLAR_LAST_MISSING - RCK_REFERENCE_LAST + instrument.collar_reference,
                           RCK_CONTROL_COLLAR, scope);
  int64_t deviation = attempt.price - reference;
  if (instrument.collar_aggressive_only && (attempt.buy ? deviation <= 0 : deviation >= 0))
    return;
  Wide scaled = Wide(magnitude(deviation)) * 10'000;
  Wide bps = (scaled + magnitude(reference) - 1) / magnitude(reference); // up: above a level if and only if it is
  decision.judge(half.instrument_bounds[order.instrument].collar, int64_t(bps),
                 deviation > 0 ? RCK_REJECT_COLLAR_ABOVE : RCK_REJECT_COLLAR_BELOW, RCK_CONTROL_COLLAR, scope);
}

template <bool Shared>
void decide_power(Decision &decision, const AccountLine &account, const Bound &bound, const InstrumentLine &instrument,
                  const Attempt<Shared> &attempt, Scope scope) {
  if (!account.power_armed)
    return;
  constexpr uint16_t control = RCK_CONTROL_BUYING_POWER;
  if (!account.cash_set)
    return decision.refuse(RCK_REJECT_CASH_MISSING, control, scope);
  if (instrument.margin_bps[account.margin_class] == 0)
    return decision.refuse(RCK_REJECT_MARGIN_MISSING, control, scope);
  int64_t power = attempt.book_next.power, margin = attempt.book_next.margin;
  auto above = [&](int64_t level) {
    return level < unlimited && margin != 0 && Signed(margin) * 10'000 > Signed(power) * level;
  };
  uint8_t severity = above(bound.hard)   ? RCK_SEVERITY_HARD
                     : above(bound.soft) ? RCK_SEVERITY_SOFT
                     : above(bound.warn) ? RCK_SEVERITY_WARNING
                                         : RCK_SEVERITY_NONE;
  if (severity == RCK_SEVERITY_NONE)
    return;
  Signed scaled = Signed(power) * bound.level(severity);
  int64_t limit = int64_t(scaled / 10'000 - (scaled < 0 && scaled % 10'000 != 0));
  decision.found(bound, severity, limit, margin, RCK_REJECT_BUYING_POWER, control, scope);
}

template <bool Shared>
void decide_rates(Decision &decision, const Engine<Shared> &engine, const rck_order &order,
                  const Attempt<Shared> &attempt) {
  const Half &half = engine.halves[attempt.half];
  auto judge = [&](int64_t count, const RateLimit &limit, Bound bound, Scope scope) {
    bound.hard = limit.hard;
    if (count != 0)
      decision.judge(bound, count, RCK_REJECT_RATE_NEW, RCK_CONTROL_RATE, scope);
  };
  if (order.account <= engine.sizes.accounts)
    judge(attempt.account_count, half.account[order.account].rate, half.account_bounds[order.account].rate,
          {RCK_SCOPE_ACCOUNT, order.account});
  if (order.strategy <= engine.sizes.strategies)
    judge(attempt.strategy_count, half.strategy[order.strategy].rate, half.strategy_bounds[order.strategy].rate,
          {RCK_SCOPE_STRATEGY, order.strategy});
}

template <bool Shared>
void decide_sums(Decision &decision, const Engine<Shared> &engine, const rck_order &order,
                 const Attempt<Shared> &attempt) {
  const Half &half = engine.halves[attempt.half];
  const AccountBounds &bounds = half.account_bounds[order.account];
  Scope account{RCK_SCOPE_ACCOUNT, order.account};
  const Position &next = attempt.position_next;
  Scope pair{RCK_SCOPE_ACCOUNT_INSTRUMENT, position_key(order.account, order.instrument)};
  bool asked = !reducing(attempt);
  if (next.open_buys > amount_max || next.open_sells > amount_max)
    decision.refuse(RCK_REJECT_POSITION_OVERFLOW, RCK_CONTROL_POSITION, pair);
  else if (asked && attempt.row != PositionIndex<Shared>::none)
    decision.judge(engine.position_bounds[attempt.half][attempt.row].side[!attempt.buy], attempt.position_amount,
                   attempt.buy ? RCK_REJECT_POSITION_LONG : RCK_REJECT_POSITION_SHORT, RCK_CONTROL_POSITION, pair);
  const Book &book = attempt.book_next;
  bool beyond = next.buys > amount_max || next.sells > amount_max || book.gross > amount_max ||
                book.margin > amount_max || book.orders_value > amount_max;
  if (beyond)
    decision.refuse(RCK_REJECT_EXPOSURE_OVERFLOW, RCK_CONTROL_EXPOSURE, account);
  else if (asked)
    decision.judge(bounds.gross, book.gross, RCK_REJECT_EXPOSURE_GROSS, RCK_CONTROL_EXPOSURE, account);
  if (asked)
    decide_power(decision, half.account[order.account], bounds.power, half.instrument[order.instrument], attempt,
                 account);
}

// Everything that there is to say of an attempt, in the order in which it is shown.
template <bool Shared>
[[gnu::noinline]] Answer decide(const Engine<Shared> &engine, const rck_order &order, const Attempt<Shared> &attempt,
                                Faults faults) {
  const Half &half = engine.halves[attempt.half];
  Decision decision;
  bool valued = !faults.validity.stops && faults.valuation == 0;
  decide_state(decision, engine, order, half, valued && reducing(attempt));
  if (faults.validity.first != 0)
    decision.refuse(faults.validity.first, RCK_CONTROL_VALIDITY);
  if (faults.valuation == RCK_REJECT_ORDER_OVERFLOW)
    decision.refuse(faults.valuation, RCK_CONTROL_VALIDITY);
  if (!faults.validity.stops) {
    const InstrumentBounds &bounds = half.instrument_bounds[order.instrument];
    Scope instrument{RCK_SCOPE_INSTRUMENT, order.instrument};
    bool own = half.account[order.account].permissions & RCK_PERMIT_SHORT;
    bool both = own && (half.strategy[order.strategy].permissions & RCK_PERMIT_SHORT);
    if (!both && !attempt.buy && !reducing(attempt)) {
      decision.refuse(own ? RCK_REJECT_STRATEGY_PERMISSION : RCK_REJECT_ACCOUNT_PERMISSION, RCK_CONTROL_VALIDITY);
    }
    decision.judge(bounds.quantity, order.quantity, RCK_REJECT_ORDER_QUANTITY, RCK_CONTROL_ORDER_QUANTITY, instrument);
    if (faults.valuation != 0 && faults.valuation != RCK_REJECT_ORDER_OVERFLOW)
      decision.refuse(faults.valuation, RCK_CONTROL_ORDER_NOTIONAL, instrument);
    if (valued)
      decision.judge(bounds.notional, attempt.value, RCK_REJECT_ORDER_NOTIONAL, RCK_CONTROL_ORDER_NOTIONAL, instrument);
    if (faults.priced)
      decide_collar(decision, engine, order, attempt);
    if (valued)
      decide_sums(decision, engine, order, attempt);
  }
  decide_rates(decision, engine, order, attempt);
  bool rate = (decision.finished(false).failed & bit_of(RCK_CONTROL_RATE)) != 0;
  if (valued)
    decision.judge(half.account_bounds[order.account].count, attempt.book_next.orders, RCK_REJECT_WORKING_COUNT,
                   RCK_CONTROL_WORKING, {RCK_SCOPE_ACCOUNT, order.account});
  return {decision.finished(order.flags & RCK_ORDER_FIRST_REFUSAL), rate};
}

// An event for every refusal, and the status that the call returns.
template <bool Shared>
[[gnu::noinline]] rck_status refuse(Port<Shared> &port, const rck_order &order, int64_t time_ns,
                                    const rck_verdict &said, rck_verdict &verdict) {
  verdict = said;
  rck_event event{};
  event.time_ns = time_ns;
  event.correlation_id = order.correlation_id;
  event.kind = RCK_EVENT_REFUSED;
  event.lines = 1;
  event.severity = said.severity;
  event.port = port.number;
  event.control = said.control;
  event.subject = order.order_id;
  event.values[0] = said.status;
  event.values[1] = int64_t(position_key(order.instrument, order.account));
  port.ring.write(event);
  return said.status;
}

} // namespace desk_floor
