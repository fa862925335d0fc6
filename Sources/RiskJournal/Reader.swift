import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel

/// Reads a journal block by block. It holds nothing but the directory: where it stands is the caller's cursor. What is
/// read is believed only when its checksum is right and it follows what was read before.
public struct Reader {
  let directory: Int32
  /// The segment that was read last, kept open for who reads on and on; nil: each read opens its own.
  private let kept: UnsafeMutablePointer<Kept>?

  /// An open segment. Who keeps one closes it.
  public struct Kept {
    var segment: UInt64 = 0
    var descriptor: Int32 = -1
    var isOpen = false

    public init() {}

    public func close() {
      if descriptor >= 0 { platform_close(descriptor) }
    }

    mutating func forget() {
      close()
      descriptor = -1
    }
  }

  public init(_ directory: Int32) {
    self.directory = directory
    kept = nil
  }

  public init(_ reader: Reader, keeping kept: UnsafeMutablePointer<Kept>) {
    directory = reader.directory
    self.kept = kept
  }

  public enum Outcome {
    /// So many lines of records.
    case lines(Int)
    /// Nothing more has been written; so many bytes lie behind the last whole block.
    case end(torn: UInt64)
    case damaged
    case otherVersion
    case absent
    case system(Int32)
  }

  /// The next block's records go to `buffer`, of `Form.blockBytesMax` bytes: its header line, then its lines. With
  /// `port` blocks of other ports are passed over, and no sum is computed: for who has read everything before.
  public func next(
    _ cursor: inout rck_journal_cursor, into buffer: UnsafeMutableRawPointer, of port: UInt16? = nil
  ) -> Outcome {
    var tries = 0
    while true {
      var isOpen = false
      let descriptor = keptOrOpen(&cursor, &isOpen)
      if descriptor < 0 {
        if platform_is_absent(descriptor) == 0 { return .system(descriptor) }
        if let outcome = absence(cursor, tries) { return outcome }
        tries &+= 1
        continue
      }
      let outcome = next(descriptor, &cursor, buffer, isOpen: isOpen, port)
      if kept == nil { platform_close(descriptor) }
      // Behind a segment that is not finished nothing follows: unless it was finished since it was opened.
      if isOpen, case .end = outcome, let next = nextSegment(cursor) {
        if next < 0 { return .system(next) }
        if tries == Reader.patience { return .damaged }
        tries &+= 1
        if let kept { kept.pointee.forget() }
        continue
      }
      if let outcome { return outcome }
    }
  }

  /// How often something is looked at that the pump is changing.
  private static var patience: Int { 8 }

  /// What it means that the cursor's segment is not there; nil: it may be now.
  private func absence(_ cursor: rck_journal_cursor, _ tries: Int) -> Outcome? {
    var range = platform_segment_range()
    let error = platform_segments(directory, &range)
    if error != 0 { return .system(error) }
    if range.first != 0 && cursor.segment < range.first { return .absent }
    let isNext = cursor.block != 0 && cursor.offset == 0
    if isNext && cursor.segment == range.last &+ 1 { return .end(torn: 0) }
    // A name that is changed while the directory is listed may not be in the list at all.
    if tries < Reader.patience { return nil }
    return isNext && cursor.segment <= range.last ? .damaged : .absent
  }

  /// 1 if there is a segment behind the cursor's, nil if there is none, or -errno.
  private func nextSegment(_ cursor: rck_journal_cursor) -> Int32? {
    var range = platform_segment_range()
    let error = platform_segments(directory, &range)
    return error != 0 ? error : range.last > cursor.segment ? 1 : nil
  }

  private func keptOrOpen(_ cursor: inout rck_journal_cursor, _ isOpen: inout Bool) -> Int32 {
    guard let kept else { return open(&cursor, &isOpen) }
    if kept.pointee.descriptor >= 0 && kept.pointee.segment == cursor.segment {
      isOpen = kept.pointee.isOpen
      return kept.pointee.descriptor
    }
    kept.pointee.close()
    kept.pointee.descriptor = open(&cursor, &kept.pointee.isOpen)
    kept.pointee.segment = cursor.segment
    isOpen = kept.pointee.isOpen
    return kept.pointee.descriptor
  }

