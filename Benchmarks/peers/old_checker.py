"""A model of the checker that users come from: asyncio, one lock, lists that are searched from one end to the other.

Money is Decimal, time a float; lists only grow, or are cut at the front. It does what riskcheck is asked for here, and
looks for an order's id among those of the last tenth of a second, which at its host's thousand orders a second are a
hundred. Nothing of it is made slow on purpose, and nothing quick.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from workload import INSTRUMENTS, NOTIONAL_MAX, QUANTITY_MAX, Rate

DUPLICATE_SECONDS = 0.1
POSITION_MAX = 1_000_000_000
CENT = Decimal("0.01")


@dataclass
class Sent:
    id: int
    account: str
    instrument: str
    quantity: int
    price: Decimal
    time: float
    worth: Decimal = Decimal(0)


@dataclass
class Position:
    account: str
    instrument: str
    quantity: int = 0
    cost: Decimal = Decimal(0)


@dataclass
class Account:
    name: str
    cash: Decimal
    reserved: Decimal
    times: list[float]


class Checker:
    """None: the order passes and holds its money. Otherwise what refused it."""

    def __init__(self, accounts: list[Account], rate: Rate) -> None:
        self.lock = asyncio.Lock()
        self.accounts, self.rate = accounts, rate
        self.positions = [Position(account.name, name) for account in accounts for name in INSTRUMENTS]
        self.history: list[Sent] = []
        self.live: list[Sent] = []

    def account_of(self, name: str) -> Account:
        return next(account for account in self.accounts if account.name == name)

    def position_of(self, order: Sent) -> Position:
        for position in self.positions:
            if position.account == order.account and position.instrument == order.instrument:
                return position
        raise KeyError(order.instrument)

    def is_known(self, order: Sent) -> bool:
        for earlier in reversed(self.history):
            if order.time - earlier.time > DUPLICATE_SECONDS:
                return False
            if earlier.id == order.id:
                return True
        return False

    async def check(self, order: Sent) -> str | None:
        async with self.lock:
            account = self.account_of(order.account)
            if self.is_known(order):
                return "duplicate"
            if order.quantity > QUANTITY_MAX:
                return "quantity"
            order.worth = order.price * order.quantity
            if order.worth > NOTIONAL_MAX * CENT:
                return "notional"
            while account.times and order.time - account.times[0] > self.rate.seconds:
                account.times.pop(0)
            if len(account.times) >= self.rate.orders:
                return "rate"
            if self.position_of(order).quantity + order.quantity > POSITION_MAX:
                return "position"
            if account.reserved + order.worth > account.cash:
                return "funds"
            account.reserved += order.worth
            account.times.append(order.time)
            self.history.append(order)
            self.live.append(order)
            return None

    async def end(self, id: int, filled: bool) -> None:
        async with self.lock:
            order = next(order for order in self.live if order.id == id)
            self.live.remove(order)
            account = self.account_of(order.account)
            account.reserved -= order.worth
            if filled:
                account.cash -= order.worth
                position = self.position_of(order)
                position.quantity += order.quantity
                position.cost += order.worth
