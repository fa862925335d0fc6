"""Calls that must be refused, each with its own status, and change nothing."""

import ctypes
import os
from collections.abc import Callable
from ctypes import byref, sizeof
from pathlib import Path

import riskcheck.abi as rck
from checks import Checks
from riskcheck.abi import lib
from session import (
    Answer,
    Session,
    annotate,
    close_journal,
    config,
    journal_config,
    name_of,
    open_journal,
    pump,
    sized,
    verify,
)

Case = tuple[str, str, Callable[[], Answer]]


def given(port: rck.PortHandle | None, folder: bytes | None, settings: rck.JournalConfig | None) -> Answer:
    fault = rck.Fault()
    pointer = byref(settings) if settings else None
    return Answer(name_of(lib.rck_journal_open(port, folder, pointer, byref(fault))), fault)


def opening(port: rck.PortHandle, place: Path) -> list[Case]:
    """Arguments of rck_journal_open."""
    folder = os.fsencode(place)
    file = place.parent / "file"
    file.write_bytes(b"")

    def changed(**fields: int) -> Callable[[], Answer]:
        return lambda: given(port, folder, journal_config(**fields))

    return [
        ("no port", "RCK_E_HANDLE", lambda: given(None, folder, journal_config())),
        ("no directory", "RCK_E_NULL", lambda: given(port, None, journal_config())),
        ("no configuration", "RCK_E_NULL", lambda: given(port, folder, None)),
        ("a short configuration", "RCK_E_STRUCT_SIZE", changed(struct_size=sizeof(rck.JournalConfig) - 8)),
        ("another policy", "RCK_E_RANGE", changed(sync=3)),
        ("no interval", "RCK_E_RANGE", changed(sync=rck.RCK_SYNC_INTERVAL)),
        ("a negative interval", "RCK_E_RANGE", changed(sync=rck.RCK_SYNC_INTERVAL, sync_interval_ns=-1)),
        ("an interval that says nothing", "RCK_E_RANGE", changed(sync_interval_ns=1)),
        ("small segments", "RCK_E_RANGE", changed(segment_bytes=65_535)),
        ("large segments", "RCK_E_RANGE", changed(segment_bytes=(1 << 40) + 1)),
        ("a negative age", "RCK_E_RANGE", changed(segment_ns=-1)),
        ("a directory that is not there", "RCK_E_NO_FILE", lambda: open_journal(port, place / "none")),
        ("a file", "RCK_E_NO_FILE", lambda: open_journal(port, file)),
        ("a path too long", "RCK_E_SYSTEM", lambda: open_journal(port, "x" * 5000)),
    ]


def without(port: rck.PortHandle) -> list[Case]:
    """Calls on a port that has no journal."""

    def short_info() -> Answer:
        fault, info = rck.Fault(), sized(rck.PumpInfo, struct_size=8)
        return Answer(name_of(lib.rck_journal_pump(port, byref(info), byref(fault))), fault)

    return [
        ("pump, no port", "RCK_E_HANDLE", lambda: pump(None)),
        ("pump, no journal", "RCK_E_UNKNOWN", lambda: pump(port)),
        ("pump, a short struct", "RCK_E_STRUCT_SIZE", short_info),
        ("close, no port", "RCK_E_HANDLE", lambda: close_journal(None)),
        ("close, no journal", "RCK_E_UNKNOWN", lambda: close_journal(port)),
    ]


def read(folder: Path | None, lines: bool = True, count: bool = True, **fields: object) -> Answer:
    fault, cursor = rck.Fault(), sized(rck.JournalCursor, **fields)
    page, found = (rck.Event * rck.RCK_JOURNAL_BLOCK_LINES)(), ctypes.c_uint32(77)
    path = os.fsencode(folder) if folder else None
    status = lib.rck_journal_read(
        path, byref(cursor), page if lines else None, byref(found) if count else None, byref(fault)
    )
    return Answer(name_of(status), fault, found.value)


