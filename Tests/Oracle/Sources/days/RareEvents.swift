import CRiskCheck
import Oracle
import Script

/// What is done to the desk rather than to an order: market data, limits, latches, definitions, days.
extension Generator {
  mutating func trade() -> rck_trade {
    var trade = rck_trade()
    trade.instrument = instrument()
    trade.price = price(trade.instrument)
    trade.quantity = random.in(1...100)
    trade.time_ns = time()
    if random.one(in: 60) { trade.price = random.of(World.odd) }
    if random.one(in: 100) { trade.quantity = random.of(World.odd) }
    if random.one(in: 100) { trade.flags = 1 }
    if random.one(in: 100) { trade.instrument = random.of([0, 99]) }
    return trade
  }

  /// At times several of one instrument close together, by any port: some of one instant, some too late.
  mutating func trades() -> Command {
    let first = trade()
    if random.one(in: 6) && (1...World.instruments).contains(first.instrument) {
      for _ in 0..<random.below(12) {
        var next = trade()
        next.instrument = first.instrument
        next.price = price(first.instrument)
        if random.one(in: 3) { next.time_ns = max(clock - random.in(0...40), 1) }
        queue.append(Step(port: UInt32(random.below(world.ports)) + 1, .trade(next)))
      }
    }
    return .trade(first)
  }

  mutating func books() -> Command {
    let first = book()
    if random.one(in: 4) {
      var next = book()
      next.instrument = first.instrument
      next.time_ns = max(clock - random.in(0...100), 1)
      queue.append(Step(port: UInt32(random.below(world.ports)) + 1, .book(next)))
    }
    return .book(first)
  }

  mutating func quote() -> rck_quote {
    var quote = rck_quote()
    quote.instrument = instrument()
    let middle = price(quote.instrument)
    if !random.one(in: 8) { (quote.bid, quote.bid_size) = (middle, random.in(1...50)) }
    if !random.one(in: 8) { (quote.ask, quote.ask_size) = (middle + random.in(0...30), random.in(1...50)) }
    quote.time_ns = time()
    switch random.below(120) {
    case 0: quote.bid = random.of(World.odd)
    case 1: quote.ask = random.of(World.odd)
    case 2: quote.bid_size = random.of(World.odd)
    case 3: (quote.ask, quote.ask_size) = (random.of(World.odd), 0)
    case 4: quote.instrument = random.of([0, 99])
    case 5: quote.flags = 1
    default: break
    }
    return quote
  }

  mutating func book() -> rck_book {
    var book = rck_book()
    book.instrument = instrument()
    book.bids = UInt32(random.of([0, 1, 2, 3, 10]))
    book.asks = UInt32(random.of([0, 1, 2, 3, 10]))
    let middle = price(book.instrument)
    fill(&book.bid_prices, &book.bid_sizes, from: middle, by: -1)
    fill(&book.ask_prices, &book.ask_sizes, from: middle + random.in(0...30), by: 1)
    book.time_ns = time()
    switch random.below(60) {
    case 0: book.bids = 11
    case 1: book.asks = random.of([11, UInt32.max])
    case 2: book.bid_sizes.0 = random.of(World.odd)
    case 3: book.ask_sizes.1 = random.of(World.odd)
    case 4: book.bid_prices.1 = random.of(World.odd)
    case 5: book.ask_prices.2 = random.of(World.odd)
    case 6: book.ask_prices.1 = book.ask_prices.0
    case 7: book.instrument = random.of([0, 99])
    case 8: book.flags = 1
    case 9: book.reserved.4 = 1
    default: break
    }
    return book
  }

  /// All ten levels of a side.
  private mutating func fill<Ten>(_ prices: inout Ten, _ sizes: inout Ten, from best: Int64, by step: Int64) {
    withUnsafeMutableBytes(of: &prices) { prices in
      withUnsafeMutableBytes(of: &sizes) { sizes in
        var price = best
        for level in 0..<10 {
          prices.storeBytes(of: price, toByteOffset: level * 8, as: Int64.self)
          sizes.storeBytes(of: random.in(1...50), toByteOffset: level * 8, as: Int64.self)
          price += step * random.in(1...3)
        }
      }
    }
  }

