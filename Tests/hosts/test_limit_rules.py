"""What may be set as a limit: everything else is refused by name, and loosening needs its flag."""

import itertools
from typing import Any

import pytest

import host
import limits
import riskcheck.abi as rck
from host import name_of
from limits import collar, limit, rate, refuse

WARN, SOFT, HARD = rck.RCK_LEVEL_WARN, rck.RCK_LEVEL_SOFT, rck.RCK_LEVEL_HARD


@pytest.fixture
def desk(engine: rck.EngineHandle) -> rck.EngineHandle:
    limits.define_desk(engine)
    return engine


# ---- What is refused ----


@pytest.mark.parametrize("control", [0, 1, 8, 15, 18, 24, 26, 27, 31, 32, 64, 2**31, 2**32 - 1])
def test_a_control_that_takes_no_limits_is_refused(desk: rck.EngineHandle, control: int) -> None:
    fault = refuse(desk, limit(control=control), "RCK_E_RANGE", "control")
    assert fault.value == control


@pytest.mark.parametrize(("control", "measure"), limits.FORMS)
def test_scopes_measures_sides_and_types_are_those_of_the_catalogue(
    desk: rck.EngineHandle, control: int, measure: int
) -> None:
    scopes, side, type, _ = limits.FORMS[control, measure]
    good = limits.of(control, measure, scopes[0])
    measures = {m for c, m in limits.FORMS if c == control}
    bad: dict[str, list[int]] = {
        "scope_kind": [scope for scope in range(12) if scope not in scopes],
        "measure": [other for other in range(66) if other not in measures],
        "side": [side + 1, 3, 4],
        "order_type": [type + 1, 5, 8],
        "instrument": []
        if scopes[0] in (*limits.PAIRS, rck.RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP)
        else [1, 2**32 - 1],
    }
    for field, values in bad.items():
        for value in [*values, *([2**31, 2**32 - 1] if field != "instrument" else [])]:
            changed = limits.of(control, measure, scopes[0])
            setattr(changed, field, value)
            assert refuse(desk, changed, "RCK_E_RANGE", field).value == value
    for allowed_side, allowed_type in itertools.product(range(side + 1), range(type + 1)):
        good.side, good.order_type = allowed_side, allowed_type
        if len(limits.armed(desk)) + allowed_side * 5 + allowed_type < host.SMALL["limits_max"]:
            limits.set_limit(desk, good)


@pytest.mark.parametrize("id", [0, 5, 2**20 + 1, 2**21 - 1, 2**21 + 1, 2**31, 2**32 - 1])
@pytest.mark.parametrize(("control", "measure", "scope"), limits.PLACES)
def test_ids_are_defined(desk: rck.EngineHandle, control: int, measure: int, scope: int, id: int) -> None:
    if scope != rck.RCK_SCOPE_GLOBAL:
        refuse(desk, limits.of(control, measure, scope, id=id), "RCK_E_UNKNOWN", "id")
    elif id:
        refuse(desk, limits.of(control, measure, scope, id=id), "RCK_E_RANGE", "id")
    if scope in limits.PAIRS:
        refuse(desk, limits.of(control, measure, scope, instrument=id), "RCK_E_UNKNOWN", "instrument")


@pytest.mark.parametrize(("control", "measure"), limits.FORMS)
def test_levels_are_bounded_by_their_unit(desk: rck.EngineHandle, control: int, measure: int) -> None:
    scopes, _, _, most = limits.FORMS[control, measure]
    for name, level in (("warn", WARN), ("soft", SOFT), ("hard", HARD)):
        for value in (-1, -(2**63), most + 1, 2**63 - 1):
            changes = {"levels": level, "hard": 0} | {name: value}
            fault = refuse(desk, limits.of(control, measure, scopes[0], **changes), "RCK_E_RANGE", name)
            assert (fault.value, fault.minimum, fault.maximum) == (value, 0, most)
        for value in (0, most):
            changes = {"levels": level, "hard": 0} | {name: value}
            limits.set_limit(desk, limits.of(control, measure, scopes[0], **changes), flags=rck.RCK_LOOSEN)


@pytest.mark.parametrize("armed", range(1, 8))
def test_levels_rise_as_far_as_armed_and_others_are_zero(desk: rck.EngineHandle, armed: int) -> None:
    names = [name for bit, name in enumerate(("warn", "soft", "hard")) if armed & 1 << bit]
    for values in itertools.product(range(3), repeat=3):
        given = limit(levels=armed, **dict(zip(("warn", "soft", "hard"), values, strict=True)))
        of_armed = [getattr(given, name) for name in names]
        others = [
            value for name, value in zip(("warn", "soft", "hard"), values, strict=True) if name not in names
        ]
        holds = of_armed == sorted(of_armed) and not any(others)
        status = name_of(limits.put(desk, given, rck.RCK_LOOSEN))
        assert status == ("RCK_OK" if holds else "RCK_E_RANGE"), values


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"levels": 0, "hard": 0}, "RCK_E_RANGE", "levels"),
        ({"levels": 8 | HARD}, "RCK_E_FLAGS", "levels"),
        ({"levels": 2**31 | HARD}, "RCK_E_FLAGS", "levels"),
        ({"flags": 1}, "RCK_E_FLAGS", "flags"),
        ({"flags": 2**31}, "RCK_E_FLAGS", "flags"),
        ({"reference": 1}, "RCK_E_RANGE", "reference"),
        ({"window_ns": 1}, "RCK_E_RANGE", "window_ns"),
        ({"window_ns": -1}, "RCK_E_RANGE", "window_ns"),
        ({"actor": 0}, "RCK_E_RANGE", "actor"),
        ({"actions": [9, 0, 0, 0]}, "RCK_E_RANGE", "actions"),
        ({"actions": [0, 255, 0, 0]}, "RCK_E_RANGE", "actions"),
        ({"actions": [0, 0, 9, 0]}, "RCK_E_RANGE", "actions"),
        ({"actions": [0, 0, 0, 1]}, "RCK_E_RANGE", "actions"),
        ({"reason": b""}, "RCK_E_RANGE", "reason"),
        ({"reason": b"a\tb"}, "RCK_E_NAME", "reason"),
        ({"reason": b"\xff"}, "RCK_E_NAME", "reason"),
        ({"reason": b"x" * 32}, "RCK_E_NAME", "reason"),
    ],
)
def test_the_rest_of_a_limit_is_judged(
    desk: rck.EngineHandle, changes: dict[str, Any], status: str, field: str
) -> None:
    refuse(desk, limit(**changes), status, field)
    limits.set_limit(desk, limit())
    refuse(desk, limit(**changes), status, field)


