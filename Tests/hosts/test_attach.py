"""Other processes at a region: readers that look, one consumer that takes events out, and who is refused."""

from ctypes import byref
from pathlib import Path

import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from child import Child
from host import attach_status, name_of
from riskcheck.abi import lib

OUTSIDE = rck.RCK_SHARED | rck.RCK_CONSUMER_OUTSIDE
OWNER = """
engine = session.open(path, config(flags={flags}))
port = session.port(engine, 2)
define(engine, currency(), account(3, b"desk"))
write(port, event(subject=1), event(subject=2))
say("open")
"""
OWNER_SHARED = OWNER.format(flags=rck.RCK_SHARED)
OWNER_OUTSIDE = OWNER.format(flags=OUTSIDE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "region.rck"


def owner(script: str, path: Path, after: str = "wait(); session.close()") -> Child:
    child = Child(script + after, path)
    assert child.line() == "open"
    return child


def test_a_reader_sees_definitions_statistics_and_health(session: host.Session, path: Path) -> None:
    with owner(OWNER_SHARED, path) as child:
        engine = session.attach(path)
        assert defs.find_id(engine, rck.RCK_KIND_ACCOUNT, b"desk") == (rck.RCK_OK, 3)
        assert defs.find_name(engine, rck.RCK_KIND_CURRENCY, 1) == (rck.RCK_OK, b"EUR")
        assert defs.fetch(engine, "account", 3)[1].permissions == rck.RCK_PERMIT_ALL
        found = host.health(engine)
        assert (found.state, found.owner_pid) == (rck.RCK_HEALTH_RUNNING, child.process.pid)
        assert (found.accounts, found.definitions, found.ports_open) == (1, 2, 1)
        assert host.stats(engine, 2).events_written == 2
        assert host.config_of(engine).ring_lines == host.SMALL["ring_lines"]
        child.finish()


def test_a_reader_sees_what_changes_after_it_attached(session: host.Session, path: Path) -> None:
    more = "wait(); define(engine, account(4, b'late')); write(port, event()); say('done'); wait()"
    with owner(OWNER_SHARED, path, more) as child:
        engine = session.attach(path)
        assert defs.find_id(engine, rck.RCK_KIND_ACCOUNT, b"late")[0] == rck.RCK_E_UNKNOWN
        child.go_on()
        assert child.line() == "done"
        assert defs.find_id(engine, rck.RCK_KIND_ACCOUNT, b"late") == (rck.RCK_OK, 4)
        assert host.stats(engine, 2).events_written == 3


@pytest.mark.parametrize("mode", [rck.RCK_ATTACH_READER, rck.RCK_ATTACH_CONSUMER])
def test_who_attached_cannot_change_anything(session: host.Session, path: Path, mode: int) -> None:
    with owner(OWNER_OUTSIDE, path) as child:
        engine = session.attach(path, mode)
        for kind, make in defs.MAKERS.items():
            fault = rck.Fault()
            assert name_of(defs.put(engine, make(), fault)) == "RCK_E_READ_ONLY", kind
            assert fault.status == rck.RCK_E_READ_ONLY
        port = rck.PortHandle()
        status = lib.rck_port_open(engine, 1, rck.RCK_PORT_WRITER, byref(port), None)
        assert name_of(status) == "RCK_E_READ_ONLY" and port.value is None
        assert host.health(engine).definitions == 2
        child.finish()


def test_a_reader_takes_no_events(session: host.Session, path: Path) -> None:
    with owner(OWNER_OUTSIDE, path) as child:
        engine = session.attach(path)
        port = rck.PortHandle()
        status = lib.rck_port_open(engine, 0, rck.RCK_PORT_READER, byref(port), None)
        if status == rck.RCK_OK:
            session.ports.append(port)
            status = host.read_status(port, 2)
        assert name_of(status) == "RCK_E_READ_ONLY"
        assert host.stats(engine, 2).events_read == 0
        child.finish()


def test_the_consumer_takes_the_events_and_the_owner_may_not(session: host.Session, path: Path) -> None:
    more = """
say(name_of(read_status(port, 2)))
wait()
for number in range(3, 200):
    while write(port, event(subject=number)) == rck.RCK_REJECT_RING_FULL:
        say("full"); wait()
say("end")
wait(); session.close()
"""
    with owner(OWNER_OUTSIDE, path, more) as child:
        assert child.line() == "RCK_E_NOT_CONSUMER"
        engine = session.attach(path, rck.RCK_ATTACH_CONSUMER)
        port = session.port(engine, 0)
        found = [e.subject for e in host.read(port, 2)]
        while True:
            child.go_on()
            said = child.line()
            found += [e.subject for e in host.read(port, 2)]
            if said == "end":
                break
            assert said == "full"
        assert found == list(range(1, 200))
        assert host.read(port, 0)[0].kind == rck.RCK_EVENT_ENGINE_OPENED
        assert host.stats(engine, 2).events_read == 199
        rck.check(lib.rck_port_close(port))
        rck.check(lib.rck_engine_close(engine))
        child.finish()


def test_there_is_one_consumer_and_its_death_makes_room(session: host.Session, path: Path) -> None:
    take = """
engine = session.attach(path, rck.RCK_ATTACH_CONSUMER)
say(*[e.subject for e in read(session.port(engine, 0), 2, 1)])
wait()
"""
    with owner(OWNER_OUTSIDE, path) as child:
        with Child(take, path) as first:
            assert first.line() == "1"
            status, fault = attach_status(path, rck.RCK_ATTACH_CONSUMER)
            assert name_of(status) == "RCK_E_CONSUMED" and fault.status == status
            assert attach_status(path)[0] == rck.RCK_OK
            first.kill()
        engine = session.attach(path, rck.RCK_ATTACH_CONSUMER)
        assert [e.subject for e in host.read(session.port(engine, 0), 2)] == [2]
        child.finish()


def test_an_owner_that_reads_its_events_leaves_none_to_others(path: Path) -> None:
    with owner(OWNER_SHARED, path) as child:
        status, fault = attach_status(path, rck.RCK_ATTACH_CONSUMER)
        assert name_of(status) == "RCK_E_CONSUMED" and fault.status == status
        child.finish()


def test_nobody_attaches_to_a_region_that_is_not_shared(path: Path) -> None:
    with owner(OWNER.format(flags=0), path) as child:
        for mode in (rck.RCK_ATTACH_READER, rck.RCK_ATTACH_CONSUMER):
            status, fault = attach_status(path, mode)
            assert name_of(status) == "RCK_E_NOT_SHARED" and fault.status == status
        child.finish()


@pytest.mark.parametrize("mode", [0, 3, 2**31, 2**32 - 1])
def test_the_mode_of_an_attachment_is_known(path: Path, mode: int) -> None:
    with owner(OWNER_OUTSIDE, path) as child:
        status, fault = attach_status(path, mode)
        assert name_of(status) == "RCK_E_RANGE"
        assert (fault.field, fault.value, fault.minimum, fault.maximum) == (b"mode", mode, 1, 2)
        child.finish()


def test_attaching_makes_no_file(path: Path) -> None:
    for mode in (rck.RCK_ATTACH_READER, rck.RCK_ATTACH_CONSUMER):
        assert name_of(attach_status(path, mode)[0]) == "RCK_E_NO_FILE"
    assert not path.exists()


@pytest.mark.parametrize(
    ("end", "state"),
    [("kill", rck.RCK_HEALTH_LEFT), ("finish", rck.RCK_HEALTH_CLOSED)],
)
def test_health_says_how_the_owner_went(session: host.Session, path: Path, end: str, state: int) -> None:
    with owner(OWNER_SHARED, path) as child:
        engine = session.attach(path)
        assert host.health(engine).state == rck.RCK_HEALTH_RUNNING
        getattr(child, end)()
        assert host.health(engine).state == state
        assert host.health(session.attach(path)).state == state
        assert defs.find_id(engine, rck.RCK_KIND_ACCOUNT, b"desk") == (rck.RCK_OK, 3)


def test_the_consumer_drains_what_a_killed_owner_left(session: host.Session, path: Path) -> None:
    with owner(OWNER_OUTSIDE, path) as child:
        child.kill()
    engine = session.attach(path, rck.RCK_ATTACH_CONSUMER)
    assert [e.subject for e in host.read(session.port(engine, 0), 2)] == [1, 2]


def test_an_attachment_outlives_the_owner_and_its_successor_can_open(
    session: host.Session, path: Path
) -> None:
    with owner(OWNER_SHARED, path) as child:
        reader = session.attach(path)
        child.kill()
    again = """
engine = session.open(path, config(flags=rck.RCK_SHARED))
say(health(engine).recovered, health(engine).opened)
wait()
session.close()
"""
    with Child(again, path) as child:
        assert child.line() == "1 2"
        found = host.health(reader)
        assert (found.state, found.owner_pid, found.opened) == (rck.RCK_HEALTH_RUNNING, child.process.pid, 2)
        child.finish()


def test_a_reader_killed_at_any_moment_disturbs_nobody(session: host.Session, path: Path) -> None:
    engine = session.open(path, host.config(flags=rck.RCK_SHARED))
    port = session.port(engine, 1)
    with Child("engine = session.attach(path); say('in')\nwhile True: health(engine)", path) as child:
        assert child.line() == "in"
        for number in range(1, 1000):
            assert host.write(port, host.event(time_ns=number)) == rck.RCK_OK
            assert len(host.read(port, 1)) == 1
        child.kill()
    defs.define(engine, defs.currency())
    assert host.health(engine).state == rck.RCK_HEALTH_RUNNING


def test_bytes_of_the_file_do_not_change_when_a_reader_comes_and_goes(
    session: host.Session, path: Path
) -> None:
    rck.check(lib.rck_engine_close(session.open(path, host.config(flags=rck.RCK_SHARED))))
    before = path.read_bytes()
    engine = session.attach(path)
    host.health(engine)
    rck.check(lib.rck_engine_close(engine))
    assert path.read_bytes() == before
