import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Violations: what is in breach, one record for each limit, or for each control and scope where no limit is, however
/// often it is broken. A fixed number of places; one is found by its key in a bounded number of looks, and a key that
/// finds neither its place nor a free one is counted as dropped.
///
///   0    key, not 0; once it is there the place is that key's until it is taken over
///   8    {violation id 60, state 4}: 0 before the first
///   16   {episode 24, closed, count 39}
///   24   time of the last
///   32   the worst: {episode 24, utilisation 32 and a bit}, observed; change as one
///   48   time of the first
///   56   order of the first
///   64   {control 16, severity 8, action 8, limit id 32}
///   72   scope id
///   80   level
///   88   {scope kind 8, account 32 from bit 32}
///   96   {episode 24 from bit 32, who acknowledged it 32}
///   104  violation id that the description is of; once that is in the history, 0
///
/// A violation's id is {episode, place + 1}: each time that a key is in breach anew its place begins the next episode,
/// by one swap of the state. Whoever counts does so under the episode that it has seen: a count of an older one is
/// begun anew by whoever comes first, so nothing is counted twice or in the wrong one, and nobody waits. Whoever ends
/// one closes its count: who comes too late counts in the next.
///
/// A violation is whole when it is described and one order counts; until then nobody sees it, and a kill leaves none.
public struct Violations {
  private let start: UnsafeMutableRawPointer
  private let places: Int
  let state: State

  public enum Phase {
    public static let new = UInt64(RCK_VIOLATION_NEW)
    public static let active = UInt64(RCK_VIOLATION_ACTIVE)
    public static let acknowledged = UInt64(RCK_VIOLATION_ACKNOWLEDGED)
    public static let cleared = UInt64(RCK_VIOLATION_CLEARED)
  }

  static let keyAt = 0
  static let stateAt = 8
  static let countAt = 16
  static let lastAt = 24
  static let worstAt = 32
  static let firstAt = 48
  static let orderAt = 56
  static let whatAt = 64
  static let scopeAt = 72
  static let levelAt = 80
  static let partyAt = 88
  static let actorAt = 96
  static let describedAt = 104

  private static let looks = 32
  static let placeBits: UInt64 = 21
  private static let episodeMask: UInt64 = 0xff_ffff
  private static let closed: UInt64 = 1 << 39
  private static let countMask: UInt64 = 1 << 39 - 1

  public init(_ state: State) {
    (start, places) = state.region.place(of: Sections.violations)
    self.state = state
  }

  func place(_ index: Int) -> UnsafeMutableRawPointer { start + index &* Int(Sections.violationBytes) }
  var count: Int { places }

  static func phase(_ word: UInt64) -> UInt64 { word & 15 }
  static func id(_ word: UInt64) -> UInt64 { word &>> 4 }
  static func episode(_ id: UInt64) -> UInt64 { id &>> placeBits }
  static func word(_ id: UInt64, _ phase: UInt64) -> UInt64 { id &<< 4 | phase }

  /// Whether an episode has begun after another; their numbers come round.
  private static func isNewer(_ episode: UInt64, than other: UInt64) -> Bool {
    let ahead = (episode &- other) & episodeMask
    return ahead != 0 && ahead <= episodeMask &>> 1
  }

  /// Whether the violation of this id is described and counts.
  func isWhole(_ place: UnsafeMutableRawPointer, _ id: UInt64) -> Bool {
    let described = place.word(Violations.describedAt).pointee.bits.load(ordering: .acquiring)
    let counted = place.word(Violations.countAt).pointee.bits.load(ordering: .acquiring)
    return described == id && counted &>> 40 == Violations.episode(id)
  }

  /// What one finding of a verdict is about.
  static func key(_ verdict: UnsafePointer<rck_verdict>) -> UInt64 {
    let limit = UInt64(verdict.pointee.limit_id)
    if limit != 0 { return mix(limit) | 1 }
    let what = UInt64(verdict.pointee.control) &<< 8 | UInt64(verdict.pointee.scope_kind)
    return mix(mix(what &+ 1) ^ verdict.pointee.scope_id) | 1
  }

  // MARK: By who has decided about an order

  /// Counts what a verdict shows: the violation's id, 0 if there is no place. `began` is told of a new one.
  public func note(
    _ verdict: UnsafePointer<rck_verdict>, order: UInt64, account: UInt32, at time_ns: Int64,
    began: (UInt64) -> Void
  ) -> UInt64 {
    guard let index = seek(Violations.key(verdict)) else {
      state.region.violationsDropped.pointee.bits.wrappingAdd(1, ordering: .relaxed)
      return 0
    }
    let place = place(index)
    while true {
      let (id, isNew) = enter(place, index, at: time_ns)
      if isNew { describe(place, id, verdict, order, account, time_ns) }
      raise(place, to: time_ns)
      weigh(place, verdict, Violations.episode(id))
      // Last: what counts has been seen.
      let isCounted = count(place, Violations.episode(id))
      if isNew { began(id) }
      if isCounted { return id }
    }
  }

