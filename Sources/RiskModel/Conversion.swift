import CPlatform

/// How a quantity at a price becomes money: |price| x quantity x factor / 10^exponent, rounded up, exact in
/// 128 bits or refused. Made when an instrument or its currency is defined, and kept with every order, so that
/// a reservation is given back at the rate at which it was taken.
public struct Conversion: Equatable {
  /// 0: there is no exact conversion, every value is refused.
  public var factor: UInt64
  public var exponent: UInt64

  public init(factor: UInt64, exponent: UInt64) {
    self.factor = factor
    self.exponent = exponent
  }

  /// `multiplier` and `rate` are positive, in units of 10^-`scale` together; money has `decimals`.
  public init(multiplier: Int64, rate: Int64, scale: Int64, decimals: Int64) {
    var exponent = scale &- decimals
    var (one, other) = (UInt64(bitPattern: multiplier), UInt64(bitPattern: rate))
    while exponent > 0 && one % 10 == 0 {
      one /= 10
      exponent &-= 1
    }
    while exponent > 0 && other % 10 == 0 {
      other /= 10
      exponent &-= 1
    }
    var (product, tooLarge) = one.multipliedReportingOverflow(by: other)
    while exponent < 0 && !tooLarge {
      (product, tooLarge) = product.multipliedReportingOverflow(by: 10)
      exponent &+= 1
    }
    self.init(
      factor: tooLarge ? 0 : product, exponent: exponent > 0 ? UInt64(bitPattern: exponent) : 0)
  }

  /// The value of `quantity` >= 0 at `price`, which is above Int64.min; nil beyond `Amount.max` or 128 bits.
  @inline(__always)
  public func value(_ quantity: Int64, at price: Int64) -> Int64? {
    if let value = plainValue(quantity, at: price) { return value }
    let units = UInt64(bitPattern: price < 0 ? 0 &- price : price)
      .multipliedFullWidth(by: UInt64(bitPattern: quantity))
    return largeValue(units.high, units.low)
  }

  /// Likewise of what comes to between 1 and 2^62 before it is divided. Nil: it does not, or is beyond `Amount.max`.
  @inline(__always)
  public func plainValue(_ quantity: Int64, at price: Int64) -> Int64? {
    let units = UInt64(bitPattern: price < 0 ? 0 &- price : price)
      .multipliedFullWidth(by: UInt64(bitPattern: quantity))
    let product = units.low.multipliedFullWidth(by: factor)
    if units.high | product.high == 0 && product.low &- 1 < 1 &<< 62 &- 1 && exponent <= 18 {
      let amount = platform_divide_up(product.low, exponent)
      return amount <= UInt64(Amount.max) ? Int64(truncatingIfNeeded: amount) : nil
    }
    return nil
  }

  /// What does not come to between 1 and 2^62 before it is divided.
  @inline(never)
  private func largeValue(_ unitsHigh: UInt64, _ unitsLow: UInt64) -> Int64? {
    if factor == 0 { return nil }
    let (upper, tooLarge) = unitsHigh.multipliedReportingOverflow(by: factor)
    let product = unitsLow.multipliedFullWidth(by: factor)
    let (sum, carried) = upper.addingReportingOverflow(product.high)
    if tooLarge || carried { return nil }
    var (high, low) = (sum, product.low)
    if exponent != 0 { (high, low) = Conversion.shifted(high, low, exponent) }
    return high == 0 && low <= UInt64(Amount.max) ? Int64(truncatingIfNeeded: low) : nil
  }

  /// Likewise with the sign of the price: what a buy books.
  @inline(__always)
  public func signedValue(_ quantity: Int64, at price: Int64) -> Int64? {
    guard let value = value(quantity, at: price) else { return nil }
    return price < 0 ? 0 &- value : value
  }

  /// Divides by 10^exponent, rounding up. Rounding up step by step is rounding up once.
  @inline(never)
  static func shifted(_ high: UInt64, _ low: UInt64, _ exponent: UInt64) -> (UInt64, UInt64) {
    var (high, low, left) = (high, low, exponent)
    // Once it is 0 or 1 it stays so: no exponent, however damaged, makes this long.
    while left > 0 && (high != 0 || low > 1) {
      let step = left < 19 ? left : 19
      var (divisor, count) = (UInt64(1), step)
      while count > 0 {
        divisor &*= 10
        count &-= 1
      }
      var (none, rest) = (UInt64(0), UInt64(0))
      let upper = high < divisor ? 0 : platform_divide(0, high, divisor, &none)
      // The remainder is below the divisor, so the quotient fits.
      let lower = platform_divide(high < divisor ? high : none, low, divisor, &rest)
      let (rounded, carried) = lower.addingReportingOverflow(rest == 0 ? 0 : 1)
      (high, low) = (carried ? upper &+ 1 : upper, rounded)
      left &-= step
    }
    return (high, low)
  }
}

/// Bounds of what is kept, so that no sum of a few of them wraps.
public enum Amount {
  /// Of every amount in a row.
  public static let max: Int64 = 1 << 60
  /// Of a quantity or price that comes in.
  public static let inputMax: Int64 = 1 << 53

  @inline(__always)
  public static func fits(_ amount: Int64) -> Bool { amount <= max && amount >= 0 &- max }

  /// a x b / c, rounded toward zero; |b| <= c, c > 0, so that the result is no larger than a.
  public static func part(_ a: Int64, _ b: Int64, of c: Int64) -> Int64 {
    let product = a.magnitude.multipliedFullWidth(by: b.magnitude)
    var rest: UInt64 = 0
    // high < c, since a x b <= 2^63 x c.
    if product.high >= c.magnitude { return a }
    let quotient = Int64(truncatingIfNeeded: platform_divide(product.high, product.low, c.magnitude, &rest))
    return (a < 0) != (b < 0) ? 0 &- quotient : quotient
  }

  /// amount x bps / 10,000, rounded up; amount >= 0, bps up to 10^6. Nil beyond `max`.
  @inline(__always)
  public static func share(_ amount: Int64, bps: Int64) -> Int64? {
    amount < shareMost ? plainShare(amount, bps: bps) : largeShare(amount, bps)
  }

  /// Of less than this a share can be told the short way.
  public static let shareMost: Int64 = 1 << 43

  @inline(__always)
  public static func plainShare(_ amount: Int64, bps: Int64) -> Int64 {
    Int64(truncatingIfNeeded: (UInt64(bitPattern: amount) &* UInt64(bitPattern: bps) &+ 9_999) / 10_000)
  }

  @inline(never)
  private static func largeShare(_ amount: Int64, _ bps: Int64) -> Int64? {
    let whole = UInt64(bitPattern: amount) / 10_000
    let rest = UInt64(bitPattern: amount) % 10_000
    let (product, tooLarge) = whole.multipliedReportingOverflow(by: UInt64(bitPattern: bps))
    // rest < 10^4 and bps <= 10^6.
    let sum = product &+ (rest &* UInt64(bitPattern: bps) &+ 9_999) / 10_000
    return tooLarge || product > UInt64(max) || sum > UInt64(max) ? nil : Int64(truncatingIfNeeded: sum)
  }
}
