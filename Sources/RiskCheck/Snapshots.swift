import CPlatform
import CRiskCheck
import RiskJournal
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Snapshots: what an engine holds, written down at once, and given to another.

@implementation @_cdecl("rck_snapshot_write")
public func rck_snapshot_write(
  _ engine: OpaquePointer!, _ directory: UnsafePointer<CChar>!, _ content: UInt32,
  _ info: UnsafeMutablePointer<rck_snapshot_info>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_snapshot_write"
  return onSnapshot(engine, info, name, fault) { call, told in
    guard let directory else { return Refusal(RCK_E_NULL, name, "directory") }
    told.region_id = call.state.region.name
    told.opened = call.state.region.timesOpened
    switch Int32(bitPattern: content) {
    case RCK_SNAPSHOT_STATE: return writeState(call, directory, &told, name)
    case RCK_SNAPSHOT_CONFIGURATION: return writeConfiguration(call, directory, &told, name)
    default:
      return Refusal(RCK_E_RANGE, name, "content", value: Int64(content), minimum: 1, maximum: 2)
    }
  }
}

@implementation @_cdecl("rck_snapshot_restore")
public func rck_snapshot_restore(
  _ engine: OpaquePointer!, _ directory: UnsafePointer<CChar>!, _ flags: UInt32,
  _ info: UnsafeMutablePointer<rck_snapshot_info>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_snapshot_restore"
  return onSnapshot(engine, info, name, fault) { call, told in
    if flags & ~UInt32(RCK_RESTORE_DOUBT) != 0 { return Refusal(RCK_E_FLAGS, name, "flags") }
    if !call.isNew { return Refusal(RCK_E_IN_USE, name, "engine") }
    return withJournal(directory, name) { reader, buffer in
      withBlank(call.state, name) { blank in
        var restoring = Restoring(call.state, blank)
        let refusal = restoring.read(reader, buffer, name) ?? restoring.judge(flags, name)
        if let refusal { return refusal }
        restoring.count()
        told = restoring.info
        return nil
      }
    }
  }
}

/// A call about a whole engine, under the administrator's turn; `info` is filled in if nothing is refused.
private func onSnapshot(
  _ engine: OpaquePointer?, _ info: UnsafeMutablePointer<rck_snapshot_info>?, _ name: Label,
  _ fault: UnsafeMutablePointer<rck_fault>?, _ body: (EngineCall, inout rck_snapshot_info) -> Refusal?
) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(info)
    guard wrong == RCK_OK, let info else { return refuse(fault, wrong, name, "info") }
    if call.rights & Rights.write == 0 { return refuse(fault, RCK_E_READ_ONLY, name, "engine") }
    guard call.takeTurn() else { return refuse(fault, RCK_E_BUSY, name, "engine") }
    defer { call.endTurn() }
    if call.state.region.hasFailed { return refuse(fault, RCK_E_FAILED, name, "engine") }
    var told = rck_snapshot_info()
    told.struct_size = UInt32(MemoryLayout<rck_snapshot_info>.size)
    if let refusal = body(call, &told) { return refusal.report(to: usable(fault)) }
    info.pointee = told
    return RCK_OK
  }
}

extension EngineCall {
  /// Nothing was done to it.
  var isNew: Bool { state.definitions == 0 && hasNoPorts }

  /// Nothing was done to it since a snapshot was.
  var isRestored: Bool { state.isRestored && hasNoPorts }

  private var hasNoPorts: Bool { entry.pointee.ports.load(ordering: .relaxed) == 0 }
}

/// Memory for a region of the same configuration, for the length of a call.
private func withBlank(_ state: State, _ name: Label, _ body: (State) -> Refusal?) -> Refusal? {
  let bytes = state.region.bytes
  var address: UnsafeMutableRawPointer?
  let error = platform_map_private(&address, bytes, 0)
  guard error == 0, let address else { return systemRefusal(error, name, "engine") }
  defer { platform_unmap(address, bytes) }
  return body(state.makeBlank(at: address))
}

// MARK: Writing

/// What writes a snapshot into a directory. Nothing is left of one that fails.
private func withSnapshot(
  _ state: State, _ path: UnsafePointer<CChar>, _ kept: UInt32, _ name: Label,
  _ body: (Journal) -> Journal.Fault?
) -> Refusal? {
  let directory = platform_open_directory(path)
  if directory < 0 { return directoryRefusal(directory, name) }
  var address: UnsafeMutableRawPointer?
  let error = platform_map_private(&address, Journal.bytes, 0)
  guard error == 0, let address else {
    platform_close(directory)
    return systemRefusal(error, name, "directory")
  }
  let journal = Journal(at: address)
  defer {
    journal.end()
    platform_unmap(address, Journal.bytes)
  }
  if let fault = journal.openSnapshot(state, directory: directory, kept: kept) { return refusal(fault, name) }
  guard let fault = body(journal) ?? journal.finishSnapshot() else { return nil }
  journal.dropSnapshot()
  return refusal(fault, name)
}

