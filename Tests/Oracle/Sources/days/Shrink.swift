import CRiskCheck
import Script

/// Runs a list of steps from scratch on both sides; gives the index of the step that differs, and how.
func firstFault(_ config: rck_config, _ steps: [Step], lookAtAll: Bool) -> (index: Int, text: String)? {
  guard let pair = Pair(config) else { return (0, "no engine") }
  for (index, step) in steps.enumerated() {
    if let fault = pair.step(step).fault { return (index, fault) }
    if lookAtAll, let fault = pair.everythingFault() { return (index, fault) }
  }
  return nil
}

/// What kind of difference a fault is, so that shrinking does not slip from one to another: the verb, and
/// whether its answer differs or what stands behind it.
private func kind(_ step: Step, _ text: String) -> String {
  let words = text.split(separator: " ")
  let first = words.first.map {
    $0.hasPrefix("status=") ? String($0) : $0 == "then" ? "then \(words[1])" : ""
  }
  return "\(step.text.prefix { $0 != " " }) \(first ?? "")"
}

/// Delta debugging: drops ever smaller runs of steps as long as the same kind of thing differs.
func shrink(_ config: rck_config, _ failing: [Step], lookAtAll: Bool) -> [Step] {
  var steps = failing
  let wanted = firstFault(config, failing, lookAtAll: lookAtAll).map { kind(failing[$0.index], $0.text) }
  var size = max(steps.count / 2, 1)
  while true {
    var dropped = false
    var start = 0
    while start < steps.count {
      var candidate = steps
      candidate.removeSubrange(start..<min(start + size, steps.count))
      if let fault = firstFault(config, candidate, lookAtAll: lookAtAll),
        kind(candidate[fault.index], fault.text) == wanted
      {
        steps = Array(candidate.prefix(fault.index + 1))
        dropped = true
      } else {
        start += size
      }
    }
    if size == 1 && !dropped { return steps }
    if !dropped || size > steps.count { size = max(size / 2, 1) }
  }
}

/// The steps as a table, with the oracle's expectations.
func table(_ config: rck_config, _ steps: [Step]) -> String {
  let run = OracleRun(config)
  var lines = [Table.text(config)]
  for step in steps {
    let outcome = run.run(step)
    lines.append(step.text + " -> " + outcome.text(run.grants).joined(separator: " "))
  }
  return lines.joined(separator: "\n")
}
