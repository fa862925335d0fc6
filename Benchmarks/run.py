#!/usr/bin/env python3
"""Measures the shipped library, and peers where they can be had, and writes build/bench/RESULTS.md with its plots.

run.py --quick      about a minute; neither peers nor Python
run.py --full       about ten minutes: more rounds, Python, and peers in environments of their own
run.py --agree N    N quick runs one after another: which figures agree, into build/bench/agreement.json
run.py --publish    with --full: writes Benchmarks/RESULTS.md and Benchmarks/plots instead
run.py --selftest   is the harness itself honest? Seconds; measures nothing
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from building import LIBRARY, OUTPUT, ROOT, SOURCES, build
from selftest import INVALID, selftest

PYTHON = ROOT / "build" / "venv" / "bin" / "python"
# Rounds that are wanted, and the open loop's windows; what a quick run has is enough for medians and p99.
QUICK = ["--rounds", "64", "--order-rounds", "64", "--load-rounds", "11"]
QUICK += ["--open-ms", "500", "--open-windows", "1", "--patience-ms", "400"]
FULL = ["--rounds", "600", "--order-rounds", "800", "--load-rounds", "51"]
FULL += ["--open-ms", "1000", "--open-windows", "5"]

Results = dict[str, Any]


def figure(value: float | None, unit: str = "") -> str:
    if value is None:
        return "-"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"
    return text + unit


def print_table(results: Results) -> None:
    machine, made, configuration = results["machine"], results["build"], results["configuration"]
    print(f"machine        {machine['model']}, {machine['cores']} cores, {machine['kernel']}")
    print(f"               virtualisation {machine['virtualisation']}, governor {machine['governor']}")
    print(f"               clock {machine['clock_ghz']:.2f} GHz measured, time stamps step", end=" ")
    print(f"{figure(machine['tick_step_ns'])} ns, cost {figure(machine['tick_cost_ns'])} ns (not subtracted)")
    print(f"               memory {machine['memory_lock']}, counters: {machine['counters']}")
    print(f"build          riskcheck {made['version']} {made['mode']}, {made['compiler']}", end=", ")
    print(f"commit {made['commit']}")
    print(f"               harness and peers by {made['harness_compiler']}, boost {made['boost']}")
    print(f"configuration  {', '.join(f'{name} {value}' for name, value in configuration.items())}")
    print(f"seed           {results['seed']}, checksum {results['checksum']}")
    print(f"rule           {results['rule']}\n")

    print(
        f"{'scenario':<33}{'unit':<12}{'p50':>8}{'p99':>8}{'p99.9':>8}{'max':>8}{'ops/s':>14}{'ratio':>7}",
        end="",
    )
    print(f"{'GHz':>6}{'line ns':>9}{'rounds':>9}")
    for row in results["rows"]:
        print(f"{row['scenario']:<33}{row['unit']:<12}", end="")
        print(f"{figure(row['p50']):>8}{figure(row['p99']):>8}{figure(row['p999']):>8}", end="")
        print(f"{figure(row['max']):>8}", end="")
        print(f"{figure(row['ops_per_second']):>14}{figure(row['ratio']):>7}{figure(row['ghz']):>6}", end="")
        print(f"{figure(row['handover_ns']):>9}{row['kept']:>5}/{row['kept'] + row['dropped']}")
    print("\nratio: the row's figure divided by the peer's; line: one cache line from core to core, one way;")
    print("rounds: kept/run. A percentile is missing where too few samples lie beyond it.")
    for row in results["rows"]:
        if row["target"] is None:
            continue
        said = {True: "met", False: "MISSED", None: "not measured"}[row["met"]]
        extra = ", ".join(f"{name} {figure(value)}" for name, value in row["extra"].items())
        ratio = (
            "" if row["ratio"] is None else f", {row['ratio_of']} {figure(row['ratio'])} x {row['against']}"
        )
        print(f"{said:<13}{row['scenario']}: {row['target']}{ratio}; {extra}")
    for note in sorted({row["note"] for row in results["rows"] if row["note"]}):
        print(f"note         {note}")
    for skip in results["skipped"]:
        print(f"SKIPPED      {skip['scenario']}: {skip['reason']}")


def measure(library: Path, seed: int, options: list[str], target: Path) -> int:
    """Runs the program and shows what it found."""
    program = build(library)
    target.unlink(missing_ok=True)
    command = [str(program), "--seed", str(seed), "--json", str(target), *options]
    status = subprocess.run(command, check=False).returncode
    if not target.exists():
        return status or 1
    results: Results = json.loads(target.read_text())
    print_table(results)
    if not results["valid"]:
        print(f"\nINVALID: {', '.join(results['corrupt'])}: what came out is not what had to")
        return status or INVALID
    print(f"\n{target.relative_to(ROOT)} written", flush=True)
    return status


def measure_hosts(library: Path, seed: int) -> int:
    """Python's ways, and the peers: rows of their own files."""
    commands = (["python.py"], ["peers/run.py", "--seed", str(seed)])
    statuses = [
        subprocess.run(
            [sys.executable, str(SOURCES / script), "--library", str(library), *more], check=False
        ).returncode
        for script, *more in commands
    ]
    return next((status for status in statuses if status), 0)


