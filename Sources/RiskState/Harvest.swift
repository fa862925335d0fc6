import CRiskCheck
import RiskMemory
import Synchronization

/// Records that leave the ring only after they were written elsewhere: the caller looks at them in place.
extension Port {
  public enum Harvest {
    /// The lines in [start, end); nobody else reads the ring until `endHarvest`.
    case lines(start: UInt64, end: UInt64)
    case busy
    /// The ring contradicts itself.
    case broken
  }

  /// The number of the last record that was told, or lost.
  /// The tail moves between the two words, so a record that can be read already is in the second one only.
  public var lastSequence: UInt64 { max(held(Port.sequence), held(Port.sequenceAfter)) }

  public func beginHarvest() -> Harvest {
    guard ring.enter() else { return .busy }
    guard let (start, end) = ring.readable(ring.lineCount) else {
      ring.leave()
      return .broken
    }
    return .lines(start: start, end: end)
  }

  /// The lines below `position` are somewhere else now: so many records.
  public func endHarvest(to position: UInt64, records: UInt64) {
    if records != 0 {
      ring.release(to: position)
      let read = ring.consumerWord(Port.read)
      // Relaxed: written under the claim.
      read.pointee.bits.store(read.pointee.bits.load(ordering: .relaxed) &+ records, ordering: .relaxed)
    }
    ring.leave()
  }

  /// The record at a position, or nil if none can begin there.
  @inline(__always)
  public func record(at position: UInt64, below end: UInt64) -> UnsafePointer<rck_event>? {
    let line = ring.line(position).assumingMemoryBound(to: rck_event.self)
    let length = UInt64(line.pointee.lines)
    if length == 0 || length > UInt64(RCK_RECORD_LINES_MAX) || length > end &- position { return nil }
    return UnsafePointer(line)
  }
}
