"""Engines and ports open, close and say what they are; definitions go in and come out."""

import copy
import gc
import os
import warnings
from decimal import Decimal
from pathlib import Path

import pytest

import riskcheck
import small_desk as desk
from riskcheck import (
    AccountFlag,
    BusyError,
    Clock,
    ConfigFlag,
    Engine,
    GroupKind,
    HandleError,
    InexactError,
    Kind,
    Permit,
    Reference,
    RiskCheckError,
    Status,
    Units,
    abi,
)
from small_desk import BUY


def test_leaving_an_engine_closes_its_ports_first() -> None:
    with desk.engine() as engine:
        port = engine.port(1)
        reader = engine.reader()
    assert engine.closed and port.closed and reader.closed
    for closed in (engine, port):
        closed.close()  # once more does nothing
    with pytest.raises(HandleError):
        engine.health()
    with pytest.raises(HandleError):
        port.beat()


def test_an_engine_closes_when_its_block_ends_by_an_error() -> None:
    with pytest.raises(KeyError), desk.engine() as engine:
        raise KeyError
    assert engine.closed


def test_what_is_forgotten_is_closed_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "region"
    engine = Engine.open(path, **desk.SMALL)
    port = engine.port()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        del engine, port
        gc.collect()
    assert [type(one.message) for one in told] == [ResourceWarning, ResourceWarning]
    with Engine.reopen(path) as again:
        assert again.health().recovered == 0, "it was closed, not left"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_forgotten_in_a_cycle_is_closed_too(tmp_path: Path) -> None:
    path = tmp_path / "region"

    class Strategy:
        def __init__(self) -> None:
            self.engine = Engine.open(path, **desk.SMALL)
            self.port = self.engine.port()
            self.call = self.run

        def run(self) -> None: ...

    Strategy()
    gc.collect()
    with Engine.reopen(path) as again:  # E_OWNED if it is open still
        assert again.health().recovered == 0


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_port_lives_as_long_as_what_works_through_it(engine: Engine, tmp_path: Path) -> None:
    desk.define(engine)
    bound = engine.port(1).bind(**BUY)
    batch = engine.port(2).batch(1)
    journal = engine.reader().journal(tmp_path)
    gc.collect()
    bound.put(1, 100, 1)
    assert bound.check() == Status.OK
    batch.order_records[0] = bound.order
    assert batch.check() == 0 and batch.verdict(0).repeat
    assert journal.pump().records > 0
    journal.close()


def test_a_handle_is_not_copied(engine: Engine) -> None:
    port = engine.port()
    for owner in engine, port:
        with pytest.raises(TypeError, match="not copied"):
            copy.copy(owner)
    assert port.beat() == Status.OK, "a copy that is collected would have closed it"


def test_an_interpreter_may_end_with_all_of_it_open() -> None:
    program = "import small_desk as desk\nengine = desk.engine()\nport = engine.port()\nprint('end')"
    assert desk.python(program) == "end\n"
    assert desk.python(program, "-X", "dev") == "end\n"


def test_what_is_closed_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with desk.engine() as engine, engine.port():
            pass
        del engine
        gc.collect()


def test_a_file_keeps_its_definitions_and_tells_of_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "region"
    child = os.fork()
    if child == 0:
        engine = Engine.open(path, **desk.SMALL)
        desk.define(engine)
        os._exit(0)
    os.waitpid(child, 0)
    with Engine.open(path, **desk.SMALL) as engine:
        assert engine.health().recovered == 1
        assert engine.get_instrument(2).name == "FINE"


def test_another_process_is_attached_to_for_looking(tmp_path: Path) -> None:
    path = tmp_path / "region"
    with Engine.open(path, **{**desk.SMALL, "flags": ConfigFlag.SHARED}) as engine:
        desk.define(engine)
        told = desk.python(
            f"from riskcheck import Engine\nwith Engine.attach({str(path)!r}) as engine:\n"
            "    print(engine.get_account(2).name, engine.health().owner_pid)"
        )
    assert told == f"desk 2 {os.getpid()}\n"


def test_the_configuration_is_what_was_asked_for() -> None:
    with desk.engine(clock_source=Clock.HOST, money_decimals=4) as engine:
        found = engine.config()
        assert (found.clock_source, found.money_decimals, found.accounts_max) == (Clock.HOST, 4, 4)
        assert found.reserved == 0 and engine.health().region_bytes == riskcheck.region_bytes(
            **{**desk.SMALL, "clock_source": Clock.HOST, "money_decimals": 4}
        )
        assert engine.money("1.5") == Units(15_000)
    with pytest.raises(TypeError, match="Config has no acounts_max"):
        desk.engine(acounts_max=1)
    with pytest.raises(OverflowError, match="money_decimals"):
        desk.engine(money_decimals=2**32)
    with pytest.raises(RiskCheckError, match="rck_config.money_decimals is 10, allowed is 0 to 9"):
        desk.engine(money_decimals=10)


