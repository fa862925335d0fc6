"""Orders: checked, looked at, amended, ended. One engine of each discipline unless a test says otherwise."""

import ctypes
from ctypes import byref
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import definitions as defs
import desk
import host
import riskcheck.abi as rck
from desk import SELL, order
from host import name_of
from riskcheck.abi import lib

Pair = tuple[rck.EngineHandle, rck.PortHandle]
DISCIPLINES = {"many": rck.RCK_MANY_WRITERS, "one": rck.RCK_ONE_WRITER}

# Of an engine with orders_max 4, retired_ids_max 2, ports_max 1: see rck_config.
PLACES = 4 + 2 + 16 * 2


@pytest.fixture(params=list(DISCIPLINES.values()), ids=list(DISCIPLINES))
def pair(session: host.Session, request: pytest.FixtureRequest) -> Pair:
    """An engine with a desk, and its port."""
    return desk.make(session, discipline=request.param)


# The worked example: what each step leaves in the row, and in the book.
Step = tuple[str, dict[str, int], dict[str, int]]


def test_the_worked_example_comes_out_to_the_last_unit(pair: Pair) -> None:
    engine, port = pair
    defs.define(engine, defs.account(1, b"account 1", flags=rck.RCK_ENABLED | rck.RCK_POWER_REALISED))
    assert desk.cash(port, 1_000_000)[0] == "RCK_OK"
    desk.arm(engine, desk.long_short(1000), desk.exposure(1_200_000), desk.power())

    def holds(net: str, money: str, exposure: str, margin: int, realised: int = 0) -> None:
        """Columns of the table: net ob os; bv vb vs; ML MS X."""
        names = ("net", "open_buys", "open_sells", "booked", "buys", "sells")
        row = dict(zip(names, map(int, f"{net} {money}".split()), strict=True))
        row |= {"margin": margin, "realised": realised}
        assert desk.row(engine) == {name: value for name, value in row.items() if value}
        found, (long, short, gross) = desk.book(engine), map(int, exposure.split())
        sums = {"net_long": long, "net_short": short, "gross": gross, "margin": margin, "realised": realised}
        assert {name: found.get(name, 0) for name in sums} == sums

    a = desk.enter(port, 1, 600, 1000)
    holds("0 600 0", "0 600000 0", "600000 0 600000", 300_000)
    b = desk.enter(port, 2, 500, 1010, side=SELL)
    holds("0 600 500", "0 600000 505000", "600000 505000 1105000", 552_500)
    before = desk.everything(engine)
    status, verdict = desk.check(port, order(3, 100, 1000))
    assert status == "RCK_REJECT_EXPOSURE_GROSS"
    assert (verdict.limit, verdict.observed, verdict.utilisation_bps) == (1_200_000, 1_205_000, 10_041)
    assert desk.everything(engine) == before
    assert desk.fill(port, desk.report(400, 999, token=a))[0] == "RCK_OK"
    holds("400 200 500", "399600 200000 505000", "599600 105400 705000", 352_500)
    desk.enter(port, 4, 50, 1005, side=SELL)
    holds("400 200 550", "399600 200000 555250", "599600 155650 755250", 377_625)
    assert desk.release(port, b)[0] == "RCK_OK"
    holds("400 200 50", "399600 200000 50250", "599600 -349350 599600", 299_800)
    status, verdict = desk.check(port, order(5, 350, 990, side=SELL))
    assert (status, verdict.flags) == ("RCK_OK", rck.RCK_VERDICT_REDUCING)
    holds("400 200 400", "399600 200000 396750", "599600 -2850 599600", 299_800)
    assert desk.fill(port, desk.report(350, 990, token=verdict.token))[0] == "RCK_OK"
    holds("50 200 50", "49950 200000 50250", "249950 300 250250", 125_125, -3150)
    status, verdict = desk.fill(port, desk.report(10, 1010, token=b))
    assert (status, verdict.flags, verdict.observed) == ("RCK_OK", rck.RCK_VERDICT_LATE, 10)
    holds("40 200 50", "39960 200000 50250", "239960 10290 250250", 125_125, -3040)


# Checks.


