"""Configurations that hold something of everything: written and made anew, and one that was written by an earlier
version and must go on being read."""

import ctypes
import os
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import definitions as defs
import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

# The directory holds one file, which 0.5.0 wrote of `fill`, one writer; it stays as it is.
GOLDEN = Path(__file__).parent / "configuration_of_all"
DISCIPLINES = pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])
ROOM = {"money_decimals": 2, "limits_max": 256, "windows_max": 64, "leases_max": 64, "ring_lines": 4096}
LEVELS = {"levels": rck.RCK_LEVEL_WARN | rck.RCK_LEVEL_SOFT | rck.RCK_LEVEL_HARD, "warn": 2, "soft": 3}
KINDS = {
    rck.RCK_EVENT_CURRENCY_SET,
    rck.RCK_EVENT_GROUP_SET,
    rck.RCK_EVENT_ACCOUNT_SET,
    rck.RCK_EVENT_STRATEGY_SET,
    rck.RCK_EVENT_INSTRUMENT_SET,
    rck.RCK_EVENT_CALENDAR_SET,
    rck.RCK_EVENT_LIMIT_SET,
    rck.RCK_EVENT_PUBLISH,
    rck.RCK_EVENT_PORT_WATCH,
}


def made(session: host.Session, **settings: int) -> rck.EngineHandle:
    return session.create(host.config(**{**ROOM, "flags": 0, **settings}))


def definitions() -> list[Any]:
    """Of each kind several, with every field in use somewhere, in another order than that of their ids."""
    of_accounts, of_strategies, of_instruments = (
        limits.GROUPS[kind]
        for kind in (rck.RCK_GROUP_OF_ACCOUNTS, rck.RCK_GROUP_OF_STRATEGIES, rck.RCK_GROUP_OF_INSTRUMENTS)
    )
    groups = [
        defs.group(id, f"group {id} ü".encode(), kind=kind)
        for kind, ids in limits.GROUPS.items()
        for id in ids
        if kind != rck.RCK_GROUP_OF_INSTRUMENTS
    ]
    groups += [
        defs.group(id, b"sector %d" % id, kind=rck.RCK_GROUP_OF_INSTRUMENTS, quantity_decimals=id)
        for id in of_instruments
    ]
    units = {"quantity_decimals": 3, "multiplier_decimals": 2, "lot": 5, "margin_bps": [500, 600, 700, 800]}
    bounds = {"quantity_min": 10, "quantity_max": 10**9, "price_min": 10, "price_max": 10**9}
    late = rck.RCK_ENABLED | rck.RCK_HALT_ON_LATE
    return [
        defs.currency(2, b"JPY", rate_decimals=6, rate=6_123),
        defs.currency(1),
        *reversed(groups),
        defs.account(2, b"prop", groups=[of_accounts[1], of_accounts[0], 0, 0], flags=late, margin_class=3),
        defs.account(1, b"client 1", groups=[of_accounts[0], 0, 0, 0], permissions=rck.RCK_PERMIT_ALL & ~1),
        defs.account(3, b"closed", flags=0),
        defs.strategy(2, b"taker", groups=[of_strategies[1], 0, 0, 0]),
        defs.strategy(1, groups=[of_strategies[0], of_strategies[1], 0, 0]),
        defs.instrument(2, b"NIKKEI", currency=2, groups=[of_instruments[1], 0, 0, 0], **units, **bounds),
        defs.instrument(1, groups=[of_instruments[0], of_instruments[1], 0, 0], margin_bps=[1000, 0, 0, 0]),
        defs.instrument(3, b"borrowed", flags=rck.RCK_ENABLED | rck.RCK_SHORT_LOCATE),
        defs.calendar(7, b"TSE", entries=3, starts=[100, 200, 300], end_ns=400, permissions=[1, 0, 2]),
        defs.calendar(),
    ]


def every_limit() -> list[rck.Limit]:
    """One of each form and scope, and of each field that a form may have."""
    found = [limits.of(*place) for place in limits.PLACES]
    account, pair = rck.RCK_SCOPE_ACCOUNT, rck.RCK_SCOPE_ACCOUNT_INSTRUMENT
    of = limits.of
    found.append(of(rck.RCK_CONTROL_PERIOD_COLLAR, 0, account, window_ns=10**6, **LEVELS))
    for measure in (rck.RCK_MEASURE_VOLUME_SHARE, rck.RCK_MEASURE_DEPTH_SHARE, rck.RCK_MEASURE_SPREAD):
        found.append(of(rck.RCK_CONTROL_LIQUIDITY, measure, rck.RCK_SCOPE_GLOBAL, **LEVELS))
    found.append(of(rck.RCK_CONTROL_LIQUIDITY, rck.RCK_MEASURE_DISPLAYED, account, side=rck.RCK_SIDE_BUY))
    lists = rck.RCK_CONTROL_LISTS
    found.append(of(lists, rck.RCK_MEASURE_RESTRICTED, rck.RCK_SCOPE_INSTRUMENT, hard=0))
    listed = rck.RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT
    found.append(of(lists, rck.RCK_MEASURE_RESTRICTED, listed, hard=0, id=1, instrument=2))
    found.append(of(lists, rck.RCK_MEASURE_SESSION, rck.RCK_SCOPE_STRATEGY, hard=0, reference=7))
    found.append(of(lists, rck.RCK_MEASURE_LOCATE, pair, side=rck.RCK_SIDE_SELL, instrument=3))
    metric = {"instrument": 1024, "reference": 18, "window_ns": 10**9, "warn": 5, "soft": 4, "hard": -4}
    found.append(of(rck.RCK_CONTROL_METRIC, rck.RCK_MEASURE_LESS, account, **{**LEVELS, **metric}))
    found.append(of(rck.RCK_CONTROL_CUSTOM, 0, account, hard=0, reference=3, order_type=rck.RCK_TYPE_STOP))
    actions = [rck.RCK_ACTION_LOG, rck.RCK_ACTION_ALERT, rck.RCK_ACTION_REDUCE_ONLY, 0]
    typed = {"side": rck.RCK_SIDE_SELL, "order_type": rck.RCK_TYPE_MARKET, "actions": actions}
    quantity = rck.RCK_CONTROL_ORDER_QUANTITY
    found.append(
        of(quantity, 0, rck.RCK_SCOPE_STRATEGY, id=2, reason="für später".encode(), **typed, **LEVELS)
    )
    leased = {"id": 3, "flags": rck.RCK_LEASE_NEVER, "actor": 2**32 - 1}
    exposure = rck.RCK_CONTROL_EXPOSURE
    found.append(of(exposure, rck.RCK_MEASURE_GROSS, rck.RCK_SCOPE_ACCOUNT_GROUP, **leased))
    return found


