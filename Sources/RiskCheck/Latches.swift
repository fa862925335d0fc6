import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// The state of trading, by scope.

@implementation @_cdecl("rck_latch_set")
public func rck_latch_set(
  _ engine: OpaquePointer!, _ latch: UnsafePointer<rck_latch>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  withLatch(engine, latch, fault) { call, latch, scope in
    let (cause, refusal) = call.state.cause(of: latch)
    if let refusal { return refusal.report(to: usable(fault)) }
    let state = Int32(bitPattern: latch.state)
    let status = call.state.latch(scope, state, cause)
    // What counts is done. The event needs the turn, and is left out when others keep that.
    if status == RCK_OK && call.takeTurnBriefly() {
      call.state.tell(RCK_EVENT_LATCHED, scope.subject, Int64(state), Int64(latch.actor))
      call.endTurn()
    }
    return status
  }
}

@implementation @_cdecl("rck_latch_clear")
public func rck_latch_clear(
  _ engine: OpaquePointer!, _ latch: UnsafePointer<rck_latch>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  withLatch(engine, latch, fault) { call, latch, scope in
    if let refusal = call.state.fault(ofClearing: latch) { return refusal.report(to: usable(fault)) }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, rck_latch.label, "engine") }
    defer { call.endTurn() }
    let status = call.state.unlatch(scope)
    if status < 0 { return refuse(fault, status, rck_latch.label, "id") }
    if status == RCK_OK {
      call.state.tell(RCK_EVENT_UNLATCHED, scope.subject, Int64(RCK_STATE_ACTIVE), Int64(latch.actor))
    }
    return status
  }
}

@implementation @_cdecl("rck_latch_get")
public func rck_latch_get(_ engine: OpaquePointer!, _ latch: UnsafeMutablePointer<rck_latch>!) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(latch)
    guard wrong == RCK_OK, let latch else { return wrong }
    let (scope, refusal) = call.state.scope(of: latch.pointee)
    guard let scope else { return refusal?.status ?? RCK_E_UNKNOWN }
    let (state, cause) = call.state.latch(of: scope)
    latch.pointee.state = UInt32(bitPattern: state)
    latch.pointee.actor = cause.actor
    latch.pointee.control = cause.control
    latch.pointee.time_ns = cause.time_ns
    withUnsafeMutableBytes(of: &latch.pointee.reason) {
      if let start = $0.baseAddress { cause.reason.store(to: start) }
    }
    return RCK_OK
  }
}

/// What setting and clearing have in common: who may, and the scope that is meant.
private func withLatch(
  _ engine: OpaquePointer?, _ latch: UnsafePointer<rck_latch>?, _ fault: UnsafeMutablePointer<rck_fault>?,
  _ body: (EngineCall, rck_latch, Scope) -> rck_status
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, rck_latch.label, "engine")
  case .call(let call):
    defer { call.leave() }
    if let refusal = structRefusal(latch, rck_latch.label) { return refusal.report(to: usable(fault)) }
    guard let latch else { return RCK_E_NULL }
    if call.rights & Rights.write == 0 {
      return refuse(fault, RCK_E_READ_ONLY, rck_latch.label, "engine")
    }
    if call.state.region.hasFailed { return refuse(fault, RCK_E_FAILED, rck_latch.label, "engine") }
    let copy = latch.pointee  // read once: the caller's memory may change under us
    let (scope, refusal) = call.state.scope(of: copy)
    guard let scope else { return refusal?.report(to: usable(fault)) ?? RCK_E_UNKNOWN }
    return body(call, copy, scope)
  }
}

extension EngineCall {
  /// For what can be left out: a few tries, and no way for a signal handler to wait for what it interrupted.
  fileprivate func takeTurnBriefly() -> Bool {
    var tries = 0
    while tries < 64 {
      // Acquire: what the one before wrote.
      if entry.pointee.turn.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged {
        return true
      }
      platform_pause()
      tries &+= 1
    }
    return false
  }
}

extension Scope {
  fileprivate var subject: UInt64 { UInt64(UInt32(bitPattern: kind)) &<< 56 | UInt64(id) }
}
