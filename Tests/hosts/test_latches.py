"""Latches: the state of trading of a scope only rises until it is cleared, its first cause stays, and setting it
needs nobody's turn."""

import ctypes
import shutil
import threading
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

REDUCE, CANCEL, HALTED = rck.RCK_STATE_REDUCE_ONLY, rck.RCK_STATE_CANCEL_ONLY, rck.RCK_STATE_HALTED
SCOPES = {
    rck.RCK_SCOPE_GLOBAL: 0,
    rck.RCK_SCOPE_ACCOUNT: 2,
    rck.RCK_SCOPE_ACCOUNT_GROUP: 1,
    rck.RCK_SCOPE_STRATEGY: 2,
    rck.RCK_SCOPE_STRATEGY_GROUP: 6,
    rck.RCK_SCOPE_INSTRUMENT: 3,
    rck.RCK_SCOPE_INSTRUMENT_GROUP: 4,
}
# Scope kinds without a state of trading, or no kinds at all.
OTHERS = [0, 8, 9, 10, 2**31, 2**32 - 1]


@pytest.fixture
def desk(engine: rck.EngineHandle) -> rck.EngineHandle:
    limits.define_desk(engine)
    return engine


def latch(**fields: Any) -> rck.Latch:
    """Account 2 is halted, unless the fields say otherwise."""
    base = {"scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 2, "state": HALTED, "actor": 7, "reason": b"drill"}
    return sized(rck.Latch, **{**base, "time_ns": 1000, **fields})


def put(engine: rck.EngineHandle, given: rck.Latch, fault: rck.Fault | None = None) -> str:
    return name_of(lib.rck_latch_set(engine, byref(given), byref(fault) if fault else None))


def clear(engine: rck.EngineHandle, given: rck.Latch, fault: rck.Fault | None = None) -> str:
    return name_of(lib.rck_latch_clear(engine, byref(given), byref(fault) if fault else None))


def get(engine: rck.EngineHandle, given: rck.Latch) -> rck.Latch:
    found = sized(rck.Latch, scope_kind=given.scope_kind, id=given.id)
    rck.check(lib.rck_latch_get(engine, byref(found)))
    return found


def told(port: rck.PortHandle) -> list[tuple[int, int, int, list[int]]]:
    """Latch events: kind, scope kind, id, values."""
    kinds = (rck.RCK_EVENT_LATCHED, rck.RCK_EVENT_UNLATCHED)
    return [
        (event.kind, event.subject >> 56, event.subject & 0xFFFFFFFF, list(event.values))
        for event in host.read(port, 0)
        if event.kind in kinds
    ]


@pytest.mark.parametrize("state", [REDUCE, CANCEL, HALTED])
@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_set_comes_back_whole(desk: rck.EngineHandle, scope: int, state: int) -> None:
    given = latch(scope_kind=scope, id=SCOPES[scope], state=state, control=26)
    assert host.as_dict(get(desk, given)) == host.as_dict(
        sized(rck.Latch, scope_kind=scope, id=SCOPES[scope])
    )
    assert put(desk, given) == "RCK_OK"
    assert host.as_dict(get(desk, given)) == host.as_dict(given)
    others = [latch(scope_kind=kind, id=id) for kind, id in SCOPES.items() if kind != scope]
    assert [get(desk, other).state for other in others] == [0] * len(others)
    assert get(desk, latch(id=1)).state == 0
    assert clear(desk, given) == "RCK_OK"
    assert host.as_dict(get(desk, given)) == host.as_dict(
        sized(rck.Latch, scope_kind=scope, id=SCOPES[scope])
    )


def test_a_state_only_rises_and_the_first_cause_stays(session: host.Session, desk: rck.EngineHandle) -> None:
    reader = session.port(desk)
    assert put(desk, latch(state=0)) == "RCK_REPEAT"
    assert put(desk, latch(state=REDUCE, actor=1, reason=b"first", control=4, time_ns=5)) == "RCK_OK"
    assert put(desk, latch(state=REDUCE, actor=2)) == "RCK_REPEAT"
    assert put(desk, latch(state=0, actor=2)) == "RCK_REPEAT"
    assert put(desk, latch(state=HALTED, actor=3, reason=b"worse")) == "RCK_OK"
    assert put(desk, latch(state=CANCEL, actor=4)) == "RCK_REPEAT"
    found = get(desk, latch())
    assert (found.state, found.actor, found.reason) == (HALTED, 1, b"first")
    assert (found.control, found.time_ns) == (4, 5)
    assert told(reader) == [
        (rck.RCK_EVENT_LATCHED, rck.RCK_SCOPE_ACCOUNT, 2, [REDUCE, 1]),
        (rck.RCK_EVENT_LATCHED, rck.RCK_SCOPE_ACCOUNT, 2, [HALTED, 3]),
    ]


def test_clearing_names_who_and_why_and_lets_the_next_cause_in(
    session: host.Session, desk: rck.EngineHandle
) -> None:
    reader = session.port(desk)
    assert clear(desk, latch()) == "RCK_REPEAT"
    put(desk, latch(reason=b"first"))
    for changes, status, field in (
        ({"actor": 0}, "RCK_E_RANGE", "actor"),
        ({"reason": b""}, "RCK_E_RANGE", "reason"),
        ({"reason": b"\n"}, "RCK_E_NAME", "reason"),
    ):
        fault = rck.Fault()
        assert clear(desk, latch(**changes), fault) == status
        assert (name_of(fault.status), fault.record, fault.field.decode()) == (status, b"rck_latch", field)
        assert get(desk, latch()).state == HALTED
    assert clear(desk, latch(actor=9, state=77, control=99, time_ns=-5)) == "RCK_OK", "these do not count"
    assert put(desk, latch(reason=b"second", state=REDUCE)) == "RCK_OK"
    assert get(desk, latch()).reason == b"second"
    kinds = [(event[0], event[3]) for event in told(reader)]
    assert kinds == [
        (rck.RCK_EVENT_LATCHED, [HALTED, 7]),
        (rck.RCK_EVENT_UNLATCHED, [0, 9]),
        (rck.RCK_EVENT_LATCHED, [REDUCE, 7]),
    ]


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [({"scope_kind": kind}, "RCK_E_RANGE", "scope_kind") for kind in OTHERS]
    + [({"scope_kind": rck.RCK_SCOPE_GLOBAL, "id": id}, "RCK_E_RANGE", "id") for id in (1, 2**32 - 1)]
    + [({"id": id}, "RCK_E_UNKNOWN", "id") for id in (0, 4, 5, 6, 2**31, 2**32 - 1)]
    + [
        ({"scope_kind": rck.RCK_SCOPE_ACCOUNT_GROUP, "id": id}, "RCK_E_UNKNOWN", "id")
        for id in (0, 2, 5, 12, 13, 2**32 - 1)
    ]
    + [({"scope_kind": rck.RCK_SCOPE_STRATEGY_GROUP, "id": id}, "RCK_E_UNKNOWN", "id") for id in (0, 1, 5)]
    + [({"scope_kind": rck.RCK_SCOPE_INSTRUMENT_GROUP, "id": id}, "RCK_E_UNKNOWN", "id") for id in (0, 1, 5)]
    + [({"scope_kind": rck.RCK_SCOPE_STRATEGY, "id": 3}, "RCK_E_UNKNOWN", "id")]
    + [({"scope_kind": rck.RCK_SCOPE_INSTRUMENT, "id": 4}, "RCK_E_UNKNOWN", "id")],
)
def test_a_scope_is_one_that_has_a_state_and_is_defined(
    desk: rck.EngineHandle, changes: dict[str, Any], status: str, field: str
) -> None:
    for call in (put, clear):
        fault = rck.Fault()
        assert call(desk, latch(**changes), fault) == status
        assert (name_of(fault.status), fault.field.decode()) == (status, field)
    assert name_of(lib.rck_latch_get(desk, byref(latch(**changes)))) == status


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"state": 4}, "RCK_E_RANGE", "state"),
        ({"state": 2**32 - 1}, "RCK_E_RANGE", "state"),
        ({"actor": 0}, "RCK_E_RANGE", "actor"),
        ({"control": 27}, "RCK_E_RANGE", "control"),
        ({"time_ns": -1}, "RCK_E_RANGE", "time_ns"),
        ({"time_ns": 2**62}, "RCK_E_RANGE", "time_ns"),
        ({"reason": b"\x7f"}, "RCK_E_NAME", "reason"),
        ({"reason": b"x" * 32}, "RCK_E_NAME", "reason"),
    ],
)
def test_the_rest_of_a_latch_is_judged(
    desk: rck.EngineHandle, changes: dict[str, Any], status: str, field: str
) -> None:
    fault = rck.Fault()
    assert put(desk, latch(**changes), fault) == status
    assert (name_of(fault.status), fault.record, fault.field.decode()) == (status, b"rck_latch", field)
    assert get(desk, latch()).state == 0


