import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState

// Metrics: the host's own numbers, that limits are held against.

@implementation @_cdecl("rck_metric_set")
public func rck_metric_set(_ port: OpaquePointer!, _ metric: UInt32, _ value: Double, _ time_ns: Int64)
  -> rck_status
{
  onDesk(
    port, { call, _ in feed(call, metric, value, time_ns) }, { call, _ in feed(call, metric, value, time_ns) }
  )
}

@inline(never)
private func feed(_ call: PortCall, _ metric: UInt32, _ value: Double, _ time_ns: Int64) -> rck_status {
  guard metric >= 1, metric <= UInt32(RCK_METRICS_MAX), let key = Metric.key(value) else {
    return RCK_E_RANGE
  }
  let (time, late) = call.advance(time_ns)
  if late != RCK_OK { return late }
  var began = call.beganMarket()
  let fed = Metrics(call.state).feed(metric, key, time: time) {
    if began.isTold { began.ticket = Tickets(call.state).draw() }
  }
  let status = fed ? RCK_OK : RCK_REPEAT
  if began.isTold {
    call.tell(
      began, Told(RCK_EVENT_METRIC, UInt64(metric), Int64(status), Int64(bitPattern: value.bitPattern)))
  }
  return status
}
