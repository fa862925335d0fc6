"""Violations: one record for each limit however often it is broken, its life, its history, and who may look; and what
ports count of their decisions.
"""

import ctypes
import os
import struct
import threading
import time
from collections.abc import Callable
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import desk
import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

MINUTE_NS = rck.RCK_BREACH_NS
# Where a region lists its sections, and the number of that of violations.
DIRECTORY, VIOLATIONS = 384, 49
KEPT = rck.RCK_KEEP_VIOLATIONS | rck.RCK_KEEP_STATISTICS


def make(
    session: host.Session, flags: int = KEPT, **settings: int
) -> tuple[rck.EngineHandle, rck.PortHandle]:
    """Account 1 may order 100 at most, and is warned from 50 on."""
    engine, port = desk.make(session, flags=flags, **settings)
    for account in (1, 2):
        set_limit(engine, id=account)
    rck.check(lib.rck_limits_publish(engine, None, None))
    return engine, port


def set_limit(engine: rck.EngineHandle, **fields: Any) -> None:
    given = limits.limit(
        **{"hard": 100, "warn": 50, "levels": rck.RCK_LEVEL_HARD | rck.RCK_LEVEL_WARN, **fields}
    )
    rck.check(lib.rck_limit_set(engine, byref(given), rck.RCK_LOOSEN, None))


def listed(engine: rck.EngineHandle, capacity: int = 64, **wanted: Any) -> list[rck.Violation]:
    wanted_fields = sized(rck.ViolationFilter, **wanted)
    found, cursor, count = [], ctypes.c_uint64(), ctypes.c_uint32(1)
    while count.value:
        chunk = (rck.Violation * capacity)()
        rck.check(
            lib.rck_violations_read(
                engine, byref(wanted_fields), chunk, capacity, byref(cursor), byref(count)
            )
        )
        found += list(chunk[: count.value])
    return found


def change(engine: rck.EngineHandle, id: int, state: int, **fields: Any) -> tuple[str, int]:
    given = sized(
        rck.ViolationChange, **{"violation_id": id, "state": state, "actor": 8, "reason": b"seen", **fields}
    )
    changed = ctypes.c_uint32(99)
    return name_of(lib.rck_violation_set(engine, byref(given), byref(changed), None)), changed.value


def test_a_limit_has_one_record_however_often_it_is_broken(session: host.Session) -> None:
    engine, port = make(session)
    ids = set()
    for id, quantity in ((1, 120), (2, 300), (3, 110)):
        status, verdict = desk.check(port, desk.order(id, quantity, time_ns=id))
        assert status == "RCK_REJECT_ORDER_QUANTITY"
        ids.add(verdict.violation_id)
    (one,) = listed(engine)
    assert ids == {one.violation_id} and one.violation_id != 0
    assert (one.count, one.worst, one.worst_bps, one.limit) == (3, 300, 30_000, 100)
    assert (one.first_ns, one.last_ns, one.order_id, one.account) == (1, 3, 1, 1)
    assert (one.control, one.scope_kind, one.scope_id) == (
        rck.RCK_CONTROL_ORDER_QUANTITY,
        rck.RCK_SCOPE_ACCOUNT,
        1,
    )
    assert (one.state, one.severity) == (rck.RCK_VIOLATION_ACTIVE, rck.RCK_SEVERITY_HARD)


def test_without_the_flag_there_is_none(session: host.Session) -> None:
    engine, port = make(session, flags=0)
    _, verdict = desk.check(port, desk.order(1, 120))
    assert verdict.violation_id == 0 and listed(engine) == []


def test_a_warning_is_one_and_a_pass_is_not(session: host.Session) -> None:
    engine, port = make(session)
    _, warned = desk.check(port, desk.order(1, 60))
    _, passed = desk.check(port, desk.order(2, 10))
    assert warned.status == 0 and warned.violation_id != 0 and passed.violation_id == 0
    (one,) = listed(engine)
    assert (one.severity, one.state, one.count) == (rck.RCK_SEVERITY_WARNING, rck.RCK_VIOLATION_NEW, 1)


def test_what_no_limit_refuses_is_kept_by_control_and_scope(session: host.Session) -> None:
    engine, port = make(session)
    for id, account in ((1, 4), (2, 4), (3, 5)):
        desk.check(port, desk.order(id, account=account))
    counts = sorted(one.count for one in listed(engine, control=rck.RCK_CONTROL_VALIDITY))
    assert counts in ([1, 2], [3])  # the verdict says which scope


