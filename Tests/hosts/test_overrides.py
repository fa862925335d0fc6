"""Overrides: hard levels are waived for one order or one scope, exactly as often and as much as was given."""

import ctypes
import shutil
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
from host import name_of, sized
from riskcheck.abi import lib

QUANTITY, EXPOSURE, WORKING = (
    rck.RCK_CONTROL_ORDER_QUANTITY,
    rck.RCK_CONTROL_EXPOSURE,
    rck.RCK_CONTROL_WORKING,
)
ACCOUNT, GLOBAL, GROUP = rck.RCK_SCOPE_ACCOUNT, rck.RCK_SCOPE_GLOBAL, rck.RCK_SCOPE_ACCOUNT_GROUP
MOST = rck.RCK_OVERRIDES_MAX
Made = tuple[rck.EngineHandle, rck.PortHandle]


def override(**fields: Any) -> rck.Override:
    """One order of account 1 may be of any quantity, unless the fields say otherwise."""
    base: dict[str, Any] = {"actor": 7, "reason": b"approved", "expiry_ns": 10**6}
    if "order_id" not in fields:
        base |= {"control": QUANTITY, "scope_kind": ACCOUNT, "id": 1}
    if "quantity" not in fields:
        base["count"] = 1
    return sized(rck.Override, **{**base, **fields})


def put(engine: rck.EngineHandle, given: rck.Override, fault: rck.Fault | None = None) -> tuple[str, int]:
    id = ctypes.c_uint32(77)
    status = lib.rck_override_set(engine, byref(given), byref(id), byref(fault) if fault else None)
    return name_of(status), id.value


def give(engine: rck.EngineHandle, **fields: Any) -> int:
    status, id = put(engine, override(**fields))
    assert status == "RCK_OK"
    return id


def get(engine: rck.EngineHandle, id: int) -> rck.Override | None:
    found = sized(rck.Override, override_id=id)
    status = lib.rck_override_get(engine, byref(found))
    if status == rck.RCK_E_UNKNOWN:
        return None
    rck.check(status)
    return found


def left(engine: rck.EngineHandle, id: int) -> tuple[int, int, int]:
    found = get(engine, id)
    assert found is not None
    return found.live, found.count_left, found.quantity_left


def remove(engine: rck.EngineHandle, id: int, **fields: Any) -> str:
    given = sized(rck.Override, **{"override_id": id, "actor": 9, "reason": b"revoked", **fields})
    return name_of(lib.rck_override_remove(engine, byref(given), None))


def small(hard: int = 10, **fields: Any) -> dict[str, Any]:
    return {"control": QUANTITY, "scope_kind": ACCOUNT, "id": 1, "hard": hard, **fields}


@pytest.fixture
def made(session: host.Session) -> Made:
    engine, port = desk.make(session)
    desk.arm(engine, small())
    return engine, port


def test_what_is_set_comes_back_whole_and_ids_count_up(engine: rck.EngineHandle) -> None:
    limits.define_desk(engine)
    given = [
        override(),
        override(
            control=rck.RCK_CONTROL_POSITION, scope_kind=rck.RCK_SCOPE_STRATEGY_INSTRUMENT, instrument=2
        ),
        override(scope_kind=GLOBAL, id=0, count=2**32 - 1, quantity=2**53, expiry_ns=2**62 - 1),
        override(order_id=2**64 - 1, quantity=1, actor=2**32 - 1, reason=b"x" * 31),
        override(control=EXPOSURE, scope_kind=GROUP, id=3, count=3),
    ]
    for number, one in enumerate(given, 1):
        assert put(engine, one) == ("RCK_OK", number)
    for number, one in enumerate(given, 1):
        found = get(engine, number)
        assert found is not None
        expected = {"override_id": number, "live": 1, "count_left": one.count, "quantity_left": one.quantity}
        assert host.as_dict(found) == {**host.as_dict(one), **expected}
    assert get(engine, 0) is None
    assert get(engine, len(given) + 1) is None


