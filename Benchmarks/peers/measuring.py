"""Rounds of blocks in alternating order, what they say, and whether it counts."""

from __future__ import annotations

import gc
import statistics
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from contender import PARTS, Contender, Outcome, answers_of, trade
from figures import histogram, less, percentile, percentiles, ratio_within, row
from workload import ORDERS, PROBES, WIDE, Oracle, orders_of

BASE = "riskcheck-bound"
TARGET, TARGET_PEER = 5.0, "openpit"
PATIENCE, ROUNDS_LEAST = 10, 5  # rounds run at most for each one wanted; the fewest that give a figure
WARMING = 2  # rounds that count for nothing
RULE_DISTURBED = "every round is kept, disturbed or not, save the first two"
RULE = "a round in which the kernel took the core from any contender is dropped for all of them; so are the first two"


class Disturbed(Exception):
    """Too few rounds were left alone."""


@dataclass
class Measured:
    seed: int
    contenders: list[Contender]
    outcomes: dict[str, list[Outcome]]
    corrupt: dict[str, str] = field(default_factory=dict)  # contender: the first thing it said wrong
    clock_ns: list[int] = field(default_factory=list)
    checksum: int = 0
    run: int = 0
    rule: str = RULE

    @property
    def kept(self) -> int:
        return len(self.outcomes[self.contenders[0].name])

    @property
    def dropped(self) -> int:
        return self.run - self.kept

    def judge(self, contender: Contender, what: str, said: list[bool], wanted: list[bool]) -> None:
        if said != wanted:
            at = [number for number, pair in enumerate(zip(said, wanted, strict=True)) if pair[0] != pair[1]]
            fault = f"{what}: order {at[0]} and {len(at) - 1} more are not answered as the oracle says"
            self.corrupt.setdefault(contender.name, fault)


def clock_alone(times: list[int]) -> None:
    """The same readings of the clock as around a call, with nothing in between."""
    clock = time.perf_counter_ns
    for _ in range(ORDERS):
        begun = clock()
        times.append(clock() - begun)


def ask(measured: Measured, kind: type[Contender]) -> None:
    """What needs a contender of its own: the edges of rules, money that is held, a rate."""
    for what, orders, rate in PROBES:
        contender = kind(rate)
        try:
            wanted = Oracle(kind.controls, kind.reserves, rate).passes(orders)
            measured.judge(contender, what, answers_of(contender, orders), wanted)
        finally:
            contender.close()


def measure(
    kinds: list[type[Contender]], rounds: int, seed: int, *, plant: bool = False, disturbed: bool = False
) -> Measured:
    """`plant` falsifies one answer of each contender, which must be noticed; `disturbed` keeps every round."""
    contenders = [kind(WIDE) for kind in kinds]
    measured = Measured(seed, contenders, {contender.name: [] for contender in contenders})
    measured.rule = RULE_DISTURBED if disturbed else RULE
    for kind in kinds:
        ask(measured, kind)
    gc.collect()
    gc.freeze()  # a collection looks at what the rounds make, not at all that was imported
    try:
        number = 0
        while measured.kept < rounds and number < rounds * PATIENCE + WARMING:
            said = run_round(measured, number, plant)
            if number >= WARMING and (disturbed or all(outcome.calm for outcome in said.values())):
                for name, outcome in said.items():
                    measured.outcomes[name].append(outcome)
            number += 1
        measured.run = number
    finally:
        gc.unfreeze()
        for contender in contenders:
            contender.close()
    return measured


def run_round(measured: Measured, number: int, plant: bool) -> dict[str, Outcome]:
    orders = orders_of(measured.seed + number)
    measured.checksum = zlib.crc32(repr(orders).encode(), measured.checksum)
    turn = measured.contenders if number % 2 == 0 else measured.contenders[::-1]
    said: dict[str, Outcome] = {}
    clock_alone(measured.clock_ns)
    for contender in turn:
        outcome = said[contender.name] = trade(contender, orders)
        if plant and number == 0:
            outcome.passed[0] = not outcome.passed[0]
        wanted = Oracle(contender.controls, contender.reserves).passes(orders)
        measured.judge(contender, f"round {number}, before it", outcome.passed_before, wanted)
        measured.judge(contender, f"round {number}, the block", outcome.passed, wanted)
        measured.judge(contender, f"round {number}, one by one", outcome.passed_singly, wanted)
    return said


def rows_of(measured: Measured) -> list[dict[str, Any]]:
    if measured.kept < ROUNDS_LEAST:
        raise Disturbed(f"{measured.kept} rounds kept of {measured.run}: run again")
    rows = []
    for part in PARTS:
        for contender in measured.contenders:
            if part in measured.outcomes[contender.name][0].parts:
                rows.append(part_row(measured, part, contender))
    return rows


def part_row(measured: Measured, part: str, contender: Contender) -> dict[str, Any]:
    means = [outcome.parts[part] for outcome in measured.outcomes[contender.name]]
    ordered = sorted(means)
    fields: dict[str, Any] = {
        "kept": measured.kept,
        "dropped": measured.dropped,
        "extra": {f"block_{name}": percentile(ordered, at) for name, at in (("p90", 0.9), ("p99", 0.99))},
        "note": note_of(contender),
        "does": contender.does,
        "does_not": contender.does_not,
    }
    if part == "check":
        fields |= singles_of(measured, contender)
    if contender.name != BASE:
        ratio = ratio_within(means, [outcome.parts[part] for outcome in measured.outcomes[BASE]])
        fields |= {"ratio": ratio, "against": f"peers.{part}/{BASE}", "ratio_of": "p50"}
        if contender.name == TARGET_PEER and part in ("whole", "filled"):
            fields |= {"target": f"{BASE} at least {TARGET:g} times faster", "met": ratio >= TARGET}
    return row(f"peers.{part}/{contender.name}", statistics.median(means), **fields)


def singles_of(measured: Measured, contender: Contender) -> dict[str, Any]:
    times = [time for outcome in measured.outcomes[contender.name] for time in outcome.singles]
    found = percentiles(times)
    del found["p50"]  # of the row it is that of blocks
    net = percentiles(less(times, statistics.median(measured.clock_ns)))
    return {**found, "samples": len(times), "net": net, "histogram": histogram(times)}


def note_of(contender: Contender) -> str:
    controls = ", ".join(sorted(contender.controls))
    reserves = "reserves" if contender.reserves else "reserves nothing"
    made = f"made before the call: {contender.prepared}"
    return f"{contender.name}: {controls}; {reserves}; {made}. Does: {contender.does}. Not: {contender.does_not}."
