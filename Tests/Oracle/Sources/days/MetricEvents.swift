import CRiskCheck
import Oracle
import Script

/// Metrics that are fed, near to the levels that they are held against, and those levels.
extension Generator {
  mutating func metric(_ oracle: Oracle, _ port: UInt32) -> Arguments {
    var given = Arguments()
    given.time_ns = time()
    given.metric = random.in(1...3).asId
    given.value = random.of([
      0, -0.0, 1, -1, 0.5, 1e300, -1e300, Double.leastNonzeroMagnitude, 1e-18, Double(1 << 60),
    ])
    let limits = oracle.limitsInForce.values.filter { $0.record.control == RCK_CONTROL_METRIC }
    if !limits.isEmpty, !random.one(in: 4) {
      let limit = random.of(limits.sorted { $0.number < $1.number }).record
      given.metric = limit.instrument
      given.value = nearly(Double(random.of([limit.warn, limit.soft, limit.hard])), limit.reference)
      if limit.window_ns != 0 {
        queue.append(Step(port: port, .checkDry(ageing(limit, given.time_ns, oracle))))
      }
    }
    switch random.below(60) {
    case 0: given.value = random.of([Double.nan, Double.infinity, -Double.infinity])
    case 1: given.metric = random.of([0, 1_024, 1_025, UInt32.max])
    default: break
    }
    return given
  }

  /// An order at the time at which a metric is about to be too old for a limit.
  private mutating func ageing(_ limit: rck_limit, _ time: Int64, _ oracle: Oracle) -> rck_order {
    var order = order(oracle)
    order.order_id = newId()
    order.time_ns = time &+ limit.window_ns &+ random.of([0, 0, 1])
    switch Int32(limit.scope_kind) {
    case RCK_SCOPE_ACCOUNT: order.account = limit.id
    case RCK_SCOPE_STRATEGY: order.strategy = limit.id
    case RCK_SCOPE_INSTRUMENT: order.instrument = limit.id
    default: break
    }
    return order
  }

  /// At a level, or at what just still equals it, or the next double.
  private mutating func nearly(_ level: Double, _ decimals: UInt32) -> Double {
    var value = level
    for _ in 0..<decimals { value /= 10 }
    value = random.of([value, value, value * (1 - 1e-9), value / (1 - 1e-9), value * 2, -value])
    return random.of([value, value.nextUp, value.nextDown])
  }

  /// In the order in which the measure reaches them.
  mutating func setMetricLevels(_ limit: inout rck_limit) {
    let size = Int64(1) << random.of([3, 10, 30, 59])
    var levels = (0..<3).map { _ in random.one(in: 6) ? 0 : random.in(-size...size) }.sorted()
    let isFalling = limit.measure == RCK_MEASURE_LESS || limit.measure == RCK_MEASURE_AT_MOST
    if isFalling != random.one(in: 40) { levels.reverse() }
    if random.one(in: 40) { levels[random.below(3)] = random.of(World.odd) }
    limit.warn = limit.levels & 1 != 0 ? levels[0] : 0
    limit.soft = limit.levels & 2 != 0 ? levels[1] : 0
    limit.hard = limit.levels & 4 != 0 ? levels[2] : 0
  }
}
