"""A desk to trade at, and the calls of the order path as the tests make them: they assert nothing but what a test
hands over, and hold no expectations of their own.
"""

import ctypes
from ctypes import byref
from typing import Any

import definitions as defs
import host
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

BUY, SELL = rck.RCK_SIDE_BUY, rck.RCK_SIDE_SELL
UNITS = {"price_decimals": 2, "multiplier": 1, "lot": 1, "tick": 1, "margin_bps": [5000, 10_000, 0, 0]}


def define(engine: rck.EngineHandle, **changes: Any) -> None:
    """Two accounts, two strategies, three instruments of one currency, cents throughout; `changes` go to every
    instrument.
    """
    defs.define(engine, defs.currency(1, b"USD", rate_decimals=0, rate=1))
    for id in (1, 2, 3):
        defs.define(engine, defs.instrument(id, b"instrument %d" % id, **{**UNITS, **changes}))
    for id in (1, 2):
        defs.define(engine, defs.account(id, b"account %d" % id), defs.strategy(id, b"strategy %d" % id))


def make(session: host.Session, **settings: int) -> tuple[rck.EngineHandle, rck.PortHandle]:
    """An engine with that desk and its first port."""
    engine = session.create(host.config(money_decimals=2, **settings))
    define(engine)
    return engine, session.port(engine)


def order(id: int = 1, quantity: int = 10, price: int = 1000, **fields: Any) -> rck.Order:
    base = {"account": 1, "instrument": 1, "side": BUY, "type": rck.RCK_TYPE_LIMIT, "time_ns": 1}
    shape = {"time_in_force": rck.RCK_FORCE_DAY, "order_id": id, "quantity": quantity, "price": price}
    return sized(rck.Order, **{**base, **shape, **fields})


def report(cumulative: int, price: int = 1000, **fields: Any) -> rck.Report:
    base = {"kind": rck.RCK_REPORT_FILL, "cumulative_quantity": cumulative, "last_quantity": cumulative}
    return sized(rck.Report, **{**base, "last_price": price, "time_ns": 1, **fields})


Answer = tuple[str, rck.Verdict]


def fresh() -> rck.Verdict:
    """A verdict that shows whether it was written."""
    verdict = rck.Verdict()
    ctypes.memset(byref(verdict), 0x5A, ctypes.sizeof(verdict))
    return verdict


def answer(status: int, verdict: rck.Verdict) -> Answer:
    """Every verdict says what the call says, and is untouched by a misuse."""
    if status < 0:
        assert set(bytes(verdict)) == {0x5A}, f"a verdict was written with {name_of(status)}"
    else:
        assert verdict.status == status and verdict.reserved0 == 0
        assert verdict.status in (0, 1) or verdict.severity >= rck.RCK_SEVERITY_HARD
    return name_of(status), verdict


def check(port: rck.PortHandle, asked: rck.Order, call: str = "rck_check") -> Answer:
    verdict = fresh()
    return answer(getattr(lib, call)(port, byref(asked), byref(verdict)), verdict)


def dry(port: rck.PortHandle, asked: rck.Order) -> Answer:
    return check(port, asked, "rck_check_dry")


def enter(port: rck.PortHandle, *fields: Any, **more: Any) -> int:
    """An order that passes; its token."""
    status, verdict = check(port, order(*fields, **more))
    assert status == "RCK_OK", status
    assert verdict.token != 0
    return int(verdict.token)


def headroom(port: rck.PortHandle, asked: rck.Order) -> tuple[str, int, rck.Verdict]:
    quantity, verdict = ctypes.c_int64(-77), fresh()
    status = lib.rck_headroom(port, byref(asked), byref(quantity), byref(verdict))
    return (*answer(status, verdict)[:1], quantity.value, verdict)


def amend(port: rck.PortHandle, token: int, asked: rck.Order) -> Answer:
    verdict = fresh()
    return answer(lib.rck_amend(port, token, byref(asked), byref(verdict)), verdict)


def amend_result(port: rck.PortHandle, token: int, accepted: int, order_id: int = 0) -> Answer:
    verdict = fresh()
    return answer(lib.rck_amend_result(port, token, order_id, accepted, byref(verdict)), verdict)


def fill(port: rck.PortHandle, fact: rck.Report) -> Answer:
    verdict = fresh()
    return answer(lib.rck_fill(port, byref(fact), byref(verdict)), verdict)


def release(
    port: rck.PortHandle,
    token: int,
    reason: int = rck.RCK_RELEASE_CANCELLED,
    order_id: int = 0,
    time_ns: int = 1,
) -> Answer:
    verdict = fresh()
    return answer(lib.rck_release(port, token, order_id, reason, time_ns, byref(verdict)), verdict)


def cancel(port: rck.PortHandle, token: int, order_id: int = 0, time_ns: int = 1) -> Answer:
    verdict = fresh()
    return answer(lib.rck_cancel(port, token, order_id, time_ns, byref(verdict)), verdict)


def confirm(port: rck.PortHandle, token: int, order_id: int = 0) -> Answer:
    verdict = fresh()
    return answer(lib.rck_order_confirm(port, token, order_id, byref(verdict)), verdict)


def cash(port: rck.PortHandle, amount: int, account: int = 1, **fields: Any) -> tuple[str, rck.Fault]:
    base = {"account": account, "cash": amount, "actor": 7, "reason": b"wire"}
    given, fault = sized(rck.Cash, **{**base, **fields}), rck.Fault()
    return name_of(lib.rck_cash_set(port, byref(given), byref(fault))), fault


