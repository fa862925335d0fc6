import CPlatform
import CRiskCheck
import RiskControls
import RiskJournal
import RiskMemory
import RiskModel
import RiskState
import Synchronization

// Replay: what a journal says was done, done once more to another engine.

@implementation @_cdecl("rck_replay")
public func rck_replay(
  _ engine: OpaquePointer!, _ directory: UnsafePointer<CChar>!, _ limits: UnsafePointer<rck_limit>!,
  _ differences: UnsafeMutablePointer<rck_event>!, _ info: UnsafeMutablePointer<rck_replay_info>!,
  _ fault: UnsafeMutablePointer<rck_fault>!
) -> rck_status {
  let name: Label = "rck_replay"
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    let wrong = structFault(info)
    guard wrong == RCK_OK, let info else { return refuse(fault, wrong, name, "info") }
    if let refusal = argumentFault(info.pointee, limits, differences, name) ?? engineFault(call, name) {
      return refusal.report(to: usable(fault))
    }
    return withJournal(directory, name, fault, bytes: Streams.bytes + Replay.bytes) { reader, memory in
      let room = memory + Int(truncatingIfNeeded: Streams.bytes)
      var replay = Replay(call, engine, info, limits, differences, room)
      return replay.run(reader, memory, name)
    }
  }
}

private func argumentFault(
  _ how: rck_replay_info, _ limits: UnsafePointer<rck_limit>?,
  _ differences: UnsafeMutablePointer<rck_event>?, _ name: Label
) -> Refusal? {
  if how.flags & ~UInt32(RCK_REPLAY_WHAT_IF) != 0 { return Refusal(RCK_E_FLAGS, name, "flags") }
  if how.limits != 0 {
    if how.flags & UInt32(RCK_REPLAY_WHAT_IF) == 0 { return Refusal(RCK_E_RANGE, name, "limits") }
    let wrong = pointerFault(limits)
    if wrong != RCK_OK { return Refusal(wrong, name, "limits") }
  }
  let wrong = how.differences_max == 0 ? RCK_OK : pointerFault(differences)
  return wrong == RCK_OK ? nil : Refusal(wrong, name, "differences")
}

/// Why an engine cannot take a replay.
private func engineFault(_ call: EngineCall, _ name: Label) -> Refusal? {
  if call.rights & Rights.write == 0 { return Refusal(RCK_E_READ_ONLY, name, "engine") }
  if call.state.region.hasFailed { return Refusal(RCK_E_FAILED, name, "engine") }
  return call.isNew || call.isRestored ? nil : Refusal(RCK_E_IN_USE, name, "engine")
}

@implementation @_cdecl("rck_state_hash")
public func rck_state_hash(_ engine: OpaquePointer!, _ hash: UnsafeMutablePointer<UInt64>!) -> rck_status {
  switch EngineCall.enter(engine) {
  case .refused(let status): return status
  case .call(let call):
    defer { call.leave() }
    let wrong = pointerFault(hash)
    guard wrong == RCK_OK, let hash else { return wrong }
    guard call.takeTurn() else { return RCK_E_BUSY }
    defer { call.endTurn() }
    (hash[0], hash[1]) = call.state.digest
    return RCK_OK
  }
}

/// One run through a journal.
struct Replay {
  let call: EngineCall
  let engine: OpaquePointer?
  let info: UnsafeMutablePointer<rck_replay_info>
  let limits: UnsafePointer<rck_limit>?
  let differences: UnsafeMutablePointer<rck_event>?
  // Room for the handles of ports, and for the legs of a batch with their verdicts, recorded and new.
  let handles: UnsafeMutablePointer<OpaquePointer?>
  let orders: UnsafeMutablePointer<rck_order>
  let recorded: UnsafeMutablePointer<rck_verdict>
  let verdicts: UnsafeMutablePointer<rck_verdict>
  private var opened: UInt64 = 0
  /// The market was told too.
  private var hasMarket = false
  /// The commands that make a configuration, and nothing else: they have no time.
  private var isConfiguration = false
  /// The limits of a what-if are in force.
  var hasBegun = false
  /// The first of them that could not be set, or their number.
  var wrongLimit = 0
  var port: Int = 0

  static let bytes: UInt64 = 32_768

