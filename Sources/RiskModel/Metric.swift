import CRiskCheck

/// Metrics of the host's as integers, so that no check computes with doubles. A level, an integer in units of
/// 10^-decimals, equals the doubles whose distance from it is at most RCK_METRIC_EPSILON of the larger magnitude: an
/// interval, whose ends are found exactly when a limit is compiled.
public enum Metric {
  /// An integer that is ordered as doubles are: the bits of the magnitude, with the sign. -0.0 is 0. Nil: not a number,
  /// or infinite.
  public static func key(_ value: Double) -> Int64? {
    let magnitude = Int64(truncatingIfNeeded: value.bitPattern & UInt64(Int64.max))
    if magnitude > keyMax { return nil }
    return value.bitPattern &>> 63 == 0 ? magnitude : 0 &- magnitude
  }

  /// That of the largest double.
  public static var keyMax: Int64 { 0x7fef_ffff_ffff_ffff }
  public static var decimalsMax: UInt32 { 18 }

  /// The keys of the smallest and the largest double that equal a level of a magnitude of at most Amount.max. For L > 0
  /// these are the doubles within L (1 - 1e-9) and L / (1 - 1e-9).
  public static func equals(_ level: Int64, _ decimals: UInt32) -> (least: Int64, most: Int64) {
    if level == 0 { return (0, 0) }
    let (units, one) = (UInt128(level.magnitude), UInt128(ten(decimals)))
    let near = quotient(units &* (parts &- 1), one &* parts)
    let far = quotient(units &* parts, one &* (parts &- 1))
    let (least, most) = (near.isExact ? near.key : near.key &+ 1, far.key)
    return level > 0 ? (least, most) : (0 &- most, 0 &- least)
  }

  /// 1 / RCK_METRIC_EPSILON.
  private static var parts: UInt128 { 1_000_000_000 }

  /// The key of the largest double that is not above a fraction, and whether it is that. Both parts are positive and
  /// below 2^90.
  private static func quotient(_ over: UInt128, _ under: UInt128) -> (key: Int64, isExact: Bool) {
    var (rest, divisor, exponent) = (over, under, Int64(1023))
    while rest < divisor {
      rest = rest &<< 1
      exponent &-= 1
    }
    while rest &>> 1 >= divisor {
      divisor = divisor &<< 1
      exponent &+= 1
    }
    // Digit by digit: the first is a one.
    var (digits, left) = (Int64(0), 53)
    while left > 0 {
      digits = digits &<< 1
      if rest >= divisor {
        rest = rest &- divisor
        digits |= 1
      }
      rest = rest &<< 1
      left &-= 1
    }
    return (exponent &<< 52 &+ (digits & fractionMask), rest == 0)
  }

  /// What a metric comes to in units of 10^-decimals beside a level: that if they are equal, otherwise rounded away
  /// from it, as far as 64 bits go.
  public static func shown(_ key: Int64, _ decimals: UInt32, beside level: Int64) -> Int64 {
    let (least, most) = equals(level, decimals)
    if key >= least && key <= most { return level }
    let (magnitude, isExact) = scaled(UInt64(key.magnitude), ten(decimals))
    // Rounded down first.
    let floor = key < 0 ? (isExact ? 0 : -1) &- magnitude : magnitude
    return !isExact && floor >= level && floor < Int64.max ? floor &+ 1 : floor
  }

  /// A magnitude times a factor, rounded down, at most Int64.max, which is exact.
  private static func scaled(_ bits: UInt64, _ factor: UInt64) -> (amount: Int64, isExact: Bool) {
    let fraction = bits & UInt64(fractionMask)
    // What is smaller than the smallest normal double has no leading one.
    let significand = bits &>> 52 == 0 ? fraction : fraction | 1 &<< 52
    let exponent = Int(truncatingIfNeeded: max(bits &>> 52, 1)) &- 1075
    let (high, low) = significand.multipliedFullWidth(by: factor)
    let product = UInt128(high) &<< 64 | UInt128(low)
    if product == 0 { return (0, true) }
    if exponent >= 0 {
      let fits = product.leadingZeroBitCount &- exponent > 64
      return (
        fits ? Int64(truncatingIfNeeded: product &<< UInt128(truncatingIfNeeded: exponent)) : Int64.max, true
      )
    }
    if exponent <= -128 { return (0, false) }
    let shift = UInt128(truncatingIfNeeded: 0 &- exponent)
    let whole = product &>> shift
    if whole >= UInt128(UInt64(Int64.max)) { return (Int64.max, true) }
    return (Int64(truncatingIfNeeded: whole), whole &<< shift == product)
  }

  private static var fractionMask: Int64 { 1 &<< 52 &- 1 }

  /// 10^decimals, of at most `decimalsMax`.
  private static func ten(_ decimals: UInt32) -> UInt64 {
    var (power, left) = (UInt64(1), min(decimals, decimalsMax))
    while left > 0 {
      power &*= 10
      left &-= 1
    }
    return power
  }
}
