"""The contract as ctypes: constants, structs, signatures, layouts.

Written by bindings/generate.py from include/riskcheck.h; do not edit.
"""

from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import Any

# Version
RCK_VERSION_MAJOR = 0
RCK_VERSION_MINOR = 6
RCK_VERSION_PATCH = 0
RCK_ABI_VERSION = 0

# Handles and limits of the library
RCK_HANDLES_MAX = 1024
RCK_NAME_BYTES = 32
RCK_GROUPS_EACH = 4
RCK_REGION_ALIGN = 64
RCK_RECORD_LINES_MAX = 16
RCK_TIME_NS_MAX = 4611686018427387903

# Statuses
RCK_OK = 0
RCK_REPEAT = 1
RCK_REJECT_TIME_MISSING = 10
RCK_REJECT_TIME_BACK = 11
RCK_REJECT_TIME_RANGE = 12
RCK_REJECT_DEADLINE = 13
RCK_REJECT_RING_FULL = 14
RCK_REJECT_ORDERS_FULL = 20
RCK_REJECT_POSITIONS_FULL = 21
RCK_REJECT_WINDOWS_FULL = 22
RCK_REJECT_TOTALS_FULL = 23
RCK_REJECT_ORDER_ID_TAKEN = 30
RCK_REJECT_ORDER_UNKNOWN = 31
RCK_REJECT_ORDER_FINISHED = 32
RCK_REJECT_ORDER_UNCONFIRMED = 33
RCK_REJECT_AMEND_PENDING = 34
RCK_REJECT_EXECUTION_UNKNOWN = 35
RCK_REJECT_EXECUTIONS_FULL = 36
RCK_REJECT_LIMIT_MISSING = 40
RCK_REJECT_CONTENDED = 50
RCK_REJECT_BATCH = 60
RCK_REJECT_INSTRUMENT_UNKNOWN = 101
RCK_REJECT_INSTRUMENT_DISABLED = 102
RCK_REJECT_ACCOUNT_UNKNOWN = 103
RCK_REJECT_ACCOUNT_DISABLED = 104
RCK_REJECT_ACCOUNT_PERMISSION = 105
RCK_REJECT_STRATEGY_UNKNOWN = 106
RCK_REJECT_STRATEGY_DISABLED = 107
RCK_REJECT_STRATEGY_PERMISSION = 108
RCK_REJECT_VENUE_UNKNOWN = 109
RCK_REJECT_QUANTITY_NOT_POSITIVE = 110
RCK_REJECT_QUANTITY_LOT = 111
RCK_REJECT_QUANTITY_BOUNDS = 112
RCK_REJECT_PRICE_TICK = 115
RCK_REJECT_PRICE_BOUNDS = 116
RCK_REJECT_STOP_PRICE_TICK = 117
RCK_REJECT_STOP_PRICE_BOUNDS = 118
RCK_REJECT_SIDE = 120
RCK_REJECT_TYPE = 121
RCK_REJECT_TIME_IN_FORCE = 122
RCK_REJECT_FLAGS = 123
RCK_REJECT_PRICE_MISSING = 150
RCK_REJECT_STOP_PRICE_MISSING = 151
RCK_REJECT_ORDER_OVERFLOW = 180
RCK_REJECT_ORDER_QUANTITY = 201
RCK_REJECT_ORDER_NOTIONAL = 301
RCK_REJECT_NOTIONAL_REFERENCE_MISSING = 350
RCK_REJECT_CURRENCY_RATE_MISSING = 351
RCK_REJECT_NOTIONAL_OVERFLOW = 380
RCK_REJECT_COLLAR_ABOVE = 401
RCK_REJECT_COLLAR_BELOW = 402
RCK_REJECT_COLLAR_LAST_MISSING = 450
RCK_REJECT_COLLAR_MID_MISSING = 451
RCK_REJECT_COLLAR_OWN_SIDE_MISSING = 452
RCK_REJECT_COLLAR_CLOSE_MISSING = 453
RCK_REJECT_COLLAR_SET_MISSING = 454
RCK_REJECT_COLLAR_OVERFLOW = 480
RCK_REJECT_PERIOD_COLLAR_ABOVE = 501
RCK_REJECT_PERIOD_COLLAR_BELOW = 502
RCK_REJECT_PERIOD_PRICE_MISSING = 550
RCK_REJECT_POSITION_LONG = 601
RCK_REJECT_POSITION_SHORT = 602
RCK_REJECT_POSITION_OVERFLOW = 680
RCK_REJECT_EXPOSURE_GROSS = 701
RCK_REJECT_EXPOSURE_NET_LONG = 702
RCK_REJECT_EXPOSURE_NET_SHORT = 703
RCK_REJECT_EXPOSURE_MARK_MISSING = 750
RCK_REJECT_EXPOSURE_MARK_STALE = 751
RCK_REJECT_EXPOSURE_OVERFLOW = 780
RCK_REJECT_CONCENTRATION = 801
RCK_REJECT_LEVERAGE = 802
RCK_REJECT_EQUITY_MISSING = 850
RCK_REJECT_EQUITY_STALE = 851
RCK_REJECT_BUYING_POWER = 901
RCK_REJECT_CREDIT = 902
RCK_REJECT_CASH_MISSING = 950
RCK_REJECT_MARGIN_MISSING = 951
RCK_REJECT_BUYING_POWER_MARK_STALE = 952
RCK_REJECT_BUYING_POWER_OVERFLOW = 980
RCK_REJECT_VOLUME_SHARE = 1001
RCK_REJECT_DEPTH_SHARE = 1002
RCK_REJECT_SPREAD = 1003
RCK_REJECT_DISPLAYED_SIZE = 1004
RCK_REJECT_VOLUME_MISSING = 1050
RCK_REJECT_DEPTH_MISSING = 1051
RCK_REJECT_SPREAD_MISSING = 1052
RCK_REJECT_RATE_NEW = 1101
RCK_REJECT_RATE_MODIFY = 1102
RCK_REJECT_RATE_CANCEL = 1103
RCK_REJECT_QUANTITY_DAY = 1201
RCK_REJECT_NOTIONAL_DAY = 1202
RCK_REJECT_QUANTITY_ROLLING = 1203
RCK_REJECT_NOTIONAL_ROLLING = 1204
RCK_REJECT_ACCUMULATED_OVERFLOW = 1280
RCK_REJECT_WORKING_COUNT = 1301
RCK_REJECT_WORKING_NOTIONAL = 1302
RCK_REJECT_DUPLICATE = 1401
RCK_REJECT_DUPLICATES_FULL = 1450
RCK_REJECT_SELF_TRADE = 1501
RCK_REJECT_SELF_TRADE_BEYOND_LADDER = 1502
RCK_REJECT_REPEATED_EXECUTION = 1601
RCK_REJECT_EXECUTION_DISABLED = 1602
RCK_REJECT_LOSS_REALISED = 1701
RCK_REJECT_LOSS_TOTAL = 1702
RCK_REJECT_LOSS_TRAILING = 1703
RCK_REJECT_LOSS_MARK_MISSING = 1750
RCK_REJECT_LOSS_MARK_STALE = 1751
RCK_REJECT_DRAWDOWN_DAY = 1801
RCK_REJECT_DRAWDOWN_WEEK = 1802
RCK_REJECT_DRAWDOWN_MONTH = 1803
RCK_REJECT_DRAWDOWN_ALL_TIME = 1804
RCK_REJECT_DRAWDOWN_EQUITY_MISSING = 1850
RCK_REJECT_DRAWDOWN_EQUITY_STALE = 1851
RCK_REJECT_RESTRICTED = 1901
RCK_REJECT_SESSION_CLOSED = 1902
RCK_REJECT_LOCATE_SHORT = 1903
RCK_REJECT_SESSION_MISSING = 1950
RCK_REJECT_LOCATE_MISSING = 1951
RCK_REJECT_QUOTE_AGE = 2001
RCK_REJECT_SLIPPAGE = 2002
RCK_REJECT_QUOTE_MISSING = 2050
RCK_REJECT_DECISION_PRICE_MISSING = 2051
RCK_REJECT_ORDER_TO_TRADE = 2101
RCK_REJECT_VENUE_REJECTS = 2102
RCK_REJECT_METRIC = 2201
RCK_REJECT_METRIC_MISSING = 2250
RCK_REJECT_CUSTOM = 2301
RCK_REJECT_CUSTOM_BREAKER = 2302
RCK_REJECT_CUSTOM_MISSING = 2350
RCK_REJECT_VALUE_AT_RISK = 2401
RCK_REJECT_EXPECTED_SHORTFALL = 2402
RCK_REJECT_RISK_MISSING = 2450
RCK_REJECT_RISK_STALE = 2451
RCK_REJECT_GROUP_EXPOSURE = 2501
RCK_REJECT_GROUP_MISSING = 2550
RCK_REJECT_GROUP_OVERFLOW = 2580
RCK_REJECT_HALTED = 2601
RCK_REJECT_CANCEL_ONLY = 2602
RCK_REJECT_REDUCE_ONLY = 2603
RCK_REJECT_DISCONNECTED = 2604
RCK_E_HANDLE = -1
RCK_E_BUSY = -2
RCK_E_HANDLES_FULL = -3
RCK_E_READ_ONLY = -4
RCK_E_PORT_TAKEN = -5
RCK_E_ONE_WRITER = -6
RCK_E_NOT_CONSUMER = -7
RCK_E_FAILED = -10
RCK_E_NULL = -20
RCK_E_STRUCT_SIZE = -21
RCK_E_RESERVED = -22
RCK_E_FLAGS = -23
RCK_E_RANGE = -24
RCK_E_NAME = -25
RCK_E_BUFFER = -26
RCK_E_ALIGNMENT = -27
RCK_E_TOO_SMALL = -28
RCK_E_TOO_LARGE = -29
RCK_E_OVERLAP = -30
RCK_E_UNKNOWN = -50
RCK_E_NAME_TAKEN = -51
RCK_E_IN_USE = -52
RCK_E_GROUP_KIND = -53
RCK_E_GROUP_TWICE = -54
RCK_E_LOOSEN = -55
RCK_E_LIMITS_FULL = -56
RCK_E_OVERRIDES_FULL = -57
RCK_E_CUSTOMS_FULL = -58
RCK_E_LISTS_FULL = -59
RCK_E_NOT_REGION = -70
RCK_E_LAYOUT_VERSION = -71
RCK_E_TRUNCATED = -72
RCK_E_CORRUPT = -73
RCK_E_OWNED = -74
RCK_E_LOCK_INHERITED = -75
RCK_E_CONSUMED = -76
RCK_E_NOT_SHARED = -77
RCK_E_CONFIG_DIFFERS = -78
RCK_E_UNFINISHED = -79
RCK_E_NO_SPACE = -80
RCK_E_NO_FILE = -81
RCK_E_NO_JOURNAL = -82
RCK_E_JOURNAL_OTHER = -83
RCK_E_DAMAGED = -84
RCK_E_SYSTEM = -100
RCK_E_UNSUPPORTED = -101
RCK_E_NO_MEMORY = -102