def reading(whole: Path, empty: Path) -> list[Case]:
    """Arguments of who reads."""

    def verified(folder: Path | None, size: int = sizeof(rck.VerifyInfo)) -> Answer:
        fault, info = rck.Fault(), sized(rck.VerifyInfo, struct_size=size)
        path = os.fsencode(folder) if folder else None
        return Answer(name_of(lib.rck_verify(path, byref(info), byref(fault))), fault)

    def asked(folder: Path | None, size: int = sizeof(rck.Config)) -> Answer:
        fault, found = rck.Fault(), sized(rck.Config, struct_size=size)
        path = os.fsencode(folder) if folder else None
        return Answer(name_of(lib.rck_journal_config_get(path, byref(found), byref(fault))), fault)

    return [
        ("read, no directory", "RCK_E_NULL", lambda: read(None)),
        ("read, no lines", "RCK_E_NULL", lambda: read(whole, lines=False)),
        ("read, no count", "RCK_E_NULL", lambda: read(whole, count=False)),
        ("read, a short cursor", "RCK_E_STRUCT_SIZE", lambda: read(whole, struct_size=16)),
        ("read, a cursor of another version", "RCK_E_RESERVED", lambda: read(whole, reserved=[0, 1])),
        ("read, nothing there", "RCK_E_NO_JOURNAL", lambda: read(empty)),
        ("read, no such directory", "RCK_E_NO_FILE", lambda: read(empty / "none")),
        ("read, no such segment", "RCK_E_NO_JOURNAL", lambda: read(whole, segment=7)),
        ("read, a segment that cannot be", "RCK_E_NO_JOURNAL", lambda: read(whole, segment=(1 << 64) - 1)),
        ("read, another block", "RCK_E_DAMAGED", lambda: read(whole, offset=4096, segment=1, block=2)),
        (
            "read, another chain",
            "RCK_E_DAMAGED",
            lambda: read(whole, offset=4096, segment=1, block=1, chain=1),
        ),
        ("verify, no directory", "RCK_E_NULL", lambda: verified(None)),
        ("verify, a short struct", "RCK_E_STRUCT_SIZE", lambda: verified(whole, 16)),
        ("verify, nothing there", "RCK_E_NO_JOURNAL", lambda: verify(empty)),
        ("verify, no such directory", "RCK_E_NO_FILE", lambda: verify(empty / "none")),
        ("configuration, no directory", "RCK_E_NULL", lambda: asked(None)),
        ("configuration, a short struct", "RCK_E_STRUCT_SIZE", lambda: asked(whole, 16)),
        ("configuration, nothing there", "RCK_E_NO_JOURNAL", lambda: asked(empty)),
        ("configuration, no such directory", "RCK_E_NO_FILE", lambda: asked(empty / "none")),
    ]


def tried(checks: Checks, cases: list[Case], unchanged: Callable[[], object]) -> None:
    for what, wanted, call in cases:
        before = unchanged()
        answer = call()
        held = answer.status == wanted and answer.fault.status == getattr(rck, wanted)
        checks.check(f"{what}: {wanted}", held and unchanged() == before, str(answer))


def far_cursors(checks: Checks, whole: Path) -> None:
    """Cursors that lie: a typed status or the end, and nothing worse."""
    wrong = []
    for offset in (1, 63, 4095, 4097, 1 << 20, 1 << 62, 1 << 63, (1 << 64) - 1):
        for block in (0, 1, (1 << 64) - 1):
            answer = read(whole, segment=1, offset=offset, block=block)
            if not answer.status.startswith("RCK_") or (answer.status == "RCK_OK" and answer.info):
                wrong.append(f"{offset}, {block}: {answer}")
    checks.absent("read, cursors that lie give a typed status, or no record", "\n".join(wrong))


def rights(checks: Checks, place: Path) -> None:
    """Ports that may not journal."""
    shared = rck.RCK_SHARED | rck.RCK_TELL_COMMANDS
    region, folder = place / "shared", place / "rights"
    folder.mkdir()
    with Session() as session:
        engine = session.open(region, config(flags=shared | rck.RCK_CONSUMER_OUTSIDE))
        for what, wanted, port in (
            ("a port that writes", "RCK_E_RANGE", session.port(engine, 1)),
            ("an owner whose events are read outside", "RCK_E_NOT_CONSUMER", session.port(engine, 0)),
            (
                "a reader outside",
                "RCK_E_READ_ONLY",
                session.port(session.attach(region, rck.RCK_ATTACH_READER), 0),
            ),
        ):
            answer = open_journal(port, folder)
            checks.check(f"{what}: {wanted}", answer.status == wanted, str(answer))
        outside = session.port(session.attach(region, rck.RCK_ATTACH_CONSUMER), 0)
        checks.check("a consumer outside may", open_journal(outside, folder).status == "RCK_OK")
        answer = open_journal(outside, folder)
        checks.check("a port that has a journal: RCK_E_IN_USE", answer.status == "RCK_E_IN_USE", str(answer))
        checks.check(
            "no port that may not has left a file", sorted(os.listdir(folder)) == ["0000000001.open"]
        )


def check(checks: Checks, place: Path) -> None:
    """Everything of this file, in a folder of its own."""
    empty, whole = place / "empty", place / "whole"
    empty.mkdir()
    whole.mkdir()
    with Session() as session:
        engine = session.create()
        reader, writer = session.port(engine, 0), session.port(engine, 1)
        tried(checks, [*opening(reader, empty), *without(reader)], lambda: os.listdir(empty))
        rck.check(lib.rck_journal_open(reader, os.fsencode(whole), byref(journal_config()), None))
        annotate(writer, 10)
        rck.check(lib.rck_journal_pump(reader, None, None))
        tried(checks, reading(whole, empty), lambda: sorted(os.listdir(whole)))
        far_cursors(checks, whole)
        closed = session.port(engine, 2)
        rck.check(lib.rck_port_close(closed))
        answer = given(closed, os.fsencode(empty), journal_config())
        checks.check("a closed port: RCK_E_HANDLE", answer.status == "RCK_E_HANDLE", str(answer))
    rights(checks, place)
