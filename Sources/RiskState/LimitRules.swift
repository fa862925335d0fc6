import CRiskCheck
import RiskModel

/// What may be set as a limit, what makes it the same limit, and what loosens it. Every fault is the first thing
/// wrong. Nothing here changes anything.
extension rck_limit {
  public static var label: Label { "rck_limit" }

  /// Control 5 bits, measure 6, scope kind 4, side 2, type 3, ids 21 each: what makes it the same limit, in one
  /// word. Nil: no limit can have this key.
  var key: UInt64? {
    guard control < 1 << 5, measure < 1 << 6, scope_kind < 1 << 4, side < 1 << 2, order_type < 1 << 3,
      id < 1 << 21, instrument < 1 << 21
    else { return nil }
    var key = UInt64(control)
    key = key &<< 6 | UInt64(measure)
    key = key &<< 4 | UInt64(scope_kind)
    key = key &<< 2 | UInt64(side)
    key = key &<< 3 | UInt64(order_type)
    key = key &<< 21 | UInt64(id)
    return key &<< 21 | UInt64(instrument)
  }

  /// Whether a key is that of a limit on the accounts of some group in an instrument.
  static func isOfGroup(_ key: UInt64, in instrument: UInt32) -> Bool {
    let ids = rck_limit(ids: key)
    return ids.isOfGroupInInstrument && ids.instrument == instrument
  }

  /// Whether a key is that of a limit whose bounds are among a scope's further ones.
  static func isFurther(_ key: UInt64) -> Bool { rck_limit(ids: key).slot == BoundSlot.further }

  /// What is in a key of control, measure, scope and ids.
  init(ids key: UInt64) {
    self.init()
    control = UInt32(truncatingIfNeeded: key &>> 57)
    measure = UInt32(truncatingIfNeeded: key &>> 51) & 0x3f
    scope_kind = UInt32(truncatingIfNeeded: key &>> 47) & 0xf
    id = UInt32(truncatingIfNeeded: key &>> 21) & 0x1f_ffff
    instrument = UInt32(truncatingIfNeeded: key) & 0x1f_ffff
  }

  /// The scope in whose stretch its bounds are: {kind 32, id 32}.
  var stretch: UInt64 {
    isOfGroupInInstrument
      ? UInt64(RCK_SCOPE_INSTRUMENT) &<< 32 | UInt64(instrument) : UInt64(scope_kind) &<< 32 | UInt64(id)
  }

  /// A removal is a version without levels.
  var isRemoval: Bool { levels == 0 }

  var isOfPair: Bool {
    scope_kind == UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT) || scope_kind == UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
  }

  /// Of the accounts of a group, in an instrument.
  var isOfGroupInInstrument: Bool { scope_kind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT) }

  /// Of an account in a group of instruments.
  var isOfSector: Bool { scope_kind == UInt32(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP) }

  /// Of all its members together: of the engine, or a group.
  var isOfMany: Bool {
    switch Int32(bitPattern: scope_kind) {
    case RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      return true
    default: return false
    }
  }

  /// Held against a total.
  var isOfTotal: Bool {
    isOfSector
      || isOfMany
        && (control == UInt32(RCK_CONTROL_EXPOSURE) || control == UInt32(RCK_CONTROL_WORKING)
          || control == UInt32(RCK_CONTROL_POSITION))
  }

  /// Calls `visit` with the sums of books that a limit on a total is about, until it returns false.
  func eachSum(_ visit: (Int) -> Bool) -> Bool {
    if isOfSector { return visit(BookSum.sector) }
    let isPosition = control == UInt32(RCK_CONTROL_POSITION)
    switch Int32(bitPattern: measure) {
    case RCK_MEASURE_GROSS: return visit(BookSum.gross)
    case RCK_MEASURE_COUNT: return visit(BookSum.orders)
    case RCK_MEASURE_NOTIONAL: return visit(BookSum.ordersValue)
    default:
      return (side == UInt32(RCK_SIDE_SELL) || visit(isPosition ? BookSum.long : BookSum.netLong))
        && (side == UInt32(RCK_SIDE_BUY) || visit(isPosition ? BookSum.short : BookSum.netShort))
    }
  }

  /// What is observed may not be below its levels.
  var isMinimum: Bool { Catalogue.control(control)?.isMinimum(measure) ?? false }

  /// Level 0 warn, 1 soft, 2 hard.
  func isArmed(_ level: UInt32) -> Bool { (levels &>> level) & 1 != 0 }

  func value(_ level: UInt32) -> Int64 { level == 0 ? warn : level == 1 ? soft : hard }

  func action(_ level: UInt32) -> UInt8 { level == 0 ? actions.0 : level == 1 ? actions.1 : actions.2 }

  /// Whether it makes room that `old` does not give.
  func loosens(_ old: rck_limit) -> Bool {
    let course = Control.course(measure)
    var level: UInt32 = 0
    while level < 3 {
      if old.isArmed(level) && (!isArmed(level) || course.loosens(old.value(level), value(level))) {
        return true
      }
      level &+= 1
    }
    // A larger sample keeps silent longer.
    let referenceLoosens = isSampled ? reference > old.reference : reference != old.reference
    return isShorter(old) || referenceLoosens
      || flags & ~old.flags & UInt32(RCK_AGGRESSIVE_ONLY) != 0
  }
}

