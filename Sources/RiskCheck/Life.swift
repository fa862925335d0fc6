import CPlatform
import CRiskCheck
import RiskControls
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Life: configuration, creating and closing engines.

@implementation @_cdecl("rck_config_init")
public func rck_config_init(_ config: UnsafeMutablePointer<rck_config>!, _ struct_size: UInt32) -> rck_status
{
  let fault = pointerFault(config)
  guard fault == RCK_OK, let config else { return fault }
  if struct_size != UInt32(MemoryLayout<rck_config>.size) { return RCK_E_STRUCT_SIZE }
  config.pointee = Configuration.standard
  return RCK_OK
}

@implementation @_cdecl("rck_region_bytes")
public func rck_region_bytes(
  _ config: UnsafePointer<rck_config>!, _ bytes: UnsafeMutablePointer<UInt64>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let wrong = pointerFault(bytes)
  guard wrong == RCK_OK, let bytes else { return refuse(fault, wrong, "rck_region_bytes", "bytes") }
  switch Plan.read(config) {
  case .refused(let refusal): return refusal.report(to: usable(fault))
  case .planned(_, let size):
    bytes.pointee = size
    return RCK_OK
  }
}

@implementation @_cdecl("rck_engine_create")
public func rck_engine_create(
  _ config: UnsafePointer<rck_config>!, _ memory: UnsafeMutableRawPointer!, _ memory_bytes: UInt64,
  _ engine: UnsafeMutablePointer<OpaquePointer?>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let wrong = pointerFault(engine)
  guard wrong == RCK_OK, let engine else { return refuse(fault, wrong, "rck_engine_create", "engine") }
  switch Plan.read(config) {
  case .refused(let refusal): return refusal.report(to: usable(fault))
  case .planned(let config, let bytes):
    switch create(config, bytes, memory, memory_bytes) {
    case .opened(let handle):
      engine.pointee = handle
      return RCK_OK
    case .refused(let refusal): return refusal.report(to: usable(fault))
    }
  }
}

@implementation @_cdecl("rck_engine_close")
public func rck_engine_close(_ engine: OpaquePointer!) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    guard call.takeTurn() else {
      call.leave()
      return RCK_E_BUSY
    }
    let closed = close(call)
    if !closed {
      call.endTurn()
      call.leave()
    }
    return closed ? RCK_OK : RCK_E_BUSY
  }
}

/// A configuration read once from the caller, checked, and its size.
enum Plan {
  case planned(rck_config, UInt64)
  case refused(Refusal)

  static func read(_ pointer: UnsafePointer<rck_config>?) -> Plan {
    let record: Label = "rck_config"
    if let refusal = structRefusal(pointer, record) { return .refused(refusal) }
    guard let pointer else { return .refused(Refusal(RCK_E_NULL, record)) }
    var config = pointer.pointee
    config.struct_size = UInt32(MemoryLayout<rck_config>.size)
    if let refusal = Configuration.fault(of: config) { return .refused(refusal) }
    guard let bytes = Sections.plan(config, { _, _ in }) else {
      return .refused(Refusal(RCK_E_TOO_LARGE, record, "", maximum: shown(Configuration.regionBytesMax)))
    }
    return .planned(config, bytes)
  }
}

enum Opening {
  case opened(OpaquePointer?)
  case refused(Refusal)
}

private var createCall: Label { "rck_engine_create" }

private func create(
  _ config: rck_config, _ bytes: UInt64, _ memory: UnsafeMutableRawPointer?, _ given: UInt64
) -> Opening {
  let excluded = UInt32(RCK_SHARED | RCK_CONSUMER_OUTSIDE) | (memory != nil ? UInt32(RCK_HUGE_PAGES) : 0)
  if config.flags & excluded != 0 {
    return .refused(Refusal(RCK_E_FLAGS, "rck_config", "flags", value: Int64(config.flags)))
  }
  if let refusal = memoryFault(memory, given, bytes) { return .refused(refusal) }
  return withEntry(createCall) { entry in
    var address = memory
    if let memory {
      if let refusal = claim(memory, bytes, entry) ?? lock(memory, bytes, config.flags) { return refusal }
      platform_clear(memory, bytes)
    } else {
      let error = platform_map_private(&address, bytes, config.flags & UInt32(RCK_HUGE_PAGES) != 0 ? 1 : 0)
      if error != 0 { return systemRefusal(error, createCall, "memory") }
      if let refusal = settle(address, bytes, config.flags) {
        platform_unmap(address, bytes)
        return refusal
      }
    }
    guard let address else { return Refusal(RCK_E_NO_MEMORY, createCall, "memory") }
    let state = State.make(in: address, config, bytes: bytes)
    begin(state, config.flags, start: 0)  // nobody else can ask
    state.region.finish()
    let rights =
      Rights.write | Rights.consume | Rights.told(config.flags) | (memory == nil ? Rights.mapped : 0)
    fill(entry, state.region, bytes, rights, descriptor: -1)
    return nil
  }
}

