"""Cancel on disconnect: a watched port that is silent for too long latches its scope and is listed."""

import ctypes
import os
import shutil
import threading
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

REDUCE, CANCEL, HALTED = rck.RCK_STATE_REDUCE_ONLY, rck.RCK_STATE_CANCEL_ONLY, rck.RCK_STATE_HALTED
ACCOUNT = rck.RCK_SCOPE_ACCOUNT
SILENCE = 100
LOST = rck.RCK_REJECT_DISCONNECTED


def watched(**fields: Any) -> rck.PortWatch:
    """Port 1 latches account 1 once it is silent for more than 100 ns, unless the fields say otherwise."""
    base = {"port": 1, "silence_ns": SILENCE, "scope_kind": ACCOUNT, "id": 1, "state": CANCEL, "actor": 7}
    return sized(rck.PortWatch, **{**base, "reason": b"gateway 1", **fields})


def put(engine: rck.EngineHandle, given: rck.PortWatch, fault: rck.Fault | None = None) -> str:
    return name_of(lib.rck_port_watch_set(engine, byref(given), byref(fault) if fault else None))


def get(engine: rck.EngineHandle, port: int = 1) -> dict[str, Any]:
    found = sized(rck.PortWatch, port=port)
    rck.check(lib.rck_port_watch_get(engine, byref(found)))
    return host.as_dict(found)


def look(engine: rck.EngineHandle, time_ns: int, capacity: int = 8) -> tuple[str, int, list[int]]:
    """Status, how many ports are silent, and those that are listed; what is behind them is untouched."""
    ports, count = (ctypes.c_uint32 * 9)(*[77] * 9), ctypes.c_uint32(77)
    status = name_of(lib.rck_watch(engine, time_ns, ports, capacity, byref(count)))
    listed = min(count.value, capacity) if status in ("RCK_OK", "RCK_REPEAT") else 0
    assert set(ports[listed:]) == {77}
    return status, count.value, ports[:listed]


def beat(port: rck.PortHandle, time_ns: int) -> str:
    return name_of(lib.rck_beat(port, time_ns))


def latch_of(engine: rck.EngineHandle, id: int = 1, scope: int = ACCOUNT) -> rck.Latch:
    found = sized(rck.Latch, scope_kind=scope, id=id)
    rck.check(lib.rck_latch_get(engine, byref(found)))
    return found


def set_latch(engine: rck.EngineHandle, **fields: Any) -> str:
    base = {"scope_kind": ACCOUNT, "id": 1, "state": HALTED, "actor": 3, "reason": b"drill", "time_ns": 1}
    return name_of(lib.rck_latch_set(engine, byref(sized(rck.Latch, **{**base, **fields})), None))


def clear(engine: rck.EngineHandle, id: int = 1) -> str:
    given = sized(rck.Latch, scope_kind=ACCOUNT, id=id, actor=9, reason=b"back again")
    return name_of(lib.rck_latch_clear(engine, byref(given), None))


def told(port: rck.PortHandle, *kinds: int) -> list[tuple[int, int, list[int]]]:
    """Events of the engine's own ring: control, subject, values."""
    return [
        (event.control, event.subject, list(event.values))
        for event in host.read(port, 0)
        if event.kind in kinds
    ]


@pytest.fixture
def made(session: host.Session) -> tuple[rck.EngineHandle, rck.PortHandle]:
    return desk.make(session)


Made = tuple[rck.EngineHandle, rck.PortHandle]


def test_a_port_is_silent_one_nanosecond_after_its_time(made: Made) -> None:
    engine, port = made
    assert put(engine, watched()) == "RCK_OK"
    assert beat(port, 1000) == "RCK_OK"
    assert look(engine, 1000 + SILENCE) == ("RCK_OK", 0, [])
    assert latch_of(engine).state == 0
    assert look(engine, 1000 + SILENCE + 1) == ("RCK_OK", 1, [1])
    found = latch_of(engine)
    assert (found.state, found.actor, found.control) == (CANCEL, 7, LOST)
    assert (found.reason, found.time_ns) == (b"gateway 1", 1101)
    status, verdict = desk.check(port, desk.order(time_ns=1101))
    assert (status, verdict.control) == ("RCK_REJECT_DISCONNECTED", rck.RCK_CONTROL_STATE)
    assert (verdict.scope_kind, verdict.scope_id, verdict.observed) == (ACCOUNT, 1, CANCEL)
    assert desk.check(port, desk.order(account=2, time_ns=1101))[0] == "RCK_OK"


