"""A made-up file of results, for the self-test: calls drawn at random, and every figure computed from them. Not a
measurement, and in no way like one."""

from __future__ import annotations

import copy
import math
import random
from collections import Counter
from functools import cache
from typing import Any

from reading import FRACTIONS, Row, quantile

CALLS = 10_000
COST_NS = 30.0
GHZ = 3.25
LIKES = ("desk.many", "desk.many/floor", "desk.one", "desk.one/floor", "batch.many", "latch.many")
CONTROLS = ("alone.many/session", "alone.many/loss", "controls.many", "controls.many/unarmed")
GROWTH = {"": 16, "/1024": 1024, "/65536": 65536}

Pairs = list[tuple[float, int]]


def edge(value: float) -> float:
    """The highest value of the bucket, of which there are 64 in each power of two."""
    width = 2.0 ** (math.floor(math.log2(value)) - 6)
    return math.ceil(value / width) * width


def counted(calls: list[float]) -> Pairs:
    return sorted(Counter(map(edge, calls)).items())


@cache
def drawn(middle: float) -> Pairs:
    """Spread about the middle; about one in two thousand is ten times as long."""
    chance = random.Random(middle)
    calls = [middle * math.exp(chance.gauss(0, 0.1)) for _ in range(CALLS)]
    return counted([call * 10 if chance.random() < 1 / 2000 else call for call in calls])


def percentiles(pairs: Pairs, less: float = 0.0) -> dict[str, float | None]:
    """None where fewer than one whole call is expected beyond."""
    found: dict[str, float | None] = {
        key: quantile(pairs, fraction) - less if CALLS * (1 - fraction) >= 1 - 1e-9 else None
        for key, fraction in FRACTIONS.items()
    }
    return found | {"max": pairs[-1][0] - less}


@cache
def jitter() -> dict[str, float | None]:
    return percentiles(drawn(COST_NS + 20)) | {"samples": CALLS}


def row(scenario: str, middle: float) -> Row:
    pairs = drawn(middle + COST_NS)
    made: Row = {"scenario": scenario, "unit": "ns/check"} | percentiles(pairs)
    made |= {"p50": middle, "ops_per_second": 1e9 / middle, "samples": CALLS, "kept": 90, "dropped": 10}
    made |= {"net": percentiles(pairs, COST_NS), "jitter": dict(jitter())}
    made |= {
        "histogram": [list(pair) for pair in pairs],
        "ghz": GHZ,
        "handover_ns": None,
        "extra": {"of_it": 1.5},
    }
    made |= {"ratio": None, "against": None, "ratio_of": None, "target": None, "met": None, "note": None}
    return made | {"counters": {"instructions": 1266.0, "cycles": None}}


def compare(rows: list[Row], scenario: str, against: str) -> None:
    of = {made["scenario"]: made for made in rows}
    of[scenario] |= {"ratio": of[scenario]["p50"] / of[against]["p50"], "against": against, "ratio_of": "p50"}


def open_rows() -> list[Row]:
    """Ten seconds, of which number seven stalls."""
    rows = []
    for scenario in ("open.poisson.100k", "open.bursty.1m"):
        made = row(scenario, 250.0)
        made["windows"] = [
            {"second": second, "count": 2000, "p50": 250.0, "p99": 400.0, "p999": 600.0, "max": 9000.0}
            for second in range(10)
        ]
        made["windows"][7] |= {"p999": 77_700.0, "max": 88_800.0}
        rows.append(made)
    return rows


def old_rows() -> list[Row]:
    """Rows of an earlier form, without any of the newer keys, or with null in their places."""
    bare: Row = {"scenario": "load", "unit": "ms", "p50": 10.2, "p99": None, "p999": None, "kept": 15}
    stream: Row = {"scenario": "ring.stream", "unit": "ns/record", "p50": None, "ops_per_second": 2.4e7}
    keys = ("histogram", "jitter", "net", "windows", "point", "counters", "samples", "extra", "note", "ghz")
    return [bare, stream | dict.fromkeys(keys), {"scenario": "threads.apart/nothing"}]


def machine() -> dict[str, Any]:
    said: dict[str, Any] = {"model": "Made up", "cores": 2, "kernel": "none", "governor": "unknown"}
    said |= {"virtualisation": "imagined", "clock_ghz": GHZ, "tick_step_ns": 10.0, "tick_cost_ns": COST_NS}
    return said | {"counters": "none: nothing was measured"}


def top() -> dict[str, Any]:
    said: dict[str, Any] = {"valid": True, "seed": 1, "checksum": "12345", "machine": machine()}
    said["build"] = {"version": "0.0.0", "mode": "embedded", "commit": "0123456789ab", "boost": None}
    return said | {"configuration": {"orders_max": 4096}, "rule": "none is dropped", "corrupt": []}


def results() -> dict[str, Any]:
    rows = [row(name, 100.0 + 20 * index) for index, name in enumerate((*LIKES, *CONTROLS))]
    for index, (name, x) in enumerate(GROWTH.items()):
        made = row(f"growth.rows{name}", 100.0 * (index + 1))
        rows.append(made | {"point": {"of": "position rows", "x": x}})
    for made in rows[len(LIKES) :]:
        del made["histogram"]
    rows += open_rows() + old_rows()
    next(made for made in rows if made["scenario"] == "desk.one")["counters"] = {"cycles": None}
    for scenario in ("desk.many", "desk.one"):
        compare(rows, scenario, f"{scenario}/floor")
    compare(rows, "controls.many", "controls.many/unarmed")
    for scenario, met in (("desk.many", False), ("desk.one", True), ("latch.many", None)):
        next(made for made in rows if made["scenario"] == scenario).update(target="as wanted", met=met)
    skipped = [{"scenario": "pages.huge", "reason": "there are no huge pages"}]
    about = [{"name": "desk.many", "about": "ten limits armed"}]
    return top() | {"skipped": skipped, "scenarios": about, "rows": rows}


def peers() -> dict[str, Any]:
    rows = [row("peers.check/riskcheck", 110.0), row("peers.check/other", 3300.0)]
    rows[1]["note"] = "keeps no order; knows no margin"
    compare(rows, "peers.check/other", "peers.check/riskcheck")
    return top() | {
        "rows": rows,
        "skipped": [{"scenario": "peers.check/none", "reason": "see https://a.b/c"}],
    }


def invalid(of: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(of) | {"valid": False, "corrupt": ["desk.many"]}


def another_run(of: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same with every p50 and ratio off by less than one per cent."""
    chance, run = random.Random(seed), copy.deepcopy(of)
    for made in run["rows"]:
        for key in ("p50", "ratio"):
            if made.get(key) is not None:
                made[key] *= 1 + chance.uniform(-0.009, 0.009)
    return run
