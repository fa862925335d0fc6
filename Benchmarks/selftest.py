"""Is the harness itself honest? Runs all of it in small, and with faults planted. Seconds; measures nothing."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from building import OUTPUT, ROOT, SOURCES, build, build_checker, compile_program

DEBUG_REFUSED = 4
INVALID = 3

ROW_KEYS = {"scenario", "unit", "p50", "p99", "p999", "ops_per_second", "ratio", "against"}
ROW_KEYS |= {"p90", "p9999", "p99999", "max", "net", "jitter", "histogram", "windows", "point", "counters"}
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
    "scenarios",
}
MACHINE_KEYS = {"model", "cores", "kernel", "governor", "frequency_policy", "virtualisation", "clock_ghz"}
MACHINE_KEYS |= {"tick_cost_ns", "counters", "memory_lock", "huge_pages"}
BUILD_KEYS = {"version", "mode", "compiler", "commit"}

Results = dict[str, Any]


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
SMALL += ["--open-ms", "40", "--open-windows", "1"]


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
    listed = [scenario["name"] for scenario in results["scenarios"]]
    strays = {name for name in names if name.split("/")[0].removesuffix(".far") not in listed}
    checks.must("each row is of a scenario that is listed", not strays, strays)
    rowless = {name for name in listed if not any(row.startswith(name) for row in names)}
    rowless -= {skip["scenario"].split("/")[0] for skip in results["skipped"]}
    checks.must("each scenario that is listed has rows", not rowless, rowless)
    checks.must("there are rows, each of its own name", 0 < len(names) == len(set(names)), names)
    for row in rows:
        checks.must(f"row {row['scenario']} has every key", row.keys() >= ROW_KEYS, ROW_KEYS - row.keys())
        against = row["against"]
        checks.must(
            f"row {row['scenario']} is compared with a row", against is None or against in names, against
        )


def check_plants(checks: Checks, program: Path, scratch: Path, contenders: set[str]) -> None:
    """A plant in every contender is found in every one; one in the first alone by the oracle, and in its peer."""
    families = (
        "ring",
        "desk",
        "full",
        "controls",
        "alone",
        "lifecycle",
        "growth",
        "memory",
        "pages",
        "batch",
    )
    for scenario in (*families, "threads", "changes", "latch", "journal.check", "flow", "open"):
        these = {name for name in contenders if name.startswith(scenario)}
        if scenario == "open":  # the floor of an open loop has no oracle
            these = {name for name in these if "/" not in name}
        for plant in ("bit", "order", "lost") if scenario == "ring" else ("bit",):
            if these:
                check_plant(checks, program, scratch, scenario, plant, these)
    desks = {f"desk.{name}" for name in ("many", "one", "refused.many", "refused.one")}
    compared = desks | {f"{name}/floor" for name in desks}
    check_plant(checks, program, scratch, "desk", "verdict", compared)
    judged = desks | {f"desk.refused.{name}/accepted" for name in ("many", "one")}
    check_plant(checks, program, scratch, "desk", "held", judged)
    batches = {f"batch.{name}" for name in ("many", "one", "rows", "legs")}
    compared = batches | {f"{name}/single" for name in batches}
    compared |= {name for name in contenders if name.startswith("batch.size")}
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


def check_flow(checks: Checks, program: Path, scratch: Path) -> None:
    """The flow that is made is read again as it was; a line that is none is refused by its number."""
    flow = OUTPUT / "flow.csv"
    subprocess.run([str(program), "--seed", "7", "--flow-sample", str(flow)], check=True)
    options = ["--scenario", "flow.one", "--seed", "7"]
    made, read = (run_small(program, scratch, *options, *more)[1] for more in ([], ["--flow", str(flow)]))
    checks.must(
        "a flow's file has the checksum of the flow that it was made from",
        made is not None and read is not None and made["checksum"] == read["checksum"],
    )
    lines = flow.read_text().splitlines()
    lines[40] = lines[40].replace(",", ";", 1)
    flow.write_text("\n".join(lines) + "\n")
    status, results = run_small(program, scratch, *options, "--flow", str(flow))
    told = results["corrupt"] if results is not None else []
    checks.must(
        "a line that is no order flow is named", status == INVALID and "line 41" in "".join(told), told
    )


def check_clock(checks: Checks, program: Path, scratch: Path) -> None:
    """The portable clock is used where it is asked for; a clock that there is not is refused."""
    for name, timer in (("tsc", "time stamp counter"), ("monotonic", "CLOCK_MONOTONIC")):
        status, results = run_small(program, scratch, "--scenario", "desk.one", "--clock", name)
        told = results["machine"]["timer"] if results is not None else None
        checks.must(f"--clock {name} measures by it", status == 0 and told == timer, told)
    status, _ = run_small(program, scratch, "--clock", "sundial")
    checks.must("a clock that there is not is refused", status == 2, status)


def check_help(checks: Checks, program: Path) -> None:
    told = subprocess.run(
        [str(program), "--scenario", "latch.many", "--help"], check=False, capture_output=True, text=True
    )
    checks.must(
        "a scenario's help says what it measures", told.returncode == 0 and "kill latch" in told.stdout
    )


def build_without_boost(library: Path) -> Path:
    flags = ["-O0", "-DRISKBENCH_WITHOUT_BOOST"]
    return compile_program("riskbench", library, "riskbench-without-boost", flags)


def check_without_boost(checks: Checks, program: Path, scratch: Path) -> None:
    status, results = run_small(program, scratch, "--scenario", "ring.pingpong")
    skipped = [skip["scenario"] for skip in results["skipped"]] if results is not None else []
    checks.must(
        "without boost the run is good and says what it skips", status == 0 and "/boost" in "".join(skipped)
    )


def selftest(library: Path) -> int:
    checks = Checks()
    with ThreadPoolExecutor(2) as pool:  # of what takes long to compile
        made = [pool.submit(build, library), pool.submit(build_checker, library)]
        plain = pool.submit(build_without_boost, library)
        program, checker = (future.result() for future in made)
        without_boost = plain.result()
    scratch = OUTPUT / "selftest.json"

    check_itself(checks, program, "--check")
    for part in ("floor", "agreement", "planted", "oracle"):
        check_itself(checks, checker, part)
    check_flow(checks, program, scratch)
    check_help(checks, program)
    check_clock(checks, program, scratch)
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
    check_without_boost(checks, without_boost, scratch)
    scratch.unlink(missing_ok=True)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(
        selftest(Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT / "build/lib/libriskcheck.so")
    )