def test_any_call_that_moves_the_time_is_a_beat_and_one_that_looks_is_none(made: Made) -> None:
    engine, port = made
    put(engine, watched())
    token = desk.enter(port, time_ns=1000)
    moves: list[Callable[[int], str]] = [
        lambda t: desk.check(port, desk.order(2, time_ns=t))[0],
        lambda t: desk.cancel(port, token, time_ns=t)[0],
        lambda t: desk.fill(port, desk.report(1, token=token, time_ns=t))[0],
        lambda t: desk.mark(port, 1000, time_ns=t),
        lambda t: desk.trade(port, 1000, time_ns=t),
        lambda t: desk.quote(port, 999, 1001, time_ns=t),
        lambda t: name_of(host.write(port, host.event(time_ns=t))),
        lambda t: desk.release(port, token, time_ns=t)[0],
        lambda t: beat(port, t),
    ]
    now = 1000
    for move in moves:
        now += SILENCE
        assert move(now) == "RCK_OK"
        assert look(engine, now + SILENCE) == ("RCK_OK", 0, [])
    assert desk.dry(port, desk.order(3, time_ns=now + 50))[0] == "RCK_OK"
    assert desk.headroom(port, desk.order(3, time_ns=now + 50))[1] > 0
    assert look(engine, now + SILENCE + 1) == ("RCK_OK", 1, [1])


def test_a_beat_is_judged_as_any_time_and_tells_nothing(session: host.Session) -> None:
    engine = session.create(host.config(clock_back_ns_max=10))
    port = session.port(engine)
    assert beat(port, 1000) == "RCK_OK"
    assert beat(port, 990) == "RCK_OK"
    for time_ns, status in (
        (989, "RCK_REJECT_TIME_BACK"),
        (0, "RCK_REJECT_TIME_MISSING"),
        (-1, "RCK_REJECT_TIME_RANGE"),
        (2**62, "RCK_REJECT_TIME_RANGE"),
    ):
        assert beat(port, time_ns) == status
    found = host.stats(engine)
    assert (found.time_ns, found.clock_clamps, found.clock_refusals) == (1000, 1, 4)
    assert (found.events_written, found.ring_lines_used) == (0, 0)
    assert beat(session.port(engine, 0), 1000) == "RCK_E_READ_ONLY"
    assert beat(rck.PortHandle(), 1000) == "RCK_E_HANDLE"


def test_a_latch_by_silence_is_told_once(session: host.Session, made: Made) -> None:
    engine, port = made
    reader = session.port(engine, 0)
    put(engine, watched(silence_ns=55))
    put(engine, watched())
    beat(port, 1000)
    for _ in range(3):
        look(engine, 5000)
    assert told(reader, rck.RCK_EVENT_LATCHED, rck.RCK_EVENT_WATCH) == [
        (0, 1, [55, 7]),
        (0, 1, [SILENCE, 7]),
        (rck.RCK_CONTROL_STATE, ACCOUNT << 56 | 1, [CANCEL, 7]),
    ]


def test_a_scope_that_is_latched_is_a_repeat_and_the_port_stays_listed(made: Made) -> None:
    engine, port = made
    put(engine, watched())
    beat(port, 1000)
    assert look(engine, 2000) == ("RCK_OK", 1, [1])
    assert look(engine, 3000) == ("RCK_REPEAT", 1, [1])
    assert latch_of(engine).time_ns == 2000
    assert beat(port, 3000) == "RCK_OK"
    assert look(engine, 3000) == ("RCK_OK", 0, [])
    assert latch_of(engine).state == CANCEL, "a beat clears nothing"
    assert clear(engine) == "RCK_OK"
    assert desk.check(port, desk.order(time_ns=3000))[0] == "RCK_OK"


def test_a_latch_that_is_cleared_while_the_port_is_silent_is_set_again(made: Made) -> None:
    engine, port = made
    put(engine, watched())
    beat(port, 1000)
    assert look(engine, 2000) == ("RCK_OK", 1, [1])
    assert clear(engine) == "RCK_OK"
    assert look(engine, 3000) == ("RCK_OK", 1, [1])
    assert latch_of(engine).time_ns == 3000