  init(
    _ call: EngineCall, _ engine: OpaquePointer?, _ info: UnsafeMutablePointer<rck_replay_info>,
    _ limits: UnsafePointer<rck_limit>?, _ differences: UnsafeMutablePointer<rck_event>?,
    _ memory: UnsafeMutableRawPointer
  ) {
    self.call = call
    self.engine = engine
    self.info = info
    self.limits = limits
    self.differences = differences
    handles = memory.assumingMemoryBound(to: OpaquePointer?.self)
    orders = (memory + 4096).assumingMemoryBound(to: rck_order.self)
    recorded = (memory + 4096 + 8192).assumingMemoryBound(to: rck_verdict.self)
    verdicts = (memory + 4096 + 12_288).assumingMemoryBound(to: rck_verdict.self)
  }

  var isWhatIf: Bool { info.pointee.flags & UInt32(RCK_REPLAY_WHAT_IF) != 0 }

  mutating func run(_ reader: Reader, _ memory: UnsafeMutableRawPointer, _ name: Label) -> Refusal? {
    clear()
    // Behind what a snapshot has of each port.
    let isRestored = call.isRestored
    if isRestored { opened = call.state.region.timesOpened }
    var streams = Streams(reader, memory, after: isRestored ? call.state : nil)
    defer {
      streams.close()
      closePorts()
    }
    isConfiguration = streams.flags & UInt32(RCK_JOURNAL_SNAPSHOT) != 0
    if let refusal = restoredFault(streams, isRestored, name) ?? fault(of: streams, name) { return refusal }
    hasMarket = streams.flags & UInt32(RCK_JOURNAL_MARKET) != 0
    let most = info.pointee.commands_max
    while most == 0 || info.pointee.commands < most, let next = streams.peek() {
      // Its lines are read as what its kind says only if it has as many.
      if !isWhole(next) {
        return Refusal(RCK_E_DAMAGED, name, "directory", value: shown(next.pointee.sequence))
      }
      guard let event = metBefore(next, in: &streams) ?? streams.next() else { break }
      info.pointee.records &+= 1
      info.pointee.lost = streams.lost
      info.pointee.time_ns = max(info.pointee.time_ns, event.pointee.time_ns)
      let status = take(event, &streams)
      if status >= 0 { continue }
      if isWhatIf && !hasBegun { return Refusal(status, name, "limits", value: Int64(wrongLimit)) }
      if isExact || isFatal(status) {
        return Refusal(status, name, "directory", value: shown(event.pointee.sequence))
      }
      // About an order, say, that could not be entered now.
      note(event, RCK_OK, status)
    }
    info.pointee.lost = streams.lost
    return refusal(streams.outcome, name, at: streams.place)
  }

  /// Why a journal does not go on behind what was restored.
  private func restoredFault(_ streams: Streams, _ isRestored: Bool, _ name: Label) -> Refusal? {
    if !isRestored { return nil }
    if isConfiguration { return Refusal(RCK_E_IN_USE, name, "engine") }
    let region = streams.place.region_id
    let isOther = region != 0 && region != call.state.restoredFrom
    return isOther ? Refusal(RCK_E_JOURNAL_OTHER, name, "directory") : nil
  }

  /// What the engine lacks for this journal, or the journal for a replay.
  private func fault(of streams: Streams, _ name: Label) -> Refusal? {
    let config = call.state.config.pointee
    if case .end = streams.outcome, streams.flags & UInt32(RCK_JOURNAL_COMMANDS) == 0 {
      return Refusal(RCK_E_UNSUPPORTED, name, "directory")
    }
    if isConfiguration { return nil }
    if config.clock_source != UInt32(RCK_CLOCK_HOST) {
      return Refusal(RCK_E_CONFIG_DIFFERS, "rck_config", "clock_source", value: Int64(config.clock_source))
    }
    if call.rights & Rights.strict != 0 { return Refusal(RCK_E_FLAGS, "rck_config", "flags") }
    if UInt64(streams.lastPort) > config.ports_max {
      return Refusal(
        RCK_E_CONFIG_DIFFERS, "rck_config", "ports_max", value: shown(config.ports_max),
        minimum: Int64(streams.lastPort))
    }
    return nil
  }

