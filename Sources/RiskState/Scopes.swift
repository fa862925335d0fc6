import CRiskCheck
import RiskMemory
import Synchronization

/// What the engine keeps for each scope, in one stretch of six lines: counters of its own, its latch, and for each half
/// of the compiled table where its bounds are and the lowest levels among them.
///
///   0    counters: of an instrument the number of position rows and the youngest of them, of an account its sectors;
///        of all, the windows of its rates and whether its sums are tracked; of an account or a strategy what a check
///        needs of its definition, and the word of its book: see Party, Books; of the engine and of groups which totals
///        are kept; of an instrument how its rows are counted in those of its groups: see Grouping
///   64   latch: state, time, actor and control, sequence of what follows, reason
///   128  bounds in half 0: one word of 32 bits for each slot, {count 8, first 24}; the last says by a bit each
///        which slots have bounds, number 13 whether conduct is kept
///   192  bounds in half 1
///   256  lowest levels in half 0: one word for each slot of an amount, by which the level falls short of
///        Int64.max, so that zero is no level
///   320  lowest levels in half 1
public struct Scope {
  public let memory: UnsafeMutableRawPointer
  public let kind: Int32
  public let id: UInt32

  // Words of the first line.
  static let positions = 0
  static let youngest = 8
  static let tracking = 16
  /// Three halves: windows of RCK_MEASURE_NEW, MODIFY, CANCEL, each the index plus one.
  static let windows = 24

  static let partyAt = 40
  static let bookAt = 56

  /// Of the engine and of groups: for each sum of a book its total, plus one; half a word each.
  static let totalsAt = 40

  static let latchAt = 64
  static let boundsAt = 128
  static let lowestAt = 256

  /// Bits of `tracking`, which are never taken back.
  public static let trackBook: UInt64 = 1
  public static let trackRows: UInt64 = 2
  /// A position of the strategy has a limit of its own: those rows say which.
  public static let trackPairs: UInt64 = 4
  /// Messages, trades and rejected orders of the account or strategy count: see Conduct.
  public static let trackConduct: UInt64 = 8
  /// Orders of the account or strategy that are filled are noted: see Patterns.
  static let trackPatterns: UInt64 = 16

  @inline(__always)
  public init(_ memory: UnsafeMutableRawPointer, _ kind: Int32, _ id: UInt32) {
    self.memory = memory
    self.kind = kind
    self.id = id
  }

  @inline(__always)
  public var tracking: UInt64 { memory.word(Scope.tracking).pointee.bits.load(ordering: .acquiring) }

  /// The window of a rate, nil if it never had one. `measure` is RCK_MEASURE_NEW to RCK_MEASURE_CANCEL.
  @inline(__always)
  func window(_ measure: Int32) -> Int? {
    let half = memory.half(Scope.windows &+ Int(measure &- RCK_MEASURE_NEW) &* 4)
    let place = half.pointee.bits.load(ordering: .acquiring)  // the window that it names is there
    return place == 0 ? nil : Int(place) &- 1
  }

  func setWindow(_ measure: Int32, _ index: Int) {
    let half = memory.half(Scope.windows &+ Int(measure &- RCK_MEASURE_NEW) &* 4)
    half.pointee.bits.store(UInt32(truncatingIfNeeded: index &+ 1), ordering: .releasing)
  }

  func track(_ bits: UInt64) {
    let word = memory.word(Scope.tracking)
    // Under the administrator's turn; before the generation that needs it.
    word.pointee.bits.store(word.pointee.bits.load(ordering: .relaxed) | bits, ordering: .releasing)
  }

  /// Where the bounds of a slot are: {count 8, first 24}.
  @inline(__always)
  public func bounds(_ half: UInt64, _ slot: Int) -> UInt32 {
    boundsWord(half, slot).pointee.bits.load(ordering: .acquiring)  // before the look at the generation
  }

  /// The slots that have bounds in a half, by a bit each.
  @inline(__always)
  public func armed(_ half: UInt64) -> UInt32 {
    boundsWord(half, BoundSlot.armed).pointee.bits.load(ordering: .acquiring)  // as bounds
  }

  /// What the usual check leaves to the long way: not 0 if further controls have bounds, or conduct is kept.
  @inline(__always)
  public func further(_ half: UInt64) -> UInt64 {
    let at = Scope.boundsAt &+ Int(truncatingIfNeeded: half) &* 64 &+ BoundSlot.further &* 4
    return memory.word(at).pointee.bits.load(ordering: .acquiring)  // as bounds
  }

  /// Says in both halves that conduct is kept. Under the turn; before the generation that needs it.
  func keepConduct() {
    boundsWord(0, BoundSlot.conduct).pointee.bits.store(1, ordering: .releasing)
    boundsWord(1, BoundSlot.conduct).pointee.bits.store(1, ordering: .releasing)
  }

