"""Faults that others have, one test each, where a table cannot say it: what Tests/conformance/peers.txt begins."""

import ctypes
import threading
from ctypes import byref

import desk
import host
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

ACCOUNT = {"scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}


def test_nan_is_refused_at_the_door_and_waves_nothing_through(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(
        engine,
        {
            **ACCOUNT,
            "control": rck.RCK_CONTROL_METRIC,
            "measure": rck.RCK_MEASURE_GREATER,
            "instrument": 1,
            "hard": 5,
        },
    )
    for value in (float("nan"), -float("nan"), float("inf"), -float("inf")):
        assert name_of(lib.rck_metric_set(port, 1, value, 1)) == "RCK_E_RANGE"
        # Nothing is known still, and what is not known refuses.
        assert desk.check(port, desk.order(1))[0] == "RCK_REJECT_METRIC_MISSING"
    assert name_of(lib.rck_metric_set(port, 1, 6.0, 1)) == "RCK_OK"
    assert name_of(lib.rck_metric_set(port, 1, float("nan"), 2)) == "RCK_E_RANGE"
    assert desk.check(port, desk.order(1))[0] == "RCK_REJECT_METRIC"


def test_a_kill_switch_lists_the_resting_orders_and_lets_them_be_cancelled(session: host.Session) -> None:
    engine, port = desk.make(session)
    resting = {desk.enter(port, id) for id in (1, 2, 3)}
    other = desk.enter(port, 4, account=2)
    halt = sized(rck.Latch, **ACCOUNT, state=rck.RCK_STATE_HALTED, actor=7, reason=b"stop", time_ns=2)
    rck.check(lib.rck_latch_set(engine, byref(halt), None))
    assert desk.check(port, desk.order(5))[0] == "RCK_REJECT_HALTED"
    listed, cursor, count = (rck.OrderInfo * 8)(), ctypes.c_uint32(), ctypes.c_uint32()
    status = lib.rck_open_orders(engine, rck.RCK_SCOPE_ACCOUNT, 1, listed, 8, byref(cursor), byref(count))
    assert (name_of(status), {order.token for order in listed[: count.value]}) == ("RCK_OK", resting)
    for token in resting:
        assert desk.cancel(port, token)[0] == "RCK_OK"
        assert desk.release(port, token)[0] == "RCK_OK"
    assert desk.book(engine).get("orders", 0) == 0
    assert desk.cancel(port, other)[0] == "RCK_OK"


def test_duplicate_detection_resets_with_its_window_and_a_refusal_is_no_duplicate(
    session: host.Session,
) -> None:
    engine, port = desk.make(session, duplicates_max=2)
    window = 1000
    desk.arm(engine, {**ACCOUNT, "control": rck.RCK_CONTROL_DUPLICATE, "hard": 0, "window_ns": window})
    for turn in range(1, 200):
        now = turn * window
        token = desk.enter(port, turn, time_ns=now)
        assert desk.check(port, desk.order(1000 + turn, time_ns=now + window - 1))[0] == (
            "RCK_REJECT_DUPLICATE"
        )
        assert desk.release(port, token, time_ns=now + window - 1)[0] == "RCK_OK"


def test_between_check_and_act_nobody_else_takes_the_last_of_a_limit(session: host.Session) -> None:
    """Two threads ask for the same room, again and again: it is granted once."""
    engine, port = desk.make(session, ports_max=2)
    desk.arm(engine, desk.exposure(10_000))
    ports = [port, session.port(engine, 2)]
    meeting = threading.Barrier(2)
    granted: list[list[int]] = [[], []]

    def race(at: int) -> None:
        for turn in range(1500):
            order = desk.order(2 * turn + at + 1)
            meeting.wait()
            status, verdict = desk.check(ports[at], order)
            if status == "RCK_OK":
                granted[at].append(turn)
            else:
                assert status == "RCK_REJECT_EXPOSURE_GROSS"
            meeting.wait()
            if status == "RCK_OK":
                assert desk.release(ports[at], verdict.token)[0] == "RCK_OK"

    threads = [threading.Thread(target=race, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(granted[0] + granted[1]) == list(range(1500))


def test_a_doubled_report_and_a_doubled_release_count_once(session: host.Session) -> None:
    engine, port = desk.make(session)
    token = desk.enter(port, 1)
    for _ in range(2):
        desk.fill(port, desk.report(4, token=token, execution_id=9))
    assert desk.row(engine)["net"] == 4
    assert [desk.release(port, token)[0] for _ in range(2)] == ["RCK_OK", "RCK_REPEAT"]
    assert desk.book(engine).get("orders_value", 0) == 0
