"""A strategy in Python on a region in a file: it trades, dies, and its engine is opened again.

The child trades a simple rule over a seeded walk, is refused by its limits and says why, and is killed in the
middle. The parent opens the file: positions and open orders are there. The orders are unconfirmed until the venue
has said what became of them; then each is confirmed or released. It ends with 1 unless all of that holds.
"""

import os
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from riskcheck import (
    Control,
    Engine,
    EventKind,
    Measure,
    OrderState,
    Permit,
    Port,
    Reference,
    ReleaseReason,
    ReportKind,
    RiskCheckError,
    Side,
    Status,
    Units,
    abi,
    note,
)

TICKS = 20_000
ACCOUNT, STRATEGY, INSTRUMENT, ACTOR = 1, 1, 1, 7
NET_SEEN = EventKind.HOST + 1  # an event of our own; value: the position as the strategy knows it


def define(engine: Engine) -> None:
    engine.currency(1, "USD", rate=1)
    engine.account(ACCOUNT, "prop-1", permissions=Permit.ALL)
    engine.strategy(STRATEGY, "fade", permissions=Permit.ALL)
    engine.instrument(INSTRUMENT, "ACME", currency=1, price_decimals=2, tick="0.01")
    try:  # what cannot be is refused, changes nothing, and says why
        engine.instrument(INSTRUMENT, "ACME", currency=1, price_decimals=2, tick=0)
    except RiskCheckError as error:
        print(f"  misused  {error}")


def set_limits(engine: Engine) -> None:
    who: Any = {"actor": ACTOR, "reason": "agreed with the desk"}
    engine.limit(Control.ORDER_QUANTITY, account=ACCOUNT, hard=500, **who)
    engine.limit(
        Control.COLLAR, instrument=INSTRUMENT, measure=Measure.BPS, reference=Reference.LAST, hard=300, **who
    )
    engine.limit(Control.POSITION, account=ACCOUNT, instrument=INSTRUMENT, hard=2_000, **who)
    engine.limit(Control.WORKING, account=ACCOUNT, measure=Measure.COUNT, hard=12, **who)
    engine.publish()


@dataclass
class Working:
    """An order at the venue."""

    token: int
    side: Side
    price: int
    quantity: int
    cumulative: int = 0


