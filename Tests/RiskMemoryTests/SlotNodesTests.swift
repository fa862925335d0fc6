import XCTest

@testable import RiskMemory

/// Slots whose nodes lie beside what they stand for, and a hand that is drawn from without being filled.
final class SlotNodesTests: MemoryTestCase {
  private typealias Pool = Slots<ManyWriters>

  /// Nodes `at` bytes into each of `stride`; every other byte is a mark.
  private struct Apart {
    let stripes: Memory
    let nodes: Memory
    let hands: Memory
    let view: Pool
    let stride: Int
    let at: Int

    /// Whether nothing but the nodes was written.
    var isIntact: Bool {
      let others = (0..<nodes.bytes / 8).filter { $0 * 8 % stride < at || $0 * 8 % stride >= at + 16 }
      return others.allSatisfy { nodes.words[$0] == mark } && stripes.isIntactAround
        && nodes.isIntactAround && hands.isIntactAround
    }
  }

  private func apart(_ capacity: Int, _ stripes: Int, stride: Int, at: Int, hands: Int = 4) -> Apart {
    let memory = zeroed(bytes: Pool.stripesBytes(stripes))
    let (nodes, held) = (zeroed(bytes: capacity * stride), zeroed(bytes: hands * Pool.handBytes))
    for word in 0..<nodes.bytes / 8 { nodes.words[word] = mark }
    for slot in 0..<capacity { for word in 0..<2 { nodes.words[(slot * stride + at) / 8 + word] = 0 } }
    let view = Pool(
      at: memory.base, capacity: capacity, stripes: stripes, nodes: (nodes.base + at, stride),
      hands: held.base, handCount: hands)
    return Apart(stripes: memory, nodes: nodes, hands: held, view: view, stride: stride, at: at)
  }

  private func together(_ capacity: Int, _ stripes: Int, hands: Int = 4) -> Pool {
    let memory = zeroed(bytes: Pool.bytes(capacity: capacity, stripes: stripes))
    return Pool(
      at: memory.base, capacity: capacity, stripes: stripes,
      hands: zeroed(bytes: hands * Pool.handBytes).base, handCount: hands)
  }

  private func drain(_ view: Pool) -> [Int] {
    var places: [Int] = []
    while places.count <= view.capacity {
      let token = view.draw(hand: 1)
      if token == 0 { break }
      places.append(Pool.index(token))
    }
    return places
  }

