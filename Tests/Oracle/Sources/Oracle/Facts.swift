import CRiskCheck

/// What venues report. Facts are never refused for a limit; they repeat, or they move the position.
extension Oracle {
  public func fill(_ report: rck_report, port: UInt32) -> rck_verdict {
    if let misuse = misuse(report) { return .refusal(misuse) }
    let time: Int64
    switch judge(report.time_ns, port: port) {
    case .refused(let status): return .refusal(status)
    case .at(let judged): time = judged
    }
    let verdict = apply(report, at: time)
    if verdict.status >= 0 { move(port: port, to: time) }
    return verdict
  }

  private func misuse(_ report: rck_report) -> Int32? {
    let reserved = report.reserved
    if reserved.0 | reserved.1 | reserved.2 | UInt64(report.reserved0) != 0 { return RCK_E_RESERVED }
    if report.flags != 0 { return RCK_E_FLAGS }
    guard report.token != 0 || report.order_id != 0 else { return RCK_E_RANGE }
    guard (0...Bound.input).contains(report.last_quantity), Bound.holdsInput(report.last_price),
      (0...Bound.input).contains(report.cumulative_quantity), Bound.holdsInput(report.fee)
    else { return RCK_E_RANGE }
    let sound =
      switch Int32(report.kind) {
      case RCK_REPORT_FILL: report.cumulative_quantity > 0
      case RCK_REPORT_BUST: true
      case RCK_REPORT_CORRECT: report.last_quantity > 0
      default: false
      }
    return sound ? nil : RCK_E_RANGE
  }

