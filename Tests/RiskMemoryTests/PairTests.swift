import Synchronization
import XCTest

@testable import RiskMemory

/// Two words that change as one, under both disciplines.
final class PairTests: MemoryTestCase {
  func testAPairChangesOnlyWhenBothWordsAreAsExpectedAndTheFirstWordLiesFirst() {
    func check<D: Discipline>(_: D.Type) {
      let memory = zeroed(bytes: 64)
      let pair = memory.base.pair(16)
      XCTAssertTrue(D.replace(pair, WordPair(first: 0, second: 0), by: WordPair(first: 3, second: 5)))
      XCTAssertFalse(D.replace(pair, WordPair(first: 3, second: 4), by: WordPair(first: 9, second: 9)))
      XCTAssertFalse(D.replace(pair, WordPair(first: 2, second: 5), by: WordPair(first: 9, second: 9)))
      XCTAssertEqual(memory.base.word(16).pointee.bits.load(ordering: .relaxed), 3)
      XCTAssertEqual(memory.base.word(24).pointee.bits.load(ordering: .relaxed), 5)
      XCTAssertEqual(memory.base.halves(16), WordPair(first: 3, second: 5))
      XCTAssertEqual(memory.contents.filter { $0 != 0 }.count, 2)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
    XCTAssertEqual([MemoryLayout<Pair>.size, MemoryLayout<Pair>.alignment], [16, 16])
  }
}
