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
    return call.latch(scope, Int32(bitPattern: latch.state), cause)
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
    let told = call.beginChange()
    if told != nil { call.tellAnnounced() }
    let status = call.state.unlatch(scope)
    if status != RCK_OK { told?.leaveChange() }
    if status < 0 {
      return refuse(fault, status, rck_latch.label, "id")
    }
    if status == RCK_OK, let told {
      withUnsafePointer(to: latch) { call.endChange(told, RCK_EVENT_LATCH_CLEAR, $0) }
    }
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

// MARK: The silence of ports

@implementation @_cdecl("rck_port_watch_set")
public func rck_port_watch_set(
  _ engine: OpaquePointer!, _ watch: UnsafePointer<rck_port_watch>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name = rck_port_watch.label
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    if let refusal = structRefusal(watch, name) { return refusal.report(to: usable(fault)) }
    guard let watch else { return RCK_E_NULL }
    let wrong = call.latchFault
    if wrong != RCK_OK { return refuse(fault, wrong, name, "engine") }
    let copy = watch.pointee  // read once: the caller's memory may change under us
    let (port, unknown) = call.state.port(of: copy)
    let (judged, refusal) = call.state.judge(copy)
    if let refusal = unknown ?? refusal { return refusal.report(to: usable(fault)) }
    guard let port, call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    let told = call.beginChange()
    call.state.set(judged, of: port)
    if let told { withUnsafePointer(to: copy) { call.endChange(told, RCK_EVENT_PORT_WATCH, $0) } }
    return RCK_OK
  }
}

@implementation @_cdecl("rck_port_watch_get")
public func rck_port_watch_get(
  _ engine: OpaquePointer!, _ watch: UnsafeMutablePointer<rck_port_watch>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(watch)
    guard wrong == RCK_OK, let watch else { return wrong }
    let (port, refusal) = call.state.port(of: watch.pointee)
    guard let port else { return refusal?.status ?? RCK_E_RANGE }
    var found = rck_port_watch(port.watch ?? PortWatch())
    found.struct_size = watch.pointee.struct_size
    found.port = UInt32(port.index)
    watch.pointee = found
    return RCK_OK
  }
}

@implementation @_cdecl("rck_beat")
public func rck_beat(_ port: OpaquePointer!, _ time_ns: Int64) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    let wrong = call.writeFault
    let began = call.began()
    let status = wrong == RCK_OK ? call.advance(time_ns).status : wrong
    if began.isTold && status == RCK_OK { call.tell(began, Told(RCK_EVENT_BEAT)) }
    call.leave()
    return status
  }
}

@implementation @_cdecl("rck_watch")
public func rck_watch(
  _ engine: OpaquePointer!, _ time_ns: Int64, _ ports: UnsafeMutablePointer<UInt32>!, _ capacity: UInt32,
  _ count: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrongPorts = capacity == 0 ? RCK_OK : pointerFault(ports)
    if wrongPorts != RCK_OK { return wrongPorts }
    let wrong = pointerFault(count)
    guard wrong == RCK_OK, let count else { return wrong }
    let denied = call.latchFault
    if denied != RCK_OK { return denied }
    let (time, late) = call.state.time(of: time_ns)
    if late != RCK_OK { return late }
    var (silent, latched): (UInt32, UInt32) = (0, 0)
    call.state.eachSilentPort(at: time) { port, scope, watch in
      if silent < capacity { ports?[Int(silent)] = UInt32(port.index) }
      silent &+= 1
      if call.latch(scope, of: watch, at: time) == RCK_OK { latched &+= 1 }
    }
    count.pointee = silent
    return silent != 0 && latched == 0 ? RCK_REPEAT : RCK_OK
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
    let wrong = call.latchFault
    if wrong != RCK_OK { return refuse(fault, wrong, rck_latch.label, "engine") }
    let copy = latch.pointee  // read once: the caller's memory may change under us
    let (scope, refusal) = call.state.scope(of: copy)
    guard let scope else { return refusal?.report(to: usable(fault)) ?? RCK_E_UNKNOWN }
    return body(call, copy, scope)
  }
}

