"""What a configuration may say: every other value is refused with the field's name and what is allowed."""

import ctypes
from ctypes import byref
from pathlib import Path
from typing import Any

import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from host import name_of
from riskcheck import _abi
from riskcheck.abi import lib

INT64_MAX = 2**63 - 1
CAPACITIES = {
    "currencies_max": 1024,
    "groups_max": 65536,
    "accounts_max": 1048576,
    "strategies_max": 65536,
    "instruments_max": 1048576,
    "positions_max": 16000000,
    "orders_max": 8000000,
    "retired_ids_max": 8000000,
    "limits_max": 1048576,
    "ports_max": 255,
    "ring_lines": 16777216,
    "violations_max": 1048576,
    "history_max": 16777215,
    "rate_exact_max": 1048576,
    "windows_max": 1048576,
    "duplicates_max": 16777215,
    "ladder_levels_max": 4096,
    "price_history_max": 256,
    "order_history_max": 65536,
    "leases_max": 65536,
    "executions_max": 16000000,
}
LEAST = {"ring_lines": 64, "price_history_max": 2}
RANGES = {name: (LEAST.get(name, 1), top) for name, top in CAPACITIES.items()} | {
    "discipline": (1, 2),
    "clock_source": (1, 2),
    "money_decimals": (0, 9),
    "clock_back_ns_max": (0, 3600 * 10**9),
    "mark_age_ns_max": (1, rck.RCK_TIME_NS_MAX),
}
TYPES = {name: (size, kind) for name, _, size, kind, _ in _abi.LAYOUT["rck_config"][1]}


def hostile(name: str) -> list[int]:
    """Values outside the range of the field, that its type can hold."""
    low, high = RANGES[name]
    size, kind = TYPES[name]
    signed = kind == rck.RCK_FIELD_INT64
    top = 2 ** (8 * size - signed) - 1
    found = [low - 1, high + 1, 0, 2**31, 2**32, 2**62, 2**63, top, top - 1]
    if signed:
        found += [-1, -(2**63)]
    least = -(2**63) if signed else 0
    return sorted({value for value in found if least <= value <= top and not low <= value <= high})


def refused(settings: rck.Config) -> tuple[int, rck.Fault]:
    """Both calls refuse it in the same words, and leave what they were to fill."""
    bytes_, fault = ctypes.c_uint64(77), rck.Fault()
    status = lib.rck_region_bytes(byref(settings), byref(bytes_), byref(fault))
    assert bytes_.value == 77
    engine, other = rck.EngineHandle(), rck.Fault()
    assert lib.rck_engine_create(byref(settings), None, 0, byref(engine), byref(other)) == status
    assert engine.value is None
    assert host.as_dict(fault) == host.as_dict(other)
    assert fault.status == status and fault.record == b"rck_config"
    return status, fault


def test_the_ranges_cover_every_field() -> None:
    assert RANGES.keys() | {"struct_size", "flags", "reserved"} == TYPES.keys()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in RANGES for value in hostile(name)])
def test_a_value_outside_the_range_is_refused_by_name(name: str, value: int) -> None:
    status, fault = refused(host.config(**{name: value}))
    assert name_of(status) == "RCK_E_RANGE"
    assert fault.field.decode() == name
    assert fault.value == min(value, INT64_MAX)
    assert (fault.minimum, fault.maximum) == RANGES[name]


@pytest.mark.parametrize("name", RANGES)
def test_the_least_and_the_largest_value_are_allowed_alone(name: str) -> None:
    for value in RANGES[name]:
        assert host.region_bytes(host.config(**{name: value})) > 0


@pytest.mark.parametrize("lines", [65, 96, 127, 16777215, 2**23 + 1])
def test_a_ring_is_a_power_of_two(lines: int) -> None:
    status, fault = refused(host.config(ring_lines=lines))
    assert name_of(status) == "RCK_E_RANGE" and fault.field == b"ring_lines"


@pytest.mark.parametrize("most", [3, 6, 255, 2**20 - 1])
def test_a_rate_window_is_a_power_of_two(most: int) -> None:
    status, fault = refused(host.config(rate_exact_max=most))
    assert name_of(status) == "RCK_E_RANGE" and fault.field == b"rate_exact_max"
    assert (fault.value, fault.minimum, fault.maximum) == (most, 1, 2**20)


@pytest.mark.parametrize("flags", [1 << bit for bit in range(12, 32)] + [2**32 - 1, rck.RCK_CONSUMER_OUTSIDE])
def test_unknown_and_contradicting_flags_are_refused(flags: int) -> None:
    status, fault = refused(host.config(flags=flags))
    assert name_of(status) == "RCK_E_FLAGS" and fault.field == b"flags"


