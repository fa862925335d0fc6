"""Snapshots: what an engine holds, written at one instant, and given to another; configurations; what may not be."""

import ctypes
import os
import resource
import threading
from ctypes import byref
from pathlib import Path

import pytest

import desk
import host
import limits
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

STATE, CONFIGURATION = rck.RCK_SNAPSHOT_STATE, rck.RCK_SNAPSHOT_CONFIGURATION
DISCIPLINES = pytest.mark.parametrize("discipline", [rck.RCK_ONE_WRITER, rck.RCK_MANY_WRITERS])
SETTINGS = {"money_decimals": 2, "ring_lines": 4096, "flags": rck.RCK_TELL_COMMANDS | rck.RCK_TELL_MARKET}


def write(engine: rck.EngineHandle, directory: Path, content: int = STATE) -> tuple[str, rck.SnapshotInfo]:
    info, fault = sized(rck.SnapshotInfo), rck.Fault()
    status = lib.rck_snapshot_write(engine, os.fsencode(directory), content, byref(info), byref(fault))
    return name_of(status), info


def restore(engine: rck.EngineHandle, directory: Path, flags: int = 0) -> tuple[str, rck.SnapshotInfo]:
    info, fault = sized(rck.SnapshotInfo), rck.Fault()
    status = lib.rck_snapshot_restore(engine, os.fsencode(directory), flags, byref(info), byref(fault))
    return name_of(status), info


def replay(engine: rck.EngineHandle, directory: Path) -> tuple[str, rck.ReplayInfo]:
    info, fault = sized(rck.ReplayInfo), rck.Fault()
    status = lib.rck_replay(engine, os.fsencode(directory), None, None, byref(info), byref(fault))
    return name_of(status), info


def hash_of(engine: rck.EngineHandle) -> tuple[int, int]:
    words = (ctypes.c_uint64 * 2)()
    assert lib.rck_state_hash(engine, words) == rck.RCK_OK
    return words[0], words[1]


def made(session: host.Session, **settings: int) -> rck.EngineHandle:
    return session.create(host.config(**{**SETTINGS, **settings}))


def worked(session: host.Session, **settings: int) -> tuple[rck.EngineHandle, rck.PortHandle]:
    """An engine with definitions, a limit, orders, one of them filled, a latch."""
    engine = made(session, **settings)
    desk.define(engine)
    limits.set_limit(engine, limits.limit(hard=500))
    limits.publish(engine)
    port = session.port(engine)
    for id in range(1, 9):
        desk.check(port, desk.order(id, 7, 1000 + id))
    assert desk.fill(port, desk.report(4, order_id=2, execution_id=1))[0] == "RCK_OK"
    latch = sized(rck.Latch, scope_kind=rck.RCK_SCOPE_STRATEGY, id=2, state=rck.RCK_STATE_HALTED, actor=7)
    latch.reason = b"a test"
    rck.check(lib.rck_latch_set(engine, byref(latch), None))
    return engine, port


def journal_of(session: host.Session, engine: rck.EngineHandle, directory: Path) -> rck.PortHandle:
    """Begins a journal: the port that pumps."""
    reader, fault = session.port(engine, 0), rck.Fault()
    how = sized(rck.JournalConfig, segment_bytes=65_536)
    rck.check(lib.rck_journal_open(reader, os.fsencode(directory), byref(how), byref(fault)), fault)
    return reader


def pump(reader: rck.PortHandle) -> None:
    fault = rck.Fault()
    rck.check(lib.rck_journal_pump(reader, None, byref(fault)), fault)


@DISCIPLINES
def test_a_state_comes_back_whole(session: host.Session, tmp_path: Path, discipline: int) -> None:
    engine, _ = worked(session, discipline=discipline)
    status, info = write(engine, tmp_path)
    assert status == "RCK_OK" and (info.hash[0], info.hash[1]) == hash_of(engine)
    other = made(session, discipline=discipline)
    status, found = restore(other, tmp_path)
    assert status == "RCK_OK" and found.region_id == info.region_id
    assert hash_of(other) == hash_of(engine)
    order = rck.OrderInfo()
    assert lib.rck_order_get(other, 0, 3, byref(order)) == rck.RCK_OK
    assert order.leaves == 7


def test_in_doubt_live_orders_are_unconfirmed(session: host.Session, tmp_path: Path) -> None:
    engine, _ = worked(session)
    assert write(engine, tmp_path)[0] == "RCK_OK"
    other, third = made(session), made(session)
    assert restore(other, tmp_path)[0] == "RCK_OK"
    assert restore(third, tmp_path, rck.RCK_RESTORE_DOUBT)[0] == "RCK_OK"
    assert hash_of(other) == hash_of(engine) != hash_of(third)


