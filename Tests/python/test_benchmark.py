"""The measurement of the package runs, and tells of every way that it compares. What it measures is no matter here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import small_desk as desk


def test_the_measurement_tells_of_every_way(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    library = os.environ["RISKCHECK_LIBRARY"]
    command = [
        str(desk.ROOT / "Benchmarks/python.py"),
        "--rounds",
        "5",
        "--disturbed",
        "--results",
        str(results),
    ]
    done = subprocess.run(
        [sys.executable, *command, "--library", library], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(results.read_text())
    cases = ("many writers, ten limits", "one writer, ten limits", "one writer, no limits")
    for case in cases:
        ways = figures[case]
        assert ways["rounds"] == 5 and ways["floor"]["ratio"] == 1
        for way in (
            "floor of one",
            "bound",
            "cells floor",
            "cells",
            "fields",
            "native",
            "abi.lib",
            "batch",
            "batch, written",
        ):
            assert ways[way]["ns"] > 0 and f"\n{way}" in done.stdout
    assert len(figures["lock"]) == 4 and "python" in figures["machine"]
    check_rows(figures)


def check_rows(figures: dict[str, Any]) -> None:
    """The same figures as rows: of each way in each case, compared with the floor of that case."""
    rows = {row["scenario"]: row for row in figures["rows"]}
    assert len(rows) == len(figures["rows"]) == 3 * 11 + 4
    for name in ("floor", "bound.put", "bound.cells", "single", "batch"):
        for suffix in ("many", "one", "one/no-limits"):
            assert rows[f"python.{name}.{suffix}"]["kept"] == 5
    assert rows["python.bound.put.many"]["p50"] == figures["many writers, ten limits"]["bound"]["ns"]
    assert rows["python.bound.put.one"]["against"] == "python.floor.one"
    assert rows["python.bound.cells.one"]["against"] == "python.floor.cells.one"
    assert rows["python.floor.one"]["ratio"] is None and rows["python.lock.kept.alone"]["unit"] == "ns/call"
    assert all(row["against"] is None or row["against"] in rows for row in rows.values())
