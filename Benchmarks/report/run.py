#!/usr/bin/env python3
"""Writes Benchmarks/RESULTS.md and its plots from what was measured, and what other tools read into build/bench.

Ends with 3 when the run is INVALID, which RESULTS.md then says and gives no figure of it; with 2 when the results
cannot be used. The other files may be missing: RESULTS.md says which. Needs matplotlib and hdrhistogram, which
`make venv` installs: build/venv/bin/python Benchmarks/report/run.py
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import document
import exports
from reading import ROOT, Results, Unusable, load, of_json, read_json, shown

try:
    import plots
except ModuleNotFoundError as error:
    sys.exit(f"run.py: {error.name} is missing: make venv installs it into build/venv")

BENCH = ROOT / "build" / "bench"
BENCHMARKS = ROOT / "Benchmarks"
UNUSABLE, INVALID = 2, 3
HOW = {  # to get each file that may be missing
    "peers": "no peers were measured",
    "python": "`python3 Benchmarks/python.py` measures it",
    "counts": "`python3 Benchmarks/instructions.py --record` counts them",
    "agreement": "`Benchmarks/report/agreement.py` compares runs",
}


def read_object(path: Path) -> dict[str, Any]:
    found = read_json(path)
    if not isinstance(found, dict):
        raise Unusable(f"{shown(path)} is not an object")
    return found


def load_python(path: Path) -> Results:
    """What does not say whether it is valid is: the program writes nothing when something is wrong."""
    return of_json(shown(path), {"valid": True, **read_object(path)})


def gather(arguments: argparse.Namespace, command: str) -> document.Inputs:
    inputs = document.Inputs(command, load(arguments.results))
    readers: dict[str, Callable[[Path], Any]] = {
        "peers": load,
        "python": load_python,
        "counts": read_object,
        "agreement": read_object,
    }
    for name, reader in readers.items():
        path: Path = getattr(arguments, name)
        if path.exists():
            setattr(inputs, name, reader(path))
        else:
            inputs.missing.append((name, f"{shown(path)} is not there: {HOW[name]}."))
    return inputs


def write(inputs: document.Inputs, out: Path, folder: Path, exported: Path) -> None:
    """Of an invalid run nothing is drawn or exported, and what an earlier run left is removed all the same."""
    results, sources = inputs.results, inputs.sources() if inputs.results.valid else []
    peers = inputs.peers.rows if inputs.peers is not None and inputs.peers.valid else []
    drawn = plots.draw(results, peers) if results.valid else {}
    pictures = plots.write(drawn, folder)
    exports.write_histograms(sources, exported / "hgrm")
    (exported / "rows.csv").write_text(exports.rows_csv(sources))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(document.compose(inputs, pictures, Path(os.path.relpath(folder, out.parent)).as_posix()))


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--results", type=Path, default=BENCH / "results.json")
    parser.add_argument("--peers", type=Path, default=BENCH / "peers.json")
    parser.add_argument("--python", type=Path, default=BENCH / "python.json")
    parser.add_argument("--counts", type=Path, default=BENCHMARKS / "instructions.json")
    parser.add_argument("--agreement", type=Path, default=BENCH / "agreement.json")
    parser.add_argument("--out", type=Path, default=BENCHMARKS / "RESULTS.md")
    parser.add_argument("--plots", type=Path, default=BENCHMARKS / "plots")
    parser.add_argument("--exports", type=Path, default=BENCH, help="where hgrm/ and rows.csv go")
    arguments = parser.parse_args(words)
    given = [
        word
        for name, value in vars(arguments).items()
        if value != parser.get_default(name)
        for word in (f"--{name}", shown(value))
    ]
    command = shlex.join(["build/venv/bin/python", "Benchmarks/report/run.py", *given])
    try:
        inputs = gather(arguments, command)
        write(inputs, arguments.out, arguments.plots, arguments.exports)
    except Unusable as error:
        print(f"run.py: {error}", file=sys.stderr)
        return UNUSABLE
    print(f"{shown(arguments.out)} written")
    if not inputs.results.valid:
        print(f"INVALID: {', '.join(inputs.results.corrupt)}: what came out is not what went in")
        return INVALID
    return 0


if __name__ == "__main__":
    sys.exit(main())
