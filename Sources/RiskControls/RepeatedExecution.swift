import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P16, repeated execution, of orders and amends, reducing ones too, at the account and the strategy: how many orders
/// of the same account, strategy, instrument, side and quantity were filled less than window_ns before, and this one.
/// An order counts once, with its first fill, at that time; one as old as the window is out of it; a bust takes nothing
/// back, and an order of which one has left nothing counts anew with its next fill; one that no check has seen has
/// quantity 0. An amend is of the quantity that it asks for. When a fill
/// makes as many as the hard level, nothing of the limit's account or strategy passes any more until rck_rearm, from
/// where on only fills that follow count; while there is no limit nobody asks. How much more may be sent is held
/// against the latter alone. Requests to cancel are never refused.
enum RepeatedExecution {
  @inline(never)
  static func see<D: Discipline>(_ exam: Exam<D>, _ bound: UnsafeMutableRawPointer) -> Sight? {
    // Of a bound that is being overwritten there may be no such row.
    guard let conduct = exam.desk.books.conduct(Int(bound.loadInteger(48))) else { return nil }
    if conduct.disabled != 0 { return Sight(status: RCK_REJECT_EXECUTION_DISABLED, isMissing: true) }
    if exam.notes.pointee.counted & Rates.hasNoCustoms != 0 { return nil }
    let orders = exam.desk.filled(exam.ask.asked, now: exam.ask.time_ns, bound.loadInteger(24))
    return Sight(observed: orders &+ 1, status: RCK_REJECT_REPEATED_EXECUTION)
  }
}
