import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// What one thread holds in the region: its ring of events, its clock, its counters. Written by the port's
/// thread alone, read by anyone. Port 0 is the engine's own, written under the administrator's turn.
public struct Port {
  public let ring: Ring
  public let index: UInt16

  @inline(__always)
  init(ring: Ring, index: UInt16) {
    self.ring = ring
    self.index = index
  }

  // Words of the producer's private lines. The "after" words say which sequence and count belong to the next
  // tail; they are written before it, the tail they belong to first of all, so that a kill anywhere leaves
  // neither a gap nor a repetition.
  static let sequence = 0
  static let written = 1
  static let time = 2
  static let tailAfter = 3
  static let sequenceAfter = 4
  static let writtenAfter = 5
  static let lost = 6
  static let refused = 7
  static let clamps = 8
  static let clockRefusals = 9
  /// 0, or one more than the time of its opening.
  static let open = 10
  static let contended = 11
  /// Number of the port's last batch that was all or none and passed: see Legs.
  static let committed = 12
  /// How many of those lost an RCK_EVENT_LOST has told.
  static let lostTold = 13
  // Word of the consumer's private line.
  static let read = 0

  @inline(__always)
  func held(_ slot: Int) -> UInt64 { ring.producerWord(slot).pointee.bits.load(ordering: .relaxed) }

  /// Relaxed: each is a number of its own, and only this port's thread writes it.
  @inline(__always)
  func put(_ slot: Int, _ value: UInt64) {
    ring.producerWord(slot).pointee.bits.store(value, ordering: .relaxed)
  }

  /// Not before the stores that come before it in the program: a kill may fall between any two.
  @inline(__always)
  func putAfter(_ slot: Int, _ value: UInt64) {
    ring.producerWord(slot).pointee.bits.store(value, ordering: .releasing)
  }

  @inline(__always)
  func bump(_ slot: Int, by amount: UInt64 = 1) { put(slot, held(slot) &+ amount) }

  public var isOpen: Bool { held(Port.open) != 0 }
  public var time_ns: Int64 { Int64(bitPattern: held(Port.time)) }

  /// Opens it at a time, or closes it.
  func setOpen(at time_ns: Int64?) { put(Port.open, time_ns.map { UInt64(bitPattern: $0) &+ 1 } ?? 0) }

  /// When an open port was last heard of: its latest time, or that of its opening. Nil: it is closed.
  var heard: Int64? {
    let opened = held(Port.open)
    return opened == 0 ? nil : max(time_ns, Int64(bitPattern: opened &- 1))
  }

  // MARK: Clock

  /// The time that a record given `time_ns` carries, or the status that refuses it. Nothing is written: times
  /// of a batch are judged one after the other from `latest`, and stored together.
  @inline(__always)
  static func judge(
    _ given: Int64, latest: Int64, back_ns_max: Int64, now: () -> Int64?
  ) -> (time: Int64, status: rck_status, clamped: Bool) {
    var time = given
    if time == 0 {
      guard let read = now() else { return (0, RCK_REJECT_TIME_MISSING, false) }
      time = read
    }
    if time < 0 || time > Int64(RCK_TIME_NS_MAX) { return (0, RCK_REJECT_TIME_RANGE, false) }
    if time >= latest { return (time, RCK_OK, false) }
    // Both lie in 0...RCK_TIME_NS_MAX: no overflow.
    return latest &- time <= back_ns_max ? (latest, RCK_OK, true) : (0, RCK_REJECT_TIME_BACK, false)
  }

  /// Sets the port's time to that of a record, or says why it is refused.
  @inline(__always)
  public func advance(_ given: Int64, back_ns_max: Int64, now: () -> Int64?) -> (
    time: Int64, status: rck_status
  ) {
    let judged = Port.judge(given, latest: time_ns, back_ns_max: back_ns_max, now: now)
    if judged.status != RCK_OK {
      bump(Port.clockRefusals)
    } else {
      put(Port.time, UInt64(bitPattern: judged.time))
      if judged.clamped { bump(Port.clamps) }
    }
    return (judged.time, judged.status)
  }

  /// The time that `advance` would give; nothing moves.
  public func glance(_ given: Int64, back_ns_max: Int64, now: () -> Int64?) -> (
    time: Int64, status: rck_status
  ) {
    let judged = Port.judge(given, latest: time_ns, back_ns_max: back_ns_max, now: now)
    return (judged.time, judged.status)
  }

  // MARK: Writing

  /// What became of the shortest way.
  public enum Plainly { case no, done, look }