  private func apply(_ report: rck_report, at time: Int64) -> rck_verdict {
    // A fact is not refused for a token that is no longer remembered, if it says an id too.
    let named = report.token != 0 && order(token: report.token, id: 0) == nil && report.order_id != 0
    var report = report
    if named { report.token = 0 }
    let order = order(token: report.token, id: report.order_id)
    if report.kind != RCK_REPORT_FILL {
      guard let order else { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
      return undo(report, of: order)
    }
    if let order { return fill(report, of: order, at: time) }
    if report.token != 0 { return .refusal(RCK_REJECT_ORDER_UNKNOWN) }
    return fillUnknown(report, at: time)
  }

  // MARK: - Fills

  private func fill(_ report: rck_report, of order: Order, at time: Int64) -> rck_verdict {
    let applied = Wide(report.cumulative_quantity) - order.known
    if let known = executions[report.execution_id] { return repeated(known.order) }
    if applied <= 0 { return repeated(order) }
    let late = order.finished
    let consumed = min(applied, order.leaves)
    let before = order.contribution
    order.executed += consumed
    let after = order.contribution
    let done = !late && order.leaves == 0
    guard let change = trade(report, order, applied, from: before, to: after, ends: done) else {
      order.executed -= consumed
      return unvalued(order)
    }
    if let overflow = change.overflows.first {
      order.executed -= consumed
      return .refusal(overflow)
    }
    make(change)
    noteFill(order, known: order.known, at: time)
    order.known = Wide(report.cumulative_quantity)
    noteTrade(order.identity)
    record(report, order, applied)
    if done { finish(order) }
    var flags: Int32 = 0
    if late && plant != .lateIsSilent { flags |= RCK_VERDICT_LATE }
    if !late && consumed < applied { flags |= RCK_VERDICT_OVER_FILL }
    return told(report, order, applied, flags, at: time)
  }

  private func fillUnknown(_ report: rck_report, at time: Int64) -> rck_verdict {
    guard (1...2).contains(report.side) else { return .refusal(RCK_E_RANGE) }
    guard accounts[report.account] != nil, instruments[report.instrument] != nil,
      report.strategy == 0 || strategies[report.strategy] != nil
    else { return .refusal(RCK_E_UNKNOWN) }
    let ids = Identity(
      account: report.account, strategy: report.strategy, instrument: report.instrument, side: report.side)
    // The execution id is looked at first: what repeats makes no order known.
    if let known = executions[report.execution_id] { return repeated(known.order) }
    let tracked = tracking(ids)
    let order = Order(
      token: tokensGiven + 1, id: report.order_id, correlation: report.correlation_id, ids: ids, type: 0,
      force: 0, venue: report.venue, inRow: tracked.row, inBook: tracked.book, terms: nil)
    let applied = Wide(report.cumulative_quantity)
    let none = Contribution()
    guard let change = trade(report, order, applied, from: none, to: none, ends: false) else {
      return unvalued(order)
    }
    if let overflow = change.overflows.first { return .refusal(overflow) }
    if let full = full(change) { return .refusal(full) }
    makePlace()
    make(change)
    order.known = applied
    _ = nextToken()
    remember(order)
    noteTrade(ids)
    noteFill(order, known: 0, at: time)
    record(report, order, applied)
    finish(order)
    return told(report, order, applied, RCK_VERDICT_UNKNOWN, at: time)
  }

  /// Rows and books with a trade booked; nil when it has no value within bounds.
  private func trade(
    _ report: rck_report, _ order: Order, _ quantity: Wide, from before: Contribution,
    to after: Contribution, ends: Bool
  ) -> Change? {
    let conversion = conversions[order.instrument]!
    guard let value = conversion.signedValue(quantity, at: report.last_price) else { return nil }
    return change(
      order.identity, tracked: (order.inRow, order.inBook), orders: ends ? -1 : 0,
      value: after.value - before.value
    ) { row in
      row.replace(before, by: after, buy: order.buy)
      row.fees += Wide(report.fee)
      return row.book(buy: order.buy, quantity: quantity, value: value, plant: plant) {
        conversion.signedValue($0, at: report.last_price)
      }
    }
  }

  private func record(_ report: rck_report, _ order: Order, _ quantity: Wide) {
    if report.execution_id == 0 { return }
    executions[report.execution_id] = Execution(
      order: order, quantity: quantity,
      value: conversions[order.instrument]!.signedValue(quantity, at: report.last_price)!)
    if let forgotten = executionIds.add(report.execution_id) { executions[forgotten] = nil }
  }

  private func told(
    _ report: rck_report, _ order: Order, _ applied: Wide, _ flags: Int32, at time: Int64
  ) -> rck_verdict {
    var verdict = rck_verdict()
    verdict.flags = UInt16(flags | (applied != Wide(report.last_quantity) ? RCK_VERDICT_GAP : 0))
    verdict.observed = shown(applied)
    verdict.token = order.token
    let halts = [
      (RCK_VERDICT_LATE, RCK_HALT_ON_LATE), (RCK_VERDICT_OVER_FILL, RCK_HALT_ON_OVER_FILL),
      (RCK_VERDICT_UNKNOWN, RCK_HALT_ON_UNKNOWN),
    ]
    let account = accounts[order.account]!
    for (flag, halt) in halts where flags & flag != 0 && account.flags & UInt32(halt) != 0 {
      self.halt(order.account, at: time)
    }
    return verdict
  }

  private func repeated(_ order: Order) -> rck_verdict {
    var verdict = rck_verdict.refusal(RCK_REPEAT)
    verdict.token = order.token
    return verdict
  }

  /// A trade whose value no number can hold.
  private func unvalued(_ order: Order) -> rck_verdict {
    .refusal((RCK_REJECT_EXPOSURE_OVERFLOW, RCK_CONTROL_EXPOSURE, Scope(RCK_SCOPE_ACCOUNT, order.account)))
  }

  // MARK: - Busts and corrections

  private func undo(_ report: rck_report, of order: Order) -> rck_verdict {
    guard let undone = executions[report.undone_execution_id], undone.order === order else {
      return .refusal(RCK_REJECT_EXECUTION_UNKNOWN)
    }
    if undone.busted { return repeated(order) }
    let corrects = report.kind == RCK_REPORT_CORRECT
    if corrects && executions[report.execution_id] != nil { return repeated(order) }
    let added = corrects ? Wide(report.last_quantity) : 0
    guard let change = undoing(report, undone, added) else {
      return unvalued(order)
    }
    if let overflow = change.overflows.first { return .refusal(overflow) }
    make(change)
    undone.busted = plant != .bustRepeats
    let ends = [order.known - undone.quantity + added, order.known]
    order.known = min(max(Wide(report.cumulative_quantity), ends.min()!), ends.max()!)
    if corrects { record(report, order, added) }
    var verdict = rck_verdict()
    verdict.observed = shown(added - undone.quantity)
    verdict.token = order.token
    return verdict
  }

  /// Rows and books with an execution reversed and, of a correction, its other form booked.
  private func undoing(_ report: rck_report, _ undone: Execution, _ added: Wide) -> Change? {
    let order = undone.order
    let conversion = conversions[order.instrument]!
    guard let value = added == 0 ? 0 : conversion.signedValue(added, at: report.last_price) else {
      return nil
    }
    return change(order.identity, tracked: (order.inRow, order.inBook)) { row in
      row.fees += Wide(report.fee)
      // The part of it that opens the other side has its share of the value, the remainder included.
      let reversed = row.book(buy: !order.buy, quantity: undone.quantity, value: undone.value) {
        undone.value - undone.value * (undone.quantity - $0) / undone.quantity
      }
      if added == 0 { return reversed }
      return reversed
        && row.book(buy: order.buy, quantity: added, value: value) {
          conversion.signedValue($0, at: report.last_price)
        }
    }
  }
}

extension rck_verdict {
  static func refusal(_ overflow: (status: Int32, control: Int32, scope: Scope)) -> rck_verdict {
    var verdict = rck_verdict()
    verdict.show(Finding(status: overflow.status, control: overflow.control, scope: overflow.scope))
    verdict.failed = 1 << UInt32(overflow.control - 1)
    return verdict
  }
}
