import Foundation
import Script
import XCTest

/// The oracle agrees with every table that was written by hand, the worked example first.
final class TableTests: XCTestCase {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../conformance").standardizedFileURL

  private func expectAgreement(_ name: String) throws {
    let path = TableTests.folder.appendingPathComponent(name)
    let text = try String(contentsOf: path, encoding: .utf8)
    if "\n\(text)".contains("\n# Not for the oracle:") { return }  // it says why; Tests/Oracle/run names them
    let table = Table(text)
    XCTAssertGreaterThan(table.lines.count, 10, name)
    for difference in table.differences() { XCTFail("\(name):\(difference)") }
  }

  func testAWorkedExampleToTheLastUnit() throws { try expectAgreement("worked_example.txt") }

  func testEveryTable() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: TableTests.folder.path)
    let tables = names.filter { $0.hasSuffix(".txt") }.sorted()
    XCTAssertGreaterThan(tables.count, 10)
    for name in tables { try expectAgreement(name) }
  }

  func testAFalseExpectationIsNoticed() {
    let text = "currency id=1 rate=1 -> status=OK\ncurrency id=1 rate=0 -> status=OK"
    XCTAssertEqual(Table(text).differences().count, 1)
    XCTAssertEqual(Table("currency id=1 rate=1 -> status=OK id=1").differences().count, 1)
    XCTAssertEqual(Table("currency ident=1").differences().count, 1)
    XCTAssertEqual(Table("nothing id=1").differences().count, 1)
  }

  /// What is printed of a step reads back as the same step.
  func testStepsAreReadAsTheyArePrinted() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: TableTests.folder.path)
    where name.hasSuffix(".txt") {
      let path = TableTests.folder.appendingPathComponent(name)
      for line in Table(try String(contentsOf: path, encoding: .utf8)).lines {
        let again = Table(line.step.text)
        XCTAssertEqual(again.faults, [])
        XCTAssertEqual(again.lines.first?.step.text, line.step.text)
      }
    }
  }
}
