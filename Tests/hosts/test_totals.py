"""Limits on what the books of many come to: what may be set, what runs out, who stays, and that totals are exact from
their first publication on, whoever trades meanwhile.
"""

import ctypes
import threading
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import definitions as defs
import desk
import host
import limits
import riskcheck.abi as rck
from host import name_of
from limits import refuse
from riskcheck.abi import lib

ALWAYS, NEVER = rck.RCK_LEASE_ALWAYS, rck.RCK_LEASE_NEVER
GLOBAL, OF_ACCOUNTS = rck.RCK_SCOPE_GLOBAL, rck.RCK_SCOPE_ACCOUNT_GROUP
OF_STRATEGIES, OF_INSTRUMENTS = rck.RCK_SCOPE_STRATEGY_GROUP, rck.RCK_SCOPE_INSTRUMENT_GROUP
SECTOR = rck.RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP
QUANTITIES = ["quantity_long", "quantity_short"]
TOTALS = [
    (control, measure, scope)
    for control, measure, scope in limits.PLACES
    if control in (rck.RCK_CONTROL_POSITION, rck.RCK_CONTROL_EXPOSURE, rck.RCK_CONTROL_WORKING)
    and scope in limits.MANY
]
TOTALS.append((rck.RCK_CONTROL_GROUP_EXPOSURE, rck.RCK_MEASURE_NONE, SECTOR))


@pytest.fixture
def engine(engine: rck.EngineHandle) -> rck.EngineHandle:
    limits.define_desk(engine)
    return engine


def gross(scope: int = GLOBAL, **fields: Any) -> rck.Limit:
    return limits.of(rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_GROSS, scope, **fields)


def sector_limit(**fields: Any) -> rck.Limit:
    """On what an account has in a group of instruments."""
    return limits.of(rck.RCK_CONTROL_GROUP_EXPOSURE, rck.RCK_MEASURE_NONE, SECTOR, **fields)


def total(
    engine: rck.EngineHandle, scope: int = GLOBAL, id: int = 0, group: int = 0
) -> tuple[str, dict[str, int]]:
    found = host.sized(rck.BookInfo, scope_kind=scope, id=id, instrument=group)
    status = name_of(lib.rck_book_get(engine, byref(found)))
    fields = host.as_dict(found)
    return status, {
        name: fields[name]
        for name in ("gross", "net_long", "net_short", "orders", "orders_value", *QUANTITIES)
        if fields[name]
    }


# ---- What may be set ----


@pytest.mark.parametrize(("control", "measure", "scope"), limits.PLACES)
@pytest.mark.parametrize("flags", [ALWAYS, NEVER, ALWAYS | NEVER, ALWAYS | 1, NEVER | 8])
def test_leases_are_for_totals_and_one_or_the_other(
    engine: rck.EngineHandle, control: int, measure: int, scope: int, flags: int
) -> None:
    given = limits.of(control, measure, scope, flags=flags)
    if (control, measure, scope) in TOTALS and flags in (ALWAYS, NEVER):
        limits.set_limit(engine, given)
        assert limits.get(engine, given)[1].flags == flags
    else:
        refuse(engine, given, "RCK_E_FLAGS", "flags")


def test_another_way_of_leasing_loosens_nothing(engine: rck.EngineHandle) -> None:
    for flags in (0, ALWAYS, NEVER, 0, NEVER, ALWAYS):
        limits.set_limit(engine, gross(flags=flags))
        limits.publish(engine)
        assert [each.flags for each in limits.armed(engine)] == [flags]


@pytest.mark.parametrize("scope", [OF_ACCOUNTS, OF_STRATEGIES, OF_INSTRUMENTS])
def test_a_group_of_another_kind_is_unknown(engine: rck.EngineHandle, scope: int) -> None:
    for id in range(1, host.SMALL["groups_max"] + 1):
        given = limits.of(rck.RCK_CONTROL_ORDER_QUANTITY, rck.RCK_MEASURE_NONE, scope, id=id)
        if id in limits.ids(scope):
            limits.set_limit(engine, given)
        else:
            refuse(engine, given, "RCK_E_UNKNOWN", "id")


