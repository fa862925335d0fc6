import CRiskCheck
import Oracle
import Script

/// Draws the next step from a seed and from what the oracle knows, so that orders, fills and limits meet.
struct Generator {
  var random: Random
  let world: World
  var clock: Int64 = 1_000_000
  var date = World.firstDay
  var nextId: UInt64 = 1
  var nextExecution: UInt64 = 1
  /// Orders that were lately of interest, and executions.
  var recent: [TokenName] = []
  var executions: [UInt64] = []
  /// The ids of steps that may have made an order known.
  var candidates: [UInt64] = []
  /// Steps that belong together.
  var queue: [Step] = []

  init(seed: UInt64, discipline: Int32) {
    random = Random(seed: seed)
    world = World(&random, discipline: discipline)
    for command in world.definitions(&random) { queue.append(Step(command)) }
    queue.reverse()
  }

  /// The next step, or those of a batch.
  mutating func next(_ run: OracleRun) -> [Step] {
    for id in candidates {
      if let order = run.oracle.order(token: 0, id: id), let name = run.grants.name(order.token) {
        remember(name)
      }
    }
    candidates = []
    if let step = queue.popLast() {
      switch step.command {
      case .check(let order), .dropCopy(let order): candidates = [order.order_id]
      case .legs: candidates = (run.legs[step.port] ?? []).map(\.order_id)
      default: break
      }
      return [step]
    }
    let port = UInt32(random.below(world.ports)) + 1
    let steps = batch(Step(port: port, draw(run, port)), run)
    // Queued steps follow in the order in which they were added.
    queue.reverse()
    return steps
  }

  /// At times more calls of the same kind come with a step, all drawn from what was before the first.
  private mutating func batch(_ first: Step, _ run: OracleRun) -> [Step] {
    var steps = [first]
    if !queue.isEmpty || !random.one(in: 8) { return steps }
    let most = random.in(2...(random.one(in: 10) ? 64 : 8))
    while steps.count < most && queue.isEmpty, let command = another(first, run) {
      steps.append(Step(port: first.port, command))
      steps[steps.count - 1].joins = true
    }
    return steps
  }

  private mutating func another(_ first: Step, _ run: OracleRun) -> Command? {
    switch first.command {
    case .check:
      let command = check(run, first.port)
      if case .check = command { return command }
      // A look at an order comes before what follows from it.
      queue.insert(Step(port: first.port, command), at: 0)
      return nil
    case .amend: return amend(run)
    case .fill: return random.one(in: 8) ? undo(run) : fill(run)
    default: return nil
    }
  }

  private mutating func draw(_ run: OracleRun, _ port: UInt32) -> Command {
    let kind = random.below(1_000)
    // Instead of what ends orders.
    let isKept = world.hoards && (520..<880).contains(kind) && !random.one(in: 8)
    switch isKept ? random.below(460) : kind {
    case ..<24: return legs(run, port)
    case ..<400: return check(run, port)
    case ..<460: return amend(run)
    case ..<520: return amendResult(run)
    case ..<690: return fill(run)
    case ..<720: return undo(run)
    case ..<760: return cancel(run)
    case ..<880: return release(run)
    case ..<910: return trades()
    case ..<929: return random.one(in: 4) ? .metric(metric(run.oracle, port)) : .quote(quote())
    case ..<938: return books()
    case ..<940: return .volume(volume())
    case ..<945: return .mark(mark())
    case ..<967: return limit(run.oracle)
    case ..<975: return override(run, port)
    case ..<983: return look(run)
    default: return rare(run, port)
    }
  }

  // MARK: - Time

  mutating func time() -> Int64 {
    clock += random.one(in: 50) ? random.in(0...5_000) : random.in(0...30)
    // Now and then a part of a minute or of an hour.
    if random.one(in: 2_000) {
      clock += random.of([700_000_000, 20_000_000_000, 61_000_000_000, 1_000_000_000_000])
    }
    switch random.below(200) {
    case 0: return 0
    case 1: return random.of([-1, Int64.min, Int64.max, Int64(RCK_TIME_NS_MAX) + 1])
    case 2...4: return max(clock - random.in(0...1_500), 1)
    default: return clock
    }
  }

  // MARK: - Orders

  /// An order that somebody could send, with now and then something odd.
  mutating func order(_ oracle: Oracle) -> rck_order {
    var order = rck_order()
    order.account = random.in(1...Int64(World.accounts)).asId
    order.strategy = random.one(in: 2) ? 0 : random.in(1...Int64(World.strategies)).asId
    order.instrument = instrument()
    order.side = UInt8(random.in(1...2))
    if order.instrument == 9 && !random.one(in: 8) { (order.account, order.side) = World.heaping }
    order.type = random.of([1, 1, 1, 1, 1, 1, 2, 2, 3, 4])
    order.time_in_force = random.of([1, 1, 1, 2, 2, 3, 4])
    order.time_ns = time()
    if random.one(in: 40), let edge = oracle.edge(after: clock), edge - clock < 9_000 {
      (clock, order.time_ns) = (edge, edge)
    }
    order.quantity = quantity(order.instrument)
    if order.type == RCK_TYPE_LIMIT || order.type == RCK_TYPE_STOP_LIMIT {
      order.price = price(order.instrument)
    }
    if order.type >= RCK_TYPE_STOP { order.stop_price = price(order.instrument) }
    if random.one(in: 2) { order.decision_price = price(order.instrument) }
    if random.one(in: 50) { order.deadline_ns = clock + random.in(-100...100) }
    if random.one(in: 30) { order.venue = UInt32(random.below(3)) }
    order.correlation_id = random.next() % 7
    if random.one(in: 100) { order.flags = UInt32(RCK_ORDER_FIRST_REFUSAL) }
    if random.one(in: 40) { spoil(&order) }
    if random.one(in: 8) { close(&order, oracle) }
    if random.one(in: 15) { repeatExecution(&order, oracle) }
    return order
  }