# Constants of the trading model
RCK_CONTROL_NONE = 0
RCK_CONTROL_VALIDITY = 1
RCK_CONTROL_ORDER_QUANTITY = 2
RCK_CONTROL_ORDER_NOTIONAL = 3
RCK_CONTROL_COLLAR = 4
RCK_CONTROL_PERIOD_COLLAR = 5
RCK_CONTROL_POSITION = 6
RCK_CONTROL_EXPOSURE = 7
RCK_CONTROL_CONCENTRATION = 8
RCK_CONTROL_BUYING_POWER = 9
RCK_CONTROL_LIQUIDITY = 10
RCK_CONTROL_RATE = 11
RCK_CONTROL_ACCUMULATED = 12
RCK_CONTROL_WORKING = 13
RCK_CONTROL_DUPLICATE = 14
RCK_CONTROL_SELF_TRADE = 15
RCK_CONTROL_REPEATED_EXECUTION = 16
RCK_CONTROL_LOSS = 17
RCK_CONTROL_DRAWDOWN = 18
RCK_CONTROL_LISTS = 19
RCK_CONTROL_QUOTE = 20
RCK_CONTROL_CONDUCT = 21
RCK_CONTROL_METRIC = 22
RCK_CONTROL_CUSTOM = 23
RCK_CONTROL_RISK_BUDGET = 24
RCK_CONTROL_GROUP_EXPOSURE = 25
RCK_CONTROL_STATE = 26
RCK_SCOPE_NONE = 0
RCK_SCOPE_GLOBAL = 1
RCK_SCOPE_ACCOUNT = 2
RCK_SCOPE_ACCOUNT_GROUP = 3
RCK_SCOPE_STRATEGY = 4
RCK_SCOPE_STRATEGY_GROUP = 5
RCK_SCOPE_INSTRUMENT = 6
RCK_SCOPE_INSTRUMENT_GROUP = 7
RCK_SCOPE_ACCOUNT_INSTRUMENT = 8
RCK_SCOPE_STRATEGY_INSTRUMENT = 9
RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT = 10
RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP = 11
RCK_SEVERITY_NONE = 0
RCK_SEVERITY_INFO = 1
RCK_SEVERITY_WARNING = 2
RCK_SEVERITY_SOFT = 3
RCK_SEVERITY_HARD = 4
RCK_SEVERITY_CRITICAL = 5
RCK_ACTION_NONE = 0
RCK_ACTION_LOG = 1
RCK_ACTION_ALERT = 2
RCK_ACTION_THROTTLE = 3
RCK_ACTION_BLOCK = 4
RCK_ACTION_REDUCE_ONLY = 5
RCK_ACTION_CANCEL_OPEN = 6
RCK_ACTION_LIQUIDATE = 7
RCK_ACTION_HALT = 8
RCK_SIDE_BUY = 1
RCK_SIDE_SELL = 2
RCK_TYPE_LIMIT = 1
RCK_TYPE_MARKET = 2
RCK_TYPE_STOP = 3
RCK_TYPE_STOP_LIMIT = 4
RCK_FORCE_DAY = 1
RCK_FORCE_GOOD_TILL_CANCEL = 2
RCK_FORCE_IMMEDIATE = 3
RCK_FORCE_FILL_OR_KILL = 4
RCK_REPORT_FILL = 1
RCK_REPORT_BUST = 2
RCK_REPORT_CORRECT = 3
RCK_STATE_ACTIVE = 0
RCK_STATE_REDUCE_ONLY = 1
RCK_STATE_CANCEL_ONLY = 2
RCK_STATE_HALTED = 3
RCK_REFERENCE_NONE = 0
RCK_REFERENCE_LAST = 1
RCK_REFERENCE_MID = 2
RCK_REFERENCE_OWN_SIDE = 3
RCK_REFERENCE_CLOSE = 4
RCK_REFERENCE_SET = 5
RCK_MEASURE_NONE = 0
RCK_MEASURE_BPS = 1
RCK_MEASURE_TICKS = 2
RCK_MEASURE_GROSS = 3
RCK_MEASURE_NET = 4
RCK_MEASURE_NEW = 5
RCK_MEASURE_MODIFY = 6
RCK_MEASURE_CANCEL = 7
RCK_MEASURE_COUNT = 8
RCK_MEASURE_NOTIONAL = 9
RCK_MEASURE_AGE = 10
RCK_MEASURE_VOLUME_SHARE = 11
RCK_MEASURE_DEPTH_SHARE = 12
RCK_MEASURE_SPREAD = 13
RCK_MEASURE_DISPLAYED = 14
RCK_MEASURE_QUANTITY_DAY = 15
RCK_MEASURE_NOTIONAL_DAY = 16
RCK_MEASURE_QUANTITY_MINUTE = 17
RCK_MEASURE_NOTIONAL_MINUTE = 18
RCK_MEASURE_QUANTITY_HOUR = 19
RCK_MEASURE_NOTIONAL_HOUR = 20
RCK_MEASURE_RESTRICTED = 26
RCK_MEASURE_SESSION = 27
RCK_MEASURE_LOCATE = 28
RCK_MEASURE_REALISED = 21
RCK_MEASURE_TOTAL = 22
RCK_MEASURE_TRAILING = 23
RCK_MEASURE_ORDERS_PER_TRADE = 24
RCK_MEASURE_REJECTS = 25
RCK_MEASURE_GREATER = 29
RCK_MEASURE_AT_LEAST = 30
RCK_MEASURE_LESS = 31
RCK_MEASURE_AT_MOST = 32
RCK_MEASURE_EQUAL = 33
RCK_MEASURE_UNEQUAL = 34
RCK_RELEASE_REJECTED = 1
RCK_RELEASE_CANCELLED = 2
RCK_RELEASE_EXPIRED = 3
RCK_RELEASE_DONE = 4
RCK_ORDER_FIRST_REFUSAL = 0x00000001
RCK_VERDICT_CONTENDED = 0x0001
RCK_VERDICT_REDUCING = 0x0002
RCK_VERDICT_LATE = 0x0010
RCK_VERDICT_OVER_FILL = 0x0020
RCK_VERDICT_UNKNOWN = 0x0040
RCK_VERDICT_GAP = 0x0080
RCK_VERDICT_WOULD_REFUSE = 0x0100
RCK_VERDICT_OVERRIDDEN = 0x0200
RCK_PERMIT_BUY = 0x00000001
RCK_PERMIT_SELL = 0x00000002
RCK_PERMIT_SHORT = 0x00000004
RCK_PERMIT_LIMIT = 0x00000010
RCK_PERMIT_MARKET = 0x00000020
RCK_PERMIT_STOP = 0x00000040
RCK_PERMIT_STOP_LIMIT = 0x00000080
RCK_PERMIT_DAY = 0x00000100
RCK_PERMIT_GOOD_TILL_CANCEL = 0x00000200
RCK_PERMIT_IMMEDIATE = 0x00000400
RCK_PERMIT_FILL_OR_KILL = 0x00000800
RCK_PERMIT_ALL = 0x00000FF7

# Identity
RCK_FIELD_INT8 = 1
RCK_FIELD_UINT8 = 2
RCK_FIELD_INT16 = 3
RCK_FIELD_UINT16 = 4
RCK_FIELD_INT32 = 5
RCK_FIELD_UINT32 = 6
RCK_FIELD_INT64 = 7
RCK_FIELD_UINT64 = 8
RCK_FIELD_CHAR = 9

# Configuration
RCK_MANY_WRITERS = 1
RCK_ONE_WRITER = 2
RCK_CLOCK_REALTIME = 1
RCK_CLOCK_HOST = 2
RCK_PREFAULT = 0x00000001
RCK_HUGE_PAGES = 0x00000002
RCK_MLOCK = 0x00000004
RCK_SHARED = 0x00000008
RCK_CONSUMER_OUTSIDE = 0x00000010
RCK_TELL_COMMANDS = 0x00000020
RCK_TELL_MARKET = 0x00000040
RCK_TELL_STRICT = 0x00000080
RCK_KEEP_VIOLATIONS = 0x00000100
RCK_KEEP_STATISTICS = 0x00000200
RCK_TIME_SAMPLED = 0x00000400
RCK_TIME_ALWAYS = 0x00000800

# Engines
RCK_ATTACH_READER = 1
RCK_ATTACH_CONSUMER = 2

# Ports
RCK_PORT_WRITER = 1
RCK_PORT_READER = 2

# Reference data
RCK_KIND_CURRENCY = 1
RCK_KIND_GROUP = 2
RCK_KIND_ACCOUNT = 3
RCK_KIND_STRATEGY = 4
RCK_KIND_INSTRUMENT = 5
RCK_KIND_CALENDAR = 6
RCK_ENABLED = 0x00000001
RCK_PRICE_NEGATIVE = 0x00000002
RCK_SHORT_LOCATE = 0x00000004
RCK_GROUP_OF_ACCOUNTS = 1
RCK_GROUP_OF_STRATEGIES = 2
RCK_GROUP_OF_INSTRUMENTS = 3
RCK_POWER_CREDIT = 0x00000100
RCK_POWER_REALISED = 0x00000200
RCK_POWER_FEES = 0x00000400
RCK_POWER_MARKED = 0x00000800
RCK_HALT_ON_LATE = 0x00010000
RCK_HALT_ON_OVER_FILL = 0x00020000
RCK_HALT_ON_UNKNOWN = 0x00040000
RCK_MARGIN_CLASSES = 4
RCK_CALENDARS_MAX = 64
RCK_CALENDAR_ENTRIES_MAX = 64

# Limits
RCK_GROUP_LISTS_MAX = 24
RCK_BREACH_NS = 60000000000
RCK_LEVEL_WARN = 0x1
RCK_LEVEL_SOFT = 0x2
RCK_LEVEL_HARD = 0x4
RCK_AGGRESSIVE_ONLY = 0x1
RCK_LEASE_ALWAYS = 0x2
RCK_LEASE_NEVER = 0x4
RCK_LOOSEN = 0x1
RCK_OVERRIDES_MAX = 256
RCK_CUSTOMS_MAX = 16
RCK_CUSTOM_FAIL_OPEN = 0x1
RCK_BREAKER_CLOSED = 0
RCK_BREAKER_OPEN = 1

# Orders
RCK_BATCH_MAX = 1024
RCK_BATCH_ALL_OR_NONE = 0x1
RCK_LEGS_MAX = 64
RCK_ORDER_LIVE = 0x1
RCK_ORDER_UNCONFIRMED = 0x2
RCK_ORDER_AMENDING = 0x4
RCK_ORDER_FINISHED = 0x8
RCK_UNIT_NONE = 0
RCK_UNIT_QUANTITY = 1
RCK_UNIT_MONEY = 2
RCK_UNIT_BPS = 3
RCK_UNIT_COUNT = 4

# Market
RCK_BOOK_LEVELS = 10
RCK_METRICS_MAX = 1024
RCK_METRIC_EPSILON = 1e-9

# Events
RCK_EVENT_ENGINE_OPENED = 1
RCK_EVENT_ENGINE_CLOSED = 2
RCK_EVENT_PORT_OPENED = 3
RCK_EVENT_PORT_CLOSED = 4
RCK_EVENT_RESTORED = 6
RCK_EVENT_DEFINED = 16
RCK_EVENT_LIMITS = 17
RCK_EVENT_WATCH = 18
RCK_EVENT_OVERRIDE_SET = 19
RCK_EVENT_OVERRIDE_REMOVED = 20
RCK_EVENT_REFUSED = 32
RCK_EVENT_ANOMALY = 33
RCK_EVENT_LATCHED = 34
RCK_EVENT_UNLATCHED = 35
RCK_EVENT_DAY = 36
RCK_EVENT_POSITION_SET = 37
RCK_EVENT_CASH_SET = 38
RCK_EVENT_DROP_COPY = 39
RCK_EVENT_OVERRIDDEN = 40
RCK_EVENT_BREACH = 41
RCK_EVENT_DISABLED = 42
RCK_EVENT_REARMED = 43
RCK_EVENT_CUSTOM = 45
RCK_EVENT_HOST = 32768

# Commands
RCK_EVENT_LOST = 5
RCK_EVENT_CHECK = 64
RCK_EVENT_AMEND = 65
RCK_EVENT_COPY = 66
RCK_EVENT_FILL = 67
RCK_EVENT_AMEND_RESULT = 68
RCK_EVENT_CANCEL = 69
RCK_EVENT_RELEASE = 70
RCK_EVENT_CONFIRM = 71
RCK_EVENT_LEGS = 72
RCK_EVENT_LEG = 73
RCK_EVENT_POSITION = 74
RCK_EVENT_CASH = 75
RCK_EVENT_DAY_START = 76
RCK_EVENT_BEAT = 77
RCK_EVENT_QUOTE = 80
RCK_EVENT_TRADE = 81
RCK_EVENT_BOOK = 82
RCK_EVENT_VOLUME = 83
RCK_EVENT_MARK = 84
RCK_EVENT_METRIC = 85
RCK_EVENT_CURRENCY_SET = 96
RCK_EVENT_GROUP_SET = 97
RCK_EVENT_ACCOUNT_SET = 98
RCK_EVENT_STRATEGY_SET = 99
RCK_EVENT_INSTRUMENT_SET = 100
RCK_EVENT_CALENDAR_SET = 101
RCK_EVENT_LIMIT_SET = 102
RCK_EVENT_LIMIT_REMOVE = 103
RCK_EVENT_PUBLISH = 104
RCK_EVENT_OVERRIDE = 105
RCK_EVENT_OVERRIDE_END = 106
RCK_EVENT_LATCH_SET = 107
RCK_EVENT_LATCH_CLEAR = 108
RCK_EVENT_PORT_WATCH = 109
RCK_EVENT_REARM = 110
RCK_TOLD_OVERLAPPED = 0x80

# Violations
RCK_EVENT_VIOLATION = 46
RCK_EVENT_VIOLATION_CHANGED = 47
RCK_VIOLATION_NEW = 1
RCK_VIOLATION_ACTIVE = 2
RCK_VIOLATION_ACKNOWLEDGED = 3
RCK_VIOLATION_CLEARED = 4

# Statistics
RCK_ALL_PORTS = 0xFFFFFFFF

# Reconciliation
RCK_RECONCILE_CORRECT = 0x1
RCK_RECONCILE_COMPLETE = 0x2
RCK_RECONCILE_MAX = 65536
RCK_EVENT_DIFFERENCE = 48

# Journal
RCK_SYNC_NONE = 0
RCK_SYNC_INTERVAL = 1
RCK_SYNC_BATCH = 2
RCK_JOURNAL_BLOCK_LINES = 1024
RCK_JOURNAL_FINISHED = 0x1
RCK_JOURNAL_COMMANDS = 0x2
RCK_JOURNAL_MARKET = 0x4
RCK_JOURNAL_ONE_WRITER = 0x8
RCK_JOURNAL_SNAPSHOT = 0x10

# Snapshots
RCK_SNAPSHOT_STATE = 1
RCK_SNAPSHOT_CONFIGURATION = 2
RCK_EVENT_STATE = 121
RCK_EVENT_SNAPSHOT = 122
RCK_RESTORE_DOUBT = 0x1

# Replay
RCK_REPLAY_WHAT_IF = 0x1
RCK_EVENT_DIFFERS = 120

# Observation
RCK_HEALTH_RUNNING = 1
RCK_HEALTH_FAILED = 2
RCK_HEALTH_LEFT = 3
RCK_HEALTH_CLOSED = 4

