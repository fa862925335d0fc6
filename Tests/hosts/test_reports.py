"""Facts from the venue: fills, busts, corrections, answers to amends. A fact is never refused for a limit."""

from typing import Any

import pytest

import definitions as defs
import desk
import host
import riskcheck.abi as rck
from desk import BUY, SELL, order, report
from riskcheck.abi import lib

Pair = tuple[rck.EngineHandle, rck.PortHandle]
DISCIPLINES = {"many": rck.RCK_MANY_WRITERS, "one": rck.RCK_ONE_WRITER}
LATE, OVER, UNKNOWN, GAP = (
    rck.RCK_VERDICT_LATE,
    rck.RCK_VERDICT_OVER_FILL,
    rck.RCK_VERDICT_UNKNOWN,
    rck.RCK_VERDICT_GAP,
)
BUST, CORRECT = rck.RCK_REPORT_BUST, rck.RCK_REPORT_CORRECT


@pytest.fixture(params=list(DISCIPLINES.values()), ids=list(DISCIPLINES))
def pair(session: host.Session, request: pytest.FixtureRequest) -> Pair:
    return desk.make(session, discipline=request.param)


def applied(port: rck.PortHandle, fact: rck.Report) -> tuple[str, int, int]:
    status, verdict = desk.fill(port, fact)
    return status, verdict.flags, verdict.observed


# Fills.


