import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// Limits of the engine and of groups on one order: every member's lowest level is the lowest of all that apply to it.
final class SpreadTests: XCTestCase {
  private let members: [(kind: Int32, scope: Int32, group: Int32, count: UInt32)] = [
    (RCK_KIND_ACCOUNT, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_GROUP, 3),
    (RCK_KIND_STRATEGY, RCK_SCOPE_STRATEGY, RCK_SCOPE_STRATEGY_GROUP, 2),
    (RCK_KIND_INSTRUMENT, RCK_SCOPE_INSTRUMENT, RCK_SCOPE_INSTRUMENT_GROUP, 2),
  ]

  private func limitOf(_ control: Int32, _ scope: Int32, _ id: UInt32, _ hard: Int64) -> rck_limit {
    limit {
      $0.control = UInt32(control)
      $0.scope_kind = UInt32(scope)
      $0.id = id
      $0.hard = hard
    }
  }

  /// Every limit in force that a member is under; the engine's is the accounts' alone.
  private func applies(_ limit: rck_limit, _ state: State, _ member: (Int32, Int32, Int32), _ id: UInt32)
    -> Bool
  {
    let (kind, scope, group) = member
    switch Int32(limit.scope_kind) {
    case RCK_SCOPE_GLOBAL: return kind == RCK_KIND_ACCOUNT
    case scope: return limit.id == id
    case group: return state.groups(kind, id).holds(limit.id)
    default: return false
    }
  }

  private func check(_ state: State, _ limits: [rck_limit], accounts: UInt32 = 3, line: UInt = #line) {
    let half = state.generation & 1
    for (kind, scope, group, count) in members {
      for id in 1...(kind == RCK_KIND_ACCOUNT ? accounts : count) {
        for slot in [BoundSlot.quantity, BoundSlot.notional] {
          let lowest = limits.filter { $0.slot == slot && applies($0, state, (kind, scope, group), id) }
            .map(\.hard).min()
          let found = state.scope(scope, id)!.lowest(half)[slot]
          XCTAssertEqual(found, lowest ?? .max, "scope \(scope), id \(id), slot \(slot)", line: line)
        }
      }
    }
  }

  func testTheLowestLevelOfAMemberIsTheLowestOfAllThatApplyToIt() {
    let places: [(Int32, UInt32)] = [
      (RCK_SCOPE_GLOBAL, 0), (RCK_SCOPE_ACCOUNT, 1), (RCK_SCOPE_ACCOUNT, 3), (RCK_SCOPE_ACCOUNT_GROUP, 1),
      (RCK_SCOPE_ACCOUNT_GROUP, 2), (RCK_SCOPE_STRATEGY, 2), (RCK_SCOPE_STRATEGY_GROUP, 3),
      (RCK_SCOPE_INSTRUMENT, 1), (RCK_SCOPE_INSTRUMENT, 2), (RCK_SCOPE_INSTRUMENT_GROUP, 4),
    ]
    for seed in 1...4 as ClosedRange<UInt64> {
      var draw = Draws(seed: seed)
      let region = groupedRegion()
      let state = region.state
      var limits: [rck_limit] = []
      for _ in 0..<40 {
        let (scope, id) = places[draw.below(places.count)]
        let control = draw.below(2) == 0 ? RCK_CONTROL_ORDER_QUANTITY : RCK_CONTROL_ORDER_NOTIONAL
        let one = limitOf(control, scope, id, Int64(draw.below(1_000)))
        limits.removeAll { $0.control == one.control && $0.scope_kind == one.scope_kind && $0.id == one.id }
        if draw.below(3) == 0 {
          _ = state.remove(one, flags: UInt32(RCK_LOOSEN))
        } else {
          XCTAssertNil(state.set(one, flags: UInt32(RCK_LOOSEN)))
          limits.append(one)
        }
        if draw.below(2) == 0 {
          publish(state)
          check(state, limits)
        }
      }
      publish(state)
      check(state, limits)
      for limit in limits { XCTAssertNil(state.remove(limit, flags: UInt32(RCK_LOOSEN))) }
      publish(state)
      check(state, [])
    }
  }

  func testAPartyThatIsDefinedLaterHasTheLevelsOfItsGroups() {
    let region = groupedRegion()
    let state = region.state
    let limits = [
      limitOf(RCK_CONTROL_ORDER_QUANTITY, RCK_SCOPE_ACCOUNT_GROUP, 2, 20),
      limitOf(RCK_CONTROL_ORDER_NOTIONAL, RCK_SCOPE_GLOBAL, 0, 500),
    ]
    for limit in limits { XCTAssertNil(state.set(limit, flags: 0)) }
    publish(state)
    join(state, account: 4, [1, 2])
    check(state, limits, accounts: 4)
    XCTAssertTrue(state.recover(consumer: true))
    check(state, limits, accounts: 4)
  }

  func testTheHotWordSaysWhatLimitsOfManyThereAreInAHalf() {
    let region = groupedRegion()
    let state = region.state
    let said = { (half: UInt64) in [state.hasWideRates(half), state.hasWideOrders(half)] }
    XCTAssertNil(state.set(limitOf(RCK_CONTROL_ORDER_QUANTITY, RCK_SCOPE_ACCOUNT, 1, 5), flags: 0))
    publish(state)
    XCTAssertEqual(said(state.generation & 1), [false, false])
    XCTAssertNil(state.set(limitOf(RCK_CONTROL_ORDER_QUANTITY, RCK_SCOPE_GLOBAL, 0, 5), flags: 0))
    XCTAssertEqual(said(state.generation & 1), [false, false])
    publish(state)
    XCTAssertEqual(said(state.generation & 1), [false, true])
    var rate = limitOf(RCK_CONTROL_RATE, RCK_SCOPE_INSTRUMENT_GROUP, 4, 2)
    rate.measure = UInt32(RCK_MEASURE_NEW)
    rate.window_ns = 100
    XCTAssertNil(state.set(rate, flags: 0))
    publish(state)
    XCTAssertEqual(said(state.generation & 1), [true, true])
    let gone = limitOf(RCK_CONTROL_ORDER_QUANTITY, RCK_SCOPE_GLOBAL, 0, 5)
    XCTAssertNil(state.remove(gone, flags: UInt32(RCK_LOOSEN)))
    publish(state)
    XCTAssertEqual(said(state.generation & 1), [true, false])
  }
}
