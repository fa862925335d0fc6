import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// What a check reads of a scope: its party, its lowest levels, its rates, and the book that lies with it.
final class ScopeTests: XCTestCase {
  // MARK: Parties

  private func party(_ flags: UInt32, _ permissions: UInt32) -> Party {
    var party = Party()
    party.word = UInt64(permissions) << 32 | UInt64(flags)
    return party
  }

  func testAnOrderNeedsItsSideItsTypeItsForceAndAnEnabledParty() {
    let sides = [RCK_PERMIT_BUY, RCK_PERMIT_SELL]
    let types = [RCK_PERMIT_LIMIT, RCK_PERMIT_MARKET, RCK_PERMIT_STOP, RCK_PERMIT_STOP_LIMIT]
    let forces = [
      RCK_PERMIT_DAY, RCK_PERMIT_GOOD_TILL_CANCEL, RCK_PERMIT_IMMEDIATE, RCK_PERMIT_FILL_OR_KILL,
    ]
    XCTAssertEqual([RCK_TYPE_LIMIT, RCK_TYPE_MARKET, RCK_TYPE_STOP, RCK_TYPE_STOP_LIMIT], [1, 2, 3, 4])
    for side in 1...2 as ClosedRange<UInt8> {
      for type in 1...4 as ClosedRange<UInt8> {
        for force in 1...4 as ClosedRange<UInt8> {
          let permissions = sides[Int(side) - 1] | types[Int(type) - 1] | forces[Int(force) - 1]
          XCTAssertEqual(
            Party.needed(side: side, type: type, force: force),
            party(UInt32(RCK_ENABLED), UInt32(permissions)).word)
        }
      }
    }
    for bit in 0..<64 as Range<UInt64> {
      XCTAssertEqual(Party.shortMask(1 << bit) == 0, 1 << bit == UInt64(RCK_PERMIT_SHORT) << 32)
    }
  }

  func testPowerIsCashExactlyWhileNothingElseCounts() {
    for bits in 0..<16 as Range<UInt32> {
      let flags = bits << 8 | UInt32(RCK_ENABLED | RCK_HALT_ON_LATE)
      let power = party(flags, UInt32(RCK_PERMIT_ALL)).power
      XCTAssertEqual(
        [power.credit, power.realised, power.fees, power.marked], (0..<4).map { bits >> $0 & 1 != 0 })
      XCTAssertEqual(party(flags, UInt32(RCK_PERMIT_ALL)).powerIsCash, bits == 0)
    }
  }

  // MARK: Levels

  func testAnAmountExceedsALevelExactlyWhenItsSumWithTheShortfallIsNegative() {
    let region = deskRegion()
    let state = region.state
    let scope = state.scope(RCK_SCOPE_ACCOUNT, 2)!
    let positions = Positions<ManyWriters>(state)
    guard case .row(let row) = positions.make(2, 1, strategy: false, stripe: 0) else { return XCTFail("row") }
    let edges: [Int64] = [0, 1, 99, 100, 101, Amount.max - 1, Amount.max, .max - 1, .max]
    for half in 0...1 as ClosedRange<UInt64> {
      for slot in 0..<BoundSlot.amounts {
        XCTAssertEqual(scope.lowest(half)[slot], .max, "zero memory is no level")
        for level in edges {
          scope.lowestWord(half, slot).pointee.bits.store(UInt64(Int64.max - level), ordering: .releasing)
          let lowest = scope.lowest(half)
          XCTAssertEqual([lowest[slot], lowest.short(slot)], [level, .max - level])
          for amount in edges {
            XCTAssertEqual(lowest.excess(amount, slot) < 0, amount > level, "\(amount) above \(level)")
          }
        }
      }
      for (buy, level) in [(true, 70), (false, 80)] as [(Bool, Int64)] {
        positions.lowestWord(row, half, buy: buy).pointee.bits.store(
          UInt64(Int64.max - level), ordering: .releasing)
        XCTAssertEqual(positions.lowest(row, half, buy: buy), level)
        for amount in [0, level - 1, level, level + 1, Amount.max] {
          XCTAssertEqual(positions.excess(amount, row, half, buy: buy) < 0, amount > level)
        }
      }
      XCTAssertEqual([true, false].map { positions.lowest(row, half, buy: $0) }, [70, 80])
    }
  }

