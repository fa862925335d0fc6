import XCTest

@testable import RiskMemory

/// Seats in a table: found first, taken later by one step, or not at all; and which bucket a key has.
final class SeatTests: MemoryTestCase {
  private func make<D: Discipline>(_: D.Type, capacity: Int, buckets: Int) -> (Memory, Table<D>) {
    let memory = zeroed(bytes: capacity * 16 + buckets * 8)
    let table = Table<D>(
      nodes: memory.base, stride: 16, capacity: capacity, buckets: memory.base + capacity * 16,
      bucketCount: buckets)
    return (memory, table)
  }

  private func link(_ memory: Memory, _ offset: Int) -> UInt64 { memory.words[offset / 8] }

  private func set(_ memory: Memory, _ offset: Int, _ word: UInt64) { memory.words[offset / 8] = word }

  func testASeatIsGoodUntilTheBucketChanges() {
    let (_, table) = make(ManyWriters.self, capacity: 6, buckets: 1)
    for key in [10, 30] as [UInt64] { XCTAssertEqual(table.insert(key, at: Int(key / 10)), .inserted) }
    XCTAssertEqual(table.seek(10).found, 1)
    XCTAssertNil(table.seek(20).found)
    for key in [5, 20, 40] as [UInt64] {
      let seat = table.seek(key)
      XCTAssertEqual(table.insert(key, at: 4, seat), true)
      XCTAssertEqual(table.find(key), .found(4))
      XCTAssertEqual(table.insert(key, at: 5, seat), false, "it is there now")
      XCTAssertEqual(table.remove(key), .removed(4))
      XCTAssertEqual(table.insert(key, at: 5, seat), false, "the link is where it was, and later")
      XCTAssertEqual(table.find(key), .absent)
    }
    XCTAssertEqual(table.recover(), 2)
  }

  /// Whatever happens to the seat's neighbours, to itself, or to the node that is to sit there.
  func testASeatThatWentStaleIsNotTaken() {
    let changes: [(String, (Table<ManyWriters>) -> Void)] = [
      ("before is removed", { _ = $0.remove(10) }),
      ("before is back", { _ = ($0.remove(10), $0.insert(10, at: 1)) }),
      ("before is elsewhere", { _ = ($0.remove(10), $0.insert(50, at: 1)) }),
      ("after is removed", { _ = $0.remove(30) }),
      ("after is back", { _ = ($0.remove(30), $0.insert(30, at: 3)) }),
      ("one more before", { _ = $0.insert(15, at: 0) }),
      ("one more after", { _ = $0.insert(25, at: 0) }),
      ("the key itself", { _ = $0.insert(20, at: 0) }),
    ]
    for (name, change) in changes {
      let (memory, table) = make(ManyWriters.self, capacity: 6, buckets: 1)
      for key in [10, 30] as [UInt64] { XCTAssertEqual(table.insert(key, at: Int(key / 10)), .inserted) }
      let seat = table.seek(20)
      change(table)
      let count = table.recover()
      XCTAssertEqual(table.insert(20, at: 5, seat), false, name)
      XCTAssertEqual(table.recover(), count, name)
      XCTAssertEqual(table.insert(20, at: 5), name == "the key itself" ? .present(0) : .inserted, name)
      XCTAssertTrue(memory.isIntactAround)
    }
  }

  /// The node that was before or behind the seat has left the table and is the one that is to sit there.
  func testANodeDoesNotSitDownBesideItsFormerSelf() {
    for (key, neighbour) in [(UInt64(10), 1), (30, 3)] {
      let (_, table) = make(ManyWriters.self, capacity: 6, buckets: 1)
      for key in [10, 30] as [UInt64] { XCTAssertEqual(table.insert(key, at: Int(key / 10)), .inserted) }
      let seat = table.seek(20)
      XCTAssertEqual(table.remove(key), .removed(neighbour))
      XCTAssertNotEqual(table.insert(20, at: neighbour, seat), true)
      XCTAssertEqual(table.recover(), 1)
      XCTAssertEqual(table.insert(20, at: neighbour), .inserted)
      XCTAssertEqual(table.find(20), .found(neighbour))
      XCTAssertEqual(table.recover(), 2)
    }
  }

  func testASeatAtADamagedPlaceAndANodeOutsideAreRefused() {
    let (memory, table) = make(ManyWriters.self, capacity: 4, buckets: 1)
    let seat = table.seek(9)
    for index in [-1, 4, Int.max, Int.min] { XCTAssertNil(table.insert(9, at: index, seat)) }
    XCTAssertTrue(memory.contents.allSatisfy { $0 == 0 })
    set(memory, 64, 5)
    XCTAssertTrue(table.seek(9).isBroken)
    set(memory, 64, 1 << 63)
    XCTAssertTrue(table.seek(9).isBroken)
  }

  func testEightKeysThatFollowEachOtherShareALineAndEveryBucketIsReached() {
    for base in [0, 8, 1 << 20, 1 << 40, .max - 7] as [UInt64] {
      let (memory, table) = make(ManyWriters.self, capacity: 8, buckets: 1024)
      for offset in 0..<8 {
        XCTAssertEqual(table.insert(base &+ UInt64(offset), at: offset), .inserted)
      }
      let used = (0..<1024).filter { link(memory, 128 + $0 * 8) != 0 }
      XCTAssertEqual(used.count, 8, "each has a bucket of its own")
      XCTAssertEqual(Set(used.map { $0 / 8 }).count, 1, "in one line")
    }
    // Keys in sequence, in the high bits, and far apart: no bucket is far above its share.
    for shift in [0, 3, 8, 20, 32, 40, 52] as [UInt64] {
      let (memory, table) = make(ManyWriters.self, capacity: 4096, buckets: 8192)
      for index in 0..<4096 {
        XCTAssertEqual(table.insert(UInt64(index) << shift, at: index), .inserted)
      }
      let used = (0..<8192).filter { link(memory, 4096 * 16 + $0 * 8) != 0 }.count
      XCTAssertGreaterThan(used, 2500, "shift \(shift)")
    }
  }
}
