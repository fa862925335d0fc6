import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

// Overrides of limits, for one order or one scope.

@implementation @_cdecl("rck_override_set")
public func rck_override_set(
  _ engine: OpaquePointer!, _ given: UnsafePointer<rck_override>!,
  _ override_id: UnsafeMutablePointer<UInt32>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, given, fault) {
    let wrong = pointerFault(override_id)
    if wrong != RCK_OK { return Refusal(wrong, "rck_override_set", "override_id") }
    let (id, refusal) = $0.set($1)
    if refusal == nil { override_id?.pointee = id }
    return refusal
  }
}

@implementation @_cdecl("rck_override_remove")
public func rck_override_remove(
  _ engine: OpaquePointer!, _ given: UnsafePointer<rck_override>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, given, fault) { $0.remove($1) }
}

@implementation @_cdecl("rck_override_get")
public func rck_override_get(_ engine: OpaquePointer!, _ found: UnsafeMutablePointer<rck_override>!)
  -> rck_status
{
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(found)
    guard wrong == RCK_OK, let found else { return wrong }
    var copy = found.pointee
    let status = call.state.get(&copy)
    if status == RCK_OK { found.pointee = copy }
    return status
  }
}

/// A change of one override, under the administrator's turn.
private func change(
  _ engine: OpaquePointer?, _ given: UnsafePointer<rck_override>?, _ fault: UnsafeMutablePointer<rck_fault>?,
  _ body: (State, rck_override) -> Refusal?
) -> rck_status {
  let name = rck_override.label
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    if let refusal = structRefusal(given, name) { return refusal.report(to: usable(fault)) }
    guard let given else { return RCK_E_NULL }
    if call.rights & Rights.write == 0 { return refuse(fault, RCK_E_READ_ONLY, name, "engine") }
    let copy = given.pointee  // read once: the caller's memory may change under us
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    if call.state.region.hasFailed { return refuse(fault, RCK_E_FAILED, name, "engine") }
    guard let refusal = body(call.state, copy) else { return RCK_OK }
    // That it is so already is an answer, and leaves the fault alone.
    return refusal.status > 0 ? refusal.status : refusal.report(to: usable(fault))
  }
}