  func setArmed(_ half: UInt64, _ slot: Int, _ on: Bool) {
    let (word, bit) = (boundsWord(half, BoundSlot.armed), UInt32(1) &<< UInt32(truncatingIfNeeded: slot))
    let old = word.pointee.bits.load(ordering: .relaxed)  // under the turn
    word.pointee.bits.store(on ? old | bit : old & ~bit, ordering: .releasing)
  }

  @inline(__always)
  public func lowest(_ half: UInt64) -> Lowest {
    Lowest(line: memory + (Scope.lowestAt &+ Int(truncatingIfNeeded: half) &* 64))
  }

  func lowestWord(_ half: UInt64, _ slot: Int) -> WordPointer {
    memory.word(Scope.lowestAt &+ Int(truncatingIfNeeded: half) &* 64 &+ slot &* 8)
  }

  @inline(__always)
  func boundsWord(_ half: UInt64, _ slot: Int) -> UnsafeMutablePointer<HalfWord> {
    memory.half(Scope.boundsAt &+ Int(truncatingIfNeeded: half) &* 64 &+ slot &* 4)
  }
}

/// The lowest levels of a scope.
public struct Lowest {
  let line: UnsafeMutableRawPointer

  /// The lowest level of any bound in a slot of an amount, whatever its side and type: what does not exceed it
  /// exceeds none. Int64.max: there is none.
  @inline(__always)
  public subscript(_ slot: Int) -> Int64 { Int64.max &- short(slot) }

  /// By how much that level falls short of Int64.max.
  @inline(__always)
  public func short(_ slot: Int) -> Int64 {
    line.loadInteger(slot &* 8)  // acquires: before the look at the generation
  }

  /// Negative exactly if an amount, which is not negative, exceeds that level.
  @inline(__always)
  public func excess(_ amount: Int64, _ slot: Int) -> Int64 { amount &+ short(slot) }
}

/// The slots of a scope's bounds: each control's measures, those of amounts first.
public enum BoundSlot {
  public static let quantity = 0
  public static let notional = 1
  public static let collar = 2
  public static let gross = 3
  public static let net = 4
  public static let power = 5
  /// Of groups of instruments, which have no buying power: positions on either side.
  public static let groupPosition = 5
  public static let workingCount = 6
  /// Of sectors, which have no working orders: their exposure.
  public static let sector = 6
  public static let workingNotional = 7
  static let amounts = 8
  public static let rateNew = 8
  public static let rateModify = 9
  public static let rateCancel = 10
  /// Of a position row.
  public static let position = 11
  /// All controls that rows and rates do not come with, in the order of their numbers.
  public static let further = 12
  /// Not a slot: beside that of the further controls, 1 once conduct is kept, for good.
  static let conduct = 13
  /// Not a slot: which of them have bounds.
  static let armed = 15
  /// In the word that leads to bounds: lists of a pair are among them. No bound is numbered that high.
  public static let listed: UInt32 = 1 << 23
  /// The number of the first bound in such a word.
  public static let firstMask: UInt32 = 0x7F_FFFF

  /// The slots that are about an order alone.
  public static let ofOrders: UInt32 = 1 << quantity | 1 << notional | 1 << collar
}

extension State {
  /// The memory of an account's, a strategy's or an instrument's scope; nil beyond the capacity.
  @inline(__always)
  public func scopeMemory(_ kind: Int32, _ id: UInt32) -> UnsafeMutableRawPointer? {
    let section =
      kind == RCK_SCOPE_ACCOUNT
      ? Sections.accountState : kind == RCK_SCOPE_STRATEGY ? Sections.strategyState : Sections.instrumentState
    let (start, count) = region.place(of: section)
    let index = UInt(id) &- 1
    return index < UInt(bitPattern: count)
      ? start + Int(bitPattern: index) &* Int(Sections.scopeBytes) : nil
  }

  /// The scope's memory; nil when there is no such scope. Groups of all kinds share one numbering.
  @inline(__always)
  public func scope(_ kind: Int32, _ id: UInt32) -> Scope? {
    if kind == RCK_SCOPE_GLOBAL { return id == 0 ? Scope(region.global, kind, 0) : nil }
    let index = Int(id) &- 1
    let bytes = Int(Sections.scopeBytes)
    switch kind {
    case RCK_SCOPE_ACCOUNT: return scope(Sections.accountState, index, bytes, kind)
    case RCK_SCOPE_STRATEGY: return scope(Sections.strategyState, index, bytes, kind)
    case RCK_SCOPE_INSTRUMENT: return scope(Sections.instrumentState, index, bytes, kind)
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      return scope(Sections.groupState, index, bytes, kind)
    default: return nil
    }
  }

