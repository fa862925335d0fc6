"""Reads tables: every name becomes the header's number, defaults are filled in. Runs nothing.

A line is `verb name=value ... -> name=value ...`; what is not named behind the arrow is zero. `legs` checks the orders
of the `leg` lines before it on its port as one batch that is all or none, and tells the verdict of the last, or of the
one that is refused. `default verb
name=value ...` fills in what later lines of that verb leave out. `config` lines come first. # is a comment.
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
    "kind": ["RCK_REPORT_", "RCK_GROUP_"],
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


def plain(verb: str, name: str, value: str) -> str:
    """The value with numbers for names; tokens, names, reasons and values stay as they are."""
    if name in ("token", "name", "value") or (name == "reason" and verb != "release"):
        return value
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


def numeric(path: Path, discipline: int) -> Iterator[str]:
    """The table's lines as the hosts read them: number, port, verb, words, arrow, expectations."""
    config = {**CONFIG, "discipline": discipline}
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
    """The ports that a table names besides the first."""
    return set(re.findall(r"\bport=(\d+)", path.read_text())) - {"1"}
