// Runs one table against the library through the C++ binding: its owners, its records, its calls. What these cannot
// say is told, and left out: it is a misuse that does not compile, and would change nothing.
#include "host_orders.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

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

// Takes longer than the smallest budget, 1 ns, whatever the machine.
std::int32_t answer(void *context, const rck_order *, std::int64_t) {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  while (Clock::now() - began <= std::chrono::nanoseconds(1))
    continue;
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
    {"terms", put_terms},
    {"amend_batch", amend_batch},
    {"report", put_report},
    {"fill_batch", fill_batch},
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
  const bool many = call->second == batch || call->second == amend_batch || call->second == fill_batch;
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
