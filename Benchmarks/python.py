#!/usr/bin/env python3
"""What a check costs from Python, by each of the ways that the package has, in alternating blocks of one run.

Each block sends the same orders, the id, price and quantity of each new; all pass, and all are released before the
next block, outside the measured time. `floor` is what Python itself costs the fast path: the same three values
written by the same packed store, and the same call of three converted arguments to a C function that is empty. `floor
of one` hands over a single argument. `cells` writes the three values through a memoryview instead, `fields` as fields
of the ctypes record.
`batch` is check alone over arrays whose addresses were fetched once; `batch, written` fills three columns with numpy
first. `from C` is the same block in a loop of C: what of a call is the library's own.

Times are medians over the rounds in which the kernel took the core from nobody, and what a tenth of them did not
exceed: on a shared machine the nearest to a quiet core. Ratios are medians within rounds.
The second part says why single calls keep the interpreter's lock and batches give it up: the cost of giving it up
alone, and beside another thread that computes.
"""

import argparse
import ctypes
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from python_rows import rows_of

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "bench" / "python.json"
RATIO_MAX, BOUND_NS_MAX, BATCH_NS_MAX = 1.3, 600, 60
BLOCK, BATCH = 256, 1024
ROUNDS, ROUNDS_QUICK = 100, 15
RATE = 1 << 14  # orders in a millisecond, of which the quickest way sends fewer
CASES = {  # name: (discipline, limits armed)
    "many writers, ten limits": ("MANY_WRITERS", 10),
    "one writer, ten limits": ("ONE_WRITER", 10),
    "one writer, no limits": ("ONE_WRITER", 0),
}
SUFFIXES = dict(zip(CASES, ("many", "one", "one/no-limits"), strict=True))  # of scenarios' names
PATIENCE, ROUNDS_LEAST = 20, 5  # rounds run at most for each one wanted; the fewest that give a figure
EMPTY = """
#include <stdint.h>
int32_t empty(void *port, const void *order, void *verdict) { return 0; }
int32_t empty_of_one(void *argument) { return 0; }
void block(int32_t (*check)(void *, const void *, void *), void *port, int64_t *order, void *verdict,
           int64_t first, int64_t count) {
  for (int64_t number = first; number < first + count; number++) {
    order[0] = number;
    order[1] = 9900 + (number & 127);
    order[2] = 100 + (number & 63);
    check(port, order, verdict);
  }
}
"""
TERMS: Any = {"account": 1, "instrument": 1, "side": 1}
WHO: Any = {"actor": 1, "reason": "benchmark"}


def engine_of(rck: Any, discipline: int, limits: int) -> Any:
    """The first of ten limits, none of which an order here exceeds."""
    control, measure = rck.Control, rck.Measure
    engine = rck.Engine(
        discipline=discipline, rate_exact_max=RATE, windows_max=128, orders_max=4096, retired_ids_max=4096
    )
    engine.currency(1, "USD", rate=1)
    engine.account(1, "desk", permissions=rck.Permit.ALL)
    engine.instrument(1, "ACME", currency=1, price_decimals=2, tick="0.01", margin_bps=[10_000])
    for fields in (
        {"control": control.ORDER_QUANTITY, "account": 1, "hard": 10_000},
        {"control": control.ORDER_NOTIONAL, "account": 1, "hard": 10**12},
        {"control": control.COLLAR, "instrument": 1, "hard": 5_000, "measure": measure.BPS, "reference": 1},
        {"control": control.POSITION, "account": 1, "instrument": 1, "side": 1, "hard": 10**9},
        {"control": control.POSITION, "account": 1, "instrument": 1, "side": 2, "hard": 10**9},
        {"control": control.EXPOSURE, "account": 1, "hard": 10**15, "measure": measure.GROSS},
        {"control": control.WORKING, "account": 1, "hard": 10**6, "measure": measure.COUNT},
        {"control": control.WORKING, "account": 1, "hard": 10**15, "measure": measure.NOTIONAL},
        {"control": control.BUYING_POWER, "account": 1, "hard": 10_000},
        {"control": control.RATE, "account": 1, "hard": RATE, "measure": measure.NEW, "window_ns": 10**6},
    )[:limits]:
        engine.limit(**fields, **WHO)
    engine.publish()
    return engine


