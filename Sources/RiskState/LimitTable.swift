import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// The limits as checks read them: for each scope and position where its bounds are, and the bounds, once for
/// each parity of the generation. A publication fills the half that is not in force and then stores the new
/// generation. Under the administrator's turn; it takes a few walks over the limits and no memory.
///
/// A check that began under the generation before the one in force may still read the half that is being filled.
/// What it reads is stored word by word, and every word that leads to bounds stays within the table; it looks at
/// the generation again before it commits and finds that it has moved.
///
/// Beside its bounds a scope keeps the lowest level among them, so that a check whose amounts exceed none of those
/// need not look at bounds at all.
///
/// In the half that is not in force only scopes of limits that exist have words: a limit that is forgotten clears
/// its own. So filling begins by clearing those, and needs no walk over all scopes.
extension State {
  public enum Publishing {
    case published(generation: UInt64)
    case failed(Refusal)
  }

  /// Puts what is staged in force, all at once. With nothing staged the generation stays.
  public func publish() -> Publishing {
    let label: Label = "rck_limits_publish"
    let limits = limits
    let now = generation
    if !isAnyStaged(limits, now) { return .published(generation: now) }
    guard let armed = fill(limits, at: now &+ 1), !hasUncovered || coverAll() else {
      return .failed(failure(Site.limits, label))
    }
    let half = (now &+ 1) & 1
    if isLoud(half) { setQuiet(half) }
    eachTotal { $0.hold() }
    // Release: the half that it names is filled, and what counts from now on is marked. Sequentially consistent as
    // well: whoever opens a lease after it was let go sees it.
    region.hot(Region.Hot.generation).pointee.bits.store(now &+ 1, ordering: .sequentiallyConsistent)
    eachTotal { $0.letGo() }
    setQuiet(half)
    setFurther(half)
    guard forgetRemoved(limits, at: now &+ 1) else { return .failed(failure(Site.limits, label)) }
    let actor = region.count(Count.limitActor).pointee.value.load(ordering: .relaxed)
    tell(RCK_EVENT_LIMITS, now &+ 1, Int64(armed), actor)
    return .published(generation: now &+ 1)
  }

  private func isAnyStaged(_ limits: LimitRecords, _ now: UInt64) -> Bool {
    var index = 0
    while index < limits.count {
      if limits.isLive(index) && limits.isStaged(index, after: now) { return true }
      index &+= 1
    }
    return false
  }

  /// Takes out what counts no more. The half that went out of force must not keep a word for it.
  private func forgetRemoved(_ limits: LimitRecords, at generation: UInt64) -> Bool {
    each(limits, at: generation) { index, limit in
      if !limit.isRemoval || limits.isStaged(index, after: generation) { return true }
      return clear(limit, half: (generation &+ 1) & 1) && limits.forget(index)
    }
  }

  // MARK: Filling

  /// Compiles the limits that count at a generation into its half. How many there are; nil: damaged.
  func fill(_ limits: LimitRecords, at generation: UInt64) -> Int? {
    let half = generation & 1
    let cleared = each(limits, at: generation) { _, limit in clear(limit, half: half) }
    if !cleared || !measure(limits, generation) { return nil }
    var (armed, spread, duplicates) = (0, Spread(), Int64(0))
    beginLeasing()
    let filled = each(limits, at: generation) { index, limit in
      if limit.isRemoval { return true }
      guard let word = leader(limit, half: half), let bound = bound(of: limit, index), follow(limit) else {
        return false
      }
      armed &+= 1
      lower(limit, half: half, to: limit.isRestriction ? -1 : bound.lowest)
      setArmed(limit, half: half, true)
      spread.note(limit)
      if limit.control == UInt32(RCK_CONTROL_DUPLICATE) { duplicates = max(duplicates, limit.window_ns) }
      setLeasing(limit)
      return insert(bound, word, half)
    }
    setDuplicateWindow(half, duplicates)
    let isMarked = each(limits, at: generation) { _, limit in limit.isRemoval || mark(limit, half: half) }
    return filled && isMarked && self.spread(spread, half: half) ? armed : nil
  }

