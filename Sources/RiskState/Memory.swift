import CRiskCheck
import RiskMemory
import Synchronization

/// A pool of numbered places that are found by 64-bit keys, and the queue of those that are only remembered:
/// when one more is added to a full queue, the oldest leaves it. Orders and executions are kept in such pools.
public struct Memory<D: Discipline> {
  public let slots: Slots<D>
  public let heads: UnsafeMutableRawPointer
  public let count: Int
  let stride: Int
  let buckets: UnsafeMutableRawPointer
  let bucketCount: Int
  let queue: UnsafeMutableRawPointer
  let queued: UInt64

  /// A pool whose three sections begin with number `slots`. The slots' nodes lie in the heads, if it is said where.
  @inline(__always)
  init(
    _ state: State, slots: Int, stride: Int, node: Int? = nil, queue: Int, remembered: UInt64,
    hands: Int? = nil
  ) {
    let (heads, count) = state.region.place(of: slots &+ 1)
    let (buckets, bucketCount) = state.region.place(of: slots &+ 2)
    self.slots = Slots(
      at: state.region.start(of: slots), capacity: count, stripes: Sections.stripes,
      nodes: node.map { (heads + $0, stride) },
      hands: hands.map { state.region.start(of: $0) }, handCount: hands == nil ? 0 : state.writers)
    self.heads = heads
    self.count = count
    self.stride = stride
    self.buckets = buckets
    self.bucketCount = bucketCount
    self.queue = state.region.start(of: queue)
    self.queued = remembered
  }

  @inline(__always)
  public var table: Table<D> {
    Table(nodes: heads, stride: stride, capacity: count, buckets: buckets, bucketCount: bucketCount)
  }

  @inline(__always)
  public func head(_ place: Int) -> UnsafeMutableRawPointer { heads + place &* stride }

  // MARK: The queue
  //
  // An entry holds a token and, in its highest bit, the lap that it was put there in: one of the lap before tells a
  // re-opening that whoever took its ticket was killed before the exchange.

  private var cursor: CellPointer { queue.cell(0) }
  /// All entries of tickets below this are empty: a hint for `dequeue`.
  private var oldest: CellPointer { queue.cell(8) }

  /// Puts a token at the end of the queue, after `forget` has dealt with the one that leaves it. That may be the
  /// token itself, when others were put there meanwhile. False: it could not. In this order a kill in between leaves
  /// no token outside the queue but one that has yet to come in.
  @inline(__always)
  public func enqueue(_ token: UInt64, forget: (UInt64) -> Bool) -> Bool {
    let ticket = UInt64(bitPattern: D.add(cursor, 1))
    let (word, lap) = entry(ticket)
    while true {
      // Acquire: before the look at the cursor.
      let old = word.pointee.bits.load(ordering: .acquiring)
      // Overtaken by a whole round: this one is no longer among the youngest. If it is overtaken only now, the
      // other's token is in the place, and the swap fails.
      let given = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
      if given &- ticket > queued { return forget(token) }
      if old != 0 && !forget(old & ~Self.lapBit) { return false }
      if D.replace(word, old, by: token | lap) { return true }
    }
  }

  /// Takes the oldest token out of the queue; 0 when there is none.
  public func dequeue() -> UInt64 {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .acquiring))  // its entries may be there
    let known = UInt64(bitPattern: oldest.pointee.value.load(ordering: .relaxed))
    var ticket = max(known, end > queued ? end &- queued : 0)
    while ticket < end {
      let word = entry(ticket).word
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      if old != 0 && D.replace(word, old, by: 0) {
        // Relaxed: a hint. Entries that are filled late, behind it, leave the queue when their turn comes again.
        oldest.pointee.value.store(Int64(bitPattern: ticket), ordering: .relaxed)
        return old & ~Self.lapBit
      }
      if old == 0 { ticket &+= 1 }
    }
    return 0
  }

  /// Whether `dequeue` would find a token now.
  public var hasQueued: Bool {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .acquiring))  // as in dequeue
    let known = UInt64(bitPattern: oldest.pointee.value.load(ordering: .relaxed))
    var ticket = max(known, end > queued ? end &- queued : 0)
    while ticket < end {
      if entry(ticket).word.pointee.bits.load(ordering: .relaxed) != 0 { return true }  // a look
      ticket &+= 1
    }
    return false
  }

  private static var lapBit: UInt64 { 1 &<< 63 }

  /// The entry of a ticket, and the bit of its lap.
  @inline(__always)
  private func entry(_ ticket: UInt64) -> (word: WordPointer, lap: UInt64) {
    let lap = ticket.dividedReportingOverflow(by: queued).partialValue
    let place = ticket &- lap &* queued
    return (queue.word(Int(Sections.cursorBytes) &+ Int(truncatingIfNeeded: place) &* 8), lap &<< 63)
  }

  /// Rebuilds the queue after a kill: what is in it and still remembered keeps its order; `lost` says what token a
  /// place should have in it, 0 for none. Calls `forget` for those that no longer fit. Alone. False: it could not.
  ///
  /// Who was killed between his ticket and his swap has left under it what it held a lap ago: the oldest, or
  /// nothing. Those change places with the younger ones behind them, and their tickets are given out anew. A kill
  /// between the two stores of an exchange leaves a token twice, or one that is found as lost.
  func recoverQueue(lost: (Int) -> UInt64, forget: (UInt64) -> Bool) -> Bool {
    // Relaxed: alone, as all that follows.
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
    oldest.pointee.value.store(0, ordering: .relaxed)
    var place = 0
    while place < count {
      setMark(place, false)
      place &+= 1
    }
    var ticket = end &- min(end, queued)
    var next = ticket
    while ticket != end {
      let (word, lap) = entry(ticket)
      let held = word.pointee.bits.load(ordering: .relaxed)
      let token = held & ~Self.lapBit
      let place = Slots<D>.index(token)
      if token != 0, place < count, lost(place) == token, !marked(place) {
        setMark(place, true)
        if held & Self.lapBit == lap {
          exchange(ticket, next)
          next &+= 1
        }
      } else {
        word.pointee.bits.store(0, ordering: .relaxed)
      }
      ticket &+= 1
    }
    cursor.pointee.value.store(Int64(bitPattern: next), ordering: .relaxed)
    place = 0
    while place < count {
      let token = lost(place)
      if token != 0 && !marked(place) && !enqueue(token, forget: forget) { return false }
      place &+= 1
    }
    return true
  }

  /// A token moves to an older ticket, and what was there, of the lap before, to its own.
  private func exchange(_ ticket: UInt64, _ older: UInt64) {
    if ticket == older { return }
    let ((from, fromLap), (to, toLap)) = (entry(ticket), entry(older))
    let token = from.pointee.bits.load(ordering: .relaxed) & ~Self.lapBit
    let stale = to.pointee.bits.load(ordering: .relaxed) & ~Self.lapBit
    to.pointee.bits.store(token | toLap, ordering: .relaxed)
    from.pointee.bits.store(stale == 0 ? 0 : stale | fromLap ^ Self.lapBit, ordering: .relaxed)
  }

  // The last word of a head is free while nobody works.
  private func setMark(_ place: Int, _ on: Bool) {
    head(place).word(stride &- 8).pointee.bits.store(on ? 1 : 0, ordering: .relaxed)
  }

  private func marked(_ place: Int) -> Bool {
    head(place).word(stride &- 8).pointee.bits.load(ordering: .relaxed) != 0
  }
}
