import CRiskCheck
import Oracle
import Script

/// Overrides of what an order would be refused for, and orders that meet them: as many as may use one, and more.
extension Generator {
  /// An override, for an order that is drawn with it and follows.
  mutating func override(_ run: OracleRun, _ port: UInt32) -> Command {
    if random.one(in: 12) { return .overrideRemove(removal(run.oracle)) }
    if random.one(in: 500) { return many() }
    var (order, verdict) = (rck_order(), rck_verdict())
    // Rather one that is refused for a level alone.
    for _ in 0..<6 {
      order = self.order(run.oracle)
      order.order_id = newId()
      if random.one(in: 3) { order.quantity = order.quantity &* random.of([20, 1_000]) }
      verdict = run.oracle.look(at: order, port: port)
      if verdict.status >= RCK_REJECT_ORDER_QUANTITY && verdict.failed & ~0x116e == 0 { break }
    }
    var given = override(order, verdict)
    if random.one(in: 6) { given.expiry_ns = order.time_ns &+ random.of([0, 0, 1, 1, 2]) }
    if random.one(in: 4) {
      var beat = Arguments()
      beat.time_ns = max(given.expiry_ns &+ random.of([-1, 0, 1]), 1)
      if beat.time_ns < clock + 1_000 {
        queue.append(Step(port: port % UInt32(world.ports) + 1, .beat(beat)))
      }
    }
    if random.one(in: 4) { queue.append(Step(port: port, .checkDry(order))) }
    for _ in 0...random.below(4) {
      candidates.append(order.order_id)
      queue.append(Step(port: port, .check(order)))
      if random.one(in: 5) { queue.append(Step(.overrideGet(asked(run.oracle)))) }
      order.order_id = given.order_id == 0 ? newId() : order.order_id
    }
    if random.one(in: 6), case .amend(let name, var amend) = self.amend(run) {
      amend.quantity = amend.quantity &* 20
      if given.order_id != 0 { amend.order_id = given.order_id }
      queue.append(Step(port: port, .amend(name, amend)))
    }
    return .overrideSet(given)
  }

  /// Of what the order was refused for, or of something that it may be.
  private mutating func override(_ order: rck_order, _ verdict: rck_verdict) -> rck_override {
    var given = blank()
    let controls: [UInt32] = [2, 3, 4, 6, 7, 9, 13]
    given.control = controls.contains(UInt32(verdict.control)) ? UInt32(verdict.control) : random.of(controls)
    given.count = random.of([0, 1, 1, 2, 3])
    given.quantity =
      random.one(in: 2) && given.count != 0 ? 0 : max(order.quantity, 1) &* random.of([1, 2, 3])
    if random.one(in: 6) { given.quantity &-= 1 }
    if random.one(in: 3) {
      given.order_id = order.order_id
      if random.one(in: 2) { given.control = 0 }
    } else if verdict.scope_kind != 0 {
      given.scope_kind = UInt32(verdict.scope_kind)
      let isPair = verdict.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT
      given.id = UInt32(truncatingIfNeeded: isPair ? verdict.scope_id >> 32 : verdict.scope_id)
      given.instrument = isPair ? UInt32(truncatingIfNeeded: verdict.scope_id) : 0
    } else {
      given.scope_kind = UInt32(random.of([RCK_SCOPE_ACCOUNT, RCK_SCOPE_INSTRUMENT, RCK_SCOPE_GLOBAL]))
      given.id =
        [0, order.account, order.instrument][given.scope_kind == 2 ? 1 : given.scope_kind == 6 ? 2 : 0]
    }
    spoil(&given)
    return given
  }

  private mutating func blank() -> rck_override {
    var given = sized(rck_override(), \.struct_size)
    given.actor = 5
    given.reason.0 = 69
    given.expiry_ns = clock + random.of([1, 20, 200, 2_000, 20_000]) + random.in(0...30)
    return given
  }

  private mutating func spoil(_ given: inout rck_override) {
    switch random.below(300) {
    case 0: given.control = random.of([0, 1, 11, 26, 99])
    case 1: given.scope_kind = UInt32(random.below(11))
    case 2: given.id = random.of([0, 7, 99, UInt32.max])
    case 3: given.instrument = random.of([1, 99])
    case 4: given.actor = 0
    case 5: given.reason.0 = 0
    case 6: given.quantity = random.of(World.odd)
    case 7: given.expiry_ns = random.of([0, -1, clock, Int64.max, Int64.min])
    case 8: (given.count, given.quantity) = (0, 0)
    case 9: given.order_id = 1
    default: break
    }
  }

  /// More than there are places for, of different controls.
  private mutating func many() -> Command {
    for number in 0..<260 {
      var given = blank()
      given.control = UInt32(random.of([2, 3, 7, 13]))
      given.scope_kind = UInt32(RCK_SCOPE_GLOBAL)
      given.count = UInt32(number % 3) + 1
      given.expiry_ns = clock + 4_000
      queue.append(Step(.overrideSet(given)))
    }
    return .overrideGet(asked(nil))
  }

  private mutating func removal(_ oracle: Oracle) -> rck_override {
    var given = asked(oracle)
    given.actor = random.one(in: 20) ? 0 : 6
    given.reason.0 = random.one(in: 20) ? 0 : 70
    return given
  }

  private mutating func asked(_ oracle: Oracle?) -> rck_override {
    var asked = sized(rck_override(), \.struct_size)
    let known = oracle?.overrideIds ?? []
    asked.override_id =
      known.isEmpty || random.one(in: 10) ? random.of([0, 1, 9, UInt32.max]) : random.of(known)
    return asked
  }
}
