/* riskcheck.h: pre-trade and real-time risk, embedded in the trading process.
 *
 * This header is the contract and the manual. It is C99 and C++17 or later; it needs <stdint.h> only.
 *
 * All state lives in one region of memory whose size is known before it is made. An engine is a region in
 * use. A port is what one thread holds to work with an engine. What happened comes out as events, fixed
 * records in a ring of the port that caused them.
 *
 * CAVEATS, each with its remedy
 *
 * Threads    A port belongs to one thread at a time. A call that finds its port in another call returns
 *            RCK_E_BUSY; that catches most mistakes, not all. Give each thread a port of its own. On an
 *            engine handle, a call whose handle parameter is `const` may run at the same time as anything;
 *            the other engine calls (definitions, ports, close) take turns, and one that cannot get its
 *            turn within a bounded number of tries returns RCK_E_BUSY and has done nothing: call again.
 *            While somebody tries to close a handle, every call on it returns RCK_E_BUSY.
 * Signals    The library installs no signal handler and needs none. A handler may call on a port of its
 *            own, which its thread uses nowhere else. If it interrupts a call on the same port, its own
 *            call returns RCK_E_BUSY.
 * Leaving    A call must be left by its return. A thread that is cancelled, or that jumps out of a call
 *            from a signal handler, leaves its port and engine busy until the process ends.
 * fork       Handles do not survive a fork: in the child every handle gives RCK_E_HANDLE, and the region
 *            is not mapped there, unless its memory was the caller's. The parent goes on undisturbed. The
 *            child may open or attach anew. A child does inherit the locks on a file-backed region: until
 *            it execs or ends, nobody can open the file after the parent's death (RCK_E_LOCK_INHERITED),
 *            or consume its events if the parent did (RCK_E_CONSUMED).
 * dlclose    The library stays loaded once it is loaded (-z nodelete). dlclose is harmless and frees
 *            nothing: close what you opened.
 * Clock      Times are UTC nanoseconds since 1970, given in each record; a zero asks the library to read
 *            the clock (RCK_CLOCK_REALTIME) or is refused (RCK_CLOCK_HOST). Each port's time goes forward:
 *            up to clock_back_ns_max back is clamped and counted, beyond that the call is refused.
 * Files      A file-backed region must not be truncated or written by others while it is open: the kernel
 *            answers that with SIGBUS. It must be on a local file system with byte-range locks. Processes
 *            that share it must see each other's pids (one PID namespace, /proc mounted); otherwise a
 *            living owner looks dead to rck_health and RCK_E_LOCK_INHERITED is said of it.
 * Machine    x86-64 Linux 4.14 or later (MADV_WIPEONFORK, membarrier); elsewhere create and open return
 *            RCK_E_UNSUPPORTED. A file is read by the layout version that wrote it.
 * Trust      The library checks what it is handed. It cannot check what another part of the process
 *            scribbles over its region; when it finds a broken invariant it refuses everything that would
 *            change state from then on (RCK_E_FAILED) and rck_health says where. Looking still works.
 *
 * CONVENTIONS
 *
 * A call returns an rck_status: 0 passed, positive a refusal for a reason of trading, negative a misuse of
 * the call or a resource that is not there. After a negative status nothing has changed.
 * Ids are small integers from 1 to the capacity, chosen by the host. 0 means none.
 * Names are UTF-8 of at most 31 bytes, ended by a zero byte.
 * Records of 64 or 128 bytes pass through the hot path; their reserved fields must be zero. Other structs,
 * save rck_fault, begin with struct_size, which the caller sets to sizeof before every call.
 * Prices and quantities are integers in units of 10^-decimals of their instrument, money in units of
 * 10^-money_decimals of the base currency. Names end in their unit.
 * Numbers in this file never change their meaning and are never used again.
 */
#ifndef RISKCHECK_H
#define RISKCHECK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RCK_VERSION_MAJOR 0
#define RCK_VERSION_MINOR 1
#define RCK_VERSION_PATCH 0
#define RCK_ABI_VERSION 0

/* ==== Handles and limits of the library =============================================================== */

/* Names of an engine and of a port. A handle is an index and a generation, never an address: do not follow
 * it. NULL, closed, stale and foreign handles, and one of the wrong kind, give RCK_E_HANDLE. */
typedef struct rck_engine rck_engine;
typedef struct rck_port rck_port;

#define RCK_HANDLES_MAX 1024   /* engines and ports open at once in one process, all engines together */
#define RCK_NAME_BYTES 32      /* with the zero byte */
#define RCK_GROUPS_EACH 4      /* groups that one account, strategy or instrument can be in */
#define RCK_REGION_ALIGN 64    /* of memory given to rck_engine_create */
#define RCK_RECORD_LINES_MAX 8 /* 64-byte lines of the longest event record */
#define RCK_TIME_NS_MAX 4611686018427387903 /* 2^62 - 1: the year 2116 */

/* ==== Statuses ======================================================================================== */

typedef int32_t rck_status;

/* Passed. */
#define RCK_OK 0
#define RCK_REPEAT 1 /* known already: nothing changed */

