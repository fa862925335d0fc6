"""What RESULTS.md says beside its tables of families: open loop, growth, instructions, agreement. Lays out only."""

from __future__ import annotations

import statistics
from typing import Any

from figures import NONE, code, limit, percent, table, three, whole
from reading import DISCIPLINES, Row, curves, number

WRITERS = {"": "either", "many": "many writers", "one": "one writer"}
INSTRUCTIONS = """\
Instructions of the library, a call, as callgrind counts them: exact, whatever the machine does. They are those recorded
in the repository: `Benchmarks/instructions.py --check` says whether they still hold, `Benchmarks/instructions.cpp` what
each is."""


def worst_second(windows: list[Row]) -> Row:
    """By the furthest percentile that every second has: one lone maximum does not make a second the worst."""
    for key in ("p999", "p99", "p50", "max"):
        if all(number(window, key) is not None for window in windows):
            return max(windows, key=lambda window: number(window, key) or 0.0)
    return windows[0]


def usual(windows: list[Row], key: str) -> float | None:
    values = [value for window in windows if (value := number(window, key)) is not None]
    return statistics.median(values) if values else None


def open_loop(rows: list[Row]) -> list[str]:
    lines = []
    for row in rows:
        windows = [window for window in row.get("windows") or [] if isinstance(window, dict)]
        if not windows:
            continue
        worst = worst_second(windows)
        calls = sum(number(window, "count") or 0 for window in windows)
        line = [code(row["scenario"]), str(row.get("unit") or ""), whole(len(windows)), whole(calls)]
        line += [three(usual(windows, key)) for key in ("p50", "p99", "p999")]
        line += [whole(number(worst, "second")), whole(number(worst, "count"))]
        lines.append(line + [three(number(worst, key)) for key in ("p50", "p99", "p999", "max")])
    if not lines:
        return ["Nothing was measured in an open loop.", ""]
    headings = [
        "scenario",
        "unit",
        "seconds",
        "calls",
        "usual p50",
        "usual p99",
        "usual p99.9",
        "worst second",
    ]
    headings += ["its calls", "its p50", "its p99", "its p99.9", "its max"]
    said = "Second by second: the median of the seconds, and the second whose p99.9 is the greatest."
    return [said, "", *table(headings, lines, 2)]


def growth(rows: list[Row]) -> list[str]:
    found = []
    for curve in curves(rows):
        first = number(curve.points[0][1], "p50")
        lines = []
        for x, row in curve.points:
            p50 = number(row, "p50")
            times = p50 / first if p50 is not None and first else None
            line = [whole(x), three(p50), three(number(row, "p99")), three(number(row, "p999"))]
            lines.append([*line, three(times), three(number(row, "ghz"))])
        headings = [curve.of, "p50", "p99", "p99.9", "p50, times the first", "GHz"]
        unit = curve.points[0][1].get("unit") or "no unit"
        found += [f"{code(curve.scenario)}, {unit}:", "", *table(headings, lines, 0)]
    return found or ["No growth was measured.", ""]


def instructions(counts: dict[str, Any]) -> list[str]:
    """Counts by kind and discipline, a table of each group of kinds: what stands before a kind's first dot."""
    groups: dict[str, dict[str, dict[str, float]]] = {}
    for name in counts:
        if (value := number(counts, name)) is None:
            continue
        kind, _, discipline = name.rpartition(".")
        if discipline not in DISCIPLINES:
            kind, discipline = name, ""
        group = kind.partition(".")[0] if "." in kind else ""
        groups.setdefault(group, {}).setdefault(kind, {})[discipline] = value
    if not groups:
        return ["No instructions were counted.", ""]
    lines = [INSTRUCTIONS, ""]
    for kinds in groups.values():
        columns = ("", *DISCIPLINES) if any("" in of for of in kinds.values()) else DISCIPLINES
        rows = [[kind, *(whole(of.get(name)) for name in columns)] for kind, of in kinds.items()]
        lines += table(["call", *(WRITERS[name] for name in columns)], rows)
    return lines


def runs_of(agreement: dict[str, Any]) -> list[str]:
    lines = []
    for run in agreement.get("runs") or []:
        line = [str(run.get("file")), str(run.get("commit") or NONE), whole(number(run, "seed"))]
        line.append(f"{three(number(run, 'ghz_least'))} to {three(number(run, 'ghz_most'))}")
        lines.append(line)
    return table(["run", "commit", "seed", "GHz of its rows"], lines, 2)


WHY_APART = (
    "Where `apart in cycles` is as large as `apart`, the clock of the core is not the reason. What it does not show: "
    "caches and units of the core that others on the same host use meanwhile, and where the host puts the cores (the "
    "line from core to core of the ring's rows). A ratio falls apart when that strikes one side more than the other: "
    "what leaves the caches against what does not. Few rounds kept make both worse; a quick run has few."
)


def agreement(found: dict[str, Any], commit: str) -> list[str]:
    """What agreement.py wrote, told of the runs that it compared, which may be others than the rows above."""
    compared, agree = number(found, "compared"), number(found, "agree")
    said = [f"{whole(agree)} of {whole(compared)} figures agree over {len(found.get('runs') or [])} runs:"]
    for name, what in (("p50", "p50"), ("ratio", "ratios")):
        part = found.get(name) or {}
        most = limit(number(part, "most") or 0)
        said.append(
            f"{whole(number(part, 'agree'))} of {whole(number(part, 'compared'))} {what} within {most},"
        )
    lines = [" ".join(said).rstrip(",") + ". Apart is the greatest less the least, divided by the median."]
    commits = {run.get("commit") for run in found.get("runs") or []}
    if commits != {commit}:
        lines.append("They were runs of another build than the rows above.")
    lines = [" ".join(lines), "", WHY_APART, "", *runs_of(found)]
    apart = [
        [
            code(str(row.get("scenario"))),
            str(row.get("figure")),
            ", ".join(three(value) for value in row.get("values") or []),
            percent(number(row, "apart")),
            percent(number(row, "apart_in_cycles")),
            ", ".join(three(value) for value in row.get("ghz") or []),
            ", ".join(whole(value) for value in row.get("kept") or []),
        ]
        for row in found.get("rows") or []
        if row.get("agrees") is False
    ]
    if apart:
        headings = ["do not agree", "figure", "in each run", "apart", "apart in cycles", "GHz", "rounds kept"]
        lines += table(headings, apart, 3)
    if missing := found.get("incomparable"):
        lines += [f"Not in every run, and so not compared: {', '.join(map(str, missing))}.", ""]
    return lines
