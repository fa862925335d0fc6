import CRiskCheck

/// Amounts wide enough that no sum, difference or product of a few of them can wrap.
public typealias Wide = Int128

public enum Bound {
  /// No amount of a row or a book goes beyond this.
  public static let amount: Wide = 1 << 60
  /// No quantity or price that comes in does.
  public static let input: Int64 = 1 << 53

  static func holds(_ amount: Wide) -> Bool { amount <= Bound.amount && amount >= -Bound.amount }
  static func holdsInput(_ number: Int64) -> Bool { number <= input && number >= -input }
}

/// How an instrument's quantities and prices become money: units x multiplier x rate, moved by the decimals of
/// all of them to those of money.
public struct Conversion: Equatable {
  /// Nil: the factor alone does not fit 64 bits, so no product fits 128.
  var factor: UInt64?
  /// Tens to divide by.
  var exponent: Int

  init(_ instrument: rck_instrument, _ currency: rck_currency, moneyDecimals: UInt32) {
    let decimals =
      instrument.price_decimals + instrument.quantity_decimals + instrument.multiplier_decimals
      + currency.rate_decimals
    var exponent = Int(decimals) - Int(moneyDecimals)
    var parts = [UInt64(instrument.multiplier), UInt64(currency.rate)]
    // Tens that divide out are taken out, so that ordinary conversions stay within 128 bits.
    for index in parts.indices {
      while exponent > 0 && parts[index] % 10 == 0 {
        parts[index] /= 10
        exponent -= 1
      }
    }
    var product = parts[0].multipliedReportingOverflow(by: parts[1])
    while exponent < 0 && !product.overflow {
      product = product.partialValue.multipliedReportingOverflow(by: 10)
      exponent += 1
    }
    factor = product.overflow ? nil : product.partialValue
    self.exponent = exponent
  }

  /// |price| x quantity in money units, rounded up; nil when it is not exact in 128 bits or above the bound.
  public func value(_ quantity: Wide, at price: Int64) -> Wide? {
    guard let factor else { return nil }
    let units = UInt128(quantity) * UInt128(price.magnitude)
    let product = units.multipliedReportingOverflow(by: UInt128(factor))
    if product.overflow { return nil }
    let value = divideUp(product.partialValue, byTens: exponent)
    return value <= UInt128(Bound.amount) ? Wide(value) : nil
  }

  /// Likewise with the sign of the price.
  public func signedValue(_ quantity: Wide, at price: Int64) -> Wide? {
    value(quantity, at: price).map { price < 0 ? -$0 : $0 }
  }
}

/// 10^0 to 10^38: all that 128 bits hold.
private let tens: [UInt128] = {
  var powers: [UInt128] = [1]
  for _ in 1...38 { powers.append(powers.last! * 10) }
  return powers
}()

func divideUp(_ number: UInt128, byTens exponent: Int) -> UInt128 {
  if exponent == 0 { return number }
  if exponent > 38 { return number == 0 ? 0 : 1 }
  let (quotient, rest) = number.quotientAndRemainder(dividingBy: tens[exponent])
  return rest == 0 ? quotient : quotient + 1
}

/// Toward minus infinity. `divisor` > 0.
func divideDown(_ number: Wide, by divisor: Wide) -> Wide {
  let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
  return rest < 0 ? quotient - 1 : quotient
}

/// Toward plus infinity. `divisor` > 0.
func divideUp(_ number: Wide, by divisor: Wide) -> Wide { -divideDown(-number, by: divisor) }

/// The nearest number that the ABI can show.
func shown(_ amount: Wide) -> Int64 { Int64(clamping: amount) }
