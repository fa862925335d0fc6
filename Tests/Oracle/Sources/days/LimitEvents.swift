import CRiskCheck
import Oracle
import Script

/// Limits that are set, near to what they would measure now, changed both ways, and removed; published soon.
extension Generator {
  /// A limit is set, near to what it would measure now, or removed; published soon.
  mutating func limit(_ oracle: Oracle) -> Command {
    if random.one(in: 4) { return .publish }
    if random.one(in: 800) { fillLists(oracle) }
    let forced: UInt32 = random.one(in: 3) ? 0 : UInt32(RCK_LOOSEN)
    let known = oracle.limitsInForce
    if !known.isEmpty && random.one(in: known.count > 24 ? 2 : 6) {
      // In the order of their numbers, so that a seed gives the same days every time.
      let all = known.values.sorted { $0.number < $1.number }
      var old = random.of(all).record
      if random.one(in: 2) { return .limitRemove(old, flags: forced) }
      change(&old, oracle)
      return .limitSet(old, flags: forced)
    }
    return .limitSet(newLimit(oracle), flags: forced)
  }

  /// One thing about a limit changes, to either side.
  private mutating func change(_ limit: inout rck_limit, _ oracle: Oracle) {
    switch random.below(6) {
    case 0 where limit.control == RCK_CONTROL_METRIC: setMetricLevels(&limit)
    case 0: setLevels(&limit, about: usual(limit, oracle))
    case 1 where limit.window_ns != 0: limit.window_ns = max(limit.window_ns + random.in(-200...200), 1)
    case 2 where limit.measure == RCK_MEASURE_SESSION: limit.reference = random.of([1, 2, 3, 3, 64])
    case 2 where limit.measure == RCK_MEASURE_ORDERS_PER_TRADE:
      limit.reference = random.of([0, 4, 6, 70_000])
    case 2 where limit.reference != 0: limit.reference = UInt32(random.in(1...5))
    case 3 where limit.reference != 0 && limit.control == RCK_CONTROL_COLLAR:
      limit.flags ^= UInt32(RCK_AGGRESSIVE_ONLY)
    default:
      let more = random.in(-3...3)
      if limit.levels & UInt32(RCK_LEVEL_HARD) != 0 && limit.hard < 1 << 60 { limit.hard += more }
    }
  }

