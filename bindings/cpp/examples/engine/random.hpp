// Draws that are the same for one seed on every machine, which the distributions of the standard library are not.
#pragma once

#include <cstdint>

namespace trading {

class Random {
public:
  explicit Random(std::uint64_t seed) : state(seed) {}

  /// splitmix64: every seed is a good one, also 0 and its neighbours.
  std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  /// True once in n draws on average; never if n is 0.
  bool one_in(std::uint64_t n) { return n != 0 && next() % n == 0; }

  /// From low to high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }

private:
  std::uint64_t state;
};

} // namespace trading
