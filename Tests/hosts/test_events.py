"""Events: what is written is read, once, in order, whole; what is refused is counted and changes nothing."""

import ctypes
import os
from collections import deque
from ctypes import byref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import definitions as defs
import host
import riskcheck.abi as rck
from host import event, name_of, read, refuse_write, stats, write
from riskcheck.abi import lib

LINES = host.SMALL["ring_lines"]


def test_an_event_comes_out_as_it_went_in_with_sequence_and_port_filled_in(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine, 2)
    given = {
        "kind": 65535,
        "severity": rck.RCK_SEVERITY_CRITICAL,
        "control": rck.RCK_CONTROL_STATE,
        "time_ns": 123_456_789,
        "correlation_id": 2**64 - 1,
        "subject": 2**63,
        "values": [-(2**63), 2**63 - 1],
    }
    assert write(port, event(**given)) == rck.RCK_OK
    (found,) = read(port, 2)
    assert host.as_dict(found) == {**given, "sequence": 1, "ticket": 0, "lines": 1, "port": 2}


def test_the_callers_events_are_not_written_to(session: host.Session) -> None:
    port = session.port(session.create())
    given = event(subject=4)
    before = bytes(given)
    assert lib.rck_event_write(port, byref(given), 1) == rck.RCK_OK
    assert bytes(given) == before


def test_lines_may_be_given_as_nought_or_one(session: host.Session) -> None:
    port = session.port(session.create())
    assert write(port, event(lines=0), event(lines=1)) == rck.RCK_OK
    assert [e.lines for e in read(port, 1)] == [1, 1]


def test_sequences_of_a_port_go_up_by_one_and_outlive_it(session: host.Session) -> None:
    engine = session.create()
    sequences = []
    for _ in range(3):
        port = session.port(engine)
        write(port, event(), event())
        write(port, event())
        rck.check(lib.rck_port_close(port))
        reader = session.port(engine, 0)
        sequences += [e.sequence for e in read(reader, 1)]
        rck.check(lib.rck_port_close(reader))
    assert sequences == list(range(1, 10))


