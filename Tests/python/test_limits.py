"""Limits, overrides, functions of the host's and latches, as Python sets them."""

import gc
import sys
from typing import Any

import pytest

import small_desk as desk
from riskcheck import (
    BusyError,
    Clock,
    Control,
    Engine,
    GroupKind,
    Level,
    Measure,
    Permit,
    Port,
    Reference,
    ReleaseReason,
    RiskCheckError,
    ScopeKind,
    Side,
    Status,
    TradingState,
    VerdictFlag,
    abi,
)
from riskcheck.scopes import Scope, scope_of
from small_desk import BUY, SELL, WHO


def test_a_scope_is_what_is_named() -> None:
    assert scope_of() == Scope(ScopeKind.GLOBAL)
    assert scope_of(strategy_group=3) == Scope(ScopeKind.STRATEGY_GROUP, 3)
    assert scope_of(instrument=2, account=1) == Scope(ScopeKind.ACCOUNT_INSTRUMENT, 1, 2)
    assert scope_of(account=1, instrument_group=2) == Scope(ScopeKind.ACCOUNT_INSTRUMENT_GROUP, 1, 2)
    assert scope_of(account=0) == Scope(ScopeKind.ACCOUNT, 0), "an id of 0 does not widen the scope"
    wrong: Any
    for wrong in (
        {"account": 1, "strategy": 1},
        {"acount": 1},
        {"account": 1, "strategy": 1, "instrument": 1},
    ):
        with pytest.raises(TypeError):
            scope_of(**wrong)


def test_a_limit_counts_from_its_publication(engine: Engine, port: Port) -> None:
    before = engine.publish()
    engine.limit(Control.ORDER_QUANTITY, account=1, soft=50, hard=100, **WHO)
    assert port.check(1, **BUY, quantity=120, price=1) and not list(engine.limits())
    assert engine.publish() == before + 1
    assert port.check(2, **BUY, quantity=120, price=1).refused
    (found,) = engine.limits()
    assert (found.control, found.scope_kind, found.id, found.levels, found.soft, found.hard) == (
        Control.ORDER_QUANTITY,
        ScopeKind.ACCOUNT,
        1,
        Level.SOFT | Level.HARD,
        50,
        100,
    )
    assert (found.actor, found.reason) == (7, b"agreed")
    engine.remove_limit(Control.ORDER_QUANTITY, account=1, **WHO)
    assert not list(engine.limits()) or engine.publish() == before + 2
    assert port.check(3, **BUY, quantity=120, price=1)


def test_nothing_becomes_looser_unless_that_is_said(engine: Engine, port: Port) -> None:
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    wrong: Any
    for wrong in ({"hard": 101}, {"soft": 10}):
        with pytest.raises(RiskCheckError, match="RCK_E_LOOSEN"):
            engine.limit(Control.ORDER_QUANTITY, account=1, **wrong, **WHO)
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=101, loosen=True, **WHO)
    assert engine.get_limit(Control.ORDER_QUANTITY, account=1).hard == 101
    with pytest.raises(RiskCheckError, match="RCK_E_UNKNOWN"):
        engine.get_limit(Control.ORDER_QUANTITY, account=2)


def test_more_limits_than_a_page_are_all_listed() -> None:
    with desk.engine(accounts_max=100, limits_max=200) as engine:
        for id in range(1, 101):
            engine.account(id, permissions=Permit.ALL)
            engine.limit(Control.ORDER_QUANTITY, account=id, hard=id, **WHO)
        engine.publish()
        assert sorted(limit.hard for limit in engine.limits()) == list(range(1, 101))


def test_a_level_is_an_integer_of_its_unit(engine: Engine, port: Port) -> None:
    engine.limit(Control.ORDER_NOTIONAL, account=1, hard=engine.money("1000.50"), **WHO)
    engine.limit(Control.ORDER_QUANTITY, instrument=2, hard=engine.quantity(2, "1.5"), **WHO)
    engine.publish()
    assert sorted(limit.hard for limit in engine.limits()) == [1500, 100_050]
    wrong: Any
    for wrong in (99.5, "100", True):
        with pytest.raises(TypeError, match="level"):
            engine.limit(Control.ORDER_QUANTITY, account=1, hard=wrong, **WHO)
    with pytest.raises(OverflowError):
        engine.limit(Control.ORDER_QUANTITY, account=1, hard=2**63, **WHO)


