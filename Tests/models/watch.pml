/* How a port is watched (PortWatch): set by one at a time, read by anybody.
 *
 * The lowest bit of the version names one of two lines. Setting fills the other, word by word, and then stores the
 * version, one higher. Reading copies the line of the version and believes it if the version is still the same.
 * Who sets may be killed between any two stores; who comes after goes on from the version that is there.
 *
 * Holds: what is believed is whole, and was in force during the read. Weakened:
 *   NOLOOK        the version is not looked at again
 *   SAMELINE      the line that is in force is filled
 *   VERSIONFIRST  the version is stored before the record
 */
#define SETS 4

byte version;
byte first[2], second[2]; /* two words of each line: the number of the setting */

#ifdef SAMELINE
#define LINE(v) 0
#else
#define LINE(v) ((v) & 1)
#endif

active proctype setter() {
  byte next;
  do
  :: version == SETS -> break
  :: version < SETS ->
     next = version + 1;
#ifdef VERSIONFIRST
     version = next;
#endif
     first[LINE(next)] = next;
     if
     :: skip /* killed; the next one begins anew */
     :: second[LINE(next)] = next;
#ifndef VERSIONFIRST
        version = next
#endif
     fi
  od }

active [2] proctype reader() {
  byte seen, one, other;
  seen = version;
  do
  :: seen == 0 -> break
  :: else ->
     one = first[LINE(seen)];
     other = second[LINE(seen)];
#ifndef NOLOOK
     if
     :: version != seen -> seen = version; goto again
     :: else
     fi;
#endif
     assert(one == seen && other == seen);
     break;
again: skip
  od }
