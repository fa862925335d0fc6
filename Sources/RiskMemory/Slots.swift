import Synchronization

/// Slots: a fixed pool of numbered slots, taken and given back without locks, with generations so that a
/// stale token is recognised. It may not be used to keep data: what a slot stands for lives elsewhere, by
/// its index.
///
/// A token is {0 1, generation 39, index 24}, never 0; generations begin at 1, advance every time the slot is
/// taken, and skip 0 when they wrap. Node i is 16 bytes {state, next}: the state is {0 1, generation 39, zeros
/// 23, live 1}. Each stripe has a line pair of its own {head, fresh, taken}: a free list (Treiber's stack,
/// head {tag 40, index + 1 24}) and a range of slots of its own, of which `fresh` have been taken at least
/// once. So zero memory is a fresh pool, ports that use different stripes share no line, and slots that lie
/// side by side are first taken by one port. Who finds the own stripe empty takes from the others.
///
/// Why it is right:
/// - A slot is in one list or in one hand. Popping replaces {tag, first} by {tag + 1, second}: it succeeds
///   only if the head has not moved since it was read, and then `second`, read in between, still is the
///   first's successor, because that changes only in the hand of who has popped it. The load of the head
///   acquires what the pusher released, so `next` itself needs no ordering.
/// - Exactly one of several releases of a token wins: {generation, live} is replaced by {generation} once,
///   and the generation does not come back before 2^39 - 1 more lives. Only the winner pushes, so nothing
///   is twice in a list. Whoever is not the winner has written nothing.
/// - Releasing releases and acquiring acquires: what was done to the slot before is seen by its next owner.
/// - A refusal means that every stripe was seen empty during the call, not that all were empty at one
///   instant.
///
/// A port that takes and gives back often has a hand: see `Hands.swift`.
///
/// A kill may leave a slot in no list: `recover` empties the hands and rebuilds the lists from the states.
/// Damaged memory: an index is checked before use, and a popped slot that is live or has odd bits is reported.
public struct Slots<D: Discipline> {
  public let capacity: Int
  public let stripes: Int
  private let base: UnsafeMutableRawPointer
  private let nodes: UnsafeMutableRawPointer
  private let stride: Int
  let hands: UnsafeMutableRawPointer?
  let handCount: Int

  /// What `acquire` returns when the memory is damaged. Its index is above every capacity, so no token
  /// equals it.
  public static var broken: UInt64 { UInt64.max }

  /// Bytes of memory for `capacity` in 1...16,777,215 and `stripes`, a power of two in 1...64.
  public static func bytes(capacity: Int, stripes: Int) -> Int {
    stripesBytes(stripes) &+ capacity &* nodeBytes
  }

  /// Without the nodes.
  public static func stripesBytes(_ stripes: Int) -> Int { stripes &* stripeBytes }

  /// Bytes of a hand, and what one holds.
  public static var handBytes: Int { 128 }
  public static var handMost: Int { 15 }

  /// A view of memory aligned to 64 (128 keeps stripes apart on processors that fetch lines in pairs), with
  /// `handCount` hands, if any. The nodes follow the stripes, or lie `stride` bytes apart where they are told to, so
  /// that they can share a line with what their slot stands for.
  @inline(__always)
  public init(
    at base: UnsafeMutableRawPointer, capacity: Int, stripes: Int,
    nodes: (at: UnsafeMutableRawPointer, stride: Int)? = nil, hands: UnsafeMutableRawPointer? = nil,
    handCount: Int = 0
  ) {
    self.base = base
    self.nodes = nodes?.at ?? base + Self.stripesBytes(stripes)
    self.stride = nodes?.stride ?? nodeBytes
    self.capacity = capacity
    self.stripes = stripes
    self.hands = hands
    self.handCount = handCount
  }

  @inline(__always)
  public static func index(_ token: UInt64) -> Int { Int(truncatingIfNeeded: token & indexMask) }

  // MARK: - Taking and giving back

