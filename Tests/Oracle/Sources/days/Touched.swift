import CRiskCheck
import Oracle
import Script

/// What a step can have touched, and whether both sides show the same of it afterwards.
enum Touched {
  case nothing
  case several([Touched])
  /// The rows and books of these, and the order by its token in the oracle, or 0 and its id.
  case order(account: UInt32, strategy: UInt32, instrument: UInt32, token: UInt64, id: UInt64)
  case limit(rck_limit)
  case limits
  case latch(Scope)
  case latches
  case watch(port: UInt32)
  case override(UInt32)
  case market
  case everything
}

extension Pair {
  /// Asked before the step: afterwards an order may be forgotten.
  func touched(_ step: Step, _ token: UInt64) -> Touched {
    switch step.command {
    case .check(let order), .checkDry(let order), .dropCopy(let order), .headroom(let order):
      return touched(order)
    case .legs: return .several((run.legs[step.port] ?? []).map { touched($0) })
    case .amend(_, let order): return touched(token, order.order_id)
    case .amendResult(_, let given), .cancel(_, let given), .release(_, let given), .confirm(_, let given):
      return touched(token, given.order_id)
    case .fill(_, let report): return touched(report, token)
    case .positionSet(let set):
      return .order(
        account: set.account, strategy: set.strategy, instrument: set.instrument, token: 0, id: 0)
    case .cashSet(let cash):
      return .order(account: cash.account, strategy: 0, instrument: 0, token: 0, id: 0)
    case .limitSet(let limit, _), .limitRemove(let limit, _): return .limit(limit)
    case .publish: return .limits
    case .latchSet(let latch), .latchClear(let latch):
      return .latch(Scope(Int32(bitPattern: latch.scope_kind), latch.id))
    case .rearm(let given):
      let ofAccount = given.scope_kind == RCK_SCOPE_ACCOUNT
      return .order(
        account: ofAccount ? given.id : 0, strategy: ofAccount ? 0 : given.id, instrument: 1, token: 0, id: 0)
    case .watch: return .latches
    case .watchSet: return .watch(port: step.port)
    case .overrideRemove(let given): return .override(given.override_id)
    case .overrideSet: return .override(oracle.overridesGivenNext)
    case .mark: return .market
    case .dayStart: return .everything
    default: return .nothing
    }
  }

  private func touched(_ order: rck_order) -> Touched {
    .order(
      account: order.account, strategy: order.strategy, instrument: order.instrument, token: 0,
      id: order.order_id)
  }

  private func touched(_ token: UInt64, _ id: UInt64) -> Touched {
    guard let order = oracle.order(token: token, id: id) else {
      return .order(account: 0, strategy: 0, instrument: 0, token: token, id: id)
    }
    return .order(
      account: order.account, strategy: order.strategy, instrument: order.instrument, token: order.token,
      id: order.id)
  }

  /// A report for an order that is not known says itself whose it is.
  private func touched(_ report: rck_report, _ token: UInt64) -> Touched {
    if oracle.order(token: token, id: 0) != nil { return touched(token, 0) }
    if oracle.order(token: 0, id: report.order_id) != nil { return touched(0, report.order_id) }
    return .order(
      account: report.account, strategy: report.strategy, instrument: report.instrument, token: 0,
      id: report.order_id)
  }

  func touchedFault(_ touched: Touched) -> Fault? {
    switch touched {
    case .nothing: return nil
    case .several(let all):
      for touched in all {
        if let fault = touchedFault(touched) { return fault }
      }
      return nil
    case .order(let account, let strategy, let instrument, let token, let id):
      return rowsFault(account: account, strategy: strategy, instrument) ?? orderFault(token, id)
        ?? (account == 0 ? nil : latchFault(Scope(RCK_SCOPE_ACCOUNT, account)))
    case .limit(let limit): return limitFault(limit)
    case .limits: return limitsFault() ?? totalsFault()
    case .latch(let scope): return latchFault(scope)
    case .latches: return latchesFault()
    case .watch(let port):
      let look = Command.watchGet(sized(rck_port_watch(), \.struct_size))
      return lookFault(Step(port: port, look), token: 0)
    case .override(let id): return overrideFault(id)
    case .market: return allRowsFault() ?? allBooksFault()
    case .everything: return everythingFault()
    }
  }

  // MARK: - Rows and books

