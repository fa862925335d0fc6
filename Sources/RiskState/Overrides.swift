import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What an override is about, in ten words: written before its id is, and as it was until its place goes to another.
public struct OverrideTerms {
  public var expiry_ns: Int64 = 0
  /// 0: of a scope.
  public var order: UInt64 = 0
  public var scopeKind: UInt32 = 0
  /// 0: every control that an override can waive.
  public var control: UInt32 = 0
  public var id: UInt32 = 0
  public var instrument: UInt32 = 0
  /// Of these two 0 is no bound.
  public var quantity: Int64 = 0
  public var count: UInt32 = 0
  public var actor: UInt32 = 0
  public var reason = Name.empty

  public init() {}
}

/// What is left of an override: the two words that change by one compare-and-swap.
///
///   first   {orders left 32, id 32}; an id of 0 says that the place is free
///   second  {0, removed 1, holds 8, quantity left 54}
///
/// A hold is an order in flight that has taken its part and is neither entered nor given up: a port has one at most.
public struct OverrideTally: Equatable {
  public var id: UInt32
  public var count: UInt32
  public var quantity: Int64
  var holds: UInt64
  var isRemoved: Bool

  private static var holdsShift: UInt64 { 54 }
  private static var removedShift: UInt64 { 62 }

  init(id: UInt32, _ terms: OverrideTerms) {
    self.id = id
    count = terms.count
    quantity = terms.quantity
    holds = 0
    isRemoved = false
  }

  init(_ pair: WordPair) {
    let (first, second) = (UInt64(pair.first), UInt64(pair.second))
    id = UInt32(truncatingIfNeeded: first)
    count = UInt32(truncatingIfNeeded: first &>> 32)
    quantity = Int64(bitPattern: second & (1 &<< Self.holdsShift &- 1))
    holds = (second &>> Self.holdsShift) & 0xff
    isRemoved = (second &>> Self.removedShift) & 1 != 0
  }

  var pair: WordPair {
    let removed: UInt64 = isRemoved ? 1 &<< Self.removedShift : 0
    return WordPair(
      first: UInt(truncatingIfNeeded: UInt64(count) &<< 32 | UInt64(id)),
      second: UInt(truncatingIfNeeded: removed | holds &<< Self.holdsShift | UInt64(bitPattern: quantity)))
  }

  /// Whether it has room for an order of a quantity, which is positive.
  func has(room quantity: Int64, _ terms: OverrideTerms) -> Bool {
    !isRemoved && (terms.count == 0 || count != 0) && (terms.quantity == 0 || quantity <= self.quantity)
  }
}

/// The place of one override, on two lines: its tally, and its terms. Holds keep a place from going to
/// another override while an order may still give back.
///
/// Ids are never given twice. So who has read a tally, and then the terms, knows by the id that is there afterwards
/// that they belong together; and a swap of a tally that names the id proves it as well. Locked also where one port
/// writes: setting and removing are the administrator's.
struct OverridePlace {
  private let memory: UnsafeMutableRawPointer

  static var termsAt: Int { 16 }

  init(_ memory: UnsafeMutableRawPointer) { self.memory = memory }

  /// Halves that were not read at one instant: each was true at some, and a swap proves both.
  @inline(__always)
  var tally: OverrideTally { OverrideTally(memory.halves(0)) }

  var terms: OverrideTerms {
    var terms = OverrideTerms()
    (memory + Self.termsAt).loadWords(&terms)
    return terms
  }

  func swap(_ old: OverrideTally, by new: OverrideTally) -> Bool {
    ManyWriters.replace(memory.pair(0), old.pair, by: new.pair)
  }

  /// Tally and terms of what is there now; nil: nothing, or it has just gone.
  func read() -> (tally: OverrideTally, terms: OverrideTerms)? {
    let before = tally
    if before.id == 0 { return nil }
    let terms = terms
    let after = tally  // the terms were loaded before it: acquiring
    return after.id == before.id ? (after, terms) : nil
  }

