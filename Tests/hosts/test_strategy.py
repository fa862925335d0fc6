"""The sample strategy: the same seed gives the same day, refusals and halts really happen, and what it keeps for itself
agrees with what the engine holds. With files, generated ones of both forms, and the market's own where RISKCHECK_DATA
names them.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

EXAMPLES = ROOT / "bindings/python/examples"
DATA = Path(os.environ.get("RISKCHECK_DATA", ROOT.parent / "shared/data"))
WAYS = [[], ["--ladder"]]
strategy: Any = None
feed: Any = None


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    global strategy, feed
    monkeypatch.syspath_prepend(str(EXAMPLES))
    strategy, feed = importlib.import_module("strategy"), importlib.import_module("feed")


def ran(script: str, *words: str | Path, search: Path = EXAMPLES) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(search), str(ROOT / "bindings/python")))
    return subprocess.run(
        [sys.executable, EXAMPLES / script, *words],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def told(*words: str | Path) -> str:
    done = ran("strategy.py", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("way", WAYS, ids=["orders", "ladder"])
def test_the_same_seed_tells_the_same_day_and_another_seed_another(way: list[str]) -> None:
    day = told("--seed", "3", "--bars", "1500", *way)
    assert told("--seed", "3", "--bars", "1500", *way) == day
    assert told("--seed", "4", "--bars", "1500", *way) != day


def agrees(done: Any) -> None:
    """The strategy's books against the engine's. A value is rounded to money once when it is booked, so sums may differ
    by a unit for each fill, and one for the mark."""
    kept, book, counted = done.told, done.book, done.statistics
    assert (counted.checks, counted.refused) == (kept.sent, kept.refusals.total())
    assert kept.sent == kept.passed + kept.refusals.total()
    assert done.position.net == kept.net and book.fees == kept.fees
    scale = 10 ** (done.feed.decimals + 3 - 2)
    own = (kept.turnover + kept.net * done.feed.bars[-1].close) / scale
    assert abs(own - (book.realised + book.marked)) <= kept.fills + 1
    assert kept.equity[-1] == done.capital + book.realised + book.marked - book.fees
    assert len(kept.equity) == len(kept.headroom) == len(done.feed.bars)
    report = strategy.report(done)
    for words in (
        f"{counted.checks} checked, {counted.refused} refused",
        f"fills     {kept.fills}, position",
    ):
        assert words in report
    assert all(words in report for words in kept.words.values())


@pytest.mark.parametrize("ladder", [False, True], ids=["orders", "ladder"])
def test_orders_are_refused_and_the_account_halted_and_all_books_agree(ladder: bool) -> None:
    done = strategy.run(feed.generated(1, 3000), 1, ladder)
    agrees(done)
    kept = done.told
    assert kept.refusals["REJECT_POSITION_LONG"] and kept.refusals["REJECT_POSITION_SHORT"]
    assert kept.words["REJECT_POSITION_LONG"].startswith(
        "refused: RCK_REJECT_POSITION_LONG by position at account 1"
    )
    assert len(kept.halts) >= 2 and all(" by LOSS, position " in halt for halt in kept.halts)
    assert all("also refused by loss" in halt or "REJECT_LOSS_TRAILING" in halt for halt in kept.halts)
    assert min(kept.headroom) == 0 < max(kept.headroom)
    assert ladder or kept.sized_down > 0


def test_a_halted_account_is_flat_until_the_next_day() -> None:
    done = strategy.run(feed.generated(1, 1500), 1)
    (halt,) = done.told.halts
    halted = next(
        i for i, room in enumerate(done.told.headroom) if done.told.headroom[i : i + 100] == [0] * 100
    )
    day = [bar.time_ns // (86_400 * 10**9) for bar in done.feed.bars]
    until = next(i for i in range(halted, len(day)) if day[i] != day[halted])
    assert halt.startswith("2024-01-02 ") and 0 < halted < until
    assert len(set(done.told.equity[halted:until])) == 1, "what is flat neither wins nor loses"
    assert set(done.told.headroom[halted:until]) == {0} and done.told.headroom[until] > 0


BARS = "timestamp,open,high,low,close,volume\n"
QUOTES = "20200101 170000065,1.121200,1.121720,0\n20200101 170010447,1.121210,1.121930,0\n"


def test_both_forms_of_files_are_read_exactly(tmp_path: Path) -> None:
    (tmp_path / "bars.csv").write_text(
        BARS + "2022-01-01 00:01:00.000000,46319.0,46385.125,46300.5,46377.25,1.5\n"
    )
    (tmp_path / "quotes.csv").write_text(QUOTES)
    bars, quotes = (feed.read_feed(tmp_path / f"{name}.csv", 9) for name in ("bars", "quotes"))
    assert bars.bars == [feed.Bar(1640995320 * 10**9, 46377250, 46300500, 46385125)]
    first = 1577898000 * 10**9
    assert quotes.bars == [
        feed.Bar(first + 65 * 10**6, 112146, 112172, 112120),
        feed.Bar(first + 10447 * 10**6, 112157, 112193, 112121),
    ]


@pytest.mark.parametrize("ladder", [False, True], ids=["orders", "ladder"])
@pytest.mark.parametrize("name", ["btc-perp-1m-2022-01.csv", "eurusd-quotes-2020-01-01.csv"])
def test_all_books_agree_over_the_markets_own_days(name: str, ladder: bool) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no {name}: set RISKCHECK_DATA to where it is")
    done = strategy.run(feed.read_feed(path, 8000), 1, ladder)
    agrees(done)
    assert done.statistics.refused > 0 and done.told.fills > 0
    assert name.startswith("eur") or done.told.halts


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name, words in (("empty", "it is empty"), ("other", "cannot be read: "), ("none", "No such file")):
        done = ran("strategy.py", "--data", tmp_path / f"{name}.csv")
        assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
    assert ran("strategy.py", "--bars", "0").stderr == "there are no bars\n"


def test_without_matplotlib_the_pictures_say_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('none here')\n")
    done = ran("report.py", "--bars", "10", search=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "matplotlib is missing: pip install -r bindings/python/examples/requirements.txt\n"


def test_the_pictures_are_drawn(tmp_path: Path) -> None:
    if not importlib.util.find_spec("matplotlib"):
        pytest.skip("matplotlib is missing: make venv installs it")
    done = ran("report.py", "--bars", "1500", "--into", tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("latency", "equity", "headroom"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n")
        assert f"drawn     {tmp_path / name}.png" in done.stdout
    assert done.stdout.startswith(told("--bars", "1500"))
