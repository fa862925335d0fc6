import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

final class CalendarTests: XCTestCase {
  private func calendar(_ starts: [Int64], end: Int64) -> rck_calendar {
    var calendar = rck_calendar()
    calendar.struct_size = UInt32(MemoryLayout<rck_calendar>.size)
    calendar.id = 1
    calendar.entries = UInt32(starts.count)
    calendar.end_ns = end
    for (index, start) in starts.enumerated() {
      withUnsafeMutableBytes(of: &calendar.starts) { $0.bindMemory(to: Int64.self)[index] = start }
      let permitted = UInt32(index + 1) << 8 & UInt32(RCK_PERMIT_ALL) | UInt32(index & 3)
      withUnsafeMutableBytes(of: &calendar.permissions) { $0.bindMemory(to: UInt32.self)[index] = permitted }
    }
    return calendar
  }

  func testTheLastEntryThatHasBegunCountsUntilTheEnd() {
    let region = SmallRegion()
    let state = region.state
    XCTAssertNil(state.permitted(by: 1, at: 5), "not defined")
    var draws = Draws(seed: 1)
    for count in 1...64 {
      var (starts, next) = ([Int64](), Int64(draws.below(3)))
      for _ in 0..<count {
        starts.append(next)
        next += Int64(1 + draws.below(4))
      }
      let calendar = calendar(starts, end: next)
      XCTAssertNil(state.set(calendar))
      let permissions = withUnsafeBytes(of: calendar.permissions) { Array($0.bindMemory(to: UInt32.self)) }
      for time in 0...next + 1 {
        let entry = time < next ? starts.lastIndex { $0 <= time } : nil
        XCTAssertEqual(state.permitted(by: 1, at: time), entry.map { permissions[$0] }, "\(count) \(time)")
      }
    }
    for unknown: UInt32 in [0, 2, 64, 65, UInt32.max] { XCTAssertNil(state.permitted(by: unknown, at: 5)) }
  }

  func testARecordThatIsDamagedLeadsNowhereElse() {
    let region = SmallRegion()
    let state = region.state
    XCTAssertNil(state.set(calendar([1, 2, 3], end: 9)))
    let rows = state.rows(Int(RCK_KIND_CALENDAR))
    let record = rows.record(rows.observe(0))!
    record.storeBytes(of: UInt32.max, toByteOffset: 44, as: UInt32.self)
    // The last of as many entries as there can be, which begins at 0 and permits nothing.
    XCTAssertEqual(state.permitted(by: 1, at: 5), 0)
  }
}

/// Where lists lie in the compiled table.
final class ListTableTests: XCTestCase {
  private func list(_ scope: Int32, _ change: (inout rck_limit) -> Void = { _ in }) -> rck_limit {
    limit {
      $0.control = UInt32(RCK_CONTROL_LISTS)
      $0.measure = UInt32(RCK_MEASURE_RESTRICTED)
      $0.scope_kind = UInt32(scope)
      $0.instrument = 1
      $0.hard = 0
      change(&$0)
    }
  }

  private func row(_ state: State, _ id: UInt32, strategy: Bool) -> Int {
    guard case .row(let row) = Positions<OneWriter>(state).find(id, 1, strategy: strategy) else { return -1 }
    return row
  }

  func testARestrictionIsBelowEveryPositionOfItsSide() {
    let region = deskRegion()
    let state = region.state
    // A state is a view.
    defer { withExtendedLifetime(region) {} }
    XCTAssertNil(state.set(list(RCK_SCOPE_ACCOUNT_INSTRUMENT) { $0.side = UInt32(RCK_SIDE_SELL) }, flags: 0))
    publish(state)
    let (positions, row, half) = (
      Positions<OneWriter>(state), row(state, 1, strategy: false), state.generation & 1
    )
    XCTAssertEqual(positions.lowest(row, half, buy: true), Int64.max)
    XCTAssertEqual(positions.lowest(row, half, buy: false), -1)
    for position in [0, 1, 1 << 53, Amount.max, Int64.max] {
      XCTAssertLessThan(positions.excess(position, row, half, buy: false), 0)
    }
    XCTAssertEqual(positions.bounds(row, half) & BoundSlot.listed, BoundSlot.listed)
  }

  func testALocateLowersTheLevelOfSellsAlone() {
    let region = deskRegion()
    let state = region.state
    // A state is a view.
    defer { withExtendedLifetime(region) {} }
    let located = list(RCK_SCOPE_ACCOUNT_INSTRUMENT) {
      $0.measure = UInt32(RCK_MEASURE_LOCATE)
      $0.hard = 7
    }
    XCTAssertNil(state.set(located, flags: 0))
    publish(state)
    let (positions, row, half) = (
      Positions<OneWriter>(state), row(state, 1, strategy: false), state.generation & 1
    )
    XCTAssertEqual(positions.lowest(row, half, buy: true), Int64.max)
    XCTAssertEqual(positions.lowest(row, half, buy: false), 7)
  }

  func testAStrategysListMarksItsScopeAndTracksNothing() {
    let region = deskRegion()
    let state = region.state
    // A state is a view.
    defer { withExtendedLifetime(region) {} }
    XCTAssertNil(state.set(list(RCK_SCOPE_STRATEGY_INSTRUMENT), flags: 0))
    publish(state)
    let scope = state.scope(RCK_SCOPE_STRATEGY, 1)!
    XCTAssertEqual(scope.bounds(state.generation & 1, BoundSlot.further), BoundSlot.listed)
    XCTAssertEqual(scope.tracking, 0)
    XCTAssertFalse(Positions<OneWriter>(state).isTracked(row(state, 1, strategy: true)))
    XCTAssertNil(state.remove(list(RCK_SCOPE_STRATEGY_INSTRUMENT), flags: UInt32(RCK_LOOSEN)))
    publish(state)
    for half: UInt64 in 0...1 { XCTAssertEqual(scope.bounds(half, BoundSlot.further), 0) }
  }
}
