"""Random walks: whatever is traded, totals are the sum of their parts, headroom is what passes, and what is said twice
counts once. The model beside the engine knows quantities alone, and was written from the header.
"""

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import small_desk as desk
from riskcheck import CONTROLS, Control, Measure, ReleaseReason, Side, Units, Verdict, abi
from small_desk import WHO

ORDER_MAX, POSITION_MAX, WORKING_MAX = 50, 120, 6
INSTRUMENTS = (1, 3)
QUANTITIES = st.integers(1, 60)
CENTS = st.integers(1, 2_000)


@dataclass
class Known:
    """An order, as the venue and the model know it."""

    id: int
    token: int
    instrument: int
    side: Side
    quantity: int
    price: int
    cumulative: int = 0
    live: bool = True
    executions: dict[int, int] = field(default_factory=dict)  # what each filled

    @property
    def leaves(self) -> int:
        return max(self.quantity - self.cumulative, 0) if self.live else 0


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.engine = desk.engine()
        desk.define(self.engine)
        self.engine.instrument(3, "OTHER", currency=1, price_decimals=2, tick="0.01")
        engine, account = self.engine, {"account": 1}
        engine.limit(Control.ORDER_QUANTITY, **account, hard=ORDER_MAX, **WHO)  # type: ignore[arg-type]
        engine.limit(Control.POSITION, account=1, instrument=1, hard=POSITION_MAX, **WHO)
        engine.limit(Control.WORKING, measure=Measure.COUNT, account=1, hard=WORKING_MAX, **WHO)
        engine.publish()
        self.port = self.engine.port()
        self.orders: list[Known] = []
        self.net = dict.fromkeys(INSTRUMENTS, 0)
        self.next_id = self.next_execution = 1

    def teardown(self) -> None:
        self.engine.close()

    # ---- What the model knows ----

    def live(self) -> list[Known]:
        return [order for order in self.orders if order.live]

    def open(self, instrument: int, side: Side) -> int:
        return sum(o.leaves for o in self.live() if (o.instrument, o.side) == (instrument, side))

    def reach(self, instrument: int, side: Side) -> int:
        """How far the position may come on this side: L or S."""
        sign = 1 if side == Side.BUY else -1
        return sign * self.net[instrument] + self.open(instrument, side)

    def failing(self, instrument: int, side: Side, quantity: int) -> set[Control]:
        reached = self.reach(instrument, side) + quantity
        refusing = {
            Control.ORDER_QUANTITY: quantity > ORDER_MAX,
            Control.POSITION: instrument == 1 and reached > POSITION_MAX,
            Control.WORKING: len(self.live()) >= WORKING_MAX,
        }
        spared = reached <= 0
        return {c for c, fails in refusing.items() if fails and not (spared and CONTROLS[c].reducing)}

    def terms(self, order: Known) -> Any:
        return {
            "account": 1,
            "instrument": order.instrument,
            "side": order.side,
            "quantity": order.quantity,
            "price": Units(order.price),
        }

    def picked(self, data: st.DataObject, orders: list[Known]) -> Known:
        return data.draw(st.sampled_from(orders), label="order")

    # ---- What happens ----

    @rule(
        instrument=st.sampled_from(INSTRUMENTS), side=st.sampled_from(Side), quantity=QUANTITIES, price=CENTS
    )
    def enter(self, instrument: int, side: Side, quantity: int, price: int) -> None:
        order = Known(self.next_id, 0, instrument, side, quantity, price)
        self.next_id += 1
        failing = self.failing(instrument, side, quantity)
        dry = self.port.check_dry(order.id, **self.terms(order))
        verdict = self.port.check(order.id, **self.terms(order))
        assert (set(verdict.failed), bool(verdict)) == (failing, not failing)
        assert (dry.failed, dry.status) == (verdict.failed, verdict.status)
        if verdict:
            order.token = verdict.token
            self.orders.append(order)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def enter_again(self, data: st.DataObject) -> None:
        order = self.picked(data, self.orders)
        verdict = self.port.check(order.id, **self.terms(order))
        assert verdict.repeat and verdict.token == order.token

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), quantity=QUANTITIES, price=CENTS)
    def fill(self, data: st.DataObject, quantity: int, price: int) -> None:
        """Of any order: in time, late, or of more than it has left."""
        order = self.picked(data, self.orders)
        order.cumulative += quantity
        order.executions[self.next_execution] = quantity
        report: Any = {"quantity": quantity, "price": Units(price), "cumulative": order.cumulative}
        report["execution_id"] = self.next_execution
        self.next_execution += 1
        verdict = self.port.fill(order.token, **report)
        assert verdict and verdict.observed == quantity
        self.net[order.instrument] += quantity if order.side == Side.BUY else -quantity
        order.live = order.live and order.leaves > 0
        assert self.port.fill(order.token, **report).repeat

    @precondition(lambda self: any(o.executions and not o.live for o in self.orders))
    @rule(data=st.data())
    def bust(self, data: st.DataObject) -> None:
        """The last execution of an order that has ended: of one that lives, what is left stays as it is."""
        order = self.picked(data, [o for o in self.orders if o.executions and not o.live])
        execution, quantity = order.executions.popitem()
        order.cumulative -= quantity
        terms: Any = {"execution_id": execution, "cumulative": order.cumulative}
        assert self.port.bust(order.token, **terms)
        self.net[order.instrument] -= quantity if order.side == Side.BUY else -quantity
        assert self.port.bust(order.token, **terms).repeat

    @precondition(lambda self: self.live())
    @rule(data=st.data(), reason=st.sampled_from(ReleaseReason))
    def release(self, data: st.DataObject, reason: ReleaseReason) -> None:
        order = self.picked(data, self.live())
        assert self.port.release(order.token, reason=reason)
        order.live = False
        assert self.port.release(order.token, reason=reason).repeat

    @precondition(lambda self: self.live())
    @rule(data=st.data(), quantity=QUANTITIES, price=CENTS, accepted=st.booleans())
    def amend(self, data: st.DataObject, quantity: int, price: int, accepted: bool) -> None:
        order = self.picked(data, self.live())
        verdict = self.port.amend(order.token, quantity=quantity, price=Units(price))
        if quantity > ORDER_MAX:
            assert Control.ORDER_QUANTITY in verdict.failed
        if not verdict:
            return
        assert self.port.amend_result(order.token, accepted=accepted)
        assert self.port.amend_result(order.token, accepted=accepted).repeat
        if accepted:
            order.quantity, order.price = quantity, price
            order.live = order.leaves > 0

    # ---- What must hold ----

    def row(self, instrument: int) -> abi.PositionInfo:
        found = self.engine.position(instrument, account=1)
        return found or abi.PositionInfo()

    @invariant()
    def rows_are_what_was_traded(self) -> None:
        for instrument in INSTRUMENTS:
            row = self.row(instrument)
            wanted = [self.net[instrument], *(self.open(instrument, side) for side in Side)]
            assert [row.net, row.open_buys, row.open_sells] == wanted

    @invariant()
    def orders_are_those_that_live(self) -> None:
        found = {o.order_id: (o.token, o.leaves, o.cumulative) for o in self.engine.open_orders(account=1)}
        assert found == {o.id: (o.token, o.leaves, o.cumulative) for o in self.live()}

    @invariant()
    def sums_are_those_of_their_parts(self) -> None:
        book, rows = self.engine.book(account=1), [self.row(instrument) for instrument in INSTRUMENTS]
        longs = [row.booked + row.buys for row in rows]
        shorts = [row.sells - row.booked for row in rows]
        assert (book.net_long, book.net_short) == (sum(longs), sum(shorts))
        assert book.gross == sum(max(value, 0) for value in longs + shorts)
        reserved = sum(order.reserved_value for order in self.engine.open_orders(account=1))
        assert (book.orders, book.orders_value) == (len(self.live()), reserved)
        assert book.open_positions == sum(net != 0 for net in self.net.values())

    @invariant()
    def headroom_is_what_passes(self) -> None:
        for side in Side:
            ask: Any = {"account": 1, "instrument": 1, "side": side, "price": 1}
            room, binding = self.port.headroom(self.next_id, **ask)
            fits = [q for q in range(1, ORDER_MAX + 1) if not self.failing(1, side, q)]
            assert room == max(fits, default=0)
            assert self.passes(side, room + 1, ask).failed == binding.failed
            assert room == 0 or self.passes(side, room, ask)

    def passes(self, side: Side, quantity: int, ask: Any) -> Verdict:
        return self.port.check_dry(self.next_id, **ask, quantity=quantity)


WALKS = settings(max_examples=1_000 if "RISKCHECK_LONG" in os.environ else 60, stateful_step_count=40)
TestWalk = Walk.TestCase
TestWalk.settings = WALKS


class LateFillsForgotten(Walk):
    """A model in which an order that has ended is not filled any more."""

    def picked(self, data: st.DataObject, orders: list[Known]) -> Known:
        order = super().picked(data, orders)
        if not order.live:
            self.net[order.instrument] += 1
        return order


class OpenOrdersForgotten(Walk):
    """A model in which a position comes only as far as it is filled."""

    def reach(self, instrument: int, side: Side) -> int:
        return self.net[instrument] if side == Side.BUY else -self.net[instrument]


@pytest.mark.parametrize("planted", [LateFillsForgotten, OpenOrdersForgotten])
def test_a_walk_notices_what_is_planted(planted: type[Walk]) -> None:
    found = settings(WALKS, database=None, derandomize=True, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(planted, settings=found)
