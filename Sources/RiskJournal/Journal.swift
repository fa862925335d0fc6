import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// How far a journal is written.
struct Mark {
  /// Where the next block goes, its number, and the checksum of the one before it.
  var offset: UInt64 = 0
  var block: UInt64 = 1
  var chain: UInt32 = 0
}

/// A journal that is being written: memory of its own, which it maps when it is opened.
public struct Journal {
  let base: UnsafeMutableRawPointer

  public init(at base: UnsafeMutableRawPointer) { self.base = base }

  /// What it knows of itself.
  struct Record {
    var config = rck_journal_config()
    var directory: Int32 = -1
    /// Of the segment in work; -1: the next pump begins one.
    var descriptor: Int32 = -1
    var segment: UInt64 = 0
    var made_ns: Int64 = 0
    var synced_ns: Int64 = 0
    /// The disk has what lies before; and whether a sync has failed since, so that the rest is to be written anew: the
    /// kernel takes what it could not write for written.
    var syncedTo: UInt64 = 0
    var hasFailed = false
    /// The last block of the segment in work is written: what is left is its name.
    var isEnded = false
    /// Of a snapshot: its segment's flags, and the block that is being filled.
    var kept: UInt32 = 0
    var filling = Block()
    var mark = Mark()
    var told = rck_pump_info()
  }

  // The memory: the record, a segment's header, what is known of each port, buffers.
  private static let headerAt = 4096
  private static let sequencesAt = headerAt + Form.headerBytes
  private static let positionsAt = sequencesAt + Form.portsMax * 8
  private static let countsAt = positionsAt + Form.portsMax * 8
  private static let endsAt = countsAt + Form.portsMax * 8
  private static let lineAt = endsAt + Form.portsMax * Form.lineBytes
  private static let bufferAt = lineAt + 128
  public static let bytes = UInt64(bufferAt + Form.blockBytesMax + 4095) & ~4095

  private func words(_ at: Int) -> UnsafeMutablePointer<UInt64> {
    (base + at).assumingMemoryBound(to: UInt64.self)
  }

  var record: UnsafeMutablePointer<Record> { base.assumingMemoryBound(to: Record.self) }
  var header: SegmentHeader { SegmentHeader(at: base + Journal.headerAt) }
  /// The sequence of the last record of each port that the journal has.
  var sequences: UnsafeMutablePointer<UInt64> { words(Journal.sequencesAt) }
  /// While a pump works: up to where each ring was written, and how many records; below 0 it was not entered.
  var positions: UnsafeMutablePointer<UInt64> { words(Journal.positionsAt) }
  var counts: UnsafeMutablePointer<Int64> { (base + Journal.countsAt).assumingMemoryBound(to: Int64.self) }
  var line: BlockHeader { BlockHeader(at: base + Journal.lineAt) }
  var buffer: UnsafeMutableRawPointer { base + Journal.bufferAt }

  /// What the segment in work has of a port.
  struct End {
    var port: UInt64 = 0
    var firstSequence: UInt64 = 0
    var lastSequence: UInt64 = 0
    var records: UInt64 = 0
    var firstTime: Int64 = 0
    var lastTime: Int64 = 0
    var reserved: (UInt64, UInt64) = (0, 0)
  }
  var ends: UnsafeMutablePointer<End> { (base + Journal.endsAt).assumingMemoryBound(to: End.self) }

  // MARK: Opening and closing

  public enum Fault {
    case status(rck_status)
    case system(Int32)
  }

  /// Begins in a directory, whose descriptor it takes, or goes on with what is there. The memory is zero.
  public func open(_ state: State, directory: Int32, _ config: rck_journal_config) -> Fault? {
    record.initialize(to: Record())
    record.pointee.config = config
    record.pointee.directory = directory
    record.pointee.told.region_id = state.region.name
    record.pointee.synced_ns = platform_monotonic_ns()
    var range = platform_segment_range()
    let error = platform_segments(directory, &range)
    if error != 0 { return .system(error) }
    return range.first == 0 ? begin(state) : resume(state, range)
  }

