"""The catalogue agrees with what limits may be set, and a verdict can be said in one line of any length."""

import ctypes
import dataclasses
import re
import subprocess
import sys
from ctypes import byref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import limits
import riskcheck.abi as rck
from conftest import ROOT
from host import as_dict, name_of, sized
from riskcheck.abi import lib

sys.path.insert(0, str(ROOT / "bindings"))

import catalogue

NAMES = {
    1: b"order validity",
    2: b"order quantity",
    3: b"order notional",
    4: b"price collar",
    5: b"period collar",
    6: b"position",
    7: b"exposure",
    9: b"buying power",
    10: b"liquidity",
    11: b"message rate",
    12: b"accumulated",
    13: b"working orders",
    14: b"duplicate",
    16: b"repeated execution",
    17: b"loss",
    19: b"lists",
    20: b"quote",
    21: b"conduct",
    22: b"metric",
    23: b"custom",
    25: b"group exposure",
    26: b"state of trading",
}
UNITS = {2: "QUANTITY", 3: "MONEY", 4: "BPS", 6: "QUANTITY", 7: "MONEY", 9: "BPS", 11: "COUNT", 12: "MONEY"}
UNITS |= {13: "COUNT", 14: "COUNT", 16: "COUNT", 17: "MONEY", 19: "QUANTITY", 21: "COUNT", 25: "MONEY"}
UNITS |= {control: "BPS" for control in (5, 10, 20)}


def describe(control: int) -> tuple[str, rck.ControlInfo]:
    info = sized(rck.ControlInfo)
    return name_of(lib.rck_control_describe(control, byref(info))), info


def test_the_controls_of_this_version_are_described() -> None:
    for control in [*range(64), 2**31, 2**32 - 1]:
        status, info = describe(control)
        assert status == ("RCK_OK" if control in NAMES else "RCK_E_UNKNOWN")
        if control in NAMES:
            assert (info.control, info.name) == (control, NAMES[control])
            assert info.unit == getattr(rck, f"RCK_UNIT_{UNITS.get(control, 'NONE')}")
            # By severity: none, information, warning, soft, hard, critical.
            assert list(info.actions) == [0, 1, 2, 3, 4, 8, 0, 0]
            assert info.reducing == (control in (6, 7, 9, 12, 17, 25))
        else:
            assert as_dict(info) == as_dict(sized(rck.ControlInfo))


@pytest.mark.parametrize("control", sorted({control for control, _ in limits.FORMS}))
def test_a_description_says_which_limits_may_be_set(control: int) -> None:
    info = describe(control)[1]
    forms = {measure: form for (number, measure), form in limits.FORMS.items() if number == control}
    assert info.measures == sum(1 << measure for measure in forms)
    assert info.scopes == sum(1 << scope for scope in next(iter(forms.values()))[0])
    assert info.sided == any(side for _, side, _, _ in forms.values())
    assert info.typed == any(type for _, _, type, _ in forms.values())


def test_controls_without_limits_have_no_measures() -> None:
    assert (describe(1)[1].scopes, describe(1)[1].measures) == (0, 0)
    assert (describe(26)[1].scopes, describe(26)[1].measures) == (sum(1 << scope for scope in limits.ALL), 0)


def codes(control: int) -> set[str]:
    words = describe(control)[1].codes
    bits = words[0] | words[1] << 64
    return {rck.STATUS_NAMES[control * 100 + code] for code in range(128) if bits >> code & 1}


def test_the_codes_are_those_that_the_tests_see() -> None:
    """The conformance tables and the tests here show every code that is told, and no table shows another."""
    told = set().union(*map(codes, NAMES))
    tables = "".join(path.read_text() for path in (ROOT / "Tests/conformance").glob("*.txt"))
    tests = "".join(path.read_text() for path in (ROOT / "Tests/hosts").glob("test_*.py"))
    shown = {f"RCK_{name}" for name in re.findall(r"status=(REJECT_\w+)", tables)}
    assert {name for name in shown if getattr(rck, name) >= 100} <= told
    assert told <= shown | set(re.findall(r"\bRCK_REJECT_\w+", tests))


def test_what_is_made_of_the_catalogue_is_up_to_date() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "bindings/catalogue.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    "change",
    [{"name": "another"}, {"unit": "RCK_UNIT_COUNT"}, {"scopes": []}, {"measures": []}, {"reducing": True}]
    + [{"actions": ["RCK_ACTION_HALT"] * 6}, {"codes": []}],
)
def test_every_file_shows_a_change_of_the_catalogue(change: dict[str, Any]) -> None:
    controls = catalogue.catalogue()
    changed = [dataclasses.replace(controls[1], **change)]
    for name, write in catalogue.OUTPUTS.items():
        assert write([controls[0], *changed]) != write(controls[:2]), name


def test_the_tables_say_what_the_library_says() -> None:
    assert {number: name.encode() for number, (name, *_) in rck.CONTROLS.items()} == NAMES
    for number, control in rck.CONTROLS.items():
        info = describe(number)[1]
        assert control.unit == info.unit and list(control.actions) == list(info.actions)[:6]
        assert (control.sided, control.typed, control.reducing) == (info.sided, info.typed, info.reducing)
        assert sum(1 << scope for scope in control.scopes) == info.scopes
        assert sum(1 << measure for measure in control.measures) == info.measures
        assert {rck.STATUS_NAMES[code] for code in control.codes} == codes(number)


