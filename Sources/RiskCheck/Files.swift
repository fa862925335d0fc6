import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization
import RiskState

// Files: regions that outlive their process and that others attach to. Two bytes far behind the data carry the
// kernel's locks: who owns the region, and who consumes its events. They end with the process, or with the
// last of its forked children.

private let ownerByte: UInt64 = 1 << 62
private let consumerByte: UInt64 = 1 << 62 + 1

@implementation @_cdecl("rck_engine_open")
public func rck_engine_open(
  _ config: UnsafePointer<rck_config>!, _ path: UnsafePointer<CChar>!,
  _ engine: UnsafeMutablePointer<OpaquePointer?>!, _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let call: Label = "rck_engine_open"
  let wrong = pointerFault(engine)
  guard wrong == RCK_OK, let engine else { return refuse(fault, wrong, call, "engine") }
  guard let path else { return refuse(fault, RCK_E_NULL, call, "path") }
  var wanted: (rck_config, UInt64)?
  if config != nil {
    switch Plan.read(config) {
    case .refused(let refusal): return refusal.report(to: usable(fault))
    case .planned(let config, let bytes):
      if config.flags & UInt32(RCK_HUGE_PAGES) != 0 {
        return Refusal(RCK_E_FLAGS, "rck_config", "flags", value: Int64(config.flags)).report(
          to: usable(fault))
      }
      wanted = (config, bytes)
    }
  }
  switch withEntry(call, { openFile(path, wanted, $0) }) {
  case .refused(let refusal): return refusal.report(to: usable(fault))
  case .opened(let handle):
    engine.pointee = handle
    return RCK_OK
  }
}

@implementation @_cdecl("rck_engine_attach")
public func rck_engine_attach(
  _ path: UnsafePointer<CChar>!, _ mode: UInt32, _ engine: UnsafeMutablePointer<OpaquePointer?>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let call: Label = "rck_engine_attach"
  let wrong = pointerFault(engine)
  guard wrong == RCK_OK, let engine else { return refuse(fault, wrong, call, "engine") }
  guard let path else { return refuse(fault, RCK_E_NULL, call, "path") }
  if mode != UInt32(RCK_ATTACH_READER) && mode != UInt32(RCK_ATTACH_CONSUMER) {
    return Refusal(RCK_E_RANGE, call, "mode", value: Int64(mode), minimum: 1, maximum: 2).report(
      to: usable(fault))
  }
  switch withEntry(call, { attachFile(path, consumer: mode == UInt32(RCK_ATTACH_CONSUMER), $0) }) {
  case .refused(let refusal): return refusal.report(to: usable(fault))
  case .opened(let handle):
    engine.pointee = handle
    return RCK_OK
  }
}

/// Whether the owner that the header names lives. The lock alone does not say: a forked child inherits it.
func ownerLives(_ region: Region, _ descriptor: Int32) -> Bool {
  platform_byte_taken(descriptor, ownerByte) == 1 && runs(region.ownerPid, region.ownerStart)
}

/// Whether that process runs. One that cannot be looked at is taken to run: its lock says so.
private func runs(_ pid: UInt32, _ start: UInt64) -> Bool {
  var found: UInt64 = 0
  let known = platform_process_start(pid, &found)
  return known < 0 || known == 1 && found == start
}

/// Ends the use of a file. The locks are given back by name: closing would leave them to a forked child.
func closeFile(_ descriptor: Int32, _ rights: UInt32) {
  if rights & Rights.consume != 0 { _ = platform_give_byte(descriptor, consumerByte) }
  if rights & Rights.write != 0 { _ = platform_give_byte(descriptor, ownerByte) }
  platform_close(descriptor)
}

// MARK: Opening

private var openCall: Label { "rck_engine_open" }