def test_a_collar_has_a_reference_and_may_be_of_one_side(desk: rck.EngineHandle) -> None:
    for reference in (0, 6, 2**32 - 1):
        fault = refuse(desk, collar(reference=reference), "RCK_E_RANGE", "reference")
        assert (fault.minimum, fault.maximum) == (1, 5)
    refuse(desk, collar(flags=2), "RCK_E_FLAGS", "flags")
    for side, reference in enumerate((1, 3, 5)):
        limits.set_limit(desk, collar(side=side, reference=reference, flags=rck.RCK_AGGRESSIVE_ONLY))


def test_a_rate_has_a_window_of_up_to_a_day(desk: rck.EngineHandle) -> None:
    for window in (0, -1, limits.DAY_NS + 1, 2**63 - 1, -(2**63)):
        fault = refuse(desk, rate(window_ns=window), "RCK_E_RANGE", "window_ns")
        assert (fault.minimum, fault.maximum) == (1, limits.DAY_NS)
    limits.set_limit(desk, rate(window_ns=1), rate(window_ns=limits.DAY_NS))


@pytest.mark.parametrize("flags", [2, 3, 2**31])
def test_unknown_flags_of_the_call_are_refused(desk: rck.EngineHandle, flags: int) -> None:
    fault = refuse(desk, limit(), "RCK_E_FLAGS", "flags", flags)
    assert (fault.record, fault.value, fault.maximum) == (b"rck_limit_set", flags, rck.RCK_LOOSEN)
    limits.set_limit(desk, limit())
    assert limits.take(desk, limit(), flags) == "RCK_E_FLAGS"


# ---- Loosening ----

BASE = {"levels": 7, "warn": 10, "soft": 20, "hard": 30}
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("quantity", BASE, {}, False),
    ("quantity", BASE, {"warn": 9, "soft": 9, "hard": 9}, False),
    ("quantity", BASE, {"warn": 11}, True),
    ("quantity", BASE, {"soft": 21}, True),
    ("quantity", BASE, {"hard": 31}, True),
    ("quantity", BASE, {"levels": 6, "warn": 0}, True),
    ("quantity", BASE, {"levels": 5, "soft": 0}, True),
    ("quantity", BASE, {"levels": 3, "hard": 0}, True),
    ("quantity", {"levels": 4, "hard": 30}, {"levels": 7, "warn": 1, "soft": 2, "hard": 30}, False),
    ("quantity", {"levels": 4, "hard": 30}, {"levels": 1, "warn": 30, "hard": 0}, True),
    ("quantity", BASE, {"actions": [8, 8, 8, 0], "actor": 9, "reason": b"other"}, False),
    ("rate", {"hard": 5, "window_ns": 100}, {"window_ns": 99}, True),
    ("rate", {"hard": 5, "window_ns": 100}, {"window_ns": 101}, False),
    ("rate", {"hard": 5, "window_ns": 100}, {"hard": 6}, True),
    ("rate", {"hard": 5, "window_ns": 100}, {"hard": 0}, False),
    ("collar", {"reference": 1}, {"reference": 2}, True),
    ("collar", {"flags": 0}, {"flags": 1}, True),
    ("collar", {"flags": 1}, {"flags": 0}, False),
]
MAKERS = {"quantity": limit, "rate": rate, "collar": collar}


@pytest.mark.parametrize("is_published", [False, True])
@pytest.mark.parametrize(("kind", "first", "changes", "loosens"), CHANGES)
def test_loosening_needs_its_flag(
    desk: rck.EngineHandle,
    kind: str,
    first: dict[str, Any],
    changes: dict[str, Any],
    loosens: bool,
    is_published: bool,
) -> None:
    limits.set_limit(desk, MAKERS[kind](**first))
    if is_published:
        limits.publish(desk)
    second = MAKERS[kind](**{**first, **changes})
    if loosens:
        refuse(desk, second, "RCK_E_LOOSEN", "flags")
    limits.set_limit(desk, second, flags=rck.RCK_LOOSEN if loosens else 0)
    assert limits.plain(limits.get(desk, second)[1]) == limits.plain(second)


def test_loosening_is_held_against_what_was_set_last(desk: rck.EngineHandle) -> None:
    limits.set_limit(desk, limit(hard=100))
    limits.publish(desk)
    limits.set_limit(desk, limit(hard=50))
    refuse(desk, limit(hard=60), "RCK_E_LOOSEN", "flags")
    limits.set_limit(desk, limit(hard=200), flags=rck.RCK_LOOSEN)
    limits.set_limit(desk, limit(hard=150))
    limits.publish(desk)
    assert [each.hard for each in limits.armed(desk)] == [150]