/* Refusals that no single control owns: 10 to 99. */
#define RCK_REJECT_TIME_MISSING 10   /* time_ns is 0 and the clock source is RCK_CLOCK_HOST */
#define RCK_REJECT_TIME_BACK 11      /* further back than clock_back_ns_max */
#define RCK_REJECT_TIME_RANGE 12     /* negative, or above RCK_TIME_NS_MAX */
#define RCK_REJECT_DEADLINE 13       /* the order's deadline has passed */
#define RCK_REJECT_RING_FULL 14      /* no room in the port's ring */
#define RCK_REJECT_ORDERS_FULL 20    /* orders_max orders are live */
#define RCK_REJECT_POSITIONS_FULL 21 /* positions_max rows are in use */
#define RCK_REJECT_WINDOWS_FULL 22   /* windows_max windows are in use */
#define RCK_REJECT_ORDER_ID_TAKEN 30 /* the id is known with other terms */
#define RCK_REJECT_ORDER_UNKNOWN 31
#define RCK_REJECT_ORDER_FINISHED 32
#define RCK_REJECT_ORDER_UNCONFIRMED 33 /* recovered, and neither confirmed nor released since */
#define RCK_REJECT_AMEND_PENDING 34     /* one amend in flight an order */
#define RCK_REJECT_LIMIT_MISSING 40     /* a limit that the catalogue requires is not set */

/* Refusals by control Pnn: nn01 to nn49 a limit or rule is broken, nn50 to nn79 an input is missing or too
 * old, nn80 to nn99 arithmetic. */
#define RCK_REJECT_INSTRUMENT_UNKNOWN 101
#define RCK_REJECT_INSTRUMENT_DISABLED 102
#define RCK_REJECT_ACCOUNT_UNKNOWN 103
#define RCK_REJECT_ACCOUNT_DISABLED 104
#define RCK_REJECT_ACCOUNT_PERMISSION 105
#define RCK_REJECT_STRATEGY_UNKNOWN 106
#define RCK_REJECT_STRATEGY_DISABLED 107
#define RCK_REJECT_STRATEGY_PERMISSION 108
#define RCK_REJECT_VENUE_UNKNOWN 109
#define RCK_REJECT_QUANTITY_NOT_POSITIVE 110
#define RCK_REJECT_QUANTITY_LOT 111
#define RCK_REJECT_QUANTITY_BOUNDS 112
#define RCK_REJECT_PRICE_TICK 115
#define RCK_REJECT_PRICE_BOUNDS 116
#define RCK_REJECT_STOP_PRICE_TICK 117
#define RCK_REJECT_STOP_PRICE_BOUNDS 118
#define RCK_REJECT_SIDE 120
#define RCK_REJECT_TYPE 121
#define RCK_REJECT_TIME_IN_FORCE 122
#define RCK_REJECT_FLAGS 123
#define RCK_REJECT_PRICE_MISSING 150
#define RCK_REJECT_STOP_PRICE_MISSING 151
#define RCK_REJECT_ORDER_OVERFLOW 180
#define RCK_REJECT_ORDER_QUANTITY 201
#define RCK_REJECT_ORDER_NOTIONAL 301
#define RCK_REJECT_NOTIONAL_REFERENCE_MISSING 350
#define RCK_REJECT_CURRENCY_RATE_MISSING 351
#define RCK_REJECT_NOTIONAL_OVERFLOW 380
#define RCK_REJECT_COLLAR_ABOVE 401
#define RCK_REJECT_COLLAR_BELOW 402
#define RCK_REJECT_COLLAR_LAST_MISSING 450
#define RCK_REJECT_COLLAR_MID_MISSING 451
#define RCK_REJECT_COLLAR_OWN_SIDE_MISSING 452
#define RCK_REJECT_COLLAR_CLOSE_MISSING 453
#define RCK_REJECT_COLLAR_SET_MISSING 454
#define RCK_REJECT_COLLAR_OVERFLOW 480
#define RCK_REJECT_PERIOD_COLLAR_ABOVE 501
#define RCK_REJECT_PERIOD_COLLAR_BELOW 502
#define RCK_REJECT_PERIOD_PRICE_MISSING 550
#define RCK_REJECT_POSITION_LONG 601
#define RCK_REJECT_POSITION_SHORT 602
#define RCK_REJECT_POSITION_OVERFLOW 680
#define RCK_REJECT_EXPOSURE_GROSS 701
#define RCK_REJECT_EXPOSURE_NET_LONG 702
#define RCK_REJECT_EXPOSURE_NET_SHORT 703
#define RCK_REJECT_EXPOSURE_MARK_MISSING 750
#define RCK_REJECT_EXPOSURE_MARK_STALE 751
#define RCK_REJECT_EXPOSURE_OVERFLOW 780
#define RCK_REJECT_CONCENTRATION 801
#define RCK_REJECT_LEVERAGE 802
#define RCK_REJECT_EQUITY_MISSING 850
#define RCK_REJECT_EQUITY_STALE 851
#define RCK_REJECT_BUYING_POWER 901
#define RCK_REJECT_CREDIT 902
#define RCK_REJECT_CASH_MISSING 950
#define RCK_REJECT_MARGIN_MISSING 951
#define RCK_REJECT_BUYING_POWER_MARK_STALE 952
#define RCK_REJECT_BUYING_POWER_OVERFLOW 980
#define RCK_REJECT_VOLUME_SHARE 1001
#define RCK_REJECT_DEPTH_SHARE 1002
#define RCK_REJECT_SPREAD 1003
#define RCK_REJECT_DISPLAYED_SIZE 1004
#define RCK_REJECT_VOLUME_MISSING 1050
#define RCK_REJECT_DEPTH_MISSING 1051
#define RCK_REJECT_SPREAD_MISSING 1052
#define RCK_REJECT_RATE_NEW 1101
#define RCK_REJECT_RATE_MODIFY 1102
#define RCK_REJECT_RATE_CANCEL 1103
#define RCK_REJECT_QUANTITY_DAY 1201
#define RCK_REJECT_NOTIONAL_DAY 1202
#define RCK_REJECT_QUANTITY_ROLLING 1203
#define RCK_REJECT_NOTIONAL_ROLLING 1204
#define RCK_REJECT_ACCUMULATED_OVERFLOW 1280
#define RCK_REJECT_WORKING_COUNT 1301
#define RCK_REJECT_WORKING_NOTIONAL 1302
#define RCK_REJECT_DUPLICATE 1401
#define RCK_REJECT_DUPLICATES_FULL 1450
#define RCK_REJECT_SELF_TRADE 1501
#define RCK_REJECT_SELF_TRADE_BEYOND_LADDER 1502
#define RCK_REJECT_REPEATED_EXECUTION 1601
#define RCK_REJECT_LOSS_REALISED 1701
#define RCK_REJECT_LOSS_TOTAL 1702
#define RCK_REJECT_LOSS_TRAILING 1703
#define RCK_REJECT_LOSS_MARK_MISSING 1750
#define RCK_REJECT_LOSS_MARK_STALE 1751
#define RCK_REJECT_DRAWDOWN_DAY 1801
#define RCK_REJECT_DRAWDOWN_WEEK 1802
#define RCK_REJECT_DRAWDOWN_MONTH 1803
#define RCK_REJECT_DRAWDOWN_ALL_TIME 1804
#define RCK_REJECT_DRAWDOWN_EQUITY_MISSING 1850
#define RCK_REJECT_DRAWDOWN_EQUITY_STALE 1851
#define RCK_REJECT_RESTRICTED 1901
#define RCK_REJECT_SESSION_CLOSED 1902
#define RCK_REJECT_LOCATE_SHORT 1903
#define RCK_REJECT_SESSION_MISSING 1950
#define RCK_REJECT_LOCATE_MISSING 1951
#define RCK_REJECT_QUOTE_AGE 2001
#define RCK_REJECT_SLIPPAGE 2002
#define RCK_REJECT_QUOTE_MISSING 2050
#define RCK_REJECT_DECISION_PRICE_MISSING 2051
#define RCK_REJECT_ORDER_TO_TRADE 2101
#define RCK_REJECT_VENUE_REJECTS 2102
#define RCK_REJECT_METRIC 2201
#define RCK_REJECT_METRIC_MISSING 2250
#define RCK_REJECT_CUSTOM 2301
#define RCK_REJECT_CUSTOM_BREAKER 2302
#define RCK_REJECT_CUSTOM_MISSING 2350
#define RCK_REJECT_VALUE_AT_RISK 2401
#define RCK_REJECT_EXPECTED_SHORTFALL 2402
#define RCK_REJECT_RISK_MISSING 2450
#define RCK_REJECT_RISK_STALE 2451
#define RCK_REJECT_GROUP_EXPOSURE 2501
#define RCK_REJECT_GROUP_MISSING 2550
#define RCK_REJECT_GROUP_OVERFLOW 2580
#define RCK_REJECT_HALTED 2601
#define RCK_REJECT_CANCEL_ONLY 2602
#define RCK_REJECT_REDUCE_ONLY 2603
#define RCK_REJECT_DISCONNECTED 2604

