import CPlatform
import CRiskCheck
import RiskMemory

/// Where times come from when a record has none.
extension State {
  /// The latest time that any port has seen.
  public var latest: Int64 {
    var latest: Int64 = 0
    var index = 0
    while let port = port(index) {
      latest = max(latest, port.time_ns)
      index &+= 1
    }
    return latest
  }

  /// The clock, or under a host's clock the latest time seen; nil before there is one.
  public func now() -> Int64? {
    if config.pointee.clock_source == UInt32(RCK_CLOCK_REALTIME) { return platform_realtime_ns() }
    let latest = latest
    return latest > 0 ? latest : nil
  }
  /// The time of a call on the engine that was given `time_ns`, or the status that refuses it.
  public func time(of given: Int64) -> (time: Int64, status: rck_status) {
    let judged = Port.judge(given, latest: 0, back_ns_max: 0, now: now)
    return (judged.time, judged.status)
  }
}
