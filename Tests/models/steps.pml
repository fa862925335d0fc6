/* The life of an order: position rows as the clock of their orders (ARCHITECTURE.md, "The life of an order").
 *
 * A row's word names a record {net, open, step}; an order's word names {state, terms, pending terms,
 * executed, known, clock, carried}. Reading a record whole is one step (rows.pml shows that it may be), a
 * swap is one step, and so is a loop that reads, judges and swaps one word, since its lost rounds leave
 * nothing. Each change of an order is one swap of its account's row, which names the step; whoever would
 * replace that record completes the step first: the marks of executions, the order's row, the strategy's
 * row. A check reserves without a step and publishes its order by a plain store. A book is moved by who won
 * the row's swap, as a step of its own.
 *
 * Three calls at once:
 *   CHECKS     three checks, each released once granted; book, row or strategy refuses, as the limits are
 *   FILLS      two reports of one order that overtake each other, and one of another order
 *   LIFE       a report in part or in full, a release, an amend up or down and its answer, on one order
 *   AMENDS     two amends, up and down, and their answers, and a report, on one order
 *   MIXED      a report, a release, and a check beside them
 *   TWICE      the same report twice, told apart by cumulative quantities alone, and a release
 *   NAMED      the same report twice, under an execution's id, and another order's
 *   BUSTS      the bust of an execution, twice, and a later report
 *   SAME       a report, its bust, and the report once more
 *   UNKNOWN    three times the same report of an order that nobody knows: whichever comes first makes it, and
 *              drops it by a step if its own report is refused and no other was applied
 *   FORGOTTEN  a late report of a finished order, which is forgotten meanwhile, and a check for another
 *              account that takes its place
 * With STRATEGY every order is in one strategy's row, too; with ROWS order 1 is in another account's row.
 *
 * The monitor stops the world in any state and re-opens it, on copies: steps that rows name are completed.
 * Holds in every state: a row's net is what its applied executions make together; what is open in it is what
 * its live orders hold then and what calls in flight have in hand, and nothing else; neither is negative, nor
 * their sum above the limit, and after a kill, which drops what was in hand, still not; the strategy's row is
 * the sum of its orders' rows; with checks alone the book is within its limit, and not below its row. At rest
 * books equal rows, and what was granted and released has left nothing.
 * With ENDS, instead of the monitor: there is no cycle, so every call ends, whoever stands still. Weakened:
 *   WAIT          who finds a step waits until its call has completed it (for the check of ends)
 *   NOHELP        a record is replaced without its step being completed
 *   SKIP          who finds that the order's row has the step takes it for completed
 *   NOSEQ         an order's row does not look whether it has taken the step
 *   NOCARRIED     nor does the strategy's
 *   NOMARK        reports and busts do not look at the execution's mark
 *   STALE         the order is read before the step is completed, not after
 *   PUBLISHFIRST  the order is published before its risk is reserved
 *   NOUNDO        what the row refuses stays in the book; with STRATEGY, what that refuses in the row
 *   NOBOOK        who loses a swap moves the book all the same
 *   UNCLOCKED     an order is forgotten without a step of its row: a late report may have read it before, and
 *                 then names it after, when its place is another order's
 *   FORGETFUL     who made the order drops it although another call's report was applied
 */
#define CHECK 1 /* what a call asks for, and what a step is */
#define REPORT 2
#define RELEASE 3
#define AMEND 4
#define ACCEPTED 5
#define REJECTED 6
#define BUST 7
#define FORGET 8
#define STRANGE 9 /* a report of an id that is not known at first */
#define DROP 10

#define LIVE 1 /* states of an order */
#define AMENDING 2
#define FINISHED 4
#define GONE 8

#define ABSENT 0 /* marks of an execution */
#define PENDING 1
#define APPLIED 2
#define BUSTED 3

#ifdef FORGOTTEN
#define ROWS_COUNT 2
#define ROW(place) (order[place].token > 4) /* the new order of a place is on the other row */
#else
#ifdef ROWS
#define ROWS_COUNT 2
#define ROW(place) (place == 1)
#else
#define ROWS_COUNT 1
#define ROW(place) 0
#endif
#endif
#define NAMES(token) ((token & 3) - 1) /* the place that a token names */
#define LEFT(quantity, executed) (quantity > executed -> quantity - executed : 0)
#define LARGER(x, y) (x > y -> x : y)
#define SMALLER(x, y) (x < y -> x : y)
#define HELD(state, terms, pending, executed) \
  (!(state & LIVE) -> 0 : (state & AMENDING -> LARGER(LEFT(terms, executed), LEFT(pending, executed)) \
    : LEFT(terms, executed)))
