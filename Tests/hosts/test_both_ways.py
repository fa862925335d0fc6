"""A check goes the shortest way unless something about it is not usual, and a strategy that a limit tracks is not.
Where further controls are armed it asks for them, up to what one has to say.
Two engines with one difference: a limit that never binds, on the strategy of every order in one of them, on a strategy
that no order names in the other. The same calls must get the same answers from both, and leave the same behind.
RISKCHECK_SEED gives other days.
"""

import ctypes
import os
import random
from collections import Counter
from collections.abc import Callable
from ctypes import byref
from typing import Any

import pytest

import definitions as defs
import desk
import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

ACCOUNTS, INSTRUMENTS = 3, 3
TRADED, IDLE = 1, 2  # strategies
LOTS_OF_TWO = 3  # an instrument
CALLS = 2500
BEYOND = 10**12  # no level of a day lets so much pass
SEED = int(os.environ.get("RISKCHECK_SEED", "1"))

# What has to come up in the days of a run: what never does is not compared.
WANTED = {
    f"RCK_REJECT_{name}"
    for name in (
        "ORDER_QUANTITY", "ORDER_NOTIONAL", "COLLAR_ABOVE", "COLLAR_BELOW", "POSITION_LONG", "POSITION_SHORT",
        "EXPOSURE_GROSS", "EXPOSURE_NET_LONG", "EXPOSURE_NET_SHORT", "WORKING_COUNT", "WORKING_NOTIONAL",
        "BUYING_POWER", "ACCOUNT_PERMISSION", "RATE_NEW", "HALTED", "REDUCE_ONLY", "ORDER_ID_TAKEN",
        "QUANTITY_LOT",
    )
} | {"RCK_OK", "RCK_REPEAT", "legs RCK_OK", "legs RCK_REJECT_BATCH", "legs RCK_REJECT_RATE_NEW"}  # fmt: skip


Twin = Callable[[int], int]  # from a token of the first engine


class Pair:
    """The same calls on both engines, compared one by one."""

    def __init__(self, session: host.Session, discipline: int, seed: int) -> None:
        self.name = f"seed {seed}, discipline {discipline}"
        self.answers: Counter[str] = Counter()
        self.twins: dict[int, int] = {}  # tokens of the first engine, and of the other
        self.ports: list[rck.PortHandle] = []
        self.engines: list[rck.EngineHandle] = []
        room = {"limits_max": 192, "windows_max": 64, "executions_max": 64}
        for tracked in (IDLE, TRADED):
            settings = host.config(money_decimals=2, discipline=discipline, **room)
            engine = session.create(settings)
            define(engine)
            wide = limits.of(rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_GROSS, rck.RCK_SCOPE_STRATEGY)
            wide.id, wide.hard = tracked, limits.MONEY
            limits.set_limit(engine, wide)
            limits.publish(engine)
            self.engines.append(engine)
            self.ports.append(session.port(engine))

    def call(self, what: str, words: Callable[[Twin], tuple[Any, ...]]) -> tuple[str, rck.Verdict]:
        """A call of the order path. Its words are made for each engine: one order has a token in each."""
        told, twins = [], (lambda token: token, self.twin)
        for port, twin in zip(self.ports, twins, strict=True):
            verdict = desk.fresh()
            told.append((name_of(getattr(lib, what)(port, *words(twin), byref(verdict))), verdict))
        (usual, verdict), (tracked, other) = told
        assert usual == tracked, f"{self.name}: {what}"
        if verdict.token:
            assert self.twins.setdefault(verdict.token, other.token) == other.token, f"{self.name}: {what}"
        other.token = verdict.token if other.token else 0
        assert host.as_dict(verdict) == host.as_dict(other), f"{self.name}: {what}"
        self.answers[usual] += 1
        if what == "rck_check" and usual == "RCK_OK" and verdict.severity:
            self.answers[f"warned by {verdict.control}"] += 1
        return usual, verdict

    def legs(self, orders: list[rck.Order]) -> list[rck.Verdict]:
        """A batch that is all or none; the first engine's verdicts."""
        told: list[Any] = []
        for port in self.ports:
            verdicts, passed = (rck.Verdict * len(orders))(), ctypes.c_uint32()
            words = (rck.Order * len(orders))(*orders), verdicts, len(orders), rck.RCK_BATCH_ALL_OR_NONE
            assert lib.rck_check_batch(port, *words, byref(passed)) == rck.RCK_OK
            told.append(verdicts)
        for verdict, other in zip(*told, strict=True):
            if verdict.token:
                assert self.twins.setdefault(verdict.token, other.token) == other.token, f"{self.name}: legs"
            other.token = verdict.token if other.token else 0
            assert host.as_dict(verdict) == host.as_dict(other), f"{self.name}: legs"
            self.answers[f"legs {name_of(verdict.status)}"] += 1
        return list(told[0])

    def twin(self, token: int) -> int:
        return self.twins.get(token, token)

    def tell(self, what: str, *words: Any) -> None:
        """A call without a verdict, to a port."""
        usual, tracked = (name_of(getattr(lib, what)(port, *words)) for port in self.ports)
        assert usual == tracked, f"{self.name}: {what}"

    def administer(self, what: str, *words: Any) -> None:
        usual, tracked = (name_of(getattr(lib, what)(engine, *words)) for engine in self.engines)
        assert usual == tracked, f"{self.name}: {what}"

    def compare(self) -> None:
        usual, tracked = (left_behind(engine) for engine in self.engines)
        assert usual == tracked, self.name


