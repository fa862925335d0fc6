import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// An order as it is asked about: a new one, or a live one under new terms.
public struct Ask {
  public var id: UInt64 = 0
  public var correlation: UInt64 = 0
  public var account: UInt32 = 0
  public var strategy: UInt32 = 0
  public var instrument: UInt32 = 0
  public var venue: UInt32 = 0
  public var side: UInt8 = 0
  public var type: UInt8 = 0
  public var force: UInt8 = 0
  public var flags: UInt32 = 0
  public var price: Int64 = 0
  public var stop: Int64 = 0
  public var quantity: Int64 = 0
  public var time_ns: Int64 = 0
  /// RCK_MEASURE_NEW or RCK_MEASURE_MODIFY: as what it counts in the rates.
  public var message: Int32 = RCK_MEASURE_NEW

  public init() {}

  @inline(__always) var isBuy: Bool { side == UInt8(RCK_SIDE_BUY) }
}

/// What an exam has gathered. Below 1,024 bytes, or it would not be on the stack.
struct Notes {
  var asked: UnsafePointer<Ask>
  /// Generation of the limits that apply, and the half of the table that it uses.
  var generation: UInt64
  var half: UInt64
  /// What the ids name. Nil: not defined.
  var account: Scope?
  var strategy: Scope?
  var instrument: Scope?
  var accountTerms: Party
  var strategyTerms: Party
  var terms: Instrument
  var market: Market
  /// The price that the order is valued at, and what it comes to at that: the whole of it, and what it holds
  /// in its rows from now on.
  var worth: Int64
  var value: Int64
  var heldQuantity: Int64
  var heldValue: Int64
  /// Both can be relied on; otherwise why not.
  var isValued: Bool
  var trouble: rck_status
  /// What a live order that is amended holds until then.
  var formerQuantity: Int64
  var formerValue: Int64
  /// Rows as they were read: their words, and what they hold.
  var row: Int?
  var rowWord: UInt64
  var old: Holding
  var book: Book
  var bookWord: UInt64
  /// What they come to with the order in them.
  var what: What
  var strategyRow: Int?
  var strategyRowWord: UInt64
  var strategyOld: Holding
  var strategyBook: Book
  var strategyBookWord: UInt64
  /// In which of the strategy's sums the order is, and in which it may be: one that is amended stays where it is.
  var tracking: UInt64
  var trackable: UInt64
  var isReducing: Bool
  var findings: Findings
}

/// The notes by their names, in place.
extension Exam {
  @inline(__always) var ask: Ask { unsafeAddress { notes.pointee.asked } }
  @inline(__always) var generation: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.generation) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.generation) { $0 } }
  }
  @inline(__always) var half: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.half) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.half) { $0 } }
  }
  @inline(__always) var account: Scope? {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.account) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.account) { $0 } }
  }
  @inline(__always) var strategy: Scope? {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategy) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategy) { $0 } }
  }
  @inline(__always) var instrument: Scope? {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.instrument) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.instrument) { $0 } }
  }
  @inline(__always) var accountTerms: Party {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.accountTerms) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.accountTerms) { $0 } }
  }
  @inline(__always) var strategyTerms: Party {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyTerms) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyTerms) { $0 } }
  }
  @inline(__always) var terms: Instrument {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.terms) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.terms) { $0 } }
  }
  @inline(__always) var market: Market {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.market) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.market) { $0 } }
  }
  @inline(__always) var worth: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.worth) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.worth) { $0 } }
  }
  @inline(__always) var value: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.value) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.value) { $0 } }
  }
  @inline(__always) var heldQuantity: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.heldQuantity) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.heldQuantity) { $0 } }
  }
  @inline(__always) var heldValue: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.heldValue) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.heldValue) { $0 } }
  }
  @inline(__always) var isValued: Bool {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.isValued) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.isValued) { $0 } }
  }
  @inline(__always) var trouble: rck_status {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.trouble) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.trouble) { $0 } }
  }
  @inline(__always) var formerQuantity: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.formerQuantity) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.formerQuantity) { $0 } }
  }
  @inline(__always) var formerValue: Int64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.formerValue) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.formerValue) { $0 } }
  }
  @inline(__always) var row: Int? {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.row) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.row) { $0 } }
  }
  @inline(__always) var rowWord: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.rowWord) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.rowWord) { $0 } }
  }
  @inline(__always) var old: Holding {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.old) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.old) { $0 } }
  }
  @inline(__always) var book: Book {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.book) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.book) { $0 } }
  }
  @inline(__always) var bookWord: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.bookWord) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.bookWord) { $0 } }
  }
  @inline(__always) var what: What {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.what) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.what) { $0 } }
  }
  @inline(__always) var strategyRow: Int? {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyRow) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyRow) { $0 } }
  }
  @inline(__always) var strategyRowWord: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyRowWord) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyRowWord) { $0 } }
  }
  @inline(__always) var strategyOld: Holding {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyOld) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyOld) { $0 } }
  }
  @inline(__always) var strategyBook: Book {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyBook) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyBook) { $0 } }
  }
  @inline(__always) var strategyBookWord: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.strategyBookWord) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.strategyBookWord) { $0 } }
  }
  @inline(__always) var tracking: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.tracking) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.tracking) { $0 } }
  }
  @inline(__always) var trackable: UInt64 {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.trackable) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.trackable) { $0 } }
  }
  @inline(__always) var isReducing: Bool {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.isReducing) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.isReducing) { $0 } }
  }
  @inline(__always) var findings: Findings {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.findings) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.findings) { $0 } }
  }
}

