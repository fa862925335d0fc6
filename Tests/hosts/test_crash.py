"""Processes that die in the middle: what they had been told was done is there, and the file can be used."""

import contextlib
from pathlib import Path

import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from child import Child
from files import assert_filled, fill
from host import attach_status, name_of, open_status
from riskcheck.abi import lib

WORK = """
engine = session.open(path, config())
port = session.port(engine, 2)
reader = session.port(engine, 0)
number = int(sys.argv[2])
while True:
    number += 1
    define(engine, currency(1, b"EUR %d" % number, rate=number))
    while write(port, event(subject=number, time_ns=number)) == rck.RCK_REJECT_RING_FULL:
        read(reader, 2, 32)
    say(number)
"""


def test_what_was_acknowledged_before_a_kill_is_there(path: Path) -> None:
    """Each round kills after another number of steps, somewhere in a step, and goes on with the same file."""
    number, opened = 0, 1
    for steps in (1, 2, 3, 5, 8, 13, 90, 21, 200):
        with Child(WORK, path, number) as child:
            for _ in range(steps):
                number += 1
                assert child.line() == str(number)
            child.kill()
        with host.Session() as session:
            engine = session.open(path)
            opened += 1
            assert (host.health(engine).recovered, host.health(engine).opened) == (1, opened)
            opened += 1
            found = defs.fetch(engine, "currency", 1)[1]
            assert found.rate >= number and found.name == b"EUR %d" % found.rate
            assert defs.find_id(engine, rck.RCK_KIND_CURRENCY, found.name) == (rck.RCK_OK, 1)
            assert host.health(engine).currencies == 1
            events = host.read(session.port(engine, 0), 2)
            subjects = [event.subject for event in events]
            assert subjects == list(range(subjects[0], subjects[-1] + 1))
            assert number <= subjects[-1] <= found.rate
            assert [event.sequence for event in events] == subjects
            number = found.rate
            writer = session.port(engine, 2)
            while host.stats(engine, 2).events_written < number:
                lacking = host.stats(engine, 2).events_written + 1
                assert host.write(writer, host.event(subject=lacking, time_ns=lacking)) == rck.RCK_OK


@pytest.mark.parametrize("length", [8, 2080, 4096, 100_000])
def test_a_making_that_was_interrupted_is_told_and_made_anew(
    session: host.Session, path: Path, length: int
) -> None:
    """What a kill leaves: the mark of a making, and as much of the file as there was."""
    path.write_bytes(b"RCKMAKE1" + bytes(length - 8))
    assert name_of(open_status(path)[0]) == "RCK_E_UNFINISHED"
    assert name_of(attach_status(path)[0]) == "RCK_E_UNFINISHED"
    rck.check(lib.rck_engine_close(fill(session, path)))
    assert path.stat().st_size == host.region_bytes(host.config())
    assert_filled(session, session.open(path))


def test_a_file_size_limit_is_an_error_and_no_signal(path: Path) -> None:
    script = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        try:
            session.open(path, config())
        except rck.RiskCheckError as error:
            say(error.name)
    """
    with Child(script, path) as child:
        assert child.line() == "RCK_E_NO_SPACE"
    assert not path.exists()


@pytest.mark.parametrize("processes", [4])
def test_of_many_processes_exactly_one_gets_each_file(tmp_path: Path, processes: int) -> None:
    """All open the same new files in the same order and keep what they get."""
    script = """
        wait()
        won = []
        for number in range(40):
            engine, fault, settings = rck.EngineHandle(), rck.Fault(), config()
            file = bytes(path / str(number))
            status = lib.rck_engine_open(byref(settings), file, byref(engine), byref(fault))
            assert status in (rck.RCK_OK, rck.RCK_E_OWNED), name_of(status)
            won += [number] if status == rck.RCK_OK else []
        say(*won)
        wait()
    """
    with contextlib.ExitStack() as stack:
        children = [stack.enter_context(Child(script, tmp_path)) for _ in range(processes)]
        for child in children:
            child.go_on()
        won = [int(number) for child in children for number in child.line().split()]
        for child in children:
            child.finish()
    assert sorted(won) == list(range(40))