  /// Gives every scope that has limits its stretch of the table, still empty.
  private func measure(_ limits: LimitRecords, _ generation: UInt64) -> Bool {
    let half = generation & 1
    let counted = each(limits, at: generation) { _, limit in
      if limit.isRemoval { return true }
      guard let word = leader(limit, half: half) else { return false }
      let bits = word.pointee.bits.load(ordering: .relaxed)  // under the turn, as all that follows
      word.pointee.bits.store(bits &+ Stretch.one, ordering: .releasing)
      return bits &>> Stretch.shift < Stretch.countMax
    }
    var next = UInt32(truncatingIfNeeded: firstBound(half))
    return counted
      && each(limits, at: generation) { _, limit in
        guard let word = leader(limit, half: half) else { return false }
        // A stretch that was given has a count of 0 from then on.
        let count = word.pointee.bits.load(ordering: .relaxed) &>> Stretch.shift
        if count != 0 {
          word.pointee.bits.store(next, ordering: .releasing)
          next &+= count
        }
        return true
      }
  }

  /// Puts a bound into its stretch, which is in the order of control, measure, metric, side and type.
  private func insert(_ bound: Bound, _ word: UnsafeMutablePointer<HalfWord>, _ half: UInt64) -> Bool {
    let bits = word.pointee.bits.load(ordering: .relaxed)  // under the turn
    let first = Int(bits & Stretch.firstMask)
    var place = first &+ Int(bits &>> Stretch.shift)
    guard place &- firstBound(half) < limits.count else { return false }
    while place > first {
      var before = Bound()
      self.bound(place &- 1).loadWords(&before)
      if before.rank < bound.rank { break }
      self.bound(place).storeWords(before)
      place &-= 1
    }
    self.bound(place).storeWords(bound)
    word.pointee.bits.store(bits &+ Stretch.one, ordering: .releasing)
    return true
  }

  /// The first bound of a half.
  private func firstBound(_ half: UInt64) -> Int {
    half == 0 ? 0 : region.place(of: Sections.bounds).count &>> 1
  }

  /// Calls `visit` with every limit that has a version at a generation, until it returns false.
  func each(
    _ limits: LimitRecords, at generation: UInt64, _ visit: (_ index: Int, _ limit: rck_limit) -> Bool
  ) -> Bool {
    var limit = rck_limit()
    var index = 0
    while index < limits.count {
      // The writer itself reads: nothing moves.
      if limits.isLive(index), case .limit = limits.read(index, at: generation, &limit), !visit(index, limit)
      {
        return false
      }
      index &+= 1
    }
    return true
  }

  // MARK: One limit

  /// The word that leads to the bounds of a limit's scope and slot. Nil: there is no such scope.
  private func leader(_ limit: rck_limit, half: UInt64) -> UnsafeMutablePointer<HalfWord>? {
    let slot = limit.slot
    if slot != BoundSlot.position { return scope(of: limit)?.boundsWord(half, slot) }
    let positions = Positions<ManyWriters>(self)
    guard case .row(let row) = positions.find(limit.id, limit.instrument, strategy: limit.isOfStrategy) else {
      return nil
    }
    return positions.boundsWord(row, half)
  }

  /// Takes the words of a limit's scope and slot out of a half. False: there is no such scope.
  private func clear(_ limit: rck_limit, half: UInt64) -> Bool {
    guard let word = leader(limit, half: half) else { return false }
    word.pointee.bits.store(0, ordering: .releasing)  // as all words of a half
    if limit.isListOfStrategy {
      guard let scope = scope(RCK_SCOPE_STRATEGY, limit.id) else { return false }
      scope.boundsWord(half, BoundSlot.further).pointee.bits.store(0, ordering: .releasing)
    }
    eachLowest(limit, half: half) { $0.pointee.bits.store(0, ordering: .releasing) }
    setArmed(limit, half: half, false)
    return true
  }

  private func setArmed(_ limit: rck_limit, half: UInt64, _ on: Bool) {
    if limit.slot == BoundSlot.position { return }
    scope(of: limit)?.setArmed(half, limit.slot, on)
    // The group keeps its members.
    if limit.isOfGroupInInstrument {
      scope(RCK_SCOPE_ACCOUNT_GROUP, limit.id)?.setArmed(half, limit.slot, on)
    }
  }

  /// Marks the word that leads to a pair's bounds if there are lists among them, and that of a strategy of which there
  /// are. After all stretches are filled.
  private func mark(_ limit: rck_limit, half: UInt64) -> Bool {
    if limit.control != UInt32(RCK_CONTROL_LISTS) || limit.slot != BoundSlot.position { return true }
    guard let word = leader(limit, half: half) else { return false }
    mark(word)
    if limit.isListOfStrategy {
      guard let scope = scope(RCK_SCOPE_STRATEGY, limit.id) else { return false }
      mark(scope.boundsWord(half, BoundSlot.further))
    }
    return true
  }

