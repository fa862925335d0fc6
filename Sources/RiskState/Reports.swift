import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// A report, read once from the host's memory, in this engine's terms.
public struct Report {
  public var token: UInt64
  public var orderId: UInt64
  public var quantity: Int64
  public var price: Int64
  public var cumulative: Int64
  public var execution: UInt64
  public var undone: UInt64
  public var fee: Int64
  public var account: UInt32
  public var strategy: UInt32
  public var instrument: UInt32
  public var venue: UInt32
  public var side: UInt8
  public var kind: Int32
  public var correlation: UInt64
  public var time_ns: Int64
  /// Where the ticket goes that it draws: see `commit`.
  public var ticket: UnsafeMutablePointer<UInt64>?

  /// `time_ns` is the report's time as its port takes it.
  public init(_ report: rck_report, time_ns: Int64) {
    self.time_ns = time_ns
    token = report.token
    orderId = report.order_id
    quantity = report.last_quantity
    price = report.last_price
    cumulative = report.cumulative_quantity
    execution = report.execution_id
    undone = report.undone_execution_id
    fee = report.fee
    account = report.account
    strategy = report.strategy
    instrument = report.instrument
    venue = report.venue
    side = report.side
    kind = Int32(report.kind)
    correlation = report.correlation_id
  }
}

/// What a report did.
public struct Reported {
  public var status: rck_status
  public var flags: Int32 = 0
  public var applied: Int64 = 0
  /// It is the strategy's row that cannot hold it.
  public var ofStrategy = false
  public var order = Order()
  public var disabled = Disabled()

  public init(_ status: rck_status) { self.status = status }
}

/// Facts: fills, busts, corrections. Never refused for a limit.
extension Desk {
  public func apply(_ given: Report) -> Reported {
    var (report, tries) = (given, 0)
    while tries < Desk.patience {
      var order = Order()
      switch orders.find(report.token, report.orderId, &order) {
      case .broken: return Reported(fail(State.Site.orders))
      case .place:
        if order.isUnreported && !order.isTold(by: report) {
          // Whoever makes it of another report will soon have said what it is.
          platform_pause()
          tries &+= 1
          continue
        }
        let reported = report.kind == RCK_REPORT_FILL ? fill(order, report) : undo(order, report)
        // Forgotten between the look and the commit: looked for by its id, it may be there anew.
        if reported.status != RCK_REJECT_ORDER_UNKNOWN || report.token != 0 { return reported }
        tries &+= 1
      case .unknown:
        // A token that is no longer remembered: the id may be, and a fact is not refused for want of a token.
        if report.token != 0 && report.orderId != 0 {
          report.token = 0
          continue
        }
        if report.token != 0 || report.kind != RCK_REPORT_FILL {
          return Reported(RCK_REJECT_ORDER_UNKNOWN)
        }
        let reported = fillUnknown(report)
        // Another call has entered the id: it will be found soon.
        if reported.status != RCK_REJECT_CONTENDED { return reported }
        platform_pause()
        tries &+= 1
      }
    }
    return Reported(RCK_REJECT_CONTENDED)
  }

  // MARK: Fills

  private func fill(_ order: Order, _ report: Report) -> Reported {
    var execution: UInt64 = 0
    if report.execution != 0 {
      switch enter(report.execution, order.token) {
      case .token(let token): execution = token
      case .status(let status):
        var reported = Reported(status)
        // The execution may be another order's.
        reported.order.token = executions.find(report.execution)?.order ?? order.token
        return reported
      }
    }
    var reported = Reported(RCK_OK)
    let committed = commit(order.token, ticket: report.ticket) { order, new in
      let decision = decideFill(order, report, execution, &new, &reported)
      // Halted before the swap: after a kill behind it the report is a repeat, and nobody would halt any more.
      if case .step = decision { state.halt(order.account, reported.flags, time_ns: report.time_ns) }
      return decision
    }
    if committed.status == RCK_OK {
      countTrade(committed.after)
      if committed.after.known == reported.applied {
        reported.disabled = countPattern(committed.after, time_ns: report.time_ns)
      }
    }
    reported.status = committed.status
    reported.order = committed.after
    return settle(report, execution, reported)
  }

