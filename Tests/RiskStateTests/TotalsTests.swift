import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// Groups 1 and 2 of accounts, 3 of strategies, 4 of instruments: accounts 1 to 3 are in none, in the first, in both;
/// of strategies and instruments the second is in their group.
func groupedRegion(_ change: (inout rck_config) -> Void = { _ in }) -> SmallRegion {
  let region = SmallRegion {
    $0.limits_max = 64
    $0.windows_max = 16
    $0.positions_max = 32
    $0.leases_max = 16
    change(&$0)
  }
  let state = region.state
  XCTAssertNil(state.set(currency()))
  for id: UInt32 in 1...4 {
    var group = rck_group()
    group.struct_size = UInt32(MemoryLayout<rck_group>.size)
    group.id = id
    let kinds = [
      RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_ACCOUNTS, RCK_GROUP_OF_STRATEGIES, RCK_GROUP_OF_INSTRUMENTS,
    ]
    group.kind = UInt32(kinds[Int(id) - 1])
    XCTAssertNil(state.set(group))
  }
  for id: UInt32 in 1...3 { join(state, account: id, id == 1 ? [] : id == 2 ? [1] : [2, 1]) }
  for id: UInt32 in 1...2 {
    var strategy = rck_strategy()
    strategy.struct_size = UInt32(MemoryLayout<rck_strategy>.size)
    strategy.id = id
    strategy.groups.0 = id == 2 ? 3 : 0
    XCTAssertNil(state.set(strategy))
    var instrument = instrument(id)
    instrument.groups.0 = id == 2 ? 4 : 0
    XCTAssertNil(state.set(instrument))
  }
  return region
}

func join(_ state: State, account id: UInt32, _ groups: [UInt32]) {
  var account = rck_account()
  account.struct_size = UInt32(MemoryLayout<rck_account>.size)
  account.id = id
  if groups.count > 0 { account.groups.0 = groups[0] }
  if groups.count > 1 { account.groups.1 = groups[1] }
  XCTAssertNil(state.set(account))
}

/// In which totals a book is counted, and what they are.
final class TotalsTests: XCTestCase {
  // MARK: Leaves

  func testGroupsAreReadWhereTheirDefinitionsHaveThem() {
    XCTAssertEqual(Instrument.groupsAt, MemoryLayout<rck_instrument>.offset(of: \.groups))
    XCTAssertEqual(Party.groupsAt, MemoryLayout<rck_account>.offset(of: \.groups))
    XCTAssertEqual(Party.groupsAt, MemoryLayout<rck_strategy>.offset(of: \.groups))
    XCTAssertEqual(MemoryLayout<Groups>.size, 16)
    let region = groupedRegion()
    let state = region.state
    let groups = { (kind: Int32, id: UInt32) in
      var ids: [UInt32] = []
      _ = state.groups(kind, id).each { place, id in
        ids.append(id)
        return place == ids.count
      }
      return ids
    }
    XCTAssertEqual((1...3).map { groups(RCK_KIND_ACCOUNT, $0) }, [[], [1], [2, 1]])
    XCTAssertEqual((1...2).map { groups(RCK_KIND_STRATEGY, $0) }, [[], [3]])
    XCTAssertEqual((1...3).map { groups(RCK_KIND_INSTRUMENT, $0) }, [[], [4], []])
  }

  private let sums: [(sum: Int, field: WritableKeyPath<Book, Int64>, control: Int32, measure: Int32)] = [
    (BookSum.gross, \.gross, RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS),
    (BookSum.netLong, \.netLong, RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET),
    (BookSum.netShort, \.netShort, RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET),
    (BookSum.orders, \.orders, RCK_CONTROL_WORKING, RCK_MEASURE_COUNT),
    (BookSum.ordersValue, \.ordersValue, RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL),
  ]

  func testASumOfABookIsTheFieldOfItsNameAndHasTheSlotOfItsLimits() {
    for (number, (sum, field, control, measure)) in sums.enumerated() {
      var book = Book()
      book[keyPath: field] = 7
      XCTAssertEqual(sums.map { book.sum($0.sum) }, (0..<5).map { $0 == number ? 7 : 0 })
      let limit = limit {
        $0.control = UInt32(control)
        $0.measure = UInt32(measure)
      }
      XCTAssertEqual(BookSum.slot(sum), limit.slot, "\(sum)")
    }
  }

  func testACoverageHoldsWhatWasAddedForEachPlace() {
    XCTAssertTrue(Coverage().isEmpty)
    var draw = Draws(seed: 1)
    for _ in 0..<200 {
      var coverage = Coverage()
      var expected: [[Int]] = []
      for place in 0...4 {
        let (id, kept) = (1 + draw.below(65_536), draw.below(64))
        coverage.add(place, group: UInt32(id), kept: UInt64(kept))
        for sum in 0..<6 where kept >> sum & 1 != 0 { expected.append([place, place == 0 ? 0 : id, sum]) }
      }
      var got: [[Int]] = []
      XCTAssertTrue(
        coverage.each { place, sum in
          got.append([place, place == 0 ? 0 : Int(coverage.group(place)), sum])
          return true
        })
      XCTAssertEqual(got, expected)
      XCTAssertEqual(coverage.isEmpty, expected.isEmpty)
      if !expected.isEmpty { XCTAssertFalse(coverage.each { _, _ in false }) }
    }
  }

  // MARK: Books

  private func exposure(_ scope: Int32, _ id: UInt32, _ measure: Int32 = RCK_MEASURE_GROSS) -> rck_limit {
    limit {
      $0.control = UInt32(measure <= RCK_MEASURE_NET ? RCK_CONTROL_EXPOSURE : RCK_CONTROL_WORKING)
      $0.measure = UInt32(measure)
      $0.scope_kind = UInt32(scope)
      $0.id = id
    }
  }

