"""Engines of different configurations in one process: each is as if it were alone."""

import random
from collections.abc import Iterator
from ctypes import byref
from typing import Any

import desk
import host
import riskcheck.abi as rck
from riskcheck.abi import lib

STEPS = 600
# One and another: disciplines, capacities, limits, and the orders that are sent.
ONE: dict[str, Any] = {"settings": {}, "position": 60, "quantity": 500, "seed": 1}
OTHER: dict[str, Any] = {
    "settings": {"discipline": rck.RCK_ONE_WRITER, "orders_max": 48, "retired_ids_max": 5, "ring_lines": 256},
    "position": 75,
    "quantity": 20,
    "seed": 2,
}
Made = tuple[rck.EngineHandle, rck.PortHandle]


def opened(session: host.Session, kind: dict[str, Any]) -> Made:
    engine, port = desk.make(session, **kind["settings"])
    quantity = {"control": rck.RCK_CONTROL_ORDER_QUANTITY, "scope_kind": rck.RCK_SCOPE_ACCOUNT, "id": 1}
    desk.arm(engine, desk.long_short(kind["position"]), {**quantity, "hard": kind["quantity"]})
    return engine, port


def halted(engine: rck.EngineHandle, state: int) -> str:
    latch = host.sized(
        rck.Latch, scope_kind=rck.RCK_SCOPE_ACCOUNT, id=2, state=state, actor=7, reason=b"drill"
    )
    call = lib.rck_latch_set if state else lib.rck_latch_clear
    return host.name_of(call(engine, byref(latch), None))


def day(made: Made, seed: int) -> Iterator[object]:
    """What a desk does, one call at a time, with ids that every other desk uses as well; gives each answer whole."""
    engine, port = made
    drawn, sent = random.Random(seed), 0
    for _ in range(STEPS):
        what, id = drawn.random(), drawn.randint(1, max(1, sent))
        if what < 0.5:
            sent += 1
            side = drawn.choice((desk.BUY, desk.SELL))
            asked = desk.order(sent, drawn.randint(1, 30), account=drawn.choice((1, 2)), side=side)
            name, verdict = desk.check(port, asked)
        elif what < 0.7:
            cumulative = drawn.randint(1, 30)
            name, verdict = desk.fill(
                port, desk.report(cumulative, order_id=id, account=1, instrument=1, side=1)
            )
        elif what < 0.97:
            name, verdict = desk.release(port, 0, order_id=id)
        else:
            yield halted(engine, drawn.choice((rck.RCK_STATE_ACTIVE, rck.RCK_STATE_REDUCE_ONLY)))
            continue
        yield name, bytes(verdict)


def alone(kind: dict[str, Any]) -> tuple[list[object], dict[str, Any]]:
    with host.Session() as session:
        made = opened(session, kind)
        return list(day(made, kind["seed"])), desk.everything(made[0])


def test_engines_side_by_side_answer_and_hold_what_each_does_alone(session: host.Session) -> None:
    one, other = opened(session, ONE), opened(session, OTHER)
    answers = list(zip(day(one, ONE["seed"]), day(other, OTHER["seed"]), strict=True))
    for kind, made, got in ((ONE, one, [a for a, _ in answers]), (OTHER, other, [b for _, b in answers])):
        expected, held = alone(kind)
        assert got == expected
        assert desk.everything(made[0]) == held
    names = [
        {answer[0] for answer in side if isinstance(answer, tuple)} for side in zip(*answers, strict=True)
    ]
    assert "RCK_REJECT_POSITION_LONG" in names[0] and "RCK_REJECT_ORDER_QUANTITY" in names[1]
    assert "RCK_REJECT_ORDER_QUANTITY" not in names[0]


def test_an_order_of_one_engine_is_unknown_in_the_other(session: host.Session) -> None:
    one, other = opened(session, ONE), opened(session, OTHER)
    token = desk.enter(one[1], 7, 10)
    assert desk.info(other[0], token)[0] == desk.info(other[0], 0, 7)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert desk.release(other[1], token)[0] == "RCK_REJECT_ORDER_UNKNOWN"
    assert desk.listed(other[0]) == [] and desk.row(other[0]).get("open_buys", 0) == 0
    assert halted(one[0], rck.RCK_STATE_HALTED) == "RCK_OK"
    assert desk.check(one[1], desk.order(8, account=2))[0] == "RCK_REJECT_HALTED"
    desk.enter(other[1], 7, 5, account=2)
    assert [order.quantity for order in desk.listed(one[0])] == [10]
    assert [order.quantity for order in desk.listed(other[0])] == [5]
