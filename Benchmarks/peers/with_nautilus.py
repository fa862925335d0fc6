"""NautilusTrader 1.221: `RiskEngine.execute(SubmitOrder)` on a real engine, message bus, cache and portfolio.

What would come behind it is an endpoint that keeps what it is sent: an order that passed arrives at
`ExecEngine.execute`, a denial at `ExecEngine.process`. Nothing logs. An account belongs to a venue there, so each of
the two accounts has a venue with all instruments.
"""

from __future__ import annotations

import importlib
import time
from decimal import Decimal
from typing import Any

from contender import Contender
from workload import CASH, INSTRUMENTS, NOTIONAL_MAX, QUANTITY_MAX, Order, Rate

VENUES = ("RICH", "POOR")


def part(name: str) -> Any:
    return importlib.import_module(f"nautilus_trader.{name}")


class Nautilus(Contender):
    name = "nautilus"
    controls = frozenset({"quantity", "notional", "rate", "funds"})
    reserves = False
    settles = False
    does = (
        "price and quantity against the instrument, notional of one order, the free balance of a cash account "
        "as it was last reported, a throttle over all orders, trading states; a denial keeps the order in the cache "
        "and makes an event"
    )
    does_not = (
        "reserve (an order that passed holds nothing until the venue reports a balance), keep a rate by account; "
        "rates wide; no database behind the cache; locks: one thread. Its execution engine is a stub that takes "
        "commands and events, and no order's later life is told to it"
    )
    prepared = "a new LimitOrder and SubmitOrder, with two UUIDs"

    def __init__(self, rate: Rate) -> None:
        self.ids, self.objects, self.number = part("model.identifiers"), part("model.objects"), 0
        self.trader, self.strategy = self.ids.TraderId("T-1"), self.ids.StrategyId("S-1")
        self.order_of, self.submit = part("model.orders").LimitOrder, part("execution.messages").SubmitOrder
        self.uuid, self.buy = part("core.uuid").UUID4, part("model.enums").OrderSide.BUY
        component = part("common.component")
        self.clock = component.LiveClock()
        bus = component.MessageBus(trader_id=self.trader, clock=self.clock)
        self.cache = part("cache.cache").Cache(database=None)
        common = {"msgbus": bus, "cache": self.cache, "clock": self.clock}
        portfolio = part("portfolio.portfolio").Portfolio(**common)
        self.define()
        self.instruments = [
            [self.ids.InstrumentId(self.ids.Symbol(name), self.ids.Venue(venue)) for name in INSTRUMENTS]
            for venue in VENUES
        ]
        notional = Decimal(NOTIONAL_MAX) / 100
        config = part("risk.config").RiskEngineConfig(
            max_order_submit_rate=f"{rate.orders}/{seconds(rate.seconds)}",
            max_notional_per_order={id.value: notional for ids in self.instruments for id in ids},
        )
        self.risk = part("risk.engine").RiskEngine(portfolio=portfolio, config=config, **common)
        self.accepted: list[Any] = []
        self.denied: list[Any] = []
        bus.register("ExecEngine.execute", self.accepted.append)
        bus.register("ExecEngine.process", self.denied.append)
        self.risk.start()

    def define(self) -> None:
        """The accounts of both venues, and their instruments."""
        currency, objects = part("model.currencies").USD, self.objects
        factory, equity = part("accounting.factory").AccountFactory, part("model.instruments").Equity
        for venue, cash in zip(VENUES, CASH, strict=True):
            money = objects.Money(Decimal(cash) / 100, currency)
            state = part("model.events").AccountState(
                account_id=self.ids.AccountId(f"{venue}-1"),
                account_type=part("model.enums").AccountType.CASH,
                base_currency=currency,
                reported=True,
                balances=[objects.AccountBalance(money, objects.Money(0, currency), money)],
                margins=[],
                info={},
                event_id=part("core.uuid").UUID4(),
                ts_event=0,
                ts_init=0,
            )
            self.cache.add_account(factory.create(state))
            for name in INSTRUMENTS:
                symbol = self.ids.Symbol(name)
                self.cache.add_instrument(
                    equity(
                        instrument_id=self.ids.InstrumentId(symbol, self.ids.Venue(venue)),
                        raw_symbol=symbol,
                        currency=currency,
                        price_precision=2,
                        price_increment=objects.Price.from_str("0.01"),
                        lot_size=objects.Quantity.from_int(1),
                        max_quantity=objects.Quantity.from_int(QUANTITY_MAX),
                        ts_event=0,
                        ts_init=0,
                    )
                )

    def make(self, orders: list[Order]) -> list[Any]:
        order_of, submit, uuid, buy = self.order_of, self.submit, self.uuid, self.buy
        id_of, quantity_of, price_of = (
            self.ids.ClientOrderId,
            self.objects.Quantity.from_int,
            self.objects.Price,
        )
        first, made = self.number, []
        self.number += len(orders)
        for number, (account, instrument, quantity, price) in enumerate(orders, first):
            order = order_of(
                trader_id=self.trader,
                strategy_id=self.strategy,
                instrument_id=self.instruments[account][instrument],
                client_order_id=id_of(f"O-{number}"),
                order_side=buy,
                quantity=quantity_of(quantity),
                price=price_of(price / 100, 2),
                init_id=uuid(),
                ts_init=0,
            )
            made.append(
                submit(
                    trader_id=self.trader,
                    strategy_id=self.strategy,
                    order=order,
                    command_id=uuid(),
                    ts_init=0,
                )
            )
        return made

    def check(self, made: list[Any]) -> list[Any]:
        execute = self.risk.execute
        for command in made:
            execute(command)
        return made

    def check_each(self, made: list[Any], times: list[int]) -> list[Any]:
        execute, clock = self.risk.execute, time.perf_counter_ns
        for command in made:
            begun = clock()
            execute(command)
            times.append(clock() - begun)
        return made

    def passed(self, answers: list[Any]) -> list[bool]:
        """Whether each order arrived behind the engine; one that did not must have been denied."""
        arrived = {command.order.client_order_id for command in self.accepted}
        denied = {event.client_order_id for event in self.denied}
        found = []
        for command in answers:
            id = command.order.client_order_id
            if (id in arrived) == (id in denied):
                raise RuntimeError("NautilusTrader neither passed an order on nor denied it, or did both")
            found.append(id in arrived)
        self.accepted.clear()
        self.denied.clear()
        return found

    def close(self) -> None:
        self.clock.cancel_timers()


def seconds(count: int) -> str:
    return f"{count // 3600:02}:{count // 60 % 60:02}:{count % 60:02}"
