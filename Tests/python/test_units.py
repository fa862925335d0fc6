"""Human numbers become units exactly or not at all; units become the numbers that they are."""

import decimal
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskcheck import InexactError, Units, from_units, to_units

UNITS = st.integers(-(2**63), 2**63 - 1)
DECIMALS = st.integers(0, 18)


@given(UNITS, DECIMALS)
def test_units_survive_being_numbers(units: int, decimals: int) -> None:
    number = from_units(units, decimals)
    assert Fraction(number) == Fraction(units, 10**decimals)
    for same in (number, str(number), Units(units)):
        assert to_units(same, decimals) == units


@given(UNITS, DECIMALS)
def test_no_context_of_decimal_arithmetic_matters(units: int, decimals: int) -> None:
    with decimal.localcontext() as context:
        context.prec = 1
        context.traps[decimal.Inexact] = True
        assert to_units(from_units(units, decimals), decimals) == units


@given(st.decimals(allow_nan=False, allow_infinity=False), DECIMALS)
def test_a_decimal_is_exact_or_an_error(number: Decimal, decimals: int) -> None:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and abs(exponent) > 200:
        return  # the fraction alone would take all memory
    wanted = Fraction(number) * 10**decimals
    if wanted.denominator == 1 and -(2**63) <= wanted < 2**63:
        assert to_units(number, decimals) == wanted
    else:
        with pytest.raises((InexactError, OverflowError)):
            to_units(number, decimals)


@given(st.floats(allow_nan=False, allow_infinity=False), DECIMALS)
def test_a_float_is_the_shortest_decimal_that_reads_back(number: float, decimals: int) -> None:
    try:
        wanted: Any = to_units(repr(number), decimals)
    except (InexactError, OverflowError) as error:
        wanted = type(error)
    for given_number in (number, numpy.float64(number)):
        try:
            found: Any = to_units(given_number, decimals)
        except (InexactError, OverflowError) as error:
            found = type(error)
        assert found == wanted


@given(st.integers(-(2**70), 2**70), DECIMALS)
def test_an_int_is_the_human_number(number: int, decimals: int) -> None:
    if -(2**63) <= number * 10**decimals < 2**63:
        assert to_units(number, decimals) == number * 10**decimals
    else:
        with pytest.raises(OverflowError):
            to_units(number, decimals)


def test_the_same_price_however_it_is_written() -> None:
    same: Any
    for same in (99.5, "99.5", "99.50", " 99.5 ", Decimal("99.500"), "9950e-2", numpy.float64(99.5)):
        assert to_units(same, 2) == 9950
    for same in (99, 99.0, "99", numpy.int64(99), numpy.uint8(99)):
        assert to_units(same, 2) == 9900
    assert to_units(0.1, 1) == 1 and to_units(-0.0, 2) == 0 and to_units("0e999", 2) == 0


def test_what_is_no_number_of_units_is_named() -> None:
    wrong: Any
    for wrong in (99.505, "99.505", Decimal("99.505"), 0.1 + 0.2):
        with pytest.raises(InexactError, match=re.escape(f"{wrong!r} has more than 2 decimals")):
            to_units(wrong, 2)
    for wrong in (float("nan"), float("inf"), "nan", "-inf", Decimal("sNaN"), "many", ""):
        with pytest.raises(InexactError):
            to_units(wrong, 2)
    for wrong in (2**63, "1e30", 1e300, Decimal("1e999999999999"), Units(2**63)):
        with pytest.raises(OverflowError):
            to_units(wrong, 0)
    with pytest.raises(InexactError):
        to_units("1e-999999999999", 18)


def test_what_is_not_meant_as_a_number_is_a_type_error() -> None:
    wrong: Any
    for wrong in (True, False, None, b"1", numpy.bool_(True), numpy.float32(0.1), 1j, [1]):
        with pytest.raises(TypeError):
            to_units(wrong, 2)


def test_units_read_as_the_integers_that_they_are() -> None:
    assert (str(Units(-5)), f"{Units(7)}", repr(Units(7))) == ("-5", "7", "Units(7)")
    assert from_units(abs(Units(-5)) + 1, 2) == Decimal("0.06")


def test_sums_and_multiples_of_units_are_units() -> None:
    price = Units(9950)
    for made, value in (
        (price + 1, 9951),
        (1 + price, 9951),
        (price - 50, 9900),
        (10_000 - price, 50),
        (2 * price, 19_900),
        (price * 2, 19_900),
        (price // 3, 3316),
        (price % 100, 50),
        (-price, -9950),
        (abs(-price), 9950),
    ):
        assert made == value and to_units(made, 2) == value, "not taken for a human number"
    assert price / Units(19_900) == 0.5 and to_units(price + 0.5, 2) == 995_050
