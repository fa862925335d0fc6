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
  change(engine, given, rck_override.label, fault, as: RCK_EVENT_OVERRIDE) {
    let wrong = pointerFault(override_id)
    if wrong != RCK_OK { return Refusal(wrong, "rck_override_set", "override_id") }
    let (id, refusal) = $0.state.set($1)
    if refusal == nil { override_id?.pointee = id }
    return refusal
  }
}

@implementation @_cdecl("rck_override_remove")
public func rck_override_remove(
  _ engine: OpaquePointer!, _ given: UnsafePointer<rck_override>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, given, rck_override.label, fault, as: RCK_EVENT_OVERRIDE_END) { $0.state.remove($1) }
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
