// Money of an order without division: exact in 128 bits or refused, rounded away from zero.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

namespace desk_floor {

__extension__ typedef unsigned __int128 Wide;
__extension__ typedef __int128 Signed;

constexpr int64_t input_max = int64_t(1) << 53;  // of a price and of a quantity
constexpr int64_t amount_max = int64_t(1) << 60; // of every amount that is kept

inline uint64_t magnitude(int64_t value) { return value < 0 ? 0 - uint64_t(value) : uint64_t(value); }

// Is a number a multiple of `divisor`? One multiplication (Granlund and Montgomery, PLDI 1994).
struct Divisor {
  uint64_t inverse = 1, most = ~uint64_t(0);
  uint32_t shift = 0;

  void begin(uint64_t divisor) {
    shift = uint32_t(std::countr_zero(divisor));
    uint64_t odd = divisor >> shift;
    inverse = odd;
    for (int i = 0; i < 5; i++) // Newton: the bits that are right double
      inverse *= 2 - odd * inverse;
    most = ~uint64_t(0) / divisor;
  }
  bool divides(uint64_t number) const { return std::rotr(number * inverse, int(shift)) <= most; }
};

// |price| x quantity x factor / 10^e.
struct Conversion {
  uint64_t factor = 1;
  uint64_t divisor = 1; // 10^e
  uint64_t magic = 0;   // 2^(64 + shift) / divisor, rounded up: exact for what is below 2^63
  uint32_t shift = 0;

  void begin(uint64_t factor_, uint64_t divisor_) {
    factor = factor_;
    divisor = divisor_;
    if (divisor == 1)
      return;
    shift = uint32_t(63 - std::countl_zero(divisor - 1)); // 2^shift < divisor <= 2^(shift + 1)
    magic = uint64_t(((Wide(1) << (64 + shift)) + divisor - 1) / divisor);
  }

  // None when it is above what is kept.
  std::optional<int64_t> value(int64_t quantity, int64_t price) const {
    Wide units = Wide(magnitude(price)) * uint64_t(quantity);
    if (uint64_t(units >> 64) != 0) [[unlikely]]
      return slowly(units);
    Wide product = Wide(uint64_t(units)) * factor;
    if ((product >> 62) != 0) [[unlikely]]
      return slowly(units);
    uint64_t amount = uint64_t(product);
    if (divisor != 1) {
      uint64_t raised = amount + divisor - 1; // below 2^63: divisor is at most 10^18
      amount = uint64_t(Wide(raised) * magic >> 64) >> shift;
    }
    if (amount > uint64_t(amount_max)) [[unlikely]]
      return std::nullopt;
    return int64_t(amount);
  }

private:
  [[gnu::noinline, gnu::cold]] std::optional<int64_t> slowly(Wide units) const {
    Wide product;
    if (__builtin_mul_overflow(units, Wide(factor), &product))
      return std::nullopt;
    Wide amount = product / divisor + (product % divisor != 0);
    if (amount > Wide(amount_max))
      return std::nullopt;
    return int64_t(amount);
  }
};

// Exposure x margin rate, rounded up. Rates go up to 1,000,000 basis points.
inline int64_t margin_of(int64_t exposure, uint32_t bps) {
  if (bps == 10'000) // a cash account
    return exposure;
  if (uint64_t(exposure) < (uint64_t(1) << 43)) [[likely]]
    return int64_t((uint64_t(exposure) * bps + 9'999) / 10'000);
  return int64_t((Wide(uint64_t(exposure)) * bps + 9'999) / 10'000);
}

// Whether |deviation| x 10,000 is above level x |reference|.
inline bool beyond_bps(uint64_t deviation, int64_t level, uint64_t reference) {
  return Wide(deviation) * 10'000 > Wide(uint64_t(level)) * reference;
}

} // namespace desk_floor
