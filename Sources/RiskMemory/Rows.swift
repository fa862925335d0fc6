import CPlatform
import Synchronization

/// Rows: publication of fixed-size records. A reader sees a row's old record or its new one, never a
/// mixture, and never waits for a writer that has stopped half-way. It may not be used for records that
/// several writers change in place: a record is written whole, and changes by being replaced.
///
/// A row is one word {sequence 40, record 24}. There are `rows + spares` records; each writer owns one
/// spare. It fills its spare, swaps the row's word by one compare-and-swap, and keeps the record it
/// displaced as its next spare. So every record is at all times named by one row or owned by one writer,
/// and nothing is freed. Zero memory is valid: a row of sequence 0 is undefined and owns record `row`; a
/// spare of 0 is `rows + spare`.
///
/// Why a reader is never deceived. It loads the word (acquiring), copies the record word by word, loads the
/// word again, and believes the copy only if the two are equal.
/// - Everything of the record is there: the swap releases what the writer stored, the first load acquires
///   it.
/// - Nothing newer is there. A record is written again only by the writer whose swap displaced it, after
///   that swap. Those stores release and the reader's loads acquire: if the reader saw one of them, the
///   swap happened before, so its second load cannot return the old word. Sequences only grow, so a word
///   does not come back (it would take 2^40 publications within one read). On x86-64 all of these are plain
///   moves. Orderings stand on the record's words instead of fences, which ThreadSanitizer does not
///   understand.
///
/// A kill between the swap and the store of the displaced index leaves one record named twice (by its row
/// and by a spare) and one by nobody. `recover` names all spares anew from what the rows do not name.
public struct Rows<D: Discipline> {
  public let rows: Int
  public let spares: Int
  public let recordBytes: Int
  private let words: UnsafeMutableRawPointer
  private let stride: Int
  private let base: UnsafeMutableRawPointer
  private let records: UnsafeMutableRawPointer
  /// Records: `rows` and `spares`, as one number.
  private let total: Int

  /// Bytes of the three parts, for `rows` in 1..., `spares` in 1..., together at most 16,777,215, with records of
  /// `recordBytes`, a multiple of 8: the rows' words, what the writers own, the records.
  public static func wordsBytes(rows: Int) -> Int { rows &* 8 }

  public static func sparesBytes(rows: Int, spares: Int) -> Int {
    spares &* spareStride &+ mapBytes(rows &+ spares)
  }

  public static func recordsBytes(rows: Int, spares: Int, recordBytes: Int) -> Int {
    (rows &+ spares) &* recordBytes
  }

  /// A view of memory aligned to 64. Words are `stride` bytes apart, so that they can lie beside what leads to
  /// their row.
  @inline(__always)
  public init(
    words: UnsafeMutableRawPointer, stride: Int = 8, spares base: UnsafeMutableRawPointer,
    records: UnsafeMutableRawPointer, rows: Int, spares: Int, recordBytes: Int, total: Int? = nil
  ) {
    self.rows = rows
    self.spares = spares
    self.recordBytes = recordBytes
    self.words = words
    self.stride = stride
    self.base = base
    self.records = records
    self.total = total ?? rows &+ spares
  }

  // MARK: - Reading

  /// Copies the row's record. `destination` holds `recordBytes`, of any alignment, and is meaningful only
  /// after `.record`.
  @inline(__always)
  public func read(_ row: Int, into destination: UnsafeMutableRawPointer) -> Reading {
    guard isRow(row) else { return .broken }
    var tries = 0
    while tries < readTriesMax {
      let word = observe(row)
      if word == 0 { return .undefined }
      guard let record = record(word) else { return .broken }
      var offset = 0
      while offset < recordBytes {
        let bits = record.word(offset).pointee.bits.load(ordering: .acquiring)  // see above: nothing newer
        destination.storeBytes(of: bits, toByteOffset: offset, as: UInt64.self)
        offset &+= 8
      }
      if holds(row, word) { return .record(sequence: sequence(of: word)) }
      tries &+= 1  // somebody published meanwhile
    }
    return .contended
  }

  /// The row's sequence: 0 while it was never published, then changing with every publication.
  @inline(__always)
  public func sequence(_ row: Int) -> UInt64 {
    isRow(row) ? sequence(of: observe(row)) : 0
  }