  /// The place of a key: its own, or one that it takes.
  private func seek(_ key: UInt64) -> Int? {
    var (tries, cleared) = (0, -1)
    var index = Int(truncatingIfNeeded: ((key &>> 32) &* UInt64(truncatingIfNeeded: places)) &>> 32)
    while tries < min(Violations.looks, places) {
      let word = place(index).word(Violations.keyAt)
      let held = word.pointee.bits.load(ordering: .acquiring)
      if held == key { return index }
      if held == 0 {
        if ManyWriters.replace(word, 0, by: key) { return index }
        if word.pointee.bits.load(ordering: .acquiring) == key { return index }
      } else if cleared < 0 {
        let state = place(index).word(Violations.stateAt).pointee.bits.load(ordering: .relaxed)
        let described = place(index).word(Violations.describedAt).pointee.bits.load(ordering: .relaxed)
        let isInHistory = described != Violations.id(state)
        if isInHistory && Violations.phase(state) == Violations.Phase.cleared { cleared = index }
      }
      index = index &+ 1 == places ? 0 : index &+ 1
      tries &+= 1
    }
    guard cleared >= 0 else { return nil }
    let word = place(cleared).word(Violations.keyAt)
    let held = word.pointee.bits.load(ordering: .acquiring)
    return ManyWriters.replace(word, held, by: key) ? cleared : nil
  }

  /// The violation that is in a place, begun if none is, or if the last one has been quiet for long.
  private func enter(_ place: UnsafeMutableRawPointer, _ index: Int, at time_ns: Int64) -> (
    id: UInt64, isNew: Bool
  ) {
    let word = place.word(Violations.stateAt)
    while true {
      let old = word.pointee.bits.load(ordering: .acquiring)
      let (phase, id) = (Violations.phase(old), Violations.id(old))
      if old != 0 && phase != Violations.Phase.cleared {
        if isQuiet(place, old, at: time_ns) {
          _ = clear(place, old)
          continue
        }
        // Broken again.
        if phase != Violations.Phase.new { return (id, false) }
        if ManyWriters.replace(word, old, by: Violations.word(id, Violations.Phase.active)) {
          return (id, false)
        }
        continue
      }
      let episode = (Violations.episode(id) &+ 1) & Violations.episodeMask
      let next = episode &<< Violations.placeBits | UInt64(truncatingIfNeeded: index &+ 1)
      if ManyWriters.replace(word, old, by: Violations.word(next, Violations.Phase.new)) {
        return (next, true)
      }
    }
  }

  /// Whether an open one has ended by itself.
  private func isQuiet(_ place: UnsafeMutableRawPointer, _ word: UInt64, at time_ns: Int64) -> Bool {
    if Violations.phase(word) == Violations.Phase.acknowledged { return false }
    // The time of one that is not whole yet may be that of the one before.
    return isWhole(place, Violations.id(word))
      && time_ns &- place.loadInteger(Violations.lastAt) >= Int64(RCK_BREACH_NS)
  }

  private func describe(
    _ place: UnsafeMutableRawPointer, _ id: UInt64, _ verdict: UnsafePointer<rck_verdict>, _ order: UInt64,
    _ account: UInt32, _ time_ns: Int64
  ) {
    let what =
      UInt64(verdict.pointee.control) | UInt64(verdict.pointee.severity) &<< 16
      | UInt64(verdict.pointee.action) &<< 24 | UInt64(verdict.pointee.limit_id) &<< 32
    put(place, Violations.whatAt, what)
    put(place, Violations.scopeAt, verdict.pointee.scope_id)
    put(place, Violations.levelAt, UInt64(bitPattern: verdict.pointee.limit))
    put(place, Violations.firstAt, UInt64(bitPattern: time_ns))
    put(place, Violations.orderAt, order)
    put(place, Violations.partyAt, UInt64(account) &<< 32 | UInt64(verdict.pointee.scope_kind))
    put(place, Violations.describedAt, id)
  }

  /// Relaxed: what a violation is about is read beside others' changes, and never relied on.
  private func put(_ place: UnsafeMutableRawPointer, _ at: Int, _ value: UInt64) {
    place.word(at).pointee.bits.store(value, ordering: .releasing)
  }

  /// False: the episode is closed.
  private func count(_ place: UnsafeMutableRawPointer, _ episode: UInt64) -> Bool {
    let word = place.word(Violations.countAt)
    while true {
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      let isOther = old &>> 40 != episode
      let isClosed = old & Violations.closed != 0
      if isOther ? Violations.isNewer(old &>> 40, than: episode) : isClosed { return false }
      let next = isOther ? episode &<< 40 | 1 : old &+ 1
      if old & Violations.countMask == Violations.countMask && !isOther { return true }
      if ManyWriters.replace(word, old, by: next) { return true }
    }
  }