#define HOLDS(o) HELD(order[o].state, order[o].terms, order[o].pending, order[o].executed)
#define MOVES(kind, traded, opened) (kind != AMEND && (traded != 0 || opened != 0))

#if defined(NAMED) || defined(BUSTS) || defined(SAME)
#define EXECUTIONS
#endif
#if defined(CHECKS) || defined(MIXED) || defined(FORGOTTEN)
#define CHECKING
#endif
#ifndef LIMIT
#define LIMIT 5
#endif
#ifndef BOOK_LIMIT
#define BOOK_LIMIT 3
#endif
#ifndef THEIR_LIMIT
#define THEIR_LIMIT LIMIT
#endif

typedef Row {
  byte seq; short net; short open;
  byte token; byte kind; short traded; short opened; byte state; byte executed; byte known; byte terms;
  byte execution; byte undone }
typedef Order {
  byte seq; byte token; byte state; byte terms; byte pending; byte executed; byte known;
  byte clock; byte carried }

Row row[ROWS_COUNT];
Order order[3];
short book[ROWS_COUNT];
byte live[3];                      /* the token that a place is taken by */
byte mark[3]; short quantity[3];   /* executions 1 and 2 */
byte their_seq, their_token, their_clock; short their_net, their_open; /* the strategy's row */
short their_book;
short hand[ROWS_COUNT], their_hand; /* ghosts: reserved in a row by calls in flight */
byte past;                          /* ghost: known of orders that were forgotten */
byte strangers, answers, done;      /* ghosts: orders made of reports; reports applied; calls that returned */

/* The account's row and the step that it names, as one read. */
inline look() {
  atomic {
    w = row[r].seq; held = (row[r].net + row[r].open);
    k_token = row[r].token; k_kind = row[r].kind; k_traded = row[r].traded; k_opened = row[r].opened;
    k_state = row[r].state; k_executed = row[r].executed; k_known = row[r].known; k_terms = row[r].terms;
    k_execution = row[r].execution; k_undone = row[r].undone } }

inline forget_step() {
  k_token = 0; k_kind = 0; k_traded = 0; k_opened = 0; k_state = 0; k_executed = 0; k_known = 0; k_terms = 0;
  k_execution = 0; k_undone = 0; ok = 0; place = 0 }

inline no_step() {
  row[r].token = 0; row[r].kind = 0; row[r].traded = 0; row[r].opened = 0; row[r].state = 0;
  row[r].executed = 0; row[r].known = 0; row[r].terms = 0; row[r].execution = 0; row[r].undone = 0 }

inline set_carried(which, upto) {
  atomic {
    if
    :: order[NAMES(which)].token == which && order[NAMES(which)].carried < upto ->
       order[NAMES(which)].carried = upto; order[NAMES(which)].seq++
    :: else
    fi } }

/* Reads the strategy's row, and completes the step that it names. */
inline look_at_theirs() {
  atomic { t = their_seq; t_token = their_token; t_clock = their_clock; t_held = their_net + their_open }
  if :: t_token != 0 -> set_carried(t_token, t_clock) :: else fi;
  atomic { t_token = 0; t_clock = 0 } }

