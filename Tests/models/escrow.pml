/* A total that several ports move, with leases (ARCHITECTURE.md, "Sums over many accounts").
 *
 * `drawn` is what is granted, the rests of all leases, and what calls in flight hold. A lease is a word of one
 * port: SHUT, or its rest, which its port changes by compare-and-swap and anybody exchanges for SHUT. The gate is
 * {epoch, state}; every change begins an epoch, but the two that end what one began: closing to closed or held,
 * and held to closed. A generation has a level, and a hard one ABOVE it; between them an order passes, warned.
 *   take     from the lease, if its rest suffices. Else it reads the gate, looks whether the generation is still
 *            the one that it works under (all that is done while the gate keeps that word is done under that
 *            generation, since it moves only while held), and reads drawn. A closed gate opens if there is room
 *            for more; below an open one it draws its amount and a block; without room for a block, or below a
 *            closed gate, its amount alone. Without room for that: leases are called in, and drawn is read
 *            between two looks at the gate, closed both times and in one epoch: so it is granted, warned or
 *            refused
 *   opening  of a lease: gate, generation, the lease's swap, the gate again; if that has moved, the lease is shut
 *   publish  of an order: the generation again; if it has moved, what was granted is given back
 *   credit   what an order or a fact had goes into its port's lease, which is opened for it while the gate is
 *            open and the call's generation in force, or off drawn; likewise what is given back
 *   fact     from the lease, or onto drawn, whatever the level
 *   passed   an amount put onto drawn that is above the level then (a fact, an order that is warned) shuts what
 *            is open before it counts: leases are called in, or a gate that is closed already begins an epoch, so
 *            that who has read less of drawn does not open it
 *   levels   leases are called in, the gate is held, the generation stored, the gate closed
 * An order or a fact of any port is ended by any port. A port that stops for ever is one that moves no more.
 *
 * Holds in every state: drawn is exactly that; orders published, without facts, are never above the hard level in
 * force when one is published; no order is granted unwarned that takes what is published, what is granted under
 * this generation and facts that have returned above the level (so below a lowered level nothing new is granted);
 * who refuses or warns has read drawn while no lease was open but those that look at the gate next. At rest: drawn
 * is orders, facts and rests; leases are shut unless the gate is open, and that is only below the level. With
 * ENDS: no cycle, so every call ends, whoever stands still. Weakened:
 *   NOLOOK      who has opened a lease does not look at the gate again
 *   OLDLEASE    who opens one has not looked at the generation
 *   OLDGATE     nor who opens the gate: below the lowered level leases are filled by what ends
 *   NOREVOKE    nor who publishes
 *   FRESH       what is given back goes into a lease by the generation in force, not by the call's
 *   NOEPOCH     the gate is a state alone: who was slow to close says closed of a later closing
 *   NOHELD      limits are published while the gate is closed, not held
 *   SAMEHELD    a gate that is closed is held in its epoch: one who looked before the publication opens it
 *   NOCOMPARE   who refuses has not looked at the gate again
 *   DRAWNFIRST  who opens the gate has read drawn before it
 *   LOWERFIRST  drawn is lowered before the lease is shut
 *   PLAIN       the rest is changed by a store
 *   UNSHUT      what has passed the level leaves the gate as it is: leases go on, and what ends fills them
 *   NOANEW      it leaves a gate that is closed in its epoch: one who has read less of drawn opens it
 *   WAIT        who finds the gate closing waits until it is closed (for the check of ends)
 */
#ifndef PORTS
#define PORTS 2
#endif
#ifndef CALLS
#define CALLS 2 /* of each port */
#endif
#ifndef LEVELS
#define LEVELS 1
#endif
#ifndef LEVEL1
#define LEVEL1 4
#endif
#ifndef LEVEL2
#define LEVEL2 2
#endif
#ifndef LEVEL3
#define LEVEL3 4
#endif
#ifndef ABOVE
#define ABOVE 0
#endif
#ifndef BLOCK
#define BLOCK 1
#endif
#ifndef MOST
#define MOST 2 /* what one order takes */
#endif
#ifndef FACT
#define FACT 0 /* what one fact adds; 0 for no facts */
#endif
#ifndef ROOM
#define ROOM 0 /* above the order itself, for the gate to open */
#endif
#ifndef ORDERS
#define ORDERS 0 /* at first */
#endif
#ifndef GATE
#define GATE OPEN /* at first */
#endif
#ifndef FULL
#define FULL 14 /* a lease does not hold more of what ends */
#endif
#define TRIES 3
#define SHUT 15

