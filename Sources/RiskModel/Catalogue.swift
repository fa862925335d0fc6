import CRiskCheck

/// A control as the catalogue describes it: what its limits are, where they may be set, and what follows from
/// them. It holds no numbers of a host's.
public struct Control {
  public let number: Int32
  public let name: Label
  /// RCK_UNIT_ of its levels.
  public let unit: Int32
  /// Bit n set: limits at RCK_SCOPE_ n.
  public let scopes: UInt32
  /// Bit n set: RCK_MEASURE_ n. None of a control that takes no limits.
  public let measures: UInt64
  /// Limits may name a side, an order type.
  public let sided: Bool
  public let typed: Bool
  /// A strictly reducing order passes regardless.
  public let reducing: Bool

  init(
    _ number: Int32, _ name: Label, _ unit: Int32, _ scopes: UInt32, _ measures: UInt64, sided: Bool = false,
    typed: Bool = false, reducing: Bool = false
  ) {
    self.number = number
    self.name = name
    self.unit = unit
    self.scopes = scopes
    self.measures = measures
    self.sided = sided
    self.typed = typed
    self.reducing = reducing
  }

  @inline(__always)
  public func takes(scope: UInt32) -> Bool { scope < 32 && (scopes &>> scope) & 1 != 0 }

  @inline(__always)
  public func takes(measure: UInt32) -> Bool { measure < 64 && (measures &>> UInt64(measure)) & 1 != 0 }

  /// The largest side that a limit of this measure may name: gross exposure and sessions have none.
  public func sideMax(_ measure: UInt32) -> UInt32 {
    sided && measure != UInt32(RCK_MEASURE_GROSS) && measure != UInt32(RCK_MEASURE_SESSION)
      ? UInt32(RCK_SIDE_SELL) : 0
  }

  public var typeMax: UInt32 { typed ? UInt32(RCK_TYPE_STOP_LIMIT) : 0 }
}

/// The controls of this version. Static, and every answer is computed: no table has to be made first.
public enum Catalogue {
  /// A hundredfold: of a reference, or of buying power.
  public static let bpsMax: Int64 = 1_000_000

  /// The control of this number; nil if there is none in this version.
  public static func control(_ number: UInt32) -> Control? {
    switch Int32(truncatingIfNeeded: number) {
    case RCK_CONTROL_VALIDITY:
      return Control(RCK_CONTROL_VALIDITY, "order validity", RCK_UNIT_NONE, 0, 0)
    case RCK_CONTROL_ORDER_QUANTITY:
      return Control(
        RCK_CONTROL_ORDER_QUANTITY, "order quantity", RCK_UNIT_QUANTITY, everybody, single, sided: true,
        typed: true)
    case RCK_CONTROL_ORDER_NOTIONAL:
      return Control(
        RCK_CONTROL_ORDER_NOTIONAL, "order notional", RCK_UNIT_MONEY, everybody, single, sided: true,
        typed: true)
    case RCK_CONTROL_COLLAR:
      return Control(
        RCK_CONTROL_COLLAR, "price collar", RCK_UNIT_BPS, parties,
        measure(RCK_MEASURE_BPS) | measure(RCK_MEASURE_TICKS),
        sided: true, typed: true)
    case RCK_CONTROL_POSITION:
      return Control(
        RCK_CONTROL_POSITION, "position", RCK_UNIT_QUANTITY,
        bit(RCK_SCOPE_ACCOUNT_INSTRUMENT) | bit(RCK_SCOPE_STRATEGY_INSTRUMENT)
          | bit(RCK_SCOPE_INSTRUMENT_GROUP), single, sided: true,
        reducing: true)
    case RCK_CONTROL_EXPOSURE:
      return Control(
        RCK_CONTROL_EXPOSURE, "exposure", RCK_UNIT_MONEY, booked,
        measure(RCK_MEASURE_GROSS) | measure(RCK_MEASURE_NET),
        sided: true, reducing: true)
    case RCK_CONTROL_BUYING_POWER:
      return Control(
        RCK_CONTROL_BUYING_POWER, "buying power", RCK_UNIT_BPS, bit(RCK_SCOPE_ACCOUNT), single, reducing: true
      )
    default: return later(number)
    }
  }

