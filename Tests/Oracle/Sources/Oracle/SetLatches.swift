import CRiskCheck

/// The state of trading by scope, and who first changed it.
extension Oracle {
  public func set(_ latch: rck_latch) -> Int32 {
    if let status = fault(of: latch) { return status }
    guard latch.state <= RCK_STATE_HALTED, latch.actor != 0,
      latch.control <= RCK_CONTROL_STATE || latch.control == RCK_REJECT_DISCONNECTED
    else {
      return RCK_E_RANGE
    }
    if latch.time_ns < 0 || latch.time_ns > Int64(RCK_TIME_NS_MAX) { return RCK_E_RANGE }
    return raise(latch) ? RCK_OK : RCK_REPEAT
  }

  /// Sets a scope to at least a state; its first cause stays.
  func raise(_ latch: rck_latch) -> Bool {
    let scope = Scope(Int32(latch.scope_kind), latch.id)
    let old = latches[scope]
    if latch.state <= old?.state ?? 0 { return false }
    var new = plant == .causeChanges ? latch : old ?? latch
    new.state = latch.state
    if old == nil && latch.time_ns == 0 { new.time_ns = latest }
    latches[scope] = new
    return true
  }

  public func clear(_ latch: rck_latch) -> Int32 {
    if let status = fault(of: latch) { return status }
    guard latch.actor != 0, latch.reason.0 != 0 else { return RCK_E_RANGE }
    let scope = Scope(Int32(latch.scope_kind), latch.id)
    return latches.removeValue(forKey: scope) == nil ? RCK_REPEAT : RCK_OK
  }

  /// Fills in a scope's state and first cause.
  public func get(_ latch: inout rck_latch) -> Int32 {
    if let status = fault(of: latch) { return status }
    latch = latches[Scope(Int32(latch.scope_kind), latch.id)] ?? rck_latch()
    return RCK_OK
  }

  func fault(of latch: rck_latch) -> Int32? {
    let kinds = [
      RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY,
      RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT, RCK_SCOPE_INSTRUMENT_GROUP,
    ]
    guard kinds.contains(Int32(bitPattern: latch.scope_kind)) else { return RCK_E_RANGE }
    if latch.scope_kind == RCK_SCOPE_GLOBAL { return latch.id == 0 ? nil : RCK_E_RANGE }
    return isDefined(Scope(Int32(latch.scope_kind), latch.id)) ? nil : RCK_E_UNKNOWN
  }

  /// An anomaly that the account's flags name halts it.
  func halt(_ account: UInt32, at time: Int64) {
    var latch = rck_latch()
    latch.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
    latch.id = account
    latch.state = UInt32(RCK_STATE_HALTED)
    latch.actor = UInt32.max
    latch.control = UInt32(RCK_CONTROL_STATE)
    latch.time_ns = time
    _ = raise(latch)
  }

  /// Whether a scope's first cause is a disconnect.
  func isDisconnected(_ scope: Scope) -> Bool {
    plant != .disconnectIsHalt && latches[scope]?.control == UInt32(RCK_REJECT_DISCONNECTED)
  }

  /// The highest state over the scopes of an order, and the widest scope that has it.
  func state(of ids: Identity) -> (state: UInt32, scope: Scope) {
    if latches.isEmpty { return (0, Scope(RCK_SCOPE_NONE, 0)) }
    var scopes = wideScopes(ids)
    if accounts[ids.account] != nil { scopes.append(Scope(RCK_SCOPE_ACCOUNT, ids.account)) }
    if strategies[ids.strategy] != nil { scopes.append(Scope(RCK_SCOPE_STRATEGY, ids.strategy)) }
    if instruments[ids.instrument] != nil { scopes.append(Scope(RCK_SCOPE_INSTRUMENT, ids.instrument)) }
    var highest: (state: UInt32, scope: Scope) = (0, Scope(RCK_SCOPE_NONE, 0))
    for scope in scopes {
      if let latch = latches[scope], latch.state > highest.state { highest = (latch.state, scope) }
    }
    return highest
  }
}
