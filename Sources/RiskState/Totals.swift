import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// The totals of the engine and of groups of accounts and strategies: one for each sum of a book that a limit there was
/// ever set on. A book's record names those that it is counted in (Coverage), so whoever swaps a book moves just these,
/// by the difference of the two records.
public struct Totals<D: Discipline> {
  let state: State
  let writer: Int

  @inline(__always)
  public init(_ state: State, writer: Int) {
    self.state = state
    self.writer = writer
  }

  /// Total number `index`.
  @inline(__always)
  func total(_ index: Int) -> Total<D> {
    let section = state.region.section(Sections.totals)
    let memory =
      state.region.base
      + Int(truncatingIfNeeded: section.offset &+ UInt64(truncatingIfNeeded: index) &* section.each)
    return Total(at: memory, port: writer, ports: Int(truncatingIfNeeded: state.config.pointee.ports_max))
  }

  /// The total of a scope's sum. Nil: none is kept.
  @inline(__always)
  public func total(_ scope: Scope, _ sum: Int) -> Total<D>? {
    let index = scope.total(sum) &- 1
    return UInt(bitPattern: index) < UInt(state.region.section(Sections.totals).count) ? total(index) : nil
  }

  /// The scope in a place of a book's coverage. Groups of all kinds share their numbers: whose book it is matters
  /// only to who tells of it.
  @inline(__always)
  public func scope(_ coverage: Coverage, _ place: Int, _ kind: Int32 = RCK_SCOPE_ACCOUNT_GROUP) -> Scope? {
    if place == 0 { return Scope(state.region.global, RCK_SCOPE_GLOBAL, 0) }
    return state.scope(kind, coverage.group(place))
  }

  /// The scope of a sum in a place of a book's coverage, or of a row's of an account: that can be a sector's.
  @inline(__always)
  public func scope(
    _ coverage: Coverage, _ place: Int, _ sum: Int, _ account: UInt32, _ kind: Int32 = RCK_SCOPE_ACCOUNT_GROUP
  ) -> Scope? {
    sum == BookSum.sector ? state.sector(account, coverage.group(place)) : scope(coverage, place, kind)
  }

  /// Whether totals can follow a book: no fact takes one beyond its bound.
  @inline(never)
  public func fit(from old: Book, to new: Book) -> Bool {
    old.coverage.each { place, sum in
      guard let scope = scope(old.coverage, place), let total = total(scope, sum) else { return true }
      return fits(total, new.sum(sum) &- old.sum(sum))
    }
  }

  func fits(_ total: Total<D>, _ moved: Int64) -> Bool {
    let (after, overflow) = total.most.addingReportingOverflow(moved)
    return !overflow && (moved > 0 ? after <= Amount.totalMax : after >= 0 &- Amount.totalMax)
  }

  /// Moves the totals of a book that was swapped. What is taken back was taken under a generation.
  @inline(never)
  func follow(from old: Book, to new: Book, since generation: UInt64?) {
    let current = generation ?? state.generation
    _ = old.coverage.each { place, sum in
      if let scope = scope(old.coverage, place), let total = total(scope, sum) {
        move(total, scope, sum, by: new.sum(sum) &- old.sum(sum), current)
      }
      return true
    }
  }

  /// Moves a total whatever its level.
  func move(_ total: Total<D>, _ scope: Scope, _ sum: Int, by amount: Int64, _ current: UInt64) {
    if amount < 0 {
      total.lower(by: 0 &- amount, state.region.hot(Region.Hot.generation), current)
    } else if amount > 0 {
      total.raise(by: amount) { scope.lowest(state.generation & 1)[BookSum.slot(sum)] }
    }
  }
}

extension BookSum {
  /// Where the bounds on it are.
  @inline(__always)
  public static func slot(_ sum: Int) -> Int {
    // Gross 3, both nets 4, orders 6, their value 7; both positions 5.
    if sum >= long { return BoundSlot.groupPosition }
    return sum &+ BoundSlot.gross &- (sum == netShort || sum >= orders ? 1 : 0)
  }
}

extension Amount {
  /// Of a total: beyond six times what one book may come to nothing more is taken in, so that none wraps.
  public static var totalMax: Int64 { 6 << 60 }
}

