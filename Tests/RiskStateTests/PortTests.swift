import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

// Foundation has a Port of its own.
private typealias Port = RiskState.Port

final class PortTests: XCTestCase {
  private func event(_ subject: UInt64, time_ns: Int64) -> rck_event {
    var event = rck_event()
    event.kind = UInt16(RCK_EVENT_HOST)
    event.subject = subject
    event.time_ns = time_ns
    return event
  }

  private func write(_ port: Port, _ subject: UInt64, time_ns: Int64) -> rck_status {
    var one = event(subject, time_ns: time_ns)
    return port.annotate(&one, 1, back_ns_max: 10) { nil }
  }

  private func read(_ port: Port, _ capacity: UInt32 = 64) -> [rck_event] {
    var lines = [rck_event](repeating: rck_event(), count: Int(capacity))
    guard case .lines(let moved) = port.read(into: &lines, capacity) else { return [] }
    return Array(lines.prefix(Int(moved)))
  }

  func testAKillBetweenTailAndSequenceRepeatsNothingAndLosesNothing() {
    let region = SmallRegion()
    let port = region.state.port(1)!
    XCTAssertEqual(write(port, 1, time_ns: 100), RCK_OK)
    XCTAssertEqual(write(port, 2, time_ns: 100), RCK_OK)
    // As a kill leaves it: the tail moved, the sequence did not.
    port.put(Port.sequence, 1)
    XCTAssertTrue(region.state.recover(consumer: true))
    XCTAssertEqual(write(port, 3, time_ns: 100), RCK_OK)
    XCTAssertEqual(read(port).map(\.sequence), [1, 2, 3])
    // The words were written, one after the other, and the tail was not: the record never was.
    port.put(Port.tailAfter, 4)
    XCTAssertTrue(region.state.recover(consumer: true))
    port.put(Port.sequenceAfter, 4)
    port.put(Port.writtenAfter, 4)
    XCTAssertTrue(region.state.recover(consumer: true))
    XCTAssertEqual(write(port, 4, time_ns: 100), RCK_OK)
    XCTAssertEqual(read(port).map(\.sequence), [4])
  }

  func testALostEventLeavesAGapOfExactlyOne() {
    let region = SmallRegion()
    let port = region.state.port(1)!
    for index in 0..<64 { XCTAssertEqual(write(port, UInt64(index), time_ns: 100), RCK_OK) }
    port.tell(kind: RCK_EVENT_DEFINED, subject: 9, time_ns: 100)
    port.tell(kind: RCK_EVENT_DEFINED, subject: 9, time_ns: 100)
    XCTAssertEqual(port.eventsLost, 2)
    XCTAssertEqual(read(port).last?.sequence, 64)
    port.tell(kind: RCK_EVENT_DEFINED, subject: 10, time_ns: 100)
    // One that says how many are missing comes before it.
    let after = read(port)
    XCTAssertEqual(after.map(\.sequence), [67, 68])
    XCTAssertEqual(after.map(\.kind), [UInt16(RCK_EVENT_LOST), UInt16(RCK_EVENT_DEFINED)])
    XCTAssertEqual(after.first?.subject, 2)
    var stats = rck_stats()
    port.fill(&stats)
    XCTAssertEqual(stats.events_written, 66)
    XCTAssertEqual(stats.events_read, 66)
    XCTAssertEqual(stats.ring_lines_used_max, 64)
    XCTAssertTrue(region.state.recover(consumer: true))
    XCTAssertEqual(write(port, 11, time_ns: 100), RCK_OK)
    XCTAssertEqual(read(port).map(\.sequence), [69])
  }

  func testARecordOfSeveralLinesIsMovedWholeOrNotAtAll() {
    let region = SmallRegion()
    let port = region.state.port(1)!
    let start = port.ring.room(for: 3)!
    var header = event(7, time_ns: 100)
    header.sequence = 1
    header.lines = 3
    for offset in 0..<3 { port.store(header, at: start + UInt64(offset)) }
    _ = port.publish(to: start + 3, sequence: 1, records: 1)
    XCTAssertEqual(write(port, 8, time_ns: 100), RCK_OK)
    var lines = [rck_event](repeating: rck_event(), count: 8)
    XCTAssertEqual(port.read(into: &lines, 2), .tooLong)
    XCTAssertEqual(port.read(into: &lines, 3), .lines(3))
    XCTAssertEqual(port.read(into: &lines, 3), .lines(1))
    XCTAssertEqual(lines[0].subject, 8)
    XCTAssertEqual(port.read(into: &lines, 3), .lines(0))
  }

  func testALineThatContradictsTheRingIsBroken() {
    for lines: UInt8 in [0, 2, 9, 255] {
      let region = SmallRegion()
      let port = region.state.port(1)!
      let start = port.ring.room(for: 1)!
      var header = event(7, time_ns: 100)
      header.lines = lines
      port.store(header, at: start)
      _ = port.publish(to: start + 1, sequence: 1, records: 1)
      var target = [rck_event](repeating: rck_event(), count: 64)
      XCTAssertEqual(port.read(into: &target, 64), .broken, "\(lines)")
    }
  }

  func testTimesAreJudgedOneAfterTheOther() {
    let judge = { (given: Int64, latest: Int64) in
      Port.judge(given, latest: latest, back_ns_max: 10) { nil }
    }
    XCTAssertEqual(judge(100, 100).time, 100)
    XCTAssertEqual(judge(90, 100).time, 100)
    XCTAssertTrue(judge(90, 100).clamped)
    XCTAssertEqual(judge(89, 100).status, RCK_REJECT_TIME_BACK)
    XCTAssertEqual(judge(0, 100).status, RCK_REJECT_TIME_MISSING)
    XCTAssertEqual(judge(-1, 100).status, RCK_REJECT_TIME_RANGE)
    XCTAssertEqual(judge(Int64.max, 100).status, RCK_REJECT_TIME_RANGE)
    XCTAssertEqual(judge(Int64(RCK_TIME_NS_MAX), 100).status, RCK_OK)
    XCTAssertEqual(judge(Int64.min, 100).status, RCK_REJECT_TIME_RANGE)
  }
}
