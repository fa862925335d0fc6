import Synchronization
import XCTest

@testable import RiskMemory

/// What the exact window promises, under both disciplines. Its oracle is a list of the times taken.
final class ExactWindowTests: MemoryTestCase {
  private func window<D: Discipline>(_ memory: Memory, _ most: Int) -> ExactWindow<D> {
    ExactWindow<D>(at: memory.base, most: most)
  }

  private func memory(_ most: Int) -> Memory {
    zeroed(bytes: ExactWindow<OneWriter>.bytes(most: most))
  }

  /// Runs the same expectations on a fresh window of each discipline.
  private func onBoth(_ most: Int, _ expect: ((Int64, Int64, Int64) -> Int64) -> Void) {
    let (many, one) = (memory(most), memory(most))
    let (shared, single): (ExactWindow<ManyWriters>, ExactWindow<OneWriter>)
    (shared, single) = (window(many, most), window(one, most))
    expect { shared.take($0, $1, $2) }
    expect { single.take($0, $1, $2) }
    XCTAssertTrue(many.isIntactAround && one.isIntactAround)
  }

  // MARK: - One thread

  func testExactlyOneWindowApartPassesAndOneNanosecondLessDoesNot() {
    onBoth(4) { take in
      XCTAssertEqual(take(1000, 1, 50), 1000)
      XCTAssertEqual(take(1049, 1, 50), refused)
      XCTAssertEqual(take(1050, 1, 50), 1050)
    }
  }

  func testTheLimitPassesAndOneMoreDoesNot() {
    for limit in 1...4 as ClosedRange<Int64> {
      onBoth(4) { take in
        for _ in 0..<limit { XCTAssertEqual(take(7, limit, 10), 7) }
        XCTAssertEqual(take(7, limit, 10), refused)
        XCTAssertEqual(take(16, limit, 10), refused)
        XCTAssertEqual(take(17, limit, 10), 17)
      }
    }
  }

  func testABurstAcrossTheEdgeOfAFixedWindowIsNotAdmittedTwice() {
    onBoth(8) { take in
      for _ in 0..<8 { XCTAssertEqual(take(999, 8, 1000), 999) }  // the last instant of one
      for time in [Int64(1000), 1500, 1998] { XCTAssertEqual(take(time, 8, 1000), refused) }
      for _ in 0..<8 { XCTAssertEqual(take(1999, 8, 1000), 1999) }
      XCTAssertEqual(take(1999, 8, 1000), refused)
    }
  }

  func testATimeThatGoesBackCountsAsTheLatestTimeSeen() {
    onBoth(4) { take in
      XCTAssertEqual(take(500, 2, 100), 500)
      XCTAssertEqual(take(300, 2, 100), 500)
      XCTAssertEqual(take(599, 2, 100), refused)
      XCTAssertEqual(take(600, 2, 100), 600)
      XCTAssertEqual(take(0, 2, 100), 600)
    }
  }

  func testALookAndARefusalWriteNothing() {
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    for _ in 0..<2 { XCTAssertEqual(window.take(600, 2, 100), 600) }
    let before = memory.contents
    XCTAssertEqual(window.take(699, 2, 100), refused)
    XCTAssertEqual(window.seen(900, 2, 100), 900)
    XCTAssertEqual(window.count(now: 900, window: 100), 0)
    XCTAssertEqual(memory.contents, before)
  }

  func testALimitAndAWindowThatChangeKeepTheHistory() {
    onBoth(8) { take in
      for _ in 0..<5 { XCTAssertEqual(take(10, 5, 100), 10) }
      XCTAssertEqual(take(20, 2, 100), refused)
      XCTAssertEqual(take(20, 6, 100), 20)
      XCTAssertEqual(take(110, 2, 100), 110)  // the five have left, the sixth is still there
      XCTAssertEqual(take(111, 2, 100), refused)
      XCTAssertEqual(take(115, 1, 6), refused)
      XCTAssertEqual(take(115, 1, 5), 115)
      for _ in 0..<5 { XCTAssertEqual(take(116, 8, 100), 116) }
      XCTAssertEqual(take(116, 8, 100), refused)
    }
  }

  func testNothingPassesALevelOfZeroOrLess() {
    onBoth(4) { take in
      for level in [Int64(0), -1, .min] { XCTAssertEqual(take(10, level, 5), refused) }
      XCTAssertEqual(take(10, 1, 5), 10)
    }
  }

  func testALevelAboveTheLargestIsTheLargest() {
    for level in [Int64(5), 8, 9, 1 << 40, .max] {
      onBoth(4) { take in
        for _ in 0..<4 { XCTAssertEqual(take(10, level, 5), 10) }
        XCTAssertEqual(take(14, level, 5), refused)
        XCTAssertEqual(take(15, level, 5), 15)
      }
    }
  }

