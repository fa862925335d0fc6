/* A book and the rows that it sums (ARCHITECTURE.md, "Two kinds of row" and "A check").
 *
 * Two position rows of one account, {net, open buys, open sells}, each changed by one swap; L = net + buys,
 * S = sells - net; a row is worth X = max(L, 0) + max(S, 0), and the book is the sum. X does not add up order by
 * order: a sell that flips a long position is worth nothing up to where it flips, and a buy that is filled takes
 * worth from the sells that are open. So what an order adds is the difference of the two records of its swap.
 *
 * A check books first what its swap of the row will add, by a swap of a book with which it passes; then it swaps
 * the row from the very record that the difference was of, or takes back what it has booked and looks anew. What
 * takes away (a release, a fill at the order's own price, what is undone because a later row refused it) swaps
 * the row first and moves the book afterwards. So a book is never below its rows, and what is granted never
 * exceeds the limit. Three at once, on one account, limit 3:
 *   FLIP   net 1 and an open buy of 1 in row 0: a sell of 2 there, which flips; the fill of the buy; a buy of 2
 *          in row 1
 *   SHORT  the mirror: net -1 and an open sell of 1; a buy of 2; the fill of the sell; a sell of 2 in row 1
 *   FREED  net -2 and an open buy of 1 in row 0: a buy of 2 there, which crosses zero with it; the release of
 *          the first; a buy of 2 in row 1
 *   SAME   three checks of row 0, whose net is -1: buys of 2 and of 3, a sell of 1
 *   BOTH   two checks of row 0 and one of row 1
 * A check that is granted is released, or is undone as if a later row had refused it.
 *
 * Holds in every state: rows with what is granted and nothing else (after a kill) are worth no more than the
 * limit; the book is not below the worth of all rows, nor negative. At rest it is equal to it. With ENDS, instead
 * of the monitor: there is no cycle, so every call ends, whoever stands still. Weakened:
 *   ROWFIRST  the row is swapped first, and the book moved by the difference if it passes, else the row undone:
 *             a fill or a release meanwhile takes from the book what the check had not put there yet
 *   NOJUDGE   a book that has moved on is not asked again
 *   KEPT      what was booked stays booked when the row has moved on
 *   OLDER     what an undoing takes from the book is what the check had added, not the difference of its swap
 *   BOOKLAST  what takes away moves the book before the row
 */
#define LIMIT 3

#define OVER0(x) (x > 0 -> x : 0)
#define WORTH(net, buys, sells) (OVER0((net) + (buys)) + OVER0((sells) - (net)))
#define ROW_WORTH(r) WORTH(row[r].net, row[r].buys, row[r].sells)
#define GRANTED_WORTH(r) WORTH(row[r].net, granted_buys[r], granted_sells[r])

typedef Row { byte seq; short net; short buys; short sells }
Row row[2];
byte book_seq;
short book;
short granted_buys[2], granted_sells[2]; /* ghosts: of orders that are published */
byte done;

/* The row as one read (rows.pml), what it is worth, and what it would be with the change. */
inline look(change_net, change_buys, change_sells) {
  atomic {
    w = row[r].seq;
    add = WORTH(row[r].net + change_net, row[r].buys + change_buys, row[r].sells + change_sells);
    add = add - ROW_WORTH(r) } }

inline swap_row(change_net, change_buys, change_sells) {
  atomic {
    ok = 0;
    if
    :: row[r].seq == w ->
       row[r].seq++; ok = 1;
       row[r].net = row[r].net + change_net; row[r].buys = row[r].buys + change_buys;
       row[r].sells = row[r].sells + change_sells
    :: else
    fi } }

/* A move that cannot be refused: a loop that reads and swaps, whose lost rounds leave nothing. */
inline move_book(change) { atomic { book = book + (change); book_seq++ } }

/* Books `add` if it passes; ok says whether. */
inline reserve_book() {
  do
  :: atomic { b = book_seq; seen = book };
#ifndef NOJUDGE
     if :: seen + add > LIMIT -> ok = 0; break :: else fi;
#else
     if :: !judged && seen + add > LIMIT -> ok = 0; break :: else judged = 1 fi;
#endif
     atomic { ok = 0; if :: book_seq == b -> book_seq++; book = book + add; ok = 1 :: else fi }
     if :: ok -> break :: else fi
  od;
  atomic { b = 0; seen = 0 } }

