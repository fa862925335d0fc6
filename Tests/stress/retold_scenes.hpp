// Pairs of calls that meet on a desk which tells everything.
#ifndef RCK_STRESS_RETOLD_SCENES_HPP
#define RCK_STRESS_RETOLD_SCENES_HPP

#include "retold_desk.hpp"
#include <functional>

namespace desk {

using Meet = std::function<void(Teller &)>;

// Two calls, on ports 1 and 2; port 3 is for what stands before.
struct Pair {
  const char *name;
  Meet prepare, first, second;
  bool forces = false; // a fact may take what an order passed by: in the order of tickets that is entered all the same
  bool parts = false;  // the header says that bookings may come in another order: only sums of trades are the same
  bool begins = false; // and that a day may begin before or behind what ran beside it: a fill may be late
  bool meets = false;  // between what publishes an order and its ticket is no other locked instruction
};

// What stands before.
inline void no_limits(Teller &) {}

inline void two_orders(Teller &at) {
  at.check(3, 1, RCK_SIDE_BUY, 10);
  at.check(3, 2, RCK_SIDE_SELL, 10);
}

// Beside what is held already: what is left has another cost if the sale comes first.
inline void held(Teller &at) {
  two_orders(at);
  at.check(3, 3, RCK_SIDE_BUY, 10);
  at.fill(3, 3, 10, 100, 13);
}

inline void two_rows(Teller &at) {
  at.check(3, 1, RCK_SIDE_BUY, 10, 1, 1);
  at.check(3, 2, RCK_SIDE_BUY, 10, 1, 2);
  at.check(3, 3, RCK_SIDE_SELL, 10, 1, 1);
  at.check(3, 4, RCK_SIDE_SELL, 10, 1, 2);
  at.fill(3, 1, 10, 100, 11);
  at.fill(3, 2, 10, 100, 12);
}

// Behind a loss that no later gain makes up for: the day has no peak.
inline void executed(Teller &at) {
  at.check(3, 8, RCK_SIDE_BUY, 10);
  at.fill(3, 8, 10, 300, 18);
  at.check(3, 9, RCK_SIDE_SELL, 10);
  at.fill(3, 9, 10, 100, 19);
  at.check(3, 1, RCK_SIDE_BUY, 10);
  at.check(3, 2, RCK_SIDE_BUY, 10);
  at.fill(3, 1, 10, 90, 11);
  at.fill(3, 2, 10, 110, 12);
}

inline std::vector<Pair> fact_pairs() {
  return {
      {"two fills of one row at other prices", held, [](Teller &at) { at.fill(1, 1, 10, 90, 21); },
       [](Teller &at) { at.fill(2, 2, 10, 110, 22); }},
      {"two fills of one account that end a gain and a loss", two_rows, [](Teller &at) { at.fill(1, 3, 10, 120, 21); },
       [](Teller &at) { at.fill(2, 4, 10, 90, 22); }},
      {"two fills of one strategy for two accounts",
       [](Teller &at) {
         at.gross(1 << 20, RCK_SCOPE_STRATEGY, 1);
         at.strategy = 1;
         at.check(3, 1, RCK_SIDE_BUY, 10, 1);
         at.check(3, 2, RCK_SIDE_SELL, 10, 2);
       },
       [](Teller &at) { at.fill(1, 1, 10, 90, 21); }, [](Teller &at) { at.fill(2, 2, 10, 110, 22); }, false, true},
      {"two busts of one row", executed, [](Teller &at) { at.bust(1, 1, 11); }, [](Teller &at) { at.bust(2, 2, 12); }},
      {"a bust and a fill of one row",
       [](Teller &at) {
         executed(at);
         at.check(3, 3, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.bust(1, 1, 11); }, [](Teller &at) { at.fill(2, 3, 10, 130, 22); }},
      {"one execution reported twice", two_orders, [](Teller &at) { at.fill(1, 1, 4, 90, 21); },
       [](Teller &at) { at.fill(2, 1, 4, 90, 21); }},
      {"two reports of an unknown order", no_limits, [](Teller &at) { at.unknown(1, 9, 4, 21); },
       [](Teller &at) { at.unknown(2, 9, 6, 22); }},
  };
}

inline std::vector<Pair> check_pairs() {
  return {
      {"a bust that frees and a check that needs it",
       [](Teller &at) {
         at.gross(1000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
         at.fill(3, 1, 10, 100, 11);
       },
       [](Teller &at) { at.bust(1, 1, 11); }, [](Teller &at) { at.check(2, 3, RCK_SIDE_BUY, 10); }},
      {"two checks for the last of a limit", [](Teller &at) { at.gross(1000); },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 10); }},
      {"a release that frees and a check that needs it",
       [](Teller &at) {
         at.gross(1000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.release(1, 1); }, [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 10); }},
      {"a fill that frees and a check that needs it",
       [](Teller &at) {
         at.gross(1000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
         at.fill(3, 1, 10, 100, 11);
         at.check(3, 2, RCK_SIDE_SELL, 10);
       },
       [](Teller &at) { at.fill(1, 2, 10, 100, 21); }, [](Teller &at) { at.check(2, 3, RCK_SIDE_BUY, 10); }},
      {"a fill that raises an exposure and a check below it",
       [](Teller &at) {
         at.gross(2000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.fill(1, 1, 10, 150, 21); }, [](Teller &at) { at.check(2, 3, RCK_SIDE_BUY, 10); }, true},
      {"a drop copy above a limit, and a check below it", [](Teller &at) { at.gross(1000); },
       [](Teller &at) { at.copy(1, 1, RCK_SIDE_BUY, 20); }, [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 10); }, true},
      {"legs and a check for the last of a limit", [](Teller &at) { at.gross(2000); },
       [](Teller &at) { at.legs(1, 1); }, [](Teller &at) { at.check(2, 4, RCK_SIDE_BUY, 10); }},
      {"two checks of one id", no_limits, [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) { at.check(2, 1, RCK_SIDE_BUY, 10); }},
      {"two checks of one id with other terms", no_limits, [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) { at.check(2, 1, RCK_SIDE_BUY, 11); }},
      {"two messages of one window", [](Teller &at) { at.rate(1, 5); },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 1, 1, 1, 10); },
       [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 1, 1, 1, 12); }},
      {"two messages of two windows", [](Teller &at) { at.rate(1, 5); },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 1, 1, 1, 10); },
       [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 1, 1, 1, 20); }, true},
      {"a message that another control refuses, and one of its window",
       [](Teller &at) {
         at.rate(1, 5);
         at.gross(1000);
       },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 100, 1, 1, 10); },
       [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 1, 1, 1, 12); }},
  };
}

