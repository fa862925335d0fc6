// Ports: orders through their life, guards, batches, events.
#include "desk.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>
#include <vector>
#if defined(__cpp_lib_ranges)
#include <ranges>
#endif

using namespace riskcheck;
using desk::Desk;
using desk::order;

namespace {

std::size_t live(const Desk &desk) {
  std::size_t count = 0;
  for ([[maybe_unused]] const OrderInfo &one : desk.engine.open_orders())
    count++;
  return count;
}

Quantity net(const Desk &desk) {
  PositionInfo info{.account = desk::account, .instrument = desk::share};
  return desk.engine.get(info).passed() ? info.net : Quantity{0};
}

} // namespace

TEST_CASE("a verdict is true when the order passed, and says in words what it means") {
  Desk desk;
  Verdict verdict;
  CHECK(desk.port.check(order(1, 100), verdict).passed());
  CHECK(verdict);
  CHECK(explain(verdict) == "passed");
  const Status refused = desk.port.check(order(2, 101), verdict);
  CHECK((refused.refused() && !refused.passed() && !refused.misused() && !refused.repeat()));
  CHECK(!verdict);
  CHECK(verdict.status == RCK_REJECT_ORDER_QUANTITY);
  CHECK(verdict.control == Control::order_quantity);
  CHECK(verdict.failed_by(Control::order_quantity));
  CHECK(!verdict.failed_by(Control::rate));
  CHECK(!verdict.failed_by(Control::none));
  CHECK(verdict.limit.as<Quantity>() == Quantity{100});
  CHECK(verdict.observed.as<Quantity>() == Quantity{101});
  CHECK(explain(verdict).view().find("101 against 100") != std::string_view::npos);
}

TEST_CASE("a check in one value says what the check into a verdict says") {
  Desk one, other;
  for (std::uint64_t id = 1; id <= 40; id++) {
    const Order asked = order(id % 7, static_cast<std::int64_t>(id * 5));
    Verdict verdict{};
    const Status status = one.port.check(asked, verdict);
    const Verdict whole = other.port.check(asked);
    CHECK(whole.status == status);
    CHECK(whole.limit == verdict.limit);
    CHECK(whole.observed == verdict.observed);
    CHECK(whole.token == verdict.token);
    CHECK(one.port.check_dry(asked).status == other.port.check_dry(asked).status);
  }
}

TEST_CASE("an order lives from its check over amends and fills to its end") {
  Desk desk;
  const Verdict passed = desk.port.check(order(1, 60));
  REQUIRE(passed);
  Verdict answer;
  Order terms = order(1, 80);
  CHECK(desk.port.amend(passed.token, terms, answer).passed());
  CHECK(desk.port.amend_result(passed.token, OrderId{}, true, answer).passed());
  CHECK(desk.port.confirm(passed.token, OrderId{}, answer).repeat());
  CHECK(desk.port.cancel(Token{}, OrderId{1}, Time{100}, answer).passed());
  CHECK(desk.port.fill(desk::fill(passed.token, 30, 1), answer).passed());
  CHECK(answer.observed.as<Quantity>() == Quantity{30});
  CHECK(desk.port.fill(desk::fill(passed.token, 30, 1), answer).repeat());
  OrderInfo info;
  REQUIRE(desk.engine.get(passed.token, OrderId{}, info).passed());
  CHECK((info.leaves == Quantity{50} && info.cumulative == Quantity{30} && info.side == Side::buy));
  CHECK(desk.port.release(passed.token, OrderId{}, ReleaseReason::cancelled, Time{100}, answer).passed());
  CHECK(desk.port.release(passed.token, OrderId{}, ReleaseReason::cancelled, Time{100}, answer).repeat());
  CHECK(net(desk) == Quantity{30});
  CHECK(live(desk) == 0);
  BookInfo book{.scope = of(desk::account)};
  REQUIRE(desk.engine.get(book).passed());
  CHECK((book.open_positions == 1 && book.orders == Money{0}.get()));
}

