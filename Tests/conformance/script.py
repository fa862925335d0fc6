"""Reads tables: every name becomes the header's number, defaults are filled in. Runs nothing.

A line is `verb name=value ... -> name=value ...`: a call, its arguments or the fields of its record, and what must
come of it. What is not named in front of the arrow is zero, and struct_size is right; what is not named behind it
is zero, but for `field`, `minimum` and `maximum` of a fault, which are looked at where they are named. A line
without an arrow has only to be understood. # begins a comment, `## name` a case: it ends where the next begins.
`default verb name=value ...` fills in what later lines of that verb leave out. `config` lines come first.

Values are numbers, with commas those of an array, names of the header without their beginning, joined by | where
they are bits, and texts without blanks, in which \\xNN is a byte. Each line is a call on port 1 unless it says
`port=`; port 0 is one for reading. `@7` is the token that the order 7 was given, `@7.2` its second; limits are
numbered in the order in which their keys were first set. `null=record`, `null=verdict`, `null=tokens` and
`null=call` leave out an argument. `loosen=1` is the right to.

Verbs are the calls of the header, without `rck_` and what a host of one engine need not say. Besides, `leg` puts an
order to those of its port's next batch: `legs` checks them all or none, and tells the verdict of the last, or of
the one that is refused, and `batch` each by itself; `terms` and `report` put together what `amend_batch` and
`fill_batch` give in one call. `open_orders` and `limits_armed` count. `custom_set` registers
a function that answers what `returns` says. `region_bytes` tries the table's configuration with other values.

The oracle does not read a table with a line that begins with `# Not for the oracle:`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import riskcheck._abi as abi

# What a table's configuration is unless it says otherwise; the oracle has the same (Table.small).
CONFIG = {
    "discipline": abi.RCK_MANY_WRITERS,
    "clock_source": abi.RCK_CLOCK_HOST,
    "money_decimals": 2,
    "clock_back_ns_max": 1_000,
    "mark_age_ns_max": 60_000,
    "currencies_max": 4,
    "groups_max": 12,
    "accounts_max": 8,
    "strategies_max": 6,
    "instruments_max": 10,
    "positions_max": 80,
    "orders_max": 128,
    "retired_ids_max": 64,
    "limits_max": 256,
    "ports_max": 4,
    "ring_lines": 256,
    "violations_max": 8,
    "history_max": 8,
    "rate_exact_max": 16,
    "windows_max": 64,
    "duplicates_max": 8,
    "ladder_levels_max": 4,
    "price_history_max": 4,
    "order_history_max": 4,
    "leases_max": 32,
    "executions_max": 32,
}

# Where a field's names come from: the beginnings of the header's constants, tried in this order.
BEGINNINGS = {
    "status": ["RCK_"],
    "rest_status": ["RCK_"],
    "side": ["RCK_SIDE_"],
    "type": ["RCK_TYPE_"],
    "order_type": ["RCK_TYPE_"],
    "time_in_force": ["RCK_FORCE_"],
    "control": ["RCK_CONTROL_"],
    "severity": ["RCK_SEVERITY_"],
    "action": ["RCK_ACTION_"],
    "actions": ["RCK_ACTION_"],
    "scope_kind": ["RCK_SCOPE_"],
    "measure": ["RCK_MEASURE_"],
    "reference": ["RCK_REFERENCE_"],
    "statuses": ["RCK_"],
    "discipline": ["RCK_"],
    "clock_source": ["RCK_"],
    "mode": ["RCK_PORT_"],
    "kind": ["RCK_REPORT_", "RCK_GROUP_", "RCK_KIND_"],
    "state": ["RCK_STATE_", "RCK_ORDER_"],
    "levels": ["RCK_LEVEL_"],
    "permissions": ["RCK_PERMIT_"],
    "flags": ["RCK_VERDICT_", "RCK_ORDER_", "RCK_"],
}


class Fault(Exception):
    """A table that cannot be read."""


def number(name: str, word: str) -> int:
    """A number, or one of the header's names."""
    if re.fullmatch(r"-?\d+", word):
        return int(word)
    if name == "failed":
        return 1 << (int(getattr(abi, f"RCK_CONTROL_{word}")) - 1)
    for beginning in BEGINNINGS.get(name, []):
        if hasattr(abi, beginning + word):
            return int(getattr(abi, beginning + word))
    raise Fault(f"{name}={word}")


def surrogate(byte: int) -> str:
    """What stands for a byte until it is written."""
    return bytes([byte]).decode(errors="surrogateescape")


def plain(verb: str, name: str, value: str) -> str:
    """The value with numbers for names; tokens, names, reasons and values stay as they are."""
    if name in ("name", "null", "token", "value", "field") or (name == "reason" and verb != "release"):
        return re.sub(r"\\x([0-9a-f]{2})", lambda found: surrogate(int(found[1], 16)), value)
    if name == "reason":
        return str(getattr(abi, f"RCK_RELEASE_{value}", value))
    numbers = []
    for part in value.split(","):
        bits = [number(name, word) for word in part.split("|")]
        joined = 0
        for bit in bits:
            joined |= bit
        numbers.append(str(bits[0] if len(bits) == 1 else joined))
    return ",".join(numbers)


def words(verb: str, text: list[str]) -> dict[str, str]:
    found = {}
    for word in text:
        name, _, value = word.partition("=")
        found[name] = plain(verb, name, value)
    return found


def joined(found: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in found.items())


def numeric(path: Path, discipline: int, flags: int = 0) -> Iterator[str]:
    """The table's lines as the hosts read them: number, port, verb, words, arrow, expectations."""
    config = {**CONFIG, "discipline": discipline, "flags": flags}
    yield f"0 1 config {joined({name: str(value) for name, value in config.items()})}"
    defaults: dict[str, dict[str, str]] = {}
    for count, line in enumerate(path.read_text().splitlines(), 1):
        given, arrow, expected = line.partition("->")
        verb, *text = given.split() or ["#"]
        if verb.startswith("#"):
            continue
        try:
            if verb == "default":
                verb, *text = text
                defaults.setdefault(verb, {}).update(words(verb, text))
                continue
            found = {**defaults.get(verb, {}), **words(verb, text)}
            port = found.pop("port", "1")
            tail = f" -> {joined(words(verb, expected.split()))}" if arrow else ""
        except (Fault, AttributeError) as fault:
            raise Fault(f"{path.name}:{count}: {fault}") from fault
        yield f"{count} {port} {verb} {joined(found)}{tail}"


def ports(path: Path) -> set[str]:
    """The writing ports that a table names besides the first."""
    return set(re.findall(r"\bport=(\d+)", path.read_text())) - {"0", "1"}