@pytest.mark.parametrize(
    ("held", "status"), [(REDUCE, "RCK_OK"), (CANCEL, "RCK_REPEAT"), (HALTED, "RCK_REPEAT")]
)
def test_the_first_cause_decides_what_a_refusal_says(made: Made, held: int, status: str) -> None:
    engine, port = made
    put(engine, watched())
    beat(port, 1000)
    assert set_latch(engine, state=held) == "RCK_OK"
    assert look(engine, 2000) == (status, 1, [1])
    found = latch_of(engine)
    assert (found.state, found.actor, found.control) == (max(held, CANCEL), 3, 0)
    name = "RCK_REJECT_HALTED" if held == HALTED else "RCK_REJECT_CANCEL_ONLY"
    assert desk.check(port, desk.order(time_ns=2000))[0] == name


def test_a_disconnect_stays_the_cause_when_the_state_is_raised(made: Made) -> None:
    engine, port = made
    put(engine, watched(state=REDUCE))
    beat(port, 1000)
    look(engine, 2000)
    status, verdict = desk.check(port, desk.order(time_ns=2000))
    assert (status, verdict.observed) == ("RCK_REJECT_DISCONNECTED", REDUCE)
    assert set_latch(engine) == "RCK_OK"
    status, verdict = desk.check(port, desk.order(time_ns=2000))
    assert (status, verdict.observed) == ("RCK_REJECT_DISCONNECTED", HALTED)
    clear(engine)
    set_latch(engine)
    assert desk.check(port, desk.order(time_ns=2000))[0] == "RCK_REJECT_HALTED"


def test_an_order_that_reduces_passes_a_port_that_left_in_reduce_only(made: Made) -> None:
    engine, port = made
    desk.position(port, 20)
    put(engine, watched(state=REDUCE))
    beat(port, 1000)
    look(engine, 2000)
    sell = desk.order(2, quantity=20, side=rck.RCK_SIDE_SELL, time_ns=2000)
    assert desk.check(port, sell)[0] == "RCK_OK"


def test_a_host_may_say_itself_that_something_is_disconnected(made: Made) -> None:
    engine, port = made
    assert set_latch(engine, control=LOST) == "RCK_OK"
    assert latch_of(engine).control == LOST
    assert desk.check(port, desk.order())[0] == "RCK_REJECT_DISCONNECTED"
    for control in (27, LOST - 1, LOST + 1, 2**32 - 1):
        assert set_latch(engine, id=2, control=control) == "RCK_E_RANGE"


def test_only_open_ports_are_looked_at_and_count_from_their_opening(session: host.Session) -> None:
    engine, port = desk.make(session)
    other = session.port(engine, 2)
    put(engine, watched())
    beat(port, 1000)
    beat(other, 1000)
    rck.check(lib.rck_port_close(port))
    assert look(engine, 9000) == ("RCK_OK", 0, []), "closed in good order"
    beat(other, 9000)
    session.port(engine)
    assert host.stats(engine).time_ns == 1000
    assert look(engine, 9000 + SILENCE) == ("RCK_OK", 0, []), "its latest time is old, its opening is not"
    assert look(engine, 9000 + SILENCE + 1) == ("RCK_OK", 1, [1])


def test_a_port_that_was_opened_before_any_time_counts_from_zero(session: host.Session) -> None:
    engine, port = desk.make(session)
    put(engine, watched())
    assert look(engine, 0) == ("RCK_REJECT_TIME_MISSING", 77, [])
    assert look(engine, SILENCE) == ("RCK_OK", 0, [])
    assert look(engine, SILENCE + 1) == ("RCK_OK", 1, [1])
    assert beat(port, 500) == "RCK_OK"
    assert look(engine, 0) == ("RCK_OK", 0, []), "0 is the latest time of any port"


def test_the_clock_of_the_library_is_asked_for_a_time_of_zero(session: host.Session) -> None:
    engine, port = desk.make(session, clock_source=rck.RCK_CLOCK_REALTIME)
    assert put(engine, watched(silence_ns=10**15)) == "RCK_OK"
    assert look(engine, 0) == ("RCK_OK", 0, []), "counted from its opening"
    assert beat(port, 0) == "RCK_OK"
    assert put(engine, watched(silence_ns=1)) == "RCK_OK"
    assert look(engine, host.stats(engine).time_ns + 2) == ("RCK_OK", 1, [1])


