import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// The check of a batch whose orders, its legs, pass all or none. Each is checked in its turn like any order, the usual
/// way or the long one, and published as a leg, which is not there for others (Legs in RiskState); then one store
/// commits all of them, and the latches are looked at again. Before the first counts in a rate, all windows are looked
/// at for room for all legs; if one has none, no leg counts, and the batch is refused in the end. See LegLooks.
///
/// The host's orders are read again and again, and what it writes there meanwhile is its own affair: what is taken
/// back is what the region holds, by tokens kept here.
struct Legs<D: Discipline> {
  typealias Fill = (UnsafeMutablePointer<Ask>, Int) -> Void

  let desk: Desk<D>
  let notes: UnsafeMutablePointer<Notes>
  let given: LegsGiven
  let tokens: UnsafeMutablePointer<UInt64>
  /// In which windows each leg counts, or is to: bits as in Rates.
  let windows: UnsafeMutablePointer<UInt32>
  /// Where the ids of the first legs go: sought once for the look and for the insertion.
  let seats: UnsafeMutablePointer<Table<D>.Seat>
  /// Of the limits that all legs are judged by; what was latched when that began.
  var generation: UInt64 = 0
  var latchings: UInt64 = 0
  /// Whether every window has room for all legs.
  var hasRoom = true
  /// So many legs count, from the first on.
  var counted = 0
  /// Which legs were found to reduce strictly.
  var reducing: UInt64 = 0
  var hasSeats = false
  /// All legs count before the first is judged, below every level.
  var isAhead = false
  /// Whether the leg went the long way.
  var isClose = false
  /// Whether any did in this attempt: only such legs take what further controls count.
  var hasTaken = false

  enum Tried {
    /// Nothing is reserved.
    case again
    case decided(LegsDecided)
  }

  /// Each failed only because limits were published meanwhile, or others took the room of a rate or left some.
  private static var triesMax: Int { 16 }
  static var seatsMost: Int { 16 }

  mutating func check(_ fill: Fill) -> LegsDecided {
    notes.pointee.turn.pointee.orders = given.orders
    hasSeats = areNew
    if !hasSeats, let known = known(fill) { return known }
    var tries = Self.triesMax
    while tries > 0 {
      tries &-= 1
      if case .decided(let decided) = attempt(fill) {
        if notes.pointee.aside.pointee.escalations.count != 0 { desk.escalate(notes) }
        return decided
      }
      notes.pointee.aside.pointee.escalations.count = 0
      hasTaken = false
    }
    return refuse(0, Decided(RCK_REJECT_CONTENDED, flags: RCK_VERDICT_CONTENDED), fill)
  }

