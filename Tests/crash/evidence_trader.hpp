// The threads of a host that will be killed: two that trade orders of their own on rows that they share, and one that
// latches, clears, limits and attends to violations. Each says in its log what it is going to do and what came of it.
#ifndef RCK_CRASH_EVIDENCE_TRADER_HPP
#define RCK_CRASH_EVIDENCE_TRADER_HPP

#include "evidence_log.hpp"
#include "evidence_world.hpp"

// Waits while a ring is half full.
inline void wait_for_room(const rck_engine *engine, const Shared &shared, uint32_t ring) {
  auto stats = desk::sized<rck_stats>();
  for (;;) {
    PASSES(rck_stats_read(engine, ring, &stats));
    if (stats.ring_lines_used <= ring_lines / 2 || shared.finish)
      return;
    sched_yield();
  }
}

class Trader {
public:
  Trader(rck_engine *made, Shared &memory, uint32_t index, uint64_t start)
      : engine(made), shared(memory), log(memory.logs[index]), port_index(index), seed(start) {
    PASSES(desk::insist([&] { return rck_port_open(engine, port_index, RCK_PORT_WRITER, &port, nullptr); }));
    auto stats = desk::sized<rck_stats>();
    PASSES(rck_stats_read(engine, port_index, &stats));
    now_ns = stats.time_ns;
  }

  // Orders of an earlier life are this one's as soon as they are confirmed.
  void adopt() {
    for (const rck_order_info &order : desk::open_orders(engine)) {
      if (owner_of(order.order_id) != port_index)
        continue;
      Noted noted = of(RCK_EVENT_CONFIRM, order);
      done(noted, [&] { return rck_order_confirm(port, order.token, 0, &verdict); });
      live.push_back({order, 0, 0});
    }
  }

  void trade() {
    while (!shared.finish) {
      wait_for_room(engine, shared, port_index);
      for (uint32_t turn = 0; turn < 8 && !shared.finish; turn++)
        act();
    }
    PASSES(desk::insist([&] { return rck_port_close(port); }));
  }

private:
  struct Mine {
    rck_order_info order;
    uint64_t other_id; // that the last amend gave it
    uint64_t execution;
  };
  rck_engine *engine;
  Shared &shared;
  Log &log;
  uint32_t port_index;
  uint64_t seed;
  int64_t now_ns = 0;
  rck_port *port = nullptr;
  rck_verdict verdict{};
  std::vector<Mine> live;

  uint64_t below(uint64_t count) { return drawn(&seed) % count; }
  uint64_t number() { return shared.next.fetch_add(1) + 1; }
  uint64_t own_id() { return static_cast<uint64_t>(port_index) << owner_shift | number(); }
  int64_t tick() { return ++now_ns; }
  int64_t near_price() { return price_middle - 5 + static_cast<int64_t>(below(11)); }

  Noted of(uint32_t kind, const rck_order_info &order) {
    Noted noted{};
    noted.kind = kind;
    noted.order_id = order.order_id;
    noted.token = order.token;
    return noted;
  }

  // Of an order that is there: what is known of it then, also the name that it has.
  template <class Call> rck_status done(Mine &mine, Noted &noted, Call call) {
    noted.other_id = mine.other_id;
    const rck_status status = done(noted, call);
    if (noted.order.order_id)
      mine.order = noted.order;
    return status;
  }

  template <class Call> rck_status done(Noted &noted, Call call) {
    log.begin(noted);
    verdict = rck_verdict{};
    const rck_status status = call();
    if (status < 0)
      fprintf(stderr, "kind %u gave %s\n", noted.kind, rck_status_name(status));
    NEED(status >= 0);
    Noted &said = log.current();
    said.status = status;
    said.token = verdict.token;
    said.violation = verdict.violation_id;
    if (verdict.token)
      PASSES(rck_order_get(engine, verdict.token, 0, &said.order));
    noted = said;
    log.end();
    shared.work.fetch_add(1);
    return status;
  }

  void act() {
    const uint64_t draw = below(16);
    if (draw == 0)
      return quote();
    if (draw == 1)
      return mark();
    if (live.size() < 2 || (live.size() < 8 && draw < 7))
      return below(16) ? check() : check_legs();
    const size_t which = below(live.size());
    if (draw < 11)
      fill(which);
    else if (draw < 13)
      live[which].order.state &RCK_ORDER_AMENDING ? answer(which) : amend(which);
    else if (draw == 13)
      cancel(which);
    else
      release(which);
  }

  rck_order new_order() {
    const bool is_shared = below(2);
    rck_order order =
        desk::order(own_id(), is_shared ? 1 : 1 + port_index, static_cast<uint32_t>(below(strategies + 1)),
                    1 + static_cast<uint32_t>(below(instruments)), 1 + static_cast<uint32_t>(below(2)),
                    1 + static_cast<int64_t>(below(20)), near_price(), tick());
    if (below(16) == 0)
      order.quantity = 1000; // refused
    order.correlation_id = number();
    return order;
  }

  void check() {
    const rck_order order = new_order();
    Noted noted{};
    noted.kind = below(8) ? RCK_EVENT_CHECK : RCK_EVENT_COPY;
    noted.order_id = order.order_id;
    noted.correlation = order.correlation_id;
    noted.time_ns = order.time_ns;
    const auto call = [&] {
      return noted.kind == RCK_EVENT_COPY ? rck_drop_copy(port, &order, &verdict) : rck_check(port, &order, &verdict);
    };
    if (done(noted, call) == RCK_OK)
      live.push_back({noted.order, 0, 0});
    else if (below(4) == 0)
      done(noted, call); // the same once more
  }

