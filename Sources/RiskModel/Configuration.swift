import CRiskCheck

/// What a configuration may hold. `capacities` views the run of `uint64_t` fields of `rck_config`, which the
/// rules below name in the order of the header.
public enum Configuration {
  public static let capacityCount = 21
  public static let regionBytesMax: UInt64 = 1 << 40
  static var record: Label { "rck_config" }
  static let hour_ns: Int64 = 3_600_000_000_000

  // Capacities that are powers of two.
  static let ringLines = 10
  static let rateExact = 13
  /// Half of it each for the lowest and the highest prices.
  static let priceHistory = 17

  /// Capacity number `index`: its field and its largest value. The smallest is 1, of the ring 64, of prices 2. Indices
  /// of records have 24 bits: what shares them stays below that together, with a record for each port beside it.
  static func rule(_ index: Int) -> (field: Label, maximum: UInt64) {
    switch index {
    case 0: return ("currencies_max", 1 << 10)
    case 1: return ("groups_max", 1 << 16)
    case 2: return ("accounts_max", 1 << 20)
    case 3: return ("strategies_max", 1 << 16)
    case 4: return ("instruments_max", 1 << 20)
    case 5: return ("positions_max", 16_000_000)
    case 6: return ("orders_max", 8_000_000)
    case 7: return ("retired_ids_max", 8_000_000)
    case 8: return ("limits_max", 1 << 20)
    case 9: return ("ports_max", 255)
    case 10: return ("ring_lines", 1 << 24)
    case 11: return ("violations_max", 1 << 20)
    case 12: return ("history_max", 1 << 24 - 1)
    case 13: return ("rate_exact_max", 1 << 20)
    case 14: return ("windows_max", 1 << 20)
    case 15: return ("duplicates_max", 1 << 24 - 1)
    case 16: return ("ladder_levels_max", 1 << 12)
    case 17: return ("price_history_max", 1 << 8)
    case 18: return ("order_history_max", 1 << 16)
    case 19: return ("leases_max", 1 << 16)
    default: return ("executions_max", 16_000_000)
    }
  }

  public static var standard: rck_config {
    var config = rck_config()
    config.struct_size = UInt32(MemoryLayout<rck_config>.size)
    config.flags = UInt32(RCK_PREFAULT)
    config.discipline = UInt32(RCK_MANY_WRITERS)
    config.clock_source = UInt32(RCK_CLOCK_REALTIME)
    config.money_decimals = 2
    config.clock_back_ns_max = 1_000_000_000
    config.mark_age_ns_max = 60_000_000_000
    config.currencies_max = 16
    config.groups_max = 64
    config.accounts_max = 64
    config.strategies_max = 64
    config.instruments_max = 1024
    config.positions_max = 4096
    config.orders_max = 65536
    config.retired_ids_max = 16384
    config.limits_max = 1024
    config.ports_max = 8
    config.ring_lines = 2048
    config.violations_max = 1024
    config.history_max = 4096
    config.rate_exact_max = 256
    config.windows_max = 64
    config.duplicates_max = 4096
    config.ladder_levels_max = 16
    config.price_history_max = 16
    config.order_history_max = 64
    config.leases_max = 64
    config.executions_max = 16384
    return config
  }

  public static var flagsKnown: UInt32 {
    UInt32(
      RCK_PREFAULT | RCK_HUGE_PAGES | RCK_MLOCK | RCK_SHARED | RCK_CONSUMER_OUTSIDE | RCK_TELL_COMMANDS
        | RCK_TELL_MARKET | RCK_TELL_STRICT | RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS | RCK_TIME_SAMPLED
        | RCK_TIME_ALWAYS)
  }