  private func decideFill(
    _ order: Order, _ report: Report, _ execution: UInt64, _ new: inout Holding, _ reported: inout Reported
  ) -> Decision {
    let applied = report.cumulative &- order.known
    if applied <= 0 { return .answer(RCK_REPEAT) }
    if execution != 0 && executions.state(execution) != Executions<D>.pending { return .answer(RCK_REPEAT) }
    var instrument = Instrument()
    guard state.read(order.instrument, &instrument) else { return .answer(fail(State.Site.rows)) }
    guard let trade = Trade(buy: order.isBuy, applied, at: report.price, instrument.conversion) else {
      return .answer(RCK_REJECT_EXPOSURE_OVERFLOW)
    }
    let open = order.isFinished ? 0 : order.isAmending ? max(order.leaves, order.pendingLeaves) : order.leaves
    let used = min(applied, open)
    var step = order.step(Step.Kind.report, state: order.state)
    step.known = report.cumulative
    step.executed = order.executed &+ used
    step.describe(trade, fee: report.fee)
    step.execution = execution
    if execution != 0 { executions.describe(execution, trade) }
    let full = !order.isFinished && used == open
    if full { step.become(Step.Kind.report, state: Order.State.finished) }
    let before = order.held
    let after = order.after(step, clock: 0).held
    step.opened = after.quantity &- before.quantity
    step.openedValue = after.value &- before.value
    // Of those that name an unknown order at once, the one that is booked first.
    let flags = order.isUnreported ? RCK_VERDICT_UNKNOWN : 0
    reported.applied = applied
    reported.flags = flags
    if order.isFinished && flags == 0 { reported.flags |= RCK_VERDICT_LATE }
    if !order.isFinished && applied > used { reported.flags |= RCK_VERDICT_OVER_FILL }
    if applied != report.quantity { reported.flags |= RCK_VERDICT_GAP }
    return take(step, order, instrument, &new, &reported)
  }

  /// The holding after the step, or why it cannot be.
  func take(
    _ step: Step, _ order: Order, _ instrument: Instrument, _ new: inout Holding, _ reported: inout Reported
  ) -> Decision {
    reported.ofStrategy = false
    let old = new
    guard new.take(step, buy: order.isBuy) else { return .answer(RCK_REJECT_EXPOSURE_OVERFLOW) }
    if !new.quantitiesFit { return .answer(RCK_REJECT_POSITION_OVERFLOW) }
    let bps = state.margin_bps(order.account, instrument)
    guard new.moneyFits, new.resultsFit, new.setMargin(bps: bps),
      bookFits(order.account, order.instrument, strategy: false, old, new)
    else {
      return .answer(RCK_REJECT_EXPOSURE_OVERFLOW)
    }
    if !order.isTracked { return .step(step) }
    reported.ofStrategy = true
    return takeStrategy(step, order, instrument)
  }

  /// Whether the strategy's row can take the step too. It is asked before the commit: afterwards it must.
  private func takeStrategy(_ step: Step, _ order: Order, _ instrument: Instrument) -> Decision {
    var old = Holding()
    switch positions.find(order.strategy, order.instrument, strategy: true) {
    case .row(let row):
      if positions.read(row, &old) == nil { return .answer(fail(State.Site.positions)) }
    case .absent: break  // of an order that is being made
    default: return .answer(fail(State.Site.positions))
    }
    var new = old
    guard new.take(step, buy: order.isBuy) else { return .answer(RCK_REJECT_EXPOSURE_OVERFLOW) }
    if !new.quantitiesFit { return .answer(RCK_REJECT_POSITION_OVERFLOW) }
    let fits = new.moneyFits && new.resultsFit && new.setMargin(bps: instrument.margin_bps(0))
    return fits && bookFits(order.strategy, order.instrument, strategy: true, old, new)
      ? .step(step) : .answer(RCK_REJECT_EXPOSURE_OVERFLOW)
  }

