"""The account that a strategy trades for, as its engine guards it: definitions, limits, the day, and what a supervisor
does when a limit has halted it. What an order may do, the engine decides alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from feed import Bar, Feed

from riskcheck import (
    Action,
    Clock,
    ConfigFlag,
    Control,
    Engine,
    Measure,
    Permit,
    Reference,
    ReleaseReason,
    Side,
    Status,
    TradingState,
    Units,
    Verdict,
    from_units,
)
from riskcheck.abi import BookInfo, PositionInfo, Statistics

ACCOUNT, INSTRUMENT, RISK_DESK, SUPERVISOR = 1, 1, 7, 8
QUANTITY_DECIMALS, MONEY_DECIMALS = 3, 2
CAPITAL = 1_000_000
POSITION_CLIPS, ORDER_CLIPS = 6, 4  # the most of a position, and of an order
HOUR_NS = 3_600 * 10**9


@dataclass
class Told:
    """What a strategy keeps for itself, beside what its engine keeps: the two must agree."""

    sent: int = 0
    passed: int = 0
    fills: int = 0
    net: int = 0
    turnover: int = 0  # sold less bought, in units of price x quantity
    fees: int = 0
    sized_down: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    words: dict[str, str] = field(default_factory=dict)  # of the first refusal of each kind
    halts: list[str] = field(default_factory=list)
    equity: list[int] = field(default_factory=list)  # of each bar, in money units
    headroom: list[int] = field(default_factory=list)
    check_ns: list[int] = field(default_factory=list)


class Guarded:
    """An engine with one account and one instrument, and its port. `clip` is what is sent usually."""

    def __init__(self, feed: Feed) -> None:
        self.told = Told()
        self.date = 0
        self.ids = 0
        self.scale = 10 ** (feed.decimals + QUANTITY_DECIMALS - MONEY_DECIMALS)
        self.engine = engine = Engine(
            flags=ConfigFlag.KEEP_STATISTICS,
            clock_source=Clock.HOST,
            money_decimals=MONEY_DECIMALS,
            orders_max=1024,
        )
        engine.currency(1, "USD", rate=1)
        engine.account(ACCOUNT, "prop", permissions=Permit.ALL)
        engine.instrument(
            INSTRUMENT,
            "traded",
            currency=1,
            price_decimals=feed.decimals,
            quantity_decimals=QUANTITY_DECIMALS,
            tick=Units(1),
            lot=Units(1),
        )
        self.capital = engine.money(CAPITAL)
        self.clip = self.capital * self.scale // (20 * feed.bars[0].close)  # a twentieth of the capital
        self.agree()
        self.port = engine.port()

    def agree(self) -> None:
        """The limits. A position may be six clips; a day may lose half a percent from its best, and then is over."""
        limit = partial(self.engine.limit, actor=RISK_DESK, reason="agreed with the desk")
        limit(Control.ORDER_QUANTITY, account=ACCOUNT, hard=ORDER_CLIPS * self.clip)
        limit(Control.COLLAR, instrument=INSTRUMENT, measure=Measure.BPS, reference=Reference.LAST, hard=100)
        pair = partial(limit, Control.POSITION, account=ACCOUNT, instrument=INSTRUMENT)
        pair(warn=(POSITION_CLIPS - 1) * self.clip, hard=POSITION_CLIPS * self.clip)
        limit(Control.WORKING, account=ACCOUNT, measure=Measure.COUNT, hard=64)
        limit(Control.RATE, account=ACCOUNT, measure=Measure.NEW, window_ns=HOUR_NS, hard=200)
        limit(
            Control.LOSS,
            account=ACCOUNT,
            measure=Measure.TRAILING,
            hard=self.capital // 200,
            actions=(Action.NONE, Action.NONE, Action.HALT),
        )
        self.engine.publish()

    def see(self, bar: Bar) -> bool:
        """Tells the engine what the market did. True: a new day began, which has ended all orders of the day."""
        self.port.trade(INSTRUMENT, price=Units(bar.close), quantity=Units(1), time_ns=bar.time_ns)
        date = int(datetime.fromtimestamp(bar.time_ns // 10**9, UTC).strftime("%Y%m%d"))
        if date == self.date:
            return False
        self.date = date
        self.port.day_start(date)
        self.engine.unlatch(account=ACCOUNT, actor=SUPERVISOR, reason="a new day")
        return True

    def mark(self, bar: Bar) -> None:
        """Behind the fills of the bar, so that no position is without a mark."""
        self.port.mark(INSTRUMENT, Units(bar.close), bar.time_ns)

    def record(self, bar: Bar) -> None:
        """A point of each curve: what the account is worth, and how much more it may buy."""
        book = self.engine.book(account=ACCOUNT)
        self.told.equity.append(self.capital + book.realised + book.marked - book.fees)
        self.told.headroom.append(self.room(Side.BUY, bar.close, bar.time_ns)[0])

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    def room(self, side: Side, price: int, time_ns: int) -> tuple[int, Verdict]:
        """How much more may be sent of this, and what binds."""
        return self.port.headroom(
            self.ids + 1,
            account=ACCOUNT,
            instrument=INSTRUMENT,
            side=side,
            price=Units(price),
            time_ns=time_ns,
        )

    def judged(self, verdict: Verdict) -> bool:
        """Counts an answer; keeps the words of the first refusal of each kind."""
        told = self.told
        told.sent += 1
        told.passed += bool(verdict)
        if not verdict:
            name = Status(verdict.status).name
            told.refusals[name] += 1
            told.words.setdefault(name, verdict.reason)
        return bool(verdict)

    def filled(
        self, token: int, side: Side, price: int, quantity: int, cumulative: int, time_ns: int
    ) -> None:
        """An execution at the venue. What is not booked, the engine does not know of: that is the end."""
        told = self.told
        value = price * quantity
        fee = self.fee(value)
        told.fills += 1
        verdict = self.port.fill(
            token,
            quantity=Units(quantity),
            price=Units(price),
            cumulative=Units(cumulative),
            execution_id=told.fills,
            fee=fee,
            time_ns=time_ns,
        )
        if not verdict:
            raise RuntimeError(f"an execution was not booked: {verdict}")
        self.account_for(side, quantity, value, fee)

    def fee(self, value: Any) -> Any:
        """In money units: a fifth of a basis point of a value in price x quantity, or of an array of such."""
        return value // (self.scale * 50_000)

    def account_for(self, side: Side, quantity: int, value: int, fee: int) -> None:
        sign = 1 if side == Side.BUY else -1
        self.told.net += sign * quantity
        self.told.turnover -= sign * value
        self.told.fees += fee

    @property
    def halted(self) -> bool:
        return bool(self.engine.get_latch(account=ACCOUNT).state == TradingState.HALTED)

    def stand_down(self, bar: Bar, words: str) -> None:
        """What follows a halt: all orders are cancelled; the supervisor lets the account reduce, sells what it has, and
        shuts it until the next day."""
        when = datetime.fromtimestamp(bar.time_ns // 10**9, UTC)
        position = from_units(self.told.net, QUANTITY_DECIMALS)
        cause = Control(self.engine.get_latch(account=ACCOUNT).control).name
        self.told.halts.append(
            f"{when:%Y-%m-%d %H:%M} by {cause}, position {position}, when an order was {words}"
        )
        for order in list(self.engine.open_orders(account=ACCOUNT)):
            self.withdraw(order.token, bar.time_ns)
        supervised = partial(self.engine.latch, actor=SUPERVISOR, account=ACCOUNT)
        self.engine.unlatch(account=ACCOUNT, actor=SUPERVISOR, reason="to be flattened")
        supervised(TradingState.REDUCE_ONLY, reason="to be flattened")
        self.flatten(bar)
        supervised(TradingState.HALTED, reason="until the next day")

    def withdraw(self, token: int, time_ns: int) -> None:
        """A request to cancel, and the venue's word that it is done."""
        self.port.cancel(token, time_ns=time_ns)
        self.port.release(token, reason=ReleaseReason.CANCELLED, time_ns=time_ns)

    def flatten(self, bar: Bar) -> None:
        """Out of the position, in pieces that an order may have, each filled at once."""
        for quantity in self.pieces():
            side = Side.SELL if self.told.net > 0 else Side.BUY
            verdict = self.port.check(
                self.new_id(),
                account=ACCOUNT,
                instrument=INSTRUMENT,
                side=side,
                quantity=Units(quantity),
                price=Units(bar.close),
                time_ns=bar.time_ns,
            )
            if self.judged(verdict):
                self.filled(verdict.token, side, bar.close, quantity, quantity, bar.time_ns)

    def pieces(self) -> Iterator[int]:
        left, largest = abs(self.told.net), ORDER_CLIPS * self.clip
        while left:
            yield min(left, largest)
            left -= min(left, largest)

    def books(self) -> tuple[BookInfo, PositionInfo | None, Statistics]:
        """The engine's own account of it all."""
        engine = self.engine
        return (
            engine.book(account=ACCOUNT),
            engine.position(INSTRUMENT, account=ACCOUNT),
            engine.statistics(),
        )
