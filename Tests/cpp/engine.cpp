// Engines: owners, definitions, limits, latches, and what is looked at.
#include "desk.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <type_traits>
#include <vector>

using namespace riskcheck;
using desk::Desk;

static_assert(!std::is_copy_constructible_v<Engine> && std::is_nothrow_move_constructible_v<Engine>);
static_assert(!std::is_copy_constructible_v<Port> && std::is_nothrow_move_constructible_v<Port>);
static_assert(!std::is_copy_constructible_v<Reservation>);

namespace {

// How many engines and ports a process can still open: what is not closed is missing.
std::size_t handles_left() {
  std::vector<rck_engine *> opened;
  const Config small = [] {
    Config config = desk::config();
    config.flags = 0;
    config.ports_max = 1;
    config.instruments_max = config.accounts_max = config.strategies_max = config.positions_max = 4;
    config.limits_max = config.windows_max = config.leases_max = config.duplicates_max = 4;
    config.violations_max = config.history_max = config.executions_max = config.order_history_max = 4;
    config.windows_max = 128;
    config.ring_lines = 64;
    config.rate_exact_max = 1;
    return config;
  }();
  for (auto made = Engine::create(small); made; made = Engine::create(small))
    opened.push_back(made->detach());
  for (rck_engine *engine : opened)
    CHECK(rck_engine_close(engine) == RCK_OK);
  return opened.size();
}

} // namespace

TEST_CASE("what is opened is closed, in the order in which it was opened") {
  const auto before = handles_left();
  {
    Desk desk;
    Desk other;
    desk.port = other.engine.port(2).value(); // the port that was there is closed
    CHECK(desk.engine.port(1));
    Engine moved = std::move(desk.engine);
    CHECK(!desk.engine);
    CHECK(moved);
    desk.port = Port();
  }
  CHECK(handles_left() == before);
  CHECK(before > 500);
}

TEST_CASE("an engine with an open port stays open, and says so") {
  Desk desk;
  CHECK(desk.engine.close() == RCK_E_BUSY);
  CHECK(desk.engine);
  CHECK(desk.port.close().passed());
  CHECK(desk.engine.close().passed());
  CHECK(!desk.engine);
  CHECK(desk.engine.close().passed());
}

TEST_CASE("an empty engine or port is refused, not followed") {
  Engine engine;
  Port port;
  Verdict verdict;
  CHECK(engine.set(Currency{.id = CurrencyId{1}, .rate = 1}).status() == RCK_E_HANDLE);
  CHECK(engine.port(1).status() == RCK_E_HANDLE);
  CHECK(port.check(desk::order(1, 1), verdict) == RCK_E_HANDLE);
  CHECK(port.check(desk::order(1, 1)).status == RCK_E_HANDLE);
}

TEST_CASE("memory of the caller's is used") {
  const Config config = desk::config();
  const auto bytes = region_bytes(config);
  REQUIRE(bytes);
  const std::unique_ptr<void, decltype(&std::free)> memory(std::aligned_alloc(4096, (*bytes + 4095) / 4096 * 4096),
                                                           &std::free);
  auto engine = Engine::create(config, memory.get(), *bytes);
  REQUIRE(engine);
  CHECK(Engine::create(config, memory.get(), *bytes - 1).status().misused());
}

