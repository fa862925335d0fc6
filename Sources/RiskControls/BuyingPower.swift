import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P09, buying power: the margin of all rows may take as many basis points of an account's buying power as the
/// level says. Shown in money units. Cash that was never set, a margin of 0 and marks that are too old refuse.
/// A strictly reducing order passes.
enum BuyingPower {
  /// Whether a bound of the account, the lowest level of which is given, may have something to say about a margin.
  @inline(__always)
  static func mayExceed(
    _ margin: Int64, _ lowest: Int64, _ book: UnsafePointer<Book>, _ party: Party, bps: Int64, now: Int64,
    _ state: State
  ) -> Bool {
    if party.powerIsCash {
      return book.pointee.cashKnown == 0 || bps == 0 || exceeds(margin, book.pointee.cash, lowest)
    }
    return missingInput(book, party, bps: bps, now: now, state) != RCK_OK
      || exceeds(margin, book.pointee.power(party.power), lowest)
  }

  static func judge<D: Discipline>(
    _ exam: Exam<D>, _ what: What, _ findings: inout Findings
  ) {
    // A margin that no number can hold is told by the exposure.
    guard let account = exam.account, !exam.isReducing, what.moneyFits else { return }
    exam.bounds(account, BoundSlot.power) { weigh(exam, what.margin, $0, &findings) }
  }

  @inline(__always)
  private static func weigh<D: Discipline>(
    _ exam: Exam<D>, _ margin: Int64, _ bound: UnsafeMutableRawPointer, _ findings: inout Findings
  ) {
    let notes = exam.notes
    let missing = missingInput(
      &notes.pointee.book, notes.pointee.accountTerms, bps: exam.margin_bps, now: exam.ask.time_ns,
      exam.desk.state)
    if missing != RCK_OK {
      findings.miss(RCK_CONTROL_BUYING_POWER, missing, bound, exam.accountPlace)
      return
    }
    let power = exam.book.power(exam.notes.pointee.accountTerms.power)
    let levels = (warn: bound.loadInteger(0), soft: bound.loadInteger(8), hard: bound.loadInteger(16))
    let exceeded = (
      warn: exceeds(margin, power, levels.warn), soft: exceeds(margin, power, levels.soft),
      hard: exceeds(margin, power, levels.hard)
    )
    if !exceeded.warn && !exceeded.soft && !exceeded.hard { return }
    // What the levels come to; one that holds is shown as not reached.
    let money = (
      warn: exceeded.warn ? amount(power, levels.warn) : Int64.max,
      soft: exceeded.soft ? amount(power, levels.soft) : Int64.max,
      hard: exceeded.hard ? amount(power, levels.hard) : Int64.max
    )
    findings.exceed(
      margin, money, bound, RCK_CONTROL_BUYING_POWER, RCK_REJECT_BUYING_POWER, exam.accountPlace)
  }

  @inline(__always)
  private static func missingInput(
    _ book: UnsafePointer<Book>, _ party: Party, bps: Int64, now: Int64, _ state: State
  ) -> rck_status {
    if book.pointee.cashKnown == 0 { return RCK_REJECT_CASH_MISSING }
    if bps == 0 { return RCK_REJECT_MARGIN_MISSING }
    if party.power.marked && book.pointee.openPositions > 0 {
      let age = now &- book.pointee.markTime
      if book.pointee.markTime == 0 || age > state.config.pointee.mark_age_ns_max {
        return RCK_REJECT_BUYING_POWER_MARK_STALE
      }
    }
    return RCK_OK
  }

  /// margin x 10,000 > power x bps. Amounts are within 2^62, so the products are within 128 bits.
  @inline(__always)
  private static func exceeds(_ margin: Int64, _ power: Int64, _ bps: Int64) -> Bool {
    if bps == Int64.max { return false }
    if bps == 10_000 { return margin > max(power, 0) }
    let left = margin.multipliedFullWidth(by: 10_000)
    let right = max(power, 0).multipliedFullWidth(by: bps)
    return left.high > right.high || left.high == right.high && left.low > right.low
  }

  /// power x bps / 10,000, rounded down.
  private static func amount(_ power: Int64, _ bps: Int64) -> Int64 {
    let size = UInt64(bitPattern: power.magnitudeOfAmount)
    let product = size.multipliedFullWidth(by: UInt64(bitPattern: bps))
    var rest: UInt64 = 0
    if product.high >= 10_000 { return power < 0 ? Int64.min &+ 1 : Int64.max &- 1 }
    let shown = Int64(clamping: platform_divide(product.high, product.low, 10_000, &rest))
    return power < 0 ? 0 &- shown &- (rest == 0 ? 0 : 1) : shown
  }
}
