"""Engines and ports from their making to their close: memory, who may open what, and independence."""

import ctypes
import resource
import subprocess
import sys
import threading
from ctypes import byref
from pathlib import Path

import pytest

import child
import definitions as defs
import host
import riskcheck.abi as rck
from host import name_of
from riskcheck.abi import lib


def test_config_get_gives_the_configuration_that_was_given(session: host.Session) -> None:
    settings = host.config(money_decimals=7, clock_back_ns_max=5, mark_age_ns_max=9)
    assert host.as_dict(host.config_of(session.create(settings))) == host.as_dict(settings)


def test_defaults_are_the_documented_ones() -> None:
    settings = rck.Config()
    rck.check(lib.rck_config_init(byref(settings), ctypes.sizeof(settings)))
    found = host.as_dict(settings)
    expected = {
        "struct_size": ctypes.sizeof(settings),
        "flags": rck.RCK_PREFAULT,
        "discipline": rck.RCK_MANY_WRITERS,
        "clock_source": rck.RCK_CLOCK_REALTIME,
        "accounts_max": 64,
        "instruments_max": 1024,
        "strategies_max": 64,
        "orders_max": 65536,
        "ports_max": 8,
        "reserved": 0,
    }
    assert {name: found[name] for name in expected} == expected
    assert host.region_bytes(settings) > 0


def test_close_with_open_ports_is_busy_and_changes_nothing(session: host.Session) -> None:
    engine = session.create()
    writer, reader = session.port(engine, 1), session.port(engine, 0)
    for port in (writer, reader):
        assert name_of(lib.rck_engine_close(engine)) == "RCK_E_BUSY"
        assert host.write(writer, host.event()) == rck.RCK_OK or port is reader
        rck.check(lib.rck_port_close(port))
    assert lib.rck_engine_close(engine) == rck.RCK_OK
    assert name_of(lib.rck_engine_close(engine)) == "RCK_E_HANDLE"


def test_two_engines_know_nothing_of_each_other(session: host.Session) -> None:
    one, two = session.create(), session.create(host.config(ring_lines=128))
    first, second = session.port(one, 1), session.port(two, 1)
    defs.define(one, defs.currency())
    host.write(first, host.event(subject=11))
    assert defs.fetch(two, "currency", 1)[0] == rck.RCK_E_UNKNOWN
    assert host.read(second, 1) == []
    assert (host.stats(one).events_written, host.stats(two).events_written) == (1, 0)
    rck.check(lib.rck_port_close(second))
    rck.check(lib.rck_engine_close(two))
    assert [e.subject for e in host.read(first, 1)] == [11]


def test_a_port_index_is_open_once_and_can_be_opened_again(session: host.Session) -> None:
    engine = session.create()
    port = session.port(engine, 3)
    again, fault = rck.PortHandle(), rck.Fault()
    for _ in range(2):
        status = lib.rck_port_open(engine, 3, rck.RCK_PORT_WRITER, byref(again), byref(fault))
        assert name_of(status) == "RCK_E_PORT_TAKEN"
        assert again.value is None and fault.status == status
    rck.check(lib.rck_port_close(port))
    assert host.write(session.port(engine, 3), host.event()) == rck.RCK_OK
    assert name_of(host.write(port, host.event())) == "RCK_E_HANDLE"


@pytest.mark.parametrize(
    ("index", "mode", "expected"),
    [
        (0, rck.RCK_PORT_WRITER, "RCK_E_RANGE"),
        (7, rck.RCK_PORT_WRITER, "RCK_E_RANGE"),
        (2**32 - 1, rck.RCK_PORT_WRITER, "RCK_E_RANGE"),
        (1, rck.RCK_PORT_READER, "RCK_E_RANGE"),
        (1, 0, "RCK_E_RANGE"),
        (1, 3, "RCK_E_RANGE"),
        (0, 2**32 - 1, "RCK_E_RANGE"),
    ],
)
def test_a_port_needs_a_known_mode_and_an_index_that_goes_with_it(
    engine: rck.EngineHandle, index: int, mode: int, expected: str
) -> None:
    port, fault = rck.PortHandle(), rck.Fault()
    status = lib.rck_port_open(engine, index, mode, byref(port), byref(fault))
    assert name_of(status) == expected
    assert port.value is None and fault.status == status
    assert host.health(engine).ports_open == 0