def define(engine: rck.EngineHandle) -> None:
    """Of three accounts one may not go short, and one has its power from more than cash."""
    power = [0, rck.RCK_POWER_CREDIT | rck.RCK_POWER_REALISED | rck.RCK_POWER_FEES, 0]
    units: dict[str, Any] = {"price_decimals": 2, "multiplier": 1, "tick": 1, "slippage_bps": 50}
    units |= {"reference": rck.RCK_REFERENCE_LAST, "previous_close": 1010, "reference_price": 990}
    defs.define(engine, defs.currency(rate_decimals=2, rate=108))
    for id in range(1, INSTRUMENTS + 1):
        more = {"lot": 1 + (id == LOTS_OF_TWO), "margin_bps": [5000, 10_000, 0, 0]}
        defs.define(engine, defs.instrument(id, b"instrument %d" % id, **units, **more))
    for id in range(1, ACCOUNTS + 1):
        allowed = rck.RCK_PERMIT_ALL & ~(rck.RCK_PERMIT_SHORT if id == ACCOUNTS else 0)
        fields = {"permissions": allowed, "flags": rck.RCK_ENABLED | power[id - 1], "margin_class": id % 2}
        defs.define(engine, defs.account(id, b"account %d" % id, **fields))
    for id in (TRADED, IDLE):
        defs.define(engine, defs.strategy(id, b"strategy %d" % id))


def left_behind(engine: rck.EngineHandle) -> dict[str, Any]:
    """Rows and books of accounts, and live orders. Sums of strategies differ on purpose."""
    orders = {order.order_id: {**host.as_dict(order), "token": 0} for order in desk.listed(engine)}
    found: dict[str, Any] = {"orders": orders}
    for account in range(1, ACCOUNTS + 1):
        found[f"book {account}"] = desk.book(engine, account)
        for instrument in range(1, INSTRUMENTS + 1):
            found[f"row {account} {instrument}"] = desk.row(engine, account, instrument)
    stats = host.stats(engine)
    found["contended"], found["time_ns"] = stats.contended, stats.time_ns
    return found


Form = tuple[int, int, tuple[int, ...], int]