inline std::vector<Pair> order_pairs() {
  return {
      {"a check, and who ends it while it has not returned", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.end_any(2); }},
      {"a check, and who fills it while it has not returned", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.fill_any(2, 4); }},
      {"an end and a fill of one order", two_orders, [](Teller &at) { at.release(1, 1); },
       [](Teller &at) { at.fill(2, 1, 10, 90, 22); }},
      {"two ends of one order", two_orders, [](Teller &at) { at.release(1, 1); }, [](Teller &at) { at.release(2, 1); }},
      {"an end and an amend of one order", two_orders, [](Teller &at) { at.release(1, 1); },
       [](Teller &at) { at.amend(2, 1, 5, 20); }},
      {"an amend, and who ends its order", two_orders, [](Teller &at) { at.amend(1, 1, 5, 20); },
       [](Teller &at) { at.release(2, 1); }},
      {"an amend, and who answers it while it has not returned", two_orders, [](Teller &at) { at.amend(1, 1, 5, 20); },
       [](Teller &at) { at.answer(2, 1, 1); }},
      {"a fill, and who busts it while it has not returned", two_orders, [](Teller &at) { at.fill(1, 1, 10, 90, 21); },
       [](Teller &at) { at.bust(2, 1, 21); }},
      {"an answer and a fill of one order",
       [](Teller &at) {
         two_orders(at);
         at.amend(3, 1, 5, 4);
       },
       [](Teller &at) { at.answer(1, 1, 1); }, [](Teller &at) { at.fill(2, 1, 4, 90, 22); }},
      {"an amend that is refused for what a check holds",
       [](Teller &at) {
         at.gross(2000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.check(1, 2, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.amend(2, 1, 5, 20); }},
      {"a check that is refused for what an amend holds",
       [](Teller &at) {
         at.gross(2000);
         at.check(3, 1, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.amend(1, 1, 5, 20); }, [](Teller &at) { at.check(2, 2, RCK_SIDE_BUY, 10); }},
      {"an amend, and a fill that raises an exposure",
       [](Teller &at) {
         at.gross(2500);
         at.check(3, 1, RCK_SIDE_BUY, 10);
         at.check(3, 2, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.fill(1, 2, 10, 150, 21); }, [](Teller &at) { at.amend(2, 1, 5, 12); }, true, true},
  };
}

// Orders that are met by others before they are told.
inline std::vector<Pair> met_pairs() {
  return {
      {"a check, and two who end it while it has not returned", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.end_any(2);
         at.release(3, 1);
       }},
      {"a check, and who ends it and another one, which a third finds ended",
       [](Teller &at) { at.copy(3, 2, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.end_any(2);
         at.release(3, 2);
         at.release(3, 1);
       }},
      {"a check, and who frees for a third one, having ended it",
       [](Teller &at) {
         at.gross(2000);
         at.check(3, 2, RCK_SIDE_BUY, 10);
       },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.end_any(2);
         at.check(3, 3, RCK_SIDE_BUY, 20);
       }},
      {"a check, and who amends it while it has not returned", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.amend_any(2, 5); }},
      {"a check, and who checks it once more and ends it", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.check(2, 1, RCK_SIDE_BUY, 10);
         at.release(3, 1);
       }},
      {"a check, and a bust that names its order", no_limits, [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) { at.bust_by_id(2, 1, 21); }},
      {"a bust that names an order, and the order with its execution", no_limits,
       [](Teller &at) { at.bust_by_id(1, 1, 21); },
       [](Teller &at) {
         at.check(2, 1, RCK_SIDE_BUY, 10);
         at.fill(2, 1, 4, 90, 21);
       }},
      {"a drop copy, and who ends it while it has not returned", no_limits,
       [](Teller &at) { at.copy(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.end_any(2);
         at.release(3, 1);
       }},
      {"legs, and who ends them while they have not returned", no_limits, [](Teller &at) { at.legs(1, 1); },
       [](Teller &at) {
         at.end_any(2);
         at.release(3, 3);
       }},
      {"a report of an unknown order, and who ends it", no_limits, [](Teller &at) { at.unknown(1, 9, 4, 21); },
       [](Teller &at) { at.release(2, 9); }},
      {"who ends an unknown order, and a report of it", no_limits, [](Teller &at) { at.release(1, 9); },
       [](Teller &at) { at.unknown(2, 9, 4, 21); }},
      {"a check that is taken back for a latch, and who ends it", no_limits,
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) {
         at.latch(RCK_STATE_HALTED);
         at.end_any(2);
       }},
      {"an end that makes a place, and an amend that needs one", [](Teller &at) { at.check_all(3, 1); },
       [](Teller &at) { at.release(1, 1); }, [](Teller &at) { at.amend(2, 2, 255, 1); }},
  };
}

