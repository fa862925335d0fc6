import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

final class LimitTableTests: XCTestCase {
  private let loosen = UInt32(RCK_LOOSEN)

  /// Where a limit's bounds must be: scope kind, id, instrument of a pair, slot.
  private struct Place: Hashable {
    var kind: UInt32
    var id: UInt32
    var instrument: UInt32
    var slot: Int
  }

  private func place(_ limit: rck_limit) -> Place {
    Place(kind: limit.scope_kind, id: limit.id, instrument: limit.instrument, slot: limit.slot)
  }

  private func word(_ state: State, _ place: Place, _ half: UInt64) -> UInt32 {
    if place.slot != BoundSlot.position {
      return state.scope(Int32(place.kind), place.id)!.bounds(half, place.slot)
    }
    let positions = Positions<OneWriter>(state)
    let strategy = place.kind == UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
    guard case .row(let row) = positions.find(place.id, place.instrument, strategy: strategy) else {
      return 0
    }
    return positions.bounds(row, half)
  }

  private func bounds(_ state: State, _ word: UInt32, _ half: UInt64) -> [Bound] {
    (0..<Int(word >> 24)).map { offset in
      var bound = Bound()
      state.bound(Int(word & 0xff_ffff) + offset).loadWords(&bound)
      return bound
    }
  }

  /// Every limit that could be, and a few words that say which.
  private func someLimit(_ draw: inout Draws) -> rck_limit {
    let forms: [(Int32, [Int32], [Int32], Int, Int)] = [
      (2, [2, 4, 6], [0], 3, 5), (3, [2, 4, 6], [0], 3, 5), (4, [2, 4, 6], [1, 2], 3, 5),
      (6, [8, 9], [0], 3, 1),
      (7, [2, 4], [3], 1, 1), (7, [2, 4], [4], 3, 1), (9, [2], [0], 1, 1), (11, [2, 4, 6], [5, 6, 7], 1, 1),
      (13, [2, 4], [8, 9], 1, 1),
    ]
    let form = forms[draw.below(forms.count)]
    return limit {
      $0.control = UInt32(form.0)
      $0.scope_kind = UInt32(form.1[draw.below(form.1.count)])
      $0.measure = UInt32(form.2[draw.below(form.2.count)])
      $0.side = UInt32(draw.below(form.3))
      $0.order_type = UInt32(draw.below(form.4))
      $0.id = UInt32(1 + draw.below(2))
      $0.instrument = $0.isOfPair ? UInt32(1 + draw.below(2)) : 0
      $0.hard = Int64(draw.below(200))
      $0.window_ns = form.0 == 11 ? 1000 : 0
      $0.reference = form.0 == 4 ? 1 : 0
    }
  }

  func testTheTableHoldsExactlyTheLimitsInForceWhateverWasSetAndRemoved() {
    for seed in 1...5 as ClosedRange<UInt64> {
      var draw = Draws(seed: seed)
      let region = deskRegion()
      let state = region.state
      let places = everyPlace()
      var staged: [UInt64: rck_limit] = [:]
      var inForce: [UInt64: rck_limit] = [:]
      for _ in 0..<120 {
        switch draw.below(12) {
        case 0:
          publish(state)
          inForce = staged
        case 1:
          XCTAssertTrue(state.recover(consumer: true))
          XCTAssertFalse(state.region.hasFailed)
        case 2, 3, 4:
          guard let (key, old) = staged.sorted(by: { $0.key < $1.key }).dropFirst(draw.below(8)).first else {
            break
          }
          XCTAssertNil(state.remove(old, flags: loosen))
          staged[key] = nil
        default:
          let new = someLimit(&draw)
          // A rate has eight messages at most in this configuration.
          if let refusal = state.set(new, flags: loosen) {
            XCTAssertEqual(refusal.status, RCK_E_LIMITS_FULL)
          } else {
            staged[new.key!] = new
          }
        }
        expectTable(state, places, inForce)
        // The other half has words only where there still is a limit that clears them.
        let known = Set(staged.values.map(place) + inForce.values.map(place))
        let half = (state.generation + 1) & 1
        XCTAssertEqual(places.filter { word(state, $0, half) != 0 && !known.contains($0) }.count, 0)
      }
    }
  }

