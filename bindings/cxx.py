"""The C++ binding's enumerations and records, made from the header: the same layout, with the kind of each field.

What a field is a number of follows from its name, as the header names alike what is alike; RECORD_KINDS has what one
record alone means by a name. A field without a kind is the integer that it is in C.
"""

import re

from families import FAMILIES
from header import WRITTEN, Field, Header, Record

LEFT_OUT = {"rck_fault", "rck_field"}  # told through Result, and of no use beside a compiler

KINDS = {
    "AccountId": "account",
    "StrategyId": "strategy",
    "InstrumentId": "instrument",
    "VenueId": "venue",
    "ActorId": "actor",
    "CurrencyId": "currency",
    "GroupId": "groups",
    "LimitId": "limit_id",
    "OverrideId": "override_id",
    "OrderId": "order_id",
    "Token": "token",
    "CorrelationId": "correlation_id",
    "ExecutionId": "execution_id undone_execution_id",
    "ViolationId": "violation_id",
    "Status": "status",
    "Price": "price stop_price decision_price last_price price_min price_max previous_close reference_price tick bid"
    " ask bid_prices ask_prices",
    "Quantity": "quantity last_quantity cumulative_quantity lot leaves cumulative net open_buys open_sells bid_size"
    " ask_size bid_sizes ask_sizes quantity_left quantity_long quantity_short",
    "Money": "fee booked buys sells margin realised marked fees cash credit gross net_long net_short orders_value"
    " day_realised day_total day_peak reserved_value",
    "Value": "warn soft hard limit observed worst",
    "Time": "time_ns deadline_ns expiry_ns end_ns starts first_ns last_ns since_ns before_ns mark_time_ns"
    " first_time_ns last_time_ns",
}
CODED = {
    "Side": "side",
    "OrderType": "type order_type",
    "TimeInForce": "time_in_force",
    "Control": "control",
    "ScopeKind": "scope_kind",
    "Severity": "severity severity_min",
    "Action": "action actions",
    "Measure": "measure",
    "Breaker": "breaker",
    "Sync": "sync",
    "Unit": "unit",
}
RECORD_KINDS = {
    "rck_currency id": "CurrencyId",
    "rck_group id": "GroupId",
    "rck_account id": "AccountId",
    "rck_strategy id": "StrategyId",
    "rck_instrument id": "InstrumentId",
    "rck_calendar id": "CalendarId",
    "rck_custom id": "CustomId",
    "rck_book_info instrument": "GroupId",
    "rck_group kind": "=GroupKind",
    "rck_report kind": "=ReportKind",
    "rck_event kind": "=EventKind",
    "rck_instrument reference": "=Reference",
    "rck_latch state": "=TradingState",
    "rck_port_watch state": "=TradingState",
    "rck_violation state": "=ViolationState",
    "rck_violation_change state": "=ViolationState",
    "rck_health_info state": "=Health",
    # How many, not which.
    "rck_health_info groups": "",
    # Of a limit the control's own: a reference, decimals, a calendar, a function, a count.
    "rck_limit reference": "",
    # A code of refusal may stand here too: RCK_REJECT_DISCONNECTED.
    "rck_latch control": "",
}
BY_NAME = {name: kind for kind, names in KINDS.items() for name in names.split()}
BY_NAME |= {name: f"={kind}" for kind, names in CODED.items() for name in names.split()}
MEMBERS = {
    "rck_verdict": [
        "constexpr explicit operator bool() const noexcept { return status.passed(); }",
        "constexpr bool has(VerdictFlag flag) const noexcept { return (flags & std::uint32_t(flag)) != 0; }",
        "// Whether this control refused, shown or not.",
        "constexpr bool failed_by(Control asked) const noexcept {",
        "  return asked != Control::none && (failed >> (static_cast<std::uint32_t>(asked) - 1) & 1) != 0;",
        "}",
    ],
}
# Written by the library alone, on the path of each order: nothing is set before, and nobody should drop it.
ANSWERS = {"rck_verdict"}
# Words of C++ that the header uses as names.
RESERVED_WORDS = {"new", "short"}


def integer(f: Field) -> str:
    return "char" if f.c_type == "char" else f"std::{f.c_type}"


def kind(record: Record, f: Field) -> str:
    """The C++ type of one element."""
    if f.c_type == "char":
        return f"Text<{f.count}>"
    found = RECORD_KINDS.get(f"{record.name} {f.name}")
    if found is None:
        found = BY_NAME.get(f.name, "Duration" if re.search(r"_ns(_max)?$", f.name) else "")
    if found.startswith("="):
        return f"Coded<{found[1:]}, {integer(f)}>"
    return found or integer(f)