def test_the_cumulative_decides_and_a_repeat_changes_nothing(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    assert applied(port, report(30, token=token)) == ("RCK_OK", 0, 30)
    assert applied(port, report(50, token=token, last_quantity=20)) == ("RCK_OK", 0, 20)
    before = desk.everything(engine)
    for cumulative in (50, 49, 30, 1):
        status, verdict = desk.fill(
            port, report(cumulative, 777, token=token, execution_id=cumulative, fee=9)
        )
        assert (status, verdict.token, verdict.flags, verdict.observed) == ("RCK_REPEAT", token, 0, 0)
    assert desk.everything(engine) == before
    assert applied(port, report(100, token=token, last_quantity=50)) == ("RCK_OK", 0, 50)
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_FINISHED
    assert desk.row(engine) == {"net": 100, "booked": 100_000, "margin": 50_000}
    assert desk.book(engine).get("orders", 0) == 0


def test_a_gap_is_applied_and_told(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    assert applied(port, report(30, token=token, last_quantity=10)) == ("RCK_OK", GAP, 30)
    assert applied(port, report(40, token=token, last_quantity=0)) == ("RCK_OK", GAP, 10)
    assert desk.row(engine)["net"] == 40


def test_a_report_is_about_its_order_whatever_else_it_says(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100, strategy=1)
    fact = report(10, order_id=1, account=2, strategy=2, instrument=3, side=SELL, venue=4)
    assert applied(port, fact) == ("RCK_OK", 0, 10)
    assert desk.info(engine, token)[1].cumulative == 10
    assert (desk.row(engine)["net"], desk.row(engine, 2, 3)) == (10, {})


def test_beyond_the_quantity_and_after_the_end_the_position_moves_alone(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    assert applied(port, report(130, token=token)) == ("RCK_OK", OVER, 130)
    assert applied(port, report(140, token=token, last_quantity=10)) == ("RCK_OK", LATE, 10)
    assert applied(port, report(145, token=token, last_quantity=1)) == ("RCK_OK", LATE | GAP, 5)
    assert applied(port, report(145, token=token)) == ("RCK_REPEAT", 0, 0)
    assert desk.row(engine) == {"net": 145, "booked": 145_000, "margin": 72_500}


def test_an_unknown_order_is_booked_as_its_report_says_and_remembered(pair: Pair) -> None:
    engine, port = pair
    fact = report(10, 500, order_id=9, account=2, instrument=3, side=SELL, fee=7, strategy=1)
    status, verdict = desk.fill(port, fact)
    assert (status, verdict.flags, verdict.observed) == ("RCK_OK", UNKNOWN, 10)
    assert desk.row(engine, 2, 3) == {"net": -10, "booked": -5000, "margin": 2500, "fees": 7}
    status, found = desk.info(engine, verdict.token)
    assert (status, found.order_id, found.state, found.cumulative) == (
        "RCK_OK",
        9,
        rck.RCK_ORDER_FINISHED,
        10,
    )
    before = desk.everything(engine)
    assert applied(port, fact) == ("RCK_REPEAT", 0, 0)
    assert desk.everything(engine) == before
    asked = order(9, 10, 500, account=2, instrument=3, side=SELL, strategy=1)
    assert desk.check(port, asked)[0] == "RCK_REJECT_ORDER_ID_TAKEN"
    assert applied(port, report(12, 500, order_id=9, last_quantity=2)) == ("RCK_OK", LATE, 2)
    assert desk.row(engine, 2, 3)["net"] == -12


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("RCK_E_RANGE", {"side": 0}),
        ("RCK_E_RANGE", {"side": 3}),
        ("RCK_E_UNKNOWN", {"account": 0}),
        ("RCK_E_UNKNOWN", {"account": 3}),
        ("RCK_E_UNKNOWN", {"instrument": 0}),
        ("RCK_E_UNKNOWN", {"instrument": 2**32 - 1}),
        ("RCK_E_UNKNOWN", {"strategy": 3}),
        ("RCK_REJECT_ORDER_UNKNOWN", {"token": 12345, "order_id": 0}),
        ("RCK_REJECT_ORDER_UNKNOWN", {"kind": BUST, "undone_execution_id": 1}),
        ("RCK_REJECT_ORDER_UNKNOWN", {"kind": CORRECT, "undone_execution_id": 1}),
        ("RCK_REJECT_EXPOSURE_OVERFLOW", {"cumulative_quantity": 2**53, "last_price": 2**53}),
    ],
)
def test_an_unknown_order_needs_owners_that_exist(pair: Pair, expected: str, fields: dict[str, Any]) -> None:
    engine, port = pair
    before = desk.everything(engine)
    base = {"order_id": 9, "account": 1, "instrument": 1, "side": BUY, **fields}
    assert desk.fill(port, report(**{"cumulative": 10, **base}))[0] == expected
    assert desk.everything(engine) == before
    assert desk.info(engine, 0, 9)[0] == "RCK_REJECT_ORDER_UNKNOWN"


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("RCK_E_RANGE", {"token": 0}),
        ("RCK_E_RANGE", {"kind": 0}),
        ("RCK_E_RANGE", {"kind": 4}),
        ("RCK_E_RANGE", {"cumulative_quantity": 0}),
        ("RCK_E_RANGE", {"cumulative_quantity": -1}),
        ("RCK_E_RANGE", {"cumulative_quantity": 2**53 + 1}),
        ("RCK_E_RANGE", {"cumulative_quantity": -(2**63)}),
        ("RCK_E_RANGE", {"last_quantity": -1}),
        ("RCK_E_RANGE", {"last_quantity": 2**63 - 1}),
        ("RCK_E_RANGE", {"last_price": 2**53 + 1}),
        ("RCK_E_RANGE", {"last_price": -(2**63)}),
        ("RCK_E_RANGE", {"fee": -(2**63)}),
        ("RCK_REJECT_EXECUTION_UNKNOWN", {"kind": BUST}),
        ("RCK_E_RANGE", {"kind": CORRECT, "undone_execution_id": 1, "last_quantity": 0}),
        ("RCK_E_FLAGS", {"flags": 1}),
        ("RCK_E_RESERVED", {"reserved0": 1}),
        ("RCK_E_RESERVED", {"reserved": [0, 0, 1]}),
        ("RCK_REJECT_TIME_MISSING", {"time_ns": 0}),
        ("RCK_REJECT_TIME_RANGE", {"time_ns": -1}),
    ],
)
def test_a_report_that_makes_no_sense_changes_nothing(
    pair: Pair, expected: str, fields: dict[str, Any]
) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    before = desk.everything(engine)
    assert desk.fill(port, report(10, **{"token": token, **fields}))[0] == expected
    assert desk.everything(engine) == before


