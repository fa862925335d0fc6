/* Latches against checks (ARCHITECTURE.md, "Latches" and "A check").
 *
 * A scope's word says whether it is latched; `latched` counts such scopes, so that a check looks no further
 * at 0; `latchings` counts what was ever set. What a processor stores waits in its buffer, here of one store,
 * before others see it; locked instructions and the setter's barrier (membarrier) empty it. A check:
 *   seen = latchings; refused if latched; publish the order by a plain store; if latchings is not what was
 *   seen: if latched, the order is taken back (a swap) and refused; else it is granted
 * Who sets a latch: latched + 1; the scope's word, by a swap; latchings + 1; barrier; list all live orders.
 * Who finds the word set already takes back the count, and does all the rest like the one that set it: its
 * own list must be complete, too. Who clears: the word, by a swap, and then latched - 1.
 * Checks in scope 0, and setters of that. With CLEAR, scope 0 is latched all the time, and scope 1 is set
 * by one and cleared by another.
 *
 * Holds, for each call that sets a latch and each check: once both have returned, the check was refused and
 * its order is not live, or the order is in that call's list. With CLEAR: every check is refused. Weakened:
 *   NOLOOK     the check does not look again
 *   LOOKEARLY  it looks again before it publishes
 *   NOBARRIER  the setter lists without a barrier
 *   LISTFIRST  it lists before the barrier
 *   BUMPFIRST  latchings moves before the scope's word: a check sees the one and not yet the other
 *   EARLYOUT   who finds the scope latched returns an incomplete list at once
 *   COUNTLATE  latched is counted up after the scope's word: a clear in between takes away another's count
 */
#ifndef CHECKS
#define CHECKS 2
#endif
#ifndef SETTERS
#define SETTERS 1
#endif
#define REFUSED 1
#define GRANTED 2

#ifdef CLEAR
byte latched = 1;
bit latch = 1, other; /* scopes 0 and 1 */
#define SET other
#else
byte latched;
bit latch;
#define SET latch
#endif
byte latchings;
bit live[CHECKS], waiting[CHECKS]; /* an order as others see it; whether its store waits */
byte answer[CHECKS];
bit listed[CHECKS * SETTERS], returned[SETTERS];

inline arrive(c) { if :: waiting[c] -> waiting[c] = 0; live[c] = 1 :: else fi }

/* What is promised, when a call returns. */
inline promise() {
  i = 0;
  do
  :: i == CHECKS * SETTERS -> break
  :: else ->
#ifdef CLEAR
     assert(answer[i / SETTERS] != GRANTED);
#else
     assert(!returned[i % SETTERS] || answer[i / SETTERS] != GRANTED || listed[i]);
#endif
     assert(answer[i / SETTERS] != REFUSED || !(live[i / SETTERS] || waiting[i / SETTERS]));
     i++
  od;
  i = 0 }

active [CHECKS] proctype check() {
  byte seen, again, i;
  seen = latchings;
  if
  :: latched == 0 -> goto publish
  :: else
  fi;
  if
  :: latch -> goto refuse
  :: else
  fi;
publish:
#ifdef LOOKEARLY
  again = latchings;
#endif
  waiting[_pid] = 1;
#ifdef NOLOOK
  again = seen;
#endif
#if !defined(LOOKEARLY) && !defined(NOLOOK)
  again = latchings;
#endif
  if
  :: again == seen -> goto grant
  :: else
  fi;
  if
  :: latched == 0 -> goto grant
  :: else
  fi;
  if
  :: !latch -> goto grant
  :: else
  fi;
  atomic { arrive(_pid); live[_pid] = 0 } /* a swap */
refuse:
  atomic { answer[_pid] = REFUSED; promise(); goto out }
grant:
  atomic { answer[_pid] = GRANTED; promise() }
out:
  atomic { seen = 0; again = 0 } }

/* A store that waits is seen some time. */
active [CHECKS] proctype memory() {
  end: do
  :: atomic { waiting[_pid - CHECKS] -> arrive(_pid - CHECKS) }
  od }

inline barrier() { d_step { i = 0; do :: i == CHECKS -> break :: else -> arrive(i); i++ od; i = 0 } }

active [SETTERS] proctype setter() {
  byte i; bit first;
#ifndef COUNTLATE
  latched++;
#endif
#ifdef BUMPFIRST
  latchings++;
#endif
  atomic { first = !SET; SET = 1 }
#ifdef COUNTLATE
  if :: first -> latched++ :: else fi;
#else
  if :: !first -> latched-- :: else fi;
#endif
#ifdef EARLYOUT
  if :: !first -> goto out :: else fi;
#endif
#ifndef BUMPFIRST
  latchings++;
#endif
#if !defined(NOBARRIER) && !defined(LISTFIRST)
  barrier();
#endif
  do
  :: i == CHECKS -> break
  :: else -> atomic { listed[i * SETTERS + _pid - 2 * CHECKS] = live[i]; i++ }
  od;
#ifdef LISTFIRST
  barrier();
#endif
out:
  atomic { returned[_pid - 2 * CHECKS] = 1; promise() } }

#ifdef CLEAR
active proctype clearer() {
  byte turns; bit mine;
  do
  :: turns == 2 -> break
  :: else ->
     turns++;
     atomic { mine = other; other = 0 }
     if :: mine -> latched-- :: else fi;
     mine = 0
  od }
#endif
