// host_orders.hpp: calls on orders, batches and reports.
#ifndef HOST_ORDERS_HPP
#define HOST_ORDERS_HPP

#include "host.hpp"

#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace {

void order(Line &line) {
  Verdict verdict = unwritten();
  const Token named(token(line.given));
  const auto order = filled<Order>(line);
  if (line.verb == "check")
    expect(line, line.port().check(order, verdict), verdict);
  else if (line.verb == "check_dry")
    expect(line, line.port().check_dry(order, verdict), verdict);
  else if (line.verb == "drop_copy")
    expect(line, line.port().drop_copy(order, verdict), verdict);
  else
    expect(line, line.port().amend(named, order, verdict), verdict);
}

void headroom(Line &line) {
  Verdict verdict = unwritten();
  Quantity most{};
  const Status status = line.port().headroom(filled<Order>(line), most, verdict);
  expect_number(line.expected, "quantity", static_cast<std::uint64_t>(most.get()));
  expect(line, status, verdict);
}

std::array<std::vector<Order>, PORTS_MAX> legs;

void leg(Line &line) {
  legs[line.index].push_back(filled<Order>(line));
  expect(line, Status(RCK_OK));
}

// Of a batch that is all or none, the verdict of the last, or of the one that is refused.
void expect_legs(const Line &line, const std::vector<Order> &orders, std::vector<Verdict> &verdicts, Batch batch) {
  std::size_t told = 0, last = 0;
  for (std::size_t i = 0; i < orders.size(); i++)
    if (verdicts[i].status != RCK_REJECT_BATCH) {
      last = i;
      told++;
    }
  const Status status = verdicts[last].status;
  const bool whole = told == orders.size() && (status.passed() || status.repeat());
  if (batch.passed != (status.passed() ? orders.size() : 0))
    differ("passed", "all or none", "");
  const rck_verdict others{RCK_REJECT_BATCH, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < orders.size(); i++)
    if (whole)
      name_token(orders[i].order_id.get(), verdicts[i].token.get());
    else if (i != last && std::memcmp(&verdicts[i], &others, sizeof others) != 0)
      differ("verdict", "only a status", "of another leg");
  expect_number(line.expected, whole ? "legs" : "leg", whole ? orders.size() : last + 1);
  if (!whole && orders.size() > 1)
    expect_number(line.expected, "rest_status", told == 1 ? RCK_REJECT_BATCH : 0);
  expect(line, status, verdicts[last]);
}

// Of records that are judged each by itself, all statuses.
void expect_statuses(const Line &line, const std::vector<Verdict> &verdicts, Batch batch) {
  std::string text;
  for (const Verdict &verdict : verdicts)
    text += (text.empty() ? "" : ",") + std::to_string(verdict.status.code());
  expect_number(line.expected, "passed", batch.passed);
  expect_text(line.expected, "statuses", text.c_str());
  expect(line, batch.status);
}

void batch(Line &line) {
  const bool alone = line.verb == "batch";
  std::vector<Order> orders;
  orders.swap(legs[line.index]);
  std::vector<Verdict> verdicts(orders.size(), unwritten());
  orders.reserve(1); // Room also where there is none: its address counts.
  verdicts.reserve(1);
  const char *flagged = take(line.given, "flags"), *counted = take(line.given, "count");
  const auto read = [](const char *text) { return static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)); };
  const std::uint32_t flags = flagged != nullptr ? read(flagged) : alone ? 0 : RCK_BATCH_ALL_OR_NONE;
  const Order *records = is_null(line.given, "record") ? nullptr : orders.data();
  Verdict *told = is_null(line.given, "verdict") ? nullptr : verdicts.data();
  const bool whole = counted == nullptr && records != nullptr && told != nullptr;
  const Batch batch = whole ? line.port().check(std::span<const Order>(orders), std::span<Verdict>(verdicts), flags)
                            : line.port().check(records, told, counted != nullptr ? read(counted) : 1, flags);
  if (!batch)
    expect(line, batch.status);
  else if (alone) {
    for (std::size_t i = 0; i < orders.size(); i++)
      if (verdicts[i].token != Token(0))
        name_token(orders[i].order_id.get(), verdicts[i].token.get());
    expect_statuses(line, verdicts, batch);
  } else
    expect_legs(line, orders, verdicts, batch);
}

// Amends, and reports, that are put together, and then given in one call.
std::array<std::vector<Token>, PORTS_MAX> tokens;
std::array<std::vector<Order>, PORTS_MAX> terms;
std::array<std::vector<Report>, PORTS_MAX> reports;

void put_terms(Line &line) {
  tokens[line.index].push_back(Token(token(line.given)));
  terms[line.index].push_back(filled<Order>(line));
  expect(line, Status(RCK_OK));
}

void put_report(Line &line) {
  const Token named(token(line.given));
  reports[line.index].push_back(filled<Report>(line));
  reports[line.index].back().token = named;
  expect(line, Status(RCK_OK));
}

// `give` takes the verdicts and a count; one that the line names may be another than there are records.
template <typename Records, typename Give> void given_together(Line &line, Records &records, Give give) {
  std::vector<Verdict> verdicts(records.size(), unwritten());
  verdicts.reserve(1);
  records.reserve(1); // Room also where there is none: its address counts.
  const char *counted = take(line.given, "count");
  Verdict *told = is_null(line.given, "verdict") ? nullptr : verdicts.data();
  const auto count =
      static_cast<std::uint32_t>(counted != nullptr ? std::strtoul(counted, nullptr, 10) : records.size());
  if (number(line.given, "flags") != 0)
    unsaid("flags: of a batch that takes none");
  else if (const Batch batch = give(is_null(line.given, "record") ? nullptr : records.data(), told, count); batch)
    expect_statuses(line, verdicts, batch);
  else
    expect(line, batch.status);
  records.clear();
}

void amend_batch(Line &line) {
  std::vector<Token> named;
  named.swap(tokens[line.index]);
  named.reserve(1);
  const Token *first = is_null(line.given, "tokens") ? nullptr : named.data();
  given_together(line, terms[line.index], [&](const Order *orders, Verdict *verdicts, std::uint32_t count) {
    return line.port().amend(first, orders, verdicts, count);
  });
}

void fill_batch(Line &line) {
  given_together(line, reports[line.index], [&](const Report *facts, Verdict *verdicts, std::uint32_t count) {
    return line.port().fill(facts, verdicts, count);
  });
}

void fill_report(Line &line) {
  Verdict verdict = unwritten();
  const Token named(token(line.given));
  auto report = filled<Report>(line);
  report.token = named;
  expect(line, line.port().fill(report, verdict), verdict);
}

void order_event(Line &line) {
  Verdict verdict = unwritten();
  const Token named(token(line.given));
  const auto id = line.as<OrderId>("order_id");
  const auto time = line.as<Time>("time_ns");
  const std::uint32_t accepted = line.word("accepted");
  if (line.verb == "release") {
    const auto reason = static_cast<ReleaseReason>(line.word("reason"));
    expect(line, line.port().release(named, id, reason, time, verdict), verdict);
  } else if (line.verb == "cancel")
    expect(line, line.port().cancel(named, id, time, verdict), verdict);
  else if (line.verb == "confirm")
    expect(line, line.port().confirm(named, id, verdict), verdict);
  else if (accepted > 1)
    unsaid("accepted: neither yes nor no");
  else
    expect(line, line.port().amend_result(named, id, accepted == 1, verdict), verdict);
}

} // namespace

#endif
