import XCTest

@testable import RiskMemory

/// Slots by a hand: what one thread keeps for itself of a pool that others share.
final class HandsTests: MemoryTestCase {
  private func make<D: Discipline>(
    _: D.Type, capacity: Int, stripes: Int, hands: Int
  ) -> (pool: Memory, hands: Memory, view: Slots<D>) {
    let pool = zeroed(bytes: Slots<D>.bytes(capacity: capacity, stripes: stripes))
    let held = zeroed(bytes: hands * Slots<D>.handBytes)
    let view = Slots<D>(
      at: pool.base, capacity: capacity, stripes: stripes, hands: held.base, handCount: hands)
    return (pool, held, view)
  }

  private func count(_ hands: Memory, _ hand: Int) -> Int { Int(hands.words[hand * 16]) }

  private func drain<D: Discipline>(_ view: Slots<D>, _ draw: () -> UInt64) -> [Int] {
    var places: [Int] = []
    while places.count <= view.capacity {
      let token = draw()
      if token == 0 { break }
      places.append(Slots<D>.index(token))
    }
    return places
  }

  // MARK: - One thread

  func testAHandHoldsFifteenAndWhatIsMoreGoesToTheList() {
    let (_, hands, view) = make(ManyWriters.self, capacity: 64, stripes: 1, hands: 2)
    let tokens = (0..<40).map { _ in view.acquire(stripe: 0) }
    for (given, token) in tokens.enumerated() {
      XCTAssertTrue(view.giveBack(token, hand: 1))
      XCTAssertEqual(count(hands, 1), min(given + 1, 15))
      XCTAssertEqual(view.takenCount, 40 - max(0, given + 1 - 15), "those in a hand are in no list")
    }
    XCTAssertEqual(Slots<ManyWriters>.handMost, 15)
    XCTAssertEqual(Slots<ManyWriters>.handBytes, 16 * 8)
    // The youngest is drawn first, and each is what `next` said.
    for given in (0..<15).reversed() {
      XCTAssertEqual(view.next(inHand: 1), Slots<ManyWriters>.index(tokens[given]))
      let drawn = view.draw(hand: 1)
      XCTAssertEqual(Slots<ManyWriters>.index(drawn), Slots<ManyWriters>.index(tokens[given]))
      XCTAssertFalse(view.isLive(tokens[given]))
      XCTAssertTrue(view.isLive(drawn))
    }
    XCTAssertNil(view.next(inHand: 1))
  }

  func testAnEmptyHandTakesEightFreshOnesInOneStepAndDrawsThemInOrder() {
    let (_, hands, view) = make(Staged.self, capacity: 64, stripes: 2, hands: 3)
    var steps = 0
    Staged.interrupt([{ steps += 1 }, { steps += 1 }])
    let first = view.draw(hand: 1)
    XCTAssertEqual(steps, 1, "one compare-and-swap")
    Staged.interrupt([])
    XCTAssertEqual(count(hands, 1), 7)
    XCTAssertEqual(view.takenCount, 8)
    // The range of stripe 1 begins at 32.
    XCTAssertEqual(
      ([first] + (0..<7).map { _ in view.draw(hand: 1) }).map { Slots<Staged>.index($0) }, Array(32..<40))
    XCTAssertEqual(view.takenCount, 8)
    XCTAssertEqual(Slots<Staged>.index(view.draw(hand: 2)), 0, "hand 2 is of stripe 0")
  }

  func testAHandThatFindsFewerThanEightFreshTakesWhatThereIs() {
    for capacity in 1...20 {
      for stripes in [1, 2, 4] {
        let (pool, hands, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes, hands: 2)
        XCTAssertEqual(drain(view) { view.draw(hand: 1) }.sorted(), Array(0..<capacity))
        XCTAssertEqual(view.takenCount, capacity)
        XCTAssertEqual(count(hands, 1), 0)
        XCTAssertEqual(view.draw(hand: 1), 0)
        XCTAssertTrue(pool.isIntactAround && hands.isIntactAround)
      }
    }
  }

