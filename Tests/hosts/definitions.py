"""One definition of each kind that holds on an empty engine, and the calls that set, get and find them."""

import ctypes
from ctypes import byref
from typing import Any

import host
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib


# One definition of each kind that holds on an empty engine, in the order in which they need each other.
def currency(id: int = 1, name: bytes = b"EUR", **fields: Any) -> rck.Currency:
    return sized(rck.Currency, **{"id": id, "name": name, "rate_decimals": 4, "rate": 10_000, **fields})


def group(id: int = 1, name: bytes = b"", kind: int = 3, **fields: Any) -> rck.Group:
    return sized(rck.Group, **{"id": id, "name": name, "kind": kind, **fields})


def account(id: int = 1, name: bytes = b"desk", **fields: Any) -> rck.Account:
    base = {"id": id, "name": name, "flags": rck.RCK_ENABLED, "permissions": rck.RCK_PERMIT_ALL}
    return sized(rck.Account, **{**base, **fields})


def strategy(id: int = 1, name: bytes = b"maker", **fields: Any) -> rck.Strategy:
    base = {"id": id, "name": name, "flags": rck.RCK_ENABLED, "permissions": rck.RCK_PERMIT_ALL}
    return sized(rck.Strategy, **{**base, **fields})


def instrument(id: int = 1, name: bytes = b"FDAX", **fields: Any) -> rck.Instrument:
    base = {"id": id, "name": name, "flags": rck.RCK_ENABLED, "currency": 1, "price_decimals": 2}
    units = {"multiplier": 25, "lot": 1, "tick": 50}
    return sized(rck.Instrument, **{**base, **units, **fields})


def calendar(id: int = 1, name: bytes = b"XETRA", **fields: Any) -> rck.Calendar:
    base = {"id": id, "name": name, "entries": 2, "end_ns": 300}
    sessions = {"starts": [100, 200], "permissions": [rck.RCK_PERMIT_ALL]}
    found = {**base, **sessions, **fields}
    for array in sessions:
        found[array] = [*found[array], *[0] * (rck.RCK_CALENDAR_ENTRIES_MAX - len(found[array]))]
    return sized(rck.Calendar, **found)


KINDS: dict[str, int] = {
    "currency": rck.RCK_KIND_CURRENCY,
    "group": rck.RCK_KIND_GROUP,
    "account": rck.RCK_KIND_ACCOUNT,
    "strategy": rck.RCK_KIND_STRATEGY,
    "instrument": rck.RCK_KIND_INSTRUMENT,
    "calendar": rck.RCK_KIND_CALENDAR,
}

MAKERS: dict[str, Any] = {
    "currency": currency,
    "group": group,
    "account": account,
    "strategy": strategy,
    "instrument": instrument,
    "calendar": calendar,
}

PLURALS = {"currency": "currencies", "strategy": "strategies"}


def capacity_of(kind: str) -> int:
    if kind == "calendar":
        return rck.RCK_CALENDARS_MAX
    return host.SMALL[f"{PLURALS.get(kind, kind + 's')}_max"]


def put(engine: rck.EngineHandle, definition: Any, fault: rck.Fault | None = None) -> int:
    """Calls the set function that belongs to the struct's type."""
    call = getattr(lib, f"rck_{type(definition).__name__.lower()}_set")
    return int(call(engine, byref(definition), byref(fault) if fault else None))


def define(engine: rck.EngineHandle, *definitions: Any) -> None:
    for definition in definitions:
        fault = rck.Fault()
        rck.check(put(engine, definition, fault), fault)


def fetch(engine: rck.EngineHandle, kind: str, id: int) -> tuple[int, Any]:
    found = sized(getattr(rck, kind.capitalize()))
    return int(getattr(lib, f"rck_{kind}_get")(engine, id, byref(found))), found


def find_id(engine: rck.EngineHandle, kind: int, name: bytes) -> tuple[int, int]:
    id = ctypes.c_uint32(0)
    buffer = ctypes.create_string_buffer(name, max(32, len(name)))
    return int(lib.rck_find(engine, kind, byref(id), buffer)), id.value


def find_name(engine: rck.EngineHandle, kind: int, id: int) -> tuple[int, bytes]:
    wanted = ctypes.c_uint32(id)
    buffer = ctypes.create_string_buffer(b"\xff" * 32, 32)
    return int(lib.rck_find(engine, kind, byref(wanted), buffer)), buffer.value


GROUPED = {"account": 1, "strategy": 2, "instrument": 3}  # and the kind of group that each can be in


def refuse(engine: rck.EngineHandle, definition: Any, expected: str, field: str | None = None) -> rck.Fault:
    """It is refused with that status, its fault names the field, and no definition has changed."""
    before = everything(engine)
    fault = rck.Fault()
    status = put(engine, definition, fault)
    assert name_of(status) == expected
    assert fault.status == status
    assert fault.record.decode() == f"rck_{type(definition).__name__.lower()}"
    if field is not None:
        assert fault.field.decode() == field
    assert put(engine, definition) == status, "without a fault the answer is the same"
    assert everything(engine) == before
    return fault


def everything(engine: rck.EngineHandle) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    for kind in KINDS:
        for id in range(1, capacity_of(kind) + 1):
            status, struct = fetch(engine, kind, id)
            if status == rck.RCK_OK:
                found[kind, id] = host.as_dict(struct)
    found["definitions", 0] = host.health(engine).definitions
    return found
