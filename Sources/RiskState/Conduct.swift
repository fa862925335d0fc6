import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What an account or a strategy has sent, and what came of it: the second line beside its book, see Results. Kept from
/// the publication of the first limit on it, for good.
///
///   64   messages of the day; 72 trades of the day; 80 orders in a row that the venue has rejected
///   88   how many orders that were filled have been noted, of an account; 96 how many have disabled it: see Patterns
///
/// Each is one word {era 16, count 48}. What begins anew is of the next era, and what is taken back is taken back only
/// in the era that it was counted in. Messages and rejected orders count before what they stand for can be seen: a kill
/// counts one too much, never one too little. Trades, of which more are allowed more messages, count after. Under
/// either discipline by the same code: an administrator re-arms.
public struct Conduct {
  private let memory: UnsafeMutableRawPointer

  /// Of a book row that there is.
  @inline(__always)
  init(_ state: State, row: Int) {
    memory = state.region.start(of: Sections.results) + row &* Int(Sections.resultsBytes)
  }

  enum Counter {
    static var messages: Int { 64 }
    static var trades: Int { 72 }
    static var rejects: Int { 80 }
    static var patterns: Int { 88 }
    static var disabled: Int { 96 }
  }

  private static var eraShift: UInt64 { 48 }
  private static var countMask: UInt64 { 1 << 48 - 1 }

  private func word(_ counter: Int) -> UInt64 {
    memory.word(counter).pointee.bits.load(ordering: .acquiring)  // the one that is asked for first, first
  }

  private func count(_ counter: Int) -> Int64 { Int64(bitPattern: word(counter) & Conduct.countMask) }

  /// The messages and the trades of the day. While that begins there are no trades yet.
  public var day: (messages: Int64, trades: Int64) {
    let (trades, messages) = (word(Counter.trades), word(Counter.messages))
    let isWhole = trades &>> Conduct.eraShift == messages &>> Conduct.eraShift
    let counted = isWhole ? trades & Conduct.countMask : 0
    return (Int64(bitPattern: messages & Conduct.countMask), Int64(bitPattern: counted))
  }

  public var rejects: Int64 { count(Counter.rejects) }

  /// How many filled orders of one pattern have disabled it; 0: it is not disabled.
  public var disabled: Int64 { count(Counter.disabled) }

  func era(_ counter: Int) -> UInt64 { word(counter) &>> Conduct.eraShift }

  /// False: it is disabled already, or was armed again since that era.
  func disable(_ orders: Int64, _ era: UInt64) -> Bool {
    let armed = era &<< Conduct.eraShift
    // 0 orders would be none: a level of 0 is reached with the first.
    return ManyWriters.replace(
      memory.word(Counter.disabled), armed, by: armed | UInt64(bitPattern: max(orders, 1)))
  }

  /// Counts one; the era that it is counted in, plus one.
  func add(_ counter: Int) -> UInt32 {
    let old = ManyWriters.add(memory.cell(counter), 1)
    return UInt32(truncatingIfNeeded: UInt64(bitPattern: old) &>> Conduct.eraShift) &+ 1
  }

  /// Takes one back that was counted in an era.
  func takeBack(_ counter: Int, _ era: UInt32) {
    var now = word(counter)
    while now &>> Conduct.eraShift &+ 1 == UInt64(era) && now & Conduct.countMask != 0 {
      if ManyWriters.replace(memory.word(counter), now, by: now &- 1) { return }
      now = word(counter)
    }
  }

  /// Begins anew. False: it is at 0.
  func clear(_ counter: Int) -> Bool {
    var now = word(counter)
    while now & Conduct.countMask != 0 {
      if ManyWriters.replace(memory.word(counter), now, by: next(now)) { return true }
      now = word(counter)
    }
    return false
  }

  /// Trades begin after messages: see `day`.
  func beginDay() {
    // Nor is anything here that was never used.
    if word(Counter.messages) | word(Counter.trades) == 0 { return }
    begin(Counter.messages)
    begin(Counter.trades)
  }

