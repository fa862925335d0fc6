"""The state of trading: latches (kill switches), ports that are watched for silence, beginning anew."""

from ctypes import c_uint32
from typing import Any, Unpack

from . import _abi
from ._calling import ask, call, made
from .enums import Control, TradingState
from .scopes import Ids, scope_of


class State:
    """The part of an engine that stops trading and lets it go on."""

    _handle: Any

    def halt(self, *, actor: int, reason: str = "", **scope: Unpack[Ids]) -> bool:
        """The kill switch: nothing of the scope passes any more, no new orders, no amends. Of nothing named, all."""
        return self.latch(TradingState.HALTED, actor=actor, reason=reason, **scope)

    def latch(
        self,
        state: TradingState,
        *,
        actor: int,
        reason: str = "",
        control: int = Control.NONE,
        time_ns: int = 0,
        **scope: Unpack[Ids],
    ) -> bool:
        """Sets a scope to at least this state. False: it had that or a higher one, which stays, as its cause does."""
        given = made(
            _abi.Latch,
            **latched(scope),
            state=state,
            actor=actor,
            control=control,
            time_ns=time_ns,
            reason=reason,
        )
        return call("rck_latch_set", self._handle, given) == _abi.RCK_OK

    def unlatch(self, *, actor: int, reason: str, **scope: Unpack[Ids]) -> bool:
        """Sets a scope back to ACTIVE. False: it was."""
        given = made(_abi.Latch, **latched(scope), actor=actor, reason=reason)
        return call("rck_latch_clear", self._handle, given) == _abi.RCK_OK

    def get_latch(self, **scope: Unpack[Ids]) -> _abi.Latch:
        """The state of a scope, and its first cause."""
        found = made(_abi.Latch, **latched(scope))
        ask("rck_latch_get", self._handle, found)
        return found

    def watch_port(
        self,
        port: int,
        *,
        silence_ns: int,
        actor: int,
        state: TradingState = TradingState.HALTED,
        reason: str = "",
        **scope: Unpack[Ids],
    ) -> None:
        """What the silence of a port does to a scope; `watch` looks. silence_ns 0: it is not watched."""
        given = made(
            _abi.PortWatch,
            port=port,
            silence_ns=silence_ns,
            **latched(scope),
            state=state,
            actor=actor,
            reason=reason,
        )
        call("rck_port_watch_set", self._handle, given)

    def get_watch(self, port: int) -> _abi.PortWatch:
        found = made(_abi.PortWatch, port=port)
        ask("rck_port_watch_get", self._handle, found)
        return found

    def watch(self, time_ns: int = 0) -> list[int]:
        """Looks at all watched ports, latches the scopes of those that are silent, and lists them."""
        capacity = 255
        ports, count = (c_uint32 * capacity)(), c_uint32()
        ask("rck_watch", self._handle, time_ns, ports, capacity, count)
        return ports[: count.value]

    def rearm(self, control: Control, *, actor: int, reason: str, **scope: Unpack[Ids]) -> bool:
        """Lets an account or a strategy begin anew after rejects in a row or repeated executions. False: no need."""
        given = made(_abi.Rearming, control=control, **latched(scope), actor=actor, reason=reason)
        return call("rck_rearm", self._handle, given) == _abi.RCK_OK


def latched(scope: Ids) -> dict[str, int]:
    """A scope that is no pair."""
    found = scope_of(**scope)
    if found.instrument:
        raise TypeError(f"a latch is of one account, strategy, instrument or group, not of {found.kind.name}")
    return {"scope_kind": found.kind, "id": found.id}
