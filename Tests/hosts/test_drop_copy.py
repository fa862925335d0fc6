"""Drop copies: orders that somebody else has entered are judged like any other, and enter whatever comes of it."""

import ctypes
import random
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import definitions as defs
import desk
import host
import riskcheck.abi as rck
from desk import BUY, SELL
from host import name_of, sized
from riskcheck.abi import lib

WOULD = rck.RCK_VERDICT_WOULD_REFUSE
ACCOUNT = rck.RCK_SCOPE_ACCOUNT
Made = tuple[rck.EngineHandle, rck.PortHandle]


def copy(port: rck.PortHandle, asked: rck.Order) -> desk.Answer:
    verdict = desk.fresh()
    status = lib.rck_drop_copy(port, byref(asked), byref(verdict))
    assert status >= 0 or set(bytes(verdict)) == {0x5A}, "a verdict was written with a misuse"
    assert status < 0 or verdict.status == status
    return name_of(status), verdict


def told(port: rck.PortHandle) -> list[rck.Event]:
    return [event for event in host.read(port, 1) if event.kind == rck.RCK_EVENT_DROP_COPY]


def working(hard: int, **fields: Any) -> dict[str, Any]:
    base = {"control": rck.RCK_CONTROL_WORKING, "measure": rck.RCK_MEASURE_COUNT, "scope_kind": ACCOUNT}
    return {**base, "id": 1, "hard": hard, **fields}


def latch(engine: rck.EngineHandle, state: int = rck.RCK_STATE_HALTED) -> None:
    given = sized(rck.Latch, scope_kind=ACCOUNT, id=1, state=state, actor=3, reason=b"drill", time_ns=1)
    rck.check(lib.rck_latch_set(engine, byref(given), None))


def live(engine: rck.EngineHandle, id: int = 1) -> set[int]:
    orders, cursor, count = (rck.OrderInfo * 512)(), ctypes.c_uint32(), ctypes.c_uint32(1)
    found: set[int] = set()
    while count.value != 0:
        rck.check(lib.rck_open_orders(engine, ACCOUNT, id, orders, 512, byref(cursor), byref(count)))
        found |= {order.order_id for order in orders[: count.value]}
    return found


@pytest.fixture
def made(session: host.Session) -> Made:
    return desk.make(session)


def test_what_a_check_would_pass_is_entered_as_one_and_told_to_nobody(made: Made) -> None:
    engine, port = made
    status, verdict = copy(port, desk.order(1))
    assert (status, verdict.flags, verdict.failed, verdict.severity) == ("RCK_OK", 0, 0, 0)
    assert desk.row(engine) == {"open_buys": 10, "buys": 10_000, "margin": 5000}
    assert desk.fill(port, desk.report(4, token=verdict.token))[0] == "RCK_OK"
    assert desk.amend(port, verdict.token, desk.order(9, quantity=20))[0] == "RCK_OK"
    assert desk.amend_result(port, verdict.token, 1)[0] == "RCK_OK"
    assert desk.cancel(port, verdict.token)[0] == "RCK_OK"
    assert desk.release(port, verdict.token)[0] == "RCK_OK"
    assert desk.row(engine) == {"net": 4, "booked": 4000, "margin": 2000}
    assert told(port) == []


def test_what_a_check_would_refuse_is_told_in_verdict_and_event(made: Made) -> None:
    engine, port = made
    desk.arm(engine, desk.long_short(15), desk.exposure(12_000))
    desk.enter(port, 1)
    asked = desk.order(2, correlation_id=77, time_ns=5)
    _, dry = desk.dry(port, asked)
    status, verdict = copy(port, asked)
    assert (status, verdict.control, verdict.observed) == ("RCK_OK", rck.RCK_CONTROL_POSITION, 20)
    assert verdict.failed == dry.failed == 1 << 5 | 1 << 6
    assert (verdict.flags, verdict.severity, verdict.action) == (WOULD, 4, rck.RCK_ACTION_BLOCK)
    (event,) = told(port)
    assert (event.subject, list(event.values)) == (2, [rck.RCK_REJECT_POSITION_LONG, 1 << 32 | 1])
    assert (event.control, event.severity) == (rck.RCK_CONTROL_POSITION, rck.RCK_SEVERITY_HARD)
    assert (event.correlation_id, event.time_ns, event.port) == (77, 5, 1)
    assert desk.book(engine)["orders"] == 2
    assert desk.check(port, desk.order(3))[1].observed == 30, "what it holds is held against the next"


