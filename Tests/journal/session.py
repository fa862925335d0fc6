"""Engines, ports and journals from Python, as the journal's tests use them. RISKCHECK_LIBRARY names the library. It
asserts that calls pass where it says so, and holds no expectations of its own.
"""

import ctypes
import os
from collections.abc import Iterator
from ctypes import byref, sizeof
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import riskcheck.abi as rck
from riskcheck.abi import lib

Struct = TypeVar("Struct", bound=ctypes.Structure)
LINE = sizeof(rck.Event)
Page = ctypes.Array[rck.Event]

SMALL = {
    "currencies_max": 2,
    "groups_max": 8,
    "accounts_max": 4,
    "strategies_max": 4,
    "instruments_max": 4,
    "positions_max": 64,
    "orders_max": 64,
    "retired_ids_max": 64,
    "limits_max": 32,
    "ports_max": 4,
    "ring_lines": 1024,
    "violations_max": 8,
    "history_max": 8,
    "rate_exact_max": 16,
    "windows_max": 16,
    "duplicates_max": 8,
    "ladder_levels_max": 4,
    "price_history_max": 8,
    "order_history_max": 8,
    "leases_max": 8,
    "executions_max": 64,
}


def name_of(status: int) -> str:
    return rck.STATUS_NAMES.get(status, str(status))


def sized(struct: type[Struct], **fields: Any) -> Struct:
    """A struct with its struct_size set, and the fields given."""
    made: Any = struct()
    if hasattr(made, "struct_size"):
        made.struct_size = sizeof(struct)
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            getattr(made, name)[:] = value
        else:
            setattr(made, name, value)
    return made  # type: ignore[no-any-return]


def config(**changes: int) -> rck.Config:
    """A small region whose commands are told, with the host's clock."""
    made = rck.Config()
    rck.check(lib.rck_config_init(byref(made), sizeof(made)))
    made.flags = rck.RCK_TELL_COMMANDS | rck.RCK_TELL_MARKET
    made.clock_source = rck.RCK_CLOCK_HOST
    for name, value in {**SMALL, **changes}.items():
        setattr(made, name, value)
    return made


def journal_config(**changes: int) -> rck.JournalConfig:
    return sized(rck.JournalConfig, **{"segment_bytes": 65_536, **changes})


@dataclass
class Answer:
    """What a cold call said."""

    status: str
    fault: rck.Fault
    info: Any = None

    def __str__(self) -> str:
        words = f"{self.fault.record.decode()}.{self.fault.field.decode()}"
        return f"{self.status} errno {self.fault.system_error} of {words}"


def open_journal(port: rck.PortHandle | None, folder: Path | str, **changes: int) -> Answer:
    fault, given = rck.Fault(), journal_config(**changes)
    return Answer(name_of(lib.rck_journal_open(port, os.fsencode(folder), byref(given), byref(fault))), fault)


def pump(port: rck.PortHandle | None) -> Answer:
    fault, info = rck.Fault(), sized(rck.PumpInfo)
    status = lib.rck_journal_pump(port, byref(info), byref(fault))
    return Answer(name_of(status), fault, info)


def close_journal(port: rck.PortHandle | None) -> Answer:
    fault = rck.Fault()
    return Answer(name_of(lib.rck_journal_close(port, byref(fault))), fault)


def verify(folder: Path | str) -> Answer:
    fault, info = rck.Fault(), sized(rck.VerifyInfo)
    return Answer(name_of(lib.rck_verify(os.fsencode(folder), byref(info), byref(fault))), fault, info)


def region_config(folder: Path | str) -> Answer:
    fault, found = rck.Fault(), sized(rck.Config)
    status = lib.rck_journal_config_get(os.fsencode(folder), byref(found), byref(fault))
    return Answer(name_of(status), fault, found)


