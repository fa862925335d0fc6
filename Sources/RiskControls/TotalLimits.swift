import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P07 and P13 of the engine and of groups: what all books of a scope come to together, by totals (Totals). A book's
/// record says which they are, so an order is held against exactly those that it will be counted in.

/// By what an order raises its book, and with it the totals that the book is counted in: no amount is negative.
struct Raise {
  var gross: Int64
  var netLong: Int64
  var netShort: Int64
  var orders: Int64
  var value: Int64

  /// `net` is on the order's side; all bits of `turn` are set for a sell, none for a buy.
  @inline(__always)
  init(gross: Int64, net: Int64, orders: Int64, value: Int64, turn: Int64) {
    self.gross = gross
    netLong = net & ~turn
    netShort = net & turn
    self.orders = orders
    self.value = value
  }

  /// Of a sum, by its place in a book.
  @inline(__always)
  func amount(_ sum: Int) -> Int64 {
    switch sum {
    case BookSum.gross: return gross
    case BookSum.netLong: return netLong
    case BookSum.netShort: return netShort
    case BookSum.orders: return orders
    default: return value
    }
  }

  init(from old: Book, to new: Book) {
    self.init(
      gross: new.gross &- old.gross, net: 0, orders: new.orders &- old.orders,
      value: new.ordersValue &- old.ordersValue, turn: 0)
    netLong = new.netLong &- old.netLong
    netShort = new.netShort &- old.netShort
  }
}

extension BookSum {
  static func isExposure(_ sum: Int) -> Bool { sum <= netShort }
}

extension Exam {
  private var totals: Totals<D> { Totals(desk.state, writer: desk.writer) }

  /// What is to be asked since a total may exceed its lowest level with the order in it.
  @inline(never)
  func totalDoubts(_ book: Book, _ what: What) -> Doubts {
    var doubts: Doubts = []
    let raise = whole(book, what)
    _ = book.coverage.each { place, sum in
      let amount = raise.amount(sum)
      guard let scope = totals.scope(book.coverage, place),
        let total = totals.total(scope, sum)
      else { return true }
      if exceeds(total, amount, scope, sum) {
        doubts.insert(BookSum.isExposure(sum) ? .exposure : .working)
      }
      return true
    }
    return doubts
  }

  /// By what the limits see the book raised: what an amended order held before is absent.
  private func whole(_ book: Book, _ what: What) -> Raise {
    Raise(
      gross: what.gross &- book.gross, net: what.net &- book.net(ask.sideIndex),
      orders: what.orders &- book.orders, value: what.ordersValue &- book.ordersValue,
      turn: 0 &- Int64(ask.sideIndex))
  }