def test_every_port_up_to_the_capacity_opens_at_once(session: host.Session) -> None:
    engine = session.create()
    ports = [session.port(engine, index) for index in range(1, 7)]
    assert host.health(engine).ports_open == 6
    for index, port in enumerate(ports, 1):
        assert host.write(port, host.event(subject=index)) == rck.RCK_OK
    reader = session.port(engine, 0)
    for index in range(1, 7):
        assert [(e.subject, e.port) for e in host.read(reader, index)] == [(index, index)]


def test_a_reading_port_cannot_write(session: host.Session) -> None:
    engine = session.create()
    assert name_of(host.write(session.port(engine, 0), host.event())) == "RCK_E_READ_ONLY"


def test_a_one_writer_engine_has_one_writing_port_and_readers_beside_it(session: host.Session) -> None:
    engine = session.create(host.config(discipline=rck.RCK_ONE_WRITER))
    writer, reader = session.port(engine, 2), session.port(engine, 0)
    other, fault = rck.PortHandle(), rck.Fault()
    status = lib.rck_port_open(engine, 1, rck.RCK_PORT_WRITER, byref(other), byref(fault))
    assert name_of(status) == "RCK_E_ONE_WRITER"
    assert other.value is None and fault.status == status
    host.write(writer, host.event(subject=5))
    assert [e.subject for e in host.read(reader, 2)] == [5]
    rck.check(lib.rck_port_close(writer))
    assert host.write(session.port(engine, 1), host.event()) == rck.RCK_OK


def test_a_port_can_be_closed_while_another_thread_uses_it_without_harm(session: host.Session) -> None:
    """Whoever comes second is told: the call is busy, or the handle is stale."""
    engine = session.create()
    allowed = {rck.RCK_OK, rck.RCK_E_HANDLE, rck.RCK_E_BUSY, rck.RCK_REJECT_RING_FULL}
    for _ in range(20):
        port = session.port(engine, 1)
        seen: set[int] = set()

        def use(port: rck.PortHandle = port, seen: set[int] = seen) -> None:
            status = rck.RCK_OK
            while status != rck.RCK_E_HANDLE:
                status = host.write(port, host.event(time_ns=rck.RCK_TIME_NS_MAX))
                seen.add(status)

        thread = threading.Thread(target=use)
        thread.start()
        while (status := lib.rck_port_close(port)) == rck.RCK_E_BUSY:
            pass
        thread.join()
        assert status == rck.RCK_OK and seen <= allowed
    assert host.health(engine).ports_open == 0


def test_making_and_closing_engines_leaves_no_memory_mapped_and_no_handle_taken() -> None:
    settings = host.config()
    session = host.Session()

    def mapped() -> int:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()

    def cycle(times: int) -> None:
        for _ in range(times):
            engine = session.create(settings)
            rck.check(lib.rck_port_close(session.port(engine, 1)))
            rck.check(lib.rck_engine_close(engine))
            session.engines.clear()
            session.ports.clear()

    cycle(10)
    before = mapped()
    cycle(2 * rck.RCK_HANDLES_MAX)
    assert mapped() - before < 64 * host.region_bytes(settings)


def test_loading_and_unloading_a_thousand_times_grows_nothing() -> None:
    said = child.run(
        """
        import _ctypes
        library = os.environ["RISKCHECK_LIBRARY"]
        def maps(): return sum("libriskcheck" in line for line in open("/proc/self/maps"))
        def cycle(times):
            for _ in range(times):
                _ctypes.dlclose(_ctypes.dlopen(library, os.RTLD_NOW))
        engine = session.create()
        cycle(10)
        before = maps(), len(os.listdir("/proc/self/fd"))
        cycle(1000)
        assert (maps(), len(os.listdir("/proc/self/fd"))) == before
        for _ in range(8):  # more often than ctypes itself loaded it
            _ctypes.dlclose(lib._handle)
        define(engine, currency())
        say("still there")
        os._exit(0)
        """
    )
    assert said == "still there"


def test_the_library_adds_no_signal_handler() -> None:
    caught = "open('/proc/self/status').read().split('SigCgt:')[1].split()[0]"
    bare = [sys.executable, "-c", f"print({caught})"]
    without = subprocess.run(bare, check=True, capture_output=True, text=True).stdout.strip()
    assert child.run(f"session.create(); say({caught}); session.close()") == without
