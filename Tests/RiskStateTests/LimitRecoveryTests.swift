import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

final class LimitRecoveryTests: XCTestCase {
  func testPlacesThatNoKeyLeadsToAreFreeAgain() {
    let region = deskRegion { $0.limits_max = 3 }
    let state = region.state
    XCTAssertNil(state.set(limit(), flags: 0))
    // As a kill leaves them: taken, and not entered; written, and not entered.
    let limits = state.limits
    let (first, second) = (limits.slots.acquire(stripe: 0), limits.slots.acquire(stripe: 0))
    XCTAssertNotEqual(first, 0)
    limits.stage(limit { $0.id = 3 }, at: Slots<ManyWriters>.index(second), after: 0)
    XCTAssertEqual(state.set(limit { $0.id = 2 }, flags: 0)?.status, RCK_E_LIMITS_FULL)
    XCTAssertTrue(state.recover(consumer: true))
    publish(state)
    XCTAssertNil(state.set(limit { $0.id = 2 }, flags: 0))
    XCTAssertNil(state.set(limit { $0.side = 1 }, flags: 0))
    publish(state)
    var cursor: UInt32 = 0
    var found = [rck_limit](repeating: rck_limit(), count: 4)
    XCTAssertEqual(state.armed(into: &found, 4, &cursor).count, 3)
    XCTAssertEqual(Set(found.map(\.id)), [0, 1, 2])
  }

  func testWordsThatAKillLeftInEitherHalfAreTakenOut() {
    let region = deskRegion()
    let state = region.state
    XCTAssertNil(state.set(limit(), flags: 0))
    publish(state)
    for half: UInt64 in [0, 1] {
      for kind in [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT] {
        for slot in 0..<BoundSlot.position {
          state.scope(kind, 2)!.boundsWord(half, slot).pointee.bits.store(0x0200_0001, ordering: .relaxed)
        }
      }
    }
    XCTAssertTrue(state.recover(consumer: true))
    for half: UInt64 in [0, 1] {
      for kind in [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT] {
        for slot in 0..<BoundSlot.position { XCTAssertEqual(state.scope(kind, 2)!.bounds(half, slot), 0) }
      }
    }
    // One bound, the first of its half.
    XCTAssertEqual(state.scope(RCK_SCOPE_ACCOUNT, 1)!.bounds(1, BoundSlot.quantity), 0x0100_0040)
  }

  func testDamagedLimitsAreFoundAtRecovery() {
    let damages: [(String, (SmallRegion, UnsafeMutableRawPointer) -> Void)] = [
      ("a level out of order", { _, record in (record + 32 + 64).storeBytes(of: -1, as: Int64.self) }),
      ("another key", { _, record in (record + 32 + 20).storeBytes(of: 2, as: UInt32.self) }),
      ("a number that is not its own", { _, record in (record + 32 + 4).storeBytes(of: 9, as: UInt32.self) }),
      ("a stamp of the future", { _, record in (record + 32 + 120).storeBytes(of: 9, as: UInt64.self) }),
      (
        "a generation beyond all",
        { region, _ in
          region.state.region.hot(Region.Hot.generation).pointee.bits.store(1 << 62, ordering: .relaxed)
        }
      ),
      (
        "a place that is not taken",
        { region, _ in
          let limits = region.state.limits
          for index in 0..<limits.count where limits.isLive(index) {
            _ = limits.slots.release(limits.slots.token(at: index), stripe: 0)
          }
        }
      ),
    ]
    for (what, damage) in damages {
      let region = deskRegion()
      XCTAssertNil(region.state.set(limit(), flags: 0))
      publish(region.state)
      XCTAssertTrue(region.state.recoverLimits(keeping: false), what)
      damage(region, region.state.region.start(of: Sections.limitRecords))
      XCTAssertFalse(region.state.recoverLimits(keeping: false), what)
    }
  }
}
