import CPlatform
import CRiskCheck
import RiskMemory
import RiskState
import Synchronization

/// Where a limit applies, for the verdict.
struct Place {
  let kind: Int32
  let id: UInt64

  @inline(__always)
  init(_ kind: Int32, _ id: UInt32) {
    self.kind = kind
    self.id = UInt64(id)
  }

  @inline(__always)
  init(_ kind: Int32, _ id: UInt32, _ instrument: UInt32) {
    self.kind = kind
    self.id = UInt64(id) &<< 32 | UInt64(instrument)
  }
}

/// What the controls have found so far. Controls are asked in the order of their rank, so the first refusal
/// decides, and of findings of one severity the first. One line long: copies are a few moves.
struct Findings {
  var failed: UInt32 = 0
  var status: rck_status = 0
  var control: Int32 = 0
  var severity: Int32 = 0
  var action: UInt8 = 0
  var flags: Int32 = 0
  var scopeKind: Int32 = 0
  var limitId: UInt32 = 0
  var scopeId: UInt64 = 0
  var limit: Int64 = 0
  var observed: Int64 = 0
  /// What may waive hard levels; nil: nothing.
  var waivers: Waivers?
  /// Where levels are noted that ask for more than refusing; nil: nothing follows from what is found.
  var escalations: UnsafeMutablePointer<Escalations>?

  @inline(__always) var refused: Bool { failed != 0 }

  /// A refusal that no limit made.
  mutating func refuse(_ control: Int32, _ status: rck_status, _ place: Place, observed: Int64 = 0) {
    let first = failed == 0
    failed |= 1 &<< UInt32(truncatingIfNeeded: control &- 1)
    if !first { return }
    note(control, status, RCK_SEVERITY_HARD, place)
    self.observed = observed
    action = UInt8(RCK_ACTION_BLOCK)
  }

  /// A refusal for want of what an armed limit needs.
  @inline(never)
  mutating func miss(
    _ control: Int32, _ status: rck_status, _ bound: UnsafeMutableRawPointer, _ place: Place
  ) {
    let first = failed == 0
    refuse(control, status, place)
    if !first { return }
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    limitId = UInt32(truncatingIfNeeded: identity)
    let hard = UInt8(truncatingIfNeeded: identity &>> 48)
    if hard != 0 { action = hard }
  }

  /// Passes for want of what an armed limit needs, which its host allows.
  @inline(never)
  mutating func warn(_ control: Int32, _ bound: UnsafeMutableRawPointer, _ place: Place) {
    if failed != 0 || severity >= RCK_SEVERITY_WARNING { return }
    note(control, RCK_OK, RCK_SEVERITY_WARNING, place)
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    limitId = UInt32(truncatingIfNeeded: identity)
    observed = 0
    action = UInt8(RCK_ACTION_ALERT)
  }

  mutating func note(
    _ control: Int32, _ status: rck_status, _ severity: Int32, _ place: Place
  ) {
    self.status = status
    self.control = control
    self.severity = severity
    scopeKind = place.kind
    scopeId = place.id
    limitId = 0
    limit = 0
  }

  /// Compares what an order comes to with the levels of a bound. A value equal to a level passes.
  @inline(__always)
  mutating func weigh(
    _ observed: Int64, _ bound: UnsafeMutableRawPointer, _ control: Int32, _ status: rck_status,
    _ place: Place
  ) {
    let hard = bound.loadInteger(16)
    let soft = bound.loadInteger(8)
    let warn = bound.loadInteger(0)
    if observed <= hard && observed <= soft && observed <= warn { return }
    exceed(observed, (warn, soft, hard), bound, control, status, place)
  }

  /// At least one level is exceeded.
  @inline(__always)
  mutating func exceed(
    _ observed: Int64, _ levels: (warn: Int64, soft: Int64, hard: Int64), _ bound: UnsafeMutableRawPointer,
    _ control: Int32, _ status: rck_status, _ place: Place
  ) {
    // Seldom: an override may waive it, its action asks for more than refusing, or it is a minimum.
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    if waivers == nil && identity & Bound.asks == 0 {
      find(observed, levels, bound, control, status, place)
    } else {
      findClosely(observed, levels, bound, control, status, place)
    }
  }

