"""Pre-trade and real-time risk in this process.

    from riskcheck import Control, Engine, Permit, Side

    with Engine() as engine:
        engine.currency(1, "USD", rate=1)
        engine.account(1, "desk", permissions=Permit.ALL)
        engine.instrument(1, "ACME", currency=1, price_decimals=2, tick="0.01")
        engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, actor=1, reason="agreed")
        engine.publish()
        with engine.port() as port:
            verdict = port.check(1, account=1, instrument=1, side=Side.BUY, quantity=120, price="99.50")
            print(verdict)

Prices and quantities are human numbers, exact or an error (`riskcheck.units`); levels of limits, `port.bind` and
batches take units. A refusal is a Verdict, misuse raises RiskCheckError. `riskcheck.abi` is the C interface as it is.
"""

from ._abi import RCK_VERSION_MAJOR, RCK_VERSION_MINOR, RCK_VERSION_PATCH
from .batch import Batch, dtype
from .bound import Bound
from .catalogue import CONTROLS
from .definitions import Account, Calendar, Currency, Group, Instrument, Strategy
from .engine import Engine, region_bytes
from .enums import (
    AccountFlag,
    Action,
    Breaker,
    Clock,
    ConfigFlag,
    Control,
    Discipline,
    EventKind,
    GroupKind,
    Health,
    InstrumentFlag,
    JournalFlag,
    Kind,
    Level,
    LimitFlag,
    Measure,
    OrderState,
    OrderType,
    Permit,
    Reference,
    ReleaseReason,
    ReportKind,
    ScopeKind,
    Severity,
    Side,
    Status,
    Sync,
    TimeInForce,
    TradingState,
    Unit,
    VerdictFlag,
    ViolationState,
)
from .errors import BusyError, HandleError, RiskCheckError
from .events import Event, journal_events, note
from .journal import Journal, verify
from .port import Port, Reservation
from .units import InexactError, Number, Units, from_units, to_units
from .verdict import Verdict

__version__ = f"{RCK_VERSION_MAJOR}.{RCK_VERSION_MINOR}.{RCK_VERSION_PATCH}"

__all__ = [
    "CONTROLS",
    "Account",
    "AccountFlag",
    "Action",
    "Batch",
    "Bound",
    "Breaker",
    "BusyError",
    "Calendar",
    "Clock",
    "ConfigFlag",
    "Control",
    "Currency",
    "Discipline",
    "Engine",
    "Event",
    "EventKind",
    "Group",
    "GroupKind",
    "HandleError",
    "Health",
    "InexactError",
    "Instrument",
    "InstrumentFlag",
    "Journal",
    "JournalFlag",
    "Kind",
    "Level",
    "LimitFlag",
    "Measure",
    "Number",
    "OrderState",
    "OrderType",
    "Permit",
    "Port",
    "Reference",
    "ReleaseReason",
    "ReportKind",
    "Reservation",
    "RiskCheckError",
    "ScopeKind",
    "Severity",
    "Side",
    "Status",
    "Strategy",
    "Sync",
    "TimeInForce",
    "TradingState",
    "Unit",
    "Units",
    "Verdict",
    "VerdictFlag",
    "ViolationState",
    "dtype",
    "from_units",
    "journal_events",
    "note",
    "region_bytes",
    "to_units",
    "verify",
]
