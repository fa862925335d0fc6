// What happens to a check rarely: an order that is not plain, an id that is known, a row that somebody moved
// first, a latch that was set meanwhile. Kept out of the way of the usual order.
#pragma once

#include "check.h"
#include "release.h"

namespace desk_floor {

template <bool Shared> [[gnu::noinline, gnu::cold]] auto Check<Shared>::examine(uint64_t half) const -> Found {
  const Half &all = engine_.halves[half];
  const AccountLine no_account;
  const StrategyLine no_strategy;
  const InstrumentLine no_instrument;
  bool account = order_.account <= engine_.sizes.accounts, strategy = order_.strategy <= engine_.sizes.strategies,
       instrument = order_.instrument <= engine_.sizes.instruments;
  const InstrumentLine &line = instrument ? all.instrument[order_.instrument] : no_instrument;
  Found found;
  found.faults.validity = validity_of(order_, line, account ? all.account[order_.account] : no_account,
                                      strategy ? all.strategy[order_.strategy] : no_strategy);
  found.faults.priced = false;
  if (found.faults.validity.stops)
    return found;
  auto price = value_price(order_, line, look<Shared>(engine_.market[order_.instrument].last));
  if (!price || magnitude(*price) > uint64_t(input_max)) {
    found.faults.valuation = price ? RCK_REJECT_ORDER_OVERFLOW : RCK_REJECT_NOTIONAL_REFERENCE_MISSING;
    return found;
  }
  found.price = *price;
  found.faults.priced = true;
  if (!line.conversion.value(order_.quantity, *price))
    found.faults.valuation = RCK_REJECT_NOTIONAL_OVERFLOW;
  return found;
}

// Lines of ids that are out of bounds are those of none.
template <bool Shared> Lines Check<Shared>::lines_of(uint64_t half) const {
  const Half &all = engine_.halves[half];
  return {all.account[order_.account <= engine_.sizes.accounts ? order_.account : 0],
          all.strategy[order_.strategy <= engine_.sizes.strategies ? order_.strategy : 0],
          all.instrument[order_.instrument <= engine_.sizes.instruments ? order_.instrument : 0]};
}

template <bool Shared> Attempt<Shared> Check<Shared>::attempt_of(const Way &way) const {
  Attempt<Shared> attempt{};
  attempt.time_ns = way.time_ns;
  attempt.half = way.half;
  attempt.latches = way.latches;
  attempt.price = way.price;
  attempt.value = way.value;
  attempt.quantity = order_.quantity;
  attempt.row = way.row;
  attempt.buy = order_.side == RCK_SIDE_BUY;
  attempt.step = way.step;
  attempt.position_amount = way.amount;
  return attempt;
}

// What pass one saw may be of two instants, or of a record that was being written: before anything is said
// about it, it is seen whole.
template <bool Shared> void Check<Shared>::see_again(Attempt<Shared> &attempt, const Lines &lines) const {
  PositionHead &head = engine_.positions.head(attempt.row);
  uint64_t &book_word = engine_.book_words[order_.account];
  do {
    attempt.position = engine_.position_rows.see(head.word, attempt.row);
    attempt.book = engine_.book_rows.see(book_word, order_.account);
  } while (!engine_.position_rows.still(head.word, attempt.position) ||
           !engine_.book_rows.still(book_word, attempt.book));
  attempt.over = false;
  judge_position(attempt, head, lines.margin_bps(), lines.permissions());
  attempt.step = book_step(attempt.position.record, attempt.position_next, 1, attempt.value);
  judge_book(attempt, lines.account, lines.margin_bps());
}

template <bool Shared>
[[gnu::noinline, gnu::cold]] rck_status Check<Shared>::faulty(Way way, Found found, rck_verdict &verdict) {
  Lines lines = lines_of(way.half);
  Attempt<Shared> attempt = attempt_of(way);
  attempt.price = found.price;
  attempt.position_amount = attempt.quantity; // S after of a row that nobody has used
  bool possible = !found.faults.validity.stops, valued = possible && found.faults.valuation == 0;
  uint64_t row = PositionIndex<Shared>::none;
  if (valued) {
    attempt.value = *lines.instrument.conversion.value(order_.quantity, found.price);
    row = engine_.position_row(order_.account, order_.instrument);
    if (row == PositionIndex<Shared>::none)
      return plainly(RCK_REJECT_POSITIONS_FULL, way.time_ns, verdict);
  } else if (possible) {
    row = engine_.positions.find(position_key(order_.account, order_.instrument));
  }
  if (row != PositionIndex<Shared>::none) {
    attempt.row = row;
    see_again(attempt, lines);
  }
  judge_rates(attempt, engine_, order_, lines.account, lines.strategy);
  Answer answer = decide(engine_, order_, attempt, found.faults);
  if (!answer.rate_refused)
    take_rates(Left::AtAccountRate, attempt, lines);
  return refuse(port_, order_, attempt.time_ns, answer.verdict, verdict);
}

template <bool Shared>
[[gnu::noinline, gnu::cold]] rck_status Check<Shared>::known_already(Seat seat, int64_t time_ns, rck_verdict &verdict) {
  const Slot &slot = engine_.orders.slot(seat.place - 1);
  uint64_t state = look<Shared>(slot.state);
  bool same = slot.account == order_.account && slot.strategy == order_.strategy &&
              slot.instrument == order_.instrument && slot.side == order_.side && slot.type == order_.type &&
              slot.time_in_force == order_.time_in_force && slot.price == order_.price &&
              slot.stop_price == order_.stop_price && slot.quantity == order_.quantity && slot.venue == order_.venue;
  if ((state & 0xff) == Free || look<Shared>(slot.state) != state) // its check is still at it, or it was forgotten
    return plainly(RCK_REJECT_CONTENDED, time_ns, verdict);
  if (!same)
    return plainly(RCK_REJECT_ORDER_ID_TAKEN, time_ns, verdict);
  verdict = rck_verdict{};
  verdict.status = RCK_REPEAT;
  verdict.token = Orders<Shared>::token_of(seat.place - 1, state >> 8);
  return RCK_REPEAT;
}

template <bool Shared>
[[gnu::noinline, gnu::cold]] rck_status Check<Shared>::plainly(int32_t status, int64_t time_ns, rck_verdict &verdict) {
  Decision decision;
  decision.refuse(status, RCK_CONTROL_NONE);
  return refuse(port_, order_, time_ns, decision.finished(false), verdict);
}

// False: a window filled up since it was looked at.
template <bool Shared> bool Check<Shared>::take_rates(Left left, const Attempt<Shared> &attempt, const Lines &lines) {
  auto take = [&](Window<Shared> &window, Place place, const RateLimit &limit) {
    while (!window.take(place)) {
      place = window.place(attempt.time_ns, limit);
      if (place.above_hard)
        return false;
    }
    return true;
  };
  if (left <= Left::AtAccountRate && lines.account.rate.first != 0 &&
      !take(engine_.account_windows[order_.account], attempt.account_rate, lines.account.rate))
    return false;
  return lines.strategy.rate.first == 0 ||
         take(engine_.strategy_windows[order_.strategy], attempt.strategy_rate, lines.strategy.rate);
}

template <bool Shared>
rck_verdict Check<Shared>::rate_contended(const Attempt<Shared> &seen, const Lines &lines) const {
  Attempt<Shared> attempt = seen;
  judge_rates(attempt, engine_, order_, lines.account, lines.strategy);
  Decision decision;
  decide_rates(decision, engine_, order_, attempt);
  if (!decision.refused()) // there was room again
    decision.refuse(RCK_REJECT_RATE_NEW, RCK_CONTROL_RATE);
  return decision.finished(false);
}

// Swaps the row until it takes the order. False: it does not fit any more, and `said` says why.
template <bool Shared>
bool Check<Shared>::take_position(Attempt<Shared> &attempt, const Lines &lines, rck_verdict &said) {
  uint64_t &word = engine_.positions.head(attempt.row).word;
  do {
    see_again(attempt, lines);
    if (attempt.over) {
      said = decide(engine_, order_, attempt, {}).verdict;
      if (said.status != 0)
        return false;
    }
  } while (!engine_.position_rows.replace(word, attempt.position, attempt.position_next, port_.position_spare));
  return true;
}

template <bool Shared> bool Check<Shared>::take_book(Attempt<Shared> &attempt, const Lines &lines, rck_verdict &said) {
  uint64_t &word = engine_.book_words[order_.account];
  do {
    do {
      attempt.book = engine_.book_rows.see(word, order_.account);
    } while (!engine_.book_rows.still(word, attempt.book));
    attempt.over = false;
    judge_book(attempt, lines.account, lines.margin_bps());
    if (attempt.over) {
      said = decide(engine_, order_, attempt, {}).verdict;
      if (said.status != 0)
        return false;
    }
  } while (!engine_.book_rows.replace(word, attempt.book, attempt.book_next, port_.book_spare));
  return true;
}

// The book did not take what the position's row took. It is owed what the row moved by on the way there and
// back, which need not be nothing when others moved the row between.
template <bool Shared> void Check<Shared>::withdraw(const Attempt<Shared> &attempt, const Lines &lines) {
  BookStep owed = attempt.step;
  owed.join(give_back(engine_, port_, attempt.row, attempt.buy, attempt.quantity, attempt.value, lines.margin_bps()));
  move_book(engine_, port_, order_.account, owed);
}

// The rest of a check that left the usual way. What was swapped before `left` is swapped.
template <bool Shared> [[gnu::noinline]] rck_status Check<Shared>::slowly(Left left, Way way, rck_verdict &verdict) {
  Lines lines = lines_of(way.half);
  Attempt<Shared> attempt = attempt_of(way);
  uint32_t index = way.index;
  rck_verdict said{};
  auto refused = [&](uint16_t flags) {
    said.flags |= flags;
    return refuse(port_, order_, attempt.time_ns, said, verdict);
  };
  if (left <= Left::AtStrategyRate) {
    see_again(attempt, lines);
    judge_rates(attempt, engine_, order_, lines.account, lines.strategy);
  }
  if (left == Left::AtLimits) {
    Answer answer = decide(engine_, order_, attempt, {});
    said = answer.verdict;
    if (said.status != 0) {
      if (!answer.rate_refused)
        take_rates(Left::AtAccountRate, attempt, lines);
      return refused(0);
    }
  }
  if (left <= Left::AtStrategyRate) {
    if (!take_rates(left, attempt, lines)) {
      said = rate_contended(attempt, lines);
      return refused(RCK_VERDICT_CONTENDED);
    }
    if (!engine_.orders.draw(port_.hand, index))
      return plainly(RCK_REJECT_ORDERS_FULL, attempt.time_ns, verdict);
    fill(engine_.orders.slot(index), way, lines.instrument);
  }
  if (left <= Left::AtId) {
    Seat seat = engine_.orders.seek(order_.order_id);
    while (!seat.found && !engine_.orders.insert(seat, index, order_.order_id))
      seat = engine_.orders.seek(order_.order_id);
    if (seat.found) { // another check won
      engine_.orders.give(port_.hand, index);
      return known_already(seat, attempt.time_ns, verdict);
    }
  }
  bool in_position = left > Left::AtPosition || take_position(attempt, lines, said);
  if (!in_position || (left <= Left::AtBook && !take_book(attempt, lines, said))) {
    if (in_position)
      withdraw(attempt, lines);
    engine_.orders.remove(order_.order_id);
    engine_.orders.give(port_.hand, index);
    return refused(RCK_VERDICT_CONTENDED);
  }
  Slot &slot = engine_.orders.slot(index);
  uint64_t generation = slot.state >> 8;
  put<Shared>(slot.state, generation << 8 | Live);
  compiler_barrier();
  if (look<true>(engine_.latches) != attempt.latches) {
    see_again(attempt, lines);
    rck_verdict now = decide(engine_, order_, attempt, {}).verdict;
    if (now.failed & bit_of(RCK_CONTROL_STATE)) {
      said = now;
      move_book(
          engine_, port_, order_.account,
          give_back(engine_, port_, attempt.row, attempt.buy, attempt.quantity, attempt.value, lines.margin_bps()));
      engine_.orders.forget(port_.hand, index);
      return refused(0);
    }
  }
  verdict = said;
  verdict.token = Orders<Shared>::token_of(index, generation);
  return RCK_OK;
}

} // namespace desk_floor