/* Completes the step that was read with the account's row. */
inline complete() {
#ifdef WAIT
  if
  :: k_token != 0 && !swapped ->
     do
     :: order[NAMES(k_token)].token == k_token && order[NAMES(k_token)].clock < w -> skip
     :: else -> break
     od
  :: else
  fi;
#endif
  if
  :: k_token != 0 ->
     if
     :: k_execution != 0 ->
        atomic { if :: mark[k_execution] == PENDING -> mark[k_execution] = APPLIED :: else fi }
     :: else
     fi;
     if
     :: k_undone != 0 -> atomic { if :: mark[k_undone] == APPLIED -> mark[k_undone] = BUSTED :: else fi }
     :: else
     fi;
     atomic {
       place = NAMES(k_token);
       if
       :: order[place].token != k_token -> k_done = 2 /* forgotten */
#ifndef NOSEQ
       :: order[place].token == k_token && order[place].clock >= w -> k_done = 1
#endif
       :: else ->
          order[place].seq++; order[place].clock = w; order[place].state = k_state;
          order[place].executed = k_executed; order[place].known = k_known;
          if
          :: k_kind == AMEND -> order[place].pending = k_terms
          :: k_kind == ACCEPTED -> order[place].terms = order[place].pending; order[place].pending = 0
          :: k_kind == RELEASE || k_kind == REJECTED -> order[place].pending = 0
          :: else
          fi
       fi }
#ifdef STRATEGY
     if
#ifdef SKIP
     :: MOVES(k_kind, k_traded, k_opened) && k_done == 0 ->
#else
     :: MOVES(k_kind, k_traded, k_opened) && k_done != 2 ->
#endif
        do
        :: look_at_theirs();
#ifdef NOCARRIED
           if
#else
           if
           :: order[place].token != k_token || order[place].carried >= w -> break
#endif
           :: else ->
              atomic {
                if
                :: their_seq == t ->
                   their_seq++; their_token = k_token; their_clock = w;
                   their_net = their_net + k_traded; their_open = their_open + k_opened; ok = 1
                :: else
                fi }
              if
              :: ok -> their_book = their_book + k_traded + k_opened; set_carried(k_token, w); break
              :: else
              fi
           fi
        od
     :: else
     fi
#endif
  :: else
  fi;
  atomic { forget_step(); k_done = 0; t = 0; t_held = 0 } }

/* What the call wants of its order as that is now; a kind of 0 is an answer that changes nothing. */
inline decide() {
  atomic {
    n_kind = 0; n_traded = 0; n_opened = 0; n_undone = 0;
    n_state = order[o].state; n_executed = order[o].executed; n_known = order[o].known;
    n_terms = order[o].terms; pending = order[o].pending;
    n_held = HELD(n_state, n_terms, pending, n_executed);
    if
    :: order[o].token != token || live[o] != token || n_state & GONE
    :: else ->
       if
#ifdef NOMARK
       :: op == REPORT && q > n_known ->
#else
       :: op == REPORT && q > n_known && (x == 0 || mark[x] == PENDING) ->
#endif
          n_kind = op; n_traded = q - n_known; n_known = q;
          if :: x != 0 -> quantity[x] = n_traded :: else fi;
          if :: n_state & LIVE && n_traded >= n_held -> n_state = FINISHED :: else fi;
          n_executed = n_executed + SMALLER(n_traded, n_held)
       :: op == RELEASE && n_state & LIVE -> n_kind = op; n_state = FINISHED
       :: op == AMEND && n_state == LIVE && held + q <= LIMIT + n_terms ->
          n_kind = op; n_state = LIVE | AMENDING; pending = q
       :: (op == ACCEPTED || op == REJECTED) && n_state & AMENDING ->
          n_kind = op;
          if :: op == ACCEPTED -> n_terms = pending :: else fi;
          n_state = (n_terms <= n_executed -> FINISHED : LIVE)
#ifdef NOMARK
       :: op == BUST ->
#else
       :: op == BUST && mark[x] == APPLIED ->
#endif
          n_kind = op; n_traded = 0 - quantity[x]; n_undone = x;
          n_known = SMALLER(n_known, LARGER(q, n_known - quantity[x]))
       :: op == FORGET -> n_kind = op; n_state = GONE
#ifdef FORGETFUL
       :: op == DROP -> n_kind = FORGET; n_state = GONE
#else
       :: op == DROP && order[o].clock == 0 -> n_kind = FORGET; n_state = GONE
#endif
       :: else
       fi;
       n_opened = HELD(n_state, n_terms, pending, n_executed) - n_held
    fi;
    n_terms = (n_kind == AMEND -> q : 0); n_held = 0; pending = 0 } }

/* Reserves `amount` in the strategy's row, and in its book; amount is 0 if it was refused. */
inline reserve_theirs() {
  do
  :: look_at_theirs();
     if
     :: t_held + amount > THEIR_LIMIT -> amount = 0; break
     :: else ->
        atomic {
          if
          :: their_seq == t ->
             their_seq++; their_token = 0; their_clock = 0;
             their_open = their_open + amount; their_hand = their_hand + amount; ok = 1
          :: else
          fi }
        if :: ok -> their_book = their_book + amount; break :: else fi
     fi
  od;
  atomic { t = 0; t_held = 0; ok = 0 } }