#define OPEN 0
#define CLOSING 1
#define CLOSED 2
#define HELD 3
#define STATE(word) ((word) & 3)
#ifdef NOEPOCH
#define SAME(word, state) (state)
#define NEXT(word, state) (state)
#else
#define SAME(word, state) (((word) & 252) | (state))
#define NEXT(word, state) (((word) & 252) + 4 + (state))
#endif
#ifdef SAMEHELD
#define ANEW(word, state) (((word) & 252) + 4 * ((state) != HELD) + (state))
#else
#define ANEW(word, state) NEXT(word, state)
#endif
#ifdef OLDLEASE
#define OLD (STATE(w) == OPEN)
#endif
#ifdef OLDGATE
#define OLD (STATE(w) == CLOSED)
#endif
#ifndef OLD
#define OLD false
#endif
#define LEVEL(g) ((g) == 1 -> LEVEL1 : ((g) == 2 -> LEVEL2 : LEVEL3))
#define REST(p) (lease[p] == SHUT -> 0 : lease[p])
#if PORTS == 2
#define RESTS (REST(0) + REST(1))
#define LOOSE(p) (lease[p] != SHUT && !looks[p])
#define ANY_LOOSE (LOOSE(0) || LOOSE(1))
#define ALL_SHUT (lease[0] == SHUT && lease[1] == SHUT)
#else
#define RESTS (REST(0) + REST(1) + REST(2))
#define LOOSE(p) (lease[p] != SHUT && !looks[p])
#define ANY_LOOSE (LOOSE(0) || LOOSE(1) || LOOSE(2))
#define ALL_SHUT (lease[0] == SHUT && lease[1] == SHUT && lease[2] == SHUT)
#endif

short drawn = ORDERS;
byte gate = GATE, generation = 1, lease[PORTS] = SHUT;
/* Ghosts: orders published and facts returned; what calls in flight hold, and of it what is granted under the
 * generation in force; who looks at the gate next, having opened a lease. */
byte orders = ORDERS, facts, granted, returned;
short held;
bit looks[PORTS];

/* Ghost of a grant that nobody is warned of, in the step that makes it. */
inline grant() {
  ok = 1; l = 0; d = 0; tries = 0;
  held = held + a;
  if
  :: generation == g -> assert(orders + facts + granted + a <= LEVEL(g)); granted = granted + a
  :: else
  fi }

inline swap_gate(word) {
  ok = 0;
  if
  :: gate == w -> gate = word; ok = 1; w = gate
  :: else -> w = gate
  fi }

inline sweep() {
  q = 0;
  do
  :: q == PORTS -> q = 0; break
  :: else ->
#ifdef LOWERFIRST
     atomic { x = REST(q); drawn = drawn - x }
     atomic { lease[q] = SHUT; x = 0; q++ }
#else
     atomic { x = REST(q); lease[q] = SHUT; held = held + x; if :: x == 0 -> q++ :: else fi }
     if :: x > 0 -> atomic { drawn = drawn - x; held = held - x; x = 0; q++ } :: else fi
#endif
  od }

/* From the word w of the gate to one that is `shut`, closed or held; `anew`: in an epoch that begins here. */
inline call_in(shut, anew) {
  do
  :: STATE(w) == OPEN -> atomic { swap_gate(NEXT(w, CLOSING)) }
#ifdef WAIT
  :: STATE(w) == CLOSING && !ok -> w = gate
  :: STATE(w) == CLOSING && ok -> sweep();
#else
  :: STATE(w) == CLOSING -> sweep();
#endif
     atomic { swap_gate(SAME(w, shut)); if :: ok -> break :: else fi }
  :: STATE(w) == CLOSED && anew -> atomic { swap_gate(ANEW(w, shut)); if :: ok -> break :: else fi }
  :: STATE(w) == HELD || (STATE(w) == CLOSED && !anew) -> break
  od }

