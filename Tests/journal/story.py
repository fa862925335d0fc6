"""What the golden journals tell: every kind of record that calls can produce, through three ports. It asserts that
calls are taken, not what is decided.
"""

import ctypes
from ctypes import byref
from pathlib import Path
from typing import Any

import riskcheck.abi as rck
from riskcheck.abi import lib
from session import Session, config, sized

BUY, SELL = rck.RCK_SIDE_BUY, rck.RCK_SIDE_SELL
ACTOR: dict[str, Any] = {"actor": 7, "reason": b"agreed"}
ACCOUNT: dict[str, Any] = {"scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
DAY_NS = 86_400_000_000_000


class Desk:
    """An engine with its ports, which are called in turn; time goes forward by itself."""

    def __init__(self, session: Session, engine: rck.EngineHandle) -> None:
        self.session = session
        self.engine = engine
        self.reader = session.port(engine, 0)
        self.ports: list[rck.PortHandle] = []
        self.turn = 0
        self.now_ns = 1_000_000_000
        self.order_id = 0
        self.execution = 0
        self.legs = 100
        self.tokens: list[int] = []

    def open_ports(self) -> None:
        self.ports = [self.session.port(self.engine, index) for index in (1, 2, 3)]

    def close_ports(self) -> None:
        for port in self.ports:
            rck.check(lib.rck_port_close(port))

    def port(self) -> rck.PortHandle:
        self.turn += 1
        self.now_ns += 1000
        return self.ports[self.turn % 3]

    # Reference data, limits.

    def put(self, name: str, given: ctypes.Structure, *words: Any) -> int:
        """One call of the administrator."""
        fault = rck.Fault()
        return rck.check(getattr(lib, name)(self.engine, byref(given), *words, byref(fault)), fault)

    def define(self) -> None:
        enabled = {"flags": rck.RCK_ENABLED, "permissions": rck.RCK_PERMIT_ALL}
        self.put("rck_currency_set", sized(rck.Currency, id=1, name=b"EUR", rate=1))
        self.put("rck_currency_set", sized(rck.Currency, id=2, name=b"USD", rate=9, rate_decimals=1))
        for id, kind in ((1, 1), (2, 2), (3, 3)):
            self.put("rck_group_set", sized(rck.Group, id=id, name=b"group %d" % id, kind=kind))
        for id in (1, 2, 3):
            groups = [1, 0, 0, 0]
            self.put(
                "rck_account_set",
                sized(rck.Account, id=id, name=b"account %d" % id, groups=groups, **enabled),
            )
        for id in (1, 2):
            self.put("rck_strategy_set", sized(rck.Strategy, id=id, name=b"strategy %d" % id, **enabled))
        for id in (1, 2, 3):
            units = {"price_decimals": 2, "multiplier": 1, "lot": 1, "tick": 1, "groups": [3, 0, 0, 0]}
            more = {"flags": rck.RCK_ENABLED, "currency": 1 + id % 2, "reference": rck.RCK_REFERENCE_LAST}
            margin = {"margin_bps": [5000, 10_000, 0, 0]}
            name = b"instrument %d" % id
            self.put("rck_instrument_set", sized(rck.Instrument, id=id, name=name, **units, **more, **margin))
        starts = [0, DAY_NS, *[0] * (rck.RCK_CALENDAR_ENTRIES_MAX - 2)]
        permissions = [rck.RCK_PERMIT_ALL] * 2 + [0] * (rck.RCK_CALENDAR_ENTRIES_MAX - 2)
        calendar: dict[str, Any] = {"id": 1, "name": b"always", "entries": 2, "end_ns": 2 * DAY_NS}
        self.put("rck_calendar_set", sized(rck.Calendar, starts=starts, permissions=permissions, **calendar))

    def limit(self, control: int, hard: int = 0, **fields: Any) -> None:
        base = {**ACCOUNT, **ACTOR, "control": control, "levels": rck.RCK_LEVEL_HARD, "hard": hard}
        self.put("rck_limit_set", sized(rck.Limit, **{**base, **fields}), rck.RCK_LOOSEN)

    def publish(self) -> None:
        rck.check(lib.rck_limits_publish(self.engine, None, None))

    def arm(self) -> None:
        alerts = {"levels": rck.RCK_LEVEL_SOFT | rck.RCK_LEVEL_HARD, "soft": 50}
        actions = [0, rck.RCK_ACTION_ALERT, rck.RCK_ACTION_LIQUIDATE, 0]
        self.limit(rck.RCK_CONTROL_ORDER_QUANTITY, 100, **alerts, actions=actions)
        self.limit(rck.RCK_CONTROL_EXPOSURE, 10**9, measure=rck.RCK_MEASURE_GROSS)
        self.limit(rck.RCK_CONTROL_RATE, 10, measure=rck.RCK_MEASURE_NEW, window_ns=DAY_NS, id=2)
        self.limit(rck.RCK_CONTROL_LISTS, measure=rck.RCK_MEASURE_SESSION, reference=1)
        self.limit(rck.RCK_CONTROL_REPEATED_EXECUTION, 2, window_ns=DAY_NS, id=3)
        self.limit(rck.RCK_CONTROL_CONDUCT, 3, measure=rck.RCK_MEASURE_REJECTS, id=2)
        metric = {
            "scope_kind": rck.RCK_SCOPE_GLOBAL,
            "id": 0,
            "instrument": 5,
            "measure": rck.RCK_MEASURE_GREATER,
        }
        self.limit(rck.RCK_CONTROL_METRIC, 1000, reference=2, **metric)
        self.publish()

    # Orders.

    def order(self, **fields: Any) -> rck.Order:
        self.order_id += 1
        base = {"order_id": self.order_id, "account": 1, "strategy": 1, "instrument": 1, "side": BUY}
        shape = {
            "type": rck.RCK_TYPE_LIMIT,
            "time_in_force": rck.RCK_FORCE_DAY,
            "quantity": 10,
            "price": 1000,
        }
        more = {"time_ns": self.now_ns, "correlation_id": 7000 + self.order_id, "venue": 3}
        return sized(rck.Order, **{**base, **shape, **more, **fields})

    def check(self, call: str = "rck_check", **fields: Any) -> int:
        port, verdict = self.port(), rck.Verdict()
        rck.check(getattr(lib, call)(port, byref(self.order(**fields)), byref(verdict)))
        self.tokens += [verdict.token] if verdict.token else []
        return int(verdict.token)

    def amend(self, token: int, accepted: int, **fields: Any) -> None:
        port, verdict = self.port(), rck.Verdict()
        rck.check(lib.rck_amend(port, token, byref(self.order(**fields)), byref(verdict)))
        rck.check(lib.rck_amend_result(self.port(), token, 0, accepted, byref(verdict)))

    def fill(self, token: int, cumulative: int, last: int, **fields: Any) -> None:
        port, verdict = self.port(), rck.Verdict()
        self.execution += 1
        base = {"token": token, "kind": rck.RCK_REPORT_FILL, "last_quantity": last, "last_price": 1001}
        more = {
            "cumulative_quantity": cumulative,
            "execution_id": self.execution,
            "time_ns": self.now_ns,
            "fee": 3,
        }
        report = sized(rck.Report, **{**base, **more, **fields})
        rck.check(lib.rck_fill(port, byref(report), byref(verdict)))

    def cancel(self, token: int) -> None:
        rck.check(lib.rck_cancel(self.port(), token, 0, self.now_ns, byref(rck.Verdict())))

    def release(self, token: int, reason: int = rck.RCK_RELEASE_CANCELLED) -> None:
        rck.check(lib.rck_release(self.port(), token, 0, reason, self.now_ns, byref(rck.Verdict())))

    def confirm(self, token: int) -> None:
        rck.check(lib.rck_order_confirm(self.port(), token, 0, byref(rck.Verdict())))

    def batch(self, count: int, quantity: int) -> None:
        """Legs that are all live, or none."""
        port, passed = self.port(), ctypes.c_uint32()
        orders = (rck.Order * count)(*[self.order(quantity=quantity, instrument=3) for _ in range(count)])
        verdicts = (rck.Verdict * count)()
        rck.check(
            lib.rck_check_batch(port, orders, verdicts, count, rck.RCK_BATCH_ALL_OR_NONE, byref(passed))
        )

    # What ports are told.

    def told(self, call: str, given: ctypes.Structure, *words: Any) -> None:
        rck.check(getattr(lib, call)(self.port(), byref(given), *words))

    def market(self) -> None:
        now = {"time_ns": self.now_ns + 1000}
        self.told(
            "rck_market_quote",
            sized(rck.Quote, instrument=1, bid=999, ask=1001, bid_size=5, ask_size=6, **now),
        )
        now = {"time_ns": self.now_ns + 1000}
        self.told("rck_market_trade", sized(rck.Trade, instrument=1, price=1000, quantity=3, **now))
        down, up = [1000 - at for at in range(10)], [1002 + at for at in range(10)]
        sizes = {"bid_sizes": [5] * 10, "ask_sizes": [6] * 10, "time_ns": self.now_ns + 1000}
        book = sized(rck.Book, instrument=2, bids=10, asks=10, bid_prices=down, ask_prices=up, **sizes)
        self.told("rck_market_book", book)
        rck.check(lib.rck_market_volume(self.port(), 1, 12_345))
        rck.check(lib.rck_mark(self.port(), 1, 1002, self.now_ns))
        rck.check(lib.rck_metric_set(self.port(), 5, 0.25, self.now_ns))

    def office(self) -> None:
        position = {
            "account": 2,
            "instrument": 2,
            "quantity": -40,
            "price": 990,
            "actor": 9,
            "reason": b"end of day",
        }
        self.told("rck_position_set", sized(rck.Position, **position), None)
        self.told(
            "rck_cash_set", sized(rck.Cash, account=1, cash=10**9, credit=5, actor=9, reason=b"wire"), None
        )

    def annotate(self, count: int) -> None:
        port = self.port()
        event = {"kind": rck.RCK_EVENT_HOST + 5, "time_ns": self.now_ns, "subject": 42, "values": [1, -1]}
        events = (rck.Event * count)(*[sized(rck.Event, **event) for _ in range(count)])
        rck.check(lib.rck_event_write(port, events, count))

    def beat(self) -> None:
        port = self.port()
        rck.check(lib.rck_beat(port, self.now_ns))

    def day(self, date: int) -> None:
        released = ctypes.c_uint32()
        rck.check(lib.rck_day_start(self.port(), date, byref(released), None))

    # What the administrator does while it trades.

    def latch(self, **fields: Any) -> None:
        base = {**ACTOR, "scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 2, "state": rck.RCK_STATE_HALTED}
        self.put("rck_latch_set", sized(rck.Latch, **{**base, "time_ns": self.now_ns, **fields}))

    def unlatch(self, **fields: Any) -> None:
        base = {**ACTOR, "scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 2, "time_ns": self.now_ns}
        self.put("rck_latch_clear", sized(rck.Latch, **{**base, **fields}))

    def override(self) -> int:
        found = ctypes.c_uint32()
        base = {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "count": 2, "expiry_ns": DAY_NS}
        self.put("rck_override_set", sized(rck.Override, **ACCOUNT, **ACTOR, **base), byref(found))
        return found.value

    def end_override(self, id: int) -> None:
        self.put("rck_override_remove", sized(rck.Override, override_id=id, **ACTOR))

    def watch(self) -> None:
        scope = {"scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 2, "state": rck.RCK_STATE_CANCEL_ONLY}
        self.put("rck_port_watch_set", sized(rck.PortWatch, port=3, silence_ns=10**6, **scope, **ACTOR))

    def look(self) -> None:
        """Past the silence of port 3, which is latched."""
        ports, count = (ctypes.c_uint32 * 4)(), ctypes.c_uint32()
        rck.check(lib.rck_watch(self.engine, self.now_ns + 10**9, ports, 4, byref(count)))

    def reconcile(self) -> None:
        """Somebody else has another position of account 2, which we take over."""
        theirs = {
            "account": 2,
            "instrument": 2,
            "quantity": -25,
            "price": 985,
            "actor": 9,
            "reason": b"custodian",
        }
        port, entry, differing = self.port(), sized(rck.Position, **theirs), ctypes.c_uint32()
        flags = rck.RCK_RECONCILE_CORRECT
        rck.check(lib.rck_reconcile(port, byref(entry), 1, flags, byref(differing), None))

    def violations(self) -> list[int]:
        """The ids of those that are open."""
        page, found, cursor = (rck.Violation * 16)(), ctypes.c_uint32(), ctypes.c_uint64()
        for one in page:
            one.struct_size = ctypes.sizeof(one)
        states = 1 << rck.RCK_VIOLATION_NEW | 1 << rck.RCK_VIOLATION_ACTIVE
        wanted = sized(rck.ViolationFilter, states=states)
        rck.check(lib.rck_violations_read(self.engine, byref(wanted), page, 16, byref(cursor), byref(found)))
        return [page[at].violation_id for at in range(found.value)]

    def settle(self, violation: int) -> None:
        """Acknowledged, then cleared."""
        for state in (rck.RCK_VIOLATION_ACKNOWLEDGED, rck.RCK_VIOLATION_CLEARED):
            self.put(
                "rck_violation_set",
                sized(rck.ViolationChange, state=state, violation_id=violation, **ACTOR),
                None,
            )

    def rearm(self) -> None:
        given = {"control": rck.RCK_CONTROL_REPEATED_EXECUTION, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 3}
        self.put("rck_rearm", sized(rck.Rearming, **given, **ACTOR))


def morning(desk: Desk) -> None:
    """Orders in all their lives."""
    desk.day(20_260_105)
    desk.market()
    desk.office()
    token = desk.check()
    desk.fill(token, 4, 4)
    desk.amend(token, 1, quantity=20, price=1005)
    desk.fill(token, 25, 21)  # beyond its quantity
    token = desk.check(side=SELL, instrument=2)
    desk.amend(token, 0, quantity=15)
    desk.confirm(token)
    desk.cancel(token)
    desk.release(token)
    desk.fill(token, 2, 2)  # after its end
    desk.fill(0, 3, 3, order_id=999, account=2, instrument=2, side=BUY)  # for nobody
    desk.check(quantity=60)  # above the soft level
    desk.check(quantity=500)  # above the hard one
    desk.check(instrument=9)  # of no instrument
    desk.check(call="rck_drop_copy", quantity=600)
    desk.batch(3, 5)
    desk.batch(2, 400)
    desk.annotate(5)
    desk.beat()


def noon(desk: Desk) -> None:
    """What the administrator does, and what follows from it."""
    id = desk.override()
    desk.check(quantity=300)
    desk.end_override(id)
    desk.latch()
    desk.check(strategy=2)
    desk.unlatch()
    desk.watch()
    desk.look()
    desk.unlatch()
    for _ in range(2):
        desk.fill(desk.check(account=3, quantity=5), 5, 5)
    desk.check(account=3, quantity=5)  # disabled by then
    desk.rearm()
    desk.fill(desk.check(account=3, quantity=6), 6, 6)
    desk.put("rck_limit_remove", limit_to_remove(), rck.RCK_LOOSEN)
    desk.limit(rck.RCK_CONTROL_ORDER_QUANTITY, 80)
    desk.publish()
    desk.check(quantity=90)


def limit_to_remove() -> rck.Limit:
    key = {"control": rck.RCK_CONTROL_EXPOSURE, "measure": rck.RCK_MEASURE_GROSS}
    return sized(rck.Limit, **ACCOUNT, **ACTOR, **key)


def evening(desk: Desk) -> None:
    """The day's end: what is left is released."""
    desk.market()
    desk.reconcile()
    desk.settle(desk.violations()[0])
    for token in desk.tokens[-4:]:
        desk.release(token, rck.RCK_RELEASE_EXPIRED)
    desk.day(20_260_106)
    desk.check(time_in_force=rck.RCK_FORCE_GOOD_TILL_CANCEL)
    desk.annotate(3)


def told_config(**changes: int) -> rck.Config:
    flags = rck.RCK_TELL_COMMANDS | rck.RCK_TELL_MARKET | rck.RCK_KEEP_VIOLATIONS
    return config(**{"ring_lines": 4096, "flags": flags, **changes})


def opened(session: Session, region: Path, **changes: int) -> Desk:
    return Desk(session, session.open(region, told_config(**changes)))
