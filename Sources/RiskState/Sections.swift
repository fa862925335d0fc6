import CRiskCheck
import RiskMemory
import RiskModel

/// The sections of a region, in the order in which they lie in it. Their numbers are part of the layout
/// version.
public enum Sections {
  // Reference data from section 0 on: the rows of each kind but calendars, three sections a kind: see `definitions`.
  // The names of all kinds in one table.
  static let nameNodes = 15
  static let nameBuckets = 16
  // What is counted and fed for each definition.
  static let groupState = 17
  static let accountState = 18
  static let strategyState = 19
  static let instrumentState = 20
  // Ports: the control lines and the ring of each, the engine's own first.
  static let portControls = 21
  static let portRings = 22
  // The order path. A pool is its slots, heads and buckets.
  static let bookSpares = 23
  static let bookRecords = 24
  static let markets = 25
  static let positionSlots = 28
  static let positionHeads = 29
  static let positionBuckets = 30
  static let positionSpares = 31
  static let positionRecords = 32
  static let orderSlots = 33
  static let orderHeads = 34
  static let orderBuckets = 35
  static let orderSpares = 36
  static let orderRecords = 37
  static let retired = 38
  static let executionSlots = 39
  static let executionHeads = 40
  static let executionBuckets = 41
  static let executed = 42
  // Limits and what they count in.
  static let limitSlots = 43
  static let limitRecords = 44
  static let limitBuckets = 45
  static let bounds = 46
  static let windows = 47
  // Free places for orders that a port has at hand.
  static let orderHands = 48
  // Violations, and those that have ended; then room of the guards, the totals, and the overrides.
  static let violations = 49
  static let history = 50
  static let duplicates = 51
  /// The prices of each record of a market.
  static let prices = 53
  /// The orders of each account that were filled lately: see Patterns.
  static let orderHistory = 54
  static let totals = 55
  static let overrides = 56
  // Sums of what orders open, what a port's order takes beside rows, and the table of duplicates.
  static let accumulations = 57
  static let takes = 58
  static let duplicateBuckets = 59
  static let breaches = 60
  // The rows of calendars.
  static let calendars = 61
  // What the day of each account and strategy has come to: see Results, Conduct.
  static let results = 64
  // Metrics of the host's.
  static let metrics = 65
  // What accounts have in groups of instruments: see Sectors.
  static let sectors = 66
  // What each port has decided, and how long it took: see Statistics.
  static let statistics = 67
  static let count = 68

  /// Kinds of definition: RCK_KIND_ 1 to 6.
  static let kinds = 6
  /// Those whose rows are in the first sections.
  private static let kindsFirst = 5

  /// The first of the three sections of a kind's rows.
  @inline(__always)
  static func definitions(_ kind: Int) -> Int { kind > kindsFirst ? calendars : (kind &- 1) &* 3 }

  /// Bytes of one definition's record, the public struct rounded up to whole lines.
  static func recordBytes(_ kind: Int) -> Int {
    switch kind {
    case Int(RCK_KIND_INSTRUMENT): return 320
    case Int(RCK_KIND_ACCOUNT): return 128
    case Int(RCK_KIND_CALENDAR): return 832
    default: return 64
    }
  }

  // Bytes of the order path's records.
  static let bookBytes = 128
  static let marketBytes = 128
  static let positionBytes = 192
  static let orderBytes = 192
  /// Lists of free places: as many ports as there may be share this many.
  static let stripes = 8

  // What leads to a record: link and key of its table, the word of its row, of an order its node in the pool too.
  static let positionHeadBytes = 128
  static let orderHeadBytes = 64
  static let executionBytes = 64
  /// Link, key, and two versions.
  static let limitBytes: UInt64 = 288
  static let boundBytes: UInt64 = 64
  /// Cursor, on a pair of lines of its own.
  static let cursorBytes: UInt64 = 128

  /// Of an account, a strategy, an instrument, a group: see Scope.
  static let scopeBytes: UInt64 = 384

  /// What one unit of each capacity of the room is charged.
  static let violationBytes: UInt64 = 128
  static let historyBytes: UInt64 = 64
  static let duplicateBytes: UInt64 = 32
  static let levelBytes: UInt64 = 16
  static let entryBytes: UInt64 = 16
  static let leaseBytes: UInt64 = 128
  static let overrideBytes: UInt64 = 128
  static let resultsBytes: UInt64 = 128

  /// Capacity of a kind of definition.
  static func capacity(_ kind: Int, _ config: rck_config) -> UInt64 {
    switch kind {
    case Int(RCK_KIND_CURRENCY): return config.currencies_max
    case Int(RCK_KIND_GROUP): return config.groups_max
    case Int(RCK_KIND_ACCOUNT): return config.accounts_max
    case Int(RCK_KIND_STRATEGY): return config.strategies_max
    case Int(RCK_KIND_CALENDAR): return UInt64(RCK_CALENDARS_MAX)
    default: return config.instruments_max
    }
  }

  /// Calls `place` with every section of a region of this configuration, which has been validated, and
  /// returns the region's size; nil when it would exceed the largest.
  public static func plan(_ config: rck_config, _ place: (Int, Section) -> Void) -> UInt64? {
    var arena = Arena(after: UInt64(Region.headerBytes))
    var next = 0
    func take(_ count: UInt64, _ each: UInt64) {
      place(next, arena.take(count: count, each: each))
      next &+= 1
    }
    var named: UInt64 = 0
    var kind = 1
    while kind <= kinds {
      let rows = capacity(kind, config)
      if kind <= kindsFirst { planRows(Int(truncatingIfNeeded: rows), spares: 1, recordBytes(kind), take) }
      named &+= rows
      kind &+= 1
    }
    take(named, 16)
    let buckets = Table<ManyWriters>.bucketCount(capacity: Int(truncatingIfNeeded: named))
    take(UInt64(truncatingIfNeeded: buckets), 8)
    take(config.groups_max, scopeBytes)
    take(config.accounts_max, scopeBytes)
    take(config.strategies_max, scopeBytes)
    take(config.instruments_max, scopeBytes)
    take(config.ports_max &+ 1, UInt64(Ring.controlBytes))
    take(config.ports_max &+ 1, config.ring_lines &* 64)
    planOrders(config, take)
    planLimits(config, take)
    planRoom(config, take)
    return arena.overflowed || arena.used > Configuration.regionBytesMax ? nil : arena.used
  }

