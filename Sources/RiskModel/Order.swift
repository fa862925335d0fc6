/// An order as its row holds it, and what a step makes of it. Pure values. The first two lines of a record are all
/// that a check writes; the third is of the amend in flight and means nothing when there is none.
public struct Order: Equatable {
  public var token: UInt64 = 0
  /// What was asked for. Its shape holds the state too.
  public var asked = Asked()
  /// Consumed of what was reserved.
  public var executed: Int64 = 0
  /// The cumulative quantity known from reports.
  public var known: Int64 = 0
  /// What is reserved for what is left of the terms.
  public var value: Int64 = 0
  /// Of the conversion at which its terms are valued, as it was when they were checked.
  public var factor: UInt64 = 0
  /// Sequence of the account's position row that took the last step.
  public var clock: UInt64 = 0
  /// {exponent of the conversion 8, sequence of the account's row 56 that the strategy's has taken last}
  public var carriage: UInt64 = 0
  /// The terms of the amend in flight, what is reserved for those, and at which conversion they are valued.
  public var pending = Terms()
  public var pendingValue: Int64 = 0
  public var pendingId: UInt64 = 0
  public var pendingConversion = Conversion(factor: 0, exponent: 0)

  public init() {}

  public enum State {
    public static let live: UInt64 = 1
    public static let unconfirmed: UInt64 = 2
    public static let amending: UInt64 = 4
    public static let finished: UInt64 = 8
    /// Its place and ids are being given back: nobody may change it any more.
    public static let forgotten: UInt64 = 16
  }

  // Bytes of `shape`.
  public static let typeShift: UInt64 = 8
  public static let forceShift: UInt64 = 16
  public static let stateShift: UInt64 = 24
  /// Side, type, time in force.
  public static let kindsMask: UInt64 = 0xff_ffff
  public static let trackedBook: UInt64 = 1 << 32
  public static let trackedRow: UInt64 = 1 << 33
  /// The entry is another id of the order that `aliases` names.
  public static let alias: UInt64 = 1 << 34
  /// Made from a report.
  public static let reported: UInt64 = 1 << 35
  /// A leg of a batch that is all or none, whose name is in `known`: see Legs in RiskState.
  public static let leg: UInt64 = 1 << 36
  static let aliasShift: UInt64 = 40
  /// Where `id` and `known` lie in a record.
  @inline(__always) public static var idAt: Int { 8 }
  @inline(__always) public static var knownAt: Int { MemoryLayout<Asked>.size &+ 16 }
  @inline(__always) public static var carriageAt: Int { knownAt &+ 32 }
  public static let exponentShift: UInt64 = 56

  @inline(__always) public var id: UInt64 {
    get { asked.id }
    set { asked.id = newValue }
  }
  @inline(__always) public var correlation: UInt64 {
    get { asked.correlation }
    set { asked.correlation = newValue }
  }
  @inline(__always) public var terms: Terms {
    get { asked.terms }
    set { asked.terms = newValue }
  }
  @inline(__always) public var shape: UInt64 {
    get { asked.shape }
    set { asked.shape = newValue }
  }
  @inline(__always) public var account: UInt32 { asked.account }
  @inline(__always) public var strategy: UInt32 { asked.strategy }
  @inline(__always) public var instrument: UInt32 { asked.instrument }
  @inline(__always) public var venue: UInt32 { asked.venue }
  @inline(__always) public var side: UInt8 { asked.side }
  @inline(__always) public var type: UInt8 { asked.type }
  @inline(__always) public var force: UInt8 { asked.force }
  @inline(__always) public var isBuy: Bool { asked.isBuy }
  @inline(__always) public var isAlias: Bool { shape & Order.alias != 0 }
  @inline(__always) public var isTracked: Bool { shape & Order.trackedRow != 0 }

  @inline(__always)
  public var state: UInt64 {
    get { (shape &>> Order.stateShift) & 0xff }
    set { shape = shape & ~(0xff &<< Order.stateShift) | newValue &<< Order.stateShift }
  }

  /// Place of the youngest other id of this order in the pool, plus one; of another id's entry the next older.
  public var aliases: UInt64 {
    get { shape &>> Order.aliasShift }
    set { shape = shape & (1 &<< Order.aliasShift &- 1) | newValue &<< Order.aliasShift }
  }

  @inline(__always) public var carried: UInt64 {
    get { carriage & (1 &<< Order.exponentShift &- 1) }
    set { carriage = carriage & ~(1 &<< Order.exponentShift &- 1) | newValue }
  }

