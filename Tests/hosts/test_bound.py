"""Bound calls do what the plain ones do: a bound order through its life, and what `bind` refuses."""

import ctypes
import struct
import sys
import threading
import time
from typing import Any

import pytest

import desk
import host
import riskcheck.abi as rck
from desk import BUY
from host import as_dict, name_of, sized
from riskcheck.bound import Bound

TERMS: Any = {"account": 1, "instrument": 1, "side": BUY, "type": rck.RCK_TYPE_LIMIT, "time_in_force": 1}


def bound_of(port: rck.PortHandle, id: int, quantity: int = 10) -> Bound:
    made = Bound(port, **TERMS)
    made.put_at(id, 1000, quantity, 1)
    return made


def test_a_bound_order_goes_through_its_life(session: host.Session) -> None:
    engine, port = desk.make(session)
    bound = bound_of(port, 7)
    assert name_of(bound.check_dry()) == "RCK_OK" and bound.answer.token == 0
    assert name_of(bound.confirm()) == "RCK_E_RANGE", "there is no order yet"
    assert name_of(bound.check()) == "RCK_OK" and bound.verdict.token != 0
    assert name_of(bound.check()) == "RCK_REPEAT", "the same order once more"
    assert name_of(bound.drop_copy()) == "RCK_REPEAT", "and from somebody else"
    assert name_of(bound.confirm()) == "RCK_REPEAT" and bound.answer.token == bound.verdict.token
    bound.order.quantity = 20
    assert name_of(bound.amend()) == "RCK_OK"
    assert name_of(bound.amend_rejected()) == "RCK_OK"
    assert desk.info(engine, 0, 7)[1].leaves == 10
    assert name_of(bound.amend()) == "RCK_OK"
    assert name_of(bound.amend_accepted()) == "RCK_OK"
    assert desk.info(engine, 0, 7)[1].leaves == 20
    assert name_of(bound.cancel()) == "RCK_OK"
    report = bound.report
    report.kind, report.token, report.execution_id = rck.RCK_REPORT_FILL, bound.verdict.token, 1
    report.cumulative_quantity = report.last_quantity = 5
    report.last_price, report.time_ns = 1000, 1
    assert name_of(bound.fill()) == "RCK_OK" and bound.answer.observed == 5
    assert name_of(bound.fill()) == "RCK_REPEAT"
    assert name_of(bound.release_done()) == "RCK_OK"
    assert desk.info(engine, 0, 7)[1].state == rck.RCK_ORDER_FINISHED
    assert name_of(bound.release_cancelled()) == "RCK_REPEAT"


def test_put_writes_its_fields_and_refuses_what_does_not_fit(session: host.Session) -> None:
    _, port = desk.make(session)
    bound = Bound(port, **TERMS)
    bound.put_at(2**64 - 1, -(2**63), 2**63 - 1, 4)
    wanted = {"order_id": 2**64 - 1, "price": -(2**63), "quantity": 2**63 - 1, "time_ns": 4}
    assert as_dict(bound.order) == as_dict(sized(rck.Order, **TERMS, **wanted))
    bound.put(5, 6, 7)
    assert as_dict(bound.order) == as_dict(
        sized(rck.Order, **TERMS, order_id=5, price=6, quantity=7, time_ns=4)
    )
    for wrong in ((2**64, 0, 0, 0), (-1, 0, 0, 0), (0, 2**63, 0, 0)):
        with pytest.raises(struct.error):
            bound.put_at(*wrong)


def test_each_release_tells_its_reason_and_time(session: host.Session) -> None:
    _, port = desk.make(session)
    for number, reason in enumerate(("rejected", "cancelled", "expired", "done"), 1):
        bound = bound_of(port, number)
        assert name_of(bound.check()) == "RCK_OK"
        bound.order.time_ns = 0
        assert name_of(getattr(bound, f"release_{reason}")()) == "RCK_REJECT_TIME_MISSING"
        bound.order.time_ns = 1
        assert name_of(getattr(bound, f"release_{reason}")()) == "RCK_OK"


