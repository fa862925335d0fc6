// Durations, counted in buckets that are at most an eighth wide. One thread counts, any may look.
#pragma once

#include "messages.hpp"
#include "shared.hpp"

#include <array>
#include <bit>

namespace trading {

class Histogram {
public:
  void add(i64 nanoseconds) { buckets[bucket(nanoseconds < 0 ? 0 : static_cast<u64>(nanoseconds))].add(); }

  /// Of all that these have counted: the upper end of the bucket in which the share lies, 0 if nothing was counted.
  template <std::size_t n> static i64 percentile(const std::array<const Histogram *, n> &all, double share) {
    const auto counted = [&](std::size_t at) {
      u64 sum = 0;
      for (const Histogram *each : all)
        sum += each->buckets[at].get();
      return sum;
    };
    u64 total = 0, seen = 0;
    for (std::size_t at = 0; at < size; at++)
      total += counted(at);
    for (std::size_t at = 0; at < size && total != 0; at++) {
      seen += counted(at);
      if (static_cast<double>(seen) >= share * static_cast<double>(total))
        return upper(at);
    }
    return 0;
  }

private:
  static constexpr unsigned parts = 8; // of a power of two
  static constexpr std::size_t size = 62 * parts;

  static std::size_t bucket(u64 value) {
    if (value < parts)
      return value;
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 4; // three bits behind the first
    return (shift + 1) * parts + (value >> shift & (parts - 1));
  }
  static i64 upper(std::size_t at) {
    if (at < parts)
      return static_cast<i64>(at);
    const unsigned shift = static_cast<unsigned>(at / parts) - 1;
    return static_cast<i64>(((at % parts + parts + 1) << shift) - 1);
  }

  std::array<Counter, size> buckets{};
};

} // namespace trading
