import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P26, the state of trading. The highest state over global, all groups, account, strategy and instrument counts, and
/// of equal ones the widest is shown. Reduce-only lets strictly reducing orders pass;
/// cancel-only and halted let none.
enum TradingState {
  /// Whether any scope at all is latched, and how often one was: the one word that a check reads first and
  /// again at its end.
  @inline(__always)
  static func latchings(_ state: State) -> UInt64 {
    state.region.hot(Region.Hot.latchings).pointee.bits.load(ordering: .acquiring)  // the latches are set
  }

  @inline(__always)
  static func isQuiet(_ state: State) -> Bool {
    state.region.hot(Region.Hot.latched).pointee.bits.load(ordering: .acquiring) == 0  // likewise
  }

  @inline(__always)
  static func judge<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    if isQuiet(exam.desk.state) { return }
    look(exam, &findings)
  }

  @inline(never)
  private static func look<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    let state = exam.desk.state
    var (worst, place) = (Int64(RCK_STATE_ACTIVE), Place(RCK_SCOPE_NONE, 0))
    func see(_ scope: Scope?) {
      guard let scope, scope.tradingState > worst else { return }
      worst = scope.tradingState
      place = Place(scope.kind, scope.id)
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
    switch Int32(truncatingIfNeeded: worst) {
    case RCK_STATE_ACTIVE: return
    case RCK_STATE_REDUCE_ONLY:
      if exam.isReducing { return }
      findings.refuse(RCK_CONTROL_STATE, RCK_REJECT_REDUCE_ONLY, place, observed: worst)
    case RCK_STATE_CANCEL_ONLY:
      findings.refuse(RCK_CONTROL_STATE, RCK_REJECT_CANCEL_ONLY, place, observed: worst)
    default: findings.refuse(RCK_CONTROL_STATE, RCK_REJECT_HALTED, place, observed: worst)
    }
  }
}
