"""Results for other tools: histograms in HdrHistogram's percentile text, and all rows as CSV. Writes files only."""

from __future__ import annotations

import csv
import importlib
import io
import re
from pathlib import Path
from typing import Any

from reading import Results, Row, Unusable, buckets

PICOSECONDS = 1000  # the library takes whole numbers, and a bucket's edge seldom is a whole nanosecond
DIGITS = 3
FIRST = ("file", "scenario", "unit", "p50", "p90", "p99", "p999", "p9999", "p99999", "max", "samples")


def file_name(scenario: str) -> str:
    return re.sub(r"[^\w.-]+", "-", scenario) + ".hgrm"


def hgrm(pairs: list[tuple[float, int]]) -> bytes:
    """The percentiles of a histogram in nanoseconds. Each call counts as the highest value of its bucket, in the mean
    as well."""
    picoseconds = [(round(value * PICOSECONDS), count) for value, count in pairs]
    library: Any = importlib.import_module("hdrh.histogram")
    histogram = library.HdrHistogram(1, max(2, picoseconds[-1][0]), DIGITS)
    for value, count in picoseconds:
        if not histogram.record_value(value, count):
            raise Unusable(f"{value} ps does not go into a histogram")
    in_picoseconds = histogram.get_stddev  # which the library does not divide, as it does the mean
    histogram.get_stddev = lambda: in_picoseconds() / PICOSECONDS
    out = io.BytesIO()
    histogram.output_percentile_distribution(out, PICOSECONDS)
    return out.getvalue()


def write_histograms(sources: list[Results], folder: Path) -> list[str]:
    """One file for each row that has a histogram. What an earlier run left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.hgrm"):
        old.unlink()
    written: list[str] = []
    for row in (row for source in sources for row in source.rows):
        if pairs := buckets(row):
            name = file_name(row["scenario"])
            if name in written:
                raise Unusable(f"two rows would be written as {name}")
            (folder / name).write_bytes(hgrm(pairs))
            written.append(name)
    return written


def flat(of: Row, prefix: str = "") -> Row:
    """Nested names joined; without histograms and windows, which have no place in a line."""
    found: Row = {}
    for key, value in of.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}_")
        elif value is not None and not isinstance(value, list):
            found[prefix + key] = value
    return found


def rows_csv(sources: list[Results]) -> str:
    """Every row of every file; an empty cell where a row has no such figure."""
    lines = [{"file": source.name, **flat(row)} for source in sources for row in source.rows]
    others = {key for line in lines for key in line} - set(FIRST)
    out = io.StringIO()
    writer = csv.DictWriter(out, [*FIRST, *sorted(others)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()
