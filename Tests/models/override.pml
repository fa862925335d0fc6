/* One place of an override (OverridePlace): two orders that use it, one that removes, one that sets the next.
 *
 * The tally is two words that change as one and are read one after the other: {id, left} and {removed, holds}. The
 * terms lie beside them. Who checks an order reads tally and terms, takes its part by a swap that raises the holds,
 * and then lowers them, giving the part back if the order is not entered. Setting frees a place that has ended and
 * that nobody holds, writes the terms, and then the tally with an id that was never given.
 *
 * Holds: of no override more is used than was given, none once it is removed; the terms by which a part was taken
 * are its own; and of one whose place goes to another nothing that was given back is lost. Weakened:
 *   NOID        the swap does not compare the id
 *   NOHOLD      a place is freed while an order holds a part
 *   TERMSFIRST  the terms are written before the place is freed
 *   PLAIN       a part is taken by a load and a store
 */
#ifndef ORDERS
#define ORDERS 1
#endif
#ifndef IDS
#define IDS 2
#endif
#define GIVEN 1

byte id = 1, left = GIVEN, holds; /* the tally */
bit removed;
byte terms = 1; /* whose they are */
byte used[IDS + 1], taken[IDS + 1];
bit revoked[IDS + 1];

#ifdef NOID
#define SAME (left == l && removed == r && holds == h)
#else
#define SAME (id == i && left == l && removed == r && holds == h)
#endif

#define COUNT \
  taken[mine]++; \
  assert(used[mine] + taken[mine] <= GIVEN && t == mine && !revoked[mine])

inline look() {
  d_step { i = id; l = left }
  d_step { r = removed; h = holds }
}

active [2] proctype order() {
  byte i, l, h, t, mine, done;
  bit r, ok;
  do
  :: done == ORDERS -> break
  :: else ->
     done++;
     look();
     t = terms;
     mine = i;
     if
     :: mine == 0 || id != mine -> goto next
     :: else
     fi;
     /* Later, when the order has been judged with it. */
again:
     look();
     t = terms;
#ifdef NOID
     if
     :: r || l == 0 -> goto next
     :: else
     fi;
#else
     if
     :: i != mine || r || l == 0 -> goto next
     :: else
     fi;
#endif
#ifdef PLAIN
     left = l - 1;
     holds = h + 1;
     d_step { ok = 1; COUNT }
#else
     d_step {
       ok = SAME;
       if
       :: ok -> left--; holds++; COUNT
       :: else
       fi
     }
#endif
     if
     :: !ok -> goto again
     :: else
     fi;
     if
     :: /* entered */
        do
        :: look();
           d_step {
             ok = SAME;
             if
             :: ok -> holds--; used[mine]++; taken[mine]--
             :: else
             fi
           }
           if
           :: ok -> break
           :: else
           fi
        od
     :: /* given back */
        do
        :: look();
#ifdef NOHOLD
           if
           :: i != mine -> taken[mine]--; break /* too late */
           :: else
           fi;
#endif
           d_step {
             ok = SAME;
             if
             :: ok -> holds--; left++; taken[mine]--
             :: else
             fi
           }
           if
           :: ok -> break
           :: else
           fi
        od
     fi;
next: skip;
     d_step { i = 0; l = 0; h = 0; r = 0; t = 0; mine = 0; ok = 0 }
  od }

active proctype remover() {
  byte i, l, h;
  bit r, ok;
  if
  :: look();
     if
     :: i == 0 || r -> goto out
     :: else
     fi;
     d_step {
       ok = SAME;
       if
       :: ok -> removed = 1; revoked[i] = 1
       :: else
       fi
     }
  :: skip
  fi;
out: skip;
  d_step { i = 0; l = 0; h = 0; r = 0 } }

active proctype setter() {
  byte i, l, h, last = 1;
  bit r, ok;
  do
  :: last == IDS -> break
  :: last < IDS ->
     look();
     if
#ifdef NOHOLD
     :: r || l == 0 ->
#else
     :: h == 0 && (r || l == 0) ->
#endif
#ifdef TERMSFIRST
        terms = last + 1;
#endif
        d_step {
          ok = SAME;
          if
          :: ok ->
             assert(left + used[i] == GIVEN);
             id = 0; left = 0; holds = 0; removed = 1
          :: else
          fi
        }
        if
        :: ok ->
           last++;
#ifndef TERMSFIRST
           terms = last;
#endif
           d_step { id = last; left = GIVEN; holds = 0; removed = 0 }
        :: else
        fi
     :: else -> break /* it is still needed */
     fi
  od }
