"""Orders and facts through the native calls: what they answer, and what they leave behind."""

from decimal import Decimal
from typing import Any

import pytest

import small_desk as desk
from riskcheck import (
    Clock,
    Control,
    Engine,
    HandleError,
    InexactError,
    InstrumentFlag,
    Kind,
    OrderType,
    Port,
    ReleaseReason,
    RiskCheckError,
    ScopeKind,
    Severity,
    Side,
    Status,
    TimeInForce,
    Units,
    VerdictFlag,
    abi,
)
from riskcheck.bound import ORDER_ID, PRICE, QUANTITY, TIME_NS
from riskcheck.orders import packed
from small_desk import BUY, SELL, WHO


def live(engine: Engine, **scope: Any) -> list[int]:
    return sorted(order.order_id for order in engine.open_orders(**scope))


def net(engine: Engine) -> int:
    row = engine.position(1, account=1)
    assert row is not None
    return int(row.net)


def test_a_verdict_is_true_when_something_passed_now(engine: Engine, port: Port) -> None:
    first = port.check(1, **BUY, quantity=10, price="99.50")
    assert first and first.status == Status.OK and first.token and not first.repeat and not first.refused
    again = port.check(1, **BUY, quantity=10, price=99.5)
    assert not again and again.repeat and not again.refused and again.token == first.token
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    engine.publish()
    refused = port.check(2, **BUY, quantity=120, price="99.50")
    assert not refused and refused.refused and not refused.repeat and refused.token == 0


def test_a_refusal_explains_itself(engine: Engine, port: Port) -> None:
    engine.limit(Control.ORDER_QUANTITY, account=1, warn=50, hard=100, **WHO)
    engine.limit(Control.POSITION, account=1, instrument=1, hard=110, **WHO)
    engine.publish()
    verdict = port.check(1, **BUY, quantity=120, price=1)
    assert verdict.status == Status.REJECT_ORDER_QUANTITY and int(verdict.status) == 201
    assert verdict.control == Control.ORDER_QUANTITY and verdict.severity == Severity.HARD
    assert verdict.failed == {Control.ORDER_QUANTITY, Control.POSITION}
    assert (verdict.observed, verdict.limit, verdict.utilisation_bps) == (120, 100, 12_000)
    assert verdict.scope == (ScopeKind.ACCOUNT, (1,)) and verdict.limit_id
    assert str(verdict) == verdict.reason and "120 against 100" in str(verdict)
    warned = port.check(2, **BUY, quantity=60, price=1)
    assert warned and warned.severity == Severity.WARNING and "50" in str(warned)
    pair = port.check(3, **BUY, quantity=100, price=1)
    assert pair.scope == (ScopeKind.ACCOUNT_INSTRUMENT, (1, 1)) and not pair.violation_id


def test_numbers_of_an_order_are_human(engine: Engine, port: Port) -> None:
    terms: Any = {"account": 1, "instrument": 2, "side": Side.BUY}
    assert port.check(1, **terms, quantity="1.5", price="99.9995")
    found = engine.order(order_id=1)
    assert found is not None and (found.price, found.quantity) == (999_995, 1500)
    assert port.check(2, **terms, quantity=Units(1), price=Units(5))
    found = engine.order(order_id=2)
    assert found is not None and (found.price, found.quantity) == (5, 1)
    assert port.check(3, **terms, quantity=2, price=Decimal(3)).status == Status.OK
    found = engine.order(order_id=3)
    assert found is not None and (found.price, found.quantity) == (30_000, 2000)
    with pytest.raises(InexactError, match="1.00001 has more than 4 decimals"):
        port.check(4, **terms, quantity=1, price=1.00001)
    with pytest.raises(TypeError, match="truth value"):
        port.check(4, **terms, quantity=True, price=1)
    assert live(engine) == [1, 2, 3]


def test_types_and_times_in_force_are_said_when_they_are_not_the_usual(engine: Engine, port: Port) -> None:
    stop = {"type": OrderType.STOP_LIMIT, "time_in_force": TimeInForce.GOOD_TILL_CANCEL}
    terms: Any = {**BUY, **stop, "stop_price": "9.99", "correlation_id": 77}
    assert port.check(1, **terms, quantity=1, price=10)
    found = engine.order(order_id=1)
    assert found is not None and (found.type, found.time_in_force) == tuple(stop.values())
    assert (found.stop_price, found.correlation_id) == (999, 77)


