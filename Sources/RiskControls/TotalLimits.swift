import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P06, P07 and P13 of the engine and of groups: what all books of a scope come to together, or all rows of a group of
/// instruments, by totals (Totals, Grouping). A record says which they are, so an order is held against exactly those
/// that it will be counted in.

/// By what an order raises a book or a row, and with it the totals that this is counted in: no amount is negative.
struct Raise {
  var gross: Int64
  var netLong: Int64
  var netShort: Int64
  var orders: Int64
  var value: Int64
  /// All bits set for a sell, none for a buy.
  var turn: Int64
  /// Of a row: the worst-case position on the order's side, and how it becomes one of a group.
  var before: Int64 = 0
  var after: Int64 = 0
  var units = Units()
  /// Whose row it is.
  var account: UInt32 = 0

  /// `net` is on the order's side.
  @inline(__always)
  init(gross: Int64, net: Int64, orders: Int64, value: Int64, turn: Int64) {
    self.gross = gross
    netLong = net & ~turn
    netShort = net & turn
    self.orders = orders
    self.value = value
    self.turn = turn
  }

  /// Of a sum in the totals of a scope, by its place.
  @inline(__always)
  func amount(_ place: Int, _ sum: Int) -> Int64 {
    switch sum {
    case BookSum.gross, BookSum.sector: return gross
    case BookSum.netLong: return netLong
    case BookSum.netShort: return netShort
    case BookSum.orders: return orders
    case BookSum.ordersValue: return value
    default: return (sum == BookSum.short) == (turn != 0) ? quantity(place) : 0
    }
  }

  @inline(never)
  private func quantity(_ place: Int) -> Int64 { units.amount(after, place) &- units.amount(before, place) }

  init(from old: Book, to new: Book, turn: Int64) {
    self.init(
      gross: new.gross &- old.gross, net: 0, orders: new.orders &- old.orders,
      value: new.ordersValue &- old.ordersValue, turn: turn)
    netLong = new.netLong &- old.netLong
    netShort = new.netShort &- old.netShort
  }
}

extension BookSum {
  /// The control that limits a sum.
  static func control(_ sum: Int) -> Int32 {
    if sum == sector { return RCK_CONTROL_GROUP_EXPOSURE }
    return sum >= long ? RCK_CONTROL_POSITION : sum <= netShort ? RCK_CONTROL_EXPOSURE : RCK_CONTROL_WORKING
  }

  /// In the sums of a coverage, what is about the side that an order is not on.
  @inline(__always)
  static func ofOtherSide(_ turn: Int64) -> UInt64 {
    // Net and position of the short side, or of the long one.
    let bits: UInt64 = turn == 0 ? 0b1000_0100 : 0b0100_0010
    return bits &* 0x1_0101_0101
  }
}

/// What an order moves and totals follow: the account's book, the strategy's, the account's row. By the kind of the
/// groups that it is counted in.
struct Held {
  let kind: Int32
  let coverage: Coverage
  let raise: Raise
}

extension Exam {
  private var totals: Totals<D> { Totals(desk.state, writer: desk.writer) }
  var turn: Int64 { 0 &- Int64(ask.sideIndex) }

  /// Likewise of the account's book and row.
  @inline(never)
  var totalDoubts: Doubts {
    totalDoubts(RCK_SCOPE_ACCOUNT_GROUP).union(totalDoubts(RCK_SCOPE_INSTRUMENT_GROUP))
  }

  /// As the limits see it: what an amended order held before is absent.
  private func held(_ kind: Int32) -> Held {
    switch kind {
    case RCK_SCOPE_ACCOUNT_GROUP: return Held(kind: kind, coverage: book.coverage, raise: whole(book, what))
    case RCK_SCOPE_STRATEGY_GROUP:
      let tracked = notes.pointee.tracked
      return Held(
        kind: kind, coverage: tracked.pointee.book.coverage,
        raise: whole(tracked.pointee.book, tracked.pointee.what))
    default:
      let grouping = desk.state.grouping(ask.instrument, notes.pointee.old.sums)
      var raise = whole(book, what)
      raise.before = notes.pointee.old.worst(ask.sideIndex)
      raise.after = what.quantity
      raise.units = grouping.units
      raise.account = ask.account
      return Held(kind: kind, coverage: grouping.coverage, raise: raise)
    }
  }

  /// By what the limits see a book raised.
  private func whole(_ book: Book, _ what: What) -> Raise {
    Raise(
      gross: what.gross &- book.gross, net: what.net &- book.net(ask.sideIndex),
      orders: what.orders &- book.orders, value: what.ordersValue &- book.ordersValue, turn: turn)
  }