  mutating func volume() -> Arguments {
    var given = Arguments()
    given.instrument = random.one(in: 30) ? random.of([0, 99]) : instrument()
    given.volume = random.one(in: 8) ? random.of(World.odd) : random.one(in: 2) ? 0 : random.in(100...100_000)
    return given
  }

  mutating func mark() -> Arguments {
    var given = Arguments()
    given.instrument = instrument()
    given.price = price(given.instrument)
    given.time_ns = time()
    if random.one(in: 25) { given.price = random.of(World.odd) }
    if random.one(in: 50) { given.instrument = random.of([0, 99]) }
    return given
  }

  // MARK: - The rest

  mutating func rare(_ run: OracleRun, _ port: UInt32) -> Command {
    // Who is disabled trades no more until then.
    if !run.oracle.disabled.isEmpty && random.one(in: 4) { return .rearm(rearm(run.oracle)) }
    switch random.below(100) {
    case ..<10: return latch()
    case ..<40: return clear(run.oracle)
    case ..<63: return define(run.oracle)
    case ..<69: return watch(run.oracle, port)
    case ..<73: return .rearm(rearm(run.oracle))
    case ..<78: return .cashSet(cash())
    case ..<84: return .positionSet(position())
    case ..<87: return day(run)
    case 87:
      var given = Arguments()
      given.date = random.of([date, 0, 20_241_301, 20_000_100, 21_010_101, UInt32.max])
      return .dayStart(given)
    default:
      let (name, id, _) = pick(run)
      var given = Arguments()
      given.order_id = id
      return .confirm(name == .none && id == 0 ? TokenName(number: 1) : name, given)
    }
  }

  /// A call that only looks, at something that may not be there.
  mutating func look(_ run: OracleRun) -> Command {
    switch random.below(7) {
    case 0:
      var asked = sized(rck_position_info(), \.struct_size)
      asked.account = random.of([0, 1, 2, 3, 99])
      asked.strategy = asked.account == 0 || random.one(in: 10) ? random.of([0, 1, 2, 99]) : 0
      asked.instrument = random.of([1, 5, 9, 99])
      return .positionGet(asked)
    case 1:
      var asked = sized(rck_book_info(), \.struct_size)
      (asked.scope_kind, asked.id) = (UInt32(random.below(12)), random.of([1, 2, 4, 99]))
      if asked.scope_kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP || random.one(in: 20) {
        asked.instrument = random.of([4, 4, 1, 99])
      }
      return .bookGet(asked)
    case 2:
      var asked = sized(rck_latch(), \.struct_size)
      (asked.scope_kind, asked.id) = scope()
      return .latchGet(asked)
    case 3: return .limitsArmed
    case 5: return .watchGet(sized(rck_port_watch(), \.struct_size))
    case 4:
      var given = Arguments()
      (given.scope_kind, given.id) = random.one(in: 3) ? scope() : (UInt32(random.below(10)), 1)
      return .openOrders(given)
    default:
      let (name, id, _) = pick(run)
      var given = Arguments()
      given.order_id = id
      return .orderGet(name, given)
    }
  }

  private mutating func scope() -> (kind: UInt32, id: UInt32) {
    let kinds = [
      RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT,
      RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP,
    ]
    let kind = random.one(in: 20) ? Int32(random.below(11)) : random.of(kinds)
    return (UInt32(kind), kind == RCK_SCOPE_GLOBAL ? 0 : random.in(1...5).asId)
  }

