import Foundation
import Synchronization
import XCTest

@testable import RiskMemory

/// What tests of rows share: rows in fresh memory, whole records in and out.
extension MemoryTestCase {
  func makeRows<D: Discipline>(
    _: D.Type, rows: Int, spares: Int, words: Int
  ) -> (Memory, Rows<D>) {
    // The three parts one behind the other, each at a line.
    let spareOffset = (Rows<D>.wordsBytes(rows: rows) + 63) & ~63
    let recordOffset = (spareOffset + Rows<D>.sparesBytes(rows: rows, spares: spares) + 63) & ~63
    let bytes = Rows<D>.recordsBytes(rows: rows, spares: spares, recordBytes: words * 8)
    let memory = zeroed(bytes: recordOffset + bytes)
    let view = Rows<D>(
      words: memory.base, spares: memory.base + spareOffset, records: memory.base + recordOffset, rows: rows,
      spares: spares, recordBytes: words * 8)
    return (memory, view)
  }

  func publish<D: Discipline>(
    _ view: Rows<D>, _ row: Int, _ words: [UInt64], expected: UInt64? = nil, spare: Int
  ) -> Publication {
    words.withUnsafeBytes { view.publish(row, from: $0.baseAddress!, expected: expected, spare: spare) }
  }

  func read<D: Discipline>(_ view: Rows<D>, _ row: Int) -> (Reading, [UInt64]) {
    var words = [UInt64](repeating: 0, count: view.recordBytes / 8)
    let reading = words.withUnsafeMutableBytes { view.read(row, into: $0.baseAddress!) }
    return (reading, words)
  }
}

final class RowsTests: MemoryTestCase {
  // MARK: - One thread

  func testZeroMemoryIsUndefinedInEveryRow() {
    let (_, view) = makeRows(ManyWriters.self, rows: 5, spares: 2, words: 3)
    for row in 0..<5 {
      XCTAssertEqual(read(view, row).0, .undefined)
      XCTAssertEqual(view.sequence(row), 0)
    }
  }

  func testRowsOutsideAreBrokenNotRead() {
    let (memory, view) = makeRows(ManyWriters.self, rows: 5, spares: 2, words: 3)
    for row in [-1, 5, Int.max, Int.min] {
      XCTAssertEqual(read(view, row).0, .broken)
      XCTAssertEqual(view.sequence(row), 0)
      XCTAssertEqual(publish(view, row, [1, 2, 3], spare: 0), .broken)
    }
    for spare in [-1, 2, Int.max, Int.min] {
      XCTAssertEqual(publish(view, 0, [1, 2, 3], spare: spare), .broken)
    }
    XCTAssertTrue(memory.contents.allSatisfy { $0 == 0 })
  }

