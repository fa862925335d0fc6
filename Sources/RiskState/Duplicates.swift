import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Which orders passed lately: a table from what makes two orders equal to when the last such order passed. Places are
/// taken in a circle, by a cursor that every taker moves; of the next eight places the first that is free, or older
/// than the longest window in force, is taken, and if there is none the table is full. 32 bytes each:
///
///   0    link and key of the table
///   16   {life, time}: how often the place was taken or renewed; 0 free, or when the order passed, or `made`
///
/// Only who moved the cursor past a place may take it, by a swap of the pair to `made`; then it belongs to the taker
/// until the pair has a time again. Whoever renews the time of a key swaps the pair that was read while the key led to
/// it, so a place that was taken meanwhile makes the swap fail: its life has moved on. Two equal orders meet in the
/// table's one winner for a key, or in the swap of one pair.
public struct Duplicates<D: Discipline> {
  let state: State
  let table: Table<D>
  private let nodes: UnsafeMutableRawPointer

  static var each: Int { 32 }
  static var pairAt: Int { 16 }
  /// Places that a taker looks at.
  public static var looks: Int { 8 }
  /// Being taken or given back: no time is that late.
  static var made: Int64 { Int64.max }
  static var triesMax: Int { 256 }

  @inline(__always)
  public init(_ state: State) {
    self.state = state
    let (nodes, count) = state.region.place(of: Sections.duplicates)
    let (buckets, bucketCount) = state.region.place(of: Sections.duplicateBuckets)
    self.nodes = nodes
    table = Table(
      nodes: nodes, stride: Self.each, capacity: count, buckets: buckets, bucketCount: bucketCount)
  }

  private func node(_ index: Int) -> UnsafeMutableRawPointer { nodes + index &* Self.each }
  private func pair(_ index: Int) -> WordPair { node(index).halves(Self.pairAt) }
  private static func time(_ pair: WordPair) -> Int64 { Int64(truncatingIfNeeded: pair.second) }
  private static func life(_ pair: WordPair) -> Int64 { Int64(truncatingIfNeeded: pair.first) }

  private func replace(_ index: Int, _ pair: WordPair, life: Int64, time: Int64) -> Bool {
    let next = WordPair(first: UInt(truncatingIfNeeded: life), second: UInt(truncatingIfNeeded: time))
    return D.replace(node(index).pair(Self.pairAt), pair, by: next)
  }

  private var cursor: WordPointer { state.region.hot(Region.Hot.duplicateCursor) }

  private func place(_ ticket: UInt64) -> Int {
    Int(truncatingIfNeeded: ticket % UInt64(truncatingIfNeeded: max(table.capacity, 1)))
  }

  private static func isFree(_ pair: WordPair, now: Int64, longest: Int64) -> Bool {
    let time = time(pair)
    return time == 0 || time != made && now &- time >= longest
  }

  /// When an order of this key passed last; nil: none did that is remembered.
  public func last(_ key: UInt64) -> Int64? {
    guard case .found(let index) = table.find(key) else { return nil }
    let time = Self.time(pair(index))
    // The place may have gone to another key since.
    guard time != 0, time != Self.made, case .found(index) = table.find(key) else { return nil }
    return time
  }

  /// Whether an order whose key is not there would find a place.
  public func hasPlace(now: Int64, longest: Int64) -> Bool {
    let first = cursor.pointee.bits.load(ordering: .relaxed)  // a look
    var ahead: UInt64 = 0
    while ahead < UInt64(truncatingIfNeeded: Self.looks) {
      if Self.isFree(pair(place(first &+ ahead)), now: now, longest: longest) { return true }
      ahead &+= 1
    }
    return false
  }

  public enum Taken {
    /// To be given back with these.
    case taken(index: Int, life: Int64, since: Int64)
    /// One passed less than `apart` ago.
    case duplicate
    case full
    case contended
    case broken
  }

