import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// A port's call on the desk: what every such call does first and last.
extension PortCall {
  @inline(__always)
  var port: Int { Int(entry.pointee.port.load(ordering: .relaxed)) }

  /// Why nothing may be changed through this port now; RCK_OK when it may.
  @inline(__always)
  var writeFault: rck_status {
    if entry.pointee.rights.load(ordering: .relaxed) & Rights.write == 0 { return RCK_E_READ_ONLY }
    return state.region.hasFailed ? RCK_E_FAILED : RCK_OK
  }

  /// Whether rows are moved by plain stores: one port writes, and the administrator keeps away from them.
  @inline(__always)
  var isOneWriter: Bool { state.config.pointee.discipline == UInt32(RCK_ONE_WRITER) && !state.isShared }

  /// The time of a record that was given `time_ns`; the port's time moves with it.
  @inline(__always)
  func advance(_ time_ns: Int64) -> (time: Int64, status: rck_status) {
    guard let own = state.port(port) else { return (0, RCK_E_FAILED) }
    return advance(own, time_ns)
  }

  /// Likewise, of a call that has looked for its port already.
  @inline(__always)
  func advance(_ own: Port, _ time_ns: Int64) -> (time: Int64, status: rck_status) {
    let config = state.config
    let realtime = config.pointee.clock_source == UInt32(RCK_CLOCK_REALTIME)
    return own.advance(time_ns, back_ns_max: config.pointee.clock_back_ns_max) {
      realtime ? platform_realtime_ns() : nil
    }
  }

  /// Counts an answer that others' calls made what it is.
  @inline(__always)
  func count(_ status: rck_status, _ verdict: UnsafePointer<rck_verdict>) {
    if status <= RCK_REPEAT { return }
    let isFlagged = Int32(verdict.pointee.flags) & RCK_VERDICT_CONTENDED != 0
    if isFlagged || status == RCK_REJECT_CONTENDED { countContended() }
  }

  @inline(never)
  private func countContended() { state.port(port)?.countContended() }

  /// The library's own event about an order, in the port's ring.
  func tell(
    _ kind: Int32, _ subject: UInt64, _ first: Int64, _ second: Int64, time_ns: Int64,
    severity: Int32 = RCK_SEVERITY_INFO, control: Int32 = RCK_CONTROL_NONE, correlation: UInt64 = 0
  ) {
    state.port(port)?.tell(
      kind: kind, subject: subject, first, second, time_ns: time_ns, severity: severity, control: control,
      correlation: correlation)
  }
}

/// Enters a port that may write, runs the call under its discipline, and leaves.
@inline(__always)
func onDesk(
  _ port: OpaquePointer?, _ many: (PortCall, Desk<ManyWriters>) -> rck_status,
  _ one: (PortCall, Desk<OneWriter>) -> rck_status
) -> rck_status {
  switch PortCall.enter(port) {
  case .refused(let status): return status
  case .call(let call):
    var status = call.writeFault
    if status == RCK_OK {
      status =
        call.isOneWriter
        ? one(call, Desk(call.state, writer: call.port)) : many(call, Desk(call.state, writer: call.port))
    }
    call.leave()
    return status
  }
}
