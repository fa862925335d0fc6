import CPlatform
import Synchronization

/// Table: a fixed hash table from 64-bit keys to indices, with lock-free insertion and removal, no
/// tombstones, and exactly one winner when several ports insert one key. It may not be used for more than
/// one node of an index at a time: the caller owns the indices (see Slots) and hands each in once.
///
/// Each bucket is a list ordered by key (M. Michael, SPAA 2002). Nodes are intrusive: node i is 16 bytes
/// {link, key} at `nodes + i * stride`, so it can share a line with the record that it indexes. A link word
/// is {mark 1, tag 39, index + 1 24}; 0 is the end, so zero memory is an empty table. The mark on a node's
/// link says that the node itself is removed. Every change of a link word raises its tag, a node's re-use
/// included.
///
/// Why it is right:
/// - One compare-and-swap on the predecessor's link inserts, one sets the mark (the removal), one unlinks.
///   Each names the whole old word; a marked, moved or re-used predecessor has another tag, so it fails and
///   the caller seeks again. A marked link never changes while its node is linked, so nothing behind it is
///   lost.
/// - At most one node of a key is linked: an insertion unlinks a marked one before it takes its place. So
///   once a seek for the key has passed its place, the removed node is out of the list. `remove` returns
///   only then, and the index can be used again at once.
/// - What is read of a node counts only if, after that, the predecessor's link (the last unmarked one)
///   still is what it was: then the node was linked all the time. Links and keys are stored releasing and
///   loaded acquiring: whoever sees a word of a node's next life also sees that the old predecessor has
///   moved on. On x86-64 these are plain moves.
/// - `find` writes nothing, so it works on memory mapped read-only. It steps over marked nodes, held in
///   place by the unmarked link before them.
///
/// Damaged memory: indices are checked before use. Keys grow along a list, and a step that does not is
/// broken: memory at rest is walked at most once around, and repetition means that another port changed the
/// bucket.
public struct Table<D: Discipline> {
  public let capacity: Int
  public let bucketCount: Int
  private let nodes: UnsafeMutableRawPointer
  private let stride: Int
  private let buckets: UnsafeMutableRawPointer

  /// A view. Nodes 0..<capacity (at most 16,777,215), `stride` a multiple of 8, at least 16. `buckets`
  /// holds `bucketCount` words, a power of two.
  @inline(__always)
  public init(
    nodes: UnsafeMutableRawPointer, stride: Int, capacity: Int, buckets: UnsafeMutableRawPointer,
    bucketCount: Int
  ) {
    self.nodes = nodes
    self.stride = stride
    self.capacity = capacity
    self.buckets = buckets
    self.bucketCount = bucketCount
  }

  /// The power of two at or above twice the capacity: a full table has lists of one half on average.
  public static func bucketCount(capacity: Int) -> Int {
    var count = 2
    while count < capacity &* 2 { count &*= 2 }
    return count
  }

  // MARK: - Finding

  @inline(__always)
  public func find(_ key: UInt64) -> Lookup {
    while true {
      var anchor = bucket(key)
      var anchorLink = anchor.pointee.bits.load(ordering: .acquiring)  // what it names is initialised
      guard anchorLink & marked == 0 else { return .broken }  // a bucket is not a node
      var place = anchorLink & placeMask
      var last: UInt64 = 0
      var first = true
      var moved = false
      while place != 0 {
        guard place <= UInt64(truncatingIfNeeded: capacity) else { return .broken }
        let node = node(place)
        let link = node.word(0).pointee.bits.load(ordering: .acquiring)  // before the anchor's second look
        let nodeKey = node.word(8).pointee.bits.load(ordering: .acquiring)  // likewise
        if anchor.pointee.bits.load(ordering: .relaxed) != anchorLink {  // the loads before it acquired
          moved = true
          break
        }
        guard first || nodeKey > last else { return .broken }
        if nodeKey >= key {
          return nodeKey == key && link & marked == 0 ? .found(index(place)) : .absent
        }
        if link & marked == 0 {
          anchor = node.word(0)
          anchorLink = link
        }
        last = nodeKey
        first = false
        place = link & placeMask
      }
      if !moved { return .absent }
    }
  }

  /// Asks for the bucket of a key that will be sought soon.
  @inline(__always)
  public func expect(_ key: UInt64) { platform_expect(bucket(key)) }

