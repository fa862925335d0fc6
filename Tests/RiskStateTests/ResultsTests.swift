import CRiskCheck
import RiskMemory
import RiskModel
import XCTest

@testable import RiskState

/// The day's P&L beside a book, and what is counted of its owner.
final class ResultsTests: XCTestCase {
  private func post(_ books: Books<ManyWriters>, _ row: Int, spare: Int, total: Int64) {
    XCTAssertTrue(books.post(row, spare: spare) { ($0.realised, $0.fees, $0.marked) = (total + 7, 9, 2) })
  }

  private func look(_ books: Books<ManyWriters>, _ row: Int) -> [Int64] {
    var book = Book()
    let day = books.results(row)!.look(&book)!
    return [day.realised, day.total, day.peak]
  }

  func testTheDayIsTheDifferenceToItsBeginningAndItsPeakTheHighest() {
    let region = deskRegion()
    let books = Books<ManyWriters>(region.state)
    XCTAssertEqual(look(books, 1), [0, 0, 0])
    post(books, 1, spare: 1, total: -50)
    XCTAssertEqual(look(books, 1), [-52, -50, 0])
    post(books, 1, spare: 1, total: 30)
    post(books, 1, spare: 1, total: 20)
    XCTAssertEqual(look(books, 1), [18, 20, 30])
    XCTAssertEqual(look(books, 0), [0, 0, 0])
    XCTAssertTrue(books.beginDay())
    XCTAssertEqual(look(books, 1), [0, 0, 0])
    post(books, 1, spare: 1, total: 25)
    XCTAssertEqual(look(books, 1), [5, 5, 5])
    XCTAssertTrue(books.beginDay())
    XCTAssertEqual(look(books, 1), [0, 0, 0])
    XCTAssertNil(books.results(-1))
    XCTAssertNil(books.results(books.rows.rows))
  }

  func testARecordOfBeforeTheDayRaisesNoPeakOfIt() {
    let region = deskRegion()
    let books = Books<ManyWriters>(region.state)
    post(books, 1, spare: 1, total: 10)
    let before = books.rows.sequence(1)
    post(books, 1, spare: 1, total: 4)
    XCTAssertTrue(books.beginDay())
    let results = books.results(1)!
    results.raise(to: 10, by: before)
    XCTAssertEqual(look(books, 1), [0, 0, 0])
    results.raise(to: 9, by: books.rows.sequence(1))
    XCTAssertEqual(look(books, 1), [0, 0, 5])
    results.raise(to: 8, by: books.rows.sequence(1))
    XCTAssertEqual(look(books, 1), [0, 0, 5])
  }

  func testReopeningRaisesThePeakAndRefusesWhatContradictsItself() {
    let region = deskRegion()
    let books = Books<ManyWriters>(region.state)
    let memory = books.results(1)!.memory
    XCTAssertTrue(books.move(1, spare: 1) { $0.realised = 40 })  // as if killed before the peak was raised
    XCTAssertTrue(books.recoverResults())
    XCTAssertEqual(memory.loadInteger(0), 40)
    XCTAssertTrue(books.beginDay())
    for (at, value) in [(0, Int64(39)), (0, 1 << 62), (8, 5 << 1 | 1), (8, 1 << 41), (32, 1 << 62), (40, 1)] {
      let kept = memory.loadInteger(at)
      memory.storeBytes(of: value, toByteOffset: at, as: Int64.self)
      XCTAssertFalse(books.recoverResults(), "\(at)")
      memory.storeBytes(of: kept, toByteOffset: at, as: Int64.self)
    }
    XCTAssertTrue(books.recoverResults())
  }

  // MARK: Conduct

