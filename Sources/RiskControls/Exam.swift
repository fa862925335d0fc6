import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// An order as it is asked about: a new one, or a live one under new terms.
public struct Ask {
  public var asked = Asked()
  public var flags: UInt32 = 0
  /// RCK_MEASURE_NEW or RCK_MEASURE_MODIFY: as what it counts in the rates.
  public var message: Int32 = RCK_MEASURE_NEW
  public var time_ns: Int64 = 0
  /// That the host decided at; 0: none.
  public var decision: Int64 = 0

  public init() {}

  @inline(__always) public var id: UInt64 { asked.id }
  @inline(__always) public var correlation: UInt64 { asked.correlation }
  @inline(__always) public var account: UInt32 { asked.account }
  @inline(__always) public var strategy: UInt32 { asked.strategy }
  @inline(__always) public var instrument: UInt32 { asked.instrument }
  @inline(__always) public var venue: UInt32 { asked.venue }
  @inline(__always) var side: UInt8 { asked.side }
  @inline(__always) var type: UInt8 { asked.type }
  @inline(__always) var force: UInt8 { asked.force }
  @inline(__always) var isBuy: Bool { asked.isBuy }
  /// 0 buy, 1 sell.
  @inline(__always) var sideIndex: Int { Int(truncatingIfNeeded: asked.shape & 3) &- 1 }
  @inline(__always) var price: Int64 { asked.terms.price }
  @inline(__always) var stop: Int64 { asked.terms.stop }
  @inline(__always) public var quantity: Int64 { asked.terms.quantity }
}

/// What an exam has gathered about an order and its account. Below 1,024 bytes, or it would not be on the stack.
struct Notes {
  var ask: Ask
  /// Generation of the limits that apply, and the half of the table that it uses.
  var generation: UInt64
  var half: UInt64
  /// The memory of the scopes that the ids name. Nil: not defined.
  var account: UnsafeMutableRawPointer?
  var strategy: UnsafeMutableRawPointer?
  var instrument: UnsafeMutableRawPointer?
  var accountTerms: Party
  var strategyTerms: Party
  var terms: Instrument
  /// Of the account in the instrument.
  var margin_bps: Int64
  /// The price that the order is valued at, and what it comes to at that: the whole of it, and what it holds
  /// in its rows from now on.
  var worth: Int64
  var value: Int64
  var heldQuantity: Int64
  var heldValue: Int64
  /// Both can be relied on; otherwise why not.
  var isValued: Bool
  var trouble: rck_status
  var isReducing: Bool
  /// What a live order that is amended holds until then.
  var formerQuantity: Int64
  var formerValue: Int64
  /// Rows as they were read: their words, and what they hold. A row of -1 is not there.
  var row: Int
  var rowWord: UInt64
  var old: Holding
  var book: Book
  var bookWord: UInt64
  /// What they come to with the order in them.
  var what: What
  /// In which of the strategy's sums the order is, and in which it may be: one that is amended stays where it is.
  var tracking: UInt64
  var trackable: UInt64
  /// The strategy's rows, when it is in any.
  var tracked: UnsafeMutablePointer<Tracked>
  /// What only some controls look at.
  var aside: UnsafeMutablePointer<Aside>
  /// Where the message goes in the windows of account, strategy and instrument, and of scopes of many; of which some
  /// level is exceeded, and whether a hard one is; which of them count it already: see Rates.
  var places: (WindowPlace?, WindowPlace?, WindowPlace?)
  var wide: UnsafeMutablePointer<WideWindow>
  var hasWideRates: Bool
  var exceeded: UInt32
  var isRateRefused: Bool
  /// The further controls that are armed, by a bit each as in `failed`; the highest bit is set too, or alone, if there
  /// is anything beyond rows and rates to be looked at.
  var armed: UInt32
  /// What was read of the account is of two definitions.
  var isTorn: Bool
  /// Which totals were found above a level, of the account's book, the strategy's, and the account's row: what is
  /// raised above one has been told of.
  var told: (account: UInt64, strategy: UInt64, row: UInt64)
  var counted: UInt32
  var findings: Findings
  /// The overrides that fit the order; nil: they are not asked about.
  var waivers: Waivers?
  /// Of a leg: its place in its batch. Otherwise of no meaning.
  var turn: UnsafeMutablePointer<LegTurn>
}

