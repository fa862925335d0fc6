"""The figures of python.py as rows of the form that all of the harness writes: family `python`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
row: Any = importlib.import_module("figures").row

WAYS = {  # name: kind of the scenario, and what it is
    "floor": ("floor", "the three values by one packed store, and an empty C function of three arguments"),
    "floor of one": ("floor.one-argument", "the same store, and an empty C function of one argument"),
    "bound": ("bound.put", "three values by one packed store, and a check bound once"),
    "cells floor": ("floor.cells", "three values through a memoryview, and an empty C function"),
    "cells": ("bound.cells", "three values through a memoryview, and a check bound once"),
    "fields": ("bound.fields", "three values as fields of the ctypes record, and a check bound once"),
    "native": ("single", "port.check: keywords in, a verdict out"),
    "abi.lib": ("table", "the packed store, and the check of the table of functions as it is"),
    "from C": ("from-c", "the same block in a loop of C"),
    "batch": ("batch", "check alone of 1,024 orders, whose arrays were written before"),
    "batch, written": ("batch.written", "three columns written by numpy, and the check of 1,024 orders"),
}
NOTE = "nothing is timed one by one here: p50 and p90 are over the means of blocks"


def rows_of(
    figures: dict[str, Any], suffixes: dict[str, str], wanted: dict[str, Any]
) -> list[dict[str, Any]]:
    """`suffixes`: what ends the scenario's name, for each case; `wanted`: for some ways the most it
    may take as a ratio, or None, and in nanoseconds of a tenth."""
    rows = []
    for case, suffix in suffixes.items():
        for way, (kind, about) in WAYS.items():
            figure = figures[case][way]
            floor = "floor.cells" if way == "cells" else "floor"
            fields: dict[str, Any] = {
                "p90": figure["p90_ns"],
                "kept": figures[case]["rounds"],
                "dropped": figures[case]["rounds_run"] - figures[case]["rounds"],
                "extra": {"tenth": figure["quiet_ns"]},
                "note": f"{about}; {case}; {NOTE}",
            }
            if kind != floor:
                against = f"python.{floor}.{suffix}"
                fields |= {"ratio": figure["ratio"], "against": against, "ratio_of": "p50"}
            if way in wanted:
                fields |= target_of(figure, *wanted[way])
            rows.append(row(f"python.{kind}.{suffix}", figure["ns"], **fields))
    for what, nanoseconds in figures["lock"].items():
        name = what.replace(", ", ".").replace("beside a thread", "beside").replace(" ", "-")
        note = f"an empty C function, the interpreter's lock {what}"
        rows.append(row(f"python.lock.{name}", nanoseconds, unit="ns/call", note=note))
    return rows


def target_of(figure: dict[str, float], ratio_max: float | None, ns_max: float) -> dict[str, Any]:
    words = [] if ratio_max is None else [f"at most {ratio_max:g} times its floor"]
    words.append(f"a tenth of the blocks within {ns_max:g} ns")
    met = (ratio_max is None or figure["ratio"] <= ratio_max) and figure["quiet_ns"] <= ns_max
    return {"target": ", ".join(words), "met": met}
