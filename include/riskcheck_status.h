/* riskcheck_status.h: the numbers of statuses, and nothing else. riskcheck.h includes it and is the manual. */
#ifndef RISKCHECK_STATUS_H
#define RISKCHECK_STATUS_H

/* Passed. */
#define RCK_OK 0
#define RCK_REPEAT 1 /* known already: nothing changed */
/* Refusals that no single control owns: 10 to 99. */
#define RCK_REJECT_TIME_MISSING 10   /* time_ns is 0 and the clock source is RCK_CLOCK_HOST */
#define RCK_REJECT_TIME_BACK 11      /* further back than clock_back_ns_max */
#define RCK_REJECT_TIME_RANGE 12     /* negative, or above RCK_TIME_NS_MAX */
#define RCK_REJECT_DEADLINE 13       /* the order's deadline has passed */
#define RCK_REJECT_RING_FULL 14      /* no room in the port's ring */
#define RCK_REJECT_ORDERS_FULL 20    /* no place is left: see orders_max */
#define RCK_REJECT_POSITIONS_FULL 21 /* positions_max rows are in use */
#define RCK_REJECT_WINDOWS_FULL 22   /* windows_max windows are in use */
#define RCK_REJECT_TOTALS_FULL 23    /* leases_max totals are in use */
#define RCK_REJECT_ORDER_ID_TAKEN 30 /* the id is known with other terms */
#define RCK_REJECT_ORDER_UNKNOWN 31
#define RCK_REJECT_ORDER_FINISHED 32
#define RCK_REJECT_ORDER_UNCONFIRMED 33 /* recovered, and neither confirmed nor released since */
#define RCK_REJECT_AMEND_PENDING 34     /* one amend in flight an order */
#define RCK_REJECT_EXECUTION_UNKNOWN 35 /* the execution to be undone is not known, or no longer */
#define RCK_REJECT_EXECUTIONS_FULL 36   /* too many reports in flight for executions_max */
#define RCK_REJECT_LIMIT_MISSING 40     /* a limit that the catalogue requires is not set: none, as yet */
#define RCK_REJECT_CONTENDED 50         /* other calls moved the same rows at every try: call again */
#define RCK_REJECT_BATCH 60             /* another leg of its batch was refused */
/* Refusals by control nn: nn01 to nn49 a limit or rule is broken, nn50 to nn79 an input is missing or too
 * old, nn80 to nn99 arithmetic. Those that this version gives are in rck_control_info.codes. */
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
#define RCK_REJECT_EXECUTION_DISABLED 1602
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
#define RCK_REJECT_REDUCE_ONLY 2603  /* and the order does not strictly reduce */
#define RCK_REJECT_DISCONNECTED 2604 /* any of these, when the first cause of the latch is a disconnect */
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
#define RCK_E_IN_USE (-52)     /* rows exist: decimals, multiplier and currency are fixed */
#define RCK_E_GROUP_KIND (-53) /* a group of another kind */
#define RCK_E_GROUP_TWICE (-54)
#define RCK_E_LOOSEN (-55) /* the change loosens a limit, and the flag RCK_LOOSEN is not set */
#define RCK_E_LIMITS_FULL (-56)
#define RCK_E_OVERRIDES_FULL (-57) /* RCK_OVERRIDES_MAX are live */
#define RCK_E_CUSTOMS_FULL (-58)   /* 32 engines of the process have functions */
#define RCK_E_LISTS_FULL (-59)     /* RCK_GROUP_LISTS_MAX limits name groups in the instrument */
#define RCK_E_NOT_REGION (-70)     /* not a region */
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
#define RCK_E_NO_JOURNAL (-82)    /* no segment is there */
#define RCK_E_JOURNAL_OTHER (-83) /* the journal of another region */
#define RCK_E_DAMAGED (-84)       /* a block of a journal is not what was written */
#define RCK_E_SYSTEM (-100)       /* the fault carries errno */
#define RCK_E_UNSUPPORTED (-101)
#define RCK_E_NO_MEMORY (-102)

#endif