  private mutating func attempt(_ fill: Fill) -> Tried {
    // Acquire: the bounds of that generation were written before.
    generation = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .acquiring)
    latchings = TradingState.latchings(desk.state)
    reducing = 0
    let name = desk.nextBatch
    guard name != 0, lookForRoom(fill) else { return fail(State.Site.windows) }
    if isAhead {
      if !isCurrent { return .again }
      if let lost = takeAll(fill) { return .decided(lost) }
    }
    notes.pointee.turn.pointee.name = name
    var at = 0
    while at < given.count {
      var status = Desk<D>.closely
      if isAhead { status = judgeAhead(&at, fill) } else { begin(at, fill) }
      if status == RCK_OK { break }
      if status == Desk<D>.closely { status = judgeClosely(at) }
      if status != RCK_OK {
        if !withdraw(at) { return fail(State.Site.undo) }
        return status == Desk<D>.again ? .again : .decided(refuse(at, status, fill))
      }
      at &+= 1
    }
    // Room that a window has now it did not have when the legs were to count.
    if !hasRoom || !isCurrent { return withdraw(given.count) ? .again : fail(State.Site.undo) }
    desk.commit(batch: name)
    // Not before the legs can be seen: whoever latches makes all threads pass a barrier after it has.
    platform_compiler_barrier()
    if TradingState.latchings(desk.state) != latchings, let decided = latched(fill) {
      return .decided(decided)
    }
    return .decided(LegsDecided(at: given.count, status: RCK_OK))
  }

  private var isCurrent: Bool {
    let now = desk.state.region.hot(Region.Hot.generation).pointee.bits.load(ordering: .relaxed)
    return now == generation  // the loads of the bounds before it acquired
  }

  private func fail(_ site: UInt64) -> Tried {
    .decided(LegsDecided(at: 0, status: desk.fail(site)))
  }

  @inline(__always)
  func ask(_ at: Int, _ fill: Fill) {
    withUnsafeMutablePointer(to: &notes.pointee.ask) { fill($0, at) }
    notes.pointee.ask.asked.shape |= Order.leg
    notes.pointee.ask.time_ns = given.time_ns
  }

  // MARK: One leg

  /// The usual way, from the leg at `at` on to the last, or to one that does not pass: its status. `closely`: the long
  /// way has to be gone. `again`: other limits have come into force since the first was judged.
  @inline(never)
  private mutating func judgeAhead(_ at: inout Int, _ fill: Fill) -> rck_status {
    let (desk, notes, given, generation) = (desk, notes, given, generation)
    let (tokens, windows, seats) = (tokens, windows, seats)
    let sought = hasSeats ? Self.seatsMost : 0
    var (next, reduces, status) = (at, reducing, RCK_OK)
    while next < given.count {
      ask(next, fill)
      notes.pointee.counted = windows[next]
      let plain = Plain<D, LegKind>(desk, notes)
      let seat = next < sought ? seats[next] : desk.orders.memory.table.seek(notes.pointee.ask.id)
      if plain.generation != generation {
        status = Desk<D>.again
      } else if seat.found != nil || seat.isBroken {
        status = Desk<D>.closely
      } else {
        status = plain.check(seat, given.verdicts + next) ?? Desk<D>.closely
      }
      if status != RCK_OK { break }
      tokens[next] = notes.pointee.turn.pointee.token
      if Int32(given.verdicts[next].flags) & RCK_VERDICT_REDUCING != 0 {
        reduces |= 1 &<< UInt64(truncatingIfNeeded: next)
      }
      next &+= 1
    }
    isClose = false
    (at, reducing) = (next, reduces)
    return status
  }

  /// What is asked of a leg, and where it counts already.
  private func begin(_ at: Int, _ fill: Fill) {
    ask(at, fill)
    let isCounted = at < counted
    notes.pointee.counted =
      (isCounted ? windows[at] | Rates.hasPassed : 0) | (hasRoom ? 0 : Rates.isUncounted)
  }

  /// The long way; `again` as above.
  @inline(never)
  private mutating func judgeClosely(_ at: Int) -> rck_status {
    isClose = true
    if !hasTaken { beginTaking() }
    notes.pointee.generation = generation
    notes.pointee.isRateRefused = false
    notes.pointee.turn.pointee.at = at
    notes.pointee.turn.pointee.counted = counted
    let status = desk.checkClosely(notes, given.verdicts + at)
    if status < 0 { return status }
    if status == RCK_OK {
      // What the host's memory says of the token need not be so.
      tokens[at] = desk.name(given.verdicts[at].token, notes.pointee.ask.id, notes.pointee.turn.pointee.name)
      if tokens[at] == 0 { return desk.fail(State.Site.orders) }
      let counted = notes.pointee.armed == 0 ? Counted() : notes.pointee.aside.pointee.sent
      if !counted.isNothing {
        sent[at] = counted
        notes.pointee.turn.pointee.sent |= 1 &<< UInt64(truncatingIfNeeded: at)
      }
      if Int32(given.verdicts[at].flags) & RCK_VERDICT_REDUCING != 0 {
        reducing |= 1 &<< UInt64(truncatingIfNeeded: at)
      }
    }
    if hasRoom && !isRateRefused(status) {
      windows[at] = notes.pointee.counted & ~Rates.hasAnswers  // those are one leg's
      counted = max(counted, at &+ 1)
    }
    // A leg that passed stands with the others, until they are committed or withdrawn.
    return status == RCK_OK || notes.pointee.generation == generation ? status : Desk<D>.again
  }

  /// Before the first leg of an attempt that may take what further controls count.
  @inline(never)
  private mutating func beginTaking() {
    Takes<D>(desk.state, writer: desk.writer).clear()
    notes.pointee.turn.pointee.sent = 0
    hasTaken = true
  }

  /// Whether a leg was refused by a rate, and so does not count.
  private func isRateRefused(_ status: rck_status) -> Bool {
    isClose && status != RCK_OK && (notes.pointee.isRateRefused || status == RCK_REJECT_RATE_NEW)
  }

  // MARK: Refused

  private mutating func refuse(_ at: Int, _ status: rck_status, _ fill: Fill) -> LegsDecided {
    if status < 0 { return LegsDecided(at: at, status: status) }
    if status == RCK_REPEAT {
      // Another call has entered the id since.
      return refuse(at, Decided(RCK_REJECT_ORDER_ID_TAKEN, flags: RCK_VERDICT_CONTENDED), fill)
    }
    if isRateRefused(status) {
      // There was room when the batch began.
      if hasRoom { given.verdicts[at].flags |= UInt16(truncatingIfNeeded: RCK_VERDICT_CONTENDED) }
    } else if hasRoom {
      count(fill)
    }
    return LegsDecided(at: at, status: status)
  }

  func refuse(_ at: Int, _ decided: Decided, _ fill: Fill) -> LegsDecided {
    LegsDecided(at: at, status: decided.answer(given.verdicts + at))
  }

  /// Counts the legs in the rates that do not count yet.
  private mutating func count(_ fill: Fill) {
    while counted < given.count {
      notes.pointee.counted = 0
      ask(counted, fill)
      if lookAtRates() && !notes.pointee.isRateRefused { _ = Rates.take(Exam(desk, at: notes)) }
      counted &+= 1
    }
  }

  /// Takes back the first `count` legs, the last first: under either discipline by the same code, since it is seldom.
  /// False: the memory is damaged.
  private func withdraw(_ count: Int) -> Bool {
    let desk = Desk<ManyWriters>(desk.state, writer: desk.writer)
    if hasTaken { Takes<ManyWriters>(desk.state, writer: desk.writer).undo(downTo: 0) }
    var at = count
    while at > 0 {
      at &-= 1
      if !takeBackSent(at) || !desk.withdraw(leg: tokens[at], since: generation) { return false }
    }
    return true
  }

  /// Where the legs were counted as messages that have passed: behind their tokens.
  private var sent: UnsafeMutablePointer<Counted> {
    UnsafeMutableRawPointer(tokens + Int(RCK_LEGS_MAX)).assumingMemoryBound(to: Counted.self)
  }

  /// The leg's message has not passed after all. False: the memory is damaged.
  private func takeBackSent(_ at: Int) -> Bool {
    if !hasTaken || notes.pointee.turn.pointee.sent &>> UInt64(truncatingIfNeeded: at) & 1 == 0 {
      return true
    }
    let place = Orders<D>.place(tokens[at])
    let rows = desk.orders.rows
    guard place < desk.orders.memory.count, let record = rows.record(rows.observe(place)) else {
      return false
    }
    var order = Order()
    record.loadWords(&order)  // by Orders.read it is not there
    desk.takeBackMessage(sent[at], order.account, order.strategy)
    return true
  }

  /// A latch was set meanwhile: if it applies to a leg, none was ever there.
  @inline(never)
  private func latched(_ fill: Fill) -> LegsDecided? {
    var at = 0
    while at < given.count {
      ask(at, fill)
      let exam = Exam(desk, at: notes)
      _ = exam.identify()
      notes.pointee.isReducing = (reducing &>> UInt64(truncatingIfNeeded: at)) & 1 != 0
      var findings = Findings()
      TradingState.judge(exam, &findings)
      if findings.refused {
        findings.flags |= RCK_VERDICT_CONTENDED
        return release() ?? refuse(at, Decided(findings), fill)
      }
      at &+= 1
    }
    return nil
  }

  /// They are orders like others by now. Nil: done.
  private func release() -> LegsDecided? {
    if hasTaken { Takes<D>(desk.state, writer: desk.writer).undo(downTo: 0) }
    var at = 0
    while at < given.count {
      if !takeBackSent(at) { return LegsDecided(at: at, status: desk.fail(State.Site.orders)) }
      let status = desk.release(tokens[at], forgetting: true).status
      if status < 0 { return LegsDecided(at: at, status: status) }
      at &+= 1
    }
    return nil
  }
}

