import CRiskCheck
import Oracle

/// The oracle driven by steps.
public final class OracleRun {
  public let oracle: Oracle
  /// In the oracle's tokens.
  public private(set) var grants = Grants()
  /// Of the batches that are being put together, by their ports.
  public private(set) var legs: [UInt32: [rck_order]] = [:]

  public init(_ config: rck_config, plant: Plant? = nil) { oracle = Oracle(config, plant: plant) }

  public func run(_ step: Step) -> Outcome {
    let port = step.port
    oracle.port = port
    oracle.open(port: port)
    switch step.command {
    case .check(let order): return .verdict(granted(oracle.check(order, port: port), order))
    case .dropCopy(let order): return .verdict(granted(oracle.dropCopy(order, port: port), order))
    case .checkDry(let order): return .verdict(oracle.check(order, port: port, dry: true))
    case .headroom(let order):
      let (quantity, verdict) = oracle.headroom(order, port: port)
      return .headroom(verdict, quantity: quantity)
    case .leg(let order):
      legs[port, default: []].append(order)
      return .status(RCK_OK)
    case .legs: return check(legs.removeValue(forKey: port) ?? [], port)
    case .amend(let name, let order):
      return .verdict(oracle.amend(order, token: grants.token(name), port: port))
    case .amendResult(let name, let given):
      return .verdict(
        oracle.amendResult(token: grants.token(name), id: given.order_id, accepted: given.accepted))
    case .cancel(let name, let given):
      return .verdict(
        oracle.cancel(token: grants.token(name), id: given.order_id, time: given.time_ns, port: port))
    case .release(let name, let given):
      return .verdict(
        oracle.release(
          token: grants.token(name), id: given.order_id, reason: given.reason, time: given.time_ns,
          port: port))
    case .confirm(let name, let given):
      return .verdict(oracle.confirm(token: grants.token(name), id: given.order_id))
    case .fill(let name, let report): return .verdict(fill(name, report, port))
    case .dayStart(let given):
      let (status, released) = oracle.startDay(given.date)
      return .day(status, released: released)
    case .quote(let quote): return .status(oracle.quote(quote, port: port))
    case .trade(let trade): return .status(oracle.trade(trade, port: port))
    case .book(let book): return .status(oracle.book(book, port: port))
    case .volume(let given): return .status(oracle.volume(given.instrument, given.volume))
    case .mark(let given):
      return .status(oracle.mark(given.instrument, price: given.price, time: given.time_ns, port: port))
    case .metric(let given):
      return .status(oracle.feed(given.metric, given.value, time: given.time_ns, port: port))
    case .watchSet(var watch):
      watch.port = port
      return .status(oracle.set(watch))
    case .watchGet(var watch):
      watch.port = port
      let status = oracle.get(&watch)
      return .watch(status, watch)
    case .beat(let given): return .status(oracle.beat(at: given.time_ns, port: port))
    case .portClose: return .status(oracle.close(port: port))
    default: return administer(step.command)
    }
  }

  private func granted(_ verdict: rck_verdict, _ order: rck_order) -> rck_verdict {
    if verdict.status == RCK_OK { grants.grant(verdict.token, id: order.order_id) }
    return verdict
  }

  private func check(_ legs: [rck_order], _ port: UInt32) -> Outcome {
    let (status, verdicts) = oracle.check(legs: legs, port: port)
    for (order, verdict) in zip(legs, verdicts) where verdict.status == RCK_OK {
      grants.grant(verdict.token, id: order.order_id)
    }
    return .legs(status, verdicts)
  }

  private func fill(_ name: TokenName, _ report: rck_report, _ port: UInt32) -> rck_verdict {
    var named = report
    named.token = grants.token(name)
    let verdict = oracle.fill(named, port: port)
    if verdict.status == RCK_OK && verdict.flags & UInt16(RCK_VERDICT_UNKNOWN) != 0 {
      grants.grant(verdict.token, id: report.order_id)
    }
    return verdict
  }

  /// What is done on the engine, not on a port; and looking.
  private func administer(_ command: Command) -> Outcome {
    switch command {
    case .currency(let record): return .status(oracle.set(record))
    case .group(let record): return .status(oracle.set(record))
    case .account(let record): return .status(oracle.set(record))
    case .strategy(let record): return .status(oracle.set(record))
    case .instrument(let record): return .status(oracle.set(record))
    case .calendar(let record): return .status(oracle.set(record))
    case .limitSet(let limit, let flags): return .status(oracle.set(limit, flags: flags))
    case .limitRemove(let limit, let flags): return .status(oracle.remove(limit, flags: flags))
    case .publish:
      _ = oracle.publish()
      return .status(RCK_OK)
    case .latchSet(let latch): return .status(oracle.set(latch))
    case .latchClear(let latch): return .status(oracle.clear(latch))
    case .rearm(let given): return .status(oracle.rearm(given))
    case .watch(let given):
      let (status, ports) = oracle.watch(at: given.time_ns)
      return .ports(status, ports)
    case .overrideSet(let given):
      let (status, id) = oracle.set(given)
      return .overrideId(status, id)
    case .overrideRemove(let given): return .status(oracle.remove(given))
    case .positionSet(let position): return .status(oracle.set(position))
    case .cashSet(let cash): return .status(oracle.set(cash))
    default: return look(command)
    }
  }

