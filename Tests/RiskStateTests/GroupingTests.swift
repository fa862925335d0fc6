import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// Rows in the totals of groups of instruments: the common unit, and what is counted where.
final class GroupingTests: XCTestCase {
  // MARK: The common unit

  /// In wide arithmetic: rounded up whatever the sign, cut off beyond what any level can be.
  private func exact(_ quantity: Int64, _ multiplier: Int64, _ exponent: Int) -> Int64 {
    let most = Int128(Units.most)
    var (amount, rest) = (Int128(quantity) * Int128(multiplier), false)
    for _ in 0..<max(exponent, 0) {
      rest = rest || amount % 10 != 0
      amount /= 10
    }
    // Division is toward zero, which is up for what is negative.
    if rest && quantity > 0 { amount += 1 }
    for _ in 0..<max(-exponent, 0) where amount.magnitude <= most { amount *= 10 }
    return Int64(min(max(amount, -most), most))
  }

  func testAQuantityIsMultipliedAndRoundedUpForEachPlaceByItself() {
    var units = Units()
    units.multiplier = 25
    units.set(1, exponent: 1)
    units.set(2, exponent: -2)
    units.set(4, exponent: 27)
    XCTAssertEqual([1, 2, -1, -2, 0].map { units.amount($0, 1) }, [3, 5, -2, -5, 0])
    XCTAssertEqual([1, -3].map { units.amount($0, 2) }, [2_500, -7_500])
    XCTAssertEqual(units.amount(7, 3), 175)
    XCTAssertEqual([1, -1, 0].map { units.amount($0, 4) }, [1, 0, 0])
    units.set(2, exponent: 0)
    XCTAssertEqual([units.amount(1, 1), units.amount(1, 2)], [3, 25])
  }

  func testAnyQuantityIsWhatWideArithmeticSays() {
    var draw = Draws(seed: 7)
    for _ in 0..<20_000 {
      var units = Units()
      let multiplier = Int64(1 + draw.below(1 << draw.below(40)))
      let quantity = Int64(draw.below(1 << draw.below(60))) * (draw.below(2) == 0 ? 1 : -1)
      let (place, exponent) = (1 + draw.below(4), draw.below(37) - 9)
      units.multiplier = UInt64(multiplier)
      units.set(place, exponent: exponent)
      XCTAssertEqual(
        units.amount(quantity, place), exact(quantity, multiplier, exponent),
        "\(quantity) x \(multiplier) / 10^\(exponent)")
    }
    var units = Units()
    units.multiplier = UInt64(Int64.max)
    XCTAssertEqual(units.amount(Amount.max, 1), Units.most)
    XCTAssertEqual(units.amount(-Amount.max, 1), -Units.most)
  }

  // MARK: A row's tally

  func testSumsAndOrdersOfATallyAreKeptApart() {
    var row = Holding()
    row.sums = 0xab_cd00_1200
    row.tally &+= 3
    XCTAssertEqual(row.sums, 0xab_cd00_1200)
    XCTAssertEqual(row.orders, 3)
    row.sums = 0
    XCTAssertFalse(row.isGrouped)
    XCTAssertEqual(row.orders, 3)
  }

  func testAnEndTakesAnOrderOutOfTheRowAndWhatMovesNothingDoesNot() {
    var row = Holding()
    (row.openBuys, row.buys) = (5, 50)
    row.tally = 2
    var step = Step()
    step.become(Step.Kind.report, state: Order.State.live)
    (step.opened, step.openedValue) = (-2, -20)
    XCTAssertTrue(row.take(step, buy: true))
    XCTAssertEqual(row.orders, 2)
    step.become(Step.Kind.release, state: Order.State.finished)
    XCTAssertTrue(row.take(step, buy: true))
    XCTAssertEqual(row.orders, 1)
    // Late, after the end.
    (step.opened, step.openedValue) = (0, 0)
    step.become(Step.Kind.report, state: Order.State.finished)
    XCTAssertTrue(row.take(step, buy: true))
    XCTAssertEqual(row.orders, 1)
  }

  // MARK: In a region

