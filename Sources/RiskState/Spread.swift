import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What limits of the engine and of groups come to for their members. Limits on an order alone lower the lowest
/// levels of every member, so that a check that exceeds none of its parties' levels exceeds none of theirs. The
/// engine's are taken over by the accounts: every order has one.
struct Spread {
  /// Whether there are limits of many on the order alone, and on rates.
  var orders = false
  var rates = false
  /// And limits of further controls.
  var further = false
  /// Whether there are any of further controls at all.
  var anyFurther = false

  mutating func note(_ limit: rck_limit) {
    if limit.slot == BoundSlot.further { anyFurther = true }
    if !limit.isOfMany { return }
    switch Int32(bitPattern: limit.control) {
    case RCK_CONTROL_ORDER_QUANTITY, RCK_CONTROL_ORDER_NOTIONAL: orders = true
    case RCK_CONTROL_RATE: rates = true
    default: if limit.slot == BoundSlot.further { further = true }
    }
  }

  /// What the hot word says of a half.
  func bits(half: UInt64) -> UInt64 {
    ((rates ? 1 : 0) | (orders ? 4 : 0) | (further ? 16 : 0) | (anyFurther ? 64 : 0)) &<< half
  }

  /// Of no half: one day has 47 bits.
  static var periodShift: UInt64 { 16 }

  /// All of them.
  static func mask(half: UInt64) -> UInt64 { 85 &<< half }
  /// Once conduct is kept of anybody, for good.
  static var conduct: UInt64 { 1 << 8 }
}

extension State {
  private var wide: WordPointer { region.hot(Region.Hot.wide) }

  /// Whether rates of the engine or of groups are limited in a half.
  @inline(__always)
  public func hasWideRates(_ half: UInt64) -> Bool {
    wide.pointee.bits.load(ordering: .acquiring) &>> half & 1 != 0  // before the look at the generation
  }

  /// Likewise order quantities and notionals.
  @inline(__always)
  public func hasWideOrders(_ half: UInt64) -> Bool {
    wide.pointee.bits.load(ordering: .acquiring) &>> half & 4 != 0
  }

  /// Likewise what further controls are about.
  @inline(__always)
  public func hasWideFurther(_ half: UInt64) -> Bool {
    wide.pointee.bits.load(ordering: .acquiring) &>> half & 16 != 0
  }

  /// Whether there is more to ask in a half than rows and rates come with, or conduct is kept.
  func hasFurther(_ half: UInt64) -> Bool {
    wide.pointee.bits.load(ordering: .acquiring) & (64 &<< half | Spread.conduct) != 0
  }

  /// Before the generation that needs it. Under the turn.
  func noteConduct() {
    wide.pointee.bits.store(
      wide.pointee.bits.load(ordering: .relaxed) | Spread.conduct, ordering: .releasing)
  }

  /// The longest window of any period collar that was ever compiled: from the first on trades keep the prices that they
  /// end. 0: there was none.
  var longestPeriod: Int64 {
    Int64(bitPattern: wide.pointee.bits.load(ordering: .acquiring) &>> Spread.periodShift)
  }

  /// Before the generation in which such a limit is comes into force. Under the turn.
  func keepPrices(_ window_ns: Int64) {
    if window_ns <= longestPeriod { return }
    let rest = wide.pointee.bits.load(ordering: .relaxed) & (1 &<< Spread.periodShift &- 1)
    wide.pointee.bits.store(rest | UInt64(bitPattern: window_ns) &<< Spread.periodShift, ordering: .releasing)
  }

  /// Whether there are limits of many in a half that the usual check does not look at.
  func isLoud(_ half: UInt64) -> Bool { hasWideRates(half) || hasWideFurther(half) }

  /// While rates of many or further controls of many are limited the engine is not quiet, so that a check need not ask
  /// for them by themselves. Before a generation in which they are comes into force, and after one in which they are
  /// not.
  func setQuiet(_ half: UInt64) {
    move(State.loud, isLoud(half))
  }