def test_nothing_that_is_refused_all_the_same_leaves_a_trace(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=1, retired_ids_max=1, ports_max=1, positions_max=1)
    desk.arm(engine, {**working(0), "control": rck.RCK_CONTROL_RATE, "measure": rck.RCK_MEASURE_NEW,
                      "window_ns": 10**9, "hard": 3})  # fmt: skip
    refused: list[tuple[dict[str, Any], str]] = [
        ({"order_id": 0}, "RCK_E_RANGE"),
        ({"reserved0": 1}, "RCK_E_RESERVED"),
        ({"reserved": [0, 0, 0, 0, 1]}, "RCK_E_RESERVED"),
        ({"time_ns": 0}, "RCK_REJECT_TIME_MISSING"),
        ({"flags": 2}, "RCK_REJECT_FLAGS"),
        ({"account": 7}, "RCK_REJECT_ACCOUNT_UNKNOWN"),
        ({"strategy": 2**32 - 1}, "RCK_REJECT_STRATEGY_UNKNOWN"),
        ({"side": 0}, "RCK_REJECT_SIDE"),
        ({"quantity": -(2**63)}, "RCK_REJECT_QUANTITY_NOT_POSITIVE"),
        ({"price": -(2**63)}, "RCK_REJECT_PRICE_BOUNDS"),
        ({"quantity": 2**53, "price": 2**53}, "RCK_REJECT_NOTIONAL_OVERFLOW"),
        ({"type": rck.RCK_TYPE_MARKET, "price": 0}, "RCK_REJECT_NOTIONAL_REFERENCE_MISSING"),
    ]
    for fields, expected in refused:
        assert copy(port, desk.order(**{"id": 1, **fields}))[0] == expected
    assert name_of(lib.rck_drop_copy(port, None, byref(desk.fresh()))) == "RCK_E_NULL"
    assert name_of(lib.rck_drop_copy(port, byref(desk.order()), None)) == "RCK_E_NULL"
    assert name_of(lib.rck_drop_copy(None, byref(desk.order()), byref(desk.fresh()))) == "RCK_E_HANDLE"
    assert (desk.row(engine), live(engine), told(port)) == ({}, set(), [])
    assert copy(port, desk.order(1))[1].flags == 0
    assert copy(port, desk.order(2, account=2))[0] == "RCK_REJECT_POSITIONS_FULL"
    number = 1
    while (answer := copy(port, desk.order(number + 1)))[0] == "RCK_OK":
        number += 1
        assert answer[1].flags == (WOULD if number > 3 else 0), "what was refused does not count"
    assert (answer[0], answer[1].token) == ("RCK_REJECT_ORDERS_FULL", 0)
    assert len(live(engine)) == number == desk.book(engine)["orders"]
    reader = session.port(engine, 0)
    assert copy(reader, desk.order(99))[0] == "RCK_E_READ_ONLY"


def test_an_order_of_no_proper_form_is_valued_kept_and_recovered(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(money_decimals=2))
    desk.define(engine)
    defs.define(
        engine, defs.instrument(2, b"wide", **{**desk.UNITS, "lot": 100, "tick": 50, "price_max": 99})
    )
    port = session.port(engine)
    tokens = []
    for number, fields in enumerate(({"quantity": 101}, {"price": 1003}, {"price": -7}, {"stop_price": 3})):
        status, verdict = copy(port, desk.order(number + 1, instrument=2, **{"price": 1000, **fields}))
        assert (status, verdict.flags, verdict.control) == ("RCK_OK", WOULD, rck.RCK_CONTROL_VALIDITY)
        tokens.append(verdict.token)
    assert desk.fill(port, desk.report(7, price=1003, token=tokens[1]))[0] == "RCK_OK"
    latch(engine)
    assert copy(port, desk.order(9, quantity=3))[1].control == rck.RCK_CONTROL_STATE
    before = (desk.row(engine, instrument=2), desk.row(engine), desk.book(engine), live(engine))
    assert before[0]["buys"] == 101_000 + 3 * 1003 + 70 + 10_000
    left = path.with_suffix(".left")
    shutil.copyfile(path, left)
    again = session.open(left)
    assert (desk.row(again, instrument=2), desk.row(again), desk.book(again), live(again)) == before
    port = session.port(again)
    assert copy(port, desk.order(9, quantity=3))[0] == "RCK_REPEAT"
    assert desk.confirm(port, tokens[2])[0] == "RCK_OK"
    for id in live(again):
        assert desk.release(port, 0, order_id=id)[0] == "RCK_OK"
    assert desk.row(again, instrument=2) == {"net": 7, "booked": 7021, "margin": 3511}