/* Misuse: handles -1 to -19, arguments -20 to -49, definitions -50 to -69, regions and files -70 to -99,
 * the system -100 and below. */
#define RCK_E_HANDLE (-1) /* NULL, closed, stale, foreign, forked, or of the wrong kind */
#define RCK_E_BUSY (-2)   /* open ports, a call in flight, or a turn not had: nothing done, try again */
#define RCK_E_HANDLES_FULL (-3)
#define RCK_E_READ_ONLY (-4)    /* the handle was opened for reading */
#define RCK_E_PORT_TAKEN (-5)   /* this port is open */
#define RCK_E_ONE_WRITER (-6)   /* a one-writer engine has its writing port */
#define RCK_E_NOT_CONSUMER (-7) /* events of this region are read by another process */
#define RCK_E_FAILED (-10)      /* an internal invariant failed: the engine takes nothing in any more */
#define RCK_E_NULL (-20)
#define RCK_E_STRUCT_SIZE (-21)
#define RCK_E_RESERVED (-22) /* a reserved field is not zero */
#define RCK_E_FLAGS (-23)    /* an unknown flag, or flags that exclude each other */
#define RCK_E_RANGE (-24)    /* a value outside what is allowed: the fault says which and what */
#define RCK_E_NAME (-25)     /* not ended within 32 bytes, not UTF-8, or with control characters */
#define RCK_E_BUFFER (-26)   /* the next record does not fit the buffer */
#define RCK_E_ALIGNMENT (-27)
#define RCK_E_TOO_SMALL (-28) /* memory_bytes is below what the configuration needs */
#define RCK_E_TOO_LARGE (-29) /* the region would exceed 2^40 bytes */
#define RCK_E_OVERLAP (-30)   /* the memory, or the file, is in use by another engine of this process */
#define RCK_E_UNKNOWN (-50)   /* no such id or name */
#define RCK_E_NAME_TAKEN (-51)
#define RCK_E_IN_USE (-52)     /* positions exist: decimals, multiplier and currency are fixed */
#define RCK_E_GROUP_KIND (-53) /* a group of another kind */
#define RCK_E_GROUP_TWICE (-54)
#define RCK_E_NOT_REGION (-70) /* not a region */
#define RCK_E_LAYOUT_VERSION (-71)
#define RCK_E_TRUNCATED (-72)
#define RCK_E_CORRUPT (-73)
#define RCK_E_OWNED (-74)          /* a live process has it open: the fault's value is its pid */
#define RCK_E_LOCK_INHERITED (-75) /* its owner died, but a forked child still holds the lock */
#define RCK_E_CONSUMED (-76)       /* another process reads its events */
#define RCK_E_NOT_SHARED (-77)     /* opened without RCK_SHARED: nobody may attach */
#define RCK_E_CONFIG_DIFFERS (-78) /* the file was made with another configuration */
#define RCK_E_UNFINISHED (-79)     /* its making was interrupted: rck_engine_open makes it anew */
#define RCK_E_NO_SPACE (-80)
#define RCK_E_NO_FILE (-81)
#define RCK_E_SYSTEM (-100) /* the fault carries errno */
#define RCK_E_UNSUPPORTED (-101)
#define RCK_E_NO_MEMORY (-102)

