import CRiskCheck

/// An override, and what is left of it.
struct Override {
  var record: rck_override
  var countLeft: UInt32
  var quantityLeft: Int64
  var isRemoved = false

  var scope: Scope { Scope(Int32(bitPattern: record.scope_kind), record.id, record.instrument) }
  var isOfOrder: Bool { record.order_id != 0 }

  func has(room quantity: Int64) -> Bool {
    !isRemoved && (record.count == 0 || countLeft > 0) && (record.quantity == 0 || quantityLeft >= quantity)
  }
}

private let waivable = [
  RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL, RCK_CONTROL_COLLAR, RCK_CONTROL_POSITION,
  RCK_CONTROL_EXPOSURE, RCK_CONTROL_BUYING_POWER, RCK_CONTROL_WORKING,
].map { UInt32($0) }

/// Overrides waive what limits refuse. Ids are given in the order of setting; one that has ended is forgotten when
/// its place is needed.
extension Oracle {
  /// The places of those that are remembered, by number.
  private func isLive(_ override: Override) -> Bool {
    override.has(room: 1) && override.record.expiry_ns > latest
  }

  public func set(_ given: rck_override) -> (status: Int32, id: UInt32) {
    if let status = fault(of: given) { return (status, 0) }
    guard let place = overrides.firstIndex(where: { $0.map { !isLive($0) } ?? true }) else {
      return (RCK_E_OVERRIDES_FULL, 0)
    }
    overridesGiven += 1
    var record = given
    record.override_id = overridesGiven
    overrides[place] = Override(record: record, countLeft: given.count, quantityLeft: given.quantity)
    return (RCK_OK, overridesGiven)
  }

  public func get(_ found: inout rck_override) -> Int32 {
    guard let known = override(found.override_id) else { return RCK_E_UNKNOWN }
    found = known.record
    found.live = isLive(known) ? 1 : 0
    found.count_left = known.countLeft
    found.quantity_left = known.quantityLeft
    return RCK_OK
  }

  public func remove(_ given: rck_override) -> Int32 {
    if given.actor == 0 || given.reason.0 == 0 { return RCK_E_RANGE }
    guard let place = overrides.firstIndex(where: { $0?.record.override_id == given.override_id }) else {
      return RCK_E_UNKNOWN
    }
    if overrides[place]!.isRemoved { return RCK_REPEAT }
    overrides[place]!.isRemoved = true
    return RCK_OK
  }

  private func override(_ id: UInt32) -> Override? {
    overrides.first { $0?.record.override_id == id } ?? nil
  }

  /// The id that the next one will have.
  public var overridesGivenNext: UInt32 { overridesGiven + 1 }
  /// Those that are remembered.
  public var overrideIds: [UInt32] { overrides.compactMap { $0?.record.override_id } }

  private func fault(of given: rck_override) -> Int32? {
    let isWaivable = waivable.contains(given.control)
    if given.order_id != 0 {
      guard isWaivable || given.control == 0, given.scope_kind == 0, given.id == 0, given.instrument == 0
      else { return RCK_E_RANGE }
    } else {
      let scope = Scope(Int32(bitPattern: given.scope_kind), given.id, given.instrument)
      guard isWaivable, let form = limitForm(given.control),
        form.scopes.contains(Int32(bitPattern: given.scope_kind)),
        given.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT || given.instrument == 0,
        given.scope_kind != RCK_SCOPE_GLOBAL || given.id == 0
      else { return RCK_E_RANGE }
      if !isDefined(scope) { return RCK_E_UNKNOWN }
    }
    guard given.actor != 0, given.reason.0 != 0, (0...Bound.input).contains(given.quantity),
      given.quantity != 0 || given.count != 0, given.expiry_ns > latest,
      given.expiry_ns <= Int64(RCK_TIME_NS_MAX)
    else { return RCK_E_RANGE }
    return nil
  }

  // MARK: - Use

  /// Those that fit a request: first those for its id, then the oldest, sixteen of them.
  private func fitting(_ request: Request) -> [Override] {
    let scopes = scopesOf(request.ids)
    let latest = max(request.time, latest) - (plant == .usableAtExpiry ? 1 : 0)
    let fit = overrides.compactMap { $0 }.filter {
      $0.has(room: request.quantity) && $0.record.expiry_ns > latest
        && ($0.isOfOrder ? $0.record.order_id == request.id : scopes.contains($0.scope))
    }
    return Array(
      fit.sorted {
        ($0.isOfOrder ? 0 : 1, $0.record.override_id) < ($1.isOfOrder ? 0 : 1, $1.record.override_id)
      }
      .prefix(16))
  }

  private func scopesOf(_ ids: Identity) -> [Scope] {
    wideScopes(ids) + [
      Scope(RCK_SCOPE_ACCOUNT, ids.account), Scope(RCK_SCOPE_STRATEGY, ids.strategy),
      Scope(RCK_SCOPE_INSTRUMENT, ids.instrument),
      Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, ids.account, ids.instrument),
      Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, ids.strategy, ids.instrument),
    ]
  }

  /// A request that is refused is judged again with hard levels waived. The ids of the overrides that it uses.
  func waive(_ request: Request, _ found: inout Assessment) {
    if found.judgement.refusal == nil { return }
    let fitting = fitting(request)
    var used: [UInt32] = []
    found.judgement.waive { finding in
      guard finding.isLevel else { return false }
      let first = fitting.first {
        ($0.record.control == 0 || $0.record.control == UInt32(finding.control))
          && waivable.contains(UInt32(finding.control)) && ($0.isOfOrder || $0.scope == finding.scope)
      }
      if let first { used.append(first.record.override_id) }
      return first != nil
    }
    if found.judgement.refusal == nil { askCustoms(request, &found) }
    if found.judgement.refusal != nil { found.judgement.isOverridden = false }
    if found.judgement.refusal == nil { found.overrides = plant == .eachLimitUses ? used : Array(Set(used)) }
  }

  /// What the controls say of an order, without a trace, also in an oracle that gets something wrong.
  public func look(at order: rck_order, port: UInt32) -> rck_verdict {
    guard case .at(let time) = judge(order.time_ns, port: port) else { return rck_verdict() }
    let request = Request(order, at: time)
    var found = assess(request)
    waive(request, &found)
    return found.judgement.verdict(flags: order.flags)
  }

  /// An order is entered by these overrides.
  func use(_ ids: [UInt32], _ quantity: Int64) {
    for id in ids {
      guard let place = overrides.firstIndex(where: { $0?.record.override_id == id }),
        var override = overrides[place]
      else { continue }
      if override.record.count != 0 { override.countLeft &-= 1 }
      if override.record.quantity != 0 { override.quantityLeft -= quantity }
      overrides[place] = override
    }
  }
}
