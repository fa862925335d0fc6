import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// What is looked at before the first leg is judged: whether ids are known, and whether rates have room.
extension Legs {
  // MARK: Ids

  /// Whether no leg's id is known, or that of a leg before it.
  var areNew: Bool {
    let ids = desk.orders.memory.table
    var at = 0
    while at < given.count {
      let seat = ids.seek(given.orders[at].order_id)
      if seat.found != nil || seat.isBroken || isOfLegBefore(at) { return false }
      if at < Self.seatsMost { seats[at] = seat }
      at &+= 1
    }
    return true
  }

  @inline(__always)
  private func isOfLegBefore(_ at: Int) -> Bool {
    let id = given.orders[at].order_id
    var before = 0
    while before < at {
      if given.orders[before].order_id == id { return true }
      before &+= 1
    }
    return false
  }

  /// The answer to legs of which some are known: if all are, with the same terms, each is a repeat. Nil: new after all.
  @inline(never)
  func known(_ fill: Fill) -> LegsDecided? {
    var (at, repeated, taken) = (0, 0, nil as (at: Int, decided: Decided)?)
    while at < given.count {
      ask(at, fill)
      if let decided = desk.again(notes.pointee.ask) {
        if decided.status < 0 { return LegsDecided(at: at, status: decided.status) }
        if decided.status == RCK_REPEAT { repeated &+= 1 }
        let isTaken = decided.status == RCK_REPEAT ? Decided(RCK_REJECT_ORDER_ID_TAKEN) : decided
        if taken == nil { taken = (at, isTaken) }
        _ = decided.answer(given.verdicts + at)
      } else if taken == nil && isOfLegBefore(at) {
        taken = (at, Decided(RCK_REJECT_ORDER_ID_TAKEN))
      }
      at &+= 1
    }
    if repeated == given.count { return LegsDecided(at: at, status: RCK_REPEAT) }
    return taken.map { refuse($0.at, $0.decided, fill) }
  }

  // MARK: Rates

  /// Looks at the windows of all legs before the first counts, and notes whether all have room. False: one is damaged.
  @inline(__always)
  mutating func lookForRoom(_ fill: Fill) -> Bool {
    hasRoom = true
    isAhead = counted == 0 && !desk.state.hasWideRates(generation & 1) && hasRoomPlainly
    return isAhead || lookClosely(fill)
  }

  /// The usual case, by the shortest way: room for all legs of the batch below the lowest level of every leg's windows.
  @inline(__always)
  private var hasRoomPlainly: Bool {
    var (account, strategy, instrument, bits) = (UInt32(0), UInt32(0), UInt32(0), UInt32(0))
    var at = 0
    while at < given.count {
      let order = given.orders + at
      // Of one party or instrument they often are.
      if order.pointee.account != account {
        account = order.pointee.account
        guard let held = holds(RCK_SCOPE_ACCOUNT, account, 1) else { return false }
        bits = bits & ~1 | held
      }
      if order.pointee.strategy != strategy {
        strategy = order.pointee.strategy
        guard let held = holds(RCK_SCOPE_STRATEGY, strategy, 2) else { return false }
        bits = bits & ~2 | held
      }
      if order.pointee.instrument != instrument {
        instrument = order.pointee.instrument
        guard let held = holds(RCK_SCOPE_INSTRUMENT, instrument, 4) else { return false }
        bits = bits & ~4 | held
      }
      windows[at] = bits
      at &+= 1
    }
    return true
  }

  /// The bit if a scope has a window, 0 if not; nil if that may lack room.
  @inline(__always)
  private func holds(_ kind: Int32, _ id: UInt32, _ bit: UInt32) -> UInt32? {
    guard id != 0, let memory = desk.state.scopeMemory(kind, id) else { return 0 }
    let found = Scope(memory, 0, 0).bounds(generation & 1, BoundSlot.rateNew)
    if found == 0 { return 0 }
    let bound = desk.state.firstBound(found)
    return Rates.hasRoom(desk, bound, now: given.time_ns, count: given.count) ? bit : nil
  }

  /// Counts all legs, of which none exceeds a level: those that lie side by side and share a window together. Nil: done.
  @inline(__always)
  mutating func takeAll(_ fill: Fill) -> LegsDecided? {
    var at = 0
    while at < given.count {
      if windows[at] & 1 != 0, let lost = take(&at, 1, fill, { $0.pointee.account }) { return lost }
      at &+= 1
    }
    at = 0
    while at < given.count {
      if windows[at] & 2 != 0, let lost = take(&at, 2, fill, { $0.pointee.strategy }) { return lost }
      at &+= 1
    }
    at = 0
    while at < given.count {
      if windows[at] & 4 != 0, let lost = take(&at, 4, fill, { $0.pointee.instrument }) { return lost }
      at &+= 1
    }
    counted = given.count
    return nil
  }

  /// Counts the legs from `at` on that are in one window, and goes to the last of them.
  @inline(__always)
  private func take(
    _ at: inout Int, _ bit: UInt32, _ fill: Fill, _ id: (UnsafePointer<rck_order>) -> UInt32
  ) -> LegsDecided? {
    let (first, own) = (at, id(given.orders + at))
    while at &+ 1 < given.count && id(given.orders + (at &+ 1)) == own { at &+= 1 }
    let kind = bit == 1 ? RCK_SCOPE_ACCOUNT : bit == 2 ? RCK_SCOPE_STRATEGY : RCK_SCOPE_INSTRUMENT
    guard let memory = desk.state.scopeMemory(kind, own) else { return nil }
    let found = Scope(memory, 0, 0).bounds(generation & 1, BoundSlot.rateNew)
    if found == 0 { return nil }
    let count = at &- first &+ 1
    let taken = Rates.take(desk, desk.state.firstBound(found), now: given.time_ns, count: count)
    return taken == count ? nil : lose(first &+ taken, fill)
  }

  /// Others have taken the room: what counts by now stays.
  @inline(never)
  private func lose(_ at: Int, _ fill: Fill) -> LegsDecided {
    ask(at, fill)
    return refuse(at, desk.lost(Exam(desk, at: notes)), fill)
  }

  @inline(never)
  private mutating func lookClosely(_ fill: Fill) -> Bool {
    var at = 0
    while at < given.count {
      ask(at, fill)
      notes.pointee.counted = Rates.isUncounted | (at < counted ? windows[at] : 0)
      notes.pointee.turn.at = at
      notes.pointee.turn.counted = counted
      notes.pointee.turn.scopes = 0
      let exam = Exam(desk, at: notes)
      _ = exam.identify()
      if !Rates.look(exam) { return false }
      if notes.pointee.isRateRefused { hasRoom = false }
      if at >= counted { windows[at] = notes.pointee.turn.scopes }
      at &+= 1
    }
    return true
  }
}
