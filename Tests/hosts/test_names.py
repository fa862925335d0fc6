"""Names of definitions: what is one, whose it is, and how it is found."""

import ctypes

import pytest

import definitions as defs
import riskcheck.abi as rck
from definitions import refuse
from host import name_of


@pytest.mark.parametrize("kind", defs.KINDS)
@pytest.mark.parametrize("name", [b"x", b"a" * 31, "Zürich".encode(), "日本".encode(), b"two words", b" "])
def test_names_and_ids_find_each_other(filled: rck.EngineHandle, kind: str, name: bytes) -> None:
    defs.define(filled, defs.MAKERS[kind](id=2, name=name))
    assert defs.find_id(filled, defs.KINDS[kind], name) == (rck.RCK_OK, 2)
    assert defs.find_name(filled, defs.KINDS[kind], 2) == (rck.RCK_OK, name)


@pytest.mark.parametrize("kind", defs.KINDS)
@pytest.mark.parametrize(
    "name",
    [
        b"a" * 32,
        "é".encode() * 16,
        b"\x80",
        b"\xc3",
        b"\xc3(",
        b"\xc0\xaf",  # an overlong form
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",  # a surrogate
        b"\xf4\x90\x80\x80",  # above U+10FFFF
        b"\xff",
        b"a\nb",
        b"\x01",
        b"\x1f",
        b"\x7f",
    ],
)
def test_what_is_no_name_is_refused(filled: rck.EngineHandle, kind: str, name: bytes) -> None:
    refuse(filled, defs.MAKERS[kind](id=2, name=name), "RCK_E_NAME", "name")
    assert name_of(defs.find_id(filled, defs.KINDS[kind], name)[0]) == "RCK_E_NAME"


@pytest.mark.parametrize("kind", defs.KINDS)
def test_an_empty_name_is_allowed_often_and_not_found(filled: rck.EngineHandle, kind: str) -> None:
    defs.define(filled, defs.MAKERS[kind](id=1, name=b""), defs.MAKERS[kind](id=2, name=b""))
    assert name_of(defs.find_id(filled, defs.KINDS[kind], b"")[0]) == "RCK_E_UNKNOWN"
    assert defs.find_name(filled, defs.KINDS[kind], 2) == (rck.RCK_OK, b"")


@pytest.mark.parametrize("kind", defs.KINDS)
def test_a_name_belongs_to_one_id_and_is_free_after_a_rename(filled: rck.EngineHandle, kind: str) -> None:
    make, number = defs.MAKERS[kind], defs.KINDS[kind]
    defs.define(filled, make(id=1, name=b"first"))
    refuse(filled, make(id=2, name=b"first"), "RCK_E_NAME_TAKEN", "name")
    defs.define(filled, make(id=1, name=b"first"))
    defs.define(filled, make(id=1, name=b"other"))
    assert name_of(defs.find_id(filled, number, b"first")[0]) == "RCK_E_UNKNOWN"
    defs.define(filled, make(id=2, name=b"first"))
    assert defs.find_id(filled, number, b"first") == (rck.RCK_OK, 2)
    assert defs.find_id(filled, number, b"other") == (rck.RCK_OK, 1)


def test_a_name_can_be_had_once_in_each_kind(filled: rck.EngineHandle) -> None:
    for kind in defs.KINDS:
        defs.define(filled, defs.MAKERS[kind](id=1, name=b"same"))
    for number in defs.KINDS.values():
        assert defs.find_id(filled, number, b"same") == (rck.RCK_OK, 1)


def test_names_are_compared_byte_by_byte(filled: rck.EngineHandle) -> None:
    names = [b"a", b"A", b"a ", b"aa", "\u00e9".encode(), "e\u0301".encode()]
    for id, name in enumerate(names[:5], 1):
        defs.define(filled, defs.account(id, name))
    for id, name in enumerate(names[:5], 1):
        assert defs.find_id(filled, rck.RCK_KIND_ACCOUNT, name) == (rck.RCK_OK, id)
    assert defs.find_id(filled, rck.RCK_KIND_ACCOUNT, names[5])[0] == rck.RCK_E_UNKNOWN


def test_what_follows_the_end_of_a_name_does_not_count(filled: rck.EngineHandle) -> None:
    dirty = defs.account(1)
    ctypes.memmove(ctypes.addressof(dirty) + rck.Account.name.offset, b"desk\0dirt\xff" + b"z" * 22, 32)
    defs.define(filled, dirty)
    assert defs.find_id(filled, rck.RCK_KIND_ACCOUNT, b"desk") == (rck.RCK_OK, 1)
    refuse(filled, defs.account(2, b"desk"), "RCK_E_NAME_TAKEN")
    found = defs.fetch(filled, "account", 1)[1]
    start = rck.Account.name.offset
    assert bytes(found)[start : start + 32] == b"desk".ljust(32, b"\0")