  private func look(_ command: Command) -> Outcome {
    switch command {
    case .latchGet(var latch):
      let status = oracle.get(&latch)
      return .latch(status, latch)
    case .overrideGet(var found):
      let status = oracle.get(&found)
      return .override(status, found)
    case .positionGet(var info):
      let status = oracle.fill(&info)
      return .position(status, info)
    case .bookGet(var info):
      let status = oracle.fill(&info)
      return .book(status, info)
    case .orderGet(let name, let given):
      guard let order = oracle.order(token: grants.token(name), id: given.order_id) else {
        return .order(RCK_REJECT_ORDER_UNKNOWN, rck_order_info())
      }
      return .order(RCK_OK, oracle.info(order))
    case .openOrders(let given):
      let (status, count) = oracle.countLive(Scope(Int32(bitPattern: given.scope_kind), given.id))
      return .count(status, count)
    default: return .count(RCK_OK, UInt32(oracle.limitsInForce.count))
    }
  }
}

extension Outcome {
  /// As it stands behind the arrow: what is not named is zero. Tokens are named by `grants`.
  public func text(_ grants: Grants) -> [String] {
    switch self {
    case .status(let status): return [shown(status)]
    case .verdict(let verdict): return shown(verdict, grants)
    case .legs(let status, let verdicts):
      // All say the same, or one of them why the others do not pass.
      let at = verdicts.firstIndex { $0.status != RCK_REJECT_BATCH }
      guard let at, let last = verdicts.last else { return [shown(status)] }
      let isWhole =
        verdicts.allSatisfy { $0.status == last.status } && last.status <= RCK_REPEAT && last.status >= 0
      if isWhole { return shown(last, grants) + ["legs=\(verdicts.count)"] }
      let rest = Names.show(Int128(RCK_REJECT_BATCH), .one("RCK_"))
      return shown(verdicts[at], grants) + ["leg=\(at + 1)"]
        + (verdicts.count > 1 ? ["rest_status=\(rest)"] : [])
    case .headroom(let verdict, let quantity):
      return shown(verdict, grants) + (quantity == 0 ? [] : ["quantity=\(quantity)"])
    case .day(let status, let released):
      return [shown(status)] + (released == 0 ? [] : ["released=\(released)"])
    case .count(let status, let count): return [shown(status)] + (count == 0 ? [] : ["count=\(count)"])
    case .latch(let status, let latch):
      return [shown(status)] + (status == RCK_OK ? show(latch, latchFields.dropFirst(2)) : [])
    case .watch(let status, let watch):
      return [shown(status)] + (status == RCK_OK ? show(watch, watchFields[...]) : [])
    case .ports(let status, let ports):
      let list = ports.map { "\($0)" }.joined(separator: ",")
      return [shown(status)] + (ports.isEmpty ? [] : ["ports=\(list)"])
    case .overrideId(let status, let id): return [shown(status)] + (id == 0 ? [] : ["override_id=\(id)"])
    case .override(let status, let found):
      return [shown(status)] + (status == RCK_OK ? show(found, overrideFields[...]) : [])
    case .position(let status, let info):
      return [shown(status)] + (status == RCK_OK ? show(info, positionInfoFields.dropFirst(3)) : [])
    case .book(let status, let info):
      return [shown(status)] + (status == RCK_OK ? show(info, bookInfoFields.dropFirst(3)) : [])
    case .order(let status, let info):
      let rest = status == RCK_OK ? show(info, orderInfoFields[...]) : []
      return [shown(status)] + token(info.token, grants) + rest
    }
  }

  private func shown(_ status: Int32) -> String { "status=" + Names.show(Int128(status), .one("RCK_")) }

  private func shown(_ verdict: rck_verdict, _ grants: Grants) -> [String] {
    [shown(verdict.status)] + show(verdict, verdictFields[...]) + token(verdict.token, grants)
  }

  private func token(_ token: UInt64, _ grants: Grants) -> [String] {
    if token == 0 { return [] }
    return ["token=" + (grants.name(token)?.text ?? "unknown")]
  }
}

extension TokenName {
  var text: String {
    if id == 0 { return "\(number)" }
    return grant == 1 ? "@\(id)" : "@\(id).\(grant)"
  }

  init?(_ text: String) {
    guard text.hasPrefix("@") else {
      guard let number = UInt64(text) else { return nil }
      self.init(number: number)
      return
    }
    let parts = text.dropFirst().split(separator: ".")
    guard let id = parts.first.flatMap({ UInt64($0) }), parts.count <= 2 else { return nil }
    guard let grant = parts.count == 2 ? Int(parts[1]) : 1 else { return nil }
    self.init(id: id, grant: grant)
  }
}
