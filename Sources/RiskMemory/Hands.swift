import Synchronization

/// A port that takes and gives back often has a hand: a line pair {count, up to 15 indices + 1} of free slots
/// that no other thread touches, so that most of what it takes costs no locked instruction. What is in a hand is
/// in no list; others do not find it, so a pool that promises places counts the hands as well.
extension Slots {
  /// A token for a slot from the caller's own hand, which is filled from the lists when it is empty. See `acquire`.
  @inline(__always)
  public func draw(hand: Int) -> UInt64 {
    guard let memory = self.hand(hand) else { return acquire(stripe: hand) }
    let held = memory.word(0).pointee.bits.load(ordering: .relaxed)  // own last store, as all of a hand
    let count = held == 0 ? fill(memory, hand) : held
    return count == 0 ? 0 : draw(memory, count)
  }

  /// Likewise, but 0 when the hand is empty.
  @inline(__always)
  public func drawHeld(hand: Int) -> UInt64 {
    guard let memory = self.hand(hand) else { return 0 }
    let count = memory.word(0).pointee.bits.load(ordering: .relaxed)
    return count == 0 ? 0 : draw(memory, count)
  }

  @inline(__always)
  public func isEmpty(hand: Int) -> Bool {
    guard let hands else { return false }
    return (hands + hand &* Self.handBytes).word(0).pointee.bits.load(ordering: .relaxed) == 0
  }

  /// Fills an empty hand.
  @inline(__always)
  public func refill(hand: Int) {
    if let memory = self.hand(hand) { _ = fill(memory, hand) }
  }

  @inline(__always)
  private func draw(_ memory: UnsafeMutableRawPointer, _ count: UInt64) -> UInt64 {
    guard count <= UInt64(truncatingIfNeeded: Self.handMost) else { return Self.broken }
    let place = memory.word(Int(truncatingIfNeeded: count) &* 8).pointee.bits.load(ordering: .relaxed)
    guard place &- 1 < UInt64(truncatingIfNeeded: capacity) else { return Self.broken }
    memory.word(0).pointee.bits.store(count &- 1, ordering: .relaxed)
    return enliven(place)
  }

  /// The index of the slot that `draw` would take from the hand as it is; nil if it is empty.
  @inline(__always)
  public func next(inHand hand: Int) -> Int? {
    guard let memory = self.hand(hand) else { return nil }
    let count = memory.word(0).pointee.bits.load(ordering: .relaxed)
    if count &- 1 >= UInt64(truncatingIfNeeded: Self.handMost) { return nil }
    let place = memory.word(Int(truncatingIfNeeded: count) &* 8).pointee.bits.load(ordering: .relaxed)
    return place &- 1 < UInt64(truncatingIfNeeded: capacity) ? Int(truncatingIfNeeded: place) &- 1 : nil
  }

  /// Likewise, unless the hand is empty or damaged: then any number.
  @inline(__always)
  public func likely(inHand hand: Int) -> Int {
    guard let hands else { return 0 }
    let memory = hands + hand &* Self.handBytes
    let count = memory.word(0).pointee.bits.load(ordering: .relaxed) & 15
    return Int(truncatingIfNeeded: memory.word(Int(count) &* 8).pointee.bits.load(ordering: .relaxed)) &- 1
  }

  /// Gives the token's slot back as `release` does, into the caller's own hand while that has room.
  @inline(__always)
  public func giveBack(_ token: UInt64, hand: Int) -> Bool {
    guard end(token) else { return false }
    let place = UInt64(truncatingIfNeeded: Self.index(token) &+ 1)
    if let memory = self.hand(hand) {
      let count = memory.word(0).pointee.bits.load(ordering: .relaxed)
      if count < UInt64(truncatingIfNeeded: Self.handMost) {
        memory.word(Int(truncatingIfNeeded: count &+ 1) &* 8).pointee.bits.store(place, ordering: .relaxed)
        memory.word(0).pointee.bits.store(count &+ 1, ordering: .relaxed)
        return true
      }
    }
    push(place, hand & (stripes &- 1))
    return true
  }

  /// Hand 0 is nobody's: who takes by it takes from the lists.
  @inline(__always)
  func hand(_ index: Int) -> UnsafeMutableRawPointer? {
    guard let hands, index > 0, index < handCount else { return nil }
    return hands + index &* Self.handBytes
  }

  /// Fills an empty hand half: how many it holds then. As many as are wanted are taken by one step where they lie side
  /// by side and were never taken before, of the own stripe or, when that is empty, of another: so neighbours are one
  /// port's.
  @inline(never)
  private func fill(_ memory: UnsafeMutableRawPointer, _ hand: Int) -> UInt64 {
    let wanted = UInt64(truncatingIfNeeded: Self.handMost &+ 1) / 2
    var count: UInt64 = 0
    var turn = 0
    while turn < stripes && count < wanted {
      let stripe = stripe(hand, turn)
      let first = count == 0 ? takeFresh(stripe, wanted) : 0
      if first == Self.broken { return first }
      while first != 0 && count < wanted {
        count &+= 1
        // The first is drawn first.
        let place = first &+ wanted &- count
        memory.word(Int(truncatingIfNeeded: count) &* 8).pointee.bits.store(place, ordering: .relaxed)
      }
      if first != 0 { _ = D.add(takenCell(stripe), Int64(bitPattern: wanted)) }
      while count < wanted {
        let place = take(of: stripe)
        if place == 0 { break }
        if place == Self.broken { return place }
        count &+= 1
        memory.word(Int(truncatingIfNeeded: count) &* 8).pointee.bits.store(place, ordering: .relaxed)
      }
      turn &+= 1
    }
    memory.word(0).pointee.bits.store(count, ordering: .relaxed)
    return count
  }
}