  /// One like those that were filled, as the first of them leaves a window.
  private mutating func repeatExecution(_ order: inout rck_order, _ oracle: Oracle) {
    guard let found = oracle.repetition(after: clock), found.time_ns - clock < 9_000 else { return }
    (order.account, order.strategy) = (found.account, found.strategy)
    (order.instrument, order.side, order.quantity) = (found.instrument, found.side, found.quantity)
    clock = found.time_ns - random.in(0...1)
    order.time_ns = clock
  }

  /// One field becomes something that it should not be.
  private mutating func spoil(_ order: inout rck_order) {
    switch random.below(13) {
    case 12: order.decision_price = random.of(World.odd)
    case 0: order.quantity = random.of(World.odd)
    case 1: order.price = random.of(World.odd)
    case 2: order.stop_price = random.of(World.odd)
    case 3: order.account = random.of([0, 6, 99, UInt32.max])
    case 4: order.strategy = random.of([5, 99, UInt32.max])
    case 5: order.instrument = random.of([0, 10, 99, UInt32.max])
    case 6: order.side = random.of([0, 3, 255])
    case 7: order.type = random.of([0, 5, 255])
    case 8: order.time_in_force = random.of([0, 5, 255])
    case 9: order.flags = random.of([2, 3, 1 << 31])
    case 10:
      order.quantity = random.of(World.odd)
      order.price = random.of(World.odd)
    default: order.deadline_ns = random.of(World.odd)
    }
  }

