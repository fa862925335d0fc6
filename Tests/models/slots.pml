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
 */
#ifndef OPS
#define OPS 4
#endif
#define SIZE(s) (s == 0 -> 0 : 1) /* fresh slots of a stripe */
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
byte held[4];  /* ghost: in a hand */
byte wins;     /* ghost: releases of the shared token that were told they won */
byte done;

inline taken(index) { assert(!held[index]); held[index] = 1 }

inline acquire(stripe) {
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
  od;
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
  own[0] = NONE; own[1] = NONE; old = NONE; token = NONE;
  do
  :: k == OPS -> break
  :: else ->
     k++;
     if
     :: own[0] == NONE -> acquire(me); own[0] = token; token = NONE
     :: own[0] != NONE && own[1] == NONE -> acquire(me); own[1] = token; token = NONE
     :: own[0] != NONE ->
        release(own[0], me); assert(ok);
        atomic { old = own[0]; own[0] = own[1]; own[1] = NONE; ok = 0 }
     :: old != NONE -> release(old, me); assert(!ok); old = NONE
     :: !tried -> tried = 1; release((1 << 2 | 2), me); wins = wins + ok; assert(wins <= 1); ok = 0
     fi
  od;
  if :: !tried -> release((1 << 2 | 2), me); wins = wins + ok; assert(wins <= 1) :: else fi;
  done++ }

init {
  byte s, p, steps, seen[4];
  atomic {
    state[0] = 2; state[1] = 2; next[0] = 2; head[0] = 1;
    state[2] = 2 | LIVE; held[2] = 1;
    run actor(0); run actor(1) }
  done == 2;
  d_step {
    assert(wins == 1);
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
    if :: fresh[1] == 0 -> assert(!seen[3] && !held[3]); seen[3] = 1 :: else fi;
    p = 0;
    do
    :: p == 4 -> break
    :: else -> assert(seen[p] || held[p]); assert(held[p] == (state[p] & LIVE)); p++
    od }
}
