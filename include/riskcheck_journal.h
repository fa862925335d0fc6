/* riskcheck_journal.h: events, violations, the journal and its replay. riskcheck.h includes it and is the manual. */
#ifndef RISKCHECK_JOURNAL_H
#define RISKCHECK_JOURNAL_H

/* ==== Events ========================================================================================== */
#define RCK_EVENT_ENGINE_OPENED 1     /* subject: how often this region was opened; values: 1 if recovered, pid */
#define RCK_EVENT_ENGINE_CLOSED 2     /* subject: as above */
#define RCK_EVENT_PORT_OPENED 3       /* subject: port */
#define RCK_EVENT_PORT_CLOSED 4       /* subject: port */
#define RCK_EVENT_RESTORED 6          /* subject: region id of the snapshot; values: how often that was opened */
#define RCK_EVENT_DEFINED 16          /* subject: id; values: RCK_KIND_, how often it was defined */
#define RCK_EVENT_LIMITS 17           /* subject: generation; values: limits in force, actor */
#define RCK_EVENT_WATCH 18            /* subject: port; values: silence_ns, actor */
#define RCK_EVENT_OVERRIDE_SET 19     /* subject: override id; values: control << 32 | scope kind, actor */
#define RCK_EVENT_OVERRIDE_REMOVED 20 /* likewise */
#define RCK_EVENT_REFUSED 32          /* check, amend. subject: order id; values: status, instrument << 32 | account */
#define RCK_EVENT_ANOMALY 33          /* subject: order id; values: RCK_VERDICT_ flags, quantity applied */
#define RCK_EVENT_LATCHED 34          /* subject: scope kind << 56 | id; values: state, actor */
#define RCK_EVENT_UNLATCHED 35        /* likewise */
#define RCK_EVENT_DAY 36              /* subject: date; values: orders released */
#define RCK_EVENT_POSITION_SET 37     /* subject: account << 32 | instrument; values: quantity, actor */
#define RCK_EVENT_CASH_SET 38         /* subject: account; values: cash, actor */
#define RCK_EVENT_DROP_COPY 39        /* that a check would have refused: as REFUSED, with the check's status */
#define RCK_EVENT_OVERRIDDEN 40       /* one for each override used. subject: order id; values: override id, quantity */
#define RCK_EVENT_BREACH 41   /* a level's action is to be carried out. subject: limit id; values: observed, action */
#define RCK_EVENT_DISABLED 42 /* by repeated execution. subject: scope kind << 56 | id; values: control, orders */
#define RCK_EVENT_REARMED 43  /* subject: scope kind << 56 | id; values: control, actor */
#define RCK_EVENT_CUSTOM 45   /* a breaker moved. subject: custom id; values: RCK_BREAKER_, ns of that call */
#define RCK_EVENT_HOST 32768  /* this kind and above are the host's own: subject and values are its own */

/* Writes `count` annotations of the host's own into the port's ring, all or none. Of each event the caller
 * sets kind (RCK_EVENT_HOST or above), severity, control, time_ns, correlation_id, subject, values; lines is
 * 0 or 1; sequence, ticket and port are 0 and filled on the way. Times are judged one by one. `count` is 1 to
 * ring_lines. RCK_REJECT_RING_FULL: none was written, refusals are counted. The port's thread. Since 0.1. */
rck_status rck_event_write(rck_port *port, const rck_event *events, uint32_t count);

/* Moves whole records from the ring of port `source` (0: the engine's own) into `lines`, at most `capacity`
 * lines, and stores how many were moved: 0 when the ring is empty. RCK_E_BUFFER: the next record needs more
 * than `capacity`. Any port may read any ring, one at a time, or RCK_E_BUSY. The port's thread. Since 0.1. */
rck_status rck_events_read(rck_port *port, uint32_t source, rck_event *lines, uint32_t capacity, uint32_t *count);