private func openFile(
  _ path: UnsafePointer<CChar>, _ wanted: (config: rck_config, bytes: UInt64)?, _ entry: EntryPointer
) -> Refusal? {
  var file = File(path: path)
  var tries = 0
  repeat {
    file.descriptor = platform_open(path, 1, 0)
    if wanted != nil && platform_is_absent(file.descriptor) != 0 {
      file.descriptor = platform_open(path, 1, 1)
      file.created = file.descriptor >= 0
    }
    tries &+= 1
    // Somebody made it between the two: open that one.
  } while platform_is_present(file.descriptor) != 0 && tries < 16
  if file.descriptor < 0 { return openRefusal(file.descriptor, openCall) }
  let refusal = own(file, wanted, entry)
  if refusal != nil { closeFile(file.descriptor, Rights.write | Rights.consume) }
  return refusal
}

/// A file that is being opened, and whether this call made it.
private struct File {
  let path: UnsafePointer<CChar>
  var descriptor: Int32 = -1
  var created = false

  /// Leaves nothing of a making that failed. Under the owner's lock, so that nobody else has begun.
  func undo() {
    _ = platform_truncate(descriptor, 0)
    if created && platform_is_at(descriptor, path) != 0 { _ = platform_unlink(path) }
  }
}

private func openRefusal(_ error: Int32, _ call: Label) -> Refusal {
  // Present after all tries: a link that leads nowhere.
  platform_is_absent(error) != 0 || platform_is_present(error) != 0
    ? Refusal(system: error, RCK_E_NO_FILE, call, "path") : systemRefusal(error, call, "path")
}

/// Takes the owner's lock, then makes or recovers the region.
private func own(_ file: File, _ wanted: (config: rck_config, bytes: UInt64)?, _ entry: EntryPointer)
  -> Refusal?
{
  let error = platform_take_byte(file.descriptor, ownerByte)
  if error != 0 {
    return platform_is_again(error) != 0
      ? ownedRefusal(file.descriptor) : systemRefusal(error, openCall, "path")
  }
  // Another process may have removed what it could not make, between our opening and our lock.
  if platform_is_at(file.descriptor, file.path) == 0 { return Refusal(RCK_E_BUSY, openCall, "path") }
  switch look(file.descriptor, openCall) {
  case .refused(let refusal): return refusal
  case .absent(let status):
    guard let wanted else { return Refusal(status, openCall, "path") }
    let refusal = makeFile(file.descriptor, wanted.config, wanted.bytes, entry)
    if refusal != nil { file.undo() }
    return refusal
  case .region(let found, let bytes, let flags):
    if let wanted, let refusal = Configuration.difference(of: wanted.config, from: found) { return refusal }
    return reopen(file.descriptor, bytes, wanted?.config.flags ?? flags, entry)
  }
}

/// The lock is held: by whom? The owner's pid and start are in the header. When that process is gone, a forked
/// child of it still holds the lock; or a new owner has the lock and is about to write its name, which is why
/// this looks again before it says so.
private func ownedRefusal(_ descriptor: Int32) -> Refusal {
  var tries = 0
  while true {
    var (pid, start): (UInt32, UInt64) = (0, 0)
    readHeader(descriptor) { region in (pid, start) = (region.ownerPid, region.ownerStart) }
    let lives = pid != 0 && runs(pid, start)
    if lives || pid == 0 {
      let status = pid != 0 && pid == platform_pid() ? RCK_E_OVERLAP : RCK_E_OWNED
      return Refusal(status, openCall, "path", value: Int64(pid))
    }
    tries &+= 1
    if tries == 64 { return Refusal(RCK_E_LOCK_INHERITED, openCall, "path", value: Int64(pid)) }
    platform_yield()
  }
}

/// A process for good: its pid and when it began, as the header holds them.
private struct Owner {
  var name: (pid: UInt64, start: UInt64) = (0, 0)

  /// This process. Without its start no other could tell whether it lives.
  mutating func becomeSelf() -> Int32 {
    let pid = platform_pid()
    name.pid = UInt64(pid)
    let known = platform_process_start(pid, &name.start)
    return known == 1 ? 0 : known < 0 ? known : platform_not_found()
  }

