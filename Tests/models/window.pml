/* The exact window (RiskMemory/ExactWindow): takers with limits that change from call to call, clocks that go
 * on meanwhile.
 *
 * Each step is one load or one compare-and-swap. Where a taker begins to look for the place of the next message
 * is any slot, whatever the hint could be; so the hint is no part of the model. A taker that is killed is one
 * that moves no more, and nothing is repaired after it: every state with takers that stand still is among these.
 * `stamp` and `head` are ghosts: the times of the messages and how many were taken.
 *
 * Holds in every state: the place that a swap takes is that of the next message; times never fall; the message
 * is W or more after its n-th predecessor, for the n of its call, so no window holds more than n; a refusal is
 * right at its second look, at the time of the call or of the latest message. A call ends while others stand
 * still. Weakened:
 *   NOCOMPARE  the place is stored to, without a look at what is there by then
 *   NOLOOK     a refusal does not look at its place again
 *   NORAISE    the message's time is the taker's own, also when the message before is later
 *   EARLY      the time n messages back is read before the place is
 *   SMALL      the ring holds no more than the largest n
 *   GIVEUP     a search that went around often enough says that there is no place
 */
#ifndef TAKERS
#define TAKERS 2
#endif
#ifndef MOST
#define MOST 2
#endif
#ifndef MESSAGES
#define MESSAGES 4
#endif
#ifndef TIMES
#define TIMES 3
#endif
#ifndef CALLS
#define CALLS 255
#endif
#ifdef SMALL
#define SLOTS MOST
#else
#define SLOTS (2 * MOST)
#endif
#ifndef W
#define W 2
#endif

byte now, head, slot[SLOTS], stamp[MESSAGES];

#define BEFORE(j, n) (((j) + SLOTS - (n)) % SLOTS)
#define FIRST (index == 0 && previous == 0 && lapped == 0)
#define LATER(a, b) ((a) >= (b) -> (a) : (b))

/* Of what is there now, for a call at t. */
#define TRULY_FULL (head >= n && stamp[head - n] + W > LATER(t, stamp[head - 1]))

/* One more message, at T in the slot of the place: what must hold. */
inline store() {
  assert(index == head % SLOTS);
  assert(head == 0 || stamp[head - 1] <= T);
  assert(head < n || stamp[head - n] + W <= T);
  stamp[head] = T; slot[index] = T + 1; head++; taken = 1 }

inline find() {
  steps = 0;
  do
  :: previous = slot[BEFORE(index, 1)];
     lapped = slot[index];
     if
     :: lapped < previous || FIRST -> break
     :: else ->
        index = (index + 1) % SLOTS;
#ifdef GIVEUP
        steps++; assert(steps <= 4 * (SLOTS - 1))
#endif
     fi
  od }

inline take() {
  atomic {
    t = now;
    select(n : 1 .. MOST);
    select(index : 0 .. (SLOTS - 1)) }
  do
  ::
#ifdef EARLY
     back = slot[BEFORE(index, n)];
     previous = slot[BEFORE(index, 1)];
     lapped = slot[index];
     if :: lapped < previous || FIRST -> skip :: else -> index = (index + 1) % SLOTS; goto again fi;
#else
     find();
#endif
     atomic {
#ifdef NORAISE
       T = t;
#else
       T = (previous == 0 -> t : LATER(t, previous - 1));
#endif
     }
#ifndef EARLY
     back = slot[BEFORE(index, n)];
#endif
     if
     :: back != 0 && back + W > T + 1 ->
        atomic {
          if
#ifndef NOLOOK
          :: slot[index] != lapped
#endif
          :: else -> assert(TRULY_FULL); break
          fi }
     :: else ->
        atomic {
          if
          :: head == MESSAGES -> break
#ifdef NOCOMPARE
          :: else -> store(); break
#else
          :: head != MESSAGES && slot[index] == lapped -> store(); break
          :: head != MESSAGES && slot[index] != lapped
#endif
          fi }
     fi;
#ifdef EARLY
again: skip
#endif
  od }

active [TAKERS] proctype taker() {
  byte t, n, T, index, previous, lapped, back, steps, calls;
  bool taken;
  end: do
  :: head < MESSAGES && calls < CALLS ->
     take();
     progress: atomic {
       t = 0; n = 0; T = 0; index = 0; previous = 0; lapped = 0; back = 0; steps = 0; taken = 0;
       calls = (CALLS == 255 -> 0 : calls + 1) }
  od }

active proctype clock() {
  end: do :: now < TIMES -> now++ od }