def test_a_passed_order_is_live_and_looks_as_it_was_sent(pair: Pair) -> None:
    engine, port = pair
    asked = order(7, 30, 1250, side=SELL, strategy=2, venue=9, correlation_id=77, time_in_force=2)
    status, verdict = desk.check(port, asked)
    assert (status, verdict.severity, verdict.control, verdict.failed) == ("RCK_OK", 0, 0, 0)
    expected = {name: getattr(asked, name) for name in ("order_id", "price", "quantity", "correlation_id")}
    expected |= {name: getattr(asked, name) for name in ("account", "strategy", "instrument", "venue")}
    expected |= {"side": SELL, "type": 1, "time_in_force": 2, "state": rck.RCK_ORDER_LIVE}
    expected |= {"token": verdict.token, "leaves": 30, "reserved_value": 37_500}
    for token, id in ((verdict.token, 0), (0, 7), (verdict.token, 999)):
        status, found = desk.info(engine, token, id)
        assert status == "RCK_OK"
        assert {name: value for name, value in host.as_dict(found).items() if value} == expected | {
            "reserved": [0] * 4
        }


def test_the_same_order_again_is_a_repeat_and_other_terms_are_a_clash(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port, 5)
    before = desk.everything(engine)
    for call in ("rck_check", "rck_check_dry"):
        status, verdict = desk.check(port, order(5), call)
        assert (status, verdict.token) == ("RCK_REPEAT", token)
        changes: list[dict[str, Any]] = [{"price": 1001}, {"quantity": 11}, {"side": SELL}, {"type": 4}]
        changes += [{"stop_price": 1}, {"account": 2}, {"strategy": 1}, {"instrument": 2}, {"venue": 1}]
        for change in [*changes, {"time_in_force": 2}]:
            status, verdict = desk.check(port, order(5, **change), call)
            assert (status, verdict.token) == ("RCK_REJECT_ORDER_ID_TAKEN", 0), change
    assert desk.check(port, order(5, correlation_id=3, decision_price=9))[0] == "RCK_REPEAT"
    assert desk.everything(engine) == before
    assert desk.release(port, token)[0] == "RCK_OK"
    assert desk.check(port, order(5))[0] == "RCK_REPEAT", "remembered"


INVALID: list[tuple[str, dict[str, Any]]] = [
    ("RCK_REJECT_FLAGS", {"flags": 2}),
    ("RCK_REJECT_ACCOUNT_UNKNOWN", {"account": 0}),
    ("RCK_REJECT_ACCOUNT_UNKNOWN", {"account": 3}),
    ("RCK_REJECT_ACCOUNT_UNKNOWN", {"account": 2**32 - 1}),
    ("RCK_REJECT_INSTRUMENT_UNKNOWN", {"instrument": 0}),
    ("RCK_REJECT_INSTRUMENT_UNKNOWN", {"instrument": 4}),
    ("RCK_REJECT_INSTRUMENT_UNKNOWN", {"instrument": 2**32 - 1}),
    ("RCK_REJECT_STRATEGY_UNKNOWN", {"strategy": 3}),
    ("RCK_REJECT_STRATEGY_UNKNOWN", {"strategy": 2**32 - 1}),
    ("RCK_REJECT_SIDE", {"side": 0}),
    ("RCK_REJECT_SIDE", {"side": 3}),
    ("RCK_REJECT_SIDE", {"side": 255}),
    ("RCK_REJECT_TYPE", {"type": 0}),
    ("RCK_REJECT_TYPE", {"type": 5}),
    ("RCK_REJECT_TYPE", {"type": 255}),
    ("RCK_REJECT_TIME_IN_FORCE", {"time_in_force": 0}),
    ("RCK_REJECT_TIME_IN_FORCE", {"time_in_force": 5}),
    ("RCK_REJECT_QUANTITY_NOT_POSITIVE", {"quantity": 0}),
    ("RCK_REJECT_QUANTITY_NOT_POSITIVE", {"quantity": -1}),
    ("RCK_REJECT_QUANTITY_NOT_POSITIVE", {"quantity": -(2**63)}),
    ("RCK_REJECT_QUANTITY_BOUNDS", {"quantity": 2**53 + 1}),
    ("RCK_REJECT_QUANTITY_BOUNDS", {"quantity": 2**63 - 1}),
    ("RCK_REJECT_PRICE_MISSING", {"price": 0}),
    ("RCK_REJECT_PRICE_BOUNDS", {"price": -1}),
    ("RCK_REJECT_PRICE_BOUNDS", {"price": 2**53 + 1}),
    ("RCK_REJECT_PRICE_BOUNDS", {"price": -(2**63)}),
    ("RCK_REJECT_PRICE_BOUNDS", {"type": rck.RCK_TYPE_MARKET}),
    ("RCK_REJECT_STOP_PRICE_BOUNDS", {"stop_price": 1}),
    ("RCK_REJECT_STOP_PRICE_MISSING", {"type": rck.RCK_TYPE_STOP_LIMIT}),
    ("RCK_REJECT_STOP_PRICE_MISSING", {"type": rck.RCK_TYPE_STOP, "price": 0}),
    ("RCK_REJECT_NOTIONAL_REFERENCE_MISSING", {"type": rck.RCK_TYPE_MARKET, "price": 0}),
    ("RCK_REJECT_NOTIONAL_OVERFLOW", {"quantity": 2**53, "price": 2**53}),
    ("RCK_REJECT_DEADLINE", {"time_ns": 2, "deadline_ns": 1}),
    ("RCK_REJECT_TIME_MISSING", {"time_ns": 0}),
    ("RCK_REJECT_TIME_RANGE", {"time_ns": -1}),
    ("RCK_REJECT_TIME_RANGE", {"time_ns": 2**62}),
]