def test_unread_events_outlive_their_port(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    write(port, event(subject=1), event(subject=2))
    rck.check(lib.rck_port_close(port))
    assert [e.subject for e in read(session.port(engine), 1)] == [1, 2]


def test_a_batch_goes_in_whole_or_not_at_all(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    assert write(port, *(event(subject=n) for n in range(LINES - 2))) == rck.RCK_OK
    refuse_write(engine, port, "RCK_REJECT_RING_FULL", event(), event(), event())
    assert stats(engine).events_refused == 3
    assert write(port, event(subject=100), event(subject=101)) == rck.RCK_OK
    refuse_write(engine, port, "RCK_REJECT_RING_FULL", event())
    assert stats(engine).events_refused == 4
    found = read(port, 1)
    assert [e.subject for e in found] == [*range(LINES - 2), 100, 101]
    assert [e.sequence for e in found] == list(range(1, LINES + 1))


def test_a_ring_holds_exactly_its_lines_and_takes_a_batch_of_all_of_them(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    assert write(port, *(event() for _ in range(LINES))) == rck.RCK_OK
    found = stats(engine)
    assert (found.ring_lines, found.ring_lines_used, found.ring_lines_used_max) == (LINES, LINES, LINES)
    assert len(read(port, 1)) == LINES
    refuse_write(engine, port, "RCK_E_RANGE", *(event() for _ in range(LINES + 1)))
    assert stats(engine).events_refused == 0, "it could never fit: a mistake, not a full ring"


def test_a_batch_with_one_bad_event_writes_none(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    refuse_write(engine, port, "RCK_E_RANGE", event(), event(kind=1))
    refuse_write(engine, port, "RCK_E_RESERVED", event(), event(), event(ticket=1))
    assert read(port, 1) == []
    assert write(port, event()) == rck.RCK_OK
    assert read(port, 1)[0].sequence == 1


@pytest.mark.parametrize("kind", [0, 1, 16, 100, rck.RCK_EVENT_HOST - 1])
def test_kinds_below_the_hosts_own_are_refused(session: host.Session, kind: int) -> None:
    engine = session.create()
    refuse_write(engine, session.port(engine), "RCK_E_RANGE", event(kind=kind))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("sequence", 1, "RCK_E_RESERVED"),
        ("sequence", 2**64 - 1, "RCK_E_RESERVED"),
        ("ticket", 1, "RCK_E_RESERVED"),
        ("port", 1, "RCK_E_RESERVED"),
        ("lines", 2, "RCK_E_RANGE"),
        ("lines", 255, "RCK_E_RANGE"),
        ("severity", 6, "RCK_E_RANGE"),
        ("severity", 255, "RCK_E_RANGE"),
    ],
)
def test_what_the_library_fills_in_is_given_as_zero(
    session: host.Session, field: str, value: int, expected: str
) -> None:
    engine = session.create()
    refuse_write(engine, session.port(engine), expected, event(**{field: value}))


def test_a_count_of_zero_is_refused(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    assert name_of(lib.rck_event_write(port, byref(event()), 0)) == "RCK_E_RANGE"
    assert stats(engine).events_written == 0 and read(port, 1) == []


def test_a_huge_count_is_refused_without_reading_that_far(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    for count in (LINES + 1, 2**31, 2**32 - 1):
        assert name_of(lib.rck_event_write(port, byref(event()), count)) == "RCK_E_RANGE"
    assert stats(engine).events_written == 0


def test_a_read_takes_at_most_the_buffer_and_the_rest_next_time(session: host.Session) -> None:
    port = session.port(session.create())
    write(port, *(event(subject=n) for n in range(10)))
    assert [[e.subject for e in read(port, 1, 4)] for _ in range(4)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
        [],
    ]


def test_a_read_writes_no_further_than_it_says(session: host.Session) -> None:
    port = session.port(session.create())
    write(port, event(), event())
    lines, count = (rck.Event * 8)(), ctypes.c_uint32()
    ctypes.memset(lines, 0x5A, ctypes.sizeof(lines))
    rck.check(lib.rck_events_read(port, 1, lines, 8, byref(count)))
    assert count.value == 2
    assert bytes(lines)[2 * 64 :] == b"\x5a" * 6 * 64


def test_a_buffer_without_room_for_the_next_record_is_refused_and_nothing_is_taken(
    session: host.Session,
) -> None:
    port = session.port(session.create())
    lines, count = (rck.Event * 1)(), ctypes.c_uint32(77)
    write(port, event(subject=9))
    assert name_of(lib.rck_events_read(port, 1, lines, 0, byref(count))) == "RCK_E_BUFFER"
    assert count.value == 77
    assert [e.subject for e in read(port, 1)] == [9]


def test_a_source_is_a_port_of_the_engine(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    for source in (host.SMALL["ports_max"] + 1, 255, 2**31, 2**32 - 1):
        assert name_of(host.read_status(port, source)) == "RCK_E_RANGE"
        found = host.sized(rck.Stats)
        assert name_of(lib.rck_stats_read(engine, source, byref(found))) == "RCK_E_RANGE"
    for source in range(1, host.SMALL["ports_max"] + 1):
        assert read(port, source) == []
        assert stats(engine, source).open == (source == 1)


def test_two_ports_share_the_reading_of_a_ring_and_each_event_comes_once(session: host.Session) -> None:
    engine = session.create()
    writer, one, two = session.port(engine, 1), session.port(engine, 2), session.port(engine, 0)
    seen: list[int] = []
    for number in range(300):
        write(writer, event(subject=number))
        if number % 3 == 2:
            seen += [e.subject for port in (one, two, writer) for e in read(port, 1, 1)]
    assert seen == list(range(300))


def test_the_ring_goes_round_many_times(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    written = taken = 0
    sizes = [1, 7, 64, 13, 50, 3]
    for round_ in range(2000):
        size = sizes[round_ % len(sizes)]
        assert (
            write(port, *(event(subject=written + n, time_ns=round_ + 1) for n in range(size))) == rck.RCK_OK
        )
        written += size
        for found in read(port, 1, 64):
            taken += 1
            assert (found.subject, found.sequence) == (taken - 1, taken)
    assert taken == written == stats(engine).events_read > 500 * LINES


def test_the_engines_own_ring_tells_what_happened_to_the_engine(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine, 4)
    defs.define(engine, defs.currency(2), defs.account(5), defs.account(5))
    rck.check(lib.rck_port_close(port))
    reader = session.port(engine, 0)
    found = read(reader, 0)
    opened = found[0]
    assert (opened.kind, opened.subject) == (rck.RCK_EVENT_ENGINE_OPENED, 1)
    assert list(opened.values) == [0, os.getpid()]
    assert [e.sequence for e in found] == list(range(1, len(found) + 1))
    assert {e.port for e in found} == {0} and {e.lines for e in found} == {1}
    own = [(e.kind, e.subject) for e in found if e.kind < rck.RCK_EVENT_DEFINED and e.subject == 4]
    assert own == [(rck.RCK_EVENT_PORT_OPENED, 4), (rck.RCK_EVENT_PORT_CLOSED, 4)]
    assert [(e.subject, *e.values) for e in found if e.kind == rck.RCK_EVENT_DEFINED] == [
        (2, rck.RCK_KIND_CURRENCY, 1),
        (5, rck.RCK_KIND_ACCOUNT, 1),
        (5, rck.RCK_KIND_ACCOUNT, 2),
    ]


def test_the_engines_own_events_are_counted_and_skipped_when_its_ring_is_full(session: host.Session) -> None:
    engine = session.create()
    reader = session.port(engine, 0)
    for _ in range(3 * LINES):
        defs.define(engine, defs.currency())
    found = stats(engine, 0)
    assert found.events_lost > 0
    assert host.health(engine).events_lost == found.events_lost
    first = read(reader, 0)
    defs.define(engine, defs.currency())
    gap, after = read(reader, 0)
    assert gap.kind == rck.RCK_EVENT_LOST and gap.subject == found.events_lost
    assert after.sequence == first[-1].sequence + found.events_lost + 2
    assert list(after.values) == [rck.RCK_KIND_CURRENCY, 3 * LINES + 1]


def test_health_adds_up_the_rings(session: host.Session) -> None:
    engine = session.create()
    for index, times in ((1, 3), (2, 5)):
        port = session.port(engine, index)
        write(port, *(event() for _ in range(LINES)))
        for _ in range(times):
            write(port, event())
    found = host.health(engine)
    assert found.events_refused == 8
    assert (found.ports_open, found.ports_max, found.state) == (2, 6, rck.RCK_HEALTH_RUNNING)
    assert (found.failed_site, found.opened, found.recovered) == (0, 1, 0)
    assert found.owner_pid == os.getpid()


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"), st.sampled_from([1, 2]), st.integers(1, 30), st.sampled_from([-9, -2, 0, 0, 5])
        ),
        st.tuples(st.just("read"), st.sampled_from([1, 2]), st.integers(1, 80), st.just(0)),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_writes_and_reads_agrees_with_a_queue(steps: list[tuple[str, int, int, int]]) -> None:
    """Both rings are written by their ports and read by a third. A write moves the port's time by a step."""
    with host.Session() as session:
        assert_agreement(session, steps)


def assert_agreement(session: host.Session, steps: list[tuple[str, int, int, int]]) -> None:
    engine = session.create(host.config(clock_back_ns_max=5))
    ports = {index: session.port(engine, index) for index in (1, 2)}
    reader = session.port(engine, 0)
    queues: dict[int, deque[tuple[int, int, int]]] = {1: deque(), 2: deque()}
    written, taken, refused, late, mark = ({1: 0, 2: 0} for _ in range(5))
    subject = 0
    for what, index, size, step in steps:
        queue = queues[index]
        if what == "read":
            expected = [queue.popleft() for _ in range(min(size, len(queue)))]
            assert [(e.sequence, e.time_ns, e.subject) for e in read(reader, index, size)] == expected
            taken[index] += len(expected)
            continue
        latest = stats(engine, index).time_ns
        moment = (latest or 1000) + step
        subject += 1
        status = name_of(write(ports[index], *[event(subject=subject, time_ns=moment)] * size))
        is_late, is_full = latest > 0 and moment < latest - 5, len(queue) + size > LINES
        if is_late and status == "RCK_REJECT_TIME_BACK":
            late[index] += 1
        elif is_full and status == "RCK_REJECT_RING_FULL":
            refused[index] += size
        else:
            assert (status, is_late, is_full) == ("RCK_OK", False, False)
            queue.extend((written[index] + n, max(moment, latest), subject) for n in range(1, size + 1))
            written[index] += size
            mark[index] = max(mark[index], len(queue))
    for index in (1, 2):
        found = stats(engine, index)
        assert (found.events_written, found.events_read) == (written[index], taken[index])
        assert (found.events_refused, found.ring_lines_used) == (refused[index], len(queues[index]))
        assert found.clock_refusals == late[index]
        # Exact from a sixteenth of the ring up; below that what a reader saw, or what there is.
        assert found.ring_lines_used <= found.ring_lines_used_max <= mark[index]
        if mark[index] > LINES // 16:
            assert found.ring_lines_used_max == mark[index]