  func testTimesAndWindowsAtTheEndsOfTheirRangePass() {
    onBoth(1) { take in
      XCTAssertEqual(take(0, 1, .max), 0)
      XCTAssertEqual(take(timeMax, 1, .max), refused)
      XCTAssertEqual(take(timeMax - 1, 1, timeMax), refused)
      XCTAssertEqual(take(timeMax, 1, timeMax), timeMax)
      XCTAssertEqual(take(timeMax, 1, 1), refused)
    }
    onBoth(4) { take in
      for _ in 0..<4 { XCTAssertEqual(take(timeMax, 4, 1), timeMax) }
      XCTAssertEqual(take(0, 4, 1), refused)
    }
  }

  /// Times that stand, jump and go back, from 0 and up to the largest; levels and windows of any size; hints of
  /// any value. The list is compared after each step.
  func testRandomRunsAgreeWithAListOfTimesWhateverTheHint() {
    for seed in 1...60 {
      let most = 1 << (seed % 5)
      let (many, one) = (memory(most), memory(most))
      let shared: ExactWindow<ManyWriters> = window(many, most)
      let single: ExactWindow<OneWriter> = window(one, most)
      XCTAssertGreaterThan(compare(shared, many, most, seed), 100, "seed \(seed)")
      XCTAssertGreaterThan(compare(single, one, most, seed), 100, "seed \(seed)")
      XCTAssertEqual(many.contents, one.contents, "seed \(seed)")
      XCTAssertTrue(many.isIntactAround)
    }
  }

  /// How many messages were taken.
  private func compare<D: Discipline>(
    _ window: ExactWindow<D>, _ memory: Memory, _ most: Int, _ seed: Int
  ) -> Int {
    var random = Seeded(UInt64(seed))
    var times: [Int64] = []
    // The last third of the seeds ends at the largest time, and stays there.
    var now: Int64 = seed % 3 == 0 ? timeMax - 6000 : 0
    for step in 0..<800 {
      now = min(timeMax, max(0, now + Int64.random(in: -10...30, using: &random)))
      let level = [Int64.random(in: 0...Int64(most) + 1, using: &random), .max][Int(random.next() % 8) / 7]
      let length = [Int64(1), 40, 100, .max][Int(random.next() % 8) * 3 / 8 + Int(random.next() % 64) / 63]
      if random.next() % 3 == 0 { memory.words[0] = anyHint(&random, times.count) }
      let time = max(times.last ?? 0, now)
      let recent = Int64(times.suffix(most).filter { time - $0 < length }.count)
      XCTAssertEqual(window.count(now: now, window: length), recent, "seed \(seed) step \(step)")
      let expected = recent < min(level, Int64(most)) ? time : refused
      XCTAssertEqual(window.seen(now, level, length), expected, "seed \(seed) step \(step)")
      if random.next() % 8 == 0 {
        window.force(now: now, window: length)
        if recent < Int64(most) { times.append(time) }
      } else {
        XCTAssertEqual(window.take(now, level, length), expected, "seed \(seed) step \(step)")
        if expected != refused { times.append(time) }
      }
      expectSlots(memory, most, times)
      XCTAssertTrue(window.isSound(latest: times.last ?? 0))
    }
    return times.count
  }

  /// Where the next place is, a lap off, and anything.
  private func anyHint(_ random: inout Seeded, _ taken: Int) -> UInt64 {
    [0, .max, random.next(), UInt64(taken) &- random.next() % 40, UInt64(taken) &+ random.next() % 40]
      .randomElement(using: &random)!
  }

  /// Message k is in slot k mod C, its time plus one; what was never taken is 0.
  private func expectSlots(_ memory: Memory, _ most: Int, _ times: [Int64]) {
    var slots = [UInt64](repeating: 0, count: most * 2)
    for (index, time) in times.enumerated().suffix(most * 2) {
      slots[index % (most * 2)] = UInt64(time + 1)
    }
    XCTAssertEqual((0..<most * 2).map { memory.words[8 + $0] }, slots)
  }

  func testAForcedMessageCountsAboveTheLevelUpToTheLargest() {
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    for forced in 1...6 as ClosedRange<Int64> {
      window.force(now: 10, window: 5)
      XCTAssertEqual(window.count(now: 10, window: 5), min(forced, 4))
      XCTAssertEqual(window.take(10, 1, 5), refused)
    }
    XCTAssertEqual(window.take(15, 1, 5), 15)
  }

  // MARK: - Interleavings