def test_an_order_that_is_refused_for_a_level_passes_once(made: Made) -> None:
    engine, port = made
    id = give(engine)
    status, verdict = desk.check(port, desk.order(1, quantity=11))
    assert (status, verdict.flags, verdict.failed) == ("RCK_OK", rck.RCK_VERDICT_OVERRIDDEN, 0)
    assert (verdict.control, verdict.scope_kind, verdict.scope_id) == (QUANTITY, ACCOUNT, 1)
    assert (verdict.severity, verdict.action) == (rck.RCK_SEVERITY_HARD, rck.RCK_ACTION_ALERT)
    assert (verdict.limit, verdict.observed, verdict.utilisation_bps) == (10, 11, 11_000)
    assert verdict.token != 0
    text = ctypes.create_string_buffer(512)
    rck.check(lib.rck_explain(byref(verdict), text, 512))
    assert text.value.startswith(b"passed with hard breach by order quantity at account 1")
    assert b"overridden" in text.value
    assert left(engine, id) == (0, 0, 0)
    assert desk.check(port, desk.order(2, quantity=11))[0] == "RCK_REJECT_ORDER_QUANTITY"
    assert desk.release(port, verdict.token)[0] == "RCK_OK"
    assert left(engine, id) == (0, 0, 0), "what a live order used is not given back"


def test_an_order_that_passes_by_itself_uses_nothing(made: Made) -> None:
    engine, port = made
    id = give(engine, count=2, quantity=50)
    assert desk.check(port, desk.order(1, quantity=10))[1].flags == 0
    assert left(engine, id) == (1, 2, 50)


def test_setting_using_and_removing_are_told(session: host.Session, made: Made) -> None:
    engine, port = made
    reader = session.port(engine, 0)
    host.read(reader, 0)
    desk.arm(engine, small(hard=20, control=rck.RCK_CONTROL_ORDER_NOTIONAL))
    first, second = (
        give(engine, quantity=30),
        give(engine, order_id=5, control=rck.RCK_CONTROL_ORDER_NOTIONAL),
    )
    host.read(reader, 1)
    order = desk.order(5, quantity=12, time_ns=40, correlation_id=99)
    assert desk.check(port, order)[0] == "RCK_OK"
    told = [
        (event.kind, event.subject, list(event.values), event.control, event.time_ns, event.correlation_id)
        for event in host.read(reader, 1)
    ]
    kind = rck.RCK_EVENT_OVERRIDDEN
    assert told == [
        (kind, 5, [second, 12], rck.RCK_CONTROL_ORDER_NOTIONAL, 40, 99),
        (kind, 5, [first, 12], QUANTITY, 40, 99),
    ]
    assert remove(engine, first) == "RCK_OK"
    kinds = (rck.RCK_EVENT_OVERRIDE_SET, rck.RCK_EVENT_OVERRIDE_REMOVED)
    told_of = [
        (event.kind, event.subject, list(event.values))
        for event in host.read(reader, 0)
        if event.kind in kinds
    ]
    notional = rck.RCK_CONTROL_ORDER_NOTIONAL
    assert told_of == [
        (kinds[0], first, [QUANTITY << 32 | ACCOUNT, 7]),
        (kinds[0], second, [notional << 32, 7]),
        (kinds[1], first, [QUANTITY << 32 | ACCOUNT, 9]),
    ]


def test_an_order_that_is_not_entered_gives_everything_back(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=1, retired_ids_max=1, ports_max=1, positions_max=1)
    desk.arm(engine, small())
    id = give(engine, count=1000, quantity=2**53)
    passed = 0
    while desk.check(port, desk.order(1 + passed, quantity=11))[0] == "RCK_OK":
        passed += 1
    assert desk.check(port, desk.order(1 + passed, quantity=11))[0] == "RCK_REJECT_ORDERS_FULL"
    assert left(engine, id) == (1, 1000 - passed, 2**53 - 11 * passed)
    assert (
        desk.check(port, desk.order(1 + passed, instrument=2, quantity=11))[0] == "RCK_REJECT_POSITIONS_FULL"
    )
    assert left(engine, id) == (1, 1000 - passed, 2**53 - 11 * passed)


