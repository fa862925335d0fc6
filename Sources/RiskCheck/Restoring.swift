import CPlatform
import CRiskCheck
import RiskJournal
import RiskMemory
import RiskModel
import RiskState

/// A state that is read back, in memory of its own until it counts.
struct Restoring {
  let state: State
  let copy: State
  private(set) var info = rck_snapshot_info()
  private var records: UInt64 = 0

  static let linesMost = Int(RCK_RECORD_LINES_MAX) - 1

  init(_ state: State, _ copy: State) {
    self.state = state
    self.copy = copy
  }

  /// Reads a whole snapshot.
  mutating func read(_ reader: Reader, _ buffer: UnsafeMutableRawPointer, _ name: Label) -> Refusal? {
    if let refusal = configurationFault(reader, buffer, name) { return refusal }
    var cursor = rck_journal_cursor()
    while true {
      let place = cursor
      let outcome = reader.next(&cursor, into: buffer)
      if let refusal = refusal(outcome, name, at: place) { return refusal }
      let kept = cursor.flags & UInt32(RCK_JOURNAL_SNAPSHOT | RCK_JOURNAL_COMMANDS)
      if kept != UInt32(RCK_JOURNAL_SNAPSHOT) { return Refusal(RCK_E_UNSUPPORTED, name, "directory") }
      if cursor.flags & UInt32(RCK_JOURNAL_FINISHED) == 0 {
        return Refusal(RCK_E_UNFINISHED, name, "directory")
      }
      guard case .lines(let count) = outcome else { break }
      let lines = Reader.portRecords(of: buffer)
      var at = 0
      while at < count {
        let status = take(lines + at)
        if status != RCK_OK { return Refusal(status, name, "directory", value: shown(records)) }
        at &+= Int(lines[at].lines)
      }
    }
    info.records = records
    return records == 0 ? Refusal(RCK_E_DAMAGED, name, "directory") : nil
  }

  private func configurationFault(_ reader: Reader, _ buffer: UnsafeMutableRawPointer, _ name: Label)
    -> Refusal?
  {
    var found = rck_config()
    if let refusal = configuration(of: reader, &found, buffer, name) { return refusal }
    // A replay that goes on from here has the host's clock.
    found.clock_source = state.config.pointee.clock_source
    return Configuration.difference(of: state.config.pointee, from: found)
  }

  private mutating func take(_ event: UnsafePointer<rck_event>) -> rck_status {
    let body = UnsafeRawPointer(event) + State.lineBytes
    let lines = Int(event.pointee.lines) &- 1
    if records == 0 {
      guard Int32(event.pointee.kind) == RCK_EVENT_SNAPSHOT, lines == 1 else { return RCK_E_DAMAGED }
      info = body.loadUnaligned(as: rck_snapshot_info.self)
      if UInt64(info.layout_version) != Region.layoutVersion { return RCK_E_LAYOUT_VERSION }
      if info.struct_size != UInt32(MemoryLayout<rck_snapshot_info>.size) { return RCK_E_DAMAGED }
    } else {
      let (number, from) = (event.pointee.subject, event.pointee.values.0)
      guard Int32(event.pointee.kind) == RCK_EVENT_STATE, number < UInt64(State.parts),
        let part = copy.part(Int(truncatingIfNeeded: number)), from >= 0,
        from <= Int64(part.lines &- lines)
      else { return RCK_E_DAMAGED }
      var at = 0
      while at < lines {
        let place = (Int(truncatingIfNeeded: from) &+ at) &* State.lineBytes
        platform_copy_line(part.start + place, body + at &* State.lineBytes)
        at &+= 1
      }
    }
    records &+= 1
    return RCK_OK
  }

  /// Whether what was read is a state, and the one that was written.
  func judge(_ flags: UInt32, _ name: Label) -> Refusal? {
    copy.emptyRings()
    var isSound = !copy.region.hasFailed && copy.recover(consumer: true, doubting: false)
    if isSound { isSound = copy.digest == info.hash }
    if isSound && flags & UInt32(RCK_RESTORE_DOUBT) != 0 { isSound = copy.recover(consumer: true) }
    return isSound ? nil : Refusal(RCK_E_CORRUPT, name, "directory")
  }

  /// It counts from now on.
  func count() {
    state.takeWhole(from: copy, opened: info.opened)
    state.tellRestored(RCK_EVENT_RESTORED, from: info.region_id, info.opened)
  }
}
