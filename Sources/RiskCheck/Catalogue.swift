import CRiskCheck
import RiskModel

// The catalogue of controls, and verdicts in words. Neither needs an engine.

@implementation @_cdecl("rck_control_describe")
public func rck_control_describe(_ control: UInt32, _ info: UnsafeMutablePointer<rck_control_info>!)
  -> rck_status
{
  let wrong = structFault(info)
  guard wrong == RCK_OK, let info else { return wrong }
  guard let known = Catalogue.control(control) else { return RCK_E_UNKNOWN }
  var told = rck_control_info()
  told.struct_size = UInt32(MemoryLayout<rck_control_info>.size)
  Catalogue.describe(known, &told)
  info.pointee = told
  return RCK_OK
}

@implementation @_cdecl("rck_explain")
public func rck_explain(
  _ verdict: UnsafePointer<rck_verdict>!, _ text: UnsafeMutablePointer<CChar>!, _ capacity: UInt32
) -> rck_status {
  let wrong = pointerFault(verdict)
  guard wrong == RCK_OK, let verdict else { return wrong }
  guard let text else { return RCK_E_NULL }
  if capacity == 0 { return RCK_E_BUFFER }
  Explanation.write(verdict.pointee, to: text, capacity: capacity)
  return RCK_OK
}