STATUS_NAMES = {
    RCK_E_NO_MEMORY: "RCK_E_NO_MEMORY",
    RCK_E_UNSUPPORTED: "RCK_E_UNSUPPORTED",
    RCK_E_SYSTEM: "RCK_E_SYSTEM",
    RCK_E_DAMAGED: "RCK_E_DAMAGED",
    RCK_E_JOURNAL_OTHER: "RCK_E_JOURNAL_OTHER",
    RCK_E_NO_JOURNAL: "RCK_E_NO_JOURNAL",
    RCK_E_NO_FILE: "RCK_E_NO_FILE",
    RCK_E_NO_SPACE: "RCK_E_NO_SPACE",
    RCK_E_UNFINISHED: "RCK_E_UNFINISHED",
    RCK_E_CONFIG_DIFFERS: "RCK_E_CONFIG_DIFFERS",
    RCK_E_NOT_SHARED: "RCK_E_NOT_SHARED",
    RCK_E_CONSUMED: "RCK_E_CONSUMED",
    RCK_E_LOCK_INHERITED: "RCK_E_LOCK_INHERITED",
    RCK_E_OWNED: "RCK_E_OWNED",
    RCK_E_CORRUPT: "RCK_E_CORRUPT",
    RCK_E_TRUNCATED: "RCK_E_TRUNCATED",
    RCK_E_LAYOUT_VERSION: "RCK_E_LAYOUT_VERSION",
    RCK_E_NOT_REGION: "RCK_E_NOT_REGION",
    RCK_E_LISTS_FULL: "RCK_E_LISTS_FULL",
    RCK_E_CUSTOMS_FULL: "RCK_E_CUSTOMS_FULL",
    RCK_E_OVERRIDES_FULL: "RCK_E_OVERRIDES_FULL",
    RCK_E_LIMITS_FULL: "RCK_E_LIMITS_FULL",
    RCK_E_LOOSEN: "RCK_E_LOOSEN",
    RCK_E_GROUP_TWICE: "RCK_E_GROUP_TWICE",
    RCK_E_GROUP_KIND: "RCK_E_GROUP_KIND",
    RCK_E_IN_USE: "RCK_E_IN_USE",
    RCK_E_NAME_TAKEN: "RCK_E_NAME_TAKEN",
    RCK_E_UNKNOWN: "RCK_E_UNKNOWN",
    RCK_E_OVERLAP: "RCK_E_OVERLAP",
    RCK_E_TOO_LARGE: "RCK_E_TOO_LARGE",
    RCK_E_TOO_SMALL: "RCK_E_TOO_SMALL",
    RCK_E_ALIGNMENT: "RCK_E_ALIGNMENT",
    RCK_E_BUFFER: "RCK_E_BUFFER",
    RCK_E_NAME: "RCK_E_NAME",
    RCK_E_RANGE: "RCK_E_RANGE",
    RCK_E_FLAGS: "RCK_E_FLAGS",
    RCK_E_RESERVED: "RCK_E_RESERVED",
    RCK_E_STRUCT_SIZE: "RCK_E_STRUCT_SIZE",
    RCK_E_NULL: "RCK_E_NULL",
    RCK_E_FAILED: "RCK_E_FAILED",
    RCK_E_NOT_CONSUMER: "RCK_E_NOT_CONSUMER",
    RCK_E_ONE_WRITER: "RCK_E_ONE_WRITER",
    RCK_E_PORT_TAKEN: "RCK_E_PORT_TAKEN",
    RCK_E_READ_ONLY: "RCK_E_READ_ONLY",
    RCK_E_HANDLES_FULL: "RCK_E_HANDLES_FULL",
    RCK_E_BUSY: "RCK_E_BUSY",
    RCK_E_HANDLE: "RCK_E_HANDLE",
    RCK_OK: "RCK_OK",
    RCK_REPEAT: "RCK_REPEAT",
    RCK_REJECT_TIME_MISSING: "RCK_REJECT_TIME_MISSING",
    RCK_REJECT_TIME_BACK: "RCK_REJECT_TIME_BACK",
    RCK_REJECT_TIME_RANGE: "RCK_REJECT_TIME_RANGE",
    RCK_REJECT_DEADLINE: "RCK_REJECT_DEADLINE",
    RCK_REJECT_RING_FULL: "RCK_REJECT_RING_FULL",
    RCK_REJECT_ORDERS_FULL: "RCK_REJECT_ORDERS_FULL",
    RCK_REJECT_POSITIONS_FULL: "RCK_REJECT_POSITIONS_FULL",
    RCK_REJECT_WINDOWS_FULL: "RCK_REJECT_WINDOWS_FULL",
    RCK_REJECT_TOTALS_FULL: "RCK_REJECT_TOTALS_FULL",
    RCK_REJECT_ORDER_ID_TAKEN: "RCK_REJECT_ORDER_ID_TAKEN",
    RCK_REJECT_ORDER_UNKNOWN: "RCK_REJECT_ORDER_UNKNOWN",
    RCK_REJECT_ORDER_FINISHED: "RCK_REJECT_ORDER_FINISHED",
    RCK_REJECT_ORDER_UNCONFIRMED: "RCK_REJECT_ORDER_UNCONFIRMED",
    RCK_REJECT_AMEND_PENDING: "RCK_REJECT_AMEND_PENDING",
    RCK_REJECT_EXECUTION_UNKNOWN: "RCK_REJECT_EXECUTION_UNKNOWN",
    RCK_REJECT_EXECUTIONS_FULL: "RCK_REJECT_EXECUTIONS_FULL",
    RCK_REJECT_LIMIT_MISSING: "RCK_REJECT_LIMIT_MISSING",
    RCK_REJECT_CONTENDED: "RCK_REJECT_CONTENDED",
    RCK_REJECT_BATCH: "RCK_REJECT_BATCH",
    RCK_REJECT_INSTRUMENT_UNKNOWN: "RCK_REJECT_INSTRUMENT_UNKNOWN",
    RCK_REJECT_INSTRUMENT_DISABLED: "RCK_REJECT_INSTRUMENT_DISABLED",
    RCK_REJECT_ACCOUNT_UNKNOWN: "RCK_REJECT_ACCOUNT_UNKNOWN",
    RCK_REJECT_ACCOUNT_DISABLED: "RCK_REJECT_ACCOUNT_DISABLED",
    RCK_REJECT_ACCOUNT_PERMISSION: "RCK_REJECT_ACCOUNT_PERMISSION",
    RCK_REJECT_STRATEGY_UNKNOWN: "RCK_REJECT_STRATEGY_UNKNOWN",
    RCK_REJECT_STRATEGY_DISABLED: "RCK_REJECT_STRATEGY_DISABLED",
    RCK_REJECT_STRATEGY_PERMISSION: "RCK_REJECT_STRATEGY_PERMISSION",
    RCK_REJECT_VENUE_UNKNOWN: "RCK_REJECT_VENUE_UNKNOWN",
    RCK_REJECT_QUANTITY_NOT_POSITIVE: "RCK_REJECT_QUANTITY_NOT_POSITIVE",
    RCK_REJECT_QUANTITY_LOT: "RCK_REJECT_QUANTITY_LOT",
    RCK_REJECT_QUANTITY_BOUNDS: "RCK_REJECT_QUANTITY_BOUNDS",
    RCK_REJECT_PRICE_TICK: "RCK_REJECT_PRICE_TICK",
    RCK_REJECT_PRICE_BOUNDS: "RCK_REJECT_PRICE_BOUNDS",
    RCK_REJECT_STOP_PRICE_TICK: "RCK_REJECT_STOP_PRICE_TICK",
    RCK_REJECT_STOP_PRICE_BOUNDS: "RCK_REJECT_STOP_PRICE_BOUNDS",
    RCK_REJECT_SIDE: "RCK_REJECT_SIDE",
    RCK_REJECT_TYPE: "RCK_REJECT_TYPE",
    RCK_REJECT_TIME_IN_FORCE: "RCK_REJECT_TIME_IN_FORCE",
    RCK_REJECT_FLAGS: "RCK_REJECT_FLAGS",
    RCK_REJECT_PRICE_MISSING: "RCK_REJECT_PRICE_MISSING",
    RCK_REJECT_STOP_PRICE_MISSING: "RCK_REJECT_STOP_PRICE_MISSING",
    RCK_REJECT_ORDER_OVERFLOW: "RCK_REJECT_ORDER_OVERFLOW",
    RCK_REJECT_ORDER_QUANTITY: "RCK_REJECT_ORDER_QUANTITY",
    RCK_REJECT_ORDER_NOTIONAL: "RCK_REJECT_ORDER_NOTIONAL",
    RCK_REJECT_NOTIONAL_REFERENCE_MISSING: "RCK_REJECT_NOTIONAL_REFERENCE_MISSING",
    RCK_REJECT_CURRENCY_RATE_MISSING: "RCK_REJECT_CURRENCY_RATE_MISSING",
    RCK_REJECT_NOTIONAL_OVERFLOW: "RCK_REJECT_NOTIONAL_OVERFLOW",
    RCK_REJECT_COLLAR_ABOVE: "RCK_REJECT_COLLAR_ABOVE",
    RCK_REJECT_COLLAR_BELOW: "RCK_REJECT_COLLAR_BELOW",
    RCK_REJECT_COLLAR_LAST_MISSING: "RCK_REJECT_COLLAR_LAST_MISSING",
    RCK_REJECT_COLLAR_MID_MISSING: "RCK_REJECT_COLLAR_MID_MISSING",
    RCK_REJECT_COLLAR_OWN_SIDE_MISSING: "RCK_REJECT_COLLAR_OWN_SIDE_MISSING",
    RCK_REJECT_COLLAR_CLOSE_MISSING: "RCK_REJECT_COLLAR_CLOSE_MISSING",
    RCK_REJECT_COLLAR_SET_MISSING: "RCK_REJECT_COLLAR_SET_MISSING",
    RCK_REJECT_COLLAR_OVERFLOW: "RCK_REJECT_COLLAR_OVERFLOW",
    RCK_REJECT_PERIOD_COLLAR_ABOVE: "RCK_REJECT_PERIOD_COLLAR_ABOVE",
    RCK_REJECT_PERIOD_COLLAR_BELOW: "RCK_REJECT_PERIOD_COLLAR_BELOW",
    RCK_REJECT_PERIOD_PRICE_MISSING: "RCK_REJECT_PERIOD_PRICE_MISSING",
    RCK_REJECT_POSITION_LONG: "RCK_REJECT_POSITION_LONG",
    RCK_REJECT_POSITION_SHORT: "RCK_REJECT_POSITION_SHORT",
    RCK_REJECT_POSITION_OVERFLOW: "RCK_REJECT_POSITION_OVERFLOW",
    RCK_REJECT_EXPOSURE_GROSS: "RCK_REJECT_EXPOSURE_GROSS",
    RCK_REJECT_EXPOSURE_NET_LONG: "RCK_REJECT_EXPOSURE_NET_LONG",
    RCK_REJECT_EXPOSURE_NET_SHORT: "RCK_REJECT_EXPOSURE_NET_SHORT",
    RCK_REJECT_EXPOSURE_MARK_MISSING: "RCK_REJECT_EXPOSURE_MARK_MISSING",
    RCK_REJECT_EXPOSURE_MARK_STALE: "RCK_REJECT_EXPOSURE_MARK_STALE",
    RCK_REJECT_EXPOSURE_OVERFLOW: "RCK_REJECT_EXPOSURE_OVERFLOW",
    RCK_REJECT_CONCENTRATION: "RCK_REJECT_CONCENTRATION",
    RCK_REJECT_LEVERAGE: "RCK_REJECT_LEVERAGE",
    RCK_REJECT_EQUITY_MISSING: "RCK_REJECT_EQUITY_MISSING",
    RCK_REJECT_EQUITY_STALE: "RCK_REJECT_EQUITY_STALE",
    RCK_REJECT_BUYING_POWER: "RCK_REJECT_BUYING_POWER",
    RCK_REJECT_CREDIT: "RCK_REJECT_CREDIT",
    RCK_REJECT_CASH_MISSING: "RCK_REJECT_CASH_MISSING",
    RCK_REJECT_MARGIN_MISSING: "RCK_REJECT_MARGIN_MISSING",
    RCK_REJECT_BUYING_POWER_MARK_STALE: "RCK_REJECT_BUYING_POWER_MARK_STALE",
    RCK_REJECT_BUYING_POWER_OVERFLOW: "RCK_REJECT_BUYING_POWER_OVERFLOW",
    RCK_REJECT_VOLUME_SHARE: "RCK_REJECT_VOLUME_SHARE",
    RCK_REJECT_DEPTH_SHARE: "RCK_REJECT_DEPTH_SHARE",
    RCK_REJECT_SPREAD: "RCK_REJECT_SPREAD",
    RCK_REJECT_DISPLAYED_SIZE: "RCK_REJECT_DISPLAYED_SIZE",
    RCK_REJECT_VOLUME_MISSING: "RCK_REJECT_VOLUME_MISSING",
    RCK_REJECT_DEPTH_MISSING: "RCK_REJECT_DEPTH_MISSING",
    RCK_REJECT_SPREAD_MISSING: "RCK_REJECT_SPREAD_MISSING",
    RCK_REJECT_RATE_NEW: "RCK_REJECT_RATE_NEW",
    RCK_REJECT_RATE_MODIFY: "RCK_REJECT_RATE_MODIFY",
    RCK_REJECT_RATE_CANCEL: "RCK_REJECT_RATE_CANCEL",
    RCK_REJECT_QUANTITY_DAY: "RCK_REJECT_QUANTITY_DAY",
    RCK_REJECT_NOTIONAL_DAY: "RCK_REJECT_NOTIONAL_DAY",
    RCK_REJECT_QUANTITY_ROLLING: "RCK_REJECT_QUANTITY_ROLLING",
    RCK_REJECT_NOTIONAL_ROLLING: "RCK_REJECT_NOTIONAL_ROLLING",
    RCK_REJECT_ACCUMULATED_OVERFLOW: "RCK_REJECT_ACCUMULATED_OVERFLOW",
    RCK_REJECT_WORKING_COUNT: "RCK_REJECT_WORKING_COUNT",
    RCK_REJECT_WORKING_NOTIONAL: "RCK_REJECT_WORKING_NOTIONAL",
    RCK_REJECT_DUPLICATE: "RCK_REJECT_DUPLICATE",
    RCK_REJECT_DUPLICATES_FULL: "RCK_REJECT_DUPLICATES_FULL",
    RCK_REJECT_SELF_TRADE: "RCK_REJECT_SELF_TRADE",
    RCK_REJECT_SELF_TRADE_BEYOND_LADDER: "RCK_REJECT_SELF_TRADE_BEYOND_LADDER",
    RCK_REJECT_REPEATED_EXECUTION: "RCK_REJECT_REPEATED_EXECUTION",
    RCK_REJECT_EXECUTION_DISABLED: "RCK_REJECT_EXECUTION_DISABLED",
    RCK_REJECT_LOSS_REALISED: "RCK_REJECT_LOSS_REALISED",
    RCK_REJECT_LOSS_TOTAL: "RCK_REJECT_LOSS_TOTAL",
    RCK_REJECT_LOSS_TRAILING: "RCK_REJECT_LOSS_TRAILING",
    RCK_REJECT_LOSS_MARK_MISSING: "RCK_REJECT_LOSS_MARK_MISSING",
    RCK_REJECT_LOSS_MARK_STALE: "RCK_REJECT_LOSS_MARK_STALE",
    RCK_REJECT_DRAWDOWN_DAY: "RCK_REJECT_DRAWDOWN_DAY",
    RCK_REJECT_DRAWDOWN_WEEK: "RCK_REJECT_DRAWDOWN_WEEK",
    RCK_REJECT_DRAWDOWN_MONTH: "RCK_REJECT_DRAWDOWN_MONTH",
    RCK_REJECT_DRAWDOWN_ALL_TIME: "RCK_REJECT_DRAWDOWN_ALL_TIME",
    RCK_REJECT_DRAWDOWN_EQUITY_MISSING: "RCK_REJECT_DRAWDOWN_EQUITY_MISSING",
    RCK_REJECT_DRAWDOWN_EQUITY_STALE: "RCK_REJECT_DRAWDOWN_EQUITY_STALE",
    RCK_REJECT_RESTRICTED: "RCK_REJECT_RESTRICTED",
    RCK_REJECT_SESSION_CLOSED: "RCK_REJECT_SESSION_CLOSED",
    RCK_REJECT_LOCATE_SHORT: "RCK_REJECT_LOCATE_SHORT",
    RCK_REJECT_SESSION_MISSING: "RCK_REJECT_SESSION_MISSING",
    RCK_REJECT_LOCATE_MISSING: "RCK_REJECT_LOCATE_MISSING",
    RCK_REJECT_QUOTE_AGE: "RCK_REJECT_QUOTE_AGE",
    RCK_REJECT_SLIPPAGE: "RCK_REJECT_SLIPPAGE",
    RCK_REJECT_QUOTE_MISSING: "RCK_REJECT_QUOTE_MISSING",
    RCK_REJECT_DECISION_PRICE_MISSING: "RCK_REJECT_DECISION_PRICE_MISSING",
    RCK_REJECT_ORDER_TO_TRADE: "RCK_REJECT_ORDER_TO_TRADE",
    RCK_REJECT_VENUE_REJECTS: "RCK_REJECT_VENUE_REJECTS",
    RCK_REJECT_METRIC: "RCK_REJECT_METRIC",
    RCK_REJECT_METRIC_MISSING: "RCK_REJECT_METRIC_MISSING",
    RCK_REJECT_CUSTOM: "RCK_REJECT_CUSTOM",
    RCK_REJECT_CUSTOM_BREAKER: "RCK_REJECT_CUSTOM_BREAKER",
    RCK_REJECT_CUSTOM_MISSING: "RCK_REJECT_CUSTOM_MISSING",
    RCK_REJECT_VALUE_AT_RISK: "RCK_REJECT_VALUE_AT_RISK",
    RCK_REJECT_EXPECTED_SHORTFALL: "RCK_REJECT_EXPECTED_SHORTFALL",
    RCK_REJECT_RISK_MISSING: "RCK_REJECT_RISK_MISSING",
    RCK_REJECT_RISK_STALE: "RCK_REJECT_RISK_STALE",
    RCK_REJECT_GROUP_EXPOSURE: "RCK_REJECT_GROUP_EXPOSURE",
    RCK_REJECT_GROUP_MISSING: "RCK_REJECT_GROUP_MISSING",
    RCK_REJECT_GROUP_OVERFLOW: "RCK_REJECT_GROUP_OVERFLOW",
    RCK_REJECT_HALTED: "RCK_REJECT_HALTED",
    RCK_REJECT_CANCEL_ONLY: "RCK_REJECT_CANCEL_ONLY",
    RCK_REJECT_REDUCE_ONLY: "RCK_REJECT_REDUCE_ONLY",
    RCK_REJECT_DISCONNECTED: "RCK_REJECT_DISCONNECTED",
}