def test_each_one_begins_with_an_event(session: host.Session) -> None:
    engine, port = make(session)
    reader = session.port(engine, 0)
    _, verdict = desk.check(port, desk.order(1, 120))
    desk.check(port, desk.order(2, 120))
    begun = [event for event in host.read(reader, 1) if event.kind == rck.RCK_EVENT_VIOLATION]
    assert [(event.subject, list(event.values)) for event in begun] == [(verdict.violation_id, [1, 120])]


def test_it_is_acknowledged_and_cleared_by_somebody_and_begins_anew(session: host.Session) -> None:
    engine, port = make(session)
    _, first = desk.check(port, desk.order(1, 120))
    id = first.violation_id
    assert change(engine, id, rck.RCK_VIOLATION_ACKNOWLEDGED) == ("RCK_OK", 1)
    assert change(engine, id, rck.RCK_VIOLATION_ACKNOWLEDGED) == ("RCK_REPEAT", 0)
    (one,) = listed(engine)
    assert (one.state, one.actor) == (rck.RCK_VIOLATION_ACKNOWLEDGED, 8)
    # It stays acknowledged and open, however long it is quiet.
    _, again = desk.check(port, desk.order(2, 130, time_ns=1 + 2 * MINUTE_NS))
    assert again.violation_id == id
    assert change(engine, id, rck.RCK_VIOLATION_CLEARED)[0] == "RCK_OK"
    (ended,) = listed(engine)
    assert (ended.violation_id, ended.state, ended.count, ended.worst) == (
        id,
        rck.RCK_VIOLATION_CLEARED,
        2,
        130,
    )
    _, anew = desk.check(port, desk.order(3, 120, time_ns=1 + 2 * MINUTE_NS))
    assert anew.violation_id not in (0, id)
    assert change(engine, id, rck.RCK_VIOLATION_CLEARED)[0] == "RCK_E_UNKNOWN"
    assert sorted((one.violation_id, one.count) for one in listed(engine)) == sorted(
        [(id, 2), (anew.violation_id, 1)]
    )


def test_one_that_nobody_acknowledged_ends_when_it_was_quiet_for_a_minute(session: host.Session) -> None:
    engine, port = make(session)
    _, first = desk.check(port, desk.order(1, 120, time_ns=1))
    _, second = desk.check(port, desk.order(2, 120, time_ns=MINUTE_NS))
    assert second.violation_id == first.violation_id
    _, third = desk.check(port, desk.order(3, 150, time_ns=2 * MINUTE_NS))
    assert third.violation_id != first.violation_id
    found = {one.violation_id: (one.state, one.count, one.worst) for one in listed(engine)}
    assert found == {
        first.violation_id: (rck.RCK_VIOLATION_CLEARED, 2, 120),
        third.violation_id: (rck.RCK_VIOLATION_NEW, 1, 150),
    }


def test_a_sweep_clears_what_is_quiet_and_forgets_what_is_old(session: host.Session) -> None:
    engine, port = make(session)
    desk.check(port, desk.order(1, 120, time_ns=10))
    desk.check(port, desk.order(2, 120, time_ns=30, account=2))
    assert change(engine, 0, rck.RCK_VIOLATION_CLEARED, before_ns=20) == (
        "RCK_OK",
        2,
    )  # ended, and too old to be kept
    assert [(one.account, one.state) for one in listed(engine)] == [(2, rck.RCK_VIOLATION_NEW)]
    assert change(engine, 0, rck.RCK_VIOLATION_CLEARED, before_ns=20) == ("RCK_OK", 0)


def test_the_history_keeps_the_last_ones(session: host.Session) -> None:
    engine, port = make(session, history_max=3)
    cleared = []
    for id in range(1, 6):
        _, verdict = desk.check(port, desk.order(id, 120))
        assert change(engine, verdict.violation_id, rck.RCK_VIOLATION_CLEARED)[0] == "RCK_OK"
        cleared.append(verdict.violation_id)
    assert sorted(one.violation_id for one in listed(engine)) == sorted(cleared[-3:])
    assert statistics(engine).violations_ended == 5


def test_when_no_place_is_left_it_is_counted(session: host.Session) -> None:
    engine, port = make(session, violations_max=1)
    _, first = desk.check(port, desk.order(1, 120))
    _, other = desk.check(port, desk.order(2, 120, account=2))
    assert first.violation_id != 0 and other.violation_id == 0
    assert (statistics(engine).violations_open, statistics(engine).violations_dropped) == (1, 1)
    assert change(engine, first.violation_id, rck.RCK_VIOLATION_CLEARED)[0] == "RCK_OK"
    _, other = desk.check(port, desk.order(3, 120, account=2))
    assert other.violation_id not in (0, first.violation_id)


