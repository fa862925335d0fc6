"""Limits as the tests set them: a desk to set them on, one of each kind that the catalogue allows, and the calls."""

import ctypes
from ctypes import byref
from typing import Any

import definitions as defs
import host
import riskcheck.abi as rck
from host import name_of, sized
from riskcheck.abi import lib

DAY_NS = 86_400 * 10**9
ACCOUNTS, STRATEGIES, INSTRUMENTS = 3, 2, 3
GROUPS = {
    rck.RCK_GROUP_OF_ACCOUNTS: (1, 3),
    rck.RCK_GROUP_OF_STRATEGIES: (6, 8),
    rck.RCK_GROUP_OF_INSTRUMENTS: (2, 4),
}


def define_desk(engine: rck.EngineHandle) -> None:
    defs.define(engine, defs.currency())
    for kind, groups in GROUPS.items():
        for id in groups:
            defs.define(engine, defs.group(id, b"group %d" % id, kind=kind))
    for id in range(1, ACCOUNTS + 1):
        defs.define(engine, defs.account(id, b"account %d" % id, groups=[1, 0, 0, 0]))
    for id in range(1, STRATEGIES + 1):
        defs.define(engine, defs.strategy(id, b"strategy %d" % id))
    for id in range(1, INSTRUMENTS + 1):
        defs.define(engine, defs.instrument(id, b"instrument %d" % id))


def limit(**fields: Any) -> rck.Limit:
    """Order quantity of account 1, at most 100, unless the fields say otherwise."""
    base = {
        "control": rck.RCK_CONTROL_ORDER_QUANTITY,
        "scope_kind": rck.RCK_SCOPE_ACCOUNT,
        "id": 1,
        "levels": rck.RCK_LEVEL_HARD,
        "hard": 100,
        "actor": 7,
        "reason": b"agreed",
    }
    return sized(rck.Limit, **{**base, **fields})


def rate(**fields: Any) -> rck.Limit:
    base = {"control": rck.RCK_CONTROL_RATE, "measure": rck.RCK_MEASURE_NEW, "hard": 5, "window_ns": 10**9}
    return limit(**{**base, **fields})


def collar(**fields: Any) -> rck.Limit:
    base = {
        "control": rck.RCK_CONTROL_COLLAR,
        "measure": rck.RCK_MEASURE_BPS,
        "reference": rck.RCK_REFERENCE_LAST,
    }
    return limit(**{**base, **fields})


def pair(**fields: Any) -> rck.Limit:
    base = {
        "control": rck.RCK_CONTROL_POSITION,
        "scope_kind": rck.RCK_SCOPE_ACCOUNT_INSTRUMENT,
        "instrument": 1,
    }
    return limit(**{**base, **fields})


PARTIES = (rck.RCK_SCOPE_ACCOUNT, rck.RCK_SCOPE_STRATEGY, rck.RCK_SCOPE_INSTRUMENT)
MANY = (
    rck.RCK_SCOPE_GLOBAL,
    rck.RCK_SCOPE_ACCOUNT_GROUP,
    rck.RCK_SCOPE_STRATEGY_GROUP,
    rck.RCK_SCOPE_INSTRUMENT_GROUP,
)
ALL = PARTIES + MANY
BOOKS = PARTIES[:2] + MANY
PAIRS = (rck.RCK_SCOPE_ACCOUNT_INSTRUMENT, rck.RCK_SCOPE_STRATEGY_INSTRUMENT)
QUANTITY, MONEY, BPS, COUNT = 2**60, 2**60, 1_000_000, 2**53