  /// The row's word, for reading a few fields in place: `observe`, `record`, load acquiring, then `holds`.
  /// 0 when undefined. `row` must be a row.
  @inline(__always)
  public func observe(_ row: Int) -> UInt64 {
    word(row).pointee.bits.load(ordering: .acquiring)  // the record it names is complete
  }

  /// The record that a word other than 0 names. Nil: the word is broken.
  @inline(__always)
  public func record(_ word: UInt64) -> UnsafeMutableRawPointer? {
    let index = Int(truncatingIfNeeded: word & indexMask)
    guard index < total, sequence(of: word) != 0 else { return nil }
    return records + index &* recordBytes
  }

  /// The number of the record that a word other than 0 names, for what lies beside it elsewhere.
  @inline(__always)
  public func index(_ word: UInt64) -> Int { Int(truncatingIfNeeded: word & indexMask) }

  /// Asks for the lines of the record that a word names, whatever it is: what is asked for need not be there.
  @inline(__always)
  public func expect(_ word: UInt64) {
    let record = records + Int(truncatingIfNeeded: word & indexMask) &* recordBytes
    var line = 0
    while line < recordBytes {
      platform_expect(record + line)
      line &+= 64
    }
  }

  /// Likewise for its first line.
  @inline(__always)
  public func expectFirst(_ word: UInt64) {
    platform_expect(records + Int(truncatingIfNeeded: word & indexMask) &* recordBytes)
  }

  /// Likewise of a word without a sequence: nothing else is damaged by that.
  @inline(__always)
  private func named(_ word: UInt64) -> UnsafeMutableRawPointer? {
    let index = Int(truncatingIfNeeded: word & indexMask)
    return index < total ? records + index &* recordBytes : nil
  }

  /// Whether what was loaded since `observe` belongs to the record of `word`. Comes after acquiring loads.
  @inline(__always)
  public func holds(_ row: Int, _ word: UInt64) -> Bool {
    self.word(row).pointee.bits.load(ordering: .relaxed) == word  // the loads before it acquired
  }

  @inline(__always)
  public func sequence(of word: UInt64) -> UInt64 { word &>> indexBits }

  /// Looks at a row's record in place, from an offset on. Nil: undefined, replaced meanwhile, or damaged, or `body`
  /// says so. `row` must be a row.
  @inline(__always)
  public func look<Value, What>(
    _ row: Int, at offset: Int = 0, _ blank: Value, _ body: (UnsafePointer<Value>) -> What?
  ) -> What? {
    let word = observe(row)
    guard word != 0, let record = named(word), let what = (record + offset).look(blank, body),
      holds(row, word)
    else { return nil }
    return what
  }

  // MARK: - Writing

  /// Publishes `recordBytes` from `source`. With `expected`, only if the row still has that sequence, so
  /// that read, change, publish is one step; without, the last publication stands. `spare` belongs to the
  /// caller alone for as long as the call runs.
  @inline(__always)
  public func publish(
    _ row: Int, from source: UnsafeRawPointer, expected: UInt64? = nil, spare: Int
  ) -> Publication {
    guard isRow(row), UInt(bitPattern: spare) < UInt(bitPattern: spares) else { return .broken }
    let own = spareWord(spare)
    let mine = spareRecord(own.pointee.bits.load(ordering: .relaxed), spare)  // own last store
    guard mine < total else { return .broken }
    var word = observe(row)
    if let expected, sequence(of: word) != expected { return .overtaken(by: sequence(of: word)) }
    let target = records + mine &* recordBytes
    var offset = 0
    while offset < recordBytes {
      let bits = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      target.word(offset).pointee.bits.store(bits, ordering: .releasing)  // carries the swap that freed it
      offset &+= 8
    }
    while true {
      let displaced = owned(word, row)
      guard displaced < total, displaced != mine else { return .broken }
      if D.replace(self.word(row), word, by: successor(word, mine)) {
        own.pointee.bits.store(UInt64(truncatingIfNeeded: displaced &+ 1), ordering: .relaxed)  // own word
        return .published
      }
      word = observe(row)  // somebody else published: without an expectation theirs is displaced instead
      if expected != nil { return .overtaken(by: sequence(of: word)) }
    }
  }

  // MARK: - Writing in place, for who knows the row's word