def declared(record: Record, f: Field) -> str:
    if f.name == "struct_size":
        return f"std::uint32_t struct_size = sizeof({record.name});"
    element, zero = kind(record, f), "" if record.name in ANSWERS else "{}"
    if f.array and f.c_type != "char":
        return f"std::array<{element}, {f.count}> {f.name}{zero};"
    return f"{element} {f.name}{zero};"


def fields(record: Record) -> list[tuple[str, str, str]]:
    """(declaration, name, the first field of C that it covers). A scope is one member."""
    made = []
    names = [f.name for f in record.fields]
    skip = 0
    for at, f in enumerate(record.fields):
        if skip:
            skip -= 1
            continue
        if names[at : at + 3] == ["scope_kind", "id", "instrument"]:
            made.append(("PairScope scope{};", "scope", f.name))
            skip = 2
        elif names[at : at + 2] == ["scope_kind", "id"]:
            made.append(("Scope scope{};", "scope", f.name))
            skip = 1
        else:
            made.append((declared(record, f), f.name, f.name))
    return made


def records(header: Header) -> list[Record]:
    return [record for record in header.records if record.name not in LEFT_OUT]


def constant(short: str) -> str:
    name = short.lower()
    return name + "_" if name in RESERVED_WORDS else name


def enumerations(header: Header) -> str:
    out = [
        "// enums.hpp: the header's constants that belong together, with its numbers and, in lower case, its names.",
        f"// {WRITTEN}",
        "#ifndef RISKCHECK_ENUMS_HPP",
        "#define RISKCHECK_ENUMS_HPP",
        "",
        "#include <riskcheck.h>",
        "",
        "#include <cstdint>",
        "",
        "namespace riskcheck {",
    ]
    for family in FAMILIES:
        out += ["", f"enum class {family.name} : std::uint32_t {{"]
        out += [f"  {constant(short)} = {name}," for short, name, _ in family.constants(header)]
        out += ["};"]
    out += ["", "} // namespace riskcheck", "", "#endif"]
    return "\n".join(out) + "\n"


def typed_records(header: Header) -> str:
    out = [
        "// records.hpp: the header's structs with the kinds of their fields, laid out as there. Nothing is judged",
        "// here. All begins at 0 but struct_size, and a Verdict, which the library writes.",
        f"// {WRITTEN}",
        "#ifndef RISKCHECK_RECORDS_HPP",
        "#define RISKCHECK_RECORDS_HPP",
        "",
        *(f"#include <riskcheck/{name}.hpp>" for name in ("enums", "numbers", "result", "scope")),
        "",
        "#include <array>",
        "",
        "namespace riskcheck {",
    ]
    for record in records(header):
        attribute = "[[nodiscard]] " if record.name in ANSWERS else ""
        out += ["", f"struct {attribute}{record.python_name} {{"]
        out += [f"  {declaration}" for declaration, _, _ in fields(record)]
        if record.name in MEMBERS:
            out += ["", *(f"  {line}" for line in MEMBERS[record.name])]
        out += ["};"]
    out += ["", "namespace detail {", "", "// The struct of C that a record is."]
    out += ["template <typename Struct> struct Is {", "  using type = Struct;", "};"]
    out += ["template <typename Record> struct Raw;"]
    out += [
        f"template <> struct Raw<{record.python_name}> : Is<{record.name}> {{}};"
        for record in records(header)
    ]
    out += ["", "} // namespace detail", "} // namespace riskcheck", "", "#endif"]
    return "\n".join(out) + "\n"


def layout_test(header: Header) -> str:
    out = [
        "// layout.hpp: each record of the C++ binding lies as the header's does, to the field.",
        f"// {WRITTEN}",
        "#include <riskcheck/records.hpp>",
        "",
        "#include <cstddef>",
        "#include <type_traits>",
        "",
    ]
    for record in records(header):
        name = record.python_name
        out += [
            f"static_assert(sizeof(riskcheck::{name}) == sizeof({record.name}));",
            f"static_assert(alignof(riskcheck::{name}) == alignof({record.name}));",
            f"static_assert(std::is_standard_layout_v<riskcheck::{name}>);",
            f"static_assert(std::is_trivially_copyable_v<riskcheck::{name}>);",
        ]
        out += [
            f"static_assert(offsetof(riskcheck::{name}, {member}) == offsetof({record.name}, {first}));"
            for _, member, first in fields(record)
        ]
    return "\n".join(out) + "\n"


def outputs(header: Header) -> dict[str, str]:
    return {
        "bindings/cpp/include/riskcheck/enums.hpp": enumerations(header),
        "bindings/cpp/include/riskcheck/records.hpp": typed_records(header),
        "Tests/cpp/layout.hpp": layout_test(header),
    }
