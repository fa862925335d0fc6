import Foundation

/// The header's constants by name, read from the header itself, so that no second table can differ.
public enum Names {
  /// How the numbers of a field are written.
  enum Form {
    case number
    /// One constant with this prefix.
    case one(String)
    /// Bits with this prefix, joined by bars.
    case bits(String)
    /// These bits.
    case flags([String])
    /// Bit n - 1 is control n.
    case controls
    case text
  }

  private static let values: [String: Int64] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../../include")
    let lines = ["riskcheck.h", "riskcheck_status.h", "riskcheck_journal.h"].flatMap {
      let text = try? String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
      return text?.split(separator: "\n") ?? []
    }
    var found: [String: Int64] = [:]
    for line in lines {
      let words = line.split(separator: " ")
      guard words.count >= 3, words[0] == "#define", words[1].hasPrefix("RCK_") else { continue }
      let text = words[2].trimmingCharacters(in: CharacterSet(charactersIn: "()"))
      let value = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
      found[String(words[1])] = value
    }
    return found
  }()

  /// By prefix, the names of numbers.
  nonisolated(unsafe) private static var reversed: [String: [Int64: String]] = [:]

  private static func names(_ prefix: String) -> [Int64: String] {
    if let known = reversed[prefix] { return known }
    var made: [Int64: String] = [:]
    for (name, value) in values where name.hasPrefix(prefix) {
      if prefix == "RCK_" && !isStatus(name) { continue }
      made[value] = String(name.dropFirst(prefix.count))
    }
    reversed[prefix] = made
    return made
  }

  private static func isStatus(_ name: String) -> Bool {
    name == "RCK_OK" || name == "RCK_REPEAT" || name.hasPrefix("RCK_REJECT_") || name.hasPrefix("RCK_E_")
  }

  static func show(_ number: Int128, _ form: Form) -> String {
    switch form {
    case .number, .text: return "\(number)"
    case .one(let prefix): return names(prefix)[Int64(clamping: number)] ?? "\(number)"
    case .bits(let prefix):
      return names(prefix)[Int64(clamping: number)] ?? bits(number) { names(prefix)[$0] }
    case .flags(let words):
      return bits(number) { bit in words.first { values["RCK_" + $0] == bit }.map(short) }
    case .controls: return bits(number) { names("RCK_CONTROL_")[Int64($0.trailingZeroBitCount) + 1] }
    }
  }

  /// Flags of orders are written without saying so.
  private static func short(_ word: String) -> String {
    word.hasPrefix("ORDER_") ? String(word.dropFirst(6)) : word
  }

  private static func bits(_ number: Int128, _ name: (Int64) -> String?) -> String {
    if number <= 0 { return "\(number)" }
    let set = (0..<64).filter { number >> $0 & 1 != 0 }.map { Int64(1) << $0 }
    let named = set.compactMap(name)
    return named.count == set.count ? named.joined(separator: "|") : "\(number)"
  }

  /// Nil when there is no such name or number.
  static func read(_ text: String, _ form: Form) -> Int128? {
    if let number = Int128(text) { return number }
    switch form {
    case .number, .text: return nil
    case .one(let prefix): return values[prefix + text].map { Int128($0) }
    case .bits(let prefix): return sum(text) { values[prefix + $0] }
    case .flags(let words):
      return sum(text) { word in words.first { short($0) == word }.flatMap { values["RCK_" + $0] } }
    case .controls: return sum(text) { values["RCK_CONTROL_" + $0].map { 1 << ($0 - 1) } }
    }
  }

  private static func sum(_ text: String, _ value: (String) -> Int64?) -> Int128? {
    var sum: Int128 = 0
    for word in text.split(separator: "|") {
      guard let bit = value(String(word)) else { return nil }
      sum |= Int128(bit)
    }
    return sum
  }
}