/* ==== Commands ======================================================================================== */
/* With RCK_TELL_COMMANDS every call that changes state, or is refused for a reason of trading, writes one record when
 * it is done: what was asked and what came of it, lines of one record. Calls that return a negative status write none.
 * A call that is refused for its time (RCK_REJECT_TIME_) has changed nothing, and writes one only if it is a check, an
 * amend, legs or a drop copy: attempts to enter. Cancels, releases, reports, marks, metrics, beats, what the market
 * says write none then. After a crash one call of each port, which had not returned, may have had its effect and have
 * no record (of legs, some of its records), and latches that are set may be told once more (RCK_EVENT_LATCH_SET).
 * A record of an order's check takes the place of RCK_EVENT_REFUSED; what else is told beside a command stays as it is.
 * The record is made of the caller's structs after the decision: do not change them while the call runs. A time that
 * was not given, or was clamped, is there as it was judged; in legs as it was given. What the administrator does goes
 * into the engine's own ring, under STRICT as well: pump while more is defined than that holds.
 *  `ticket` orders the commands of all ports. Of many writers each command draws one: what moves one row, market or
 * metric between its last look and its swap, a check, a drop copy and legs after they have reserved, a mark and a day
 * before they begin. Of one writer it is {changes by the administrator 24 bits, commands of the port 40 bits}, which
 * costs nothing. RCK_TOLD_OVERLAPPED in `severity`: the administrator changed something while the command ran, so
 * either order of the two is true. Tickets of one writer are good for 2^24 changes, 2^40 commands.
 *  Subject is the order's id, or as the kind says. `control` is the verdict's.
 *  A ring without room: the record is not written, is counted (events_lost), and once there is room again an
 * RCK_EVENT_LOST says how many are missing. With RCK_TELL_STRICT new risk is refused instead (RCK_REJECT_RING_FULL):
 * checks that do not strictly reduce, amends, batches of legs. Facts, cancels, what the administrator does go on. */
#define RCK_EVENT_LOST 5          /* subject: events lost since the record before it; values: lost in all */
#define RCK_EVENT_CHECK 64        /* rck_order, rck_verdict */
#define RCK_EVENT_AMEND 65        /* likewise. values: id of the order that it names, 0 if there is none */
#define RCK_EVENT_COPY 66         /* rck_drop_copy: likewise as CHECK */
#define RCK_EVENT_FILL 67         /* rck_report, rck_verdict. subject: of the order that it names, or the report's id */
#define RCK_EVENT_AMEND_RESULT 68 /* rck_verdict. values: accepted */
#define RCK_EVENT_CANCEL 69       /* rck_verdict */
#define RCK_EVENT_RELEASE 70      /* rck_verdict. values: RCK_RELEASE_ */
#define RCK_EVENT_CONFIRM 71      /* rck_verdict */
#define RCK_EVENT_LEGS 72         /* values: how many RCK_EVENT_LEG follow, 1 if they passed */
#define RCK_EVENT_LEG 73          /* as CHECK */
#define RCK_EVENT_POSITION 74     /* rck_position. values: status */
#define RCK_EVENT_CASH 75         /* rck_cash */
#define RCK_EVENT_DAY_START 76    /* subject: date; values: orders released */
#define RCK_EVENT_BEAT 77         /* one line */
#define RCK_EVENT_QUOTE 80        /* rck_quote. values: status; as of what follows */
#define RCK_EVENT_TRADE 81        /* rck_trade */
#define RCK_EVENT_BOOK 82         /* rck_book */
#define RCK_EVENT_VOLUME 83       /* subject: instrument; values: status, volume */
#define RCK_EVENT_MARK 84         /* subject: instrument; values: status, price */
#define RCK_EVENT_METRIC 85       /* subject: metric; values: status, bits of the value */
#define RCK_EVENT_CURRENCY_SET 96 /* the struct; values: flags, status; as of what follows */
#define RCK_EVENT_GROUP_SET 97
#define RCK_EVENT_ACCOUNT_SET 98
#define RCK_EVENT_STRATEGY_SET 99
#define RCK_EVENT_INSTRUMENT_SET 100
#define RCK_EVENT_CALENDAR_SET 101
#define RCK_EVENT_LIMIT_SET 102
#define RCK_EVENT_LIMIT_REMOVE 103
#define RCK_EVENT_PUBLISH 104 /* one line. subject: the generation */
#define RCK_EVENT_OVERRIDE 105
#define RCK_EVENT_OVERRIDE_END 106
#define RCK_EVENT_LATCH_SET 107 /* by rck_watch too */
#define RCK_EVENT_LATCH_CLEAR 108
#define RCK_EVENT_PORT_WATCH 109
#define RCK_EVENT_REARM 110
#define RCK_TOLD_OVERLAPPED 0x80 /* in `severity` of a command */