/* Takes the order away again: the row, and what that takes from the book. */
inline take_away() {
  do
  :: look(0, 0 - buys, 0 - sells);
#ifdef OLDER
     add = 0 - added;
#endif
#ifdef BOOKLAST
     move_book(add);
     swap_row(0, 0 - buys, 0 - sells);
     if :: ok -> break :: else move_book(0 - add) fi
#else
     swap_row(0, 0 - buys, 0 - sells);
     if :: ok -> move_book(add); break :: else fi
#endif
  od }

proctype check(byte r; short buys; short sells) {
  byte w, b, ok, judged; short add, seen, added;
  do
  :: look(0, buys, sells);
#ifdef ROWFIRST
     atomic { seen = book; ok = (seen + add <= LIMIT); seen = 0 }
     if :: !ok -> goto out :: else fi;
     swap_row(0, buys, sells);
     if
     :: ok ->
        added = add;
        reserve_book();
        if
        :: ok -> break
        :: else -> /* both differences in one move */
           do
           :: look(0, 0 - buys, 0 - sells);
              swap_row(0, 0 - buys, 0 - sells);
              if :: ok -> move_book(added + add); goto out :: else fi
           od
        fi
     :: else
     fi
#else
     reserve_book();
     if :: !ok -> goto out :: else fi;
     swap_row(0, buys, sells);
     if :: ok -> added = add; break :: else fi;
#ifndef KEPT
     move_book(0 - add)
#endif
#endif
  od;
  if
  :: atomic { granted_buys[r] = granted_buys[r] + buys; granted_sells[r] = granted_sells[r] + sells };
     atomic { granted_buys[r] = granted_buys[r] - buys; granted_sells[r] = granted_sells[r] - sells } /* released */
  :: skip /* a later row refuses it */
  fi;
  take_away();
out:
  atomic { r = 0; buys = 0; sells = 0; w = 0; ok = 0; judged = 0; add = 0; added = 0; done++ } }

/* The end of the order that was open at first, by a fill, which moves the net, or a release. */
proctype ending(byte r; short net; short buys; short sells) {
  byte w, ok; short add;
  do
  :: look(net, buys, sells);
     atomic {
       swap_row(net, buys, sells);
       if
       :: ok -> granted_buys[r] = granted_buys[r] + buys; granted_sells[r] = granted_sells[r] + sells
       :: else
       fi }
     if :: ok -> move_book(add); break :: else fi
  od;
  atomic { r = 0; net = 0; w = 0; ok = 0; add = 0; buys = 0; sells = 0; done++ } }

#ifndef ENDS
active proctype monitor() {
  end: do
  :: d_step {
       assert(GRANTED_WORTH(0) + GRANTED_WORTH(1) <= LIMIT);
#ifndef ROWFIRST
       assert(book >= ROW_WORTH(0) + ROW_WORTH(1))
#endif
     }
  od }
#endif

init {
  atomic {
#ifdef FLIP
    row[0].net = 1; row[0].buys = 1; granted_buys[0] = 1; book = 2;
    run check(0, 0, 2); run ending(0, 1, -1, 0); run check(1, 2, 0)
#endif
#ifdef SHORT
    row[0].net = -1; row[0].sells = 1; granted_sells[0] = 1; book = 2;
    run check(0, 2, 0); run ending(0, -1, 0, -1); run check(1, 0, 2)
#endif
#ifdef FREED
    row[0].net = -2; row[0].buys = 1; granted_buys[0] = 1; book = 2;
    run check(0, 2, 0); run ending(0, 0, -1, 0); run check(1, 2, 0)
#endif
#ifdef SAME
    row[0].net = -1; book = 1;
    run check(0, 2, 0); run check(0, 3, 0); run check(0, 0, 1)
#endif
#ifdef BOTH
    row[0].net = -1; book = 1;
    run check(0, 2, 0); run check(0, 1, 1); run check(1, 2, 0)
#endif
  }
  done == 3;
  assert(book == ROW_WORTH(0) + ROW_WORTH(1)) }
