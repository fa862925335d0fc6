import XCTest

@testable import RiskMemory

/// Rows that are looked at in place, and staged in a spare: what they are to become is written at once, and
/// published later, or never.
final class StagedRowTests: MemoryTestCase {
  private struct Two: Equatable {
    var first: UInt64 = 0
    var second: UInt64 = 0
  }

  /// Stages the row with its first word raised and its second the double of that; what was there comes out.
  private func stage<D: Discipline>(
    _ view: Rows<D>, _ row: Int, spare: Int, by amount: UInt64 = 1
  ) -> StagedRow<Two>? {
    view.stage(row, spare: spare, Two()) { old, new in
      new.pointee = Two(first: old.pointee.first &+ amount, second: (old.pointee.first &+ amount) &* 2)
      return old.pointee
    }
  }

  private func claimed<D: Discipline>(
    _ discipline: D.Type, rows: Int, spares: Int
  ) -> (Memory, Rows<D>) {
    let (memory, view) = makeRows(discipline, rows: rows, spares: spares, words: 2)
    for spare in 0..<spares { view.claim(spare) }
    return (memory, view)
  }

  private func look<D: Discipline>(_ view: Rows<D>, _ row: Int) -> Two? {
    view.look(row, Two()) { $0.pointee }
  }

  /// Records that the rows name and that the spares name: each must be there once.
  private func owned<D: Discipline>(_ view: Rows<D>) -> [Int] {
    let first = view.record(1 << 24)!
    return (0..<view.rows).map { view.record(view.observe($0)).map { ($0 - first) / 16 } ?? $0 }
      + (0..<view.spares).map { (view.draft($0)!.record - first) / 16 }
  }

  private func expectOneOwner<D: Discipline>(_ view: Rows<D>, _ what: String) {
    XCTAssertEqual(owned(view).sorted(), Array(0..<view.rows + view.spares), what)
  }

  func testWhatIsStagedIsSeenByNobodyBeforeItIsPublished() {
    func check<D: Discipline>(_ discipline: D.Type) {
      let (memory, view) = claimed(discipline, rows: 3, spares: 2)
      XCTAssertNil(look(view, 1))
      for round in 0..<4 as Range<UInt64> {
        let before = (0..<3).map { look(view, $0) }
        let mine = view.draft(1)!.record
        let old = round == 0 ? mine - 3 * 16 : view.record(view.observe(1))!
        guard let staged = stage(view, 1, spare: 1) else { return XCTFail("not staged") }
        XCTAssertEqual(staged.what, before[1] ?? Two())
        XCTAssertEqual(staged.record, mine)
        XCTAssertEqual(staged.old, old)
        XCTAssertEqual((0..<3).map { look(view, $0) }, before)
        XCTAssertEqual(view.sequence(1), round)
        XCTAssertTrue(view.publish(1, staged, spare: 1))
        XCTAssertEqual(look(view, 1), Two(first: round + 1, second: 2 * round + 2))
        XCTAssertEqual(view.sequence(1), round + 1)
        XCTAssertEqual(view.draft(1)?.record, old, "the displaced record is the next spare")
        XCTAssertEqual([look(view, 0), look(view, 2)], [before[0], before[2]])
        expectOneOwner(view, "round \(round)")
      }
      XCTAssertTrue(memory.isIntactAround)
    }
    check(ManyWriters.self)
    check(OneWriter.self)
  }