/* ==== Violations ====================================================================================== */
/* With RCK_KEEP_VIOLATIONS what a verdict of a check, an amend, a leg or a drop copy shows as refused or exceeded, by a
 * control, is a violation: one record for each limit, or for each control and scope where it is no limit's, counted as
 * often as it is broken. The verdict names it. It is NEW with its first order, ACTIVE with the second; somebody
 * acknowledges it, which keeps it open until somebody clears it; one that nobody has acknowledged ends after
 * RCK_BREACH_NS without such an order, with the next one or a sweep. What has ended is kept in the history, the last
 * history_max. When no place of violations_max can be found (places near its own are all taken by open ones) the
 * verdict names none, and it is counted. One whose first call a crash has stopped is there with that order, or not at
 * all, whoever else has broken the limit since: it begins with the next. */
#define RCK_EVENT_VIOLATION 46         /* one begins. subject: its id; values: scope id, observed */
#define RCK_EVENT_VIOLATION_CHANGED 47 /* subject: its id; values: RCK_VIOLATION_, actor */
#define RCK_VIOLATION_NEW 1
#define RCK_VIOLATION_ACTIVE 2
#define RCK_VIOLATION_ACKNOWLEDGED 3
#define RCK_VIOLATION_CLEARED 4
typedef struct rck_violation {
  uint32_t struct_size;
  uint32_t state; /* RCK_VIOLATION_ */
  uint64_t violation_id;
  uint32_t control, severity, action, scope_kind; /* as of the first verdict */
  uint64_t scope_id;                              /* likewise */
  uint32_t limit_id, account;                     /* account: of the first order */
  int64_t limit;                                  /* of the first verdict; 0 in the history, as what is marked * */
  int64_t worst;                                  /* observed, when it was worst */
  int32_t worst_bps;                              /* and its utilisation */
  uint32_t actor;                                 /* who acknowledged it * */
  uint64_t count;                                 /* orders */
  int64_t first_ns, last_ns;
  uint64_t order_id; /* of the first * */
} rck_violation;
typedef struct rck_violation_filter {
  uint32_t struct_size;
  uint32_t states;                       /* bit n set: RCK_VIOLATION_ n; 0: all */
  uint32_t control, scope_kind, account; /* 0: any */
  uint32_t severity_min;
  int64_t since_ns; /* whose last order came then or later */
} rck_violation_filter;

/* Copies violations that the filter asks for, at most `capacity`: `*cursor` is 0 at first, and then where to go on;
 * `*count` is 0 at the end. A violation is seen at some instant; one that begins anew meanwhile may be missed or seen
 * twice. Any thread, beside anything. Since 0.5. */
rck_status rck_violations_read(const rck_engine *engine, const rck_violation_filter *filter, rck_violation *violations,
                               uint32_t capacity, uint64_t *cursor, uint32_t *count);

typedef struct rck_violation_change {
  uint32_t struct_size;
  uint32_t state;        /* RCK_VIOLATION_ACKNOWLEDGED or _CLEARED */
  uint64_t violation_id; /* 0, to clear: all that are quiet since before_ns */
  int64_t before_ns;     /* of violation_id 0; also, what is older leaves the history */
  uint32_t actor;        /* not 0 */
  uint32_t reserved;
  char reason[RCK_NAME_BYTES]; /* as a name, not empty */
} rck_violation_change;

