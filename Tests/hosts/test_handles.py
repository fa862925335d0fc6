"""Handles are names, not addresses: whatever else is handed in gives RCK_E_HANDLE and changes nothing."""

import ctypes
import os
import random
import shutil
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import host
import riskcheck.abi as rck
from host import name_of
from riskcheck import _abi, _load
from riskcheck.abi import lib

ENGINE_CALLS = [name for name, (_, types) in _abi.SIGNATURES.items() if types[:1] == [rck.EngineHandle]]
PORT_CALLS = [name for name, (_, types) in _abi.SIGNATURES.items() if types[:1] == [rck.PortHandle]]


def arguments(name: str) -> tuple[list[Any], list[Any]]:
    """What follows the handle: valid storage for every pointer, 1 for every number. Both to pass and to
    look at: filled with ones, so that a byte written shows, but for sizes, which are set.
    """
    passed: list[Any] = []
    kept: list[Any] = []
    for parameter in _abi.SIGNATURES[name][1][1:]:
        if hasattr(parameter, "_type_") and not isinstance(parameter._type_, str):
            target = (parameter._type_ * 64)()
            ctypes.memset(target, 0xFF, ctypes.sizeof(target))
            if hasattr(target[0], "struct_size"):
                target[0].struct_size = ctypes.sizeof(target[0])
            kept.append(target)
            passed.append(ctypes.cast(target, parameter))
        elif parameter is ctypes.c_char_p:
            passed.append(b"nowhere")
        elif parameter is rck.CustomCall:
            passed.append(rck.CustomCall(lambda *_: 0))
        else:
            passed.append(1)
    return passed, kept


def assert_no_handle(name: str, handle: Any) -> None:
    passed, kept = arguments(name)
    before = [bytes(target) for target in kept]
    assert name_of(getattr(lib, name)(handle, *passed)) == "RCK_E_HANDLE", f"{name}({handle.value!r})"
    for target, old in zip(kept, before, strict=True):
        if isinstance(target[0], rck.Fault):
            assert name_of(target[0].status) == "RCK_E_HANDLE", f"{name} left the fault as it was"
        else:
            assert bytes(target) == old, f"{name} wrote to what it was handed"


def test_every_call_with_a_handle_is_covered() -> None:
    assert len(ENGINE_CALLS) + len(PORT_CALLS) == sum(
        rck.EngineHandle in types or rck.PortHandle in types for _, types in _abi.SIGNATURES.values()
    )
    assert "rck_health" in ENGINE_CALLS and "rck_event_write" in PORT_CALLS


@pytest.mark.parametrize("name", ENGINE_CALLS + PORT_CALLS)
def test_null_stale_and_invented_handles_are_refused(session: host.Session, name: str) -> None:
    kind = rck.EngineHandle if name in ENGINE_CALLS else rck.PortHandle
    closed_engine = session.create()
    closed_port = session.port(closed_engine)
    rck.check(lib.rck_port_close(closed_port))
    rck.check(lib.rck_engine_close(closed_engine))
    engine = session.create()
    port = session.port(engine)
    stale = closed_engine if kind is rck.EngineHandle else closed_port
    wrong = port if kind is rck.EngineHandle else engine
    live = engine if kind is rck.EngineHandle else port
    assert live.value is not None and stale.value is not None and wrong.value is not None
    assert stale.value != live.value
    inventions = [None, stale.value, wrong.value, 1, 64, 2**63, 2**64 - 1, id(port)]
    inventions += [live.value ^ (1 << bit) for bit in range(64)]
    numbers = random.Random(name)
    inventions += [numbers.getrandbits(64) for _ in range(200)]
    inventions += [numbers.getrandbits(32) for _ in range(100)]
    inventions += [(live.value & ~0xFFFF) | numbers.getrandbits(16) for _ in range(100)]
    live_values = {engine.value, port.value}
    wrong_kind = {wrong.value}
    for value in inventions:
        if value not in live_values or value in wrong_kind:
            assert_no_handle(name, kind(value))
    assert host.health(engine).state == rck.RCK_HEALTH_RUNNING
    assert host.write(port, host.event()) == rck.RCK_OK


def test_a_handle_of_a_closed_engine_never_comes_back(session: host.Session) -> None:
    seen: set[int | None] = set()
    for _ in range(3000):
        engine = session.create()
        assert engine.value not in seen
        seen.add(engine.value)
        rck.check(lib.rck_engine_close(engine))
        session.engines.clear()
    for value in seen:
        assert lib.rck_engine_close(rck.EngineHandle(value)) == rck.RCK_E_HANDLE


def test_handles_of_another_copy_of_the_library_are_foreign(session: host.Session, tmp_path: Path) -> None:
    """A copy under another name is loaded beside the first, with a table of its own."""
    copied = tmp_path / "libriskcheck-copy.so"
    shutil.copyfile(os.environ["RISKCHECK_LIBRARY"], copied)
    other = ctypes.CDLL(str(copied))
    _load.declare(other, str(copied))
    _load.verify(other, str(copied))
    ours = [session.create() for _ in range(8)]
    settings = host.config()
    theirs = []
    for _ in range(8):
        engine = rck.EngineHandle()
        rck.check(other.rck_engine_create(byref(settings), None, 0, byref(engine), None))
        theirs.append(engine)
    for engine in ours:
        assert other.rck_engine_close(engine) == rck.RCK_E_HANDLE
    for engine in theirs:
        assert lib.rck_engine_close(engine) == rck.RCK_E_HANDLE
        rck.check(other.rck_engine_close(engine))


def test_the_table_of_handles_fills_up_and_recovers(session: host.Session) -> None:
    settings = host.config(ports_max=255)
    engines = [session.create(settings) for _ in range(5)]
    opened: list[rck.PortHandle] = []
    status, fault = rck.RCK_OK, rck.Fault()
    for engine, index in ((engine, index) for engine in engines for index in range(1, 256)):
        port = rck.PortHandle()
        status = lib.rck_port_open(engine, index, rck.RCK_PORT_WRITER, byref(port), byref(fault))
        if status != rck.RCK_OK:
            assert port.value is None
            break
        opened.append(port)
    session.ports.extend(opened)
    assert name_of(status) == "RCK_E_HANDLES_FULL" and fault.status == status
    assert len(engines) + len(opened) == rck.RCK_HANDLES_MAX
    extra = rck.EngineHandle()
    status = lib.rck_engine_create(byref(settings), None, 0, byref(extra), byref(fault))
    assert name_of(status) == "RCK_E_HANDLES_FULL" and extra.value is None
    assert host.write(opened[-1], host.event()) == rck.RCK_OK
    rck.check(lib.rck_port_close(opened[500]))
    made = session.create(host.config())
    assert host.health(made).state == rck.RCK_HEALTH_RUNNING
    for port in opened:
        assert lib.rck_port_close(port) in (rck.RCK_OK, rck.RCK_E_HANDLE)
    assert host.health(engines[0]).ports_open == 0
    assert host.write(session.port(engines[4], 1), host.event()) == rck.RCK_OK