/* The constant's name, or "unknown". Static text, never NULL. Any thread. Since 0.1. */
const char *rck_status_name(rck_status status);

/* ==== Constants of the trading model ================================================================== */

/* Controls, by number in the catalogue. */
#define RCK_CONTROL_NONE 0
#define RCK_CONTROL_VALIDITY 1
#define RCK_CONTROL_ORDER_QUANTITY 2
#define RCK_CONTROL_ORDER_NOTIONAL 3
#define RCK_CONTROL_COLLAR 4
#define RCK_CONTROL_PERIOD_COLLAR 5
#define RCK_CONTROL_POSITION 6
#define RCK_CONTROL_EXPOSURE 7
#define RCK_CONTROL_CONCENTRATION 8
#define RCK_CONTROL_BUYING_POWER 9
#define RCK_CONTROL_LIQUIDITY 10
#define RCK_CONTROL_RATE 11
#define RCK_CONTROL_ACCUMULATED 12
#define RCK_CONTROL_WORKING 13
#define RCK_CONTROL_DUPLICATE 14
#define RCK_CONTROL_SELF_TRADE 15
#define RCK_CONTROL_REPEATED_EXECUTION 16
#define RCK_CONTROL_LOSS 17
#define RCK_CONTROL_DRAWDOWN 18
#define RCK_CONTROL_LISTS 19
#define RCK_CONTROL_QUOTE 20
#define RCK_CONTROL_CONDUCT 21
#define RCK_CONTROL_METRIC 22
#define RCK_CONTROL_CUSTOM 23
#define RCK_CONTROL_RISK_BUDGET 24
#define RCK_CONTROL_GROUP_EXPOSURE 25
#define RCK_CONTROL_STATE 26

#define RCK_SCOPE_NONE 0
#define RCK_SCOPE_GLOBAL 1
#define RCK_SCOPE_ACCOUNT 2
#define RCK_SCOPE_ACCOUNT_GROUP 3
#define RCK_SCOPE_STRATEGY 4
#define RCK_SCOPE_STRATEGY_GROUP 5
#define RCK_SCOPE_INSTRUMENT 6
#define RCK_SCOPE_INSTRUMENT_GROUP 7
#define RCK_SCOPE_ACCOUNT_INSTRUMENT 8
#define RCK_SCOPE_STRATEGY_INSTRUMENT 9

#define RCK_SEVERITY_NONE 0
#define RCK_SEVERITY_INFO 1
#define RCK_SEVERITY_WARNING 2
#define RCK_SEVERITY_SOFT 3
#define RCK_SEVERITY_HARD 4
#define RCK_SEVERITY_CRITICAL 5

#define RCK_ACTION_NONE 0
#define RCK_ACTION_LOG 1
#define RCK_ACTION_ALERT 2
#define RCK_ACTION_THROTTLE 3
#define RCK_ACTION_BLOCK 4
#define RCK_ACTION_REDUCE_ONLY 5
#define RCK_ACTION_CANCEL_OPEN 6
#define RCK_ACTION_LIQUIDATE 7
#define RCK_ACTION_HALT 8

#define RCK_SIDE_BUY 1
#define RCK_SIDE_SELL 2

#define RCK_TYPE_LIMIT 1
#define RCK_TYPE_MARKET 2
#define RCK_TYPE_STOP 3
#define RCK_TYPE_STOP_LIMIT 4

#define RCK_FORCE_DAY 1
#define RCK_FORCE_GOOD_TILL_CANCEL 2
#define RCK_FORCE_IMMEDIATE 3
#define RCK_FORCE_FILL_OR_KILL 4

#define RCK_REPORT_FILL 1
#define RCK_REPORT_BUST 2
#define RCK_REPORT_CORRECT 3

