import XCTest

@testable import RiskMemory

/// Messages that are taken in a row against the same ones taken one by one.
final class WindowRunTests: MemoryTestCase {
  private func make<D: Discipline>(_: D.Type, _ most: Int) -> (Memory, ExactWindow<D>) {
    let memory = zeroed(bytes: ExactWindow<D>.bytes(most: most))
    return (memory, ExactWindow<D>(at: memory.base, most: most))
  }

  func testARunThatHasRoomForItsLastIsTakenWholeAndOneThatHasNotIsNot() {
    let (memory, window) = make(ManyWriters.self, 8)
    XCTAssertEqual(window.take(1, now: 10, back: 8, window: 100), 0, "the first of all is looked for")
    XCTAssertEqual(window.take(10, 8, 100), 10)
    XCTAssertEqual(window.take(4, now: 20, back: 5, window: 100), 4)
    let before = memory.contents
    XCTAssertEqual(window.take(1, now: 109, back: 5, window: 100), 0)
    XCTAssertEqual(window.take(2, now: 110, back: 5, window: 100), 0)
    XCTAssertEqual(window.take(6, now: 500, back: 5, window: 100), 0, "more than the level")
    XCTAssertEqual(memory.contents, before)
    XCTAssertEqual(window.take(1, now: 110, back: 5, window: 100), 1)
    XCTAssertEqual(window.count(now: 110, window: 100), 5)
    XCTAssertEqual(window.take(3, now: 110, back: 8, window: 100), 3)
    XCTAssertEqual(window.take(8, now: 210, back: 8, window: 100), 8)
    XCTAssertEqual(window.count(now: 0, window: 100), 8, "at the latest time")
  }

  /// Times that stand, jump and go back; any level; hints that are behind.
  func testARunLeavesWhatItsMessagesLeaveOneByOne() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) -> Int {
      var random = Seeded(seed)
      let most = 1 << Int(seed % 5)
      let (memory, window) = make(discipline, most)
      let (other, single) = make(discipline, most)
      var (now, runs) = (Int64(0), 0)
      for step in 0..<1200 {
        now = max(0, now + Int64(random.next() % 40) - 10)
        let (back, count) = (1 + random.next() % UInt64(most), 1 + Int(random.next() % 5))
        let length = [1, 40, 100][Int(random.next() % 3)]
        if random.next() % 8 == 0 { memory.words[0] = memory.words[0] &- random.next() % 2 }
        let before = memory.contents
        let seems = window.seemsBelow(Int64(back) - Int64(count) + 1, now: now, window: Int64(length))
        let taken = window.take(count, now: now, back: back, window: Int64(length))
        XCTAssertTrue(taken == 0 || taken == count, "seed \(seed) step \(step)")
        XCTAssertEqual(seems, taken == count, "seed \(seed) step \(step)")
        if taken == 0 {
          XCTAssertEqual(memory.contents, before)
          // One by one some may still be taken; the next run begins alike again.
          if window.take(now, Int64(back), Int64(length)) != -1 {
            XCTAssertNotEqual(single.take(now, Int64(back), Int64(length)), -1)
          }
        }
        for _ in 0..<taken { XCTAssertNotEqual(single.take(now, Int64(back), Int64(length)), -1) }
        XCTAssertEqual(
          window.count(now: now, window: Int64(length)), single.count(now: now, window: Int64(length)))
        XCTAssertEqual(
          Array(memory.contents.dropFirst(8)), Array(other.contents.dropFirst(8)), "but for the hint")
        runs += taken == count && count > 1 ? 1 : 0
      }
      return runs
    }
    var runs = 0
    for seed in 0..<20 as Range<UInt64> {
      runs += check(ManyWriters.self, seed) + check(OneWriter.self, seed)
    }
    XCTAssertGreaterThan(runs, 1000)
  }
}
