"""Times of records: given by the host or read from the clock, and forward within each port."""

import ctypes
import time
from ctypes import byref

import pytest

import host
import riskcheck.abi as rck
from host import event, name_of, read, refuse_write, stats, write
from riskcheck.abi import lib

MS = 1_000_000


def test_a_time_of_zero_is_the_clock(session: host.Session) -> None:
    engine = session.create(host.config(clock_source=rck.RCK_CLOCK_REALTIME))
    port = session.port(engine)
    before = time.clock_gettime_ns(time.CLOCK_REALTIME)
    assert write(port, event(time_ns=0), event(time_ns=0)) == rck.RCK_OK
    now = ctypes.c_int64()
    rck.check(lib.rck_clock(engine, byref(now)))
    after = time.clock_gettime_ns(time.CLOCK_REALTIME)
    times = [e.time_ns for e in read(port, 1)]
    assert before <= times[0] <= times[1] <= now.value <= after
    assert stats(engine).time_ns == times[1]


def test_a_time_of_zero_is_refused_without_a_clock(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine)
    now = ctypes.c_int64(77)
    assert name_of(lib.rck_clock(engine, byref(now))) == "RCK_REJECT_TIME_MISSING"
    assert now.value == 77
    refuse_write(engine, port, "RCK_REJECT_TIME_MISSING", event(time_ns=0))
    assert stats(engine).clock_refusals == 1
    write(port, event(time_ns=500))
    rck.check(lib.rck_clock(engine, byref(now)))
    assert now.value == 500


def test_a_time_a_little_back_is_clamped_and_one_further_back_refused(session: host.Session) -> None:
    engine = session.create(host.config(clock_back_ns_max=10 * MS))
    port = session.port(engine)
    write(port, event(time_ns=100 * MS))
    assert write(port, event(time_ns=90 * MS)) == rck.RCK_OK
    assert write(port, event(time_ns=100 * MS - 1)) == rck.RCK_OK
    refuse_write(engine, port, "RCK_REJECT_TIME_BACK", event(time_ns=90 * MS - 1))
    refuse_write(engine, port, "RCK_REJECT_TIME_BACK", event(time_ns=1))
    assert write(port, event(time_ns=100 * MS)) == rck.RCK_OK
    assert [e.time_ns for e in read(port, 1)] == [100 * MS] * 4
    found = stats(engine)
    assert (found.clock_clamps, found.clock_refusals, found.time_ns) == (2, 2, 100 * MS)


def test_no_time_goes_back_when_nothing_back_is_allowed(session: host.Session) -> None:
    engine = session.create(host.config(clock_back_ns_max=0))
    port = session.port(engine)
    write(port, event(time_ns=100))
    refuse_write(engine, port, "RCK_REJECT_TIME_BACK", event(time_ns=99))
    assert write(port, event(time_ns=100)) == rck.RCK_OK


@pytest.mark.parametrize("time_ns", [-1, -(2**63), rck.RCK_TIME_NS_MAX + 1, 2**63 - 1])
def test_times_outside_the_range_are_refused(session: host.Session, time_ns: int) -> None:
    engine = session.create()
    refuse_write(engine, session.port(engine), "RCK_REJECT_TIME_RANGE", event(time_ns=time_ns))
    assert stats(engine).clock_refusals == 1


def test_the_latest_time_of_all_is_allowed(session: host.Session) -> None:
    port = session.port(session.create())
    assert write(port, event(time_ns=rck.RCK_TIME_NS_MAX)) == rck.RCK_OK
    assert read(port, 1)[0].time_ns == rck.RCK_TIME_NS_MAX


def test_times_of_a_batch_are_judged_one_after_the_other(session: host.Session) -> None:
    engine = session.create(host.config(clock_back_ns_max=10))
    port = session.port(engine)
    refuse_write(engine, port, "RCK_REJECT_TIME_BACK", event(time_ns=50), event(time_ns=39))
    assert write(port, event(time_ns=50), event(time_ns=40), event(time_ns=60)) == rck.RCK_OK
    assert [e.time_ns for e in read(port, 1)] == [50, 50, 60]


def test_each_port_has_a_time_of_its_own_and_health_the_latest(session: host.Session) -> None:
    engine = session.create(host.config(clock_back_ns_max=0))
    one, two = session.port(engine, 1), session.port(engine, 2)
    assert write(one, event(time_ns=1000)) == write(two, event(time_ns=10)) == rck.RCK_OK
    assert (stats(engine, 1).time_ns, stats(engine, 2).time_ns) == (1000, 10)
    assert host.health(engine).time_ns == 1000