class EngineHandle(c_void_p):
    """A `rck_engine *`: names an entry of a table, never an address."""


class PortHandle(c_void_p):
    """A `rck_port *`: names an entry of a table, never an address."""


class Order(Structure):
    _fields_ = [
        ("order_id", c_uint64),
        ("price", c_int64),
        ("quantity", c_int64),
        ("time_ns", c_int64),
        ("deadline_ns", c_int64),
        ("correlation_id", c_uint64),
        ("decision_price", c_int64),
        ("stop_price", c_int64),
        ("account", c_uint32),
        ("strategy", c_uint32),
        ("instrument", c_uint32),
        ("venue", c_uint32),
        ("side", c_uint8),
        ("type", c_uint8),
        ("time_in_force", c_uint8),
        ("reserved0", c_uint8),
        ("flags", c_uint32),
        ("reserved", c_uint64 * 5),
    ]


class Verdict(Structure):
    _fields_ = [
        ("status", c_int32),
        ("control", c_uint16),
        ("severity", c_uint8),
        ("action", c_uint8),
        ("scope_kind", c_uint8),
        ("reserved0", c_uint8),
        ("flags", c_uint16),
        ("failed", c_uint32),
        ("scope_id", c_uint64),
        ("limit_id", c_uint32),
        ("utilisation_bps", c_int32),
        ("limit", c_int64),
        ("observed", c_int64),
        ("violation_id", c_uint64),
        ("token", c_uint64),
    ]


class Report(Structure):
    _fields_ = [
        ("token", c_uint64),
        ("order_id", c_uint64),
        ("last_quantity", c_int64),
        ("last_price", c_int64),
        ("cumulative_quantity", c_int64),
        ("execution_id", c_uint64),
        ("undone_execution_id", c_uint64),
        ("fee", c_int64),
        ("account", c_uint32),
        ("strategy", c_uint32),
        ("instrument", c_uint32),
        ("venue", c_uint32),
        ("side", c_uint8),
        ("kind", c_uint8),
        ("reserved0", c_uint16),
        ("flags", c_uint32),
        ("time_ns", c_int64),
        ("correlation_id", c_uint64),
        ("reserved", c_uint64 * 3),
    ]


class Event(Structure):
    _fields_ = [
        ("sequence", c_uint64),
        ("time_ns", c_int64),
        ("correlation_id", c_uint64),
        ("ticket", c_uint64),
        ("kind", c_uint16),
        ("lines", c_uint8),
        ("severity", c_uint8),
        ("port", c_uint16),
        ("control", c_uint16),
        ("subject", c_uint64),
        ("values", c_int64 * 2),
    ]


class Build(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("version", c_char * 16),
        ("mode", c_char * 16),
        ("compiler", c_char * 64),
        ("commit", c_char * 48),
    ]


class Field(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("record", c_char * 32),
        ("name", c_char * 32),
        ("record_bytes", c_uint32),
        ("offset", c_uint32),
        ("bytes", c_uint32),
        ("count", c_uint32),
        ("type", c_uint32),
    ]


class Config(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("discipline", c_uint32),
        ("clock_source", c_uint32),
        ("money_decimals", c_uint32),
        ("reserved", c_uint32),
        ("clock_back_ns_max", c_int64),
        ("mark_age_ns_max", c_int64),
        ("currencies_max", c_uint64),
        ("groups_max", c_uint64),
        ("accounts_max", c_uint64),
        ("strategies_max", c_uint64),
        ("instruments_max", c_uint64),
        ("positions_max", c_uint64),
        ("orders_max", c_uint64),
        ("retired_ids_max", c_uint64),
        ("limits_max", c_uint64),
        ("ports_max", c_uint64),
        ("ring_lines", c_uint64),
        ("violations_max", c_uint64),
        ("history_max", c_uint64),
        ("rate_exact_max", c_uint64),
        ("windows_max", c_uint64),
        ("duplicates_max", c_uint64),
        ("ladder_levels_max", c_uint64),
        ("price_history_max", c_uint64),
        ("order_history_max", c_uint64),
        ("leases_max", c_uint64),
        ("executions_max", c_uint64),
    ]


class Fault(Structure):
    _fields_ = [
        ("status", c_int32),
        ("system_error", c_int32),
        ("value", c_int64),
        ("minimum", c_int64),
        ("maximum", c_int64),
        ("record", c_char * 32),
        ("field", c_char * 32),
        ("reserved", c_uint64 * 4),
    ]


class Currency(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("rate_decimals", c_uint32),
        ("rate", c_int64),
    ]


class Group(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("kind", c_uint32),
        ("quantity_decimals", c_uint32),
        ("reserved", c_uint32),
    ]


class Account(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("permissions", c_uint32),
        ("groups", c_uint32 * 4),
        ("margin_class", c_uint32),
        ("reserved", c_uint32),
    ]


class Strategy(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("permissions", c_uint32),
        ("groups", c_uint32 * 4),
    ]


class Instrument(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("currency", c_uint32),
        ("price_decimals", c_uint32),
        ("quantity_decimals", c_uint32),
        ("multiplier_decimals", c_uint32),
        ("reserved", c_uint32),
        ("multiplier", c_int64),
        ("lot", c_int64),
        ("tick", c_int64),
        ("groups", c_uint32 * 4),
        ("price_min", c_int64),
        ("price_max", c_int64),
        ("previous_close", c_int64),
        ("reference_price", c_int64),
        ("reference", c_uint32),
        ("slippage_bps", c_uint32),
        ("margin_bps", c_uint32 * 4),
    ]


class Calendar(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("entries", c_uint32),
        ("end_ns", c_int64),
        ("starts", c_int64 * 64),
        ("permissions", c_uint32 * 64),
    ]


class Limit(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("limit_id", c_uint32),
        ("control", c_uint32),
        ("measure", c_uint32),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("instrument", c_uint32),
        ("side", c_uint32),
        ("order_type", c_uint32),
        ("levels", c_uint32),
        ("flags", c_uint32),
        ("reference", c_uint32),
        ("warn", c_int64),
        ("soft", c_int64),
        ("hard", c_int64),
        ("window_ns", c_int64),
        ("actions", c_uint8 * 4),
        ("actor", c_uint32),
        ("reason", c_char * 32),
        ("generation", c_uint64),
    ]


class Override(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("override_id", c_uint32),
        ("order_id", c_uint64),
        ("control", c_uint32),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("instrument", c_uint32),
        ("actor", c_uint32),
        ("count", c_uint32),
        ("quantity", c_int64),
        ("expiry_ns", c_int64),
        ("reason", c_char * 32),
        ("live", c_uint32),
        ("count_left", c_uint32),
        ("quantity_left", c_int64),
    ]


class Custom(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("id", c_uint32),
        ("name", c_char * 32),
        ("flags", c_uint32),
        ("overruns_max", c_uint32),
        ("budget_ns", c_int64),
        ("cool_down_ns", c_int64),
        ("actor", c_uint32),
        ("breaker", c_uint32),
        ("reason", c_char * 32),
        ("calls", c_uint64),
        ("refusals", c_uint64),
        ("overruns", c_uint64),
        ("longest_ns", c_int64),
    ]


class Latch(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("state", c_uint32),
        ("actor", c_uint32),
        ("control", c_uint32),
        ("time_ns", c_int64),
        ("reason", c_char * 32),
    ]


class PortWatch(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("port", c_uint32),
        ("silence_ns", c_int64),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("state", c_uint32),
        ("actor", c_uint32),
        ("reason", c_char * 32),
    ]


class Rearming(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("control", c_uint32),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("actor", c_uint32),
        ("reserved", c_uint32),
        ("reason", c_char * 32),
    ]


class OrderInfo(Structure):
    _fields_ = [
        ("token", c_uint64),
        ("order_id", c_uint64),
        ("correlation_id", c_uint64),
        ("price", c_int64),
        ("stop_price", c_int64),
        ("quantity", c_int64),
        ("leaves", c_int64),
        ("cumulative", c_int64),
        ("reserved_value", c_int64),
        ("account", c_uint32),
        ("strategy", c_uint32),
        ("instrument", c_uint32),
        ("venue", c_uint32),
        ("side", c_uint8),
        ("type", c_uint8),
        ("time_in_force", c_uint8),
        ("state", c_uint8),
        ("reserved0", c_uint32),
        ("reserved", c_uint64 * 4),
    ]


class ControlInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("control", c_uint32),
        ("name", c_char * 32),
        ("unit", c_uint32),
        ("scopes", c_uint32),
        ("sided", c_uint32),
        ("typed", c_uint32),
        ("reducing", c_uint32),
        ("reserved", c_uint32),
        ("measures", c_uint64),
        ("actions", c_uint8 * 8),
        ("codes", c_uint64 * 2),
    ]


class Position(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("account", c_uint32),
        ("strategy", c_uint32),
        ("instrument", c_uint32),
        ("quantity", c_int64),
        ("price", c_int64),
        ("actor", c_uint32),
        ("reserved", c_uint32),
        ("reason", c_char * 32),
    ]


class PositionInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("account", c_uint32),
        ("strategy", c_uint32),
        ("instrument", c_uint32),
        ("net", c_int64),
        ("open_buys", c_int64),
        ("open_sells", c_int64),
        ("booked", c_int64),
        ("buys", c_int64),
        ("sells", c_int64),
        ("margin", c_int64),
        ("realised", c_int64),
        ("marked", c_int64),
        ("fees", c_int64),
    ]


class Cash(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("account", c_uint32),
        ("cash", c_int64),
        ("credit", c_int64),
        ("actor", c_uint32),
        ("reserved", c_uint32),
        ("reason", c_char * 32),
    ]


class BookInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("scope_kind", c_uint32),
        ("id", c_uint32),
        ("open_positions", c_uint32),
        ("gross", c_int64),
        ("net_long", c_int64),
        ("net_short", c_int64),
        ("margin", c_int64),
        ("orders", c_int64),
        ("orders_value", c_int64),
        ("realised", c_int64),
        ("marked", c_int64),
        ("fees", c_int64),
        ("cash", c_int64),
        ("credit", c_int64),
        ("mark_time_ns", c_int64),
        ("quantity_long", c_int64),
        ("quantity_short", c_int64),
        ("day_realised", c_int64),
        ("day_total", c_int64),
        ("day_peak", c_int64),
        ("day_messages", c_int64),
        ("day_trades", c_int64),
        ("rejects", c_int64),
        ("repeated", c_int64),
        ("instrument", c_uint32),
        ("reserved", c_uint32),
    ]


class Quote(Structure):
    _fields_ = [
        ("instrument", c_uint32),
        ("flags", c_uint32),
        ("bid", c_int64),
        ("ask", c_int64),
        ("bid_size", c_int64),
        ("ask_size", c_int64),
        ("time_ns", c_int64),
        ("reserved", c_uint64 * 2),
    ]


class Trade(Structure):
    _fields_ = [
        ("instrument", c_uint32),
        ("flags", c_uint32),
        ("price", c_int64),
        ("quantity", c_int64),
        ("time_ns", c_int64),
        ("reserved", c_uint64 * 4),
    ]


class Book(Structure):
    _fields_ = [
        ("instrument", c_uint32),
        ("flags", c_uint32),
        ("bids", c_uint32),
        ("asks", c_uint32),
        ("time_ns", c_int64),
        ("bid_prices", c_int64 * 10),
        ("bid_sizes", c_int64 * 10),
        ("ask_prices", c_int64 * 10),
        ("ask_sizes", c_int64 * 10),
        ("reserved", c_uint64 * 5),
    ]


class Violation(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("state", c_uint32),
        ("violation_id", c_uint64),
        ("control", c_uint32),
        ("severity", c_uint32),
        ("action", c_uint32),
        ("scope_kind", c_uint32),
        ("scope_id", c_uint64),
        ("limit_id", c_uint32),
        ("account", c_uint32),
        ("limit", c_int64),
        ("worst", c_int64),
        ("worst_bps", c_int32),
        ("actor", c_uint32),
        ("count", c_uint64),
        ("first_ns", c_int64),
        ("last_ns", c_int64),
        ("order_id", c_uint64),
    ]


class ViolationFilter(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("states", c_uint32),
        ("control", c_uint32),
        ("scope_kind", c_uint32),
        ("account", c_uint32),
        ("severity_min", c_uint32),
        ("since_ns", c_int64),
    ]


class ViolationChange(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("state", c_uint32),
        ("violation_id", c_uint64),
        ("before_ns", c_int64),
        ("actor", c_uint32),
        ("reserved", c_uint32),
        ("reason", c_char * 32),
    ]


class Statistics(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("checks", c_uint64),
        ("refused", c_uint64),
        ("warned", c_uint64),
        ("refused_by", c_uint64 * 32),
        ("warned_by", c_uint64 * 32),
        ("second_checks", c_uint64),
        ("second_refused", c_uint64),
        ("minute_checks", c_uint64),
        ("minute_refused", c_uint64),
        ("hour_checks", c_uint64),
        ("hour_refused", c_uint64),
        ("time_ns", c_int64),
        ("timed", c_uint64),
        ("latency_p50_ns", c_int64),
        ("latency_p90_ns", c_int64),
        ("latency_p99_ns", c_int64),
        ("latency_p999_ns", c_int64),
        ("latency_p9999_ns", c_int64),
        ("latency_max_ns", c_int64),
        ("violations_open", c_uint64),
        ("violations_ended", c_uint64),
        ("violations_dropped", c_uint64),
    ]


class JournalConfig(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("sync", c_uint32),
        ("sync_interval_ns", c_int64),
        ("segment_bytes", c_uint64),
        ("segment_ns", c_int64),
        ("segments_max", c_uint64),
    ]


class PumpInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("port", c_uint32),
        ("region_id", c_uint64),
        ("segment", c_uint64),
        ("segment_bytes", c_uint64),
        ("records", c_uint64),
        ("lines", c_uint64),
        ("repeats", c_uint64),
        ("records_all", c_uint64),
        ("bytes_all", c_uint64),
        ("syncs", c_uint64),
        ("segments_finished", c_uint64),
        ("failures", c_uint64),
        ("waiting", c_uint64),
    ]


class JournalCursor(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("chain", c_uint32),
        ("segment", c_uint64),
        ("offset", c_uint64),
        ("block", c_uint64),
        ("region_id", c_uint64),
        ("port", c_uint32),
        ("flags", c_uint32),
        ("reserved", c_uint64 * 2),
    ]


class VerifyInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("region_id", c_uint64),
        ("first_segment", c_uint64),
        ("last_segment", c_uint64),
        ("blocks", c_uint64),
        ("records", c_uint64),
        ("lines", c_uint64),
        ("bytes", c_uint64),
        ("lost", c_uint64),
        ("torn_bytes", c_uint64),
        ("damaged_segment", c_uint64),
        ("damaged_offset", c_uint64),
        ("first_time_ns", c_int64),
        ("last_time_ns", c_int64),
    ]


class SnapshotInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("layout_version", c_uint32),
        ("region_id", c_uint64),
        ("opened", c_uint64),
        ("hash", c_uint64 * 2),
        ("time_ns", c_int64),
        ("records", c_uint64),
        ("turned_ns", c_int64),
    ]


class ReplayInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("limits", c_uint32),
        ("differences_max", c_uint32),
        ("commands_max", c_uint64),
        ("records", c_uint64),
        ("commands", c_uint64),
        ("checks", c_uint64),
        ("differing", c_uint64),
        ("refused_now", c_uint64),
        ("passed_now", c_uint64),
        ("overlapped", c_uint64),
        ("forced", c_uint64),
        ("skipped", c_uint64),
        ("lost", c_uint64),
        ("controls", c_uint64 * 32),
        ("time_ns", c_int64),
    ]


class Stats(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("open", c_uint32),
        ("events_written", c_uint64),
        ("events_read", c_uint64),
        ("events_refused", c_uint64),
        ("events_lost", c_uint64),
        ("ring_lines", c_uint64),
        ("ring_lines_used", c_uint64),
        ("ring_lines_used_max", c_uint64),
        ("clock_clamps", c_uint64),
        ("clock_refusals", c_uint64),
        ("time_ns", c_int64),
        ("contended", c_uint64),
    ]


class HealthInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("state", c_uint32),
        ("failed_site", c_uint64),
        ("opened", c_uint64),
        ("recovered", c_uint32),
        ("owner_pid", c_uint32),
        ("time_ns", c_int64),
        ("region_bytes", c_uint64),
        ("definitions", c_uint64),
        ("ports_open", c_uint32),
        ("ports_max", c_uint32),
        ("events_lost", c_uint64),
        ("events_refused", c_uint64),
        ("currencies", c_uint32),
        ("groups", c_uint32),
        ("accounts", c_uint32),
        ("strategies", c_uint32),
        ("instruments", c_uint32),
        ("calendars", c_uint32),
    ]


RECORDS: dict[str, type[Structure]] = {
    "rck_order": Order,
    "rck_verdict": Verdict,
    "rck_report": Report,
    "rck_event": Event,
    "rck_build": Build,
    "rck_field": Field,
    "rck_config": Config,
    "rck_fault": Fault,
    "rck_currency": Currency,
    "rck_group": Group,
    "rck_account": Account,
    "rck_strategy": Strategy,
    "rck_instrument": Instrument,
    "rck_calendar": Calendar,
    "rck_limit": Limit,
    "rck_override": Override,
    "rck_custom": Custom,
    "rck_latch": Latch,
    "rck_port_watch": PortWatch,
    "rck_rearming": Rearming,
    "rck_order_info": OrderInfo,
    "rck_control_info": ControlInfo,
    "rck_position": Position,
    "rck_position_info": PositionInfo,
    "rck_cash": Cash,
    "rck_book_info": BookInfo,
    "rck_quote": Quote,
    "rck_trade": Trade,
    "rck_book": Book,
    "rck_violation": Violation,
    "rck_violation_filter": ViolationFilter,
    "rck_violation_change": ViolationChange,
    "rck_statistics": Statistics,
    "rck_journal_config": JournalConfig,
    "rck_pump_info": PumpInfo,
    "rck_journal_cursor": JournalCursor,
    "rck_verify_info": VerifyInfo,
    "rck_snapshot_info": SnapshotInfo,
    "rck_replay_info": ReplayInfo,
    "rck_stats": Stats,
    "rck_health_info": HealthInfo,
}

CustomCall = CFUNCTYPE(c_int32, c_void_p, POINTER(Order), c_int64)

