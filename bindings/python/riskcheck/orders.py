"""How an order is said: the keywords of `port.check` and its like, turned into the record that the library takes."""

from typing import NotRequired, Protocol, Required, TypedDict

from . import _abi
from ._calling import fill
from .enums import OrderType, Side, TimeInForce
from .errors import RiskCheckError
from .numbers import Number, to_units


class Asked(TypedDict, total=False):
    """Prices and quantities are human numbers, or Units. A limit order good for the day, unless it is said."""

    account: Required[int]
    instrument: Required[int]
    side: Required[Side]
    price: NotRequired[Number]
    stop_price: NotRequired[Number]
    decision_price: NotRequired[Number]
    type: NotRequired[OrderType]
    time_in_force: NotRequired[TimeInForce]
    strategy: NotRequired[int]
    venue: NotRequired[int]
    time_ns: NotRequired[int]
    deadline_ns: NotRequired[int]
    correlation_id: NotRequired[int]
    flags: NotRequired[int]


class Terms(Asked):
    quantity: Number


class NewTerms(TypedDict, total=False):
    """Of an amend: the rest is as the order has it. `order_id` is the new one if the venue gives one."""

    quantity: Required[Number]
    price: NotRequired[Number]
    stop_price: NotRequired[Number]
    decision_price: NotRequired[Number]
    order_id: NotRequired[int]
    time_ns: NotRequired[int]
    deadline_ns: NotRequired[int]
    correlation_id: NotRequired[int]
    flags: NotRequired[int]


class FixedTerms(TypedDict, total=False):
    """Of `port.bind`: what stays the same from order to order, and nothing that is a number with decimals."""

    account: Required[int]
    instrument: Required[int]
    side: Required[Side]
    type: NotRequired[OrderType]
    time_in_force: NotRequired[TimeInForce]
    strategy: NotRequired[int]
    venue: NotRequired[int]
    flags: NotRequired[int]


class Decimals(Protocol):
    """An engine, as far as numbers need it."""

    def decimals(self, instrument: int) -> tuple[int, int]: ...


PRICES = ("price", "stop_price", "decision_price")
USUAL = {"type": OrderType.LIMIT, "time_in_force": TimeInForce.DAY}


def order_of(engine: Decimals, order_id: int, terms: Terms | Asked) -> _abi.Order:
    """Nothing of an instrument that is not known can be converted: its numbers become 0, which no check passes."""
    fields = {**USUAL, "order_id": order_id, **terms}
    return fill(
        _abi.Order(), fields | in_units(engine, terms.get("instrument", 0), fields, PRICES, ("quantity",))
    )


def in_units(
    engine: Decimals,
    instrument: int,
    fields: dict[str, object],
    prices: tuple[str, ...],
    quantities: tuple[str, ...],
) -> dict[str, int]:
    """Those of the fields that are prices and quantities."""
    try:
        price_decimals, quantity_decimals = engine.decimals(instrument)
    except RiskCheckError as error:
        if error.status not in (_abi.RCK_E_UNKNOWN, _abi.RCK_E_RANGE):
            raise
        return {name: 0 for name in (*prices, *quantities) if name in fields}
    scales = {**dict.fromkeys(prices, price_decimals), **dict.fromkeys(quantities, quantity_decimals)}
    return {name: to_units(fields[name], scale) for name, scale in scales.items() if name in fields}  # type: ignore[arg-type]
