import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// The line of one latch: see Latches for what is in it and why it is safe.
struct LatchLine {
  private let line: UnsafeMutableRawPointer

  private static var timeAt: Int { 8 }
  private static var whoAt: Int { 16 }
  private static var describedAt: Int { 24 }
  private static var reasonAt: Int { 32 }

  init(_ line: UnsafeMutableRawPointer) { self.line = line }

  enum Raised: Equatable {
    /// From ACTIVE: this episode is the caller's to describe.
    case begun(episode: UInt64)
    case raised
    case kept
    /// Nobody has described it yet.
    case undescribed
  }

  private var word: WordPointer { line.word(0) }

  private var described: UInt64 {
    line.word(Self.describedAt).pointee.bits.load(ordering: .acquiring)  // the description is there
  }

  /// Raises the state to at least `state`, which is not ACTIVE.
  func raise(_ state: UInt64) -> Raised {
    while true {
      let old = word.pointee.bits.load(ordering: .relaxed)  // the swap proves it
      if old & 3 >= state { return .kept }
      let episode = old & 3 == 0 ? (old &>> 2) &+ 1 : old &>> 2
      if ManyWriters.replace(word, old, by: episode &<< 2 | state) {
        return old & 3 == 0 ? .begun(episode: episode) : .raised
      }
    }
  }

  /// By who began the episode, once.
  func describe(_ episode: UInt64, _ cause: State.Cause) {
    // Release: who sees a word of this episode's description sees that the episode has begun.
    line.word(Self.timeAt).pointee.bits.store(UInt64(bitPattern: cause.time_ns), ordering: .releasing)
    let who = UInt64(cause.control) &<< 32 | UInt64(cause.actor)
    line.word(Self.whoAt).pointee.bits.store(who, ordering: .releasing)
    (line + Self.reasonAt).storeWords(cause.reason)
    // And who sees this sees all of it.
    line.word(Self.describedAt).pointee.bits.store(episode, ordering: .releasing)
  }

  /// Ends an episode that is described. Under the administrator's turn: nobody else ends one.
  func clear() -> Raised {
    var tries = 0
    while tries < Self.triesMax {
      let old = word.pointee.bits.load(ordering: .acquiring)
      if old & 3 == 0 { return .kept }
      if described != old &>> 2 {
        platform_yield()  // for who is about to describe it
      } else if ManyWriters.replace(word, old, by: old & ~3) {
        return .raised
      }
      tries &+= 1
    }
    return .undescribed
  }

  /// Tries to clear: each waits for a thread that has a few stores left, or was overtaken by one that raised.
  private static var triesMax: Int { 256 }

  func read() -> (state: Int32, cause: State.Cause) {
    var tries = 0
    while true {
      let old = word.pointee.bits.load(ordering: .acquiring)  // before the description
      let state = Int32(truncatingIfNeeded: old & 3)
      if state == RCK_STATE_ACTIVE { return (state, State.Cause()) }
      let isDescribed = described == old &>> 2
      let cause = load()
      // A later description is written after the word has moved on; the loads before acquired.
      if word.pointee.bits.load(ordering: .relaxed) &>> 2 == old &>> 2, isDescribed { return (state, cause) }
      tries &+= 1
      // Who set it has died, or has not come to tell: the state is what counts.
      if tries == readTriesMax { return (state, State.Cause()) }
    }
  }

  /// One look, for those that ask for the cause only later, or never.
  @inline(__always)
  var standing: Standing { Standing(word: word.pointee.bits.load(ordering: .acquiring)) }

  /// Whether the cause of the episode that was seen, not ACTIVE, is a disconnect. False too if nobody has told yet,
  /// and once another has begun, whose cause may be here: what is said was true when the state was seen.
  func isDisconnected(_ seen: Standing) -> Bool {
    if described != seen.word &>> 2 { return false }
    let control = who &>> 32
    // A later description is written after the word has moved on; the load before acquired.
    let isStill = word.pointee.bits.load(ordering: .relaxed) &>> 2 == seen.word &>> 2
    return isStill && control == UInt64(RCK_REJECT_DISCONNECTED)
  }

  private var who: UInt64 {
    line.word(Self.whoAt).pointee.bits.load(ordering: .acquiring)  // before the second look
  }

  private func load() -> State.Cause {
    var cause = State.Cause()
    cause.time_ns = line.loadInteger(Self.timeAt)
    let who = who
    cause.actor = UInt32(truncatingIfNeeded: who)
    cause.control = UInt32(truncatingIfNeeded: who &>> 32)
    (line + Self.reasonAt).loadWords(&cause.reason)
    return cause
  }

  // MARK: Recovery, alone

  enum Recovered {
    case active
    case latched
    case broken
  }

  /// Describes an episode whose setter was killed, at a time.
  func recover(time_ns: Int64) -> Recovered {
    let now = word.pointee.bits.load(ordering: .relaxed)
    if now & 3 == 0 { return .active }
    if described != now &>> 2 {
      var cause = State.Cause()
      cause.actor = UInt32.max
      cause.time_ns = time_ns
      describe(now &>> 2, cause)
    }
    let cause = load()
    let isName = withUnsafeBytes(of: cause.reason) { $0.baseAddress.map { Name(from: $0) != nil } ?? false }
    let inTime = cause.time_ns >= 0 && cause.time_ns <= Int64(RCK_TIME_NS_MAX)
    return isName && inTime && cause.isPossible ? .latched : .broken
  }
}

/// What a latch says at one instant.
public struct Standing {
  let word: UInt64

  /// RCK_STATE_.
  @inline(__always)
  public var state: Int64 { Int64(word & 3) }
}

extension Scope {
  @inline(__always)
  var latch: LatchLine { LatchLine(memory + Scope.latchAt) }

  @inline(__always)
  public var standing: Standing { latch.standing }

  public func isDisconnected(_ seen: Standing) -> Bool { latch.isDisconnected(seen) }
}

extension State {
  /// Counts anew what is latched, and describes what a kill left without a cause. False: what is there could not
  /// have been set.
  func recoverLatches() -> Bool {
    let time = latest
    var latched: UInt64 = 0
    func look(_ scope: Scope) -> Bool {
      switch scope.latch.recover(time_ns: time) {
      case .active: return true
      case .broken: return false
      case .latched:
        latched &+= 1
        return true
      }
    }
    func lookAll(_ kind: Int32) -> Bool {
      var id: UInt32 = 1
      while let scope = scope(kind, id) {
        if !look(scope) { return false }
        id &+= 1
      }
      return true
    }
    guard let global = scope(RCK_SCOPE_GLOBAL, 0), look(global), lookAll(RCK_SCOPE_ACCOUNT_GROUP),
      lookAll(RCK_SCOPE_ACCOUNT), lookAll(RCK_SCOPE_STRATEGY), lookAll(RCK_SCOPE_INSTRUMENT)
    else { return false }
    if isLoud(generation & 1) { latched |= UInt64(State.loud) }
    if hasFurther(generation & 1) { latched |= UInt64(State.further) }
    region.hot(Region.Hot.latched).pointee.bits.store(latched, ordering: .relaxed)  // alone
    return true
  }
}
