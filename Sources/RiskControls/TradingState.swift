import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P26, the state of trading. The highest state over global, all groups, account, strategy and instrument counts, and
/// of equal ones the widest is shown, with its first cause if that is a disconnect. Reduce-only lets strictly reducing
/// orders pass; cancel-only and halted let none.
enum TradingState {
  /// Whether any scope at all is latched, and how often one was: the one word that a check reads first and
  /// again at its end.
  @inline(__always)
  static func latchings(_ state: State) -> UInt64 {
    state.region.hot(Region.Hot.latchings).pointee.bits.load(ordering: .acquiring)  // the latches are set
  }

  @inline(__always)
  static func isQuiet(_ state: State) -> Bool { word(state) & ~UInt64(State.further) == 0 }

  /// Quiet, and no further control is armed anywhere.
  @inline(__always)
  static func isIdle(_ state: State) -> Bool { word(state) == 0 }

  @inline(__always)
  static func hasFurther(_ state: State) -> Bool { word(state) & UInt64(State.further) != 0 }

  @inline(__always)
  private static func word(_ state: State) -> UInt64 {
    state.region.hot(Region.Hot.latched).pointee.bits.load(ordering: .acquiring)  // likewise
  }

  @inline(__always)
  static func judge<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    if isQuiet(exam.desk.state) { return }
    look(exam, &findings)
  }

  @inline(never)
  private static func look<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    let state = exam.desk.state
    var worst: (scope: Scope, standing: Standing)?
    func see(_ scope: Scope?) {
      guard let scope else { return }
      let standing = scope.standing
      if standing.state > worst?.standing.state ?? Int64(RCK_STATE_ACTIVE) { worst = (scope, standing) }
    }
    func seeAll(_ kind: Int32, _ groups: Groups) {
      _ = groups.each { _, id in
        see(state.scope(kind, id))
        return true
      }
    }
    see(state.scope(RCK_SCOPE_GLOBAL, 0))
    if exam.account != nil {
      let (party, groups) = state.membership(RCK_KIND_ACCOUNT, exam.ask.account)
      if party != exam.notes.pointee.accountTerms { exam.notes.pointee.isTorn = true }
      seeAll(RCK_SCOPE_ACCOUNT_GROUP, groups)
    }
    if exam.strategy != nil {
      let (party, groups) = state.membership(RCK_KIND_STRATEGY, exam.ask.strategy)
      if party != exam.notes.pointee.strategyTerms { exam.notes.pointee.isTorn = true }
      seeAll(RCK_SCOPE_STRATEGY_GROUP, groups)
    }
    if exam.instrument != nil {
      let (instrument, groups) = state.membership(exam.ask.instrument)
      if instrument != exam.terms { exam.notes.pointee.isTorn = true }
      seeAll(RCK_SCOPE_INSTRUMENT_GROUP, groups)
    }
    see(exam.account)
    see(exam.strategy)
    see(exam.instrument)
    guard let (scope, standing) = worst else { return }
    if standing.state == RCK_STATE_REDUCE_ONLY && exam.isReducing { return }
    let code = scope.isDisconnected(standing) ? RCK_REJECT_DISCONNECTED : code(standing.state)
    findings.refuse(RCK_CONTROL_STATE, code, Place(scope.kind, scope.id), observed: standing.state)
  }

  private static func code(_ state: Int64) -> rck_status {
    switch Int32(truncatingIfNeeded: state) {
    case RCK_STATE_REDUCE_ONLY: return RCK_REJECT_REDUCE_ONLY
    case RCK_STATE_CANCEL_ONLY: return RCK_REJECT_CANCEL_ONLY
    default: return RCK_REJECT_HALTED
    }
  }
}
