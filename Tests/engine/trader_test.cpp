// A strategy of the sample engine between rings that a test holds: what it does when there is no room for its orders,
// and when it is refused. It runs in a thread of its own, as it does in the engine; the test waits for what it counts.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "desk.hpp"
#include "trader.hpp"

#include <functional>

using namespace trading;

namespace {

/// At each tick it does what the test wants.
class Told final : public Trader {
public:
  using Trader::Trader;
  std::function<void(Told &, u32)> wish;
  Counter decisions;

  void buy(u32 instrument, i64 clips, Size size) {
    enter(instrument, Side::buy, rows[instrument].last.bid, clips * product(instrument).clip, Type::limit, Force::day,
          size);
  }
  void buy(u32 instrument, i64 clips = 1) { buy(instrument, clips, Size::by_headroom); }
  void buy_as_wanted(u32 instrument, i64 clips) { buy(instrument, clips, Size::as_wanted); }
  void amend_all(i64 price) {
    orders.each([&](u64 order_id, Working &order) { amend(order_id, order, price, order.terms.quantity); });
  }

private:
  void decide(u32 instrument) override {
    decisions.add();
    wish(*this, instrument);
  }
};

rck::Port opened(rck::Engine &engine, u32 index) { return engine.port(index).value(); }

/// A desk with its market at 99.99 to 100.01 in instrument 1, and one strategy.
struct Floor {
  std::unique_ptr<Market> market = market_of_seed(1);
  rck::Engine engine = open_desk(*market);
  rck::Port books = opened(engine, gateway_port), feed = opened(engine, market_port);
  Rings rings;
  Stages stages;
  Told trader{rck::StrategyId(1), opened(engine, 1), *market, rings, stages};
  std::thread thread;