extension Scope {
  /// The total of a sum, plus one; 0: none.
  @inline(__always)
  func total(_ sum: Int) -> Int {
    Int(totalHalf(sum).pointee.bits.load(ordering: .acquiring))  // the total that it names is there
  }

  func setTotal(_ sum: Int, _ index: Int) {
    totalHalf(sum).pointee.bits.store(UInt32(truncatingIfNeeded: index &+ 1), ordering: .releasing)
  }

  /// Those of positions are at the line's beginning, where only instruments have something else.
  @inline(__always)
  private func totalHalf(_ sum: Int) -> UnsafeMutablePointer<HalfWord> {
    memory.half(sum >= BookSum.long ? (sum &- BookSum.long) &* 4 : Scope.totalsAt &+ sum &* 4)
  }

  /// The sums that totals are kept of, by a bit each: of those, `given`, that books have been counted in.
  func kept(_ given: Int64) -> UInt64 {
    var (kept, sum) = (UInt64(0), 0)
    while sum <= BookSum.short {
      let total = total(sum)
      if total != 0 && total <= given { kept |= 1 &<< UInt64(truncatingIfNeeded: sum) }
      sum &+= 1
    }
    return kept
  }
}

// MARK: Looking

extension State {
  /// Fills in the totals that are kept of the engine or a group.
  public func fillTotals(_ told: inout rck_book_info) -> rck_status {
    switch Int32(bitPattern: told.scope_kind) {
    case RCK_SCOPE_GLOBAL: if told.id != 0 { return RCK_E_RANGE }
    case RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY_GROUP, RCK_SCOPE_INSTRUMENT_GROUP:
      if !isDefined(RCK_KIND_GROUP, told.id) || !isGroup(told.id, of: told.scope_kind) {
        return RCK_E_UNKNOWN
      }
    case RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP: return fillSector(&told)
    default: return RCK_E_RANGE
    }
    guard let scope = scope(Int32(bitPattern: told.scope_kind), told.id) else { return RCK_E_UNKNOWN }
    let totals = Totals<ManyWriters>(self, writer: 0)
    let kept = scope.kept(totalsCounted)
    func sum(_ sum: Int) -> Int64 {
      kept &>> UInt64(truncatingIfNeeded: sum) & 1 == 0 ? 0 : totals.total(scope, sum)?.look() ?? 0
    }
    var info = rck_book_info()
    info.struct_size = told.struct_size
    info.scope_kind = told.scope_kind
    info.id = told.id
    info.gross = sum(BookSum.gross)
    info.net_long = sum(BookSum.netLong)
    info.net_short = sum(BookSum.netShort)
    info.orders = sum(BookSum.orders)
    info.orders_value = sum(BookSum.ordersValue)
    info.quantity_long = sum(BookSum.long)
    info.quantity_short = sum(BookSum.short)
    told = info
    return RCK_OK
  }
}

extension State {
  private func fillSector(_ told: inout rck_book_info) -> rck_status {
    var probe = rck_limit()
    (probe.scope_kind, probe.id, probe.instrument) = (told.scope_kind, told.id, told.instrument)
    if unknown(probe) != nil { return RCK_E_UNKNOWN }
    var info = rck_book_info()
    (info.struct_size, info.scope_kind, info.id) = (told.struct_size, told.scope_kind, told.id)
    info.instrument = told.instrument
    if let sector = sector(told.id, told.instrument), sector.total(BookSum.sector) <= totalsCounted {
      info.gross = Totals<ManyWriters>(self, writer: 0).total(sector, BookSum.sector)?.look() ?? 0
    }
    told = info
    return RCK_OK
  }
}

// MARK: By the administrator

extension State {
  /// Whether any total is kept.
  @inline(__always)
  public var keepsTotals: Bool { region.hot(Region.Hot.totals).pointee.bits.load(ordering: .acquiring) != 0 }

  /// Gives a scope the totals that a limit is held against. False: there are not enough left, and it gets none.
  func keepTotals(_ scope: Scope, _ limit: rck_limit) -> Bool {
    var given = totalsGiven
    _ = limit.eachSum { sum in
      if scope.total(sum) == 0 { given &+= 1 }
      return true
    }
    if given > UInt64(truncatingIfNeeded: region.place(of: Sections.totals).count) { return false }
    return limit.eachSum { sum in
      if scope.total(sum) != 0 { return true }
      scope.setTotal(sum, giveTotal())
      return true
    }
  }