@DISCIPLINES
def test_a_replay_goes_on_behind_a_snapshot(session: host.Session, tmp_path: Path, discipline: int) -> None:
    journal, snapshot = tmp_path / "journal", tmp_path / "snapshot"
    journal.mkdir()
    snapshot.mkdir()
    engine, port = worked(session, discipline=discipline)
    reader = journal_of(session, engine, journal)
    assert write(engine, snapshot)[0] == "RCK_OK"
    for id in range(20, 25):
        desk.check(port, desk.order(id, 9, 1000))
    limits.set_limit(engine, limits.limit(hard=400))
    limits.publish(engine)
    pump(reader)
    other = made(session, discipline=discipline, clock_source=rck.RCK_CLOCK_HOST)
    assert restore(other, snapshot)[0] == "RCK_OK"
    status, info = replay(other, journal)
    assert (status, info.differing, info.checks, info.lost) == ("RCK_OK", 0, 5, 0)
    assert hash_of(other) == hash_of(engine)
    assert replay(other, journal)[0] == "RCK_E_IN_USE"


def test_only_the_journal_of_its_region_goes_on_behind_a_snapshot(
    session: host.Session, tmp_path: Path
) -> None:
    journal, snapshot, configuration = (tmp_path / name for name in ("journal", "snapshot", "configuration"))
    for directory in (journal, snapshot, configuration):
        directory.mkdir()
    engine, _ = worked(session)
    assert write(engine, snapshot)[0] == "RCK_OK"
    assert write(engine, configuration, CONFIGURATION)[0] == "RCK_OK"
    third, _ = worked(session)
    pump(journal_of(session, third, journal))
    other = made(session, clock_source=rck.RCK_CLOCK_HOST)
    assert restore(other, snapshot)[0] == "RCK_OK"
    before = hash_of(other)
    assert replay(other, journal)[0] == "RCK_E_JOURNAL_OTHER"
    assert replay(other, configuration)[0] == "RCK_E_IN_USE"
    assert hash_of(other) == before


def test_records_that_were_lost_before_a_snapshot_are_no_hindrance(
    session: host.Session, tmp_path: Path
) -> None:
    """The engine's own ring had no room, and has not said so yet."""
    journal, snapshot = tmp_path / "journal", tmp_path / "snapshot"
    journal.mkdir()
    snapshot.mkdir()
    engine, port = worked(session, ring_lines=64)
    for hard in range(499, 450, -1):
        limits.set_limit(engine, limits.limit(hard=hard))
    limits.publish(engine)
    reader = journal_of(session, engine, journal)
    pump(reader)
    assert write(engine, snapshot)[0] == "RCK_OK"
    desk.check(port, desk.order(20, 9, 1000))
    limits.set_limit(engine, limits.limit(hard=400))
    limits.publish(engine)
    pump(reader)
    other = made(session, ring_lines=64, clock_source=rck.RCK_CLOCK_HOST)
    assert restore(other, snapshot)[0] == "RCK_OK"
    status, info = replay(other, journal)
    assert (status, info.differing, info.checks) == ("RCK_OK", 0, 1)
    assert hash_of(other) == hash_of(engine)


@DISCIPLINES
def test_a_configuration_is_made_anew(session: host.Session, tmp_path: Path, discipline: int) -> None:
    engine = made(session, discipline=discipline)
    desk.define(engine)
    limits.set_limit(engine, limits.limit(hard=500))
    limits.publish(engine)
    status, info = write(engine, tmp_path, CONFIGURATION)
    assert status == "RCK_OK" and info.records > 4
    other = made(session, discipline=discipline, orders_max=128, flags=0)
    status, told = replay(other, tmp_path)
    assert (status, told.differing, told.records) == ("RCK_OK", 0, info.records)
    assert hash_of(other) == hash_of(engine)
    assert restore(made(session, discipline=discipline), tmp_path)[0] == "RCK_E_UNSUPPORTED"


def test_the_configuration_of_an_earlier_version_is_read(session: host.Session) -> None:
    """The file was written by 0.5.0 and stays as it is."""
    engine = made(session, flags=0)
    status, told = replay(engine, Path(__file__).parent / "configuration")
    assert (status, told.differing, told.records) == ("RCK_OK", 0, 10)
    account = sized(rck.Account)
    assert lib.rck_account_get(engine, 2, byref(account)) == rck.RCK_OK and account.name == b"account 2"
    (limit,) = limits.armed(engine)
    assert (limit.hard, limit.actor, limit.reason) == (500, 7, b"agreed")


