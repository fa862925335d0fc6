"""How an order is said: the keywords of `port.check` and its like, turned into the record that the library takes."""

from struct import Struct
from struct import error as StructError
from typing import Any, NotRequired, Protocol, Required, TypedDict

from . import _abi
from .enums import OrderType, Side, TimeInForce
from .errors import RiskCheckError
from .units import Number, to_units


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
PACKED = Struct("=QqqqqQqqIIIIBBBxI40x")  # rck_order, its reserved fields zero


def packed(
    engine: Decimals,
    order_id: int,
    *,
    account: int = 0,
    instrument: int = 0,
    side: int = 0,
    quantity: Number = 0,
    price: Number = 0,
    stop_price: Number = 0,
    decision_price: Number = 0,
    type: int = OrderType.LIMIT,
    time_in_force: int = TimeInForce.DAY,
    strategy: int = 0,
    venue: int = 0,
    time_ns: int = 0,
    deadline_ns: int = 0,
    correlation_id: int = 0,
    flags: int = 0,
) -> bytes:
    """The bytes of an order; OverflowError for what does not fit its field. Nothing of an instrument that is not known
    can be converted: its numbers become 0, which no check passes."""
    scales = scales_of(engine, instrument)
    if scales is None:
        price = stop_price = decision_price = quantity = 0
        scales = 0, 0
    of_price, of_quantity = scales
    try:
        return PACKED.pack(
            order_id,
            to_units(price, of_price),
            to_units(quantity, of_quantity),
            time_ns,
            deadline_ns,
            correlation_id,
            to_units(decision_price, of_price) if decision_price != 0 else 0,
            to_units(stop_price, of_price) if stop_price != 0 else 0,
            account,
            strategy,
            instrument,
            venue,
            side,
            type,
            time_in_force,
            flags,
        )
    except StructError as error:
        raise OverflowError(f"a field of the order does not hold its value: {error}") from None


def scales_of(engine: Decimals, instrument: int) -> tuple[int, int] | None:
    """Decimals of its prices and quantities; None: there is no such instrument."""
    try:
        return engine.decimals(instrument)
    except RiskCheckError as error:
        if error.status not in (_abi.RCK_E_UNKNOWN, _abi.RCK_E_RANGE):
            raise
        return None


def in_units(
    engine: Decimals,
    instrument: int,
    fields: dict[str, Any],
    prices: tuple[str, ...],
    quantities: tuple[str, ...],
) -> dict[str, int]:
    """Those of the fields that are prices and quantities."""
    scales = scales_of(engine, instrument)
    if scales is None:
        return {name: 0 for name in (*prices, *quantities) if name in fields}
    named = {**dict.fromkeys(prices, scales[0]), **dict.fromkeys(quantities, scales[1])}
    return {name: to_units(fields[name], scale) for name, scale in named.items() if name in fields}
