"""Conduct, repeated execution and the day's P&L, where a table cannot say it: who re-armed, what a re-opening
keeps, what threads at once come to, and explanations.
"""

import ctypes
import threading
from ctypes import byref
from pathlib import Path
from typing import Any

import desk
import host
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

CONDUCT = {"control": rck.RCK_CONTROL_CONDUCT, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
REJECTS = {**CONDUCT, "measure": rck.RCK_MEASURE_REJECTS}
RATIO = {**CONDUCT, "measure": rck.RCK_MEASURE_ORDERS_PER_TRADE}


def rearm(engine: rck.EngineHandle, fault: rck.Fault | None = None, **fields: Any) -> str:
    given = sized(rck.Rearming, **{**CONDUCT, "actor": 9, "reason": b"spoke to them", **fields})
    return name_of(lib.rck_rearm(engine, byref(given), byref(fault) if fault else None))


def reject(port: rck.PortHandle, id: int) -> None:
    assert desk.release(port, desk.enter(port, id), rck.RCK_RELEASE_REJECTED)[0] == "RCK_OK"


def test_an_actor_re_arms_once_and_that_is_told(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, {**REJECTS, "hard": 1})
    host.read(port, 0)
    for id in (1, 2):
        reject(port, id)
    status, verdict = desk.check(port, desk.order(3))
    assert (status, verdict.observed, verdict.limit) == ("RCK_REJECT_VENUE_REJECTS", 2, 1)
    text = ctypes.create_string_buffer(200)
    rck.check(lib.rck_explain(byref(verdict), text, 200))
    assert b"by conduct at account 1 (limit 1): 2 against 1" in text.value
    assert [rearm(engine), rearm(engine)] == ["RCK_OK", "RCK_REPEAT"]
    told = [event for event in host.read(port, 0) if event.kind == rck.RCK_EVENT_REARMED]
    assert [(event.subject, list(event.values), event.control) for event in told] == [
        (rck.RCK_SCOPE_ACCOUNT << 56 | 1, [rck.RCK_CONTROL_CONDUCT, 9], rck.RCK_CONTROL_CONDUCT)
    ]
    desk.enter(port, 3)


def test_what_is_wrong_with_a_re_arming_is_named(session: host.Session) -> None:
    engine, _ = desk.make(session)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"struct_size": 8}, "RCK_E_STRUCT_SIZE", "struct_size"),
        ({"control": 17}, "RCK_E_RANGE", "control"),
        ({"scope_kind": rck.RCK_SCOPE_INSTRUMENT}, "RCK_E_RANGE", "scope_kind"),
        ({"id": 3}, "RCK_E_UNKNOWN", "id"),
        ({"actor": 0}, "RCK_E_RANGE", "actor"),
        ({"reserved": 1}, "RCK_E_RESERVED", "reserved"),
        ({"reason": b""}, "RCK_E_RANGE", "reason"),
        ({"reason": b"\x01"}, "RCK_E_NAME", "reason"),
    ]
    for fields, status, field in wrong:
        fault = rck.Fault()
        assert rearm(engine, fault, **fields) == status, fields
        assert (name_of(fault.status), fault.field.decode()) == (status, field)


def test_counters_peaks_and_the_day_outlive_their_process(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(money_decimals=2))
    desk.define(engine)
    port = session.port(engine)
    desk.arm(engine, {**REJECTS, "hard": 5}, {**RATIO, "hard": 50})
    assert desk.start_day(port, 20240102)[0] == "RCK_OK"
    token = desk.enter(port, 1)
    desk.fill(port, desk.report(10, token=token, fee=-300))
    desk.fill(port, desk.report(10, price=900, order_id=9, account=1, instrument=1, side=desk.SELL))
    reject(port, 2)
    wanted = {"day_realised": -700, "day_total": -700, "day_peak": 300}
    wanted |= {"day_messages": 2, "day_trades": 2, "rejects": 1}
    assert {name: desk.book(engine)[name] for name in wanted} == wanted
    desk.arm(engine, {**REJECTS, "hard": 4})
    for given in (REJECTS, RATIO):
        gone = sized(rck.Limit, actor=1, reason=b"enough", **given)
        rck.check(lib.rck_limit_remove(engine, byref(gone), rck.RCK_LOOSEN, None))
    rck.check(lib.rck_limits_publish(engine, None, None))
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    engine = session.open(path, None)
    port = session.port(engine)
    assert {name: desk.book(engine)[name] for name in wanted} == wanted
    # It counts on, though nothing limits it any more.
    desk.enter(port, 3)
    assert desk.book(engine)["day_messages"] == 3
    assert desk.start_day(port, 20240103)[0] == "RCK_OK"
    assert {name: desk.book(engine).get(name, 0) for name in wanted} == dict.fromkeys(wanted, 0) | {
        "rejects": 1
    }


