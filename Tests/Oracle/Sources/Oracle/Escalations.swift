import CRiskCheck

/// What follows from a level that an order exceeded, once a breach.
extension Oracle {
  /// The limits that were asked, in the order of their controls: with the flag for it none behind the first refusal.
  func escalate(_ found: Assessment, _ flags: UInt32, at time: Int64) {
    escalate(asking(found, flags), at: time)
  }

  /// The first eight are carried out, of a batch those of all its legs together.
  func escalate(_ findings: [Finding], at time: Int64) {
    for finding in findings.prefix(8) where begins(finding, at: time) { carryOut(finding, at: time) }
  }

  func asking(_ found: Assessment, _ flags: UInt32) -> [Finding] {
    let judgement = found.judgement
    var exceeded = judgement.all.filter { $0.isLevel && !$0.isWaived }
    if flags & UInt32(RCK_ORDER_FIRST_REFUSAL) != 0, let refusal = judgement.refusal {
      exceeded.removeAll { judgement.rank($0.control) > judgement.rank(refusal.control) }
    }
    let sorted = exceeded.enumerated().sorted {
      ($0.element.control, $0.offset) < ($1.element.control, $1.offset)
    }
    let quiet = [RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_BLOCK]
    return sorted.map(\.element).filter { !quiet.contains(Int32($0.action)) }
  }

  /// Whether a breach begins, or comes to a higher level.
  private func begins(_ finding: Finding, at time: Int64) -> Bool {
    let key = finding.limit!.key
    let old = breaches[key]
    let goesOn = old.map { time - $0.last < RCK_BREACH_NS } ?? false
    let before = goesOn ? old!.severity : 0
    breaches[key] = (max(time, old?.last ?? 0), max(before, finding.severity))
    return finding.severity > before || plant == .eachOrderEscalates
  }

  private func carryOut(_ finding: Finding, at time: Int64) {
    var latch = rck_latch()
    switch Int32(finding.action) {
    case RCK_ACTION_REDUCE_ONLY: latch.state = UInt32(RCK_STATE_REDUCE_ONLY)
    case RCK_ACTION_HALT: latch.state = UInt32(RCK_STATE_HALTED)
    default: return
    }
    switch Int32(finding.scope.kind) {
    case RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
      latch.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
    case RCK_SCOPE_STRATEGY_INSTRUMENT: latch.scope_kind = UInt32(RCK_SCOPE_STRATEGY)
    default: latch.scope_kind = finding.scope.kind
    }
    latch.id = finding.scope.id
    latch.actor = UInt32.max
    latch.control = UInt32(finding.control)
    latch.time_ns = time
    _ = raise(latch)
  }
}
