import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// A region with 3 accounts, 2 strategies and 3 instruments.
func deskRegion(_ change: (inout rck_config) -> Void = { _ in }) -> SmallRegion {
  let region = SmallRegion {
    $0.limits_max = 64
    $0.windows_max = 16
    $0.positions_max = 32
    change(&$0)
  }
  let state = region.state
  XCTAssertNil(state.set(currency()))
  for id: UInt32 in 1...3 {
    XCTAssertNil(state.set(instrument(id)))
    var account = rck_account()
    account.struct_size = UInt32(MemoryLayout<rck_account>.size)
    account.id = id
    XCTAssertNil(state.set(account))
    if id == 3 { continue }
    var strategy = rck_strategy()
    strategy.struct_size = UInt32(MemoryLayout<rck_strategy>.size)
    strategy.id = id
    XCTAssertNil(state.set(strategy))
  }
  return region
}

/// Order quantity of account 1, at most 100, but for the changes.
func limit(_ change: (inout rck_limit) -> Void = { _ in }) -> rck_limit {
  var limit = rck_limit()
  limit.struct_size = UInt32(MemoryLayout<rck_limit>.size)
  limit.control = UInt32(RCK_CONTROL_ORDER_QUANTITY)
  limit.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
  limit.id = 1
  limit.levels = UInt32(RCK_LEVEL_HARD)
  limit.hard = 100
  limit.actor = 1
  limit.reason.0 = 0x61
  change(&limit)
  return limit
}

func publish(_ state: State, file: StaticString = #filePath, line: UInt = #line) {
  if case .failed(let refusal) = state.publish() { XCTFail("\(refusal.status)", file: file, line: line) }
}

/// Cells of the region that no counter uses, for threads of a test to meet.
func unusedCell(_ state: State, _ number: Int = 0) -> CellPointer { state.region.count(15 - number) }

/// Numbers that repeat with their seed.
struct Draws {
  var seed: UInt64

  mutating func below(_ count: Int) -> Int {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((seed >> 33) % UInt64(count))
  }
}
