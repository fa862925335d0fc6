"""Days of a market: two strategies of one account cross moving averages under loss limits, the P&L of every event is
computed anew from what was executed and marked, and both agree to the last unit.

The market is a month of minute bars of a coin, and a day of quotes of a currency pair, where RISKCHECK_DATA (or
shared/data beside the repository) has them; and made up from a seed everywhere.
"""

import ctypes
import os
from ctypes import byref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

import definitions as defs
import host
import riskcheck.abi as rck
from conftest import ROOT
from host import name_of, sized
from riskcheck.abi import lib

DATA = Path(os.environ.get("RISKCHECK_DATA", ROOT.parent / "shared/data"))
MINUTE_NS = 60 * 10**9
REALISED, TOTAL, TRAILING = rck.RCK_MEASURE_REALISED, rck.RCK_MEASURE_TOTAL, rck.RCK_MEASURE_TRAILING
REFUSALS = {REALISED: "REALISED", TOTAL: "TOTAL", TRAILING: "TRAILING"}
OWNERS = ((rck.RCK_SCOPE_ACCOUNT, 1), (rck.RCK_SCOPE_STRATEGY, 1), (rck.RCK_SCOPE_STRATEGY, 2))
STRATEGIES = {1: (8, 34), 2: (21, 89)}  # how many prices the averages are of


@dataclass
class Market:
    """Prices are integers. Of quotes, bid and ask are what is sold and bought at."""

    times: list[int]
    bids: list[int]
    asks: list[int]
    terms: dict[str, Any]
    # Quantity x price / scale is money.
    scale: int
    step: int
    levels: dict[int, int]
    mark_every: int = 1

    def signals(self) -> dict[int, list[int]]:
        """Of each strategy where it wants to be: 1 long, -1 short, 0 before there are enough prices."""
        price = pd.Series(self.bids, dtype="int64") + pd.Series(self.asks, dtype="int64")
        sums = price.cumsum()
        found = {}
        for strategy, (fast, slow) in STRATEGIES.items():
            quick = (sums - sums.shift(fast, fill_value=0)) * slow
            lasting = (sums - sums.shift(slow, fill_value=0)) * fast
            wanted = np.sign(quick - lasting).where(price.index >= slow, 0)
            found[strategy] = [int(value) for value in wanted]
        return found


def coin(times: Any, prices: Any) -> Market:
    bars = [int(price) for price in prices]
    terms = {"price_decimals": 1, "quantity_decimals": 3, "multiplier": 1, "lot": 1, "tick": 1}
    levels = {REALISED: 240_000, TOTAL: 300_000, TRAILING: 420_000}
    return Market([int(at) for at in times], bars, bars, terms, 100, 357, levels, mark_every=3)


def pair(times: Any, bids: Any, asks: Any) -> Market:
    terms = {"price_decimals": 6, "quantity_decimals": 0, "multiplier": 1, "lot": 1, "tick": 1}
    levels = {REALISED: 500_000, TOTAL: 600_000, TRAILING: 550_000}
    both = ([int(bid) for bid in bids], [int(ask) for ask in asks])
    return Market([int(at) for at in times], *both, terms, 10_000, 33_333, levels, mark_every=2)


def nanoseconds(stamps: Any) -> Any:
    return stamps.dt.as_unit("ns").astype("int64")


def integers(prices: Any, decimals: int) -> Any:
    return (prices * 10**decimals).round().astype("int64")


def read(name: str) -> Market:
    path = DATA / {"coin": "btc-perp-1m-2022-01.csv", "pair": "eurusd-quotes-2020-01-01.csv"}[name]
    if not path.exists():
        pytest.skip(f"no {path.name}: set RISKCHECK_DATA to where it is")
    if name == "coin":
        bars = pd.read_csv(path)
        return coin(nanoseconds(pd.to_datetime(bars.timestamp)), integers(bars.close, 1))
    quotes = pd.read_csv(path, header=None, names=["at", "bid", "ask", "size"], dtype={"at": str})
    at = nanoseconds(pd.to_datetime(quotes["at"], format="%Y%m%d %H%M%S%f"))
    return pair(at, integers(quotes.bid, 6), integers(quotes.ask, 6))