  /// What is to be asked since a total may exceed its lowest level with the order in it.
  @inline(never)
  func totalDoubts(_ kind: Int32) -> Doubts {
    var doubts: Doubts = []
    let held = held(kind)
    setTold(kind, 0)
    _ = held.coverage.each { place, sum in
      guard let scope = totals.scope(held.coverage, place, sum, held.raise.account),
        let total = totals.total(scope, sum)
      else { return true }
      if exceeds(total, held.raise.amount(place, sum), scope, sum) {
        switch BookSum.control(sum) {
        case RCK_CONTROL_POSITION: doubts.insert(.position)
        case RCK_CONTROL_EXPOSURE: doubts.insert(.exposure)
        case RCK_CONTROL_GROUP_EXPOSURE: doubts.insert(.sector)
        default: doubts.insert(.working)
        }
      }
      return true
    }
    return doubts
  }

  /// Asks a control's bounds on the totals of an account's book, a strategy's, or an account's row.
  @inline(never)
  func judgeTotals(_ control: Int32, _ kind: Int32, _ findings: inout Findings) {
    let isExposure = control != RCK_CONTROL_WORKING
    let isCounted =
      kind != RCK_SCOPE_STRATEGY_GROUP || tracking & (isExposure ? Scope.trackRows : Scope.trackBook) != 0
    if !isCounted || isExposure && isReducing { return }
    let held = held(kind)
    var (found, told) = (findings, told(kind))
    var coverage = held.coverage
    coverage.sums &= ~BookSum.ofOtherSide(turn)
    _ = coverage.each { place, sum in
      if BookSum.control(sum) != control { return true }
      if sum == BookSum.orders && ask.message != RCK_MEASURE_NEW { return true }
      let amount = held.raise.amount(place, sum)
      guard let scope = totals.scope(coverage, place, sum, held.raise.account, kind),
        let total = totals.total(scope, sum),
        exceeds(total, amount, scope, sum)
      else { return true }
      let (observed, overflow) = observed(total).addingReportingOverflow(amount)
      if overflow || observed > Amount.totalMax {
        let isPosition = control == RCK_CONTROL_POSITION
        found.refuse(
          control == RCK_CONTROL_WORKING ? RCK_CONTROL_EXPOSURE : control,
          isPosition ? RCK_REJECT_POSITION_OVERFLOW : RCK_REJECT_EXPOSURE_OVERFLOW, Place(scope))
        return true
      }
      if observed <= scope.lowest(half)[BookSum.slot(sum)] { return true }
      told |= 1 &<< UInt64(truncatingIfNeeded: place &* 8 &+ sum)
      let status = refusal(sum)
      bounds(scope, BookSum.slot(sum)) { found.weigh(observed, $0, control, status, Place(scope)) }
      return true
    }
    findings = found
    setTold(kind, told)
  }

  func told(_ kind: Int32) -> UInt64 {
    kind == RCK_SCOPE_ACCOUNT_GROUP
      ? notes.pointee.told.account
      : kind == RCK_SCOPE_STRATEGY_GROUP ? notes.pointee.told.strategy : notes.pointee.told.row
  }

  func setTold(_ kind: Int32, _ told: UInt64) {
    switch kind {
    case RCK_SCOPE_ACCOUNT_GROUP: notes.pointee.told.account = told
    case RCK_SCOPE_STRATEGY_GROUP: notes.pointee.told.strategy = told
    default: notes.pointee.told.row = told
    }
  }

  /// Whether a total may be above its lowest level with an amount in it.
  @inline(__always)
  private func exceeds(_ total: Total<D>, _ amount: Int64, _ scope: Scope, _ sum: Int) -> Bool {
    let (after, overflow) = total.most.addingReportingOverflow(amount)
    return overflow || after > min(scope.lowest(half)[BookSum.slot(sum)], Amount.totalMax)
  }

  /// What a total comes to: leases are called in for it, unless nothing may be written.
  private func observed(_ total: Total<D>) -> Int64 {
    notes.pointee.counted & Rates.isDry != 0 ? total.look() : total.settle()
  }

  private func refusal(_ sum: Int) -> rck_status {
    switch sum {
    case BookSum.gross: return RCK_REJECT_EXPOSURE_GROSS
    case BookSum.sector: return RCK_REJECT_GROUP_EXPOSURE
    case BookSum.netLong: return RCK_REJECT_EXPOSURE_NET_LONG
    case BookSum.netShort: return RCK_REJECT_EXPOSURE_NET_SHORT
    case BookSum.orders: return RCK_REJECT_WORKING_COUNT
    case BookSum.ordersValue: return RCK_REJECT_WORKING_NOTIONAL
    default: return sum == BookSum.long ? RCK_REJECT_POSITION_LONG : RCK_REJECT_POSITION_SHORT
    }
  }

