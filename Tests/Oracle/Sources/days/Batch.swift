import CRiskCheck
import Oracle
import Script

/// Steps in the groups that the library is given as one call: each alone, but for those that join the one before.
func batches(of steps: [Step]) -> [ArraySlice<Step>] {
  var groups: [ArraySlice<Step>] = []
  var start = 0
  for next in 1...max(steps.count, 1) {
    if next < steps.count && steps[next].joins && isOneCall(steps[next - 1], steps[next]) { continue }
    groups.append(steps[start..<min(next, steps.count)])
    start = next
  }
  return groups
}

private func isOneCall(_ one: Step, _ other: Step) -> Bool {
  if one.port != other.port { return false }
  switch (one.command, other.command) {
  case (.check, .check), (.amend, .amend), (.fill, .fill): return true
  default: return false
  }
}

extension Pair {
  /// Does a step, or a batch of them, on both sides; gives what differs. The oracle answers one after the other.
  func steps(_ steps: ArraySlice<Step>) -> Fault? {
    if steps.count > 1 && knowsPlaces(steps.count) { return batch(steps) }
    for step in steps {
      if let fault = self.step(step).fault { return fault }
    }
    return nil
  }

  private func batch(_ steps: ArraySlice<Step>) -> Fault? {
    let named = steps.map { step in step.command.token.map { run.grants.token($0) } ?? 0 }
    let got = library.run(batch: steps, tokens: named.map { theirToken($0) })
    var stood: [Touched] = []
    for ((step, ourToken), answer) in zip(zip(steps, named), got) {
      stood.append(touched(step, ourToken))
      if plant == .batchLosesLast && stood.count == steps.count { continue }
      if let text = compare(run.run(step), answer) { return Fault(text: text) }
    }
    for touched in stood {
      if let fault = touchedFault(touched) { return fault }
    }
    return nil
  }
}
