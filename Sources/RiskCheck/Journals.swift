import CPlatform
import CRiskCheck
import RiskJournal
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// The journal: what the rings hold, in files.

@implementation @_cdecl("rck_journal_open")
public func rck_journal_open(
  _ port: OpaquePointer!, _ directory: UnsafePointer<CChar>!, _ config: UnsafePointer<rck_journal_config>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_journal_open"
  switch PortCall.enter(port) {
  case .refused(let status): return refuse(fault, status, name, "port")
  case .call(let call):
    defer { call.leave() }
    guard let directory else { return refuse(fault, RCK_E_NULL, name, "directory") }
    if let refusal = structRefusal(config, "rck_journal_config") { return refusal.report(to: usable(fault)) }
    guard let config else { return RCK_E_NULL }
    let copy = config.pointee  // read once: the caller's memory may change under us
    if let refusal = journalFault(copy) ?? call.journalFault(name) {
      return refusal.report(to: usable(fault))
    }
    return openJournal(call, directory, copy, name)?.report(to: usable(fault)) ?? RCK_OK
  }
}

@implementation @_cdecl("rck_journal_pump")
public func rck_journal_pump(
  _ port: OpaquePointer!, _ info: UnsafeMutablePointer<rck_pump_info>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_journal_pump"
  switch PortCall.enter(port) {
  case .refused(let status): return refuse(fault, status, name, "port")
  case .call(let call):
    defer { call.leave() }
    if info != nil {
      let wrong = structFault(info)
      if wrong != RCK_OK { return refuse(fault, wrong, "rck_pump_info", "struct_size") }
    }
    guard let journal = call.openedJournal else { return refuse(fault, RCK_E_UNKNOWN, name, "port") }
    let failed = journal.pump(call.state)
    if let info { journal.tell(call.state, info) }
    return refusal(failed, name)?.report(to: usable(fault)) ?? RCK_OK
  }
}

@implementation @_cdecl("rck_journal_close")
public func rck_journal_close(_ port: OpaquePointer!, _ fault: UnsafeMutablePointer<rck_fault>!) -> rck_status
{
  let name: Label = "rck_journal_close"
  switch PortCall.enter(port) {
  case .refused(let status): return refuse(fault, status, name, "port")
  case .call(let call):
    defer { call.leave() }
    guard let journal = call.openedJournal else { return refuse(fault, RCK_E_UNKNOWN, name, "port") }
    let failed = journal.finish(call.state)
    closeJournal(call.entry)
    return refusal(failed, name)?.report(to: usable(fault)) ?? RCK_OK
  }
}

private func journalFault(_ config: rck_journal_config) -> Refusal? {
  let record: Label = "rck_journal_config"
  func outside(_ value: UInt64, _ least: UInt64, _ most: UInt64, _ field: Label) -> Refusal? {
    if value >= least && value <= most { return nil }
    return Refusal(
      RCK_E_RANGE, record, field, value: shown(value), minimum: shown(least), maximum: shown(most))
  }
  let most = UInt64(RCK_TIME_NS_MAX)
  let isTimed = config.sync == UInt32(RCK_SYNC_INTERVAL)
  return outside(UInt64(config.sync), 0, 2, "sync")
    ?? outside(
      UInt64(bitPattern: config.sync_interval_ns), isTimed ? 1 : 0, isTimed ? most : 0, "sync_interval_ns")
    ?? outside(config.segment_bytes, 65_536, 1 << 40, "segment_bytes")
    ?? outside(UInt64(bitPattern: config.segment_ns), 0, most, "segment_ns")
    ?? outside(config.segments_max, 0, 1 << 32, "segments_max")
}

extension PortCall {
  /// Why a journal cannot be opened through this port.
  fileprivate func journalFault(_ name: Label) -> Refusal? {
    if rights & Rights.write != 0 { return Refusal(RCK_E_RANGE, name, "port") }
    if rights & Rights.consume == 0 {
      return Refusal(rights & Rights.owner != 0 ? RCK_E_NOT_CONSUMER : RCK_E_READ_ONLY, name, "port")
    }
    return openedJournal == nil ? nil : Refusal(RCK_E_IN_USE, name, "port")
  }