def drawn(random_: random.Random, id: int) -> rck.Order:
    kind = random_.choice((1, 1, 1, 2, 3, 4))
    price = random_.choice((0, 1000, 990, 1003, 1200)) if kind in (1, 4) else 0
    stop = random_.choice((0, 1000, 1015, 1001)) if kind > 2 else 0
    return desk.order(
        id, random_.choice((1, 5, 10, 15, 16, 40)), price or 1000 if kind == 1 else price, stop_price=stop,
        account=random_.choice((1, 1, 1, 2, 2, 3)), strategy=random_.choice((0, 0, 1, 2)),
        instrument=random_.choice((1, 1, 2, 3)), side=random_.choice((BUY, SELL)), type=kind, time_ns=1000 + id,
        deadline_ns=random_.choice((0, 0, 0, 0, 1000)), flags=random_.choice((0, 0, 0, 1)),
        time_in_force=random_.choice((1, 2, 3)),
    )  # fmt: skip


@pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])
def test_a_drop_copy_says_what_the_dry_check_said_and_moves_what_a_passed_check_moves(
    session: host.Session, discipline: int
) -> None:
    """The other engine has no limits, nor lots, ticks, latches: there the same order is checked, and passes."""
    made = []
    for rules in ({"lot": 5, "tick": 5, "price_min": 1, "price_max": 1100}, {}):
        one = session.create(host.config(money_decimals=2, discipline=discipline, orders_max=2048))
        desk.define(one, reference=rck.RCK_REFERENCE_LAST, **rules)
        made.append((one, session.port(one)))
    (engine, port), (free, plain) = made
    for each, to in ((engine, port), (free, plain)):
        assert desk.trade(to, 1000, time_ns=1000) == "RCK_OK"
        assert desk.cash(to, 400_000)[0] == "RCK_OK"
        desk.arm(each, {**desk.exposure(2**59), "scope_kind": rck.RCK_SCOPE_STRATEGY})
    desk.arm(
        engine, desk.long_short(200), desk.exposure(500_000), desk.exposure(90_000, id=2), desk.power(),
        working(12, levels=5, warn=4, id=2), working(40, scope_kind=rck.RCK_SCOPE_GLOBAL, id=0),
        {**desk.exposure(60_000), "scope_kind": rck.RCK_SCOPE_STRATEGY},
        {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "scope_kind": ACCOUNT, "id": 1, "levels": 7, "warn": 10,
         "soft": 15, "hard": 20},
        {"control": rck.RCK_CONTROL_RATE, "measure": rck.RCK_MEASURE_NEW, "scope_kind": ACCOUNT, "id": 1,
         "hard": 8, "window_ns": 20},
    )  # fmt: skip
    random_, entered, refused = random.Random(discipline), 0, set()
    for number in range(1, 400):
        if number % 50 == 20:
            latch(engine, rck.RCK_STATE_REDUCE_ONLY)
        if number % 50 == 40:
            back = sized(rck.Latch, scope_kind=ACCOUNT, id=1, actor=9, reason=b"back")
            rck.check(lib.rck_latch_clear(engine, byref(back), None))
        asked = drawn(random_, number)
        _, dry = desk.dry(port, asked)
        status, verdict = copy(port, asked)
        refused.add(dry.status)
        if status != "RCK_OK":
            assert dry.status not in (0, 1), "what keeps out a drop copy keeps out a check"
            continue
        entered += 1
        asked.deadline_ns = 0
        assert desk.check(plain, asked)[0] == "RCK_OK"
        expected = rck.Verdict.from_buffer_copy(dry)
        expected.flags |= WOULD if dry.status else 0
        expected.status, expected.token = 0, verdict.token
        assert bytes(verdict) == bytes(expected)
        for one, other in ((engine, port), (free, plain)):
            if number % 3 == 0:
                assert desk.fill(other, desk.report(1, order_id=number, time_ns=1000 + number))[0] == "RCK_OK"
            if number % 7 == 0:
                ended = desk.release(other, 0, order_id=number, time_ns=1000 + number)[0]
                assert ended == ("RCK_REPEAT" if number % 3 == 0 and asked.quantity == 1 else "RCK_OK")
    for account in (1, 2):
        assert desk.book(engine, account) == desk.book(free, account)
        for instrument in (1, 2, 3):
            assert desk.row(engine, account, instrument) == desk.row(free, account, instrument)
    assert desk.book(engine, 1, rck.RCK_SCOPE_STRATEGY) == desk.book(free, 1, rck.RCK_SCOPE_STRATEGY)
    assert entered > 150 and len(refused) > 12


