"""Events: what comes out of the rings and of journals, as objects; and annotations of the host's own going in."""

import ctypes
import os
from collections import deque
from collections.abc import Iterable, Iterator
from ctypes import c_uint32, sizeof
from typing import Any, TypeVar

from . import _abi
from ._calling import call, kept, made
from .enums import Control, EventKind, Severity
from .errors import check
from .verdict import Verdict

Struct = TypeVar("Struct", bound=ctypes.Structure)
LINE_BYTES = sizeof(_abi.Event)
PAGE_LINES = 1024

JUDGED = (_abi.Order, _abi.Verdict)
# What follows the first line, by kind; of a kind that is not here nothing does.
PARTS: dict[int, tuple[type[ctypes.Structure], ...]] = {
    **dict.fromkeys((EventKind.CHECK, EventKind.AMEND, EventKind.COPY, EventKind.LEG), JUDGED),
    EventKind.FILL: (_abi.Report, _abi.Verdict),
    **dict.fromkeys(
        (EventKind.AMEND_RESULT, EventKind.CANCEL, EventKind.RELEASE, EventKind.CONFIRM), (_abi.Verdict,)
    ),
    EventKind.POSITION: (_abi.Position,),
    EventKind.CASH: (_abi.Cash,),
    EventKind.QUOTE: (_abi.Quote,),
    EventKind.TRADE: (_abi.Trade,),
    EventKind.BOOK: (_abi.Book,),
    EventKind.CURRENCY_SET: (_abi.Currency,),
    EventKind.GROUP_SET: (_abi.Group,),
    EventKind.ACCOUNT_SET: (_abi.Account,),
    EventKind.STRATEGY_SET: (_abi.Strategy,),
    EventKind.INSTRUMENT_SET: (_abi.Instrument,),
    EventKind.CALENDAR_SET: (_abi.Calendar,),
    EventKind.LIMIT_SET: (_abi.Limit,),
    EventKind.LIMIT_REMOVE: (_abi.Limit,),
    EventKind.OVERRIDE: (_abi.Override,),
    EventKind.OVERRIDE_END: (_abi.Override,),
    EventKind.LATCH_SET: (_abi.Latch,),
    EventKind.LATCH_CLEAR: (_abi.Latch,),
    EventKind.PORT_WATCH: (_abi.PortWatch,),
    EventKind.REARM: (_abi.Rearming,),
    EventKind.SNAPSHOT: (_abi.SnapshotInfo,),
}


class Event:
    """One record: its first line, and the structs behind it that its kind has."""

    __slots__ = ("line", "parts")

    def __init__(self, line: _abi.Event, parts: tuple[ctypes.Structure, ...] = ()) -> None:
        self.line = line
        self.parts = parts

    @property
    def kind(self) -> EventKind:
        """HOST and above are the host's own."""
        return EventKind(self.line.kind)

    @property
    def sequence(self) -> int:
        """Of its port, from 1; a jump says how many were lost."""
        return int(self.line.sequence)

    @property
    def time_ns(self) -> int:
        return int(self.line.time_ns)

    @property
    def correlation_id(self) -> int:
        return int(self.line.correlation_id)

    @property
    def ticket(self) -> int:
        return int(self.line.ticket)

    @property
    def severity(self) -> Severity:
        return Severity(self.line.severity & ~_abi.RCK_TOLD_OVERLAPPED)

    @property
    def overlapped(self) -> bool:
        """The administrator changed something while this command ran."""
        return bool(self.line.severity & _abi.RCK_TOLD_OVERLAPPED)

    @property
    def port(self) -> int:
        """Whose ring; 0 the engine's own."""
        return int(self.line.port)

    @property
    def control(self) -> Control:
        return Control(self.line.control)

    @property
    def subject(self) -> int:
        return int(self.line.subject)

    @property
    def values(self) -> tuple[int, int]:
        return self.line.values[0], self.line.values[1]

    def part(self, struct: type[Struct]) -> Struct | None:
        """The struct of this type behind the first line, if there is one."""
        return next((part for part in self.parts if isinstance(part, struct)), None)

    @property
    def verdict(self) -> Verdict | None:
        found = self.part(_abi.Verdict)
        return None if found is None else Verdict(found)

    def __repr__(self) -> str:
        return f"<Event {self.kind.name} {self.sequence} of port {self.port}, subject {self.subject}>"


def records(lines: ctypes.Array[_abi.Event], count: int) -> Iterator[Event]:
    """The records in so many lines, as copies."""
    data = memoryview(lines).cast("B")[: count * LINE_BYTES]
    at = 0
    while at < len(data):
        line = _abi.Event.from_buffer_copy(data, at)
        end = at + max(line.lines, 1) * LINE_BYTES
        parts, offset = [], at + LINE_BYTES
        for struct in PARTS.get(line.kind, ()) if end > offset else ():
            parts.append(struct.from_buffer_copy(data, offset))
            offset += sizeof(struct)
        yield Event(line, tuple(parts))
        at = end


class Events:
    """The part of a port that reads rings and writes into its own."""

    _handle: Any
    index: int

    def __init__(self) -> None:
        self._unread: dict[int, deque[Event]] = {}

    def events(self, source: int | None = None) -> Iterator[Event]:
        """What is in the ring of port `source` (none given: this one; 0: the engine's own), until it is empty. What a
        loop that is left early has not taken, the next iterator of this port gives."""
        source = self.index if source is None else source
        waiting = self._unread.setdefault(source, deque())
        lines, count = (_abi.Event * PAGE_LINES)(), c_uint32()
        while True:
            while waiting:
                yield waiting.popleft()
            check(kept.rck_events_read(self._handle, source, lines, PAGE_LINES, count))
            if not count.value:
                return
            waiting.extend(records(lines, count.value))

    def write(self, events: Iterable[_abi.Event]) -> int:
        """Writes annotations of the host's own, all or none: EventKind.HOST or above. Gives the status."""
        given = list(events)
        lines = (_abi.Event * len(given))(*given)
        return check(kept.rck_event_write(self._handle, lines, len(given)))


def note(kind: int, **fields: Any) -> _abi.Event:
    """An annotation: `kind` is EventKind.HOST or above; subject, values and the rest by their names."""
    return made(_abi.Event, kind=kind, **fields)


def journal_events(directory: str | os.PathLike[str]) -> Iterator[Event]:
    """The records of a journal, from its beginning to the end of what has been written; each block is checked."""
    cursor = made(_abi.JournalCursor)
    lines, count = (_abi.Event * _abi.RCK_JOURNAL_BLOCK_LINES)(), c_uint32()
    while True:
        call("rck_journal_read", os.fsencode(directory), cursor, lines, count)
        if not count.value:
            return
        yield from records(lines, count.value)