def test_a_latch_needs_no_reason_and_takes_the_latest_time(
    session: host.Session, desk: rck.EngineHandle
) -> None:
    assert put(desk, latch(time_ns=0, reason=b"")) == "RCK_OK"
    assert get(desk, latch()).time_ns == 0, "no time was seen"
    port = session.port(desk)
    host.write(port, host.event(time_ns=12345))
    assert put(desk, latch(id=1, time_ns=0)) == "RCK_OK"
    assert get(desk, latch(id=1)).time_ns == 12345
    realtime = session.create(host.config(clock_source=rck.RCK_CLOCK_REALTIME))
    limits.define_desk(realtime)
    assert put(realtime, latch(time_ns=0)) == "RCK_OK"
    assert get(realtime, latch()).time_ns > 10**18


def test_an_attached_engine_looks_and_does_not_touch(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config(flags=rck.RCK_SHARED))
    limits.define_desk(owner)
    put(owner, latch())
    reader = session.attach(path)
    assert host.as_dict(get(reader, latch())) == host.as_dict(latch())
    assert put(reader, latch(id=1)) == "RCK_E_READ_ONLY"
    assert clear(reader, latch()) == "RCK_E_READ_ONLY"


def test_latches_survive_their_owner(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config())
    limits.define_desk(owner)
    for scope, id in SCOPES.items():
        put(owner, latch(scope_kind=scope, id=id, state=REDUCE, reason=b"kept"))
    clear(owner, latch())
    put(owner, latch(scope_kind=rck.RCK_SCOPE_STRATEGY, state=CANCEL))
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    again = session.open(copy)
    for scope, id in SCOPES.items():
        given = latch(scope_kind=scope, id=id)
        assert host.as_dict(get(again, given)) == host.as_dict(get(owner, given))
    assert put(again, latch()) == "RCK_OK"
    assert clear(again, latch()) == "RCK_OK"


