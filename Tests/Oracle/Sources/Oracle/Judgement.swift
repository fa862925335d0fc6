import CRiskCheck

/// One thing that a control found.
struct Finding {
  var status: Int32
  var control: Int32
  var severity: Int32 = RCK_SEVERITY_HARD
  var scope: Scope
  var limit: Limit?
  /// The level exceeded and what was observed, in the control's unit.
  var level: Int64 = 0
  var observed: Wide = 0
  /// A level is exceeded, which an override may waive.
  var isLevel = false
  var isWaived = false
}

/// What all controls found: the finding that the verdict shows, and which controls refused.
struct Judgement {
  private(set) var refusal: Finding?
  private(set) var notice: Finding?
  private(set) var failed: UInt32 = 0
  var reducing = false
  var isOverridden = false
  private(set) var all: [Finding] = []

  /// Findings come in the order of priority within their control.
  mutating func add(_ finding: Finding) {
    all.append(finding)
    if finding.status == RCK_OK {
      if let notice, (notice.severity, -notice.control) >= (finding.severity, -finding.control) { return }
      notice = finding
      return
    }
    failed |= 1 << UInt32(finding.control - 1)
    if let refusal, rank(refusal.control) <= rank(finding.control) { return }
    refusal = finding
  }

  /// Judges again, with the refusals that `waives` names as notices of the severity that they have.
  mutating func waive(_ waives: (Finding) -> Bool) {
    let found = all
    (all, refusal, notice, failed) = ([], nil, nil, 0)
    var isAny = false
    for var finding in found {
      if finding.status != RCK_OK && waives(finding) {
        finding.status = RCK_OK
        finding.isWaived = true
        isAny = true
      }
      add(finding)
    }
    isOverridden = isAny && refusal == nil
  }

  /// The state of trading comes before all else, then the lowest number.
  func rank(_ control: Int32) -> Int32 { control == RCK_CONTROL_STATE ? 0 : control }

  func verdict(flags: UInt32) -> rck_verdict {
    var verdict = rck_verdict()
    if reducing {
      verdict.flags |= UInt16(RCK_VERDICT_REDUCING)
    }
    if isOverridden { verdict.flags |= UInt16(RCK_VERDICT_OVERRIDDEN) }
    guard let shown = refusal ?? notice else { return verdict }
    verdict.show(shown)
    if let refusal {
      let first = flags & UInt32(RCK_ORDER_FIRST_REFUSAL) != 0
      verdict.failed = first ? 1 << UInt32(refusal.control - 1) : failed
    }
    return verdict
  }
}

extension rck_verdict {
  /// A refusal that no control owns.
  static func refusal(_ status: Int32) -> rck_verdict {
    var verdict = rck_verdict()
    verdict.status = status
    if status > RCK_REPEAT {
      verdict.severity = UInt8(RCK_SEVERITY_HARD)
      verdict.action = UInt8(RCK_ACTION_BLOCK)
    }
    return verdict
  }

  mutating func show(_ finding: Finding) {
    status = finding.status
    control = UInt16(finding.control)
    severity = UInt8(finding.severity)
    action = finding.action
    scope_kind = UInt8(finding.scope.kind)
    scope_id = finding.scope.shown
    limit_id = finding.limit?.number ?? 0
    limit = finding.level
    observed = clamped(finding.observed)
    utilisation_bps = utilisation(finding.observed, of: finding.level)
  }
}

/// `shown`, where a record has fields of such names.
private func clamped(_ amount: Wide) -> Int64 { shown(amount) }

/// In basis points, rounded down, as far as 31 bits go.
func utilisation(_ observed: Wide, of level: Int64) -> Int32 {
  if observed <= 0 { return 0 }
  if level <= 0 { return Int32.max }
  return Int32(clamping: observed * 10_000 / Wide(level))
}

extension Finding {
  /// The limit's own action at this level, or the catalogue's.
  var action: UInt8 {
    if isWaived { return UInt8(RCK_ACTION_ALERT) }
    let own: UInt8 =
      switch severity {
      case RCK_SEVERITY_WARNING: limit?.record.actions.0 ?? 0
      case RCK_SEVERITY_SOFT: limit?.record.actions.1 ?? 0
      default: limit?.record.actions.2 ?? 0
      }
    if own != 0 { return own }
    switch severity {
    case RCK_SEVERITY_WARNING: return UInt8(RCK_ACTION_ALERT)
    case RCK_SEVERITY_SOFT: return UInt8(RCK_ACTION_THROTTLE)
    default: return UInt8(RCK_ACTION_BLOCK)
    }
  }

  /// The highest level of a limit that `exceeds`, if any: refused at hard, noted below it.
  static func at(
    _ limit: Limit, _ refusal: Int32, observed: Wide, exceeds: (Int64) -> Bool
  ) -> Finding? {
    let record = limit.record
    func armed(_ level: Int32) -> Bool { record.levels & UInt32(level) != 0 }
    let (level, severity): (Int64, Int32)
    if armed(RCK_LEVEL_HARD) && exceeds(record.hard) {
      (level, severity) = (record.hard, RCK_SEVERITY_HARD)
    } else if armed(RCK_LEVEL_SOFT) && exceeds(record.soft) {
      (level, severity) = (record.soft, RCK_SEVERITY_SOFT)
    } else if armed(RCK_LEVEL_WARN) && exceeds(record.warn) {
      (level, severity) = (record.warn, RCK_SEVERITY_WARNING)
    } else {
      return nil
    }
    return Finding(
      status: severity == RCK_SEVERITY_HARD ? refusal : RCK_OK, control: Int32(record.control),
      severity: severity, scope: limit.key.scope, limit: limit, level: level, observed: observed,
      isLevel: true)
  }

  static func above(_ limit: Limit, _ refusal: Int32, observed: Wide) -> Finding? {
    at(limit, refusal, observed: observed) { observed > Wide($0) }
  }

  /// A limit that cannot be judged for want of an input.
  static func missing(_ limit: Limit, _ refusal: Int32) -> Finding {
    Finding(
      status: refusal, control: Int32(limit.record.control), scope: limit.key.scope,
      limit: limit)
  }
}