extension rck_limit {
  /// Whether the window is one that loosens: of a rate a shorter one, of a metric a longer one, and 0 is the longest.
  private func isShorter(_ old: rck_limit) -> Bool {
    if control != UInt32(RCK_CONTROL_METRIC) { return window_ns < old.window_ns }
    return old.window_ns != 0 && (window_ns == 0 || window_ns > old.window_ns)
  }
}

extension State {
  /// Of a limit that is to be set.
  func fault(of limit: rck_limit) -> Refusal? {
    guard let control = Catalogue.control(limit.control), control.measures != 0 else {
      return Refusal(
        RCK_E_RANGE, rck_limit.label, "control", value: Int64(limit.control),
        minimum: Int64(RCK_CONTROL_ORDER_QUANTITY), maximum: Int64(RCK_CONTROL_GROUP_EXPOSURE))
    }
    return fault(ofKey: limit, control) ?? fault(ofShape: limit, control) ?? fault(ofLevels: limit, control)
      ?? fault(ofRest: limit, control) ?? fault(ofReason: limit)
  }

  /// Of the removal of a limit that exists, whose key is right therefore.
  func fault(ofRemoval limit: rck_limit) -> Refusal? {
    outside(Int64(limit.actor), 1, Int64(UInt32.max), "actor") ?? fault(ofReason: limit)
  }

  private func fault(ofKey limit: rck_limit, _ control: Control) -> Refusal? {
    if !control.takes(scope: limit.scope_kind) {
      return outside(limit.scope_kind, UInt64(control.scopes), "scope_kind")
    }
    if !control.takes(measure: limit.measure) { return outside(limit.measure, control.measures, "measure") }
    let scopes = control.scopes(limit.measure)
    if scopes &>> limit.scope_kind & 1 == 0 { return outside(limit.scope_kind, UInt64(scopes), "scope_kind") }
    if limit.side != 0,
      let refusal = outside(
        Int64(limit.side), Int64(control.sideMin(limit.measure)), Int64(control.sideMax(limit.measure)),
        "side")
    {
      return refusal
    }
    return outside(Int64(limit.side), 0, Int64(control.sideMax(limit.measure)), "side")
      ?? outside(Int64(limit.order_type), 0, Int64(control.typeMax), "order_type")
      ?? (limit.isOfPair || limit.isOfGroupInInstrument || limit.isOfSector
        ? nil
        : outside(Int64(limit.instrument), control.instruments.least, control.instruments.most, "instrument"))
      ?? unknown(limit)
  }

  /// That a scope's ids name nothing.
  func unknown(_ limit: rck_limit) -> Refusal? {
    let kind: Int32
    switch Int32(bitPattern: limit.scope_kind) {
    case RCK_SCOPE_GLOBAL: return outside(Int64(limit.id), 0, 0, "id")
    case RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
      kind = RCK_KIND_ACCOUNT
    case RCK_SCOPE_STRATEGY, RCK_SCOPE_STRATEGY_INSTRUMENT: kind = RCK_KIND_STRATEGY
    case RCK_SCOPE_INSTRUMENT: kind = RCK_KIND_INSTRUMENT
    default: kind = RCK_KIND_GROUP
    }
    if !isDefined(kind, limit.id) || kind == RCK_KIND_GROUP && !isGroup(limit.id, of: limit.scope_kind) {
      return Refusal(RCK_E_UNKNOWN, rck_limit.label, "id", value: Int64(limit.id))
    }
    if (limit.isOfPair || limit.isOfGroupInInstrument) && !isDefined(RCK_KIND_INSTRUMENT, limit.instrument) {
      return Refusal(RCK_E_UNKNOWN, rck_limit.label, "instrument", value: Int64(limit.instrument))
    }
    if limit.isOfSector
      && !(isDefined(RCK_KIND_GROUP, limit.instrument)
        && isGroup(limit.instrument, of: UInt32(RCK_SCOPE_INSTRUMENT_GROUP)))
    {
      return Refusal(RCK_E_UNKNOWN, rck_limit.label, "instrument", value: Int64(limit.instrument))
    }
    return nil
  }

