/* Publication of records by the swap of one word (RiskMemory/Rows).
 *
 * Two rows, two writers with one spare each, so four records of two words. A row's word is {sequence,
 * record}; zero is undefined and owns the record of the row's number. Each atomic block is one load, one
 * store or one compare-and-swap, with its ghosts. A publication may carry an expectation and then gives up
 * when overtaken.
 *
 * Holds: what a reader believes is the record that was published under the sequence it saw, whole;
 * sequences do not go back; in every state each record is named by one row or owned by one writer, so that
 * a kill in any state leaves rows that name different records, which is what recovery builds on. Weakened,
 * with the steps swapped or left out:
 *   NOREVALIDATE  the reader does not look at the word again
 *   WEAK_READ     it looks before it has read the last word of the record
 *   WEAK_PUBLISH  the swap comes before the last word of the record is written
 *   NOSEQUENCE    the sequence stays, so a word can come back
 *   KEEPSPARE     the writer goes on with the record that it has published
 */
#ifndef OPS
#define OPS 3 /* publications of the first writer */
#endif
#ifndef OTHERS
#define OTHERS 1 /* of the second */
#endif
#ifndef READS
#define READS 2
#endif
#define RECORD(w) (w & 7)
#define SEQUENCE(w) (w >> 3)
#ifdef NOSEQUENCE
#define NEXT(w, record) (8 | record)
#else
#define NEXT(w, record) ((SEQUENCE(w) + 1) << 3 | record)
#endif
#define OWNED(r) (word[r] == 0 -> r : RECORD(word[r]))
#define HELD(w) (in_hand[w] != 0 -> in_hand[w] - 1 : spare[w])

byte word[2], first[4], second[4], spare[2];
byte in_hand[2];       /* ghost: the displaced record + 1 between the swap and the store of the spare */
byte published[32];    /* ghost: what was published, by row * 16 + sequence */

proctype writer(byte me; byte ops) {
  byte k, row, old, mine, stamp, displaced, expecting, done;
  do
  :: k == ops -> break
  :: else ->
     atomic { /* all its own */
       k++;
       if :: row = 0 :: row = 1 fi;
       if :: expecting = 0 :: expecting = 1 fi;
       mine = spare[me];
       stamp = (me * OPS + k) * 2 + row }
     old = word[row];
     first[mine] = stamp;
#ifndef WEAK_PUBLISH
     second[mine] = stamp;
#endif
     done = 0;
     do
     :: atomic {
          if
          :: word[row] == old ->
             displaced = OWNED(row);
             word[row] = NEXT(old, mine);
             published[row * 16 + SEQUENCE(word[row])] = stamp;
             in_hand[me] = displaced + 1;
             done = 1
          :: else
          fi }
        if :: done || expecting -> break :: else fi;
        old = word[row]
     od;
#ifdef WEAK_PUBLISH
     second[mine] = stamp;
#endif
     if
     :: done ->
#ifdef KEEPSPARE
        displaced = mine;
#endif
        atomic { spare[me] = displaced; in_hand[me] = 0 }
     :: else
     fi;
     d_step { displaced = 0; old = 0; stamp = 0; mine = 0; done = 0; row = 0; expecting = 0 }
  od }

proctype reader() {
  byte k, row, old, again, x, y, last[2];
  do
  :: k == READS -> break
  :: else ->
     atomic { k++; if :: row = 0 :: row = 1 fi }
     old = word[row];
     if
     :: old == 0 -> assert(last[row] == 0)
     :: else ->
        x = first[RECORD(old)];
#ifdef WEAK_READ
        again = word[row];
#endif
        y = second[RECORD(old)];
#ifndef WEAK_READ
        again = word[row];
#endif
#ifdef NOREVALIDATE
        again = old;
#endif
        if
        :: again == old ->
           assert(x == y && x == published[row * 16 + SEQUENCE(old)]);
           assert(SEQUENCE(old) >= last[row]);
           last[row] = SEQUENCE(old)
        :: else /* somebody published: the caller tries again */
        fi;
        d_step { x = 0; y = 0; again = 0 }
     fi;
     d_step { old = 0; row = 0 }
  od }

proctype monitor() {
  end: atomic {
    (OWNED(0) == OWNED(1) || OWNED(0) == HELD(0) || OWNED(0) == HELD(1) || OWNED(1) == HELD(0)
      || OWNED(1) == HELD(1) || HELD(0) == HELD(1)) -> assert(false) } }

init {
  atomic {
    spare[0] = 2; spare[1] = 3;
    run writer(0, OPS); run writer(1, OTHERS); run reader(); run monitor() } }
