/* One bucket of the table: a list ordered by key, with marks and tags (RiskMemory/Table).
 *
 * A link is {mark, tag, node}; link[0] is the bucket, node 0 the end. At first node 4 holds key 3 and node
 * 3 key 9, which stays. Each atomic block is one load, one store or one compare-and-swap, with its ghosts.
 *   INSERT  two insert key 5, each with a node of its own; a third removes it and uses its node for key 7
 *   else    node 1 holds key 5: one removes it and uses the node for 2, one removes 3, their predecessor, and
 *           uses the node for 8; with REMOVE another removes 5, too, and would use the node for 4
 *   READ    a reader looks for 5 or 9 and writes nothing
 *
 * Holds: at most one node of a key, and one winner of each insertion and removal; a removed node is out of
 * the list when its removal returns; key 9 is always found; what is found was there, what is not was gone
 * at some moment of the call; keys grow along every walk that counts, so that the check for damage raises
 * no alarm. Weakened:
 *   NOREVALIDATE  the reader does not look at the anchor's link again
 *   ANCHOR        the reader takes a marked node as its anchor
 *   NOVALIDATE    a writer does not look at the predecessor's link again
 *   NOTAG         tags stay
 *   NOSEEK        a removal returns without making sure that the node is out
 *   WEAK_INSERT   the node is linked before its own link is written
 */
#define MARK 128
#define NODE(l) (l & 7)
#ifdef NOTAG
#define CHANGED(l, node) (node)
#else
#define CHANGED(l, node) (((((l) >> 3) + 1) & 15) << 3 | (node))
#endif

byte link[5], key[5];
byte place_of[10];  /* ghost: the node that holds a key, 0 none */
bit gone;           /* ghost: the reader's key was absent at some moment of its call */
byte sought;

inline seek(k) {
  again = 1;
  do
  :: again -> again = 0; before = 0; last = 0; before_link = link[0]
  :: else ->
     node = NODE(before_link);
     if :: node == 0 -> found = 0; break :: else fi;
     node_link = link[node];
     node_key = key[node];
#ifndef NOVALIDATE
     if
     :: link[before] != before_link -> again = 1
     :: else ->
#else
     if
     :: true ->
#endif
        assert(node_key > last); last = node_key;
        if
        :: node_key > k -> found = 0; break
        :: else ->
           if
           :: !(node_link & MARK) && node_key == k -> found = 1; break
           :: !(node_link & MARK) && node_key != k -> atomic { before = node; before_link = node_link }
           :: node_link & MARK ->
              atomic {
                if
                :: link[before] == before_link ->
                   before_link = CHANGED(before_link, NODE(node_link)); link[before] = before_link
                :: else -> again = 1
                fi }
           fi
        fi
     fi
  od;
  node_key = 0; again = 0; last = 0 }

inline insert(k, mine) {
  ok = 0;
  do
  :: seek(k);
     if :: found -> break :: else fi;
     key[mine] = k;
#ifndef WEAK_INSERT
     link[mine] = CHANGED(link[mine], node);
#endif
     atomic {
       if
       :: link[before] == before_link ->
          link[before] = CHANGED(before_link, mine);
          assert(place_of[k] == 0); place_of[k] = mine;
          ok = 1
       :: else
       fi }
#ifdef WEAK_INSERT
     link[mine] = CHANGED(link[mine], node);
#endif
     if :: ok -> break :: else fi
  od }

/* got: the node of the key, for the one that removed it; 0 for the others. */
inline remove(k) {
  got = 0;
  do
  :: seek(k);
     if :: !found -> break :: else fi;
     atomic {
       if
       :: link[node] == node_link ->
          link[node] = CHANGED(node_link, NODE(node_link)) | MARK;
          assert(place_of[k] == node); place_of[k] = 0;
          if :: sought == k -> gone = 1 :: else fi;
          got = node
       :: else
       fi }
     if
     :: got != 0 ->
        atomic {
          if
          :: link[before] == before_link -> link[before] = CHANGED(before_link, NODE(node_link)); ok = 1
          :: else -> ok = 0
          fi }
#ifndef NOSEEK
        if :: !ok -> seek(k) :: else fi;
#endif
        atomic {
          node = NODE(link[0]);
          do :: node == 0 -> break :: else -> assert(node != got); node = NODE(link[node]) od }
        break
     :: else
     fi
  od }

#define LOCALS byte before, before_link, node, node_link, node_key, last, got; bit again, found, ok
#define FORGET atomic { before = 0; before_link = 0; node = 0; node_link = 0; found = 0; ok = 0 }

proctype inserter(byte k; byte mine) {
  LOCALS;
  insert(k, mine) }

/* Removes a key and inserts its node again at once, under another. */
proctype remover(byte k; byte other) {
  LOCALS;
  remove(k);
  FORGET;
  if :: got != 0 -> insert(other, got) :: else fi }

proctype reader() {
  byte anchor, anchor_link, node, node_link, node_key, last; bit again, there;
  if :: sought = 5 :: sought = 9 fi;
  atomic { gone = (place_of[sought] == 0); again = 1 }
  do
  :: again -> again = 0; anchor = 0; last = 0; anchor_link = link[0]; node = NODE(anchor_link)
  :: else ->
     if :: node == 0 -> assert(gone); break :: else fi;
     atomic { node_link = link[node]; there = (place_of[sought] == node) }
     node_key = key[node];
#ifndef NOREVALIDATE
     if
     :: link[anchor] != anchor_link -> again = 1
     :: else ->
#else
     if
     :: true ->
#endif
        assert(node_key > last); last = node_key;
        if
        :: node_key == sought && !(node_link & MARK) -> assert(there); break
        :: node_key > sought || (node_key == sought && (node_link & MARK)) -> assert(gone); break
        :: node_key < sought ->
           if
#ifdef ANCHOR
           :: true -> atomic { anchor = node; anchor_link = node_link }
#else
           :: !(node_link & MARK) -> atomic { anchor = node; anchor_link = node_link }
           :: else
#endif
           fi;
           node = NODE(node_link)
        fi
     fi
  od }

init {
  atomic {
    key[4] = 3; key[3] = 9; place_of[3] = 4; place_of[9] = 3;
#ifdef INSERT
    link[0] = 4; link[4] = 3;
    run inserter(5, 1); run inserter(5, 2); run remover(5, 7);
#else
    link[0] = 4; link[4] = 1; link[1] = 3; key[1] = 5; place_of[5] = 1;
    run remover(5, 2); run remover(3, 8);
#endif
#ifdef REMOVE
    run remover(5, 4);
#endif
#ifdef READ
    run reader()
#endif
  }
}