TEST_CASE("headroom is the largest quantity that passes") {
  Desk desk;
  Quantity most{};
  Verdict binding;
  CHECK(desk.port.headroom(order(1, 1), most, binding) == RCK_REJECT_ORDER_QUANTITY);
  CHECK(most == Quantity{100});
  CHECK(!desk.port.check(order(1, most.get() + 1)));
  CHECK(desk.port.check(order(1, most.get())));
}

TEST_CASE("a drop copy counts whatever a limit says") {
  Desk desk;
  Verdict verdict;
  CHECK(desk.port.drop_copy(order(1, 500), verdict).passed());
  CHECK(verdict.has(VerdictFlag::would_refuse));
  CHECK(live(desk) == 1);
}

TEST_CASE("a reservation is given back unless it is kept") {
  Desk desk;
  {
    const Reservation sent(desk.port, order(1, 10));
    CHECK(sent);
    CHECK(live(desk) == 1);
  }
  CHECK(live(desk) == 0);
  Token kept{};
  {
    Reservation sent(desk.port, order(2, 10));
    kept = sent.keep();
    CHECK(!sent);
  }
  CHECK(live(desk) == 1);
  Verdict answer;
  CHECK(desk.port.release(kept, OrderId{}, ReleaseReason::done, Time{100}, answer).passed());
}

TEST_CASE("a reservation that was refused, moved from or released holds nothing") {
  Desk desk;
  {
    const Reservation refused(desk.port, order(1, 101));
    CHECK(!refused);
    CHECK(refused.verdict().status == RCK_REJECT_ORDER_QUANTITY);
  }
  {
    Reservation first(desk.port, order(2, 10));
    Reservation second(std::move(first));
    CHECK((!first && second)); // NOLINT: what is moved from is asked on purpose
    CHECK(live(desk) == 1);
    CHECK(second.release(ReleaseReason::rejected).passed());
    CHECK(live(desk) == 0);
    CHECK(!second);
  }
  const Verdict passed = desk.port.check(order(3, 10));
  {
    const Reservation repeat(desk.port, order(3, 10));
    CHECK(repeat.verdict().status.repeat());
    CHECK(repeat.token() == passed.token);
  }
  CHECK(live(desk) == 1); // of the earlier call
}

TEST_CASE("a reservation that holds nothing releases no order of somebody else's") {
  Desk desk;
  const Verdict earlier = desk.port.check(order(1, 10));
  Reservation taken(desk.port, order(1, 11)), repeat(desk.port, order(1, 10)), first(desk.port, order(2, 10));
  CHECK(taken.verdict().status == RCK_REJECT_ORDER_ID_TAKEN);
  CHECK(repeat.token() == earlier.token);
  const Reservation second(std::move(first));
  for (Reservation *none : {&taken, &repeat, &first}) // NOLINT: what is moved from is asked on purpose
    CHECK(none->release(ReleaseReason::rejected).repeat());
  CHECK(live(desk) == 2);
}

TEST_CASE("a reservation is given back however far its port has gone on") {
  Desk desk;
  {
    const Reservation sent(desk.port, order(1, 10));
    CHECK(desk.port.beat(Time{1'000'000}).passed());
  }
  CHECK(live(desk) == 0);
  CHECK(desk.port.check([] {
    Order later = order(2, 1);
    later.time_ns = Time{1'000'000};
    return later;
  }()));
}

TEST_CASE("what a reservation gives back is no rejection by a venue") {
  Desk desk;
  REQUIRE(desk.engine.set(Limit{.control = Control::conduct,
                                .measure = Measure::rejects,
                                .scope = of(desk::account),
                                .levels = RCK_LEVEL_HARD,
                                .hard = Value(1),
                                .actor = desk::actor,
                                .reason = "agreed"}));
  REQUIRE(desk.engine.publish());
  for (std::uint64_t id = 1; id <= 5; id++)
    CHECK(Reservation(desk.port, order(id, 10)));
  CHECK(desk.port.check(order(9, 10)));
}

