"""What an engine holds and what became of it: orders, positions, sums, violations, statistics, snapshots, replay."""

import os
from collections.abc import Iterator, Sequence
from ctypes import c_int64, c_uint32, c_uint64
from decimal import Decimal
from functools import cached_property
from typing import Any, Unpack

from . import _abi
from ._calling import ask, call, made
from ._load import lib
from .enums import Control, ScopeKind, Severity, ViolationState
from .errors import check
from .scopes import Ids, scope_of
from .units import Number, Units, from_units, to_units

PAGE = 64
ALL_PORTS = _abi.RCK_ALL_PORTS


class Evidence:
    """The part of an engine that is looked at. Records come as the header lays them out, numbers in units."""

    _handle: Any

    def open_orders(self, **scope: Unpack[Ids]) -> Iterator[_abi.OrderInfo]:
        """Live orders within a scope; of nothing named, all."""
        where = scope_of(**scope)
        cursor, count = c_uint32(), c_uint32()
        while True:
            page = (_abi.OrderInfo * PAGE)()
            ask("rck_open_orders", self._handle, where.kind, where.id, page, PAGE, cursor, count)
            if not count.value:
                return
            yield from page[: count.value]

    def order(self, token: int = 0, order_id: int = 0) -> _abi.OrderInfo | None:
        """The order of a token or id, live or remembered; None: not known."""
        found = _abi.OrderInfo()
        status = ask("rck_order_get", self._handle, token, order_id, found)
        return found if status == _abi.RCK_OK else None

    def position(self, instrument: int, *, account: int = 0, strategy: int = 0) -> _abi.PositionInfo | None:
        """The row of an account, or without one of a strategy, in an instrument; None: there is none."""
        found = made(_abi.PositionInfo, account=account, strategy=strategy, instrument=instrument)
        status = lib.rck_position_get(self._handle, found)
        if status == _abi.RCK_E_UNKNOWN:
            return None
        check(status)
        return found

    def book(self, **scope: Unpack[Ids]) -> _abi.BookInfo:
        """The sums of an account, a strategy, a group or the engine."""
        found = made(_abi.BookInfo, **scope_of(**scope).fields())
        ask("rck_book_get", self._handle, found)
        return found

    def violations(
        self,
        *,
        states: Sequence[ViolationState] = (),
        control: Control = Control.NONE,
        scope_kind: ScopeKind = ScopeKind.NONE,
        account: int = 0,
        severity_min: Severity = Severity.NONE,
        since_ns: int = 0,
    ) -> Iterator[_abi.Violation]:
        """Those that the filter asks for; no states: of all states."""
        filter = made(
            _abi.ViolationFilter,
            states=sum(1 << state for state in set(states)),
            control=control,
            scope_kind=scope_kind,
            account=account,
            severity_min=severity_min,
            since_ns=since_ns,
        )
        cursor, count = c_uint64(), c_uint32()
        while True:
            page = (_abi.Violation * PAGE)()
            ask("rck_violations_read", self._handle, filter, page, PAGE, cursor, count)
            if not count.value:
                return
            yield from page[: count.value]

    def acknowledge(self, violation_id: int, *, actor: int, reason: str) -> bool:
        """Keeps a violation open until it is cleared. False: it is acknowledged already."""
        return self._change(ViolationState.ACKNOWLEDGED, violation_id, 0, actor, reason)[0] == _abi.RCK_OK

    def clear(self, violation_id: int, *, actor: int, reason: str) -> bool:
        """False: it is cleared already."""
        return self._change(ViolationState.CLEARED, violation_id, 0, actor, reason)[0] == _abi.RCK_OK

    def sweep(self, before_ns: int, *, actor: int, reason: str) -> int:
        """Clears all violations that are quiet since then; gives how many."""
        return self._change(ViolationState.CLEARED, 0, before_ns, actor, reason)[1]

    def _change(
        self, state: ViolationState, id: int, before_ns: int, actor: int, reason: str
    ) -> tuple[int, int]:
        given = made(
            _abi.ViolationChange,
            state=state,
            violation_id=id,
            before_ns=before_ns,
            actor=actor,
            reason=reason,
        )
        changed = c_uint32()
        return call("rck_violation_set", self._handle, given, changed), changed.value

    def statistics(self, port: int = ALL_PORTS, time_ns: int = 0) -> _abi.Statistics:
        """What a port has decided, or all together: needs ConfigFlag.KEEP_STATISTICS."""
        found = made(_abi.Statistics, time_ns=time_ns)
        ask("rck_statistics_read", self._handle, port, found)
        return found

    def stats(self, port: int = 0) -> _abi.Stats:
        """A port's ring and clock; 0: the engine's own."""
        found = made(_abi.Stats)
        ask("rck_stats_read", self._handle, port, found)
        return found

    def health(self) -> _abi.HealthInfo:
        found = made(_abi.HealthInfo)
        ask("rck_health", self._handle, found)
        return found

    def config(self) -> _abi.Config:
        found = made(_abi.Config)
        ask("rck_config_get", self._handle, found)
        return found

    def money(self, number: Number) -> Units:
        """In the engine's money units: for levels, cash, fees."""
        return Units(to_units(number, self._money_decimals))

    def as_money(self, units: int) -> Decimal:
        """In base currency: of values, margins, P&L."""
        return from_units(units, self._money_decimals)

    @cached_property
    def _money_decimals(self) -> int:
        return int(self.config().money_decimals)

    def clock(self) -> int:
        """The time that a record without one would get."""
        found = c_int64()
        ask("rck_clock", self._handle, found)
        return found.value

    def state_hash(self) -> str:
        """What the region means, in 32 hexadecimal digits."""
        words = (c_uint64 * 2)()
        ask("rck_state_hash", self._handle, words)
        return "".join(f"{word:016x}" for word in words)

    def snapshot(
        self, directory: str | os.PathLike[str], content: int = _abi.RCK_SNAPSHOT_STATE
    ) -> _abi.SnapshotInfo:
        """Writes the state, or the configuration, into an empty directory."""
        found = made(_abi.SnapshotInfo)
        call("rck_snapshot_write", self._handle, os.fsencode(directory), content, found)
        return found

    def restore(self, directory: str | os.PathLike[str], *, doubt: bool = False) -> _abi.SnapshotInfo:
        """Gives an engine that is new the state of a snapshot."""
        found = made(_abi.SnapshotInfo)
        flags = _abi.RCK_RESTORE_DOUBT if doubt else 0
        call("rck_snapshot_restore", self._handle, os.fsencode(directory), flags, found)
        return found

    def replay(
        self,
        directory: str | os.PathLike[str],
        *,
        what_if: Sequence[_abi.Limit] = (),
        differences_max: int = 0,
        commands_max: int = 0,
    ) -> tuple[_abi.ReplayInfo, list[_abi.Event]]:
        """Does to this new engine what a journal says; under other limits with `what_if`. Gives what came of it, and
        the lines of what differs, three each."""
        limits = (_abi.Limit * len(what_if))(*what_if) if what_if else None
        lines = (_abi.Event * (3 * differences_max))() if differences_max else None
        found = made(
            _abi.ReplayInfo,
            flags=_abi.RCK_REPLAY_WHAT_IF if what_if else 0,
            limits=len(what_if),
            differences_max=differences_max,
            commands_max=commands_max,
        )
        call("rck_replay", self._handle, os.fsencode(directory), limits, lines, found)
        return found, lines[: 3 * min(found.differing, differences_max)] if lines else []