  func testWhatIsTakenBackIsOfTheEraThatItWasCountedIn() {
    let region = deskRegion()
    let conduct = Books<ManyWriters>(region.state).conduct(1)!
    let messages = Conduct.Counter.messages
    let first = conduct.add(messages)
    _ = conduct.add(messages)
    XCTAssertEqual(conduct.day.messages, 2)
    conduct.takeBack(messages, first)
    XCTAssertEqual(conduct.day.messages, 1)
    conduct.beginDay()
    XCTAssertEqual(conduct.day.messages, 0)
    let second = conduct.add(messages)
    conduct.takeBack(messages, first)  // of yesterday
    XCTAssertEqual(conduct.day.messages, 1)
    conduct.takeBack(messages, second)
    conduct.takeBack(messages, second)
    XCTAssertEqual(conduct.day.messages, 0)
  }

  func testWhatThreadsCountAndTakeBackComesOutExactly() {
    let region = deskRegion()
    nonisolated(unsafe) let memory = region.memory
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<3 {
      Thread {
        let conduct = Books<ManyWriters>(State(Region(at: memory))).conduct(1)!
        for number in 0..<2_000 {
          let era = conduct.add(Conduct.Counter.messages)
          if number & 1 == 0 { conduct.takeBack(Conduct.Counter.messages, era) }
        }
        done.signal()
      }.start()
    }
    for _ in 0..<3 { done.wait() }
    XCTAssertEqual(Books<ManyWriters>(region.state).conduct(1)!.day.messages, 3_000)
  }

  func testCountersBeginAnewEachByItself() {
    let region = deskRegion()
    let conduct = Books<ManyWriters>(region.state).conduct(2)!
    for _ in 0..<3 { _ = conduct.add(Conduct.Counter.rejects) }
    _ = conduct.add(Conduct.Counter.trades)
    conduct.beginDay()
    XCTAssertEqual([conduct.rejects, conduct.day.trades], [3, 0])
    XCTAssertTrue(conduct.clear(Conduct.Counter.rejects))
    XCTAssertFalse(conduct.clear(Conduct.Counter.rejects))
    XCTAssertEqual(conduct.rejects, 0)
    XCTAssertNil(Books<ManyWriters>(region.state).conduct(-1))
  }

  func testADayThatHasBegunForMessagesAloneHasNoTrades() {
    let region = deskRegion()
    let books = Books<ManyWriters>(region.state)
    let conduct = books.conduct(1)!
    _ = conduct.add(Conduct.Counter.messages)
    _ = conduct.add(Conduct.Counter.trades)
    XCTAssertEqual([conduct.day.messages, conduct.day.trades], [1, 1])
    books.results(1)!.memory.storeBytes(of: UInt64(1) << 48 | 2, toByteOffset: 64, as: UInt64.self)
    XCTAssertEqual([conduct.day.messages, conduct.day.trades], [2, 0])
    conduct.recover()
    _ = conduct.add(Conduct.Counter.trades)
    XCTAssertEqual([conduct.day.messages, conduct.day.trades], [2, 1])
  }

  func testConductIsKeptFromItsFirstLimitOnForGood() {
    let region = deskRegion()
    let state = region.state
    let scope = state.scope(RCK_SCOPE_ACCOUNT, 1)!
    XCTAssertEqual([scope.further(0), scope.further(1)], [0, 0])
    let rejects = limit {
      $0.control = UInt32(RCK_CONTROL_CONDUCT)
      $0.measure = UInt32(RCK_MEASURE_REJECTS)
    }
    XCTAssertNil(state.set(rejects, flags: 0))
    XCTAssertFalse(scope.keepsConduct)
    publish(state)
    XCTAssertTrue(scope.keepsConduct)
    XCTAssertNil(state.remove(rejects, flags: UInt32(RCK_LOOSEN)))
    publish(state)
    publish(state)
    XCTAssertTrue(scope.keepsConduct && scope.further(0) != 0 && scope.further(1) != 0)
    XCTAssertTrue(state.recover(consumer: true))
    XCTAssertTrue(scope.keepsConduct && scope.further(0) != 0 && scope.further(1) != 0)
  }
}
