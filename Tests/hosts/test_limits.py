"""Limits are staged one by one and put in force all at once; they survive, and readers see them whole."""

import ctypes
import shutil
import threading
from ctypes import byref
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import host
import limits
import riskcheck.abi as rck
from host import name_of
from limits import collar, limit, pair, rate, refuse
from riskcheck.abi import lib


@pytest.fixture
def desk(engine: rck.EngineHandle) -> rck.EngineHandle:
    limits.define_desk(engine)
    return engine


# ---- Setting, reading, publishing ----


@pytest.mark.parametrize(("control", "measure", "scope"), limits.PLACES)
def test_what_is_set_comes_back_whole_and_counts_from_its_publication(
    desk: rck.EngineHandle, control: int, measure: int, scope: int
) -> None:
    few = control in (rck.RCK_CONTROL_RATE, rck.RCK_CONTROL_REPEATED_EXECUTION)
    level = 3 if few else 999_999
    warn, soft = (0, 0) if control == rck.RCK_CONTROL_DUPLICATE else (1, 2)
    staged = limits.of(
        control, measure, scope, levels=7, warn=warn, soft=soft, hard=level * warn, actions=[2, 3, 8, 0]
    )
    staged.id = limits.ids(scope)[1]
    assert limits.get(desk, staged)[0] == "RCK_E_UNKNOWN"
    limits.set_limit(desk, staged)
    status, found = limits.get(desk, staged)
    assert status == "RCK_OK"
    assert limits.plain(found) == limits.plain(staged)
    assert found.generation == 1 and 1 <= found.limit_id <= host.SMALL["limits_max"]
    assert limits.armed(desk) == []
    assert limits.publish(desk) == 1
    assert [host.as_dict(each) for each in limits.armed(desk)] == [host.as_dict(found)]
    assert host.as_dict(limits.get(desk, staged)[1]) == host.as_dict(found)


def test_a_publication_of_nothing_changes_nothing(session: host.Session, desk: rck.EngineHandle) -> None:
    reader = session.port(desk)
    assert limits.publish(desk) == 0
    limits.set_limit(desk, limit())
    assert (limits.publish(desk), limits.publish(desk)) == (1, 1)
    events = [event for event in host.read(reader, 0) if event.kind == rck.RCK_EVENT_LIMITS]
    assert [(event.subject, list(event.values)) for event in events] == [(1, [1, 7])]
    assert lib.rck_limits_publish(desk, None, None) == rck.RCK_OK


def test_the_event_counts_what_is_in_force_and_names_who_set_last(
    session: host.Session, desk: rck.EngineHandle
) -> None:
    reader = session.port(desk)
    limits.set_limit(desk, limit(actor=1), limit(id=2, actor=2), rate(actor=3))
    limits.publish(desk)
    assert limits.take(desk, limit(actor=9)) == "RCK_OK"
    limits.publish(desk)
    events = [event for event in host.read(reader, 0) if event.kind == rck.RCK_EVENT_LIMITS]
    assert [(event.subject, list(event.values)) for event in events] == [(1, [3, 3]), (2, [2, 9])]


def test_setting_again_replaces_at_the_next_publication_and_keeps_the_id(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit(hard=100))
    limits.publish(desk)
    first = limits.get(desk, limit())[1]
    for hard in (90, 80):
        limits.set_limit(desk, limit(hard=hard, reason=b"tighter"))
        staged = limits.get(desk, limit())[1]
        assert (staged.hard, staged.generation, staged.limit_id) == (hard, 2, first.limit_id)
        assert [each.hard for each in limits.armed(desk)] == [100]
    assert limits.publish(desk) == 2
    assert [(each.hard, each.reason) for each in limits.armed(desk)] == [(80, b"tighter")]
    for hard in range(79, 70, -1):
        limits.set_limit(desk, limit(hard=hard))
        generation = limits.publish(desk)
        assert [(each.hard, each.generation) for each in limits.armed(desk)] == [(hard, generation)]


