// Giving back: what an order reserved leaves its position's row, then its account's book, each by one swap.
#pragma once

#include "attempt.h"

namespace desk_floor {

template <bool Shared>
BookStep give_back(Engine<Shared> &engine, Port<Shared> &port, uint64_t row, bool buy, int64_t quantity, int64_t value,
                   uint32_t margin_bps) {
  uint64_t &word = engine.positions.head(row).word;
  while (true) {
    Seen<Position> seen = engine.position_rows.see(word, row);
    Position next = position_with(seen.record, buy, -quantity, -value, margin_bps);
    if (engine.position_rows.replace(word, seen, next, port.position_spare))
      return book_step(seen.record, next, -1, -value);
  }
}

template <bool Shared>
void move_book(Engine<Shared> &engine, Port<Shared> &port, uint32_t account, const BookStep &step) {
  uint64_t &word = engine.book_words[account];
  while (true) {
    Seen<Book> seen = engine.book_rows.see(word, account);
    if (engine.book_rows.replace(word, seen, book_with(seen.record, step), port.book_spare))
      return;
  }
}

// Ends the order of a token. One caller wins; the others are told that it has ended.
template <bool Shared>
rck_status release_order(Engine<Shared> &engine, Port<Shared> &port, uint64_t token, uint64_t half) {
  uint64_t index = (token & 0xffffff) - 1, generation = token >> 24;
  if (index >= engine.orders.slots())
    return RCK_REJECT_ORDER_UNKNOWN;
  Slot &slot = engine.orders.slot(index);
  uint64_t live = generation << 8 | Live, finished = generation << 8 | Finished;
  uint64_t state = look<Shared>(slot.state);
  if (state == finished)
    return RCK_REPEAT;
  if (state != live)
    return RCK_REJECT_ORDER_UNKNOWN;
  bool buy = slot.side == RCK_SIDE_BUY;
  uint32_t account = slot.account, instrument = slot.instrument, row = slot.row;
  int64_t leaves = slot.leaves, value = slot.reserved_value;
  if (!swap<Shared>(slot.state, live, finished))
    return RCK_REPEAT;
  const Half &lines = engine.halves[half];
  uint32_t bps = lines.instrument[instrument].margin_bps[lines.account[account].margin_class];
  BookStep step = give_back(engine, port, row, buy, leaves, value, bps);
  move_book(engine, port, account, step);
  engine.orders.retire(port.hand, token);
  return RCK_OK;
}

} // namespace desk_floor
