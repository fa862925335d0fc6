import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P11, message rates: at most n messages of a kind in any window of w, exactly, at the engine, groups, account,
/// strategy and instrument. Attempts count, whatever else refuses them, and are never given back; one that a rate
/// refuses does not count anywhere. So all windows are looked at before the first is taken.
///
/// `places` and `wide` have where the message goes in each window that is still to count it. `counted` says in which
/// scopes it counts already, `exceeded` of which some level is exceeded: bits 1 account, 2 strategy, 4 instrument, and
/// from bit 4 on one for each scope of many (Exam.eachWide).
enum Rates {
  /// One more bit of `counted`: the message has passed a first look, and was overtaken since.
  static var hasPassed: UInt32 { 8 }
  /// And another: it only looks, and nothing may be written. No scope of many is that far.
  static var isDry: UInt32 { 1 << 31 }
  /// A leg of a batch for which there is not room in every window: it only looks, and legs before it are as if they
  /// counted. No scope of many is that far either.
  static var isUncounted: UInt32 { 1 << 30 }
  /// Functions of the host's have been asked about this order; or they are not to be.
  static var hasAnswers: UInt32 { 1 << 29 }
  static var hasNoCustoms: UInt32 { 1 << 28 }

  /// Looks at all windows. False: the memory of one is damaged.
  @_transparent
  static func look<D: Discipline>(_ exam: Exam<D>) -> Bool {
    let notes = exam.notes
    notes.pointee.exceeded = 0
    notes.pointee.isRateRefused = false
    notes.pointee.hasWideRates = exam.desk.state.hasWideRates(notes.pointee.half)
    return look(exam, notes.pointee.account, 1, &notes.pointee.places.0)
      && look(exam, notes.pointee.strategy, 2, &notes.pointee.places.1)
      && look(exam, notes.pointee.instrument, 4, &notes.pointee.places.2)
      && (!notes.pointee.hasWideRates || lookWide(exam))
  }

  @inline(never)
  private static func lookWide<D: Discipline>(_ exam: Exam<D>) -> Bool {
    let wide = exam.notes.pointee.wide
    var place = 0
    while place < Exam<D>.wideMost {
      wide[place].scope = nil
      wide[place].place = nil
      place &+= 1
    }
    exam.eachWide { place, scope in
      wide[place].scope = scope.memory
      wide[place].kind = scope.kind
      wide[place].id = scope.id
    }
    return eachWide(exam) { look(exam, $0.pointee.scope, $1, &$0.pointee.place) }
  }

  /// Calls `visit` with the window of every scope of many that the message is in, and its bit, until it returns false.
  private static func eachWide<D: Discipline>(
    _ exam: Exam<D>, _ visit: (UnsafeMutablePointer<WideWindow>, UInt32) -> Bool
  ) -> Bool {
    var place = 0
    while place < Exam<D>.wideMost {
      let window = exam.notes.pointee.wide + place
      if window.pointee.scope != nil, !visit(window, 16 &<< UInt32(truncatingIfNeeded: place)) {
        return false
      }
      place &+= 1
    }
    return true
  }

  @inline(__always)
  private static func look<D: Discipline>(
    _ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?, _ bit: UInt32, _ place: inout WindowPlace?
  ) -> Bool {
    place = nil
    guard let bound = bound(exam, scope) else { return true }
    if exam.notes.pointee.counted & (bit | isUncounted) != 0 { return lookAgain(exam, bound, bit) }
    let least = min(bound.loadInteger(0), min(bound.loadInteger(8), bound.loadInteger(16)))
    let window: ExactWindow<D> = exam.desk.state.rateWindow(of: bound)
    if case .room(let free) = window.look(now: exam.ask.time_ns, level: least, window: bound.loadInteger(24))
    {
      place = free
      return true
    }
    return lookClosely(exam, bound, bit, &place)
  }