def test_totals_of_a_scope_that_has_none_are_zero_and_of_no_scope_refused(engine: rck.EngineHandle) -> None:
    assert total(engine) == ("RCK_OK", {})
    assert total(engine, OF_ACCOUNTS, 1) == total(engine, OF_STRATEGIES, 6) == ("RCK_OK", {})
    assert total(engine, GLOBAL, 1)[0] == "RCK_E_RANGE"
    unknown = (OF_ACCOUNTS, 2), (OF_ACCOUNTS, 0), (OF_STRATEGIES, 1), (OF_STRATEGIES, 99), (OF_INSTRUMENTS, 1)
    for scope, id in unknown:
        assert total(engine, scope, id)[0] == "RCK_E_UNKNOWN"
    for scope in (0, rck.RCK_SCOPE_INSTRUMENT, rck.RCK_SCOPE_ACCOUNT_INSTRUMENT, 2**31):
        assert total(engine, scope, 2)[0] == "RCK_E_RANGE"


# ---- What runs out ----


def test_totals_run_out_and_stay_with_what_had_them(session: host.Session) -> None:
    engine = session.create(host.config(leases_max=3))
    limits.define_desk(engine)
    net = limits.of(rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_NET, GLOBAL)  # one for each side
    limits.set_limit(engine, net, gross())
    more = gross(OF_ACCOUNTS)
    assert name_of(limits.put(engine, more)) == "RCK_REJECT_TOTALS_FULL"
    assert limits.get(engine, more)[0] == "RCK_E_UNKNOWN"
    limits.set_limit(engine, gross(hard=4))
    limits.publish(engine)
    assert limits.take(engine, net) == "RCK_OK"
    limits.publish(engine)
    assert name_of(limits.put(engine, more)) == "RCK_REJECT_TOTALS_FULL"
    one_side = limits.of(rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_NET, GLOBAL, side=rck.RCK_SIDE_SELL)
    limits.set_limit(engine, one_side)
    limits.publish(engine)
    assert len(limits.armed(engine)) == 2


def test_each_account_in_a_group_takes_a_total_for_good(session: host.Session) -> None:
    engine = session.create(host.config(leases_max=3))
    limits.define_desk(engine)
    limits.set_limit(engine, sector_limit(id=1, instrument=2), sector_limit(id=2, instrument=2))
    limits.set_limit(engine, sector_limit(id=1, instrument=4))
    assert name_of(limits.put(engine, sector_limit(id=2, instrument=4))) == "RCK_REJECT_TOTALS_FULL"
    limits.publish(engine)
    assert limits.take(engine, sector_limit(id=1, instrument=2)) == "RCK_OK"
    limits.publish(engine)
    assert name_of(limits.put(engine, sector_limit(id=3, instrument=2))) == "RCK_REJECT_TOTALS_FULL"
    limits.set_limit(engine, sector_limit(id=1, instrument=2))
    asked = host.sized(rck.BookInfo, scope_kind=SECTOR, id=1, instrument=2, reserved=1)
    assert name_of(lib.rck_book_get(engine, byref(asked))) == "RCK_E_RESERVED"
    waiver = host.sized(rck.Override, control=rck.RCK_CONTROL_GROUP_EXPOSURE, scope_kind=SECTOR, id=1)
    waiver.instrument, waiver.count, waiver.actor, waiver.reason = 2, 1, 1, b"why"
    waiver.expiry_ns = 2**60
    assert (
        name_of(lib.rck_override_set(engine, byref(waiver), byref(ctypes.c_uint32()), None)) == "RCK_E_RANGE"
    )


