"""Limits, overrides and functions of the host's: what an order may do, who said so, and why.

Levels are integers in the control's unit, as the header and CONTROLS.md say, and as an order's amounts are kept:
`engine.quantity(instrument, "1.5")`, `engine.price` and `engine.money` give them of human numbers. Any other number
is a TypeError, so that no level is off by a power of ten.
"""

import operator
import sys
from collections.abc import Callable, Iterator, Sequence
from ctypes import PyDLL, c_uint32, c_uint64, c_void_p
from types import SimpleNamespace
from typing import Any, Unpack

from . import _abi
from ._calling import ask, call, made
from .enums import Control, Level, LimitFlag, Measure, ScopeKind
from .scopes import Ids, Scope, scope_of

PAGE = 64

pythonapi = PyDLL(None)
pythonapi.PyInterpreterState_Get.restype = pythonapi.PyInterpreterState_Main.restype = c_void_p


class Limits:
    """The part of an engine that says what orders may do. A limit counts from the next `publish`."""

    _handle: Any

    def __init__(self) -> None:
        self._customs: dict[int, Any] = {}  # what the library calls must not be collected

    def limit(
        self,
        control: Control,
        *,
        actor: int,
        reason: str,
        warn: int | None = None,
        soft: int | None = None,
        hard: int | None = None,
        measure: Measure = Measure.NONE,
        side: int = 0,
        order_type: int = 0,
        window_ns: int = 0,
        reference: int = 0,
        flags: LimitFlag | int = 0,
        actions: Sequence[int] = (),
        loosen: bool = False,
        metric: int = 0,
        **scope: Unpack[Ids],
    ) -> None:
        """Sets or replaces a limit; the levels that are given are armed. Its scope is what is named of account,
        strategy, instrument, account_group, strategy_group, instrument_group: one, a pair, or none, the engine.
        `actions` are those at warn, soft and hard. Without `loosen` nothing may become looser (E_LOOSEN)."""
        given = made(
            _abi.Limit,
            **key(control, measure, side, order_type, metric, scope_of(**scope)),
            **levels(warn, soft, hard),
            flags=flags,
            reference=reference,
            window_ns=window_ns,
            actions=tuple(actions),
            actor=actor,
            reason=reason,
        )
        call("rck_limit_set", self._handle, given, _abi.RCK_LOOSEN if loosen else 0)

    def remove_limit(
        self,
        control: Control,
        *,
        actor: int,
        reason: str,
        measure: Measure = Measure.NONE,
        side: int = 0,
        order_type: int = 0,
        metric: int = 0,
        **scope: Unpack[Ids],
    ) -> None:
        """From the next publication on. Removing is loosening, and is meant here."""
        named = key(control, measure, side, order_type, metric, scope_of(**scope))
        given = made(_abi.Limit, **named, actor=actor, reason=reason)
        call("rck_limit_remove", self._handle, given, _abi.RCK_LOOSEN)

    def get_limit(
        self,
        control: Control,
        *,
        measure: Measure = Measure.NONE,
        side: int = 0,
        order_type: int = 0,
        metric: int = 0,
        **scope: Unpack[Ids],
    ) -> _abi.Limit:
        """The limit as it was last set, published or not."""
        found = made(_abi.Limit, **key(control, measure, side, order_type, metric, scope_of(**scope)))
        ask("rck_limit_get", self._handle, found)
        return found

    def publish(self) -> int:
        """Makes what was set and removed count, all at once. Gives the generation."""
        generation = c_uint64()
        call("rck_limits_publish", self._handle, generation)
        return generation.value

    def limits(self) -> Iterator[_abi.Limit]:
        """The limits in force."""
        cursor, count = c_uint32(), c_uint32()
        while True:
            page = (_abi.Limit * PAGE)()
            ask("rck_limits_armed", self._handle, page, PAGE, cursor, count)
            if not count.value:
                return
            yield from page[: count.value]

    def override(
        self,
        *,
        actor: int,
        reason: str,
        expiry_ns: int,
        order_id: int = 0,
        control: Control = Control.NONE,
        count: int = 0,
        quantity: int = 0,
        **scope: Unpack[Ids],
    ) -> int:
        """Waives hard levels for one order, or for all orders within a scope, until it expires. Gives its id."""
        where = scope_of(**scope) if scope or not order_id else Scope(ScopeKind.NONE)
        id = c_uint32()
        given = made(
            _abi.Override,
            order_id=order_id,
            control=control,
            **where.fields(),
            actor=actor,
            count=count,
            quantity=quantity,
            expiry_ns=expiry_ns,
            reason=reason,
        )
        call("rck_override_set", self._handle, given, id)
        return id.value

    def get_override(self, id: int) -> _abi.Override:
        found = made(_abi.Override, override_id=id)
        ask("rck_override_get", self._handle, found)
        return found

    def remove_override(self, id: int, *, actor: int, reason: str) -> bool:
        """Whether it was there to be removed."""
        given = made(_abi.Override, override_id=id, actor=actor, reason=reason)
        return call("rck_override_remove", self._handle, given) == _abi.RCK_OK

    def custom(
        self,
        id: int,
        function: Callable[[_abi.Order, int], int],
        *,
        actor: int,
        reason: str,
        name: str = "",
        flags: int = 0,
        budget_ns: int = 0,
        overruns_max: int = 0,
        cool_down_ns: int = 0,
    ) -> None:
        """A function that orders must pass: it is given the order, whose record is good during the call alone, and
        the time. 0 passes, any other integer refuses, and so does an error, which sys.unraisablehook is told. A limit
        of Control.CUSTOM whose `reference` is the id arms it. RuntimeError in a sub-interpreter: ctypes would wait
        there for a lock that this thread has."""
        if pythonapi.PyInterpreterState_Get() != pythonapi.PyInterpreterState_Main():
            raise RuntimeError("functions can be set in the main interpreter only")
        callback = _abi.CustomCall(answering(function))
        given = made(
            _abi.Custom,
            id=id,
            name=name,
            flags=flags,
            overruns_max=overruns_max,
            budget_ns=budget_ns,
            cool_down_ns=cool_down_ns,
            actor=actor,
            reason=reason,
        )
        call("rck_custom_set", self._handle, given, callback, None)
        self._customs[id] = callback

    def remove_custom(self, id: int) -> None:
        call("rck_custom_remove", self._handle, id)
        self._customs.pop(id, None)

    def get_custom(self, id: int) -> _abi.Custom:
        """Its statistics and its breaker."""
        found = made(_abi.Custom, id=id)
        ask("rck_custom_get", self._handle, found)
        return found