  /// Asks for the first node of the key's bucket, which usually is the key's, if it is there.
  @inline(__always)
  public func expectFirst(_ key: UInt64) {
    if let node = likely(key) { platform_expect(node) }
  }

  /// That node; nil when there is none.
  @inline(__always)
  public func likely(_ key: UInt64) -> UnsafeMutableRawPointer? {
    let place = bucket(key).pointee.bits.load(ordering: .relaxed) & placeMask  // a guess
    return place &- 1 < UInt64(truncatingIfNeeded: capacity) ? node(place) : nil
  }

  // MARK: - Changing

  /// Inserts node `index` under `key`. The node belongs to the caller and is in no list. On `.present` it
  /// still does, and its link and key have been written.
  @inline(__always)
  public func insert(_ key: UInt64, at index: Int) -> Insertion {
    while true {
      let seat = seek(key)
      if seat.isBroken { return .broken }
      if let present = seat.found { return .present(present) }
      guard let inserted = insert(key, at: index, seat) else { return .broken }
      if inserted { return .inserted }
    }
  }

  /// Inserts node `index` where a seek for `key` found that it belongs. False: something moved, or the key is
  /// there now. Nil: damaged, no node, or a seat so old that it names the node itself.
  @inline(__always)
  public func insert(_ key: UInt64, at index: Int, _ seat: Seat) -> Bool? {
    let place = UInt64(truncatingIfNeeded: index &+ 1)
    guard UInt(bitPattern: index) < UInt(bitPattern: capacity), seat.place != place else { return nil }
    let node = node(place)
    let link = node.word(0)
    let old = link.pointee.bits.load(ordering: .relaxed)  // own node: nobody's swap can succeed on it
    node.word(8).pointee.bits.store(key, ordering: .releasing)  // carries the unlinking of its last life
    link.pointee.bits.store(changed(old, to: seat.place), ordering: .releasing)  // likewise
    return D.replace(seat.before, seat.beforeLink, by: changed(seat.beforeLink, to: place))
  }

  /// Removes the key. The one caller that gets `.removed` owns the index, whose node is out of the list.
  @inline(__always)
  public func remove(_ key: UInt64) -> Removal {
    while true {
      let seat = seek(key)
      if seat.isBroken { return .broken }
      if !seat.isFound { return .absent }
      let next = seat.link & placeMask
      let link = node(seat.place).word(0)
      guard D.replace(link, seat.link, by: changed(seat.link, to: next) | marked) else { continue }
      if !D.replace(seat.before, seat.beforeLink, by: changed(seat.beforeLink, to: next)) {
        // Something changed before it. A seek for the key unlinks it, or finds that another port did.
        if seek(key).isBroken { return .broken }
      }
      return .removed(index(seat.place))
    }
  }

  /// The key that node `index` had last, in the table or not. 0 beyond the nodes.
  public func key(of index: Int) -> UInt64 {
    guard index >= 0, index < capacity else { return 0 }
    return (nodes + index &* stride).word(8).pointee.bits.load(ordering: .acquiring)
  }

  /// Empties the table. No other call may run; indices that were in it are the caller's.
  public func clear() {
    var bucket = 0
    while bucket < bucketCount {
      buckets.word(bucket &* 8).pointee.bits.store(0, ordering: .relaxed)  // alone
      bucket &+= 1
    }
  }

  /// Completes removals that a kill interrupted and checks every list. No other call may run. Returns how
  /// many keys there are, or nil if the table is broken.
  public func recover() -> Int? {
    var bucket = 0
    var count = 0
    var steps = 0
    while bucket < bucketCount {
      var before = buckets.word(bucket &* 8)
      var beforeLink = before.pointee.bits.load(ordering: .relaxed)  // alone, as all that follows
      guard beforeLink & marked == 0 else { return nil }
      var last: UInt64? = nil
      while beforeLink & placeMask != 0 {
        steps &+= 1
        let place = beforeLink & placeMask
        guard steps <= capacity, place <= UInt64(truncatingIfNeeded: capacity) else { return nil }
        let link = node(place).word(0).pointee.bits.load(ordering: .relaxed)
        let key = node(place).word(8).pointee.bits.load(ordering: .relaxed)
        guard slot(key) == bucket else { return nil }
        if let last, key <= last { return nil }
        last = key
        if link & marked == 0 {
          count &+= 1
          before = node(place).word(0)
          beforeLink = link
        } else {
          beforeLink = changed(beforeLink, to: link & placeMask)
          before.pointee.bits.store(beforeLink, ordering: .relaxed)
        }
      }
      bucket &+= 1
    }
    return count
  }

