"""OpenPit 0.10 through its Python API, used the quickest way that it offers.

Its orders cannot be changed, so each is made anew, of values by `from_int`, which are a sixth of the price of others.
An engine without locks. A release is a rollback of the reservation; a fill is its commit, a report that is made, and
that report applied.
"""

from __future__ import annotations

import importlib
import time
from datetime import timedelta
from typing import Any

from contender import Contender
from workload import CASH, CONTROLS, INSTRUMENTS, NOTIONAL_MAX, QUANTITY_MAX, Order, Rate


def engine_of(pit: Any, accounts: list[Any], rate: Rate) -> Any:
    param, core = pit.param, pit.core
    policies = importlib.import_module("openpit.pretrade.policies")
    size = importlib.import_module("openpit._openpit").OrderSizeLimit
    quantity = size(max_quantity=param.Quantity(QUANTITY_MAX), max_notional=None)
    notional = size(max_quantity=None, max_notional=param.Volume(NOTIONAL_MAX))
    barriers = [policies.OrderSizeAssetBarrier(limit=quantity, asset=name) for name in INSTRUMENTS]
    barriers.append(policies.OrderSizeAssetBarrier(limit=notional, asset="USD"))
    limit = policies.RateLimit(rate.orders, timedelta(seconds=rate.seconds))
    rates = [policies.RateLimitAccountBarrier(limit=limit, account_id=account) for account in accounts]
    engine = (
        pit.Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(policies.build_order_size_limit().asset_barriers(*barriers))
        .builtin(policies.build_rate_limit().account_barriers(*rates))
        .builtin(policies.build_spot_funds())
        .build()
    )
    for account, cash in zip(accounts, CASH, strict=True):
        funds = core.AccountAdjustment(
            operation=core.AccountAdjustmentBalanceOperation(asset="USD"),
            amount=core.AccountAdjustmentAmount(
                balance=param.AdjustmentAmount.absolute(param.PositionSize(cash))
            ),
        )
        if not engine.apply_account_adjustment(account_id=account, adjustments=[funds]).ok:
            raise RuntimeError("OpenPit did not take an account's funds")
    return engine


class OpenPit(Contender):
    name = "openpit"
    controls = frozenset(CONTROLS)
    reserves = True
    does = (
        "order validation, order size limits (quantity of the instrument, notional of the currency), an exact "
        "sliding rate of the account, spot funds, which it reserves until rollback or commit"
    )
    does_not = (
        "keep orders (the host keeps each reservation), recognise an id twice, count live orders; margin, collar, "
        "strategies; persistence; locks (an engine made by no_sync, for one thread)"
    )
    prepared = "a new immutable order"

    def __init__(self, rate: Rate) -> None:
        self.pit: Any = importlib.import_module("openpit")
        self.accounts = [self.pit.param.AccountId.from_int(number) for number in (1, 2)]
        self.engine = engine_of(self.pit, self.accounts, rate)
        self.instruments = [self.pit.Instrument(name, "USD") for name in INSTRUMENTS]

    def make(self, orders: list[Order]) -> list[Any]:
        param, accounts, instruments = self.pit.param, self.accounts, self.instruments
        buy, price_of, amount_of = param.Side.BUY, param.Price.from_int, param.TradeAmount.quantity
        quantity_of = param.Quantity.from_int
        order_of, operation_of = self.pit.Order, self.pit.OrderOperation
        return [
            order_of(
                operation=operation_of(
                    instrument=instruments[instrument],
                    account_id=accounts[account],
                    side=buy,
                    trade_amount=amount_of(quantity_of(quantity)),
                    price=price_of(price),
                )
            )
            for account, instrument, quantity, price in orders
        ]

    def check(self, made: list[Any]) -> list[Any]:
        execute = self.engine.execute_pre_trade
        return [execute(order) for order in made]

    def check_each(self, made: list[Any], times: list[int]) -> list[Any]:
        execute, clock, answers = self.engine.execute_pre_trade, time.perf_counter_ns, []
        for order in made:
            begun = clock()
            answer = execute(order)
            times.append(clock() - begun)
            answers.append(answer)
        return answers

    def passed(self, answers: list[Any]) -> list[bool]:
        return [bool(answer) for answer in answers]

    def release(self, answers: list[Any]) -> None:
        for answer in answers:
            if answer:
                answer.reservation.rollback()

    def fill(self, answers: list[Any], orders: list[Order]) -> None:
        param, apply = self.pit.param, self.engine.apply_execution_report
        report_of, sent = self.pit.ExecutionReport, self.pit.ExecutionReportOperation
        details, trade, quantity_of = (
            self.pit.ExecutionReportFillDetails,
            param.Trade,
            param.Quantity.from_int,
        )
        buy, price_of, nothing = param.Side.BUY, param.Price.from_int, quantity_of(0)
        for answer, (account, instrument, quantity, price) in zip(answers, orders, strict=True):
            if answer:
                reservation = answer.reservation
                lock = reservation.lock
                reservation.commit()
                apply(
                    report_of(
                        operation=sent(
                            instrument=self.instruments[instrument],
                            account_id=self.accounts[account],
                            side=buy,
                        ),
                        fill=details(
                            last_trade=trade(price=price_of(price), quantity=quantity_of(quantity)),
                            remaining_reserved_quantity=nothing,
                            lock=lock,
                            is_final=True,
                        ),
                    )
                )
