/// A number of any size, not negative: what 128 bits do not hold.
struct Natural: Comparable {
  /// In 32 bits each, the least first, without zeros at the end.
  private(set) var digits: [UInt32] = []

  init(_ number: UInt64) {
    digits = [UInt32(truncatingIfNeeded: number), UInt32(number >> 32)]
    trim()
  }

  private mutating func trim() { while digits.last == 0 { digits.removeLast() } }

  var isZero: Bool { digits.isEmpty }

  static func < (one: Natural, other: Natural) -> Bool {
    if one.digits.count != other.digits.count { return one.digits.count < other.digits.count }
    return one.digits.reversed().lexicographicallyPrecedes(other.digits.reversed())
  }

  static func + (one: Natural, other: Natural) -> Natural {
    combined(one, other, 1)
  }

  /// `other` is not larger.
  static func - (one: Natural, other: Natural) -> Natural { combined(one, other, -1) }

  private static func combined(_ one: Natural, _ other: Natural, _ sign: Int64) -> Natural {
    var (result, carry) = (one, Int64(0))
    let count = max(one.digits.count, other.digits.count) + 1
    result.digits += Array(repeating: 0, count: count - one.digits.count)
    for at in 0..<count {
      carry += Int64(result.digits[at]) + sign * Int64(at < other.digits.count ? other.digits[at] : 0)
      result.digits[at] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    result.trim()
    return result
  }

  static func * (one: Natural, factor: UInt32) -> Natural {
    var (result, carry) = (one, UInt64(0))
    result.digits.append(0)
    for at in result.digits.indices {
      carry += UInt64(result.digits[at]) * UInt64(factor)
      result.digits[at] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    result.trim()
    return result
  }

  static func << (one: Natural, bits: Int) -> Natural {
    if one.isZero { return one }
    var result = one * (UInt32(1) << UInt32(bits % 32))
    result.digits.insert(contentsOf: Array(repeating: 0, count: bits / 32), at: 0)
    return result
  }

  /// Divided by 2^bits and rounded down, and whether nothing is left; nil where that is beyond 2^96.
  func halved(_ bits: Int) -> (Wide, isExact: Bool)? {
    var (whole, isExact) = (Wide(0), true)
    for at in 0..<digits.count * 32 where digits[at / 32] >> UInt32(at % 32) & 1 != 0 {
      if at < bits {
        isExact = false
      } else if at - bits > 96 {
        return nil
      } else {
        whole |= Wide(1) << (at - bits)
      }
    }
    return (whole, isExact)
  }
}
