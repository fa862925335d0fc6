// Limits of a text file: one a line, `name=value` with the names of rck_limit.
#pragma once

#include "layout.hpp"

namespace tool {

struct GivenLimit {
  rck_limit limit;
  u32 line; // of the file
};

/// Throws a Failure that says file, line and field: `misused`, or `unreadable`.
std::vector<GivenLimit> limits_of(const std::string &path);

/// FILE:LINE: field: what is wrong.
Failure limit_fault(const std::string &path, u32 line, std::string_view field, std::string_view text);

} // namespace tool
