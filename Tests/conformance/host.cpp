// Runs one table against the library through the C++ binding: its owners, its records, its calls. What these cannot
// say is told, and left out: it is a misuse that does not compile, and would change nothing.
#include <riskcheck.hpp>

#include "table.h"

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

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

// ---- Orders ----

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

// ---- Definitions, limits, latches ----

template <typename Record> void define(Line &line) { expect(line, engine.set(filled<Record>(line))); }

template <typename Record, typename Id> void defined(Line &line) {
  if (take(line.given, "struct_size") != nullptr)
    return unsaid("struct_size: of a record that the binding makes");
  const auto found = engine.get(line.as<Id>("id"));
  if (expect(line, found))
    expect(line, *found, "name");
}

template <typename Id> void found(Line &line, std::string_view name) {
  const auto id = engine.find<Id>(name);
  if (expect(line, id)) {
    expect_number(line.expected, "id", id->get());
    expect_text(line.expected, "name", std::string(name).c_str());
  }
}

void find(Line &line) {
  const char *given = take(line.given, "name");
  const std::string_view name = given != nullptr ? given : "";
  const std::uint32_t kind = line.word("kind");
  if (line.word("id") != 0)
    return unsaid("find: the name of an id");
  switch (kind) {
  case RCK_KIND_CURRENCY:
    return found<CurrencyId>(line, name);
  case RCK_KIND_GROUP:
    return found<GroupId>(line, name);
  case RCK_KIND_ACCOUNT:
    return found<AccountId>(line, name);
  case RCK_KIND_STRATEGY:
    return found<StrategyId>(line, name);
  case RCK_KIND_INSTRUMENT:
    return found<InstrumentId>(line, name);
  case RCK_KIND_CALENDAR:
    return found<CalendarId>(line, name);
  default:
    return unsaid("kind: of nothing");
  }
}

void limit(Line &line) {
  const std::uint32_t flags = number(line.given, "loosen") != 0 ? RCK_LOOSEN : 0;
  const auto limit = filled<Limit>(line);
  if (line.verb == "limit_remove")
    expect(line, engine.remove(limit, flags));
  else if (expect(line, engine.set(limit, flags))) {
    Limit found = limit;
    if (!engine.get(found))
      die("limit", "is not found again");
    learn_limit(detail::raw(&limit), found.limit_id.get());
  }
}

void publish(Line &line) { expect(line, engine.publish()); }
void latch_clear(Line &line) { expect(line, engine.clear(filled<Latch>(line))); }
void rearm(Line &line) { expect(line, engine.rearm(filled<Rearming>(line))); }

void override_set(Line &line) {
  const auto id = engine.set(filled<Override>(line));
  expect_number(line.expected, "override_id", id ? id->get() : 0);
  expect(line, id);
}

void override_remove(Line &line) { expect(line, engine.remove(filled<Override>(line))); }

std::int32_t answer(void *context, const rck_order *, std::int64_t) {
  return *static_cast<const std::int32_t *>(context);
}

// Functions of the host that answer what `returns` says.
void custom_set(Line &line) {
  static std::array<std::int32_t, RCK_CUSTOMS_MAX + 2> answers;
  const auto returns = static_cast<std::int32_t>(number(line.given, "returns"));
  const rck_custom_call call = is_null(line.given, "call") ? nullptr : answer;
  const auto custom = filled<Custom>(line);
  std::int32_t &context = answers[custom.id <= CustomId(RCK_CUSTOMS_MAX) ? custom.id.get() : RCK_CUSTOMS_MAX + 1];
  context = returns;
  expect(line, engine.set(custom, call, &context));
}

void custom_get(Line &line) {
  auto custom = filled<Custom>(line);
  const Status status = engine.get(custom);
  expect(line, status);
  if (!status)
    return;
  expect_number(line.expected, "breaker", custom.breaker.get());
  expect_number(line.expected, "calls", custom.calls);
  expect_number(line.expected, "refusals", custom.refusals);
  expect_number(line.expected, "overruns", custom.overruns);
}