/* What drawn has been raised to is above the level. */
inline pass() {
#ifndef UNSHUT
  w = gate;
#ifdef NOANEW
  call_in(CLOSED, false);
#else
  call_in(CLOSED, true);
#endif
#endif
  skip }

/* The call returns: what its variables hold is forgotten. */
inline finish() { g = 0; w = 0; l = 0; a = 0; n = 0; tries = 0; d = 0; ok = 0; warned = 0; loose = 0 }

active [PORTS] proctype port() {
  byte g, w, l, x, q, a, n, tries, calls;
  short d;
  bit ok, warned, loose;
begin:
  atomic {
    if
    :: calls == CALLS -> goto out
    :: else -> calls++; g = generation
    fi;
    if
    :: a = 1
    :: MOST > 1 -> a = MOST
    :: orders > 0 -> orders--; held++; n = 1; goto credit
    :: orders > 1 && MOST > 1 -> orders = orders - 2; held = held + 2; n = 2; goto credit
    :: FACT > 0 -> n = FACT; goto fact
    :: FACT > 0 && facts > 0 -> n = facts; facts = 0; held = held + n; goto credit
    fi }
take:
  atomic {
    l = 0; d = 0; w = 0; ok = 0; loose = 0;
    if
    :: tries == TRIES -> finish(); goto begin /* refused, as contended */
    :: else -> tries++
    fi }
  l = lease[_pid];
  if
  :: l != SHUT && l >= a ->
#ifdef PLAIN
     atomic { lease[_pid] = l - a; grant(); goto publish }
#else
     atomic { if :: lease[_pid] == l -> lease[_pid] = l - a; grant(); goto publish :: else goto take fi }
#endif
  :: else
  fi;
#ifdef DRAWNFIRST
  d = drawn;
#endif
  w = gate;
  atomic {
    if
    :: generation == g || OLD -> l = 0; ok = 0
    :: else -> finish(); goto begin /* anew, under the other generation */
    fi }
#ifndef DRAWNFIRST
  d = drawn;
#endif
  if
  :: STATE(w) == CLOSED && d + a + ROOM <= LEVEL(g) ->
     atomic { swap_gate(NEXT(w, OPEN)); if :: !ok -> goto take :: else fi }
#ifdef OLDGATE
     atomic { if :: generation != g -> finish(); goto begin :: else fi }
#endif
  :: else
  fi;
  if
  :: STATE(w) == OPEN && d + a + BLOCK <= LEVEL(g) ->
     atomic {
       if
       :: drawn == d -> drawn = d + a + BLOCK; grant(); held = held + BLOCK; n = BLOCK
       :: else -> goto take
       fi };
     goto fill
  :: (STATE(w) != OPEN || d + a + BLOCK > LEVEL(g)) && d + a <= LEVEL(g) ->
     atomic { if :: drawn == d -> drawn = d + a; grant(); goto publish :: else -> goto take fi }
  :: else
  fi;
  call_in(CLOSED, false);
  atomic { d = drawn; loose = ANY_LOOSE }
#ifndef NOCOMPARE
  if :: gate != w -> goto take :: else fi;
#endif
  if
  :: d + a <= LEVEL(g) ->
     atomic { if :: drawn == d -> drawn = d + a; grant(); goto publish :: else -> goto take fi }
  :: d + a > LEVEL(g) && d + a <= LEVEL(g) + ABOVE ->
     assert(!loose);
     atomic { if :: drawn == d -> drawn = d + a; held = held + a; warned = 1; loose = 0; d = 0 :: else -> goto take fi }
     pass()
  :: d + a > LEVEL(g) + ABOVE -> atomic { assert(!loose); finish(); goto begin } /* refused */
  fi;
publish:
  atomic {
#ifndef NOREVOKE
    if
    :: generation != g -> n = a; a = 0; warned = 0; w = 0; l = 0; goto credit
    :: else
    fi;
#endif
#ifdef UNDONE
    if
    :: if :: warned || generation != g :: else -> granted = granted - a fi;
       n = a; a = 0; warned = 0; w = 0; l = 0; goto credit
    :: skip
    fi;
#endif
    if :: warned || generation != g :: else -> granted = granted - a fi;
    held = held - a; orders = orders + a;
    assert(orders <= LEVEL(generation) + ABOVE);
    finish(); goto begin }

credit: /* n, which is in flight */
  l = lease[_pid];
  if
  :: l != SHUT ->
     atomic {
       if
       :: lease[_pid] == l && l + n <= FULL -> lease[_pid] = l + n; held = held - n; finish(); goto begin
       :: lease[_pid] == l && l + n > FULL && l < FULL ->
          lease[_pid] = FULL; held = held - (FULL - l); n = n - (FULL - l)
       :: lease[_pid] == l && l >= FULL
       :: else -> goto credit
       fi };
     goto off
  :: else
  fi;
  w = gate;
  if
  :: STATE(w) == OPEN ->
#ifdef FRESH
     goto fill
#else
     if :: generation == g -> goto fill :: else fi
#endif
  :: else
  fi;
off:
  atomic { drawn = drawn - n; held = held - n; finish(); goto begin }

fill: /* the lease, with n, below the word w of an open gate; if an order was granted, that goes on */
  l = lease[_pid];
  if
  :: l != SHUT ->
     atomic { if :: lease[_pid] == l -> lease[_pid] = l + n; held = held - n; goto filled :: else -> goto fill fi }
  :: else -> atomic { lease[_pid] = n; held = held - n; looks[_pid] = 1 } /* nobody else opens it */
  fi;
#ifdef NOLOOK
  atomic { looks[_pid] = 0; goto filled }
#else
  atomic { if :: gate == w -> looks[_pid] = 0; goto filled :: else w = 0; l = 0 fi }
#endif
  atomic { x = REST(_pid); lease[_pid] = SHUT; looks[_pid] = 0; held = held + x }
  if :: x > 0 -> atomic { drawn = drawn - x; held = held - x; x = 0 } :: else fi;
filled:
  atomic { n = 0; l = 0; w = 0; if :: a > 0 -> goto publish :: else -> finish(); goto begin fi }

fact:
  l = lease[_pid];
  if
  :: l != SHUT && l >= n ->
     atomic {
       if
       :: lease[_pid] == l -> lease[_pid] = l - n; facts = facts + n; finish(); goto begin
       :: else -> goto fact
       fi }
  :: else
  fi;
  atomic { drawn = drawn + n; held = held + n; d = drawn }
  g = generation;
  if :: d > LEVEL(g) -> pass() :: else fi;
  atomic { held = held - n; facts = facts + n; finish(); goto begin }
out:
  returned++ }

#if LEVELS > 1
active proctype publisher() {
  byte w, x, q;
  bit ok;
  do
  :: generation == LEVELS -> break
  :: else ->
     w = gate;
#ifdef NOHELD
     call_in(CLOSED, false);
#else
     call_in(HELD, true);
#endif
     atomic { generation++; granted = 0 }
#ifndef NOHELD
     atomic { assert(gate == w); gate = SAME(w, CLOSED) }
#endif
  od;
  atomic { w = 0; ok = 0; returned++ } }
#define AT_REST (returned == PORTS + 1)
#else
#define AT_REST (returned == PORTS)
#endif

#ifndef ENDS
active proctype monitor() {
  end: do
  :: d_step {
       assert(held >= 0 && drawn == orders + facts + RESTS + held);
       if
       :: AT_REST ->
          assert(held == 0 && (ALL_SHUT || STATE(gate) == OPEN));
          assert(STATE(gate) == CLOSED || (STATE(gate) == OPEN && drawn <= LEVEL(generation)))
       :: else
       fi }
  od }
#endif