def blocks(folder: Path | str) -> Iterator[bytes]:
    """The lines of each block. Raises where the journal is damaged."""
    cursor, count = sized(rck.JournalCursor), ctypes.c_uint32(1)
    page, fault = (rck.Event * rck.RCK_JOURNAL_BLOCK_LINES)(), rck.Fault()
    while count.value:
        status = lib.rck_journal_read(os.fsencode(folder), byref(cursor), page, byref(count), byref(fault))
        rck.check(status, fault)
        if count.value:
            yield bytes(page)[: count.value * LINE]


def records(folder: Path | str) -> Iterator[tuple[rck.Event, bytes]]:
    """The first line of each record, and what follows it."""
    for block in blocks(folder):
        at = 0
        while at < len(block):
            event = rck.Event.from_buffer_copy(block, at)
            assert event.lines
            end = at + event.lines * LINE
            yield event, block[at + LINE : end]
            at = end


def sequences(folder: Path | str) -> dict[int, list[int]]:
    """Of each port the sequences of its records, in order."""
    found: dict[int, list[int]] = {}
    for event, _ in records(folder):
        found.setdefault(event.port, []).append(event.sequence)
    return found


@dataclass
class Session:
    """Engines and ports of one test, closed at its end."""

    engines: list[rck.EngineHandle] = field(default_factory=list)
    ports: list[rck.PortHandle] = field(default_factory=list)

    def create(self, settings: rck.Config | None = None) -> rck.EngineHandle:
        engine, fault = rck.EngineHandle(), rck.Fault()
        given = settings or config()
        rck.check(lib.rck_engine_create(byref(given), None, 0, byref(engine), byref(fault)), fault)
        self.engines.append(engine)
        return engine

    def open(self, path: Path, settings: rck.Config | None = None) -> rck.EngineHandle:
        engine, fault = rck.EngineHandle(), rck.Fault()
        given = byref(settings or config())
        rck.check(lib.rck_engine_open(given, os.fsencode(path), byref(engine), byref(fault)), fault)
        self.engines.append(engine)
        return engine

    def attach(self, path: Path, mode: int) -> rck.EngineHandle:
        engine, fault = rck.EngineHandle(), rck.Fault()
        rck.check(lib.rck_engine_attach(os.fsencode(path), mode, byref(engine), byref(fault)), fault)
        self.engines.append(engine)
        return engine

    def port(self, engine: rck.EngineHandle, index: int = 1) -> rck.PortHandle:
        """A writing port, or with index 0 a reading one."""
        port, fault = rck.PortHandle(), rck.Fault()
        mode = rck.RCK_PORT_WRITER if index else rck.RCK_PORT_READER
        rck.check(lib.rck_port_open(engine, index, mode, byref(port), byref(fault)), fault)
        self.ports.append(port)
        return port

    def close(self) -> None:
        for port in self.ports:
            lib.rck_port_close(port)
        for engine in self.engines:
            lib.rck_engine_close(engine)
        self.ports, self.engines = [], []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def annotate(port: rck.PortHandle, count: int, first: int = 1, time_ns: int = 1) -> None:
    """Annotations numbered from `first` on."""
    for number in range(first, first + count):
        event = sized(
            rck.Event, kind=rck.RCK_EVENT_HOST, time_ns=time_ns, subject=number, values=[number, -number]
        )
        rck.check(lib.rck_event_write(port, byref(event), 1))


def stats(engine: rck.EngineHandle, index: int) -> rck.Stats:
    found = sized(rck.Stats)
    rck.check(lib.rck_stats_read(engine, index, byref(found)))
    return found


def missing(engine: rck.EngineHandle, folder: Path | str, ports: tuple[int, ...] = (0, 1)) -> str:
    """What a journal lacks of all that was written, or has twice; empty if nothing."""
    there = sequences(folder)
    for index in ports:
        written = stats(engine, index).events_written
        if there.get(index, []) != list(range(1, written + 1)):
            return f"port {index} has written {written}, there are {len(there.get(index, []))}"
    return ""
