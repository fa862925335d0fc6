import CRiskCheck
import Oracle
import Script

/// What happens to orders after their check.
extension Generator {
  /// An order of lately, most often a live one; named by token, or by id.
  mutating func pick(_ run: OracleRun) -> (name: TokenName, id: UInt64, order: Order?) {
    if recent.isEmpty || random.one(in: 200) {
      return random.one(in: 2) ? (TokenName(number: 12_345), 0, nil) : (.none, nextId + 1_000, nil)
    }
    var name = random.of(recent)
    var order = run.oracle.order(token: run.grants.token(name), id: 0)
    var tries = random.one(in: 10) ? 0 : 6
    while tries > 0 && order?.finished != false {
      // What is forgotten is of little interest: it makes room for others.
      if order == nil && recent.contains(where: { $0 != name }) && !random.one(in: 8) {
        recent.removeAll { $0 == name }
      }
      name = random.of(recent)
      order = run.oracle.order(token: run.grants.token(name), id: 0)
      tries -= 1
    }
    if random.one(in: 4) {
      let id = order.map { random.of($0.ids) } ?? name.id
      return (.none, id, run.oracle.order(token: 0, id: id))
    }
    // A token names an order, whatever id stands beside it.
    if random.one(in: 12) { return (name, random.one(in: 2) ? name.id : random.of(recent).id, order) }
    return (name, 0, order)
  }

  mutating func amend(_ run: OracleRun) -> Command {
    let (name, id, order) = pick(run)
    var terms = self.order(run.oracle)
    let instrument = order?.instrument ?? 1
    if let order {
      let info = run.oracle.info(order)
      terms.quantity = random.one(in: 3) ? info.quantity : quantity(instrument)
      if random.one(in: 4) { terms.quantity = max(info.cumulative, 1) }
      terms.decision_price = random.one(in: 2) ? 0 : price(instrument)
      terms.price = info.type == 1 || info.type == 4 ? price(instrument) : 0
      terms.stop_price = info.type >= 3 ? price(instrument) : 0
      terms.order_id = id != 0 ? id : order.id
      if name != .none && random.one(in: 6) {
        terms.order_id = random.one(in: 5) ? random.of(recent).id : newId()
      }
    } else {
      terms.order_id = id != 0 ? id : newId()
    }
    return .amend(name, terms)
  }

  mutating func amendResult(_ run: OracleRun) -> Command {
    var given = Arguments()
    var (name, id, order) = pick(run)
    // Most often one whose amend is in flight.
    for _ in 0..<8 where order?.amending != true { (name, id, order) = pick(run) }
    given.order_id = id
    given.accepted = random.one(in: 100) ? 2 : UInt32(random.below(2))
    return .amendResult(name, given)
  }

  mutating func fill(_ run: OracleRun) -> Command {
    let (name, id, order) = pick(run)
    var report = rck_report()
    report.kind = UInt8(RCK_REPORT_FILL)
    report.order_id = id
    report.time_ns = time()
    report.fee = random.one(in: 4) ? random.in(-50...200) : 0
    let instrument = order?.instrument ?? self.instrument()
    report.last_price = price(instrument)
    let lots = quantity(instrument)
    if let order {
      let leaves = Int64(order.leaves)
      let known = Int64(order.known)
      switch random.below(20) {
      case ..<8 where leaves > 0: report.last_quantity = leaves
      case ..<17: report.last_quantity = leaves > 1 ? random.in(1...leaves) : lots
      default: report.last_quantity = lots
      }
      report.cumulative_quantity = known &+ report.last_quantity
    } else {
      report.last_quantity = lots
      report.cumulative_quantity = lots
    }
    let isUnknown = order == nil && name == .none && !random.one(in: 20)
    if isUnknown || random.one(in: 60) { unknown(&report) }
    report.execution_id = execution()
    if random.one(in: 25) {
      report.cumulative_quantity = max(1, report.cumulative_quantity &+ random.in(-9...9))
    }
    if random.one(in: 300) { spoil(&report) }
    // A report of an unknown order may say a token as well, which is nobody's.
    var named = report.order_id == id ? name : .none
    if order == nil && random.one(in: 10) { named = TokenName(number: 54_321) }
    if random.one(in: 12) { queue.append(Step(.fill(named, report))) }
    return .fill(named, report)
  }

