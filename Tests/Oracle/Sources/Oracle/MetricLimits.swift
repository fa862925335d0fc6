import CRiskCheck

/// P22: numbers that the host feeds.
extension Oracle {
  public func feed(_ metric: UInt32, _ value: Double, time given: Int64, port: UInt32) -> Int32 {
    guard (1...UInt32(RCK_METRICS_MAX)).contains(metric), value.isFinite else { return RCK_E_RANGE }
    let time: Int64
    switch judge(given, port: port) {
    case .refused(let status): return status
    case .at(let judged): time = judged
    }
    move(port: port, to: time)
    if let old = metrics[metric], time < old.time { return RCK_REPEAT }
    metrics[metric] = Fed(value: value, time: time)
    return RCK_OK
  }

  func metric(_ limit: Limit, _ asked: Case) -> Seen {
    let (record, status) = (limit.record, RCK_REJECT_METRIC)
    guard let fed = metrics[record.instrument] else { return .missing(RCK_REJECT_METRIC_MISSING) }
    let (edge, plant): (Wide, Plant?) = (plant == .metricOldAtEdge ? -1 : 0, plant)
    if record.window_ns != 0 && Wide(asked.request.time) - Wide(fed.time) > Wide(record.window_ns) + edge {
      return .missing(RCK_REJECT_METRIC_MISSING)
    }
    func comparison(_ level: Int64) -> Comparison { Comparison(fed.value, level, decimals: record.reference) }
    return .levels(
      status,
      exceeds: {
        let it = comparison($0)
        let isEqual = it.isEqual || plant == .metricNeverUnequal && it.isAbove
        switch Int32(record.measure) {
        case RCK_MEASURE_GREATER: return it.isAbove && !isEqual
        case RCK_MEASURE_AT_LEAST: return it.isAbove || isEqual
        case RCK_MEASURE_LESS: return it.isBelow && !isEqual
        case RCK_MEASURE_AT_MOST: return it.isBelow || isEqual
        case RCK_MEASURE_EQUAL: return isEqual
        default: return !isEqual
        }
      }, observed: { comparison($0).observed })
  }
}

struct Fed {
  var value: Double
  var time: Int64
}

/// A double beside a level in units of 10^-decimals, exactly: both as numbers in units of 10^-decimals x 2^-halvings.
private struct Comparison {
  let value: Natural
  let level: Natural
  let isNegative: Bool
  let isLevelNegative: Bool
  let halvings: Int
  let whole: Int64

  init(_ double: Double, _ level: Int64, decimals: UInt32) {
    let isSmall = double.exponentBitPattern == 0
    let significand = double.significandBitPattern | (isSmall ? 0 : 1 << 52)
    let exponent = Int(isSmall ? 1 : double.exponentBitPattern) - 1075
    halvings = max(-exponent, 0)
    var value = Natural(significand) << max(exponent, 0)
    for _ in 0..<decimals { value = value * 10 }
    self.value = value
    self.level = Natural(level.magnitude) << halvings
    isNegative = double < 0
    isLevelNegative = level < 0
    whole = level
  }

  var isAbove: Bool {
    if isNegative != isLevelNegative { return isLevelNegative }
    return isNegative ? value < level : value > level
  }

  var isBelow: Bool { !isAbove && !(isNegative == isLevelNegative && value == level) }

  /// |value - level| <= 1e-9 x max(|value|, |level|).
  var isEqual: Bool {
    let larger = max(value, level)
    let apart = isNegative == isLevelNegative ? larger - min(value, level) : value + level
    return apart * 1_000_000_000 <= larger
  }

  /// The level if the value equals it, or the value in its decimals, away from the level, as far as 64 bits go.
  var observed: Wide {
    if isEqual { return Wide(whole) }
    let most = Wide(Int64.max)
    guard let (magnitude, isExact) = value.halved(halvings) else { return isNegative ? -most : most }
    let floor = isNegative ? -magnitude - (isExact ? 0 : 1) : magnitude
    return min(max(isAbove && !isExact ? floor + 1 : floor, -most), most)
  }
}
