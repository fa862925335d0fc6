import CRiskCheck

/// Limits: what may be set, what needs the right to loosen, and what a publication begins.
extension Oracle {
  public func set(_ limit: rck_limit, flags: UInt32) -> Int32 {
    if flags & ~UInt32(RCK_LOOSEN) != 0 { return RCK_E_FLAGS }
    if let status = fault(of: limit) { return status }
    if flags & UInt32(RCK_LOOSEN) == 0 && limits.loosens(limit) { return RCK_E_LOOSEN }
    let key = LimitKey(limit)
    if !limits.placed.contains(key) {
      if limits.placed.count >= Int(config.limits_max) { return RCK_E_LIMITS_FULL }
      if isFurther(key) && limits.placed.filter({ isFurther($0) && stretch($0) == stretch(key) }).count >= 255
      {
        return RCK_E_LIMITS_FULL
      }
      if let full = full(for: key) { return full }
      breaches[key] = nil
    }
    limits.put(limit)
    return RCK_OK
  }

  /// Of the controls that rows and rates do not come with, lists of pairs apart.
  private func isFurther(_ key: LimitKey) -> Bool {
    let others = [
      RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION,
      RCK_CONTROL_EXPOSURE, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_RATE, RCK_CONTROL_WORKING,
      RCK_CONTROL_GROUP_EXPOSURE,
    ]
    let ofPair = [RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT].contains(Int32(key.scope.kind))
    return !others.contains(Int32(key.control)) && !ofPair
  }

