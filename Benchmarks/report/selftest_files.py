"""Self-test of what is written as files, and of what is read: histograms, rows as CSV, pictures, unusable input."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import exports
from reading import Results, Row, Unusable, buckets, of_json, quantile
from selftest_checks import Checks

HERE = Path(__file__).resolve().parent
PRECISION = 0.002  # of three digits, by HdrHistogram's rounding and the buckets' own edges
BYTES_MAX = 100_000
OTHER_PROCESS = """
import hashlib, sample, plots
from reading import of_json
rows = [row for row in sample.results()["rows"] if not row["scenario"].startswith(("batch", "latch", "open"))]
for these in plots.draw(of_json("results.json", {"rows": rows}), sample.peers()["rows"]).values():
    for name, content in these.items():
        print(name, hashlib.sha256(content).hexdigest())
"""


def parsed(content: str) -> tuple[list[tuple[float, float, int]], dict[str, float]]:
    """Of a percentile text: value, fraction and count of each line; and what the last lines say by name."""
    lines, said = [], {}
    for line in content.splitlines()[1:]:
        if line.startswith("#["):
            for part in line[2:-1].split(","):
                name, _, value = part.partition("=")
                said[name.strip()] = float(value)
        elif words := line.split():
            lines.append((float(words[0]), float(words[1]), int(words[2])))
    return lines, said


def faults_of_hgrm(content: str, pairs: list[tuple[float, int]]) -> list[str]:
    lines, said = parsed(content)
    calls = sum(count for _, count in pairs)
    mean = sum(value * count for value, count in pairs) / calls
    spread = math.sqrt(sum((value - mean) ** 2 * count for value, count in pairs) / calls)
    faults = []
    for name, wanted in (
        ("TotalCount", calls),
        ("Max", pairs[-1][0]),
        ("Mean", mean),
        ("StdDeviation", spread),
    ):
        if abs(said.get(name, -1) - wanted) > PRECISION * wanted:
            faults.append(f"{name} {said.get(name)} is not {wanted}")
    if not lines or lines[-1][1:] != (1.0, calls):
        faults.append("the last line is not of all calls")
    for value, fraction, count in lines:
        wanted = quantile(pairs, fraction)
        if abs(value - wanted) > PRECISION * wanted:
            faults.append(f"{value} at {fraction} is not {wanted}")
        if count != sum(calls for edge, calls in pairs if edge <= value * (1 + PRECISION)):
            faults.append(f"{count} calls are not what is up to {value}")
    return faults


def check_histograms(checks: Checks, folder: Path, results: Results) -> None:
    written = exports.write_histograms([results], folder)
    rows = [row for row in results.rows if buckets(row)]
    checks.must("every histogram is written", len(written) == len(rows) > 0, written)
    for row, name in zip(rows[:3], written[:3], strict=True):
        faults = faults_of_hgrm((folder / name).read_text(), buckets(row))
        checks.none(f"{name} has the calls and the percentiles of {row['scenario']}", faults)
    content, pairs = (folder / written[0]).read_text(), buckets(rows[0])
    lines = content.splitlines(keepends=True)
    checks.must("a percentile text of other calls is noticed", bool(faults_of_hgrm(content, pairs[:-1])))
    checks.must("one that was cut is noticed", bool(faults_of_hgrm("".join(lines[:-5]), pairs)))
    value = lines[12].split()[0]
    altered = content.replace(lines[12], lines[12].replace(value, f"{float(value) * 1.01:.3f}"))
    checks.must("a value that is one per cent off is noticed", bool(faults_of_hgrm(altered, pairs)))
    exports.write_histograms([of_json("none.json", {"rows": []})], folder)
    checks.must("what an earlier run left is removed", not list(folder.iterdir()))


def check_csv(checks: Checks, sources: list[Results]) -> None:
    lines = list(csv.DictReader(io.StringIO(exports.rows_csv(sources))))
    rows = [row for source in sources for row in source.rows]
    names = [line["scenario"] for line in lines]
    checks.must("every row is a line of the CSV", names == [row["scenario"] for row in rows])
    line = next(line for line in lines if line["scenario"] == "growth.rows/1024")
    row = next(row for row in rows if row["scenario"] == "growth.rows/1024")
    checks.must("nested figures are columns", float(line["net_p999"]) == row["net"]["p999"])
    checks.must("so are points", line["point_x"] == "1024" and line["point_of"] == "position rows")
    checks.must("what is null is empty", line["p99999"] == "" and "histogram" not in line)


def check_pictures(checks: Checks, results: Results, peers: Results) -> None:
    import plots

    drawn = plots.draw(results, peers.rows)
    files = {name: content for these in drawn.values() for name, content in these.items()}
    wanted = {"percentiles-desk.svg", "percentiles-open.svg", "growth-growth-rows-position-rows.svg"}
    wanted |= {f"bars-{name}-ns-check.svg" for name in ("alone", "controls", "peers")}
    checks.must("there is a picture of each kind", wanted <= files.keys(), wanted - files.keys())
    again = {
        name: content for these in plots.draw(results, peers.rows).values() for name, content in these.items()
    }
    checks.must("pictures have the same bytes twice", files == again)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(HERE), "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS], check=False, capture_output=True, text=True, env=environment
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    same = len(found) >= 5 and found.items() <= sums.items()
    checks.must("and in another process", same, done.stderr)
    desk = [row for row in results.rows if row["scenario"].startswith("desk")]
    other = of_json("other.json", {"rows": copy.deepcopy(desk)})
    same = plots.draw(other, [])["desk"]["percentiles-desk.svg"] == files["percentiles-desk.svg"]
    other.rows[0]["histogram"][-1][0] *= 2
    changed = plots.draw(other, [])["desk"]["percentiles-desk.svg"] != files["percentiles-desk.svg"]
    checks.must("and others when a figure is another, and only then", same and changed)
    large = [f"{name}: {len(content)} bytes" for name, content in files.items() if len(content) > BYTES_MAX]
    checks.none("pictures are small", large)
    for content in files.values():
        ElementTree.fromstring(content)
    ragged = [name for name, content in files.items() if b" \n" in content or not content.endswith(b"\n")]
    checks.none("pictures are XML without blanks at the ends of lines", ragged)


def refused(what: Any) -> bool:
    try:
        of_json("odd.json", what)
    except Unusable:
        return True
    return False


def check_reading(checks: Checks, made: dict[str, Any]) -> None:
    row: Row = {"scenario": "desk.many"}
    for what, rows in {
        "a row without a name": [{"p50": 1}],
        "two rows of a name": [row, row],
        "a histogram that does not ascend": [row | {"histogram": [[2, 1], [1, 1]]}],
        "a histogram of single numbers": [row | {"histogram": [1, 2]}],
        "a histogram with calls below zero": [row | {"histogram": [[1, -1]]}],
    }.items():
        checks.must(f"{what} is refused", refused({"rows": rows}))
    checks.must("rows of the usual form are not", not refused(made))


def check_written(checks: Checks, scratch: Path, results: Results, peers: Results) -> None:
    few = [row for row in results.rows if not row["scenario"].startswith("desk")]
    check_histograms(checks, scratch / "hgrm", of_json("few.json", {"rows": few}))
    check_csv(checks, [results, peers])
    check_pictures(checks, results, peers)