TEST_CASE("batches say what single calls say, over arrays and over spans") {
  Desk single, arrays, spans;
  std::vector<Order> orders;
  for (std::uint64_t id = 1; id <= 20; id++)
    orders.push_back(order(id, static_cast<std::int64_t>(id * 10)));
  std::vector<Verdict> first(orders.size()), second(orders.size());
  const Batch batch = arrays.port.check(orders.data(), first.data(), 20);
  CHECK(batch);
  CHECK(batch.passed == 10);
#if defined(RISKCHECK_HAS_SPAN)
  CHECK(spans.port.check(orders, second).passed == 10);
  CHECK(spans.port.check(std::span<const Order>(orders), std::span(second).first(19)).status == RCK_E_RANGE);
  const std::vector<Order> many(RCK_BATCH_MAX + 1, order(1, 1));
  std::vector<Verdict> room(many.size());
  CHECK(spans.port.check(many, room).status == RCK_E_RANGE);
#else
  CHECK(spans.port.check(orders.data(), second.data(), 20));
#endif
  for (std::size_t i = 0; i < orders.size(); i++) {
    const Verdict verdict = single.port.check(orders[i]);
    CHECK(first[i].status == verdict.status);
    CHECK(second[i].status == verdict.status);
  }
  std::vector<Report> reports;
  for (std::size_t i = 0; i < 10; i++)
    reports.push_back(desk::fill(first[i].token, 1, i + 1));
  CHECK(arrays.port.fill(reports.data(), second.data(), 10).passed == 10);
  CHECK(net(arrays) == Quantity{10});
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < 10; i++)
    tokens.push_back(first[i].token);
  CHECK(arrays.port.amend(tokens.data(), orders.data(), second.data(), 10).passed == 10);
}

TEST_CASE("legs pass all or none") {
  Desk desk;
  const std::array<Order, 3> legs = {order(1, 10), order(2, 101), order(3, 10)};
  std::array<Verdict, 3> verdicts;
  const Batch batch = desk.port.check(legs.data(), verdicts.data(), 3, RCK_BATCH_ALL_OR_NONE);
  CHECK(batch);
  CHECK(batch.passed == 0);
  CHECK(verdicts[0].status == RCK_REJECT_BATCH);
  CHECK(verdicts[1].status == RCK_REJECT_ORDER_QUANTITY);
  CHECK(live(desk) == 0);
}

TEST_CASE("the market moves what is marked and refers to") {
  Desk desk;
  const Time now{100};
  CHECK(desk.port
            .quote(Quote{.instrument = desk::share,
                         .bid = Price{9940},
                         .ask = Price{9960},
                         .bid_size = Quantity{5},
                         .ask_size = Quantity{5},
                         .time_ns = now})
            .passed());
  CHECK(desk.port.trade(Trade{.instrument = desk::share, .price = Price{9950}, .quantity = Quantity{1}, .time_ns = now})
            .passed());
  Book book{.instrument = desk::share, .bids = 1, .asks = 0, .time_ns = now};
  book.bid_prices[0] = Price{9945};
  book.bid_sizes[0] = Quantity{10};
  CHECK(desk.port.book(book).passed());
  CHECK(desk.port.volume(desk::share, Quantity{1000}).passed());
  CHECK(desk.port.metric(MetricId{1}, 0.5, now).passed());
  CHECK(desk.port.warm().passed());
  const Verdict passed = desk.port.check(order(1, 10));
  Verdict answer;
  CHECK(desk.port.fill(desk::fill(passed.token, 10, 1), answer).passed());
  CHECK(desk.port.mark(desk::share, Price{10050}, now).passed());
  BookInfo info{.scope = of(desk::account)};
  REQUIRE(desk.engine.get(info).passed());
  CHECK(info.marked == Money{1000}); // 1.00 for each of 10 shares, in cents
}