  private func told(_ state: State, _ scope: Int32, _ id: UInt32) -> rck_book_info {
    var info = rck_book_info()
    info.scope_kind = UInt32(scope)
    info.id = id
    XCTAssertEqual(state.fillTotals(&info), RCK_OK)
    return info
  }

  private func fill(_ state: State, _ id: UInt32, strategy: Bool = false, _ number: Int64) {
    let books = Books<ManyWriters>(state)
    XCTAssertTrue(
      books.move(books.row(id, strategy: strategy), spare: 1) {
        ($0.gross, $0.netLong, $0.netShort) = (number, number, -number)
        ($0.orders, $0.ordersValue) = (number, 10 * number)
      })
  }

  func testBooksOfBeforeAreCountedFromThePublicationOnInTheirScopesAlone() {
    let region = groupedRegion()
    let state = region.state
    for id: UInt32 in 1...3 { fill(state, id, Int64(id)) }
    fill(state, 2, strategy: true, 50)
    for (scope, id) in [(RCK_SCOPE_GLOBAL, 0), (RCK_SCOPE_ACCOUNT_GROUP, 1), (RCK_SCOPE_ACCOUNT_GROUP, 2)] {
      XCTAssertNil(state.set(exposure(scope, UInt32(id)), flags: 0))
      XCTAssertNil(state.set(exposure(scope, UInt32(id), RCK_MEASURE_NET), flags: 0))
    }
    XCTAssertNil(state.set(exposure(RCK_SCOPE_STRATEGY_GROUP, 3, RCK_MEASURE_COUNT), flags: 0))
    XCTAssertEqual(told(state, RCK_SCOPE_GLOBAL, 0).gross, 0)
    publish(state)
    let seen = { (scope: Int32, id: UInt32) in
      let info = self.told(state, scope, id)
      return [info.gross, info.net_long, info.net_short, info.orders, info.orders_value]
    }
    XCTAssertEqual(seen(RCK_SCOPE_GLOBAL, 0), [6, 6, -6, 0, 0])
    XCTAssertEqual(seen(RCK_SCOPE_ACCOUNT_GROUP, 1), [5, 5, -5, 0, 0])
    XCTAssertEqual(seen(RCK_SCOPE_ACCOUNT_GROUP, 2), [3, 3, -3, 0, 0])
    XCTAssertEqual(seen(RCK_SCOPE_STRATEGY_GROUP, 3), [0, 0, 0, 50, 0])
    fill(state, 3, 10)
    fill(state, 2, strategy: true, 1)
    XCTAssertEqual(seen(RCK_SCOPE_GLOBAL, 0), [13, 13, -13, 0, 0])
    XCTAssertEqual(seen(RCK_SCOPE_ACCOUNT_GROUP, 2), [10, 10, -10, 0, 0])
    XCTAssertEqual(seen(RCK_SCOPE_STRATEGY_GROUP, 3), [0, 0, 0, 1, 0])
    XCTAssertNil(state.set(exposure(RCK_SCOPE_GLOBAL, 0, RCK_MEASURE_NOTIONAL), flags: 0))
    publish(state)
    XCTAssertEqual(seen(RCK_SCOPE_GLOBAL, 0), [13, 13, -13, 0, 130])
  }

  func testAPartyThatIsDefinedLaterIsCountedFromItsDefinitionOn() {
    let region = groupedRegion()
    let state = region.state
    XCTAssertNil(state.set(exposure(RCK_SCOPE_ACCOUNT_GROUP, 2), flags: 0))
    publish(state)
    join(state, account: 4, [1, 2])
    fill(state, 4, 9)
    XCTAssertEqual(told(state, RCK_SCOPE_ACCOUNT_GROUP, 2).gross, 9)
    XCTAssertEqual(told(state, RCK_SCOPE_ACCOUNT_GROUP, 1).gross, 0)
  }

  func testTotalsAreComputedAnewWhenTheRegionIsRecovered() {
    let region = groupedRegion()
    let state = region.state
    XCTAssertNil(state.set(exposure(RCK_SCOPE_GLOBAL, 0), flags: 0))
    publish(state)
    let scope = state.scope(RCK_SCOPE_GLOBAL, 0)!
    let total = Totals<ManyWriters>(state, writer: 1).total(scope, BookSum.gross)!
    total.raise(by: 77) { .max }
    XCTAssertEqual(told(state, RCK_SCOPE_GLOBAL, 0).gross, 77)
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertEqual(told(state, RCK_SCOPE_GLOBAL, 0).gross, 0)
  }

  func testAsManyTotalsAreKeptAsThereIsRoomFor() {
    let region = groupedRegion { $0.leases_max = 3 }
    let state = region.state
    let full = RCK_REJECT_TOTALS_FULL
    XCTAssertNil(state.set(exposure(RCK_SCOPE_GLOBAL, 0, RCK_MEASURE_NET), flags: 0))  // two: a side each
    XCTAssertNil(state.set(exposure(RCK_SCOPE_GLOBAL, 0), flags: 0))
    XCTAssertEqual(state.set(exposure(RCK_SCOPE_ACCOUNT_GROUP, 1), flags: 0)?.status, full)
    XCTAssertNil(state.set(exposure(RCK_SCOPE_GLOBAL, 0), flags: 0))
    publish(state)
    XCTAssertEqual(state.set(exposure(RCK_SCOPE_ACCOUNT_GROUP, 1), flags: 0)?.status, full)
  }
}
