#!/usr/bin/env python3
"""riskcheck from Python beside what else a Python host can ask: the same orders, one run, alternating blocks.

Each contender does what it can do; what that is, and what it is not, stands in its row. An oracle says beforehand which
orders each of them must refuse, as far as it has the control: one that answers otherwise makes the run INVALID.
What a host has to do is timed in parts: make an order, check it, release it, or fill it. `prepared` is check and
release alone, as if orders cost nothing to make; `whole` an order that is made, checked, released, `filled` one that
is made, checked, filled. Each part is an average over the orders that it is about, refused ones among them. Checks are
timed one by one as well. Times are medians over rounds, ratios medians within rounds.

run.py             writes build/bench/peers.json; peers are installed into build/bench/peers-venv
run.py --selftest  is this honest? Seconds; needs no peer
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from contender import PARTS, Contender
from environment import installed
from measuring import BASE, Disturbed, Measured, measure, rows_of
from with_riskcheck import package
from workload import CASH, INSTRUMENTS, NOTIONAL_MAX, ORDERS, QUANTITY_MAX, RATE, WIDE

ROOT = Path(__file__).resolve().parent.parent.parent
INVALID = 3
CONTENDERS = {  # name: module and class
    "riskcheck-bound": ("with_riskcheck", "Bound"),
    "riskcheck-plain": ("with_riskcheck", "Plain"),
    "riskcheck-native": ("with_riskcheck", "Native"),
    "old-checker": ("with_old_checker", "OldChecker"),
    "openpit": ("with_openpit", "OpenPit"),
    "nautilus": ("with_nautilus", "Nautilus"),
    "vnpy": ("with_vnpy", "Vnpy"),
}
INSTALLED = ("openpit", "nautilus", "vnpy")  # into the environment; the others are here


def kinds_of(names: list[str], missing: dict[str, str]) -> tuple[list[type[Contender]], dict[str, str]]:
    """The contenders that can be made, and why the others cannot: a peer that does not load leaves the others alone."""
    kinds, skipped = [], dict(missing)
    for name in names:
        if name in skipped:
            continue
        module, kind = CONTENDERS[name]
        found: type[Contender] = getattr(importlib.import_module(module), kind)
        if name in INSTALLED:
            try:
                found(WIDE).close()
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                skipped[name] = " ".join(f"it does not start: {type(error).__name__}: {error}".split())
                continue
        kinds.append(found)
    return kinds, skipped


def first_line(path: str) -> str:
    try:
        return Path(path).read_text().partition("\n")[0]
    except OSError:
        return "unknown"


def machine(clock_ns: float | None) -> dict[str, Any]:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return {
        "model": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "governor": first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "frequency_policy": "unknown",
        "virtualisation": "unknown",
        "memory": None,
        "huge_pages": None,
        "clock_ghz": None,
        "tick_step_ns": None,
        "tick_cost_ns": clock_ns,
        "counters": "none are asked from Python",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def build() -> dict[str, Any]:
    abi = package().abi
    found = abi.Build(struct_size=ctypes.sizeof(abi.Build))
    abi.check(abi.lib.rck_build_info(found))
    said = {name: getattr(found, name).decode() for name in ("version", "mode", "compiler", "commit")}
    return {**said, "harness_compiler": None, "boost": None}


def results_of(measured: Measured, rows: list[dict[str, Any]], skipped: dict[str, str]) -> dict[str, Any]:
    return {
        "valid": not measured.corrupt,
        "seed": measured.seed,
        "checksum": f"{measured.checksum:08x}",
        "machine": machine(statistics.median(measured.clock_ns)),
        "build": build(),
        "configuration": {
            "orders_a_block": ORDERS,
            "instruments": len(INSTRUMENTS),
            "accounts": len(CASH),
            "quantity_max": QUANTITY_MAX,
            "notional_max_cents": NOTIONAL_MAX,
            "orders_a_second_max": RATE,
        },
        "rule": measured.rule,
        "scenarios": [{"name": f"peers.{part}", "about": about} for part, about in PARTS.items()],
        "corrupt": [f"peers.check/{name}" for name in measured.corrupt],
        "skipped": [{"scenario": f"peers.check/{name}", "reason": why} for name, why in skipped.items()],
        "rows": rows,
    }


def report(results: dict[str, Any], measured: Measured) -> None:
    names = [contender.name for contender in measured.contenders]
    rows = {row["scenario"]: row for row in results["rows"]}
    print(f"{'ns an order':<14}" + "".join(f"{name:>20}" for name in names))
    for part in PARTS:
        line = f"{part:<14}"
        for name in names:
            row = rows.get(f"peers.{part}/{name}")
            times = "" if row is None or row["ratio"] is None else f"{row['ratio']:.2f}x"
            line += f"{'-' if row is None else format(row['p50'], ',.0f'):>12}{times:>8}"
        print(line)
    for name in ("p50", "p90", "p99"):
        found = (rows[f"peers.check/{contender}"]["net"][name] for contender in names)
        print(
            f"{'one, ' + name:<14}"
            + "".join(f"{'-' if ns is None else format(ns, ',.0f'):>12}{'':8}" for ns in found)
        )
    cost = results["machine"]["tick_cost_ns"]
    print(f"x: times {BASE}. one: single checks, less the {cost:.0f} ns of the clock.")
    print(f"rounds: {measured.kept} kept of {measured.run}, {ORDERS} orders each; seed {measured.seed}")
    said: dict[tuple[str, str], list[str]] = {}
    for contender in measured.contenders:
        said.setdefault((contender.does, contender.does_not), []).append(contender.name)
    for (does, does_not), alike in said.items():
        print(f"{', '.join(alike)}\n  does: {does}\n  does not: {does_not}")
    for row in results["rows"]:
        if row["target"] is not None:
            print(f"{'met' if row['met'] else 'MISSED'}: {row['scenario']}: {row['target']}")


def inside(arguments: argparse.Namespace, names: list[str], missing: dict[str, str]) -> int:
    """In the interpreter that has the peers."""
    kinds, skipped = kinds_of(names, missing)
    options = {"plant": arguments.plant, "disturbed": arguments.disturbed}
    measured = measure(kinds, arguments.rounds, arguments.seed, **options)
    try:
        rows = rows_of(measured)
    except Disturbed as error:
        print(f"peers: {error}", file=sys.stderr)
        return INVALID if measured.corrupt else 1
    results = results_of(measured, rows, skipped)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    report(results, measured)
    for name, why in skipped.items():
        print(f"SKIPPED {name}: {why}")
    for name, why in measured.corrupt.items():
        print(f"INVALID: {name}: {why}")
    return INVALID if measured.corrupt else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", action="append", choices=CONTENDERS, help=f"this contender, beside {BASE}; may be repeated"
    )
    parser.add_argument("--plant", action="store_true", help="falsify an answer of each: INVALID, status 3")
    parser.add_argument("--disturbed", action="store_true", help="keep rounds that lost the core, too")
    parser.add_argument("--library", type=Path, default=ROOT / "build" / "lib" / "libriskcheck.so")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "peers.json")
    parser.add_argument("--selftest", action="store_true", help="check the comparison itself")
    parser.add_argument("--inside", help="this is the environment with the peers; what is missing, and why")
    arguments = parser.parse_args()
    os.environ["RISKCHECK_LIBRARY"] = str(arguments.library.absolute())
    if arguments.selftest:
        return int(importlib.import_module("selftest").main())
    names = [name for name in CONTENDERS if not arguments.only or name in (BASE, *arguments.only)]
    if arguments.inside is not None:
        return inside(arguments, names, json.loads(arguments.inside))
    wanted = [name for name in names if name in INSTALLED]
    if not wanted:
        return inside(arguments, names, {})
    python, missing = installed(wanted)
    command = [str(python), __file__, "--inside", json.dumps(missing), *sys.argv[1:]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
