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

  @inline(__always)
  init(_ state: State, slots: Int, stride: Int, queue: Int, remembered: UInt64, hands: Int? = nil) {
    let (heads, count) = state.region.place(of: slots &+ 1)
    let (buckets, bucketCount) = state.region.place(of: slots &+ 2)
    self.slots = Slots(
      at: state.region.start(of: slots), capacity: count, stripes: Sections.stripes,
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

  /// Puts a token at the end of the queue; returns the one that leaves it, 0 if none. That may be the token itself,
  /// when others were put there meanwhile.
  public func enqueue(_ token: UInt64) -> UInt64 {
    let ticket = UInt64(bitPattern: D.add(cursor, 1))
    let word = entry(ticket)
    while true {
      // Acquire: before the look at the cursor.
      let old = word.pointee.bits.load(ordering: .acquiring)
      // Overtaken by a whole round: this one is no longer among the youngest. If it is overtaken only now, the
      // other's token is in the place, and the swap fails.
      let given = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
      if given &- ticket > queued { return token }
      if D.replace(word, old, by: token | lap(ticket)) { return old & ~Self.lapBit }
    }
  }

  /// Takes the oldest token out of the queue; 0 when there is none.
  public func dequeue() -> UInt64 {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .acquiring))  // its entries may be there
    let known = UInt64(bitPattern: oldest.pointee.value.load(ordering: .relaxed))
    var ticket = max(known, end > queued ? end &- queued : 0)
    while ticket < end {
      let word = entry(ticket)
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
      if entry(ticket).pointee.bits.load(ordering: .relaxed) != 0 { return true }  // a look
      ticket &+= 1
    }
    return false
  }

  private static var lapBit: UInt64 { 1 &<< 63 }

  private func lap(_ ticket: UInt64) -> UInt64 {
    (ticket.dividedReportingOverflow(by: queued).partialValue & 1) &<< 63
  }

  private func entry(_ ticket: UInt64) -> WordPointer {
    let place = ticket.remainderReportingOverflow(dividingBy: queued).partialValue
    return queue.word(Int(Sections.cursorBytes) &+ Int(truncatingIfNeeded: place) &* 8)
  }

  /// Rebuilds the queue after a kill: what is in it and still remembered keeps its order and moves up, so that
  /// nothing empty is left between; `lost` says what token a place should have in it, 0 for none. Calls `forget`
  /// for those that no longer fit. Alone. A kill in between leaves a token twice, of which one is dropped then.
  func recoverQueue(lost: (Int) -> UInt64, forget: (UInt64) -> Void) {
    var place = 0
    while place < count {
      setMark(place, false)
      place &+= 1
    }
    oldest.pointee.value.store(0, ordering: .relaxed)  // alone, as all that follows
    var kept: UInt64 = 0
    // An entry of the lap before is older than all that were exchanged since.
    compact(&kept, ofThisLap: true, lost)
    compact(&kept, ofThisLap: false, lost)
    place = 0
    while place < count {
      let token = lost(place)
      if token != 0 && !marked(place) {
        let old = enqueue(token)
        if old != 0 { forget(old) }
      }
      place &+= 1
    }
  }

  /// Walks from the youngest entry to the oldest and moves up those of a lap, past what is empty.
  private func compact(_ kept: inout UInt64, ofThisLap: Bool, _ lost: (Int) -> UInt64) {
    let end = UInt64(bitPattern: cursor.pointee.value.load(ordering: .relaxed))
    let filled = min(end, queued)
    var step = kept
    while step < filled {
      let ticket = end &- 1 &- step
      let word = entry(ticket)
      let held = word.pointee.bits.load(ordering: .relaxed)
      let token = held & ~Self.lapBit
      step &+= 1
      if token == 0 || (held & Self.lapBit == lap(ticket)) != ofThisLap { continue }
      let place = Slots<D>.index(token)
      let isKept = place < count && lost(place) == token && !marked(place)
      let target = end &- 1 &- kept
      let above = entry(target)
      let displaced = above.pointee.bits.load(ordering: .relaxed)
      if isKept {
        setMark(place, true)
        kept &+= 1
        above.pointee.bits.store(token | lap(target), ordering: .relaxed)
        if target == ticket { continue }
      }
      // What stood above is empty, or of the lap before and has its turn later; here it still is of that.
      let isOld = isKept && displaced & ~Self.lapBit != 0
      word.pointee.bits.store(
        isOld ? displaced & ~Self.lapBit | (lap(ticket) ^ Self.lapBit) : 0, ordering: .relaxed)
    }
  }

  // The last word of a head is free while nobody works.
  private func setMark(_ place: Int, _ on: Bool) {
    head(place).word(stride &- 8).pointee.bits.store(on ? 1 : 0, ordering: .relaxed)
  }

  private func marked(_ place: Int) -> Bool {
    head(place).word(stride &- 8).pointee.bits.load(ordering: .relaxed) != 0
  }
}