  /// By another publication, or by one that is still to come when the swap begins.
  func testAPublicationAfterTheRowMovedOnFailsAndChangesNothing() {
    func check<D: Discipline>(_ discipline: D.Type, _ meet: (@escaping () -> Void) -> Void) {
      for isDefined in [false, true] {
        let (memory, view) = claimed(discipline, rows: 2, spares: 2)
        if isDefined { XCTAssertEqual(publish(view, 0, [7, 14], spare: 1), .published) }
        guard let staged = stage(view, 0, spare: 0) else { return XCTFail("not staged") }
        var before: [UInt8] = []
        meet {
          XCTAssertEqual(self.publish(view, 0, [20, 40], spare: 1), .published)
          before = memory.contents
        }
        XCTAssertFalse(view.publish(0, staged, spare: 0))
        XCTAssertEqual(memory.contents, before)
        expectOneOwner(view, "defined \(isDefined)")
        guard let again = stage(view, 0, spare: 0) else { return XCTFail("not staged") }
        XCTAssertTrue(view.publish(0, again, spare: 0))
        XCTAssertEqual(look(view, 0), Two(first: 21, second: 42))
      }
    }
    check(ManyWriters.self) { $0() }
    check(OneWriter.self) { $0() }
    check(Staged.self) { Staged.interrupt([$0]) }
    XCTAssertTrue(Staged.isSpent)
  }