/* What an account or a strategy may send. */
#define RCK_PERMIT_BUY 0x00000001
#define RCK_PERMIT_SELL 0x00000002
#define RCK_PERMIT_SHORT 0x00000004 /* a sell that may open or extend a short position */
#define RCK_PERMIT_LIMIT 0x00000010
#define RCK_PERMIT_MARKET 0x00000020
#define RCK_PERMIT_STOP 0x00000040
#define RCK_PERMIT_STOP_LIMIT 0x00000080
#define RCK_PERMIT_DAY 0x00000100
#define RCK_PERMIT_GOOD_TILL_CANCEL 0x00000200
#define RCK_PERMIT_IMMEDIATE 0x00000400
#define RCK_PERMIT_FILL_OR_KILL 0x00000800
#define RCK_PERMIT_ALL 0x00000ff7

/* ==== Records: 64-byte lines ========================================================================== */

/* An order to be checked. Two lines. */
typedef struct rck_order {
  uint64_t order_id;       /* the host's, unique while live; not 0 */
  int64_t price;           /* limit price; 0 for a market order */
  int64_t quantity;        /* > 0 */
  int64_t time_ns;         /* 0: see Clock */
  int64_t deadline_ns;     /* 0: none */
  uint64_t correlation_id; /* the host's, repeated in every event of this order */
  int64_t decision_price;
  int64_t stop_price;
  uint32_t account;
  uint32_t strategy;
  uint32_t instrument;
  uint32_t venue;
  uint8_t side;          /* RCK_SIDE_ */
  uint8_t type;          /* RCK_TYPE_ */
  uint8_t time_in_force; /* RCK_FORCE_ */
  uint8_t reserved0;
  uint32_t flags;
  uint64_t reserved[5];
} rck_order;

/* What was decided, and why. One line. */
typedef struct rck_verdict {
  int32_t status;     /* 0, or the refusal's code */
  uint16_t control;   /* RCK_CONTROL_: the control that decided */
  uint8_t severity;   /* RCK_SEVERITY_ */
  uint8_t action;     /* RCK_ACTION_ */
  uint8_t scope_kind; /* RCK_SCOPE_ */
  uint8_t reserved0;
  uint16_t flags;
  uint32_t failed;   /* bit n - 1 set: control n refused */
  uint64_t scope_id; /* an id, or two: the first in the upper half */
  uint32_t limit_id;
  int32_t utilisation_bps;
  int64_t limit;    /* in the control's unit */
  int64_t observed; /* in the control's unit */
  uint64_t violation_id;
  uint64_t token; /* names the live order to every later call */
} rck_verdict;

/* A fact from a venue: a fill, a bust, a correction. Two lines. */
typedef struct rck_report {
  uint64_t token; /* or 0, and order_id */
  uint64_t order_id;
  int64_t last_quantity;
  int64_t last_price;
  int64_t cumulative_quantity;
  uint64_t execution_id;
  uint64_t undone_execution_id; /* that a bust or a correction undoes */
  int64_t fee;                  /* money units */
  uint32_t account;
  uint32_t strategy;
  uint32_t instrument;
  uint32_t venue;
  uint8_t side;
  uint8_t kind; /* RCK_REPORT_ */
  uint16_t reserved0;
  uint32_t flags;
  int64_t time_ns;
  uint64_t correlation_id;
  uint64_t reserved[3];
} rck_report;

/* The first line of every record in a ring. `lines` counts the lines of the record, this one included; the
 * lines that follow it are those that its kind needs. */
typedef struct rck_event {
  uint64_t sequence; /* of the port, from 1; a jump of n + 1 says that n events were lost */
  int64_t time_ns;
  uint64_t correlation_id;
  uint64_t ticket; /* engine-wide order, where one was taken */
  uint16_t kind;   /* RCK_EVENT_ */
  uint8_t lines;
  uint8_t severity;  /* RCK_SEVERITY_ */
  uint16_t port;     /* whose ring; 0 the engine's own */
  uint16_t control;  /* RCK_CONTROL_ */
  uint64_t subject;  /* what it is about, as its kind says */
  int64_t values[2]; /* as its kind says */
} rck_event;

#define RCK_EVENT_ENGINE_OPENED 1 /* subject: how often this region was opened; values: 1 if recovered, pid */
#define RCK_EVENT_ENGINE_CLOSED 2 /* subject: as above */
#define RCK_EVENT_PORT_OPENED 3   /* subject: port */
#define RCK_EVENT_PORT_CLOSED 4   /* subject: port */
#define RCK_EVENT_DEFINED 16      /* subject: id; values: RCK_KIND_, how often it was defined */
#define RCK_EVENT_HOST 32768      /* this kind and above are the host's own: subject and values are its own */

/* ==== Identity ======================================================================================== */

typedef struct rck_build {
  uint32_t struct_size;
  uint32_t abi_version;
  char version[16];
  char mode[16]; /* "embedded" or "full", with "-debug" appended when not optimised */
  char compiler[64];
  char commit[48]; /* "unknown" outside a repository */
} rck_build;

#define RCK_FIELD_INT8 1
#define RCK_FIELD_UINT8 2
#define RCK_FIELD_INT16 3
#define RCK_FIELD_UINT16 4
#define RCK_FIELD_INT32 5
#define RCK_FIELD_UINT32 6
#define RCK_FIELD_INT64 7
#define RCK_FIELD_UINT64 8
#define RCK_FIELD_CHAR 9

/* One field of one public struct. */
typedef struct rck_field {
  uint32_t struct_size;
  char record[RCK_NAME_BYTES];
  char name[RCK_NAME_BYTES];
  uint32_t record_bytes; /* sizeof the struct */
  uint32_t offset;
  uint32_t bytes; /* of one element */
  uint32_t count; /* elements: 1 unless an array */
  uint32_t type;  /* RCK_FIELD_ */
} rck_field;

