import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Where limits are kept: numbered places of 288 bytes, found by the limit's key. A place has room for two
/// versions, each the public struct with its `generation` as stamp:
///
///   0    link and key of the table
///   16   writings: four for each version that was written
///   24   of accumulated amounts: the place that they count in, plus one
///   32   one version, 160 the other
///
/// A stamp of 0 says that there is no version. Of the others, the largest that is not above the generation in
/// force counts; one that is above it is staged. Staging writes the version that does not count: the stamp
/// becomes 0, the body is written, and then the stamp. So a kill leaves the version in force as it was; one that
/// was staged before may be lost.
///
/// Why readers need no turn. Writings are raised by one before the stamp becomes 0, by one after that, and by two
/// after the new stamp. A reader loads them, the stamps, the version that it wants, and them once more, and
/// believes what it read if the two agree: if it read a word of a later writing, it sees the number that was
/// stored before that word. While they say that a writing goes on, it tries again, so that it does not miss the
/// version that is being replaced. If that goes on, since the writer has died, it takes what there is: the number
/// that came after the stamp of 0 keeps it from the version whose body is being written.
struct LimitRecords {
  let slots: Slots<ManyWriters>
  let table: Table<ManyWriters>
  let count: Int
  private let records: UnsafeMutableRawPointer

  static var writingsAt: Int { 16 }
  static var accumulationAt: Int { 24 }
  static var versionsAt: Int { 32 }
  static var versionBytes: Int { MemoryLayout<rck_limit>.size }
  /// Of the stamp in a version: the struct's last field.
  static var stampAt: Int { versionBytes &- 8 }

  init(_ state: State) {
    let (records, count) = state.region.place(of: Sections.limitRecords)
    let (buckets, bucketCount) = state.region.place(of: Sections.limitBuckets)
    self.records = records
    self.count = count
    slots = Slots(
      at: state.region.start(of: Sections.limitSlots), capacity: count, stripes: Sections.stripes)
    table = Table(
      nodes: records, stride: Int(truncatingIfNeeded: Sections.limitBytes), capacity: count, buckets: buckets,
      bucketCount: bucketCount)
  }

  func isLive(_ index: Int) -> Bool { slots.token(at: index) != 0 }

  private func record(_ index: Int) -> UnsafeMutableRawPointer {
    records + index &* Int(truncatingIfNeeded: Sections.limitBytes)
  }

  func version(_ index: Int, _ version: Int) -> UnsafeMutableRawPointer {
    record(index) + (Self.versionsAt &+ version &* Self.versionBytes)
  }

  private func writings(_ index: Int) -> WordPointer { record(index).word(Self.writingsAt) }

  /// Where the accumulated amounts of a limit count; nil if it is none of those.
  func accumulation(_ index: Int) -> Int? {
    // Relaxed: under the turn.
    let word = record(index).word(Self.accumulationAt).pointee.bits.load(ordering: .relaxed)
    return word == 0 ? nil : Int(truncatingIfNeeded: word) &- 1
  }

  func setAccumulation(_ index: Int, _ place: Int?) {
    let word = UInt64(truncatingIfNeeded: (place ?? -1) &+ 1)
    record(index).word(Self.accumulationAt).pointee.bits.store(word, ordering: .releasing)
  }

  // MARK: Stamps

  func stamp(_ index: Int, _ version: Int) -> UInt64 {
    // Acquire: its body is there.
    self.version(index, version).word(Self.stampAt).pointee.bits.load(ordering: .acquiring)
  }

  private func setStamp(_ index: Int, _ version: Int, _ stamp: UInt64) {
    // Release: who sees the stamp sees the body; and who sees what is written after it sees the stamp.
    self.version(index, version).word(Self.stampAt).pointee.bits.store(stamp, ordering: .releasing)
  }

  /// Which version counts at a generation; nil if none does.
  func current(_ index: Int, at generation: UInt64) -> Int? {
    let (first, second) = (stamp(index, 0), stamp(index, 1))
    let firstCounts = first != 0 && first <= generation
    if second != 0 && second <= generation && !(firstCounts && first > second) { return 1 }
    return firstCounts ? 0 : nil
  }

  func isStaged(_ index: Int, after generation: UInt64) -> Bool {
    max(stamp(index, 0), stamp(index, 1)) > generation
  }

  // MARK: Reading

  enum Found {
    case limit
    case none
    /// Somebody writes it again and again.
    case busy
  }

  /// Copies the version that counts at a generation. Any thread.
  func read(_ index: Int, at generation: UInt64, _ limit: inout rck_limit) -> Found {
    var tries = 0
    while tries < readTriesMax {
      let before = writings(index).pointee.bits.load(ordering: .acquiring)  // before the stamps
      let version = current(index, at: generation)
      if let version { self.version(index, version).loadWords(&limit) }
      tries &+= 1
      // The loads before it acquired.
      let isSame = writings(index).pointee.bits.load(ordering: .relaxed) == before
      if isSame && (before & 3 == 0 || tries == readTriesMax) { return version == nil ? .none : .limit }
    }
    return .busy
  }

  // MARK: Writing, under the administrator's turn

  /// Writes a version that counts from the generation after `generation` on.
  func stage(_ limit: rck_limit, at index: Int, after generation: UInt64) {
    let target = current(index, at: generation) == 0 ? 1 : 0
    var written = limit
    written.limit_id = UInt32(truncatingIfNeeded: index &+ 1)
    written.struct_size = UInt32(truncatingIfNeeded: Self.versionBytes)
    written.generation = 0
    raiseWritings(index, by: 1)
    setStamp(index, target, 0)
    raiseWritings(index, by: 1)
    version(index, target).storeWords(written)
    setStamp(index, target, generation &+ 1)
    raiseWritings(index, by: 2)
  }

  private func raiseWritings(_ index: Int, by amount: UInt64) {
    let word = writings(index)
    // Release: who sees what is written after it, and who sees it, see what was written before.
    word.pointee.bits.store(word.pointee.bits.load(ordering: .relaxed) &+ amount, ordering: .releasing)
  }

  /// Makes a place ready that somebody else's limit may have had.
  func clear(_ index: Int) {
    if stamp(index, 0) != 0 { setStamp(index, 0, 0) }
    if stamp(index, 1) != 0 { setStamp(index, 1, 0) }
    setAccumulation(index, nil)
  }

  /// Ends a writing that a kill interrupted. Alone.
  func endWriting(_ index: Int) {
    raiseWritings(index, by: (0 &- writings(index).pointee.bits.load(ordering: .relaxed)) & 3)
  }

  /// Gives back the place of a limit that counts no more. False: the memory is damaged.
  func forget(_ index: Int) -> Bool {
    guard table.remove(table.key(of: index)) == .removed(index) else { return false }
    return slots.release(slots.token(at: index), stripe: 0)
  }
}