def test_one_writer_trades_while_others_re_arm(session: host.Session) -> None:
    engine, port = desk.make(session, discipline=rck.RCK_ONE_WRITER, retired_ids_max=8)
    desk.arm(engine, {**REJECTS, "hard": 2**53})
    done, rearmed = threading.Event(), [0]

    def work() -> None:
        while not done.is_set():
            rearmed[0] += rearm(engine) == "RCK_OK"

    other = threading.Thread(target=work)
    other.start()
    for id in range(1, 2_001):
        reject(port, id)
    done.set()
    other.join()
    # Each re-arming found at least one, and what it did not find is there.
    assert rearmed[0] + desk.book(engine).get("rejects", 0) <= 2_000
    assert desk.book(engine)["day_messages"] == 2_000
    rearm(engine)
    reject(port, 3_000)
    assert desk.book(engine)["rejects"] == 1


REPEATED = {**CONDUCT, "control": rck.RCK_CONTROL_REPEATED_EXECUTION, "hard": 2, "window_ns": 100}


def execute(port: rck.PortHandle, id: int, **fields: Any) -> None:
    """An order that is filled whole."""
    token = desk.enter(port, id, **fields)
    assert desk.fill(port, desk.report(10, token=token))[0] == "RCK_OK"


def test_who_is_disabled_is_told_once_and_explained(session: host.Session) -> None:
    engine, port = desk.make(session)
    of_strategy = {**REPEATED, "scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 2, "hard": 3}
    desk.arm(engine, REPEATED, of_strategy)
    held = [desk.enter(port, id, strategy=2) for id in (1, 2, 3)]
    host.read(port, 1)
    for token in held:
        desk.fill(port, desk.report(10, token=token, correlation_id=77))
    told = [event for event in host.read(port, 1) if event.kind == rck.RCK_EVENT_DISABLED]
    assert [(event.subject, list(event.values)) for event in told] == [
        (rck.RCK_SCOPE_ACCOUNT << 56 | 1, [rck.RCK_CONTROL_REPEATED_EXECUTION, 2]),
        (rck.RCK_SCOPE_STRATEGY << 56 | 2, [rck.RCK_CONTROL_REPEATED_EXECUTION, 3]),
    ]
    assert {(event.severity, event.control, event.correlation_id) for event in told} == {
        (rck.RCK_SEVERITY_CRITICAL, rck.RCK_CONTROL_REPEATED_EXECUTION, 77)
    }
    status, verdict = desk.check(port, desk.order(4))
    assert (status, verdict.observed) == ("RCK_REJECT_EXECUTION_DISABLED", 0)
    text = ctypes.create_string_buffer(200)
    rck.check(lib.rck_explain(byref(verdict), text, 200))
    assert b"by repeated execution at account 1 (limit 1)" in text.value
    given: dict[str, Any] = {"control": rck.RCK_CONTROL_REPEATED_EXECUTION}
    assert [rearm(engine, **given), rearm(engine, **given)] == ["RCK_OK", "RCK_REPEAT"]
    # What the account did before counts no more; the strategy is disabled still.
    desk.enter(port, 4)
    assert desk.check(port, desk.order(5, strategy=2))[0] == "RCK_REJECT_EXECUTION_DISABLED"
    strategy: dict[str, Any] = {"scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 2}
    assert rearm(engine, **given, **strategy) == "RCK_OK"
    desk.enter(port, 5, strategy=2)


def test_who_is_disabled_stays_so_when_its_process_ends(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(money_decimals=2))
    desk.define(engine)
    port = session.port(engine)
    desk.arm(engine, REPEATED, {**REPEATED, "id": 2})
    execute(port, 1, account=2)
    for id in (2, 3):
        token = desk.enter(port, id)
        desk.fill(port, desk.report(10, token=token))
        if id == 2:
            third = desk.enter(port, 4)
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    engine = session.open(path, None)
    port = session.port(engine)
    assert desk.book(engine)["repeated"] == 2
    assert desk.check(port, desk.order(9))[0] == "RCK_REJECT_EXECUTION_DISABLED"
    # And what was filled is remembered: another of account 2 is the second.
    execute(port, 10, account=2)
    assert desk.book(engine, 2)["repeated"] == 2
    assert desk.fill(port, desk.report(10, token=third))[0] == "RCK_OK"


def test_one_of_orders_filled_by_many_threads_disables(session: host.Session) -> None:
    engine, port = desk.make(session, ports_max=4)
    desk.arm(engine, {**REPEATED, "hard": 4})
    ports = [port, *(session.port(engine, index) for index in (2, 3, 4))]
    begin = threading.Barrier(4)

    def work(port: rck.PortHandle, token: int) -> None:
        begin.wait()
        desk.fill(port, desk.report(10, token=token))

    for turn in range(60):
        held = [desk.enter(port, 1 + 4 * turn + at) for at, port in enumerate(ports)]
        threads = [threading.Thread(target=work, args=pair) for pair in zip(ports, held, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert desk.book(engine)["repeated"] == 4
        assert rearm(engine, control=rck.RCK_CONTROL_REPEATED_EXECUTION) == "RCK_OK"