def test_an_order_in_what_is_not_known_is_refused_and_does_not_raise(port: Port) -> None:
    terms: Any = {"account": 1, "side": Side.BUY, "quantity": 10, "price": "99.5"}
    for unknown in (3, 4, 5, 0):
        assert port.check(1, **terms, instrument=unknown).status == Status.REJECT_INSTRUMENT_UNKNOWN
    assert port.amend(12345, quantity=1, price=1).status == Status.REJECT_ORDER_UNKNOWN
    with pytest.raises(RiskCheckError, match="RCK_E_RANGE"):
        port.fill(quantity=1, price=1, cumulative=1)  # it names no order
    assert port.cancel(order_id=9).status == Status.REJECT_ORDER_UNKNOWN


def test_an_order_is_packed_as_the_header_lays_it_out(engine: Engine, port: Port) -> None:
    fields = [name for name, *_ in abi.Order._fields_ if not name.startswith("reserved")]
    values: dict[str, Any] = {name: number for number, name in enumerate(fields, 1)}
    values |= {"instrument": 1, "flags": 2**32 - 1, "time_ns": -(2**63), "order_id": 2**64 - 1, "side": 255}
    numbers = ("price", "quantity", "stop_price", "decision_price")
    given = {name: Units(value) if name in numbers else value for name, value in values.items()}
    record = abi.Order.from_buffer_copy(packed(engine, given.pop("order_id"), **given))
    assert {name: getattr(record, name) for name in fields} == values
    assert record.reserved0 == 0 and not any(record.reserved)


def test_nothing_is_cut_off_and_no_word_is_overheard(engine: Engine, port: Port) -> None:
    wrong: Any
    for wrong in ({"account": 2**32 + 1}, {"venue": -1}, {"deadline_ns": 2**63}, {"side": 257}):
        with pytest.raises(OverflowError, match="does not hold"):
            port.check(1, **{**BUY, "quantity": 1, "price": 1, **wrong})
    wrong = {"acount": 1}
    with pytest.raises(TypeError, match="unexpected keyword argument 'acount'"):
        port.check(1, **{**BUY, "quantity": 1, "price": 1, **wrong})
    with pytest.raises(OverflowError):
        port.check(2**64, **BUY, quantity=1, price=1)
    assert live(engine) == []


def test_what_is_no_price_is_not_taken_for_none(engine: Engine, port: Port) -> None:
    wrong: Any
    for wrong in "", None, b"":
        for name in "price", "stop_price", "decision_price":
            with pytest.raises((InexactError, TypeError)):
                port.check(1, **{**BUY, "quantity": 1, "price": 1, name: wrong})
    assert live(engine) == []


def test_no_argument_is_cut_off(engine: Engine, port: Port) -> None:
    token = port.check(1, **BUY, quantity=1, price=1).token
    day: Any = {"reason": ReleaseReason.DONE}
    for call in (
        lambda: port.release(order_id=2**64 + 1, **day),
        lambda: port.release(token + 2**64, **day),
        lambda: port.release(token, time_ns=2**64, **day),
        lambda: port.cancel(-1),
        lambda: port.confirm(order_id=-(2**64) + 1),
        lambda: port.fill(token + 2**64, quantity=1, price=1, cumulative=1),
        lambda: port.mark(2**32 + 1, 1),
        lambda: port.metric(2**32 + 1, 1.0),
        lambda: port.beat(2**64 + 1),
        lambda: port.day_start(2**32 + 20261130),
        lambda: list(port.events(2**32)),
        lambda: engine.port(2**32 + 2),
        lambda: engine.get_account(2**32 + 1),
        lambda: engine.name_of(Kind.ACCOUNT, 2**32 + 1),
        lambda: engine.order(order_id=2**64 + 1),
        lambda: list(engine.open_orders(account=2**32 + 1)),
        lambda: engine.statistics(-1),
        lambda: engine.watch(-(2**64)),
    ):
        with pytest.raises(OverflowError, match="does not fit"):
            call()
    assert live(engine) == [1]


def test_a_dry_check_leaves_no_trace_and_a_copy_is_not_refused(engine: Engine, port: Port) -> None:
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    engine.publish()
    assert port.check_dry(1, **BUY, quantity=100, price=1) and live(engine) == []
    copied = port.drop_copy(1, **BUY, quantity=120, price=1)
    assert copied and copied.flags & VerdictFlag.WOULD_REFUSE and live(engine) == [1]


def test_headroom_is_what_passes_and_names_what_binds(engine: Engine, port: Port) -> None:
    engine.limit(Control.POSITION, account=1, instrument=1, hard=30, **WHO)
    engine.publish()
    room, binding = port.headroom(1, **BUY, price=1)
    assert room == 30 and isinstance(room, Units) and binding.control == Control.POSITION
    assert port.check(1, **BUY, quantity=room, price=1)
    assert port.headroom(2, **BUY, price=1)[0] == 0


