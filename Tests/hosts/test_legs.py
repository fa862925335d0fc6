"""Batches that are all or none: what they are refused as a whole for, what each leg is told, and that of a batch that
is refused nothing is left but what the header names.
"""

import ctypes
from ctypes import byref
from typing import Any

import pytest

import desk
import host
import riskcheck.abi as rck
from desk import BUY, SELL
from host import name_of
from riskcheck.abi import lib

MANY, ONE = rck.RCK_MANY_WRITERS, rck.RCK_ONE_WRITER
FLAG, MOST = rck.RCK_BATCH_ALL_OR_NONE, rck.RCK_LEGS_MAX
SCRIBBLE = 0x5A
BATCH = "RCK_REJECT_BATCH"
Told = tuple[list[str], list[rck.Verdict], int]
both = pytest.mark.parametrize("discipline", [MANY, ONE])


def legs(port: rck.PortHandle, *orders: rck.Order) -> Told:
    """What is said of each leg, the verdicts, and how many passed."""
    records = (rck.Order * len(orders))(*orders)
    verdicts, passed = (rck.Verdict * len(orders))(), ctypes.c_uint32(77)
    ctypes.memset(verdicts, SCRIBBLE, ctypes.sizeof(verdicts))
    status = lib.rck_check_batch(port, records, verdicts, len(orders), FLAG, byref(passed))
    assert name_of(status) == "RCK_OK" and passed.value in (0, len(orders))
    assert list(map(bytes, records)) == list(map(bytes, orders)), "an order was written"
    names = [name_of(verdict.status) for verdict in verdicts]
    for name, verdict in zip(names, verdicts, strict=True):
        assert name != BATCH or not any(bytes(verdict)[4:]), "only a status"
        assert (verdict.token != 0) == (name in ("RCK_OK", "RCK_REPEAT"))
    return names, list(verdicts), passed.value


def rate(hard: int, scope: int = rck.RCK_SCOPE_ACCOUNT, id: int = 1, **fields: Any) -> dict[str, Any]:
    base = {"control": rck.RCK_CONTROL_RATE, "measure": rck.RCK_MEASURE_NEW, "scope_kind": scope, "id": id}
    return {**base, "hard": hard, "window_ns": 1000, **fields}


def room(port: rck.PortHandle, id: int, **fields: Any) -> int:
    """How many more messages of refused orders count before the rate refuses."""
    count = 0
    while desk.check(port, desk.order(id, quantity=0, **fields))[1].failed == 1:
        count += 1
    return count


# The call.


def test_misuse_of_the_call_looks_at_no_leg_and_writes_nothing(session: host.Session) -> None:
    engine, port = desk.make(session)
    reader = session.port(engine, 0)
    records = (rck.Order * (MOST + 1))(*(desk.order(id) for id in range(1, MOST + 2)))
    verdicts, passed = (rck.Verdict * (MOST + 1))(), ctypes.c_uint32(77)
    ctypes.memset(verdicts, SCRIBBLE, ctypes.sizeof(verdicts))
    under = ctypes.cast(records, ctypes.POINTER(rck.Verdict))
    last = ctypes.cast(ctypes.addressof(records) + 128 + 64, ctypes.POINTER(rck.Verdict))
    before = ctypes.cast(ctypes.addressof(verdicts) + 64, ctypes.POINTER(rck.Order))
    at = desk.everything(engine), bytes(host.stats(engine)), bytes(records)
    for expected, handle, words in (
        ("RCK_E_NULL", port, (None, verdicts, 2, FLAG, byref(passed))),
        ("RCK_E_NULL", port, (records, None, 2, FLAG, byref(passed))),
        ("RCK_E_NULL", port, (records, verdicts, 2, FLAG, None)),
        ("RCK_E_RANGE", port, (records, verdicts, 0, FLAG, byref(passed))),
        ("RCK_E_RANGE", port, (records, verdicts, MOST + 1, FLAG, byref(passed))),
        ("RCK_E_RANGE", port, (records, verdicts, 2**32 - 1, FLAG, byref(passed))),
        ("RCK_E_RANGE", port, (records, under, 2, FLAG, byref(passed))),
        ("RCK_E_RANGE", port, (records, last, 2, FLAG, byref(passed))),
        ("RCK_E_RANGE", port, (before, verdicts, 2, FLAG, byref(passed))),
        ("RCK_E_FLAGS", port, (records, verdicts, 2, FLAG | 2, byref(passed))),
        ("RCK_E_READ_ONLY", reader, (records, verdicts, 2, FLAG, byref(passed))),
        ("RCK_E_HANDLE", None, (records, verdicts, 2, FLAG, byref(passed))),
    ):
        assert name_of(lib.rck_check_batch(handle, *words)) == expected, words
    assert set(bytes(verdicts)) == {SCRIBBLE} and passed.value == 77
    assert (desk.everything(engine), bytes(host.stats(engine)), bytes(records)) == at


