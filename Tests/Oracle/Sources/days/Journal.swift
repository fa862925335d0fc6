import CRiskCheck
import Foundation
import Script

/// The journal of a run, and what a replay of it comes to.
final class Journal {
  private let path: String
  private let engine: OpaquePointer?
  private var port: OpaquePointer?
  private var fault = rck_fault()
  /// Pumps until the state is written down, and where that is.
  private var left: Int
  private var snapshot: String { path + "-snapshot" }
  private var hasSnapshot = false

  /// `pumps`: behind how many a snapshot is written, for the second replay. Nil when it cannot be begun;
  /// the fault is printed.
  init?(_ engine: OpaquePointer?, in path: String, pumps: Int) {
    self.engine = engine
    self.path = path
    left = pumps
    for folder in [path, snapshot] {
      try? FileManager.default.removeItem(atPath: folder)
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
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
    left -= 1
    if left == 0, let fault = writeSnapshot() { return fault }
    let status = rck_journal_pump(port, nil, &fault)
    return status == RCK_OK ? nil : "rck_journal_pump: \(String(cString: rck_status_name(status)))"
  }

  /// Before the pump: what is in the rings and in the state must be left out of a replay that begins there.
  private func writeSnapshot() -> String? {
    var info = sized(rck_snapshot_info(), \.struct_size)
    let status = rck_snapshot_write(engine, snapshot, UInt32(RCK_SNAPSHOT_STATE), &info, &fault)
    if status != RCK_OK { return "rck_snapshot_write: \(String(cString: rck_status_name(status)))" }
    var now = [UInt64](repeating: 0, count: 2)
    rck_state_hash(engine, &now)
    hasSnapshot = true
    return now == [info.hash.0, info.hash.1] ? nil : "rck_snapshot_write: the hash is not the engine's"
  }

  /// Finishes it and does all of it again, and then what came behind the snapshot. What differs, or nil.
  func difference() -> String? {
    if let fault = pump() { return fault }
    let status = rck_journal_close(port, &fault)
    if status != RCK_OK { return "rck_journal_close: \(String(cString: rck_status_name(status)))" }
    if !hasSnapshot { return "no snapshot was written" }
    return difference(restoring: false)
      ?? difference(restoring: true).map { "from a snapshot: " + $0 }
  }

  private func difference(restoring: Bool) -> String? {
    var config = sized(rck_config(), \.struct_size)
    var status = rck_journal_config_get(path, &config, &fault)
    var other: OpaquePointer?
    if status == RCK_OK { status = rck_engine_create(&config, nil, 0, &other, &fault) }
    defer { rck_engine_close(other) }
    if restoring {
      var told = sized(rck_snapshot_info(), \.struct_size)
      if status == RCK_OK { status = rck_snapshot_restore(other, snapshot, 0, &told, &fault) }
      if status != RCK_OK { return "rck_snapshot_restore: \(String(cString: rck_status_name(status)))" }
    }
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