inline undo_theirs() {
  do
  :: look_at_theirs();
     atomic {
       if
       :: their_seq == t ->
          their_seq++; their_token = 0; their_clock = 0;
          their_open = their_open - amount; their_hand = their_hand - amount; ok = 1
       :: else
       fi }
     if :: ok -> their_book = their_book - amount; break :: else fi
  od;
  atomic { t = 0; t_held = 0; ok = 0; amount = 0 } }

/* Changes the order by one swap of its account's row; n_kind says what came of it, 0 nothing. */
inline commit() {
  do
  :: look();
     if
     :: swapped && w != mine -> atomic { forget_step(); break } /* replaced, so completed before */
     :: else
     fi;
#ifdef STALE
     if :: !swapped -> decide() :: else fi;
#endif
#ifdef STRATEGY
     if
     :: op == AMEND && !swapped ->
        decide();
        amount = n_opened;
        if :: amount != 0 -> reserve_theirs(); if :: amount == 0 -> n_kind = 0 :: else fi :: else fi;
        if :: n_kind == 0 -> atomic { forget_step(); break } :: else fi
     :: else
     fi;
#endif
#ifdef NOHELP
     if :: !swapped -> atomic { forget_step() } :: else fi;
#endif
     complete();
     if :: swapped -> break :: else fi;
#ifndef STALE
     decide();
#endif
     atomic {
       if
       :: row[r].seq == w && n_kind == 0 -> break /* what was read belongs together */
#ifdef STRATEGY
       :: row[r].seq == w && n_kind == AMEND && n_opened != amount
#endif
       :: row[r].seq != w
       :: else ->
          row[r].seq++; mine = w + 1; swapped = 1;
          row[r].net = row[r].net + n_traded; row[r].open = row[r].open + n_opened;
          row[r].token = token; row[r].kind = n_kind; row[r].traded = n_traded; row[r].opened = n_opened;
          row[r].state = n_state; row[r].executed = n_executed; row[r].known = n_known;
          row[r].terms = n_terms; row[r].execution = (n_kind == REPORT -> x : 0); row[r].undone = n_undone;
          their_hand = their_hand - amount; amount = 0
       fi }
#ifdef NOBOOK
     if :: !swapped -> book[r] = book[r] + n_traded + n_opened :: else fi;
#endif
     if :: amount != 0 -> undo_theirs() :: else fi
  od;
  if :: amount != 0 -> undo_theirs() :: else fi;
  if :: swapped -> book[r] = book[r] + n_traded + n_opened :: else fi;
  atomic {
    w = 0; held = 0; mine = 0; swapped = 0; n_traded = 0; n_opened = 0; n_state = 0; n_executed = 0;
    n_known = 0; n_terms = 0; n_undone = 0 } }

/* Moves what is open in the account's row, without a step. */
inline reserve() {
  do
  :: look();
     if :: amount > 0 && held + amount > LIMIT -> amount = 0; break :: else fi;
#ifdef NOHELP
     atomic { forget_step() }
#else
     complete();
#endif
     atomic {
       if
       :: row[r].seq == w ->
          row[r].seq++; no_step();
          row[r].open = row[r].open + amount; hand[r] = hand[r] + amount; ok = 1
       :: else
       fi }
     if :: ok -> break :: else fi
  od;
  atomic { forget_step(); w = 0; held = 0 } }

/* The order is there from its second step on. What the check had in hand is the order's then. */
inline publish() {
  v = order[o].seq;
  atomic {
    assert(order[o].seq == v); /* nobody else writes this row */
    past = past + order[o].known;
    order[o].seq = v + 1; order[o].token = token; order[o].state = LIVE; order[o].terms = q;
    order[o].pending = 0; order[o].executed = 0; order[o].known = 0; order[o].clock = 0; order[o].carried = 0;
    v = 0;
    hand[r] = hand[r] - q;
#ifdef STRATEGY
    their_hand = their_hand - q
#endif
  } }