  private func expectTable(_ state: State, _ places: [Place], _ inForce: [UInt64: rck_limit]) {
    let half = state.generation & 1
    let wanted = Dictionary(grouping: inForce.values) { place($0) }
    for place in places {
      let word = word(state, place, half)
      if word >> 24 == 0 && wanted[place] == nil { continue }  // no bounds, as it must be: most places
      let expected = (wanted[place] ?? []).sorted {
        ($0.measure, $0.side, $0.order_type) < ($1.measure, $1.side, $1.order_type)
      }
      let found = bounds(state, word, half)
      XCTAssertEqual(
        found.map { [UInt32($0.measure), UInt32($0.side), UInt32($0.type)] },
        expected.map { [$0.measure, $0.side, $0.order_type] }, "\(place)")
      XCTAssertEqual(found.map(\.hard), expected.map(\.hard), "\(place)")
      for bound in found where place.slot >= BoundSlot.rateNew && place.slot <= BoundSlot.rateCancel {
        let window = state.scope(Int32(place.kind), place.id)!.window(bound.measure)!
        XCTAssertEqual(bound.windowAt, state.windowOffset(window))
      }
    }
  }

  private func everyPlace() -> [Place] {
    var places: [Place] = []
    for kind in [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT] {
      for id: UInt32 in 1...3 {
        for slot in 0..<BoundSlot.position {
          places.append(Place(kind: UInt32(kind), id: id, instrument: 0, slot: slot))
        }
      }
    }
    for kind in [RCK_SCOPE_ACCOUNT_INSTRUMENT, RCK_SCOPE_STRATEGY_INSTRUMENT] {
      for id: UInt32 in 1...2 {
        for other: UInt32 in 1...3 {
          places.append(Place(kind: UInt32(kind), id: id, instrument: other, slot: BoundSlot.position))
        }
      }
    }
    return places
  }

  func testABoundCarriesLevelsActionsAndWhatItIsAbout() {
    let region = deskRegion()
    let state = region.state
    let given = limit {
      $0.control = UInt32(RCK_CONTROL_COLLAR)
      $0.measure = UInt32(RCK_MEASURE_TICKS)
      $0.scope_kind = UInt32(RCK_SCOPE_INSTRUMENT)
      $0.id = 3
      $0.side = UInt32(RCK_SIDE_SELL)
      $0.order_type = UInt32(RCK_TYPE_STOP)
      $0.levels = UInt32(RCK_LEVEL_WARN | RCK_LEVEL_HARD)
      $0.warn = 3
      $0.flags = UInt32(RCK_AGGRESSIVE_ONLY)
      $0.reference = UInt32(RCK_REFERENCE_CLOSE)
      $0.actions = (0, 0, UInt8(RCK_ACTION_CANCEL_OPEN), 0)
    }
    XCTAssertNil(state.set(given, flags: 0))
    publish(state)
    let found = bounds(state, word(state, place(given), 1), 1)
    XCTAssertEqual(found.count, 1)
    let bound = found[0]
    XCTAssertEqual([bound.warn, bound.soft, bound.hard], [3, .max, 100])
    XCTAssertEqual(bound.flags, UInt32(RCK_AGGRESSIVE_ONLY))
    XCTAssertEqual((0..<3).map { bound.action($0) }, [2, 3, UInt8(RCK_ACTION_CANCEL_OPEN)])
    XCTAssertEqual(bound.reference, RCK_REFERENCE_CLOSE)
    XCTAssertEqual([bound.side, bound.type], [2, 3])
    var known = given
    XCTAssertEqual(state.get(&known), RCK_OK)
    XCTAssertEqual(bound.limitId, known.limit_id)
  }

  func testEachRateHasAWindowOfItsOwnForEver() {
    let region = deskRegion()
    let state = region.state
    var seen = Set<Int>()
    for kind in [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY, RCK_SCOPE_INSTRUMENT] {
      for measure in RCK_MEASURE_NEW...RCK_MEASURE_CANCEL {
        let rate = limit {
          $0.control = UInt32(RCK_CONTROL_RATE)
          $0.measure = UInt32(measure)
          $0.scope_kind = UInt32(kind)
          $0.window_ns = 5
        }
        XCTAssertNil(state.set(rate, flags: 0))
        publish(state)
        let window = state.scope(kind, 1)!.window(measure)!
        XCTAssertTrue(seen.insert(window).inserted)
        XCTAssertNil(state.remove(rate, flags: loosen))
        publish(state)
        XCTAssertNil(state.set(rate, flags: 0))
        XCTAssertEqual(state.scope(kind, 1)!.window(measure), window)
      }
    }
    XCTAssertEqual(seen, Set(0..<9))
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertEqual(state.region.hot(Region.Hot.windows).pointee.bits.load(ordering: .relaxed), 9)
  }

