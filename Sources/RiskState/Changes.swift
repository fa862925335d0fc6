import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Changes of an order that the venue or the host decides: its end, the answer to an amend, its confirmation. An order
/// that is made of a report is unknown until one is booked.
extension Desk {
  /// Ends an order as a venue says, for a reason, RCK_RELEASE_.
  public func release(_ token: UInt64, _ reason: UInt32, ticket: UnsafeMutablePointer<UInt64>? = nil)
    -> Committed
  {
    let isRejected = reason == UInt32(RCK_RELEASE_REJECTED)
    var (counted, owner) = (Counted(), Order())
    let committed = release(token, ticket: ticket) { order in
      if isRejected && counted.isNothing { (counted, owner) = (countReject(order), order) }
    }
    if committed.status != RCK_OK {
      takeBackReject(counted, owner)
    } else if !isRejected {
      clearRejects(committed.after)
    }
    return committed
  }

  /// Ends an order. With `forgetting` it was never acknowledged, and its id is free at once.
  public func release(_ token: UInt64, forgetting: Bool = false) -> Committed {
    release(token, forgetting: forgetting) { _ in }
  }

  /// Likewise; `noting` is told of the order before it ends, perhaps more than once.
  private func release(
    _ token: UInt64, forgetting: Bool = false, ticket: UnsafeMutablePointer<UInt64>? = nil,
    _ noting: (Order) -> Void
  ) -> Committed {
    commit(token, forgetting: forgetting, ticket: ticket) { order, new in
      if order.isFinished { return .answer(order.isUnreported ? RCK_REJECT_ORDER_UNKNOWN : RCK_REPEAT) }
      noting(order)
      let state = Order.State.finished | (forgetting ? Order.State.forgotten : 0)
      return free(order, order.step(Step.Kind.release, state: state), &new)
    }
  }

  public func answer(_ token: UInt64, accepted: Bool, ticket: UnsafeMutablePointer<UInt64>? = nil)
    -> Committed
  {
    let committed = commit(token, ticket: ticket) { order, new in
      if !order.isAmending { return .answer(order.isUnreported ? RCK_REJECT_ORDER_UNKNOWN : RCK_REPEAT) }
      let kind = accepted ? Step.Kind.accepted : Step.Kind.rejected
      // What stays has nothing left: the order is done.
      let left = accepted ? order.pendingLeaves : order.leaves
      let state = left == 0 ? Order.State.finished : order.state & ~Order.State.amending
      return free(order, order.step(kind, state: state), &new)
    }
    if committed.status == RCK_OK && accepted { clearRejects(committed.after) }
    return committed
  }

  public func confirm(_ token: UInt64, ticket: UnsafeMutablePointer<UInt64>? = nil) -> Committed {
    commit(token, ticket: ticket) { order, new in
      if order.isFinished {
        return .answer(order.isUnreported ? RCK_REJECT_ORDER_UNKNOWN : RCK_REJECT_ORDER_FINISHED)
      }
      if order.state & Order.State.unconfirmed == 0 { return .answer(RCK_REPEAT) }
      return .step(order.step(Step.Kind.confirm, state: order.state & ~Order.State.unconfirmed))
    }
  }

  /// Frees what the order holds no more after the step.
  private func free(_ order: Order, _ step: Step, _ new: inout Holding) -> Decision {
    var step = step
    let before = order.held
    let isOver = step.state & Order.State.finished != 0
    let after = isOver ? (quantity: 0, value: 0) : order.after(step, clock: 0).held
    step.opened = after.quantity &- before.quantity
    step.openedValue = after.value &- before.value
    _ = new.take(step, buy: order.isBuy)  // it books nothing
    // A row that does not move keeps its margin, as its strategy's does. Less is open than before: a margin that
    // no longer fits, because it was redefined, stays as it was.
    if step.moves {
      guard let bps = state.margin_bps(order.account, in: order.instrument) else {
        return .answer(fail(State.Site.rows))
      }
      _ = new.setMargin(bps: bps)
    }
    return .step(step)
  }
}

