import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// What the administrator sets or removes: a record of the caller's, read once, under the turn.
func change<Record>(
  _ engine: OpaquePointer?, _ given: UnsafePointer<Record>?, _ name: Label,
  _ fault: UnsafeMutablePointer<rck_fault>?, as kind: Int32, flags: UInt32 = 0,
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
    let told = call.beginChange()
    let outcome = body(call, copy)
    if let told {
      let status = outcome?.status ?? RCK_OK
      if status < 0 { told.leaveChange() }
      if status >= 0 { withUnsafePointer(to: copy) { call.endChange(told, kind, $0, flags, status) } }
    }
    guard let refusal = outcome else { return RCK_OK }
    // That a resource ran out, or that it is so already, is an answer, and leaves the fault alone.
    return refusal.status > 0 ? refusal.status : refusal.report(to: usable(fault))
  }
}

/// What the administrator did, told in the engine's own ring.
extension EngineCall {
  /// Nil: commands are not told.
  func beginChange() -> Tickets? {
    if rights & Rights.commands == 0 { return nil }
    let tickets = Tickets(state)
    tickets.beginChange()
    return tickets
  }

  /// Under the turn.
  func endChange<Record>(
    _ tickets: Tickets, _ kind: Int32, _ given: UnsafePointer<Record>, _ flags: UInt32 = 0,
    _ status: rck_status = RCK_OK
  ) {
    tellAnnounced()
    record(tickets, kind, given, flags, status)
  }

  /// Likewise of what takes no struct.
  func endChange(_ tickets: Tickets, _ told: Told) {
    tellAnnounced()
    record(tickets, told, .none)
  }

  /// Ends a change and tells it.
  func record<Record>(
    _ tickets: Tickets, _ kind: Int32, _ given: UnsafePointer<Record>, _ flags: UInt32 = 0,
    _ status: rck_status = RCK_OK
  ) {
    record(tickets, Told(kind, 0, Int64(flags), Int64(status)), Body(given))
  }

  private func record(_ tickets: Tickets, _ told: Told, _ body: Body) {
    var told = told
    told.ticket = tickets.endChange()
    state.journal.take(time: state.now())
    state.journal.record(told, body, .none)
  }
}