  /// The number of one more total. First, so that none is ever given twice. Under the turn.
  private func giveTotal() -> Int {
    let number = totalsGiven
    region.hot(Region.Hot.totals).pointee.bits.store(number &+ 1, ordering: .releasing)
    return Int(truncatingIfNeeded: number)
  }

  /// Makes the sector that a limit is about, unless it is there. False: there is no total left for it.
  func keepSector(_ limit: rck_limit) -> Bool {
    if sector(limit.id, limit.instrument) != nil { return true }
    if totalsGiven >= UInt64(truncatingIfNeeded: region.place(of: Sections.totals).count) { return false }
    Sectors(self).make(limit.id, limit.instrument, giveTotal())
    return true
  }

  /// How many totals have been given out, and how many of them books are counted in.
  private var totalsGiven: UInt64 { region.hot(Region.Hot.totals).pointee.bits.load(ordering: .relaxed) }
  var totalsCounted: Int64 { region.count(Count.covered).pointee.value.load(ordering: .acquiring) }

  /// Whether books have to be counted in totals that were given out since.
  public var hasUncovered: Bool { totalsCounted != Int64(bitPattern: totalsGiven) }

  private var isOneWriter: Bool { config.pointee.discipline == UInt32(RCK_ONE_WRITER) }

  /// Totals are leased unless a limit says otherwise; never with one writer, who has nobody to share them with, and
  /// whose plain stores a lease that is called in would not survive.
  func beginLeasing() {
    let mode = isOneWriter ? Total<ManyWriters>.never : Total<ManyWriters>.automatic
    eachTotal { $0.setLeasing(mode) }
  }

  /// Whether a limit's totals hand out leases: never goes before always.
  func setLeasing(_ limit: rck_limit) {
    guard limit.isOfTotal, !isOneWriter, let scope = scope(of: limit) else { return }
    let totals = Totals<ManyWriters>(self, writer: 0)
    _ = limit.eachSum {
      guard let total = totals.total(scope, $0) else { return true }
      if limit.flags & UInt32(RCK_LEASE_NEVER) != 0 {
        total.setLeasing(Total<ManyWriters>.never)
      } else if limit.flags & UInt32(RCK_LEASE_ALWAYS) != 0 && total.leasing == Total<ManyWriters>.automatic {
        total.setLeasing(Total<ManyWriters>.always)
      }
      return true
    }
  }

  func eachTotal(_ visit: (Total<ManyWriters>) -> Void) {
    let totals = Totals<ManyWriters>(self, writer: 0)
    var index = 0
    while UInt64(truncatingIfNeeded: index) < totalsGiven {
      visit(totals.total(index))
      index &+= 1
    }
  }

  /// In which totals an account or a strategy of these groups belongs.
  func coverage(_ groups: Groups, strategy: Bool) -> Coverage {
    var (coverage, counted) = (Coverage(), totalsCounted)
    if !strategy, let scope = scope(RCK_SCOPE_GLOBAL, 0) {
      coverage.add(0, group: 0, kept: scope.kept(counted))
    }
    _ = groups.each { place, id in
      if let scope = scope(RCK_SCOPE_ACCOUNT_GROUP, id) {
        coverage.add(place, group: id, kept: scope.kept(counted))
      }
      return true
    }
    return coverage
  }

  /// Counts every book and every row in the totals that it belongs in. False: the memory is damaged.
  func coverAll() -> Bool {
    region.count(Count.covered).pointee.value.store(Int64(bitPattern: totalsGiven), ordering: .releasing)
    return coverCounted(alone: false)
  }

  /// Likewise in those alone that were counted in before. False: damaged.
  func coverCounted(alone: Bool) -> Bool {
    coverAll(RCK_KIND_ACCOUNT) && coverAll(RCK_KIND_STRATEGY) && coverRows(alone: alone)
  }

