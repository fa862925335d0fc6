"""Regions in files: what outlives a close and a kill, and what is not accepted as a region."""

import contextlib
import os
import stat
from pathlib import Path

import pytest

import host
import riskcheck.abi as rck
from child import Child
from files import assert_filled, fill
from host import name_of, open_status
from riskcheck.abi import lib

OWNER = """
engine = session.open(path, config())
port = session.port(engine, 2)
define(engine, currency(), group(1, b"tech"), account(3, b"desk"))
define(engine, instrument(2, b"FDAX", groups=[1, 0, 0, 0]))
write(port, event(subject=1), event(subject=2), event(subject=3))
"""


def test_open_makes_a_file_of_exactly_region_bytes_for_the_user_alone(
    session: host.Session, path: Path
) -> None:
    old = os.umask(0)
    try:
        session.open(path, host.config())
    finally:
        os.umask(old)
    assert path.stat().st_size == host.region_bytes(host.config())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]


def test_what_was_defined_and_written_is_there_after_a_close(session: host.Session, path: Path) -> None:
    rck.check(lib.rck_engine_close(fill(session, path)))
    engine = session.open(path, host.config())
    found = host.health(engine)
    assert (found.opened, found.recovered, found.instruments, found.definitions) == (2, 0, 1, 4)
    assert_filled(session, engine)


def test_no_configuration_takes_the_files_own(session: host.Session, path: Path) -> None:
    rck.check(lib.rck_engine_close(fill(session, path, money_decimals=5)))
    engine = session.open(path)
    assert host.config_of(engine).money_decimals == 5
    assert_filled(session, engine)


def test_no_configuration_makes_no_file(path: Path) -> None:
    status, fault = open_status(path)
    assert name_of(status) == "RCK_E_NO_FILE" and fault.status == status
    assert not path.exists()


@pytest.mark.parametrize("name", [*host.SMALL, "discipline", "clock_source", "money_decimals"])
def test_other_capacities_are_refused_by_name(session: host.Session, path: Path, name: str) -> None:
    rck.check(lib.rck_engine_close(fill(session, path)))
    before = path.read_bytes()
    old = int(getattr(host.config(), name))
    other = {"discipline": 2, "clock_source": 1, "money_decimals": 7}.get(name, old * 2)
    assert other != old
    status, fault = open_status(path, host.config(**{name: other}))
    assert name_of(status) == "RCK_E_CONFIG_DIFFERS"
    assert (fault.field.decode(), fault.value) == (name, other)
    assert (fault.minimum, fault.maximum) == (old, old)
    assert path.read_bytes() == before


def test_a_region_has_one_owner(session: host.Session, path: Path) -> None:
    with Child(
        OWNER + "say('open'); wait(); say(health(engine).definitions); session.close()", path
    ) as child:
        assert child.line() == "open"
        for settings in (None, host.config()):
            status, fault = open_status(path, settings)
            assert name_of(status) == "RCK_E_OWNED"
            assert fault.status == status
        assert child.finish() == "4"
    assert_filled(session, session.open(path))


def test_the_same_process_opens_a_file_once(session: host.Session, path: Path) -> None:
    engine = fill(session, path)
    link = path.with_suffix(".link")
    link.symlink_to(path)
    hard = path.with_suffix(".hard")
    os.link(path, hard)
    for other in (path, link, hard):
        assert name_of(open_status(other)[0]) == "RCK_E_OVERLAP", other.name
    with Child("say(name_of(open_status(path)[0]))", path) as child:
        assert child.line() == "RCK_E_OWNED", "a refused second open must not give the lock away"
        child.finish()
    assert_filled(session, engine)


def test_a_killed_owner_loses_nothing(session: host.Session, path: Path) -> None:
    with Child(OWNER + "say('ready'); wait()", path) as child:
        assert child.line() == "ready"
        child.kill()
    engine = session.open(path)
    found = host.health(engine)
    assert (found.opened, found.recovered, found.ports_open) == (2, 1, 0)
    assert found.owner_pid == os.getpid()
    assert_filled(session, engine)
    rck.check(lib.rck_port_close(session.ports[-1]))
    rck.check(lib.rck_engine_close(engine))
    assert host.health(session.open(path)).recovered == 0


def test_each_opening_is_told_in_the_engines_ring(session: host.Session, path: Path) -> None:
    pids = []
    for _ in range(3):
        with Child("session.open(path, config()); say(os.getpid()); wait()", path) as child:
            pids.append(int(child.line()))
            child.kill()
    reader = session.port(session.open(path), 0)
    opened = [e for e in host.read(reader, 0) if e.kind == rck.RCK_EVENT_ENGINE_OPENED]
    assert [(e.subject, *e.values) for e in opened] == [
        (1, 0, pids[0]),
        (2, 1, pids[1]),
        (3, 1, pids[2]),
        (4, 1, os.getpid()),
    ]


def test_opening_and_closing_leaves_no_descriptor_and_no_mapping(session: host.Session, path: Path) -> None:
    def held() -> tuple[int, int]:
        maps = Path("/proc/self/maps").read_text().count(str(path))
        return len(os.listdir("/proc/self/fd")), maps

    before = held()
    for _ in range(50):
        rck.check(lib.rck_engine_close(session.open(path, host.config())))
    assert held() == before
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
