import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// A snapshot: a journal that is written at once, of one segment, out of nobody's ring.
extension Journal {
  /// Begins one in a directory that has none, whose descriptor it takes. The memory is zero. `kept`: RCK_JOURNAL_.
  public func openSnapshot(_ state: State, directory: Int32, kept: UInt32) -> Fault? {
    record.initialize(to: Record())
    record.pointee.directory = directory
    record.pointee.kept = kept
    record.pointee.config.sync = UInt32(RCK_SYNC_BATCH)
    var range = platform_segment_range()
    let error = platform_segments(directory, &range)
    if error != 0 { return .system(error) }
    if range.first != 0 { return .status(RCK_E_IN_USE) }
    guard let fault = begin(state) else { return nil }
    if case .system = fault { _ = platform_remove_segment(directory, 1, 1) }
    return fault
  }

  /// Adds a record: its first line, then what is behind. It gets the next number.
  public func add(_ event: rck_event, _ body: UnsafeRawPointer, bytes: Int) -> Fault? {
    let length = 1 &+ (bytes &+ Form.lineBytes &- 1) / Form.lineBytes
    let most = UInt64(Form.blockLinesMax)
    if record.pointee.filling.lines &+ UInt64(truncatingIfNeeded: length) > most, let fault = flush() {
      return fault
    }
    var copy = event
    copy.sequence = sequences[0] &+ 1
    copy.lines = UInt8(truncatingIfNeeded: length)
    let line = buffer + Int(truncatingIfNeeded: record.pointee.filling.lines) &* Form.lineBytes
    line.assumingMemoryBound(to: rck_event.self).pointee = copy
    platform_clear(line + Form.lineBytes, UInt64(truncatingIfNeeded: (length &- 1) &* Form.lineBytes))
    platform_copy(line + Form.lineBytes, body, UInt64(truncatingIfNeeded: bytes))
    record.pointee.filling.add(line.assumingMemoryBound(to: rck_event.self))
    sequences[0] = copy.sequence
    return nil
  }

  /// The disk has it whole, and its name says so.
  public func finishSnapshot() -> Fault? { flush() ?? finishSegment() }

  /// Leaves nothing of one that could not be finished.
  public func dropSnapshot() {
    let number = record.pointee.segment
    if number == 0 { return }
    _ = platform_remove_segment(record.pointee.directory, number, 1)
    _ = platform_remove_segment(record.pointee.directory, number, 0)
  }

  private func flush() -> Fault? {
    let block = record.pointee.filling
    if block.records == 0 { return nil }
    let error = write(block, kind: BlockHeader.Kind.records, buffer, block.lines, nil, 0)
    if error != 0 { return .system(error) }
    note(line)
    record.pointee.filling = Block()
    return nil
  }
}