@pytest.mark.parametrize(("expected", "fields"), INVALID)
def test_an_order_that_is_not_valid_is_refused_and_leaves_nothing(
    pair: Pair, expected: str, fields: dict[str, Any]
) -> None:
    engine, port = pair
    before = desk.everything(engine)
    for call in ("rck_check_dry", "rck_check"):
        status, verdict = desk.check(port, order(3, **fields), call)
        assert status == expected
        assert (verdict.severity, verdict.action, verdict.token) == (4, rck.RCK_ACTION_BLOCK, 0)
    assert desk.everything(engine) == before
    assert desk.info(engine, 0, 3)[0] == "RCK_REJECT_ORDER_UNKNOWN"


def test_misuse_of_a_check_has_a_negative_status_and_writes_no_verdict(pair: Pair) -> None:
    engine, port = pair
    before = desk.everything(engine)
    for call in ("rck_check_dry", "rck_check"):
        assert desk.check(port, order(0), call)[0] == "RCK_E_RANGE"
        assert desk.check(port, order(1, reserved0=1), call)[0] == "RCK_E_RESERVED"
        for word in range(5):
            reserved = [0] * 5
            reserved[word] = 1 << 63
            assert desk.check(port, order(1, reserved=reserved), call)[0] == "RCK_E_RESERVED"
    assert desk.everything(engine) == before


def test_a_port_for_reading_looks_and_changes_nothing(pair: Pair, session: host.Session) -> None:
    engine, port = pair
    token, reader = desk.enter(port), session.port(engine, 0)
    assert desk.dry(reader, order(2))[0] == "RCK_OK"
    assert desk.headroom(reader, order(2))[0] == "RCK_REJECT_EXPOSURE_OVERFLOW"
    before = desk.everything(engine)
    assert desk.check(reader, order(2))[0] == "RCK_E_READ_ONLY"
    assert desk.amend(reader, token, order(1, 20))[0] == "RCK_E_READ_ONLY"
    assert desk.amend_result(reader, token, 1)[0] == "RCK_E_READ_ONLY"
    assert desk.cancel(reader, token)[0] == "RCK_E_READ_ONLY"
    assert desk.release(reader, token)[0] == "RCK_E_READ_ONLY"
    assert desk.confirm(reader, token)[0] == "RCK_E_READ_ONLY"
    assert desk.fill(reader, desk.report(1, token=token))[0] == "RCK_E_READ_ONLY"
    assert desk.everything(engine) == before


def test_a_closed_port_is_no_port(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port)
    assert lib.rck_port_close(port) == rck.RCK_OK
    assert desk.check(port, order(2))[0] == "RCK_E_HANDLE"
    assert desk.dry(port, order(2))[0] == "RCK_E_HANDLE"
    assert desk.headroom(port, order(2))[0] == "RCK_E_HANDLE"
    assert desk.amend(port, token, order(1, 20))[0] == "RCK_E_HANDLE"
    assert desk.amend_result(port, token, 1)[0] == "RCK_E_HANDLE"
    assert desk.cancel(port, token)[0] == "RCK_E_HANDLE"
    assert desk.release(port, token)[0] == "RCK_E_HANDLE"
    assert desk.confirm(port, token)[0] == "RCK_E_HANDLE"
    assert desk.info(engine, token)[0] == "RCK_OK"
    assert lib.rck_engine_close(engine) == rck.RCK_OK
    assert desk.info(engine, token)[0] == "RCK_E_HANDLE"