  func testAPlaceThatAnotherTookIsNotTakenAgain() {
    let memory = memory(4)
    let window: ExactWindow<Staged> = self.window(memory, 4)
    XCTAssertEqual(window.take(10, 4, 100), 10)
    guard case .room(let place) = window.look(now: 20, level: 2, window: 100) else { return XCTFail("full") }
    var before: [UInt8] = []
    Staged.interrupt([
      {
        XCTAssertEqual(window.take(15, 2, 100), 15)
        before = memory.contents
      }
    ])
    XCTAssertFalse(ExactWindow<Staged>.take(place))
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(memory.contents, before)
    XCTAssertEqual(window.take(20, 2, 100), refused)
  }

  /// However many go before: also when the slots are back where they were.
  func testAPlaceIsStaleAfterAnyNumberOfLaps() {
    for others in 1...20 {
      let memory = memory(2)
      let window: ExactWindow<ManyWriters> = self.window(memory, 2)
      for time in 1...Int64(others % 7 + 1) { _ = window.take(time, 1, 1) }
      guard case .room(let place) = window.look(now: 50, level: 2, window: 1) else { return XCTFail("full") }
      for other in 0..<Int64(others) {
        XCTAssertEqual(window.take(50 + other / 2, 2, 1), 50 + other / 2)
      }
      let slots = (0..<4).map { memory.words[8 + $0] }
      XCTAssertFalse(ExactWindow<ManyWriters>.take(place), "\(others)")
      XCTAssertEqual((0..<4).map { memory.words[8 + $0] }, slots)
    }
  }

  /// The later of two has the earlier time: it goes behind, at the time of the first.
  func testWhoIsOvertakenByALaterTimeGoesAtThatTime() {
    let memory = memory(4)
    let window: ExactWindow<Staged> = self.window(memory, 4)
    Staged.interrupt([{ XCTAssertEqual(window.take(90, 4, 100), 90) }])
    XCTAssertEqual(window.take(20, 4, 100), 90)
    XCTAssertTrue(Staged.isSpent)
    expectSlots(memory, 4, [90, 90])
  }

  /// One place is left below the level, and each of two saw it.
  func testOfTwoThatSawTheLastPlaceOneGetsIt() {
    for late in [false, true] {
      let window: ExactWindow<Staged> = self.window(memory(4), 4)
      for _ in 0..<2 { XCTAssertEqual(window.take(10, 3, 100), 10) }
      Staged.interrupt([{ XCTAssertEqual(window.take(20, 3, 100), 20) }])
      XCTAssertEqual(window.take(late ? 110 : 109, 3, 100), late ? 110 : refused)
      XCTAssertTrue(Staged.isSpent)
    }
  }

  func testAForcedMessageIsNotLostToOthersThatAreQuicker() {
    let memory = memory(4)
    let window: ExactWindow<Staged> = self.window(memory, 4)
    let other = { XCTAssertEqual(window.take(20, 4, 100), 20) }
    Staged.interrupt([other, other])
    window.force(now: 20, window: 100)
    XCTAssertTrue(Staged.isSpent)
    expectSlots(memory, 4, [20, 20, 20])
  }

  // MARK: - Damage

  func testMemoryWithoutAPlaceIsBrokenAndSaidSo() {
    for held in [1, 1000, UInt64(timeMax), UInt64(Int64.max), .max] {
      for hint in [0, 3, UInt64.max] {
        let memory = memory(4)
        let window: ExactWindow<ManyWriters> = self.window(memory, 4)
        for slot in 0..<8 { memory.words[8 + slot] = held }
        memory.words[0] = hint
        let before = memory.contents
        XCTAssertEqual(window.seen(10, 4, 100), broken)
        XCTAssertEqual(window.count(now: 10, window: 100), 4, "as many as there can be")
        window.force(now: 10, window: 100)
        XCTAssertEqual(memory.contents, before)
        XCTAssertFalse(window.isSound(latest: timeMax))
      }
    }
  }

  func testMemoryWithTwoPlacesIsAnsweredAndNotSound() {
    for hint in 0..<16 as Range<UInt64> {
      let memory = memory(4)
      let window: ExactWindow<ManyWriters> = self.window(memory, 4)
      for slot in 0..<8 { memory.words[8 + slot] = UInt64(10 + slot % 4) }
      memory.words[0] = hint
      XCTAssertFalse(window.isSound(latest: 100))
      XCTAssertEqual(window.take(500, 4, 100), 500)
      XCTAssertEqual(window.seen(500, 0, 100), refused)
    }
  }