  /// After how many were given out has been counted anew, alone: no more can be counted in.
  func boundCounted() {
    let given = Int64(bitPattern: totalsGiven)
    let counted = max(0, min(totalsCounted, given))
    region.count(Count.covered).pointee.value.store(counted, ordering: .relaxed)
  }

  private func coverAll(_ kind: Int32) -> Bool {
    var id: UInt32 = 1
    while Int(id) <= capacity(Int(kind)) {
      if isDefined(kind, id) && !cover(kind, id, groups(kind, id)) { return false }
      id &+= 1
    }
    return true
  }

  /// Counts the book of a party of these groups in the totals that it belongs in: one swap from the very record whose
  /// sums are moved. A total is raised before it, and lowered after it. False: damaged.
  func cover(_ kind: Int32, _ id: UInt32, _ groups: Groups) -> Bool {
    let isStrategy = kind == RCK_KIND_STRATEGY
    let (books, wanted) = (Books<ManyWriters>(self), coverage(groups, strategy: isStrategy))
    let row = books.row(id, strategy: isStrategy)
    while true {
      var old = Book()
      guard let word = books.read(row, &old), books.rows.draft(0) != nil else { return false }
      if old.coverage == wanted { return true }
      if isStrategy { follow(id, wanted) }
      var new = old
      new.coverage = wanted
      shift(old, wanted) { max($0, 0) }
      if books.swap(row, word, to: new, spare: 0) {
        shift(old, wanted) { min($0, 0) }
        return true
      }
      shift(old, wanted) { 0 &- max($0, 0) }
    }
  }

  /// Whether the book of a party that is defined names its totals by other places than these groups give them.
  func recounts(_ kind: Int32, _ id: UInt32, _ groups: Groups) -> Bool {
    if !keepsTotals || !isDefined(kind, id) { return false }
    let (isStrategy, books) = (kind == RCK_KIND_STRATEGY, Books<ManyWriters>(self))
    var book = Book()
    return books.read(books.row(id, strategy: isStrategy), &book) != nil
      && book.coverage != coverage(groups, strategy: isStrategy)
  }

  /// Begins to keep the sums of a strategy that its groups' totals are about.
  private func follow(_ strategy: UInt32, _ coverage: Coverage) {
    guard let scope = scope(RCK_SCOPE_STRATEGY, strategy), !coverage.isEmpty else { return }
    let isExposed = !coverage.each { _, sum in sum > BookSum.netShort }
    scope.track(isExposed ? Scope.trackBook | Scope.trackRows : Scope.trackBook)
  }

  /// Moves every total that a book enters or leaves, by `part` of what the book has to do with it.
  private func shift(_ book: Book, _ wanted: Coverage, _ part: (Int64) -> Int64) {
    let totals = Totals<ManyWriters>(self, writer: 0)
    func shift(_ from: Coverage, besides other: Coverage, _ sign: Int64) {
      _ = from.each { place, sum in
        if !other.holds(from, place, sum), let scope = totals.scope(from, place),
          let total = totals.total(scope, sum)
        {
          totals.move(total, scope, sum, by: part(sign &* book.sum(sum)), generation)
        }
        return true
      }
    }
    shift(wanted, besides: book.coverage, 1)
    shift(book.coverage, besides: wanted, -1)
  }
}

extension State {
  /// Whether the administrator moves rows of an engine with one writer.
  @inline(__always)
  public var isShared: Bool { region.count(Count.shared).pointee.value.load(ordering: .acquiring) != 0 }

  public func setShared(_ on: Bool) {
    // Sequentially consistent: before the barrier that all threads pass.
    region.count(Count.shared).pointee.value.store(on ? 1 : 0, ordering: .sequentiallyConsistent)
  }
}

extension State.Count {
  /// How many totals books are counted in.
  static var covered: Int { 3 }
  /// 1 while the administrator moves rows.
  static var shared: Int { 4 }
}

extension Coverage {
  /// Whether it names the total that `other` names by these places.
  fileprivate func holds(_ other: Coverage, _ place: Int, _ sum: Int) -> Bool {
    !each { ownPlace, ownSum in
      let isSame = sum == ownSum && (place == 0) == (ownPlace == 0)
      return !(isSame && (place == 0 || group(ownPlace) == other.group(place)))
    }
  }
}
