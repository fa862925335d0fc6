import CRiskCheck
import Dispatch
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

final class PatternTests: XCTestCase {
  private var region: SmallRegion?

  /// Account 1 limited to a number of orders in a window of 100.
  private func desk(_ hard: Int64, history: UInt64 = 8) -> Desk<ManyWriters> {
    let made = deskRegion { $0.order_history_max = history }
    region = made
    let state = made.state
    let repeated = limit {
      $0.control = UInt32(RCK_CONTROL_REPEATED_EXECUTION)
      $0.hard = hard
      $0.window_ns = 100
    }
    XCTAssertNil(state.set(repeated, flags: 0))
    publish(state)
    return Desk<ManyWriters>(state, writer: 1)
  }

  private static func order(quantity: Int64) -> Order {
    var order = Order()
    (order.asked.account, order.asked.instrument, order.asked.terms.quantity) = (1, 1, quantity)
    return order
  }

  private func rearm(_ state: State) -> rck_status {
    var given = rck_rearming()
    given.struct_size = UInt32(MemoryLayout<rck_rearming>.size)
    given.control = UInt32(RCK_CONTROL_REPEATED_EXECUTION)
    given.scope_kind = UInt32(RCK_SCOPE_ACCOUNT)
    (given.id, given.actor, given.reason.0) = (1, 1, 0x61)
    return state.rearm(given) == nil ? RCK_OK : RCK_REPEAT
  }

  func testTheLastAreRememberedAndNoMore() {
    let desk = desk(3, history: 3)
    for quantity: Int64 in 1...4 { _ = desk.countPattern(Self.order(quantity: quantity), time_ns: 10) }
    let counted = (Int64(1)...5).map { desk.filled(Self.order(quantity: $0).asked, now: 10, 100) }
    XCTAssertEqual(counted, [0, 1, 1, 1, 0])
    XCTAssertEqual(desk.filled(Self.order(quantity: 4).asked, now: 109, 100), 1)
    XCTAssertEqual(desk.filled(Self.order(quantity: 4).asked, now: 110, 100), 0)
  }

  /// Of fills at once one is the last, and it finds all.
  func testOfFillsAtOnceExactlyOneDisables() {
    nonisolated(unsafe) let desk = desk(3)
    for turn: Int64 in 0..<400 {
      nonisolated(unsafe) let cell = unusedCell(desk.state)
      DispatchQueue.concurrentPerform(iterations: 3) { _ in
        let disabled = desk.countPattern(Self.order(quantity: 1 + turn % 2), time_ns: 10)
        _ = ManyWriters.add(cell, disabled.account)
      }
      XCTAssertEqual(cell.pointee.value.load(ordering: .relaxed), 3 * (turn + 1))
      let books = desk.books
      XCTAssertEqual(books.conduct(books.row(1, strategy: false))?.disabled, 3)
      XCTAssertEqual(rearm(desk.state), RCK_OK)
      XCTAssertEqual(desk.filled(Self.order(quantity: 1 + turn % 2).asked, now: 10, 100), 0)
    }
  }
}
