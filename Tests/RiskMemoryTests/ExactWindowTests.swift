import Synchronization
import XCTest

@testable import RiskMemory

/// What the exact window promises, under both disciplines. Its oracle is an array of the times taken.
final class ExactWindowTests: MemoryTestCase {
  private func window<D: Discipline>(_ memory: Memory, _ capacity: Int) -> ExactWindow<D> {
    ExactWindow<D>(at: memory.base, capacity: capacity)
  }

  private func memory(_ capacity: Int) -> Memory {
    zeroed(bytes: ExactWindow<OneWriter>.bytes(capacity: capacity))
  }

  /// Runs the same expectations on a fresh window of each discipline.
  private func onBoth(
    _ capacity: Int, _ expect: ((Int64, Int64, Int64, Int64) -> Int64) -> Void
  ) {
    let (many, one) = (memory(capacity), memory(capacity))
    let (shared, single): (ExactWindow<ManyWriters>, ExactWindow<OneWriter>)
    (shared, single) = (window(many, capacity), window(one, capacity))
    expect { code(shared.take($0, now: $1, limit: $2, window: $3)) }
    expect { code(single.take($0, now: $1, limit: $2, window: $3)) }
    XCTAssertTrue(many.isIntactAround && one.isIntactAround)
  }

  func testExactlyOneWindowApartPassesAndOneNanosecondLessDoesNot() {
    onBoth(4) { take in
      XCTAssertEqual(take(1, 1000, 1, 50), 1000)
      XCTAssertEqual(take(1, 1049, 1, 50), refused)
      XCTAssertEqual(take(1, 1050, 1, 50), 1050)
    }
  }

  func testTheLimitPassesAndOneMoreDoesNot() {
    for limit in 1...4 {
      onBoth(4) { take in
        for _ in 0..<limit { XCTAssertEqual(take(1, 7, Int64(limit), 10), 7) }
        XCTAssertEqual(take(1, 7, Int64(limit), 10), refused)
        XCTAssertEqual(take(1, 16, Int64(limit), 10), refused)
        XCTAssertEqual(take(1, 17, Int64(limit), 10), 17)
      }
    }
  }

  func testABurstAcrossTheEdgeOfAFixedWindowIsNotAdmittedTwice() {
    onBoth(8) { take in
      for _ in 0..<8 { XCTAssertEqual(take(1, 999, 8, 1000), 999) }  // the last instant of one
      for time in [Int64(1000), 1500, 1998] {  // the next one
        XCTAssertEqual(take(1, time, 8, 1000), refused)
      }
      XCTAssertEqual(take(8, 1999, 8, 1000), 1999)
    }
  }

  func testABatchIsTakenWholeOrNotAtAll() {
    onBoth(8) { take in
      XCTAssertEqual(take(3, 10, 5, 100), 10)
      XCTAssertEqual(take(3, 20, 5, 100), refused)
      XCTAssertEqual(take(2, 20, 5, 100), 20)
      XCTAssertEqual(take(4, 110, 5, 100), refused)
      XCTAssertEqual(take(3, 110, 5, 100), 110)
      XCTAssertEqual(take(6, 900, 5, 100), refused)
      XCTAssertEqual(take(5, 900, 5, 100), 900)
    }
  }

  func testATimeThatGoesBackCountsAsTheLatestTimeSeen() {
    onBoth(4) { take in
      XCTAssertEqual(take(1, 500, 2, 100), 500)
      XCTAssertEqual(take(1, 300, 2, 100), 500)
      XCTAssertEqual(take(1, 599, 2, 100), refused)
      XCTAssertEqual(take(2, 600, 2, 100), 600)
    }
  }

  func testARefusedAttemptChangesNothing() {
    onBoth(4) { take in
      XCTAssertEqual(take(3, 700, 2, 100), refused)
      XCTAssertEqual(take(2, 600, 2, 100), 600)  // the window's time is the latest that it took
      XCTAssertEqual(take(1, 699, 2, 100), refused)
      XCTAssertEqual(take(1, 650, 2, 100), refused)
      XCTAssertEqual(take(2, 700, 2, 100), 700)
    }
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    XCTAssertEqual(code(window.take(2, now: 600, limit: 2, window: 100)), 600)
    let before = memory.contents
    XCTAssertEqual(code(window.take(1, now: 699, limit: 2, window: 100)), refused)
    XCTAssertEqual(code(window.take(3, now: 900, limit: 2, window: 100)), refused)
    XCTAssertEqual(memory.contents, before)
  }

