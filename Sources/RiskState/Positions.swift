import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Position rows: account x instrument, and strategy x instrument where the strategy is tracked. A row is made
/// when it is first needed and stays. Its head is two lines, of which a check reads the first:
///
///   0    link and key of the table that finds it
///   16   the row's word
///   24   the sequence of a record whose step, if it carries any, is completed
///   32   lowest levels in half 0: of buys, of sells; 48 in half 1: as in Scope
///   64   bounds in half 0, 72 in half 1: as in Scope
///   80   1 once a limit was set on a strategy's position
///   88   the next row of the same instrument, plus one
public struct Positions<D: Discipline> {
  public let rows: Rows<D>
  let state: State
  let heads: UnsafeMutableRawPointer

  static var wordAt: Int { 16 }
  static var doneAt: Int { 24 }
  static var lowestAt: Int { 32 }
  static var boundsAt: Int { 64 }
  static var trackedAt: Int { 80 }
  static var nextAt: Int { 88 }

  @inline(__always)
  public init(_ state: State) {
    self.state = state
    let (heads, count) = state.region.place(of: Sections.positionHeads)
    self.heads = heads
    let (records, total) = state.region.place(of: Sections.positionRecords)
    rows = Rows(
      words: heads + Self.wordAt, stride: Sections.positionHeadBytes,
      spares: state.region.start(of: Sections.positionSpares), records: records, rows: count,
      spares: state.writers, recordBytes: Sections.positionBytes, total: total)
  }

  /// Rows are made by any thread under either discipline: limits on a pair make them too.
  @inline(__always)
  var table: Table<ManyWriters> {
    let (buckets, count) = state.region.place(of: Sections.positionBuckets)
    return Table(
      nodes: heads, stride: Sections.positionHeadBytes, capacity: rows.rows, buckets: buckets,
      bucketCount: count)
  }

  var slots: Slots<ManyWriters> {
    Slots(
      at: state.region.start(of: Sections.positionSlots), capacity: rows.rows, stripes: Sections.stripes)
  }

  /// Of an account's row, or a strategy's.
  @inline(__always)
  static func key(_ owner: UInt32, _ instrument: UInt32, strategy: Bool) -> UInt64 {
    UInt64(owner) &<< 32 | UInt64(instrument) | (strategy ? 1 &<< 63 : 0)
  }

  public enum Found {
    case row(Int)
    case absent
    case full
    case broken
  }

  @inline(__always)
  public func find(_ owner: UInt32, _ instrument: UInt32, strategy: Bool) -> Found {
    switch table.find(Self.key(owner, instrument, strategy: strategy)) {
    case .found(let row): return .row(row)
    case .absent: return .absent
    case .broken: return .broken
    }
  }

  // What leads to the row of an account in an instrument, asked for before it is needed: each step takes what the
  // one before asked for.

  @inline(__always)
  public func expectBucket(_ account: UInt32, _ instrument: UInt32) {
    table.expect(Self.key(account, instrument, strategy: false))
  }

  @inline(__always)
  public func expectHead(_ account: UInt32, _ instrument: UInt32) {
    table.expectFirst(Self.key(account, instrument, strategy: false))
  }

  @inline(__always)
  public func expectRecord(_ account: UInt32, _ instrument: UInt32) {
    guard let head = table.likely(Self.key(account, instrument, strategy: false)) else { return }
    rows.expect(head.word(Self.wordAt).pointee.bits.load(ordering: .relaxed))  // a guess
  }

  /// The row of the pair, made if need be.
  @inline(never)
  public func make(_ owner: UInt32, _ instrument: UInt32, strategy: Bool, stripe: Int) -> Found {
    let key = Self.key(owner, instrument, strategy: strategy)
    switch table.find(key) {
    case .found(let row): return .row(row)
    case .broken: return .broken
    case .absent: break
    }
    let token = slots.acquire(stripe: stripe)
    if token == 0 { return .full }
    if token == Slots<ManyWriters>.broken { return .broken }
    let row = Slots<ManyWriters>.index(token)
    switch table.insert(key, at: row) {
    case .inserted:
      return enlist(row, instrument) ? .row(row) : .broken
    case .present(let other):
      _ = slots.release(token, stripe: stripe)
      return .row(other)
    case .broken: return .broken
    }
  }

