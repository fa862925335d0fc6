import CPlatform
import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P23, functions of the host's, of orders and amends, reducing ones too, at the engine, groups, account, strategy and
/// instrument. Each that is armed is called once, after pass one has found that no other control refuses; what it said
/// is kept when a check begins anew. 0 passes; what else it returns exceeds every level. One that is not registered in
/// this process refuses, and one whose breaker is open refuses or passes with a warning, as was set.
enum Custom {
  /// What a function said, in one word: {how 32, what it returned 32}. 0: not asked.
  private enum How {
    static var answered: UInt64 { 1 }
    static var missing: UInt64 { 2 }
    static var refusing: UInt64 { 3 }
    static var passing: UInt64 { 4 }
  }

  /// Asks those that are armed, the widest first, until one refuses.
  @inline(never)
  static func judge<D: Discipline>(_ exam: Exam<D>) {
    // Of limits of equal severity the control with the lower number is shown, whoever was asked first.
    if exam.findings.control > RCK_CONTROL_CUSTOM { exam.findings.severity &-= 1 }
    exam.eachFurther { bound, control, shape, place in
      if control != RCK_CONTROL_CUSTOM || exam.findings.refused || !exam.isCurrent { return }
      let answer = answer(exam, UInt32(truncatingIfNeeded: shape &>> 16) & 0xff)
      switch answer &>> 32 {
      case How.missing: exam.findings.miss(control, RCK_REJECT_CUSTOM_MISSING, bound, place)
      case How.refusing: exam.findings.miss(control, RCK_REJECT_CUSTOM_BREAKER, bound, place)
      case How.passing: exam.findings.warn(control, bound, place)
      default:
        let returned = Int32(truncatingIfNeeded: answer)
        if returned == 0 { return }
        exam.findings.weigh(Int64(max(returned, 1)), bound, control, RCK_REJECT_CUSTOM, place)
      }
    }
    if exam.findings.control > RCK_CONTROL_CUSTOM { exam.findings.severity &+= 1 }
  }

  /// What the function of an id says of the order; it is asked once.
  private static func answer<D: Discipline>(_ exam: Exam<D>, _ id: UInt32) -> UInt64 {
    let notes = exam.notes
    if notes.pointee.counted & Rates.hasAnswers == 0 {
      notes.pointee.counted |= Rates.hasAnswers
      notes.pointee.aside.pointee.answers = Answers()
    }
    return withUnsafeMutableBytes(of: &notes.pointee.aside.pointee.answers) {
      let place = Int(truncatingIfNeeded: (id &- 1) & (UInt32(RCK_CUSTOMS_MAX) &- 1)) &* 8
      let known = $0.load(fromByteOffset: place, as: UInt64.self)
      if known != 0 { return known }
      let answer = ask(exam, id)
      $0.storeBytes(of: answer, toByteOffset: place, as: UInt64.self)
      return answer
    }
  }

  private static func ask<D: Discipline>(_ exam: Exam<D>, _ id: UInt32) -> UInt64 {
    guard let slot = Customs.find(exam.desk.state.region.base)?.slot(id), let version = slot.enter() else {
      return How.missing &<< 32
    }
    defer { slot.leave() }
    let terms = version.terms
    let gate = version.gate
    if case .open = gate {
      let isOpen = terms.flags & UInt32(RCK_CUSTOM_FAIL_OPEN) != 0
      return (isOpen ? How.passing : How.refusing) &<< 32
    }
    var order = rck_order(exam.ask)
    let began = platform_monotonic_ns()
    let returned = platform_call_custom(terms.function, terms.context, &order, exam.ask.time_ns)
    let ended = platform_monotonic_ns()
    let took = max(ended &- began, 0)
    if let moved = version.count(terms, returned, took, at: ended, gate) { tell(exam, id, moved, took) }
    return How.answered &<< 32 | UInt64(UInt32(bitPattern: returned))
  }

  /// A port for reading has no ring of its own.
  private static func tell<D: Discipline>(_ exam: Exam<D>, _ id: UInt32, _ breaker: Int32, _ took: Int64) {
    if exam.desk.writer == 0 { return }
    exam.desk.state.port(exam.desk.writer)?.tell(
      kind: RCK_EVENT_CUSTOM, subject: UInt64(id), Int64(breaker), took, time_ns: exam.ask.time_ns,
      severity: breaker == RCK_BREAKER_OPEN ? RCK_SEVERITY_WARNING : RCK_SEVERITY_INFO,
      control: RCK_CONTROL_CUSTOM,
      correlation: exam.ask.correlation)
  }
}

/// By id.
struct Answers {
  var words:
    (
      UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
      UInt64, UInt64, UInt64
    ) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

extension CustomVersion {
  enum Gate {
    case closed
    /// No call is made.
    case open
    /// The cool-down is over, and this call is the one that tries.
    case probe
  }

  @inline(__always)
  var gate: Gate {
    let until = breaker.pointee.value.load(ordering: .acquiring)
    return until == 0 ? .closed : gate(until)
  }

  @inline(never)
  private func gate(_ until: Int64) -> Gate {
    if until == CustomVersion.probing || platform_monotonic_ns() < until { return .open }
    return ManyWriters.replace(breaker, until, by: CustomVersion.probing) ? .probe : .open
  }

  /// Counts a call that ended. What the breaker became by it, if it moved.
  func count(_ terms: CustomTerms, _ returned: Int32, _ took: Int64, at now: Int64, _ gate: Gate) -> Int32? {
    _ = ManyWriters.add(calls, 1)
    if returned != 0 { _ = ManyWriters.add(refusals, 1) }
    _ = ManyWriters.raise(longest, to: took)
    var isProbe = false
    if case .probe = gate { isProbe = true }
    if terms.budget_ns == 0 || took <= terms.budget_ns {
      overrunsInRow.pointee.value.store(0, ordering: .relaxed)  // alone
      return isProbe && ManyWriters.replace(breaker, CustomVersion.probing, by: 0) ? RCK_BREAKER_CLOSED : nil
    }
    _ = ManyWriters.add(overruns, 1)
    let row = ManyWriters.add(overrunsInRow, 1) &+ 1
    if terms.overrunsMax == 0 || !isProbe && row < Int64(terms.overrunsMax) { return nil }
    let until = terms.coolDown_ns == 0 ? Int64.max : now &+ terms.coolDown_ns
    return ManyWriters.replace(breaker, isProbe ? CustomVersion.probing : 0, by: until)
      ? RCK_BREAKER_OPEN : nil
  }
}

extension rck_order {
  /// As it is judged.
  init(_ ask: Ask) {
    self.init()
    order_id = ask.id
    price = ask.price
    quantity = ask.quantity
    time_ns = ask.time_ns
    correlation_id = ask.correlation
    decision_price = ask.decision
    stop_price = ask.stop
    (account, strategy, instrument, venue) = (ask.account, ask.strategy, ask.instrument, ask.venue)
    (side, type, time_in_force) = (ask.side, ask.type, ask.force)
    flags = ask.flags
  }
}
