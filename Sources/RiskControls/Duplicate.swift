import CRiskCheck
import RiskMemory
import RiskModel
import RiskState

/// P14, duplicate orders: an order is a duplicate if one of the same account, instrument, side, price, stop price and
/// quantity passed less than window_ns before, whatever became of that since; one that is as old as the window is out
/// of it. Levels are 0, observed is 1: so a warn level tells, a hard one refuses. An order that was refused is
/// remembered nowhere, so sending it again is no duplicate; one that passes is remembered while a limit on duplicates
/// applies to it. Reducing orders are held. Amends are not asked about and not remembered, nor
/// is how much more may be sent. When the table has no place
/// (see Duplicates) an order that it would have to remember is refused. A drop copy is remembered if there is a place.
enum Duplicate {
  static func see<D: Discipline>(_ exam: Exam<D>, _ bound: UnsafeMutableRawPointer) -> Sight? {
    let ask = exam.ask
    if ask.message != RCK_MEASURE_NEW || exam.notes.pointee.counted & Rates.hasNoCustoms != 0 { return nil }
    let table = Duplicates<D>(exam.desk.state)
    if let last = table.last(Duplicates<D>.key(ask.asked)) {
      let isInside = ask.time_ns &- last < bound.loadInteger(24)
      return Sight(observed: isInside ? 1 : 0, status: RCK_REJECT_DUPLICATE)
    }
    let longest = exam.desk.state.duplicateWindow(exam.half)
    if table.hasPlace(now: ask.time_ns, longest: longest) { return Sight(status: RCK_REJECT_DUPLICATE) }
    return Sight(status: RCK_REJECT_DUPLICATES_FULL, isMissing: true)
  }

  /// Remembers the order, unless an equal one passed less than `apart` before.
  static func take<D: Discipline>(_ exam: Exam<D>, apart: Int64, _ takes: Takes<D>) -> Exam<D>.Reserved {
    let longest = exam.desk.state.duplicateWindow(exam.half)
    let taken = Duplicates<D>(exam.desk.state).take(
      Duplicates<D>.key(exam.ask.asked), now: exam.ask.time_ns, apart: apart, longest: longest)
    switch taken {
    case .taken(let index, let life, let since):
      takes.note(Takes<D>.duplicate, index, life, since)
      return .done
    case .duplicate, .full, .contended: return .again
    case .broken: return .status(exam.desk.fail(State.Site.windows))
    }
  }
}
