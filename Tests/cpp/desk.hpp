// desk.hpp: the small world that the tests of the C++ binding trade in.
#pragma once

#include <riskcheck.hpp>

#include <doctest/doctest.h>

namespace desk {

using namespace riskcheck;

inline constexpr AccountId account{1};
inline constexpr InstrumentId share{1};
inline constexpr ActorId actor{7};

// Time is the tests' own, so that every run is the same.
inline Config config() {
  Config config = defaults();
  config.clock_source = RCK_CLOCK_HOST;
  config.flags = RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
  config.clock_back_ns_max = Duration{10};
  config.orders_max = 64;
  config.retired_ids_max = 64;
  return config;
}

inline void define(Engine &engine) {
  REQUIRE(engine.set(Currency{.id = CurrencyId{1}, .name = "USD", .rate = 1}));
  REQUIRE(engine.set(
      Account{.id = account, .name = "desk", .flags = RCK_ENABLED, .permissions = RCK_PERMIT_ALL, .groups = {}}));
  Instrument instrument{.id = share, .name = "ACME", .flags = RCK_ENABLED, .currency = CurrencyId{1}};
  instrument.price_decimals = 2;
  instrument.multiplier = 1;
  instrument.lot = Quantity{1};
  instrument.tick = Price{1};
  REQUIRE(engine.set(instrument));
}

inline Limit quantity_limit(std::int64_t hard) {
  return Limit{.control = Control::order_quantity,
               .scope = of(account),
               .levels = RCK_LEVEL_HARD,
               .hard = Quantity{hard},
               .actor = actor,
               .reason = "agreed"};
}

inline Order order(std::uint64_t id, std::int64_t quantity) {
  return Order{.order_id = OrderId{id},
               .price = Price{9950},
               .quantity = Quantity{quantity},
               .time_ns = Time{100},
               .account = account,
               .instrument = share,
               .side = Side::buy,
               .type = OrderType::limit,
               .time_in_force = TimeInForce::day};
}

inline Report fill(Token token, std::int64_t quantity, std::uint64_t execution) {
  return Report{.token = token,
                .last_quantity = Quantity{quantity},
                .last_price = Price{9950},
                .cumulative_quantity = Quantity{quantity},
                .execution_id = ExecutionId{execution},
                .kind = ReportKind::fill,
                .time_ns = Time{100}};
}

// An engine with one port, a limit of 100 on an order's quantity.
struct Desk {
  Engine engine;
  Port port;

  explicit Desk(const Config &given = config()) : engine(Engine::create(given).value()) {
    define(engine);
    REQUIRE(engine.set(quantity_limit(100)));
    REQUIRE(engine.publish());
    port = engine.port(1).value();
  }
};

} // namespace desk