  /// The lowest level is exceeded: does the hard one leave room?
  @inline(never)
  private static func lookClosely<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ bit: UInt32, _ place: inout WindowPlace?
  ) -> Bool {
    exam.notes.pointee.exceeded |= bit
    let hard = bound.loadInteger(16)
    let window: ExactWindow<D> = exam.desk.state.rateWindow(of: bound)
    switch window.look(now: exam.ask.time_ns, level: hard, window: bound.loadInteger(24)) {
    case .room(let free): place = free
    case .full:
      // Without a hard level nothing is refused, also when the window holds no more.
      if hard != Int64.max { exam.notes.pointee.isRateRefused = true }
    case .broken: return false
    }
    return true
  }

  /// It counts there since an earlier try: is it still within the hard level, which may have been lowered since?
  @inline(never)
  private static func lookAgain<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ bit: UInt32
  ) -> Bool {
    if exam.notes.pointee.counted & bit == 0 { return lookAhead(exam, bound, bit) }
    let window: ExactWindow<D> = exam.desk.state.rateWindow(of: bound)
    let seen = window.count(now: exam.ask.time_ns, window: bound.loadInteger(24))
    if seen > bound.loadInteger(16) { exam.notes.pointee.isRateRefused = true }
    if seen > min(bound.loadInteger(0), min(bound.loadInteger(8), bound.loadInteger(16))) {
      exam.notes.pointee.exceeded |= bit
    }
    return true
  }

  /// Tells the levels that are exceeded, when the control's turn comes.
  static func tell<D: Discipline>(_ exam: Exam<D>, _ findings: inout Findings) {
    if exam.notes.pointee.hasWideRates {
      var found = findings
      _ = eachWide(exam) {
        tell(exam, $0.pointee.scope, $1, Place($0.pointee.kind, $0.pointee.id), &found)
        return true
      }
      findings = found
    }
    tell(exam, exam.notes.pointee.account, 1, exam.accountPlace, &findings)
    tell(exam, exam.notes.pointee.strategy, 2, exam.strategyPlace, &findings)
    tell(exam, exam.notes.pointee.instrument, 4, exam.instrumentPlace, &findings)
  }

  private static func tell<D: Discipline>(
    _ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?, _ bit: UInt32, _ place: Place,
    _ findings: inout Findings
  ) {
    let notes = exam.notes
    guard notes.pointee.exceeded & bit != 0, let bound = bound(exam, scope) else { return }
    let window: ExactWindow<D> = exam.desk.state.rateWindow(of: bound)
    let seen = window.count(now: exam.ask.time_ns, window: bound.loadInteger(24))
    let own: Int64 = notes.pointee.counted & bit == 0 ? 1 : 0
    let before = notes.pointee.counted & isUncounted == 0 ? 0 : exam.legsBefore(bit)
    findings.weigh(seen &+ own &+ before, bound, RCK_CONTROL_RATE, status(exam.ask.message), place)
    if own == 0 && notes.pointee.isRateRefused { findings.flags |= RCK_VERDICT_CONTENDED }
  }

  /// Takes one message in every window that is still to count it. False: others were quicker; it counts in those
  /// that were taken before.
  @inline(__always)
  static func take<D: Discipline>(_ exam: Exam<D>) -> Bool {
    let notes = exam.notes
    return take(exam, notes.pointee.account, 1, notes.pointee.places.0)
      && take(exam, notes.pointee.strategy, 2, notes.pointee.places.1)
      && take(exam, notes.pointee.instrument, 4, notes.pointee.places.2)
      && (!notes.pointee.hasWideRates || takeWide(exam))
  }

  @inline(never)
  private static func takeWide<D: Discipline>(_ exam: Exam<D>) -> Bool {
    eachWide(exam) { take(exam, $0.pointee.scope, $1, $0.pointee.place) }
  }

  @inline(__always)
  private static func take<D: Discipline>(
    _ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?, _ bit: UInt32, _ place: WindowPlace?
  ) -> Bool {
    guard let place else { return true }
    if !ExactWindow<D>.take(place) && !takeLater(exam, scope) { return false }
    exam.notes.pointee.counted |= bit
    return true
  }

  /// Another message went there first.
  @inline(never)
  private static func takeLater<D: Discipline>(_ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?) -> Bool {
    guard let bound = bound(exam, scope) else { return true }
    let window: ExactWindow<D> = exam.desk.state.rateWindow(of: bound)
    let (hard, length) = (bound.loadInteger(16), bound.loadInteger(24))
    while case .room(let place) = window.look(now: exam.ask.time_ns, level: hard, window: length) {
      if ExactWindow<D>.take(place) { return true }
    }
    return hard == Int64.max
  }

  /// Counts a message that nobody refuses in every window, above its limits too. False: other limits are in force by
  /// now than those that led to the windows, and it counts nowhere.
  @inline(never)
  static func force<D: Discipline>(_ exam: Exam<D>) -> Bool {
    withUnsafeTemporaryAllocation(of: Forced<D>.self, capacity: Exam<D>.wideMost &+ 3) { room in
      let (windows, notes) = (room.baseAddress.unsafelyUnwrapped, exam.notes)
      var count = find(exam, notes.pointee.account, windows, 0)
      count = find(exam, notes.pointee.strategy, windows, count)
      count = find(exam, notes.pointee.instrument, windows, count)
      if notes.pointee.hasWideRates {
        _ = eachWide(exam) { window, _ in
          count = find(exam, window.pointee.scope, windows, count)
          return true
        }
      }
      if !exam.isCurrent { return false }
      while count > 0 {
        count &-= 1
        windows[count].window.force(now: exam.ask.time_ns, window: windows[count].length)
      }
      return true
    }
  }

  /// Notes the window of a scope, if that has one; how many are noted.
  private static func find<D: Discipline>(
    _ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?, _ windows: UnsafeMutablePointer<Forced<D>>,
    _ count: Int
  ) -> Int {
    guard let bound = bound(exam, scope) else { return count }
    windows[count] = Forced(window: exam.desk.state.rateWindow(of: bound), length: bound.loadInteger(24))
    return count &+ 1
  }

  /// The bound on messages of this kind; nil where there is none.
  @inline(__always)
  private static func bound<D: Discipline>(
    _ exam: Exam<D>, _ scope: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer? {
    guard let scope else { return nil }
    let slot = BoundSlot.rateNew &+ Int(exam.ask.message &- RCK_MEASURE_NEW)
    let found = Scope(scope, 0, 0).bounds(exam.half, slot)
    return found == 0 ? nil : exam.desk.state.firstBound(found)
  }

  /// A window, and how far back it reaches. Sixteen are below 1,024 bytes, or they would not be on the stack.
  private struct Forced<D: Discipline> {
    let window: ExactWindow<D>
    let length: Int64
  }

  @inline(__always)
  static func status(_ message: Int32) -> rck_status { RCK_REJECT_RATE_NEW &+ message &- RCK_MEASURE_NEW }
}