  /// Asks the bounds on the totals of a book: on its exposure, or on its working orders.
  @inline(never)
  func judgeTotals(
    _ book: Book, _ what: What, exposure: Bool, strategy: Bool, _ findings: inout Findings
  ) {
    let isCounted = !strategy || tracking & (exposure ? Scope.trackRows : Scope.trackBook) != 0
    if book.coverage.isEmpty || !isCounted || exposure && isReducing { return }
    let raise = whole(book, what)
    var (found, told) = (findings, strategy ? notes.pointee.told.strategy : notes.pointee.told.account)
    _ = book.coverage.each { place, sum in
      let amount = raise.amount(sum)
      if BookSum.isExposure(sum) != exposure || sum == otherSide { return true }
      if sum == BookSum.orders && ask.message != RCK_MEASURE_NEW { return true }
      guard let scope = totals.scope(book.coverage, place, strategy: strategy),
        let total = totals.total(scope, sum), exceeds(total, amount, scope, sum)
      else { return true }
      let (observed, overflow) = observed(total).addingReportingOverflow(amount)
      if overflow || observed > Amount.totalMax {
        found.refuse(RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_OVERFLOW, Place(scope))
        return true
      }
      if observed <= scope.lowest(half)[BookSum.slot(sum)] { return true }
      told |= 1 &<< UInt64(truncatingIfNeeded: place &* 8 &+ sum)
      let (control, status) = refusal(sum)
      bounds(scope, BookSum.slot(sum)) { found.weigh(observed, $0, control, status, Place(scope)) }
      return true
    }
    findings = found
    if strategy { notes.pointee.told.strategy = told } else { notes.pointee.told.account = told }
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

  private var otherSide: Int { ask.isBuy ? BookSum.netShort : BookSum.netLong }

  private func refusal(_ sum: Int) -> (control: Int32, status: rck_status) {
    switch sum {
    case BookSum.gross: return (RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_GROSS)
    case BookSum.netLong: return (RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_NET_LONG)
    case BookSum.netShort: return (RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_NET_SHORT)
    case BookSum.orders: return (RCK_CONTROL_WORKING, RCK_REJECT_WORKING_COUNT)
    default: return (RCK_CONTROL_WORKING, RCK_REJECT_WORKING_NOTIONAL)
    }
  }

  // MARK: Reserving

  /// Raises the totals of a book, before it is raised itself. False: one leaves no room, and none is raised.
  @inline(never)
  func takeTotals(_ coverage: Coverage, _ raise: Raise, strategy: Bool) -> Bool {
    let told = strategy ? notes.pointee.told.strategy : notes.pointee.told.account
    return desk.raise(coverage, raise, half, notes.pointee.generation, besides: otherSide) {
      total, scope, bit in
      // What is not raised has been judged, and is not held. Above a level goes only what has been told of, or passes
      // regardless.
      let (amount, sum) = (raise.amount(bit & 7), bit & 7)
      let mayExceed =
        told &>> UInt64(truncatingIfNeeded: bit) & 1 != 0 || isReducing && BookSum.isExposure(sum)
      return amount == 0 || mayExceed && takeAbove(amount, total, scope, sum, strategy: strategy)
    }
  }

  /// A level is exceeded that does not refuse, or one that does: up to the lowest that does.
  @inline(never)
  private func takeAbove(
    _ amount: Int64, _ total: Total<D>, _ scope: Scope, _ sum: Int, strategy: Bool
  ) -> Bool {
    var hard = Amount.totalMax
    if !(isReducing && BookSum.isExposure(sum)) && !waives(scope, sum, strategy: strategy) {
      bounds(scope, BookSum.slot(sum)) { hard = min(hard, $0.loadInteger(16)) }
    }
    if case .granted = total.takeAbove(amount, upTo: hard).taken { return true }
    return false
  }
}

extension Exam {
  /// Whether an override that the order has taken its part of waives the hard levels of a total.
  private func waives(_ scope: Scope, _ sum: Int, strategy: Bool) -> Bool {
    if !isWaiving { return false }
    // Whoever raises totals looks all groups up as one kind.
    let isOfStrategies = strategy && scope.kind == RCK_SCOPE_ACCOUNT_GROUP
    let place = Place(isOfStrategies ? RCK_SCOPE_STRATEGY_GROUP : scope.kind, scope.id)
    return noFindings.waives(refusal(sum).control, place)
  }
}

extension Desk {
  /// Raises all totals that a coverage names, but for that of the `other` side's net, each up to the lowest level of
  /// its scope; `beyond` is asked where that leaves no room. False: it said no, and nothing is raised.
  @inline(__always)
  func raise(
    _ coverage: Coverage, _ raise: Raise, _ half: UInt64, _ generation: UInt64,
    besides other: Int, _ beyond: (_ total: Total<D>, _ scope: Scope, _ bit: Int) -> Bool
  ) -> Bool {
    let (totals, stamp) = (Totals<D>(state, writer: writer), state.region.hot(Region.Hot.generation))
    var left = coverage.sums
    while left != 0 {
      let bit = left.trailingZeroBitCount
      let (place, sum) = (bit &>> 3, bit & 7)
      let amount = raise.amount(sum)
      if sum != other, let scope = totals.scope(coverage, place), let total = totals.total(scope, sum) {
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
      if let scope = totals.scope(coverage, place), let total = totals.total(scope, sum) {
        let amount = raise.amount(sum)
        if amount != 0 { total.lower(by: amount, stamp, generation) }
      }
      return true
    }
  }
}
