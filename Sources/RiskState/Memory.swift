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
  init(_ state: State, slots: Int, stride: Int, queue: Int, remembered: UInt64) {
    let (heads, count) = state.region.place(of: slots &+ 1)
    let (buckets, bucketCount) = state.region.place(of: slots &+ 2)
    self.slots = Slots(at: state.region.start(of: slots), capacity: count, stripes: Sections.stripes)
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

  /// Puts a token at the end of the queue; returns the one that leaves it, 0 if none.
  public func enqueue(_ token: UInt64) -> UInt64 {
    let ticket = UInt64(bitPattern: D.add(queue.cell(0), 1))
    let place = Int(truncatingIfNeeded: ticket.remainderReportingOverflow(dividingBy: queued).partialValue)
    let word = queue.word(Int(Sections.cursorBytes) &+ place &* 8)
    while true {
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      if D.replace(word, old, by: token) { return old }
    }
  }

  /// Rebuilds the queue after a kill: what is in it and still remembered keeps its order; `lost` says whether
  /// a place should be in it. Calls `forget` for those that no longer fit. Alone.
  func recoverQueue(lost: (Int) -> UInt64, forget: (UInt64) -> Void) {
    // A token that is twice in the queue, or whose place has moved on, leaves it.
    let cursor = UInt64(bitPattern: queue.cell(0).pointee.value.load(ordering: .relaxed))
    var mark = 0
    while mark < count {
      setMark(mark, false)
      mark &+= 1
    }
    var step: UInt64 = 0
    let filled = min(cursor, queued)
    while step < filled {
      // From the youngest to the oldest: the ticket before the cursor is the youngest.
      let ticket = cursor &- 1 &- step
      let word = entry(ticket)
      let token = word.pointee.bits.load(ordering: .relaxed)
      let place = Slots<D>.index(token)
      if token != 0 {
        if place < count, lost(place) == token, !marked(place) {
          setMark(place, true)
        } else {
          word.pointee.bits.store(0, ordering: .relaxed)
        }
      }
      step &+= 1
    }
    var place = 0
    while place < count {
      let token = lost(place)
      if token != 0 && !marked(place) {
        let old = enqueue(token)
        if old != 0 { forget(old) }
      }
      place &+= 1
    }
  }

  private func entry(_ ticket: UInt64) -> WordPointer {
    let place = ticket.remainderReportingOverflow(dividingBy: queued).partialValue
    return queue.word(Int(Sections.cursorBytes) &+ Int(truncatingIfNeeded: place) &* 8)
  }

  // The last word of a head is free while nobody works.
  private func setMark(_ place: Int, _ on: Bool) {
    head(place).word(stride &- 8).pointee.bits.store(on ? 1 : 0, ordering: .relaxed)
  }

  private func marked(_ place: Int) -> Bool {
    head(place).word(stride &- 8).pointee.bits.load(ordering: .relaxed) != 0
  }
}
