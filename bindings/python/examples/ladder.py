"""The same strategy with numpy: each signal is a ladder of orders at sixteen prices, judged in one call, and all fills
of a bar are another. Orders, reports and verdicts are columns over the memory that the library reads and writes.
"""

import time
from typing import Any

import numpy as np
from feed import Bar
from guarded import ACCOUNT, INSTRUMENT, ORDER_CLIPS, Guarded
from reversion import ENTRY, PATIENCE, Reversion

from riskcheck import ReportKind, Side, Status

LEVELS = 16
ROOM = 64  # orders that may rest: the account's limit
RESTING = np.dtype([("token", "u8"), ("side", "u1"), ("price", "i8"), ("quantity", "i8"), ("until", "i8")])
Records = np.ndarray[Any, np.dtype[np.void]]


class Ladder(Reversion):
    """What fits is taken and the rest refused, order by order: nobody asks before."""

    def __init__(self, guarded: Guarded, seed: int) -> None:
        super().__init__(guarded, seed)
        self.batch = guarded.port.batch(ROOM)
        orders, reports = self.batch.orders, self.batch.reports
        for name in ("account", "instrument", "type", "time_in_force"):
            orders[name] = getattr(self.bound.order, name)
        reports["kind"], reports["account"], reports["instrument"] = ReportKind.FILL, ACCOUNT, INSTRUMENT
        self.rest: Records = np.zeros(0, RESTING)

    def forget(self) -> None:
        self.rest = self.rest[:0]

    def withdraw(self, bar: Bar) -> None:
        self.end(np.ones(len(self.rest), bool), bar)

    def expire(self, number: int, bar: Bar) -> None:
        self.end(self.rest["until"] <= number, bar)

    def end(self, which: Any, bar: Bar) -> None:
        for token in self.rest["token"][which].tolist():
            self.guarded.withdraw(token, bar.time_ns)
        self.rest = self.rest[~which]

    def trade(self, bar: Bar) -> None:
        """All that the bar has reached is filled whole."""
        buys = self.rest["side"] == Side.BUY
        reached = np.where(buys, self.rest["price"] >= bar.lowest, self.rest["price"] <= bar.highest)
        filled, told = self.rest[reached], self.guarded.told
        count = len(filled)
        if count == 0:
            return
        values = filled["price"] * filled["quantity"]
        fees = self.guarded.fee(values)
        reports = self.batch.reports[:count]
        reports["token"], reports["time_ns"], reports["fee"] = filled["token"], bar.time_ns, fees
        reports["last_quantity"] = reports["cumulative_quantity"] = filled["quantity"]
        reports["last_price"] = filled["price"]
        reports["execution_id"] = told.fills + 1 + np.arange(count)
        if self.batch.fill(count) != count:
            raise RuntimeError("an execution was not booked")
        told.fills += count
        for side in (Side.BUY, Side.SELL):
            mine = filled["side"] == side
            sums = (int(column[mine].sum()) for column in (filled["quantity"], values, fees))
            self.guarded.account_for(side, *sums)
        self.rest = self.rest[~reached]

    def enter(self, number: int, side: Side, bar: Bar, far: float) -> None:
        """The further from the close, the better the price: each level a twentieth of a percent away from the last."""
        wanted = int(self.guarded.clip * min(far / ENTRY, 2.0))
        away = np.arange(LEVELS) * (bar.close // 2000)
        prices = bar.close + (-away if side == Side.BUY else away)
        self.quiet_until = number + PATIENCE
        self.send_all(number, side, bar, prices, np.full(LEVELS, max(1, wanted // 4)))

    def send(self, number: int, side: Side, bar: Bar, quantity: int) -> None:
        largest = min(quantity, ORDER_CLIPS * self.guarded.clip)
        self.send_all(number, side, bar, np.array([bar.close]), np.array([largest]))

    def send_all(self, number: int, side: Side, bar: Bar, prices: Any, quantities: Any) -> None:
        count = len(prices)
        orders = self.batch.orders[:count]
        orders["order_id"] = [self.guarded.new_id() for _ in range(count)]
        orders["side"], orders["time_ns"] = side, bar.time_ns
        orders["price"], orders["quantity"] = prices, quantities
        before = time.perf_counter_ns()
        self.batch.check(count)
        self.guarded.told.check_ns += [(time.perf_counter_ns() - before) // count] * count
        verdicts = self.batch.verdicts[:count]
        passed = verdicts["status"] == Status.OK
        for index in range(count):
            self.guarded.judged(self.batch.verdict(index))
        entered = np.zeros(int(passed.sum()), RESTING)
        entered["token"], entered["side"] = verdicts["token"][passed], side
        entered["price"], entered["quantity"] = orders["price"][passed], orders["quantity"][passed]
        entered["until"] = number + PATIENCE
        self.rest = np.concatenate([self.rest, entered])
        if not passed.all() and self.guarded.halted:
            self.guarded.stand_down(bar, self.batch.verdict(int(passed.argmin())).reason)
            self.forget()
