import XCTest

@testable import RiskMemory

/// The lowest of a value over periods of every length, against a model that keeps every change.
final class MinimaTests: MemoryTestCase {
  /// A value by the times at which it changed, and what is kept of it.
  private struct Told {
    var changes: [(time: Int64, value: Int64)]
    var minima: Minima
    var count = 0
    let longest: Int64

    init(_ memory: Memory, most: Int, longest: Int64, from value: Int64) {
      changes = [(0, value)]
      minima = Minima(at: memory.base, most: most)
      self.longest = longest
    }

    var now: Int64 { changes.last!.value }

    mutating func become(_ value: Int64, at time: Int64) {
      count = minima.change(count, at: time, from: now, to: value, longest: longest)
      changes.append((time, value))
    }

    func lowest(after since: Int64) -> Int64 { minima.lowest(count, after: since, now: now) }

    /// Of all values that held after `since`.
    func exact(after since: Int64) -> Int64 {
      zip(changes, changes.dropFirst()).filter { $1.time > since }.map { $0.0.value }.min().map {
        min($0, now)
      }
        ?? now
    }

    /// How many changes ended a value after `since`.
    func ended(after since: Int64) -> Int { changes.dropFirst().filter { $0.time > since }.count }
  }

  private func told(_ most: Int, longest: Int64 = .max) -> (Memory, Told) {
    let memory = zeroed(bytes: most * Minima.entryBytes)
    return (memory, Told(memory, most: most, longest: longest, from: 50))
  }

  func testNothingIsOverlookedAndOnlyTheOldestEntryCountsTooLong() {
    for most in [1, 2, 3, 8] {
      for seed in 1...4 as ClosedRange<UInt64> {
        var (random, (memory, told)) = (Seeded(seed), told(most, longest: [.max, 300][Int(seed % 2)]))
        var time: Int64 = 1
        for _ in 0..<200 {
          // Often rising, so that there are more candidates than entries.
          let step = Int64.random(in: seed < 3 ? -2...6 : -9...9, using: &random)
          time += [0, 1, 1, 10, 100].randomElement(using: &random)!
          told.become(told.now + step, at: time)
          let since = time - Int64.random(in: 1...500, using: &random)
          let (found, exact) = (told.lowest(after: since), told.exact(after: since))
          XCTAssertLessThanOrEqual(found, exact)
          // The oldest entry that reaches into the period, and the end of the one in front of it.
          let ends = (0..<told.count).map { Int64(bitPattern: memory.words[$0 * 2]) }
          XCTAssertEqual(ends, Array(Set(ends)).sorted())
          if let first = ends.firstIndex(where: { $0 > since }), first > 0 {
            XCTAssertGreaterThanOrEqual(found, told.exact(after: ends[first - 1]))
          } else if ends.allSatisfy({ $0 <= since }) {
            XCTAssertEqual(found, exact)
          }
        }
        XCTAssertTrue(memory.isIntactAround)
      }
    }
  }

  func testItIsExactWhileAllButOneOfTheEntriesSuffice() {
    for seed in 1...3 as ClosedRange<UInt64> {
      var (random, (_, told)) = (Seeded(seed), told(8, longest: 100))
      var time: Int64 = 1
      for _ in 0..<150 {
        time += Int64.random(in: 10...30, using: &random)
        // At most seven values end in 100: one each 15 or more.
        while told.ended(after: time - 100) >= 7 { time += 1 }
        told.become(told.now + Int64.random(in: -3...9, using: &random), at: time)
        for back in [1, 20, 50, 99, 100] as [Int64] {
          XCTAssertEqual(told.lowest(after: time - back), told.exact(after: time - back))
        }
      }
    }
  }

  func testLongPeriodsAreAnsweredAboutAsWellAsShortOnes() {
    var (_, told) = told(32)
    // A value that rises all the time is its own age: what is found says how far back it looks.
    for time in 1...20_000 as ClosedRange<Int64> { told.become(50 + time, at: time) }
    for back in [10, 100, 1_000, 10_000] as [Int64] {
      let age = 20_000 - (told.lowest(after: 20_000 - back) - 50)
      XCTAssertGreaterThanOrEqual(age, back)
      XCTAssertLessThanOrEqual(age, 3 * back, "\(back)")
    }
  }

  func testAValueThatIsAsLowAgainTakesThePlaceOfAllBefore() {
    var (_, told) = told(8)
    for (time, value) in [(10, 60), (20, 70), (30, 80), (40, 60)] as [(Int64, Int64)] {
      told.become(value, at: time)
    }
    XCTAssertEqual(told.count, 1)
    XCTAssertEqual(told.lowest(after: 9), 50)
    XCTAssertEqual(told.lowest(after: 10), 60)
    told.become(50, at: 50)
    XCTAssertEqual(told.count, 0)
  }

  func testACopyAnswersAsTheOriginalDoes() {
    var (_, told) = told(8)
    for time in 1...20 as ClosedRange<Int64> { told.become(50 + time, at: time) }
    let copy = Minima(at: zeroed(bytes: 8 * Minima.entryBytes).base, most: 8)
    XCTAssertEqual(copy.copy(told.count, from: told.minima), told.count)
    for since in 0...20 as ClosedRange<Int64> {
      XCTAssertEqual(copy.lowest(told.count, after: since, now: told.now), told.lowest(after: since))
    }
  }

  func testDamagedEntriesLeadNowhere() {
    var random = Seeded(7)
    for most in [1, 2, 7] {
      let (memory, other) = (zeroed(bytes: most * 16), zeroed(bytes: most * 16))
      for _ in 0..<500 {
        memory.fill(using: &random)
        let minima = Minima(at: memory.base, most: most)
        let count = [-1, 0, 1, most, most + 1, Int.max, Int.min].randomElement(using: &random)!
        let draw = { Int64(bitPattern: random.next()) }
        _ = minima.lowest(count, after: draw(), now: draw())
        let kept = Minima(at: other.base, most: most).copy(count, from: minima)
        XCTAssertTrue((0...most).contains(kept))
        XCTAssertTrue(
          (0...most).contains(minima.change(count, at: draw(), from: draw(), to: draw(), longest: draw())))
      }
      XCTAssertTrue(memory.isIntactAround && other.isIntactAround)
    }
  }
}
