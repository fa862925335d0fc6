import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

private func cause(_ actor: UInt32) -> State.Cause {
  var cause = State.Cause()
  cause.actor = actor
  cause.time_ns = Int64(actor)
  return cause
}

/// Of a port that is silent.
private func lost(_ actor: UInt32) -> State.Cause {
  var lost = cause(actor)
  lost.control = UInt32(RCK_REJECT_DISCONNECTED)
  return lost
}

final class LatchTests: XCTestCase {
  private func latched(_ state: State) -> UInt64 {
    state.region.hot(Region.Hot.latched).pointee.bits.load(ordering: .sequentiallyConsistent)
  }

  private func latchings(_ state: State) -> UInt64 {
    state.region.hot(Region.Hot.latchings).pointee.bits.load(ordering: .relaxed)
  }

  func testEveryCallThatMeansAStateMovesTheCountThatChecksLookAt() {
    let region = deskRegion()
    let state = region.state
    let scope = state.scope(RCK_SCOPE_ACCOUNT, 1)!
    var before = latchings(state)
    let steps: [(Int32, rck_status)] = [
      (RCK_STATE_REDUCE_ONLY, RCK_OK), (RCK_STATE_REDUCE_ONLY, RCK_REPEAT), (RCK_STATE_HALTED, RCK_OK),
      (RCK_STATE_CANCEL_ONLY, RCK_REPEAT),
    ]
    for (wanted, status) in steps {
      XCTAssertEqual(state.latch(scope, wanted, cause(1)), status)
      XCTAssertEqual(latchings(state), before + 1)
      XCTAssertEqual(latched(state), 1)
      before += 1
    }
    XCTAssertEqual(state.unlatch(scope), RCK_OK)
    XCTAssertEqual(latchings(state), before + 1)
    XCTAssertEqual(latched(state), 0)
    XCTAssertEqual(state.unlatch(scope), RCK_REPEAT)
  }

  func testAnAnomalyHaltsAnAccount() {
    let region = deskRegion()
    region.state.haltAccount(2, time_ns: 77)
    region.state.haltAccount(9, time_ns: 78)
    let (found, cause) = region.state.latch(of: region.state.scope(RCK_SCOPE_ACCOUNT, 2)!)
    XCTAssertEqual(found, RCK_STATE_HALTED)
    XCTAssertEqual([cause.actor, cause.control], [UInt32.max, UInt32(RCK_CONTROL_STATE)])
    XCTAssertEqual(cause.time_ns, 77)
    XCTAssertEqual(latched(region.state), 1)
  }

  func testAnEpisodeThatIsNotDescribedIsNotClearedAndIsMendedAtRecovery() {
    let region = deskRegion()
    let state = region.state
    let scope = state.scope(RCK_SCOPE_STRATEGY, 2)!
    // As a kill leaves it: raised, and neither counted nor described.
    guard case .begun = scope.latch.raise(3) else { return XCTFail("not begun") }
    XCTAssertEqual(state.unlatch(scope), RCK_E_BUSY)
    XCTAssertEqual(state.latch(of: scope).state, RCK_STATE_HALTED)
    XCTAssertEqual(state.latch(of: scope).cause.actor, 0)
    XCTAssertTrue(state.recoverLatches())
    XCTAssertEqual(latched(state), 1)
    XCTAssertEqual(state.latch(of: scope).cause.actor, UInt32.max)
    XCTAssertEqual(state.unlatch(scope), RCK_OK)
    XCTAssertEqual(latched(state), 0)
  }

  func testADescriptionThatCouldNotHaveBeenSetIsFoundAtRecovery() {
    for (offset, bits) in [(8, UInt64.max), (20, 99), (32, 0x07)] as [(Int, UInt64)] {
      let region = deskRegion()
      let scope = region.state.scope(RCK_SCOPE_GLOBAL, 0)!
      region.state.latch(scope, RCK_STATE_HALTED, cause(3))
      XCTAssertTrue(region.state.recoverLatches())
      let at = scope.memory + Scope.latchAt + offset
      if offset == 20 {
        at.storeBytes(of: UInt32(bits), as: UInt32.self)
      } else {
        at.storeBytes(of: bits, as: UInt64.self)
      }
      XCTAssertFalse(region.state.recoverLatches(), "\(offset)")
    }
  }

