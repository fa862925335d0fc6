/* Rows that come into being while a total of their instrument's group begins (Grouping.swift).
 *
 * A row is made by taking a place, then entering its key, then linking it into the instrument's list; its word is 0
 * until somebody uses it. Who uses a row whose word is 0 takes what `fresh` says for what the row is counted in: the
 * administrator has said there that the total counts new rows, before he walks over all places that are entered and
 * swaps each row to a record that says so: one that nobody has used as well, for somebody may be about to, by an older
 * answer. Who uses a row raises the total that its record names before his swap, and takes that back if it fails.
 *
 * Two calls use one row, which the first of them to come makes; a place that is not entered yet is another's, and is
 * waited for. Holds in every state: the total is not below the row, once that names it. At rest: the row names it, if
 * anybody has used it, and the total is the row's amount. Weakened:
 *   UNUSED     rows that nobody has used are passed by
 *   LISTED     the walk is over the list, into which a row comes after it can be found
 *   WALKFIRST  new rows are counted after the walk
 *   SWAPFIRST  the total is raised after the swap
 */
typedef Row { byte seq; byte amount; bit named }
Row row;
bit taken, entered, listed, fresh, begun;
byte total, done;

inline use() {
  do
  :: atomic { w = row.seq; amount = row.amount; named = row.named };
     if
     :: w == 0 -> named = fresh
     :: else
     fi;
#ifndef SWAPFIRST
     if
     :: named -> total++
     :: else
     fi;
#endif
     atomic {
       if
       :: row.seq == w -> row.seq = w + 1; row.amount = amount + 1; row.named = named; won = 1
       :: else -> won = 0
       fi
     };
#ifdef SWAPFIRST
     if
     :: named && won -> total++
     :: else
     fi;
     if
     :: won -> break
     :: else
     fi
#else
     if
     :: won -> break
     :: !won && named -> total--
     :: else
     fi
#endif
  od }

proctype Call() {
  byte w, amount; bit named, won, mine;
  atomic {
    if
    :: !taken -> taken = 1; mine = 1
    :: else
    fi
  };
  if
  :: mine -> entered = 1
  :: else -> entered
  fi;
  if
  :: mine -> listed = 1; use()
  :: use(); if :: mine -> listed = 1 :: else fi
  fi;
  done++
}

proctype Administrator() {
  byte w, amount; bit named, won, found;
#ifndef WALKFIRST
  fresh = 1;
#endif
#ifdef LISTED
  found = listed;
#else
  found = entered;
#endif
  do
  :: !found -> break
  :: else ->
     atomic { w = row.seq; amount = row.amount; named = row.named };
     if
#ifdef UNUSED
     :: w == 0 -> break
#endif
     :: w != 0 && named -> break
     :: else ->
        total = total + amount;
        atomic {
          if
          :: row.seq == w -> row.seq = w + 1; row.amount = amount; row.named = 1; won = 1
          :: else -> won = 0
          fi
        };
        if
        :: won -> break
        :: else -> total = total - amount
        fi
     fi
  od;
#ifdef WALKFIRST
  fresh = 1;
#endif
  begun = 1;
  done++
}

init {
  atomic { run Call(); run Call(); run Administrator() };
  do
  :: assert(!row.named || total >= row.amount)
  :: atomic { done == 3 -> assert(row.named && total == row.amount && row.amount == 2); break }
  od
}