def test_a_dry_check_says_what_the_check_says_and_leaves_no_trace(pair: Pair) -> None:
    engine, port = pair
    desk.arm(engine, desk.exposure(20_000))
    for quantity in (1, 20, 21):
        before = desk.everything(engine), host.stats(engine).events_written
        seen, looked = desk.dry(port, order(quantity, quantity))
        assert (desk.everything(engine), host.stats(engine).events_written) == before
        status, verdict = desk.check(port, order(quantity, quantity))
        assert seen == status
        if status == "RCK_OK":
            assert looked.token == 0
            desk.release(port, verdict.token)
            looked.token = verdict.token
        assert host.as_dict(looked) == host.as_dict(verdict)


def test_no_more_orders_live_than_there_are_places(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=4, retired_ids_max=2, ports_max=1)
    tokens = [desk.enter(port, id) for id in range(1, PLACES + 1)]
    before = desk.everything(engine)
    assert desk.check(port, order(99))[0] == "RCK_REJECT_ORDERS_FULL"
    assert desk.everything(engine) == before
    for token in tokens[:2]:
        assert desk.release(port, token)[0] == "RCK_OK"
    assert {desk.info(engine, token)[0] for token in tokens[:2]} == {"RCK_OK"}
    for token, id in zip(tokens, (99, 100), strict=False):
        desk.enter(port, id)
        assert desk.info(engine, token)[0] == "RCK_REJECT_ORDER_UNKNOWN", "forgotten for the new one"
    assert desk.check(port, order(101))[0] == "RCK_REJECT_ORDERS_FULL"


def test_amends_under_new_ids_never_use_the_places_up(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=4, retired_ids_max=PLACES, ports_max=1)
    for turn in range(3 * PLACES):
        token = desk.enter(port, 10 * turn + 1)
        for amend in range(3):
            assert desk.amend(port, token, order(10 * turn + 2 + amend, 11 + amend % 2))[0] == "RCK_OK"
            assert desk.amend_result(port, token, 1)[0] == "RCK_OK"
        assert desk.release(port, token)[0] == "RCK_OK"
    assert desk.book(engine) == {}


def test_the_oldest_finished_order_is_forgotten_first(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=4, retired_ids_max=2, ports_max=1)
    tokens = {id: desk.enter(port, id) for id in (1, 2, 3)}
    for id in (2, 1, 3):
        assert desk.release(port, tokens[id])[0] == "RCK_OK"
    assert desk.info(engine, tokens[2])[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert desk.info(engine, 0, 2)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert {desk.info(engine, tokens[id])[0] for id in (1, 3)} == {"RCK_OK"}
    assert desk.release(port, tokens[2])[0] == "RCK_REJECT_ORDER_UNKNOWN"
    again = desk.enter(port, 2)
    assert again != tokens[2], "a token is never given again"


def test_rows_are_full(session: host.Session) -> None:
    engine, port = desk.make(session, positions_max=2)
    desk.enter(port, 1, instrument=1)
    desk.enter(port, 2, instrument=2)
    before = desk.everything(engine)
    assert desk.check(port, order(3, instrument=3))[0] == "RCK_REJECT_POSITIONS_FULL"
    assert desk.everything(engine) == before
    desk.enter(port, 3, instrument=2)


# Headroom.


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    hard=st.integers(0, 10**6),
    price=st.integers(1, 10**4),
    side=st.integers(1, 2),
    net=st.integers(-500, 500),
    lot=st.sampled_from([1, 7, 100]),
)
def test_headroom_is_the_largest_quantity_that_passes(
    hard: int, price: int, side: int, net: int, lot: int
) -> None:
    with host.Session() as session:
        engine, port = desk.make(session)
        defs.define(
            engine, defs.instrument(1, b"instrument 1", price_decimals=2, multiplier=1, lot=lot, tick=1)
        )
        desk.position(port, net * lot)
        desk.arm(engine, desk.exposure(hard), desk.long_short(300 * lot))
        status, room, verdict = desk.headroom(port, order(1, 0, price, side=side))
        assert status != "RCK_OK" and room % lot == 0
        if room:
            assert desk.dry(port, order(1, room, price, side=side))[0] == "RCK_OK"
        beyond, looked = desk.dry(port, order(1, room + lot, price, side=side))
        assert (beyond, looked.control, looked.limit) == (status, verdict.control, verdict.limit)


