// Numbers as people read them.
#pragma once

#include "messages.hpp"

#include <cstdio>
#include <string>

namespace trading {

/// 1,234,567
inline std::string grouped(u64 value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, 1, ',');
  return digits;
}

/// +1,234 or -1,234
inline std::string signed_text(i64 value) {
  const u64 size = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
  return (value < 0 ? "-" : "+") + grouped(size);
}

/// An amount with two decimals: +1,234.50
inline std::string money(i64 cents) {
  const u64 size = cents < 0 ? 0 - static_cast<u64>(cents) : static_cast<u64>(cents);
  const std::string part = std::to_string(100 + size % 100).substr(1);
  return (cents < 0 ? "-" : "+") + grouped(size / 100) + "." + part;
}

/// 140 ns, 3.1 us, 12 ms
inline std::string duration(i64 nanoseconds) {
  constexpr const char *units[] = {"ns", "us", "ms", "s"};
  double value = static_cast<double>(nanoseconds);
  std::size_t unit = 0;
  while (value >= 1'000 && unit < 3) {
    value /= 1'000;
    unit++;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit != 0 && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  return text;
}

} // namespace trading