def test_what_has_no_room_in_another_engine_ends_a_configuration(
    session: host.Session, tmp_path: Path
) -> None:
    engine = made(session)
    desk.define(engine)
    assert write(engine, tmp_path, CONFIGURATION)[0] == "RCK_OK"
    assert replay(made(session, instruments_max=1), tmp_path)[0] == "RCK_E_RANGE"


def test_what_may_not_be(session: host.Session, tmp_path: Path) -> None:
    engine, _ = worked(session)
    assert write(engine, tmp_path / "absent")[0] == "RCK_E_NO_FILE"
    assert write(engine, tmp_path, 3)[0] == "RCK_E_RANGE"
    assert restore(made(session), tmp_path)[0] == "RCK_E_NO_JOURNAL"
    assert write(engine, tmp_path)[0] == "RCK_OK"
    assert write(engine, tmp_path)[0] == "RCK_E_IN_USE"
    assert restore(engine, tmp_path)[0] == "RCK_E_IN_USE"
    assert restore(made(session, orders_max=128), tmp_path)[0] == "RCK_E_CONFIG_DIFFERS"
    assert restore(made(session), tmp_path, 2)[0] == "RCK_E_FLAGS"
    assert replay(made(session, clock_source=rck.RCK_CLOCK_HOST), tmp_path)[0] == "RCK_E_UNSUPPORTED"


def test_one_that_is_damaged_or_not_finished_changes_nothing(session: host.Session, tmp_path: Path) -> None:
    engine, _ = worked(session)
    assert write(engine, tmp_path)[0] == "RCK_OK"
    (file,) = tmp_path.iterdir()
    whole, other = file.read_bytes(), made(session)
    before = hash_of(other)
    for at in (4096, 4200, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert restore(other, tmp_path)[0] == "RCK_E_DAMAGED", at
    file.write_bytes(whole[:-64])
    assert restore(other, tmp_path)[0] == "RCK_E_DAMAGED"
    file.write_bytes(whole)
    file.rename(file.with_suffix(".open"))
    assert restore(other, tmp_path)[0] == "RCK_E_UNFINISHED"
    assert hash_of(other) == before
    file.with_suffix(".open").rename(file)
    assert restore(other, tmp_path)[0] == "RCK_OK"


@pytest.mark.parametrize("content", [STATE, CONFIGURATION])
@pytest.mark.parametrize("most", [0, 100, 4096, 5000])
def test_one_that_cannot_be_written_leaves_nothing_and_ports_go_on(
    session: host.Session, tmp_path: Path, content: int, most: int
) -> None:
    engine, port = worked(session)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limit[1]))
    try:
        status, _ = write(engine, tmp_path, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert status in {"RCK_E_SYSTEM", "RCK_E_NO_SPACE"} and not list(tmp_path.iterdir())
    assert desk.check(port, desk.order(20, 1, 1000))[0] == "RCK_OK"
    assert write(engine, tmp_path, content)[0] == "RCK_OK"


def test_a_port_that_trades_meanwhile_is_turned_away_or_is_in_it(
    session: host.Session, tmp_path: Path
) -> None:
    engine, port = worked(session, discipline=rck.RCK_MANY_WRITERS)
    answers: set[str] = set()
    stop = threading.Event()

    def trade() -> None:
        verdict, id = rck.Verdict(), 1000
        while not stop.is_set():
            id += 1
            order = desk.order(id, 1, 1000)
            status = lib.rck_check(port, byref(order), byref(verdict))
            answers.add(name_of(status))
            if status == rck.RCK_OK:
                lib.rck_release(port, verdict.token, 0, 1, 0, byref(verdict))

    trader = threading.Thread(target=trade)
    trader.start()
    try:
        for number in range(20):
            directory = tmp_path / str(number)
            directory.mkdir()
            status, info = write(engine, directory)
            while status == "RCK_E_BUSY":  # the machine has stopped the trader in the midst of a call
                status, info = write(engine, directory)
            other = made(session, discipline=rck.RCK_MANY_WRITERS)
            assert status == "RCK_OK" and restore(other, directory)[0] == "RCK_OK"
            assert hash_of(other) == (info.hash[0], info.hash[1])
            assert lib.rck_engine_close(other) == rck.RCK_OK
    finally:
        stop.set()
        trader.join()
    assert "RCK_OK" in answers and not {a for a in answers if a.startswith("RCK_E")} - {"RCK_E_BUSY"}
