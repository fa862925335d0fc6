// Position rows and books: each changes by one step from one exact record to another. With many writers a row
// is a word {sequence 40, record 24} that names an immutable record; a writer fills its spare record, swaps
// the word, and keeps the displaced record as its next spare. With one writer the record lies in place.
#pragma once

#include "memory.h"
#include "word.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace desk_floor {

// Money and quantities of account x instrument. Exposure is derived, margin kept, so that the books move by
// exactly what this row moved by.
struct alignas(64) Position {
  int64_t net, open_buys, open_sells;
  int64_t booked, buys, sells;
  int64_t margin, realised;

  int64_t long_value() const { return booked + buys; }
  int64_t short_value() const { return sells - booked; }
  int64_t exposure() const {
    int64_t longs = long_value(), shorts = short_value();
    return (longs > 0 ? longs : 0) + (shorts > 0 ? shorts : 0);
  }
};

// The sums of an account.
struct alignas(64) Book {
  int64_t gross, net_long, net_short, margin;
  int64_t orders, orders_value;
  int64_t power; // buying power, as cash, fills, fees and marks moved it last
  int64_t mark_time_ns;
};

// Field by field: a record is written in words a moment before it is read, and a wider load would have to wait
// until those have left the core.
template <bool Shared> [[gnu::always_inline]] inline Position fetch(const Position &record) {
  return {look<Shared>(record.net),    look<Shared>(record.open_buys), look<Shared>(record.open_sells),
          look<Shared>(record.booked), look<Shared>(record.buys),      look<Shared>(record.sells),
          look<Shared>(record.margin), look<Shared>(record.realised)};
}

template <bool Shared> inline void store(Position &record, const Position &value) {
  put<Shared>(record.net, value.net);
  put<Shared>(record.open_buys, value.open_buys);
  put<Shared>(record.open_sells, value.open_sells);
  put<Shared>(record.booked, value.booked);
  put<Shared>(record.buys, value.buys);
  put<Shared>(record.sells, value.sells);
  put<Shared>(record.margin, value.margin);
  put<Shared>(record.realised, value.realised);
}

template <bool Shared> [[gnu::always_inline]] inline Book fetch(const Book &record) {
  return {look<Shared>(record.gross),  look<Shared>(record.net_long),    look<Shared>(record.net_short),
          look<Shared>(record.margin), look<Shared>(record.orders),      look<Shared>(record.orders_value),
          look<Shared>(record.power),  look<Shared>(record.mark_time_ns)};
}

template <bool Shared> inline void store(Book &record, const Book &value) {
  put<Shared>(record.gross, value.gross);
  put<Shared>(record.net_long, value.net_long);
  put<Shared>(record.net_short, value.net_short);
  put<Shared>(record.margin, value.margin);
  put<Shared>(record.orders, value.orders);
  put<Shared>(record.orders_value, value.orders_value);
  put<Shared>(record.power, value.power);
  put<Shared>(record.mark_time_ns, value.mark_time_ns);
}

// What a reservation changes, in place.
inline void update(Position &record, const Position &next) {
  record.open_buys = next.open_buys;
  record.open_sells = next.open_sells;
  record.buys = next.buys;
  record.sells = next.sells;
  record.margin = next.margin;
}

inline void update(Book &record, const Book &next) { record = next; }

template <class Record> struct Seen {
  uint64_t word;
  Record record;
};

