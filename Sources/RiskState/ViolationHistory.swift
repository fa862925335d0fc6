import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Violations that have ended: a ring of one line each, the youngest over the oldest.
///
///   0    id, 0 while the line is written
///   8    first, last
///   24   count
///   32   scope id
///   40   the worst that was observed
///   48   {control 16, severity 8, action 8, limit id 32}
///   56   {scope kind 8, worst utilisation 24 of it, account 32}: a utilisation is cut off at 2^23
extension Violations {
  private var ring: (start: UnsafeMutableRawPointer, count: Int) { state.region.place(of: Sections.history) }
  var historyCount: Int { ring.count }

  /// Puts one that has ended there.
  func remember(_ ended: inout rck_violation) {
    let (start, count) = ring
    let ticket = state.region.history.pointee.bits.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
    let at = ticket.remainderReportingOverflow(dividingBy: UInt64(truncatingIfNeeded: count)).partialValue
    let line = start + Int(truncatingIfNeeded: at) &* 64
    func put(_ at: Int, _ value: UInt64) { line.word(at).pointee.bits.store(value, ordering: .releasing) }
    put(0, 0)
    put(8, UInt64(bitPattern: ended.first_ns))
    put(16, UInt64(bitPattern: ended.last_ns))
    put(24, ended.count)
    put(32, ended.scope_id)
    put(40, UInt64(bitPattern: ended.worst))
    let shape = UInt64(ended.control) | UInt64(ended.severity) &<< 16 | UInt64(ended.action) &<< 24
    put(48, shape | UInt64(ended.limit_id) &<< 32)
    let used = UInt64(UInt32(bitPattern: max(-1 << 23, min(ended.worst_bps, 1 << 23 - 1))) & 0xff_ffff)
    put(56, UInt64(ended.scope_kind & 0xff) | used &<< 8 | UInt64(ended.account) &<< 32)
    put(0, ended.violation_id)
  }

  /// Ends a whole one, if it is still in that state. It is noted last that the history has it.
  func clear(_ place: UnsafeMutableRawPointer, _ old: UInt64) -> Bool {
    let (id, word) = (Violations.id(old), place.word(Violations.stateAt))
    let cleared = Violations.word(id, Phase.cleared)
    var (ended, before) = (rck_violation(), rck_violation())
    describe(place, old, &before)
    if !ManyWriters.replace(word, old, by: cleared) { return false }
    close(place, Violations.episode(id))
    describe(place, cleared, &ended)
    // Where another has begun at this instant only what was seen before is of this one.
    if word.pointee.bits.load(ordering: .acquiring) != cleared { ended = before }
    remember(&ended)
    _ = ManyWriters.replace(place.word(Violations.describedAt), id, by: 0)
    return true
  }

  /// The line of a number; false: there is none, or it is being written.
  func readHistory(_ index: Int, _ violation: inout rck_violation) -> Bool {
    let line = ring.start + index &* 64
    func get(_ at: Int) -> UInt64 { line.word(at).pointee.bits.load(ordering: .acquiring) }
    let id = get(0)
    if id == 0 { return false }
    violation.violation_id = id
    violation.state = UInt32(RCK_VIOLATION_CLEARED)
    violation.first_ns = Int64(bitPattern: get(8))
    violation.last_ns = Int64(bitPattern: get(16))
    violation.count = get(24)
    violation.scope_id = get(32)
    violation.worst = Int64(bitPattern: get(40))
    let (what, who) = (get(48), get(56))
    violation.control = UInt32(what & 0xffff)
    violation.severity = UInt32(what &>> 16 & 0xff)
    violation.action = UInt32(what &>> 24 & 0xff)
    violation.limit_id = UInt32(truncatingIfNeeded: what &>> 32)
    violation.scope_kind = UInt32(who & 0xff)
    violation.worst_bps = (Int32(truncatingIfNeeded: who &>> 8 & 0xff_ffff) &<< 8) &>> 8
    violation.account = UInt32(truncatingIfNeeded: who &>> 32)
    violation.limit = 0
    violation.order_id = 0
    violation.actor = 0
    return get(0) == id
  }

  /// Empties the lines of what ended before `time_ns`, and says how many. Under the turn.
  func forgetHistory(before time_ns: Int64) -> UInt32 {
    var (index, forgotten, violation) = (0, UInt32(0), rck_violation())
    while index < historyCount {
      if readHistory(index, &violation), violation.last_ns < time_ns {
        let word = (ring.start + index &* 64).word(0)
        if ManyWriters.replace(word, violation.violation_id, by: 0) { forgotten &+= 1 }
      }
      index &+= 1
    }
    return forgotten
  }
}

/// What the administrator does with violations.
extension Violations {
  /// Acknowledges or clears the one with an id. RCK_E_UNKNOWN: it is none, or no more; RCK_REPEAT: it is so already.
  public func change(_ id: UInt64, to phase: UInt64, by actor: UInt32) -> rck_status {
    let index = Int(truncatingIfNeeded: id & (1 &<< Violations.placeBits &- 1)) &- 1
    guard index >= 0, index < count else { return RCK_E_UNKNOWN }
    let place = place(index)
    let word = place.word(Violations.stateAt)
    while true {
      let old = word.pointee.bits.load(ordering: .acquiring)
      if Violations.id(old) != id || old == 0 { return RCK_E_UNKNOWN }
      let now = Violations.phase(old)
      if now == phase || now == Phase.cleared { return RCK_REPEAT }
      if !isWhole(place, id) { return RCK_E_UNKNOWN }
      if phase == Phase.cleared ? clear(place, old) : acknowledge(place, old, actor) { return RCK_OK }
    }
  }