  func testALookSaysWhatATakeWouldSayAndWritesNothing() {
    for seed in 1...20 {
      var random = Seeded(UInt64(seed))
      let capacity = 1 << (seed % 5)
      let memory = memory(capacity)
      let window: ExactWindow<ManyWriters> = self.window(memory, capacity)
      var (now, granted) = (Int64(1000), 0)
      for step in 0..<500 {
        now += Int64.random(in: -3...20, using: &random)
        let count = Int64.random(in: 0...Int64(capacity) + 1, using: &random)
        let limit = Int64.random(in: 0...Int64(capacity) + 1, using: &random)
        let before = memory.contents
        let seen = code(window.look(count, now: now, limit: limit, window: 60))
        XCTAssertEqual(memory.contents, before, "seed \(seed) step \(step)")
        XCTAssertEqual(seen, code(window.take(count, now: now, limit: limit, window: 60)))
        if seen >= 0 { granted += 1 }
      }
      XCTAssertGreaterThan(granted, 30, "seed \(seed)")
    }
  }

  func testALookAtAnUnwrittenEntryIsContended() {
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    XCTAssertEqual(code(window.take(1, now: 10, limit: 1, window: 5)), 10)
    window.number(of: 0).pointee.value.store(0, ordering: .relaxed)
    XCTAssertEqual(code(window.look(1, now: 1000, limit: 1, window: 5)), contended)
  }

  func testALimitThatChangesKeepsTheHistory() {
    onBoth(8) { take in
      XCTAssertEqual(take(5, 10, 5, 100), 10)
      XCTAssertEqual(take(1, 20, 2, 100), refused)
      XCTAssertEqual(take(1, 20, 6, 100), 20)
      XCTAssertEqual(take(1, 110, 2, 100), 110)  // the five have left, the sixth is still there
      XCTAssertEqual(take(1, 111, 2, 100), refused)
      XCTAssertEqual(take(6, 111, 8, 100), 111)
    }
  }

  func testAWindowThatChangesKeepsTheHistory() {
    onBoth(4) { take in
      XCTAssertEqual(take(1, 10, 1, 5), 10)
      XCTAssertEqual(take(1, 15, 1, 6), refused)
      XCTAssertEqual(take(1, 15, 1, 5), 15)
    }
  }

  func testNothingPassesALimitOfZeroOrLessNorACountOfZeroOrLess() {
    onBoth(4) { take in
      for limit in [Int64(0), -1, .min] { XCTAssertEqual(take(1, 10, limit, 5), refused) }
      for count in [Int64(0), -1, .min] { XCTAssertEqual(take(count, 10, 4, 5), refused) }
      XCTAssertEqual(take(4, 10, 4, 5), 10)
    }
  }

  func testALimitAboveTheCapacityIsTheCapacity() {
    onBoth(4) { take in
      XCTAssertEqual(take(.max, 10, .max, 5), refused)
      XCTAssertEqual(take(5, 10, .max, 5), refused)
      XCTAssertEqual(take(4, 10, .max, 5), 10)
      XCTAssertEqual(take(1, 14, .max, 5), refused)
    }
  }

  func testTimesAndWindowsAtTheEndsOfTheirRangePass() {
    let end = Int64(1) << 62
    onBoth(1) { take in
      XCTAssertEqual(take(1, 0, 1, .max), 0)
      XCTAssertEqual(take(1, end, 1, .max), refused)
      XCTAssertEqual(take(1, end, 1, end), end)
      XCTAssertEqual(take(1, end, 1, 0), end)
    }
  }

  func testRandomRunsAgreeWithAnArrayOfTimes() {
    for seed in 1...40 {
      let capacity = 1 << (seed % 5)
      let (many, one) = (memory(capacity), memory(capacity))
      compare(window(many, capacity) as ExactWindow<ManyWriters>, seed: UInt64(seed))
      compare(window(one, capacity) as ExactWindow<OneWriter>, seed: UInt64(seed))
      XCTAssertEqual(many.contents, one.contents, "seed \(seed)")
      XCTAssertTrue(many.isIntactAround)
    }
  }

