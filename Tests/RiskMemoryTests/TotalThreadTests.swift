import Synchronization
import XCTest

@testable import RiskMemory

/// Threads that take from one total and give back, what others took as well.
///
/// What is never above a level is seen by two counters that only grow: what was granted, counted afterwards, and what
/// is given back, counted before. When an amount was granted, at least so much was taken: what was counted as granted
/// before the call, less what was counted as given back by its end, and the amount.
final class TotalThreadTests: MemoryTestCase {
  private struct Crowd: @unchecked Sendable {
    let bed = TotalBed()
    let counters: Memory
    /// The level of each generation.
    let levels: [Int64]

    var granted: CellPointer { counters.base.cell(0) }
    var returned: CellPointer { counters.base.cell(128) }
    /// Amounts that threads exchange, so that one gives back what another took.
    func board(_ place: Int) -> WordPointer { counters.base.word(256 + place % 4 * 8) }

    func level(_ generation: UInt64) -> Int64 { levels[Int(generation) % levels.count] }

    func giveBack(_ amount: Int64, port: Int, _ generation: UInt64) {
      if amount == 0 { return }
      _ = ManyWriters.add(returned, amount)
      bed.port(port).lower(by: amount, bed.stamp, generation)
    }

    /// As a check takes: under a generation, at which it looks again. What it holds then.
    func take(_ amount: Int64, port: Int) -> Int64 {
      let generation = bed.now
      let before = granted.pointee.value.load(ordering: .acquiring)
      let taken = bed.port(port).take(amount, upTo: level(generation), bed.stamp, generation)
      if taken != .granted { return 0 }
      let after = returned.pointee.value.load(ordering: .acquiring)
      XCTAssertLessThanOrEqual(before - after + amount, level(generation))
      _ = ManyWriters.add(granted, amount)
      if bed.now == generation { return amount }
      giveBack(amount, port: port, generation)
      return 0
    }

    /// Takes and gives back for so many turns; what it holds in the end.
    func live(port: Int, seed: UInt64, turns: Int, facts: Bool) -> Int64 {
      var random = Seeded(seed &* 8 &+ UInt64(port))
      var held: [Int64] = []
      for _ in 0..<turns {
        let draw = random.next()
        if facts && draw % 256 == 0 {
          bed.port(port).raise(by: 20) { level(bed.now) }
          held.append(20)
        } else if draw % 8 < 4 {
          let amount = take(Int64(draw >> 8 % 5) % 5 + 1, port: port)
          let other = board(Int(draw >> 16 % 4)).pointee.bits.exchange(
            UInt64(amount), ordering: .acquiringAndReleasing)
          held.append(Int64(other))
        } else if let amount = held.popLast() {
          giveBack(amount, port: port, bed.now)
        }
        if held.count > 40 { giveBack(held.removeFirst(), port: port, bed.now) }
      }
      return held.reduce(0, +)
    }
  }

  /// Threads trade, the last of them publishes; then all is at rest, and at last given back.
  private func run(traders: Int, levels: [Int64], publications: Int = 0, facts: Bool = false, seed: UInt64) {
    let crowd = Crowd(counters: zeroed(bytes: 512), levels: levels)
    let bed = crowd.bed
    let held = onThreads(publications == 0 ? traders : traders + 1) { thread in
      if thread < traders { return crowd.live(port: thread + 1, seed: seed, turns: 20_000, facts: facts) }
      for _ in 0..<publications {
        bed.publish { XCTAssertEqual(bed.gate & 3, 3, "held until it is let go") }
        for _ in 0..<50 { _ = bed.port(0).look() }
      }
      return 0
    }
    var all = held.reduce(0, +)
    for place in 0..<4 { all += Int64(crowd.board(place).pointee.bits.exchange(0, ordering: .relaxed)) }
    XCTAssertEqual([bed.taken, bed.port(0).look()], [all, all], "seed \(seed)")
    XCTAssertNotEqual(bed.gate & 3, 1, "nobody is closing")
    XCTAssertTrue(bed.isOpen || !bed.hasLeases)
    let room = levels[Int(bed.now) % levels.count] - all
    XCTAssertEqual(bed.take(room + 1, upTo: room + all, port: 1), .exceeds(all))
    XCTAssertFalse(bed.hasLeases)
    XCTAssertEqual(bed.drawn, all)
    crowd.giveBack(all, port: traders, bed.now)
    bed.port(0).hold()
    XCTAssertEqual([bed.drawn, bed.port(0).look()], [0, 0])
    XCTAssertTrue(bed.isIntactAround)
  }

  func testNoThreadTakesATotalAboveItsLevelAndNothingIsLost() {
    for (seed, level) in [60, 400, 4_000, 100_000].enumerated() {
      for traders in [2, 4] { run(traders: traders, levels: [Int64(level)], seed: UInt64(seed)) }
    }
  }

  func testNothingIsGrantedAboveTheLevelInForceWhileLevelsMove() {
    for (seed, levels) in [[400, 40], [8_000, 200, 4_000], [100_000, 0]].enumerated() {
      for traders in [2, 3] {
        run(traders: traders, levels: levels.map(Int64.init), publications: 1_000, seed: UInt64(seed) + 10)
      }
    }
  }

  func testFactsCountWhateverTheLevel() {
    for (seed, levels) in [[300], [8_000, 100]].enumerated() {
      run(
        traders: 3, levels: levels.map(Int64.init), publications: levels.count == 1 ? 0 : 1_000, facts: true,
        seed: UInt64(seed) + 20)
    }
  }
}