def watches() -> list[rck.PortWatch]:
    scopes = ((1, rck.RCK_SCOPE_ACCOUNT, 2), (6, rck.RCK_SCOPE_GLOBAL, 0))
    return [
        sized(
            rck.PortWatch,
            port=port,
            silence_ns=10**9 * port,
            scope_kind=kind,
            id=id,
            state=rck.RCK_STATE_CANCEL_ONLY,
            actor=port,
            reason=b"gateway",
        )
        for port, kind, id in scopes
    ]


def fill(engine: rck.EngineHandle) -> None:
    defs.define(engine, *definitions())
    for limit in every_limit():
        limits.set_limit(engine, limit)
    limits.publish(engine)
    for watch in watches():
        fault = rck.Fault()
        rck.check(lib.rck_port_watch_set(engine, byref(watch), byref(fault)), fault)


def write(engine: rck.EngineHandle, directory: Path) -> rck.SnapshotInfo:
    info, fault, content = sized(rck.SnapshotInfo), rck.Fault(), rck.RCK_SNAPSHOT_CONFIGURATION
    status = lib.rck_snapshot_write(engine, os.fsencode(directory), content, byref(info), byref(fault))
    rck.check(status, fault)
    return info


def read(engine: rck.EngineHandle, directory: Path) -> tuple[str, rck.ReplayInfo]:
    info, fault = sized(rck.ReplayInfo), rck.Fault()
    status = lib.rck_replay(engine, os.fsencode(directory), None, None, byref(info), byref(fault))
    return name_of(status), info


def kinds_in(directory: Path) -> list[int]:
    """Of the records, in their order."""
    cursor, lines = sized(rck.JournalCursor), (rck.Event * rck.RCK_JOURNAL_BLOCK_LINES)()
    count, found = ctypes.c_uint32(1), []
    while count.value:
        rck.check(lib.rck_journal_read(os.fsencode(directory), byref(cursor), lines, byref(count), None))
        at = 0
        while at < count.value:
            found.append(int(lines[at].kind))
            at += lines[at].lines
    return found


def same(engine: rck.EngineHandle, other: rck.EngineHandle) -> None:
    """Two engines have been told the same; but limits may have other ids."""
    assert defs.everything(engine) == defs.everything(other)
    for number in range(1, host.SMALL["ports_max"] + 1):
        found = [sized(rck.PortWatch, port=number) for _ in range(2)]
        for each, of in zip(found, (engine, other), strict=True):
            assert lib.rck_port_watch_get(of, byref(each)) == rck.RCK_OK
        assert host.as_dict(found[0]) == host.as_dict(found[1])
    told = [
        sorted(str({**host.as_dict(limit), "limit_id": 0, "generation": 0}) for limit in limits.armed(of))
        for of in (engine, other)
    ]
    assert told[0] == told[1]


@DISCIPLINES
def test_a_configuration_of_everything_is_made_anew(
    session: host.Session, tmp_path: Path, discipline: int
) -> None:
    engine, other = made(session, discipline=discipline), made(session, discipline=discipline)
    fill(engine)
    info = write(engine, tmp_path)
    assert set(kinds_in(tmp_path)) == KINDS
    assert kinds_in(tmp_path).count(rck.RCK_EVENT_LIMIT_SET) == len(every_limit())
    status, told = read(other, tmp_path)
    assert (status, told.differing, told.records) == ("RCK_OK", 0, info.records)
    same(engine, other)


def test_what_is_written_of_what_was_read_is_the_same(session: host.Session, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    engine, other, third = (made(session) for _ in range(3))
    fill(engine)
    for directory in (first, second):
        directory.mkdir()
    write(engine, first)
    assert read(other, first)[0] == "RCK_OK"
    write(other, second)
    assert read(third, second)[0] == "RCK_OK"
    assert kinds_in(first) == kinds_in(second)
    same(engine, third)


@DISCIPLINES
def test_a_configuration_of_everything_by_an_earlier_version_is_read(
    session: host.Session, discipline: int
) -> None:
    """Whatever this version would write: what it makes of the file is what the same calls make."""
    engine, other = made(session, discipline=discipline), made(session, discipline=discipline)
    fill(engine)
    status, told = read(other, GOLDEN)
    assert (status, told.differing) == ("RCK_OK", 0)
    assert set(kinds_in(GOLDEN)) == KINDS
    same(engine, other)
