"""Events as objects: from rings, out of journals, through replay; nothing is lost on the way."""

from ctypes import sizeof
from pathlib import Path
from typing import Any

import pytest

import small_desk as desk
from riskcheck import (
    Clock,
    ConfigFlag,
    Control,
    Engine,
    EventKind,
    GroupKind,
    JournalFlag,
    Measure,
    Permit,
    Port,
    ReleaseReason,
    RiskCheckError,
    Severity,
    Side,
    Status,
    TradingState,
    ViolationState,
    abi,
    journal_events,
    note,
    verify,
)
from riskcheck.events import LINE_BYTES, PARTS
from small_desk import BUY, SELL, WHO

TELLING: dict[str, int] = {
    "flags": ConfigFlag.TELL_COMMANDS | ConfigFlag.TELL_MARKET,
    "clock_source": Clock.HOST,
    "ring_lines": 1 << 14,
}


def test_what_an_iterator_has_not_taken_the_next_one_gives(engine: Engine, port: Port) -> None:
    port.write([note(EventKind.HOST + n, subject=n, values=(n, -n)) for n in range(10)])
    for event in port.events(1):
        if event.subject == 3:
            break
    assert [event.subject for event in port.events(1)] == [4, 5, 6, 7, 8, 9]
    assert list(port.events()) == []
    port.write([note(EventKind.HOST)])
    assert [event.sequence for event in port.events(1)] == [11]


def test_an_annotation_comes_out_as_it_went_in(engine: Engine, port: Port) -> None:
    given = note(
        EventKind.HOST + 5,
        severity=Severity.SOFT,
        control=Control.RATE,
        correlation_id=77,
        subject=2**64 - 1,
        values=(-1, 2**63 - 1),
        time_ns=123,
    )
    assert port.write([given]) == Status.OK
    (event,) = port.events(1)
    assert event.kind == EventKind.HOST + 5 and event.kind.name == str(EventKind.HOST + 5)
    assert (event.severity, event.control, event.correlation_id) == (Severity.SOFT, Control.RATE, 77)
    assert (event.subject, event.values, event.time_ns) == (2**64 - 1, (-1, 2**63 - 1), 123)
    assert (event.port, event.sequence, event.parts, event.verdict) == (1, 1, (), None)
    with pytest.raises(RiskCheckError):
        port.write([note(EventKind.CHECK)])
    with pytest.raises(TypeError, match="Event has no colour"):
        note(EventKind.HOST, colour=1)


def test_refusals_are_told(engine: Engine, port: Port) -> None:
    assert port.check(5, **{**BUY, "account": 3}, quantity=1, price=1).refused
    (event,) = port.events(1)
    assert event.kind == EventKind.REFUSED and event.subject == 5
    assert event.values == (Status.REJECT_ACCOUNT_UNKNOWN, 1 << 32 | 3)


def trade(engine: Engine) -> None:
    """One command of every kind there is."""
    engine.group(1, kind=GroupKind.ACCOUNTS)
    engine.calendar(1, sessions=[(0, Permit.ALL)], end_ns=10)
    engine.strategy(1, permissions=Permit.ALL)
    desk.define(engine)
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    engine.limit(Control.CONDUCT, measure=Measure.REJECTS, account=2, hard=5, **WHO)
    engine.publish()
    engine.remove_limit(Control.CONDUCT, measure=Measure.REJECTS, account=2, **WHO)
    engine.remove_override(engine.override(order_id=1, expiry_ns=10**9, count=1, **WHO), **WHO)
    engine.latch(TradingState.HALTED, account=2, time_ns=1, **WHO)
    engine.unlatch(account=2, **WHO)
    engine.watch_port(1, silence_ns=10**9, account=1, **WHO)
    engine.rearm(Control.CONDUCT, account=2, **WHO)
    with engine.port() as port:
        port.beat(1)
        port.day_start(20_260_105)
        at: Any = {"time_ns": 2}
        port.quote(1, bid=1, ask=2, bid_size=1, ask_size=1, **at)
        port.trade(1, price="1.50", quantity=3, **at)
        port.book(1, bids=[(1, 1)], asks=[(2, 1)], **at)
        port.volume(1, 100)
        port.metric(1, 0.5, 2)
        port.set_position(1, account=2, quantity=5, price=1, **WHO)
        port.set_cash(1, cash=1, **WHO)
        port.mark(1, "1.50", 2)
        token = port.check(1, **BUY, quantity=10, price="1.25", **at).token
        port.check(2, **SELL, quantity=101, price=1, **at)
        port.amend(token, quantity=20, price=1, **at)
        port.amend_result(token, accepted=True)
        port.fill(token, quantity=4, price=1, cumulative=4, execution_id=1, **at)
        port.cancel(token, **at)
        port.confirm(token)
        port.release(token, reason=ReleaseReason.CANCELLED, **at)
        port.drop_copy(3, **BUY, quantity=1, price=1, **at)
        batch = port.batch(2)
        for n, order in enumerate(batch.order_records):
            order.order_id, order.account, order.instrument, order.side = 10 + n, 1, 1, Side.BUY
            order.type, order.time_in_force, order.price, order.quantity, order.time_ns = 1, 1, 100, 1, 2
        assert batch.check(all_or_none=True) == 2


