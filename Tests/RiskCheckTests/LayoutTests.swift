import CContract
import CRiskCheck
import XCTest

@testable import RiskCheck

/// Swift's view of the public structs against the contract's table, which is C's own.
final class LayoutTests: XCTestCase {
  private func field(_ record: String, _ name: String) -> contract_field? {
    for index in 0..<Int(contract_field_count()) {
      let field = contract_fields()![index]
      if String(cString: field.record) == record && String(cString: field.name) == name { return field }
    }
    return nil
  }

  private func agree<Record>(_ type: Record.Type, _ paths: [(String, PartialKeyPath<Record>)]) {
    let record = String(describing: type)
    let known = (0..<Int(contract_field_count())).filter {
      String(cString: contract_fields()![$0].record) == record
    }
    XCTAssertEqual(known.count, paths.count, "\(record): every field is named here")
    for (name, path) in paths {
      let field = field(record, name)
      XCTAssertEqual(
        MemoryLayout<Record>.offset(of: path).map(UInt32.init), field?.offset, "\(record).\(name)")
      XCTAssertEqual(UInt32(MemoryLayout<Record>.size), field?.record_bytes, record)
    }
  }

  func testHotRecordsAreWholeLines() {
    XCTAssertEqual(MemoryLayout<rck_order>.size, 128)
    XCTAssertEqual(MemoryLayout<rck_report>.size, 128)
    XCTAssertEqual(MemoryLayout<rck_verdict>.size, 64)
    XCTAssertEqual(MemoryLayout<rck_event>.size, 64)
    XCTAssertEqual(MemoryLayout<Entry>.size, 64)
  }

  func testSwiftAndCAgreeOnHotRecords() {
    agree(
      rck_order.self,
      [
        ("order_id", \.order_id), ("price", \.price), ("quantity", \.quantity), ("time_ns", \.time_ns),
        ("deadline_ns", \.deadline_ns), ("correlation_id", \.correlation_id),
        ("decision_price", \.decision_price), ("stop_price", \.stop_price), ("account", \.account),
        ("strategy", \.strategy), ("instrument", \.instrument), ("venue", \.venue), ("side", \.side),
        ("type", \.type), ("time_in_force", \.time_in_force), ("reserved0", \.reserved0), ("flags", \.flags),
        ("reserved", \.reserved),
      ])
    agree(
      rck_verdict.self,
      [
        ("status", \.status), ("control", \.control), ("severity", \.severity), ("action", \.action),
        ("scope_kind", \.scope_kind), ("reserved0", \.reserved0), ("flags", \.flags), ("failed", \.failed),
        ("scope_id", \.scope_id), ("limit_id", \.limit_id), ("utilisation_bps", \.utilisation_bps),
        ("limit", \.limit), ("observed", \.observed), ("violation_id", \.violation_id), ("token", \.token),
      ])
    agree(
      rck_report.self,
      [
        ("token", \.token), ("order_id", \.order_id), ("last_quantity", \.last_quantity),
        ("last_price", \.last_price), ("cumulative_quantity", \.cumulative_quantity),
        ("execution_id", \.execution_id), ("undone_execution_id", \.undone_execution_id), ("fee", \.fee),
        ("account", \.account), ("strategy", \.strategy), ("instrument", \.instrument), ("venue", \.venue),
        ("side", \.side), ("kind", \.kind), ("reserved0", \.reserved0), ("flags", \.flags),
        ("time_ns", \.time_ns), ("correlation_id", \.correlation_id), ("reserved", \.reserved),
      ])
    agree(
      rck_event.self,
      [
        ("sequence", \.sequence), ("time_ns", \.time_ns), ("correlation_id", \.correlation_id),
        ("ticket", \.ticket), ("kind", \.kind), ("lines", \.lines), ("severity", \.severity),
        ("port", \.port),
        ("control", \.control), ("subject", \.subject), ("values", \.values),
      ])
  }

  func testEveryRecordHasTheSizeThatSwiftSees() {
    let sizes: [String: Int] = [
      "rck_order": MemoryLayout<rck_order>.size, "rck_verdict": MemoryLayout<rck_verdict>.size,
      "rck_report": MemoryLayout<rck_report>.size, "rck_event": MemoryLayout<rck_event>.size,
      "rck_build": MemoryLayout<rck_build>.size, "rck_field": MemoryLayout<rck_field>.size,
      "rck_config": MemoryLayout<rck_config>.size, "rck_fault": MemoryLayout<rck_fault>.size,
      "rck_currency": MemoryLayout<rck_currency>.size, "rck_group": MemoryLayout<rck_group>.size,
      "rck_account": MemoryLayout<rck_account>.size, "rck_strategy": MemoryLayout<rck_strategy>.size,
      "rck_instrument": MemoryLayout<rck_instrument>.size, "rck_stats": MemoryLayout<rck_stats>.size,
      "rck_health_info": MemoryLayout<rck_health_info>.size,
      "rck_limit": MemoryLayout<rck_limit>.size,
      "rck_latch": MemoryLayout<rck_latch>.size,
      "rck_port_watch": MemoryLayout<rck_port_watch>.size, "rck_override": MemoryLayout<rck_override>.size,
      "rck_custom": MemoryLayout<rck_custom>.size,
      "rck_order_info": MemoryLayout<rck_order_info>.size,
      "rck_control_info": MemoryLayout<rck_control_info>.size,
      "rck_position": MemoryLayout<rck_position>.size,
      "rck_position_info": MemoryLayout<rck_position_info>.size,
      "rck_cash": MemoryLayout<rck_cash>.size,
      "rck_book_info": MemoryLayout<rck_book_info>.size,
      "rck_quote": MemoryLayout<rck_quote>.size,
      "rck_trade": MemoryLayout<rck_trade>.size,
      "rck_calendar": MemoryLayout<rck_calendar>.size, "rck_book": MemoryLayout<rck_book>.size,
      "rck_rearming": MemoryLayout<rck_rearming>.size,
      "rck_violation": MemoryLayout<rck_violation>.size,
      "rck_violation_filter": MemoryLayout<rck_violation_filter>.size,
      "rck_violation_change": MemoryLayout<rck_violation_change>.size,
      "rck_statistics": MemoryLayout<rck_statistics>.size,
      "rck_journal_config": MemoryLayout<rck_journal_config>.size,
      "rck_pump_info": MemoryLayout<rck_pump_info>.size,
      "rck_journal_cursor": MemoryLayout<rck_journal_cursor>.size,
      "rck_verify_info": MemoryLayout<rck_verify_info>.size,
      "rck_snapshot_info": MemoryLayout<rck_snapshot_info>.size,
      "rck_replay_info": MemoryLayout<rck_replay_info>.size,
    ]
    var seen: Set<String> = []
    for index in 0..<Int(contract_field_count()) {
      let field = contract_fields()![index]
      let record = String(cString: field.record)
      seen.insert(record)
      XCTAssertEqual(sizes[record].map(UInt32.init), field.record_bytes, record)
    }
    XCTAssertEqual(seen, Set(sizes.keys))
  }
}
