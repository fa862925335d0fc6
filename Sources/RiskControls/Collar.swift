import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P04, price collar: how far the price that an order is valued at may lie from a reference, in basis points of
/// it or in ticks, on both sides or on the aggressive one (buys above, sells below). Multiplied out, never
/// divided, but for the figure that is shown, which is rounded up. A missing reference refuses.
enum Collar {
  @inline(__always)
  static func judge<D: Discipline>(_ exam: Exam<D>) {
    // Of a damaged market nothing is known: every reference is missing.
    if !exam.readMarket() { exam.notes.pointee.aside.pointee.market = Market() }
    judge(exam, exam.account, exam.accountPlace)
    judge(exam, exam.strategy, exam.strategyPlace)
    judge(exam, exam.instrument, exam.instrumentPlace)
  }

  /// Whether a bound of a scope may have something to say of an order that is valued at `worth`: false only if that
  /// lies within the lowest level of each of them, on either side.
  @inline(__always)
  static func mayExceed<D: Discipline>(
    _ desk: Desk<D>, _ instrument: UInt32, buy: Bool, worth: Int64, _ scope: UnsafeMutableRawPointer,
    _ half: UInt64, _ lowest: Int64
  ) -> Bool {
    let found = Scope(scope, 0, 0).bounds(half, BoundSlot.collar)
    if found &>> 24 != 1 { return true }
    let bound = desk.state.firstBound(found)
    let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    // Other references and measures are told the long way.
    if (shape &>> 16) & 0xffff != UInt64(RCK_REFERENCE_LAST) | UInt64(RCK_MEASURE_BPS) &<< 8 { return true }
    let reference = desk.markets.rows.look(Int(instrument) &- 1, Market()) { $0.pointee.lastPrice }
    guard let reference else { return true }
    return !within((worth &- reference).magnitudeOfAmount, 10_000, lowest, reference.magnitudeOfAmount)
  }

  @inline(__always)
  private static func judge<D: Discipline>(_ exam: Exam<D>, _ scope: Scope?, _ place: Place) {
    guard let scope, scope.bounds(exam.half, BoundSlot.collar) != 0 else { return }
    exam.bounds(scope, BoundSlot.collar) { judge(exam, $0, place, &exam.findings) }
  }

  @inline(__always)
  private static func judge<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ place: Place, _ findings: inout Findings
  ) {
    let shape = bound.word(40).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    let kind = Int32(truncatingIfNeeded: (shape &>> 16) & 0xff)
    let ask = exam.ask
    guard let reference = exam.terms.reference(kind, exam.market, buy: ask.isBuy), reference != 0 else {
      findings.miss(RCK_CONTROL_COLLAR, RCK_REJECT_COLLAR_LAST_MISSING &+ kind &- 1, bound, place)
      return
    }
    // Both are within 2^53.
    let above = exam.worth > reference
    let distance = (exam.worth &- reference).magnitudeOfAmount
    let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
    if identity &>> 56 & UInt64(RCK_AGGRESSIVE_ONLY) != 0 && ask.isBuy != above { return }
    let ticks = Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) == RCK_MEASURE_TICKS
    let unit = ticks ? exam.terms.tick : reference.magnitudeOfAmount
    let factor: Int64 = ticks ? 1 : 10_000
    let status = above ? RCK_REJECT_COLLAR_ABOVE : RCK_REJECT_COLLAR_BELOW
    // distance x factor <= level x unit for every level that is armed: nothing to be told.
    if within(distance, factor, bound.loadInteger(0), unit)
      && within(distance, factor, bound.loadInteger(8), unit)
      && within(distance, factor, bound.loadInteger(16), unit)
    {
      return
    }
    // Rounded up it exceeds a level exactly when the distance does.
    let scaled = UInt64(bitPattern: distance).multipliedFullWidth(by: UInt64(bitPattern: factor))
    var rest: UInt64 = 0
    let divisor = UInt64(bitPattern: unit)
    let whole =
      scaled.high >= divisor
      ? Int64.max : Int64(clamping: platform_divide(scaled.high, scaled.low, divisor, &rest))
    let observed = rest == 0 || whole == Int64.max ? whole : whole &+ 1
    findings.weigh(observed, bound, RCK_CONTROL_COLLAR, status, place)
  }

  @inline(__always)
  private static func within(_ distance: Int64, _ factor: Int64, _ level: Int64, _ unit: Int64) -> Bool {
    let left = distance.multipliedFullWidth(by: factor)
    let right = level.multipliedFullWidth(by: unit)
    return left.high < right.high || left.high == right.high && left.low <= right.low
  }
}