private func memoryFault(_ memory: UnsafeMutableRawPointer?, _ given: UInt64, _ bytes: UInt64) -> Refusal? {
  guard let memory else {
    return given == 0 ? nil : Refusal(RCK_E_RANGE, createCall, "memory_bytes", value: shown(given))
  }
  if UInt(bitPattern: memory) & UInt(RCK_REGION_ALIGN - 1) != 0 {
    return Refusal(RCK_E_ALIGNMENT, createCall, "memory", minimum: Int64(RCK_REGION_ALIGN))
  }
  let end = UInt64(UInt(bitPattern: memory)).addingReportingOverflow(bytes)
  if given < bytes || end.overflow {
    return Refusal(
      RCK_E_TOO_SMALL, createCall, "memory_bytes", value: shown(given), minimum: shown(bytes),
      maximum: Int64.max)
  }
  return nil
}

/// Locks the caller's memory if asked, before anything in it is touched.
private func lock(_ memory: UnsafeMutableRawPointer, _ bytes: UInt64, _ flags: UInt32) -> Refusal? {
  if flags & UInt32(RCK_MLOCK) == 0 { return nil }
  let error = platform_lock_memory(memory, bytes)
  if error == 0 { return nil }
  _ = platform_unlock_memory(memory, bytes)  // what was locked before it failed
  return systemRefusal(error, "rck_config", "flags")
}

/// Says in the entry which memory it will use, then looks whether another entry said so before: of two that
/// try at once, at least one sees the other.
private func claim(_ memory: UnsafeMutableRawPointer, _ bytes: UInt64, _ entry: EntryPointer) -> Refusal? {
  let start = UInt64(UInt(bitPattern: memory))
  entry.pointee.bytes.store(bytes, ordering: .sequentiallyConsistent)
  entry.pointee.region.store(UInt(start), ordering: .sequentiallyConsistent)
  var index: UInt64 = 0
  while index <= Handles.indexMask {
    let other = Handles.entry(index)
    index &+= 1
    let from = UInt64(other.pointee.region.load(ordering: .sequentiallyConsistent))
    let length = other.pointee.bytes.load(ordering: .sequentiallyConsistent)
    // A port's entry names its engine's memory too, and keeps something else where an engine has its length.
    let isPort = other.pointee.live.load(ordering: .sequentiallyConsistent) & Handles.portBit != 0
    if other == entry || from == 0 || length == 0 || isPort { continue }
    if start < from &+ length && from < start &+ bytes {
      return Refusal(RCK_E_OVERLAP, createCall, "memory")
    }
  }
  return nil
}

// MARK: Shared with Files

/// Takes an entry, lets `prepare` fill it, and opens it; gives it back when that refuses.
func withEntry(_ call: Label, _ prepare: (EntryPointer) -> Refusal?) -> Opening {
  guard platform_barrier_register() == 0, platform_wipe_table_on_fork() == 0 else {
    return .refused(Refusal(RCK_E_UNSUPPORTED, call))
  }
  guard let entry = Handles.take() else {
    return .refused(
      Refusal(RCK_E_HANDLES_FULL, call, "engine", maximum: Int64(RCK_HANDLES_MAX)))
  }
  if let refusal = prepare(entry) {
    clear(entry)
    Handles.giveBack(entry)
    return .refused(refusal)
  }
  return .opened(Handles.open(entry, port: false))
}

