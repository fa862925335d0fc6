import CRiskCheck
import Foundation
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

private func trade<D: Discipline>(
  _ markets: Markets<D>, _ price: Int64, _ quantity: Int64, at time: Int64, on day: UInt32 = 1, spare: Int = 1
) {
  let done = markets.change(1, spare: spare, trade: true) { market, supply in
    market.last = price
    market.lastTime = time
    supply.add(quantity, on: day)
    return true
  }
  XCTAssertEqual(done, true)
}

/// Several ports feed one instrument at once: what each says counts once, and a kill leaves it as it was.
final class MarketTests: XCTestCase {
  private func region() -> SmallRegion {
    deskRegion {
      $0.ports_max = 3
      $0.price_history_max = 64
    }
  }

  private func keepPrices(_ state: State, _ window_ns: Int64 = 1_000) {
    let limit = limit {
      $0.control = UInt32(RCK_CONTROL_PERIOD_COLLAR)
      $0.window_ns = window_ns
    }
    XCTAssertNil(state.set(limit, flags: 0))
    publish(state)
  }

  func testNoTradeOfTwoThreadsIsLostFromVolumeAndPrices() {
    let region = region()
    let state = region.state
    keepPrices(state)
    nonisolated(unsafe) let markets = Markets<ManyWriters>(state)
    trade(markets, 1_000, 1, at: 1)
    var random = Draws(seed: 3)
    var volume: Int64 = 1
    var last: Int64 = 1_000
    for round in 0..<150 as Range<Int64> {
      let time = 10 + round * 10
      let prices = (0..<2).map { _ in (0..<100).map { _ in Int64(random.below(100_000)) + 1 } }
      DispatchQueue.concurrentPerform(iterations: 2) { thread in
        for price in prices[thread] {
          trade(markets, price, Int64(thread) + 1, at: time, spare: thread + 1)
          // Quotes take prices along, and lose none either.
          if price % 4 == 0 {
            let quoted = markets.change(1, spare: thread + 1) { market, _ in
              market.quoteTime = time
              return true
            }
            XCTAssertEqual(quoted, true)
          }
        }
      }
      volume += 300
      let all = prices.joined() + [last]
      let found = markets.prices(1, after: time - 1)
      XCTAssertEqual(found?.lowest, all.min())
      XCTAssertEqual(found?.highest, all.max())
      XCTAssertEqual(markets.supply(1).volume, volume)
      var market = Market()
      XCTAssertNotNil(markets.read(1, &market))
      last = market.last
    }
  }

  func testAReaderSeesPricesThatBelongTogetherWhileTheyChange() {
    let region = region()
    let state = region.state
    keepPrices(state)
    nonisolated(unsafe) let markets = Markets<ManyWriters>(state)
    trade(markets, 500, 1, at: 1)
    nonisolated(unsafe) let stop = unusedCell(state)
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      if thread == 0 {
        // Up and down between 500 and 510: both are in every period of 20 times.
        for time in 2..<30_000 as Range<Int64> {
          let place = time % 20
          trade(markets, 500 + (place < 10 ? place : 20 - place), 1, at: time)
        }
        _ = ManyWriters.add(stop, 1)
      }
      while thread == 1 && stop.pointee.value.load(ordering: .relaxed) == 0 {
        guard let found = markets.prices(1, after: Int64.min) else { return XCTFail("there was a trade") }
        XCTAssertEqual(found.lowest, 500)
        XCTAssertTrue((500...510).contains(found.highest))
      }
    }
  }

  /// Until the swap nothing of a change is in the row: what a kill leaves is what was there.
  func testAChangeThatIsCutOffLeavesTheRowAsItWas() {
    let region = region()
    let state = region.state
    keepPrices(state)
    let markets = Markets<ManyWriters>(state)
    for time in 1...20 as ClosedRange<Int64> { trade(markets, 100 + time, 1, at: time) }
    let before = (markets.supply(1), markets.prices(1, after: 0)!)
    // The spare is filled, and its prices, but the swap does not come.
    let draft = markets.rows.draft(1)!
    draft.record.storeWords(Market())
    (draft.record + 64).storeWords(Supply())
    let prices = state.region.start(of: Sections.prices) + draft.index * 64 * 16
    memset(prices, 0x55, 64 * 16)
    XCTAssertTrue(markets.rows.recover())
    XCTAssertEqual(markets.supply(1), before.0)
    XCTAssertEqual(markets.prices(1, after: 0)?.lowest, before.1.lowest)
    XCTAssertEqual(markets.prices(1, after: 0)?.highest, before.1.highest)
    // And the spare is as good as any.
    trade(markets, 99, 1, at: 30)
    XCTAssertEqual(markets.prices(1, after: 0)?.lowest, 99)
    XCTAssertEqual(markets.supply(1).volume, 21)
  }

  func testVolumeIsOfTheDayAndStaysAtItsBound() {
    var supply = Supply()
    XCTAssertEqual(supply.daily(0), 0)
    supply.add(5, on: 7)
    supply.add(6, on: 7)
    XCTAssertEqual(supply.daily(7), 11)
    XCTAssertEqual(supply.daily(8), 0)
    supply.add(7, on: 8)
    // A port that has not seen the day begin.
    supply.add(1, on: 7)
    XCTAssertEqual(supply.daily(8), 8)
    supply.average = 3
    XCTAssertEqual(supply.daily(9), 3)
    supply.add(.max, on: 8)
    supply.add(.max, on: 8)
    XCTAssertEqual(supply.volume, Amount.max)
  }

  func testPricesOfAnEngineWithoutPeriodCollarsAreNotKept() {
    let region = region()
    let state = region.state
    let markets = Markets<OneWriter>(state)
    trade(markets, 100, 1, at: 1)
    trade(markets, 200, 1, at: 2)
    XCTAssertEqual(markets.prices(1, after: 0)?.lowest, 200)
    keepPrices(state)
    trade(markets, 300, 1, at: 3)
    XCTAssertEqual(markets.prices(1, after: 0)?.lowest, 200)
    XCTAssertEqual(markets.prices(1, after: 2)?.lowest, 200)
    XCTAssertEqual(markets.prices(1, after: 3)?.lowest, 300)
    XCTAssertNil(markets.prices(2, after: 0))
  }
}
