import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

extension State {
  /// Rows whose three sections begin with number `first`.
  @inline(__always)
  func rows<D: Discipline>(_ first: Int, _ rows: Int, spares: Int, _ recordBytes: Int) -> Rows<D> {
    let (records, total) = region.place(of: first &+ 2)
    return Rows(
      words: region.start(of: first), spares: region.start(of: first &+ 1), records: records, rows: rows,
      spares: spares, recordBytes: recordBytes, total: total)
  }
}

/// What a port works with: all rows under its discipline, and the number of its spares. A view, made anew for
/// each call.
public struct Desk<D: Discipline> {
  public let state: State
  /// Of the port: names its spare records and the list that it takes places from.
  public let writer: Int

  @inline(__always)
  public init(_ state: State, writer: Int) {
    self.state = state
    self.writer = writer
  }

  // Views cost nothing to make; of what is not used nothing is computed.
  @inline(__always) public var positions: Positions<D> { Positions(state) }
  @inline(__always) public var orders: Orders<D> { Orders(state) }
  @inline(__always) public var books: Books<D> { Books(state) }
  @inline(__always) public var executions: Executions<D> { Executions(state) }
  @inline(__always) public var markets: Markets<D> { Markets(state) }

  /// Makes the port's spares ready.
  public func begin() {
    positions.rows.claim(writer)
    books.rows.claim(writer)
  }

  public func fail(_ site: UInt64) -> rck_status {
    state.region.fail(at: site)
    return RCK_E_FAILED
  }

  // MARK: Completing steps

  /// Completes the step that a position's record carries, so that the record may be replaced. False: damaged.
  @inline(__always)
  public func complete(_ row: Int, _ word: UInt64) -> Bool {
    if word == 0 || positions.isDone(row, word) { return true }
    if !carryOut(row, word) { return false }
    positions.setDone(row, word)
    return true
  }

  @inline(never)
  func carryOut(_ row: Int, _ word: UInt64) -> Bool {
    // Moved on: whoever replaced the record completed it first.
    guard let step = positions.step(row, word) else { return true }
    let clock = positions.rows.sequence(of: word)
    if step.what == Step.Kind.carried { return setCarried(step.token, UInt64(bitPattern: step.first)) }
    mark(step)
    let place = Orders<D>.place(step.token)
    guard place < orders.memory.count else { return false }
    var order = Order()
    while true {
      guard let old = orders.read(place, &order), orders.rows.draft(writer) != nil else { return false }
      // Forgotten: it was finished, and that was completed before.
      if order.token != step.token { return true }
      if order.clock >= clock { break }
      order = order.after(step, clock: clock)
      if orders.swap(place, old, to: order, spare: writer) { break }
    }
    return !order.isTracked || !step.moves || order.carried >= clock || carry(order, step, clock)
  }

  /// What a step says of executions, before the order's clock says that the step is done.
  private func mark(_ step: Step) {
    guard step.what == Step.Kind.report || step.what == Step.Kind.correct else { return }
    if step.execution != 0 {
      executions.mark(step.execution, from: Executions<D>.pending, to: Executions<D>.applied)
    }
    if step.undone != 0 {
      executions.mark(step.undone, from: Executions<D>.applied, to: Executions<D>.busted)
    }
  }

  /// Takes a step of an order into its strategy's row, once.
  private func carry(_ shown: Order, _ step: Step, _ clock: UInt64) -> Bool {
    let place = Orders<D>.place(shown.token)
    guard case .row(let row) = positions.find(shown.strategy, shown.instrument, strategy: true) else {
      return false
    }
    var instrument = Instrument()
    guard state.read(shown.instrument, &instrument) else { return false }
    while true {
      var (order, old) = (Order(), Holding())
      guard let word = positions.read(row, &old), positions.rows.draft(writer) != nil,
        complete(row, word), orders.read(place, &order) != nil
      else { return false }
      if order.token != shown.token || order.carried >= clock { return true }
      var new = old
      // It was found to fit before the commit. What others have added since is cut off at the bounds.
      _ = new.take(step, buy: order.isBuy)
      new.bound()
      _ = new.setMargin(bps: instrument.margin_bps(0))
      var carried = Step()
      carried.token = order.token
      carried.become(Step.Kind.carried, state: 0)
      carried.first = Int64(bitPattern: clock)
      if positions.swap(row, word, to: new, carried, spare: writer) != 0 {
        let moved = books.post(books.row(order.strategy, strategy: true), spare: writer) {
          $0.move(from: old, to: new)
        }
        return moved && setCarried(order.token, clock)
      }
    }
  }

  /// Usually another has said so, or the order has been forgotten since: two words of its record tell.
  private func isCarried(_ place: Int, _ token: UInt64, _ clock: UInt64) -> Bool {
    let word = orders.rows.observe(place)
    guard let record = orders.rows.record(word) else { return false }
    // Acquire, both: before the second look at the place.
    let isOther = record.word(0).pointee.bits.load(ordering: .acquiring) != token
    let carriage = record.word(Order.carriageAt).pointee.bits.load(ordering: .acquiring)
    let carried = carriage & (1 &<< Order.exponentShift &- 1)
    return (isOther || carried >= clock) && orders.rows.holds(place, word)
  }

