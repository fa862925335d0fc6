import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState

// Drop copies: orders that somebody else has entered, recorded and never refused for a limit.

@implementation @_cdecl("rck_drop_copy")
public func rck_drop_copy(
  _ port: OpaquePointer!, _ order: UnsafePointer<rck_order>!, _ verdict: UnsafeMutablePointer<rck_verdict>!
) -> rck_status {
  onDesk(port, { dropCopy($0, $1, order, verdict) }, { dropCopy($0, $1, order, verdict) })
}

@inline(__always)
private func dropCopy<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ order: UnsafePointer<rck_order>?,
  _ verdict: UnsafeMutablePointer<rck_verdict>?
) -> rck_status {
  let wrong = orderFault(order, verdict)
  guard wrong == RCK_OK, let order, let verdict else { return wrong }
  let isFollowed = call.isFollowed
  if isFollowed { call.beginTiming() }
  let began = call.began(draws: false)
  let status = copyInTime(call, desk, order, verdict)
  if isFollowed && status >= 0 { call.end(began, RCK_EVENT_COPY, order, verdict) }
  return status
}

@inline(__always)
private func copyInTime<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ order: UnsafePointer<rck_order>,
  _ verdict: UnsafeMutablePointer<rck_verdict>
) -> rck_status {
  var ask = Ask(order)
  let deadline = order.pointee.deadline_ns
  // Before the message counts in a window: none is later than every port.
  let (time, late) = call.advance(ask.time_ns)
  if late != RCK_OK { return Decided(late).answer(verdict) }
  ask.time_ns = time
  let copied = desk.dropCopy(ask, isLate: deadline != 0 && time > deadline)
  let status = copied.decided.answer(verdict)
  if copied.checked != RCK_OK { tellCopied(call, ask, copied.checked, verdict) }
  if status > RCK_REPEAT { call.count(status, verdict) }
  return status
}

@inline(never)
private func tellCopied(
  _ call: PortCall, _ ask: Ask, _ checked: rck_status, _ verdict: UnsafePointer<rck_verdict>
) {
  call.tell(
    RCK_EVENT_DROP_COPY, ask.id, Int64(checked),
    Int64(bitPattern: UInt64(ask.instrument) << 32 | UInt64(ask.account)), time_ns: ask.time_ns,
    severity: RCK_SEVERITY_HARD, control: Int32(verdict.pointee.control), correlation: ask.correlation)
}