def test_a_filter_chooses(session: host.Session) -> None:
    engine, port = make(session)
    desk.check(port, desk.order(1, 120, time_ns=5))
    desk.check(port, desk.order(2, 60, time_ns=9, account=2))
    assert [one.account for one in listed(engine, account=2)] == [2]
    assert [one.account for one in listed(engine, severity_min=rck.RCK_SEVERITY_HARD)] == [1]
    assert [one.account for one in listed(engine, since_ns=6)] == [2]
    assert listed(engine, states=1 << rck.RCK_VIOLATION_CLEARED) == []
    assert len(listed(engine, states=1 << rck.RCK_VIOLATION_NEW, capacity=1)) == 2


def test_it_outlives_a_crash_of_its_host(session: host.Session, tmp_path: Any) -> None:
    path = tmp_path / "region"
    engine = session.open(path, host.config(flags=KEPT, money_decimals=2))
    desk.define(engine)
    set_limit(engine)
    rck.check(lib.rck_limits_publish(engine, None, None))
    port = session.port(engine)
    _, verdict = desk.check(port, desk.order(1, 120))
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    again = session.open(path)
    assert [(one.violation_id, one.count) for one in listed(again)] == [(verdict.violation_id, 1)]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": rck.RCK_VIOLATION_NEW}, "RCK_E_RANGE"),
        ({"actor": 0}, "RCK_E_RANGE"),
        ({"reason": b""}, "RCK_E_NAME"),
        ({"reserved": 1}, "RCK_E_RESERVED"),
        ({"violation_id": 12345}, "RCK_E_UNKNOWN"),
        ({"violation_id": 2**64 - 1}, "RCK_E_UNKNOWN"),
        ({"violation_id": 0, "state": rck.RCK_VIOLATION_ACKNOWLEDGED}, "RCK_E_RANGE"),
        ({"before_ns": 1}, "RCK_E_RANGE"),
        ({"struct_size": 3}, "RCK_E_STRUCT_SIZE"),
    ],
)
def test_a_wrong_change_is_refused(session: host.Session, fields: dict[str, Any], status: str) -> None:
    engine, port = make(session)
    _, verdict = desk.check(port, desk.order(1, 120))
    base = {"violation_id": verdict.violation_id, "state": rck.RCK_VIOLATION_CLEARED}
    assert change(engine, **{"id": 0, **base, **fields})[0] == status
    assert [one.state for one in listed(engine)] == [rck.RCK_VIOLATION_NEW]


def test_counts_are_exact_whoever_counts(session: host.Session) -> None:
    engine, first = make(session, orders_max=4096)
    ports = [first, session.port(engine, 2), session.port(engine, 3)]
    each = 3000

    def run(number: int, port: rck.PortHandle) -> None:
        verdict = rck.Verdict()
        for at in range(each):
            asked = desk.order(1 + number * each + at, 101 + at, time_ns=1 + at)
            assert lib.rck_check(port, byref(asked), byref(verdict)) == rck.RCK_REJECT_ORDER_QUANTITY

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(ports)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (one,) = listed(engine)
    assert (one.count, one.worst) == (3 * each, 100 + each)
    told = statistics(engine)
    assert (told.checks, told.refused) == (3 * each, 3 * each)
    assert told.refused_by[rck.RCK_CONTROL_ORDER_QUANTITY] == 3 * each
    assert statistics(engine, 2).checks == each


# ---- Statistics


def statistics(engine: rck.EngineHandle, port: int = rck.RCK_ALL_PORTS, time_ns: int = 0) -> rck.Statistics:
    told = sized(rck.Statistics, time_ns=time_ns)
    rck.check(lib.rck_statistics_read(engine, port, byref(told)))
    return told


