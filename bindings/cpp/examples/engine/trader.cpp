#include "trader.hpp"

namespace trading {

namespace {

constexpr i64 rate_wait_ns = 10'000'000; // the window of the rates: by then what filled it has left
constexpr u32 room_uses_max = 32;        // what was asked for once serves so often, unless something was refused
constexpr u64 calm_ticks = 200;          // after a refusal for what it has: others may have the room meanwhile
constexpr u64 calm_ticks_price = 3;      // after one for the price

rck::Order order_of(const Request &terms, rck::StrategyId id) {
  return {.order_id = rck::OrderId(terms.order_id),
          .price = rck::Price(terms.price),
          .quantity = rck::Quantity(terms.quantity),
          .account = account,
          .strategy = id,
          .instrument = rck::InstrumentId(terms.instrument),
          .side = static_cast<rck::Side>(terms.side),
          .type = static_cast<rck::OrderType>(terms.type),
          .time_in_force = static_cast<rck::TimeInForce>(terms.force)};
}

} // namespace

Trader::Trader(rck::StrategyId id, rck::Port port, const Market &market, Rings &rings, Stages &stages)
    : id(id), port(std::move(port)), market(market), rings(rings), stages(stages) {}

void Trader::run() {
  Idle idle;
  Tick tick;
  u64 turns = 0;
  while (!stages.drained.load(std::memory_order_acquire)) {
    listen();
    if (stages.stopping.load(std::memory_order_acquire) && !stages.quiet[id.get()].load(std::memory_order_relaxed))
      stages.quiet[id.get()].store(true, std::memory_order_release); // with it come the last instructions
    const bool quiet = stages.quiet[id.get()].load(std::memory_order_relaxed);
    bool worked = false;
    for (int most = 32; most > 0 && rings.ticks[id.get()].pop(tick); most--) {
      worked = true;
      Row &row = rows[tick.instrument];
      row.last = tick;
      row.ticks++;
      if (!quiet && !stopped)
        decide(tick.instrument);
      listen();
    }
    if (turns++ % 16 == 0) // says that it lives also where the market does not
      must(port.beat(rck::Time{}), "beat");
    if (!worked)
      idle.wait();
  }
  listen(); // what came before the end
}

const char *Trader::standing() const {
  if (stopped)
    return "traded until it was halted";
  return reduce_only ? "has lost too much and only closed what it had" : "traded to the end";
}

bool Trader::may_enter(u32 instrument, Side side) const {
  const Row &row = rows[instrument];
  if (reduce_only && (row.net == 0 || (row.net > 0) == (side == Side::buy)))
    return false;
  return !orders.full() && row.ticks >= row.calm_until && !waits();
}

/// Whether a rate has told it to.
bool Trader::waits() const { return wait_until_ns != 0 && monotonic_ns() < wait_until_ns; }

bool Trader::enter(u32 instrument, Side side, i64 price, i64 wanted, Type type, Force force, Size size) {
  Row &row = rows[instrument];
  if (!may_enter(instrument, side)) {
    counted.held_back.add();
    return false;
  }
  Request terms{Request::Kind::enter, side, type, force, instrument, id.get(), 0, price, 0};
  terms.order_id = static_cast<u64>(id.get()) << 48 | ++next_order;
  rck::Order order = order_of(terms, id);
  terms.quantity = std::max<i64>(wanted * row.factor / 8, 1); // less for a while after a refusal for size
  if (size == Size::by_headroom)
    terms.quantity = std::min(terms.quantity, headroom(order, instrument, side, terms.quantity));
  if (terms.quantity <= 0) {
    counted.held_back.add();
    return false;
  }
  order.quantity = rck::Quantity(terms.quantity);
  const i64 began_ns = monotonic_ns();
  rck::Reservation reserved(port, order);
  const i64 ended_ns = monotonic_ns();
  check_times.add(ended_ns - began_ns);
  if (!reserved) {
    counted.refused.add();
    react(instrument, side, reserved.verdict());
    return false;
  }
  // Listed first: the answer may be there before the push returns. What does not go out is released by `reserved`.
  orders.insert(terms.order_id, {reserved.token().get(), terms, 0, row.ticks, false, false});
  if (!rings.instructions[id.get()].push({terms, reserved.token().get(), ended_ns})) {
    orders.erase(terms.order_id);
    counted.unsent.add();
    return false;
  }
  (void)reserved.keep();
  counted.accepted.add();
  row.room[index(side)] -= terms.quantity;
  row.working[index(side)]++;
  if (row.factor < 8 && next_order % 64 == 0)
    row.factor++;
  return true;
}

/// What may still be sent. What the library said once is used for a while: it is a hint, and the check decides.
i64 Trader::headroom(const rck::Order &order, u32 instrument, Side side, i64 wanted) {
  Row &row = rows[instrument];
  u32 &uses = row.room_uses[index(side)];
  i64 &room = row.room[index(side)];
  if (uses == 0 || room < wanted) {
    rck::Quantity most{};
    rck::Verdict verdict;
    const rck::Status status = port.headroom(order, most, verdict);
    must(status, "headroom");
    room = most.get();
    uses = room_uses_max;
    if (room == 0 && status.refused())
      react(instrument, side, verdict);
  }
  uses--;
  return std::max<i64>(room, 0);
}

/// Each refusal says what to do about it.
void Trader::react(u32 instrument, Side side, const rck::Verdict &verdict) {
  must(verdict.status, "check");
  Row &row = rows[instrument];
  row.room_uses[index(side)] = 0;
  if (verdict.status.code() % 100 >= 50 &&
      verdict.status.code() > 100) { // an input is missing or too old: it will come
    row.calm_until = row.ticks + calm_ticks_price;
    return;
  }
  switch (verdict.control) {
  case rck::Control::order_quantity:
  case rck::Control::order_notional:
    row.factor = std::max<i64>(row.factor / 2, 1);
    return;
  case rck::Control::collar: // the market has moved on: the next tick may look better
  case rck::Control::quote:
  case rck::Control::duplicate:
    row.calm_until = row.ticks + calm_ticks_price;
    return;
  case rck::Control::rate:
    wait_until_ns = monotonic_ns() + rate_wait_ns;
    return;
  case rck::Control::working:
    return cancel_oldest();
  case rck::Control::loss: // what it has may be closed; the day brings no more
    reduce_only = true;
    return;
  case rck::Control::state: // halted, or nothing but cancels: until somebody has cleared it this ends the day
  case rck::Control::conduct:
    stopped = true;
    return;
  default: // position, exposure, buying power: what it has is enough for now; no room in a ring: likewise
    row.calm_until = row.ticks + calm_ticks;
  }
}

/// Whether an order of its own waits at this price already.
bool Trader::has_at(u32 instrument, Side side, i64 price) {
  bool found = false;
  orders.each([&](u64, const Working &order) {
    found = found || (order.terms.instrument == instrument && order.terms.side == side && order.terms.price == price);
  });
  return found;
}

void Trader::cancel_oldest() {
  u64 oldest = 0; // ids ascend
  orders.each([&](u64 order_id, const Working &order) {
    if (!order.cancelling && order.terms.force == Force::day && (oldest == 0 || order_id < oldest))
      oldest = order_id;
  });
  if (oldest != 0)
    cancel(oldest, *orders.find(oldest));
}

void Trader::cancel(u64 order_id, Working &order) {
  Request request = order.terms;
  request.kind = Request::Kind::cancel;
  request.order_id = order_id;
  // It frees nothing and needs no check: the gateway counts it. One that finds no room is tried again at a later tick.
  if (!rings.instructions[id.get()].push({request, order.token, monotonic_ns()}))
    return;
  order.cancelling = true;
  counted.cancels.add();
}

void Trader::amend(u64 order_id, Working &order, i64 price, i64 quantity) {
  const Row &row = rows[order.terms.instrument];
  if (waits() || row.ticks < row.calm_until)
    return counted.held_back.add();
  Request request = order.terms;
  request.kind = Request::Kind::amend;
  request.price = price;
  request.quantity = quantity;
  rck::Verdict verdict;
  const rck::Status status = port.amend(rck::Token(order.token), order_of(request, id), verdict);
  must(status, "amend");
  if (!status) {
    counted.amends_refused.add();
    // Of an order that has ended meanwhile the report is on its way: that is no reason to react.
    if (verdict.control != rck::Control::none)
      react(order.terms.instrument, order.terms.side, verdict);
    return;
  }
  if (rings.instructions[id.get()].push({request, order.token, monotonic_ns()})) {
    order.amending = true;
    counted.amended.add();
    return;
  }
  rck::Status undone = RCK_REJECT_CONTENDED;
  while (undone == RCK_REJECT_CONTENDED) // it was never sent: what the amend reserves is given back
    undone = port.amend_result(rck::Token(order.token), rck::OrderId(order_id), false, verdict);
  must(undone, "amend that was not sent");
  counted.unsent.add();
}

void Trader::listen() {
  Report report;
  while (rings.notices[id.get()].pop(report))
    take(report);
}

/// The engine knows all that is told here already: the gateway has applied it.
void Trader::take(const Report &report) {
  Working *order = orders.find(report.order_id);
  if (report.kind == Report::Kind::filled) {
    counted.fills.add();
    counted.late.add(order == nullptr);
    rows[report.instrument].net += signed_by(report.side, report.quantity);
    if (order != nullptr)
      order->cumulative = report.cumulative;
  }
  if (order == nullptr) // it has ended, and this is a late fill, or the answer to a cancel or amend that came too late
    return;
  switch (report.kind) {
  case Report::Kind::cancel_rejected:
    order->cancelling = false;
    break;
  case Report::Kind::amended:
    order->terms.price = report.price;
    order->terms.quantity = report.quantity;
    order->amending = false;
    break;
  case Report::Kind::amend_rejected:
    order->amending = false;
    break;
  default:
    break;
  }
  if (report.ends())
    ended(report);
}

void Trader::ended(const Report &report) {
  Row &row = rows[report.instrument];
  row.working[index(report.side)]--;
  row.room_uses[index(report.side)] = 0;
  orders.erase(report.order_id);
}

} // namespace trading