/* A check; n_kind says whether it was granted. The book is asked first: it is never below its row. */
inline check() {
#ifdef PUBLISHFIRST
  publish();
#endif
  atomic { if :: book[r] + q <= BOOK_LIMIT -> book[r] = book[r] + q; booked = 1 :: else fi }
  if
  :: booked ->
     amount = q;
     reserve();
#ifdef STRATEGY
     if
     :: amount != 0 ->
        reserve_theirs();
        if
        :: amount == 0 ->
#ifndef NOUNDO
           amount = 0 - q;
           reserve();
#endif
           amount = 0
        :: else
        fi
     :: else
     fi;
#endif
     if
     :: amount != 0 -> n_kind = 1
     :: else ->
#if !defined(NOUNDO) || defined(STRATEGY)
        book[r] = book[r] - q
#else
        skip
#endif
     fi
  :: else
  fi;
  atomic { amount = 0; booked = 0 }
#ifdef PUBLISHFIRST
  atomic { if :: n_kind == 0 -> order[o].state = GONE; order[o].seq++; hand[r] = hand[r] + q :: else fi }
#else
  if :: n_kind != 0 -> publish() :: else fi
#endif
}

/* A call: q is a quantity, of reports and busts the cumulative; x the execution. */
proctype call(byte op; byte o; byte q; byte x) {
  byte r, token, w, mine, place, v, ok, swapped, booked, t, t_token, t_clock, made;
  byte k_token, k_kind, k_state, k_executed, k_known, k_terms, k_execution, k_undone, k_done;
  byte n_kind, n_state, n_executed, n_known, n_terms, n_undone, n_held, pending;
  short held, t_held, k_traded, k_opened, n_traded, n_opened, amount;
  atomic { token = o + 1; r = ROW(o) }
  if
#ifdef CHECKING
  :: op == CHECK ->
     atomic {
       if
       :: order[o].token == 0 -> live[o] = token
       :: order[o].token != 0 && live[o] == 0 -> token = token + 4; r = 1; live[o] = token
       :: else -> goto out /* the place is not free yet */
       fi }
     check();
     if :: n_kind == 0 -> goto out :: else -> atomic { op = RELEASE; n_kind = 0 } fi
#endif
#ifdef UNKNOWN
  :: op == STRANGE ->
     atomic {
       if
       :: live[o] == 0 -> /* a finished order is made of the report, and its id entered */
          strangers++; live[o] = o + 1 + 4 * strangers; made = 1;
          past = past + order[o].known;
          order[o].token = live[o]; order[o].state = FINISHED; order[o].known = 0; order[o].seq++;
          order[o].clock = 0; order[o].carried = 0
       :: else
       fi;
       token = live[o]; op = REPORT }
     if :: made -> op = DROP /* its own report is refused */ :: skip fi
#endif
#ifdef EXECUTIONS
  :: op == REPORT ->
     atomic { if :: mark[x] == ABSENT -> mark[x] = PENDING :: else -> goto out /* another call has it */ fi }
#endif
#ifdef UNCLOCKED
  :: op == FORGET -> live[o] = 0; goto out
#endif
  :: else
  fi;
again:
  commit();
  if
  :: n_kind == REPORT || n_kind == BUST -> answers++
  :: n_kind == FORGET -> live[o] = 0
  :: n_kind == AMEND ->
     if :: op = ACCEPTED :: op = REJECTED fi;
     goto again
  :: n_kind == 0 && op == REPORT && x != 0 -> mark[x] = ABSENT
  :: n_kind == 0 && op == REPORT && made -> op = DROP; goto again
  :: else
  fi;
out:
  atomic { op = 0; o = 0; q = 0; x = 0; r = 0; token = 0; n_kind = 0; made = 0; done++ } }

#ifndef ENDS
hidden byte m_state[3], m_terms[3], m_pending[3], m_executed[3], m_known[3], m_carried[3], m_mark[3];
hidden byte m_r, m_o;
hidden short m_held[2], m_net[2], m_their_net, m_their_held, m_theirs;

