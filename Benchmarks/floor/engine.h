// What the floor holds, and the cold calls: definitions, limits, market, cash, latches. One administrator at a
// time. Takes the library's own structs, so that one set-up goes to both. Nothing here refuses what is wrong:
// the library does, and it is set up first.
#pragma once

#include "event_ring.h"
#include "limits.h"
#include "orders.h"
#include "rows.h"

#include <memory>
#include <vector>

namespace desk_floor {

struct Sizes {
  uint64_t accounts = 64, strategies = 64, instruments = 1024, positions = 65'536, orders = 65'536;
  uint64_t remembered = 16'384, ports = 8, rate_most = 1'024, ring_lines = 4'096;
  uint32_t money_decimals = 2;
  int64_t clock_back_ns_max = 1'000'000;
};

struct alignas(64) MarketLine {
  int64_t last; // 0: none
};

struct PositionBounds {
  std::array<Bound, 2> side; // long, short
};

// What one thread holds.
template <bool Shared> struct alignas(64) Port {
  explicit Port(uint64_t ring_lines) : ring(ring_lines) {}

  uint64_t working = 0; // the generation of limits that a call works under
  int64_t time_ns = 0;
  uint64_t position_spare = 0, book_spare = 0;
  uint64_t clamps = 0, clock_refusals = 0;
  uint16_t number = 0;
  typename Orders<Shared>::Hand hand;
  EventRing ring; // read by whoever tests or measures
};

template <bool Shared> class Engine {
public:
  explicit Engine(const Sizes &sizes_)
      : sizes(sizes_), halves{Half(sizes.accounts, sizes.strategies, sizes.instruments),
                              Half(sizes.accounts, sizes.strategies, sizes.instruments)},
        position_bounds{Array<PositionBounds>(sizes.positions), Array<PositionBounds>(sizes.positions)},
        market(sizes.instruments + 1), book_words(sizes.accounts + 1), positions(sizes.positions),
        position_rows(sizes.positions, sizes.ports), book_rows(sizes.accounts + 1, sizes.ports),
        orders(sizes.orders, sizes.remembered, sizes.ports),
        account_windows(std::make_unique<Window<Shared>[]>(sizes.accounts + 1)),
        strategy_windows(std::make_unique<Window<Shared>[]>(sizes.strategies + 1)),
        slots_each(power_of_two_from(sizes.rate_most + 1)), slots(slots_each * (sizes.accounts + sizes.strategies + 2)),
        account_states(sizes.accounts + 1), strategy_states(sizes.strategies + 1),
        instrument_states(sizes.instruments + 1) {
    barrier_in_all_threads();
    for (uint64_t i = 0; i <= sizes.accounts; i++) {
      account_windows[i].begin(&slots[i * slots_each], slots_each);
      book_words[i] = Rows<Shared, Book>::first_word(i);
    }
    for (uint64_t i = 0; i <= sizes.strategies; i++)
      strategy_windows[i].begin(&slots[(sizes.accounts + 1 + i) * slots_each], slots_each);
    for (uint64_t i = 0; i < sizes.ports; i++) {
      ports.push_back(std::make_unique<Port<Shared>>(sizes.ring_lines));
      ports[i]->number = uint16_t(i + 1);
      ports[i]->position_spare = position_rows.spare(i);
      ports[i]->book_spare = book_rows.spare(i);
    }
  }

  Port<Shared> &port(uint32_t number) { return *ports[number - 1]; }

  void define(const rck_currency &currency) { currencies.push_back(currency); }
  void define(const rck_account &account) { accounts.push_back(account); }
  void define(const rck_strategy &strategy) { strategies.push_back(strategy); }
  void define(const rck_instrument &instrument) { instruments.push_back(instrument); }
  void limit(const rck_limit &limit) { limits.push_back(limit); }

  void trade(uint32_t instrument, int64_t price) { put<Shared>(market[instrument].last, price); }

  // Alone, or through the port whose thread calls.
  void cash(Port<Shared> &port, uint32_t account, int64_t cash) {
    cash_set.push_back(account);
    while (true) {
      Seen<Book> seen = book_rows.see(book_words[account], account);
      Book next = seen.record;
      next.power = cash;
      if (book_rows.replace(book_words[account], seen, next, port.book_spare))
        return;
    }
  }

  // The row of a pair, made if need be; `none` when all are in use.
  uint64_t position_row(uint32_t account, uint32_t instrument) {
    return positions.make(position_key(account, instrument), [this](uint64_t row) {
      PositionHead &head = positions.head(row);
      head.word = Rows<Shared, Position>::first_word(row);
      head.first.fill(unlimited);
      position_bounds[0][row] = position_bounds[1][row] = PositionBounds{};
    });
  }

  // Puts everything defined and set so far in force.
  void publish();

  // The state of trading of a scope; RCK_STATE_ACTIVE clears it.
  void latch(uint32_t scope_kind, uint32_t id, uint32_t state) {
    uint32_t &word = scope_kind == RCK_SCOPE_ACCOUNT      ? account_states[id]
                     : scope_kind == RCK_SCOPE_STRATEGY   ? strategy_states[id]
                     : scope_kind == RCK_SCOPE_INSTRUMENT ? instrument_states[id]
                                                          : global_state;
    uint64_t count = (latches & latch_count) + (word == 0 && state != 0) - (word != 0 && state == 0);
    put<true>(word, state);
    put<true>(latches, ((latches & ~latch_count) + (latch_count + 1)) | count);
    barrier_in_all_threads();
  }

  static constexpr uint64_t latch_count = (uint64_t(1) << 24) - 1;

  Sizes sizes;
  // The hot line: changes 40, scopes latched 24; and which limits are in force.
  alignas(64) uint64_t latches = 0;
  Generation generation;
  Half halves[2];
  Array<PositionBounds> position_bounds[2];
  Array<MarketLine> market;
  Array<uint64_t> book_words;
  PositionIndex<Shared> positions;
  Rows<Shared, Position> position_rows;
  Rows<Shared, Book> book_rows;
  Orders<Shared> orders;
  std::unique_ptr<Window<Shared>[]> account_windows, strategy_windows;
  uint64_t slots_each;
  Array<int64_t> slots;
  uint32_t global_state = 0;
  Array<uint32_t> account_states, strategy_states, instrument_states;
  std::vector<std::unique_ptr<Port<Shared>>> ports;

private:
  void compile(uint64_t half);
  void compile_instrument(InstrumentLine &line, const rck_instrument &instrument) const;
  void compile_limit(uint64_t half, const rck_limit &limit);
  RateLimit rate_of(const Bound &bound, int64_t window_ns) const;

  std::vector<rck_currency> currencies;
  std::vector<rck_account> accounts;
  std::vector<rck_strategy> strategies;
  std::vector<rck_instrument> instruments;
  std::vector<rck_limit> limits;
  std::vector<uint32_t> cash_set;
};

} // namespace desk_floor
