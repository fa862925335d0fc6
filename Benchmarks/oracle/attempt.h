// An order as it is judged: who it is of, what it is worth, what it would make of the rows.
#pragma once

#include "books.h"
#include "life.h"
#include "past.h"
#include "valuation.h"

#include <vector>

namespace bench::plain {

// What is said of a whole day beside markets and positions.
struct Inputs {
  std::unordered_map<uint32_t, rck_calendar> calendars;
  std::unordered_map<uint32_t, double> metrics;
  std::unordered_map<uint32_t, bool> customs; // those that are registered; they pass everything
  int64_t cash = 0;                           // of every account
};

struct Attempt {
  Attempt(const rck_order &of, const Inputs &given, const Books &kept, const Past &before)
      : order(of), inputs(given), books(kept), past(before) {}

  const rck_order &order;
  const Inputs &inputs;
  const Books &books;
  const Past &past;
  int64_t time_ns = 0;
  Parties parties;
  std::vector<Scope> scopes;
  Form form;
  bool buy = false;
  const Kept *amends = nullptr; // the order whose new terms these are
  const InstrumentMarket *market = nullptr;
  std::optional<Wide> price, value; // of the whole order
  Held held, opened;                // what it would hold, and what of it is more than before
  Move move;                        // without a value the quantities alone

  // L or S after.
  Wide quantity_after() const { return buy ? move.account.to.long_quantity() : move.account.to.short_quantity(); }
  bool reducing() const { return quantity_after() <= 0; }
};

} // namespace bench::plain
