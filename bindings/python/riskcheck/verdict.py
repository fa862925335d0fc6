"""What the library decided about one call, and why."""

import ctypes

from . import _abi
from ._calling import kept
from .enums import Action, Control, ScopeKind, Severity, Status, VerdictFlag
from .units import Units

TEXT_BYTES = 512


class Verdict:
    """True when the call passed and did something now; false for a refusal, and for a repeat.

    A repeat says that the order or report was known already and nothing has changed: an order that is sent on
    `if verdict:` is sent once. `token` is then the known order's.
    """

    __slots__ = ("record",)

    def __init__(self, record: _abi.Verdict) -> None:
        self.record = record

    def __bool__(self) -> bool:
        return bool(self.record.status == _abi.RCK_OK)

    @property
    def status(self) -> Status:
        return Status(self.record.status)

    @property
    def repeat(self) -> bool:
        """Known already: nothing has changed."""
        return bool(self.record.status == _abi.RCK_REPEAT)

    @property
    def refused(self) -> bool:
        return not self and not self.repeat

    @property
    def token(self) -> int:
        """Names the order to every later call; 0 when a check is refused."""
        return int(self.record.token)

    @property
    def control(self) -> Control:
        """The control that decided, or whose level was exceeded."""
        return Control(self.record.control)

    @property
    def severity(self) -> Severity:
        return Severity(self.record.severity)

    @property
    def action(self) -> Action:
        return Action(self.record.action)

    @property
    def flags(self) -> VerdictFlag:
        return VerdictFlag(self.record.flags)

    @property
    def failed(self) -> frozenset[Control]:
        """Every control that refused, not only the one that is shown."""
        bits = int(self.record.failed)
        return frozenset(Control(n + 1) for n in range(bits.bit_length()) if bits >> n & 1)

    @property
    def scope(self) -> tuple[ScopeKind, tuple[int, ...]]:
        """Whose limit it is: the kind, and its id, or the two of a pair."""
        first, second = self.record.scope_id >> 32, self.record.scope_id & 0xFFFFFFFF
        kind = ScopeKind(self.record.scope_kind)
        return kind, (first, second) if kind in PAIRS else (second,)

    @property
    def limit_id(self) -> int:
        return int(self.record.limit_id)

    @property
    def limit(self) -> Units:
        """The level, in the control's unit."""
        return Units(self.record.limit)

    @property
    def observed(self) -> Units:
        """What was compared with it, likewise; of a report the quantity that it applied."""
        return Units(self.record.observed)

    @property
    def utilisation_bps(self) -> int:
        return int(self.record.utilisation_bps)

    @property
    def violation_id(self) -> int:
        return int(self.record.violation_id)

    @property
    def reason(self) -> str:
        """One line that says what it means."""
        text = ctypes.create_string_buffer(TEXT_BYTES)
        kept.rck_explain(self.record, text, TEXT_BYTES)
        return text.value.decode()

    def __str__(self) -> str:
        return self.reason

    def __repr__(self) -> str:
        return f"<Verdict {self.reason}>"


PAIRS = {
    ScopeKind.ACCOUNT_INSTRUMENT,
    ScopeKind.STRATEGY_INSTRUMENT,
    ScopeKind.ACCOUNT_GROUP_INSTRUMENT,
    ScopeKind.ACCOUNT_INSTRUMENT_GROUP,
}
