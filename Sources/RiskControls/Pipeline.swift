import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Pass one: what there is to know is gathered, every amount is compared with the lowest level of its bounds, and
/// the controls that may have something to say are asked, in the order of their rank: the state of trading first,
/// then by number. By loads alone; nothing of the region is written.
extension Exam {
  /// What pass one has come to.
  enum Passed {
    /// Nothing exceeds the lowest level of anything: no control has anything to say.
    case plainly
    /// Controls have been asked; what they found is in the findings.
    case judged
    /// What was read does not belong together: others have moved it on meanwhile.
    case again
    /// The memory is damaged.
    case broken
  }

  @inline(never)
  func pass() -> Passed {
    let isDefined = identify()
    let isArmed = furtherWords != 0 || desk.state.hasWideFurther(half)
    notes.pointee.armed = isArmed ? 1 &<< 31 : 0
    if !Rates.look(self) { return .broken }
    var doubts: Doubts = notes.pointee.exceeded == 0 ? [] : .rate
    if !isDefined || !Validity.isPlain(self) {
      if let fault = Validity.fault(self) { return invalid(fault) }
      doubts.insert(.validity)
    }
    if !readRows() { return .broken }
    if !TradingState.isQuiet(desk.state) { doubts.insert(.state) }
    // Whether the order cannot but bring the position nearer to zero, what is open there counted.
    notes.pointee.what.quantity = notes.pointee.old.worst(ask.sideIndex) &+ openedQuantity
    notes.pointee.isReducing = notes.pointee.what.quantity <= 0
    valuate()
    if !notes.pointee.isValued { return judge(.all) }
    notes.pointee.margin_bps = terms.margin_bps(notes.pointee.accountTerms.marginClass)
    comesTo(
      &notes.pointee.old, isKept: true, &notes.pointee.book, bps: margin_bps, &notes.pointee.what)
    doubts.formUnion(orderDoubts)
    doubts.formUnion(rowDoubts)
    if notes.pointee.book.coverage.sums | notes.pointee.old.sums != 0 { doubts.formUnion(totalDoubts) }
    if tracking != 0 { doubts.formUnion(strategyDoubts) }
    if isArmed || hasLists(doubts) { doubts.formUnion(furtherDoubts) }
    return doubts.isEmpty ? .plainly : judge(doubts)
  }

  /// Finds out whom the order is about. False: not all that it names is defined.
  @inline(__always)
  func identify() -> Bool {
    let state = desk.state
    var isDefined = true
    notes.pointee.account = state.scopeMemory(RCK_SCOPE_ACCOUNT, ask.account)
    if let account = notes.pointee.account {
      let isQuiet = TradingState.isQuiet(state)
      notes.pointee.accountTerms =
        isQuiet ? Party(account) : state.membership(RCK_KIND_ACCOUNT, ask.account).party
    }
    if notes.pointee.account == nil || !notes.pointee.accountTerms.isKnown {
      notes.pointee.account = nil
      isDefined = false
    }
    notes.pointee.strategy = nil
    if ask.strategy != 0 {
      notes.pointee.strategy = state.scopeMemory(RCK_SCOPE_STRATEGY, ask.strategy)
      if let strategy = notes.pointee.strategy {
        let isQuiet = TradingState.isQuiet(state)
        notes.pointee.strategyTerms =
          isQuiet ? Party(strategy) : state.membership(RCK_KIND_STRATEGY, ask.strategy).party
      }
      if notes.pointee.strategy == nil || !notes.pointee.strategyTerms.isKnown {
        notes.pointee.strategy = nil
        isDefined = false
      }
    }
    notes.pointee.instrument = state.scopeMemory(RCK_SCOPE_INSTRUMENT, ask.instrument)
    if !state.read(ask.instrument, &notes.pointee.terms) {
      notes.pointee.instrument = nil
      isDefined = false
    }
    return isDefined
  }