# Control and measure: scopes, the largest side and type, the highest level.
FORMS: dict[tuple[int, int], tuple[tuple[int, ...], int, int, int]] = {
    (rck.RCK_CONTROL_ORDER_QUANTITY, rck.RCK_MEASURE_NONE): (ALL, 2, 4, QUANTITY),
    (rck.RCK_CONTROL_ORDER_NOTIONAL, rck.RCK_MEASURE_NONE): (ALL, 2, 4, MONEY),
    (rck.RCK_CONTROL_COLLAR, rck.RCK_MEASURE_BPS): (PARTIES, 2, 4, BPS),
    (rck.RCK_CONTROL_COLLAR, rck.RCK_MEASURE_TICKS): (PARTIES, 2, 4, 2**53),
    (rck.RCK_CONTROL_POSITION, rck.RCK_MEASURE_NONE): ((*PAIRS, MANY[3]), 2, 0, QUANTITY),
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_GROSS): (BOOKS, 0, 0, MONEY),
    (rck.RCK_CONTROL_EXPOSURE, rck.RCK_MEASURE_NET): (BOOKS, 2, 0, MONEY),
    (rck.RCK_CONTROL_BUYING_POWER, rck.RCK_MEASURE_NONE): ((rck.RCK_SCOPE_ACCOUNT,), 0, 0, BPS),
    (rck.RCK_CONTROL_RATE, rck.RCK_MEASURE_NEW): (ALL, 0, 0, host.SMALL["rate_exact_max"]),
    (rck.RCK_CONTROL_RATE, rck.RCK_MEASURE_MODIFY): (ALL, 0, 0, host.SMALL["rate_exact_max"]),
    (rck.RCK_CONTROL_RATE, rck.RCK_MEASURE_CANCEL): (ALL, 0, 0, host.SMALL["rate_exact_max"]),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_COUNT): (BOOKS, 0, 0, COUNT),
    (rck.RCK_CONTROL_WORKING, rck.RCK_MEASURE_NOTIONAL): (BOOKS, 0, 0, MONEY),
    (rck.RCK_CONTROL_DUPLICATE, rck.RCK_MEASURE_NONE): (ALL, 2, 4, 0),
    (rck.RCK_CONTROL_REPEATED_EXECUTION, rck.RCK_MEASURE_NONE): (
        PARTIES[:2],
        0,
        0,
        host.SMALL["order_history_max"],
    ),
    (rck.RCK_CONTROL_GROUP_EXPOSURE, rck.RCK_MEASURE_NONE): (
        (rck.RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP,),
        0,
        0,
        MONEY,
    ),
    (rck.RCK_CONTROL_QUOTE, rck.RCK_MEASURE_BPS): (ALL, 2, 4, BPS),
    (rck.RCK_CONTROL_QUOTE, rck.RCK_MEASURE_AGE): (ALL, 2, 4, rck.RCK_TIME_NS_MAX),
    (rck.RCK_CONTROL_LOSS, rck.RCK_MEASURE_REALISED): (PARTIES[:2], 0, 0, MONEY),
    (rck.RCK_CONTROL_LOSS, rck.RCK_MEASURE_TOTAL): (PARTIES[:2], 0, 0, MONEY),
    (rck.RCK_CONTROL_LOSS, rck.RCK_MEASURE_TRAILING): (PARTIES[:2], 0, 0, MONEY),
    (rck.RCK_CONTROL_CONDUCT, rck.RCK_MEASURE_ORDERS_PER_TRADE): (PARTIES[:2], 0, 0, COUNT),
    (rck.RCK_CONTROL_CONDUCT, rck.RCK_MEASURE_REJECTS): (PARTIES[:2], 0, 0, COUNT),
}
for _measure in range(rck.RCK_MEASURE_QUANTITY_DAY, rck.RCK_MEASURE_NOTIONAL_HOUR + 1):
    FORMS[rck.RCK_CONTROL_ACCUMULATED, _measure] = (ALL, 0, 0, MONEY)
PLACES = [(*form, scope) for form, (scopes, *_) in FORMS.items() for scope in scopes]


def ids(scope: int) -> tuple[int, int]:
    """Two that a scope of this kind can have; the engine has one."""
    return {
        rck.RCK_SCOPE_GLOBAL: (0, 0),
        rck.RCK_SCOPE_ACCOUNT_GROUP: GROUPS[rck.RCK_GROUP_OF_ACCOUNTS],
        rck.RCK_SCOPE_STRATEGY_GROUP: GROUPS[rck.RCK_GROUP_OF_STRATEGIES],
        rck.RCK_SCOPE_INSTRUMENT_GROUP: GROUPS[rck.RCK_GROUP_OF_INSTRUMENTS],
    }.get(scope, (1, 2))