  /// A token for a free slot; 0 when there is none, `broken` when the memory is damaged. Ports differ in
  /// `stripe`.
  @inline(__always)
  public func acquire(stripe: Int) -> UInt64 {
    let place = take(from: stripe)
    return place == 0 || place == Self.broken ? place : enliven(place)
  }

  /// Gives the token's slot back. True for exactly one caller; false, and nothing changed, when the token
  /// is stale, foreign or no token at all.
  @inline(__always)
  public func release(_ token: UInt64, stripe: Int) -> Bool {
    guard end(token) else { return false }
    push(UInt64(truncatingIfNeeded: Self.index(token) &+ 1), stripe & (stripes &- 1))
    return true
  }

  @inline(__always)
  public func isLive(_ token: UInt64) -> Bool {
    guard isToken(token) else { return false }
    // Acquire: what the slot's owner wrote before is seen by who was handed the token some other way as well.
    return state(Self.index(token)).pointee.bits.load(ordering: .acquiring) == token & ~indexMask | live
  }

  /// The token of a live slot, 0 of any other: for walking over all of them.
  @inline(__always)
  public func token(at index: Int) -> UInt64 {
    guard UInt(bitPattern: index) < UInt(bitPattern: capacity) else { return 0 }
    let state = state(index).pointee.bits.load(ordering: .acquiring)  // as in isLive
    return state & indexMask == live && state > indexMask
      ? state & ~indexMask | UInt64(truncatingIfNeeded: index) : 0
  }

  /// Slots that are in no list: those that are live and those in hands. Exact while no call runs, within the
  /// calls in flight otherwise.
  public var takenCount: Int {
    var sum: Int64 = 0
    var stripe = 0
    while stripe < stripes {
      sum &+= takenCell(stripe).pointee.value.load(ordering: .relaxed)  // a sum for the eye
      stripe &+= 1
    }
    return Int(truncatingIfNeeded: sum)
  }

  /// Empties the hands and rebuilds the lists from the states after a kill: every slot that is not live is free
  /// again. No other call may run. False: a state is damaged; nothing is changed then. May itself be killed and run
  /// again.
  ///
  /// With `keeping`, lists and hands that contradict nothing stay as they are; then nobody else sees the memory.
  public func recover(keeping: Bool = false) -> Bool {
    var index = 0
    while index < capacity {
      let bits = state(index).pointee.bits.load(ordering: .relaxed)  // alone, as all that follows
      guard bits & indexMask & ~live == 0, bits != live else { return false }
      index &+= 1
    }
    if keeping && isWhole { return true }
    var hand = 1
    while let memory = self.hand(hand) {
      memory.word(0).pointee.bits.store(0, ordering: .relaxed)
      hand &+= 1
    }
    var stripe = 0
    while stripe < stripes {
      rebuild(stripe)
      stripe &+= 1
    }
    return true
  }

  // MARK: - Steps

  /// Ends a token's life: true for exactly one caller, to whom the slot belongs then.
  @inline(__always)
  func end(_ token: UInt64) -> Bool {
    guard isToken(token) else { return false }
    let generation = token & ~indexMask
    return D.replace(state(Self.index(token)), generation | live, by: generation)
  }

  /// Index + 1 of a free slot of any stripe, the caller's own first; 0 when all are empty, or `broken`.
  @inline(__always)
  func take(from own: Int) -> UInt64 {
    var turn = 0
    while turn < stripes {
      let place = take(of: stripe(own, turn))
      if place != 0 { return place }
      turn &+= 1
    }
    return 0
  }

  /// Of this stripe alone.
  @inline(__always)
  func take(of stripe: Int) -> UInt64 {
    var place = pop(stripe)
    if place == 0 { place = takeFresh(stripe, 1) }
    if place != 0 { _ = D.add(takenCell(stripe), 1) }
    return place
  }

  /// Where the caller looks at his `turn`, in 0..<stripes: first at his own stripe, then far from his neighbour's.
  @inline(__always)
  func stripe(_ own: Int, _ turn: Int) -> Int { (own &+ turn &* 5) & (stripes &- 1) }

