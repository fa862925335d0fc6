/* The exact window (RiskMemory/ExactWindow): takers of one or two messages, with limits that
 * change from call to call, clocks that go on meanwhile, one kill at any moment, and the recovery after it.
 *
 * Each step is one load, one store or one compare-and-swap; raising `latest` is one step, because only what
 * it leaves matters. `stamp` is a ghost: the true time of each message, set by the swap that takes it.
 *
 * Holds in every state: at the swap, every new message is W or more after its n-th predecessor, for the n of
 * its call, so no window holds more than n; times never fall; a refusal that is not called contended is right
 * at its second look at head; after recovery no entry is missing and none is older than its message.
 * Checked whole, each line by itself:
 *   spin -a window.pml                                            0.9 million states
 *   spin -DKILL -DMESSAGES=3 -a window.pml                        5.6 million, a kill at any step
 *   spin -DTAKERS=3 -DCALLS=1 -DTIMES=1 -DW=1 -a window.pml       2.9 million, one call each
 * then cc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m100000. Each of these must make the first fail, and
 * the last of them the second:
 *   WEAK_LAP      a taker does not look whether the last writers of its slots have finished
 *   WEAK_TIME     latest is raised before the first try only, not after each load of head
 *   WEAK_ENTRY    an entry's number is not looked at, so that an unwritten one counts by its old time
 *   WEAK_WRITE    the number is written before the time
 *   WEAK_LOOK     a refusal does not look at head again
 *   WEAK_RECOVER  recovery lets unwritten entries count by the times that they hold
 */
#ifndef TAKERS
#define TAKERS 2
#endif
#ifndef MESSAGES
#define MESSAGES 4
#endif
#ifndef TIMES
#define TIMES 2
#endif
#define SLOTS 2
#ifndef W
#define W 2
#endif
#define NONE 255

byte now, head, latest, time[SLOTS], number[SLOTS], stamp[MESSAGES];
byte gone;
bool killed, recovered;

#define AT(j) ((j) % SLOTS)
#define LAST_LAP(j) ((j) >= SLOTS -> (j) + 1 - SLOTS : 0)

inline raise() { atomic { if :: latest < t -> latest = t :: else fi; T = latest } }

/* found: 0 old, 1 recent, 2 unwritten */
inline look() {
  if
  :: k + a - 1 < n -> found = 0
  :: else ->
     m = k + a - 1 - n;
#ifdef WEAK_ENTRY
     found = 0;
#else
     found = (number[AT(m)] == m + 1 -> 0 : 2);
#endif
     if
     :: found == 0 -> found = (time[AT(m)] + W <= T -> 0 : 1)
     :: else
     fi
  fi;
#ifndef WEAK_LAP
  i = 0;
  do
  :: found != 0 || i == a -> break
  :: else -> found = (number[AT(k + i)] == LAST_LAP(k + i) -> 0 : 2); i++
  od;
#endif
  i = 0 }

inline swap() {
  atomic {
    if
    :: head == k ->
       do
       :: i == a -> break
       :: else ->
          assert(k + i == 0 || stamp[k + i - 1] <= T);
          stamp[k + i] = T;
          assert(k + i < n || stamp[k + i - n] + W <= T);
          i++
       od;
       i = 0; head = k + a; taken = 1
    :: else
    fi } }

inline write() {
  do
  :: i == a -> break
  :: else ->
#ifdef WEAK_WRITE
     number[AT(k + i)] = k + i + 1;
     time[AT(k + i)] = T;
#else
     time[AT(k + i)] = T;
     number[AT(k + i)] = k + i + 1;
#endif
     i++
  od;
  i = 0 }

inline take() {
  atomic { t = now; if :: a = 1; n = 1 :: a = 1; n = 2 :: a = 2; n = 2 fi }
#ifdef WEAK_TIME
  raise();
#endif
  do
  :: atomic { k = head; m = 0; found = 0 }
     if :: k + a > MESSAGES -> break :: else fi;
#ifndef WEAK_TIME
     raise();
#endif
     look();
     if
     :: found == 0 ->
        swap();
        if :: taken -> write(); break :: else fi
     :: else ->
        atomic {
          if
#ifndef WEAK_LOOK
          :: head != k
#endif
          :: else -> assert(found == 2 || stamp[m] + W > T); break
          fi }
     fi
  od;
  atomic { k = 0; T = 0; t = 0; a = 0; n = 0; m = 0; i = 0; found = 0; taken = 0 } }

active [TAKERS] proctype taker() {
  byte k, t, T, a, n, m, i, found;
  bool taken, again;
#ifndef KILL
#ifdef CALLS
  byte calls;
  end: do :: head < MESSAGES && calls < CALLS -> calls++; take() od }
#else
  end: do :: head < MESSAGES -> take() od }
#endif
#else
end_begin:
  { end: do :: head < MESSAGES -> take() od }
  unless { killed && !again };
  atomic { gone++; k = 0; t = 0; T = 0; a = 0; n = 0; m = 0; i = 0; found = 0; taken = 0; again = 1 }
  recovered -> goto end_begin }
#endif

active proctype clock() {
  end: do :: now < TIMES -> now++ od }

/* Walks back from head: an unwritten entry gets the time of the next one, or latest. */
inline recover() {
  ceiling = latest; j = head;
  do
  :: j == 0 || j + SLOTS == head -> break
  :: else ->
     j--;
     if
     :: number[AT(j)] == j + 1 -> ceiling = time[AT(j)]
     :: else ->
#ifndef WEAK_RECOVER
        time[AT(j)] = ceiling;
#endif
        number[AT(j)] = j + 1
     fi;
     assert(number[AT(j)] == j + 1 && time[AT(j)] >= stamp[j] && time[AT(j)] <= latest);
     stamp[j] = time[AT(j)] /* from now on it counts by that */
  od }

#ifdef KILL
active proctype killer() {
  byte ceiling, j;
  end: killed = 1;
  atomic { gone == TAKERS; recover(); ceiling = 0; j = 0; recovered = 1 } }
#endif