  private static func later(_ number: UInt32) -> Control? {
    switch Int32(truncatingIfNeeded: number) {
    case RCK_CONTROL_PERIOD_COLLAR:
      return Control(
        RCK_CONTROL_PERIOD_COLLAR, "period collar", RCK_UNIT_BPS, everybody, single, sided: true, typed: true)
    case RCK_CONTROL_LIQUIDITY:
      return Control(
        RCK_CONTROL_LIQUIDITY, "liquidity", RCK_UNIT_BPS, everybody,
        measure(RCK_MEASURE_VOLUME_SHARE) | measure(RCK_MEASURE_DEPTH_SHARE) | measure(RCK_MEASURE_SPREAD)
          | measure(RCK_MEASURE_DISPLAYED), sided: true, typed: true)
    case RCK_CONTROL_RATE:
      return Control(
        RCK_CONTROL_RATE, "message rate", RCK_UNIT_COUNT, everybody,
        measure(RCK_MEASURE_NEW) | measure(RCK_MEASURE_MODIFY) | measure(RCK_MEASURE_CANCEL))
    case RCK_CONTROL_WORKING:
      return Control(
        RCK_CONTROL_WORKING, "working orders", RCK_UNIT_COUNT, booked,
        measure(RCK_MEASURE_COUNT) | measure(RCK_MEASURE_NOTIONAL))
    case RCK_CONTROL_ACCUMULATED:
      return Control(
        RCK_CONTROL_ACCUMULATED, "accumulated", RCK_UNIT_MONEY, everybody,
        // Quantity and notional, of a day, a minute, an hour: six in a row.
        measure(RCK_MEASURE_QUANTITY_DAY) &* 63, reducing: true)
    case RCK_CONTROL_DUPLICATE:
      return Control(
        RCK_CONTROL_DUPLICATE, "duplicate", RCK_UNIT_COUNT, everybody, single, sided: true, typed: true)
    case RCK_CONTROL_LISTS:
      return Control(
        RCK_CONTROL_LISTS, "lists", RCK_UNIT_QUANTITY,
        everybody | bit(RCK_SCOPE_ACCOUNT_INSTRUMENT) | bit(RCK_SCOPE_STRATEGY_INSTRUMENT)
          | bit(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT),
        measure(RCK_MEASURE_RESTRICTED) | measure(RCK_MEASURE_SESSION) | measure(RCK_MEASURE_LOCATE),
        sided: true)
    case RCK_CONTROL_LOSS:
      return Control(
        RCK_CONTROL_LOSS, "loss", RCK_UNIT_MONEY, books,
        measure(RCK_MEASURE_REALISED) | measure(RCK_MEASURE_TOTAL) | measure(RCK_MEASURE_TRAILING),
        reducing: true)
    case RCK_CONTROL_REPEATED_EXECUTION:
      return Control(RCK_CONTROL_REPEATED_EXECUTION, "repeated execution", RCK_UNIT_COUNT, books, single)
    case RCK_CONTROL_QUOTE:
      return Control(
        RCK_CONTROL_QUOTE, "quote", RCK_UNIT_BPS, everybody,
        measure(RCK_MEASURE_BPS) | measure(RCK_MEASURE_AGE),
        sided: true, typed: true)
    case RCK_CONTROL_CONDUCT:
      return Control(
        RCK_CONTROL_CONDUCT, "conduct", RCK_UNIT_COUNT, books,
        measure(RCK_MEASURE_ORDERS_PER_TRADE) | measure(RCK_MEASURE_REJECTS))
    case RCK_CONTROL_METRIC:
      return Control(
        RCK_CONTROL_METRIC, "metric", RCK_UNIT_NONE, everybody, metrics, sided: true, typed: true)
    case RCK_CONTROL_CUSTOM:
      return Control(
        RCK_CONTROL_CUSTOM, "custom", RCK_UNIT_NONE, everybody, single, sided: true, typed: true)
    case RCK_CONTROL_GROUP_EXPOSURE:
      return Control(
        RCK_CONTROL_GROUP_EXPOSURE, "group exposure", RCK_UNIT_MONEY, bit(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP),
        single, reducing: true)
    case RCK_CONTROL_STATE:
      return Control(
        RCK_CONTROL_STATE, "state of trading", RCK_UNIT_NONE, everybody, 0)
    default: return nil
    }
  }