def test_decisions_are_counted_by_outcome_control_and_time(session: host.Session) -> None:
    engine, port = make(session)
    second = 10**9
    for id, quantity, time_ns in ((1, 10, 1), (2, 120, second // 2), (3, 60, 30 * second)):
        desk.check(port, desk.order(id, quantity, time_ns=time_ns))
    early = statistics(engine)
    assert (early.second_checks, early.minute_checks, early.minute_refused) == (1, 3, 1)
    desk.check(port, desk.order(4, 10, time_ns=1800 * second))
    desk.check(port, desk.order(4, 10, time_ns=1800 * second))  # a repeat is no decision
    told = statistics(engine)
    assert (told.checks, told.refused, told.warned) == (4, 1, 1)
    assert told.warned_by[rck.RCK_CONTROL_ORDER_QUANTITY] == 1
    assert (told.second_checks, told.minute_checks, told.hour_checks, told.hour_refused) == (1, 1, 4, 1)
    assert statistics(engine, time_ns=2 * 3600 * second).hour_checks == 0
    assert told.timed == 0


def test_times_are_taken_of_every_64th_or_of_all(session: host.Session) -> None:
    for flag, timed in ((rck.RCK_TIME_SAMPLED, 2), (rck.RCK_TIME_ALWAYS, 128)):
        engine, port = make(session, flags=KEPT | flag)
        for id in range(1, 129):
            desk.check(port, desk.order(id, 120))
        told = statistics(engine)
        assert told.timed == timed
        middle = (told.latency_p50_ns, told.latency_p90_ns, told.latency_p99_ns, told.latency_max_ns)
        assert 0 < middle[0] and list(middle) == sorted(middle)


def test_a_decision_takes_no_longer_than_its_call(session: host.Session) -> None:
    """Also one that comes long after the last: what lies between two calls is not the library's."""
    engine, port = make(session, flags=KEPT | rck.RCK_TIME_ALWAYS)
    legs, verdicts, passed = (rck.Order * 2)(), (rck.Verdict * 2)(), ctypes.c_uint32()
    legs[0], legs[1] = desk.order(3, 10), desk.order(4, 10)
    verdict = rck.Verdict()
    calls: tuple[Callable[[], int], ...] = (
        lambda: lib.rck_check(port, desk.order(1, 10), byref(verdict)),
        lambda: lib.rck_amend(port, 0, desk.order(1, 20), byref(verdict)),
        lambda: lib.rck_drop_copy(port, desk.order(2, 10), byref(verdict)),
        lambda: lib.rck_check_batch(port, legs, verdicts, 2, rck.RCK_BATCH_ALL_OR_NONE, byref(passed)),
    )
    longest = 0
    for call in calls:
        pause = time.perf_counter_ns() + 20_000_000
        while time.perf_counter_ns() < pause:
            pass
        began = time.perf_counter_ns()
        assert call() == rck.RCK_OK
        longest = max(longest, time.perf_counter_ns() - began)
    told = statistics(engine)
    assert (told.checks, told.timed) == (5, 3)  # legs are decided together, and not timed
    assert told.latency_max_ns <= longest * 1.05  # as far as the histogram tells times apart


def test_a_port_that_there_is_not_has_no_statistics(session: host.Session) -> None:
    engine, _ = make(session)
    told = sized(rck.Statistics)
    assert name_of(lib.rck_statistics_read(engine, 7, byref(told))) == "RCK_E_RANGE"
    told.time_ns = -1
    assert name_of(lib.rck_statistics_read(engine, 1, byref(told))) == "RCK_E_RANGE"


@pytest.mark.parametrize("what", ["closed while it is open", "of an episode that has not begun"])
def test_a_count_that_cannot_be_is_found_when_a_file_is_opened(
    session: host.Session, tmp_path: Path, what: str
) -> None:
    """Who counts there would try for ever."""
    path, settings = tmp_path / "region", host.config(money_decimals=2, flags=KEPT)
    engine, fault = session.open(path, settings), rck.Fault()
    desk.define(engine)
    set_limit(engine, id=1)
    rck.check(lib.rck_limits_publish(engine, None, None))
    assert desk.check(session.port(engine), desk.order(1, 101))[1].violation_id != 0
    session.close()
    region = bytearray(path.read_bytes())
    start, places, each = struct.unpack_from("<QQQ", region, DIRECTORY + 24 * VIOLATIONS)
    (at,) = [start + each * index for index in range(places) if any(region[start + each * index :][:8])]
    (count,) = struct.unpack_from("<Q", region, at + 16)
    count = count | 1 << 39 if what.startswith("closed") else count + (1 << 40)
    struct.pack_into("<Q", region, at + 16, count)
    path.write_bytes(region)
    status = lib.rck_engine_open(byref(settings), os.fsencode(path), byref(engine), byref(fault))
    if status == rck.RCK_OK:
        session.engines.append(engine)
    assert name_of(status) == "RCK_E_CORRUPT"
