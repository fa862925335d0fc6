"""What a contender is, and how a block of orders is traded with one. Knows none of them."""

from __future__ import annotations

import resource
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from workload import Order, Rate

PARTS = {
    "make": "an order made, as the contender wants it",
    "check": "orders checked, in blocks of 64; and one by one, in a second pass over the same memory",
    "release": "an order that passed is released",
    "fill": "an order that passed is filled, at once and in full",
    "prepared": "check and release, as if orders cost nothing to make",
    "whole": "an order made, checked, released",
    "filled": "an order made, checked, filled",
}
PAUSE_S = 0.001  # who has slept is seldom preempted in the next milliseconds


class Contender(ABC):
    """`check` and `check_each` give an answer for each order that `make` made. A contender that `settles` can release
    and fill: `release` is given answers from the first order on, `fill` the answers and orders of the last ones."""

    name: ClassVar[str]
    controls: ClassVar[frozenset[str]]  # of workload.CONTROLS
    reserves: ClassVar[bool]  # what passes holds its money until it is released
    settles: ClassVar[bool] = True
    does: ClassVar[str]
    does_not: ClassVar[str]
    prepared: ClassVar[str]  # what of an order is made before the call that is timed

    @abstractmethod
    def __init__(self, rate: Rate) -> None: ...

    @abstractmethod
    def make(self, orders: list[Order]) -> Any: ...

    @abstractmethod
    def check(self, made: Any) -> list[Any]: ...

    @abstractmethod
    def check_each(self, made: Any, times: list[int]) -> list[Any]:
        """`check`, with the nanoseconds of each single call, the clock's own among them."""

    @abstractmethod
    def passed(self, answers: list[Any]) -> list[bool]: ...

    def release(self, answers: list[Any]) -> None:
        raise NotImplementedError(self.name)

    def fill(self, answers: list[Any], orders: list[Order]) -> None:
        raise NotImplementedError(self.name)

    def rest(self) -> None:
        """Outside all that is timed, when nothing is live."""

    def close(self) -> None:
        """When it is done with."""


@dataclass
class Outcome:
    """Nanoseconds an order for each part, and of single checks; which orders passed: before, in the block, singly."""

    parts: dict[str, float] = field(default_factory=dict)
    singles: list[int] = field(default_factory=list)
    passed_before: list[bool] = field(default_factory=list)
    passed: list[bool] = field(default_factory=list)
    passed_singly: list[bool] = field(default_factory=list)
    calm: bool = False  # the kernel did not take the core away meanwhile


def preempted() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw


def trade(contender: Contender, orders: list[Order]) -> Outcome:
    """The orders as a block: the first half of them is released, the second filled. Then all once more, one by one. And
    before that once without a watch: what the others left in the caches is nobody's cost."""
    outcome = Outcome()
    time.sleep(PAUSE_S)
    outcome.passed_before = practise(contender, orders)
    clock, before = time.perf_counter_ns, preempted()
    half = len(orders) // 2
    t0 = clock()
    made = contender.make(orders)
    t1 = clock()
    answers = contender.check(made)
    t2 = clock()
    outcome.passed = contender.passed(answers)
    parts = outcome.parts
    parts["make"], parts["check"] = (t1 - t0) / len(orders), (t2 - t1) / len(orders)
    if contender.settles:
        t3 = clock()
        contender.release(answers[:half])
        t4 = clock()
        contender.fill(answers[half:], orders[half:])
        t5 = clock()
        parts["release"], parts["fill"] = (t4 - t3) / half, (t5 - t4) / half
        parts["prepared"] = parts["check"] + parts["release"]
        parts["whole"] = parts["make"] + parts["prepared"]
        parts["filled"] = parts["make"] + parts["check"] + parts["fill"]
    lost = preempted() - before
    time.sleep(PAUSE_S)
    before = preempted()
    made = contender.make(orders)
    answers = contender.check_each(made, outcome.singles)
    outcome.calm = lost + preempted() - before == 0
    outcome.passed_singly = contender.passed(answers)
    if contender.settles:
        contender.release(answers)
    contender.rest()
    return outcome


def practise(contender: Contender, orders: list[Order]) -> list[bool]:
    answers = contender.check(contender.make(orders))
    passed = contender.passed(answers)
    if contender.settles:
        contender.release(answers)
    return passed


def answers_of(contender: Contender, orders: list[Order]) -> list[bool]:
    """What it says to these orders, none of which is released."""
    return contender.passed(contender.check(contender.make(orders)))