/* A kill here, and what re-opening makes of it; nothing that is checked further on is changed by it. */
active proctype monitor() {
  end: do
  :: d_step {
       m_o = 0;
       do
       :: m_o == 3 -> break
       :: else ->
          m_state[m_o] = order[m_o].state; m_terms[m_o] = order[m_o].terms;
          m_pending[m_o] = order[m_o].pending;
          m_executed[m_o] = order[m_o].executed; m_known[m_o] = order[m_o].known;
          m_carried[m_o] = order[m_o].carried; m_mark[m_o] = mark[m_o];
          m_o++
       od;
       m_their_net = their_net; m_theirs = their_open;
       if
       :: their_token != 0 && order[NAMES(their_token)].token == their_token ->
          m_carried[NAMES(their_token)] = LARGER(m_carried[NAMES(their_token)], their_clock)
       :: else
       fi;
       m_r = 0;
       do
       :: m_r == ROWS_COUNT -> break
       :: else ->
          m_held[m_r] = 0; m_net[m_r] = (m_r == 0 -> past : 0);
          if
          :: row[m_r].token != 0 ->
             m_o = NAMES(row[m_r].token);
             if
             :: row[m_r].execution != 0 && m_mark[row[m_r].execution] == PENDING ->
                m_mark[row[m_r].execution] = APPLIED
             :: else
             fi;
             if
             :: row[m_r].undone != 0 && m_mark[row[m_r].undone] == APPLIED -> m_mark[row[m_r].undone] = BUSTED
             :: else
             fi;
             if
             :: order[m_o].token == row[m_r].token && order[m_o].clock < row[m_r].seq ->
                m_state[m_o] = row[m_r].state; m_executed[m_o] = row[m_r].executed;
                m_known[m_o] = row[m_r].known;
                if
                :: row[m_r].kind == AMEND -> m_pending[m_o] = row[m_r].terms
                :: row[m_r].kind == ACCEPTED -> m_terms[m_o] = m_pending[m_o]
                :: else
                fi
             :: else
             fi;
             if
             :: (order[m_o].token == row[m_r].token && m_carried[m_o] < row[m_r].seq
                && MOVES(row[m_r].kind, row[m_r].traded, row[m_r].opened)) ->
                m_their_net = m_their_net + row[m_r].traded; m_theirs = m_theirs + row[m_r].opened
             :: else
             fi
          :: else
          fi;
          m_r++
       od;
       m_o = 0; m_their_held = 0;
       do
       :: m_o == 3 -> break
       :: else ->
          m_r = HELD(m_state[m_o], m_terms[m_o], m_pending[m_o], m_executed[m_o]);
          m_held[ROW(m_o)] = m_held[ROW(m_o)] + m_r; m_their_held = m_their_held + m_r;
#ifdef EXECUTIONS
          if :: m_mark[m_o] == APPLIED -> m_net[0] = m_net[0] + quantity[m_o] :: else fi;
#else
          m_net[ROW(m_o)] = m_net[ROW(m_o)] + m_known[m_o];
#endif
          m_o++
       od;
       m_r = 0;
       do
       :: m_r == ROWS_COUNT -> break
       :: else ->
          assert(row[m_r].open >= 0 && row[m_r].net >= 0);
          assert(row[m_r].net + row[m_r].open <= LIMIT); /* never granted above it */
          assert(row[m_r].net + m_held[m_r] <= LIMIT);   /* nor after a kill */
          assert(row[m_r].net == m_net[m_r]);
          assert(row[m_r].open == m_held[m_r] + hand[m_r]);
#ifdef CHECKS
          assert(book[m_r] <= BOOK_LIMIT && book[m_r] >= row[m_r].net + row[m_r].open);
#endif
          m_r++
       od;
#ifdef STRATEGY
       assert(their_net + their_open <= THEIR_LIMIT);
       assert(m_their_net == row[0].net + row[ROWS_COUNT - 1].net * (ROWS_COUNT - 1));
       assert(m_theirs == m_their_held + their_hand)
#endif
     }
  od }
#endif

#define OPEN(o, quantity) \
  live[o] = o + 1; order[o].token = o + 1; order[o].state = LIVE; order[o].terms = quantity; \
  row[ROW(o)].open = row[ROW(o)].open + quantity; book[ROW(o)] = book[ROW(o)] + quantity; \
  their_open = their_open + quantity; their_book = their_book + quantity