/* The library's version: major << 16 | minor << 8 | patch. Any thread. Since 0.1. */
uint32_t rck_version(void);

/* RCK_ABI_VERSION of the library. A host compares it with its own. Any thread. Since 0.1. */
uint32_t rck_abi_version(void);

/* How the library was built. Any thread. Since 0.1. */
rck_status rck_build_info(rck_build *build);

/* Field number `index` of all fields of all structs of this header, from 0; RCK_E_RANGE behind the last.
 * Any thread. Since 0.1. */
rck_status rck_layout(uint32_t index, rck_field *field);

/* ==== Configuration =================================================================================== */

#define RCK_MANY_WRITERS 1 /* any number of ports write at once */
#define RCK_ONE_WRITER 2   /* one port writes, and is faster; ports for reading beside it */

#define RCK_CLOCK_REALTIME 1 /* the library reads CLOCK_REALTIME for a record without a time */
#define RCK_CLOCK_HOST 2     /* every record carries its time: simulation and replay */

#define RCK_PREFAULT 0x00000001         /* touch every page at creation */
#define RCK_HUGE_PAGES 0x00000002       /* ask for huge pages; the kernel may decline. Private memory only */
#define RCK_MLOCK 0x00000004            /* lock the region in memory, or fail */
#define RCK_SHARED 0x00000008           /* file-backed: other processes may attach */
#define RCK_CONSUMER_OUTSIDE 0x00000010 /* with RCK_SHARED: events are read by an attached process only */

/* Sizes of everything, fixed for the life of the region. Every capacity is at least 1. The number in brackets
 * is what one unit adds to the region, in bytes, before sections are rounded up to 128. A definition of any
 * kind adds one bit, and 16 for its name; the table of names has 8 for each bucket, of which there are the
 * power of two at or above twice the definitions.
 * The region begins with a page of its own and has one port more than asked for. Room for parts that later
 * versions fill is charged now, so that a region does not grow under a host that updates. */
typedef struct rck_config {
  uint32_t struct_size;
  uint32_t flags;
  uint32_t discipline;     /* RCK_MANY_WRITERS or RCK_ONE_WRITER */
  uint32_t clock_source;   /* RCK_CLOCK_ */
  uint32_t money_decimals; /* of the base currency: 0 to 9 */
  uint32_t reserved;
  int64_t clock_back_ns_max;  /* 0 to one hour */
  int64_t mark_age_ns_max;    /* 1 to RCK_TIME_NS_MAX */
  uint64_t currencies_max;    /* [72] up to 1,024 */
  uint64_t groups_max;        /* [200] up to 65,536, all kinds together */
  uint64_t accounts_max;      /* [328 + order_history_max * 16] up to 1,048,576 */
  uint64_t strategies_max;    /* [328] up to 65,536 */
  uint64_t instruments_max;   /* [392 + ladder_levels_max * 16 + price_history_max * 16] up to 1,048,576 */
  uint64_t positions_max;     /* [192] rows, up to 16,777,215 */
  uint64_t orders_max;        /* [192] live at once, up to 16,777,215 */
  uint64_t retired_ids_max;   /* [32] finished orders whose ids are remembered, up to 16,777,215 */
  uint64_t limits_max;        /* [128] up to 1,048,576 */
  uint64_t ports_max;         /* [512 + ring_lines * 64 + leases_max * 128] up to 255 */
  uint64_t ring_lines;        /* 64-byte lines in each port's ring: a power of two, 64 to 16,777,216 */
  uint64_t violations_max;    /* [128] active at once, up to 1,048,576 */
  uint64_t history_max;       /* [64] violations kept after they ended, up to 16,777,215 */
  uint64_t rate_exact_max;    /* largest n of an exact rate limit, up to 1,048,576 */
  uint64_t windows_max;       /* [128 + rate_exact_max * 16] rate and accumulation windows, up to 1,048,576 */
  uint64_t duplicates_max;    /* [32] up to 16,777,215 */
  uint64_t ladder_levels_max; /* price levels an instrument, up to 4,096 */
  uint64_t price_history_max; /* entries an instrument, up to 65,536 */
  uint64_t order_history_max; /* entries an account, up to 65,536 */
  uint64_t leases_max;        /* [128 a port] limits whose headroom ports lease, up to 65,536 */
} rck_config;

/* Which argument was refused, and what would have been allowed. Filled by the cold calls when the status is
 * negative and `fault` is not NULL; untouched otherwise. Values above INT64_MAX show as INT64_MAX. */
typedef struct rck_fault {
  int32_t status;
  int32_t system_error; /* errno, or 0 */
  int64_t value;
  int64_t minimum;
  int64_t maximum;
  char record[RCK_NAME_BYTES]; /* the struct or call */
  char field[RCK_NAME_BYTES];
  uint64_t reserved[4];
} rck_fault;

/* Fills `config` with the defaults: 64 accounts, 1,024 instruments, 64 strategies, 65,536 open orders, 8
 * ports, many writers, CLOCK_REALTIME, pre-faulted. `struct_size` is sizeof(rck_config). Any thread.
 * Since 0.1. */
rck_status rck_config_init(rck_config *config, uint32_t struct_size);

/* The bytes that a region of this configuration takes, exactly. Makes nothing. Any thread. Since 0.1. */
rck_status rck_region_bytes(const rck_config *config, uint64_t *bytes, rck_fault *fault);

