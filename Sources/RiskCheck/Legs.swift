import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// A batch that is all or none.

@inline(never)
func checkLegs<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ batch: Batch<rck_order>
) -> rck_status {
  let wrong = batch.legsFault
  guard wrong == RCK_OK, let orders = batch.records, let verdicts = batch.verdicts, let passed = batch.passed
  else { return wrong }
  let count = Int(batch.count)
  passed.pointee = 0
  if call.isStrictlyFull(lines: 48 &+ UInt64(count) &* 5) {
    refuseLegs(verdicts, count, 0, call.refuseFull(verdicts))
    return RCK_OK
  }
  if call.isFollowed { call.beginUntimed() }
  let began = call.began(draws: false)
  let status = decideLegs(call, desk, batch, orders, verdicts)
  if status != RCK_OK { return status }
  if verdicts.pointee.status == RCK_OK { passed.pointee = batch.count }
  if call.isFollowed {
    var at = 0
    while at < count {
      if verdicts[at].status != RCK_REJECT_BATCH { call.follow(orders + at, verdicts + at) }
      at &+= 1
    }
  }
  if began.isTold { tellLegs(call, began, orders, verdicts, count, hasPassed: passed.pointee != 0) }
  return RCK_OK
}

/// Tells a batch: how many legs follow, and each leg, under one ticket.
@inline(never)
private func tellLegs(
  _ call: PortCall, _ began: Began, _ orders: UnsafePointer<rck_order>,
  _ verdicts: UnsafePointer<rck_verdict>, _ count: Int, hasPassed: Bool
) {
  var began = began
  began.ticket = Tickets(call.state).draw()
  call.tell(began, Told(RCK_EVENT_LEGS, orders.pointee.order_id, Int64(count), hasPassed ? 1 : 0))
  var at = 0
  while at < count {
    var told = Told(RCK_EVENT_LEG, orders[at].order_id)
    told.correlation = orders[at].correlation_id
    told.control = verdicts[at].control
    let isTimed = orders[at].time_ns == 0 && !hasNoTime(verdicts[at].status)
    call.tell(began, told, Body(orders + at), Body(verdicts + at), timeAt: isTimed ? orderTimeAt : nil)
    at &+= 1
  }
}

/// Decides about all legs and writes their verdicts; a negative status: nothing was decided.
@inline(__always)
private func decideLegs<D: Discipline>(
  _ call: PortCall, _ desk: Desk<D>, _ batch: Batch<rck_order>, _ orders: UnsafePointer<rck_order>,
  _ verdicts: UnsafeMutablePointer<rck_verdict>
) -> rck_status {
  let count = Int(batch.count)
  guard let own = call.state.port(call.port) else { return RCK_E_FAILED }
  var (at, time_ns, status) = (0, Int64(0), RCK_OK)
  while at < count {
    status = takeTime(call, own, orders + at, verdicts + at, &time_ns)
    if status != RCK_OK { break }
    at &+= 1
  }
  if status == RCK_OK {
    let given = LegsGiven(orders, verdicts, count, time_ns: time_ns)
    let decided = desk.check(legs: given) { Ask.fill($0, from: orders + $1) }
    if decided.status == RCK_OK || decided.status == RCK_REPEAT { return RCK_OK }
    (at, status) = (decided.at, decided.status)
    if status > RCK_REPEAT { tellLeg(call, orders + at, time_ns, status, verdicts + at) }
  }
  refuseLegs(verdicts, count, at, status)
  return RCK_OK
}

/// Takes the time of a leg, or refuses it.
@inline(__always)
private func takeTime(
  _ call: PortCall, _ own: Port, _ order: UnsafePointer<rck_order>,
  _ verdict: UnsafeMutablePointer<rck_verdict>,
  _ time_ns: inout Int64
) -> rck_status {
  let wrong = orderFault(order, verdict)
  if wrong != RCK_OK { return wrong }
  let (time, late) = call.advance(own, order.pointee.time_ns)
  if late != RCK_OK { return Decided(late).answer(verdict) }
  time_ns = time
  let deadline = order.pointee.deadline_ns
  if deadline == 0 || time <= deadline { return RCK_OK }
  let status = Decided(RCK_REJECT_DEADLINE).answer(verdict)
  tellLeg(call, order, time, status, verdict)
  return status
}

@inline(never)
private func tellLeg(
  _ call: PortCall, _ order: UnsafePointer<rck_order>, _ time_ns: Int64, _ status: rck_status,
  _ verdict: UnsafeMutablePointer<rck_verdict>
) {
  var ask = Ask(order)
  ask.time_ns = time_ns
  withUnsafePointer(to: &ask) { tellRefusal(call, $0, status, verdict) }
}

/// Writes the verdicts of all legs but the one that was refused, and its own if that has a negative status.
@inline(never)
private func refuseLegs(
  _ verdicts: UnsafeMutablePointer<rck_verdict>, _ count: Int, _ refused: Int, _ status: rck_status
) {
  var at = 0
  while at < count {
    if at != refused || status < 0 {
      verdicts[at] = rck_verdict()
      verdicts[at].status = at == refused ? status : RCK_REJECT_BATCH
    }
    at &+= 1
  }
}

extension Batch<rck_order> {
  /// Misuse of the call.
  @inline(__always)
  fileprivate var legsFault: rck_status {
    let wrong = pointersFault
    guard wrong == RCK_OK, let records, let verdicts else { return wrong }
    if count &- 1 >= UInt32(RCK_LEGS_MAX) { return RCK_E_RANGE }
    let (from, to) = (UInt(bitPattern: records), UInt(bitPattern: verdicts))
    let (orders, answers) = (
      UInt(count) &* UInt(MemoryLayout<rck_order>.stride),
      UInt(count) &* UInt(MemoryLayout<rck_verdict>.stride)
    )
    return to &- from < orders || from &- to < answers ? RCK_E_RANGE : RCK_OK
  }
}
