import CRiskCheck
import Script
import XCTest

@testable import Oracle

/// The leaves of the oracle, each alone.
final class RuleTests: XCTestCase {
  private func conversion(
    price: UInt32 = 2, quantity: UInt32 = 0, multiplier: Int64 = 1, rate: Int64 = 1, rateDecimals: UInt32 = 0,
    money: UInt32 = 2
  ) -> Conversion {
    var instrument = rck_instrument()
    (instrument.price_decimals, instrument.quantity_decimals) = (price, quantity)
    instrument.multiplier = multiplier
    var currency = rck_currency()
    (currency.rate, currency.rate_decimals) = (rate, rateDecimals)
    return Conversion(instrument, currency, moneyDecimals: money)
  }

  func testValueIsRoundedAwayFromZero() {
    XCTAssertEqual(conversion().value(600, at: 1_000), 600_000)
    XCTAssertEqual(conversion(price: 3).value(1, at: 1), 1)
    XCTAssertEqual(conversion(price: 3).value(1, at: 10), 1)
    XCTAssertEqual(conversion(price: 3).value(1, at: 11), 2)
    XCTAssertEqual(conversion(price: 3).value(1, at: -11), 2)
    XCTAssertEqual(conversion(price: 3).signedValue(1, at: -11), -2)
    XCTAssertEqual(conversion(price: 3).value(0, at: 11), 0)
    XCTAssertEqual(conversion(price: 0).value(3, at: 7), 2_100)
    XCTAssertEqual(conversion(price: 18, quantity: 18, rate: 1, rateDecimals: 18).value(1, at: 1), 1)
  }

  func testValueIsExactOrRefused() {
    XCTAssertEqual(conversion().value(1 << 53, at: 1 << 7), 1 << 60)
    XCTAssertNil(conversion().value(1 << 53, at: 1 << 7 + 1))
    XCTAssertNil(conversion(multiplier: Int64.max, rate: Int64.max).value(1, at: 1))
    // 2^106 x 2^23 does not fit 128 bits, though the value would.
    let large = conversion(price: 18, quantity: 9, multiplier: 1 << 23, money: 0)
    XCTAssertNil(large.value(1 << 53, at: 1 << 53))
    XCTAssertNotNil(large.value(1 << 52, at: 1 << 52))
  }

  func testDivisionRoundsAsItSays() {
    XCTAssertEqual([divideUp(7, by: 2), divideUp(-7, by: 2), divideUp(8, by: 2)], [4, -3, 4])
    XCTAssertEqual([divideDown(7, by: 2), divideDown(-7, by: 2), divideDown(-8, by: 2)], [3, -4, -4])
    XCTAssertEqual(divideUp(UInt128(1), byTens: 39), 1)
    XCTAssertEqual(divideUp(UInt128(0), byTens: 63), 0)
  }

  func testUtilisationIsBoundedByItsBits() {
    XCTAssertEqual(utilisation(1_205_000, of: 1_200_000), 10_041)
    XCTAssertEqual(utilisation(0, of: 0), 0)
    XCTAssertEqual(utilisation(1, of: 0), Int32.max)
    XCTAssertEqual(utilisation(1 << 60, of: 1), Int32.max)
  }

  func testReducingTakesItsPartOfTheBookedValueTowardZero() {
    var row = Row()
    XCTAssertTrue(row.book(buy: true, quantity: 3, value: 100) { _ in nil })
    XCTAssertTrue(row.book(buy: false, quantity: 1, value: 40) { _ in nil })
    XCTAssertEqual([row.net, row.booked, row.realised], [2, 67, 7])
    XCTAssertTrue(row.book(buy: false, quantity: 2, value: 60) { _ in nil })
    XCTAssertEqual([row.net, row.booked, row.realised], [0, 0, 0])
    XCTAssertTrue(row.book(buy: false, quantity: 3, value: 100) { _ in nil })
    XCTAssertTrue(row.book(buy: true, quantity: 1, value: 30) { _ in nil })
    XCTAssertEqual([row.net, row.booked, row.realised], [-2, -67, 3])
  }

  func testACrossingTradeClosesThenOpens() {
    var row = Row()
    XCTAssertTrue(row.book(buy: true, quantity: 2, value: 20) { _ in nil })
    XCTAssertTrue(row.book(buy: false, quantity: 5, value: 60) { $0 * 12 })
    XCTAssertEqual([row.net, row.booked, row.realised], [-3, -36, 4])
    XCTAssertTrue(row.book(buy: true, quantity: 5, value: -50) { $0 * -10 })
    XCTAssertEqual([row.net, row.booked, row.realised], [2, -20, 4 + 30 + 36])
  }