/// Everything that the controls look at while one order is checked, gathered once. It reserves nothing. The
/// exam is a name for notes on the caller's stack: it is handed from control to control by value.
struct Exam<D: Discipline> {
  let desk: Desk<D>
  let notes: UnsafeMutablePointer<Notes>

  /// Begins the notes at `memory`, which need not hold anything. `ask` outlives them.
  @inline(__always)
  init(_ desk: Desk<D>, _ ask: UnsafePointer<Ask>, at memory: UnsafeMutablePointer<Notes>) {
    self.desk = desk
    notes = memory
    notes.pointee.asked = ask
    // Acquire: the bounds of that generation were written before.
    generation = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .acquiring)
    half = generation & 1
    account = nil
    strategy = nil
    instrument = nil
    heldQuantity = ask.pointee.quantity
    heldValue = 0
    worth = 0
    value = 0
    formerQuantity = 0
    formerValue = 0
    isValued = false
    trouble = RCK_OK
    row = nil
    rowWord = 0
    strategyRow = nil
    strategyRowWord = 0
    tracking = 0
    trackable = Scope.trackBook | Scope.trackRows
    isReducing = false
    findings = Findings()
  }

  /// Room for notes, on the stack.
  @inline(__always)
  static func begin<Result>(_ body: (UnsafeMutablePointer<Notes>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Notes.self, capacity: 1) { room in
      body(room.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Whether the limits are still those that were looked at.
  @inline(__always)
  var isCurrent: Bool {
    let now = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .relaxed)
    return now == generation  // the loads of the bounds before it acquired
  }

  /// Calls `weigh` with every bound in a slot of a scope that applies to the order.
  @inline(__always)
  func bounds(_ scope: Scope?, _ slot: Int, _ weigh: (UnsafeMutableRawPointer) -> Void) {
    guard let scope else { return }
    bounds(scope.bounds(half, slot), weigh)
  }

  @inline(__always)
  func bounds(_ found: UInt32, _ weigh: (UnsafeMutableRawPointer) -> Void) {
    if found == 0 { return }
    let first = Int(truncatingIfNeeded: found & 0xFF_FFFF)
    let end = first &+ Int(truncatingIfNeeded: found &>> 24)
    var index = first
    while index < end {
      let bound = desk.state.bound(half, index)
      let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // before the look at the generation
      let side = UInt8(truncatingIfNeeded: shape)
      let type = UInt8(truncatingIfNeeded: shape &>> 8)
      if (side == 0 || side == ask.side) && (type == 0 || type == ask.type) { weigh(bound) }
      index &+= 1
    }
  }

  // MARK: Rows

  /// The row as it becomes: an amended order holds the larger of old and new.
  @inline(__always)
  func reserved(_ holding: Holding) -> Holding {
    var new = holding
    new.open(
      buy: ask.isBuy, max(heldQuantity &- formerQuantity, 0), max(heldValue &- formerValue, 0))
    return new
  }

  @inline(__always)
  var margin_bps: Int64 { terms.margin_bps(accountTerms.marginClass) }

  /// Reads the rows that the order would be in. False: the memory is damaged, or they move on and on.
  @inline(__always)
  func readRows() -> Bool {
    switch desk.positions.find(ask.account, ask.instrument, strategy: false) {
    case .row(let found):
      row = found
      guard let word = desk.positions.read(found, &notes.pointee.old) else { return false }
      rowWord = word
    case .absent: old = Holding()
    default: return false
    }
    guard let word = desk.books.read(desk.books.row(ask.account, strategy: false), &notes.pointee.book) else {
      return false
    }
    bookWord = word
    if let strategy, strategy.tracking != 0 {
      if !readStrategyRows(strategy) { return false }
      tracking &= trackable
    }
    if ask.type == UInt8(RCK_TYPE_MARKET) || isCollared(instrument) || isCollared(account)
      || isCollared(strategy)
    {
      return desk.markets.read(ask.instrument, &notes.pointee.market) != nil
    }
    return true
  }

  @inline(__always)
  private func isCollared(_ scope: Scope?) -> Bool {
    guard let scope else { return false }
    return scope.bounds(half, BoundSlot.collar) != 0
  }

  @inline(never)
  private func readStrategyRows(_ scope: Scope) -> Bool {
    let strategies = desk.books.row(ask.strategy, strategy: true)
    guard let word = desk.books.read(strategies, &notes.pointee.strategyBook) else { return false }
    strategyBookWord = word
    tracking = scope.tracking & Scope.trackBook
    switch desk.positions.find(ask.strategy, ask.instrument, strategy: true) {
    case .row(let found):
      if scope.tracking & Scope.trackRows == 0 && !desk.positions.isTracked(found) { return true }
      strategyRow = found
      tracking |= Scope.trackRows
      guard let word = desk.positions.read(found, &notes.pointee.strategyOld) else { return false }
      strategyRowWord = word
      return true
    case .absent:
      strategyOld = Holding()  // notes begin with whatever was on the stack
      tracking |= scope.tracking & Scope.trackRows
      return true
    default: return false
    }
  }

  var instrumentPlace: Place { Place(RCK_SCOPE_INSTRUMENT, ask.instrument) }
  var accountPlace: Place { Place(RCK_SCOPE_ACCOUNT, ask.account) }
  var strategyPlace: Place { Place(RCK_SCOPE_STRATEGY, ask.strategy) }
}