  /// Gives back what it holds of the system.
  public func end() {
    leaveSegment()
    if record.pointee.directory >= 0 { platform_close(record.pointee.directory) }
  }

  private static let writerByte: UInt64 = 1 << 62

  /// Closes the segment in work. Its lock is given back by name: closing would leave it to a forked child.
  func leaveSegment() {
    if record.pointee.descriptor >= 0 { close(record.pointee.descriptor) }
    record.pointee.descriptor = -1
  }

  private func close(_ descriptor: Int32) {
    _ = platform_give_byte(descriptor, Journal.writerByte)
    platform_close(descriptor)
  }

  /// Begins the next segment.
  func begin(_ state: State) -> Fault? {
    let number = record.pointee.segment &+ 1
    if number > Form.segmentsMax { return .status(RCK_E_RANGE) }
    let descriptor = platform_open_segment(record.pointee.directory, number, 1, 1, 1)
    if descriptor < 0 { return .system(descriptor) }
    return begin(state, number, descriptor)
  }

  /// Writes the header of a segment whose file is there, and makes it the one in work.
  private func begin(_ state: State, _ number: UInt64, _ descriptor: Int32) -> Fault? {
    var error = platform_take_byte(descriptor, Journal.writerByte)
    let isTaken = platform_is_again(error) != 0
    let made = platform_realtime_ns()
    if error == 0 {
      let mark = record.pointee.mark
      platform_copy(header.sequences, sequences, UInt64(Form.portsMax &* 8))
      header.make(
        state, number: number, block: mark.block, chain: mark.chain, time_ns: made, kept: record.pointee.kept)
      error = platform_truncate(descriptor, 0)
    }
    if error == 0 { error = platform_write_at(descriptor, header.base, UInt64(Form.headerBytes), 0) }
    if error == 0 && record.pointee.config.sync != UInt32(RCK_SYNC_NONE) { error = syncAll(descriptor) }
    if error != 0 {
      if isTaken { platform_close(descriptor) } else { close(descriptor) }
      return isTaken ? .status(RCK_E_IN_USE) : .system(error)
    }
    record.pointee.descriptor = descriptor
    record.pointee.isEnded = false
    record.pointee.hasFailed = false
    record.pointee.segment = number
    record.pointee.syncedTo = UInt64(Form.headerBytes)
    record.pointee.made_ns = made
    record.pointee.mark.offset = UInt64(Form.headerBytes)
    platform_clear(UnsafeMutableRawPointer(ends), UInt64(Form.portsMax &* Form.lineBytes))
    return nil
  }

  /// The file, and that it is in its directory.
  private func syncAll(_ descriptor: Int32) -> Int32 {
    let error = platform_sync(descriptor)
    return error != 0 ? error : platform_sync(record.pointee.directory)
  }

  /// Goes on with a journal that is there. Its last segment says what of each port it has.
  private func resume(_ state: State, _ range: platform_segment_range) -> Fault? {
    if range.is_open == 0 { return scan(state, range.last, isOpen: false) ?? begin(state) }
    let descriptor = platform_open_segment(record.pointee.directory, range.last, 1, 1, 0)
    if descriptor < 0 { return .system(descriptor) }
    let error = platform_take_byte(descriptor, Journal.writerByte)
    if error != 0 {
      platform_close(descriptor)
      return platform_is_again(error) != 0 ? .status(RCK_E_IN_USE) : .system(error)
    }
    record.pointee.descriptor = descriptor
    let fault = resume(state, range, descriptor)
    if fault != nil { leaveSegment() }
    return fault
  }