def test_private_memory_is_not_shared() -> None:
    engine, fault = rck.EngineHandle(), rck.Fault()
    settings = host.config(flags=rck.RCK_SHARED)
    assert (
        name_of(lib.rck_engine_create(byref(settings), None, 0, byref(engine), byref(fault))) == "RCK_E_FLAGS"
    )
    assert engine.value is None and fault.field == b"flags"


@pytest.mark.parametrize("value", [1, 2**31, 2**32 - 1])
def test_a_reserved_field_is_zero(value: int) -> None:
    status, fault = refused(host.config(reserved=value))
    assert name_of(status) == "RCK_E_RESERVED"
    assert (fault.field, fault.value, fault.minimum, fault.maximum) == (b"reserved", value, 0, 0)


@pytest.mark.parametrize(
    "size", [0, 1, 8, ctypes.sizeof(rck.Config) - 1, ctypes.sizeof(rck.Config) + 8, 2**32 - 1]
)
def test_a_wrong_struct_size_is_refused_before_anything_is_read(size: int) -> None:
    status, fault = refused(host.config(struct_size=size))
    assert name_of(status) == "RCK_E_STRUCT_SIZE"
    assert (fault.field, fault.value) == (b"struct_size", size)
    settings = rck.Config(flags=77)
    assert name_of(lib.rck_config_init(byref(settings), size)) == "RCK_E_STRUCT_SIZE"
    assert settings.flags == 77


def test_everything_at_its_largest_is_too_large() -> None:
    status, _ = refused(host.config(**CAPACITIES))
    assert name_of(status) == "RCK_E_TOO_LARGE"


@pytest.mark.parametrize("name", CAPACITIES)
def test_every_capacity_is_charged(name: str) -> None:
    """Doubled, each lets the region grow; eightfold more so."""
    base = dict.fromkeys(CAPACITIES, 16) | {"ring_lines": 64}
    sizes = [host.region_bytes(host.config(**{**base, name: base[name] * factor})) for factor in (1, 2, 8)]
    assert sizes == sorted(set(sizes)), sizes


def test_region_bytes_makes_nothing_and_does_not_depend_on_the_flags() -> None:
    flags = (0, rck.RCK_PREFAULT, rck.RCK_SHARED, rck.RCK_SHARED | rck.RCK_CONSUMER_OUTSIDE)
    assert len({host.region_bytes(host.config(flags=each)) for each in flags}) == 1


def test_a_fault_is_left_alone_when_nothing_failed(session: host.Session) -> None:
    fault = rck.Fault()
    ctypes.memset(byref(fault), 0x5A, ctypes.sizeof(fault))
    before = bytes(fault)
    settings, bytes_ = host.config(), ctypes.c_uint64()
    engine, port = rck.EngineHandle(), rck.PortHandle()
    assert lib.rck_region_bytes(byref(settings), byref(bytes_), byref(fault)) == rck.RCK_OK
    assert lib.rck_engine_create(byref(settings), None, 0, byref(engine), byref(fault)) == rck.RCK_OK
    session.engines.append(engine)
    assert lib.rck_port_open(engine, 1, rck.RCK_PORT_WRITER, byref(port), byref(fault)) == rck.RCK_OK
    session.ports.append(port)
    assert defs.put(engine, defs.currency(), fault) == rck.RCK_OK
    assert bytes(fault) == before


def test_a_fault_is_filled_whole() -> None:
    fault = rck.Fault()
    ctypes.memset(byref(fault), 0x5A, ctypes.sizeof(fault))
    settings, bytes_ = host.config(ports_max=0), ctypes.c_uint64()
    status = lib.rck_region_bytes(byref(settings), byref(bytes_), byref(fault))
    assert (fault.status, fault.system_error, list(fault.reserved)) == (status, 0, [0, 0, 0, 0])
    size = ctypes.sizeof(fault)
    assert bytes(fault)[32:size] == b"rck_config".ljust(32, b"\0") + b"ports_max".ljust(32, b"\0") + bytes(32)


def pointers(name: str) -> list[int]:
    """Positions of the parameters that must not be NULL: all pointers but `memory`, `fault`, the `config` of
    rck_engine_open, the `generation` of rck_limits_publish, the `tokens` of rck_amend_batch, what else is optional by
    the header, and handles, which have a status of their own.
    """
    found = []
    for position, parameter in enumerate(_abi.SIGNATURES[name][1]):
        target = getattr(parameter, "_type_", None)
        optional = target is rck.Fault or (name, position) in {
            ("rck_engine_open", 0),
            ("rck_engine_create", 1),
            ("rck_limits_publish", 1),
            ("rck_amend_batch", 1),
            ("rck_violation_set", 2),
            ("rck_journal_pump", 1),
            ("rck_replay", 2),
            ("rck_replay", 3),
        }
        handle = parameter in (rck.EngineHandle, rck.PortHandle)
        if (
            not optional
            and not handle
            and (parameter is ctypes.c_char_p or not isinstance(target, str | None))
        ):
            found.append(position)
    return found


