"""Commands told whole: one record for each call that changes state, what it is made of, where it belongs, and what
happens when the ring has no room.
"""

import ctypes
from ctypes import byref
from typing import Any

import pytest

import definitions as defs
import desk
import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

TOLD = rck.RCK_TELL_COMMANDS | rck.RCK_TELL_MARKET
DISCIPLINES = pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])


class Told:
    """A record: its first line, and the lines behind it as structs."""

    def __init__(self, lines: list[rck.Event]) -> None:
        self.event = lines[0]
        self.body = b"".join(bytes(line) for line in lines[1:])

    def struct(self, kind: type[Any], line: int = 0) -> Any:
        return kind.from_buffer_copy(self.body, 64 * line)


def told(reader: rck.PortHandle, source: int = 1) -> list[Told]:
    found, records = host.read(reader, source), []
    while found:
        records.append(Told(found[: found[0].lines]))
        found = found[found[0].lines :]
    return records


def commands(reader: rck.PortHandle, source: int = 1) -> list[Told]:
    return [one for one in told(reader, source) if 64 <= one.event.kind < 128]


def make(
    session: host.Session, flags: int = TOLD, **settings: int
) -> tuple[rck.EngineHandle, rck.PortHandle, rck.PortHandle]:
    """A desk whose commands are told, its port, and a port to read with. What it took to make it is read."""
    engine = session.create(
        host.config(**{"money_decimals": 2, "flags": flags, "ring_lines": 1024, **settings})
    )
    desk.define(engine)
    port, reader = session.port(engine), session.port(engine, 0)
    for source in (0, 1):
        host.read(reader, source)
    return engine, port, reader


@DISCIPLINES
def test_a_check_is_told_as_it_was_asked_and_answered(session: host.Session, discipline: int) -> None:
    _, port, reader = make(session, discipline=discipline)
    asked = desk.order(9, 7, 1001, time_ns=50, correlation_id=77, deadline_ns=90, decision_price=5)
    _, verdict = desk.check(port, asked)
    (one,) = told(reader)
    assert (one.event.kind, one.event.lines, one.event.subject) == (rck.RCK_EVENT_CHECK, 4, 9)
    assert (one.event.correlation_id, one.event.time_ns, one.event.port) == (77, 50, 1)
    assert bytes(one.struct(rck.Order)) == bytes(asked)
    assert bytes(one.struct(rck.Verdict, 2)) == bytes(verdict)
    assert one.event.ticket != 0


@DISCIPLINES
def test_a_refusal_is_told_by_the_same_record_and_no_other(session: host.Session, discipline: int) -> None:
    _, port, reader = make(session, discipline=discipline)
    status, verdict = desk.check(port, desk.order(1, 7, 1000, account=4))
    assert status == "RCK_REJECT_ACCOUNT_UNKNOWN"
    (one,) = told(reader)
    assert one.event.kind == rck.RCK_EVENT_CHECK and one.event.control == rck.RCK_CONTROL_VALIDITY
    assert bytes(one.struct(rck.Verdict, 2)) == bytes(verdict)


def test_without_the_flag_a_refusal_is_one_line_and_a_pass_none(session: host.Session) -> None:
    _, port, reader = make(session, flags=0)
    desk.enter(port, 1)
    desk.check(port, desk.order(2, account=4))
    (one,) = told(reader)
    assert (one.event.kind, one.event.lines, one.event.ticket) == (rck.RCK_EVENT_REFUSED, 1, 0)


def test_a_clamped_time_is_told_as_it_was_judged_and_a_refused_one_as_it_was_given(
    session: host.Session,
) -> None:
    _, port, reader = make(session, clock_back_ns_max=10)
    desk.enter(port, 1, time_ns=100)
    desk.enter(port, 2, time_ns=95)
    status, _ = desk.check(port, desk.order(3, time_ns=50))
    assert status == "RCK_REJECT_TIME_BACK"
    assert [one.struct(rck.Order).time_ns for one in told(reader)] == [100, 100, 50]


def test_what_is_refused_for_its_time_is_told_only_of_orders_to_be_entered(session: host.Session) -> None:
    _, port, reader = make(session, clock_back_ns_max=10)
    token = desk.enter(port, 1, time_ns=100)
    told(reader)
    late, verdict = {"time_ns": 50}, rck.Verdict()
    quote = rck.Quote(instrument=1, bid=990, ask=1010, bid_size=1, ask_size=1, time_ns=50)
    trade = rck.Trade(instrument=1, price=1000, quantity=4, time_ns=50)
    book = rck.Book(instrument=1, time_ns=50)
    refused = [
        lib.rck_cancel(port, token, 0, 50, byref(verdict)),
        lib.rck_release(port, token, 0, rck.RCK_RELEASE_CANCELLED, 50, byref(verdict)),
        lib.rck_fill(port, byref(desk.report(3, token=token, order_id=0, **late)), byref(verdict)),
        lib.rck_mark(port, 1, 1001, 50),
        lib.rck_metric_set(port, 3, 0.5, 50),
        lib.rck_beat(port, 50),
        lib.rck_market_quote(port, byref(quote)),
        lib.rck_market_trade(port, byref(trade)),
        lib.rck_market_book(port, byref(book)),
    ]
    assert {name_of(status) for status in refused} == {"RCK_REJECT_TIME_BACK"}
    assert told(reader) == []
    desk.check(port, desk.order(2, **late))
    desk.amend(port, token, desk.order(1, 12, **late))
    lib.rck_drop_copy(port, byref(desk.order(3, **late)), byref(verdict))
    kinds = [one.event.kind for one in told(reader)]
    assert kinds == [rck.RCK_EVENT_CHECK, rck.RCK_EVENT_AMEND, rck.RCK_EVENT_COPY]