def test_ports_are_listed_in_order_and_all_are_latched_whatever_the_capacity(session: host.Session) -> None:
    engine, _ = desk.make(session)
    for index in (5, 3, 2, 6):
        session.port(engine, index)
        put(engine, watched(port=index, id=1 + index % 2, state=1 + index % 3))
    put(engine, watched(port=6, silence_ns=0))
    put(engine, watched(port=4))
    for capacity in (8, 3, 2, 0):
        status, count, listed = look(engine, 5000, capacity)
        assert (count, listed) == (3, [2, 3, 5][:capacity])
        assert [latch_of(engine, id).state for id in (1, 2)] == [HALTED, HALTED]
        assert status == "RCK_OK"
        assert [clear(engine, id) for id in (1, 2)] == ["RCK_OK", "RCK_OK"]
    silent = ctypes.c_uint32(77)
    assert name_of(lib.rck_watch(engine, 5000, None, 0, byref(silent))) == "RCK_OK"
    assert silent.value == 3


@pytest.mark.parametrize("scope", [
    (rck.RCK_SCOPE_GLOBAL, 0), (ACCOUNT, 3), (rck.RCK_SCOPE_ACCOUNT_GROUP, 1), (rck.RCK_SCOPE_STRATEGY, 2),
    (rck.RCK_SCOPE_INSTRUMENT, 3),
])  # fmt: skip
def test_what_is_set_comes_back_whole(engine: rck.EngineHandle, scope: tuple[int, int]) -> None:
    limits.define_desk(engine)
    assert get(engine, 2) == host.as_dict(sized(rck.PortWatch, port=2))
    given = watched(port=2, scope_kind=scope[0], id=scope[1], silence_ns=2**62 - 1, actor=2**32 - 1)
    assert put(engine, given) == "RCK_OK"
    assert get(engine, 2) == host.as_dict(given)
    other = watched(port=2, silence_ns=0, reason=b"", state=REDUCE)
    assert put(engine, other) == "RCK_OK"
    assert get(engine, 2) == host.as_dict(other)
    assert get(engine, 1) == host.as_dict(sized(rck.PortWatch, port=1))


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [({"port": port}, "RCK_E_RANGE", "port") for port in (0, 7, 2**31, 2**32 - 1)]
    + [({"silence_ns": value}, "RCK_E_RANGE", "silence_ns") for value in (-1, -(2**63), 2**62, 2**63 - 1)]
    + [({"state": value}, "RCK_E_RANGE", "state") for value in (0, 4, 2**32 - 1)]
    + [({"scope_kind": value}, "RCK_E_RANGE", "scope_kind") for value in (0, 8, 9, 10, 2**32 - 1)]
    + [({"id": value}, "RCK_E_UNKNOWN", "id") for value in (0, 4, 6, 2**32 - 1)]
    + [({"scope_kind": rck.RCK_SCOPE_GLOBAL, "id": 1}, "RCK_E_RANGE", "id")]
    + [({"scope_kind": rck.RCK_SCOPE_ACCOUNT_GROUP, "id": 2}, "RCK_E_UNKNOWN", "id")]
    + [({"scope_kind": rck.RCK_SCOPE_STRATEGY_GROUP, "id": 1}, "RCK_E_UNKNOWN", "id")]
    + [({"actor": 0}, "RCK_E_RANGE", "actor")]
    + [({"reason": reason}, "RCK_E_NAME", "reason") for reason in (b"\x7f", b"x" * 32)]
    + [({"struct_size": 8}, "RCK_E_STRUCT_SIZE", "struct_size")],
)
def test_a_watch_is_judged(
    engine: rck.EngineHandle, changes: dict[str, Any], status: str, field: str
) -> None:
    limits.define_desk(engine)
    put(engine, watched())
    for silence_ns in (SILENCE, 0):
        fault = rck.Fault()
        given = watched(**{"silence_ns": silence_ns, **changes})
        assert put(engine, given, fault) == status
        assert (fault.record, fault.field.decode()) == (b"rck_port_watch", field)
        assert name_of(fault.status) == status
    assert get(engine) == host.as_dict(watched())


