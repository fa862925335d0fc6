// The venue of the sample engine by itself: what it matches, what it tells, and when.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "venue.hpp"

#include <map>

using namespace trading;

namespace {

/// Nothing goes wrong, and everything takes a microsecond each way.
constexpr VenueSettings orderly{.latency_ns_min = 1'000,
                                .latency_ns_max = 1'000,
                                .slow_one_in = 0,
                                .reject_one_in = 0,
                                .cancel_reject_one_in = 0,
                                .amend_reject_one_in = 0,
                                .repeat_one_in = 0,
                                .late_one_in = 0,
                                .orders_max = 64};
constexpr std::array<i64, instruments_max + 1> steps = {0, 1, 5, 0, 0};

Request order(u64 id, Side side, i64 price, i64 quantity, Force force = Force::day) {
  return {Request::Kind::enter, side, Type::limit, force, 1, 1, id, price, quantity};
}

Request change(Request::Kind kind, u64 id, i64 price = 0, i64 quantity = 0) {
  return {kind, Side::buy, Type::limit, Force::day, 1, 1, id, price, quantity};
}

Tick shown(i64 bid, i64 ask, i64 size) { return {1, Side::buy, bid, ask, size, size, bid, 0, 1}; }

Tick traded(Tick tick, Side aggressor, i64 price, i64 quantity) {
  tick.aggressor = aggressor;
  tick.price = price;
  tick.quantity = quantity;
  return tick;
}

/// A venue with a time of its own, which goes as far as it must.
struct Session {
  Venue venue;
  i64 now_ns = 0;

  explicit Session(const VenueSettings &settings = orderly, u64 seed = 1) : venue(settings, steps, seed) {}

  std::vector<Report> send(const Request &request) {
    venue.receive(request, now_ns);
    return settle();
  }

  std::vector<Report> settle() {
    std::vector<Report> reports;
    while (!venue.idle()) {
      now_ns += 1'000;
      venue.advance(now_ns);
      Report report;
      while (venue.take(report, now_ns))
        reports.push_back(report);
    }
    return reports;
  }

  std::vector<Report> market(const Tick &tick) {
    venue.market(tick, now_ns);
    return settle();
  }
};

std::vector<u64> filled(const std::vector<Report> &reports) {
  std::vector<u64> ids;
  for (const Report &report : reports)
    if (report.kind == Report::Kind::filled)
      ids.push_back(report.order_id);
  return ids;
}

std::size_t count(const std::vector<Report> &reports, Report::Kind kind) {
  std::size_t n = 0;
  for (const Report &report : reports)
    n += report.kind == kind;
  return n;
}

} // namespace

TEST_CASE("the better price is served first, and at one price the older order") {
  Session session;
  session.send(order(1, Side::buy, 99, 10));
  session.send(order(2, Side::buy, 100, 10));
  session.send(order(3, Side::buy, 100, 10));
  const auto reports = session.send(order(4, Side::sell, 99, 25));
  CHECK(filled(reports) == std::vector<u64>{2, 4, 3, 4, 1, 4});
  CHECK(reports[1].price == 100);
  CHECK(reports.back().price == 99);
  CHECK(reports.back().leaves == 0);
  CHECK(session.venue.live() == 1); // half of order 1
}

TEST_CASE("a trade is at the price of what rested, also for the one who would pay more") {
  Session session;
  session.market(shown(99, 101, 10));
  const auto reports = session.send(order(1, Side::buy, 105, 4));
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].kind == Report::Kind::accepted);
  CHECK(reports[1].price == 101);
  CHECK(reports[1].cumulative == 4);
}

TEST_CASE("what is larger than the market's best level goes through to the next, and rests with what is left") {
  Session session;
  session.market(shown(99, 101, 10)); // 10 at 101, 20 at 102, 30 at 103
  const auto reports = session.send(order(1, Side::buy, 102, 50));
  REQUIRE(count(reports, Report::Kind::filled) == 2);
  CHECK(reports.back().price == 102);
  CHECK(reports.back().cumulative == 30);
  CHECK(reports.back().leaves == 20);
  CHECK(session.venue.live() == 1);
}

TEST_CASE("trades of the market serve first what rested first") {
  Session session;
  session.market(shown(99, 101, 10));
  session.send(order(1, Side::buy, 99, 5)); // behind the 10 of the market
  CHECK(filled(session.market(traded(shown(99, 101, 10), Side::sell, 99, 8))).empty());
  // The market shows 10 again: those are new, and behind ours.
  const auto reports = session.market(traded(shown(99, 101, 10), Side::sell, 99, 8));
  REQUIRE(filled(reports) == std::vector<u64>{1});
  CHECK(reports[0].quantity == 5);
}

