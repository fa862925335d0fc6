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
  let wrong = structFault(info)
  guard wrong == RCK_OK, let info else { return refuse(fault, wrong, name, "info") }
  let how = info.pointee
  if how.flags & ~UInt32(RCK_REPLAY_WHAT_IF) != 0 { return refuse(fault, RCK_E_FLAGS, name, "flags") }
  let isWhatIf = how.flags & UInt32(RCK_REPLAY_WHAT_IF) != 0
  if how.limits != 0 && (!isWhatIf || pointerFault(limits) != RCK_OK) {
    return refuse(fault, isWhatIf ? pointerFault(limits) : RCK_E_RANGE, name, "limits")
  }
  if how.differences_max != 0 && pointerFault(differences) != RCK_OK {
    return refuse(fault, pointerFault(differences), name, "differences")
  }
  switch EngineCall.enter(engine) {
  case .refused(let status): return refuse(fault, status, name, "engine")
  case .call(let call):
    defer { call.leave() }
    if let refusal = engineFault(call, name) { return refusal.report(to: usable(fault)) }
    return withJournal(directory, name, fault, bytes: Streams.bytes + Replay.bytes) { reader, memory in
      var replay = Replay(call, engine, info, limits, differences, memory + Int(Streams.bytes))
      return replay.run(reader, memory, name)
    }
  }
}