  public var conversion: Conversion {
    get { Conversion(factor: factor, exponent: carriage &>> Order.exponentShift) }
    set {
      factor = newValue.factor
      carriage = newValue.exponent &<< Order.exponentShift | carried
    }
  }

  @inline(__always) public var isFinished: Bool { state & State.finished != 0 }
  @inline(__always) public var isForgotten: Bool { state & State.forgotten != 0 }
  @inline(__always) public var isAmending: Bool { state & State.amending != 0 }

  /// What is left of the terms, and of the pending ones.
  @inline(__always) public var leaves: Int64 { max(terms.quantity &- executed, 0) }
  @inline(__always) public var pendingLeaves: Int64 { max(pending.quantity &- executed, 0) }

  /// Whether what is reserved is what the terms come to, as it must be while the order is live.
  public var isConsistent: Bool {
    conversion.value(leaves, at: terms.worth) == value
      && (!isAmending || pendingConversion.value(pendingLeaves, at: pending.worth) == pendingValue)
  }

  /// What the order holds in its rows: the larger of old and new while an amend is in flight.
  public var held: (quantity: Int64, value: Int64) {
    if isFinished { return (0, 0) }
    return isAmending ? (max(leaves, pendingLeaves), max(value, pendingValue)) : (leaves, value)
  }
}

/// How an order's record begins, for who needs no more of it.
public struct OrderLine {
  public var token: UInt64 = 0
  public var id: UInt64 = 0
  public var correlation: UInt64 = 0
  public var account: UInt32 = 0
  public var strategy: UInt32 = 0
  public var instrument: UInt32 = 0
  public var venue: UInt32 = 0
  public var shape: UInt64 = 0

  public init() {}

  public init(_ order: Order) {
    token = order.token
    id = order.id
    correlation = order.correlation
    account = order.account
    strategy = order.strategy
    instrument = order.instrument
    venue = order.venue
    shape = order.shape
  }

  @inline(__always) public var aliases: UInt64 { shape &>> Order.aliasShift }

  /// Whether it is an order's own, that is still there.
  @inline(__always) public var isOrder: Bool {
    shape & (Order.alias | Order.State.forgotten &<< Order.stateShift) == 0
  }
}

/// What an order may cost and how much it is for.
public struct Terms: Equatable {
  public var price: Int64 = 0
  public var stop: Int64 = 0
  /// The price that it is valued at.
  public var worth: Int64 = 0
  public var quantity: Int64 = 0
  public init() {}
}

/// What is asked for, as it lies in an order's record.
public struct Asked: Equatable {
  public var id: UInt64 = 0
  public var correlation: UInt64 = 0
  public var account: UInt32 = 0
  public var strategy: UInt32 = 0
  public var instrument: UInt32 = 0
  public var venue: UInt32 = 0
  /// Side, type, time in force, and of an order its state, in which of its strategy's sums it is, and the place of the
  /// youngest other id: see the accessors.
  public var shape: UInt64 = 0
  public var terms = Terms()

  public init() {}

  @inline(__always) public var side: UInt8 { UInt8(truncatingIfNeeded: shape) }
  @inline(__always) public var type: UInt8 { UInt8(truncatingIfNeeded: shape &>> Order.typeShift) }
  @inline(__always) public var force: UInt8 { UInt8(truncatingIfNeeded: shape &>> Order.forceShift) }
  @inline(__always) public var isBuy: Bool { shape & 0xff == 1 }
}

/// One change of an order, as the position row that took it names it.
public struct Step: Equatable {
  public var token: UInt64 = 0
  /// Low byte: what it is. Next byte: the state that the order has afterwards.
  public var kind: UInt64 = 0
  /// What is held from now on, less what was held before: open quantity and its value. Corrections, which move
  /// neither: quantity and value of the trade that is undone.
  public var opened: Int64 = 0
  public var openedValue: Int64 = 0
  /// Reports: signed quantity, what it books, price, fee. Amends: the pending quantity, worth, price, stop.
  /// Carried steps: the clock of what was carried.
  public var first: Int64 = 0
  public var second: Int64 = 0
  public var third: Int64 = 0
  public var fourth: Int64 = 0
  /// The execution that is applied, the one that is undone. Amends: the entry of the new id, and that id.
  public var execution: UInt64 = 0
  public var undone: UInt64 = 0
  public var known: Int64 = 0
  /// Corrections, which leave it: the price of the trade that is undone.
  public var executed: Int64 = 0
  /// Of the conversion at which a report or the terms of an amend were valued; its exponent is the third byte of
  /// `kind`.
  public var factor: UInt64 = 0

