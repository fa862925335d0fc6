"""What the market did, bar by bar: of a file, or of a seeded generator. Prices are integers in units of the feed."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

from riskcheck import to_units

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE_NS = 60 * 10**9


@dataclass(frozen=True, slots=True)
class Bar:
    """`close` is what the strategy looks at. An order to buy at `lowest` or more would have traded, as would one to
    sell at `highest` or less."""

    time_ns: int
    close: int
    lowest: int
    highest: int


@dataclass(frozen=True)
class Feed:
    name: str
    decimals: int
    bars: list[Bar]


def read_feed(path: Path, bars_max: int) -> Feed:
    """One-minute bars (a header; timestamp, open, high, low, close, volume), or quotes (no header; date time, bid,
    ask, size). Times are taken for UTC."""
    with path.open(newline="") as file:
        rows = csv.reader(file)
        first = next(rows, [])
        if not first:
            raise ValueError("it is empty")
        if first[0] == "timestamp":
            return Feed(path.name, 3, list(islice(map(minute, rows), bars_max)))
        return Feed(path.name, 5, list(islice(map(quoted, chain([first], rows)), bars_max)))


def nanoseconds(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1) * 1000


def minute(row: list[str]) -> Bar:
    time = datetime.fromisoformat(row[0]).replace(tzinfo=UTC)
    high, low, close = (to_units(row[column], 3) for column in (2, 3, 4))
    return Bar(nanoseconds(time) + MINUTE_NS, close, low, high)


def quoted(row: list[str]) -> Bar:
    """A quote stands for a bar: what is bid and asked is what could be had."""
    time = datetime.strptime(row[0][:15], "%Y%m%d %H%M%S").replace(tzinfo=UTC)
    bid, ask = to_units(row[1].rstrip("0"), 5), to_units(row[2].rstrip("0"), 5)
    return Bar(nanoseconds(time) + int(row[0][15:]) * 10**6, (bid + ask) // 2, ask, bid)


def generated(seed: int, count: int) -> Feed:
    """A price that is pulled back to a value which itself stands still, but for now and then an hour of trend: what
    pays a strategy that trades against every move, and what ruins it."""
    drawn = random.Random(seed)
    start = datetime(2024, 1, 2, 8, tzinfo=UTC)
    return Feed(f"generated, seed {seed}", 2, list(islice(walk(drawn, nanoseconds(start)), count)))


def walk(drawn: random.Random, time_ns: int) -> Iterator[Bar]:
    price = value = 10_000.0
    trend, left = 0.0, 0
    while True:
        if left == 0 and drawn.random() < 1 / 600:
            trend, left = drawn.choice((-6.0, 6.0)), drawn.randint(40, 90)
        value += trend if left else 0.0
        left -= left > 0
        price += 0.1 * (value - price) + drawn.gauss(0.0, 6.0)
        price, value = (max(1_000.0, each) for each in (price, value))
        close, reach = round(price), round(abs(drawn.gauss(0.0, 4.0)))
        time_ns += MINUTE_NS
        yield Bar(time_ns, close, close - reach, close + reach)