def test_a_dry_check_shows_it_and_headroom_does_not(session: host.Session, made: Made) -> None:
    engine, port = made
    id = give(engine)
    for looking in (port, session.port(engine, 0)):
        status, verdict = desk.dry(looking, desk.order(1, quantity=11))
        assert (status, verdict.flags, verdict.token) == ("RCK_OK", rck.RCK_VERDICT_OVERRIDDEN, 0)
        assert desk.headroom(looking, desk.order(1))[:2] == ("RCK_REJECT_ORDER_QUANTITY", 10)
    assert left(engine, id) == (1, 1, 0)


def test_a_batch_uses_it_order_by_order(made: Made) -> None:
    engine, port = made
    id = give(engine, count=2)
    orders = (rck.Order * 4)(*[desk.order(1 + number, quantity=11 - number % 2) for number in range(4)])
    verdicts, passed = (rck.Verdict * 4)(), ctypes.c_uint32()
    rck.check(lib.rck_check_batch(port, orders, verdicts, 4, 0, byref(passed)))
    assert (passed.value, [verdict.flags for verdict in verdicts]) == (4, [0x200, 0, 0x200, 0])
    assert left(engine, id) == (0, 0, 0)


def test_a_place_goes_to_another_after_the_end_and_an_old_id_never_comes_back(made: Made) -> None:
    engine, port = made
    ids = [give(engine, count=1 + number % 3) for number in range(MOST)]
    assert ids == list(range(1, MOST + 1))
    fault = rck.Fault()
    assert put(engine, override(), fault) == ("RCK_E_OVERRIDES_FULL", 77)
    assert fault.maximum == MOST
    assert remove(engine, 7) == "RCK_OK"
    assert left(engine, 7) == (0, 1, 0)
    assert give(engine, expiry_ns=500) == MOST + 1
    assert get(engine, 7) is None
    assert remove(engine, 7) == "RCK_E_UNKNOWN"
    assert put(engine, override())[0] == "RCK_E_OVERRIDES_FULL"
    assert desk.check(port, desk.order(1, quantity=11))[0] == "RCK_OK"
    assert left(engine, 1) == (0, 0, 0), "the oldest first"
    assert give(engine) == MOST + 2
    assert get(engine, 1) is None
    assert name_of(lib.rck_beat(port, 500)) == "RCK_OK"
    assert left(engine, MOST + 1) == (0, 1, 0)
    assert give(engine) == MOST + 3
    assert get(engine, MOST + 1) is None
    assert put(engine, override())[0] == "RCK_E_OVERRIDES_FULL"


def test_no_more_than_sixteen_that_fit_are_looked_at(made: Made) -> None:
    engine, port = made
    for _ in range(16):
        give(engine, control=rck.RCK_CONTROL_ORDER_NOTIONAL)
    beyond = give(engine)
    assert desk.check(port, desk.order(1, quantity=11))[0] == "RCK_REJECT_ORDER_QUANTITY"
    of_order = give(engine, order_id=1)
    assert desk.check(port, desk.order(1, quantity=11))[0] == "RCK_OK"
    assert (left(engine, beyond), left(engine, of_order)) == ((1, 1, 0), (0, 0, 0))
    remove(engine, 3)
    assert desk.check(port, desk.order(2, quantity=11))[0] == "RCK_OK"
    assert left(engine, beyond) == (0, 0, 0)


def test_a_total_that_is_waived_is_raised_above_its_level(session: host.Session) -> None:
    engine = session.create(host.config(money_decimals=2))
    desk.define(engine)
    defs.define(engine, defs.group(1, b"desks", kind=rck.RCK_GROUP_OF_ACCOUNTS))
    defs.define(engine, defs.account(1, b"account 1", groups=[1, 0, 0, 0]))
    ports = [session.port(engine, 1), session.port(engine, 2)]
    desk.arm(engine, desk.exposure(100_000, scope_kind=GROUP, id=1, flags=rck.RCK_LEASE_ALWAYS))
    desk.enter(ports[0], 1, quantity=50)
    desk.enter(ports[1], 2, quantity=50)
    assert desk.check(ports[0], desk.order(3))[0] == "RCK_REJECT_EXPOSURE_GROSS"
    id = give(engine, control=EXPOSURE, scope_kind=GROUP, id=1, count=2)
    for number, port in enumerate(ports):
        status, verdict = desk.check(port, desk.order(4 + number))
        assert (status, verdict.control, verdict.limit) == ("RCK_OK", EXPOSURE, 100_000)
        assert verdict.observed == 110_000 + 10_000 * number
    assert desk.check(ports[0], desk.order(6))[0] == "RCK_REJECT_EXPOSURE_GROSS"
    assert desk.book(engine, 1, GROUP)["gross"] == 120_000
    assert left(engine, id) == (0, 0, 0)