def test_every_part_of_the_key_makes_another_limit(desk: rck.EngineHandle) -> None:
    different = [
        limit(),
        limit(id=2),
        limit(scope_kind=rck.RCK_SCOPE_STRATEGY),
        limit(control=rck.RCK_CONTROL_ORDER_NOTIONAL),
        limit(side=1),
        limit(side=2),
        limit(order_type=1),
        limit(order_type=4),
        collar(),
        collar(measure=rck.RCK_MEASURE_TICKS),
        pair(id=1, instrument=2),
        pair(id=2, instrument=1),
        pair(id=2, instrument=1, scope_kind=rck.RCK_SCOPE_STRATEGY_INSTRUMENT),
    ]
    for hard, each in enumerate(different):
        each.hard = hard
        limits.set_limit(desk, each)
    assert [limits.get(desk, each)[1].hard for each in different] == list(range(len(different)))
    limits.publish(desk)
    assert sorted(each.hard for each in limits.armed(desk)) == list(range(len(different)))
    ids = [each.limit_id for each in limits.armed(desk)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("field", limits.KEY)
def test_a_key_that_no_limit_can_have_is_unknown(desk: rck.EngineHandle, field: str) -> None:
    """Also where it would be another's if its fields were cut to the bits of the packed key."""
    limits.set_limit(desk, limit())
    for bit in range(32):
        if getattr(limit(), field) ^ 1 << bit:
            strange = limit(**{field: getattr(limit(), field) ^ 1 << bit})
            assert limits.get(desk, strange)[0] == "RCK_E_UNKNOWN", bit
            assert limits.take(desk, strange) == "RCK_E_UNKNOWN", bit


def test_reasons_and_calls_without_a_turn_leave_no_bytes_behind(desk: rck.EngineHandle) -> None:
    staged = limit()
    ctypes.memmove(ctypes.addressof(staged) + rck.Limit.reason.offset, b"short\0" + b"\xff" * 26, 32)
    limits.set_limit(desk, staged)
    found = limits.get(desk, staged)[1]
    start = rck.Limit.reason.offset
    assert bytes(found)[start : start + 32] == b"short".ljust(32, b"\0")


@pytest.mark.parametrize("capacity", [1, 2, 3, 64])
def test_armed_goes_on_where_it_stopped(desk: rck.EngineHandle, capacity: int) -> None:
    for hard in range(1, 8):
        limits.set_limit(desk, limit(id=hard % 3 + 1, side=hard % 2, order_type=hard % 4, hard=hard))
    limits.publish(desk)
    assert limits.take(desk, limit(id=2, side=1, order_type=1)) == "RCK_OK"
    limits.publish(desk)
    limits.set_limit(desk, rate())  # staged: not in force
    assert sorted(each.hard for each in limits.armed(desk, capacity)) == [2, 3, 4, 5, 6, 7]


def test_armed_refuses_no_room_and_ends_behind_the_last(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit())
    limits.publish(desk)
    found, cursor, count = (rck.Limit * 2)(), ctypes.c_uint32(), ctypes.c_uint32(77)
    status = lib.rck_limits_armed(desk, found, 0, byref(cursor), byref(count))
    assert (name_of(status), cursor.value, count.value) == ("RCK_E_BUFFER", 0, 77)
    for start in (host.SMALL["limits_max"], 2**31, 2**32 - 1):
        cursor.value = start
        assert lib.rck_limits_armed(desk, found, 2, byref(cursor), byref(count)) == rck.RCK_OK
        assert (cursor.value, count.value) == (start, 0)


# ---- Removing ----


def test_a_removal_counts_from_its_publication(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit(), rate())
    limits.publish(desk)
    assert limits.take(desk, limit(), 0) == "RCK_E_LOOSEN"
    assert limits.take(desk, limit(actor=0)) == "RCK_E_RANGE"
    assert limits.take(desk, limit(reason=b"")) == "RCK_E_RANGE"
    assert limits.take(desk, limit(reason=b"\xff")) == "RCK_E_NAME"
    assert limits.get(desk, limit())[0] == "RCK_OK"
    assert limits.take(desk, limit(hard=-1, levels=77)) == "RCK_OK", "only key, actor and reason count"
    assert limits.get(desk, limit())[0] == "RCK_E_UNKNOWN"
    assert limits.take(desk, limit()) == "RCK_E_UNKNOWN"
    assert len(limits.armed(desk)) == 2
    assert limits.publish(desk) == 2
    assert [each.control for each in limits.armed(desk)] == [rck.RCK_CONTROL_RATE]


def test_what_is_removed_can_be_set_anew(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit(hard=10))
    limits.publish(desk)
    assert limits.take(desk, limit()) == "RCK_OK"
    limits.set_limit(desk, limit(hard=1000))  # a new limit loosens nothing: the removal had the right to
    assert [each.hard for each in limits.armed(desk)] == [10]
    limits.publish(desk)
    assert [each.hard for each in limits.armed(desk)] == [1000]
    assert limits.take(desk, limit()) == "RCK_OK"
    assert limits.publish(desk) == 3
    assert limits.armed(desk) == []
    limits.set_limit(desk, limit(hard=5))
    assert limits.publish(desk) == 4
    assert [each.hard for each in limits.armed(desk)] == [5]


def test_what_was_only_staged_can_be_removed(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit())
    assert limits.take(desk, limit()) == "RCK_OK"
    assert limits.get(desk, limit())[0] == "RCK_E_UNKNOWN"
    limits.publish(desk)
    assert limits.armed(desk) == []


# ---- What runs out ----


def test_a_scope_takes_255_limits_of_further_controls(session: host.Session) -> None:
    engine = session.create(host.config(limits_max=600))
    limits.define_desk(engine)
    metric = {"control": rck.RCK_CONTROL_METRIC, "measure": rck.RCK_MEASURE_GREATER, "hard": 1}
    list_of_group = {
        "control": rck.RCK_CONTROL_LISTS,
        "measure": rck.RCK_MEASURE_RESTRICTED,
        "scope_kind": rck.RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT,
        "instrument": 1,
        "hard": 0,
    }
    of_instrument = {**metric, "scope_kind": rck.RCK_SCOPE_INSTRUMENT}
    limits.set_limit(engine, limit(**list_of_group))
    for number in range(1, 256):
        limits.set_limit(engine, limit(**metric, instrument=number))
        if number < 255:
            limits.set_limit(engine, limit(**of_instrument, instrument=number))
    # The list lies with the instrument's own.
    for full in (metric, of_instrument):
        refuse(engine, limit(**full, instrument=300), "RCK_E_LIMITS_FULL", "scope_kind")
    limits.set_limit(engine, limit(**metric, instrument=300, id=2), limit())
    limits.publish(engine)
    assert len(limits.armed(engine)) == 1 + 255 + 254 + 2
    assert limits.take(engine, limit(**list_of_group)) == "RCK_OK"
    limits.publish(engine)
    limits.set_limit(engine, limit(**of_instrument, instrument=300))
    refuse(engine, limit(**list_of_group), "RCK_E_LIMITS_FULL", "scope_kind")
    limits.publish(engine)


def test_places_run_out_and_come_back_with_the_publication_of_a_removal(desk: rck.EngineHandle) -> None:
    keys = [(id, side, type) for id in (1, 2) for side in range(3) for type in range(5)]
    for id, side, type in keys[: host.SMALL["limits_max"]]:
        limits.set_limit(desk, limit(id=id, side=side, order_type=type))
    id, side, type = keys[-1]
    refuse(desk, limit(id=id, side=side, order_type=type), "RCK_E_LIMITS_FULL", "limit_id")
    limits.set_limit(desk, limit(hard=1))  # one that is there
    limits.publish(desk)
    assert len(limits.armed(desk)) == host.SMALL["limits_max"]
    assert limits.take(desk, limit()) == "RCK_OK"
    refuse(desk, limit(id=id, side=side, order_type=type), "RCK_E_LIMITS_FULL", "limit_id")
    limits.publish(desk)
    limits.set_limit(desk, limit(id=id, side=side, order_type=type))
    limits.publish(desk)
    assert len(limits.armed(desk)) == host.SMALL["limits_max"]


def test_windows_run_out_and_stay_with_what_had_them(session: host.Session) -> None:
    engine = session.create(host.config(windows_max=3))
    limits.define_desk(engine)
    limits.set_limit(engine, *(rate(measure=measure) for measure in (5, 6, 7)))
    fault = rck.Fault()
    full = name_of(limits.put(engine, rate(id=2), 0, fault))
    assert (full, fault.status) == ("RCK_REJECT_WINDOWS_FULL", 0)
    assert limits.get(engine, rate(id=2))[0] == "RCK_E_UNKNOWN"
    limits.publish(engine)
    assert limits.take(engine, rate()) == "RCK_OK"
    limits.publish(engine)
    assert name_of(limits.put(engine, rate(id=2))) == "RCK_REJECT_WINDOWS_FULL"
    limits.set_limit(engine, rate(), limit(), limit(id=2))
    limits.publish(engine)
    assert len(limits.armed(engine)) == 5


def test_rows_of_positions_run_out(session: host.Session) -> None:
    engine = session.create(host.config(positions_max=2))
    limits.define_desk(engine)
    limits.set_limit(engine, pair(), pair(side=1), pair(scope_kind=rck.RCK_SCOPE_STRATEGY_INSTRUMENT))
    assert name_of(limits.put(engine, pair(id=2))) == "RCK_REJECT_POSITIONS_FULL"
    limits.set_limit(engine, pair(side=2))
    limits.publish(engine)
    assert len(limits.armed(engine)) == 4


# ---- Who may ----


def test_an_attached_engine_looks_and_does_not_touch(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config(flags=rck.RCK_SHARED))
    limits.define_desk(owner)
    limits.set_limit(owner, limit())
    limits.publish(owner)
    limits.set_limit(owner, limit(hard=5))
    reader = session.attach(path)
    assert limits.get(reader, limit())[1].hard == 5
    assert [each.hard for each in limits.armed(reader)] == [100]
    assert name_of(limits.put(reader, limit(hard=1))) == "RCK_E_READ_ONLY"
    assert limits.take(reader, limit()) == "RCK_E_READ_ONLY"
    assert name_of(lib.rck_limits_publish(reader, None, None)) == "RCK_E_READ_ONLY"


# ---- After a crash ----


def reopened(session: host.Session, path: Path) -> rck.EngineHandle:
    """The region as a kill at this instant would leave it."""
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    return session.open(copy)


def test_limits_survive_their_owner(session: host.Session, path: Path) -> None:
    owner = session.open(path, host.config())
    limits.define_desk(owner)
    kept = [limit(), collar(), rate(), pair(), pair(scope_kind=rck.RCK_SCOPE_STRATEGY_INSTRUMENT)]
    limits.set_limit(owner, *kept, limit(id=3))
    limits.publish(owner)
    assert limits.take(owner, limit(id=3)) == "RCK_OK"
    limits.publish(owner)
    limits.set_limit(owner, limit(hard=1), limit(id=2))
    assert limits.take(owner, collar()) == "RCK_OK"
    before = [host.as_dict(each) for each in limits.armed(owner)]
    again = reopened(session, path)
    assert [host.as_dict(each) for each in limits.armed(again)] == before
    assert limits.get(again, limit())[1].hard == 1
    assert limits.get(again, limit(id=2))[0] == "RCK_OK"
    assert limits.get(again, collar())[0] == "RCK_E_UNKNOWN"
    assert limits.get(again, limit(id=3))[0] == "RCK_E_UNKNOWN"
    assert limits.publish(again) == 3
    assert sorted(limits.key_of(each) for each in limits.armed(again)) == sorted(
        limits.key_of(each) for each in [limit(), limit(id=2), *kept[2:]]
    )


# ---- Any sequence ----

KINDS = [limit(), limit(side=1), limit(id=2), rate(), rate(measure=6), collar(), pair(), pair(id=2, side=2)]


class Model:
    """Limits over plain dictionaries."""

    def __init__(self) -> None:
        self.set: dict[tuple[int, ...], tuple[int, int]] = {}  # key: value and window
        self.in_force: dict[tuple[int, ...], tuple[int, int]] = {}
        self.generation = 0
        self.is_staged = False

    def put(self, given: rck.Limit, flags: int) -> str:
        key, new = limits.key_of(given), (given.hard, given.window_ns)
        old = self.set.get(key)
        if old and not flags and (new[0] > old[0] or new[1] < old[1]):
            return "RCK_E_LOOSEN"
        self.set[key] = new
        self.is_staged = True
        return "RCK_OK"

    def take(self, given: rck.Limit, flags: int) -> str:
        if limits.key_of(given) not in self.set:
            return "RCK_E_UNKNOWN"
        if not flags:
            return "RCK_E_LOOSEN"
        del self.set[limits.key_of(given)]
        self.is_staged = True
        return "RCK_OK"

    def publish(self) -> int:
        self.generation += self.is_staged
        self.is_staged = False
        self.in_force = dict(self.set)
        return self.generation


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, int, int, int]:
    what = draw(st.sampled_from(["set", "set", "set", "remove", "publish", "reopen"]))
    return (
        what,
        draw(st.integers(0, len(KINDS) - 1)),
        draw(st.integers(0, 8)),
        draw(st.sampled_from([0, rck.RCK_LOOSEN])),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.builds(list, st.lists(steps(), min_size=1, max_size=40)))
