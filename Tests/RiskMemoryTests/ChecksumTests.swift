import CPlatform
import XCTest

/// CRC32C of many lengths: blocks are summed in stretches side by side, and the rest one after the other.
final class ChecksumTests: XCTestCase {
  func testTheKnownSum() {
    XCTAssertEqual(platform_crc32c(0, "123456789", 9), 0xE306_9283)
  }

  func testAWholeIsTheSumOfItsPartsWhereverItIsCut() {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    bytes.withUnsafeBytes { all in
      let start = all.baseAddress!
      var slow: UInt32 = 7
      for (at, _) in bytes.enumerated() {
        // Lengths around the multiples of three stretches, and some others.
        if at % 3072 < 20 || at % 3072 > 3060 || at % 611 == 0 {
          XCTAssertEqual(platform_crc32c(7, start, UInt64(at)), slow, "\(at) bytes")
        }
        slow = platform_crc32c(slow, start + at, 1)
      }
    }
  }
}
