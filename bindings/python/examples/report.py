"""Runs strategy.py, and draws how long its checks took, what the account was worth, and how much more it might buy. To
be read from top to bottom, or cell by cell.

    report.py [--into DIRECTORY] [what strategy.py takes]
"""

# %% What to run
import importlib
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from typing import Any

from guarded import MONEY_DECIMALS, QUANTITY_DECIMALS
from strategy import Run, arguments, ran, report

Axes = Any


def pyplot() -> Any:
    """The pen; without it there is nothing to do here."""
    try:
        importlib.import_module("matplotlib").use("Agg")  # into files, without a screen
        return importlib.import_module("matplotlib.pyplot")
    except ImportError:
        raise SystemExit(
            "matplotlib is missing: pip install -r bindings/python/examples/requirements.txt"
        ) from None


# %% How long a check takes from Python, one reading of the clock included. Few and far between, they find cold caches.
def latency(axes: Axes, done: Run) -> None:
    taken = sorted(done.told.check_ns)
    axes.set(title=f"{len(taken)} checks, one now and then", xlabel="nanoseconds", ylabel="checks")
    if len(taken) < 2:
        return
    cuts = quantiles(taken, n=100)
    edges = [taken[0] * (cuts[98] * 2 / taken[0]) ** (step / 60) for step in range(61)]
    axes.hist(taken, bins=edges)
    for name, cut in (("p50", cuts[49]), ("p99", cuts[98])):
        axes.axvline(cut, color="black", linestyle=":")
        axes.annotate(f" {name} {cut:,.0f} ns", (cut, 0.95), xycoords=("data", "axes fraction"))
    axes.set_xscale("log")


# %% What the account was worth, and how far below its best
def equity(axes: Axes, done: Run) -> None:
    worth = [units / 10**MONEY_DECIMALS for units in done.told.equity]
    best = list(accumulate(worth, max))
    bars = range(len(worth))
    axes.plot(bars, worth, label="equity")
    axes.fill_between(bars, worth, best, alpha=0.3, label="below its best")
    axes.legend()
    axes.set(title=done.feed.name, xlabel="bars", ylabel="base currency")


# %% How much more it might buy: nothing while a limit is reached, or the account halted
def headroom(axes: Axes, done: Run) -> None:
    room = [units / 10**QUANTITY_DECIMALS for units in done.told.headroom]
    axes.step(range(len(room)), room, linewidth=0.8)
    axes.set(title=f"headroom; halted {len(done.told.halts)} times", xlabel="bars", ylabel="quantity to buy")


PICTURES = {"latency": latency, "equity": equity, "headroom": headroom}


# %% Into files
def draw(pen: Any, done: Run, into: Path) -> list[Path]:
    written = []
    for name, picture in PICTURES.items():
        figure, axes = pen.subplots(figsize=(9, 4), layout="constrained")
        picture(axes, done)
        written.append(into / f"{name}.png")
        figure.savefig(written[-1], dpi=120)
        pen.close(figure)
    return written


if __name__ == "__main__":
    parser = arguments()
    parser.description = "Runs strategy.py and draws latency.png, equity.png and headroom.png."
    parser.add_argument(
        "--into", type=Path, default=Path(), metavar="DIRECTORY", help="where the pictures go"
    )
    given = parser.parse_args()
    pen, done = pyplot(), ran(given)
    print(report(done))
    for path in draw(pen, done, given.into):
        print(f"drawn     {path}")