  func testHandNoughtAndHandsThatAreNotThereGoByTheLists() {
    for hand in [0, 2, 3, -1, Int.max, Int.min] {
      let (_, hands, view) = make(ManyWriters.self, capacity: 8, stripes: 2, hands: 2)
      let token = view.draw(hand: hand)
      XCTAssertTrue(view.isLive(token))
      XCTAssertEqual(view.takenCount, 1)
      XCTAssertNil(view.next(inHand: hand))
      XCTAssertTrue(view.giveBack(token, hand: hand))
      XCTAssertEqual(view.takenCount, 0)
      XCTAssertTrue(hands.contents.allSatisfy { $0 == 0 })
    }
    let memory = zeroed(bytes: Slots<ManyWriters>.bytes(capacity: 2, stripes: 1))
    let handless = Slots<ManyWriters>(at: memory.base, capacity: 2, stripes: 1)
    XCTAssertTrue(handless.giveBack(handless.draw(hand: 1), hand: 1))
    XCTAssertEqual(handless.takenCount, 0)
  }

  func testATokenIsGivenBackOnceByWhateverWay() {
    let (_, hands, view) = make(ManyWriters.self, capacity: 4, stripes: 1, hands: 3)
    for (first, second) in [(1, 1), (1, 2), (0, 1), (1, 0)] {
      let token = view.draw(hand: 1)
      XCTAssertTrue(view.giveBack(token, hand: first))
      let before = hands.contents
      XCTAssertFalse(view.giveBack(token, hand: second))
      XCTAssertFalse(view.release(token, stripe: 0))
      XCTAssertEqual(hands.contents, before)
    }
    for garbage in [0, .max, 1, 1 << 24 | 4, 1 << 24 | 0xFF_FFFF, 1 << 63] as [UInt64] {
      XCTAssertFalse(view.giveBack(garbage, hand: 1))
    }
  }

