import CRiskCheck
import Oracle
import Script

/// What is done to the desk rather than to an order: market data, limits, latches, definitions, days.
extension Generator {
  mutating func trade() -> rck_trade {
    var trade = rck_trade()
    trade.instrument = random.in(1...Int64(World.instruments)).asId
    trade.price = price(trade.instrument)
    trade.quantity = random.in(1...100)
    trade.time_ns = time()
    return trade
  }

  mutating func quote() -> rck_quote {
    var quote = rck_quote()
    quote.instrument = random.in(1...Int64(World.instruments)).asId
    let middle = price(quote.instrument)
    if !random.one(in: 8) { (quote.bid, quote.bid_size) = (middle, random.in(1...50)) }
    if !random.one(in: 8) { (quote.ask, quote.ask_size) = (middle + random.in(0...30), random.in(1...50)) }
    quote.time_ns = time()
    return quote
  }

  mutating func mark() -> Arguments {
    var given = Arguments()
    given.instrument = random.in(1...Int64(World.instruments)).asId
    given.price = price(given.instrument)
    given.time_ns = time()
    return given
  }

  // MARK: - Limits

  /// A limit is set, near to what it would measure now, or removed; published soon.
  mutating func limit(_ oracle: Oracle) -> Command {
    if random.one(in: 4) { return .publish }
    let forced: UInt32 = random.one(in: 3) ? 0 : UInt32(RCK_LOOSEN)
    let known = oracle.limitsInForce
    if !known.isEmpty && random.one(in: known.count > 24 ? 2 : 6) {
      // In the order of their numbers, so that a seed gives the same days every time.
      let all = known.values.sorted { $0.number < $1.number }
      var old = random.of(all).record
      if random.one(in: 2) { return .limitRemove(old, flags: forced) }
      let more = random.in(-3...3)
      if old.levels & UInt32(RCK_LEVEL_HARD) != 0 && old.hard < 1 << 60 { old.hard += more }
      return .limitSet(old, flags: forced)
    }
    return .limitSet(newLimit(oracle), flags: forced)
  }