/// The window of a scope of many in which the message counts, if it has one.
struct WideWindow {
  var scope: UnsafeMutableRawPointer?
  var kind: Int32
  var id: UInt32
  var place: WindowPlace?
}

/// What is gathered for the controls that ask for it.
struct Aside {
  var market: Market
  /// It was read for the further controls.
  var hasMarket: Bool
  /// The further controls that may have something to say, by a bit each as in `failed`.
  var doubted: UInt32
  /// How much its batch had taken before: see Taking.
  var kept: Int
  var escalations: Escalations
  /// Where the message was counted as one that has passed.
  var sent: Counted
  /// What functions of the host's have said of the order, if Rates.hasAnswers.
  var answers: Answers
  /// Of an amend: where the ticket goes that it draws; nil: it draws none.
  var ticket: UnsafeMutablePointer<UInt64>?
}

/// The rows of an order's strategy, likewise.
struct Tracked {
  var row: Int
  var rowWord: UInt64
  var old: Holding
  var book: Book
  var bookWord: UInt64
  var what: What
}

/// Everything that the controls look at while one order is checked, gathered once. It reserves nothing. The exam is
/// a name for notes on the caller's stack: it is handed from control to control by value.
struct Exam<D: Discipline> {
  let desk: Desk<D>
  let notes: UnsafeMutablePointer<Notes>

