#include "desk.hpp"

#include <chrono>

namespace trading {

namespace {

constexpr i64 cents = 100, millisecond_ns = 1'000'000;
constexpr i64 cash = 700'000 * cents;
constexpr rck::Text<32> reason = "the desk's limits";

/// `record`: what was being set.
void demand(const rck::Result<void> &result, const std::string &record) {
  if (!result)
    throw Fault{record + ": " + rck::Error(result.fault()).what()};
}

rck::Config configuration() {
  rck::Config config = rck::defaults();
  // What is told suffices to do the day once more; an order that could not be told is not taken.
  config.flags |= RCK_TELL_COMMANDS | RCK_TELL_MARKET | RCK_TELL_STRICT | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
  config.money_decimals = 2;
  config.mark_age_ns_max = rck::Duration(5 * second_ns);
  config.accounts_max = config.strategies_max = config.instruments_max = 8;
  config.positions_max = 64;
  config.orders_max = 4'096;
  config.retired_ids_max = 65'536; // a late fill finds its order that long
  config.executions_max = 131'072;
  config.limits_max = 128;
  config.rate_exact_max = 512;
  config.ports_max = ports;
  config.ring_lines = 262'144; // what a fast market tells in a second: a disk may be slow for so long
  return config;
}

void define(rck::Engine &engine, const Market &market) {
  for (u32 id = 1; id <= 2; id++)
    demand(engine.set(rck::Currency{.id = rck::CurrencyId(id),
                                    .name = rck::Text<32>(id == 1 ? "USD" : "EUR"),
                                    .rate_decimals = 3,
                                    .rate = rate_of(id)}),
           "currency");
  demand(
      engine.set(rck::Account{
          .id = account, .name = "prop-1", .flags = RCK_ENABLED | RCK_POWER_REALISED, .permissions = RCK_PERMIT_ALL}),
      "account");
  for (u32 id = 1; id <= strategies; id++)
    demand(engine.set(rck::Strategy{.id = rck::StrategyId(id),
                                    .name = rck::Text<32>(id == 1 ? "reversion" : "momentum"),
                                    .flags = RCK_ENABLED,
                                    .permissions = RCK_PERMIT_ALL}),
           "strategy");
  for (u32 id = 1; id < market.products().size(); id++) {
    const Product &product = market.products()[id];
    demand(engine.set(rck::Instrument{.id = rck::InstrumentId(id),
                                      .name = rck::Text<32>(std::string_view(product.name)),
                                      .flags = RCK_ENABLED,
                                      .currency = rck::CurrencyId(product.currency),
                                      .price_decimals = product.price_decimals,
                                      .quantity_decimals = product.quantity_decimals,
                                      .multiplier = product.multiplier,
                                      .lot = rck::Quantity(1),
                                      .tick = rck::Price(product.tick),
                                      .reference = rck::Reference::last,
                                      .slippage_bps = 3, // market orders are valued so much worse
                                      .margin_bps = {product.margin_bps}}),
           product.name);
  }
}

/// A limit with a hard level; with `warn`, a level that tells before it.
rck::Limit hard(rck::Control control, rck::PairScope scope, i64 level, i64 warn = 0) {
  return {.control = control,
          .scope = scope,
          .levels = static_cast<u32>(RCK_LEVEL_HARD | (warn != 0 ? RCK_LEVEL_WARN : 0)),
          .warn = rck::Value(warn),
          .hard = rck::Value(level),
          .actor = desk_actor,
          .reason = reason};
}

rck::Limit measured(rck::Measure measure, rck::Limit limit, i64 window_ns = 0) {
  limit.measure = measure;
  limit.window_ns = rck::Duration(window_ns);
  return limit;
}

void limit_account(rck::Engine &engine) {
  using rck::Control, rck::Measure;
  const auto whole = rck::of(account);
  const rck::Limit limits[] = {
      hard(Control::order_notional, whole, 450'000 * cents),
      measured(Measure::gross, hard(Control::exposure, whole, 3'000'000 * cents, 2'400'000 * cents)),
      hard(Control::buying_power, whole, 10'000), // all of it
      measured(Measure::total, hard(Control::loss, whole, 60'000 * cents, 30'000 * cents)),
      measured(Measure::age, hard(Control::quote, rck::everything, second_ns)),
      measured(Measure::new_, hard(Control::rate, rck::everything, 500), 100 * millisecond_ns),
  };
  for (const rck::Limit &limit : limits)
    demand(engine.set(limit), "limit of the account");
}

void limit_strategy(rck::Engine &engine, rck::StrategyId id) {
  using rck::Control, rck::Measure;
  const auto whole = rck::of(id);
  const rck::Limit limits[] = {
      measured(Measure::new_, hard(Control::rate, whole, 40), 10 * millisecond_ns),
      measured(Measure::modify, hard(Control::rate, whole, 20), 10 * millisecond_ns),
      measured(Measure::cancel, hard(Control::rate, whole, 40), 10 * millisecond_ns), // told, never refused
      measured(Measure::count, hard(Control::working, whole, 16)),
      measured(Measure::none, hard(Control::duplicate, whole, 0), millisecond_ns),
      measured(Measure::total, hard(Control::loss, whole, 30'000 * cents)),
      measured(Measure::rejects, hard(Control::conduct, whole, 5)),
  };
  for (const rck::Limit &limit : limits)
    demand(engine.set(limit), "limit of a strategy");
}

void limit_instrument(rck::Engine &engine, rck::InstrumentId id, const Product &product) {
  using rck::Control;
  const i64 clip = product.clip;
  rck::Limit collar = measured(rck::Measure::bps, hard(Control::collar, rck::of(id), product.collar_bps));
  collar.reference = RCK_REFERENCE_LAST;
  collar.flags = RCK_AGGRESSIVE_ONLY;
  demand(engine.set(collar), product.name);
  demand(engine.set(hard(Control::order_quantity, rck::of(id), 6 * clip)), product.name);
  demand(engine.set(hard(Control::position, rck::of(account, id), 30 * clip)), product.name);
  for (u32 strategy = 1; strategy <= strategies; strategy++)
    demand(engine.set(hard(Control::position, rck::of(rck::StrategyId(strategy), id), 20 * clip)), product.name);
}

/// A strategy that is silent for seconds hangs: it gets nothing new until somebody has looked.
void watch(rck::Engine &engine) {
  for (u32 id = 1; id <= strategies; id++)
    demand(engine.set(rck::PortWatch{.port = id,
                                     .silence_ns = rck::Duration(5 * second_ns),
                                     .scope = rck::of(rck::StrategyId(id)),
                                     .state = rck::TradingState::cancel_only,
                                     .actor = desk_actor,
                                     .reason = "it does not answer"}),
           "watch");
}

} // namespace

rck::Engine open_desk(const Market &market) {
  auto made = rck::Engine::create(configuration());
  if (!made)
    throw Fault{std::string("the engine: ") + rck::Error(made.fault()).what()};
  rck::Engine engine = *std::move(made);
  define(engine, market);
  limit_account(engine);
  for (u32 id = 1; id <= strategies; id++)
    limit_strategy(engine, rck::StrategyId(id));
  for (u32 id = 1; id < market.products().size(); id++)
    limit_instrument(engine, rck::InstrumentId(id), market.products()[id]);
  watch(engine);
  if (const auto generation = engine.publish(); !generation)
    throw Fault{std::string("the limits: ") + rck::Error(generation.fault()).what()};
  return engine;
}

void open_day(rck::Port &port) {
  using namespace std::chrono;
  const year_month_day today(floor<days>(system_clock::now()));
  const u32 date = static_cast<u32>(static_cast<int>(today.year())) * 10'000 + static_cast<u32>(today.month()) * 100 +
                   static_cast<u32>(today.day());
  u32 released = 0;
  demand(port.day_start(date, released), "the day");
  demand(port.set(rck::Cash{
             .account = account, .cash = rck::Money(cash), .actor = desk_actor, .reason = "the day's opening"}),
         "cash");
  if (const rck::Status status = port.warm(); !status)
    throw Fault{std::string("warming up: ") + status.name()};
}

} // namespace trading
