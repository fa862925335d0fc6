import CRiskCheck

/// What a limit or a latch is about.
public struct Scope: Hashable {
  public var kind: UInt32
  public var id: UInt32
  public var instrument: UInt32

  public init(_ kind: Int32, _ id: UInt32, _ instrument: UInt32 = 0) {
    self.kind = UInt32(bitPattern: kind)
    self.id = id
    self.instrument = instrument
  }

  /// Ids fit 28 bits each where they are defined; others may collide.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(kind) << 56 ^ UInt64(id) << 28 ^ UInt64(instrument))
  }

  /// As a verdict shows it: of a pair the first in the upper half.
  var shown: UInt64 { instrument == 0 ? UInt64(id) : UInt64(id) << 32 | UInt64(instrument) }
}

/// What makes a limit the same limit.
public struct LimitKey: Hashable {
  public var control: UInt32
  public var measure: UInt32
  public var scope: Scope
  public var metric: UInt32
  public var side: UInt32
  public var type: UInt32

  public init(_ limit: rck_limit) {
    control = limit.control
    measure = limit.measure
    let isMetric = limit.control == RCK_CONTROL_METRIC
    scope = Scope(Int32(bitPattern: limit.scope_kind), limit.id, isMetric ? 0 : limit.instrument)
    metric = isMetric ? limit.instrument : 0
    side = limit.side
    type = limit.order_type
  }
}

public struct Limit {
  /// The oracle's own: keys are numbered from 1 in the order in which they were first set.
  public var number: UInt32
  public var record: rck_limit
  public var generation: UInt64

  var key: LimitKey { LimitKey(record) }

  /// As the library shows it, but for the number.
  public var shown: rck_limit {
    var shown = record
    (shown.limit_id, shown.generation) = (number, generation)
    return shown
  }
}

/// The limits in force, and those that wait for their publication.
struct Limits {
  private(set) var numbers: [LimitKey: UInt32] = [:]
  private(set) var set: [LimitKey: Limit] = [:]
  private(set) var inForce: [LimitKey: Limit] = [:]
  private(set) var generation: UInt64 = 0
  /// Limits that take a place: one that is removed keeps it until the publication.
  private(set) var placed: Set<LimitKey> = []
  private var isStaged = false
  /// In the order of control, measure, metric, side, type: by scope, then by control.
  private var byScope: [Scope: [[Limit]]] = [:]
  private let none: [[Limit]] = Array(repeating: [], count: 27)

  /// The limits of a scope, by control.
  func of(_ scope: Scope) -> [[Limit]] { byScope[scope] ?? none }

  mutating func put(_ limit: rck_limit) {
    let key = LimitKey(limit)
    let number = numbers[key] ?? UInt32(numbers.count + 1)
    numbers[key] = number
    placed.insert(key)
    isStaged = true
    set[key] = Limit(number: number, record: limit, generation: generation + 1)
  }

  mutating func remove(_ key: LimitKey) {
    set[key] = nil
    isStaged = true
  }

  /// With nothing set or removed since the last time the generation stays.
  mutating func publish() {
    if !isStaged { return }
    isStaged = false
    generation += 1
    inForce = set
    placed = Set(set.keys)
    byScope = [:]
    let sorted = inForce.values.sorted {
      ($0.record.measure, $0.key.metric, $0.record.side, $0.record.order_type)
        < ($1.record.measure, $1.key.metric, $1.record.side, $1.record.order_type)
    }
    for limit in sorted {
      byScope[limit.key.scope, default: none][Int(limit.record.control)].append(limit)
    }
  }

  /// Whether setting `new` would make room that the limit as it was last set does not give.
  func loosens(_ new: rck_limit) -> Bool {
    guard let old = set[LimitKey(new)]?.record else { return false }
    let levels = [
      (RCK_LEVEL_WARN, old.warn, new.warn), (RCK_LEVEL_SOFT, old.soft, new.soft),
      (RCK_LEVEL_HARD, old.hard, new.hard),
    ]
    for (level, was, becomes) in levels where old.levels & UInt32(level) != 0 {
      let isLooser = levelsFall(new) ? becomes < was : levelsAreFree(new) ? becomes != was : becomes > was
      if new.levels & UInt32(level) == 0 || isLooser { return true }
    }
    let (was, becomes) = (old.window_ns, new.window_ns)
    let isLooser =
      new.control == RCK_CONTROL_METRIC ? was != 0 && (becomes == 0 || becomes > was) : becomes < was
    // A larger sample keeps silent longer.
    let referenceLoosens =
      new.measure == RCK_MEASURE_ORDERS_PER_TRADE
      ? new.reference > old.reference : new.reference != old.reference
    return isLooser || referenceLoosens
      || new.flags & ~old.flags & UInt32(RCK_AGGRESSIVE_ONLY) != 0
  }
}