TEST_CASE("a market that moves through our price fills us there, as far as it has quantity") {
  Session session;
  session.market(shown(99, 101, 10));
  session.send(order(1, Side::sell, 101, 12));
  const auto reports = session.market(shown(103, 105, 4)); // bids 4 at 103, 8 at 102, 12 at 101
  CHECK(filled(reports) == std::vector<u64>{1, 1});
  CHECK(reports[0].price == 101);
  CHECK(reports[1].leaves == 0);
  CHECK(session.venue.traded(1, 1).net == -12);
}

TEST_CASE("an order for now is filled as far as possible and then gone; one for all or nothing has all or nothing") {
  Session session;
  session.market(shown(99, 101, 10));
  auto reports = session.send(order(1, Side::buy, 101, 15, Force::immediate));
  REQUIRE(reports.size() == 3);
  CHECK(reports[1].cumulative == 10);
  CHECK(reports[2].kind == Report::Kind::expired);
  CHECK(session.venue.live() == 0);
  session.market(shown(99, 101, 10));
  reports = session.send(order(2, Side::buy, 101, 15, Force::fill_or_kill));
  CHECK(filled(reports).empty());
  CHECK(count(reports, Report::Kind::expired) == 1);
  CHECK(filled(session.send(order(3, Side::buy, 101, 10, Force::fill_or_kill))) == std::vector<u64>{3});
}

TEST_CASE("a market order takes at any price, and does not rest") {
  Session session;
  session.market(shown(99, 101, 10));
  Request request = order(1, Side::sell, 0, 100);
  request.type = Type::market;
  const auto reports = session.send(request);
  CHECK(count(reports, Report::Kind::filled) == 3);
  CHECK(reports.back().kind == Report::Kind::expired);
  CHECK(reports.back().cumulative == 60);
}

TEST_CASE(
    "what the venue cannot take is rejected: a price between steps, a known id, an unknown instrument, too many") {
  Session session;
  Request between = order(1, Side::buy, 102, 1);
  between.instrument = 2;
  CHECK(session.send(between)[0].kind == Report::Kind::rejected);
  Request unknown = order(1, Side::buy, 100, 1);
  unknown.instrument = 3;
  CHECK(session.send(unknown)[0].kind == Report::Kind::rejected);
  CHECK(session.send(order(1, Side::buy, 100, 0))[0].kind == Report::Kind::rejected);
  for (u64 id = 1; id <= orderly.orders_max; id++)
    CHECK(session.send(order(id, Side::buy, 100, 1))[0].kind == Report::Kind::accepted);
  CHECK(session.send(order(1, Side::buy, 100, 1))[0].kind == Report::Kind::rejected);
  CHECK(session.send(order(1'000, Side::buy, 100, 1))[0].kind == Report::Kind::rejected);
  CHECK(session.venue.live() == orderly.orders_max);
}

TEST_CASE("a cancel ends an order; one that comes after the fill is refused") {
  Session session;
  session.market(shown(99, 101, 10));
  session.send(order(1, Side::buy, 98, 5));
  const auto reports = session.send(change(Request::Kind::cancel, 1));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == Report::Kind::cancelled);
  CHECK(reports[0].side == Side::buy);
  CHECK(session.venue.live() == 0);
  session.venue.receive(order(2, Side::buy, 101, 5), session.now_ns);
  session.venue.receive(change(Request::Kind::cancel, 2), session.now_ns); // crosses with the fill
  const auto crossed = session.settle();
  REQUIRE(crossed.size() == 3);
  CHECK(crossed[1].kind == Report::Kind::filled);
  CHECK(crossed[2].kind == Report::Kind::cancel_rejected);
}

TEST_CASE("an amend to less keeps its place in the queue; to more, or to another price, it loses it") {
  Session session;
  session.send(order(1, Side::buy, 100, 10));
  session.send(order(2, Side::buy, 100, 10));
  CHECK(session.send(change(Request::Kind::amend, 1, 100, 6))[0].kind == Report::Kind::amended);
  CHECK(filled(session.send(order(3, Side::sell, 100, 1))) == std::vector<u64>{1, 3});
  session.send(change(Request::Kind::amend, 1, 100, 8));
  CHECK(filled(session.send(order(4, Side::sell, 100, 1))) == std::vector<u64>{2, 4});
  session.send(change(Request::Kind::amend, 1, 101, 8));
  CHECK(filled(session.send(order(5, Side::sell, 100, 1))) == std::vector<u64>{1, 5});
}

TEST_CASE("an amend may cross the market; one below what is filled, or of what is gone, is refused") {
  Session session;
  session.market(shown(99, 101, 10));
  session.send(order(1, Side::buy, 98, 5));
  const auto reports = session.send(change(Request::Kind::amend, 1, 101, 20));
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].kind == Report::Kind::amended);
  CHECK(reports[1].cumulative == 10);
  CHECK(reports[1].leaves == 10);
  CHECK(session.send(change(Request::Kind::amend, 1, 101, 10))[0].kind == Report::Kind::amend_rejected);
  CHECK(session.send(change(Request::Kind::amend, 7, 101, 10))[0].kind == Report::Kind::amend_rejected);
}