  private mutating func newLimit(_ oracle: Oracle) -> rck_limit {
    var limit = sized(rck_limit(), \.struct_size)
    limit.actor = 1
    limit.reason.0 = random.one(in: 100) ? 0 : 67
    limit.control = random.of([
      2, 3, 4, 4, 5, 6, 6, 6, 7, 7, 7, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 16, 16, 17, 17, 19, 19, 20, 21,
      22, 23, 25, 25,
    ])
    limit.scope_kind = UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT]))
    limit.id = random.in(1...5).asId
    switch Int32(limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_QUOTE,
      RCK_CONTROL_DUPLICATE, RCK_CONTROL_PERIOD_COLLAR, RCK_CONTROL_LIQUIDITY, RCK_CONTROL_METRIC:
      limit.side = UInt32(random.of([0, 0, 1, 2]))
      limit.order_type = UInt32(random.of([0, 0, 1, 2, 3, 4]))
    case RCK_CONTROL_CUSTOM:
      // Of one type, since none of these passes.
      (limit.side, limit.order_type) = (UInt32(random.below(3)), UInt32(RCK_TYPE_STOP_LIMIT))
      limit.reference = random.in(1...16).asId
    case RCK_CONTROL_POSITION:
      let kinds = [RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT]
      limit.scope_kind = UInt32(random.of(kinds))
      limit.instrument = instrument()
      limit.side = UInt32(random.below(3))
    case RCK_CONTROL_GROUP_EXPOSURE:
      limit.scope_kind = UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP)
      limit.instrument = random.one(in: 40) ? random.of([1, 99]) : 4
      limit.flags = UInt32(random.of([0, 0, RCK_LEASE_ALWAYS, RCK_LEASE_NEVER]))
    case RCK_CONTROL_BUYING_POWER: limit.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
    case RCK_CONTROL_EXPOSURE, RCK_CONTROL_WORKING, RCK_CONTROL_LOSS, RCK_CONTROL_CONDUCT,
      RCK_CONTROL_REPEATED_EXECUTION:
      limit.scope_kind = UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY]))
    default: break
    }
    setMeasure(&limit)
    if limit.control == RCK_CONTROL_LISTS {
      list(&limit, oracle)
    } else {
      if random.one(in: 3) { widen(&limit) }
      setLevels(&limit, about: usual(limit, oracle))
    }
    if limit.control == RCK_CONTROL_METRIC { setMetricLevels(&limit) }
    if random.one(in: 100) { limit.scope_kind = UInt32(random.below(11)) }
    return limit
  }

  /// Most lists only tell, or nothing would pass.
  private mutating func list(_ limit: inout rck_limit, _ oracle: Oracle) {
    limit.measure = UInt32(random.of([RCK_MEASURE_RESTRICTED, RCK_MEASURE_SESSION, RCK_MEASURE_LOCATE]))
    switch Int32(limit.measure) {
    case RCK_MEASURE_RESTRICTED:
      let kinds = [
        RCK_SCOPE_INSTRUMENT, RCK_SCOPE_INSTRUMENT_GROUP, RCK_SCOPE_ACCOUNT_INSTRUMENT,
        RCK_SCOPE_STRATEGY_INSTRUMENT, RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT,
      ]
      limit.scope_kind = UInt32(random.of(kinds))
      if limit.scope_kind == RCK_SCOPE_INSTRUMENT_GROUP { limit.id = 4 }
      if limit.scope_kind == RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT { limit.id = random.in(1...3).asId }
      if limit.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT { limit.instrument = instrument() }
      limit.side = UInt32(random.below(3))
    case RCK_MEASURE_SESSION:
      limit.reference = random.one(in: 15) ? World.calendars : UInt32(random.in(1...3))
      if random.one(in: 3) { widen(&limit) }
      // Of which most entries are still to come.
      if random.one(in: 2) {
        queue.append(Step(.calendar(World.calendar(limit.reference, at: clock, &random))))
      }
    default:
      (limit.scope_kind, limit.instrument) = (UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT), instrument())
      if random.one(in: 2) { limit.instrument = random.of([2, 8]) }
      limit.side = UInt32(random.of([0, 2, 2]))
      if random.one(in: 40) { limit.side = UInt32(RCK_SIDE_BUY) }
    }
    setLevels(&limit, about: usual(limit, oracle))
    if limit.measure != RCK_MEASURE_LOCATE {
      limit.levels = UInt32(random.of([1, 2, 3, 1, 2, 4, 5]))
      (limit.warn, limit.soft, limit.hard) = (0, 0, random.one(in: 100) ? 1 : 0)
    } else if !random.one(in: 40) {
      limit.levels |= UInt32(RCK_LEVEL_HARD)
      limit.hard = max(limit.warn, limit.soft, limit.hard)
    }
  }

  /// One list more than an instrument takes, of groups that nobody is in.
  private mutating func fillLists(_ oracle: Oracle) {
    var limit = sized(rck_limit(), \.struct_size)
    (limit.control, limit.measure) = (UInt32(RCK_CONTROL_LISTS), UInt32(RCK_MEASURE_RESTRICTED))
    (limit.scope_kind, limit.instrument) = (UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT), instrument())
    (limit.levels, limit.actor, limit.reason.0) = (UInt32(RCK_LEVEL_WARN), 1, 67)
    let groups = (1...UInt32(World.groups)).filter { oracle.isDefined(Scope(RCK_SCOPE_ACCOUNT_GROUP, $0)) }
    for (at, group) in (groups.reversed() + groups.reversed() + groups.reversed()).enumerated() {
      limit.id = group
      limit.side = UInt32(at / groups.count)
      queue.append(Step(.limitSet(limit, flags: 0)))
    }
  }

  /// Of the engine or a group, where the control takes it.
  private mutating func widen(_ limit: inout rck_limit) {
    let control = Int32(limit.control)
    let single = [
      RCK_CONTROL_COLLAR, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_LOSS, RCK_CONTROL_CONDUCT,
      RCK_CONTROL_REPEATED_EXECUTION, RCK_CONTROL_GROUP_EXPOSURE,
    ]
    if single.contains(control) { return }
    let ofInstruments = (RCK_SCOPE_INSTRUMENT_GROUP, UInt32(4))
    var scopes: [(kind: Int32, id: UInt32)] = [
      (RCK_SCOPE_GLOBAL, 0), (RCK_SCOPE_GLOBAL, 0), (RCK_SCOPE_ACCOUNT_GROUP, 1),
      (RCK_SCOPE_ACCOUNT_GROUP, 2),
      (RCK_SCOPE_ACCOUNT_GROUP, 3), (RCK_SCOPE_STRATEGY_GROUP, 5), ofInstruments, ofInstruments,
    ]
    let summed = [RCK_CONTROL_POSITION, RCK_CONTROL_EXPOSURE, RCK_CONTROL_WORKING].contains(control)
    if control == RCK_CONTROL_POSITION {
      scopes = [ofInstruments]
      limit.instrument = 0
    }
    let scope = random.of(scopes)
    (limit.scope_kind, limit.id) = (UInt32(scope.kind), scope.id)
    if summed { limit.flags = UInt32(random.of([0, 0, RCK_LEASE_ALWAYS, RCK_LEASE_NEVER])) }
    if random.one(in: 50) { limit.flags = UInt32(RCK_LEASE_ALWAYS | RCK_LEASE_NEVER) }
  }

  private mutating func setMeasure(_ limit: inout rck_limit) {
    switch Int32(limit.control) {
    case RCK_CONTROL_COLLAR:
      limit.measure = UInt32(random.of([RCK_MEASURE_BPS, RCK_MEASURE_TICKS]))
      limit.reference = UInt32(random.in(1...5))
      if random.one(in: 3) { limit.flags = UInt32(RCK_AGGRESSIVE_ONLY) }
    case RCK_CONTROL_EXPOSURE:
      limit.measure = UInt32(random.of([RCK_MEASURE_GROSS, RCK_MEASURE_NET]))
      if limit.measure == RCK_MEASURE_NET { limit.side = UInt32(random.below(3)) }
    case RCK_CONTROL_RATE:
      limit.measure = UInt32(random.of([RCK_MEASURE_NEW, RCK_MEASURE_MODIFY, RCK_MEASURE_CANCEL]))
      limit.window_ns = random.in(1...2_000)
    case RCK_CONTROL_WORKING:
      limit.measure = UInt32(random.of([RCK_MEASURE_COUNT, RCK_MEASURE_NOTIONAL]))
    case RCK_CONTROL_ACCUMULATED:
      limit.measure = random.in(Int64(RCK_MEASURE_QUANTITY_DAY)...Int64(RCK_MEASURE_NOTIONAL_HOUR)).asId
    case RCK_CONTROL_REPEATED_EXECUTION: limit.window_ns = random.in(1...200_000)
    case RCK_CONTROL_DUPLICATE: limit.window_ns = random.in(1...20_000)
    case RCK_CONTROL_PERIOD_COLLAR:
      limit.window_ns = random.one(in: 60) ? 86_400_000_000_000 : random.in(1...random.of([500, 20_000]))
    case RCK_CONTROL_LIQUIDITY:
      limit.measure = UInt32(random.in(Int64(RCK_MEASURE_VOLUME_SHARE)...Int64(RCK_MEASURE_DISPLAYED)))
    case RCK_CONTROL_LOSS:
      limit.measure = UInt32(random.of([RCK_MEASURE_REALISED, RCK_MEASURE_TOTAL, RCK_MEASURE_TRAILING]))
    case RCK_CONTROL_CONDUCT:
      limit.measure = UInt32(random.of([RCK_MEASURE_ORDERS_PER_TRADE, RCK_MEASURE_REJECTS]))
      if limit.measure == RCK_MEASURE_ORDERS_PER_TRADE { limit.reference = random.of([0, 1, 5, 20, 300]) }
    case RCK_CONTROL_QUOTE: limit.measure = UInt32(random.of([RCK_MEASURE_BPS, RCK_MEASURE_AGE]))
    case RCK_CONTROL_METRIC:
      limit.measure = UInt32(random.in(Int64(RCK_MEASURE_GREATER)...Int64(RCK_MEASURE_UNEQUAL)))
      limit.instrument =
        random.one(in: 20) ? random.of([0, 1_024, 1_025, UInt32.max]) : random.in(1...3).asId
      limit.reference = random.of([0, 0, 2, 9, 18, 18, 19])
      limit.window_ns = random.of([0, 0, 0, random.in(1...200_000), 2_000])
    default: break
    }
  }

  /// What the limit measures at the moment, or what is usual.
  private mutating func usual(_ limit: rck_limit, _ oracle: Oracle) -> Int64 {
    let book = oracle.bookOfScope(Scope(Int32(bitPattern: limit.scope_kind), limit.id))
    let amount: Wide
    switch Int32(limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY: amount = Wide(random.of([10, 20, 100, 1_000_000]))
    case RCK_CONTROL_ORDER_NOTIONAL: amount = Wide(random.of([20_000, 200_000, 2_000_000]))
    case RCK_CONTROL_COLLAR: amount = Wide(random.of([5, 50, 200, 1_000]))
    case RCK_CONTROL_POSITION where limit.scope_kind == RCK_SCOPE_INSTRUMENT_GROUP:
      let group = oracle.positions(ofGroup: limit.id)
      amount = limit.side == RCK_SIDE_SELL ? group.short : group.long
    case RCK_CONTROL_LISTS:
      let row = oracle.row(Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, limit.id, limit.instrument))
      return Int64(clamping: max(row?.short ?? 0, 0) + Wide(quantity(instrument())))
    case RCK_CONTROL_POSITION:
      let row = oracle.row(Scope(Int32(limit.scope_kind), limit.id, limit.instrument))
      let used = limit.side == RCK_SIDE_SELL ? row?.short : row?.long
      amount = max(used ?? 0, 0) + Wide(quantity(limit.instrument))
    case RCK_CONTROL_EXPOSURE:
      amount = limit.measure == RCK_MEASURE_GROSS ? book.gross : max(book.netLong, book.netShort)
    case RCK_CONTROL_GROUP_EXPOSURE: amount = oracle.exposure(of: limit.id, inGroup: limit.instrument)
    case RCK_CONTROL_CUSTOM: return 0
    case RCK_CONTROL_BUYING_POWER: return random.of([10_000, 5_000, 9_000, 30_000])
    case RCK_CONTROL_RATE: return random.in(0...Int64(world.config.rate_exact_max))
    case RCK_CONTROL_DUPLICATE: return 0
    case RCK_CONTROL_ACCUMULATED:
      let isQuantity = (limit.measure - UInt32(RCK_MEASURE_QUANTITY_DAY)) % 2 == 0
      return random.of(isQuantity ? [500, 5_000, 50_000, 1 << 60] : [3_000_000, 30_000_000, 1 << 60])
    case RCK_CONTROL_PERIOD_COLLAR: return random.in(0...random.of([60, 600, 6_000]))
    case RCK_CONTROL_LIQUIDITY:
      switch Int32(limit.measure) {
      case RCK_MEASURE_VOLUME_SHARE, RCK_MEASURE_DEPTH_SHARE:
        return random.in(0...random.of([50, 5_000, 500_000]))
      case RCK_MEASURE_SPREAD: return random.in(0...60)
      default: return random.in(0...50)
      }
    case RCK_CONTROL_LOSS:
      let total = limit.measure == RCK_MEASURE_TRAILING ? book.dayTotal - book.peak : book.dayTotal
      amount = -(limit.measure == RCK_MEASURE_REALISED ? book.dayRealised : total)
    case RCK_CONTROL_CONDUCT: return random.in(0...(limit.measure == RCK_MEASURE_REJECTS ? 4 : 9))
    case RCK_CONTROL_REPEATED_EXECUTION: return random.in(0...3)
    case RCK_CONTROL_QUOTE: return random.in(0...(limit.measure == RCK_MEASURE_AGE ? 20_000 : 300))
    default: amount = limit.measure == RCK_MEASURE_COUNT ? book.orders : book.ordersValue
    }
    return Int64(clamping: max(amount, 0) + Wide(random.in(0...9)) * max(amount / 6, 1_000))
  }

  private mutating func setLevels(_ limit: inout rck_limit, about usual: Int64) {
    limit.levels = UInt32(random.of([4, 4, 4, 5, 6, 7, 3, 1, 2]))
    let rate = limit.control == RCK_CONTROL_RATE
    let most = rate ? Int64(world.config.rate_exact_max) : Int64.max
    let hard = random.one(in: 60) ? random.of([0, most]) : min(usual, most)
    // A minimum's levels descend.
    let isMinimum = limit.measure == RCK_MEASURE_DISPLAYED
    let soft = isMinimum ? hard &+ hard / 8 : hard - hard / 8
    let warn = isMinimum ? soft &+ soft / 8 : soft - soft / 8
    limit.hard = limit.levels & 4 != 0 ? hard : 0
    limit.soft = limit.levels & 2 != 0 ? soft : 0
    limit.warn = limit.levels & 1 != 0 ? warn : 0
    if random.one(in: 8) {
      limit.actions = random.of([(1, 3, 4, 0), (0, 2, 0, 0), (3, 6, 7, 0), (4, 1, 2, 0)])
    }
    if random.one(in: 60) { limit.actions = random.of([(1, 3, 8, 0), (5, 6, 7, 0), (2, 5, 8, 0)]) }
    switch random.below(400) {
    case 0: limit.levels = random.of([0, 8])
    case 1: limit.hard = random.of(World.odd)
    case 2: limit.window_ns = random.of(World.odd)
    case 3: limit.actions = (9, 0, 0, 0)
    case 4: limit.actor = 0
    case 5: limit.flags = 2
    case 6: limit.reference = 6
    case 7: limit.side = 3
    case 8: limit.order_type = 5
    case 9: limit.measure = random.of([10, 11, 14, 63, 64])
    case 10: limit.control = random.of([0, 1, 5, 10, 26, 99])
    default: break
    }
  }
}
