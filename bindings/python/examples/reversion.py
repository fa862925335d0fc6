"""Trading against moves: what has fallen far below its mean is bought, what is far above is sold, and the position is
closed at the mean. One order at a time, through the fast path of the binding; ladder.py sends many.
"""

import math
import random
import time
from collections import deque
from dataclasses import dataclass

from feed import Bar
from guarded import ACCOUNT, INSTRUMENT, ORDER_CLIPS, Guarded

from riskcheck import Side, Status

WINDOW = 60
ENTRY = 2.0  # deviations from the mean at which a position is opened
PATIENCE = 5  # bars that an order may rest


class Mean:
    """Mean and deviation of the last closes, exactly: sums of integers."""

    def __init__(self) -> None:
        self.closes: deque[int] = deque()
        self.sum = self.squares = 0

    def add(self, close: int) -> None:
        self.closes.append(close)
        self.sum += close
        self.squares += close * close
        if len(self.closes) > WINDOW:
            gone = self.closes.popleft()
            self.sum -= gone
            self.squares -= gone * gone

    def deviations(self, close: int) -> float:
        """How many deviations the close is from the mean; 0 while too little is known."""
        count = len(self.closes)
        variance = count * self.squares - self.sum * self.sum
        if count < WINDOW or variance == 0:
            return 0.0
        return (count * close - self.sum) / math.sqrt(variance)


@dataclass(slots=True)
class Resting:
    """An order at the venue."""

    token: int
    side: Side
    price: int
    quantity: int
    until: int
    cumulative: int = 0


class Reversion:
    """One order at a time, through the fast path."""

    def __init__(self, guarded: Guarded, seed: int) -> None:
        self.guarded = guarded
        self.drawn = random.Random(seed)
        self.mean = Mean()
        self.resting: list[Resting] = []
        self.quiet_until = 0
        self.bound = guarded.port.bind(account=ACCOUNT, instrument=INSTRUMENT, side=Side.BUY)

    def on_bar(self, number: int, bar: Bar) -> None:
        if self.guarded.see(bar):
            self.forget()
        self.trade(bar)
        self.guarded.mark(bar)
        self.expire(number, bar)
        self.mean.add(bar.close)
        self.decide(number, bar)
        self.guarded.record(bar)

    def trade(self, bar: Bar) -> None:
        """What the venue does: an order that the bar has reached is filled, one in three only half."""
        for order in self.resting:
            buys = order.side == Side.BUY
            if order.price < bar.lowest if buys else order.price > bar.highest:
                continue
            left = order.quantity - order.cumulative
            part = left // 2 if left > 1 and self.drawn.random() < 1 / 3 else left
            order.cumulative += part
            self.guarded.filled(order.token, order.side, order.price, part, order.cumulative, bar.time_ns)
        self.resting = [order for order in self.resting if order.cumulative < order.quantity]

    def expire(self, number: int, bar: Bar) -> None:
        for order in self.resting:
            if order.until <= number:
                self.guarded.withdraw(order.token, bar.time_ns)
        self.resting = [order for order in self.resting if order.until > number]

    def forget(self) -> None:
        """All orders have ended."""
        self.resting.clear()

    def withdraw(self, bar: Bar) -> None:
        for order in self.resting:
            self.guarded.withdraw(order.token, bar.time_ns)
        self.forget()

    def decide(self, number: int, bar: Bar) -> None:
        far, net = self.mean.deviations(bar.close), self.guarded.told.net
        if self.guarded.halted:
            return
        if net and far * net >= 0:
            self.withdraw(bar)
            self.send(number, Side.SELL if net > 0 else Side.BUY, bar, abs(net))
        elif abs(far) >= ENTRY and number >= self.quiet_until:
            self.enter(number, Side.BUY if far < 0 else Side.SELL, bar, abs(far))

    def enter(self, number: int, side: Side, bar: Bar, far: float) -> None:
        """More, the further it is; no more than there is room for. Without room the smallest order goes all the same,
        now and then: a loss that is over its limit halts the account when an order asks."""
        wanted = int(self.guarded.clip * min(far / ENTRY, 2.0))
        room, _ = self.guarded.room(side, bar.close, bar.time_ns)
        self.guarded.told.sized_down += room < wanted
        if room == 0:
            self.quiet_until = number + PATIENCE
        self.send(number, side, bar, max(1, min(wanted, room)))

    def send(self, number: int, side: Side, bar: Bar, quantity: int) -> None:
        bound = self.bound
        quantity = min(quantity, ORDER_CLIPS * self.guarded.clip)
        bound.order.side = side
        bound.put_at(self.guarded.new_id(), bar.close, quantity, bar.time_ns)
        before = time.perf_counter_ns()
        status = bound.check()
        self.guarded.told.check_ns.append(time.perf_counter_ns() - before)
        if status < Status.OK:
            raise RuntimeError(f"rck_check: {Status(status).name}")
        verdict = bound.told()
        if self.guarded.judged(verdict):
            self.resting.append(Resting(verdict.token, side, bar.close, quantity, number + PATIENCE))
        elif self.guarded.halted:
            self.guarded.stand_down(bar, verdict.reason)
            self.forget()