def test_headroom_is_0_when_no_quantity_helps(pair: Pair) -> None:
    _, port = pair
    for expected, fields in (
        ("RCK_REJECT_DEADLINE", {"deadline_ns": 1, "time_ns": 2}),
        ("RCK_REJECT_TIME_MISSING", {"time_ns": 0}),
        ("RCK_REJECT_ACCOUNT_UNKNOWN", {"account": 0}),
        ("RCK_REJECT_PRICE_BOUNDS", {"price": -1}),
    ):
        assert desk.headroom(port, order(1, 5, **fields))[:2] == (expected, 0)


# Listing.


def test_live_orders_are_listed_once_in_each_scope_that_they_are_in(pair: Pair) -> None:
    engine, port = pair
    kinds = {1: rck.RCK_GROUP_OF_ACCOUNTS, 2: rck.RCK_GROUP_OF_STRATEGIES, 3: rck.RCK_GROUP_OF_INSTRUMENTS}
    defs.define(engine, *(defs.group(id, kind=kind) for id, kind in kinds.items()))
    defs.define(engine, defs.account(2, b"account 2", groups=[1, 0, 0, 0]))
    defs.define(engine, defs.strategy(2, b"strategy 2", groups=[0, 2, 0, 0]))
    units = {"price_decimals": 2, "multiplier": 1, "lot": 1, "tick": 1}
    defs.define(engine, defs.instrument(2, b"instrument 2", **units, groups=[0, 0, 0, 3]))
    ids: dict[tuple[int, int, int], int] = {}
    for account in (1, 2):
        for strategy in (0, 1, 2):
            for instrument in (1, 2):
                ids[account, strategy, instrument] = len(ids) + 1
                desk.enter(port, len(ids), account=account, strategy=strategy, instrument=instrument)
    ended = desk.enter(port, 100)
    desk.release(port, ended)
    scopes: dict[tuple[int, int], Any] = {
        (rck.RCK_SCOPE_GLOBAL, 0): lambda a, s, i: True,
        (rck.RCK_SCOPE_ACCOUNT, 1): lambda a, s, i: a == 1,
        (rck.RCK_SCOPE_ACCOUNT_GROUP, 1): lambda a, s, i: a == 2,
        (rck.RCK_SCOPE_STRATEGY, 1): lambda a, s, i: s == 1,
        (rck.RCK_SCOPE_STRATEGY_GROUP, 2): lambda a, s, i: s == 2,
        (rck.RCK_SCOPE_INSTRUMENT, 1): lambda a, s, i: i == 1,
        (rck.RCK_SCOPE_INSTRUMENT_GROUP, 3): lambda a, s, i: i == 2,
    }
    for (scope, id), covers in scopes.items():
        found = sorted(order.order_id for order in desk.listed(engine, scope, id))
        assert found == sorted(number for key, number in ids.items() if covers(*key)), scope


def test_a_list_of_a_scope_that_does_not_exist_is_refused(pair: Pair) -> None:
    engine, _ = pair
    page, cursor, count = (rck.OrderInfo * 2)(), ctypes.c_uint32(0), ctypes.c_uint32(9)
    for scope, id, capacity in ((0, 0, 2), (8, 1, 2), (2**31, 1, 2), (2, 2**32 - 1, 2), (1, 0, 0)):
        status = lib.rck_open_orders(engine, scope, id, page, capacity, byref(cursor), byref(count))
        assert name_of(status) == "RCK_E_RANGE", (scope, id, capacity)
    cursor.value = 2**32 - 1
    assert lib.rck_open_orders(engine, 1, 0, page, 2, byref(cursor), byref(count)) == rck.RCK_OK
    assert count.value == 0