  /// RCK_ACTION_ that follows from a severity unless a limit has its own.
  public static func action(_ severity: Int32) -> UInt8 {
    switch severity {
    case RCK_SEVERITY_INFO: return UInt8(RCK_ACTION_LOG)
    case RCK_SEVERITY_WARNING: return UInt8(RCK_ACTION_ALERT)
    case RCK_SEVERITY_SOFT: return UInt8(RCK_ACTION_THROTTLE)
    case RCK_SEVERITY_HARD: return UInt8(RCK_ACTION_BLOCK)
    case RCK_SEVERITY_CRITICAL: return UInt8(RCK_ACTION_HALT)
    default: return UInt8(RCK_ACTION_NONE)
    }
  }

  /// Whether an order may be refused with this code. One for each side or message type is named by itself.
  static func refuses(_ status: Int32) -> Bool {
    switch status {
    case RCK_REJECT_INSTRUMENT_UNKNOWN, RCK_REJECT_INSTRUMENT_DISABLED, RCK_REJECT_ACCOUNT_UNKNOWN,
      RCK_REJECT_ACCOUNT_DISABLED, RCK_REJECT_ACCOUNT_PERMISSION, RCK_REJECT_STRATEGY_UNKNOWN,
      RCK_REJECT_STRATEGY_DISABLED, RCK_REJECT_STRATEGY_PERMISSION, RCK_REJECT_QUANTITY_NOT_POSITIVE,
      RCK_REJECT_QUANTITY_LOT, RCK_REJECT_QUANTITY_BOUNDS, RCK_REJECT_PRICE_TICK, RCK_REJECT_PRICE_BOUNDS,
      RCK_REJECT_STOP_PRICE_TICK, RCK_REJECT_STOP_PRICE_BOUNDS, RCK_REJECT_SIDE, RCK_REJECT_TYPE,
      RCK_REJECT_TIME_IN_FORCE, RCK_REJECT_FLAGS, RCK_REJECT_PRICE_MISSING, RCK_REJECT_STOP_PRICE_MISSING,
      RCK_REJECT_ORDER_OVERFLOW:
      return true
    case RCK_REJECT_ORDER_QUANTITY, RCK_REJECT_ORDER_NOTIONAL, RCK_REJECT_NOTIONAL_REFERENCE_MISSING,
      RCK_REJECT_NOTIONAL_OVERFLOW:
      return true
    case RCK_REJECT_COLLAR_ABOVE, RCK_REJECT_COLLAR_BELOW, RCK_REJECT_COLLAR_LAST_MISSING,
      RCK_REJECT_COLLAR_MID_MISSING, RCK_REJECT_COLLAR_OWN_SIDE_MISSING, RCK_REJECT_COLLAR_CLOSE_MISSING,
      RCK_REJECT_COLLAR_SET_MISSING:
      return true
    case RCK_REJECT_POSITION_LONG, RCK_REJECT_POSITION_SHORT, RCK_REJECT_POSITION_OVERFLOW,
      RCK_REJECT_EXPOSURE_GROSS, RCK_REJECT_EXPOSURE_NET_LONG, RCK_REJECT_EXPOSURE_NET_SHORT,
      RCK_REJECT_EXPOSURE_OVERFLOW, RCK_REJECT_BUYING_POWER, RCK_REJECT_CASH_MISSING,
      RCK_REJECT_MARGIN_MISSING, RCK_REJECT_BUYING_POWER_MARK_STALE:
      return true
    case RCK_REJECT_RATE_NEW, RCK_REJECT_RATE_MODIFY, RCK_REJECT_WORKING_COUNT, RCK_REJECT_WORKING_NOTIONAL,
      RCK_REJECT_HALTED, RCK_REJECT_CANCEL_ONLY, RCK_REJECT_REDUCE_ONLY, RCK_REJECT_DISCONNECTED:
      return true
    case RCK_REJECT_QUANTITY_DAY, RCK_REJECT_NOTIONAL_DAY, RCK_REJECT_QUANTITY_ROLLING,
      RCK_REJECT_NOTIONAL_ROLLING, RCK_REJECT_ACCUMULATED_OVERFLOW, RCK_REJECT_DUPLICATE,
      RCK_REJECT_DUPLICATES_FULL,
      RCK_REJECT_PERIOD_COLLAR_ABOVE, RCK_REJECT_PERIOD_COLLAR_BELOW, RCK_REJECT_PERIOD_PRICE_MISSING,
      RCK_REJECT_VOLUME_SHARE, RCK_REJECT_DEPTH_SHARE, RCK_REJECT_SPREAD, RCK_REJECT_DISPLAYED_SIZE,
      RCK_REJECT_VOLUME_MISSING, RCK_REJECT_DEPTH_MISSING, RCK_REJECT_SPREAD_MISSING:
      return true
    case RCK_REJECT_LOSS_REALISED, RCK_REJECT_LOSS_TOTAL, RCK_REJECT_LOSS_TRAILING,
      RCK_REJECT_LOSS_MARK_MISSING, RCK_REJECT_LOSS_MARK_STALE:
      return true
    case RCK_REJECT_ORDER_TO_TRADE, RCK_REJECT_VENUE_REJECTS, RCK_REJECT_REPEATED_EXECUTION,
      RCK_REJECT_EXECUTION_DISABLED, RCK_REJECT_GROUP_EXPOSURE:
      return true
    case RCK_REJECT_QUOTE_AGE, RCK_REJECT_SLIPPAGE, RCK_REJECT_QUOTE_MISSING,
      RCK_REJECT_DECISION_PRICE_MISSING:
      return true
    case RCK_REJECT_RESTRICTED, RCK_REJECT_SESSION_CLOSED, RCK_REJECT_LOCATE_SHORT,
      RCK_REJECT_SESSION_MISSING, RCK_REJECT_LOCATE_MISSING:
      return true
    case RCK_REJECT_METRIC, RCK_REJECT_METRIC_MISSING, RCK_REJECT_CUSTOM, RCK_REJECT_CUSTOM_BREAKER,
      RCK_REJECT_CUSTOM_MISSING:
      return true
    default: return false
    }
  }

