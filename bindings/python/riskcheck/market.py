"""What the market says: quotes, trades, books, volumes, marks, and numbers that the host feeds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _abi
from ._calling import fill, given_up, kept
from .enums import Status
from .errors import check
from .units import Number, to_units

if TYPE_CHECKING:
    from .engine import Engine

Levels = Sequence[tuple[Number, Number]]  # (price, size), the best first


class Market:
    """The part of a port that is fed. Each call gives its status: REPEAT for what is older than what is stored."""

    _handle: Any
    engine: "Engine"

    def quote(
        self,
        instrument: int,
        *,
        bid: Number = 0,
        ask: Number = 0,
        bid_size: Number = 0,
        ask_size: Number = 0,
        time_ns: int = 0,
    ) -> Status:
        """A size of 0: that side is empty."""
        price, size = self.engine.decimals(instrument)
        quote = fill(
            _abi.Quote(),
            {
                "instrument": instrument,
                "bid": to_units(bid, price),
                "ask": to_units(ask, price),
                "bid_size": to_units(bid_size, size),
                "ask_size": to_units(ask_size, size),
                "time_ns": time_ns,
            },
        )
        return Status(check(kept.rck_market_quote(self._handle, quote)))

    def trade(self, instrument: int, *, price: Number, quantity: Number, time_ns: int = 0) -> Status:
        of_price, of_size = self.engine.decimals(instrument)
        fields = {"price": to_units(price, of_price), "quantity": to_units(quantity, of_size)}
        trade = fill(_abi.Trade(), {"instrument": instrument, **fields, "time_ns": time_ns})
        return Status(check(kept.rck_market_trade(self._handle, trade)))

    def book(self, instrument: int, *, bids: Levels = (), asks: Levels = (), time_ns: int = 0) -> Status:
        """Up to 10 levels a side, the best first."""
        price, size = self.engine.decimals(instrument)
        sides: dict[str, Any] = {}
        for name, levels in (("bid", bids), ("ask", asks)):
            sides[f"{name}s"] = len(levels)
            sides[f"{name}_prices"] = tuple(to_units(at, price) for at, _ in levels)
            sides[f"{name}_sizes"] = tuple(to_units(shown, size) for _, shown in levels)
        book = fill(_abi.Book(), {"instrument": instrument, "time_ns": time_ns, **sides})
        return Status(check(kept.rck_market_book(self._handle, book)))

    def volume(self, instrument: int, volume: Number) -> Status:
        """The daily volume that shares of it refer to, instead of that of today's trades; 0: none."""
        units = to_units(volume, self.engine.decimals(instrument)[1])
        return Status(check(kept.rck_market_volume(self._handle, instrument, units)))

    def mark(self, instrument: int, price: Number, time_ns: int = 0) -> Status:
        """Books every position in the instrument at this price: a walk over its rows."""
        units = to_units(price, self.engine.decimals(instrument)[0])
        return Status(check(given_up.rck_mark(self._handle, instrument, units, time_ns)))

    def metric(self, metric: int, value: float, time_ns: int = 0) -> Status:
        """Feeds a number of the host's own, for limits of Control.METRIC."""
        return Status(check(kept.rck_metric_set(self._handle, metric, value, time_ns)))