def test_measures_sides_and_references_are_passed_on(engine: Engine, port: Port) -> None:
    collar: Any = {"measure": Measure.BPS, "reference": Reference.LAST}
    engine.limit(Control.COLLAR, instrument=1, hard=100, **collar, **WHO)
    engine.limit(Control.POSITION, account=1, instrument=1, side=Side.SELL, hard=5, **WHO)
    engine.limit(Control.METRIC, measure=Measure.GREATER, metric=3, account=1, hard=1, **WHO)
    engine.publish()
    port.trade(1, price="10.00", quantity=1)
    port.metric(3, 1.0)
    assert port.check(1, **BUY, quantity=9, price="10.10")
    assert port.check(2, **BUY, quantity=9, price="10.11").status == Status.REJECT_COLLAR_ABOVE
    assert port.check(3, **SELL, quantity=6, price=10).status == Status.REJECT_POSITION_SHORT
    port.metric(3, 1.5)
    assert port.check(4, **BUY, quantity=9, price=10).status == Status.REJECT_METRIC


def test_a_metric_is_no_instrument_of_a_pair(engine: Engine, port: Port) -> None:
    with pytest.raises(TypeError, match="metric"):
        engine.limit(Control.POSITION, account=1, instrument=1, metric=2, hard=5, **WHO)
    with pytest.raises(TypeError, match="metric"):
        engine.remove_limit(Control.METRIC, account=1, instrument=1, metric=2, **WHO)
    engine.publish()
    assert list(engine.limits()) == []


def test_an_override_waives_once(engine: Engine, port: Port) -> None:
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    engine.publish()
    never = 2**62 - 1
    id = engine.override(order_id=5, expiry_ns=never, count=1, **WHO)
    passed = port.check(5, **BUY, quantity=120, price=1)
    assert passed and passed.flags & VerdictFlag.OVERRIDDEN and engine.get_override(id).live == 0
    wide = engine.override(control=Control.ORDER_QUANTITY, account=1, expiry_ns=never, quantity=500, **WHO)
    assert port.check(6, **BUY, quantity=200, price=1) and engine.get_override(wide).quantity_left == 300
    assert engine.remove_override(wide, **WHO) and not engine.remove_override(wide, **WHO)
    assert port.check(7, **BUY, quantity=200, price=1).refused


def armed(engine: Engine, function: Any) -> None:
    engine.custom(3, function, name="ours", **WHO)
    engine.limit(Control.CUSTOM, account=1, reference=3, hard=0, **WHO)
    engine.publish()


def test_a_function_of_the_host_outlives_what_names_it(engine: Engine, port: Port) -> None:
    asked: list[tuple[int, int]] = []

    def ours(order: abi.Order, time_ns: int) -> int:
        asked.append((order.order_id, time_ns))
        return -7 if order.quantity > 10 else 0

    armed(engine, ours)
    del ours
    gc.collect()
    assert port.check(1, **BUY, quantity=10, price=1)
    refused = port.check(2, **BUY, quantity=11, price=1)
    assert refused.status == Status.REJECT_CUSTOM and refused.observed == 1
    assert [id for id, _ in asked] == [1, 2] and asked[0][1] > 0
    found = engine.get_custom(3)
    assert (found.calls, found.refusals) == (2, 1)
    engine.remove_custom(3)
    assert port.check(3, **BUY, quantity=1, price=1).status == Status.REJECT_CUSTOM_MISSING