TEST_CASE("an execution that is told late comes behind the cancel that overtook it, and before the log-out") {
  VenueSettings settings = orderly;
  settings.late_one_in = 1;
  Session session(settings);
  session.market(shown(99, 101, 10));
  session.venue.receive(order(1, Side::buy, 101, 15), session.now_ns); // 10 are filled, 5 rest
  session.venue.receive(change(Request::Kind::cancel, 1), session.now_ns);
  session.venue.receive({Request::Kind::log_out, Side::buy, Type::limit, Force::day, 0, 0, 0, 0, 0}, session.now_ns);
  const auto reports = session.settle();
  REQUIRE(reports.size() == 4);
  CHECK(reports[1].kind == Report::Kind::cancelled);
  CHECK(reports[1].cumulative == 10);
  CHECK(reports[2].kind == Report::Kind::filled);
  CHECK(reports[3].kind == Report::Kind::logged_out);
}

TEST_CASE("fills of one order are told in order, however late, and a repeat is the same execution") {
  VenueSettings settings = orderly;
  settings.late_one_in = settings.repeat_one_in = 2;
  Session session(settings, 7);
  std::map<u64, i64> known;
  std::map<u64, u64> last;
  u64 repeats = 0;
  for (u64 id = 1; id <= 200; id++) {
    session.venue.receive(order(id, Side::buy, 101, 50), session.now_ns);
    session.venue.market(shown(99, 101, 7), session.now_ns);
    for (const Report &report : id % 10 == 0 ? session.settle() : std::vector<Report>{}) {
      if (report.kind != Report::Kind::filled)
        continue;
      const bool again = last[report.order_id] == report.execution_id;
      CHECK(report.execution_id >= last[report.order_id]);
      CHECK(report.cumulative == known[report.order_id] + (again ? 0 : report.quantity));
      known[report.order_id] = report.cumulative;
      last[report.order_id] = report.execution_id;
      repeats += again;
    }
  }
  i64 sum = 0;
  for (const auto &[id, quantity] : known)
    sum += quantity;
  CHECK(sum == session.venue.traded(1, 1).net);
  CHECK(repeats == session.venue.counts().repeats);
  CHECK(repeats > 0);
}

TEST_CASE("the same requests and the same seed give the same reports; another seed gives others") {
  const auto day = [](u64 seed) {
    Session session(VenueSettings{}, seed);
    Random random(3);
    std::vector<std::pair<u64, i64>> told;
    for (u64 id = 1; id <= 300; id++) {
      const i64 middle = 100 + random.between(-3, 3);
      session.venue.market(shown(middle - 1, middle + 1, random.between(1, 9)), session.now_ns);
      session.venue.receive(order(id, random.one_in(2) ? Side::buy : Side::sell, middle, 5), session.now_ns);
      if (id > 20)
        session.venue.receive(change(Request::Kind::cancel, id - 20), session.now_ns);
      session.now_ns += 100'000;
      session.venue.advance(session.now_ns);
      Report report;
      while (session.venue.take(report, session.now_ns))
        told.emplace_back(report.order_id, report.cumulative * 16 + static_cast<i64>(report.kind));
    }
    return told;
  };
  CHECK(day(1) == day(1));
  CHECK(day(1) != day(2));
}

TEST_CASE("the venue takes nothing more while the reports that may come of it have no room") {
  VenueSettings settings = orderly;
  settings.orders_max = 2;
  Session session(settings);
  u64 id = 0;
  while (session.venue.ready() && id < 1'000) {
    id++;
    session.venue.receive(order(id, Side::buy, 100, 1, Force::immediate), session.now_ns);
    session.now_ns += 1'000;
    session.venue.advance(session.now_ns);
  }
  REQUIRE(id < 1'000);
  Report report;
  session.now_ns += 1'000;
  while (session.venue.take(report, session.now_ns)) {
  }
  CHECK(session.venue.ready());
}

TEST_CASE("a table finds all that is in it and nothing else, whatever was taken out") {
  IdTable<u64> table(100);
  std::map<u64, u64> plain;
  Random random(11);
  for (int turn = 0; turn < 20'000; turn++) {
    const u64 id = static_cast<u64>(random.between(1, 150));
    if (u64 *found = table.find(id)) {
      REQUIRE(plain.at(id) == *found);
      table.erase(id);
      plain.erase(id);
    } else {
      REQUIRE(plain.count(id) == 0);
      CHECK((table.insert(id, id * 3) != nullptr) == (plain.size() < 100));
      if (plain.size() < 100)
        plain[id] = id * 3;
    }
    REQUIRE(table.size() == plain.size());
  }
}