  private func compare<D: Discipline>(_ window: ExactWindow<D>, seed: UInt64) {
    var random = Seeded(seed)
    var times: [Int64] = []
    var (latest, now) = (Int64(0), Int64(1000))
    for step in 0..<600 {
      now += Int64.random(in: -10...30, using: &random)
      let count = Int64.random(in: 1...3, using: &random)
      let limit = Int64.random(in: 0...window.capacity, using: &random)
      let length = [Int64(40), 100][Int(random.next() % 2)]
      let time = max(latest, now)
      let recent = Int64(times.filter { time - $0 < length }.count)
      let taken = code(window.take(count, now: now, limit: limit, window: length))
      let expected = recent + count <= limit ? time : refused
      XCTAssertEqual(taken, expected, "seed \(seed) step \(step)")
      if expected != refused {
        times += Array(repeating: time, count: Int(count))
        latest = time
      }
      let later = now + Int64.random(in: 0...60, using: &random)
      let seen = times.suffix(Int(window.capacity)).filter { max(latest, later) - $0 < length }.count
      XCTAssertEqual(window.count(now: later, window: length), Int64(seen), "seed \(seed) step \(step)")
    }
  }

  func testAnUnwrittenEntryCountsAsRecent() {
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    XCTAssertEqual(code(window.take(1, now: 10, limit: 1, window: 5)), 10)
    window.number(of: 0).pointee.value.store(0, ordering: .relaxed)
    XCTAssertEqual(code(window.take(1, now: 1000, limit: 1, window: 5)), contended)
    XCTAssertEqual(window.count(now: 1000, window: 5), 1)
  }

  func testASlotIsNotFilledBeforeItsLastWriterHasFinished() {
    let memory = memory(4)
    let window: ExactWindow<ManyWriters> = self.window(memory, 4)
    for time in 1...4 {
      XCTAssertEqual(code(window.take(1, now: Int64(time) * 10, limit: 1, window: 5)), Int64(time) * 10)
    }
    // Message 0 sleeps before it writes; message 4 wants its slot.
    window.number(of: 0).pointee.value.store(0, ordering: .relaxed)
    XCTAssertEqual(code(window.take(1, now: 1000, limit: 1, window: 5)), contended)
    window.number(of: 0).pointee.value.store(1, ordering: .relaxed)
    XCTAssertEqual(code(window.take(1, now: 1000, limit: 1, window: 5)), 1000)
  }

