// How much to run. Parsed by main, read by the scenarios.
#pragma once

#include "record.h"

#include <cstdint>
#include <string>

namespace bench {

struct Options {
  std::string scenario; // a prefix; empty: all
  std::string json;     // where the results go; empty: standard output
  std::string loader;   // the program that loads the library in a fresh process
  uint64_t seed = 1;
  uint64_t rounds = 60; // of each ring comparison
  uint64_t block_records = 16384;
  uint64_t block_trips = 2000;
  uint64_t load_rounds = 15;
  Plant plant = Plant::None;
};

} // namespace bench