def test_fees_add_up_whatever_their_sign(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    for cumulative, fee in ((10, 50), (20, -70), (30, 2**53)):
        assert desk.fill(port, report(cumulative, token=token, fee=fee))[0] == "RCK_OK"
    assert desk.row(engine)["fees"] == desk.book(engine)["fees"] == 2**53 - 20


# Executions.


def test_an_execution_is_applied_once(pair: Pair) -> None:
    engine, port = pair
    one, two = desk.enter(port, 1, 100), desk.enter(port, 2, 100)
    assert applied(port, report(10, token=one, execution_id=5)) == ("RCK_OK", 0, 10)
    before = desk.everything(engine)
    for token in (one, two):
        assert applied(port, report(20, token=token, execution_id=5)) == ("RCK_REPEAT", 0, 0)
    assert desk.everything(engine) == before


def test_a_bust_undoes_exactly_and_once(pair: Pair) -> None:
    engine, port = pair
    desk.position(port, -7, 913)
    before = desk.row(engine)
    token = desk.enter(port, 1, 100)
    assert applied(port, report(30, 1003, token=token, execution_id=5)) == ("RCK_OK", 0, 30)
    bust = report(0, token=token, kind=BUST, undone_execution_id=5, last_quantity=0)
    assert applied(port, bust) == ("RCK_OK", 0, -30)
    assert desk.info(engine, token)[1].cumulative == 0
    assert desk.info(engine, token)[1].leaves == 70, "leaves do not come back"
    assert applied(port, bust) == ("RCK_REPEAT", 0, 0)
    assert applied(port, report(30, 1003, token=token, execution_id=5)) == ("RCK_REPEAT", 0, 0)
    assert desk.release(port, token)[0] == "RCK_OK"
    after = desk.row(engine)
    assert after["net"] == before["net"]
    assert after["booked"] - after.get("realised", 0) == before["booked"], "money is neither made nor lost"


def test_a_bust_of_an_opening_trade_leaves_nothing(pair: Pair) -> None:
    engine, port = pair
    empty = desk.everything(engine)
    token = desk.enter(port, 1, 100, strategy=1)
    desk.fill(port, report(30, 999, token=token, execution_id=5, fee=3))
    bust = report(0, token=token, kind=BUST, undone_execution_id=5, fee=-3)
    assert desk.fill(port, bust)[0] == "RCK_OK"
    desk.release(port, token)
    assert desk.everything(engine) == empty


@pytest.mark.parametrize(("after", "counted"), [(20, 0), (45, 15)])
def test_of_a_fill_told_before_the_bust_before_it_only_what_is_above_the_known_counts(
    pair: Pair, after: int, counted: int
) -> None:
    """The venue: 30 filled, busted, `after` filled. In its order all of it counts."""
    _engine, port = pair
    for id, venue_order in ((1, True), (2, False)):
        token = desk.enter(port, id, 100)
        execution = {"token": token, "execution_id": 5 * id}
        assert applied(port, report(30, **execution)) == ("RCK_OK", 0, 30)
        undoing = report(0, token=token, kind=BUST, undone_execution_id=5 * id, last_quantity=0)
        later = report(after, token=token, execution_id=100 + id)
        if venue_order:
            assert applied(port, undoing) == ("RCK_OK", 0, -30)
            assert applied(port, later) == ("RCK_OK", 0, after)
        else:
            repeat = ("RCK_REPEAT", 0, 0)
            assert applied(port, later) == (("RCK_OK", rck.RCK_VERDICT_GAP, counted) if counted else repeat)


def test_a_correction_replaces_an_execution(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 100)
    desk.fill(port, report(30, 1000, token=token, execution_id=5))
    fact = report(
        25, 1010, token=token, kind=CORRECT, last_quantity=25, execution_id=6, undone_execution_id=5
    )
    assert applied(port, fact) == ("RCK_OK", 0, -5)
    assert applied(port, fact) == ("RCK_REPEAT", 0, 0)
    row, found = desk.row(engine), desk.info(engine, token)[1]
    assert (row["net"], row["booked"], found.cumulative, found.leaves) == (25, 25_250, 25, 70)
    again = report(28, 1020, token=token, kind=CORRECT, last_quantity=28, undone_execution_id=6)
    assert applied(port, again) == ("RCK_OK", 0, 3)
    assert (desk.row(engine)["net"], desk.row(engine)["booked"]) == (28, 28_560)
    bust = report(0, token=token, kind=BUST, undone_execution_id=5)
    assert applied(port, bust) == ("RCK_REPEAT", 0, 0)


def test_an_execution_of_another_order_is_not_undone(pair: Pair) -> None:
    engine, port = pair
    one, two = desk.enter(port, 1, 100), desk.enter(port, 2, 100)
    desk.fill(port, report(30, token=one, execution_id=5))
    before = desk.everything(engine)
    for kind in (BUST, CORRECT):
        for token, undone in ((two, 5), (one, 6)):
            fact = report(9, token=token, kind=kind, undone_execution_id=undone)
            assert desk.fill(port, fact)[0] == "RCK_REJECT_EXECUTION_UNKNOWN"
    assert desk.everything(engine) == before


def test_the_oldest_execution_is_forgotten_first(pair: Pair) -> None:
    engine, port = pair
    token, most = desk.enter(port, 1, 100), host.SMALL["executions_max"]
    for number in range(1, most + 3):
        assert applied(port, report(number, token=token, last_quantity=1, execution_id=number))[0] == "RCK_OK"
    for number in range(1, most + 3):
        fact = report(0, token=token, kind=BUST, undone_execution_id=number)
        expected = "RCK_REJECT_EXECUTION_UNKNOWN" if number <= 2 else "RCK_OK"
        assert desk.fill(port, fact)[0] == expected, number
    assert desk.row(engine)["net"] == 2


# Amends.


def held(engine: rck.EngineHandle, token: int) -> tuple[int, int, int, int]:
    found = desk.info(engine, token)[1]
    return found.quantity, found.price, found.leaves, found.reserved_value


@pytest.mark.parametrize("tracked", [False, True])
def test_an_amend_holds_the_larger_until_the_venue_has_spoken(pair: Pair, tracked: bool) -> None:
    engine, port = pair
    if tracked:
        desk.arm(engine, desk.exposure(10**9, scope_kind=rck.RCK_SCOPE_STRATEGY))
    for accepted, expected in ((1, (15, 600, 15, 9000)), (0, (10, 1000, 10, 10_000))):
        token = desk.enter(port, 10 + accepted, strategy=1)
        assert desk.amend(port, token, order(10 + accepted, 15, 600))[0] == "RCK_OK"
        assert held(engine, token) == (10, 1000, 15, 10_000)
        assert desk.row(engine) == {"open_buys": 15, "buys": 10_000, "margin": 5000}
        assert desk.row(engine, 0, 1, 1) == (desk.row(engine) if tracked else {})
        assert desk.info(engine, token)[1].state == rck.RCK_ORDER_LIVE | rck.RCK_ORDER_AMENDING
        assert desk.amend(port, token, order(10 + accepted, 15, 600))[0] == "RCK_REJECT_AMEND_PENDING"
        assert desk.amend_result(port, token, accepted)[0] == "RCK_OK"
        assert held(engine, token) == expected
        assert desk.row(engine, 0, 1, 1) == (desk.row(engine) if tracked else {})
        assert desk.amend_result(port, token, accepted)[0] == "RCK_REPEAT"
        desk.release(port, token)
        assert desk.row(engine) == desk.row(engine, 0, 1, 1) == {}
        assert desk.book(engine) == desk.book(engine, 1, rck.RCK_SCOPE_STRATEGY) == {}


def test_an_amended_order_answers_to_both_ids(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1)
    assert desk.amend(port, token, order(2, 20))[0] == "RCK_OK"
    assert {desk.info(engine, 0, id)[1].token for id in (1, 2)} == {token}
    assert desk.amend_result(port, 0, 1, order_id=2)[0] == "RCK_OK"
    assert desk.info(engine, 0, 1)[1].order_id == 2
    assert desk.check(port, order(1, 20))[0] == "RCK_REPEAT"
    assert desk.check(port, order(2, 20))[0] == "RCK_REPEAT"
    assert desk.check(port, order(1, 10))[0] == "RCK_REJECT_ORDER_ID_TAKEN"
    other = desk.enter(port, 3)
    assert desk.amend(port, other, order(1, 5))[0] == "RCK_REJECT_ORDER_ID_TAKEN"
    assert desk.amend(port, token, order(1, 5))[0] == "RCK_OK", "its own"
    desk.release(port, token)
    assert desk.amend(port, token, order(1, 5))[0] == "RCK_REJECT_ORDER_FINISHED"


def test_fills_while_an_amend_is_in_flight_reduce_both(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 10)
    desk.amend(port, token, order(1, 30, 900))
    assert applied(port, report(12, token=token)) == ("RCK_OK", 0, 12)
    assert held(engine, token)[2:] == (18, 16_200)
    assert desk.amend_result(port, token, 0)[0] == "RCK_OK"
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_FINISHED, "nothing is left of the old terms"
    assert desk.row(engine)["net"] == 12 and "open_buys" not in desk.row(engine)


def test_a_new_total_that_is_executed_already_is_done_at_the_venues_word(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 1, 10)
    desk.fill(port, report(6, token=token))
    assert desk.amend(port, token, order(1, 4))[0] == "RCK_OK"
    assert held(engine, token)[2] == 4
    assert desk.amend_result(port, token, 1)[0] == "RCK_OK"
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_FINISHED
    assert "open_buys" not in desk.row(engine)


def test_an_amend_that_is_refused_leaves_the_order_as_it_was(pair: Pair) -> None:
    engine, port = pair
    desk.arm(engine, desk.exposure(20_000), desk.long_short(25))
    token = desk.enter(port, 1, 10)
    before = desk.everything(engine)
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("RCK_REJECT_EXPOSURE_GROSS", {"quantity": 21}),
        ("RCK_REJECT_POSITION_LONG", {"quantity": 26, "price": 1}),
        ("RCK_REJECT_PRICE_MISSING", {"price": 0}),
        ("RCK_REJECT_QUANTITY_NOT_POSITIVE", {"quantity": 0}),
        ("RCK_REJECT_STOP_PRICE_BOUNDS", {"stop_price": 5}),
        ("RCK_E_RANGE", {"order_id": 0}),
        ("RCK_E_RESERVED", {"reserved": [0, 1, 0, 0, 0]}),
    )
    for expected, fields in changes:
        asked = order(**{"id": 2, **fields})  # a new id: it is not kept
        assert desk.amend(port, token, asked)[0] == expected
        assert desk.everything(engine) == before
        assert desk.info(engine, 0, 2)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert desk.amend(port, token, order(2, 20))[0] == "RCK_OK", "the old terms are absent"


