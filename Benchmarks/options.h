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
  uint64_t rounds = 60;       // of each ring comparison
  uint64_t order_rounds = 60; // of each comparison of the order path
  uint64_t block_records = 16384;
  uint64_t block_trips = 2000;
  uint64_t load_rounds = 15;
  uint64_t block_batches = 24;     // of 64 orders: short enough to run between two preemptions
  uint64_t growth_rows = 1u << 20; // the most position rows of growth.rows and batch.rows
  uint64_t open_ms = 1000;         // a window of the open loop
  uint64_t open_windows = 3;       // of each schedule
  std::string flow;                // a file of order flow; empty: made from the seed
  std::string flow_sample;         // where to write that; empty: nowhere
  Plant plant = Plant::None;
};

inline bool wanted(const Options &options, const std::string &scenario) {
  return scenario.rfind(options.scenario, 0) == 0;
}

} // namespace bench