def position(port: rck.PortHandle, quantity: int, price: int = 1000, **fields: Any) -> tuple[str, rck.Fault]:
    base = {"account": 1, "instrument": 1, "quantity": quantity, "price": price, "actor": 7, "reason": b"eod"}
    given, fault = sized(rck.Position, **{**base, **fields}), rck.Fault()
    return name_of(lib.rck_position_set(port, byref(given), byref(fault))), fault


def mark(port: rck.PortHandle, price: int, instrument: int = 1, time_ns: int = 1) -> str:
    return name_of(lib.rck_mark(port, instrument, price, time_ns))


def quote(port: rck.PortHandle, bid: int, ask: int, **fields: Any) -> str:
    base = {"instrument": 1, "bid": bid, "ask": ask, "bid_size": 1, "ask_size": 1, "time_ns": 1}
    return name_of(lib.rck_market_quote(port, byref(sized(rck.Quote, **{**base, **fields}))))


def trade(port: rck.PortHandle, price: int, **fields: Any) -> str:
    base = {"instrument": 1, "price": price, "quantity": 1, "time_ns": 1}
    return name_of(lib.rck_market_trade(port, byref(sized(rck.Trade, **{**base, **fields}))))


def start_day(port: rck.PortHandle, date: int) -> tuple[str, int]:
    released = ctypes.c_uint32(77)
    return name_of(lib.rck_day_start(port, date, byref(released), None)), released.value


def arm(engine: rck.EngineHandle, *limits: dict[str, Any]) -> None:
    """Sets hard limits and publishes them."""
    for fields in limits:
        base = {"levels": rck.RCK_LEVEL_HARD, "actor": 7, "reason": b"agreed"}
        limit, fault = sized(rck.Limit, **{**base, **fields}), rck.Fault()
        rck.check(lib.rck_limit_set(engine, byref(limit), rck.RCK_LOOSEN, byref(fault)), fault)
    rck.check(lib.rck_limits_publish(engine, None, None))


def exposure(hard: int, measure: int = rck.RCK_MEASURE_GROSS, **fields: Any) -> dict[str, Any]:
    base = {"control": rck.RCK_CONTROL_EXPOSURE, "measure": measure, "scope_kind": rck.RCK_SCOPE_ACCOUNT}
    return {**base, "id": 1, "hard": hard, **fields}


def power(hard: int = 10_000, **fields: Any) -> dict[str, Any]:
    base = {"control": rck.RCK_CONTROL_BUYING_POWER, "scope_kind": rck.RCK_SCOPE_ACCOUNT}
    return {**base, "id": 1, "hard": hard, **fields}


def long_short(hard: int, **fields: Any) -> dict[str, Any]:
    base = {"control": rck.RCK_CONTROL_POSITION, "scope_kind": rck.RCK_SCOPE_ACCOUNT_INSTRUMENT}
    return {**base, "id": 1, "instrument": 1, "hard": hard, **fields}


# Looking.


def row(engine: rck.EngineHandle, account: int = 1, instrument: int = 1, strategy: int = 0) -> dict[str, int]:
    """The row's numbers that are not 0; all of them when there is no row."""
    found = sized(rck.PositionInfo, account=account, strategy=strategy, instrument=instrument)
    status = lib.rck_position_get(engine, byref(found))
    if status == rck.RCK_E_UNKNOWN:
        return {}
    rck.check(status)
    names = {"struct_size", "account", "strategy", "instrument"}
    return {name: value for name, value in host.as_dict(found).items() if name not in names and value}


def book(engine: rck.EngineHandle, id: int = 1, scope: int = rck.RCK_SCOPE_ACCOUNT) -> dict[str, int]:
    found = sized(rck.BookInfo, scope_kind=scope, id=id)
    rck.check(lib.rck_book_get(engine, byref(found)))
    names = {"struct_size", "scope_kind", "id"}
    return {name: value for name, value in host.as_dict(found).items() if name not in names and value}


def info(engine: rck.EngineHandle, token: int, order_id: int = 0) -> tuple[str, rck.OrderInfo]:
    found = rck.OrderInfo()
    return name_of(lib.rck_order_get(engine, token, order_id, byref(found))), found


def listed(
    engine: rck.EngineHandle, scope: int = rck.RCK_SCOPE_GLOBAL, id: int = 0, capacity: int = 3
) -> list[rck.OrderInfo]:
    """All live orders of a scope, fetched a few at a time."""
    found: list[rck.OrderInfo] = []
    cursor, count = ctypes.c_uint32(0), ctypes.c_uint32(1)
    while count.value:
        page = (rck.OrderInfo * capacity)()
        rck.check(lib.rck_open_orders(engine, scope, id, page, capacity, byref(cursor), byref(count)))
        found += [page[index] for index in range(count.value)]
    return found


def everything(engine: rck.EngineHandle) -> dict[str, Any]:
    """All rows, books and live orders, for comparison."""
    parties = {"account": rck.RCK_SCOPE_ACCOUNT, "strategy": rck.RCK_SCOPE_STRATEGY}
    found: dict[str, Any] = {}
    for id in (1, 2):
        for instrument in (1, 2, 3):
            found[f"account {id} instrument {instrument}"] = row(engine, id, instrument)
            found[f"strategy {id} instrument {instrument}"] = row(engine, 0, instrument, id)
        for party, scope in parties.items():
            found[f"{party} {id}"] = book(engine, id, scope)
    orders = [host.as_dict(order) for order in listed(engine)]
    found["orders"] = sorted(orders, key=lambda order: int(order["token"]))
    return found
