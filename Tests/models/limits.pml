/* Publication of limits: two compiled halves of a table, and the generation that says which is in force
 * (ARCHITECTURE.md, "Limits").
 *
 * Ports that check again and again, and a publisher; generation g is in half g & 1, here of two words. The
 * publisher of g + 1 writes over g - 1, word by word, and then stores the generation. A check loads the
 * generation, reads both words of its half, and looks at the generation again before it grants; if that has
 * moved, it begins anew.
 *
 * With NOTES reads need no second thought: nothing that a check may be reading is written over. A port loads
 * g, stores it as its note, and begins anew if the generation has moved; after its reads it stores that it is
 * idle. What a processor stores waits in its buffer, here of one store, before others see it; a port has no
 * barrier, the publisher's empties all buffers (membarrier), and then it waits while any port notes g - 1.
 *
 * Holds: what a check grants by are words of one generation, which was in force at a moment of the call; with
 * NOTES, no word of a half is written while a port may be reading there. With ENDS, a few checks for each
 * port: everything comes to its end (non-progress cycles, weakly fair). Weakened:
 *   NOLOOK     a check, or with NOTES a port, does not look at the generation again
 *   EARLY      the publisher stores the generation before the last word
 *   LOOKFIRST  the check looks again before its last read, or with NOTES the port before it notes
 *   NOWAIT     with NOTES, the publisher does not wait
 *   NOBARRIER  with NOTES, it looks at the notes without a barrier
 *   KEEPNOTE   with NOTES, a port leaves its note when it is done (for the check of ends)
 */
#ifndef PORTS
#define PORTS 2
#endif
#ifndef LAST
#define LAST 4 /* of the generations; the first is 1 */
#endif
#define CHECKS 2 /* of each port, with ENDS */
#define NONE 0

byte generation = 1, word[4] = 1; /* two words of each half; they hold the generation that they are of */
byte note[PORTS], waiting[PORTS]; /* a note as others see it; the store that waits, plus one */
bit reading[PORTS * 2];           /* ghost: port and half */

inline arrive(p) { if :: waiting[p] != 0 -> note[p] = waiting[p] - 1; waiting[p] = 0 :: else fi }

/* The port's own store: the one that waits must be seen first. */
inline store_note(value) { atomic { arrive(_pid); waiting[_pid] = value + 1 } }

active [PORTS] proctype port() {
  byte g, x, y, again, since, calls;
  do
#ifdef ENDS
  :: calls < CHECKS ->
     calls++;
#else
  :: true ->
#endif
     since = generation; /* ghost: when the call began */
     again = 1;
     do
     :: again ->
        again = 0;
        g = generation;
#ifdef NOTES
#ifndef LOOKFIRST
        store_note(g);
#endif
#ifdef NOLOOK
        reading[_pid * 2 + (g & 1)] = 1;
#else
        atomic { if :: generation == g -> reading[_pid * 2 + (g & 1)] = 1 :: else -> again = 1 fi }
#endif
#ifdef LOOKFIRST
        store_note(g);
#endif
#endif
     :: else ->
        x = word[(g & 1) * 2];
#if !defined(NOTES) && defined(LOOKFIRST)
        again = (generation != g);
#endif
        y = word[(g & 1) * 2 + 1];
#if !defined(NOTES) && !defined(LOOKFIRST) && !defined(NOLOOK)
        again = (generation != g);
#endif
        if
        :: again
        :: else -> assert(x == g && y == g && g >= since); break /* it grants by these */
        fi
     od;
     atomic { reading[_pid * 2] = 0; reading[_pid * 2 + 1] = 0; g = 0; x = 0; y = 0; since = 0 }
#if defined(NOTES) && !defined(KEEPNOTE)
     store_note(NONE)
#endif
#ifdef ENDS
  :: else -> break
#endif
  od }

/* A store that waits is seen some time. */
active [PORTS] proctype memory() {
  end: do
  :: atomic { waiting[_pid - PORTS] != 0 -> arrive(_pid - PORTS) }
  od }

inline barrier() { d_step { i = 0; do :: i == PORTS -> break :: else -> arrive(i); i++ od; i = 0 } }

inline write(which) {
  atomic {
    i = 0;
    do :: i == PORTS -> break :: else -> assert(!reading[i * 2 + (g & 1)]); i++ od;
    i = 0;
    word[(g & 1) * 2 + which] = g } }

active proctype publisher() {
  byte g, i;
  g = 2;
  do
  :: g > LAST -> break
  :: else ->
#ifdef NOTES
#ifndef NOBARRIER
     barrier();
#endif
#ifndef NOWAIT
     do
     :: i = 0;
        do :: i == PORTS || (g > 2 && note[i] == g - 2) -> break :: else -> i++ od; /* one after another */
        if :: i == PORTS -> break :: else -> i = 0 fi
     od;
     i = 0;
#endif
#endif
     write(0);
#ifdef EARLY
     generation = g;
#endif
     write(1);
     generation = g;
     g++
  od }
