import Synchronization
import XCTest

@testable import RiskMemory

/// What the bucket window promises, under both disciplines. Its oracle is a dictionary from epochs to sums.
final class BucketWindowTests: MemoryTestCase {
  private let width = BucketWidth(window: 6400)  // buckets of 100

  private func fresh() -> Memory { zeroed(bytes: BucketWindow<OneWriter>.bytes) }

  private func window<D: Discipline>(_ memory: Memory) -> BucketWindow<D> {
    BucketWindow<D>(at: memory.base, width: width)
  }

  /// Runs the same expectations on a fresh window of each discipline.
  private func onBoth(_ expect: ((Int64, Int64, Int64) -> Int64, (Int64, Int64) -> Void) -> Void) {
    let (many, one) = (fresh(), fresh())
    let (shared, single): (BucketWindow<ManyWriters>, BucketWindow<OneWriter>) = (window(many), window(one))
    expect({ code(shared.take($0, now: $1, limit: $2)) }, { shared.undo($0, epoch: $1) })
    expect({ code(single.take($0, now: $1, limit: $2)) }, { single.undo($0, epoch: $1) })
    XCTAssertEqual(many.contents, one.contents)
    XCTAssertTrue(many.isIntactAround && one.isIntactAround)
  }

  func testTheLimitPassesAndOneMoreDoesNot() {
    onBoth { take, _ in
      XCTAssertEqual(take(100, 50, 100), 0)
      XCTAssertEqual(take(1, 50, 100), refused)
      XCTAssertEqual(take(0, 50, 100), 0)
      XCTAssertEqual(take(1, 50, 101), 0)
      XCTAssertEqual(take(0, 50, 100), refused)  // the limit was lowered below what is there
    }
  }

  func testAnAmountCountsForTheWholeWindowAndAtMostOneBucketLonger() {
    for start in [Int64(200), 237, 299, 300] {
      onBoth { take, _ in
        XCTAssertGreaterThanOrEqual(take(100, start, 100), 0)
        for age in [Int64(1), 100, 6300, 6398, 6399] { XCTAssertEqual(take(1, start + age, 100), refused) }
        XCTAssertGreaterThanOrEqual(take(100, start + 6400 + 100, 100), 0)
      }
    }
  }

  func testABurstAcrossTheEdgeOfAFixedWindowIsNotAdmittedTwice() {
    onBoth { take, _ in
      XCTAssertGreaterThanOrEqual(take(1000, 6399, 1000), 0)  // the last instant of one
      for time in [Int64(6400), 9000, 12_798] { XCTAssertEqual(take(1, time, 1000), refused) }
      XCTAssertGreaterThanOrEqual(take(1000, 12_900, 1000), 0)
    }
  }

  func testATimeThatGoesBackCountsInTheLatestEpoch() {
    onBoth { take, _ in
      let latest = take(10, 5050, 100)
      XCTAssertEqual(take(20, 1000, 100), latest)
      XCTAssertEqual(take(70, .min, 100), latest)
      XCTAssertEqual(take(1, 5050 + 6300, 100), refused)
      XCTAssertGreaterThan(take(100, 5050 + 6500, 100), latest)
    }
  }

  func testAmountsThatWouldOverflowAreRefused() {
    onBoth { take, _ in
      XCTAssertEqual(take(.max, 10, .max), 0)
      XCTAssertEqual(take(1, 10, .max), refused)
      XCTAssertEqual(take(.max, 10, .max), refused)
      XCTAssertEqual(take(-1, 10, .max), refused)
      XCTAssertEqual(take(.min, 10, .max), refused)
      XCTAssertGreaterThan(take(.max, 20_000, .max), 0)
    }
  }

  func testWhatIsUndoneCanBeTakenAgainAndOnlyOnce() {
    onBoth { take, undo in
      let epoch = take(60, 1050, 100)
      XCTAssertEqual(take(40, 1050, 100), epoch)
      undo(60, epoch)
      undo(-5, epoch)
      undo(0, epoch)
      XCTAssertEqual(take(61, 1050, 100), refused)
      XCTAssertEqual(take(60, 1050, 100), epoch)
      XCTAssertEqual(take(1, 1050, 100), refused)
    }
  }

  func testWhatHasLeftTheWindowIsNotGivenBackAgain() {
    onBoth { take, undo in
      let epoch = take(60, 1050, 100)
      XCTAssertGreaterThan(take(100, 1050 + 6500, 100), epoch)
      undo(60, epoch)
      XCTAssertEqual(take(1, 1050 + 6500, 100), refused)
    }
  }

