// What the command line asks for.
#pragma once

#include "market.hpp"

#include <optional>
#include <string>

namespace trading {

struct Options {
  std::string data, journal; // empty: made up, and a folder that is removed at the end
  u64 seed = 1;
  u64 seconds = 5;
  bool quiet = false, help = false;
};

/// Throws Fault, in one sentence.
Options options_of(int count, char **words);

extern const char *const usage;

} // namespace trading
