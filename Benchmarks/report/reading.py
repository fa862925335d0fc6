"""Reads files of results, and says why one cannot be used. Knows the form of rows; judges no figure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TAILS = ("p90", "p99", "p999", "p9999", "p99999", "max")
FRACTIONS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "p9999": 0.9999, "p99999": 0.99999}
DISCIPLINES = ("many", "one")

Row = dict[str, Any]


class Unusable(Exception):
    """What keeps a file from being used, in words."""


@dataclass
class Results:
    name: str  # of the file, as the report says it
    top: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return self.top.get("valid") is True

    @property
    def corrupt(self) -> list[str]:
        return [str(name) for name in self.top.get("corrupt") or []]

    @property
    def commit(self) -> str:
        return text(self.part("build"), "commit")

    @property
    def skipped(self) -> list[tuple[str, str]]:
        return [(text(skip, "scenario"), text(skip, "reason")) for skip in self.top.get("skipped") or []]

    def part(self, name: str) -> dict[str, Any]:
        found = self.top.get(name)
        return found if isinstance(found, dict) else {}

    def about(self) -> dict[str, str]:
        """What is said of each scenario, by its name."""
        return {text(one, "name"): text(one, "about") for one in self.top.get("scenarios") or []}


def shown(path: Path) -> str:
    """A path as a document may say it: below the root, or the name alone."""
    full = path.absolute()
    return full.relative_to(ROOT).as_posix() if full.is_relative_to(ROOT) else path.name


def number(of: object, *keys: str) -> float | None:
    """A finite number below `of`, or None where any step is missing."""
    for key in keys:
        if not isinstance(of, dict):
            return None
        of = of.get(key)
    if isinstance(of, bool) or not isinstance(of, int | float) or not math.isfinite(of):
        return None
    return float(of)


def text(of: object, key: str) -> str:
    found = of.get(key) if isinstance(of, dict) else None
    return found if isinstance(found, str) else ""


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except OSError as error:
        raise Unusable(f"{shown(path)} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unusable(f"{shown(path)} is not JSON: {error}") from error


def of_json(name: str, found: Any) -> Results:
    if not isinstance(found, dict) or not isinstance(found.get("rows"), list):
        raise Unusable(f"{name} has no rows")
    names = [text(row, "scenario") for row in found["rows"]]
    if "" in names:
        raise Unusable(f"{name} has a row without a scenario")
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise Unusable(f"{name} has two rows of the name {twice[0]}")
    for row in found["rows"]:
        buckets(row)
    return Results(name, {key: value for key, value in found.items() if key != "rows"}, found["rows"])


def load(path: Path) -> Results:
    return of_json(shown(path), read_json(path))


def buckets(row: Row) -> list[tuple[float, int]]:
    """The row's histogram: nanoseconds and how many calls, ascending. Empty where there is none."""
    found = row.get("histogram") or []
    try:
        pairs = [(float(value), int(count)) for value, count in found]
    except (TypeError, ValueError) as error:
        raise Unusable(f"the histogram of {row['scenario']} is not of pairs of numbers") from error
    values = [value for value, _ in pairs]
    if any(low >= high for low, high in pairwise(values)):
        raise Unusable(f"the histogram of {row['scenario']} does not ascend")
    if any(count < 0 for _, count in pairs) or any(value < 0 for value in values):
        raise Unusable(f"the histogram of {row['scenario']} has what is below zero")
    return [(value, count) for value, count in pairs if count]


def quantile(pairs: list[tuple[float, int]], fraction: float) -> float:
    """The smallest value that at least `fraction` of the calls do not exceed."""
    wanted, seen = fraction * sum(count for _, count in pairs) - 1e-9, 0
    for value, count in pairs:
        seen += count
        if seen >= wanted:
            return value
    return pairs[-1][0]


def base(row: Row) -> str:
    return str(row["scenario"]).partition("/")[0]


def family(row: Row) -> str:
    return base(row).partition(".")[0]


def by_family(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(family(row), []).append(row)
    return found


@dataclass
class Curve:
    """A figure that grows with `of`: rows by how much of it there is, ascending."""

    scenario: str
    of: str
    points: list[tuple[float, Row]]


def point(row: Row) -> tuple[str, float] | None:
    x, of = number(row, "point", "x"), text(row.get("point"), "of")
    return (of, x) if of and x is not None else None


def curve_name(name: str, names: set[str]) -> str:
    """Up to the first `/`; of a name without one, less its last part, unless others are named below it."""
    if "/" in name:
        return name.partition("/")[0]
    if any(other.startswith(name + "/") for other in names):
        return name
    parts = name.split(".")
    kept = [parts.pop()] if parts[-1] in DISCIPLINES and len(parts) > 2 else []
    return ".".join([*(parts[:-1] or parts), *kept])


def curves(rows: list[Row]) -> Iterator[Curve]:
    names = {str(row["scenario"]) for row in rows if point(row)}
    found: dict[tuple[str, str], list[tuple[float, Row]]] = {}
    for row in rows:
        if at := point(row):
            found.setdefault((curve_name(row["scenario"], names), at[0]), []).append((at[1], row))
    for (name, of), points in found.items():
        yield Curve(name, of, sorted(points, key=lambda one: one[0]))
