import Foundation
import XCTest

@testable import RiskMemory

final class SlotsTests: MemoryTestCase {
  private func make<D: Discipline>(
    _: D.Type, capacity: Int, stripes: Int
  ) -> (Memory, Slots<D>) {
    let memory = zeroed(bytes: Slots<D>.bytes(capacity: capacity, stripes: stripes))
    return (memory, Slots<D>(at: memory.base, capacity: capacity, stripes: stripes))
  }

  private func drain<D: Discipline>(_ view: Slots<D>, stripe: Int) -> [UInt64] {
    var tokens: [UInt64] = []
    while tokens.count <= view.capacity {
      let token = view.acquire(stripe: stripe)
      if token == 0 { break }
      tokens.append(token)
    }
    return tokens
  }

  // MARK: - One thread

  func testAFreshPoolGivesEverySlotOnceAndThenNone() {
    func check<D: Discipline>(_ discipline: D.Type) {
      for stripes in [1, 2, 8, 64] {
        for capacity in [1, 2, 7, 64, 100] {
          let (memory, view) = make(discipline, capacity: capacity, stripes: stripes)
          let tokens = drain(view, stripe: stripes - 1)
          XCTAssertEqual(tokens.map { Slots<D>.index($0) }.sorted(), Array(0..<capacity))
          XCTAssertTrue(tokens.allSatisfy { view.isLive($0) && $0 != 0 && $0 != Slots<D>.broken })
          XCTAssertEqual(view.takenCount, capacity)
          XCTAssertEqual(view.acquire(stripe: 0), 0)
          for token in tokens { XCTAssertTrue(view.release(token, stripe: 0)) }
          XCTAssertEqual(view.takenCount, 0)
          XCTAssertEqual(drain(view, stripe: stripes / 2).count, capacity)
          XCTAssertTrue(memory.isIntactAround)
        }
      }
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testATokenIsGoodForOneReleaseAndStaleFromThenOn() {
    let (_, view) = make(ManyWriters.self, capacity: 1, stripes: 1)
    let first = view.acquire(stripe: 0)
    XCTAssertTrue(view.release(first, stripe: 0))
    XCTAssertFalse(view.release(first, stripe: 0))
    let second = view.acquire(stripe: 0)
    XCTAssertEqual(Slots<ManyWriters>.index(first), Slots<ManyWriters>.index(second))
    XCTAssertNotEqual(first, second)
    XCTAssertFalse(view.isLive(first))
    XCTAssertFalse(view.release(first, stripe: 0))
    XCTAssertTrue(view.isLive(second))
    XCTAssertEqual(view.token(at: 0), second)
    XCTAssertTrue(view.release(second, stripe: 0))
    XCTAssertEqual(view.token(at: 0), 0)
  }

  func testGarbageTokensChangeNothing() {
    var random = Seeded(4)
    let (memory, view) = make(ManyWriters.self, capacity: 5, stripes: 2)
    let tokens = (0..<3).map { view.acquire(stripe: $0) }
    XCTAssertTrue(view.release(tokens[1], stripe: 0))
    let before = memory.contents
    var garbage: [UInt64] = [0, .max, 1, 5, 0xFF_FFFF, 1 << 24 | 5, 1 << 24 | 0xFF_FFFF, 1 << 63, tokens[1]]
    garbage += tokens.flatMap { [$0 &+ 1 << 24, $0 &- 1 << 24, $0 ^ 1 << 63, $0 ^ 1 << 23] }
    garbage += (0..<2000).map { _ in random.next() }
    garbage += (0..<2000).map { _ in random.next() & ~0xFF_FFFF | random.next() % 6 }
    for token in garbage where token != tokens[0] && token != tokens[2] {
      XCTAssertFalse(view.isLive(token), "\(token)")
      XCTAssertFalse(view.release(token, stripe: 1), "\(token)")
    }
    XCTAssertEqual(memory.contents, before)
    for index in [-1, 5, Int.max, Int.min] { XCTAssertEqual(view.token(at: index), 0) }
  }

  func testThePoolAgreesWithASetUnderRandomCalls() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) {
      var random = Seeded(seed)
      let capacity = Int.random(in: 1...40, using: &random)
      let stripes = 1 << Int.random(in: 0...4, using: &random)
      let (memory, view) = make(discipline, capacity: capacity, stripes: stripes)
      var live: [UInt64] = []
      var seen: Set<UInt64> = []
      for _ in 0..<5000 {
        let stripe = Int.random(in: 0..<stripes, using: &random)
        if Int.random(in: 0..<100, using: &random) < 55 {
          let token = view.acquire(stripe: stripe)
          XCTAssertEqual(token == 0, live.count == capacity)
          if token == 0 { continue }
          XCTAssertTrue(seen.insert(token).inserted, "a token came twice")
          XCTAssertFalse(live.contains { Slots<D>.index($0) == Slots<D>.index(token) })
          live.append(token)
        } else if !live.isEmpty {
          let token = live.remove(at: Int.random(in: 0..<live.count, using: &random))
          XCTAssertTrue(view.release(token, stripe: stripe))
        }
        XCTAssertEqual(view.takenCount, live.count)
      }
      let walked = (0..<capacity).map { view.token(at: $0) }.filter { $0 != 0 }
      XCTAssertEqual(Set(walked), Set(live))
      XCTAssertTrue(memory.isIntactAround)
    }
    for seed in 1...6 as ClosedRange<UInt64> {
      check(ManyWriters.self, seed)
      check(OneWriter.self, seed)
    }
  }

