import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P07, gross and net exposure with open orders, of an account and of a strategy, in money units. Gross is the
/// sum of max(ML, 0) + max(MS, 0) over the rows; a buy is held against the sum of ML, a sell against that of MS.
/// A strictly reducing order passes.
enum Exposure {
  @inline(__always)
  static func judge<D: Discipline>(
    _ exam: Exam<D>, _ scope: Scope?, _ place: Place, _ what: What, _ findings: inout Findings
  ) {
    if !what.moneyFits {
      findings.refuse(RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_OVERFLOW, place)
      return
    }
    // An order of before a strategy's first limit is not in its rows.
    let isCounted = place.kind != RCK_SCOPE_STRATEGY || exam.tracking & Scope.trackRows != 0
    if exam.isReducing || !isCounted { return }
    let buy = exam.ask.isBuy
    exam.bounds(scope, BoundSlot.gross) {
      findings.weigh(what.gross, $0, RCK_CONTROL_EXPOSURE, RCK_REJECT_EXPOSURE_GROSS, place)
    }
    exam.bounds(scope, BoundSlot.net) {
      findings.weigh(
        what.net, $0, RCK_CONTROL_EXPOSURE,
        buy ? RCK_REJECT_EXPOSURE_NET_LONG : RCK_REJECT_EXPOSURE_NET_SHORT, place)
    }
  }
}
