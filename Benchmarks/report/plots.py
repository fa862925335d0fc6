"""Draws results as SVG, always the same bytes of the same rows. Decides which rows go into which picture; computes
no figure other than percentiles of histograms.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import matplotlib
from figures import three
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter
from reading import (
    FRACTIONS,
    Results,
    Row,
    buckets,
    by_family,
    curves,
    family,
    number,
    quantile,
    text,
)

LINES_MAX = 6  # in one picture: more cannot be told apart
WIDTH = 8.0  # inches
LETTER = 0.065  # of a bar's name, at most
STEPS = 120  # points of a percentile curve
BARS_ALONE = ("controls", "alone")  # families of many likes, of which bars say more than curves
WITHOUT_CURVES = (*BARS_ALONE, "growth")
OURS = ("percentiles-*.svg", "growth-*.svg", "bars-*.svg")  # what an earlier run may have left

Point = tuple[float, float]
Pictures = dict[str, bytes]
SETTINGS: Any = {
    "svg.hashsalt": "riskcheck",
    "svg.fonttype": "none",
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
}


def svg(figure: Figure) -> bytes:
    """Without a date and a maker; no blanks at the ends of lines, as everywhere in the repository."""
    out = io.BytesIO()
    canvas: Any = FigureCanvasSVG
    canvas(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    lines = out.getvalue().decode().splitlines()
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def axes(title: str, height: float = 4.2, left: float = 0.7) -> tuple[Figure, Any]:
    """Sizes and the left margin in inches."""
    figure = Figure(figsize=(WIDTH, height))
    edges = {"left": left / WIDTH, "right": 1 - 0.2 / WIDTH, "bottom": 0.5 / height, "top": 1 - 0.3 / height}
    found = figure.add_subplot()
    figure.subplots_adjust(**edges)
    found.set_title(title, fontsize=10)
    found.grid(True, which="major", linewidth=0.4, color="#cccccc")
    found.set_axisbelow(True)
    return figure, found


def plain(value: float, _: object = None) -> str:
    return three(value) if value >= 1000 else f"{value:g}"


def nines(fraction: float) -> float:
    """Where a percentile stands on the axis: 1 for 90 %, 2 for 99 %, and so on."""
    return -math.log10(1.0 - fraction)


def curve_of(pairs: list[tuple[float, int]]) -> list[Point]:
    """Percentiles of a histogram at even steps of the axis; the last is the maximum, at half a call from the end."""
    calls = sum(count for _, count in pairs)
    end = nines(1.0 - 0.5 / calls)
    at = [end * step / STEPS for step in range(STEPS + 1)]
    return [(x, quantile(pairs, 1.0 - 10.0**-x)) for x in at[:-1]] + [(end, pairs[-1][0])]


def jitter_of(row: Row) -> list[Point]:
    jitter = row.get("jitter")
    points = [
        (nines(fraction), value)
        for key, fraction in FRACTIONS.items()
        if (value := number(jitter, key)) is not None
    ]
    samples, most = number(jitter, "samples"), number(jitter, "max")
    if samples and most is not None:
        points.append((nines(1.0 - 0.5 / samples), most))
    return points


def percentiles(title: str, rows: list[Row]) -> bytes:
    figure, found = axes(title)
    furthest = 1.0
    for index, row in enumerate(rows):
        points, jitter = curve_of(buckets(row)), jitter_of(row)
        furthest = max(furthest, *(x for x, _ in points + jitter))
        colour = f"C{index}"
        found.plot(*zip(*points, strict=True), color=colour, linewidth=1.2, label=row["scenario"])
        if jitter:
            found.plot(*zip(*jitter, strict=True), color=colour, linewidth=0.8, linestyle=":", marker=".")
    if any(jitter_of(row) for row in rows):
        found.plot(
            [], [], color="#555555", linewidth=0.8, linestyle=":", marker=".", label="jitter beside each"
        )
    found.set_yscale("log")
    found.yaxis.set_major_formatter(FuncFormatter(plain))
    found.yaxis.set_minor_formatter(NullFormatter())
    ticks = range(math.ceil(furthest) + 1)
    found.xaxis.set_major_locator(FixedLocator([float(tick) for tick in ticks]))
    found.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 - 10.0 ** (2 - x):.6g} %"))
    found.set_xlabel("percentile; the last point of a line is its maximum")
    found.set_ylabel("ns, single calls as measured")
    found.legend(fontsize=7, loc="upper left")
    return svg(figure)


def growth(title: str, of: str, lines: list[tuple[str, list[tuple[float, Row]]]]) -> bytes | None:
    figure, found = axes(title)
    units, drawn = set(), False
    for index, (label, points) in enumerate(lines):
        for key, name, style in (("p50", "p50", "-"), ("p999", "p99.9", ":")):
            seen = [(x, value) for x, row in points if x > 0 and (value := number(row, key)) is not None]
            if seen:
                said = f"{label} {name}".strip()
                found.plot(
                    *zip(*seen, strict=True), color=f"C{index}", linestyle=style, marker=".", label=said
                )
                units |= {text(row, "unit") for _, row in points}
                drawn = True
    if not drawn:
        return None
    found.set_xscale("log")
    found.set_ylim(bottom=0)
    found.xaxis.set_major_formatter(FuncFormatter(plain))
    found.yaxis.set_major_formatter(FuncFormatter(plain))
    found.set_xlabel(of)
    found.set_ylabel(", ".join(sorted(units)))
    found.legend(fontsize=7)
    return svg(figure)


def bars(title: str, rows: list[Row], log: bool, every: dict[str, Row]) -> bytes:
    """p50 of each row, the first on top; a stroke where the row stands that it is compared with."""
    names = [str(row["scenario"]) for row in rows]
    figure, found = axes(title, 0.9 + 0.24 * len(rows), 0.2 + LETTER * max(map(len, names)))
    values = [number(row, "p50") or 0.0 for row in rows]
    places = list(range(len(rows)))
    found.barh(places, values, height=0.6, color="#4878a8")
    against = [number(every.get(text(row, "against")), "p50") for row in rows]
    strokes = [(place, value) for place, value in zip(places, against, strict=True) if value is not None]
    for place, value in strokes:
        found.plot([value, value], [place - 0.4, place + 0.4], color="#b03030", linewidth=1.5)
    for place, value in zip(places, values, strict=True):
        found.text(value, place, f" {three(value)}", va="center", fontsize=7)
    found.set_yticks(places, names, fontsize=7)
    found.invert_yaxis()
    if log:
        found.set_xscale("log")
        found.set_xlim(min(values) / 2, max(values) * 2)
        found.xaxis.set_minor_formatter(NullFormatter())
    else:
        found.set_xlim(0, max(values) * 1.12)
    found.xaxis.set_major_formatter(FuncFormatter(plain))
    stroke = "; red: p50 of the row it is compared with" if strokes else ""
    found.set_xlabel(f"p50, {text(rows[0], 'unit')}{stroke}")
    return svg(figure)


def slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")


def percentile_pictures(rows: list[Row]) -> dict[str, Pictures]:
    found: dict[str, Pictures] = {}
    for name, these in by_family([row for row in rows if buckets(row)]).items():
        if name in WITHOUT_CURVES:
            continue
        for start in range(0, len(these), LINES_MAX):
            part = f"-{start // LINES_MAX + 1}" if len(these) > LINES_MAX else ""
            picture = percentiles(f"{name}: time of a call by percentile", these[start : start + LINES_MAX])
            found.setdefault(name, {})[f"percentiles-{slug(name)}{part}.svg"] = picture
    return found


def growth_pictures(rows: list[Row]) -> Pictures:
    """A picture of each thing that grows, many writers and one in the same."""
    found: dict[tuple[str, str], list[tuple[str, list[tuple[float, Row]]]]] = {}
    for curve in curves(rows):
        name, _, last = curve.scenario.rpartition(".")
        stem, label = (name, last) if last in ("many", "one") else (curve.scenario, "")
        found.setdefault((stem, curve.of), []).append((label, curve.points))
    pictures: Pictures = {}
    for (stem, of), lines in found.items():
        if picture := growth(f"{stem}: {of}", of, lines):
            pictures[f"growth-{slug(stem)}-{slug(of)}.svg"] = picture
    return pictures


def bar_pictures(name: str, rows: list[Row], log: bool) -> Pictures:
    """One picture of each unit, since bars of two units say nothing beside each other."""
    every = {str(row["scenario"]): row for row in rows}
    by_unit: dict[str, list[Row]] = {}
    for row in rows:
        if (number(row, "p50") or 0) > 0:
            by_unit.setdefault(text(row, "unit"), []).append(row)
    return {
        f"bars-{slug(name)}-{slug(unit)}.svg": bars(f"{name}: p50, {unit}", these, log, every)
        for unit, these in by_unit.items()
    }


def draw(results: Results, peers: list[Row]) -> dict[str, Pictures]:
    """Pictures by the section of the document that they belong to, each by its file's name."""
    with matplotlib.rc_context(SETTINGS):
        found = percentile_pictures(results.rows + peers)
        if pictures := growth_pictures(results.rows):
            found["growth"] = pictures
        for name in BARS_ALONE:
            if pictures := bar_pictures(name, [row for row in results.rows if family(row) == name], False):
                found[name] = pictures
        compared = [row for row in results.rows if family(row) == "peers"] + peers
        if pictures := bar_pictures("peers", compared, True):
            found.setdefault("peers", {}).update(pictures)
    return found


def write(pictures: dict[str, Pictures], folder: Path) -> dict[str, list[str]]:
    """The names that were written, by section. What an earlier run left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in OURS:
        for old in folder.glob(pattern):
            old.unlink()
    for these in pictures.values():
        for name, content in these.items():
            (folder / name).write_bytes(content)
    return {section: list(these) for section, these in pictures.items()}