def test_an_order_that_nobody_knows_is_unknown_to_every_call(pair: Pair) -> None:
    engine, port = pair
    live = desk.enter(port)
    for token in (live ^ 1, live + (1 << 24), 2**64 - 1, 0xFF_FFFF, 1):
        for call in (desk.release, desk.cancel, desk.confirm):
            assert call(port, token)[0] == "RCK_REJECT_ORDER_UNKNOWN", hex(token)
        assert desk.amend(port, token, order(1, 5))[0] == "RCK_REJECT_ORDER_UNKNOWN"
        assert desk.amend_result(port, token, 1)[0] == "RCK_REJECT_ORDER_UNKNOWN"
        assert desk.fill(port, desk.report(1, token=token))[0] == "RCK_REJECT_ORDER_UNKNOWN"
        assert desk.info(engine, token)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    for call in (desk.release, desk.cancel, desk.confirm):
        assert call(port, 0)[0] == "RCK_E_RANGE"
        assert call(port, 0, order_id=99)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert desk.amend_result(port, 0, 1)[0] == "RCK_E_RANGE"
    assert desk.info(engine, 0)[0] == "RCK_E_RANGE"


# The end.


@pytest.mark.parametrize("reason", [1, 2, 3, 4])
def test_a_release_frees_what_is_left_and_only_once(pair: Pair, reason: int) -> None:
    engine, port = pair
    empty = desk.everything(engine)
    token = desk.enter(port, strategy=1)
    assert desk.release(port, token, reason)[0] == "RCK_OK"
    after = desk.everything(engine)
    assert after == empty
    status, verdict = desk.release(port, 0, reason, order_id=1)
    assert (status, verdict.token) == ("RCK_REPEAT", token)
    assert desk.everything(engine) == after
    assert desk.info(engine, token)[1].state == rck.RCK_ORDER_FINISHED


@pytest.mark.parametrize("reason", [0, 5, 2**32 - 1])
def test_there_are_four_reasons_of_a_release(pair: Pair, reason: int) -> None:
    _, port = pair
    assert desk.release(port, desk.enter(port), reason)[0] == "RCK_E_RANGE"


def test_a_request_to_cancel_frees_nothing_and_of_an_ended_order_is_a_repeat(pair: Pair) -> None:
    engine, port = pair
    token = desk.enter(port)
    before = desk.everything(engine)
    status, verdict = desk.cancel(port, 0, 1)
    assert (status, verdict.token) == ("RCK_OK", token)
    assert desk.cancel(port, token, time_ns=0)[0] == "RCK_REJECT_TIME_MISSING"
    assert desk.everything(engine) == before
    desk.release(port, token)
    assert desk.cancel(port, token)[0] == "RCK_REPEAT"


def test_an_order_that_was_not_recovered_needs_no_confirmation(pair: Pair) -> None:
    _, port = pair
    token = desk.enter(port)
    status, verdict = desk.confirm(port, token)
    assert (status, verdict.token) == ("RCK_REPEAT", token)
    desk.release(port, token)
    assert desk.confirm(port, token)[0] == "RCK_REJECT_ORDER_FINISHED"


def test_an_order_whose_worsened_price_is_beyond_all_prices_is_refused(session: host.Session) -> None:
    market = {"type": rck.RCK_TYPE_MARKET, "price": 0, "quantity": 1}
    units = {"reference": rck.RCK_REFERENCE_SET, "reference_price": 2**53, "price_decimals": 18}
    engine, port = desk.make(session)
    for bps, expected in ((0, "RCK_OK"), (1, "RCK_REJECT_ORDER_OVERFLOW")):
        desk.define(engine, slippage_bps=bps, **units)
        status, verdict = desk.check(port, desk.order(bps + 1, **market))
        assert status == expected
        assert verdict.control == (rck.RCK_CONTROL_VALIDITY if bps else rck.RCK_CONTROL_NONE)


def test_no_row_holds_more_than_2_to_the_60(session: host.Session) -> None:
    engine, port = desk.make(session, orders_max=256)
    desk.define(engine, price_decimals=18, quantity_decimals=18)
    for id in range(1, 129):
        desk.enter(port, id=id, quantity=2**53, price=1)
    assert desk.row(engine)["open_buys"] == 2**60
    status, verdict = desk.check(port, desk.order(129, quantity=1, price=1))
    assert (status, verdict.control) == ("RCK_REJECT_POSITION_OVERFLOW", rck.RCK_CONTROL_POSITION)
    assert desk.row(engine)["open_buys"] == 2**60