def of(control: int, measure: int, scope: int, **fields: Any) -> rck.Limit:
    """A limit that holds, of any form."""
    base: dict[str, Any] = {"control": control, "measure": measure, "scope_kind": scope, "hard": 4}
    base["id"] = ids(scope)[0]
    if control in (rck.RCK_CONTROL_RATE, rck.RCK_CONTROL_DUPLICATE, rck.RCK_CONTROL_REPEATED_EXECUTION):
        base["window_ns"] = 10**9
    if control == rck.RCK_CONTROL_DUPLICATE:
        base["hard"] = 0
    if control == rck.RCK_CONTROL_COLLAR:
        base["reference"] = rck.RCK_REFERENCE_LAST
    if scope in PAIRS:
        base["instrument"] = 1
    if scope == rck.RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
        base["instrument"] = GROUPS[rck.RCK_GROUP_OF_INSTRUMENTS][0]
    return limit(**{**base, **fields})


KEY = ("control", "measure", "scope_kind", "id", "instrument", "side", "order_type")


def key_of(given: rck.Limit) -> tuple[int, ...]:
    return tuple(getattr(given, field) for field in KEY)


def put(engine: rck.EngineHandle, given: rck.Limit, flags: int = 0, fault: rck.Fault | None = None) -> int:
    return int(lib.rck_limit_set(engine, byref(given), flags, byref(fault) if fault else None))


def set_limit(engine: rck.EngineHandle, *limits: rck.Limit, flags: int = 0) -> None:
    for given in limits:
        fault = rck.Fault()
        assert name_of(put(engine, given, flags, fault)) == "RCK_OK", rck.describe(fault)


def take(engine: rck.EngineHandle, given: rck.Limit, flags: int = rck.RCK_LOOSEN) -> str:
    return name_of(lib.rck_limit_remove(engine, byref(given), flags, None))


def get(engine: rck.EngineHandle, given: rck.Limit) -> tuple[str, rck.Limit]:
    found = sized(rck.Limit, **{field: getattr(given, field) for field in KEY})
    return name_of(lib.rck_limit_get(engine, byref(found))), found


def publish(engine: rck.EngineHandle) -> int:
    generation, fault = ctypes.c_uint64(), rck.Fault()
    rck.check(lib.rck_limits_publish(engine, byref(generation), byref(fault)), fault)
    return generation.value


def armed(engine: rck.EngineHandle, capacity: int = 64) -> list[rck.Limit]:
    """All limits in force, through as many calls as it takes."""
    found: list[rck.Limit] = []
    cursor, count = ctypes.c_uint32(), ctypes.c_uint32()
    while True:
        limits = (rck.Limit * capacity)()
        rck.check(lib.rck_limits_armed(engine, limits, capacity, byref(cursor), byref(count)))
        if count.value == 0:
            return found
        found += list(limits[: count.value])


def plain(given: rck.Limit) -> dict[str, Any]:
    """What the host set, without what the library gives."""
    fields = host.as_dict(given)
    return {name: fields[name] for name in fields if name not in ("limit_id", "generation", "struct_size")}


def refuse(engine: rck.EngineHandle, bad: rck.Limit, expected: str, field: str, flags: int = 0) -> rck.Fault:
    """It is refused, the fault names the field, and nothing is staged."""
    before = get(engine, bad)
    fault = rck.Fault()
    assert name_of(put(engine, bad, flags, fault)) == expected
    assert (name_of(fault.status), fault.field.decode()) == (expected, field)
    assert fault.record.decode() in ("rck_limit", "rck_limit_set")
    after = get(engine, bad)
    assert (before[0], host.as_dict(before[1])) == (after[0], host.as_dict(after[1]))
    return fault