def test_any_sequence_agrees_with_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, path: list[tuple[str, int, int, int]]
) -> None:
    file = tmp_path_factory.mktemp("limits") / "region"
    with host.Session() as session:
        assert_agreement(session, file, path)


def assert_agreement(session: host.Session, file: Path, path: list[tuple[str, int, int, int]]) -> None:
    engine, model = session.open(file, host.config()), Model()
    limits.define_desk(engine)
    for what, index, value, flags in path:
        base = host.as_dict(KINDS[index])
        window = {"window_ns": 100 + value % 3} if base["window_ns"] else {}
        chosen = host.sized(rck.Limit, **{**base, "hard": value, **window})
        if what == "set":
            assert name_of(limits.put(engine, chosen, flags)) == model.put(chosen, flags)
        elif what == "remove":
            assert limits.take(engine, chosen, flags) == model.take(chosen, flags)
        elif what == "publish":
            assert limits.publish(engine) == model.publish()
        else:
            engine = reopened(session, file)
            file = file.with_suffix(".copy")
            file = file.rename(file.with_suffix(f".{len(session.engines)}"))
        found = {limits.key_of(each): (each.hard, each.window_ns) for each in limits.armed(engine)}
        assert found == model.in_force
        for kind in KINDS:
            status, last = limits.get(engine, kind)
            expected = model.set.get(limits.key_of(kind))
            assert (status == "RCK_OK") == (expected is not None)
            assert not expected or (last.hard, last.window_ns) == expected


def test_readers_never_see_half_a_limit(desk: rck.EngineHandle) -> None:
    """Versions are told by one number in several fields."""
    turns, seen, faults = 3000, set[int](), list[str]()
    limits.set_limit(desk, limit(warn=1, soft=1, hard=1, levels=7, actor=1))
    limits.publish(desk)
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for found in (*limits.armed(desk), limits.get(desk, limit())[1]):
                if not found.warn == found.soft == found.hard == found.actor:
                    faults.append(str(limits.plain(found)))
                seen.add(found.actor)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    turn = 1
    while turn < turns or len(seen) < 3:
        turn += 1
        limits.set_limit(
            desk, limit(warn=turn, soft=turn, hard=turn, levels=7, actor=turn), flags=rck.RCK_LOOSEN
        )
        if turn % 3 == 0:
            limits.publish(desk)
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