  /// Whether the sums of a book, and of groups, can follow a row.
  func bookFits(_ owner: UInt32, _ instrument: UInt32, strategy: Bool, _ old: Holding, _ new: Holding) -> Bool
  {
    var book = Book()
    if new.isGrouped && !Totals<D>(state, writer: writer).fit(from: old, to: new, owner, instrument) {
      return false
    }
    guard books.read(books.row(owner, strategy: strategy), &book) != nil else { return false }
    let before = book
    book.move(from: old, to: new)
    if !book.coverage.isEmpty && !Totals<D>(state, writer: writer).fit(from: before, to: book) {
      return false
    }
    return book.fits && Amount.fits(book.realised) && Amount.fits(book.marked) && Amount.fits(book.fees)
  }

  /// An order that is made of its first report: finished, so that a repeat is recognised.
  private func fillUnknown(_ report: Report) -> Reported {
    var order = Order()
    if let status = reportFault(report) { return Reported(status) }
    order.id = report.orderId
    order.correlation = report.correlation
    order.asked.account = report.account
    order.asked.strategy = report.strategy
    order.asked.instrument = report.instrument
    order.asked.venue = report.venue
    order.shape = UInt64(report.side) | Order.State.finished &<< Order.stateShift | Order.reported
    if isTracked(report.strategy, report.instrument) { order.shape |= Order.trackedRow }
    if let answered = answerBefore(order, report) { return answered }
    let token = place()
    if token == 0 { return Reported(RCK_REJECT_ORDERS_FULL) }
    if token == Slots<D>.broken { return Reported(fail(State.Site.orders)) }
    order.token = token
    let made = makeRows(order)
    if made != RCK_OK {
      _ = orders.memory.slots.giveBack(token, hand: writer)
      return Reported(made)
    }
    let place = Orders<D>.place(token)
    guard orders.settle(place, order, spare: writer) else { return Reported(fail(State.Site.orders)) }
    switch orders.memory.table.insert(order.id, at: place) {
    case .broken: return Reported(fail(State.Site.orders))
    case .present:
      // Another report of it has been quicker.
      _ = orders.memory.slots.giveBack(token, hand: writer)
      return Reported(RCK_REJECT_CONTENDED)
    case .inserted: break
    }
    let reported = fill(order, report)
    return keepOrDrop(token) ? reported : Reported(fail(State.Site.orders))
  }

  /// The answer to a report that makes no order known, and no row: it repeats, cannot be held, or there is no room
  /// for its rows. Nil: go on.
  private func answerBefore(_ order: Order, _ report: Report) -> Reported? {
    if report.execution != 0, let known = executions.find(report.execution),
      known.state != Executions<D>.pending
    {
      var reported = Reported(RCK_REPEAT)
      reported.order.token = known.order
      return reported
    }
    var reported = Reported(RCK_OK)
    var holding = Holding()
    if case .row(let row) = positions.find(order.account, order.instrument, strategy: false),
      positions.read(row, &holding) == nil
    {
      return Reported(fail(State.Site.positions))
    }
    if case .answer(let status) = decideFill(order, report, 0, &holding, &reported) {
      reported.status = status
      reported.order = order
      return reported
    }
    guard
      let missing = positions.missing(
        order.account, order.strategy, order.instrument, tracked: order.isTracked)
    else { return Reported(fail(State.Site.positions)) }
    // Before a remembered order is forgotten for it.
    return positions.hasPlaces(missing) ? nil : Reported(RCK_REJECT_POSITIONS_FULL)
  }

  /// Makes the rows that the order is in: there was room for both.
  private func makeRows(_ order: Order) -> rck_status {
    let tracked = order.isTracked
    let made = makeRow(order.account, order.instrument, strategy: false)
    return made == RCK_OK && tracked ? makeRow(order.strategy, order.instrument, strategy: true) : made
  }

