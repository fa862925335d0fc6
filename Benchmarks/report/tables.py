"""Tables of rows: a family's times, its times less the clock's cost, counters, targets. Lays out; judges nothing."""

from __future__ import annotations

from figures import NONE, code, table, three, whole, words
from reading import TAILS, Row, number, text

SPOKEN = {"p50": "p50", "p90": "p90", "p99": "p99", "p999": "p99.9", "p9999": "p99.99", "p99999": "p99.999"}
SPOKEN["max"] = "max"
COUNTERS = ("instructions", "cycles", "cache_misses", "branch_misses")


def rounds(row: Row) -> str:
    return f"{whole(number(row, 'kept'))} / {whole(number(row, 'dropped'))}"


def ratio(row: Row) -> str:
    value = number(row, "ratio")
    return NONE if value is None else f"{text(row, 'ratio_of')} {three(value)}".strip()


def times(rows: list[Row]) -> list[str]:
    headings = ["scenario", "unit", "against", *(SPOKEN[key] for key in ("p50", *TAILS)), "single calls"]
    headings += ["jitter p99.9", "jitter p99.99", "a second", "ratio", "GHz", "rounds kept / dropped"]
    lines = []
    for row in rows:
        against = text(row, "against")
        line = [code(row["scenario"]), text(row, "unit"), code(against) if against else NONE]
        line += [three(number(row, key)) for key in ("p50", *TAILS)]
        line += [whole(number(row, "samples")), three(number(row, "jitter", "p999"))]
        line += [three(number(row, "jitter", "p9999")), three(number(row, "ops_per_second")), ratio(row)]
        lines.append([*line, three(number(row, "ghz")), rounds(row)])
    return table(headings, lines, 3)


def net_times(rows: list[Row]) -> list[str]:
    """The same single calls less what reading the clock costs, of the rows that say it."""
    keys = ("p50", *TAILS)
    lines = [
        [code(row["scenario"]), *(three(number(row, "net", key)) for key in keys)]
        for row in rows
        if isinstance(row.get("net"), dict)
    ]
    if not lines:
        return []
    return [
        "Single calls, less the clock's own cost:",
        "",
        *table(["scenario", *(SPOKEN[key] for key in keys)], lines),
    ]


def counters(rows: list[Row]) -> list[str]:
    lines = [
        [code(row["scenario"]), *(three(number(row, "counters", name)) for name in COUNTERS)]
        for row in rows
        if any(number(row, "counters", name) is not None for name in COUNTERS)
    ]
    if not lines:
        return []
    return ["Hardware counters, a call:", "", *table(["scenario", *map(words, COUNTERS)], lines)]


def further(rows: list[Row]) -> list[str]:
    """Further figures by name, and one line of cache from core to core."""
    lines = []
    for row in rows:
        extra = row.get("extra") if isinstance(row.get("extra"), dict) else {}
        figures = {name: value for name in extra or {} if (value := number(extra, name)) is not None}
        said = [f"{words(name)} {three(value)}" for name, value in figures.items()]
        if (line := number(row, "handover_ns")) is not None:
            said.append(f"a line of cache from core to core {three(line)} ns")
        if said:
            lines.append(f"- {code(row['scenario'])}: {'; '.join(said)}")
    return ["Further figures:", "", *lines, ""] if lines else []


def notes(rows: list[Row]) -> list[str]:
    """Each note once, with the rows that it is of; of one contender, its name is enough."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if note := text(row, "note"):
            found.setdefault(note, []).append(row["scenario"])
    for note, names in found.items():
        contenders = {name.partition("/")[2] for name in names}
        alone = len(names) > 1 and len(contenders) == 1 and "" not in contenders
        found[note] = [code(name) for name in (contenders if alone else names)]
    lines = [f"- {', '.join(names)}: {' '.join(note.split())}" for note, names in found.items()]
    return ["Notes:", "", *lines, ""] if lines else []


def of_family(rows: list[Row]) -> list[str]:
    return times(rows) + net_times(rows) + counters(rows) + further(rows) + notes(rows)


def said_of_target(row: Row) -> str:
    met = row.get("met")
    return "met" if met is True else "MISSED" if met is False else "not measured"


def targets(rows: list[Row]) -> list[str]:
    lines = []
    for row in rows:
        if wanted := text(row, "target"):
            found = f"p50 {three(number(row, 'p50'))} {text(row, 'unit')}"
            if number(row, "p50") is None:
                found = f"{three(number(row, 'ops_per_second'))} a second"
            if number(row, "ratio") is not None:
                found += f"; {ratio(row)} times {text(row, 'against')}"
            if (relation := number(row, "extra", "p999_to_p50")) is not None:
                found += f"; p99.9 is {three(relation)} times p50"
            lines.append([said_of_target(row), code(row["scenario"]), wanted, found])
    if not lines:
        return ["No row has a target.", ""]
    counts = [
        f"{sum(line[0] == said for line in lines)} {said}" for said in ("met", "MISSED", "not measured")
    ]
    return [f"{', '.join(counts)}.", "", *table(["", "scenario", "wanted", "measured"], lines, 4)]