  func testReadsAgreeWithAPlainModel() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) {
      var random = Seeded(seed)
      let rows = Int.random(in: 1...20, using: &random)
      let spares = Int.random(in: 1...5, using: &random)
      let (memory, view) = makeRows(discipline, rows: rows, spares: spares, words: 4)
      var model: [Int: (sequence: UInt64, words: [UInt64])] = [:]
      for step in 0..<2000 {
        let row = Int.random(in: 0..<rows, using: &random)
        let known = model[row]?.sequence ?? 0
        let expected: UInt64? = [nil, known, known &+ 1].randomElement(using: &random)!
        let words = (0..<4).map { _ in random.next() }
        let outcome = publish(
          view, row, words, expected: expected, spare: Int.random(in: 0..<spares, using: &random))
        if expected == known &+ 1 {
          XCTAssertEqual(outcome, .overtaken(by: known))
        } else {
          XCTAssertEqual(outcome, .published)
          model[row] = (known + 1, words)
        }
        if step % 500 == 499 { XCTAssertTrue(view.recover()) }
        for row in 0..<rows {
          let (reading, words) = read(view, row)
          guard let (sequence, expected) = model[row] else {
            XCTAssertEqual(reading, .undefined)
            continue
          }
          XCTAssertEqual(reading, .record(sequence: sequence))
          XCTAssertEqual(view.sequence(row), sequence)
          XCTAssertEqual(words, expected)
        }
      }
      XCTAssertTrue(memory.isIntactAround)
    }
    for seed in 1...3 {
      check(ManyWriters.self, UInt64(seed))
      check(OneWriter.self, UInt64(seed))
    }
  }

  func testSourceAndDestinationMayHaveAnyAlignment() {
    let (_, view) = makeRows(ManyWriters.self, rows: 1, spares: 1, words: 2)
    let bytes = zeroed(bytes: 64)
    for offset in 0..<16 {
      bytes.base.storeBytes(of: UInt8(offset), toByteOffset: 3 + offset, as: UInt8.self)
    }
    XCTAssertEqual(view.publish(0, from: bytes.base + 3, spare: 0), .published)
    XCTAssertEqual(view.read(0, into: bytes.base + 37), .record(sequence: 1))
    XCTAssertEqual(memcmp(bytes.base + 3, bytes.base + 37, 16), 0)
  }

  func testTheSequenceSkipsZeroWhenItWraps() {
    let (memory, view) = makeRows(ManyWriters.self, rows: 1, spares: 1, words: 1)
    XCTAssertEqual(publish(view, 0, [7], spare: 0), .published)
    let last = UInt64.max >> 24
    let record = memory.base.load(as: UInt64.self) & 0xFF_FFFF
    memory.base.storeBytes(of: last << 24 | record, as: UInt64.self)
    XCTAssertEqual(read(view, 0).0, .record(sequence: last))
    XCTAssertEqual(publish(view, 0, [8], expected: last, spare: 0), .published)
    XCTAssertEqual(read(view, 0).0, .record(sequence: 1))
    XCTAssertEqual(read(view, 0).1, [8])
  }

  func testAFieldReadInPlaceBelongsToTheWordWhileItHolds() {
    let (_, view) = makeRows(ManyWriters.self, rows: 2, spares: 1, words: 2)
    XCTAssertEqual(view.observe(1), 0)
    XCTAssertEqual(publish(view, 1, [5, 6], spare: 0), .published)
    let word = view.observe(1)
    XCTAssertEqual(view.record(word)?.load(fromByteOffset: 8, as: UInt64.self), 6)
    XCTAssertTrue(view.holds(1, word))
    XCTAssertEqual(publish(view, 1, [7, 8], spare: 0), .published)
    XCTAssertFalse(view.holds(1, word))
    XCTAssertNil(view.record(0))
    XCTAssertNil(view.record(1 << 24 | 3))
  }

  // MARK: - Interleavings

  func testAPublicationThatIsOvertakenBeforeItsSwapDisplacesTheOther() {
    let (_, view) = makeRows(Staged.self, rows: 2, spares: 2, words: 1)
    Staged.interrupt([{ XCTAssertEqual(self.publish(view, 0, [1], spare: 1), .published) }])
    XCTAssertEqual(publish(view, 0, [2], spare: 0), .published)
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(read(view, 0).0, .record(sequence: 2))
    XCTAssertEqual(read(view, 0).1, [2])
    XCTAssertTrue(view.recover(), "every record has one owner")
  }

  func testAnExpectationFailsWhenAnotherPublishesBeforeTheSwap() {
    let (_, view) = makeRows(Staged.self, rows: 2, spares: 2, words: 1)
    Staged.interrupt([{ XCTAssertEqual(self.publish(view, 0, [1], spare: 1), .published) }])
    XCTAssertEqual(publish(view, 0, [2], expected: 0, spare: 0), .overtaken(by: 1))
    XCTAssertTrue(Staged.isSpent)
    XCTAssertEqual(read(view, 0).1, [1])
    XCTAssertEqual(publish(view, 0, [3], expected: 1, spare: 0), .published)
    XCTAssertEqual(read(view, 0).1, [3])
  }

  // MARK: - Kills and damage

  /// The state after a kill between the swap of the word and the store of the displaced index.
  func testRecoveryAfterAKillInPublishGivesEveryRecordOneOwner() {
    let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 1)
    let before = memory.contents
    XCTAssertEqual(publish(view, 1, [11], spare: 0), .published)
    let swapped = memory.base.load(fromByteOffset: 8, as: UInt64.self)
    memory.restore(Array(before.prefix(64 + 2 * 128)))
    memory.base.storeBytes(of: swapped, toByteOffset: 8, as: UInt64.self)

    XCTAssertEqual(publish(view, 0, [12], spare: 0), .published)
    XCTAssertEqual(read(view, 1).1, [12], "without recovery two rows share the record")

    memory.restore(Array(before.prefix(64 + 2 * 128)))
    memory.base.storeBytes(of: swapped, toByteOffset: 8, as: UInt64.self)
    XCTAssertTrue(view.recover())
    for round in 0..<20 {
      XCTAssertEqual(publish(view, 0, [UInt64(100 + round)], spare: 0), .published)
      XCTAssertEqual(publish(view, 2, [UInt64(200 + round)], spare: 1), .published)
      XCTAssertEqual(read(view, 0).1, [UInt64(100 + round)])
      XCTAssertEqual(read(view, 2).1, [UInt64(200 + round)])
      XCTAssertEqual(read(view, 1).0, .record(sequence: 1))
    }
  }

  func testRecoveryRefusesRowsThatShareARecordOrNameNone() {
    let words: [[UInt64]] = [
      [1 << 24 | 1, 0, 0],  // row 0 names what row 1 owns undefined
      [1 << 24 | 4, 9 << 24 | 4, 0],  // two rows name one record
      [1 << 24 | 5, 0, 0],  // there are five records
      [3, 0, 0],  // a record without a sequence
    ]
    for damaged in words {
      let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 1)
      for (row, word) in damaged.enumerated() {
        memory.base.storeBytes(of: word, toByteOffset: row * 8, as: UInt64.self)
      }
      XCTAssertFalse(view.recover(), "\(damaged)")
    }
  }

  func testDamagedMemoryIsReportedAndNothingOutsideIsTouched() {
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let (memory, view) = makeRows(ManyWriters.self, rows: 7, spares: 3, words: 2)
      memory.fill(using: &random)
      for row in 0..<7 {
        XCTAssertEqual(read(view, row).0, .broken)
        XCTAssertEqual(publish(view, row, [1, 2], spare: Int(seed % 3)), .broken)
      }
      XCTAssertFalse(view.recover())
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  func testADamagedSpareIsReported() {
    for word in [UInt64.max, 1 << 63, 6, 1 << 24] {
      let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 1)
      memory.base.storeBytes(of: word, toByteOffset: 64, as: UInt64.self)
      XCTAssertEqual(publish(view, 0, [1], spare: 0), .broken, "\(word)")
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  // MARK: - Threads

  /// Every word of a record is its row and a stamp; a mixture of two records shows. Readers go on for as
  /// long as a writer does, so that they overlap.
  func testReadersSeeWholeRecordsOfTheirRowWhileWritersSwap() {
    func check<D: Discipline>(_ discipline: D.Type, writers: Int, publications: Int) {
      let (memory, view) = makeRows(discipline, rows: 2, spares: writers, words: 32)
      let writing = zeroed(bytes: 8).base.cell(0)
      // Plain memory written before each publication: ThreadSanitizer sees one without ordering.
      let notes = zeroed(bytes: writers * (publications + 1) * 8)
      writing.pointee.value.store(Int64(writers), ordering: .relaxed)
      let outcomes = onThreads(4) { thread -> String? in
        if thread < writers {
          defer { _ = ManyWriters.add(writing, -1) }
          var words = [UInt64](repeating: 0, count: 32)
          for count in 1...publications {
            let row = count & 1
            for index in 0..<32 { words[index] = UInt64(row << 48 | thread << 40 | count) }
            notes.words[thread * (publications + 1) + count] = words[0]
            let outcome = self.publish(view, row, words, spare: thread)
            if outcome != .published { return "\(outcome)" }
          }
          return nil
        }
        var last: [UInt64] = [0, 0]
        var words = [UInt64](repeating: 0, count: 32)
        var row = 0
        while writing.pointee.value.load(ordering: .relaxed) > 0 {
          row ^= 1
          let reading = words.withUnsafeMutableBytes { view.read(row, into: $0.baseAddress!) }
          if reading == .contended || reading == .undefined && last[row] == 0 { continue }
          guard case .record(let sequence) = reading else { return "\(reading)" }
          if sequence < last[row] { return "sequence \(sequence) after \(last[row])" }
          last[row] = sequence
          let first = words[0]
          for index in 1..<32 where words[index] != first { return "a mixture at word \(index): \(words)" }
          let note = Int(first >> 40 & 0xFF) * (publications + 1) + Int(first & 0xFF_FFFF)
          if notes.words[note] != first { return "a record before what it follows" }
          if first >> 48 != UInt64(row) { return "a record of another row" }
        }
        return nil
      }
      XCTAssertEqual(outcomes.compactMap { $0 }, [])
      XCTAssertEqual(view.sequence(0) + view.sequence(1), UInt64(publications * writers))
      XCTAssertTrue(view.recover())
      XCTAssertTrue(memory.isIntactAround)
    }
    check(ManyWriters.self, writers: 2, publications: 10000)
    check(ManyWriters.self, writers: 3, publications: 5000)
    check(OneWriter.self, writers: 1, publications: 10000)
  }

  func testReadChangePublishLosesNoUpdate() {
    let (_, view) = makeRows(ManyWriters.self, rows: 1, spares: 4, words: 2)
    XCTAssertEqual(publish(view, 0, [0, 0], spare: 0), .published)
    let done = onThreads(4) { thread -> Int in
      var done = 0
      while done < 15000 {
        let (reading, words) = self.read(view, 0)
        guard case .record(let sequence) = reading else { continue }
        let next = [words[0] + 1, words[1] + 3]
        if self.publish(view, 0, next, expected: sequence, spare: thread) == .published { done += 1 }
      }
      return done
    }
    XCTAssertEqual(done, [15000, 15000, 15000, 15000])
    XCTAssertEqual(read(view, 0).1, [60_000, 180_000])
    XCTAssertEqual(view.sequence(0), 60_001)
  }
}
