import CRiskCheck
import Foundation

/// A script with its expectations: `config` first, then steps. `default verb name=value ...` fills in what
/// later lines of that verb leave out. A line that begins with # is a comment, and named cases begin with ##.
public struct Table {
  public struct Line {
    public var number: Int
    public var step: Step
    /// Behind the arrow; nil when there is none.
    public var expected: [String]?
  }

  public var config: rck_config
  public var lines: [Line] = []
  public var faults: [String] = []
  private var defaults: [String: [(name: String, value: String)]] = [:]

  public init(_ text: String, config start: rck_config = Table.small) {
    config = start
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      read(String(line), index + 1)
    }
  }

  private mutating func read(_ line: String, _ number: Int) {
    let sides = line.components(separatedBy: "->").map { $0.split(separator: " ").map(String.init) }
    guard let first = sides[0].first, !first.hasPrefix("#") else { return }
    var verb = first
    var rest = sides[0].dropFirst()
    if verb == "default", let named = rest.popFirst() { verb = named }
    let words = rest.map { word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      return (name: parts[0], value: parts.count == 2 ? parts[1] : "")
    }
    if first == "default" {
      let names = Set(words.map(\.name))
      defaults[verb] = (defaults[verb] ?? []).filter { !names.contains($0.name) } + words
    } else if verb == "config" {
      var reader = Reader(words: words)
      config = reader.record(config, configFields)
      if let wrong = reader.wrong ?? reader.words.first?.name { faults.append("\(number): config \(wrong)") }
    } else {
      let given = Set(words.map(\.name))
      let all = words + (defaults[verb] ?? []).filter { !given.contains($0.name) }
      switch Step.read(verb, all) {
      case .success(let step):
        lines.append(Line(number: number, step: step, expected: sides.count > 1 ? sides[1] : nil))
      case .failure(let fault): faults.append("\(number): \(fault.text)")
      }
    }
  }

  /// What tables begin with: small, and different in everything, so that nothing is taken for another.
  public static var small: rck_config {
    var config = rck_config()
    config.struct_size = UInt32(MemoryLayout<rck_config>.size)
    config.discipline = UInt32(RCK_MANY_WRITERS)
    config.clock_source = UInt32(RCK_CLOCK_HOST)
    config.money_decimals = 2
    config.clock_back_ns_max = 1_000
    config.mark_age_ns_max = 60_000
    config.currencies_max = 4
    config.groups_max = 12
    config.accounts_max = 8
    config.strategies_max = 6
    config.instruments_max = 10
    config.positions_max = 80
    config.orders_max = 128
    config.retired_ids_max = 64
    config.limits_max = 256
    config.ports_max = 4
    config.ring_lines = 256
    config.violations_max = 8
    config.history_max = 8
    config.rate_exact_max = 16
    config.windows_max = 64
    config.duplicates_max = 8
    config.ladder_levels_max = 4
    config.price_history_max = 4
    config.order_history_max = 4
    config.leases_max = 32
    config.executions_max = 32
    return config
  }

  /// The configuration as a line of a script.
  public static func text(_ config: rck_config) -> String {
    (["config"] + show(config, configFields[...])).joined(separator: " ")
  }

  /// Runs the table on the oracle alone; gives what differs.
  public func differences() -> [String] {
    let run = OracleRun(config)
    var found = faults
    for line in lines {
      let outcome = run.run(line.step).text(run.grants)
      guard let expected = line.expected, Set(expected) != Set(outcome) else { continue }
      found.append(
        "\(line.number): \(line.step.text)\n     expected \(expected.joined(separator: " "))"
          + "\n     oracle   \(outcome.joined(separator: " "))")
    }
    return found
  }
}

extension Table {
  /// The text with every expectation completed by the oracle's. What stood there must be part of it: the
  /// faults say where it is not.
  public static func completed(_ text: String) -> (text: String, faults: [String]) {
    let table = Table(text)
    let run = OracleRun(table.config)
    var lines = text.components(separatedBy: "\n")
    var faults = table.faults
    for line in table.lines {
      let outcome = run.run(line.step).text(run.grants)
      guard let expected = line.expected else { continue }
      let odd = expected.filter { !outcome.contains($0) }
      if !odd.isEmpty {
        faults.append(
          "\(line.number): \(odd.joined(separator: " ")), oracle \(outcome.joined(separator: " "))")
      }
      let call = lines[line.number - 1].components(separatedBy: "->")[0]
      lines[line.number - 1] = call + "-> " + outcome.joined(separator: " ")
    }
    return (lines.joined(separator: "\n"), faults)
  }
}
