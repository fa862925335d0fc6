// The kinds of records, as riskcheck_journal.h says what they hold. Tests/tool/run compares them with the header.
#include "kinds.hpp"

#define KIND(word) RCK_EVENT_##word, #word

namespace tool {

namespace {

constexpr Part subject(std::string_view name) { return {name, Part::subject}; }
constexpr Part first(std::string_view name, Form form = {}) { return {name, Part::first, form}; }
constexpr Part second(std::string_view name, Form form = {}) { return {name, Part::second, form}; }
constexpr Form a_status = {Form::status};

constexpr Part upper(Part part) { return {part.name, part.source, part.form, 32, 32}; }
constexpr Part lower(Part part) { return {part.name, part.source, part.form, 0, 32}; }

const Form one_scope = {Form::one, scopes}, one_control = {Form::one, controls}, one_state = {Form::one, states};
const Part scope = {"scope_kind", Part::subject, one_scope, 56, 8}, scope_id = {"id", Part::subject, {}, 0, 56};
const Part control_above = {"control", Part::first, one_control, 32, 32};
const Part scope_below = {"scope_kind", Part::first, one_scope, 0, 32};

/// What the administrator set or removed.
constexpr Kind set(u16 number, std::string_view name, std::string_view body, std::string_view verb) {
  return {number, name, {first("set_flags"), second("status", a_status)}, body, false, Line::given, verb};
}

using enum Line;
const Kind table[] = {
    {KIND(ENGINE_OPENED), {subject("opened"), first("recovered"), second("pid")}},
    {KIND(ENGINE_CLOSED), {subject("opened")}},
    {KIND(PORT_OPENED), {subject("opened_port")}},
    {KIND(PORT_CLOSED), {subject("closed_port")}},
    {KIND(LOST), {subject("lost"), first("lost_all")}},
    {KIND(RESTORED), {subject("region_id"), first("opened")}},
    {KIND(DEFINED), {subject("id"), first("kind", {Form::one, kinds_of_definition}), second("times")}},
    {KIND(LIMITS), {subject("generation"), first("limits"), second("actor")}},
    {KIND(WATCH), {subject("watched_port"), first("silence_ns"), second("actor")}},
    {KIND(OVERRIDE_SET), {subject("override_id"), control_above, scope_below, second("actor")}},
    {KIND(OVERRIDE_REMOVED), {subject("override_id"), control_above, scope_below, second("actor")}},
    {KIND(REFUSED),
     {subject("order_id"), first("status", a_status), upper(second("instrument")), lower(second("account"))}},
    {KIND(ANOMALY), {subject("order_id"), first("flags", {Form::bits, verdict_flags}), second("quantity")}},
    {KIND(LATCHED), {scope, scope_id, first("state", one_state), second("actor")}},
    {KIND(UNLATCHED), {scope, scope_id, first("state", one_state), second("actor")}},
    {KIND(DAY), {subject("date"), first("released")}},
    {KIND(POSITION_SET), {upper(subject("account")), lower(subject("instrument")), first("quantity"), second("actor")}},
    {KIND(CASH_SET), {subject("account"), first("cash"), second("actor")}},
    {KIND(DROP_COPY),
     {subject("order_id"), first("status", a_status), upper(second("instrument")), lower(second("account"))}},
    {KIND(OVERRIDDEN), {subject("order_id"), first("override_id"), second("quantity")}},
    {KIND(BREACH), {subject("limit_id"), first("observed"), second("action", {Form::one, actions})}},
    {KIND(DISABLED), {scope, scope_id, first("control", one_control), second("orders")}},
    {KIND(REARMED), {scope, scope_id, first("control", one_control), second("actor")}},
    {KIND(CUSTOM), {subject("custom"), first("breaker", {Form::one, breakers}), second("call_ns")}},
    {KIND(VIOLATION), {subject("violation_id"), first("scope_id"), second("observed")}},
    {KIND(VIOLATION_CHANGED), {subject("violation_id"), first("state", {Form::one, violations}), second("actor")}},
    {KIND(DIFFERENCE), {upper(subject("account")), lower(subject("instrument")), first("net"), second("theirs")}},
    {KIND(CHECK), {subject("order_id")}, "rck_order", true, checked, "check"},
    {KIND(AMEND), {subject("order_id"), first("named_order_id")}, "rck_order", true, amended, "amend"},
    {KIND(COPY), {subject("order_id")}, "rck_order", true, checked, "drop_copy"},
    {KIND(FILL), {subject("order_id")}, "rck_report", true, filled, "fill"},
    {KIND(AMEND_RESULT), {subject("order_id"), first("accepted")}, {}, true, named, "amend_result"},
    {KIND(CANCEL), {subject("order_id")}, {}, true, named, "cancel"},
    {KIND(RELEASE), {subject("order_id"), first("reason", {Form::one, releases})}, {}, true, named, "release"},
    {KIND(CONFIRM), {subject("order_id")}, {}, true, named, "confirm"},
    {KIND(LEGS), {subject("order_id"), first("legs"), second("passed")}, {}, false, legs, "legs"},
    {KIND(LEG), {subject("order_id")}, "rck_order", true, leg, "leg"},
    {KIND(POSITION), {first("status", a_status)}, "rck_position", false, given, "position_set"},
    {KIND(CASH), {}, "rck_cash", false, given, "cash_set"},
    {KIND(DAY_START), {subject("date"), first("released")}, {}, false, called, "day_start"},
    {KIND(BEAT), {}, {}, false, called, "beat"},
    {KIND(QUOTE), {first("status", a_status)}, "rck_quote", false, given, "quote"},
    {KIND(TRADE), {first("status", a_status)}, "rck_trade", false, given, "trade"},
    {KIND(BOOK), {first("status", a_status)}, "rck_book", false, given, "book"},
    {KIND(VOLUME), {subject("instrument"), first("status", a_status), second("volume")}, {}, false, called, "volume"},
    {KIND(MARK), {subject("instrument"), first("status", a_status), second("price")}, {}, false, called, "mark"},
    {KIND(METRIC),
     {subject("metric"), first("status", a_status), second("value", {Form::real})},
     {},
     false,
     called,
     "metric"},
    set(KIND(CURRENCY_SET), "rck_currency", "currency"),
    set(KIND(GROUP_SET), "rck_group", "group"),
    set(KIND(ACCOUNT_SET), "rck_account", "account"),
    set(KIND(STRATEGY_SET), "rck_strategy", "strategy"),
    set(KIND(INSTRUMENT_SET), "rck_instrument", "instrument"),
    set(KIND(CALENDAR_SET), "rck_calendar", "calendar"),
    set(KIND(LIMIT_SET), "rck_limit", "limit_set"),
    set(KIND(LIMIT_REMOVE), "rck_limit", "limit_remove"),
    {KIND(PUBLISH), {subject("generation")}, {}, false, called, "publish"},
    set(KIND(OVERRIDE), "rck_override", "override_set"),
    set(KIND(OVERRIDE_END), "rck_override", "override_remove"),
    set(KIND(LATCH_SET), "rck_latch", "latch_set"),
    set(KIND(LATCH_CLEAR), "rck_latch", "latch_clear"),
    set(KIND(PORT_WATCH), "rck_port_watch", "watch_set"),
    set(KIND(REARM), "rck_rearming", "rearm"),
    {KIND(DIFFERS), {subject("order_id"), first("command")}},
    {KIND(STATE), {subject("part"), first("line")}},
    {KIND(SNAPSHOT), {}},
};

std::array<const Kind *, RCK_EVENT_SNAPSHOT + 1> by_number() {
  std::array<const Kind *, RCK_EVENT_SNAPSHOT + 1> found{};
  for (const Kind &kind : table)
    found[kind.number] = &kind;
  return found;
}

u32 lines_of(u32 bytes) { return (bytes + sizeof(rck_event) - 1) / sizeof(rck_event); }

} // namespace

const Kind *kind_of(u16 number) {
  static const auto kinds = by_number();
  return number < kinds.size() ? kinds[number] : nullptr;
}

std::string name_of_kind(u16 number) {
  if (const Kind *kind = kind_of(number))
    return std::string(kind->name);
  if (number >= RCK_EVENT_HOST)
    return "HOST+" + std::to_string(number - RCK_EVENT_HOST);
  return "KIND_" + std::to_string(number);
}

Record::Record(const rck_event *event) : first(event), known(kind_of(event->kind)) {
  // What has not the lines that its kind has here, another version has written: only its first line is known.
  if (known != nullptr && event->lines != 1 + body_lines() + (known->has_verdict ? 1 : 0))
    known = nullptr;
}

u32 Record::body_lines() const { return known->body.empty() ? 0 : lines_of(layout(known->body).bytes); }

const void *Record::body() const { return known != nullptr && !known->body.empty() ? first + 1 : nullptr; }

const rck_verdict *Record::verdict() const {
  if (known == nullptr || !known->has_verdict)
    return nullptr;
  return reinterpret_cast<const rck_verdict *>(first + 1 + body_lines());
}

Number Record::number(const Part &part) const {
  const u64 whole =
      part.source == Part::subject ? first->subject : static_cast<u64>(first->values[part.source - Part::first]);
  if (part.bits == 64)
    return {whole, part.source != Part::subject};
  return {whole >> part.shift & ((u64{1} << part.bits) - 1), false};
}

const Part *Record::part(std::string_view name) const {
  if (known != nullptr)
    for (const Part &part : known->parts)
      if (part.name == name)
        return &part;
  return nullptr;
}

std::optional<rck_status> Record::status() const {
  if (const rck_verdict *verdict = this->verdict())
    return verdict->status;
  if (const Part *told = part("status"))
    return static_cast<rck_status>(number(*told).bits);
  return std::nullopt;
}

u64 Record::order_id() const {
  const Part *id = part("order_id");
  return id == nullptr ? 0 : number(*id).bits;
}

bool Record::is_overlapped() const { return (first->severity & RCK_TOLD_OVERLAPPED) != 0; }

u32 Record::severity() const { return first->severity & ~static_cast<u32>(RCK_TOLD_OVERLAPPED); }

} // namespace tool