  func testExposureAndMarginOfARow() {
    var row = Row()
    row.booked = 399_600
    row.buys = 200_000
    row.sells = 505_000
    XCTAssertEqual([row.moneyLong, row.moneyShort, row.exposure], [599_600, 105_400, 705_000])
    row.setMargin(bps: 3_333)
    XCTAssertEqual(row.margin, 234_977)  // 234,976.5
  }

  func testAWindowHoldsMessagesForExactlyItsLength() {
    var window = RateWindow(capacity: 4)
    for time: Int64 in [10, 20, 30] { window.take(at: time) }
    XCTAssertEqual(window.count(at: 30, window: 20), 2)
    XCTAssertEqual(window.count(at: 30, window: 21), 3)
    XCTAssertEqual(window.count(at: 1, window: 21), 3)  // as of the latest time taken
    window.take(at: 5)
    XCTAssertEqual(window.count(at: 50, window: 21), 2)  // it counts at 30
    for _ in 0..<100 { window.take(at: 31) }
    XCTAssertEqual(window.count(at: 31, window: 1_000), 4)
  }

  func testTheLastAreRememberedInOrder() {
    var last = Remembered(capacity: 3)
    let forgotten = (UInt64(1)...10_000).map { last.add($0) }
    XCTAssertEqual(forgotten[0...2], [nil, nil, nil])
    XCTAssertEqual(forgotten[3...], ArraySlice((UInt64(1)...9_997).map { Optional($0) }))
  }

  func testTheOldestIsForgottenBeforeItsTurn() {
    var last = Remembered(capacity: 2)
    XCTAssertNil(last.removeOldest())
    for key in UInt64(1)...3 { _ = last.add(key) }
    XCTAssertEqual(last.removeOldest(), 2)
    XCTAssertNil(last.add(4))
    XCTAssertEqual(last.add(5), 3)
    XCTAssertEqual([last.removeOldest(), last.removeOldest(), last.removeOldest()], [4, 5, nil])
    XCTAssertTrue(last.isEmpty)
  }

  func testMarginFollowsWhatIsFreedAsFarAsItHasANumber() {
    var row = Row()
    (row.buys, row.margin) = (100, 10)
    let old = row
    row.freeMargin(bps: 5_000, since: old)
    XCTAssertEqual(row.margin, 10)  // nothing moved
    row.buys = 90
    row.freeMargin(bps: 5_000, since: old)
    XCTAssertEqual(row.margin, 45)
    row.buys = Bound.amount
    row.freeMargin(bps: 20_000, since: old)
    XCTAssertEqual(row.margin, 10)
  }

  func testAPublicationWithNothingNewHasNoGeneration() {
    var limits = Limits()
    limits.publish()
    XCTAssertEqual(limits.generation, 0)
    limits.put(rck_limit())
    limits.publish()
    limits.publish()
    XCTAssertEqual(limits.generation, 1)
    XCTAssertEqual(limits.placed.count, 1)
    limits.remove(LimitKey(rck_limit()))
    XCTAssertEqual(limits.placed.count, 1)
    limits.publish()
    XCTAssertEqual([limits.placed.count, limits.inForce.count], [0, 0])
  }

  func testDryChecksAndHeadroomLeaveNoTrace() throws {
    let text = """
      currency id=1 rate=1
      instrument id=1 flags=ENABLED currency=1 multiplier=1 lot=3 tick=1
      account id=1 flags=ENABLED permissions=ALL
      default limit_set levels=HARD actor=1 reason=x
      limit_set control=POSITION scope_kind=ACCOUNT_INSTRUMENT id=1 instrument=1 hard=20
      limit_set control=RATE measure=NEW scope_kind=ACCOUNT id=1 hard=2 window_ns=9
      publish
      """
    let table = Table(text)
    XCTAssertEqual(table.faults, [])
    let run = OracleRun(table.config)
    for line in table.lines { _ = run.run(line.step) }
    var order = rck_order()
    (order.order_id, order.account, order.instrument) = (1, 1, 1)
    (order.side, order.type, order.time_in_force) = (1, 1, 1)
    (order.price, order.quantity, order.time_ns) = (1, 3, 50)
    for _ in 0..<5 {
      XCTAssertEqual(run.oracle.check(order, port: 1, dry: true).status, RCK_OK)
      XCTAssertEqual(run.oracle.headroom(order, port: 1).quantity, 18)
    }
    XCTAssertEqual(run.oracle.latest, 0)
    XCTAssertTrue(run.oracle.rowScopes.isEmpty)
    order.quantity = 18
    XCTAssertEqual(run.oracle.check(order, port: 1).status, RCK_OK)
  }
}
