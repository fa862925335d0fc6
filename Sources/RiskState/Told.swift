import CPlatform
import CRiskCheck
import RiskMemory
import Synchronization

/// The first line of a record, but for what the port itself knows.
public struct Told {
  public var kind: Int32
  public var subject: UInt64 = 0
  public var values: (Int64, Int64) = (0, 0)
  public var correlation: UInt64 = 0
  public var ticket: UInt64 = 0
  public var severity: UInt8 = 0
  public var control: UInt16 = 0

  @inline(__always)
  public init(_ kind: Int32, _ subject: UInt64 = 0, _ first: Int64 = 0, _ second: Int64 = 0) {
    self.kind = kind
    self.subject = subject
    values = (first, second)
  }
}

/// Lines behind the first: a struct of the caller's.
public struct Body {
  let start: UnsafeRawPointer?
  let bytes: Int

  public static var none: Body { Body(start: nil, bytes: 0) }

  @inline(__always)
  public init<Record>(_ record: UnsafePointer<Record>) {
    start = UnsafeRawPointer(record)
    bytes = MemoryLayout<Record>.size
  }

  private init(start: UnsafeRawPointer?, bytes: Int) {
    self.start = start
    self.bytes = bytes
  }

  @inline(__always)
  var lines: UInt64 { UInt64(truncatingIfNeeded: bytes &+ 63) &>> 6 }
}

/// Records of commands.
extension Port {
  /// Moves the port's time to `time`, unless that is behind it.
  public func take(time: Int64?) {
    let time = min(max(time ?? 0, time_ns), Int64(RCK_TIME_NS_MAX))
    put(Port.time, UInt64(bitPattern: time))
  }

  /// Whether so many lines would find room, as far as can be known now.
  public func hasRoom(for lines: UInt64) -> Bool {
    if lines > ring.lineCount { return false }
    return ring.knownRoom(for: lines) != nil || ring.room(for: lines) != nil
  }

  /// Publishes a record of a command: its first line and two structs. In the first one, at `timeAt`, goes the port's
  /// time, which is that of the command. A full ring counts it as lost.
  @inline(__always)
  public func record(_ told: Told, _ first: Body, _ second: Body, timeAt: Int? = nil) {
    let lines = 1 &+ first.lines &+ second.lines
    guard let start = ring.knownRoom(for: lines) ?? roomAfterLook(lines) else { return lose() }
    let sequence = held(Port.sequence) &+ 1
    let time = time_ns
    var event = rck_event()
    event.sequence = sequence
    event.time_ns = time
    event.correlation_id = told.correlation
    event.ticket = told.ticket
    event.kind = UInt16(truncatingIfNeeded: told.kind)
    event.lines = UInt8(truncatingIfNeeded: lines)
    event.severity = told.severity
    event.port = index
    event.control = told.control
    event.subject = told.subject
    event.values = told.values
    store(event, at: start)
    copy(first, to: start &+ 1)
    if let timeAt {
      let line = ring.line(start &+ 1 &+ UInt64(truncatingIfNeeded: timeAt &>> 6))
      line.storeBytes(of: time, toByteOffset: timeAt & 63, as: Int64.self)
    }
    copy(second, to: start &+ 1 &+ first.lines)
    if publish(to: start &+ lines, sequence: sequence, records: 1) { ring.look() }
  }

  /// The record of an order that was decided about, by the shortest way: four lines, where room is known of. False: it
  /// is not, and nothing has happened.
  @inline(__always)
  public func recordPlainly(
    _ kind: Int32, _ ticket: UInt64, _ severity: UInt8, _ value: Int64, _ order: UnsafePointer<rck_order>,
    _ verdict: UnsafePointer<rck_verdict>, isTimed: Bool
  ) -> Bool {
    guard let start = ring.knownRoom(for: 4) else { return false }
    let sequence = held(Port.sequence) &+ 1
    let line = ring.line(start).assumingMemoryBound(to: rck_event.self)
    line.pointee.sequence = sequence
    line.pointee.time_ns = time_ns
    line.pointee.correlation_id = order.pointee.correlation_id
    line.pointee.ticket = ticket
    let shape = UInt64(truncatingIfNeeded: kind) | 4 &<< 16 | UInt64(severity) &<< 24
    let place = UInt64(index) &<< 32 | UInt64(verdict.pointee.control) &<< 48
    UnsafeMutableRawPointer(line).storeBytes(of: shape | place, toByteOffset: 32, as: UInt64.self)
    line.pointee.subject = order.pointee.order_id
    line.pointee.values = (value, 0)
    let first = ring.line(start &+ 1)
    platform_copy_line(first, order)
    if isTimed { first.storeBytes(of: time_ns, toByteOffset: Port.orderTimeAt, as: Int64.self) }
    platform_copy_line(ring.line(start &+ 2), UnsafeRawPointer(order) + 64)
    platform_copy_line(ring.line(start &+ 3), verdict)
    if publish(to: start &+ 4, sequence: sequence, records: 1) { ring.look() }
    return true
  }

  private static var orderTimeAt: Int { 24 }