def at_once(*calls: Callable[[], None]) -> None:
    """Runs calls at the same time; what one of them raises is raised here."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> None:
        gate.wait()
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(run, call) for call in calls]:
            done.result()


@pytest.mark.parametrize("scope", [(ACCOUNT, 1), (rck.RCK_SCOPE_GLOBAL, 0)])
def test_of_many_at_once_each_that_goes_above_a_level_is_told_so(
    session: host.Session, scope: tuple[int, int]
) -> None:
    engine, _ = desk.make(session, orders_max=1024)
    level, each = 100, 70
    desk.arm(engine, working(level, scope_kind=scope[0], id=scope[1]))
    ports = [session.port(engine, index) for index in (2, 3, 4)]
    flags: list[list[int]] = [[], [], []]
    passed: list[list[str]] = [[], [], []]

    def enter(index: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(each):
                id = 1 + 1000 * index + number
                status, verdict = copy(ports[index], desk.order(id, 1, account=1 + index % 2))
                assert status == "RCK_OK"
                flags[index].append(verdict.flags)
                # A check of the same id is always a repeat of it.
                again = desk.order(id, 1, account=1 + index % 2)
                assert desk.check(ports[index], again)[0] == "RCK_REPEAT"
                passed[index].append(desk.check(ports[index], desk.order(id + 500, 1))[0])
                if passed[index][-1] == "RCK_OK":
                    assert desk.release(ports[index], 0, order_id=id + 500)[0] == "RCK_OK"

        return run

    at_once(*(enter(index) for index in range(3)))
    counted = [len(live(engine, id)) for id in (1, 2)]
    assert sum(counted) == 3 * each
    here = counted[0] if scope[0] == ACCOUNT else sum(counted)
    unwarned = sum(flag == 0 for flag in flags[0] + flags[2] + (flags[1] if scope[0] != ACCOUNT else []))
    # Orders of checks came and went meanwhile: fewer may have found room, never more.
    assert unwarned <= level < here
    assert desk.book(engine)["orders"] == counted[0]


def test_an_id_that_all_bring_at_once_is_entered_once(session: host.Session) -> None:
    engine, _ = desk.make(session, orders_max=1024)
    ports = [session.port(engine, index) for index in (2, 3, 4)]
    answers: list[list[tuple[str, int]]] = [[], [], []]

    def enter(index: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(1, 300):
                call = desk.check if (number + index) % 3 == 0 else copy
                status, verdict = call(ports[index], desk.order(number, 1))
                while status == "RCK_REJECT_CONTENDED":  # a thread lost its core while it entered the id
                    status, verdict = call(ports[index], desk.order(number, 1))
                answers[index].append((status, verdict.token))

        return run

    at_once(*(enter(index) for index in range(3)))
    for number, given in enumerate(zip(*answers, strict=True), start=1):
        assert [status for status, _ in given].count("RCK_OK") == 1, number
        repeats = [(status, token) for status, token in given if status != "RCK_OK"]
        for index, (status, _) in enumerate(given):
            # A check may find that another call is about to enter it; a fact waits for what comes of that.
            allowed = {"RCK_OK", "RCK_REPEAT"}
            if (number + index) % 3 == 0:
                allowed.add("RCK_REJECT_ORDER_ID_TAKEN")
            assert status in allowed
        assert len({token for status, token in repeats if status == "RCK_REPEAT"}) <= 1
    assert desk.book(engine)["orders"] == 299 == len(live(engine))


def test_whatever_enters_beside_a_latch_is_listed_by_the_next_look(session: host.Session) -> None:
    engine, _ = desk.make(session, orders_max=8192)
    port = session.port(engine, 2)
    flags: list[int] = []

    def enter() -> None:
        while len(flags) < 8000 and (not flags or flags[-1] == 0):
            flags.append(copy(port, desk.order(len(flags) + 1, 1))[1].flags)

    def stop() -> None:
        while len(flags) < 10:
            threading.Event().wait(0)
        latch(engine)

    at_once(enter, stop)
    assert live(engine) == set(range(1, len(flags) + 1))
    assert flags[0] == 0 and flags[-1] == WOULD


def test_limits_that_are_published_meanwhile_are_told_whole(session: host.Session) -> None:
    engine, _ = desk.make(session, orders_max=1024)
    port = session.port(engine, 2)
    seen: set[tuple[int, int]] = set()
    stop = threading.Event()

    def enter() -> None:
        for number in range(1, 400):
            _, verdict = copy(port, desk.order(number, 10))
            seen.add((verdict.limit, verdict.failed))
            desk.release(port, verdict.token)
        stop.set()

    def publish() -> None:
        hard = 0
        while not stop.is_set():
            hard = 10_000 - hard  # in both, or in neither
            desk.arm(engine, desk.exposure(hard), desk.long_short(hard // 1000))

    at_once(enter, publish)
    assert seen <= {(0, 0), (0, 1 << 5 | 1 << 6)}
    assert desk.book(engine).get("orders", 0) == 0