  /// Begins the notes at `memory`, which hold what is asked and nothing else. Where the message counts in the rates
  /// stays when they are begun again.
  @inline(__always)
  init(_ desk: Desk<D>, at memory: UnsafeMutablePointer<Notes>) {
    self.desk = desk
    notes = memory
    // Acquire: the bounds of that generation were written before.
    let generation = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .acquiring)
    notes.pointee.generation = generation
    notes.pointee.half = generation & 1
    notes.pointee.heldQuantity = notes.pointee.ask.quantity
    notes.pointee.formerQuantity = 0
    notes.pointee.formerValue = 0
    notes.pointee.trackable = Scope.trackBook | Scope.trackRows
    notes.pointee.tracking = 0
    notes.pointee.isReducing = false
    notes.pointee.isValued = false
    notes.pointee.trouble = RCK_OK
  }

  /// Names notes that have been begun.
  init(_ desk: Desk<D>, of memory: UnsafeMutablePointer<Notes>) {
    self.desk = desk
    notes = memory
  }

  // The notes by their names, for who is asked rarely or needs one of them.
  @inline(__always) var ask: Ask { unsafeAddress { withUnsafePointer(to: &notes.pointee.ask) { $0 } } }
  @inline(__always) var half: UInt64 { notes.pointee.half }
  @inline(__always) var worth: Int64 { notes.pointee.worth }
  @inline(__always) var value: Int64 { notes.pointee.value }
  @inline(__always) var isReducing: Bool { notes.pointee.isReducing }
  @inline(__always) var tracking: UInt64 { notes.pointee.tracking }
  @inline(__always) var terms: Instrument {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.terms) { $0 } }
  }
  @inline(__always) var market: Market {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.aside.pointee.market) { $0 } }
  }
  @inline(__always) var book: Book { unsafeAddress { withUnsafePointer(to: &notes.pointee.book) { $0 } } }
  @inline(__always) var what: What { unsafeAddress { withUnsafePointer(to: &notes.pointee.what) { $0 } } }
  @inline(__always) var findings: Findings {
    unsafeAddress { withUnsafePointer(to: &notes.pointee.findings) { $0 } }
    nonmutating unsafeMutableAddress { withUnsafeMutablePointer(to: &notes.pointee.findings) { $0 } }
  }

  var account: Scope? { notes.pointee.account.map { Scope($0, RCK_SCOPE_ACCOUNT, ask.account) } }
  var strategy: Scope? { notes.pointee.strategy.map { Scope($0, RCK_SCOPE_STRATEGY, ask.strategy) } }
  var instrument: Scope? { notes.pointee.instrument.map { Scope($0, RCK_SCOPE_INSTRUMENT, ask.instrument) } }
  var row: Int? { notes.pointee.row < 0 ? nil : notes.pointee.row }
  var trackedRow: Int? { notes.pointee.tracked.pointee.row < 0 ? nil : notes.pointee.tracked.pointee.row }

  /// Room for notes, on the stack, for a message that is not counted yet.
  @inline(__always)
  static func begin<Result>(_ body: (UnsafeMutablePointer<Notes>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Notes.self, capacity: 1) { room in
      withUnsafeTemporaryAllocation(of: Tracked.self, capacity: 1) { tracked in
        withUnsafeTemporaryAllocation(of: Aside.self, capacity: 1) { aside in
          withUnsafeTemporaryAllocation(of: WideWindow.self, capacity: wideMost) { wide in
            let notes = room.baseAddress.unsafelyUnwrapped
            notes.pointee.tracked = tracked.baseAddress.unsafelyUnwrapped
            notes.pointee.aside = aside.baseAddress.unsafelyUnwrapped
            notes.pointee.wide = wide.baseAddress.unsafelyUnwrapped
            notes.pointee.aside.pointee.escalations.count = 0
            notes.pointee.counted = 0
            notes.pointee.waivers = nil
            return body(notes)
          }
        }
      }
    }
  }

  /// Whether messages of the account or the strategy count once they have passed.
  @inline(__always)
  private var keepsConduct: Bool {
    let kept =
      (notes.pointee.account.map { Scope($0, 0, 0).tracking } ?? 0)
      | (notes.pointee.strategy.map { Scope($0, 0, 0).tracking } ?? 0)
    return kept & Scope.trackConduct != 0
  }

  /// Counts the message as one that has passed, before it can be seen.
  @inline(__always)
  func countSent() {
    notes.pointee.aside.pointee.sent = Counted()
    if keepsConduct { notes.pointee.aside.pointee.sent = desk.countMessage(ask.account, ask.strategy) }
  }

  /// It has not passed after all.
  @inline(__always)
  func takeBackSent() {
    let sent = notes.pointee.aside.pointee.sent
    if !sent.isNothing { desk.takeBackMessage(sent, ask.account, ask.strategy) }
  }

  /// Whether the limits are still those that were looked at.
  @inline(__always)
  var isCurrent: Bool {
    let now = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .relaxed)
    return now == notes.pointee.generation  // the loads of the bounds before it acquired
  }

  /// Whether the rows still are as they were read. Comes after what was decided on them.
  var isConsistent: Bool {
    if let row, !desk.positions.rows.holds(row, notes.pointee.rowWord) { return false }
    return desk.books.rows.holds(desk.books.row(ask.account, strategy: false), notes.pointee.bookWord)
  }

  /// Of a refusal after a first look was passed: whether for what others took since.
  func flagOvertaken() {
    let (control, status) = (findings.control, findings.status)
    if control >= RCK_CONTROL_POSITION && control <= RCK_CONTROL_DUPLICATE
      || control == RCK_CONTROL_GROUP_EXPOSURE || status == RCK_REJECT_LOCATE_SHORT
    {
      findings.flags |= RCK_VERDICT_CONTENDED
    }
  }

  /// Counts the message in the rates, unless one refuses it. False: others were quicker.
  @inline(__always)
  func countMessage() -> Bool { notes.pointee.isRateRefused || Rates.take(self) }

  @inline(__always)
  func store(_ verdict: UnsafeMutablePointer<rck_verdict>, token: UInt64) {
    withUnsafePointer(to: &notes.pointee.findings) { Findings.store($0, verdict, token: token) }
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
    let first = Int(truncatingIfNeeded: found & BoundSlot.firstMask)
    let end = first &+ Int(truncatingIfNeeded: found &>> 24)
    var index = first
    while index < end {
      let bound = desk.state.bound(index)
      let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // before the look at the generation
      let side = UInt8(truncatingIfNeeded: shape)
      let type = UInt8(truncatingIfNeeded: shape &>> 8)
      if (side == 0 || side == ask.side) && (type == 0 || type == ask.type) { weigh(bound) }
      index &+= 1
    }
  }

  // MARK: Rows

  /// What the order holds from now on beside what it holds already.
  @inline(__always) var openedQuantity: Int64 { notes.pointee.heldQuantity &- notes.pointee.formerQuantity }
  @inline(__always) var openedValue: Int64 { notes.pointee.heldValue &- notes.pointee.formerValue }
  @inline(__always) var margin_bps: Int64 { notes.pointee.margin_bps }

  /// Reads the rows that the order would be in. False: the memory is damaged.
  @inline(__always)
  func readRows() -> Bool {
    switch desk.positions.find(ask.account, ask.instrument, strategy: false) {
    case .row(let found):
      notes.pointee.row = found
      guard let word = desk.positions.read(found, &notes.pointee.old) else { return false }
      notes.pointee.rowWord = word
    case .absent:
      notes.pointee.row = -1
      notes.pointee.old = Positions<D>.blank(desk.state, ask.instrument, of: ask.account)
    default: return false
    }
    guard let word = desk.books.read(desk.books.row(ask.account, strategy: false), &notes.pointee.book) else {
      return false
    }
    notes.pointee.bookWord = word
    guard let strategy = notes.pointee.strategy else { return true }
    let tracking = Scope(strategy, RCK_SCOPE_STRATEGY, ask.strategy).tracking
    return tracking == 0 || readStrategyRows(tracking)
  }

  /// The market, for who needs it. False: the memory is damaged.
  @inline(__always)
  func readMarket() -> Bool { desk.markets.read(ask.instrument, &notes.pointee.aside.pointee.market) != nil }

  @inline(never)
  private func readStrategyRows(_ tracking: UInt64) -> Bool {
    let tracked = notes.pointee.tracked
    let strategies = desk.books.row(ask.strategy, strategy: true)
    guard let word = desk.books.read(strategies, &tracked.pointee.book) else { return false }
    tracked.pointee.bookWord = word
    tracked.pointee.row = -1
    tracked.pointee.rowWord = 0
    tracked.pointee.old = Holding()
    var kept = tracking & Scope.trackBook
    switch desk.positions.find(ask.strategy, ask.instrument, strategy: true) {
    case .row(let found):
      if tracking & Scope.trackRows != 0 || desk.positions.isTracked(found) {
        tracked.pointee.row = found
        kept |= Scope.trackRows
        guard let word = desk.positions.read(found, &tracked.pointee.old) else { return false }
        tracked.pointee.rowWord = word
      }
    case .absent: kept |= tracking & Scope.trackRows
    default: return false
    }
    notes.pointee.tracking = kept & notes.pointee.trackable
    return true
  }

  var instrumentPlace: Place { Place(RCK_SCOPE_INSTRUMENT, ask.instrument) }
  var accountPlace: Place { Place(RCK_SCOPE_ACCOUNT, ask.account) }
  var strategyPlace: Place { Place(RCK_SCOPE_STRATEGY, ask.strategy) }
  var pairPlace: Place { Place(RCK_SCOPE_ACCOUNT_INSTRUMENT, ask.account, ask.instrument) }
}
