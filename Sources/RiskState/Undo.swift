import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Busts and corrections: an execution that is remembered is booked the other way and, of a correction, once more
/// as it should have been. One step of the account's row, whatever it takes back.
extension Desk {
  func undo(_ order: Order, _ report: Report) -> Reported {
    guard let found = executions.find(report.undone), found.order == order.token else {
      return Reported(RCK_REJECT_EXECUTION_UNKNOWN)
    }
    if found.token == Slots<D>.broken { return Reported(fail(State.Site.executions)) }
    var reported = Reported(RCK_REPEAT)
    reported.order = order
    if found.state == Executions<D>.busted { return reported }
    if found.state != Executions<D>.applied { return Reported(RCK_REJECT_EXECUTION_UNKNOWN) }
    var execution: UInt64 = 0
    if report.kind == RCK_REPORT_CORRECT && report.execution != 0 {
      switch enter(report.execution, order.token) {
      case .token(let token): execution = token
      case .status(let status):
        reported.status = status
        return reported
      }
    }
    let committed = commit(order.token, ticket: report.ticket) { order, new in
      return decideUndo(order, report, found, execution, &new, &reported)
    }
    reported.status = committed.status
    reported.order = committed.after
    return settle(report, execution, reported)
  }

  private func decideUndo(
    _ order: Order, _ report: Report, _ found: Executions<D>.Execution, _ execution: UInt64,
    _ new: inout Holding, _ reported: inout Reported
  ) -> Decision {
    switch executions.state(found.token) {
    case Executions<D>.applied: break
    case Executions<D>.busted: return .answer(RCK_REPEAT)
    default: return .answer(RCK_REJECT_EXECUTION_UNKNOWN)
    }
    if execution != 0 && executions.state(execution) != Executions<D>.pending { return .answer(RCK_REPEAT) }
    var instrument = Instrument()
    guard state.read(order.instrument, &instrument) else { return .answer(fail(State.Site.rows)) }
    let old = Trade(quantity: found.quantity, value: found.value, price: found.price, instrument.conversion)
    let undone = found.quantity.magnitudeOfAmount
    var step = order.step(Step.Kind.report, state: order.state)
    step.undone = found.token
    var replaced: Int64 = 0
    if report.kind == RCK_REPORT_BUST {
      step.describe(old.undone, fee: report.fee)
    } else {
      replaced = report.quantity
      guard let trade = Trade(buy: order.isBuy, replaced, at: report.price, instrument.conversion) else {
        return .answer(RCK_REJECT_EXPOSURE_OVERFLOW)
      }
      step.become(Step.Kind.correct, state: order.state)
      step.describe(trade, fee: report.fee)
      step.opened = old.quantity
      step.openedValue = old.value
      step.executed = old.price
      step.execution = execution
      if execution != 0 { executions.describe(execution, trade) }
    }
    let moved = order.known &- undone &+ replaced
    let (low, high) = moved < order.known ? (moved, order.known) : (order.known, moved)
    step.known = max(0, min(max(report.cumulative, low), high))
    reported.applied = replaced &- undone
    return take(step, order, instrument, &new, &reported)
  }
}

extension Step {
  mutating func describe(_ trade: Trade, fee: Int64) {
    first = trade.quantity
    second = trade.value
    third = trade.price
    fourth = fee
    conversion = trade.conversion
  }
}