def compiled(folder: str) -> ctypes.PyDLL:
    source, built = Path(folder, "empty.c"), Path(folder, "libempty.so")
    source.write_text(EMPTY)
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", str(source), "-o", str(built)], check=True)
    return ctypes.PyDLL(str(built))


class Desk:
    """The ways to send a block of orders. Each gives the seconds it took an order, in nanoseconds."""

    def __init__(self, rck: Any, discipline: int, limits: int, empty: ctypes.PyDLL) -> None:
        self.rck = rck
        self.engine = engine_of(rck, discipline, limits)
        self.port = self.engine.port()
        self.port.set_cash(1, cash=10**12, **WHO)
        self.port.trade(1, price=100, quantity=1)
        self.bound = self.port.bind(**TERMS)
        self.batch = self.port.batch(BATCH)
        for name, value in {**TERMS, "type": 1, "time_in_force": 1}.items():
            self.batch.orders[name] = value
        order, verdict = ctypes.byref(self.bound.order), ctypes.byref(self.bound.verdict)
        handle = ctypes.c_void_p.from_param(self.port.handle.value)
        for function in (empty.empty, empty.empty_of_one):
            function.restype = ctypes.c_int32
        check = ctypes.cast(rck.abi.lib.rck_check, ctypes.c_void_p)
        self.block = partial(empty.block, check, handle, order, verdict)
        self.empty = partial(empty.empty, handle, order, verdict)
        self.empty_of_one = partial(empty.empty_of_one, order)
        self.next_id = 1
        self.ways: dict[str, Callable[[], float]] = {
            "floor": partial(self.put_and, self.empty),
            "floor of one": partial(self.put_and, self.empty_of_one),
            "bound": partial(self.put_and, self.bound.check),
            "cells floor": partial(self.cells_and, self.empty),
            "cells": partial(self.cells_and, self.bound.check),
            "fields": self.fields,
            "native": self.native,
            "abi.lib": self.table,
            "from C": self.from_c,
            "batch": partial(self.batched, False),
            "batch, written": partial(self.batched, True),
        }

    def ids(self, count: int) -> range:
        first = self.next_id
        self.next_id += count
        return range(first, first + count)

    def put_and(self, call: Callable[[], int]) -> float:
        put, ids, clock = self.bound.put, self.ids(BLOCK), time.perf_counter_ns
        begun = clock()
        for number in ids:
            put(number, 9_900 + (number & 127), 100 + (number & 63))
            call()
        return (clock() - begun) / BLOCK

    def cells_and(self, call: Callable[[], int]) -> float:
        cells, ids, clock = self.bound.cells, self.ids(BLOCK), time.perf_counter_ns
        begun = clock()
        for number in ids:
            cells[0] = number
            cells[1] = 9_900 + (number & 127)
            cells[2] = 100 + (number & 63)
            call()
        return (clock() - begun) / BLOCK

    def from_c(self) -> float:
        ids = self.ids(BLOCK)
        first, count = ctypes.c_int64(ids.start), ctypes.c_int64(BLOCK)
        begun = time.perf_counter_ns()
        self.block(first, count)
        return (time.perf_counter_ns() - begun) / BLOCK

    def fields(self) -> float:
        order, call, ids, clock = self.bound.order, self.bound.check, self.ids(BLOCK), time.perf_counter_ns
        begun = clock()
        for number in ids:
            order.order_id = number
            order.price = 9_900 + (number & 127)
            order.quantity = 100 + (number & 63)
            call()
        return (clock() - begun) / BLOCK

    def native(self) -> float:
        check, units, ids, clock = self.port.check, self.rck.Units, self.ids(BLOCK), time.perf_counter_ns
        begun = clock()
        for number in ids:
            check(number, **TERMS, price=units(9_900 + (number & 127)), quantity=100 + (number & 63))
        return (clock() - begun) / BLOCK

    def table(self) -> float:
        bound, ids, clock = self.bound, self.ids(BLOCK), time.perf_counter_ns
        call, port, order, verdict, put = (
            self.rck.abi.lib.rck_check,
            self.port.handle,
            bound.order,
            bound.verdict,
            bound.put,
        )
        begun = clock()
        for number in ids:
            put(number, 9_900 + (number & 127), 100 + (number & 63))
            call(port, order, verdict)
        return (clock() - begun) / BLOCK

    def batched(self, written: bool) -> float:
        import numpy

        orders, ids, clock = self.batch.orders, self.ids(BATCH), time.perf_counter_ns
        numbers = numpy.arange(ids.start, ids.stop)
        columns = {"order_id": numbers, "price": 9_900 + (numbers & 127), "quantity": 100 + (numbers & 63)}
        if not written:
            for name, column in columns.items():
                orders[name] = column
        begun = clock()
        if written:
            for name, column in columns.items():
                orders[name] = column
        passed = self.batch.check()
        taken = clock() - begun
        if passed != BATCH:
            sys.exit(f"python.py: {self.batch.verdict(0)}")
        return taken / BATCH

    def release(self, expected: int) -> None:
        """All that live; and the events are read, so that the ring has room."""
        found = 0
        for order in self.engine.open_orders():
            found += bool(self.port.release(order.token, reason=self.rck.ReleaseReason.CANCELLED))
        if found != expected:
            sys.exit(f"python.py: {found} orders passed, of {expected}")
        for _ in self.port.events(1):
            pass