/* `*changed`, if not NULL, is how many. RCK_REPEAT: it is so already. RCK_E_UNKNOWN: no such violation, or another has
 * its place. Any thread, one at a time. Since 0.5. */
rck_status rck_violation_set(rck_engine *engine, const rck_violation_change *given, uint32_t *changed,
                             rck_fault *fault);

/* ==== Statistics ====================================================================================== */
/* With RCK_KEEP_STATISTICS each port counts what it decides about checks, amends, legs and drop copies. */
typedef struct rck_statistics {
  uint32_t struct_size, reserved;
  uint64_t checks, refused, warned; /* decided; refused; passed with a level exceeded. A repeat is neither */
  uint64_t refused_by[32];          /* by the control that the verdict shows; 0: none did */
  uint64_t warned_by[32];
  /* In the last second, minute and hour before time_ns, and up to 1/64 longer. */
  uint64_t second_checks, second_refused, minute_checks, minute_refused, hour_checks, hour_refused;
  int64_t time_ns; /* given, 0: the latest of any port. What came long after it has taken the place of what was then */
  /* Nanoseconds that decisions took, of those that were timed: RCK_TIME_SAMPLED every 64th, RCK_TIME_ALWAYS all but
   * legs, which are decided together. */
  uint64_t timed;
  int64_t latency_p50_ns, latency_p90_ns, latency_p99_ns, latency_p999_ns, latency_p9999_ns, latency_max_ns;
  uint64_t violations_open, violations_ended, violations_dropped; /* of the engine */
} rck_statistics;
#define RCK_ALL_PORTS 0xffffffff
/* Statistics of a port, or of all together. Each counter is exact at the instant that it is read. Any thread, beside
 * anything. Since 0.5. */
rck_status rck_statistics_read(const rck_engine *engine, uint32_t port, rck_statistics *statistics);

/* ==== Reconciliation ================================================================================== */
#define RCK_RECONCILE_CORRECT 0x1  /* set ours to theirs, as rck_position_set does, with the entry's actor and reason */
#define RCK_RECONCILE_COMPLETE 0x2 /* what the list does not name of its accounts is 0 at theirs */
#define RCK_RECONCILE_MAX 65536
#define RCK_EVENT_DIFFERENCE 48 /* subject: account << 32 | instrument; values: net of ours, of theirs */

/* Compares filled positions of accounts with those that somebody else has. Each that differs is an event in the port's
 * ring; `*differing` is how many. All entries are judged before any counts. With COMPLETE and CORRECT what the list
 * does not name is corrected as by its first entry of that account. A correction that does not fit ends the call with
 * its status; what was corrected before stays. A walk over all rows. The port's thread. Since 0.5. */
rck_status rck_reconcile(rck_port *port, const rck_position *positions, uint32_t count, uint32_t flags,
                         uint32_t *differing, rck_fault *fault);

/* ==== Journal ========================================================================================= */
/* What the rings hold, in files: segments of one directory, which holds the journal of one region and nothing else. A
 * segment is a header of 4,096 bytes, blocks, and, when it is finished, a last block that lists what each port has in
 * it. A block is a header line and whole records of one port; its CRC32C covers both and the CRC32C of the block before
 * it, so a block that is changed, removed or moved shows. A segment that is being written is named NUMBER.open, a
 * finished one NUMBER.journal.
 *  A journal is written through a port for reading, in the owner or in a process that consumes (RCK_ATTACH_CONSUMER):
 * what it pumps nobody else reads from the rings. Records leave a ring only after they were written, and
 * what a kill left both in the ring and in the journal is not written again: each record is there exactly once. */
#define RCK_SYNC_NONE 0     /* what the kernel has written survives a kill of the process, not of the machine */
#define RCK_SYNC_INTERVAL 1 /* the first pump after sync_interval_ns makes the disk write all before it */
#define RCK_SYNC_BATCH 2    /* each pump does, before records leave the rings */
#define RCK_JOURNAL_BLOCK_LINES 1024
typedef struct rck_journal_config {
  uint32_t struct_size;
  uint32_t sync;            /* RCK_SYNC_ */
  int64_t sync_interval_ns; /* of RCK_SYNC_INTERVAL: > 0 */
  uint64_t segment_bytes;   /* the pump that finds a segment this large finishes it: 65,536 to 2^40 */
  int64_t segment_ns;       /* likewise one this old, by the clock; 0: of any age */
  uint64_t segments_max;    /* finished segments that are kept, the oldest are removed; 0: all */
} rck_journal_config;

