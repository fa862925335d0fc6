import CRiskCheck

/// P19: who may not trade what, sessions, and how much may be sold short. Nothing passes these because it reduces.
extension Oracle {
  /// Where lists of pairs apply: groups of accounts in the instrument by their ids, the account, the strategy.
  func pairs(_ ids: Identity) -> [Scope] {
    let groups = list(accounts[ids.account]?.groups).sorted()
    var pairs = groups.map { Scope(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT, $0, ids.instrument) }
    pairs.append(Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, ids.account, ids.instrument))
    if ids.strategy != 0 {
      pairs.append(Scope(RCK_SCOPE_STRATEGY_INSTRUMENT, ids.strategy, ids.instrument))
    }
    return pairs
  }

  func list(_ limit: rck_limit, _ asked: Case) -> Seen {
    let goesShort = !asked.request.buy && asked.short > 0
    switch Int32(bitPattern: limit.measure) {
    case RCK_MEASURE_RESTRICTED:
      let spares = plant == .restrictionSparesReducing && !asked.request.buy && !goesShort
      return spares ? .nothing : .amount(1, RCK_REJECT_RESTRICTED)
    case RCK_MEASURE_SESSION: return session(limit.reference, asked, goesShort)
    default:
      if !goesShort { return .nothing }
      return .amount(asked.short + (plant == .locateAtEdge ? 1 : 0), RCK_REJECT_LOCATE_SHORT)
    }
  }

  /// Of an instrument in which nobody may go short without a locate.
  func locateMissing(_ asked: Case) -> Finding? {
    guard asked.instrument.flags & UInt32(RCK_SHORT_LOCATE) != 0, !asked.request.buy, asked.short > 0 else {
      return nil
    }
    let ids = asked.request.ids
    let pair = Scope(RCK_SCOPE_ACCOUNT_INSTRUMENT, ids.account, ids.instrument)
    let isLocated = limits.of(pair)[Int(RCK_CONTROL_LISTS)].contains {
      $0.record.measure == UInt32(RCK_MEASURE_LOCATE)
    }
    return isLocated
      ? nil : Finding(status: RCK_REJECT_LOCATE_MISSING, control: RCK_CONTROL_LISTS, scope: pair)
  }

  // MARK: - Sessions

  private func session(_ calendar: UInt32, _ asked: Case, _ goesShort: Bool) -> Seen {
    guard let permitted = permitted(calendar, at: asked.request.time) else {
      return .missing(RCK_REJECT_SESSION_MISSING)
    }
    var needed = permissions(asked.request)
    if goesShort { needed |= UInt32(RCK_PERMIT_SHORT) }
    return permitted & needed == needed ? .nothing : .amount(1, RCK_REJECT_SESSION_CLOSED)
  }

  /// The last entry that has begun counts, until the end of all.
  private func permitted(_ id: UInt32, at time: Int64) -> UInt32? {
    guard let calendar = calendars[id], time < calendar.end_ns else { return nil }
    let late: Int64 = plant == .sessionBeginsLate ? 1 : 0
    return calendar.sessions.last { $0.start + late <= time }?.permissions
  }

  /// When the next entry of any calendar begins, or a calendar ends.
  public func edge(after time: Int64) -> Int64? {
    calendars.values.flatMap { $0.sessions.map(\.start) + [$0.end_ns] }.filter { $0 > time }.min()
  }

  public func set(_ calendar: rck_calendar) -> Int32 {
    guard fits(calendar.id, UInt64(RCK_CALENDARS_MAX)) else { return RCK_E_RANGE }
    if calendar.flags != 0 { return RCK_E_FLAGS }
    guard calendar.entries >= 1, calendar.entries <= RCK_CALENDAR_ENTRIES_MAX else { return RCK_E_RANGE }
    let (starts, permissions) = (calendar.allStarts, calendar.allPermissions)
    var before: Int64 = -1
    for index in starts.indices {
      let isEntry = index < Int(calendar.entries)
      let latest = Int64(RCK_TIME_NS_MAX) - 1
      guard isEntry ? starts[index] > before && starts[index] <= latest : starts[index] == 0 else {
        return RCK_E_RANGE
      }
      if permissions[index] & ~UInt32(isEntry ? RCK_PERMIT_ALL : 0) != 0 { return RCK_E_FLAGS }
      if isEntry { before = starts[index] }
    }
    guard calendar.end_ns > before, calendar.end_ns <= Int64(RCK_TIME_NS_MAX) else { return RCK_E_RANGE }
    calendars[calendar.id] = calendar
    return RCK_OK
  }

  // MARK: - Limits

  /// Whether an instrument has as many lists of groups of accounts as it may.
  func isFullOfLists(_ instrument: UInt32) -> Bool {
    let lists = limits.placed.filter {
      $0.scope.kind == UInt32(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT) && $0.scope.instrument == instrument
    }
    return lists.count >= Int(RCK_GROUP_LISTS_MAX)
  }

  /// Where a measure of lists can be set.
  static func takes(_ measure: Int32, at scope: Int32) -> Bool {
    switch measure {
    case RCK_MEASURE_RESTRICTED:
      [
        RCK_SCOPE_INSTRUMENT, RCK_SCOPE_INSTRUMENT_GROUP, RCK_SCOPE_ACCOUNT_INSTRUMENT,
        RCK_SCOPE_STRATEGY_INSTRUMENT, RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT,
      ].contains(scope)
    case RCK_MEASURE_SESSION: scope < RCK_SCOPE_ACCOUNT_INSTRUMENT
    default: scope == RCK_SCOPE_ACCOUNT_INSTRUMENT
    }
  }
}

extension rck_calendar {
  public var allStarts: [Int64] { withUnsafeBytes(of: starts) { Array($0.bindMemory(to: Int64.self)) } }
  public var allPermissions: [UInt32] {
    withUnsafeBytes(of: permissions) { Array($0.bindMemory(to: UInt32.self)) }
  }

  var sessions: [(start: Int64, permissions: UInt32)] {
    zip(allStarts, allPermissions).prefix(Int(entries)).map { (start: $0, permissions: $1) }
  }
}