  /// The first thing wrong with a configuration, or nil.
  public static func fault(of config: rck_config) -> Refusal? {
    if config.flags & ~flagsKnown != 0 {
      return Refusal(RCK_E_FLAGS, record, "flags", value: Int64(config.flags))
    }
    let isOutside = config.flags & UInt32(RCK_CONSUMER_OUTSIDE) != 0
    let tellsMore = config.flags & UInt32(RCK_TELL_MARKET | RCK_TELL_STRICT) != 0
    let times = config.flags & UInt32(RCK_TIME_SAMPLED | RCK_TIME_ALWAYS) != 0
    if times && config.flags & UInt32(RCK_KEEP_STATISTICS) == 0
      || isOutside && config.flags & UInt32(RCK_SHARED) == 0
      || tellsMore && config.flags & UInt32(RCK_TELL_COMMANDS) == 0
    {
      return Refusal(RCK_E_FLAGS, record, "flags", value: Int64(config.flags))
    }
    if config.reserved != 0 {
      return Refusal(RCK_E_RESERVED, record, "reserved", value: Int64(config.reserved))
    }
    return numberFault(of: config) ?? capacityFault(of: config)
  }

  static func numberFault(of config: rck_config) -> Refusal? {
    outside(Int64(config.discipline), 1, 2, "discipline")
      ?? outside(Int64(config.clock_source), 1, 2, "clock_source")
      ?? outside(Int64(config.money_decimals), 0, 9, "money_decimals")
      ?? outside(config.clock_back_ns_max, 0, hour_ns, "clock_back_ns_max")
      ?? outside(config.mark_age_ns_max, 1, Int64(RCK_TIME_NS_MAX), "mark_age_ns_max")
  }

  static func outside(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
    if value >= least && value <= most { return nil }
    return Refusal(RCK_E_RANGE, record, field, value: value, minimum: least, maximum: most)
  }

  static func capacityFault(of config: rck_config) -> Refusal? {
    var index = 0
    while index < capacityCount {
      let value = capacity(index, of: config)
      let (field, maximum) = rule(index)
      let minimum: UInt64 = index == ringLines ? 64 : index == priceHistory ? 2 : 1
      let isPower = index == ringLines || index == rateExact
      if value < minimum || value > maximum || isPower && value & (value &- 1) != 0 {
        return Refusal(
          RCK_E_RANGE, record, field, value: shown(value), minimum: shown(minimum), maximum: shown(maximum))
      }
      index &+= 1
    }
    return nil
  }

  static func capacity(_ index: Int, of config: rck_config) -> UInt64 {
    // The capacities are the last fields of the struct, all of one size.
    withUnsafeBytes(of: config) {
      let first = MemoryLayout<rck_config>.size &- capacityCount &* 8
      return $0.loadUnaligned(fromByteOffset: first &+ index &* 8, as: UInt64.self)
    }
  }

  /// In what a configuration differs from the one that a region was made with, flags apart; nil in nothing.
  public static func difference(of wanted: rck_config, from made: rck_config) -> Refusal? {
    differs(Int64(wanted.discipline), Int64(made.discipline), "discipline")
      ?? differs(Int64(wanted.clock_source), Int64(made.clock_source), "clock_source")
      ?? differs(Int64(wanted.money_decimals), Int64(made.money_decimals), "money_decimals")
      ?? differs(wanted.clock_back_ns_max, made.clock_back_ns_max, "clock_back_ns_max")
      ?? differs(wanted.mark_age_ns_max, made.mark_age_ns_max, "mark_age_ns_max")
      ?? capacityDifference(of: wanted, from: made)
  }

  static func capacityDifference(of wanted: rck_config, from made: rck_config) -> Refusal? {
    var index = 0
    while index < capacityCount {
      let (new, old) = (shown(capacity(index, of: wanted)), shown(capacity(index, of: made)))
      if let refusal = differs(new, old, rule(index).field) { return refusal }
      index &+= 1
    }
    return nil
  }

  static func differs(_ new: Int64, _ old: Int64, _ field: Label) -> Refusal? {
    if new == old { return nil }
    return Refusal(RCK_E_CONFIG_DIFFERS, record, field, value: new, minimum: old, maximum: old)
  }
}