extension EngineCall {
  /// Latches a scope, and tells it.
  fileprivate func latch(
    _ scope: Scope, _ raised: Int32, _ cause: State.Cause, control: Int32 = RCK_CONTROL_NONE
  ) -> rck_status {
    if rights & Rights.commands != 0 { return latchTold(scope, raised, cause, control) }
    let status = state.latch(scope, raised, cause)
    // What counts is done. The event needs the turn, and is left out when others keep that.
    if status == RCK_OK && takeTurnBriefly() {
      state.tell(RCK_EVENT_LATCHED, scope.subject, Int64(raised), Int64(cause.actor), control: control)
      endTurn()
    }
    return status
  }

  /// Likewise where commands are told: it is announced before it counts, so that whoever clears it, under the turn,
  /// finds that it is to be told first; and who cannot get the turn leaves the telling to whoever has it next.
  private func latchTold(
    _ scope: Scope, _ raised: Int32, _ cause: State.Cause, _ control: Int32
  ) -> rck_status {
    if state.latch(of: scope).state >= raised { return RCK_REPEAT }
    state.region.untold.pointee.bits.wrappingAdd(1, ordering: .acquiringAndReleasing)
    let tickets = Tickets(state)
    tickets.beginChange()
    let status = state.latch(scope, raised, cause)
    if status == RCK_OK && (takeTurnBriefly() || takeTurn()) {
      let announced = state.region.untold.pointee.bits.exchange(0, ordering: .acquiringAndReleasing)
      if announced == 1 { tell(scope, raised, cause) }
      if announced > 1 { tellLatches() }
      state.tell(RCK_EVENT_LATCHED, scope.subject, Int64(raised), Int64(cause.actor), control: control)
      endTurn()
    }
    tickets.leaveChange()
    return status
  }

  /// Tells latches that were announced and not told yet: all that are set, some perhaps once more. Under the turn.
  func tellAnnounced() {
    if state.region.untold.pointee.bits.load(ordering: .acquiring) == 0 { return }
    if state.region.untold.pointee.bits.exchange(0, ordering: .acquiringAndReleasing) != 0 { tellLatches() }
  }

  private func tellLatches() {
    state.eachLatch { scope, raised, cause in tell(scope, raised, cause) }
  }

  /// The command that would set it.
  private func tell(_ scope: Scope, _ raised: Int32, _ cause: State.Cause) {
    var latch = rck_latch()
    latch.struct_size = UInt32(MemoryLayout<rck_latch>.size)
    latch.scope_kind = UInt32(bitPattern: scope.kind)
    latch.id = scope.id
    latch.state = UInt32(bitPattern: raised)
    latch.actor = cause.actor
    latch.control = cause.control
    latch.time_ns = cause.time_ns
    withUnsafeMutableBytes(of: &latch.reason) {
      if let start = $0.baseAddress { cause.reason.store(to: start) }
    }
    let tickets = Tickets(state)
    tickets.beginChange()
    withUnsafePointer(to: latch) { record(tickets, RCK_EVENT_LATCH_SET, $0) }
  }

  /// For the silence of a port.
  fileprivate func latch(_ scope: Scope, of watch: PortWatch, at time_ns: Int64) -> rck_status {
    var cause = State.Cause()
    cause.actor = watch.actor
    cause.control = UInt32(RCK_REJECT_DISCONNECTED)
    cause.time_ns = time_ns
    cause.reason = watch.reason
    return latch(scope, Int32(bitPattern: watch.state), cause, control: RCK_CONTROL_STATE)
  }

  /// Why nothing may be latched or watched through this handle now; RCK_OK when it may.
  fileprivate var latchFault: rck_status {
    if rights & Rights.write == 0 { return RCK_E_READ_ONLY }
    return state.region.hasFailed ? RCK_E_FAILED : RCK_OK
  }

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
