import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Re-opening limits: places without a key are free again, what a kill kept from being forgotten is forgotten,
/// and the table of the generation in force is compiled anew. Staged versions stay staged. Readers of other
/// processes may look. May itself be killed and run again.
extension State {
  /// After the definitions and the rows of positions. False: the contents contradict themselves.
  func recoverLimits(keeping: Bool) -> Bool {
    let limits = limits
    let now = generation
    guard now < 1 << 62, limits.slots.recover(keeping: keeping), let keys = limits.table.recover() else {
      return false
    }
    guard recountWindows(), recountTotals() else { return false }
    var linked = 0
    var index = 0
    while index < limits.count {
      limits.endWriting(index)
      let isLinked = limits.table.find(limits.table.key(of: index)) == .found(index)
      if isLinked { linked &+= 1 }
      if !(isLinked ? recoverLinked(limits, index, now) : recoverFree(limits, index)) { return false }
      index &+= 1
    }
    if linked != keys { return false }
    clearTable()
    return fill(limits, at: now) != nil
  }

  private func recoverFree(_ limits: LimitRecords, _ index: Int) -> Bool {
    limits.clear(index)
    let token = limits.slots.token(at: index)
    return token == 0 || limits.slots.release(token, stripe: 0)
  }

  /// A place that its key leads to: live, and both versions as they could have been set.
  private func recoverLinked(_ limits: LimitRecords, _ index: Int, _ now: UInt64) -> Bool {
    guard limits.isLive(index), isSound(limits, index, at: now, now),
      isSound(limits, index, at: UInt64.max, now)
    else { return false }
    var last = rck_limit()
    let found = limits.read(index, at: now, &last)
    if limits.isStaged(index, after: now) { return true }
    // Never in force, or removed.
    if case .limit = found, !last.isRemoval { return true }
    return limits.forget(index)
  }

  private func isSound(_ limits: LimitRecords, _ index: Int, at generation: UInt64, _ now: UInt64) -> Bool {
    var limit = rck_limit()
    guard case .limit = limits.read(index, at: generation, &limit) else { return true }
    guard limit.key == limits.table.key(of: index), Int(limit.limit_id) == index &+ 1,
      limit.struct_size == UInt32(truncatingIfNeeded: MemoryLayout<rck_limit>.size),
      limit.generation <= now &+ 1
    else { return false }
    // Of a removal everything but the levels is as it was, and these are 0.
    if limit.isRemoval { limit.levels = UInt32(RCK_LEVEL_HARD) }
    let counted = generation == now ? totalsCounted : Int64.max
    return fault(of: limit) == nil && hasRoom(limit, limits.accumulation(index), counted)
  }

  /// Whether it has what it counts in: of totals, one of those that books are counted in once it is in force.
  private func hasRoom(_ limit: rck_limit, _ place: Int?, _ counted: Int64) -> Bool {
    if limit.control == UInt32(RCK_CONTROL_ACCUMULATED) {
      return place != nil && accumulation(of: limit) == place
    }
    if limit.isOfPair {
      let positions = Positions<ManyWriters>(self)
      if case .row = positions.find(limit.id, limit.instrument, strategy: limit.isOfStrategy) { return true }
      return false
    }
    if limit.isOfTotal {
      return limit.eachSum { sum in
        let total = scope(of: limit)?.total(sum) ?? 0
        return total != 0 && Int64(total) <= counted
      }
    }
    let isRate = limit.control == UInt32(RCK_CONTROL_RATE)
    return !isRate || scope(of: limit)?.window(Int32(bitPattern: limit.measure)) != nil
  }

  // MARK: Scopes

  /// Calls `visit` with every scope that limits can have, until it returns false.
  private func eachScope(_ visit: (Scope) -> Bool) -> Bool {
    eachScope(RCK_SCOPE_ACCOUNT, visit) && eachScope(RCK_SCOPE_STRATEGY, visit)
      && eachScope(RCK_SCOPE_INSTRUMENT, visit) && eachTotalled(visit)
  }

