import XCTest

@testable import RiskMemory

/// A glance at a window against the look that it is short for, and what is taken at its place.
final class WindowGlanceTests: MemoryTestCase {
  private let timeMax = Int64(1) << 62 - 1

  private func make<D: Discipline>(_: D.Type, _ most: Int) -> (Memory, ExactWindow<D>) {
    let memory = zeroed(bytes: ExactWindow<D>.bytes(most: most))
    return (memory, ExactWindow<D>(at: memory.base, most: most))
  }

  /// Time of the place; -1 when there is none.
  private func seen<D: Discipline>(
    _ window: ExactWindow<D>, _ now: Int64, _ back: UInt64, _ length: Int64
  ) -> Int64 {
    window.glance(now: now, back: back, window: length)?.time ?? -1
  }

  func testAtTheEdgesOfLevelAndWindowAGlanceSeesExactlyTheRoomThereIs() {
    for level in 1...4 as ClosedRange<UInt64> {
      let (memory, window) = make(ManyWriters.self, 4)
      XCTAssertEqual(seen(window, 100, level, 50), -1, "the first of all is looked for")
      for taken in 0..<level {
        if taken > 0 { XCTAssertEqual(seen(window, 100, level, 50), 100) }
        XCTAssertEqual(window.take(100, Int64(level), 50), 100)
      }
      let before = memory.contents
      XCTAssertEqual(seen(window, 100, level, 50), -1)
      XCTAssertEqual(seen(window, 149, level, 50), -1)
      XCTAssertEqual(seen(window, 150, level, 50), 150)
      XCTAssertEqual(seen(window, 99, level, 1), -1, "a time that goes back is the latest")
      XCTAssertEqual(seen(window, 101, level, 1), 101)
      XCTAssertEqual(seen(window, timeMax, level, timeMax - 100), timeMax)
      XCTAssertEqual(seen(window, timeMax, level, timeMax - 99), -1)
      XCTAssertEqual(seen(window, 150, level, .max), -1)
      XCTAssertEqual(memory.contents, before)
    }
  }

  /// Times that stand, jump and go back; any level; hints behind, ahead and of any value. A glance may see nothing
  /// only if there is no room, or no place where the hint is; and what it sees is the place that is taken.
  func testAGlanceAgreesWithTheLookAndItsPlaceIsTaken() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) -> Int {
      var random = Seeded(seed)
      let most = 1 << Int(seed % 5)
      let (memory, window) = make(discipline, most)
      var (now, found, isHintRight) = (Int64(seed % 3) * (timeMax / 2 - 9000), 0, false)
      for step in 0..<1500 {
        now = min(timeMax, max(0, now + Int64(random.next() % 40) - 10))
        let back = 1 + random.next() % UInt64(most)
        let length = [1, 40, 100, Int64.max][Int(random.next() % 64) / 20]
        if random.next() % 4 == 0 {
          memory.words[0] = random.next() % 8 == 0 ? random.next() : memory.words[0] &+ 1
          isHintRight = false
        }
        let looked = window.seen(now, Int64(back), length)
        guard let place = window.glance(now: now, back: back, window: length) else {
          XCTAssertTrue(looked == -1 || !isHintRight, "seed \(seed) step \(step)")
          if window.take(now, Int64(back), length) >= 0 { isHintRight = true }
          continue
        }
        XCTAssertEqual(place.time, looked, "seed \(seed) step \(step)")
        let count = window.count(now: now, window: length)
        XCTAssertTrue(ExactWindow<D>.take(place))
        XCTAssertFalse(ExactWindow<D>.take(place), "once")
        XCTAssertEqual(window.count(now: now, window: length), count + 1)
        XCTAssertTrue(window.isSound(latest: place.time))
        (found, isHintRight) = (found + 1, true)
      }
      XCTAssertTrue(memory.isIntactAround)
      return found
    }
    for seed in 1...30 as ClosedRange<UInt64> {
      XCTAssertGreaterThan(check(ManyWriters.self, seed), 100, "seed \(seed)")
      XCTAssertGreaterThan(check(OneWriter.self, seed), 100, "seed \(seed)")
    }
  }

  /// Who was overtaken between glance and taking takes nothing, however many went before.
  func testAPlaceThatWasGlancedAtIsStaleOnceAnotherTookIt() {
    let (memory, window) = make(Staged.self, 4)
    XCTAssertEqual(window.take(10, 4, 100), 10)
    guard let place = window.glance(now: 20, back: 2, window: 100) else { return XCTFail("no room") }
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
    XCTAssertEqual(seen(window, 20, 2, 100), -1)
  }

  /// Of threads that take what they glance at, never more than the limit pass in any window.
  func testThreadsThatGlanceNeverTakeMoreThanTheLimit() {
    let (memory, window) = make(ManyWriters.self, 8)
    let clock = zeroed(bytes: 8)
    XCTAssertEqual(window.take(1, 8, 100), 1)
    let outcomes = onThreads(4) { _ -> [Int64] in
      var times: [Int64] = []
      for turn in 0..<20_000 {
        let now = ManyWriters.add(clock.base.cell(0), Int64(turn % 9)) + 2
        guard let place = window.glance(now: now, back: 6, window: 100) else { continue }
        if ExactWindow<ManyWriters>.take(place) { times.append(place.time) }
      }
      return times
    }
    let times = outcomes.joined().sorted()
    XCTAssertGreaterThan(times.count, 100)
    XCTAssertTrue(zip(times, times.dropFirst(6)).allSatisfy { $1 - $0 >= 100 })
    XCTAssertTrue(window.isSound(latest: times.last ?? 0))
    XCTAssertTrue(memory.isIntactAround)
  }
}
