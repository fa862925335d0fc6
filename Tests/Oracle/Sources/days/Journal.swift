import CRiskCheck
import Foundation
import Script

/// The journal of a run, and what a replay of it comes to.
final class Journal {
  private let path: String
  private let engine: OpaquePointer?
  private var port: OpaquePointer?
  private var fault = rck_fault()

  /// Nil when it cannot be begun; the fault is printed.
  init?(_ engine: OpaquePointer?, in path: String) {
    self.engine = engine
    self.path = path
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var config = sized(rck_journal_config(), \.struct_size)
    config.segment_bytes = 1 << 22
    var status = rck_port_open(engine, 0, UInt32(RCK_PORT_READER), &port, &fault)
    if status == RCK_OK { status = rck_journal_open(port, path, &config, &fault) }
    if status == RCK_OK { return }
    print("rck_journal_open: \(String(cString: rck_status_name(status))) \(fault.system_error)")
    return nil
  }

  deinit { rck_port_close(port) }

  /// What hinders it, or nil.
  func pump() -> String? {
    let status = rck_journal_pump(port, nil, &fault)
    return status == RCK_OK ? nil : "rck_journal_pump: \(String(cString: rck_status_name(status)))"
  }

  /// Finishes it and does all of it again. What differs, or nil.
  func difference() -> String? {
    if let fault = pump() { return fault }
    var status = rck_journal_close(port, &fault)
    var config = sized(rck_config(), \.struct_size)
    if status == RCK_OK { status = rck_journal_config_get(path, &config, &fault) }
    var other: OpaquePointer?
    if status == RCK_OK { status = rck_engine_create(&config, nil, 0, &other, &fault) }
    defer { rck_engine_close(other) }
    var info = sized(rck_replay_info(), \.struct_size)
    info.differences_max = 8
    var lines = Array(repeating: rck_event(), count: 24)
    if status == RCK_OK { status = rck_replay(other, path, nil, &lines, &info, &fault) }
    if status != RCK_OK {
      return
        "replay: \(String(cString: rck_status_name(status))) at \(fault.value) after \(info.commands) commands"
    }
    if info.lost != 0 { return "replay: \(info.lost) records are lost" }
    if info.differing != 0 { return text(info, lines) }
    var (before, after) = ([UInt64](repeating: 0, count: 2), [UInt64](repeating: 0, count: 2))
    rck_state_hash(engine, &before)
    rck_state_hash(other, &after)
    return before == after ? nil : "replay: no verdict differs, the state does"
  }

  private func text(_ info: rck_replay_info, _ lines: [rck_event]) -> String {
    var told = "replay: \(info.differing) of \(info.commands) commands differ"
    for at in 0..<min(Int(info.differing), 8) {
      let event = lines[3 * at]
      let verdicts = (1...2).map { offset in
        withUnsafeBytes(of: lines[3 * at + offset]) { $0.loadUnaligned(as: rck_verdict.self) }
      }
      told +=
        "\n     port \(event.port) sequence \(event.sequence) kind \(event.values.0) of \(event.subject):"
      for verdict in verdicts { told += " \(explained(verdict))" }
    }
    return told
  }

  private func explained(_ verdict: rck_verdict) -> String {
    var (copy, text) = (verdict, [CChar](repeating: 0, count: 256))
    rck_explain(&copy, &text, 256)
    let words = text.prefix { $0 != 0 }.map { String(UnicodeScalar(UInt8(bitPattern: $0))) }.joined()
    return "\(String(cString: rck_status_name(verdict.status))) (\(words), flags \(verdict.flags))"
  }
}
