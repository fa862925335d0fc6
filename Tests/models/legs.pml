/* Legs of a batch that is all or none, committed by one word of their port (Legs.swift, and "A batch of legs" in
 * ARCHITECTURE.md).
 *
 * Two legs of a batch are published one after the other, unnamed, then named; a store of the port's word commits
 * both, and the latches are looked at again. Or they are withdrawn: each is replaced by nothing and its slot given
 * back, and the next batch has the same number and one of the places. What the port stores by a plain store waits in
 * its buffer before others see it, here that of its word: it comes after the legs, which are seen before it. Who
 * reads a place copies its record with its word (rows.pml), loads the port's word, and looks at the place again. Who
 * latches stores the latch, counts it, makes the port pass a barrier, and lists. One more reader asks at any time,
 * and may rest anywhere. The port may be killed in any state.
 *
 * Holds: what a reader finds there was committed; after a kill, both legs are there or none, but for a batch that is
 * being taken back because of a latch; one that was answered as passed is there; once the list and a batch are
 * complete, it is refused or in the list, both legs. Weakened:
 *   EACH         legs are orders as soon as they are published
 *   COMMITFIRST  the word is stored before the last leg is named
 *   NOHOLDS      a reader does not look at the place again
 *   HOLDSFIRST   it does so before it loads the port's word
 *   NOBLANK      what is withdrawn stays in its place
 *   NOLOOK       the latches are not looked at again
 *   LOOKEARLY    they are, before the commit
 */
#define PASSED 1
#define REFUSED 2
#define BATCHES 3 /* 1 and 2; 0 is none */
#define PLACES 3
#define PLACE(batch, leg) (batch - 1 + leg)

byte word[PLACES], slot[PLACES], token[PLACES], name[PLACES]; /* of places; a token is the number of its batch */
byte committed, coming;                   /* the port's word, as others see it and as it was stored last */
bit latched;
byte latchings;
byte answer[BATCHES], listed[BATCHES];
bit was_committed[BATCHES], taken_back[BATCHES], returned;

inline arrive() { committed = coming }

#ifdef EACH
#define IS_ORDER(named, upto) 1
#else
#define IS_ORDER(named, upto) (named != 0 && named <= upto)
#endif
#define IS_THERE(at, batch, upto) (slot[at] == batch && token[at] == batch && IS_ORDER(name[at], upto))
#define COUNT(batch, upto) (IS_THERE(PLACE(batch, 0), batch, upto) + IS_THERE(PLACE(batch, 1), batch, upto))

/* What is promised, when a call returns. */
inline promise() {
  assert(!returned || answer[1] != PASSED || listed[1] == 2);
  assert(!returned || answer[2] != PASSED || listed[2] == 2) }

inline replace(at, new) { atomic { arrive(); token[at] = new; word[at]++ } }

active proctype port() {
  byte batch = 1, at, place, seen, again, number;
next:
  seen = latchings;
  if
  :: latched -> goto refuse
  :: else
  fi;
  number = coming + 1;
  at = 0;
  do
  :: at == 2 -> break
  :: else ->
     place = PLACE(batch, at);
     slot[place] = batch;
     atomic { token[place] = batch; name[place] = 0; word[place]++ }
#ifdef COMMITFIRST
     if :: at == 1 -> coming = number; was_committed[batch] = 1 :: else fi;
#endif
     name[place] = number;
     at++
  od;
#ifdef LOOKEARLY
  again = latchings;
#endif
  if
  :: batch == 1 -> goto withdraw /* the last leg was refused, say */
  :: atomic { coming = number; was_committed[batch] = 1 }
  fi;
#ifdef NOLOOK
  again = seen;
#endif
#if !defined(LOOKEARLY) && !defined(NOLOOK)
  again = latchings;
#endif
  if
  :: again != seen && latched -> taken_back[batch] = 1; goto withdraw
  :: else -> atomic { answer[batch] = PASSED; promise(); goto out }
  fi;
withdraw:
  do
  :: at == 0 -> break
  :: else ->
     at--;
     place = PLACE(batch, at);
#ifdef NOBLANK
     if :: taken_back[batch] -> replace(place, 0) :: else fi;
#else
     replace(place, 0);
#endif
     slot[place] = 0
  od;
refuse:
  atomic { answer[batch] = REFUSED; promise() }
  batch++;
  if
  :: batch < BATCHES -> goto next
  :: else
  fi;
out:
  atomic { batch = 0; at = 0; place = 0; seen = 0; again = 0; number = 0 } }

/* A store that waits is seen some time. */
active proctype memory() {
  end: do
  :: atomic { committed != coming -> arrive() }
  od }

/* `found` is what there is in place `at`; 0: nothing. */
inline read(at) {
  do
  :: atomic { mine = word[at]; found = token[at]; named = name[at] }
#ifdef HOLDSFIRST
     held = word[at] == mine;
#endif
     upto = committed;
#ifdef NOHOLDS
     held = 1;
#endif
#if !defined(NOHOLDS) && !defined(HOLDSFIRST)
     held = word[at] == mine;
#endif
     if
     :: held -> break
     :: else
     fi
  od;
  if :: !IS_ORDER(named, upto) -> found = 0 :: else fi }

active proctype setter() {
  byte at, mine, found, named, upto, live; bit held;
  latched = 1;
  latchings++;
  atomic { arrive() } /* the barrier */
  do
  :: at == PLACES -> break
  :: else ->
     live = slot[at];
     read(at);
     atomic { if :: found != 0 && found == live -> assert(was_committed[found]); listed[found]++ :: else fi; at++ }
  od;
  atomic { returned = 1; promise(); at = 0; mine = 0; found = 0; named = 0; upto = 0; live = 0; held = 0 } }

active proctype asker() {
  byte mine, found, named, upto; bit held;
  read(0);
  atomic { assert(found == 0 || was_committed[found]); mine = 0; found = 0; named = 0; upto = 0; held = 0 } }

/* A kill in any state; what waits may have arrived, or not. */
active proctype kill() {
  byte batch = 1;
  atomic {
    do
    :: batch == BATCHES -> break
    :: else ->
       assert(taken_back[batch] || COUNT(batch, committed) != 1);
       assert(taken_back[batch] || COUNT(batch, coming) != 1);
       assert(answer[batch] != PASSED || COUNT(batch, coming) == 2);
       assert(answer[batch] != REFUSED || COUNT(batch, coming) == 0);
       batch++
    od } }