  fileprivate var openedJournal: Journal? { rights & Rights.write != 0 ? nil : journal(of: entry) }
}

/// A port for reading keeps the address of its journal where others keep how much they have mapped.
private func journal(of entry: EntryPointer) -> Journal? {
  UnsafeMutableRawPointer(bitPattern: UInt(entry.pointee.bytes.load(ordering: .relaxed))).map {
    Journal(at: $0)
  }
}

/// Ends the journal of a port for reading, if it has one.
func closeJournal(_ entry: EntryPointer) {
  guard let journal = journal(of: entry) else { return }
  journal.end()
  platform_unmap(
    UnsafeMutableRawPointer(bitPattern: UInt(entry.pointee.bytes.load(ordering: .relaxed))), Journal.bytes)
  entry.pointee.bytes.store(0, ordering: .relaxed)  // the port's thread alone, or its closer
}

private func openJournal(
  _ call: PortCall, _ path: UnsafePointer<CChar>, _ config: rck_journal_config, _ name: Label
) -> Refusal? {
  let directory = platform_open_directory(path)
  if directory < 0 { return directoryRefusal(directory, name) }
  var address: UnsafeMutableRawPointer?
  var error = platform_map_private(&address, Journal.bytes, 0)
  if error == 0 { error = platform_leave_out_of_fork(address, Journal.bytes) }
  guard error == 0, let address else {
    platform_close(directory)
    return systemRefusal(error, name, "directory")
  }
  let journal = Journal(at: address)
  if let fault = journal.open(call.state, directory: directory, config) {
    journal.end()
    platform_unmap(address, Journal.bytes)
    return refusal(fault, name)
  }
  call.entry.pointee.bytes.store(UInt64(UInt(bitPattern: address)), ordering: .relaxed)
  return nil
}

func refusal(_ fault: Journal.Fault?, _ name: Label) -> Refusal? {
  switch fault {
  case nil: return nil
  case .status(let status): return Refusal(status, name, "directory")
  case .system(let error): return directoryRefusal(error, name)
  }
}

func directoryRefusal(_ error: Int32, _ name: Label) -> Refusal {
  platform_is_absent(error) != 0
    ? Refusal(system: error, RCK_E_NO_FILE, name, "directory") : systemRefusal(error, name, "directory")
}

// MARK: Reading

@implementation @_cdecl("rck_journal_read")
public func rck_journal_read(
  _ path: UnsafePointer<CChar>!, _ cursor: UnsafeMutablePointer<rck_journal_cursor>!,
  _ lines: UnsafeMutablePointer<rck_event>!, _ count: UnsafeMutablePointer<UInt32>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_journal_read"
  let wrong = structFault(cursor)
  guard wrong == RCK_OK, let cursor else { return refuse(fault, wrong, name, "cursor") }
  let wrongLines = pointerFault(lines)
  guard wrongLines == RCK_OK, let lines else { return refuse(fault, wrongLines, name, "lines") }
  let wrongCount = pointerFault(count)
  guard wrongCount == RCK_OK, let count else { return refuse(fault, wrongCount, name, "count") }
  if cursor.pointee.reserved.0 | cursor.pointee.reserved.1 != 0 {
    return refuse(fault, RCK_E_RESERVED, name, "cursor")
  }
  return withJournal(path, name, fault) { reader, buffer in
    var copy = cursor.pointee
    let outcome = reader.next(&copy, into: buffer)
    if let refusal = refusal(outcome, name, at: copy) { return refusal }
    var moved = 0
    if case .lines(let found) = outcome { moved = found }
    platform_copy(lines, Reader.portRecords(of: buffer), UInt64(truncatingIfNeeded: moved &* Form.lineBytes))
    cursor.pointee = copy
    count.pointee = UInt32(truncatingIfNeeded: moved)
    return nil
  }
}