class Day:
    """Calls that are drawn: mostly usual orders around the levels that are drawn as well."""

    def __init__(self, pair: Pair, seed: int, forms: list[Form]) -> None:
        self.pair, self.numbers, self.forms = pair, random.Random(seed), forms
        self.now_ns = self.next_id = 1
        self.asked: list[rck.Order] = []
        self.live: dict[int, int] = {}  # tokens, and what is known to be filled
        self.executions: list[tuple[int, int]] = []

    def chance(self, of: int) -> bool:
        return self.numbers.randrange(of) == 0

    def order(self, id: int) -> rck.Order:
        draw = self.numbers.randrange
        price = draw(900, 1101) if draw(4) else 1000
        asked = desk.order(
            id, draw(1, 40) if draw(4) else draw(1, 400), price, account=draw(1, ACCOUNTS + 1),
            instrument=draw(1, INSTRUMENTS + 1), strategy=TRADED, side=draw(1, 3), time_ns=self.now_ns,
            time_in_force=draw(1, 5), correlation_id=draw(2**32),
        )  # fmt: skip
        if asked.instrument == LOTS_OF_TWO and not self.chance(20):
            asked.quantity *= 2
        if self.chance(12):
            asked.type, asked.price = rck.RCK_TYPE_MARKET, 0
        if self.chance(16):
            asked.flags = rck.RCK_ORDER_FIRST_REFUSAL
        if self.chance(40):
            fault = self.numbers.choice(("price", "quantity", "account", "side", "time_ns", "stop_price"))
            setattr(asked, fault, self.numbers.choice((0, 3, 77)))
        return asked

    def check(self) -> None:
        repeated = bool(self.asked) and self.chance(12)
        asked = self.numbers.choice(self.asked[-30:]) if repeated else self.order(self.next_id)
        self.next_id += not repeated
        asked.time_ns = self.now_ns if repeated else asked.time_ns
        if repeated and self.chance(2):
            asked.quantity += 1
        if self.chance(3):
            self.pair.call("rck_check_dry", lambda _: (byref(asked),))
        status, verdict = self.pair.call("rck_check", lambda _: (byref(asked),))
        self.asked.append(asked)
        if status == "RCK_OK":
            self.live[verdict.token] = 0

    def legs(self) -> None:
        orders: list[rck.Order] = []
        for _ in range(self.numbers.randrange(1, 5)):
            asked = self.order(self.next_id)
            self.next_id += 1
            asked.quantity = min(asked.quantity, 40)
            if orders and self.chance(2):
                asked.account = orders[0].account
            orders.append(asked)
        for verdict in self.pair.legs(orders):
            if verdict.status == rck.RCK_OK:
                self.live[verdict.token] = 0

    def headroom(self) -> None:
        asked, told = self.order(self.next_id), []
        for port in self.pair.ports:
            status, quantity, verdict = desk.headroom(port, asked)
            told.append((status, quantity, host.as_dict(verdict)))
        # Where nothing else binds it is what a sum can hold, also a strategy's.
        if min(quantity for _, quantity, _ in told) < BEYOND:
            assert told[0] == told[1], f"{self.pair.name}: rck_headroom"

    def token(self) -> int:
        return self.numbers.choice(list(self.live)[-24:]) if self.live else 0

    def report(self) -> None:
        token, draw = self.token(), self.numbers.randrange
        undone = self.executions and self.chance(5)
        quantity = draw(1, 12)
        fields: dict[str, Any] = {"last_quantity": quantity, "fee": draw(3)}
        if undone:
            token, execution = self.numbers.choice(self.executions[-20:])
            kind = self.numbers.choice((rck.RCK_REPORT_BUST, rck.RCK_REPORT_CORRECT))
            quantity *= kind == rck.RCK_REPORT_CORRECT
            fields |= {"kind": kind, "undone_execution_id": execution}
            fields["last_quantity"] = quantity
        price, self.next_id = draw(950, 1051), self.next_id + 1
        cumulative = self.live.get(token, 0) + quantity
        execution = 0 if fields.get("kind") == rck.RCK_REPORT_BUST else self.next_id
        fields |= {"execution_id": execution, "time_ns": self.now_ns}

        def fact(twin: Twin) -> tuple[Any, ...]:
            return (byref(desk.report(cumulative, price, **{**fields, "token": twin(token)})),)

        status, _ = self.pair.call("rck_fill", fact)
        if status == "RCK_OK" and token:
            self.live[token] = cumulative
            self.executions.append((token, execution))

    def end(self) -> None:
        token = self.token()
        why = rck.RCK_RELEASE_REJECTED if self.chance(4) else rck.RCK_RELEASE_CANCELLED
        self.pair.call("rck_release", lambda twin: (twin(token), 0, why, self.now_ns))

    def amend(self) -> None:
        token = self.token()
        if self.chance(2):
            accepted = self.numbers.randrange(2)
            self.pair.call("rck_amend_result", lambda twin: (twin(token), 0, accepted))
            return
        asked = self.order(self.next_id)
        self.next_id += 1
        asked.account = asked.strategy = asked.instrument = asked.side = asked.type = 0
        asked.time_in_force = 0
        self.pair.call("rck_amend", lambda twin: (twin(token), byref(asked)))

    def market(self) -> None:
        draw, instrument = self.numbers.randrange, self.numbers.randrange(1, INSTRUMENTS + 1)
        trade = sized(
            rck.Trade, instrument=instrument, price=draw(970, 1031), quantity=1, time_ns=self.now_ns
        )
        self.pair.tell("rck_market_trade", byref(trade))
        self.pair.tell("rck_metric_set", METRIC, float(draw(12)), self.now_ns)
        if self.chance(3):
            self.pair.tell("rck_mark", instrument, draw(950, 1051), self.now_ns)
        if self.chance(3):
            cash = sized(rck.Cash, account=draw(1, 4), cash=draw(10**6), actor=7, reason=b"wire")
            self.pair.tell("rck_cash_set", byref(cash), None)

    def limit(self) -> None:
        """One form of limit at one place, with levels that orders reach; or it is taken away again."""
        draw, (control, measure, scopes, most) = self.numbers.randrange, self.numbers.choice(self.forms)
        scope = self.numbers.choice(scopes)
        fields: dict[str, Any] = {"id": draw(1, INSTRUMENTS + 1)}
        if control == rck.RCK_CONTROL_METRIC:
            fields["instrument"] = METRIC
        if scope == rck.RCK_SCOPE_STRATEGY:
            fields["id"] = TRADED
        if scope == rck.RCK_SCOPE_ACCOUNT_INSTRUMENT:
            fields["instrument"] = draw(1, INSTRUMENTS + 1)
        if control in SIDED or measure == rck.RCK_MEASURE_NET:
            fields["side"] = draw(3) if self.chance(3) else 0
        given = limits.of(control, measure, scope, **fields)
        if control == rck.RCK_CONTROL_COLLAR and self.chance(3):
            given.reference = self.numbers.choice((rck.RCK_REFERENCE_SET, rck.RCK_REFERENCE_CLOSE))
        given.levels = rck.RCK_LEVEL_HARD if control == rck.RCK_CONTROL_RATE else draw(1, 8)
        levels = {"warn": rck.RCK_LEVEL_WARN, "soft": rck.RCK_LEVEL_SOFT, "hard": rck.RCK_LEVEL_HARD}
        armed = [name for name, bit in levels.items() if given.levels & bit]
        given.hard = 0
        for name, value in zip(armed, sorted(draw(most // 4, most * 2 + 1) for _ in armed), strict=True):
            setattr(given, name, value)
        what = "rck_limit_set" if self.chance(2) else "rck_limit_remove"
        self.pair.administer(what, byref(given), rck.RCK_LOOSEN, None)
        self.pair.administer("rck_limits_publish", None, None)

    def latch(self) -> None:
        draw = self.numbers.randrange
        latch = sized(rck.Latch, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=draw(1, 4), state=draw(1, 4), actor=7)
        latch.reason, latch.time_ns = b"agreed", self.now_ns
        self.pair.administer("rck_latch_set", byref(latch), None)
        for _ in range(4):
            self.check()
        self.pair.administer("rck_latch_clear", byref(latch), None)

    def step(self) -> None:
        share = self.numbers.randrange(100)
        for below, what in (
            (45, self.check), (50, self.legs), (54, self.headroom), (68, self.report), (82, self.end), (88, self.amend),
            (92, self.market), (99, self.limit), (100, self.latch),
        ):  # fmt: skip
            if share < below:
                return what()


SIDED = {rck.RCK_CONTROL_ORDER_QUANTITY, rck.RCK_CONTROL_POSITION, rck.RCK_CONTROL_COLLAR}
ACCOUNT, INSTRUMENT = (rck.RCK_SCOPE_ACCOUNT,), (rck.RCK_SCOPE_INSTRUMENT,)
# Limits and their places, and about where orders, or a few of them together, come to lie.
FORMS: list[Form] = [
    (rck.RCK_CONTROL_ORDER_QUANTITY, rck.RCK_MEASURE_NONE, limits.PARTIES, 100),
    (rck.RCK_CONTROL_ORDER_NOTIONAL, rck.RCK_MEASURE_NONE, limits.PARTIES, 100_000),
    (rck.RCK_CONTROL_COLLAR, rck.RCK_MEASURE_BPS, INSTRUMENT * 3 + ACCOUNT, 800),
    (rck.RCK_CONTROL_COLLAR, rck.RCK_MEASURE_TICKS, INSTRUMENT, 80),
    (rck.RCK_CONTROL_POSITION, rck.RCK_MEASURE_NONE, (rck.RCK_SCOPE_ACCOUNT_INSTRUMENT,), 300),
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_GROSS, ACCOUNT, 600_000),
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_NET, ACCOUNT, 400_000),
    (rck.RCK_CONTROL_BUYING_POWER, rck.RCK_MEASURE_NONE, ACCOUNT, 9000),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_COUNT, ACCOUNT, 10),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_NOTIONAL, ACCOUNT, 300_000),
    (rck.RCK_CONTROL_RATE, rck.RCK_MEASURE_NEW, limits.PARTIES, 4),
]
METRIC = 1
# And of the controls that the shortest way asks as well where they are armed.
FURTHER: list[Form] = [
    (rck.RCK_CONTROL_ACCUMULATED, rck.RCK_MEASURE_QUANTITY_MINUTE, limits.PARTIES, 2_000),
    (rck.RCK_CONTROL_ACCUMULATED, rck.RCK_MEASURE_NOTIONAL_HOUR, ACCOUNT, 8_000_000),
    (rck.RCK_CONTROL_DUPLICATE, rck.RCK_MEASURE_NONE, limits.PARTIES, 0),
    (rck.RCK_CONTROL_REPEATED_EXECUTION, rck.RCK_MEASURE_NONE, ACCOUNT, 2),
    (rck.RCK_CONTROL_LOSS, rck.RCK_MEASURE_REALISED, ACCOUNT, 4_000),
    (rck.RCK_CONTROL_CONDUCT, rck.RCK_MEASURE_REJECTS, ACCOUNT, 6),
    (rck.RCK_CONTROL_CONDUCT, rck.RCK_MEASURE_ORDERS_PER_TRADE, ACCOUNT, 12),
    (rck.RCK_CONTROL_METRIC, rck.RCK_MEASURE_GREATER, limits.PARTIES, 6),
]
WANTED_FURTHER = {"warned by 12", "warned by 22"} | {
    f"RCK_REJECT_{name}" for name in ("QUANTITY_ROLLING", "EXECUTION_DISABLED", "METRIC")
}


@pytest.mark.parametrize("further", [False, True])
@pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])
def test_both_ways_of_a_check_decide_alike(session: host.Session, discipline: int, further: bool) -> None:
    wanted, forms = (WANTED_FURTHER, FORMS + 2 * FURTHER) if further else (WANTED, FORMS)
    answers: Counter[str] = Counter()
    for seed in range(SEED, SEED + 5):
        print(f"seed {seed}")
        pair = Pair(session, discipline, seed)
        day = Day(pair, seed, forms)
        for number in range(CALLS):
            day.step()
            day.now_ns += day.numbers.randrange(3) * 10**8
            if number % 10 == 0:
                pair.compare()
        answers += pair.answers
    print(answers)
    assert not wanted - set(answers), wanted - set(answers)
    if further:
        return
    warned = {name for name in answers if name.startswith("warned by")}
    assert len(warned) == 7, warned
