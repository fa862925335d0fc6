import CRiskCheck
import RiskJournal

/// An order can be met before it has its ticket: who enters one draws when it is reserved and published, and whoever
/// finds it in between, and ends it say, draws before. A replay then takes the record of what entered it early. That is
/// the next one of its port, whose commands before it are done; and it held by then what it was judged to hold.
extension Replay {
  /// The record that enters the order which the next command is about, where that is still to come.
  func metBefore(
    _ next: UnsafePointer<rck_event>, in streams: inout Streams
  ) -> UnsafeMutablePointer<rck_event>? {
    let met = met(next)
    if met == 0 || isKnown(met) { return nil }
    return streams.next { enters($0, lines: $1, met) }
  }

  /// The id of the order that a command has found; 0: it found none, or has entered it itself.
  private func met(_ event: UnsafePointer<rck_event>) -> UInt64 {
    if isExact || event.pointee.port == 0 { return 0 }
    switch Int32(event.pointee.kind) {
    case RCK_EVENT_CHECK, RCK_EVENT_COPY:
      let was = Replay.verdict(event, behind: 2)
      let isFound =
        was.pointee.status == RCK_REPEAT
        || was.pointee.status == RCK_REJECT_ORDER_ID_TAKEN
          && Int32(was.pointee.flags) & RCK_VERDICT_CONTENDED == 0
      return isFound ? event.pointee.subject : 0
    case RCK_EVENT_AMEND: return UInt64(bitPattern: event.pointee.values.0)
    case RCK_EVENT_FILL:
      let was = Replay.verdict(event, behind: 2)
      let isUnknown =
        was.pointee.status == RCK_REJECT_ORDER_UNKNOWN
        || Int32(was.pointee.flags) & RCK_VERDICT_UNKNOWN != 0
      return isUnknown ? 0 : event.pointee.subject
    case RCK_EVENT_AMEND_RESULT, RCK_EVENT_CANCEL, RCK_EVENT_RELEASE, RCK_EVENT_CONFIRM:
      let was = Replay.verdict(event, behind: 0)
      return was.pointee.status == RCK_REJECT_ORDER_UNKNOWN ? 0 : event.pointee.subject
    default: return 0
    }
  }

  /// Whether an order that was met is there no more: its check, which its port tells next, was taken back for a latch.
  func isTakenBack(_ id: UInt64, in streams: Streams) -> Bool {
    if isExact || isKnown(id) { return false }
    return streams.hasNext { event, _ in
      Int32(event.pointee.kind) == RCK_EVENT_CHECK && event.pointee.subject == id && isWhole(event)
        && Replay.isTakenBack(Replay.verdict(event, behind: 2))
    }
  }

  /// Of a check or an amend.
  static func isTakenBack(_ was: UnsafePointer<rck_verdict>) -> Bool {
    Int32(was.pointee.control) == RCK_CONTROL_STATE && Int32(was.pointee.flags) & RCK_VERDICT_CONTENDED != 0
  }

  /// Whether a record enters an order. Of legs that are not all at hand any may be it.
  private func enters(_ event: UnsafePointer<rck_event>, lines: Int, _ id: UInt64) -> Bool {
    switch Int32(event.pointee.kind) {
    case RCK_EVENT_CHECK, RCK_EVENT_COPY:
      return event.pointee.subject == id && isWhole(event)
        && Replay.verdict(event, behind: 2).pointee.status == RCK_OK
    case RCK_EVENT_LEGS:
      if event.pointee.values.1 == 0 { return false }
      var (at, left) = (1, event.pointee.values.0)
      while left > 0 && at < lines {
        let leg = event + at
        if leg.pointee.subject == id { return true }
        if Int32(leg.pointee.kind) != RCK_EVENT_LEG || leg.pointee.lines == 0 { return false }
        at &+= Int(leg.pointee.lines)
        left &-= 1
      }
      return left > 0
    default: return false
    }
  }

  /// The verdict in a record, behind the first line and so many more.
  private static func verdict(_ event: UnsafePointer<rck_event>, behind lines: Int)
    -> UnsafePointer<rck_verdict>
  {
    UnsafeRawPointer(event + (lines &+ 1)).assumingMemoryBound(to: rck_verdict.self)
  }
}