def told(events: list[Any]) -> set[EventKind]:
    return {event.kind for event in events if event.parts}


def test_every_command_comes_with_its_records(tmp_path: Path) -> None:
    with desk.engine(**TELLING) as engine:
        trade(engine)
        with engine.reader() as reader:
            events = [event for source in (0, 1) for event in reader.events(source)]
    assert told(events) == PARTS.keys() - {EventKind.SNAPSHOT}
    for event in events:
        lines = sum(-(-sizeof(part) // LINE_BYTES) for part in event.parts)
        assert event.line.lines == 1 + lines, f"{event} has records that are not looked at"
    (first,) = [event for event in events if event.kind == EventKind.CHECK and event.subject == 1]
    order = first.part(abi.Order)
    assert order is not None and (order.price, order.quantity) == (125, 10)
    assert first.verdict is not None and first.verdict and first.verdict.token
    (refused,) = [event for event in events if event.kind == EventKind.CHECK and event.subject == 2]
    assert refused.verdict is not None and refused.verdict.status == Status.REJECT_ORDER_QUANTITY
    assert refused.control == Control.ORDER_QUANTITY and first.ticket < refused.ticket


def test_a_journal_is_read_verified_and_replayed(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.mkdir()
    with desk.engine(**TELLING) as engine:
        with engine.reader() as reader, reader.journal(journal, segment_bytes=1 << 20) as pumped:
            trade(engine)
            assert pumped.pump().records > 30
        wanted = engine.state_hash()
    found = list(journal_events(journal))
    whole = verify(journal)
    assert whole.records == len(found) and whole.lost == 0 and whole.flags & JournalFlag.FINISHED
    assert told(found) == PARTS.keys() - {EventKind.SNAPSHOT}
    with Engine.of_journal(journal, flags=0) as again:
        info, differing = again.replay(journal)
        assert (info.differing, differing, again.state_hash()) == (0, [], wanted)
    tighter = abi.Limit(
        struct_size=sizeof(abi.Limit),
        control=Control.ORDER_QUANTITY,
        scope_kind=abi.RCK_SCOPE_ACCOUNT,
        id=1,
        levels=abi.RCK_LEVEL_HARD,
        hard=5,
        actor=1,
        reason=b"what if",
    )
    with Engine.of_journal(journal, flags=0) as other:
        info, differing = other.replay(journal, what_if=[tighter], differences_max=8)
        assert info.refused_now == 1 and info.controls[Control.ORDER_QUANTITY] == 1 and len(differing) >= 3
    segment = next(journal.iterdir())
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    with pytest.raises(RiskCheckError, match="RCK_E_DAMAGED"):
        verify(journal)


def test_a_snapshot_holds_the_state(tmp_path: Path) -> None:
    with desk.engine(clock_source=Clock.HOST) as engine:
        trade(engine)
        engine.snapshot(tmp_path)
        wanted = engine.state_hash()
    (first, *_) = journal_events(tmp_path)
    assert first.kind == EventKind.SNAPSHOT and first.part(abi.SnapshotInfo) is not None
    with Engine.of_journal(tmp_path) as again:
        again.restore(tmp_path)
        assert again.state_hash() == wanted


def test_violations_are_listed_acknowledged_and_cleared() -> None:
    with desk.engine(flags=ConfigFlag.KEEP_VIOLATIONS | ConfigFlag.KEEP_STATISTICS) as engine:
        desk.define(engine)
        engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
        engine.publish()
        with engine.port() as port:
            ids = {port.check(n, **BUY, quantity=120, price=1).violation_id for n in range(1, 4)}
        (found,) = engine.violations()
        assert ids == {found.violation_id} and (found.count, found.state) == (3, ViolationState.ACTIVE)
        assert list(engine.violations(states=[ViolationState.NEW])) == []
        assert engine.acknowledge(found.violation_id, **WHO)
        assert not engine.acknowledge(found.violation_id, **WHO)
        assert len(list(engine.violations(states=[ViolationState.ACKNOWLEDGED], account=1))) == 1
        assert engine.clear(found.violation_id, **WHO)
        statistics = engine.statistics()
        assert (statistics.checks, statistics.refused) == (3, 3)
        assert statistics.refused_by[Control.ORDER_QUANTITY] == 3
        assert engine.stats(1).events_written > 0
