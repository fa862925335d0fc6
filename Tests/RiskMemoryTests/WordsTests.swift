import XCTest

@testable import RiskMemory

/// Copies of whole records, of every length that one may have.
final class WordsTests: MemoryTestCase {
  private struct One: Equatable { var first: UInt64 = 1 }

  private struct Seventeen: Equatable {
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4, 5, 6, 7, 8)
    var more: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
      9, 10, 11, 12, 13, 14, 15, 16
    )
    var last: UInt64 = 17

    static func == (one: Seventeen, other: Seventeen) -> Bool {
      withUnsafeBytes(of: one) { bytes in withUnsafeBytes(of: other) { bytes.elementsEqual($0) } }
    }
  }

  private func check<Value: Equatable>(_ value: Value, _ zero: Value) {
    let bytes = MemoryLayout<Value>.size
    let memory = zeroed(bytes: bytes + 16)
    (memory.base + 8).storeWords(value)
    var back = zero
    (memory.base + 8).loadWords(&back)
    XCTAssertEqual(back, value)
    XCTAssertEqual(memory.words[0], 0)
    XCTAssertEqual(memory.words[1 + bytes / 8], 0, "no word beyond the value")
    XCTAssertTrue(memory.isIntactAround)
  }

  func testAValueComesBackAndNothingBesideItIsTouched() {
    check(One(), One(first: 0))
    var empty = Seventeen()
    empty.words = (0, 0, 0, 0, 0, 0, 0, 0)
    empty.more = (0, 0, 0, 0, 0, 0, 0, 0)
    empty.last = 0
    check(Seventeen(), empty)
  }

  func testAnIntegerAndAHalfWordAreReadWhereTheyStand() {
    let memory = zeroed(bytes: 32)
    memory.words[2] = UInt64(bitPattern: -5)
    XCTAssertEqual(memory.base.loadInteger(16), -5)
    memory.base.half(28).pointee.bits.store(7, ordering: .relaxed)
    XCTAssertEqual(memory.words[3], 7 << 32)
  }
}