extension rck_limit {
  /// What is observed may not be below its levels, which descend.
  var isMinimum: Bool { control == RCK_CONTROL_LIQUIDITY && measure == RCK_MEASURE_DISPLAYED }
}

/// Whether the levels of a limit go down from warn to hard, or anywhere.
func levelsFall(_ limit: rck_limit) -> Bool {
  limit.isMinimum || limit.measure == RCK_MEASURE_LESS || limit.measure == RCK_MEASURE_AT_MOST
}
func levelsAreFree(_ limit: rck_limit) -> Bool {
  limit.measure == RCK_MEASURE_EQUAL || limit.measure == RCK_MEASURE_UNEQUAL
}

/// Which limits a control takes.
struct LimitForm {
  var scopes: [Int32]
  var measures: [Int32] = [RCK_MEASURE_NONE]
  /// The sides of a measure.
  var sides: (UInt32) -> ClosedRange<UInt32> = { _ in 0...0 }
  var typed = false
  /// Of a limit that is not of a pair.
  var instruments: ClosedRange<UInt32> = 0...0
}

private let account = RCK_SCOPE_ACCOUNT
private let strategy = RCK_SCOPE_STRATEGY
private let instrument = RCK_SCOPE_INSTRUMENT
private let books = [
  account, strategy, RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP,
  RCK_SCOPE_INSTRUMENT_GROUP,
]
private let everybody = books + [instrument]

func limitForm(_ control: UInt32) -> LimitForm? {
  switch Int32(bitPattern: control) {
  case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL:
    LimitForm(scopes: everybody, sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_COLLAR:
    LimitForm(
      scopes: [account, strategy, instrument], measures: [RCK_MEASURE_BPS, RCK_MEASURE_TICKS],
      sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_POSITION:
    LimitForm(
      scopes: [RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT, RCK_SCOPE_INSTRUMENT_GROUP],
      sides: { _ in 0...2 })
  case RCK_CONTROL_EXPOSURE:
    LimitForm(
      scopes: books, measures: [RCK_MEASURE_GROSS, RCK_MEASURE_NET],
      sides: { $0 == UInt32(RCK_MEASURE_NET) ? 0...2 : 0...0 })
  case RCK_CONTROL_BUYING_POWER: LimitForm(scopes: [account])
  case RCK_CONTROL_RATE:
    LimitForm(
      scopes: everybody,
      measures: [RCK_MEASURE_NEW, RCK_MEASURE_MODIFY, RCK_MEASURE_CANCEL])
  case RCK_CONTROL_WORKING:
    LimitForm(scopes: books, measures: [RCK_MEASURE_COUNT, RCK_MEASURE_NOTIONAL])
  case RCK_CONTROL_ACCUMULATED:
    LimitForm(scopes: everybody, measures: Array(RCK_MEASURE_QUANTITY_DAY...RCK_MEASURE_NOTIONAL_HOUR))
  case RCK_CONTROL_DUPLICATE: LimitForm(scopes: everybody, sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_PERIOD_COLLAR: LimitForm(scopes: everybody, sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_LIQUIDITY:
    LimitForm(
      scopes: everybody,
      measures: [
        RCK_MEASURE_VOLUME_SHARE, RCK_MEASURE_DEPTH_SHARE, RCK_MEASURE_SPREAD, RCK_MEASURE_DISPLAYED,
      ],
      sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_LISTS:
    LimitForm(
      scopes: everybody + [
        RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT, RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT,
      ], measures: [RCK_MEASURE_RESTRICTED, RCK_MEASURE_SESSION, RCK_MEASURE_LOCATE],
      sides: { $0 == UInt32(RCK_MEASURE_SESSION) ? 0...0 : 0...2 })
  case RCK_CONTROL_LOSS:
    LimitForm(
      scopes: [account, strategy], measures: [RCK_MEASURE_REALISED, RCK_MEASURE_TOTAL, RCK_MEASURE_TRAILING])
  case RCK_CONTROL_CONDUCT:
    LimitForm(scopes: [account, strategy], measures: [RCK_MEASURE_ORDERS_PER_TRADE, RCK_MEASURE_REJECTS])
  case RCK_CONTROL_REPEATED_EXECUTION: LimitForm(scopes: [account, strategy])
  case RCK_CONTROL_QUOTE:
    LimitForm(
      scopes: everybody, measures: [RCK_MEASURE_BPS, RCK_MEASURE_AGE], sides: { _ in 0...2 }, typed: true)
  case RCK_CONTROL_METRIC:
    LimitForm(
      scopes: everybody, measures: Array(RCK_MEASURE_GREATER...RCK_MEASURE_UNEQUAL), sides: { _ in 0...2 },
      typed: true, instruments: 1...UInt32(RCK_METRICS_MAX))
  case RCK_CONTROL_GROUP_EXPOSURE: LimitForm(scopes: [RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP])
  case RCK_CONTROL_CUSTOM: LimitForm(scopes: everybody, sides: { _ in 0...2 }, typed: true)
  default: nil
  }
}