@pytest.mark.parametrize("discipline", ["many", "one"])
def test_limits_published_after_it_are_waived_like_those_of_before(
    session: host.Session, discipline: str
) -> None:
    kind = rck.RCK_MANY_WRITERS if discipline == "many" else rck.RCK_ONE_WRITER
    engine, port = desk.make(session, discipline=kind)
    id = give(engine, count=3)
    assert desk.check(port, desk.order(1, quantity=11))[1].flags == 0
    desk.arm(engine, small())
    assert desk.check(port, desk.order(2, quantity=11))[1].limit == 10
    desk.arm(engine, small(hard=5))
    assert desk.check(port, desk.order(3, quantity=6))[1].limit == 5
    assert left(engine, id) == (1, 1, 0)


def test_threads_that_compete_for_one_override_use_it_up_exactly(session: host.Session) -> None:
    """Orders beyond the level race for a count and a quantity while it is removed and set anew."""
    threads, rounds, each = 4, 30, 6
    engine, _ = desk.make(session, orders_max=4096, ports_max=8)
    desk.arm(engine, small())
    ports = [session.port(engine, 2 + index) for index in range(threads)]
    for number in range(rounds):
        count, quantity = (threads * each // 2, 0) if number % 2 else (0, 11 * 7 + 10)
        id = give(engine, count=count, quantity=quantity)
        gate = threading.Barrier(threads)
        passed = [0] * threads

        def send(
            index: int, number: int = number, gate: threading.Barrier = gate, passed: list[int] = passed
        ) -> None:
            gate.wait()
            for attempt in range(each):
                order = desk.order(1 + (number * threads + index) * each + attempt, quantity=11)
                passed[index] += desk.check(ports[index], order)[0] == "RCK_OK"

        crowd = [threading.Thread(target=send, args=(index,)) for index in range(threads)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        assert sum(passed) == (count or 7)
        assert left(engine, id)[1:] == (0, 10 if quantity else 0)
        remove(engine, id)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [({"control": control}, "RCK_E_RANGE", "control") for control in (0, 1, 5, 11, 26, 2**32 - 1)]
    + [({"scope_kind": scope}, "RCK_E_RANGE", "scope_kind") for scope in (0, 8, 10, 2**32 - 1)]
    + [({"id": id}, "RCK_E_UNKNOWN", "id") for id in (0, 4, 2**32 - 1)]
    + [({"scope_kind": GLOBAL}, "RCK_E_RANGE", "id"), ({"scope_kind": GROUP, "id": 2}, "RCK_E_UNKNOWN", "id")]
    + [({"instrument": 1}, "RCK_E_RANGE", "instrument"), ({"actor": 0}, "RCK_E_RANGE", "actor")]
    + [({"quantity": value}, "RCK_E_RANGE", "quantity") for value in (-1, 2**53 + 1, -(2**63))]
    + [({"count": 0}, "RCK_E_RANGE", "count"), ({"reason": b""}, "RCK_E_RANGE", "reason")]
    + [({"reason": reason}, "RCK_E_NAME", "reason") for reason in (b"\x7f", b"x" * 32)]
    + [({"expiry_ns": value}, "RCK_E_RANGE", "expiry_ns") for value in (-1, 0, 1000, 2**62)]
    + [({"order_id": 1}, "RCK_E_RANGE", "scope_kind")]
    + [({"struct_size": 8}, "RCK_E_STRUCT_SIZE", "struct_size")],
)
def test_an_override_is_judged(
    session: host.Session, engine: rck.EngineHandle, changes: dict[str, Any], status: str, field: str
) -> None:
    limits.define_desk(engine)
    rck.check(lib.rck_beat(session.port(engine), 1000))
    given, fault = override(**{"count": 1, **changes, "order_id": 0}), rck.Fault()
    given.order_id = changes.get("order_id", 0)
    if "control" not in changes:
        given.control = QUANTITY
    for name, value in {"scope_kind": ACCOUNT, "id": 1}.items():
        setattr(given, name, changes.get(name, value))
    assert put(engine, given, fault) == (status, 77)
    assert (fault.record, fault.field.decode()) == (b"rck_override", field)
    assert give(engine) == 1, "nothing was taken"


def test_pointers_handles_and_removals_are_judged(made: Made) -> None:
    engine, _ = made
    given, id = override(), ctypes.c_uint32()
    assert name_of(lib.rck_override_set(engine, None, byref(id), None)) == "RCK_E_NULL"
    assert name_of(lib.rck_override_set(engine, byref(given), None, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_override_get(engine, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_override_remove(engine, None, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_override_get(engine, byref(override(struct_size=8)))) == "RCK_E_STRUCT_SIZE"
    assert put(rck.EngineHandle(), given)[0] == "RCK_E_HANDLE"
    first = give(engine)
    assert first == 1
    for fields, status in (
        ({"actor": 0}, "RCK_E_RANGE"),
        ({"reason": b""}, "RCK_E_RANGE"),
        ({"reason": b"\x01"}, "RCK_E_NAME"),
        ({"struct_size": 8}, "RCK_E_STRUCT_SIZE"),
        ({"override_id": 2}, "RCK_E_UNKNOWN"),
    ):
        assert remove(engine, first, **fields) == status
    assert left(engine, first) == (1, 1, 0)
    assert [remove(engine, first) for _ in range(2)] == ["RCK_OK", "RCK_REPEAT"]


def test_an_attached_engine_looks_and_does_not_touch(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config(flags=rck.RCK_SHARED))
    desk.define(owner)
    id = give(owner)
    reader = session.attach(path)
    assert left(reader, id) == (1, 1, 0)
    assert put(reader, override())[0] == "RCK_E_READ_ONLY"
    assert remove(reader, id) == "RCK_E_READ_ONLY"
    assert left(owner, id) == (1, 1, 0)


def test_overrides_survive_their_owner(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config(money_decimals=2))
    desk.define(owner)
    desk.arm(owner, small())
    port = session.port(owner)
    ids = [give(owner, count=2, quantity=100), give(owner, order_id=9), give(owner, expiry_ns=300)]
    desk.enter(port, 1, quantity=11)
    remove(owner, ids[1])
    rck.check(lib.rck_beat(port, 400))
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    again = session.open(copy)
    for id in ids:
        one, other = get(owner, id), get(again, id)
        assert one is not None and other is not None
        assert host.as_dict(one) == host.as_dict(other)
    assert left(again, ids[0]) == (1, 1, 89)
    assert desk.check(session.port(again), desk.order(2, quantity=12, time_ns=400))[0] == "RCK_OK"
    assert left(again, ids[0]) == (0, 0, 77)
    assert give(again) == 4


def test_a_file_with_an_override_that_could_not_be_set_is_corrupt(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config())
    desk.define(owner)
    give(owner, actor=0x5EED1234, count=3, quantity=500)
    whole = path.read_bytes()
    # Behind id and orders left, the rest of the tally, expiry, order, scope kind, control, ids, quantity, count.
    at = whole.rindex((0x5EED1234).to_bytes(4, "little")) - 60
    assert whole[at : at + 8] == b"\1\0\0\0\3\0\0\0"
    broken = [
        (0, b"\2"), (4, b"\4"), (8, b"\xff\xff"), (16, bytes(8)), (23, b"\x80"), (24, b"\1"), (32, b"\x08"),
        (36, b"\x0b"), (40, b"\x63"), (44, b"\1"), (55, b"\x80"), (60, bytes(4)), (64, b"\0"), (64, b"\x7f"),
    ]  # fmt: skip
    for number, (offset, value) in enumerate(broken):
        other = path.with_suffix(f".{number}")
        other.write_bytes(whole[: at + offset] + value + whole[at + offset + len(value) :])
        assert name_of(host.open_status(other)[0]) == "RCK_E_CORRUPT", offset
    shutil.copyfile(path, path.with_suffix(".sound"))
    assert give(session.open(path.with_suffix(".sound"))) == 2
