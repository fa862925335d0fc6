import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// Requests to cancel: counted, and told when there are too many, but never refused.
extension Desk {
  public func cancel(_ token: UInt64, _ id: UInt64, time_ns: Int64) -> Decided {
    var order = Order()
    switch orders.find(token, id, &order) {
    case .unknown: return Decided(RCK_REJECT_ORDER_UNKNOWN)
    case .broken: return Decided(fail(State.Site.orders))
    case .place: break
    }
    if order.isFinished { return Decided(RCK_REPEAT, token: order.token) }
    var ask = Ask().about(order)
    ask.message = RCK_MEASURE_CANCEL
    ask.time_ns = time_ns
    var findings = Findings()
    Exam<D>.begin { notes in
      notes.pointee.ask = ask
      // Again only if limits were published meanwhile.
      repeat {
        let exam = Exam(self, at: notes)
        findings = Findings()
        _ = exam.identify()
        _ = Rates.look(exam)
        Rates.tell(exam, &findings)
        if Rates.force(exam) {
          exam.countSent()
          return
        }
      } while true
    }
    findings.status = RCK_OK
    findings.failed = 0
    findings.flags = 0
    return Decided(findings, token: order.token)
  }
}

/// How much more may be sent.
extension Desk {
  /// The largest quantity with which the order passes, and the verdict on one lot more. What passes with a
  /// quantity passes with any smaller one: every measure grows with it. Functions of the host's are not asked.
  public func headroom(_ order: Ask) -> (quantity: Int64, next: Decided) {
    var (ask, instrument) = (order, Instrument())
    if !isNew(ask.id), let known = again(ask) { return (0, known) }
    let lot = state.read(order.instrument, &instrument) ? instrument.lot : 1
    // In lots: `low` passes, or is 0; `high` does not.
    var (low, high) = (Int64(0), Amount.inputMax.dividedReportingOverflow(by: lot).partialValue &+ 1)
    while high &- low > 1 {
      let middle = low &+ (high &- low) / 2
      ask.asked.terms.quantity = middle &* lot
      if look(ask, withCustoms: false).status == RCK_OK { low = middle } else { high = middle }
    }
    ask.asked.terms.quantity = high &* lot
    return (low &* lot, look(ask, withCustoms: false))
  }
}
