"""What tables show, read from their lines alone: which statuses, limits, scopes, flags and verbs they expect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import riskcheck.abi as rck
import script

KEY = ("control", "measure", "scope_kind", "id", "instrument", "side", "order_type")
LEVELS = {"warn": rck.RCK_LEVEL_WARN, "soft": rck.RCK_LEVEL_SOFT, "hard": rck.RCK_LEVEL_HARD}
# Verbs whose expectations are a verdict.
JUDGED = {
    "check", "check_dry", "drop_copy", "headroom", "amend", "legs", "fill", "release", "cancel", "confirm",
    "amend_result",
}  # fmt: skip
Words = dict[str, str]
Limit = tuple[int, ...]


@dataclass
class Shown:
    """Limits are (control, measure, side): `at` are those of which a value at a level is seen to pass it, or to be
    told by it where reaching is enough; `beyond` those of which one step further is told by the hard level."""

    statuses: set[int] = field(default_factory=set)
    misused: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    severities: set[int] = field(default_factory=set)
    actions: set[int] = field(default_factory=set)
    flags: int = 0
    at: set[Limit] = field(default_factory=set)
    beyond: set[Limit] = field(default_factory=set)
    # (control, measure, scope), and of a state control and scope alone; (control, order type).
    scopes: set[Limit] = field(default_factory=set)
    types: set[Limit] = field(default_factory=set)
    # By which call each control was seen to refuse, or to tell of a drop copy; and which refused a reducing order.
    ways: set[tuple[str, int]] = field(default_factory=set)
    reducing: set[int] = field(default_factory=set)
    # Which controls an override was seen to waive, and which it may not name.
    waived: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    # Names of the header without RCK_, as lines name them.
    constants: set[str] = field(default_factory=set)


def words(text: str) -> Words:
    return dict(word.split("=", 1) for word in text.split())


def numbers(given: Words, names: tuple[str, ...]) -> Limit:
    return tuple(int(given.get(name, "0")) for name in names)


class Reading:
    """One table, from line to line: which limits are in force, by the numbers that expectations give them."""

    def __init__(self, into: Shown) -> None:
        self.into = into
        self.order: list[Limit] = []
        self.pending: dict[Limit, Words] = {}
        self.force: dict[Limit, Words] = {}

    def line(self, verb: str, given: Words, expected: Words) -> None:
        status = int(expected["status"])
        self.into.verbs.add(verb)
        self.into.statuses.add(status)
        told = expected.get("statuses", "").split(",") + [expected.get("rest_status", "")]
        self.into.statuses.update(int(other) for other in told if other)
        if status < 0:
            self.into.misused.add(verb)
        if verb == "override_set" and status < 0:
            self.into.kept.add(int(given.get("control", "0")))
        elif verb == "limit_set" and status == rck.RCK_OK:
            key = numbers(given, KEY)
            self.order += [] if key in self.order else [key]
            self.pending[key] = given
        elif verb == "publish" and status == rck.RCK_OK:
            self.force.update(self.pending)
            self.pending = {}
        elif verb in JUDGED:
            self.verdict(verb, status, expected)

    def verdict(self, verb: str, status: int, expected: Words) -> None:
        names = "control", "scope_kind", "limit_id", "failed", "flags"
        control, scope, limit_id, failed, flags = numbers(expected, names)
        if failed:
            self.into.ways.add((verb, control))
        if flags & rck.RCK_VERDICT_OVERRIDDEN:
            self.into.waived.add(control)
        if failed and status > rck.RCK_REPEAT and flags & rck.RCK_VERDICT_REDUCING:
            self.into.reducing.add(control)
        self.into.severities.add(int(expected.get("severity", "0")))
        self.into.actions.add(int(expected.get("action", "0")))
        self.into.flags |= flags
        if limit_id:
            self.limit(status, self.order[limit_id - 1], expected)
        elif control:
            self.into.scopes.add((control, rck.RCK_MEASURE_NONE, scope))

    def limit(self, status: int, key: Limit, expected: Words) -> None:
        control, measure, scope, _, _, side, order_type = key
        given = self.force.get(key, {})
        armed = int(given.get("levels", "0"))
        levels = {name: int(given.get(name, "0")) for name, bit in LEVELS.items() if armed & bit}
        self.into.scopes.add((control, measure, scope))
        self.into.types.add((control, order_type))
        level, observed, severity = numbers(expected, ("limit", "observed", "severity"))
        hard = severity == rck.RCK_SEVERITY_HARD
        refused = status > rck.RCK_REPEAT or measure == rck.RCK_MEASURE_CANCEL
        by = {rck.RCK_MEASURE_AT_LEAST: -1, rck.RCK_MEASURE_AT_MOST: 1, rck.RCK_MEASURE_EQUAL: -1}.get(
            measure
        )
        if by is None:
            if not hard and observed != level and observed in levels.values():
                self.into.at.add((control, measure, side))
            if hard and refused and "hard" in levels and abs(observed - level) == 1:
                self.into.beyond.add((control, measure, side))
            return
        # What reaches the level is told by it, and what is one off is not.
        if hard and refused and observed == level:
            self.into.at.add((control, measure, side))
        if not hard and observed == levels.get("hard", observed) + by:
            self.into.beyond.add((control, measure, side))


def lines(path: Path) -> Iterator[tuple[str, Words, Words]]:
    """Those that expect something."""
    for line in script.numeric(path, rck.RCK_MANY_WRITERS):
        head, arrow, tail = line.partition("->")
        verb, given = re.split(r" ", head, maxsplit=3)[2:]
        if arrow:
            yield verb, words(given), words(tail)


def constants(path: Path) -> Iterator[str]:
    """Those that stand in a table by name."""
    for line in path.read_text().splitlines():
        for name, _, value in (word.partition("=") for word in line.split() if not line.startswith("#")):
            for word in re.split("[,|]", value):
                prefixes = ["RCK_RELEASE_"] if name == "reason" else script.BEGINNINGS.get(name, [])
                prefix = next((prefix for prefix in prefixes if hasattr(rck, prefix + word)), None)
                if prefix:
                    yield (prefix + word).removeprefix("RCK_")


def shown(paths: list[Path]) -> Shown:
    found = Shown()
    for path in paths:
        reading = Reading(found)
        for verb, given, expected in lines(path):
            reading.line(verb, given, expected)
        found.constants.update(constants(path))
    return found