def latched(session: host.Session, engine: rck.EngineHandle, path: Path) -> int:
    """How many scopes are latched, as the region's hot line counts them."""
    raw = path.read_bytes()
    return int.from_bytes(raw[2944 + 16 : 2944 + 24], "little")


def test_the_count_of_latched_scopes_is_exact_whatever_threads_do(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config())
    limits.define_desk(engine)
    rounds = 400

    def work(seed: int) -> None:
        state = seed
        for _ in range(rounds):
            state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
            given = latch(id=state >> 33 & 1 | 2 * (state >> 34 & 1), state=1 + (state >> 40) % 3)
            given.id = 1 + (state >> 33) % 3
            (put if state >> 60 & 1 else clear)(engine, given)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [get(engine, latch(id=id)).state for id in (1, 2, 3)]
    assert latched(session, engine, path) == sum(state != 0 for state in states)
    for id in (1, 2, 3):
        clear(engine, latch(id=id))
    assert latched(session, engine, path) == 0


def test_a_reader_sees_a_whole_cause(desk: rck.EngineHandle) -> None:
    done, faults, seen = threading.Event(), list[str](), set[int]()

    def look() -> None:
        while not done.is_set():
            found = get(desk, latch())
            agree = found.actor == found.time_ns and found.reason == (
                b"%d" % found.actor if found.actor else b""
            )
            if not agree or (found.state == 0) != (found.actor == 0):
                faults.append(str(host.as_dict(found)))
            seen.add(found.actor)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    turn = 0
    while turn < 3000 or len(seen) < 3:
        turn += 1
        assert put(desk, latch(actor=turn, time_ns=turn, reason=b"%d" % turn)) == "RCK_OK"
        assert clear(desk, latch()) == "RCK_OK"
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []


def test_a_wrong_size_and_a_null_are_refused(desk: rck.EngineHandle) -> None:
    assert put(desk, latch(struct_size=8)) == "RCK_E_STRUCT_SIZE"
    assert name_of(lib.rck_latch_set(desk, None, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_latch_clear(desk, None, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_latch_get(desk, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_latch_set(rck.EngineHandle(), byref(latch()), None)) == "RCK_E_HANDLE"
    storage = ctypes.create_string_buffer(256)
    odd = ctypes.cast(ctypes.addressof(storage) | 1, ctypes.POINTER(rck.Latch))
    assert name_of(lib.rck_latch_set(desk, odd, None)) == "RCK_E_ALIGNMENT"