  func testOnlyOneDescentOrNothingAtAllIsSound() {
    let window: (([UInt64]) -> ExactWindow<OneWriter>) = { slots in
      let memory = self.memory(2)
      for (slot, held) in slots.enumerated() { memory.words[8 + slot] = held }
      return self.window(memory, 2)
    }
    for sound in [[0, 0, 0, 0], [5, 0, 0, 0], [5, 5, 6, 0], [9, 5, 6, 7], [8, 9, 5, 5]] as [[UInt64]] {
      XCTAssertTrue(window(sound).isSound(latest: 8), "\(sound)")
    }
    let latest = UInt64(bitPattern: -1)
    for odd in [[5, 5, 5, 5], [0, 5, 0, 5], [8, 10, 5, 5], [5, 0, 0, latest], [9, 5, 6, 5]] as [[UInt64]] {
      XCTAssertFalse(window(odd).isSound(latest: 8), "\(odd)")
    }
  }

  func testAnyMemoryIsEnduredWithoutATrapOrAWriteOutside() {
    for seed in 1...300 {
      var random = Seeded(UInt64(seed))
      let memory = memory(16)
      memory.fill(using: &random)
      let window: ExactWindow<ManyWriters> = self.window(memory, 16)
      for length in [Int64(1), 100, .max] {
        for now in [0, Int64(truncatingIfNeeded: random.next() >> 2), timeMax] {
          _ = window.take(now, Int64(truncatingIfNeeded: random.next()), length)
          let seen = window.count(now: now, window: length)
          XCTAssertTrue(seen >= 0 && seen <= 16)
          window.force(now: now, window: length)
          _ = window.isSound(latest: now)
        }
      }
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  // MARK: - Threads

  func testFourThreadsNeverTakeMoreThanTheLimitInAnyWindow() {
    // Steps that leave most attempts refused, and steps that let most be granted and collide.
    for (most, limit, step) in [(8, Int64(8), UInt64(4)), (8, 6, 60), (64, 40, 8), (1, 1, 250), (2, 1, 3)] {
      let memory = memory(most)
      let clock = Clock()
      let outcomes = onThreads(4) { [self] thread -> [Int64] in
        churn(self.window(memory, most), clock, thread, limit: limit, step: step)
      }
      let times = outcomes.joined().sorted()
      XCTAssertGreaterThanOrEqual(times.first ?? -1, 0)
      XCTAssertGreaterThan(times.count, Int(limit))
      let gaps = zip(times, times.dropFirst(Int(limit))).map { $1 - $0 }
      XCTAssertTrue(gaps.allSatisfy { $0 >= 100 }, "most \(most) limit \(limit)")
      // Each message is in the slot of its number: none was lost, none counted twice.
      expectSlots(memory, most, times)
      let window: ExactWindow<ManyWriters> = self.window(memory, most)
      let end = clock.advance(by: 100)
      for _ in 0..<limit { XCTAssertEqual(window.take(end, limit, 100), end, "stuck") }
      XCTAssertEqual(window.take(end, limit, 100), refused)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  /// The times taken; -1 among them when an answer was wrong by itself.
  private func churn(
    _ window: ExactWindow<ManyWriters>, _ clock: Clock, _ thread: Int, limit: Int64, step: UInt64
  ) -> [Int64] {
    var random = Seeded(UInt64(thread))
    var times: [Int64] = []
    for turn in 0..<30_000 {
      let now = clock.advance(by: Int64(random.next() % step))
      let lowered = turn % 8 == 0 ? max(1, limit - 2) : limit
      let time = window.take(now, lowered, 100)
      if time == broken { return [-1] }
      if time != refused {
        if time < now { return [-1] }
        times.append(time)
      }
      if turn % 64 == 0, window.count(now: now, window: 100) > limit { return [-1] }
    }
    return times
  }

  /// The smallest ring, which others move on while the place is searched.
  func testAWindowThatMovesFastIsNotTakenForBroken() {
    let memory = memory(1)
    let clock = Clock()
    let outcomes = onThreads(4) { [self] thread -> Int in
      let window: ExactWindow<ManyWriters> = self.window(memory, 1)
      var wrong = 0
      for turn in 0..<60_000 {
        if thread == 0 && turn % 4 == 0 { memory.base.word(0).pointee.bits.store(0, ordering: .relaxed) }
        if window.take(clock.advance(by: 1), 1, 1) == broken { wrong += 1 }
      }
      return wrong
    }
    XCTAssertEqual(outcomes, [0, 0, 0, 0])
  }
}

private let refused = ExactWindow<OneWriter>.refused
private let broken = ExactWindow<OneWriter>.broken
/// RCK_TIME_NS_MAX.
private let timeMax = Int64(1) << 62 - 1

/// A time that threads move together.
private final class Clock: Sendable {
  let time = Atomic<Int64>(1)
  func advance(by step: Int64) -> Int64 { time.wrappingAdd(step, ordering: .relaxed).newValue }
}
