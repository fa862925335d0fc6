"""However an order is handed over, the verdict is the same, byte for byte."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_desk as desk
from riskcheck import Control, Engine, Measure, Port, Side, Status, Units, abi
from small_desk import WHO

UNITS = st.integers(-5, 2_000)
TERMS = st.fixed_dictionaries(
    {
        "account": st.integers(0, 3),
        "instrument": st.sampled_from([1, 2, 4, 2**32 - 1]),
        "side": st.integers(0, 3),
        "type": st.integers(0, 5),
        "time_in_force": st.integers(0, 5),
        "strategy": st.integers(0, 1),
        "flags": st.integers(0, 2),
    }
)


@pytest.fixture(scope="module")
def limited() -> Iterator[tuple[Engine, Port]]:
    with desk.engine() as engine:
        desk.define(engine)
        engine.limit(Control.ORDER_QUANTITY, account=1, warn=100, hard=1_000, **WHO)
        engine.limit(Control.ORDER_NOTIONAL, account=2, hard=50_000, **WHO)
        engine.limit(Control.POSITION, account=1, instrument=1, side=Side.SELL, hard=500, **WHO)
        engine.limit(Control.WORKING, measure=Measure.COUNT, account=2, hard=0, **WHO)
        engine.publish()
        yield engine, engine.port()


@given(terms=TERMS, id=st.integers(0, 2), price=UNITS, quantity=UNITS, stop=st.sampled_from([0, 0, 5]))
def test_native_bound_and_bare_calls_agree(
    limited: tuple[Engine, Port], terms: Any, id: int, price: int, quantity: int, stop: int
) -> None:
    _, port = limited
    order = abi.Order(order_id=id, price=price, quantity=quantity, stop_price=stop, **terms)
    bare = abi.Verdict()
    status = abi.lib.rck_check_dry(port.handle, order, bare)
    bound = port.bind(**terms)
    bound.put(id, price, quantity)
    bound.order.stop_price = stop
    assert bound.check_dry() == status
    numbers: Any = {"price": Units(price), "quantity": Units(quantity), "stop_price": Units(stop)}
    if status < 0:
        with pytest.raises(abi.RiskCheckError):
            port.check_dry(id, **terms, **numbers)
        return
    native = port.check_dry(id, **terms, **numbers)
    assert bytes(bound.answer) == bytes(bare)
    if terms["instrument"] in (1, 2):  # of others the native call knows no decimals, and hands over zeros
        assert bytes(native.record) == bytes(bare)
    assert native.status == Status(status) and bool(native) == (status == 0)


def test_the_walk_of_ways_meets_every_outcome(limited: tuple[Engine, Port]) -> None:
    """The strategy above is no use if all orders fail alike."""
    _, port = limited
    usual: Any = {"account": 1, "instrument": 1, "side": Side.BUY, "price": 1}
    assert port.check_dry(1, **usual, quantity=100)
    assert port.check_dry(1, **usual, quantity=101).severity > 0
    assert port.check_dry(1, **usual, quantity=1_001).refused
