/* In which totals a book is counted (ARCHITECTURE.md, "Sums over many accounts").
 *
 * A book is a word that names a record, swapped by compare-and-swap (rows.pml): its amount, and the totals that
 * it is counted in, here two, a bit each. Who moves the book reads the record, and moves the totals that this
 * record names by the difference that his swap of this word makes: before it if it adds, and takes that back if
 * the swap fails; after it if it takes away. Who changes where the book is counted writes a record of the same
 * amount that names other totals, from the very word that he read: to those newly named he adds the amount before
 * the swap (and takes it back if that fails), from those named no longer he takes it afterwards.
 *   add     some amount; then the call goes on, or takes it away again
 *   end     takes away what an order had
 *   move    by the administrator: from one total to another, or to both, or to none, and on
 * A level is judged where a total is raised (escrow.pml); here nothing is refused, which only makes more of it.
 *
 * Holds in every state: no total is below the sum of the books that name it. At rest it is equal to it. So a limit
 * that is in force once all its books name the total misses none of them. With ENDS: no cycle. Weakened:
 *   OUTSIDE    where a book is counted is a word beside it: who adds may add where it is counted no longer
 *   SWAPFIRST  who adds swaps first
 *   KEPT       what was added before a swap that failed stays
 *   LOWERED    who takes away lowers the totals before the swap
 *   NAMED      who moves a book where it is counted names the new totals first, and adds afterwards
 *   LEFT       he takes from those left before the swap
 *   NEWER      who takes back after a failed swap does it where the book is counted by then
 *   OLDER      who takes an amount away again does it where the book was counted when he added it
 */
#ifndef BOOKS
#define BOOKS 1
#endif
#ifndef MOVERS
#define MOVERS 2
#endif
#ifndef MOVES
#define MOVES 2
#endif

typedef Book { byte seq; byte amount; byte named }
Book book[BOOKS];
short total[2];
byte returned;

#define IN(set, t) (((set) >> (t)) & 1)
#define SUM(t) (IN(book[0].named, t) * book[0].amount + OTHER(t))
#if BOOKS == 2
#define OTHER(t) (IN(book[1].named, t) * book[1].amount)
#else
#define OTHER(t) 0
#endif

/* Each total of the set by some amount: one addition after another. */
inline move_totals(set, by) {
  t = 0;
  do
  :: t == 2 -> t = 0; break
  :: t < 2 && IN(set, t) -> atomic { total[t] = total[t] + (by); t++ }
  :: t < 2 && !IN(set, t) -> t++
  od }

inline look() {
#ifdef OUTSIDE
  named = book[b].named;
  atomic { w = book[b].seq; amount = book[b].amount }
#else
  atomic { w = book[b].seq; amount = book[b].amount; named = book[b].named }
#endif
}

inline swap(to) {
  atomic {
    ok = 0;
    if
    :: book[b].seq == w -> book[b].seq++; book[b].amount = to; ok = 1
    :: else
    fi } }

inline take_away(n) {
  do
  :: look();
#ifdef OLDER
     named = was;
#endif
#ifdef LOWERED
     move_totals(named, 0 - n);
     swap(amount - n);
     if :: ok -> break :: else -> move_totals(named, n) fi
#else
     swap(amount - n);
     if :: ok -> move_totals(named, 0 - n); break :: else fi
#endif
  od }

proctype mover() {
  byte b, w, amount, named, was, t;
  bit ok;
  if
  :: b = 0
  :: BOOKS > 1 -> b = BOOKS - 1
  fi;
  if
  :: look(); was = named; take_away(1) /* the end of an order, which this book has had at first */
  :: do
     :: look();
#ifdef SWAPFIRST
        swap(amount + 2);
        if :: ok -> move_totals(named, 2); break :: else fi
#else
        move_totals(named, 2);
        swap(amount + 2);
        if :: ok -> break :: else fi;
#ifndef KEPT
#ifdef NEWER
        named = book[b].named;
#endif
        move_totals(named, 0 - 2)
#endif
#endif
     od;
     was = named;
     if
     :: take_away(2)
     :: skip
     fi
  fi;
  atomic { b = 0; w = 0; amount = 0; named = 0; was = 0; ok = 0; returned++ } }

proctype administrator() {
  byte b, w, amount, named, to, t, moves;
  bit ok;
  do
  :: moves == MOVES -> break
  :: else ->
     moves++;
     if
     :: b = 0
     :: BOOKS > 1 -> b = BOOKS - 1
     fi;
     if
     :: to = 0
     :: to = 1
     :: to = 2
     :: to = 3
     fi;
     do
     :: look();
#ifndef NAMED
        move_totals(to & ~named, amount);
#endif
#ifdef LEFT
        move_totals(named & ~to, 0 - amount);
#endif
#ifdef OUTSIDE
        atomic { ok = (book[b].seq == w); if :: ok -> book[b].named = to :: else fi }
#else
        atomic { swap(amount); if :: ok -> book[b].named = to :: else fi }
#endif
        if
        :: ok ->
#ifdef NAMED
           move_totals(to & ~named, amount);
#endif
#ifndef LEFT
           move_totals(named & ~to, 0 - amount);
#endif
           break
        :: else ->
#ifndef NAMED
           move_totals(to & ~named, 0 - amount);
#endif
#ifdef LEFT
           move_totals(named & ~to, amount);
#endif
           skip
        fi
     od
  od;
  atomic { b = 0; w = 0; amount = 0; named = 0; to = 0; ok = 0; returned++ } }

#ifndef ENDS
active proctype monitor() {
  end: do
  :: d_step {
       assert(total[0] >= SUM(0) && total[1] >= SUM(1));
       if
       :: returned == MOVERS + 1 -> assert(total[0] == SUM(0) && total[1] == SUM(1))
       :: else
       fi }
  od }
#endif

init {
  byte b;
  atomic {
    do
    :: b == BOOKS -> b = 0; break
    :: else -> book[b].amount = MOVERS; book[b].named = 1; total[0] = total[0] + MOVERS; b++
    od;
    do
    :: b == MOVERS -> b = 0; break
    :: else -> run mover(); b++
    od;
    run administrator() } }
