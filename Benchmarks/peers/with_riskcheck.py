"""riskcheck through its Python package, in three ways: bound calls, the plain table of functions, `port.check`.

The first two use a host's pool of records again, one for each order that is live, a pool an account; what never changes
is filled in once. The host says the times, ten microseconds from order to order.
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from typing import Any

from contender import Contender
from workload import CASH, CONTROLS, INSTRUMENTS, NOTIONAL_MAX, ORDERS, QUANTITY_MAX, Order, Rate

ROOT = Path(__file__).resolve().parent.parent.parent
BEGUN_NS, STEP_NS = 1_700_000_000_000_000_000, 10_000
WHO: dict[str, Any] = {"actor": 1, "reason": "benchmark"}
ALL_IN_BPS = 10_000


def package() -> Any:
    """The library is the one that RISKCHECK_LIBRARY names."""
    if str(ROOT / "bindings" / "python") not in sys.path:
        sys.path.insert(0, str(ROOT / "bindings" / "python"))
    importlib.import_module("riskcheck.abi")
    return importlib.import_module("riskcheck")


def engine_of(rck: Any, rate: Rate) -> Any:
    control, live = rck.Control, 2 * ORDERS
    engine = rck.Engine(
        discipline=rck.abi.RCK_ONE_WRITER,
        rate_exact_max=max(64, rate.orders),
        windows_max=8,
        orders_max=live,
        retired_ids_max=live,
        positions_max=live,
        executions_max=live,
    )
    engine.currency(1, "USD", rate=1)
    for number, name in enumerate(INSTRUMENTS, 1):
        engine.instrument(number, name, currency=1, price_decimals=2, tick="0.01", margin_bps=[ALL_IN_BPS])
        engine.limit(control.ORDER_QUANTITY, instrument=number, hard=QUANTITY_MAX, **WHO)
        engine.limit(control.ORDER_NOTIONAL, instrument=number, hard=engine.money(NOTIONAL_MAX) // 100, **WHO)
    for account in range(1, len(CASH) + 1):
        engine.account(account, f"A{account}", permissions=rck.Permit.ALL)
        engine.limit(control.BUYING_POWER, account=account, hard=ALL_IN_BPS, **WHO)
        window = {"measure": rck.Measure.NEW, "window_ns": rate.seconds * 1_000_000_000}
        engine.limit(control.RATE, account=account, hard=rate.orders, **window, **WHO)
    engine.publish()
    return engine


class RiskCheck(Contender):
    """What the three have in common."""

    controls = frozenset(CONTROLS)
    reserves = True
    does = (
        "form and permissions, order quantity and notional of the instrument, buying power and an exact sliding rate "
        "of the account, all of which it reserves until release or fill; the order's id and its slot, its position "
        "row and its events, which cannot be turned off"
    )
    does_not = "write to disk here (private memory, no journal); locks (one writer: a port is for one thread)"

    def __init__(self, rate: Rate) -> None:
        self.rck = package()
        self.engine = engine_of(self.rck, rate)
        self.port = self.engine.port()
        for account, cash in enumerate(CASH, 1):
            self.port.set_cash(account, cash=cash // 100, **WHO)
        self.number = 0  # of the last order

    @property
    def now(self) -> int:
        return BEGUN_NS + self.number * STEP_NS

    def rest(self) -> None:
        for _ in self.port.events(1):  # so that the ring has room
            pass
        if any(self.engine.book(account=account).orders for account in range(1, len(CASH) + 1)):
            raise RuntimeError("an order is live that was released or filled")

    def close(self) -> None:
        self.port.close()
        self.engine.close()


class Bound(RiskCheck):
    name = "riskcheck-bound"
    prepared = "id, price, quantity and time written into a record of a pool by one packed store"

    def __init__(self, rate: Rate) -> None:
        super().__init__(rate)
        self.pools = [
            [self.port.bind(account=account, instrument=0, side=1) for _ in range(ORDERS)]
            for account in range(1, len(CASH) + 1)
        ]
        for ticket in self.pools[0] + self.pools[1]:
            ticket.report.kind = self.rck.ReportKind.FILL
        self.tickets: list[Any] = []  # those of the orders of this block
        self.table: Any = None  # the function for fills, of those who do not use what is bound
        self.answer = self.rck.abi.Verdict()

    def make(self, orders: list[Order]) -> list[Any]:
        number, pools, tickets = self.number, [iter(pool) for pool in self.pools], []
        for account, instrument, quantity, price in orders:
            number += 1
            ticket = next(pools[account])
            ticket.order.instrument = instrument + 1
            ticket.put_at(number, price, quantity, BEGUN_NS + number * STEP_NS)
            tickets.append(ticket)
        self.number, self.tickets = number, tickets
        return tickets

    def check(self, made: list[Any]) -> list[int]:
        return [ticket.check() for ticket in made]

    def check_each(self, made: list[Any], times: list[int]) -> list[int]:
        clock, answers = time.perf_counter_ns, []
        for ticket in made:
            call = ticket.check
            begun = clock()
            status = call()
            times.append(clock() - begun)
            answers.append(status)
        return answers

    def passed(self, answers: list[int]) -> list[bool]:
        if any(status < 0 for status in answers):
            raise RuntimeError("a call of riskcheck was misused")
        return [status == 0 for status in answers]

    def release(self, answers: list[int]) -> None:
        for status, ticket in zip(answers, self.tickets, strict=False):
            if status == 0:
                ticket.release_cancelled()

    def fill(self, answers: list[int], orders: list[Order]) -> None:
        call, port, now, answer = self.table, self.port.handle, self.now, self.answer
        tickets, number = self.tickets[-len(orders) :], self.number  # execution ids are used once
        for status, ticket, (_, _, quantity, price) in zip(answers, tickets, orders, strict=True):
            if status == 0:
                number += 1
                report = ticket.report
                report.token = ticket.verdict.token
                report.last_quantity = report.cumulative_quantity = quantity
                report.last_price = price
                report.execution_id = number
                report.time_ns = now
                if call is None:
                    ticket.fill()
                else:
                    call(port, report, answer)


class Plain(Bound):
    """The same records, and calls through the table, which converts every argument in every call."""

    name = "riskcheck-plain"

    def __init__(self, rate: Rate) -> None:
        super().__init__(rate)
        self.lib = self.rck.abi.lib
        self.table = self.lib.rck_fill

    def check(self, made: list[Any]) -> list[int]:
        call, port = self.lib.rck_check, self.port.handle
        return [call(port, ticket.order, ticket.verdict) for ticket in made]

    def check_each(self, made: list[Any], times: list[int]) -> list[int]:
        call, port, clock, answers = self.lib.rck_check, self.port.handle, time.perf_counter_ns, []
        for ticket in made:
            order, verdict = ticket.order, ticket.verdict
            begun = clock()
            status = call(port, order, verdict)
            times.append(clock() - begun)
            answers.append(status)
        return answers

    def release(self, answers: list[int]) -> None:
        call, port, now = self.lib.rck_release, self.port.handle, self.now
        reason, answer = self.rck.ReleaseReason.CANCELLED, self.answer
        for status, ticket in zip(answers, self.tickets, strict=False):
            if status == 0:
                call(port, ticket.verdict.token, 0, reason, now, answer)


class Native(RiskCheck):
    """The package's own surface: keywords in, a verdict out."""

    name = "riskcheck-native"
    prepared = "the values of the keywords, prices as Units"

    def make(self, orders: list[Order]) -> list[Any]:
        number, units, made = self.number, self.rck.Units, []
        for account, instrument, quantity, price in orders:
            number += 1
            now = BEGUN_NS + number * STEP_NS
            made.append((number, account + 1, instrument + 1, quantity, units(price), now))
        self.number = number
        return made

    def check(self, made: list[Any]) -> list[Any]:
        check, buy = self.port.check, self.rck.Side.BUY
        return [
            check(
                number,
                account=account,
                instrument=instrument,
                side=buy,
                quantity=quantity,
                price=price,
                time_ns=now,
            )
            for number, account, instrument, quantity, price, now in made
        ]

    def check_each(self, made: list[Any], times: list[int]) -> list[Any]:
        check, buy, clock, answers = self.port.check, self.rck.Side.BUY, time.perf_counter_ns, []
        for number, account, instrument, quantity, price, now in made:
            begun = clock()
            verdict = check(
                number,
                account=account,
                instrument=instrument,
                side=buy,
                quantity=quantity,
                price=price,
                time_ns=now,
            )
            times.append(clock() - begun)
            answers.append(verdict)
        return answers

    def passed(self, answers: list[Any]) -> list[bool]:
        return [bool(verdict) for verdict in answers]

    def release(self, answers: list[Any]) -> None:
        release, reason, now = self.port.release, self.rck.ReleaseReason.CANCELLED, self.now
        for verdict in answers:
            if verdict:
                release(verdict.token, reason=reason, time_ns=now)

    def fill(self, answers: list[Any], orders: list[Order]) -> None:
        fill, units, number, now = self.port.fill, self.rck.Units, self.number, self.now
        for verdict, (_, _, quantity, price) in zip(answers, orders, strict=True):
            if verdict:
                number += 1
                fill(
                    verdict.token,
                    quantity=quantity,
                    price=units(price),
                    cumulative=quantity,
                    execution_id=number,
                    time_ns=now,
                )