def write_report(publish: bool) -> int:
    """What was measured as a text with plots; needs the tools of `make venv`."""
    subprocess.run(["make", "--silent", "venv"], cwd=ROOT, check=True)
    place = SOURCES if publish else OUTPUT
    command = [str(PYTHON), str(SOURCES / "report" / "run.py"), "--out", str(place / "RESULTS.md")]
    status = subprocess.run([*command, "--plots", str(place / "plots")], check=False).returncode
    if status == 0:
        print(f"{(place / 'RESULTS.md').relative_to(ROOT)} written")
    return status


def agree(library: Path, seed: int, count: int) -> int:
    """Quick runs one after another, held against each other."""
    runs = []
    for number in range(1, count + 1):
        target = OUTPUT / f"run-{number}.json"
        if status := measure(library, seed, QUICK, target):
            return status
        runs.append(str(target))
    return subprocess.run(
        [sys.executable, str(SOURCES / "report" / "agreement.py"), *runs], check=False
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--quick", action="store_true", help="about a minute")
    mode.add_argument("--full", action="store_true", help="about ten minutes")
    mode.add_argument("--agree", type=int, metavar="N", help="so many quick runs, held against each other")
    mode.add_argument("--selftest", action="store_true", help="check the harness itself")
    parser.add_argument("--publish", action="store_true", help="write the report into Benchmarks/")
    parser.add_argument("--library", type=Path, default=LIBRARY)
    parser.add_argument("--seed", type=int, default=1, help="what orders and records are made from")
    parser.add_argument("--scenario", default="", help="only scenarios whose name begins so, and no report")
    arguments = parser.parse_args()
    library: Path = arguments.library.absolute()
    if arguments.selftest:
        return selftest(library)
    if arguments.publish and (not arguments.full or arguments.scenario):
        parser.error("--publish is for --full, of all scenarios")
    if arguments.agree is not None:
        if arguments.agree < 2:
            parser.error("--agree needs two runs at least")
        return agree(library, arguments.seed, arguments.agree)
    options = FULL if arguments.full else QUICK
    if arguments.scenario:
        options = [*options, "--scenario", arguments.scenario]
    status = measure(library, arguments.seed, options, OUTPUT / "results.json")
    if status or arguments.scenario:
        return status
    for name in ("python.json", "peers.json"):
        (OUTPUT / name).unlink(missing_ok=True)  # of another run
    if arguments.full:
        status = measure_hosts(library, arguments.seed)
    return status or write_report(arguments.publish)


if __name__ == "__main__":
    sys.exit(main())