  private func mark(_ word: UnsafeMutablePointer<HalfWord>) {
    let bits = word.pointee.bits.load(ordering: .relaxed)  // under the turn
    word.pointee.bits.store(bits | BoundSlot.listed, ordering: .releasing)
  }

  /// Lowers the lowest level of a limit's scope and slot to `level`, if that is not below it already.
  private func lower(_ limit: rck_limit, half: UInt64, to level: Int64) {
    let short = UInt64(bitPattern: Int64.max &- level)
    eachLowest(limit, half: half) {
      if $0.pointee.bits.load(ordering: .relaxed) < short {  // under the turn
        $0.pointee.bits.store(short, ordering: .releasing)
      }
    }
  }

  private func eachLowest(_ limit: rck_limit, half: UInt64, _ visit: (WordPointer) -> Void) {
    let slot = limit.slot
    if slot < BoundSlot.amounts {
      if let scope = scope(of: limit) { visit(scope.lowestWord(half, slot)) }
    } else if slot == BoundSlot.position {
      let positions = Positions<ManyWriters>(self)
      guard case .row(let row) = positions.find(limit.id, limit.instrument, strategy: limit.isOfStrategy)
      else { return }
      if limit.side != UInt32(RCK_SIDE_SELL) && !limit.isLocate {
        visit(positions.lowestWord(row, half, buy: true))
      }
      if limit.side != UInt32(RCK_SIDE_BUY) { visit(positions.lowestWord(row, half, buy: false)) }
    }
  }

  private func bound(of limit: rck_limit, _ index: Int) -> Bound? {
    var bound = Bound()
    if limit.isArmed(0) { bound.warn = limit.warn }
    if limit.isArmed(1) { bound.soft = limit.soft }
    if limit.isArmed(2) { bound.hard = limit.hard }
    bound.window_ns = limit.window_ns
    bound.identity = UInt64(truncatingIfNeeded: index &+ 1) | UInt64(limit.flags) &<< 56
    var level: UInt32 = 0
    while level < 3 {
      let own = limit.action(level)
      let action = own != 0 ? own : Catalogue.action(RCK_SEVERITY_WARNING &+ Int32(level))
      bound.identity |= UInt64(action) &<< (32 &+ UInt64(level) &* 8)
      if limit.isArmed(level) && State.isCarriedOut(action) { bound.identity |= Bound.asks }
      level &+= 1
    }
    if limit.isMinimum { bound.negate() }
    bound.shape |=
      UInt64(limit.side) | UInt64(limit.order_type) &<< 8
      | UInt64(limit.isSampled ? 0 : limit.reference) &<< 16
      | UInt64(limit.measure) &<< 24 | UInt64(limit.control) &<< 32
    if limit.isOfGroupInInstrument { bound.group = UInt64(limit.id) }
    if limit.hasBook { bound.windowAt = UInt64(truncatingIfNeeded: bookRow(of: limit)) }
    if limit.isSampled { bound.back = UInt64(limit.reference) }
    if limit.control == UInt32(RCK_CONTROL_RATE) {
      guard let window = scope(of: limit)?.window(Int32(bitPattern: limit.measure)) else { return nil }
      bound.windowAt = windowOffset(window)
      bound.back = UInt64(bitPattern: min(bound.lowest, Int64(bitPattern: config.pointee.rate_exact_max)))
    }
    if limit.control == UInt32(RCK_CONTROL_ACCUMULATED) {
      guard let place = limits.accumulation(index) else { return nil }
      bound.windowAt = UInt64(truncatingIfNeeded: place)
    }
    if limit.control == UInt32(RCK_CONTROL_METRIC) { bound.compile(metric: limit) }
    return bound
  }

  /// The row of the book that a limit of an account or a strategy is about.
  private func bookRow(of limit: rck_limit) -> Int {
    Books<ManyWriters>(self).row(limit.id, strategy: limit.isOfStrategy)
  }

