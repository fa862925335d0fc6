"""A strategy in Python on a region in a file: it trades, dies, and its engine is opened again.

The child trades a simple rule over a seeded walk, is refused by its limits and says why, and is killed in the
middle. The parent opens the file: positions and open orders are there. The orders are unconfirmed until the venue
has said what became of them; then each is confirmed or released. It ends with 1 unless all of that holds.
"""

import ctypes
import os
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from typing import TypeVar

import riskcheck.abi as rck

Struct = TypeVar("Struct", bound=ctypes.Structure)

TICKS = 20_000
ACCOUNT, STRATEGY, INSTRUMENT, ACTOR = 1, 1, 1, 7
NET_SEEN = rck.RCK_EVENT_HOST + 1  # an event of our own; value: the position as the strategy knows it
lib = rck.lib


def sized(struct: type[Struct], **fields: object) -> Struct:
    """A struct of the cold calls: struct_size first, then what the fields say."""
    return struct(struct_size=ctypes.sizeof(struct), **fields)


def explain(verdict: rck.Verdict) -> str:
    text = ctypes.create_string_buffer(256)
    rck.check(lib.rck_explain(verdict, text, len(text)))
    return text.value.decode()


def open_engine(path: str) -> rck.EngineHandle:
    config = rck.Config()
    rck.check(lib.rck_config_init(config, ctypes.sizeof(config)))
    config.ring_lines = 32768
    config.orders_max = 1024
    engine, fault = rck.EngineHandle(), rck.Fault()
    rck.check(lib.rck_engine_open(config, path.encode(), engine, fault), fault)
    return engine


def open_port(engine: rck.EngineHandle, index: int, mode: int = rck.RCK_PORT_WRITER) -> rck.PortHandle:
    port, fault = rck.PortHandle(), rck.Fault()
    rck.check(lib.rck_port_open(engine, index, mode, port, fault), fault)
    return port


def define(engine: rck.EngineHandle) -> None:
    fault = rck.Fault()
    dollar = sized(rck.Currency, id=1, name=b"USD", rate=1)
    rck.check(lib.rck_currency_set(engine, dollar, fault), fault)
    trusted = {"flags": rck.RCK_ENABLED, "permissions": rck.RCK_PERMIT_ALL}
    account = sized(rck.Account, id=ACCOUNT, name=b"prop-1", **trusted)
    rck.check(lib.rck_account_set(engine, account, fault), fault)
    strategy = sized(rck.Strategy, id=STRATEGY, name=b"fade", **trusted)
    rck.check(lib.rck_strategy_set(engine, strategy, fault), fault)
    share = sized(
        rck.Instrument,
        id=INSTRUMENT,
        name=b"ACME",
        flags=rck.RCK_ENABLED,
        currency=1,
        price_decimals=2,
        multiplier=1,
        lot=1,
        tick=1,
    )
    rck.check(lib.rck_instrument_set(engine, share, fault), fault)
    share.tick = 0  # what cannot be is refused, changes nothing, and says why
    try:
        rck.check(lib.rck_instrument_set(engine, share, fault), fault)
    except rck.RiskCheckError as error:
        print(f"  misused  {error}")


def set_limits(engine: rck.EngineHandle) -> None:
    account = {"scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": ACCOUNT}
    pair = {"scope_kind": rck.RCK_SCOPE_ACCOUNT_INSTRUMENT, "id": ACCOUNT, "instrument": INSTRUMENT}
    share = {"scope_kind": rck.RCK_SCOPE_INSTRUMENT, "id": INSTRUMENT}
    close = {"measure": rck.RCK_MEASURE_BPS, "reference": rck.RCK_REFERENCE_LAST}
    limits: list[dict[str, int]] = [
        {"control": rck.RCK_CONTROL_ORDER_QUANTITY, **account, "hard": 500},
        {"control": rck.RCK_CONTROL_COLLAR, **share, **close, "hard": 300},
        {"control": rck.RCK_CONTROL_POSITION, **pair, "hard": 2_000},
        {"control": rck.RCK_CONTROL_WORKING, "measure": rck.RCK_MEASURE_COUNT, **account, "hard": 12},
    ]
    fault = rck.Fault()
    for fields in limits:
        fields |= {"levels": rck.RCK_LEVEL_HARD, "actor": ACTOR}
        limit = sized(rck.Limit, reason=b"agreed with the desk", **fields)
        rck.check(lib.rck_limit_set(engine, limit, 0, fault), fault)
    rck.check(lib.rck_limits_publish(engine, None, fault), fault)


@dataclass
class Working:
    """An order at the venue."""

    token: int
    side: int
    price: int
    quantity: int
    cumulative: int = 0