def explain(capacity: int = 512, **fields: Any) -> str:
    verdict = sized(rck.Verdict, **fields)
    text = ctypes.create_string_buffer(b"\x5a" * (capacity + 8), capacity + 8)
    rck.check(lib.rck_explain(byref(verdict), text, capacity))
    assert text.raw[capacity:] == b"\x5a" * 8, "nothing behind the buffer is touched"
    assert b"\0" in text.raw[:capacity]
    return text.value.decode("ascii")


REFUSED = {
    "status": rck.RCK_REJECT_EXPOSURE_GROSS,
    "control": 7,
    "severity": rck.RCK_SEVERITY_HARD,
    "action": rck.RCK_ACTION_BLOCK,
    "scope_kind": rck.RCK_SCOPE_ACCOUNT,
    "scope_id": 1,
    "limit_id": 7,
    "limit": 1_200_000,
    "observed": 1_205_000,
    "utilisation_bps": 10_041,
    "failed": 1 << 6 | 1 << 10,
}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "passed"),
        ({"status": 1}, "known already: nothing changed"),
        (
            REFUSED,
            (
                "refused: RCK_REJECT_EXPOSURE_GROSS by exposure at account 1 (limit 7): 1205000 against 1200000,"
                " 10041 bps; action block; also refused by message rate"
            ),
        ),
        (
            {**REFUSED, "status": 0, "severity": 2, "action": 2, "failed": 0, "control": 6}
            | {"scope_kind": rck.RCK_SCOPE_ACCOUNT_INSTRUMENT, "scope_id": 3 << 32 | 4},
            (
                "passed with warning by position at account 3 on instrument 4 (limit 7): 1205000 against 1200000,"
                " 10041 bps; action alert"
            ),
        ),
        (
            {"status": rck.RCK_REJECT_HALTED, "control": 26, "severity": 4, "action": 4, "failed": 1 << 25}
            | {"scope_kind": rck.RCK_SCOPE_GLOBAL, "observed": 3, "flags": rck.RCK_VERDICT_CONTENDED},
            (
                "refused: RCK_REJECT_HALTED by state of trading at global; action block; contended: another call"
                " held it at that instant"
            ),
        ),
        (
            {"severity": 4, "action": 4, "control": 26, "failed": 1 << 25, "scope_kind": rck.RCK_SCOPE_GLOBAL}
            | {"flags": rck.RCK_VERDICT_WOULD_REFUSE, "observed": 3},
            "recorded, and a check would have refused it by state of trading at global; action block",
        ),
        (
            {"severity": 4, "action": 4, "flags": rck.RCK_VERDICT_WOULD_REFUSE},
            "recorded, and a check would have refused it",
        ),
        ({"status": rck.RCK_REJECT_TIME_BACK}, "refused: RCK_REJECT_TIME_BACK"),
        ({"status": rck.RCK_E_FAILED}, "not decided: RCK_E_FAILED"),
        ({"status": 31_999}, "refused: unknown status 31999"),
        (
            {"flags": rck.RCK_VERDICT_LATE | rck.RCK_VERDICT_GAP, "observed": 5},
            "passed; late: after the order's end; gap: the cumulative moved by another amount",
        ),
        (
            {"status": 9, "control": 99, "scope_kind": 77, "scope_id": 2**64 - 1, "action": 99, "limit_id": 1}
            | {"limit": -(2**63), "observed": 2**63 - 1, "utilisation_bps": -(2**31)},
            (
                "refused: unknown status 9 by control 99 at scope 77 18446744073709551615 (limit 1):"
                " 9223372036854775807 against -9223372036854775808, -2147483648 bps; action 99"
            ),
        ),
    ],
)
def test_a_verdict_in_words(fields: dict[str, Any], text: str) -> None:
    assert explain(**fields) == text
    for capacity in range(1, len(text) + 3):
        assert explain(capacity, **fields) == text[: capacity - 1]


@given(raw=st.binary(min_size=64, max_size=64), capacity=st.integers(1, 400))
def test_any_64_bytes_can_be_said(raw: bytes, capacity: int) -> None:
    verdict = rck.Verdict.from_buffer_copy(raw)
    text = ctypes.create_string_buffer(b"\x5a" * 408, 408)
    assert lib.rck_explain(byref(verdict), text, capacity) == rck.RCK_OK
    assert text.raw[capacity:] == b"\x5a" * (408 - capacity)
    said = text.value.decode("ascii")
    assert said.isprintable() and len(said) < capacity


def test_what_cannot_be_written_is_refused() -> None:
    text = ctypes.create_string_buffer(b"\x5a", 1)
    verdict = rck.Verdict()
    assert name_of(lib.rck_explain(byref(verdict), text, 0)) == "RCK_E_BUFFER"
    assert name_of(lib.rck_explain(None, text, 1)) == "RCK_E_NULL"
    assert name_of(lib.rck_explain(byref(verdict), None, 1)) == "RCK_E_NULL"
    assert text.raw == b"\x5a"
    assert name_of(lib.rck_control_describe(2, None)) == "RCK_E_NULL"
    assert name_of(lib.rck_control_describe(2, byref(rck.ControlInfo(struct_size=4)))) == "RCK_E_STRUCT_SIZE"