  /// Most often of who is stuck.
  private mutating func rearm(_ oracle: Oracle) -> rck_rearming {
    var given = sized(rck_rearming(), \.struct_size)
    let isDisabled = random.one(in: 2)
    let stuck = isDisabled ? oracle.disabled : oracle.rejected
    let scope = stuck.isEmpty || random.one(in: 8) ? nil : random.of(stuck)
    given.control = UInt32(isDisabled ? RCK_CONTROL_REPEATED_EXECUTION : RCK_CONTROL_CONDUCT)
    given.scope_kind = scope?.kind ?? UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY]))
    given.id = scope?.id ?? random.in(1...5).asId
    (given.actor, given.reason.0) = (3, 65)
    switch random.below(40) {
    case 0: given.control = random.of([0, 16, 17, 99])
    case 1: given.scope_kind = random.of([0, 1, 3, 6, 99])
    case 2: given.id = random.of([0, 9, UInt32.max])
    case 3: given.actor = 0
    case 4: given.reserved = 1
    case 5: given.reason.0 = 0
    default: break
    }
    return given
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
    if random.one(in: 3) {
      var other = latch
      (other.state, other.actor, other.control) = (random.of([1, 2, 3]), 8, UInt32(random.below(27)))
      other.reason.0 = 67
      queue.append(Step(.latchSet(other)))
    }
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

  /// A port falls silent, or nearly, and somebody looks.
  private mutating func watch(_ oracle: Oracle, _ port: UInt32) -> Command {
    var watch = sized(rck_port_watch(), \.struct_size)
    (watch.scope_kind, watch.id) = scope()
    watch.silence_ns = random.of([0, 1, 100, 100, 2_000, 2_000, Int64(RCK_TIME_NS_MAX)])
    watch.state = random.of([1, 1, 2, 3])
    watch.actor = 7
    watch.reason.0 = 68
    var look = Arguments()
    look.time_ns = random.one(in: 3) ? 0 : (oracle.heard(port: port) ?? 0) &+ watch.silence_ns
    look.time_ns = max(look.time_ns, 0) &+ random.of([0, 0, 1, 1, 500])
    if random.one(in: 3) { queue.append(Step(port: port, random.one(in: 2) ? .portClose : .beat(beat()))) }
    for _ in 0..<random.below(4) {
      queue.append(Step(port: UInt32(random.below(world.ports)) + 1, .beat(beat())))
    }
    // Not on the port that was closed, if there is another.
    for _ in 0...random.below(2) { queue.append(Step(port: port % UInt32(world.ports) + 1, .watch(look))) }
    var order = order(oracle)
    order.order_id = newId()
    queue.append(Step(.checkDry(order)))
    // Most are cleared before long, and watched no more, or nothing would pass.
    var clearing = sized(rck_latch(), \.struct_size)
    (clearing.scope_kind, clearing.id, clearing.actor, clearing.reason) = (
      watch.scope_kind, watch.id, 9, watch.reason
    )
    if !random.one(in: 6) { queue.append(Step(.latchClear(clearing))) }
    var unwatched = watch
    unwatched.silence_ns = 0
    if !random.one(in: 6) { queue.append(Step(port: port, .watchSet(unwatched))) }
    switch random.below(60) {
    case 0: watch.silence_ns = random.of(World.odd)
    case 1: watch.state = random.of([0, 4, UInt32.max])
    case 2: watch.actor = 0
    case 3: watch.reason.0 = 7
    default: break
    }
    return .watchSet(watch)
  }

  private mutating func beat() -> Arguments {
    var given = Arguments()
    given.time_ns = time()
    return given
  }

  private mutating func cash() -> rck_cash {
    var cash = World.cash(random.in(1...5).asId, random.in(-1_000...40_000_000))
    cash.credit = max(cash.credit, 0)
    switch random.below(30) {
    case 0: cash.cash = random.of(World.odd)
    case 1: cash.credit = random.of(World.odd)
    case 2: cash.actor = 0
    case 3: cash.account = random.of([0, 7, 99])
    case 4: cash.reserved = 1
    default: break
    }
    return cash
  }

  private mutating func position() -> rck_position {
    var position = sized(rck_position(), \.struct_size)
    position.actor = 1
    position.instrument = instrument()
    position.quantity = quantity(position.instrument) * random.of([1, -1, 0])
    position.price = price(position.instrument)
    switch random.below(40) {
    case 0: position.price = random.of(World.odd)
    case 1: position.quantity = random.of(World.odd)
    case 2: position.actor = 0
    case 3: position.instrument = 99
    case 4: position.account = 1
    case 5: position.reserved = 1
    default: break
    }
    if random.one(in: 3) {
      position.strategy = random.in(1...Int64(World.strategies)).asId
    } else {
      position.account = random.in(1...Int64(World.accounts)).asId
    }
    return position
  }

  /// A day ends, and with it the orders that live for one.
  private mutating func day(_ run: OracleRun) -> Command {
    // A good time for all that follows.
    var first = trade()
    clock += 5_000
    first.time_ns = clock
    date += date % 100 < 28 ? 1 : 73
    var given = Arguments()
    given.date = date
    if date / 100 % 100 > 12 { date += 8_800 }
    queue.append(Step(.dayStart(given)))
    return .trade(first)
  }
}
