import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

final class AccumulationTests: XCTestCase {
  /// A state is a view: its region lives until the test ends.
  private var region: SmallRegion?

  private func kept(_ change: (inout rck_config) -> Void = { _ in }) -> State {
    let made = deskRegion(change)
    region = made
    return made.state
  }

  func testTheWidthsAreThoseOfTheWindows() {
    XCTAssertEqual(Accumulated.minute, BucketWidth(window: 60_000_000_000))
    XCTAssertEqual(Accumulated.hour, BucketWidth(window: 3_600_000_000_000))
    XCTAssertEqual(Takes<ManyWriters>.bytes, 64 + Takes<ManyWriters>.most * 24)
  }

  private func accumulating(_ id: UInt32, _ measure: Int32) -> rck_limit {
    limit {
      $0.control = UInt32(RCK_CONTROL_ACCUMULATED)
      $0.measure = UInt32(measure)
      $0.id = id
    }
  }

  func testAPlaceIsOneScopesAndMeasuresForGood() {
    let state = kept { $0.windows_max = 3 }
    for (id, measure, place) in [
      (1, RCK_MEASURE_QUANTITY_DAY, 0), (1, RCK_MEASURE_NOTIONAL_DAY, 1), (2, RCK_MEASURE_QUANTITY_DAY, 2),
      (1, RCK_MEASURE_QUANTITY_DAY, 0), (1, RCK_MEASURE_QUANTITY_HOUR, nil), (2, RCK_MEASURE_QUANTITY_DAY, 2),
    ] as [(UInt32, Int32, Int?)] {
      XCTAssertEqual(state.giveAccumulation(accumulating(id, measure)), place)
    }
  }

  func testADamagedPlaceIsNotBelieved() {
    let state = kept()
    XCTAssertNil(state.set(accumulating(1, RCK_MEASURE_QUANTITY_MINUTE), flags: 0))
    publish(state)
    let place: Accumulation<ManyWriters> = state.accumulation(0)
    XCTAssertEqual(
      place.take(5, RCK_MEASURE_QUANTITY_MINUTE, now: 10, day: 0, limit: 9), .taken(epoch: 0))
    // A killed taker's reservation is dropped; what is in no slot does not count.
    _ = ManyWriters.add(place.memory.cell(0), 3)
    XCTAssertTrue(state.recoverAccumulations())
    XCTAssertEqual(place.sum(RCK_MEASURE_QUANTITY_MINUTE, now: 10, day: 0), 5)
    XCTAssertEqual(place.most(RCK_MEASURE_QUANTITY_MINUTE, day: 0), 5)
    let owner = place.memory.word(Accumulation<ManyWriters>.ownerAt)
    owner.pointee.bits.store(1, ordering: .relaxed)
    XCTAssertFalse(state.recoverAccumulations())
  }

  // MARK: Duplicates

  private func taken(_ table: Duplicates<ManyWriters>, _ key: UInt64, at now: Int64, apart: Int64 = 100)
    -> String
  {
    switch table.take(key, now: now, apart: apart, longest: 100) {
    case .taken(_, _, let since): "since \(since)"
    case .duplicate: "duplicate"
    case .full: "full"
    case .contended: "contended"
    case .broken: "broken"
    }
  }

  func testPlacesGoInACircleAndWhatIsTooOldGivesWay() {
    let table = Duplicates<ManyWriters>(kept { $0.duplicates_max = 9 })
    for key: UInt64 in 1...9 { XCTAssertEqual(taken(table, key, at: 10), "since 0") }
    XCTAssertEqual(taken(table, 10, at: 109), "full")
    XCTAssertEqual(taken(table, 9, at: 109), "duplicate")
    XCTAssertEqual(taken(table, 9, at: 109, apart: 0), "since 10")
    XCTAssertEqual(taken(table, 10, at: 110), "since 0")
    XCTAssertEqual([table.last(9), table.last(10)], [109, 110])
    XCTAssertTrue(table.recover())
    XCTAssertEqual([table.last(9), table.last(10)], [109, 110])
  }

  func testWhatIsGivenBackIsAsItWas() {
    let table = Duplicates<ManyWriters>(kept { $0.duplicates_max = 4 })
    guard case .taken(let index, let life, let since) = table.take(7, now: 10, apart: 0, longest: 100),
      case .taken(let again, let renewed, let before) = table.take(7, now: 20, apart: 0, longest: 100)
    else { return XCTFail("not taken") }
    XCTAssertEqual([Int64(index), before], [Int64(again), 10])
    table.undo(again, life: renewed, since: before)
    XCTAssertEqual(table.last(7), 10)
    table.undo(again, life: renewed, since: before)
    XCTAssertEqual(table.last(7), 10)
    table.undo(index, life: life, since: since)
    XCTAssertNil(table.last(7))
    // Others have moved on from what is given back: it stays.
    guard case .taken(_, let mine, _) = table.take(8, now: 30, apart: 0, longest: 100) else {
      return XCTFail()
    }
    XCTAssertEqual(taken(table, 8, at: 40, apart: 0), "since 30")
    table.undo(1, life: mine, since: 0)
    XCTAssertEqual(table.last(8), 40)
  }

  func testOfEqualOrdersOfManyThreadsOnePassesAWindow() {
    nonisolated(unsafe) let state = kept { $0.duplicates_max = 16 }
    let (turns, keys): (Int64, UInt64) = (400, 5)
    DispatchQueue.concurrentPerform(iterations: 3) { thread in
      let table = Duplicates<ManyWriters>(state)
      for turn in 0..<turns {
        for key in 0..<keys {
          let cell = unusedCell(state, Int(key))
          switch table.take(key &* 0x9e37_79b9_7f4a_7c15, now: 1_000 + turn * 100, apart: 100, longest: 100) {
          case .taken(let index, let life, let since):
            // Every fifth is given back, so that another may pass instead.
            if (turn + Int64(thread)) % 5 == 0 {
              table.undo(index, life: life, since: since)
            } else {
              _ = ManyWriters.add(cell, 1)
            }
          case .broken: XCTFail("broken")
          default: break
          }
        }
      }
    }
    // Threads run at their own pace: a slow one's times are past, and so are duplicates of what passed since.
    for key in 0..<keys {
      let passed = unusedCell(state, Int(key)).pointee.value.load(ordering: .relaxed)
      XCTAssertGreaterThan(passed, 0)
      XCTAssertLessThanOrEqual(passed, turns)
    }
    XCTAssertTrue(Duplicates<ManyWriters>(state).recover())
  }

  func testNoTwoInputsOfTheKeyCancelEachOther() {
    var seen: Set<UInt64> = []
    var count = 0
    for account: UInt32 in 1...3 {
      for instrument: UInt32 in 1...3 {
        for side: UInt64 in 1...2 {
          for price: Int64 in 0...3 {
            for stop: Int64 in 0...3 {
              for quantity: Int64 in 1...3 {
                var asked = Asked()
                (asked.account, asked.instrument, asked.shape) = (account, instrument, side)
                (asked.terms.price, asked.terms.stop, asked.terms.quantity) = (price, stop, quantity)
                seen.insert(Duplicates<ManyWriters>.key(asked))
                count += 1
              }
            }
          }
        }
      }
    }
    XCTAssertEqual(seen.count, count)
  }
}
