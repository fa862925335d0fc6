// The call itself: pass one by loads alone, pass two by swaps from what pass one saw. What happens rarely is
// declared here and written in check_cold.h.
#pragma once

#include "compile.h"
#include "refusal.h"

namespace desk_floor {

// What is defined of an order's account, strategy and instrument.
struct Lines {
  const AccountLine &account;
  const StrategyLine &strategy;
  const InstrumentLine &instrument;

  uint32_t margin_bps() const { return instrument.margin_bps[account.margin_class]; }
  uint32_t permissions() const { return account.permissions & strategy.permissions; }
};

template <bool Shared> class Check {
public:
  using Seat = typename Orders<Shared>::Seat;
  using Place = typename Window<Shared>::Place;

  Check(Engine<Shared> &engine, Port<Shared> &port, const rck_order &order)
      : engine_(engine), port_(port), order_(order) {}

  [[gnu::always_inline]] rck_status run(uint64_t half, int64_t time_ns, uint64_t latches, rck_verdict &verdict) {
    Seat seat = engine_.orders.seek(order_.order_id);
    if (seat.found) [[unlikely]]
      return cold().known_already(seat, time_ns, verdict);
    const Half &all = engine_.halves[half];
    bool ids = order_.account <= engine_.sizes.accounts && order_.strategy <= engine_.sizes.strategies &&
               order_.instrument <= engine_.sizes.instruments;
    Lines lines{all.account[ids ? order_.account : 0], all.strategy[ids ? order_.strategy : 0],
                all.instrument[ids ? order_.instrument : 0]};
    Way way{half, latches, time_ns, order_.price, 0, 0, 0, 0, {}};
    std::optional<int64_t> value;
    if (ids && plainly_valid(order_, lines.instrument, lines.account, lines.strategy)) [[likely]]
      value = lines.instrument.conversion.value(order_.quantity, order_.price);
    if (!value) [[unlikely]] {
      Found found = cold().examine(half);
      if (found.faults.validity.first != 0 || found.faults.valuation != 0)
        return cold().faulty(way, found, verdict);
      way.price = found.price;
      value = lines.instrument.conversion.value(order_.quantity, found.price);
    }
    way.value = *value;
    uint64_t key = position_key(order_.account, order_.instrument);
    way.row = engine_.positions.find(key);
    if (way.row == PositionIndex<Shared>::none) [[unlikely]] {
      way.row = engine_.position_row(order_.account, order_.instrument);
      if (way.row == PositionIndex<Shared>::none)
        return cold().plainly(RCK_REJECT_POSITIONS_FULL, time_ns, verdict);
    }
    return judged(seat, way, lines, verdict);
  }

private:
  // An order that is not plainly valid, looked at closely.
  struct Found {
    Faults faults;
    int64_t price = 0;
  };

  // Where the usual way was left.
  enum class Left { AtLimits, AtAccountRate, AtStrategyRate, AtId, AtPosition, AtBook, AtLatches };

  // All that the long way needs to know of how far the usual way came. The rest it finds again.
  struct Way {
    uint64_t half, latches;
    int64_t time_ns, price, value;
    uint64_t row;
    uint32_t index;
    int64_t amount; // L or S after
    BookStep step;  // that the position's row has taken
  };

  // Pass one, by loads alone; what the rows would become is staged. Then the attempt counts.
  [[gnu::always_inline]] rck_status judged(const Seat &seat, Way &way, const Lines &lines, rck_verdict &verdict) {
    bool buy = order_.side == RCK_SIDE_BUY;
    uint32_t margin_bps = lines.margin_bps();
    PositionHead &head = engine_.positions.head(way.row);
    Seen<Position> position = engine_.position_rows.see(head.word, way.row);
    Position position_next = position_with(position.record, buy, order_.quantity, way.value, margin_bps);
    engine_.position_rows.stage(position_next, port_.position_spare);
    int64_t amount = way.amount = position_amount(position_next, buy);
    bool over =
        position_over(position_next, amount, buy, look<Shared>(head.first[way.half * 2 + !buy]), lines.permissions());
    way.step = book_step(position.record, position_next, 1, way.value);
    Seen<Book> book = engine_.book_rows.see(engine_.book_words[order_.account], order_.account);
    Book book_next = book_with(book.record, way.step);
    engine_.book_rows.stage(book_next, port_.book_spare);
    over = over || book_over(book_next, lines.account, margin_bps);
    over = over || order_over<Shared>(order_.quantity, way.value, way.price, buy, lines.instrument,
                                      engine_.market[order_.instrument]);
    Place account_rate, strategy_rate;
    Window<Shared> &account_window = engine_.account_windows[order_.account];
    Window<Shared> &strategy_window = engine_.strategy_windows[order_.strategy];
    if (lines.account.rate.first != 0)
      account_rate = account_window.place(way.time_ns, lines.account.rate);
    if (lines.strategy.rate.first != 0)
      strategy_rate = strategy_window.place(way.time_ns, lines.strategy.rate);
    if (over || account_rate.above_first || strategy_rate.above_first ||
        (way.latches & Engine<Shared>::latch_count) != 0) [[unlikely]]
      return cold().slowly(Left::AtLimits, way, verdict);
    if (lines.account.rate.first != 0 && !account_window.take(account_rate)) [[unlikely]]
      return cold().slowly(Left::AtAccountRate, way, verdict);
    if (lines.strategy.rate.first != 0 && !strategy_window.take(strategy_rate)) [[unlikely]]
      return cold().slowly(Left::AtStrategyRate, way, verdict);
    return reserve(seat, way, lines, position.word, position_next, book.word, book_next, verdict);
  }

  // Pass two: the slot, the id, the rows, the publication, the latches once more.
  [[gnu::always_inline]] rck_status reserve(const Seat &seat, Way &way, const Lines &lines, uint64_t position_seen,
                                            const Position &position_next, uint64_t book_seen, const Book &book_next,
                                            rck_verdict &verdict) {
    if (!engine_.orders.draw(port_.hand, way.index)) [[unlikely]]
      return cold().plainly(RCK_REJECT_ORDERS_FULL, way.time_ns, verdict);
    Slot &slot = engine_.orders.slot(way.index);
    fill(slot, way, lines.instrument);
    if (!engine_.orders.insert(seat, way.index, order_.order_id)) [[unlikely]]
      return cold().slowly(Left::AtId, way, verdict);
    if (!engine_.position_rows.commit(engine_.positions.head(way.row).word, position_seen, position_next,
                                      port_.position_spare)) [[unlikely]]
      return cold().slowly(Left::AtPosition, way, verdict);
    if (!engine_.book_rows.commit(engine_.book_words[order_.account], book_seen, book_next, port_.book_spare))
        [[unlikely]]
      return cold().slowly(Left::AtBook, way, verdict);
    uint64_t generation = slot.state >> 8;
    put<Shared>(slot.state, generation << 8 | Live);
    compiler_barrier(); // the latches are read after it; who sets one makes every thread pass a barrier
    if (look<true>(engine_.latches) != way.latches) [[unlikely]]
      return cold().slowly(Left::AtLatches, way, verdict);
    verdict = rck_verdict{};
    verdict.token = Orders<Shared>::token_of(way.index, generation);
    return RCK_OK;
  }

  [[gnu::always_inline]] void fill(Slot &slot, const Way &way, const InstrumentLine &instrument) {
    slot.price = order_.price;
    slot.stop_price = order_.stop_price;
    slot.quantity = slot.leaves = order_.quantity;
    slot.reserved_value = way.value;
    slot.account = order_.account;
    slot.strategy = order_.strategy;
    slot.instrument = order_.instrument;
    slot.venue = order_.venue;
    slot.side = order_.side;
    slot.type = order_.type;
    slot.time_in_force = order_.time_in_force;
    slot.row = uint32_t(way.row);
    put<Shared>(slot.correlation_id, order_.correlation_id); // a late look into the pool may see it
    slot.factor = instrument.conversion.factor;
    slot.divisor = instrument.conversion.divisor;
    slot.cumulative = 0;
  }

  // The cold calls work on a copy of this object and of their arguments: what the fast way has in registers
  // has no address.
  Check cold() const { return *this; }

  // In check_cold.h.
  Found examine(uint64_t half) const;
  Lines lines_of(uint64_t half) const;
  Attempt<Shared> attempt_of(const Way &way) const;
  rck_status faulty(Way way, Found found, rck_verdict &verdict);
  rck_status known_already(Seat seat, int64_t time_ns, rck_verdict &verdict);
  rck_status plainly(int32_t status, int64_t time_ns, rck_verdict &verdict);
  rck_status slowly(Left left, Way way, rck_verdict &verdict);
  void see_again(Attempt<Shared> &attempt, const Lines &lines) const;
  bool take_rates(Left left, const Attempt<Shared> &attempt, const Lines &lines);
  rck_verdict rate_contended(const Attempt<Shared> &seen, const Lines &lines) const;
  bool take_position(Attempt<Shared> &attempt, const Lines &lines, rck_verdict &said);
  bool take_book(Attempt<Shared> &attempt, const Lines &lines, rck_verdict &said);
  void withdraw(const Attempt<Shared> &attempt, const Lines &lines);

  Engine<Shared> &engine_;
  Port<Shared> &port_;
  const rck_order &order_;
};

} // namespace desk_floor