  private mutating func newLimit(_ oracle: Oracle) -> rck_limit {
    var limit = sized(rck_limit(), \.struct_size)
    limit.actor = 1
    limit.reason.0 = random.one(in: 100) ? 0 : 67
    limit.control = random.of([2, 3, 4, 4, 6, 6, 6, 7, 7, 7, 9, 11, 11, 13, 13])
    limit.scope_kind = UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT]))
    limit.id = random.in(1...4).asId
    switch Int32(limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR:
      limit.side = UInt32(random.of([0, 0, 1, 2]))
      limit.order_type = UInt32(random.of([0, 0, 1, 2, 3, 4]))
    case RCK_CONTROL_POSITION:
      let kinds = [RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT]
      limit.scope_kind = UInt32(random.of(kinds))
      limit.instrument = random.in(1...Int64(World.instruments)).asId
      limit.side = UInt32(random.below(3))
    case RCK_CONTROL_BUYING_POWER: limit.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
    case RCK_CONTROL_EXPOSURE, RCK_CONTROL_WORKING:
      limit.scope_kind = UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY]))
    default: break
    }
    setMeasure(&limit)
    setLevels(&limit, about: usual(limit, oracle))
    if random.one(in: 100) { limit.scope_kind = UInt32(random.below(11)) }
    return limit
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
    default: break
    }
  }

  /// What the limit measures at the moment, or what is usual.
  private mutating func usual(_ limit: rck_limit, _ oracle: Oracle) -> Int64 {
    let strategy = limit.scope_kind == RCK_SCOPE_STRATEGY
    let book = oracle.book(Scope(strategy ? RCK_SCOPE_STRATEGY : RCK_SCOPE_ACCOUNT, limit.id))
    let amount: Wide
    switch Int32(limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY: amount = Wide(random.of([10, 20, 100, 1_000_000]))
    case RCK_CONTROL_ORDER_NOTIONAL: amount = Wide(random.of([20_000, 200_000, 2_000_000]))
    case RCK_CONTROL_COLLAR: amount = Wide(random.of([5, 50, 200, 1_000]))
    case RCK_CONTROL_POSITION:
      let row = oracle.row(Scope(Int32(limit.scope_kind), limit.id, limit.instrument))
      let used = limit.side == RCK_SIDE_SELL ? row?.short : row?.long
      amount = max(used ?? 0, 0) + Wide(quantity(limit.instrument))
    case RCK_CONTROL_EXPOSURE:
      amount = limit.measure == RCK_MEASURE_GROSS ? book.gross : max(book.netLong, book.netShort)
    case RCK_CONTROL_BUYING_POWER: return random.of([10_000, 5_000, 9_000, 30_000])
    case RCK_CONTROL_RATE: return random.in(0...Int64(world.config.rate_exact_max))
    default: amount = limit.measure == RCK_MEASURE_COUNT ? book.orders : book.ordersValue
    }
    return Int64(clamping: max(amount, 0) + Wide(random.in(0...9)) * max(amount / 6, 1_000))
  }

  private mutating func setLevels(_ limit: inout rck_limit, about usual: Int64) {
    limit.levels = UInt32(random.of([4, 4, 4, 5, 6, 7, 3, 1, 2]))
    let rate = limit.control == RCK_CONTROL_RATE
    let most = rate ? Int64(world.config.rate_exact_max) : Int64.max
    let hard = random.one(in: 60) ? random.of([0, most]) : min(usual, most)
    let soft = hard - hard / 8
    let warn = soft - soft / 8
    limit.hard = limit.levels & 4 != 0 ? hard : 0
    limit.soft = limit.levels & 2 != 0 ? soft : 0
    limit.warn = limit.levels & 1 != 0 ? warn : 0
    if random.one(in: 5) { limit.actions = random.of([(1, 3, 8, 0), (0, 2, 0, 0), (5, 6, 7, 0)]) }
    if random.one(in: 150) { limit.levels = 8 }
  }

  // MARK: - The rest

  mutating func rare(_ run: OracleRun) -> Command {
    switch random.below(100) {
    case ..<10: return latch()
    case ..<45: return clear(run.oracle)
    case ..<55: return .instrument(World.instrument(random.in(1...Int64(World.instruments)).asId, &random))
    case ..<62: return .account(World.account(random.in(1...Int64(World.accounts)).asId, &random))
    case ..<66: return .strategy(World.strategy(random.in(1...Int64(World.strategies)).asId, &random))
    case ..<71:
      return .currency(
        World.currency(UInt32(random.in(2...3)), random.in(1...200_000), UInt32(random.in(0...6))))
    case ..<79: return .cashSet(World.cash(random.in(1...5).asId, random.in(-1_000...40_000_000)))
    case ..<84: return .positionSet(position())
    case ..<87: return day(run)
    case ..<92: return lookUp(run)
    default:
      let (name, id, _) = pick(run)
      var given = Arguments()
      given.order_id = id
      return .confirm(name == .none && id == 0 ? TokenName(number: 1) : name, given)
    }
  }

  private mutating func lookUp(_ run: OracleRun) -> Command {
    let (name, id, _) = pick(run)
    var given = Arguments()
    given.order_id = id
    return .orderGet(name, given)
  }

  private mutating func scope() -> (kind: UInt32, id: UInt32) {
    let kinds = [
      RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT,
    ]
    let kind = random.one(in: 20) ? Int32(random.below(11)) : random.of(kinds)
    return (UInt32(kind), kind == RCK_SCOPE_GLOBAL ? 0 : random.in(1...4).asId)
  }

  private mutating func latch() -> Command {
    var latch = sized(rck_latch(), \.struct_size)
    (latch.scope_kind, latch.id) = scope()
    latch.state = random.of([1, 1, 1, 2, 3])
    latch.actor = random.one(in: 30) ? 0 : 7
    latch.control = UInt32(random.below(27))
    latch.time_ns = clock
    latch.reason.0 = 65
    // Most are cleared before long, or nothing would pass.
    var clearing = latch
    clearing.actor = 9
    for _ in 0..<random.below(12) { queue.append(Step(.trade(trade()))) }
    if !random.one(in: 10) { queue.append(Step(.latchClear(clearing))) }
    return .latchSet(latch)
  }

  private mutating func clear(_ oracle: Oracle) -> Command {
    var latch = sized(rck_latch(), \.struct_size)
    (latch.scope_kind, latch.id) = scope()
    if let scope = oracle.latched.first, !random.one(in: 4) {
      (latch.scope_kind, latch.id) = (scope.kind, scope.id)
    }
    latch.actor = random.one(in: 30) ? 0 : 9
    latch.reason.0 = random.one(in: 30) ? 0 : 66
    return .latchClear(latch)
  }

  private mutating func position() -> rck_position {
    var position = sized(rck_position(), \.struct_size)
    position.actor = 1
    position.instrument = random.in(1...Int64(World.instruments)).asId
    position.quantity = quantity(position.instrument) * random.of([1, -1, 0])
    position.price = price(position.instrument)
    if random.one(in: 3) {
      position.strategy = random.in(1...Int64(World.strategies)).asId
    } else {
      position.account = random.in(1...Int64(World.accounts)).asId
    }
    return position
  }

  /// A day ends. Which of several orders ends first is nobody's promise, so all but one are released before.
  private mutating func day(_ run: OracleRun) -> Command {
    // A good time for all that follows.
    var first = trade()
    clock += 5_000
    first.time_ns = clock
    date += date % 100 < 28 ? 1 : 73
    var given = Arguments()
    given.date = date
    if date / 100 % 100 > 12 { date += 8_800 }
    let ending = run.oracle.liveOrders.filter { $0.force != UInt8(RCK_FORCE_GOOD_TILL_CANCEL) }
    for order in ending.sorted(by: { $0.token < $1.token }).dropFirst() {
      var release = Arguments()
      release.reason = UInt32(RCK_RELEASE_EXPIRED)
      release.time_ns = clock
      queue.append(Step(.release(run.grants.name(order.token) ?? .none, release)))
    }
    queue.append(Step(.dayStart(given)))
    return .trade(first)
  }
}