  private func resume(_ state: State, _ range: platform_segment_range, _ descriptor: Int32) -> Fault? {
    // A kill between the making of its file and the writing of its header leaves one that is shorter.
    if platform_file_bytes(descriptor) < Int64(Form.headerBytes) {
      leaveSegment()
      record.pointee.segment = range.last &- 1
      let isFirst = range.last == range.first
      if !isFirst, let fault = scan(state, range.last &- 1, isOpen: false) { return fault }
      return begin(state)
    }
    if let fault = scan(state, range.last, isOpen: true) { return fault }
    // Its last block is there, and only its name is not: a kill came before that.
    if record.pointee.mark.offset == 0 {
      let error = platform_sync(descriptor)
      if error != 0 { return .system(error) }
      return nameFinished() ?? begin(state)
    }
    var error = platform_truncate(descriptor, record.pointee.mark.offset)
    // It may have been begun without syncs.
    if error == 0 && record.pointee.config.sync != UInt32(RCK_SYNC_NONE) { error = syncAll(descriptor) }
    record.pointee.syncedTo = UInt64(Form.headerBytes)
    return error == 0 ? nil : .system(error)
  }

  /// Reads a segment to its end: the marks, and what it has of each port. An offset of 0 is behind its last block.
  private func scan(_ state: State, _ number: UInt64, isOpen: Bool) -> Fault? {
    if let fault = takeHeader(state, number, isOpen: isOpen) { return fault }
    let reader = Reader(record.pointee.directory)
    var cursor = rck_journal_cursor()
    cursor.segment = number
    while true {
      switch reader.next(&cursor, into: buffer) {
      case .lines: note(BlockHeader(at: buffer))
      case .end: return settle(state, cursor, number)
      case .damaged: return .status(RCK_E_DAMAGED)
      case .otherVersion: return .status(RCK_E_LAYOUT_VERSION)
      case .absent: return .status(RCK_E_NO_JOURNAL)
      case .system(let error): return .system(error)
      }
    }
  }

  private func takeHeader(_ state: State, _ number: UInt64, isOpen: Bool) -> Fault? {
    let descriptor = platform_open_segment(record.pointee.directory, number, isOpen ? 1 : 0, 0, 0)
    if descriptor < 0 { return .system(descriptor) }
    let error = platform_read_at(descriptor, header.base, UInt64(Form.headerBytes), 0)
    platform_close(descriptor)
    if error != 0 { return .system(error) }
    switch header.judgement {
    case .sound: break
    case .otherVersion: return .status(RCK_E_LAYOUT_VERSION)
    case .damaged: return .status(RCK_E_DAMAGED)
    }
    if header.region != state.region.name { return .status(RCK_E_JOURNAL_OTHER) }
    platform_copy(sequences, header.sequences, UInt64(Form.portsMax &* 8))
    record.pointee.made_ns = header.made_ns
    return nil
  }

  /// The end of what is written. A journal that has records that the region has not given yet, since that is an older
  /// copy, would take the next ones for known.
  private func settle(_ state: State, _ cursor: rck_journal_cursor, _ number: UInt64) -> Fault? {
    record.pointee.segment = number
    record.pointee.mark = Mark(offset: cursor.offset, block: cursor.block, chain: cursor.chain)
    var index = 0
    while let port = state.port(index) {
      if sequences[index] > port.lastSequence { return .status(RCK_E_JOURNAL_OTHER) }
      index &+= 1
    }
    return nil
  }

  /// A block that the segment has.
  func note(_ header: BlockHeader) {
    let port = Int(header.port)
    if port >= Form.portsMax { return }
    sequences[port] = header.lastSequence
    let end = ends + port
    if end.pointee.records == 0 {
      end.pointee.port = UInt64(header.port)
      end.pointee.firstSequence = header.firstSequence
      end.pointee.firstTime = header.firstTime
    }
    end.pointee.lastSequence = header.lastSequence
    end.pointee.lastTime = header.lastTime
    end.pointee.records &+= UInt64(header.records)
  }
}