  /// By hands and by lists, in any order: a slot is live, in one hand or in one list, and none is lost.
  func testThePoolAgreesWithASetUnderRandomCalls() {
    for seed in 1...12 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let capacity = Int.random(in: 1...80, using: &random)
      let stripes = 1 << Int.random(in: 0...3, using: &random)
      let (pool, hands, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes, hands: 4)
      var live: [UInt64] = []
      var seen: Set<UInt64> = []
      for _ in 0..<5000 {
        let hand = Int.random(in: 0...3, using: &random)
        let held = (1...3).map { count(hands, $0) }
        if Int.random(in: 0..<100, using: &random) < 52 {
          let free = capacity - live.count - held.reduce(0, +)
          let own = hand == 0 ? 0 : held[hand - 1]
          let token = random.next() & 7 == 0 ? view.acquire(stripe: hand) : view.draw(hand: hand)
          if token == 0 {
            XCTAssertTrue(free == 0)
            continue
          }
          XCTAssertTrue(free + own > 0, "out of another's hand")
          XCTAssertTrue(seen.insert(token).inserted, "a token came twice")
          XCTAssertFalse(live.contains { Slots<ManyWriters>.index($0) == Slots<ManyWriters>.index(token) })
          live.append(token)
        } else if !live.isEmpty {
          let token = live.remove(at: Int.random(in: 0..<live.count, using: &random))
          XCTAssertTrue(
            random.next() & 7 == 0 ? view.release(token, stripe: hand) : view.giveBack(token, hand: hand))
        }
        XCTAssertEqual(view.takenCount, live.count + (1...3).map { count(hands, $0) }.reduce(0, +))
      }
      let walked = (0..<capacity).map { view.token(at: $0) }.filter { $0 != 0 }
      XCTAssertEqual(Set(walked), Set(live))
      XCTAssertTrue(pool.isIntactAround && hands.isIntactAround)
    }
  }

  // MARK: - Kills

  /// Whatever the hands hold, also slots that are live by now or in the list again: the states decide.
  func testRecoveryEmptiesTheHandsAndLosesNoSlot() {
    for seed in 1...100 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let stripes = 1 << Int.random(in: 0...2, using: &random)
      let capacity = Int.random(in: 1...70, using: &random)
      let (pool, hands, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes, hands: 4)
      var live: [UInt64] = []
      for _ in 0..<200 {
        let hand = Int.random(in: 1...3, using: &random)
        if random.next() & 1 == 0 {
          let token = view.draw(hand: hand)
          if token != 0 { live.append(token) }
        } else if !live.isEmpty {
          XCTAssertTrue(view.giveBack(live.removeLast(), hand: hand))
        }
      }
      if seed % 2 == 0 {
        for hand in 1...3 { hands.words[hand * 16] = random.next() % 20 }
        for slot in 0..<15 { hands.words[16 + 1 + slot] = random.next() % UInt64(capacity + 3) }
      }
      XCTAssertTrue(view.recover())
      XCTAssertEqual((1...3).map { count(hands, $0) }, [0, 0, 0])
      XCTAssertEqual(view.takenCount, live.count)
      XCTAssertTrue(live.allSatisfy { view.isLive($0) })
      let rest = drain(view) { view.draw(hand: 2) }
      XCTAssertEqual(
        (rest + live.map { Slots<ManyWriters>.index($0) }).sorted(), Array(0..<capacity), "seed \(seed)")
      XCTAssertTrue(pool.isIntactAround && hands.isIntactAround)
    }
  }

  /// Killed at any store of a filling: what was taken comes back.
  func testAFillingThatStoppedLosesNothing() {
    let (pool, hands, view) = make(ManyWriters.self, capacity: 20, stripes: 1, hands: 2)
    XCTAssertNotEqual(view.draw(hand: 1), 0)
    let whole = hands.contents
    let pooled = pool.contents
    for stored in 0...8 {
      pool.restore(pooled)
      // The state and generation of the first is the last thing that is stored.
      pool.words[16] = 0
      hands.restore([UInt8](repeating: 0, count: hands.bytes))
      for place in 1...8 where place <= stored { hands.words[16 + place] = UInt64(9 - place) }
      XCTAssertTrue(view.recover())
      XCTAssertEqual(view.takenCount, 0)
      XCTAssertEqual(drain(view) { view.draw(hand: 1) }.sorted(), Array(0..<20))
    }
    XCTAssertEqual(whole[128], 7)
  }

  func testRecoveryOfADamagedPoolLeavesTheHands() {
    let (pool, hands, view) = make(ManyWriters.self, capacity: 20, stripes: 1, hands: 2)
    _ = view.draw(hand: 1)
    pool.words[16 + 2 * 19] = 2
    let before = hands.contents
    XCTAssertFalse(view.recover())
    XCTAssertEqual(hands.contents, before)
  }

  // MARK: - Damage

  func testAHandThatHoldsWhatItCannotIsBroken() {
    for (count, place) in [(16, 1), (UInt64.max, 1), (1, 0), (1, 9), (1, .max)] as [(UInt64, UInt64)] {
      let (_, hands, view) = make(ManyWriters.self, capacity: 8, stripes: 1, hands: 2)
      hands.words[16] = count
      hands.words[17] = place
      XCTAssertNil(view.next(inHand: 1))
      XCTAssertEqual(view.draw(hand: 1), Slots<ManyWriters>.broken)
      XCTAssertEqual(hands.words[16], count, "as it was")
    }
    // A slot in the hand that is live.
    let (_, hands, view) = make(ManyWriters.self, capacity: 8, stripes: 1, hands: 2)
    let token = view.acquire(stripe: 0)
    hands.words[16] = 1
    hands.words[17] = UInt64(Slots<ManyWriters>.index(token) + 1)
    XCTAssertEqual(view.draw(hand: 1), Slots<ManyWriters>.broken)
    XCTAssertTrue(view.isLive(token))
  }

  func testAPoolThatIsBrokenIsSaidSoByAHandAsWell() {
    for (word, bits) in [(0, 9), (0, 0xFF_FFFF), (1, 9), (1, UInt64.max)] as [(Int, UInt64)] {
      let (pool, _, view) = make(ManyWriters.self, capacity: 8, stripes: 1, hands: 2)
      pool.words[1] = 8  // no fresh ones, so that the list is asked
      pool.words[word] = bits
      XCTAssertEqual(view.draw(hand: 1), Slots<ManyWriters>.broken)
    }
  }

  func testRandomBytesNeitherTrapNorHangNorReachOutside() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (pool, hands, view) = make(ManyWriters.self, capacity: 6, stripes: 2, hands: 3)
      if seed % 2 == 0 { pool.fill(using: &random) }
      hands.fill(using: &random)
      for hand in 0..<3 where random.next() & 1 == 0 { hands.words[hand * 16] = random.next() % 18 }
      for call in 0..<50 {
        let token = view.draw(hand: call % 4)
        XCTAssertTrue(token == 0 || token == Slots<ManyWriters>.broken || Slots<ManyWriters>.index(token) < 6)
        if let place = view.next(inHand: call % 4) { XCTAssertTrue(place >= 0 && place < 6) }
        _ = view.giveBack(view.token(at: call % 6), hand: call % 4)
      }
      _ = view.recover()
      XCTAssertTrue(pool.isIntactAround && hands.isIntactAround)
    }
  }

  // MARK: - Threads

  /// Each thread has a hand, and gives back what others drew. The owner writes plain memory: ThreadSanitizer
  /// sees a slot that two own, or a hand-over without ordering.
  func testASlotHasOneOwnerAtATimeWhoseverHandItGoesThrough() {
    let capacity = 90
    for stripes in [1, 4] {
      let (pool, hands, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes, hands: 5)
      let payload = zeroed(bytes: capacity * 8)
      let passed = zeroed(bytes: 4 * 8)  // a token that the next thread is to give back
      let outcomes = onThreads(4) { thread -> String? in
        var random = Seeded(UInt64(thread))
        var held: [UInt64] = []
        for step in 0..<60_000 {
          if held.count < 12 && random.next() & 1 == 0 {
            let token = view.draw(hand: thread + 1)
            if token == 0 { continue }
            if token == Slots<ManyWriters>.broken { return "broken" }
            payload.words[Slots<ManyWriters>.index(token)] = token
            held.append(token)
          } else if random.next() & 7 == 0 {
            let inbox = passed.base.word((thread + 1) % 4 * 8)
            if let token = held.last, ManyWriters.replace(inbox, 0, by: token) { held.removeLast() }
          } else {
            let own = passed.base.word(thread * 8)
            let given = own.pointee.bits.load(ordering: .acquiring)
            if given != 0 { own.pointee.bits.store(0, ordering: .releasing) }
            guard let token = given != 0 ? given : held.popLast() else { continue }
            let found = payload.words[Slots<ManyWriters>.index(token)]
            if found != token { return "step \(step): \(found) in the slot of \(token)" }
            if !view.giveBack(token, hand: thread + 1) { return "step \(step): own token refused" }
            if view.giveBack(token, hand: thread + 1) { return "step \(step): given back twice" }
          }
        }
        for token in held where !view.giveBack(token, hand: thread + 1) { return "refused at the end" }
        return nil
      }
      XCTAssertEqual(outcomes.compactMap { $0 }, [])
      let left = (0..<4).filter { passed.words[$0] != 0 }.count
      XCTAssertEqual(view.takenCount, left + (1...4).map { count(hands, $0) }.reduce(0, +))
      XCTAssertTrue(view.recover())
      XCTAssertEqual(view.takenCount, left)
      XCTAssertEqual(drain(view) { view.draw(hand: 1) }.count, capacity - left)
      XCTAssertTrue(pool.isIntactAround && hands.isIntactAround)
    }
  }
}
