"""Where a region lies: memory of the caller or of the library, never a byte outside."""

import ctypes
from ctypes import byref

import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from host import name_of
from riskcheck.abi import lib


class Memory:
    """Memory of the caller: `bytes` at an aligned address, filled with ones, watched at both ends."""

    GUARD = 256

    def __init__(self, bytes_: int, offset: int = 0) -> None:
        self.bytes = bytes_
        self.buffer = ctypes.create_string_buffer(
            b"\xff" * (bytes_ + 3 * self.GUARD), bytes_ + 3 * self.GUARD
        )
        start = ctypes.addressof(self.buffer)
        self.front = self.GUARD + -start % 64 + offset
        self.address = start + self.front

    def is_whole_outside(self) -> bool:
        raw = self.buffer.raw
        return set(raw[: self.front] + raw[self.front + self.bytes :]) == {0xFF}


def create_in(memory: int, bytes_: int, settings: rck.Config) -> tuple[int, rck.EngineHandle, rck.Fault]:
    engine, fault = rck.EngineHandle(), rck.Fault()
    status = lib.rck_engine_create(byref(settings), memory, bytes_, byref(engine), byref(fault))
    return status, engine, fault


def test_an_engine_opens_in_caller_memory_of_exactly_region_bytes_and_writes_nothing_outside() -> None:
    settings = host.config()
    memory = Memory(host.region_bytes(settings))
    status, engine, fault = create_in(memory.address, memory.bytes, settings)
    rck.check(status, fault)
    defs.define(engine, *(make() for make in defs.MAKERS.values()))
    port = rck.PortHandle()
    rck.check(lib.rck_port_open(engine, 6, rck.RCK_PORT_WRITER, byref(port), None))
    for number in range(1, 200):
        host.write(port, host.event(time_ns=number))
        host.read(port, 6)
    assert host.health(engine).region_bytes == memory.bytes
    rck.check(lib.rck_port_close(port))
    rck.check(lib.rck_engine_close(engine))
    assert memory.is_whole_outside()


def test_caller_memory_is_given_back_and_can_be_used_again() -> None:
    settings = host.config()
    memory = Memory(host.region_bytes(settings))
    for _ in range(3):
        status, engine, fault = create_in(memory.address, memory.bytes, settings)
        rck.check(status, fault)
        assert defs.fetch(engine, "currency", 1)[0] == rck.RCK_E_UNKNOWN
        defs.define(engine, defs.currency())
        rck.check(lib.rck_engine_close(engine))
        ctypes.memset(memory.address, 0xFF, memory.bytes)


def test_caller_memory_one_byte_short_is_too_small_and_stays_as_it_was() -> None:
    settings = host.config()
    needed = host.region_bytes(settings)
    memory = Memory(needed)
    for given in (needed - 1, 64, 1, 0):
        status, engine, fault = create_in(memory.address, given, settings)
        assert name_of(status) == "RCK_E_TOO_SMALL"
        assert engine.value is None
        assert (fault.field, fault.value, fault.minimum) == (b"memory_bytes", given, needed)
    assert set(memory.buffer.raw) == {0xFF}


@pytest.mark.parametrize("offset", [1, 8, 16, 32, 63])
def test_misaligned_caller_memory_is_refused(offset: int) -> None:
    settings = host.config()
    memory = Memory(host.region_bytes(settings), offset)
    status, engine, fault = create_in(memory.address, memory.bytes, settings)
    assert name_of(status) == "RCK_E_ALIGNMENT"
    assert engine.value is None and fault.status == status
    assert set(memory.buffer.raw) == {0xFF}


def test_memory_that_wraps_round_the_address_space_is_refused() -> None:
    status, engine, _ = create_in(2**64 - 64, 2**63, host.config())
    assert status < 0 and engine.value is None


def test_library_memory_takes_no_size() -> None:
    status, engine, fault = create_in(0, 4096, host.config())
    assert name_of(status) == "RCK_E_RANGE"
    assert engine.value is None and fault.field == b"memory_bytes"


def test_memory_in_use_by_another_engine_is_refused_and_the_other_goes_on() -> None:
    settings = host.config()
    needed = host.region_bytes(settings)
    memory = Memory(3 * needed + 128)
    middle = memory.address + (needed + 63) // 64 * 64
    status, first, fault = create_in(middle, needed, settings)
    rck.check(status, fault)
    defs.define(first, defs.currency())
    for start in (
        middle,
        middle - 64,
        middle + 64,
        middle - needed // 64 * 64 + 64,
        middle + needed // 64 * 64 - 64,
    ):
        status, engine, _ = create_in(start, needed, settings)
        assert name_of(status) == "RCK_E_OVERLAP", start - middle
        assert engine.value is None
    status, behind, fault = create_in(middle + (needed + 63) // 64 * 64, needed, settings)
    rck.check(status, fault)
    assert defs.fetch(first, "currency", 1)[0] == rck.RCK_OK
    rck.check(lib.rck_engine_close(behind))
    rck.check(lib.rck_engine_close(first))


@pytest.mark.parametrize(
    "flags", [0, rck.RCK_PREFAULT, rck.RCK_HUGE_PAGES, rck.RCK_PREFAULT | rck.RCK_HUGE_PAGES]
)
def test_private_memory_opens_under_every_paging_flag(session: host.Session, flags: int) -> None:
    engine = session.create(host.config(flags=flags, orders_max=4096))
    defs.define(engine, defs.currency())
    assert host.health(engine).state == rck.RCK_HEALTH_RUNNING


def test_region_bytes_is_what_health_reports(session: host.Session) -> None:
    for settings in (host.config(), host.config(ring_lines=1024), host.config(accounts_max=1000)):
        engine = session.create(settings)
        assert host.health(engine).region_bytes == host.region_bytes(settings)
