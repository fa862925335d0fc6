import Synchronization
import XCTest

@testable import RiskMemory

final class CellTests: MemoryTestCase {
  private func alone<D: Discipline>(_ type: D.Type) {
    let memory = zeroed(bytes: 64).base
    let cell = memory.cell(0)
    XCTAssertTrue(D.reserve(cell, 10, limit: 10), "up to the limit passes")
    XCTAssertFalse(D.reserve(cell, 1, limit: 10))
    XCTAssertTrue(D.reserve(cell, 0, limit: 10))
    XCTAssertFalse(D.reserve(cell, 0, limit: 9), "the limit was lowered below what is used")
    XCTAssertFalse(D.reserve(cell, Int64.max, limit: Int64.max), "an overflow is over every limit")
    XCTAssertEqual(D.add(cell, -4), 10)
    XCTAssertEqual(D.raise(cell, to: 3), 6)
    XCTAssertEqual(D.raise(cell, to: 7), 7)
    let word = memory.word(8)
    XCTAssertFalse(D.replace(word, 1, by: 2))
    XCTAssertTrue(D.replace(word, 0, by: 2))
    XCTAssertEqual(word.pointee.bits.load(ordering: .relaxed), 2)
  }

  func testReserveStopsAtTheLimitUnderBothDisciplines() {
    alone(ManyWriters.self)
    alone(OneWriter.self)
  }

  func testNoInterleavingTakesACellAboveItsLimitOrLosesAnAmount() {
    let memory = zeroed(bytes: 256).base
    let cell = memory.cell(0)
    let granted = memory.cell(128)
    _ = onThreads(4) { thread in
      var held: Int64 = 0
      for step in 0..<20_000 {
        let amount = Int64((step &+ thread) % 5 + 1)
        if ManyWriters.reserve(cell, amount, limit: 12) { held += amount }
        XCTAssertLessThanOrEqual(cell.pointee.value.load(ordering: .relaxed), 12)
        if step % 3 == 0 && held > 0 {
          _ = ManyWriters.add(cell, -held)
          held = 0
        }
      }
      _ = ManyWriters.add(granted, held)
    }
    XCTAssertEqual(
      cell.pointee.value.load(ordering: .relaxed), granted.pointee.value.load(ordering: .relaxed))
  }
}