  /// The highest of the levels that are exceeded counts.
  @inline(never)
  mutating func find(
    _ observed: Int64, _ levels: (warn: Int64, soft: Int64, hard: Int64), _ bound: UnsafeMutableRawPointer,
    _ control: Int32, _ status: rck_status, _ place: Place
  ) {
    var (level, value, severity) = (UInt64(0), levels.warn, RCK_SEVERITY_WARNING)
    if observed > levels.soft { (level, value, severity) = (1, levels.soft, RCK_SEVERITY_SOFT) }
    if observed > levels.hard { (level, value, severity) = (2, levels.hard, RCK_SEVERITY_HARD) }
    reach(level, value, severity, observed, bound, control, status, place)
  }

  /// A level is exceeded: 0 warn, 1 soft, 2 hard.
  @inline(__always)
  mutating func reach(
    _ level: UInt64, _ value: Int64, _ severity: Int32, _ observed: Int64, _ bound: UnsafeMutableRawPointer,
    _ control: Int32, _ status: rck_status, _ place: Place
  ) {
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    if level == 2 {
      let first = failed == 0
      failed |= 1 &<< UInt32(truncatingIfNeeded: control &- 1)
      if !first { return }
    } else if failed != 0 || severity <= self.severity {
      return
    }
    note(control, level == 2 ? status : RCK_OK, severity, place)
    limitId = UInt32(truncatingIfNeeded: identity)
    limit = value
    self.observed = observed
    action = UInt8(truncatingIfNeeded: identity &>> (32 &+ level &* 8))
  }

  /// The verdict on an order about which nothing was found.
  @inline(__always)
  static func storePlain(_ verdict: UnsafeMutablePointer<rck_verdict>, token: UInt64, isReducing: Bool) {
    let words = UnsafeMutableRawPointer(verdict).assumingMemoryBound(to: UInt64.self)
    words[0] = 0
    words[1] = isReducing ? UInt64(UInt16(truncatingIfNeeded: RCK_VERDICT_REDUCING)) &<< 16 : 0
    words[2] = 0
    words[3] = 0
    words[4] = 0
    words[5] = 0
    words[6] = 0
    words[7] = token
  }

  /// Writes the verdict whole. Of findings in memory: each field has just been stored, and is loaded by its own width.
  @inline(__always)
  static func store(
    _ findings: UnsafePointer<Findings>, _ verdict: UnsafeMutablePointer<rck_verdict>, token: UInt64
  ) {
    let words = UnsafeMutableRawPointer(verdict).assumingMemoryBound(to: UInt64.self)
    let (status, control) = (findings.pointee.status, findings.pointee.control)
    words[0] =
      UInt64(UInt32(bitPattern: status)) | UInt64(UInt16(truncatingIfNeeded: control)) &<< 32
      | UInt64(UInt8(truncatingIfNeeded: findings.pointee.severity)) &<< 48
      | UInt64(findings.pointee.action) &<< 56
    words[1] =
      UInt64(UInt8(truncatingIfNeeded: findings.pointee.scopeKind))
      | UInt64(UInt16(truncatingIfNeeded: findings.pointee.flags)) &<< 16
      | UInt64(findings.pointee.failed) &<< 32
    words[2] = findings.pointee.scopeId
    let share = utilisation(findings)
    words[3] = UInt64(findings.pointee.limitId) | UInt64(UInt32(bitPattern: share)) &<< 32
    words[4] = UInt64(bitPattern: findings.pointee.limit)
    words[5] = UInt64(bitPattern: findings.pointee.observed)
    words[6] = 0
    words[7] = token
  }

  /// observed x 10,000 / limit, rounded down, as far as it can be shown.
  @inline(__always)
  private static func utilisation(_ findings: UnsafePointer<Findings>) -> Int32 {
    let observed = findings.pointee.observed
    if findings.pointee.severity == 0 || observed <= 0 { return 0 }
    return share(UInt64(bitPattern: observed), findings.pointee.limit)
  }

  @inline(never)
  private static func share(_ observed: UInt64, _ limit: Int64) -> Int32 {
    if limit <= 0 { return Int32.max }
    let product = observed.multipliedFullWidth(by: 10_000)
    var rest: UInt64 = 0
    if product.high >= UInt64(bitPattern: limit) { return Int32.max }
    return Int32(clamping: platform_divide(product.high, product.low, UInt64(bitPattern: limit), &rest))
  }
}
