"""Whom or what a limit, a latch or a list of orders is about."""

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from .enums import ScopeKind


class Ids(TypedDict, total=False):
    """What names a scope: one of these, a pair of which the second is an instrument or a group of them, or none."""

    account: int
    account_group: int
    strategy: int
    strategy_group: int
    instrument: int
    instrument_group: int


@dataclass(frozen=True)
class Scope:
    """A kind of scope, and its id or the two of a pair."""

    kind: ScopeKind
    id: int = 0
    instrument: int = 0  # of a pair: the instrument, or the group of instruments

    def fields(self) -> dict[str, int]:
        return {"scope_kind": self.kind, "id": self.id, "instrument": self.instrument}


SINGLE = {
    "account": ScopeKind.ACCOUNT,
    "account_group": ScopeKind.ACCOUNT_GROUP,
    "strategy": ScopeKind.STRATEGY,
    "strategy_group": ScopeKind.STRATEGY_GROUP,
    "instrument": ScopeKind.INSTRUMENT,
    "instrument_group": ScopeKind.INSTRUMENT_GROUP,
}
PAIRS = {
    ("account", "instrument"): ScopeKind.ACCOUNT_INSTRUMENT,
    ("strategy", "instrument"): ScopeKind.STRATEGY_INSTRUMENT,
    ("account_group", "instrument"): ScopeKind.ACCOUNT_GROUP_INSTRUMENT,
    ("account", "instrument_group"): ScopeKind.ACCOUNT_INSTRUMENT_GROUP,
}


def scope_of(**ids: Unpack[Ids]) -> Scope:
    """The scope that these ids name; none of them names the engine. TypeError: no scope is named so.

    An id of 0 is passed on, for the library to refuse: it never widens a scope to the engine.
    """
    for name in ids.keys() - Ids.__annotations__.keys():
        raise TypeError(f"no scope has a {name}")
    given: dict[str, Any] = {**ids}
    named: dict[str, int] = {name: given[name] for name in Ids.__annotations__ if name in given}
    match tuple(named.items()):
        case ():
            return Scope(ScopeKind.GLOBAL)
        case ((name, id),):
            return Scope(SINGLE[name], id)
        case ((first, id), (second, instrument_id)) if (first, second) in PAIRS:
            return Scope(PAIRS[first, second], id, instrument_id)
    raise TypeError(f"no scope is named by {', '.join(named)}")