@pytest.mark.parametrize("accepted", [2, 2**31, 2**32 - 1])
def test_an_answer_is_yes_or_no(pair: Pair, accepted: int) -> None:
    _, port = pair
    token = desk.enter(port)
    desk.amend(port, token, order(1, 20))
    assert desk.amend_result(port, token, accepted)[0] == "RCK_E_RANGE"


def test_a_release_drops_the_amend_in_flight(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port)
    desk.amend(port, token, order(2, 20))
    assert desk.release(port, token)[0] == "RCK_OK"
    assert desk.row(engine) == desk.book(engine) == {}
    assert desk.amend_result(port, token, 1)[0] == "RCK_REPEAT"


def test_other_ids_take_places_until_their_order_is_forgotten(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=4, retired_ids_max=2, ports_max=1)
    token = desk.enter(port, 1)
    for turn in range(4 + 2 + 16 * 2 - 1):
        assert desk.amend(port, token, order(100 + turn, 11 + turn % 2))[0] == "RCK_OK", turn
        assert desk.amend_result(port, token, 1)[0] == "RCK_OK"
    before = desk.everything(engine)
    assert desk.amend(port, token, order(200, 13))[0] == "RCK_REJECT_ORDERS_FULL"
    assert desk.check(port, order(2))[0] == "RCK_REJECT_ORDERS_FULL"
    assert desk.everything(engine) == before
    assert desk.amend(port, token, order(136, 13))[0] == "RCK_OK", "its own id needs no place"