def test_what_accounts_have_in_groups_outlives_its_process(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(money_decimals=2))
    desk.define(engine)
    for id in (1, 2):
        defs.define(engine, defs.group(id, b"sector %d" % id))
    for id, groups in ((1, [1, 0, 0, 0]), (2, [2, 1, 0, 0])):
        traded = defs.fetch(engine, "instrument", id)[1]
        traded.groups[:] = groups
        defs.define(engine, traded)
    port = session.port(engine)
    limits.set_limit(engine, sector_limit(id=1, instrument=1, hard=40_000))
    limits.publish(engine)
    for id in range(1, 5):
        desk.enter(port, id, account=1 + id % 2, instrument=1 + id // 2 % 2)
    limits.set_limit(engine, sector_limit(id=2, instrument=1, hard=2**50))
    # Given out, and counted only from a publication on.
    limits.publish(engine)
    limits.set_limit(engine, sector_limit(id=2, instrument=2, hard=2**50))
    places = [(1, 1), (2, 1), (2, 2), (1, 2)]
    wanted = [total(engine, SECTOR, *place) for place in places]
    assert [found.get("gross", 0) for _, found in wanted] == [20_000, 20_000, 0, 0]
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    engine = session.open(path, None)
    port = session.port(engine)
    assert [total(engine, SECTOR, *place) for place in places] == wanted
    limits.publish(engine)
    assert total(engine, SECTOR, 2, 2) == ("RCK_OK", {"gross": 10_000})
    for id in (5, 6):
        desk.enter(port, id, instrument=id - 4)
    assert desk.check(port, desk.order(7, quantity=1, instrument=2))[0] == "RCK_REJECT_GROUP_EXPOSURE"
    assert desk.check(port, desk.order(7, quantity=1, instrument=3))[0] == "RCK_OK"


def test_sectors_of_accounts_and_groups_beyond_the_number_of_totals_are_found_again(
    session: host.Session, path: Path
) -> None:
    capacity = {"accounts_max": 16, "groups_max": 12, "leases_max": 4}
    engine = session.open(path, host.config(money_decimals=2, **capacity))
    desk.define(engine)
    defs.define(engine, defs.group(11, b"sector"), defs.account(15, b"account 15"))
    traded = defs.fetch(engine, "instrument", 1)[1]
    traded.groups[0] = 11
    defs.define(engine, traded)
    port = session.port(engine)
    limits.set_limit(engine, sector_limit(id=15, instrument=11, hard=25_000))
    limits.publish(engine)
    for id in (1, 2):
        desk.enter(port, id, account=15)
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    engine = session.open(path, None)
    port = session.port(engine)
    assert total(engine, SECTOR, 15, 11) == ("RCK_OK", {"gross": 20_000})
    assert desk.check(port, desk.order(3, account=15))[0] == "RCK_REJECT_GROUP_EXPOSURE"
    # One total is given out: three more are there.
    for id in (1, 2):
        limits.set_limit(engine, sector_limit(id=id, instrument=11))
    limits.set_limit(engine, gross())
    assert name_of(limits.put(engine, gross(OF_INSTRUMENTS, id=11))) == "RCK_REJECT_TOTALS_FULL"


def test_a_definition_that_is_refused_leaves_nothing_in_the_groups_totals(session: host.Session) -> None:
    engine = session.create(host.config(money_decimals=2))
    desk.define(engine)
    defs.define(engine, defs.group(1, b"sector"))
    traded = defs.fetch(engine, "instrument", 1)[1]
    traded.groups[0] = 1
    defs.define(engine, traded)
    port = session.port(engine)
    limits.set_limit(engine, sector_limit(id=1, instrument=1, hard=2**50))
    limits.publish(engine)
    taken = defs.instrument(4, b"instrument 1", **desk.UNITS, groups=[1, 0, 0, 0])
    assert name_of(lib.rck_instrument_set(engine, byref(taken), None)) == "RCK_E_NAME_TAKEN"
    defs.define(engine, defs.instrument(4, b"instrument 4", **desk.UNITS))
    desk.enter(port, 1, instrument=4)
    desk.enter(port, 2, instrument=1)
    assert total(engine, SECTOR, 1, 1) == ("RCK_OK", {"gross": 10_000})


# ---- Who stays ----


def test_members_of_a_group_with_limits_stay_until_those_are_gone_and_with_totals_for_good(
    engine: rck.EngineHandle,
) -> None:
    def move(groups: list[int]) -> str:
        fault = rck.Fault()
        moved = defs.account(1, b"account 1", groups=groups)
        status = name_of(lib.rck_account_set(engine, byref(moved), byref(fault)))
        assert status == "RCK_OK" or (fault.record, fault.field) == (b"rck_account", b"groups")
        return status

    size = limits.of(rck.RCK_CONTROL_ORDER_QUANTITY, rck.RCK_MEASURE_NONE, OF_ACCOUNTS)
    away, there, both = [0, 0, 0, 0], [1, 0, 0, 0], [3, 1, 0, 0]
    assert (move(away), move(both), move(there)) == ("RCK_OK",) * 3
    limits.set_limit(engine, size)
    limits.publish(engine)
    assert (move(away), move(both), move([1, 3, 0, 0]), move(there)) == (
        "RCK_E_IN_USE",
        "RCK_OK",
        "RCK_OK",
        "RCK_OK",
    )
    assert limits.take(engine, size) == "RCK_OK"
    limits.publish(engine)
    limits.set_limit(engine, gross(OF_ACCOUNTS))
    limits.publish(engine)
    assert move(away) == "RCK_E_IN_USE"
    assert limits.take(engine, gross(OF_ACCOUNTS)) == "RCK_OK"
    limits.publish(engine)
    assert move(away) == "RCK_E_IN_USE"
    late = defs.account(4, b"late", groups=there)
    assert name_of(lib.rck_account_set(engine, byref(late), None)) == "RCK_OK"
    late.groups[0] = 3
    assert name_of(lib.rck_account_set(engine, byref(late), None)) == "RCK_E_IN_USE"


# ---- Exact, whoever trades ----

FIRSTS = [
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_GROSS),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_COUNT),
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_NET),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_NOTIONAL),
]