  /// Lists of groups in an instrument are the instrument's.
  private func stretch(_ key: LimitKey) -> Scope {
    key.scope.kind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT)
      ? Scope(RCK_SCOPE_INSTRUMENT, key.scope.instrument) : key.scope
  }

  /// A limit with a new key takes what it counts in: a row, or a window. Both stay.
  private func full(for key: LimitKey) -> Int32? {
    switch Int32(key.control) {
    case RCK_CONTROL_POSITION where !key.scope.isOfMany:
      return take(placesFor: [key.scope]) ? nil : RCK_REJECT_POSITIONS_FULL
    case RCK_CONTROL_ACCUMULATED:
      let accumulator = Accumulator(scope: key.scope, measure: key.measure)
      if accumulatorsGiven.contains(accumulator) { return nil }
      if accumulatorsGiven.count >= Int(config.windows_max) { return RCK_REJECT_WINDOWS_FULL }
      accumulatorsGiven.insert(accumulator)
      return nil
    case RCK_CONTROL_LISTS where key.scope.kind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT):
      return isFullOfLists(key.scope.instrument) ? RCK_E_LISTS_FULL : nil
    case RCK_CONTROL_LISTS where key.scope.instrument != 0:
      return take(placesFor: [key.scope]) ? nil : RCK_REJECT_POSITIONS_FULL
    case RCK_CONTROL_RATE:
      if windows[key.scope]?[key.measure] != nil { return nil }
      if windowsGiven >= Int(config.windows_max) { return RCK_REJECT_WINDOWS_FULL }
      windowsGiven += 1
      windows[key.scope, default: [:]][key.measure] = RateWindow(capacity: Int(config.rate_exact_max))
      return nil
    case RCK_CONTROL_POSITION, RCK_CONTROL_EXPOSURE, RCK_CONTROL_WORKING:
      return key.scope.isOfMany && !keep(key.totals) ? RCK_REJECT_TOTALS_FULL : nil
    case RCK_CONTROL_GROUP_EXPOSURE: return keep(key.totals) ? nil : RCK_REJECT_TOTALS_FULL
    default: return nil
    }
  }

  /// Fills in the limit that has the key of `limit`, as it was last set.
  public func get(_ limit: inout rck_limit) -> Int32 {
    guard let found = limits.set[LimitKey(limit)] else { return RCK_E_UNKNOWN }
    limit = found.shown
    return RCK_OK
  }

  public func remove(_ limit: rck_limit, flags: UInt32) -> Int32 {
    if flags & ~UInt32(RCK_LOOSEN) != 0 { return RCK_E_FLAGS }
    guard limits.set[LimitKey(limit)] != nil else { return RCK_E_UNKNOWN }
    guard limit.actor != 0, limit.reason.0 != 0 else { return RCK_E_RANGE }
    if flags & UInt32(RCK_LOOSEN) == 0 { return RCK_E_LOOSEN }
    limits.remove(LimitKey(limit))
    return RCK_OK
  }

  /// The number of limits in force from now on.
  public func publish() -> UInt64 {
    limits.publish()
    if plant == .publicationResets {
      for scope in windows.keys {
        windows[scope] = windows[scope]!.mapValues { RateWindow(capacity: $0.capacity) }
      }
    }
    for limit in limits.inForce.values {
      if limit.record.control == RCK_CONTROL_PERIOD_COLLAR {
        longestPeriod = max(longestPeriod ?? 0, limit.record.window_ns)
      }
      let scope = limit.key.scope
      switch Int32(limit.record.control) {
      case RCK_CONTROL_CONDUCT: if conduct[scope] == nil { conduct[scope] = Conduct() }
      case RCK_CONTROL_REPEATED_EXECUTION: repeated.kept.insert(scope)
      case RCK_CONTROL_EXPOSURE where Int32(scope.kind) == RCK_SCOPE_STRATEGY,
        RCK_CONTROL_LOSS where Int32(scope.kind) == RCK_SCOPE_STRATEGY:
        exposureTracked.insert(scope.id)
        bookTracked.insert(scope.id)
      case RCK_CONTROL_WORKING where Int32(scope.kind) == RCK_SCOPE_STRATEGY: bookTracked.insert(scope.id)
      case RCK_CONTROL_POSITION where Int32(scope.kind) == RCK_SCOPE_STRATEGY_INSTRUMENT:
        positionTracked.insert(scope)
      default: break
      }
    }
    countTotals()
    return limits.generation
  }

  private func fault(of limit: rck_limit) -> Int32? {
    guard let form = limitForm(limit.control), form.scopes.contains(Int32(bitPattern: limit.scope_kind)),
      form.measures.contains(Int32(bitPattern: limit.measure))
    else { return RCK_E_RANGE }
    let pair = limit.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT
    if limit.control == RCK_CONTROL_LISTS {
      let (measure, scope) = (Int32(limit.measure), Int32(limit.scope_kind))
      let isOfBuys = measure == RCK_MEASURE_LOCATE && limit.side == RCK_SIDE_BUY
      if !Oracle.takes(measure, at: scope) || isOfBuys { return RCK_E_RANGE }
    }
    guard form.sides(limit.measure).contains(limit.side), pair || form.instruments.contains(limit.instrument),
      limit.order_type <= (form.typed ? UInt32(RCK_TYPE_STOP_LIMIT) : 0)
    else { return RCK_E_RANGE }
    let scope = LimitKey(limit).scope
    if limit.scope_kind == RCK_SCOPE_GLOBAL && limit.id != 0 { return RCK_E_RANGE }
    guard isDefined(scope) else { return RCK_E_UNKNOWN }
    let collar = limit.control == RCK_CONTROL_COLLAR
    let summed = [RCK_CONTROL_POSITION, RCK_CONTROL_EXPOSURE, RCK_CONTROL_WORKING].contains(
      Int32(limit.control))
    let ofSector = limit.control == RCK_CONTROL_GROUP_EXPOSURE
    let leases = RCK_LEASE_ALWAYS | RCK_LEASE_NEVER
    let flags = collar ? RCK_AGGRESSIVE_ONLY : summed && scope.isOfMany || ofSector ? leases : 0
    if limit.flags & ~UInt32(flags) != 0 || limit.flags == UInt32(leases) { return RCK_E_FLAGS }
    let others: ClosedRange<UInt32> =
      switch Int32(limit.control) {
      case RCK_CONTROL_METRIC: 0...18
      case RCK_CONTROL_CUSTOM: 1...UInt32(RCK_CUSTOMS_MAX)
      case RCK_CONTROL_LISTS where limit.measure == RCK_MEASURE_SESSION: 1...UInt32(RCK_CALENDARS_MAX)
      case RCK_CONTROL_CONDUCT where limit.measure == RCK_MEASURE_ORDERS_PER_TRADE: 0...UInt32.max
      default: 0...0
      }
    let references = collar ? UInt32(RCK_REFERENCE_LAST)...UInt32(RCK_REFERENCE_SET) : others
    guard references.contains(limit.reference), limit.actor != 0 else { return RCK_E_RANGE }
    // Who sets a limit says why.
    return faultOfLevels(limit) ?? (limit.reason.0 == 0 ? RCK_E_RANGE : nil)
  }

  private func faultOfLevels(_ limit: rck_limit) -> Int32? {
    if limit.levels & ~UInt32(RCK_LEVEL_WARN | RCK_LEVEL_SOFT | RCK_LEVEL_HARD) != 0 { return RCK_E_FLAGS }
    guard limit.levels != 0 else { return RCK_E_RANGE }
    // What is located is the hard level.
    if limit.measure == RCK_MEASURE_LOCATE && limit.levels & UInt32(RCK_LEVEL_HARD) == 0 {
      return RCK_E_RANGE
    }
    let timed = [
      RCK_CONTROL_RATE, RCK_CONTROL_PERIOD_COLLAR, RCK_CONTROL_DUPLICATE, RCK_CONTROL_REPEATED_EXECUTION,
    ].contains(
      Int32(limit.control))
    let metric = limit.control == RCK_CONTROL_METRIC
    var (least, most) = (metric ? -Int64(Bound.amount) : 0, largestLevel(limit))
    for (level, value) in [
      (RCK_LEVEL_WARN, limit.warn), (RCK_LEVEL_SOFT, limit.soft), (RCK_LEVEL_HARD, limit.hard),
    ] {
      let armed = limit.levels & UInt32(level) != 0
      guard armed ? (least...most).contains(value) : value == 0 else { return RCK_E_RANGE }
      if armed && !levelsFall(limit) && !levelsAreFree(limit) { least = value }
      if armed && levelsFall(limit) { most = value }
    }
    let windows: ClosedRange<Int64> =
      timed ? 1...86_400_000_000_000 : 0...(metric ? Int64(RCK_TIME_NS_MAX) : 0)
    let actions = limit.actions
    guard windows.contains(limit.window_ns), actions.3 == 0,
      max(actions.0, actions.1, actions.2) <= RCK_ACTION_HALT
    else { return RCK_E_RANGE }
    return nil
  }

  private func largestLevel(_ limit: rck_limit) -> Int64 {
    switch Int32(limit.control) {
    case RCK_CONTROL_RATE: Int64(config.rate_exact_max)
    case RCK_CONTROL_BUYING_POWER: 1_000_000
    case RCK_CONTROL_COLLAR: limit.measure == RCK_MEASURE_BPS ? 1_000_000 : Bound.input
    case RCK_CONTROL_WORKING where limit.measure == RCK_MEASURE_COUNT: Bound.input
    case RCK_CONTROL_DUPLICATE: 0
    case RCK_CONTROL_PERIOD_COLLAR: 1_000_000
    case RCK_CONTROL_LIQUIDITY: limit.isMinimum ? Bound.input : 1_000_000
    case RCK_CONTROL_LISTS: limit.measure == RCK_MEASURE_LOCATE ? Int64(Bound.amount) : 0
    case RCK_CONTROL_CONDUCT: Bound.input
    case RCK_CONTROL_REPEATED_EXECUTION: Int64(config.order_history_max)
    case RCK_CONTROL_QUOTE: limit.measure == RCK_MEASURE_AGE ? Int64(RCK_TIME_NS_MAX) : 1_000_000
    case RCK_CONTROL_CUSTOM: 0
    default: Int64(Bound.amount)
    }
  }

  public func isDefined(_ scope: Scope) -> Bool {
    switch Int32(bitPattern: scope.kind) {
    case RCK_SCOPE_GLOBAL: true
    case RCK_SCOPE_ACCOUNT: accounts[scope.id] != nil
    case RCK_SCOPE_ACCOUNT_GROUP: groups[scope.id]?.kind == UInt32(RCK_GROUP_OF_ACCOUNTS)
    case RCK_SCOPE_STRATEGY: strategies[scope.id] != nil
    case RCK_SCOPE_STRATEGY_GROUP: groups[scope.id]?.kind == UInt32(RCK_GROUP_OF_STRATEGIES)
    case RCK_SCOPE_INSTRUMENT: instruments[scope.id] != nil
    case RCK_SCOPE_INSTRUMENT_GROUP: groups[scope.id]?.kind == UInt32(RCK_GROUP_OF_INSTRUMENTS)
    case RCK_SCOPE_ACCOUNT_INSTRUMENT: accounts[scope.id] != nil && instruments[scope.instrument] != nil
    case RCK_SCOPE_STRATEGY_INSTRUMENT: strategies[scope.id] != nil && instruments[scope.instrument] != nil
    case RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
      accounts[scope.id] != nil && groups[scope.instrument]?.kind == UInt32(RCK_GROUP_OF_INSTRUMENTS)
    case RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT:
      groups[scope.id]?.kind == UInt32(RCK_GROUP_OF_ACCOUNTS) && instruments[scope.instrument] != nil
    default: false
    }
  }
}
