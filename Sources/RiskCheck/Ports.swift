import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Ports: what one thread holds.

@implementation @_cdecl("rck_port_open")
public func rck_port_open(
  _ engine: OpaquePointer!, _ index: UInt32, _ mode: UInt32, _ port: UnsafeMutablePointer<OpaquePointer?>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_port_open"
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(port)
    guard wrong == RCK_OK, let port else { return refuse(fault, wrong, name, "port") }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    switch openPort(call, index, mode, name) {
    case .refused(let refusal): return refusal.report(to: usable(fault))
    case .opened(let handle):
      port.pointee = handle
      return RCK_OK
    }
  }
}

private func openPort(_ call: EngineCall, _ index: UInt32, _ mode: UInt32, _ name: Label) -> Opening {
  let state = call.state
  let writer = mode == UInt32(RCK_PORT_WRITER)
  let last = writer ? state.config.pointee.ports_max : 0
  if !writer && mode != UInt32(RCK_PORT_READER) {
    return .refused(Refusal(RCK_E_RANGE, name, "mode", value: Int64(mode), minimum: 1, maximum: 2))
  }
  if UInt64(index) > last || writer && index == 0 {
    return .refused(
      Refusal(
        RCK_E_RANGE, name, "index", value: Int64(index), minimum: writer ? 1 : 0, maximum: shown(last)))
  }
  if state.region.hasFailed { return .refused(Refusal(RCK_E_FAILED, name, "engine")) }
  if writer, let refusal = writerFault(call, index, name) { return .refused(refusal) }
  guard let entry = Handles.take() else {
    return .refused(Refusal(RCK_E_HANDLES_FULL, name, "port", maximum: Int64(RCK_HANDLES_MAX)))
  }
  // Relaxed: opening the entry releases them.
  let owner = call.rights & Rights.write != 0 ? Rights.owner : 0
  let told = writer ? call.rights & Rights.told : 0
  let rights = (writer ? Rights.write : 0) | (call.rights & Rights.consume) | owner | told
  fill(entry, state.region, 0, rights, descriptor: -1)
  entry.pointee.port.store(index, ordering: .relaxed)
  entry.pointee.engine.store(UInt32(truncatingIfNeeded: call.entry - Handles.entry(0)), ordering: .relaxed)
  call.entry.pointee.ports.wrappingAdd(1, ordering: .relaxed)
  if writer, let port = state.port(Int(index)) {
    Desk<ManyWriters>(state, writer: Int(index)).begin()
    state.setPort(port, open: true)
  }
  return .opened(Handles.open(entry, port: true))
}

private func writerFault(_ call: EngineCall, _ index: UInt32, _ name: Label) -> Refusal? {
  let state = call.state
  if call.rights & Rights.write == 0 { return Refusal(RCK_E_READ_ONLY, name, "mode") }
  if state.port(Int(index))?.isOpen == true {
    return Refusal(RCK_E_PORT_TAKEN, name, "index", value: Int64(index))
  }
  if state.config.pointee.discipline == UInt32(RCK_ONE_WRITER) && state.portsOpen != 0 {
    return Refusal(RCK_E_ONE_WRITER, name, "mode")
  }
  return nil
}

@implementation @_cdecl("rck_port_close")
public func rck_port_close(_ port: OpaquePointer!) -> rck_status {
  let bits = Handles.bits(port)
  let entry = Handles.entry(bits)
  let first = Handles.judge(bits, live: entry.pointee.live.load(ordering: .acquiring), port: true)
  if first != RCK_OK { return first }
  // The port's engine cannot be closed while the port is live and this call is counted: look again after.
  let call = EngineCall(entry: Handles.entry(UInt64(entry.pointee.engine.load(ordering: .relaxed))))
  call.entry.pointee.calls.wrappingAdd(1, ordering: .sequentiallyConsistent)
  defer { call.leave() }
  let live = entry.pointee.live.load(ordering: .sequentiallyConsistent)
  if live != bits { return Handles.judge(bits, live: live, port: true) }
  guard call.takeTurn() else { return RCK_E_BUSY }
  defer { call.endTurn() }
  return closePort(call, entry, bits)
}

private func closePort(_ call: EngineCall, _ entry: EntryPointer, _ bits: UInt64) -> rck_status {
  // Under the turn only one closer is here; another may have closed it before.
  let live = entry.pointee.live.load(ordering: .acquiring)
  if live != bits { return Handles.judge(bits, live: live, port: true) }
  entry.pointee.live.store(bits | Handles.closing, ordering: .sequentiallyConsistent)
  // Every thread passes a barrier: a call that began before is seen in the in-call word, one that begins
  // after sees that the port is closing.
  let passed = platform_barrier() == 0
  if !passed || entry.pointee.inCall.load(ordering: .sequentiallyConsistent) != 0 {
    entry.pointee.live.store(bits, ordering: .sequentiallyConsistent)
    return RCK_E_BUSY
  }
  let state = call.state
  if entry.pointee.rights.load(ordering: .relaxed) & Rights.write != 0,
    let port = state.port(Int(entry.pointee.port.load(ordering: .relaxed)))
  {
    state.setPort(port, open: false)
  }
  if entry.pointee.rights.load(ordering: .relaxed) & Rights.write == 0 { closeJournal(entry) }
  call.entry.pointee.ports.wrappingSubtract(1, ordering: .relaxed)
  clear(entry)
  Handles.giveBack(entry)
  return RCK_OK
}