def test_a_bound_order_goes_back_to_an_order_by_its_token(session: host.Session) -> None:
    engine, port = desk.make(session)
    bound = bound_of(port, 1)
    assert name_of(bound.check()) == "RCK_OK"
    first = bound.verdict.token
    bound.order.order_id = 2
    assert name_of(bound.check()) == "RCK_OK"
    bound.verdict.token = first
    assert name_of(bound.release_cancelled()) == "RCK_OK"
    assert [desk.info(engine, 0, id)[1].state for id in (1, 2)] == [
        rck.RCK_ORDER_FINISHED,
        rck.RCK_ORDER_LIVE,
    ]


def test_arguments_are_checked_when_a_call_is_bound(session: host.Session) -> None:
    engine, port = desk.make(session)
    order, verdict = rck.Order(), rck.Verdict()
    for wrong in (
        ("rck_check", engine, order, verdict),  # a handle of the wrong kind
        ("rck_check", port, verdict, verdict),
        ("rck_release", port, 1.5, 0, 1, 0, verdict),
        ("rck_version",),  # gives no status
    ):
        with pytest.raises(TypeError):
            rck.bind(*wrong)
    with pytest.raises(ValueError, match="shorter"):
        rck.bind("rck_check", port, order)
    with pytest.raises(KeyError):
        rck.bind("rck_no_such_call", port)
    assert name_of(rck.bind("rck_check", None, order, verdict)()) == "RCK_E_HANDLE"
    assert name_of(rck.bind("rck_check", port, None, verdict)()) == "RCK_E_NULL"


def test_a_bound_call_reads_records_and_integers_when_it_is_called(session: host.Session) -> None:
    _, port = desk.make(session)
    quote = rck.Quote(instrument=1, bid=999, ask=1001, bid_size=1, ask_size=1, time_ns=1)
    send = rck.bind("rck_market_quote", port, quote)
    assert name_of(send()) == "RCK_OK"
    quote.bid = 0
    assert send() < 0
    token, answer = ctypes.c_uint64(), rck.Verdict()
    release = rck.bind("rck_release", port, token, 0, rck.RCK_RELEASE_DONE, 1, answer)
    assert name_of(release()) == "RCK_E_RANGE", "it names no order"
    token.value = desk.enter(port, id=1)
    assert name_of(release()) == "RCK_OK"
    last = rck.bind("rck_release", port, 2**64 - 1, 0, rck.RCK_RELEASE_DONE, 1, answer)
    assert name_of(last()) == "RCK_REJECT_ORDER_UNKNOWN", "64 bits pass whole"


def test_a_bound_call_on_a_closed_port_is_refused(session: host.Session) -> None:
    _, port = desk.make(session)
    bound = bound_of(port, 1)
    rck.check(rck.lib.rck_port_close(port))
    assert name_of(bound.check()) == "RCK_E_HANDLE"


def test_a_bound_call_keeps_the_interpreter() -> None:
    """Turns are given up by who makes a call that gives them up, and by nobody else here."""
    before = sys.getswitchinterval()
    turns = [0]
    running = threading.Event()

    def take_turns() -> None:
        while running.is_set():
            turns[0] += 1
            time.sleep(0)  # gives up its own

    plain, bound = rck.lib.rck_control_describe, rck.bind("rck_control_describe", 2, rck.ControlInfo())
    running.set()
    thread = threading.Thread(target=take_turns)
    sys.setswitchinterval(3600)
    try:
        thread.start()
        now = turns[0]
        for _ in range(10_000):
            bound()
        assert turns[0] == now
        tries = 0
        while turns[0] == now and tries < 10_000_000:
            plain(2, None)
            tries += 1
        assert turns[0] > now, "a plain call gives its turn away: the test can tell"
    finally:
        running.clear()
        sys.setswitchinterval(before)
        thread.join()