typedef struct rck_pump_info {
  uint32_t struct_size;
  uint32_t port;           /* whose ring contradicts itself, of RCK_E_FAILED */
  uint64_t region_id;      /* whose journal it is */
  uint64_t segment;        /* number of the one in work, from 1 */
  uint64_t segment_bytes;  /* that it has */
  uint64_t records, lines; /* written by this call */
  uint64_t repeats;        /* records of this call that were in the journal already */
  uint64_t records_all;    /* written since it was opened, as what follows */
  uint64_t bytes_all, syncs, segments_finished, failures;
  uint64_t waiting; /* lines in the rings after this call */
} rck_pump_info;

/* Begins a journal in a directory that is there, or goes on with the one that is in it: what lies behind its last
 * whole block is cut off. RCK_E_JOURNAL_OTHER: it is another region's, or has
 * records that this region has not given: an older copy. RCK_E_IN_USE: the port has one, or another
 * process writes this one. RCK_E_DAMAGED. The port's thread. Since 0.5. */
rck_status rck_journal_open(rck_port *port, const char *directory, const rck_journal_config *config, rck_fault *fault);
/* Moves what is in all rings into the journal, as many lines a ring as it has at most. What cannot be written stays in
 * the rings, with the status and errno of the reason, and is tried again by the next call: a full disk, a directory
 * that is gone. RCK_E_BUSY: a ring is being read by another. RCK_E_UNKNOWN: the port has no journal. `info` may be
 * NULL. The port's thread. Since 0.5. */
rck_status rck_journal_pump(rck_port *port, rck_pump_info *info, rck_fault *fault);
/* Finishes the segment in work and ends the use of the journal. Closing the port does so without finishing. What cannot
 * be written is as of rck_journal_pump, and the journal is closed all the same. The port's thread. Since 0.5. */
rck_status rck_journal_close(rck_port *port, rck_fault *fault);

/* Where a reader is: all zero at first, then as it was left. */
typedef struct rck_journal_cursor {
  uint32_t struct_size;
  uint32_t chain;   /* CRC32C of the block before */
  uint64_t segment; /* 0: the oldest there is */
  uint64_t offset;  /* of the next block; 0: the segment's first */
  uint64_t block;   /* its number, counted through all segments from 1; 0: unknown */
  uint64_t region_id;
  uint32_t port;  /* of the records that were read last */
  uint32_t flags; /* RCK_JOURNAL_ of that segment */
  uint64_t reserved[2];
} rck_journal_cursor;
#define RCK_JOURNAL_FINISHED 0x1
#define RCK_JOURNAL_COMMANDS 0x2 /* the region told commands when the segment was begun, and the market */
#define RCK_JOURNAL_MARKET 0x4
#define RCK_JOURNAL_ONE_WRITER 0x8
#define RCK_JOURNAL_SNAPSHOT 0x10 /* see rck_snapshot_write */

/* Moves the records of the next block into `lines`, which has room for RCK_JOURNAL_BLOCK_LINES, and checks it; `*count`
 * lines, 0 at the end of what has been written: call again. Needs no engine, changes no file, may run beside the pump.
 * RCK_E_DAMAGED: the block is not what was written, or does not follow the one before; the fault's value is its offset,
 * its minimum the segment.
 * RCK_E_NO_JOURNAL: no segment is there, or that of the cursor no more. Any thread. Since 0.5. */
rck_status rck_journal_read(const char *directory, rck_journal_cursor *cursor, rck_event *lines, uint32_t *count,
                            rck_fault *fault);