  func testTheGenerationSkipsZeroWhenItWraps() {
    let (memory, view) = make(ManyWriters.self, capacity: 1, stripes: 1)
    memory.base.storeBytes(of: ~UInt64(0xFF_FFFF), toByteOffset: 128, as: UInt64.self)
    XCTAssertEqual(view.acquire(stripe: 0), 1 << 24)
  }

  // MARK: - Interleavings

  /// The head is what it was, but its second is not: without the tag the taken second would be handed out
  /// again.
  func testAHeadThatCameBackDoesNotBringItsOldSecondBack() {
    let (_, view) = make(Staged.self, capacity: 3, stripes: 1)
    for token in drain(view, stripe: 0) { XCTAssertTrue(view.release(token, stripe: 0)) }
    var held: [UInt64] = []
    Staged.interrupt([
      {
        held = [view.acquire(stripe: 0), view.acquire(stripe: 0)]
        XCTAssertTrue(view.release(held.removeFirst(), stripe: 0))
      }
    ])
    held.append(view.acquire(stripe: 0))
    XCTAssertTrue(Staged.isSpent)
    held += drain(view, stripe: 0)
    XCTAssertEqual(held.map { Slots<Staged>.index($0) }.sorted(), [0, 1, 2])
    XCTAssertTrue(held.allSatisfy { view.isLive($0) })
  }

  func testATokenReleasedByAnotherBeforeTheSwapIsNotReleasedAgain() {
    for reused in [false, true] {
      let (_, view) = make(Staged.self, capacity: 2, stripes: 1)
      let token = view.acquire(stripe: 0)
      var next: UInt64 = 0
      Staged.interrupt([
        {
          XCTAssertTrue(view.release(token, stripe: 0))
          if reused { next = view.acquire(stripe: 0) }
        }
      ])
      XCTAssertFalse(view.release(token, stripe: 0))
      XCTAssertTrue(Staged.isSpent)
      XCTAssertEqual(view.isLive(next), reused)
      XCTAssertEqual(view.takenCount, reused ? 1 : 0)
      XCTAssertEqual(drain(view, stripe: 0).count, reused ? 1 : 2)
    }
  }

  func testAFreshSlotTakenByAnotherBeforeTheSwapIsNotTakenAgain() {
    let (_, view) = make(Staged.self, capacity: 2, stripes: 1)
    var other: UInt64 = 0
    Staged.interrupt([{ other = view.acquire(stripe: 0) }])
    let own = view.acquire(stripe: 0)
    XCTAssertEqual([other, own].map { Slots<Staged>.index($0) }, [0, 1])
    XCTAssertEqual(view.acquire(stripe: 0), 0)
  }

  func testASlotGivenBackBeforeTheSwapOfAnotherIsNotLost() {
    let (_, view) = make(Staged.self, capacity: 2, stripes: 1)
    let tokens = drain(view, stripe: 0)
    Staged.interrupt([{}, { XCTAssertTrue(view.release(tokens[1], stripe: 0)) }])
    XCTAssertTrue(view.release(tokens[0], stripe: 0))
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(drain(view, stripe: 0).count, 2)
  }

  // MARK: - Kills and damage

