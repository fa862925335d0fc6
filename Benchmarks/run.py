#!/usr/bin/env python3
"""Builds the benchmark program, runs it against the shipped library, writes build/bench/results.json.

run.py --quick      a minute or two
run.py --full       more rounds of the same
run.py --selftest   is the harness itself honest? Seconds; measures nothing
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Benchmarks"
OUTPUT = ROOT / "build" / "bench"
DEBUG_REFUSED = 4
INVALID = 3

ROW_KEYS = {"scenario", "unit", "p50", "p99", "p999", "ops_per_second", "ratio", "against"}
TOP_KEYS = {
    "machine",
    "build",
    "valid",
    "rows",
    "seed",
    "checksum",
    "configuration",
    "rule",
    "skipped",
    "corrupt",
}
MACHINE_KEYS = {"model", "cores", "kernel", "governor", "virtualisation", "clock_ghz"}
BUILD_KEYS = {"version", "mode", "compiler", "commit"}

Results = dict[str, Any]


def newer(target: Path, sources: list[Path]) -> bool:
    return target.exists() and all(target.stat().st_mtime > source.stat().st_mtime for source in sources)


def compile_program(
    name: str, library: Path | None, target: str = "", flags: list[str] | None = None
) -> Path:
    """Compiles NAME.cpp into build/bench unless it is up to date."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    program = OUTPUT / (target or name)
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    command = [*compiler, "-std=c++20", *(flags or ["-O3"]), "-Wall", "-Wextra", "-Wpedantic", "-pthread"]
    command += [f"-I{ROOT / 'include'}", str(SOURCES / f"{name}.cpp"), "-o", str(program)]
    inputs = [
        *SOURCES.glob("*.h"),
        *SOURCES.glob("floor/*.h"),
        SOURCES / f"{name}.cpp",
        Path(__file__),
        *(ROOT / "include").glob("*.h"),
    ]
    if library is not None:
        command += [str(library), f"-Wl,-rpath,{library.parent}"]
    stamp = OUTPUT / f"{program.name}.command"
    line = shlex.join(command)
    if newer(program, inputs) and stamp.exists() and stamp.read_text() == line:
        return program
    subprocess.run(command, check=True)
    stamp.write_text(line)
    return program


def build(library: Path) -> Path:
    if not library.exists():
        sys.exit(f"run.py: {library} is not there: run `make lib` first")
    compile_program("riskbench_load", None, "riskbench-load")
    return compile_program("riskbench", library)


def build_checker(library: Path) -> Path:
    return compile_program("riskbench_check", library, "riskbench-check", ["-O2"])


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
    print(f"build          riskcheck {made['version']} {made['mode']}, {made['compiler']}", end=", ")
    print(f"commit {made['commit']}")
    print(f"               harness and peers by {made['harness_compiler']}, boost {made['boost']}")
    print(f"configuration  {', '.join(f'{name} {value}' for name, value in configuration.items())}")
    print(f"seed           {results['seed']}, checksum {results['checksum']}")
    print(f"rule           {results['rule']}\n")

    print(f"{'scenario':<33}{'unit':<11}{'p50':>8}{'p99':>8}{'p99.9':>8}{'ops/s':>14}{'ratio':>7}", end="")
    print(f"{'GHz':>6}{'line ns':>9}{'rounds':>9}")
    for row in results["rows"]:
        print(f"{row['scenario']:<33}{row['unit']:<11}", end="")
        print(f"{figure(row['p50']):>8}{figure(row['p99']):>8}{figure(row['p999']):>8}", end="")
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


def measure(library: Path, seed: int, options: list[str]) -> int:
    program = build(library)
    target = OUTPUT / "results.json"
    target.unlink(missing_ok=True)
    command = [str(program), "--seed", str(seed), "--json", str(target), *options]
    status = subprocess.run(command, check=False).returncode
    if not target.exists():
        return status or 1
    results: Results = json.loads(target.read_text())
    print_table(results)
    if not results["valid"]:
        print(f"\nINVALID: {', '.join(results['corrupt'])}: what came out is not what went in")
        return status or INVALID
    print(f"\n{target.relative_to(ROOT)} written")
    return status


