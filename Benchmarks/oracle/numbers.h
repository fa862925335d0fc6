// Arithmetic of the oracle: integers of 128 bits and divisions whose rounding is in their name.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace bench::plain {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 Natural;

constexpr int64_t given_max = int64_t{1} << 53; // of a price or quantity
constexpr int64_t kept_max = int64_t{1} << 60;  // of an amount

inline Wide magnitude(Wide number) { return number < 0 ? -number : number; }

// The divisor is positive.
inline Wide floor_divide(Wide number, Wide divisor) {
  Wide quotient = number / divisor;
  return quotient - (number < quotient * divisor ? 1 : 0);
}
inline Wide ceiling_divide(Wide number, Wide divisor) {
  Wide quotient = number / divisor;
  return quotient + (number > quotient * divisor ? 1 : 0);
}

// |part| in basis points of |whole|, rounded away from zero.
inline Wide bps_of(Wide part, Wide whole) { return ceiling_divide(magnitude(part) * 10'000, magnitude(whole)); }

inline Natural power_of_ten(uint32_t exponent) {
  Natural power = 1;
  for (uint32_t i = 0; i < exponent; i++)
    power *= 10;
  return power;
}

// Nothing when the product does not fit.
inline std::optional<Natural> product(Natural a, Natural b) {
  Natural result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional<Natural>(result);
}

} // namespace bench::plain