  /// Whatever a kill leaves of heads, links, fresh counts and live counts, the states decide.
  func testRecoveryKeepsTheLiveAndFreesTheRest() {
    for seed in 1...100 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let stripes = 1 << Int.random(in: 0...3, using: &random)
      let capacity = Int.random(in: 1...50, using: &random)
      let (memory, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes)
      var live = (0..<Int.random(in: 0...capacity, using: &random)).map { view.acquire(stripe: $0) }
      for _ in 0..<(live.count / 3) {
        XCTAssertTrue(view.release(live.removeLast(), stripe: Int(seed)))
      }
      for stripe in 0..<stripes {
        for word in 0..<3 {
          memory.base.storeBytes(of: random.next(), toByteOffset: stripe * 128 + word * 8, as: UInt64.self)
        }
      }
      for slot in 0..<capacity {
        memory.base.storeBytes(
          of: random.next(), toByteOffset: stripes * 128 + slot * 16 + 8, as: UInt64.self)
      }
      XCTAssertTrue(view.recover())
      XCTAssertEqual(view.takenCount, live.count)
      XCTAssertTrue(live.allSatisfy { view.isLive($0) })
      let rest = drain(view, stripe: 0)
      XCTAssertEqual(
        (rest + live).map { Slots<ManyWriters>.index($0) }.sorted(), Array(0..<capacity), "seed \(seed)")
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testRecoveryRefusesDamagedStatesAndChangesNothing() {
    for bits in [1, 2, 1 << 24 | 2, 1 << 24 | 3, 1 << 23] as [UInt64] {
      let (memory, view) = make(ManyWriters.self, capacity: 3, stripes: 1)
      _ = view.acquire(stripe: 0)
      memory.base.storeBytes(of: bits, toByteOffset: 128 + 32, as: UInt64.self)
      let before = memory.contents
      XCTAssertFalse(view.recover())
      XCTAssertEqual(memory.contents, before)
    }
  }

  func testAFreeListThatRunsInACircleIsReported() {
    let (memory, view) = make(ManyWriters.self, capacity: 4, stripes: 1)
    for token in drain(view, stripe: 0) { XCTAssertTrue(view.release(token, stripe: 0)) }
    for slot in 0..<4 {
      memory.base.storeBytes(
        of: UInt64((slot + 1) % 4 + 1), toByteOffset: 128 + slot * 16 + 8, as: UInt64.self)
    }
    let tokens = (0..<5).map { _ in view.acquire(stripe: 0) }
    XCTAssertEqual(Set(tokens.prefix(4)).count, 4)
    XCTAssertEqual(tokens[4], Slots<ManyWriters>.broken)
  }

  func testAHeadOrAFreshCountOutsideIsReported() {
    for (offset, word) in [(0, 5), (0, 0xFF_FFFF), (8, 5), (8, UInt64.max)] as [(Int, UInt64)] {
      let (memory, view) = make(ManyWriters.self, capacity: 4, stripes: 1)
      memory.base.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
      XCTAssertEqual(view.acquire(stripe: 0), Slots<ManyWriters>.broken)
      XCTAssertFalse(view.isLive(Slots<ManyWriters>.broken))
      XCTAssertFalse(view.release(Slots<ManyWriters>.broken, stripe: 0))
    }
  }

  func testRandomBytesNeitherTrapNorHangNorReachOutside() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (memory, view) = make(ManyWriters.self, capacity: 6, stripes: 2)
      memory.fill(using: &random)
      for call in 0..<50 {
        let token = view.acquire(stripe: call)
        XCTAssertTrue(token == 0 || token == Slots<ManyWriters>.broken || Slots<ManyWriters>.index(token) < 6)
        _ = view.release(random.next() & ~0xFF_FFFF | random.next() % 8, stripe: call)
        _ = view.release(view.token(at: call % 6), stripe: call)
        _ = view.takenCount
      }
      _ = view.recover()
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  // MARK: - Threads

  /// The owner writes plain memory: ThreadSanitizer sees a slot that two own, or a hand-over without
  /// ordering.
  func testASlotHasOneOwnerAtATime() {
    let capacity = 24
    for stripes in [1, 4] {
      let (memory, view) = make(ManyWriters.self, capacity: capacity, stripes: stripes)
      let payload = zeroed(bytes: capacity * 8)
      let outcomes = onThreads(4) { thread -> String? in
        var random = Seeded(UInt64(thread))
        var held: [UInt64] = []
        for step in 0..<150_000 {
          if held.count < 8 && random.next() & 1 == 0 {
            let token = view.acquire(stripe: thread)
            if token == 0 { continue }
            if token == Slots<ManyWriters>.broken { return "broken" }
            payload.words[Slots<ManyWriters>.index(token)] = token
            held.append(token)
          } else if let token = held.popLast() {
            let found = payload.words[Slots<ManyWriters>.index(token)]
            if found != token { return "step \(step): \(found) in the slot of \(token)" }
            if !view.release(token, stripe: thread) { return "step \(step): own token refused" }
            if view.release(token, stripe: thread) { return "step \(step): released twice" }
          }
        }
        for token in held where !view.release(token, stripe: thread) { return "own token refused at the end" }
        return nil
      }
      XCTAssertEqual(outcomes.compactMap { $0 }, [])
      XCTAssertEqual(view.takenCount, 0)
      XCTAssertEqual(
        drain(view, stripe: 0).map { Slots<ManyWriters>.index($0) }.sorted(), Array(0..<capacity))
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testOfManyReleasesOfOneTokenExactlyOneWins() {
    let capacity = 64
    let (_, view) = make(ManyWriters.self, capacity: capacity, stripes: 4)
    for round in 0..<60 {
      let tokens = drain(view, stripe: round)
      XCTAssertEqual(tokens.count, capacity)
      let wins = onThreads(4) { thread in
        (0..<capacity).filter { view.release(tokens[($0 + (thread & 1) * 7) % capacity], stripe: thread) }
          .count
      }
      XCTAssertEqual(wins.reduce(0, +), capacity)
      XCTAssertEqual(view.takenCount, 0)
    }
  }
}