  // MARK: Reserving

  /// Raises the totals of a book or a row, before it is raised itself. False: one leaves no room, and none is raised.
  @inline(never)
  func takeTotals(_ coverage: Coverage, _ raise: Raise, _ kind: Int32) -> Bool {
    let told = told(kind)
    return desk.raise(coverage, raise, half, notes.pointee.generation) { total, scope, bit in
      // What is not raised has been judged, and is not held. Above a level goes only what has been told of, or passes
      // regardless.
      let sum = bit & 7
      let amount = raise.amount(bit &>> 3, sum)
      let mayExceed =
        told &>> UInt64(truncatingIfNeeded: bit) & 1 != 0
        || isReducing && BookSum.control(sum) != RCK_CONTROL_WORKING
      return amount == 0 || mayExceed && takeAbove(amount, total, scope, sum, kind)
    }
  }

  /// A level is exceeded that does not refuse, or one that does: up to the lowest that does.
  @inline(never)
  func takeAbove(_ amount: Int64, _ total: Total<D>, _ scope: Scope, _ sum: Int, _ kind: Int32) -> Bool {
    var hard = Amount.totalMax
    if !(isReducing && BookSum.control(sum) != RCK_CONTROL_WORKING) && !waives(scope, sum, kind) {
      bounds(scope, BookSum.slot(sum)) { hard = min(hard, $0.loadInteger(16)) }
    }
    if case .granted = total.takeAbove(amount, upTo: hard).taken { return true }
    return false
  }

  /// By what the totals of groups of instruments are raised as the account's row becomes another.
  func grouped(_ new: Holding) -> (coverage: Coverage, raise: Raise) {
    let (old, side) = (notes.pointee.old, ask.sideIndex)
    let grouping = desk.state.grouping(ask.instrument, old.sums)
    var raise = Raise(
      gross: new.exposure &- old.exposure, net: new.money(side) &- old.money(side),
      orders: new.orders &- old.orders, value: new.reserved(side) &- old.reserved(side), turn: turn)
    raise.before = old.worst(side)
    raise.after = new.worst(side)
    raise.units = grouping.units
    raise.account = ask.account
    return (grouping.coverage, raise)
  }
}

extension Exam {
  /// Whether an override that the order has taken its part of waives the hard levels of a total.
  private func waives(_ scope: Scope, _ sum: Int, _ kind: Int32) -> Bool {
    if !isWaiving { return false }
    return noFindings.waives(
      BookSum.control(sum), Place(scope.kind == RCK_SCOPE_GLOBAL ? RCK_SCOPE_GLOBAL : kind, scope.id))
  }
}

extension Desk {
  /// Raises all totals that a coverage names, but for those of the side that the order is not on, each up to the lowest
  /// level of its scope; `beyond` is asked where that leaves no room. False: it said no, and nothing is raised.
  @inline(__always)
  func raise(
    _ coverage: Coverage, _ raise: Raise, _ half: UInt64, _ generation: UInt64,
    _ beyond: (_ total: Total<D>, _ scope: Scope, _ bit: Int) -> Bool
  ) -> Bool {
    let (totals, stamp) = (Totals<D>(state, writer: writer), state.region.hot(Region.Hot.generation))
    var left = coverage.sums & ~BookSum.ofOtherSide(raise.turn)
    while left != 0 {
      let bit = left.trailingZeroBitCount
      let (place, sum) = (bit &>> 3, bit & 7)
      let amount = raise.amount(place, sum)
      if let scope = totals.scope(coverage, place, sum, raise.account), let total = totals.total(scope, sum) {
        let lowest = min(scope.lowest(half)[BookSum.slot(sum)], Amount.totalMax)
        let fits =
          amount == 0 ? total.most <= lowest : total.take(amount, upTo: lowest, stamp, generation) == .granted
        if !fits && !beyond(total, scope, bit) {
          lower(coverage, generation, raise, before: left)
          return false
        }
      }
      left &= left &- 1
    }
    return true
  }

  /// Takes back what was raised under a generation, or what was before the totals that are left.
  @inline(never)
  func lower(
    _ coverage: Coverage, _ generation: UInt64, _ raise: Raise, before left: UInt64 = 0
  ) {
    let (totals, stamp) = (Totals<D>(state, writer: writer), state.region.hot(Region.Hot.generation))
    var raised = coverage
    raised.sums &= ~left
    _ = raised.each { place, sum in
      if let scope = totals.scope(coverage, place, sum, raise.account), let total = totals.total(scope, sum) {
        let amount = raise.amount(place, sum)
        if amount != 0 { total.lower(by: amount, stamp, generation) }
      }
      return true
    }
  }
}