/// Changes of rows that no order makes.
extension Desk {
  /// Changes a row, whose book follows. The status of `change` is returned; the row moves if it is RCK_OK. With
  /// `ticket` each try draws one, and the row is swapped though it stays as it is: as in `commit`.
  public func move(
    _ row: Int, time_ns: Int64 = 0, ticket: UnsafeMutablePointer<UInt64>? = nil,
    _ change: (inout Holding) -> rck_status
  ) -> rck_status {
    let (owner, instrument, strategy) = positions.owner(row)
    var old = Holding()
    while true {
      guard let word = positions.read(row, &old) else { return fail(State.Site.positions) }
      if !complete(row, word) { return fail(State.Site.carry) }
      if let ticket { ticket.pointee = Tickets(state).draw() }
      var new = old
      let status = change(&new)
      if status != RCK_OK { return status }
      if !bookFits(owner, instrument, strategy: strategy, old, new) { return RCK_REJECT_EXPOSURE_OVERFLOW }
      if (new != old || word == 0 || ticket != nil) && positions.swap(row, word, to: new, spare: writer) == 0
      {
        if positions.rows.draft(writer) == nil { return fail(State.Site.positions) }
        continue
      }
      if new.isGrouped { Totals<D>(state, writer: writer).follow(from: old, to: new, owner, instrument) }
      let moved = books.post(books.row(owner, strategy: strategy), spare: writer) {
        $0.move(from: old, to: new)
        $0.markTime = max($0.markTime, time_ns)
      }
      return moved ? RCK_OK : fail(State.Site.books)
    }
  }

  /// Books every position in the instrument at a price. The ticket is that of the first row: nothing is freed before.
  public func mark(
    _ id: UInt32, at price: Int64, time_ns: Int64, ticket: UnsafeMutablePointer<UInt64>? = nil
  ) -> rck_status {
    var (instrument, ticket) = (Instrument(), ticket)
    guard state.read(id, &instrument) else { return RCK_E_UNKNOWN }
    var row = positions.next(nil, id)
    var worst = RCK_OK
    while let marked = row {
      row = positions.next(marked, id)
      let (owner, _, strategy) = positions.owner(marked)
      guard let isOpen = isOpen(marked) else { return fail(State.Site.positions) }
      if !isOpen { continue }  // there is nothing to book, and its book is no fresher for it
      let bps = strategy ? instrument.margin_bps(0) : state.margin_bps(owner, instrument)
      let status = move(marked, time_ns: time_ns, ticket: ticket) { holding in
        if holding.net == 0 { return RCK_OK }
        let fits =
          holding.mark(at: price, instrument.conversion) && holding.moneyFits && holding.resultsFit
          && holding.setMargin(bps: bps)
        return fits ? RCK_OK : RCK_REJECT_EXPOSURE_OVERFLOW
      }
      ticket = nil
      if status < 0 { return status }
      if status != RCK_OK { worst = status }
    }
    return worst
  }

  /// Whether there is a position in a row. Nil: the memory is damaged.
  private func isOpen(_ row: Int) -> Bool? {
    var holding = Holding()
    return positions.read(row, &holding) == nil ? nil : holding.net != 0
  }

  /// Sets a row's quantity and what it is booked at.
  public func setPosition(
    _ owner: UInt32, _ id: UInt32, strategy: Bool, _ quantity: Int64, at price: Int64,
    ticket: UnsafeMutablePointer<UInt64>? = nil
  ) -> rck_status {
    var instrument = Instrument()
    guard state.read(id, &instrument) else { return RCK_E_UNKNOWN }
    guard let value = instrument.conversion.signedValue(quantity.magnitudeOfAmount, at: price) else {
      return RCK_REJECT_EXPOSURE_OVERFLOW
    }
    let bps = strategy ? instrument.margin_bps(0) : state.margin_bps(owner, instrument)
    func change(_ holding: inout Holding) -> rck_status {
      holding.net = quantity
      holding.booked = quantity < 0 ? 0 &- value : value
      if !holding.quantitiesFit { return RCK_REJECT_POSITION_OVERFLOW }
      return holding.moneyFits && holding.setMargin(bps: bps) ? RCK_OK : RCK_REJECT_EXPOSURE_OVERFLOW
    }
    if case .absent = positions.find(owner, id, strategy: strategy) {
      // What is refused makes no row.
      let old = strategy ? Holding() : Positions<D>.blank(state, id, of: owner)
      var new = old
      let status = change(&new)
      if status != RCK_OK { return status }
      if !bookFits(owner, id, strategy: strategy, old, new) { return RCK_REJECT_EXPOSURE_OVERFLOW }
    }
    switch positions.make(owner, id, strategy: strategy, stripe: writer) {
    case .row(let row): return move(row, ticket: ticket) { change(&$0) }
    case .broken: return fail(State.Site.positions)
    default: return RCK_REJECT_POSITIONS_FULL
    }
  }

  public func setCash(
    _ account: UInt32, _ cash: Int64, _ credit: Int64, ticket: UnsafeMutablePointer<UInt64>? = nil
  ) -> rck_status {
    let moved = books.move(books.row(account, strategy: false), spare: writer) {
      // Between the look at the book and the swap.
      if let ticket { ticket.pointee = Tickets(state).draw() }
      $0.cash = cash
      $0.credit = credit
      $0.cashKnown = 1
    }
    return moved ? RCK_OK : fail(State.Site.books)
  }
}