  /// Whether a command has the lines that its kind needs.
  func isWhole(_ event: UnsafePointer<rck_event>) -> Bool {
    let kind = Int32(event.pointee.kind)
    if kind < RCK_EVENT_CHECK || kind > RCK_EVENT_REARM { return true }
    return Int(event.pointee.lines) == 1 &+ (Replay.bytes(of: kind) &+ Form.lineBytes &- 1) / Form.lineBytes
  }

  /// Of the structs behind a command's first line.
  private static func bytes(of kind: Int32) -> Int {
    let verdict = MemoryLayout<rck_verdict>.size
    switch kind {
    case RCK_EVENT_CHECK, RCK_EVENT_AMEND, RCK_EVENT_COPY, RCK_EVENT_LEG:
      return MemoryLayout<rck_order>.size &+ verdict
    case RCK_EVENT_FILL: return MemoryLayout<rck_report>.size &+ verdict
    case RCK_EVENT_AMEND_RESULT, RCK_EVENT_CANCEL, RCK_EVENT_RELEASE, RCK_EVENT_CONFIRM: return verdict
    case RCK_EVENT_POSITION: return MemoryLayout<rck_position>.size
    case RCK_EVENT_CASH: return MemoryLayout<rck_cash>.size
    case RCK_EVENT_QUOTE: return MemoryLayout<rck_quote>.size
    case RCK_EVENT_TRADE: return MemoryLayout<rck_trade>.size
    case RCK_EVENT_BOOK: return MemoryLayout<rck_book>.size
    default: return bytes(ofChange: kind)
    }
  }

  private static func bytes(ofChange kind: Int32) -> Int {
    switch kind {
    case RCK_EVENT_CURRENCY_SET: return MemoryLayout<rck_currency>.size
    case RCK_EVENT_GROUP_SET: return MemoryLayout<rck_group>.size
    case RCK_EVENT_ACCOUNT_SET: return MemoryLayout<rck_account>.size
    case RCK_EVENT_STRATEGY_SET: return MemoryLayout<rck_strategy>.size
    case RCK_EVENT_INSTRUMENT_SET: return MemoryLayout<rck_instrument>.size
    case RCK_EVENT_CALENDAR_SET: return MemoryLayout<rck_calendar>.size
    case RCK_EVENT_LIMIT_SET, RCK_EVENT_LIMIT_REMOVE: return MemoryLayout<rck_limit>.size
    case RCK_EVENT_OVERRIDE, RCK_EVENT_OVERRIDE_END: return MemoryLayout<rck_override>.size
    case RCK_EVENT_LATCH_SET, RCK_EVENT_LATCH_CLEAR: return MemoryLayout<rck_latch>.size
    case RCK_EVENT_PORT_WATCH: return MemoryLayout<rck_port_watch>.size
    case RCK_EVENT_REARM: return MemoryLayout<rck_rearming>.size
    default: return 0
    }
  }

  /// Each command is done as it was: nothing ran beside it, and nothing is left out.
  var isExact: Bool {
    if isWhatIf { return false }
    return isConfiguration || hasMarket && call.state.config.pointee.discipline == UInt32(RCK_ONE_WRITER)
  }

  /// Not what a command said, but that it could not be done at all.
  private func isFatal(_ status: rck_status) -> Bool {
    status == RCK_E_FAILED || status == RCK_E_BUSY || status == RCK_E_DAMAGED || status == RCK_E_CORRUPT
      || status == RCK_E_HANDLE
  }

  private func clear() {
    let how = info.pointee
    var fresh = rck_replay_info()
    fresh.struct_size = how.struct_size
    fresh.flags = how.flags
    fresh.limits = how.limits
    fresh.differences_max = how.differences_max
    fresh.commands_max = how.commands_max
    info.pointee = fresh
  }

  // MARK: Ports

  /// The port of a record, opened for its first. Of one writer it takes the place of the one before.
  private mutating func handle(_ index: Int) -> OpaquePointer? {
    if let handle = handles[index & 255] { return handle }
    if call.state.config.pointee.discipline == UInt32(RCK_ONE_WRITER) { closePorts() }
    var made: OpaquePointer?
    if rck_port_open(engine, UInt32(truncatingIfNeeded: index), UInt32(RCK_PORT_WRITER), &made, nil) != RCK_OK
    {
      return nil
    }
    handles[index & 255] = made
    return made
  }