/* ==== Engines ========================================================================================= */

/* Makes a region and opens it. With `memory` NULL the library maps private memory (memory_bytes is 0);
 * otherwise `memory`, aligned to RCK_REGION_ALIGN and at least rck_region_bytes long, is cleared, used, and
 * given back by rck_engine_close. All memory is had here: no later call allocates. Any thread. Since 0.1. */
rck_status rck_engine_create(const rck_config *config, void *memory, uint64_t memory_bytes,
                             rck_engine **engine, rck_fault *fault);

/* Opens the region in the file `path`, or makes file and region when there is none. A file that its owner
 * left without closing is recovered: definitions, rings and their unread events are there. `config` must
 * agree with the file in everything but the flags; NULL takes all of the file's own and makes no file. A
 * file that it makes is readable and writable for the user alone. Any thread. Since 0.1. */
rck_status rck_engine_open(const rck_config *config, const char *path, rck_engine **engine, rck_fault *fault);

#define RCK_ATTACH_READER 1   /* maps the region read-only: look, never touch */
#define RCK_ATTACH_CONSUMER 2 /* and take events out; one process at a time */

/* Attaches to the region that a process has opened with RCK_SHARED, or that one left behind. Any thread.
 * Since 0.1. */
rck_status rck_engine_attach(const char *path, uint32_t mode, rck_engine **engine, rck_fault *fault);

/* Closes the handle, and the region when the handle made or opened it. RCK_E_BUSY while ports are open or a
 * call is in flight. Any thread. Since 0.1. */
rck_status rck_engine_close(rck_engine *engine);

/* ==== Ports =========================================================================================== */

#define RCK_PORT_WRITER 1 /* index 1 to ports_max */
#define RCK_PORT_READER 2 /* index 0: has no ring, can only read */

/* Opens port `index` for one thread. The index is the host's choice, so that a thread's ring is the same
 * after a restart; its unread events and its sequence outlive the port. Any thread. Since 0.1. */
rck_status rck_port_open(rck_engine *engine, uint32_t index, uint32_t mode, rck_port **port,
                         rck_fault *fault);

/* Closes a port. RCK_E_BUSY while a call on it is in flight. Any thread. Since 0.1. */
rck_status rck_port_close(rck_port *port);

/* ==== Reference data ================================================================================== */

/* Defining an id again replaces its definition whole: a check that runs meanwhile sees the old one or the
 * new one. Nothing is ever undefined; what should stop trading loses RCK_ENABLED. Names are unique within
 * their kind; an empty name is allowed and cannot be found. While a definition is being renamed, neither its
 * old name nor its new one may be found. */

#define RCK_KIND_CURRENCY 1
#define RCK_KIND_GROUP 2
#define RCK_KIND_ACCOUNT 3
#define RCK_KIND_STRATEGY 4
#define RCK_KIND_INSTRUMENT 5

#define RCK_ENABLED 0x00000001        /* not set: known, and every order is refused */
#define RCK_PRICE_NEGATIVE 0x00000002 /* instruments only: prices may be zero or negative */

typedef struct rck_currency {
  uint32_t struct_size;
  uint32_t id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;         /* none yet: 0 */
  uint32_t rate_decimals; /* 0 to 18 */
  int64_t rate;           /* one unit of it in base currency, in 10^-rate_decimals; > 0 */
} rck_currency;

#define RCK_GROUP_OF_ACCOUNTS 1
#define RCK_GROUP_OF_STRATEGIES 2
#define RCK_GROUP_OF_INSTRUMENTS 3

typedef struct rck_group {
  uint32_t struct_size;
  uint32_t id;
  char name[RCK_NAME_BYTES];
  uint32_t flags; /* none yet: 0 */
  uint32_t kind;  /* RCK_GROUP_OF_; fixed once defined */
} rck_group;

typedef struct rck_account {
  uint32_t struct_size;
  uint32_t id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;       /* RCK_ENABLED */
  uint32_t permissions; /* RCK_PERMIT_ */
  uint32_t groups[RCK_GROUPS_EACH];
} rck_account;

typedef struct rck_strategy {
  uint32_t struct_size;
  uint32_t id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;       /* RCK_ENABLED */
  uint32_t permissions; /* RCK_PERMIT_ */
  uint32_t groups[RCK_GROUPS_EACH];
} rck_strategy;

typedef struct rck_instrument {
  uint32_t struct_size;
  uint32_t id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;               /* RCK_ENABLED, RCK_PRICE_NEGATIVE */
  uint32_t currency;            /* defined before */
  uint32_t price_decimals;      /* 0 to 18 */
  uint32_t quantity_decimals;   /* 0 to 18 */
  uint32_t multiplier_decimals; /* 0 to 9 */
  uint32_t reserved;
  int64_t multiplier; /* contract multiplier in 10^-multiplier_decimals; > 0 */
  int64_t lot;        /* quantities are multiples of it; > 0 */
  int64_t tick;       /* prices are multiples of it; > 0 */
  uint32_t groups[RCK_GROUPS_EACH];
} rck_instrument;

/* Define, or define again. RCK_E_UNKNOWN when a group or currency named is not defined. Any thread, one at a
 * time. Since 0.1. */