  private func setCarried(_ token: UInt64, _ clock: UInt64) -> Bool {
    let place = Orders<D>.place(token)
    guard place < orders.memory.count else { return false }
    if isCarried(place, token, clock) { return true }
    var order = Order()
    while true {
      guard let word = orders.read(place, &order), orders.rows.draft(writer) != nil else { return false }
      if order.token != token || order.carried >= clock { return true }
      order.carried = clock
      if orders.swap(place, word, to: order, spare: writer) { return true }
    }
  }

  // MARK: Remembering

  /// A place for an order, or for another id of one. When there is none, the oldest finished order is forgotten for
  /// it: an order or a fact goes before a memory. 0: everything lives. `Slots.broken`: damaged.
  @inline(__always)
  public func place() -> UInt64 {
    let token = orders.memory.slots.draw(hand: writer)
    return token == 0 ? makeRoom() : token
  }

  /// Whether `place` would find one now: for a look.
  @inline(never)
  public var hasPlace: Bool {
    let slots = orders.memory.slots
    return slots.next(inHand: writer) != nil || slots.takenCount < slots.capacity
      || orders.memory.remembersAny
  }

  @inline(never)
  private func makeRoom() -> UInt64 {
    while true {
      let oldest = orders.memory.takeOldest(stripe: writer)
      if oldest == 0 { return 0 }
      if !forget(oldest) { return Slots<D>.broken }
      let token = orders.memory.slots.draw(hand: writer)
      if token != 0 { return token }
    }
  }

  /// Remembers a finished order, and forgets the oldest one instead. False: the memory is damaged.
  func retire(_ token: UInt64) -> Bool {
    let isKept = orders.memory.remember(token, stripe: writer) { forget($0) }
    let (next, later) = orders.memory.leaving(stripe: writer)
    orders.expect(next, later)
    return isKept
  }

  /// Forgets a finished order. That is a step of its row like any other: a late report comes before it, and then
  /// is completed, or after it, and finds no order. Of one writer, reports come before it or after it as they are.
  public func forget(_ token: UInt64) -> Bool {
    if D.isAlone { return orders.forget(token, hand: writer) }
    let committed = commit(token) { order, _ in
      .step(order.step(Step.Kind.forget, state: order.state | Order.State.forgotten))
    }
    if committed.status == RCK_REJECT_ORDER_UNKNOWN { return true }
    return committed.status == RCK_OK && orders.forget(token, hand: writer)
  }

  // MARK: Committing steps

  public enum Decision {
    /// Take this step; the holding has been changed accordingly.
    case step(Step)
    /// Nothing is to change.
    case answer(rck_status)
  }

  /// What became of a step, and the order after it.
  public struct Committed {
    public var status: rck_status
    public var after: Order

    init(_ status: rck_status, _ after: Order = Order()) {
      self.status = status
      self.after = after
    }
  }

  /// Changes an order by one swap of its account's row, as `decide` says from the order and the row as they are.
  /// `decide` may be asked again, of later states. With `ticket` each try draws one between the look at the row and
  /// the swap that moves it: what moves one row has its tickets in the order of the swaps, since a swap fails when the
  /// row has moved since the look.
  public func commit(
    _ token: UInt64, forgetting: Bool = false, ticket: UnsafeMutablePointer<UInt64>? = nil,
    _ decide: (Order, inout Holding) -> Decision
  ) -> Committed {
    var trial = Trial(token)
    return withUnsafeMutablePointer(to: &trial) { trial in
      var committed = Committed(find(trial))
      if committed.status != RCK_OK { return committed }
      while true {
        committed.status = look(trial)
        if committed.status != RCK_OK { return committed }
        if let ticket { ticket.pointee = Tickets(state).draw() }
        trial.pointee.new = trial.pointee.old
        switch decide(trial.pointee.order, &trial.pointee.new) {
        case .answer(let status):
          // What was read belongs together only if the row is still the same.
          if !(ticket == nil ? positions.rows.holds(trial.pointee.row, trial.pointee.word) : keep(trial)) {
            continue
          }
          committed.status = status
          committed.after = trial.pointee.order
          return committed
        case .step(let step):
          if take(step, trial, forgetting, &committed) { return committed }
        }
      }
    }
  }

  /// What a commit has found, and what it makes of it.
  private struct Trial {
    let token: UInt64
    var row = 0
    var word: UInt64 = 0
    var orderWord: UInt64 = 0
    var order = Order()
    var old = Holding()
    var new = Holding()

    init(_ token: UInt64) { self.token = token }
  }

  // The parts of a commit that are the same whatever is decided: once in the library, and not once a decision.

