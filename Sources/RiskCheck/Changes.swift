import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// What the administrator sets or removes: a record of the caller's, read once, under the turn.
func change<Record>(
  _ engine: OpaquePointer?, _ given: UnsafePointer<Record>?, _ name: Label,
  _ fault: UnsafeMutablePointer<rck_fault>?,
  _ body: (EngineCall, Record) -> Refusal?
) -> rck_status {
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
    guard let refusal = body(call, copy) else { return RCK_OK }
    // That a resource ran out, or that it is so already, is an answer, and leaves the fault alone.
    return refusal.status > 0 ? refusal.status : refusal.report(to: usable(fault))
  }
}
