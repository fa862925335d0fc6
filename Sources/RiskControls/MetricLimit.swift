import CRiskCheck
import RiskMemory
import RiskModel
import RiskState
import Synchronization

/// P22, metrics of the host's, of orders and amends, reducing ones too, at the engine, groups, account, strategy and
/// instrument. The limit names the metric; by its measure it refuses while the metric is greater than the level, at
/// least that, and so on, equal being what lies within RCK_METRIC_EPSILON. A metric that was never fed, or that is
/// older at the order's time than the limit allows, refuses; one that is fed with a later time is not old. Shown are
/// the level and the metric in the limit's decimals: the level if they are equal, otherwise rounded away from it.
enum MetricLimit {
  /// How the metric stands to a bound.
  private enum Look {
    case missing
    case within
    /// With the highest level that is broken.
    case broken(level: UInt64, key: Int64)
  }

  @inline(never)
  static func see<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Sight? {
    switch look(exam, bound, shape) {
    case .missing: return Sight(status: RCK_REJECT_METRIC_MISSING, isMissing: true)
    case .within: return nil
    // More than any level.
    case .broken: return Sight(observed: Int64.max, status: RCK_REJECT_METRIC)
    }
  }

  /// Asks a bound that had something to say, and tells it.
  @inline(never)
  static func judge<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64, _ place: Place
  ) {
    switch look(exam, bound, shape) {
    case .missing: exam.findings.miss(RCK_CONTROL_METRIC, RCK_REJECT_METRIC_MISSING, bound, place)
    case .within: return
    case .broken(let level, let key):
      let identity = bound.word(32).pointee.bits.load(ordering: .acquiring)  // as all of a bound
      let (value, decimals) = exam.desk.state.level(
        UInt32(truncatingIfNeeded: level), ofLimit: UInt32(truncatingIfNeeded: identity),
        at: exam.notes.pointee.generation)
      let shown = Metric.shown(key, decimals, beside: value)
      exam.findings.escalations?.pointee.note(level: level, shown, bound, RCK_CONTROL_METRIC, place)
      exam.findings.reach(
        level, value, RCK_SEVERITY_WARNING &+ Int32(truncatingIfNeeded: level), shown, bound,
        RCK_CONTROL_METRIC, RCK_REJECT_METRIC, place)
    }
  }

  @inline(__always)
  private static func look<D: Discipline>(
    _ exam: Exam<D>, _ bound: UnsafeMutableRawPointer, _ shape: UInt64
  ) -> Look {
    let metric = UInt32(truncatingIfNeeded: shape &>> Bound.metricShift) & 0xffff
    let (time, key) = Metrics(exam.desk.state).read(metric)
    let age = bound.loadInteger(24)
    if time == 0 || age != 0 && exam.ask.time_ns &- time > age { return .missing }
    let measure = Int32(truncatingIfNeeded: (shape &>> 24) & 0xff)
    if Metrics.breaks(key, bound, 2, measure) { return .broken(level: 2, key: key) }
    if Metrics.breaks(key, bound, 1, measure) { return .broken(level: 1, key: key) }
    return Metrics.breaks(key, bound, 0, measure) ? .broken(level: 0, key: key) : .within
  }
}
