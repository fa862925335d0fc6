import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Which controls have to be asked: those of whose amounts one is above the lowest level of all its bounds, whatever
/// they are. What is exceeded only for orders of another kind is sorted out by the control.
struct Doubts: OptionSet {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What is about the order alone, its price, its rows, about going short.
  init(size: Bool, collar: Bool, rows: Bool, short: Bool) {
    rawValue =
      (size ? Doubts.size.rawValue : 0) | (collar ? Doubts.collar.rawValue : 0)
      | (rows ? Doubts.rows.rawValue : 0) | (short ? Doubts.short.rawValue : 0)
  }

  // Each a number of its own: a literal of several elements is an array on the heap where the optimiser does not see
  // through it.
  static var state: Doubts { Doubts(rawValue: 1) }
  static var validity: Doubts { Doubts(rawValue: 1 << 1) }
  static var short: Doubts { Doubts(rawValue: 1 << 2) }
  static var quantity: Doubts { Doubts(rawValue: 1 << 3) }
  static var notional: Doubts { Doubts(rawValue: 1 << 4) }
  static var collar: Doubts { Doubts(rawValue: 1 << 5) }
  static var position: Doubts { Doubts(rawValue: 1 << 6) }
  /// Some amount is beyond what can be kept.
  static var amounts: Doubts { Doubts(rawValue: 1 << 7) }
  static var exposure: Doubts { Doubts(rawValue: 1 << 8) }
  static var power: Doubts { Doubts(rawValue: 1 << 9) }
  static var working: Doubts { Doubts(rawValue: 1 << 10) }
  static var rate: Doubts { Doubts(rawValue: 1 << 11) }
  /// Some control that rows and rates do not come with.
  static var further: Doubts { Doubts(rawValue: 1 << 12) }
  /// What the account has in a group of instruments.
  static var sector: Doubts { Doubts(rawValue: 1 << 13) }
  /// Quantity and notional: what is about the order alone.
  static var size: Doubts { Doubts(rawValue: 0b11 << 3) }
  /// Position to working.
  static var rows: Doubts { Doubts(rawValue: 0b1_1111 << 6) }
  static var all: Doubts { Doubts(rawValue: UInt32.max) }
}

// Transparent, here and in Rates and Reservation: parts of a check that are asked once. The optimiser keeps large
// functions apart in spite of `@inline(__always)`, each with its prologue and its arguments to pass.
extension Exam {
  /// About the order alone. Usually only its instrument has bounds on that.
  @_transparent
  var orderDoubts: Doubts {
    var doubts: Doubts = []
    if let instrument = notes.pointee.instrument {
      doubts = orderDoubts(instrument)
    }
    if let account = notes.pointee.account, hasOrderBounds(account) { doubts.formUnion(laterDoubts(account)) }
    if let strategy = notes.pointee.strategy, hasOrderBounds(strategy) {
      doubts.formUnion(laterDoubts(strategy))
    }
    return doubts
  }

  @inline(__always)
  private func hasOrderBounds(_ scope: UnsafeMutableRawPointer) -> Bool {
    Scope(scope, 0, 0).armed(notes.pointee.half) & BoundSlot.ofOrders != 0
  }

  @inline(never)
  private func laterDoubts(_ scope: UnsafeMutableRawPointer) -> Doubts { orderDoubts(scope) }

  @inline(__always)
  private func orderDoubts(_ scope: UnsafeMutableRawPointer) -> Doubts {
    let lowest = Scope(scope, 0, 0).lowest(notes.pointee.half)
    var doubts: Doubts = []
    if ask.quantity > lowest[BoundSlot.quantity] { doubts.insert(.quantity) }
    if notes.pointee.value > lowest[BoundSlot.notional] { doubts.insert(.notional) }
    let collar = lowest[BoundSlot.collar]
    if collar != Int64.max && mayExceedCollar(scope, collar) { doubts.insert(.collar) }
    return doubts
  }

  @inline(__always)
  func mayExceedCollar(_ scope: UnsafeMutableRawPointer, _ lowest: Int64) -> Bool {
    Collar.mayExceed(
      desk, ask.instrument, buy: ask.isBuy, worth: worth, scope, notes.pointee.half, lowest)
  }

  /// About the account's rows.
  @_transparent
  var rowDoubts: Doubts {
    guard let account = lowest(notes.pointee.account) else { return .all }
    let after = notes.pointee.what.quantity
    var doubts = bookDoubts(account, &notes.pointee.what)
    let power = account[BoundSlot.power]
    if power != Int64.max
      && BuyingPower.mayExceed(
        notes.pointee.what.margin, power, &notes.pointee.book, notes.pointee.accountTerms, bps: margin_bps,
        now: ask.time_ns, desk.state)
    {
      doubts.insert(.power)
    }
    if !notes.pointee.what.fits { doubts.insert(.amounts) }
    let row = notes.pointee.row
    // That of a list is below every position.
    if row >= 0 && max(after, 0) > desk.positions.lowest(row, half, buy: ask.isBuy) {
      doubts.insert(.position)
    }
    if !mayShort && !ask.isBuy && after > 0 { doubts.insert(.short) }
    return doubts
  }

  @inline(__always)
  private var mayShort: Bool {
    var permissions = notes.pointee.accountTerms.permissions
    if ask.strategy != 0 { permissions &= notes.pointee.strategyTerms.permissions }
    return permissions & UInt32(RCK_PERMIT_SHORT) != 0
  }

  @inline(__always)
  private func bookDoubts(_ lowest: Lowest, _ what: UnsafePointer<What>) -> Doubts {
    var doubts: Doubts = []
    if what.pointee.gross > lowest[BoundSlot.gross] { doubts.insert(.exposure) }
    if what.pointee.net > lowest[BoundSlot.net] { doubts.insert(.exposure) }
    if what.pointee.orders > lowest[BoundSlot.workingCount] { doubts.insert(.working) }
    if what.pointee.ordersValue > lowest[BoundSlot.workingNotional] { doubts.insert(.working) }
    return doubts
  }

  /// About the strategy's rows.
  @inline(never)
  var strategyDoubts: Doubts {
    guard let strategy = lowest(notes.pointee.strategy) else { return .all }
    let tracked = notes.pointee.tracked
    setStrategyWhat()
    var doubts = bookDoubts(strategy, &tracked.pointee.what)
    if !tracked.pointee.what.fits { doubts.insert(.amounts) }
    if !tracked.pointee.book.coverage.isEmpty {
      doubts.formUnion(totalDoubts(RCK_SCOPE_STRATEGY_GROUP))
    }
    if let row = trackedRow, tracked.pointee.what.quantity > desk.positions.lowest(row, half, buy: ask.isBuy)
    {
      doubts.insert(.position)
    }
    return doubts
  }

  @inline(__always)
  private func lowest(_ scope: UnsafeMutableRawPointer?) -> Lowest? {
    scope.map { Scope($0, 0, 0).lowest(notes.pointee.half) }
  }
}