  /// Whatever levels are armed: as many messages as the lowest lets pass are glanced at, and not one more.
  func testARateLetsAsManyPassAtAGlanceAsItsLowestLevelSays() {
    let most = Int64(8)
    for levels in [1, 2, 4, 7] as [UInt32] {
      for lowest in 0...9 as ClosedRange<Int64> {
        let region = deskRegion { $0.rate_exact_max = UInt64(most) }
        let state = region.state
        let refusal = state.set(
          limit {
            $0.control = UInt32(RCK_CONTROL_RATE)
            $0.measure = UInt32(RCK_MEASURE_NEW)
            $0.window_ns = 100
            $0.levels = levels
            let step: (Int) -> Int64 = { levels >> $0 & 1 == 0 ? 0 : lowest + (levels == 7 ? Int64($0) : 0) }
            ($0.warn, $0.soft, $0.hard) = (step(0), step(1), step(2))
          }, flags: 0)
        if refusal != nil { continue }  // more than the window holds
        publish(state)
        let found = state.scope(RCK_SCOPE_ACCOUNT, 1)!.bounds(state.generation & 1, BoundSlot.rateNew)
        let bound = state.firstBound(found)
        let window: ExactWindow<ManyWriters> = state.rateWindow(of: bound)
        window.force(now: 7, window: 1)  // the first of all is never glanced at
        var passed: Int64 = 0
        while let place = state.glance(bound, now: 200, ManyWriters.self) {
          XCTAssertTrue(ExactWindow<ManyWriters>.take(place))
          passed += 1
          if passed > most { break }
        }
        XCTAssertEqual(passed, min(lowest, most), "levels \(levels)")
      }
    }
  }

  // MARK: Books

  /// The scopes of accounts and strategies, byte by byte.
  private func scopes(_ state: State) -> [UInt8] {
    let start = state.region.start(of: Sections.accountState)
    let end = state.region.start(of: Sections.instrumentState)
    return Array(UnsafeRawBufferPointer(start: start, count: end - start))
  }

  private func store(_ books: Books<ManyWriters>, _ row: Int, _ gross: Int64) -> Bool {
    books.move(row, spare: 1) { $0.gross = gross }
  }

  private func held(_ books: Books<ManyWriters>) -> [Int64] {
    (0..<books.rows.rows).map { row in
      var book = Book()
      return books.read(row, &book) == nil ? -1 : book.gross
    }
  }

  func testABookWritesItsWordInItsScopeAndNothingElseOfAnyScope() {
    for accounts in [1, 3, 4] as [UInt64] {  // scopes of either kind follow each other whatever there are
      let region = SmallRegion { $0.accounts_max = accounts }
      let state = region.state
      let books = Books<ManyWriters>(state)
      let start = state.region.start(of: Sections.accountState)
      for strategy in [false, true] {
        for id in 1...UInt32(strategy ? 4 : accounts) {
          let before = scopes(state)
          XCTAssertTrue(store(books, books.row(id, strategy: strategy), Int64(id)))
          let now = scopes(state)
          let memory = state.scopeMemory(strategy ? RCK_SCOPE_STRATEGY : RCK_SCOPE_ACCOUNT, id)!
          let word = memory - start + Scope.bookAt
          let changed = now.indices.filter { now[$0] != before[$0] }
          XCTAssertFalse(changed.isEmpty)
          XCTAssertTrue(changed.allSatisfy { $0 >= word && $0 < word + 8 }, "\(strategy) \(id)")
        }
      }
      let ids: ClosedRange<Int64> = 1...4
      XCTAssertEqual(held(books), ids.filter { $0 <= Int64(accounts) } + ids)
    }
  }

  /// Definitions, limits, rates, latches and recoveries come and go around it.
  func testWhatIsWrittenInAScopeLeavesItsBook() {
    let region = deskRegion()
    let state = region.state
    let books = Books<ManyWriters>(state)
    for row in 0..<books.rows.rows { XCTAssertTrue(store(books, row, Int64(row) + 1)) }
    let words = (0..<books.rows.rows).map { books.rows.observe($0) }
    for kind in [RCK_SCOPE_ACCOUNT, RCK_SCOPE_STRATEGY] {
      let scope = state.scope(kind, 2)!
      for measure in RCK_MEASURE_NEW...RCK_MEASURE_CANCEL { scope.setWindow(measure, 0xFF_FFFE) }
      scope.track(UInt64.max)
      for half in 0...1 as ClosedRange<UInt64> {
        for slot in 0...BoundSlot.armed {
          scope.boundsWord(half, slot).pointee.bits.store(.max, ordering: .relaxed)
        }
        for slot in 0..<BoundSlot.amounts {
          scope.lowestWord(half, slot).pointee.bits.store(.max, ordering: .relaxed)
        }
      }
      var cause = State.Cause()
      cause.actor = .max
      XCTAssertEqual(state.latch(scope, RCK_STATE_HALTED, cause), RCK_OK)
    }
    var account = rck_account()
    account.struct_size = UInt32(MemoryLayout<rck_account>.size)
    account.id = 2
    (account.flags, account.permissions) = (UInt32(RCK_ENABLED), UInt32(RCK_PERMIT_ALL))
    account.margin_class = 3
    XCTAssertNil(state.set(account))
    XCTAssertEqual((0..<books.rows.rows).map { books.rows.observe($0) }, words)
    XCTAssertEqual(held(books), Array(1...Int64(books.rows.rows)))
    var party = Party()
    XCTAssertTrue(state.readAccount(2, &party))
    XCTAssertEqual(party.marginClass, 3)
    XCTAssertTrue(store(books, books.row(2, strategy: false), 9))
    XCTAssertTrue(state.readAccount(2, &party))
    XCTAssertEqual([UInt64(party.permissions), party.marginClass], [UInt64(RCK_PERMIT_ALL), 3])
  }
}