  /// Remembers that an order of this key passes now, unless one did less than `apart` before.
  public func take(_ key: UInt64, now: Int64, apart: Int64, longest: Int64) -> Taken {
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      switch table.find(key) {
      case .broken: return .broken
      case .found(let index):
        let held = pair(index)
        let last = Self.time(held)
        if last == 0 || last == Self.made { continue }
        guard case .found(index) = table.find(key) else { continue }
        if apart > 0 && now &- last < apart { return .duplicate }
        let life = Self.life(held) &+ 1
        if replace(index, held, life: life, time: max(now, last)) {
          return .taken(index: index, life: life, since: last)
        }
      case .absent:
        guard let index = claim(now: now, longest: longest) else { return .full }
        if index < 0 { return .broken }
        let held = pair(index)
        // Before the key leads here. Nobody else moves the pair of a place that is being made.
        if !replace(index, held, life: Self.life(held), time: now) { return .broken }
        switch table.insert(key, at: index) {
        case .inserted: return .taken(index: index, life: Self.life(held), since: 0)
        case .broken: return .broken
        case .present: if !replace(index, pair(index), life: Self.life(held), time: 0) { return .broken }
        }
      }
    }
    return .contended
  }

  /// A place that is nobody else's, its key out of the table, its pair `made`. Nil: full. Negative: damaged.
  private func claim(now: Int64, longest: Int64) -> Int? {
    var looks = Self.looks
    while looks > 0 {
      let ticket = cursor.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      let index = place(ticket)
      let held = pair(index)
      if !D.replace(cursor, ticket, by: ticket &+ 1) { continue }
      looks &-= 1
      guard Self.isFree(held, now: now, longest: longest),
        replace(index, held, life: Self.life(held) &+ 1, time: Self.made)
      else { continue }
      return Self.time(held) == 0 || clear(index) ? index : -1
    }
    return nil
  }

  /// Takes the key of a place that is being made out of the table.
  private func clear(_ index: Int) -> Bool {
    if case .removed(index) = table.remove(table.key(of: index)) { return true }
    return false
  }

  /// The order was not entered: what was before is there again, unless others have moved on from it.
  public func undo(_ index: Int, life: Int64, since: Int64) {
    guard index < table.capacity else { return }
    let held = pair(index)
    let time = Self.time(held)
    guard Self.life(held) == life, time != 0, time != Self.made else { return }
    if since != 0 {
      // As it was, so that a leg before it can be withdrawn in its turn.
      _ = replace(index, held, life: life &- 1, time: since)
    } else if replace(index, held, life: life, time: Self.made), clear(index) {
      _ = replace(index, pair(index), life: life &+ 1, time: 0)
    }
  }

  // MARK: What makes two orders equal

  /// 64 bits of account, instrument, side, price, stop price and quantity. Of two that differ they are the same by
  /// chance once in 2^64.
  public static func key(_ asked: Asked) -> UInt64 {
    // A step each, so that no two inputs can cancel each other.
    var hash = mix(UInt64(asked.account) &<< 32 | UInt64(asked.instrument))
    hash = mix(hash ^ UInt64(asked.side))
    hash = mix(hash ^ UInt64(bitPattern: asked.terms.price))
    hash = mix(hash ^ UInt64(bitPattern: asked.terms.stop))
    return mix(hash ^ UInt64(bitPattern: asked.terms.quantity))
  }

  // MARK: Re-opening

  /// Alone. What was being made is free; what its key does not lead to is too. False: damaged.
  func recover() -> Bool {
    guard table.recover() != nil else { return false }
    var index = 0
    while index < table.capacity {
      let held = pair(index)
      let time = Self.time(held)
      let isLinked = table.find(table.key(of: index)) == .found(index)
      let isKept = time > 0 && time <= Int64(RCK_TIME_NS_MAX) && isLinked
      if !isKept {
        if isLinked, !clear(index) { return false }
        let freed = WordPair(first: held.first &+ 1, second: 0)
        if time != 0, !ManyWriters.replace(node(index).pair(Self.pairAt), held, by: freed) { return false }
      }
      index &+= 1
    }
    return true
  }
}

/// A bijection, of the output of a counter-based generator (splitmix64).
func mix(_ word: UInt64) -> UInt64 {
  var word = word &+ 0x9e37_79b9_7f4a_7c15
  word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
  word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
  return word ^ (word &>> 31)
}

extension State {
  /// The longest window in which duplicates are refused, by the limits of a half.
  public func duplicateWindow(_ half: UInt64) -> Int64 {
    Int64(
      bitPattern: region.hot(Region.Hot.duplicateWindows &+ Int(truncatingIfNeeded: half & 1))
        .pointee.bits.load(ordering: .acquiring))  // before the look at the generation
  }

  func setDuplicateWindow(_ half: UInt64, _ window: Int64) {
    region.hot(Region.Hot.duplicateWindows &+ Int(truncatingIfNeeded: half & 1))
      .pointee.bits.store(UInt64(bitPattern: window), ordering: .releasing)
  }
}
