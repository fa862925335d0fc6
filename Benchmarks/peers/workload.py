"""The orders that all contenders are given, and an oracle that says beforehand which of them must be refused.

Two accounts, sixteen instruments, buys at limit prices, money in whole cents. Every eighth order of a block breaks one
rule: too large, worth too much, or of the account that has too little money. The rich account never runs out. What
needs a state of its own is asked before anything is measured, of contenders made for it: the edges of each rule, money
that earlier orders hold, and a rate.
"""

from __future__ import annotations

import random
from typing import NamedTuple

ORDERS = 64  # a block: less than two milliseconds of the slowest, so that few are disturbed
INSTRUMENTS = [f"I{number}" for number in range(1, 17)]
RICH, POOR = 0, 1
CASH = (1_000_000_000_000, 100_000)  # of the rich account and the poor one
QUANTITY_MAX, NOTIONAL_MAX = 10_000, 50_000_000
RATE, RATE_SECONDS = 1 << 17, 1  # which no block comes near
RATE_ASKED, RATE_ASKED_SECONDS = 40, 60  # which a host reaches, however slow it is
CONTROLS = ("quantity", "notional", "rate", "funds")


class Order(NamedTuple):
    account: int
    instrument: int  # from 0
    quantity: int
    price: int


class Rate(NamedTuple):
    orders: int = RATE
    seconds: int = RATE_SECONDS


WIDE = Rate()


def orders_of(seed: int) -> list[Order]:
    chance = random.Random(seed)
    made = []
    for number in range(ORDERS):
        order = Order(
            RICH,
            chance.randrange(len(INSTRUMENTS)),
            chance.randint(100, 400),
            10_000 + chance.randint(-128, 128),
        )
        if number % 8 == 7:
            broken = number // 8 % 3
            if broken == 0:
                order = order._replace(quantity=QUANTITY_MAX + 1)
            elif broken == 1:
                order = order._replace(quantity=chance.randint(6_000, 9_000))
            else:
                order = order._replace(account=POOR)
        made.append(order)
    return made


EDGES = [
    Order(RICH, 0, QUANTITY_MAX, 5_000),
    Order(RICH, 1, QUANTITY_MAX, 5_001),
    Order(RICH, 2, QUANTITY_MAX + 1, 100),
    *(Order(POOR, 3, 3, 10_000) for _ in range(4)),
    Order(POOR, 4, 1, 10_000),
    Order(POOR, 5, 1, 1),
]
MANY = [Order(RICH, number % 16, 1, 10_000) for number in range(ORDERS)]
PROBES = (
    ("edges and money that is held", EDGES, WIDE),
    ("a rate", MANY, Rate(RATE_ASKED, RATE_ASKED_SECONDS)),
)


class Oracle:
    """The rules as plainly as they can be said, as far as a contender has them; of one block, within one window of the
    rate, and nothing is released meanwhile."""

    def __init__(self, controls: frozenset[str], reserves: bool, rate: Rate = WIDE) -> None:
        self.controls, self.reserves, self.rate = controls, reserves, rate
        self.held, self.passed = [0, 0], [0, 0]

    def refused_by(self, order: Order) -> str:
        """The control that refuses it; nothing if it passes, and then it counts."""
        worth = order.quantity * order.price
        broken = {
            "quantity": order.quantity > QUANTITY_MAX,
            "notional": worth > NOTIONAL_MAX,
            "rate": self.passed[order.account] >= self.rate.orders,
            "funds": self.held[order.account] + worth > CASH[order.account],
        }
        for control in CONTROLS:
            if broken[control] and control in self.controls:
                return control
        self.passed[order.account] += 1
        if self.reserves:
            self.held[order.account] += worth
        return ""

    def passes(self, orders: list[Order]) -> list[bool]:
        return [not self.refused_by(order) for order in orders]