  @inline(never)
  private func find(_ trial: UnsafeMutablePointer<Trial>) -> rck_status {
    let (token, place) = (trial.pointee.token, Orders<D>.place(trial.pointee.token))
    // Its place may have been given out anew, also to another id of an order, which has no row.
    guard place < orders.memory.count, let line = orders.glance(place), line.token == token else {
      return RCK_REJECT_ORDER_UNKNOWN
    }
    guard case .row(let row) = positions.find(line.account, line.instrument, strategy: false) else {
      return fail(State.Site.positions)
    }
    trial.pointee.row = row
    return RCK_OK
  }

  @inline(never)
  private func look(_ trial: UnsafeMutablePointer<Trial>) -> rck_status {
    let (token, row) = (trial.pointee.token, trial.pointee.row)
    guard let word = positions.read(row, &trial.pointee.old) else { return fail(State.Site.positions) }
    if !complete(row, word) { return fail(State.Site.carry) }
    guard let orderWord = orders.read(Orders<D>.place(token), &trial.pointee.order) else {
      return fail(State.Site.orders)
    }
    if trial.pointee.order.token != token || trial.pointee.order.isForgotten
      || !orders.memory.slots.isLive(token)
    {
      return RCK_REJECT_ORDER_UNKNOWN
    }
    trial.pointee.word = word
    trial.pointee.orderWord = orderWord
    return RCK_OK
  }

  /// Takes a step. False: the row has moved on.
  @inline(never)
  private func take(
    _ step: Step, _ trial: UnsafeMutablePointer<Trial>, _ forgetting: Bool, _ committed: inout Committed
  ) -> Bool {
    let row = trial.pointee.row
    let clock = positions.swap(row, trial.pointee.word, to: trial.pointee.new, step, spare: writer)
    if clock == 0 {
      if positions.rows.draft(writer) != nil { return false }
      committed.status = fail(State.Site.positions)
      return true
    }
    committed.after = trial.pointee.order.after(step, clock: clock)
    if !settle(trial, committed.after, step, clock) {
      committed.status = fail(State.Site.carry)
    } else if let fault = follow(trial, committed.after, step, forgetting) {
      committed.status = fault
    }
    return true
  }

  /// Whether a row is as it was when a ticket was drawn. It is swapped for itself: whoever has drawn before and has not
  /// swapped yet has to look again, and draws anew.
  @inline(never)
  private func keep(_ trial: UnsafeMutablePointer<Trial>) -> Bool {
    let (row, word) = (trial.pointee.row, trial.pointee.word)
    if word == 0 || Tickets(state).isOneWriter { return positions.rows.holds(row, word) }
    return positions.swap(row, word, to: trial.pointee.old, spare: writer) != 0
  }

  /// Completes the step that the caller has won the row for. It knows the order as it was, so that its own swap
  /// usually is all there is to do; otherwise others help. False: damaged.
  private func settle(
    _ trial: UnsafeMutablePointer<Trial>, _ after: Order, _ step: Step, _ clock: UInt64
  ) -> Bool {
    let row = trial.pointee.row
    let isWhole = !trial.pointee.order.isTracked || !step.moves
    if isWhole { mark(step) }
    let place = Orders<D>.place(trial.pointee.token)
    let settled = isWhole && orders.swap(place, trial.pointee.orderWord, to: after, spare: writer)
    let word = positions.rows.observe(row)
    // Otherwise somebody has replaced the record, and completed the step before.
    if positions.rows.sequence(of: word) != clock { return true }
    if !settled { return complete(row, word) }
    positions.setDone(row, word)
    return true
  }

  /// What the winner owes besides: the sums, and the order's place in the queue. Nil: done.
  private func follow(
    _ trial: UnsafeMutablePointer<Trial>, _ after: Order, _ step: Step, _ forgetting: Bool
  ) -> rck_status? {
    let (old, new) = (trial.pointee.old, trial.pointee.new)
    let ended: Int64 = after.isFinished && !trial.pointee.order.isFinished ? 1 : 0
    let opened = step.opening.value
    // Forgetting moves nothing.
    let isStill = ended == 0 && opened == 0 && old == new
    if new.isGrouped && !isStill {
      Totals<D>(state, writer: writer).follow(from: old, to: new, after.account, after.instrument)
    }
    var moved =
      isStill
      || books.post(books.row(after.account, strategy: false), spare: writer) {
        $0.move(from: old, to: new)
        $0.orders &-= ended
        $0.ordersValue &+= opened
      }
    if after.shape & Order.trackedBook != 0 && (ended != 0 || opened != 0) {
      moved =
        books.move(books.row(after.strategy, strategy: true), spare: writer) {
          $0.orders &-= ended
          $0.ordersValue &+= opened
        } && moved
    }
    if !moved { return fail(State.Site.books) }
    if ended == 0 { return nil }
    let kept = forgetting ? orders.forget(after.token, hand: writer) : retire(after.token)
    return kept ? nil : fail(State.Site.orders)
  }
}
