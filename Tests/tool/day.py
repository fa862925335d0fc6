"""A day at a desk, told to a journal: something of every kind of call. It expects nothing of what it makes but that
calls which have to work do.
"""

import ctypes
import os
from ctypes import byref, sizeof
from pathlib import Path
from typing import Any, TypeVar

import riskcheck.abi as rck
from riskcheck.abi import lib

Struct = TypeVar("Struct", bound=ctypes.Structure)

TELLS = rck.RCK_TELL_COMMANDS | rck.RCK_TELL_MARKET
START_NS = 1_700_000_000_000_000_000  # 2023-11-14T22:13:20Z

# Small, and with a ring that holds the whole day.
SIZES = {
    "money_decimals": 2,
    "clock_back_ns_max": 0,
    "mark_age_ns_max": 10**12,
    "currencies_max": 4,
    "groups_max": 8,
    "accounts_max": 4,
    "strategies_max": 4,
    "instruments_max": 4,
    "positions_max": 40,
    "orders_max": 64,
    "retired_ids_max": 64,
    "limits_max": 32,
    "ports_max": 4,
    "ring_lines": 4096,
    "violations_max": 8,
    "history_max": 8,
    "rate_exact_max": 16,
    "windows_max": 8,
    "duplicates_max": 8,
    "ladder_levels_max": 4,
    "price_history_max": 4,
    "order_history_max": 4,
    "leases_max": 8,
    "executions_max": 32,
}


def sized(struct: type[Struct], **fields: Any) -> Struct:
    made: Any = struct()
    if hasattr(made, "struct_size"):
        made.struct_size = sizeof(struct)
    for name, value in fields.items():
        if isinstance(value, list):
            getattr(made, name)[: len(value)] = value
        else:
            setattr(made, name, value)
    return made  # type: ignore[no-any-return]


def config(flags: int, discipline: int = rck.RCK_ONE_WRITER) -> rck.Config:
    made = rck.Config()
    rck.check(lib.rck_config_init(byref(made), sizeof(made)))
    made.flags, made.discipline, made.clock_source = flags, discipline, rck.RCK_CLOCK_HOST
    for name, value in SIZES.items():
        setattr(made, name, value)
    return made


