"""What the host tests share: configurations, records with sensible fields, calls that must succeed, and
children that are steered through pipes. It asserts; it holds no expectations of its own.
"""

import ctypes
import os
from ctypes import byref, sizeof
from pathlib import Path
from typing import Any, Self, TypeVar

import riskcheck.abi as rck
from riskcheck.abi import lib

Struct = TypeVar("Struct", bound=ctypes.Structure)

HERE = Path(__file__).resolve().parent


# Small, so that a test can fill everything, and different, so that no two can be taken for each other.
SMALL = {
    "currencies_max": 3,
    "groups_max": 12,
    "accounts_max": 5,
    "strategies_max": 4,
    "instruments_max": 7,
    "positions_max": 35,
    "orders_max": 32,
    "retired_ids_max": 16,
    "limits_max": 16,
    "ports_max": 6,
    "ring_lines": 64,
    "violations_max": 8,
    "history_max": 8,
    "rate_exact_max": 8,
    "windows_max": 8,
    "duplicates_max": 8,
    "ladder_levels_max": 4,
    "price_history_max": 4,
    "order_history_max": 4,
    "leases_max": 4,
    "executions_max": 8,
}


def name_of(status: int) -> str:
    """For comparison: a failure then shows names and not numbers."""
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


def as_dict(struct: ctypes.Structure) -> dict[str, Any]:
    """Every field by name; arrays as lists."""
    found = {}
    for name in (field[0] for field in struct._fields_):
        value = getattr(struct, name)
        found[name] = list(value) if isinstance(value, ctypes.Array) else value
    return found


def config(**changes: int) -> rck.Config:
    """The small configuration, not pre-faulted, with the host's clock unless a test says otherwise."""
    made = rck.Config()
    rck.check(lib.rck_config_init(byref(made), sizeof(made)))
    made.flags = 0
    made.clock_source = rck.RCK_CLOCK_HOST
    for name, value in {**SMALL, **changes}.items():
        setattr(made, name, value)
    return made


def region_bytes(settings: rck.Config) -> int:
    found, fault = ctypes.c_uint64(), rck.Fault()
    rck.check(lib.rck_region_bytes(byref(settings), byref(found), byref(fault)), fault)
    return found.value


class Session:
    """Engines and ports of one test."""

    def __init__(self) -> None:
        self.engines: list[rck.EngineHandle] = []
        self.ports: list[rck.PortHandle] = []

    def create(self, settings: rck.Config | None = None) -> rck.EngineHandle:
        engine, fault = rck.EngineHandle(), rck.Fault()
        settings = settings or config()
        status = lib.rck_engine_create(byref(settings), None, 0, byref(engine), byref(fault))
        rck.check(status, fault)
        self.engines.append(engine)
        return engine

    def open(self, path: Path, settings: rck.Config | None = None) -> rck.EngineHandle:
        engine, fault = rck.EngineHandle(), rck.Fault()
        given = byref(settings) if settings else None
        rck.check(lib.rck_engine_open(given, os.fsencode(path), byref(engine), byref(fault)), fault)
        self.engines.append(engine)
        return engine

    def attach(self, path: Path, mode: int = rck.RCK_ATTACH_READER) -> rck.EngineHandle:
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Whatever is closed already gives RCK_E_HANDLE, which is all right."""
        for port in self.ports:
            assert lib.rck_port_close(port) in (rck.RCK_OK, rck.RCK_E_HANDLE)
        for engine in self.engines:
            assert lib.rck_engine_close(engine) in (rck.RCK_OK, rck.RCK_E_HANDLE)


def open_status(path: Path | bytes, settings: rck.Config | None = None) -> tuple[int, rck.Fault]:
    """Status and fault of an open that should fail; an engine that came out all the same is closed."""
    engine, fault = rck.EngineHandle(), rck.Fault()
    given = byref(settings) if settings else None
    status = lib.rck_engine_open(given, os.fsencode(path), byref(engine), byref(fault))
    if status == rck.RCK_OK:
        rck.check(lib.rck_engine_close(engine))
    else:
        assert engine.value is None, "a refused call stored a handle"
    return status, fault


def attach_status(path: Path | bytes, mode: int = rck.RCK_ATTACH_READER) -> tuple[int, rck.Fault]:
    engine, fault = rck.EngineHandle(), rck.Fault()
    status = lib.rck_engine_attach(os.fsencode(path), mode, byref(engine), byref(fault))
    if status == rck.RCK_OK:
        rck.check(lib.rck_engine_close(engine))
    else:
        assert engine.value is None, "a refused call stored a handle"
    return status, fault


def event(**fields: Any) -> rck.Event:
    return sized(rck.Event, **{"kind": rck.RCK_EVENT_HOST, "time_ns": 1, **fields})


def write(port: rck.PortHandle, *events: rck.Event) -> int:
    return int(lib.rck_event_write(port, (rck.Event * len(events))(*events), len(events)))


def read(port: rck.PortHandle, source: int, capacity: int = 4096) -> list[rck.Event]:
    lines, count = (rck.Event * capacity)(), ctypes.c_uint32()
    rck.check(lib.rck_events_read(port, source, lines, capacity, byref(count)))
    return list(lines[: count.value])


def read_status(port: rck.PortHandle, source: int) -> int:
    lines, count = (rck.Event * 8)(), ctypes.c_uint32()
    return int(lib.rck_events_read(port, source, lines, 8, byref(count)))


def stats(engine: rck.EngineHandle, index: int = 1) -> rck.Stats:
    found = sized(rck.Stats)
    rck.check(lib.rck_stats_read(engine, index, byref(found)))
    return found


def health(engine: rck.EngineHandle) -> rck.HealthInfo:
    found = sized(rck.HealthInfo)
    rck.check(lib.rck_health(engine, byref(found)))
    return found


def config_of(engine: rck.EngineHandle) -> rck.Config:
    found = sized(rck.Config)
    rck.check(lib.rck_config_get(engine, byref(found)))
    return found


def refuse_write(engine: rck.EngineHandle, port: rck.PortHandle, expected: str, *events: rck.Event) -> None:
    """It is refused, and the ring is as it was."""
    before = stats(engine)
    assert name_of(write(port, *events)) == expected
    after = stats(engine)
    for name in ("events_written", "ring_lines_used", "ring_lines_used_max", "time_ns", "events_lost"):
        assert getattr(after, name) == getattr(before, name), name
