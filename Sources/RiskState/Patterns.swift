import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Which orders of an account were filled lately: a ring of {pattern, time of the first fill}, an entry an order. An
/// entry is written whole, by one swap, and behind it whoever wrote it counts those of its pattern: of two fills at
/// once at least one sees both. Kept from the publication on of the first limit on repeated execution of the account,
/// or of a strategy that trades for it. A kill between a fill and its entry loses that entry.
///
/// Whether its orders have disabled an account or a strategy says a word of its Conduct, and the eras of both are part
/// of a pattern: what was filled before either was armed again is of no pattern that an order has now.
struct Patterns {
  private let entries: UnsafeMutableRawPointer
  private let most: Int
  private let written: CellPointer

  /// Of an account that there is.
  init(_ state: State, _ account: UInt32) {
    let section = state.region.section(Sections.orderHistory)
    let index = UInt64(account &- 1)
    entries = state.region.base + Int(truncatingIfNeeded: section.offset &+ index &* section.each)
    most = Int(truncatingIfNeeded: state.config.pointee.order_history_max)
    let row = Books<ManyWriters>(state).row(account, strategy: false)
    let results = state.region.start(of: Sections.results) + row &* Int(Sections.resultsBytes)
    written = results.cell(Conduct.Counter.patterns)
  }

  func add(_ pattern: UInt64, at time_ns: Int64) {
    let place = UInt64(bitPattern: ManyWriters.add(written, 1)) % UInt64(truncatingIfNeeded: max(most, 1))
    let at = Int(truncatingIfNeeded: place) &* Int(Sections.entryBytes)
    let entry = WordPair(first: UInt(truncatingIfNeeded: pattern), second: UInt(truncatingIfNeeded: time_ns))
    // Somebody may write the same place at this instant only if as many as there are have been filled in between.
    while !ManyWriters.replace(entries.pair(at), entries.halves(at), by: entry) {}
  }

  /// How many of a pattern are less than a window old.
  func count(_ pattern: UInt64, now: Int64, _ window_ns: Int64) -> Int64 {
    var (at, end, found) = (0, most &* Int(Sections.entryBytes), Int64(0))
    while at < end {
      // Sequentially consistent: after the swap of whoever looks, in the order that all threads see.
      let held = entries.word(at).pointee.bits.load(ordering: .sequentiallyConsistent)
      if held == pattern && now &- entries.loadInteger(at &+ 8) < window_ns
        // Otherwise that was the time of another, who has taken its place.
        && entries.word(at).pointee.bits.load(ordering: .acquiring) == pattern
      {
        found &+= 1
      }
      at &+= Int(Sections.entryBytes)
    }
    return found
  }
}

/// How often the account and the strategy of an order were armed again.
private struct Eras {
  var account: UInt64
  var strategy: UInt64 = 0
}

extension Asked {
  /// 64 bits of strategy, instrument, side, quantity, and eras. Of two that differ they are the same by chance once in
  /// 2^64. Never 0, which is no entry.
  fileprivate func pattern(_ eras: Eras) -> UInt64 {
    var hash = mix(UInt64(strategy) &<< 32 | UInt64(instrument))
    hash = mix(hash ^ UInt64(side) ^ eras.account &<< 8 ^ eras.strategy &<< 24)
    return max(mix(hash ^ UInt64(bitPattern: terms.quantity)), 1)
  }
}

extension Scope {
  fileprivate var keepsPatterns: Bool { tracking & Scope.trackPatterns != 0 }
}

/// Who was disabled by a fill: as many orders of a pattern, or 0.
public struct Disabled {
  public var account: Int64 = 0
  public var strategy: Int64 = 0

  public var isNobody: Bool { account | strategy == 0 }
}

extension Desk {
  private func conduct(_ kind: Int32, _ id: UInt32) -> Conduct {
    Conduct(state, row: books.row(id, strategy: kind == RCK_SCOPE_STRATEGY))
  }

  private func eras(_ asked: Asked) -> Eras {
    var eras = Eras(account: conduct(RCK_SCOPE_ACCOUNT, asked.account).era(Conduct.Counter.disabled))
    if asked.strategy != 0 {
      eras.strategy = conduct(RCK_SCOPE_STRATEGY, asked.strategy).era(Conduct.Counter.disabled)
    }
    return eras
  }

  /// How many orders like this one were filled less than a window ago.
  @inline(never)
  public func filled(_ asked: Asked, now: Int64, _ window_ns: Int64) -> Int64 {
    Patterns(state, asked.account).count(asked.pattern(eras(asked)), now: now, window_ns)
  }

  /// An order was filled for the first time.
  @inline(never)
  func countPattern(_ order: Order, time_ns: Int64) -> Disabled {
    var disabled = Disabled()
    let strategy = state.scope(RCK_SCOPE_STRATEGY, order.strategy)
    // What the memory says of an old order's parties need not be so.
    guard let account = state.scope(RCK_SCOPE_ACCOUNT, order.account), order.strategy == 0 || strategy != nil
    else { return disabled }
    if !account.keepsPatterns && strategy?.keepsPatterns != true { return disabled }
    let (patterns, eras) = (Patterns(state, order.account), eras(order.asked))
    let pattern = order.asked.pattern(eras)
    patterns.add(pattern, at: time_ns)
    // Of whoever is armed again from here on, nobody is disabled by it: the era is over.
    func judge(_ scope: Scope?, _ era: UInt64) -> Int64 {
      guard let scope, scope.keepsPatterns, let limit = repeatedExecution(scope) else { return 0 }
      let orders = patterns.count(pattern, now: time_ns, limit.window_ns)
      return orders >= limit.hard && conduct(scope.kind, scope.id).disable(orders, era) ? orders : 0
    }
    disabled.account = judge(account, eras.account)
    disabled.strategy = judge(strategy, eras.strategy)
    return disabled
  }

  /// The limit in force on a scope; nil: there is none.
  private func repeatedExecution(_ scope: Scope) -> (window_ns: Int64, hard: Int64)? {
    while true {
      let generation = state.generation
      let found = scope.bounds(generation & 1, BoundSlot.further)
      var limit: (window_ns: Int64, hard: Int64)?
      var index = Int(truncatingIfNeeded: found & BoundSlot.firstMask)
      let end = index &+ Int(truncatingIfNeeded: found &>> 24)
      while index < end {
        let bound = state.bound(index)
        // Before the look at the generation.
        let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)
        if Int32(truncatingIfNeeded: (shape &>> 32) & 0xff) == RCK_CONTROL_REPEATED_EXECUTION {
          limit = (bound.loadInteger(24), bound.loadInteger(16))
        }
        index &+= 1
      }
      if state.generation == generation { return limit }
    }
  }
}
