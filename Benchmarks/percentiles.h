// Order statistics of measured samples. A percentile is reported only when enough samples lie beyond it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace bench {

// The smallest sample that at least `fraction` of the samples do not exceed. None when fewer than one whole
// sample is expected to lie beyond it: a maximum must not pass for a percentile.
inline std::optional<double> percentile(const std::vector<double> &sorted, double fraction) {
  double count = double(sorted.size());
  if (sorted.empty() || count * (1.0 - fraction) < 1.0 - 1e-9)
    return std::nullopt;
  size_t rank = size_t(std::ceil(count * fraction - 1e-9));
  return sorted[rank == 0 ? 0 : rank - 1];
}

inline double median(std::vector<double> samples) {
  if (samples.empty())
    return 0;
  size_t middle = samples.size() / 2;
  std::nth_element(samples.begin(), samples.begin() + long(middle), samples.end());
  if (samples.size() % 2 == 1)
    return samples[middle];
  double upper = samples[middle];
  return (upper + *std::max_element(samples.begin(), samples.begin() + long(middle))) / 2;
}

} // namespace bench