typedef struct rck_verify_info {
  uint32_t struct_size;
  uint32_t flags; /* RCK_JOURNAL_ of the last segment */
  uint64_t region_id, first_segment, last_segment, blocks, records, lines, bytes;
  uint64_t lost;                            /* missing between two of a port, as sequences say */
  uint64_t torn_bytes;                      /* behind the last whole block of a segment that is not finished */
  uint64_t damaged_segment, damaged_offset; /* 0: none */
  int64_t first_time_ns, last_time_ns;
} rck_verify_info;

/* Reads a whole journal. RCK_E_DAMAGED: `info` says where, and counts what comes before. Since 0.5. */
rck_status rck_verify(const char *directory, rck_verify_info *info, rck_fault *fault);

/* ==== Snapshots ======================================================================================= */
/* What an engine holds at one instant, as a journal of one finished segment. Nothing of the state is left out but what
 * is in the rings, and custom functions. It is bound to the library's layout version.
 *  A configuration is the commands that make it: definitions of all kinds, the limits in force, how ports are watched;
 * later versions read it too. rck_replay does them to a new engine, whatever its clock, of any capacities that have
 * room for them; limits may get other ids there. */
#define RCK_SNAPSHOT_STATE 1
#define RCK_SNAPSHOT_CONFIGURATION 2
#define RCK_EVENT_STATE 121    /* lines of a part. subject: its number; values: where they begin in it */
#define RCK_EVENT_SNAPSHOT 122 /* rck_snapshot_info: the first record of a state */
typedef struct rck_snapshot_info {
  uint32_t struct_size;
  uint32_t layout_version; /* of the region; 0 of a configuration, as hash and turned_ns */
  uint64_t region_id;
  uint64_t opened;   /* how often the region had been opened */
  uint64_t hash[2];  /* rck_state_hash at that instant */
  int64_t time_ns;   /* the engine's latest */
  uint64_t records;  /* written, or read */
  int64_t turned_ns; /* how long calls through ports were turned away to copy the state */
} rck_snapshot_info;

/* Writes a snapshot into a directory that is there and holds no segment: RCK_E_IN_USE. Calls through ports for writing
 * are answered RCK_E_BUSY while the state is copied, which takes memory of the region's size; then it is written beside
 * them. Latches are set at any time. A failure leaves no file. Any thread, one at a time. Since 0.5. */
rck_status rck_snapshot_write(rck_engine *engine, const char *directory, uint32_t content, rck_snapshot_info *info,
                              rck_fault *fault);

#define RCK_RESTORE_DOUBT 0x1 /* live orders are unconfirmed, as when a region is opened again */
/* Gives `engine`, which is new, has no ports, and has the capacities and discipline of the snapshot's, the state that a
 * snapshot holds: rck_state_hash agrees, but with DOUBT. Events go on from their numbers; RCK_EVENT_RESTORED tells of
 * it. rck_replay of the journal of the snapshot's region, called next, goes on behind it; of another region it is
 * RCK_E_JOURNAL_OTHER. All is read and judged in memory of its own, as large as the region, before anything counts.
 * RCK_E_UNSUPPORTED: no snapshot of a state. RCK_E_LAYOUT_VERSION. RCK_E_CONFIG_DIFFERS. RCK_E_UNFINISHED: its writing
 * was interrupted. RCK_E_DAMAGED, RCK_E_CORRUPT. The engine's thread, alone. Since 0.5. */
rck_status rck_snapshot_restore(rck_engine *engine, const char *directory, uint32_t flags, rck_snapshot_info *info,
                                rck_fault *fault);

/* ==== Replay ========================================================================================== */
/* The configuration that a journal's region was made with, its clock that of the host: what rck_engine_create needs to
 * replay it. Any thread. Since 0.5. */
rck_status rck_journal_config_get(const char *directory, rck_config *config, rck_fault *fault);