  /// The order becomes one that would close what there is, or a little more or less.
  private mutating func close(_ order: inout rck_order, _ oracle: Oracle) {
    guard let row = oracle.row(Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, order.account, order.instrument)),
      row.net != 0, let lot = oracle.instrument(order.instrument)?.lot
    else { return }
    order.side = UInt8(row.net > 0 ? RCK_SIDE_SELL : RCK_SIDE_BUY)
    let room = row.net > 0 ? row.net - row.openSells : -row.net - row.openBuys
    let quantity = Int64(clamping: room) / lot * lot
    order.quantity = max(lot, quantity &+ lot &* random.of([0, 0, 1, -1]))
  }

  mutating func instrument() -> UInt32 { random.in(1...Int64(World.instruments)).asId }

  mutating func quantity(_ instrument: UInt32) -> Int64 {
    let lot = World.lot(instrument)
    // Of 7 now and then, of 9 most often so much that sums reach their bounds.
    if instrument == 7 && random.one(in: 20) { return random.in(1...1 << 53) }
    if instrument == 9 && !random.one(in: 4) { return (1 << 53) - random.in(0...9) }
    return lot * (random.one(in: 30) ? random.in(1...5_000) : random.in(1...20))
  }

  mutating func price(_ instrument: UInt32) -> Int64 {
    let tick = World.tick(instrument)
    let middle = World.middle(instrument) / tick
    if instrument == 7 && random.one(in: 20) { return random.in(1...1 << 53) }
    let spread = max(middle / 50, 3)
    let price = (middle + random.in(-spread...spread)) * tick
    if random.one(in: 60) { return price + 1 }
    return instrument == 5 || price > 0 ? price : tick
  }

  private mutating func check(_ run: OracleRun, _ port: UInt32) -> Command {
    var order = order(run.oracle)
    if random.one(in: 25), let name = recent.last {
      // The same id once more: of an order that is live, ended, or forgotten.
      order.order_id = random.one(in: 2) ? name.id : random.of(recent).id
      if random.one(in: 2), let known = run.oracle.order(token: 0, id: order.order_id) {
        sameTerms(&order, run.oracle.info(known))
      }
    } else {
      order.order_id = newId()
      if random.one(in: 400) { order.order_id = 0 }
      if random.one(in: 8), let known = recent.last.flatMap({ run.oracle.order(token: 0, id: $0.id) }) {
        sameTerms(&order, run.oracle.info(known))
      }
    }
    switch random.below(100) {
    case ..<12:
      queue.append(Step(port: port, .check(order)))
      return .checkDry(order)
    case 12 where random.one(in: 4): return headroom(order, run, port)
    case 14..<22: return dropCopy(order, port)
    case 13 where random.one(in: 20): order.reserved.2 = 1
    default: break
    }
    candidates.append(order.order_id)
    if random.one(in: 6) { repeatAtEdge(order, run, port) }
    return .check(order)
  }

  /// The same once more, when a window for duplicates is about to end.
  private mutating func repeatAtEdge(_ order: rck_order, _ run: OracleRun, _ port: UInt32) {
    let known = run.oracle.limitsInForce.values.filter { $0.record.control == RCK_CONTROL_DUPLICATE }
    guard !known.isEmpty, order.time_ns > 0, order.time_ns <= clock else { return }
    let window = random.of(known.sorted { $0.number < $1.number }).record.window_ns
    var twin = order
    (twin.order_id, twin.time_ns) = (newId(), max(order.time_ns &+ window &- random.in(0...1), 1))
    queue.append(Step(port: port, .check(twin)))
  }

  /// Often of an order that no check would pass, and before or after one of the same.
  private mutating func dropCopy(_ order: rck_order, _ port: UInt32) -> Command {
    var order = order
    switch random.below(8) {
    case 0: spoil(&order)
    case 1 where order.price != 0: order.price &+= random.of([1, -1, 7])
    case 2: order.quantity &+= 1
    case 3: order.deadline_ns = clock + random.in(-100...10)
    default: break
    }
    if random.one(in: 8) {
      queue.append(Step(port: port, random.one(in: 2) ? .check(order) : .dropCopy(order)))
    }
    if random.one(in: 2) {
      queue.append(Step(port: port, .dropCopy(order)))
      return .checkDry(order)
    }
    candidates.append(order.order_id)
    return .dropCopy(order)
  }

  /// A batch that is all or none: its legs follow the first, and then the call.
  private mutating func legs(_ run: OracleRun, _ port: UInt32) -> Command {
    let most: Int64 = random.one(in: 40) ? 66 : random.one(in: 8) ? 12 : 4
    let isMild = !random.one(in: 3)
    var orders: [rck_order] = []
    for _ in 0..<random.in(1...most) {
      var order = order(run.oracle)
      if isMild { calm(&order) }
      order.order_id = newId()
      if random.one(in: 2), let first = orders.first {
        (order.account, order.strategy) = (first.account, first.strategy)
      }
      orders.append(order)
    }
    // Ids that are known, or twice there, and now and then all of a batch of before.
    if random.one(in: 20) { orders[random.below(orders.count)].order_id = orders[0].order_id }
    if random.one(in: 12), let name = recent.last { orders[random.below(orders.count)].order_id = name.id }
    if random.one(in: 12) {
      let known = recent.suffix(orders.count).compactMap { run.oracle.order(token: 0, id: $0.id) }
      for (at, other) in known.enumerated() {
        orders[at].order_id = other.id
        sameTerms(&orders[at], run.oracle.info(other))
      }
      if random.one(in: 2), !known.isEmpty { orders.removeLast(orders.count - known.count) }
    }
    if random.one(in: 60) { orders[random.below(orders.count)].reserved.3 = 1 }
    if random.one(in: 60) { orders[random.below(orders.count)].order_id = 0 }
    for order in orders.dropFirst() { queue.append(Step(port: port, .leg(order))) }
    queue.append(Step(port: port, .legs))
    return .leg(orders[0])
  }

  /// A small limit order of today, so that all legs of a batch pass often enough.
  private mutating func calm(_ order: inout rck_order) {
    if order.instrument > 6 || order.instrument == 0 { order.instrument = UInt32(random.in(1...4)) }
    order.type = UInt8(RCK_TYPE_LIMIT)
    (order.stop_price, order.deadline_ns, order.flags, order.time_ns) = (0, 0, 0, clock)
    let tick = World.tick(order.instrument)
    order.price = max(World.middle(order.instrument) / tick, 1) * tick
    order.quantity = World.lot(order.instrument)
  }

  /// Ids go up, but for some at the edges of their type.
  mutating func newId() -> UInt64 {
    nextId += 1
    return random.one(in: 100) ? UInt64.max - nextId : random.one(in: 100) ? nextId << 40 : nextId
  }

  private func sameTerms(_ order: inout rck_order, _ info: rck_order_info) {
    (order.account, order.strategy, order.instrument) = (info.account, info.strategy, info.instrument)
    (order.side, order.type, order.time_in_force) = (info.side, info.type, info.time_in_force)
    (order.price, order.stop_price, order.quantity) = (info.price, info.stop_price, info.quantity)
    order.venue = info.venue
  }

  /// How much passes: that much must, and one lot more must not.
  private mutating func headroom(_ order: rck_order, _ run: OracleRun, _ port: UInt32) -> Command {
    let lot = run.oracle.instrument(order.instrument)?.lot ?? 1
    let quantity = run.oracle.headroom(order, port: port).quantity
    for more in [0, lot] where quantity &+ more > 0 {
      var probe = order
      probe.order_id = newId()
      probe.quantity = quantity &+ more
      queue.append(Step(port: port, .checkDry(probe)))
    }
    return .headroom(order)
  }

  mutating func remember(_ name: TokenName) {
    if recent.count < 128 {
      recent.append(name)
    } else {
      recent[random.below(128)] = name
    }
  }
}

extension Int64 {
  var asId: UInt32 { UInt32(self) }
}
