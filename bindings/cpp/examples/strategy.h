// A strategy of the demonstration and the venue that it trades at: what one thread does with one port. It decides
// at every tick, checks each order before it would leave, and passes on what the venue answers. It defines nothing
// and prints nothing; it counts.
#pragma once

#include <riskcheck.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace demo {

using i64 = std::int64_t;
using u64 = std::uint64_t;
using u32 = std::uint32_t;

constexpr u32 account = 1, strategies = 2, instruments = 3;
constexpr std::uint16_t filled_event = RCK_EVENT_HOST + 1; // subject: order id; values: quantity, price

struct Product {
  const char *name;
  u32 currency, margin_bps;
  i64 tick, multiplier, price, quantity; // the quantity is what a strategy sends at most
};
// Prices have two decimals, quantities none.
constexpr std::array<Product, instruments + 1> products = {{{},
                                                            {"ESZ6", 1, 1000, 25, 50, 500'000, 8},
                                                            {"ACME", 1, 2500, 1, 1, 10'000, 300},
                                                            {"FGBL", 2, 500, 1, 1'000, 13'000, 8}}};

[[noreturn]] inline void fail(const char *what, const char *why) {
  std::fprintf(stderr, "%s: %s\n", what, why);
  std::exit(1);
}

inline void must(rck_status status, const char *what) {
  if (status != RCK_OK)
    fail(what, rck_status_name(status));
}

/// What one kind of refusal came to, and the first of them in words.
struct Refusals {
  u64 count = 0;
  std::string first;
};

struct Tick {
  u32 instrument;
  i64 price, time_ns;
};

struct Shared {
  std::vector<Tick> market;
  std::atomic<std::size_t> published = 0; // ticks that the engine has
  std::array<std::atomic<std::size_t>, strategies + 1> done{};
  std::atomic<bool> halted = false; // rck_latch_set has returned
};

/// An order at the venue.
struct Working {
  u64 token, order_id;
  u32 instrument;
  std::uint8_t side;
  i64 price, quantity, cumulative;
};

class Strategy {
public:
  Strategy(Shared &shared, rck_port *port, u32 id) : shared(shared), port(port), id(id), random(id) {}

  void run() {
    for (std::size_t next = 0; next < shared.market.size() && !stopped; next++) {
      while (shared.published.load(std::memory_order_acquire) <= next)
        std::this_thread::yield();
      now = shared.market[next];
      trade_at_venue();
      decide();
      shared.done[id].store(next + 1, std::memory_order_release);
    }
    for (Working &order : delayed)
      fill(order, order.quantity - order.cumulative);
    shared.done[id].store(shared.market.size(), std::memory_order_release);
  }

  std::array<Refusals, 33> refusals; // by control; 0: no single control's
  std::vector<u32> accepted_ns, refused_ns;
  u64 warned = 0, contended = 0, amended = 0, amends_refused = 0, cancelled = 0, fills = 0, late = 0, repeats = 0;
  std::array<i64, instruments + 1> net{};

private:
  Shared &shared;
  rck_port *port;
  u32 id;
  std::mt19937_64 random;
  Tick now{};
  std::array<i64, instruments + 1> before{}; // the price when an instrument was last looked at
  std::vector<Working> working, delayed;
  u64 ids = 0, executions = 0;
  bool stopped = false;

  bool one_in(u64 n) { return random() % n == 0; }
  i64 up_to(i64 n) { return 1 + static_cast<i64>(random() % static_cast<u64>(n)); }
  u64 unique(u64 number) const { return static_cast<u64>(id) << 48 | number; }

  void refuse(const rck_verdict &verdict) {
    Refusals &kind = refusals[std::min<std::size_t>(verdict.control, refusals.size() - 1)];
    if (kind.count++ == 0) {
      char text[240];
      must(rck_explain(&verdict, text, sizeof text), "explain");
      kind.first = text;
    }
    stopped = stopped || verdict.status == RCK_REJECT_HALTED;
  }

  /// Strategy 1 fades what the price did since the last look, strategy 2 follows it.
  void decide() {
    const Product &product = products[now.instrument];
    const i64 moved = now.price - std::exchange(before[now.instrument], now.price);
    if (moved == 0)
      return;
    rck_order order{};
    order.account = account;
    order.strategy = id;
    order.instrument = now.instrument;
    order.side = (moved < 0) == (id == 1) ? RCK_SIDE_BUY : RCK_SIDE_SELL;
    order.type = RCK_TYPE_LIMIT;
    order.time_in_force = RCK_FORCE_DAY;
    order.price = now.price;
    order.quantity = up_to(product.quantity);
    if (one_in(300))
      order.quantity *= 100; // a slip of the hand
    if (one_in(300))
      order.price += order.side == RCK_SIDE_BUY ? now.price / 10 : now.price / -10;
    if (one_in(2'000))
      order.price += 1; // off the tick, unless that is 1
    if (one_in(20)) {
      order.type = RCK_TYPE_MARKET;
      order.time_in_force = RCK_FORCE_IMMEDIATE;
      order.price = 0;
    }
    send(order);
    for (int left = one_in(4'000) ? 150 : 0; left > 0; left--)
      send(order); // a loop that runs away
  }

  void send(rck_order &order) {
    using clock = std::chrono::steady_clock;
    order.order_id = unique(++ids);
    order.time_ns = now.time_ns;
    const bool too_late = shared.halted.load(std::memory_order_acquire);
    rck_verdict verdict;
    const auto from = clock::now();
    const rck_status status = rck_check(port, &order, &verdict);
    const auto to = clock::now();
    const auto spent = static_cast<u32>(std::chrono::duration_cast<std::chrono::nanoseconds>(to - from).count());
    if (status < 0)
      must(status, "check");
    contended += (verdict.flags & RCK_VERDICT_CONTENDED) != 0;
    if (status != RCK_OK) {
      refused_ns.push_back(spent);
      return refuse(verdict);
    }
    if (too_late)
      fail("check", "an order passed after the account was halted");
    accepted_ns.push_back(spent);
    warned += verdict.severity == RCK_SEVERITY_WARNING;
    working.push_back({verdict.token, order.order_id, order.instrument, order.side, order.price, order.quantity, 0});
    if (order.type == RCK_TYPE_MARKET) { // immediate: filled in part or whole, the rest is gone
      working.back().price = now.price;
      fill(working.back(), up_to(order.quantity));
      if (working.back().cumulative < order.quantity)
        release(working.back(), RCK_RELEASE_EXPIRED);
      working.pop_back();
    }
  }

  /// The venue fills, cancels and amends some of what rests in the instrument that has just moved.
  void trade_at_venue() {
    if (!delayed.empty() && one_in(50)) { // it crossed with our cancel: the order has ended, the fill counts
      fill(delayed.back(), delayed.back().quantity - delayed.back().cumulative);
      delayed.pop_back();
    }
    for (std::size_t at = 0; at < working.size();) {
      Working &order = working[at];
      const u64 draw = order.instrument == now.instrument ? random() % 100 : 99;
      bool ended = false;
      if (draw < 12) {
        fill(order, draw < 6 ? up_to(order.quantity - order.cumulative) : order.quantity - order.cumulative);
        ended = order.cumulative >= order.quantity;
      } else if (draw < 17) {
        cancel(order);
        ended = true;
      } else if (draw < 20) {
        amend(order);
      }
      if (ended) {
        working[at] = working.back();
        working.pop_back();
      } else {
        at++;
      }
    }
  }

  void fill(Working &order, i64 quantity) {
    rck_report report{};
    report.kind = RCK_REPORT_FILL;
    report.token = order.token;
    report.order_id = order.order_id;
    report.account = account; // these four count when the order is not remembered
    report.strategy = id;
    report.instrument = order.instrument;
    report.side = order.side;
    report.last_quantity = quantity;
    report.last_price = order.price;
    report.cumulative_quantity = order.cumulative += quantity;
    report.execution_id = unique(++executions);
    report.time_ns = now.time_ns;
    rck_verdict verdict;
    rck_status status;
    do // the other thread moved the same position at every try: a fact is told again until it is taken
      status = rck_fill(port, &report, &verdict);
    while (status == RCK_REJECT_CONTENDED);
    must(status, "fill");
    fills++;
    late += (verdict.flags & RCK_VERDICT_LATE) != 0;
    net[order.instrument] += order.side == RCK_SIDE_BUY ? verdict.observed : -verdict.observed;
    if (one_in(100)) // venues repeat themselves: that changes nothing
      repeats += rck_fill(port, &report, &verdict) == RCK_REPEAT;
    rck_event event{};
    event.kind = filled_event;
    event.time_ns = now.time_ns;
    event.subject = order.order_id;
    event.values[0] = quantity;
    event.values[1] = order.price;
    must(rck_event_write(port, &event, 1), "event");
  }

  void cancel(Working &order) {
    rck_verdict verdict;
    must(rck_cancel(port, order.token, 0, now.time_ns, &verdict), "cancel");
    release(order, RCK_RELEASE_CANCELLED);
    cancelled++;
    if (one_in(20)) {
      delayed.push_back(order);
      delayed.back().token = 0; // a token may be forgotten by then; the id and the report's own terms are not
    }
  }

  void release(const Working &order, u32 reason) {
    rck_verdict verdict;
    must(rck_release(port, order.token, 0, reason, now.time_ns, &verdict), "release");
  }

  /// A tick up or down, and one more; the venue accepts nine of ten.
  void amend(Working &order) {
    const i64 step = one_in(2) ? products[order.instrument].tick : -products[order.instrument].tick;
    rck_order terms{};
    terms.order_id = order.order_id;
    terms.price = order.price + step;
    terms.quantity = order.quantity + 1;
    terms.time_ns = now.time_ns;
    rck_verdict verdict;
    const rck_status status = rck_amend(port, order.token, &terms, &verdict);
    if (status < 0)
      must(status, "amend");
    if (status != RCK_OK) {
      amends_refused++;
      return refuse(verdict);
    }
    const bool accepted = !one_in(10);
    must(rck_amend_result(port, order.token, 0, accepted, &verdict), "amend result");
    if (accepted) {
      order.price = terms.price;
      order.quantity = terms.quantity;
      amended++;
    }
  }
};

} // namespace demo