inline std::vector<Pair> market_pairs() {
  return {
      {"two trades of the market", no_limits, [](Teller &at) { at.trade(1, 99, 10); },
       [](Teller &at) { at.trade(2, 101, 12); }},
      {"two trades of the market, the later one first", no_limits, [](Teller &at) { at.trade(1, 99, 12); },
       [](Teller &at) { at.trade(2, 101, 10); }},
      {"two trades of one time", no_limits, [](Teller &at) { at.trade(1, 99, 10); },
       [](Teller &at) { at.trade(2, 101, 10); }},
      {"two quotes of one time", no_limits, [](Teller &at) { at.quote(1, 99, 10); },
       [](Teller &at) { at.quote(2, 101, 10); }},
      {"a trade that a collar refers to, and a check",
       [](Teller &at) {
         rck_limit collar = limit(RCK_CONTROL_COLLAR, RCK_MEASURE_BPS, RCK_SCOPE_INSTRUMENT, 1, 100);
         collar.reference = RCK_REFERENCE_LAST;
         set(at.engine, collar);
         publish(at.engine);
         at.trade(3, 100, 5);
       },
       [](Teller &at) { at.trade(1, 200, 10); }, [](Teller &at) { at.check(2, 1, RCK_SIDE_BUY, 10); }, true},
      {"two feedings of one metric", no_limits, [](Teller &at) { at.metric(1, 1, 10); },
       [](Teller &at) { at.metric(2, 2, 10); }},
  };
}

