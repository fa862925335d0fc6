"""Reference data: what is traded, by whom, in which currency, when. A definition is a value; the engine keeps it.

Numbers of an instrument (multiplier, lot, tick, prices) are human ones, as `riskcheck.units` says.
"""

from collections.abc import Sequence
from ctypes import c_uint32, create_string_buffer
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import _abi
from ._calling import ask, call, made
from .enums import AccountFlag, GroupKind, InstrumentFlag, Kind, Permit, Reference
from .units import Number, Units, from_units, to_units


@dataclass(frozen=True)
class Currency:
    id: int
    name: str
    rate: Decimal


@dataclass(frozen=True)
class Group:
    id: int
    name: str
    kind: GroupKind
    quantity_decimals: int


@dataclass(frozen=True)
class Account:
    id: int
    name: str
    permissions: Permit
    flags: AccountFlag
    groups: tuple[int, ...]
    margin_class: int


@dataclass(frozen=True)
class Strategy:
    id: int
    name: str
    permissions: Permit
    enabled: bool
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Instrument:
    id: int
    name: str
    flags: InstrumentFlag
    currency: int
    price_decimals: int
    quantity_decimals: int
    multiplier: Decimal
    lot: Decimal
    tick: Decimal
    groups: tuple[int, ...]
    price_min: Decimal
    price_max: Decimal
    previous_close: Decimal
    reference_price: Decimal
    reference: Reference
    slippage_bps: int
    margin_bps: tuple[int, ...]


@dataclass(frozen=True)
class Calendar:
    id: int
    name: str
    sessions: tuple[tuple[int, Permit], ...]  # from when, in ns; what is permitted until the next
    end_ns: int


