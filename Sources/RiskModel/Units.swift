/// How a quantity of an instrument becomes one in the common unit of each of its groups: times the contract
/// multiplier, in 10^-decimals of the group. Rounded up, whatever its sign, so that a sum of them is never below what
/// it stands for.
public struct Units: Equatable {
  /// In units of 10^-`multiplier_decimals`. 0: not known, and every quantity comes to nothing.
  public var multiplier: UInt64 = 0
  /// For the four places a byte each, signed: the power of ten by which the product is to be divided.
  public var exponents: UInt32 = 0

  public init() {}

  /// More than any level: what would be more is cut off here.
  public static var most: Int64 { Amount.max &+ 1 }

  public mutating func set(_ place: Int, exponent: Int) {
    let shift = UInt32(truncatingIfNeeded: place &- 1) &* 8
    exponents = exponents & ~(0xff &<< shift) | UInt32(UInt8(truncatingIfNeeded: exponent)) &<< shift
  }

  /// A quantity as the group in a place, 1 to 4, counts it.
  public func amount(_ quantity: Int64, _ place: Int) -> Int64 {
    let shift = UInt32(truncatingIfNeeded: place &- 1) &* 8
    let exponent = Int8(truncatingIfNeeded: exponents &>> shift)
    let product = UInt64(bitPattern: quantity.magnitudeOfAmount).multipliedFullWidth(by: multiplier)
    let amount = Units.scaled(product.high, product.low, exponent, down: quantity < 0)
    return quantity < 0 ? 0 &- amount : amount
  }

  /// A magnitude times 10^-exponent, rounded up or down, at most `most`.
  private static func scaled(_ high: UInt64, _ low: UInt64, _ exponent: Int8, down: Bool) -> Int64 {
    var (high, low) = (high, low)
    if exponent > 0 {
      // Rounded down is one less than what comes above it, rounded up.
      if down {
        let (next, carried) = low.addingReportingOverflow(1)
        (high, low) = (carried ? high &+ 1 : high, next)
      }
      (high, low) = Conversion.shifted(high, low, UInt64(truncatingIfNeeded: exponent))
      if down {
        high = low == 0 ? high &- 1 : high
        low &-= 1
      }
    }
    var left = exponent
    while left < 0 && high == 0 && low <= UInt64(most) {
      (high, low) = low.multipliedFullWidth(by: 10)
      left &+= 1
    }
    return high != 0 || low > UInt64(most) ? most : Int64(truncatingIfNeeded: low)
  }
}
