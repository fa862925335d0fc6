/* riskcheck.h: pre-trade and real-time risk, embedded in the trading process.
 *
 * This header is the contract and the manual. It is C99 and C++17 or later; it needs <stdint.h> only, and two parts
 * beside it: the numbers of statuses, and riskcheck_journal.h: events, violations, the journal, replay.
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
 * Records of 64 or 128 bytes, and rck_book, pass through ports; their reserved fields must be zero. Other structs,
 * save rck_fault, begin with struct_size, which the caller sets to sizeof before every call.
 * Prices and quantities are integers in units of 10^-decimals of their instrument, money in units of
 * 10^-money_decimals of the base currency. Names end in their unit. A price or quantity that is given is at
 * most 2^53, an amount that is kept at most 2^60: what would be more is refused (_OVERFLOW).
 * Numbers in this file never change their meaning and are never used again.
 */
#ifndef RISKCHECK_H
#define RISKCHECK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RCK_VERSION_MAJOR 0
#define RCK_VERSION_MINOR 6
#define RCK_VERSION_PATCH 0
#define RCK_ABI_VERSION 0

/* ==== Handles and limits of the library =============================================================== */
/* Names of an engine and of a port. A handle is an index and a generation, never an address: do not follow
 * it. NULL, closed, stale and foreign handles, and one of the wrong kind, give RCK_E_HANDLE. */
typedef struct rck_engine rck_engine;
typedef struct rck_port rck_port;

#define RCK_HANDLES_MAX 1024                /* engines and ports open at once in one process, all engines together */
#define RCK_NAME_BYTES 32                   /* with the zero byte */
#define RCK_GROUPS_EACH 4                   /* groups that one account, strategy or instrument can be in */
#define RCK_REGION_ALIGN 64                 /* of memory given to rck_engine_create */
#define RCK_RECORD_LINES_MAX 16             /* 64-byte lines of the longest event record */
#define RCK_TIME_NS_MAX 4611686018427387903 /* 2^62 - 1: the year 2116 */

/* ==== Statuses ======================================================================================== */
/* Their numbers have a file of their own, so that this one can be read: 0 passed, 1 known already, 10 to 99 refusals
 * that no single control owns, from 101 on those by control nn: nn01 to nn49 a limit or rule is broken, nn50 to nn79
 * an input is missing or too old, nn80 to nn99 arithmetic; those that this version gives are in rck_control_info.codes.
 * Negative is misuse: handles -1 to -19, arguments -20 to -49, definitions -50 to -69, regions and files -70 to -99,
 * the system -100 and below. */
#include "riskcheck_status.h"
typedef int32_t rck_status;
/* The constant's name, or "unknown". Static text, never NULL. Any thread. Since 0.1. */
const char *rck_status_name(rck_status status);

/* ==== Constants of the trading model ================================================================== */
/* Controls, by number in the catalogue. */
#define RCK_CONTROL_NONE 0
#define RCK_CONTROL_VALIDITY 1       /* ids known and enabled, fields in bounds, what is asked permitted */
#define RCK_CONTROL_ORDER_QUANTITY 2 /* quantity of the whole order */
#define RCK_CONTROL_ORDER_NOTIONAL 3 /* value of the whole order */
#define RCK_CONTROL_COLLAR 4         /* how far the order's price is from a reference */
#define RCK_CONTROL_PERIOD_COLLAR 5  /* how far the order's price is from the lowest and the highest of a period */
#define RCK_CONTROL_POSITION 6       /* filled net and the open orders of one side */
#define RCK_CONTROL_EXPOSURE 7       /* value of positions and open orders together */
#define RCK_CONTROL_CONCENTRATION 8
#define RCK_CONTROL_BUYING_POWER 9 /* margin, in basis points of buying power */
#define RCK_CONTROL_LIQUIDITY 10   /* the order against volume, depth, spread and displayed size */
#define RCK_CONTROL_RATE 11        /* messages in any window_ns, this one included */
#define RCK_CONTROL_ACCUMULATED 12 /* what orders opened in a day, an hour, a minute, this one included */
#define RCK_CONTROL_WORKING 13     /* live orders, this one included */
#define RCK_CONTROL_DUPLICATE 14   /* an equal order passed within window_ns */
#define RCK_CONTROL_SELF_TRADE 15
#define RCK_CONTROL_REPEATED_EXECUTION 16 /* orders of one pattern that were filled within window_ns, and this one */
#define RCK_CONTROL_LOSS 17               /* loss of the day */
#define RCK_CONTROL_DRAWDOWN 18
#define RCK_CONTROL_LISTS 19   /* who may not trade what, when, and how far short */
#define RCK_CONTROL_QUOTE 20   /* age of the quote; how far the price has slipped from the decision */
#define RCK_CONTROL_CONDUCT 21 /* messages to trades, and what the venue rejects */
#define RCK_CONTROL_METRIC 22  /* a number that the host feeds */
#define RCK_CONTROL_CUSTOM 23  /* a function of the host, asked when all others pass */
#define RCK_CONTROL_RISK_BUDGET 24
#define RCK_CONTROL_GROUP_EXPOSURE 25 /* gross exposure of an account in a group of instruments */
#define RCK_CONTROL_STATE 26          /* RCK_STATE_ of all scopes of the order */
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
#define RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT 10 /* accounts of a group in an instrument: lists */
#define RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP 11 /* an account in a group of instruments: group exposure */
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
/* States of trading, by scope; the highest that applies counts. */
#define RCK_STATE_ACTIVE 0
#define RCK_STATE_REDUCE_ONLY 1 /* only orders that strictly reduce */
#define RCK_STATE_CANCEL_ONLY 2 /* no new orders, no amends */
#define RCK_STATE_HALTED 3      /* likewise */
/* Prices that others are compared with. */
#define RCK_REFERENCE_NONE 0
#define RCK_REFERENCE_LAST 1     /* of rck_market_trade */
#define RCK_REFERENCE_MID 2      /* of rck_market_quote: the sum halved, toward zero */
#define RCK_REFERENCE_OWN_SIDE 3 /* the best bid for a buy, the best ask for a sell */
#define RCK_REFERENCE_CLOSE 4    /* rck_instrument.previous_close */
#define RCK_REFERENCE_SET 5      /* rck_instrument.reference_price */
/* What a limit of a control measures. ML and MS are those of rck_position_info. */
#define RCK_MEASURE_NONE 0  /* of controls with one measure */
#define RCK_MEASURE_BPS 1   /* collar: basis points of the reference; quote: of the decision price, on the worse side */
#define RCK_MEASURE_TICKS 2 /* collar: ticks of the instrument */
#define RCK_MEASURE_GROSS 3 /* exposure, of no side: the sum of max(ML, 0) + max(MS, 0) */
#define RCK_MEASURE_NET 4   /* exposure: on side BUY the sum of ML, on SELL of MS */
#define RCK_MEASURE_NEW 5   /* rate: orders */
#define RCK_MEASURE_MODIFY 6   /* rate: amends */
#define RCK_MEASURE_CANCEL 7   /* rate: cancels, counted and told, never refused */
#define RCK_MEASURE_COUNT 8    /* working orders: how many */
#define RCK_MEASURE_NOTIONAL 9 /* working orders: their reserved value, in money units */
#define RCK_MEASURE_AGE 10     /* quote: nanoseconds since the latest quote */
/* Liquidity. An order takes from the asks if it buys, from the bids if it sells; its quantity is that of the whole. */
#define RCK_MEASURE_VOLUME_SHARE 11 /* quantity in basis points of the daily volume */
#define RCK_MEASURE_DEPTH_SHARE 12  /* quantity in basis points of what the latest rck_book shows on that side */
#define RCK_MEASURE_SPREAD 13       /* ask less bid of the latest quote, in basis points of the mid; 0 if crossed */
#define RCK_MEASURE_DISPLAYED 14    /* a minimum: the size at the best price on that side */
/* Accumulated: what orders opened, quantities as they are given whatever their instruments' decimals, and money. */
#define RCK_MEASURE_QUANTITY_DAY 15     /* accumulated: quantity since rck_day_start */
#define RCK_MEASURE_NOTIONAL_DAY 16     /* accumulated: money units since rck_day_start */
#define RCK_MEASURE_QUANTITY_MINUTE 17  /* accumulated: quantity in any 60 s */
#define RCK_MEASURE_NOTIONAL_MINUTE 18  /* accumulated: money units in any 60 s */
#define RCK_MEASURE_QUANTITY_HOUR 19    /* accumulated: quantity in any 3,600 s */
#define RCK_MEASURE_NOTIONAL_HOUR 20    /* accumulated: money units in any 3,600 s */
#define RCK_MEASURE_RESTRICTED 26       /* lists: observed 1 of every order */
#define RCK_MEASURE_SESSION 27          /* lists: observed 1 of what the calendar does not permit */
#define RCK_MEASURE_LOCATE 28           /* lists: how far the account is short at worst, the order in it */
#define RCK_MEASURE_REALISED 21         /* loss: of realised P&L less fees, since the day began */
#define RCK_MEASURE_TOTAL 22            /* loss: likewise, marked P&L too */
#define RCK_MEASURE_TRAILING 23         /* loss: from the day's highest total, 0 at least, to the total now */
#define RCK_MEASURE_ORDERS_PER_TRADE 24 /* conduct: messages of the day, this one too, to trades, rounded up */
#define RCK_MEASURE_REJECTS 25          /* conduct: orders that the venue has rejected in a row */
#define RCK_MEASURE_GREATER 29          /* metric: refuses while it is greater than the level */
#define RCK_MEASURE_AT_LEAST 30         /* metric: while it is greater than or equal to the level */
#define RCK_MEASURE_LESS 31             /* metric: while it is less */
#define RCK_MEASURE_AT_MOST 32          /* metric: while it is less or equal */
#define RCK_MEASURE_EQUAL 33            /* metric: while it is equal */
#define RCK_MEASURE_UNEQUAL 34          /* metric: while it is not equal */
/* Why an order ended. */
#define RCK_RELEASE_REJECTED 1
#define RCK_RELEASE_CANCELLED 2
#define RCK_RELEASE_EXPIRED 3
#define RCK_RELEASE_DONE 4
/* Flags of rck_order. */
#define RCK_ORDER_FIRST_REFUSAL 0x00000001 /* stop at the first control that refuses: `failed` names one */
/* Flags of rck_verdict. */
#define RCK_VERDICT_CONTENDED 0x0001    /* passed the first look, and refused for what others took since */
#define RCK_VERDICT_REDUCING 0x0002     /* strictly reducing: what rck_control_describe spares was not asked */
#define RCK_VERDICT_LATE 0x0010         /* a report after the order's end */
#define RCK_VERDICT_OVER_FILL 0x0020    /* a report beyond the order's quantity */
#define RCK_VERDICT_UNKNOWN 0x0040      /* a report for an order that is not known */
#define RCK_VERDICT_GAP 0x0080          /* the cumulative moved by another amount than last_quantity */
#define RCK_VERDICT_WOULD_REFUSE 0x0100 /* a drop copy that rck_check would have refused */
#define RCK_VERDICT_OVERRIDDEN 0x0200   /* passed by overrides: shown is the first hard level that they waived */
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
  uint64_t order_id;          /* the host's, unique while live; not 0 */
  int64_t price;              /* limit price; 0 for market and stop orders */
  int64_t quantity;           /* > 0 */
  int64_t time_ns;            /* 0: see Clock */
  int64_t deadline_ns;        /* 0: none */
  uint64_t correlation_id;    /* the host's, repeated in every event of this order */
  int64_t decision_price;     /* that the strategy decided at; 0: none. Read where its slippage is limited */
  int64_t stop_price;         /* 0 for limit and market orders */
  uint32_t account, strategy; /* strategy: or 0 */
  uint32_t instrument, venue; /* venue: any, the host's own */
  uint8_t side;               /* RCK_SIDE_ */
  uint8_t type;               /* RCK_TYPE_ */
  uint8_t time_in_force;      /* RCK_FORCE_ */
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
  int64_t limit;         /* in the control's unit */
  int64_t observed;      /* in the control's unit */
  uint64_t violation_id; /* see Violations; 0: none, or they are not kept */
  uint64_t token;        /* names the order to every later call; 0 when a check is refused */
} rck_verdict;