  /// Those of an account and a strategy in an instrument.
  private func rowsFault(account: UInt32, strategy: UInt32, _ instrument: UInt32) -> Fault? {
    if let fault = totalsFault() { return fault }
    if account != 0 {
      if let fault = rowFault(account: account, strategy: 0, instrument) { return fault }
      if let fault = bookFault(RCK_SCOPE_ACCOUNT, account) { return fault }
    }
    if strategy != 0 {
      if let fault = rowFault(account: 0, strategy: strategy, instrument) { return fault }
      if let fault = bookFault(RCK_SCOPE_STRATEGY, strategy) { return fault }
    }
    return nil
  }

  func rowFault(account: UInt32, strategy: UInt32, _ instrument: UInt32) -> Fault? {
    var asked = sized(rck_position_info(), \.struct_size)
    (asked.account, asked.strategy, asked.instrument) = (account, strategy, instrument)
    var (one, other) = (asked, asked)
    let status = oracle.fill(&one)
    let otherStatus = rck_position_get(library.engine, &other)
    if status == otherStatus && bytesEqual(one, other) { return nil }
    return differs(.positionGet(asked), .position(status, one), .position(otherStatus, other))
  }

  /// The totals of the engine and of the groups.
  func totalsFault() -> Fault? {
    if !oracle.countsTotals { return nil }
    let scopes = [
      Scope(RCK_SCOPE_GLOBAL, 0), Scope(RCK_SCOPE_ACCOUNT_GROUP, 1), Scope(RCK_SCOPE_ACCOUNT_GROUP, 2),
      Scope(RCK_SCOPE_ACCOUNT_GROUP, 3), Scope(RCK_SCOPE_STRATEGY_GROUP, 5),
      Scope(RCK_SCOPE_INSTRUMENT_GROUP, 4),
    ]
    for scope in scopes {
      if let fault = bookFault(Int32(scope.kind), scope.id) { return fault }
    }
    for account in 1...World.accounts {
      if let fault = bookFault(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, account, 4) { return fault }
    }
    return nil
  }

  func bookFault(_ kind: Int32, _ id: UInt32, _ group: UInt32 = 0) -> Fault? {
    var asked = sized(rck_book_info(), \.struct_size)
    (asked.scope_kind, asked.id, asked.instrument) = (UInt32(kind), id, group)
    var (one, other) = (asked, asked)
    let status = oracle.fill(&one)
    let otherStatus = rck_book_get(library.engine, &other)
    if status == otherStatus && bytesEqual(one, other) { return nil }
    return differs(.bookGet(asked), .book(status, one), .book(otherStatus, other))
  }

  // MARK: - Orders, limits, latches

  private func orderFault(_ token: UInt64, _ id: UInt64) -> Fault? {
    if token | id == 0 { return nil }
    var given = Arguments()
    given.order_id = id
    let name = run.grants.name(token) ?? (token == 0 ? .none : TokenName(number: token))
    return lookFault(Step(port: oracle.openPort, .orderGet(name, given)), token: theirToken(token))
  }

  func overrideFault(_ id: UInt32) -> Fault? {
    var asked = sized(rck_override(), \.struct_size)
    asked.override_id = id
    return lookFault(Step(port: oracle.openPort, .overrideGet(asked)), token: 0)
  }

  func latchFault(_ scope: Scope) -> Fault? {
    var asked = sized(rck_latch(), \.struct_size)
    (asked.scope_kind, asked.id) = (scope.kind, scope.id)
    return lookFault(Step(port: oracle.openPort, .latchGet(asked)), token: 0)
  }

  private func lookFault(_ step: Step, token: UInt64) -> Fault? {
    let expected = run.run(step)
    guard let fault = compare(expected, library.run(step, token: token)) else { return nil }
    return Fault(text: "\n     then \(step.text) -> \(text(expected))\n     library \(fault)", look: step)
  }

  /// A limit as it was last set, and when it counts.
  private func limitFault(_ limit: rck_limit) -> Fault? {
    var (one, other) = (limit, limit)
    let status = oracle.get(&one)
    let otherStatus = rck_limit_get(library.engine, &other)
    if otherStatus == RCK_OK { other.limit_id = library.limitNumbers[other.limit_id] ?? UInt32.max }
    if status == otherStatus && bytesEqual(one, other) { return nil }
    let (ours, theirs) = (Step(.limitSet(one, flags: 0)).text, Step(.limitSet(other, flags: 0)).text)
    return Fault(
      text: "\n     then limit_get: \(text(.status(status))) \(ours)"
        + "\n     library \(text(.status(otherStatus))) \(theirs)")
  }

  private func differs(_ command: Command, _ one: Outcome, _ other: Outcome) -> Fault {
    let step = Step(command)
    return Fault(
      text: "\n     then \(step.text) -> \(text(one))\n     library \(text(other))", look: step)
  }
}