  public static func describe(_ control: Control, _ info: inout rck_control_info) {
    info.control = UInt32(bitPattern: control.number)
    withUnsafeMutableBytes(of: &info.name) { fill($0, with: control.name) }
    info.unit = UInt32(bitPattern: control.unit)
    info.scopes = control.scopes
    info.measures = control.measures
    info.sided = control.sided ? 1 : 0
    info.typed = control.typed ? 1 : 0
    info.reducing = control.reducing ? 1 : 0
    withUnsafeMutableBytes(of: &info.actions) {
      var severity: Int32 = 0
      while severity <= RCK_SEVERITY_CRITICAL {
        $0.storeBytes(of: action(severity), toByteOffset: Int(severity), as: UInt8.self)
        severity &+= 1
      }
    }
    var code: Int32 = 1
    while code < 100 {
      let bit: UInt64 = refuses(control.number &* 100 &+ code) ? 1 &<< UInt64(code & 63) : 0
      if code < 64 { info.codes.0 |= bit } else { info.codes.1 |= bit }
      code &+= 1
    }
  }

  @inline(__always)
  static func bit(_ number: Int32) -> UInt32 { 1 &<< UInt32(bitPattern: number) }

  @inline(__always)
  private static func measure(_ number: Int32) -> UInt64 { 1 &<< UInt64(UInt32(bitPattern: number)) }

  /// RCK_MEASURE_GREATER to RCK_MEASURE_UNEQUAL.
  private static var metrics: UInt64 { 0x3f &<< UInt64(UInt32(bitPattern: RCK_MEASURE_GREATER)) }
  private static var single: UInt64 { measure(RCK_MEASURE_NONE) }
  private static var books: UInt32 { bit(RCK_SCOPE_ACCOUNT) | bit(RCK_SCOPE_STRATEGY) }
  private static var parties: UInt32 { books | bit(RCK_SCOPE_INSTRUMENT) }
  /// What has books, or totals of them or of rows.
  private static var booked: UInt32 {
    books | bit(RCK_SCOPE_GLOBAL) | bit(RCK_SCOPE_ACCOUNT_GROUP) | bit(RCK_SCOPE_STRATEGY_GROUP)
      | bit(RCK_SCOPE_INSTRUMENT_GROUP)
  }
  static var everybody: UInt32 {
    booked | bit(RCK_SCOPE_INSTRUMENT)
  }
}
