/* The pool of slots with generations (RiskMemory/Slots).
 *
 * Two stripes, four slots: 0 and 1 lie in the list of stripe 0, 2 is live and both actors hold its token,
 * 3 was never taken and belongs to stripe 1. An actor takes slots, by its own stripe first, gives back one
 * of its own, tries a token again that it has given back, and once gives back the shared token. Each
 * atomic block is one load, one store or one compare-and-swap, with its ghosts.
 *
 * Holds: no slot is in two hands; exactly one of the two releases of the shared token wins; a token is
 * good for one release; at the end every slot is live, in one list, or in one fresh range, once. Weakened:
 *   NOTAG         the tag of a head stays: the head comes back, its old second with it
 *   NOSWAP        a release compares the state and then stores it, in two steps
 *   NOGENERATION  the generation stays, so an old token is good again
 *   WEAK_PUSH     the head is swapped before the slot's link is written
 * With HANDS each actor takes by a hand that only it touches, and gives back to it; with KILL both may be killed
 * at any step, after which the hands are emptied and the lists rebuilt from the states. Weakened:
 *   KEPT          what is drawn stays in the hand
 *   BOTH          what is given back goes into the hand and to the list
 *   KEEPHANDS     the rebuilding leaves the hands as they are
 */
#ifndef OPS
#define OPS 4
#endif
#define SIZE(s) (s == 0 -> 0 : 1) /* fresh slots of a stripe */
#define MOST 2 /* of a hand */
#define FILL 2
#define LIVE 1
#define NONE 255
#ifdef NOTAG
#define HEAD(w, place) (place)
#else
#define HEAD(w, place) ((((w >> 3) + 1) & 31) << 3 | place)
#endif

byte head[2];  /* {tag, index + 1} */
byte fresh[2];
byte state[4]; /* {generation, live} */
byte next[4];  /* index + 1 */
#ifdef HANDS
byte hand[2 * MOST]; /* index + 1 */
byte count[2];
#endif
byte held[4];  /* ghost: its life has an owner, or it is on the way from a list to one */
byte wins;     /* ghost: releases of the shared token that were told they won */
byte done;
bool killed;

inline taken(index) { assert(!held[index]); held[index] = 1 }

inline pick(stripe) {
  turn = 0; place = 0;
  do
  :: turn == 2 || place != 0 -> break
  :: else ->
     s = (stripe + turn) % 2;
     do
     :: word = head[s];
        if
        :: (word & 7) == 0 -> break
        :: else ->
           n = next[(word & 7) - 1];
           atomic {
             if :: head[s] == word -> head[s] = HEAD(word, n); place = word & 7; taken(place - 1) :: else fi }
           if :: place != 0 -> break :: else fi
        fi
     od;
     do
     :: place != 0 || fresh[s] == SIZE(s) -> break
     :: else ->
        n = fresh[s];
        if
        :: n == SIZE(s) -> break
        :: else ->
           atomic { if :: fresh[s] == n -> fresh[s] = n + 1; place = 4 + n; taken(place - 1) :: else fi }
        fi
     od;
     turn++
  od }

/* The slot in hand, if there is one, gets its next generation. */
inline enliven() {
  token = NONE;
  if
  :: place != 0 ->
     n = state[place - 1];
     assert((n & LIVE) == 0);
#ifdef NOGENERATION
     atomic { state[place - 1] = n | LIVE; token = (n >> 1) << 2 | (place - 1) }
#else
     atomic { state[place - 1] = (n + 2) | LIVE; token = ((n + 2) >> 1) << 2 | (place - 1) }
#endif
  :: else
  fi;
  word = 0; n = 0; place = 0; turn = 0; s = 0 }

/* By the actor's hand, which is filled with up to two when it is empty. */
inline draw(me) {
#ifdef HANDS
  if
  :: count[me] != 0
  :: else ->
     do
     :: count[me] == FILL -> break
     :: else ->
        pick(me);
        if
        :: place == 0 -> break
        :: else ->
           hand[me * MOST + count[me]] = place;
           atomic { count[me]++; held[place - 1] = 0 }
        fi
     od
  fi;
  place = 0;
  if
  :: count[me] != 0 ->
     place = hand[me * MOST + count[me] - 1];
     atomic {
#ifndef KEPT
       count[me]--;
#endif
       taken(place - 1) }
  :: else
  fi;
#else
  pick(me);
#endif
  enliven() }

