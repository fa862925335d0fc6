import CPlatform
import CRiskCheck
import RiskMemory
import RiskState

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
  /// The stream that `peek` found; negative: nothing was looked at since the last change.
  private var peeked = -1
  public private(set) var lost: UInt64 = 0
  private var hasFailed = false
  /// Number of the first block that is not there, or is damaged.
  private var good: UInt64 = 0
  /// Why no block follows those that are read, and where.
  public private(set) var outcome = Reader.Outcome.end(torn: 0)
  public private(set) var place = rck_journal_cursor()
  public private(set) var flags: UInt32 = 0

  private func stream(_ index: Int) -> UnsafeMutablePointer<Stream> {
    (memory + index &* 256).assumingMemoryBound(to: Stream.self)
  }

  private func buffer(_ index: Int) -> UnsafeMutableRawPointer {
    memory + Streams.buffersAt + index &* Streams.bufferBytes
  }

  /// Reads everything once: which ports there are, and up to where all is as it was written. The memory is zero. What
  /// was done before `restored` was written down is left out.
  public init(_ reader: Reader, _ memory: UnsafeMutableRawPointer, after restored: State? = nil) {
    self.reader = reader
    self.memory = memory
    var scan = rck_journal_cursor()
    var kept = Reader.Kept()
    var found: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var end = Reader.Outcome.lines(0)
    while case .lines = end {
      good = scan.block
      end = withUnsafeMutablePointer(to: &kept) { Reader(reader, keeping: $0).next(&scan, into: buffer(0)) }
      if case .lines = end {
        withUnsafeMutableBytes(of: &found) {
          let words = $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
          words[Int(scan.port >> 6 & 3)] |= 1 << UInt64(scan.port & 63)
        }
      }
    }
    good = scan.block
    kept.close()
    (flags, outcome, place) = (scan.flags, end, scan)
    var port = 0
    while port < Form.portsMax {
      let word = withUnsafePointer(to: &found) {
        UnsafeRawPointer($0).load(fromByteOffset: (port >> 6) &* 8, as: UInt64.self)
      }
      if word >> UInt64(port & 63) & 1 != 0 {
        stream(count).initialize(to: Stream())
        stream(count).pointee.port = UInt16(truncatingIfNeeded: port)
        stream(count).pointee.last = restored?.restoredSequence(port) ?? 0
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
    let best = peeked < 0 ? best() : peeked
    return best < 0 ? nil : take(best)
  }

  /// Likewise, but it remains the next one.
  public mutating func peek() -> UnsafeMutablePointer<rck_event>? {
    peeked = best()
    return peeked < 0 ? nil : head(peeked)
  }

  /// The next record of the first port of which `isMeant` says so, whatever its ticket; nil if of none. It is told how
  /// many lines are at hand from there on.
  public mutating func next(where isMeant: (UnsafePointer<rck_event>, Int) -> Bool)
    -> UnsafeMutablePointer<rck_event>?
  {
    first(isMeant).flatMap { take($0) }
  }

  /// Whether there is one.
  public func hasNext(where isMeant: (UnsafePointer<rck_event>, Int) -> Bool) -> Bool {
    first(isMeant) != nil
  }

  private func first(_ isMeant: (UnsafePointer<rck_event>, Int) -> Bool) -> Int? {
    var index = 0
    while index < count {
      let stream = stream(index)
      if let event = head(index), isMeant(event, stream.pointee.lines &- stream.pointee.at) { return index }
      index &+= 1
    }
    return nil
  }

  private func best() -> Int {
    if hasFailed { return -1 }
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
    return best
  }

  /// The next record of the port whose record was taken last, if it is of a kind and has a ticket.
  public mutating func nextOfSame(_ kind: Int32, _ ticket: UInt64) -> UnsafeMutablePointer<rck_event>? {
    guard let event = head(current), Int32(event.pointee.kind) == kind, event.pointee.ticket == ticket else {
      return nil
    }
    return take(current)
  }

  /// The highest port that has records.
  public var lastPort: UInt16 {
    var (last, index): (UInt16, Int) = (0, 0)
    while index < count {
      last = max(last, stream(index).pointee.port)
      index &+= 1
    }
    return last
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
    peeked = -1
    if event.pointee.ticket != 0 { stream.pointee.ticket = event.pointee.ticket }
    let last = stream.pointee.last
    if last != 0 { lost &+= event.pointee.sequence &- last &- 1 }
    stream.pointee.last = event.pointee.sequence
    current = index
    stream.pointee.at &+= Int(event.pointee.lines)
    if stream.pointee.at < stream.pointee.lines { return event }
    // The last one of its block goes where the next block does not overwrite it.
    let target = (memory + Streams.recordAt(index)).assumingMemoryBound(to: rck_event.self)
    platform_copy(target, event, UInt64(event.pointee.lines) &* UInt64(Form.lineBytes))
    fill(index)
    return target
  }

  /// Behind the block in each buffer is room for a record: blocks fill 65,600 bytes of 69,632.
  private static func recordAt(_ index: Int) -> Int {
    buffersAt &+ index &* bufferBytes &+ (Form.blockBytesMax &+ 63) & ~63
  }

  /// Reads the next block of a stream that has a record behind its last one, and goes to it.
  private mutating func fill(_ index: Int) {
    let stream = stream(index)
    repeat {
      read(index)
      while let event = head(index), event.pointee.sequence <= stream.pointee.last {
        stream.pointee.at &+= Int(event.pointee.lines)
      }
    } while stream.pointee.lines != 0 && stream.pointee.at >= stream.pointee.lines
  }

  private mutating func read(_ index: Int) {
    let stream = stream(index)
    stream.pointee.at = 0
    stream.pointee.lines = 0
    let reader = withUnsafeMutablePointer(to: &stream.pointee.kept) { Reader(self.reader, keeping: $0) }
    let read = reader.next(&stream.pointee.cursor, into: buffer(index), of: stream.pointee.port)
    // What cannot be read ends all; what is damaged, and what comes behind it, is not there.
    if case .system = read {
      (outcome, place, hasFailed) = (read, stream.pointee.cursor, true)
      return
    }
    if case .lines(let lines) = read, stream.pointee.cursor.block <= good { stream.pointee.lines = lines }
  }
}
