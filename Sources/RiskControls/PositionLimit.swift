import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P06, position limit per side, worst case: a buy is held against L = net + open buys, a sell against
/// S = open sells - net, of account x instrument and of strategy x instrument. Opposite open orders never net.
/// A strictly reducing order passes.
enum PositionLimit {
  @inline(__always)
  static func judge<D: Discipline>(_ exam: Exam<D>, _ what: What, _ findings: inout Findings) {
    let place = Place(RCK_SCOPE_ACCOUNT_INSTRUMENT, exam.ask.account, exam.ask.instrument)
    judge(exam, exam.row, what, place, &findings)
  }

  @inline(__always)
  static func judgeStrategy<D: Discipline>(_ exam: Exam<D>, _ what: What, _ findings: inout Findings) {
    let place = Place(RCK_SCOPE_STRATEGY_INSTRUMENT, exam.ask.strategy, exam.ask.instrument)
    judge(exam, exam.trackedRow, what, place, &findings)
  }

  @inline(__always)
  private static func judge<D: Discipline>(
    _ exam: Exam<D>, _ row: Int?, _ what: What, _ place: Place, _ findings: inout Findings
  ) {
    if !Amount.fits(what.quantity) || !Amount.fits(what.open) {
      findings.refuse(RCK_CONTROL_POSITION, RCK_REJECT_POSITION_OVERFLOW, place)
    } else if let row, !exam.isReducing {
      let status = exam.ask.isBuy ? RCK_REJECT_POSITION_LONG : RCK_REJECT_POSITION_SHORT
      exam.bounds(exam.desk.positions.bounds(row, exam.half)) {
        if Lists.isOne($0) { return }
        findings.weigh(what.quantity, $0, RCK_CONTROL_POSITION, status, place)
      }
    }
  }
}