  /// Annotations in the usual case, by the shortest way: well formed, in time, with room that is known of.
  /// `.no`: nothing has happened, `annotate` decides. `.look`: done, and the ring wants to `look`.
  ///
  /// The order of the stores is what makes it fast: a core overlaps the cache misses of two records only when
  /// the stores between them are few stretches of ascending neighbours (scenario `ring` of the benchmarks). So
  /// no calls, no value carried longer than needed, lines and words written upwards.
  @inline(__always)
  public func annotatePlainly(_ events: UnsafePointer<rck_event>, _ count: UInt32) -> Plainly {
    guard let start = ring.knownRoom(for: UInt64(count)) else { return .no }
    var latest = time_ns
    var sequence = held(Port.sequence)
    var at: UInt32 = 0
    repeat {
      sequence &+= 1
      let line = ring.line(start &+ UInt64(at))
      guard let time = Annotation.move(events + Int(at), to: line, sequence, latest: latest, port: index)
      else {
        return .no
      }
      latest = time
      at &+= 1
    } while at != count
    put(Port.time, UInt64(bitPattern: latest))
    return publish(to: start &+ UInt64(count), sequence: sequence, records: UInt64(count)) ? .look : .done
  }

  /// Publishes the host's annotations, all or none.
  @inline(__always)
  public func annotate(
    _ events: UnsafePointer<rck_event>, _ count: UInt32, back_ns_max: Int64, now: () -> Int64?
  ) -> rck_status {
    guard let start = ring.knownRoom(for: UInt64(count)) ?? roomAfterLook(UInt64(count)) else {
      bump(Port.refused, by: UInt64(count))
      return RCK_REJECT_RING_FULL
    }
    var sequence = held(Port.sequence)
    var latest = time_ns
    var clamps: UInt64 = 0
    var at: UInt32 = 0
    while at < count {
      // The caller's memory may change under us: each field is read once. Unpublished lines are ours.
      let event = Annotation(at: events + Int(at))
      let shape = event.shapeFault
      if shape != RCK_OK { return shape }
      let judged = Port.judge(event.time_ns, latest: latest, back_ns_max: back_ns_max, now: now)
      if judged.status != RCK_OK {
        bump(Port.clockRefusals)
        return judged.status
      }
      latest = judged.time
      clamps &+= judged.clamped ? 1 : 0
      sequence &+= 1
      event.store(at: ring.line(start &+ UInt64(at)), sequence: sequence, time_ns: latest, port: index)
      at &+= 1
    }
    put(Port.time, UInt64(bitPattern: latest))
    if clamps != 0 { bump(Port.clamps, by: clamps) }
    if publish(to: start &+ UInt64(count), sequence: sequence, records: UInt64(count)) { ring.look() }
    return RCK_OK
  }

  /// Publishes one of the library's own events; a full ring counts it as lost and leaves a gap in the
  /// sequence.
  public func tell(
    kind: Int32, subject: UInt64, _ first: Int64 = 0, _ second: Int64 = 0, time_ns: Int64,
    severity: Int32 = RCK_SEVERITY_INFO, control: Int32 = RCK_CONTROL_NONE, correlation: UInt64 = 0,
    ticket: UInt64 = 0
  ) {
    let time = min(max(time_ns, self.time_ns), Int64(RCK_TIME_NS_MAX))
    put(Port.time, UInt64(bitPattern: time))
    guard let start = ring.knownRoom(for: 1) ?? roomAfterLook(1) else { return lose() }
    let sequence = held(Port.sequence) &+ 1
    var event = rck_event()
    event.sequence = sequence
    event.time_ns = time
    event.kind = UInt16(truncatingIfNeeded: kind)
    event.lines = 1
    event.severity = UInt8(truncatingIfNeeded: severity)
    event.control = UInt16(truncatingIfNeeded: control)
    event.correlation_id = correlation
    event.port = index
    event.ticket = ticket
    event.subject = subject
    event.values = (first, second)
    store(event, at: start)
    if publish(to: start &+ 1, sequence: sequence, records: 1) { ring.look() }
  }

  @inline(__always)
  func store(_ event: rck_event, at position: UInt64) {
    ring.line(position).assumingMemoryBound(to: rck_event.self).pointee = event
  }

  /// True: the ring wants to `look`.
  @inline(__always)
  func publish(to end: UInt64, sequence: UInt64, records: UInt64) -> Bool {
    let written = held(Port.written) &+ records
    put(Port.tailAfter, end)
    putAfter(Port.sequenceAfter, sequence)
    putAfter(Port.writtenAfter, written)
    let look = ring.publish(to: end)  // releases these words with the lines
    putAfter(Port.sequence, sequence)
    putAfter(Port.written, written)
    return look
  }

  // MARK: Reading

  public enum Reading: Equatable {
    case lines(UInt32), busy, tooLong, broken
  }

