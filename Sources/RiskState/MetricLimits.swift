import CRiskCheck
import RiskMemory
import RiskModel

/// Limits on metrics, compiled: each level as the keys that break it, so that a check compares integers. Of GREATER and
/// AT_LEAST a key breaks a level that it exceeds, of LESS and AT_MOST one that its negative exceeds. Of EQUAL and
/// UNEQUAL a level is the first key that is equal to what was given, and words 48 and 56 hold how many more are.
extension Bound {
  mutating func compile(metric limit: rck_limit) {
    shape |= UInt64(limit.instrument) &<< Bound.metricShift
    if limit.isArmed(0) { warn = compile(limit, limit.warn, widthShift: 0) }
    if limit.isArmed(1) { soft = compile(limit, limit.soft, widthShift: 32) }
    if limit.isArmed(2) { hard = compile(limit, limit.hard, widthShift: 64) }
  }

  private mutating func compile(_ limit: rck_limit, _ level: Int64, widthShift: UInt64) -> Int64 {
    let (least, most) = Metric.equals(level, limit.reference)
    switch Int32(bitPattern: limit.measure) {
    case RCK_MEASURE_GREATER: return most
    case RCK_MEASURE_AT_LEAST: return least &- 1
    case RCK_MEASURE_LESS: return 0 &- least
    case RCK_MEASURE_AT_MOST: return 0 &- most &- 1
    default:
      // Doubles within 2e-9 of one are fewer than 2^32.
      let width = UInt64(truncatingIfNeeded: most &- least)
      if widthShift < 64 { windowAt |= width &<< widthShift } else { back = width }
      return least
    }
  }

  /// Where the number of the metric begins in `shape`.
  public static var metricShift: UInt64 { 41 }
}

extension Metrics {
  /// Whether a key breaks a level of a compiled limit: 0 warn, 1 soft, 2 hard.
  @inline(__always)
  public static func breaks(
    _ key: Int64, _ bound: UnsafeMutableRawPointer, _ level: Int, _ measure: Int32
  ) -> Bool {
    let edge = bound.loadInteger(level &* 8)
    if edge == Int64.max { return false }  // not armed: no key is so large
    switch measure {
    case RCK_MEASURE_GREATER, RCK_MEASURE_AT_LEAST: return key > edge
    case RCK_MEASURE_LESS, RCK_MEASURE_AT_MOST: return 0 &- key > edge
    default:
      let widths = UInt64(bitPattern: bound.loadInteger(level == 2 ? 56 : 48))
      let width = (level == 1 ? widths &>> 32 : widths) & 0xffff_ffff
      let isEqual = UInt64(bitPattern: key &- edge) <= width
      return isEqual == (measure == RCK_MEASURE_EQUAL)
    }
  }
}

extension State {
  /// A level of a limit in force, as it was given, and its decimals. Believed only if the generation stays.
  public func level(_ level: UInt32, ofLimit id: UInt32, at generation: UInt64) -> (
    value: Int64, decimals: UInt32
  ) {
    let (limits, index) = (limits, Int(id) &- 1)
    var limit = rck_limit()
    // Nobody writes the version that is in force.
    guard index >= 0, index < limits.count, let version = limits.current(index, at: generation) else {
      return (0, 0)
    }
    limits.version(index, version).loadWords(&limit)
    return (limit.value(level), limit.reference)
  }
}