# Anomalies.


@pytest.mark.parametrize(
    ("flag", "kind"),
    [(rck.RCK_HALT_ON_LATE, LATE), (rck.RCK_HALT_ON_OVER_FILL, OVER), (rck.RCK_HALT_ON_UNKNOWN, UNKNOWN)],
)
def test_an_anomaly_halts_the_account_that_asks_for_it(pair: Pair, flag: int, kind: int) -> None:
    _engine, port = pair
    defs.define(_engine, defs.account(1, b"account 1", flags=rck.RCK_ENABLED | flag))
    for anomaly in (LATE, OVER, UNKNOWN):
        if anomaly == kind:
            continue
        make_anomaly(port, anomaly, 100 * anomaly)
        desk.enter(port, 100 * anomaly + 50)
    make_anomaly(port, kind, 7)
    assert desk.check(port, order(8))[0] == "RCK_REJECT_HALTED"
    assert desk.check(port, order(9, account=2))[0] == "RCK_OK"


def make_anomaly(port: rck.PortHandle, kind: int, id: int) -> None:
    fields = {"account": 1, "instrument": 1, "side": BUY, "order_id": id}
    if kind != UNKNOWN:
        token = desk.enter(port, id)
        if kind == LATE:
            desk.release(port, token)
    quantity = 11 if kind == OVER else 5
    assert applied(port, report(quantity, **fields)) == ("RCK_OK", kind, quantity)


