"""vnpy_riskmanager 2.0 of VeighNa: its rule engine on stubs of the main engine and the event engine.

The stubs do as little as can be: contracts lie in a dictionary, an order that passed gets a word for an answer, events
go nowhere. In VeighNa an event is put into a queue and another thread draws the window with it, which costs more. The
rules are those of the package, in the compiled form that its own loader prefers.
"""

from __future__ import annotations

import importlib
import os
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from contender import Contender
from workload import INSTRUMENTS, NOTIONAL_MAX, QUANTITY_MAX, Order, Rate

EVER = (1 << 31) - 1  # of a limit that is not to refuse: the rules count in 32 bits


@cache
def own_folder() -> tempfile.TemporaryDirectory[str]:
    """Where VeighNa keeps its settings: below the folder in which it is imported, otherwise in the user's own."""
    folder = tempfile.TemporaryDirectory(prefix="peers-vnpy-")
    Path(folder.name, ".vntrader").mkdir()
    return folder


class Main:
    """Of VeighNa's main engine what the rule engine asks for."""

    def __init__(self, contracts: dict[str, Any]) -> None:
        self.get_contract = contracts.get

    def send_order(self, request: Any, gateway: str) -> str:
        return "sent"

    def write_log(self, msg: str, source: str = "", level: int = 0) -> None:
        pass


class Events:
    """Of VeighNa's event engine the same."""

    def put(self, event: Any) -> None:
        pass

    def register(self, kind: str, function: Any) -> None:
        pass


class Vnpy(Contender):
    name = "vnpy"
    controls = frozenset({"quantity", "notional"})
    reserves = False
    settles = False
    does = (
        "five rules: tick and contract, quantity and value of one order (in 32-bit floats), live orders, daily "
        "counts, orders of equal terms counted by a text made of them"
    )
    does_not = (
        "accounts, funds or reservation, a rate, margin, persistence, locks (one thread). Main engine and event "
        "engine are stubs: no queue, no gateway, no log; its counts of live orders and of the day are told nothing; "
        "limits of daily counts and of equal orders are wide"
    )
    prepared = "a new OrderRequest"

    def __init__(self, rate: Rate) -> None:
        before = Path.cwd()
        os.chdir(own_folder().name)
        try:
            self.load()
        finally:
            os.chdir(before)

    def load(self) -> None:
        records, self.constant = (
            importlib.import_module(f"vnpy.trader.{name}") for name in ("object", "constant")
        )
        contract, self.request = records.ContractData, records.OrderRequest
        constant = self.constant
        contracts = {
            f"{name}.{constant.Exchange.SMART.value}": contract(
                symbol=name,
                exchange=constant.Exchange.SMART,
                name=name,
                product=constant.Product.EQUITY,
                size=1,
                pricetick=0.01,
                gateway_name="venue",
            )
            for name in INSTRUMENTS
        }
        self.main = Main(contracts)
        engine = importlib.import_module("vnpy_riskmanager.engine").RiskEngine(self.main, Events())
        settings: dict[str, dict[str, float]] = {
            "OrderSizeRule": {"order_volume_limit": QUANTITY_MAX, "order_value_limit": NOTIONAL_MAX / 100},
            "DuplicateOrderRule": {"duplicate_order_limit": EVER},
            "ActiveOrderRule": {"active_order_limit": EVER},
            "DailyLimitRule": {"total_order_limit": EVER, "contract_order_limit": EVER},
            "OrderValidityRule": {},
        }
        rules = {type(rule).__name__: rule for rule in engine.rules.values()}
        if rules.keys() != settings.keys():
            raise RuntimeError(f"vnpy_riskmanager loaded other rules: {', '.join(sorted(rules))}")
        for name, rule in rules.items():
            rule.update_setting(settings[name])

    def make(self, orders: list[Order]) -> list[Any]:
        request, constant = self.request, self.constant
        exchange, side, limit = constant.Exchange.SMART, constant.Direction.LONG, constant.OrderType.LIMIT
        return [
            request(
                symbol=INSTRUMENTS[instrument],
                exchange=exchange,
                direction=side,
                type=limit,
                volume=quantity,
                price=price / 100,
            )
            for _, instrument, quantity, price in orders
        ]

    def check(self, made: list[Any]) -> list[Any]:
        send = self.main.send_order
        return [send(request, "venue") for request in made]

    def check_each(self, made: list[Any], times: list[int]) -> list[Any]:
        send, clock, answers = self.main.send_order, time.perf_counter_ns, []
        for request in made:
            begun = clock()
            answer = send(request, "venue")
            times.append(clock() - begun)
            answers.append(answer)
        return answers

    def passed(self, answers: list[Any]) -> list[bool]:
        return [bool(answer) for answer in answers]