  /// Index + 1 of a slot taken off the stripe's list, 0 when that is empty, or `broken`.
  @inline(__always)
  private func pop(_ stripe: Int) -> UInt64 {
    let head = head(stripe)
    while true {
      let word = head.pointee.bits.load(ordering: .acquiring)  // the pusher's `next`
      let place = word & indexMask
      if place == 0 { return 0 }
      guard place <= UInt64(truncatingIfNeeded: capacity) else { return Self.broken }
      let second = next(place).pointee.bits.load(ordering: .relaxed) & indexMask  // the swap proves it
      if D.replace(head, word, by: (word &+ tagUnit) & ~indexMask | second) { return place }
    }
  }

  @inline(__always)
  func push(_ place: UInt64, _ stripe: Int) {
    let head = head(stripe)
    while true {
      let word = head.pointee.bits.load(ordering: .relaxed)  // only its bits are used
      next(place).pointee.bits.store(word & indexMask, ordering: .relaxed)  // the swap releases it
      if D.replace(head, word, by: (word &+ tagUnit) & ~indexMask | place) { break }
    }
    _ = D.add(takenCell(stripe), -1)
  }

  /// Index + 1 of the first of `count` slots of the stripe's range that were never taken, or 0.
  @inline(__always)
  func takeFresh(_ stripe: Int, _ count: UInt64) -> UInt64 {
    let size = UInt64(truncatingIfNeeded: first(stripe &+ 1) &- first(stripe))
    let fresh = fresh(stripe)
    while true {
      let taken = fresh.pointee.bits.load(ordering: .relaxed)  // a number, and the swap proves it
      if taken > size { return Self.broken }
      if size &- taken < count { return 0 }
      if D.replace(fresh, taken, by: taken &+ count) {
        return UInt64(truncatingIfNeeded: first(stripe)) &+ taken &+ 1
      }
    }
  }

  /// Gives the slot in hand its next generation.
  @inline(__always)
  func enliven(_ place: UInt64) -> UInt64 {
    let index = Int(truncatingIfNeeded: place) &- 1
    let state = state(index)
    let old = state.pointee.bits.load(ordering: .relaxed)  // the pop acquired it
    guard old & indexMask == 0 else { return Self.broken }
    let next = (old &+ tagUnit) & (UInt64.max &>> 1)
    let generation = next == 0 ? tagUnit : next
    state.pointee.bits.store(generation | live, ordering: .releasing)  // isLive acquires
    return generation | UInt64(truncatingIfNeeded: index)
  }

  /// One stripe's list, fresh count and count of taken slots, from the states of its range.
  private func rebuild(_ stripe: Int) {
    // Tags go on, so that the head of before is not the head of after.
    let headWord = head(stripe)
    let tag = (headWord.pointee.bits.load(ordering: .relaxed) &+ tagUnit) & ~indexMask
    var end = first(stripe &+ 1)
    // What was taken from the range without leaving a state goes back to it.
    while end > first(stripe), state(end &- 1).pointee.bits.load(ordering: .relaxed) == 0 { end &-= 1 }
    var place: UInt64 = 0
    var count: Int64 = 0
    var index = end
    while index > first(stripe) {
      index &-= 1
      if state(index).pointee.bits.load(ordering: .relaxed) & live != 0 {
        count &+= 1
      } else {
        next(UInt64(truncatingIfNeeded: index &+ 1)).pointee.bits.store(place, ordering: .relaxed)
        place = UInt64(truncatingIfNeeded: index &+ 1)
      }
    }
    headWord.pointee.bits.store(tag | place, ordering: .relaxed)
    fresh(stripe).pointee.bits.store(UInt64(truncatingIfNeeded: end &- first(stripe)), ordering: .relaxed)
    takenCell(stripe).pointee.value.store(count, ordering: .relaxed)
  }

  // MARK: - Looking at all of it, alone