/* Gives back token t to a stripe; ok says whether this call won. */
inline release(t, stripe) {
  ok = 0;
#ifdef NOSWAP
  if :: state[t & 3] == ((t >> 2) << 1 | LIVE) -> ok = 1 :: else fi;
  if :: ok -> atomic { state[t & 3] = (t >> 2) << 1; held[t & 3] = 0 } :: else fi;
#else
  atomic {
    if
    :: state[t & 3] == ((t >> 2) << 1 | LIVE) -> state[t & 3] = (t >> 2) << 1; held[t & 3] = 0; ok = 1
    :: else
    fi }
#endif
  n = ok;
#ifdef HANDS
  /* In two stores: a kill in between leaves the slot in no list and in no hand. */
  if
  :: n != 0 && count[stripe] < MOST ->
     hand[stripe * MOST + count[stripe]] = (t & 3) + 1;
     count[stripe]++;
#ifndef BOTH
     n = 0
#endif
  :: else
  fi;
#endif
  do
  :: n == 0 -> break
  :: else ->
     word = head[stripe];
#ifndef WEAK_PUSH
     next[t & 3] = word & 7;
#endif
     atomic { if :: head[stripe] == word -> head[stripe] = HEAD(word, ((t & 3) + 1)); n = 0 :: else fi }
#ifdef WEAK_PUSH
     next[t & 3] = word & 7;
#endif
  od;
  word = 0 }

proctype actor(byte me) {
  byte k, turn, place, s, word, n, token, ok, own[2], old, tried;
  { own[0] = NONE; own[1] = NONE; old = NONE; token = NONE;
  do
  :: k == OPS -> break
  :: else ->
     k++;
     if
     :: own[0] == NONE -> draw(me); own[0] = token; token = NONE
     :: own[0] != NONE && own[1] == NONE -> draw(me); own[1] = token; token = NONE
     :: own[0] != NONE ->
        release(own[0], me); assert(ok);
        atomic { old = own[0]; own[0] = own[1]; own[1] = NONE; ok = 0 }
     :: old != NONE -> release(old, me); assert(!ok); old = NONE
     :: !tried -> tried = 1; release((1 << 2 | 2), me); wins = wins + ok; assert(wins <= 1); ok = 0
     fi
  od;
  if :: !tried -> release((1 << 2 | 2), me); wins = wins + ok; assert(wins <= 1) :: else fi }
#ifdef KILL
  unless { killed };
#endif
  done++ }

#ifdef KILL
active proctype killer() { end: killed = 1 }

/* Every slot that is not live is free again, in the list of its stripe or never taken. */
inline recover() {
#ifndef KEEPHANDS
  count[0] = 0; count[1] = 0;
#endif
  head[0] = 0; head[1] = 0; fresh[1] = (state[3] == 0 -> 0 : 1);
  p = 4;
  do
  :: p == 0 -> break
  :: else ->
     p--;
     held[p] = state[p] & LIVE;
     if
     :: held[p] || state[p] == 0 -> skip
     :: else -> s = (p == 3 -> 1 : 0); next[p] = head[s]; head[s] = p + 1
     fi
  od;
  s = 0 }
#endif

init {
  byte s, p, steps, seen[4];
  atomic {
    state[0] = 2; state[1] = 2; next[0] = 2; head[0] = 1;
    state[2] = 2 | LIVE; held[2] = 1;
    run actor(0); run actor(1) }
  done == 2;
  d_step {
#ifdef KILL
    assert(killed || wins == 1);
    if :: killed -> recover() :: else fi;
#else
    assert(wins == 1);
#endif
    do
    :: s == 2 -> break
    :: else ->
       p = head[s] & 7;
       do
       :: p == 0 -> break
       :: else -> assert(!seen[p - 1] && !held[p - 1]); seen[p - 1] = 1; p = next[p - 1]
       od;
       s++
    od;
#ifdef HANDS
    s = 0;
    do
    :: s == 2 * MOST -> break
    :: else ->
       if
       :: s % MOST < count[s / MOST] ->
          p = hand[s] - 1; assert(!seen[p] && !held[p]); seen[p] = 1
       :: else
       fi;
       s++
    od;
#endif
    if :: fresh[1] == 0 -> assert(!seen[3] && !held[3]); seen[3] = 1 :: else fi;
    p = 0;
    do
    :: p == 4 -> break
    :: else -> assert(seen[p] || held[p]); assert(held[p] == (state[p] & LIVE)); p++
    od }
}