  func testAfterAPauseOfAnyLengthNothingIsLeft() {
    let memory = fresh()
    let window: BucketWindow<ManyWriters> = self.window(memory)
    for pause in [Int64(6500), 6600, 13_000, 1 << 40, 1 << 61] {
      let start = max(0, window.entered.pointee.value.load(ordering: .relaxed) * 100)
      for bucket in 0..<65 { _ = window.take(3, now: start + Int64(bucket) * 100 + 50, limit: .max) }
      XCTAssertEqual(code(window.take(0, now: start + 6450 + pause, limit: 0)) >= 0, true, "pause \(pause)")
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), 0)
      XCTAssertEqual(window.sum(now: 0), 0)
    }
  }

  func testRandomRunsAgreeWithADictionaryAndNeverExceedTheLimitInAWindow() {
    for seed in 1...30 {
      let (many, one) = (fresh(), fresh())
      compare(window(many) as BucketWindow<ManyWriters>, seed: UInt64(seed))
      compare(window(one) as BucketWindow<OneWriter>, seed: UInt64(seed))
      XCTAssertEqual(many.contents, one.contents, "seed \(seed)")
      XCTAssertTrue(many.isIntactAround)
    }
  }

  private func compare<D: Discipline>(_ window: BucketWindow<D>, seed: UInt64) {
    var random = Seeded(seed)
    var oracle = Oracle()
    var (now, latest) = (Int64(1000), Int64(0))
    for step in 0..<500 {
      let pace: Int64 = random.next() % 50 == 0 ? 9000 : 90
      now += Int64.random(in: -pace / 4...pace, using: &random)
      latest = max(latest, now)
      let amount = Int64.random(in: 0...40, using: &random)
      let limit: Int64 = random.next() % 10 == 0 ? 300 : 400
      let taken = code(window.take(amount, now: now, limit: limit))
      let expected = oracle.take(amount, epoch: width.epoch(of: now), limit: limit)
      XCTAssertEqual(taken, expected, "seed \(seed) step \(step)")
      if taken >= 0 {
        oracle.grants.append((latest, amount))
        XCTAssertLessThanOrEqual(oracle.granted(at: latest, window: 6400), limit)
      } else {
        // Not refused for more than what is at most one bucket too old.
        XCTAssertGreaterThan(oracle.granted(at: latest, window: 6501) + amount, limit)
      }
      if taken >= 0, random.next() % 4 == 0 {
        window.undo(amount, epoch: taken)
        oracle.sums[taken, default: 0] -= amount
        oracle.grants.removeLast()
      }
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), oracle.total)
      XCTAssertEqual(window.sum(now: now), oracle.total)
    }
    XCTAssertEqual(window.sum(now: latest + 6501), 0)
  }

  func testARefusalFirstFinishesTheSweepOfACallThatSleeps() {
    let memory = fresh()
    let window: BucketWindow<ManyWriters> = self.window(memory)
    XCTAssertEqual(code(window.take(100, now: 50, limit: 100)), 0)
    window.entered.pointee.value.store(65, ordering: .relaxed)  // entered, not swept
    XCTAssertEqual(code(window.take(100, now: 6550, limit: 100)), 65)
    window.entered.pointee.value.store(66, ordering: .relaxed)
    XCTAssertEqual(code(window.take(1, now: 6650, limit: 100)), contended)
    XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), 100)
  }

  func testATakerThatFindsItsSlotOfAnOldEpochTakesTheOldSumOut() {
    func check<D: Discipline>(_: D.Type) {
      let window: BucketWindow<D> = self.window(fresh())
      XCTAssertEqual(code(window.take(100, now: 50, limit: 1000)), 0)
      window.entered.pointee.value.store(65, ordering: .relaxed)  // entered, not swept
      XCTAssertEqual(code(window.take(5, now: 6550, limit: 1000)), 65)
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), 5)
      XCTAssertEqual(window.sum(now: 0), 5)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testTheNextSweepFinishesTheSweepOfACallThatSleeps() {
    let window: BucketWindow<ManyWriters> = self.window(fresh())
    XCTAssertEqual(code(window.take(100, now: 50, limit: 1000)), 0)
    window.entered.pointee.value.store(65, ordering: .relaxed)  // entered, not swept
    XCTAssertEqual(code(window.take(5, now: 6650, limit: 1000)), 66)
    XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), 5)
  }

  func testASlotOfALaterEpochIsNotOverwrittenAndTheReservationIsGivenBack() {
    let memory = fresh()
    let window: BucketWindow<ManyWriters> = self.window(memory)
    XCTAssertEqual(code(window.take(7, now: 6550, limit: 1000)), 65)
    window.entered.pointee.value.store(0, ordering: .relaxed)  // as a caller sees it that is overtaken
    let before = memory.contents
    XCTAssertEqual(code(window.take(5, now: 50, limit: 1000)), contended)
    XCTAssertEqual(memory.contents, before)
  }

  func testRecoveryCountsWhatTheSlotsHoldAndNothingElse() {
    for unswept in [Int64(0), 1, 64, 65, 200] {
      let memory = fresh()
      let window: BucketWindow<ManyWriters> = self.window(memory)
      for bucket in 0..<65 { _ = window.take(2, now: Int64(bucket) * 100 + 50, limit: .max) }
      window.entered.pointee.value.store(64 + unswept, ordering: .relaxed)  // killed before its sweep
      _ = ManyWriters.add(window.total, 33)  // killed between reservation and slot
      window.recover()
      let left = 2 * max(0, 65 - unswept)
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), left)
      XCTAssertEqual(window.sum(now: 0), left)
      XCTAssertEqual(code(window.take(1, now: 0, limit: left)), refused)
      XCTAssertEqual(code(window.take(1, now: 0, limit: left + 1)), 64 + unswept)
    }
  }

  func testAnyMemoryIsEnduredWithoutATrapOrAWriteOutside() {
    for seed in 1...200 {
      var random = Seeded(UInt64(seed))
      let memory = fresh()
      memory.fill(using: &random)
      let width = BucketWidth(reciprocal: random.next())
      let window = BucketWindow<ManyWriters>(at: memory.base, width: width)
      let (now, amount) = (Int64(truncatingIfNeeded: random.next()), Int64(random.next() >> 1))
      _ = window.take(amount, now: now, limit: .max)
      window.undo(amount, epoch: now)
      _ = window.sum(now: .max)
      if seed % 2 == 0 { window.recover() }
      _ = window.take(0, now: .max, limit: .min)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testACallThatIsOvertakenBeforeAnyOfItsStepsKeepsSumsAndLimit() {
    var overtaken = 0
    for (late, early) in [(Int64(0), Int64(0)), (100, 0), (0, 100), (6500, 0), (0, 6500), (99_000, 6500)] {
      for (step, undoes) in (0..<160).flatMap({ [($0, false), ($0, true)] }) {
        let window: BucketWindow<Overtaken> = self.window(fresh())
        var grants: [Int64: Int64] = [:]
        func take(_ amount: Int64, _ now: Int64) -> Int64 {
          let epoch = code(window.take(amount, now: now, limit: 100))
          if epoch >= 0 { grants[epoch, default: 0] += amount }
          return epoch
        }
        let first = take(30, 5050)
        Overtaken.before(step) {
          overtaken += 1
          if undoes {
            window.undo(30, epoch: first)
            grants[first, default: 0] -= 30
          }
          _ = take(60, 5050 + late)
        }
        _ = take(25, 5050 + early)
        Overtaken.never()
        let last = window.entered.pointee.value.load(ordering: .relaxed)
        let held = grants.filter { $0.key > last - 65 }.values.reduce(0, +)
        let total = window.total.pointee.value.load(ordering: .relaxed)
        let place = "step \(step) late \(late) early \(early) undoes \(undoes)"
        XCTAssertEqual([total, window.sum(now: 0)], [held, held], place)
        XCTAssertEqual(take(101 - held, 0), refused, place)
        XCTAssertEqual(take(100 - held, 0), last, place)
      }
    }
    XCTAssertGreaterThan(overtaken, 300)
  }

  func testFourThreadsNeverTakeMoreThanTheLimitInAnyWindow() {
    for (step, limit) in [(UInt64(40), Int64(300)), (1200, 300), (3, 1 << 40)] {
      let memory = fresh()
      let clock = Clock()
      let outcomes = onThreads(4) { [self] thread -> Churned in
        churn(self.window(memory), clock: clock, thread: thread, step: step, limit: limit)
      }
      XCTAssertTrue(outcomes.allSatisfy(\.sound))
      var sums: [Int64: Int64] = [:]
      for (epoch, amount) in outcomes.flatMap(\.grants) { sums[epoch, default: 0] += amount }
      let epochs = sums.keys.sorted()
      XCTAssertGreaterThan(epochs.count, 65)
      var (held, oldest) = (Int64(0), 0)
      for epoch in epochs {
        held += sums[epoch]!
        while epochs[oldest] <= epoch - 65 {
          held -= sums[epochs[oldest]]!
          oldest += 1
        }
        XCTAssertLessThanOrEqual(held, limit)
      }
      let window: BucketWindow<ManyWriters> = self.window(memory)
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), window.sum(now: 0))
      let last = window.entered.pointee.value.load(ordering: .relaxed)
      XCTAssertEqual(window.sum(now: 0), sums.filter { $0.key > last - 65 }.values.reduce(0, +))
      XCTAssertGreaterThan(code(window.take(0, now: 1 << 60, limit: 0)), 0)
      XCTAssertEqual(window.total.pointee.value.load(ordering: .relaxed), 0)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  private struct Churned {
    var grants: [(epoch: Int64, amount: Int64)] = []
    var sound = true
  }

  private func churn(
    _ window: BucketWindow<ManyWriters>, clock: Clock, thread: Int, step: UInt64, limit: Int64
  ) -> Churned {
    var random = Seeded(UInt64(thread))
    var churned = Churned()
    for _ in 0..<30_000 {
      let now = clock.advance(by: Int64(random.next() % step))
      let amount = 1 + Int64(random.next() % 20)
      guard case .taken(let epoch) = window.take(amount, now: now, limit: limit) else { continue }
      if epoch < width.epoch(of: now) { churned.sound = false }
      if random.next() % 4 == 0 {
        window.undo(amount, epoch: epoch)
      } else {
        churned.grants.append((epoch, amount))
      }
    }
    return churned
  }
}

private let refused: Int64 = -1
private let contended: Int64 = -2

private func code<D: Discipline>(_ taken: BucketWindow<D>.Taken) -> Int64 {
  switch taken {
  case .taken(let epoch): epoch
  case .refused: refused
  case .contended: contended
  }
}

/// A discipline under which another call, whole, comes before one chosen step that may change memory.
private enum Overtaken: Discipline {
  nonisolated(unsafe) private static var stepsLeft = -1
  nonisolated(unsafe) private static var intruder: () -> Void = {}

  static func before(_ step: Int, _ call: @escaping () -> Void) { (stepsLeft, intruder) = (step, call) }

  static func never() { (stepsLeft, intruder) = (-1, {}) }

  private static func step() {
    stepsLeft -= 1
    if stepsLeft == -1 { intruder() }
  }

  static func add(_ cell: CellPointer, _ amount: Int64) -> Int64 {
    step()
    return OneWriter.add(cell, amount)
  }

  static func replace(_ word: WordPointer, _ expected: UInt64, by desired: UInt64) -> Bool {
    step()
    return OneWriter.replace(word, expected, by: desired)
  }

  static func replace(_ cell: CellPointer, _ expected: Int64, by desired: Int64) -> Bool {
    step()
    return OneWriter.replace(cell, expected, by: desired)
  }

  static func replace(_ pair: PairPointer, _ expected: WordPair, by desired: WordPair) -> Bool {
    step()
    return OneWriter.replace(pair, expected, by: desired)
  }

  static func lower(_ cell: CellPointer, by amount: Int64) {
    step()
    OneWriter.lower(cell, by: amount)
  }
}

/// The same semantics without slots or totals.
private struct Oracle {
  var sums: [Int64: Int64] = [:]
  var grants: [(time: Int64, amount: Int64)] = []
  var entered: Int64 = 0

  var total: Int64 { sums.filter { $0.key > entered - 65 }.values.reduce(0, +) }

  mutating func take(_ amount: Int64, epoch: Int64, limit: Int64) -> Int64 {
    entered = max(entered, epoch)
    guard total + amount <= limit else { return refused }
    sums[entered, default: 0] += amount
    return entered
  }

  func granted(at time: Int64, window: Int64) -> Int64 {
    grants.filter { time - $0.time < window }.map(\.amount).reduce(0, +)
  }
}

/// A time that threads move together.
private final class Clock: Sendable {
  let time = Atomic<Int64>(1)
  func advance(by step: Int64) -> Int64 { time.wrappingAdd(step, ordering: .relaxed).newValue }
}
