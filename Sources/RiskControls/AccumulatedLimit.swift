import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P12, accumulated quantity and notional: what orders opened at the engine, a group, an account, a strategy or an
/// instrument since the day began, in any minute, in any hour. An order counts with all of it when it passes, an amend
/// with what it adds to what is open; nothing is taken back when they end. What a strictly reducing order opens counts,
/// above the levels too, and so does a drop copy. Quantities are added as they are given; notional in money units. A
/// minute and an hour are exact to a sixty-fourth: never too little counts, and what is older than the window may count
/// for that much longer. Above 2^60 an order is refused; what passes regardless then counts no more than that.
enum AccumulatedLimit {
  static func see<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Sight? {
    let measure = measure(shape)
    let amount = amount(exam, measure)
    if amount == 0 || exam.isReducing { return nil }
    guard let place = place(exam, bound) else { return nil }
    let day = Int64(exam.desk.state.day)
    let lowest = min(Amount.max, min(bound.loadInteger(0), min(bound.loadInteger(8), bound.loadInteger(16))))
    var sum = place.most(measure, day: day) &+ amount
    if sum > lowest { sum = place.sum(measure, now: exam.ask.time_ns, day: day) &+ amount }
    if sum > Amount.max { return Sight(status: RCK_REJECT_ACCUMULATED_OVERFLOW, isMissing: true) }
    return Sight(observed: sum, status: status(measure))
  }

  /// Takes what the order opens. Regardless: whatever the levels, as far as it can be kept.
  static func take<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64, regardless: Bool, _ takes: Takes<D>
  ) -> Bool {
    let measure = measure(shape)
    var amount = amount(exam, measure)
    if amount == 0 { return true }
    guard let place = place(exam, bound) else { return regardless }
    let day = Int64(exam.desk.state.day)
    let limit = regardless ? Amount.max : min(bound.loadInteger(16), Amount.max)
    var tries = 64
    while tries > 0 {
      tries &-= 1
      switch place.take(amount, measure, now: exam.ask.time_ns, day: day, limit: limit) {
      case .taken(let epoch):
        takes.note(Takes<D>.accumulated, Int(truncatingIfNeeded: bound.loadInteger(48)), epoch, amount)
        return true
      case .contended where regardless: continue
      case .refused where regardless:
        amount = Amount.max &- place.sum(measure, now: exam.ask.time_ns, day: day)
        if amount <= 0 { return true }
      default: return false
      }
    }
    return true
  }

  /// Of a bound that is being overwritten there may be no such place.
  private static func place<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer
  ) -> Accumulation<D>? {
    let index = Int(truncatingIfNeeded: bound.loadInteger(48))
    return exam.desk.state.hasAccumulation(index) ? exam.desk.state.accumulation(index) : nil
  }

  private static func measure(_ shape: UInt64) -> Int32 { Int32(truncatingIfNeeded: (shape &>> 24) & 0xff) }

  private static func isOfQuantity(_ measure: Int32) -> Bool {
    (measure &- RCK_MEASURE_QUANTITY_DAY) & 1 == 0
  }

  private static func amount<D: Discipline>(_ exam: Exam<D>, _ measure: Int32) -> Int64 {
    max(isOfQuantity(measure) ? exam.openedQuantity : exam.openedValue, 0)
  }

  private static func status(_ measure: Int32) -> rck_status {
    let isOfDay = measure <= RCK_MEASURE_NOTIONAL_DAY
    return isOfQuantity(measure)
      ? (isOfDay ? RCK_REJECT_QUANTITY_DAY : RCK_REJECT_QUANTITY_ROLLING)
      : (isOfDay ? RCK_REJECT_NOTIONAL_DAY : RCK_REJECT_NOTIONAL_ROLLING)
  }
}
