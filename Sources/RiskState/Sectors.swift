import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What one account has in one group of instruments, as a scope of its own with one total: the gross exposure of its
/// rows there. A sector is made with the first limit on it, for good, and belongs to the total that is given out with
/// it: its number is that of the total. An account's sectors are chained.
///
///   8    {account 32, group 32}; 0: that total is none of a sector
///   16   the account's sector of before, plus one
///
/// Otherwise it is a Scope. A row says by a bit of its own that it is counted in the sector of its account and the
/// group in that place (BookSum.sector), so all that Grouping says of totals holds. That a group has sectors says its
/// own scope in the same place, where an instrument finds which of its groups those bits can be about.
struct Sectors {
  private let state: State
  private let start: UnsafeMutableRawPointer
  private let count: Int

  init(_ state: State) {
    self.state = state
    (start, count) = state.region.place(of: Sections.sectors)
  }

  private func memory(_ index: Int) -> UnsafeMutableRawPointer { start + index &* Int(Sections.scopeBytes) }

  private func scope(_ index: Int, _ account: UInt32) -> Scope {
    Scope(memory(index), RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, account)
  }

  /// The word that leads to an account's sectors.
  private func first(_ account: UInt32) -> WordPointer? {
    state.scopeMemory(RCK_SCOPE_ACCOUNT, account)?.word(Scope.firstSector)
  }

  private static func key(_ account: UInt32, _ group: UInt32) -> UInt64 {
    UInt64(account) &<< 32 | UInt64(group)
  }

  func find(_ account: UInt32, _ group: UInt32) -> Scope? {
    guard var next = first(account) else { return nil }
    var steps = 0
    while steps < count {
      // Acquire: the sector that it names is there.
      let index = UInt(next.pointee.bits.load(ordering: .acquiring)) &- 1
      if index >= UInt(bitPattern: count) { return nil }
      let memory = memory(Int(bitPattern: index))
      // Relaxed: stored before the word that led here.
      if memory.word(Scope.sectorAt).pointee.bits.load(ordering: .relaxed) == Self.key(account, group) {
        return scope(Int(bitPattern: index), account)
      }
      next = memory.word(Scope.nextSector)
      steps &+= 1
    }
    return nil
  }

  // MARK: By the administrator

  /// Makes the sector that belongs to a total. The group's own scope names the first of them.
  func make(_ account: UInt32, _ group: UInt32, _ index: Int) {
    guard let marked = state.scope(RCK_SCOPE_INSTRUMENT_GROUP, group) else { return }
    if marked.total(BookSum.sector) == 0 { marked.setTotal(BookSum.sector, index) }
    scope(index, account).setTotal(BookSum.sector, index)
    // Relaxed: released by the word that leads here.
    memory(index).word(Scope.sectorAt).pointee.bits.store(Self.key(account, group), ordering: .relaxed)
    link(index, account)
  }

  private func link(_ index: Int, _ account: UInt32) {
    guard let first = first(account) else { return }
    let before = first.pointee.bits.load(ordering: .relaxed)  // under the turn
    memory(index).word(Scope.nextSector).pointee.bits.store(before, ordering: .relaxed)  // as its key
    // Release: the sector is whole.
    first.pointee.bits.store(UInt64(truncatingIfNeeded: index &+ 1), ordering: .releasing)
  }

  /// Calls `visit` with every sector, until it returns false.
  func each(_ visit: (Scope) -> Bool) -> Bool {
    var index = 0
    while index < count {
      let key = memory(index).word(Scope.sectorAt).pointee.bits.load(ordering: .relaxed)  // under the turn
      if key != 0 && !visit(scope(index, UInt32(truncatingIfNeeded: key &>> 32))) { return false }
      index &+= 1
    }
    return true
  }

  /// Chains anew what a kill left, alone. False: damaged.
  func recover() -> Bool {
    var account: UInt32 = 1
    while let first = first(account) {
      // Relaxed: alone.
      if first.pointee.bits.load(ordering: .relaxed) != 0 { first.pointee.bits.store(0, ordering: .relaxed) }
      account &+= 1
    }
    return each { sector in
      let index = sector.total(BookSum.sector) &- 1
      guard index >= 0, index < count, memory(index) == sector.memory, self.first(sector.id) != nil,
        let marked = state.scope(RCK_SCOPE_INSTRUMENT_GROUP, sector.sectorGroup)
      else { return false }
      if marked.total(BookSum.sector) == 0 { return false }
      link(index, sector.id)
      return true
    }
  }
}

extension Scope {
  // Words of a sector's first line; and of an account's, the youngest of its sectors, plus one.
  static var sectorAt: Int { 8 }
  static var nextSector: Int { 16 }
  static var firstSector: Int { 0 }

  /// Of a sector: the group of instruments.
  public var sectorGroup: UInt32 {
    // Relaxed: it never changes, and who has the sector has acquired it.
    UInt32(truncatingIfNeeded: memory.word(Scope.sectorAt).pointee.bits.load(ordering: .relaxed))
  }
}

extension State {
  /// What an account has in a group of instruments; nil: nobody has limited that.
  @inline(never)
  public func sector(_ account: UInt32, _ group: UInt32) -> Scope? { Sectors(self).find(account, group) }

  /// In which totals new rows of an account in an instrument are counted.
  func newRows(_ instrument: UInt32, of account: UInt32) -> UInt64 {
    let sums = newRows(instrument)
    let marked = sums & BookSum.sectors
    if marked == 0 { return sums }
    var (kept, groups) = (sums & ~BookSum.sectors, Coverage())
    groups.groups = grouping(instrument, 0).coverage.groups
    groups.sums = marked
    let counted = totalsCounted
    _ = groups.each { place, sum in
      if let sector = sector(account, groups.group(place)), sector.total(sum) <= counted {
        kept |= 1 &<< UInt64(truncatingIfNeeded: place &* 8 &+ sum)
      }
      return true
    }
    return kept
  }
}