def preempted() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


def measure(desk: Desk, rounds: int, disturbed: bool) -> dict[str, Any]:
    taken: dict[str, list[float]] = {name: [] for name in desk.ways}
    run = kept = 0
    while kept < rounds and run < rounds * PATIENCE:
        run += 1
        names = list(desk.ways) if run % 2 else list(reversed(desk.ways))
        found, calm = {}, True
        for name in names:
            before = preempted()
            found[name] = desk.ways[name]()
            calm = calm and preempted() == before
            desk.release(0 if "floor" in name else BATCH if name.startswith("batch") else BLOCK)
        if run <= 2 or not (calm or disturbed):  # the first two warm up
            continue
        kept += 1
        for name in names:
            taken[name].append(found[name])
    if kept < ROUNDS_LEAST:
        sys.exit(f"python.py: {kept} undisturbed rounds of {run}: run again")
    figures: dict[str, Any] = {"rounds": kept, "rounds_run": run}
    for name, times in taken.items():
        pairs = zip(times, taken["cells floor" if name == "cells" else "floor"], strict=True)
        figures[name] = {
            "ns": statistics.median(times),
            "quiet_ns": sorted(times)[len(times) // 10],
            "p90_ns": sorted(times)[len(times) * 9 // 10],
            "ratio": statistics.median(one / floor for one, floor in pairs),
        }
    return figures


def lock_figures(empty: ctypes.PyDLL) -> dict[str, float]:
    """Nanoseconds of an empty call that keeps the interpreter's lock, and of one that gives it up: alone, and beside a
    thread that computes."""
    given_up = ctypes.CDLL(empty._name)
    calls = {"kept": empty.empty_of_one, "given up": given_up.empty_of_one}
    argument = ctypes.c_void_p.from_param(0)
    working = threading.Event()

    def compute() -> None:
        number = 0
        while working.is_set():
            number += 1

    def timed(call: Any, seconds: float) -> float:
        begun, count, taken = time.perf_counter_ns(), 0, 0
        while taken < seconds * 1e9:
            for _ in range(100):
                call(argument)
            count += 100
            taken = time.perf_counter_ns() - begun
        return taken / count

    figures = {}
    for name, call in calls.items():
        call.restype = ctypes.c_int32
        figures[f"{name}, alone"] = min(timed(call, 0.002) for _ in range(100))
    working.set()
    other = threading.Thread(target=compute)
    other.start()
    try:
        for name, call in calls.items():
            figures[f"{name}, beside a thread"] = timed(call, 1)
    finally:
        working.clear()
        other.join()
    return figures


def machine(rck: Any) -> dict[str, str]:
    build = rck.abi.Build(struct_size=ctypes.sizeof(rck.abi.Build))
    rck.abi.check(rck.abi.lib.rck_build_info(build))
    cpus = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": cpus[0].partition(": ")[2] if cpus else platform.processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "library": f"{build.version.decode()} {build.mode.decode()}",
    }


def report(figures: dict[str, Any]) -> None:
    print(", ".join(figures["machine"].values()))
    for case in CASES:
        ours = figures[case]
        rounds = f"{ours['rounds']} undisturbed rounds of {ours['rounds_run']}"
        print(f"\n{case}; {rounds}")
        print(f"{'ns an order':<18}{'median':>8}{'tenth':>8}{'of the floor':>14}")
        for name, figure in ours.items():
            if isinstance(figure, dict):
                times = f"{figure['ns']:>8,.0f}{figure['quiet_ns']:>8,.0f}"
                print(f"{name:<18}{times}{figure['ratio']:>14.2f}")
        for what, value, most in (
            ("bound / floor", ours["bound"]["ratio"], RATIO_MAX),
            ("cells / its floor", ours["cells"]["ratio"], RATIO_MAX),
            ("bound, ns of a tenth", ours["bound"]["quiet_ns"], BOUND_NS_MAX),
            ("cells, ns of a tenth", ours["cells"]["quiet_ns"], BOUND_NS_MAX),
            ("batch, ns of a tenth", ours["batch"]["quiet_ns"], BATCH_NS_MAX),
        ):
            print(f"{'met   ' if value <= most else 'MISSED'} {what}: {value:.3g}, at most {most:g} wanted")
    print("\nan empty call, ns")
    for name, nanoseconds in figures["lock"].items():
        print(f"{name:<28}{nanoseconds:>12,.0f}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, help="100, unless it is said")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: some seconds")
    parser.add_argument("--core", type=int, help="where to run; the last that is allowed")
    parser.add_argument("--disturbed", action="store_true", help="count rounds that lost the core, too")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--library", type=Path, default=ROOT / "build" / "lib" / "libriskcheck.so")
    arguments = parser.parse_args()
    os.environ["RISKCHECK_LIBRARY"] = str(arguments.library.absolute())
    sys.path.insert(0, str(ROOT / "bindings" / "python"))
    import riskcheck
    import riskcheck.abi

    rounds = arguments.rounds or (ROUNDS_QUICK if arguments.quick else ROUNDS)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed) if arguments.core is None else arguments.core})
    figures: dict[str, Any] = {"machine": machine(riskcheck)}
    with tempfile.TemporaryDirectory() as folder:
        empty = compiled(folder)
        for name, (discipline, limits) in CASES.items():
            desk = Desk(riskcheck, riskcheck.Discipline[discipline], limits, empty)
            figures[name] = measure(desk, rounds, arguments.disturbed)
            desk.engine.close()
        os.sched_setaffinity(0, allowed)  # the other thread of what follows needs a core of its own
        figures["lock"] = lock_figures(empty)
    bound = RATIO_MAX, BOUND_NS_MAX
    wanted = {"bound": bound, "cells": bound, "batch": (None, BATCH_NS_MAX)}
    figures["rows"] = rows_of(figures, SUFFIXES, wanted)
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    arguments.results.write_text(json.dumps(figures, indent=2) + "\n")
    report(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