  mutating func read(_ descriptor: Int32) -> Int32 {
    platform_read_at(descriptor, &name, 16, UInt64(Region.ownerAt))
  }

  /// Before the region is mapped: others look for the owner from the moment that the lock is held.
  mutating func write(_ descriptor: Int32) -> Int32 {
    platform_write_at(descriptor, &name, 16, UInt64(Region.ownerAt))
  }
}

private func makeFile(_ descriptor: Int32, _ config: rck_config, _ bytes: UInt64, _ entry: EntryPointer)
  -> Refusal?
{
  // The mark comes first, so that a making that is interrupted is recognised.
  var mark = Region.unfinished
  var owner = Owner()
  var error = owner.becomeSelf()
  if error == 0 { error = platform_truncate(descriptor, 0) }
  if error == 0 { error = platform_write_at(descriptor, &mark, 8, 0) }
  if error == 0 { error = owner.write(descriptor) }
  if error == 0 { error = platform_allocate(descriptor, bytes, 1) }
  if error != 0 { return systemRefusal(error, openCall, "path") }
  return mapped(descriptor, bytes, config.flags) { address in
    if let refusal = takeConsumption(descriptor, config.flags) { return refusal }
    let state = State.make(in: address, config, bytes: bytes)
    begin(state, config.flags, start: owner.name.start)
    state.region.finish()
    fill(entry, state.region, bytes, ownerRights(config.flags), descriptor: descriptor)
    return nil
  }
}

private func reopen(_ descriptor: Int32, _ bytes: UInt64, _ flags: UInt32, _ entry: EntryPointer)
  -> Refusal?
{
  var last = Owner()
  var owner = Owner()
  var error = owner.becomeSelf()
  if error == 0 { error = last.read(descriptor) }
  // A copy may have come back with holes.
  if error == 0 { error = platform_allocate(descriptor, bytes, 0) }
  if error == 0 { error = owner.write(descriptor) }
  if error != 0 { return systemRefusal(error, openCall, "path") }
  let refusal = mapped(descriptor, bytes, flags) { address in
    let region = Region(at: address)
    let state = State(region)
    if region.hasFailed {
      return Refusal(RCK_E_FAILED, openCall, "path", value: shown(region.failedSite))
    }
    if let refusal = takeConsumption(descriptor, flags) { return refusal }
    guard state.recover(consumer: flags & UInt32(RCK_CONSUMER_OUTSIDE) == 0) else {
      return Refusal(RCK_E_CORRUPT, openCall, "path")
    }
    begin(state, flags, start: owner.name.start)
    fill(entry, region, bytes, ownerRights(flags), descriptor: descriptor)
    return nil
  }
  if refusal != nil { _ = last.write(descriptor) }  // who owned it last stays on record
  return refusal
}

private func ownerRights(_ flags: UInt32) -> UInt32 {
  Rights.write | Rights.mapped | Rights.told(flags)
    | (flags & UInt32(RCK_CONSUMER_OUTSIDE) == 0 ? Rights.consume : 0)
}

/// The owner consumes, unless it has said that another process will.
private func takeConsumption(_ descriptor: Int32, _ flags: UInt32) -> Refusal? {
  if flags & UInt32(RCK_CONSUMER_OUTSIDE) != 0 { return nil }
  let error = platform_take_byte(descriptor, consumerByte)
  if error == 0 { return nil }
  return platform_is_again(error) != 0
    ? Refusal(RCK_E_CONSUMED, openCall, "path") : systemRefusal(error, openCall, "path")
}

/// Maps the file for writing, as the flags ask, and unmaps it when `use` refuses.
private func mapped(
  _ descriptor: Int32, _ bytes: UInt64, _ flags: UInt32, _ use: (UnsafeMutableRawPointer) -> Refusal?
) -> Refusal? {
  var address: UnsafeMutableRawPointer?
  let error = platform_map_file(&address, bytes, descriptor, 1)
  guard error == 0, let address else { return systemRefusal(error, openCall, "path") }
  let refusal = settle(address, bytes, flags) ?? use(address)
  if refusal != nil { platform_unmap(address, bytes) }
  return refusal
}