@pytest.mark.parametrize(
    "answer", [None, True, False, 2**32, -(2**63), "0", 0.0, KeyError, KeyboardInterrupt]
)
def test_a_function_that_gives_no_answer_refuses(
    engine: Engine, port: Port, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    def ours(order: abi.Order, time_ns: int) -> Any:
        if isinstance(answer, type):
            raise answer
        return answer

    armed(engine, ours)
    assert port.check(1, **BUY, quantity=1, price=1).status == Status.REJECT_CUSTOM
    assert len(told) == (0 if type(answer) is int else 1)


def test_a_function_may_look_and_finds_its_own_port_busy(engine: Engine, port: Port) -> None:
    seen: list[Any] = []

    def ours(order: abi.Order, time_ns: int) -> int:
        seen.append(engine.health().state)
        try:
            port.check(9, **BUY, quantity=1, price=1)
        except BusyError as error:
            seen.append(error.status)
        return 0

    armed(engine, ours)
    assert port.check(1, **BUY, quantity=1, price=1)
    assert seen == [1, Status.E_BUSY]


def test_a_halt_stops_all_until_it_is_lifted(engine: Engine, port: Port) -> None:
    assert engine.halt(account=1, **WHO) and not engine.halt(account=1, **WHO)
    assert port.check(1, **BUY, quantity=1, price=1).status == Status.REJECT_HALTED
    found = engine.get_latch(account=1)
    assert (found.state, found.actor, found.reason) == (TradingState.HALTED, 7, b"agreed")
    assert engine.unlatch(account=1, **WHO) and not engine.unlatch(account=1, **WHO)
    assert port.check(2, **BUY, quantity=1, price=1)
    assert engine.halt(**WHO) and port.check(3, **BUY, quantity=1, price=1).scope == (ScopeKind.GLOBAL, (0,))
    engine.unlatch(**WHO)
    assert engine.latch(TradingState.REDUCE_ONLY, instrument=1, **WHO)
    assert port.check(4, **BUY, quantity=1, price=1).status == Status.REJECT_REDUCE_ONLY
    with pytest.raises(TypeError, match="ACCOUNT_INSTRUMENT"):
        engine.halt(account=1, instrument=1, **WHO)


def test_a_silent_port_latches_what_it_trades() -> None:
    with desk.engine(clock_source=Clock.HOST) as engine:
        desk.define(engine)
        port = engine.port(2)
        engine.watch_port(2, silence_ns=100, account=1, **WHO)
        assert engine.get_watch(2).silence_ns == 100
        port.beat(1000)
        assert engine.watch(1050) == [] and engine.watch(1101) == [2]
        assert engine.get_latch(account=1).control == Status.REJECT_DISCONNECTED
        assert port.check(1, **BUY, quantity=1, price=1, time_ns=1102).refused


def test_rejects_in_a_row_begin_anew_when_somebody_says_so(engine: Engine, port: Port) -> None:
    engine.limit(Control.CONDUCT, measure=Measure.REJECTS, account=1, hard=0, **WHO)
    engine.publish()
    with port.reserve(1, **BUY, quantity=1, price=1):
        pass  # that no venue has rejected
    token = port.check(2, **BUY, quantity=1, price=1).token
    assert port.release(token, reason=ReleaseReason.REJECTED)
    assert port.check(4, **BUY, quantity=1, price=1).refused
    assert engine.rearm(Control.CONDUCT, account=1, **WHO)
    assert port.check(3, **BUY, quantity=1, price=1)
    assert not engine.rearm(Control.CONDUCT, account=1, **WHO)


def test_groups_bind_their_members(engine: Engine) -> None:
    engine.group(1, kind=GroupKind.ACCOUNTS)
    desk.define(engine)
    engine.account(1, "desk 1", permissions=Permit.ALL, groups=[1])
    engine.limit(Control.ORDER_QUANTITY, account_group=1, hard=10, **WHO)
    engine.publish()
    other: Any = {**BUY, "account": 2}
    with engine.port() as port:
        assert port.check(1, **BUY, quantity=11, price=1).scope == (ScopeKind.ACCOUNT_GROUP, (1,))
        assert port.check(2, **other, quantity=11, price=1)
