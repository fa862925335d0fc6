/* The day's peak beside a book (Results): raised by who has swapped the book, begun anew by one call at a time.
 *
 * The book is a sequence of totals. Start names the record that the day began with and which base counts, and changes
 * as one with the peak. Raising: if the record is older than the start there is nothing to do; nor if the total is not
 * above the peak, which is read after the start; otherwise peak and start are replaced as one if both are as they were
 * read. Beginning: the base that does not count is filled from the book, peak and start are replaced as one, and
 * if the book has moved on it begins once more. Reading: start, base, book, peak, and start again.
 *
 * Holds: at rest the peak is the highest total since the day began; what is read is of one day. Weakened:
 *   NOLOOK    the book is not looked at again when a day has begun
 *   ANYAGE    a record of before the day raises the peak
 *   SAMEBASE  the base that counts is filled
 *   NOREAD    who reads does not look at the start again
 */
#ifndef POSTERS
#define POSTERS 2
#endif
#ifndef POSTS
#define POSTS 1 /* of each */
#endif

byte seq;       /* of the book's record */
byte totals[5]; /* by sequence */
byte peak, start, base[2];
byte ended;

#define FIRST (start >> 1)
#ifdef SAMEBASE
#define NEXT(s, old) ((s) << 1 | (old & 1))
#else
#define NEXT(s, old) ((s) << 1 | (1 - (old & 1)))
#endif

active [POSTERS] proctype poster() {
  byte posts, own, total, seen, high;
  do
  :: posts == POSTS -> break
  :: posts < POSTS ->
     posts++;
     atomic {
       seq++;
       own = seq;
       if
       :: total = 0
       :: total = 1
       fi;
       totals[own] = total
     }
     do
     :: seen = start;
        high = peak;
#ifndef ANYAGE
        if
        :: own < (seen >> 1) -> break
        :: else
        fi;
#endif
        if
        :: total <= high -> break
        :: else ->
           atomic {
             if
             :: peak == high && start == seen -> peak = total; break
             :: else
             fi
           }
        fi
     od
  od;
  ended++ }

active proctype beginner() {
  byte days, seen, high, own, total, next;
  do
  :: days == 2 -> break
  :: days < 2 ->
     days++;
     do
     :: seen = start;
        high = peak;
        atomic { own = seq; total = totals[own] }
        next = NEXT(own, seen);
        base[next & 1] = total;
        atomic {
          if
          :: peak == high && start == seen -> peak = total; start = next
          :: else -> goto again
          fi
        }
#ifndef NOLOOK
        if
        :: seq != own -> goto again
        :: else
        fi;
#endif
        break;
again:  skip
     od
  od;
  ended++ }

#ifdef READ
active proctype reader() {
  byte seen, from, own, high;
  seen = start;
  from = base[seen & 1];
  own = seq;
  high = peak;
#ifndef NOREAD
  if
  :: start != seen -> goto end
  :: else
  fi;
#endif
  assert(from == totals[seen >> 1] && own >= (seen >> 1) && high >= from);
end:
  skip }
#endif

active proctype judge() {
  byte at, highest;
  ended == POSTERS + 1;
  d_step {
    at = FIRST;
    do
    :: at > seq -> break
    :: else ->
       if
       :: totals[at] > highest -> highest = totals[at]
       :: else
       fi;
       at++
    od
  }
  assert(peak == highest) }
