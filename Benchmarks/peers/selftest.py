"""Is the comparison honest? Of what needs no installed peer: the oracle, riskcheck, the old checker, the arithmetic.

One line for each thing that must hold; measures nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import figures
from contender import Contender, answers_of, trade
from measuring import BASE, RULE_DISTURBED, Disturbed, measure, rows_of
from with_old_checker import OldChecker
from with_riskcheck import Bound, Native, Plain
from workload import (
    CONTROLS,
    EDGES,
    MANY,
    POOR,
    PROBES,
    RATE_ASKED,
    RICH,
    WIDE,
    Oracle,
    Order,
    Rate,
    orders_of,
)

ROUNDS = 12
INVALID = 3
KINDS: list[type[Contender]] = [Bound, Plain, Native, OldChecker]
ROW_KEYS = {
    *("scenario", "unit", "p50", "p90", "p99", "p999", "ops_per_second", "ratio", "against", "ratio_of"),
    *("target", "met", "kept", "dropped", "ghz", "handover_ns", "extra", "note"),
}


class Checks:
    """Prints what held and what did not."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def must(self, what: str, holds: bool, why: object = "") -> None:
        self.passed, self.failed = self.passed + holds, self.failed + (not holds)
        print(f"pass {what}" if holds else f"FAIL {what} {why}".rstrip())


class Lying(OldChecker):
    """Says that the eighth order of a block passed, whatever it is."""

    name = "lying"

    def passed(self, answers: list[Any]) -> list[bool]:
        return [answer is None or at == 7 for at, answer in enumerate(answers)]


def check_oracle(checks: Checks) -> None:
    everything = frozenset(CONTROLS)

    def refusals(orders: list[Order], controls: frozenset[str], reserves: bool, rate: Rate) -> list[str]:
        oracle = Oracle(controls, reserves, rate)
        return [oracle.refused_by(order) for order in orders]

    wanted = ["", "notional", "quantity", "", "", "", "funds", "", "funds"]
    checks.must("each edge falls where it must", refusals(EDGES, everything, True, WIDE) == wanted)
    without = ["", "notional", "quantity", *[""] * 6]
    found = refusals(EDGES, everything, False, WIDE)
    checks.must("who reserves nothing has the money again for each order", found == without, found)
    found = refusals(MANY, everything, True, Rate(RATE_ASKED))
    checks.must(
        "a rate refuses what is above it", found == [""] * RATE_ASKED + ["rate"] * (64 - RATE_ASKED), found
    )
    found = refusals(MANY, everything - {"rate"}, True, Rate(RATE_ASKED))
    checks.must("who has no control refuses nothing by it", not any(found), found)
    found = [why for why in refusals(orders_of(1), everything, True, WIDE) if why]
    wanted = ["quantity", "notional", "funds", "quantity", "notional", "funds", "quantity", "notional"]
    checks.must("every eighth order breaks one rule by turns", found == wanted, found)
    one = Order(POOR, 0, 100, 10_000)
    checks.must(
        "the poor account is refused alone, too", refusals([one], everything, True, WIDE) == ["funds"]
    )
    checks.must("orders are made of a seed", orders_of(5) == orders_of(5) != orders_of(6))
    checks.must("the rich account trades most", [order.account for order in orders_of(1)].count(RICH) == 62)


def check_contender(checks: Checks, kind: type[Contender]) -> None:
    """Order by order, against the oracle: the probes, and rounds as they are measured."""
    for what, orders, rate in PROBES:
        contender = kind(rate)
        said, wanted = (
            answers_of(contender, orders),
            Oracle(kind.controls, kind.reserves, rate).passes(orders),
        )
        contender.close()
        checks.must(f"{kind.name} agrees with the oracle: {what}", said == wanted, said)
    contender, agreed, counted = kind(WIDE), 0, 0
    for seed in range(ROUNDS):
        orders = orders_of(seed)
        wanted = Oracle(kind.controls, kind.reserves).passes(orders)
        outcome = trade(contender, orders)
        for said in (outcome.passed_before, outcome.passed, outcome.passed_singly):
            agreed += sum(one == other for one, other in zip(said, wanted, strict=True))
            counted += len(wanted)
    contender.close()
    checks.must(f"{kind.name} agrees with the oracle in rounds", agreed == counted, f"{agreed} of {counted}")


