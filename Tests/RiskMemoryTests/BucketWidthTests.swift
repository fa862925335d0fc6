import XCTest

@testable import RiskMemory

/// How times become epochs.
final class BucketWidthTests: XCTestCase {
  private let windows: [Int64] = [
    1, 2, 63, 64, 65, 66, 127, 1000, 4095, 4096, 999_999_937, 1_000_000_000, 86_400_000_000_000, 1 << 40,
    (1 << 62) - 1, 1 << 62, .max,
  ]

  func testTheReciprocalIs2To70DividedByTheWindow() {
    for window in windows where window > 64 {
      let product = BucketWidth(window: window).reciprocal.multipliedFullWidth(by: UInt64(window))
      let (rest, borrow) = UInt64(0).subtractingReportingOverflow(product.low)
      XCTAssertEqual(product.high + (borrow ? 1 : 0), 64, "window \(window)")
      XCTAssertLessThan(rest, UInt64(window))
    }
  }

  func testTimes65EpochsApartLieMoreThanAWindowApart() {
    var random = Seeded(7)
    for window in windows {
      let width = BucketWidth(window: window)
      for _ in 0..<200 {
        let time = Int64(random.next() >> (2 + random.next() % 40))
        let (later, overflow) = time.addingReportingOverflow(window)
        if overflow { continue }
        XCTAssertLessThanOrEqual(width.epoch(of: later) - width.epoch(of: time), 64, "\(window) at \(time)")
        XCTAssertLessThanOrEqual(width.epoch(of: time), width.epoch(of: time + 1))
      }
    }
  }

  func testTimesAWindowAndABucketApartLie65EpochsApart() {
    var random = Seeded(8)
    for window in windows where window > 64 && window < 1 << 50 {
      let width = BucketWidth(window: window)
      // One bucket, rounded up, and what the reciprocal's rounding adds over 65 of them.
      let apart = window + window / 64 + 1 + Int64(Double(window) * 65 / 64 * Double(window) / 0x1p70) + 1
      for _ in 0..<200 {
        let time = Int64(random.next() >> 3)
        XCTAssertGreaterThanOrEqual(
          width.epoch(of: time + apart) - width.epoch(of: time), 65, "\(window) at \(time)")
      }
    }
  }

  func testTimesBelowZeroAreOfEpochZeroAndTheLastTimeDoesNotTrap() {
    for window in windows {
      let width = BucketWidth(window: window)
      XCTAssertEqual([width.epoch(of: 0), width.epoch(of: -1), width.epoch(of: .min)], [0, 0, 0])
      XCTAssertGreaterThanOrEqual(width.epoch(of: .max), 0)
    }
    for window in [Int64(0), -1, .min] { XCTAssertEqual(BucketWidth(window: window), BucketWidth(window: 1)) }
  }
}
