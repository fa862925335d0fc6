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

// Of orders that are judged each by itself, all statuses; tokens are named by the orders' ids.
void expect_batch(const Line &line, const std::vector<Order> &orders, const std::vector<Verdict> &verdicts,
                  Batch batch) {
  std::string text;
  for (std::size_t i = 0; i < orders.size(); i++) {
    text += (i == 0 ? "" : ",") + std::to_string(verdicts[i].status.code());
    if (verdicts[i].token != Token(0))
      name_token(orders[i].order_id.get(), verdicts[i].token.get());
  }
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
  else if (alone)
    expect_batch(line, orders, verdicts, batch);
  else
    expect_legs(line, orders, verdicts, batch);
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