  /// The caller's spare record, to be filled with releasing stores and then published by `swap` or `settle`.
  /// Nil: the memory is damaged, or there is no such spare.
  @inline(__always)
  public func draft(_ spare: Int) -> RowDraft? {
    guard UInt(bitPattern: spare) < UInt(bitPattern: spares) else { return nil }
    let mine = spareRecord(spareWord(spare).pointee.bits.load(ordering: .relaxed), spare)  // own last store
    guard mine < total else { return nil }
    return RowDraft(record: records + mine &* recordBytes, index: mine)
  }

  /// Names the spare's record, as its first use would: `stage` takes only a spare that has been named.
  public func claim(_ spare: Int) {
    guard UInt(bitPattern: spare) < UInt(bitPattern: spares) else { return }
    let own = spareWord(spare)
    if own.pointee.bits.load(ordering: .relaxed) != 0 { return }  // the caller's own
    own.pointee.bits.store(UInt64(truncatingIfNeeded: rows &+ spare &+ 1), ordering: .relaxed)
  }

  /// Publishes the draft if the row's word still is `word`, which may be 0, and returns the new sequence; 0 if
  /// the row has moved on. `row` must be a row, `spare` that of the draft.
  @inline(__always)
  public func swap(_ row: Int, _ word: UInt64, by draft: RowDraft, spare: Int) -> UInt64 {
    let next = successor(word, draft.index)
    guard D.replace(self.word(row), word, by: next) else { return 0 }
    let displaced = owned(word, row)
    spareWord(spare).pointee.bits.store(UInt64(truncatingIfNeeded: displaced &+ 1), ordering: .relaxed)
    return sequence(of: next)
  }

  /// Looks at a row's record in place while `fill` writes what it is to become into the caller's spare: every word of
  /// the value. What was looked at belongs together only if the row `holds` the word afterwards, and if `publish`
  /// succeeds it did. Nothing was written yet into what an undefined row owns: it is zero. Nil: damaged, `fill` says
  /// so, or the spare has no name. `spare` must be one.
  @inline(__always)
  public func stage<Value, What>(
    _ row: Int, spare: Int, _ blank: Value,
    _ fill: (UnsafePointer<Value>, UnsafeMutablePointer<Value>) -> What?
  ) -> StagedRow<What>? {
    let word = observe(row)
    // Own last store.
    let mine = Int(truncatingIfNeeded: spareWord(spare).pointee.bits.load(ordering: .relaxed) &- 1)
    let its = owned(word, row)
    guard UInt(bitPattern: its) < UInt(bitPattern: total), UInt(bitPattern: mine) < UInt(bitPattern: total)
    else {
      return nil
    }
    let draft = RowDraft(record: records + mine &* recordBytes, index: mine)
    let record = records + its &* recordBytes
    guard let what = record.look(blank, filling: draft.record, fill) else { return nil }
    return StagedRow(word: word, old: record, draft: draft, what: what)
  }

  /// Publishes what was staged. False: the row has moved on.
  @inline(__always)
  public func publish<What>(_ row: Int, _ staged: StagedRow<What>, spare: Int) -> Bool {
    guard D.replace(word(row), staged.word, by: successor(staged.word, staged.draft.index)) else {
      return false
    }
    let displaced = owned(staged.word, row)
    spareWord(spare).pointee.bits.store(UInt64(truncatingIfNeeded: displaced &+ 1), ordering: .relaxed)
    return true
  }

  /// Publishes the draft in a row that nobody else may change now, without a locked instruction. The record that the
  /// spare names from now on.
  @inline(__always)
  @discardableResult
  public func settle(_ row: Int, by draft: RowDraft, spare: Int) -> UnsafeMutableRawPointer {
    let word = self.word(row).pointee.bits.load(ordering: .relaxed)  // nobody else stores
    // Release: who finds the row sees the record.
    self.word(row).pointee.bits.store(successor(word, draft.index), ordering: .releasing)
    let displaced = owned(word, row)
    spareWord(spare).pointee.bits.store(UInt64(truncatingIfNeeded: displaced &+ 1), ordering: .relaxed)
    return records + displaced &* recordBytes
  }

