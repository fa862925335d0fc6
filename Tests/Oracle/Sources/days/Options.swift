import CRiskCheck
import Foundation
import Oracle
import Script

struct Options {
  private var commands = 200_000
  private var seed: UInt64 = 1
  private var disciplines = [RCK_ONE_WRITER, RCK_MANY_WRITERS]
  private var replays: [String] = []
  private var completions: [String] = []
  private var coverage = false
  private var plant: Plant?
  private var length = 20_000
  private var save: String?
  private var journal: String?
  private var tellsMarket = true
  private var wrong = false

  init(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--replay":
        replays = Array(rest)
        rest = []
      case "--complete":
        completions = Array(rest)
        rest = []
      case "--coverage": coverage = true
      case "--plants":
        print(Plant.allCases.map(\.rawValue).joined(separator: "\n"))
        exit(0)
      default: read(word, rest.popFirst() ?? "")
      }
    }
  }

  private mutating func read(_ name: String, _ value: String) {
    switch (name, value) {
    case ("--commands", _): commands = Int(value) ?? 0
    case ("--seed", _): seed = UInt64(value) ?? 0
    case ("--length", _): length = Int(value) ?? 0
    case ("--save", _): save = value
    case ("--journal", _): journal = value
    case ("--journal-without-market", _): (journal, tellsMarket) = (value, false)
    case ("--plant", _):
      plant = Plant(rawValue: value)
      wrong = wrong || plant == nil
    case ("--discipline", "one"): disciplines = [RCK_ONE_WRITER]
    case ("--discipline", "many"): disciplines = [RCK_MANY_WRITERS]
    default: wrong = true
    }
    wrong = wrong || commands <= 0 || length <= 0
  }

  /// The exit status.
  func execute() -> Int32 {
    if wrong {
      print(
        "days [--commands N] [--seed S] [--length N] [--discipline one|many] [--coverage] [--save FILE]"
      )
      print("     [--journal DIR | --journal-without-market DIR]")
      print("days --plant RULE [...] | --plants")
      print("days --replay FILE... | --complete FILE...")
      return 2
    }
    if !completions.isEmpty { return completions.map(complete).max() ?? 0 }
    if coverage {
      days(disciplines[0]).cover(commands)
      return 0
    }
    var failed = 0
    var passed = 0
    for file in replays {
      for discipline in disciplines {
        let fault = replay(file, discipline)
        print(fault.map { "FAIL \(file)\n     \($0)" } ?? "ok   \(file)")
        if fault == nil { passed += 1 } else { failed += 1 }
      }
    }
    if replays.isEmpty {
      for discipline in disciplines {
        if days(discipline).run(commands) { passed += 1 } else { failed += 1 }
      }
    }
    print("\(passed) passed, \(failed) failed")
    return failed == 0 ? 0 : 1
  }

  private func days(_ discipline: Int32) -> Days {
    Days(
      seed: seed, discipline: discipline, plant: plant, save: save, length: length, journal: journal,
      tellsMarket: tellsMarket)
  }

  private func complete(_ file: String) -> Int32 {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      print("\(file) cannot be read")
      return 1
    }
    let (completed, faults) = Table.completed(text)
    for fault in faults { print("\(file):\(fault)") }
    if faults.isEmpty { try? completed.write(toFile: file, atomically: true, encoding: .utf8) }
    return faults.isEmpty ? 0 : 1
  }

  /// A table on oracle and library: what it expects of the oracle, and whether the library agrees.
  private func replay(_ file: String, _ discipline: Int32) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return "cannot be read" }
    var table = Table(text)
    let differences = table.differences()
    if !differences.isEmpty { return differences.joined(separator: "\n     ") }
    // One writer has one port.
    if discipline == RCK_ONE_WRITER && table.lines.contains(where: { $0.step.port != 1 }) { return nil }
    table.config.discipline = UInt32(discipline)
    guard let pair = Pair(Setting(config: table.config)) else { return "no engine" }
    for line in table.lines {
      let (expected, fault) = pair.step(line.step)
      if let fault {
        let outcome = expected.text(pair.run.grants).joined(separator: " ")
        return "\(line.number): \(line.step.text) -> \(outcome)\n     library \(fault.text)"
      }
      if let fault = pair.everythingFault() { return "\(line.number): \(line.step.text)\(fault.text)" }
    }
    return nil
  }
}
