"""A port: what one thread holds to trade. Orders and facts about them; each call gives a verdict.

Single calls keep the interpreter's lock: the library is done in less time than giving it up and getting it back
takes, which with another busy thread can be a whole turn of 5 ms. Batches and walks give it up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_int64, c_uint32, c_void_p
from typing import TYPE_CHECKING, Any, Unpack

from . import _abi
from ._bound import function
from ._calling import call, fill, kept, made
from ._owned import Owned
from .batch import Batch
from .bound import Bound
from .enums import ReleaseReason, ReportKind, Status, Sync
from .errors import RiskCheckError, check
from .events import Events
from .journal import Journal
from .market import Market
from .orders import PRICES, Asked, FixedTerms, NewTerms, Terms, in_units, packed
from .units import Number, Units
from .verdict import Verdict

if TYPE_CHECKING:
    import os

    from .engine import Engine


class Reservation:
    """An order that passed, until `keep`: what leaves the with-block without that is released."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.kept = False

    def __bool__(self) -> bool:
        """Whether it passed."""
        return bool(self.verdict)

    def keep(self) -> None:
        """The order has gone to the venue: what it reserves stays."""
        self.kept = True


class Port(Owned, Market, Events):
    """Opened by `Engine.port` or `Engine.reader`. For one thread at a time: a second is told BusyError, mostly."""

    _closing = "rck_port_close"

    def __init__(self, engine: "Engine", handle: _abi.PortHandle, index: int) -> None:
        Owned.__init__(self, handle)
        Events.__init__(self)
        self._converted = c_void_p.from_param(handle.value)
        self.engine = engine
        self.index = index

    @property
    def handle(self) -> _abi.PortHandle:
        """For the functions of `riskcheck.abi`."""
        return self._handle  # type: ignore[return-value]

    def close(self) -> None:
        super().close()
        self.engine._port_closed(self.handle)

    def _judged(self, name: str, *arguments: Any) -> Verdict:
        verdict = _abi.Verdict()
        check(getattr(kept, name)(self._handle, *arguments, verdict))
        return Verdict(verdict)

    def _ordered(self, name: str, order_id: int, terms: Any) -> Verdict:
        """A call whose arguments need no more converting."""
        order, verdict = packed(self.engine, order_id, **terms), _abi.Verdict()
        status = function(name)(self._converted, order, byref(verdict))
        if status < _abi.RCK_OK:
            check(status)
        return Verdict(verdict)

    def check(self, order_id: int, **terms: Unpack[Terms]) -> Verdict:
        """Checks an order and, if it passes, reserves its risk until it is filled or released. A repeat: it is known
        already with the same terms, and was or is to be sent by who had the first answer."""
        return self._ordered("rck_check", order_id, terms)

    def check_dry(self, order_id: int, **terms: Unpack[Terms]) -> Verdict:
        """What `check` would say now, without a trace."""
        return self._ordered("rck_check_dry", order_id, terms)

    def drop_copy(self, order_id: int, **terms: Unpack[Terms]) -> Verdict:
        """Records an order that somebody else has entered: no limit refuses it, VerdictFlag.WOULD_REFUSE tells."""
        return self._ordered("rck_drop_copy", order_id, terms)

    @contextmanager
    def reserve(self, order_id: int, **terms: Unpack[Terms]) -> Iterator[Reservation]:
        """`check`, for a with-block that sends the order and then says `keep()`; otherwise it is released when the
        block ends, also by an error: as cancelled, since no venue has rejected it. What was refused, or a repeat, has
        nothing to release."""
        reservation = Reservation(self.check(order_id, **terms))
        try:
            yield reservation
        finally:
            if reservation and not reservation.kept:
                self._give_back(reservation.verdict.token, terms.get("time_ns", 0))

    def _give_back(self, token: int, time_ns: int) -> None:
        """At the time of its check, or if the port has gone on too far since, at its latest."""
        verdict = self.release(token, reason=ReleaseReason.CANCELLED, time_ns=time_ns)
        while verdict.status in (Status.REJECT_CONTENDED, Status.REJECT_TIME_BACK):
            if verdict.status == Status.REJECT_TIME_BACK:
                time_ns = self.engine.stats(self.index).time_ns
            verdict = self.release(token, reason=ReleaseReason.CANCELLED, time_ns=time_ns)
        if verdict.refused:
            raise RiskCheckError(verdict.status)

    def amend(self, token: int, **terms: Unpack[NewTerms]) -> Verdict:
        """Checks new terms of a live order; every counter holds the larger of old and new until `amend_result`. A
        price or stop price that is not given stays."""
        known = self._known(token, 0)
        if isinstance(known, int):
            return Verdict(_abi.Verdict(status=known))
        stay = {"price": Units(known.price), "stop_price": Units(known.stop_price)}
        fields: dict[str, Any] = {"order_id": known.order_id, **stay, **terms}
        fields |= in_units(self.engine, known.instrument, fields, PRICES, ("quantity",))
        return self._judged("rck_amend", token, fill(_abi.Order(), fields))

    def amend_result(self, token: int, *, accepted: bool, order_id: int = 0) -> Verdict:
        """What the venue did with the amend in flight."""
        return self._judged("rck_amend_result", token, order_id, int(accepted))

    def cancel(self, token: int = 0, *, order_id: int = 0, time_ns: int = 0) -> Verdict:
        """Counts a request to cancel, which is never refused, and frees nothing: `release` does."""
        return self._judged("rck_cancel", token, order_id, time_ns)

    def release(
        self, token: int = 0, *, reason: ReleaseReason, order_id: int = 0, time_ns: int = 0
    ) -> Verdict:
        """Ends an order and frees what it reserves."""
        return self._judged("rck_release", token, order_id, reason, time_ns)

    def confirm(self, token: int = 0, *, order_id: int = 0) -> Verdict:
        """An order that was recovered after a crash lives at the venue."""
        return self._judged("rck_order_confirm", token, order_id)

    def fill(
        self,
        token: int = 0,
        *,
        quantity: Number,
        price: Number,
        cumulative: Number,
        execution_id: int = 0,
        fee: int = 0,
        **other: Any,
    ) -> Verdict:
        """An execution of `quantity` at `price`; `cumulative` is the order's executed quantity with it. What else a
        report has (order_id, time_ns, and of an order that is not known account, instrument, side) by its name
        there. `fee` is in money units. A repeat changes nothing; `observed` is what was applied."""
        numbers = {"last_quantity": quantity, "last_price": price, "cumulative_quantity": cumulative}
        return self._report(
            ReportKind.FILL, token, numbers | {"execution_id": execution_id, "fee": fee} | other
        )

    def bust(self, token: int = 0, *, execution_id: int, cumulative: Number, **other: Any) -> Verdict:
        """Undoes an execution; `cumulative` is the order's executed quantity without it."""
        fields = {"undone_execution_id": execution_id, "cumulative_quantity": cumulative}
        return self._report(ReportKind.BUST, token, fields | other)

    def correct(
        self,
        token: int = 0,
        *,
        undone_execution_id: int,
        execution_id: int,
        quantity: Number,
        price: Number,
        cumulative: Number,
        **other: Any,
    ) -> Verdict:
        """Undoes an execution and applies another."""
        fields = {
            "undone_execution_id": undone_execution_id,
            "execution_id": execution_id,
            "last_quantity": quantity,
            "last_price": price,
            "cumulative_quantity": cumulative,
        }
        return self._report(ReportKind.CORRECT, token, fields | other)

    def _report(self, kind: ReportKind, token: int, fields: dict[str, Any]) -> Verdict:
        known = self._known(token, fields.get("order_id", 0))
        instrument = fields.get("instrument", 0) if isinstance(known, int) else known.instrument
        quantities = ("last_quantity", "cumulative_quantity")
        fields |= in_units(self.engine, instrument, fields, ("last_price",), quantities)
        return self._judged("rck_fill", fill(_abi.Report(kind=kind, token=token), fields))

    def _known(self, token: int, order_id: int) -> _abi.OrderInfo | int:
        """The order of a token, or without one of an id; or the status that says that it is not known."""
        found = _abi.OrderInfo()
        if not token and not order_id:
            return _abi.RCK_REJECT_ORDER_UNKNOWN
        status = check(kept.rck_order_get(self.engine.handle, token, order_id, found))
        return status if status else found

    def headroom(self, order_id: int, **terms: Unpack[Asked]) -> tuple[Units, Verdict]:
        """The largest quantity with which the order would pass, and the verdict of one lot more: what binds."""
        quantity, verdict = c_int64(), _abi.Verdict()
        order = packed(self.engine, order_id, **terms)
        check(function("rck_headroom")(self._converted, order, byref(quantity), byref(verdict)))
        return Units(quantity.value), Verdict(verdict)

    def bind(self, **terms: Unpack[FixedTerms]) -> Bound:
        """The fast path: one order's records and the calls on it, in units."""
        bound = Bound(self._handle, **terms)
        bound.owner = self
        return bound

    def batch(self, count: int, *, orders: Any = None) -> Batch:
        """Room for so many orders, reports and verdicts, and the calls on them, in units. `orders`: memory of the
        host's own for the orders, such as an array of dtype("rck_order")."""
        batch = Batch(self._handle, count, orders)
        batch.owner = self
        return batch

    def set_position(
        self,
        instrument: int,
        *,
        quantity: Number,
        actor: int,
        reason: str,
        account: int = 0,
        strategy: int = 0,
        price: Number = 0,
    ) -> int:
        """Sets a row, past every limit. Gives the status: 0, or a refusal."""
        fields: dict[str, Any] = {"quantity": quantity, "price": price}
        fields = in_units(self.engine, instrument, fields, ("price",), ("quantity",))
        named = {"account": account, "strategy": strategy, "instrument": instrument}
        given = made(_abi.Position, **named, **fields, actor=actor, reason=reason)
        return call("rck_position_set", self._handle, given)

    def set_cash(self, account: int, *, cash: Number, actor: int, reason: str, credit: Number = 0) -> int:
        """In base currency. Gives the status: 0, or a refusal."""
        cash, credit = self.engine.money(cash), self.engine.money(credit)
        given = made(_abi.Cash, account=account, cash=cash, credit=credit, actor=actor, reason=reason)
        return call("rck_cash_set", self._handle, given)

    def reconcile(
        self, positions: list[_abi.Position], *, correct: bool = False, complete: bool = False
    ) -> int:
        """Compares positions with somebody else's, in units; each difference is an event. Gives how many differ.
        RiskCheckError also for a correction that is refused: those before it stay, it and those behind it are not
        made."""
        entries = (_abi.Position * len(positions))(*positions)
        flags = _abi.RCK_RECONCILE_CORRECT * correct | _abi.RCK_RECONCILE_COMPLETE * complete
        differing = c_uint32()
        status = call("rck_reconcile", self._handle, entries, len(positions), flags, differing)
        if status != _abi.RCK_OK:
            raise RiskCheckError(status)
        return differing.value

    def day_start(self, date: int) -> int:
        """Begins the day `date`, yyyymmdd. Gives how many orders of the day before were released."""
        released = c_uint32()
        call("rck_day_start", self._handle, date, released)
        return released.value

    def beat(self, time_ns: int = 0) -> int:
        """Says that the port's host lives. Gives the status: 0, or a refusal of the time."""
        return check(kept.rck_beat(self._handle, time_ns))

    def warm(self) -> None:
        """Touches what the first orders of the day will need."""
        check(kept.rck_warm(self._handle))

    def journal(
        self,
        directory: "str | os.PathLike[str]",
        *,
        segment_bytes: int = 1 << 26,
        sync: Sync = Sync.NONE,
        sync_interval_ns: int = 0,
        segment_ns: int = 0,
        segments_max: int = 0,
    ) -> Journal:
        """Writes what the rings hold into a directory: a with-block that pumps. For a port of `Engine.reader`."""
        config = made(
            _abi.JournalConfig,
            sync=sync,
            sync_interval_ns=sync_interval_ns,
            segment_bytes=segment_bytes,
            segment_ns=segment_ns,
            segments_max=segments_max,
        )
        journal = Journal(self._handle, directory, config)
        journal.owner = self
        return journal

    def __repr__(self) -> str:
        return f"<riskcheck.Port {self.index}, {'closed' if self.closed else 'open'}>"