  /// Names every spare anew after a kill. No other call may run. False: two rows name one record, or a row
  /// names none; nothing is changed then. May itself be killed and run again.
  public func recover() -> Bool {
    let count = rows &+ spares
    let map = base + spares &* spareStride
    var offset = 0
    while offset < Self.mapBytes(count) {
      map.word(offset).pointee.bits.store(0, ordering: .relaxed)  // alone, as all that follows
      offset &+= 8
    }
    var row = 0
    while row < rows {
      let word = observe(row)
      let index = owned(word, row)
      guard index < count, word == 0 || sequence(of: word) != 0 else { return false }
      let group = map.word((index &>> 6) &* 8)
      let bits = group.pointee.bits.load(ordering: .relaxed)
      let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: index & 63)
      guard bits & bit == 0 else { return false }
      group.pointee.bits.store(bits | bit, ordering: .relaxed)
      row &+= 1
    }
    // The rows name `rows` different records, so exactly `spares` are left.
    var index = 0
    var spare = 0
    while index < count && spare < spares {
      let bits = map.word((index &>> 6) &* 8).pointee.bits.load(ordering: .relaxed)
      if (bits &>> UInt64(truncatingIfNeeded: index & 63)) & 1 == 0 {
        spareWord(spare).pointee.bits.store(UInt64(truncatingIfNeeded: index &+ 1), ordering: .relaxed)
        spare &+= 1
      }
      index &+= 1
    }
    return spare == spares
  }

  // MARK: - Places. What the writers own: one line each, and the map that `recover` uses.

  @inline(__always)
  private func word(_ row: Int) -> WordPointer { words.word(row &* stride) }

  private static func mapBytes(_ count: Int) -> Int { ((count &+ 63) &>> 6) &* 8 }

  @inline(__always)
  private func isRow(_ row: Int) -> Bool { UInt(bitPattern: row) < UInt(bitPattern: rows) }

  @inline(__always)
  private func spareWord(_ spare: Int) -> WordPointer {
    base.word(spare &* spareStride)
  }

  @inline(__always)
  private func spareRecord(_ word: UInt64, _ spare: Int) -> Int {
    // Anything above the records is caught by the caller's bound; the mask keeps it from wrapping.
    word == 0 ? rows &+ spare : Int(truncatingIfNeeded: (word &- 1) & (UInt64.max &>> 1))
  }

  /// The record that a row owns, defined or not.
  @inline(__always)
  private func owned(_ word: UInt64, _ row: Int) -> Int {
    word == 0 ? row : Int(truncatingIfNeeded: word & indexMask)
  }

  @inline(__always)
  private func successor(_ word: UInt64, _ index: Int) -> UInt64 {
    let (next, wrapped) = word.addingReportingOverflow(1 &<< indexBits)
    // 0 means undefined.
    let sequence = wrapped ? next &+ 1 &<< indexBits : next
    return sequence & ~indexMask | UInt64(truncatingIfNeeded: index)
  }
}

/// A spare record that is being filled.
public struct RowDraft {
  public let record: UnsafeMutableRawPointer
  /// Of the record, for what lies beside it elsewhere.
  public let index: Int
}

/// A row as it was looked at, and what it is to become.
public struct StagedRow<What> {
  public let word: UInt64
  /// The record that was looked at.
  public let old: UnsafeMutableRawPointer
  let draft: RowDraft
  /// What came out of filling it.
  public let what: What

  public var record: UnsafeMutableRawPointer { draft.record }
}

/// What a read of a row found.
public enum Reading: Equatable {
  case record(sequence: UInt64)
  /// Never published.
  case undefined
  /// Overtaken by a publication at every one of `readTriesMax` tries.
  case contended
  /// The word names no record: the memory is damaged.
  case broken
}

/// What became of a publication. (An enum without any payload would be Hashable by itself, and that brings
/// the hasher with its random seed into the library.)
public enum Publication: Equatable {
  case published
  /// The row no longer has the expected sequence, but this one. Nothing has changed.
  case overtaken(by: UInt64)
  /// The memory is damaged, or the row or spare does not exist. Nothing has changed.
  case broken
}

/// Each further try needs a whole publication between the two loads of one word; this many in sequence mean
/// that the caller was descheduled over and over, and a bounded answer is worth more to it than one more
/// try.
private let readTriesMax = 64
private let indexBits: UInt64 = 24
private let indexMask: UInt64 = 0xFF_FFFF
/// A writer stores its spare word at every publication: two lines, because processors fetch lines in pairs.
private let spareStride = 128