def test_a_misuse_is_not_told(session: host.Session) -> None:
    _, port, reader = make(session)
    status, _ = desk.check(port, desk.order(0))
    assert status == "RCK_E_RANGE"
    assert told(reader) == []


@DISCIPLINES
def test_every_call_of_a_port_that_changes_state_is_told_once(session: host.Session, discipline: int) -> None:
    _, port, reader = make(session, discipline=discipline)
    token = desk.enter(port, 1, 10)
    verdict = rck.Verdict()
    desk.amend(port, token, desk.order(1, 12))
    desk.amend_result(port, token, 1)
    desk.fill(port, desk.report(3, token=token, order_id=0))
    desk.cancel(port, token)
    desk.confirm(port, token)
    desk.release(port, token)
    assert lib.rck_drop_copy(port, byref(desk.order(2)), byref(verdict)) == 0
    desk.position(port, 5)
    desk.cash(port, 1000)
    quote = rck.Quote(instrument=1, bid=990, ask=1010, bid_size=1, ask_size=1, time_ns=1)
    trade = rck.Trade(instrument=1, price=1000, quantity=4, time_ns=1)
    book = rck.Book(instrument=1, time_ns=1)
    assert lib.rck_market_quote(port, byref(quote)) == 0
    assert lib.rck_market_trade(port, byref(trade)) == 0
    assert lib.rck_market_book(port, byref(book)) == 0
    assert lib.rck_market_volume(port, 1, 1000) == 0
    desk.mark(port, 1001)
    assert lib.rck_metric_set(port, 3, 0.5, 1) == 0
    assert lib.rck_beat(port, 1) == 0
    released = ctypes.c_uint32()
    assert lib.rck_day_start(port, 20260105, byref(released), None) == 0
    names = (
        "CHECK AMEND AMEND_RESULT FILL CANCEL CONFIRM RELEASE COPY POSITION CASH QUOTE TRADE BOOK VOLUME MARK"
    )
    wanted = [getattr(rck, f"RCK_EVENT_{name}") for name in [*names.split(), "METRIC", "BEAT", "DAY_START"]]
    found = commands(reader)
    assert [one.event.kind for one in found] == wanted
    tickets = [one.event.ticket for one in found]
    assert tickets == sorted(set(tickets))
    subjects = {one.event.kind: one.event.subject for one in found}
    assert subjects[rck.RCK_EVENT_FILL] == subjects[rck.RCK_EVENT_RELEASE] == 1


def test_the_market_is_told_only_where_that_is_asked_for(session: host.Session) -> None:
    _, port, reader = make(session, flags=rck.RCK_TELL_COMMANDS)
    trade = rck.Trade(instrument=1, price=1000, quantity=4, time_ns=1)
    assert lib.rck_market_trade(port, byref(trade)) == 0
    assert lib.rck_metric_set(port, 3, 0.5, 1) == 0
    assert told(reader) == []
    desk.mark(port, 1001)
    assert [one.event.kind for one in told(reader)] == [rck.RCK_EVENT_MARK]


@DISCIPLINES
def test_a_batch_of_legs_is_told_under_one_ticket(session: host.Session, discipline: int) -> None:
    _, port, reader = make(session, discipline=discipline)
    orders, verdicts = (rck.Order * 3)(*(desk.order(id) for id in (1, 2, 3))), (rck.Verdict * 3)()
    passed = ctypes.c_uint32()
    assert lib.rck_check_batch(port, orders, verdicts, 3, rck.RCK_BATCH_ALL_OR_NONE, byref(passed)) == 0
    first, *legs = told(reader)
    assert (first.event.kind, list(first.event.values)) == (rck.RCK_EVENT_LEGS, [3, 1])
    assert [one.event.subject for one in legs] == [1, 2, 3]
    assert {one.event.ticket for one in (first, *legs)} == {first.event.ticket}
    assert [bytes(one.struct(rck.Verdict, 2)) for one in legs] == [bytes(verdict) for verdict in verdicts]