  /// Opens the segment of the cursor, or -errno.
  private func open(_ cursor: inout rck_journal_cursor, _ isOpen: inout Bool) -> Int32 {
    if cursor.segment == 0 {
      var range = platform_segment_range()
      let error = platform_segments(directory, &range)
      if error != 0 { return error }
      if range.first == 0 { return platform_open_segment(directory, 0, 0, 0, 0) }  // which there never is
      cursor.segment = range.first
      cursor.offset = 0
    }
    var descriptor = platform_open_segment(directory, cursor.segment, 0, 0, 0)
    if platform_is_absent(descriptor) == 0 { return descriptor }
    isOpen = true
    descriptor = platform_open_segment(directory, cursor.segment, 1, 0, 0)
    if platform_is_absent(descriptor) == 0 { return descriptor }
    // It may have been finished between the two.
    isOpen = false
    return platform_open_segment(directory, cursor.segment, 0, 0, 0)
  }

  /// Nil: the segment has ended, and the cursor is at the next one. `isFollowed`: a later block has been seen.
  private func next(
    _ descriptor: Int32, _ cursor: inout rck_journal_cursor, _ buffer: UnsafeMutableRawPointer, isOpen: Bool,
    isFollowed: Bool = false, _ port: UInt16?
  ) -> Outcome? {
    if cursor.offset == 0, let outcome = begin(descriptor, &cursor, buffer, isOpen) { return outcome }
    let line = UInt64(Form.lineBytes)
    let got = platform_read_some(descriptor, buffer, line, cursor.offset)
    if got < 0 { return .system(Int32(truncatingIfNeeded: got)) }
    let left = UInt64(bitPattern: max(platform_file_bytes(descriptor), 0)) &- cursor.offset
    // What is not whole yet is the end of what has been written; a finished segment has no such end.
    if got < Int64(line) { return isOpen ? .end(torn: UInt64(got)) : .damaged }
    let header = BlockHeader(at: buffer)
    let whole = header.isOne ? UInt64(header.lines) &* line &+ line : UInt64(Form.blockBytesMax)
    if let port, header.isOne, header.port != port, left >= whole, header.kind == BlockHeader.Kind.records {
      guard pass(header, &cursor) else { return .damaged }
      cursor.offset &+= whole
      return nil
    }
    var sum: UInt32?
    if header.isOne && left >= whole {
      let error = readLines(descriptor, header, cursor.offset &+ line, &sum, isKnown: port != nil)
      if error != 0 { return .system(error) }
    }
    if sum != header.checksum {
      // The pump may be writing it: then nothing lies behind.
      if !isOpen || isFollowed { return .damaged }
      let found = hasBlock(descriptor, after: cursor, buffer)
      if found != 1 { return found < 0 ? .system(found) : .end(torn: left) }
      // What is followed is whole; but it may have been cut off and written anew since its header was read.
      return next(descriptor, &cursor, buffer, isOpen: true, isFollowed: true, port)
    }
    guard pass(header, &cursor) else { return .damaged }
    if header.kind == BlockHeader.Kind.end {
      if left != whole { return .damaged }
      cursor.segment &+= 1
      cursor.offset = 0
      return nil
    }
    guard holdsRecords(header) else { return .damaged }
    cursor.offset &+= whole
    return .lines(Int(header.lines))
  }

  /// Whether a block follows what was read before, which it then is itself.
  private func pass(_ header: BlockHeader, _ cursor: inout rck_journal_cursor) -> Bool {
    if header.number != cursor.block || header.chain != cursor.chain || !isKnown(header.kind) { return false }
    cursor.block &+= 1
    cursor.chain = header.checksum
    cursor.port = UInt32(header.port)
    return true
  }

  /// Reads a block's lines behind its header: 0 or -errno. The sum of both, which may be known to be right, is nil when
  /// they are not all there.
  private func readLines(
    _ descriptor: Int32, _ header: BlockHeader, _ offset: UInt64, _ sum: inout UInt32?, isKnown: Bool
  ) -> Int32 {
    let (lines, bytes) = (header.base + Form.lineBytes, UInt64(header.lines) &* UInt64(Form.lineBytes))
    let got = platform_read_some(descriptor, lines, bytes, offset)
    if got < 0 { return Int32(truncatingIfNeeded: got) }
    if got == Int64(bytes) {
      sum = isKnown ? header.checksum : platform_crc32c(header.headerChecksum, lines, bytes)
    }
    return 0
  }

