import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P02, maximum order quantity, and P03, maximum order notional: of the whole order, at the engine, groups, account,
/// strategy and instrument. In the instrument's quantity units, and in money units, rounded up.
enum OrderSize {
  @inline(__always)
  static func judge<D: Discipline>(_ exam: Exam<D>, quantity: Bool) {
    if exam.desk.state.hasWideOrders(exam.half) { judgeWide(exam, quantity) }
    judge(exam, exam.account, exam.accountPlace, quantity)
    judge(exam, exam.strategy, exam.strategyPlace, quantity)
    judge(exam, exam.instrument, exam.instrumentPlace, quantity)
  }

  @inline(never)
  private static func judgeWide<D: Discipline>(_ exam: Exam<D>, _ quantity: Bool) {
    exam.eachWide { _, scope in judge(exam, scope, Place(scope), quantity) }
  }

  @inline(__always)
  private static func judge<D: Discipline>(
    _ exam: Exam<D>, _ scope: Scope?, _ place: Place, _ quantity: Bool
  ) {
    let observed = quantity ? exam.ask.quantity : exam.value
    let control = quantity ? RCK_CONTROL_ORDER_QUANTITY : RCK_CONTROL_ORDER_NOTIONAL
    let status = quantity ? RCK_REJECT_ORDER_QUANTITY : RCK_REJECT_ORDER_NOTIONAL
    exam.bounds(scope, quantity ? BoundSlot.quantity : BoundSlot.notional) {
      exam.findings.weigh(observed, $0, control, status, place)
    }
  }
}