def test_what_the_administrator_does_is_told_with_its_struct(session: host.Session) -> None:
    engine, _, reader = make(session)
    account = defs.account(2, b"renamed")
    defs.define(engine, account)
    limit = limits.limit(hard=5, levels=rck.RCK_LEVEL_HARD)
    rck.check(lib.rck_limit_set(engine, byref(limit), rck.RCK_LOOSEN, None))
    rck.check(lib.rck_limits_publish(engine, None, None))
    latch = sized(
        rck.Latch, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1, state=rck.RCK_STATE_HALTED, actor=3, reason=b"x"
    )
    rck.check(lib.rck_latch_set(engine, byref(latch), None))
    rck.check(lib.rck_latch_clear(engine, byref(latch), None))
    found = commands(reader, 0)
    names = ["ACCOUNT_SET", "LIMIT_SET", "PUBLISH", "LATCH_SET", "LATCH_CLEAR"]
    assert [one.event.kind for one in found] == [getattr(rck, f"RCK_EVENT_{name}") for name in names]
    assert bytes(found[0].struct(rck.Account)) == bytes(account)
    assert bytes(found[1].struct(rck.Limit)) == bytes(limit)
    assert found[1].event.values[0] == rck.RCK_LOOSEN
    assert found[3].struct(rck.Latch).reason == b"x"
    tickets = [one.event.ticket for one in found]
    assert tickets == sorted(set(tickets))


def test_of_one_writer_a_change_stands_between_the_commands_that_it_came_between(
    session: host.Session,
) -> None:
    engine, port, reader = make(session, discipline=rck.RCK_ONE_WRITER)
    desk.enter(port, 1)
    defs.define(engine, defs.account(2, b"renamed"))
    desk.enter(port, 2)
    first, second = (one.event.ticket for one in commands(reader))
    (change,) = (one.event.ticket for one in commands(reader, 0))
    assert first < change < second


# ---- A ring without room


def fill_ring(port: rck.PortHandle, lines: int) -> None:
    for id in range(1, lines // 4 + 1):
        desk.enter(port, 1000 + id, 1)


def test_what_finds_no_room_is_counted_and_said_once_there_is(session: host.Session) -> None:
    engine, port, reader = make(session, ring_lines=64, orders_max=64)
    fill_ring(port, 64)
    for id in (1, 2, 3):
        desk.enter(port, id, time_ns=id)
    assert host.stats(engine).events_lost == 3
    assert len(told(reader)) == 16
    desk.enter(port, 4, time_ns=9)
    gap, one = told(reader)
    assert (gap.event.kind, gap.event.subject, gap.event.values[0]) == (rck.RCK_EVENT_LOST, 3, 3)
    assert (gap.event.sequence, one.event.sequence, one.event.subject) == (20, 21, 4)
    desk.enter(port, 5, time_ns=9)
    assert [each.event.kind for each in told(reader)] == [rck.RCK_EVENT_CHECK]


STRICT = TOLD | rck.RCK_TELL_STRICT


@DISCIPLINES
def test_a_strict_port_takes_no_new_risk_while_its_ring_is_full(
    session: host.Session, discipline: int
) -> None:
    engine, port, reader = make(session, flags=STRICT, ring_lines=128, orders_max=64, discipline=discipline)
    desk.position(port, 50)
    token = desk.enter(port, 1, 5)
    host.read(reader, 1)
    fill_ring(port, 84)  # 44 are left, and a check with all that may be told beside it takes up to 48
    status, verdict = desk.check(port, desk.order(2))
    assert status == "RCK_REJECT_RING_FULL" and verdict.token == 0
    assert desk.amend(port, token, desk.order(1, 6))[0] == "RCK_REJECT_RING_FULL"
    orders, verdicts, passed = (
        (rck.Order * 2)(desk.order(3), desk.order(4)),
        (rck.Verdict * 2)(),
        ctypes.c_uint32(9),
    )
    assert lib.rck_check_batch(port, orders, verdicts, 2, rck.RCK_BATCH_ALL_OR_NONE, byref(passed)) == 0
    assert passed.value == 0
    assert [name_of(each.status) for each in verdicts] == ["RCK_REJECT_RING_FULL", "RCK_REJECT_BATCH"]
    # What reduces goes on, and so do facts.
    status, verdict = desk.check(port, desk.order(5, 10, side=desk.SELL))
    assert status == "RCK_OK" and verdict.flags & rck.RCK_VERDICT_REDUCING
    assert desk.fill(port, desk.report(2, token=token, order_id=0))[0] == "RCK_OK"
    assert desk.release(port, token)[0] == "RCK_OK"
    host.read(reader, 1)
    assert desk.check(port, desk.order(2))[0] == "RCK_OK"
    assert host.stats(engine).events_refused == 3


@pytest.mark.parametrize(
    "flags",
    [rck.RCK_TELL_MARKET, rck.RCK_TELL_STRICT, rck.RCK_TIME_ALWAYS, rck.RCK_TIME_SAMPLED, 1 << 12],
)
def test_flags_that_say_nothing_alone_are_refused(session: host.Session, flags: int) -> None:
    engine, fault = rck.EngineHandle(), rck.Fault()
    given = host.config(flags=flags)
    assert name_of(lib.rck_engine_create(byref(given), None, 0, byref(engine), byref(fault))) == "RCK_E_FLAGS"
    assert fault.field == b"flags"
