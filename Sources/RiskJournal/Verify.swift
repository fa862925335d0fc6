import CPlatform
import CRiskCheck
import RiskMemory

extension Reader {
  // Room that a reader of a whole journal needs: a block, and a word for each port.
  private static let sequencesAt = Form.blockBytesMax
  public static let bytes = UInt64(sequencesAt + Form.portsMax * 8 + 4095) & ~4095

  /// Reads everything, or what comes before the first damage; where the cursor is then.
  public func verify(
    _ told: inout rck_verify_info, _ last: inout Outcome, _ buffer: UnsafeMutableRawPointer
  ) -> rck_journal_cursor {
    let sequences = (buffer + Reader.sequencesAt).assumingMemoryBound(to: UInt64.self)
    var cursor = rck_journal_cursor()
    while true {
      last = next(&cursor, into: buffer)
      if told.first_segment == 0 { told.first_segment = cursor.segment }
      guard case .lines(let lines) = last else { break }
      let header = BlockHeader(at: buffer)
      if told.blocks == 0 { told.first_time_ns = header.firstTime }
      told.last_time_ns = max(told.last_time_ns, header.lastTime)
      told.blocks &+= 1
      told.lines &+= UInt64(truncatingIfNeeded: lines)
      told.records &+= UInt64(header.records)
      told.bytes &+= UInt64(truncatingIfNeeded: (lines &+ 1) &* Form.lineBytes)
      note(header, sequences, &told)
    }
    told.region_id = cursor.region_id
    told.flags = cursor.flags
    told.last_segment = cursor.segment
    if case .end(let torn) = last {
      told.torn_bytes = torn
      // Behind a finished segment that nothing follows.
      if cursor.offset == 0 && told.last_segment > told.first_segment { told.last_segment &-= 1 }
    } else {
      told.damaged_segment = cursor.segment
      told.damaged_offset = cursor.offset
    }
    return cursor
  }

  /// Sequences that are missing between a port's blocks, and in them.
  private func note(
    _ header: BlockHeader, _ sequences: UnsafeMutablePointer<UInt64>, _ told: inout rck_verify_info
  ) {
    let port = Int(header.port) & (Form.portsMax &- 1)
    let before = sequences[port]
    if before != 0 { told.lost &+= header.firstSequence &- before &- 1 }
    told.lost &+= header.lastSequence &- header.firstSequence &+ 1 &- UInt64(header.records)
    sequences[port] = header.lastSequence
  }
}