  /// Each call gives the same on both, up to exhaustion, and through recoveries of what a kill left.
  func testAPoolWhoseNodesLieApartAnswersAsOneWhoseNodesLieTogether() {
    for seed in 1...12 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (capacity, stripes) = (1 + Int(random.next() % 90), 1 << Int(random.next() % 4))
      let (stride, at) = [(64, 32), (16, 0), (24, 8), (128, 112)][Int(seed % 4)]
      let apart = apart(capacity, stripes, stride: stride, at: at)
      let plain = together(capacity, stripes)
      var live: [UInt64] = []
      var refusals = 0
      for _ in 0..<3000 {
        let hand = Int(random.next() % 4)
        switch random.next() % 16 {
        case 0..<7:
          let calls: [(Pool) -> UInt64] = [
            { $0.draw(hand: hand) }, { $0.drawHeld(hand: hand) }, { $0.acquire(stripe: hand) },
          ]
          let call = calls[Int(random.next() % 3)]
          let token = call(apart.view)
          XCTAssertEqual(call(plain), token, "seed \(seed)")
          if token != 0 { live.append(token) } else { refusals += 1 }
        case 7..<13:
          if live.isEmpty { continue }
          let token = live.remove(at: Int(random.next() % UInt64(live.count)))
          XCTAssertTrue(apart.view.giveBack(token, hand: hand) && plain.giveBack(token, hand: hand))
          XCTAssertFalse(apart.view.isLive(token))
        case 13..<15:
          for view in [apart.view, plain] where view.isEmpty(hand: hand) { view.refill(hand: hand) }
          XCTAssertEqual(apart.view.next(inHand: hand), plain.next(inHand: hand))
        default:
          if random.next() % 16 == 0 { XCTAssertTrue(apart.view.recover() && plain.recover()) }
        }
        XCTAssertEqual(apart.view.takenCount, plain.takenCount)
      }
      XCTAssertGreaterThan(refusals, 0)
      for slot in 0..<capacity { XCTAssertEqual(apart.view.token(at: slot), plain.token(at: slot)) }
      XCTAssertTrue(apart.isIntact, "seed \(seed)")
    }
  }

  /// Whatever a kill left of lists, counts and hands: the states decide, and what lies around stays.
  func testRecoveryRebuildsTheListsFromNodesThatLieApart() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (capacity, stripes) = (1 + Int(random.next() % 50), 1 << Int(random.next() % 4))
      let pool = apart(capacity, stripes, stride: 64, at: 32)
      let view = pool.view
      var live = (0..<Int(random.next() % UInt64(capacity + 1))).map { view.draw(hand: $0 % 4) }
      live.removeAll { $0 == 0 }
      for _ in 0..<live.count / 3 { XCTAssertTrue(view.giveBack(live.removeLast(), hand: 2)) }
      for word in 0..<stripes * 16 where word % 16 < 3 { pool.stripes.words[word] = random.next() }
      for slot in 0..<capacity { pool.nodes.words[slot * 8 + 5] = random.next() }
      XCTAssertTrue(view.recover())
      XCTAssertEqual(view.takenCount, live.count)
      XCTAssertTrue(live.allSatisfy { view.isLive($0) })
      XCTAssertEqual(
        (drain(view) + live.map { Pool.index($0) }).sorted(), Array(0..<capacity), "seed \(seed)")
      XCTAssertTrue(pool.isIntact)
      pool.nodes.words[(capacity - 1) * 8 + 4] |= 1 << 23
      XCTAssertFalse(view.recover(), "a state that none can have")
    }
  }

  func testWhatIsHeldIsDrawnUntilTheHandIsEmptyAndARefillMakesItReady() {
    let pool = apart(40, 2, stride: 64, at: 32)
    let view = pool.view
    for round in 0..<4 {
      XCTAssertTrue(view.isEmpty(hand: 1))
      let before = [pool.stripes.contents, pool.nodes.contents, pool.hands.contents]
      XCTAssertEqual(view.drawHeld(hand: 1), 0)
      XCTAssertEqual([pool.stripes.contents, pool.nodes.contents, pool.hands.contents], before)
      view.refill(hand: 1)
      XCTAssertEqual(view.takenCount, 8 * (round + 1))
      for _ in 0..<8 {
        XCTAssertFalse(view.isEmpty(hand: 1))
        let (next, likely) = (view.next(inHand: 1), view.likely(inHand: 1))
        let token = view.drawHeld(hand: 1)
        XCTAssertTrue(view.isLive(token))
        XCTAssertEqual(next, Pool.index(token))
        XCTAssertEqual(likely, Pool.index(token))
      }
    }
    for _ in 0..<8 { XCTAssertNotEqual(view.acquire(stripe: 0), 0) }
    view.refill(hand: 1)
    XCTAssertTrue(view.isEmpty(hand: 1), "there is none")
    XCTAssertEqual(view.drawHeld(hand: 1), 0)
    XCTAssertEqual(view.takenCount, 40)
    XCTAssertTrue(pool.isIntact)
  }

  func testNobodyDrawsFromAHandThatIsNotThereOrHoldsWhatItCannot() {
    let pool = apart(8, 1, stride: 64, at: 32, hands: 2)
    for hand in [0, 2, -1, Int.max, Int.min] {
      pool.view.refill(hand: hand)
      XCTAssertEqual(pool.view.drawHeld(hand: hand), 0)
    }
    XCTAssertEqual(pool.view.takenCount, 0)
    let handless = Pool(at: pool.stripes.base, capacity: 8, stripes: 1, nodes: (pool.nodes.base + 32, 64))
    XCTAssertFalse(handless.isEmpty(hand: 1))
    XCTAssertEqual(handless.drawHeld(hand: 1), 0)
    for (count, place) in [(16, 1), (.max, 1), (1, 0), (1, 9), (1, .max)] as [(UInt64, UInt64)] {
      (pool.hands.words[16], pool.hands.words[17]) = (count, place)
      XCTAssertEqual(pool.view.drawHeld(hand: 1), Pool.broken)
      XCTAssertFalse(pool.view.isEmpty(hand: 1))
      _ = pool.view.likely(inHand: 1)
    }
    XCTAssertTrue(pool.isIntact)
  }
}

private let mark: UInt64 = 0xA5A5_5A5A_0F0F_F0F1
