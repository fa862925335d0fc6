#include "report.hpp"
#include "desk.hpp"
#include "words.hpp"

#include <cmath>
#include <vector>

namespace trading {

namespace {

/// What must hold at the end. What does not is said on the error output, and counts.
class Agreement {
public:
  void expect(bool holds, const std::string &what) {
    checked++;
    if (holds)
      return;
    failed++;
    std::fprintf(stderr, "does not agree: %s\n", what.c_str());
  }
  void equal(i64 ours, i64 theirs, const std::string &what) {
    expect(ours == theirs, what + ": " + signed_text(ours) + " and " + signed_text(theirs));
  }
  bool holds() const { return failed == 0; }
  u64 count() const { return checked; }

private:
  u64 checked = 0, failed = 0;
};

u64 sum(const Run &run, Counter TraderCounts::*count) {
  u64 all = 0;
  for (const Trader *trader : run.traders)
    all += (trader->counts().*count).get();
  return all;
}

/// Positions: of each strategy by four who counted them apart, and of the account against the venue's list.
void compare_positions(const Run &run, rck::Port &port, Agreement &agreement) {
  std::vector<rck::Position> theirs;
  for (u32 id = 1; id <= run.instruments(); id++) {
    const std::string &name = run.market.products()[id].name;
    i64 net = 0;
    for (u32 strategy = 1; strategy <= strategies; strategy++) {
      const i64 traded = run.venue.traded(strategy, id).net;
      const std::string whose = "strategy " + std::to_string(strategy) + " in " + name;
      const auto row = position_of(run.engine, rck::AccountId{}, rck::StrategyId(strategy), id);
      agreement.equal(row.net.get(), traded, "position of " + whose + ", engine and venue");
      agreement.equal(run.gateway.applied(strategy, id), traded, "what was applied for " + whose + ", and the venue");
      agreement.equal(run.traders[strategy - 1]->net(id), traded, "what " + whose + " was told, and the venue");
      net += traded;
    }
    const auto row = position_of(run.engine, account, rck::StrategyId{}, id);
    agreement.equal(row.open_buys.get(), 0, "open buys in " + name);
    agreement.equal(row.open_sells.get(), 0, "open sells in " + name);
    agreement.equal(row.buys.get() + row.sells.get(), 0, "value reserved in " + name);
    theirs.push_back({.account = account,
                      .instrument = rck::InstrumentId(id),
                      .quantity = rck::Quantity(net),
                      .actor = desk_actor,
                      .reason = "the venue's statement"});
  }
  u32 differing = 0;
  const auto compared =
      port.reconcile(theirs.data(), static_cast<u32>(theirs.size()), RCK_RECONCILE_COMPLETE, differing);
  agreement.expect(static_cast<bool>(compared), "the venue's statement can be compared");
  agreement.equal(differing, 0, "positions that differ from the venue's statement");
}

/// What was earned, by the venue's prices and the last mark, against realised and marked P&L. The engine keeps whole
/// cents and rounds each of its steps, so that each fill, and each mark of a position, may be a cent off.
void compare_profit(const Run &run, Agreement &agreement) {
  for (u32 id = 1; id <= run.instruments(); id++) {
    const Product &product = run.market.products()[id];
    double earned = 0;
    u64 fills = 0;
    for (u32 strategy = 1; strategy <= strategies; strategy++) {
      const Traded &traded = run.venue.traded(strategy, id);
      earned += static_cast<double>(traded.net) * static_cast<double>(run.gateway.marked(id)) - traded.paid;
      fills += traded.count;
    }
    const double units = std::pow(10.0, static_cast<int>(product.price_decimals + product.quantity_decimals));
    const double rate = static_cast<double>(product.multiplier * rate_of(product.currency)) / 1'000;
    const double cents = earned * rate / units * 100;
    const auto row = position_of(run.engine, account, rck::StrategyId{}, id);
    const double ours = static_cast<double>((row.realised + row.marked).get());
    agreement.expect(std::abs(ours - cents) <= static_cast<double>(2 * fills + 2),
                     "P&L in " + product.name + ": " + money(static_cast<i64>(ours)) + " and " +
                         money(static_cast<i64>(cents)));
  }
}

void compare_orders(const Run &run, Agreement &agreement) {
  i64 open = 0;
  for ([[maybe_unused]] const rck::OrderInfo &order : run.engine.open_orders())
    open++;
  const rck::BookInfo book = account_book(run.engine);
  const GatewayCounts &gateway = run.gateway.counts();
  const VenueCounts &venue = run.venue.counts();
  const auto same = [&](const Counter &ours, u64 theirs, const char *what) {
    agreement.equal(static_cast<i64>(ours.get()), static_cast<i64>(theirs), what);
  };
  agreement.equal(open, 0, "open orders in the engine");
  agreement.equal(static_cast<i64>(run.venue.live()), 0, "open orders at the venue");
  agreement.equal(book.orders, 0, "orders in the account's book");
  agreement.equal(book.orders_value.get(), 0, "value of orders in the account's book");
  agreement.equal(static_cast<i64>(sum(run, &TraderCounts::accepted)), static_cast<i64>(venue.entered),
                  "orders that were sent and entered");
  same(gateway.fills, venue.executions, "fills applied, and executions");
  same(gateway.repeats, venue.repeats, "fills told twice");
  same(gateway.rejected, venue.rejected, "orders rejected");
  same(gateway.cancelled, venue.cancelled, "orders cancelled");
  same(gateway.cancels_refused, venue.cancels_refused, "cancels refused by the venue");
  same(gateway.amended, venue.amended, "orders amended");
  same(gateway.amends_refused, venue.amends_refused, "amends refused by the venue");
  same(gateway.expired, venue.expired, "orders expired");
  same(gateway.unexpected, 0, "answers of the engine that should not be");
  agreement.equal(static_cast<i64>(sum(run, &TraderCounts::fills)), static_cast<i64>(venue.executions),
                  "fills that the strategies were told, and executions");
}

void compare_engine(const Run &run, Agreement &agreement) {
  rck::HealthInfo health;
  must(run.engine.get(health), "health");
  agreement.expect(health.state == rck::Health::running, "the engine is in order");
  agreement.equal(static_cast<i64>(health.events_lost), 0, "events lost");
  rck::Statistics statistics;
  must(run.engine.get(RCK_ALL_PORTS, statistics), "statistics");
  u64 refused = 0;
  for (const u64 count : statistics.refused_by)
    refused += count;
  agreement.equal(static_cast<i64>(refused), static_cast<i64>(statistics.refused), "refusals, and those by control");
  const u64 told = sum(run, &TraderCounts::refused) + sum(run, &TraderCounts::amends_refused);
  agreement.expect(statistics.refused <= told, "every refusal was told to a strategy");
}

void print_orders(const Run &run, const rck::Statistics &statistics) {
  const GatewayCounts &gateway = run.gateway.counts();
  const auto text = [](u64 value) { return grouped(value); };
  const auto of = [&](Counter TraderCounts::*count) { return grouped(sum(run, count)); };
  std::printf("orders     %s sent, %s refused, %s held back, %s not sent for a full ring\n",
              of(&TraderCounts::accepted).c_str(), of(&TraderCounts::refused).c_str(),
              of(&TraderCounts::held_back).c_str(), of(&TraderCounts::unsent).c_str());
  std::printf("           %s amended, %s amends refused by a check and %s by the venue\n",
              text(gateway.amended.get()).c_str(), of(&TraderCounts::amends_refused).c_str(),
              text(gateway.amends_refused.get()).c_str());
  std::printf("           %s cancelled, %s cancels came too late or were refused, %s rejected, %s expired\n",
              text(gateway.cancelled.get()).c_str(), text(gateway.cancels_refused.get()).c_str(),
              text(gateway.rejected.get()).c_str(), text(gateway.expired.get()).c_str());
  std::printf("           %s were open at the end, cancelled in %u %s\n", text(gateway.swept.get()).c_str(),
              run.gateway.tries(), run.gateway.tries() == 1 ? "try" : "tries");
  std::printf("fills      %s, %s of them partial, %s after the order's end; %s told twice\n",
              text(gateway.fills.get()).c_str(), text(run.venue.counts().partial).c_str(),
              text(gateway.late.get()).c_str(), text(gateway.repeats.get()).c_str());
  std::printf("refused by %s\n", refused_by(statistics).c_str());
  std::printf(
      "latency    of a check p50 %s, p99 %s, p99.9 %s; of an order's way to the venue and back p50 %s, p99 %s\n",
      duration(run.check_ns(0.5)).c_str(), duration(run.check_ns(0.99)).c_str(), duration(run.check_ns(0.999)).c_str(),
      duration(run.round_trip_ns(0.5)).c_str(), duration(run.round_trip_ns(0.99)).c_str());
}

void print_strategies(const Run &run) {
  for (u32 id = 1; id <= strategies; id++) {
    const Trader &trader = *run.traders[id - 1];
    const auto strategy = run.engine.get(rck::StrategyId(id));
    std::printf("strategy   %s: %s orders, %s fills; it %s\n", strategy ? strategy->name.data() : "",
                grouped(trader.counts().accepted.get()).c_str(), grouped(trader.counts().fills.get()).c_str(),
                trader.standing());
  }
}

void print_positions(const Run &run) {
  for (u32 id = 1; id <= run.instruments(); id++) {
    const auto row = position_of(run.engine, account, rck::StrategyId{}, id);
    std::printf("position   %s %s, realised %s, marked %s\n", run.market.products()[id].name.c_str(),
                signed_text(row.net.get()).c_str(), money(row.realised.get()).c_str(), money(row.marked.get()).c_str());
  }
  const rck::BookInfo book = account_book(run.engine);
  std::printf("P&L        %s of the day, at best %s; gross %s, margin %s of cash %s\n",
              money(book.day_total.get()).c_str(), money(book.day_peak.get()).c_str(), money(book.gross.get()).c_str(),
              money(book.margin.get()).c_str(), money(book.cash.get()).c_str());
}

} // namespace

bool report(const Run &run, rck::Port &port, const Options &options) {
  Agreement agreement;
  compare_positions(run, port, agreement);
  compare_profit(run, agreement);
  compare_orders(run, agreement);
  compare_engine(run, agreement);
  if (!options.quiet) {
    rck::Statistics statistics;
    must(run.engine.get(RCK_ALL_PORTS, statistics), "statistics");
    print_strategies(run);
    print_orders(run, statistics);
    print_positions(run);
  }
  if (agreement.holds())
    std::printf("agreed     %s things on which the engine, the gateway, the strategies and the venue had to agree\n",
                grouped(agreement.count()).c_str());
  return agreement.holds();
}

bool report_journal(const std::string &directory, const Options &options) {
  Agreement agreement;
  rck::VerifyInfo info;
  const auto verified = rck::verify(directory.c_str(), info);
  agreement.expect(static_cast<bool>(verified), "the journal is whole (" + std::string(verified.status().name()) + ")");
  agreement.equal(static_cast<i64>(info.lost), 0, "records missing in the journal");
  if (agreement.holds() && !options.quiet)
    std::printf("journal    %s records, %s bytes, whole%s\n", grouped(info.records).c_str(),
                grouped(info.bytes).c_str(), options.journal.empty() ? "" : (", in " + directory).c_str());
  return agreement.holds();
}

} // namespace trading
