import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Violations and statistics: what was decided, kept as records and as counts.

@implementation @_cdecl("rck_violations_read")
public func rck_violations_read(
  _ engine: OpaquePointer!, _ filter: UnsafePointer<rck_violation_filter>!,
  _ violations: UnsafeMutablePointer<rck_violation>!, _ capacity: UInt32,
  _ cursor: UnsafeMutablePointer<UInt64>!, _ count: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(filter)
    guard wrong == RCK_OK, let filter else { return wrong }
    let wrongList = pointerFault(violations)
    guard wrongList == RCK_OK, let violations else { return wrongList }
    let wrongCursor = pointerFault(cursor)
    guard wrongCursor == RCK_OK, let cursor else { return wrongCursor }
    let wrongCount = pointerFault(count)
    guard wrongCount == RCK_OK, let count else { return wrongCount }
    if capacity == 0 { return RCK_E_BUFFER }
    let copy = filter.pointee  // read once
    count.pointee = Violations(call.state).list(copy, violations, capacity, &cursor.pointee)
    return RCK_OK
  }
}

@implementation @_cdecl("rck_violation_set")
public func rck_violation_set(
  _ engine: OpaquePointer!, _ given: UnsafePointer<rck_violation_change>!,
  _ changed: UnsafeMutablePointer<UInt32>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_violation_change"
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    if changed != nil && pointerFault(changed) != RCK_OK {
      return refuse(fault, RCK_E_ALIGNMENT, name, "changed")
    }
    if let refusal = structRefusal(given, name) { return refusal.report(to: usable(fault)) }
    guard let given else { return RCK_E_NULL }
    if call.rights & Rights.write == 0 { return refuse(fault, RCK_E_READ_ONLY, name, "engine") }
    let copy = given.pointee  // read once: the caller's memory may change under us
    if let refusal = changeFault(copy, name) { return refusal.report(to: usable(fault)) }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    if call.state.region.hasFailed { return refuse(fault, RCK_E_FAILED, name, "engine") }
    let (count, status) = change(call.state, copy)
    if status < 0 { return refuse(fault, status, name, "violation_id") }
    if let changed { changed.pointee = count }
    return status
  }
}

private func change(_ state: State, _ given: rck_violation_change) -> (count: UInt32, status: rck_status) {
  let (violations, actor) = (Violations(state), Int64(given.actor))
  if given.violation_id == 0 {
    let cleared = violations.clearQuiet(since: given.before_ns) {
      state.tell(RCK_EVENT_VIOLATION_CHANGED, $0, Int64(RCK_VIOLATION_CLEARED), actor)
    }
    return (cleared &+ violations.forget(before: given.before_ns), RCK_OK)
  }
  let status = violations.change(given.violation_id, to: UInt64(given.state), by: given.actor)
  if status == RCK_OK {
    state.tell(RCK_EVENT_VIOLATION_CHANGED, given.violation_id, Int64(given.state), actor)
  }
  return (status == RCK_OK ? 1 : 0, status)
}

private func changeFault(_ given: rck_violation_change, _ name: Label) -> Refusal? {
  let isClearing = given.state == UInt32(RCK_VIOLATION_CLEARED)
  if given.reserved != 0 { return Refusal(RCK_E_RESERVED, name, "reserved") }
  if !isClearing && given.state != UInt32(RCK_VIOLATION_ACKNOWLEDGED) {
    return Refusal(
      RCK_E_RANGE, name, "state", value: Int64(given.state), minimum: Int64(RCK_VIOLATION_ACKNOWLEDGED),
      maximum: Int64(RCK_VIOLATION_CLEARED))
  }
  if given.violation_id == 0 && !isClearing { return Refusal(RCK_E_RANGE, name, "violation_id", minimum: 1) }
  let isBounded = given.before_ns >= 0 && given.before_ns <= Int64(RCK_TIME_NS_MAX)
  if !isBounded || given.violation_id != 0 && given.before_ns != 0 {
    return Refusal(RCK_E_RANGE, name, "before_ns", value: given.before_ns)
  }
  if given.actor == 0 { return Refusal(RCK_E_RANGE, name, "actor", minimum: 1, maximum: Int64(UInt32.max)) }
  let reason = withUnsafeBytes(of: given.reason) { Name(from: $0.baseAddress.unsafelyUnwrapped) }
  return reason?.isEmpty == false ? nil : Refusal(RCK_E_NAME, name, "reason")
}

@implementation @_cdecl("rck_statistics_read")
public func rck_statistics_read(
  _ engine: OpaquePointer!, _ port: UInt32, _ statistics: UnsafeMutablePointer<rck_statistics>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(statistics)
    guard wrong == RCK_OK, let statistics else { return wrong }
    if statistics.pointee.reserved != 0 { return RCK_E_RESERVED }
    let last = call.state.config.pointee.ports_max
    if port != RCK_ALL_PORTS && UInt64(port) > last { return RCK_E_RANGE }
    var told = rck_statistics()
    told.struct_size = statistics.pointee.struct_size
    let given = statistics.pointee.time_ns
    if given < 0 || given > Int64(RCK_TIME_NS_MAX) { return RCK_E_RANGE }
    told.time_ns = given == 0 ? call.state.latest : given
    call.state.fill(&told, port: port == RCK_ALL_PORTS ? nil : Int(port))
    statistics.pointee = told
    return RCK_OK
  }
}
