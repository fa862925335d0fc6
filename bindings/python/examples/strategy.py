"""A strategy that trades against moves, guarded by riskcheck: it asks how much it may send before it sends, is refused
in words, and is halted when a day loses too much from its best.

    strategy.py [--data FILE] [--seed N] [--bars N] [--ladder]

Without a file the market is generated. `--ladder` sends numpy batches (ladder.py). The report is the engine's own.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from feed import Feed, generated, read_feed
from guarded import MONEY_DECIMALS, QUANTITY_DECIMALS, Guarded, Told
from reversion import Reversion

from riskcheck import from_units
from riskcheck.abi import BookInfo, PositionInfo, Statistics


@dataclass(frozen=True)
class Run:
    """What came of it: the strategy's own books, and the engine's."""

    feed: Feed
    capital: int
    told: Told
    book: BookInfo
    position: PositionInfo | None
    statistics: Statistics


def run(feed: Feed, seed: int, ladder: bool = False) -> Run:
    guarded = Guarded(feed)
    with guarded.engine:
        if ladder:
            from ladder import Ladder  # needs numpy

            strategy: Reversion = Ladder(guarded, seed)
        else:
            strategy = Reversion(guarded, seed)
        for number, bar in enumerate(feed.bars):
            strategy.on_bar(number, bar)
        return Run(feed, guarded.capital, guarded.told, *guarded.books())


def money(units: int) -> str:
    return f"{from_units(units, MONEY_DECIMALS):,}"


def drawdown(equity: list[int]) -> int:
    """The largest fall from a highest value."""
    highest = largest = 0
    for value in equity:
        highest = max(highest, value)
        largest = max(largest, highest - value)
    return largest


def report(done: Run) -> str:
    told, book, counted = done.told, done.book, done.statistics
    net = done.position.net if done.position else 0
    judged = f"{counted.checks} checked, {counted.refused} refused, {counted.warned} warned"
    worth = f"{money(told.equity[-1])} of {money(done.capital)}"
    lines = [
        f"{len(done.feed.bars)} bars, {done.feed.name}",
        f"orders    {judged}; {told.sized_down} sized down to the room there was",
        *(f"{count:7} x {told.words[name]}" for name, count in sorted(told.refusals.items())),
        *(f"halted    {halt}" for halt in told.halts),
        f"fills     {told.fills}, position {from_units(net, QUANTITY_DECIMALS)}",
        f"P&L       realised {money(book.realised)}, marked {money(book.marked)}, fees {money(book.fees)}",
        f"equity    {worth}, largest fall {money(drawdown(told.equity))}",
    ]
    return "\n".join(lines)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Trades against moves, guarded by riskcheck.")
    parser.add_argument("--data", type=Path, metavar="FILE", help="one-minute bars, or quotes, as CSV")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the generated market and of the venue's fills"
    )
    parser.add_argument("--bars", type=int, default=5_000, help="how many at most")
    parser.add_argument("--ladder", action="store_true", help="numpy batches of orders, level by level")
    return parser


def ran(given: argparse.Namespace) -> Run:
    try:
        feed = read_feed(given.data, given.bars) if given.data else generated(given.seed, given.bars)
    except (OSError, ValueError, IndexError) as error:
        raise SystemExit(f"{given.data} cannot be read: {error}") from None
    if not feed.bars:
        raise SystemExit("there are no bars")
    return run(feed, given.seed, given.ladder)


if __name__ == "__main__":
    print(report(ran(arguments().parse_args())))