  /// The engine and all groups.
  private func eachWideScope(_ visit: (Scope) -> Bool) -> Bool {
    scope(RCK_SCOPE_GLOBAL, 0).map(visit) != false && eachScope(RCK_SCOPE_ACCOUNT_GROUP, visit)
  }

  /// And what accounts have in groups of instruments.
  private func eachTotalled(_ visit: (Scope) -> Bool) -> Bool {
    eachWideScope(visit) && Sectors(self).each(visit)
  }

  private func eachScope(_ kind: Int32, _ visit: (Scope) -> Bool) -> Bool {
    var id: UInt32 = 1
    while let scope = scope(kind, id) {
      if !visit(scope) { return false }
      id &+= 1
    }
    return true
  }

  /// Windows are given out in order: the last that any scope has says how many. One that a kill kept from its
  /// scope is free again.
  private func recountWindows() -> Bool {
    var given = 0
    let inside = eachScope { scope in
      var measure = RCK_MEASURE_NEW
      while measure <= RCK_MEASURE_CANCEL {
        if let window = scope.window(measure) { given = max(given, window &+ 1) }
        measure &+= 1
      }
      return true
    }
    guard inside, given <= region.place(of: Sections.windows).count else { return false }
    // Relaxed: alone.
    region.hot(Region.Hot.windows).pointee.bits.store(UInt64(truncatingIfNeeded: given), ordering: .relaxed)
    return true
  }

  /// Likewise of totals. They begin at nothing: who counts all books does so next.
  private func recountTotals() -> Bool {
    var given = 0
    _ = eachTotalled { scope in
      var sum = 0
      while sum <= BookSum.short {
        given = max(given, scope.total(sum))
        sum &+= 1
      }
      return true
    }
    guard given <= region.place(of: Sections.totals).count else { return false }
    // Relaxed: alone.
    region.hot(Region.Hot.totals).pointee.bits.store(UInt64(truncatingIfNeeded: given), ordering: .relaxed)
    eachTotal { $0.clear() }
    if !areTotalsApart() { return false }
    eachTotal { $0.clear() }
    boundCounted()
    if !Sectors(self).recover() { return false }
    forgetGroupings()
    return coverCounted(alone: true)
  }

  /// Whether each total, which begins at nothing, is of one sum of one scope. That a group names the first of its
  /// sectors is a mark, and no total of its own.
  private func areTotalsApart() -> Bool {
    let totals = Totals<ManyWriters>(self, writer: 0)
    return eachTotalled { scope in
      let isSector = scope.kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP
      var sum = 0
      while sum <= BookSum.short {
        if (sum == BookSum.sector) == isSector, let total = totals.total(scope, sum) {
          if total.most != 0 { return false }
          total.raise(by: 1) { Int64.max }
        }
        sum &+= 1
      }
      return true
    }
  }

  private func isParty(_ scope: Scope) -> Bool {
    scope.kind == RCK_SCOPE_ACCOUNT || scope.kind == RCK_SCOPE_STRATEGY
  }

  /// Takes every word out of both halves: a kill may have come while one was filled.
  private func clearTable() {
    _ = eachScope { scope in
      clear(scope.memory + Scope.boundsAt, words: 16)
      clear(scope.memory + Scope.lowestAt, words: 16)
      // A limit on it may be gone; instruments and what is of many have something else there.
      if isParty(scope) && scope.keepsConduct { scope.keepConduct() }
      return true
    }
    let positions = Positions<ManyWriters>(self)
    var row = 0
    while row < positions.rows.rows {
      clear(positions.head(row) + Positions<ManyWriters>.lowestAt, words: 4)
      clear(positions.head(row) + Positions<ManyWriters>.boundsAt, words: 2)
      row &+= 1
    }
  }

  /// Stores only where there is something, so that pages that were never used stay so.
  private func clear(_ memory: UnsafeMutableRawPointer, words: Int) {
    var at = 0
    while at < words &* 8 {
      let word = memory.word(at)
      // Relaxed: alone.
      if word.pointee.bits.load(ordering: .relaxed) != 0 { word.pointee.bits.store(0, ordering: .relaxed) }
      at &+= 8
    }
  }
}