/// What is given of a batch that is all or none: its orders, of well-formed records, room for as many verdicts, the
/// time at which all of them count.
public struct LegsGiven {
  let orders: UnsafePointer<rck_order>
  let verdicts: UnsafeMutablePointer<rck_verdict>
  let count: Int
  let time_ns: Int64

  public init(
    _ orders: UnsafePointer<rck_order>, _ verdicts: UnsafeMutablePointer<rck_verdict>, _ count: Int,
    time_ns: Int64
  ) {
    self.orders = orders
    self.verdicts = verdicts
    self.count = count
    self.time_ns = time_ns
  }
}

/// RCK_OK, RCK_REPEAT, or the status of the leg that is refused, and which one that is.
public struct LegsDecided {
  public let at: Int
  public let status: rck_status
}

extension Desk {
  /// Not a status: the usual check leaves it to the long way.
  static var closely: rck_status { rck_status.min &+ 3 }

  /// Decides about a batch that is all or none. Verdicts are written of all legs if they pass or repeat, otherwise of
  /// the one that is refused, unless its status is negative.
  public func check(legs given: LegsGiven, _ fill: (UnsafeMutablePointer<Ask>, Int) -> Void) -> LegsDecided {
    Exam<D>.begin { notes in
      withUnsafeTemporaryAllocation(of: LegTurn.self, capacity: 1) { turn in
        notes.pointee.turn = turn.baseAddress.unsafelyUnwrapped
        let words = Int(RCK_LEGS_MAX) &* 2  // a token, and a Counted, which is as long
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { tokens in
          withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(RCK_LEGS_MAX)) { windows in
            withUnsafeTemporaryAllocation(of: Table<D>.Seat.self, capacity: Legs<D>.seatsMost) { seats in
              var legs = Legs(
                desk: self, notes: notes, given: given, tokens: tokens.baseAddress.unsafelyUnwrapped,
                windows: windows.baseAddress.unsafelyUnwrapped, seats: seats.baseAddress.unsafelyUnwrapped)
              return legs.check(fill)
            }
          }
        }
      }
    }
  }
}