  /// Copies a struct into lines from a position on, with zeros up to the end of the last.
  @inline(__always)
  private func copy(_ body: Body, to position: UInt64) {
    guard let start = body.start else { return }
    var (at, line) = (0, position)
    while body.bytes &- at >= 64 {
      platform_copy_line(ring.line(line), start + at)
      at &+= 64
      line &+= 1
    }
    if at == body.bytes { return }
    let target = ring.line(line)
    platform_clear(target, 64)
    platform_copy(target, start + at, UInt64(truncatingIfNeeded: body.bytes &- at))
  }

  /// A command was refused for want of room: it has no record, but changed nothing.
  public func countUntold() { bump(Port.refused) }

  /// A record that finds no room is counted, and its number is skipped. No room is known of any more, so that the next
  /// record looks, and says first that some are missing.
  @inline(never)
  func lose() {
    putAfter(Port.sequence, held(Port.sequence) &+ 1)
    putAfter(Port.lost, held(Port.lost) &+ 1)
    ring.forgetRoom()
  }

  /// Where a record goes when room is not known of. The first one behind some that were lost comes behind a record that
  /// says how many these were.
  @inline(never)
  func roomAfterLook(_ lines: UInt64) -> UInt64? {
    let lost = held(Port.lost)
    let isTold = lost == held(Port.lostTold) || lines == ring.lineCount
    if isTold { return ring.room(for: lines) }
    guard let start = ring.room(for: lines &+ 1) else { return nil }
    var event = rck_event()
    event.sequence = held(Port.sequence) &+ 1
    event.time_ns = time_ns
    event.kind = UInt16(RCK_EVENT_LOST)
    event.lines = 1
    event.severity = UInt8(RCK_SEVERITY_CRITICAL)
    event.port = index
    event.subject = lost &- held(Port.lostTold)
    event.values.0 = Int64(truncatingIfNeeded: lost)
    store(event, at: start)
    _ = publish(to: start &+ 1, sequence: event.sequence, records: 1)
    put(Port.lostTold, lost)
    return start &+ 1
  }
}

/// Numbers that put the commands of all ports into one order.
///
/// Many writers draw each a ticket from one word: a check after it has reserved, so that whoever released what it
/// needed has drawn before, and what moves one row behind its look and before the swap. At the instant of a ticket all
/// that has a lower one and holds something holds it in truth, or has a release with a lower one; so an order that was
/// accepted is acceptable in the order of tickets.
///
/// One writer counts its own commands in that word by plain stores, and puts before the number how many changes the
/// administrator had completed: the order of the port is that of its ring, and a change comes between two commands, or
/// in the midst of one, which then says so.
public struct Tickets {
  let state: State

  /// Changes in progress are counted in the low bits of their word, the completed ones above.
  private static let completedShift: UInt64 = 8
  private static let changeShift: UInt64 = 40

  @inline(__always)
  public init(_ state: State) { self.state = state }

  @inline(__always)
  var isOneWriter: Bool { state.config.pointee.discipline == UInt32(RCK_ONE_WRITER) }

  /// Completed changes, and those that go on.
  @inline(__always)
  public var changes: UInt64 {
    // Acquire: before what they changed.
    state.region.changes.pointee.bits.load(ordering: .acquiring)
  }

  @inline(__always)
  public func overlap(since began: UInt64) -> UInt8 {
    let now = changes
    return now == began && now & 0xff == 0 ? 0 : UInt8(RCK_TOLD_OVERLAPPED)
  }

  /// The ticket of a port's command.
  @inline(__always)
  public func draw() -> UInt64 {
    let word = state.region.ticket
    if !isOneWriter {
      return word.pointee.bits.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    }
    let number = word.pointee.bits.load(ordering: .relaxed) &+ 1  // own last store
    word.pointee.bits.store(number, ordering: .relaxed)
    return (changes &>> Tickets.completedShift) &<< Tickets.changeShift | number
  }

  /// The ticket of what is no command: behind the last one.
  func between() -> UInt64 {
    if !isOneWriter { return draw() }
    let number = state.region.ticket.pointee.bits.load(ordering: .relaxed)
    return (changes &>> Tickets.completedShift) &<< Tickets.changeShift | number
  }

  /// A change by the administrator begins.
  public func beginChange() {
    state.region.changes.pointee.bits.wrappingAdd(1, ordering: .acquiringAndReleasing)
  }

  /// It ends; its ticket.
  public func endChange() -> UInt64 {
    let ended: UInt64 = 1 << Tickets.completedShift &- 1
    let now = state.region.changes.pointee.bits.wrappingAdd(ended, ordering: .acquiringAndReleasing).newValue
    return isOneWriter ? (now &>> Tickets.completedShift) &<< Tickets.changeShift : draw()
  }

  /// It ends, and nothing was changed.
  public func leaveChange() {
    state.region.changes.pointee.bits.wrappingSubtract(1, ordering: .acquiringAndReleasing)
  }

  /// After a crash no change is in progress.
  func recover() {
    let word = state.region.changes
    word.pointee.bits.store(word.pointee.bits.load(ordering: .relaxed) & ~0xff, ordering: .relaxed)  // alone
  }
}