/// Why an engine cannot take a replay.
private func engineFault(_ call: EngineCall, _ name: Label) -> Refusal? {
  if call.rights & Rights.write == 0 { return Refusal(RCK_E_READ_ONLY, name, "engine") }
  if call.state.region.hasFailed { return Refusal(RCK_E_FAILED, name, "engine") }
  let isNew = call.state.definitions == 0 && call.entry.pointee.ports.load(ordering: .relaxed) == 0
  return isNew ? nil : Refusal(RCK_E_IN_USE, name, "engine")
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
  private let handles: UnsafeMutablePointer<OpaquePointer?>
  private let orders: UnsafeMutablePointer<rck_order>
  private let recorded: UnsafeMutablePointer<rck_verdict>
  private let verdicts: UnsafeMutablePointer<rck_verdict>
  private var opened: UInt64 = 0
  private var hasBegun = false
  private var port: Int = 0

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

  private var isWhatIf: Bool { info.pointee.flags & UInt32(RCK_REPLAY_WHAT_IF) != 0 }

  mutating func run(_ reader: Reader, _ memory: UnsafeMutableRawPointer, _ name: Label) -> Refusal? {
    clear()
    var streams = Streams(reader, memory)
    defer {
      streams.close()
      closePorts()
    }
    let most = info.pointee.commands_max
    while most == 0 || info.pointee.commands < most, let event = streams.next() {
      info.pointee.records &+= 1
      info.pointee.lost = streams.lost
      info.pointee.time_ns = max(info.pointee.time_ns, event.pointee.time_ns)
      let status = take(event, &streams)
      if status < 0 { return Refusal(status, name, "directory", value: shown(event.pointee.sequence)) }
    }
    info.pointee.lost = streams.lost
    return refusal(streams.outcome, name, at: streams.place)
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
    if rck_port_open(engine, UInt32(truncatingIfNeeded: index), UInt32(RCK_PORT_WRITER), &made, nil) != RCK_OK {
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

  private mutating func take(_ event: UnsafeMutablePointer<rck_event>, _ streams: inout Streams) -> rck_status {
    let kind = Int32(event.pointee.kind)
    port = Int(event.pointee.port)
    if port == 0 {
      call.state.journal.take(time: event.pointee.time_ns)
      if kind == RCK_EVENT_ENGINE_OPENED { return reopen(event.pointee.subject) }
      return kind >= RCK_EVENT_CURRENCY_SET && kind <= RCK_EVENT_REARM ? administrate(event, kind) : RCK_OK
    }
    // What the library told beside a command has that one's time.
    if kind < RCK_EVENT_CHECK || kind > RCK_EVENT_METRIC && kind < RCK_EVENT_HOST { return RCK_OK }
    guard let handle = handle(port) else { return RCK_E_BUSY }
    if kind >= RCK_EVENT_HOST {
      // An annotation: its time is what counts.
      let status = rck_beat(handle, event.pointee.time_ns)
      return status < 0 ? status : RCK_OK
    }
    if !hasBegun {
      hasBegun = true
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
      return change(handle, event, kind)
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

  private func body<Record>(_ event: UnsafeMutablePointer<rck_event>, _ line: Int, as: Record.Type)
    -> UnsafeMutablePointer<Record>
  {
    (UnsafeMutableRawPointer(event) + line &* Form.lineBytes).assumingMemoryBound(to: Record.self)
  }

  // MARK: Comparing

  /// The verdicts up to the violation and the token.
  private func agree(_ left: UnsafePointer<rck_verdict>, _ right: UnsafePointer<rck_verdict>) -> Bool {
    let (a, b) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
    var different: UInt64 = 0
    var at = 0
    while at < 48 {
      different |= platform_load64(a + at) ^ platform_load64(b + at)
      at &+= 8
    }
    return different == 0
  }

  private func note(
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

  private func note(_ event: UnsafePointer<rck_event>, _ recorded: rck_status, _ now: rck_status) {
    if recorded == now { return }
    var (left, right) = (rck_verdict(), rck_verdict())
    left.status = recorded
    right.status = now
    note(event, &left, &right)
  }

  // MARK: Orders

  private func isKnown(_ id: UInt64) -> Bool {
    var order = Order()
    if case .place = Orders<ManyWriters>(call.state).find(0, id, &order) { return true }
    return false
  }

  /// Calls that were refused before anything was looked at.
  private func isNothing(_ status: rck_status) -> Bool { hasNoTime(status) || status == RCK_REJECT_RING_FULL }

  private func check(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, isCopy: Bool
  ) -> rck_status {
    info.pointee.checks &+= 1
    let (order, was) = (body(event, 1, as: rck_order.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    var now = rck_verdict()
    let status = isCopy ? rck_drop_copy(handle, order, &now) : rck_check(handle, order, &now)
    if status < 0 || agree(was, &now) { return status }
    note(event, was, &now)
    return settle(handle, order, was, &now)
  }

  /// What becomes of an order about which the decision is another one.
  private func settle(
    _ handle: OpaquePointer, _ order: UnsafePointer<rck_order>, _ was: UnsafePointer<rck_verdict>,
    _ now: UnsafePointer<rck_verdict>
  ) -> rck_status {
    let (passed, passes) = (was.pointee.status == RCK_OK, now.pointee.status == RCK_OK)
    if passed == passes { return RCK_OK }
    if passes {
      info.pointee.passed_now &+= 1
      return forget(now.pointee.token)
    }
    info.pointee.refused_now &+= 1
    withUnsafeMutableBytes(of: &info.pointee.controls) { controls in
      let counts = controls.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
      counts[Int(now.pointee.control) & 31] &+= 1
    }
    if isWhatIf { return RCK_OK }
    var copied = rck_verdict()
    let status = rck_drop_copy(handle, order, &copied)
    if status == RCK_OK { info.pointee.forced &+= 1 }
    return status
  }

  /// An order that was never there.
  private func forget(_ token: UInt64) -> rck_status {
    let committed =
      call.state.config.pointee.discipline == UInt32(RCK_ONE_WRITER)
      ? Desk<OneWriter>(call.state, writer: port).release(token, forgetting: true).status
      : Desk<ManyWriters>(call.state, writer: port).release(token, forgetting: true).status
    return committed < 0 ? committed : RCK_OK
  }

  /// A token that names no order, for calls whose order was not known.
  private static let nobody = UInt64.max

  private func amend(_ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>) -> rck_status {
    info.pointee.checks &+= 1
    let (order, was) = (body(event, 1, as: rck_order.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    let named = UInt64(bitPattern: event.pointee.values.0)
    var (found, token) = (Order(), Replay.nobody)
    if named != 0, case .place = Orders<ManyWriters>(call.state).find(0, named, &found) { token = found.token }
    if isWhatIf && named != 0 && token == Replay.nobody { return skip() }
    var now = rck_verdict()
    let status = rck_amend(handle, token, order, &now)
    if status < 0 || agree(was, &now) { return status }
    note(event, was, &now)
    if was.pointee.status == RCK_OK && status != RCK_OK { info.pointee.refused_now &+= 1 }
    if was.pointee.status != RCK_OK && status == RCK_OK {
      info.pointee.passed_now &+= 1
      return rck_amend_result(handle, token, 0, 0, &now)
    }
    return status
  }

  private func skip() -> rck_status {
    info.pointee.skipped &+= 1
    return RCK_OK
  }

  private func fill(_ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>) -> rck_status {
    let (report, was) = (body(event, 1, as: rck_report.self), body(event, 3, as: rck_verdict.self))
    if isNothing(was.pointee.status) { return RCK_OK }
    let wasKnown = Int32(was.pointee.flags) & RCK_VERDICT_UNKNOWN == 0
    if isWhatIf && wasKnown && !isKnown(event.pointee.subject) { return skip() }
    report.pointee.token = 0
    report.pointee.order_id = event.pointee.subject
    if event.pointee.subject == 0 { report.pointee.token = Replay.nobody }
    var now = rck_verdict()
    let status = rck_fill(handle, report, &now)
    if status >= 0 && !agree(was, &now) { note(event, was, &now) }
    return status
  }

  private func change(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ kind: Int32
  ) -> rck_status {
    let was = body(event, 1, as: rck_verdict.self)
    if isNothing(was.pointee.status) { return RCK_OK }
    let id = event.pointee.subject
    let wasKnown = was.pointee.status != RCK_REJECT_ORDER_UNKNOWN
    if isWhatIf && wasKnown && !isKnown(id) { return skip() }
    let token = wasKnown ? 0 : Replay.nobody
    let (value, time) = (UInt32(truncatingIfNeeded: event.pointee.values.0), event.pointee.time_ns)
    var now = rck_verdict()
    let status: rck_status
    switch kind {
    case RCK_EVENT_AMEND_RESULT: status = rck_amend_result(handle, token, id, value, &now)
    case RCK_EVENT_CANCEL: status = rck_cancel(handle, token, id, time, &now)
    case RCK_EVENT_RELEASE: status = rck_release(handle, token, id, value, time, &now)
    default: status = rck_order_confirm(handle, token, id, &now)
    }
    if status >= 0 && !agree(was, &now) { note(event, was, &now) }
    return status
  }

  /// A batch whose legs follow in the same ring.
  private func checkLegs(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ streams: inout Streams
  ) -> rck_status {
    let (first, count) = (event.pointee, Int(event.pointee.values.0))
    if count < 1 || count > Int(RCK_LEGS_MAX) { return RCK_E_DAMAGED }
    var at = 0
    while at < count {
      guard let leg = streams.nextOfSame() else { break }
      info.pointee.records &+= 1
      if Int32(leg.pointee.kind) != RCK_EVENT_LEG { return RCK_OK }  // the rest was lost
      orders[at] = body(leg, 1, as: rck_order.self).pointee
      recorded[at] = body(leg, 3, as: rck_verdict.self).pointee
      at &+= 1
    }
    if at != count || isNothing(recorded[0].status) { return RCK_OK }
    info.pointee.checks &+= UInt64(count)
    var passed: UInt32 = 0
    let status = rck_check_batch(
      handle, orders, verdicts, UInt32(count), UInt32(RCK_BATCH_ALL_OR_NONE), &passed)
    if status < 0 { return status }
    return compareLegs(handle, first, count, wasPassed: first.values.1 != 0, passes: passed != 0)
  }

  private func compareLegs(
    _ handle: OpaquePointer, _ first: rck_event, _ count: Int, wasPassed: Bool, passes: Bool
  ) -> rck_status {
    var (at, status) = (0, RCK_OK)
    while at < count && status >= 0 {
      if !agree(recorded + at, verdicts + at) {
        var event = first
        event.subject = orders[at].order_id
        note(&event, recorded + at, verdicts + at)
        if wasPassed != passes { status = settle(handle, orders + at, recorded + at, verdicts + at) }
      }
      at &+= 1
    }
    return status
  }

  // MARK: Facts, the market

  private func tell(
    _ handle: OpaquePointer, _ event: UnsafeMutablePointer<rck_event>, _ kind: Int32
  ) -> rck_status {
    let (was, time) = (rck_status(truncatingIfNeeded: event.pointee.values.0), event.pointee.time_ns)
    let id = UInt32(truncatingIfNeeded: event.pointee.subject)
    let status: rck_status
    switch kind {
    case RCK_EVENT_POSITION: status = rck_position_set(handle, body(event, 1, as: rck_position.self), nil)
    case RCK_EVENT_CASH: return rck_cash_set(handle, body(event, 1, as: rck_cash.self), nil)
    case RCK_EVENT_DAY_START:
      var released: UInt32 = 0
      return rck_day_start(handle, id, &released, nil)
    case RCK_EVENT_BEAT: return rck_beat(handle, time)
    case RCK_EVENT_QUOTE: status = rck_market_quote(handle, body(event, 1, as: rck_quote.self))
    case RCK_EVENT_TRADE: status = rck_market_trade(handle, body(event, 1, as: rck_trade.self))
    case RCK_EVENT_BOOK: status = rck_market_book(handle, body(event, 1, as: rck_book.self))
    case RCK_EVENT_VOLUME: status = rck_market_volume(handle, id, event.pointee.values.1)
    case RCK_EVENT_MARK: status = rck_mark(handle, id, event.pointee.values.1, time)
    case RCK_EVENT_METRIC:
      let value = Double(bitPattern: UInt64(bitPattern: event.pointee.values.1))
      status = rck_metric_set(handle, id, value, time)
    default: return RCK_OK
    }
    if status >= 0 { note(event, was, status) }
    return status
  }
}

// MARK: The administrator

extension Replay {
  /// The limits of a what-if, in force before the first command of a port.
  fileprivate func setLimits() -> rck_status {
    guard isWhatIf, let limits else { return RCK_OK }
    var at = 0
    while at < Int(info.pointee.limits) {
      let status = rck_limit_set(engine, limits + at, UInt32(RCK_LOOSEN), nil)
      if status < 0 { return status }
      at &+= 1
    }
    return rck_limits_publish(engine, nil, nil)
  }

  /// Whether a limit has the key of one that was given, which stays.
  private func isGiven(_ limit: UnsafePointer<rck_limit>) -> Bool {
    guard isWhatIf, let limits else { return false }
    var at = 0
    while at < Int(info.pointee.limits) {
      let given = limits[at]
      if given.control == limit.pointee.control && given.measure == limit.pointee.measure
        && given.scope_kind == limit.pointee.scope_kind && given.id == limit.pointee.id
        && given.instrument == limit.pointee.instrument && given.side == limit.pointee.side
        && given.order_type == limit.pointee.order_type
      {
        return true
      }
      at &+= 1
    }
    return false
  }

  fileprivate func administrate(_ event: UnsafeMutablePointer<rck_event>, _ kind: Int32) -> rck_status {
    let was = rck_status(truncatingIfNeeded: event.pointee.values.1)
    let flags = UInt32(truncatingIfNeeded: event.pointee.values.0)
    let body = UnsafeMutableRawPointer(event) + Form.lineBytes
    func given<Record>(_: Record.Type) -> UnsafePointer<Record> {
      UnsafePointer(body.assumingMemoryBound(to: Record.self))
    }
    let status: rck_status
    switch kind {
    case RCK_EVENT_CURRENCY_SET: status = rck_currency_set(engine, given(rck_currency.self), nil)
    case RCK_EVENT_GROUP_SET: status = rck_group_set(engine, given(rck_group.self), nil)
    case RCK_EVENT_ACCOUNT_SET: status = rck_account_set(engine, given(rck_account.self), nil)
    case RCK_EVENT_STRATEGY_SET: status = rck_strategy_set(engine, given(rck_strategy.self), nil)
    case RCK_EVENT_INSTRUMENT_SET: status = rck_instrument_set(engine, given(rck_instrument.self), nil)
    case RCK_EVENT_CALENDAR_SET: status = rck_calendar_set(engine, given(rck_calendar.self), nil)
    case RCK_EVENT_LIMIT_SET, RCK_EVENT_LIMIT_REMOVE:
      let limit = given(rck_limit.self)
      if isGiven(limit) { return RCK_OK }
      status =
        kind == RCK_EVENT_LIMIT_SET
        ? rck_limit_set(engine, limit, flags, nil) : rck_limit_remove(engine, limit, flags, nil)
    case RCK_EVENT_PUBLISH: return rck_limits_publish(engine, nil, nil)
    case RCK_EVENT_OVERRIDE:
      var id: UInt32 = 0
      status = rck_override_set(engine, given(rck_override.self), &id, nil)
    case RCK_EVENT_OVERRIDE_END: status = rck_override_remove(engine, given(rck_override.self), nil)
    case RCK_EVENT_LATCH_SET: status = rck_latch_set(engine, given(rck_latch.self), nil)
    case RCK_EVENT_LATCH_CLEAR: status = rck_latch_clear(engine, given(rck_latch.self), nil)
    case RCK_EVENT_PORT_WATCH: status = rck_port_watch_set(engine, given(rck_port_watch.self), nil)
    case RCK_EVENT_REARM: status = rck_rearm(engine, given(rck_rearming.self), nil)
    default: return RCK_OK
    }
    info.pointee.commands &+= 1
    if status >= 0 { note(event, was, status) }
    return status
  }
}
