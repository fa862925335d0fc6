"""The model of an old checker as a contender. Its host says a thousand orders a second; one call is one await."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from typing import Any

from contender import Contender
from old_checker import CENT, Account, Checker, Sent
from workload import CASH, CONTROLS, INSTRUMENTS, Order, Rate

ORDER_SECONDS = 0.001


class OldChecker(Contender):
    name = "old-checker"
    controls = frozenset(CONTROLS)
    reserves = True
    does = (
        "our model of a checker in plain Python: order quantity and notional, a sliding rate, funds, which it "
        "reserves, a position limit (wide), ids of the last tenth of a second: a hundred orders; 32 positions; one "
        "asyncio lock around each call"
    )
    does_not = "persistence, events, margin; threads (the lock is one of asyncio's)"
    prepared = "a new dataclass with a Decimal price"

    def __init__(self, rate: Rate) -> None:
        self.loop = asyncio.new_event_loop()
        self.checker = Checker(
            [Account(f"A{at}", Decimal(cash) / 100, Decimal(0), []) for at, cash in enumerate(CASH)], rate
        )
        self.number = 0
        self.made: list[Sent] = []

    def make(self, orders: list[Order]) -> list[Sent]:
        number, made = self.number, []
        for account, instrument, quantity, price in orders:
            number += 1
            name, time_s = INSTRUMENTS[instrument], number * ORDER_SECONDS
            made.append(Sent(number, f"A{account}", name, quantity, Decimal(price) * CENT, time_s))
        self.number, self.made = number, made
        return made

    def check(self, made: list[Sent]) -> list[str | None]:
        async def all_of_them() -> list[str | None]:
            check = self.checker.check
            return [await check(order) for order in made]

        return self.loop.run_until_complete(all_of_them())

    def check_each(self, made: list[Sent], times: list[int]) -> list[str | None]:
        async def all_of_them() -> list[str | None]:
            check, clock, answers = self.checker.check, time.perf_counter_ns, []
            for order in made:
                begun = clock()
                answer = await check(order)
                times.append(clock() - begun)
                answers.append(answer)
            return answers

        return self.loop.run_until_complete(all_of_them())

    def passed(self, answers: list[Any]) -> list[bool]:
        return [answer is None for answer in answers]

    def end(self, made: list[Sent], answers: list[str | None], filled: bool) -> None:
        async def all_of_them() -> None:
            for order, answer in zip(made, answers, strict=True):
                if answer is None:
                    await self.checker.end(order.id, filled)

        self.loop.run_until_complete(all_of_them())

    def release(self, answers: list[str | None]) -> None:
        self.end(self.made[: len(answers)], answers, filled=False)

    def fill(self, answers: list[str | None], orders: list[Order]) -> None:
        self.end(self.made[-len(orders) :], answers, filled=True)

    def close(self) -> None:
        self.loop.close()