  /// Whether a group that is defined is one of a scope's kind.
  func isGroup(_ id: UInt32, of scopeKind: UInt32) -> Bool {
    let kind =
      scopeKind == UInt32(RCK_SCOPE_ACCOUNT_GROUP) || scopeKind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT)
      ? RCK_GROUP_OF_ACCOUNTS
      : scopeKind == UInt32(RCK_SCOPE_STRATEGY_GROUP) ? RCK_GROUP_OF_STRATEGIES : RCK_GROUP_OF_INSTRUMENTS
    var buffer = RecordBuffer()
    switch buffer.read(self, Int(RCK_KIND_GROUP), id) {
    case RCK_OK: return buffer.load(as: rck_group.self).kind == UInt32(bitPattern: kind)
    case RCK_E_BUSY: return true  // its kind cannot be read at this instant: nothing is refused for that
    default: return false
    }
  }

  /// One that is being defined anew at this instant is defined.
  func isDefined(_ kind: Int32, _ id: UInt32) -> Bool {
    var buffer = RecordBuffer()
    let found = buffer.read(self, Int(kind), id)
    return found == RCK_OK || found == RCK_E_BUSY
  }

  private func fault(ofShape limit: rck_limit, _ control: Control) -> Refusal? {
    let isCollar = control.number == RCK_CONTROL_COLLAR
    let leases = UInt32(RCK_LEASE_ALWAYS) | UInt32(RCK_LEASE_NEVER)
    let flags = isCollar ? UInt32(RCK_AGGRESSIVE_ONLY) : limit.isOfTotal ? leases : 0
    if limit.flags & ~flags != 0 || limit.flags & leases == leases {
      return Refusal(
        RCK_E_FLAGS, rck_limit.label, "flags", value: Int64(limit.flags), maximum: Int64(flags))
    }
    let references = control.references(limit.measure)
    return outside(Int64(limit.reference), references.least, references.most, "reference")
      ?? outside(Int64(limit.actor), 1, Int64(UInt32.max), "actor")
  }

  private func fault(ofLevels limit: rck_limit, _ control: Control) -> Refusal? {
    let every = UInt32(RCK_LEVEL_WARN | RCK_LEVEL_SOFT | RCK_LEVEL_HARD)
    if limit.levels & ~every != 0 {
      return Refusal(
        RCK_E_FLAGS, rck_limit.label, "levels", value: Int64(limit.levels), minimum: 1, maximum: Int64(every))
    }
    let needed = control.levelsNeeded(limit.measure)
    if limit.levels == 0 || limit.levels & needed != needed {
      return outside(Int64(limit.levels), Int64(max(needed, 1)), Int64(every), "levels")
    }
    let course = Control.course(limit.measure)
    var (least, most) = (control.levelMin, control.levelMax(limit.measure, config.pointee))
    var level: UInt32 = 0
    while level < 3 {
      let field: Label = level == 0 ? "warn" : level == 1 ? "soft" : "hard"
      let isArmed = limit.isArmed(level)
      let (from, to) = isArmed ? (least, most) : (0, 0)
      if let refusal = outside(limit.value(level), from, to, field) { return refusal }
      if isArmed && course == .up { least = limit.value(level) }
      if isArmed && course == .down { most = limit.value(level) }
      level &+= 1
    }
    return nil
  }

  private func fault(ofRest limit: rck_limit, _ control: Control) -> Refusal? {
    let windows = control.windows(limit.measure)
    let (warn, soft, hard, last) = limit.actions
    let most = max(warn, max(soft, hard))
    return outside(limit.window_ns, windows.least, windows.most, "window_ns")
      ?? outside(Int64(most), 0, Int64(RCK_ACTION_HALT), "actions") ?? outside(Int64(last), 0, 0, "actions")
  }

  private func fault(ofReason limit: rck_limit) -> Refusal? {
    guard let reason = limit.name else { return Refusal(RCK_E_NAME, rck_limit.label, "reason") }
    return reason.isEmpty ? Refusal(RCK_E_RANGE, rck_limit.label, "reason") : nil
  }

  private func outside(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
    if value >= least && value <= most { return nil }
    return Refusal(RCK_E_RANGE, rck_limit.label, field, value: value, minimum: least, maximum: most)
  }

  /// The bounds shown are the smallest and the largest number whose bit is set.
  private func outside(_ value: UInt32, _ bits: UInt64, _ field: Label) -> Refusal? {
    Refusal(
      RCK_E_RANGE, rck_limit.label, field, value: Int64(value), minimum: Int64(bits.trailingZeroBitCount),
      maximum: Int64(63 &- bits.leadingZeroBitCount))
  }
}

extension rck_limit {
  /// The reason as a name; nil when it is none.
  var name: Name? {
    withUnsafeBytes(of: reason) { $0.baseAddress.flatMap { Name(from: $0) } }
  }

  /// With its reason in normal form: every byte behind the text zero.
  mutating func normalise() {
    guard let name else { return }
    withUnsafeMutableBytes(of: &reason) { if let start = $0.baseAddress { name.store(to: start) } }
  }
}