rck_status rck_currency_set(rck_engine *engine, const rck_currency *currency, rck_fault *fault);
rck_status rck_group_set(rck_engine *engine, const rck_group *group, rck_fault *fault);
rck_status rck_account_set(rck_engine *engine, const rck_account *account, rck_fault *fault);
rck_status rck_strategy_set(rck_engine *engine, const rck_strategy *strategy, rck_fault *fault);

/* Likewise. While positions in an instrument exist, its decimals, multiplier and currency stay
 * (RCK_E_IN_USE). Since 0.1. */
rck_status rck_instrument_set(rck_engine *engine, const rck_instrument *instrument, rck_fault *fault);

/* The definition of `id` as it was last set. Any thread. Since 0.1. */
rck_status rck_currency_get(const rck_engine *engine, uint32_t id, rck_currency *currency);
rck_status rck_group_get(const rck_engine *engine, uint32_t id, rck_group *group);
rck_status rck_account_get(const rck_engine *engine, uint32_t id, rck_account *account);
rck_status rck_strategy_get(const rck_engine *engine, uint32_t id, rck_strategy *strategy);
rck_status rck_instrument_get(const rck_engine *engine, uint32_t id, rck_instrument *instrument);

/* With *id 0, finds the id of `name` and stores it; otherwise finds the name of *id and stores it. `name`
 * has RCK_NAME_BYTES bytes; `kind` is RCK_KIND_. Any thread. Since 0.1. */
rck_status rck_find(const rck_engine *engine, uint32_t kind, uint32_t *id, char *name);

/* ==== Events ========================================================================================== */

/* Writes `count` annotations of the host's own into the port's ring, all or none. Of each event the caller
 * sets kind (RCK_EVENT_HOST or above), severity, control, time_ns, correlation_id, subject, values; lines is
 * 0 or 1; sequence, ticket and port are 0 and filled on the way. Times are judged one after the other. `count`
 * is 1 to ring_lines. RCK_REJECT_RING_FULL: none was written, and the refusals are counted. The port's thread.
 * Since 0.1. */
rck_status rck_event_write(rck_port *port, const rck_event *events, uint32_t count);

/* Moves whole records from the ring of port `source` (0: the engine's own) into `lines`, at most `capacity`
 * lines, and stores how many lines were moved: 0 when the ring is empty. RCK_E_BUFFER: the next record needs
 * more lines than `capacity`. Any port may read any ring, one at a time: RCK_E_BUSY otherwise. The port's
 * thread. Since 0.1. */
rck_status rck_events_read(rck_port *port, uint32_t source, rck_event *lines, uint32_t capacity,
                           uint32_t *count);

/* ==== Observation ===================================================================================== */

typedef struct rck_stats {
  uint32_t struct_size;
  uint32_t open;           /* 1 while the port is open */
  uint64_t events_written; /* records published */
  uint64_t events_read;    /* records taken out */
  uint64_t events_refused; /* rck_event_write found the ring full: events */
  uint64_t events_lost;    /* the library's own events that found the ring full */
  uint64_t ring_lines;     /* capacity */
  uint64_t ring_lines_used;
  uint64_t ring_lines_used_max; /* high-water mark: exact from ring_lines / 16 up */
  uint64_t clock_clamps;        /* times that were a little back and clamped */
  uint64_t clock_refusals;      /* times too far back, missing or out of range */
  int64_t time_ns;              /* the port's latest time */
} rck_stats;

/* Statistics of port `index`, 0 the engine's own. Counters never go back while the region lives. Makes no
 * system call. Any thread. Since 0.1. */
rck_status rck_stats_read(const rck_engine *engine, uint32_t index, rck_stats *stats);

#define RCK_HEALTH_RUNNING 1
#define RCK_HEALTH_FAILED 2 /* an invariant failed: failed_site says where */
#define RCK_HEALTH_LEFT 3   /* attached, and the owner is gone without closing */
#define RCK_HEALTH_CLOSED 4 /* attached, and the owner has closed */

typedef struct rck_health_info {
  uint32_t struct_size;
  uint32_t state;       /* RCK_HEALTH_ */
  uint64_t failed_site; /* 0, or the number of the broken invariant */
  uint64_t opened;      /* how often this region was opened for writing */
  uint32_t recovered;   /* 1 if the last owner had not closed it */
  uint32_t owner_pid;
  int64_t time_ns; /* latest time that any port has seen */
  uint64_t region_bytes;
  uint64_t definitions; /* how often definitions were set: the generation */
  uint32_t ports_open;  /* writing ports */
  uint32_t ports_max;
  uint64_t events_lost;    /* all rings */
  uint64_t events_refused; /* all rings */
  uint32_t currencies;     /* defined */
  uint32_t groups;
  uint32_t accounts;
  uint32_t strategies;
  uint32_t instruments;
  uint32_t reserved;
} rck_health_info;

/* The state of the engine at a glance. In the owner it makes no system call; an attached process asks the
 * kernel whether the owner lives. Any thread. Since 0.1. */
rck_status rck_health(const rck_engine *engine, rck_health_info *health);

/* The configuration that the region was made with. Any thread. Since 0.1. */
rck_status rck_config_get(const rck_engine *engine, rck_config *config);

/* The time that the library would put on a record without one: the clock, or under RCK_CLOCK_HOST the latest
 * time seen (RCK_REJECT_TIME_MISSING before the first). Any thread. Since 0.1. */
rck_status rck_clock(const rck_engine *engine, int64_t *time_ns);

#ifdef __cplusplus
}
#endif

#endif