  /// The report of an order that nobody knows.
  private mutating func unknown(_ report: inout rck_report) {
    report.order_id = newId()
    report.account = random.in(1...Int64(World.accounts)).asId
    report.strategy = random.one(in: 2) ? 0 : random.in(1...Int64(World.strategies)).asId
    report.instrument = instrument()
    report.side = UInt8(random.in(1...2))
    if report.instrument == 9 && !random.one(in: 8) { (report.account, report.side) = World.heaping }
    report.last_quantity = quantity(report.instrument)
    report.last_price = price(report.instrument)
    report.cumulative_quantity = report.last_quantity
    candidates.append(report.order_id)
    if random.one(in: 30) { report.side = 3 }
    if random.one(in: 30) { report.account = 99 }
    if random.one(in: 30) { report.instrument = 99 }
    if random.one(in: 30) { report.strategy = 99 }
  }

  private mutating func spoil(_ report: inout rck_report) {
    switch random.below(6) {
    case 5: report.flags = 1
    case 0: report.cumulative_quantity = random.of(World.odd)
    case 1: report.last_quantity = random.of(World.odd)
    case 2: report.last_price = random.of(World.odd)
    case 3: report.fee = random.of(World.odd)
    default: report.kind = random.of([0, 4, 255])
    }
  }

  /// A new execution, now and then none or an old one.
  private mutating func execution() -> UInt64 {
    if random.one(in: 10) { return 0 }
    if random.one(in: 40), let old = executions.last { return old }
    nextExecution += 1
    if executions.count >= 64 { executions.removeFirst(32) }
    executions.append(nextExecution)
    return nextExecution
  }

  /// A bust or a correction of an execution of lately.
  mutating func undo(_ run: OracleRun) -> Command {
    var report = rck_report()
    let corrects = random.one(in: 2)
    report.kind = UInt8(corrects ? RCK_REPORT_CORRECT : RCK_REPORT_BUST)
    report.time_ns = time()
    report.undone_execution_id = executions.isEmpty ? 1 : random.of(executions)
    var name = pick(run).name
    var order: Order?
    if !random.one(in: 15), let known = run.oracle.orderOf(execution: report.undone_execution_id) {
      name = run.grants.name(known.token) ?? name
      order = known
    }
    if name == .none { name = TokenName(number: 12_345) }
    let instrument = order?.instrument ?? 1
    if corrects {
      report.last_quantity = quantity(instrument)
      report.last_price = price(instrument)
      report.execution_id = execution()
    }
    report.fee = random.one(in: 4) ? random.in(-200...50) : 0
    report.cumulative_quantity = Int64(clamping: order?.known ?? 0) &+ random.in(-30...30)
    report.cumulative_quantity = max(0, min(report.cumulative_quantity, 1 << 53))
    if random.one(in: 100) { spoil(&report) }
    return .fill(name, report)
  }

  mutating func cancel(_ run: OracleRun) -> Command {
    let (name, id, order) = pick(run)
    var given = Arguments()
    given.order_id = id
    given.time_ns = time()
    // A fill often overtakes a cancel, and a release follows.
    if let order, !order.finished, random.one(in: 3) {
      var release = given
      release.reason = UInt32(RCK_RELEASE_CANCELLED)
      if random.one(in: 2) { queue.append(Step(fill(run))) }
      queue.append(Step(.release(name, release)))
    }
    return .cancel(name, given)
  }

  mutating func release(_ run: OracleRun) -> Command {
    let (name, id, _) = pick(run)
    var given = Arguments()
    given.order_id = id
    given.time_ns = time()
    given.reason = random.one(in: 200) ? 5 : UInt32(random.in(1...4))
    return .release(name, given)
  }
}
