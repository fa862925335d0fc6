import CRiskCheck
import RiskMemory
import RiskModel

/// What may be set as an override, and who sets and removes one. Every fault is the first thing wrong.
extension State {
  /// Whether an override can waive hard levels of a control.
  @inline(__always)
  public static func isWaivable(_ control: Int32) -> Bool {
    switch control {
    case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION,
      RCK_CONTROL_EXPOSURE, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_WORKING:
      return true
    default: return false
    }
  }

  // MARK: Under the administrator's turn

  /// Sets an override whose struct_size is right: its id, or why not.
  public func set(_ given: rck_override) -> (id: UInt32, refusal: Refusal?) {
    let now = max(now() ?? 0, latest)
    if let refusal = fault(of: given)
      ?? outside(given.expiry_ns, now &+ 1, Int64(RCK_TIME_NS_MAX), "expiry_ns")
    {
      return (0, refusal)
    }
    guard let id = Overrides(self).enter(OverrideTerms(given)) else {
      return (
        0,
        Refusal(
          RCK_E_OVERRIDES_FULL, rck_override.label, "override_id", maximum: Int64(RCK_OVERRIDES_MAX))
      )
    }
    tellOverride(RCK_EVENT_OVERRIDE_SET, id, OverrideTerms(given), given.actor)
    return (id, nil)
  }

  /// Removes the override that `given` names. The refusal may be RCK_REPEAT.
  public func remove(_ given: rck_override) -> Refusal? {
    let label = rck_override.label
    if let refusal = faultOfActor(given) { return refusal }
    let (terms, status) = Overrides(self).remove(given.override_id)
    if status != RCK_OK { return Refusal(status, label, "override_id", value: Int64(given.override_id)) }
    tellOverride(RCK_EVENT_OVERRIDE_REMOVED, given.override_id, terms, given.actor)
    return nil
  }

  private func tellOverride(_ kind: Int32, _ id: UInt32, _ terms: OverrideTerms, _ actor: UInt32) {
    let about = UInt64(terms.control) &<< 32 | UInt64(terms.scopeKind)
    tell(kind, UInt64(id), Int64(bitPattern: about), Int64(actor), control: Int32(bitPattern: terms.control))
  }

  // MARK: Looking, any thread

  /// Fills in the override that `found` names.
  public func get(_ found: inout rck_override) -> rck_status {
    let overrides = Overrides(self)
    guard let (tally, terms) = overrides.read(found.override_id) else { return RCK_E_UNKNOWN }
    found = rck_override(terms)
    found.override_id = tally.id
    found.live = overrides.isEnded(tally, terms, at: latest) ? 0 : 1
    found.count_left = tally.count
    found.quantity_left = tally.quantity
    return RCK_OK
  }

  // MARK: Rules

  /// Of an override that is to be set, but for its expiry.
  func fault(of given: rck_override) -> Refusal? {
    faultOfScope(given) ?? faultOfActor(given)
      ?? outside(given.quantity, 0, Amount.inputMax, "quantity")
      ?? (given.quantity == 0 ? outside(Int64(given.count), 1, Int64(UInt32.max), "count") : nil)
  }

  private func faultOfScope(_ given: rck_override) -> Refusal? {
    let isOfOrder = given.order_id != 0
    guard let control = Catalogue.control(given.control), State.isWaivable(control.number) else {
      if isOfOrder && given.control == 0 { return faultOfOrder(given) }
      return outside(
        given.control, Int64(isOfOrder ? RCK_CONTROL_NONE : RCK_CONTROL_ORDER_QUANTITY),
        Int64(RCK_CONTROL_WORKING), "control")
    }
    if isOfOrder { return faultOfOrder(given) }
    if !control.takes(scope: given.scope_kind) {
      return outside(
        given.scope_kind, Int64(control.scopes.trailingZeroBitCount),
        Int64(31 &- control.scopes.leadingZeroBitCount), "scope_kind")
    }
    var probe = rck_limit()
    probe.scope_kind = given.scope_kind
    probe.id = given.id
    probe.instrument = given.instrument
    if !probe.isOfPair && given.instrument != 0 { return outside(given.instrument, 0, 0, "instrument") }
    var refusal = unknown(probe)
    refusal?.record = rck_override.label
    return refusal
  }

  /// All scopes are meant: none may be named.
  private func faultOfOrder(_ given: rck_override) -> Refusal? {
    if given.scope_kind != 0 { return outside(given.scope_kind, 0, 0, "scope_kind") }
    if given.id != 0 { return outside(given.id, 0, 0, "id") }
    return given.instrument != 0 ? outside(given.instrument, 0, 0, "instrument") : nil
  }

  private func faultOfActor(_ given: rck_override) -> Refusal? {
    if given.actor == 0 { return outside(given.actor, 1, Int64(UInt32.max), "actor") }
    guard let reason = given.name else { return Refusal(RCK_E_NAME, rck_override.label, "reason") }
    return reason.isEmpty ? Refusal(RCK_E_RANGE, rck_override.label, "reason") : nil
  }

  private func outside(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
    value >= least && value <= most ? nil : refusal(value, least, most, field)
  }

  private func outside(_ value: UInt32, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
    refusal(Int64(value), least, most, field)
  }

  private func refusal(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal {
    Refusal(RCK_E_RANGE, rck_override.label, field, value: value, minimum: least, maximum: most)
  }
}

extension rck_override {
  public static var label: Label { "rck_override" }

  /// The reason as a name; nil when it is none.
  fileprivate var name: Name? { withUnsafeBytes(of: reason) { $0.baseAddress.flatMap { Name(from: $0) } } }

  init(_ terms: OverrideTerms) {
    self.init()
    struct_size = UInt32(MemoryLayout<rck_override>.size)
    order_id = terms.order
    control = terms.control
    scope_kind = terms.scopeKind
    id = terms.id
    instrument = terms.instrument
    actor = terms.actor
    count = terms.count
    quantity = terms.quantity
    expiry_ns = terms.expiry_ns
    withUnsafeMutableBytes(of: &reason) {
      if let start = $0.baseAddress { terms.reason.store(to: start) }
    }
  }
}

extension OverrideTerms {
  /// Of an override that is right.
  fileprivate init(_ given: rck_override) {
    self.init()
    expiry_ns = given.expiry_ns
    order = given.order_id
    scopeKind = given.scope_kind
    control = given.control
    id = given.id
    instrument = given.instrument
    quantity = given.quantity
    count = given.count
    actor = given.actor
    reason = given.name ?? Name.empty
  }
}
