"""What limits the library takes, by asking it: which measures, scopes, sides and types of orders each control has."""

from collections.abc import Iterator
from ctypes import byref, sizeof
from itertools import product
from typing import Any, NamedTuple

import riskcheck.abi as rck
from riskcheck.abi import lib

SIDES = (0, rck.RCK_SIDE_BUY, rck.RCK_SIDE_SELL)
# Of a scope the id, and of a pair the instrument or group.
IDS = {
    rck.RCK_SCOPE_GLOBAL: (0, 0),
    rck.RCK_SCOPE_ACCOUNT: (1, 0),
    rck.RCK_SCOPE_ACCOUNT_GROUP: (1, 0),
    rck.RCK_SCOPE_STRATEGY: (1, 0),
    rck.RCK_SCOPE_STRATEGY_GROUP: (2, 0),
    rck.RCK_SCOPE_INSTRUMENT: (1, 0),
    rck.RCK_SCOPE_INSTRUMENT_GROUP: (3, 0),
    rck.RCK_SCOPE_ACCOUNT_INSTRUMENT: (1, 1),
    rck.RCK_SCOPE_STRATEGY_INSTRUMENT: (1, 1),
    rck.RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT: (1, 1),
    rck.RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP: (1, 3),
}


class Taken(NamedTuple):
    """A limit of these is taken."""

    control: int
    measure: int
    scope: int
    side: int
    order_type: int
    # Whether it has levels other than 0.
    levels: bool


def described() -> dict[int, rck.ControlInfo]:
    """The catalogue."""
    found = {}
    for control in range(1, 64):
        info = rck.ControlInfo()
        info.struct_size = sizeof(info)
        if lib.rck_control_describe(control, byref(info)) == rck.RCK_OK:
            found[control] = info
    return found


def bits(mask: int) -> list[int]:
    return [bit for bit in range(64) if mask >> bit & 1]


def engine() -> rck.EngineHandle:
    """One that has a group of each kind, and a member in it."""
    config, handle, fault = rck.Config(), rck.EngineHandle(), rck.Fault()
    rck.check(lib.rck_config_init(byref(config), sizeof(config)))
    rck.check(lib.rck_engine_create(byref(config), None, 0, byref(handle), byref(fault)), fault)
    groups = rck.RCK_GROUP_OF_ACCOUNTS, rck.RCK_GROUP_OF_STRATEGIES, rck.RCK_GROUP_OF_INSTRUMENTS
    define(handle, lib.rck_currency_set, rck.Currency(id=1, rate=1))
    for id, kind in enumerate(groups, 1):
        define(handle, lib.rck_group_set, rck.Group(id=id, kind=kind))
    define(handle, lib.rck_account_set, rck.Account(id=1, groups=(1,)))
    define(handle, lib.rck_strategy_set, rck.Strategy(id=1, groups=(2,)))
    instrument = rck.Instrument(id=1, currency=1, multiplier=1, lot=1, tick=1, groups=(3,))
    define(handle, lib.rck_instrument_set, instrument)
    return handle


def define(handle: rck.EngineHandle, call: Any, record: Any) -> None:
    record.struct_size = sizeof(record)
    fault = rck.Fault()
    rck.check(call(handle, byref(record), byref(fault)), fault)


def is_taken(handle: rck.EngineHandle, limit: rck.Limit) -> bool:
    """Whether it is, with a window or none, a reference or none, and an instrument where one is named."""
    for window, reference, instrument in product((0, 1_000), (0, 1), (limit.instrument, 1)):
        tried = rck.Limit.from_buffer_copy(limit)
        tried.window_ns, tried.reference, tried.instrument = window, reference, instrument
        if lib.rck_limit_set(handle, byref(tried), rck.RCK_LOOSEN, None) == rck.RCK_OK:
            return True
    return False


def taken() -> Iterator[Taken]:
    """Every limit that the library takes, with a hard level; an engine for each control, since there are many."""
    for control, info in described().items():
        handle = engine()
        measures = bits(info.measures) or [rck.RCK_MEASURE_NONE]
        types = (0, *range(rck.RCK_TYPE_LIMIT, rck.RCK_TYPE_STOP_LIMIT + 1))
        for measure, scope, side, order_type in product(measures, IDS, SIDES, types):
            limit = rck.Limit(
                control=control, measure=measure, scope_kind=scope, side=side, order_type=order_type
            )
            limit.struct_size, limit.levels, limit.actor, limit.reason = (
                sizeof(limit),
                rck.RCK_LEVEL_HARD,
                1,
                b"x",
            )
            limit.id, limit.instrument = IDS[scope]
            limit.hard = 1
            if is_taken(handle, limit):
                yield Taken(control, measure, scope, side, order_type, True)
                continue
            limit.hard = 0
            if is_taken(handle, limit):
                yield Taken(control, measure, scope, side, order_type, False)
        rck.check(lib.rck_engine_close(handle))