# name: (result, parameters)
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "rck_status_name": (c_char_p, [c_int32]),
    "rck_version": (c_uint32, []),
    "rck_abi_version": (c_uint32, []),
    "rck_build_info": (c_int32, [POINTER(Build)]),
    "rck_layout": (c_int32, [c_uint32, POINTER(Field)]),
    "rck_config_init": (c_int32, [POINTER(Config), c_uint32]),
    "rck_region_bytes": (c_int32, [POINTER(Config), POINTER(c_uint64), POINTER(Fault)]),
    "rck_engine_create": (
        c_int32,
        [POINTER(Config), c_void_p, c_uint64, POINTER(EngineHandle), POINTER(Fault)],
    ),
    "rck_engine_open": (c_int32, [POINTER(Config), c_char_p, POINTER(EngineHandle), POINTER(Fault)]),
    "rck_engine_attach": (c_int32, [c_char_p, c_uint32, POINTER(EngineHandle), POINTER(Fault)]),
    "rck_engine_close": (c_int32, [EngineHandle]),
    "rck_port_open": (c_int32, [EngineHandle, c_uint32, c_uint32, POINTER(PortHandle), POINTER(Fault)]),
    "rck_port_close": (c_int32, [PortHandle]),
    "rck_currency_set": (c_int32, [EngineHandle, POINTER(Currency), POINTER(Fault)]),
    "rck_group_set": (c_int32, [EngineHandle, POINTER(Group), POINTER(Fault)]),
    "rck_account_set": (c_int32, [EngineHandle, POINTER(Account), POINTER(Fault)]),
    "rck_strategy_set": (c_int32, [EngineHandle, POINTER(Strategy), POINTER(Fault)]),
    "rck_instrument_set": (c_int32, [EngineHandle, POINTER(Instrument), POINTER(Fault)]),
    "rck_calendar_set": (c_int32, [EngineHandle, POINTER(Calendar), POINTER(Fault)]),
    "rck_calendar_get": (c_int32, [EngineHandle, c_uint32, POINTER(Calendar)]),
    "rck_currency_get": (c_int32, [EngineHandle, c_uint32, POINTER(Currency)]),
    "rck_group_get": (c_int32, [EngineHandle, c_uint32, POINTER(Group)]),
    "rck_account_get": (c_int32, [EngineHandle, c_uint32, POINTER(Account)]),
    "rck_strategy_get": (c_int32, [EngineHandle, c_uint32, POINTER(Strategy)]),
    "rck_instrument_get": (c_int32, [EngineHandle, c_uint32, POINTER(Instrument)]),
    "rck_find": (c_int32, [EngineHandle, c_uint32, POINTER(c_uint32), POINTER(c_char)]),
    "rck_limit_set": (c_int32, [EngineHandle, POINTER(Limit), c_uint32, POINTER(Fault)]),
    "rck_limit_get": (c_int32, [EngineHandle, POINTER(Limit)]),
    "rck_limit_remove": (c_int32, [EngineHandle, POINTER(Limit), c_uint32, POINTER(Fault)]),
    "rck_limits_publish": (c_int32, [EngineHandle, POINTER(c_uint64), POINTER(Fault)]),
    "rck_limits_armed": (
        c_int32,
        [EngineHandle, POINTER(Limit), c_uint32, POINTER(c_uint32), POINTER(c_uint32)],
    ),
    "rck_override_set": (c_int32, [EngineHandle, POINTER(Override), POINTER(c_uint32), POINTER(Fault)]),
    "rck_override_get": (c_int32, [EngineHandle, POINTER(Override)]),
    "rck_override_remove": (c_int32, [EngineHandle, POINTER(Override), POINTER(Fault)]),
    "rck_custom_set": (c_int32, [EngineHandle, POINTER(Custom), CustomCall, c_void_p, POINTER(Fault)]),
    "rck_custom_remove": (c_int32, [EngineHandle, c_uint32, POINTER(Fault)]),
    "rck_custom_get": (c_int32, [EngineHandle, POINTER(Custom)]),
    "rck_latch_set": (c_int32, [EngineHandle, POINTER(Latch), POINTER(Fault)]),
    "rck_latch_clear": (c_int32, [EngineHandle, POINTER(Latch), POINTER(Fault)]),
    "rck_latch_get": (c_int32, [EngineHandle, POINTER(Latch)]),
    "rck_port_watch_set": (c_int32, [EngineHandle, POINTER(PortWatch), POINTER(Fault)]),
    "rck_port_watch_get": (c_int32, [EngineHandle, POINTER(PortWatch)]),
    "rck_beat": (c_int32, [PortHandle, c_int64]),
    "rck_watch": (c_int32, [EngineHandle, c_int64, POINTER(c_uint32), c_uint32, POINTER(c_uint32)]),
    "rck_rearm": (c_int32, [EngineHandle, POINTER(Rearming), POINTER(Fault)]),
    "rck_check": (c_int32, [PortHandle, POINTER(Order), POINTER(Verdict)]),
    "rck_check_dry": (c_int32, [PortHandle, POINTER(Order), POINTER(Verdict)]),
    "rck_drop_copy": (c_int32, [PortHandle, POINTER(Order), POINTER(Verdict)]),
    "rck_amend": (c_int32, [PortHandle, c_uint64, POINTER(Order), POINTER(Verdict)]),
    "rck_amend_result": (c_int32, [PortHandle, c_uint64, c_uint64, c_uint32, POINTER(Verdict)]),
    "rck_cancel": (c_int32, [PortHandle, c_uint64, c_uint64, c_int64, POINTER(Verdict)]),
    "rck_fill": (c_int32, [PortHandle, POINTER(Report), POINTER(Verdict)]),
    "rck_check_batch": (
        c_int32,
        [PortHandle, POINTER(Order), POINTER(Verdict), c_uint32, c_uint32, POINTER(c_uint32)],
    ),
    "rck_amend_batch": (
        c_int32,
        [
            PortHandle,
            POINTER(c_uint64),
            POINTER(Order),
            POINTER(Verdict),
            c_uint32,
            c_uint32,
            POINTER(c_uint32),
        ],
    ),
    "rck_fill_batch": (
        c_int32,
        [PortHandle, POINTER(Report), POINTER(Verdict), c_uint32, c_uint32, POINTER(c_uint32)],
    ),
    "rck_release": (c_int32, [PortHandle, c_uint64, c_uint64, c_uint32, c_int64, POINTER(Verdict)]),
    "rck_order_confirm": (c_int32, [PortHandle, c_uint64, c_uint64, POINTER(Verdict)]),
    "rck_open_orders": (
        c_int32,
        [
            EngineHandle,
            c_uint32,
            c_uint32,
            POINTER(OrderInfo),
            c_uint32,
            POINTER(c_uint32),
            POINTER(c_uint32),
        ],
    ),
    "rck_order_get": (c_int32, [EngineHandle, c_uint64, c_uint64, POINTER(OrderInfo)]),
    "rck_headroom": (c_int32, [PortHandle, POINTER(Order), POINTER(c_int64), POINTER(Verdict)]),
    "rck_explain": (c_int32, [POINTER(Verdict), POINTER(c_char), c_uint32]),
    "rck_control_describe": (c_int32, [c_uint32, POINTER(ControlInfo)]),
    "rck_position_set": (c_int32, [PortHandle, POINTER(Position), POINTER(Fault)]),
    "rck_position_get": (c_int32, [EngineHandle, POINTER(PositionInfo)]),
    "rck_cash_set": (c_int32, [PortHandle, POINTER(Cash), POINTER(Fault)]),
    "rck_book_get": (c_int32, [EngineHandle, POINTER(BookInfo)]),
    "rck_day_start": (c_int32, [PortHandle, c_uint32, POINTER(c_uint32), POINTER(Fault)]),
    "rck_market_quote": (c_int32, [PortHandle, POINTER(Quote)]),
    "rck_market_trade": (c_int32, [PortHandle, POINTER(Trade)]),
    "rck_market_book": (c_int32, [PortHandle, POINTER(Book)]),
    "rck_market_volume": (c_int32, [PortHandle, c_uint32, c_int64]),
    "rck_mark": (c_int32, [PortHandle, c_uint32, c_int64, c_int64]),
    "rck_metric_set": (c_int32, [PortHandle, c_uint32, c_double, c_int64]),
    "rck_warm": (c_int32, [PortHandle]),
    "rck_event_write": (c_int32, [PortHandle, POINTER(Event), c_uint32]),
    "rck_events_read": (c_int32, [PortHandle, c_uint32, POINTER(Event), c_uint32, POINTER(c_uint32)]),
    "rck_violations_read": (
        c_int32,
        [
            EngineHandle,
            POINTER(ViolationFilter),
            POINTER(Violation),
            c_uint32,
            POINTER(c_uint64),
            POINTER(c_uint32),
        ],
    ),
    "rck_violation_set": (
        c_int32,
        [EngineHandle, POINTER(ViolationChange), POINTER(c_uint32), POINTER(Fault)],
    ),
    "rck_statistics_read": (c_int32, [EngineHandle, c_uint32, POINTER(Statistics)]),
    "rck_reconcile": (
        c_int32,
        [PortHandle, POINTER(Position), c_uint32, c_uint32, POINTER(c_uint32), POINTER(Fault)],
    ),
    "rck_journal_open": (c_int32, [PortHandle, c_char_p, POINTER(JournalConfig), POINTER(Fault)]),
    "rck_journal_pump": (c_int32, [PortHandle, POINTER(PumpInfo), POINTER(Fault)]),
    "rck_journal_close": (c_int32, [PortHandle, POINTER(Fault)]),
    "rck_journal_read": (
        c_int32,
        [c_char_p, POINTER(JournalCursor), POINTER(Event), POINTER(c_uint32), POINTER(Fault)],
    ),
    "rck_verify": (c_int32, [c_char_p, POINTER(VerifyInfo), POINTER(Fault)]),
    "rck_snapshot_write": (
        c_int32,
        [EngineHandle, c_char_p, c_uint32, POINTER(SnapshotInfo), POINTER(Fault)],
    ),
    "rck_snapshot_restore": (
        c_int32,
        [EngineHandle, c_char_p, c_uint32, POINTER(SnapshotInfo), POINTER(Fault)],
    ),
    "rck_journal_config_get": (c_int32, [c_char_p, POINTER(Config), POINTER(Fault)]),
    "rck_replay": (
        c_int32,
        [EngineHandle, c_char_p, POINTER(Limit), POINTER(Event), POINTER(ReplayInfo), POINTER(Fault)],
    ),
    "rck_state_hash": (c_int32, [EngineHandle, POINTER(c_uint64)]),
    "rck_stats_read": (c_int32, [EngineHandle, c_uint32, POINTER(Stats)]),
    "rck_health": (c_int32, [EngineHandle, POINTER(HealthInfo)]),
    "rck_config_get": (c_int32, [EngineHandle, POINTER(Config)]),
    "rck_clock": (c_int32, [EngineHandle, POINTER(c_int64)]),
}