  /// Begins to keep the sums that a strategy's limit asks for, and conduct. For ever, and before the limit is in
  /// force. False: damaged.
  private func follow(_ limit: rck_limit) -> Bool {
    if limit.control == UInt32(RCK_CONTROL_PERIOD_COLLAR) { keepPrices(limit.window_ns) }
    if limit.control == UInt32(RCK_CONTROL_CONDUCT), let scope = self.scope(of: limit) {
      scope.track(Scope.trackConduct)
      scope.keepConduct()
      noteConduct()
    }
    if limit.control == UInt32(RCK_CONTROL_REPEATED_EXECUTION) {
      scope(of: limit)?.track(Scope.trackPatterns)
    }
    guard limit.isOfStrategy else { return true }
    guard let scope = scope(RCK_SCOPE_STRATEGY, limit.id) else { return false }
    switch Int32(bitPattern: limit.control) {
    case RCK_CONTROL_EXPOSURE, RCK_CONTROL_LOSS: scope.track(Scope.trackBook | Scope.trackRows)
    case RCK_CONTROL_WORKING: scope.track(Scope.trackBook)
    case RCK_CONTROL_POSITION:
      let positions = Positions<ManyWriters>(self)
      guard case .row(let row) = positions.find(limit.id, limit.instrument, strategy: true) else {
        return false
      }
      positions.head(row).word(Positions<ManyWriters>.trackedAt).pointee.bits.store(1, ordering: .releasing)
      scope.track(Scope.trackPairs)
    default: break
    }
    return true
  }
}

extension Bound {
  /// A minimum holds as what is compared with it turned round as well: what is too low is above it then.
  fileprivate mutating func negate() {
    if warn != Int64.max { warn = 0 &- warn }
    if soft != Int64.max { soft = 0 &- soft }
    if hard != Int64.max { hard = 0 &- hard }
    shape = Bound.minimum
    identity |= Bound.asks
  }
}

/// The word that leads to bounds: how many there are, and which is the first.
enum Stretch {
  static var shift: UInt32 { 24 }
  static var one: UInt32 { 1 << 24 }
  static var countMax: UInt32 { 255 }
  static var firstMask: UInt32 { 0xFF_FFFF }
}

extension Bound {
  /// Among those of one scope and slot: those of groups of accounts behind the instrument's own, by group.
  fileprivate var rank: UInt64 {
    let (first, last) = (UInt64(control) &<< 40, UInt64(side) &<< 8 | UInt64(type))
    if control == RCK_CONTROL_LISTS && group != 0 { return first | 1 &<< 38 | group &<< 8 | UInt64(side) }
    return first | UInt64(measure) &<< 32 | (shape &>> Bound.metricShift) &<< 16 | last
  }
}

extension rck_limit {
  var isOfStrategy: Bool {
    scope_kind == UInt32(RCK_SCOPE_STRATEGY) || scope_kind == UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
  }

  var isRestriction: Bool {
    control == UInt32(RCK_CONTROL_LISTS) && measure == UInt32(RCK_MEASURE_RESTRICTED)
  }

  var isLocate: Bool { control == UInt32(RCK_CONTROL_LISTS) && measure == UInt32(RCK_MEASURE_LOCATE) }

  /// A strategy's list, which lies with a row that may never hold anything.
  var isListOfStrategy: Bool {
    control == UInt32(RCK_CONTROL_LISTS) && scope_kind == UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
  }

  /// It is about what one account or strategy has come to, which lies with its book.
  var hasBook: Bool {
    control == UInt32(RCK_CONTROL_LOSS) || control == UInt32(RCK_CONTROL_CONDUCT)
      || control == UInt32(RCK_CONTROL_REPEATED_EXECUTION)
  }

  /// Its reference is the least number of messages that it says something of.
  var isSampled: Bool {
    control == UInt32(RCK_CONTROL_CONDUCT) && measure == UInt32(RCK_MEASURE_ORDERS_PER_TRADE)
  }

  /// BoundSlot of control and measure.
  var slot: Int {
    switch Int32(bitPattern: control) {
    case RCK_CONTROL_ORDER_QUANTITY: return BoundSlot.quantity
    case RCK_CONTROL_ORDER_NOTIONAL: return BoundSlot.notional
    case RCK_CONTROL_COLLAR: return BoundSlot.collar
    case RCK_CONTROL_EXPOSURE: return measure == UInt32(RCK_MEASURE_GROSS) ? BoundSlot.gross : BoundSlot.net
    case RCK_CONTROL_BUYING_POWER: return BoundSlot.power
    case RCK_CONTROL_RATE:
      return BoundSlot.rateNew &+ Int(truncatingIfNeeded: measure &- UInt32(RCK_MEASURE_NEW))
    case RCK_CONTROL_WORKING:
      return measure == UInt32(RCK_MEASURE_COUNT) ? BoundSlot.workingCount : BoundSlot.workingNotional
    case RCK_CONTROL_GROUP_EXPOSURE: return BoundSlot.sector
    case RCK_CONTROL_POSITION: return isOfMany ? BoundSlot.groupPosition : BoundSlot.position
    case RCK_CONTROL_LISTS: return isOfPair ? BoundSlot.position : BoundSlot.further
    default: return BoundSlot.further
    }
  }
}
