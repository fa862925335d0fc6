import CRiskCheck
import RiskMemory
import Synchronization

/// An event as the host hands it over, read field by field, each once and by its own width: the host has just
/// written them so, and a wider load would wait until those stores have left the core, behind the ring's
/// cache misses of the record before (measured: 29 ns a record instead of 4).
struct Annotation {
  let sequence: UInt64
  let time_ns: Int64
  let correlation: UInt64
  let ticket: UInt64
  let kind: UInt16
  let lines: UInt8
  let severity: UInt8
  let port: UInt16
  let control: UInt16
  let subject: UInt64
  let first: UInt64
  let second: UInt64

  @inline(__always)
  init(at event: UnsafePointer<rck_event>) {
    let bytes = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(event))
    // Relaxed atomic loads are never merged into wider ones. They order nothing, and nothing is needed.
    sequence = bytes.word(0).pointee.bits.load(ordering: .relaxed)
    time_ns = Int64(bitPattern: bytes.word(8).pointee.bits.load(ordering: .relaxed))
    correlation = bytes.word(16).pointee.bits.load(ordering: .relaxed)
    ticket = bytes.word(24).pointee.bits.load(ordering: .relaxed)
    kind = event.pointee.kind
    lines = event.pointee.lines
    severity = event.pointee.severity
    port = event.pointee.port
    control = event.pointee.control
    subject = bytes.word(40).pointee.bits.load(ordering: .relaxed)
    first = bytes.word(48).pointee.bits.load(ordering: .relaxed)
    second = bytes.word(56).pointee.bits.load(ordering: .relaxed)
  }

  /// What is wrong with it, whatever the ring holds.
  @inline(__always)
  var shapeFault: rck_status {
    if sequence | ticket | UInt64(port) != 0 { return RCK_E_RESERVED }
    let known =
      kind >= UInt16(RCK_EVENT_HOST) && lines <= 1 && severity <= UInt8(RCK_SEVERITY_CRITICAL)
      && control <= UInt16(RCK_CONTROL_STATE)
    return known ? RCK_OK : RCK_E_RANGE
  }

  @inline(__always)
  func store(at line: UnsafeMutableRawPointer, sequence: UInt64, time_ns: Int64, port: UInt16) {
    let words = line.assumingMemoryBound(to: UInt64.self)
    words[0] = sequence
    words[1] = UInt64(bitPattern: time_ns)
    words[2] = correlation
    words[3] = 0
    words[4] =
      UInt64(kind) | 1 << 16 | UInt64(severity) << 24 | UInt64(port) << 32 | UInt64(control) << 48
    words[5] = subject
    words[6] = first
    words[7] = second
  }

  /// Moves a well-formed annotation whose time does not go back into a line that nobody sees yet, and returns
  /// its time. Nil: the line holds anything, the general way decides. Every field is read once, where it is
  /// judged or stored, so that no register is spilled; words are stored upwards (see `annotatePlainly`).
  @inline(__always)
  static func move(
    _ event: UnsafePointer<rck_event>, to line: UnsafeMutableRawPointer,
    _ sequence: UInt64, latest: Int64, port: UInt16
  ) -> Int64? {
    let from = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(event))
    // Relaxed atomic loads are never merged into wider ones.
    func word(_ offset: Int) -> UInt64 { from.word(offset).pointee.bits.load(ordering: .relaxed) }
    if word(0) | word(24) | UInt64(event.pointee.port) != 0 { return nil }
    let kind = UInt64(event.pointee.kind)
    if kind < UInt64(RCK_EVENT_HOST) || event.pointee.lines > 1 { return nil }
    let severity = UInt64(event.pointee.severity)
    if severity > UInt64(RCK_SEVERITY_CRITICAL) { return nil }
    let control = UInt64(event.pointee.control)
    if control > UInt64(RCK_CONTROL_STATE) { return nil }
    let shape = kind | 1 << 16 | severity << 24 | UInt64(port) << 32 | control << 48
    let time = Int64(bitPattern: word(8))
    if time <= 0 || time < latest || time > Int64(RCK_TIME_NS_MAX) { return nil }
    let pairs = line.assumingMemoryBound(to: SIMD2<UInt64>.self)
    pairs[0] = SIMD2(sequence, UInt64(bitPattern: time))
    pairs[1] = SIMD2(word(16), 0)
    pairs[2] = SIMD2(shape, word(40))
    pairs[3] = SIMD2(word(48), word(56))
    return time
  }
}
