"""Self-test of agreement.py: planted differences are found and nothing else, and unusable files are refused."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from pathlib import Path
from typing import Any

import agreement
import sample
import sections
from reading import Row
from selftest_checks import Checks


def row_of(run: dict[str, Any], scenario: str) -> Row:
    return next(row for row in run["rows"] if row["scenario"] == scenario)


def compare(scratch: Path, runs: list[Any]) -> tuple[int, str, dict[str, Any]]:
    """Status, what was printed, what was written."""
    files = [scratch / f"run{number}.json" for number in range(len(runs))]
    for file, run in zip(files, runs, strict=True):
        file.write_text(run if isinstance(run, str) else json.dumps(run))
    out = scratch / "agreement.json"
    out.unlink(missing_ok=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        status = agreement.main([*map(str, files), "--out", str(out)])
    return status, printed.getvalue(), json.loads(out.read_text()) if out.exists() else {}


def apart(written: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["scenario"], row["figure"]) for row in written.get("rows", []) if not row["agrees"]}


def check_planted(checks: Checks, scratch: Path, made: dict[str, Any]) -> None:
    runs = [copy.deepcopy(made) for _ in range(5)]
    for number, run in enumerate(runs):
        run["seed"] = number
        row_of(run, "load")["p50"] += number * 1e-6  # no two are the same file
    for scenario, figure, factor in (
        ("batch.many", "p50", 1.11),
        ("desk.one/floor", "p50", 1.09),
        ("desk.one", "ratio", 1.06),
        ("desk.many", "ratio", 1.04),
    ):
        row_of(runs[3], scenario)[figure] *= factor
    row_of(runs[3], "batch.many")["ghz"] /= 1.11  # as a slower clock would make it
    status, printed, written = compare(scratch, runs)
    found = apart(written)
    checks.must("runs that could be compared end with 0", status == 0, status)
    wanted = {("batch.many", "p50"), ("desk.one", "ratio")}
    checks.must("11 % of a p50 and 6 % of a ratio are found, and nothing else", found == wanted, found)
    figures = sum(row.get(key) is not None for row in made["rows"] for key in ("p50", "ratio"))
    checks.must("every figure is compared", written["compared"] == figures, written["compared"])
    checks.must("so many agree", f"{figures - 2} of {figures} agree\n" in printed)
    row = next(row for row in written["rows"] if (row["scenario"], row["figure"]) == ("batch.many", "p50"))
    checks.must("a clock's state is told from the rest", abs(row["apart_in_cycles"]) < 1e-9, row)
    for what in (
        "batch.many p50: 11.0 % apart",
        "2.93",
        "rounds kept 90, 90, 90, 90, 90",
        "desk.one ratio: 6.00 %",
    ):
        checks.must(f"it prints `{what}`", what in printed, printed)
    document = "\n".join(sections.agreement(written, "another"))
    checks.must(
        "the document says it of another build", "another build" in document and "`batch.many`" in document
    )
    document = "\n".join(sections.agreement(written, "0123456789ab"))
    checks.must("and not of the same", "another build" not in document and "| 11.0 % |" in document)


def check(checks: Checks, scratch: Path, whole: dict[str, Any]) -> None:
    made = whole | {"rows": [row | {"histogram": None} for row in whole["rows"]]}  # which it does not read
    check_planted(checks, scratch, made)
    near = [sample.another_run(made, seed) for seed in range(5)]
    status, _, written = compare(scratch, near)
    checks.must("runs that differ by one per cent agree", status == 0 and not apart(written), apart(written))
    row_of(near[1], "batch.many")["p50"] = None
    near[2]["rows"] = [row for row in near[2]["rows"] if row["scenario"] != "desk.one"]
    status, _, written = compare(scratch, near)
    wanted = ["batch.many p50", "desk.one p50", "desk.one ratio"]
    found = sorted(written.get("incomparable", []))
    checks.must("what is not in every run is not compared", status == 0 and found == wanted, found)
    other = sample.another_run(made, 9)
    other["machine"]["model"] = "Another"
    build = sample.another_run(made, 9)
    build["build"]["commit"] = "another"
    nothing = made | {"rows": [{"scenario": "desk.many", "p50": None}]}
    unusable: dict[str, list[Any]] = {
        "one run": [made],
        "a run twice": [made, made],
        "an invalid run": [made, sample.invalid(sample.another_run(made, 9))],
        "another machine": [made, other],
        "another build": [made, build],
        "what is not JSON": [made, "{"],
        "a file without rows": [made, {"valid": True}],
        "runs that share no figure": [made, nothing],
    }
    for what, runs in unusable.items():
        status, _, written = compare(scratch, runs)
        checks.must(f"{what} cannot be compared", status == 2 and not written, status)
