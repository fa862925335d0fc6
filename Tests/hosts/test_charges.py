"""What the header says that each unit of a capacity adds to the region is what rck_region_bytes charges."""

import re

import pytest

import host
import riskcheck.abi as rck
from conftest import ROOT

HEADER = (ROOT / "include/riskcheck.h").read_text()
# A multiple of the rounding of sections, so that the difference is free of it.
MORE = 128
DEFINITIONS = ("currencies_max", "groups_max", "accounts_max", "strategies_max", "instruments_max")


def charges() -> dict[str, str]:
    """Field to the expression in its brackets; those without brackets are charged with other fields."""
    found = re.findall(r"uint64_t (\w+_max);\s*/\* \[([^]]*)\]", HEADER)
    return {field: text.replace("128 a port", "leases_ports * 128") for field, text in found}


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


def buckets(held: int) -> int:
    return 8 * (1 << (2 * held - 1).bit_length()) if held > 1 else 16


def tables_bytes(settings: dict[str, int]) -> int:
    """Buckets of all tables, and the names' nodes."""
    names = sum(settings[field] for field in DEFINITIONS) + rck.RCK_CALENDARS_MAX
    ports = settings["ports_max"] + 1
    orders = settings["orders_max"] + settings["retired_ids_max"] + 16 * ports
    held = (
        names,
        settings["positions_max"],
        orders,
        settings["executions_max"] + ports,
        settings["limits_max"],
        settings["duplicates_max"],
    )
    return 16 * names + sum(buckets(count) for count in held)


# A book or a market beside the definition; for a port a spare of each kind of record, and orders in hand.
BITS = {field: 1 for field in DEFINITIONS} | {
    "accounts_max": 2,
    "strategies_max": 2,
    "instruments_max": 2,
    "positions_max": 1,
    "orders_max": 1,
    "retired_ids_max": 1,
    "ports_max": 20,
}


@pytest.mark.parametrize("field", sorted(charges()))
def test_a_unit_adds_what_the_header_says(field: str) -> None:
    few = dict(host.SMALL) | {field: MORE if field != "ports_max" else 1}
    more = few | {field: few[field] + MORE}
    grown = host.region_bytes(host.config(**more)) - host.region_bytes(host.config(**few))
    expected = MORE * charge(field, few) + tables_bytes(more) - tables_bytes(few)
    expected += MORE // 8 * BITS.get(field, 0)
    # Only the bits do not come in whole lines: their sections, at most four, are rounded.
    assert abs(grown - expected) <= (4 * 128 if field in BITS else 0)


def test_a_small_window_of_a_rate_is_charged_128() -> None:
    few = dict(host.SMALL) | {"rate_exact_max": 1, "windows_max": MORE}
    more = few | {"windows_max": 2 * MORE}
    assert host.region_bytes(host.config(**more)) - host.region_bytes(host.config(**few)) == MORE * (
        1152 + 128
    )


def test_every_capacity_has_a_charge_or_is_part_of_one() -> None:
    text = " ".join(charges().values())
    fields = re.findall(r"uint64_t (\w+);", HEADER[HEADER.index("typedef struct rck_config") :].split("}")[0])
    assert len(fields) == 21
    assert [f for f in fields if f not in charges() and f not in text] == []