class Desk:
    """An engine with its journal: one port for reading, which pumps, and ports that trade."""

    def __init__(self, settings: rck.Config, journal: Path | None = None, region: Path | None = None) -> None:
        self.engine, self.reader, fault = rck.EngineHandle(), rck.PortHandle(), rck.Fault()
        if region is None:
            status = lib.rck_engine_create(byref(settings), None, 0, byref(self.engine), byref(fault))
        else:
            status = lib.rck_engine_open(
                byref(settings), os.fsencode(region), byref(self.engine), byref(fault)
            )
        rck.check(status, fault)
        self.ports: dict[int, rck.PortHandle] = {0: self.reader}
        self.has_journal = journal is not None
        self.time_ns = START_NS
        self.open(0, rck.RCK_PORT_READER)
        if journal is not None:
            how = sized(rck.JournalConfig, sync=rck.RCK_SYNC_NONE, segment_bytes=65_536)
            rck.check(
                lib.rck_journal_open(self.reader, os.fsencode(journal), byref(how), byref(fault)), fault
            )

    def open(self, index: int, mode: int = rck.RCK_PORT_WRITER) -> None:
        port, fault = self.ports.setdefault(index, rck.PortHandle()), rck.Fault()
        rck.check(lib.rck_port_open(self.engine, index, mode, byref(port), byref(fault)), fault)

    def pump(self) -> None:
        fault = rck.Fault()
        rck.check(lib.rck_journal_pump(self.reader, None, byref(fault)), fault)

    def hash(self) -> str:
        words = (ctypes.c_uint64 * 2)()
        rck.check(lib.rck_state_hash(self.engine, words))
        return f"{words[0]:016x}{words[1]:016x}"

    def snapshot(self, directory: Path, content: int = rck.RCK_SNAPSHOT_STATE) -> rck.SnapshotInfo:
        """Writes one into a directory that it makes."""
        directory.mkdir()
        info, fault = sized(rck.SnapshotInfo), rck.Fault()
        path = os.fsencode(directory)
        rck.check(lib.rck_snapshot_write(self.engine, path, content, byref(info), byref(fault)), fault)
        return info

    def close(self) -> None:
        """Finishes the journal; a port that is closed does not."""
        fault = rck.Fault()
        if self.has_journal:
            self.pump()
            rck.check(lib.rck_journal_close(self.reader, byref(fault)), fault)
        self.leave()

    def leave(self) -> None:
        for port in self.ports.values():
            rck.check(lib.rck_port_close(port))
        rck.check(lib.rck_engine_close(self.engine))

    # ---- Calls ----

    def now(self) -> int:
        """A time for a call, one after the other."""
        self.time_ns += 1_000
        return self.time_ns

    def set(self, call: str, record: ctypes.Structure, *more: Any) -> int:
        """What the administrator does; it has to work."""
        fault = rck.Fault()
        return rck.check(getattr(lib, call)(self.engine, byref(record), *more, byref(fault)), fault)

    def define(self) -> None:
        self.set("rck_currency_set", sized(rck.Currency, id=1, name=b"USD", rate=1))
        group = sized(rck.Group, id=1, name=b"tech", kind=rck.RCK_GROUP_OF_INSTRUMENTS)
        self.set("rck_group_set", group)
        units = {
            "currency": 1,
            "price_decimals": 2,
            "multiplier": 1,
            "lot": 1,
            "tick": 1,
            "margin_bps": [5000],
        }
        for id, name in ((1, b"ACME"), (2, b"ES Z6")):
            flags = rck.RCK_ENABLED
            instrument = sized(rck.Instrument, id=id, name=name, flags=flags, groups=[2 - id], **units)
            self.set("rck_instrument_set", instrument)
        may = {"flags": rck.RCK_ENABLED, "permissions": rck.RCK_PERMIT_ALL}
        self.set("rck_account_set", sized(rck.Account, id=1, name=b"prop 1", **may))
        self.set("rck_strategy_set", sized(rck.Strategy, id=1, name=b"fade", **may))
        calendar = sized(rck.Calendar, id=1, name=b"XNYS", entries=2, end_ns=300, starts=[100, 200])
        self.set("rck_calendar_set", calendar)

    def limit(self, **fields: Any) -> None:
        base = {"levels": rck.RCK_LEVEL_HARD, "actor": 7, "reason": b"the desk's"}
        self.set("rck_limit_set", sized(rck.Limit, **{**base, **fields}), rck.RCK_LOOSEN)

    def publish(self) -> None:
        rck.check(lib.rck_limits_publish(self.engine, None, None))

    def check(
        self, id: int, quantity: int, port: int = 1, call: str = "rck_check", **fields: Any
    ) -> tuple[int, int]:
        """Status and token."""
        verdict = rck.Verdict()
        order = self.order(id, quantity, **fields)
        status = rck.check(getattr(lib, call)(self.ports[port], byref(order), byref(verdict)))
        return status, int(verdict.token)

    def order(self, id: int, quantity: int, **fields: Any) -> rck.Order:
        base = {"order_id": id, "quantity": quantity, "price": 1_000, "account": 1, "instrument": 1}
        shape = {"side": rck.RCK_SIDE_BUY, "type": rck.RCK_TYPE_LIMIT, "time_in_force": rck.RCK_FORCE_DAY}
        return sized(rck.Order, **{**base, **shape, "time_ns": self.now(), **fields})

    def fill(self, cumulative: int, last: int, port: int = 1, **fields: Any) -> int:
        verdict = rck.Verdict()
        base = {"kind": rck.RCK_REPORT_FILL, "cumulative_quantity": cumulative, "last_quantity": last}
        report = sized(rck.Report, **{**base, "last_price": 999, "time_ns": self.now(), **fields})
        return rck.check(lib.rck_fill(self.ports[port], byref(report), byref(verdict)))

    def release(self, token: int, order_id: int = 0, port: int = 1, reason: int = 2) -> int:
        verdict = rck.Verdict()
        call = lib.rck_release
        return rck.check(call(self.ports[port], token, order_id, reason, self.now(), byref(verdict)))

    def amend(self, token: int, quantity: int, id: int, accepted: int | None) -> int:
        verdict = rck.Verdict()
        order = self.order(id, quantity)
        status = rck.check(lib.rck_amend(self.ports[1], token, byref(order), byref(verdict)))
        if status == rck.RCK_OK and accepted is not None:
            rck.check(lib.rck_amend_result(self.ports[1], token, 0, accepted, byref(verdict)))
        return status

    def batch(self, *orders: rck.Order) -> int:
        """All or none; how many passed."""
        count, passed = len(orders), ctypes.c_uint32()
        records, verdicts = (rck.Order * count)(*orders), (rck.Verdict * count)()
        flag = rck.RCK_BATCH_ALL_OR_NONE
        call = lib.rck_check_batch
        rck.check(call(self.ports[1], records, verdicts, count, flag, byref(passed)))
        return passed.value


