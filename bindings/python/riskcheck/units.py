"""Prices and quantities as people write them, turned into the integers that the library takes: exactly or not at all.

A number is the human one, whatever its type: 99.5, "99.50", Decimal("99.5") and, of 99 dollars, 99 are prices in the
instrument's currency. With price_decimals 2 the first three are 9950 units and the last 9900. A float means the
shortest decimal that reads back as it. What is in units already says so: Units(9950). `port.bind` and batches
take units only.
"""

import operator
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, SupportsIndex

INTEGER_MAX = 2**63 - 1
DIGITS_MAX = 19  # of such an integer
POWERS = tuple(10**decimals for decimals in range(DIGITS_MAX))  # the library knows 18 decimals at most


class Units(int):
    """An integer in units of 10^-decimals, as the library keeps it. With integers it is added to, multiplied and
    divided to whole units, as an int is, and is units still."""

    def __repr__(self) -> str:
        return f"Units({int(self)})"

    def __str__(self) -> str:
        return int.__repr__(self)


def still_units(name: str) -> Callable[..., Any]:
    plain = getattr(int, name)

    def operation(*operands: Any) -> Any:
        made = plain(*operands)
        return made if made is NotImplemented else Units(made)

    return operation


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "floordiv", "mod", "neg", "abs"):
    setattr(Units, f"__{_name}__", still_units(f"__{_name}__"))


Number = int | str | float | Decimal | SupportsIndex


class InexactError(ValueError):
    """The number is none, or not a whole number of units."""


def to_units(number: Number, decimals: int) -> int:
    """The number in units of 10^-decimals. InexactError: it has more decimals than that, or is not finite.
    OverflowError: it does not fit 64 bits."""
    if type(number) is int:  # the most usual ones first, and quickly
        return in_range(number * POWERS[decimals], number)
    if isinstance(number, Units):
        return in_range(int(number), number)
    if isinstance(number, bool):
        raise TypeError("a truth value is no number")
    if isinstance(number, float):
        return written(float.__repr__(number), number, decimals)
    if isinstance(number, str):
        return written(number, number, decimals)
    if isinstance(number, Decimal):
        return scaled(number, number, decimals)
    return in_range(operator.index(number) * POWERS[decimals], number)


def written(text: str, given: Number, decimals: int) -> int:
    """Most are plain digits with a point in them: those are joined, which takes a third of the time."""
    whole, _, part = text.partition(".")
    if whole and len(text) < 40 and len(part) <= decimals and text.isascii() and (whole + part).isdecimal():
        return in_range(int(whole + part.ljust(decimals, "0")), given)
    return scaled(decimal(text), given, decimals)


def decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InexactError(f"{text!r} is no number") from None


def scaled(value: Decimal, given: Number, decimals: int) -> int:
    """By integers alone: what a context rounds to does not matter."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise InexactError(f"{given!r} is not finite")
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return 0
    shift = exponent + decimals
    if shift < len(text.rstrip("0")) - len(text):  # to the left the point moves over zeros only
        raise InexactError(f"{given!r} has more than {decimals} decimals")
    if len(text) + shift > DIGITS_MAX:
        raise OverflowError(f"{given!r} does not fit 64 bits in units of 10^-{decimals}")
    units = int(text + "0" * shift if shift >= 0 else text[:shift])
    return in_range(-units if sign else units, given)


def in_range(units: int, given: object) -> int:
    if -INTEGER_MAX - 1 <= units <= INTEGER_MAX:
        return units
    raise OverflowError(f"{given!r} does not fit 64 bits")


def from_units(units: int, decimals: int) -> Decimal:
    """The number that so many units are, with all its decimals."""
    digits = tuple(map(int, str(abs(units))))
    return Decimal((int(units < 0), digits, -decimals))
