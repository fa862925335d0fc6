import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Observation: what anyone may look at, at any time. Nothing here writes to the region.

@implementation @_cdecl("rck_stats_read")
public func rck_stats_read(
  _ engine: OpaquePointer!, _ index: UInt32, _ stats: UnsafeMutablePointer<rck_stats>!
) -> rck_status {
  observe(engine, stats) { call, told in
    guard let port = call.state.port(Int(index)) else { return RCK_E_RANGE }
    port.fill(&told)
    told.ring_lines = call.state.config.pointee.ring_lines
    return RCK_OK
  }
}

@implementation @_cdecl("rck_health")
public func rck_health(_ engine: OpaquePointer!, _ health: UnsafeMutablePointer<rck_health_info>!)
  -> rck_status
{
  observe(engine, health) { call, told in
    call.state.fillHealth(&told)
    told.state = UInt32(lifeState(call))
    return RCK_OK
  }
}

private func lifeState(_ call: EngineCall) -> Int32 {
  let region = call.state.region
  if region.hasFailed { return RCK_HEALTH_FAILED }
  if call.rights & Rights.write != 0 { return RCK_HEALTH_RUNNING }
  if !region.isOpen { return RCK_HEALTH_CLOSED }
  let descriptor = call.entry.pointee.descriptor.load(ordering: .relaxed)
  return ownerLives(region, descriptor) ? RCK_HEALTH_RUNNING : RCK_HEALTH_LEFT
}

@implementation @_cdecl("rck_config_get")
public func rck_config_get(_ engine: OpaquePointer!, _ config: UnsafeMutablePointer<rck_config>!)
  -> rck_status
{
  observe(engine, config) { call, told in
    told = call.state.config.pointee
    told.flags = call.state.region.openFlags
    return RCK_OK
  }
}

@implementation @_cdecl("rck_clock")
public func rck_clock(_ engine: OpaquePointer!, _ time_ns: UnsafeMutablePointer<Int64>!) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(time_ns)
    guard wrong == RCK_OK, let time_ns else { return wrong }
    guard let now = call.state.now() else { return RCK_REJECT_TIME_MISSING }
    time_ns.pointee = now
    return RCK_OK
  }
}

/// Fills a copy of the caller's struct and stores it whole when that went well.
@inline(__always)
private func observe<Told>(
  _ engine: OpaquePointer?, _ target: UnsafeMutablePointer<Told>?,
  _ fill: (EngineCall, inout Told) -> rck_status
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(target)
    guard wrong == RCK_OK, let target else { return wrong }
    var told = target.pointee
    let status = fill(call, &told)
    if status == RCK_OK { target.pointee = told }
    return status
  }
}