  /// Puts a row into its instrument's list, which only grows.
  func enlist(_ row: Int, _ instrument: UInt32) -> Bool {
    guard let scope = state.scope(RCK_SCOPE_INSTRUMENT, instrument) else { return false }
    _ = ManyWriters.add(scope.memory.cell(Scope.positions), 1)
    let youngest = scope.memory.word(Scope.youngest)
    while true {
      let old = youngest.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      head(row).word(Self.nextAt).pointee.bits.store(old, ordering: .relaxed)  // released by the swap
      if ManyWriters.replace(youngest, old, by: UInt64(truncatingIfNeeded: row &+ 1)) { return true }
    }
  }

  /// The row after `row` in its instrument's list, or the first one; nil at the end.
  public func next(_ row: Int?, _ instrument: UInt32) -> Int? {
    guard let scope = state.scope(RCK_SCOPE_INSTRUMENT, instrument) else { return nil }
    let word = row.map { head($0).word(Self.nextAt) } ?? scope.memory.word(Scope.youngest)
    let place = word.pointee.bits.load(ordering: .acquiring)  // the row that it names is there
    return place == 0 || place > UInt64(truncatingIfNeeded: rows.rows)
      ? nil : Int(truncatingIfNeeded: place) &- 1
  }

  @inline(__always)
  /// Whether a row is some owner's.
  public func isUsed(_ row: Int) -> Bool { slots.token(at: row) != 0 }

  func head(_ row: Int) -> UnsafeMutableRawPointer { heads + row &* Sections.positionHeadBytes }

  /// Whose row it is.
  @inline(__always)
  public func owner(_ row: Int) -> (id: UInt32, instrument: UInt32, strategy: Bool) {
    let key = head(row).word(8).pointee.bits.load(ordering: .acquiring)
    return (
      UInt32(truncatingIfNeeded: key &>> 32) & 0x7fff_ffff, UInt32(truncatingIfNeeded: key), key &>> 63 != 0
    )
  }

  /// Where the row's bounds are in a half: {count 8, first 24}.
  @inline(__always)
  public func bounds(_ row: Int, _ half: UInt64) -> UInt32 {
    boundsWord(row, half).pointee.bits.load(ordering: .acquiring)  // before the look at the generation
  }

  @inline(__always)
  func boundsWord(_ row: Int, _ half: UInt64) -> UnsafeMutablePointer<HalfWord> {
    head(row).half(Self.boundsAt &+ Int(truncatingIfNeeded: half) &* 8)
  }

  /// The lowest level of any bound on the row's position on a side: as in Scope.
  @inline(__always)
  public func lowest(_ row: Int, _ half: UInt64, buy: Bool) -> Int64 {
    Int64.max &- Int64(bitPattern: lowestWord(row, half, buy: buy).pointee.bits.load(ordering: .acquiring))
  }

  /// Negative exactly if a position on a side, which is not negative, exceeds that level.
  @inline(__always)
  public func excess(_ position: Int64, _ row: Int, _ half: UInt64, buy: Bool) -> Int64 {
    position &+ Int64(bitPattern: lowestWord(row, half, buy: buy).pointee.bits.load(ordering: .acquiring))
  }

  @inline(__always)
  func lowestWord(_ row: Int, _ half: UInt64, buy: Bool) -> WordPointer {
    head(row).word(Self.lowestAt &+ Int(truncatingIfNeeded: half) &* 16 &+ (buy ? 0 : 8))
  }

  /// Whether a strategy's row counts orders because of a limit of its own.
  @inline(__always)
  public func isTracked(_ row: Int) -> Bool {
    head(row).word(Self.trackedAt).pointee.bits.load(ordering: .acquiring) != 0
  }

  // MARK: Records

