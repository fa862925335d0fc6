// Kinds of numbers, decimals, texts: what the compiler holds, and what is decided when a host runs.
#include "desk.hpp"

#include "layout.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <unordered_set>

using namespace riskcheck;

static_assert(!std::is_convertible_v<std::int64_t, Price> && !std::is_convertible_v<Price, std::int64_t>);
static_assert(!std::is_convertible_v<Price, Quantity> && !std::is_constructible_v<Price, Quantity>);
static_assert(!std::is_convertible_v<AccountId, StrategyId> && !std::is_constructible_v<AccountId, StrategyId>);
static_assert(!std::is_convertible_v<std::int64_t, Value> && std::is_convertible_v<Money, Value>);
static_assert(!std::is_convertible_v<PairScope, Scope> && std::is_convertible_v<Scope, PairScope>);
static_assert(Price{} == Price{0} && Price{2} + Price{3} == Price{5} && 3 * Price{2} - Price{1} == Price{5});
static_assert(Time{5} - Time{3} == Duration{2} && Time{5} + Duration{2} == Time{7});
static_assert(!std::is_constructible_v<Price, double> && !std::is_constructible_v<AccountId, float>);
static_assert(!std::is_constructible_v<Value, double> && !std::is_constructible_v<Time, double>);
static_assert(std::is_constructible_v<Price, int> && std::is_constructible_v<OrderId, unsigned>);
template <typename A, typename B, typename = void> constexpr bool multiplied = false;
template <typename A, typename B>
constexpr bool multiplied<A, B, std::void_t<decltype(std::declval<A>() * std::declval<B>())>> = true;
static_assert(multiplied<Price, int> && multiplied<int, Price>);
static_assert(!multiplied<Price, double> && !multiplied<double, Price>, "a part of a unit is not cut off");
static_assert(std::is_same_v<decltype(HealthInfo{}.groups), std::uint32_t>, "how many, not which");
static_assert(sizeof(Price) == 8 && sizeof(AccountId) == 4 && sizeof(Coded<Side, std::uint8_t>) == 1);
static_assert(std::is_trivially_default_constructible_v<Verdict>,
              "a verdict that is about to be written costs nothing");

TEST_CASE("a decimal becomes an amount exactly") {
  CHECK(Decimal::parse("99.50")->as<Price>(2) == Price{9950});
  CHECK(Decimal::parse("99.5")->as<Price>(2) == Price{9950});
  CHECK(Decimal::parse("-.25")->as<Price>(4) == Price{-2500});
  CHECK(Decimal::parse("+7")->as<Quantity>(0) == Quantity{7});
  CHECK(Decimal::parse("7.000000000000000000000000")->as<Quantity>(0) == Quantity{7});
  CHECK(Decimal::parse("9223372036854775807")->in_units(0) == std::numeric_limits<std::int64_t>::max());
  CHECK(Decimal::parse("0.000000000000000001")->in_units(18) == 1);
  static_assert(price<2>(99.50_decimal) == Price{9950});
  static_assert(money<2>("-0.05"_decimal) == Money{-5});
}

TEST_CASE("a decimal that is not exact is no amount") {
  CHECK(!Decimal::parse("99.505")->as<Price>(2));
  CHECK(!Decimal::parse("9223372036854775807")->in_units(1));
  CHECK(!Decimal::parse("-9223372036854775807")->in_units(1));
  CHECK(!Decimal::parse("0.1")->in_units(0));
}

TEST_CASE("what is no decimal is none") {
  const char *const texts[] = {"",
                               "-",
                               "+",
                               ".",
                               "-.",
                               "1.2.3",
                               "1e5",
                               " 1",
                               "1 ",
                               "0x10",
                               "1,000",
                               "--1",
                               "+-1",
                               "nan",
                               "inf",
                               "9223372036854775808",
                               "0.1234567890123456789",
                               "1_0"};
  for (const char *text : texts)
    CHECK_MESSAGE(!Decimal::parse(text), text);
  CHECK(!Decimal::parse(std::string_view("1\0", 2)));
}

TEST_CASE("a double is the shortest decimal that reads back as it") {
  CHECK(Decimal::shortest(0.1)->as<Price>(1) == Price{1});
  CHECK(Decimal::shortest(99.95)->as<Price>(2) == Price{9995});
  CHECK(Decimal::shortest(-0.0)->in_units(0) == 0);
  CHECK(!Decimal::shortest(0.1 + 0.2)->as<Price>(2));
  CHECK(!Decimal::shortest(std::nan("")));
  CHECK(!Decimal::shortest(std::numeric_limits<double>::infinity()));
  CHECK(!Decimal::shortest(1e300));
  CHECK(!Decimal::shortest(1e-300));
}

TEST_CASE("any amount is written and read back") {
  std::mt19937_64 random(20261130);
  for (int i = 0; i < 20'000; i++) {
    const auto units = static_cast<std::int64_t>(random()) >> random() % 63;
    const auto decimals = static_cast<unsigned>(random() % (Decimal::decimals_max + 1));
    if (units == std::numeric_limits<std::int64_t>::min())
      continue; // has no opposite, and no call takes it
    const auto text = Decimal(Price{units}, decimals).text();
    const auto read = Decimal::parse(text);
    REQUIRE_MESSAGE(read, text.view());
    CHECK(read->as<Price>(decimals) == Price{units});
  }
  CHECK(Decimal(Price{-5}, 2).text() == "-0.05");
  CHECK(Decimal(Price{0}, 3).text() == "0.000");
  CHECK(Decimal(Price{12}, 0).text() == "12");
  CHECK(Decimal(Price{std::numeric_limits<std::int64_t>::min()}, 18).text() == "-9.223372036854775808");
}

TEST_CASE("a text is what fits its field, and a longer one keeps no end") {
  const Text<32> name = "desk";
  CHECK(name == "desk");
  CHECK(name.view().size() == 4);
  CHECK(Text<32>(std::string_view("none")).view() == "none");
  const Text<32> longer{std::string_view("0123456789012345678901234567890123456789")};
  CHECK(longer.view().size() == 32);
  desk::Desk desk;
  const auto refused = desk.engine.set(Currency{.id = CurrencyId{2}, .name = longer, .rate = 1});
  CHECK(refused.status() == RCK_E_NAME);
}

TEST_CASE("kinds of numbers are found by their value") {
  const std::unordered_set<OrderId> ids{OrderId{1}, OrderId{2}, OrderId{1}};
  CHECK(ids.size() == 2);
  const std::unordered_set<Price> prices{Price{1}, Price{2}, Price{1}};
  CHECK(prices.size() == 2);
  CHECK(std::hash<Time>()(Time{5}) == std::hash<Time>()(Time{5}));
}

TEST_CASE("scopes say what they are of") {
  CHECK(of(AccountId{3}).kind == ScopeKind::account);
  CHECK(of(StrategyId{3}).kind == ScopeKind::strategy);
  CHECK(of_instruments(GroupId{3}).kind == ScopeKind::instrument_group);
  const PairScope pair = of(AccountId{3}, InstrumentId{4});
  CHECK((pair.kind == ScopeKind::account_instrument && pair.id == 3 && pair.second == 4));
  const PairScope sector = of(AccountId{3}, GroupId{4});
  CHECK((sector.kind == ScopeKind::account_instrument_group && sector.second == 4));
  const PairScope metric(of(AccountId{3}), MetricId{9});
  CHECK((metric.kind == ScopeKind::account && metric.id == 3 && metric.second == 9));
}