  func testASpareStagesOnceItIsNamedAndNamingChangesNoName() {
    let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 2)
    for spare in 0..<2 { XCTAssertNil(stage(view, 0, spare: spare)) }
    let first = view.draft(1)!.record
    XCTAssertTrue(memory.contents.allSatisfy { $0 == 0 })
    for spare in [-1, 2, Int.max, Int.min] { view.claim(spare) }
    XCTAssertTrue(memory.contents.allSatisfy { $0 == 0 })
    view.claim(1)
    XCTAssertEqual(view.draft(1)?.record, first, "as its first use would")
    guard let staged = stage(view, 0, spare: 1) else { return XCTFail("not staged") }
    XCTAssertTrue(view.publish(0, staged, spare: 1))
    let before = memory.contents
    view.claim(1)
    XCTAssertEqual(memory.contents, before)
    XCTAssertNil(stage(view, 0, spare: 0))
  }

  /// Staged, given up, published late or by settling, in any order: records neither leak nor have two owners.
  func testSparesNeitherLeakNorDoubleOverManyRounds() {
    func check<D: Discipline>(_ discipline: D.Type, _ seed: UInt64) {
      var random = Seeded(seed)
      let (memory, view) = claimed(discipline, rows: 5, spares: 3)
      var model = [UInt64](repeating: 0, count: 5)
      var pending: [(row: Int, spare: Int, staged: StagedRow<Two>)] = []
      for round in 0..<3000 {
        let (row, spare) = (Int(random.next() % 5), Int(random.next() % 3))
        pending.removeAll { $0.spare == spare }  // its record is written again, or no longer its own
        switch random.next() % 4 {
        case 0:
          guard let staged = stage(view, row, spare: spare, by: 3) else { return XCTFail("not staged") }
          pending.append((row, spare, staged))
        case 1:
          XCTAssertEqual(publish(view, row, [model[row] + 1, 2 * model[row] + 2], spare: spare), .published)
          model[row] += 1
        case 2:
          guard let draft = view.draft(spare) else { return XCTFail("no draft") }
          draft.record.storeWords(Two(first: model[row] + 2, second: 2 * model[row] + 4))
          let kept = view.settle(row, by: draft, spare: spare)
          XCTAssertEqual(kept, view.draft(spare)?.record)
          model[row] += 2
        default:
          guard let (row, spare, staged) = pending.popLast() else { continue }
          let isHeld = view.holds(row, staged.word)
          XCTAssertEqual(view.publish(row, staged, spare: spare), isHeld)
          if isHeld { model[row] += 3 }
        }
        expectOneOwner(view, "seed \(seed) round \(round)")
        XCTAssertEqual((0..<5).map { look(view, $0)?.first ?? 0 }, model, "seed \(seed) round \(round)")
        if round % 700 == 699 {
          XCTAssertTrue(view.recover())
          pending = []
        }
      }
      XCTAssertTrue(memory.isIntactAround)
    }
    for seed in 1...4 as ClosedRange<UInt64> {
      check(ManyWriters.self, seed)
      check(OneWriter.self, seed)
    }
  }

  func testTheSequenceSkipsZeroWhenItWraps() {
    let (memory, view) = claimed(ManyWriters.self, rows: 1, spares: 1)
    XCTAssertEqual(publish(view, 0, [4, 8], spare: 0), .published)
    memory.words[0] |= UInt64.max << 24
    guard let staged = stage(view, 0, spare: 0) else { return XCTFail("not staged") }
    XCTAssertTrue(view.publish(0, staged, spare: 0))
    XCTAssertEqual(view.sequence(0), 1)
    XCTAssertEqual(look(view, 0), Two(first: 5, second: 10))
  }

  func testALookCountsOnlyWhileTheRowHolds() {
    let (_, view) = makeRows(ManyWriters.self, rows: 2, spares: 1, words: 2)
    XCTAssertEqual(publish(view, 1, [5, 6], spare: 0), .published)
    XCTAssertEqual(look(view, 1), Two(first: 5, second: 6))
    XCTAssertEqual(view.look(1, at: 8, UInt64(0)) { $0.pointee }, 6)
    XCTAssertNil(view.look(1, Two()) { _ in nil as Int? })
    XCTAssertNil(look(view, 0), "never published")
    let overtaken = view.look(1, Two()) { held -> UInt64? in
      XCTAssertEqual(publish(view, 1, [7, 8], spare: 0), .published)
      return held.pointee.first
    }
    XCTAssertNil(overtaken)
    XCTAssertEqual(look(view, 1), Two(first: 7, second: 8))
  }

  func testNothingIsStagedOrSeenOfDamagedMemory() {
    for (row, spare) in [(1 << 24 | 5, 4), (1 << 24 | 0xFF_FFFF, 4), (0, 6), (0, .max), (0, 1 << 63)]
      as [(UInt64, UInt64)]
    {
      let (memory, view) = makeRows(ManyWriters.self, rows: 3, spares: 2, words: 2)
      (memory.words[0], memory.words[8]) = (row, spare)
      let before = memory.contents
      XCTAssertNil(stage(view, 0, spare: 0), "\(row) \(spare)")
      XCTAssertNil(look(view, 0))
      XCTAssertEqual(memory.contents, before)
    }
  }

  /// Stopped after each of the stores of a publication: the row's word, then the spare's.
  func testAfterAKillAtAnyStoreOfAPublicationEveryRecordHasOneOwner() {
    for stopped in 0...2 {
      let (memory, view) = claimed(ManyWriters.self, rows: 3, spares: 2)
      guard let staged = stage(view, 1, spare: 0, by: 9) else { return XCTFail("not staged") }
      let before = memory.contents
      XCTAssertTrue(view.publish(1, staged, spare: 0))
      var torn = before
      for offset in [8, 64].prefix(stopped) {
        torn.replaceSubrange(offset..<offset + 8, with: memory.contents[offset..<offset + 8])
      }
      memory.restore(torn)
      XCTAssertTrue(view.recover())
      XCTAssertEqual(look(view, 1), stopped == 0 ? nil : Two(first: 9, second: 18))
      expectOneOwner(view, "\(stopped)")
    }
  }

  /// Readers see whole records, no raise is lost, none counts twice.
  func testThreadsThatStageAndPublishLoseNothing() {
    let (memory, view) = claimed(ManyWriters.self, rows: 2, spares: 4)
    let outcomes = onThreads(4) { [self] thread -> [UInt64] in
      var random = Seeded(UInt64(thread))
      var raised: [UInt64] = [0, 0, 0]
      for _ in 0..<40_000 {
        let row = Int(random.next() & 1)
        if let seen = look(view, row), seen.second != seen.first &* 2 { raised[2] += 1 }
        guard let staged = stage(view, row, spare: thread) else { continue }
        if view.publish(row, staged, spare: thread) { raised[row] += 1 }
      }
      return raised
    }
    for row in 0..<2 {
      let total = outcomes.map { $0[row] }.reduce(0, +)
      XCTAssertEqual(look(view, row), Two(first: total, second: total * 2))
      XCTAssertEqual(view.sequence(row), total)
    }
    XCTAssertEqual(outcomes.map { $0[2] }, [0, 0, 0, 0], "torn")
    expectOneOwner(view, "at rest")
    XCTAssertTrue(memory.isIntactAround)
  }
}
