"""Definitions: what is set comes back, what is refused changes nothing, names and ids find each other."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import definitions as defs
import host
import riskcheck.abi as rck
from definitions import GROUPED, everything, refuse
from host import name_of


@pytest.mark.parametrize("kind", defs.KINDS)
def test_what_is_set_comes_back_whole(filled: rck.EngineHandle, kind: str) -> None:
    last = defs.capacity_of(kind)
    changes: dict[str, Any] = {"id": last, "name": b"\xc3\xa9t\xc3\xa9"}
    if kind == "group":
        changes["kind"] = rck.RCK_GROUP_OF_ACCOUNTS
    if kind in GROUPED:
        first = 13 - 4 * GROUPED[kind]
        changes |= {"groups": [first + 3, 0, first, 0], "flags": 0}
    if kind in ("account", "strategy"):
        changes["permissions"] = rck.RCK_PERMIT_BUY | rck.RCK_PERMIT_DAY
    if kind == "instrument":
        changes |= {"price_decimals": 18, "quantity_decimals": 7, "multiplier_decimals": 9, "lot": 100}
    if kind == "currency":
        changes |= {"rate_decimals": 18, "rate": 2**40 + 1}
    if kind == "calendar":
        changes |= {"entries": 64, "end_ns": 2**62 - 1}
        changes |= {"starts": list(range(64)), "permissions": [rck.RCK_PERMIT_BUY] * 64}
    definition = defs.MAKERS[kind](**changes)
    defs.define(filled, definition)
    status, found = defs.fetch(filled, kind, last)
    assert status == rck.RCK_OK
    assert host.as_dict(found) == host.as_dict(definition)


@pytest.mark.parametrize("kind", defs.KINDS)
def test_an_undefined_id_is_unknown_and_fills_nothing(engine: rck.EngineHandle, kind: str) -> None:
    for id in (0, 1, defs.capacity_of(kind), defs.capacity_of(kind) + 1, 2**31, 2**32 - 1):
        status, found = defs.fetch(engine, kind, id)
        assert name_of(status) == "RCK_E_UNKNOWN"
        assert found.id == 0
        assert defs.find_name(engine, defs.KINDS[kind], id)[0] == status or id == 0


@pytest.mark.parametrize("kind", defs.KINDS)
def test_an_id_is_from_1_to_the_capacity(filled: rck.EngineHandle, kind: str) -> None:
    last = defs.capacity_of(kind)
    for id in (0, last + 1, 2**31, 2**32 - 1):
        fault = refuse(filled, defs.MAKERS[kind](id=id, name=b"new"), "RCK_E_RANGE", "id")
        assert (fault.value, fault.minimum, fault.maximum) == (id, 1, last)


@pytest.mark.parametrize("kind", [0, 7, 2**31, 2**32 - 1])
def test_find_knows_six_kinds(filled: rck.EngineHandle, kind: int) -> None:
    assert name_of(defs.find_id(filled, kind, b"EUR")[0]) == "RCK_E_RANGE"
    assert name_of(defs.find_name(filled, kind, 1)[0]) == "RCK_E_RANGE"


@pytest.mark.parametrize("kind", GROUPED)
def test_groups_named_exist_are_of_the_right_kind_and_are_named_once(
    engine: rck.EngineHandle, kind: str
) -> None:
    right, make = GROUPED[kind], defs.MAKERS[kind]
    defs.define(engine, defs.currency(), defs.group(1, kind=right), defs.group(2, kind=right % 3 + 1))
    for unknown in (3, host.SMALL["groups_max"], host.SMALL["groups_max"] + 1, 2**32 - 1):
        refuse(engine, make(groups=[1, 0, 0, unknown]), "RCK_E_UNKNOWN", "groups")
    refuse(engine, make(groups=[0, 2, 0, 0]), "RCK_E_GROUP_KIND", "groups")
    refuse(engine, make(groups=[1, 0, 0, 1]), "RCK_E_GROUP_TWICE", "groups")
    defs.define(engine, make(groups=[0, 0, 0, 1]))


def test_the_kind_of_a_group_is_fixed_once_defined(engine: rck.EngineHandle) -> None:
    defs.define(engine, defs.group(1, b"tech", kind=3))
    for kind in (1, 2):
        refuse(engine, defs.group(1, b"tech", kind=kind), "RCK_E_GROUP_KIND", "kind")
    defs.define(engine, defs.group(1, b"technology", kind=3))
    for kind in (0, 4, 2**32 - 1):
        fault = refuse(engine, defs.group(2, kind=kind), "RCK_E_RANGE", "kind")
        assert (fault.minimum, fault.maximum) == (1, 3)


def test_an_instrument_needs_its_currency_first(engine: rck.EngineHandle) -> None:
    for id in (0, 1, 3, 4, 2**32 - 1):
        refuse(engine, defs.instrument(currency=id), "RCK_E_UNKNOWN", "currency")
    defs.define(engine, defs.currency(3))
    defs.define(engine, defs.instrument(currency=3))


@pytest.mark.parametrize(
    ("kind", "field", "low", "high"),
    [
        ("currency", "rate_decimals", 0, 18),
        ("currency", "rate", 1, 2**63 - 1),
        ("instrument", "price_decimals", 0, 18),
        ("instrument", "quantity_decimals", 0, 18),
        ("instrument", "multiplier_decimals", 0, 9),
        ("instrument", "multiplier", 1, 2**63 - 1),
        ("instrument", "lot", 1, 2**53),
        ("instrument", "tick", 1, 2**53),
    ],
)
def test_numbers_of_a_definition_have_ranges(
    filled: rck.EngineHandle, kind: str, field: str, low: int, high: int
) -> None:
    make = defs.MAKERS[kind]
    signed = high > 2**32
    for value in [low - 1, -1, -(2**63)] if signed else [high + 1, 2**31, 2**32 - 1]:
        fault = refuse(filled, make(**{field: value}), "RCK_E_RANGE", field)
        assert (fault.value, fault.minimum, fault.maximum) == (value, low, high)
    for value in (low, high):
        defs.define(filled, make(**{field: value}))
        assert getattr(defs.fetch(filled, kind, 1)[1], field) == value


@pytest.mark.parametrize("kind", defs.KINDS)
def test_unknown_flags_are_refused(filled: rck.EngineHandle, kind: str) -> None:
    chosen = rck.RCK_POWER_CREDIT | rck.RCK_POWER_REALISED | rck.RCK_POWER_FEES | rck.RCK_POWER_MARKED
    chosen |= rck.RCK_HALT_ON_LATE | rck.RCK_HALT_ON_OVER_FILL | rck.RCK_HALT_ON_UNKNOWN
    allowed = {"instrument": 7, "account": 1 | chosen, "strategy": 1}.get(kind, 0)
    for bit in range(32):
        if not allowed & 1 << bit:
            refuse(filled, defs.MAKERS[kind](flags=1 << bit), "RCK_E_FLAGS", "flags")
    defs.define(filled, defs.MAKERS[kind](flags=allowed))


@pytest.mark.parametrize("kind", ["account", "strategy"])
def test_unknown_permissions_are_refused(filled: rck.EngineHandle, kind: str) -> None:
    for bit in range(32):
        definition = defs.MAKERS[kind](permissions=1 << bit)
        if rck.RCK_PERMIT_ALL & 1 << bit:
            defs.define(filled, definition)
        else:
            refuse(filled, definition, "RCK_E_FLAGS", "permissions")


def test_the_reserved_field_of_an_instrument_is_zero(filled: rck.EngineHandle) -> None:
    refuse(filled, defs.instrument(reserved=1), "RCK_E_RESERVED", "reserved")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("entries", 0, "RCK_E_RANGE"),
        ("entries", 65, "RCK_E_RANGE"),
        ("starts", [100, 100], "RCK_E_RANGE"),
        ("starts", [-1, 200], "RCK_E_RANGE"),
        ("starts", [100, 200, 1], "RCK_E_RANGE"),
        ("end_ns", 200, "RCK_E_RANGE"),
        ("end_ns", 2**62, "RCK_E_RANGE"),
        ("permissions", [8], "RCK_E_FLAGS"),
        ("permissions", [0, 0, 1], "RCK_E_FLAGS"),
    ],
)
def test_what_a_calendar_must_not_hold(
    filled: rck.EngineHandle, field: str, value: Any, expected: str
) -> None:
    refuse(filled, defs.calendar(**{field: value}), expected, field)


@pytest.mark.parametrize("kind", defs.KINDS)
def test_defining_again_replaces_the_whole(filled: rck.EngineHandle, kind: str) -> None:
    first = defs.MAKERS[kind](id=2, name=b"before")
    defs.define(filled, first)
    changes: dict[str, Any] = {"id": 2, "name": b"after"}
    if kind in GROUPED:
        changes |= {"flags": 0, "groups": [13 - 4 * GROUPED[kind], 0, 0, 0]}
    if kind == "calendar":
        changes |= {"entries": 1, "starts": [7], "permissions": [rck.RCK_PERMIT_SHORT]}
    if kind == "instrument":
        changes |= {"tick": 7, "multiplier": 1, "multiplier_decimals": 3}
    second = defs.MAKERS[kind](**changes)
    defs.define(filled, second)
    assert host.as_dict(defs.fetch(filled, kind, 2)[1]) == host.as_dict(second)
    defs.define(filled, first)
    assert host.as_dict(defs.fetch(filled, kind, 2)[1]) == host.as_dict(first)


def test_health_counts_what_is_defined(engine: rck.EngineHandle) -> None:
    for kind in defs.KINDS:
        for id in (1, 2, 2):
            defs.define(engine, defs.MAKERS[kind](id=id, name=b"%s %d" % (kind.encode(), id)))
    found = host.health(engine)
    counts = [getattr(found, defs.PLURALS.get(kind, kind + "s")) for kind in defs.KINDS]
    assert counts == [2, 2, 2, 2, 2, 2]
    assert found.definitions == 18


NAMES = st.sampled_from([b"", b"a", b"b", b"c", b"a" * 31, "ü".encode(), b"\xff", b"b" * 32])


@st.composite
def definitions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Mostly valid, on few ids and names, so that they meet."""
    kind = draw(st.sampled_from(list(defs.KINDS)))
    fields: dict[str, Any] = {
        "id": draw(st.integers(0, min(defs.capacity_of(kind), 5) + 1)),
        "name": draw(NAMES),
    }
    if kind == "group":
        fields["kind"] = draw(st.integers(1, 3))
    if kind in GROUPED:
        fields["groups"] = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]), min_size=4, max_size=4))
        fields["flags"] = draw(st.integers(0, 1))
    if kind == "instrument":
        fields["currency"] = draw(st.integers(1, 3))
        fields["tick"] = draw(st.integers(0, 3))
    return kind, fields