private func writeState(
  _ call: EngineCall, _ path: UnsafePointer<CChar>, _ info: inout rck_snapshot_info, _ name: Label
) -> Refusal? {
  withBlank(call.state, name) { copy in
    // A latch that was announced is told before the records that the snapshot stands behind.
    if call.rights & Rights.commands != 0 { call.tellAnnounced() }
    let began = platform_monotonic_ns()
    guard call.turnCallsAway() else { return Refusal(RCK_E_BUSY, name, "engine") }
    copy.take(from: call.state)
    call.letCallsIn()
    info.turned_ns = platform_monotonic_ns() &- began
    copy.emptyRings()
    // A latch may have been set in the midst.
    guard copy.recover(consumer: true, doubting: false) else { return Refusal(RCK_E_CORRUPT, name, "engine") }
    info.layout_version = UInt32(Region.layoutVersion)
    info.hash = copy.digest
    info.time_ns = copy.latest
    return withSnapshot(copy, path, UInt32(RCK_JOURNAL_SNAPSHOT), name) { journal in
      var first = rck_event()
      first.kind = UInt16(RCK_EVENT_SNAPSHOT)
      first.time_ns = info.time_ns
      if let fault = journal.add(first, &info, bytes: MemoryLayout<rck_snapshot_info>.size) { return fault }
      info.records = 1
      return addLines(of: copy, to: journal, &info)
    }
  }
}

/// The lines of all parts that say something, as many side by side as a record holds.
private func addLines(of state: State, to journal: Journal, _ info: inout rck_snapshot_info) -> Journal.Fault?
{
  var event = rck_event()
  event.kind = UInt16(RCK_EVENT_STATE)
  event.time_ns = info.time_ns
  var index = 0
  while index < State.parts {
    defer { index &+= 1 }
    guard let part = state.part(index) else { continue }
    var at = 0
    while at < part.lines {
      let from = at
      while at < part.lines && at &- from < Restoring.linesMost
        && !State.isEmpty(part.start + at &* State.lineBytes)
      {
        at &+= 1
      }
      if at != from {
        event.subject = UInt64(index)
        event.values.0 = Int64(from)
        let bytes = (at &- from) &* State.lineBytes
        if let fault = journal.add(event, part.start + from &* State.lineBytes, bytes: bytes) { return fault }
        info.records &+= 1
      } else {
        at &+= 1
      }
    }
  }
  return nil
}

// MARK: Configurations

private func writeConfiguration(
  _ call: EngineCall, _ path: UnsafePointer<CChar>, _ info: inout rck_snapshot_info, _ name: Label
) -> Refusal? {
  let (state, config) = (call.state, call.state.config.pointee)
  info.time_ns = state.latest
  var records: UInt64 = 0
  let kept = UInt32(RCK_JOURNAL_SNAPSHOT | RCK_JOURNAL_COMMANDS)
  let refusal = withSnapshot(state, path, kept, name) { journal in
    var writer = Commands(state: state, journal: journal)
    defer { records = writer.records }
    // What is named by others comes before them.
    return writer.add(rck_currency(), RCK_EVENT_CURRENCY_SET, config.currencies_max)
      ?? writer.add(rck_group(), RCK_EVENT_GROUP_SET, config.groups_max)
      ?? writer.add(rck_account(), RCK_EVENT_ACCOUNT_SET, config.accounts_max)
      ?? writer.add(rck_strategy(), RCK_EVENT_STRATEGY_SET, config.strategies_max)
      ?? writer.add(rck_instrument(), RCK_EVENT_INSTRUMENT_SET, config.instruments_max)
      ?? writer.add(rck_calendar(), RCK_EVENT_CALENDAR_SET, UInt64(RCK_CALENDARS_MAX))
      ?? writer.addLimits() ?? writer.addWatches()
  }
  info.records = records
  return refusal
}

/// The commands that make a configuration.
private struct Commands {
  let state: State
  let journal: Journal
  private(set) var records: UInt64 = 0

  init(state: State, journal: Journal) {
    self.state = state
    self.journal = journal
  }

  private mutating func command<Record>(_ kind: Int32, _ record: UnsafePointer<Record>?) -> Journal.Fault? {
    var event = rck_event()
    event.kind = UInt16(truncatingIfNeeded: kind)
    event.severity = UInt8(RCK_SEVERITY_INFO)
    records &+= 1
    let bytes = record == nil ? 0 : MemoryLayout<Record>.size
    return withUnsafePointer(to: &event) {
      journal.add($0.pointee, record.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer($0), bytes: bytes)
    }
  }

  mutating func add<Kind: Definition>(_ blank: Kind, _ kind: Int32, _ most: UInt64) -> Journal.Fault? {
    var (definition, id) = (blank, UInt32(1))
    while UInt64(id) <= most {
      if state.get(id, into: &definition) == RCK_OK, let fault = command(kind, &definition) { return fault }
      id &+= 1
    }
    return nil
  }

  mutating func addLimits() -> Journal.Fault? {
    var (limit, cursor) = (rck_limit(), UInt32(0))
    while state.armed(into: &limit, 1, &cursor).count != 0 {
      limit.limit_id = 0
      limit.generation = 0
      if let fault = command(RCK_EVENT_LIMIT_SET, &limit) { return fault }
    }
    return command(RCK_EVENT_PUBLISH, UnsafePointer<rck_limit>?.none)
  }

  mutating func addWatches() -> Journal.Fault? {
    var index = 1
    while let port = state.port(index) {
      if let watch = port.watch {
        var found = rck_port_watch(watch)
        found.struct_size = UInt32(MemoryLayout<rck_port_watch>.size)
        found.port = UInt32(port.index)
        if let fault = command(RCK_EVENT_PORT_WATCH, &found) { return fault }
      }
      index &+= 1
    }
    return nil
  }
}