  /// Whether a later block of the segment lies anywhere behind the one at a cursor, which then is no tail that was not
  /// written whole: 1, 0, or -errno.
  private func hasBlock(
    _ descriptor: Int32, after cursor: rck_journal_cursor, _ buffer: UnsafeMutableRawPointer
  ) -> Int32 {
    let line = UInt64(Form.lineBytes)
    var at = cursor.offset
    while true {
      let got = platform_read_some(descriptor, buffer, UInt64(Form.blockBytesMax), at)
      if got < 0 { return Int32(truncatingIfNeeded: got) }
      var offset: UInt64 = 0
      while offset &+ line <= UInt64(bitPattern: got) {
        let header = BlockHeader(at: buffer + Int(truncatingIfNeeded: offset))
        let ahead = header.number &- cursor.block
        if header.isOne && ahead != 0 && ahead < 1 << 32 && isKnown(header.kind) { return 1 }
        offset &+= line
      }
      if offset == 0 { return 0 }
      at &+= offset
    }
  }

  private func isKnown(_ kind: UInt16) -> Bool {
    kind == BlockHeader.Kind.records || kind == BlockHeader.Kind.end
  }

  /// Whether the lines are as many whole records as the header says: whoever walks them stays inside.
  private func holdsRecords(_ header: BlockHeader) -> Bool {
    var (at, records, last): (UInt32, UInt32, UInt64) = (0, 0, 0)
    let lines = (header.base + Form.lineBytes).assumingMemoryBound(to: rck_event.self)
    while at < header.lines {
      let event = lines + Int(at)
      let length = UInt32(event.pointee.lines)
      if length == 0 || length > UInt32(RCK_RECORD_LINES_MAX) || length > header.lines &- at { return false }
      if event.pointee.port != header.port || event.pointee.sequence <= last { return false }
      last = event.pointee.sequence
      at &+= length
      records &+= 1
    }
    return records == header.records && records != 0 && last == header.lastSequence
  }

  /// Reads a segment's header. Nil: the cursor is at its first block.
  private func begin(
    _ descriptor: Int32, _ cursor: inout rck_journal_cursor, _ buffer: UnsafeMutableRawPointer, _ isOpen: Bool
  ) -> Outcome? {
    let header = SegmentHeader(at: buffer)
    var (judgement, tries) = (SegmentHeader.Judgement.damaged, 0)
    // One that could not be written whole is written anew, and may be so while it is read.
    repeat {
      let got = platform_read_some(descriptor, buffer, UInt64(Form.headerBytes), 0)
      if got < 0 { return .system(Int32(truncatingIfNeeded: got)) }
      if got < Int64(Form.headerBytes) { return isOpen ? .end(torn: UInt64(got)) : .damaged }
      judgement = header.judgement
      tries &+= 1
    } while isOpen && judgement == .damaged && tries <= Reader.patience
    switch judgement {
    case .damaged: return .damaged
    case .otherVersion: return .otherVersion
    case .sound: break
    }
    let follows =
      cursor.block == 0
      || header.region == cursor.region_id && header.block == cursor.block && header.chain == cursor.chain
    if header.number != cursor.segment || !follows { return .damaged }
    cursor.region_id = header.region
    cursor.block = header.block
    cursor.chain = header.chain
    cursor.flags = header.flags | (isOpen ? 0 : UInt32(RCK_JOURNAL_FINISHED))
    cursor.offset = UInt64(Form.headerBytes)
    return nil
  }

  /// The header of the oldest segment; nil: see the outcome.
  public func firstConfiguration(_ config: inout rck_config, _ buffer: UnsafeMutableRawPointer) -> Outcome? {
    var cursor = rck_journal_cursor()
    var isOpen = false
    let descriptor = open(&cursor, &isOpen)
    if descriptor < 0 { return platform_is_absent(descriptor) != 0 ? .absent : .system(descriptor) }
    let outcome = begin(descriptor, &cursor, buffer, isOpen)
    platform_close(descriptor)
    if outcome == nil { config = SegmentHeader(at: buffer).config.pointee }
    return outcome
  }

  public static func portRecords(of buffer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<rck_event> {
    (buffer + Form.lineBytes).assumingMemoryBound(to: rck_event.self)
  }
}
