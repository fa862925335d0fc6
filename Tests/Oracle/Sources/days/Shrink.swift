import CRiskCheck
import Script

/// Runs a list of steps from scratch on both sides; gives the index of the step that differs, of a batch its last,
/// and how.
func firstFault(_ setting: Setting, _ steps: [Step], lookAtAll: Bool) -> (index: Int, fault: Fault)? {
  guard let pair = Pair(setting) else { return (0, Fault(text: "no engine")) }
  for group in batches(of: steps) {
    if let fault = pair.steps(group) { return (group.endIndex - 1, fault) }
    if lookAtAll, let fault = pair.everythingFault() { return (group.endIndex - 1, fault) }
  }
  return nil
}

/// Drops steps as long as what differs remains.
struct Shrinker {
  let setting: Setting
  let lookAtAll: Bool
  /// Of a table that a person reads at a glance.
  static let few = 14

  /// A difference must stay of one kind, or shrinking slips from one to another; if that leaves too much, it is
  /// enough that the same call differs.
  func shrink(_ failing: [Step]) -> [Step] {
    let strict = shrink(failing) { kind($0, $1) }
    return strict.count <= Shrinker.few ? strict : shrink(strict) { step, _ in verb(step) }
  }

  private func verb(_ step: Step) -> String { String(step.text.prefix { $0 != " " }) }

  /// The verb, and whether its answer differs or what stands behind it.
  private func kind(_ step: Step, _ fault: Fault) -> String {
    if let look = fault.look { return "\(verb(step)) then \(verb(look))" }
    let first = fault.text.split(separator: " ").first ?? ""
    return "\(verb(step)) \(first.hasPrefix("status=") ? first : "")"
  }

  /// Delta debugging: ever smaller runs of steps are dropped.
  private func shrink(_ failing: [Step], _ kind: (Step, Fault) -> String) -> [Step] {
    var steps = failing
    let wanted = fault(failing).map { kind(failing[$0.index], $0.fault) }
    var size = max(steps.count / 2, 1)
    while true {
      var dropped = false
      var start = 0
      while start < steps.count {
        var candidate = steps
        candidate.removeSubrange(start..<min(start + size, steps.count))
        if let found = fault(candidate), kind(candidate[found.index], found.fault) == wanted {
          steps = Array(candidate.prefix(found.index + 1))
          dropped = true
        } else {
          start += size
        }
      }
      if size == 1 && !dropped { return steps }
      if !dropped || size > steps.count { size = max(size / 2, 1) }
    }
  }

  func fault(_ steps: [Step]) -> (index: Int, fault: Fault)? {
    firstFault(setting, steps, lookAtAll: lookAtAll)
  }

  /// The steps as a table with the oracle's expectations; last the look that shows what differs, if it takes one.
  func table(_ steps: [Step]) -> String {
    let run = OracleRun(setting.config, plant: setting.plant)
    var lines = [Table.text(setting.config)]
    for step in steps + [fault(steps)?.fault.look].compactMap({ $0 }) {
      lines.append(step.text + " -> " + run.run(step).text(run.grants).joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }
}
