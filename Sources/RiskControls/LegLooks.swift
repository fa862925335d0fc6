import CPlatform
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

  /// Counts all legs, of which none exceeds a level. Nil: done.
  @inline(__always)
  mutating func takeAll(_ fill: Fill) -> LegsDecided? {
    let (desk, given, windows, half) = (desk, given, windows, generation & 1)
    let orders = UnsafeRawPointer(given.orders)
    let lost =
      Self.take(desk, given, windows, half, 1, RCK_SCOPE_ACCOUNT, orders + Self.accountAt)
      ?? Self.take(desk, given, windows, half, 2, RCK_SCOPE_STRATEGY, orders + (Self.accountAt &+ 4))
      ?? Self.take(desk, given, windows, half, 4, RCK_SCOPE_INSTRUMENT, orders + (Self.accountAt &+ 8))
    if let lost { return lose(lost, fill) }
    counted = given.count
    return nil
  }

  /// Where an order's account lies; its strategy and its instrument follow.
  private static var accountAt: Int { 64 }

  /// Counts the legs of one kind of window, those that lie side by side and share one together. The first for which
  /// others have left no room; nil: all count. `ids` is where the first leg names its scope.
  @inline(__always)
  private static func take(
    _ desk: Desk<D>, _ given: LegsGiven, _ windows: UnsafeMutablePointer<UInt32>, _ half: UInt64,
    _ bit: UInt32,
    _ kind: Int32, _ ids: UnsafeRawPointer
  ) -> Int? {
    var next = 0
    while next < given.count {
      let first = next
      next &+= 1
      if windows[first] & bit == 0 { continue }
      let id = platform_load32(ids + first &* MemoryLayout<rck_order>.size)
      while next < given.count && platform_load32(ids + next &* MemoryLayout<rck_order>.size) == id {
        next &+= 1
      }
      guard let memory = desk.state.scopeMemory(kind, id) else { continue }
      let found = Scope(memory, 0, 0).bounds(half, BoundSlot.rateNew)
      if found == 0 { continue }
      let (bound, count) = (desk.state.firstBound(found), next &- first)
      let taken = Rates.take(desk, bound, now: given.time_ns, count: count)
      if taken != count { return first &+ taken }
    }
    return nil
  }

  /// Others have taken the room: what counts by now stays.
  @inline(never)
  private func lose(_ at: Int, _ fill: Fill) -> LegsDecided {
    ask(at, fill)
    return refuse(at, desk.lost(Exam(desk, at: notes)), fill)
  }

  /// Looks at the windows of the leg that is asked about. False: one is damaged.
  @inline(never)
  func lookAtRates() -> Bool {
    let exam = Exam(desk, at: notes)
    _ = exam.identify()
    return Rates.look(exam)
  }

  @inline(never)
  private mutating func lookClosely(_ fill: Fill) -> Bool {
    var at = 0
    while at < given.count {
      notes.pointee.counted = Rates.isUncounted | (at < counted ? windows[at] : 0)
      ask(at, fill)
      notes.pointee.turn.pointee.at = at
      notes.pointee.turn.pointee.counted = counted
      notes.pointee.turn.pointee.scopes = 0
      if !lookAtRates() { return false }
      if notes.pointee.isRateRefused { hasRoom = false }
      if at >= counted { windows[at] = notes.pointee.turn.pointee.scopes }
      at &+= 1
    }
    return true
  }
}