  func testADisconnectIsSaidOfTheEpisodeThatWasSeenAndOfNoOther() {
    let region = deskRegion()
    let state = region.state
    let scope = state.scope(RCK_SCOPE_ACCOUNT, 1)!
    let quiet = scope.standing
    guard case .begun(let episode) = scope.latch.raise(1) else { return XCTFail("not begun") }
    XCTAssertFalse(scope.isDisconnected(scope.standing), "nobody has told yet")
    scope.latch.describe(episode, lost(1))
    let first = scope.standing
    XCTAssertTrue(scope.isDisconnected(first))
    XCTAssertEqual(state.latch(scope, RCK_STATE_HALTED, cause(2)), RCK_OK)
    XCTAssertTrue(scope.isDisconnected(scope.standing), "the first cause stays")
    XCTAssertTrue(scope.isDisconnected(first), "and was the cause then")
    XCTAssertEqual(state.unlatch(scope), RCK_OK)
    XCTAssertEqual(state.latch(scope, RCK_STATE_HALTED, cause(3)), RCK_OK)
    XCTAssertFalse(scope.isDisconnected(scope.standing))
    let other = scope.standing
    XCTAssertEqual(state.unlatch(scope), RCK_OK)
    XCTAssertEqual(state.latch(scope, RCK_STATE_HALTED, lost(4)), RCK_OK)
    XCTAssertFalse(scope.isDisconnected(other), "that was another episode")
    XCTAssertFalse(scope.isDisconnected(quiet))
    XCTAssertTrue(state.recoverLatches())
    XCTAssertTrue(scope.isDisconnected(scope.standing))
  }

  /// Odd causes are disconnects and reduce only, even ones halt: a check must never see one's state with the
  /// other's cause.
  func testNoStateIsSeenWithTheCauseOfAnother() {
    let region = deskRegion()
    nonisolated(unsafe) let memory = region.memory
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<2 {
      Thread {
        let state = State(Region(at: memory))
        let scope = state.scope(RCK_SCOPE_ACCOUNT, 1)!
        while unusedCell(state).pointee.value.load(ordering: .relaxed) == 0 {
          let seen = scope.standing
          if seen.state == RCK_STATE_ACTIVE { continue }
          if scope.isDisconnected(seen) { XCTAssertEqual(seen.state, Int64(RCK_STATE_REDUCE_ONLY)) }
        }
        done.signal()
      }.start()
    }
    let scope = region.state.scope(RCK_SCOPE_ACCOUNT, 1)!
    for number: UInt32 in 1...5_000 {
      let isOdd = number % 2 == 1
      let cause = isOdd ? lost(number) : cause(number)
      region.state.latch(scope, isOdd ? RCK_STATE_REDUCE_ONLY : RCK_STATE_HALTED, cause)
      XCTAssertEqual(region.state.unlatch(scope), RCK_OK)
    }
    unusedCell(region.state).pointee.value.store(1, ordering: .relaxed)
    for _ in 0..<2 { done.wait() }
  }

  /// What a check relies on: whoever sees no latched scope in the hot line may skip all of them.
  func testNoScopeIsLatchedWhileTheCountSaysNone() {
    let region = deskRegion()
    let state = region.state
    nonisolated(unsafe) let memory = region.memory
    let done = DispatchSemaphore(value: 0)
    let turn = NSLock()
    for id: UInt32 in [1, 1, 2, 2] {
      Thread {
        let state = State(Region(at: memory))
        let scope = state.scope(RCK_SCOPE_ACCOUNT, id)!
        var round: UInt32 = 0
        while unusedCell(state).pointee.value.load(ordering: .relaxed) == 0 {
          state.latch(scope, Int32(1 + round % 3), cause(round + 1))
          if round % 2 == 0 { turn.withLock { _ = state.unlatch(scope) } }
          round += 1
        }
        done.signal()
      }.start()
    }
    let word = state.scope(RCK_SCOPE_ACCOUNT, 1)!.memory.word(Scope.latchAt)
    var looks = 0
    while looks < 5_000 {
      let before = word.pointee.bits.load(ordering: .sequentiallyConsistent)
      let count = latched(state)
      let after = word.pointee.bits.load(ordering: .sequentiallyConsistent)
      // The same episode: it was latched throughout.
      if before & 3 != 0 && before == after {
        XCTAssertNotEqual(count, 0)
        looks += 1
      }
    }
    unusedCell(state).pointee.value.store(1, ordering: .relaxed)
    for _ in 0..<4 { done.wait() }
    for id: UInt32 in 1...2 { _ = state.unlatch(state.scope(RCK_SCOPE_ACCOUNT, id)!) }
    XCTAssertEqual(latched(state), 0)
  }
}