  /// Says whether further controls are armed anywhere, which is a hint on the way to try first. Behind the generation.
  func setFurther(_ half: UInt64) { move(State.further, hasFurther(half)) }

  private func move(_ bit: Int64, _ on: Bool) {
    if (latched & bit != 0) == on { return }
    _ = ManyWriters.add(latchedCell, on ? bit : 0 &- bit)
  }

  /// Of the word that counts latched scopes: above their number.
  static var loud: Int64 { 1 &<< 32 }
  public static var further: Int64 { 1 &<< 33 }
  // That part of it is the turn's.
  private var latched: Int64 { latchedCell.pointee.value.load(ordering: .relaxed) }

  /// Says in a half that was just filled what its limits of many are. Under the turn. False: the memory is damaged.
  func spread(_ spread: Spread, half: UInt64) -> Bool {
    let isMerged = hasWideOrders(half)
    let rest = wide.pointee.bits.load(ordering: .relaxed) & ~Spread.mask(half: half)
    wide.pointee.bits.store(rest | spread.bits(half: half), ordering: .releasing)
    if !spread.orders && !isMerged { return true }
    return merge(RCK_KIND_ACCOUNT, half) && merge(RCK_KIND_STRATEGY, half) && merge(RCK_KIND_INSTRUMENT, half)
  }

  private func merge(_ kind: Int32, _ half: UInt64) -> Bool {
    var id: UInt32 = 1
    while Int(id) <= capacity(Int(kind)) {
      if isDefined(kind, id) && !merge(kind, id, groups(kind, id), half) { return false }
      id &+= 1
    }
    return true
  }

  /// Lowers a member's levels to those of its groups, and of the engine.
  private func merge(_ kind: Int32, _ id: UInt32, _ groups: Groups, _ half: UInt64) -> Bool {
    let scopeKind =
      kind == RCK_KIND_ACCOUNT
      ? RCK_SCOPE_ACCOUNT : kind == RCK_KIND_STRATEGY ? RCK_SCOPE_STRATEGY : RCK_SCOPE_INSTRUMENT
    guard let scope = scope(scopeKind, id), let global = self.scope(RCK_SCOPE_GLOBAL, 0) else { return false }
    var slot = BoundSlot.quantity
    while slot <= BoundSlot.notional {
      var short = ownShort(scope, half, slot)
      if kind == RCK_KIND_ACCOUNT { short = max(short, global.lowest(half).short(slot)) }
      _ = groups.each { _, id in
        if let group = self.scope(RCK_SCOPE_ACCOUNT_GROUP, id) {
          short = max(short, group.lowest(half).short(slot))
        }
        return true
      }
      scope.lowestWord(half, slot).pointee.bits.store(UInt64(bitPattern: short), ordering: .releasing)
      scope.setArmed(half, slot, short != 0)
      slot &+= 1
    }
    return true
  }

  /// By how much the lowest level of a scope's own bounds falls short of Int64.max.
  private func ownShort(_ scope: Scope, _ half: UInt64, _ slot: Int) -> Int64 {
    let found = scope.bounds(half, slot)
    let first = Int(truncatingIfNeeded: found & BoundSlot.firstMask)
    var (short, index) = (Int64(0), first)
    while index < first &+ Int(truncatingIfNeeded: found &>> 24) {
      var bound = Bound()
      self.bound(index).loadWords(&bound)
      short = max(short, Int64.max &- bound.lowest)
      index &+= 1
    }
    return short
  }

  /// A party or an instrument of these groups is about to be found: it is counted in their totals, and has their
  /// levels. False: the memory is damaged.
  func join(_ kind: Int32, _ id: UInt32, _ groups: Groups) -> Bool {
    if keepsTotals && kind != RCK_KIND_INSTRUMENT && !cover(kind, id, groups) { return false }
    let half = generation & 1
    return !hasWideOrders(half) || merge(kind, id, groups, half)
  }
}