  /// Whether every slot is live, in one list, in one hand, or was never taken, and as many are counted as taken.
  private var isWhole: Bool {
    let (free, held) = (markFree(), markHeld())
    var (index, marked, alive) = (0, 0, 0)
    while index < capacity {
      let bits = state(index).pointee.bits.load(ordering: .relaxed)
      if bits & mark != 0 { marked &+= 1 }
      if bits & live != 0 { alive &+= 1 }
      state(index).pointee.bits.store(bits & ~mark, ordering: .relaxed)
      index &+= 1
    }
    guard let free, let held else { return false }
    return marked == free &+ held && marked &+ alive == capacity && takenCount == alive &+ held
  }

  /// Marks what is in lists or was never taken; how many that are, or nil if one cannot be there.
  private func markFree() -> Int? {
    var (stripe, count) = (0, 0)
    while stripe < stripes {
      var place = head(stripe).pointee.bits.load(ordering: .relaxed) & indexMask
      while place != 0 {
        guard markOne(place) else { return nil }
        count &+= 1
        place = next(place).pointee.bits.load(ordering: .relaxed) & indexMask
      }
      let (from, to) = (first(stripe), first(stripe &+ 1))
      let taken = fresh(stripe).pointee.bits.load(ordering: .relaxed)
      guard taken <= UInt64(truncatingIfNeeded: to &- from) else { return nil }
      var index = from &+ Int(truncatingIfNeeded: taken)
      while index < to {
        guard state(index).pointee.bits.load(ordering: .relaxed) == 0,
          markOne(UInt64(truncatingIfNeeded: index &+ 1))
        else { return nil }
        count &+= 1
        index &+= 1
      }
      stripe &+= 1
    }
    return count
  }

  /// Likewise what is in hands.
  private func markHeld() -> Int? {
    var (hand, count) = (1, 0)
    while let memory = self.hand(hand) {
      let held = memory.word(0).pointee.bits.load(ordering: .relaxed)
      guard held <= UInt64(truncatingIfNeeded: Self.handMost) else { return nil }
      var at = 1
      while at <= Int(truncatingIfNeeded: held) {
        guard markOne(memory.word(at &* 8).pointee.bits.load(ordering: .relaxed)) else { return nil }
        count &+= 1
        at &+= 1
      }
      hand &+= 1
    }
    return count
  }

  /// False: it is none, is live, or was seen before.
  private func markOne(_ place: UInt64) -> Bool {
    guard place &- 1 < UInt64(truncatingIfNeeded: capacity) else { return false }
    let word = state(Int(truncatingIfNeeded: place) &- 1)
    let bits = word.pointee.bits.load(ordering: .relaxed)
    if bits & (live | mark) != 0 { return false }
    word.pointee.bits.store(bits | mark, ordering: .relaxed)
    return true
  }

  // MARK: - Places

  /// The first slot of a stripe's range. The ranges differ by at most one.
  @inline(__always)
  private func first(_ stripe: Int) -> Int {
    // Shift instead of division; 24 bits and 6 bits do not overflow.
    (stripe &* capacity) &>> stripes.trailingZeroBitCount
  }

  @inline(__always)
  private func isToken(_ token: UInt64) -> Bool { Self.index(token) < capacity && token > indexMask }

  @inline(__always)
  private func head(_ stripe: Int) -> WordPointer { base.word(stripe &* stripeBytes) }

  @inline(__always)
  private func fresh(_ stripe: Int) -> WordPointer { base.word(stripe &* stripeBytes &+ 8) }

  @inline(__always)
  func takenCell(_ stripe: Int) -> CellPointer { base.cell(stripe &* stripeBytes &+ 16) }

  @inline(__always)
  private func state(_ index: Int) -> WordPointer {
    nodes.word(index &* stride)
  }

  @inline(__always)
  private func next(_ place: UInt64) -> WordPointer {
    nodes.word((Int(truncatingIfNeeded: place) &- 1) &* stride &+ 8)
  }
}

private let indexMask: UInt64 = 0xFF_FFFF
private let tagUnit: UInt64 = 1 &<< 24
private let live: UInt64 = 1
/// Of a free slot's state, while all are looked at.
private let mark: UInt64 = 2
/// Two lines, because processors fetch lines in pairs.
private let stripeBytes = 128
private let nodeBytes = 16