// `Words` words, each beside what leads to it, in lines of the caller's; `records` are rows and spares.
template <bool Shared, class Record> class Rows {
public:
  Rows(uint64_t rows, uint64_t spares) : records_(rows + spares), rows_(rows) {}

  static constexpr uint64_t index_mask = (uint64_t(1) << 24) - 1;

  // Row `row` begins with record `row`; spare `spare` is this one. (Sequences begin at 1.)
  static uint64_t first_word(uint64_t row) { return (uint64_t(1) << 24) | row; }
  uint64_t spare(uint64_t spare) const { return rows_ + spare; }

  // What is seen holds if a swap from its word succeeds, or `still` says so.
  [[gnu::always_inline]] Seen<Record> see(const uint64_t &word, uint64_t row) const {
    Seen<Record> seen;
    seen.word = Shared ? look<Shared>(word) : row;
    seen.record = fetch<Shared>(records_[seen.word & index_mask]);
    return seen;
  }

  bool still(const uint64_t &word, const Seen<Record> &seen) const {
    return !Shared || look<Shared>(word) == seen.word;
  }

  // Writes down what a row is to become, before anything is decided: the spare is the caller's own.
  [[gnu::always_inline]] void stage(const Record &next, uint64_t spare) {
    if constexpr (Shared)
      store<true>(records_[spare], next);
  }

  // One locked instruction. False when somebody moved the row since it was seen.
  [[gnu::always_inline]] bool commit(uint64_t &word, uint64_t seen_word, const Record &next, uint64_t &spare) {
    if constexpr (Shared) {
      if (!swap<true>(word, seen_word, (((seen_word >> 24) + 1) << 24) | spare))
        return false;
      spare = seen_word & index_mask;
    } else {
      update(records_[seen_word & index_mask], next);
    }
    return true;
  }

  [[gnu::always_inline]] bool replace(uint64_t &word, const Seen<Record> &seen, const Record &next, uint64_t &spare) {
    stage(next, spare);
    return commit(word, seen.word, next, spare);
  }

  // Alone: before any thread uses the row.
  Record &initial(uint64_t row) { return records_[row]; }

private:
  Array<Record> records_;
  uint64_t rows_;
};

// What leads to a position: its key, its limit, its word, in one line.
struct alignas(64) PositionHead {
  uint64_t word;
  uint64_t key;                 // account << 32 | instrument
  std::array<int64_t, 4> first; // lowest level of P06 by half and side
  uint64_t reserved[2];
};

inline uint64_t position_key(uint32_t account, uint32_t instrument) { return uint64_t(account) << 32 | instrument; }

// From account x instrument to a row: open addressing, rows are never taken out. A place is {row + 1}, and
// the row's line tells its key.
template <bool Shared> class PositionIndex {
public:
  explicit PositionIndex(uint64_t rows)
      : heads_(rows), places_(power_of_two_from(rows * 2)), mask_(places_.count() - 1) {}

  static constexpr uint64_t none = ~uint64_t(0);

  PositionHead &head(uint64_t row) { return heads_[row]; }

  uint64_t find(uint64_t key) const {
    for (uint64_t place = scattered(key) & mask_;; place = (place + 1) & mask_) {
      uint32_t row = look<Shared>(places_[place]);
      if (row == 0)
        return none;
      if (heads_[row - 1].key == key) [[likely]]
        return row - 1;
    }
  }

  // The row of a key, made if it is not there; `none` when all are in use. `begin` fills a row that nobody
  // sees yet. A row that loses its place to another thread's is not used again: that costs one row a race.
  template <class Begin> uint64_t make(uint64_t key, Begin begin) {
    uint64_t found = find(key);
    if (found != none)
      return found;
    uint64_t row = add<Shared>(used_, uint64_t(1));
    if (row >= heads_.count())
      return none;
    heads_[row].key = key;
    begin(row);
    for (uint64_t place = scattered(key) & mask_;; place = (place + 1) & mask_) {
      uint32_t there = look<Shared>(places_[place]);
      if (there == 0 && swap<Shared>(places_[place], uint32_t(0), uint32_t(row + 1)))
        return row;
      there = look<Shared>(places_[place]);
      if (heads_[there - 1].key == key)
        return there - 1;
    }
  }

private:
  Array<PositionHead> heads_;
  Array<uint32_t> places_;
  uint64_t mask_;
  alignas(64) uint64_t used_ = 0;
};

} // namespace desk_floor
