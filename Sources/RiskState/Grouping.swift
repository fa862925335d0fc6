import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// The totals of groups of instruments: what the rows of all accounts in all instruments of a group come to. A row's
/// record says by a bit each in which ones it is counted. Which groups those bits are about, and how a quantity becomes
/// one of theirs, stands with the instrument's scope and is the same for good: a group that has totals keeps its
/// members.
///
/// To keep one more total the administrator says with the scope what new rows are counted in, and then swaps every row
/// there is to a record that says so too, those that nobody has used yet among them: who has read an older answer finds
/// that his swap fails, and a row that is made later is made by somebody who reads the new one.
public struct Grouping: Equatable {
  public var coverage = Coverage()
  public var units = Units()
}

extension Scope {
  // Of an instrument: the groups in the four places; {powers of ten of their units 32, sums of new rows 32}; its
  // multiplier, 0 before any group counts it.
  static var groupsAt: Int { 40 }
  static var newRowsAt: Int { 48 }
  static var multiplierAt: Int { 56 }
}

extension State {
  /// How a row of an instrument is counted that is counted in these sums.
  @inline(__always)
  public func grouping(_ instrument: UInt32, _ sums: UInt64) -> Grouping {
    var grouping = Grouping()
    guard let memory = scopeMemory(RCK_SCOPE_INSTRUMENT, instrument) else { return grouping }
    // Acquire, all three, as whoever read the row did: they were stored before anything was counted.
    grouping.coverage.groups = memory.word(Scope.groupsAt).pointee.bits.load(ordering: .acquiring)
    grouping.coverage.sums = sums
    grouping.units.multiplier = memory.word(Scope.multiplierAt).pointee.bits.load(ordering: .acquiring)
    let rest = memory.word(Scope.newRowsAt).pointee.bits.load(ordering: .acquiring)
    grouping.units.exponents = UInt32(truncatingIfNeeded: rest &>> 32)
    return grouping
  }

  /// In which totals new rows of an instrument are counted.
  func newRows(_ instrument: UInt32) -> UInt64 {
    guard let memory = scopeMemory(RCK_SCOPE_INSTRUMENT, instrument) else { return 0 }
    // Acquire: what it is about was stored before.
    let word = memory.word(Scope.newRowsAt).pointee.bits.load(ordering: .acquiring)
    return (word & 0xffff_ffff) &<< 8
  }

  /// Whether a group counts quantities of an instrument: its units are then fixed.
  func hasUnits(_ instrument: UInt32) -> Bool {
    guard let memory = scopeMemory(RCK_SCOPE_INSTRUMENT, instrument) else { return false }
    return memory.word(Scope.multiplierAt).pointee.bits.load(ordering: .acquiring) != 0
  }
}

extension Positions {
  /// What a row is before anybody has used it.
  @inline(never)
  func fillBlank(_ row: Int, _ holding: inout Holding) {
    let (account, instrument, strategy) = owner(row)
    holding = strategy ? Holding() : Self.blank(state, instrument, of: account)
  }

  /// An account's row in an instrument that is not there yet.
  @inline(never)
  public static func blank(_ state: State, _ instrument: UInt32, of account: UInt32) -> Holding {
    var holding = Holding()
    holding.sums = state.newRows(instrument, of: account)
    return holding
  }
}

extension Totals {
  /// Moves the totals of a row that was swapped. What is taken back was taken under a generation.
  @inline(never)
  public func follow(
    from old: Holding, to new: Holding, _ account: UInt32, _ instrument: UInt32,
    since generation: UInt64? = nil
  ) {
    let (current, grouping) = (generation ?? state.generation, state.grouping(instrument, old.sums))
    _ = grouping.coverage.each { place, sum in
      if let scope = scope(grouping.coverage, place, sum, account), let total = total(scope, sum) {
        let moved = new.sum(sum, place, grouping.units) &- old.sum(sum, place, grouping.units)
        move(total, scope, sum, by: moved, current)
      }
      return true
    }
  }

  /// Whether totals can follow a row: no fact takes one beyond its bound.
  @inline(never)
  public func fit(from old: Holding, to new: Holding, _ account: UInt32, _ instrument: UInt32) -> Bool {
    let grouping = state.grouping(instrument, old.sums)
    return grouping.coverage.each { place, sum in
      guard let scope = scope(grouping.coverage, place, sum, account), let total = total(scope, sum) else {
        return true
      }
      return fits(total, new.sum(sum, place, grouping.units) &- old.sum(sum, place, grouping.units))
    }
  }
}

// MARK: By the administrator

extension State {
  /// Counts every row in the totals of its instrument's groups. `alone`: nobody else works, and what nobody has used
  /// stays so. False: the memory is damaged.
  func coverRows(alone: Bool) -> Bool {
    var (id, isAny) = (UInt32(1), false)
    while Int(id) <= capacity(Int(RCK_KIND_INSTRUMENT)) {
      var buffer = RecordBuffer()
      if buffer.read(self, Int(RCK_KIND_INSTRUMENT), id) == RCK_OK {
        if !group(buffer.load(as: rck_instrument.self)) { return false }
        if newRows(id) != 0 { isAny = true }
      }
      id &+= 1
    }
    return !isAny || Desk<ManyWriters>(self, writer: 0).coverRows(alone: alone)
  }