  /// Puts an override into a free place. Under the administrator's turn, and nobody swaps a tally whose id is 0.
  func fill(_ id: UInt32, _ terms: OverrideTerms) {
    // Release: who reads a word of these sees that the id before is gone.
    (memory + Self.termsAt).storeWords(terms)
    _ = swap(tally, by: OverrideTally(id: id, terms))
  }

  // MARK: By who checks an order

  /// Takes an order's part. False: there is not enough left, or it has gone.
  func take(_ id: UInt32, _ quantity: Int64) -> Bool {
    while true {
      let (now, terms) = (tally, terms)
      guard now.id == id, now.has(room: quantity, terms) else { return false }
      var after = now
      if terms.count != 0 { after.count &-= 1 }
      if terms.quantity != 0 { after.quantity &-= quantity }
      after.holds &+= 1
      // Otherwise others have moved it: each time one of them is done.
      if swap(now, by: after) { return true }
    }
  }

  /// Ends the hold of an order that has taken its part; one that was not entered gives it back.
  func end(_ id: UInt32, _ quantity: Int64, isEntered: Bool) {
    while true {
      let now = tally
      if now.id != id { return }  // not while there is a hold
      var after = now
      if !isEntered {
        let terms = terms
        if terms.count != 0 { after.count &+= 1 }
        if terms.quantity != 0 { after.quantity &+= quantity }
      }
      after.holds &-= 1
      if swap(now, by: after) { return }
    }
  }
}

/// Overrides: leave for orders to pass hard levels of limits, for one order or one scope, so often or so much, until a
/// time. Set and removed under the administrator's turn, used by any port.
public struct Overrides {
  private let start: UnsafeMutableRawPointer
  private let count: Int
  let state: State

  public init(_ state: State) {
    (start, count) = state.region.place(of: Sections.overrides)
    self.state = state
  }

  func place(_ index: Int) -> OverridePlace {
    OverridePlace(start + index &* Int(truncatingIfNeeded: Sections.overrideBytes))
  }

  /// One more than the last place in which an override may be live: 0 as long as there is none.
  private var end: WordPointer { state.region.hot(Region.Hot.overrides) }

  func isEnded(_ tally: OverrideTally, _ terms: OverrideTerms, at latest: Int64) -> Bool {
    terms.expiry_ns <= latest || !tally.has(room: 1, terms)
  }

  // MARK: By who checks an order

  /// Calls `visit` with those that have room for an order of a quantity, and do not expire by a time.
  public func eachUsable(
    _ quantity: Int64, at time_ns: Int64,
    _ visit: (_ index: Int, _ id: UInt32, _ terms: OverrideTerms) -> Void
  ) {
    let last = Int(truncatingIfNeeded: end.pointee.bits.load(ordering: .acquiring))  // they were set before
    var index = 0
    while index < min(last, count) {
      if let (tally, terms) = place(index).read(), terms.expiry_ns > time_ns,
        tally.has(room: quantity, terms)
      {
        visit(index, tally.id, terms)
      }
      index &+= 1
    }
  }

  public func take(_ index: Int, _ id: UInt32, _ quantity: Int64) -> Bool { place(index).take(id, quantity) }

  public func end(_ index: Int, _ id: UInt32, _ quantity: Int64, isEntered: Bool) {
    place(index).end(id, quantity, isEntered: isEntered)
  }

  // MARK: Under the administrator's turn

  /// Puts an override into the first place that nobody needs; nil if there is none.
  func enter(_ terms: OverrideTerms) -> UInt32? {
    let (latest, ids) = (state.latest, state.region.count(State.Count.overrideIds))
    let given = ids.pointee.value.load(ordering: .relaxed)  // under the turn
    if given >= Int64(UInt32.max) { return nil }
    var index = 0
    while index < count {
      if free(index, at: latest) {
        let id = UInt32(truncatingIfNeeded: given &+ 1)
        // First, so that no id is ever given twice.
        ids.pointee.value.store(given &+ 1, ordering: .releasing)
        settle(atLeast: index &+ 1, at: latest)
        place(index).fill(id, terms)
        return id
      }
      index &+= 1
    }
    return nil
  }