  // Orders that pass all or none, with ids one after the other.
  void check_legs() {
    rck_order orders[legs_each];
    rck_verdict verdicts[legs_each];
    uint32_t passed = 0;
    const uint64_t first = shared.next.fetch_add(legs_each) + 1;
    for (uint32_t leg = 0; leg < legs_each; leg++) {
      orders[leg] = new_order();
      orders[leg].order_id = static_cast<uint64_t>(port_index) << owner_shift | (first + leg);
    }
    Noted noted{};
    noted.kind = RCK_EVENT_LEGS;
    noted.order_id = orders[0].order_id;
    log.begin(noted);
    PASSES(rck_check_batch(port, orders, verdicts, legs_each, RCK_BATCH_ALL_OR_NONE, &passed));
    Noted *const said = &log.current();
    said->value = passed != 0;
    for (uint32_t leg = 0; leg < legs_each; leg++) {
      Noted &one = said[1 + leg] = Noted{};
      one.kind = RCK_EVENT_LEG;
      one.status = verdicts[leg].status;
      one.order_id = orders[leg].order_id;
      one.correlation = orders[leg].correlation_id;
      one.token = verdicts[leg].token;
      one.violation = verdicts[leg].violation_id;
      if (one.token)
        PASSES(rck_order_get(engine, one.token, 0, &one.order));
      if (passed)
        live.push_back({one.order, 0, 0});
    }
    log.end(1 + legs_each);
    shared.work.fetch_add(1);
  }

  void leave(size_t which) { live.erase(live.begin() + static_cast<std::ptrdiff_t>(which)); }

  // In part, whole, beyond the order, or once more.
  void fill(size_t which) {
    Mine &mine = live[which];
    const bool again = mine.execution != 0 && below(8) == 0;
    const int64_t quantity = 1 + static_cast<int64_t>(below(12));
    const uint64_t execution = again ? mine.execution : number();
    const int64_t cumulative = again ? mine.order.cumulative : mine.order.cumulative + quantity;
    rck_report report = desk::fill(mine.order.token, quantity, cumulative, near_price(), execution, tick());
    report.correlation_id = number();
    report.fee = static_cast<int64_t>(below(3));
    Noted noted = of(RCK_EVENT_FILL, mine.order);
    noted.correlation = report.correlation_id;
    noted.time_ns = report.time_ns;
    if (done(mine, noted, [&] { return rck_fill(port, &report, &verdict); }) == RCK_OK)
      mine.execution = execution;
    if (mine.order.state & RCK_ORDER_FINISHED && below(2))
      leave(which);
  }

  void amend(size_t which) {
    Mine &mine = live[which];
    const uint64_t id = below(2) ? own_id() : mine.order.order_id;
    rck_order order = desk::order(id, 0, 0, 0, 0, 1 + static_cast<int64_t>(below(25)), near_price(), tick());
    order.correlation_id = number();
    Noted noted = of(RCK_EVENT_AMEND, mine.order);
    noted.order_id = id;
    noted.correlation = order.correlation_id;
    noted.time_ns = order.time_ns;
    if (done(mine, noted, [&] { return rck_amend(port, mine.order.token, &order, &verdict); }) == RCK_OK)
      mine.other_id = id;
    if (noted.status == RCK_REJECT_ORDER_FINISHED)
      leave(which);
  }

  void answer(size_t which) {
    Mine &mine = live[which];
    Noted noted = of(RCK_EVENT_AMEND_RESULT, mine.order);
    const uint32_t accepted = below(4) != 0;
    done(mine, noted, [&] { return rck_amend_result(port, mine.order.token, 0, accepted, &verdict); });
  }

  void cancel(size_t which) {
    Mine &mine = live[which];
    Noted noted = of(RCK_EVENT_CANCEL, mine.order);
    noted.time_ns = tick();
    done(mine, noted, [&] { return rck_cancel(port, mine.order.token, 0, noted.time_ns, &verdict); });
  }

  void release(size_t which) {
    Mine &mine = live[which];
    Noted noted = of(RCK_EVENT_RELEASE, mine.order);
    noted.time_ns = tick();
    const auto call = [&] {
      return rck_release(port, mine.order.token, 0, RCK_RELEASE_CANCELLED, noted.time_ns, &verdict);
    };
    done(mine, noted, call);
    if (below(8) == 0)
      done(mine, noted, call);
    if (below(8)) // a fill that comes late is drawn from those that stay
      leave(which);
  }

  void quote() {
    rck_quote quote{};
    quote.instrument = 1 + static_cast<uint32_t>(below(instruments));
    quote.bid = near_price();
    quote.ask = quote.bid + 1;
    quote.bid_size = quote.ask_size = 10;
    quote.time_ns = tick();
    Noted noted{};
    noted.kind = RCK_EVENT_QUOTE;
    done(noted, [&] { return rck_market_quote(port, &quote); });
  }

  void mark() {
    Noted noted{};
    noted.kind = RCK_EVENT_MARK;
    noted.order_id = 1 + below(instruments);
    noted.time_ns = tick();
    const int64_t price = near_price();
    done(noted, [&] { return rck_mark(port, static_cast<uint32_t>(noted.order_id), price, noted.time_ns); });
  }
};

#endif