def check_faults(checks: Checks) -> None:
    measured = measure([Bound, Lying], 5, 1, disturbed=True)
    checks.must("who answers otherwise is found, and nobody else", list(measured.corrupt) == ["lying"])
    measured = measure(KINDS, 5, 1, plant=True, disturbed=True)
    names = [kind.name for kind in KINDS]
    checks.must("a planted answer is found in each", list(measured.corrupt) == names, measured.corrupt)
    measured = measure([Bound, OldChecker], 1, 1, disturbed=True)
    try:
        rows_of(measured)
    except Disturbed:
        checks.must("too few rounds give no figure", True)
    else:
        checks.must("too few rounds give no figure", False)


def check_program(checks: Checks) -> None:
    """The program as it is called, with a plant and without, by a Python that sees no installed package."""
    run = [
        sys.executable,
        "-S",
        str(Path(__file__).parent / "run.py"),
        "--inside",
        json.dumps({"openpit": "why"}),
    ]
    for name in (OldChecker.name, "openpit", "vnpy"):
        run += ["--only", name]
    run += ["--rounds", "6", "--disturbed", "--library", os.environ["RISKCHECK_LIBRARY"]]
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "peers.json")
        for plant, status in (([], 0), (["--plant"], INVALID)):
            done = subprocess.run(
                [*run, *plant, "--json", str(written)], check=False, capture_output=True, text=True
            )
            what = " ".join(["a run", *plant])
            checks.must(f"{what} ends with status {status}", done.returncode == status, done.stderr[-500:])
            results = json.loads(written.read_text())
            checks.must(f"{what} says whether it is valid", results["valid"] is (status == 0))
            checks.must(f"{what} names who is corrupt", bool(results["corrupt"]) is (status == INVALID))
            checks.must(f"{what} says that it kept every round", results["rule"] == RULE_DISTURBED)
            if status == 0:
                check_rows(checks, results["rows"])
                skipped = {skip["scenario"]: skip["reason"] for skip in results["skipped"]}
                checks.must(
                    "what is not installed is skipped", skipped.pop("peers.check/openpit", "") == "why"
                )
                found = skipped.pop("peers.check/vnpy", "")
                checks.must("so is what does not load", "ModuleNotFoundError" in found and not skipped, found)


def check_rows(checks: Checks, rows: list[dict[str, Any]]) -> None:
    names = [row["scenario"] for row in rows]
    checks.must("seven parts of two contenders are rows", len(names) == len(set(names)) == 14, names)
    checks.must("rows have every key", all(row.keys() >= ROW_KEYS for row in rows))
    compared = [row["against"] for row in rows if row["against"]]
    checks.must("half of them are compared, with rows", len(compared) == 7 and set(compared) <= set(names))
    told = all(row["does"] and row["does_not"] and row["does"] in row["note"] for row in rows)
    checks.must("rows say what is done and what is not", told)
    single = {row["scenario"]: row for row in rows}[f"peers.check/{BASE}"]
    counted = sum(count for _, count in single["histogram"])
    checks.must("every single call is in the histogram", counted == single["samples"] == 6 * 64, counted)
    checks.must("the clock's cost is taken from single calls", single["net"]["max"] < single["max"])


def check_figures(checks: Checks) -> None:
    hundred = [float(value) for value in range(1, 101)]
    found = figures.percentiles(hundred[::-1])
    wanted = {"p50": 50, "p90": 90, "p99": 99, "p999": None, "p9999": None, "p99999": None, "max": 100}
    checks.must("percentiles of 1 to 100 are known", found == wanted, found)
    checks.must("of nothing there is none", not any(figures.percentiles([]).values()))
    ratio = figures.ratio_within([2, 30, 8], [1, 10, 2])
    checks.must("a ratio is the median of the rounds' ratios", ratio == 3, ratio)
    checks.must("nothing takes less than no time", figures.less([30, 70, 100], 70) == [0, 0, 30])
    exact = [figures.highest_alike(value) for value in (0, 1, 127)]
    wide = [figures.highest_alike(value) for value in (128, 129, 130, 255, 256, 1_000_000)]
    checks.must("short times are exact in a histogram", exact == [0, 1, 127], exact)
    checks.must("longer ones by the top of their bucket", wide == [129, 129, 131, 255, 259, 1_007_615], wide)
    counted = figures.histogram([5, 128, 129, 5])
    checks.must("a histogram counts", counted == [[5, 2], [129, 2]], counted)


def main() -> int:
    checks = Checks()
    check_figures(checks)
    check_oracle(checks)
    for kind in KINDS:
        check_contender(checks, kind)
    check_faults(checks)
    check_program(checks)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0