def test_definitions_come_back_as_they_were_given(engine: Engine) -> None:
    engine.currency(2, "EUR", rate="1.0825", rate_decimals=6)
    engine.currency(1, "USD", rate=1)
    engine.group(1, "all", kind=GroupKind.ACCOUNTS)
    engine.group(2, "ours", kind=GroupKind.INSTRUMENTS, quantity_decimals=2)
    engine.account(
        3, "desk", permissions=Permit.BUY | Permit.LIMIT, groups=[1], flags=AccountFlag.HALT_ON_LATE
    )
    engine.strategy(4, "fade", permissions=Permit.ALL, enabled=False)
    engine.instrument(
        2,
        "ES",
        currency=2,
        price_decimals=2,
        quantity_decimals=1,
        multiplier="12.5",
        multiplier_decimals=1,
        tick="0.25",
        lot="0.5",
        groups=(2,),
        price_min=1,
        price_max=10_000.75,
        previous_close=Decimal("4500.25"),
        reference=Reference.CLOSE,
        margin_bps=(500, 600),
    )
    currency = engine.get_currency(2)
    assert (currency.name, currency.rate) == ("EUR", Decimal("1.0825"))
    group = engine.get_group(2)
    assert (group.name, group.kind, group.quantity_decimals) == ("ours", GroupKind.INSTRUMENTS, 2)
    account = engine.get_account(3)
    assert account.permissions == Permit.BUY | Permit.LIMIT and account.groups == (1,)
    assert account.flags == AccountFlag.HALT_ON_LATE | AccountFlag.ENABLED
    assert not engine.get_strategy(4).enabled
    found = engine.get_instrument(2)
    assert (found.multiplier, found.tick, found.lot) == (Decimal("12.5"), Decimal("0.25"), Decimal("0.5"))
    assert (found.price_min, found.price_max) == (Decimal(1), Decimal("10000.75"))
    assert (found.previous_close, found.reference) == (Decimal("4500.25"), Reference.CLOSE)
    assert found.margin_bps == (500, 600, 0, 0) and found.groups == (2,)
    assert engine.find(Kind.INSTRUMENT, "ES") == 2 and engine.name_of(Kind.ACCOUNT, 3) == "desk"


def test_calendars_come_back_as_they_were_given(engine: Engine) -> None:
    sessions = ((0, Permit(0)), (1000, Permit.ALL), (2000, Permit.SELL | Permit.LIMIT | Permit.DAY))
    engine.calendar(1, "day", sessions=sessions, end_ns=3000)
    found = engine.get_calendar(1)
    assert (found.name, found.sessions, found.end_ns) == ("day", sessions, 3000)


def test_what_cannot_be_is_refused_by_name(engine: Engine) -> None:
    desk.define(engine)
    with pytest.raises(RiskCheckError, match="RCK_E_UNKNOWN"):
        engine.find(Kind.ACCOUNT, "nobody")
    with pytest.raises(InexactError, match="'0.001' has more than 2 decimals"):
        engine.instrument(3, currency=1, price_decimals=2, tick="0.001")
    with pytest.raises(RiskCheckError, match=r"rck_instrument.tick is 0") as told:
        engine.instrument(3, currency=1, price_decimals=2, tick=0)
    assert told.value.status == Status.E_RANGE and told.value.fault is not None
    with pytest.raises(OverflowError, match="id does not hold"):
        engine.account(2**32 + 1, permissions=Permit.ALL)
    with pytest.raises(OverflowError, match="name does not hold"):
        engine.account(1, "desk\0", permissions=Permit.ALL)
    with pytest.raises(OverflowError, match="name does not hold"):
        engine.account(1, "d" * 33, permissions=Permit.ALL)
    with pytest.raises(OverflowError, match="groups has room for 4"):
        engine.account(1, permissions=Permit.ALL, groups=[1] * 5)


def test_a_definition_anew_is_noticed_by_the_numbers_of_the_next_order(engine: Engine) -> None:
    desk.define(engine)
    assert engine.price(1, "99.5") == 9950
    engine.instrument(1, currency=1, price_decimals=3, quantity_decimals=1, tick="0.001")
    assert engine.price(1, "99.5") == 99_500 and engine.quantity(1, 2) == 20
    assert engine.as_price(1, 99_500) == Decimal("99.5") and engine.as_quantity(1, 20) == 2
    assert str(engine.as_money(-150)) == "-1.50"


def test_the_package_has_the_version_of_its_library() -> None:
    version = abi.lib.rck_version()
    assert riskcheck.__version__ == f"{version >> 16}.{version >> 8 & 255}.{version & 255}"


def test_a_port_in_use_cannot_be_opened_twice(engine: Engine) -> None:
    with engine.port(2), pytest.raises(RiskCheckError, match="RCK_E_PORT_TAKEN"):
        engine.port(2)
    engine.port(2).close()


def test_the_errors_that_are_told_apart_are_one_kind() -> None:
    assert issubclass(BusyError, RiskCheckError) and issubclass(HandleError, RiskCheckError)
