"""Which constants of the header belong together: the enumerations of the bindings, in C++ and Python alike."""

import re
from dataclasses import dataclass

from header import Header


@dataclass(frozen=True)
class Family:
    """Constants that begin alike. Their short names are what follows the beginning."""

    name: str
    beginning: str
    flags: bool = False  # bits that are joined
    members: str = ".*"  # which of those that begin so

    def constants(self, header: Header) -> list[tuple[str, str, str]]:
        """(short name, the header's name, literal), in the header's order."""
        rule = re.compile(f"{self.beginning}({self.members})")
        matches = ((rule.fullmatch(name), name, literal) for _, name, literal in header.constants)
        return [(match[1], name, literal) for match, name, literal in matches if match]


FAMILIES = (
    Family("Control", "RCK_CONTROL_"),
    Family("ScopeKind", "RCK_SCOPE_"),
    Family("Severity", "RCK_SEVERITY_"),
    Family("Action", "RCK_ACTION_"),
    Family("Side", "RCK_SIDE_"),
    Family("OrderType", "RCK_TYPE_"),
    Family("TimeInForce", "RCK_FORCE_"),
    Family("ReportKind", "RCK_REPORT_"),
    Family("TradingState", "RCK_STATE_"),
    Family("Reference", "RCK_REFERENCE_"),
    Family("Measure", "RCK_MEASURE_"),
    Family("ReleaseReason", "RCK_RELEASE_"),
    Family("VerdictFlag", "RCK_VERDICT_", flags=True),
    Family("Permit", "RCK_PERMIT_", flags=True),
    Family("Level", "RCK_LEVEL_", flags=True),
    Family("OrderState", "RCK_ORDER_", flags=True, members="LIVE|UNCONFIRMED|AMENDING|FINISHED"),
    Family("Kind", "RCK_KIND_"),
    Family("GroupKind", "RCK_GROUP_OF_"),
    Family("Unit", "RCK_UNIT_"),
    Family("Breaker", "RCK_BREAKER_"),
    Family("EventKind", "RCK_EVENT_"),
    Family("ViolationState", "RCK_VIOLATION_"),
    Family("Sync", "RCK_SYNC_"),
    Family("Health", "RCK_HEALTH_"),
)