class Trader:
    """Buys what has fallen and sells what has risen, in a market and at a venue of its own making."""

    def __init__(self, port: rck.PortHandle) -> None:
        self.port = port
        self.random = random.Random(1)
        self.ticket = rck.Ticket(
            port,
            account=ACCOUNT,
            strategy=STRATEGY,
            instrument=INSTRUMENT,
            type=rck.RCK_TYPE_LIMIT,
            time_in_force=rck.RCK_FORCE_DAY,
        )
        self.working: list[Working] = []
        self.nanoseconds: list[int] = []
        self.refused: Counter[str] = Counter()
        self.executions = 0
        self.net = 0

    def run(self) -> None:
        price = before = 10_000
        for number in range(1, TICKS + 1):
            price = max(9_000, min(11_000, price + self.random.choice((-2, -1, 1, 2))))
            trade = rck.Trade(instrument=INSTRUMENT, price=price, quantity=1)
            rck.check(lib.rck_market_trade(self.port, trade))
            if abs(price - before) >= 3:
                self.send(number, rck.RCK_SIDE_BUY if price < before else rck.RCK_SIDE_SELL, price)
                before = price
            if self.working and self.random.random() < 0.3:
                self.fill(self.random.choice(self.working))

    def send(self, number: int, side: int, price: int) -> None:
        slip = self.random.random()
        price = price * 2 if slip < 0.003 else price
        quantity = self.random.randint(1, 400) * (100 if slip > 0.997 else 1)
        self.ticket.order.side = side
        self.ticket.put(number, price, quantity, 0)
        before = time.perf_counter_ns()
        status = self.ticket.check()
        self.nanoseconds.append(time.perf_counter_ns() - before)
        if rck.check(status) == rck.RCK_OK:
            self.working.append(Working(self.ticket.verdict.token, side, price, quantity))
            return
        name = rck.STATUS_NAMES[status]
        self.refused[name] += 1
        if self.refused[name] == 1:
            print(f"  {explain(self.ticket.verdict)}")

    def fill(self, order: Working) -> None:
        """A part of it, or all that is left."""
        left = order.quantity - order.cumulative
        part = left if self.random.random() < 0.6 else self.random.randint(1, left)
        order.cumulative += part
        self.net += part if order.side == rck.RCK_SIDE_BUY else -part
        self.executions += 1
        report = self.ticket.report
        report.kind = rck.RCK_REPORT_FILL
        report.token = order.token
        report.last_quantity = part
        report.last_price = order.price
        report.cumulative_quantity = order.cumulative
        report.execution_id = self.executions
        rck.check(self.ticket.fill())
        if order.cumulative == order.quantity:
            self.working.remove(order)


def trade_until_killed(path: str) -> None:
    """What the child does: define, trade, and die with everything open."""
    engine = open_engine(path)
    define(engine)
    set_limits(engine)
    trader = Trader(open_port(engine, 1))
    trader.run()
    cuts = statistics.quantiles(trader.nanoseconds, n=1000)
    print(
        f"  checked  {len(trader.nanoseconds)} orders, refused {sum(trader.refused.values())}, "
        f"{trader.executions} fills\n"
        f"  rck_check from Python, with one clock read: "
        f"p50 {cuts[499]:.0f} ns, p99 {cuts[989]:.0f} ns, p99.9 {cuts[998]:.0f} ns",
        flush=True,
    )
    event = rck.Event(kind=NET_SEEN)
    event.values[0] = trader.net
    rck.check(lib.rck_event_write(trader.port, event, 1))
    os.kill(os.getpid(), signal.SIGKILL)


def open_orders(engine: rck.EngineHandle) -> list[rck.OrderInfo]:
    found: list[rck.OrderInfo] = []
    cursor, count = ctypes.c_uint32(), ctypes.c_uint32()
    while True:
        page = (rck.OrderInfo * 8)()
        args = (rck.RCK_SCOPE_ACCOUNT, ACCOUNT, page, len(page), cursor, count)
        rck.check(lib.rck_open_orders(engine, *args))
        if count.value == 0:
            return found
        found += page[: count.value]


def position(engine: rck.EngineHandle) -> rck.PositionInfo:
    row = sized(rck.PositionInfo, account=ACCOUNT, instrument=INSTRUMENT)
    rck.check(lib.rck_position_get(engine, row))
    return row


def settle(engine: rck.EngineHandle, port: rck.PortHandle, orders: list[rck.OrderInfo]) -> None:
    """The venue knows every other order; one that is not confirmed cannot be amended."""
    verdict = rck.Verdict()
    first = orders[0]
    terms = rck.Order(order_id=first.order_id, price=first.price, quantity=first.quantity)
    rck.check(lib.rck_amend(port, first.token, terms, verdict))
    print(f"  amend    {explain(verdict)}")
    for number, order in enumerate(orders):
        if number % 2 == 0:
            rck.check(lib.rck_order_confirm(port, order.token, 0, verdict))
        else:
            rck.check(lib.rck_release(port, order.token, 0, rck.RCK_RELEASE_CANCELLED, 0, verdict))
    left = open_orders(engine)
    states = {order.state for order in left}
    print(f"  settled  {len(left)} orders confirmed, {len(orders) - len(left)} released")
    if len(left) != (len(orders) + 1) // 2 or states != {rck.RCK_ORDER_LIVE}:
        raise SystemExit("an order that was settled is not as it was settled")


def read_what_is_left(path: str) -> None:
    engine = open_engine(path)
    health = sized(rck.HealthInfo)
    rck.check(lib.rck_health(engine, health))
    row, orders = position(engine), open_orders(engine)
    unconfirmed = [order for order in orders if order.state & rck.RCK_ORDER_UNCONFIRMED]
    print(
        f"  reopened recovered={health.recovered}: net {row.net:+d}, open buys {row.open_buys}, "
        f"open sells {row.open_sells}, {len(orders)} live orders, {len(unconfirmed)} unconfirmed"
    )
    leaves = sum(order.leaves for order in orders)
    if not orders or len(unconfirmed) != len(orders) or leaves != row.open_buys + row.open_sells:
        raise SystemExit("the orders of the killed process are not all there")
    port = open_port(engine, 1)
    settle(engine, port, orders)
    refusals = seen = 0
    lines, count = (rck.Event * 1024)(), ctypes.c_uint32(1)
    while count.value:
        rck.check(lib.rck_events_read(port, 1, lines, len(lines), count))
        for event in lines[: count.value]:
            refusals += event.kind == rck.RCK_EVENT_REFUSED
            seen = event.values[0] if event.kind == NET_SEEN else seen
    print(
        f"  events   {refusals} refusals were in the ring, and a position of {seen:+d}, as the killed one saw it"
    )
    if seen != row.net:
        raise SystemExit("the position is not what was filled")
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))


def main() -> None:
    version = lib.rck_version()
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