SIDES = [(1, "open_buys"), (-1, "open_sells")]


def publish_soon(engine: rck.EngineHandle, limit: rck.Limit) -> None:
    """In force as soon as no call of the one writer stands in its way."""
    limits.set_limit(engine, limit)
    status = rck.RCK_E_BUSY
    while status == rck.RCK_E_BUSY:
        status = lib.rck_limits_publish(engine, None, None)
    assert name_of(status) == "RCK_OK"


def trade(port: rck.PortHandle, begun: threading.Event, done: threading.Event, faults: list[str]) -> None:
    """Orders of both accounts in a tight loop: each lives for a while, and some are filled in part."""
    order, verdict, fact = desk.order(), rck.Verdict(), desk.report(1, 990, last_quantity=1)
    live: list[int] = []
    number = 0
    while not done.is_set():
        number += 1
        if number == 20:
            begun.set()
        order.order_id, order.account, order.side = number, 1 + number % 2, 1 + number // 3 % 2
        status = lib.rck_check(port, byref(order), byref(verdict))
        if status == rck.RCK_OK:
            live.append(verdict.token)
            if number % 5 == 0:
                fact.token = verdict.token
                status = lib.rck_fill(port, byref(fact), byref(verdict))
        if status == rck.RCK_OK and len(live) > 9:
            status = lib.rck_release(port, live.pop(0), 0, rck.RCK_RELEASE_CANCELLED, 1, byref(verdict))
        if status != rck.RCK_OK:
            faults.append(name_of(status))


@pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])
def test_a_total_is_exact_though_its_first_limit_is_published_while_a_port_trades(
    session: host.Session, discipline: int
) -> None:
    """Where one port writes, its rows are moved by the administrator beside it."""
    faults: list[str] = []
    for _ in range(200):
        engine, port = desk.make(session, discipline=discipline, leases_max=24)
        group = defs.group(1, b"desks", kind=rck.RCK_GROUP_OF_ACCOUNTS)
        member = defs.account(1, b"account 1", groups=[1, 0, 0, 0])
        sector = defs.group(2, b"sector")
        traded = defs.fetch(engine, "instrument", 1)[1]
        traded.groups[1] = 2
        defs.define(engine, group, member, sector, traded)
        begun, done = threading.Event(), threading.Event()
        trader = threading.Thread(target=trade, args=(port, begun, done, faults), daemon=True)
        trader.start()
        begun.wait()
        for scope in (GLOBAL, OF_ACCOUNTS):
            for control, measure in FIRSTS:
                publish_soon(engine, limits.of(control, measure, scope, hard=2**50))
        for control, measure in [*FIRSTS, (rck.RCK_CONTROL_POSITION, rck.RCK_MEASURE_NONE)]:
            publish_soon(engine, limits.of(control, measure, OF_INSTRUMENTS, id=2, hard=2**50))
        for id in (1, 2):
            publish_soon(engine, sector_limit(id=id, instrument=2, hard=2**50))
        done.set()
        trader.join()
        assert faults == []
        books = [desk.book(engine, id) for id in (1, 2)]
        assert any(book.get("gross") for book in books)
        for name in ("gross", "net_long", "net_short", "orders", "orders_value"):
            mine, others = (book.get(name, 0) for book in books)
            assert total(engine)[1].get(name, 0) == mine + others, name
            assert total(engine, OF_ACCOUNTS, 1)[1].get(name, 0) == mine, name
            assert total(engine, OF_INSTRUMENTS, 2)[1].get(name, 0) == mine + others, name
        sectors = [total(engine, SECTOR, id, 2)[1].get("gross") for id in (1, 2)]
        assert sectors == [book.get("gross") for book in books]
        rows = [desk.row(engine, id, 1) for id in (1, 2)]
        held = [sum(row.get("net", 0) * sign + row.get(name, 0) for row in rows) for sign, name in SIDES]
        assert [total(engine, OF_INSTRUMENTS, 2)[1].get(name, 0) for name in QUANTITIES] == held
        session.close()
        session.engines, session.ports = [], []
