/* Functions of the host's (CustomSlot): set, replaced and removed by one at a time, called by anybody.
 *
 * One word holds the generation, whether a function is there, whether the place is closing, which of two versions is
 * in force, and how many calls are in flight. Who calls swaps the word for one with a call more, calls by the version
 * that the word named, and then counts itself out. Who sets writes the other version, and swaps the word when no call
 * is in flight, or gives up. Who removes closes the place first, and takes the function out when no call is in flight,
 * or opens it again.
 *
 * Holds: function and context of a call are of one setting, and when a replacement or removal has returned no call by
 * what was there goes on or begins. Weakened:
 *   NOCOMPARE  a call is counted in whatever the word is by then
 *   SAMELINE   the version that is in force is written
 *   NOCLOSE    a removal looks for an instant without calls, and then takes the function out
 *   NOWAIT     a removal does not wait for calls to end
 *   PLAIN      a replacement stores the word after it has seen no call
 */
#define OPERATIONS 4
#ifndef CALLERS
#define CALLERS 2
#endif
#define CALLS 2

byte generation, calls; /* the word */
bit live, closing, second;
byte function[2], context[2]; /* the number of the setting */
bit ended[OPERATIONS + 1];

active proctype administrator() {
  byte number, now;
  bit other;
  do
  :: number == OPERATIONS -> break
  :: number < OPERATIONS ->
     number++;
     if
     :: /* set or replace */
#ifdef SAMELINE
        other = second;
#else
        other = 1 - second;
#endif
        function[other] = number;
        context[other] = number;
        if
#ifdef PLAIN
        :: calls == 0 -> skip;
#else
        :: atomic { calls == 0 ->
#endif
           second = other; live = 1; generation++
#ifndef PLAIN
           }
#endif
           if :: now != 0 -> ended[now] = 1 :: else fi;
           now = number
        :: skip /* gives up */
        fi
     :: now != 0 -> /* remove */
#ifndef NOCLOSE
        closing = 1;
#endif
        if
#ifdef NOWAIT
        :: skip ->
#else
        :: calls == 0 ->
#endif
           atomic { live = 0; closing = 0; generation++ }
           ended[now] = 1;
           now = 0
        :: closing = 0 /* gives up */
        fi
     fi
  od }

active [CALLERS] proctype caller() {
  byte round, seen, one, other;
  bit version;
  do
  :: round == CALLS -> break
  :: else ->
     round++;
again:
     atomic {
       if
       :: !live || closing -> goto done
       :: else -> seen = generation; version = second; other = calls
       fi }
     atomic {
#ifndef NOCOMPARE
       if
       :: generation != seen || calls != other || !live || closing -> goto again
       :: else
       fi;
#endif
       calls++ }
     one = function[version];
     other = context[version];
     assert(one == other);
     assert(!ended[one]);
     atomic { assert(!ended[one]); calls-- }
done: skip
  od }