def test_a_guard_releases_what_was_not_kept(engine: Engine, port: Port) -> None:
    with port.reserve(1, **BUY, quantity=1, price=1) as order:
        assert order and live(engine) == [1]
    assert live(engine) == []
    with port.reserve(2, **BUY, quantity=1, price=1) as order:
        order.keep()
    assert live(engine) == [2]
    with pytest.raises(ConnectionError), port.reserve(3, **BUY, quantity=1, price=1):
        raise ConnectionError
    assert live(engine) == [2]
    with port.reserve(2, **BUY, quantity=1, price=1) as order:
        assert not order and order.verdict.repeat
    assert live(engine) == [2], "what was known before is not this block's to release"


def test_a_guard_releases_at_the_time_of_its_order() -> None:
    with desk.engine(clock_source=Clock.HOST) as engine:
        desk.define(engine)
        port = engine.port()
        with port.reserve(1, **BUY, quantity=1, price=1, time_ns=5) as order:
            assert order
        assert live(engine) == []
        with pytest.raises(HandleError), port.reserve(2, **BUY, quantity=1, price=1, time_ns=6):
            port.close()


def test_a_guard_releases_however_far_its_port_has_gone_on() -> None:
    with desk.engine(clock_source=Clock.HOST, clock_back_ns_max=10) as engine:
        desk.define(engine)
        port = engine.port()
        with port.reserve(1, **BUY, quantity=1, price=1, time_ns=100) as order:
            assert order and port.beat(1_000_000) == Status.OK
        assert live(engine) == []


def test_an_amend_holds_until_it_is_answered(engine: Engine, port: Port) -> None:
    token = port.check(1, **BUY, quantity=10, price="1.50").token
    assert port.amend(token, quantity=20, price="1.60")
    assert port.amend(token, quantity=30, price=1).status == Status.REJECT_AMEND_PENDING
    assert port.amend_result(token, accepted=False)
    found = engine.order(token)
    assert found is not None and (found.quantity, found.price) == (10, 150)
    assert port.amend(token, quantity=20, price="1.60", order_id=5) and port.amend_result(
        token, accepted=True
    )
    found = engine.order(order_id=5)
    assert found is not None and (found.token, found.quantity, found.price) == (token, 20, 160)
    assert port.amend_result(token, accepted=True).repeat


def test_an_amend_keeps_the_prices_that_it_does_not_name(engine: Engine, port: Port) -> None:
    engine.instrument(3, "SPREAD", currency=1, tick=1, flags=InstrumentFlag.PRICE_NEGATIVE)
    for id, named in (1, BUY), (2, {**BUY, "instrument": 3}):
        terms: Any = {"type": OrderType.STOP_LIMIT, "price": 9, "stop_price": 8}
        token = port.check(id, **named, quantity=10, **terms).token
        before = engine.order(token)
        assert port.amend(token, quantity=5) and port.amend_result(token, accepted=True)
        after = engine.order(token)
        assert before is not None and after is not None and after.quantity == 5
        assert (after.price, after.stop_price) == (before.price, before.stop_price)


def test_facts_move_the_position_and_repeat_nothing(engine: Engine, port: Port) -> None:
    token = port.check(1, **BUY, quantity=10, price="1.50").token
    fill: Any = {"quantity": 4, "price": "1.49", "cumulative": 4, "execution_id": 1}
    done = port.fill(token, **fill)
    assert done and done.observed == 4 and net(engine) == 4
    assert port.fill(token, **fill).repeat and net(engine) == 4
    corrected = port.correct(
        token, undone_execution_id=1, execution_id=2, quantity=3, price="1.48", cumulative=3
    )
    assert corrected and net(engine) == 3
    assert port.bust(token, execution_id=2, cumulative=0) and net(engine) == 0
    assert port.bust(token, execution_id=2, cumulative=0).repeat and net(engine) == 0
    assert port.bust(token, execution_id=9, cumulative=0).status == Status.REJECT_EXECUTION_UNKNOWN
    assert port.cancel(token) and port.release(token, reason=ReleaseReason.CANCELLED)
    assert port.release(token, reason=ReleaseReason.CANCELLED).repeat
    assert port.confirm(token).refused or port.confirm(token).repeat


def test_a_fill_of_an_order_that_is_not_known_says_whose_it_is(engine: Engine, port: Port) -> None:
    other: Any = {"order_id": 9, "account": 1, "instrument": 1, "side": Side.SELL}
    done = port.fill(quantity=2, price="1.25", cumulative=2, execution_id=1, **other)
    assert done and done.flags & VerdictFlag.UNKNOWN and net(engine) == -2
    row = engine.position(1, account=1)
    assert row is not None and row.booked == -250


