import RiskModel
import XCTest

/// The short ways to money against exact wide arithmetic: they may decline, and never differ.
final class MoneyTests: XCTestCase {
  private struct Words {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 32) ^ (state << 29)
    }
    /// Of any length in bits, up to `bits`.
    mutating func sized(_ bits: UInt64) -> UInt64 {
      let length = 1 + next() % bits
      return next() >> (64 - length)
    }
  }

  /// |price| x quantity x factor; nil beyond 128 bits.
  private func product(_ quantity: Int64, _ price: Int64, _ factor: UInt64) -> UInt128? {
    let (product, tooLarge) = (UInt128(price.magnitude) * UInt128(quantity.magnitude))
      .multipliedReportingOverflow(by: UInt128(factor))
    return tooLarge ? nil : product
  }

  private func divided(_ product: UInt128, _ exponent: UInt64) -> UInt128 {
    var (left, rounded) = (product, UInt128(0))
    for _ in 0..<min(exponent, 40) {
      rounded |= left % 10
      left /= 10
    }
    return left + (rounded == 0 ? 0 : 1)
  }

  private func expect(_ quantity: Int64, _ price: Int64, _ factor: UInt64, _ exponent: UInt64) {
    let conversion = Conversion(factor: factor, exponent: exponent)
    let what = "\(quantity) at \(price), \(factor) / 10^\(exponent)"
    guard let product = product(quantity, price, factor), factor != 0 else {
      XCTAssertNil(conversion.value(quantity, at: price), what)
      XCTAssertNil(conversion.plainValue(quantity, at: price), what)
      return
    }
    let exact = divided(product, exponent)
    let value = exact <= UInt128(Amount.max) ? Int64(exact) : nil
    XCTAssertEqual(conversion.value(quantity, at: price), value, what)
    let isPlain = product >= 1 && product < 1 << 62 && exponent <= 18
    XCTAssertEqual(conversion.plainValue(quantity, at: price), isPlain ? value : nil, what)
  }

  func testAValueIsTheExactOneRoundedUpWhicheverWayItGoes() {
    var random = Words(state: 1)
    for _ in 0..<60_000 {
      let price = Int64(bitPattern: random.sized(63)) * (random.next() % 2 == 0 ? 1 : -1)
      expect(Int64(bitPattern: random.sized(54)), price, random.sized(64), random.next() % 24)
    }
    for exponent in [0, 1, 18, 19, 20, 38, 39, 255, .max] as [UInt64] {
      for factor in [0, 1, 10, .max] as [UInt64] {
        for price in [0, 1, -1, Amount.inputMax, -Amount.inputMax, .max, .min + 1] as [Int64] {
          for quantity in [0, 1, Amount.inputMax, .max] as [Int64] {
            expect(quantity, price, factor, exponent)
          }
        }
      }
    }
  }

  /// Beside every multiple of a power of ten, beside 2^62, and where the largest amount comes out.
  func testTheShortWayDividesExactlyAtEveryEdge() {
    var random = Words(state: 2)
    var ten: UInt64 = 1
    for exponent in 0...18 as ClosedRange<UInt64> {
      var edges: [UInt64] = [
        1, 1 << 62, UInt64(Amount.max).multipliedReportingOverflow(by: ten).partialValue,
      ]
      edges += (0..<300).map { _ in random.sized(62) / ten * ten } + [(1 << 62) / ten * ten]
      for edge in edges where edge <= 1 << 62 {
        for units in [edge &- 1, edge, edge &+ 1] where units <= 1 << 62 + 1 {
          expect(1, 1, units, exponent)
          expect(Int64(units), -1, 1, exponent)
        }
      }
      if exponent < 18 { ten *= 10 }
    }
  }

  private func exactShare(_ amount: Int64, _ bps: Int64) -> Int64? {
    let exact = (UInt128(amount) * UInt128(bps) + 9_999) / 10_000
    return exact <= UInt128(Amount.max) ? Int64(exact) : nil
  }

  func testAShareIsTheExactOneRoundedUpOnBothSidesOfTheShortWay() {
    var random = Words(state: 3)
    let most = Amount.shareMost
    var amounts: [Int64] = [0, 1, 9_999, 10_000, most - 1, most, most + 1, Amount.max - 1, Amount.max]
    amounts += (0..<20_000).map { _ in Int64(random.sized(60)) }
    for amount in amounts {
      for bps in [0, 1, 9_999, 10_000, 10_001, 1_000_000, Int64(random.next() % 1_000_001)] {
        let exact = exactShare(amount, bps)
        XCTAssertEqual(Amount.share(amount, bps: bps), exact, "\(amount) \(bps)")
        if amount < most { XCTAssertEqual(Amount.plainShare(amount, bps: bps), exact, "\(amount) \(bps)") }
      }
    }
  }
}

/// Amounts by side against the same by name, in place and as values.
final class SideTests: XCTestCase {
  private var filled: Holding {
    var holding = Holding()
    (holding.net, holding.openBuys, holding.openSells, holding.booked) = (-11, 22, 33, -44)
    (holding.buys, holding.sells, holding.margin, holding.realised) = (55, 66, 77, 88)
    (holding.marked, holding.fees) = (99, 110)
    return holding
  }

  func testTheAmountsOfASideAreThoseOfItsName() {
    let held = filled
    XCTAssertEqual([held.open(0), held.reserved(0), held.worst(0), held.money(0)], [22, 55, held.long, 11])
    XCTAssertEqual(
      [held.open(1), held.reserved(1), held.worst(1), held.money(1)], [33, 66, held.short, 110])
    XCTAssertEqual([held.long, held.short, held.moneyLong, held.moneyShort], [11, 44, 11, 110])
    let fields: [(WritableKeyPath<Holding, Int64>, WritableKeyPath<Holding, Int64>)] = [
      (\.openBuys, \.buys), (\.openSells, \.sells),
    ]
    for (side, (open, reserved)) in fields.enumerated() {
      var (written, named) = (held, held)
      withUnsafeMutablePointer(to: &written) {
        XCTAssertEqual(UnsafePointer($0).open(at: side).pointee, held[keyPath: open])
        XCTAssertEqual(UnsafePointer($0).reserved(at: side).pointee, held[keyPath: reserved])
        $0.open(at: side).pointee = 1_000
        $0.reserved(at: side).pointee = 2_000
      }
      named[keyPath: open] = 1_000
      named[keyPath: reserved] = 2_000
      XCTAssertEqual(written, named, "side \(side)")
    }
  }

  func testTheNetExposureOfASideIsThatOfItsName() {
    for (side, field) in [\Book.netLong, \Book.netShort].enumerated() {
      var book = Book()
      (book.gross, book.netLong, book.netShort, book.margin) = (1, -2, 3, 4)
      var named = book
      XCTAssertEqual(book.net(side), book[keyPath: field])
      withUnsafeMutablePointer(to: &book) {
        XCTAssertEqual(UnsafePointer($0).net(at: side).pointee, named[keyPath: field])
        $0.net(at: side).pointee = 500
      }
      named[keyPath: field] = 500
      XCTAssertEqual(book, named)
    }
  }
}
