import CRiskCheck
import Foundation
import Oracle
import Script

/// Runs of days, each from an empty engine: so that what differs can be repeated from its start.
struct Days {
  let seed: UInt64
  let discipline: Int32
  var plant: Plant?
  /// Where the table of what differs goes too.
  var save: String?
  /// Commands of one run: 20,000 are some four days, and fill every table several times.
  var length = 20_000
  /// Where the library writes the journal of each run, which is replayed at its end.
  var journal: String?
  var tellsMarket = true
  private static let lookEvery = 1_000

  private var name: String { discipline == RCK_ONE_WRITER ? "one" : "many" }

  func run(_ commands: Int) -> Bool {
    let began = DispatchTime.now().uptimeNanoseconds
    var done = 0
    var number: UInt64 = 0
    while done < commands {
      let count = min(length, commands - done)
      if !runOnce(count, seed: seed &+ number) {
        print("FAIL \(name) writer: seed \(seed &+ number), \(count) commands")
        return false
      }
      done += count
      number += 1
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    let rate = Int(Double(done) / seconds)
    print("ok   \(name) writer: seeds \(seed) to \(seed &+ number - 1), \(done) commands, \(rate) a second")
    return true
  }

  private func runOnce(_ count: Int, seed: UInt64) -> Bool {
    var generator = Generator(seed: seed, discipline: discipline)
    let setting = Setting(
      config: generator.world.config, plant: plant, journal: journal, tellsMarket: tellsMarket,
      pumps: 1 + Int((seed &* 0x9e37_79b9_7f4a_7c15) >> 33 % UInt64(max(1, count / 2))))
    guard let pair = Pair(setting) else { return false }
    var steps: [Step] = []
    steps.reserveCapacity(count)
    while steps.count < count {
      let group = generator.next(pair.run)
      let before = steps.count / Days.lookEvery
      steps += group
      var fault = pair.steps(group[...])
      if fault == nil, let hindered = pair.library.journal?.pump() { fault = Fault(text: hindered) }
      let lookAtAll = fault == nil && steps.count / Days.lookEvery != before
      if lookAtAll { fault = pair.everythingFault() }
      guard let fault else { continue }
      print(
        "seed \(seed), command \(steps.count): \(group[group.count - 1].text)\n     library \(fault.text)")
      show(Shrinker(setting: setting, lookAtAll: lookAtAll), steps)
      return false
    }
    guard let difference = pair.library.journal?.difference() else { return true }
    print("seed \(seed), \(steps.count) commands: \(difference)")
    return false
  }

  private func show(_ shrinker: Shrinker, _ steps: [Step]) {
    // Looking at everything after every step finds a silent difference where it arises.
    let failing = shrinker.fault(steps).map { Array(steps.prefix($0.index + 1)) } ?? steps
    let shrunk = shrinker.shrink(failing)
    let table = shrinker.table(shrunk)
    print(table)
    if let save { try? (table + "\n").write(toFile: save, atomically: true, encoding: .utf8) }
    print("     library \(shrinker.fault(shrunk)?.fault.text ?? "agrees now")")
  }

  /// Draws on the oracle alone, and prints how often each command gave each status: what is never drawn, or
  /// always refused, proves nothing.
  func cover(_ commands: Int) {
    var counts: [String: Int] = [:]
    var number: UInt64 = 0
    for start in stride(from: 0, to: commands, by: length) {
      var generator = Generator(seed: seed &+ number, discipline: discipline)
      let run = OracleRun(generator.world.config)
      var drawn: [Step] = []
      for _ in start..<min(start + length, commands) {
        if drawn.isEmpty { drawn = generator.next(run).reversed() }
        let step = drawn.removeLast()
        let verb = step.text.prefix { $0 != " " }
        let outcome = run.run(step).text(run.grants)
        counts["\(verb) \(outcome[0])", default: 0] += 1
        for word in outcome where ["severity=", "flags=", "rest_status="].contains(where: word.hasPrefix) {
          counts["\(verb) \(word)", default: 0] += 1
        }
      }
      number += 1
    }
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(name)") }
  }
}
