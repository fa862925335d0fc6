import CRiskCheck

/// What an account or a strategy has sent and got since its conduct was first limited.
struct Conduct {
  /// Of the day.
  var messages: Int64 = 0
  var trades: Int64 = 0
  /// Orders in a row that the venue has rejected.
  var rejects: Int64 = 0
}

/// P21: how many messages for each trade, and how many orders the venue has rejected in a row.
extension Oracle {
  func conduct(_ limit: Limit) -> Seen {
    let conduct = conduct[limit.key.scope] ?? Conduct()
    if limit.record.measure == RCK_MEASURE_REJECTS {
      return .amount(Wide(conduct.rejects), RCK_REJECT_VENUE_REJECTS)
    }
    let messages = Wide(conduct.messages) + (plant == .thisOneIsFree ? 0 : 1)
    if messages < Wide(limit.record.reference) { return .nothing }
    let trades = max(Wide(conduct.trades), 1)
    return .amount(divideUp(messages, by: trades), RCK_REJECT_ORDER_TO_TRADE)
  }

  private func each(_ ids: Identity, _ change: (inout Conduct) -> Void) {
    for scope in [Scope(RCK_SCOPE_ACCOUNT, ids.account), Scope(RCK_SCOPE_STRATEGY, ids.strategy)]
    where conduct[scope] != nil { change(&conduct[scope]!) }
  }

  func countMessage(_ ids: Identity, _ count: Int64 = 1) { each(ids) { $0.messages += count } }

  func noteTrade(_ ids: Identity) {
    each(ids) {
      $0.trades += 1
      if plant != .fillKeepsRejects { $0.rejects = 0 }
    }
  }

  func noteRelease(_ order: Order, _ reason: UInt32) {
    each(order.identity) { $0.rejects = reason == RCK_RELEASE_REJECTED ? $0.rejects + 1 : 0 }
  }

  func clearRejects(_ ids: Identity) { each(ids) { $0.rejects = 0 } }

  public func rearm(_ given: rck_rearming) -> Int32 {
    if given.reserved != 0 { return RCK_E_RESERVED }
    let scope = Scope(Int32(bitPattern: given.scope_kind), given.id)
    guard [RCK_CONTROL_CONDUCT, RCK_CONTROL_REPEATED_EXECUTION].contains(Int32(bitPattern: given.control)),
      [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY].contains(Int32(bitPattern: given.scope_kind))
    else { return RCK_E_RANGE }
    guard isDefined(scope) else { return RCK_E_UNKNOWN }
    guard given.actor != 0, given.reason.0 != 0 else { return RCK_E_RANGE }
    if given.control == RCK_CONTROL_REPEATED_EXECUTION { return enable(scope) ? RCK_OK : RCK_REPEAT }
    if (conduct[scope]?.rejects ?? 0) == 0 { return RCK_REPEAT }
    conduct[scope]!.rejects = 0
    return RCK_OK
  }

  /// Of an account or a strategy; what else there is does not conduct itself.
  public func rejects(_ scope: Scope) -> Int64 { conduct[scope]?.rejects ?? 0 }
  public func messages(_ scope: Scope) -> Int64 { conduct[scope]?.messages ?? 0 }
  /// Scopes with rejected orders, the same for the same history.
  public var rejected: [Scope] {
    conduct.filter { $0.value.rejects > 0 }.keys.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
  }
}
