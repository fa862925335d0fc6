import CRiskCheck

/// What the fields of a limit may hold beside its key, by control and measure.
extension Control {
  /// The highest level of a measure. A rate's is the configuration's.
  public func levelMax(_ measure: UInt32, _ config: rck_config) -> Int64 {
    switch number {
    case RCK_CONTROL_COLLAR:
      return measure == UInt32(RCK_MEASURE_BPS) ? Catalogue.bpsMax : Amount.inputMax
    case RCK_CONTROL_BUYING_POWER: return Catalogue.bpsMax
    case RCK_CONTROL_RATE: return Int64(clamping: config.rate_exact_max)
    case RCK_CONTROL_WORKING:
      return measure == UInt32(RCK_MEASURE_COUNT) ? Amount.inputMax : Amount.max
    case RCK_CONTROL_DUPLICATE: return 0
    case RCK_CONTROL_LISTS: return measure == UInt32(RCK_MEASURE_LOCATE) ? Amount.max : 0
    case RCK_CONTROL_CONDUCT: return Amount.inputMax
    case RCK_CONTROL_REPEATED_EXECUTION: return Int64(clamping: config.order_history_max)
    case RCK_CONTROL_QUOTE:
      return measure == UInt32(RCK_MEASURE_AGE) ? Int64(RCK_TIME_NS_MAX) : Catalogue.bpsMax
    case RCK_CONTROL_PERIOD_COLLAR: return Catalogue.bpsMax
    case RCK_CONTROL_LIQUIDITY: return isMinimum(measure) ? Amount.inputMax : Catalogue.bpsMax
    case RCK_CONTROL_CUSTOM: return 0
    default: return Amount.max
    }
  }

  /// Whether what is observed may not be below the levels: they descend from warn to hard.
  public func isMinimum(_ measure: UInt32) -> Bool {
    number == RCK_CONTROL_LIQUIDITY && measure == UInt32(RCK_MEASURE_DISPLAYED)
  }

  /// The lowest level.
  public var levelMin: Int64 { number == RCK_CONTROL_METRIC ? 0 &- Amount.max : 0 }

  /// How the levels of a measure go from warn to hard.
  public static func course(_ measure: UInt32) -> Course {
    switch Int32(bitPattern: measure) {
    case RCK_MEASURE_LESS, RCK_MEASURE_AT_MOST, RCK_MEASURE_DISPLAYED: return .down
    case RCK_MEASURE_EQUAL, RCK_MEASURE_UNEQUAL: return .free
    default: return .up
    }
  }

  /// What `instrument` may be of a limit that is not of a pair: of a metric its number.
  public var instruments: (least: Int64, most: Int64) {
    number == RCK_CONTROL_METRIC ? (1, Int64(RCK_METRICS_MAX)) : (0, 0)
  }

  /// The shortest and the longest window; both 0 of a measure without one.
  public func windows(_ measure: UInt32) -> (least: Int64, most: Int64) {
    switch number {
    case RCK_CONTROL_RATE, RCK_CONTROL_PERIOD_COLLAR, RCK_CONTROL_DUPLICATE, RCK_CONTROL_REPEATED_EXECUTION:
      return (1, Control.day)
    case RCK_CONTROL_METRIC: return (0, Int64(RCK_TIME_NS_MAX))
    default: return (0, 0)
    }
  }

  /// The smallest and the largest of what `reference` says.
  public func references(_ measure: UInt32) -> (least: Int64, most: Int64) {
    switch number {
    case RCK_CONTROL_COLLAR: return (Int64(RCK_REFERENCE_LAST), Int64(RCK_REFERENCE_SET))
    case RCK_CONTROL_METRIC: return (0, Int64(Metric.decimalsMax))
    case RCK_CONTROL_CUSTOM: return (1, Int64(RCK_CUSTOMS_MAX))
    case RCK_CONTROL_LISTS where measure == UInt32(RCK_MEASURE_SESSION): return (1, Int64(RCK_CALENDARS_MAX))
    case RCK_CONTROL_CONDUCT where measure == UInt32(RCK_MEASURE_ORDERS_PER_TRADE):
      return (0, Int64(UInt32.max))
    default: return (0, 0)
    }
  }

  /// Bit n set: limits of a measure at RCK_SCOPE_ n.
  public func scopes(_ measure: UInt32) -> UInt32 {
    switch Int32(bitPattern: measure) {
    case RCK_MEASURE_RESTRICTED:
      return Catalogue.bit(RCK_SCOPE_INSTRUMENT) | Catalogue.bit(RCK_SCOPE_INSTRUMENT_GROUP)
        | scopes & ~Catalogue.everybody
    case RCK_MEASURE_SESSION: return Catalogue.everybody
    case RCK_MEASURE_LOCATE: return Catalogue.bit(RCK_SCOPE_ACCOUNT_INSTRUMENT)
    default: return scopes
    }
  }

  /// Levels that every limit of a measure has.
  public func levelsNeeded(_ measure: UInt32) -> UInt32 {
    measure == UInt32(RCK_MEASURE_LOCATE) ? UInt32(RCK_LEVEL_HARD) : 0
  }

  /// The smallest side that a limit may name if it names one.
  public func sideMin(_ measure: UInt32) -> UInt32 {
    UInt32(measure == UInt32(RCK_MEASURE_LOCATE) ? RCK_SIDE_SELL : RCK_SIDE_BUY)
  }

  /// Whether its bounds lie in a scope's one stretch for controls that rows and rates do not come with.
  public var isFurther: Bool {
    switch number {
    case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION,
      RCK_CONTROL_EXPOSURE, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_RATE, RCK_CONTROL_WORKING:
      return false
    default: return true
    }
  }

  /// One day, in nanoseconds.
  static let day: Int64 = 86_400_000_000_000
}

/// The order of a limit's levels, of which the hard one is the last that is reached.
public enum Course: Int32 {
  case up
  case down
  case free

  /// Whether a level of `new` leaves room that `old` does not.
  public func loosens(_ old: Int64, _ new: Int64) -> Bool {
    switch self {
    case .up: return new > old
    case .down: return new < old
    case .free: return new != old
    }
  }
}
