"""What the header says that each unit of a capacity adds to the region is what rck_region_bytes charges."""

import re

import pytest

import host
from conftest import ROOT

HEADER = (ROOT / "include/riskcheck.h").read_text()
# A multiple of the rounding of sections, so that the difference is free of it.
MORE = 128
DEFINITIONS = ("currencies_max", "groups_max", "accounts_max", "strategies_max", "instruments_max")


def charges() -> dict[str, str]:
    """Field to the expression in its brackets; those without brackets are charged with other fields."""
    found = re.findall(r"uint64_t (\w+_max);\s*/\* \[([^]]*)\]", HEADER)
    return {field: "leases_ports * 128" if text == "128 a port" else text for field, text in found}


def charge(field: str, settings: dict[str, int]) -> int:
    values = settings | {"leases_ports": settings["ports_max"] + 1}
    total = 0
    for term in charges()[field].split("+"):
        product = 1
        for factor in term.split("*"):
            word = factor.strip()
            product *= int(word) if word.isdigit() else values[word]
        total += product
    return total


def names_bytes(settings: dict[str, int]) -> int:
    names = sum(settings[field] for field in DEFINITIONS)
    return 16 * names + 8 * (1 << (2 * names - 1).bit_length())


@pytest.mark.parametrize("field", sorted(charges()))
def test_a_unit_adds_what_the_header_says(field: str) -> None:
    few = dict(host.SMALL) | {field: MORE if field != "ports_max" else 1}
    more = few | {field: few[field] + MORE}
    grown = host.region_bytes(host.config(**more)) - host.region_bytes(host.config(**few))
    expected = MORE * charge(field, few)
    if field in DEFINITIONS:
        # One bit each in words of 64, and names: their sections are rounded.
        expected += MORE // 8 + names_bytes(more) - names_bytes(few)
        assert abs(grown - expected) <= 3 * 128
    else:
        assert grown == expected


def test_every_capacity_has_a_charge_or_is_part_of_one() -> None:
    text = " ".join(charges().values())
    fields = re.findall(r"uint64_t (\w+);", HEADER[HEADER.index("typedef struct rck_config") :].split("}")[0])
    assert len(fields) == 20
    assert [f for f in fields if f not in charges() and f not in text] == []
