import XCTest

@testable import RiskModel

final class NameTests: XCTestCase {
  private func isName(_ bytes: [UInt8]) -> Bool {
    let padded = bytes + [UInt8](repeating: 0, count: max(0, 32 - bytes.count))
    return Name(from: padded) != nil
  }

  func testNamesAreWhatSwiftCallsUTF8WithoutControlCharacters() {
    var seed: UInt64 = 7
    for _ in 0..<200_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let interesting: [UInt8] = [
        0x20, 0x41, 0x7e, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
        0xf5,
        0xff, 0x1f,
      ]
      let bytes = (0..<4).map { interesting[Int((seed >> UInt64(16 + $0 * 8)) % UInt64(interesting.count))] }
      let text = String(validating: bytes, as: UTF8.self)
      let clean = text?.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ?? false
      XCTAssertEqual(isName(bytes), clean, "\(bytes)")
    }
  }

  func testANameEndsWithinThirtyTwoBytes() {
    XCTAssertTrue(isName([UInt8](repeating: 0x41, count: 31)))
    XCTAssertFalse(isName([UInt8](repeating: 0x41, count: 32)))
    XCTAssertTrue(isName([]))
    XCTAssertFalse(isName([UInt8](repeating: 0x41, count: 30) + [0xc3]), "cut in a character")
  }
}