  /// The row as it is: its word, and what it holds. Nil: the memory is damaged.
  @inline(__always)
  public func read(_ row: Int, _ holding: inout Holding) -> UInt64? {
    while true {
      let word = rows.observe(row)
      if word == 0 {
        fillBlank(row, &holding)
        return 0
      }
      guard let record = rows.record(word) else { return nil }
      record.loadWords(&holding)
      if rows.holds(row, word) { return word }
      // Overtaken: each time somebody's change is done.
    }
  }

  /// As in Rows, of a row whose step is completed. Nil also otherwise, and where a row's first record may have to be
  /// counted.
  @inline(__always)
  public func stage<What>(
    _ row: Int, spare: Int, _ fill: (UnsafePointer<Holding>, UnsafeMutablePointer<Holding>) -> What?
  ) -> StagedRow<What>? {
    guard let staged = rows.stage(row, spare: spare, Holding(), fill) else { return nil }
    let step = staged.old.word(Self.stepAt).pointee.bits.load(ordering: .acquiring)
    if step != 0 {
      if doneWord(row).pointee.bits.load(ordering: .acquiring) != rows.sequence(of: staged.word) {
        return nil
      }
    } else if staged.word == 0 && state.keepsTotals {
      return nil
    }
    staged.record.word(Self.stepAt).pointee.bits.store(0, ordering: .releasing)
    return staged
  }

  /// Whether the step that the row's present record carries, if any, is known to be completed: the head then has the
  /// record's sequence. That is said of one record for good, so a late store of an older one says nothing wrong; what
  /// was known is found out anew. `word` is not 0.
  @inline(__always)
  public func isDone(_ row: Int, _ word: UInt64) -> Bool {
    guard let record = rows.record(word) else { return false }
    if record.word(Self.stepAt).pointee.bits.load(ordering: .acquiring) == 0 { return true }
    return doneWord(row).pointee.bits.load(ordering: .acquiring) == rows.sequence(of: word)
  }

  public func setDone(_ row: Int, _ word: UInt64) {
    // Release: after what completing has stored.
    doneWord(row).pointee.bits.store(rows.sequence(of: word), ordering: .releasing)
  }

  @inline(__always)
  private func doneWord(_ row: Int) -> WordPointer { head(row).word(Self.doneAt) }

  /// The step that `word`'s record carries; nil when the row has moved on.
  public func step(_ row: Int, _ word: UInt64) -> Step? {
    guard let record = rows.record(word) else { return nil }
    var step = Step()
    (record + Self.stepAt).loadWords(&step)
    return rows.holds(row, word) ? step : nil
  }

  /// Swaps the row from `word` to a holding without a step. 0: it has moved on.
  @inline(__always)
  public func swap(_ row: Int, _ word: UInt64, to holding: Holding, spare: Int) -> UInt64 {
    guard let draft = rows.draft(spare) else { return 0 }
    draft.record.storeWords(holding)
    draft.record.word(Self.stepAt).pointee.bits.store(0, ordering: .releasing)
    return rows.swap(row, word, by: draft, spare: spare)
  }

  /// Likewise, filled in place: `fill` stores every field.
  @inline(__always)
  public func swap(
    _ row: Int, _ word: UInt64, spare: Int, _ fill: (UnsafeMutablePointer<Holding>) -> Void
  ) -> UInt64 {
    guard let draft = rows.draft(spare) else { return 0 }
    draft.record.compose(Holding(), fill)
    draft.record.word(Self.stepAt).pointee.bits.store(0, ordering: .releasing)
    return rows.swap(row, word, by: draft, spare: spare)
  }

  public func swap(_ row: Int, _ word: UInt64, to holding: Holding, _ step: Step, spare: Int) -> UInt64 {
    guard let draft = rows.draft(spare) else { return 0 }
    draft.record.storeWords(holding)
    (draft.record + Self.stepAt).storeWords(step)
    return rows.swap(row, word, by: draft, spare: spare)
  }

  @inline(__always)
  static var stepAt: Int { MemoryLayout<Holding>.size }
}

/// As in Rows: each further try needs a whole publication between two loads.
let readTriesMax = 64

extension State {
  /// Ports that may write, the engine's own among them.
  @inline(__always)
  public var writers: Int { Int(truncatingIfNeeded: config.pointee.ports_max) &+ 1 }
}
