import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Pass one: every control, by loads alone. Controls are asked in the order of their rank: the state of trading
/// first, then by number. Nothing is written.
extension Exam {
  /// Finds out whom the order is about.
  @inline(__always)
  func identify() {
    let state = desk.state
    if state.readAccount(ask.account, &notes.pointee.accountTerms) {
      account = state.scope(RCK_SCOPE_ACCOUNT, ask.account)
    }
    if state.read(ask.instrument, &notes.pointee.terms) {
      instrument = state.scope(RCK_SCOPE_INSTRUMENT, ask.instrument)
    }
    if ask.strategy != 0 && state.readStrategy(ask.strategy, &notes.pointee.strategyTerms) {
      strategy = state.scope(RCK_SCOPE_STRATEGY, ask.strategy)
    }
  }

  /// Asks all controls. False: the memory is damaged, or rows move on and on.
  @inline(__always)
  func pass(_ rates: Rates) -> Bool {
    var stopped = false
    let fault = Validity.fault(self, &stopped)
    if stopped { return invalid(fault, rates) }
    if !readRows() { return false }
    isReducing = reduces
    value(rates)
    TradingState.judge(self, &notes.pointee.findings)
    if isReducing { findings.flags |= RCK_VERDICT_REDUCING }
    if stops { return true }
    if fault != RCK_OK { findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self)) }
    if stops { return true }
    let short = Validity.shortFault(self, old.short &+ heldQuantity &- formerQuantity)
    if short != RCK_OK {
      findings.refuse(
        RCK_CONTROL_VALIDITY, short, short == RCK_REJECT_ACCOUNT_PERMISSION ? accountPlace : strategyPlace)
    }
    if stops { return true }
    return measure(rates)
  }

  @inline(__always)
  var stops: Bool { findings.refused && ask.flags & UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 }

  /// Rules on the form of the order are broken: only the state of trading and the rates are asked besides.
  @inline(never)
  private func invalid(_ fault: rck_status, _ rates: Rates) -> Bool {
    TradingState.judge(self, &notes.pointee.findings)
    if stops { return true }
    findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self))
    if !stops { merge(rates) }
    return true
  }

  /// Whether the order cannot but bring the position nearer to zero, what is open there counted.
  @inline(__always)
  private var reduces: Bool {
    let open = heldQuantity &- formerQuantity
    return ask.isBuy ? old.openBuys &+ open <= 0 &- old.net : old.openSells &+ open <= old.net
  }

  // MARK: Value

  /// The price and value of the order.
  @inline(__always)
  private func value(_ rates: Rates) {
    switch Valuation.worth(ask, terms, market) {
    case .status(let status): trouble = status
    case .price(let price):
      worth = price
      guard let whole = terms.conversion.value(ask.quantity, at: price) else {
        trouble = RCK_REJECT_NOTIONAL_OVERFLOW
        return
      }
      value = whole
      // A new order holds all of it; an amended one what is left of it.
      if heldQuantity == ask.quantity {
        heldValue = whole
      } else {
        heldValue = terms.conversion.value(heldQuantity, at: price) ?? 0
      }
      isValued = true
    }
  }

  // MARK: The controls that measure

  @inline(__always)
  private func measure(_ rates: Rates) -> Bool {
    if trouble == RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_VALIDITY, trouble, instrumentPlace)
      if stops { return true }
    }
    OrderSize.judge(self, quantity: true)
    if stops { return true }
    if !isValued { return unvalued(rates) }
    OrderSize.judge(self, quantity: false)
    if stops { return true }
    Collar.judge(self)
    if stops { return true }
    return reserveInMind(rates)
  }

  /// There is no value: what needs one is not asked.
  @inline(never)
  private func unvalued(_ rates: Rates) -> Bool {
    if trouble != RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_ORDER_NOTIONAL, trouble, instrumentPlace)
    }
    if trouble == RCK_REJECT_NOTIONAL_OVERFLOW && !stops { Collar.judge(self) }
    if !stops { merge(rates) }
    return true
  }

  /// The controls on rows and books, with the order in them.
  @inline(__always)
  private func reserveInMind(_ rates: Rates) -> Bool {
    what = comesTo(old, book, bps: margin_bps)
    PositionLimit.judge(self, what, &notes.pointee.findings)
    var strategyWhat = What()
    if tracking != 0 {
      strategyWhat = comesTo(
        tracking & Scope.trackRows != 0 ? strategyOld : nil, strategyBook, bps: terms.margin_bps(0))
      PositionLimit.judgeStrategy(self, strategyWhat, &notes.pointee.findings)
    }
    if stops { return true }
    Exposure.judge(self, account, accountPlace, what, &notes.pointee.findings)
    if tracking != 0 {
      Exposure.judge(self, strategy, strategyPlace, strategyWhat, &notes.pointee.findings)
    }
    if stops { return true }
    BuyingPower.judge(self, what, &notes.pointee.findings)
    if stops { return true }
    merge(rates)
    if stops { return true }
    Working.judge(self, account, accountPlace, what, &notes.pointee.findings)
    if tracking != 0 { Working.judge(self, strategy, strategyPlace, strategyWhat, &notes.pointee.findings) }
    return true
  }

  /// What a row and its book come to with the order in them, as the limits see it: what it held before is
  /// absent. Nil: the row is not kept, only the book.
  @inline(__always)
  func comesTo(_ row: Holding?, _ book: Book, bps: Int64) -> What {
    let (buy, quantity, value) = (ask.isBuy, heldQuantity &- formerQuantity, heldValue &- formerValue)
    var what = What()
    what.orders = book.orders &+ (ask.message == RCK_MEASURE_NEW ? 1 : 0)
    what.ordersValue = book.ordersValue &+ value
    what.gross = book.gross
    what.margin = book.margin
    what.net = buy ? book.netLong : book.netShort
    what.moneyFits = what.ordersValue <= Amount.max
    guard let row else { return what }
    what.quantity = (buy ? row.long : row.short) &+ quantity
    what.open = (buy ? row.openBuys : row.openSells) &+ quantity
    let exposure = row.exposure(buy: buy, value)
    let margin = Amount.share(exposure, bps: bps)
    what.gross &+= exposure &- row.exposure
    what.net &+= value
    what.rowMargin = margin ?? 0
    what.margin &+= what.rowMargin &- row.margin
    let fits = Amount.fits(what.net) && what.gross <= Amount.max && what.margin <= Amount.max
    what.moneyFits =
      what.moneyFits && fits && exposure <= Amount.max && margin != nil
      && (buy ? row.buys : row.sells) &+ value <= Amount.max
    return what
  }

  /// Takes over what the rates found, when it is their turn.
  @inline(__always)
  func merge(_ rates: Rates) {
    if rates.exceeded != 0 { rates.tell(self, &notes.pointee.findings) }
  }
}

/// What the limits are compared with, for one row and its book.
struct What {
  /// Worst-case position on the order's side, and what is open there.
  var quantity: Int64 = 0
  var open: Int64 = 0
  var rowMargin: Int64 = 0
  var gross: Int64 = 0
  var net: Int64 = 0
  var margin: Int64 = 0
  var orders: Int64 = 0
  var ordersValue: Int64 = 0
  /// No amount exceeds its bound.
  var moneyFits = true
}
