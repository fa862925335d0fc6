import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P11, message rates: at most n messages of a kind in any window of w, exactly, at account, strategy and
/// instrument. Attempts count, whatever else refuses them, and are never given back; one that a rate refuses
/// does not count anywhere. So all windows are looked at before the first is taken.
struct Rates {
  /// Scopes whose windows count this message, and those of which some level is exceeded: bits 1 account,
  /// 2 strategy, 4 instrument.
  var armed: UInt32 = 0
  var exceeded: UInt32 = 0
  /// A hard level is among them.
  var isRefused = false
  /// The message is counted.
  var isTaken = false

  @inline(__always)
  mutating func look<D: Discipline>(_ exam: Exam<D>) {
    look(exam, exam.account, 1)
    look(exam, exam.strategy, 2)
    look(exam, exam.instrument, 4)
  }

  @inline(__always)
  private mutating func look<D: Discipline>(_ exam: Exam<D>, _ scope: Scope?, _ bit: UInt32) {
    guard let bound = Rates.bound(exam, scope) else { return }
    armed |= bit
    let least = min(bound.loadInteger(0), min(bound.loadInteger(8), bound.loadInteger(16)))
    if least == Int64.max { return }
    let window = Rates.window(exam.desk, bound)
    let found = window.look(1, now: exam.ask.time_ns, limit: least, window: bound.loadInteger(24))
    if case .taken = found { return }
    exceeded |= bit
    let count = window.count(now: exam.ask.time_ns, window: bound.loadInteger(24)) &+ 1
    if count > bound.loadInteger(16) { isRefused = true }
  }

  /// Tells the levels that are exceeded, when the control's turn comes.
  @inline(never)
  func tell<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    tell(exam, exam.account, 1, exam.accountPlace, &findings)
    tell(exam, exam.strategy, 2, exam.strategyPlace, &findings)
    tell(exam, exam.instrument, 4, exam.instrumentPlace, &findings)
  }

  private func tell<D: Discipline>(
    _ exam: Exam<D>, _ scope: Scope?, _ bit: UInt32, _ place: Place, _ findings: inout Findings
  ) {
    guard exceeded & bit != 0, let bound = Rates.bound(exam, scope) else { return }
    let seen = Rates.window(exam.desk, bound).count(now: exam.ask.time_ns, window: bound.loadInteger(24))
    findings.weigh(
      seen &+ (isTaken ? 0 : 1), bound, RCK_CONTROL_RATE, Rates.status(exam.ask.message), place)
  }

  /// Takes one message in every window that is armed. False: another call was quicker; it counts in those
  /// that were taken before.
  @inline(__always)
  func take<D: Discipline>(_ exam: Exam<D>) -> Bool {
    if armed == 0 { return true }
    return take(exam, exam.account, 1) && take(exam, exam.strategy, 2) && take(exam, exam.instrument, 4)
  }

  @inline(__always)
  private func take<D: Discipline>(_ exam: Exam<D>, _ scope: Scope?, _ bit: UInt32) -> Bool {
    guard armed & bit != 0, let bound = Rates.bound(exam, scope) else { return true }
    let taken = Rates.window(exam.desk, bound).take(
      1, now: exam.ask.time_ns, limit: bound.loadInteger(16), window: bound.loadInteger(24))
    if case .taken = taken { return true }
    // Without a hard level nothing is refused, also when the window holds no more.
    return bound.loadInteger(16) == Int64.max
  }

  /// Counts a cancel in every window, above its limits too.
  func force<D: Discipline>(_ exam: Exam<D>) {
    force(exam, exam.account)
    force(exam, exam.strategy)
    force(exam, exam.instrument)
  }

  private func force<D: Discipline>(_ exam: Exam<D>, _ scope: Scope?) {
    guard let bound = Rates.bound(exam, scope) else { return }
    _ = Rates.window(exam.desk, bound).take(
      1, now: exam.ask.time_ns, limit: Int64.max, window: bound.loadInteger(24))
  }

  /// The bound on messages of this kind; nil where there is none.
  @inline(__always)
  private static func bound<D: Discipline>(_ exam: Exam<D>, _ scope: Scope?) -> UnsafeMutableRawPointer? {
    guard let found = scope?.bounds(exam.half, slot(exam.ask.message)), found != 0 else { return nil }
    return exam.desk.state.bound(exam.half, Int(truncatingIfNeeded: found & 0xFF_FFFF))
  }

  @inline(__always)
  static func window<D: Discipline>(_ desk: Desk<D>, _ bound: UnsafeMutableRawPointer) -> ExactWindow<D> {
    let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    return desk.state.rateWindow(Int(truncatingIfNeeded: shape &>> 32))
  }

  @inline(__always)
  static func slot(_ message: Int32) -> Int { BoundSlot.rateNew &+ Int(message &- RCK_MEASURE_NEW) }

  @inline(__always)
  static func status(_ message: Int32) -> rck_status { RCK_REJECT_RATE_NEW &+ message &- RCK_MEASURE_NEW }
}