  /// Frees a place unless it is needed: by an override that may be used, or by an order that may give back.
  private func free(_ index: Int, at latest: Int64) -> Bool {
    let place = place(index)
    while true {
      let now = place.tally
      if now.id == 0 { return true }
      if now.holds != 0 || !isEnded(now, place.terms, at: latest) { return false }
      var after = OverrideTally(id: 0, OverrideTerms())
      after.isRemoved = true
      // Otherwise an order took its part at this instant, and it is looked at again.
      if place.swap(now, by: after) { return true }
    }
  }

  /// Says how far checks have to look: past the last that is not ended, and at least so far.
  private func settle(atLeast least: Int, at latest: Int64) {
    var last = count
    while last > least {
      let place = place(last &- 1)
      let tally = place.tally
      if tally.id != 0 && (tally.holds != 0 || !isEnded(tally, place.terms, at: latest)) { break }
      last &-= 1
    }
    // Release: before the one that is set.
    end.pointee.bits.store(UInt64(truncatingIfNeeded: last), ordering: .releasing)
  }

  /// RCK_E_UNKNOWN: there is none of this id. RCK_REPEAT: it is removed.
  func remove(_ id: UInt32) -> (terms: OverrideTerms, status: rck_status) {
    guard id != 0, let index = index(of: id) else { return (OverrideTerms(), RCK_E_UNKNOWN) }
    let place = place(index)
    while true {
      let now = place.tally
      if now.isRemoved { return (place.terms, RCK_REPEAT) }
      var after = now
      after.isRemoved = true
      if place.swap(now, by: after) {
        settle(atLeast: 0, at: state.latest)
        return (place.terms, RCK_OK)
      }
    }
  }

  // MARK: Looking

  private func index(of id: UInt32) -> Int? {
    var index = 0
    while index < count {
      if place(index).tally.id == id { return index }
      index &+= 1
    }
    return nil
  }

  func read(_ id: UInt32) -> (tally: OverrideTally, terms: OverrideTerms)? {
    guard id != 0, let index = index(of: id) else { return nil }
    var (seen, tries) = (place(index).read(), 0)
    // Both halves of one instant, unless it is moved at every try.
    while let now = place(index).read(), now.tally != seen?.tally, tries < readTriesMax {
      seen = now
      tries &+= 1
    }
    return seen?.tally.id == id ? seen : nil
  }

  // MARK: Recovery, alone

  /// Ends the holds of orders that a kill interrupted, whose parts stay used. False: what is there could not have been
  /// set.
  func recover() -> Bool {
    let given = state.region.count(State.Count.overrideIds).pointee.value.load(ordering: .relaxed)
    var index = 0
    while index < count {
      let place = place(index)
      let now = place.tally
      if now.id != 0 {
        guard Int64(now.id) <= given, isSound(now, place.terms), self.index(of: now.id) == index else {
          return false
        }
        var after = now
        after.holds = 0
        if !place.swap(now, by: after) { return false }
      }
      index &+= 1
    }
    settle(atLeast: 0, at: state.latest)
    return true
  }

  private func isSound(_ tally: OverrideTally, _ terms: OverrideTerms) -> Bool {
    tally.count <= terms.count && tally.quantity <= terms.quantity && terms.expiry_ns > 0
      && terms.expiry_ns <= Int64(RCK_TIME_NS_MAX) && state.fault(of: rck_override(terms)) == nil
  }
}

extension State {
  /// Whether there may be an override that can be used.
  @inline(__always)
  public var hasOverrides: Bool {
    // Relaxed: who looks for them acquires.
    region.hot(Region.Hot.overrides).pointee.bits.load(ordering: .relaxed) != 0
  }
}

extension State.Count {
  /// Ids of overrides that were given.
  static var overrideIds: Int { 14 }
}
