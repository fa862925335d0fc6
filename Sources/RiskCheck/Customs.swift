import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState

// Functions of the host's: they belong to the process, beside the handles, and never to the region.

private var customLabel: Label { "rck_custom" }

@implementation @_cdecl("rck_custom_set")
public func rck_custom_set(
  _ engine: OpaquePointer!, _ custom: UnsafePointer<rck_custom>!, _ call: rck_custom_call!,
  _ context: UnsafeMutableRawPointer!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  guard let call else { return refuse(fault, RCK_E_NULL, customLabel, "call") }
  return onCustoms(engine, customLabel, fault) { entered in
    if let refusal = structRefusal(custom, customLabel) { return refusal }
    guard let custom else { return Refusal(RCK_E_NULL, customLabel) }
    let given = custom.pointee  // read once: the caller's memory may change under us
    if let refusal = customFault(given) { return refusal }
    let name = withUnsafeBytes(of: given.name) { $0.baseAddress.flatMap { Name(from: $0) } }
    guard let name else { return Refusal(RCK_E_NAME, customLabel, "name") }
    let reason = withUnsafeBytes(of: given.reason) { $0.baseAddress.flatMap { Name(from: $0) } }
    guard let reason else { return Refusal(RCK_E_NAME, customLabel, "reason") }
    var terms = CustomTerms(given, unsafeBitCast(call, to: UInt.self), context)
    (terms.name, terms.reason) = (name, reason)
    guard let customs = Customs.make(entered.state.region.base) else {
      return Refusal(RCK_E_CUSTOMS_FULL, customLabel, "id", value: Int64(given.id))
    }
    return customs.slot(given.id).set(terms)
      ? nil : Refusal(RCK_E_BUSY, customLabel, "id", value: Int64(given.id))
  }
}

@implementation @_cdecl("rck_custom_remove")
public func rck_custom_remove(
  _ engine: OpaquePointer!, _ id: UInt32, _ fault: UnsafeMutablePointer<rck_fault>!
)
  -> rck_status
{
  let label: Label = "rck_custom_remove"
  return onCustoms(engine, label, fault) { entered in
    if let refusal = outside(Int64(id), 1, Int64(RCK_CUSTOMS_MAX), "id") { return refusal }
    let status = Customs.find(entered.state.region.base)?.slot(id).remove() ?? RCK_E_UNKNOWN
    return status == RCK_OK ? nil : Refusal(status, label, "id", value: Int64(id))
  }
}

@implementation @_cdecl("rck_custom_get")
public func rck_custom_get(_ engine: OpaquePointer!, _ found: UnsafeMutablePointer<rck_custom>!) -> rck_status
{
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(found)
    guard wrong == RCK_OK, let found else { return wrong }
    var copy = found.pointee
    if copy.id < 1 || copy.id > UInt32(RCK_CUSTOMS_MAX) { return RCK_E_RANGE }
    let status = Customs.find(call.state.region.base)?.slot(copy.id).get(&copy) ?? RCK_E_UNKNOWN
    if status == RCK_OK { found.pointee = copy }
    return status
  }
}

/// Under the engine's turn, which need not be able to write its region.
private func onCustoms(
  _ engine: OpaquePointer?, _ label: Label, _ fault: UnsafeMutablePointer<rck_fault>?,
  _ body: (EngineCall) -> Refusal?
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, label, "engine")
  case .call(let call):
    defer { call.leave() }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, label, "engine") }
    defer { call.endTurn() }
    return body(call)?.report(to: usable(fault)) ?? RCK_OK
  }
}

private func customFault(_ given: rck_custom) -> Refusal? {
  if given.flags & ~UInt32(RCK_CUSTOM_FAIL_OPEN) != 0 {
    return Refusal(
      RCK_E_FLAGS, customLabel, "flags", value: Int64(given.flags), maximum: Int64(RCK_CUSTOM_FAIL_OPEN))
  }
  return outside(Int64(given.id), 1, Int64(RCK_CUSTOMS_MAX), "id")
    ?? outside(given.budget_ns, 0, Int64(RCK_TIME_NS_MAX), "budget_ns")
    ?? outside(given.cool_down_ns, 0, Int64(RCK_TIME_NS_MAX), "cool_down_ns")
    ?? outside(Int64(given.actor), 1, Int64(UInt32.max), "actor")
    ?? (given.reason.0 == 0 ? Refusal(RCK_E_RANGE, customLabel, "reason") : nil)
}

private func outside(_ value: Int64, _ least: Int64, _ most: Int64, _ field: Label) -> Refusal? {
  if value >= least && value <= most { return nil }
  return Refusal(RCK_E_RANGE, customLabel, field, value: value, minimum: least, maximum: most)
}

extension CustomTerms {
  /// All but its texts.
  fileprivate init(_ given: rck_custom, _ function: UInt, _ context: UnsafeMutableRawPointer?) {
    self.init()
    self.function = UInt64(function)
    self.context = UInt64(UInt(bitPattern: context))
    budget_ns = given.budget_ns
    coolDown_ns = given.cool_down_ns
    flags = given.flags
    overrunsMax = given.overruns_max
    actor = given.actor
  }
}
