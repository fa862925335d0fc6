// What each thread of retold.hpp does: it checks, amends, fills and ends orders of its own, and with `moves` it does
// all that a fact can be.
#ifndef RCK_STRESS_RETRADER_HPP
#define RCK_STRESS_RETRADER_HPP

#include "crowd.hpp"

namespace desk {

class Retrader {
public:
  Retrader(rck_engine *made, rck_port *own, uint64_t start, bool moving, std::atomic<int64_t> &time,
           std::atomic<uint64_t> &last)
      : engine(made), port(own), seed(start), moves(moving), clock(time), numbers(last) {}

  void act() {
    const uint64_t draw = below(16);
    if (live.empty() || (live.size() < 5 && draw < 6))
      return enter();
    const size_t which = below(live.size());
    if (draw < 10)
      fill(which);
    else if (draw == 10 && moves)
      end_another();
    else if (draw == 11 && moves)
      undo();
    else if (draw < 12)
      amend(live[which]);
    else if (draw == 12)
      NEED(rck_cancel(port, live[which].token, 0, tick(), &verdict) >= 0);
    else
      release(which);
  }

private:
  struct Mine {
    uint64_t token, id;
    int64_t quantity, cumulative;
    bool is_amending;
  };
  struct Execution {
    uint64_t token, id;
    int64_t quantity, cumulative;
  };
  rck_engine *engine;
  rck_port *port;
  uint64_t seed;
  bool moves;
  std::atomic<int64_t> &clock;
  std::atomic<uint64_t> &numbers;
  rck_verdict verdict{};
  std::vector<Mine> live;
  Execution last{}; // that can be undone

  uint64_t below(uint64_t count) { return drawn(&seed) % count; }
  int64_t tick() { return clock.fetch_add(1); }
  uint64_t number() { return numbers.fetch_add(1) + 1; }
  int64_t price() { return moves ? 95 + static_cast<int64_t>(below(11)) : 100; }

  rck_order new_order() {
    return order(number(), 1 + static_cast<uint32_t>(below(accounts)), 0, 1 + static_cast<uint32_t>(below(instruments)),
                 1 + static_cast<uint32_t>(below(2)), 1 + static_cast<int64_t>(below(20)), price(), tick());
  }

  // A check, seldom a drop copy or legs.
  void enter() {
    if (below(16) == 0)
      return enter_legs();
    const rck_order asked = new_order();
    // Limits do not stop what somebody else has entered.
    const bool is_copy = moves && below(32) == 0;
    if ((is_copy ? rck_drop_copy(port, &asked, &verdict) : rck_check(port, &asked, &verdict)) == RCK_OK)
      live.push_back({verdict.token, asked.order_id, asked.quantity, 0, false});
    NEED(verdict.status >= 0);
  }
  void enter_legs() {
    rck_order asked[3];
    rck_verdict verdicts[3];
    uint32_t passed = 0;
    for (rck_order &one : asked)
      one = new_order();
    asked[0].time_ns = asked[1].time_ns = asked[2].time_ns;
    PASSES(rck_check_batch(port, asked, verdicts, 3, RCK_BATCH_ALL_OR_NONE, &passed));
    for (uint32_t leg = 0; leg < 3 && passed; leg++)
      live.push_back({verdicts[leg].token, asked[leg].order_id, asked[leg].quantity, 0, false});
  }

  void fill(size_t which) {
    Mine &mine = live[which];
    if (!moves && mine.cumulative >= mine.quantity)
      return amend(mine); // nothing is to come but the answer
    const int64_t left = std::max<int64_t>(1, mine.quantity - mine.cumulative);
    const int64_t quantity = moves || below(2) ? 1 + static_cast<int64_t>(below(moves ? 12 : left)) : left;
    rck_report report = desk::fill(mine.token, quantity, mine.cumulative + quantity, price(), number(), tick());
    report.fee = static_cast<int64_t>(below(3));
    const rck_status status = rck_fill(port, &report, &verdict);
    gives("fill", status, {RCK_OK, RCK_REPEAT});
    if (status == RCK_OK) {
      mine.cumulative += quantity;
      last = {mine.token, report.execution_id, quantity, mine.cumulative};
    }
    if (mine.cumulative >= mine.quantity && !mine.is_amending)
      leave(which);
  }

  void undo() {
    if (last.token == 0)
      return;
    const bool corrects = below(2);
    const int64_t left = last.cumulative - last.quantity;
    rck_report report = desk::fill(last.token, corrects, left + corrects, price(), corrects ? number() : 0, tick());
    report.kind = corrects ? RCK_REPORT_CORRECT : RCK_REPORT_BUST;
    report.undone_execution_id = last.id;
    last.token = 0;
    NEED(rck_fill(port, &report, &verdict) >= 0);
  }

  void amend(Mine &mine) {
    if (mine.is_amending) {
      gives("answer", rck_amend_result(port, mine.token, 0, below(4) != 0, &verdict), {RCK_OK, RCK_REPEAT});
      mine.is_amending = false;
      return;
    }
    const uint64_t id = moves ? number() : mine.id;
    // Less than is executed would leave an order with nothing to come.
    const int64_t quantity = mine.cumulative + 1 + static_cast<int64_t>(below(20));
    const rck_order asked = order(id, 0, 0, 0, 0, quantity, price(), tick());
    if (rck_amend(port, mine.token, &asked, &verdict) == RCK_OK) {
      mine.is_amending = true;
      mine.quantity = std::min(mine.quantity, quantity);
    }
    NEED(verdict.status >= 0);
  }

  void release(size_t which) {
    const rck_status status = rck_release(port, live[which].token, 0, RCK_RELEASE_CANCELLED, tick(), &verdict);
    gives("release", status, {RCK_OK, RCK_REPEAT});
    if (!moves || below(8)) // a late report is drawn from those that stay
      leave(which);
  }
  void leave(size_t which) { live.erase(live.begin() + static_cast<std::ptrdiff_t>(which)); }

  // Of any thread, as whoever looks for orders finds it.
  void end_another() {
    rck_order_info found[8];
    uint32_t cursor = 0, count = 0;
    PASSES(rck_open_orders(engine, RCK_SCOPE_GLOBAL, 0, found, 8, &cursor, &count));
    if (count)
      NEED(rck_release(port, found[below(count)].token, 0, RCK_RELEASE_CANCELLED, tick(), &verdict) >= 0);
  }
};

} // namespace desk

#endif