  private func closePorts() {
    var index = 0
    while index < 256 {
      if let handle = handles[index] {
        _ = rck_port_close(handle)
        handles[index] = nil
      }
      index &+= 1
    }
  }

  // MARK: Records

  private mutating func take(_ event: UnsafeMutablePointer<rck_event>, _ streams: inout Streams) -> rck_status
  {
    let kind = Int32(event.pointee.kind)
    port = Int(event.pointee.port)
    if port == 0 {
      call.state.journal.take(time: event.pointee.time_ns)
      if kind == RCK_EVENT_ENGINE_OPENED { return reopen(event.pointee.subject) }
      return kind >= RCK_EVENT_CURRENCY_SET && kind <= RCK_EVENT_REARM ? administrate(event, kind) : RCK_OK
    }
    // What was told beside a command has that one's time; what the host noted has no ticket, so its time is left out.
    if kind < RCK_EVENT_CHECK || kind > RCK_EVENT_METRIC { return RCK_OK }
    guard let handle = handle(port) else { return RCK_E_BUSY }
    if !hasBegun {
      let status = setLimits()
      if status < 0 { return status }
    }
    info.pointee.commands &+= 1
    switch kind {
    case RCK_EVENT_CHECK, RCK_EVENT_COPY: return check(handle, event, isCopy: kind == RCK_EVENT_COPY)
    case RCK_EVENT_AMEND: return amend(handle, event)
    case RCK_EVENT_FILL: return fill(handle, event)
    case RCK_EVENT_LEGS: return checkLegs(handle, event, &streams)
    case RCK_EVENT_LEG: return RCK_OK  // those that follow their batch are taken with it
    case RCK_EVENT_AMEND_RESULT, RCK_EVENT_CANCEL, RCK_EVENT_RELEASE, RCK_EVENT_CONFIRM:
      return change(handle, event, kind, streams)
    default: return tell(handle, event, kind)
    }
  }

  /// The region was opened again: what a re-opening makes of it.
  private mutating func reopen(_ times: UInt64) -> rck_status {
    defer { opened = times }
    if opened == 0 || times == opened { return RCK_OK }
    closePorts()
    return call.state.recover(consumer: true) ? RCK_OK : RCK_E_CORRUPT
  }

  func body<Record>(_ event: UnsafeMutablePointer<rck_event>, _ line: Int, as: Record.Type)
    -> UnsafeMutablePointer<Record>
  {
    (UnsafeMutableRawPointer(event) + line &* Form.lineBytes).assumingMemoryBound(to: Record.self)
  }

  // MARK: Comparing

  /// The verdicts up to the violation and the token.
  func agree(_ left: UnsafePointer<rck_verdict>, _ right: UnsafePointer<rck_verdict>) -> Bool {
    let (a, b) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
    var different: UInt64 = 0
    var at = 0
    while at < 48 {
      different |= platform_load64(a + at) ^ platform_load64(b + at)
      at &+= 8
    }
    return different == 0
  }

  func note(
    _ event: UnsafePointer<rck_event>, _ recorded: UnsafePointer<rck_verdict>,
    _ now: UnsafePointer<rck_verdict>
  ) {
    let number = info.pointee.differing
    info.pointee.differing &+= 1
    if event.pointee.severity & UInt8(RCK_TOLD_OVERLAPPED) != 0 { info.pointee.overlapped &+= 1 }
    guard let differences, number < UInt64(info.pointee.differences_max) else { return }
    let lines = differences + Int(truncatingIfNeeded: number) &* 3
    lines.pointee = event.pointee
    lines.pointee.kind = UInt16(RCK_EVENT_DIFFERS)
    lines.pointee.values = (Int64(event.pointee.kind), 0)
    lines.pointee.lines = 3
    platform_copy_line(lines + 1, recorded)
    platform_copy_line(lines + 2, now)
  }

  func note(_ event: UnsafePointer<rck_event>, _ recorded: rck_status, _ now: rck_status) {
    if recorded == now { return }
    var (left, right) = (rck_verdict(), rck_verdict())
    left.status = recorded
    right.status = now
    note(event, &left, &right)
  }
}
