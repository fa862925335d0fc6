import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Limits as the administrator sees them: set and removed one by one, in force from the next publication on.
/// Reading takes no turn. How they are kept is LimitRecords' business, what checks read is LimitTable's.
extension State {
  var limits: LimitRecords { LimitRecords(self) }

  /// Of the limits in force.
  public var generation: UInt64 {
    // Acquire: the versions that count at it were written before.
    region.hot(Region.Hot.generation).pointee.bits.load(ordering: .acquiring)
  }

  // MARK: Reading, any thread

  /// Fills in the limit that has the key of `limit`, as it was last set.
  public func get(_ limit: inout rck_limit) -> rck_status {
    guard let key = limit.key else { return RCK_E_UNKNOWN }
    let limits = limits
    var found = rck_limit()
    var tries = 0
    while tries < readTriesMax {
      tries &+= 1
      switch limits.table.find(key) {
      case .broken: return RCK_E_FAILED
      case .absent: return RCK_E_UNKNOWN
      case .found(let index):
        switch limits.read(index, at: UInt64.max, &found) {
        case .busy: return RCK_E_BUSY
        case .none: return RCK_E_UNKNOWN
        case .limit:
          // Otherwise the place went to another limit after it was found.
          if found.key != key { continue }
          if found.isRemoval { return RCK_E_UNKNOWN }
          limit = found
          return RCK_OK
        }
      }
    }
    return RCK_E_BUSY
  }

  /// Copies limits in force from place `cursor` on, and moves it behind the last one looked at.
  public func armed(
    into target: UnsafeMutablePointer<rck_limit>, _ capacity: UInt32, _ cursor: inout UInt32
  ) -> (count: UInt32, status: rck_status) {
    let limits = limits
    var count: UInt32 = 0
    var limit = rck_limit()
    while count < capacity, Int(cursor) < limits.count {
      switch armed(limits, Int(cursor), &limit) {
      case .busy: return (count, count == 0 ? RCK_E_BUSY : RCK_OK)
      case .none: break
      case .limit:
        target[Int(count)] = limit
        count &+= 1
      }
      cursor &+= 1
    }
    return (count, RCK_OK)
  }

  private func armed(_ limits: LimitRecords, _ index: Int, _ limit: inout rck_limit) -> LimitRecords.Found {
    var tries = 0
    while tries < readTriesMax {
      if !limits.isLive(index) { return .none }
      let now = generation
      let found = limits.read(index, at: now, &limit)
      // A version that counted may have been overwritten if the generation has moved on.
      if generation == now {
        if case .limit = found, limit.isRemoval { return .none }
        return found
      }
      tries &+= 1
    }
    return .busy
  }

  // MARK: Setting, under the administrator's turn

  /// Stages a limit whose struct_size is right. Nil: done.
  public func set(_ limit: rck_limit, flags: UInt32) -> Refusal? {
    if let refusal = fault(ofFlags: flags, "rck_limit_set") ?? fault(of: limit) { return refusal }
    guard let key = limit.key else { return Refusal(RCK_E_UNKNOWN, rck_limit.label, "id") }
    var new = limit
    new.normalise()
    let limits = limits
    switch limits.table.find(key) {
    case .broken: return failure(Site.limits, rck_limit.label)
    case .absent: return enter(new, key)
    case .found(let index):
      var old = rck_limit()
      if case .limit = limits.read(index, at: UInt64.max, &old), !old.isRemoval, new.loosens(old),
        flags & UInt32(RCK_LOOSEN) == 0
      {
        return Refusal(RCK_E_LOOSEN, rck_limit.label, "flags")
      }
      stage(new, index)
      return nil
    }
  }

  public func remove(_ limit: rck_limit, flags: UInt32) -> Refusal? {
    if let refusal = fault(ofFlags: flags, "rck_limit_remove") { return refusal }
    let limits = limits
    var old = rck_limit()
    guard let key = limit.key else { return Refusal(RCK_E_UNKNOWN, rck_limit.label, "id") }
    switch limits.table.find(key) {
    case .broken: return failure(Site.limits, rck_limit.label)
    case .absent: return Refusal(RCK_E_UNKNOWN, rck_limit.label, "id")
    case .found(let index):
      guard case .limit = limits.read(index, at: UInt64.max, &old), !old.isRemoval else {
        return Refusal(RCK_E_UNKNOWN, rck_limit.label, "id")
      }
      if let refusal = fault(ofRemoval: limit) { return refusal }
      if flags & UInt32(RCK_LOOSEN) == 0 { return Refusal(RCK_E_LOOSEN, rck_limit.label, "flags") }
      old.levels = 0
      old.warn = 0
      old.soft = 0
      old.hard = 0
      old.actor = limit.actor
      old.reason = limit.reason
      old.normalise()
      stage(old, index)
      return nil
    }
  }

  private func fault(ofFlags flags: UInt32, _ call: Label) -> Refusal? {
    if flags & ~UInt32(RCK_LOOSEN) == 0 { return nil }
    return Refusal(RCK_E_FLAGS, call, "flags", value: Int64(flags), maximum: Int64(RCK_LOOSEN))
  }