  /// The price and value of the order.
  @inline(__always)
  func valuate() {
    let conversion = notes.pointee.terms.conversion
    var price = ask.price
    if ask.type != UInt8(RCK_TYPE_LIMIT) {
      guard let worth = otherWorth() else { return }
      price = worth
    }
    notes.pointee.worth = price
    guard let whole = conversion.value(ask.quantity, at: price) else {
      notes.pointee.trouble = RCK_REJECT_NOTIONAL_OVERFLOW
      return
    }
    notes.pointee.value = whole
    // A new order holds all of it; an amended one what is left of it.
    notes.pointee.heldValue =
      ask.message == RCK_MEASURE_NEW
      ? whole : conversion.value(notes.pointee.heldQuantity, at: price) ?? 0
    notes.pointee.isValued = true
  }

  /// The price that an order is valued at which is no limit order.
  @inline(never)
  private func otherWorth() -> Int64? {
    if ask.type == UInt8(RCK_TYPE_MARKET) && !readMarket() { notes.pointee.aside.pointee.market = Market() }
    switch Valuation.worth(ask, terms, market) {
    case .price(let price): return price
    case .status(let status):
      notes.pointee.trouble = status
      return nil
    }
  }

  // MARK: The controls, in the order of their rank

  /// Asks the controls that are doubted.
  @inline(never)
  private func judge(_ doubts: Doubts) -> Passed {
    beginFindings(keeping: isLeg)
    notes.pointee.isTorn = false
    answer(doubts)
    if !isConsistent || notes.pointee.isTorn { return .again }
    if doubts.contains(.further), !findings.refused, isDoubted(RCK_CONTROL_CUSTOM) { Custom.judge(self) }
    return .judged
  }