  func testAStrategyIsTrackedFromThePublicationOnAndForEver() {
    let region = deskRegion()
    let state = region.state
    let exposure = limit {
      $0.control = UInt32(RCK_CONTROL_EXPOSURE)
      $0.measure = UInt32(RCK_MEASURE_NET)
      $0.scope_kind = UInt32(RCK_SCOPE_STRATEGY)
    }
    let working = limit {
      $0.control = UInt32(RCK_CONTROL_WORKING)
      $0.measure = UInt32(RCK_MEASURE_COUNT)
      $0.scope_kind = UInt32(RCK_SCOPE_STRATEGY)
      $0.id = 2
    }
    let pair = limit {
      $0.control = UInt32(RCK_CONTROL_POSITION)
      $0.scope_kind = UInt32(RCK_SCOPE_STRATEGY_INSTRUMENT)
      $0.id = 2
      $0.instrument = 3
    }
    for each in [exposure, working, pair] { XCTAssertNil(state.set(each, flags: 0)) }
    let positions = Positions<OneWriter>(state)
    guard case .row(let row) = positions.find(2, 3, strategy: true) else { return XCTFail("no row") }
    XCTAssertEqual(state.scope(RCK_SCOPE_STRATEGY, 1)!.tracking, 0)
    XCTAssertFalse(positions.isTracked(row))
    publish(state)
    for each in [exposure, working, pair] { XCTAssertNil(state.remove(each, flags: loosen)) }
    publish(state)
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertEqual(state.scope(RCK_SCOPE_STRATEGY, 1)!.tracking, Scope.trackBook | Scope.trackRows)
    XCTAssertEqual(state.scope(RCK_SCOPE_STRATEGY, 2)!.tracking, Scope.trackBook | Scope.trackPairs)
    XCTAssertTrue(positions.isTracked(row))
  }

  func testTheHalfOutOfForceKeepsNoWordForALimitThatIsForgotten() {
    let region = deskRegion()
    let state = region.state
    let places = everyPlace()
    for round in 0..<6 {
      XCTAssertNil(state.set(limit(), flags: loosen))
      XCTAssertNil(state.set(limit { $0.id = 2 }, flags: loosen))
      for _ in 0..<round % 3 {
        publish(state)
        XCTAssertNil(state.set(limit { $0.hard = 50 }, flags: loosen))
      }
      publish(state)
      XCTAssertNil(state.remove(limit(), flags: loosen))
      publish(state)
      XCTAssertEqual(places.filter { word(state, $0, (state.generation + 1) & 1) != 0 }.map(\.id), [2])
      XCTAssertNil(state.remove(limit { $0.id = 2 }, flags: loosen))
      publish(state)
      for half: UInt64 in [0, 1] {
        XCTAssertEqual(places.filter { word(state, $0, half) != 0 }.count, 0)
      }
    }
  }

  /// As a check does: the generation, the words, the bounds, the generation again.
  func testAReaderThatSeesOneGenerationThroughoutSeesItsLimitsAlone() {
    let region = deskRegion()
    let state = region.state
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) let memory = region.memory
    for reader in 1...2 {
      Thread {
        let state = State(Region(at: memory))
        while unusedCell(state).pointee.value.load(ordering: .relaxed) == 0 {
          // In generation n, n % 15 + 1 limits of n each.
          if let (generation, found) = lookOnce(state) {
            let count = generation == 0 ? 0 : Int(generation % 15) + 1
            XCTAssertEqual(found, [Int64](repeating: Int64(generation), count: count))
            _ = ManyWriters.add(unusedCell(state, reader), 1)
          }
        }
        done.signal()
      }.start()
    }
    let looks = { (reader: Int) in unusedCell(state, reader).pointee.value.load(ordering: .relaxed) }
    var turn: Int64 = 0
    while turn < 100 || looks(1) < 100 || looks(2) < 100 {
      turn += 1
      for key in 0..<15 as Range<UInt32> {
        var changed = limit {
          $0.side = key % 3
          $0.order_type = key / 3
          $0.hard = turn
        }
        if key < turn % 15 + 1 {
          XCTAssertNil(state.set(changed, flags: loosen))
        } else if state.get(&changed) == RCK_OK {
          XCTAssertNil(state.remove(changed, flags: loosen))
        }
      }
      publish(state)
    }
    unusedCell(state).pointee.value.store(1, ordering: .relaxed)
    for _ in 0..<2 { done.wait() }
  }
}

/// The bounds of order quantity of account 1; nil when the generation has moved on meanwhile.
private func lookOnce(_ state: State) -> (generation: UInt64, hard: [Int64])? {
  let generation = state.generation
  let word = state.scope(RCK_SCOPE_ACCOUNT, 1)!.bounds(generation & 1, BoundSlot.quantity)
  let first = Int(word & 0xff_ffff)
  let end = first + Int(word >> 24)
  XCTAssertLessThanOrEqual(end, 128, "within the table of two halves, whatever moves")
  let found = (first..<end).map { state.bound($0).loadInteger(16) }
  return state.generation == generation ? (generation, found) : nil
}