/* A fact from a venue: a fill, a bust, a correction. Two lines. */
typedef struct rck_report {
  uint64_t token; /* or 0, and order_id */
  uint64_t order_id;
  int64_t last_quantity, last_price, cumulative_quantity;
  uint64_t execution_id;        /* 0: none, and the cumulative quantity alone tells repeats */
  uint64_t undone_execution_id; /* that a bust or a correction undoes */
  int64_t fee;                  /* money units, added to the fees whatever the kind; may be negative */
  uint32_t account, strategy, instrument, venue;
  uint8_t side;
  uint8_t kind; /* RCK_REPORT_ */
  uint16_t reserved0;
  uint32_t flags;
  int64_t time_ns;
  uint64_t correlation_id, reserved[3];
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

/* Kinds of events, RCK_EVENT_, are in riskcheck_journal.h. */

/* ==== Identity ======================================================================================== */
typedef struct rck_build {
  uint32_t struct_size, abi_version;
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
  char record[RCK_NAME_BYTES], name[RCK_NAME_BYTES];
  uint32_t record_bytes; /* sizeof the struct */
  uint32_t offset;
  uint32_t bytes; /* of one element */
  uint32_t count; /* elements: 1 unless an array */
  uint32_t type;  /* RCK_FIELD_ */
} rck_field;

/* The library's version, major << 16 | minor << 8 | patch, and its RCK_ABI_VERSION, which a host compares with its
 * own. Any thread. Since 0.1. */
uint32_t rck_version(void);
uint32_t rck_abi_version(void);
/* How the library was built. Any thread. Since 0.1. */
rck_status rck_build_info(rck_build *build);
/* Field number `index` of all structs of this header, from 0; RCK_E_RANGE behind the last. Any thread. Since 0.1. */
rck_status rck_layout(uint32_t index, rck_field *field);

/* ==== Configuration =================================================================================== */
#define RCK_MANY_WRITERS 1              /* any number of ports write at once */
#define RCK_ONE_WRITER 2                /* one port writes, and is faster; ports for reading beside it */
#define RCK_CLOCK_REALTIME 1            /* the library reads CLOCK_REALTIME for a record without a time */
#define RCK_CLOCK_HOST 2                /* every record carries its time: simulation and replay */
#define RCK_PREFAULT 0x00000001         /* touch every page at creation */
#define RCK_HUGE_PAGES 0x00000002       /* ask for huge pages; the kernel may decline. Private memory only */
#define RCK_MLOCK 0x00000004            /* lock the region in memory, or fail */
#define RCK_SHARED 0x00000008           /* file-backed: other processes may attach */
#define RCK_CONSUMER_OUTSIDE 0x00000010 /* with RCK_SHARED: events are read by an attached process only */
#define RCK_TELL_COMMANDS 0x00000020    /* every call that changes state is told with what came of it: see Commands */
#define RCK_TELL_MARKET 0x00000040      /* and what the market says, so that a replay is exact */
#define RCK_TELL_STRICT 0x00000080      /* while a port's ring has no room, it takes no new risk */
#define RCK_KEEP_VIOLATIONS 0x00000100  /* what is broken, by limit or by control and scope: see Violations */
#define RCK_KEEP_STATISTICS 0x00000200  /* what each port decides: see Statistics */
#define RCK_TIME_SAMPLED 0x00000400     /* and how long every 64th decision takes */
#define RCK_TIME_ALWAYS 0x00000800      /* and how long each takes */
/* Sizes of everything, fixed for the life of the region. Every capacity is at least 1. The number in brackets is what
 * one unit adds to the region, in bytes, before sections are rounded up to 128.
 * To that come bits: one for each definition, account's or strategy's book, instrument's market, position, live or
 * remembered order, and 20 for each port; 16 bytes for the name of each definition; and 8 for each bucket of the tables
 * that find names, positions, orders, executions, limits and duplicates. A table has as many buckets as the power of
 * two at or above twice what it holds: all definitions; positions_max; orders_max + retired_ids_max + (ports_max + 1) *
 * 16; executions_max + ports_max + 1; limits_max; duplicates_max.
 * Live orders, remembered ones, and other ids that amends gave to either share orders_max + retired_ids_max +
 * (ports_max + 1) * 16 places, of which each port keeps up to 15 at hand. When all are taken, the stripe (ports whose
 * numbers are equal modulo 8) that remembers most forgets its oldest for a new order; if none, ORDERS_FULL. The region
 * begins with a page of its own, has one port more than asked for, 128 bytes for each of RCK_OVERRIDES_MAX, 16 for each
 * of RCK_METRICS_MAX, and a definition of 840 for each of RCK_CALENDARS_MAX. Room for parts that later versions fill is
 * charged now, so that a region does not grow under a host that updates. */
typedef struct rck_config {
  uint32_t struct_size, flags;
  uint32_t discipline;     /* RCK_MANY_WRITERS or RCK_ONE_WRITER */
  uint32_t clock_source;   /* RCK_CLOCK_ */
  uint32_t money_decimals; /* of the base currency: 0 to 9 */
  uint32_t reserved;
  int64_t clock_back_ns_max;  /* 0 to one hour */
  int64_t mark_age_ns_max;    /* 1 to RCK_TIME_NS_MAX */
  uint64_t currencies_max;    /* [72] up to 1,024 */
  uint64_t groups_max;        /* [456] up to 65,536, all kinds together */
  uint64_t accounts_max;      /* [776 + order_history_max * 16] up to 1,048,576 */
  uint64_t strategies_max;    /* [712] up to 65,536 */
  uint64_t instruments_max;   /* [848 + ladder_levels_max * 16 + price_history_max * 16] up to 1,048,576 */
  uint64_t positions_max;     /* [336] rows, up to 16,000,000 */
  uint64_t orders_max;        /* [256] live at once, up to 8,000,000 */
  uint64_t retired_ids_max;   /* [320] finished orders that each stripe of ports remembers, up to 8,000,000 */
  uint64_t limits_max;        /* [440] up to 1,048,576 */
  uint64_t ports_max;         /* [55888 + ring_lines * 64 + leases_max * 128 + price_history_max * 16] up to 255 */
  uint64_t ring_lines;        /* 64-byte lines in each port's ring: a power of two, 64 to 16,777,216 */
  uint64_t violations_max;    /* [128] active at once, up to 1,048,576 */
  uint64_t history_max;       /* [64] violations kept after they ended, up to 16,777,215 */
  uint64_t rate_exact_max;    /* largest n of an exact rate limit: a power of two, 1 to 1,048,576 */
  uint64_t windows_max;       /* [1216 + rate_exact_max * 16] windows of rates, 128 at least, and as many amounts that
                               * accumulate, up to 1,048,576 */
  uint64_t duplicates_max;    /* [32] up to 16,777,215 */
  uint64_t ladder_levels_max; /* price levels an instrument, up to 4,096 */
  uint64_t price_history_max; /* entries an instrument, 2 to 256: see RCK_CONTROL_PERIOD_COLLAR under Market */
  uint64_t order_history_max; /* filled orders an account, up to 65,536: see RCK_CONTROL_REPEATED_EXECUTION */
  uint64_t leases_max;        /* [128 a port + 384] totals: engine, groups, accounts in groups; to 65,536 */
  uint64_t executions_max;    /* [88] executions remembered for busts and corrections, up to 16,000,000 */
} rck_config;

/* Which argument was refused, and what would have been allowed. Filled by the cold calls when the status is
 * negative and `fault` is not NULL; untouched otherwise. Values above INT64_MAX show as INT64_MAX. */
typedef struct rck_fault {
  int32_t status;
  int32_t system_error; /* errno, or 0 */
  int64_t value, minimum, maximum;
  char record[RCK_NAME_BYTES]; /* the struct or call */
  char field[RCK_NAME_BYTES];
  uint64_t reserved[4];
} rck_fault;

/* Fills `config` with the defaults: 64 accounts and strategies, 1,024 instruments, 65,536 open orders, 8 ports,
 * many writers, CLOCK_REALTIME, pre-faulted. `struct_size` is sizeof(rck_config). Any thread. Since 0.1. */
rck_status rck_config_init(rck_config *config, uint32_t struct_size);
/* The bytes that a region of this configuration takes, exactly. Makes nothing. Any thread. Since 0.1. */
rck_status rck_region_bytes(const rck_config *config, uint64_t *bytes, rck_fault *fault);

/* ==== Engines ========================================================================================= */
/* Makes a region and opens it. With `memory` NULL the library maps private memory (memory_bytes is 0);
 * otherwise `memory`, aligned to RCK_REGION_ALIGN and at least rck_region_bytes long, is cleared, used, and
 * given back by rck_engine_close. All memory is had here: no later call allocates, but those on
 * journals, which map what they need. Any thread. Since 0.1. */
rck_status rck_engine_create(const rck_config *config, void *memory, uint64_t memory_bytes, rck_engine **engine,
                             rck_fault *fault);

/* Opens the region in the file `path`, or makes file and region when there is none. A file that its owner
 * left without closing is recovered: definitions, rings and their unread events are there. `config` must
 * agree with the file in everything but the flags; NULL takes all of the file's own and makes no file. A
 * file that it makes is readable and writable for the user alone. Any thread. Since 0.1. */
rck_status rck_engine_open(const rck_config *config, const char *path, rck_engine **engine, rck_fault *fault);

#define RCK_ATTACH_READER 1   /* maps the region read-only: look, never touch */
#define RCK_ATTACH_CONSUMER 2 /* and take events out; one process at a time */
/* Attaches to a region that a process has opened with RCK_SHARED, or left behind. Any thread. Since 0.1. */
rck_status rck_engine_attach(const char *path, uint32_t mode, rck_engine **engine, rck_fault *fault);

/* Closes the handle, and the region when the handle made or opened it. RCK_E_BUSY while ports are open or a
 * call is in flight. Any thread. Since 0.1. */
rck_status rck_engine_close(rck_engine *engine);

/* ==== Ports =========================================================================================== */
#define RCK_PORT_WRITER 1 /* index 1 to ports_max */
#define RCK_PORT_READER 2 /* index 0: has no ring, can only read */
/* Opens port `index` for one thread. The index is the host's choice, so that a thread's ring is the same
 * after a restart; its unread events and its sequence outlive the port. Any thread. Since 0.1. */
rck_status rck_port_open(rck_engine *engine, uint32_t index, uint32_t mode, rck_port **port, rck_fault *fault);
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
#define RCK_KIND_CALENDAR 6
#define RCK_ENABLED 0x00000001        /* not set: known, and every order is refused */
#define RCK_PRICE_NEGATIVE 0x00000002 /* instruments only: prices may be zero or negative */
#define RCK_SHORT_LOCATE 0x00000004   /* instruments only: going short takes a limit of RCK_MEASURE_LOCATE */
typedef struct rck_currency {
  uint32_t struct_size, id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;         /* none yet: 0 */
  uint32_t rate_decimals; /* 0 to 18 */
  int64_t rate;           /* one unit of it in base currency, in 10^-rate_decimals; > 0 */
} rck_currency;

#define RCK_GROUP_OF_ACCOUNTS 1
#define RCK_GROUP_OF_STRATEGIES 2
#define RCK_GROUP_OF_INSTRUMENTS 3
typedef struct rck_group {
  uint32_t struct_size, id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;             /* none yet: 0 */
  uint32_t kind;              /* RCK_GROUP_OF_; fixed once defined */
  uint32_t quantity_decimals; /* of instruments: their common unit is quantity x multiplier in 10^-this; 0 to 9 */
  uint32_t reserved;
} rck_group;

/* What counts as buying power besides cash, and which anomalies halt the account: flags of rck_account. */
#define RCK_POWER_CREDIT 0x00000100
#define RCK_POWER_REALISED 0x00000200
#define RCK_POWER_FEES 0x00000400   /* fees are subtracted */
#define RCK_POWER_MARKED 0x00000800 /* marked P&L, no older than mark_age_ns_max while positions are open */
#define RCK_HALT_ON_LATE 0x00010000
#define RCK_HALT_ON_OVER_FILL 0x00020000
#define RCK_HALT_ON_UNKNOWN 0x00040000
#define RCK_MARGIN_CLASSES 4
typedef struct rck_account {
  uint32_t struct_size, id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;       /* RCK_ENABLED, RCK_POWER_, RCK_HALT_ON_ */
  uint32_t permissions; /* RCK_PERMIT_ */
  uint32_t groups[RCK_GROUPS_EACH];
  uint32_t margin_class; /* below RCK_MARGIN_CLASSES: which margin_bps of an instrument applies */
  uint32_t reserved;
} rck_account;

typedef struct rck_strategy {
  uint32_t struct_size, id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;       /* RCK_ENABLED */
  uint32_t permissions; /* RCK_PERMIT_ */
  uint32_t groups[RCK_GROUPS_EACH];
} rck_strategy;

typedef struct rck_instrument {
  uint32_t struct_size, id;
  char name[RCK_NAME_BYTES];
  uint32_t flags;               /* RCK_ENABLED, RCK_PRICE_NEGATIVE, RCK_SHORT_LOCATE */
  uint32_t currency;            /* defined before */
  uint32_t price_decimals;      /* 0 to 18 */
  uint32_t quantity_decimals;   /* 0 to 18 */
  uint32_t multiplier_decimals; /* 0 to 9 */
  uint32_t reserved;
  int64_t multiplier; /* contract multiplier in 10^-multiplier_decimals; > 0 */
  int64_t lot;        /* quantities are multiples of it; > 0 */
  int64_t tick;       /* prices are multiples of it; > 0 */
  uint32_t groups[RCK_GROUPS_EACH];
  int64_t price_min; /* bounds of order prices, inclusive; both 0: none */
  int64_t price_max;
  int64_t previous_close;  /* a reference price; 0: missing */
  int64_t reference_price; /* likewise, whatever the host means by it */
  uint32_t reference;      /* RCK_REFERENCE_: what market orders are valued at; NONE: they are refused */
  uint32_t slippage_bps;   /* by which that is worsened for market orders: 0 to 10,000 */
  uint32_t margin_bps[RCK_MARGIN_CLASSES]; /* 0 to 1,000,000; 0: missing */
} rck_instrument;

#define RCK_CALENDARS_MAX 64
#define RCK_CALENDAR_ENTRIES_MAX 64
/* Sessions, in UTC: entry i holds from starts[i], included, to the next start, the last to end_ns, not included. What
 * it does not permit is closed then; permissions 0 are a night, a holiday or a halt, some types those of an auction.
 * The host works out time zones, and defines a calendar anew before it ends: before and behind it nothing is known. */
typedef struct rck_calendar {
  uint32_t struct_size, id; /* 1 to RCK_CALENDARS_MAX */
  char name[RCK_NAME_BYTES];
  uint32_t flags;                                 /* none yet: 0 */
  uint32_t entries;                               /* 1 to RCK_CALENDAR_ENTRIES_MAX; what lies behind them is 0 */
  int64_t end_ns;                                 /* later than the last start, up to RCK_TIME_NS_MAX */
  int64_t starts[RCK_CALENDAR_ENTRIES_MAX];       /* ascending, from 0 on */
  uint32_t permissions[RCK_CALENDAR_ENTRIES_MAX]; /* RCK_PERMIT_: sides, types, times in force; SHORT as of accounts */
} rck_calendar;

/* Define, or define again. RCK_E_UNKNOWN: a group or currency that is not. RCK_E_IN_USE: groups that have limits in
 * force, or totals, keep their members, and take in only what is defined for the first time; with position limits
 * ever set also their quantity_decimals. Any thread, one at a time. Since 0.1. */
rck_status rck_currency_set(rck_engine *engine, const rck_currency *currency, rck_fault *fault);
rck_status rck_group_set(rck_engine *engine, const rck_group *group, rck_fault *fault);
rck_status rck_account_set(rck_engine *engine, const rck_account *account, rck_fault *fault);
rck_status rck_strategy_set(rck_engine *engine, const rck_strategy *strategy, rck_fault *fault);

/* Likewise. Once an instrument has a row of positions (the first order that passed, report, rck_position_set or
 * limit on a position in it makes one, for good), or a group of it has totals, its decimals, multiplier and currency
 * stay (RCK_E_IN_USE). A row takes over a new margin_bps when it next moves. Since 0.1. */
rck_status rck_instrument_set(rck_engine *engine, const rck_instrument *instrument, rck_fault *fault);
/* Likewise; at any time, also in use: a check sees the old calendar or the new one, whole. Since 0.4. */
rck_status rck_calendar_set(rck_engine *engine, const rck_calendar *calendar, rck_fault *fault);
rck_status rck_calendar_get(const rck_engine *engine, uint32_t id, rck_calendar *calendar);
/* The definition of `id` as it was last set. Any thread. Since 0.1. */
rck_status rck_currency_get(const rck_engine *engine, uint32_t id, rck_currency *currency);
rck_status rck_group_get(const rck_engine *engine, uint32_t id, rck_group *group);
rck_status rck_account_get(const rck_engine *engine, uint32_t id, rck_account *account);
rck_status rck_strategy_get(const rck_engine *engine, uint32_t id, rck_strategy *strategy);
rck_status rck_instrument_get(const rck_engine *engine, uint32_t id, rck_instrument *instrument);

/* With *id 0, finds the id of `name` and stores it; otherwise finds the name of *id and stores it. `name`
 * has RCK_NAME_BYTES bytes; `kind` is RCK_KIND_. Any thread. Since 0.1. */
rck_status rck_find(const rck_engine *engine, uint32_t kind, uint32_t *id, char *name);

/* ==== Limits ========================================================================================== */
/* A limit is known by control, measure, scope kind, ids, side and order type; setting it again replaces it.
 * Limits of all scopes apply, also of all groups, so the tightest binds. A value equal to a level passes. Which
 * control takes which scopes, measures and sides, and its unit, says rck_control_describe.
 * Exposure and working orders of the engine or of a group are held against a total: what the books of all its
 * accounts, or strategies, come to; of a group of instruments what the rows of all accounts in these do. A position
 * limit of such a group is held against the sum of L, or of S, each row's in the group's common unit, rounded up (and
 * cut off at 2^60 + 1). When a second port moves a total, it begins to hand out leases: a port takes a
 * block of what is left below the lowest level and spends that on a line of its own, so that threads do not wait for
 * one shared word. Leases are called in before a level is told or refuses: no order passes that does not fit, and
 * none is refused while there is room that no call in flight holds. */

/* Lists hold for every order and amend, reducing ones too; a drop copy is told. None can be waived.
 *  RESTRICTED, levels 0, refuses what is entered: by everybody in an instrument or a group of instruments, by an
 * account, a strategy or the accounts of a group in an instrument, on one side if it names one. A warn or soft level
 * alone makes it a list that only tells. At most RCK_GROUP_LISTS_MAX limits name groups in one instrument
 * (RCK_E_LISTS_FULL), and those groups keep their members.
 *  SESSION, levels 0, at the scopes of a rate: `reference` is a calendar, defined or not; what that does not permit at
 * the order's time is closed (RCK_REJECT_SESSION_CLOSED), and when it says nothing, whatever the level, nothing passes
 * (_SESSION_MISSING). Asked are side, type, time in force, and RCK_PERMIT_SHORT for a sell that leaves S above 0.
 *  LOCATE, of an account in an instrument, of side 0 or SELL, has a hard level: the quantity that is located. A sell
 * that leaves S (rck_position_info) above it is refused (_LOCATE_SHORT); so an order takes its part with its
 * reservation, and gives it back with that; what is bought back can be sold again. In an instrument with
 * RCK_SHORT_LOCATE a sell that leaves S above 0 is refused without such a limit in force (_LOCATE_MISSING). */
#define RCK_GROUP_LISTS_MAX 24
/* What a level's action asks for beyond refusing: LOG and BLOCK nothing. Of others, once a breach, an RCK_EVENT_BREACH
 * says what the host has to do (alert, throttle, cancel open orders, liquidate); by REDUCE_ONLY and HALT the library
 * itself latches the limit's scope, of a pair the account or strategy; cause the control, actor UINT32_MAX. A
 * breach begins with an order that exceeds the level, goes on while such orders come less than RCK_BREACH_NS apart, and
 * a higher level in it counts anew. Every limit that an order exceeds counts, not only the one shown (the first eight);
 * not what is missing, nor looks, cancels, or what an override waived. The order that begins it is decided before. */
#define RCK_BREACH_NS 60000000000
#define RCK_LEVEL_WARN 0x1      /* passes with RCK_SEVERITY_WARNING */
#define RCK_LEVEL_SOFT 0x2      /* passes with RCK_SEVERITY_SOFT */
#define RCK_LEVEL_HARD 0x4      /* refuses */
#define RCK_AGGRESSIVE_ONLY 0x1 /* collar: buys above the reference and sells below it alone */
#define RCK_LEASE_ALWAYS 0x2    /* totals: leases from the first port on */
#define RCK_LEASE_NEVER 0x4     /* totals: every order moves the one shared word */
#define RCK_LOOSEN 0x1          /* the right to raise, narrow, disarm or remove a level or limit */
typedef struct rck_limit {
  uint32_t struct_size;
  uint32_t limit_id; /* given by the library */
  uint32_t control;  /* RCK_CONTROL_ */
  uint32_t measure;  /* RCK_MEASURE_ */
  uint32_t scope_kind;
  uint32_t id;         /* of the scope; of a pair the account, strategy or group */
  uint32_t instrument; /* of a pair; ACCOUNT_INSTRUMENT_GROUP: the group; metric: its number; otherwise 0 */
  uint32_t side;       /* 0 both, or RCK_SIDE_. Position: BUY bounds long, SELL short */
  uint32_t order_type; /* 0 any, or RCK_TYPE_: where rck_control_describe says `typed` */
  uint32_t levels;     /* RCK_LEVEL_ that are armed; the values of others are 0 */
  uint32_t flags;      /* RCK_AGGRESSIVE_ONLY, RCK_LEASE_ */
  uint32_t reference;  /* collar: RCK_REFERENCE_; metric: decimals of its levels, 0 to 18; custom: its id; session: a
                        * calendar; ORDERS_PER_TRADE: silent below so many messages */
  int64_t warn;        /* in the control's unit; warn <= soft <= hard as far as armed, of a minimum >=; all >= 0; of a
                        * metric see there */
  int64_t soft, hard;
  int64_t window_ns;           /* of a metric its greatest age, 0: any; of what else has a window 1 ns to one day */
  uint8_t actions[4];          /* RCK_ACTION_ at warn, soft, hard; 0: as the catalogue says. The last is 0 */
  uint32_t actor;              /* who sets it: not 0 */
  char reason[RCK_NAME_BYTES]; /* as a name, not empty */
  uint64_t generation;         /* the generation from which it counts, given by the library */
} rck_limit;

/* Puts a limit beside those in force; it counts from the next rck_limits_publish. RCK_E_LOOSEN without the flag
 * RCK_LOOSEN when a level that was set becomes higher (of a minimum lower) or unarmed, a window shorter, a collar
 * one-sided or of another reference. A rate's levels go up to rate_exact_max. LIMITS_FULL: there are limits_max, or
 * 255 at the scope of controls beside rows and rates. A rate takes a window for its scope, a pair its position row,
 * sums of the engine, a group or an account in one totals (TOTALS_FULL and the like); a total of accounts or
 * instruments counts all there is from the publication on. The first limit of a strategy's exposure, loss or working
 * orders, of its group's, or of a strategy on an instrument counts only what follows: orders and positions of before
 * are not in it, nor held against it when they are amended. Conduct and repeated execution count from the publication
 * of their first limit on a scope. An order counts for the latter with its first fill, as one of its account,
 * strategy, instrument, side and quantity, among the last order_history_max of its account: when as many as the hard
 * level are less than window_ns old, the account or strategy is disabled until rck_rearm, whatever the limit becomes
 * but for its removal. Any thread, one at a time. Since 0.2. */
rck_status rck_limit_set(rck_engine *engine, const rck_limit *limit, uint32_t flags, rck_fault *fault);
/* Fills in the limit whose key `limit` holds, as it was last set; RCK_E_UNKNOWN. Any thread. Since 0.2. */
rck_status rck_limit_get(const rck_engine *engine, rck_limit *limit);

/* Removes the limit whose key `limit` holds, from the next publication on; needs RCK_LOOSEN, and actor and
 * reason. What was counted stays. Any thread, one at a time. Since 0.2. */
rck_status rck_limit_remove(rck_engine *engine, const rck_limit *limit, uint32_t flags, rck_fault *fault);

/* Publishes what was set and removed since the last time, all at once: a check sees the limits of before or
 * those of now. Waits for no check. `generation`, if not NULL, receives the new generation: with nothing set
 * or removed it stays. Any thread, one at a time. Since 0.2. */
rck_status rck_limits_publish(rck_engine *engine, uint64_t *generation, rck_fault *fault);

/* Copies limits in force into `limits`, at most `capacity`; their struct_size need not be set. `*cursor` is 0
 * at first and then where to go on; `*count` is how many were copied: 0 at the end. Any thread. Since 0.2. */
rck_status rck_limits_armed(const rck_engine *engine, rck_limit *limits, uint32_t capacity, uint32_t *cursor,
                            uint32_t *count);

#define RCK_OVERRIDES_MAX 256
/* An override waives hard levels (order quantity, order notional, collar, position, exposure, buying power, working
 * orders) until it expires, at any clock once some port has seen that time; what else refuses does so all the same. An
 * order that passes only so has RCK_VERDICT_OVERRIDDEN, severity HARD, action ALERT. It uses, exactly, of each override
 * that waives something one of count and all its quantity: of several for one thing that for its id, then the oldest,
 * of the first 16 that fit it. That is given back if it is not entered, never later; a crash in between may leave it
 * used. Dry checks use nothing; rck_headroom, and a batch that is all or none, know of none. Who may
 * call this, and waive limits, the host decides. */
typedef struct rck_override {
  uint32_t struct_size, override_id;   /* the id is given by the library: 1, 2, 3, ..., none twice */
  uint64_t order_id;                   /* for new orders and amends with this id, at all scopes; or 0 */
  uint32_t control;                    /* whose levels; with an order_id also 0: of all these controls */
  uint32_t scope_kind, id, instrument; /* whose limits, as of rck_limit, for all orders; with an order_id 0 */
  uint32_t actor, count;               /* not 0; how many orders may use it, 0: not bounded */
  int64_t quantity, expiry_ns;         /* of all orders together, 0: not bounded, if count is; later than now */
  char reason[RCK_NAME_BYTES];         /* as a name, not empty */
  uint32_t live, count_left;           /* to be got: 0 if used up, expired or removed; what is left, 0 if not bounded */
  int64_t quantity_left;
} rck_override;

/* Set, look up, remove by override_id (RCK_E_UNKNOWN: none, or another has its place since it ended; RCK_REPEAT: it is
 * removed), with actor and reason. Set and remove: any thread, one at a time; get: any thread. Since 0.3. */
rck_status rck_override_set(rck_engine *engine, const rck_override *given, uint32_t *override_id, rck_fault *fault);
rck_status rck_override_get(const rck_engine *engine, rck_override *found);
rck_status rck_override_remove(rck_engine *engine, const rck_override *given, rck_fault *fault);

#define RCK_CUSTOMS_MAX 16       /* of an engine; 32 engines of a process have any */
#define RCK_CUSTOM_FAIL_OPEN 0x1 /* with the breaker open orders pass, with WARNING and ALERT; else they are refused */
#define RCK_BREAKER_CLOSED 0
#define RCK_BREAKER_OPEN 1
/* A function of the host that an order must pass: 0 passes, what else it returns refuses. `order` is the order as it is
 * judged, of an amend with the parties of the order; deadline_ns is 0. It is called by the thread that checks, and must
 * return; a call on the same port gives it RCK_E_BUSY. */
typedef int32_t (*rck_custom_call)(void *context, const rck_order *order, int64_t time_ns);
typedef struct rck_custom {
  uint32_t struct_size;
  uint32_t id;                 /* 1 to RCK_CUSTOMS_MAX */
  char name[RCK_NAME_BYTES];   /* as a name; may be empty */
  uint32_t flags;              /* RCK_CUSTOM_FAIL_OPEN */
  uint32_t overruns_max;       /* so many calls in a row above the budget open the breaker; 0: none do */
  int64_t budget_ns;           /* of the monotonic clock; 0: any time */
  int64_t cool_down_ns;        /* how long no call is made then; 0: until it is set again */
  uint32_t actor;              /* not 0 */
  uint32_t breaker;            /* to be got, as what follows the reason: RCK_BREAKER_ */
  char reason[RCK_NAME_BYTES]; /* as a name, not empty */
  uint64_t calls, refusals, overruns;
  int64_t longest_ns;
} rck_custom;

/* Registers a function, or replaces it, statistics and breaker as well. A limit of control CUSTOM, levels 0, arms the
 * one that its `reference` names; one that is not registered refuses (CUSTOM_MISSING). It is asked last, when nothing
 * else refuses, once for a check, amend, dry run or drop copy, which tells its answer; not for rck_headroom; for a leg
 * of a batch again if the batch begins anew. The verdict's `observed` is what it returned, or 1 if that is negative.
 * After the cool-down one call is made: within the budget it closes the breaker.
 *  Functions belong to the process and to this handle, not to the region: after a fork or a re-opening, and in other
 * processes, they are missing until set there. Set and replace: RCK_E_BUSY, and nothing has changed, if there was no
 * instant without a call of it. Remove waits for calls to end, a bounded time: RCK_E_BUSY, and it is as it was; orders
 * meanwhile find it missing. After RCK_OK neither function nor context is used any more. From inside a call of it both
 * are RCK_E_BUSY. RCK_E_UNKNOWN: not registered. Any thread, one at a time; get: any thread. Since 0.4. */
rck_status rck_custom_set(rck_engine *engine, const rck_custom *custom, rck_custom_call call, void *context,
                          rck_fault *fault);
rck_status rck_custom_remove(rck_engine *engine, uint32_t id, rck_fault *fault);
rck_status rck_custom_get(const rck_engine *engine, rck_custom *found);

/* ==== The state of trading ============================================================================ */
typedef struct rck_latch {
  uint32_t struct_size;
  uint32_t scope_kind;         /* GLOBAL to INSTRUMENT_GROUP */
  uint32_t id;                 /* of the scope; 0 of GLOBAL */
  uint32_t state;              /* RCK_STATE_; to clear: ignored */
  uint32_t actor;              /* not 0 */
  uint32_t control;            /* the cause: 0, RCK_CONTROL_, or RCK_REJECT_DISCONNECTED */
  int64_t time_ns;             /* 0: now */
  char reason[RCK_NAME_BYTES]; /* to clear: not empty */
} rck_latch;

/* Sets a scope to at least `state`. A scope that has that state or a higher one keeps it, with RCK_REPEAT;
 * its first cause stays until it is cleared. No check that begins after the return passes; one that ran
 * meanwhile is refused or is listed by rck_open_orders. Any thread, at any time: the event alone is left out
 * while others keep the engine's turn. Since 0.2. */
rck_status rck_latch_set(const rck_engine *engine, const rck_latch *latch, rck_fault *fault);
/* Sets a scope back to RCK_STATE_ACTIVE; RCK_REPEAT if it is. Any thread, one at a time. Since 0.2. */
rck_status rck_latch_clear(rck_engine *engine, const rck_latch *latch, rck_fault *fault);
/* Fills in the state of the scope that `latch` names, and its first cause. Any thread. Since 0.2. */
rck_status rck_latch_get(const rck_engine *engine, rck_latch *latch);

/* Cancel on disconnect: what the silence of a port does. An open port is silent while its latest time, or that
 * of its opening if it is later, is more than silence_ns back. */
typedef struct rck_port_watch {
  uint32_t struct_size;
  uint32_t port;               /* 1 to ports_max, open or not */
  int64_t silence_ns;          /* 0: not watched; the rest is judged all the same */
  uint32_t scope_kind, id;     /* the scope that is latched, as of rck_latch */
  uint32_t state;              /* RCK_STATE_ that it is set to, not ACTIVE */
  uint32_t actor;              /* not 0 */
  char reason[RCK_NAME_BYTES]; /* as a name; may be empty */
} rck_port_watch;

/* Sets how a port is watched: from then on, through closing, opening and crashes. Any thread, one at a time.
 * Since 0.3. */
rck_status rck_port_watch_set(rck_engine *engine, const rck_port_watch *watch, rck_fault *fault);
/* Fills in how the port that `watch` names is watched; all 0 if that was never set. Any thread. Since 0.3. */
rck_status rck_port_watch_get(const rck_engine *engine, rck_port_watch *watch);

/* Says that the port's host lives: moves the port's time (0: see Clock) and nothing else. Every call that takes
 * a time and moves the port's does as much. The port's thread. Since 0.3. */
rck_status rck_beat(rck_port *port, int64_t time_ns);

/* Looks at time_ns (0: that of rck_clock) at all watched ports. The scope of each that is silent is latched as by
 * rck_latch_set, its cause RCK_REJECT_DISCONNECTED, and the port is listed: `*count` are silent, the first
 * `capacity` of them, ascending, are in `ports`. RCK_REPEAT: there are some, and each scope had its state already.
 * What is to be cancelled lists rck_open_orders of the scope: an order names no port, so give what a port trades
 * an account or strategy of its own. A beat ends the silence, rck_latch_clear alone the latch; the next look sets it
 * again if the port is still silent. Closed ports, as all are after a crash, are not looked at; one counts as
 * opened at the time of rck_clock, or 0 before there is one. Any thread, at any time. Since 0.3. */
rck_status rck_watch(const rck_engine *engine, int64_t time_ns, uint32_t *ports, uint32_t capacity, uint32_t *count);

typedef struct rck_rearming {
  uint32_t struct_size;
  uint32_t control;        /* RCK_CONTROL_CONDUCT, RCK_CONTROL_REPEATED_EXECUTION */
  uint32_t scope_kind, id; /* ACCOUNT or STRATEGY */
  uint32_t actor;          /* not 0 */
  uint32_t reserved;
  char reason[RCK_NAME_BYTES]; /* as a name, not empty */
} rck_rearming;

/* Begins the orders that the venue has rejected in a row anew at 0: while they are above a level nothing passes, so
 * nothing else may. Or lets an account or strategy that is disabled for repeated execution trade again: its orders of
 * before count no more. RCK_REPEAT: there are none, it is not. Any thread, one at a time. Since 0.4. */
rck_status rck_rearm(rck_engine *engine, const rck_rearming *given, rck_fault *fault);

/* ==== Orders ========================================================================================== */
/* All calls here are the port's thread's. Their verdict may not be NULL; it is written whole unless the status is
 * negative. `token` names an order; 0, and `order_id` does (both 0: RCK_E_RANGE).
 *  A status of a call is also the status of its verdict. Of several refusals the verdict shows the state of trading
 * before all else, then the control with the lowest number, of that the widest scope. When all pass it shows the
 * highest severity found, likewise; with none, control, limit, observed, utilisation are 0. An order strictly reduces
 * if it cannot open or flip a position, all open orders of its side counted: a sell if S after it is not above 0, a
 * buy if L is not (rck_position_info). */

/* Checks an order and, if it passes, reserves its risk: it is live until filled or released. RCK_REPEAT: live
 * or remembered already with the same terms (parties, venue, side, type, time in force, prices, quantity),
 * and the verdict's token is its. An attempt counts in the rates even if another control refuses it, but not
 * if a rate does, if it is a repeat, or if it is refused before controls are asked. Since 0.2. */
rck_status rck_check(rck_port *port, const rck_order *order, rck_verdict *verdict);

/* The verdict that rck_check would give now, without a trace: no attempt counts, nothing is reserved. What no
 * control refuses and no place is left for is RCK_REJECT_ORDERS_FULL or _POSITIONS_FULL here too. A port for
 * reading will do. Since 0.2. */
rck_status rck_check_dry(rck_port *port, const rck_order *order, rck_verdict *verdict);

/* Records an order that somebody else has entered at the venue. A fact: no limit, latch, permission, rule on lots,
 * ticks and price bounds, nor its deadline keeps it out. It is live, moves all that a passed order moves, and counts in
 * the rates, above their limits too. The verdict is that of rck_check, but with status RCK_OK, the token, and, of what
 * that would have refused, RCK_VERDICT_WOULD_REFUSE and an RCK_EVENT_DROP_COPY. Refused, which the verdict then names
 * alone, and without a trace: times; known ids (RCK_REPEAT, _TAKEN); unknown parties; flags, side, type, time in force,
 * quantity, prices that are none or beyond 2^53; no value to be had; no room (_OVERFLOW, _FULL). Since 0.3. */
rck_status rck_drop_copy(rck_port *port, const rck_order *order, rck_verdict *verdict);

/* Checks new terms of a live order, as if its old ones were absent. `order` holds price, stop price, total
 * quantity, and order_id, which may be new when `token` names the order: both ids name it from then on.
 * Account, strategy, instrument, side, type, time in force and venue are the order's, whatever `order` says.
 * Passed, every counter holds the larger of old and new until rck_amend_result; refused, the order is as it
 * was. Counts as a modify. RCK_REJECT_AMEND_PENDING: one at a time. Since 0.2. */
rck_status rck_amend(rck_port *port, uint64_t token, const rck_order *order, rck_verdict *verdict);

/* What the venue did with the amend in flight: accepted 1 or 0. RCK_REPEAT: none is in flight. An order whose
 * new total is executed already is done. Since 0.2. */
rck_status rck_amend_result(rck_port *port, uint64_t token, uint64_t order_id, uint32_t accepted, rck_verdict *verdict);

/* Counts a request to cancel. Never refused for a limit: above one the status is 0 with the severity of the
 * level. Frees nothing: that is rck_release's. RCK_REPEAT: the order has ended. Since 0.2. */
rck_status rck_cancel(rck_port *port, uint64_t token, uint64_t order_id, int64_t time_ns, rck_verdict *verdict);

/* Applies a fact. FILL: the position moves by cumulative_quantity less what was known, at last_price.
 * RCK_REPEAT, and nothing changes: the cumulative is not above the known one, or the execution id is known.
 * LATE, OVER_FILL, UNKNOWN and GAP are flags of the verdict; `observed` is the quantity applied, `token` the
 * order's. A token that is not known does not refuse a report whose order_id names its order. A report without
 * a known order uses its own order_id, account, strategy, instrument and side; RCK_REJECT_ORDER_UNKNOWN: it has
 * no order_id. Execution ids are unique in an engine.
 * BUST undoes undone_execution_id; CORRECT undoes it and applies last_quantity at last_price as execution_id;
 * leaves stay. The known cumulative becomes cumulative_quantity, within what the undone quantity allows: from
 * the old one to the old one less (plus) what was undone (applied). Undoing is booked at average cost, as an
 * execution of the other side, at the value that was booked: a part of it that opens a position has its share.
 * RCK_REJECT_EXECUTION_UNKNOWN: not remembered.
 * Give the reports of an order in the venue's order: of a fill that comes before the bust that preceded it
 * only what its cumulative is above the known one counts, often nothing (RCK_REPEAT). A report whose
 * execution id another call is applying waits for that, about 1,000 pauses of the processor, and is then
 * RCK_REJECT_CONTENDED: call again. No limit refuses a fact; want of room does (ORDERS_FULL, POSITIONS_FULL,
 * EXECUTIONS_FULL, _OVERFLOW), and the engine then knows less than the venue. Since 0.2. */
rck_status rck_fill(rck_port *port, const rck_report *report, rck_verdict *verdict);

#define RCK_BATCH_MAX 1024
#define RCK_BATCH_ALL_OR_NONE 0x1 /* orders that are checked: all pass, or none */
#define RCK_LEGS_MAX 64           /* of such a batch */
/* Batches: `count` records, 1 to RCK_BATCH_MAX, each as by rck_check, rck_amend or rck_fill of its own, one after the
 * other; what the next ones need of memory is fetched meanwhile. Record i is read, and then verdicts[i] written,
 * before record i + 1 is: so `verdicts` may begin where the records do; otherwise nothing may overlap. A negative
 * status of a record is its verdict's, all else in that is 0; RCK_E_FAILED is that of all that follow, too. `*passed`
 * is how many have RCK_OK. `tokens` may be NULL: all orders are named by their ids. `flags` is 0. The call's status is
 * RCK_OK; or negative, and then no record was looked at and nothing was written. Since 0.3.
 * With RCK_BATCH_ALL_OR_NONE, 1 to RCK_LEGS_MAX orders, its legs, are live together or not at all, by one generation
 * of limits, also after a crash; nothing overlaps. Times of all are taken first, and all count at the latest. Each leg
 * is checked with those before it reserved, whatever nets. The first that is refused has its own verdict, all others
 * are RCK_REJECT_BATCH; what is left are attempts, rows that were made, and orders forgotten for places. Attempts
 * count all, or none: if a rate has no room for all, or an id is known or that of a leg before, which refuses. Legs
 * that are all known with the same terms repeat. Since 0.3. */
rck_status rck_check_batch(rck_port *port, const rck_order *orders, rck_verdict *verdicts, uint32_t count,
                           uint32_t flags, uint32_t *passed);
rck_status rck_amend_batch(rck_port *port, const uint64_t *tokens, const rck_order *orders, rck_verdict *verdicts,
                           uint32_t count, uint32_t flags, uint32_t *passed);
rck_status rck_fill_batch(rck_port *port, const rck_report *reports, rck_verdict *verdicts, uint32_t count,
                          uint32_t flags, uint32_t *passed);

/* Ends an order and frees what it reserves. RCK_REPEAT: it has ended. `reason`, RCK_RELEASE_, is kept nowhere
 * as yet. Since 0.2. */
rck_status rck_release(rck_port *port, uint64_t token, uint64_t order_id, uint32_t reason, int64_t time_ns,
                       rck_verdict *verdict);
/* Says that an order recovered after a crash lives at the venue. RCK_REPEAT: it needs none. Since 0.2. */
rck_status rck_order_confirm(rck_port *port, uint64_t token, uint64_t order_id, rck_verdict *verdict);

#define RCK_ORDER_LIVE 0x1
#define RCK_ORDER_UNCONFIRMED 0x2
#define RCK_ORDER_AMENDING 0x4
#define RCK_ORDER_FINISHED 0x8
/* An order as the engine holds it. */
typedef struct rck_order_info {
  uint64_t token, order_id, correlation_id;
  int64_t price, stop_price, quantity;
  int64_t leaves;         /* what the order may still fill, as far as reserved */
  int64_t cumulative;     /* as known from reports */
  int64_t reserved_value; /* money units; while amending the larger of old and new */
  uint32_t account, strategy, instrument, venue;
  uint8_t side, type, time_in_force;
  uint8_t state; /* RCK_ORDER_ bits */
  uint32_t reserved0;
  uint64_t reserved[4];
} rck_order_info;

/* Copies live orders within a scope, GLOBAL (id 0) to INSTRUMENT_GROUP, into `orders`, at most `capacity`.
 * `*cursor` is 0 at first and then where to go on; `*count` is how many were copied: 0 at the end. Orders
 * that live throughout the walk are listed once. RCK_E_UNKNOWN: no such scope. Any thread. Since 0.2. */
rck_status rck_open_orders(const rck_engine *engine, uint32_t scope_kind, uint32_t id, rck_order_info *orders,
                           uint32_t capacity, uint32_t *cursor, uint32_t *count);
/* The order of a token or id, live or remembered; RCK_REJECT_ORDER_UNKNOWN. Any thread. Since 0.2. */
rck_status rck_order_get(const rck_engine *engine, uint64_t token, uint64_t order_id, rck_order_info *order);

/* How much more may be sent: the largest quantity with which `order`, its order_id not in use, would pass, in
 * `*quantity`, 0 if none; verdict and status are those of one lot more, which name what binds. Duplicates, what was
 * filled before, and custom functions are not asked. The order's own quantity is ignored. A port for reading will do.
 * Since 0.2. */
rck_status rck_headroom(rck_port *port, const rck_order *order, int64_t *quantity, rck_verdict *verdict);

/* One line of text, without a line feed, that says what a verdict means; ended by a zero byte, cut to fit
 * `capacity`. Any thread. Since 0.2. */
rck_status rck_explain(const rck_verdict *verdict, char *text, uint32_t capacity);

#define RCK_UNIT_NONE 0
#define RCK_UNIT_QUANTITY 1 /* of the instrument, or in the common unit of a group */
#define RCK_UNIT_MONEY 2
#define RCK_UNIT_BPS 3
#define RCK_UNIT_COUNT 4
typedef struct rck_control_info {
  uint32_t struct_size, control;
  char name[RCK_NAME_BYTES];
  uint32_t unit;     /* RCK_UNIT_ of levels; those of TICKS, NOTIONAL, QUANTITY_ and AGE in their own */
  uint32_t scopes;   /* bit n set: limits at RCK_SCOPE_ n */
  uint32_t sided;    /* 1: limits may name a side */
  uint32_t typed;    /* 1: limits may name an order type */
  uint32_t reducing; /* 1: a strictly reducing order passes regardless */
  uint32_t reserved;
  uint64_t measures;  /* bit n set: RCK_MEASURE_ n */
  uint8_t actions[8]; /* RCK_ACTION_ by RCK_SEVERITY_, unless a limit has its own */
  uint64_t codes[2];  /* bit n % 64 of word n / 64 set: it refuses with control * 100 + n */
} rck_control_info;

/* The catalogue. RCK_E_UNKNOWN: no such control in this version. Any thread. Since 0.2. */
rck_status rck_control_describe(uint32_t control, rck_control_info *info);

/* ==== Positions and sums ============================================================================== */
typedef struct rck_position {
  uint32_t struct_size;
  uint32_t account;  /* or 0, and the strategy's row is meant */
  uint32_t strategy; /* or 0 */
  uint32_t instrument;
  int64_t quantity; /* net, signed */
  int64_t price;    /* that it is booked at; may be 0 */
  uint32_t actor;   /* not 0 */
  uint32_t reserved;
  char reason[RCK_NAME_BYTES];
} rck_position;

/* Sets net and booked value of a row, past every limit; orders and P&L stay. The port's thread. Since 0.2. */
rck_status rck_position_set(rck_port *port, const rck_position *position, rck_fault *fault);

/* A row in numbers; money in money units. */
typedef struct rck_position_info {
  uint32_t struct_size, account, strategy, instrument;
  int64_t net;        /* filled, signed */
  int64_t open_buys;  /* L = net + open_buys */
  int64_t open_sells; /* S = open_sells - net */
  int64_t booked;     /* value of the position, signed */
  int64_t buys;       /* value reserved by open buys: ML = booked + buys */
  int64_t sells;      /* by open sells: MS = sells - booked */
  int64_t margin;     /* margin_bps of max(ML, 0) + max(MS, 0), rounded up */
  int64_t realised, marked, fees;
} rck_position_info;

/* The row of account and instrument, or with account 0 of strategy and instrument: as `info` names it.
 * RCK_E_UNKNOWN: there is none; one that only a limit made may be unknown or zero. Any thread. Since 0.2. */
rck_status rck_position_get(const rck_engine *engine, rck_position_info *info);

typedef struct rck_cash {
  uint32_t struct_size, account;
  int64_t cash;
  int64_t credit; /* not negative */
  uint32_t actor; /* not 0 */
  uint32_t reserved;
  char reason[RCK_NAME_BYTES];
} rck_cash;

/* Sets an account's cash and credit. The port's thread. Since 0.2. */
rck_status rck_cash_set(rck_port *port, const rck_cash *cash, rck_fault *fault);

/* The sums of an account, or of a strategy as far as its limits have them kept: rck_limit_set. Of the engine and of
 * groups: totals, where they are kept, of gross to net_short, orders, orders_value, quantities; 0 otherwise. */
typedef struct rck_book_info {
  uint32_t struct_size;
  uint32_t scope_kind; /* GLOBAL to STRATEGY_GROUP, INSTRUMENT_GROUP, ACCOUNT_INSTRUMENT_GROUP */
  uint32_t id;
  uint32_t open_positions; /* rows whose net is not 0 */
  int64_t gross;           /* money units, as what follows: sum of max(ML, 0) + max(MS, 0) */
  int64_t net_long;        /* sum of ML */
  int64_t net_short;       /* sum of MS */
  int64_t margin;
  int64_t orders, orders_value, realised, marked, fees, cash, credit; /* live orders */
  int64_t mark_time_ns;                  /* of the last rck_mark of an instrument that it had a position in */
  int64_t quantity_long, quantity_short; /* of a group of instruments: sums of L and of S, in its common unit */
  int64_t day_realised, day_total;       /* since the day began: realised less fees; and marked */
  int64_t day_peak;                      /* the day's highest day_total, 0 at least */
  int64_t day_messages, day_trades;      /* as conduct counts them, if it does */
  int64_t rejects, repeated;             /* likewise in a row; filled orders for which it is disabled, 0: it is not */
  uint32_t instrument, reserved;         /* of an account in a group of instruments: the group; otherwise 0 */
} rck_book_info;

/* The book that `info` names, or totals: exact at rest. Any thread. Since 0.2. */
rck_status rck_book_get(const rck_engine *engine, rck_book_info *info);

/* Ends the day before `date` (yyyymmdd): all live orders but those good till cancelled are released, `*released`
 * of them. Then the day's P&L, its peak, messages and trades begin anew. RCK_REPEAT: that day has begun. RCK_E_RANGE:
 * no date, or an earlier one. RCK_E_BUSY: another port begins a day. The port's thread. Since 0.2. */
rck_status rck_day_start(rck_port *port, uint32_t date, uint32_t *released, rck_fault *fault);

/* ==== Market ========================================================================================== */
/* A quote. One line. A size of 0 says that the side is empty, and its price says nothing. */
typedef struct rck_quote {
  uint32_t instrument;
  uint32_t flags; /* none yet: 0 */
  int64_t bid, ask, bid_size, ask_size, time_ns;
  uint64_t reserved[2];
} rck_quote;

/* A trade in the market. One line. */
typedef struct rck_trade {
  uint32_t instrument;
  uint32_t flags; /* none yet: 0 */
  int64_t price, quantity, time_ns;
  uint64_t reserved[4];
} rck_trade;

/* Levels of a market's book: the best first, each further away than the one before it (bids strictly lower, asks
 * strictly higher), sizes 1 to 2^53. What lies behind those that are given is not looked at. */
#define RCK_BOOK_LEVELS 10
typedef struct rck_book {
  uint32_t instrument;
  uint32_t flags; /* none yet: 0 */
  uint32_t bids;  /* levels given: 0 to RCK_BOOK_LEVELS; 0: the side is empty */
  uint32_t asks;
  int64_t time_ns;
  int64_t bid_prices[RCK_BOOK_LEVELS], bid_sizes[RCK_BOOK_LEVELS];
  int64_t ask_prices[RCK_BOOK_LEVELS], ask_sizes[RCK_BOOK_LEVELS];
  uint64_t reserved[5];
} rck_book;

/* Take the latest quote, trade or book of an instrument. Several ports may feed one instrument; one that is older
 * than what is stored of its kind is RCK_REPEAT and changes nothing. The port's thread. Since 0.2, books 0.4.
 * A trade's quantity adds to the volume since rck_day_start, up to 2^60. Of a trade that is RCK_REPEAT it does not
 * count, since nobody can tell whether it came before; one of the stored time counts, also if it comes twice.
 * A book is a quote as well, of its best levels, unless a later quote is stored. A quote leaves the book as it is.
 *
 * RCK_CONTROL_PERIOD_COLLAR holds an order at time t, valued at p, against the lowest and the highest price of trades
 * later than t - window_ns, and of the last one before these, which was in force when the window began; those later
 * than t count too. Above the level is (p - lowest) x 10,000 / |lowest| or (highest - p) x 10,000 / |highest|, rounded
 * up; the larger decides. Trades count from the first publication of such a limit on, and of those before the last.
 * For each of the two, price_history_max / 2 candidates are kept besides the last price: prices with the time at which
 * the next trade ended them, but for those that a later one has matched or gone beyond. When one too many comes, two
 * neighbours become one, the older's price until the younger's end: the two oldest if both ended before the longest
 * window that a limit has had, or else two with one before them whose span, from the end of that to the end of the
 * younger, is smallest in proportion to the age of its end. So no price of a window is overlooked. All is exact while
 * fewer than price_history_max / 2 candidates ended within the longest window; otherwise only the oldest price that
 * counts may have ended before the window began, though not before the end of the candidate before it, if there is one.
 * */
rck_status rck_market_quote(rck_port *port, const rck_quote *quote);
rck_status rck_market_trade(rck_port *port, const rck_trade *trade);
rck_status rck_market_book(rck_port *port, const rck_book *book);
/* The daily volume, up to 2^53, that RCK_MEASURE_VOLUME_SHARE refers to instead of that of today's trades, until it is
 * set again; 0: none. RCK_E_UNKNOWN, RCK_E_RANGE. The port's thread. Since 0.4. */
rck_status rck_market_volume(rck_port *port, uint32_t instrument, int64_t volume);

/* Books every position in the instrument at `price`: booked value becomes net x price, and the difference
 * marked P&L. Off the path of checks: a walk over the instrument's rows. RCK_REJECT_EXPOSURE_OVERFLOW: a row
 * that cannot hold it stayed as it was, the others are marked. The port's thread. Since 0.2. */
rck_status rck_mark(rck_port *port, uint32_t instrument, int64_t price, int64_t time_ns);

#define RCK_METRICS_MAX 1024
#define RCK_METRIC_EPSILON 1e-9
/* Feeds number `metric`, 1 to RCK_METRICS_MAX, of the host's own, for limits of control METRIC. Any port may feed any
 * metric; a check sees value and time of one feeding and waits for nobody. RCK_REPEAT: older than what is stored.
 * RCK_E_RANGE: no number, or infinite. -0.0 is 0. The port's thread. Since 0.4.
 *  A limit names the metric in `instrument` and compares by its measure: GREATER refuses while the metric is greater
 * than the level, and so on. Equal are value and level whose difference is at most RCK_METRIC_EPSILON times the larger
 * magnitude: greater is greater and not equal. Levels are in 10^-`reference`, -2^60 to 2^60: from warn to hard
 * ascending for GREATER and AT_LEAST, descending for LESS and AT_MOST, any for EQUAL and UNEQUAL, of which every change
 * loosens; so does a longer window_ns. A metric that was never fed, or that is too old, refuses (METRIC_MISSING). The
 * verdict shows it in the level's decimals: the level if they are equal, otherwise rounded away from it. */
rck_status rck_metric_set(rck_port *port, uint32_t metric, double value, int64_t time_ns);

/* Touches everything that a check may touch, so that the first orders of the day find it in memory. Changes
 * nothing. The port's thread. Since 0.2. */
rck_status rck_warm(rck_port *port);

#include "riskcheck_journal.h"

/* ==== Observation ===================================================================================== */
typedef struct rck_stats {
  uint32_t struct_size;
  uint32_t open;                        /* 1 while the port is open */
  uint64_t events_written;              /* records published */
  uint64_t events_read;                 /* records taken out */
  uint64_t events_refused;              /* rck_event_write found the ring full: events */
  uint64_t events_lost;                 /* the library's own events that found the ring full */
  uint64_t ring_lines, ring_lines_used; /* its capacity, and what is unread */
  uint64_t ring_lines_used_max;         /* high-water mark: exact from ring_lines / 16 up */
  uint64_t clock_clamps;                /* times that were a little back and clamped */
  uint64_t clock_refusals;              /* times too far back, missing or out of range */
  int64_t time_ns;                      /* the port's latest time */
  uint64_t contended; /* calls on orders refused for what others did meanwhile: RCK_VERDICT_CONTENDED, or the
                       * status RCK_REJECT_CONTENDED */
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
  uint32_t groups, accounts, strategies, instruments, calendars;
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