def test_the_market_speaks_human_numbers(engine: Engine, port: Port) -> None:
    assert port.quote(1, bid="99.50", ask=99.52, bid_size=10, ask_size=20, time_ns=5) == Status.OK
    with engine.port(2) as other:
        assert other.quote(1, bid=1, ask=2, bid_size=1, ask_size=1, time_ns=4) == Status.REPEAT
    assert port.trade(1, price=99, quantity=7, time_ns=5) == Status.OK
    levels = [("99.50", 10), ("99.49", 5)]
    assert port.book(1, bids=levels, asks=[(99.52, 1)], time_ns=6) == Status.OK
    assert port.volume(1, 1_000_000) == Status.OK and port.metric(3, 0.5, 7) == Status.OK
    assert port.check(1, **BUY, quantity=10, price=100) and port.fill(
        order_id=1, quantity=10, price=100, cumulative=10, execution_id=1
    )
    assert port.mark(1, "99.50") == Status.OK
    row = engine.position(1, account=1)
    assert row is not None and row.booked == 99_500 and row.marked == -500
    with pytest.raises(RiskCheckError, match="RCK_E_UNKNOWN"):
        port.quote(3, bid=1, bid_size=1)


def test_positions_cash_and_days_are_set(engine: Engine, port: Port) -> None:
    assert port.set_position(1, account=1, quantity=-5, price="2.50", **WHO) == Status.OK
    row = engine.position(1, account=1)
    assert row is not None and (row.net, row.booked) == (-5, -1250)
    assert engine.position(2, account=2) is None
    assert port.set_cash(1, cash="100.25", credit=7, **WHO) == Status.OK
    book = engine.book(account=1)
    assert (book.cash, book.credit) == (10_025, 700)
    assert port.check(1, **BUY, quantity=1, price=1) and port.day_start(20_260_105) == 1
    theirs = abi.Position(
        struct_size=abi.LAYOUT["rck_position"][0], account=1, instrument=1, quantity=-6, actor=1, reason=b"x"
    )
    assert port.reconcile([theirs]) == 1 and port.reconcile([theirs], correct=True) == 1
    assert port.reconcile([theirs]) == 0 and net(engine) == -6
    port.warm()
    assert port.beat() == Status.OK


def test_a_correction_that_does_not_fit_is_told(engine: Engine, port: Port) -> None:
    size = abi.LAYOUT["rck_position"][0]
    beyond = abi.Position(
        struct_size=size, account=1, instrument=1, quantity=2**53, price=2**53, actor=1, reason=b"x"
    )
    with pytest.raises(RiskCheckError, match="RCK_REJECT_EXPOSURE_OVERFLOW"):
        port.reconcile([beyond], correct=True)
    assert engine.position(1, account=1) is None


def test_a_bound_order_tells_as_a_verdict(engine: Engine, port: Port) -> None:
    bound = port.bind(**SELL)
    bound.put(1, engine.price(1, "99.50"), engine.quantity(1, 10))
    assert bound.check() == Status.OK and bound.told() and bound.told().token == bound.verdict.token
    assert bound.check() == Status.REPEAT
    told = bound.told()
    bound.put(2, 1, 0)
    assert bound.check() == Status.REJECT_QUANTITY_NOT_POSITIVE and told.repeat, "told is a copy"
    assert (bound.order.type, bound.order.time_in_force) == (OrderType.LIMIT, TimeInForce.DAY)
    wrong: Any = {"acount": 1}
    with pytest.raises(TypeError, match="Order has no acount"):
        port.bind(**SELL, **wrong)


def test_the_cells_of_a_bound_order_are_its_fields(port: Port) -> None:
    bound = port.bind(**BUY)
    for index, name in (
        (ORDER_ID, "order_id"),
        (PRICE, "price"),
        (QUANTITY, "quantity"),
        (TIME_NS, "time_ns"),
    ):
        bound.cells[index] = -(2**63) if index else 2**63 - 1
        assert getattr(bound.order, name) == bound.cells[index] == (-(2**63) if index else 2**63 - 1)
    wrong: Any
    for wrong in (2**63, -(2**63) - 1):
        with pytest.raises(ValueError):
            bound.cells[PRICE] = wrong
    for wrong in ("1", 1.0, None):
        with pytest.raises(TypeError):
            bound.cells[PRICE] = wrong
    assert len(bound.cells) * 8 == 64, "what is not a whole number of 64 bits is behind them"
