// host.hpp: a line of a table as the C++ host sees it, the binding's records filled from it, and what came of a call
// held against it. Makes no call.
#ifndef HOST_HPP
#define HOST_HPP

#include <riskcheck.hpp>

#include "table.h"

#include <array>
#include <cstring>
#include <string_view>

using namespace riskcheck;

namespace {

Engine engine;
std::array<Port, PORTS_MAX> ports;

// A line of the table, and the port that it is on.
struct Line {
  std::uint32_t index;
  std::string_view verb;
  words *given;
  words *expected;

  Port &port() const { return ports[index]; }
  std::uint32_t word(const char *name) const { return static_cast<std::uint32_t>(number(given, name)); }
  template <typename Kind> Kind as(const char *name) const {
    return Kind(static_cast<typename Kind::integer>(number(given, name)));
  }
};

// What the header calls each record.
template <typename Record> constexpr const char *header_name = nullptr;
template <> constexpr const char *header_name<Config> = "rck_config";
template <> constexpr const char *header_name<Currency> = "rck_currency";
template <> constexpr const char *header_name<Group> = "rck_group";
template <> constexpr const char *header_name<Account> = "rck_account";
template <> constexpr const char *header_name<Strategy> = "rck_strategy";
template <> constexpr const char *header_name<Instrument> = "rck_instrument";
template <> constexpr const char *header_name<Calendar> = "rck_calendar";
template <> constexpr const char *header_name<Limit> = "rck_limit";
template <> constexpr const char *header_name<Override> = "rck_override";
template <> constexpr const char *header_name<Custom> = "rck_custom";
template <> constexpr const char *header_name<Latch> = "rck_latch";
template <> constexpr const char *header_name<PortWatch> = "rck_port_watch";
template <> constexpr const char *header_name<Rearming> = "rck_rearming";
template <> constexpr const char *header_name<Position> = "rck_position";
template <> constexpr const char *header_name<Cash> = "rck_cash";
template <> constexpr const char *header_name<Quote> = "rck_quote";
template <> constexpr const char *header_name<Trade> = "rck_trade";
template <> constexpr const char *header_name<Book> = "rck_book";
template <> constexpr const char *header_name<Order> = "rck_order";
template <> constexpr const char *header_name<Report> = "rck_report";
template <> constexpr const char *header_name<OrderInfo> = "rck_order_info";
template <> constexpr const char *header_name<PositionInfo> = "rck_position_info";
template <> constexpr const char *header_name<BookInfo> = "rck_book_info";

// A record with every word that is left. The library's own word on offsets holds for the binding's structs.
template <typename Record> Record filled(const Line &line) {
  Record record{};
  fill(&record, header_name<Record>, line.given);
  return record;
}

template <typename Record> void expect(const Line &line, const Record &record, const char *first) {
  expect_record(line.expected, &record, header_name<Record>, first);
}

void expect(const Line &line, Status status) { expect_status(line.expected, status.code()); }

void expect(const Line &line, Status status, Verdict &verdict) {
  expect_verdict(line.expected, status.code(), detail::raw(&verdict));
}

// Of what a cold call gives, and whether it gives something.
template <typename T> bool expect(const Line &line, const Result<T> &result) {
  expect(line, result.status());
  expect_fault(line.expected, &result.fault());
  return result.status().passed();
}

// One that nobody has written to.
Verdict unwritten() {
  Verdict verdict;
  std::memset(&verdict, 0xff, sizeof verdict);
  return verdict;
}

} // namespace

#endif
