/// Whether a number is a multiple of a unit, by one multiplication: of an odd unit, the inverse modulo 2^64 takes
/// its multiples, in order, to 0, 1, 2, … and everything else beyond the last of those; a power of two in the
/// unit is rotated away, and what it does not divide lands beyond as well.
public struct Multiple: Equatable {
  public var inverse: UInt64
  public var most: UInt64
  public var shift: UInt64

  public init(inverse: UInt64, most: UInt64, shift: UInt64) {
    self.inverse = inverse
    self.most = most
    self.shift = shift
  }

  /// `unit` is positive.
  public init(of unit: Int64) {
    let bits = UInt64(bitPattern: unit)
    shift = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
    let odd = bits &>> shift
    inverse = odd
    // Three bits are right to begin with, and each step doubles them.
    var step = 0
    while step < 5 {
      inverse &*= 2 &- odd &* inverse
      step &+= 1
    }
    most = UInt64.max.dividedReportingOverflow(by: bits).partialValue
  }

  @inline(__always)
  public func divides(_ number: Int64) -> Bool {
    let size = UInt64(bitPattern: number < 0 ? 0 &- number : number)
    let product = size &* inverse
    return product &>> shift | product &<< (64 &- shift) <= most
  }
}