  private func position(_ group: UInt32, side: Int32 = 0) -> rck_limit {
    limit {
      $0.control = UInt32(RCK_CONTROL_POSITION)
      $0.measure = UInt32(RCK_MEASURE_NONE)
      $0.scope_kind = UInt32(RCK_SCOPE_INSTRUMENT_GROUP)
      $0.id = group
      $0.side = UInt32(side)
    }
  }

  private func told(_ state: State, _ group: UInt32) -> (long: Int64, short: Int64) {
    var info = rck_book_info()
    info.scope_kind = UInt32(RCK_SCOPE_INSTRUMENT_GROUP)
    info.id = group
    XCTAssertEqual(state.fillTotals(&info), RCK_OK)
    return (info.quantity_long, info.quantity_short)
  }

  /// Instrument 2 is in group 4.
  private func row(_ state: State, account: UInt32, net: Int64) -> Int {
    let desk = Desk<ManyWriters>(state, writer: 1)
    guard case .row(let row) = desk.positions.make(account, 2, strategy: false, stripe: 1) else {
      XCTFail("no row")
      return 0
    }
    if net != 0 {
      XCTAssertEqual(
        desk.move(row) {
          $0.net = net
          return RCK_OK
        }, RCK_OK)
    }
    return row
  }

  private func sums(_ state: State, _ row: Int) -> UInt64 {
    var holding = Holding()
    XCTAssertNotNil(Positions<ManyWriters>(state).read(row, &holding))
    return holding.sums
  }

  func testRowsOfBeforeAndOfAfterAreCountedFromThePublicationOn() {
    let region = groupedRegion()
    let state = region.state
    let (used, unused) = (row(state, account: 1, net: 7), row(state, account: 2, net: 0))
    XCTAssertNil(state.set(position(4), flags: 0))
    XCTAssertEqual(told(state, 4).long, 0)
    publish(state)
    XCTAssertEqual(told(state, 4).long, 7)
    XCTAssertEqual(told(state, 4).short, -7)
    // Nobody has used it, and yet it is there: who read an older answer finds that his swap fails.
    XCTAssertNotEqual(Positions<ManyWriters>(state).rows.observe(unused), 0)
    let later = row(state, account: 3, net: -2)
    XCTAssertEqual(told(state, 4).long, 5)
    XCTAssertEqual(Set([used, unused, later].map { sums(state, $0) }).count, 1)
    XCTAssertNotEqual(sums(state, used), 0)
  }

  func testOneMoreTotalIsAddedToThoseARowIsCountedIn() {
    let region = groupedRegion()
    let state = region.state
    let held = row(state, account: 1, net: 4)
    XCTAssertNil(state.set(position(4, side: RCK_SIDE_BUY), flags: 0))
    publish(state)
    let before = sums(state, held)
    XCTAssertEqual(told(state, 4).short, 0)
    XCTAssertNil(state.set(position(4, side: RCK_SIDE_SELL), flags: 0))
    publish(state)
    XCTAssertEqual(sums(state, held) & before, before)
    XCTAssertEqual((sums(state, held) & ~before).nonzeroBitCount, 1)
    XCTAssertEqual(told(state, 4).long, 4)
    XCTAssertEqual(told(state, 4).short, -4)
  }

  func testRowsAreCountedAnewWhenTheRegionIsRecovered() {
    let region = groupedRegion()
    let state = region.state
    let held = row(state, account: 1, net: 4)
    XCTAssertNil(state.set(position(4), flags: 0))
    publish(state)
    let before = sums(state, held)
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertEqual(sums(state, held), before)
    XCTAssertEqual(told(state, 4).long, 4)
    XCTAssertEqual(told(state, 4).short, -4)
  }

  func testTheUnitsOfWhatIsCountedStay() {
    let region = groupedRegion()
    let state = region.state
    XCTAssertFalse(state.hasUnits(2))
    XCTAssertNil(state.set(position(4), flags: 0))
    publish(state)
    XCTAssertTrue(state.hasUnits(2))
    XCTAssertFalse(state.hasUnits(1))
    var other = instrument(2)
    other.groups.0 = 4
    other.multiplier = 3
    XCTAssertEqual(state.set(other)?.status, RCK_E_IN_USE)
  }
}