  // MARK: - The walk of a writer

  /// Where a key is or belongs: `before` was linked and held `beforeLink`, which named `place` (0: the
  /// end).
  public struct Seat {
    var before: WordPointer
    var beforeLink: UInt64
    var place: UInt64 = 0
    var link: UInt64 = 0
    var isFound = false
    /// The memory is damaged.
    public var isBroken = false

    /// The index under the key, nil when it is not there.
    @inline(__always)
    public var found: Int? { isFound ? Int(truncatingIfNeeded: place) &- 1 : nil }
  }

  /// Walks to the key's place and unlinks the removed nodes on the way.
  @inline(__always)
  public func seek(_ key: UInt64) -> Seat {
    while true {
      let head = bucket(key)
      var seat = Seat(before: head, beforeLink: head.pointee.bits.load(ordering: .acquiring))  // names a node
      if seat.beforeLink & marked != 0 {
        seat.isBroken = true
        return seat
      }
      var last: UInt64 = 0
      var first = true
      while true {
        seat.place = seat.beforeLink & placeMask
        if seat.place == 0 { return seat }
        guard seat.place <= UInt64(truncatingIfNeeded: capacity) else {
          seat.isBroken = true
          return seat
        }
        let node = node(seat.place)
        seat.link = node.word(0).pointee.bits.load(ordering: .acquiring)  // before the second look
        let nodeKey = node.word(8).pointee.bits.load(ordering: .acquiring)  // likewise
        if seat.before.pointee.bits.load(ordering: .relaxed) != seat.beforeLink { break }  // loads acquired
        guard first || nodeKey > last else {
          seat.isBroken = true
          return seat
        }
        if nodeKey > key { return seat }
        last = nodeKey
        first = false
        if seat.link & marked == 0 {
          if nodeKey == key {
            seat.isFound = true
            return seat
          }
          seat.before = node.word(0)
          seat.beforeLink = seat.link
        } else {
          let skipped = changed(seat.beforeLink, to: seat.link & placeMask)
          guard D.replace(seat.before, seat.beforeLink, by: skipped) else { break }
          seat.beforeLink = skipped
        }
      }
    }
  }

  // MARK: - Words and places

  @inline(__always)
  private func node(_ place: UInt64) -> UnsafeMutableRawPointer { nodes + index(place) &* stride }

  @inline(__always)
  private func index(_ place: UInt64) -> Int { Int(truncatingIfNeeded: place) &- 1 }

  @inline(__always)
  private func bucket(_ key: UInt64) -> WordPointer { buckets.word(slot(key) &* 8) }

  /// The bucket of a key. Eight keys that follow each other share a line, since hosts number orders in sequence;
  /// both halves of the product count, since hosts pack ids into bit fields.
  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    let product = (key &>> 3).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    let mixed = product.high ^ product.low
    let bits = mixed &<< 3 | (key ^ mixed &>> 20) & 7
    return Int(truncatingIfNeeded: bits) & (bucketCount &- 1)
  }

  /// An unmarked link to `place`, with the tag after that of `old`.
  @inline(__always)
  private func changed(_ old: UInt64, to place: UInt64) -> UInt64 {
    ((old &+ tagUnit) & tagMask) | place
  }
}

public enum Lookup: Equatable {
  case found(Int)
  case absent
  /// The memory is damaged.
  case broken
}

public enum Insertion: Equatable {
  case inserted
  /// The key is there already, with this index.
  case present(Int)
  /// The memory is damaged, or the index is not a node's.
  case broken
}

public enum Removal: Equatable {
  case removed(Int)
  case absent
  /// The memory is damaged.
  case broken
}

private let placeMask: UInt64 = 0xFF_FFFF
private let tagUnit: UInt64 = 1 &<< 24
private let tagMask: UInt64 = 0x7FFF_FFFF_FF00_0000
private let marked: UInt64 = 1 &<< 63
