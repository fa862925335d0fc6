#include "venue.hpp"

namespace trading {

namespace {

// Requests under way at once. The gateway's ring behind it is where more of them wait.
constexpr std::size_t requests_max = 4'096;
constexpr i64 any_price_up = std::numeric_limits<i64>::max(), any_price_down = std::numeric_limits<i64>::min();

i64 limit_of(const Request &terms) {
  if (terms.type == Type::limit)
    return terms.price;
  return terms.side == Side::buy ? any_price_up : any_price_down;
}

} // namespace

Venue::Venue(const VenueSettings &settings, const std::array<i64, instruments_max + 1> &ticks, u64 seed)
    : settings(settings), ticks(ticks), random(seed),
      books(instruments_max + 1, Book(settings.orders_max + 2 * levels)), orders(settings.orders_max),
      arriving(requests_max), leaving(16 * settings.orders_max),
      // One step makes at most two reports for each live order, each maybe twice, and some of its own.
      reports_most(4 * settings.orders_max + 16) {
  for (auto &instrument : quotes)
    for (auto &side : instrument)
      side.fill(Book::none);
}

bool Venue::ready() const { return arriving.room() > 0 && leaving.room() > reports_most; }

void Venue::receive(const Request &request, i64 now_ns) {
  arrival_ns = std::max(arrival_ns, now_ns + latency()); // a session keeps its order
  arriving.add(arrival_ns, request);
}

void Venue::advance(i64 now) {
  now_ns = now;
  Request request;
  while (leaving.room() > reports_most && arriving.take(now, request))
    carry_out(request);
}

bool Venue::take(Report &report, i64 now) { return leaving.take(now, report); }

void Venue::carry_out(const Request &request) {
  switch (request.kind) {
  case Request::Kind::enter:
    return enter(request);
  case Request::Kind::amend:
    return amend(request);
  case Request::Kind::cancel:
    return cancel(request);
  case Request::Kind::log_out: {
    Report report{};
    report.kind = Report::Kind::logged_out;
    leaving.add(std::max({now_ns, told_ns, fills_ns}), report); // behind all that is on its way
  }
  }
}

void Venue::enter(const Request &request) {
  counted.entered++;
  const bool known = request.instrument >= 1 && request.instrument <= instruments_max &&
                     ticks[request.instrument] > 0 && request.owner <= strategies;
  const bool fair = known && request.quantity > 0 && orders.find(request.order_id) == nullptr && !orders.full() &&
                    (request.type == Type::market || request.price % ticks[request.instrument] == 0);
  if (!fair || random.one_in(settings.reject_one_in)) {
    counted.rejected++;
    return answer(Report::Kind::rejected, request, 0, 0);
  }
  orders.insert(request.order_id, {request, 0, Book::none, 0});
  answer(Report::Kind::accepted, request, 0, request.quantity);
  const i64 limit = limit_of(request);
  if (request.force != Force::fill_or_kill ||
      books[request.instrument].available(request.side, limit) >= request.quantity)
    match(request.order_id);
  Order *order = orders.find(request.order_id);
  if (order == nullptr) // filled at once
    return;
  if (request.force == Force::day && request.type == Type::limit) {
    if (const auto place = books[request.instrument].add(request.order_id, request.side, request.price,
                                                         request.quantity - order->cumulative)) {
      order->place = *place;
      return;
    }
  }
  counted.expired++;
  answer(Report::Kind::expired, request, order->cumulative, 0);
  orders.erase(request.order_id);
}

void Venue::amend(const Request &request) {
  Order *order = orders.find(request.order_id);
  const bool fair =
      order != nullptr && request.quantity > order->cumulative && request.price % ticks[order->terms.instrument] == 0;
  if (!fair || random.one_in(settings.amend_reject_one_in)) {
    counted.amends_refused++;
    return answer(Report::Kind::amend_rejected, request, order ? order->cumulative : 0, 0);
  }
  Request &terms = order->terms;
  const bool keeps_place = request.price == terms.price && request.quantity <= terms.quantity;
  terms.price = request.price;
  terms.quantity = request.quantity;
  Book &book = books[terms.instrument];
  counted.amended++;
  answer(Report::Kind::amended, terms, order->cumulative, terms.quantity - order->cumulative);
  if (keeps_place)
    return book.shrink(order->place, terms.quantity - order->cumulative);
  book.remove(order->place);
  order->place = Book::none;
  const Request amended = terms;
  match(amended.order_id);
  order = orders.find(amended.order_id);
  if (order != nullptr) // its own place has just become free
    order->place = book.add(amended.order_id, amended.side, amended.price, amended.quantity - order->cumulative)
                       .value_or(Book::none);
}

void Venue::cancel(const Request &request) {
  Order *order = orders.find(request.order_id);
  if (order == nullptr || random.one_in(settings.cancel_reject_one_in)) {
    counted.cancels_refused++;
    return answer(Report::Kind::cancel_rejected, request, order ? order->cumulative : 0, 0);
  }
  counted.cancelled++;
  books[order->terms.instrument].remove(order->place);
  answer(Report::Kind::cancelled, order->terms, order->cumulative, 0);
  orders.erase(request.order_id);
}

/// Takes what the other side offers, for one of ours that is not in the book.
void Venue::match(u64 order_id) {
  const Order order = *orders.find(order_id);
  takes(order.terms.instrument, order_id, order.terms.side, limit_of(order.terms),
        order.terms.quantity - order.cumulative);
}

/// Trades at the resting orders' prices. Either party is told if it is one of ours.
i64 Venue::takes(u32 instrument, u64 order_id, Side side, i64 limit, i64 quantity) {
  return books[instrument].take(side, limit, quantity, [&](const Book::Resting &rested, i64 traded) {
    if ((rested.order_id & background) == 0)
      fill(rested.order_id, traded, rested.price);
    else if (rested.left == 0)
      resting(instrument, rested.side, rested.order_id & 0xff) = Book::none;
    if ((order_id & background) == 0)
      fill(order_id, traded, rested.price);
  });
}

void Venue::fill(u64 order_id, i64 quantity, i64 price) {
  Order &order = *orders.find(order_id);
  order.cumulative += quantity;
  counted.executions++;
  counted.partial += order.cumulative < order.terms.quantity;
  Traded &sum = sums[order.terms.owner][order.terms.instrument];
  sum.net += signed_by(order.terms.side, quantity);
  sum.count++;
  sum.paid += static_cast<double>(signed_by(order.terms.side, quantity)) * static_cast<double>(price);
  answer_fill(order, quantity, price);
  if (order.cumulative == order.terms.quantity)
    orders.erase(order_id);
}

void Venue::answer(Report::Kind kind, const Request &request, i64 cumulative, i64 leaves) {
  Report report{};
  report.kind = kind;
  report.side = request.side;
  report.instrument = request.instrument;
  report.owner = request.owner;
  report.order_id = request.order_id;
  report.price = request.price;
  report.quantity = request.quantity;
  report.cumulative = cumulative;
  report.leaves = leaves;
  told_ns = std::max(told_ns, now_ns + latency());
  leaving.add(told_ns, report);
}

/// Like any answer; or now and then by a way of its own, on which a later cancel may overtake it. The fills of one
/// order stay in order, for a cumulative quantity that comes early would make a repeat of the one before it.
void Venue::answer_fill(Order &order, i64 quantity, i64 price) {
  Report report{};
  report.kind = Report::Kind::filled;
  report.side = order.terms.side;
  report.instrument = order.terms.instrument;
  report.owner = order.terms.owner;
  report.order_id = order.terms.order_id;
  report.execution_id = ++executions;
  report.price = price;
  report.quantity = quantity;
  report.cumulative = order.cumulative;
  report.leaves = order.terms.quantity - order.cumulative;
  i64 due_ns = told_ns = std::max(told_ns, now_ns + latency());
  if (random.one_in(settings.late_one_in)) {
    due_ns += random.between(settings.late_ns_min, settings.late_ns_max);
    counted.told_late++;
  }
  order.fills_due_ns = std::max(order.fills_due_ns, due_ns);
  fills_ns = std::max(fills_ns, order.fills_due_ns);
  leaving.add(order.fills_due_ns, report);
  if (random.one_in(settings.repeat_one_in)) {
    counted.repeats++;
    leaving.add(order.fills_due_ns, report);
  }
}

void Venue::market(const Tick &tick, i64 now) {
  now_ns = now;
  const u32 instrument = tick.instrument;
  const std::array<i64, 2> best = {tick.bid, tick.ask}, size = {tick.bid_size, tick.ask_size};
  const auto price_at = [&](std::size_t side, std::size_t level) {
    const i64 away = static_cast<i64>(level) * ticks[instrument];
    return side == 0 ? best[0] - away : best[1] + away;
  };
  // First what is no longer shown goes, on both sides: or the old asks would meet the new bids of a market that rose.
  for (std::size_t side = 0; side < 2; side++)
    for (std::size_t level = 0; level < levels; level++) {
      const Book::Place place = quotes[instrument][side][level];
      if (place != Book::none && books[instrument].at(place).price != price_at(side, level))
        withdraw(instrument, side == 0 ? Side::buy : Side::sell, level);
    }
  if (tick.quantity > 0)
    takes(instrument, background, tick.aggressor, tick.price, tick.quantity);
  for (std::size_t side = 0; side < 2; side++)
    for (std::size_t level = 0; level < levels; level++)
      if (size[side] > 0) // what lies deeper is larger
        quote(instrument, side == 0 ? Side::buy : Side::sell, level, price_at(side, level),
              size[side] * static_cast<i64>(level + 1));
}

/// Shows a quantity at a price: less than before keeps its place in the queue, more goes behind what came meanwhile.
void Venue::quote(u32 instrument, Side side, std::size_t level, i64 price, i64 quantity) {
  Book &book = books[instrument];
  Book::Place &place = resting(instrument, side, level);
  if (place != Book::none) {
    if (quantity <= book.at(place).left)
      return book.shrink(place, quantity);
    withdraw(instrument, side, level);
  }
  const u64 id = background | level;
  const i64 left = takes(instrument, id, side, price, quantity);
  if (left > 0)
    place = book.add(id, side, price, left).value_or(Book::none);
}

void Venue::withdraw(u32 instrument, Side side, std::size_t level) {
  Book::Place &place = resting(instrument, side, level);
  books[instrument].remove(place);
  place = Book::none;
}

Book::Place &Venue::resting(u32 instrument, Side side, std::size_t level) {
  return quotes[instrument][side == Side::buy ? 0 : 1][level];
}

i64 Venue::latency() {
  const i64 usual = random.between(settings.latency_ns_min, settings.latency_ns_max);
  return random.one_in(settings.slow_one_in) ? usual + settings.slow_ns : usual;
}

} // namespace trading
