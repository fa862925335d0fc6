/* Drop copies against each other and a check (ARCHITECTURE.md, "Drop copies").
 *
 * A book {seq, sum} is moved by swaps. A copy reads it, judges what it comes to, and swaps it from what it read; who
 * loses that judges again. After JUDGED lost swaps the last judgement stands, and the book is read again alone. A
 * check does the same and is refused above LIMIT. Ids are in a table: an insertion has one winner, and an order is live
 * once it is published after that. A check that is refused behind its insertion takes its id out again. A copy that
 * finds its id in the table and no order waits for either.
 * Copies 1 and 2, and a check that has the id of copy 1.
 *
 * Holds: a copy that is not told went no higher than the limit, or had lost JUDGED swaps; a check went no higher; an
 * id is live once, and is when a copy of it has returned; the book is the sum of what is live. With JUDGED=1 the second
 * judgement is the one that stands. Weakened:
 *   STALE   a copy judges once
 *   NOWAIT  a copy is answered by an id that no order has yet
 *   BLIND   an id that was not found is inserted whatever is there by then
 */
#ifndef JUDGED
#define JUDGED 3
#endif
#define LIMIT 1
#define NOBODY 0

byte seq, sum;
byte holder[2]; /* of an id: who is entering or has entered it */
byte live[2];   /* of an id: how many orders */
byte done;

inline withdraw(id) { holder[id] = NOBODY }

/* The table: found says who is there, or that the caller is now. */
inline insert(id, me) {
#ifdef BLIND
  found = holder[id];
  if :: found == NOBODY -> holder[id] = me :: else fi
#else
  atomic { found = holder[id]; if :: found == NOBODY -> holder[id] = me :: else fi }
#endif
}

inline read_book() { atomic { word = seq; seen = sum } }
inline swap_book() { atomic { ok = (seq == word); if :: ok -> seq++; sum = sum + 1 :: else fi } }

proctype copy(byte me; byte id) {
  byte word, seen, found, lost; bit ok, told;
  do
  :: insert(id, me);
     if :: found == NOBODY -> break :: else fi;
#ifdef NOWAIT
     goto out;
#endif
     if
     :: live[id] -> goto out /* a repeat */
     :: holder[id] == NOBODY /* taken out again */
     fi
  od;
  do
  :: read_book();
#ifdef STALE
     if :: lost == 0 -> told = (seen + 1 > LIMIT) :: else fi;
#else
     if :: lost < JUDGED -> told = (seen + 1 > LIMIT) :: else fi;
#endif
     atomic {
       swap_book();
       if
       :: ok -> assert(told || sum <= LIMIT || lost >= JUDGED); break
       :: else -> lost++
       fi }
  od;
  atomic { live[id] = live[id] + 1; assert(live[id] == 1) };
out:
  atomic { assert(live[id] == 1); word = 0; seen = 0; found = 0; lost = 0; ok = 0; told = 0; done++ } }

proctype check(byte me; byte id) {
  byte word, seen, found; bit ok;
  insert(id, me);
  if :: found != NOBODY -> goto out :: else fi;
  do
  :: read_book();
     if :: seen + 1 > LIMIT -> withdraw(id); goto out :: else fi;
     atomic { swap_book(); if :: ok -> assert(sum <= LIMIT); break :: else fi }
  od;
  atomic { live[id] = live[id] + 1; assert(live[id] == 1) };
out:
  atomic { word = 0; seen = 0; found = 0; ok = 0; done++ } }

init {
  atomic { run copy(1, 0); run copy(2, 1); run check(3, 0) }
  done == 3;
  assert(live[0] == 1 && live[1] == 1 && sum == 2) }
