import CRiskCheck
import RiskMemory
import RiskModel

/// The sections of a region, in the order in which they lie in it. Their numbers are part of the layout
/// version.
public enum Sections {
  // Reference data: the rows of each kind, by number of the kind less one.
  static let definitions = 0
  // The names of all kinds in one table.
  static let nameNodes = 5
  static let nameBuckets = 6
  // What is counted and fed for each definition.
  static let groupState = 7
  static let accountState = 8
  static let strategyState = 9
  static let instrumentState = 10
  // Ports: the control lines and the ring of each, the engine's own first.
  static let portControls = 11
  static let portRings = 12
  // Room of the order path, of evidence, and of the guards.
  static let room = 13
  static let count = 25

  /// Kinds of definition: RCK_KIND_ 1 to 5.
  static let kinds = 5

  /// Bytes of one definition's record, the public struct rounded up to whole lines.
  static func recordBytes(_ kind: Int) -> Int { kind == Int(RCK_KIND_INSTRUMENT) ? 128 : 64 }

  /// What one unit of each capacity of the room is charged.
  static let positionBytes: UInt64 = 192
  static let orderBytes: UInt64 = 192
  static let retiredBytes: UInt64 = 32
  static let limitBytes: UInt64 = 128
  static let violationBytes: UInt64 = 128
  static let historyBytes: UInt64 = 64
  static let windowBytes: UInt64 = 128
  static let timeBytes: UInt64 = 16
  static let duplicateBytes: UInt64 = 32
  static let levelBytes: UInt64 = 16
  static let entryBytes: UInt64 = 16
  static let leaseBytes: UInt64 = 128

  /// Capacity of a kind of definition.
  static func capacity(_ kind: Int, _ config: rck_config) -> UInt64 {
    switch kind {
    case Int(RCK_KIND_CURRENCY): return config.currencies_max
    case Int(RCK_KIND_GROUP): return config.groups_max
    case Int(RCK_KIND_ACCOUNT): return config.accounts_max
    case Int(RCK_KIND_STRATEGY): return config.strategies_max
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
      let bytes = Rows<ManyWriters>.bytes(
        rows: Int(truncatingIfNeeded: rows), spares: 1, recordBytes: recordBytes(kind))
      take(1, UInt64(truncatingIfNeeded: bytes))
      named &+= rows
      kind &+= 1
    }
    take(named, 16)
    let buckets = Table<ManyWriters>.bucketCount(capacity: Int(truncatingIfNeeded: named))
    take(UInt64(truncatingIfNeeded: buckets), 8)
    take(config.groups_max, 128)
    take(config.accounts_max, 256)
    take(config.strategies_max, 256)
    take(config.instruments_max, 256)
    take(config.ports_max &+ 1, UInt64(Ring.controlBytes))
    take(config.ports_max &+ 1, config.ring_lines &* 64)
    planRoom(config, take)
    return arena.overflowed || arena.used > Configuration.regionBytesMax ? nil : arena.used
  }

  static func planRoom(_ config: rck_config, _ take: (UInt64, UInt64) -> Void) {
    take(config.positions_max, positionBytes)
    take(config.orders_max, orderBytes)
    take(config.retired_ids_max, retiredBytes)
    take(config.limits_max, limitBytes)
    take(config.violations_max, violationBytes)
    take(config.history_max, historyBytes)
    take(config.windows_max, windowBytes &+ config.rate_exact_max &* timeBytes)
    take(config.duplicates_max, duplicateBytes)
    take(config.instruments_max, config.ladder_levels_max &* levelBytes)
    take(config.instruments_max, config.price_history_max &* entryBytes)
    take(config.accounts_max, config.order_history_max &* entryBytes)
    take(config.leases_max, (config.ports_max &+ 1) &* leaseBytes)
  }
}
