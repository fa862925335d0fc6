import CRiskCheck
import RiskMemory
import RiskModel

/// Controls that stop trading until a named actor lets it go on. Under the administrator's turn.
extension State {
  /// Nil: done. A status that is positive is an answer.
  public func rearm(_ given: rck_rearming) -> Refusal? {
    if let refusal = fault(of: given) { return refusal }
    if !begin(given) { return Refusal(RCK_REPEAT, rck_rearming.label, "control") }
    let subject = UInt64(given.scope_kind) &<< 56 | UInt64(given.id)
    tell(
      RCK_EVENT_REARMED, subject, Int64(given.control), Int64(given.actor),
      control: Int32(bitPattern: given.control))
    return nil
  }

  /// Begins what a control counts anew. False: there is nothing.
  private func begin(_ given: rck_rearming) -> Bool {
    let books = Books<ManyWriters>(self)
    let row = books.row(given.id, strategy: given.scope_kind == UInt32(RCK_SCOPE_STRATEGY))
    switch Int32(bitPattern: given.control) {
    case RCK_CONTROL_CONDUCT: return books.conduct(row)?.clear(Conduct.Counter.rejects) ?? false
    case RCK_CONTROL_REPEATED_EXECUTION: return books.conduct(row)?.clear(Conduct.Counter.disabled) ?? false
    default: return false
    }
  }

  private func fault(of given: rck_rearming) -> Refusal? {
    if given.reserved != 0 { return Refusal(RCK_E_RESERVED, rck_rearming.label, "reserved") }
    let isOfStrategy = given.scope_kind == UInt32(RCK_SCOPE_STRATEGY)
    let isArmed =
      given.control == UInt32(RCK_CONTROL_CONDUCT) || given.control == UInt32(RCK_CONTROL_REPEATED_EXECUTION)
    if !isArmed {
      return outside(given.control, RCK_CONTROL_REPEATED_EXECUTION, RCK_CONTROL_CONDUCT, "control")
    }
    if given.scope_kind != UInt32(RCK_SCOPE_ACCOUNT) && !isOfStrategy {
      return outside(given.scope_kind, RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, "scope_kind")
    }
    if !isDefined(isOfStrategy ? RCK_KIND_STRATEGY : RCK_KIND_ACCOUNT, given.id) {
      return Refusal(RCK_E_UNKNOWN, rck_rearming.label, "id", value: Int64(given.id))
    }
    if given.actor == 0 {
      return Refusal(RCK_E_RANGE, rck_rearming.label, "actor", minimum: 1, maximum: Int64(UInt32.max))
    }
    let reason = withUnsafeBytes(of: given.reason) { $0.baseAddress.flatMap { Name(from: $0) } }
    guard let reason else { return Refusal(RCK_E_NAME, rck_rearming.label, "reason") }
    return reason.isEmpty ? Refusal(RCK_E_RANGE, rck_rearming.label, "reason") : nil
  }

  private func outside(_ value: UInt32, _ least: Int32, _ most: Int32, _ field: Label) -> Refusal {
    Refusal(
      RCK_E_RANGE, rck_rearming.label, field, value: Int64(value), minimum: Int64(least), maximum: Int64(most)
    )
  }
}

extension rck_rearming {
  public static var label: Label { "rck_rearming" }
}
