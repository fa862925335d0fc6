import XCTest

@testable import RiskMemory

final class DayCountTests: MemoryTestCase {
  private func checkOneAfterTheOther<D: Discipline>(_: D.Type) {
    let count = DayCount<D>(at: zeroed(bytes: 64).base)
    XCTAssertEqual(count.take(40, day: 0, limit: 100), .taken(epoch: 0))
    XCTAssertEqual(count.take(60, day: 0, limit: 100), .taken(epoch: 0))
    XCTAssertEqual(count.take(1, day: 0, limit: 100), .refused)
    XCTAssertEqual(count.sum(day: 0), 100)
    count.undo(60, day: 0)
    XCTAssertEqual(count.sum(day: 0), 40)
    // A later day begins anew; who comes late from the day before counts in it.
    XCTAssertEqual(count.sum(day: 20_240_102), 0)
    XCTAssertEqual(count.take(100, day: 20_240_102, limit: 100), .taken(epoch: 20_240_102))
    XCTAssertEqual(count.take(1, day: 0, limit: 100), .refused)
    XCTAssertEqual(count.take(1, day: 0, limit: 101), .taken(epoch: 20_240_102))
    count.undo(40, day: 0)
    XCTAssertEqual(count.sum(day: 20_240_102), 101)
    XCTAssertEqual(count.take(-1, day: 20_240_102, limit: 200), .refused)
    XCTAssertEqual(count.take(Int64.max, day: 20_240_102, limit: Int64.max), .refused)
    XCTAssertEqual(count.sum(day: 20_240_102), 101)
  }

  func testADayHoldsAtMostItsLimitAndAnotherBeginsAnew() {
    checkOneAfterTheOther(ManyWriters.self)
    checkOneAfterTheOther(OneWriter.self)
  }

  func testThreadsTakeNoMoreThanTheLimitAndGiveBackWhatTheyTook() {
    let memory = zeroed(bytes: 64)
    let taken = zeroed(bytes: 64)
    _ = onThreads(3) { thread in
      let count = DayCount<ManyWriters>(at: memory.base)
      for turn in 0..<20_000 {
        // All see the days change at about the same time.
        let day = Int64(turn / 5_000)
        if case .taken(let epoch) = count.take(7, day: day, limit: 1_000) {
          if turn % 3 != thread {
            count.undo(7, day: epoch)
          } else if epoch == 3 {
            _ = ManyWriters.add(taken.base.cell(0), 7)
          }
        }
        XCTAssertLessThanOrEqual(count.sum(day: day), 1_000)
      }
    }
    XCTAssertEqual(
      DayCount<ManyWriters>(at: memory.base).sum(day: 3),
      taken.base.cell(0).pointee.value.load(ordering: .relaxed))
  }
}