void custom_remove(Line &line) { expect(line, engine.remove(line.as<CustomId>("id"))); }

// ---- Looks ----

// A record whose key is given, filled in from the field `first` on.
template <typename Record> void look(Line &line, const char *first) {
  auto record = filled<Record>(line);
  const Status status = engine.get(record);
  expect(line, status);
  if constexpr (std::is_same_v<Record, BookInfo>)
    record.instrument = GroupId(0); // which was asked for
  if (status)
    expect(line, record, first);
}

void watch_look(Line &line) {
  auto watch = filled<PortWatch>(line);
  watch.port = line.index;
  if (line.verb == "watch_set") {
    expect(line, engine.set(watch));
    return;
  }
  const Status status = engine.get(watch);
  expect(line, status);
  if (status)
    expect(line, watch, "silence_ns");
}

void order_get(Line &line) {
  OrderInfo info;
  const Token named(token(line.given));
  const Status status = engine.get(named, line.as<OrderId>("order_id"), info);
  expect(line, status);
  if (status) {
    expect_token(line.expected, info.token.get());
    expect(line, info, "order_id");
  }
}

template <typename Range> void walk(Line &line, Range range) {
  std::uint64_t count = 0;
  for (const auto &element : range) {
    (void)element;
    count++;
  }
  expect_number(line.expected, "count", count);
  expect(line, range.status());
}

void open_orders(Line &line) {
  walk(line, engine.open_orders({static_cast<ScopeKind>(line.word("scope_kind")), line.word("id")}));
}

void clock(Line &line) {
  Time time{};
  const Status status = engine.clock(time);
  expect_number(line.expected, "time_ns", static_cast<std::uint64_t>(time.get()));
  expect(line, status);
}

void watch(Line &line) {
  std::array<std::uint32_t, PORTS_MAX> silent;
  std::uint32_t count = 0;
  const Status status = engine.watch(line.as<Time>("time_ns"), silent.data(), PORTS_MAX, count);
  std::string text;
  for (std::uint32_t i = 0; i < count; i++)
    text += (i == 0 ? "" : ",") + std::to_string(silent[i]);
  expect_text(line.expected, "ports", text.c_str());
  expect(line, status);
}

// ---- What is set through a port, and the port itself ----

template <typename Record> void set_through(Line &line) { expect(line, line.port().set(filled<Record>(line))); }

void market(Line &line) {
  Port &port = line.port();
  if (line.verb == "quote")
    expect(line, port.quote(filled<Quote>(line)));
  else if (line.verb == "trade")
    expect(line, port.trade(filled<Trade>(line)));
  else if (line.verb == "book")
    expect(line, port.book(filled<Book>(line)));
  else if (line.verb == "volume")
    expect(line, port.volume(line.as<InstrumentId>("instrument"), line.as<Quantity>("volume")));
  else
    expect(line, port.mark(line.as<InstrumentId>("instrument"), line.as<Price>("price"), line.as<Time>("time_ns")));
}

void metric(Line &line) {
  const char *value = take(line.given, "value");
  const double fed = value != nullptr ? std::strtod(value, nullptr) : 0;
  expect(line, line.port().metric(line.as<MetricId>("metric"), fed, line.as<Time>("time_ns")));
}

void day_start(Line &line) {
  std::uint32_t released = 0;
  const auto begun = line.port().day_start(line.word("date"), released);
  expect_number(line.expected, "released", begun.status().passed() ? released : 0);
  expect(line, begun);
}

void warm(Line &line) { expect(line, line.port().warm()); }
void beat(Line &line) { expect(line, line.port().beat(line.as<Time>("time_ns"))); }
void port_close(Line &line) { expect(line, line.port().close()); }

void port_open(Line &line) {
  const std::uint32_t index = line.word("index"), mode = line.word("mode");
  const bool reads = mode == RCK_PORT_READER && index == 0;
  if (!reads && mode != RCK_PORT_WRITER)
    return unsaid("mode: of no port, or of one that cannot read");
  auto opened = reads ? engine.reader() : engine.port(index);
  if (expect(line, opened) && index < PORTS_MAX)
    ports[index] = *std::move(opened);
}