class Checks:
    """Counts what held, prints what did not."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def must(self, what: str, holds: bool, why: object = "") -> None:
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what} {why}".rstrip())

    def skip(self, what: str, why: str) -> None:
        self.skipped += 1
        print(f"skip {what}: {why}")


SMALL = ["--rounds", "2", "--load-rounds", "1", "--block-records", "4096", "--block-trips", "1200"]
SMALL += ["--order-rounds", "2", "--block-batches", "8", "--growth-rows", "65536"]


def run_small(program: Path, target: Path, *options: str, **variables: str) -> tuple[int, Results | None]:
    target.unlink(missing_ok=True)
    command = [str(program), "--json", str(target), *SMALL, *options]
    done = subprocess.run(command, check=False, capture_output=True, env={**os.environ, **variables})
    return done.returncode, json.loads(target.read_text()) if target.exists() else None


def check_results(checks: Checks, results: Results) -> None:
    checks.must("results have every key", results.keys() >= TOP_KEYS, TOP_KEYS - results.keys())
    for part, keys in (("machine", MACHINE_KEYS), ("build", BUILD_KEYS)):
        checks.must(f"`{part}` has every key", results[part].keys() >= keys, keys - results[part].keys())
    checks.must(
        "a clean run is valid", results["valid"] is True and results["corrupt"] == [], results["corrupt"]
    )
    rows: list[Results] = results["rows"]
    names = [row["scenario"] for row in rows]
    checks.must("there are rows, each of its own name", 0 < len(names) == len(set(names)), names)
    for row in rows:
        checks.must(f"row {row['scenario']} has every key", row.keys() >= ROW_KEYS, ROW_KEYS - row.keys())
        against = row["against"]
        checks.must(
            f"row {row['scenario']} is compared with a row", against is None or against in names, against
        )


def check_plants(checks: Checks, program: Path, scratch: Path, contenders: set[str]) -> None:
    """A plant in every contender is found in every one; one in the first alone, where it meets its peer."""
    for scenario in ("ring", "desk", "full", "controls", "lifecycle", "growth", "batch", "threads"):
        these = {name for name in contenders if name.startswith(scenario)}
        for plant in ("bit", "order", "lost") if scenario == "ring" else ("bit",):
            if these:
                check_plant(checks, program, scratch, scenario, plant, these)
    compared = {f"desk.{name}/floor" for name in ("many", "one", "refused.many", "refused.one")}
    check_plant(checks, program, scratch, "desk", "verdict", compared)
    compared = {f"batch.{name}/single" for name in ("many", "one", "rows", "legs")}
    check_plant(checks, program, scratch, "batch", "verdict", compared)


def check_plant(
    checks: Checks, program: Path, scratch: Path, scenario: str, plant: str, contenders: set[str]
) -> None:
    what = f"a planted fault ({plant}) in {scenario}"
    status, results = run_small(program, scratch, "--scenario", scenario, "--plant", plant)
    found = set(results["corrupt"]) if results is not None else set()
    checks.must(f"{what} ends with status {INVALID}", status == INVALID, status)
    checks.must(f"{what} makes the run invalid", results is not None and results["valid"] is False)
    checks.must(f"{what} is found in every contender", found == contenders, contenders ^ found)


def check_itself(checks: Checks, program: Path, *words: str) -> None:
    """A program that checks: one line each, and a status that says the same."""
    done = subprocess.run([str(program), *words], check=False, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    for line in lines:
        verdict, _, what = line.partition(" ")
        checks.must(what, verdict == "pass")
    agrees = (done.returncode == 0) == all(line.startswith("pass ") for line in lines)
    checks.must(f"{' '.join([program.name, *words])} says what its status says", agrees and bool(lines))
    if done.returncode != 0:
        print(done.stderr[:2000], end="")


def check_debug_refused(checks: Checks, program: Path, scratch: Path) -> None:
    shim = OUTPUT / "debug_shim.so"
    compiler = shlex.split(os.environ.get("CC", "cc"))
    source = str(SOURCES / "debug_shim.c")
    subprocess.run(
        [*compiler, "-shared", "-fPIC", f"-I{ROOT / 'include'}", source, "-o", str(shim)], check=True
    )
    status, results = run_small(program, scratch, LD_PRELOAD=str(shim))
    checks.must("a debug library is refused", status == DEBUG_REFUSED and results is None, status)


def check_without_boost(checks: Checks, library: Path, scratch: Path) -> None:
    flags = ["-O1", "-DRISKBENCH_WITHOUT_BOOST"]
    program = compile_program("riskbench", library, "riskbench-without-boost", flags)
    status, results = run_small(program, scratch, "--scenario", "ring.pingpong")
    skipped = [skip["scenario"] for skip in results["skipped"]] if results is not None else []
    checks.must(
        "without boost the run is good and says what it skips", status == 0 and "/boost" in "".join(skipped)
    )


def selftest(library: Path) -> int:
    checks = Checks()
    program = build(library)
    scratch = OUTPUT / "selftest.json"

    check_itself(checks, program, "--check")
    checker = build_checker(library)
    for part in ("floor", "agreement", "planted", "oracle"):
        check_itself(checks, checker, part)
    status = subprocess.run([str(program), "--no-such"], check=False, capture_output=True).returncode
    checks.must("an unknown option is refused", status == 2, status)

    status, results = run_small(program, scratch)
    checks.must("a clean run ends with status 0", status == 0, status)
    if results is None:
        checks.must("a clean run writes results", False)
    else:
        check_results(checks, results)
        for skip in results["skipped"]:
            checks.skip(skip["scenario"], skip["reason"])
        check_plants(checks, program, scratch, {row["scenario"] for row in results["rows"]})
    check_debug_refused(checks, program, scratch)
    check_without_boost(checks, library, scratch)
    scratch.unlink(missing_ok=True)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--quick", action="store_true", help="a minute or two")
    mode.add_argument("--full", action="store_true", help="more rounds of the same")
    mode.add_argument("--selftest", action="store_true", help="check the harness itself")
    parser.add_argument("--library", type=Path, default=ROOT / "build" / "lib" / "libriskcheck.so")
    parser.add_argument("--seed", type=int, default=1, help="what the records are made from")
    parser.add_argument("--scenario", default="", help="only scenarios whose name begins so")
    arguments = parser.parse_args()
    library: Path = arguments.library.absolute()
    if arguments.selftest:
        return selftest(library)
    rounds, order_rounds, load_rounds = ("300", "400", "25") if arguments.quick else ("2000", "2000", "101")
    options = ["--rounds", rounds, "--order-rounds", order_rounds, "--load-rounds", load_rounds]
    if arguments.scenario:
        options += ["--scenario", arguments.scenario]
    return measure(library, arguments.seed, options)


if __name__ == "__main__":
    sys.exit(main())