def test_pointers_handles_and_times_are_judged(session: host.Session, made: Made) -> None:
    engine, _ = made
    put(engine, watched())
    assert name_of(lib.rck_port_watch_set(engine, None, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_port_watch_get(engine, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_port_watch_get(engine, byref(watched(struct_size=8)))) == "RCK_E_STRUCT_SIZE"
    for port in (0, 7, 2**32 - 1):
        assert name_of(lib.rck_port_watch_get(engine, byref(watched(port=port)))) == "RCK_E_RANGE"
    assert put(rck.EngineHandle(), watched()) == "RCK_E_HANDLE"
    ports, count = (ctypes.c_uint32 * 2)(77, 77), ctypes.c_uint32(77)
    assert name_of(lib.rck_watch(rck.EngineHandle(), 1, ports, 2, byref(count))) == "RCK_E_HANDLE"
    assert name_of(lib.rck_watch(engine, 5000, None, 2, byref(count))) == "RCK_E_NULL"
    assert name_of(lib.rck_watch(engine, 5000, ports, 2, None)) == "RCK_E_NULL"
    odd = ctypes.cast(ctypes.addressof(ports) | 1, ctypes.POINTER(ctypes.c_uint32))
    assert name_of(lib.rck_watch(engine, 5000, odd, 1, byref(count))) == "RCK_E_ALIGNMENT"
    assert name_of(lib.rck_watch(engine, 5000, ports, 1, odd)) == "RCK_E_ALIGNMENT"
    for time_ns in (-1, 2**62):
        assert look(engine, time_ns) == ("RCK_REJECT_TIME_RANGE", 77, [])
    assert (count.value, list(ports), latch_of(engine).state) == (77, [77, 77], 0)


def test_an_attached_engine_looks_and_does_not_touch(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config(flags=rck.RCK_SHARED))
    desk.define(owner)
    put(owner, watched())
    session.port(owner)
    reader = session.attach(path)
    assert get(reader) == host.as_dict(watched())
    assert put(reader, watched()) == "RCK_E_READ_ONLY"
    assert look(reader, 5000) == ("RCK_E_READ_ONLY", 77, [])
    assert latch_of(owner).state == 0


def test_a_watch_survives_its_owner_and_ports_come_back_closed(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config())
    desk.define(owner)
    for silence_ns in (SILENCE, 300, SILENCE):
        put(owner, watched(silence_ns=silence_ns))
    put(owner, watched(port=2, id=2))
    port = session.port(owner)
    beat(port, 1000)
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    again = session.open(copy)
    assert [get(again, 1), get(again, 2)] == [get(owner, 1), get(owner, 2)]
    assert look(again, 9000) == ("RCK_OK", 0, [])
    session.port(again)
    assert look(again, 1000 + SILENCE) == ("RCK_OK", 0, [])
    assert look(again, 1000 + SILENCE + 1) == ("RCK_OK", 1, [1])
    assert desk.check(session.port(again, 3), desk.order())[0] == "RCK_REJECT_DISCONNECTED"
    shutil.copyfile(copy, path.with_suffix(".third"))
    third = session.open(path.with_suffix(".third"))
    assert (latch_of(third).control, latch_of(third).state) == (LOST, CANCEL)
    assert desk.check(session.port(third), desk.order())[0] == "RCK_REJECT_DISCONNECTED"


def test_a_file_with_a_watch_that_could_not_be_set_is_corrupt(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config())
    desk.define(owner)
    put(owner, watched(actor=0x5EED1234))
    whole = path.read_bytes()
    at = whole.index((0x5EED1234).to_bytes(4, "little"))  # behind state, id and scope kind, before the reason
    cases = [
        (-4, b"\x09"),
        (-4, b"\x00"),
        (-8, b"\x63"),
        (-12, b"\x05"),
        (-13, b"\x80"),
        (4, b"\x07"),
        (0, bytes(4)),
    ]
    for number, (offset, value) in enumerate(cases):
        broken = bytearray(whole)
        broken[at + offset : at + offset + len(value)] = value
        copy = path.with_suffix(f".{number}")
        copy.write_bytes(broken)
        status, _ = host.open_status(os.fsencode(copy))
        assert name_of(status) == "RCK_E_CORRUPT", (offset, value)


def test_a_look_sees_one_watch_or_the_other_and_never_a_mixture(session: host.Session) -> None:
    engine, port = desk.make(session)
    assert beat(port, 1000) == "RCK_OK"
    done, faults, seen = threading.Event(), list[str](), set[int]()

    def watch_it() -> None:
        while not done.is_set():
            found = get(engine)
            agree = found["silence_ns"] == found["actor"] and found["id"] == 1 + found["actor"] % 2
            if found["actor"] and not (agree and found["reason"] == b"%d" % found["actor"]):
                faults.append(str(found))
            seen.add(found["actor"])

    readers = [threading.Thread(target=watch_it) for _ in range(2)]
    for reader in readers:
        reader.start()
    turn = 0
    while turn < 3000 or len(seen) < 3:
        turn += 1
        given = watched(actor=turn, silence_ns=turn, id=1 + turn % 2, reason=b"%d" % turn)
        assert put(engine, given) == "RCK_OK"
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
