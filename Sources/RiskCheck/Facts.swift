import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Facts: what the venue, the market, or the back office says has happened.

@implementation @_cdecl("rck_fill")
public func rck_fill(
  _ port: OpaquePointer!, _ report: UnsafePointer<rck_report>!, _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  onDesk(port, { fill($0, $1, report, verdict) }, { fill($0, $1, report, verdict) })
}

@inline(__always)
func fill<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ report: UnsafePointer<rck_report>?,
  _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  let wrong = pointerFault(report)
  guard wrong == RCK_OK, let report else { return wrong }
  let wrongVerdict = pointerFault(verdict)
  guard wrongVerdict == RCK_OK, let verdict else { return wrongVerdict }
  let copy = report.pointee  // read once: the caller's memory may change under us
  let fault = reportFault(copy)
  if fault != RCK_OK { return fault }
  var began = call.began(draws: false)
  let id = began.isTold ? desk.nameOfOrder(copy.token, copy.order_id) : 0
  let isTold = began.isTold
  let status = withUnsafeMutablePointer(to: &began.ticket) {
    fill(call, desk, copy, verdict, ticket: isTold ? $0 : nil)
  }
  if began.isTold && status >= 0 && !hasNoTime(status) {
    withUnsafePointer(to: copy) {
      call.tell(
        began, RCK_EVENT_FILL, id == 0 ? copy.order_id : id, 0, Body($0), verdict,
        correlation: copy.correlation_id, timeAt: reportTimeAt)
    }
  }
  return status
}

@inline(__always)
private func fill<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ copy: rck_report, _ verdict: UnsafeMutablePointer<rck_verdict>,
  ticket: UnsafeMutablePointer<UInt64>?
) -> rck_status {
  let (time, late) = call.glance(copy.time_ns)
  if late != RCK_OK {
    _ = call.advance(copy.time_ns)  // counts it
    return Decided(late).answer(verdict)
  }
  var fact = Report(copy, time_ns: time)
  fact.ticket = ticket
  let reported = desk.apply(fact)
  if reported.status >= 0 { _ = call.advance(time) }
  if reported.status == RCK_OK && reported.flags != 0 { tellAnomaly(call, reported, fact, time) }
  if !reported.disabled.isNobody { tellDisabled(call, reported, fact, time) }
  if reported.status == RCK_REJECT_POSITION_OVERFLOW || reported.status == RCK_REJECT_EXPOSURE_OVERFLOW {
    let decided = Decided(overflow: reported.status, reported.order, ofStrategy: reported.ofStrategy)
    return decided.answer(verdict)
  }
  let applied = reported.status == RCK_OK
  let status = Decided(
    reported.status, token: reported.order.token, flags: applied ? reported.flags : 0,
    observed: applied ? reported.applied : 0
  ).answer(verdict)
  call.count(status, verdict)
  return status
}

@inline(never)
private func tellAnomaly(_ call: PortCall, _ reported: Reported, _ fact: Report, _ time: Int64) {
  call.tell(
    RCK_EVENT_ANOMALY, reported.order.id, Int64(reported.flags), reported.applied, time_ns: time,
    severity: RCK_SEVERITY_WARNING, correlation: fact.correlation)
}

@inline(never)
private func tellDisabled(_ call: PortCall, _ reported: Reported, _ fact: Report, _ time: Int64) {
  func tell(_ kind: Int32, _ id: UInt32, _ orders: Int64) {
    if orders == 0 { return }
    call.tell(
      RCK_EVENT_DISABLED, UInt64(UInt32(kind)) << 56 | UInt64(id), Int64(RCK_CONTROL_REPEATED_EXECUTION),
      orders,
      time_ns: time, severity: RCK_SEVERITY_CRITICAL, control: RCK_CONTROL_REPEATED_EXECUTION,
      correlation: fact.correlation)
  }
  tell(RCK_SCOPE_ACCOUNT, reported.order.account, reported.disabled.account)
  tell(RCK_SCOPE_STRATEGY, reported.order.strategy, reported.disabled.strategy)
}

/// What is wrong with a report whatever it is about.
@inline(__always)
private func reportFault(_ report: rck_report) -> rck_status {
  let (a, b, c) = report.reserved
  if a | b | c | UInt64(report.reserved0) != 0 { return RCK_E_RESERVED }
  if report.flags != 0 { return RCK_E_FLAGS }
  if report.token | report.order_id == 0 { return RCK_E_RANGE }
  let most = Amount.inputMax
  if report.last_quantity < 0 || report.last_quantity > most || report.cumulative_quantity < 0
    || report.cumulative_quantity > most || report.last_price > most || report.last_price < 0 &- most
    || report.fee > most || report.fee < 0 &- most
  {
    return RCK_E_RANGE
  }
  switch Int32(report.kind) {
  case RCK_REPORT_FILL: return report.cumulative_quantity > 0 ? RCK_OK : RCK_E_RANGE
  case RCK_REPORT_BUST: return RCK_OK
  case RCK_REPORT_CORRECT: return report.last_quantity > 0 ? RCK_OK : RCK_E_RANGE
  default: return RCK_E_RANGE
  }
}

@implementation @_cdecl("rck_mark")
public func rck_mark(_ port: OpaquePointer!, _ instrument: UInt32, _ price: Int64, _ time_ns: Int64)
  -> rck_status
{
  onDesk(
    port, { mark($0, $1, instrument, price, time_ns) }, { mark($0, $1, instrument, price, time_ns) })
}

private func mark<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ instrument: UInt32, _ price: Int64, _ time_ns: Int64
) -> rck_status {
  let fault = priceFault(call, instrument, price, price)
  if fault != RCK_OK { return fault }
  let (time, late) = call.advance(time_ns)
  if late != RCK_OK { return late }
  var began = call.began(draws: false)
  let isTold = began.isTold
  let status = withUnsafeMutablePointer(to: &began.ticket) {
    desk.mark(instrument, at: price, time_ns: time, ticket: isTold ? $0 : nil)
  }
  if began.isTold && status >= 0 {
    call.tell(began, Told(RCK_EVENT_MARK, UInt64(instrument), Int64(status), price))
  }
  return status
}