NULLS = [(name, position) for name in _abi.SIGNATURES for position in pointers(name)]


# What a call needs where 1 will not do.
NUMBERS = {"rck_config_init": ctypes.sizeof(rck.Config), "rck_engine_create": 0, "rck_day_start": 20_260_101}


def valid_arguments(name: str, session: host.Session, path: bytes) -> list[Any]:
    engine = session.create()
    found: list[Any] = []
    for parameter in _abi.SIGNATURES[name][1]:
        target = getattr(parameter, "_type_", None)
        if parameter is rck.EngineHandle:
            found.append(engine)
        elif parameter is rck.PortHandle:
            found.append(session.port(engine))
        elif parameter is ctypes.c_char_p:
            found.append(path)
        elif target is rck.Config:
            found.append(byref(host.config()))
        elif not isinstance(target, str | None):
            storage: Any = (target * 64)()
            if hasattr(storage[0], "struct_size"):
                storage[0].struct_size = ctypes.sizeof(storage[0])
            if target is rck.Order:
                storage[0].order_id = 1
            found.append(ctypes.cast(storage, parameter))
        elif parameter is rck.CustomCall:
            found.append(rck.CustomCall(lambda *_: 0))
        else:
            found.append(NUMBERS.get(name, 1))
    return found


def test_the_nulls_reach_every_call_with_a_pointer() -> None:
    assert {name for name, _ in NULLS} >= {
        "rck_build_info",
        "rck_engine_create",
        "rck_find",
        "rck_events_read",
        "rck_clock",
    }
    assert len(NULLS) > 30


@pytest.mark.parametrize(("name", "position"), NULLS)
def test_null_is_refused_in_every_place_that_needs_a_pointer(
    session: host.Session, tmp_path: Path, name: str, position: int
) -> None:
    passed = valid_arguments(name, session, bytes(tmp_path / "region"))
    passed[position] = None
    assert name_of(getattr(lib, name)(*passed)) == "RCK_E_NULL"


def aligned(name: str, position: int) -> bool:
    """Whether it is a pointer to something that has to be aligned."""
    target = getattr(_abi.SIGNATURES[name][1][position], "_type_", None)
    return isinstance(target, type) and ctypes.alignment(target) > 1


@pytest.mark.parametrize(("name", "position"), [null for null in NULLS if aligned(*null)])
def test_a_misaligned_pointer_is_refused(
    session: host.Session, tmp_path: Path, name: str, position: int
) -> None:
    passed = valid_arguments(name, session, bytes(tmp_path / "region"))
    storage = ctypes.create_string_buffer(b"\x5a" * 4096, 4096)
    odd = ctypes.addressof(storage) | 1
    passed[position] = ctypes.cast(odd, _abi.SIGNATURES[name][1][position])
    assert name_of(getattr(lib, name)(*passed)) == "RCK_E_ALIGNMENT"
    assert set(storage.raw) == {0x5A}


SIZED = [
    (name, position)
    for name, (_, parameters) in _abi.SIGNATURES.items()
    for position, parameter in enumerate(parameters)
    if hasattr(getattr(parameter, "_type_", None), "struct_size")
    and name not in {"rck_config_init", "rck_limits_armed"}
    and (name, position) not in {("rck_violations_read", 2), ("rck_replay", 2)}
]


@pytest.mark.parametrize(("name", "position"), SIZED)
def test_every_call_refuses_a_wrong_struct_size_and_writes_nothing(
    session: host.Session, tmp_path: Path, name: str, position: int
) -> None:
    struct = _abi.SIGNATURES[name][1][position]._type_
    for size in (0, 1, ctypes.sizeof(struct) - 4, 2**32 - 1):
        passed = valid_arguments(name, session, bytes(tmp_path / "region"))
        storage = struct()
        ctypes.memset(byref(storage), 0x5A, ctypes.sizeof(storage))
        storage.struct_size = size
        before = bytes(storage)
        passed[position] = byref(storage)
        if name == "rck_layout":
            passed[0] = 0
        assert name_of(getattr(lib, name)(*passed)) == "RCK_E_STRUCT_SIZE"
        assert bytes(storage) == before
        session.close()
        session.engines.clear()
        session.ports.clear()