/// What every mapping of our own gets: left out of forks, populated and locked as asked.
func settle(_ address: UnsafeMutableRawPointer?, _ bytes: UInt64, _ flags: UInt32) -> Refusal? {
  var error = platform_leave_out_of_fork(address, bytes)
  if error == 0 && flags & UInt32(RCK_PREFAULT) != 0 { error = platform_populate(address, bytes) }
  if error == 0 && flags & UInt32(RCK_MLOCK) != 0 { error = platform_lock_memory(address, bytes) }
  return error == 0 ? nil : systemRefusal(error, "rck_config", "flags")
}

func systemRefusal(_ error: Int32, _ call: Label, _ field: Label) -> Refusal {
  let status =
    platform_is_no_memory(error) != 0
    ? RCK_E_NO_MEMORY : platform_is_no_space(error) != 0 ? RCK_E_NO_SPACE : RCK_E_SYSTEM
  return Refusal(system: error, status, call, field)
}

/// This process, which began at `start`, becomes the owner.
func begin(_ state: State, _ flags: UInt32, start: UInt64) {
  let pid = platform_pid()
  let closed = state.region.open(pid: pid, start: start, flags: flags)
  var told = Told(RCK_EVENT_ENGINE_OPENED, state.region.timesOpened, closed ? 0 : 1, Int64(pid))
  if flags & UInt32(RCK_TELL_COMMANDS) != 0 {
    let tickets = Tickets(state)
    tickets.beginChange()
    told.ticket = tickets.endChange()
  }
  told.severity = UInt8(RCK_SEVERITY_INFO)
  state.journal.take(time: state.now())
  state.journal.record(told, .none, .none)
}

func fill(_ entry: EntryPointer, _ region: Region, _ bytes: UInt64, _ rights: UInt32, descriptor: Int32) {
  // Relaxed: opening the entry releases them.
  entry.pointee.region.store(UInt(bitPattern: region.base), ordering: .relaxed)
  entry.pointee.bytes.store(bytes, ordering: .relaxed)
  entry.pointee.rights.store(rights, ordering: .relaxed)
  entry.pointee.descriptor.store(descriptor, ordering: .relaxed)
  entry.pointee.ports.store(0, ordering: .relaxed)
  entry.pointee.turn.store(0, ordering: .relaxed)
  entry.pointee.inCall.store(0, ordering: .relaxed)
}

func clear(_ entry: EntryPointer) {
  entry.pointee.region.store(0, ordering: .relaxed)  // giving the entry back releases them
  entry.pointee.bytes.store(0, ordering: .relaxed)
}

/// Ends the engine of a call that has the administrator's turn. False: it is in use.
private func close(_ call: EngineCall) -> Bool {
  let entry = call.entry
  let handle = entry.pointee.live.load(ordering: .relaxed)
  if entry.pointee.ports.load(ordering: .relaxed) != 0 { return false }  // changed under the turn only
  entry.pointee.live.store(handle | Handles.closing, ordering: .sequentiallyConsistent)
  // No new call comes in now; those that are in get a bounded time to leave.
  var tries = 0
  while entry.pointee.calls.load(ordering: .sequentiallyConsistent) != 1 {
    if tries == 4096 {
      entry.pointee.live.store(handle, ordering: .sequentiallyConsistent)
      return false
    }
    platform_yield()
    tries &+= 1
  }
  let state = call.state
  let rights = call.rights
  let bytes = entry.pointee.bytes.load(ordering: .relaxed)
  if rights & Rights.write != 0 {
    if rights & Rights.commands != 0 { call.tellAnnounced() }
    state.tell(RCK_EVENT_ENGINE_CLOSED, state.region.timesOpened)
    if state.region.openFlags & UInt32(RCK_MLOCK) != 0 {
      _ = platform_unlock_memory(state.region.base, bytes)
    }
    state.region.close()
  }
  Customs.forget(state.region.base)
  if rights & Rights.mapped != 0 { platform_unmap(state.region.base, bytes) }
  let descriptor = entry.pointee.descriptor.load(ordering: .relaxed)
  if descriptor >= 0 { closeFile(descriptor, rights) }
  clear(entry)
  entry.pointee.turn.store(0, ordering: .relaxed)
  entry.pointee.calls.wrappingSubtract(1, ordering: .relaxed)
  Handles.giveBack(entry)
  return true
}