REFUSES = 2**31 - 1


def answering(function: Callable[[_abi.Order, int], int]) -> Callable[[int | None, Any, int], int]:
    """What the library calls. Whatever is not an answer refuses: ctypes would make 0 of it, which passes."""

    def asked(_: int | None, order: Any, time_ns: int) -> int:
        try:
            answer = function(order.contents, time_ns)
            if isinstance(answer, bool):
                raise TypeError("0 passes and other integers refuse: a truth value says neither")
            answer = operator.index(answer)
        except BaseException as error:  # noqa: BLE001
            told = {"exc_type": type(error), "exc_value": error, "exc_traceback": error.__traceback__}
            sys.unraisablehook(SimpleNamespace(**told, err_msg="refused by an error in", object=function))
            return REFUSES
        return answer if -(2**31) <= answer < 2**31 else REFUSES

    return asked


def key(
    control: Control, measure: Measure, side: int, order_type: int, metric: int, scope: Scope
) -> dict[str, int]:
    """What a limit is known by."""
    fields = {"control": control, "measure": measure, "side": side, "order_type": order_type}
    fields |= scope.fields()
    if metric:
        if scope.instrument:
            raise TypeError("a metric's limit is of no pair: the metric stands where the instrument does")
        fields["instrument"] = metric
    return fields


def levels(warn: int | None, soft: int | None, hard: int | None) -> dict[str, int]:
    given = {"warn": (warn, Level.WARN), "soft": (soft, Level.SOFT), "hard": (hard, Level.HARD)}
    fields: dict[str, int] = {"levels": 0}
    for name, (level, bit) in given.items():
        if level is not None:
            fields[name] = whole(level)
            fields["levels"] |= bit
    return fields


def whole(level: int) -> int:
    if isinstance(level, bool):
        raise TypeError("a truth value is no level")
    try:
        return operator.index(level)
    except TypeError:
        raise TypeError(
            f"a level is an integer in the control's unit, not {level!r}: see engine.quantity, price, money"
        ) from None