class Model:
    """The rules for definitions over plain dictionaries."""

    def __init__(self) -> None:
        self.defined: dict[tuple[str, int], dict[str, Any]] = {}
        self.times = 0

    def id_of(self, kind: str, name: bytes) -> int | None:
        ids = (id for (k, id), fields in self.defined.items() if k == kind and fields["name"] == name)
        return next(ids, None) if name else None

    def refusals(self, kind: str, fields: dict[str, Any]) -> set[str]:
        """Every status that applies: which of several comes first is not promised."""
        found = set()
        if not 1 <= fields["id"] <= defs.capacity_of(kind) or fields.get("tick") == 0:
            found.add("RCK_E_RANGE")
        if len(fields["name"]) > 31 or fields["name"] == b"\xff":
            found.add("RCK_E_NAME")
        if self.id_of(kind, fields["name"]) not in (None, fields["id"]):
            found.add("RCK_E_NAME_TAKEN")
        if kind == "instrument" and ("currency", fields["currency"]) not in self.defined:
            found.add("RCK_E_UNKNOWN")
        groups = [group for group in fields.get("groups", []) if group]
        for id in groups:
            if ("group", id) not in self.defined:
                found.add("RCK_E_UNKNOWN")
            elif self.defined["group", id]["kind"] != GROUPED[kind]:
                found.add("RCK_E_GROUP_KIND")
        if len(groups) != len(set(groups)):
            found.add("RCK_E_GROUP_TWICE")
        old = self.defined.get((kind, fields["id"]))
        if kind == "group" and old and old["kind"] != fields["kind"]:
            found.add("RCK_E_GROUP_KIND")
        return found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(definitions(), min_size=1, max_size=40))
def test_any_sequence_of_definitions_agrees_with_a_dictionary(
    steps: list[tuple[str, dict[str, Any]]],
) -> None:
    with host.Session() as session:
        assert_agreement(session.create(), steps)


def assert_agreement(engine: rck.EngineHandle, steps: list[tuple[str, dict[str, Any]]]) -> None:
    model = Model()
    for kind, fields in steps:
        definition = defs.MAKERS[kind](**fields)
        expected = model.refusals(kind, fields)
        status = name_of(defs.put(engine, definition))
        assert status in (expected or {"RCK_OK"})
        if not expected:
            model.defined[kind, fields["id"]] = host.as_dict(definition)
            model.times += 1
    found = everything(engine)
    assert found.pop(("definitions", 0)) == model.times
    assert found == model.defined
    for kind, number in defs.KINDS.items():
        for name in (b"a", b"b", b"c", b"a" * 31, "ü".encode()):
            id = model.id_of(kind, name)
            assert defs.find_id(engine, number, name) == ((rck.RCK_OK, id) if id else (rck.RCK_E_UNKNOWN, 0))