TEST_CASE("a refused call says which field, its value and what is allowed") {
  Desk desk;
  const auto refused = desk.engine.set(Currency{.id = CurrencyId{99'999}, .rate = 1});
  CHECK(!refused);
  CHECK(refused.status() == RCK_E_RANGE);
  CHECK(std::string_view(refused.fault().field) == "id");
  CHECK(refused.fault().value == 99'999);
  CHECK_THROWS_WITH_AS(refused.value(), "RCK_E_RANGE: rck_currency.id is 99999, allowed is 1 to 16", Error);
  CHECK_THROWS_AS((void)desk.engine.port(999).value(), Error);
}

TEST_CASE("definitions are read back as they were set") {
  Desk desk;
  REQUIRE(desk.engine.set(Group{.id = GroupId{3}, .name = "tech", .kind = GroupKind::instruments}));
  REQUIRE(desk.engine.set(Strategy{.id = StrategyId{2}, .name = "mean", .flags = RCK_ENABLED, .groups = {}}));
  CHECK(desk.engine.get(AccountId{1})->name == "desk");
  CHECK(desk.engine.get(InstrumentId{1})->lot == Quantity{1});
  CHECK(desk.engine.get(GroupId{3})->kind == GroupKind::instruments);
  CHECK(desk.engine.get(StrategyId{2})->name == "mean");
  CHECK(desk.engine.get(CurrencyId{2}).status() == RCK_E_UNKNOWN);
  CHECK(*desk.engine.find<AccountId>("desk") == AccountId{1});
  CHECK(*desk.engine.find<InstrumentId>("ACME") == InstrumentId{1});
  CHECK(*desk.engine.find<GroupId>("tech") == GroupId{3});
  CHECK(!desk.engine.find<StrategyId>("desk"));
}

TEST_CASE("limits are set, published, listed, read back and removed") {
  Desk desk;
  Limit second = desk::quantity_limit(50);
  second.scope = everything;
  REQUIRE(desk.engine.set(second));
  const auto generation = desk.engine.publish();
  REQUIRE(generation);
  std::set<std::int64_t> hard;
  auto limits = desk.engine.limits();
  for (const Limit &limit : limits)
    hard.insert(limit.hard.get());
  CHECK(limits.status().passed());
  CHECK(hard == std::set<std::int64_t>{50, 100});
  Limit asked{.control = Control::order_quantity, .scope = everything};
  REQUIRE(desk.engine.get(asked).passed());
  CHECK(asked.hard.as<Quantity>() == Quantity{50});
  CHECK(asked.generation == *generation);
  second.hard = Quantity{60};
  CHECK(desk.engine.set(second).status() == RCK_E_LOOSEN);
  CHECK(desk.engine.set(second, RCK_LOOSEN));
  CHECK(desk.engine.remove(second, 0).status() == RCK_E_LOOSEN);
  CHECK(desk.engine.remove(second, RCK_LOOSEN));
  CHECK(*desk.engine.publish() == *generation + 1);
}

TEST_CASE("more than one buffer of limits is walked, each once") {
  Desk desk;
  for (std::uint32_t id = 2; id <= 60; id++) {
    REQUIRE(desk.engine.set(
        Account{.id = AccountId{id}, .flags = RCK_ENABLED, .permissions = RCK_PERMIT_ALL, .groups = {}}));
    Limit limit = desk::quantity_limit(id);
    limit.scope = of(AccountId{id});
    REQUIRE(desk.engine.set(limit));
  }
  REQUIRE(desk.engine.publish());
  std::vector<std::uint32_t> accounts;
  for (const Limit &limit : desk.engine.limits())
    accounts.push_back(limit.scope.id);
  std::sort(accounts.begin(), accounts.end());
  CHECK(accounts.size() == 60);
  CHECK(std::unique(accounts.begin(), accounts.end()) == accounts.end());
}

TEST_CASE("a latch halts, names its cause, and is cleared") {
  Desk desk;
  Latch halt{.scope = of(desk::account), .state = TradingState::halted, .actor = desk::actor, .time_ns = Time{100}};
  REQUIRE(desk.engine.set(halt));
  CHECK(desk.engine.set(halt).status().repeat());
  CHECK(desk.port.check(desk::order(1, 1)).status == RCK_REJECT_HALTED);
  Latch asked{.scope = of(desk::account)};
  REQUIRE(desk.engine.get(asked).passed());
  CHECK(asked.state == TradingState::halted);
  CHECK(asked.actor == desk::actor);
  halt.reason = "seen to";
  REQUIRE(desk.engine.clear(halt));
  CHECK(desk.port.check(desk::order(2, 1)));
}

TEST_CASE("a silent port latches what its watch names") {
  Desk desk;
  REQUIRE(desk.engine.set(PortWatch{.port = 1,
                                    .silence_ns = Duration{1000},
                                    .scope = of(desk::account),
                                    .state = TradingState::cancel_only,
                                    .actor = desk::actor}));
  REQUIRE(desk.port.beat(Time{100}).passed());
  std::uint32_t ports[4] = {}, silent = 9;
  CHECK(desk.engine.watch(Time{1100}, ports, 4, silent).passed());
  CHECK(silent == 0);
  CHECK(desk.engine.watch(Time{1101}, ports, 4, silent).passed());
  CHECK((silent == 1 && ports[0] == 1));
  CHECK(std::string_view(desk.port.check(desk::order(1, 1)).status.name()) == "RCK_REJECT_DISCONNECTED");
}

TEST_CASE("a function of the host's is asked, told about and removed") {
  Desk desk;
  const auto odd = [](void *context, const rck_order *order, std::int64_t) -> std::int32_t {
    ++*static_cast<int *>(context);
    return static_cast<std::int32_t>(order->quantity % 2);
  };
  int calls = 0;
  REQUIRE(desk.engine.set(Custom{.id = CustomId{3}, .actor = desk::actor, .reason = "even lots"}, odd, &calls));
  REQUIRE(desk.engine.set(Limit{.control = Control::custom,
                                .scope = of(desk::account),
                                .levels = RCK_LEVEL_HARD,
                                .reference = 3,
                                .actor = desk::actor,
                                .reason = "even lots"}));
  REQUIRE(desk.engine.publish());
  CHECK(desk.port.check(desk::order(1, 2)));
  CHECK(desk.port.check(desk::order(2, 3)).control == Control::custom);
  CHECK(calls == 2);
  Custom found{.id = CustomId{3}};
  REQUIRE(desk.engine.get(found).passed());
  CHECK((found.calls == 2 && found.refusals == 1));
  CHECK(desk.engine.remove(CustomId{3}));
  CHECK(desk.port.check(desk::order(3, 2)).status == RCK_REJECT_CUSTOM_MISSING);
}

TEST_CASE("an override waives a limit as often as it says") {
  Desk desk;
  const auto id = desk.engine.set(Override{.control = Control::order_quantity,
                                           .scope = of(desk::account),
                                           .actor = desk::actor,
                                           .count = 1,
                                           .expiry_ns = Time{1'000'000},
                                           .reason = "once"});
  REQUIRE(id);
  const Verdict waived = desk.port.check(desk::order(1, 200));
  CHECK(waived);
  CHECK(waived.has(VerdictFlag::overridden));
  CHECK(!desk.port.check(desk::order(2, 200)));
  Override found{.override_id = *id};
  REQUIRE(desk.engine.get(found).passed());
  CHECK(found.live == 0);
}

TEST_CASE("violations are walked, acknowledged and cleared") {
  Desk desk;
  CHECK(!desk.port.check(desk::order(1, 101)));
  CHECK(!desk.port.check(desk::order(2, 102)));
  std::vector<Violation> seen;
  for (const Violation &violation : desk.engine.violations())
    seen.push_back(violation);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].state == ViolationState::active);
  CHECK(seen[0].worst.as<Quantity>() == Quantity{102});
  CHECK(seen[0].count == 2);
  ViolationChange change{.state = ViolationState::acknowledged,
                         .violation_id = seen[0].violation_id,
                         .actor = desk::actor,
                         .reason = "seen"};
  CHECK(*desk.engine.set(change) == 1);
  CHECK(*desk.engine.set(change) == 0);
  change.state = ViolationState::cleared;
  CHECK(*desk.engine.set(change) == 1);
  auto none = desk.engine.violations(ViolationFilter{.states = 1U << RCK_VIOLATION_ACTIVE});
  for ([[maybe_unused]] const Violation &violation : none)
    FAIL("it was cleared");
  CHECK(none.status().passed());
  auto wrong = desk.engine.violations(ViolationFilter{.struct_size = 1});
  CHECK(!(wrong.begin() != wrong.end()));
  CHECK(wrong.status().misused());
}

TEST_CASE("statistics, health, configuration and the build are told") {
  Desk desk;
  CHECK(desk.port.check(desk::order(1, 1)));
  CHECK(!desk.port.check(desk::order(2, 101)));
  Statistics statistics;
  REQUIRE(desk.engine.get(RCK_ALL_PORTS, statistics).passed());
  CHECK((statistics.checks == 2 && statistics.refused == 1));
  CHECK(statistics.refused_by[RCK_CONTROL_ORDER_QUANTITY] == 1);
  HealthInfo health;
  REQUIRE(desk.engine.get(health).passed());
  CHECK(health.state == Health::running);
  Config config;
  REQUIRE(desk.engine.get(config).passed());
  CHECK(config.orders_max == desk::config().orders_max);
  Time now{};
  REQUIRE(desk.engine.clock(now).passed());
  CHECK(now == Time{100});
  Stats stats;
  REQUIRE(desk.port.stats(stats).passed());
  CHECK(stats.time_ns == Time{100});
  CHECK(build_info()->abi_version == RCK_ABI_VERSION);
  CHECK(describe(Control::rate)->name == "message rate");
  CHECK(!describe(Control::self_trade));
}

#if defined(__cpp_exceptions)
TEST_CASE("a result that does not change is asked as any other") {
  Desk desk;
  const auto found = desk.engine.get(desk::account);
  CHECK(found.value().name == "desk");
  const auto none = desk.engine.get(AccountId{9});
  CHECK_THROWS_AS((void)none.value(), Error);
}
#endif
