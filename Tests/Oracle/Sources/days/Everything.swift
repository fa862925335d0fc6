import CRiskCheck
import Oracle
import Script

/// Compares all that can be looked at.
extension Pair {
  func everythingFault() -> Fault? {
    allRowsFault() ?? allBooksFault() ?? timesFault() ?? ordersFault() ?? limitsFault() ?? latchesFault()
      ?? overridesFault()
  }

  private func overridesFault() -> Fault? {
    for id in oracle.overrideIds {
      if let fault = overrideFault(id) { return fault }
    }
    return nil
  }

  func allRowsFault() -> Fault? {
    let config = oracle.config
    for instrument in 1...UInt32(config.instruments_max) {
      for account in 1...UInt32(config.accounts_max) {
        if let fault = rowFault(account: account, strategy: 0, instrument) { return fault }
      }
      for strategy in 1...UInt32(config.strategies_max) {
        if let fault = rowFault(account: 0, strategy: strategy, instrument) { return fault }
      }
    }
    return nil
  }

  func allBooksFault() -> Fault? {
    for account in 1...UInt32(oracle.config.accounts_max) {
      if let fault = bookFault(RCK_SCOPE_ACCOUNT, account) { return fault }
    }
    for strategy in 1...UInt32(oracle.config.strategies_max) {
      if let fault = bookFault(RCK_SCOPE_STRATEGY, strategy) { return fault }
    }
    return totalsFault()
  }

  private func timesFault() -> Fault? {
    for port in 1...UInt32(oracle.config.ports_max) {
      let (time, expected) = (library.time(ofPort: port), oracle.time(ofPort: port))
      if time != expected { return Fault(text: "port \(port) is at \(time), oracle \(expected)") }
    }
    return nil
  }

  private func scopes(_ kinds: [(kind: Int32, count: UInt64)]) -> [Scope] {
    var scopes = [Scope(RCK_SCOPE_GLOBAL, 0)]
    for (kind, count) in kinds { scopes += (1...UInt32(count)).map { Scope(kind, $0) } }
    return scopes.filter { oracle.isDefined($0) }
  }

  private func ordersFault() -> Fault? {
    let config = oracle.config
    let scopes = scopes([
      (RCK_SCOPE_ACCOUNT, config.accounts_max), (RCK_SCOPE_ACCOUNT_GROUP, config.groups_max),
      (RCK_SCOPE_STRATEGY, config.strategies_max), (RCK_SCOPE_STRATEGY_GROUP, config.groups_max),
      (RCK_SCOPE_INSTRUMENT, config.instruments_max), (RCK_SCOPE_INSTRUMENT_GROUP, config.groups_max),
    ])
    for scope in scopes {
      let expected = Dictionary(uniqueKeysWithValues: oracle.liveOrders(scope).map { ($0.token, $0) })
      let listed = library.openOrders(scope.kind, scope.id).orders
      for var info in listed {
        info.token = ours[info.token] ?? UInt64.max
        guard let order = expected[info.token] else {
          return Fault(text: "open_orders of \(scope) lists \(text(.order(0, info)))")
        }
        let wanted = oracle.info(order)
        if !bytesEqual(wanted, info) {
          return Fault(
            text: "open_orders of \(scope): \(text(.order(0, info))), oracle \(text(.order(0, wanted)))")
        }
      }
      if listed.count != expected.count {
        return Fault(text: "open_orders of \(scope) lists \(listed.count) orders, oracle \(expected.count)")
      }
    }
    return nil
  }

  /// The limits in force.
  func limitsFault() -> Fault? {
    let expected = oracle.limitsInForce
    let armed = library.limitsArmed()
    if armed.count != expected.count {
      return Fault(text: "\(armed.count) limits armed, oracle \(expected.count)", look: Step(.limitsArmed))
    }
    for var limit in armed {
      limit.limit_id = library.limitNumbers[limit.limit_id] ?? UInt32.max
      guard let wanted = expected[LimitKey(limit)]?.shown else {
        return Fault(text: "armed: \(Step(.limitSet(limit, flags: 0)).text)")
      }
      if !bytesEqual(limit, wanted) {
        return Fault(text: "armed: \(shown(limit)), oracle \(shown(wanted))")
      }
    }
    return nil
  }

  private func shown(_ limit: rck_limit) -> String {
    "\(Step(.limitSet(limit, flags: 0)).text), \(limit.limit_id) since \(limit.generation)"
  }

  func latchesFault() -> Fault? {
    let config = oracle.config
    let scopes = scopes([
      (RCK_SCOPE_ACCOUNT, config.accounts_max), (RCK_SCOPE_ACCOUNT_GROUP, config.groups_max),
      (RCK_SCOPE_STRATEGY, config.strategies_max), (RCK_SCOPE_STRATEGY_GROUP, config.groups_max),
      (RCK_SCOPE_INSTRUMENT, config.instruments_max), (RCK_SCOPE_INSTRUMENT_GROUP, config.groups_max),
    ])
    for scope in scopes {
      if let fault = latchFault(scope) { return fault }
    }
    return nil
  }
}