@both
@pytest.mark.parametrize("count", [1, 2, MOST])
def test_legs_that_pass_are_told_as_single_checks_are_and_live(
    session: host.Session, discipline: int, count: int
) -> None:
    orders = [
        desk.order(id, account=1 + id % 2, strategy=id % 3, instrument=1 + id % 3, side=(BUY, SELL)[id % 2])
        for id in range(1, count + 1)
    ]
    told, states = [], []
    for whole in (True, False):
        engine, port = desk.make(session, discipline=discipline, orders_max=2 * MOST, rate_exact_max=MOST)
        desk.arm(engine, desk.exposure(0, levels=rck.RCK_LEVEL_WARN, warn=20_000), rate(MOST))
        if whole:
            names, verdicts, passed = legs(port, *orders)
            assert (set(names), passed) == ({"RCK_OK"}, count)
        else:
            verdicts = [desk.check(port, order)[1] for order in orders]
        told.append(list(map(bytes, verdicts)))
        states.append(desk.everything(engine))
        assert all(desk.info(engine, 0, order.order_id)[0] == "RCK_OK" for order in orders)
    assert told[0] == told[1] and states[0] == states[1]


@both
def test_what_passed_lives_on_like_other_orders(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    _, (one, two, three), _ = legs(port, *(desk.order(id) for id in (1, 2, 3)))
    assert desk.fill(port, desk.report(4, token=one.token))[0] == "RCK_OK"
    assert desk.info(engine, one.token)[1].cumulative == 4 and desk.info(engine, two.token)[1].cumulative == 0
    assert desk.amend(port, two.token, desk.order(9, 20))[0] == "RCK_OK"
    assert desk.amend_result(port, two.token, 1)[0] == "RCK_OK"
    assert desk.release(port, three.token)[0] == "RCK_OK"
    assert desk.fill(port, desk.report(20, token=two.token))[0] == "RCK_OK"
    assert [order.token for order in desk.listed(engine)] == [one.token]
    assert desk.release(port, one.token)[0] == "RCK_OK" and desk.row(engine)["net"] == 24
    assert desk.book(engine).get("orders", 0) == 0 and "open_buys" not in desk.row(engine)


# Refused.


@both
@pytest.mark.parametrize("at", range(4))
def test_of_a_refused_batch_nothing_is_left_but_its_attempts(
    session: host.Session, discipline: int, at: int
) -> None:
    engine, port = desk.make(session, discipline=discipline, rate_exact_max=MOST)
    desk.arm(engine, desk.long_short(100), rate(20))
    for side, id in ((BUY, 91), (SELL, 92)):
        desk.enter(port, id, side=side, strategy=2)
    before, drained = desk.everything(engine), host.read(port, 1)
    orders = [desk.order(id, strategy=1, correlation_id=id) for id in range(1, 5)]
    orders[at].quantity = 95
    alone = desk.dry(port, orders[at])[1] if at == 0 else None
    names, verdicts, passed = legs(port, *orders)
    refused = "RCK_REJECT_POSITION_LONG"
    assert names == [refused if leg == at else BATCH for leg in range(4)] and passed == 0
    assert verdicts[at].observed == 10 + 10 * at + 95, "with the legs before it reserved"
    if alone is not None:
        assert bytes(alone) == bytes(verdicts[at])
    assert desk.everything(engine) == before and drained is not None
    (event,) = host.read(port, 1)
    assert event.subject == at + 1 and event.correlation_id == at + 1
    assert event.kind == rck.RCK_EVENT_REFUSED
    assert all(desk.info(engine, 0, id)[0] == "RCK_REJECT_ORDER_UNKNOWN" for id in range(1, 5))
    assert room(port, 99) == 20 - 2 - 4, "every leg counts"
    assert legs(port, *(desk.order(id, time_ns=5000) for id in range(1, 5)))[2] == 4, "its ids are free"


@both
def test_a_spread_is_held_at_its_worst_leg_by_leg(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    desk.arm(engine, desk.long_short(15))
    assert legs(port, desk.order(1), desk.order(2, side=SELL), desk.order(3, side=SELL))[0][2] == (
        "RCK_REJECT_POSITION_SHORT"
    )
    assert legs(port, desk.order(1), desk.order(2, side=SELL))[2] == 2
    assert desk.row(engine)["open_buys"] == desk.row(engine)["open_sells"] == 10


@both
def test_a_leg_reduces_by_what_the_legs_before_it_left(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    assert desk.position(port, 15)[0] == "RCK_OK"
    desk.arm(engine, desk.exposure(1))
    sells = [desk.order(id, side=SELL) for id in (1, 2)]
    names, verdicts, _ = legs(port, *sells)
    assert names == [BATCH, "RCK_REJECT_EXPOSURE_GROSS"]
    assert not verdicts[1].flags & rck.RCK_VERDICT_REDUCING
    names, verdicts, _ = legs(port, sells[0], desk.order(2, 5, side=SELL))
    assert names == ["RCK_OK"] * 2 and all(verdict.flags & rck.RCK_VERDICT_REDUCING for verdict in verdicts)


def test_a_misused_leg_refuses_before_any_is_judged(session: host.Session) -> None:
    engine, port = desk.make(session)
    before = desk.everything(engine)
    for fault, field in (("RCK_E_RESERVED", "reserved0"), ("RCK_E_RANGE", "order_id")):
        orders = [desk.order(id, quantity=0 if id == 1 else 10) for id in range(1, 5)]
        setattr(orders[2], field, 1 if field == "reserved0" else 0)
        names, verdicts, passed = legs(port, *orders)
        assert names == [BATCH, BATCH, fault, BATCH] and passed == 0
        assert not any(bytes(verdicts[2])[4:])
    assert desk.everything(engine) == before and not host.read(port, 1)


def test_times_and_deadlines_are_looked_at_first(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, rate(2))
    late = desk.order(2, time_ns=50, deadline_ns=49)
    assert legs(port, desk.order(1, quantity=0, time_ns=40), late)[0] == [BATCH, "RCK_REJECT_DEADLINE"]
    assert host.stats(engine).time_ns == 50
    assert [event.subject for event in host.read(port, 1)] == [2]
    wrong = desk.order(2, time_ns=-1)
    assert legs(port, desk.order(1, time_ns=60), wrong)[0] == [BATCH, "RCK_REJECT_TIME_RANGE"]
    assert legs(port, desk.order(1, time_ns=60), desk.order(2, time_ns=2000))[2] == 2
    assert room(port, 99, time_ns=2999) == 0, "both count at the later time"
    assert room(port, 99, time_ns=3000) == 2


# Rates: all or none, too.


@both
@pytest.mark.parametrize(
    "scope",
    [
        rck.RCK_SCOPE_ACCOUNT,
        rck.RCK_SCOPE_STRATEGY,
        rck.RCK_SCOPE_INSTRUMENT,
        rck.RCK_SCOPE_GLOBAL,
    ],
)
def test_a_batch_takes_all_its_messages_or_none(session: host.Session, discipline: int, scope: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    desk.arm(engine, rate(5, scope, 0 if scope == rck.RCK_SCOPE_GLOBAL else 1))
    fields = {"strategy": 1, "time_ns": 10}
    orders = [desk.order(id, **fields) for id in range(1, 7)]
    before = desk.everything(engine)
    names, verdicts, passed = legs(port, *orders)
    assert names == [BATCH] * 5 + ["RCK_REJECT_RATE_NEW"] and passed == 0
    assert (verdicts[5].observed, verdicts[5].limit) == (6, 5)
    after = desk.everything(engine)
    assert {**after, "account 1 instrument 1": {}} == {**before, "account 1 instrument 1": {}}
    assert legs(port, *orders[:3])[2] == 3
    assert legs(port, *orders[3:6])[0] == [BATCH, BATCH, "RCK_REJECT_RATE_NEW"]
    assert legs(port, *orders[3:5])[2] == 2, "none counted before"
    assert room(port, 99, **fields) == 0


def test_other_legs_leave_a_window_to_those_that_are_in_it(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, rate(2), rate(2, id=2))
    orders = [desk.order(id, account=1 + id % 2) for id in range(1, 6)]
    assert legs(port, *orders)[0] == [BATCH] * 4 + ["RCK_REJECT_RATE_NEW"]
    assert legs(port, *orders[:4])[2] == 4


def test_what_another_control_refuses_first_counts_only_if_all_have_room(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, rate(3), desk.long_short(15))
    orders = [desk.order(id) for id in range(1, 5)]
    assert legs(port, *orders)[0] == [BATCH, "RCK_REJECT_POSITION_LONG", BATCH, BATCH]
    assert legs(port, *orders[:3])[0] == [BATCH, "RCK_REJECT_POSITION_LONG", BATCH]
    assert room(port, 99) == 0, "the first took none, the second three"


def test_a_rate_is_one_finding_among_others(session: host.Session) -> None:
    engine, port = desk.make(session)
    desk.arm(engine, rate(1, soft=0, warn=0), desk.long_short(15))
    names, verdicts, _ = legs(port, desk.order(1), desk.order(2))
    assert names == [BATCH, "RCK_REJECT_POSITION_LONG"]
    bits = [1 << (control - 1) for control in (rck.RCK_CONTROL_POSITION, rck.RCK_CONTROL_RATE)]
    assert verdicts[1].failed == sum(bits)


# Ids.


@both
def test_legs_that_are_all_known_repeat(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    desk.arm(engine, rate(3))
    orders = [desk.order(id) for id in (1, 2)]
    tokens = [verdict.token for verdict in legs(port, *orders)[1]]
    names, verdicts, passed = legs(port, *orders)
    assert names == ["RCK_REPEAT"] * 2 and passed == 0
    assert [verdict.token for verdict in verdicts] == tokens
    taken = "RCK_REJECT_ORDER_ID_TAKEN"
    assert legs(port, desk.order(3), orders[1])[0] == [BATCH, taken]
    assert legs(port, orders[0], desk.order(3))[0] == [taken, BATCH]
    assert legs(port, orders[0], desk.order(2, 11))[0] == [taken, BATCH]
    assert legs(port, desk.order(3), desk.order(4), desk.order(3))[0] == [BATCH, BATCH, taken]
    assert legs(port, desk.order(3, quantity=0), orders[0])[0] == [BATCH, taken], "before controls are asked"
    assert len(desk.listed(engine)) == 2 and room(port, 99) == 1, "and nothing counts"


# Rooms that are full, and what trading leaves.


@both
def test_legs_for_which_there_is_no_place_take_none(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(
        session, discipline=discipline, orders_max=1, retired_ids_max=1, ports_max=1, positions_max=2
    )
    places = 1 + 1 + 2 * 16
    names, _, _ = legs(port, *(desk.order(id) for id in range(1, places + 2)))
    assert names == [BATCH] * places + ["RCK_REJECT_ORDERS_FULL"]
    assert desk.listed(engine) == [] and desk.book(engine) == {}
    assert legs(port, *(desk.order(id) for id in range(1, places + 1)))[2] == places
    for order in desk.listed(engine):
        desk.release(port, order.token)
    names, _, _ = legs(port, *(desk.order(100 + id, instrument=id) for id in (1, 2, 3)))
    assert names == [BATCH, BATCH, "RCK_REJECT_POSITIONS_FULL"] and desk.listed(engine) == []
    assert (
        desk.row(engine, instrument=2) != {} or desk.check(port, desk.order(200, instrument=2))[0] == "RCK_OK"
    )


@both
def test_strategies_that_are_tracked_get_theirs_back(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    scope = {"scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 1}
    working = {"control": rck.RCK_CONTROL_WORKING, "measure": rck.RCK_MEASURE_COUNT, **scope}
    desk.arm(engine, desk.exposure(10**6, **scope), {**working, "hard": 2})
    for id in (91, 92):
        token = desk.enter(port, id, strategy=1, instrument=id - 90)
        desk.fill(port, desk.report(10, token=token))
    before = desk.everything(engine)
    orders = [desk.order(id, strategy=1, instrument=1 + id % 2) for id in (1, 2, 3)]
    assert legs(port, *orders)[0] == [BATCH, BATCH, "RCK_REJECT_WORKING_COUNT"]
    assert desk.everything(engine) == before
    assert legs(port, *orders[:2])[2] == 2
    assert desk.book(engine, 1, rck.RCK_SCOPE_STRATEGY)["orders"] == 2


@both
def test_a_halted_leg_refuses_all(session: host.Session, discipline: int) -> None:
    engine, port = desk.make(session, discipline=discipline)
    latch = rck.Latch(
        struct_size=ctypes.sizeof(rck.Latch), scope_kind=rck.RCK_SCOPE_INSTRUMENT, id=2,
        state=rck.RCK_STATE_HALTED, actor=7, reason=b"stop",
    )  # fmt: skip
    rck.check(lib.rck_latch_set(engine, byref(latch), None))
    orders = [desk.order(id, instrument=id) for id in (1, 2, 3)]
    assert legs(port, *orders)[0] == [BATCH, "RCK_REJECT_HALTED", BATCH]
    assert desk.listed(engine) == [] and legs(port, orders[0], orders[2])[2] == 2
