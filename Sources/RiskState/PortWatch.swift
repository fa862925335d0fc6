import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What the silence of a port does: the scope that it latches, to which state, and the cause that is told. It holds
/// nothing of the port's life; that is `Port.heard`.
public struct PortWatch {
  /// 0: not watched.
  public var silence_ns: Int64 = 0
  public var scopeKind: UInt32 = 0
  public var id: UInt32 = 0
  public var state: UInt32 = 0
  public var actor: UInt32 = 0
  public var reason = Name.empty

  public init() {}
}

/// How a port is watched, in the two spare lines of its ring's controls: in the first word of line 0 the version,
/// which counts how often it was set and whose lowest bit names the line that is in force, and in each line a record
/// behind its first word.
///
/// Setting fills the other line and then stores the version, so a kill leaves the old record or the new one. A line is
/// filled again only after the version has moved on: a reader copies, looks at the version again, and believes the
/// copy only if that is the same. It waits for nobody, and copies again only if one was set meanwhile.
extension Port {
  private var version: WordPointer { ring.spareLine(0).word(0) }

  private static var recordAt: Int { 8 }

  /// Nil: that was never set.
  public var watch: PortWatch? {
    var watch = PortWatch()
    var seen = version.pointee.bits.load(ordering: .acquiring)  // its record is whole
    while seen != 0 {
      (ring.spareLine(seen) + Port.recordAt).loadWords(&watch)
      let now = version.pointee.bits.load(ordering: .acquiring)  // after the record; likewise
      if now == seen { return watch }
      seen = now
    }
    return nil
  }

  /// Under the administrator's turn.
  func set(_ watch: PortWatch) {
    let next = version.pointee.bits.load(ordering: .relaxed) &+ 1  // one writer
    (ring.spareLine(next) + Port.recordAt).storeWords(watch)
    version.pointee.bits.store(next, ordering: .releasing)  // after the record
  }
}

extension State {
  /// Sets how a port is watched, and tells it. Under the administrator's turn.
  public func set(_ watch: PortWatch, of port: Port) {
    port.set(watch)
    tell(RCK_EVENT_WATCH, UInt64(port.index), watch.silence_ns, Int64(watch.actor))
  }

  /// Visits each open port that is watched and silent at a time, from the lowest number up.
  public func eachSilentPort(at time_ns: Int64, _ visit: (Port, Scope, PortWatch) -> Void) {
    var index = 1
    while let port = port(index) {
      // Both times lie in 0...RCK_TIME_NS_MAX: no overflow.
      if let watch = port.watch, watch.silence_ns != 0, let heard = port.heard,
        time_ns &- heard > watch.silence_ns,
        let scope = scope(Int32(bitPattern: watch.scopeKind), watch.id)
      {
        visit(port, scope, watch)
      }
      index &+= 1
    }
  }

  /// The port that a watch names.
  public func port(of watch: rck_port_watch) -> (port: Port?, refusal: Refusal?) {
    let last = shown(config.pointee.ports_max)
    guard watch.port != 0, let port = port(Int(watch.port)) else {
      return (
        nil,
        Refusal(
          RCK_E_RANGE, rck_port_watch.label, "port", value: Int64(watch.port), minimum: 1, maximum: last)
      )
    }
    return (port, nil)
  }

  /// What a watch says, or why it may not: what it latches is judged as a latch.
  public func judge(_ watch: rck_port_watch) -> (watch: PortWatch, refusal: Refusal?) {
    let (cause, fault) = cause(of: watch.latch)
    var judged = PortWatch()
    judged.silence_ns = watch.silence_ns
    judged.scopeKind = watch.scope_kind
    judged.id = watch.id
    judged.state = watch.state
    judged.actor = watch.actor
    judged.reason = cause.reason
    var refusal =
      outOfRange(watch.silence_ns, 0, Int64(RCK_TIME_NS_MAX), "silence_ns")
      ?? outOfRange(Int64(watch.state), Int64(RCK_STATE_REDUCE_ONLY), Int64(RCK_STATE_HALTED), "state")
      ?? scope(of: watch.latch).refusal ?? fault
    refusal?.record = rck_port_watch.label
    return (judged, refusal)
  }

  /// Whether what is in force could have been set.
  var areWatchesSound: Bool {
    var index = 1
    while let port = port(index) {
      if let watch = port.watch, judge(rck_port_watch(watch)).refusal != nil { return false }
      index &+= 1
    }
    return true
  }
}

extension rck_port_watch {
  public static var label: Label { "rck_port_watch" }

  public init(_ watch: PortWatch) {
    self.init()
    silence_ns = watch.silence_ns
    scope_kind = watch.scopeKind
    id = watch.id
    state = watch.state
    actor = watch.actor
    withUnsafeMutableBytes(of: &reason) {
      if let start = $0.baseAddress { watch.reason.store(to: start) }
    }
  }

  fileprivate var latch: rck_latch {
    var latch = rck_latch()
    latch.scope_kind = scope_kind
    latch.id = id
    latch.state = state
    latch.actor = actor
    latch.reason = reason
    return latch
  }
}
