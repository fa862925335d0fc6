import XCTest

@testable import RiskMemory

final class RingTests: MemoryTestCase {
  private func withRing(_ capacity: Int, _ body: (Ring) -> Void) {
    let memory = zeroed(bytes: Ring.controlBytes + capacity * 64)
    body(Ring(control: memory.base, lines: memory.base + Ring.controlBytes, capacity: UInt64(capacity)))
    XCTAssertTrue(memory.isIntactAround)
  }

  /// Writes a record of `length` lines whose every word is its number. False: no room.
  private func push(_ ring: Ring, _ number: UInt64, _ length: UInt64) -> Bool {
    guard let start = ring.room(for: length) else { return false }
    for offset in 0..<length {
      let words = ring.line(start &+ offset).assumingMemoryBound(to: UInt64.self)
      words[0] = length
      for index in 1..<8 { words[index] = number }
    }
    if ring.publish(to: start &+ length) { ring.look() }
    return true
  }

  /// Takes one record; nil when there is none.
  private func pop(_ ring: Ring) -> (number: UInt64, length: UInt64)? {
    guard let (start, end) = ring.readable(1), start != end else { return nil }
    let length = ring.line(start).assumingMemoryBound(to: UInt64.self)[0]
    let number = ring.line(start).assumingMemoryBound(to: UInt64.self)[1]
    for offset in 0..<length {
      let words = ring.line(start &+ offset).assumingMemoryBound(to: UInt64.self)
      XCTAssertEqual(words[0], length)
      for index in 1..<8 { XCTAssertEqual(words[index], number, "torn") }
    }
    ring.release(to: start &+ length)
    return (number, length)
  }

  func testZeroMemoryIsAnEmptyRing() {
    withRing(64) { ring in
      XCTAssertNil(pop(ring))
      XCTAssertEqual(ring.depth, 0)
      XCTAssertTrue(ring.recover(consumer: true))
      XCTAssertNotNil(ring.room(for: 64))
      XCTAssertNil(ring.room(for: 65))
    }
  }

  func testItHoldsItsCapacityAndNotALineMore() {
    withRing(64) { ring in
      for number in 0..<64 { XCTAssertTrue(push(ring, UInt64(number), 1)) }
      XCTAssertFalse(push(ring, 64, 1))
      XCTAssertEqual(ring.highWaterMark, 64)
      XCTAssertEqual(pop(ring)?.number, 0)
      XCTAssertFalse(push(ring, 64, 2))
      XCTAssertTrue(push(ring, 64, 1))
      XCTAssertEqual(ring.depth, 64)
    }
  }

  func testItAgreesWithAQueueOverManyWraps() {
    withRing(64) { ring in
      var queue: [(number: UInt64, length: UInt64)] = []
      var used: UInt64 = 0
      var highest: UInt64 = 0
      var seed: UInt64 = 42
      for number in 0..<UInt64(50_000) {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let length = (seed >> 33) % 8 + 1
        XCTAssertEqual(push(ring, number, length), used + length <= 64)
        if used + length <= 64 {
          queue.append((number, length))
          used += length
        }
        highest = max(highest, used)
        if (seed >> 40) % 3 == 0 {
          for _ in 0..<((seed >> 50) % 12) {
            let got = pop(ring)
            XCTAssertEqual(got?.number, queue.first?.number)
            if !queue.isEmpty { used -= queue.removeFirst().length }
          }
        }
        XCTAssertEqual(ring.depth, used)
        if highest > 4 { XCTAssertEqual(ring.highWaterMark, highest) }
        XCTAssertLessThanOrEqual(ring.highWaterMark, highest)
        XCTAssertGreaterThanOrEqual(ring.highWaterMark, used)
      }
    }
  }

  func testOneConsumerAtATime() {
    withRing(64) { ring in
      XCTAssertTrue(ring.enter())
      XCTAssertFalse(ring.enter())
      ring.leave()
      XCTAssertTrue(ring.enter())
      ring.forgetConsumer()
      XCTAssertTrue(ring.enter(), "the one before is gone")
    }
  }

  func testIndicesThatContradictEachOtherAreNotFollowed() {
    withRing(64) { ring in
      XCTAssertTrue(push(ring, 1, 1))
      for head: UInt64 in [2, 1 << 63, UInt64.max - 100] {
        ring.head.pointee.bits.store(head, ordering: .relaxed)
        ring.tailSeen.pointee.bits.store(0, ordering: .relaxed)
        XCTAssertNil(ring.readable(1).map { $0.end })
        XCTAssertFalse(ring.recover(consumer: true))
        XCTAssertLessThanOrEqual(ring.depth, 64)
      }
    }
  }

  func testNothingIsLostDoubledOrTornBetweenTwoThreads() {
    let count: UInt64 = 20_000
    withRing(64) { ring in
      _ = onThreads(2) { thread in
        if thread == 0 {
          var number: UInt64 = 0
          while number < count {
            if self.push(ring, number, number % 8 + 1) { number += 1 }
          }
        } else {
          var expected: UInt64 = 0
          while expected < count {
            guard let (number, length) = self.pop(ring) else { continue }
            XCTAssertEqual(number, expected)
            XCTAssertEqual(length, expected % 8 + 1)
            expected += 1
          }
        }
      }
      XCTAssertNil(pop(ring))
    }
  }
}