# What does not fit.


def test_a_fact_beyond_the_bounds_of_a_row_changes_nothing(pair: Pair) -> None:
    engine, port = pair
    desk.position(port, 2**53, 100)
    token = desk.enter(port, 1, 10)
    before = desk.everything(engine)
    assert (
        desk.fill(port, report(2**53, 100, token=token, execution_id=3))[0] == "RCK_REJECT_EXPOSURE_OVERFLOW"
    )
    assert desk.everything(engine) == before
    assert applied(port, report(10, 1, token=token, execution_id=3)) == ("RCK_OK", 0, 10)


def test_a_fact_beyond_the_bounds_of_a_strategys_row_changes_nothing(pair: Pair) -> None:
    engine, port = pair
    desk.arm(engine, desk.exposure(2**60, scope_kind=rck.RCK_SCOPE_STRATEGY))
    one, two = desk.enter(port, 1, strategy=1), desk.enter(port, 2, strategy=1, account=2)
    assert desk.fill(port, report(2**53, 100, token=one))[0] == "RCK_OK"
    before = desk.everything(engine)
    assert desk.fill(port, report(2**53, 100, token=two))[0] == "RCK_REJECT_EXPOSURE_OVERFLOW"
    assert desk.everything(engine) == before
    assert host.health(engine).state == rck.RCK_HEALTH_RUNNING


def test_a_fact_beyond_the_bounds_of_a_book_changes_nothing(pair: Pair) -> None:
    engine, port = pair
    assert desk.position(port, 2**53, 100, instrument=2)[0] == "RCK_OK"
    token = desk.enter(port, 1)
    before = desk.everything(engine)
    assert desk.position(port, 2**53, 100, instrument=3)[0] == "RCK_REJECT_EXPOSURE_OVERFLOW"
    assert desk.fill(port, report(2**53, 100, token=token))[0] == "RCK_REJECT_EXPOSURE_OVERFLOW"
    assert desk.everything(engine) == before


def test_closed_ports_and_engines_take_no_facts(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port)
    assert lib.rck_port_close(port) == rck.RCK_OK
    assert desk.fill(port, report(1, token=token))[0] == "RCK_E_HANDLE"
    assert desk.row(engine)["open_buys"] == 10