#define RCK_REPLAY_WHAT_IF 0x1 /* under other limits: see rck_replay */
#define RCK_EVENT_DIFFERS 120  /* three lines: the command's first, its verdict as recorded, and as it is now */
typedef struct rck_replay_info {
  uint32_t struct_size;
  uint32_t flags;           /* RCK_REPLAY_ */
  uint32_t limits;          /* given, of RCK_REPLAY_WHAT_IF */
  uint32_t differences_max; /* how many there is room for: three lines each */
  uint64_t commands_max;    /* stop behind so many; 0: at the end. All that follows is filled in */
  uint64_t records, commands;
  uint64_t checks;       /* checks, amends, legs, drop copies */
  uint64_t differing;    /* of all commands: another verdict, its token and violation_id apart */
  uint64_t refused_now;  /* of checks: that had passed */
  uint64_t passed_now;   /* that had been refused */
  uint64_t overlapped;   /* of those that differ: the administrator changed something meanwhile */
  uint64_t forced;       /* orders that had passed, and were entered all the same */
  uint64_t skipped;      /* commands about orders that were refused now */
  uint64_t lost;         /* records that the rings had lost */
  uint64_t controls[32]; /* refused_now by control */
  int64_t time_ns;       /* of the last record */
} rck_replay_info;

/* Does to `engine`, which is new and has no ports, or was just restored, what the journal says was done: each command
 * by the same call, at the time and through the port that it had, in the order of tickets. Its verdict is compared with
 * the recorded one.
 *  Of one writer, or one port, told with RCK_TELL_MARKET and without loss, no verdict differs, and rck_state_hash
 * agrees. Otherwise what was recorded counts: an order that passed is entered by rck_drop_copy if it does not pass now,
 * one that was refused is not.
 *  With RCK_REPLAY_WHAT_IF the `limits`, in the order given, are set and published before the first command of a port,
 * and what the journal does to limits of their keys is left out; one that cannot be set ends it, its place the fault's
 * value. What passed and is refused now is as if never sent: what follows about it is skipped. What was refused and
 * passes now is released at once, since nobody knows what would have become of it. `info` may be followed by how far it
 * got when a status is negative. Custom functions are not replayed. RCK_E_UNSUPPORTED: the journal tells no commands.
 * RCK_E_CONFIG_DIFFERS: the engine's clock is not the host's, or it has fewer ports. RCK_E_DAMAGED: what comes before
 * the damage was done. An engine that tells nothing, without RCK_TELL_, comes to the same state.
 *  Of many writers, what comes of calls that overlap may be otherwise in this. An order that had passed may be refused
 * where a fact, the market or a metric moved between its decision and its ticket, or where times of two ports cross in
 * the window of a rate; it is forced. An amend that had passed and is refused for that is counted, not entered. A mark
 * that books several rows may come before or behind a report on one of them, as may reports for one strategy by several
 * accounts in its row: that changes what is booked, marked and realised, and what is judged by it, but no quantity and
 * no sum of trades. The highest P&L of a day goes by the order in which a book was moved; orders rejected in a row, and
 * repeated executions, by that in which they were counted. Of commands beside rck_day_start an order that was entered
 * meanwhile may be ended, or live; a report may be late or not; and P&L, messages, trades and volume may count to the
 * day before. Where places run out, another order or execution may be forgotten, and an order find no place. A request
 * to cancel may find an order ended or not. A report that was CONTENDED, named an order before it was entered, or was
 * to undo what was not booked yet, changed nothing and is left out; so is what ended an order whose check was then
 * taken back for a latch. An order that others met before its ticket was drawn is entered before them.
 * The engine's thread, alone. Since 0.5. */
rck_status rck_replay(rck_engine *engine, const char *directory, const rck_limit *limits, rck_event *differences,
                      rck_replay_info *info, rck_fault *fault);

/* A hash of what the region means: definitions, limits in force, latches, overrides, positions, books with their day,
 * orders and executions that live or are remembered, markets, metrics; of one writer also rates, accumulated amounts
 * and the highest P&L of a day. What is all zero is as what is not there. Not of duplicates, breaches, the prices of a
 * period, times of ports, nor of where things lie. `hash` has two words. Exact at rest. One at a time with other calls
 * of the administrator. Since 0.5. */
rck_status rck_state_hash(rck_engine *engine, uint64_t *hash);

#endif
