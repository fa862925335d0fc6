#!/usr/bin/env python3
"""riskcheck through ctypes against OpenPit's Python API: the same orders, one run, alternating blocks.

Both check the form of an order, its quantity, its notional, an exact rate for the account, and reserve
money against what the account has; then one half of the orders is released, the other filled. OpenPit: order
validation, order size limits (quantity for the instrument, notional for the currency), a rate limit with
its precise sliding log, spot funds. It keeps no order (the host keeps the reservation), recognises no id
twice, counts no live orders, knows no margin, collar or strategy. riskcheck: P01, P02, P03, P09, P11, and on
top of that the order's id, its slot, its position row and its events, which cannot be turned off; its places
for orders are as many as this host needs. Orders are buys at limit prices, since OpenPit's spot funds sell
only what is held. Money is in whole cents on both sides.

Each side is used the quickest way that its API offers. OpenPit's orders cannot be changed, so each is made
anew, of values by `from_int`, which are a sixth of the price of others. riskcheck's records are used again,
and its calls are bound once (`Bound`); beside that, the same with the table of functions as it is (`lib`).

What a host has to do is timed in parts: make an order, check and reserve, release; or fill, which for OpenPit
is to commit the reservation, make a report, and apply that. `prepared` is check and release alone, as if orders
cost nothing to make; `whole` is an order that is made, checked, released, `filled` one that is made, checked,
filled. Each part is an average over the orders that it is about, refused ones among them. Times are medians
over the rounds in which the kernel took the core from nobody; their ratios are medians within rounds. OpenPit
lives in a virtual environment of its own, build/openpit-venv.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "Benchmarks" / "openpit-requirements.txt"
VENV = ROOT / "build" / "openpit-venv"
RESULTS = ROOT / "build" / "bench" / "openpit.json"
TARGET = 5.0
PATIENCE, ROUNDS_LEAST = 5, 5  # rounds run at most for each one wanted; the fewest that give a figure

ORDERS = 64  # a block: less than a millisecond of OpenPit's, so that few are disturbed
INSTRUMENTS = [f"I{number}" for number in range(1, 17)]
QUANTITY_MAX, NOTIONAL_MAX, CASH, RATE = 10_000, 500_000_000, 1_000_000_000_000, 1 << 17
BEGUN_NS = 1_700_000_000_000_000_000
PARTS = ("make", "check", "release", "fill", "prepared", "whole", "filled")

Order = tuple[int, int, int]  # instrument from 0, quantity, price in cents


class Outcome:
    """Nanoseconds an order for each part, and which orders passed."""

    def __init__(self) -> None:
        self.make = self.check = self.release = self.fill = 0.0
        self.passed: list[bool] = []
        self.calm = False  # the kernel did not take the core away meanwhile

    @property
    def prepared(self) -> float:
        return self.check + self.release

    @property
    def whole(self) -> float:
        return self.make + self.prepared

    @property
    def filled(self) -> float:
        return self.make + self.check + self.fill


def orders_of(seed: int) -> list[Order]:
    """Every eighth is too large, so that both sides refuse now and then."""
    chance = random.Random(seed)
    made = []
    for number in range(ORDERS):
        quantity = QUANTITY_MAX + 1 if number % 8 == 7 else chance.randint(1, 400)
        made.append((chance.randrange(len(INSTRUMENTS)), quantity, 10_000 + chance.randint(-128, 128)))
    return made


def preempted() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


@dataclass
class Contender:
    """What a host does with a block of orders. `release` is given the first half, `fill` the second."""

    make: Callable[[list[Order]], Any]
    check: Callable[[Any], list[Any]]
    release: Callable[[list[Any]], None]
    fill: Callable[[list[Any], list[Order]], None]
    passed: Callable[[Any], bool]  # of one answer
    rest: Callable[[], None] = lambda: None  # outside all parts

    def trade(self, orders: list[Order]) -> Outcome:
        outcome = Outcome()
        clock, preemptions = time.perf_counter_ns, preempted()
        half = len(orders) // 2
        t0 = clock()
        made = self.make(orders)
        t1 = clock()
        answers = self.check(made)
        t2 = clock()
        outcome.passed = [self.passed(answer) for answer in answers]
        t3 = clock()
        self.release(answers[:half])
        t4 = clock()
        self.fill(answers[half:], orders[half:])
        t5 = clock()
        outcome.calm = preempted() == preemptions
        outcome.make, outcome.check = (t1 - t0) / len(orders), (t2 - t1) / len(orders)
        outcome.release, outcome.fill = (t4 - t3) / half, (t5 - t4) / half
        self.rest()
        return outcome


def openpit_engine(pit: Any, account: Any) -> Any:
    param, core = pit.param, pit.core
    policies = importlib.import_module("openpit.pretrade.policies")
    size = importlib.import_module("openpit._openpit").OrderSizeLimit
    quantity = size(max_quantity=param.Quantity(QUANTITY_MAX), max_notional=None)
    notional = size(max_quantity=None, max_notional=param.Volume(NOTIONAL_MAX))
    barriers = [policies.OrderSizeAssetBarrier(limit=quantity, asset=name) for name in INSTRUMENTS]
    barriers.append(policies.OrderSizeAssetBarrier(limit=notional, asset="USD"))
    rate = policies.RateLimit(RATE, timedelta(seconds=1))
    engine = (
        pit.Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(policies.build_order_size_limit().asset_barriers(*barriers))
        .builtin(
            policies.build_rate_limit().account_barriers(
                policies.RateLimitAccountBarrier(limit=rate, account_id=account)
            )
        )
        .builtin(policies.build_spot_funds())
        .build()
    )
    funds = core.AccountAdjustment(
        operation=core.AccountAdjustmentBalanceOperation(asset="USD"),
        amount=core.AccountAdjustmentAmount(
            balance=param.AdjustmentAmount.absolute(param.PositionSize(CASH))
        ),
    )
    if not engine.apply_account_adjustment(account_id=account, adjustments=[funds]).ok:
        sys.exit("against_openpit.py: OpenPit did not take the account's funds")
    return engine


def openpit_contender() -> Contender:
    pit = importlib.import_module("openpit")
    param = pit.param
    account = param.AccountId.from_int(1)
    engine = openpit_engine(pit, account)
    instruments = [pit.Instrument(name, "USD") for name in INSTRUMENTS]
    buy, price_of, amount_of = param.Side.BUY, param.Price.from_int, param.TradeAmount.quantity
    quantity_of = param.Quantity.from_int
    order_of, operation_of = pit.Order, pit.OrderOperation

    def make(orders: list[Order]) -> list[Any]:
        return [
            order_of(
                operation=operation_of(
                    instrument=instruments[instrument],
                    account_id=account,
                    side=buy,
                    trade_amount=amount_of(quantity_of(quantity)),
                    price=price_of(price),
                )
            )
            for instrument, quantity, price in orders
        ]

    def check(made: list[Any]) -> list[Any]:
        execute = engine.execute_pre_trade
        return [execute(order) for order in made]

    def release(answers: list[Any]) -> None:
        for answer in answers:
            if answer:
                answer.reservation.rollback()

    report_of, sent = pit.ExecutionReport, pit.ExecutionReportOperation
    details, trade, nothing = pit.ExecutionReportFillDetails, param.Trade, param.Quantity.from_int(0)

    def fill(answers: list[Any], orders: list[Order]) -> None:
        for answer, (instrument, quantity, price) in zip(answers, orders, strict=True):
            if answer:
                reservation = answer.reservation
                lock = reservation.lock
                reservation.commit()
                engine.apply_execution_report(
                    report_of(
                        operation=sent(instrument=instruments[instrument], account_id=account, side=buy),
                        fill=details(
                            last_trade=trade(price=price_of(price), quantity=quantity_of(quantity)),
                            remaining_reserved_quantity=nothing,
                            lock=lock,
                            is_final=True,
                        ),
                    )
                )

    return Contender(make, check, release, fill, bool)


def limit_of(rck: Any, control: int, scope_kind: int, number: int, hard: int) -> Any:
    limit = rck.Limit()
    limit.control, limit.scope_kind, limit.id = control, scope_kind, number
    limit.levels, limit.hard, limit.actor, limit.reason = rck.RCK_LEVEL_HARD, hard, 1, b"benchmark"
    return sized(limit)


def sized(record: Any) -> Any:
    record.struct_size = len(bytes(record))
    return record


def set_up(rck: Any, engine: Any, port: Any) -> None:
    lib = rck.lib
    currency = sized(rck.Currency(id=1, name=b"USD", rate_decimals=0, rate=1))
    rck.check(lib.rck_currency_set(engine, currency, None))
    account = sized(rck.Account(id=1, name=b"A1", flags=rck.RCK_ENABLED, permissions=rck.RCK_PERMIT_ALL))
    rck.check(lib.rck_account_set(engine, account, None))
    limits = []
    for number, name in enumerate(INSTRUMENTS, 1):
        instrument = rck.Instrument(id=number, name=name.encode(), flags=rck.RCK_ENABLED, currency=1)
        instrument.price_decimals, instrument.multiplier, instrument.lot, instrument.tick = 2, 1, 1, 1
        instrument.margin_bps[0] = 10_000
        rck.check(lib.rck_instrument_set(engine, sized(instrument), None))
        scope = rck.RCK_SCOPE_INSTRUMENT
        limits.append(limit_of(rck, rck.RCK_CONTROL_ORDER_QUANTITY, scope, number, QUANTITY_MAX))
        limits.append(limit_of(rck, rck.RCK_CONTROL_ORDER_NOTIONAL, scope, number, NOTIONAL_MAX))
    scope = rck.RCK_SCOPE_ACCOUNT
    limits.append(limit_of(rck, rck.RCK_CONTROL_BUYING_POWER, scope, 1, 10_000))
    rate = limit_of(rck, rck.RCK_CONTROL_RATE, scope, 1, RATE)
    rate.measure, rate.window_ns = rck.RCK_MEASURE_NEW, 1_000_000_000
    limits.append(rate)
    for limit in limits:
        rck.check(lib.rck_limit_set(engine, limit, 0, None))
    rck.check(lib.rck_limits_publish(engine, None, None))
    cash = sized(rck.Cash(account=1, cash=CASH, actor=1, reason=b"benchmark"))
    rck.check(lib.rck_cash_set(port, cash, None))


def engine_and_port() -> tuple[Any, Any, Any]:
    sys.path.insert(0, str(ROOT / "bindings" / "python"))
    rck = importlib.import_module("riskcheck.abi")
    config = rck.Config()
    rck.check(rck.lib.rck_config_init(config, len(bytes(config))))
    config.rate_exact_max, config.windows_max, config.discipline = RATE, 128, rck.RCK_ONE_WRITER
    config.orders_max = config.retired_ids_max = config.positions_max = config.executions_max = 2 * ORDERS
    engine, port, fault = rck.EngineHandle(), rck.PortHandle(), rck.Fault()
    rck.check(rck.lib.rck_engine_create(config, None, 0, engine, fault), fault)
    rck.check(rck.lib.rck_port_open(engine, 1, rck.RCK_PORT_WRITER, port, fault), fault)
    set_up(rck, engine, port)
    return rck, engine, port


def riskcheck_contender(plain: bool) -> Contender:
    """A host's pool of bound orders, one for each order that is live. `plain`: the same records, and calls through
    the table, which converts every argument in every call."""
    rck, engine, port = engine_and_port()
    lib = rck.lib
    # What never changes is filled in once.
    bound = importlib.import_module("riskcheck.bound").Bound
    tickets = [bound(port, account=1, instrument=0, side=1) for _ in range(ORDERS)]
    for ticket in tickets:
        ticket.report.kind = rck.RCK_REPORT_FILL
    pairs = [(ticket.order, ticket.verdict) for ticket in tickets]
    answer, lines, count = rck.Verdict(), (rck.Event * 64)(), ctypes.c_uint32()
    book = sized(rck.BookInfo(scope_kind=rck.RCK_SCOPE_ACCOUNT, id=1))
    last = [0]

    def make(orders: list[Order]) -> None:
        number = last[0]
        for ticket, (instrument, quantity, price) in zip(tickets, orders, strict=True):
            number += 1
            ticket.order.instrument = instrument + 1
            ticket.put_at(number, price, quantity, BEGUN_NS + number * 10_000)
        last[0] = number

    def check(_: None) -> list[int]:
        if plain:
            call = lib.rck_check
            return [call(port, order, verdict) for order, verdict in pairs]
        return [ticket.check() for ticket in tickets]

    def release(answers: list[int]) -> None:
        if plain:
            call, reason, now = lib.rck_release, rck.RCK_RELEASE_CANCELLED, BEGUN_NS + last[0] * 10_000
            for status, (_, verdict) in zip(answers, pairs, strict=False):
                if status == 0:
                    call(port, verdict.token, 0, reason, now, answer)
        else:
            for status, ticket in zip(answers, tickets, strict=False):
                if status == 0:
                    ticket.release_cancelled()

    def fill(answers: list[int], orders: list[Order]) -> None:
        call, now = lib.rck_fill, BEGUN_NS + last[0] * 10_000
        number = last[0]  # execution ids, each once
        for status, ticket, (_, quantity, price) in zip(
            answers, tickets[-len(orders) :], orders, strict=True
        ):
            if status == 0:
                number += 1
                report = ticket.report
                report.token = ticket.verdict.token
                report.last_quantity = report.cumulative_quantity = quantity
                report.last_price = price
                report.execution_id = number
                report.time_ns = now
                if plain:
                    call(port, report, answer)
                else:
                    ticket.fill()

    def rest() -> None:
        while rck.check(lib.rck_events_read(port, 1, lines, 64, count)) == 0 and count.value:
            pass
        rck.check(lib.rck_book_get(engine, book))
        if book.orders != 0:
            sys.exit("against_openpit.py: an order is live that was released or filled")

    return Contender(make, check, release, fill, lambda status: status == 0, rest)


def measure(rounds: int, seed: int, plant: bool) -> dict[str, Any]:
    contenders = {
        "riskcheck": riskcheck_contender(plain=False),
        "plain": riskcheck_contender(plain=True),
        "openpit": openpit_contender(),
    }
    outcomes: dict[str, list[Outcome]] = {name: [] for name in contenders}
    agreed = True
    round_number, kept = -1, 0
    while kept < rounds and round_number < rounds * PATIENCE:
        round_number += 1
        orders = orders_of(seed + round_number)
        names = list(contenders) if round_number % 2 == 0 else list(reversed(contenders))
        said = {name: contenders[name].trade(orders) for name in names}
        if plant and round_number == 0:
            said["openpit"].passed[0] = not said["openpit"].passed[0]
        agreed = agreed and all(said[name].passed == said["openpit"].passed for name in contenders)
        if round_number < 2 or not all(of.calm for of in said.values()):  # the first two warm up
            continue
        kept += 1
        for name in names:
            outcomes[name].append(said[name])
    if kept < ROUNDS_LEAST:
        sys.exit(f"against_openpit.py: {kept} undisturbed rounds of {round_number + 1}: run again")
    figures: dict[str, Any] = {"valid": agreed, "seed": seed, "rounds": kept, "orders_a_block": ORDERS}
    figures["rounds_run"] = round_number + 1
    for part in PARTS:
        for name in contenders:
            figures[f"{name}_{part}_ns"] = statistics.median(getattr(of, part) for of in outcomes[name])
        for name, ratio in (("riskcheck", f"ratio_{part}"), ("plain", f"ratio_plain_{part}")):
            pairs = zip(outcomes["openpit"], outcomes[name], strict=True)
            figures[ratio] = statistics.median(getattr(a, part) / getattr(b, part) for a, b in pairs)
    figures["met"] = min(figures["ratio_whole"], figures["ratio_filled"]) >= TARGET
    return figures


def report(figures: dict[str, Any]) -> None:
    print(f"{'ns an order':<14}{'openpit':>12}{'riskcheck':>12}{'ratio':>8}{'plain table':>14}{'ratio':>8}")
    for part in PARTS:
        theirs, ours = figures[f"openpit_{part}_ns"], figures[f"riskcheck_{part}_ns"]
        print(f"{part:<14}{theirs:>12,.0f}{ours:>12,.0f}{figures[f'ratio_{part}']:>8.2f}", end="")
        print(f"{figures[f'plain_{part}_ns']:>14,.0f}{figures[f'ratio_plain_{part}']:>8.2f}")
    said = "met" if figures["met"] else "MISSED"
    print(f"rounds: {figures['rounds']} undisturbed of {figures['rounds_run']}, {ORDERS} orders each")
    print(
        f"{said}: whole and filled at least {TARGET:g} times faster than OpenPit 0.10; seed {figures['seed']}"
    )
    if not figures["valid"]:
        print("INVALID: they did not refuse the same orders")


def interpreter() -> Path | None:
    """Python with OpenPit in it; None when it cannot be had."""
    python = VENV / "bin" / "python"
    stamp = VENV / "installed"
    if stamp.exists() and stamp.read_text() == REQUIREMENTS.read_text():
        return python
    quiet: dict[str, Any] = {"capture_output": True, "timeout": 300}
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True, **quiet)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True, **quiet)
    except (OSError, subprocess.SubprocessError):
        return None
    stamp.write_text(REQUIREMENTS.read_text())
    return python


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inside", action="store_true", help="this is the environment with OpenPit in it")
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", action="store_true", help="falsify one answer: the run must be INVALID")
    parser.add_argument("--library", type=Path, default=ROOT / "build" / "lib" / "libriskcheck.so")
    arguments = parser.parse_args()
    os.environ["RISKCHECK_LIBRARY"] = str(arguments.library.absolute())
    if not arguments.inside:
        python = interpreter()
        if python is None:
            print("skipped: OpenPit cannot be installed here: it needs a Python package index in reach")
            return 0
        return subprocess.run([str(python), __file__, "--inside", *sys.argv[1:]], check=False).returncode
    figures = measure(arguments.rounds, arguments.seed, arguments.plant)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    report(figures)
    return 0 if figures["valid"] else 3


if __name__ == "__main__":
    sys.exit(main())
