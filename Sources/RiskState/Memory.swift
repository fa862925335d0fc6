import CRiskCheck
import RiskMemory
import Synchronization

/// A pool of numbered places that are found by 64-bit keys, and rings of those that are only remembered, one or as
/// many as there are stripes of ports. Orders and executions are kept in such pools.
public struct Memory<D: Discipline> {
  public let slots: Slots<D>
  public let heads: UnsafeMutableRawPointer
  public let count: Int
  let stride: Int
  let buckets: UnsafeMutableRawPointer
  let bucketCount: Int
  /// The cursors of all rings, and then their entries.
  private let memory: UnsafeMutableRawPointer
  private let rings: Int
  private let remembered: UInt64

  /// A pool whose three sections begin with number `slots`. The slots' nodes lie in the heads, if it is said where.
  @inline(__always)
  init(
    _ state: State, slots: Int, stride: Int, node: Int? = nil, rings: (section: Int, count: Int),
    remembered: UInt64, hands: Int? = nil
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
    self.memory = state.region.start(of: rings.section)
    self.rings = rings.count
    self.remembered = remembered
  }

  @inline(__always)
  public var table: Table<D> {
    Table(nodes: heads, stride: stride, capacity: count, buckets: buckets, bucketCount: bucketCount)
  }

  @inline(__always)
  public func head(_ place: Int) -> UnsafeMutableRawPointer { heads + place &* stride }

  // MARK: What is only remembered

  /// Puts a token into the ring of the caller's stripe. See `TokenRing.put`.
  @inline(__always)
  public func remember(_ token: UInt64, stripe: Int, forget: (UInt64) -> Bool) -> Bool {
    ring(stripe).put(token, forget: forget)
  }

  /// The tokens that leave the ring of a stripe next. A guess.
  @inline(__always)
  func leaving(stripe: Int) -> (UInt64, UInt64) { ring(stripe).leaving }

  /// Takes out of the longest ring its oldest token; 0 when all are empty.
  public func takeOldest(stripe: Int) -> UInt64 {
    var token = ring(longest(from: stripe)).take()
    // A length is at most: there may have been nothing in it.
    var turn = token == 0 ? 0 : rings
    while turn < rings && token == 0 {
      token = ring(stripe &+ turn).take()
      turn &+= 1
    }
    return token
  }

  /// Of rings as long as the longest the caller's own, so that two threads that remember alike forget each its own.
  private func longest(from stripe: Int) -> Int {
    var (longest, most, turn) = (stripe, ring(stripe).length, 1)
    while turn < rings {
      let length = ring(stripe &+ turn).length
      if length > most { (longest, most) = (stripe &+ turn, length) }
      turn &+= 1
    }
    return longest
  }

  /// Whether `takeOldest` would find a token now.
  public var remembersAny: Bool {
    var turn = 0
    while turn < rings {
      if ring(turn).holdsAny { return true }
      turn &+= 1
    }
    return false
  }

  @inline(__always)
  private func ring(_ stripe: Int) -> TokenRing<D> {
    let (own, cursors) = (stripe & (rings &- 1), Int(Sections.cursorBytes))
    let entries = rings &* cursors &+ own &* Int(truncatingIfNeeded: remembered &* 8)
    return TokenRing(cursors: memory + own &* cursors, entries: memory + entries, size: remembered)
  }

  /// Rebuilds the rings after a kill: what is in them and still remembered keeps its order; `lost` says what token a
  /// place should have in one, 0 for none. Calls `forget` for those that no longer fit. With `keeping`, rings that
  /// contradict nothing stay as they are. Alone. False: it could not.
  func recoverRings(keeping: Bool, lost: (Int) -> UInt64, forget: (UInt64) -> Bool) -> Bool {
    if keeping && areRingsWhole(lost) { return true }
    unmark()
    var turn = 0
    while turn < rings {
      ring(turn).recover { markOne($0, lost) }
      turn &+= 1
    }
    var place = 0
    while place < count {
      let token = lost(place)
      // Whose it was is not known.
      if token != 0 && !marked(place) && !remember(token, stripe: longest(from: 0), forget: forget) {
        return false
      }
      place &+= 1
    }
    return true
  }

  private func areRingsWhole(_ lost: (Int) -> UInt64) -> Bool {
    unmark()
    var turn = 0
    while turn < rings {
      if !ring(turn).isWhole(keeps: { markOne($0, lost) }) { return false }
      turn &+= 1
    }
    var place = 0
    while place < count {
      if lost(place) != 0 && !marked(place) { return false }
      place &+= 1
    }
    return true
  }

  /// Whether a token belongs into a ring, and was in none so far.
  private func markOne(_ token: UInt64, _ lost: (Int) -> UInt64) -> Bool {
    let place = Slots<D>.index(token)
    if place >= count || lost(place) != token || marked(place) { return false }
    setMark(place, true)
    return true
  }

  private func unmark() {
    var place = 0
    while place < count {
      setMark(place, false)
      place &+= 1
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