def market(desk: Desk) -> None:
    port = desk.ports[1]
    quote = sized(rck.Quote, instrument=1, bid=998, ask=1_002, bid_size=5, ask_size=6, time_ns=desk.now())
    rck.check(lib.rck_market_quote(port, byref(quote)))
    trade = sized(rck.Trade, instrument=1, price=1_001, quantity=3, time_ns=desk.now())
    rck.check(lib.rck_market_trade(port, byref(trade)))
    book = sized(rck.Book, instrument=1, bids=2, asks=1, time_ns=desk.now(), bid_prices=[998, 997])
    book.bid_sizes[:2], book.ask_prices[0], book.ask_sizes[0] = [5, 7], 1_002, 6
    rck.check(lib.rck_market_book(port, byref(book)))
    rck.check(lib.rck_market_volume(port, 1, 1_000_000))
    rck.check(lib.rck_mark(port, 1, 1_001, desk.now()))
    rck.check(lib.rck_metric_set(port, 3, -0.1, desk.now()))


def administer(desk: Desk) -> None:
    """A latch and its end, an override that an order uses, a watch, limits that come and go."""
    latch = sized(rck.Latch, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1, state=rck.RCK_STATE_HALTED, actor=7)
    latch.reason, latch.time_ns = b"lunch", desk.now()
    desk.set("rck_latch_set", latch)
    desk.check(40, 10)
    desk.set("rck_latch_clear", latch)
    override = sized(rck.Override, order_id=41, control=rck.RCK_CONTROL_ORDER_QUANTITY, actor=7, count=1)
    override.reason, override.expiry_ns = b"a large one", desk.time_ns + 10**9
    id = ctypes.c_uint32()
    desk.set("rck_override_set", override, byref(id))
    _, token = desk.check(41, 150, price=10)
    desk.release(token)
    override.override_id = id.value
    desk.set("rck_override_remove", override)
    watch = sized(rck.PortWatch, port=1, silence_ns=10**15, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1, actor=7)
    watch.state = rck.RCK_STATE_CANCEL_ONLY
    desk.set("rck_port_watch_set", watch)
    rearming = sized(rck.Rearming, control=rck.RCK_CONTROL_CONDUCT, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1)
    rearming.actor, rearming.reason = 7, b"talked to the venue"
    desk.set("rck_rearm", rearming)
    desk.limit(control=rck.RCK_CONTROL_ORDER_NOTIONAL, scope_kind=rck.RCK_SCOPE_GLOBAL, hard=10**9)
    desk.publish()
    gone = sized(rck.Limit, control=rck.RCK_CONTROL_ORDER_NOTIONAL, scope_kind=rck.RCK_SCOPE_GLOBAL, actor=7)
    gone.reason = b"not needed"
    desk.set("rck_limit_remove", gone, rck.RCK_LOOSEN)
    desk.publish()


