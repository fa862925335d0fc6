import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

// Foundation has a Port of its own.
private typealias Port = RiskState.Port

private func watch(_ number: UInt32) -> PortWatch {
  var watch = PortWatch()
  watch.silence_ns = Int64(number)
  watch.scopeKind = UInt32(RCK_SCOPE_ACCOUNT)
  watch.id = 1 + number % 2
  watch.state = 1 + number % 3
  watch.actor = number
  return watch
}

final class PortWatchTests: XCTestCase {
  private func silent(_ state: State, at time: Int64) -> [UInt16] {
    var found: [UInt16] = []
    state.eachSilentPort(at: time) { port, _, _ in found.append(port.index) }
    return found
  }

  func testAPortIsHeardOfByItsTimeOrItsOpeningWhicheverIsLater() {
    let region = SmallRegion()
    let port = region.state.port(1)!
    XCTAssertNil(port.heard)
    port.setOpen(at: 0)
    XCTAssertEqual(port.heard, 0)
    XCTAssertTrue(port.isOpen)
    XCTAssertEqual(port.advance(70, back_ns_max: 0) { nil }.status, RCK_OK)
    XCTAssertEqual(port.heard, 70)
    port.setOpen(at: nil)
    XCTAssertNil(port.heard)
    port.setOpen(at: Int64(RCK_TIME_NS_MAX))
    XCTAssertEqual(port.heard, Int64(RCK_TIME_NS_MAX))
    XCTAssertTrue(region.state.recover(consumer: true))
    XCTAssertNil(port.heard, "a kill closes it")
  }

  func testAKillWhileAWatchIsSetLeavesTheOldOne() {
    let region = deskRegion()
    let port = region.state.port(1)!
    XCTAssertNil(port.watch)
    for number: UInt32 in 1...5 {
      // As a kill leaves it: the other line is being filled, the version has not moved.
      let line = port.ring.spareLine(UInt64(number))
      for word in 1..<8 { line.word(word * 8).pointee.bits.store(UInt64.max, ordering: .relaxed) }
      XCTAssertEqual(port.watch?.actor ?? 0, number - 1)
      XCTAssertTrue(region.state.areWatchesSound)
      port.set(watch(number))
      XCTAssertEqual(port.watch?.actor, number)
    }
    XCTAssertNil(region.state.port(2)!.watch)
    // What no call could have set.
    port.set(watch(0))
    XCTAssertFalse(region.state.areWatchesSound)
  }

  func testRingsDoNotTouchTheWatchBesideThem() {
    let region = deskRegion()
    let port = region.state.port(1)!
    for number: UInt32 in 1...2 { port.set(watch(number)) }
    var lines = [rck_event](repeating: rck_event(), count: 64)
    for _ in 0..<200 {
      port.tell(kind: RCK_EVENT_DEFINED, subject: 1, time_ns: 5)
      _ = port.read(into: &lines, 64)
    }
    XCTAssertTrue(region.state.recover(consumer: true))
    XCTAssertEqual(port.watch?.actor, 2)
    XCTAssertEqual(port.watch?.silence_ns, 2)
  }

  func testOnlyOpenWatchedPortsAreSilent() {
    let region = deskRegion()
    let state = region.state
    for index in 1...2 { state.port(index)!.set(watch(9)) }
    XCTAssertEqual(silent(state, at: 1_000), [])
    state.port(1)!.setOpen(at: 100)
    XCTAssertEqual(silent(state, at: 109), [])
    XCTAssertEqual(silent(state, at: 110), [1])
    state.port(2)!.setOpen(at: 0)
    XCTAssertEqual(silent(state, at: 110), [1, 2])
    state.port(1)!.set(watch(0))
    XCTAssertEqual(silent(state, at: Int64(RCK_TIME_NS_MAX)), [2])
  }

  func testAReaderSeesOneWatchOrAnother() {
    let region = deskRegion()
    nonisolated(unsafe) let memory = region.memory
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<2 {
      Thread {
        let port = State(Region(at: memory)).port(1)!
        while unusedCell(State(Region(at: memory))).pointee.value.load(ordering: .relaxed) == 0 {
          guard let seen = port.watch else { continue }
          let wanted = watch(seen.actor)
          XCTAssertEqual(
            [UInt32(clamping: seen.silence_ns), seen.id, seen.state],
            [UInt32(clamping: wanted.silence_ns), wanted.id, wanted.state])
        }
        done.signal()
      }.start()
    }
    for number: UInt32 in 1...20_000 { region.state.port(1)!.set(watch(number)) }
    unusedCell(region.state).pointee.value.store(1, ordering: .relaxed)
    for _ in 0..<2 { done.wait() }
  }
}
