import CPlatform
import CRiskCheck
import RiskMemory

/// The records of a whole journal, those of all ports in the order of their tickets. Each port that has any is a stream
/// of its own, which reads the journal for its blocks; the stream whose next ticket is lowest goes on.
public struct Streams {
  /// Where one port stands.
  struct Stream {
    var cursor = rck_journal_cursor()
    var at = 0
    var lines = 0
    /// What has no ticket of its own belongs behind what came before it in its ring.
    var ticket: UInt64 = 0
    var last: UInt64 = 0
    var port: UInt16 = 0
    var kept = Reader.Kept()
  }

  // The memory: streams, then a buffer for each, which is not touched before the port has a block.
  private static let bufferBytes = (Form.blockBytesMax + 4095) & ~4095
  private static let buffersAt = Form.portsMax * 256
  public static let bytes = UInt64(buffersAt + Form.portsMax * bufferBytes)

  private let reader: Reader
  private let memory: UnsafeMutableRawPointer
  private var count = 0
  private var current = 0
  public private(set) var lost: UInt64 = 0
  /// Why there is no next record, when the end is not why.
  public private(set) var outcome = Reader.Outcome.end(torn: 0)
  public private(set) var place = rck_journal_cursor()
  public private(set) var flags: UInt32 = 0

  private func stream(_ index: Int) -> UnsafeMutablePointer<Stream> {
    (memory + index &* 256).assumingMemoryBound(to: Stream.self)
  }

  private func buffer(_ index: Int) -> UnsafeMutableRawPointer {
    memory + Streams.buffersAt + index &* Streams.bufferBytes
  }

  /// Finds the ports. The memory is zero. Nil: see the outcome.
  public init(_ reader: Reader, _ memory: UnsafeMutableRawPointer) {
    self.reader = reader
    self.memory = memory
    var scan = rck_journal_cursor()
    var kept = Reader.Kept()
    var found: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    // No port has the number that is asked for: each block is passed over.
    let all = withUnsafeMutablePointer(to: &kept) { kept in
      withUnsafeMutablePointer(to: &found) { found in
        Reader(reader, keeping: kept).next(&scan, into: buffer(0), of: UInt16.max) { port in
          let words = UnsafeMutableRawPointer(found).assumingMemoryBound(to: UInt64.self)
          words[Int(port) >> 6 & 3] |= 1 << UInt64(port & 63)
        }
      }
    }
    kept.close()
    flags = scan.flags
    guard case .end = all else {
      // What is not passed over is damaged, or no block of records.
      if case .lines = all { outcome = .damaged } else { outcome = all }
      place = scan
      return
    }
    var port = 0
    while port < Form.portsMax {
      let word = withUnsafePointer(to: &found) {
        UnsafeRawPointer($0).load(fromByteOffset: (port >> 6) &* 8, as: UInt64.self)
      }
      if word >> UInt64(port & 63) & 1 != 0 {
        stream(count).initialize(to: Stream())
        stream(count).pointee.port = UInt16(truncatingIfNeeded: port)
        count &+= 1
      }
      port &+= 1
    }
    var index = 0
    while index < count {
      fill(index)
      index &+= 1
    }
  }

  /// Gives back what it has open.
  public func close() {
    var index = 0
    while index < count {
      stream(index).pointee.kept.close()
      index &+= 1
    }
  }

  /// The next record of all; nil at the end. It stays where it is until the next call.
  public mutating func next() -> UnsafeMutablePointer<rck_event>? {
    var (best, lowest, index) = (-1, UInt64.max, 0)
    while index < count {
      if let event = head(index) {
        let ticket = event.pointee.ticket == 0 ? stream(index).pointee.ticket : event.pointee.ticket
        // What the engine's own ring says of no command comes behind the command that has the same ticket.
        if best < 0 || ticket < lowest || ticket == lowest && stream(best).pointee.port == 0 {
          (best, lowest) = (index, ticket)
        }
      }
      index &+= 1
    }
    return best < 0 ? nil : take(best)
  }

  /// The next record of the port whose record was taken last.
  public mutating func nextOfSame() -> UnsafeMutablePointer<rck_event>? {
    head(current) == nil ? nil : take(current)
  }

  private func head(_ index: Int) -> UnsafeMutablePointer<rck_event>? {
    let stream = stream(index)
    return stream.pointee.at < stream.pointee.lines
      ? Reader.portRecords(of: buffer(index)) + stream.pointee.at : nil
  }

  /// Moves behind the record of the last call, which is read no more, before it gives the next one.
  private mutating func take(_ index: Int) -> UnsafeMutablePointer<rck_event>? {
    guard let event = head(index) else { return nil }
    let stream = stream(index)
    if event.pointee.ticket != 0 { stream.pointee.ticket = event.pointee.ticket }
    let last = stream.pointee.last
    if last != 0 { lost &+= event.pointee.sequence &- last &- 1 }
    stream.pointee.last = event.pointee.sequence
    current = index
    stream.pointee.at &+= Int(event.pointee.lines)
    if stream.pointee.at < stream.pointee.lines { return event }
    // The last one of its block goes where the next block does not overwrite it.
    let target = (memory + Streams.recordAt(index)).assumingMemoryBound(to: rck_event.self)
    target.update(from: event, count: Int(event.pointee.lines))
    fill(index)
    return target
  }

  /// Behind the block in each buffer is room for a record: blocks fill 65,600 bytes of 69,632.
  private static func recordAt(_ index: Int) -> Int {
    buffersAt &+ index &* bufferBytes &+ (Form.blockBytesMax &+ 63) & ~63
  }

  /// Reads the next block of a stream.
  private mutating func fill(_ index: Int) {
    let stream = stream(index)
    stream.pointee.at = 0
    stream.pointee.lines = 0
    let reader = withUnsafeMutablePointer(to: &stream.pointee.kept) { Reader(self.reader, keeping: $0) }
    let read = reader.next(&stream.pointee.cursor, into: buffer(index), of: stream.pointee.port)
    switch read {
    case .lines(let lines): stream.pointee.lines = lines
    case .end: break
    default: (outcome, place) = (read, stream.pointee.cursor)
    }
  }
}
