import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Events: records into and out of the rings of ports. These calls are on the hot path: no lock, no allocation,
// no system call but the clock's, which the kernel serves without entering.

@implementation @_cdecl("rck_event_write")
public func rck_event_write(_ port: OpaquePointer!, _ events: UnsafePointer<rck_event>!, _ count: UInt32)
  -> rck_status
{
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    return count == 1 ? writePlainly(call, events, 1) : writeBatch(call, events, count)
  }
}

/// The usual case. What is not usual is out of line and reached at its end: a call in its midst would cost it
/// registers, and with them stores.
@inline(__always)
private func writePlainly(_ call: PortCall, _ events: UnsafePointer<rck_event>?, _ count: UInt32)
  -> rck_status
{
  if let own = usual(call, events, count), let events {
    switch own.annotatePlainly(events, count) {
    case .done:
      call.leave()
      return RCK_OK
    case .look: return look(call)
    case .no: break
    }
  }
  return writeAny(call, events, count)
}

@inline(never)
private func writeBatch(_ call: PortCall, _ events: UnsafePointer<rck_event>?, _ count: UInt32) -> rck_status
{
  writePlainly(call, events, count)
}

@inline(never)
private func look(_ call: PortCall) -> rck_status {
  call.state.port(Int(call.entry.pointee.port.load(ordering: .relaxed)))?.ring.look()
  call.leave()
  return RCK_OK
}

@inline(never)
private func writeAny(_ call: PortCall, _ events: UnsafePointer<rck_event>?, _ count: UInt32) -> rck_status {
  let status = write(call, events, count)
  call.leave()
  return status
}

/// The port to write to, when nothing about the call itself is to be refused.
@inline(__always)
private func usual(_ call: PortCall, _ events: UnsafePointer<rck_event>?, _ count: UInt32) -> Port? {
  if pointerFault(events) != RCK_OK || count == 0 { return nil }
  if call.entry.pointee.rights.load(ordering: .relaxed) & Rights.write == 0 { return nil }
  let state = call.state
  if state.region.hasFailed || UInt64(count) > state.config.pointee.ring_lines { return nil }
  return state.port(Int(call.entry.pointee.port.load(ordering: .relaxed)))
}

@inline(__always)
private func write(_ call: PortCall, _ events: UnsafePointer<rck_event>?, _ count: UInt32) -> rck_status {
  let wrong = pointerFault(events)
  guard wrong == RCK_OK, let events else { return wrong }
  if call.entry.pointee.rights.load(ordering: .relaxed) & Rights.write == 0 { return RCK_E_READ_ONLY }
  let state = call.state
  if state.region.hasFailed { return RCK_E_FAILED }
  let config = state.config
  if count == 0 || UInt64(count) > config.pointee.ring_lines { return RCK_E_RANGE }
  let index = Int(call.entry.pointee.port.load(ordering: .relaxed))
  guard let own = state.port(index) else { return RCK_E_FAILED }
  let realtime = config.pointee.clock_source == UInt32(RCK_CLOCK_REALTIME)
  return own.annotate(events, count, back_ns_max: config.pointee.clock_back_ns_max) {
    realtime ? platform_realtime_ns() : nil
  }
}

@implementation @_cdecl("rck_events_read")
public func rck_events_read(
  _ port: OpaquePointer!, _ source: UInt32, _ lines: UnsafeMutablePointer<rck_event>!, _ capacity: UInt32,
  _ count: UnsafeMutablePointer<UInt32>!
) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    let status = read(call, source, lines, capacity, count)
    call.leave()
    return status
  }
}

@inline(__always)
private func read(
  _ call: PortCall, _ source: UInt32, _ lines: UnsafeMutablePointer<rck_event>?, _ capacity: UInt32,
  _ count: UnsafeMutablePointer<UInt32>?
) -> rck_status {
  let wrong = pointerFault(lines)
  guard wrong == RCK_OK, let lines else { return wrong }
  let wrongCount = pointerFault(count)
  guard wrongCount == RCK_OK, let count else { return wrongCount }
  let rights = call.entry.pointee.rights.load(ordering: .relaxed)
  let state = call.state
  if rights & Rights.consume == 0 {
    return rights & Rights.owner != 0 ? RCK_E_NOT_CONSUMER : RCK_E_READ_ONLY
  }
  guard let ring = state.port(Int(source)) else { return RCK_E_RANGE }
  switch ring.read(into: lines, capacity) {
  case .lines(let moved):
    count.pointee = moved
    return RCK_OK
  case .busy: return RCK_E_BUSY
  case .tooLong: return RCK_E_BUFFER
  case .broken:
    state.region.fail(at: State.Site.ring)
    return RCK_E_FAILED
  }
}