  /// Whether who comes to a place that is in this state can count there: otherwise he would try for ever.
  func canCount(_ place: UnsafeMutableRawPointer, _ word: UInt64) -> Bool {
    let counted = place.word(Violations.countAt).pointee.bits.load(ordering: .relaxed)  // alone
    let episode = Violations.episode(Violations.id(word))
    if counted &>> 40 != episode { return !Violations.isNewer(counted &>> 40, than: episode) }
    return counted & Violations.closed == 0 || Violations.phase(word) == Phase.cleared
  }

  /// From then on nothing counts in an episode.
  func close(_ place: UnsafeMutableRawPointer, _ episode: UInt64) {
    let word = place.word(Violations.countAt)
    while true {
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      if old &>> 40 != episode || ManyWriters.replace(word, old, by: old | Violations.closed) { return }
    }
  }

  private func raise(_ place: UnsafeMutableRawPointer, to time_ns: Int64) {
    let cell = place.cell(Violations.lastAt)
    while true {
      let old = cell.pointee.value.load(ordering: .relaxed)  // the swap proves it
      if old >= time_ns || ManyWriters.replace(cell, old, by: time_ns) { return }
    }
  }

  /// The worst is what uses most of its level.
  private func weigh(
    _ place: UnsafeMutableRawPointer, _ verdict: UnsafePointer<rck_verdict>, _ episode: UInt64
  ) {
    let used = UInt64(UInt32(bitPattern: verdict.pointee.utilisation_bps ^ Int32.min))
    let first = episode &<< 33 | used &<< 1 | 1
    while true {
      let old = place.halves(Violations.worstAt)
      let held = UInt64(old.first) &>> 33
      let isWorse = held == episode ? UInt64(old.first) < first : !Violations.isNewer(held, than: episode)
      if !isWorse { return }
      let next = WordPair(
        first: UInt(truncatingIfNeeded: first),
        second: UInt(bitPattern: Int(truncatingIfNeeded: verdict.pointee.observed)))
      if ManyWriters.replace(place.pair(Violations.worstAt), old, by: next) { return }
    }
  }

  // MARK: Reading

  /// The violation in a place; false: there is none that is whole.
  func read(_ index: Int, _ violation: inout rck_violation) -> Bool {
    let place = place(index)
    let word = place.word(Violations.stateAt).pointee.bits.load(ordering: .acquiring)
    if word == 0 || !isWhole(place, Violations.id(word)) { return false }
    describe(place, word, &violation)
    // Begun anew meanwhile: as it was is in the history.
    let now = place.word(Violations.stateAt).pointee.bits.load(ordering: .acquiring)
    return Violations.id(now) == Violations.id(word)
  }

  func describe(_ place: UnsafeMutableRawPointer, _ word: UInt64, _ violation: inout rck_violation) {
    func get(_ at: Int) -> UInt64 { place.word(at).pointee.bits.load(ordering: .acquiring) }
    let (what, party, worst) = (
      get(Violations.whatAt), get(Violations.partyAt), place.halves(Violations.worstAt)
    )
    let (counted, actor, episode) = (
      get(Violations.countAt), get(Violations.actorAt), Violations.episode(Violations.id(word))
    )
    violation.violation_id = Violations.id(word)
    violation.state = UInt32(Violations.phase(word))
    violation.control = UInt32(what & 0xffff)
    violation.severity = UInt32(what &>> 16 & 0xff)
    violation.action = UInt32(what &>> 24 & 0xff)
    violation.limit_id = UInt32(truncatingIfNeeded: what &>> 32)
    violation.scope_kind = UInt32(party & 0xff)
    violation.account = UInt32(truncatingIfNeeded: party &>> 32)
    // Whoever is about to acknowledge it has not done so.
    let isActor = Violations.phase(word) == Violations.Phase.acknowledged && actor &>> 32 == episode
    violation.actor = isActor ? UInt32(truncatingIfNeeded: actor) : 0
    violation.scope_id = get(Violations.scopeAt)
    violation.limit = Int64(bitPattern: get(Violations.levelAt))
    violation.count = counted &>> 40 == episode ? counted & Violations.countMask : 0
    violation.first_ns = Int64(bitPattern: get(Violations.firstAt))
    violation.last_ns = Int64(bitPattern: get(Violations.lastAt))
    violation.order_id = get(Violations.orderAt)
    let used = UInt32(truncatingIfNeeded: UInt64(worst.first) &>> 1)
    violation.worst_bps = Int32(bitPattern: used) ^ Int32.min
    violation.worst = Int64(truncatingIfNeeded: worst.second)
  }
}