@implementation @_cdecl("rck_verify")
public func rck_verify(
  _ path: UnsafePointer<CChar>!, _ info: UnsafeMutablePointer<rck_verify_info>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_verify"
  let wrong = structFault(info)
  guard wrong == RCK_OK, let info else { return refuse(fault, wrong, name, "info") }
  return withJournal(path, name, fault) { reader, buffer in
    var (told, outcome) = (rck_verify_info(), Reader.Outcome.absent)
    told.struct_size = info.pointee.struct_size
    let cursor = reader.verify(&told, &outcome, buffer)
    if case .absent = outcome, told.blocks == 0 { return Refusal(RCK_E_NO_JOURNAL, name, "directory") }
    info.pointee = told
    return refusal(outcome, name, at: cursor)
  }
}

@implementation @_cdecl("rck_journal_config_get")
public func rck_journal_config_get(
  _ path: UnsafePointer<CChar>!, _ config: UnsafeMutablePointer<rck_config>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_journal_config_get"
  let wrong = structFault(config)
  guard wrong == RCK_OK, let config else { return refuse(fault, wrong, name, "config") }
  return withJournal(path, name, fault) { reader, buffer in
    var found = rck_config()
    if let refusal = configuration(of: reader, &found, buffer, name) { return refusal }
    found.clock_source = UInt32(RCK_CLOCK_HOST)
    found.flags = UInt32(RCK_PREFAULT)
    config.pointee = found
    return nil
  }
}

/// What the region of a journal was made with.
func configuration(
  of reader: Reader, _ config: inout rck_config, _ buffer: UnsafeMutableRawPointer, _ name: Label
) -> Refusal? {
  guard let outcome = reader.firstConfiguration(&config, buffer) else { return nil }
  return refusal(outcome, name, at: rck_journal_cursor()) ?? Refusal(RCK_E_NO_JOURNAL, name, "directory")
}

/// A reader of a directory, and room for a block and what else it asks for, for the length of a call.
func withJournal(
  _ path: UnsafePointer<CChar>?, _ name: Label, _ fault: UnsafeMutablePointer<rck_fault>?,
  bytes: UInt64 = Reader.bytes, _ body: (Reader, UnsafeMutableRawPointer) -> Refusal?
) -> rck_status {
  withJournal(path, name, bytes: bytes, body)?.report(to: usable(fault)) ?? RCK_OK
}

func withJournal(
  _ path: UnsafePointer<CChar>?, _ name: Label, bytes: UInt64 = Reader.bytes,
  _ body: (Reader, UnsafeMutableRawPointer) -> Refusal?
) -> Refusal? {
  guard let path else { return Refusal(RCK_E_NULL, name, "directory") }
  let directory = platform_open_directory(path)
  if directory < 0 { return directoryRefusal(directory, name) }
  defer { platform_close(directory) }
  var address: UnsafeMutableRawPointer?
  let error = platform_map_private(&address, bytes, 0)
  guard error == 0, let address else { return systemRefusal(error, name, "directory") }
  defer { platform_unmap(address, bytes) }
  return body(Reader(directory), address)
}

/// Why a reader gives nothing; nil when it gives lines or has reached the end.
func refusal(_ outcome: Reader.Outcome, _ name: Label, at cursor: rck_journal_cursor) -> Refusal? {
  switch outcome {
  case .lines, .end: return nil
  case .damaged:
    let segment = shown(cursor.segment)
    return Refusal(
      RCK_E_DAMAGED, name, "directory", value: shown(cursor.offset), minimum: segment, maximum: segment)
  case .otherVersion: return Refusal(RCK_E_LAYOUT_VERSION, name, "directory")
  case .absent: return Refusal(RCK_E_NO_JOURNAL, name, "directory")
  case .system(let error): return directoryRefusal(error, name)
  }
}