TEST_CASE("positions, cash and days are set, and reconciled") {
  Desk desk;
  const Position held{.account = desk::account,
                      .instrument = desk::share,
                      .quantity = Quantity{25},
                      .price = Price{9000},
                      .actor = desk::actor,
                      .reason = "from the broker"};
  CHECK(desk.port.set(held));
  CHECK(net(desk) == Quantity{25});
  CHECK(desk.port.set(
      Cash{.account = desk::account, .cash = Money{1000}, .actor = desk::actor, .reason = "from the broker"}));
  Position theirs = held;
  theirs.quantity = Quantity{30};
  std::uint32_t differing = 0;
  CHECK(desk.port.reconcile(&theirs, 1, RCK_RECONCILE_CORRECT, differing));
  CHECK(differing == 1);
  CHECK(net(desk) == Quantity{30});
  CHECK(desk.port.check(order(1, 10)));
  std::uint32_t released = 0;
  CHECK(desk.port.day_start(20261130, released));
  CHECK(released == 1);
  CHECK(desk.port.day_start(20261399, released).fault().value == 20261399);
}

TEST_CASE("events are walked record by record, over more than one buffer, each once") {
  Config telling = desk::config();
  telling.flags |= RCK_TELL_COMMANDS;
  Desk desk(telling);
  constexpr std::uint64_t checks = 300;
  for (std::uint64_t id = 1; id <= checks; id++) {
    Verdict verdict = desk.port.check(order(id, 10));
    CHECK(desk.port.release(verdict.token, OrderId{}, ReleaseReason::cancelled, Time{100}, verdict).passed());
  }
  std::uint64_t id = 0, others = 0;
  auto events = desk.port.events(1);
  for (const Record &record : events) {
    if (record.kind() == EventKind::check) {
      const auto *asked = record.at<Order>(1);
      const auto *told = record.at<Verdict>(3);
      REQUIRE((asked != nullptr && told != nullptr));
      CHECK(asked->order_id == OrderId{++id});
      CHECK(asked->quantity == Quantity{10});
      CHECK(told->status.passed());
      CHECK(record.at<Verdict>(4) == nullptr);
      CHECK(record.at<Order>(0) == nullptr);
    } else {
      others++;
    }
  }
  CHECK(events.status().passed());
  CHECK(id == checks);
  CHECK(others >= checks);
  for ([[maybe_unused]] const Record &record : desk.port.events(1))
    FAIL("they were taken out");
  auto wrong = desk.port.events(99);
  CHECK(!(wrong.begin() != wrong.end()));
  CHECK(wrong.status() == RCK_E_RANGE);
}

TEST_CASE("the host's own events go in and come out") {
  Desk desk;
  const std::array<Event, 2> notes = {Event{.time_ns = Time{100}, .kind = static_cast<EventKind>(RCK_EVENT_HOST + 1)},
                                      Event{.time_ns = Time{100}, .kind = static_cast<EventKind>(RCK_EVENT_HOST + 2)}};
  CHECK(desk.port.write(notes.data(), 2).passed());
  CHECK(desk.port.write(notes[0]).passed());
  std::vector<std::uint16_t> kinds;
  for (const Record &record : desk.port.events(1))
    kinds.push_back(record.event().kind.get());
  CHECK(kinds == std::vector<std::uint16_t>{RCK_EVENT_HOST + 1, RCK_EVENT_HOST + 2, RCK_EVENT_HOST + 1});
}

#if defined(__cpp_lib_ranges)
TEST_CASE("what is walked is a range of the standard library's") {
  Desk desk;
  for (std::uint64_t id = 1; id <= 50; id++)
    CHECK(desk.port.check(order(id, static_cast<std::int64_t>(id))));
  auto orders = desk.engine.open_orders(of(desk::account));
  static_assert(std::ranges::input_range<decltype(orders)>);
  static_assert(std::ranges::input_range<decltype(desk.port.events(1))>);
  CHECK(std::ranges::count_if(orders, [](const OrderInfo &one) { return one.quantity > Quantity{40}; }) == 10);
}
#endif