  /// Ports that write, the engine's own among them: each needs a spare of every kind of record.
  static func writers(_ config: rck_config) -> Int { Int(truncatingIfNeeded: config.ports_max) &+ 1 }

  /// Places for orders: those that live, those that are remembered, and for each port one that it works on and
  /// those in its hand.
  static func orderPlaces(_ config: rck_config) -> Int {
    let each = Slots<ManyWriters>.handMost &+ 1
    return Int(truncatingIfNeeded: config.orders_max &+ config.retired_ids_max) &+ writers(config) &* each
  }

  static func executionPlaces(_ config: rck_config) -> Int {
    Int(truncatingIfNeeded: config.executions_max) &+ writers(config)
  }

  private static func planOrders(_ config: rck_config, _ take: (UInt64, UInt64) -> Void) {
    let spares = writers(config)
    let instruments = Int(truncatingIfNeeded: config.instruments_max)
    let books = Int(truncatingIfNeeded: config.accounts_max &+ config.strategies_max)
    planRecords(books, spares: spares, bookBytes, take)
    planRows(instruments, spares: spares, marketBytes, take)
    let positions = Int(truncatingIfNeeded: config.positions_max)
    pool(positions, take, head: positionHeadBytes)
    planRecords(positions, spares: spares, positionBytes, take)
    let orders = orderPlaces(config)
    pool(orders, take, head: orderHeadBytes, slots: Slots<ManyWriters>.stripesBytes(stripes))
    planRecords(orders, spares: spares, orderBytes, take)
    take(bytes(stripes), cursorBytes &+ config.retired_ids_max &* 8)
    pool(executionPlaces(config), take, head: executionBytes)
    take(1, cursorBytes &+ config.executions_max &* 8)
  }

  private static func planLimits(_ config: rck_config, _ take: (UInt64, UInt64) -> Void) {
    let limits = Int(truncatingIfNeeded: config.limits_max)
    pool(limits, take, head: Int(truncatingIfNeeded: limitBytes))
    take(config.limits_max &* 2, boundBytes)
    let window = ExactWindow<ManyWriters>.bytes(most: Int(truncatingIfNeeded: config.rate_exact_max))
    take(config.windows_max, bytes(window))
    take(bytes(writers(config)), bytes(Slots<ManyWriters>.handBytes))
  }

  private static func planRows(
    _ rows: Int, spares: Int, _ recordBytes: Int, _ take: (UInt64, UInt64) -> Void
  ) {
    take(1, bytes(Rows<ManyWriters>.wordsBytes(rows: rows)))
    planRecords(rows, spares: spares, recordBytes, take)
  }

  /// Of rows whose words lie elsewhere.
  private static func planRecords(
    _ rows: Int, spares: Int, _ recordBytes: Int, _ take: (UInt64, UInt64) -> Void
  ) {
    take(1, bytes(Rows<ManyWriters>.sparesBytes(rows: rows, spares: spares)))
    take(bytes(rows &+ spares), bytes(recordBytes))
  }

  /// Numbered places, what leads to them, and the buckets of the table that finds them.
  private static func pool(
    _ places: Int, _ take: (UInt64, UInt64) -> Void, head: Int, slots: Int? = nil
  ) {
    take(1, bytes(slots ?? Slots<ManyWriters>.bytes(capacity: places, stripes: stripes)))
    take(bytes(places), bytes(head))
    take(bytes(Table<ManyWriters>.bucketCount(capacity: places)), 8)
  }

  private static func bytes(_ count: Int) -> UInt64 { UInt64(truncatingIfNeeded: count) }

  private static func planRoom(_ config: rck_config, _ take: (UInt64, UInt64) -> Void) {
    take(config.violations_max, violationBytes)
    take(config.history_max, historyBytes)
    take(config.duplicates_max, duplicateBytes)
    take(config.instruments_max, config.ladder_levels_max &* levelBytes)
    take(config.instruments_max &+ bytes(writers(config)), config.price_history_max &* entryBytes)
    take(config.accounts_max, config.order_history_max &* entryBytes)
    take(config.leases_max, (config.ports_max &+ 1) &* leaseBytes)
    take(UInt64(RCK_OVERRIDES_MAX), overrideBytes)
    take(config.windows_max, bytes(Accumulation<ManyWriters>.bytes))
    take(bytes(writers(config)), bytes(Takes<ManyWriters>.bytes))
    let duplicates = Int(truncatingIfNeeded: config.duplicates_max)
    take(bytes(Table<ManyWriters>.bucketCount(capacity: duplicates)), 8)
    take(config.limits_max, 8)
    planRows(Int(RCK_CALENDARS_MAX), spares: 1, recordBytes(Int(RCK_KIND_CALENDAR)), take)
    take(config.accounts_max &+ config.strategies_max, resultsBytes)
    take(UInt64(RCK_METRICS_MAX), Metrics.bytes)
    take(config.leases_max, scopeBytes)
    take(bytes(writers(config)), bytes(Statistics.bytes))
  }
}
