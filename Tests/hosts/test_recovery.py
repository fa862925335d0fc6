"""Files of a desk: opened again, cleanly or after a SIGKILL, there are the same positions, books and open orders,
and what was live is unconfirmed until the host confirms or releases it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

import desk
import host
import riskcheck.abi as rck
from child import Child
from desk import order, report
from riskcheck.abi import lib

DISCIPLINES = {"many": rck.RCK_MANY_WRITERS, "one": rck.RCK_ONE_WRITER}

# Lives a day at a desk in the file, tells all it sees, and waits to be killed or let go.
DAY = """
import json
import desk
from desk import *
engine = session.open(path, config(money_decimals=2, discipline=int(sys.argv[2])))
desk.define(engine)
port = session.port(engine)
arm(engine, exposure(10**9, scope_kind=rck.RCK_SCOPE_STRATEGY), exposure(10**9), long_short(10**6))
cash(port, 500_000, credit=7)
position(port, -40, 990, account=2, instrument=3)
position(port, 25, 990, account=0, strategy=2, instrument=3)
enter(port, 1, 100, strategy=1)
filled = enter(port, 2, 50, 1010, strategy=1, side=SELL)
fill(port, report(20, 1005, token=filled, execution_id=77, fee=12))
amended = enter(port, 3, 30, instrument=2)
amend(port, amended, order(4, 60, 400))
amend(port, enter(port, 5, 10, strategy=2), order(6, 12, 1001))
amend_result(port, 0, 1, order_id=6)
release(port, enter(port, 7, 10))
fill(port, report(3, 1000, order_id=8, account=1, instrument=1, side=SELL, execution_id=78))
mark(port, 1002, time_ns=9)
quote(port, 99, 101)
trade(port, 100)
say(json.dumps(desk.everything(engine)))
wait()
session.close()
"""


def unconfirmed(seen: dict[str, Any]) -> dict[str, Any]:
    for found in seen["orders"]:
        found["state"] |= rck.RCK_ORDER_UNCONFIRMED
    return seen


def live_a_day(path: Path, discipline: int, killed: bool) -> dict[str, Any]:
    with Child(DAY, path, discipline) as child:
        seen = json.loads(child.line())
        if killed:
            child.kill()
        else:
            child.go_on()
            child.finish()
    assert isinstance(seen, dict)
    return seen


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
@pytest.mark.parametrize("discipline", DISCIPLINES.values(), ids=DISCIPLINES.keys())
def test_a_file_opened_again_holds_the_same(
    session: host.Session, tmp_path: Path, discipline: int, killed: bool
) -> None:
    path = tmp_path / "region"
    seen = live_a_day(path, discipline, killed)
    assert len(seen["orders"]) == 4 and seen["account 1"]["cash"] == 500_000
    engine = session.open(path)
    assert host.health(engine).recovered == killed
    assert desk.everything(engine) == unconfirmed(seen)
    port = session.port(engine)
    assert desk.check(port, order(7))[0] == "RCK_REPEAT", "finished and remembered"
    assert desk.check(port, order(6, 12, 1001, strategy=2))[0] == "RCK_REPEAT", "by its new id"
    assert desk.check(port, order(1, 100, strategy=1))[0] == "RCK_REPEAT"
    fact = report(20, 1005, order_id=2, execution_id=77)
    assert desk.fill(port, fact)[0] == "RCK_REPEAT"
    bust = report(0, order_id=2, kind=rck.RCK_REPORT_BUST, undone_execution_id=77)
    assert desk.fill(port, bust)[0] == "RCK_OK"
    assert desk.check(port, order(50, 1, 10, type=rck.RCK_TYPE_MARKET))[0] == "RCK_REJECT_PRICE_BOUNDS"


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_a_recovered_order_is_not_amended_until_it_is_confirmed(
    session: host.Session, tmp_path: Path, killed: bool
) -> None:
    path = tmp_path / "region"
    live_a_day(path, rck.RCK_MANY_WRITERS, killed)
    engine = session.open(path)
    port = session.port(engine)
    token = desk.info(engine, 0, 1)[1].token
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_LIVE | rck.RCK_ORDER_UNCONFIRMED
    before = desk.everything(engine)
    assert desk.amend(port, token, order(1, 5))[0] == "RCK_REJECT_ORDER_UNCONFIRMED"
    assert desk.everything(engine) == before
    assert desk.cancel(port, token)[0] == "RCK_OK"
    status, verdict = desk.confirm(port, 0, order_id=1)
    assert (status, verdict.token) == ("RCK_OK", token)
    assert desk.confirm(port, token)[0] == "RCK_REPEAT"
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_LIVE
    assert desk.amend(port, token, order(1, 5))[0] == "RCK_OK"
    in_flight = desk.info(engine, 0, 4)[1]
    assert in_flight.state & rck.RCK_ORDER_AMENDING, "an amend in flight is still in flight"
    assert desk.amend_result(port, in_flight.token, 1)[0] == "RCK_OK"
    assert desk.info(engine, 0, 4)[1].quantity == 60


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_after_everything_is_released_nothing_is_reserved(
    session: host.Session, tmp_path: Path, killed: bool
) -> None:
    path = tmp_path / "region"
    live_a_day(path, rck.RCK_MANY_WRITERS, killed)
    engine = session.open(path)
    port = session.port(engine)
    for found in desk.listed(engine):
        assert desk.release(port, found.token)[0] == "RCK_OK"
    for name, found in desk.everything(engine).items():
        assert not {"open_buys", "open_sells", "buys", "sells", "orders", "orders_value"} & set(found), name
    row, book = desk.row(engine), desk.book(engine)
    assert row["net"] == -23 and book["fees"] == 12
    assert book["net_long"] == -book["net_short"] == row["booked"]


def test_the_file_can_be_killed_again_and_again(session: host.Session, tmp_path: Path) -> None:
    path = tmp_path / "region"
    seen = live_a_day(path, rck.RCK_MANY_WRITERS, True)
    again = "engine = session.open(path)\nsay('open')\nwait()"
    for _ in range(3):
        with Child(again, path) as child:
            assert child.line() == "open"
            child.kill()
    engine = session.open(path)
    assert desk.everything(engine) == unconfirmed(seen)
    assert lib.rck_engine_close(engine) == rck.RCK_OK
    engine = session.open(path)
    assert desk.everything(engine) == seen


def test_an_attached_process_looks_at_orders_and_sums(session: host.Session, tmp_path: Path) -> None:
    path = tmp_path / "region"
    engine = session.open(path, host.config(money_decimals=2, flags=rck.RCK_SHARED))
    desk.define(engine)
    port = session.port(engine)
    token = desk.enter(port, 1, 100)
    look = """
    import desk
    engine = session.attach(path)
    say(desk.row(engine)["open_buys"], desk.book(engine)["orders"], desk.listed(engine)[0].token)
    """
    with Child(look, path) as child:
        assert child.finish() == f"100 1 {token}"