  /// Who does so is known before it counts.
  private func acknowledge(_ place: UnsafeMutableRawPointer, _ old: UInt64, _ actor: UInt32) -> Bool {
    let id = Violations.id(old)
    place.word(Violations.actorAt).pointee.bits.store(
      Violations.episode(id) &<< 32 | UInt64(actor), ordering: .releasing)
    return ManyWriters.replace(
      place.word(Violations.stateAt), old, by: Violations.word(id, Phase.acknowledged))
  }

  /// Clears those that nobody has acknowledged and that were quiet since `time_ns`; how many.
  public func clearQuiet(since time_ns: Int64, _ told: (UInt64) -> Void) -> UInt32 {
    var (index, cleared) = (0, UInt32(0))
    while index < count {
      let place = place(index)
      let old = place.word(Violations.stateAt).pointee.bits.load(ordering: .acquiring)
      let phase = Violations.phase(old)
      let isOpen = old != 0 && phase != Phase.cleared && phase != Phase.acknowledged
      let isQuiet =
        isOpen && isWhole(place, Violations.id(old)) && place.loadInteger(Violations.lastAt) < time_ns
      if isQuiet && clear(place, old) {
        told(Violations.id(old))
        cleared &+= 1
      }
      index &+= 1
    }
    return cleared
  }

  public func forget(before time_ns: Int64) -> UInt32 { forgetHistory(before: time_ns) }

  /// Whether what is there can be what was written, after a crash.
  func isSound() -> Bool {
    var index = 0
    while index < count {
      let word = place(index).word(Violations.stateAt).pointee.bits.load(ordering: .relaxed)
      let id = Violations.id(word)
      let isPlace = id & (1 &<< Violations.placeBits &- 1) == UInt64(truncatingIfNeeded: index &+ 1)
      if word != 0
        && (!isPlace || Violations.phase(word) < Phase.new || Violations.phase(word) > Phase.cleared)
      {
        return false
      }
      if !canCount(place(index), word) { return false }
      index &+= 1
    }
    return true
  }

  /// What a kill left cleared, and not yet in the history, goes there; one that is not whole is none. Alone.
  func recover() -> Bool {
    if !isSound() { return false }
    var index = 0
    while index < count {
      let place = place(index)
      let word = place.word(Violations.stateAt).pointee.bits.load(ordering: .relaxed)
      let id = Violations.id(word)
      if Violations.phase(word) != Phase.cleared {
        if word != 0 && !isWhole(place, id) { drop(place, id) }
      } else if isWhole(place, id) {
        var ended = rck_violation()
        describe(place, word, &ended)
        if !isInHistory(id) { remember(&ended) }
        place.word(Violations.describedAt).pointee.bits.store(0, ordering: .releasing)
      }
      index &+= 1
    }
    return true
  }

  private func drop(_ place: UnsafeMutableRawPointer, _ id: UInt64) {
    place.word(Violations.describedAt).pointee.bits.store(0, ordering: .releasing)
    let cleared = Violations.word(id, Phase.cleared)
    place.word(Violations.stateAt).pointee.bits.store(cleared, ordering: .releasing)
  }

  private func isInHistory(_ id: UInt64) -> Bool {
    var (index, violation) = (0, rck_violation())
    while index < historyCount {
      if readHistory(index, &violation) && violation.violation_id == id { return true }
      index &+= 1
    }
    return false
  }

  /// Violations that are open.
  public var open: UInt32 {
    var (index, open) = (0, UInt32(0))
    while index < count {
      let word = place(index).word(Violations.stateAt).pointee.bits.load(ordering: .relaxed)
      if word != 0 && Violations.phase(word) != Phase.cleared { open &+= 1 }
      index &+= 1
    }
    return open
  }

  /// Those from a cursor on that a filter asks for: places first, then the history.
  public func list(
    _ filter: rck_violation_filter, _ target: UnsafeMutablePointer<rck_violation>, _ capacity: UInt32,
    _ cursor: inout UInt64
  ) -> UInt32 {
    var copied: UInt32 = 0
    let all = UInt64(truncatingIfNeeded: count) &+ UInt64(truncatingIfNeeded: historyCount)
    while cursor < all && copied < capacity {
      let index = Int(truncatingIfNeeded: cursor)
      var found = rck_violation()
      // One that has been cleared is in the history, until its place is taken.
      let isOne =
        index < count
        ? read(index, &found) && found.state != UInt32(RCK_VIOLATION_CLEARED)
        : readHistory(index &- count, &found)
      if isOne && matches(found, filter) {
        found.struct_size = UInt32(MemoryLayout<rck_violation>.size)
        target[Int(copied)] = found
        copied &+= 1
      }
      cursor &+= 1
    }
    return copied
  }

  private func matches(_ found: rck_violation, _ filter: rck_violation_filter) -> Bool {
    if filter.states != 0 && filter.states >> found.state & 1 == 0 { return false }
    if filter.control != 0 && filter.control != found.control { return false }
    if filter.scope_kind != 0 && filter.scope_kind != found.scope_kind { return false }
    if filter.account != 0 && filter.account != found.account { return false }
    return found.severity >= filter.severity_min && found.last_ns >= filter.since_ns
  }
}