Config configured() { return std::bit_cast<Config>(config); }

void bytes(Line &line) {
  Config tried = configured();
  fill(&tried, header_name<Config>, line.given);
  // Filling says what size it has, unless the line does.
  expect(line, region_bytes(tried));
}

const std::map<std::string_view, void (*)(Line &)> calls = {
    {"check", order},
    {"check_dry", order},
    {"drop_copy", order},
    {"amend", order},
    {"headroom", headroom},
    {"leg", leg},
    {"legs", batch},
    {"batch", batch},
    {"fill", fill_report},
    {"release", order_event},
    {"cancel", order_event},
    {"confirm", order_event},
    {"amend_result", order_event},
    {"currency", define<Currency>},
    {"group", define<Group>},
    {"account", define<Account>},
    {"strategy", define<Strategy>},
    {"instrument", define<Instrument>},
    {"calendar", define<Calendar>},
    {"currency_get", defined<Currency, CurrencyId>},
    {"group_get", defined<Group, GroupId>},
    {"account_get", defined<Account, AccountId>},
    {"strategy_get", defined<Strategy, StrategyId>},
    {"instrument_get", defined<Instrument, InstrumentId>},
    {"calendar_get", defined<Calendar, CalendarId>},
    {"find", find},
    {"limit_set", limit},
    {"limit_remove", limit},
    {"publish", publish},
    {"latch_set", define<Latch>},
    {"latch_clear", latch_clear},
    {"rearm", rearm},
    {"override_set", override_set},
    {"override_remove", override_remove},
    {"custom_set", custom_set},
    {"custom_get", custom_get},
    {"custom_remove", custom_remove},
    {"watch_set", watch_look},
    {"watch_get", watch_look},
    {"watch", watch},
    {"position_get", [](Line &line) { look<PositionInfo>(line, "net"); }},
    {"book_get", [](Line &line) { look<BookInfo>(line, "open_positions"); }},
    {"latch_get", [](Line &line) { look<Latch>(line, "state"); }},
    {"limit_get", [](Line &line) { look<Limit>(line, "levels"); }},
    {"override_get", [](Line &line) { look<Override>(line, "override_id"); }},
    {"order_get", order_get},
    {"open_orders", open_orders},
    {"limits_armed", [](Line &line) { walk(line, engine.limits()); }},
    {"clock", clock},
    {"position_set", set_through<Position>},
    {"cash_set", set_through<Cash>},
    {"quote", market},
    {"trade", market},
    {"book", market},
    {"volume", market},
    {"mark", market},
    {"metric", metric},
    {"day_start", day_start},
    {"warm", warm},
    {"beat", beat},
    {"port_close", port_close},
    {"port_open", port_open},
    {"region_bytes", bytes},
};

// A port that is named is opened; port 0 is one for reading.
void open_port(std::uint32_t index) {
  if (ports[index])
    return;
  auto opened = index == 0 ? engine.reader() : engine.port(index);
  if (!opened)
    die("port", opened.fault().field);
  ports[index] = *std::move(opened);
}

int run(std::uint32_t index, const char *verb, words *given, words *expected) {
  if (!engine) {
    auto created = Engine::create(configured());
    if (!created)
      die("engine", created.fault().field);
    engine = *std::move(created);
  }
  open_port(index);
  const auto call = calls.find(verb);
  if (call == calls.end())
    return 0;
  Line line{index, verb, given, expected};
  const bool many = call->second == batch;
  if (!many && (is_null(given, "record") || is_null(given, "verdict")))
    unsaid("null: what is a reference");
  else
    call->second(line);
  return 1;
}

} // namespace

int main() {
  const int status = run_table(run);
  for (Port &port : ports)
    if (!port.close())
      die("port", "does not close");
  if (!engine.close())
    die("engine", "does not close");
  return status;
}