  @inline(__always)
  private func scope(_ section: Int, _ index: Int, _ bytes: Int, _ kind: Int32) -> Scope? {
    let (start, count) = region.place(of: section)
    guard index >= 0, index < count else { return nil }
    return Scope(start + index &* bytes, kind, UInt32(truncatingIfNeeded: index &+ 1))
  }
}

/// A limit, compiled for checks: one line in the half of the table that a generation uses.
public struct Bound {
  /// Int64.max where the level is not armed.
  public var warn: Int64 = .max
  public var soft: Int64 = .max
  public var hard: Int64 = .max
  /// Rates: the length of the window. Metrics: how old they may be.
  public var window_ns: Int64 = 0
  /// {limit id 32, actions at warn, soft, hard 24, flags 8}
  public var identity: UInt64 = 0
  /// {side 8, order type 8, reference 8, measure 8, control 8, minimum 1, metric 16, 0}
  public var shape: UInt64 = 0
  /// Bit of `shape`: levels are negative, and so is what is held against them.
  public static let minimum: UInt64 = 1 << 40
  /// Rates: where in the region the window lies. Accumulated amounts: the number of their place. Of what has a day:
  /// the row of the book.
  var windowAt: UInt64 = 0
  /// Rates: how many messages back the one lies that has to be out of the window for one more to stay within the
  /// lowest level. 0: there is no room at all. Of orders for each trade: of how many messages it says something.
  /// Lists: the group of accounts that it is about, in an instrument's stretch; otherwise 0.
  var back: UInt64 = 0
  var group: UInt64 {
    get { back }
    set { back = newValue }
  }

  public init() {}

  /// In its identity: the action of some armed level is to be carried out, or it is a minimum.
  public static var asks: UInt64 { 1 << 63 }

  /// The lowest level that is armed.
  var lowest: Int64 { min(warn, min(soft, hard)) }
  @inline(__always) public var limitId: UInt32 { UInt32(truncatingIfNeeded: identity) }
  @inline(__always) public var flags: UInt32 { UInt32(truncatingIfNeeded: (identity & ~Bound.asks) &>> 56) }
  /// `level` 0 warn, 1 soft, 2 hard.
  @inline(__always)
  public func action(_ level: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: identity &>> (32 &+ level &* 8)) }
  @inline(__always) public var side: UInt8 { UInt8(truncatingIfNeeded: shape) }
  @inline(__always) public var type: UInt8 { UInt8(truncatingIfNeeded: shape &>> 8) }
  @inline(__always) public var reference: Int32 { Int32(truncatingIfNeeded: (shape &>> 16) & 0xff) }
  @inline(__always) public var measure: Int32 { Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) }
  @inline(__always) public var control: Int32 { Int32(truncatingIfNeeded: (shape &>> 32) & 0xff) }
}

extension State {
  /// Bound number `index` of the table. That of one half follows that of the other.
  @inline(__always)
  public func bound(_ index: Int) -> UnsafeMutableRawPointer {
    region.start(of: Sections.bounds) + index &* 64
  }

  /// The first of the bounds that a word leads to.
  @inline(__always)
  public func firstBound(_ found: UInt32) -> UnsafeMutableRawPointer {
    bound(Int(truncatingIfNeeded: found & BoundSlot.firstMask))
  }
}

extension State {
  /// Where in the region rate window number `index` lies.
  func windowOffset(_ index: Int) -> UInt64 {
    let entry = region.section(Sections.windows)
    return entry.offset &+ UInt64(truncatingIfNeeded: index) &* entry.each
  }

  @inline(__always)
  public func rateWindow<D: Discipline>(at offset: UInt64) -> ExactWindow<D> {
    ExactWindow(
      at: region.base + Int(truncatingIfNeeded: offset),
      most: Int(truncatingIfNeeded: config.pointee.rate_exact_max))
  }

  /// The place of a message in the window of a rate's bound if it stays within the lowest level; nil: it may not, and
  /// the levels have to be looked at one by one.
  @inline(__always)
  public func glance<D: Discipline>(_ bound: UnsafeMutableRawPointer, now: Int64, _: D.Type) -> WindowPlace? {
    let back = bound.word(56).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    if back == 0 { return nil }
    let window: ExactWindow<D> = rateWindow(of: bound)
    return window.glance(now: now, back: back, window: bound.loadInteger(24))
  }

  /// The window of a rate's bound. One that was never filled has 0 for it, which is in the region as well.
  @inline(__always)
  public func rateWindow<D: Discipline>(of bound: UnsafeMutableRawPointer) -> ExactWindow<D> {
    rateWindow(at: bound.word(48).pointee.bits.load(ordering: .acquiring))  // as all of a bound
  }
}