  func testAfterAKillAtAnyStoreOfATakeNothingIsForgottenAndNothingIsStuck() {
    var states = 0
    for seed in 1...30 {
      var random = Seeded(UInt64(seed))
      let memory = memory(8)
      let window: ExactWindow<OneWriter> = self.window(memory, 8)
      var now: Int64 = 100
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        now += Int64.random(in: 0...20, using: &random)
        _ = window.take(Int64.random(in: 1...3, using: &random), now: now, limit: 8, window: 50)
      }
      let before = memory.contents
      let first = Int(window.head.pointee.value.load(ordering: .relaxed))
      now += 50
      let count = Int.random(in: 1...8, using: &random)
      XCTAssertEqual(code(window.take(Int64(count), now: now, limit: 8, window: 50)), now)
      let after = memory.contents
      // latest, head, then time and number of each entry: stopped after `stores` of them.
      let stores =
        [8, 0]
        + (first..<first + count).flatMap {
          [window.offset(of: Int64($0)), window.offset(of: Int64($0)) + 8]
        }
      for stopped in 0...stores.count {
        var torn = before
        for offset in stores.prefix(stopped) {
          torn.replaceSubrange(offset..<offset + 8, with: after[offset..<offset + 8])
        }
        memory.restore(torn)
        window.recover()
        let held = window.count(now: now, window: 50)
        XCTAssertEqual(held, stopped < 2 ? 0 : Int64(count), "seed \(seed) stopped \(stopped)")
        XCTAssertEqual(code(window.take(9 - held, now: now, limit: 8, window: 50)), refused)
        XCTAssertEqual(code(window.take(8, now: now + 50, limit: 8, window: 50)), now + 50)
        states += 1
      }
    }
    XCTAssertGreaterThan(states, 100)
  }

  func testRecoveryGivesALostEntryTheTimeOfTheNextOneOrTheLatest() {
    for lost in 0..<256 {
      let memory = memory(8)
      let window: ExactWindow<ManyWriters> = self.window(memory, 8)
      for time in 1...13 { _ = window.take(1, now: Int64(time) * 10, limit: 8, window: 1) }
      // A taker died between its raise and its swap.
      window.latest.pointee.value.store(200, ordering: .relaxed)
      var expected: [Int64] = []
      var next: Int64 = 200
      for message in (Int64(5)..<13).reversed() {
        if lost & (1 << (message - 5)) == 0 {
          next = (message + 1) * 10
        } else {
          window.number(of: message).pointee.value.store(message - 7, ordering: .relaxed)
          window.time(of: message).pointee.value.store(0, ordering: .relaxed)
        }
        expected.append(next)
      }
      window.recover()
      let times = (Int64(5)..<13).reversed().map {
        window.time(of: $0).pointee.value.load(ordering: .relaxed)
      }
      XCTAssertEqual(times, expected, "lost \(lost)")
      XCTAssertEqual(code(window.take(8, now: 201, limit: 8, window: 1)), 201)
    }
  }

  func testRecoveryOfAWholeWindowChangesNothing() {
    let memory = memory(8)
    let window: ExactWindow<ManyWriters> = self.window(memory, 8)
    for time in 1...21 { _ = window.take(1, now: Int64(time), limit: 8, window: 3) }
    let before = memory.contents
    window.recover()
    XCTAssertEqual(memory.contents, before)
  }

  func testAnyMemoryIsEnduredWithoutATrapOrAWriteOutside() {
    for seed in 1...200 {
      var random = Seeded(UInt64(seed))
      let memory = memory(16)
      memory.fill(using: &random)
      let window: ExactWindow<ManyWriters> = self.window(memory, 16)
      let (count, limit) = (Int64(seed % 16), Int64(truncatingIfNeeded: random.next()))
      _ = window.take(count, now: Int64(truncatingIfNeeded: random.next()), limit: limit, window: .max)
      _ = window.count(now: .max, window: .min)
      if seed % 2 == 0 { window.recover() }
      _ = window.take(1, now: .min, limit: 16, window: .min)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testFourThreadsNeverTakeMoreThanTheLimitInAnyWindow() {
    // Steps that leave most attempts refused, and steps that let most be granted and collide.
    for (capacity, limit, batches, step) in [
      (8, Int64(8), Int64(1), UInt64(4)), (8, 6, 3, 60), (64, 40, 1, 8), (1, 1, 1, 250),
    ] {
      let memory = memory(capacity)
      let clock = Clock()
      let outcomes = onThreads(4) { [self] thread -> [Int64] in
        churn(self.window(memory, capacity), clock, thread, limit: limit, batches: batches, step: step)
      }
      let times = outcomes.joined().sorted()
      XCTAssertGreaterThanOrEqual(times.first ?? -1, 0)
      XCTAssertGreaterThan(times.count, Int(limit))
      let gaps = zip(times, times.dropFirst(Int(limit))).map { $1 - $0 }
      XCTAssertTrue(gaps.allSatisfy { $0 >= 100 }, "capacity \(capacity) limit \(limit)")
      let window: ExactWindow<ManyWriters> = self.window(memory, capacity)
      XCTAssertEqual(window.head.pointee.value.load(ordering: .relaxed), Int64(times.count))
      let end = clock.advance(by: 100)
      XCTAssertEqual(code(window.take(limit, now: end, limit: limit, window: 100)), end, "stuck")
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  /// The times taken; -1 among them when an answer was wrong by itself.
  private func churn(
    _ window: ExactWindow<ManyWriters>, _ clock: Clock, _ thread: Int, limit: Int64, batches: Int64,
    step: UInt64
  ) -> [Int64] {
    var random = Seeded(UInt64(thread))
    var times: [Int64] = []
    for turn in 0..<30_000 {
      let now = clock.advance(by: Int64(random.next() % step))
      let count = 1 + Int64(random.next() % UInt64(batches))
      let lowered = turn % 8 == 0 ? max(1, limit - 2) : limit
      if case .taken(let time) = window.take(count, now: now, limit: lowered, window: 100) {
        if time < now { return [-1] }
        times += repeatElement(time, count: Int(count))
      }
      if turn % 64 == 0, window.count(now: now, window: 100) > window.capacity { return [-1] }
    }
    return times
  }
}

private let refused: Int64 = -1
private let contended: Int64 = -2

private func code<D: Discipline>(_ taken: ExactWindow<D>.Taken) -> Int64 {
  switch taken {
  case .taken(let time): time
  case .refused: refused
  case .contended: contended
  }
}

/// A time that threads move together.
private final class Clock: Sendable {
  let time = Atomic<Int64>(1)
  func advance(by step: Int64) -> Int64 { time.wrappingAdd(step, ordering: .relaxed).newValue }
}