  /// Moves whole records into `target`, at most `capacity` lines. Any one thread at a time.
  public func read(into target: UnsafeMutablePointer<rck_event>, _ capacity: UInt32) -> Reading {
    guard ring.enter() else { return .busy }
    defer { ring.leave() }
    guard let (start, end) = ring.readable(max(1, UInt64(capacity))) else { return .broken }
    var position = start
    var moved: UInt32 = 0
    var records: UInt64 = 0
    while position != end {
      let line = ring.line(position).assumingMemoryBound(to: rck_event.self)
      let length = UInt64(line.pointee.lines)
      if length == 0 || length > UInt64(RCK_RECORD_LINES_MAX) || length > end &- position { return .broken }
      if UInt64(capacity) &- UInt64(moved) < length {
        if moved == 0 { return .tooLong }
        break
      }
      for offset in 0..<length {
        let source = ring.line(position &+ offset).assumingMemoryBound(to: rck_event.self)
        target[Int(moved)] = source.pointee
        moved &+= 1
      }
      position &+= length
      records &+= 1
    }
    if moved != 0 {
      ring.release(to: position)
      let read = ring.consumerWord(Port.read)
      // Relaxed: written under the claim.
      read.pointee.bits.store(read.pointee.bits.load(ordering: .relaxed) &+ records, ordering: .relaxed)
    }
    return .lines(moved)
  }

  // MARK: Observation and recovery

  public func fill(_ stats: inout rck_stats) {
    stats.open = isOpen ? 1 : 0
    stats.events_lost = held(Port.lost)
    stats.events_written = held(Port.written)
    stats.events_read = ring.consumerWord(Port.read).pointee.bits.load(ordering: .relaxed)
    stats.events_refused = held(Port.refused)
    stats.ring_lines_used = ring.depth
    stats.ring_lines_used_max = ring.highWaterMark
    stats.clock_clamps = held(Port.clamps)
    stats.clock_refusals = held(Port.clockRefusals)
    stats.time_ns = time_ns
    stats.contended = held(Port.contended)
  }

  /// A call was refused for what others did meanwhile.
  public func countContended() { bump(Port.contended) }

  public var eventsLost: UInt64 { held(Port.lost) }
  public var eventsRefused: UInt64 { held(Port.refused) }

  /// Counts what was read anew, from what is still there: a kill may have come between the head and the count.
  private func recoverRead() -> Bool {
    guard let (start, end) = ring.readable(1) else { return false }
    var position = start
    var unread: UInt64 = 0
    while position != end {
      let length = UInt64(ring.line(position).assumingMemoryBound(to: rck_event.self).pointee.lines)
      if length == 0 || length > UInt64(RCK_RECORD_LINES_MAX) || length > end &- position { return false }
      position &+= length
      unread &+= 1
    }
    let read = held(Port.written) &- unread
    ring.consumerWord(Port.read).pointee.bits.store(read, ordering: .relaxed)  // alone
    return true
  }

  /// Nobody counts as far; what has is damaged, and would come round to 0.
  private static var sequenceMost: UInt64 { 1 << 62 }

  /// Numbers are those of records written and lost: a kill may have come between a number that was skipped and its
  /// count, or between the record that tells how many are lost and the note of that. False: they contradict each other.
  private func recoverLost() -> Bool {
    let (sequence, written) = (held(Port.sequence), held(Port.written))
    if written > sequence || sequence > Port.sequenceMost { return false }
    put(Port.lost, sequence &- written)
    if let told = lostToldLast { put(Port.lostTold, told) }
    if held(Port.lostTold) > held(Port.lost) { return false }
    if held(Port.lost) != held(Port.lostTold) { ring.forgetRoom() }
    return true
  }

  /// How many were lost in all as the record that was published last says, if that follows the last note. Nil: it says
  /// something else. Its line is there, read or not, until another has been written.
  private var lostToldLast: UInt64? {
    let end = ring.published
    if end == 0 || end != held(Port.tailAfter) { return nil }
    let event = ring.line(end &- 1).assumingMemoryBound(to: rck_event.self).pointee
    // What lies there may be the end of a longer record.
    let isOne =
      event.kind == UInt16(RCK_EVENT_LOST) && event.lines == 1 && event.sequence == held(Port.sequenceAfter)
      && event.port == index && event.severity == UInt8(RCK_SEVERITY_CRITICAL) && event.control == 0
      && event.correlation_id | event.ticket == 0 && event.values.1 == 0
    let all = UInt64(bitPattern: event.values.0)
    return isOne && all &- event.subject == held(Port.lostTold) && all <= held(Port.lost) ? all : nil
  }

  /// Before any port works on a re-opened region; with `consumer`, nobody reads it either. False when the
  /// ring contradicts itself.
  func recover(consumer: Bool) -> Bool {
    guard ring.recover(consumer: consumer) else { return false }
    // The kill may have come between the tail and the sequence; events lost since then have raised it.
    if ring.published == held(Port.tailAfter) {
      put(Port.sequence, max(held(Port.sequence), held(Port.sequenceAfter)))
      put(Port.written, max(held(Port.written), held(Port.writtenAfter)))
    }
    if consumer && !recoverRead() { return false }
    guard recoverLost() else { return false }
    let sound = time_ns >= 0 && time_ns <= Int64(RCK_TIME_NS_MAX) && held(Port.committed) <= Leg.numberMask
    put(Port.open, 0)
    return sound
  }
}