class Trader:
    """Buys what has fallen and sells what has risen, in a market and at a venue of its own making. It trades by a
    bound order, in cents."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.random = random.Random(1)
        self.bound = port.bind(account=ACCOUNT, strategy=STRATEGY, instrument=INSTRUMENT, side=Side.BUY)
        self.working: list[Working] = []
        self.nanoseconds: list[int] = []
        self.refused: Counter[Status] = Counter()
        self.executions = 0
        self.net = 0

    def run(self) -> None:
        price = before = 10_000
        for number in range(1, TICKS + 1):
            price = max(9_000, min(11_000, price + self.random.choice((-2, -1, 1, 2))))
            self.port.trade(INSTRUMENT, price=Units(price), quantity=1)
            if abs(price - before) >= 3:
                self.send(number, Side.BUY if price < before else Side.SELL, price)
                before = price
            if self.working and self.random.random() < 0.3:
                self.fill(self.random.choice(self.working))

    def send(self, number: int, side: Side, price: int) -> None:
        slip = self.random.random()
        price = price * 2 if slip < 0.003 else price
        quantity = self.random.randint(1, 400) * (100 if slip > 0.997 else 1)
        bound = self.bound
        bound.order.side = side
        before = time.perf_counter_ns()
        bound.put(number, price, quantity)
        status = bound.check()
        self.nanoseconds.append(time.perf_counter_ns() - before)
        if abi.check(status) == Status.OK:
            self.working.append(Working(bound.verdict.token, side, price, quantity))
            return
        self.refused[Status(status)] += 1
        if self.refused[Status(status)] == 1:
            print(f"  {bound.told()}")

    def fill(self, order: Working) -> None:
        """A part of it, or all that is left."""
        left = order.quantity - order.cumulative
        part = left if self.random.random() < 0.6 else self.random.randint(1, left)
        order.cumulative += part
        self.net += part if order.side == Side.BUY else -part
        self.executions += 1
        report = self.bound.report
        report.kind = ReportKind.FILL
        report.token = order.token
        report.last_quantity = part
        report.last_price = order.price
        report.cumulative_quantity = order.cumulative
        report.execution_id = self.executions
        abi.check(self.bound.fill())
        if order.cumulative == order.quantity:
            self.working.remove(order)


def trade_until_killed(path: str) -> None:
    """What the child does: define, trade, and die with everything open."""
    engine = Engine.open(path, ring_lines=32768, orders_max=1024)
    define(engine)
    set_limits(engine)
    port = engine.port()
    trader = Trader(port)
    trader.run()
    cuts = statistics.quantiles(trader.nanoseconds, n=1000)
    print(
        f"  checked  {len(trader.nanoseconds)} orders, refused {sum(trader.refused.values())}, "
        f"{trader.executions} fills\n"
        f"  put and check from Python, with one clock read: "
        f"p50 {cuts[499]:.0f} ns, p99 {cuts[989]:.0f} ns, p99.9 {cuts[998]:.0f} ns",
        flush=True,
    )
    port.write([note(NET_SEEN, values=(trader.net,))])
    os.kill(os.getpid(), signal.SIGKILL)


def settle(engine: Engine, port: Port, orders: list[abi.OrderInfo]) -> None:
    """The venue knows every other order; one that is not confirmed cannot be amended."""
    first = orders[0]
    print(f"  amend    {port.amend(first.token, quantity=Units(first.quantity), price=Units(first.price))}")
    for number, order in enumerate(orders):
        if number % 2 == 0:
            port.confirm(order.token)
        else:
            port.release(order.token, reason=ReleaseReason.CANCELLED)
    left = list(engine.open_orders(account=ACCOUNT))
    print(f"  settled  {len(left)} orders confirmed, {len(orders) - len(left)} released")
    if len(left) != (len(orders) + 1) // 2 or {order.state for order in left} != {OrderState.LIVE}:
        raise SystemExit("an order that was settled is not as it was settled")


def read_what_is_left(path: str) -> None:
    with Engine.reopen(path) as engine:
        row, orders = engine.position(INSTRUMENT, account=ACCOUNT), list(engine.open_orders(account=ACCOUNT))
        if row is None:
            raise SystemExit("the position of the killed process is not there")
        unconfirmed = [order for order in orders if order.state & OrderState.UNCONFIRMED]
        print(
            f"  reopened recovered={engine.health().recovered}: net {row.net:+d}, open buys {row.open_buys}, "
            f"open sells {row.open_sells}, {len(orders)} live orders, {len(unconfirmed)} unconfirmed"
        )
        leaves = sum(order.leaves for order in orders)
        if not orders or len(unconfirmed) != len(orders) or leaves != row.open_buys + row.open_sells:
            raise SystemExit("the orders of the killed process are not all there")
        with engine.port() as port:
            settle(engine, port, orders)
            events = list(port.events(1))
        refusals = sum(event.kind == EventKind.REFUSED for event in events)
        seen = next(event.values[0] for event in events if event.kind == NET_SEEN)
    print(
        f"  events   {refusals} refusals were in the ring, and a position of {seen:+d}, as the killed one saw it"
    )
    if seen != row.net:
        raise SystemExit("the position is not what was filled")


def main() -> None:
    version = abi.lib.rck_version()
    print(f"Python: riskcheck {version >> 16}.{version >> 8 & 255}.{version & 255}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "desk.region")
        child = os.fork()
        if child == 0:
            try:
                trade_until_killed(path)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise SystemExit("the trading process failed before its end")
        print("  killed   the trading process, with its engine, its port and its orders open")
        read_what_is_left(path)


if __name__ == "__main__":
    main()