inline std::vector<Pair> desk_pairs() {
  return {
      {"two settings of cash", no_limits, [](Teller &at) { at.cash(1, 1000); }, [](Teller &at) { at.cash(2, 2000); }},
      {"two settings of a position", no_limits, [](Teller &at) { at.place(1, 5, 90); },
       [](Teller &at) { at.place(2, 7, 110); }},
      {"a position that is set to what it is, and another setting", [](Teller &at) { at.place(3, 5, 90); },
       [](Teller &at) { at.place(1, 5, 90); }, [](Teller &at) { at.place(2, 7, 110); }},
      {"another setting of a position, and one to what it is", [](Teller &at) { at.place(3, 5, 90); },
       [](Teller &at) { at.place(1, 7, 110); }, [](Teller &at) { at.place(2, 5, 90); }},
      {"a mark and a bust of the only row", executed, [](Teller &at) { at.mark(1, 120); },
       [](Teller &at) { at.bust(2, 1, 11); }},
      {"two marks of the only row", executed, [](Teller &at) { at.mark(1, 120); }, [](Teller &at) { at.mark(2, 130); }},
      {"a mark of two rows and a fill",
       [](Teller &at) {
         executed(at);
         at.check(3, 3, RCK_SIDE_BUY, 10, 2);
         at.check(3, 4, RCK_SIDE_BUY, 10, 2);
         at.fill(3, 3, 10, 80, 13);
       },
       [](Teller &at) { at.mark(1, 120); }, [](Teller &at) { at.fill(2, 4, 10, 90, 22); }, false, true},
      {"a day that begins and a fill", two_rows, [](Teller &at) { at.day(1, 20240105); },
       [](Teller &at) { at.fill(2, 3, 10, 120, 22); }, false, true, true},
      {"a day that begins and a check", two_rows, [](Teller &at) { at.day(1, 20240105); },
       [](Teller &at) { at.check(2, 7, RCK_SIDE_BUY, 10, 2); }, false, true, true},
      {"an amend and a latch", two_orders, [](Teller &at) { at.amend(1, 1, 20, 20); },
       [](Teller &at) { at.latch(RCK_STATE_HALTED); }},
      {"a check and a latch", no_limits, [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); },
       [](Teller &at) { at.latch(RCK_STATE_HALTED); }},
      {"a check and a latch that is cleared", [](Teller &at) { at.latch(RCK_STATE_HALTED); },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.latch(0); }},
      {"a check and a limit that becomes tighter", [](Teller &at) { at.gross(2000); },
       [](Teller &at) { at.check(1, 1, RCK_SIDE_BUY, 10); }, [](Teller &at) { at.gross(500); }},
  };
}

inline std::vector<Pair> pairs() {
  std::vector<Pair> all;
  for (const auto &some : {fact_pairs(), check_pairs(), order_pairs(), market_pairs(), desk_pairs()})
    all.insert(all.end(), some.begin(), some.end());
  for (Pair met : met_pairs()) {
    met.meets = true;
    all.push_back(met);
  }
  return all;
}

} // namespace desk

#endif