// MARK: Attaching

private func attachFile(_ path: UnsafePointer<CChar>, consumer: Bool, _ entry: EntryPointer) -> Refusal? {
  let call: Label = "rck_engine_attach"
  let descriptor = platform_open(path, consumer ? 1 : 0, 0)
  if descriptor < 0 { return openRefusal(descriptor, call) }
  let refusal = attach(descriptor, consumer, entry, call)
  if refusal != nil { closeFile(descriptor, Rights.consume) }
  return refusal
}

private func attach(_ descriptor: Int32, _ consumer: Bool, _ entry: EntryPointer, _ call: Label)
  -> Refusal?
{
  switch look(descriptor, call) {
  case .refused(let refusal): return refusal
  case .absent(let status): return Refusal(status, call, "path")
  case .region(_, let bytes, let flags):
    if flags & UInt32(RCK_SHARED) == 0 { return Refusal(RCK_E_NOT_SHARED, call, "path") }
    if consumer {
      let error = platform_take_byte(descriptor, consumerByte)
      if error != 0 {
        return platform_is_again(error) != 0
          ? Refusal(RCK_E_CONSUMED, call, "path") : systemRefusal(error, call, "path")
      }
    }
    var address: UnsafeMutableRawPointer?
    var error = platform_map_file(&address, bytes, descriptor, consumer ? 1 : 0)
    guard error == 0, let address else { return systemRefusal(error, call, "path") }
    error = platform_leave_out_of_fork(address, bytes)
    if error != 0 {
      platform_unmap(address, bytes)
      return systemRefusal(error, call, "path")
    }
    let region = Region(at: address)
    if consumer { State(region).forgetConsumer() }
    fill(entry, region, bytes, Rights.mapped | (consumer ? Rights.consume : 0), descriptor: descriptor)
    return nil
  }
}

// MARK: Looking

private enum Look {
  case region(rck_config, bytes: UInt64, flags: UInt32)
  /// Empty, or its making was interrupted: the status says which.
  case absent(rck_status)
  case refused(Refusal)
}

/// What is in the file, judged by its header alone.
private func look(_ descriptor: Int32, _ call: Label) -> Look {
  let size = platform_file_bytes(descriptor)
  if size < 0 {
    return .refused(Refusal(system: Int32(truncatingIfNeeded: size), RCK_E_NOT_REGION, call, "path"))
  }
  if size == 0 { return .absent(RCK_E_NOT_REGION) }
  var result = Look.refused(Refusal(RCK_E_NOT_REGION, call, "path"))
  readHeader(descriptor) { region in
    switch region.identify(fileBytes: UInt64(bitPattern: size)) {
    case .foreign: break
    case .unfinished: result = .absent(RCK_E_UNFINISHED)
    case .otherVersion: result = .refused(Refusal(RCK_E_LAYOUT_VERSION, call, "path"))
    case .truncated: result = .refused(Refusal(RCK_E_TRUNCATED, call, "path"))
    case .corrupt: result = .refused(Refusal(RCK_E_CORRUPT, call, "path"))
    case .sound(let bytes):
      result =
        State.describesItself(region)
        ? .region(
          State(region).config.pointee, bytes: bytes, flags: region.openFlags & Configuration.flagsKnown)
        : .refused(Refusal(RCK_E_CORRUPT, call, "path"))
    }
  }
  return result
}

/// A copy of the header, for looking: a mapping would die of SIGBUS when a maker truncates the file meanwhile.
/// What the file does not have is zero.
private func readHeader(_ descriptor: Int32, _ body: (Region) -> Void) {
  var page = InlineArray<512, UInt64>(repeating: 0)
  withUnsafeMutableBytes(of: &page) { bytes in
    guard let address = bytes.baseAddress else { return }
    _ = platform_read_at(descriptor, address, UInt64(bytes.count), 0)
    body(Region(at: address))
  }
}