  public init() {}

  public enum Kind {
    public static let report: UInt64 = 1
    public static let release: UInt64 = 2
    public static let amend: UInt64 = 3
    public static let accepted: UInt64 = 4
    public static let rejected: UInt64 = 5
    public static let confirm: UInt64 = 6
    public static let correct: UInt64 = 7
    public static let forget: UInt64 = 9
    /// In a strategy's row: what it took from the account's.
    public static let carried: UInt64 = 8
  }

  @inline(__always) public var what: UInt64 { kind & 0xff }
  @inline(__always) public var state: UInt64 { (kind &>> 8) & 0xff }

  @inline(__always)
  public mutating func become(_ what: UInt64, state: UInt64) { kind = kind & ~0xffff | what | state &<< 8 }

  public var conversion: Conversion {
    get { Conversion(factor: factor, exponent: (kind &>> 16) & 0xff) }
    set {
      factor = newValue.factor
      kind = kind & ~(0xff &<< 16) | newValue.exponent &<< 16
    }
  }

  private var isReport: Bool { what == Kind.report || what == Kind.correct }

  /// What is held more than before.
  public var opening: (quantity: Int64, value: Int64) {
    what == Kind.correct ? (0, 0) : (opened, openedValue)
  }

  /// The execution that a report applies or, a bust, takes back; nil when there is none.
  public var trade: Trade? {
    if !isReport || first == 0 { return nil }
    if what == Kind.report && undone != 0 {
      return Trade(quantity: 0 &- first, value: 0 &- second, price: third, conversion).undone
    }
    return Trade(quantity: first, value: second, price: third, conversion)
  }

  /// What undoes the execution that a correction replaces.
  public var reversal: Trade? {
    what == Kind.correct
      ? Trade(quantity: opened, value: openedValue, price: executed, conversion).undone : nil
  }

  public var fee: Int64 { isReport ? fourth : 0 }

  /// Whether a strategy's row takes it too. What an amend holds more was reserved there before it was committed.
  public var moves: Bool { what != Kind.amend && (isReport || opened != 0 || openedValue != 0) }
}

extension Holding {
  /// The row after a step of one of its orders; false when its money does not fit.
  public mutating func take(_ step: Step, buy: Bool) -> Bool {
    let opening = step.opening
    open(buy: buy, opening.quantity, opening.value)
    // A live order holds something, one that has ended nothing.
    if step.state & Order.State.finished != 0 && opening.quantity != 0 { tally &-= 1 }
    if let reversal = step.reversal, !book(reversal) { return false }
    if let trade = step.trade, !book(trade) { return false }
    fees &+= step.fee
    return true
  }
}

extension Order {
  /// The order after a step that the row took as its number `clock`.
  public func after(_ step: Step, clock: UInt64) -> Order {
    var next = self
    next.clock = clock
    next.state = step.state
    if step.what != Step.Kind.correct { next.executed = step.executed }
    next.known = step.known
    switch step.what {
    case Step.Kind.amend:
      next.pending.quantity = step.first
      next.pending.worth = step.second
      next.pending.price = step.third
      next.pending.stop = step.fourth
      next.pendingId = step.undone
      next.pendingConversion = step.conversion
      if step.execution != 0 { next.aliases = (step.execution & 0xFF_FFFF) &+ 1 }
    case Step.Kind.accepted:
      next.terms = pending
      next.conversion = pendingConversion
      if pendingId != 0 { next.id = pendingId }
      next.forget()
    case Step.Kind.rejected, Step.Kind.release:
      next.forget()
    default: break
    }
    next.revalue()
    return next
  }

  /// What is reserved for what is left, at the order's own price and conversion. It never grows beyond what was
  /// found to fit.
  @inline(__always)
  public mutating func revalue() {
    value = isFinished ? 0 : conversion.value(leaves, at: terms.worth) ?? 0
    pendingValue = isAmending ? pendingConversion.value(pendingLeaves, at: pending.worth) ?? 0 : 0
  }

  private mutating func forget() {
    pending = Terms()
    pendingId = 0
  }

  /// A step that changes nothing yet.
  public func step(_ what: UInt64, state: UInt64) -> Step {
    var step = Step()
    step.token = token
    step.become(what, state: state)
    step.known = known
    step.executed = executed
    return step
  }
}