def trade(desk: Desk) -> None:
    """Orders that pass and that are refused, and what becomes of them."""
    verdict, port = rck.Verdict(), desk.ports[1]
    _, first = desk.check(1, 60, correlation_id=99)
    desk.check(1, 60)  # known already
    desk.check(2, 101)  # more than an order may have
    _, third = desk.check(3, 50, price=1_010, side=rck.RCK_SIDE_SELL, strategy=1)
    desk.check(4, 90)  # more than the account may be exposed
    desk.fill(20, 20, token=first, execution_id=1)
    desk.fill(20, 20, token=first, execution_id=1)
    desk.amend(first, 70, 5, 1)  # known as 5 too from now on
    desk.amend(first, 500, 6, None)
    rck.check(lib.rck_cancel(port, 0, 3, desk.now(), byref(verdict)))
    desk.release(third)
    desk.release(third)
    desk.fill(10, 10, token=third, execution_id=2)  # late
    desk.fill(5, 5, order_id=900, account=1, instrument=2, side=rck.RCK_SIDE_SELL, execution_id=3)
    desk.release(0, 901)
    rck.check(lib.rck_order_confirm(port, first, 0, byref(verdict)))
    desk.fill(0, 0, token=first, kind=rck.RCK_REPORT_BUST, undone_execution_id=1)
    desk.check(7, 95, call="rck_drop_copy", venue=4)
    desk.release(0, 7)
    desk.batch(desk.order(20, 5), desk.order(21, 6, side=rck.RCK_SIDE_SELL))
    desk.batch(desk.order(22, 5), desk.order(23, 600), desk.order(24, 1))


def live(desk: Desk) -> None:
    """The whole day."""
    desk.define()
    account = {"scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
    desk.limit(control=rck.RCK_CONTROL_ORDER_QUANTITY, hard=100, **account)
    gross = {"control": rck.RCK_CONTROL_EXPOSURE, "measure": rck.RCK_MEASURE_GROSS}
    desk.limit(**gross, **account, hard=150_000)
    desk.publish()
    desk.open(1)
    cash = sized(rck.Cash, account=1, cash=10**9, actor=7, reason=b"the day's opening")
    rck.check(lib.rck_cash_set(desk.ports[1], byref(cash), None))
    position = sized(
        rck.Position, account=1, instrument=2, quantity=5, price=100, actor=7, reason=b"yesterday"
    )
    rck.check(lib.rck_position_set(desk.ports[1], byref(position), None))
    market(desk)
    trade(desk)
    administer(desk)
    event = sized(rck.Event, kind=rck.RCK_EVENT_HOST + 3, time_ns=desk.now(), subject=17)
    rck.check(lib.rck_event_write(desk.ports[1], byref(event), 1))
    rck.check(lib.rck_beat(desk.ports[1], desk.now()))
    rck.check(lib.rck_day_start(desk.ports[1], 20231115, byref(ctypes.c_uint32()), None))


def go_on(desk: Desk, pairs: int = 600) -> None:
    """Two ports trade in turn, and end each other's orders; so many that they fill several segments."""
    desk.open(2)
    for number in range(pairs):
        first, second = (1, 2) if number % 2 == 0 else (2, 1)
        _, token = desk.check(1_000 + 2 * number, 1, port=first)
        desk.check(1_001 + 2 * number, 1, port=second, side=rck.RCK_SIDE_SELL)
        desk.release(token, port=first)
        desk.release(0, 1_001 + 2 * number, port=2)
        if number % 50 == 0:
            desk.pump()