  func answer(_ doubts: Doubts) {
    if doubts.contains(.state) {
      TradingState.judge(self, &notes.pointee.findings)
      if stops { return }
    }
    if doubts.contains(.validity) {
      let fault = Validity.softFault(self)
      if fault != RCK_OK { findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self)) }
      if stops { return }
    }
    if doubts.contains(.short) {
      let short = Validity.shortFault(self, notes.pointee.old.short &+ openedQuantity)
      if short != RCK_OK {
        findings.refuse(
          RCK_CONTROL_VALIDITY, short, short == RCK_REJECT_ACCOUNT_PERMISSION ? accountPlace : strategyPlace)
      }
      if stops { return }
    }
    measure(doubts)
  }

  /// Keeping: what follows from legs before it, or when nothing was found before.
  @inline(__always)
  func beginFindings(keeping: Bool = false) {
    findings = Findings()
    notes.pointee.findings.waivers = notes.pointee.waivers
    noteEscalations(keeping: keeping)
    if isReducing { findings.flags |= RCK_VERDICT_REDUCING }
  }

  /// Of the usual check, which knows no overrides, and before which nothing was found.
  @inline(__always)
  func beginPlainFindings() {
    findings = Findings()
    noteEscalations(keeping: true)
    if isReducing { findings.flags |= RCK_VERDICT_REDUCING }
  }

  /// Of a look nobody asks for them afterwards.
  @inline(__always)
  private func noteEscalations(keeping: Bool) {
    let aside = notes.pointee.aside
    if !keeping { aside.pointee.escalations.count = 0 }
    notes.pointee.findings.escalations = withUnsafeMutablePointer(to: &aside.pointee.escalations) { $0 }
  }

  @inline(__always)
  var stops: Bool { findings.refused && ask.flags & UInt32(RCK_ORDER_FIRST_REFUSAL) != 0 }

  /// Rules on the form of the order are broken: only the state of trading and the rates are asked besides.
  @inline(never)
  private func invalid(_ fault: rck_status) -> Passed {
    beginFindings(keeping: isLeg)
    TradingState.judge(self, &notes.pointee.findings)
    if stops { return .judged }
    findings.refuse(RCK_CONTROL_VALIDITY, fault, Validity.place(fault, self))
    if !stops { mergeRates() }
    return .judged
  }

  private func measure(_ doubts: Doubts) {
    let trouble = notes.pointee.trouble
    if trouble == RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_VALIDITY, trouble, instrumentPlace)
      if stops { return }
    }
    judgeAlone(doubts)
    if stops { return }
    if !notes.pointee.isValued { return unvalued() }
    if doubts.isDisjoint(with: .rows.union(.further).union(.sector)) { return mergeRates() }
    judgeFurther(doubts, RCK_CONTROL_PERIOD_COLLAR, RCK_CONTROL_PERIOD_COLLAR)
    if stops { return }
    reserveInMind(doubts)
    if !stops { judgeFurther(doubts, RCK_CONTROL_DUPLICATE, RCK_CONTROL_METRIC) }
    if !stops && doubts.contains(.sector) { judgeTotals(RCK_CONTROL_GROUP_EXPOSURE) }
  }

  /// Asks the controls on the order alone.
  @inline(__always)
  func judgeAlone(_ doubts: Doubts) {
    if doubts.contains(.quantity) {
      OrderSize.judge(self, quantity: true)
      if stops { return }
    }
    if !notes.pointee.isValued { return }
    if doubts.contains(.notional) {
      OrderSize.judge(self, quantity: false)
      if stops { return }
    }
    if doubts.contains(.collar) { Collar.judge(self) }
  }

  /// There is no value: what needs one is not asked.
  private func unvalued() {
    let trouble = notes.pointee.trouble
    if trouble != RCK_REJECT_ORDER_OVERFLOW {
      findings.refuse(RCK_CONTROL_ORDER_NOTIONAL, trouble, instrumentPlace)
    }
    if trouble == RCK_REJECT_NOTIONAL_OVERFLOW && !stops { Collar.judge(self) }
    if !stops { mergeRates() }
  }

  /// The controls on rows and books, with the order in them.
  private func reserveInMind(_ doubts: Doubts) {
    if !doubts.isDisjoint(with: .position.union(.amounts)) {
      judgeTotals(RCK_CONTROL_POSITION)
      PositionLimit.judge(self, what, &notes.pointee.findings)
      if tracking != 0 {
        PositionLimit.judgeStrategy(self, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
      }
      if stops { return }
    }
    if !doubts.isDisjoint(with: .exposure.union(.amounts)) {
      judgeTotals(RCK_CONTROL_EXPOSURE)
      Exposure.judge(self, account, accountPlace, what, &notes.pointee.findings)
      if tracking != 0 {
        Exposure.judge(
          self, strategy, strategyPlace, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
      }
      if stops { return }
    }
    if doubts.contains(.power) {
      BuyingPower.judge(self, what, &notes.pointee.findings)
      if stops { return }
    }
    judgeFurther(doubts, RCK_CONTROL_LIQUIDITY, RCK_CONTROL_LIQUIDITY)
    if stops { return }
    mergeRates()
    if stops { return }
    judgeFurther(doubts, RCK_CONTROL_ACCUMULATED, RCK_CONTROL_ACCUMULATED)
    if stops || !doubts.contains(.working) { return }
    judgeTotals(RCK_CONTROL_WORKING)
    Working.judge(self, account, accountPlace, what, &notes.pointee.findings)
    if tracking != 0 {
      Working.judge(
        self, strategy, strategyPlace, notes.pointee.tracked.pointee.what, &notes.pointee.findings)
    }
  }

  /// The totals, which are wider than any row or book.
  private func judgeTotals(_ control: Int32) {
    if !notes.pointee.book.coverage.isEmpty {
      judgeTotals(control, RCK_SCOPE_ACCOUNT_GROUP, &notes.pointee.findings)
    }
    if tracking != 0 { judgeTotals(control, RCK_SCOPE_STRATEGY_GROUP, &notes.pointee.findings) }
    if notes.pointee.old.isGrouped {
      judgeTotals(control, RCK_SCOPE_INSTRUMENT_GROUP, &notes.pointee.findings)
    }
  }

  /// Takes over what the rates found, when it is their turn.
  private func mergeRates() {
    if notes.pointee.exceeded != 0 { Rates.tell(self, &notes.pointee.findings) }
  }
}
