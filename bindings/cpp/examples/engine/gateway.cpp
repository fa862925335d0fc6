#include "gateway.hpp"

namespace trading {

namespace {

constexpr i64 mark_interval_ns = 10'000'000;
constexpr u32 sweeps_max = 16; // a venue that refuses a cancel as often as that refuses it for good

/// Asks until other calls do not move the same rows at every try. A fact is told until it is taken.
template <typename Call> rck::Status settled(Call call) {
  rck::Status status = RCK_REJECT_CONTENDED;
  while (status == RCK_REJECT_CONTENDED)
    status = call();
  return status;
}

} // namespace

void Gateway::run() {
  Idle idle;
  Report report;
  while (stage != Stage::ended) {
    bool worked = false;
    for (int most = 64; most > 0 && rings.reports.pop(report); most--, worked = true)
      apply(report);
    worked = forward() || worked;
    mark();
    finish();
    if (!worked)
      idle.wait();
  }
  next_mark_ns = 0;
  mark(); // at the last prices
  stages.drained.store(true, std::memory_order_release);
}

/// Takes an instruction only if the venue's ring has room for it: otherwise the strategy's ring fills, which shows.
bool Gateway::forward() {
  bool worked = false;
  Instruction instruction;
  for (u32 strategy = 1; strategy <= strategies; strategy++)
    for (int most = 16; most > 0 && rings.requests.room() && rings.instructions[strategy].pop(instruction); most--) {
      const Request &request = instruction.request;
      if (request.kind == Request::Kind::enter)
        orders.insert(request.order_id, {instruction.token, instruction.sent_ns});
      if (request.kind == Request::Kind::cancel)
        count_cancel(rck::Token(instruction.token), rck::OrderId(request.order_id));
      rings.requests.push(request);
      counted.sent.add();
      worked = true;
    }
  return worked;
}

/// A request to cancel is counted and frees nothing: what the venue answers does. It is counted here, not by the
/// strategy, for what it finds depends on which facts came before it.
void Gateway::count_cancel(rck::Token token, rck::OrderId id) {
  rck::Verdict verdict;
  must(settled([&] { return port.cancel(token, id, rck::Time{}, verdict); }), "cancel");
  unanswered++;
}

u64 Gateway::token_of(u64 order_id) {
  const Known *known = orders.find(order_id);
  return known == nullptr ? 0 : known->token; // by its id then: it has ended
}

void Gateway::apply(const Report &report) {
  rck::Verdict verdict;
  const rck::Token token(token_of(report.order_id));
  const rck::OrderId id(report.order_id);
  switch (report.kind) {
  case Report::Kind::accepted:
    if (const Known *known = orders.find(report.order_id))
      round_trip.add(monotonic_ns() - known->sent_ns);
    break;
  case Report::Kind::filled:
    if (!fill(report))
      return; // the strategy knows it already
    break;
  case Report::Kind::rejected:
    counted.rejected.add();
    release(report, rck::ReleaseReason::rejected);
    break;
  case Report::Kind::cancelled:
    counted.cancelled.add();
    unanswered--;
    release(report, rck::ReleaseReason::cancelled);
    break;
  case Report::Kind::expired:
    counted.expired.add();
    release(report, rck::ReleaseReason::expired);
    break;
  case Report::Kind::cancel_rejected:
    counted.cancels_refused.add();
    unanswered--;
    break;
  case Report::Kind::amended:
  case Report::Kind::amend_rejected: {
    const bool accepted = report.kind == Report::Kind::amended;
    (accepted ? counted.amended : counted.amends_refused).add();
    expect(settled([&] { return port.amend_result(token, id, accepted, verdict); }), false);
    break;
  }
  case Report::Kind::logged_out:
    stage = Stage::ended;
    return;
  }
  if (report.ends())
    orders.erase(report.order_id);
  Idle idle;
  while (!rings.notices[report.owner].push(report)) // strategies never wait for the gateway: it will have room
    idle.wait();
}

/// Whether it is news.
bool Gateway::fill(const Report &report) {
  const rck::Report fact{.token = rck::Token(token_of(report.order_id)),
                         .order_id = rck::OrderId(report.order_id),
                         .last_quantity = rck::Quantity(report.quantity),
                         .last_price = rck::Price(report.price),
                         .cumulative_quantity = rck::Quantity(report.cumulative),
                         .execution_id = rck::ExecutionId(report.execution_id),
                         .account = account, // these count if the order is not remembered
                         .strategy = rck::StrategyId(report.owner),
                         .instrument = rck::InstrumentId(report.instrument),
                         .side = static_cast<rck::Side>(report.side),
                         .kind = rck::ReportKind::fill};
  rck::Verdict verdict;
  const rck::Status status = settled([&] { return port.fill(fact, verdict); });
  expect(status, true);
  if (status.repeat()) {
    counted.repeats.add();
    return false;
  }
  counted.fills.add();
  counted.late.add(verdict.has(rck::VerdictFlag::late));
  sums[report.owner][report.instrument] += signed_by(report.side, verdict.observed.get());
  moved[report.instrument] = true;
  return true;
}

void Gateway::release(const Report &report, rck::ReleaseReason reason) {
  rck::Verdict verdict;
  const rck::Token token(token_of(report.order_id));
  expect(settled([&] { return port.release(token, rck::OrderId(report.order_id), reason, rck::Time{}, verdict); }),
         false);
}

/// A fact is never refused; the answer about an order that has ended may be a repeat.
void Gateway::expect(rck::Status status, bool fact) {
  must(status, fact ? "a fill" : "what the venue said of an order");
  counted.unexpected.add(!status && !status.repeat());
}

/// Now and then all, and what was filled since at once: a loss limit asks for a mark as soon as there is a position.
void Gateway::mark() {
  const i64 now = monotonic_ns();
  const bool all = now >= next_mark_ns;
  if (all)
    next_mark_ns = now + mark_interval_ns;
  for (u32 instrument = 1; instrument <= instruments_max; instrument++) {
    const i64 price = prices[instrument].load(std::memory_order_relaxed);
    if (price == 0 || !(all || moved[instrument])) // 0: none yet
      continue;
    moved[instrument] = false;
    marks[instrument] = price;
    const rck::Status status = port.mark(rck::InstrumentId(instrument), rck::Price(price), rck::Time{});
    must(status, "mark");
    counted.unexpected.add(status.refused());
  }
}

/// The end, one step a turn: reports come in between.
void Gateway::finish() {
  if (stage == Stage::trading) {
    for (u32 strategy = 1; strategy <= strategies; strategy++)
      if (!stages.quiet[strategy].load(std::memory_order_acquire))
        return;
    if (forward() || !rings.requests.room()) // their last
      return;
    stage = Stage::cancelling;
    return sweep();
  }
  if (stage != Stage::cancelling || unanswered != 0)
    return;
  // All cancels are answered. What is open still was refused one, or its fill is on its way.
  bool open = false;
  for ([[maybe_unused]] const rck::OrderInfo &order : engine.open_orders())
    open = true;
  if (open && sweeps < sweeps_max)
    return sweep();
  Request request{};
  request.kind = Request::Kind::log_out;
  if (rings.requests.push(request))
    stage = Stage::logging_out;
}

/// Asks the venue to cancel what the engine lists as open: that is the truth, whatever a strategy remembers.
void Gateway::sweep() {
  sweeps++;
  for (const rck::OrderInfo &order : engine.open_orders()) {
    if (!rings.requests.room()) // the rest at the next turn
      return;
    Request request{};
    request.kind = Request::Kind::cancel;
    request.side = static_cast<Side>(order.side.get());
    request.instrument = order.instrument.get();
    request.owner = order.strategy.get();
    request.order_id = order.order_id.get();
    count_cancel(order.token, order.order_id);
    rings.requests.push(request);
    counted.swept.add(sweeps == 1);
  }
}

} // namespace trading
