import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Limits: staged one by one, published all at once.

@implementation @_cdecl("rck_limit_set")
public func rck_limit_set(
  _ engine: OpaquePointer!, _ limit: UnsafePointer<rck_limit>!, _ flags: UInt32,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, limit, rck_limit.label, fault, as: RCK_EVENT_LIMIT_SET, flags: flags) {
    $0.state.set($1, flags: flags)
  }
}

@implementation @_cdecl("rck_limit_remove")
public func rck_limit_remove(
  _ engine: OpaquePointer!, _ limit: UnsafePointer<rck_limit>!, _ flags: UInt32,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, limit, rck_limit.label, fault, as: RCK_EVENT_LIMIT_REMOVE, flags: flags) {
    $0.state.remove($1, flags: flags)
  }
}

@implementation @_cdecl("rck_limit_get")
public func rck_limit_get(_ engine: OpaquePointer!, _ limit: UnsafeMutablePointer<rck_limit>!) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(limit)
    guard wrong == RCK_OK, let limit else { return wrong }
    var found = limit.pointee
    let status = call.state.get(&found)
    if status == RCK_OK { limit.pointee = found }
    return status
  }
}

@implementation @_cdecl("rck_limits_publish")
public func rck_limits_publish(
  _ engine: OpaquePointer!, _ generation: UnsafeMutablePointer<UInt64>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_limits_publish"
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    if generation != nil && pointerFault(generation) != RCK_OK {
      return refuse(fault, RCK_E_ALIGNMENT, name, "generation")
    }
    if call.rights & Rights.write == 0 { return refuse(fault, RCK_E_READ_ONLY, name, "engine") }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    if call.state.region.hasFailed { return refuse(fault, RCK_E_FAILED, name, "engine") }
    // Books are to be counted in totals that are new.
    let isShared = call.state.hasUncovered
    if isShared && !call.shareRows() { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { if isShared { call.endSharing() } }
    let told = call.beginChange()
    switch call.state.publish() {
    case .failed(let refusal):
      told?.leaveChange()
      return refusal.report(to: usable(fault))
    case .published(let now):
      if let told { call.endChange(told, Told(RCK_EVENT_PUBLISH, now)) }
      if let generation { generation.pointee = now }
      return RCK_OK
    }
  }
}

@implementation @_cdecl("rck_limits_armed")
public func rck_limits_armed(
  _ engine: OpaquePointer!, _ limits: UnsafeMutablePointer<rck_limit>!, _ capacity: UInt32,
  _ cursor: UnsafeMutablePointer<UInt32>!, _ count: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(limits)
    guard wrong == RCK_OK, let limits else { return wrong }
    let wrongCursor = pointerFault(cursor)
    guard wrongCursor == RCK_OK, let cursor else { return wrongCursor }
    let wrongCount = pointerFault(count)
    guard wrongCount == RCK_OK, let count else { return wrongCount }
    // Otherwise nothing copied would look like the end.
    if capacity == 0 { return RCK_E_BUFFER }
    var next = cursor.pointee
    let (copied, status) = call.state.armed(into: limits, capacity, &next)
    if status == RCK_OK {
      cursor.pointee = next
      count.pointee = copied
    }
    return status
  }
}