init {
  atomic {
#ifdef CHECKS
    run call(CHECK, 0, 2, 0); run call(CHECK, 1, 2, 0); run call(CHECK, 2, 1, 0);
#endif
#ifdef FILLS
    OPEN(0, 3); OPEN(1, 1);
    run call(REPORT, 0, 2, 0); run call(REPORT, 0, 3, 0); run call(REPORT, 1, 1, 0);
#endif
#ifdef LIFE
    OPEN(0, 2);
    if :: run call(REPORT, 0, 1, 0) :: run call(REPORT, 0, 2, 0) fi;
    if :: run call(AMEND, 0, 3, 0) :: run call(AMEND, 0, 1, 0) fi;
    run call(RELEASE, 0, 0, 0);
#endif
#ifdef AMENDS
    OPEN(0, 2);
    run call(AMEND, 0, 3, 0); run call(AMEND, 0, 1, 0); run call(REPORT, 0, 1, 0);
#endif
#ifdef MIXED
    OPEN(0, 2);
    run call(REPORT, 0, 1, 0); run call(CHECK, 1, 1, 0); run call(RELEASE, 0, 0, 0);
#endif
#ifdef TWICE
    OPEN(0, 3);
    run call(REPORT, 0, 2, 0); run call(REPORT, 0, 2, 0); run call(RELEASE, 0, 0, 0);
#endif
#ifdef NAMED
    OPEN(0, 2); OPEN(1, 1);
    run call(REPORT, 0, 1, 1); run call(REPORT, 0, 1, 1); run call(REPORT, 1, 1, 2);
#endif
#ifdef BUSTS
    OPEN(0, 2);
    order[0].terms = 3; order[0].executed = 1; order[0].known = 1;
    mark[1] = APPLIED; quantity[1] = 1; row[0].net = 1; book[0] = 3; their_net = 1; their_book = 3;
    run call(BUST, 0, 1, 1); run call(BUST, 0, 1, 1); run call(REPORT, 0, 2, 2);
#endif
#ifdef SAME
    OPEN(0, 2);
    run call(REPORT, 0, 1, 1); run call(BUST, 0, 0, 1); run call(REPORT, 0, 1, 1);
#endif
#ifdef FORGOTTEN
    live[0] = 1; order[0].token = 1; order[0].state = FINISHED; order[0].terms = 1;
    run call(REPORT, 0, 1, 0); run call(FORGET, 0, 0, 0); run call(CHECK, 0, 1, 0);
#endif
#ifdef UNKNOWN
    run call(STRANGE, 0, 1, 0); run call(STRANGE, 0, 1, 0); run call(STRANGE, 0, 1, 0);
#endif
  }
  done == 3;
  d_step {
    assert(hand[0] == 0 && hand[ROWS_COUNT - 1] == 0 && their_hand == 0);
    assert(row[0].open + row[ROWS_COUNT - 1].open * (ROWS_COUNT - 1) == HOLDS(0) + HOLDS(1) + HOLDS(2));
    assert(book[0] == row[0].net + row[0].open);
    assert(book[ROWS_COUNT - 1] == row[ROWS_COUNT - 1].net + row[ROWS_COUNT - 1].open);
#ifdef STRATEGY
    assert(their_book == their_net + their_open);
#endif
#ifdef CHECKS
    assert(row[0].open == 0 && row[0].net == 0 && their_open == 0);
#endif
#ifdef FILLS
    assert(order[0].known == 3 && order[0].state == FINISHED);
    assert(order[1].known == 1 && order[1].state == FINISHED);
#endif
#ifdef LIFE
    assert(order[0].state == FINISHED && order[0].known != 0 && order[0].known == row[0].net);
#endif
#ifdef AMENDS
    assert(order[0].known == 1 && row[0].net == 1 && !(order[0].state & AMENDING));
    assert(order[0].terms == 1 || order[0].terms == 2 || order[0].terms == 3);
#endif
#ifdef MIXED
    assert(order[0].known == 1 && order[0].state == FINISHED && row[0].net == 1 && row[0].open == 0);
#endif
#ifdef TWICE
    assert(order[0].state == FINISHED && order[0].known == 2 && answers == 1);
#endif
#ifdef NAMED
    assert(order[0].known == 1 && order[1].known == 1);
    assert(answers == 2 && mark[1] == APPLIED && mark[2] == APPLIED);
#endif
#ifdef BUSTS
    assert(answers == 2 && mark[1] == BUSTED && mark[2] == APPLIED && row[0].net == 1);
#endif
#ifdef SAME
    assert(row[0].net == (mark[1] == APPLIED) && answers == 2 - row[0].net);
#endif
#ifdef UNKNOWN
    assert(row[0].net == answers && answers <= 1);
#endif
#ifdef FORGOTTEN
    assert(row[0].net == answers && row[0].open == 0)
#endif
  } }