  /// Says with an instrument's scope in which totals of its groups new rows are counted, and how. False: damaged.
  func group(_ instrument: rck_instrument) -> Bool {
    guard let memory = scopeMemory(RCK_SCOPE_INSTRUMENT, instrument.id) else { return false }
    // Of one that is not defined yet nothing counts: what is there an earlier definition left that was refused.
    let isNew = !isDefined(RCK_KIND_INSTRUMENT, instrument.id)
    var grouping = isNew ? Grouping() : grouping(instrument.id, newRows(instrument.id))
    let isFound = Groups(ids: instrument.groups).each { _, id in
      guard let scope = scope(RCK_SCOPE_INSTRUMENT_GROUP, id) else { return false }
      let kept = scope.kept(totalsCounted)
      if kept == 0 { return true }
      guard let place = grouping.coverage.place(of: id) else { return false }
      grouping.coverage.add(place, group: id, kept: kept)
      let scale = instrument.quantity_decimals &+ instrument.multiplier_decimals
      grouping.units.set(place, exponent: Int(scale) &- Int(quantityDecimals(id)))
      return true
    }
    if !isFound { return false }
    let isEmpty = grouping.coverage.isEmpty
    if isEmpty && !isNew { return true }
    // Before what they are about can be seen. Under the turn.
    memory.word(Scope.groupsAt).pointee.bits.store(grouping.coverage.groups, ordering: .releasing)
    memory.word(Scope.multiplierAt).pointee.bits.store(
      isEmpty ? 0 : UInt64(bitPattern: instrument.multiplier), ordering: .releasing)
    // Sequentially consistent: before the look at the rows that there are. Whoever makes one later reads this.
    memory.word(Scope.newRowsAt).pointee.bits.store(
      UInt64(grouping.units.exponents) &<< 32 | grouping.coverage.sums &>> 8,
      ordering: .sequentiallyConsistent)
    return true
  }

  private func quantityDecimals(_ group: UInt32) -> UInt32 {
    var buffer = RecordBuffer()
    return buffer.read(self, Int(RCK_KIND_GROUP), group) == RCK_OK
      ? buffer.load(as: rck_group.self).quantity_decimals : 0
  }

  /// Before rows are counted anew, alone.
  func forgetGroupings() {
    var id: UInt32 = 1
    while let memory = scopeMemory(RCK_SCOPE_INSTRUMENT, id) {
      var at = Scope.groupsAt
      while at <= Scope.multiplierAt {
        let word = memory.word(at)
        if word.pointee.bits.load(ordering: .relaxed) != 0 { word.pointee.bits.store(0, ordering: .relaxed) }
        at &+= 8
      }
      id &+= 1
    }
  }
}

extension Coverage {
  /// The place of a group, or a free one; nil: there is none.
  fileprivate func place(of id: UInt32) -> Int? {
    var (place, free) = (4, nil as Int?)
    while place > 0 {
      if sums &>> UInt64(truncatingIfNeeded: place &* 8) & 0xff == 0 {
        free = place
      } else if group(place) == id {
        return place
      }
      place &-= 1
    }
    return free
  }
}

extension Desk where D == ManyWriters {
  /// Swaps every account's row to a record that names the totals that it is counted in.
  fileprivate func coverRows(alone: Bool) -> Bool {
    var row = 0
    while row < positions.rows.rows {
      // One that is taken and not found is somebody's who may give it back; whoever makes it found looks for himself.
      if positions.slots.token(at: row) != 0,
        positions.table.find(positions.table.key(of: row)) == .found(row)
      {
        let (account, instrument, strategy) = positions.owner(row)
        let isLeft = strategy || alone && positions.rows.observe(row) == 0
        if !isLeft && !cover(row, account, instrument, state.newRows(instrument, of: account)) {
          return false
        }
      }
      row &+= 1
    }
    return true
  }

  /// A total is raised before the row that it counts from now on, and lowered after it. False: damaged.
  private func cover(_ row: Int, _ account: UInt32, _ instrument: UInt32, _ sums: UInt64) -> Bool {
    while true {
      var old = Holding()
      guard let word = positions.read(row, &old), positions.rows.draft(writer) != nil, complete(row, word)
      else { return false }
      // One that nobody has used is swapped all the same: somebody may be about to, by an older answer.
      if old.sums == sums && word != 0 || sums == 0 { return true }
      var new = old
      new.sums = sums
      let added = word == 0 ? 0 : sums & ~old.sums
      shift(old, account, instrument, added) { max($0, 0) }
      if positions.swap(row, word, to: new, spare: writer) != 0 {
        shift(old, account, instrument, added) { min($0, 0) }
        return true
      }
      shift(old, account, instrument, added) { 0 &- max($0, 0) }
    }
  }

  /// Moves the totals that a row comes into by `part` of what it comes to there.
  private func shift(
    _ row: Holding, _ account: UInt32, _ instrument: UInt32, _ sums: UInt64, _ part: (Int64) -> Int64
  ) {
    let (totals, grouping) = (Totals<ManyWriters>(state, writer: 0), state.grouping(instrument, sums))
    _ = grouping.coverage.each { place, sum in
      if let scope = totals.scope(grouping.coverage, place, sum, account),
        let total = totals.total(scope, sum)
      {
        totals.move(total, scope, sum, by: part(row.sum(sum, place, grouping.units)), state.generation)
      }
      return true
    }
  }
}
