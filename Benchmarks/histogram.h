// Times of single calls, counted in buckets of one part in 128, like an HdrHistogram of two digits: any number of them
// in fixed memory. A percentile is the highest time of its bucket, the greatest is exact.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

class Histogram {
public:
  void record(double ns) {
    uint64_t whole = ns <= 0 ? 0 : uint64_t(ns + 0.5);
    counts_[index_of(whole)]++;
    count_++;
    greatest_ = std::max(greatest_, whole);
  }

  uint64_t count() const { return count_; }
  uint64_t greatest() const { return greatest_; }

  void add(const Histogram &other) {
    for (size_t i = 0; i < counts_.size(); i++)
      counts_[i] += other.counts_[i];
    count_ += other.count_;
    greatest_ = std::max(greatest_, other.greatest_);
  }

  void clear() { *this = Histogram(); }

  // None when fewer than one whole sample is expected to lie beyond it, as in percentiles.h.
  std::optional<double> percentile(double fraction) const {
    if (count_ == 0 || double(count_) * (1.0 - fraction) < 1.0 - 1e-9)
      return std::nullopt;
    uint64_t rank = std::max<uint64_t>(1, uint64_t(std::ceil(double(count_) * fraction - 1e-9))), seen = 0;
    for (size_t i = 0; i < counts_.size(); i++) {
      seen += counts_[i];
      if (seen >= rank)
        return double(std::min(highest_of(i), greatest_));
    }
    return double(greatest_);
  }

  // The highest time of each bucket that is not empty, and how many are in it.
  std::vector<std::pair<uint64_t, uint64_t>> buckets() const {
    std::vector<std::pair<uint64_t, uint64_t>> found;
    for (size_t i = 0; i < counts_.size(); i++) {
      if (counts_[i] != 0)
        found.emplace_back(std::min(highest_of(i), greatest_), counts_[i]);
    }
    return found;
  }

private:
  // Below 256 a bucket for each nanosecond, then 128 for each power of two; the last holds all from 2^40 on.
  static constexpr uint64_t half = 128, largest = uint64_t{1} << 40;
  static constexpr size_t size = 256 + 32 * half + 1;

  static size_t index_of(uint64_t ns) {
    if (ns < 2 * half)
      return size_t(ns);
    if (ns >= largest)
      return size - 1;
    unsigned shift = unsigned(std::bit_width(ns)) - 8;
    return size_t(2 * half + (shift - 1) * half + (ns >> shift) - half);
  }

  static uint64_t highest_of(size_t index) {
    if (index < 2 * half)
      return index;
    if (index == size - 1)
      return UINT64_MAX;
    uint64_t shift = (index - 2 * half) / half + 1, within = (index - 2 * half) % half + half;
    return ((within + 1) << shift) - 1;
  }

  std::vector<uint64_t> counts_ = std::vector<uint64_t>(size);
  uint64_t count_ = 0, greatest_ = 0;
};

} // namespace bench