def make_up(name: str) -> Market:
    """Of the same shape."""
    random = np.random.default_rng(20220101)
    if name == "coin":
        count = 6 * 1440
        times = np.arange(count) * MINUTE_NS + 1_640_991_660 * 10**9
        return coin(times, 463_190 + random.normal(0, 350, count).round().astype("int64").cumsum())
    count = 3_000
    times = random.integers(1, 70_000, count).cumsum() * 10**6 + 1_577_898_000 * 10**9
    bids = 1_121_200 + random.normal(0, 40, count).round().astype("int64").cumsum()
    return pair(times, bids, bids + random.integers(100, 700, count))


# The rules, in integers: average cost, values rounded up, parts of what is booked toward zero.


@dataclass
class Ledger:
    scale: int
    net: int = 0
    booked: int = 0
    realised: int = 0
    fees: int = 0
    marked: int = 0
    mark_time: int = 0

    def value(self, quantity: int, price: int) -> int:
        return -(-quantity * price // self.scale)

    def trade(self, quantity: int, price: int, fee: int) -> None:
        """Positive quantities are bought."""
        sign, size, held = (1 if quantity > 0 else -1), abs(quantity), abs(self.net)
        worth = sign * self.value(size, price)
        self.fees += fee
        self.net += quantity
        if (self.net - quantity) * quantity >= 0:
            self.booked += worth
            return
        closing = min(size, held)
        opening = sign * self.value(size - closing, price)
        part = abs(self.booked) * closing // held
        cost = self.booked if closing == held else part if self.booked > 0 else -part
        self.realised += opening - worth - cost
        self.booked += opening - cost

    def mark(self, price: int, time_ns: int) -> None:
        if self.net == 0:
            return
        worth = self.value(abs(self.net), price) * (1 if self.net > 0 else -1)
        self.marked += worth - self.booked
        self.booked = worth
        self.mark_time = max(self.mark_time, time_ns)


@dataclass
class Asked:
    """An order, and what was known when it was asked about."""

    day: int
    events: int
    time_ns: int
    strategy: int
    status: str
    reducing: bool
    # Of account and strategy: whether a position is open, and when it was last marked.
    open: tuple[bool, bool]
    marks: tuple[int, int]


@dataclass
class Told:
    """What came of the days, event by event."""

    days: list[int] = field(default_factory=list)
    # By owner: realised less fees, and marked, by the rules; and what the library shows of the day.
    earned: list[tuple[int, ...]] = field(default_factory=list)
    marked: list[tuple[int, ...]] = field(default_factory=list)
    shown: list[tuple[tuple[int, int, int], ...]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


class Trader:
    """Drives the library through a market, and keeps the ledgers beside it."""

    def __init__(self, session: host.Session, market: Market, mark_age_ns: int) -> None:
        settings = {"money_decimals": 2, "mark_age_ns_max": mark_age_ns, "retired_ids_max": 8}
        self.market, self.told = market, Told()
        self.engine = session.create(host.config(**settings))
        defs.define(self.engine, defs.currency(1, b"USD", rate_decimals=0, rate=1))
        defs.define(self.engine, defs.instrument(1, b"traded", **market.terms), defs.account(1, b"desk"))
        defs.define(self.engine, defs.strategy(1, b"quick"), defs.strategy(2, b"slow"))
        for scope, id in OWNERS:
            for measure, hard in market.levels.items():
                self.limit(scope, id, measure, hard if scope == rck.RCK_SCOPE_ACCOUNT else hard * 2 // 3)
        rck.check(lib.rck_limits_publish(self.engine, None, None))
        self.port = session.port(self.engine)
        self.ledgers = {owner: Ledger(market.scale) for owner in OWNERS}
        self.books = [sized(rck.BookInfo, scope_kind=scope, id=id) for scope, id in OWNERS]
        shape = {"account": 1, "instrument": 1, "type": rck.RCK_TYPE_LIMIT}
        self.order = sized(rck.Order, time_in_force=rck.RCK_FORCE_DAY, **shape)
        self.report = sized(rck.Report, kind=rck.RCK_REPORT_FILL)
        self.verdict = rck.Verdict()
        self.day = 0

    def limit(self, scope: int, id: int, measure: int, hard: int) -> None:
        base = {"control": rck.RCK_CONTROL_LOSS, "measure": measure, "scope_kind": scope, "id": id}
        given = sized(rck.Limit, levels=rck.RCK_LEVEL_HARD, hard=hard, actor=1, reason=b"desk", **base)
        rck.check(lib.rck_limit_set(self.engine, byref(given), 0, None))

    def look(self) -> None:
        """Both sides after an event."""
        told, ledgers = self.told, self.ledgers.values()
        shown = []
        for book in self.books:
            rck.check(lib.rck_book_get(self.engine, byref(book)))
            shown.append((book.day_realised, book.day_total, book.day_peak))
        told.days.append(self.day)
        told.earned.append(tuple(ledger.realised - ledger.fees for ledger in ledgers))
        told.marked.append(tuple(ledger.marked for ledger in ledgers))
        told.shown.append(tuple(shown))

    def feed(self, at: int) -> None:
        """The market moves; positions are marked every so often."""
        market, time_ns = self.market, self.market.times[at]
        bid, ask = market.bids[at], market.asks[at]
        day = time_ns // (1440 * MINUTE_NS)
        if day != self.day:
            date = int(pd.Timestamp(time_ns).strftime("%Y%m%d"))
            rck.check(lib.rck_day_start(self.port, date, byref(ctypes.c_uint32()), None))
            self.day = day
        if bid == ask:
            trade = rck.Trade(instrument=1, price=bid, quantity=1, time_ns=time_ns)
            rck.check(lib.rck_market_trade(self.port, byref(trade)))
        else:
            sizes = {"bid_size": 1, "ask_size": 1, "time_ns": time_ns}
            rck.check(
                lib.rck_market_quote(self.port, byref(rck.Quote(instrument=1, bid=bid, ask=ask, **sizes)))
            )
        if at % market.mark_every == 0 and at % 400 >= 8:
            rck.check(lib.rck_mark(self.port, 1, (bid + ask) // 2, time_ns))
            for ledger in self.ledgers.values():
                ledger.mark((bid + ask) // 2, time_ns)
            self.look()

    def ask(self, at: int, strategy: int, quantity: int) -> bool:
        """An order; what passes is filled at once, in two parts now and then. Whether it passed."""
        order, time_ns = self.order, self.market.times[at]
        own, desk = self.ledgers[OWNERS[strategy]], self.ledgers[OWNERS[0]]
        price = (self.market.asks if quantity > 0 else self.market.bids)[at]
        order.order_id += 1
        order.side = rck.RCK_SIDE_BUY if quantity > 0 else rck.RCK_SIDE_SELL
        order.strategy, order.quantity, order.price, order.time_ns = strategy, abs(quantity), price, time_ns
        status = lib.rck_check(self.port, byref(order), byref(self.verdict))
        reducing = desk.net * quantity < 0 and abs(quantity) <= abs(desk.net)
        known = (desk.net != 0, own.net != 0), (desk.mark_time, own.mark_time)
        events = len(self.told.days)
        self.told.asked.append(Asked(self.day, events, time_ns, strategy, name_of(status), reducing, *known))
        if status != rck.RCK_OK:
            return False
        first = abs(quantity) // 2 if at % 4 == 0 else abs(quantity)
        filled = 0
        for part in (first, abs(quantity) - first):
            if part == 0:
                continue
            filled += part
            # Now and then better or worse than asked for; the venue pays for every seventh.
            signed, at_price = (part if quantity > 0 else -part), price + at % 5 - 2
            fee = own.value(part, at_price) * (-1 if at % 7 == 0 else 3) // 100_000
            report = self.report
            report.token, report.last_quantity, report.last_price = self.verdict.token, part, at_price
            report.cumulative_quantity, report.fee, report.time_ns = filled, fee, time_ns
            told = rck.Verdict()
            rck.check(lib.rck_fill(self.port, byref(report), byref(told)))
            own.trade(signed, at_price, fee)
            desk.trade(signed, at_price, fee)
            self.look()
        return True

    def run(self) -> Told:
        signals, cap = self.market.signals(), 4 * self.market.step
        for at in range(len(self.market.times)):
            self.feed(at)
            for strategy in STRATEGIES:
                wanted, net = signals[strategy][at], self.ledgers[OWNERS[strategy]].net
                if wanted == 0 or net == wanted * cap:
                    continue
                # Across zero at once if it may; otherwise out.
                turn = net * wanted < 0
                size = min(self.market.step, cap - net * wanted) + (abs(net) if turn else 0)
                if not self.ask(at, strategy, wanted * size) and turn:
                    self.ask(at, strategy, -net)
        return self.told


def expected(told: Told, owner: int) -> pd.DataFrame:
    """Of one owner, what the day has come to after each event: by pandas, from what the rules say of all days."""
    frame = pd.DataFrame(
        {
            "day": told.days,
            "earned": [row[owner] for row in told.earned],
            "marked": [row[owner] for row in told.marked],
        }
    )
    for column in ("earned", "marked"):
        before = frame[column].shift(1, fill_value=0)
        frame[column] -= before.groupby(frame.day).transform("first")
    frame["total"] = frame.earned + frame.marked
    frame["peak"] = frame.groupby("day").total.cummax().clip(lower=0)
    return frame


def refusal(
    asked: Asked, series: list[list[tuple[int, int, int]]], days: list[int], market: Market, age: int
) -> str:
    """What the limits say of an order: the account's first, each by its measures."""
    if asked.reducing:
        return "RCK_OK"
    for place, owner in enumerate((0, asked.strategy)):
        is_today = asked.events > 0 and days[asked.events - 1] == asked.day
        realised, total, peak = series[owner][asked.events - 1] if is_today else (0, 0, 0)
        for measure, hard in market.levels.items():
            loss = {REALISED: -realised, TOTAL: -total, TRAILING: peak - total}[measure]
            if measure != REALISED and asked.open[place]:
                if asked.marks[place] == 0:
                    return "RCK_REJECT_LOSS_MARK_MISSING"
                if asked.time_ns - asked.marks[place] > age:
                    return "RCK_REJECT_LOSS_MARK_STALE"
            if loss > (hard if owner == 0 else hard * 2 // 3):
                return f"RCK_REJECT_LOSS_{REFUSALS[measure]}"
    return "RCK_OK"


@pytest.mark.parametrize("name", ["coin", "pair"])
@pytest.mark.parametrize("source", [make_up, read])
def test_days_of_a_market_come_out_to_the_last_unit(session: host.Session, name: str, source: Any) -> None:
    market = source(name)
    age = 5 * MINUTE_NS if name == "coin" else 10 * MINUTE_NS
    told = Trader(session, market, age).run()
    series = []
    for owner in range(len(OWNERS)):
        frame = expected(told, owner)
        wanted = list(zip(frame.earned.tolist(), frame.total.tolist(), frame.peak.tolist(), strict=True))
        assert wanted == [row[owner] for row in told.shown], OWNERS[owner]
        series.append(wanted)
    refused = [refusal(asked, series, told.days, market, age) for asked in told.asked]
    assert refused == [asked.status for asked in told.asked]
    # The limits and the market meet.
    counts = pd.Series(refused).value_counts()
    assert counts["RCK_OK"] > 100 and len(counts) >= 3, counts
    assert max(peak for row in told.shown for _, _, peak in row) > 0