  explicit Floor(std::function<void(Told &, u32)> wish) {
    open_day(books);
    const rck::InstrumentId id(1);
    const rck::Quantity size(500);
    REQUIRE(feed.quote(
        {.instrument = id, .bid = rck::Price(9'999), .ask = rck::Price(10'001), .bid_size = size, .ask_size = size}));
    REQUIRE(feed.trade({.instrument = id, .price = rck::Price(10'000), .quantity = size}));
    trader.wish = std::move(wish);
  }
  ~Floor() { end(); }

  void begin() {
    thread = std::thread([this] { trader.run(); });
  }
  void end() {
    stages.drained.store(true, std::memory_order_release);
    if (thread.joinable())
      thread.join();
  }
  void tick() {
    while (!rings.ticks[1].push({1, Side::buy, 9'999, 10'001, 500, 500, 10'000, 500, 1}))
      std::this_thread::yield();
  }
  void wait_for(const Counter &counter, u64 least) {
    while (counter.get() < least)
      std::this_thread::yield();
  }
  /// Leaves room for so many.
  void fill_ring(int room) {
    int places = 0;
    for (Ring<Instruction> measured(Rings::size / 4); measured.push({});)
      places++;
    while (places-- > room)
      REQUIRE(rings.instructions[1].push({}));
  }
  u64 open() {
    u64 count = 0;
    for ([[maybe_unused]] const rck::OrderInfo &order : engine.open_orders())
      count++;
    return count;
  }
  i64 orders_in_book() {
    rck::BookInfo book{.scope = rck::of(account)};
    REQUIRE(engine.get(book));
    return book.orders;
  }
};

} // namespace

TEST_CASE("an order that finds no room in the gateway's ring is released") {
  Floor floor([](Told &trader, u32 instrument) { trader.buy(instrument); });
  floor.fill_ring(0);
  floor.begin();
  floor.tick();
  floor.wait_for(floor.trader.counts().unsent, 1);
  floor.end();
  CHECK(floor.trader.counts().accepted.get() == 0);
  CHECK(floor.open() == 0);
  CHECK(floor.orders_in_book() == 0);
}

TEST_CASE("an order that finds room is live, and in the ring with its token") {
  Floor floor([](Told &trader, u32 instrument) { trader.buy(instrument); });
  floor.begin();
  floor.tick();
  floor.wait_for(floor.trader.counts().accepted, 1);
  floor.end();
  CHECK(floor.open() == 1);
  Instruction sent;
  REQUIRE(floor.rings.instructions[1].pop(sent));
  for (const rck::OrderInfo &order : floor.engine.open_orders()) {
    CHECK(order.token.get() == sent.token);
    CHECK(order.order_id.get() == sent.request.order_id);
    CHECK(order.quantity.get() == sent.request.quantity);
  }
}

TEST_CASE("an amend that finds no room is taken back: the order is as it was") {
  Floor floor([](Told &trader, u32 instrument) {
    if (trader.counts().accepted.get() == 0)
      trader.buy(instrument);
    else if (trader.counts().unsent.get() == 0)
      trader.amend_all(9'990);
  });
  floor.fill_ring(1);
  floor.begin();
  floor.tick();
  floor.tick();
  floor.wait_for(floor.trader.counts().unsent, 1);
  floor.end();
  CHECK(floor.open() == 1);
  for (const rck::OrderInfo &order : floor.engine.open_orders()) {
    CHECK(order.price.get() == 9'999);
    CHECK((order.state & RCK_ORDER_AMENDING) == 0);
  }
  CHECK(floor.trader.counts().amended.get() == 0);
}

TEST_CASE("after a refusal for the order's quantity it asks for less, until it is let") {
  Floor floor([](Told &trader, u32 instrument) {
    if (trader.counts().accepted.get() == 0)
      trader.buy_as_wanted(instrument, 20); // 6 are the most
  });
  floor.begin();
  for (int ticks = 0; ticks < 3; ticks++)
    floor.tick();
  floor.wait_for(floor.trader.counts().accepted, 1);
  floor.end();
  CHECK(floor.trader.counts().refused.get() == 2);
  Instruction sent;
  REQUIRE(floor.rings.instructions[1].pop(sent));
  CHECK(sent.request.quantity == 5 * floor.market->products()[1].clip);
}

TEST_CASE("asked for headroom first, it sends what there is room for and is not refused") {
  Floor floor([](Told &trader, u32 instrument) {
    if (trader.counts().accepted.get() == 0)
      trader.buy(instrument, 20);
  });
  floor.begin();
  floor.tick();
  floor.wait_for(floor.trader.counts().accepted, 1);
  floor.end();
  CHECK(floor.trader.counts().refused.get() == 0);
  Instruction sent;
  REQUIRE(floor.rings.instructions[1].pop(sent));
  CHECK(sent.request.quantity <= 6 * floor.market->products()[1].clip);
  CHECK(sent.request.quantity > 5 * floor.market->products()[1].clip);
}

TEST_CASE("once halted it decides no more, whatever the market does") {
  Floor floor([](Told &trader, u32 instrument) { trader.buy_as_wanted(instrument, 1); });
  REQUIRE(floor.engine.set(rck::Latch{
      .scope = rck::everything, .state = rck::TradingState::halted, .actor = kill_actor, .reason = "for this test"}));
  floor.begin();
  floor.tick();
  floor.wait_for(floor.trader.counts().refused, 1);
  for (std::size_t ticks = 0; ticks < 3 * Rings::size; ticks++) // each beyond the ring's room is one that was taken
    floor.tick();
  floor.end();
  CHECK(floor.trader.decisions.get() == 1);
  CHECK(floor.trader.counts().refused.get() == 1);
  CHECK(std::string(floor.trader.standing()).find("halted") != std::string::npos);
  CHECK(floor.open() == 0);
}

TEST_CASE("it counts as filled what it is told, also of an order that has ended") {
  Floor floor([](Told &, u32) {});
  Report fill{};
  fill.kind = Report::Kind::filled;
  fill.side = Side::sell;
  fill.instrument = 1;
  fill.order_id = 77;
  fill.quantity = fill.cumulative = 30;
  floor.begin();
  REQUIRE(floor.rings.notices[1].push(fill));
  floor.wait_for(floor.trader.counts().fills, 1);
  floor.end();
  CHECK(floor.trader.net(1) == -30);
  CHECK(floor.trader.counts().late.get() == 1);
}
