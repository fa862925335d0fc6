import CPlatform
import CRiskCheck
import RiskState
import Synchronization

/// What the administrator must change in rows of an engine with one writer. While it does, the writing port's calls use
/// locked instructions as well, as under many writers: a flag in the region says so, which every such call reads first.
/// A call that began before the flag was set must have ended; the port's thread is not made to wait for anything.
extension EngineCall {
  /// Under the turn, so that no port opens or closes. False: a call goes on and on; nothing has changed.
  func shareRows() -> Bool {
    if state.config.pointee.discipline != UInt32(RCK_ONE_WRITER) { return true }
    state.setShared(true)
    // A call that began before is seen in its port's word, one that begins after sees the flag.
    if platform_barrier() == 0 && eachPort(isAtRest) { return true }
    state.setShared(false)
    return false
  }

  /// Calls that have seen the flag end as they began.
  func endSharing() { state.setShared(false) }

  /// Turns away every call through a writing port, as if that were being closed, until `letCallsIn`. Under the turn.
  /// False: a call goes on and on, and none is turned away.
  func turnCallsAway() -> Bool {
    eachWriter { $0 | Handles.closing }
    if platform_barrier() == 0 && eachPort(isAtRest) { return true }
    letCallsIn()
    return false
  }

  func letCallsIn() { eachWriter { $0 & ~Handles.closing } }

  private func eachWriter(_ changed: (UInt64) -> UInt64) {
    _ = eachPort { port in
      if port.pointee.rights.load(ordering: .relaxed) & Rights.write != 0 {
        let live = port.pointee.live.load(ordering: .relaxed)  // changed under the turn only
        port.pointee.live.store(changed(live), ordering: .sequentiallyConsistent)
      }
      return true
    }
  }

  private func eachPort(_ visit: (EntryPointer) -> Bool) -> Bool {
    let own = UInt32(truncatingIfNeeded: entry - Handles.entry(0))
    var index: UInt64 = 0
    while index <= Handles.indexMask {
      let port = Handles.entry(index)
      let live = port.pointee.live.load(ordering: .acquiring)
      let isPort = live > Handles.taken && live & Handles.portBit != 0
      if isPort && port.pointee.engine.load(ordering: .relaxed) == own && !visit(port) { return false }
      index &+= 1
    }
    return true
  }

  private func isAtRest(_ port: EntryPointer) -> Bool {
    if port.pointee.rights.load(ordering: .relaxed) & Rights.write == 0 { return true }
    var tries = 0
    while tries < EngineCall.restTries {
      // Acquire: after what the call that ended has stored.
      if port.pointee.inCall.load(ordering: .acquiring) == 0 { return true }
      if tries & 63 == 63 { platform_yield() } else { platform_pause() }
      tries &+= 1
    }
    return false
  }

  /// Looks at a port that may be in one call after another: each call takes some hundred nanoseconds, and leaves a gap.
  private static var restTries: Int { 1 << 16 }
}
