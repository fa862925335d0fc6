/* The ring of lines between one producer and one consumer (RiskMemory/Ring).
 *
 * Four lines, indices that wrap at eight (two and four for the check of progress, which needs more
 * states). A record is one to three lines, a batch one or two records, published by one store of the tail
 * or not at all. A line is written and read in two halves, so that a torn one shows. Each side works from
 * the last value of the other's index that it saw. Both run for ever: the state space is finite, and
 * checked whole.
 *
 * Holds: the consumer reads every record once, in order, whole and untorn; it never sees part of a batch;
 * the producer never writes a line that is not yet read. With fairness, records go on being read
 * (non-progress cycles). The stores of the tail and of the head release; a weakened ordering is the two
 * steps swapped:
 *   WEAK_PUBLISH  the tail is stored before the last line is written
 *   WEAK_RELEASE  the head is stored before the lines are read
 *   SPLIT         the tail is stored after every record of a batch
 *   NOREFRESH     the producer never looks at the head again (for the check of progress)
 */
#ifndef CAP
#define CAP 4
#define MOD 8
#define SEQ 5 /* more than there can be records in the ring */
#endif
#define SUB(x, y) ((x + MOD - y) % MOD)
/* What a line holds: number of the record, part of it, lines in it, whether it ends the batch. */
#define LINE(seq, part, size, last) (seq * 32 + part * 8 + size * 2 + last)

byte tail, head;
byte first_half[CAP], second_half[CAP];

inline write_line(position, value) {
  assert(SUB(position, head) < CAP); /* the line has been read */
  first_half[(position) % CAP] = value;
  second_half[(position) % CAP] = value }

inline write_record(size, last) {
  part = 0;
  do
  :: part == size -> break
  :: else ->
     write_line(end, LINE(seq, part, size, last));
     d_step { end = (end + 1) % MOD; part++ }
  od;
  atomic { seq = (seq + 1) % SEQ; part = 0 } }

active proctype producer() {
  byte seen, end, seq, one, two, part;
  do
  :: atomic {
       if :: one = 1 :: one = 2 :: CAP > 2 -> one = 3 fi;
       if :: two = 0 :: one < CAP -> two = 1 fi;
       end = tail /* its own last store */ }
     if
     :: SUB(end, seen) + one + two <= CAP
#ifndef NOREFRESH
     :: else -> seen = head
#else
     :: else
#endif
     fi;
     if
     :: SUB(end, seen) + one + two <= CAP ->
#ifdef WEAK_PUBLISH
        tail = (end + one + two) % MOD;
#endif
        write_record(one, (two == 0));
#ifdef SPLIT
        tail = end;
#endif
        if :: two > 0 -> write_record(two, 1) :: else fi;
        tail = end
     :: else /* full: the batch is refused whole */
     fi;
     atomic { one = 0; two = 0; end = 0 }
  od }

inline read_line(position) {
  value = first_half[(position) % CAP];
  assert(second_half[(position) % CAP] == value) }

active proctype consumer() {
  byte seen, start, seq, size, part, value, count, most;
  do
  :: start = head; /* its own last store */
     if :: start == seen -> seen = tail :: else fi;
     if
     :: start == seen /* empty */
     :: else ->
        if :: most = 1 :: most = 2 fi;
#ifdef WEAK_RELEASE
        head = seen; most = 4;
#endif
        do
        :: start == seen || count == most -> break
        :: else ->
           read_line(start);
           d_step {
             size = (value / 2) % 4;
             assert(size >= 1 && size <= SUB(seen, start)) /* the whole record is there */ }
           do
           :: part == size -> break
           :: else ->
              read_line((start + part) % MOD);
              d_step { assert(value / 2 == LINE(seq, part, size, 0) / 2); part++ }
           od;
progress:  atomic { seq = (seq + 1) % SEQ; start = (start + size) % MOD; count++; part = 0; size = 0 }
        od;
        assert(start != seen || value % 2 == 1); /* what was seen of the tail is the end of a batch */
        atomic { head = start; value = 0; count = 0; most = 0 }
     fi
  od }
