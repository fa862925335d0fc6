import CRiskCheck

/// What the silence of ports does.
extension Oracle {
  /// A port is opened by its first use, and anew by its first after a close.
  public func open(port: UInt32) {
    if openings[port] == nil { openings[port] = latest }
  }

  public func close(port: UInt32) -> Int32 {
    openings[port] = nil
    return RCK_OK
  }

  /// A port that is open, so that looking through it opens none.
  public var openPort: UInt32 { openings.keys.min() ?? 1 }

  /// When an open port was last heard of.
  public func heard(port: UInt32) -> Int64? { openings[port].map { max($0, time(ofPort: port)) } }

  public func beat(at given: Int64, port: UInt32) -> Int32 {
    switch judge(given, port: port) {
    case .refused(let status): return status
    case .at(let time):
      move(port: port, to: time)
      return RCK_OK
    }
  }

  public func set(_ watch: rck_port_watch) -> Int32 {
    if watch.silence_ns < 0 || watch.silence_ns > Int64(RCK_TIME_NS_MAX) { return RCK_E_RANGE }
    if watch.state == RCK_STATE_ACTIVE || watch.state > RCK_STATE_HALTED { return RCK_E_RANGE }
    if let status = fault(of: latch(watch, at: 1)) { return status }
    if watch.reason.0 != 0 && watch.reason.0 < 32 { return RCK_E_NAME }
    if watch.actor == 0 { return RCK_E_RANGE }
    watches[watch.port] = watch
    return RCK_OK
  }

  public func get(_ watch: inout rck_port_watch) -> Int32 {
    let port = watch.port
    watch = watches[port] ?? rck_port_watch()
    watch.struct_size = UInt32(MemoryLayout<rck_port_watch>.size)
    watch.port = port
    return RCK_OK
  }

  /// The ports that are silent at a time.
  public func watch(at given: Int64) -> (status: Int32, ports: [UInt32]) {
    let time = given == 0 ? latest : given
    if time == 0 { return (RCK_REJECT_TIME_MISSING, []) }
    if time < 0 || time > Int64(RCK_TIME_NS_MAX) { return (RCK_REJECT_TIME_RANGE, []) }
    let edge: Int64 = plant == .silentAtEdge ? 1 : 0
    let silent = watches.values.filter { watch in
      guard let heard = heard(port: watch.port) else { return false }
      return watch.silence_ns != 0 && time - heard > watch.silence_ns - edge
    }.sorted { $0.port < $1.port }
    let raised = silent.filter { raise(latch($0, at: time)) }
    return (!silent.isEmpty && raised.isEmpty ? RCK_REPEAT : RCK_OK, silent.map(\.port))
  }

  private func latch(_ watch: rck_port_watch, at time: Int64) -> rck_latch {
    var latch = rck_latch()
    (latch.scope_kind, latch.id, latch.state) = (watch.scope_kind, watch.id, watch.state)
    (latch.actor, latch.reason, latch.time_ns) = (watch.actor, watch.reason, time)
    latch.control = UInt32(RCK_REJECT_DISCONNECTED)
    return latch
  }
}
