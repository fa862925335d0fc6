"""The measurement of the package runs, and tells of every way that it compares. What it measures is no matter here."""

import json
import os
import subprocess
import sys
from pathlib import Path

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
