import CRiskCheck
import RiskModel
import RiskState

// What stops trading until somebody says that it may go on.

@implementation @_cdecl("rck_rearm")
public func rck_rearm(
  _ engine: OpaquePointer!, _ given: UnsafePointer<rck_rearming>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  change(engine, given, rck_rearming.label, fault, as: RCK_EVENT_REARM) { $0.state.rearm($1) }
}
