#!/usr/bin/env python3
"""Do runs on one machine agree?

agreement.py RESULTS.json RESULTS.json ...    of two runs or more, one after another, of one build

Every p50 shall be within 10 % and every ratio within 5 %: the greatest less the least, divided by the median.
Writes build/bench/agreement.json and prints what does not agree, with the clock and the rounds kept in each
run. A clock that differs as much as the time does is another state of the machine; `in cycles` is how far apart
the times are when each is multiplied by its run's clock. It reports and gates nothing: it ends with 0 whenever it
could compare, and with 2 when the files cannot be used.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from figures import limit, percent, three, whole
from reading import ROOT, Results, Row, Unusable, load, number, shown, text

OUTPUT = ROOT / "build" / "bench" / "agreement.json"
MOST = {"p50": 0.10, "ratio": 0.05}
ROUNDING = 1e-9  # ten per cent is within ten per cent
SAME = ("model", "cores", "kernel", "virtualisation")
UNUSABLE = 2


def apart(values: Sequence[float]) -> float | None:
    """The greatest less the least, divided by the median; None where that has no meaning."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle > 0 else None


def alike(runs: list[Results]) -> None:
    """Refuses what cannot tell whether one machine agrees with itself."""
    if len(runs) < 2:
        raise Unusable("there must be two runs or more")
    for run in runs:
        if not run.valid:
            raise Unusable(f"{run.name} is INVALID")
        if not run.rows:
            raise Unusable(f"{run.name} has no rows")
    first = runs[0]
    for run in runs[1:]:
        for key in SAME:
            if run.part("machine").get(key) != first.part("machine").get(key):
                raise Unusable(f"{run.name} is of another machine than {first.name}: {key}")
        if run.commit != first.commit:
            raise Unusable(f"{run.name} is of another build than {first.name}")
    for index, run in enumerate(runs):
        for other in runs[:index]:
            if run.rows == other.rows:
                raise Unusable(f"{run.name} and {other.name} are one run")


def compare_figure(figure: str, rows: list[Row]) -> Row | None:
    """One figure of one scenario in every run; None where a run has it not."""
    values = [value for row in rows if (value := number(row, figure)) is not None]
    if len(values) != len(rows):
        return None
    clocks = [number(row, "ghz") for row in rows]
    cycles = [value * ghz for value, ghz in zip(values, clocks, strict=True) if ghz is not None]
    distance = apart(values)
    return {
        "scenario": rows[0]["scenario"],
        "figure": figure,
        "values": values,
        "apart": distance,
        "apart_in_cycles": apart(cycles) if figure == "p50" and len(cycles) == len(values) else None,
        "agrees": distance is not None and distance <= MOST[figure] + ROUNDING,
        "ghz": clocks,
        "kept": [number(row, "kept") for row in rows],
        "dropped": [number(row, "dropped") for row in rows],
    }


def of_run(run: Results) -> Row:
    clocks = [ghz for row in run.rows if (ghz := number(row, "ghz")) is not None]
    seed = run.top.get("seed")
    found: Row = {"file": run.name, "commit": run.commit, "seed": seed}
    return found | {"ghz_least": min(clocks, default=None), "ghz_most": max(clocks, default=None)}


def compare(runs: list[Results]) -> dict[str, Any]:
    alike(runs)
    by_name = [{str(row["scenario"]): row for row in run.rows} for run in runs]
    compared: list[Row] = []
    incomparable: list[str] = []
    for name in dict.fromkeys(name for rows in by_name for name in rows):
        rows = [of[name] for of in by_name if name in of]
        for figure in MOST:
            if all(number(row, figure) is None for row in rows):
                continue
            same = (
                len({(text(row, "unit"), text(row, "against"), text(row, "ratio_of")) for row in rows}) == 1
            )
            found = compare_figure(figure, rows) if len(rows) == len(runs) and same else None
            if found is None:
                incomparable.append(f"{name} {figure}")
            else:
                compared.append(found)
    if not compared:
        raise Unusable("no figure is in every run")
    result: dict[str, Any] = {"runs": [of_run(run) for run in runs]}
    result |= {"agree": sum(row["agrees"] for row in compared), "compared": len(compared)}
    for figure, most in MOST.items():
        these = [row["agrees"] for row in compared if row["figure"] == figure]
        result[figure] = {"most": most, "agree": sum(these), "compared": len(these)}
    return result | {"incomparable": incomparable, "rows": compared}


def report(result: dict[str, Any]) -> None:
    for row in result["rows"]:
        if row["agrees"]:
            continue
        print(f"{row['scenario']} {row['figure']}: {percent(row['apart'])} apart", end="")
        if row["apart_in_cycles"] is not None:
            print(f", {percent(row['apart_in_cycles'])} in cycles", end="")
        print(
            f"\n    figures {', '.join(map(three, row['values']))}; GHz {', '.join(map(three, row['ghz']))}",
            end="",
        )
        print(
            f"; rounds kept {', '.join(map(whole, row['kept']))}, dropped {', '.join(map(whole, row['dropped']))}"
        )
    for name in result["incomparable"]:
        print(f"{name}: not in every run, or not of the same kind")
    for figure, most in MOST.items():
        of = result[figure]
        print(f"{figure}: {of['agree']} of {of['compared']} agree within {limit(most)}")
    print(f"{result['agree']} of {result['compared']} agree")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=OUTPUT)
    arguments = parser.parse_args(words)
    try:
        result = compare([load(path) for path in arguments.results])
    except Unusable as error:
        print(f"agreement.py: {error}", file=sys.stderr)
        return UNUSABLE
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    report(result)
    print(f"{shown(arguments.out)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
