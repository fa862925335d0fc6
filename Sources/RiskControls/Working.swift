import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P13, working orders of an account and of a strategy: how many are live, and what they reserve in money units.
/// An amend makes no order, so it is not asked about the count.
enum Working {
  @inline(__always)
  static func judge<D: Discipline>(
    _ exam: Exam<D>, _ scope: Scope?, _ place: Place, _ what: What, _ findings: inout Findings
  ) {
    // An order of before a strategy's first limit is not among them.
    if place.kind == RCK_SCOPE_STRATEGY && exam.tracking & Scope.trackBook == 0 { return }
    if exam.ask.message == RCK_MEASURE_NEW {
      exam.bounds(scope, BoundSlot.workingCount) {
        findings.weigh(what.orders, $0, RCK_CONTROL_WORKING, RCK_REJECT_WORKING_COUNT, place)
      }
    }
    exam.bounds(scope, BoundSlot.workingNotional) {
      findings.weigh(what.ordersValue, $0, RCK_CONTROL_WORKING, RCK_REJECT_WORKING_NOTIONAL, place)
    }
  }
}
