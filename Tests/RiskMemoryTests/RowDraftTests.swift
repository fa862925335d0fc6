import XCTest

@testable import RiskMemory

/// Records that are filled in place and published by a swap or a settle, by who knows the row's word.
final class RowDraftTests: MemoryTestCase {
  /// A draft that holds these words.
  private func draft<D: Discipline>(_ view: Rows<D>, _ words: [UInt64], spare: Int) -> RowDraft {
    let draft = view.draft(spare)!
    for (index, word) in words.enumerated() {
      draft.record.word(index * 8).pointee.bits.store(word, ordering: .releasing)
    }
    return draft
  }

  func testASwapPublishesTheDraftAndTheDisplacedRecordIsTheNextSpare() {
    func check<D: Discipline>(_ discipline: D.Type) {
      let (memory, view) = makeRows(discipline, rows: 3, spares: 2, words: 2)
      let first = draft(view, [1, 2], spare: 1)
      XCTAssertEqual(view.swap(2, 0, by: first, spare: 1), 1)
      XCTAssertEqual(read(view, 2).0, .record(sequence: 1))
      XCTAssertEqual(read(view, 2).1, [1, 2])
      let word = view.observe(2)
      XCTAssertEqual(view.record(word), first.record)
      let second = draft(view, [3, 4], spare: 1)  // what row 2 owned while it was undefined
      XCTAssertNotEqual(second.record, first.record)
      XCTAssertEqual(view.swap(2, word, by: second, spare: 1), 2)
      XCTAssertEqual(read(view, 2).1, [3, 4])
      XCTAssertEqual(view.draft(1)?.record, first.record, "the displaced record")
      XCTAssertTrue(view.recover())
      XCTAssertTrue(memory.isIntactAround)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testASettlePublishesTheDraftAndTheDisplacedRecordIsTheNextSpare() {
    func check<D: Discipline>(_ discipline: D.Type) {
      let (memory, view) = makeRows(discipline, rows: 3, spares: 2, words: 2)
      let first = draft(view, [1, 2], spare: 0)
      view.settle(0, by: first, spare: 0)
      XCTAssertEqual(read(view, 0).0, .record(sequence: 1))
      let second = draft(view, [3, 4], spare: 0)
      view.settle(0, by: second, spare: 0)
      XCTAssertEqual(read(view, 0).0, .record(sequence: 2))
      XCTAssertEqual(read(view, 0).1, [3, 4])
      XCTAssertEqual(view.draft(0)?.record, first.record, "the displaced record")
      XCTAssertTrue(view.recover())
      XCTAssertTrue(memory.isIntactAround)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testASwapFromAnOldWordFailsAndChangesNothing() {
    func check<D: Discipline>(_ discipline: D.Type) {
      let (memory, view) = makeRows(discipline, rows: 2, spares: 2, words: 1)
      XCTAssertEqual(publish(view, 0, [1], spare: 1), .published)
      let old = view.observe(0)
      XCTAssertEqual(publish(view, 0, [2], spare: 1), .published)
      let late = draft(view, [3], spare: 0)
      let before = memory.contents
      for word in [0, old, old + (1 << 24)] where word != view.observe(0) {
        XCTAssertEqual(view.swap(0, word, by: late, spare: 0), 0)
        XCTAssertEqual(memory.contents, before)
      }
      XCTAssertEqual(view.draft(0)?.record, late.record, "still the caller's own")
      XCTAssertEqual(view.swap(0, view.observe(0), by: late, spare: 0), 3)
      XCTAssertEqual(read(view, 0).1, [3])
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  func testASwapThatIsOvertakenAtTheLastInstantFailsAndLeavesTheOther() {
    let (_, view) = makeRows(Staged.self, rows: 1, spares: 2, words: 1)
    let mine = draft(view, [2], spare: 0)
    Staged.interrupt([{ XCTAssertEqual(self.publish(view, 0, [1], spare: 1), .published) }])
    XCTAssertEqual(view.swap(0, 0, by: mine, spare: 0), 0)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(read(view, 0).1, [1])
    XCTAssertTrue(view.recover())
  }

  func testThereIsNoDraftOfASpareThatDoesNotExistOrIsDamaged() {
    let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 1)
    for spare in [-1, 2, Int.max, Int.min] { XCTAssertNil(view.draft(spare)) }
    for word in [UInt64.max, 1 << 63, 6, 1 << 24] {
      memory.base.storeBytes(of: word, toByteOffset: 64, as: UInt64.self)
      XCTAssertNil(view.draft(0), "\(word)")
      XCTAssertNotNil(view.draft(1))
    }
  }

  func testWordsMayLieApartBesideWhatLeadsToTheirRow() {
    let rows = 4
    let spares = zeroed(bytes: Rows<ManyWriters>.sparesBytes(rows: rows, spares: 1))
    let records = zeroed(
      bytes: Rows<ManyWriters>.recordsBytes(rows: rows, spares: 1, recordBytes: 16))
    let words = zeroed(bytes: rows * 16)
    for row in 0..<rows { words.words[row * 2] = 0xABCD }  // the neighbours
    let view = Rows<ManyWriters>(
      words: words.base + 8, stride: 16, spares: spares.base, records: records.base, rows: rows, spares: 1,
      recordBytes: 16)
    for round in 1...5 {
      for row in 0..<rows {
        XCTAssertEqual(publish(view, row, [UInt64(row), UInt64(round)], spare: 0), .published)
      }
    }
    for row in 0..<rows {
      XCTAssertEqual(read(view, row).0, .record(sequence: 5))
      XCTAssertEqual(read(view, row).1, [UInt64(row), 5])
      XCTAssertEqual(words.words[row * 2], 0xABCD)
    }
    XCTAssertTrue(view.recover())
    XCTAssertTrue(words.isIntactAround && spares.isIntactAround && records.isIntactAround)
  }

  /// Stopped after each of the stores of a swap and of a settle: the row's word, then the spare's.
  func testAfterAKillAtAnyStoreOfASwapOrSettleEveryRecordHasOneOwner() {
    for settles in [false, true] {
      for stopped in 0...2 {
        let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 1)
        XCTAssertEqual(publish(view, 1, [7], spare: 0), .published)
        let mine = draft(view, [8], spare: 0)
        let before = memory.contents
        if settles {
          view.settle(1, by: mine, spare: 0)
        } else {
          XCTAssertEqual(view.swap(1, view.observe(1), by: mine, spare: 0), 2)
        }
        let after = memory.contents
        var torn = before
        for offset in [8, 64].prefix(stopped) {
          torn.replaceSubrange(offset..<offset + 8, with: after[offset..<offset + 8])
        }
        memory.restore(torn)
        XCTAssertTrue(view.recover())
        XCTAssertEqual(read(view, 1).1, [stopped == 0 ? 7 : 8])
        XCTAssertNotEqual(view.draft(0)?.record, view.draft(1)?.record)
        for spare in 0..<2 {
          for row in [0, 2] {
            XCTAssertEqual(publish(view, row, [UInt64(10 * row + spare)], spare: spare), .published)
            XCTAssertEqual(read(view, row).1, [UInt64(10 * row + spare)])
            XCTAssertEqual(read(view, 1).1, [stopped == 0 ? 7 : 8], "its record is nobody's spare")
          }
        }
      }
    }
  }
}