# record: (bytes, [(field, offset, bytes of one element, RCK_FIELD_ type, elements)])
LAYOUT: dict[str, tuple[int, list[tuple[str, int, int, int, int]]]] = {
    "rck_order": (
        128,
        [
            ("order_id", 0, 8, RCK_FIELD_UINT64, 1),
            ("price", 8, 8, RCK_FIELD_INT64, 1),
            ("quantity", 16, 8, RCK_FIELD_INT64, 1),
            ("time_ns", 24, 8, RCK_FIELD_INT64, 1),
            ("deadline_ns", 32, 8, RCK_FIELD_INT64, 1),
            ("correlation_id", 40, 8, RCK_FIELD_UINT64, 1),
            ("decision_price", 48, 8, RCK_FIELD_INT64, 1),
            ("stop_price", 56, 8, RCK_FIELD_INT64, 1),
            ("account", 64, 4, RCK_FIELD_UINT32, 1),
            ("strategy", 68, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 72, 4, RCK_FIELD_UINT32, 1),
            ("venue", 76, 4, RCK_FIELD_UINT32, 1),
            ("side", 80, 1, RCK_FIELD_UINT8, 1),
            ("type", 81, 1, RCK_FIELD_UINT8, 1),
            ("time_in_force", 82, 1, RCK_FIELD_UINT8, 1),
            ("reserved0", 83, 1, RCK_FIELD_UINT8, 1),
            ("flags", 84, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 88, 8, RCK_FIELD_UINT64, 5),
        ],
    ),
    "rck_verdict": (
        64,
        [
            ("status", 0, 4, RCK_FIELD_INT32, 1),
            ("control", 4, 2, RCK_FIELD_UINT16, 1),
            ("severity", 6, 1, RCK_FIELD_UINT8, 1),
            ("action", 7, 1, RCK_FIELD_UINT8, 1),
            ("scope_kind", 8, 1, RCK_FIELD_UINT8, 1),
            ("reserved0", 9, 1, RCK_FIELD_UINT8, 1),
            ("flags", 10, 2, RCK_FIELD_UINT16, 1),
            ("failed", 12, 4, RCK_FIELD_UINT32, 1),
            ("scope_id", 16, 8, RCK_FIELD_UINT64, 1),
            ("limit_id", 24, 4, RCK_FIELD_UINT32, 1),
            ("utilisation_bps", 28, 4, RCK_FIELD_INT32, 1),
            ("limit", 32, 8, RCK_FIELD_INT64, 1),
            ("observed", 40, 8, RCK_FIELD_INT64, 1),
            ("violation_id", 48, 8, RCK_FIELD_UINT64, 1),
            ("token", 56, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_report": (
        128,
        [
            ("token", 0, 8, RCK_FIELD_UINT64, 1),
            ("order_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("last_quantity", 16, 8, RCK_FIELD_INT64, 1),
            ("last_price", 24, 8, RCK_FIELD_INT64, 1),
            ("cumulative_quantity", 32, 8, RCK_FIELD_INT64, 1),
            ("execution_id", 40, 8, RCK_FIELD_UINT64, 1),
            ("undone_execution_id", 48, 8, RCK_FIELD_UINT64, 1),
            ("fee", 56, 8, RCK_FIELD_INT64, 1),
            ("account", 64, 4, RCK_FIELD_UINT32, 1),
            ("strategy", 68, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 72, 4, RCK_FIELD_UINT32, 1),
            ("venue", 76, 4, RCK_FIELD_UINT32, 1),
            ("side", 80, 1, RCK_FIELD_UINT8, 1),
            ("kind", 81, 1, RCK_FIELD_UINT8, 1),
            ("reserved0", 82, 2, RCK_FIELD_UINT16, 1),
            ("flags", 84, 4, RCK_FIELD_UINT32, 1),
            ("time_ns", 88, 8, RCK_FIELD_INT64, 1),
            ("correlation_id", 96, 8, RCK_FIELD_UINT64, 1),
            ("reserved", 104, 8, RCK_FIELD_UINT64, 3),
        ],
    ),
    "rck_event": (
        64,
        [
            ("sequence", 0, 8, RCK_FIELD_UINT64, 1),
            ("time_ns", 8, 8, RCK_FIELD_INT64, 1),
            ("correlation_id", 16, 8, RCK_FIELD_UINT64, 1),
            ("ticket", 24, 8, RCK_FIELD_UINT64, 1),
            ("kind", 32, 2, RCK_FIELD_UINT16, 1),
            ("lines", 34, 1, RCK_FIELD_UINT8, 1),
            ("severity", 35, 1, RCK_FIELD_UINT8, 1),
            ("port", 36, 2, RCK_FIELD_UINT16, 1),
            ("control", 38, 2, RCK_FIELD_UINT16, 1),
            ("subject", 40, 8, RCK_FIELD_UINT64, 1),
            ("values", 48, 8, RCK_FIELD_INT64, 2),
        ],
    ),
    "rck_build": (
        152,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("abi_version", 4, 4, RCK_FIELD_UINT32, 1),
            ("version", 8, 1, RCK_FIELD_CHAR, 16),
            ("mode", 24, 1, RCK_FIELD_CHAR, 16),
            ("compiler", 40, 1, RCK_FIELD_CHAR, 64),
            ("commit", 104, 1, RCK_FIELD_CHAR, 48),
        ],
    ),
    "rck_field": (
        88,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("record", 4, 1, RCK_FIELD_CHAR, 32),
            ("name", 36, 1, RCK_FIELD_CHAR, 32),
            ("record_bytes", 68, 4, RCK_FIELD_UINT32, 1),
            ("offset", 72, 4, RCK_FIELD_UINT32, 1),
            ("bytes", 76, 4, RCK_FIELD_UINT32, 1),
            ("count", 80, 4, RCK_FIELD_UINT32, 1),
            ("type", 84, 4, RCK_FIELD_UINT32, 1),
        ],
    ),
    "rck_config": (
        208,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("discipline", 8, 4, RCK_FIELD_UINT32, 1),
            ("clock_source", 12, 4, RCK_FIELD_UINT32, 1),
            ("money_decimals", 16, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 20, 4, RCK_FIELD_UINT32, 1),
            ("clock_back_ns_max", 24, 8, RCK_FIELD_INT64, 1),
            ("mark_age_ns_max", 32, 8, RCK_FIELD_INT64, 1),
            ("currencies_max", 40, 8, RCK_FIELD_UINT64, 1),
            ("groups_max", 48, 8, RCK_FIELD_UINT64, 1),
            ("accounts_max", 56, 8, RCK_FIELD_UINT64, 1),
            ("strategies_max", 64, 8, RCK_FIELD_UINT64, 1),
            ("instruments_max", 72, 8, RCK_FIELD_UINT64, 1),
            ("positions_max", 80, 8, RCK_FIELD_UINT64, 1),
            ("orders_max", 88, 8, RCK_FIELD_UINT64, 1),
            ("retired_ids_max", 96, 8, RCK_FIELD_UINT64, 1),
            ("limits_max", 104, 8, RCK_FIELD_UINT64, 1),
            ("ports_max", 112, 8, RCK_FIELD_UINT64, 1),
            ("ring_lines", 120, 8, RCK_FIELD_UINT64, 1),
            ("violations_max", 128, 8, RCK_FIELD_UINT64, 1),
            ("history_max", 136, 8, RCK_FIELD_UINT64, 1),
            ("rate_exact_max", 144, 8, RCK_FIELD_UINT64, 1),
            ("windows_max", 152, 8, RCK_FIELD_UINT64, 1),
            ("duplicates_max", 160, 8, RCK_FIELD_UINT64, 1),
            ("ladder_levels_max", 168, 8, RCK_FIELD_UINT64, 1),
            ("price_history_max", 176, 8, RCK_FIELD_UINT64, 1),
            ("order_history_max", 184, 8, RCK_FIELD_UINT64, 1),
            ("leases_max", 192, 8, RCK_FIELD_UINT64, 1),
            ("executions_max", 200, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_fault": (
        128,
        [
            ("status", 0, 4, RCK_FIELD_INT32, 1),
            ("system_error", 4, 4, RCK_FIELD_INT32, 1),
            ("value", 8, 8, RCK_FIELD_INT64, 1),
            ("minimum", 16, 8, RCK_FIELD_INT64, 1),
            ("maximum", 24, 8, RCK_FIELD_INT64, 1),
            ("record", 32, 1, RCK_FIELD_CHAR, 32),
            ("field", 64, 1, RCK_FIELD_CHAR, 32),
            ("reserved", 96, 8, RCK_FIELD_UINT64, 4),
        ],
    ),
    "rck_currency": (
        56,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("rate_decimals", 44, 4, RCK_FIELD_UINT32, 1),
            ("rate", 48, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_group": (
        56,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("kind", 44, 4, RCK_FIELD_UINT32, 1),
            ("quantity_decimals", 48, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 52, 4, RCK_FIELD_UINT32, 1),
        ],
    ),
    "rck_account": (
        72,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("permissions", 44, 4, RCK_FIELD_UINT32, 1),
            ("groups", 48, 4, RCK_FIELD_UINT32, 4),
            ("margin_class", 64, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 68, 4, RCK_FIELD_UINT32, 1),
        ],
    ),
    "rck_strategy": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("permissions", 44, 4, RCK_FIELD_UINT32, 1),
            ("groups", 48, 4, RCK_FIELD_UINT32, 4),
        ],
    ),
    "rck_instrument": (
        160,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("currency", 44, 4, RCK_FIELD_UINT32, 1),
            ("price_decimals", 48, 4, RCK_FIELD_UINT32, 1),
            ("quantity_decimals", 52, 4, RCK_FIELD_UINT32, 1),
            ("multiplier_decimals", 56, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 60, 4, RCK_FIELD_UINT32, 1),
            ("multiplier", 64, 8, RCK_FIELD_INT64, 1),
            ("lot", 72, 8, RCK_FIELD_INT64, 1),
            ("tick", 80, 8, RCK_FIELD_INT64, 1),
            ("groups", 88, 4, RCK_FIELD_UINT32, 4),
            ("price_min", 104, 8, RCK_FIELD_INT64, 1),
            ("price_max", 112, 8, RCK_FIELD_INT64, 1),
            ("previous_close", 120, 8, RCK_FIELD_INT64, 1),
            ("reference_price", 128, 8, RCK_FIELD_INT64, 1),
            ("reference", 136, 4, RCK_FIELD_UINT32, 1),
            ("slippage_bps", 140, 4, RCK_FIELD_UINT32, 1),
            ("margin_bps", 144, 4, RCK_FIELD_UINT32, 4),
        ],
    ),
    "rck_calendar": (
        824,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("entries", 44, 4, RCK_FIELD_UINT32, 1),
            ("end_ns", 48, 8, RCK_FIELD_INT64, 1),
            ("starts", 56, 8, RCK_FIELD_INT64, 64),
            ("permissions", 568, 4, RCK_FIELD_UINT32, 64),
        ],
    ),
    "rck_limit": (
        128,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("limit_id", 4, 4, RCK_FIELD_UINT32, 1),
            ("control", 8, 4, RCK_FIELD_UINT32, 1),
            ("measure", 12, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 16, 4, RCK_FIELD_UINT32, 1),
            ("id", 20, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 24, 4, RCK_FIELD_UINT32, 1),
            ("side", 28, 4, RCK_FIELD_UINT32, 1),
            ("order_type", 32, 4, RCK_FIELD_UINT32, 1),
            ("levels", 36, 4, RCK_FIELD_UINT32, 1),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("reference", 44, 4, RCK_FIELD_UINT32, 1),
            ("warn", 48, 8, RCK_FIELD_INT64, 1),
            ("soft", 56, 8, RCK_FIELD_INT64, 1),
            ("hard", 64, 8, RCK_FIELD_INT64, 1),
            ("window_ns", 72, 8, RCK_FIELD_INT64, 1),
            ("actions", 80, 1, RCK_FIELD_UINT8, 4),
            ("actor", 84, 4, RCK_FIELD_UINT32, 1),
            ("reason", 88, 1, RCK_FIELD_CHAR, 32),
            ("generation", 120, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_override": (
        104,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("override_id", 4, 4, RCK_FIELD_UINT32, 1),
            ("order_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("control", 16, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 20, 4, RCK_FIELD_UINT32, 1),
            ("id", 24, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 28, 4, RCK_FIELD_UINT32, 1),
            ("actor", 32, 4, RCK_FIELD_UINT32, 1),
            ("count", 36, 4, RCK_FIELD_UINT32, 1),
            ("quantity", 40, 8, RCK_FIELD_INT64, 1),
            ("expiry_ns", 48, 8, RCK_FIELD_INT64, 1),
            ("reason", 56, 1, RCK_FIELD_CHAR, 32),
            ("live", 88, 4, RCK_FIELD_UINT32, 1),
            ("count_left", 92, 4, RCK_FIELD_UINT32, 1),
            ("quantity_left", 96, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_custom": (
        136,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("id", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("flags", 40, 4, RCK_FIELD_UINT32, 1),
            ("overruns_max", 44, 4, RCK_FIELD_UINT32, 1),
            ("budget_ns", 48, 8, RCK_FIELD_INT64, 1),
            ("cool_down_ns", 56, 8, RCK_FIELD_INT64, 1),
            ("actor", 64, 4, RCK_FIELD_UINT32, 1),
            ("breaker", 68, 4, RCK_FIELD_UINT32, 1),
            ("reason", 72, 1, RCK_FIELD_CHAR, 32),
            ("calls", 104, 8, RCK_FIELD_UINT64, 1),
            ("refusals", 112, 8, RCK_FIELD_UINT64, 1),
            ("overruns", 120, 8, RCK_FIELD_UINT64, 1),
            ("longest_ns", 128, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_latch": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 4, 4, RCK_FIELD_UINT32, 1),
            ("id", 8, 4, RCK_FIELD_UINT32, 1),
            ("state", 12, 4, RCK_FIELD_UINT32, 1),
            ("actor", 16, 4, RCK_FIELD_UINT32, 1),
            ("control", 20, 4, RCK_FIELD_UINT32, 1),
            ("time_ns", 24, 8, RCK_FIELD_INT64, 1),
            ("reason", 32, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_port_watch": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("port", 4, 4, RCK_FIELD_UINT32, 1),
            ("silence_ns", 8, 8, RCK_FIELD_INT64, 1),
            ("scope_kind", 16, 4, RCK_FIELD_UINT32, 1),
            ("id", 20, 4, RCK_FIELD_UINT32, 1),
            ("state", 24, 4, RCK_FIELD_UINT32, 1),
            ("actor", 28, 4, RCK_FIELD_UINT32, 1),
            ("reason", 32, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_rearming": (
        56,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("control", 4, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 8, 4, RCK_FIELD_UINT32, 1),
            ("id", 12, 4, RCK_FIELD_UINT32, 1),
            ("actor", 16, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 20, 4, RCK_FIELD_UINT32, 1),
            ("reason", 24, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_order_info": (
        128,
        [
            ("token", 0, 8, RCK_FIELD_UINT64, 1),
            ("order_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("correlation_id", 16, 8, RCK_FIELD_UINT64, 1),
            ("price", 24, 8, RCK_FIELD_INT64, 1),
            ("stop_price", 32, 8, RCK_FIELD_INT64, 1),
            ("quantity", 40, 8, RCK_FIELD_INT64, 1),
            ("leaves", 48, 8, RCK_FIELD_INT64, 1),
            ("cumulative", 56, 8, RCK_FIELD_INT64, 1),
            ("reserved_value", 64, 8, RCK_FIELD_INT64, 1),
            ("account", 72, 4, RCK_FIELD_UINT32, 1),
            ("strategy", 76, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 80, 4, RCK_FIELD_UINT32, 1),
            ("venue", 84, 4, RCK_FIELD_UINT32, 1),
            ("side", 88, 1, RCK_FIELD_UINT8, 1),
            ("type", 89, 1, RCK_FIELD_UINT8, 1),
            ("time_in_force", 90, 1, RCK_FIELD_UINT8, 1),
            ("state", 91, 1, RCK_FIELD_UINT8, 1),
            ("reserved0", 92, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 96, 8, RCK_FIELD_UINT64, 4),
        ],
    ),
    "rck_control_info": (
        96,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("control", 4, 4, RCK_FIELD_UINT32, 1),
            ("name", 8, 1, RCK_FIELD_CHAR, 32),
            ("unit", 40, 4, RCK_FIELD_UINT32, 1),
            ("scopes", 44, 4, RCK_FIELD_UINT32, 1),
            ("sided", 48, 4, RCK_FIELD_UINT32, 1),
            ("typed", 52, 4, RCK_FIELD_UINT32, 1),
            ("reducing", 56, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 60, 4, RCK_FIELD_UINT32, 1),
            ("measures", 64, 8, RCK_FIELD_UINT64, 1),
            ("actions", 72, 1, RCK_FIELD_UINT8, 8),
            ("codes", 80, 8, RCK_FIELD_UINT64, 2),
        ],
    ),
    "rck_position": (
        72,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("account", 4, 4, RCK_FIELD_UINT32, 1),
            ("strategy", 8, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 12, 4, RCK_FIELD_UINT32, 1),
            ("quantity", 16, 8, RCK_FIELD_INT64, 1),
            ("price", 24, 8, RCK_FIELD_INT64, 1),
            ("actor", 32, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 36, 4, RCK_FIELD_UINT32, 1),
            ("reason", 40, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_position_info": (
        96,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("account", 4, 4, RCK_FIELD_UINT32, 1),
            ("strategy", 8, 4, RCK_FIELD_UINT32, 1),
            ("instrument", 12, 4, RCK_FIELD_UINT32, 1),
            ("net", 16, 8, RCK_FIELD_INT64, 1),
            ("open_buys", 24, 8, RCK_FIELD_INT64, 1),
            ("open_sells", 32, 8, RCK_FIELD_INT64, 1),
            ("booked", 40, 8, RCK_FIELD_INT64, 1),
            ("buys", 48, 8, RCK_FIELD_INT64, 1),
            ("sells", 56, 8, RCK_FIELD_INT64, 1),
            ("margin", 64, 8, RCK_FIELD_INT64, 1),
            ("realised", 72, 8, RCK_FIELD_INT64, 1),
            ("marked", 80, 8, RCK_FIELD_INT64, 1),
            ("fees", 88, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_cash": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("account", 4, 4, RCK_FIELD_UINT32, 1),
            ("cash", 8, 8, RCK_FIELD_INT64, 1),
            ("credit", 16, 8, RCK_FIELD_INT64, 1),
            ("actor", 24, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 28, 4, RCK_FIELD_UINT32, 1),
            ("reason", 32, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_book_info": (
        192,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 4, 4, RCK_FIELD_UINT32, 1),
            ("id", 8, 4, RCK_FIELD_UINT32, 1),
            ("open_positions", 12, 4, RCK_FIELD_UINT32, 1),
            ("gross", 16, 8, RCK_FIELD_INT64, 1),
            ("net_long", 24, 8, RCK_FIELD_INT64, 1),
            ("net_short", 32, 8, RCK_FIELD_INT64, 1),
            ("margin", 40, 8, RCK_FIELD_INT64, 1),
            ("orders", 48, 8, RCK_FIELD_INT64, 1),
            ("orders_value", 56, 8, RCK_FIELD_INT64, 1),
            ("realised", 64, 8, RCK_FIELD_INT64, 1),
            ("marked", 72, 8, RCK_FIELD_INT64, 1),
            ("fees", 80, 8, RCK_FIELD_INT64, 1),
            ("cash", 88, 8, RCK_FIELD_INT64, 1),
            ("credit", 96, 8, RCK_FIELD_INT64, 1),
            ("mark_time_ns", 104, 8, RCK_FIELD_INT64, 1),
            ("quantity_long", 112, 8, RCK_FIELD_INT64, 1),
            ("quantity_short", 120, 8, RCK_FIELD_INT64, 1),
            ("day_realised", 128, 8, RCK_FIELD_INT64, 1),
            ("day_total", 136, 8, RCK_FIELD_INT64, 1),
            ("day_peak", 144, 8, RCK_FIELD_INT64, 1),
            ("day_messages", 152, 8, RCK_FIELD_INT64, 1),
            ("day_trades", 160, 8, RCK_FIELD_INT64, 1),
            ("rejects", 168, 8, RCK_FIELD_INT64, 1),
            ("repeated", 176, 8, RCK_FIELD_INT64, 1),
            ("instrument", 184, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 188, 4, RCK_FIELD_UINT32, 1),
        ],
    ),
    "rck_quote": (
        64,
        [
            ("instrument", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("bid", 8, 8, RCK_FIELD_INT64, 1),
            ("ask", 16, 8, RCK_FIELD_INT64, 1),
            ("bid_size", 24, 8, RCK_FIELD_INT64, 1),
            ("ask_size", 32, 8, RCK_FIELD_INT64, 1),
            ("time_ns", 40, 8, RCK_FIELD_INT64, 1),
            ("reserved", 48, 8, RCK_FIELD_UINT64, 2),
        ],
    ),
    "rck_trade": (
        64,
        [
            ("instrument", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("price", 8, 8, RCK_FIELD_INT64, 1),
            ("quantity", 16, 8, RCK_FIELD_INT64, 1),
            ("time_ns", 24, 8, RCK_FIELD_INT64, 1),
            ("reserved", 32, 8, RCK_FIELD_UINT64, 4),
        ],
    ),
    "rck_book": (
        384,
        [
            ("instrument", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("bids", 8, 4, RCK_FIELD_UINT32, 1),
            ("asks", 12, 4, RCK_FIELD_UINT32, 1),
            ("time_ns", 16, 8, RCK_FIELD_INT64, 1),
            ("bid_prices", 24, 8, RCK_FIELD_INT64, 10),
            ("bid_sizes", 104, 8, RCK_FIELD_INT64, 10),
            ("ask_prices", 184, 8, RCK_FIELD_INT64, 10),
            ("ask_sizes", 264, 8, RCK_FIELD_INT64, 10),
            ("reserved", 344, 8, RCK_FIELD_UINT64, 5),
        ],
    ),
    "rck_violation": (
        104,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("state", 4, 4, RCK_FIELD_UINT32, 1),
            ("violation_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("control", 16, 4, RCK_FIELD_UINT32, 1),
            ("severity", 20, 4, RCK_FIELD_UINT32, 1),
            ("action", 24, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 28, 4, RCK_FIELD_UINT32, 1),
            ("scope_id", 32, 8, RCK_FIELD_UINT64, 1),
            ("limit_id", 40, 4, RCK_FIELD_UINT32, 1),
            ("account", 44, 4, RCK_FIELD_UINT32, 1),
            ("limit", 48, 8, RCK_FIELD_INT64, 1),
            ("worst", 56, 8, RCK_FIELD_INT64, 1),
            ("worst_bps", 64, 4, RCK_FIELD_INT32, 1),
            ("actor", 68, 4, RCK_FIELD_UINT32, 1),
            ("count", 72, 8, RCK_FIELD_UINT64, 1),
            ("first_ns", 80, 8, RCK_FIELD_INT64, 1),
            ("last_ns", 88, 8, RCK_FIELD_INT64, 1),
            ("order_id", 96, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_violation_filter": (
        32,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("states", 4, 4, RCK_FIELD_UINT32, 1),
            ("control", 8, 4, RCK_FIELD_UINT32, 1),
            ("scope_kind", 12, 4, RCK_FIELD_UINT32, 1),
            ("account", 16, 4, RCK_FIELD_UINT32, 1),
            ("severity_min", 20, 4, RCK_FIELD_UINT32, 1),
            ("since_ns", 24, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_violation_change": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("state", 4, 4, RCK_FIELD_UINT32, 1),
            ("violation_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("before_ns", 16, 8, RCK_FIELD_INT64, 1),
            ("actor", 24, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 28, 4, RCK_FIELD_UINT32, 1),
            ("reason", 32, 1, RCK_FIELD_CHAR, 32),
        ],
    ),
    "rck_statistics": (
        680,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 4, 4, RCK_FIELD_UINT32, 1),
            ("checks", 8, 8, RCK_FIELD_UINT64, 1),
            ("refused", 16, 8, RCK_FIELD_UINT64, 1),
            ("warned", 24, 8, RCK_FIELD_UINT64, 1),
            ("refused_by", 32, 8, RCK_FIELD_UINT64, 32),
            ("warned_by", 288, 8, RCK_FIELD_UINT64, 32),
            ("second_checks", 544, 8, RCK_FIELD_UINT64, 1),
            ("second_refused", 552, 8, RCK_FIELD_UINT64, 1),
            ("minute_checks", 560, 8, RCK_FIELD_UINT64, 1),
            ("minute_refused", 568, 8, RCK_FIELD_UINT64, 1),
            ("hour_checks", 576, 8, RCK_FIELD_UINT64, 1),
            ("hour_refused", 584, 8, RCK_FIELD_UINT64, 1),
            ("time_ns", 592, 8, RCK_FIELD_INT64, 1),
            ("timed", 600, 8, RCK_FIELD_UINT64, 1),
            ("latency_p50_ns", 608, 8, RCK_FIELD_INT64, 1),
            ("latency_p90_ns", 616, 8, RCK_FIELD_INT64, 1),
            ("latency_p99_ns", 624, 8, RCK_FIELD_INT64, 1),
            ("latency_p999_ns", 632, 8, RCK_FIELD_INT64, 1),
            ("latency_p9999_ns", 640, 8, RCK_FIELD_INT64, 1),
            ("latency_max_ns", 648, 8, RCK_FIELD_INT64, 1),
            ("violations_open", 656, 8, RCK_FIELD_UINT64, 1),
            ("violations_ended", 664, 8, RCK_FIELD_UINT64, 1),
            ("violations_dropped", 672, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_journal_config": (
        40,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("sync", 4, 4, RCK_FIELD_UINT32, 1),
            ("sync_interval_ns", 8, 8, RCK_FIELD_INT64, 1),
            ("segment_bytes", 16, 8, RCK_FIELD_UINT64, 1),
            ("segment_ns", 24, 8, RCK_FIELD_INT64, 1),
            ("segments_max", 32, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_pump_info": (
        104,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("port", 4, 4, RCK_FIELD_UINT32, 1),
            ("region_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("segment", 16, 8, RCK_FIELD_UINT64, 1),
            ("segment_bytes", 24, 8, RCK_FIELD_UINT64, 1),
            ("records", 32, 8, RCK_FIELD_UINT64, 1),
            ("lines", 40, 8, RCK_FIELD_UINT64, 1),
            ("repeats", 48, 8, RCK_FIELD_UINT64, 1),
            ("records_all", 56, 8, RCK_FIELD_UINT64, 1),
            ("bytes_all", 64, 8, RCK_FIELD_UINT64, 1),
            ("syncs", 72, 8, RCK_FIELD_UINT64, 1),
            ("segments_finished", 80, 8, RCK_FIELD_UINT64, 1),
            ("failures", 88, 8, RCK_FIELD_UINT64, 1),
            ("waiting", 96, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_journal_cursor": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("chain", 4, 4, RCK_FIELD_UINT32, 1),
            ("segment", 8, 8, RCK_FIELD_UINT64, 1),
            ("offset", 16, 8, RCK_FIELD_UINT64, 1),
            ("block", 24, 8, RCK_FIELD_UINT64, 1),
            ("region_id", 32, 8, RCK_FIELD_UINT64, 1),
            ("port", 40, 4, RCK_FIELD_UINT32, 1),
            ("flags", 44, 4, RCK_FIELD_UINT32, 1),
            ("reserved", 48, 8, RCK_FIELD_UINT64, 2),
        ],
    ),
    "rck_verify_info": (
        112,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("region_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("first_segment", 16, 8, RCK_FIELD_UINT64, 1),
            ("last_segment", 24, 8, RCK_FIELD_UINT64, 1),
            ("blocks", 32, 8, RCK_FIELD_UINT64, 1),
            ("records", 40, 8, RCK_FIELD_UINT64, 1),
            ("lines", 48, 8, RCK_FIELD_UINT64, 1),
            ("bytes", 56, 8, RCK_FIELD_UINT64, 1),
            ("lost", 64, 8, RCK_FIELD_UINT64, 1),
            ("torn_bytes", 72, 8, RCK_FIELD_UINT64, 1),
            ("damaged_segment", 80, 8, RCK_FIELD_UINT64, 1),
            ("damaged_offset", 88, 8, RCK_FIELD_UINT64, 1),
            ("first_time_ns", 96, 8, RCK_FIELD_INT64, 1),
            ("last_time_ns", 104, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_snapshot_info": (
        64,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("layout_version", 4, 4, RCK_FIELD_UINT32, 1),
            ("region_id", 8, 8, RCK_FIELD_UINT64, 1),
            ("opened", 16, 8, RCK_FIELD_UINT64, 1),
            ("hash", 24, 8, RCK_FIELD_UINT64, 2),
            ("time_ns", 40, 8, RCK_FIELD_INT64, 1),
            ("records", 48, 8, RCK_FIELD_UINT64, 1),
            ("turned_ns", 56, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_replay_info": (
        368,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("flags", 4, 4, RCK_FIELD_UINT32, 1),
            ("limits", 8, 4, RCK_FIELD_UINT32, 1),
            ("differences_max", 12, 4, RCK_FIELD_UINT32, 1),
            ("commands_max", 16, 8, RCK_FIELD_UINT64, 1),
            ("records", 24, 8, RCK_FIELD_UINT64, 1),
            ("commands", 32, 8, RCK_FIELD_UINT64, 1),
            ("checks", 40, 8, RCK_FIELD_UINT64, 1),
            ("differing", 48, 8, RCK_FIELD_UINT64, 1),
            ("refused_now", 56, 8, RCK_FIELD_UINT64, 1),
            ("passed_now", 64, 8, RCK_FIELD_UINT64, 1),
            ("overlapped", 72, 8, RCK_FIELD_UINT64, 1),
            ("forced", 80, 8, RCK_FIELD_UINT64, 1),
            ("skipped", 88, 8, RCK_FIELD_UINT64, 1),
            ("lost", 96, 8, RCK_FIELD_UINT64, 1),
            ("controls", 104, 8, RCK_FIELD_UINT64, 32),
            ("time_ns", 360, 8, RCK_FIELD_INT64, 1),
        ],
    ),
    "rck_stats": (
        96,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("open", 4, 4, RCK_FIELD_UINT32, 1),
            ("events_written", 8, 8, RCK_FIELD_UINT64, 1),
            ("events_read", 16, 8, RCK_FIELD_UINT64, 1),
            ("events_refused", 24, 8, RCK_FIELD_UINT64, 1),
            ("events_lost", 32, 8, RCK_FIELD_UINT64, 1),
            ("ring_lines", 40, 8, RCK_FIELD_UINT64, 1),
            ("ring_lines_used", 48, 8, RCK_FIELD_UINT64, 1),
            ("ring_lines_used_max", 56, 8, RCK_FIELD_UINT64, 1),
            ("clock_clamps", 64, 8, RCK_FIELD_UINT64, 1),
            ("clock_refusals", 72, 8, RCK_FIELD_UINT64, 1),
            ("time_ns", 80, 8, RCK_FIELD_INT64, 1),
            ("contended", 88, 8, RCK_FIELD_UINT64, 1),
        ],
    ),
    "rck_health_info": (
        104,
        [
            ("struct_size", 0, 4, RCK_FIELD_UINT32, 1),
            ("state", 4, 4, RCK_FIELD_UINT32, 1),
            ("failed_site", 8, 8, RCK_FIELD_UINT64, 1),
            ("opened", 16, 8, RCK_FIELD_UINT64, 1),
            ("recovered", 24, 4, RCK_FIELD_UINT32, 1),
            ("owner_pid", 28, 4, RCK_FIELD_UINT32, 1),
            ("time_ns", 32, 8, RCK_FIELD_INT64, 1),
            ("region_bytes", 40, 8, RCK_FIELD_UINT64, 1),
            ("definitions", 48, 8, RCK_FIELD_UINT64, 1),
            ("ports_open", 56, 4, RCK_FIELD_UINT32, 1),
            ("ports_max", 60, 4, RCK_FIELD_UINT32, 1),
            ("events_lost", 64, 8, RCK_FIELD_UINT64, 1),
            ("events_refused", 72, 8, RCK_FIELD_UINT64, 1),
            ("currencies", 80, 4, RCK_FIELD_UINT32, 1),
            ("groups", 84, 4, RCK_FIELD_UINT32, 1),
            ("accounts", 88, 4, RCK_FIELD_UINT32, 1),
            ("strategies", 92, 4, RCK_FIELD_UINT32, 1),
            ("instruments", 96, 4, RCK_FIELD_UINT32, 1),
            ("calendars", 100, 4, RCK_FIELD_UINT32, 1),
        ],
    ),
}
