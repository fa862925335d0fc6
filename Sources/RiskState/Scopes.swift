import CRiskCheck
import RiskMemory
import Synchronization

/// What the engine keeps for each scope, in one stretch of four lines (groups: two): counters of its own, its
/// latch, and where its bounds are in each half of the compiled table.
///
///   0    counters: of an instrument the number of position rows and the youngest of them; of all, the windows
///        of its rates and whether its sums are tracked
///   64   latch: state, time, actor and control, sequence of what follows, reason
///   128  bounds in half 0: one word of 32 bits for each slot, {count 8, first 24}
///   192  bounds in half 1
public struct Scope {
  let memory: UnsafeMutableRawPointer
  public let kind: Int32
  public let id: UInt32

  // Words of the first line.
  static let positions = 0
  static let youngest = 8
  static let tracking = 16
  /// Three halves: windows of RCK_MEASURE_NEW, MODIFY, CANCEL, each the index plus one.
  static let windows = 24

  static let latchAt = 64
  static let boundsAt = 128

  /// Bits of `tracking`, which are never taken back.
  public static let trackBook: UInt64 = 1
  public static let trackRows: UInt64 = 2
  /// A position of the strategy has a limit of its own: those rows say which.
  public static let trackPairs: UInt64 = 4

  @inline(__always)
  init(_ memory: UnsafeMutableRawPointer, _ kind: Int32, _ id: UInt32) {
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

  /// The state that its latch gives it: RCK_STATE_.
  @inline(__always)
  public var tradingState: Int64 { memory.loadInteger(Scope.latchAt) & 3 }

  /// Where the bounds of a slot are: {count 8, first 24}.
  @inline(__always)
  public func bounds(_ half: UInt64, _ slot: Int) -> UInt32 {
    boundsWord(half, slot).pointee.bits.load(ordering: .acquiring)  // before the look at the generation
  }

  @inline(__always)
  func boundsWord(_ half: UInt64, _ slot: Int) -> UnsafeMutablePointer<HalfWord> {
    memory.half(Scope.boundsAt &+ Int(truncatingIfNeeded: half) &* 64 &+ slot &* 4)
  }
}

/// The slots of a scope's bounds: each control's measures.
public enum BoundSlot {
  public static let quantity = 0
  public static let notional = 1
  public static let collar = 2
  public static let gross = 3
  public static let net = 4
  public static let power = 5
  public static let rateNew = 6
  public static let rateModify = 7
  public static let rateCancel = 8
  public static let workingCount = 9
  public static let workingNotional = 10
  /// Of a position row.
  public static let position = 11
  static let count = 16
}

extension State {
  /// The scope's memory; nil when there is no such scope. Groups of all kinds share one numbering.
  @inline(__always)
  public func scope(_ kind: Int32, _ id: UInt32) -> Scope? {
    if kind == RCK_SCOPE_GLOBAL { return id == 0 ? Scope(region.global, kind, 0) : nil }
    let index = Int(id) &- 1
    switch kind {
    case RCK_SCOPE_ACCOUNT: return scope(Sections.accountState, index, 256, kind)
    case RCK_SCOPE_STRATEGY: return scope(Sections.strategyState, index, 256, kind)
    case RCK_SCOPE_INSTRUMENT: return scope(Sections.instrumentState, index, 256, kind)
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      return scope(Sections.groupState, index, 128, kind)
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
  /// Rates: the length of the window.
  public var window_ns: Int64 = 0
  /// {limit id 32, actions at warn, soft, hard 24, flags 8}
  public var identity: UInt64 = 0
  /// {side 8, order type 8, reference 8, measure 8, window index 32}
  public var shape: UInt64 = 0
  var spare: (UInt64, UInt64) = (0, 0)

  public init() {}

  @inline(__always) public var limitId: UInt32 { UInt32(truncatingIfNeeded: identity) }
  @inline(__always) public var flags: UInt32 { UInt32(truncatingIfNeeded: identity &>> 56) }
  /// `level` 0 warn, 1 soft, 2 hard.
  @inline(__always)
  public func action(_ level: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: identity &>> (32 &+ level &* 8)) }
  @inline(__always) public var side: UInt8 { UInt8(truncatingIfNeeded: shape) }
  @inline(__always) public var type: UInt8 { UInt8(truncatingIfNeeded: shape &>> 8) }
  @inline(__always) public var reference: Int32 { Int32(truncatingIfNeeded: (shape &>> 16) & 0xff) }
  @inline(__always) public var measure: Int32 { Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) }
  @inline(__always) public var window: Int { Int(truncatingIfNeeded: shape &>> 32) }
}

extension State {
  /// Bound number `index` of a half.
  @inline(__always)
  public func bound(_ half: UInt64, _ index: Int) -> UnsafeMutableRawPointer {
    let (start, count) = region.place(of: Sections.bounds)
    return start + (half == 0 ? index : count &>> 1 &+ index) &* 64
  }
}

extension State {
  /// Rate window number `index`. An index outside, which only a torn look can give, is taken for the first.
  @inline(__always)
  public func rateWindow<D: Discipline>(_ index: Int) -> ExactWindow<D> {
    let entry = region.section(Sections.windows)
    let inside = UInt64(truncatingIfNeeded: index) < entry.count ? index : 0
    let memory = region.start(of: Sections.windows) + inside &* Int(truncatingIfNeeded: entry.each)
    return ExactWindow(at: memory, capacity: Int(truncatingIfNeeded: config.pointee.rate_exact_max))
  }
}
