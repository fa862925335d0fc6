// Numbers from a seed, the same on every machine: splitmix64.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace bench {

class Random {
public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // From 0 to below `bound`; even enough for streams of orders.
  uint64_t below(uint64_t bound) { return uint64_t((next() >> 32) * bound >> 32); }
  int64_t between(int64_t low, int64_t high) { return low + int64_t(below(uint64_t(high - low + 1))); }

private:
  uint64_t state_;
};

// Numbers in their order, as one.
inline uint64_t digest_of(std::initializer_list<int64_t> numbers) {
  uint64_t digest = 0;
  for (int64_t number : numbers)
    digest = Random((digest ^ uint64_t(number)) * 0x2545f4914f6cdd1du).next();
  return digest;
}

} // namespace bench