  /// A limit with a new key: what it counts in, a place, and last its key, so that a kill leaves a place without
  /// a key, or the limit.
  private func enter(_ limit: rck_limit, _ key: UInt64) -> Refusal? {
    let limits = limits
    let token = limits.slots.acquire(stripe: 0)
    if token == 0 {
      return Refusal(RCK_E_LIMITS_FULL, rck_limit.label, "limit_id", maximum: Int64(clamping: limits.count))
    }
    if token == Slots<ManyWriters>.broken { return failure(Site.limits, rck_limit.label) }
    let index = Slots<ManyWriters>.index(token)
    limits.clear(index)
    endBreach(index)
    let status = hasRoomInStretch(limit) ? room(for: limit, index) : RCK_E_LIMITS_FULL
    if status != RCK_OK {
      _ = limits.slots.release(token, stripe: 0)
      if status == RCK_E_LIMITS_FULL {
        return Refusal(status, rck_limit.label, "scope_kind", maximum: Int64(Stretch.countMax))
      }
      return status == RCK_E_FAILED
        ? failure(Site.limits, rck_limit.label) : Refusal(status, rck_limit.label, "control")
    }
    stage(limit, index)
    return limits.table.insert(key, at: index) == .inserted ? nil : failure(Site.limits, rck_limit.label)
  }

  private func stage(_ limit: rck_limit, _ index: Int) {
    // Relaxed: under the administrator's turn, for the event of the publication.
    region.count(Count.limitActor).pointee.value.store(Int64(limit.actor), ordering: .relaxed)
    limits.stage(limit, at: index, after: generation)
  }

  /// Gives a limit what it counts in: a window for a rate, a place for what accumulates, a row for a pair, totals for
  /// sums of many books. All stay.
  /// RCK_E_FAILED: damaged.
  private func room(for limit: rck_limit, _ index: Int) -> rck_status {
    if limit.isOfPair {
      let strategy = limit.scope_kind == UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
      switch Positions<ManyWriters>(self).make(limit.id, limit.instrument, strategy: strategy, stripe: 0) {
      case .row: return RCK_OK
      case .full: return RCK_REJECT_POSITIONS_FULL
      default: return RCK_E_FAILED
      }
    }
    if limit.isOfSector { return keepSector(limit) ? RCK_OK : RCK_REJECT_TOTALS_FULL }
    guard let scope = scope(of: limit) else { return RCK_E_FAILED }
    if limit.isOfGroupInInstrument { return hasRoomForList(limit) ? RCK_OK : RCK_E_LISTS_FULL }
    if limit.isOfTotal {
      return keepTotals(scope, limit) ? RCK_OK : RCK_REJECT_TOTALS_FULL
    }
    if limit.control == UInt32(RCK_CONTROL_ACCUMULATED) {
      let place = giveAccumulation(limit)
      limits.setAccumulation(index, place)
      return place == nil ? RCK_REJECT_WINDOWS_FULL : RCK_OK
    }
    guard limit.control == UInt32(RCK_CONTROL_RATE) else { return RCK_OK }
    let measure = Int32(bitPattern: limit.measure)
    if scope.window(measure) != nil { return RCK_OK }
    let counter = region.hot(Region.Hot.windows)
    let given = counter.pointee.bits.load(ordering: .relaxed)  // under the turn
    if given >= region.section(Sections.windows).count { return RCK_REJECT_WINDOWS_FULL }
    // First, so that no window is ever given twice; recovery counts anew.
    counter.pointee.bits.store(given &+ 1, ordering: .relaxed)
    scope.setWindow(measure, Int(truncatingIfNeeded: given))
    return RCK_OK
  }

  /// The scope in which its bounds lie.
  func scope(of limit: rck_limit) -> Scope? {
    if limit.isOfSector { return sector(limit.id, limit.instrument) }
    return limit.isOfGroupInInstrument
      ? scope(RCK_SCOPE_INSTRUMENT, limit.instrument) : scope(Int32(bitPattern: limit.scope_kind), limit.id)
  }

  /// Whether an instrument has room for one more limit that names a group.
  private func hasRoomForList(_ limit: rck_limit) -> Bool {
    count { rck_limit.isOfGroup($0, in: limit.instrument) } < Int(RCK_GROUP_LISTS_MAX)
  }

  /// Whether a scope's stretch of the compiled table has room for one more bound. Only further controls can fill one.
  private func hasRoomInStretch(_ limit: rck_limit) -> Bool {
    if limit.slot != BoundSlot.further { return true }
    let place = limit.stretch
    return count { rck_limit.isFurther($0) && rck_limit(ids: $0).stretch == place } < Int(Stretch.countMax)
  }

  /// How many limits have a key of that kind. A walk over all: it is seldom asked.
  private func count(_ isMeant: (UInt64) -> Bool) -> Int {
    let limits = limits
    var (found, index) = (0, 0)
    while index < limits.count {
      let key = limits.table.key(of: index)
      if isMeant(key), limits.isLive(index), limits.table.find(key) == .found(index) { found &+= 1 }
      index &+= 1
    }
    return found
  }
}

extension State.Count {
  /// Who set or removed a limit last.
  static var limitActor: Int { 2 }
}