  private func makeRow(_ owner: UInt32, _ instrument: UInt32, strategy: Bool) -> rck_status {
    switch positions.make(owner, instrument, strategy: strategy, stripe: writer) {
    case .row: RCK_OK
    case .broken: fail(State.Site.positions)
    default: RCK_REJECT_POSITIONS_FULL
    }
  }

  /// An order that was made of a report is remembered if any report was applied to it, by whoever it was.
  private func keepOrDrop(_ token: UInt64) -> Bool {
    let committed = commit(token) { order, _ in
      if order.clock != 0 { return .answer(RCK_REPEAT) }
      return .step(order.step(Step.Kind.forget, state: order.state | Order.State.forgotten))
    }
    switch committed.status {
    case RCK_REPEAT: return retire(token)
    case RCK_OK: return orders.forget(token, hand: writer)
    default: return false
    }
  }

  /// What an unknown order's report must say itself.
  private func reportFault(_ report: Report) -> rck_status? {
    var (instrument, party) = (Instrument(), Party())
    if report.orderId == 0 { return RCK_E_RANGE }
    if report.side != UInt8(RCK_SIDE_BUY) && report.side != UInt8(RCK_SIDE_SELL) { return RCK_E_RANGE }
    guard state.readAccount(report.account, &party), state.read(report.instrument, &instrument),
      report.strategy == 0 || state.readStrategy(report.strategy, &party)
    else { return RCK_E_UNKNOWN }
    return nil
  }

  // MARK: Executions

  enum Entry {
    case token(UInt64)
    case status(rck_status)
  }

  /// Enters a report's execution id, or says what it means that it is there.
  func enter(_ id: UInt64, _ order: UInt64) -> Entry {
    switch executions.enter(id, order: order, stripe: writer) {
    case .entered(let token): return .token(token)
    case .full: return .status(RCK_REJECT_EXECUTIONS_FULL)
    case .broken: return .status(fail(State.Site.executions))
    case .present(let token):
      // A call that is under way decides soon whether it counts.
      var tries = 0
      while tries < Desk.patience {
        switch executions.state(token) {
        case Executions<D>.pending: platform_pause()
        case nil: return .status(RCK_REJECT_CONTENDED)
        default: return .status(executions.holds(token, id) ? RCK_REPEAT : RCK_REJECT_CONTENDED)
        }
        tries &+= 1
      }
      return .status(RCK_REJECT_CONTENDED)
    }
  }

  /// Pauses of some 40 ns: a report takes a few hundred, unless its thread has lost its core.
  public static var patience: Int { 1024 }

  /// Keeps an execution that was applied, and takes back one that was not.
  func settle(_ report: Report, _ execution: UInt64, _ reported: Reported) -> Reported {
    if execution != 0 {
      if reported.status == RCK_OK {
        executions.remember(execution, stripe: writer)
      } else {
        executions.withdraw(report.execution, execution, stripe: writer)
      }
    }
    return reported
  }

  /// Whether the strategy's row in the instrument is kept.
  private func isTracked(_ strategy: UInt32, _ instrument: UInt32) -> Bool {
    guard strategy != 0, let scope = state.scope(RCK_SCOPE_STRATEGY, strategy) else { return false }
    if scope.tracking & Scope.trackRows != 0 { return true }
    guard scope.tracking & Scope.trackPairs != 0,
      case .row(let row) = positions.find(strategy, instrument, strategy: true)
    else { return false }
    return positions.isTracked(row)
  }
}

extension Order {
  /// It was made of a report, and none is booked yet.
  @inline(__always)
  var isUnreported: Bool { shape & Order.reported != 0 && clock == 0 }

  /// Whether a report says of it what the one did that it was made of.
  fileprivate func isTold(by report: Report) -> Bool {
    account == report.account && strategy == report.strategy && instrument == report.instrument
      && venue == report.venue && side == report.side && correlation == report.correlation
  }
}