  private func begin(_ counter: Int) {
    while true {
      let now = word(counter)
      if ManyWriters.replace(memory.word(counter), now, by: next(now)) { return }
    }
  }

  private func next(_ word: UInt64) -> UInt64 { (word &>> Conduct.eraShift &+ 1) &<< Conduct.eraShift }

  /// A kill may have come while a day began.
  func recover() {
    let (messages, trades) = (word(Counter.messages), word(Counter.trades))
    let era = messages & ~Conduct.countMask
    if era != trades & ~Conduct.countMask {
      memory.word(Counter.trades).pointee.bits.store(era, ordering: .relaxed)  // alone
    }
  }
}

/// What was counted for an order's account and for its strategy: the eras, each plus one; 0: nothing.
public struct Counted {
  var account: UInt32 = 0
  var strategy: UInt32 = 0

  public init() {}

  @inline(__always) public var isNothing: Bool { account | strategy == 0 }
}

extension Scope {
  /// The conduct of the account or strategy is kept.
  @inline(__always)
  public var keepsConduct: Bool { tracking & Scope.trackConduct != 0 }
}

extension Desk {
  /// Calls `visit` with the conduct that is kept of an account and a strategy, which may be 0.
  @inline(__always)
  private func each(_ account: UInt32, _ strategy: UInt32, _ visit: (Conduct, _ ofStrategy: Bool) -> Void) {
    if let scope = state.scope(RCK_SCOPE_ACCOUNT, account), scope.keepsConduct {
      visit(Conduct(state, row: books.row(account, strategy: false)), false)
    }
    if strategy != 0, let scope = state.scope(RCK_SCOPE_STRATEGY, strategy), scope.keepsConduct {
      visit(Conduct(state, row: books.row(strategy, strategy: true)), true)
    }
  }

  private func add(_ counter: Int, _ account: UInt32, _ strategy: UInt32) -> Counted {
    var counted = Counted()
    each(account, strategy) { conduct, ofStrategy in
      let era = conduct.add(counter)
      if ofStrategy { counted.strategy = era } else { counted.account = era }
    }
    return counted
  }

  private func takeBack(_ counter: Int, _ counted: Counted, _ account: UInt32, _ strategy: UInt32) {
    if counted.isNothing { return }
    each(account, strategy) { conduct, ofStrategy in
      let era = ofStrategy ? counted.strategy : counted.account
      if era != 0 { conduct.takeBack(counter, era) }
    }
  }

  /// Counts a message that has passed, before it can be seen.
  @inline(never)
  public func countMessage(_ account: UInt32, _ strategy: UInt32) -> Counted {
    add(Conduct.Counter.messages, account, strategy)
  }

  /// It has not passed after all.
  @inline(never)
  public func takeBackMessage(_ counted: Counted, _ account: UInt32, _ strategy: UInt32) {
    takeBack(Conduct.Counter.messages, counted, account, strategy)
  }

  func countReject(_ order: Order) -> Counted { add(Conduct.Counter.rejects, order.account, order.strategy) }

  func takeBackReject(_ counted: Counted, _ order: Order) {
    takeBack(Conduct.Counter.rejects, counted, order.account, order.strategy)
  }

  /// A trade that was applied.
  func countTrade(_ order: Order) {
    _ = add(Conduct.Counter.trades, order.account, order.strategy)
    clearRejects(order)
  }

  /// The venue has done something else with an order than reject it.
  func clearRejects(_ order: Order) {
    each(order.account, order.strategy) { conduct, _ in _ = conduct.clear(Conduct.Counter.rejects) }
  }
}

extension Books {
  /// The conduct beside a row; nil if there is no such row.
  public func conduct(_ row: Int) -> Conduct? {
    UInt(bitPattern: row) < UInt(bitPattern: rows.rows) ? Conduct(state, row: row) : nil
  }
}
