/* What a refusal says of a latch's cause (LatchLine.isDisconnected).
 *
 * A scope's word is {episode, state}. Who takes the state from ACTIVE begins an episode and describes it: who did
 * it, then the episode that this describes. Others only raise the state. Who clears needs the episode described.
 * A check looks at the word once, and later asks whether that episode's cause is a disconnect: it is described;
 * who; and the word is in the same episode still.
 * Setters of kinds 1, a disconnect, and 2, another cause; one clears; checks.
 *
 * Holds: a check that says disconnect has seen an episode that one began. Weakened:
 *   NOSECOND    the word is not looked at again
 *   NODESCRIBED nor whether the episode is described
 *   WHOLAST     the description is marked before it is written
 *   EARLYCLEAR  an episode ends undescribed, so that two may write at once
 */
#define DISCONNECT 1

byte episode, state, who, described;
byte began[6]; /* by episode: the kind of who began it */

active [2] proctype setter() {
  byte kind = _pid + 1, turns, mine;
  do
  :: turns == 2 -> break
  :: else ->
     turns++;
     mine = 0;
     atomic {
       if
       :: state == 0 -> episode++; mine = episode; began[mine] = kind; state = kind
       :: state != 0 && state < kind -> state = kind
       :: else
       fi };
     if
     :: mine ->
#ifdef WHOLAST
        described = mine; who = kind
#else
        who = kind; described = mine
#endif
     :: else
     fi
  od }

active proctype clearer() {
  byte turns;
  do
  :: turns == 3 -> break
  :: else ->
     turns++;
     atomic {
       if
#ifdef EARLYCLEAR
       :: state != 0 -> state = 0
#else
       :: state != 0 && described == episode -> state = 0
#endif
       :: else
       fi }
  od }

active proctype check() {
  byte turns, seen, said;
  do
  :: turns == 2 -> break
  :: else ->
     turns++;
     atomic { seen = (state -> episode : 0) };
     if
     :: seen == 0 -> goto next
     :: else
     fi;
#ifndef NODESCRIBED
     if
     :: described != seen -> goto next
     :: else
     fi;
#endif
     said = who;
#ifndef NOSECOND
     if
     :: episode != seen -> goto next
     :: else
     fi;
#endif
     assert(said != DISCONNECT || began[seen] == DISCONNECT);
next: seen = 0; said = 0
  od }
