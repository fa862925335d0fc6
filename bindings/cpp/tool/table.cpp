// The format of Tests/conformance, from records.
#include "table.hpp"
#include "show.hpp"

namespace tool {

namespace {

// A token that names nothing, as tables have it.
constexpr std::string_view nobody = " token=18446744073709551600";

std::string port(u32 port) { return port <= 1 ? "" : " port=" + std::to_string(port); }
std::string pair(std::string_view name, u64 number) {
  return number == 0 ? "" : " " + std::string(name) + "=" + std::to_string(number);
}
std::string status(rck_status status) {
  return " status=" + words({Form::status}, {static_cast<u64>(static_cast<i64>(status)), true});
}

/// Verb and port.
std::string beginning(const Record &record) { return std::string(record.kind()->verb) + port(record.event().port); }

} // namespace

std::string Table::text(const rck_config &config) {
  // Every number is there, since those that are not are not 0 in a table.
  std::string text = "config";
  const Layout &fields = layout("rck_config");
  for (const Field &field : fields.fields)
    if (!field.is_reserved && field.name != "flags")
      text += " " + field.name + "=" + words(fields, field, &config);
  return text + "\n";
}

std::string Table::text(const rck_event *event, Merged &journal) {
  const Record record(event);
  if (record.kind() != nullptr && record.kind()->line == Line::legs)
    return legs(event, journal);
  if (event->kind == RCK_EVENT_OVERRIDE_SET)
    override_id = event->subject;
  return comment(record) + line(record);
}

std::string Table::comment(const Record &record) {
  const rck_event &event = record.event();
  std::string text = "# " + record.name() + " port=" + std::to_string(event.port);
  text += " sequence=" + std::to_string(event.sequence) + pair("ticket", event.ticket);
  text += " time_ns=" + std::to_string(event.time_ns) + pair("correlation_id", event.correlation_id);
  if (record.severity() != 0)
    text += " severity=" + words({Form::one, severities}, {record.severity(), false});
  if (event.control != 0 && record.part("control") == nullptr)
    text += " control=" + words({Form::one, controls}, {event.control, false});
  if (record.is_overlapped())
    text += " overlapped=1";
  return text + parts_text(record) + "\n";
}

std::string Table::line(const Record &record) {
  switch (record.kind() == nullptr ? Line::none : record.kind()->line) {
  case Line::checked:
    return checked(record);
  case Line::amended:
    return amended(record);
  case Line::filled:
    return filled(record);
  case Line::named:
    return named(record);
  case Line::given:
    return given(record);
  case Line::called:
    return called(record);
  default:
    return "";
  }
}

std::string Table::token(u64 token, u64 order_id) {
  std::string &name = names[token];
  if (name.empty()) {
    const u32 grant = ++grants[order_id];
    name = "@" + std::to_string(order_id) + (grant == 1 ? "" : "." + std::to_string(grant));
    tokens[order_id] = token;
  }
  return " token=" + name;
}

std::string Table::verdict(const rck_verdict &verdict, u64 order_id) {
  std::string text = " ->" + status(verdict.status) + fields_text(layout("rck_verdict"), &verdict, {"status", "token"});
  return verdict.token == 0 ? text : text + token(verdict.token, order_id);
}

std::string Table::checked(const Record &record) {
  return beginning(record) + fields_text(layout("rck_order"), record.body()) +
         verdict(*record.verdict(), record.order_id()) + "\n";
}

std::string Table::amended(const Record &record) {
  const auto &order = record.as<rck_order>();
  const u64 before = record.number(*record.part("named_order_id")).bits;
  std::string text = beginning(record);
  if (before == 0)
    text += nobody;
  else if (const auto found = tokens.find(before); found != tokens.end())
    text += token(found->second, before);
  text += fields_text(layout("rck_order"), &order) + verdict(*record.verdict(), before);
  if (record.verdict()->status == RCK_OK)
    tokens[order.order_id] = record.verdict()->token; // both ids name it from now on
  return text + "\n";
}

std::string Table::filled(const Record &record) {
  const auto &report = record.as<rck_report>();
  std::string text = beginning(record);
  const bool is_named = report.token != 0 && names.contains(report.token);
  if (is_named)
    text += token(report.token, record.order_id());
  else if (report.order_id == 0 && record.order_id() != 0)
    text += pair("order_id", record.order_id()); // by a token of before the journal
  else
    text += pair("token", report.token);
  return text + fields_text(layout("rck_report"), &report, {"token"}) + verdict(*record.verdict(), record.order_id()) +
         "\n";
}

std::string Table::named(const Record &record) {
  std::string text = beginning(record);
  if (record.verdict()->status == RCK_REJECT_ORDER_UNKNOWN)
    text += nobody;
  text += pair("order_id", record.order_id());
  for (const std::string_view name : {"accepted", "reason"})
    if (const Part *part = record.part(name))
      text += " " + std::string(name) + "=" + words(part->form, record.number(*part));
  const u16 kind = record.event().kind;
  if (kind == RCK_EVENT_CANCEL || kind == RCK_EVENT_RELEASE)
    text += pair("time_ns", static_cast<u64>(record.event().time_ns));
  return text + verdict(*record.verdict(), record.order_id()) + "\n";
}

std::string Table::given(const Record &record) {
  const u16 kind = record.event().kind;
  std::string text = std::string(record.kind()->verb);
  // A watch names the port that its line is on; what else the administrator does is on none.
  text += kind == RCK_EVENT_PORT_WATCH ? port(record.as<rck_port_watch>().port) : port(record.event().port);
  const Layout &body = layout(record.kind()->body);
  if (kind == RCK_EVENT_LIMIT_SET || kind == RCK_EVENT_LIMIT_REMOVE)
    text += fields_text(body, record.body(), {"limit_id", "generation"});
  else if (kind == RCK_EVENT_PORT_WATCH)
    text += fields_text(body, record.body(), {"port"});
  else
    text += fields_text(body, record.body());
  if (const Part *flags = record.part("set_flags"); flags != nullptr && record.number(*flags).bits == RCK_LOOSEN)
    text += " loosen=1";
  const rck_status told = record.status().value_or(RCK_OK);
  text += " ->" + status(told);
  if (kind == RCK_EVENT_OVERRIDE && told == RCK_OK)
    text += pair("override_id", override_id);
  return text + "\n";
}

std::string Table::called(const Record &record) {
  std::string text = beginning(record), outcome = " ->" + status(record.status().value_or(RCK_OK));
  for (const Part &part : record.kind()->parts) {
    if (part.name.empty() || part.name == "status" || part.name == "generation")
      continue;
    const Number number = record.number(part);
    if (number.bits != 0)
      (part.name == "released" ? outcome : text) += " " + std::string(part.name) + "=" + words(part.form, number);
  }
  const u16 kind = record.event().kind;
  if (kind == RCK_EVENT_BEAT || kind == RCK_EVENT_MARK || kind == RCK_EVENT_METRIC)
    text += pair("time_ns", static_cast<u64>(record.event().time_ns));
  return text + outcome + "\n";
}

std::string Table::legs(const rck_event *event, Merged &journal) {
  const Record batch(event);
  const u64 count = batch.number(*batch.part("legs")).bits;
  const bool have_passed = batch.number(*batch.part("passed")).bits != 0;
  const std::string verb = beginning(batch);
  std::string text = comment(batch);
  std::vector<std::vector<rck_event>> lines; // they stay, so that records may point into them
  std::vector<Record> legs;
  for (u64 at = 0; at < count && at < RCK_LEGS_MAX; at++) {
    const rck_event *next = journal.next_of_same();
    if (next == nullptr)
      break;
    lines.emplace_back(next, next + next->lines);
    const Record leg(lines.back().data());
    if (leg.kind() == nullptr || leg.kind()->line != Line::leg)
      return text + "# the legs behind these were lost\n" + this->text(lines.back().data(), journal);
    text += comment(leg) + beginning(leg) + fields_text(layout("rck_order"), leg.body()) + " -> status=OK\n";
    legs.push_back(leg);
  }
  if (legs.size() != count || legs.empty())
    return text + "# the legs behind these were lost\n";
  return text + verb + outcome(legs, have_passed) + "\n";
}

std::string Table::outcome(const std::vector<Record> &legs, bool have_passed) {
  std::size_t decisive = legs.size() - 1;
  for (std::size_t at = legs.size(); at-- > 0;)
    if (legs[at].verdict()->status != RCK_REJECT_BATCH)
      decisive = at;
  const rck_verdict &first = *legs[decisive].verdict();
  const bool repeats = first.status == RCK_REPEAT && legs.back().verdict()->status == RCK_REPEAT;
  if (!have_passed && !repeats) {
    std::string text = verdict(first, legs[decisive].order_id()) + pair("leg", decisive + 1);
    return legs.size() > 1 ? text + " rest_status=REJECT_BATCH" : text;
  }
  for (const Record &leg : legs) // each has a token, and the last one's is shown
    token(leg.verdict()->token, leg.order_id());
  return verdict(*legs.back().verdict(), legs.back().order_id()) + pair("legs", legs.size());
}

} // namespace tool