class Definitions:
    """The part of an engine that defines, reads back and finds. Defining an id again replaces it whole."""

    _handle: Any

    def __init__(self) -> None:
        self._decimals: dict[int, tuple[int, int]] = {}

    def currency(self, id: int, name: str = "", *, rate: Number, rate_decimals: int = 0) -> None:
        """`rate`: one unit of it in base currency, with at most `rate_decimals` decimals."""
        rate = to_units(rate, rate_decimals)
        given = made(_abi.Currency, id=id, name=name, rate=rate, rate_decimals=rate_decimals)
        call("rck_currency_set", self._handle, given)

    def group(self, id: int, name: str = "", *, kind: GroupKind, quantity_decimals: int = 0) -> None:
        given = made(_abi.Group, id=id, name=name, kind=kind, quantity_decimals=quantity_decimals)
        call("rck_group_set", self._handle, given)

    def account(
        self,
        id: int,
        name: str = "",
        *,
        permissions: Permit,
        enabled: bool = True,
        flags: AccountFlag | int = 0,
        groups: Sequence[int] = (),
        margin_class: int = 0,
    ) -> None:
        """Nothing is permitted that `permissions` does not name."""
        given = made(
            _abi.Account,
            id=id,
            name=name,
            flags=flags | (_abi.RCK_ENABLED if enabled else 0),
            permissions=permissions,
            groups=tuple(groups),
            margin_class=margin_class,
        )
        call("rck_account_set", self._handle, given)

    def strategy(
        self,
        id: int,
        name: str = "",
        *,
        permissions: Permit,
        enabled: bool = True,
        groups: Sequence[int] = (),
    ) -> None:
        flags = _abi.RCK_ENABLED if enabled else 0
        given = made(
            _abi.Strategy, id=id, name=name, flags=flags, permissions=permissions, groups=tuple(groups)
        )
        call("rck_strategy_set", self._handle, given)

    def instrument(
        self,
        id: int,
        name: str = "",
        *,
        currency: int,
        tick: Number,
        lot: Number = 1,
        price_decimals: int = 0,
        quantity_decimals: int = 0,
        multiplier: Number = 1,
        multiplier_decimals: int = 0,
        enabled: bool = True,
        flags: InstrumentFlag | int = 0,
        groups: Sequence[int] = (),
        price_min: Number = 0,
        price_max: Number = 0,
        previous_close: Number = 0,
        reference_price: Number = 0,
        reference: Reference = Reference.NONE,
        slippage_bps: int = 0,
        margin_bps: Sequence[int] = (),
    ) -> None:
        given = made(
            _abi.Instrument,
            id=id,
            name=name,
            flags=flags | (_abi.RCK_ENABLED if enabled else 0),
            currency=currency,
            price_decimals=price_decimals,
            quantity_decimals=quantity_decimals,
            multiplier_decimals=multiplier_decimals,
            multiplier=to_units(multiplier, multiplier_decimals),
            lot=to_units(lot, quantity_decimals),
            tick=to_units(tick, price_decimals),
            groups=tuple(groups),
            price_min=to_units(price_min, price_decimals),
            price_max=to_units(price_max, price_decimals),
            previous_close=to_units(previous_close, price_decimals),
            reference_price=to_units(reference_price, price_decimals),
            reference=reference,
            slippage_bps=slippage_bps,
            margin_bps=tuple(margin_bps),
        )
        call("rck_instrument_set", self._handle, given)
        self._decimals[id] = price_decimals, quantity_decimals

    def calendar(
        self, id: int, name: str = "", *, sessions: Sequence[tuple[int, Permit]], end_ns: int
    ) -> None:
        """`sessions`: from when on, in UTC nanoseconds, what is permitted; each until the next, the last to end_ns."""
        given = made(
            _abi.Calendar,
            id=id,
            name=name,
            entries=len(sessions),
            end_ns=end_ns,
            starts=tuple(start for start, _ in sessions),
            permissions=tuple(permitted for _, permitted in sessions),
        )
        call("rck_calendar_set", self._handle, given)

    def get_currency(self, id: int) -> Currency:
        found = self._definition("currency", id, _abi.Currency)
        return Currency(id, found.name.decode(), from_units(found.rate, found.rate_decimals))

    def get_group(self, id: int) -> Group:
        found = self._definition("group", id, _abi.Group)
        return Group(id, found.name.decode(), GroupKind(found.kind), found.quantity_decimals)

    def get_account(self, id: int) -> Account:
        found = self._definition("account", id, _abi.Account)
        permissions, flags = Permit(found.permissions), AccountFlag(found.flags)
        return Account(id, found.name.decode(), permissions, flags, ids(found.groups), found.margin_class)

    def get_strategy(self, id: int) -> Strategy:
        found = self._definition("strategy", id, _abi.Strategy)
        enabled = bool(found.flags & _abi.RCK_ENABLED)
        return Strategy(id, found.name.decode(), Permit(found.permissions), enabled, ids(found.groups))

    def get_instrument(self, id: int) -> Instrument:
        found = self._definition("instrument", id, _abi.Instrument)
        prices = ("tick", "price_min", "price_max", "previous_close", "reference_price")
        return Instrument(
            id=id,
            name=found.name.decode(),
            flags=InstrumentFlag(found.flags),
            currency=found.currency,
            price_decimals=found.price_decimals,
            quantity_decimals=found.quantity_decimals,
            multiplier=from_units(found.multiplier, found.multiplier_decimals),
            lot=from_units(found.lot, found.quantity_decimals),
            groups=ids(found.groups),
            reference=Reference(found.reference),
            slippage_bps=found.slippage_bps,
            margin_bps=tuple(found.margin_bps),
            **{name: from_units(getattr(found, name), found.price_decimals) for name in prices},
        )

    def get_calendar(self, id: int) -> Calendar:
        found = self._definition("calendar", id, _abi.Calendar)
        pairs = zip(found.starts[: found.entries], found.permissions, strict=False)
        return Calendar(id, found.name.decode(), tuple((at, Permit(p)) for at, p in pairs), found.end_ns)

    def _definition(self, kind: str, id: int, struct: Any) -> Any:
        found = made(struct)
        ask(f"rck_{kind}_get", self._handle, id, found)
        return found

    def find(self, kind: Kind, name: str) -> int:
        """The id of this name; RiskCheckError (E_UNKNOWN): there is none."""
        id = c_uint32()
        ask("rck_find", self._handle, kind, id, create_string_buffer(name.encode(), _abi.RCK_NAME_BYTES))
        return id.value

    def name_of(self, kind: Kind, id: int) -> str:
        name = create_string_buffer(_abi.RCK_NAME_BYTES)
        wanted = c_uint32(id)
        if wanted.value != id:
            raise OverflowError(f"{id!r} does not fit an id")
        ask("rck_find", self._handle, kind, wanted, name)
        return name.value.decode()

    def decimals(self, instrument: int) -> tuple[int, int]:
        """Of its prices and of its quantities. They are asked for once: once an instrument has a position they cannot
        change, and a definition through this object is noticed; one by another process before that is not."""
        known = self._decimals.get(instrument)
        if known is None:
            found = self._definition("instrument", instrument, _abi.Instrument)
            known = self._decimals[instrument] = found.price_decimals, found.quantity_decimals
        return known

    def price(self, instrument: int, number: Number) -> Units:
        """In units of the instrument: for `port.bind` and batches."""
        return Units(to_units(number, self.decimals(instrument)[0]))

    def quantity(self, instrument: int, number: Number) -> Units:
        return Units(to_units(number, self.decimals(instrument)[1]))

    def as_price(self, instrument: int, units: int) -> Decimal:
        """The human number of a price in units."""
        return from_units(units, self.decimals(instrument)[0])

    def as_quantity(self, instrument: int, units: int) -> Decimal:
        return from_units(units, self.decimals(instrument)[1])


def ids(groups: Sequence[int]) -> tuple[int, ...]:
    return tuple(group for group in groups if group)
