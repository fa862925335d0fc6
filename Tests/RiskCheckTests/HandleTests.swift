import CRiskCheck
import XCTest

@testable import RiskCheck

final class HandleTests: XCTestCase {
  private let engine: UInt64 = 77 << Handles.generationShift | 5
  private let port: UInt64 = 78 << Handles.generationShift | Handles.portBit | 6

  func testAHandleIsGoodForItsOwnKindAndItsOwnLifeOnly() {
    XCTAssertEqual(Handles.judge(engine, live: engine, port: false), RCK_OK)
    XCTAssertEqual(Handles.judge(engine, live: engine, port: true), RCK_E_HANDLE)
    XCTAssertEqual(Handles.judge(port, live: port, port: true), RCK_OK)
    XCTAssertEqual(Handles.judge(port, live: port, port: false), RCK_E_HANDLE)
    XCTAssertEqual(
      Handles.judge(engine, live: engine + (1 << Handles.generationShift), port: false), RCK_E_HANDLE)
    XCTAssertEqual(Handles.judge(engine, live: 0, port: false), RCK_E_HANDLE)
    XCTAssertEqual(Handles.judge(engine, live: Handles.taken, port: false), RCK_E_HANDLE)
  }

  func testWhileAHandleIsClosingItIsBusyAndNothingElsePasses() {
    XCTAssertEqual(Handles.judge(engine, live: engine | Handles.closing, port: false), RCK_E_BUSY)
    let invented = engine | Handles.closing
    XCTAssertEqual(Handles.judge(invented, live: engine | Handles.closing, port: false), RCK_E_HANDLE)
  }

  func testNoSmallNumberIsAHandleWhateverItsEntryHolds() {
    for bits in 0...Handles.indexMask {
      for live in [0, Handles.taken, bits, bits | Handles.closing] {
        XCTAssertEqual(Handles.judge(bits, live: live, port: false), RCK_E_HANDLE)
      }
    }
  }
}
