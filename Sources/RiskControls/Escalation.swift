import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// One level that an order exceeded, and what follows.
struct Escalation {
  var limitId: UInt32 = 0
  var level: UInt8 = 0
  var action: UInt8 = 0
  var control: UInt16 = 0
  var kind: Int32 = 0
  var id: UInt64 = 0
  var observed: Int64 = 0
}

/// The levels that an order exceeded whose action is more than to log it or to refuse the order: the first eight. They
/// are carried out once the order is decided, and once a breach: an event that the host acts on, and for REDUCE_ONLY
/// and HALT a latch on the limit's scope, of a pair on its account or strategy. An order of before the latch stays.
struct Escalations {
  static var most: Int { 8 }

  var count = 0
  private var list:
    (
      Escalation, Escalation, Escalation, Escalation, Escalation, Escalation, Escalation, Escalation
    ) = (
      Escalation(), Escalation(), Escalation(), Escalation(), Escalation(), Escalation(), Escalation(),
      Escalation()
    )

  /// Notes the highest level that is exceeded, if its action is to be carried out by somebody.
  mutating func note(
    _ observed: Int64, _ levels: (warn: Int64, soft: Int64, hard: Int64), _ bound: UnsafeMutableRawPointer,
    _ control: Int32, _ place: Place
  ) {
    note(level: observed > levels.hard ? 2 : observed > levels.soft ? 1 : 0, observed, bound, control, place)
  }

  /// Likewise of a level that is known: 0 warn, 1 soft, 2 hard.
  mutating func note(
    level: UInt64, _ observed: Int64, _ bound: UnsafeMutableRawPointer, _ control: Int32, _ place: Place
  ) {
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    let action = UInt8(truncatingIfNeeded: identity &>> (32 &+ level &* 8))
    if count == Self.most || !State.isCarriedOut(action) { return }
    let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    let shown = shape & Bound.minimum != 0 ? 0 &- observed : observed
    let new = Escalation(
      limitId: UInt32(truncatingIfNeeded: identity), level: UInt8(truncatingIfNeeded: level &+ 1),
      action: action,
      control: UInt16(truncatingIfNeeded: control), kind: place.kind, id: place.id, observed: shown)
    let at = count
    withAll { $0[at] = new }
    count = at &+ 1
  }

  mutating func withAll(_ body: (UnsafeMutablePointer<Escalation>) -> Void) {
    withUnsafeMutableBytes(of: &list) {
      body($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Escalation.self))
    }
  }
}

extension Desk {
  /// Of a check. One that passed without a finding has noted nothing: that is of a try before its last.
  @inline(never)
  func escalate(
    _ notes: UnsafeMutablePointer<Notes>, _ status: rck_status, _ verdict: UnsafeMutablePointer<rck_verdict>
  ) {
    if status > RCK_REPEAT || status == RCK_OK && verdict.pointee.severity != 0 { escalate(notes) }
  }

  /// Carries out what the controls asked for.
  @inline(never)
  func escalate(_ notes: UnsafeMutablePointer<Notes>) {
    let (escalations, ask) = (notes.pointee.aside, notes.pointee.ask)
    let count = escalations.pointee.escalations.count
    escalations.pointee.escalations.count = 0
    escalations.pointee.escalations.withAll {
      var at = 0
      while at < count {
        escalate($0[at], ask.id, ask.correlation, ask.time_ns)
        at &+= 1
      }
    }
  }

  private func escalate(_ one: Escalation, _ order: UInt64, _ correlation: UInt64, _ time_ns: Int64) {
    guard state.breaches(one.limitId, level: one.level, at: time_ns) else { return }
    let severity = RCK_SEVERITY_WARNING &+ Int32(one.level) &- 1
    state.port(writer)?.tell(
      kind: RCK_EVENT_BREACH, subject: UInt64(one.limitId), one.observed, Int64(one.action), time_ns: time_ns,
      severity: severity, control: Int32(one.control), correlation: correlation)
    let wanted: Int32
    switch Int32(one.action) {
    case RCK_ACTION_REDUCE_ONLY: wanted = RCK_STATE_REDUCE_ONLY
    case RCK_ACTION_HALT: wanted = RCK_STATE_HALTED
    default: return
    }
    guard let scope = latched(one) else { return }
    var cause = State.Cause()
    cause.actor = UInt32.max
    cause.control = UInt32(one.control)
    cause.time_ns = time_ns
    state.latch(scope, wanted, cause)
  }

  /// The scope that a limit's action latches.
  private func latched(_ one: Escalation) -> Scope? {
    let first = UInt32(truncatingIfNeeded: one.id &>> 32)
    switch one.kind {
    case RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP:
      return state.scope(RCK_SCOPE_ACCOUNT, first)
    case RCK_SCOPE_STRATEGY_INSTRUMENT: return state.scope(RCK_SCOPE_STRATEGY, first)
    default: return state.scope(one.kind, UInt32(truncatingIfNeeded: one.id))
    }
  }
}
